"""The window of the expected visit: how far past predictions were off."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.forecast.expected import KINDS, Margins, _margins, length_weights, replay, window
from planner.forecast.origins import OWN_GAPS, Origins
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

    def test_fifty_outcomes_of_a_kind_and_twenty_five_of_the_wider_kind(self) -> None:
        first = np.arange(99) < 50  # one own gap, stage 0, and 50 scales late; the others have two
        kinds = np.column_stack([np.where(first, 9, 13), np.where(first, 1, 2)])
        found = _margins(np.where(first, 50.0, -50.0), np.full(99, 2.0), kinds, 900.0)
        assert [at for at, each in enumerate(found.off) if len(each)] == [1, 9, KINDS]
        assert all((np.diff(each) >= 0).all() for each in found.off)

        def weights(kind: int) -> list[float]:
            """Of those about 50 scales early, of those between, and of those about 50 late."""
            early, late = found.off[kind] < -25, found.off[kind] > 25
            return [float(found.weights[kind][some].sum()) for some in (early, ~early & ~late, late)]

        # All waits: 98, 25 that are assumed, 100. Own gaps: 100, and 25 as all. Stage: 100, and 25 as those.
        assert weights(KINDS) == pytest.approx([98, 25, 100])
        assert weights(1) == pytest.approx([11.0, 2.8, 100 + 11.2], abs=0.3)
        assert weights(9) == pytest.approx([2.2, 0.6, 100 + 22.2], abs=0.3)

    def test_what_is_assumed(self) -> None:
        # 88% come for the service, 9% miss one and 3% two
        assumed = Margins().off[-1]
        missed = (assumed > 0.5 * np.log(2) / 0.15).mean(), (assumed > 0.5 * np.log(6) / 0.15).mean()
        assert missed == pytest.approx((0.12, 0.03), abs=0.015)

    def test_young_records_have_not_seen_those_who_come_late(self) -> None:
        # Of all halves of the outcomes the earliest is the shortest in days: the window ends after 365.
        narrow = Margins((np.linspace(-0.2, 0.2, 401),), (np.ones(401),), 0.0)
        kinds, at, scale = np.array([[5, 0]]), np.log([365.0]), np.array([0.1])

        def width(recorded_days: float) -> float:
            kept = Margins(narrow.off, narrow.weights, recorded_days)
            low, high = window(at, scale, kinds, kept, 0.5)
            return float((high - low)[0])

        assert width(731) == pytest.approx(0.02, abs=1e-3)
        assert width(729) > 0.1


def test_what_was_said_while_nothing_was_known_widens_no_window() -> None:
    # For years everybody has come a fifth after the rule; until the first had, it was expected by the rule.
    count = 2_200
    day = np.datetime64("2015-01-01") + np.arange(count)
    fleet = Origins(
        car=np.arange(count),
        day=day,
        visits=np.ones(count, dtype="int64"),
        stage=np.ones(count, dtype="int64"),
        own=np.full((count, OWN_GAPS), np.nan),
        late=np.full((count, OWN_GAPS), np.nan),
        rule_days=np.full(count, 365.0),
        km_per_day=np.full(count, 40.0),
        unsure=np.zeros(count),
        observed=np.ones(count, dtype=bool),
        came=day + np.timedelta64(438, "D"),
        skipped=np.zeros(count, dtype=bool),
    )
    learnable = np.ones(count, dtype=bool)
    margins = replay(fleet, learnable, 0.8, np.datetime64("2024-01-01")).habit.margins
    low, high = margins.around(np.array([[5, 0]]), 0.96)
    assert (high - low).max() < 0.2
    assert np.log(438 / 365) / 0.15 > 1  # so far off was what was expected by the rule


class TestWhatCounts:
    def ended(self, days: float, visits: int = 1, skipped: bool = False) -> Origins:
        """Forty waits of so many days, one begun on each day from 1 January 2022 on."""
        day = np.datetime64("2022-01-01") + np.arange(40)
        return Origins(
            car=np.arange(40),
            day=day,
            visits=np.full(40, visits),
            stage=np.ones(40, dtype="int64"),
            own=np.full((40, OWN_GAPS), np.nan),
            late=np.full((40, OWN_GAPS), np.nan),
            rule_days=np.full(40, 365.0),
            km_per_day=np.full(40, 40.0),
            unsure=np.zeros(40),
            observed=np.ones(40, dtype=bool),
            came=day + np.timedelta64(int(days), "D"),
            skipped=np.full(40, skipped),
        )

    def seen(self, origins: Origins, as_of: str = "2025-01-01") -> tuple[int, int]:
        """How many waits teach, and how many outcomes the windows hold beside the 200 assumed."""
        habit = replay(origins, np.ones(40, dtype=bool), 0.8, np.datetime64(as_of)).habit
        return habit.rhythm.seen, len(habit.margins.off[-1]) - 200

    def test_returns_teach_nothing_and_missed_services_widen_windows_only(self) -> None:
        assert self.seen(self.ended(7)) == (0, 0)
        assert self.seen(self.ended(8)) == (40, 40)
        assert self.seen(self.ended(730, skipped=True)) == (0, 40)

    def test_only_what_had_ended_before_the_month(self) -> None:
        # 31 of them end in March 2022, 9 in April.
        waits = self.ended(59)
        assert self.seen(waits, "2022-03-31") == (0, 0)
        assert self.seen(waits, "2022-04-01") == (31, 31)
        assert self.seen(waits, "2022-04-30") == (31, 31)
        assert self.seen(waits, "2022-05-01") == (40, 40)

    def test_a_gap_lies_between_two_visits(self) -> None:
        last = self.ended(800)
        for visits, gap in ((0, np.nan), (1, 30.0)):
            first = self.ended(30, visits)
            both = Origins(
                **{
                    name: np.concatenate([getattr(first, name), getattr(last, name)])
                    for name in Origins.__dataclass_fields__
                }
            )
            both.day[40:] += np.timedelta64(365, "D")
            found = replay(both, np.ones(80, dtype=bool), 0.8, np.datetime64("2023-06-01"), (0.8,))
            np.testing.assert_allclose(found.median_gap[-1], gap)
            np.testing.assert_allclose(found.mean_gap[-1], gap)


def test_long_waits_count_for_those_that_could_not_be_seen() -> None:
    # Four waits begun, watched for 10 to 40 days: one of four for 40 days, two for 30 or more.
    weights = length_weights(np.array([5.0, 25.0, 35.0, 99.0]), np.array([10.0, 20.0, 30.0, 40.0]))
    assert weights.tolist() == [1, 2, 4, 10]
