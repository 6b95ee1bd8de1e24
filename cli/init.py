"""`planner init`: a commented dealership.toml and an empty store."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.console import show
from cli.options import DB, DEFAULT_SETTINGS, Db, Json, SettingsFile
from planner.errors import InputError


def init(
    country: Annotated[
        str, typer.Option(help="ISO code: public holidays, weekend, phone numbers.", metavar="CC")
    ] = "US",
    language: Annotated[
        Literal["en", "ar"], typer.Option(metavar="en|ar", help="Language of lists and scripts.")
    ] = "en",
    unit: Annotated[Literal["km", "mi"], typer.Option(metavar="km|mi", help="Unit of odometers.")] = "km",
    db: Db = DB,
    settings: SettingsFile = None,
    as_json: Json = False,
) -> None:
    """Writes a commented dealership.toml and an empty store; overwrites nothing."""
    from planner.forecast.countries import settings_line
    from planner.settings import DEFAULTS, Dealership
    from planner.store import Store

    target = settings or DEFAULT_SETTINGS
    for path in (target, db):
        if path.exists():
            raise InputError(f"{path}: is already there; init overwrites nothing")
    try:
        code = Dealership(country=country).country
    except ValueError as error:
        raise InputError(f"--country {country}: {_reason(error)}") from None
    text = (DEFAULTS / "dealership.toml").read_text(encoding="utf-8")
    for key, value in {"country": code, "language": language, "unit": unit}.items():
        text = re.sub(rf'(?m)^{key} = ".*?"', f'{key} = "{value}"', text, count=1)
    line = settings_line(code, unit)
    text = re.sub(r"(?m)^# default_km_per_month = .*$", lambda _: line, text, count=1)
    _write_new(target, text)
    Store.create(db).close()
    show(
        as_json,
        {"settings": str(target), "store": str(db), "country": code, "language": language, "unit": unit},
        [
            f"{target}  settings to look through: name, phone, working days, capacity",
            f"{db}  the empty store",
            "Next: planner import customers.csv vehicles.csv visits.csv",
        ],
    )


def _write_new(path: Path, text: str) -> None:
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}; make it first")
    with path.open("x", encoding="utf-8") as file:
        file.write(text)


def _reason(error: ValueError) -> str:
    problems = getattr(error, "errors", None)
    return problems()[0]["msg"].removeprefix("Value error, ") if problems else str(error)
