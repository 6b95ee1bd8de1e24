"""`planner outcomes`: reads filled-in lists back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from cli.console import plural, progress, say, show
from cli.options import DB, AsOf, Db, Force, Json, SettingsFile, the_day, the_settings
from cli.plan import told
from planner.errors import InputError

CAME_BACK = 3


def outcomes(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE...",
            help="Filled-in lists, and copies of one: XLSX, XLS, ODS, CSV; calls that VICIdial exported.",
        ),
    ] = None,
    withdraw: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CONTACT_ID",
            help="Takes back the last outcome recorded of this contact, before the lists are read; may be "
            "repeated, and needs no FILE.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Checks the lists and stores nothing.")] = False,
    returned: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Where rows to be corrected are written; the list's name with -returned if not given.",
        ),
    ] = None,
    no_plan: Annotated[
        bool, typer.Option("--no-plan", help="Leaves the other contacts where they are until 'planner plan'.")
    ] = False,
    db: Db = DB,
    settings: SettingsFile = None,
    as_of: AsOf = None,
    force: Force = False,
    as_json: Json = False,
) -> int:
    """Reads filled-in lists back: what callers were told is recorded, and the calendar planned with it."""
    import pandas as pd

    from planner.doors.vicidial_calls import is_call_export, read_call_export
    from planner.files import check_target, lock_of, safe_target
    from planner.lists_pass_on import WHAT
    from planner.pipeline import corrected_since, keep_returned, replan, take_outcomes, withdraw_outcome
    from planner.store import Store
    from planner.workbooks.calls import is_filled_in
    from planner.workbooks.filled_in import came_back, read_filled_in
    from planner.workbooks.info import ListInfo
    from planner.workbooks.returned import says_the_same, write_returned

    day, chosen = the_day(as_of), the_settings(settings)
    files, back_ids = files or [], withdraw or []
    if not files and not back_ids:
        raise InputError("Missing argument 'FILE...': name a filled-in list, or --withdraw CONTACT_ID")
    target = returned or default_target(files[0] if files else Path("calls.xlsx"))
    check_target(target, force=True)  # before anything is stored
    if target in files:
        raise InputError(f"--returned {target}: is one of the lists; give another name")
    for path in dict.fromkeys(files):
        if lock_of(path):
            say(f"planner: {path}: is open in another program; what has not been saved there is not read")
    backup = None
    moves = None
    with Store.open(db) as store, progress("Outcomes", 4) as step:
        step("reading")
        exports = [path for path in dict.fromkeys(files) if is_call_export(path)]
        ids = store.ids("contacts") if exports else frozenset()
        statuses = chosen.vicidial.statuses
        dialled = [row for path in exports for row in read_call_export(path, path.name, ids, statuses)]
        lists = read_filled_in([path for path in files if path not in exports], chosen, day, dialled)
        step("recording")
        with store.transaction():  # rows that could not be handed back are not half recorded either
            taken_back = [withdraw_outcome(store, name, chosen, day, dry_run).answer for name in back_ids]
            every = pd.concat([lists.returned, lists.written], ignore_index=True)
            mended = every[corrected_since(store, every)]
            lists = lists.without(mended)
            done = take_outcomes(store, lists.filled, chosen, day, dry_run, lists.faulty)
            back = came_back(lists, done, chosen, day)
            writes = len(back) > 0 and (returned is not None or not dry_run)
            if writes:
                step("rows that came back")
                # What nobody has worked on since it was written is written anew without asking.
                untouched = target.exists() and says_the_same(target, back)
                backup = None if untouched else safe_target(target, force, is_filled_in)
                house = chosen.dealership
                info = ListInfo(house.name, "", day, day, house.language, house.unit, day, house.country)
                write_returned(target, back, info)
            if writes and not dry_run:
                keep_returned(store, back, day)
            if (len(done.answers) or taken_back) and not (dry_run or no_plan):
                step("planning")
                # A day that was promised stands; what is in its way moves now, not at the next plan.
                moves = replan(store, chosen, day, int(store.fact("planned_years") or 3)).moves
    unchanged = done.unchanged + len(mended)
    counts = {code: int(n) for code, n in done.answers["outcome"].value_counts().items()}
    new = plural(len(done.answers), "outcome")
    lines = [
        f"{row.contact_id}: {row.outcome} of {row.said_on:%Y-%m-%d} "
        + ("would be taken back" if dry_run else "taken back")
        for answer in taken_back
        for row in answer.itertuples()
    ]
    lines += [
        f"{plural(lists.rows_read, 'call')} in {plural(len(files), 'file')}: "
        + (f"{new} to record, nothing stored (--dry-run)" if dry_run else f"{new} recorded")
        for _ in files[:1]
    ]
    lines += [f"  {count:,} {code}" for code, count in counts.items()]
    passed_on = sum(counts.get(code, 0) for code in WHAT)
    lead = f"  {plural(passed_on, 'answer')} for a colleague to take up"
    lines += [f"{lead}: the sheet Pass on of 'planner calls'"] if passed_on else []
    lines += [f"  {plural(unchanged, 'row')} recorded before"] if unchanged else []
    lines += [f"  the file that had been filled in is kept as {backup}"] if backup else []
    lines += told(moves) if moves else []
    show(
        as_json,
        {
            "as_of": day.isoformat(),
            "files": [str(path) for path in files],
            "rows_read": lists.rows_read,
            "recorded": counts,
            "withdrawn": back_ids,
            "unchanged": unchanged,
            "came_back": len(back),
            "returned": str(target) if writes else None,
            "kept": str(backup) if backup else None,
            "dry_run": dry_run,
            "planned": moves is not None,
            "moved": sum(moves.moved.values()) if moves else 0,
        },
        lines,
    )
    if len(back):
        where = f", with the reasons, in {target}" if writes else "; --returned PATH writes them to a file"
        say(f"planner: {plural(len(back), 'row')} came back to be corrected{where}")
    return CAME_BACK if len(back) else 0


def default_target(first: Path) -> Path:
    """Where rows of a list come back to.

    >>> default_target(Path("calls-2026-W11.ods")).name, default_target(Path("calls-returned.xlsx")).name
    ('calls-2026-W11-returned.xlsx', 'calls-returned-2.xlsx')
    """
    again = re.fullmatch(r"(.*-returned)(?:-(\d+))?", first.stem)
    stem = f"{again[1]}-{int(again[2] or 1) + 1}" if again else f"{first.stem}-returned"
    return first.with_name(f"{stem}.xlsx")
