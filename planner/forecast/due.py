"""Due: when the next services fall due, by months or km, whichever comes first."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from planner.dates import DAYS_PER_MONTH, LAST_DAY, NO_DAY, Days, add_months, months_between
from planner.forecast.expected import Habit, quantile, window
from planner.forecast.origins import RETURN_DAYS, Origins
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


def coming(
    usage: Usage,
    anchors: tuple[Days, Ints],
    own: Floats,
    months: Ints,
    km: Floats,
    habit: Habit,
    as_of: np.datetime64,
    until: np.datetime64,
) -> tuple[pd.DataFrame, Bools]:
    """The services that fall due before `until`, and which cars cannot be projected at all.

    Columns: car, service_no, due_on, expected_on, low_on, high_on (datetime64[D]), by_km (bool),
    due_km (whole km, the odometer on the due day). Order: car, service_no. own: the gaps of each car,
    see origins.own_gaps.

    The outstanding service is k = max(1, whole intervals since the anchor) numbers after it: k = 1 is
    due at the first of months and km, k > 1 (an interval was missed) at anchor + k intervals of months.
    The services after it count from the expected day of the one before, as if it were done then; for
    a lapsed car (overdue by a month or more) from its due day, so that its calendar does not move with
    `as_of`, and those that have passed meanwhile keep their number and are not listed.
    """
    outstanding = _outstanding(usage, anchors, months, km, as_of)
    found, step, ahead = [], 1, outstanding[outstanding.due < until]
    while len(ahead.car):
        expected, low, high = _window(usage, ahead, own, months, km, habit, as_of, step)
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
    usage: Usage,
    service: _Next,
    own: Floats,
    months: Ints,
    km: Floats,
    habit: Habit,
    as_of: np.datetime64,
    step: int,
) -> tuple[Days, Days, Days]:
    """Expected day and its window: none before as_of, low <= expected <= high.

    Expected moves away from the due day by as much as the customer's wait differs from the rule's. The
    window is the calibrated one; where too little is known for that it is the default and, where km
    decide, what a faster or slower rate would make of the days still unknown, as independent errors.
    Both grow with the root of the steps ahead. A customer who has not come by his day is expected from
    as_of on, with the same margin after it.
    """
    car, start, due = service.car, service.start, service.due
    by_rule = np.fmin(months[car] * DAYS_PER_MONTH, km[car] / usage.km_per_day[car])
    interval = np.clip((due - start).astype("float64"), 1.0, np.maximum(by_rule, 1.0))  # of one service
    waits = Origins(
        car=car,
        day=start,
        visits=np.zeros(len(car), dtype="int64"),
        own=own[car],
        rule_days=interval,
        km_per_day=usage.km_per_day[car],
        observed=np.asarray(usage.source[car] == "observed", dtype=bool),
        came=np.full(len(car), NO_DAY),
        skipped=np.zeros(len(car), dtype=bool),
    )
    known = waits.known_gaps
    middle, spread = wait(waits, habit.rhythm)
    days = np.exp(middle)
    # Due days only go forward: without gaps of its own a car moves by half its interval at most.
    moved = np.maximum(days - interval, np.minimum(RETURN_DAYS + 1 - interval, 0))
    moved = np.where(known > 0, moved, np.clip(moved, -interval / 2, interval / 2))
    expected = np.maximum(_shifted(due, moved), as_of)

    low, high = window(middle, spread, waits, habit.margins, habit.probability)
    early, late = days - np.exp(low), np.exp(np.minimum(high, 20.0)) - days
    guessed = np.isnan(habit.margins.around(known, habit.probability)[0]) & service.km_first
    unknown = np.where(guessed, (due - usage.last_day(car, start)).astype("float64"), 0.0)
    unknown = np.maximum(unknown, 0.0)
    till_time = (service.by_time - due).astype("float64")  # a slower rate only waits for the months
    till_time = np.where(np.isnat(service.by_time), np.inf, till_time)
    reach = quantile(habit.probability) * usage.spread[car]
    early = np.hypot(early, unknown * -np.expm1(-reach)) * np.sqrt(step)
    late = np.hypot(late, np.minimum(unknown * np.expm1(reach), till_time)) * np.sqrt(step)
    first = np.maximum(_shifted(expected, -np.ceil(early)), as_of)
    return expected, first, _shifted(expected, np.ceil(late))


def _shifted(day: Days, shift: Floats) -> Days:
    """day + shift in whole days, within the calendar."""
    room = (np.datetime64(LAST_DAY) - day).astype("float64")
    return np.asarray(day + np.minimum(np.round(shift), room).astype("timedelta64[D]"))
