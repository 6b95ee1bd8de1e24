"""`planner check`: an independent look at the stored plan, settings, intervals, cycles and scripts."""

from __future__ import annotations

from datetime import date

from cli.console import plural, progress, show
from cli.options import DB, Db, Json, SettingsFile, the_settings
from cli.terms import warn_of_terms

VIOLATION = 1
SHOWN = 20


def check(db: Db = DB, settings: SettingsFile = None, as_json: Json = False) -> int:
    """Checks the stored plan against every hard rule, and the settings, intervals, cycles and scripts."""
    from planner.cycle import load_cycles
    from planner.forecast.intervals import load_intervals
    from planner.named_services import load_named_services
    from planner.pipeline import answered_since_plan, stored_tables
    from planner.schedule.check import RULES, violations
    from planner.scripts import Scripts
    from planner.scripts.check import row_problems
    from planner.store import Store

    chosen = the_settings(settings)
    load_intervals(chosen.intervals_path)  # says what is wrong with them, if anything
    load_named_services(chosen.service_names_path)
    cycles = load_cycles(chosen)
    scripts = Scripts(chosen)
    promised = warn_of_terms(chosen, cycles.touchpoints)
    problems = scripts.problems(cycles.uses(), cycles.uses("marketing"))
    with Store.open(db) as store, progress("Checking", 3) as step:
        step("reading")
        planned = store.fact("planned_as_of")
        tables = stored_tables(store, chosen, "contacts", "customers", "vehicles", "forecasts", "visits")
        step("rules")
        found = violations(
            tables["contacts"],
            tables["customers"],
            tables["vehicles"],
            chosen,
            date.fromisoformat(planned) if planned else None,
            tables["outcomes"],
            answered_since_plan(store),
        )
        step("scripts")
        if planned:
            problems += row_problems(scripts, tables, date.fromisoformat(planned))
    lines = [
        f"{row.contact_id or row.household_id}: {row.rule}: {row.message}"
        for row in found.head(SHOWN).itertuples()
    ]
    if len(found) > SHOWN:
        lines.append(f"... and {len(found) - SHOWN:,} more")
    lines += problems
    verdict = "no rule is broken" if found.empty else f"{plural(len(found), 'violation')}"
    lines.append(
        f"{plural(len(tables['contacts']), 'contact')}, {len(RULES)} rules, "
        f"{plural(len(cycles.touchpoints), 'touchpoint')}: {verdict}"
        + (f", {plural(len(problems), 'script problem')}" if problems else "")
    )
    show(
        as_json,
        {
            "contacts": len(tables["contacts"]),
            "violations": found.to_dict("records"),
            "scripts": problems,
            "terms_as_shipped": promised,
            "ok": found.empty and not problems,
        },
        lines,
    )
    return 0 if found.empty and not problems else VIOLATION
