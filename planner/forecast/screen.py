"""Odometer readings: gather them, and set aside those that cannot be true together.

A typed digit too many must not make anything overdue, so no reading is averaged in before it has
been screened. Arrays throughout: `car` is a vehicle's position, days are datetime64[D].
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.dates import Days, days
from planner.tables import MAX_KM, MAX_KM_PER_DAY

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_STRIDE = 4_000_000  # more than the days of the calendar
ONE = 1e9  # one more reading outweighs any distance in km


@dataclass(frozen=True, slots=True)
class Readings:
    """Odometer readings, sorted by car, day and km. `source` is a position in reasons.SOURCES."""

    car: Ints
    day: Days
    km: Floats
    source: Ints

    def __len__(self) -> int:
        return len(self.car)

    def __getitem__(self, rows: npt.NDArray[np.generic]) -> Readings:
        return Readings(self.car[rows], self.day[rows], self.km[rows], self.source[rows])


def gather(vehicles: pd.DataFrame, visits: pd.DataFrame, readings: pd.DataFrame) -> Readings:
    """All readings of the cars: at purchase, at visits, and in between.

    vehicles: one row a car, its position is the `car` of the others. visits, readings: with a column
    `car`. Missing odometers and those outside the bounds of the tables (which the import has
    reported) are left out.
    """
    parts = (
        (np.arange(len(vehicles)), vehicles["purchased_on"], vehicles["odometer_at_purchase_km"]),
        (visits["car"], visits["visited_on"], visits["odometer_km"]),
        (readings["car"], readings["read_on"], readings["odometer_km"]),
    )
    car = np.concatenate([np.asarray(part[0], dtype="int64") for part in parts])
    day = np.concatenate([days(part[1]) for part in parts])
    km = np.concatenate([np.asarray(part[2], dtype="float64") for part in parts])
    source = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
    good = np.flatnonzero((km >= 0) & (km <= MAX_KM) & ~np.isnat(day))
    key = car[good] * _STRIDE + day[good].astype("int64")
    order = np.argsort(key, kind="stable")  # quick where each source is nearly in order already
    at, key = good[order], key[order]
    same = key[1:] == key[:-1]
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    at[tied] = at[tied][np.lexsort((source[at[tied]], km[at[tied]], key[tied]))]
    return Readings(car, day, km, source)[at]


def too_fast(km: Floats, span_days: Floats) -> Bools:
    """Is this more than a car can drive between two days so far apart?"""
    return np.asarray(km > MAX_KM_PER_DAY * (span_days + 1))


def credible(readings: Readings, km_per_day: Floats, new_since: Days) -> Bools:
    """Which readings belong to the largest set that can be true together, for each car.

    In such a set the odometer never falls and no car drives faster than MAX_KM_PER_DAY. Among sets of
    the same size: the one that lies nearest to the usual km_per_day of the car, counted from 0 km on
    the day new_since (NaT: the car was not new, and counting starts with the first reading).
    """
    first = distinct(readings)
    kept = _largest(readings[first], km_per_day, new_since)
    return np.asarray(kept[np.cumsum(first) - 1])


def distinct(readings: Readings) -> Bools:
    """The same day and km handed in twice has one vote: the first of each."""
    first = np.ones(len(readings), dtype=bool)
    first[1:] = (
        (readings.car[1:] != readings.car[:-1])
        | (readings.day[1:] != readings.day[:-1])
        | (readings.km[1:] != readings.km[:-1])
    )
    return first


def one_a_day(readings: Readings) -> Readings:
    """The last reading of each car and day."""
    last = np.ones(len(readings), dtype=bool)
    last[:-1] = (readings.car[1:] != readings.car[:-1]) | (readings.day[1:] != readings.day[:-1])
    return readings[last]


def clashes(readings: Readings) -> Bools:
    """Of each reading but the first: can it not be true together with the one before it of its car?"""
    driven, span = np.diff(readings.km), np.diff(readings.day.astype("int64").astype("float64"))
    same_car = readings.car[1:] == readings.car[:-1]
    return np.asarray(((driven < 0) | too_fast(driven, span)) & same_car)


def together(readings: Readings, cars: Ints) -> Iterator[tuple[Ints, Ints, Bools]]:
    """Cars with about as many readings, as rows of one matrix: which, where their readings are, are there."""
    start = np.searchsorted(readings.car, cars, side="left")
    size = np.searchsorted(readings.car, cars, side="right") - start
    step = np.ceil(np.log2(np.maximum(size, 1)))
    for of_size in np.unique(step):
        rows = np.flatnonzero(step == of_size)
        column = np.arange(size[rows].max())
        there = column < size[rows, None]
        yield cars[rows], np.where(there, start[rows, None] + column, 0), there


def best_chains(day: Floats, km: Floats, there: Bools, usual: Floats, start: Floats) -> tuple[Floats, Ints]:
    """Dynamic programming over the columns, for all rows at once: the best chain that ends in each.

    Its score (the number of readings in units of ONE, less the distance from the usual driving), and the
    column before; -1 is none. start: what a chain that begins in a column begins with.
    """
    rows = np.arange(len(km))
    score = np.where(there, ONE + start, -np.inf)
    back = np.full(km.shape, -1)
    for here in range(1, km.shape[1]):
        driven, span = km[:, [here]] - km[:, :here], day[:, [here]] - day[:, :here]
        follows = (driven >= 0) & ~too_fast(driven, span)
        through = np.where(follows, score[:, :here] - np.abs(driven - usual * span), -np.inf)
        best = through.argmax(axis=1)
        chained = there[:, here] & (through[rows, best] > start[:, here])
        back[:, here] = np.where(chained, best, -1)
        score[:, here] = np.where(chained, ONE + through[rows, best], score[:, here])
    return score, back


def trace(back: Ints, at: Ints) -> Bools:
    """The chain of each row that ends in its column `at`."""
    rows = np.arange(len(back))
    chosen = np.zeros(back.shape, dtype=bool)
    while len(rows):
        chosen[rows, at] = True
        at = back[rows, at]
        rows, at = rows[at >= 0], at[at >= 0]
    return chosen


def _largest(readings: Readings, km_per_day: Floats, new_since: Days) -> Bools:
    kept = np.ones(len(readings), dtype=bool)
    cars = np.unique(readings.car[1:][clashes(readings)])  # all the others agree as they stand
    born = np.where(np.isnat(new_since), np.nan, new_since.astype("int64"))
    number = readings.day.astype("int64").astype("float64")
    for some, at, there in together(readings, cars):
        day, km, usual = number[at], readings.km[at], km_per_day[some, None]
        start = -np.nan_to_num(np.abs(km - usual * (day - born[some, None])))
        score, back = best_chains(day, km, there, usual, start)
        kept[at[there]] = trace(back, score.argmax(axis=1))[there]
    return kept
