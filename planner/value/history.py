"""Since when visits are on record: an export of some years knows cars that were bought long before it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planner.dates import NO_DAY, Days, add_months

THIN_SHARE = 0.25  # a month with less than a quarter of the visits of a usual one looks not delivered
USUAL_MONTHS = 24  # of the visits that each car has a month, the last ones
LONG_MONTHS = 12  # less without visits is a season or a gap, and no beginning
CLEAR = 10  # of visits that should have been there, and of cars: with fewer their absence may be chance
TO_COME = 1.5  # times the maintenance interval: by then new cars have come


def history_from(
    purchased: Days, visited: Days, interval_months: npt.NDArray[np.int64], today: np.datetime64
) -> np.datetime64:
    """The day of the first visit on record, where cars had been here long before it; NaT: nothing is missing.

    purchased and interval_months of all cars, visited: days of all visits. A month has hardly a visit if it
    has less than a quarter of those that the cars bought one and a half usual intervals before would have at
    the rate of the last 24 months. The record begins after the last 12 or more such months in a row in which
    at least 10 visits of at least 10 cars should have been: where there were few, nothing can be missing.
    Months without visits at the end are a delivery that stopped. Source: our rule.

    20 cars of 2020 with an interval of a year came every month of 2025.

    >>> bought, year = np.repeat(np.datetime64("2020-01-10"), 20), np.repeat(12, 20)
    >>> came = np.repeat((np.datetime64("2025-01", "M") + np.arange(12)).astype("M8[D]") + 4, 20)
    >>> str(history_from(bought, came, year, np.datetime64("2026-01-01")))
    '2025-01-05'
    >>> str(history_from(bought[:0], came, year[:0], np.datetime64("2026-01-01")))
    'NaT'
    """
    here = purchased <= today
    purchased, visited = purchased[here], visited[visited <= today]
    if not len(purchased) or not len(visited):
        return NO_DAY
    begin = min(purchased.min(), visited.min()).astype("datetime64[M]")
    months = int((visited.max().astype("datetime64[M]") - begin).astype("int64")) + 1
    to_come = int(np.ceil(TO_COME * np.median(interval_months[here])))
    cars = np.cumsum(_by_month(add_months(purchased, to_come), begin, months))
    visits = _by_month(visited, begin, months)
    wanted = visits[-USUAL_MONTHS:].sum() / max(int(cars[-USUAL_MONTHS:].sum()), 1) * cars
    hardly = visits < THIN_SHARE * wanted
    turns = np.flatnonzero(np.diff(hardly.astype("int8"), prepend=0, append=0))
    for start, end in reversed(list(zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True))):
        clear = min(wanted[start:end].sum(), cars[end - 1]) >= CLEAR
        if end < months and end - start >= LONG_MONTHS and clear:
            first: np.datetime64 = visited[visited >= (begin + end).astype("datetime64[D]")].min()
            return first
    return NO_DAY


def _by_month(day: Days, begin: np.datetime64, months: int) -> npt.NDArray[np.int64]:
    number = (day[~np.isnat(day)].astype("datetime64[M]") - begin).astype("int64")
    return np.bincount(number[number < months], minlength=months)
