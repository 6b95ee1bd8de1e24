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
    """True usage: a rate per driver, a factor per year of ownership, and a season that all share.

    `clock`: by day from `first_day` on, the months driven by a car of one km a month. `year_starts`: days
    from purchase to each year of ownership; `year_begins`: car x year, what the clock shows then.
    """

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
        self.factor = np.exp(rng.normal(0, number("usage_within_driver"), (count, years)))
        self.first_day = cars.bought_on.min()
        grid = np.arange(self.first_day, np.datetime64(end, "D") + BEYOND_DAYS)
        season = np.array(profile("usage_by_month"))
        month = grid.astype("datetime64[M]").astype("int64") % 12
        # Months driven since the first day, by a car of one km a month: the clock that all cars share.
        self.clock = np.concatenate([[0.0], np.cumsum(season[month] / season.mean() / DAYS_PER_MONTH)])
        self.year_starts = np.rint(365.25 * np.arange(years)).astype("int64")
        self.bought = (cars.bought_on - self.first_day).astype("int64")
        starts = np.minimum(self.bought[:, None] + self.year_starts, len(self.clock) - 1)
        self.year_begins = self.clock[starts]
        step = np.diff(self.year_begins, axis=1) * self.factor[:, :-1]
        self.driven = np.concatenate([np.zeros((count, 1)), np.cumsum(step, axis=1)], axis=1)

    def km(self, car: Ints, day: Days) -> Floats:
        """Km that each car has driven from its purchase to the day."""
        at = (day - self.first_day).astype("int64")
        year = np.searchsorted(self.year_starts, at - self.bought[car], side="right") - 1
        months = self.driven[car, year] + self.factor[car, year] * (
            self.clock[at] - self.year_begins[car, year]
        )
        return np.asarray(self.km_per_month[car] * months, dtype="float64")

    def day(self, car: Ints, km: npt.NDArray[np.float64]) -> Days:
        """The day on which each car has driven so many km since its purchase, if before the clock ends."""
        months = km / self.km_per_month[car]
        year = (self.driven[car] <= months[:, None]).sum(axis=1) - 1
        clock = self.year_begins[car, year] + (months - self.driven[car, year]) / self.factor[car, year]
        day: Days = self.first_day + np.minimum(np.searchsorted(self.clock, clock), len(self.clock) - 1)
        return day
