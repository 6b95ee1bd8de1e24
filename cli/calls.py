"""`planner calls`: the week's call list with scripts."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import plural, progress, show
from cli.options import DB, AsOf, Db, Force, Json, SettingsFile, the_day, the_settings
from planner.errors import InputError
from planner.files import check_target, safe_target

if TYPE_CHECKING:
    import pandas as pd

    from planner.lists import WeeklyList

TABLES = ("customers", "vehicles", "visits", "forecasts", "offers", "cues")


class Format(StrEnum):
    """What the list is written as; the values are those of --format."""

    XLSX = "xlsx"
    CSV = "csv"
    VICIDIAL = "vicidial"


STALE_DAYS = 8  # a plan of last Monday is still good on Tuesday

ENDINGS = {Format.XLSX: (".xlsx",), Format.CSV: (".csv",), Format.VICIDIAL: (".vicidial.txt", ".txt")}


def calls(
    week: Annotated[
        str | None, typer.Option(metavar="YYYY-Www", help="ISO week; this week if not given.")
    ] = None,
    advisor: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this advisor's customers.")
    ] = None,
    by_advisor: Annotated[
        bool, typer.Option("--by-advisor", help="One file for each advisor: calls-YYYY-Www-NAME.xlsx.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="calls-YYYY-Www and the format's ending if not given.")
    ] = None,
    kind: Annotated[
        Format,
        typer.Option("--format", help="xlsx for people; csv, vicidial: the calls alone, for other programs."),
    ] = Format.XLSX,
    messages_to: Annotated[
        Path | None,
        typer.Option(
            "--messages",
            metavar="DIR",
            help="Also writes the messages as CSV files, one a channel, into DIR.",
        ),
    ] = None,
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
    from planner.lists import contacts_of_week, week_of, weekly_list
    from planner.named_services import load_named_services
    from planner.pipeline import planned_as_of, stored_tables
    from planner.scripts import Scripts
    from planner.store import Store
    from planner.workbooks.calls import is_filled_in, write_calls
    from planner.workbooks.info import ListInfo
    from planner.workbooks.message_files import message_files, write_messages

    if by_advisor and out is not None:
        raise InputError("--out: the files of --by-advisor have names of their own; leave --out away")
    day = the_day(as_of)
    chosen = the_settings(settings)
    monday = parse_week(week) if week else week_of(day, chosen)
    name = "{}-W{:02}".format(*monday.isocalendar()[:2])
    with Store.open(db) as store, progress("Call list", 3) as step:
        planned = planned_as_of(store)
        years = int(store.fact("planned_years") or 3)
        step("reading")
        tables = stored_tables(store, chosen, *TABLES, contacts=contacts_of_week(monday))
        step("choosing")
        made = weekly_list(
            tables,
            load_cycles(chosen),
            Scripts(chosen),
            chosen,
            monday,
            day,
            planned,
            advisor,
        )
        to_fill_in = is_filled_in if kind is Format.XLSX else None
        parts = _files(made, out or Path(f"calls-{name}{ENDINGS[kind][0]}"), by_advisor, ENDINGS[kind][0])
        for target in parts:
            check_target(target, force=force, suffixes=(ENDINGS[kind][-1],))
        to_send = message_files(messages_to, made.messages, name, force) if messages_to else {}
        kept = {
            target: safe_target(target, force, to_fill_in, suffixes=(ENDINGS[kind][-1],)) for target in parts
        }
        nowhere = len(made.messages) - sum(map(len, to_send.values())) if messages_to else 0
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
            services=load_named_services(chosen.service_names_path).names(house.language),
        )
        left_out, (rows, messages) = dict(made.left_out), (made.calls, made.messages)
        if kind is not Format.XLSX and not messages_to:
            messages = messages.iloc[:0]  # what does not stand in the file is not handed out
        if kind is Format.VICIDIAL:
            dialled = can_be_dialled(rows, house.country)
            left_out |= {"no number that can be dialled": n} if (n := int((~dialled).sum())) else {}
            rows = rows[dialled]
        with store.transaction():  # a list that could not be written was not handed out
            new = store.hand_out([*rows["contact_id"], *messages["contact_id"]], day)
            for target, part in parts.items():
                part_rows = part.calls[part.calls["contact_id"].isin(rows["contact_id"])]
                if kind is Format.CSV:
                    write_csv(target, part_rows, house.country, house.unit)
                elif kind is Format.VICIDIAL:
                    write_vicidial(target, part_rows, house.country)
                else:
                    write_calls(target, part_rows, part.messages, info, part.pass_on)
            write_messages(to_send)
    told_others = len(made.pass_on) > 0 and kind is Format.XLSX
    show(
        as_json,
        {
            "week": name,
            "file": None if by_advisor else str(next(iter(parts))),
            "files": [str(target) for target in parts],
            "message_files": [str(target) for target in to_send],
            "planned_as_of": planned.isoformat(),
            "calls": len(rows),
            "by_kind": {str(code): int(count) for code, count in rows["kind"].value_counts().items()},
            "messages": len(messages),
            "pass_on": len(made.pass_on),
            "newly_handed_out": new,
            "left_out": left_out,
            "kept": next((str(backup) for backup in kept.values() if backup), None),
        },
        [f"{target}: {_counted(part, rows, messages)} of week {name}" for target, part in parts.items()]
        + ([] if parts else [f"no calls and no messages in week {name}; no file written"])
        + [f"{target}: {plural(len(sent), 'message')}" for target, sent in to_send.items()]
        + ([f"  {nowhere:,} messages have no address: in the workbook only"] if nowhere else [])
        + [f"  {count:,} left out: {reason}" for reason, count in left_out.items()]
        + ([f"  {len(made.pass_on):,} for colleagues to answer: sheet 'Pass on'"] if told_others else [])
        + _about_the_plan(planned, years, day, monday)
        + [f"  the list that had been filled in is kept as {backup}" for backup in kept.values() if backup],
    )


def _files(made: WeeklyList, target: Path, split: bool, ending: str) -> dict[Path, WeeklyList]:
    """The files to write, each with its part of the list."""
    if not split:
        return {target: made}
    from planner.lists_by_advisor import by_advisor, file_names

    parts = by_advisor(made)
    names = file_names(list(parts))
    return {
        target.with_name(f"{target.name.removesuffix(ending)}-{names[who]}{ending}"): part
        for who, part in parts.items()
    }


def _about_the_plan(planned: date, years: int, day: date, monday: date) -> list[str]:
    """What a list should say of a plan that is old, or does not reach its week.

    >>> _about_the_plan(date(2026, 3, 2), 3, date(2026, 3, 10), date(2026, 3, 9))
    []
    """
    if not planned - timedelta(days=6) <= monday < planned + timedelta(days=366 * years):
        return [
            f"  the plan was made as of {planned} for {plural(years, 'year')}; it has nothing for this week"
        ]
    if (day - planned).days > STALE_DAYS:
        age = plural((day - planned).days, "day")
        return [f"  the plan is {age} old: 'planner plan' first, and the list is of today"]
    return []


def _counted(made: WeeklyList, rows: pd.DataFrame, messages: pd.DataFrame) -> str:
    """32 calls (2 call backs, 3 still open) and 141 messages."""
    calls, sent = (
        part[part["contact_id"].isin(all_["contact_id"])]
        for part, all_ in ((made.calls, rows), (made.messages, messages))
    )
    kinds = calls["kind"].value_counts()
    told = {
        "callback": "promised",
        "open": "still open",
        "again": "tried before",
        "no_phone": "without a phone",
    }
    some = ", ".join(f"{kinds[kind]:,} {words}" for kind, words in told.items() if kind in kinds)
    told_calls = plural(len(calls), "call") + (f" ({some})" if some else "")
    return f"{told_calls} and {plural(len(sent), 'message')}"


def parse_week(text: str) -> date:
    """Monday of an ISO week written as 2026-W07."""
    try:
        found = re.fullmatch(r"(\d{4})-?W(\d\d?)", text.strip(), re.IGNORECASE)
        if not found:
            raise ValueError
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        raise InputError(f"--week {text}: no such week; write it as 2026-W07") from None
