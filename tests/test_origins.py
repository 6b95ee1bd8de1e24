"""Past visits as points from which the next one is predicted: what is known there, by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from planner.forecast.origins import STAGES, Known, Origins, stage_on, warranty_ends
from planner.forecast.records import read_records
from planner.settings import Settings
from tests.cars import cars, readings, visits


def day(text: str) -> np.ndarray:
    return np.array([text], dtype="datetime64[D]")


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        ("2024-01-31", "onboarding"),
        ("2024-03-30", "onboarding"),
        ("2024-03-31", "warranty"),
        ("2026-06-29", "warranty"),
        ("2026-06-30", "renewal"),
        ("2027-01-30", "renewal"),
        ("2027-01-31", "after_warranty"),
    ],
)
def test_stages_of_a_car_bought_on_31_january(today: str, stage: str) -> None:
    found = stage_on(day(today), day("2024-01-31"), day("2027-01-31"))
    assert STAGES[found[0]] == stage


def test_a_car_without_warranty_is_after_it() -> None:
    assert STAGES[stage_on(day("2024-05-01"), day("2024-01-31"), day("NaT"))[0]] == "after_warranty"


def test_warranty_ends_as_recorded_else_after_three_years_if_the_car_was_new() -> None:
    found = warranty_ends(
        cars(
            {"purchased_on": "2024-01-31", "condition": "new"},
            {"purchased_on": "2024-01-31", "condition": "used"},
            {"purchased_on": "2024-01-31", "condition": "used", "warranty_end_on": "2025-03-01"},
        )
    )
    assert found.astype(str).tolist() == ["2027-01-31", "NaT", "2025-03-01"]


def origins_of(vehicles: pd.DataFrame, seen: pd.DataFrame, as_of: date) -> tuple[Origins, Known]:
    return read_records(vehicles, seen, readings(), Settings(), as_of).origins()


def test_own_waits_and_how_late_they_were_in_hindsight() -> None:
    vehicles = cars({"purchased_on": "2022-01-01", "condition": "used", "odometer_at_purchase_km": 10_000})
    seen = visits(
        ("2022-07-20", 30_000, "maintenance"),  # 200 days at 100 km a day: 15,000 km were 150
        ("2022-07-27", 30_100, "maintenance"),  # a week later: finished, no wait of its own
        ("2023-07-27", 33_750, "maintenance"),  # a year at 10 km a day: by months, on the day
        ("2025-08-01", 41_000, "maintenance"),  # two years: nobody knows what was done elsewhere
    )
    origins, known = origins_of(vehicles, seen, date(2025, 9, 1))
    assert origins.visits.tolist() == [0, 1, 2, 3, 4]
    assert known.number.tolist() == [0, 1, 2, 3, 5]
    np.testing.assert_allclose(np.exp(origins.own[:, 0]), [np.nan, 200, np.nan, 365, np.nan])
    np.testing.assert_allclose(origins.late[:, 0], [np.nan, np.log(200 / 150), np.nan, 0, np.nan], atol=1e-9)
    # the latest first, and the place of one that does not count stays empty
    np.testing.assert_allclose(np.exp(origins.own[4, :5]), [np.nan, 365, np.nan, 200, np.nan])
    assert origins.known_gaps.tolist() == [0, 1, 1, 2, 2]
    np.testing.assert_array_equal(origins.wait_days, [200, 7, 365, 736, np.nan])
    assert origins.skipped.tolist() == [False, False, False, True, False]


def test_where_the_odometer_says_nothing_of_a_wait_the_rate_does() -> None:
    # 3,000 km a month are 15,000 km in 152.2 days; he came after 200, and nobody read the odometer.
    vehicles = cars({"purchased_on": "2022-01-01", "condition": "used", "monthly_km": 3_000})
    origins, known = origins_of(vehicles, visits(("2022-07-20", None, "maintenance")), date(2022, 9, 1))
    assert origins.late[1, 0] == pytest.approx(np.log(200 / (15_000 / 3_000 * 30.4375)))
    assert origins.rule_days.tolist() == [153, 153]
    assert str(known.by_time[1]) == "2023-07-20"
    # unread: 0.45 between drivers, and 0.2 * (365 / 153)^(1/4) of his own
    assert origins.unsure == pytest.approx([np.hypot(0.45, 0.2 * (365 / 153) ** 0.25)] * 2)


def test_the_rate_is_sure_enough_where_months_come_first() -> None:
    vehicles = cars({"purchased_on": "2022-01-01", "condition": "used", "monthly_km": 300})
    origins, _ = origins_of(vehicles, visits(("2022-07-20", None, "maintenance")), date(2022, 9, 1))
    assert origins.rule_days.tolist() == [365, 365]
    assert origins.unsure.tolist() == [0, 0]
