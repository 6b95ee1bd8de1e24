"""One date or odometer reading as somebody typed it into a list; or the key of what is wrong with it.

Each cell is read on its own: in a list, other people's habits stand above and below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import pandas as pd

from planner.intake.values import AmbiguousDatesError, Order, read_dates, read_numbers, to_km
from planner.intake.words import fold
from planner.spelling import ASCII_DIGITS
from planner.tables import KM_PER_MILE, MAX_KM

ORDERS: tuple[Order, Order] = ("dmy", "mdy")
EXCEL_DAY_0 = date(1899, 12, 30)  # day 0 of spreadsheets, but for the first two months of 1900
NEAR_DAYS = 732  # a bare number of a date column is a day only if it lies so near
_CLOCK = re.compile(r"[t\s]+(\d{1,2}:\d{2})(?::\d{2}(?:\.\d+)?)?(\s*(?:[ap]\.?m\.?|ص|م))?\s*$", re.IGNORECASE)
_THOUSAND = re.compile(r"^([\d.,]+)\s*(?:k|thousand|الف|ألف|آلاف)(?=\s|$)\s*(.*)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a cell: the key of a text of texts_returned, and two readings of an open date."""

    key: str
    one: date | None = None
    other: date | None = None


def read_day(text: str, order: Order | None, as_of: date) -> date | Wrong:
    """The day that a text names; where it may be two days, the order of day and month decides."""
    if iso := re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?", text):
        try:
            return date.fromisoformat(iso[1])
        except ValueError:
            return Wrong("date")
    plain = text.translate(ASCII_DIGITS)
    if re.fullmatch(r"\d{5}(\.\d+)?", plain):  # a date that has lost its format
        day = EXCEL_DAY_0 + timedelta(days=int(plain[:5]))
        return day if abs((day - as_of).days) <= NEAR_DAYS else Wrong("date")
    plain = re.sub(r"(?<=\d)\s*م\.?$", "", plain)  # of the Christian era
    first, _, rest = plain.partition(" ")
    if fold(first) in _arabic_weekdays():
        plain = rest
    ways = [_dates(plain, way, as_of) for way in (None, *ORDERS)]
    if ways[0] is not None:
        return ways[0]
    if ways[1] is None or ways[2] is None:
        return Wrong("date")
    settled = {"dmy": ways[1], "mdy": ways[2]}.get(order or "")
    return settled or Wrong("date.open", ways[1], ways[2])


def _dates(text: str, order: Order | None, as_of: date) -> date | None:
    try:
        found = read_dates(pd.Series([text], dtype="str"), order, as_of).values.iloc[0]
    except AmbiguousDatesError:
        return None
    return None if pd.isna(found) else found.date()


def written_order(texts: Iterable[str]) -> Order | None:
    """How a program wrote the dates of a file, if they can be read in one order of day and month only.

    >>> written_order(["03/10/2026", "03/30/2026"]), written_order(["2026-03-30"]), written_order([])
    ('mdy', None, None)
    """
    dates = pd.Series(list({text for text in texts if text}), dtype="str")
    fits: list[Order] = [way for way in ORDERS if not read_dates(dates, way, date.max).bad.any()]
    return fits[0] if len(fits) == 1 else None


def clock(text: str) -> str:
    """The time of day that stands behind a date, '' for none or midnight.

    >>> clock("2026-03-14 10:30:00"), clock("14.3.2026 2:15 pm"), clock("2026-03-14 00:00:00")
    ('10:30', '2:15 pm', '')
    """
    found = _CLOCK.search(text.translate(ASCII_DIGITS))
    return found[1] + (found[2] or "") if found and found[1] not in ("00:00", "0:00") else ""


def read_km(text: str, unit: str) -> float | Wrong:
    """Km on the odometer; `unit` (km, mi) holds where none stands beside the number."""
    plain, times = text.translate(ASCII_DIGITS), 1.0
    if thousand := _THOUSAND.match(plain):
        plain, times = f"{thousand[1]} {thousand[2]}".strip(), 1000.0
    if plain.isdecimal():  # nearly all of them; reading one text as a column costs milliseconds
        km = float(plain) * times * (KM_PER_MILE if unit == "mi" else 1.0)
    else:
        read = read_numbers(pd.Series([plain], dtype="str"), distance=True)
        km = float(to_km(read.values, read.units, unit).iloc[0]) * times
    if pd.isna(km):
        return Wrong("odometer")
    return km if 1 <= km <= MAX_KM else Wrong("odometer.range")


def names_unit(text: str) -> bool:
    """Does a unit stand beside the number?"""
    units = read_numbers(pd.Series([text.translate(ASCII_DIGITS)], dtype="str"), distance=True).units
    return units is not None and bool(units.iloc[0])


@cache
def country_order(country: str) -> Order | None:
    """How 03/04/2026 is read in a country (ISO 3166); None where the year comes first or none is known.

    Source: the short date of the country's locale in Unicode CLDR, by Babel.
    """
    from babel import Locale, UnknownLocaleError

    try:
        pattern = str(Locale.parse(f"und_{country}").date_formats["short"].pattern).lower()
    except (UnknownLocaleError, ValueError):
        return None
    if pattern.find("y") < pattern.find("m"):
        return None
    return "dmy" if pattern.find("d") < pattern.find("m") else "mdy"


@cache
def _arabic_weekdays() -> frozenset[str]:
    from babel import Locale

    return frozenset(fold(name) for name in Locale.parse("ar").days["format"]["wide"].values())
