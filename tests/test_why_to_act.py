"""*Why* on the sheet To act on says what is known: what was said, how long overdue, how long not seen."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner.workbooks.value_lists import _TO_ACT
from tests.value_book import written
from tests.value_world import AS_OF, frames, tables

COLUMN = list(_TO_ACT).index("why")


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"why": "lapsed", "due_on": "2026-04-17"}, "service overdue, days: 74"),
        ({"why": "too_expensive", "due_on": "2026-04-17"},
         "found it too expensive; service overdue, days: 74"),
        ({"why": "complaint", "due_on": "2026-09-01"}, "has complained"),
        ({"why": "warranty", "due_on": None}, "due, and unlikely to come for a service"),
        ({"why": "lost", "due_on": "2025-01-01", "last_visit_on": "2024-03-31"},
         "no visit of any kind, months: 26"),
        ({"why": "lost", "due_on": "2025-01-01", "last_visit_on": "2024-03-30"},
         "no visit of any kind, months: 27"),
        ({"why": "lost", "due_on": None, "last_visit_on": None}, "no visit on record"),
    ],
)  # fmt: skip
def test_what_is_known(
    tmp_path: Path, whole: dict[str, pd.DataFrame], known: dict[str, Any], said: str
) -> None:
    days = {name: pd.Timestamp(value) if value else pd.NaT for name, value in known.items() if name != "why"}
    listed = whole["to_act_on"].head(1).assign(why=known["why"], **days)
    sheet = written(tmp_path, whole | {"to_act_on": listed})["To act on"]
    assert sheet.cell(5, COLUMN + 1).value == said


def test_the_day_is_that_of_the_first_service_outstanding_of_a_car_that_is_here() -> None:
    """C003 has a second car, due before; and a third, sold, due before that."""
    stored = tables()
    cars, due = stored["vehicles"], stored["forecasts"]
    row, when = cars[cars["vehicle_id"].eq("V003")], due[due["vehicle_id"].eq("V003")]
    more = [row.assign(vehicle_id="X1"), row.assign(vehicle_id="X2", status="sold")]
    days = [when.assign(vehicle_id=name, due_on=pd.Timestamp(day), return_probability=0.1)
            for name, day in (("X1", "2019-05-01"), ("X2", "2018-05-01"))]  # fmt: skip
    stored["vehicles"] = pd.concat([cars, *more], ignore_index=True)
    stored["forecasts"] = pd.concat([due, *days], ignore_index=True)
    listed = frames(stored)["to_act_on"].set_index("customer_id")
    assert listed.loc["C003", "due_on"].date() == date(2019, 5, 1)
    assert listed["due_on"].notna().all()
    assert AS_OF.year == 2026
