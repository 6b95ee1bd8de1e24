"""What one household does together, worked out by hand, beside plain rows and against simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.value.clusters import (
    Clusters,
    Spread,
    design_effect,
    effective,
    score_interval,
    share_interval,
)
from planner.value.figures import wilson


def told(home: list[int], x: list[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray, Spread]:
    """Sums of x, rows and squares, and the spread, of one cell."""
    values = np.array(x, dtype="float64")
    clusters = Clusters(np.zeros(len(x), dtype="int64"), np.array(home), 1)
    sums = (clusters.sums(each) for each in (values, np.ones(len(x))))
    total = [np.array([each]) for each in (values.sum(), float(len(x)), (values**2).sum())]
    return total[0], total[1], total[2], clusters.spread_of(*sums)


def test_where_each_row_has_a_household_of_its_own_it_is_wilson() -> None:
    x, n, _, spread = told(list(range(40)), [1.0] * 7 + [0.0] * 33)
    assert np.ravel(share_interval(x, n, spread)) == pytest.approx(np.ravel(wilson(7, 40)))


def test_households_that_always_agree_count_once() -> None:
    """Thirty households of four calls each, of which nine book all four: as nine of thirty."""
    x, n, _, spread = told(list(np.repeat(range(30), 4)), list(np.repeat([1.0] * 9 + [0.0] * 21, 4)))
    # Of rows 120 x 0.3 x 0.7 = 25.2; of households 30 x 0.21 x 16 = 100.8; one more of 1 and of 4.
    assert design_effect(x, n, x, spread)[0] == pytest.approx((100.8 + 4) / (25.2 + 1))
    assert np.ravel(effective(x, n, spread)) == pytest.approx([9.0, 30.0])


def test_nothing_seen_is_as_much_as_the_households_know() -> None:
    """No complaint in 25 calls to each of 4 households: as none of 4, not of 100."""
    x, n, _, spread = told(list(np.repeat(range(4), 25)), [0.0] * 100)
    assert np.ravel(share_interval(x, n, spread)) == pytest.approx(np.ravel(wilson(0, 4)))


def test_one_household_knows_as_much_as_one() -> None:
    x, n, _, spread = told([0] * 8, [1.0] * 4 + [0.0] * 4)
    assert effective(x, n, spread)[1][0] == 1.0


def test_households_that_nobody_asked_make_nothing_more_certain() -> None:
    """A answers 50 of 100 times yes, as much as one answer; nine others were never asked."""
    x, n = np.array([50.0]), np.array([100.0])
    alone, all_ten = (
        Clusters(np.zeros(count, dtype="int64"), np.arange(count), 1).spread_of(
            np.append(x, np.zeros(count - 1)), np.append(n, np.zeros(count - 1))
        )
        for count in (1, 10)
    )
    found = np.ravel(share_interval(x, n, all_ten))
    assert found == pytest.approx(np.ravel(wilson(0.5, 1)))
    assert found == pytest.approx(np.ravel(share_interval(x, n, alone)))


def test_nothing_counted_has_no_interval() -> None:
    none = np.zeros(1)
    low, high = share_interval(none, none, Spread(none, none, none, none))
    assert np.isnan([low[0], high[0]]).all()
    low, high = score_interval(none, none, none, Spread(none, none, none, none))
    assert np.isnan([low[0], high[0]]).all()


def test_a_score_by_hand() -> None:
    """Ten households: 5 promoters, 3 in between, 2 detractors, and three more."""
    x, n, squares, spread = told(list(range(10)), [1.0] * 5 + [0.0] * 3 + [-1.0] * 2)
    low, high = score_interval(x, n, squares, spread)
    middle, half = 3 / 13, 1.959964 * np.sqrt((8.5 / 13 - (3 / 13) ** 2) / 13)
    assert (low[0], high[0]) == pytest.approx((middle - half, middle + half))


@pytest.mark.parametrize("answer", [1.0, 0.0, -1.0])
@pytest.mark.parametrize("many", [1, 2, 30])
def test_a_score_on_which_all_agree_has_a_width_and_is_in_it(answer: float, many: int) -> None:
    x, n, squares, spread = told(list(range(many)), [answer] * many)
    low, high = score_interval(x, n, squares, spread)
    assert -1 <= low[0] <= answer <= high[0] <= 1
    assert high[0] - low[0] > 0.1


ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(-1, 4), st.booleans()), min_size=1, max_size=30)


@given(ROWS)
def test_rows_that_stand_alone_need_not_be_sorted_out(rows: list[tuple[int, int, bool]]) -> None:
    """Cells of a group: the sums are those of a plain loop over households, whichever rows are marked."""
    cell, home = (np.array([row[at] for row in rows]) for at in (0, 1))
    x = np.array([row[2] for row in rows])
    key = [(a, b) if b >= 0 else (a, b, number) for number, (a, b, _) in enumerate(rows)]
    alone = np.array([key.count(each) == 1 for each in key])
    sums: dict[tuple[int, ...], list[int]] = {}
    for each, one in zip(key, x, strict=True):
        sums[each] = [a + b for a, b in zip(sums.get(each, [0, 0]), (int(one), 1), strict=True)]
    of_rows = [
        np.bincount(cell, each, 3).astype("float64") for each in (x, x, np.ones(len(x)), np.ones(len(x)))
    ]
    for marked in (None, alone):
        found = Clusters(cell, home, 3, marked).spread(x, None, Spread(*of_rows))
        for at in range(3):
            mine = [both for each, both in sums.items() if each[0] == at]
            want = [sum(a * a for a, _ in mine), sum(a * b for a, b in mine), sum(b * b for _, b in mine)]
            assert [found.xx[at], found.xy[at], found.yy[at], found.households[at]] == [*want, len(mine)]


def test_intervals_of_answers_that_go_together_hold_the_truth() -> None:
    """80 households of up to 6 calls, that mostly all book or none: plain Wilson is too narrow."""
    rng = np.random.default_rng(11)
    plain, together = [], []
    for _ in range(300):
        home = np.repeat(np.arange(80), rng.integers(1, 7, 80))
        chance = rng.choice([0.1, 0.9], 80)
        x, n, _, spread = told(list(home), list((rng.random(len(home)) < chance[home]).astype("float64")))
        for held, (low, high) in ((plain, wilson(x, n)), (together, share_interval(x, n, spread))):
            held.append(bool(low[0] <= 0.5 <= high[0]))
    assert np.mean(plain) < 0.85
    assert np.mean(together) == pytest.approx(0.95, abs=0.035)
