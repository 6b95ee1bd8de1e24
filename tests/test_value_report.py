"""The value report on records that can be counted by hand, and with a future that it must not see."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from benchmarks.records import as_table
from planner.columns import empty
from planner.sample import make_sample
from planner.settings import Settings
from planner.tables import CUSTOMERS, OFFERS, SURVEYS, VEHICLES, VISITS
from planner.value import value_report

AS_OF = date(2026, 6, 30)
CARS = {"A": "2022-01-10", "B": "2022-01-10", "C": "2024-05-01", "D": "2026-05-01"}
VISITS_OF = {
    "A": ["2022-12-20", "2023-12-20", "2024-11-20", "2025-11-20", "2026-03-01"],
    "B": ["2022-12-20", "2023-12-20"],
    "C": ["2025-04-20"],
}


def world() -> dict[str, pd.DataFrame]:
    people = pd.DataFrame({"customer_id": list(CARS), "name": list(CARS), "household_id": list(CARS)})
    cars = pd.DataFrame({"vehicle_id": list(CARS), "customer_id": list(CARS), "purchased_on": CARS.values()})
    visits = pd.DataFrame(
        [(car, day, 100.0, 40.0) for car, listed in VISITS_OF.items() for day in listed],
        columns=["vehicle_id", "visited_on", "amount", "margin"],
    )
    surveys = pd.DataFrame(
        {"customer_id": ["A", "B", "C"], "asked_on": "2026-02-01", "score": [10, 3, 9]}, dtype=object
    )
    tables = {
        "customers": as_table(people, CUSTOMERS),
        "vehicles": as_table(cars, VEHICLES),
        "visits": as_table(visits, VISITS),
        "surveys": as_table(surveys, SURVEYS),
        "offers": empty(OFFERS),
    }
    return tables


def test_figures_by_hand() -> None:
    figures = value_report(world(), Settings(), AS_OF).figures
    now = figures[(figures["by"] == "all") & figures["month"].isna()].set_index("metric")
    expected = {
        # Active since 2024-12-30: A, C (April 2025), D (bought). A year before, since 2023-12-30: A, C.
        "active_customers": (3, 3, 4),
        "churn": (0.0, 0, 2),
        # A brought 40 + 40 since July 2025, C and D nothing.
        "margin_per_customer": (80 / 3, 80, 3),
        # July 2024 to June 2025: A 100, C 100; the year after: A 200, C 0.
        "revenue_churn": (0.0, 0, 200),
        # Of those who came in the window (A, C) only A came on two days.
        "repeat_rate": (0.5, 1, 2),
        "two_visits_12m": (1 / 3, 1, 3),
        "active_uio": (3 / 4, 3, 4),
        # Over between July 2025 and June 2026: A's of November 2024 (kept), C's of April 2025 (not).
        "retention_13m": (0.5, 1, 2),
        # C's first service could come until 2025-07-30, and came in April.
        "first_service": (1.0, 1, 1),
        "nps": (100 / 3, 1, 3),
    }
    for metric, (value, numerator, denominator) in expected.items():
        row = now.loc[metric]
        assert row["value"] == pytest.approx(value), metric
        assert (row["numerator"], row["denominator"]) == (numerator, denominator), metric
    assert now.loc["redemption", "note"] == "no_data"
    assert now.loc["ltv", "note"] == "too_few"  # nobody left: there is nothing to divide by


def test_services_in_turn_by_hand() -> None:
    found = value_report(world(), Settings(), AS_OF)
    curve = found.curve.set_index("service_no")
    # Windows that are over: A's of 0 to 3, B's of 0 to 2, C's first. A's fourth is not judged: of a car that
    # waits 365 days each time, as the slowest tenth does, it would be over on 2026-07-09 only.
    assert curve.loc[1:4, "at_risk"].tolist() == [3, 2, 2]
    assert curve.loc[1:4, "kept"].tolist() == [3, 2, 1]
    assert found.fits["note"].iloc[0] == "too_few"


def test_nothing_after_the_day_counts() -> None:
    made = make_sample(150, 4, date(2026, 6, 30))
    kinds = {
        "customers": CUSTOMERS,
        "vehicles": VEHICLES,
        "visits": VISITS,
        "surveys": SURVEYS,
        "offers": OFFERS,
    }
    tables = {name: as_table(made.clean(name), table) for name, table in kinds.items()}
    day = date(2025, 3, 31)
    dated = {"vehicles": "purchased_on", "visits": "visited_on", "surveys": "asked_on", "offers": "issued_on"}
    past = dict(tables)
    for name, on in dated.items():
        past[name] = tables[name][tables[name][on] <= pd.Timestamp(day)].reset_index(drop=True)
    late = past["offers"]["redeemed_on"] > pd.Timestamp(day)
    past["offers"] = past["offers"].assign(redeemed_on=past["offers"]["redeemed_on"].mask(late))
    seen, known = (value_report(each, Settings(), day) for each in (tables, past))
    for name in ("figures", "cohorts", "curve", "fits", "expected"):
        pd.testing.assert_frame_equal(getattr(seen, name), getattr(known, name))
