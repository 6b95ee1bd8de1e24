"""Due: when the next services fall due, by months or km, whichever comes first."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from planner.dates import DAYS_PER_MONTH, LAST_DAY, NO_DAY, Days, add_months, months_between
from planner.forecast.expected import Habit, kinds_of, window
from planner.forecast.origins import Origins, stage_on
from planner.forecast.rhythm import wait
from planner.forecast.screen import Bools, Floats, Ints
from planner.forecast.usage import Usage, plus_days

LAPSED_MONTHS = 1


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


@dataclass(frozen=True, slots=True)
class Cars:
    """What the coming services of each car hang on; a row a car.

    since, number: the last maintenance visit and its number, else the purchase and 0. visits: how many
    there were. own, late: see origins.Origins. months, km: the interval (km NaN: no limit). learnt_days:
    the interval that the fleet keeps to, where no rule is given; NaN: the rule holds.
    """

    since: Days
    number: Ints
    visits: Ints
    own: Floats
    late: Floats
    months: Ints
    km: Floats
    learnt_days: Floats
    bought: Days
    warranty_end: Days


def coming(
    usage: Usage, cars: Cars, habit: Habit, as_of: np.datetime64, until: np.datetime64
) -> tuple[pd.DataFrame, Bools]:
    """The services that fall due before `until`, and which cars cannot be projected at all.

    Columns: car, service_no, due_on, awaited_on, expected_on, low_on, high_on, next_from (datetime64[D]),
    by_km (bool), due_km (whole km, the odometer on the due day). Order: car, service_no.

    The outstanding service is k = max(1, whole intervals since the anchor) numbers after it: k = 1 is
    due at the first of months and km, k > 1 (an interval was missed) at anchor + k intervals of months.
    The services after it count from next_from: the expected day of the one before, as if it were done then.
    Where the customer has not come by his day, or the car is lapsed (overdue by a month or more), it is the
    due day, so that the calendar does not move with `as_of`; those that have passed meanwhile keep their
    number and are not listed. Where an interval was learnt it takes the place of months and km; numbers
    still count months, but none is missed before that interval has passed too.
    """
    outstanding = _outstanding(usage, cars, as_of)
    found, step, ahead = [], 1, outstanding[outstanding.due < until]
    while len(ahead.car):
        habitual, expected, low, high = _window(usage, cars, ahead, habit, as_of, step)
        next_from = np.where(ahead.lapsed | (expected <= as_of), ahead.due, expected)
        at_limit = usage.km_on(ahead.car, ahead.start) + cars.km[ahead.car]
        services = {
            "car": ahead.car,
            "service_no": ahead.number,
            "due_on": ahead.due,
            "awaited_on": np.minimum(ahead.due, habitual),
            "expected_on": expected,
            "low_on": low,
            "high_on": high,
            "next_from": next_from,
            "by_km": ahead.km_first,
            "due_km": np.round(np.where(ahead.km_first, at_limit, usage.km_on(ahead.car, ahead.due))),
        }
        listed = (ahead.due >= as_of) | (step == 1)
        found.append(pd.DataFrame({name: values[listed] for name, values in services.items()}))
        ahead, step = _following(usage, cars, ahead, next_from), step + 1
        ahead = ahead[ahead.due < until]
    table = (
        pd.concat(found).sort_values(["car", "service_no"], ignore_index=True) if found else pd.DataFrame()
    )
    return table, np.isnat(outstanding.due)


def _outstanding(usage: Usage, cars: Cars, as_of: np.datetime64) -> _Next:
    start, car = cars.since, np.arange(len(cars.since))
    passed = months_between(start, as_of) // cars.months
    by_habit = (as_of - start).astype("float64") / cars.learnt_days
    passed = np.where(passed > by_habit, np.floor(by_habit), passed).astype("int64")
    intervals = np.maximum(1, passed)
    by_time = add_months(start, intervals * cars.months)
    by_km = np.where(intervals == 1, usage.day_after(car, start, cars.km), NO_DAY)
    by_time, by_km = _or_learnt(by_time, by_km, start, intervals * cars.learnt_days)
    lapsed = add_months(np.fmin(by_time, by_km), LAPSED_MONTHS) <= as_of
    return _Next(car, cars.number + intervals, start, by_time, by_km, start, intervals * cars.months, lapsed)


def _following(usage: Usage, cars: Cars, done: _Next, start: Days) -> _Next:
    car = done.car
    punctual = (start == done.due) & ~done.km_first
    origin = np.where(punctual, done.origin, start)
    counted = np.where(punctual, done.months, 0) + cars.months[car]
    by_km = usage.day_at_rate(car, start, cars.km[car])
    by_time, by_km = _or_learnt(add_months(origin, counted), by_km, start, cars.learnt_days[car])
    return _Next(car, done.number + 1, start, by_time, by_km, origin, counted, done.lapsed)


def _or_learnt(by_time: Days, by_km: Days, start: Days, learnt_days: Floats) -> tuple[Days, Days]:
    """The two limits, or the one that was learnt where there is one."""
    rule = np.isnan(learnt_days)
    return np.where(rule, by_time, plus_days(start, learnt_days)), np.where(rule, by_km, NO_DAY)


def _window(
    usage: Usage, cars: Cars, service: _Next, habit: Habit, as_of: np.datetime64, step: int
) -> tuple[Days, Days, Days, Days]:
    """The habitual day, and the expected one and its window: none before as_of, low <= expected <= high.

    The habitual day moves away from the due day by as much as the customer's wait differs from the
    rule's. Both sides of the window grow with the root of the steps ahead. A customer who has not come by
    his day is expected from as_of on, with the same margin after it.
    """
    car, start, due = service.car, service.start, service.due
    by_km = (usage.day_at_rate(car, start, cars.km[car]) - start).astype("float64")
    by_rule = np.fmin(cars.months[car] * DAYS_PER_MONTH, by_km)
    learnt = cars.learnt_days[car]
    ruled = np.isnan(learnt)
    interval = np.clip(  # of one service
        (due - start).astype("float64"), 1.0, np.maximum(np.where(ruled, by_rule, learnt), 1.0)
    )
    # How early or late a customer comes is learnt against the rule, also where its interval was not kept.
    limit = np.where(ruled, due, plus_days(start, by_rule))
    km_first = np.where(ruled, service.km_first, by_rule < cars.months[car] * DAYS_PER_MONTH)
    waits = Origins(
        car=car,
        day=start,
        visits=cars.visits[car] + step - 1,
        stage=stage_on(start, cars.bought[car], cars.warranty_end[car]),
        own=cars.own[car],
        late=cars.late[car],
        rule_days=np.where(ruled, interval, by_rule),
        km_per_day=usage.km_per_day[car],
        unsure=np.where(km_first, usage.wait_spread(car, start, limit), 0.0),
        observed=np.asarray(usage.source[car] == "observed", dtype=bool),
        came=np.full(len(car), NO_DAY),
        skipped=np.zeros(len(car), dtype=bool),
    )
    middle, scale = wait(waits, habit.rhythm)
    days = np.exp(middle)
    # Due days only go forward: without gaps of its own a car moves by half its interval at most.
    moved = days - interval
    moved = np.where(waits.known_gaps > 0, moved, np.clip(moved, -interval / 2, interval / 2))
    habitual = _shifted(due, moved)
    expected = np.maximum(habitual, as_of)

    low, high = window(middle, scale, kinds_of(waits), habit.margins, habit.probability)
    early = (days - np.exp(low)) * np.sqrt(step)
    late = (np.exp(np.minimum(high, 20.0)) - days) * np.sqrt(step)
    first = np.maximum(_shifted(expected, -np.ceil(early)), as_of)
    return habitual, expected, first, _shifted(expected, np.ceil(late))


def _shifted(day: Days, shift: Floats) -> Days:
    """day + shift in whole days, within the calendar."""
    room = (np.datetime64(LAST_DAY) - day).astype("float64")
    return np.asarray(day + np.minimum(np.round(shift), room).astype("timedelta64[D]"))
