"""`planner calls`: the week's call list with scripts."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.console import plural, progress, show
from cli.options import DB, AsOf, Db, Force, Json, SettingsFile, the_day, the_settings
from planner.errors import InputError, StoreError


class Format(StrEnum):
    """What the list is written as; the values are those of --format."""

    XLSX = "xlsx"
    CSV = "csv"
    VICIDIAL = "vicidial"


ENDINGS = {Format.XLSX: (".xlsx",), Format.CSV: (".csv",), Format.VICIDIAL: (".vicidial.txt", ".txt")}


def calls(
    week: Annotated[
        str | None, typer.Option(metavar="YYYY-Www", help="ISO week; this week if not given.")
    ] = None,
    advisor: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this advisor's customers.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="calls-YYYY-Www and the format's ending if not given.")
    ] = None,
    kind: Annotated[
        Format,
        typer.Option("--format", help="xlsx for people; csv, vicidial: the calls alone, for other programs."),
    ] = Format.XLSX,
    db: Db = DB,
    settings: SettingsFile = None,
    as_of: AsOf = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Writes the week's list with scripts and marks its contacts as handed out."""
    from planner.cycle import load_cycles
    from planner.doors.calls_csv import write_csv
    from planner.doors.vicidial import can_be_dialled, write_vicidial
    from planner.files import safe_target
    from planner.lists import week_of, weekly_list
    from planner.pipeline import stored_tables
    from planner.scripts import Scripts
    from planner.store import Store
    from planner.workbooks.calls import is_filled_in, write_calls
    from planner.workbooks.info import ListInfo

    day = the_day(as_of)
    chosen = the_settings(settings)
    monday = parse_week(week) if week else week_of(day, chosen)
    name = "{}-W{:02}".format(*monday.isocalendar()[:2])
    with Store.open(db) as store, progress("Call list", 3) as step:
        planned = store.fact("planned_as_of")
        if planned is None:
            raise StoreError(f"{db}: nothing is planned yet; run 'planner plan' first")
        step("reading")
        tables = stored_tables(store, chosen, "customers", "vehicles", "visits", "forecasts", "contacts")
        step("choosing")
        made = weekly_list(
            tables,
            load_cycles(chosen),
            Scripts(chosen),
            chosen,
            monday,
            day,
            date.fromisoformat(planned),
            advisor,
        )
        endings = ENDINGS[kind]
        target = out or Path(f"calls-{name}{endings[0]}")
        to_fill_in = is_filled_in if kind is Format.XLSX else None
        backup = safe_target(target, force, to_fill_in, suffixes=(endings[-1],))
        step("writing")
        house = chosen.dealership
        info = ListInfo(
            dealership=house.name,
            as_of=day,
            language=house.language,
            unit=house.unit,
            country=house.country,
            week=name,
            first_day=monday,
            last_day=monday + timedelta(days=6),
        )
        left_out, (rows, messages) = dict(made.left_out), (made.calls, made.messages)
        if kind is not Format.XLSX:
            messages = messages.iloc[:0]  # what does not stand in the file is not handed out
        if kind is Format.VICIDIAL:
            dialled = can_be_dialled(rows, house.country)
            left_out |= {"no number that can be dialled": n} if (n := int((~dialled).sum())) else {}
            rows = rows[dialled]
        with store.transaction():  # a list that could not be written was not handed out
            new = store.hand_out([*rows["contact_id"], *messages["contact_id"]], day)
            if kind is Format.CSV:
                write_csv(target, rows, house.country, house.unit)
            elif kind is Format.VICIDIAL:
                write_vicidial(target, rows, house.country)
            else:
                write_calls(target, rows, messages, info)
    show(
        as_json,
        {
            "week": name,
            "file": str(target),
            "calls": len(rows),
            "messages": len(messages),
            "newly_handed_out": new,
            "left_out": left_out,
            "kept": str(backup) if backup else None,
        },
        [f"{target}: {plural(len(rows), 'call')} and {plural(len(messages), 'message')} of week {name}"]
        + [f"  {count:,} left out: {reason}" for reason, count in left_out.items()]
        + ([f"  the list that had been filled in is kept as {backup}"] if backup else []),
    )


def parse_week(text: str) -> date:
    """Monday of an ISO week written as 2026-W07."""
    try:
        found = re.fullmatch(r"(\d{4})-?W(\d\d?)", text.strip(), re.IGNORECASE)
        if not found:
            raise ValueError
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        raise InputError(f"--week {text}: no such week; write it as 2026-W07") from None
