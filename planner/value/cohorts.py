"""How many of the cars bought in a year still come, year of ownership by year of ownership."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.columns import typed
from planner.dates import add_months, months_between
from planner.value.book import Book
from planner.value.clusters import Clusters, share_interval
from planner.value.figures import COHORTS, notes


def cohorts(book: Book) -> pd.DataFrame:
    """COHORTS: of the cars bought in a year the share with a visit in each year of ownership.

    Only years of ownership that are over for every car of the cohort: the last cohorts have fewer of them;
    nor any that began before visits are on record (planner.value.history).
    Cars that were sold or scrapped meanwhile stay in the denominator, as the day is not known. Source: our
    definition; the interval takes the cars of one household together (planner.value.clusters), and too few
    are those of fewer than 30 households.

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
    years, cohort = np.unique(bought_in, return_inverse=True)
    last_bought = np.array([book.bought[bought_in == year].max() for year in years])
    full = np.maximum(months_between(last_bought, np.full(len(years), book.last_day)) // 12, 0)
    owned = months_between(book.bought[book.car], book.day) // 12 if len(book.car) else book.car
    here = (owned >= 0) & (owned < full.max())
    visited = np.zeros((len(book.cars), full.max()), dtype=bool)  # by car and year of ownership
    visited[book.car[here], owned[here]] = True
    car, number = np.nonzero(np.arange(full.max()) < full[cohort][:, None])
    cells, cell = int(full.sum()), (np.cumsum(full) - full)[cohort[car]] + number
    clusters = Clusters(cell, book.home[book.owner[car]], cells)
    there, came = clusters.sums(np.ones(len(car))), clusters.sums(visited[car, number])
    spread = clusters.spread_of(came, there)
    there, came = clusters.total(there), clusters.total(came)
    low, high = share_interval(came, there, spread)
    found = pd.DataFrame(
        {
            "cohort": np.repeat(years, full),
            "year_of_ownership": np.concatenate([np.arange(1, each + 1) for each in full]),
            "cars": there,
            "came": came,
            "retention": came / there,
            "low": low,
            "high": high,
            "note": notes(spread.households),
        }
    )
    first_bought = np.array([book.bought[bought_in == year].min() for year in years])
    began = add_months(np.repeat(first_bought, full), 12 * (found["year_of_ownership"] - 1))
    return typed(found[~(began < book.history_from)].reset_index(drop=True), COHORTS)
