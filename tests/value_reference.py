"""The figures of docs/value.md, customer by customer in plain Python: slow, and easy to check by reading.

Written from docs/value.md, docs/segments.md and planner/cycle/stages.py's rules in words, not from the
arrays. Every figure is a list of what was counted in a window: whose it is, when its counting began, x
and y; its value is the sum of x over the sum of y. Every car has an interval of 12 months.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from tests.segments_reference import segment

INTERVAL_MONTHS = 12
PRICES = {"call": 3.0, "sms": 0.05, "email": 0.01, "messenger": 0.05, "post": 1.0}  # the defaults
SERVICE_TOUCHPOINTS = ("S1a", "S2a")
NOT_HERE = "?"  # a car that a contact was about and that has neither a purchase nor a visit by the day
BEST_BOUND_FIRST = ("renewal", "onboarding", "warranty", "after_warranty", "lapsed", "lost")
Stages = Mapping[date, Mapping[str, str]]  # of some days, by customer
NOBODY_REACHED = ("no_answer", "voicemail", "busy", "wrong_number", "callback")


@dataclass(frozen=True)
class Customer:
    name: str
    household: str
    advisor: str | None


@dataclass(frozen=True)
class Car:
    name: str
    owner: str
    bought: date | None
    model: str | None = None
    status: str = "active"
    condition: str = "new"
    warranty_end: date | None = None


@dataclass(frozen=True)
class Visit:
    car: str
    on: date
    kind: str | None
    amount: float | None
    margin: float | None


@dataclass(frozen=True)
class Answer:
    contact: str
    attempt: int
    customer: str
    car: str
    also: str | None
    touchpoint: str
    outcome: str
    on: date
    for_on: date | None


@dataclass(frozen=True)
class Counted:
    """One thing that was counted; car None: of the customer, and his car of that day stands for it."""

    customer: str
    car: str | None
    start: date
    x: float
    y: float = 1.0


@dataclass(frozen=True, eq=False)  # one is itself: what is counted of it is kept
class Dealership:
    as_of: date
    customers: list[Customer]
    cars: list[Car]
    visits: list[Visit]
    answers: list[Answer] = field(default_factory=list)
    surveys: list[tuple[str, date, float | None]] = field(default_factory=list)
    offers: list[tuple[str, date, date | None]] = field(default_factory=list)
    contacts: list[tuple[str, str, date, str]] = field(default_factory=list)  # whom, channel, day, status
    active_months: int = 18
    window_months: int = 12
    redeem_days: int = 90
    margin_share: float = 0.35
    simple_years: float = 5.0

    # --- what is known on the day ---------------------------------------------------------------------

    def __post_init__(self) -> None:
        known = {one.name for one in self.customers}
        bought = {}
        for car in self.cars:
            first = min((v.on for v in self.visits if v.car == car.name and v.on <= self.as_of), default=None)
            day = car.bought or first
            if day is not None and day <= self.as_of and car.owner in known:
                bought[car.name] = day
        object.__setattr__(self, "bought", bought)
        object.__setattr__(self, "owner", {car.name: car.owner for car in self.cars if car.name in bought})
        money = self._money([v for v in self.visits if v.on <= self.as_of])
        seen = [(v, m) for v, m in money if v.car in bought and v.on >= bought[v.car]]
        object.__setattr__(self, "seen", sorted(seen, key=lambda one: one[0].on))
        answers = [a for a in self.answers if a.on <= self.as_of and a.customer in known]
        object.__setattr__(self, "said", answers)

    def _money(self, visits: list[Visit]) -> list[tuple[Visit, tuple[float | None, float | None]]]:
        """Each visit with its amount and margin, also where the export has none; nothing but 0 is none."""
        for name in ("amount", "margin"):
            if not any(getattr(v, name) for v in visits):
                visits = [replace(v, **{name: None}) for v in visits]
        rough = []
        for v in visits:
            amount, margin = v.amount, v.margin
            if amount is None and margin is not None:
                amount = margin / self.margin_share
            if margin is None and v.amount is not None:
                margin = v.amount * self.margin_share
            rough.append((v, amount, margin))

        def mean(kind: str | None, which: int) -> float | None:
            given = [
                r[which] for r in rough if r[which] is not None and kind in (None, r[0].kind or "maintenance")
            ]
            return sum(given) / len(given) if given else None

        found = []
        for v, amount, margin in rough:
            kind = v.kind or "maintenance"
            if amount is None:
                amount, margin = mean(kind, 1), mean(kind, 2)
                if amount is None:
                    amount, margin = mean(None, 1), mean(None, 2)
            found.append((v, (amount, margin)))
        return found

    def days_of(self, car: str) -> list[date]:
        return [v.on for v, _ in self.seen if v.car == car]

    def services_of(self, car: str) -> list[date]:
        return [v.on for v, _ in self.seen if v.car == car and (v.kind or "maintenance") == "maintenance"]

    def cars_of(self, customer: str) -> list[str]:
        return [car for car, owner in self.owner.items() if owner == customer]

    def active(self, customer: str, day: date) -> bool:
        since = day - relativedelta(months=self.active_months)
        events = [*(self.bought[car] for car in self.cars_of(customer))]
        for car in self.cars_of(customer):
            events += self.days_of(car)
        return any(since < on <= day for on in events)

    def brought(self, customer: str, since: date, end: date, what: int) -> float:
        """Amounts (0) or margins (1) of a customer's visits after `since` up to `end`."""
        mine = self.cars_of(customer)
        return sum(m[what] or 0.0 for v, m in self.seen if v.car in mine and since < v.on <= end)

    def operated(self, car: str, day: date) -> bool:
        """Bought, and not gone: a car that is gone by now was there until it was seen last."""
        status = next(one.status for one in self.cars if one.name == car)
        last = max([self.bought[car], *self.days_of(car)])
        return self.bought[car] <= day and (status not in ("sold", "scrapped") or last >= day)

    # --- groups ---------------------------------------------------------------------------------------

    def car_on(self, customer: str, day: date) -> str | None:
        """The car that the customer bought last up to that day, else his first."""
        mine = self.cars_of(customer)
        before = [car for car in mine if self.bought[car] <= day]
        if before:
            return max(before, key=lambda car: (self.bought[car], mine.index(car)))
        return min(mine, key=lambda car: (self.bought[car], mine.index(car)), default=None)

    def stage(self, car: str, day: date) -> str:
        of = next(one for one in self.cars if one.name == car)
        bought = self.bought[car]
        seen = max([bought, *(on for on in self.days_of(car) if on <= day)])
        served = max([bought, *(on for on in self.services_of(car) if on <= day)])
        if seen + relativedelta(months=18) <= day:
            return "lost"
        if served + relativedelta(months=INTERVAL_MONTHS) + relativedelta(months=1) <= day:
            return "lapsed"
        if of.bought is not None and of.bought + relativedelta(months=2) > day:
            return "onboarding"
        end = of.warranty_end
        if end is None and of.bought is not None and of.condition == "new":
            end = of.bought + relativedelta(months=36)
        if end is not None and end > day:
            return "renewal" if end - relativedelta(months=7) <= day else "warranty"
        return "after_warranty"

    def best_bound(self, customer: str, day: date) -> str:
        """The stage of the best bound car that the customer had that day, else of his first."""
        had = [car for car in self.cars_of(customer) if self.bought[car] <= day]
        first = self.car_on(customer, day)
        stages = {self.stage(car, day) for car in had or [first] if car}
        return next((stage for stage in BEST_BOUND_FIRST if stage in stages), "no_car")

    def groups(self, one: Counted, by: str, stages: Stages) -> str:
        if by == "stage" and one.car is None:
            told = stages.get(one.start, {}).get(one.customer, "not_yet")
            return self.best_bound(one.customer, one.start) if told == "not_yet" else told
        car = one.car or self.car_on(one.customer, one.start)
        if by == "segment":
            return segment(self, one.customer, one.start)
        if by == "advisor":
            return next(c.advisor for c in self.customers if c.name == one.customer) or "unknown"
        if car in (None, NOT_HERE):
            return "unknown"
        if by == "model":
            return next(c.model for c in self.cars if c.name == car) or "unknown"
        return str(self.bought[car].year) if by == "cohort" else self.stage(car, one.start)

    # --- rates: what was counted in the window after `since` up to `end` -------------------------------

    def churn(self, since: date, end: date) -> Iterator[Counted]:
        before = end - relativedelta(months=12)
        for one in self.customers:
            if self.active(one.name, before):
                yield Counted(one.name, None, before, float(not self.active(one.name, end)))

    def revenue_churn(self, since: date, end: date) -> Iterator[Counted]:
        middle, start = end - relativedelta(months=12), end - relativedelta(months=24)
        for one in self.customers:
            before = self.brought(one.name, start, middle, 0)
            if before > 0:
                after = self.brought(one.name, middle, end, 0)
                yield Counted(one.name, None, middle, before - after, before)

    def repeat_rate(self, since: date, end: date) -> Iterator[Counted]:
        start = end - relativedelta(months=self.active_months)
        for one in self.customers:
            came = {on for car in self.cars_of(one.name) for on in self.days_of(car) if start < on <= end}
            if came:
                yield Counted(one.name, None, end, float(len(came) > 1))

    def two_visits_12m(self, since: date, end: date) -> Iterator[Counted]:
        start = end - relativedelta(months=12)
        for car, bought in self.bought.items():
            if self.operated(car, end) and bought <= start:
                came = {on for on in self.days_of(car) if start < on <= end}
                yield Counted(self.owner[car], car, start, float(len(came) > 1))

    def active_uio(self, since: date, end: date) -> Iterator[Counted]:
        start = end - relativedelta(months=self.active_months)
        for car, bought in self.bought.items():
            if self.operated(car, end):
                came = any(start < on <= end for on in [bought, *self.days_of(car)])
                yield Counted(self.owner[car], car, end, float(came))

    def retention_13m(self, since: date, end: date) -> Iterator[Counted]:
        for car in self.bought:
            judged = [s for s in self.services_of(car) if since < s + relativedelta(months=13) <= end]
            if judged:
                last = max(judged)
                back = any(last < on <= last + relativedelta(months=13) for on in self.days_of(car))
                yield Counted(self.owner[car], car, last, float(back))

    def first_service(self, since: date, end: date) -> Iterator[Counted]:
        for car, bought in self.bought.items():
            over = bought + relativedelta(months=INTERVAL_MONTHS) + timedelta(days=90)
            if since < over <= end:
                came = any(bought < on <= over for on in self.services_of(car))
                yield Counted(self.owner[car], car, bought, float(came))

    def nps(self, since: date, end: date) -> Iterator[Counted]:
        known = {one.name for one in self.customers}
        for who, on, score in self.surveys:
            if who in known and score is not None and since < on <= end:
                yield Counted(who, None, on, float(score >= 9) - float(score <= 6))

    def nps_12m(self, since: date, end: date) -> Iterator[Counted]:
        """Of the twelve calendar months of which `end` is the last day."""
        yield from self.nps(end + timedelta(days=1) - relativedelta(months=12, days=1), end)

    def redemption(self, since: date, end: date) -> Iterator[Counted]:
        known = {one.name for one in self.customers}
        for who, on, redeemed in self.offers:
            over = on + timedelta(days=self.redeem_days)
            if who in known and since < over <= end:
                yield Counted(who, None, on, float(redeemed is not None and redeemed <= over))

    def missing_margin(self, since: date, end: date) -> Iterator[Counted]:
        for v, _ in self.seen:
            if since < v.on <= end:
                yield Counted(self.owner[v.car], v.car, v.on, float(v.margin is None))

    def missing_amount(self, since: date, end: date) -> Iterator[Counted]:
        for v, _ in self.seen:
            if since < v.on <= end:
                yield Counted(self.owner[v.car], v.car, v.on, float(v.amount is None))

    # --- what came of contacts ------------------------------------------------------------------------

    def reminder_to_booking(self, since: date, end: date) -> Iterator[Counted]:
        for contact in {a.contact for a in self.said if a.touchpoint in SERVICE_TOUCHPOINTS}:
            last = max((a for a in self.said if a.contact == contact), key=lambda a: a.attempt)
            over = last.outcome not in NOBODY_REACHED or last.on + timedelta(days=30) <= self.as_of
            if over and last.outcome != "already_booked" and since < last.on <= end:
                car = last.car if last.car in self.bought else NOT_HERE
                yield Counted(last.customer, car, last.on, float(last.outcome == "booked"))

    def booking_to_show(self, since: date, end: date) -> Iterator[Counted]:
        for a in self.said:
            if a.outcome in ("booked", "already_booked") and a.car in self.bought:
                over = (a.for_on or a.on + timedelta(days=30)) + timedelta(days=7)
                if since < over <= end:
                    came = any(a.on <= on <= over for on in self.days_of(a.car))
                    yield Counted(a.customer, a.car, a.on, float(came))

    def call_before_visit(self, since: date, end: date) -> Iterator[Counted]:
        if not self.said:
            return
        begun = min(a.on for a in self.said) + timedelta(days=45)
        for car in self.bought:
            about = [a.on for a in self.said if car in (a.car, *(a.also or "").split(","))]
            for on in sorted(set(self.services_of(car))):
                if since < on <= end and on >= begun:
                    called = any(1 <= (on - call).days <= 45 for call in about)
                    yield Counted(self.owner[car], car, on, float(called))

    # --- money ----------------------------------------------------------------------------------------

    def active_customers(self, since: date, end: date) -> Iterator[Counted]:
        for one in self.customers:
            if any(self.bought[car] <= end for car in self.cars_of(one.name)):
                yield Counted(one.name, None, end, float(self.active(one.name, end)))

    def margin_per_customer(self, since: date, end: date) -> Iterator[Counted]:
        if all(m[1] is None for _, m in self.seen):
            return
        for one in self.customers:
            if self.active(one.name, end):
                margin = self.brought(one.name, end - relativedelta(months=12), end, 1)
                yield Counted(one.name, None, end, margin)

    def value_simple_customer(self, since: date, end: date) -> Iterator[Counted]:
        for one in self.margin_per_customer(since, end):
            yield Counted(one.customer, None, end, one.x * self.simple_years)

    def value_simple_household(self, since: date, end: date) -> Iterator[Counted]:
        counted = set()
        for one in self.margin_per_customer(since, end):
            home = next(c.household for c in self.customers if c.name == one.customer)
            if home not in counted:
                counted.add(home)
                together = [c.name for c in self.customers if c.household == home]
                margin = sum(self.brought(c, end - relativedelta(months=12), end, 1) for c in together)
                yield Counted(one.customer, None, end, margin * self.simple_years)

    def contact_cost(self, since: date, end: date) -> Iterator[Counted]:
        made = [on for who, _, on, status in self.contacts if status == "done" and on <= min(end, self.as_of)]
        for one in self.customers:
            if made and self.active(one.name, end):
                start = end - relativedelta(months=12)
                cost = sum(
                    PRICES[channel]
                    for who, channel, on, status in self.contacts
                    if who == one.name and status == "done" and start < on <= min(end, self.as_of)
                )
                yield Counted(one.name, None, end, cost)
