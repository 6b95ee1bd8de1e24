"""Figures from what was counted: every one is a sum over a sum, by group and period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.columns import typed
from planner.dates import NO_DAY, Days
from planner.value.clusters import (
    Clusters,
    Pairs,
    Spread,
    alone_in,
    mean_interval,
    pairs,
    score_interval,
    share_interval,
)
from planner.value.figures import BY_MONTH, FIGURES, METRICS, TOO_FEW, TRENDS, Floats, notes
from planner.value.groups import Groups
from planner.value.owned import Bools, Ints
from planner.value.periods import Periods


@dataclass(frozen=True)
class Counted:
    """One metric: a row each time that something is counted. value = sum of x / sum of y (of counts: of x).

    car, customer   whose it is; -1 is nobody's
    start           the day on which the counting began: a row belongs to the groups of that day
    period          of planner.value.periods
    x, y            what is summed; in a share x is yes or no; without y it is 1 each
    scale           100 for scores
    of_customers    a row is a customer with all his cars; `car` is the one that he stands for
    """

    metric: str
    car: Ints
    customer: Ints
    start: Days
    period: Ints
    x: Floats | Bools
    y: Floats | None = None
    scale: float = 1.0
    of_customers: bool = False

    def groups_of(
        self, kind: str, groups: Groups, rows: Ints | slice = slice(None)
    ) -> tuple[Ints, list[str]]:
        """Of each of these rows its group of that kind, as a number, and the names of these numbers."""
        of = (self.car[rows], self.customer[rows], self.start[rows])
        return groups.codes(kind, *of, of_customers=self.of_customers)


@dataclass(frozen=True)
class _Cells:
    """The rows of one kind of group: of each its period and group as one number, and the groups' names.

    rows: how many of each number; home: the household of each row; recent: which rows are of now and of the
    year before.
    """

    by: str
    names: Sequence[str]
    cell: Ints
    rows: Floats
    home: Ints
    recent: Ints
    clusters: Clusters

    def total(self, values: Floats | Bools) -> Floats:
        """By number the sum."""
        return np.bincount(self.cell, values, self.clusters.cells).astype("float64")

    def count(self, some: Ints) -> Floats:
        """By number, how many of some rows."""
        return np.bincount(self.cell[some], minlength=self.clusters.cells).astype("float64")


@dataclass(frozen=True)
class Between:
    """How now and the year before go together; and the first day of which something counts for the latter."""

    pairs: Pairs
    begun_on: np.datetime64


@dataclass(frozen=True)
class Measured:
    """One metric by one kind of group: all arrays have periods down and the groups of `names` across.

    between: of TRENDS, now and the year before
    """

    metric: str
    by: str
    names: Sequence[str]
    value: Floats
    low: Floats
    high: Floats
    numerator: Floats
    denominator: Floats
    rows: Floats
    homes: Floats  # households of them; 0 where the denominator is
    between: Between | None


def figures_of(counted: Iterable[Counted], groups: Groups, periods: Periods) -> pd.DataFrame:
    """FIGURES of all metrics: for all and by each kind of group; now with last year beside, and by month.

    A share has Wilson's interval and a score the adjusted Wald one, of the effective number of rows; any
    other figure that of a mean, whose variance is that of x - value x y. All take what is one household's
    together: planner.value.clusters, with the sources. Groups in which nothing was counted have no row, but
    for all there is always one. too_few: of fewer households than TOO_FEW, however many rows they have.

    Of the customers who were active a year ago A came back and B did not: Wilson's interval of 1 / 2.

    >>> from planner.settings import Settings
    >>> from planner.value import value_report
    >>> from planner.value.example import AS_OF, tables_of
    >>> cars = {"A": ["2020-01-10", "2025-03-01"], "B": ["2020-01-10", "2024-12-30"]}
    >>> figures = value_report(tables_of(cars), Settings(), AS_OF).figures
    >>> now = figures[figures["month"].isna() & figures["by"].eq("all")].set_index("metric").loc["churn"]
    >>> [round(float(now[name]), 3) for name in ("value", "low", "high")], now["note"]
    ([0.5, 0.095, 0.905], 'too_few')
    """
    return figures_in(measured(counted, groups, periods), periods)


def figures_in(found: Iterable[Measured], periods: Periods) -> pd.DataFrame:
    """FIGURES of what was measured; see `figures_of`."""
    return typed(pd.concat([_rows(each, periods) for each in found], ignore_index=True), FIGURES)


def measured(counted: Iterable[Counted], groups: Groups, periods: Periods) -> Iterator[Measured]:
    """Of each metric and kind of group value and interval of every period and group; see `figures_of`."""
    cells: list[_Cells] = []
    last: Counted | None = None
    for each in counted:
        if last is None or each.car is not last.car:  # several metrics of the same rows share their groups
            cells, last = _cells(each, groups, periods), each
        yes = np.flatnonzero(each.x) if each.x.dtype == bool else None
        yield from (_measured(each, of, yes, periods) for of in cells)


def _cells(counted: Counted, groups: Groups, periods: Periods) -> list[_Cells]:
    home = groups.homes_of(counted.customer)
    alone = alone_in(counted.period, home)  # as most rows of a period are, in every kind of group
    recent = np.flatnonzero(counted.period >= periods.newest)  # now and a year before are the last two

    def of_kind(by: str, names: Sequence[str], cell: Ints) -> _Cells:
        clusters = Clusters(cell, home, len(periods.ends) * len(names), alone)
        rows = np.bincount(cell, minlength=clusters.cells).astype("float64")
        return _Cells(by, names, cell, rows, home, recent, clusters)

    found = [of_kind("all", [""], counted.period)]
    for kind in groups.kinds:
        codes, names = counted.groups_of(kind, groups)
        found.append(of_kind(kind, names, counted.period * len(names) + codes))
    return found


def _interval(counted: Counted, of: _Cells, sx: Floats, sy: Floats) -> tuple[Floats, Floats]:
    """The 95% interval of each cell; sx, sy: the sums of x and y."""
    rows, x, y = of.rows, counted.x, counted.y
    unit = METRICS[counted.metric]
    if unit == "count":
        return np.full(len(sx), np.nan), np.full(len(sx), np.nan)
    if unit == "score" or (x.dtype == bool and y is None):
        xx = sx if x.dtype == bool else of.total(x * x)
        spread = of.clusters.spread(x, y, Spread(xx, sx, rows, rows))
        return score_interval(sx, sy, xx, spread) if unit == "score" else share_interval(sx, sy, spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = sx / sy
    off = x - value[of.cell] * (1.0 if y is None else y)
    squares = off * off
    moments = of.clusters.moments(off, of.total(squares), of.total(squares * squares))
    return mean_interval(value, sy, moments, of.clusters.households(rows), unit == "money")


def _measured(counted: Counted, of: _Cells, yes: Ints | None, periods: Periods) -> Measured:
    """yes: of yes or no, the rows with a yes."""
    count, width, rows = len(periods.ends), len(of.names), of.rows
    sx = of.total(counted.x) if yes is None else of.count(yes)
    sy = rows if counted.y is None else of.total(counted.y)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = sx / sy
    low, high = _interval(counted, of, sx, sy)
    together = _between(counted, of, value, periods) if counted.metric in TRENDS else None
    value, low, high = (np.where(sy > 0, each * counted.scale, np.nan) for each in (value, low, high))
    if METRICS[counted.metric] == "count":
        value = sx
    homes = np.where(sy > 0, of.clusters.households(rows), 0.0)  # what one household did is one observation
    shaped = [each.reshape(count, width) for each in (value, low, high, sx, sy, rows, homes)]
    value, low, high, sx, sy, rows, homes = shaped
    return Measured(
        counted.metric, of.by, of.names, value, low, high, sx, sy, rows, homes, together
    )  # fmt: skip


def _between(counted: Counted, of: _Cells, value: Floats, periods: Periods) -> Between:
    at, width = of.recent, len(of.names)
    cell, period = of.cell[at], counted.period[at]
    before = period == periods.last_year
    y = 1.0 if counted.y is None else counted.y[at]
    off = counted.x[at] - value[cell] * y
    start = counted.start[at[before]]
    return Between(
        pairs(cell - period * width, of.home[at], before, off, width),
        start.min() if len(start) else NO_DAY,
    )


def _rows(found: Measured, periods: Periods) -> pd.DataFrame:
    count, width = found.value.shape
    last_year = np.full((count, width), np.nan)
    last_year[periods.newest] = found.value[periods.last_year]
    noted = np.full((count, width), "", dtype=object)
    noted[periods.newest] = notes(found.homes[periods.last_year], TOO_FEW)
    keep = (found.rows > 0) if found.by != "all" else np.ones((count, width), dtype=bool)
    keep[periods.last_year] = False
    if found.metric in BY_MONTH:
        keep[periods.newest] = False
    at, group = np.nonzero(keep)
    return pd.DataFrame(
        {
            "metric": found.metric,
            "by": found.by,
            "group": np.array(found.names, dtype=object)[group],
            "month": periods.months[at].astype("datetime64[us]"),
            "value": found.value[keep],
            "low": found.low[keep],
            "high": found.high[keep],
            "numerator": found.numerator[keep],
            "denominator": found.denominator[keep],
            "unit": METRICS[found.metric],
            "last_year": last_year[keep],
            "last_year_note": noted[keep],
            "note": notes(found.homes[keep], TOO_FEW),
        }
    )
