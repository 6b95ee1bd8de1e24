"""The annual contact plan: what a year of contacts looks like, for whom, and what it means for the team."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from planner.workbooks.annual_lists import add_contacts, add_lost, add_not_placed
from planner.workbooks.annual_summary import add_load, add_summary
from planner.workbooks.book import Book
from planner.workbooks.cues_sheet import add_cues
from planner.workbooks.info import AnnualInfo
from planner.workbooks.plan_sheet import add_plan

__all__ = ["AnnualInfo", "write_annual"]


def write_annual(
    path: Path,
    year: int,
    vehicles: pd.DataFrame,
    contacts: pd.DataFrame,
    load: pd.DataFrame,
    info: AnnualInfo,
    touchpoints: Mapping[str, str] | None = None,
    lost: pd.DataFrame | None = None,
    cues: pd.DataFrame | None = None,
) -> None:
    """Writes the plan of a year: sheets Summary, Plan, Load, Likely lost, Sales cues, Contacts, Not placed.

    `vehicles`, one row a vehicle, in the order of the plan: vehicle_id, vehicle, customer, advisor,
    stage, next_due_on. `contacts`: the columns of `tables.CONTACTS` and customer, vehicle, and where
    there is one told, the sentence shown for the reason; those planned in the year, and those not placed
    whose ideal day is in it. `load`, one row a week, in order:
    week_start, call, sms, email, messenger, post, call_capacity (may be missing).
    `touchpoints` gives the ids of the cycle their names. `lost`, one row a vehicle that is likely to be
    lost, as planner.lists_lost.likely_lost makes it; without it there is no such sheet. `cues`, one row a
    cue, as planner.lists_cues.sales_cues makes them; likewise. More rows than Excel
    holds go on in numbered sheets.

    The same input gives the same cells. Raises InputError if the file cannot be written.
    """
    book = Book(info, "annual.title", year=year)
    names = {code: book.texts.touchpoint(name) for code, name in (touchpoints or {}).items()}
    add_summary(book, year, vehicles, contacts, load, names, lost, cues)
    add_plan(book, year, vehicles, contacts)
    add_load(book, load)
    if lost is not None:
        add_lost(book, lost, names)
    if cues is not None:
        add_cues(book, cues, names)
    add_contacts(book, contacts, names)
    add_not_placed(book, year, contacts, names)
    book.save(path)
