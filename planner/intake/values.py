"""Text to dates and numbers, a column at a time.

What one value leaves open its column settles: 03/04/2024 beside 17/04/2024 is a day in April; "1.250"
beside "980,5" is a thousand. Only distinct texts are looked at, so a long column costs little more
than a short one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.intake.words import BLANKS, KM_WORDS, MILE_WORDS, month_of
from planner.spelling import ASCII_DIGITS

Order = Literal["dmy", "mdy"]
Mask = npt.NDArray[np.bool_]

KM_PER_MILE = 1.609344  # Source: international yard and pound agreement of 1959
CURRENCIES = "egp sar aed usd eur gbp kwd qar bhd omr jod mad dzd tnd iqd lyd le sr dhs ngn inr"


class AmbiguousDatesError(Exception):
    """Nothing in the column tells day from month. The argument is an example."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The values of a column, missing where there was no text or a bad one, and which were bad."""

    values: pd.Series
    bad: Mask
    units: pd.Series | None = None  # numbers only: the unit word beside the number, '' for none


def clean(text: pd.Series, *, blanks: bool = True) -> pd.Series:
    """The texts trimmed, inner white space collapsed, what stands for nothing missing (NaN)."""

    def one(distinct: pd.Series) -> pd.Series:
        # Numbers and ids, most of the cells, hold nothing to collapse; half the time is saved.
        stripped = distinct.str.strip()
        spaced = stripped.str.contains(r"\s", regex=True)
        if spaced.any():
            stripped = stripped.where(~spaced, stripped.str.replace(r"\s+", " ", regex=True))
        nothing = stripped.str.lower().isin(BLANKS) if blanks else stripped == ""
        return stripped.mask(nothing)

    return by_distinct(text, one)


def by_distinct(text: pd.Series, function: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """`function` of the distinct texts, spread over all rows; missing stays missing."""
    codes, distinct = pd.factorize(text)
    result = function(pd.Series(distinct, dtype="str"))
    return result.reindex(codes).set_axis(text.index)


# Dates


def read_dates(text: pd.Series, order: Order | None, as_of: date) -> Parsed:
    """Dates out of clean text: ISO, day-month-year in either order, month names, time parts dropped.

    The order of day and month is the given one, else what the column's own values settle: most of the
    values that can be read in one way only. Raises AmbiguousDatesError if there are none, or about as many
    for the one as for the other. Two-digit years up to 69 are after 2000 if that is within ten years
    of as_of, else before.
    """
    parsed = by_distinct(text, lambda distinct: _dates(distinct, order, as_of))
    return Parsed(parsed, (parsed.isna() & text.notna()).to_numpy())


_TIME = (
    r"[t,\s]\s*\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?|ص|م)?\s*(?:z|utc|[+-]\d\d:?\d\d)?$"
)
_WEEKDAY = r"^[^\W\d]{2,9}day[,.\s]+|^(?:mon|tue|wed|thu|fri|sat|sun)[,.\s]+"


def _dates(distinct: pd.Series, order: Order | None, as_of: date) -> pd.Series:
    values = pd.Series(pd.to_datetime(distinct, format="%Y-%m-%d", errors="coerce")).astype("datetime64[us]")
    left = distinct[values.isna()]
    if left.empty:
        return values
    plain = left.str.translate(ASCII_DIGITS).str.lower()
    plain = plain.str.replace(_TIME, "", regex=True).str.replace(_WEEKDAY, "", regex=True).str.strip()
    plain = plain.str.replace(r"(?<=\d)(?:st|nd|rd|th)\b", "", regex=True)

    year_first = _parts(plain, r"^(\d{4})[-/.\s](\d{1,2})[-/.\s](\d{1,2})$")
    compact = _parts(plain, r"^((?:19|20|21)\d\d)(\d\d)(\d\d)$")
    year_last = _parts(plain, r"^(\d{1,2})[-/.\s]\s?(\d{1,2})[-/.\s]\s?(\d{4}|\d{2})$")
    found = [_days(p[0], p[1], p[2]) for p in (year_first, compact)]
    if not year_last.empty:
        found.append(_year_last(year_last, left, order, as_of))
    found += _with_month_names(plain, as_of)
    for days in found:
        values.loc[days.index] = days
    return values


def _year_last(parts: pd.DataFrame, written: pd.Series, order: Order | None, as_of: date) -> pd.Series:
    first, second, year = parts[0], parts[1], _full_year(parts[2], written, as_of)
    if order is None:
        day_first, month_first = int((first > 12).sum()), int((second > 12).sum())
        open_ = (first <= 12) & (second <= 12) & (first != second)
        # A few odd values are typing errors, rejected one by one; many are two systems in one column.
        few, many = sorted((day_first, month_first))
        if open_.any() and (many == 0 or few * 4 > many):
            raise AmbiguousDatesError(written.loc[parts.index[open_]].iloc[0])
        order = "mdy" if month_first > day_first else "dmy"
    return _days(year, second, first) if order == "dmy" else _days(year, first, second)


def _with_month_names(plain: pd.Series, as_of: date) -> list[pd.Series]:
    found = []
    for pattern, (year, name, day) in (
        (r"^(\d{1,2})(\D*[^\W\d]\D*)(\d{4}|\d{2})$", (2, 1, 0)),  # 3 May 2024, 03-May-24
        (r"^(\D*[^\W\d]\D*?)\s*(\d{1,2})(?:\D+)(\d{4}|\d{2})$", (2, 0, 1)),  # May 3, 2024
        (r"^(\d{4})(\D*[^\W\d]\D*)(\d{1,2})$", (0, 1, 2)),  # 2024-May-03
    ):
        parts = plain.str.extract(pattern).dropna()
        if parts.empty:
            continue
        month = parts[name].map(month_of)
        parts = parts[month.notna()]
        years = _full_year(parts[year].astype("int64"), parts[year], as_of)
        found.append(_days(years, month.dropna().astype("int64"), parts[day].astype("int64")))
    return found


def _parts(plain: pd.Series, pattern: str) -> pd.DataFrame:
    return plain.str.extract(pattern).dropna().astype("int64")


def _full_year(year: pd.Series, written: pd.Series, as_of: date) -> pd.Series:
    texts = written.loc[year.index].str.translate(ASCII_DIGITS)
    short = ~texts.str.contains(r"\d{4}", regex=True) & (year < 100)
    new = (year <= 69) & (2000 + year <= as_of.year + 10)
    full: pd.Series = year.mask(short & new, year + 2000).mask(short & ~new, year + 1900)
    return full


def _days(year: pd.Series, month: pd.Series, day: pd.Series) -> pd.Series:
    """The days that exist, indexed as the parts; the others are left out."""
    real = (month >= 1) & (month <= 12) & (day >= 1) & (year >= 1)
    y, m, d = (part[real].to_numpy("int64") for part in (year, month, day))
    months_ = ((y - 1970) * 12 + m - 1).astype("datetime64[M]")
    days = months_.astype("datetime64[D]") + (d - 1)
    exists = days.astype("datetime64[M]") == months_
    found: pd.Series = pd.Series(days.astype("datetime64[us]"), index=year.index[real])[exists]
    return found


# Numbers


def read_numbers(
    text: pd.Series, *, distance: bool = False, money: bool = False, currency: str = ""
) -> Parsed:
    """Numbers out of clean text: thousands by comma, point, space or apostrophe, decimals by point or comma.

    `1,234` and `1.234` alone may be either: the column's other values settle it, else a comma parts
    thousands, and a point parts thousands in a column of distances and decimals elsewhere. Where the
    column holds both ways, such a value is bad. Unit words go to `units` where distance, currency
    words are dropped where money; -5, (5) and 5- are all minus five.
    """
    codes, distinct = pd.factorize(text)
    plain = pd.Series(distinct, dtype="str").str.translate(ASCII_DIGITS).str.lower()
    units = pd.Series("", index=plain.index, dtype="str")
    if distance:
        plain, units = _set_units_aside(plain)
    if money:
        plain = _set_currency_aside(plain, currency)
    values = _numbers(plain, distance).reindex(codes).set_axis(text.index)
    return Parsed(
        values, (values.isna() & text.notna()).to_numpy(), units.reindex(codes).set_axis(text.index)
    )


def to_km(values: pd.Series, units: pd.Series | None, default: str) -> pd.Series:
    """Distances in km: the unit beside the number counts, else the default one ('km' or 'mi')."""
    miles = pd.Series(default == "mi", index=values.index)
    if units is not None:
        miles = (units == "mi") | ((units != "km") & miles)
    return values.where(~miles, values * KM_PER_MILE)


def _set_units_aside(plain: pd.Series) -> tuple[pd.Series, pd.Series]:
    words = "|".join(sorted(KM_WORDS | MILE_WORDS, key=len, reverse=True))
    parts = plain.str.extract(rf"^(.*?)\s*({words})\.?$")
    units = parts[1].map(lambda word: "mi" if word in MILE_WORDS else "km", na_action="ignore").astype("str")
    return parts[0].where(parts[0].notna(), plain), units.fillna("")


def _set_currency_aside(plain: pd.Series, currency: str) -> pd.Series:
    if plain.str.fullmatch(r"[-\d.,]*").all():
        return plain
    words = [re.escape(word) for word in (*CURRENCIES.split(), currency.lower()) if word]
    sign = rf"(?:{'|'.join(words)}|[$€£¥₹]|ج\.?\s?م\.?|ر\.?\s?س\.?|د\.?\s?إ\.?|جنيه|ريال|درهم|دينار)"
    return plain.str.replace(rf"^{sign}\.?\s*(?=[-(\d])|(?<=[\d)])\s*{sign}\.?$", "", regex=True)


def _numbers(plain: pd.Series, distance: bool) -> pd.Series:
    core = plain.str.replace(r"^\+|(?<=\d)\.$", "", regex=True)
    minus = core.str.match(r"-|\(.*\)$|.*\d-$")
    core = core.str.replace(r"^[-(]\s*|\)$|(?<=\d)-$", "", regex=True)
    core = core.where(
        ~core.str.fullmatch(r"\d{1,3}(?:[\s'’]\d{3})+(?:[.,]\d+)?"),
        core.str.replace(r"[\s'’]", "", regex=True),
    )

    def like(pattern: str) -> Mask:
        mask: Mask = core.str.fullmatch(pattern).to_numpy(dtype=bool)
        return mask

    plainly = like(r"\d+|\d+(?:\.\d+)?e[+-]?\d{1,2}")
    open_comma, open_point = like(r"[1-9]\d{0,2},\d{3}"), like(r"[1-9]\d{0,2}\.\d{3}")
    # The third and fourth pattern: 1,23,456 as in India; several groups of three.
    point_decimal = like(r"\d*\.\d+|\d{1,3}(?:,\d{3})+\.\d+|\d{1,2}(?:,\d\d)*,\d{3}\.\d+") & ~open_point
    comma_thousands = like(r"\d{1,3}(?:,\d{3}){2,}|\d{1,2}(?:,\d\d)+,\d{3}")
    comma_decimal = like(r"\d*,\d+|\d{1,3}(?:\.\d{3})+,\d+") & ~open_comma
    point_thousands = like(r"\d{1,3}(?:\.\d{3}){2,}")

    english, continental = (point_decimal | comma_thousands).any(), (comma_decimal | point_thousands).any()
    if not (english and continental):
        thousands = continental or (distance and not english)
        comma_decimal = comma_decimal | (open_comma & continental)
        comma_thousands = comma_thousands | (open_comma & (not continental))
        point_thousands = point_thousands | (open_point & thousands)
        point_decimal = point_decimal | (open_point & (not thousands))

    drop_commas, drop_points = point_decimal | comma_thousands, comma_decimal | point_thousands
    ascii_ = core.where(~drop_commas, core.str.replace(",", ""))
    ascii_ = ascii_.where(~drop_points, ascii_.str.replace(".", "").str.replace(",", "."))
    known = plainly | drop_commas | drop_points
    values = pd.to_numeric(ascii_.where(known), errors="coerce").astype("float64")
    values = values.where(np.isfinite(values))
    return values.where(~minus.to_numpy(dtype=bool), -values)


def display(value: Any) -> str:
    """A bad value as an issue may show it: short, and never what could be somebody's phone or address."""
    text = str(value)
    if "@" in text or sum(c.isdigit() for c in text) > 8 or len(text) > 30:
        return "what stands there"
    return repr(text)
