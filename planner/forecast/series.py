"""Series: the days on which a kind of service falls due, one after the other, for many cars at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from planner.dates import NO_DAY, Days, add_months, months_between
from planner.forecast.fixed import ByLaw, Seasons
from planner.forecast.intervals import PURCHASE, SEASON, Rule
from planner.forecast.screen import Bools, Floats, Ints
from planner.forecast.usage import Usage


@dataclass(frozen=True, slots=True)
class Time:
    """One time of a service, of each car that is still being projected."""

    row: Ints  # of the series
    car: Ints
    due: Days
    by_km: Bools
    origin: Days  # months are counted from here, so that the 31st stays the 31st
    counted: Floats  # ... and so many; of a fixed calendar the number of its day

    def __getitem__(self, rows: Bools) -> Self:
        return type(self)(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True, slots=True)
class Counted:
    """Counted from the last time it was done, else from the purchase: the first of months and km."""

    car: Ints
    months: Floats
    km: Floats
    first_months: Floats
    bought: Days
    done: Days
    usage: Usage

    def first(self, as_of: np.datetime64) -> Time:
        """The outstanding one, as in maintenance: a missed interval leaves the last of the series."""
        never = np.isnat(self.done)
        start = np.where(never, self.bought, self.done)
        months = np.where(never, self.first_months, self.months)
        passed = months_between(start, as_of)
        missed = np.maximum(passed - months, 0) // self.months
        by_km = np.where(missed > 0, NO_DAY, self.usage.day_after(self.car, start, self.km))
        return self._time(np.arange(len(self.car)), start, months + missed * self.months, by_km)

    def following(self, time: Time, done: Days) -> Time:
        """The one after it, if it is done on that day; due days only go forward."""
        row = time.row
        punctual = (done == time.due) & ~time.by_km
        origin = np.where(punctual, time.origin, done)
        counted = np.where(punctual, time.counted, 0) + self.months[row]
        made = self._time(row, origin, counted, self.usage.day_at_rate(time.car, done, self.km[row]))
        behind = ~(made.due > time.due) & (done < time.due)
        if not behind.any():
            return made
        return self.following(time, np.where(behind, time.due, done))

    def _time(self, row: Ints, origin: Days, counted: Floats, by_km: Days) -> Time:
        by_time = np.where(np.isnan(counted), NO_DAY, add_months(origin, np.nan_to_num(counted)))
        km_first = ~(by_time <= by_km) & ~np.isnat(by_km)
        return Time(row, self.car[row], np.fmin(by_time, by_km), km_first, origin, counted)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A calendar that does not move."""

    car: Ints
    calendar: ByLaw | Seasons
    done: Days

    def first(self, as_of: np.datetime64) -> Time:
        """The outstanding one: the last day that has passed if it was not done, else the next."""
        number = self.calendar.outstanding(self.done, np.full(len(self.car), as_of))
        return self._time(np.arange(len(self.car)), number)

    def following(self, time: Time, done: Days) -> Time:
        """The one after it, whenever it is done."""
        return self._time(time.row, time.counted.astype("int64") + 1)

    def _time(self, row: Ints, number: Ints) -> Time:
        due = self.calendar[row].day(number)
        return Time(row, self.car[row], due, np.zeros(len(row), dtype=bool), due, number.astype("float64"))


def series_of(rule: Rule, done: Days, bought: Days, new: Bools, usage: Usage) -> Iterator[Counted | Fixed]:
    """The cars of a rule by what it is counted from; done, bought and new run along the rule.

    The law counts from the first registration, which is known of cars bought new only: a used car is
    counted from its last time here, else from the purchase, and has no longer first interval.
    """
    by_season = rule.counted_from == SEASON
    by_law = (rule.counted_from == PURCHASE) & new
    counted = ~by_season & ~by_law
    if by_season.any():
        yield Fixed(rule.car[by_season], Seasons(bought[by_season]), done[by_season])
    if by_law.any():
        first, months = rule.first_months[by_law].astype("int64"), rule.months[by_law].astype("int64")
        yield Fixed(rule.car[by_law], ByLaw(bought[by_law], first, months), done[by_law])
    if counted.any():
        yield Counted(
            rule.car[counted],
            rule.months[counted],
            rule.km[counted],
            np.where(new, rule.first_months, rule.months)[counted],
            bought[counted],
            done[counted],
            usage,
        )
