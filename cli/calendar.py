"""`planner calendar`: the plan as iCalendar."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.console import plural, progress, say, show
from cli.options import DB, AsOf, Db, Force, Json, SettingsFile, the_day, the_settings


def calendar(
    advisor: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this advisor's customers.")
    ] = None,
    weeks: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Only the next N weeks; the whole plan if not given."),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FILE.ics", help="Where to.")] = Path("plan.ics"),
    db: Db = DB,
    settings: SettingsFile = None,
    as_of: AsOf = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Writes the planned contacts as iCalendar: one all-day event each, for Outlook, Google and others."""
    from planner.cycle import load_cycles
    from planner.doors.calendar import coming, contacts_to_come, write_calendar
    from planner.files import safe_target
    from planner.pipeline import planned_as_of, stored_tables
    from planner.scripts import Scripts
    from planner.store import Store

    day = the_day(as_of)
    chosen = the_settings(settings)
    safe_target(out, force, suffixes=(".ics",))
    with Store.open(db) as store, progress("Calendar", 2) as step:
        made_on = planned_as_of(store)
        step("reading")
        names = ("customers", "vehicles", "visits", "forecasts")
        tables = stored_tables(store, chosen, *names, contacts=contacts_to_come(day, weeks))
    found = coming(tables, load_cycles(chosen), chosen, day, advisor=advisor, weeks=weeks)
    write_calendar(out, found.contacts, tables, Scripts(chosen), chosen, day, made_on, advisor)
    show(
        as_json,
        {
            "file": str(out),
            "contacts": len(found.contacts),
            "left_out": found.left_out,
            "until": found.until.isoformat() if found.until else None,
        },
        [f"{out}: {plural(len(found.contacts), 'contact')} from {day} on"],
    )
    if found.until and not as_json:
        say(
            f"planner: {found.left_out:,} more from {found.until} on are not in it, for no calendar takes so "
            "many; --advisor and --weeks choose"
        )
