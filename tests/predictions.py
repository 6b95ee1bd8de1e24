"""Invented predictions of a backtest, and a short cycle, for the tests of validation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from planner.settings import Settings

LEVELS = ("50", "80", "96")
METHODS = (
    "fixed_interval",
    "last_two_readings",
    "first_to_last",
    "own_median_gap",
    "last_five_gaps",
    "population_gap",
    "log_mean_gaps",
)
TYPES = {
    "vehicle_id": "str",
    "predicted_from": "datetime64[us]",
    "visited_on": "datetime64[us]",
    "service_no": "Int64",
    "stage": "str",
    "rate_source": "str",
    "basis": "str",
    "due_on": "datetime64[us]",
    "interval_days": "float64",
    "expected_on": "datetime64[us]",
    **{f"{end}_{level}": "datetime64[us]" for level in LEVELS for end in ("low", "high")},
    "came_back": "float64",
    **dict.fromkeys(METHODS, "datetime64[us]"),
}
# Without public holidays every Monday to Friday is a working day.
SETTINGS = Settings.model_validate({"calendar": {"public_holidays": False}})


def predictions(*changes: Mapping[str, Any]) -> pd.DataFrame:
    """One prediction for each set of changes: made 2 March 2026, for 1 June (a Monday), V1, V2, ..."""
    rows = [
        {
            "vehicle_id": f"V{number}",
            "predicted_from": "2026-03-02",
            "visited_on": "2026-06-01",
            "service_no": 2,
            "stage": "warranty",
            "rate_source": "observed",
            "basis": "time",
            "due_on": "2026-06-01",
            "expected_on": "2026-06-01",
            "low_50": "2026-05-27",
            "high_50": "2026-06-06",
            "low_80": "2026-05-22",
            "high_80": "2026-06-11",
            "low_96": "2026-05-02",
            "high_96": "2026-07-01",
            **change,
        }
        for number, change in enumerate(changes, 1)
    ]
    return pd.DataFrame(rows, columns=list(TYPES)).astype(TYPES)


def touchpoints(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """kind, number, channel, offset_days, from_days, to_days, when of each.

    Number 0 repeats: from service 4 on, or whenever a car is lapsed.
    """
    columns = ["kind", "number", "channel", "offset_days", "from_days", "to_days", "when"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(repeats=table["number"] == 0, first_number=table["kind"].map({"lapsed": 1}).fillna(4))


CALL = ("service", 2, "call", -21, -24, -10, "not-booked")
CYCLE = touchpoints(
    ("service", 2, "email", -60, -68, -48, "not-booked"),
    CALL,
    ("service", 2, "sms", 14, 10, 24, "overdue"),
    ("service", 0, "call", -21, -24, -10, "not-booked"),
    ("purchase", 2, "call", 7, 5, 10, "always"),
)


def many(count: int, seed: int = 3) -> pd.DataFrame:
    """Predictions with errors of two weeks or so, an eighth of them of customers who have not come."""
    chance = np.random.default_rng(seed)
    made = np.datetime64("2023-01-02") + chance.integers(0, 800, count)
    gap = np.exp(chance.normal(5.8, 0.25, count)).astype("int64")
    expected = made + gap
    visited = (expected + chance.normal(3, 18, count).astype("int64")).astype("datetime64[us]")
    visited[chance.random(count) < 0.12] = np.datetime64("NaT")
    frame = {
        "vehicle_id": [f"CAR{number:05}" for number in range(count)],
        "predicted_from": made,
        "visited_on": visited,
        "service_no": chance.integers(1, 7, count),
        "stage": chance.choice(["warranty", "renewal", "after_warranty"], count),
        "rate_source": chance.choice(["observed", "declared", "fleet"], count, p=[0.8, 0.15, 0.05]),
        "basis": chance.choice(["time", "km"], count),
        "due_on": expected - 3,
        "expected_on": expected,
        "came_back": chance.uniform(0.6, 1, count),
    }
    for level, reach in zip(LEVELS, (12, 24, 40), strict=True):
        frame |= {f"low_{level}": expected - reach, f"high_{level}": expected + reach}
    for number, method in enumerate(METHODS):
        day = (expected + chance.normal(0, 15 + 5 * number, count).astype("int64")).astype("datetime64[us]")
        day[chance.random(count) < 0.05 * number] = np.datetime64("NaT")
        frame[method] = day
    return pd.DataFrame(frame, columns=list(TYPES)).astype(TYPES)
