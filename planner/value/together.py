"""How two figures of customers vary together: one household has a say in both."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.columns import Column, Table, typed
from planner.value.book import Ints
from planner.value.counting import Counted
from planner.value.figures import BY
from planner.value.groups import Groups
from planner.value.periods import Periods

TOGETHER = Table(
    "together",
    "one row a group and month, of pairs: a row of each of two figures, of one household",
    ("by", "group", "month"),
    (
        Column("by", "choice", "what the groups are", choices=BY),
        Column("group", "text", "the group; empty for all"),
        Column("month", "date", "first of the month; missing is as of now"),
        Column("pairs", "number", "how many pairs lie in one group and month"),
        Column("x", "number", "sum of x of the first, by pair"),
        Column("y", "number", "sum of x of the second, by pair"),
        Column("xy", "number", "sum of their products"),
    ),
)


def together(first: Counted, second: Counted, groups: Groups, periods: Periods) -> pd.DataFrame:
    """TOGETHER of two metrics without y: what `covariance` needs.

    A customer may be of one group in the one and of another in the other, as they begin on different days:
    these are no pair. A household of which only one is counted is none either.

    A and B were active a year ago and A still is, who came twice since; B did not come: one pair, of A.

    >>> from planner.settings import Settings
    >>> from planner.value.book import read_book
    >>> from planner.value.example import AS_OF, tables_of
    >>> from planner.value.periods import periods_of
    >>> from planner.value.rates import churn, repeat_rate
    >>> cars = {"A": ["2020-01-10", "2025-03-01", "2026-03-01"], "B": ["2020-01-10", "2024-12-30"]}
    >>> book = read_book(tables_of(cars), Settings(), AS_OF)
    >>> groups, periods = Groups(book), periods_of(book)
    >>> lost, again = (each(book, groups, periods) for each in (churn, repeat_rate))
    >>> found = together(lost, again, groups, periods)
    >>> now = found[found["by"].eq("all") & found["month"].isna()]
    >>> now[["pairs", "x", "y", "xy"]].iloc[0].tolist()
    [1.0, 0.0, 1.0, 0.0]
    """
    i, j = _pairs(first, second, groups)
    x, y = first.x[i].astype("float64"), second.x[j].astype("float64")
    parts = []
    for kind in ("all", *groups.kinds):
        if kind == "all":
            names, group, same = [""], np.zeros(len(i), dtype="int64"), slice(None)
        else:
            group, names = first.groups_of(kind, groups, i)
            of_second, _ = second.groups_of(kind, groups, j)
            same = group == of_second
        cell = (first.period[i] * len(names) + group)[same]
        cells = len(periods.ends) * len(names)
        period, group = np.divmod(np.arange(cells), len(names))
        of_kind = pd.DataFrame(
            {
                "by": kind,
                "group": np.array(names, dtype=object)[group],
                "month": periods.months[period].astype("datetime64[us]"),
                "pairs": np.bincount(cell, minlength=cells),
                **{
                    name: np.bincount(cell, values[same], cells)
                    for name, values in (("x", x), ("y", y), ("xy", x * y))
                },
            }
        )
        parts.append(of_kind[period != periods.last_year])
    return typed(pd.concat(parts, ignore_index=True), TOGETHER)


def covariance(pairs: pd.DataFrame, first: pd.DataFrame, second: pd.DataFrame) -> pd.Series:
    """Of two means of customers, by the index of `first`: how they vary together; 0 where no pair is.

    pairs: TOGETHER by its key; first, second: their rows of FIGURES by the same. Each mean varies by what a
    household is off it, sum of (x - mean), over the number of rows; so do both by the products of these.
    Source: W. G. Cochran, Sampling Techniques, 3rd edition 1977, chapter 6 (a ratio of two sums).

    Two households: the one that left brought nothing, the other brought 100: (0 - 50) x (1 - 0.5) and
    (100 - 50) x (0 - 0.5), over 2 x 2.

    >>> key = [("all", "", None)]
    >>> pairs = pd.DataFrame({"pairs": [2.0], "x": 100.0, "y": 1.0, "xy": 0.0}, key)
    >>> margin, churn = (pd.DataFrame({"value": [each], "denominator": 2.0}, key) for each in (50.0, 0.5))
    >>> covariance(pairs, margin, churn).tolist()
    [-12.5]
    """
    of, second = pairs.reindex(first.index), second.reindex(first.index)
    m, c = first["value"], second["value"]
    products = of["xy"] - m * of["y"] - c * of["x"] + m * c * of["pairs"]
    return (products / (first["denominator"] * second["denominator"])).fillna(0.0)


def _pairs(first: Counted, second: Counted, groups: Groups) -> tuple[Ints, Ints]:
    """The rows of each of the two of every pair: of one household, in one period."""
    homes = np.int64(groups.book.homes)
    of_first, of_second = (each.period * homes + groups.homes_of(each.customer) for each in (first, second))
    order = np.argsort(of_second, kind="stable")
    ordered = of_second[order]
    begin, end = (np.searchsorted(ordered, of_first, side=side) for side in ("left", "right"))
    count = end - begin
    i = np.repeat(np.arange(len(count)), count)
    within = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count)
    return i, order[begin[i] + within]
