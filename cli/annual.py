"""`planner annual`: the annual contact plan for managers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.console import plural, progress, show
from cli.options import DB, AsOf, Db, Force, Json, SettingsFile, the_day, the_settings
from planner.errors import InputError


def annual(
    year: Annotated[
        int | None, typer.Option(metavar="YYYY", min=1900, max=9998, help="This year if not given.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.xlsx", help="annual-YYYY.xlsx if not given.")
    ] = None,
    db: Db = DB,
    settings: SettingsFile = None,
    as_of: AsOf = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Writes the year's contacts: by vehicle and week, as a list, the load, and what was not placed."""
    from planner.cycle import load_cycles
    from planner.files import safe_target
    from planner.lists_annual import annual_plan, explained
    from planner.lists_cues import sales_cues
    from planner.parts import OUTSTANDING
    from planner.pipeline import planned_as_of, stored_tables
    from planner.store import Store
    from planner.tables import LIVE_STATUSES
    from planner.workbooks.annual import write_annual
    from planner.workbooks.info import AnnualInfo
    from planner.workbooks.texts import Texts

    day = the_day(as_of)
    chosen = the_settings(settings)
    year = year or day.year
    with Store.open(db) as store, progress("Annual plan", 3) as step:
        planned_as_of(store)  # or says that there is none
        step("reading")
        names = ("customers", "vehicles", "visits", "contacts", "cues")
        tables = stored_tables(store, chosen, *names, forecasts=OUTSTANDING)
        step("choosing")
        cycles = load_cycles(chosen)
        made = annual_plan(tables, chosen, year, day)
        days = tables["contacts"].loc[tables["contacts"]["status"].isin(LIVE_STATUSES), "planned_on"]
        if len(days) and not days.min().year <= year <= days.max().year:
            span = f"{days.min().year} to {days.max().year}"
            raise InputError(f"--year {year}: the plan holds nothing of that year; it goes from {span}")
        target = out or Path(f"annual-{year}.xlsx")
        safe_target(target, force)
        step("writing")
        house = chosen.dealership
        info = AnnualInfo(house.name, day, house.language, house.unit, house.country)
        contacts = explained(tables, made.contacts, cycles, chosen, Texts(house.language, house.country))
        cues = sales_cues(tables, chosen, day)
        names = cycles.touchpoints.set_index("id")["name"].to_dict()
        write_annual(target, year, made.vehicles, contacts, made.load, info, names, made.lost, cues)
    placed = made.contacts["planned_on"].notna()
    show(
        as_json,
        {
            "year": year,
            "file": str(target),
            "vehicles": len(made.vehicles),
            "contacts": int(placed.sum()),
            "not_placed": int((~placed).sum()),
            "likely_lost": None if made.lost is None else len(made.lost),
            "cues": len(cues),
        },
        [
            f"{target}: {plural(int(placed.sum()), 'contact')} of {plural(len(made.vehicles), 'vehicle')} "
            f"in {year}, {plural(int((~placed).sum()), 'candidate')} not placed"
        ],
    )
