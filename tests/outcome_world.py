"""Three cars of two households, and a plan in which calls are to be made: for the tests of outcomes."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd

from planner.columns import Table, typed
from planner.tables import CUSTOMERS, READINGS, VEHICLES, VISITS
from tests.desk import Desk, filled

MONDAY = date(2026, 2, 9)  # the as-of day of the plan; the next US holiday is 16 February
FRIDAY = date(2026, 2, 13)
NEXT_MONDAY = date(2026, 2, 17)  # the 16th is a holiday
CALL = "V/S1c"  # stands on the Monday; V is due on 2 March, X on 16 March
OTHERS_CALL = "X/S1c"  # stands on 20 February
ANN, BEN, CY = "+12125550101", "+12125550102", "+12125550103"


def table(kind: Table, *rows: dict[str, Any]) -> pd.DataFrame:
    """Rows of a table, days as ISO text, what is not given empty."""
    frame = pd.DataFrame(list(rows), columns=kind.names)
    for column in kind.columns:
        if column.kind == "date":
            frame[column.name] = pd.to_datetime(frame[column.name]).astype("datetime64[us]")
    return typed(frame, kind)


def visit(vehicle: str, day: str, kind: str = "maintenance", km: float | None = None) -> dict[str, Any]:
    row = {"visit_id": f"{vehicle}{day}", "vehicle_id": vehicle, "visited_on": day, "kind": kind}
    return {**row, "odometer_km": km}


def world(*visits: dict[str, Any], **of_ann: Any) -> Desk:
    """Ann (car V) and Ben (car W) of household H, and Cy (car X); planned on the Monday and handed out."""
    desk = _made(json.dumps([visits, of_ann]))
    copy = Desk({name: frame.copy() for name, frame in desk.tables.items()})
    copy.planned_on = desk.planned_on
    return copy


@lru_cache(maxsize=32)
def _made(given: str) -> Desk:
    visits, of_ann = json.loads(given)
    customers = table(
        CUSTOMERS,
        {"customer_id": "C1", "household_id": "H", "name": "Ann Lee", "phone": ANN, **of_ann},
        {"customer_id": "C2", "household_id": "H", "name": "Ben Lee", "phone": BEN},
        {"customer_id": "C3", "household_id": "G", "name": "Cy Poe", "phone": CY},
    )
    cars = table(
        VEHICLES,
        {"vehicle_id": "V", "customer_id": "C1", "purchased_on": "2025-03-02", "condition": "new"},
        {"vehicle_id": "W", "customer_id": "C2", "purchased_on": "2024-09-20", "condition": "new"},
        {"vehicle_id": "X", "customer_id": "C3", "purchased_on": "2025-03-16", "condition": "new"},
    )
    came = table(VISITS, visit("W", "2025-09-22", km=11_000.0), *visits)
    stored = {"customers": customers, "vehicles": cars, "visits": came, "readings": table(READINGS)}
    desk = Desk(stored)
    desk.plan(MONDAY)
    desk.hand_out(MONDAY)
    return desk


def say(desk: Desk, outcome: str, day: date = FRIDAY, contact_id: str = CALL, **more: Any) -> str:
    """Records one row; the code of why it was refused, else ""."""
    made = desk.record(filled({"contact_id": contact_id, "outcome": outcome, **more}), day)
    return str(made.refused["reason"].iloc[0]) if len(made.refused) else ""


def live(desk: Desk, *vehicles: str) -> dict[str, str]:
    """The planned and standby contacts of the cars with their days."""
    rows = desk.tables["contacts"]
    rows = rows[rows["status"].isin(["planned", "standby"]) & rows["vehicle_id"].isin(vehicles)]
    return dict(zip(rows["contact_id"], rows["planned_on"].dt.strftime("%Y-%m-%d"), strict=True))


def state(desk: Desk, contact_id: str) -> tuple[str, str]:
    row = desk.contact(contact_id)
    return row["status"], row["reason"]


def replanned(desk: Desk, day: date = NEXT_MONDAY) -> Desk:
    desk.plan(day)
    assert desk.violations().empty, desk.violations().to_string()
    return desk
