"""Last done: the day on which each kind of service beside maintenance was done the last time."""

from __future__ import annotations

import numpy as np

from planner.dates import NO_DAY, Days, add_months, days
from planner.forecast.intervals import Rule
from planner.forecast.named import NamedDays
from planner.forecast.records import Records
from planner.forecast.screen import Bools
from planner.forecast.usage import Usage
from planner.tables import VISIT_KINDS


def last_done(service: str, rule: Rule, known: Records, new: Bools, usage: Usage, combine_days: int) -> Days:
    """The last time, along the cars of the rule; NaT if never.

    It was done on every day on which a repair order names it. A service with visits of its own (inspection,
    tyres, ...) is done by these too. Where nobody kept a record of any other it was done at the maintenance
    visit with which it was combined.
    """
    named = known.named.get(service)
    if service in VISIT_KINDS:
        done = _own_visit(service, known)[rule.car]
    else:
        done = _with_maintenance(rule, known, named, new, usage, combine_days)
    return done if named is None else np.fmax(done, named.last(len(known.bought))[rule.car])


def _own_visit(service: str, known: Records) -> Days:
    """Of each car the last visit of that kind; one on the day of purchase is part of the delivery."""
    visits = known.visits[(known.visits["kind"] == service).to_numpy(dtype=bool)]
    car, day = visits["car"].to_numpy(dtype="int64"), days(visits["visited_on"])
    after = day > known.bought[car]
    order = np.argsort(day[after], kind="stable")
    done = np.full(len(known.bought), NO_DAY)
    done[car[after][order]] = day[after][order]  # the last one of a car stands
    return done


def _with_maintenance(
    rule: Rule, known: Records, named: NamedDays | None, new: Bools, usage: Usage, combine_days: int
) -> Days:
    """The maintenance visits of each car, first to last: was the service due by then, or combined?

    Due: not more than combine_days after the visit. Combined: due within combine_days of the day on
    which that maintenance was due, unless the visit came before half of the time until then. Asked of the
    visits whose work is not on record: those before the record of the service begins (all where it never
    does), and those of which no words are kept.
    """
    row_of = np.full(len(known.bought), -1)
    row_of[rule.car] = np.arange(len(rule.car))
    services = known.done
    order = np.arange(len(services.car)) - np.searchsorted(services.car, services.car, side="left")
    was_due = _was_due(known, usage)
    unrecorded: Bools = np.ones(len(order), dtype=bool)
    last_named: Days = np.full(len(order), NO_DAY)
    if named is not None:
        unrecorded = ~(services.day >= named.since) | ~known.worded
        last_named = named.until(services.car, services.day)
    within = np.timedelta64(combine_days, "D")
    done = np.full(len(rule.car), NO_DAY)
    first_months = np.where(new, rule.first_months, rule.months)
    for nth in range(order.max() + 1 if len(order) else 0):
        visit = np.flatnonzero((order == nth) & (row_of[services.car] >= 0) & unrecorded)
        row, day = row_of[services.car[visit]], services.day[visit]
        last = np.fmax(done[row], last_named[visit])
        never = np.isnat(last)
        since = np.where(never, known.bought[rule.car[row]], last)
        months = np.where(never, first_months[row], rule.months[row])
        by_time = np.where(np.isnan(months), NO_DAY, add_months(since, np.nan_to_num(months)))
        due = np.fmin(by_time, usage.day_after(rule.car[row], since, rule.km[row]))
        planned, before = was_due[visit], services.since[visit]
        halfway = before + (planned - before) // 2
        combined = (np.abs(due - planned) <= within) & (day >= halfway)
        taken = (day + within >= due) | (combined & (combine_days > 0))
        done[row[taken]] = day[taken]
    return done


def _was_due(known: Records, usage: Usage) -> Days:
    """The day on which each past maintenance was due after the one before, late or not."""
    done = known.done
    by_time = add_months(done.since, known.months[done.car])
    return np.fmin(by_time, usage.day_after(done.car, done.since, known.km[done.car]))
