"""How many km a car has driven on a day, and on which day it will have driven so many."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from planner.dates import DAYS_PER_MONTH
from planner.sample.assumptions import number, profile
from planner.sample.draw import Days, Floats, Ints, generator
from planner.sample.households import Households

BEYOND_DAYS = 800  # how far past the end a day is looked for; the last year's usage goes on


class Driving:
    """True usage: a rate per driver, a factor per year of ownership, and a season that all share."""

    def __init__(self, cars: Households, seed: int, end: date) -> None:
        rng = generator(seed, "driving")
        count = len(cars.bought_on)
        years = int(number("purchase_years")) + 1
        company = cars.company[cars.household]
        self.km_per_month: Floats = (
            number("km_per_month")
            * np.exp(rng.normal(0, number("usage_between_drivers"), count))
            * np.where(company, number("fleet_usage"), 1)
        )
        self._factor = np.exp(rng.normal(0, number("usage_within_driver"), (count, years)))
        self._first_day = cars.bought_on.min()
        grid = np.arange(self._first_day, np.datetime64(end, "D") + BEYOND_DAYS)
        season = np.array(profile("usage_by_month"))
        month = grid.astype("datetime64[M]").astype("int64") % 12
        # Months driven since the first day, by a car of one km a month: the clock that all cars share.
        self._clock = np.concatenate([[0.0], np.cumsum(season[month] / season.mean() / DAYS_PER_MONTH)])
        self._year_starts = np.rint(365.25 * np.arange(years)).astype("int64")
        self._bought = (cars.bought_on - self._first_day).astype("int64")
        starts = np.minimum(self._bought[:, None] + self._year_starts, len(self._clock) - 1)
        self._start = self._clock[starts]
        step = np.diff(self._start, axis=1) * self._factor[:, :-1]
        self._driven = np.concatenate([np.zeros((count, 1)), np.cumsum(step, axis=1)], axis=1)

    def km(self, car: Ints, day: Days) -> Floats:
        """Km that each car has driven from its purchase to the day."""
        at = (day - self._first_day).astype("int64")
        year = np.searchsorted(self._year_starts, at - self._bought[car], side="right") - 1
        months = self._driven[car, year] + self._factor[car, year] * (
            self._clock[at] - self._start[car, year]
        )
        return np.asarray(self.km_per_month[car] * months, dtype="float64")

    def day(self, car: Ints, km: npt.NDArray[np.float64]) -> Days:
        """The day on which each car has driven so many km since its purchase, if before the clock ends."""
        months = km / self.km_per_month[car]
        year = (self._driven[car] <= months[:, None]).sum(axis=1) - 1
        clock = self._start[car, year] + (months - self._driven[car, year]) / self._factor[car, year]
        day: Days = self._first_day + np.minimum(np.searchsorted(self._clock, clock), len(self._clock) - 1)
        return day
