"""`planner plan`: forecasts, and a calendar of contacts for years ahead."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.console import plural, progress, show
from cli.options import DB, AsOf, Db, Json, SettingsFile, the_day, the_settings


def plan(
    years: Annotated[int, typer.Option(metavar="N", min=1, max=10, help="How far ahead.")] = 3,
    db: Db = DB,
    settings: SettingsFile = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Forecasts and places; replaces what is still movable in the calendar."""
    from planner.pipeline import PLAN_STEPS, replan
    from planner.store import Store

    day = the_day(as_of)
    chosen = the_settings(settings)
    with Store.open(db) as store, progress("Planning", len(PLAN_STEPS)) as step:
        before, made = replan(store, chosen, day, years, step)
    contacts = made.contacts
    live = contacts[contacts["status"].isin(["planned", "standby"])]
    status = contacts["status"].value_counts().to_dict()
    channels = live["channel"].value_counts().to_dict()
    dropped = contacts[contacts["status"] == "dropped"]["reason"].value_counts().to_dict()
    moved = _moved(before, contacts)
    result = {
        "as_of": day.isoformat(),
        "years": years,
        "vehicles": int(made.forecasts["vehicle_id"].nunique()),
        "households": int(contacts["household_id"].nunique()),
        "contacts": len(contacts),
        "status": status,
        "channels": channels,
        "dropped": dropped,
        "moved": moved,
        "issues": len(made.issues),
    }
    lines = [
        f"Planned {plural(years, 'year')} from {day}: {plural(result['vehicles'], 'vehicle')} of "
        f"{plural(result['households'], 'household')}",
        f"  {plural(len(live), 'contact')} in the calendar: " + _listed(channels),
        f"  {plural(status.get('standby', 0), 'contact')} of them on standby, "
        "called up if a service is overdue",
        f"  {plural(status.get('merged', 0), 'contact')} merged with another car's, "
        f"{plural(status.get('dropped', 0), 'dropped', 'dropped')}"
        + (f" ({_listed(dropped)})" if dropped else ""),
    ]
    if len(before):
        lines.append(f"  {plural(moved, 'contact')} of the calendar before moved to another day")
    if len(made.issues):
        what = plural(len(made.issues), "reading or date", "readings or dates")
        lines.append(f"  {what} set aside: see the table 'issues'")
    show(as_json, result, lines)


def _moved(before, after) -> int:
    both = before.merge(after, on="contact_id", suffixes=("_before", ""))
    both = both[both["planned_on_before"].notna() & both["planned_on"].notna()]
    return int((both["planned_on_before"] != both["planned_on"]).sum())


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())
