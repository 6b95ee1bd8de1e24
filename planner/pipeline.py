"""The whole flow on one page: exports into the store, the stored tables into a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.dates import LAST_DAY, add_months
from planner.errors import InputError
from planner.settings import Settings
from planner.store import Store

if TYPE_CHECKING:
    from planner.intake import FileReport
    from planner.intake.mapping import Mapping as ExportMapping
    from planner.intake.values import Order
    from planner.schedule.moves import Moves
    from planner.schedule.what_if import Capacity, WhatIf

Step = Callable[[str], None]
PLAN_STEPS = ("reading the store", "forecast", "candidates", "calendar", "storing")


def _no_step(name: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Wanted:
    """What a plan places: FORECASTS, SERVICE_ITEMS, the candidate contacts, ISSUES."""

    forecasts: pd.DataFrame
    service_items: pd.DataFrame
    candidates: pd.DataFrame
    issues: pd.DataFrame


@dataclass(frozen=True)
class Plan:
    """What a plan run makes: FORECASTS, SERVICE_ITEMS, CONTACTS and ISSUES of planner.tables; what moved."""

    forecasts: pd.DataFrame
    service_items: pd.DataFrame
    contacts: pd.DataFrame
    issues: pd.DataFrame
    moves: Moves  # beside the calendar before


def build_plan(
    tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date, years: int = 3, step: Step = _no_step
) -> Plan:
    """Stored tables in, plan out; nothing is read or written on the way.

    `tables`: customers (households resolved), vehicles, visits, readings, and of the plan so far (empty at
    first) contacts, of which what was done, promised or handed out stays where it is, and forecasts,
    whose days stand where they are still as good.
    """
    from planner.schedule import place
    from planner.schedule.moves import moves

    wanted = forecast_and_candidates(tables, settings, as_of, years, step)
    step("calendar")
    before, services = tables["contacts"], wanted.forecasts
    contacts = place(wanted.candidates, tables["customers"], tables["vehicles"], before, settings, as_of)
    moved = moves(before, contacts, tables["forecasts"], services, as_of)
    return Plan(services, wanted.service_items, contacts, wanted.issues, moved)


def forecast_and_candidates(
    tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date, years: int = 3, step: Step = _no_step
) -> Wanted:
    """All of `build_plan` but the calendar."""
    from planner.cycle import candidates, load_cycles
    from planner.forecast import forecast
    from planner.forecast.steady import records_of, steady

    customers, vehicles = tables["customers"], tables["vehicles"]
    cycles = load_cycles(settings)
    until = horizon(as_of, years)
    step("forecast")
    # An invitation goes out weeks before its service: services a little beyond the end count too.
    seen = cycles.anchors_until(until)
    forecasts = forecast(vehicles, tables["visits"], tables["readings"], settings, as_of, seen)
    records = records_of(vehicles, tables["visits"], tables["readings"], settings)
    services = steady(forecasts.services, tables["forecasts"], records, as_of)
    step("candidates")
    found = candidates(customers, vehicles, services, forecasts.history, cycles, as_of, until)
    return Wanted(services, forecasts.items, found, forecasts.issues)


def horizon(as_of: date, years: int) -> date:
    """The day at which the calendar ends, itself not in it."""
    end = add_months(np.datetime64(as_of), 12 * years)
    found: date | None = end.tolist()
    return found or LAST_DAY  # beyond the calendar there is none


def replan(store: Store, settings: Settings, as_of: date, years: int = 3, step: Step = _no_step) -> Plan:
    """Plans from the store and stores the plan, all or nothing."""
    step("reading the store")
    tables = _stored(store)
    plan = build_plan(tables, settings, as_of, years, step)
    step("storing")
    with store.transaction():
        store.replace("forecasts", plan.forecasts)
        store.replace("service_items", plan.service_items)
        store.replace("contacts", plan.contacts)
        store.replace_issues(("vehicles", "visits", "readings"), plan.issues)
        store.set_fact("planned_as_of", as_of.isoformat())
        store.set_fact("planned_years", str(years))
    return plan


def ask_what_if(
    store: Store, settings: Settings, capacity: Capacity, as_of: date, years: int = 3, step: Step = _no_step
) -> WhatIf:
    """The plan with another capacity; nothing is stored. Raises InputError for an unknown advisor."""
    from planner.schedule import place
    from planner.schedule.what_if import unknown_advisors, what_if

    step("reading the store")
    tables = _stored(store)
    asked = Settings(capacity={"advisors": {capacity.advisor: 0}} if capacity.advisor else {})
    for name, near in unknown_advisors(tables["customers"], asked).items():
        hint = f"; did you mean {near!r}?" if near else ""
        raise InputError(f"--what-if: no customer has the advisor {name!r}{hint}")
    wanted = forecast_and_candidates(tables, settings, as_of, years, step)

    def placed(chosen: Settings) -> pd.DataFrame:
        return place(
            wanted.candidates, tables["customers"], tables["vehicles"], tables["contacts"], chosen, as_of
        )

    step("calendar")
    return what_if(placed, settings, capacity, as_of)


def _stored(store: Store) -> dict[str, pd.DataFrame]:
    names = ("customers", "vehicles", "visits", "readings", "contacts", "forecasts")
    tables = {name: store.read(name) for name in names}
    if tables["vehicles"].empty:
        raise InputError(f"{store.path}: no vehicles to plan for; 'planner import' brings them in")
    return tables


@dataclass(frozen=True)
class Imported:
    """What an import did. `changed`: rows added or altered by table; `rejects` is for the rejects file."""

    files: list[FileReport]
    changed: dict[str, int]
    issues: pd.DataFrame
    rejects: pd.DataFrame


def import_exports(
    store: Store,
    paths: Sequence[Path],
    settings: Settings,
    as_of: date,
    *,
    kind: str | None = None,
    mapping: ExportMapping | None = None,
    dates: Order | None = None,
    dry_run: bool = False,
) -> Imported:
    """Reads exports, checks them and stores the good rows of all of them in one transaction."""
    from planner.intake import Known, read_exports

    known = Known(customers=store.ids("customers"), vehicles=store.ids("vehicles"))
    intake = read_exports(paths, settings, as_of, known=known, kind=kind, mapping=mapping, dates=dates)
    changed = dict.fromkeys(intake.frames, 0)
    if not dry_run:
        with store.transaction():
            for name, frame in intake.frames.items():
                changed[name] = store.upsert(name, _as_stored(name, frame))
            store.replace_issues(sorted({file.source for file in intake.files}), intake.issues)
            resolve(store, settings)
    return Imported(intake.files, changed, intake.issues, intake.rejects)


def resolve(store: Store, settings: Settings) -> None:
    """Works out anew who is one household with whom, over all stored customers."""
    from planner.households import resolve_households

    customers, issues = resolve_households(store.read("customers"), settings)
    store.set_households(customers)
    store.replace_issues(("customers",), issues)


def _as_stored(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The export's household_id is what was given; the store's household_id is worked out from it."""
    return frame.rename(columns={"household_id": "household_given"}) if name == "customers" else frame
