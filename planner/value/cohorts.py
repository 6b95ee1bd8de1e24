"""How many of the cars bought in a year still come, year of ownership by year of ownership."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.dates import months_between
from planner.tables import typed
from planner.value.book import Book
from planner.value.figures import COHORTS, notes, wilson


def cohorts(book: Book) -> pd.DataFrame:
    """COHORTS: of the cars bought in a year the share with a visit in each year of ownership.

    Only years of ownership that are over for every car of the cohort: the last cohorts have fewer of them.
    Cars that were sold or scrapped meanwhile stay in the denominator, as the day is not known.

    Two cars of 2024; both came in their first year and one in its second. The third is not over yet.

    >>> from planner.settings import Settings
    >>> from planner.value import value_report
    >>> from planner.value.example import AS_OF, tables_of
    >>> cars = {"A": ["2024-01-10", "2024-06-01", "2025-06-01"], "B": ["2024-03-01", "2024-09-01"]}
    >>> value_report(tables_of(cars), Settings(), AS_OF).cohorts[["cars", "came"]].to_numpy(int).tolist()
    [[2, 2], [2, 1]]
    """
    bought_in = book.bought.astype("datetime64[Y]").astype("int64") + 1970
    if not len(bought_in):
        return typed(pd.DataFrame(), COHORTS)
    years = np.unique(bought_in)
    last_bought = np.array([book.bought[bought_in == year].max() for year in years])
    full = months_between(last_bought, np.full(len(years), book.last_day)) // 12
    owned = months_between(book.bought[book.car], book.day) // 12 if len(book.car) else book.car
    visited = np.unique(np.column_stack([book.car, owned]), axis=0)
    rows = []
    for year, of_cohort in zip(years, full, strict=True):
        cars = int((bought_in == year).sum())
        came = visited[bought_in[visited[:, 0]] == year, 1]
        for number in range(1, int(of_cohort) + 1):
            rows.append((int(year), number, cars, int((came == number - 1).sum())))
    found = pd.DataFrame(rows, columns=["cohort", "year_of_ownership", "cars", "came"])
    low, high = wilson(found["came"], found["cars"])
    found = found.assign(
        retention=found["came"] / found["cars"], low=low, high=high, note=notes(found["cars"])
    )
    return typed(found, COHORTS)
