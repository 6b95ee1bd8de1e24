"""Dates as arrays: anchored months, half-open ranges, working days, public holidays.

Scalars are `datetime.date`, arrays are numpy `datetime64[D]`. Ranges are half-open: the start is in,
the end is not. Months are anchored, never stepped: the day of the start is kept and only clipped
where the month is shorter, so 31 January + 1 month is 28 February and + 2 months is 31 March.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from planner.settings import Settings

Days = npt.NDArray[np.datetime64]

DAYS_PER_MONTH = 30.4375  # 365.25 / 12
LAST_DAY = date.max  # 9999-12-31
SEASONS = ((4, 1), (10, 15))  # of the northern hemisphere: spring and autumn begin for tyres and checks
NO_DAY = np.datetime64("NaT", "D")
MANY, FEW = 1_000, 25  # days for which, and numbers of months up to which, a table of days pays


def add_months(start: npt.ArrayLike, months: npt.ArrayLike) -> Days:
    """`start + months` calendar months, anchored; arrays broadcast; NaT stays NaT.

    A month too short for the day takes its last day. Results after 9999-12-31 are NaT.

    >>> str(add_months(np.datetime64("2024-01-31"), 1))
    '2024-02-29'
    >>> str(add_months(np.datetime64("2024-01-31"), 2))
    '2024-03-31'
    """
    day, count = np.asarray(start, dtype="datetime64[D]"), np.asarray(months)
    if day.size <= MANY or count.dtype.kind not in "iu":
        return _add_months(day, count)
    if count.ndim == 0:
        return _of_each_day(day, count)
    least, most = int(count.min()), int(count.max())
    if count.shape == day.shape and most - least < FEW:
        found = np.empty_like(day)
        for number in range(least, most + 1):
            which = count == number
            found[which] = _of_each_day(day[which], np.asarray(number))
        return found
    return _add_months(day, count)


def _of_each_day(day: Days, months: npt.NDArray[Any]) -> Days:
    """`_add_months` of many days: there are fewer different ones, and each of these is worked out once."""
    known = day[~np.isnat(day)]
    span = int((known.max() - known.min()).astype("int64")) + 1 if known.size else 0
    if not 0 < span < day.size:
        return _add_months(day, months)
    first = known.min()
    table = np.append(_add_months(first + np.arange(span), months), NO_DAY)
    at = (day - first).astype("int64")
    if known.size < day.size:
        at[np.isnat(day)] = span
    found: Days = table[at]
    return found


def _add_months(day: Days, months: npt.NDArray[Any]) -> Days:
    month = day.astype("datetime64[M]")
    target = month + months.astype("timedelta64[M]")
    same_day = target.astype("datetime64[D]") + (day - month.astype("datetime64[D]"))
    last_day = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    result = np.minimum(same_day, last_day)
    return np.where(result > np.datetime64(LAST_DAY), NO_DAY, result)


def months_between(start: npt.ArrayLike, end: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Whole anchored months from start to end: the largest k with `add_months(start, k) <= end`.

    >>> int(months_between(np.datetime64("2024-01-31"), np.datetime64("2024-02-29")))
    1
    """
    first = np.asarray(start, dtype="datetime64[D]")
    last = np.asarray(end, dtype="datetime64[D]")
    months = (last.astype("datetime64[M]") - first.astype("datetime64[M]")).astype("int64")
    result: npt.NDArray[np.int64] = months - (add_months(first, months) > last)
    return result


def days(values: npt.ArrayLike) -> Days:
    """A column of dates (a pandas Series, a list of dates) as `datetime64[D]`."""
    return np.asarray(values).astype("datetime64[D]")


def working_days(settings: Settings, start: date, end: date) -> npt.NDArray[np.bool_]:
    """For each day of [start, end): may the team call? A working weekday, no holiday, not closed."""
    span = np.arange(np.datetime64(start), np.datetime64(end), dtype="datetime64[D]")
    weekday = (span.astype("int64") + 3) % 7  # 1970-01-01 was a Thursday; Monday is 0
    working = np.isin(weekday, sorted(working_weekdays(settings)))
    return working & ~public_holidays(settings, start, end) & ~_listed(span, settings.calendar.closed_on)


def message_days(settings: Settings, start: date, end: date) -> npt.NDArray[np.bool_]:
    """For each day of [start, end): may a message go out? Any day that is no public holiday."""
    return ~public_holidays(settings, start, end)


def quiet_days(settings: Settings, start: date, end: date) -> npt.NDArray[np.bool_]:
    """For each day of [start, end): did the settings ask for silence on every channel?"""
    span = np.arange(np.datetime64(start), np.datetime64(end), dtype="datetime64[D]")
    return _listed(span, settings.contact_rules.quiet_days)


def working_weekdays(settings: Settings) -> set[int]:
    """The working weekdays, Monday is 0: of the settings, else all but the country's weekend.

    Source of weekends: the holidays library, by country.
    """
    import holidays

    from planner.settings import WEEKDAYS

    named = settings.calendar.working_days
    if named:
        return {WEEKDAYS.index(day) for day in named}
    return set(range(7)) - set(holidays.country_holidays(settings.dealership.country).weekend)


def public_holidays(settings: Settings, start: date, end: date) -> npt.NDArray[np.bool_]:
    """For each day of [start, end): is it a public holiday of the settings' country?

    Source: the holidays library, which cites each country's law.
    """
    span = np.arange(np.datetime64(start), np.datetime64(end), dtype="datetime64[D]")
    if not settings.calendar.public_holidays or not len(span):
        return np.zeros(len(span), dtype=bool)
    import holidays

    last_year = span[-1].astype(date).year
    known = holidays.country_holidays(settings.dealership.country, years=range(start.year, last_year + 1))
    return _listed(span, tuple(known))


def _listed(span: Days, listed: tuple[date, ...]) -> npt.NDArray[np.bool_]:
    return np.isin(span, np.array(listed, dtype="datetime64[D]"))
