"""`planner status`: what is in the store, how fresh it is, what is due."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from cli.console import plural, show
from cli.options import DB, AsOf, Db, Json, SettingsFile, the_day, the_settings
from planner.parts import OUTSTANDING, Part, Where

COMING_DAYS = 30


def status(db: Db = DB, settings: SettingsFile = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """What is in the store, how fresh, what is due."""
    from planner.cycle import vehicle_stages
    from planner.lists import week_of
    from planner.lists_lost import likely_lost
    from planner.pipeline import stored_tables
    from planner.store import Store

    day = the_day(as_of)
    chosen = the_settings(settings)
    monday = week_of(day, chosen)
    with Store.open(db) as store:
        counts = store.counts()
        planned = store.fact("planned_as_of")
        names = ("customers", "vehicles", "visits", "readings", "issues")
        tables = stored_tables(
            store, chosen, *names, forecasts=OUTSTANDING, contacts=_planned_for_week(monday)
        )
    today = pd.Timestamp(day)
    visits, forecasts, week = tables["visits"], tables["forecasts"], tables["contacts"]
    newest = max(
        visits["visited_on"].max(), tables["readings"]["read_on"].max(), key=lambda d: (pd.notna(d), d)
    )
    outstanding = forecasts.drop_duplicates("vehicle_id")
    coming = outstanding["due_on"].between(today, today + pd.Timedelta(days=COMING_DAYS))
    lost = likely_lost(tables, day)  # how many: of no contact is anything told
    stages = vehicle_stages(tables["vehicles"], visits, forecasts, day).value_counts().to_dict()
    result = {
        "as_of": day.isoformat(),
        "rows": counts,
        "newest_record_on": None if pd.isna(newest) else newest.date().isoformat(),
        "planned_as_of": planned,
        "stages": stages,
        "due_in_30_days": int(coming.sum()),
        "overdue": int((outstanding["due_on"] < today).sum()),
        "likely_lost": None if lost is None else len(lost),
        "week": "{}-W{:02}".format(*monday.isocalendar()[:2]),
        "calls_this_week": int((week["channel"] == "call").sum()),
        "messages_this_week": int((week["channel"] != "call").sum()),
        "handed_out_this_week": int(week["handed_out_on"].notna().sum()),
        "issues": tables["issues"]["code"].value_counts().sort_index().to_dict(),
    }
    show(as_json, result, _lines(str(db), result))


def _planned_for_week(monday: date) -> Part:
    sunday = monday + timedelta(days=6)
    return Part.where(
        Where("status", "=", "planned"), Where("planned_on", ">=", monday), Where("planned_on", "<=", sunday)
    )


def _lines(db: str, result: dict) -> list[str]:
    from planner.cycle.stages import LOST_MONTHS
    from planner.forecast.returning import LIKELY_LOST

    rows = result["rows"]
    lines = [f"{db}, as of {result['as_of']}"]
    lines.append(
        "  " + ", ".join(f"{rows[name]:,} {name}" for name in ("customers", "vehicles", "visits", "readings"))
    )
    lines.append(f"  newest visit or reading: {result['newest_record_on'] or 'none'}")
    if result["planned_as_of"] is None:
        lines.append("  nothing is planned yet: planner plan")
    else:
        lines.append(f"  last planned as of {result['planned_as_of']}")
        lines.append(
            "  vehicles: "
            + ", ".join(f"{count:,} {stage.replace('_', ' ')}" for stage, count in result["stages"].items())
        )
        lines.append(
            f"  services due in the next {COMING_DAYS} days: {result['due_in_30_days']:,}; "
            f"overdue: {result['overdue']:,}"
        )
        if result["likely_lost"] is None:
            lines.append("  likely to be lost: not known, too few have come back so far")
        else:
            lines.append(
                f"  likely to be lost: {plural(result['likely_lost'], 'vehicle')} seen in the last "
                f"{LOST_MONTHS} months with a probability of coming back below {LIKELY_LOST:.0%}"
            )
        lines.append(
            f"  week {result['week']}: {plural(result['calls_this_week'], 'call')}, "
            f"{plural(result['messages_this_week'], 'message')}; "
            f"{result['handed_out_this_week']:,} handed out"
        )
    if result["issues"]:
        lines.append(
            "  issues: " + ", ".join(f"{count:,} {code}" for code, count in result["issues"].items())
        )
    return lines
