"""Figures from what was counted: every one is a sum over a sum, by group and period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.dates import Days
from planner.tables import typed
from planner.value.book import Bools, Ints
from planner.value.figures import FIGURES, METRICS, TOO_FEW, Z95, Floats, notes, wilson
from planner.value.groups import Groups
from planner.value.periods import Periods


@dataclass(frozen=True)
class Counted:
    """One metric: a row each time that something is counted. value = sum of x / sum of y (of counts: of x).

    car, customer   whose it is; -1 is nobody's
    start           the day on which the counting began: a row belongs to the groups of that day
    period          of planner.value.periods
    x, y            what is summed; in a share x is yes or no; without y it is 1 each
    scale           100 for scores
    """

    metric: str
    car: Ints
    customer: Ints
    start: Days
    period: Ints
    x: Floats | Bools
    y: Floats | None = None
    scale: float = 1.0


@dataclass(frozen=True)
class _Cells:
    """The rows of one kind of group: of each its period and group as one number, and the groups' names."""

    by: str
    names: Sequence[str]
    cell: Ints


def figures_of(counted: Iterable[Counted], groups: Groups, periods: Periods) -> pd.DataFrame:
    """FIGURES of all metrics: for all and by each kind of group; now with last year beside, and by month.

    A share has Wilson's interval; any other figure the normal one of a ratio of two sums, whose variance is
    that of x - value x y. Source: W. G. Cochran, Sampling Techniques, 3rd edition 1977, chapter 6.
    Groups in which nothing was counted have no row, but for all there is always one.
    """
    parts, cells, last = [], [], None
    for each in counted:
        if last is None or each.car is not last.car:  # several metrics of the same rows share their groups
            cells, last = _cells(each, groups), each
        parts += [_rows(each, of, periods) for of in cells]
    return typed(pd.concat(parts, ignore_index=True), FIGURES)


def _cells(counted: Counted, groups: Groups) -> list[_Cells]:
    found = [_Cells("all", [""], counted.period)]
    for kind in groups.kinds:
        codes, names = groups.codes(kind, counted.car, counted.customer, counted.start)
        found.append(_Cells(kind, names, counted.period * len(names) + codes))
    return found


def _rows(counted: Counted, of: _Cells, periods: Periods) -> pd.DataFrame:
    by, names = of.by, of.names
    count, width = len(periods.ends), len(names)

    def total(values: Floats | Bools | None) -> Floats:
        return np.bincount(of.cell, values, count * width).astype("float64")

    x, y = counted.x, counted.y
    rows, sx = total(None), total(x)
    sy = rows if y is None else total(y)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = sx / sy
        if METRICS[counted.metric] == "share" and x.dtype == bool and y is None:
            low, high = wilson(sx, sy)
        else:
            xy, yy = (sx, rows) if y is None else (total(x * y), total(y * y))
            off = total(x * x) - 2 * value * xy + value**2 * yy
            half = Z95 * np.sqrt(np.maximum(off, 0) * rows / (rows - 1)) / sy
            low, high = value - half, value + half
    value, low, high = (np.where(sy > 0, each * counted.scale, np.nan) for each in (value, low, high))
    if METRICS[counted.metric] == "count":
        value, low, high = sx, np.full(len(sx), np.nan), np.full(len(sx), np.nan)
    shaped = [each.reshape(count, width) for each in (value, low, high, sx, sy, rows)]
    value, low, high, sx, sy, rows = shaped
    last_year = np.full((count, width), np.nan)
    last_year[periods.newest] = value[periods.last_year]
    shown = np.arange(count) != periods.last_year
    keep = (rows > 0) if by != "all" else np.ones((count, width), dtype=bool)
    keep[~shown] = False
    at, group = np.nonzero(keep)
    return pd.DataFrame(
        {
            "metric": counted.metric,
            "by": by,
            "group": np.array(names, dtype=object)[group],
            "month": periods.months[at].astype("datetime64[us]"),
            "value": value[keep],
            "low": low[keep],
            "high": high[keep],
            "numerator": sx[keep],
            "denominator": sy[keep],
            "unit": METRICS[counted.metric],
            "last_year": last_year[keep],
            "note": notes(np.where(sy[keep] > 0, rows[keep], 0), TOO_FEW),
        }
    )
