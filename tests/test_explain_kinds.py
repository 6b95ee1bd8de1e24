"""`planner explain` of visits whose kind is blank: they are maintenance."""

from __future__ import annotations

from datetime import date

import pandas as pd

from cli import explain
from planner.columns import typed
from planner.tables import ANSWERS, VEHICLES
from tests.cars import visits


def blank(day: str) -> pd.DataFrame:
    seen = visits((day, None, "maintenance"), vehicle_id="V1")
    return seen.assign(kind=seen["kind"].mask(seen["kind"] == "maintenance"))


def test_a_blank_kind_is_said_to_be_maintenance() -> None:
    car = next(
        typed(pd.DataFrame([{"vehicle_id": "V1", "purchased_on": "2024-01-10"}]), VEHICLES).itertuples()
    )
    said = explain._car(car, "new_car", blank("2025-01-10"))
    assert said == "V1 · bought 2024-01-10 · new car · last visit 2025-01-10 (maintenance)"


def test_a_visit_of_a_blank_kind_keeps_a_booking() -> None:
    vehicles = typed(pd.DataFrame([{"vehicle_id": "V1", "status": "active"}]), VEHICLES)
    booked = {"vehicle_id": "V1", "contact_id": "c", "attempt": 1, "outcome": "booked"}
    booked |= {"said_on": "2025-01-03", "for_on": "2025-01-10"}
    outcomes = typed(pd.DataFrame([booked]), ANSWERS)

    def effect(seen: pd.DataFrame) -> str:
        told = explain._answers({"outcomes": outcomes, "visits": seen}, vehicles, date(2025, 3, 1))
        return str(told["effect"].iloc[0])

    named = visits(("2025-01-10", None, "maintenance"), vehicle_id="V1")
    assert effect(blank("2025-01-10")) == effect(named)
    assert effect(blank("2025-01-10")) != effect(visits(vehicle_id="V1"))
