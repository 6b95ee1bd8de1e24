"""A dealership in one line, for the worked examples in the docstrings of the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from planner.columns import Table, empty, typed
from planner.settings import Settings
from planner.tables import ANSWERS, CONTACTS, CUSTOMERS, OFFERS, SURVEYS, VEHICLES, VISITS

AS_OF = date(2026, 6, 30)
TABLES = {
    "customers": CUSTOMERS, "vehicles": VEHICLES, "visits": VISITS, "surveys": SURVEYS, "offers": OFFERS,
    "outcomes": ANSWERS, "contacts": CONTACTS,
}  # fmt: skip


def tables_of(cars: Mapping[str, Sequence[str]], **rows: Sequence[Sequence[Any]]) -> dict[str, pd.DataFrame]:
    """The stored tables of customers with a car each, of the same name.

    cars: by name the day of purchase, then visits, each a day or "day amount", for maintenance. rows: of
    surveys (customer, day, score), offers (customer, issued, redeemed), outcomes (car, day, outcome, day that
    it names), contacts (customer, day, channel) that were made; with (.., touchpoint, last day) about a first
    service and handed out, with (.., reason) dropped.
    """
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for name, (bought, *visits) in cars.items():
        found["customers"].append({"customer_id": name, "household_id": name, "name": name})
        found["vehicles"].append({"vehicle_id": name, "customer_id": name, "purchased_on": bought})
        for text in visits:
            day, _, amount = text.partition(" ")
            found["visits"].append({"vehicle_id": name, "visited_on": day, "amount": float(amount or 100)})
    columns = {
        "surveys": ("customer_id", "asked_on", "score"),
        "offers": ("customer_id", "issued_on", "redeemed_on"),
        "outcomes": ("vehicle_id", "said_on", "outcome", "for_on"),
        "contacts": ("customer_id", "planned_on", "channel", "touchpoint", "latest_on", "reason"),
    }
    for name, listed in rows.items():
        found[name] = [dict(zip(columns[name], row, strict=False)) for row in listed]
    for number, row in enumerate(found["outcomes"]):
        row |= {"contact_id": str(number), "attempt": 1, "touchpoint": "S1a", "recorded_on": row["said_on"]}
        row["customer_id"] = row["vehicle_id"]
    for number, row in enumerate(found["contacts"]):
        row["status"] = "done"
        if "touchpoint" in row:
            on, dropped = row["planned_on"], "reason" in row
            row |= {
                "contact_id": str(number),
                "vehicle_id": row["customer_id"],
                "service_no": 1,
                "attempts": 0,
            }
            row |= {"ideal_on": on, "status": "dropped" if dropped else "planned"}
            row |= {"planned_on": None if dropped else on, "handed_out_on": None if dropped else on}
    return {name: _table(found[name], table) for name, table in TABLES.items()}


def example(metric: str, cars: Mapping[str, Sequence[str]], **rows: Sequence[Sequence[Any]]) -> str:
    """Numerator and denominator of a figure as of 30 June 2026, for all; the settings are the defaults."""
    from planner.value.report import value_report

    figures = value_report(tables_of(cars, **rows), Settings(), AS_OF).figures
    now = figures[figures["metric"].eq(metric) & figures["by"].eq("all") & figures["month"].isna()].iloc[0]
    return f"{now['numerator']:g} / {now['denominator']:g}"


def _table(rows: list[dict[str, Any]], table: Table) -> pd.DataFrame:
    if not rows:
        return empty(table)
    frame = pd.DataFrame(rows).reindex(columns=table.names)
    for column in table.columns:
        if column.kind == "date":
            frame[column.name] = pd.to_datetime(frame[column.name])
    return typed(frame, table)
