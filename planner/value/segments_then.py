"""The segment of every customer on an earlier day, from what was known on it. Rules: planner.value.scores."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planner.dates import add_months, days
from planner.value.bills import WINDOW_MONTHS
from planner.value.book import Book
from planner.value.figures import OVER
from planner.value.lifecycle import STAGES
from planner.value.owned import Ints
from planner.value.scores import SEGMENTS_IN_ORDER, fifths_of, segment_codes

NEW = SEGMENTS_IN_ORDER.index("new")


def segments_on(book: Book, stage: Ints, day: np.datetime64) -> npt.NDArray[np.int8]:
    """Of each customer the place of his segment in SEGMENTS_IN_ORDER, by his cars and visits up to that day.

    day: the end of a month, on which months with us are the months between. stage: of each customer the
    place of his in planner.value.lifecycle.STAGES on that day. Ranks are those among the customers of that
    day. Who had neither a car nor a visit by then is new.

    On 30 June 2025 A had come twice in 24 months and B once, at the same price; C came later.

    >>> from planner.settings import Settings
    >>> from planner.value.book import read_book
    >>> from planner.value.example import AS_OF, tables_of
    >>> cars = {"A": ["2020-01-10", "2024-03-01", "2025-03-01"], "B": ["2020-01-10", "2024-12-01"]}
    >>> book = read_book(tables_of(cars | {"C": ["2026-01-10"]}), Settings(), AS_OF)
    >>> after_warranty = np.full(3, STAGES.index("after_warranty"))
    >>> found = segments_on(book, after_warranty, np.datetime64("2025-06-30"))
    >>> [SEGMENTS_IN_ORDER[code] for code in found]
    ['best', 'promising', 'new']
    """
    visits, seen = book.visit_days_of_people, book.seen_of_people
    last = days(visits.days_at(visits.last(day)))
    there = seen.count(day) > 0
    lately = np.flatnonzero((book.day > add_months(day, -WINDOW_MONTHS)) & (book.day <= day))
    whose, count = book.owner[book.car[lately]], len(book.people)
    ranked = {
        "recency": np.where(np.isnat(last), np.nan, last.astype("int64")),
        "frequency": np.bincount(whose, minlength=count).astype("float64"),
        "margin": np.bincount(whose, np.nan_to_num(book.margin[lately]), count),
    }
    active = there & ~np.isin(STAGES, OVER)[stage]
    scores = {name: fifths_of(values, active) for name, values in ranked.items()}
    if np.isnan(book.margin).all():
        scores["margin"][:] = np.nan  # nobody brought less than others: nobody knows
    tenure = int(day.astype("datetime64[M]").astype("int64")) - book.first_month_of_people
    return np.where(there, segment_codes(stage, tenure, scores), NEW).astype("int8")
