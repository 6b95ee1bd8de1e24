"""Restarts: an odometer that was replaced, or went past its last digit, counts on from where it was.

The readings after a restart are lifted to the km that the car has driven, so that all that follows sees
a series that never falls; what the instrument shows is the km driven less the offset.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.dates import Days
from planner.forecast.rates import MIN_SPAN_DAYS
from planner.forecast.screen import (
    ONE,
    Bools,
    Floats,
    Ints,
    Readings,
    best_chains,
    credible,
    distinct,
    together,
    too_fast,
    trace,
)
from planner.tables import KM_PER_MILE, MAX_KM_PER_DAY

# Nobody is believed to drive more than three times his usual, or less than a third of it: 2.4 of the
# spreads between drivers (0.45 of ln km, see usage).
PLAUSIBLE = 3.0

# An odometer that starts anew shows at most this share of what the old one would. Miles taken for km show
# 0.62 of it, so a change of unit is no restart; nor is a reading written down a month too late.
ANEW = 0.5

TOPS = (100_000.0, 1_000_000.0)  # where five and six digits begin at 0 again
NEAR_TOP = 0.8  # ... of an odometer that was last seen at so much of it

_STRIDE = 4_000_000  # more than the days of the calendar


@dataclass(frozen=True, slots=True)
class Screened:
    """Which readings are believed, and how far each car had driven by then."""

    readings: Readings  # all of them; km driven: counted on where an odometer started anew
    shown_km: Floats
    kept: Bools
    restarts: Ints  # the readings at which an odometer starts anew, ascending
    rolled: Bools  # ... because it went past its last digit; else it was replaced

    @property
    def credible(self) -> Readings:
        return self.readings[self.kept]

    @property
    def offset_km(self) -> Floats:
        """Of each reading: km driven - km shown."""
        return self.readings.km - self.shown_km

    def offset_on(self, car: Ints, day: Days) -> Floats:
        """km driven - km shown of each car on a day; 0 before its odometer started anew."""
        if not len(self.restarts):
            return np.zeros(len(car))
        key = self.readings.car[self.restarts] * _STRIDE + self.readings.day[self.restarts].astype("int64")
        at = np.searchsorted(key, car * _STRIDE + day.astype("int64"), side="right") - 1
        row = self.restarts[np.maximum(at, 0)]
        offset = self.readings.km[row] - self.shown_km[row]
        return np.where((at >= 0) & (self.readings.car[row] == car), offset, 0.0)


def screened(readings: Readings, km_per_day: Floats, new_since: Days) -> Screened:
    """Which readings are credible, where odometers started anew, and the km driven.

    An odometer starts anew where it falls to half of what was expected or less, where the largest
    credible sets before and after it hold at least two readings more than the largest of all, the later
    one on two days or more, and where the later one does not leap back up. One that was near the top of
    its digits and lands where they begin again went past it: its offset is exact. Any other was replaced:
    the offset is what the old one would show, at the rate of the car before and after.

    km_per_day, new_since: of each car, as in screen.credible.
    """
    kept = credible(readings, km_per_day, new_since)
    cars, driven, offset = len(km_per_day), readings, np.zeros(len(readings))
    anew, rolled = np.zeros(len(readings), dtype=bool), np.zeros(len(readings), dtype=bool)
    doubted = np.bincount(readings.car[~kept], minlength=cars) >= 2
    while doubted.any():
        rows = np.flatnonzero(doubted[readings.car])
        once = rows[distinct(readings[rows])]
        at, added, over = _restarts(driven[once], offset[once], km_per_day)
        fresh = ~anew[once[at]]  # each reading once, so that this ends
        at, added, over = once[at[fresh]], added[fresh], over[fresh]
        anew[at], rolled[at] = True, over

        doubted, since, lift = np.zeros(cars, dtype=bool), np.full(cars, len(readings)), np.zeros(cars)
        doubted[readings.car[at]], since[readings.car[at]], lift[readings.car[at]] = True, at, added
        rows = np.flatnonzero(doubted[readings.car])
        offset[rows] += np.where(rows >= since[readings.car[rows]], lift[readings.car[rows]], 0.0)
        driven = Readings(readings.car, readings.day, readings.km + offset, readings.source)
        kept[rows] = credible(driven[rows], km_per_day, new_since)
    if not anew.any():
        return Screened(driven, readings.km, kept, np.flatnonzero(anew), rolled[anew])
    # Lifted, another reading of the same day can be the more credible one.
    used = np.flatnonzero(kept)
    restarts, nth = np.unique(used[np.searchsorted(used, np.flatnonzero(anew))], return_index=True)
    return Screened(driven, readings.km, kept, restarts, rolled[anew][nth])


def unit_km(shown_km: Floats) -> Floats:
    """The km of the unit in which a reading was typed: a mile where it is whole in miles and not in km."""
    miles = shown_km / KM_PER_MILE
    whole = np.abs(shown_km - np.round(shown_km)) < 1e-3
    return np.where(~whole & (np.abs(miles - np.round(miles)) < 1e-3), KM_PER_MILE, 1.0)


def _restarts(readings: Readings, offset_km: Floats, km_per_day: Floats) -> tuple[Ints, Floats, Bools]:
    """Of each car at most one reading at which its odometer starts anew, the km to add, is it a rollover."""
    rows, added, rolled = [np.zeros(0, "int64")], [np.zeros(0)], [np.zeros(0, "bool")]
    number = readings.day.astype("int64").astype("float64")
    for some, at, there in together(readings, np.unique(readings.car)):
        day, km, shown = number[at], readings.km[at], readings.km[at] - offset_km[at]
        usual, each = km_per_day[some], np.arange(len(some))
        old, new, saved = _split(day, km, there, usual[:, None])
        begun, last, first, now = old.argmax(axis=1), _last(old), new.argmax(axis=1), _last(new)
        km_old, days_old = km[each, last] - km[each, begun], day[each, last] - day[each, begun]
        km_new, days_new = km[each, now] - km[each, first], day[each, now] - day[each, first]
        rate = np.minimum(_rate(km_old + km_new, days_old + days_new, usual), MAX_KM_PER_DAY)
        gap = day[each, first] - day[each, last]
        was, shows = shown[each, last], shown[each, first]
        missing = km[each, last] + rate * gap - km[each, first]

        top = np.where(was < TOPS[0] * unit_km(was), TOPS[0], TOPS[1]) * unit_km(was)
        between = shows + top - was
        past_top = (was >= NEAR_TOP * top) & (between >= rate * gap / PLAUSIBLE)
        past_top &= (between <= PLAUSIBLE * rate * (gap + 1)) & ~too_fast(between, gap)

        anew = (saved >= 2) & (days_new > 0) & (km[each, first] < km[each, last])
        anew &= shows <= ANEW * (was + rate * gap)
        most = PLAUSIBLE * np.maximum(usual, _rate(km_old, days_old, usual))
        anew &= ~_leaps(day, km, new, missing[:, None] / 2, most[:, None])
        rows.append(at[each, first][anew])
        added.append(np.where(past_top, top, missing)[anew])
        rolled.append(past_top[anew])
    return np.concatenate(rows), np.concatenate(added), np.concatenate(rolled)


def _split(day: Floats, km: Floats, there: Bools, usual: Floats) -> tuple[Bools, Bools, Floats]:
    """The best chain up to a column and the best one after it, and how many readings more they hold.

    More than the best chain of all; of the columns at which to split, the best one.
    """
    nothing = np.zeros_like(km)
    ending, back = best_chains(day, km, there, usual, nothing)
    # Read backwards, with both signs turned, a chain is a chain again.
    starting, ahead = best_chains(-day[:, ::-1], -km[:, ::-1], there[:, ::-1], usual, nothing)
    column = np.arange(km.shape[1])
    until, since = np.maximum.accumulate(ending, axis=1), np.maximum.accumulate(starting, axis=1)
    until_at = np.maximum.accumulate(np.where(ending == until, column, 0), axis=1)
    since_at = np.maximum.accumulate(np.where(starting == since, column, 0), axis=1)
    both = until[:, :-1] + since[:, -2::-1]
    best, each = both.argmax(axis=1), np.arange(len(km))
    old = trace(back, until_at[each, best])
    new = trace(ahead, since_at[each, km.shape[1] - 2 - best])[:, ::-1]
    return old, new, np.round(both[each, best] / ONE) - np.round(until[:, -1] / ONE)


def _last(chosen: Bools) -> Ints:
    return np.asarray(chosen.shape[1] - 1 - chosen[:, ::-1].argmax(axis=1))


def _rate(km: Floats, span_days: Floats, usual: Floats) -> Floats:
    """km a day, the usual where it was watched for too short a time."""
    return np.where(span_days >= MIN_SPAN_DAYS, km / np.maximum(span_days, 1.0), usual)


def _leaps(day: Floats, km: Floats, chosen: Bools, far: Floats, most: Floats) -> Bools:
    """Does a step of the chain go `far` and faster than `most` km a day? Then it is back on the old level."""
    before = np.maximum.accumulate(np.where(chosen, np.arange(km.shape[1]), -1), axis=1)[:, :-1]
    left = np.maximum(before, 0)
    step = km[:, 1:] - np.take_along_axis(km, left, axis=1)
    span = day[:, 1:] - np.take_along_axis(day, left, axis=1)
    leap = chosen[:, 1:] & (before >= 0) & (step > far) & (step > most * (span + 1))
    return np.asarray(leap.any(axis=1))
