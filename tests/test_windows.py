"""The window of the expected visit: how far past predictions were off."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.forecast.expected import KINDS, Margins, length_weights
from planner.forecast.rhythm import shortest


class TestWindows:
    def plain(self, values: list[float], weights: list[float], least: float) -> tuple[float, float]:
        """By the book: of all intervals between two values that hold enough weight the shortest."""
        found = [
            (high - low, low, high)
            for low, high in itertools.combinations_with_replacement(sorted(values), 2)
            if sum(w for v, w in zip(values, weights, strict=True) if low <= v <= high) >= least - 1e-9
        ]
        return min(found)[1:]

    @given(
        st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 9)), min_size=2, max_size=25),
        st.floats(0.1, 0.99),
    )
    def test_the_shortest_interval(self, drawn: list[tuple[int, int]], share: float) -> None:
        drawn.sort()
        values, weights = [float(value) for value, _ in drawn], [float(weight) for _, weight in drawn]
        low, high = shortest(np.array(values), np.array(weights), share * sum(weights))
        best = self.plain(values, weights, share * sum(weights))
        assert high - low == pytest.approx(best[1] - best[0])
        inside = sum(w for v, w in zip(values, weights, strict=True) if low <= v <= high)
        assert inside >= share * sum(weights) - 1e-9

    def test_a_kind_with_fifty_outcomes_has_its_own_window(self) -> None:
        wide, narrow = np.linspace(-3, 3, 200), np.linspace(-1, 1, 101)
        none = np.empty(0)
        off = [none] * KINDS + [wide]
        off[1] = narrow
        margins = Margins(tuple(off), tuple(np.ones(len(each)) for each in off))
        # 0.8 of 101 outcomes are 80.8: 81 of them, which lie 0.02 apart, span 1.6; of 200, 160 span 159 steps
        low, high = margins.around(np.array([[KINDS - 1, 1], [KINDS - 1, 2]]), 0.8)
        assert (high - low).tolist() == pytest.approx([1.6, 159 * 6 / 199])

    def test_before_anything_was_seen_eight_of_ten_come_for_the_service(self) -> None:
        kinds = np.array([[5, 0]])
        assert np.abs(Margins().around(kinds, 0.5)).max() < 1.5
        low, high = (float(end[0]) for end in Margins().around(kinds, 0.96))
        assert low > -3
        assert high > np.log(2) / 0.15  # who misses one comes an interval later


def test_long_waits_count_for_those_that_could_not_be_seen() -> None:
    # Four waits begun, watched for 10 to 40 days: one of four for 40 days, two for 30 or more.
    weights = length_weights(np.array([5.0, 25.0, 35.0, 99.0]), np.array([10.0, 20.0, 30.0, 40.0]))
    assert weights.tolist() == [1, 2, 4, 10]
