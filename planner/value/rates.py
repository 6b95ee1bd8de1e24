"""Shares of customers, cars and visits that managers follow; each is defined in its docstring.

What is counted belongs to the month in which it was decided: an offer to the month in which its time to be
redeemed was over, a purchase to the month in which the first service should have been done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.dates import Days, add_months
from planner.forecast.returning import GRACE_DAYS
from planner.value.book import Book
from planner.value.counting import Counted
from planner.value.figures import Floats
from planner.value.groups import Groups
from planner.value.owned import Bools, Ints
from planner.value.periods import Periods

RETURN_MONTHS = 13  # of the manufacturers' 13-month retention
YEAR = 12


def all_rates(book: Book, groups: Groups, periods: Periods) -> list[Counted]:
    """All rates of this file and of planner.value.contacted."""
    from planner.value.contacted import contact_rates

    made = (
        churn,
        revenue_churn,
        repeat_rate,
        nps,
        nps_12m,
        redemption,
        retention_13m,
        two_visits_12m,
        active_uio,
        first_service,
    )
    return [
        *(each(book, groups, periods) for each in made),
        *contact_rates(book, groups, periods),
        *missing(book, groups, periods),
    ]


def active_customers(book: Book, day: np.datetime64) -> Bools:
    """Of each customer: a visit or a purchase in the settings' active window, up to that day?"""
    seen = book.seen_of_people.days_at(book.seen_of_people.last(day))
    active: Bools = seen > _back(day, book.settings.value.active_window_months)
    return active


def churn(book: Book, groups: Groups, periods: Periods) -> Counted:
    """Churn a year: of the customers who were active 12 months ago, the share that is not active any more.

    A and B came in the 18 months before 30 June 2025; B has not come since, A has.

    >>> from planner.value.example import example
    >>> example("churn", {"A": ["2020-01-10", "2025-03-01"], "B": ["2020-01-10", "2024-12-30"]})
    '1 / 2'

    Active: a visit or a purchase in the last settings.value.active_window_months. Whoever sold his car falls
    silent as well: the loss is counted, whatever its reason. A car without a day of purchase counts from its
    first visit. Source of the formula: customers lost in a period over customers at its start; 1 less the
    retention rate (customers retained over those at risk) of P. Farris and others, Marketing Metrics, 2nd
    edition 2010, chapter 5.
    """
    parts = []
    for end in periods.ends:
        before = _back(end, YEAR)
        who = np.flatnonzero(active_customers(book, before))
        parts.append((who, before, ~active_customers(book, end)[who]))
    return of_customers("churn", parts, groups)


def revenue_churn(book: Book, groups: Groups, periods: Periods) -> Counted:
    """Net revenue churn a year: 1 - revenue of this year / revenue of the year before, of the same customers.

    A brought 300 and then 200, B 100 and then nothing: 200 of 400 are lost.

    >>> from planner.value.example import example
    >>> cars = {"A": ["2020-01-10", "2025-03-01 300", "2026-03-01 200"]}
    >>> example("revenue_churn", cars | {"B": ["2020-01-10", "2025-03-01 100"]})
    '200 / 400'

    The same customers: those who brought revenue in the 12 months before the last 12. Those who spend more
    count against those who left, so that it may be below 0. Missing amounts: planner.value.money. Source: net
    revenue retention as software companies report it, over 12 months, without new customers.
    """
    parts = []
    for end in periods.ends:
        middle, start = _back(end, YEAR), _back(end, 2 * YEAR)
        before, after = _sums(book, start, middle), _sums(book, middle, end)
        who = np.flatnonzero(before > 0)
        parts.append((who, middle, before[who] - after[who], before[who]))
    return of_customers("revenue_churn", parts, groups)


def repeat_rate(book: Book, groups: Groups, periods: Periods) -> Counted:
    """Repeat purchase rate: of the customers who came in the active window, those who came on two days.

    A came twice, B once.

    >>> from planner.value.example import example
    >>> cars = {"A": ["2020-01-10", "2025-03-01", "2026-03-01"], "B": ["2020-01-10", "2025-03-01"]}
    >>> example("repeat_rate", cars)
    '1 / 2'

    Visits of unknown cars do not count. Source: customers with more than one purchase in a period over
    customers with one at least; the period is settings.value.active_window_months, as a car comes once a year
    and not once a week.
    """
    parts = []
    for end in periods.ends:
        since = _back(end, book.settings.value.active_window_months)
        days_here = book.visit_days_of_people.within(since, end)
        who = np.flatnonzero(days_here > 0)
        parts.append((who, end, days_here[who] > 1))
    return of_customers("repeat_rate", parts, groups)


def two_visits_12m(book: Book, groups: Groups, periods: Periods) -> Counted:
    """Retained cars: of those owned for a year or more, the share with visits on two days in 12 months.

    A twice, B once; C has not been owned for a year.

    >>> from planner.value.example import example
    >>> cars = {"A": ["2020-01-10", "2025-09-01", "2026-03-01"], "B": ["2020-01-10", "2026-03-01"]}
    >>> example("two_visits_12m", cars | {"C": ["2026-01-10"]})
    '1 / 2'

    Source: Nissan Service Retention FAQs and Best Practices, July 2017: a retained VIN has two or more
    qualified visits in the last 12 months, to the day; the denominator is the active customer base, here
    the cars in operation. Which visits qualify differs from maker to maker: here every visit does.
    """
    parts = []
    for end in periods.ends:
        since = _back(end, YEAR)
        cars = np.flatnonzero(in_operation(book, end) & (book.bought <= since))
        days_here = book.visit_days_of_cars.within(since, end)
        parts.append((cars, since, days_here[cars] > 1))
    return _of_cars("two_visits_12m", book, parts)


def active_uio(book: Book, groups: Groups, periods: Periods) -> Counted:
    """Active cars over units in operation: a visit or the purchase in the settings' active window.

    A came, B was bought, C was seen last in 2024.

    >>> from planner.value.example import example
    >>> cars = {"A": ["2020-01-10", "2026-03-01"], "B": ["2025-10-01"], "C": ["2020-01-10", "2024-03-01"]}
    >>> example("active_uio", cars)
    '2 / 3'

    Units in operation are here the cars that this dealership sold or serviced and that are not known to be
    sold or scrapped; makers take all cars of the brand that are registered in the dealer's area, which a
    dealership's own records do not hold. Source: DealersEdge forum, How do you measure retention, 2008
    (active customers over units in operation).
    """
    parts = []
    for end in periods.ends:
        since = _back(end, book.settings.value.active_window_months)
        cars = np.flatnonzero(in_operation(book, end))
        seen = book.seen_of_cars.days_at(book.seen_of_cars.last(end))
        parts.append((cars, end, seen[cars] > since))
    return _of_cars("active_uio", book, parts)


def in_operation(book: Book, day: np.datetime64) -> Bools:
    """Of each car: bought by then and not gone. A car that is sold by now was there until its last visit."""
    there: Bools = (book.bought <= day) & (~book.gone | (book.last_seen >= day))
    return there


def retention_13m(book: Book, groups: Groups, periods: Periods) -> Counted:
    """13-month retention: of the cars that were serviced, the share that came again within 13 months.

    A's 13 months were over on 1 April 2026 and it came in February; B did not come until May.

    >>> from planner.value.example import example
    >>> cars = {"A": ["2020-01-10", "2025-03-01", "2026-02-01"]}
    >>> example("retention_13m", cars | {"B": ["2020-01-10", "2025-03-01", "2026-05-01"]})
    '1 / 2'

    A service is judged on the day on which its 13 months are over; of a car with several in one period the
    last counts. Visits of no kind are maintenance. Source: manufacturers' retention reports, e.g.
    VitalSoftware, Service Retention Reporting (customers that had their vehicles serviced 13 months ago that
    have returned since).
    """
    car, served = book.car[book.service], book.day[book.service]
    over = add_months(served, RETURN_MONTHS)
    visits = book.visits_of_cars
    back = visits.days_at(visits.first_after(car, served))
    rows, period = periods.holding(over)
    later = np.ones(len(rows), dtype=bool)  # visits are sorted by car and day, so within a period too
    later[:-1] = (car[rows][1:] != car[rows][:-1]) | (period[1:] != period[:-1])
    rows, period = rows[later], period[later]
    return _events("retention_13m", book, car, served, (back <= over), rows, period)


def first_service(book: Book, groups: Groups, periods: Periods) -> Counted:
    """First-service show rate: of the cars bought, the share whose first service was done here in time.

    Both were to come by 10 April 2026, 12 months and 90 days after the purchase; B came late.

    >>> from planner.value.example import example
    >>> example("first_service", {"A": ["2025-01-10", "2026-04-10"], "B": ["2025-01-10", "2026-04-11"]})
    '1 / 2'

    In time: within the car's interval in months and 90 days. A purchase is judged on that day, on which the
    car may have been sold since. Visits of no kind are maintenance. The definition is ours; the 90 days are
    those after which planner.forecast counts a car as not coming back.
    """
    over = add_months(book.bought, book.interval_months) + GRACE_DAYS
    cars = np.arange(len(book.cars))
    services = book.services_of_cars
    came = services.days_at(services.first_after(cars, book.bought))
    return _events("first_service", book, cars, book.bought, came <= over, *periods.holding(over))


def nps(book: Book, groups: Groups, periods: Periods) -> Counted:
    """Net promoter score: 100 x (answers of 9 and 10 - answers of 0 to 6) / answers.

    Two promoters, one detractor, one in between: 100 x (2 - 1) / 4 = 25.

    >>> from planner.value.example import example
    >>> answers = [("A", f"2026-0{month}-01", score) for month, score in enumerate((9, 10, 6, 7), 1)]
    >>> example("nps", {"A": ["2020-01-10"]}, surveys=answers)
    '1 / 4'

    Answers without a score do not count. Source: F. F. Reichheld, The One Number You Need to Grow, Harvard
    Business Review, December 2003.
    """
    return _score("nps", book, groups, periods)


def nps_12m(book: Book, groups: Groups, periods: Periods) -> Counted:
    """Net promoter score by month, of the 12 months up to its end: a month alone has too few answers to tell.

    June 2026 holds the answers from 1 July 2025 on: one promoter and one in between.

    >>> from planner.settings import Settings
    >>> from planner.value import value_report
    >>> from planner.value.example import AS_OF, tables_of
    >>> answers = [("A", "2025-06-30", 0), ("A", "2025-07-01", 10), ("A", "2026-06-30", 8)]
    >>> tables = tables_of({"A": ["2020-01-10"]}, surveys=answers)
    >>> figures = value_report(tables, Settings(), AS_OF).figures
    >>> of = figures[figures["metric"].eq("nps_12m") & figures["by"].eq("all")].iloc[-1]
    >>> str(of["month"].date()), float(of["value"]), f"{of['numerator']:g} / {of['denominator']:g}"
    ('2026-06-01', 50.0, '1 / 2')

    Answers stand in 12 months each, so that these differ less from month to month than what customers think:
    whether it changed is in planner.value.trend. Source: as of nps; the 12 months are our choice.
    """
    return _score("nps_12m", book, groups, periods.looking_back(YEAR))


def _score(metric: str, book: Book, groups: Groups, periods: Periods) -> Counted:
    answered = book.surveys[book.surveys["score"].notna()]
    score = answered["score"].to_numpy(dtype="float64")
    on = answered["asked_on"].to_numpy().astype("datetime64[D]")
    x = np.where(score >= 9, 1.0, np.where(score <= 6, -1.0, 0.0))
    customer = answered["customer"].to_numpy(dtype="int64")
    rows, period = periods.holding(on)
    who, start = customer[rows], on[rows]
    car = groups.car_of(who, start)
    return Counted(metric, car, who, start, period, x[rows], scale=100.0, of_customers=True)


def redemption(book: Book, groups: Groups, periods: Periods) -> Counted:
    """Redemption rate: of the offers issued, the share that was redeemed within settings.value.redeem_days.

    The first was redeemed after 90 days, the second after 91; the last can still be redeemed.

    >>> from planner.value.example import example
    >>> offers = [("A", "2026-01-01", "2026-04-01"), ("A", "2026-01-01", "2026-04-02"), ("A", "2026-06-01")]
    >>> example("redemption", {"A": ["2020-01-10"]}, offers=offers)
    '1 / 2'

    An offer is judged on the day on which these are over; younger ones do not count yet. Source: coupons
    redeemed over coupons distributed; who redeemed without a day did not. P. Farris and others, Marketing
    Metrics, 2nd edition 2010, chapter 8.
    """
    issued = book.offers["issued_on"].to_numpy().astype("datetime64[D]")
    over = issued + book.settings.value.redeem_days
    redeemed = book.offers["redeemed_on"].to_numpy().astype("datetime64[D]") <= over
    customer = book.offers["customer"].to_numpy(dtype="int64")
    rows, period = periods.holding(over)
    who, start = customer[rows], issued[rows]
    car = groups.car_of(who, start)
    return Counted("redemption", car, who, start, period, redeemed[rows], of_customers=True)


def missing(book: Book, groups: Groups, periods: Periods) -> list[Counted]:
    """Shares of visits whose export has no margin, and no amount: how much of the money is estimated.

    Source: our definition.

    >>> from planner.value.example import example
    >>> example("missing_margin", {"A": ["2020-01-10", "2026-03-01 100"]})
    '1 / 1'
    """
    rows, period = periods.holding(book.day)
    margin = _events("missing_margin", book, book.car, book.day, ~book.margin_given, rows, period)
    return [margin, replace(margin, metric="missing_amount", x=~book.amount_given[rows])]


def _back(day: np.datetime64, months: int) -> np.datetime64:
    return np.datetime64(add_months(day, -months).item(), "D")


def _sums(book: Book, since: np.datetime64, end: np.datetime64) -> Floats:
    """Of each customer the amounts of visits after `since` up to `end`."""
    inside = np.flatnonzero((book.day > since) & (book.day <= end))
    inside = inside[~np.isnan(book.amount[inside])]
    return np.bincount(book.visitor[inside], book.amount[inside], len(book.people)).astype("float64")


# Of one period: who, the day on which the counting began, x and (where it is not 1) y.
Part = tuple[Ints, np.datetime64, Floats | Bools] | tuple[Ints, np.datetime64, Floats | Bools, Floats]


def of_customers(metric: str, parts: Sequence[Part], groups: Groups) -> Counted:
    who, start, period, x, y = stacked(parts)
    car = np.concatenate([groups.car_on(part[0], part[1]) for part in parts])
    return Counted(metric, car, who, start, period, x, y, of_customers=True)


def _of_cars(metric: str, book: Book, parts: Sequence[Part]) -> Counted:
    car, start, period, x, y = stacked(parts)
    return Counted(metric, car, book.owner[car], start, period, x, y)


def stacked(parts: Sequence[Part]) -> tuple[Ints, Days, Ints, Floats | Bools, Floats | None]:
    """Who, start, period, x and y (None: 1 each) of each period, one after the other."""
    sizes = [len(part[0]) for part in parts]
    who = np.concatenate([part[0] for part in parts])
    start = np.repeat(np.array([part[1] for part in parts], dtype="datetime64[D]"), sizes)
    x = np.concatenate([part[2] for part in parts])
    y = np.concatenate([part[3] for part in parts if len(part) > 3]) if len(parts[0]) > 3 else None
    return who, start, np.repeat(np.arange(len(parts)), sizes), x, y


def _events(metric: str, book: Book, car: Ints, start: Days, x: Bools, rows: Ints, period: Ints) -> Counted:
    car = car[rows]
    customer = book.owner[car] if len(car) else car
    return Counted(metric, car, customer, start[rows], period, x[rows])
