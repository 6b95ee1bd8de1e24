"""How many of the cars bought in a year still come, year of ownership by year of ownership."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.columns import typed
from planner.dates import months_between
from planner.value.book import Book
from planner.value.clusters import by_household, share_interval, spread_of
from planner.value.figures import COHORTS, notes


def cohorts(book: Book) -> pd.DataFrame:
    """COHORTS: of the cars bought in a year the share with a visit in each year of ownership.

    Only years of ownership that are over for every car of the cohort: the last cohorts have fewer of them.
    Cars that were sold or scrapped meanwhile stay in the denominator, as the day is not known. Source: our
    definition; the interval takes the cars of one household together (planner.value.clusters).

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
    full_years = max(int(full.max()), 0)
    here = (owned >= 0) & (owned < full_years)
    visited = np.zeros((full_years, len(book.cars)), dtype=bool)  # by year of ownership and car
    visited[owned[here], book.car[here]] = True
    rows = []
    for year, of_cohort in zip(years, full, strict=True):
        cars = np.flatnonzero(bought_in == year)
        home, cell = by_household(np.zeros(len(cars), dtype="int64"), book.home[book.owner[cars]])
        of_home = np.bincount(home, minlength=len(cell)).astype("float64")
        for number in range(1, int(of_cohort) + 1):
            came = visited[number - 1, cars]
            came_of_home = np.bincount(home, came, len(cell)).astype("float64")
            count, there = np.full(1, len(cars), "float64"), np.full(1, came.sum(), "float64")
            low, high = share_interval(there, count, spread_of(cell, came_of_home, of_home, 1))
            rows.append((int(year), number, len(cars), int(came.sum()), low[0], high[0]))
    found = pd.DataFrame(rows, columns=["cohort", "year_of_ownership", "cars", "came", "low", "high"])
    return typed(found.assign(retention=found["came"] / found["cars"], note=notes(found["cars"])), COHORTS)
