"""Drivers: what readings say of one, and what a fleet says of those of whom little is known."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.dates import DAYS_PER_MONTH
from planner.forecast.intervals import plain
from planner.forecast.rates import MIN_SPAN_DAYS, bounded, lean, rates, turns
from planner.forecast.screen import Bools, Floats, Ints, Readings

# Spread of ln(km a month): between drivers, and of the yearly km of one driver.
BETWEEN_DRIVERS = 0.45
WITHIN_DRIVER = 0.2
LEAST_BETWEEN, LEAST_WITHIN = 0.1, 0.05  # nobody states his km to the percent, or drives like a clock

STEADY_DAYS = 90  # readings so far apart show how steady a driver is
OWN_INTERVALS = 4  # of a driver himself weigh as much as the fleet does; more of one do not teach the fleet
DEFAULT_INTERVALS = 30  # of a fleet weigh as much as the default does
LONG_DAYS = 180  # cars observed so long show how far drivers lie from what was known before
DEFAULT_CARS = 30  # ... and so many of them weigh as much as the default does

ENOUGH_CARS = 8  # for a model or a fleet to speak
RECENT_RATES = 5_000  # of earlier months, the latest so many teach a past month

Texts = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Observed:
    """What the readings of each car say; arrays of the same length."""

    km_per_month: Floats  # in the long run; NaN: no two readings 30 days apart
    recent: Floats  # ln(rate of late / that)
    span_days: Floats  # from the first reading to the last; 0 where there is no rate
    unrest: Floats  # sum of the squares of ln(rate of an interval / own rate), scaled to years
    freedom: Floats  # intervals that make it, less one; 0 for none
    apart: Floats  # cars x rates.TURNS: `recent` as it was at earlier readings; NaN: unknown
    turned: Floats  # along it: ln(rate from then on / km_per_month as it was then)

    def __getitem__(self, rows: Ints) -> Observed:
        return Observed(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known of each car without its readings; `between` and `within` are spreads of ln."""

    km_per_month: Floats
    source: Texts  # declared, model, fleet, default
    between: Floats  # of drivers around km_per_month
    within: Floats  # of the yearly km of a driver of this fleet
    lean: Floats  # how far its km that come lie from the long-term rate (0) to the recent one (1)


def years_spread(days: Floats) -> Floats:
    """How much more ln(mean rate over so many days) spreads than that over a year: (365 / days)^(1/4).

    Independent days would give the power 1/2, a rate that drifts freely less than 0. Source: the
    adjoining windows of 30 to 365 days in the logs of private drivers, where it is about 0.2.
    """
    return np.asarray((365.0 / days) ** 0.25)


def observe(readings: Readings, clock: Floats, count: int) -> Observed:
    """The rates of each of `count` cars and how steady they were.

    readings: credible, one a day; clock: along them the days of the season's clock.

    For the rates, now and as they were, see rates.rates and rates.turns.

    Unrest compares readings about a quarter apart: of each 90 days from the first reading on the first
    one, where 30 days or more lie between. Under a spread of s a year ln(rate) of d days has the
    variance s^2 sqrt(365 / d), so that unrest / freedom estimates s^2.
    """
    car, day, km = readings.car, readings.day.astype("int64"), readings.km
    size = np.bincount(car, minlength=count)
    first = np.cumsum(size) - size
    last = first + size - 1
    long_term, recent = rates(readings, clock, first, last)
    span = np.zeros(count)
    some = np.flatnonzero(size > 1)
    span[some] = day[last[some]] - day[first[some]]
    apart, turned = turns(readings, clock, first, last)

    quarter = (day - day[first[car]]) // STEADY_DAYS if len(day) else day
    opens = np.flatnonzero((np.diff(car, prepend=-1) != 0) | (np.diff(quarter, prepend=-1) != 0))
    car, day, km, clock = car[opens], day[opens], km[opens], clock[opens]
    step = np.flatnonzero((car[1:] == car[:-1]) & (np.diff(day) >= MIN_SPAN_DAYS))
    of, driven, days = car[step], np.diff(km)[step], np.diff(clock)[step]
    said = np.log(bounded(driven / days * DAYS_PER_MONTH))
    sure = years_spread(days) ** -2
    total = np.bincount(of, sure, count)
    mean = np.bincount(of, sure * said, count) / np.where(total > 0, total, 1.0)
    return Observed(
        km_per_month=np.exp(long_term),
        recent=recent - long_term,
        span_days=np.where(span >= MIN_SPAN_DAYS, span, 0.0),
        unrest=np.asarray(np.bincount(of, sure * (said - mean[of]) ** 2, count), dtype="float64"),
        freedom=np.maximum(np.bincount(of, minlength=count) - 1.0, 0.0),
        apart=apart,
        turned=turned,
    )


def own_spread(observed: Observed, within: Floats) -> Floats:
    """The spread of the yearly km of each driver: his own, shrunk to that of the fleet."""
    squares = OWN_INTERVALS * within**2 + observed.unrest
    return np.sqrt(squares / (OWN_INTERVALS + observed.freedom))


def prior_of(
    vehicles: pd.DataFrame,
    stated: Floats,
    observed: Observed,
    default_km_per_month: float,
    month: Ints | None,
) -> Prior:
    """What is known of each car before its readings are asked; see usage.estimate.

    Where rows are cars in different months, each learns from the rows of earlier months only.
    """
    count = len(vehicles)
    make, _ = pd.factorize(plain(vehicles["make"]))
    model, names = pd.factorize(plain(vehicles["model"]))
    named = np.asarray(names != "", dtype=bool)[model] if count else np.zeros(0, dtype=bool)
    which = np.where(named, make * len(names) + model, -1)
    km, source = np.full(count, np.nan), np.full(count, "", dtype=object)
    between, within, leans = (np.full(count, np.nan) for _ in range(3))
    default = float(bounded(np.array(default_km_per_month)))
    declared = ~np.isnan(stated)

    def ask(rows: Ints, past: Ints, *, among: bool) -> None:
        """Fill the rows from those of the past; among: they are the same, and no car speaks for itself."""
        seen = observed.km_per_month[past]
        own = seen if among else None
        of_model = median_of_others(seen, which[past], which[rows], own)
        nobody = np.zeros(len(rows), dtype="int64")
        of_fleet = median_of_others(seen, np.zeros(len(past), dtype="int64"), nobody, own)
        km[rows], source[rows] = default, "default"
        known = (("fleet", of_fleet), ("model", np.where(which[rows] < 0, np.nan, of_model)))
        for whence, rate in (*known, ("declared", stated[rows])):
            there = rows[~np.isnan(rate)]
            km[there], source[there] = rate[~np.isnan(rate)], whence
        within[rows] = fleet_spread(observed[past])
        leans[rows] = lean(observed.apart[past], observed.turned[past])
        for kind in (True, False):
            alike = past[declared[past] == kind]
            off = np.log(observed.km_per_month[alike] / km[alike])
            spread = between_spread(off, observed.span_days[alike], within[rows[0]])
            between[rows[declared[rows] == kind]] = spread

    if month is None:
        everyone = np.arange(count)
        if count:
            ask(everyone, everyone, among=True)
        return Prior(km, source, between, within, leans)
    order = np.argsort(month, kind="stable")
    months = month[order]
    for rows in np.split(order, np.flatnonzero(np.diff(months)) + 1) if count else ():
        past = order[: np.searchsorted(months, month[rows[0]], side="left")]
        ask(rows, past[observed.span_days[past] > 0][-RECENT_RATES:], among=False)
    return Prior(km, source, between, within, leans)


def fleet_spread(observed: Observed) -> float:
    """The spread of the yearly km of a driver: pooled over the fleet, each driver for 4 intervals at most."""
    freedom = np.minimum(observed.freedom, OWN_INTERVALS)
    unrest = observed.unrest * freedom / np.maximum(observed.freedom, 1.0)
    squares = DEFAULT_INTERVALS * WITHIN_DRIVER**2 + unrest.sum()
    return max(LEAST_WITHIN, float(np.sqrt(squares / (DEFAULT_INTERVALS + freedom.sum()))))


def between_spread(off: Floats, span_days: Floats, within: float) -> float:
    """The spread of drivers around what was known of them, from ln(observed rate / that).

    The median of |off| of a normal distribution is 0.6745 spreads; what short observation adds is taken
    off. Cars observed for half a year or more, from 8 of them on; 30 weigh as much as the default.
    """
    long = span_days >= LONG_DAYS
    count = np.count_nonzero(long)
    if count < ENOUGH_CARS:
        return BETWEEN_DRIVERS
    added = within**2 * np.median(years_spread(span_days[long]) ** 2)
    square = max(0.0, float((np.median(np.abs(off[long])) / 0.6745) ** 2 - added))
    pooled = (DEFAULT_CARS * BETWEEN_DRIVERS**2 + count * square) / (DEFAULT_CARS + count)
    return max(LEAST_BETWEEN, float(np.sqrt(pooled)))


def median_of_others(seen: Floats, group: Ints, of: Ints, own: Floats | None) -> Floats:
    """Of each row the median of what was seen in its group `of`; NaN where fewer than 8 others were.

    own: the value of the row itself among `seen` (the rows then are the same), which is left out.
    """
    known: Bools = ~np.isnan(seen)
    at = np.flatnonzero(known)
    at = at[np.lexsort((seen[at], group[at]))]
    values, groups = seen[at], group[at]
    start = np.searchsorted(groups, of, side="left")
    size = np.searchsorted(groups, of, side="right") - start
    place = np.full(len(of), len(seen))
    if own is not None:
        place[at] = np.arange(len(at)) - start[at]
        size = size - known
    low, high = (size - 1) // 2, size // 2
    enough = size >= ENOUGH_CARS
    ends = (np.where(enough, start + middle + (middle >= place), 0) for middle in (low, high))
    if not len(values):
        return np.full(len(of), np.nan)
    left, right = (values[end] for end in ends)
    return np.where(enough, (left + right) / 2, np.nan)
