"""Usage: how many km a car drives, from its readings and from what is known of cars like it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.dates import DAYS_PER_MONTH, LAST_DAY, NO_DAY, Days, days
from planner.forecast.drivers import observe, own_spread, prior_of, years_spread
from planner.forecast.rates import bounded
from planner.forecast.screen import Bools, Floats, Ints, Readings, one_a_day, too_fast
from planner.forecast.season import NO_SEASON, Season, seasons

OBSERVED_FROM = 0.5  # weight from which a rate is called observed
SHORTEST_DAYS = 30.0  # ahead: the rate of fewer days spreads no more

USED_FROM_KM = 5_000.0  # a blank condition with more than that at purchase is a used car
NEW_KM_PER_MONTH = 4_000.0  # fewer than 1 in 100 private cars drive more (2.6 spreads over 1,250)

_STRIDE = 4_000_000  # more than the days of the calendar
_KM_STRIDE = 1e7  # more than any odometer


@dataclass(frozen=True, slots=True)
class Usage:
    """Credible readings and the rate of each car; the odometer of any day follows from them."""

    readings: Readings  # credible, one a day; a car bought new starts with 0 km
    km_per_month: Floats
    level_spread: Floats  # of ln(km_per_month), were the driver to go on for ever
    own_spread: Floats  # of ln(km in a year) from year to year
    weight: Floats  # of the observed rate, 0 to 1
    source: npt.NDArray[np.object_]  # planner.tables.RATE_SOURCES
    season: Season = NO_SEASON

    @property
    def km_per_day(self) -> Floats:
        return self.km_per_month / DAYS_PER_MONTH

    @property
    def spread(self) -> Floats:
        """Of ln(km driven in the year ahead)."""
        return np.hypot(self.level_spread, self.own_spread)

    def spread_ahead(self, car: Ints, days: Floats) -> Floats:
        """Of ln(km driven in so many days ahead, or of the days that so many km take); below 30 as of 30."""
        drift = self.own_spread[car] * years_spread(np.maximum(days, SHORTEST_DAYS))
        return np.asarray(np.hypot(self.level_spread[car], drift))

    def wait_spread(self, car: Ints, start: Days, due: Days) -> Floats:
        """Of ln(days from start to due), where due is the day on which so many km are driven.

        Unsure are the days after the last reading: with one shortly before, the day is nearly known.
        """
        ahead = np.maximum((due - self.last_day(car, start)).astype("float64"), 0.0)
        return np.asarray(self.spread_ahead(car, ahead) * ahead / (due - start).astype("float64"))

    def km_on(self, car: Ints, day: Days) -> Floats:
        """The odometer on a day: between readings on the straight line of the season, outside by the rate.

        NaN where the car has no reading at all; never below 0.
        """
        known, start, end = self.readings, *self._bounds(car)
        if not len(known):
            return np.full(len(car), np.nan)
        when = known.car * _STRIDE + known.day.astype("int64")
        after = np.searchsorted(when, car * _STRIDE + day.astype("int64"), side="right")
        left = np.clip(np.maximum(after - 1, start), 0, len(known) - 1)
        right = np.clip(np.minimum(after, end - 1), 0, len(known) - 1)
        rate = self.km_per_day[car]
        inside = (after > start) & (after < end)
        began, ended = (self.season.bend(car, known.day[at]) for at in (left, right))
        slope = np.where(
            inside, (known.km[right] - known.km[left]) / np.where(inside, ended - began, 1), rate
        )
        km = known.km[left] + slope * (self.season.bend(car, day) - began)
        return np.where((start < end) & ~np.isnat(day), np.maximum(km, 0.0), np.nan)

    def day_reached(self, car: Ints, km: Floats) -> Days:
        """The first day on which the odometer shows so many km: the reverse of km_on.

        NaT where the car has no reading, where km is NaN, and after the end of the calendar.
        """
        known, start, end = self.readings, *self._bounds(car)
        if not len(known):
            return np.full(len(car), NO_DAY)
        sought = np.clip(np.nan_to_num(km), 0, _KM_STRIDE * 0.9)
        first = np.searchsorted(known.car * _KM_STRIDE + known.km, car * _KM_STRIDE + sought, side="left")
        right = np.clip(np.minimum(first, end - 1), 0, len(known) - 1)
        left = np.clip(np.maximum(first - 1, start), 0, len(known) - 1)
        inside = (first > start) & (first < end)
        began, ended = (self.season.bend(car, known.day[at]) for at in (left, right))
        driven = np.where(inside, known.km[right] - known.km[left], 1.0)
        pace = np.where(inside, (ended - began) / driven, 1 / self.km_per_day[car])
        wait = np.where(start < end, (km - known.km[left]) * pace, np.nan)
        return self._day(car, known.day[left], began + wait)

    def day_after(self, car: Ints, day: Days, km: Floats) -> Days:
        """The day on which the car has driven so many km since a day. NaT where km is NaN."""
        by_odometer = self.day_reached(car, self.km_on(car, day) + km)
        start, end = self._bounds(car)
        return np.where(start < end, by_odometer, self.day_at_rate(car, day, km))

    def day_at_rate(self, car: Ints, day: Days, km: Floats) -> Days:
        """The day on which the car will have driven so many km since a day, by its rate alone."""
        return self._day(car, day, self.season.bend(car, day) + km / self.km_per_day[car])

    def _day(self, car: Ints, start: Days, clock: Floats) -> Days:
        """The day on which the season's clock shows so many days, in whole days from start on."""
        real = self.season.straight(car, clock)
        return plus_days(start, real - start.astype("int64"))

    def last_day(self, car: Ints, start: Days) -> Days:
        """The day of the last reading, or `start` where that is later or there is none."""
        first, end = self._bounds(car)
        if not len(self.readings):
            return start
        last = self.readings.day[np.maximum(end - 1, 0)]
        return np.where(first < end, np.maximum(last, start), start)

    def _bounds(self, car: Ints) -> tuple[Ints, Ints]:
        known = self.readings.car
        return np.searchsorted(known, car, side="left"), np.searchsorted(known, car, side="right")


def plus_days(day: Days, wait: Floats) -> Days:
    """`day` and so many days, part days rounded up. NaN and what lies after 9999-12-31 give NaT."""
    room = (np.datetime64(LAST_DAY) - day).astype("float64")
    whole = np.ceil(wait - 1e-6)  # an odometer that shows 14,999.9999 km shows 15,000
    fits = ~np.isnat(day) & (whole <= room)
    return np.where(fits, day + np.where(fits, whole, 0).astype("timedelta64[D]"), NO_DAY)


def was_new(vehicles: pd.DataFrame) -> Bools:
    """Was the car new when bought? A blank condition means used above 5,000 km, else new."""
    condition = vehicles["condition"].astype("str").fillna("")
    used = (condition == "used") | ((condition == "") & (vehicles["odometer_at_purchase_km"] > USED_FROM_KM))
    return ~used.to_numpy(dtype=bool)


def stated_km_per_month(vehicles: pd.DataFrame) -> Floats:
    """What the customer says he drives, within bounds; NaN where he says nothing or 0."""
    stated = vehicles["monthly_km"].to_numpy(dtype="float64", na_value=np.nan)
    return bounded(np.where(stated > 0, stated, np.nan))


def with_start(vehicles: pd.DataFrame, readings: Readings) -> Readings:
    """The credible readings, one a day, and 0 km on the day of purchase for a car bought new.

    Only where no reading of that day is there and the first one that is can be believed from 0: at
    NEW_KM_PER_MONTH where the condition is blank, at the speed of a car where it says new.
    """
    readings = one_a_day(readings)
    cars = np.arange(len(vehicles))
    bought = days(vehicles["purchased_on"])
    first = np.searchsorted(readings.car, cars, side="left")
    found = first < np.searchsorted(readings.car, cars, side="right")
    at = np.where(found, first, 0)
    day = np.where(found, readings.day[at] if len(readings) else NO_DAY, bought)
    km = np.where(found, readings.km[at] if len(readings) else 0.0, 0.0)
    owned = (day - bought).astype("float64")
    stated = (vehicles["condition"].astype("str") == "new").to_numpy(dtype=bool)
    quick = too_fast(km, owned) | (~stated & (km > owned * NEW_KM_PER_MONTH / DAYS_PER_MONTH + 500))
    add = np.flatnonzero(was_new(vehicles) & ~quick & ~(found & (owned <= 0)))
    at = first[add]
    return Readings(
        np.insert(readings.car, at, add),
        np.insert(readings.day, at, bought[add]),
        np.insert(readings.km, at, 0.0),
        np.insert(readings.source, at, 0),
    )


def estimate(
    vehicles: pd.DataFrame, readings: Readings, default_km_per_month: float, month: Ints | None = None
) -> Usage:
    """The rate of each car, shrunk on the log scale from what was observed to what is known before.

    vehicles: make, model, monthly_km; readings: credible, one a day. month: where the rows are cars as
    they were in different months: they then learn from the rows of earlier months only.

    w = s0^2 / (s0^2 + s^2 sqrt(365 / days)), rate = exp(w ln observed + (1 - w) ln prior);
    observed = exp((1 - b) ln(long-term rate) + b ln(recent rate)), see rates.rates, b as rates.lean has it
    learnt from the fleet; prior = what the customer states,
    else the median observed rate of the make and model, else of the fleet (8 other cars or more each),
    else the default of the settings. s0 is the spread of drivers around that prior, s that of the yearly
    km of this one. The source is "observed" where w is at least a half, else that of the prior.

    Source: the shape after design section 3; s0 = 0.45 from there and s = 0.2 from the logs of private
    drivers are the defaults to which what the fleet shows is shrunk.
    """
    season = seasons(vehicles["vehicle_id"], readings, month)
    clock = season.bend(readings.car, readings.day)
    observed = observe(readings, clock, len(vehicles))
    prior = prior_of(vehicles, stated_km_per_month(vehicles), observed, default_km_per_month, month)
    seen = observed.span_days > 0
    own = own_spread(observed, prior.within)
    unsure = (own * years_spread(np.where(seen, observed.span_days, 365.0))) ** 2
    weight = np.where(seen, prior.between**2 / (prior.between**2 + unsure), 0.0)
    before = np.log(prior.km_per_month)
    rate = np.where(seen, np.log(observed.km_per_month) + prior.lean * observed.recent, before)
    return Usage(
        readings=readings,
        km_per_month=np.exp(before + weight * (rate - before)),
        level_spread=prior.between * np.sqrt(1 - weight),
        own_spread=own,
        weight=weight,
        source=np.where(weight >= OBSERVED_FROM, "observed", prior.source),
        season=season,
    )
