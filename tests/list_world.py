"""People with one car each, contacts about it, and the weekly list of them: for the tests of the list."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from planner.columns import Table, typed
from planner.cycle import load_cycles
from planner.lists import WeeklyList, weekly_list
from planner.scripts import Scripts
from planner.settings import Settings
from planner.tables import ANSWERS, CONTACTS, CUES, FORECASTS, OFFERS, STORED_CUSTOMERS, VEHICLES, VISITS

MONDAY = date(2026, 3, 9)
BY_NAME = {
    "customers": STORED_CUSTOMERS, "vehicles": VEHICLES, "visits": VISITS, "forecasts": FORECASTS,
    "contacts": CONTACTS, "offers": OFFERS, "cues": CUES, "outcomes": ANSWERS,
}  # fmt: skip
SCRIPTS = {
    "S2c": "service_call", "R2": "win_back_call", "F1": "renewal_call", "V1": "after_visit_call",
    "S2b": "service_short", "B1": "birthday",
}  # fmt: skip


def frame(table: Table, rows: list[dict[str, Any]]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=table.names)
    for column in table.columns:
        if column.kind == "date":
            made[column.name] = pd.to_datetime(made[column.name]).astype("datetime64[us]")
    return typed(made, table)


def person(number: int, **more: Any) -> dict[str, Any]:
    return {
        "customer_id": f"C{number}",
        "name": f"Person {number}",
        "phone": f"(201) 555-01{number:02}",
        "household_id": f"H{number}",
        "advisor": "Ann Weber",
        **{f"consent_{channel}": "yes" for channel in ("call", "sms", "email", "post", "messenger")},
        **more,
    }


def contact(number: int, day: str, touchpoint: str = "S2c", **more: Any) -> dict[str, Any]:
    """A planned call about person number's car: its second service unless said otherwise."""
    return {
        "contact_id": f"V{number}/{touchpoint}",
        "household_id": f"H{number}",
        "customer_id": f"C{number}",
        "vehicle_id": f"V{number}",
        "touchpoint": touchpoint,
        "service_no": 2 if touchpoint.startswith("S") else None,
        "stage": "warranty",
        "channel": "call",
        "ideal_on": day,
        "earliest_on": day,
        "latest_on": day,
        "planned_on": day,
        "priority": 1,
        "status": "planned",
        "reason": "ideal",
        "script": SCRIPTS[touchpoint],
        "advisor": "Ann Weber",
        "attempts": 0,
        **more,
    }


def handed_out(number: int, day: str, **more: Any) -> dict[str, Any]:
    return contact(number, day, **{"handed_out_on": "2026-03-02", **more})


def made(
    *contacts: dict[str, Any],
    as_of: date = MONDAY,
    first: date = MONDAY,
    planned_as_of: date = MONDAY,
    settings: Settings | None = None,
    people: dict[int, dict[str, Any]] | None = None,
    **tables: list[dict[str, Any]],
) -> WeeklyList:
    """The list of these contacts: everybody has one car, and the changes that `people` names."""
    changed = people or {}
    numbers = sorted({int(row["customer_id"][1:]) for row in contacts} | set(changed))
    rows = {
        "customers": [person(number, **changed.get(number, {})) for number in numbers],
        "vehicles": [
            {"vehicle_id": f"V{n}", "customer_id": f"C{n}", "make": "Toyota", "purchased_on": "2024-04-01"}
            for n in numbers
        ],
        "contacts": list(contacts),
        **tables,
    }
    found = {name: frame(table, rows.get(name, [])) for name, table in BY_NAME.items()}
    chosen = settings or Settings.model_validate({"dealership": {"country": "US"}})
    return weekly_list(found, load_cycles(chosen), Scripts(chosen), chosen, first, as_of, planned_as_of)


def ids(found: WeeklyList) -> list[str]:
    return found.calls["contact_id"].tolist()


def the_call(found: WeeklyList) -> dict[str, Any]:
    (row,) = found.calls.to_dict("records")
    return {str(name): value for name, value in row.items()}
