"""Segments of any day, and the services of cars followed from it, in plain Python.

Written from docs/segments.md and docs/value.md in words: slow, and easy to check by reading.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from dateutil.relativedelta import relativedelta

if TYPE_CHECKING:
    from tests.value_reference import Dealership

SAME_SERVICE_DAYS = 30


def segment(one: Dealership, customer: str, day: date) -> str:
    """Today's of today; else that of the last end of a month up to the day."""
    if day == one.as_of:
        return _segments_of_today(one)[customer]
    return segments(one, (day + timedelta(days=1)).replace(day=1) - timedelta(days=1))[customer]


@cache
def segments(one: Dealership, day: date) -> dict[str, str]:
    """By customer, as of the end of a month."""
    first = {}
    stages: dict[str, list[str]] = {}
    for person in one.customers:
        mine = [car for car in one.cars_of(person.name) if one.bought[car] <= day]
        stages[person.name] = [one.stage(car, day) for car in mine]
        first[person.name] = min((one.bought[car] for car in mine), default=None)
    there = {name: first[name] for name in stages if first[name] is not None}
    found = _by_rules(one, day, {name: stages[name] for name in there}, there)
    return {name: found.get(name, "new") for name in stages}


@cache
def _segments_of_today(one: Dealership) -> dict[str, str]:
    """Without a plan nothing is known to be due, so nobody has lapsed; but who is gone is known."""
    stages: dict[str, list[str]] = {person.name: [] for person in one.customers}
    first: dict[str, date | None] = dict.fromkeys(stages)
    for car in one.cars:
        bought = one.bought.get(car.name)
        if car.owner not in stages or (bought is None and car.bought is not None):
            continue  # bought later
        seen = max([bought, *one.days_of(car.name)]) if bought else None
        lost = seen is not None and seen + relativedelta(months=18) <= one.as_of
        gone = car.status in ("sold", "scrapped")
        stages[car.owner].append("gone" if gone else "lost" if lost else "warranty")
        first[car.owner] = min((day for day in (first[car.owner], bought) if day), default=None)
    return _by_rules(one, one.as_of, stages, first)


def _by_rules(
    one: Dealership, day: date, stages: dict[str, list[str]], first: dict[str, date | None]
) -> dict[str, str]:
    """The table of docs/segments.md, the first row that fits; stages: of the customer's cars."""
    over = {name for name, cars in stages.items() if all(stage in ("lost", "gone") for stage in cars)}
    ranked = [name for name in stages if name not in over]
    since = day - relativedelta(months=24)
    mine = {
        name: [(v, m) for v, m in one.seen if one.owner[v.car] == name and v.on <= day] for name in stages
    }
    lately = {name: [(v, m) for v, m in seen if v.on > since] for name, seen in mine.items()}
    recency = _fifths(ranked, lambda name: max((v.on.toordinal() for v, _ in mine[name]), default=-1))
    frequency = _fifths(ranked, lambda name: len(lately[name]))
    margin = _fifths(ranked, lambda name: sum(m[1] or 0.0 for _, m in lately[name]))
    if all(m[1] is None for _, m in one.seen):
        margin = dict.fromkeys(margin, 0)  # without any money nobody brought more than others
    found = {}
    for name, cars in stages.items():
        begun = first[name]
        if name in over:
            found[name] = "lost"
        elif all(stage in ("lapsed", "lost", "gone") for stage in cars):
            found[name] = "leaving"
        elif begun is not None and begun + relativedelta(months=12) > day:
            found[name] = "new"
        elif recency[name] >= 3 and frequency[name] >= 4 and margin[name] >= 4:
            found[name] = "best"
        elif frequency[name] >= 4:
            found[name] = "loyal"
        elif recency[name] >= 3 and margin[name] >= 3:
            found[name] = "promising"
        else:
            found[name] = "needs_attention"
    return found


def _fifths(names: list[str], value: Callable[[str], Any]) -> dict[str, int]:
    """The mean of the ranks of equal values, as a fifth of all."""
    values = [value(name) for name in names]
    found = {}
    for name, mine in zip(names, values, strict=True):
        below, equal = sum(v < mine for v in values), sum(v == mine for v in values)
        found[name] = min(max(math.ceil((below + (equal + 1) / 2) * 5 / len(values)), 1), 5)
    return found


def followed(one: Dealership, on: date) -> list[tuple[str, int, bool]]:
    """Of each car in time for its next service on that day: the services since by number, came or missed."""
    window = relativedelta(months=one.active_months)
    waits: list[int] = []
    rows = []
    chains = {car: _services(one, car) for car in one.bought}
    for car, days in chains.items():
        for before, day in zip([one.bought[car], *days], days, strict=False):
            if day <= before + window <= one.as_of:
                waits.append((day - before).days)
    slow = float(np.quantile(waits, 0.9)) if waits else 0.0
    for car, days in chains.items():
        begun = max([one.bought[car], *(day for day in days if day <= on)])
        if one.bought[car] > on or begun + window <= on:
            continue
        before, number = begun, 1
        coming = [day for day in days if day > on]
        while before + window <= one.as_of:
            day = coming.pop(0) if coming else None
            came = day is not None and day <= before + window
            if begun + timedelta(days=round((number - 1) * slow)) + window <= one.as_of:
                rows.append((car, number, came))
            if not came or day is None:
                break
            before, number = day, number + 1
    return rows


def _services(one: Dealership, car: str) -> list[date]:
    """After the purchase; one within 30 days of the one before finishes that."""
    days = sorted(day for day in one.services_of(car) if day > one.bought[car])
    return [day for at, day in enumerate(days) if not at or (day - days[at - 1]).days >= SAME_SERVICE_DAYS]
