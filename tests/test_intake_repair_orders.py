"""A real dealership's repair orders through the mapping of their layout; skipped where they are missing.

The figures below were counted in the file with a spreadsheet, not with the code under test.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from planner.intake import Intake, load_mapping, read_exports
from planner.settings import Settings

MAPPING = Path(__file__).parents[1] / "data" / "mappings" / "repair_orders.toml"
STOCK = ("e2dfd40aab", "b40574dcb4")  # 32 and 20 of the 165 orders


@pytest.fixture
def intake(shared_data: Path) -> Intake:
    path = shared_data / "repair_orders.csv"
    return read_exports([path], Settings(), date(2020, 6, 8), mapping=load_mapping(MAPPING))


@pytest.fixture
def orders(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(shared_data / "repair_orders.csv", dtype="str").set_index("ro")


def test_no_row_is_rejected_and_every_one_is_accounted_for(intake: Intake) -> None:
    assert intake.rejects.empty
    assert intake.issues.empty
    for report in intake.files:
        assert report.rows == report.good + sum(report.left_out.values())
    by_kind = {report.kind: report.left_out for report in intake.files}
    assert by_kind["customers"] == {"the dealer's own stock": 52, "new-car preparation": 1}
    assert sum(by_kind["visits"].values()) == 52 + 1 + 21


def test_the_dealers_stock_is_no_customer_and_internal_work_no_visit(
    intake: Intake, orders: pd.DataFrame
) -> None:
    assert not intake.frames["customers"]["customer_id"].isin(STOCK).any()
    of_visits = orders.loc[intake.frames["visits"]["visit_id"], ["cust_amt", "warr_amt"]].astype(float)
    assert (of_visits.sum(axis=1) > 0).all()
    assert intake.frames["visits"]["amount"].tolist() == pytest.approx(of_visits.sum(axis=1).tolist())
    assert {name: len(frame) for name, frame in intake.frames.items()} == {
        "customers": 106,
        "vehicles": 110,
        "visits": 91,
        "readings": 11,
    }


def test_purchases_are_never_after_the_first_order(intake: Intake, orders: pd.DataFrame) -> None:
    bought = intake.frames["vehicles"].set_index("vehicle_id")["purchased_on"]
    rows = orders.assign(vehicle_id=orders["vehicle_id"].str.upper())
    rows = rows[rows["vehicle_id"].isin(bought.index) & ~rows["customer_id"].isin(STOCK)]
    delivered = rows.dropna(subset=["delivery_date"])
    assert (delivered["vehicle_id"].map(bought) == pd.to_datetime(delivered["delivery_date"])).all()
    guessed = rows[rows["delivery_date"].isna() & rows["in_service_date"].isna()]
    first_seen = pd.to_datetime(guessed["first_ro"].fillna(guessed["create_date"]))
    assert (guessed["vehicle_id"].map(bought) <= first_seen).all()


def test_a_few_rows_by_hand(intake: Intake) -> None:
    visits = intake.frames["visits"].set_index("visit_id")
    assert visits.loc["1", "odometer_km"] == pytest.approx(62_440 * 1.609344)
    assert visits.loc[["16", "37", "157", "105", "77", "1", "19"], "kind"].tolist() == [
        "maintenance",  # LOF/ROT DEXOS 5QT|28-PT INSPECTION
        "warranty",  # SERVICE CAMPAIGNS
        "body",  # BODY REPAIR C/PAY|PAINT DEPARTMENT|BODY MECHANICAL
        "tyres",  # *4 WHEEL ALIGNMENT|28-PT INSPECTION
        "inspection",  # *NCSI EMISSIONS INSP|28-PT INSPECTION
        "repair",  # LWR BALL JOINT|*TRUCK ALIGNMENT|AIR CONDITIONING|28-PT INSPECTION
        "warranty",  # DRIVEABILITY|28-PT INSPECTION, paid by the warranty
    ]
    assert pd.isna(visits.loc["164", "odometer_km"])  # 10 miles on a car of 2006
    vehicles = intake.frames["vehicles"].set_index("vehicle_id")
    assert vehicles.loc["6B0CFADB53", "purchased_on"].date() == date(2016, 7, 1)  # first order 2018-05-07
    assert vehicles.loc["79064A1982", "odometer_at_purchase_km"] == pytest.approx(56_718 * 1.609344)


def test_the_order_of_rows_does_not_count(shared_data: Path, tmp_path: Path, intake: Intake) -> None:
    lines = (shared_data / "repair_orders.csv").read_text(encoding="utf-8").splitlines()
    turned = tmp_path / "repair_orders.csv"
    turned.write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n", encoding="utf-8")
    again = read_exports([turned], Settings(), date(2020, 6, 8), mapping=load_mapping(MAPPING))
    for name, key in (("customers", "customer_id"), ("vehicles", "vehicle_id"), ("visits", "visit_id")):
        pd.testing.assert_frame_equal(
            intake.frames[name].sort_values(key, ignore_index=True),
            again.frames[name].sort_values(key, ignore_index=True),
        )
