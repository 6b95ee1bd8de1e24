"""The whole flow on one page: exports into the store, the stored tables into a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.columns import empty, typed
from planner.dates import LAST_DAY, add_months
from planner.errors import InputError, StoreError
from planner.parts import WHOLE, Part
from planner.settings import Settings
from planner.store import Store
from planner.tables import CUES, FORECASTS

if TYPE_CHECKING:
    from planner.intake import FileReport
    from planner.intake.mapping import Mapping as ExportMapping
    from planner.intake.values import Order
    from planner.outcomes import Recorded, Withdrawn
    from planner.schedule.moves import Moves
    from planner.schedule.what_if import Capacity, WhatIf

Step = Callable[[str], None]
KEPT_BEFORE = pd.Timedelta(days=35)  # how long contacts are kept as they were before an answer
ANSWERED_SINCE = "answered_since_plan"  # fact: contact ids, a line each
# Tables of which a part may be read: those that the planner makes, over which no outcome is laid.
PARTLY = frozenset({"contacts", "forecasts", "service_items", "cues", "issues"})
PLAN_STEPS = ("reading the store", "forecast", "candidates", "calendar", "storing")


def _no_step(name: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Wanted:
    """What a plan places: FORECASTS, SERVICE_ITEMS, candidates, the calendar before, CUES, ISSUES."""

    forecasts: pd.DataFrame
    service_items: pd.DataFrame
    candidates: pd.DataFrame
    previous: pd.DataFrame
    cues: pd.DataFrame  # with the contacts of the plan before
    issues: pd.DataFrame


@dataclass(frozen=True)
class Plan:
    """What a plan run makes: FORECASTS, SERVICE_ITEMS, CONTACTS, CUES, ISSUES of planner.tables; moves."""

    forecasts: pd.DataFrame
    service_items: pd.DataFrame
    contacts: pd.DataFrame
    cues: pd.DataFrame
    issues: pd.DataFrame
    moves: Moves  # beside the calendar before


def build_plan(
    tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date, years: int = 3, step: Step = _no_step
) -> Plan:
    """Stored tables in, plan out; nothing is read or written on the way.

    `tables`: customers (households resolved), vehicles, visits, readings, and of the plan so far (empty at
    first) contacts, of which what was done, promised or handed out stays where it is, and forecasts,
    whose days stand where they are still as good. Where they are there, outcomes (what callers were told)
    and cues (those of the plan so far) count too.
    """
    from planner.schedule import place
    from planner.schedule.cues import carry
    from planner.schedule.moves import moves

    wanted = forecast_and_candidates(tables, settings, as_of, years, step)
    step("calendar")
    before, services = tables["contacts"], wanted.forecasts
    people, cars = tables["customers"], tables["vehicles"]
    contacts = place(
        wanted.candidates, people, cars, wanted.previous, settings, as_of, tables.get("outcomes")
    )
    forward = wanted.candidates.loc[wanted.candidates["forward"], "contact_id"]
    cued = pd.concat([forward, tables.get("cues", empty(CUES))["contact_id"].dropna()])
    moved = moves(before, contacts, tables["forecasts"], services, as_of, cued)
    cues = carry(wanted.cues, contacts, tables["customers"], settings, as_of)
    return Plan(services, wanted.service_items, contacts, cues, wanted.issues, moved)


def forecast_and_candidates(
    tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date, years: int = 3, step: Step = _no_step
) -> Wanted:
    """All of `build_plan` but the calendar."""
    from planner.cycle import candidates, cues, load_cycles
    from planner.forecast import forecast
    from planner.forecast.steady import records_of, steady
    from planner.outcomes.overlay import ours_of, seen_and_elsewhere, with_answers
    from planner.outcomes.people import nobody_answers
    from planner.outcomes.services import bookings, with_bookings
    from planner.outcomes.standing import carried_on, falls_away
    from planner.schedule.cues import bring_forward
    from planner.value.classes import with_worth

    customers, vehicles = tables["customers"], tables["vehicles"]
    cycles = load_cycles(settings)
    tables = with_answers(tables, cycles.touchpoints)
    visits = seen_and_elsewhere(tables)
    booked = bookings(tables["outcomes"], visits, cycles.touchpoints, as_of)
    until = horizon(as_of, years)
    step("forecast")
    # An invitation goes out weeks before its service: services a little beyond the end count too.
    seen = cycles.anchors_until(until)
    forecasts = forecast(vehicles, visits, tables["readings"], settings, as_of, seen)
    records = records_of(vehicles, visits, tables["readings"], settings, booked)
    services = with_bookings(steady(forecasts.services, tables["forecasts"], records, as_of), booked, as_of)
    step("candidates")
    found = candidates(
        customers, vehicles, services, ours_of(forecasts.history, tables), cycles, as_of, until
    )
    services = typed(services, FORECASTS)
    now = {**tables, "forecasts": services}
    found = found.assign(falls_away=falls_away(found, now, as_of))
    previous = carried_on(tables["contacts"], now, settings, as_of)
    seen_cues = cues(tables, services, forecasts.odometers, settings, as_of)
    found = bring_forward(found, seen_cues, previous, customers, settings, as_of)
    found = with_worth(found, tables, settings, as_of)
    issues = pd.concat([forecasts.issues, nobody_answers(customers, tables["outcomes"])], ignore_index=True)
    return Wanted(services, forecasts.items, found, previous, seen_cues, issues)


def horizon(as_of: date, years: int) -> date:
    """The day at which the calendar ends, itself not in it."""
    end = add_months(np.datetime64(as_of), 12 * years)
    found: date | None = end.tolist()
    return found or LAST_DAY  # beyond the calendar there is none


def replan(store: Store, settings: Settings, as_of: date, years: int = 3, step: Step = _no_step) -> Plan:
    """Plans from the store and stores the plan, all or nothing."""
    step("reading the store")
    tables = _to_plan(store, settings)
    plan = build_plan(tables, settings, as_of, years, step)
    step("storing")
    with store.transaction():
        store.replace("forecasts", plan.forecasts)
        store.replace("service_items", plan.service_items)
        store.replace("contacts", plan.contacts)
        store.replace("cues", plan.cues)
        store.replace_issues(("vehicles", "visits", "readings", "outcomes"), plan.issues)
        store.set_fact("planned_as_of", as_of.isoformat())
        store.set_fact("planned_years", str(years))
        store.set_fact(ANSWERED_SINCE, "")
    return plan


def ask_what_if(
    store: Store, settings: Settings, capacity: Capacity, as_of: date, years: int = 3, step: Step = _no_step
) -> WhatIf:
    """The plan with another capacity; nothing is stored. Raises InputError for an unknown advisor."""
    from planner.schedule import place
    from planner.schedule.what_if import unknown_advisors, what_if

    step("reading the store")
    tables = _to_plan(store, settings)
    asked = Settings(capacity={"advisors": {capacity.advisor: 0}} if capacity.advisor else {})
    for name, near in unknown_advisors(tables["customers"], asked).items():
        hint = f"; did you mean {near!r}?" if near else ""
        raise InputError(f"--what-if: no customer has the advisor {name!r}{hint}")
    wanted = forecast_and_candidates(tables, settings, as_of, years, step)

    def placed(chosen: Settings) -> pd.DataFrame:
        people, cars = tables["customers"], tables["vehicles"]
        return place(wanted.candidates, people, cars, wanted.previous, chosen, as_of, tables.get("outcomes"))

    step("calendar")
    return what_if(placed, settings, capacity, as_of)


def stored_tables(store: Store, settings: Settings, *names: str, **parts: Part) -> dict[str, pd.DataFrame]:
    """Stored tables with what callers were told laid over them: the one door for whoever reads to decide.

    Beside those named: `outcomes`, `elsewhere` (see planner.outcomes.told), `visits` with `vehicles`. Of
    those with a part only that is read; rows are chosen of PARTLY only, which callers change nothing of.
    """
    from planner.outcomes import TOLD_BY, told

    if wrong := {name for name, part in parts.items() if part.rows} - PARTLY:
        raise ValueError(f"{', '.join(sorted(wrong))}: all rows are read, or none")
    needed = {*names, *parts}
    needed |= {"visits"} if "vehicles" in needed else set()
    tables = {}
    for name in sorted(needed - {"outcomes"}):
        part = parts.get(name, WHOLE)
        if part.columns:
            part = replace(part, columns=(*part.columns, *TOLD_BY.get(name, ())))
        tables[name] = store.read(name, part)
    return told(tables, store.read("outcomes"), settings)


def planned_as_of(store: Store) -> date:
    """The day that the last plan was made for; raises StoreError if there is none."""
    planned = store.fact("planned_as_of")
    if planned is None:
        raise StoreError(f"{store.path}: nothing is planned yet; run 'planner plan' first")
    return date.fromisoformat(planned)


def _to_plan(store: Store, settings: Settings) -> dict[str, pd.DataFrame]:
    names = ("customers", "vehicles", "visits", "readings", "contacts", "forecasts", "cues")
    tables = stored_tables(store, settings, *names)
    if tables["vehicles"].empty:
        raise InputError(f"{store.path}: no vehicles to plan for; 'planner import' brings them in")
    return tables


def take_outcomes(
    store: Store,
    filled: pd.DataFrame,
    settings: Settings,
    as_of: date,
    dry_run: bool = False,
    faulty: pd.DataFrame | None = None,
) -> Recorded:
    """Records a filled-in list: answers and contacts are stored together, or neither.

    filled, faulty and what comes back: see planner.outcomes.record.
    """
    from planner.cycle import load_cycles
    from planner.forecast import forecast
    from planner.outcomes import record, told
    from planner.outcomes.surveys import scores

    names = ("customers", "vehicles", "visits", "readings", "contacts", "forecasts", "outcomes")
    tables = {name: store.read(name) for name in (*names, "withdrawn_outcomes")}
    now = told(tables, tables["outcomes"], settings)
    looked_at = filled if faulty is None else pd.concat([filled, faulty])
    named = tables["contacts"]["contact_id"].isin(looked_at["contact_id"])
    cars = tables["contacts"].loc[named, "vehicle_id"]
    vehicles, visits, readings = (
        now[name][now[name]["vehicle_id"].isin(cars)] for name in ("vehicles", "visits", "readings")
    )
    believed = forecast(vehicles, visits, readings, settings, as_of, as_of).odometers
    known = {**tables, "odometers": believed, "touchpoints": load_cycles(settings).touchpoints}
    made = record(filled, known, settings, as_of, faulty)
    if not dry_run:
        with store.transaction():
            store.append("outcomes", made.answers)
            store.append("contacts_before", made.before)
            store.remove(
                "contacts_before", _too_old(store.read("contacts_before"), store.read("outcomes"), as_of)
            )
            store.upsert("surveys", scores(made.answers, known["touchpoints"]))
            answers = pd.concat([tables["outcomes"], made.answers], ignore_index=True)
            _answered(store, made.contacts, answers, tables["customers"], settings)
    return made


def corrected_since(store: Store, rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows of a list (as workbooks.filled_in has them) came back, and were corrected since?"""
    from planner.outcomes.corrected import corrected

    return corrected(rows, store.read("returned_rows"), store.read("outcomes"))


def keep_returned(store: Store, rows: pd.DataFrame, as_of: date) -> None:
    """Remembers the rows that come back, so that the list that held them may be read again."""
    from planner.outcomes.corrected import to_keep

    store.put("returned_rows", to_keep(rows, store.read("outcomes"), as_of))


def withdraw_outcome(
    store: Store, contact_id: str, settings: Settings, as_of: date, dry_run: bool = False
) -> Withdrawn:
    """Takes back the last answer of a contact, with all that it did; it is kept in `withdrawn_outcomes`.

    Raises InputError for a contact of which no answer is recorded.
    """
    from planner.cycle import load_cycles
    from planner.outcomes import withdraw
    from planner.outcomes.surveys import scores

    names = ("customers", "vehicles", "visits", "contacts", "forecasts", "outcomes", "contacts_before")
    tables = {name: store.read(name) for name in names}
    touchpoints = load_cycles(settings).touchpoints
    made = withdraw(contact_id, {**tables, "touchpoints": touchpoints}, settings, as_of)
    if not dry_run:
        answers = tables["outcomes"].drop(index=made.answer.index)
        same = answers[answers["customer_id"] == made.answer["customer_id"].iloc[0]]
        with store.transaction():
            store.remove("outcomes", made.answer)
            store.append("withdrawn_outcomes", made.answer.assign(withdrawn_on=pd.Timestamp(as_of)))
            store.remove("contacts_before", made.before)
            store.put("contacts_before", made.before_others)
            store.remove("contacts", made.gone)
            store.remove("surveys", scores(made.answer, touchpoints))
            store.upsert("surveys", scores(same, touchpoints))
            _answered(store, made.contacts, answers, tables["customers"], settings)
    return made


def _too_old(before: pd.DataFrame, answers: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """What is kept of answers that nobody takes back any more; a mistake is noticed in the next lists."""
    old = answers[answers["recorded_on"] < pd.Timestamp(as_of) - KEPT_BEFORE]
    keys = pd.MultiIndex.from_frame(old[["contact_id", "attempt"]])
    return before[pd.MultiIndex.from_frame(before[["answered", "attempt"]]).isin(keys)]


def _answered(
    store: Store, contacts: pd.DataFrame, answers: pd.DataFrame, customers: pd.DataFrame, settings: Settings
) -> None:
    """Stores the contacts that changed by answers, and what hangs on all answers together."""
    from planner.outcomes import told
    from planner.outcomes.people import nobody_answers

    store.put("contacts", contacts)
    ids = [*answered_since_plan(store), *contacts["contact_id"]]
    store.set_fact(ANSWERED_SINCE, "\n".join(dict.fromkeys(ids)))
    people = told({"customers": customers}, answers, settings)["customers"]
    store.replace_issues(("outcomes",), nobody_answers(people, answers))


def answered_since_plan(store: Store) -> frozenset[str]:
    """The contacts that changed by an outcome since the last plan."""
    return frozenset((store.fact(ANSWERED_SINCE) or "").splitlines())


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
    from planner.errors import issues_frame
    from planner.forgotten import not_to_be_contacted
    from planner.intake import Known, read_exports

    forgotten = store.forgotten()
    known = Known(store.ids("customers"), store.ids("vehicles"), forgotten)
    intake = read_exports(paths, settings, as_of, known=known, kind=kind, mapping=mapping, dates=dates)
    changed = dict.fromkeys(intake.frames, 0)
    if "customers" in intake.frames:
        people, blocked = not_to_be_contacted(
            intake.frames["customers"], forgotten, settings.dealership.country
        )
        intake.frames["customers"] = people
        issues = pd.concat([intake.issues, issues_frame(blocked)], ignore_index=True)
        intake = replace(intake, issues=issues)
    if not dry_run:
        with store.transaction():
            for name, frame in intake.frames.items():
                changed[name] = store.upsert(name, _as_stored(name, frame))
            store.replace_issues(
                sorted({"forgotten"} | {file.source for file in intake.files}), intake.issues
            )
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
