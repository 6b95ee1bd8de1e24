"""`planner plan`: forecasts, and a calendar of contacts for years ahead."""

from __future__ import annotations

import math
from typing import Annotated

import typer

from cli.console import plural, progress, show
from cli.options import DB, AsOf, Db, Json, SettingsFile, the_day, the_settings

# Why a contact moved, beside the reasons of its new day.
WHY = {
    "records": "with new records of their car or new settings",
    "forecast": "with what the fleet taught of their best day",
}


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
        made = replan(store, chosen, day, years, step)
    contacts = made.contacts
    live = contacts[contacts["status"].isin(["planned", "standby"])]
    status = contacts["status"].value_counts().to_dict()
    channels = live["channel"].value_counts().to_dict()
    dropped = contacts[contacts["status"] == "dropped"]["reason"].value_counts().to_dict()
    moves = made.moves
    result = {
        "as_of": day.isoformat(),
        "years": years,
        "vehicles": int(made.forecasts["vehicle_id"].nunique()),
        "households": int(contacts["household_id"].nunique()),
        "contacts": len(contacts),
        "status": status,
        "channels": channels,
        "dropped": dropped,
        "stood": moves.stood,
        "kept": moves.kept,
        "moved": sum(moves.moved.values()),
        "moved_why": moves.moved,
        "fell_away": moves.fell_away,
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
    if moves.stood:
        lines += _told(moves)
    if len(made.issues):
        what = plural(len(made.issues), "reading or date", "readings or dates")
        lines.append(f"  {what} set aside: see the table 'issues'")
    show(as_json, result, lines)


def _told(moves) -> list[str]:
    """What became of the calendar before: how many kept their day, and why the others did not."""
    kept = math.floor(1000 * moves.kept / moves.stood) / 10  # 100% is all of them
    before = f"{plural(moves.stood, 'contact')} of the calendar before are to come"
    lines = [f"  {before}: {kept:.1f}% keep their day"]
    lines += _whys("moved", "planned", moves.moved)
    return lines + _whys("fell away", "dropped", moves.fell_away)


def _whys(what: str, status: str, counts: dict[str, int]) -> list[str]:
    """The most frequent reason first."""
    from planner.workbooks.texts import Texts

    texts = Texts("en")
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    whys = [f"{count:,} {WHY.get(code) or texts.reason(code, status)}" for code, count in ordered]
    return [f"  {sum(counts.values()):,} {what}: {'; '.join(whys)}"] if whys else []


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())
