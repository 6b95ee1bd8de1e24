"""How two figures of customers vary together: one household has a say in both."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.columns import Column, Table, typed
from planner.value.clusters import Clusters, Spread, alone_in
from planner.value.counting import Counted
from planner.value.figures import BY, Floats
from planner.value.groups import Groups
from planner.value.owned import Ints
from planner.value.periods import Periods

TOGETHER = Table(
    "together",
    "one row a group and month: how two figures vary together",
    ("by", "group", "month"),
    (
        Column("by", "choice", "what the groups are", choices=BY),
        Column("group", "text", "the group; empty for all"),
        Column("month", "date", "first of the month; missing is as of now"),
        Column("correlation", "number", "of the two, -1 to 1; 0 where one of them does not vary"),
    ),
)
UNRELATED = 2.0  # households more in which the two figures have nothing to do with each other. Our judgement


def together(first: Counted, second: Counted, groups: Groups, periods: Periods) -> pd.DataFrame:
    """TOGETHER of two metrics without y.

    Each mean is moved by what its households are off it, added up by household; the correlation is that of
    these sums. Who is in one of the two only moves the other by 0; so does a customer who is of another group
    in the other, as they begin on different days. Source: W. G. Cochran, Sampling Techniques, 3rd edition
    1977, chapter 6 (a ratio of two sums).

    Of few households nobody knows it well, and an interval that takes it as it was seen is too narrow where
    the two go together: it counts as if there were UNRELATED households more. Measured:
    docs/value-benchmark.md.

    Who left and who stayed, of A and B: -1, of two households x 2 / (2 + 2).

    >>> from dataclasses import replace
    >>> from planner.settings import Settings
    >>> from planner.value.book import read_book
    >>> from planner.value.example import AS_OF, tables_of
    >>> from planner.value.periods import periods_of
    >>> from planner.value.rates import churn
    >>> cars = {"A": ["2020-01-10", "2025-03-01", "2026-03-01"], "B": ["2020-01-10", "2024-12-30"]}
    >>> book = read_book(tables_of(cars), Settings(), AS_OF)
    >>> groups, periods = Groups(book), periods_of(book)
    >>> left = churn(book, groups, periods)
    >>> found = together(left, replace(left, x=~left.x), groups, periods)
    >>> now = found[found["by"].eq("all") & found["month"].isna()]
    >>> now["correlation"].tolist()
    [-0.5]
    """
    means = [_Mean(each, groups) for each in (first, second)]
    i, j = _pairs(first, second, groups)
    parts = []
    for kind in ("all", *groups.kinds):
        (one, names), (other, _) = (mean.cells(kind) for mean in means)
        width, cells = len(names), len(periods.ends) * len(names)
        (x, xx, homes), (y, yy, others) = (
            mean.off(cell, cells) for mean, cell in zip(means, (one, other), strict=True)
        )
        same = one[i] == other[j]
        xy = np.bincount(one[i][same], (x[i] * y[j])[same], cells)
        with np.errstate(divide="ignore", invalid="ignore"):
            seen = np.where((xx > 0) & (yy > 0), xy / np.sqrt(xx * yy), 0.0)
        known = np.minimum(homes, others)
        period, group = np.divmod(np.arange(cells), width)
        of_kind = pd.DataFrame(
            {
                "by": kind,
                "group": np.array(names, dtype=object)[group],
                "month": periods.months[period].astype("datetime64[us]"),
                "correlation": np.clip(seen, -1, 1) * known / (known + UNRELATED),
            }
        )
        parts.append(of_kind[period != periods.last_year])
    return typed(pd.concat(parts, ignore_index=True), TOGETHER)


class _Mean:
    """The mean of x, by group and period."""

    def __init__(self, of: Counted, groups: Groups) -> None:
        self._of, self._groups = of, groups
        self._x, self._home = of.x.astype("float64"), groups.homes_of(of.customer)
        self._alone = alone_in(of.period, self._home)

    def cells(self, kind: str) -> tuple[Ints, list[str]]:
        """Of each row its period and group as one number, and the groups' names."""
        if kind == "all":
            return self._of.period, [""]
        group, names = self._of.groups_of(kind, self._groups)
        return self._of.period * len(names) + group, names

    def off(self, cell: Ints, cells: int) -> tuple[Floats, Floats, Floats]:
        """By row how far it is off the mean of its cell; by cell the squares of that, and the households."""
        rows = np.bincount(cell, minlength=cells).astype("float64")
        with np.errstate(divide="ignore", invalid="ignore"):
            off = self._x - (np.bincount(cell, self._x, cells) / rows)[cell]
        squares = np.bincount(cell, off * off, cells).astype("float64")
        clusters = Clusters(cell, self._home, cells, self._alone)
        spread = clusters.spread(off, None, Spread(squares, np.zeros(cells), rows, rows))
        return off, spread.xx, spread.households


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
