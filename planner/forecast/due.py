"""Due: when the next services fall due, by months or km, whichever comes first.

Service numbers count intervals, not visits, and only in months: they do not depend on the estimated
usage, so that a service keeps its number when the rate changes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from planner.dates import DAYS_PER_MONTH, LAST_DAY, NO_DAY, Days, add_months, months_between
from planner.forecast.expected import Habit, quantile
from planner.forecast.screen import Bools, Floats, Ints
from planner.forecast.usage import Usage, plus_days

LAPSED_MONTHS = 1


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


def lateness(done: Services, usage: Usage, months: Ints, km: Floats, recorded_since: np.datetime64) -> Floats:
    """Days from the then-due day to each past maintenance visit; early is negative.

    Visits after a missed interval are left out: nobody knows what was done elsewhere in between; so are
    waits that began before `recorded_since`, the first visit on record: of those only the ends that fell
    into the records are seen, the late ones first. The km limit is read from the odometers as they
    went, not from the rate of that time.
    """
    once = (done.intervals == 1) & (done.since >= recorded_since)
    car, since = done.car[once], done.since[once]
    by_time = add_months(since, months[car])
    by_km = usage.day_after(car, since, km[car])
    due = np.fmin(by_time, by_km)
    days_late = (done.day[once] - due).astype("float64")
    return np.asarray(days_late[~np.isnat(due)])


@dataclass(frozen=True, slots=True)
class _Next:
    """The next service of each car that is still being projected."""

    car: Ints
    number: Ints
    start: Days  # counted from here: the service before, done or expected
    by_time: Days
    by_km: Days
    origin: Days  # months are counted from here, so that the 31st stays the 31st
    months: Ints  # ... and so many
    lapsed: Bools

    def __getitem__(self, rows: Bools) -> _Next:
        return _Next(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    @property
    def due(self) -> Days:
        return np.asarray(np.fmin(self.by_time, self.by_km))

    @property
    def km_first(self) -> Bools:
        return np.asarray(~(self.by_time <= self.by_km) & ~np.isnat(self.by_km))


def coming(
    usage: Usage,
    anchors: tuple[Days, Ints],
    months: Ints,
    km: Floats,
    habit: Habit,
    as_of: np.datetime64,
    until: np.datetime64,
) -> tuple[pd.DataFrame, Bools]:
    """The services that fall due before `until`, and which cars cannot be projected at all.

    Columns: car, service_no, due_on, expected_on, low_on, high_on (datetime64[D]), by_km (bool),
    due_km (whole km, the odometer on the due day). Order: car, service_no.

    The outstanding service is k = max(1, whole intervals since the anchor) numbers after it: k = 1 is
    due at the first of months and km, k > 1 (an interval was missed) at anchor + k intervals of months.
    The services after it count from the expected day of the one before, as if it were done then; for
    a lapsed car (overdue by a month or more) from its due day, so that its calendar does not move with
    `as_of`, and those that have passed meanwhile keep their number and are not listed.
    """
    outstanding = _outstanding(usage, anchors, months, km, as_of)
    found, step, ahead = [], 1, outstanding[outstanding.due < until]
    while len(ahead.car):
        expected, low, high = _window(usage, ahead, months, km, habit, as_of, step)
        at_limit = usage.km_on(ahead.car, ahead.start) + km[ahead.car]
        services = {
            "car": ahead.car,
            "service_no": ahead.number,
            "due_on": ahead.due,
            "expected_on": expected,
            "low_on": low,
            "high_on": high,
            "by_km": ahead.km_first,
            "due_km": np.round(np.where(ahead.km_first, at_limit, usage.km_on(ahead.car, ahead.due))),
        }
        listed = (ahead.due >= as_of) | (step == 1)
        found.append(pd.DataFrame({name: values[listed] for name, values in services.items()}))
        ahead, step = _following(usage, ahead, expected, months, km), step + 1
        ahead = ahead[ahead.due < until]
    table = (
        pd.concat(found).sort_values(["car", "service_no"], ignore_index=True) if found else pd.DataFrame()
    )
    return table, np.isnat(outstanding.due)


def _outstanding(
    usage: Usage, anchors: tuple[Days, Ints], months: Ints, km: Floats, as_of: np.datetime64
) -> _Next:
    (start, number), car = anchors, np.arange(len(months))
    intervals = np.maximum(1, months_between(start, as_of) // months)
    by_time = add_months(start, intervals * months)
    by_km = np.where(intervals == 1, usage.day_after(car, start, km), NO_DAY)
    lapsed = add_months(np.fmin(by_time, by_km), LAPSED_MONTHS) <= as_of
    return _Next(car, number + intervals, start, by_time, by_km, start, intervals * months, lapsed)


def _following(usage: Usage, done: _Next, expected: Days, months: Ints, km: Floats) -> _Next:
    car, start = done.car, np.where(done.lapsed, done.due, expected)
    punctual = (start == done.due) & ~done.km_first
    origin = np.where(punctual, done.origin, start)
    counted = np.where(punctual, done.months, 0) + months[car]
    by_km = plus_days(start, km[car] / usage.km_per_day[car])
    return _Next(
        car, done.number + 1, start, add_months(origin, counted), by_km, origin, counted, done.lapsed
    )


def _window(
    usage: Usage, service: _Next, months: Ints, km: Floats, habit: Habit, as_of: np.datetime64, step: int
) -> tuple[Days, Days, Days]:
    """Expected day and its window: none before as_of, low <= expected <= high.

    The habit's margins and, where km decides, what a faster or slower rate would make of the days
    still unknown, combined as independent errors; both grow with the root of the steps ahead. A
    customer who has not come by his day is expected from as_of on, with the same margin after it.
    """
    car, start, due = service.car, service.start, service.due
    by_rule = np.fmin(months[car] * DAYS_PER_MONTH, km[car] / usage.km_per_day[car])
    interval = np.clip((due - start).astype("float64"), 1.0, np.maximum(by_rule, 1.0))  # of one service
    moved = np.clip(habit.lateness, -interval / 2, interval / 2)  # so that due days only go forward
    expected = np.maximum(_shifted(due, moved), as_of)

    early, late = habit.margins(interval)
    unknown = np.where(service.km_first, (due - usage.last_day(car, start)).astype("float64"), 0.0)
    unknown = np.maximum(unknown, 0.0)
    till_time = (service.by_time - due).astype("float64")  # a slower rate only waits for the months
    till_time = np.where(np.isnat(service.by_time), np.inf, till_time)
    reach = quantile(habit.probability) * usage.spread[car]
    early = np.hypot(early, unknown * -np.expm1(-reach)) * np.sqrt(step)
    late = np.hypot(late, np.minimum(unknown * np.expm1(reach), till_time)) * np.sqrt(step)
    low = np.maximum(_shifted(expected, -np.ceil(early)), as_of)
    return expected, low, _shifted(expected, np.ceil(late))


def _shifted(day: Days, shift: Floats) -> Days:
    """day + shift in whole days, within the calendar."""
    room = (np.datetime64(LAST_DAY) - day).astype("float64")
    return np.asarray(day + np.minimum(np.round(shift), room).astype("timedelta64[D]"))
