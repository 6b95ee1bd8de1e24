"""`planner validate`: predicted and actual visits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.console import plural, progress, show
from cli.options import DB, AsOf, Db, Force, Json, SettingsFile, the_day, the_settings

DEFAULT_OUT = Path("validation.xlsx")


def validate(
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.xlsx", help="validation.xlsx if not given; with --json none if not given."
        ),
    ] = None,
    tolerance: Annotated[
        int | None,
        typer.Option(metavar="DAYS", min=0, max=366, help="One more tolerance beside 7, 14 and 30 days."),
    ] = None,
    db: Db = DB,
    settings: SettingsFile = None,
    as_of: AsOf = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Predicts every past maintenance visit from the visit before it, and says how good that was."""
    from planner.cycle import load_cycles
    from planner.files import check_target
    from planner.forecast.backtest import backtest
    from planner.forecast.figures import figures, judge
    from planner.pipeline import stored_tables
    from planner.store import Store
    from planner.workbooks.texts import Texts
    from planner.workbooks.validation_words import headline

    day = the_day(as_of)
    chosen = the_settings(settings)
    touchpoints = load_cycles(chosen).touchpoints
    target = out or (None if as_json else DEFAULT_OUT)
    if target:
        check_target(target, force)
    with Store.open(db) as store, progress("Validation", 4) as step:
        step("reading")
        tables = stored_tables(store, chosen, "vehicles", "visits", "readings")
        step("predicting the past")
        made = backtest(tables["vehicles"], tables["visits"], tables["readings"], chosen, day)
        step("figures")
        judged = judge(made.predictions, touchpoints, chosen, day)
        found = figures(judged, made.not_scored, tolerance)
        step("writing")
        if target:
            from planner.workbooks.validation import ValidationInfo, write_validation

            house = chosen.dealership
            info = ValidationInfo(house.name, day, house.language, house.unit, house.country)
            write_validation(target, judged, found, info)
    lines = headline(found, Texts("en"))
    if target:
        holds = "charts and definitions" if found["visits_scored"] else "definitions only"
        lines.append(f"{target}: {plural(found['visits_scored'], 'visit')}, with {holds}")
    show(as_json, {"as_of": day.isoformat(), "file": str(target) if target else None, **found}, lines)
