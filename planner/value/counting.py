"""Figures from what was counted: every one is a sum over a sum, by group and period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.dates import Days
from planner.tables import typed
from planner.value.book import Ints
from planner.value.figures import FIGURES, METRICS, TOO_FEW, Z95, Floats, notes, wilson
from planner.value.groups import Groups
from planner.value.periods import Periods


@dataclass(frozen=True)
class Counted:
    """One metric: a row each time that something is counted. value = sum of x / sum of y (of counts: of x).

    car, customer   whose it is; -1 is nobody's
    start           the day on which the counting began: a row belongs to the groups of that day
    period          of planner.value.periods
    x, y            what is summed; in a share x is 0 or 1 and y is 1
    scale           100 for scores
    """

    metric: str
    car: Ints
    customer: Ints
    start: Days
    period: Ints
    x: Floats
    y: Floats
    scale: float = 1.0


def figures_of(counted: Iterable[Counted], groups: Groups, periods: Periods) -> pd.DataFrame:
    """FIGURES of all metrics: for all and by each kind of group; now with last year beside, and by month.

    A share has Wilson's interval; any other figure the normal one of a ratio of two sums, whose variance is
    that of x - value x y. Source: W. G. Cochran, Sampling Techniques, 3rd edition 1977, section 6.4.
    Groups in which nothing was counted have no row, but for all there is always one.
    """
    parts = [part for each in counted for part in _metric(each, groups, periods)]
    return typed(pd.concat(parts, ignore_index=True), FIGURES)


def _metric(counted: Counted, groups: Groups, periods: Periods) -> Iterable[pd.DataFrame]:
    nobody = np.zeros(len(counted.x), dtype="int64")
    yield _rows(counted, "all", nobody, [""], periods)
    for kind in groups.kinds:
        codes, names = groups.codes(kind, counted.car, counted.customer, counted.start)
        yield _rows(counted, kind, codes, names, periods)


def _rows(counted: Counted, by: str, codes: Ints, names: Sequence[str], periods: Periods) -> pd.DataFrame:
    count, width = len(periods.ends), len(names)
    cell = counted.period * width + codes

    def total(values: Floats) -> Floats:
        return np.bincount(cell, values, count * width).astype("float64")

    x, y = counted.x, counted.y
    rows, sx, sy = total(np.ones(len(x))), total(x), total(y)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = sx / sy
        is_share = METRICS[counted.metric] == "share" and bool(((y == 1) & ((x == 0) | (x == 1))).all())
        if is_share:
            low, high = wilson(sx, sy)
        else:
            off = total(x * x) - 2 * value * total(x * y) + value**2 * total(y * y)
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
