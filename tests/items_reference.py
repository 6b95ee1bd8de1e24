"""What falls due beside maintenance, car by car in plain Python: slow, and easy to check by reading.

Written from docs/intervals.md and docs/forecast.md, not from the code. Only for cars without any
odometer reading, whose km are days at the stated rate. The maintenance visits are taken as forecast.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

KINDS = ("repair", "warranty", "inspection", "tyres", "body", "other")


@dataclass(frozen=True)
class Rule:
    """One row of the intervals file, for every car."""

    service: str
    months: int | None = None
    km: float | None = None
    first_months: int | None = None
    counted_from: str = "done"


@dataclass(frozen=True)
class Car:
    """A car without readings. `visits` are (day, kind), `coming` (number, due, expected) of maintenance.

    named: by service the days on which a repair order names it; begun: the day on which the record of it
    begins, see `begins`. unworded: the days of maintenance of which no words of ours say what was done.
    """

    bought: date
    new: bool
    km_per_day: float
    visits: list[tuple[date, str]]
    coming: list[tuple[int, date, date]]
    named: dict[str, set[date]] = field(default_factory=dict)
    begun: dict[str, date] = field(default_factory=dict)
    unworded: set[date] = field(default_factory=set)


@dataclass(frozen=True)
class Item:
    """One time of one service."""

    service: str
    due_on: date
    service_no: int | None
    done_on: date | None


def begins(service: str, seen: list[tuple[date, str, set[str]]]) -> date | None:
    """When the record of a service begins; seen: of every visit of the dealership day, kind and names."""
    for today in sorted({day for day, _, _ in seen}):
        year = [visit for visit in seen if timedelta(0) <= today - visit[0] < timedelta(365)]
        naming = [day for day, kind, said in year if service in said or kind == service == "inspection"]
        maintenance = [day for day, kind, _ in year if kind == "maintenance"]
        if today in naming and len(naming) >= 10 and 100 * len(naming) >= 2 * len(maintenance):
            return today
    return None


def years_with_words(seen: list[tuple[date, str, set[str]]]) -> set[int]:
    """The years in which at least half of the maintenance visits name something."""
    found = set()
    for year in {day.year for day, _, _ in seen}:
        said = [bool(names) for day, kind, names in seen if day.year == year and kind == "maintenance"]
        if said and 2 * sum(said) >= len(said):
            found.add(year)
    return found


def items_of(
    car: Car, maintenance: Rule, rules: list[Rule], as_of: date, until: date, within: int
) -> list[Item]:
    """The items of one car, by service and due day."""
    found = []
    for rule in rules:
        done = _last_done(car, maintenance, rule, within)
        fixed = rule.counted_from == "season" or (rule.counted_from == "purchase" and car.new)
        found += _from_calendar(car, rule, done, as_of, until, within) if fixed else []
        found += [] if fixed else _counted(car, rule, done, as_of, until, within)
    return sorted(found, key=lambda item: (item.service, item.due_on))


def _last_done(car: Car, maintenance: Rule, rule: Rule, within: int) -> date | None:
    named = {day for day in car.named.get(rule.service, set()) if day > car.bought}
    days = sorted({day for day, kind in car.visits if kind == rule.service and day > car.bought} | named)
    if rule.service in KINDS:
        return days[-1] if days else None
    begun = car.begun.get(rule.service, date.max)
    done: date | None = None
    before = car.bought
    for day in sorted({day for day, kind in car.visits if kind == "maintenance" and day > car.bought}):
        done = max([done or date.min, *(one for one in named if one <= day)])
        done = None if done == date.min else done
        intervals = max(1, _months_between(before, day) // (maintenance.months or 1))
        planned = before + relativedelta(months=intervals * (maintenance.months or 1))
        if intervals == 1:
            planned = min(planned, _by_km(car, before, maintenance.km))
        due = min(
            _by_time(done or car.bought, _months(car, rule, done)), _by_km(car, done or car.bought, rule.km)
        )
        halfway = before + (planned - before) // 2
        near = within > 0 and abs((due - planned).days) <= within and day >= halfway
        assumed = day < begun or day in car.unworded
        if assumed and ((due - day).days <= within or near):
            done = day
        before = day
    return max(named | ({done} if done else set()), default=None)


def _counted(car: Car, rule: Rule, done: date | None, as_of: date, until: date, within: int) -> list[Item]:
    start, months = done or car.bought, _months(car, rule, done)
    count, missed = months, 0
    if months is not None and rule.months is not None:
        while _by_time(start, count + rule.months) <= as_of and _by_time(start, count) <= as_of:
            count, missed = count + rule.months, missed + 1
    by_km = date.max if missed else _by_km(car, start, rule.km)
    by_time, origin = _by_time(start, count), start
    found: list[Item] = []
    used = -1
    while min(by_time, by_km) < until:
        due = min(by_time, by_km)
        listed = not found or due >= as_of
        visit = _visit(car, due, as_of, used, within) if listed else None
        if listed:
            found.append(Item(rule.service, due, None if visit is None else car.coming[visit][0], done))
        then = due
        if visit is not None:
            used, then = visit, _done_with(car, visit, due, as_of)
        for start in (then, due):  # due days only go forward
            if start == due and by_time <= by_km:
                nexts = origin, (count or 0) + (rule.months or 0)
            else:
                nexts = start, rule.months or 0
            next_time = _by_time(nexts[0], nexts[1] if rule.months else None)
            next_km = _by_km(car, start, rule.km)
            if min(next_time, next_km) > due or start >= due:
                break
        by_time, by_km, (origin, count) = next_time, next_km, nexts
    return found


def _from_calendar(
    car: Car, rule: Rule, done: date | None, as_of: date, until: date, within: int
) -> list[Item]:
    if rule.counted_from == "season":
        calendar = [
            date(y, m, d) for y in range(car.bought.year - 1, until.year + 3) for m, d in ((4, 1), (10, 15))
        ]
    else:
        first, months = rule.first_months or rule.months or 0, rule.months or 0
        steps = [0, *range(first, first + 12 * 60, months)]
        calendar = [car.bought + relativedelta(months=step) for step in steps]

    def fulfils(day: date) -> int:
        """Position of the day of the calendar that a visit on `day` is for."""
        last = max(n for n, one in enumerate(calendar) if one <= day)
        ahead = (calendar[last + 1] - day).days
        return last + 1 if ahead <= min(90, (calendar[last + 1] - calendar[last]).days / 2) else last

    passed = max(n for n, one in enumerate(calendar) if one <= as_of)
    current = fulfils(as_of) if rule.counted_from == "season" else passed
    after_purchase = min(n for n, one in enumerate(calendar) if one > car.bought)
    position = max(current, after_purchase, fulfils(done) + 1 if done else 0)
    found, used = [], -1
    for due in calendar[position:]:
        if due >= until:
            break
        visit = _visit(car, due, as_of, used, within)
        used = used if visit is None else visit
        found.append(Item(rule.service, due, None if visit is None else car.coming[visit][0], done))
    return found


def _visit(car: Car, due: date, as_of: date, used: int, within: int) -> int | None:
    """Position of the nearest coming maintenance that has not this service yet."""
    away = [
        (abs((max(due, as_of) - max(day, as_of)).days), position)
        for position, (_, day, _) in enumerate(car.coming)
        if position > used
    ]
    near = min(away, default=(10**6, 0))
    return near[1] if within and near[0] <= within else None


def _done_with(car: Car, visit: int, due: date, as_of: date) -> date:
    lapsed = car.coming[0][1] + relativedelta(months=1) <= as_of
    return max(car.coming[visit][1], due) if lapsed else car.coming[visit][2]


def _months(car: Car, rule: Rule, done: date | None) -> int | None:
    return rule.first_months if done is None and car.new and rule.first_months else rule.months


def _months_between(start: date, end: date) -> int:
    months = 0
    while start + relativedelta(months=months + 1) <= end:
        months += 1
    return months


def _by_time(start: date, months: int | None) -> date:
    return date.max if months is None else start + relativedelta(months=months)


def _by_km(car: Car, start: date, km: float | None) -> date:
    return date.max if km is None else start + timedelta(days=math.ceil(km / car.km_per_day - 1e-6))
