"""Odometer readings: gather them, and set aside those that cannot be true together.

A typed digit too many must not make anything overdue, so no reading is averaged in before it has
been screened. Arrays throughout: `car` is a vehicle's position, days are datetime64[D].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.dates import Days, days
from planner.errors import Issue, IssueCode
from planner.tables import MAX_KM

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Two drivers in turn for 14 hours at motorway speed; on each of the calendar days that a span touches.
MAX_KM_PER_DAY = 1_500.0

SOURCES = ("vehicles", "visits", "readings")
COLUMNS = ("odometer_at_purchase_km", "odometer_km", "odometer_km")

_STRIDE = 4_000_000  # more than the days of the calendar
_ONE = 1e9  # one more reading outweighs any distance in km


@dataclass(frozen=True, slots=True)
class Readings:
    """Odometer readings, sorted by car, day and km. `source` is a position in SOURCES."""

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
    first = np.ones(len(readings), dtype=bool)  # the same reading handed in twice has one vote
    first[1:] = (
        (readings.car[1:] != readings.car[:-1])
        | (readings.day[1:] != readings.day[:-1])
        | (readings.km[1:] != readings.km[:-1])
    )
    kept = _largest(readings[first], km_per_day, new_since)
    return np.asarray(kept[np.cumsum(first) - 1])


def one_a_day(readings: Readings) -> Readings:
    """The last reading of each car and day."""
    last = np.ones(len(readings), dtype=bool)
    last[:-1] = (readings.car[1:] != readings.car[:-1]) | (readings.day[1:] != readings.day[:-1])
    return readings[last]


def explain(readings: Readings, kept: Bools, vehicle_ids: npt.NDArray[np.object_]) -> list[Issue]:
    """An issue for each reading that was set aside.

    Codes: READING_DECREASE (below an earlier or above a later credible reading), READING_SPEED.
    """
    at = np.flatnonzero(~kept)
    if not len(at):
        return []
    row = np.arange(len(readings))
    before = np.maximum.accumulate(np.where(kept, row, -1))[at]
    after = np.minimum.accumulate(np.where(kept, row, len(readings) - 1)[::-1])[::-1][at]
    day = readings.day.astype("int64")
    has_before = (before >= 0) & (readings.car[before] == readings.car[at])
    driven, span = readings.km[at] - readings.km[before], day[at] - day[before]
    below = has_before & (driven < 0)
    rushed = has_before & too_fast(driven, span)
    above = readings.km[at] > readings.km[after]
    # A reading that fits the one before it and was still set aside does not fit the one after it.
    code = np.where(below | (above & ~rushed), IssueCode.READING_DECREASE, IssueCode.READING_SPEED)
    what = np.select(
        [below, rushed, above],
        ["is below the", "is more than a car can have driven since the", "is above the later"],
        "leaves more than a car can drive until the",
    )
    other = np.where(below | rushed, before, after)

    def shown(row: int) -> str:
        return f"{readings.km[row]:.0f} km on {readings.day[row]}"

    return [
        Issue(
            SOURCES[source],
            0,
            COLUMNS[source],
            IssueCode(why),
            f"vehicle {vehicle}: {shown(this)} {said} {shown(that)}; not used",
        )
        for this, that, why, said, source, vehicle in zip(
            at, other, code, what, readings.source[at], vehicle_ids[readings.car[at]], strict=True
        )
    ]


def clashes(readings: Readings) -> Bools:
    """Of each reading but the first: can it not be true together with the one before it of its car?"""
    driven, span = np.diff(readings.km), np.diff(readings.day.astype("int64").astype("float64"))
    same_car = readings.car[1:] == readings.car[:-1]
    return np.asarray(((driven < 0) | too_fast(driven, span)) & same_car)


def _largest(readings: Readings, km_per_day: Floats, new_since: Days) -> Bools:
    kept = np.ones(len(readings), dtype=bool)
    day = readings.day.astype("int64").astype("float64")
    cars = np.unique(readings.car[1:][clashes(readings)])  # all the others agree as they stand
    start = np.searchsorted(readings.car, cars, side="left")
    size = np.searchsorted(readings.car, cars, side="right") - start
    born = np.where(np.isnat(new_since), np.nan, new_since.astype("int64"))
    # Cars with about as many readings are worked through together, as rows of one matrix.
    step = np.ceil(np.log2(np.maximum(size, 1)))
    for of_size in np.unique(step):
        rows = np.flatnonzero(step == of_size)
        column = np.arange(size[rows].max())
        there = column < size[rows, None]
        at = np.where(there, start[rows, None] + column, 0)
        usual = km_per_day[cars[rows], None]
        chosen = _chains(day[at], readings.km[at], there, usual, born[cars[rows], None])
        kept[at[there]] = chosen[there]
    return kept


def _chains(day: Floats, km: Floats, there: Bools, usual: Floats, born: Floats) -> Bools:
    """Dynamic programming over the columns, for all rows at once: the best chain that ends here."""
    rows, width = np.arange(len(km)), km.shape[1]
    start = -np.nan_to_num(np.abs(km - usual * (day - born)))
    score = np.full(km.shape, -np.inf)
    back = np.full(km.shape, -1)
    score[:, 0] = _ONE + start[:, 0]
    for here in range(1, width):
        driven, span = km[:, [here]] - km[:, :here], day[:, [here]] - day[:, :here]
        follows = (driven >= 0) & ~too_fast(driven, span)
        through = np.where(follows, score[:, :here] - np.abs(driven - usual * span), -np.inf)
        best = through.argmax(axis=1)
        chained = through[rows, best] > start[:, here]
        back[:, here] = np.where(chained, best, -1)
        value = _ONE + np.where(chained, through[rows, best], start[:, here])
        score[:, here] = np.where(there[:, here], value, -np.inf)
    chosen = np.zeros(km.shape, dtype=bool)
    at = score.argmax(axis=1)
    while len(rows):
        chosen[rows, at] = True
        at = back[rows, at]
        rows, at = rows[at >= 0], at[at >= 0]
    return chosen
