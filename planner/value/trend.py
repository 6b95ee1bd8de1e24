"""Whether a figure rose or fell: now against a year before, with the interval of the change.

Values by month do not tell it. Most figures look back over a year or more, so that those of neighbouring
months are made of the same visits, and the same households stand in both years.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.columns import Column, Table, typed
from planner.value.book import Book
from planner.value.counting import Measured
from planner.value.figures import BY, METRICS, TOO_FEW, TRENDS, UNITS, WEAK, Floats
from planner.value.periods import Periods
from planner.value.reach import too_short

# What can be said of a change; the first three where its interval is known.
WORDS = ("rises", "falls", "unclear", "too_few", "too_short", "no_data")
NO_GROUPS = ("segment",)  # made of who came lately: those who came are in it now, whoever they were then

TREND = Table(
    "trend",
    "one row a metric and group: the figure now against a year before",
    ("metric", "by", "group"),
    (
        Column("metric", "choice", "of those whose change has an interval", choices=TRENDS),
        Column("by", "choice", "what the groups are", choices=tuple(by for by in BY if by not in NO_GROUPS)),
        Column("group", "text", "the group; empty for all"),
        Column("trend", "choice", "whether it rises: that the interval of the change says so", choices=WORDS),
        Column("value", "number", "the figure now: that of FIGURES without a month"),
        Column("last_year", "number", "the same as of a year before"),
        Column("change", "number", "value - last_year; missing where one is, and with too_few and too_short"),
        Column("low", "number", "lower end of the 95% interval of the change; missing with too few"),
        Column("high", "number", "upper end"),
        Column("numerator", "number", "what is divided, now"),
        Column("denominator", "number", "by what"),
        Column("last_year_numerator", "number", "what was divided a year before"),
        Column("last_year_denominator", "number", "by what"),
        Column("unit", "choice", "share is 0 to 1, score is -100 to 100", choices=UNITS),
        Column("note", "choice", "poor_data where a check of grade D is under it", choices=("", "poor_data")),
    ),
)


def change_interval(
    now: tuple[Floats, Floats, Floats], before: tuple[Floats, Floats, Floats], correlation: Floats
) -> tuple[Floats, Floats]:
    """The 95% interval of now - before; each is a value with the ends of its own 95% interval.

    On each side the distances of the two ends that make the change smaller (or larger) are added as standard
    errors are: a² + b² - 2 x correlation x a x b. With even intervals that is the normal one of a difference
    that is paired; with Wilson's it holds where a share is near 0 or 1, too. Source: R. G. Newcombe, Improved
    Confidence Intervals for the Difference between Binomial Proportions Based on Paired Data, Statistics in
    Medicine 17 (1998), 2635-2650, method 10 without its continuity correction; for any two estimates G. Y.
    Zou, A. Donner, Construction of Confidence Limits about Effect Measures, the same 27 (2008), 1693-1702.

    0.6 (0.5 to 0.7) after 0.5 (0.4 to 0.6): 0.1 less and more root(0.01 + 0.01 - 2 x 0.5 x 0.01) = 0.1.

    >>> now, before = ([np.array([each]) for each in ends] for ends in ((0.6, 0.5, 0.7), (0.5, 0.4, 0.6)))
    >>> low, high = change_interval(now, before, np.array([0.5]))
    >>> print(f"{low[0]:.3f} {high[0]:.3f}")
    0.000 0.200
    """
    (value, low, high), (value_before, low_before, high_before) = now, before

    def apart(a: Floats, b: Floats) -> Floats:
        with np.errstate(invalid="ignore"):  # of one household an end may lie anywhere
            return np.sqrt(np.maximum(a * a + b * b - 2 * correlation * a * b, 0.0))

    change = value - value_before
    return (
        change - apart(value - low, high_before - value_before),
        change + apart(high - value, value_before - low_before),
    )


def trend_of(found: Iterable[Measured], book: Book, periods: Periods) -> pd.DataFrame:
    """TREND: each metric now against a year before, and whether it rises, falls, or nobody can tell.

    Both are those of FIGURES: of the settings' window up to the as-of day, and up to the same day a year
    before; a figure that looks back over the active window shares some months with the year before. The same
    households are in both, so the interval knows how they vary together (planner.value.clusters.pairs). It
    rises or falls where the interval is on one side of 0; of 20 figures in which nothing changed that says
    one. too_few: less than 30 households in one of the two. too_short: visits are on record for less time
    than the year before looks back, so that what was not written down would look like a rise. Source: our
    rules; of the interval `change_interval`.

    20 customers brought 70 and then 105 of margin, 20 others 35 both times. The mean rises from 52.5 to 70.
    The correlation is 1, so that the ends differ: those of 52.5 are 47.13 and 58.48, of 70 59.53 and 82.31
    (even on the log scale), and the change is 17.5 - (10.47 - 5.98) to 17.5 + (12.31 - 5.37).

    >>> from planner.settings import Settings
    >>> from planner.value import value_report
    >>> from planner.value.example import AS_OF, tables_of
    >>> more = {f"A{n}": ["2020-01-10", "2023-01-10", "2025-03-01 200", "2026-03-01 300"] for n in range(20)}
    >>> same = {f"B{n}": ["2020-01-10", "2025-03-01 100", "2026-03-01 100"] for n in range(20)}
    >>> trend = value_report(tables_of(more | same), Settings(), AS_OF).trend
    >>> of = trend[trend["metric"].eq("margin_per_customer") & trend["by"].eq("all")].iloc[0]
    >>> of["trend"], *(round(float(of[name]), 2) for name in ("value", "last_year", "change", "low", "high"))
    ('rises', 70.0, 52.5, 17.5, 13.02, 24.43)
    """
    told = [each for each in found if each.between and each.by not in NO_GROUPS]
    told.sort(key=lambda each: TRENDS.index(each.metric))
    short = too_short(told, book, periods)
    parts = [_columns(each, each.metric in short, periods) for each in told]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return typed(pd.DataFrame(columns | {"note": ""}), TREND)


def _columns(found: Measured, short: bool, periods: Periods) -> dict[str, npt.NDArray[Any]]:
    """The columns of TREND of one metric and kind of group."""
    now, before = periods.newest, periods.last_year
    there = (found.rows[[now, before]] > 0).any(axis=0) | (found.by == "all")
    ends = [tuple(each[at] for each in (found.value, found.low, found.high)) for at in (now, before)]
    assert found.between is not None
    pairs = found.between.pairs
    change = found.value[now] - found.value[before]
    low, high = change_interval(ends[0], ends[1], pairs.correlation)
    few = np.minimum(pairs.first, pairs.second) < TOO_FEW
    word = np.select(
        [np.isnan(change), np.full(len(change), short), few, low > 0, high < 0],
        ["no_data", "too_short", "too_few", "rises", "falls"],
        default="unclear",
    )
    known = np.isin(word, WORDS[:3])
    counted = {
        "metric": np.full(len(word), found.metric, dtype=object),
        "by": np.full(len(word), found.by, dtype=object),
        "group": np.array(found.names, dtype=object),
        "trend": word.astype(object),
        "value": found.value[now],
        "last_year": found.value[before],
        "change": np.where(np.isin(word, WEAK), np.nan, change),
        "low": np.where(known, low, np.nan),
        "high": np.where(known, high, np.nan),
        "numerator": found.numerator[now],
        "denominator": found.denominator[now],
        "last_year_numerator": found.numerator[before],
        "last_year_denominator": found.denominator[before],
        "unit": np.full(len(word), METRICS[found.metric], dtype=object),
    }
    return {name: column[there] for name, column in counted.items()}
