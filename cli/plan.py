"""`planner plan`: forecasts, and a calendar of contacts for years ahead."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from cli.console import plural, progress, say, show
from cli.options import DB, AsOf, Db, Json, SettingsFile, the_day, the_settings
from cli.terms import warn_of_terms

WEEKS = 13  # of a what-if on the screen

# Why a contact moved, beside the reasons of its new day.
WHY = {
    "records": "with new records of their car or new settings",
    "cue": "brought forward by a sales cue, or back",
    "forecast": "with what the fleet taught of their best day",
}


def plan(
    years: Annotated[int, typer.Option(metavar="N", min=1, max=10, help="How far ahead.")] = 3,
    db: Db = DB,
    settings: SettingsFile = None,
    as_of: AsOf = None,
    what_if: Annotated[
        str | None,
        typer.Option(
            "--what-if",
            metavar="capacity=N",
            help="Shows load and dropped calls with N calls a day (capacity=NAME:N: of an advisor); "
            "stores nothing.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Forecasts and places; replaces what is still movable in the calendar."""
    if what_if is not None:
        _what_if(what_if, years, db, settings, as_of, as_json)
        return
    from planner.cycle import load_cycles
    from planner.pipeline import PLAN_STEPS, replan
    from planner.store import Store

    day = the_day(as_of)
    chosen = the_settings(settings)
    with Store.open(db) as store, progress("Planning", len(PLAN_STEPS)) as step:
        made = replan(store, chosen, day, years, step)
        strangers = _strangers(store, chosen)
    promised = warn_of_terms(chosen, load_cycles(chosen).touchpoints)
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
        "terms_as_shipped": promised,
        "unknown_advisors": strangers,
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
        lines += told(moves)
    if len(made.issues):
        what = plural(len(made.issues), "reading or date", "readings or dates")
        lines.append(f"  {what} set aside: see the table 'issues'")
    show(as_json, result, lines)


def _strangers(store, settings) -> list[str]:
    """Warns of advisors in the settings whom no customer has: their limits and absences hold for nobody."""
    from planner.schedule.what_if import unknown_advisors

    if not settings.capacity.advisors and not settings.capacity.absences:
        return []
    names = unknown_advisors(store.read("customers"), settings)
    for name, near in names.items():
        hint = f"; did you mean {near!r}?" if near else ""
        say(f"Warning: [capacity] names {name!r}, but no customer has this advisor{hint}")
    return list(names)


def _what_if(
    text: str, years: int, db: Path, settings: Path | None, as_of: str | None, as_json: bool
) -> None:
    """Answers `--what-if`."""
    from planner.pipeline import PLAN_STEPS, ask_what_if
    from planner.schedule.what_if import MUST_STAND, parse_capacity
    from planner.store import Store

    capacity, day, chosen = parse_capacity(text), the_day(as_of), the_settings(settings)
    with Store.open(db) as store, progress("Trying", len(PLAN_STEPS) - 1) as step:
        answer = ask_what_if(store, chosen, capacity, day, years, step)
        strangers = _strangers(store, chosen)
    import pandas as pd

    weeks = [
        {
            "week_start": f"{row.week_start:%Y-%m-%d}",
            "calls": int(row.calls),
            "capacity": None if pd.isna(row.capacity) else int(row.capacity),
            "used": None if pd.isna(row.used) else round(row.used, 4),
        }
        for row in answer.weeks.itertuples()
    ]
    result = {
        "as_of": day.isoformat(),
        "years": years,
        "advisor": capacity.advisor,
        "calls_per_day": capacity.calls,
        "calls": int(answer.weeks["calls"].sum()),
        "weeks": weeks,
        "dropped": answer.dropped,
        "smallest": answer.smallest,
        "unknown_advisors": strangers,
    }
    whose = f"advisor {capacity.advisor}" if capacity.advisor else "the team"
    limit = plural(capacity.calls, "call") + " a day" if capacity.calls else "no limit"
    lines = [f"With {limit} for {whose}, from {day} on; nothing is stored", ""]
    lines.append(f"{'week of':<12}{'calls':>7}{'capacity':>10}{'used':>7}")
    lines += [
        f"{week['week_start']:<12}{week['calls']:>7,}"
        + (f"{week['capacity']:>10,}" if week["capacity"] is not None else f"{'–':>10}")
        + (f"{week['used']:>7.0%}" if week["used"] is not None else f"{'–':>7}")
        for week in weeks[:WEEKS]
    ]
    if len(weeks) > WEEKS:
        lines.append(f"and {plural(len(weeks) - WEEKS, 'more week')}: --json has them all")
    counts = ", ".join(f"{count:,} of priority {level}" for level, count in answer.dropped.items())
    total = sum(answer.dropped.values())
    lines += ["", f"Dropped for capacity: {plural(total, 'call')}" + (f" ({counts})" if counts else "")]
    if answer.smallest is None:
        lines.append(f"No number of calls a day keeps all of priority 0 to {MUST_STAND}: others are short")
    else:
        lines.append(
            f"Smallest capacity that drops none of priority 0 to {MUST_STAND}: "
            f"{plural(answer.smallest, 'call')} a day"
        )
    show(as_json, result, lines)


def told(moves) -> list[str]:
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
