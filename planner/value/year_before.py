"""What was expected a year before, from what was known then: it stands beside what is expected now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from planner.dates import add_months
from planner.tables import GONE
from planner.value.book import Book
from planner.value.expected import expected_values
from planner.value.figures import Floats
from planner.value.fits import Retention, parts_of, retention_of_all
from planner.value.groups import Groups
from planner.value.owned import Ints
from planner.value.rates import YEAR, in_operation
from planner.value.renewals import Renewals, discount_per_service, renewals


@dataclass(frozen=True)
class YearBefore:
    """values: of each car of today's book what it was expected to bring; NaN: not known, or not bought yet.

    services: of a new car, by kind of group and group; ("all", "") are all cars. Where too few had come or
    left by then there are none.
    """

    values: Floats
    services: Mapping[tuple[str, str], float]


def year_before(book: Book, groups: Groups) -> YearBefore:
    """Value and services to come as a report of a year before would have told them.

    Renewals, life tables and margins a service are those of the visits and cars up to that day; margins that
    no export gives are filled in as they are today. Segments and advisors are today's.
    """
    a_year_before = np.datetime64(add_months(book.last_day, -YEAR).item(), "D")
    then, kept = book_up_to(book, a_year_before)
    came_back = renewals(then)
    of_all = retention_of_all(then, came_back)
    values = np.full(len(book.cars), np.nan)
    values[kept] = expected_values(then, came_back, of_all.table)["value_expected"]
    return YearBefore(values, _services(then, kept, came_back, of_all, groups))


def book_up_to(book: Book, day: np.datetime64) -> tuple[Book, Ints]:
    """The cars and visits of the book up to that day, nothing of what was said or sent, and which cars.

    A car that is gone today was gone then if it has not been here since (`rates.in_operation`).

    >>> from planner.settings import Settings
    >>> from planner.value.book import read_book
    >>> from planner.value.example import AS_OF, tables_of
    >>> cars = {"new": ["2025-09-01"], "A": ["2020-01-10", "2025-03-01", "2026-02-01"]}
    >>> then, kept = book_up_to(read_book(tables_of(cars), Settings(), AS_OF), np.datetime64("2025-06-30"))
    >>> then.cars["vehicle_id"].tolist(), then.day.astype(str).tolist(), kept.tolist()
    (['A'], ['2025-03-01'], [1])
    """
    kept = np.flatnonzero(book.bought <= day)
    number = np.full(len(book.cars), -1)
    number[kept] = np.arange(len(kept))
    cars = book.cars.iloc[kept].reset_index(drop=True)
    still = in_operation(book, day)[kept] & cars["status"].isin(GONE).to_numpy(dtype=bool)
    known = book.day <= day
    before = replace(
        book,
        as_of=day.astype("datetime64[D]").item(),
        cars=cars.assign(status=cars["status"].mask(still, "active")) if still.any() else cars,
        owner=book.owner[kept],
        bought=book.bought[kept],
        interval_months=book.interval_months[kept],
        car=number[book.car[known]],
        **{name: getattr(book, name)[known] for name in _OF_VISITS},
        **{name: getattr(book, name).iloc[:0] for name in ("outcomes", "surveys", "offers", "contacts")},
    )
    return before, kept


_OF_VISITS = ("day", "service", "amount", "margin", "margin_given", "amount_given")


def _services(
    then: Book, kept: Ints, came_back: Renewals, of_all: Retention, groups: Groups
) -> dict[tuple[str, str], float]:
    """As planner.value.fits has them today; without the law of each group, which they do not need."""
    if of_all.table is None:
        return {}
    discount = discount_per_service(then, came_back)
    parts = [of_all, *parts_of(then, came_back, groups, of_all.table, kept)]
    known = ((part.by, part.group, part.table) for part in parts if part.table is not None)
    return {(by, group): float(table.expected_after(discount)[0]) for by, group, table in known}
