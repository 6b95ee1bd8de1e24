"""What one household does together: its cars, contacts and answers know less than as many of different ones.

Sums by household give the variance of a figure; over that of independent rows it is the design effect, and
the number of rows over this is how many independent ones know as much.

Sources: E. L. Korn and B. I. Graubard, Confidence Intervals for Proportions with Small Expected Number of
Positive Counts Estimated from Survey Data, Survey Methodology 24 (1998), 193-201 (the effective number in the
place of the number); C. Franco, R. J. A. Little, T. A. Louis, E. V. Slud, Comparative Study of Confidence
Intervals for Proportions in Complex Sample Surveys, Journal of Survey Statistics and Methodology 7 (2019),
334-364 (of those, Wilson's interval). Measured: docs/value-benchmark.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from planner.value.figures import Z95, Floats, wilson
from planner.value.owned import Bools, Ints


@dataclass(frozen=True)
class Spread:
    """By cell: x and y added up by household, their products summed; households: how many there are."""

    xx: Floats
    xy: Floats
    yy: Floats
    households: Floats


class Clusters:
    """Rows in cells (a group and period); rows of one household in one cell vary together."""

    def __init__(self, cell: Ints, home: Ints, cells: int, alone: Bools | None = None) -> None:
        """home: row number of the household, -1: nobody's, which stands for itself.

        alone: rows of which it is known that no other of the cell has their household.
        """
        self.cells = cells
        rows = np.arange(len(cell)) if alone is None else np.flatnonzero(~alone)
        self._rows, self._cell = rows, cell[rows]
        self._code, self._cell_of = by_household(self._cell, home[rows])
        many, fewer = (np.bincount(each, minlength=cells) for each in (self._cell, self._cell_of))
        self._not_first = many - fewer

    def households(self, rows: Floats) -> Floats:
        """By cell how many there are, of so many rows.

        >>> three = Clusters(np.zeros(3, dtype="int64"), np.array([0, 0, 1]), 1)
        >>> three.households(np.full(1, 3.0)).tolist()
        [2.0]
        """
        return np.asarray(rows - self._not_first, dtype="float64")

    def spread(self, x: Floats | Bools, y: Floats | None, by_row: Spread) -> Spread:
        """x, y (None: 1 each) by row; by_row: the sums of their products, as if each row stood alone.

        Three rows of 1, two of them of one household: 2 x 2 + 1 x 1.

        >>> one = np.ones(1)
        >>> clusters = Clusters(np.zeros(3, dtype="int64"), np.array([0, 0, 1]), 1)
        >>> found = clusters.spread(np.ones(3), None, Spread(one * 3, one * 3, one * 3, one * 3))
        >>> found.xx.tolist(), found.households.tolist()
        ([5.0], [2.0])
        """
        mine = x[self._rows]
        yours = np.ones(len(mine)) if y is None else y[self._rows]
        of_homes = self.spread_of(self._by_home(mine), self._by_home(yours))
        of_rows = _spread(self._cell, mine, yours, self.cells)
        return Spread(
            by_row.xx + of_homes.xx - of_rows.xx,
            by_row.xy + of_homes.xy - of_rows.xy,
            by_row.yy + of_homes.yy - of_rows.yy,
            by_row.households + of_homes.households - of_rows.households,
        )

    def sums(self, values: Floats | Bools) -> Floats:
        """Values by row, added up by household in each cell; but not of those that are known to stand alone.

        >>> Clusters(np.zeros(3, dtype="int64"), np.array([0, 0, 1]), 1).sums(np.ones(3)).tolist()
        [2.0, 1.0]
        """
        return self._by_home(values[self._rows])

    def total(self, sums: Floats) -> Floats:
        """By cell the `sums` of its households, added up.

        >>> Clusters(np.array([0, 0, 1]), np.array([7, 7, 7]), 2).total(np.array([3.0, 1.0])).tolist()
        [3.0, 1.0]
        """
        return np.bincount(self._cell_of, sums, self.cells).astype("float64")

    def spread_of(self, x: Floats, y: Floats) -> Spread:
        """x, y: `sums`. A household without y is none of those that are counted.

        Three rows of 1, two of them of one household: 2 x 2 + 1 x 1.

        >>> clusters = Clusters(np.zeros(3, dtype="int64"), np.array([0, 0, 1]), 1)
        >>> three = clusters.sums(np.ones(3))
        >>> found = clusters.spread_of(three, three)
        >>> found.xx.tolist(), found.households.tolist()
        ([5.0], [2.0])
        """
        return _spread(self._cell_of, x, y, self.cells)

    def moments(self, off: Floats, squares: Floats, fourths: Floats) -> tuple[Floats, Floats]:
        """By cell the sums of squares and of fourth powers of what each household is off, added up.

        off: by row; squares, fourths: the sums of its powers, as if each row stood alone.

        Off by 1 each, two of the three of one household: 2 ** 2 + 1 and 2 ** 4 + 1.

        >>> clusters = Clusters(np.zeros(3, dtype="int64"), np.array([0, 0, 1]), 1)
        >>> three = np.full(1, 3.0)
        >>> [each.tolist() for each in clusters.moments(np.ones(3), three, three)]
        [[5.0], [17.0]]
        """
        mine = off[self._rows]
        of_home = self._by_home(mine)
        found = []
        for by_row, power in ((squares, 2), (fourths, 4)):
            together = np.bincount(self._cell_of, of_home**power, self.cells)
            found.append(by_row + together - np.bincount(self._cell, mine**power, self.cells))
        return found[0], found[1]

    def _by_home(self, mine: Floats | Bools) -> Floats:
        if mine.dtype == bool:  # of many rows few may be anything
            return np.bincount(self._code[mine], minlength=len(self._cell_of)).astype("float64")
        return np.bincount(self._code, mine, len(self._cell_of)).astype("float64")


def _spread(cell: Ints, x: Floats | Bools, y: Floats | Bools, cells: int) -> Spread:
    x, y = x.astype("float64"), y.astype("float64")
    sums = (np.bincount(cell, each, cells) for each in (x * x, x * y, y * y, y > 0))
    return Spread(*(each.astype("float64") for each in sums))


def alone_in(period: Ints, home: Ints) -> Bools:
    """Is the row the only one of its household in the period, and so in each cell of it? Unsure: no.

    >>> alone_in(np.array([0, 0, 1]), np.array([7, 7, 7])).tolist()
    [False, False, True]
    """
    key = period * np.int64(home.max(initial=0) + 1) + np.maximum(home, 0)
    return np.asarray(np.bincount(key)[key] == 1)


def by_household(cell: Ints, home: Ints) -> tuple[Ints, Ints]:
    """Of each row the number of its cell and household together, and the cell of each such number.

    home -1 is nobody's, and each of these stands for itself.

    >>> code, cell = by_household(np.array([0, 0, 1, 1, 1]), np.array([7, 7, 7, -1, -1]))
    >>> code.tolist(), cell.tolist()
    ([0, 0, 1, 2, 3], [0, 1, 1, 1])
    """
    nobody = np.flatnonzero(home < 0)
    width = int(home.max(initial=-1)) + 1 + len(nobody)
    if len(nobody):
        home = home.copy()
        home[nobody] = np.arange(width - len(nobody), width)
    code, key = pd.factorize(cell * np.int64(width) + home)
    return np.asarray(code, dtype="int64"), np.asarray(key, dtype="int64") // width


@dataclass(frozen=True)
class Pairs:
    """Two figures by group: how they vary together, -1 to 1, and how many households are in each."""

    correlation: Floats
    first: Floats
    second: Floats


def pairs(group: Ints, home: Ints, second: Bools, off: Floats, groups: int) -> Pairs:
    """The correlation of two figures of the same households; rows of the first, and of the `second`.

    off: of each row x - value x y. Added up by household they are what each moves a ratio of two sums by, but
    for a factor (W. G. Cochran, Sampling Techniques, 3rd edition 1977, chapter 6); a household that is in one
    of the two only moves the other by 0. The correlation is 0 where one of the figures does not vary.

    Household 7 is 1 above in both; 8 is 1 below in the first, 9 in the second: 1 / root(2 x 2).

    >>> home, second = np.array([7, 8, 7, 9]), np.array([False, False, True, True])
    >>> found = pairs(np.zeros(4, dtype="int64"), home, second, np.array([1.0, -1.0, 1.0, -1.0]), 1)
    >>> found.correlation.tolist(), found.first.tolist(), found.second.tolist()
    ([0.5], [2.0], [2.0])
    """
    code, of = by_household(group, home)
    both = 2 * code + second
    a, b = np.bincount(both, off, 2 * len(of)).reshape(-1, 2).T
    here, there = (np.bincount(both, minlength=2 * len(of)).reshape(-1, 2) > 0).T
    ab, aa, bb = (np.bincount(of, each, groups) for each in (a * b, a * a, b * b))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where((aa > 0) & (bb > 0), ab / np.sqrt(aa * bb), 0.0)
    first, later = (np.bincount(of[each], minlength=groups).astype("float64") for each in (here, there))
    return Pairs(found, first, later)


def design_effect(x: Floats, n: Floats, xx_of_rows: Floats, spread: Spread) -> Floats:
    """Variance of the mean x / n with households over that of as many independent rows; 1 at least.

    x, n: sums and numbers of rows; xx_of_rows: sums of squares of the rows; spread: y is 1 each.

    As if there had been one household more, with the variance of one row, which does the same in all it
    does: where nothing or everything happened nobody knows how alike households are, and they count for as
    many as they are. Our judgement. Where each row has a household of its own it is 1, that one included.

    Of 10 households with two answers each, one said yes, twice: 2 where rows and squares alone give 2.

    >>> one = np.ones(1)
    >>> yes = Spread(xx=one * 4, xy=one * 4, yy=one * 40, households=one * 10)
    >>> float(design_effect(one * 2, one * 20, one * 2, yes)[0])
    2.0
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = x / n
        apart = xx_of_rows - mean**2 * n
        together = spread.xx - 2 * mean * spread.xy + mean**2 * spread.yy
        alike = spread.yy / n
        found = np.where(spread.households > 1, (together + alike) / (apart + 1), alike)
    return np.asarray(np.maximum(found, 1.0))


def share_interval(x: Floats, n: Floats, spread: Spread) -> tuple[Floats, Floats]:
    """The 95% interval of shares x / n of yes or no: Wilson's, of the effective number; NaN where n is 0.

    Ten households with two calls each, of which one booked both: as of one booking in ten.

    >>> one = np.ones(1)
    >>> low, high = share_interval(one * 2, one * 20, Spread(one * 4, one * 4, one * 40, one * 10))
    >>> print(f"{low[0]:.3f} {high[0]:.3f}")
    0.018 0.404
    >>> print(*(f"{end:.3f}" for end in wilson(1, 10)))
    0.018 0.404
    """
    return wilson(*effective(x, n, spread))


def effective(x: Floats, n: Floats, spread: Spread) -> tuple[Floats, Floats]:
    """x and n of shares, both over the design effect: as many independent rows know as much.

    >>> one = np.ones(1)
    >>> x, n = effective(one * 2, one * 20, Spread(one * 4, one * 4, one * 40, one * 10))
    >>> x.tolist(), n.tolist()
    ([1.0], [10.0])
    """
    design = design_effect(x, n, x, spread)
    return x / design, n / design


def mean_interval(
    value: Floats, total: Floats, moments: tuple[Floats, Floats], households: Floats, positive: bool
) -> tuple[Floats, Floats]:
    """The 95% interval of a mean or ratio; NaN of one household alone.

    total: what its sum is divided by; moments: `Clusters.moments` of x - value x y; positive: even on the log
    scale where it is larger than its standard error, as it always is of what cannot be below 0.

    Few large amounts decide how far amounts spread, so that the spread itself is not well known: it counts
    as one of 2 x households / (kurtosis - 1) degrees of freedom, households - 1 at most, and 3 at least (our
    judgement: below that an interval says nothing any more). Sources: W. G. Cochran, Sampling Techniques,
    3rd edition 1977, chapter 6 (the variance); F. E. Satterthwaite, An Approximate Distribution of Estimates
    of Variance Components, Biometrics Bulletin 2 (1946), 110-114 (the degrees of freedom; the variance of n
    values has the relative variance (kurtosis - 1) / n). The log scale is our judgement, measured:
    docs/value-benchmark.md.

    100 households that brought 5 or 15: 10, off by 5 each: 99 degrees of freedom, 1.984 x 5 / sqrt(99).
    One that brought 1,000 and 99 nothing: 3 degrees of freedom, 10 times exp(3.18).

    >>> hundred = np.full(1, 100.0)
    >>> low, high = mean_interval(hundred / 10, hundred, (hundred * 25, hundred * 625), hundred, False)
    >>> print(f"{low[0]:.3f} {high[0]:.3f}")
    9.003 10.997
    >>> off = np.append(990.0, np.full(99, -10.0))
    >>> moments = (np.array([(off**2).sum()]), np.array([(off**4).sum()]))
    >>> low, high = mean_interval(hundred / 10, hundred, moments, hundred, True)
    >>> print(f"{low[0]:.3f} {high[0]:.1f}")
    0.415 241.1
    """
    squares, fourths = moments
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # One household is off its own value by a rounding error, over nothing.
        others = np.where(households > 1, households - 1, np.nan)
        off = np.sqrt(squares * households / others) / total
        beyond = np.fmax(fourths * households / squares**2 - 1, 0.0)  # the kurtosis, and what it is at least
        freedom = np.fmax(np.fmin(2 * households / beyond, households - 1), 3.0)
        half = stdtrit(freedom, 0.975) * off
        even = positive & (off <= value * (1 + 1e-9)) & (value > 0)
        factor = np.exp(np.where(even, half / value, 0.0))
    return np.where(even, value / factor, value - half), np.where(even, value * factor, value + half)


def score_interval(x: Floats, n: Floats, xx_of_rows: Floats, spread: Spread) -> tuple[Floats, Floats]:
    """The 95% interval of a mean of 1, 0 and -1, as the net promoter score is, of the effective number.

    Source: B. Rocks, Interval Estimation for the "Net Promoter Score", The American Statistician 70 (2016),
    365-372: the adjusted Wald interval, three answers added, 3/4 of them promoters and 3/4 detractors. So it
    has a width where all said the same. It always holds the estimate, and lies within -1 and 1.

    Three promoters: (3.75 - 0.75) / 6 = 0.5, variance (4.5 / 6 - 0.25) / 6 = 0.0833.

    >>> three = np.full(1, 3.0)
    >>> low, high = score_interval(three, three, three, Spread(three, three, three, three))
    >>> print(f"{low[0]:.3f} {high[0]:.3f}")
    -0.066 1.000
    """
    design = design_effect(x, n, xx_of_rows, spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        number = n / design + 3
        middle = x / design / number
        variance = ((xx_of_rows / design + 1.5) / number - middle**2) / number
        half = Z95 * np.sqrt(np.maximum(variance, 0.0))
        low, high = np.minimum(middle - half, x / n), np.maximum(middle + half, x / n)
    return np.maximum(low, -1.0), np.minimum(high, 1.0)
