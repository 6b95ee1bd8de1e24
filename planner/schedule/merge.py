"""The same thing for two cars of one household is one contact that names both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.schedule.kernel.machine import compiled
from planner.schedule.rules import Bools

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Merged:
    """Along the contacts: the position of the one that speaks for it (its own where it speaks for itself)
    and, for that one, the common window and the ids of the other cars, separated by commas or NaN."""

    leader: Ints
    low: Ints
    high: Ints
    also: npt.NDArray[np.object_]


def merge(
    alike: Sequence[npt.NDArray[np.int64]],
    vehicle: pd.Series,
    low: Ints,
    high: Ints,
    rank: Sequence[npt.NDArray[np.generic]],
    kind: Ints,
    allowed: Bools,
) -> Merged:
    """Joins contacts of different cars whose windows have a day in common on which they can be made.

    `alike`: codes that must agree: household, script, channel, standby. `low` and `high`: the windows,
    days from the as-of day. `rank`: what decides who speaks for a group, as for np.lexsort: the last
    counts most. `kind`: the row of `allowed` (see rules.open_days) that holds for each contact.
    """
    found = Merged(np.arange(len(low)), low.copy(), high.copy(), np.full(len(low), np.nan, dtype=object))
    car, ids = pd.factorize(vehicle, sort=True)
    rows = _in_several_cars(alike[0], car)
    rows = rows[low[rows] <= high[rows]]
    if not len(rows):
        return found
    key = np.zeros(len(rows), dtype=np.int64)
    for codes in (*alike, kind):
        pair = key * (int(codes.max(initial=0)) + 2) + codes[rows]
        key = np.unique(pair, return_inverse=True)[1].astype(np.int64)
    place = np.empty(len(rows), dtype=np.int64)
    place[np.lexsort([values[rows] for values in rank])] = np.arange(len(rows))
    order = np.lexsort((place, high[rows], low[rows], key))
    rows, key, place = rows[order], key[order], place[order]
    open_before = np.pad(np.cumsum(allowed, axis=1, dtype=np.int64), ((0, 0), (1, 0)))
    group = _sweep(key, low[rows], high[rows], car[rows].astype(np.int64), kind[rows], open_before)
    first = np.flatnonzero(np.diff(group, prepend=-1))
    leader = rows[np.isin(place, np.minimum.reduceat(place, first))]
    size = np.diff(np.append(first, len(rows)))
    found.leader[rows] = np.repeat(leader, size)
    found.low[leader] = np.maximum.reduceat(low[rows], first)
    found.high[leader] = np.minimum.reduceat(high[rows], first)

    others = found.leader[rows] != rows
    spoken_for, by = rows[others], found.leader[rows[others]]
    order = np.lexsort((car[spoken_for], by))
    names, by = np.asarray(ids, dtype=object)[car[spoken_for[order]]], by[order]
    starts = np.flatnonzero(np.diff(by, prepend=-1))
    for start, stop in pairwise([*starts, len(by)]):
        found.also[by[start]] = ",".join(names[start:stop])
    return found


def _in_several_cars(household: Ints, car: npt.NDArray[np.intp]) -> Ints:
    """The positions of the contacts of households that have more than one car."""
    several = np.zeros(int(household.max(initial=0)) + 1, dtype=bool)
    first_car = np.full(len(several), -1, dtype=np.intp)
    first_car[household] = car
    several[household[first_car[household] != car]] = True
    return np.flatnonzero(several[household])


@compiled
def _sweep(key: Ints, low: Ints, high: Ints, car: Ints, kind: Ints, open_before: Ints) -> Ints:
    """Groups rows that stand sorted by key and first day: the position of the first of each one's group."""
    group = np.zeros(len(key), np.int64)
    start, end = 0, 0
    for i in range(len(key)):
        joins = i > 0 and key[i] == key[start]
        if joins:
            common = open_before[kind[i], min(end, high[i]) + 1] - open_before[kind[i], low[i]]
            joins = common > 0
            for j in range(start, i):
                joins = joins and car[j] != car[i]
        if joins:
            end = min(end, high[i])
        else:
            start, end = i, high[i]
        group[i] = start
    return group
