"""A forecast stands while nothing happened to its car."""

from __future__ import annotations

from datetime import date
from hashlib import blake2b
from pathlib import Path

import pandas as pd
import pytest

from planner.columns import empty, typed
from planner.forecast.steady import records_of, steady
from planner.settings import Service, Settings
from planner.tables import FORECASTS
from tests.cars import cars, readings, visits

AS_OF = date(2026, 1, 1)


def services(*rows: dict[str, object]) -> pd.DataFrame:
    """Forecasts of car V1: service n in n years unless said otherwise."""
    made = []
    for number, row in enumerate(rows, start=1):
        due = pd.Timestamp(row.get("due_on", f"{2026 + number}-01-01"))
        month = pd.Timedelta(days=30)
        made.append(
            {
                "vehicle_id": "V1",
                "service_no": number,
                "due_on": due,
                "awaited_on": due,
                "due_first_on": due,
                "expected_on": due,
                "low_on": due - month,
                "high_on": due + month,
                "records": "same",
                **row,
            }
        )
    return typed(pd.DataFrame(made), FORECASTS)


def after(now: pd.DataFrame, before: pd.DataFrame, records: str = "same") -> pd.DataFrame:
    return steady(now, before, pd.Series([records], index=["V1"], dtype="str"), AS_OF)


@pytest.mark.parametrize(
    ("now", "then", "stands"),
    [
        ("2027-01-01", "2027-01-11", True),  # 10 days of 365
        ("2027-01-01", "2027-01-12", False),  # 11 days
        ("2026-01-21", "2026-01-24", True),  # 3 days, however near
        ("2026-01-21", "2026-01-25", False),
        ("2025-11-01", "2025-11-03", True),  # overdue then and now
        ("2026-01-01", "2025-12-31", False),  # due now, overdue then
        ("2025-12-31", "2026-01-01", False),
    ],
)
def test_a_day_stands_while_it_is_as_good(now: str, then: str, stands: bool) -> None:
    found = after(services({"due_on": now}), services({"due_on": then}))
    for name in ("due_on", "awaited_on", "due_first_on"):
        assert found[name].iloc[0] == pd.Timestamp(then if stands else now)


def test_what_is_new_on_record_counts_at_once() -> None:
    found = after(services({"due_on": "2027-01-01"}), services({"due_on": "2027-01-03"}), records="new")
    assert found["due_on"].iloc[0] == pd.Timestamp("2027-01-01")
    assert found["records"].tolist() == ["new"]


def test_one_day_that_moves_far_takes_those_of_its_service_along_and_no_other() -> None:
    before = services({}, {})
    now = services(
        {"due_on": "2027-01-02", "awaited_on": pd.Timestamp("2026-11-01")}, {"due_on": "2028-01-03"}
    )
    found = after(now, before)
    assert found["due_on"].tolist() == [pd.Timestamp("2027-01-02"), pd.Timestamp("2028-01-01")]
    assert found["awaited_on"].tolist() == [pd.Timestamp("2026-11-01"), pd.Timestamp("2028-01-01")]


def test_nobody_is_expected_on_a_day_that_has_passed() -> None:
    overdue = {
        "due_on": "2025-11-01",
        "low_on": pd.Timestamp("2025-12-01"),
        "high_on": pd.Timestamp("2026-03-01"),
    }
    before = services(overdue | {"expected_on": pd.Timestamp("2025-12-31")})
    now = services(overdue | {"expected_on": pd.Timestamp("2026-01-01")})
    assert after(now, before)["expected_on"].iloc[0] == pd.Timestamp("2026-01-01")


def test_a_window_does_not_end_before_the_day_in_it() -> None:
    before = services({"expected_on": pd.Timestamp("2027-01-05")})
    now = services({"high_on": pd.Timestamp("2027-01-02")})
    found = after(now, before).iloc[0]
    assert found["low_on"] <= found["expected_on"] <= found["high_on"]
    assert found["expected_on"] == pd.Timestamp("2027-01-05")


def test_the_first_plan_and_services_that_come_into_sight_are_what_they_are() -> None:
    now = services({}, {})
    pd.testing.assert_frame_equal(after(now, empty(FORECASTS)), now)
    found = after(now, services({"due_on": "2027-01-02"}))
    assert found["due_on"].tolist() == [pd.Timestamp("2027-01-02"), pd.Timestamp("2028-01-01")]


def known(
    kilometres: int = 1_000, days: tuple[str, ...] = ("2025-03-01", "2025-09-01"), **of_car: object
) -> str:
    vehicles = cars({"vehicle_id": "V0"}, {"vehicle_id": "V1", **of_car})
    seen = visits(*((day, None, "maintenance") for day in days), vehicle_id="V1")
    read = readings(("2025-04-01", kilometres), vehicle_id="V1")
    return records_of(vehicles, seen, read, Settings())["V1"]


def test_records_change_with_what_is_on_record_of_the_car_and_with_nothing_else(tmp_path: Path) -> None:
    assert known() == known(days=("2025-09-01", "2025-03-01"))
    assert len({known(), known(1_001), known(days=("2025-03-01",)), known(monthly_km=900)}) == 4
    vehicles, none = cars({"vehicle_id": "V0"}, {"vehicle_id": "V1"}), readings(vehicle_id="V1")
    of_v0 = visits(("2025-03-01", None, "maintenance"), vehicle_id="V0")
    before = records_of(vehicles, visits(vehicle_id="V1"), none, Settings())
    now = records_of(vehicles, of_v0, none, Settings())
    assert (before == now).to_dict() == {"V0": False, "V1": True}
    table = tmp_path / "intervals.csv"
    table.write_text("make,model,fuel,service,months,km\n,,,maintenance,6,5000\n", encoding="utf-8")
    other = Settings.model_validate({"service": {"intervals": str(table)}})
    assert not (records_of(vehicles, of_v0, none, other) == now).any()


RULES = "service,months,km\nmaintenance,12,\nbrake fluid,24,\n"


def of_orders(folder: Path, said: list[str | None], rules: str = RULES, names: str = "") -> str:
    """The records of V1 whose two repair orders name that."""
    (folder / "intervals.csv").write_text(rules, encoding="utf-8")
    chosen = Settings(service=Service(intervals="intervals.csv", names=names), base=folder)
    seen = visits(("2025-03-01", None, "maintenance"), ("2025-09-01", None, "repair"), vehicle_id="V1")
    seen["services"] = pd.Series(said, dtype="str")
    return records_of(cars({"vehicle_id": "V1"}), seen, readings(vehicle_id="V1"), chosen)["V1"]


def test_what_repair_orders_name_is_news_where_it_can_move_a_day(tmp_path: Path) -> None:
    orders = ([None, None], ["brake fluid", None], [None, "brake fluid"], ["brakes", None])
    assert len({of_orders(tmp_path, said) for said in orders}) == 4
    alone = "service,months,km\nmaintenance,12,\n"
    assert len({of_orders(tmp_path, said, alone) for said in orders}) == 1


def test_other_words_are_news_where_visits_name_something(tmp_path: Path) -> None:
    def both(said: list[str | None]) -> list[str]:
        found = []
        for words in ("fluid", "fluid; dot 4"):
            (tmp_path / "names.csv").write_text(f"service,words\nbrake fluid,{words}\n", encoding="utf-8")
            found.append(of_orders(tmp_path, said, names="names.csv"))
        return found

    assert len(set(both(["brake fluid", None]))) == 2
    assert len(set(both([None, None]))) == 1


def test_records_that_were_stored_before_services_had_names_stand(tmp_path: Path) -> None:
    """What the hash was made of then, written out: no `names` in the settings, no services of a visit."""
    path = tmp_path / "intervals.csv"
    found = of_orders(tmp_path, [None, None])
    chosen = Settings(service=Service(intervals="intervals.csv"), base=tmp_path)
    service = "Service(intervals='intervals.csv', combine_days=45)"
    of_dealership = f"{chosen.dealership.country!r}, {chosen.dealership.unit!r}"
    text = f"({chosen.forecast!r}, {service}, {of_dealership})".encode() + path.read_bytes()
    total = int.from_bytes(blake2b(text, digest_size=8).digest(), "little")
    seen = visits(("2025-03-01", None, "maintenance"), ("2025-09-01", None, "repair"), vehicle_id="V1")
    four = seen[["vehicle_id", "visited_on", "odometer_km", "kind"]]
    for frame in (cars({"vehicle_id": "V1"}), four):
        total += sum(pd.util.hash_pandas_object(frame, index=False, categorize=False).tolist())
    assert found == f"{total % 2**64:016x}"
