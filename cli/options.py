"""The options that several commands share, and what becomes of them. The clock is read here only."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.errors import InputError

if TYPE_CHECKING:
    from planner.settings import Settings

DEFAULT_SETTINGS = Path("dealership.toml")

Db = Annotated[Path, typer.Option("--db", help="The store, one SQLite file.", metavar="PATH")]
SettingsFile = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        help="Settings of the dealership; dealership.toml where there is one, else the built-in defaults.",
        metavar="PATH",
    ),
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="The day to work for; today if not given.", metavar="YYYY-MM-DD")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout and nothing else there.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrites a file that is already there.")]

DB = Path("dealership.db")
FIRST_YEAR, LAST_YEAR = 1900, 2500  # beyond them a year is a typing error, and calendars end


def the_day(as_of: str | None) -> date:
    """The as-of day; today if none is given. Raises InputError if it is no day, or in no year of cars."""
    if as_of is None:
        return date.today()
    day = parse_day(as_of, "--as-of")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InputError(f"--as-of {as_of}: the year is not between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def parse_day(text: str, option: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise InputError(f"{option} {text}: not a day; write it as 2026-03-31") from None


def the_settings(path: Path | None) -> Settings:
    """The settings file, dealership.toml where there is one, else the built-in defaults."""
    from planner.settings import Settings, load_settings

    if path is not None:
        return load_settings(path)
    return load_settings(DEFAULT_SETTINGS) if DEFAULT_SETTINGS.exists() else Settings()
