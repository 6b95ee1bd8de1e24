"""What a service brings: its own margin and that of the other visits since the service before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.dates import Days
from planner.value.book import Book
from planner.value.figures import Floats
from planner.value.owned import Ints
from planner.value.renewals import Renewals


@dataclass(frozen=True)
class Brought:
    """Means over services in time.

    on_the_day      margin of the visits on the day of the service
    between         margin of those since the service before (the purchase)
    relative_error  standard error of both together over both; customers are what varies
    """

    on_the_day: float
    between: float
    relative_error: float

    @property
    def margin(self) -> float:
        return self.on_the_day + self.between


def brought(book: Book, found: Renewals) -> Brought | None:
    """Of all services in time whose window is over; None without such a one or without any money.

    Visits without a margin have the mean of their kind (planner.value.money). Source: our definition.

    A's service of 2025 brought 35; half of its margin more came in between, by a repair.

    >>> from planner.settings import Settings
    >>> from planner.value.book import read_book
    >>> from planner.value.example import AS_OF, tables_of
    >>> from planner.value.renewals import renewals
    >>> tables = tables_of({"A": ["2024-02-01", "2024-08-01 50", "2025-02-01 100"]})
    >>> tables["visits"].loc[0, "kind"] = "repair"
    >>> book = read_book(tables, Settings(), AS_OF)
    >>> found = brought(book, renewals(book))
    >>> found.on_the_day, found.between
    (35.0, 17.5)
    """
    served = found.services
    # What came before the first service that counts is no part of a wait.
    there = ~np.isnan(book.margin) & (book.day > found.begun[book.car] if len(book.car) else False)
    if not served.in_time.any() or not there.any():
        return None
    of_service, of_visit = _in_order(served.car, served.day), _in_order(book.car[there], book.day[there])
    into = np.searchsorted(of_service, of_visit)  # the service that ends the wait in which the visit was
    last = len(of_service) - 1
    car, margin = book.car[there], book.margin[there]
    inside = (into <= last) & (served.car[np.minimum(into, last)] == car)
    into, margin, of_visit = into[inside], margin[inside], of_visit[inside]
    own = of_service[into] == of_visit
    day, wait = (
        np.bincount(into[some], margin[some], last + 1).astype("float64")[served.in_time]
        for some in (own, ~own)
    )
    customer = book.owner[served.car[served.in_time]]
    return Brought(float(day.mean()), float(wait.mean()), _relative_error(day + wait, customer))


def _relative_error(margin: Floats, customer: Ints) -> float:
    """Of the mean of `margin`, over it: sums of margin by customer over the services of each.

    Source: W. G. Cochran, Sampling Techniques, 3rd edition 1977, chapter 6 (a ratio of two sums).
    """
    total = float(margin.sum())
    if total <= 0:
        return 0.0
    off = np.bincount(customer, margin - margin.mean())
    return float(np.sqrt((off**2).sum()) / total)


def _in_order(car: Ints, day: Days) -> Ints:
    """One number a car and day, in their order."""
    return np.asarray(car * 10**6 + day.astype("int64"), dtype="int64")
