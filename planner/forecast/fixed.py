"""Fixed calendars: days on which a service falls due, whenever it was done the last time.

The days of a calendar are numbered. All arrays run along the cars.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from planner.dates import SEASONS, Days, add_months, months_between
from planner.forecast.screen import Ints

# Whoever comes up to so many days before a day has done it. No combined visit is earlier than that.
EARLY_DAYS = 90


@dataclass(frozen=True, slots=True)
class ByLaw:
    """The purchase, number 0, then `first` months later, then every `months`."""

    bought: Days
    first: Ints
    months: Ints

    def __getitem__(self, rows: Ints) -> Self:
        return type(self)(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def day(self, number: Ints) -> Days:
        months = np.where(number > 0, self.first + (number - 1) * self.months, 0)
        return add_months(self.bought, months)

    def last(self, day: Days) -> Ints:
        """The number of the last day up to this one."""
        passed = months_between(self.bought, day)
        return np.where(passed < self.first, 0, 1 + (passed - self.first) // self.months)

    def outstanding(self, done: Days, as_of: Days) -> Ints:
        """Overdue until the next one falls due: what is asked by law does not lapse."""
        return np.maximum(np.maximum(self.last(as_of), 1), _fulfilled(self, done) + 1)


@dataclass(frozen=True, slots=True)
class Seasons:
    """1 April and 15 October of every year; number 0 is 1 April of the year 0."""

    bought: Days

    def __getitem__(self, rows: Ints) -> Self:
        return type(self)(self.bought[rows])

    def day(self, number: Ints) -> Days:
        year, half = np.divmod(number, 2)
        month = np.array([month for month, _ in SEASONS])[half]
        day = np.array([day for _, day in SEASONS])[half]
        first = (12 * (year - 1970) + month - 1).astype("datetime64[M]").astype("datetime64[D]")
        return np.asarray(first + (day - 1).astype("timedelta64[D]"))

    def last(self, day: Days) -> Ints:
        """The number of the last day up to this one."""
        year = day.astype("datetime64[Y]").astype("int64") + 1970
        begun = [np.less_equal(self.day(2 * year + half), day) for half in range(2)]
        return np.asarray(2 * year - 1 + begun[0] + begun[1])

    def outstanding(self, done: Days, as_of: Days) -> Ints:
        """Until it is nearly time for the next: nobody puts on summer tyres in September."""
        current = np.maximum(_turn(self, as_of), self.last(self.bought) + 1)
        return np.maximum(current, _fulfilled(self, done) + 1)


def _turn(calendar: ByLaw | Seasons, day: Days) -> Ints:
    """The number that a visit on this day fulfils: the next if that is near, else the last."""
    last = calendar.last(day)
    begins, ends = calendar.day(last), calendar.day(last + 1)
    early = np.minimum((ends - begins).astype("float64") / 2, EARLY_DAYS)
    return np.asarray(last + ((ends - day).astype("float64") <= early))


def _fulfilled(calendar: ByLaw | Seasons, done: Days) -> Ints:
    """The number that was fulfilled on the day it was last done; below all others if it never was."""
    never = np.isnat(done)
    return np.where(never, -1, _turn(calendar, np.where(never, calendar.bought, done)))
