"""Rates: how many km a month a car drives in the long run and of late, and which of them tells what comes."""

from __future__ import annotations

import numpy as np

from planner.dates import DAYS_PER_MONTH
from planner.forecast.screen import Floats, Ints, Readings

MIN_SPAN_DAYS = 30  # below that, one weekend trip is the rate
LONG_TERM_DAYS = 180.0  # km of half a year ago count half of today's
RECENT_DAYS = 30.0  # ... and those of a month ago: nearly the rate between the last two visits
NEXT_DAYS = 90  # km of so many days or more show which of both told them better
TURNS = 4  # so many times of a car teach: more of one do not teach the fleet
DEFAULT_TURNS = 30  # of a fleet weigh as much as the default, which is the long-term rate
FAR = 0.1  # of ln: what is off by more weighs less, as half a year abroad is
ROUNDS = 15

MIN_KM_PER_MONTH = 50.0
MAX_KM_PER_MONTH = 20_000.0


def bounded(km_per_month: Floats) -> Floats:
    """Between 50 and 20,000 km a month: 20,000 is a taxi in three shifts."""
    return np.clip(km_per_month, MIN_KM_PER_MONTH, MAX_KM_PER_MONTH)


def rates(readings: Readings, clock: Floats, first: Ints, until: Ints) -> tuple[Floats, Floats]:
    """ln(km a month) of each car, in the long run and of late, from its readings up to `until`.

    readings: credible, one a day; clock: along them the days of the season's clock. first, until: of each
    car the positions of two of its readings; until is below first where there is none. NaN where they lie
    less than 30 days apart.

    A rate is the mean of the km of each day, a day weighing 0.5^(its age / half-life), its age counted back
    from `until`; the half-life is 180 days for the long-term rate and 30 for the recent one.
    """
    count = len(first)
    car, day, km = readings.car, clock, readings.km
    step = np.flatnonzero((car[1:] == car[:-1]) & (np.arange(1, len(car)) <= until[car[1:]]))
    of, days = car[step], day[step + 1] - day[step]
    a_day, age = (km[step + 1] - km[step]) / days, day[until[of]] - day[step + 1]
    seen = np.bincount(of, days, count) >= MIN_SPAN_DAYS

    def mean(half_life: float) -> Floats:
        weight = np.exp2(-age / half_life) * -np.expm1(-np.log(2) * days / half_life)
        total = np.where(seen, np.bincount(of, weight, count), 1.0)
        found = bounded(np.bincount(of, weight * a_day, count) / total * DAYS_PER_MONTH)
        return np.where(seen, np.log(found), np.nan)

    return mean(LONG_TERM_DAYS), mean(RECENT_DAYS)


def turns(readings: Readings, clock: Floats, first: Ints, last: Ints) -> tuple[Floats, Floats]:
    """What recent km told of those that came next; cars x TURNS, the latest first; NaN where there is none.

    ln(recent rate / long-term rate) as both were at the latest reading that lies 90 days or more before
    the last, and ln(rate from there to the last / the long-term rate as it was); then from there back.
    """
    car, day, km = readings.car, readings.day.astype("int64"), readings.km
    apart, turned = (np.full((len(first), TURNS), np.nan) for _ in range(2))
    until = last
    for turn in range(TURNS):
        known = until >= first
        before = known[car] & (day <= day[until[car]] - NEXT_DAYS)
        then = first - 1 + np.bincount(car[before], minlength=len(first))
        long_term, recent = rates(readings, clock, first, then)
        told = np.flatnonzero(~np.isnan(long_term))
        one, two = then[told], until[told]
        since = bounded((km[two] - km[one]) / (clock[two] - clock[one]) * DAYS_PER_MONTH)
        apart[:, turn] = recent - long_term
        turned[told, turn] = np.log(since) - long_term[told]
        until = then
    return apart, turned


def lean(apart: Floats, turned: Floats) -> float:
    """How far the km that come lie from the long-term rate (0) to the recent one (1), learnt from a fleet.

    apart, turned: from `turns`. The slope of turned on apart through 0, of which those further off than
    FAR count less (Huber), and DEFAULT_TURNS more, as far apart as these, that did not turn at all.
    """
    known = np.abs(np.nan_to_num(apart)) > 1e-9  # both rates of two readings are the same: they say nothing
    x, y = apart[known], turned[known]
    if not len(x):
        return 0.0
    share, default = 0.0, DEFAULT_TURNS * np.mean(x**2)
    for _ in range(ROUNDS):
        weight = x / np.maximum(1.0, np.abs(y - share * x) / FAR)
        share = float(np.sum(weight * y) / (np.sum(weight * x) + default))
    return min(max(share, 0.0), 1.0)
