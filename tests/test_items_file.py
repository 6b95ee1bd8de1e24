"""Services beside maintenance in the file of intervals: which row holds, and what is refused."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from planner.columns import empty, typed
from planner.errors import SettingsError
from planner.forecast.intervals import load_intervals, rules_of
from planner.pipeline import build_plan
from planner.settings import Service, Settings, load_settings
from planner.tables import CONTACTS, FORECASTS, READINGS, STORED_CUSTOMERS
from tests.cars import cars, visits
from tests.test_items import HEADER, NEW

INTERVALS_PAGE = Path(__file__).parents[1] / "docs" / "intervals.md"


def test_most_specific_row_and_cars_without_the_service(tmp_path: Path) -> None:
    path = tmp_path / "intervals.csv"
    path.write_text(
        HEADER
        + "Toyota,Yaris,,Brake fluid,12,,,\nToyota,,,BRAKE FLUID,36,,,\n,,diesel,brake fluid,48,,,\n"
        + ",Rio,,brake fluid,18,,,\n"
    )
    fleet = cars(
        *(
            {"vehicle_id": str(number), "purchased_on": "2024-01-10", **car}
            for number, car in enumerate(
                [
                    {"make": "toyota", "model": "YARIS", "fuel": "diesel"},
                    {"make": "Toyota", "fuel": "diesel"},
                    {"make": "Opel", "fuel": "Diesel"},
                    {"make": "Opel"},
                    {"make": "Kia", "model": "Rio", "fuel": "diesel"},
                ]
            )
        )
    )
    (rule,) = rules_of(fleet, load_intervals(path)).values()
    assert rule.car.tolist() == [0, 1, 2, 4]
    assert rule.months.tolist() == [12, 36, 48, 18]
    assert list(rules_of(fleet, load_intervals(path))) == ["Brake fluid"]  # as it was first written


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",,,brake fluid,,,,\n", "line 2: no months and no km; give one of them, or both"),
        (",,,brake fluid,24,,,dne\n", "line 2: counted_from is 'dne'; did you mean 'done'?"),
        (",,,brake fluid,24,,,birth\n", "take one of done, purchase, season"),
        (",,,brake fluid,24,,,purchase\n", "nobody notes when 'brake fluid' was done"),
        (",,,brake fluid,,,,season\n", "needs a service that has visits of its own (repair, "),
        (",,,brake fluid,,9000,24,\n", "line 2: first_months without months"),
        (",,,brake fluid,1.5,,,\n", "line 2: months and first_months must be whole numbers"),
        (",,,brake fluid,24,,36.5,\n", "line 2: months and first_months must be whole numbers"),
        (",,,brake fluid,24,,0,\n", "line 2: first_months is '0'"),
        (",,,tyres,6,,,season\n", "line 2: counted_from season has days of its own"),
        (",,,inspection,24,9000,,purchase\n", "line 2: counted_from purchase is a calendar in months"),
        (",,,inspection,,,36,purchase\n", "line 2: counted_from purchase is a calendar in months"),
        (",,,maintenance,12,,24,\n", "line 2: maintenance is counted from the one before"),
        (",,,maintenance,12,,,purchase\n", "line 2: maintenance is counted from the one before"),
        (",,,tires,,,,season\n", "line 2: service is 'tires'; did you mean 'tyres'"),
        (',,,"oil, filter",12,,,\n', "line 2: service is 'oil, filter'; a comma separates services"),
        ("A,,,Brake fluid,24,,,\na,,,brake FLUID,12,,,\n", "line 3: a second interval for the same make"),
        ("# ok,\n,,,brake fluid,,,,\n", "line 3: no months and no km"),
    ],
)
def test_a_wrong_row_is_told_in_one_line(tmp_path: Path, row: str, words: str) -> None:
    path = tmp_path / "intervals.csv"
    path.write_text(HEADER + row, encoding="utf-8")
    with pytest.raises(SettingsError) as told:
        load_intervals(path)
    assert words in str(told.value)
    assert str(path) in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("days", ["-1", "91"])
def test_combine_days_have_bounds(tmp_path: Path, days: str) -> None:
    path = tmp_path / "dealership.toml"
    path.write_text(f"[service]\ncombine_days = {days}\n")
    with pytest.raises(SettingsError, match=r"service\.combine_days"):
        load_settings(path)


def test_the_example_of_the_documentation_plans(tmp_path: Path) -> None:
    example = re.search(r"```csv\n(.*?)```", INTERVALS_PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    (tmp_path / "intervals.csv").write_text(example[1], encoding="utf-8")
    chosen = Settings(service=Service(intervals="intervals.csv"), base=tmp_path)
    owner = typed(
        pd.DataFrame([{"customer_id": "C1", "name": "Ann", "household_id": "H1"}]), STORED_CUSTOMERS
    )
    tables = {
        "customers": owner,
        "vehicles": cars(
            {**NEW, "vehicle_id": "A", "fuel": "petrol"},
            {**NEW, "vehicle_id": "B", "make": "Skoda", "fuel": "electric"},
        ),
        "visits": visits(("2025-01-14", None, "maintenance"), vehicle_id="A"),
        "readings": typed(pd.DataFrame(), READINGS),
        "contacts": empty(CONTACTS),
        "forecasts": empty(FORECASTS),
    }
    plan = build_plan(tables, chosen, date(2025, 3, 1))
    first = plan.service_items.drop_duplicates(["vehicle_id", "service"])
    assert {(row.vehicle_id, row.service, f"{row.due_on:%Y-%m-%d}") for row in first.itertuples()} == {
        ("A", "brake fluid", "2026-01-10"),
        ("A", "inspection", "2027-01-10"),
        ("A", "tyres", "2025-04-01"),
        ("B", "brake fluid", "2026-01-10"),
        ("B", "inspection", "2027-01-10"),
        ("B", "tyres", "2025-04-01"),
    }
    a = plan.forecasts[plan.forecasts["vehicle_id"] == "A"]
    assert a["services"].tolist()[0] == "maintenance, brake fluid"
    assert (plan.forecasts[plan.forecasts["vehicle_id"] == "B"]["due_on"].iloc[0]) == pd.Timestamp(
        "2026-01-10"
    )
    assert len(plan.contacts)
