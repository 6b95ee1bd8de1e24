"""Intervals of money: margin and churn of the same customers, and a few large amounts among many small."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import numpy as np
import pandas as pd
import pytest

from benchmarks.value import tables_of
from planner.settings import Settings
from planner.value import example, value_report
from planner.value.book import read_book
from planner.value.clusters import Clusters, mean_interval, share_interval
from planner.value.counting import Counted
from planner.value.figures import Floats, wilson
from planner.value.groups import Groups
from planner.value.owned import Ints
from planner.value.periods import Periods, periods_of
from planner.value.rates import churn
from planner.value.together import UNRELATED, together
from planner.value.worth import _product_interval, worth

AS_OF = date(2026, 3, 2)
KEY = ["by", "group", "month"]


def off_by_household(
    of: Counted, kind: str, groups: Groups, periods: Periods
) -> dict[object, tuple[Floats, int]]:
    """By month and group, of each household: by how much it is off the mean; and how many there are."""
    group, names = (
        (np.zeros(len(of.car), dtype="int64"), [""]) if kind == "all" else of.groups_of(kind, groups)
    )
    cells = defaultdict(list)
    for row, home in enumerate(groups.homes_of(of.customer)):
        cells[of.period[row], group[row]].append((home, float(of.x[row])))
    found = {}
    for (period, code), rows in cells.items():
        mean, of_home = np.mean([x for _, x in rows]), np.zeros(groups.book.homes)
        for home, x in rows:
            of_home[home] += x - mean
        if period != periods.last_year:
            key = names[code], pd.Timestamp(periods.months[period])
            found[key] = of_home, len({home for home, _ in rows})
    return found


def test_margin_and_churn_vary_together_as_their_households_do() -> None:
    book = read_book(tables_of(150, 3), Settings(), AS_OF)
    groups, periods = Groups(book), periods_of(book)
    nothing = np.full(len(book.cars), np.nan)
    margin = next(
        each
        for each in worth(book, groups, periods, nothing, nothing)
        if each.metric == "margin_per_customer"
    )
    lost = churn(book, groups, periods)
    told = together(margin, lost, groups, periods).set_index(KEY)["correlation"]
    checked = 0
    for kind in ("all", *groups.kinds):
        one, other = (off_by_household(each, kind, groups, periods) for each in (margin, lost))
        for (by, name, month), value in told[told.index.get_level_values("by") == kind].items():
            if by == kind and (name, month) in one and (name, month) in other:
                (a, homes), (b, others) = one[name, month], other[name, month]
                root, few = np.sqrt((a @ a) * (b @ b)), min(homes, others)
                wanted = float(a @ b) / root * few / (few + 2) if root > 1e-9 else 0.0
                assert value == pytest.approx(wanted, abs=1e-9), (by, name, month)
                checked += wanted != 0
    assert checked > 300


def test_ltv_of_few_households_by_hand() -> None:
    """A and B stayed and brought 35 each, C and D are new and brought nothing, E and F have left: 17.5 / 0.5.

    Margin: off by 17.5 each of four, three degrees of freedom: a = 3.182446 x 17.5 / root(3) / 17.5, on the
    log scale. Churn: Wilson's interval of 2 / 4. Their sums by household are off by 17.5 x -0.5 in A and B:
    a correlation of -17.5 / root(1,225 x 1), as of four households x 4 / 6.
    """
    stayed, new = ["2020-01-10", "2025-03-01", "2026-03-01 100"], ["2026-01-10"]
    left = ["2020-01-10", "2024-12-30"]
    cars = dict(zip("ABCDEF", (stayed, stayed, new, new, left, left), strict=True))
    figures = value_report(example.tables_of(cars), Settings(), example.AS_OF).figures
    now = figures[figures["by"].eq("all") & figures["month"].isna()].set_index("metric")
    a, together_by = 3.182446 / np.sqrt(3), -0.5 * 4 / 6
    low, high = wilson(2, 4)
    below, above = (
        np.exp(np.sqrt(a**2 + b**2 - 2 * together_by * a * b))
        for b in (np.log(high / 0.5), np.log(0.5 / low))
    )
    wanted = [35, 35 / below, 35 * above]
    assert now.loc["ltv", ["value", "low", "high"]].tolist() == pytest.approx(wanted, rel=1e-6)


def together_of(
    margin: Floats, active: Floats, lost: Floats, before: Floats, unrelated: float = UNRELATED
) -> tuple[Floats, Floats]:
    """The interval of ltv of many dealerships at once, a row each; a household is a column."""
    count, homes = margin.shape
    cell = np.repeat(np.arange(count), homes)

    def counted(x: Floats, there: Floats) -> tuple[Ints, Floats]:
        rows = there.ravel() > 0
        return cell[rows], x.ravel()[rows]

    cells, x = counted(margin, active)
    n, sx = np.bincount(cells, minlength=count), np.bincount(cells, x, count)
    m = sx / n
    off = x - m[cells]
    moments = Clusters(cells, np.full(len(cells), -1), count).moments(
        off, np.bincount(cells, off**2, count), np.bincount(cells, off**4, count)
    )
    low, high = mean_interval(m, n, moments, n, True)
    cells, y = counted(lost, before)
    b, sy = np.bincount(cells, minlength=count), np.bincount(cells, y, count)
    c = sy / b
    spread = Clusters(cells, np.arange(len(cells)), count).spread_of(y, np.ones(len(y)))
    least, most = share_interval(sy, b.astype("float64"), spread)
    moves, leaves = active * (margin - m[:, None]), before * (lost - c[:, None])
    squares = (moves**2).sum(axis=1) * (leaves**2).sum(axis=1)
    known = np.minimum(n, b)
    r = (moves * leaves).sum(axis=1) / np.sqrt(squares) * known / (known + unrelated)
    return _product_interval((low, m, high), (1 / most, 1 / c, 1 / least), r)


def test_intervals_hold_where_those_who_stay_bring_all_of_the_margin() -> None:
    """1,500 dealerships of 200 customers, half of them new, who bring nothing yet.

    Of the others half leave; those who stay bring about the same. Without the correlation 87% are covered.
    """
    rng = np.random.default_rng(11)
    new, lost = rng.random((2, 1_500, 200)) < 0.5
    lost &= ~new
    active = (~lost).astype("float64")
    margin = rng.lognormal(5, 0.2, lost.shape) * active * ~new
    true = 0.25 * np.exp(5 + 0.02) / 0.75 / 0.5
    low, high = together_of(margin, active, lost.astype("float64"), (~new).astype("float64"))
    assert np.mean((low <= true) & (true <= high)) == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize("homes", [5, 9, 15])
def test_intervals_of_few_households_hold_the_truth(homes: int) -> None:
    """Half leave, mostly those who bring more. With the correlation as it is seen 89% to 93% are covered."""
    rng = np.random.default_rng(homes)
    brings, stays = rng.standard_normal((2, 4_000, homes))
    lost = (np.sqrt(1 - 0.9**2) * stays - 0.9 * brings < 0).astype("float64")
    lost, margin = (each[lost.any(axis=1) & ~lost.all(axis=1)] for each in (lost, np.exp(brings / 2)))
    true, all_of_them = np.exp(1 / 8) / 0.5, np.ones(lost.shape)
    covered = []
    for unrelated in (0.0, UNRELATED):
        low, high = together_of(margin, all_of_them, lost, all_of_them, unrelated)
        covered.append(float(np.mean((low <= true) & (true <= high))))
    assert covered[0] < 0.94 < covered[1]


@pytest.mark.parametrize(("rows", "spread"), [(40, 1.0), (600, 1.3)])
def test_a_few_large_amounts_among_many_small(rows: int, spread: float) -> None:
    """Log-normal amounts, of which 40% are nothing: covered 94% of the time; a normal interval: 88%."""
    rng, count = np.random.default_rng(12), 3_000
    x = rng.lognormal(4, spread, (count, rows)) * (rng.random((count, rows)) > 0.4)
    true = 0.6 * np.exp(4 + spread**2 / 2)
    mean = x.mean(axis=1)
    off = x - mean[:, None]
    number = np.full(count, float(rows))
    low, high = mean_interval(mean, number, ((off**2).sum(axis=1), (off**4).sum(axis=1)), number, True)
    assert np.mean((low <= true) & (true <= high)) >= 0.935
    normal = 1.96 * off.std(axis=1, ddof=1) / np.sqrt(rows)
    assert np.mean(np.abs(mean - true) <= normal) < 0.93


def test_amounts_that_may_be_below_nothing_have_an_interval_as_wide_on_both_sides() -> None:
    one = np.ones(1)
    mean, off = 0.1 * one, np.array([100.0, -100.0, 50.0, -50.0])
    moments = (off**2).sum() * one, (off**4).sum() * one
    low, high = mean_interval(mean, one * 4, moments, one * 4, True)
    assert high - mean == pytest.approx(mean - low)
    assert low[0] < 0 < high[0] < 200


def test_all_off_by_as_much_leaves_all_degrees_of_freedom() -> None:
    """Of 7 that brought 0.1 more or less than 0.3: kurtosis 1 but for rounding, six degrees of freedom."""
    one, off = np.ones(1), np.array([0.1, -0.1, 0.1, -0.1, 0.1, -0.1, 0.1]) * (1 + 1e-15)
    moments = (off**2).sum() * one, (off**4).sum() * one * (1 - 1e-12)
    low, high = mean_interval(0.3 * one, one * 7, moments, one * 7, False)
    assert (high - low)[0] / 2 == pytest.approx(2.446912 * 0.1 / np.sqrt(6))
