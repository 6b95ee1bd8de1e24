"""The sample dealership as typed tables of the whole flow, with its households resolved."""

from __future__ import annotations

from datetime import date

from benchmarks.calendar.households import Tables
from benchmarks.records import as_table
from planner.columns import empty
from planner.households import resolve_households
from planner.sample import make_sample
from planner.settings import Settings
from planner.tables import CONTACTS, CUSTOMERS, FORECASTS, READINGS, VEHICLES, VISITS

END = date(2026, 6, 30)


def sample(vehicles: int, seed: int, settings: Settings) -> Tables:
    """The clean rows of `planner sample`, and no calendar yet."""
    made = make_sample(vehicles, seed, END)
    tables = {
        table.name: as_table(made.clean(table.name), table)
        for table in (CUSTOMERS, VEHICLES, VISITS, READINGS)
    }
    customers, _ = resolve_households(tables["customers"], settings)
    return tables | {"customers": customers, "contacts": empty(CONTACTS), "forecasts": empty(FORECASTS)}
