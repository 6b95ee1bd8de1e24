"""Calendars of a few rows for the checker: what a test does not speak of is in order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from planner.columns import typed
from planner.schedule.check import violations
from planner.settings import Settings
from planner.tables import CONTACTS, CUSTOMERS, VEHICLES

MONDAY = date(2026, 3, 2)  # the weeks after it have no public holiday in the United States until 25 May
Rows = list[dict[str, Any]]


def on(days: int) -> date:
    return MONDAY + timedelta(days=days)


def touch(day: date | None, channel: str = "email", **columns: Any) -> dict[str, Any]:
    """One planned contact on the day, with a window around it and no gap of its own."""
    return {
        "household_id": "H1",
        "customer_id": "C1",
        "vehicle_id": "V1",
        "channel": channel,
        "script": "service_info",
        "planned_on": day,
        "earliest_on": on(-1000),
        "latest_on": on(10_000),
        "min_gap_days": 0,
        "priority": 2,
        "status": "planned",
        "reason": "ideal",
        "attempts": 0,
    } | columns


def done(day: date, channel: str = "email", **columns: Any) -> dict[str, Any]:
    return touch(day, channel, status="done", outcome="booked") | columns


def unplaced(status: str, reason: str, **columns: Any) -> dict[str, Any]:
    return touch(None, status=status, reason=reason) | columns


def contacts(rows: Rows) -> pd.DataFrame:
    """The rows as a table; touchpoints X1, X2, ... and ids made of them, where a row has none."""
    named = []
    for number, row in enumerate(rows, start=1):
        row = {"touchpoint": f"X{number}"} | row
        named.append({"contact_id": f"{row['vehicle_id']}/{row['touchpoint']}"} | row)
    return typed(pd.DataFrame(named), CONTACTS)


def customers(*rows: dict[str, Any]) -> pd.DataFrame:
    """C1 and C2 are household H1, C3 is H2; the rows change them."""
    people = {
        "C1": {"customer_id": "C1", "household_id": "H1"},
        "C2": {"customer_id": "C2", "household_id": "H1"},
        "C3": {"customer_id": "C3", "household_id": "H2"},
    }
    for row in rows:
        people[row["customer_id"]] |= row
    return typed(pd.DataFrame(people.values()), CUSTOMERS)


def vehicles(**status: str) -> pd.DataFrame:
    """V1 is of C1, V2 of C2, V3 of C3."""
    cars = [
        {"vehicle_id": f"V{n}", "customer_id": f"C{n}", "status": status.get(f"V{n}", "active")}
        for n in (1, 2, 3)
    ]
    return typed(pd.DataFrame(cars), VEHICLES)


def rules(**sections: dict[str, Any]) -> Settings:
    return Settings.model_validate(sections)


# Caps and the distance of calls do not get in the way of what a test is about.
ROOMY = rules(
    contact_rules={"call_gap_days": 0}
    | dict.fromkeys(("max_calls", "max_emails", "max_letters", "max_short_messages", "max_touches"), 99)
)

ROOMY_CALLS = rules(contact_rules=dict.fromkeys(("max_calls", "max_touches"), 99))


def check(rows: Rows, **tables: Any) -> pd.DataFrame:
    return violations(
        contacts(rows),
        tables.get("customers", customers()),
        tables.get("vehicles", vehicles()),
        tables.get("settings", Settings()),
        tables.get("planned_on_day", MONDAY),
    )


def broken(rows: Rows, **tables: Any) -> list[tuple[str, str]]:
    frame = check(rows, **tables)
    return list(zip(frame["rule"], frame["contact_id"], strict=True))


MEMORIAL_DAY = date(2026, 5, 25)  # a Monday
