"""`planner value`: what customers are worth, who leaves, and what to do about it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.console import plural, progress, show
from cli.options import DB, AsOf, Db, Force, Json, SettingsFile, the_day, the_settings
from planner.errors import StoreError

DEFAULT_OUT = Path("value.xlsx")
TABLES = ("readings", "surveys", "offers", "service_items")  # as a whole; of the others what is needed


def value(
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE.xlsx", help="value.xlsx if not given; with --json none if not given."),
    ] = None,
    db: Db = DB,
    settings: SettingsFile = None,
    as_of: AsOf = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """What customers are worth, how many come back, who is leaving, and whom to call first."""
    from planner.cycle import load_cycles
    from planner.files import check_target
    from planner.lists_value import act_counts, assumptions, to_act_on, to_offer
    from planner.named_services import load_named_services
    from planner.pipeline import stored_tables
    from planner.store import Store
    from planner.value import needed, value_report
    from planner.workbooks.texts import Texts
    from planner.workbooks.value_by_hand import definitions
    from planner.workbooks.value_words import headline, quality_said

    day = the_day(as_of)
    chosen = the_settings(settings)
    target = out or (None if as_json else DEFAULT_OUT)
    if target:
        check_target(target, force)
    house = chosen.dealership
    with Store.open(db) as store, progress("Value", 3) as step:
        if not store.counts()["customers"]:
            raise StoreError(f"{db}: no customers; 'planner import' brings them in")
        step("reading")
        tables = stored_tables(store, chosen, *TABLES, **needed(chosen, day))
        step("figures")
        report = value_report(tables, chosen, day)
        frames = {part.name: getattr(report, part.name) for part in fields(report) if part.name != "as_of"}
        frames["to_act_on"] = to_act_on(tables, frames["customers"], chosen)
        frames["act_counts"] = act_counts(tables, frames["customers"], frames["to_act_on"], chosen)
        frames["to_offer"] = to_offer(tables, frames["customers"], frames["missing"], chosen, day)
        frames["assumptions"] = assumptions(chosen)
        step("writing")
        if target:
            from planner.workbooks.value import ValueInfo, write_value

            services = load_named_services(chosen.service_names_path).names(house.language)
            info = ValueInfo(
                house.name, day, house.language, house.unit, house.country, house.currency, services
            )
            names = load_cycles(chosen).touchpoints.set_index("id")["name"].to_dict()
            write_value(target, frames, info, names)
    english = Texts("en")
    said = headline(frames, english, house.currency, day)
    lines = [*quality_said(frames, english), *said]
    if target:
        lines.append(f"{target}: {plural(len(tables['customers']), 'customer')}")
    result: dict[str, Any] = {"as_of": day.isoformat(), "file": str(target) if target else None}
    result["currency"] = house.currency or None
    if as_json:
        result |= {"headline": said, "definitions": definitions(frames, english)}
    show(as_json, result, lines, frames)
