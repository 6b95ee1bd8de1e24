"""Services done: which service each past maintenance visit fulfilled.

Service numbers count intervals, not visits, and only in months: they do not depend on the estimated
usage, so that a service keeps its number when the rate changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.dates import Days, months_between
from planner.forecast.screen import Ints


@dataclass(frozen=True, slots=True)
class Services:
    """Past maintenance visits, sorted by car and day, one a day, with the service each fulfilled."""

    car: Ints
    day: Days
    number: Ints
    since: Days  # the maintenance visit before, else the purchase
    intervals: Ints  # whole intervals since then, at least 1

    def anchors(self, purchased_on: Days) -> tuple[Days, Ints]:
        """Of each car the last maintenance visit and its number, else the purchase and 0."""
        day, number = purchased_on.copy(), np.zeros(len(purchased_on), dtype="int64")
        day[self.car], number[self.car] = self.day, self.number  # the last one of a car stands
        return day, number


def services_done(car: Ints, day: Days, purchased_on: Days, months: Ints) -> Services:
    """Number the maintenance visits: number before + max(1, whole intervals passed since).

    car, day: maintenance visits in any order; those up to the day of purchase do not count.
    purchased_on, months: of each car.
    """
    after = day > purchased_on[car]
    order = np.lexsort((day[after], car[after]))
    car, day = car[after][order], day[after][order]
    new = np.ones(len(car), dtype=bool)
    new[1:] = (car[1:] != car[:-1]) | (day[1:] != day[:-1])
    car, day = car[new], day[new]
    first = np.ones(len(car), dtype=bool)
    first[1:] = car[1:] != car[:-1]
    since = np.where(first, purchased_on[car], np.roll(day, 1))
    intervals = np.maximum(1, months_between(since, day) // months[car])
    total = np.cumsum(intervals)
    before_car = np.maximum.accumulate(np.where(first, total - intervals, 0)) if len(car) else total
    return Services(car, day, total - before_car, since, intervals)
