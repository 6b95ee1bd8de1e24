"""How steady drivers are, what a fleet says of those of whom little is known, and do the windows hold."""

from __future__ import annotations

import math
import statistics
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.columns import empty
from planner.forecast.drivers import (
    Observed,
    between_spread,
    fleet_spread,
    median_of_others,
    own_spread,
    years_spread,
)
from planner.forecast.screen import Readings
from planner.forecast.usage import Usage, estimate
from planner.tables import VEHICLES
from tests.cars import cars


def observed(unrest: list[float], freedom: list[float]) -> Observed:
    count = len(unrest)
    return Observed(
        km_per_month=np.full(count, 1000.0),
        recent=np.zeros(count),
        span_days=np.full(count, 365.0),
        unrest=np.array(unrest),
        freedom=np.array(freedom),
        apart=np.full((count, 4), np.nan),
        turned=np.full((count, 4), np.nan),
    )


def read(*logs: list[tuple[int, float]]) -> Readings:
    """Of each car the days and km."""
    pairs = [(car, day, km) for car, log in enumerate(logs) for day, km in log]
    return Readings(
        np.array([car for car, _, _ in pairs], dtype="int64"),
        np.datetime64("2020-01-01") + np.array([day for _, day, _ in pairs], dtype="int64"),
        np.array([km for _, _, km in pairs], dtype="float64"),
        np.zeros(len(pairs), dtype="int64"),
    )


def nobodies(count: int):
    return empty(VEHICLES).reindex(range(count))


def test_a_sixteenth_of_a_year_spreads_twice_as_much_as_a_year() -> None:
    assert years_spread(np.array([365 / 16, 365.0, 365.0 * 16])) == pytest.approx([2, 1, 0.5])


class TestSteadiness:
    def test_who_shows_nothing_is_like_the_fleet(self) -> None:
        assert own_spread(observed([0.0], [0.0]), np.array([0.3])) == pytest.approx([0.3])

    def test_four_changes_of_his_own_weigh_as_much_as_the_fleet(self) -> None:
        # (4 * 0.04 + 4 * 0.12) / 8 = 0.08
        assert own_spread(observed([0.48], [4.0]), np.array([0.2])) == pytest.approx([math.sqrt(0.08)])

    def test_thirty_changes_weigh_as_much_as_the_default(self) -> None:
        # 15 drivers with 2 changes and a variance of 0.1 each: (30 * 0.04 + 30 * 0.1) / 60 = 0.07
        assert fleet_spread(observed([0.2] * 15, [2.0] * 15)) == pytest.approx(math.sqrt(0.07))

    def test_a_driver_with_a_long_log_speaks_for_four_changes_only(self) -> None:
        # (30 * 0.04 + 4 * 0.4) / 34
        assert fleet_spread(observed([40.0], [100.0])) == pytest.approx(math.sqrt(2.8 / 34))

    def test_nobody_drives_like_a_clock(self) -> None:
        assert fleet_spread(observed([0.0] * 10_000, [4.0] * 10_000)) == 0.05


class TestBetween:
    def test_seven_cars_do_not_say(self) -> None:
        assert between_spread(np.full(7, 2.0), np.full(7, 365.0), 0.2) == 0.45

    def test_what_short_observation_adds_is_taken_off(self) -> None:
        # median |off| 0.6745: a spread of 1; 365 / 16 is 22.8 days, too short to count
        off, span = np.array([0.6745, -0.6745] * 15 + [9.0]), np.array([365.0] * 30 + [22.8])
        # (30 * 0.2025 + 30 * (1 - 0.04)) / 60
        assert between_spread(off, span, 0.2) == pytest.approx(math.sqrt(0.58125))

    def test_nobody_states_his_km_to_the_percent(self) -> None:
        assert between_spread(np.zeros(10_000), np.full(10_000, 365.0), 0.2) == 0.1


_values = st.lists(
    st.tuples(st.integers(0, 1), st.one_of(st.none(), st.integers(1, 99))), min_size=12, max_size=40
)


@given(_values, st.booleans())
def test_the_median_of_others(rows, among: bool) -> None:
    seen = np.array([np.nan if value is None else value for _, value in rows], dtype="float64")
    group = np.array([of for of, _ in rows], dtype="int64")
    got = median_of_others(seen, group, group, seen if among else None)
    for at, (of, _) in enumerate(rows):
        others = [
            value
            for place, (theirs, value) in enumerate(rows)
            if theirs == of and value is not None and not (among and place == at)
        ]
        want = statistics.median(others) if len(others) >= 8 else math.nan
        assert got[at] == pytest.approx(want, nan_ok=True)


class TestSpread:
    def test_by_hand(self) -> None:
        used = estimate(nobodies(2), read([], [(0, 0), (365, 15_000)]), 1250.0)
        # unseen: sqrt(0.45^2 + 0.2^2); a year seen: w = 0.83505, sqrt(0.2025 * 0.16495 + 0.04)
        assert used.spread == pytest.approx([0.492443, 0.270928], abs=1e-6)
        car = np.array([0, 1, 1, 1])
        # a quarter: 0.04 * sqrt(365 / 91.25) = 0.08; four years 0.02; a day is as uncertain as a month
        ahead = used.spread_ahead(car, np.array([365.0, 91.25, 1460.0, 1.0]))
        assert ahead == pytest.approx([0.492443, 0.336752, 0.231089, 0.415843], abs=1e-6)

    def test_a_reading_shortly_before_a_limit_makes_its_day_nearly_known(self) -> None:
        # In 2020: read 10 days before the limit of a wait of 100 days; below 30 days as of 30, a tenth of it.
        used = estimate(nobodies(2), read([], [(0, 0), (90, 4_500)]), 1250.0)
        start, due = (
            np.array([f"2020-{day}"] * 2, dtype="datetime64[D]") for day in ("01-01", "04-10")
        )  # a leap year
        month = used.spread_ahead(np.array([0, 1]), np.array([30.0, 30.0]))
        hundred = used.spread_ahead(np.array([0]), np.array([100.0]))
        got = used.wait_spread(np.array([0, 1]), start, due)
        assert got == pytest.approx([hundred[0], month[1] * 0.1])
        # a limit that was passed before the last reading is known
        passed = used.wait_spread(np.array([1]), start[:1], start[:1] + 80)
        assert passed.tolist() == [0]

    def test_a_car_just_bought_has_the_fleet_rate_and_a_wide_window(self) -> None:
        used = estimate(nobodies(13), read(*([(0, 0), (365, 12_000)] for _ in range(12))), 1250.0)
        assert used.source.tolist() == ["observed"] * 12 + ["fleet"]
        assert used.km_per_month[12] == pytest.approx(12_000 / 365 * 30.4375)
        assert used.spread[12] > 1.4 * used.spread[0]

    def test_a_car_does_not_speak_for_itself(self) -> None:
        logs = [[(0, 0), (365, 12_000)] for _ in range(8)]
        assert estimate(nobodies(8), read(*logs), 5000.0).km_per_month.min() > 1001
        used = estimate(nobodies(9), read(*logs, [(0, 0), (365, 12_000)]), 5000.0)
        assert used.km_per_month == pytest.approx(np.full(9, 1000.68), abs=0.01)

    def test_what_customers_say_is_trusted_as_far_as_it_was_true(self) -> None:
        says = cars(*({"vehicle_id": f"V{n:03d}", "monthly_km": 1000} for n in range(101)))
        steps = [(0, 0), (365, 12_000)]
        used = estimate(says, read(*(steps for _ in range(100)), []), 1250.0)
        silent = estimate(nobodies(101), read(*(steps for _ in range(100)), []), 1250.0)
        liars = estimate(
            says, read(*([(0, 0), (365, 12_000 * 3 ** (n % 3 - 1))] for n in range(100)), []), 1250.0
        )
        assert used.source[100] == "declared"
        assert used.spread[100] < 0.35 < liars.spread[100]
        assert silent.source[100] == "fleet"

    def test_what_some_say_does_not_make_the_silent_surer(self) -> None:
        """100 who said the truth, 99 who said nothing and drive a third, as much or three times as much."""
        some = cars(
            *({"vehicle_id": f"V{n:03d}", "monthly_km": 1000 if n < 100 else None} for n in range(200))
        )
        apart = ([(0, 0), (365, 12_000 * 3 ** (n % 3 - 1))] for n in range(99))
        used = estimate(some, read(*([(0, 0), (365, 12_000)] for _ in range(100)), *apart, []), 1250.0)
        assert used.level_spread[199] > 0.45 > 0.2 > used.level_spread[0]

    def test_rows_of_other_months_learn_from_earlier_ones_only(self) -> None:
        wild = [[(0, 0), (100, 500), (200, 9_000), (300, 9_500), (400, 20_000)] for _ in range(20)]
        logs = read(*wild, [(0, 0), (365, 12_000)])
        early = np.array([1] * 20 + [0])
        late = np.array([1] * 20 + [2])
        assert estimate(nobodies(21), logs, 1250.0, early).own_spread[20] == pytest.approx(0.2)
        assert estimate(nobodies(21), logs, 1250.0, late).own_spread[20] > 0.4


@settings(max_examples=40, deadline=None)
@given(st.integers(30, 2_000), st.integers(1, 2_000), st.integers(1, 200))
def test_who_is_seen_longer_is_known_better(days: int, more: int, km_a_day: int) -> None:
    short, long = [(0, 0.0), (days, days * km_a_day)], [(0, 0.0), (days + more, (days + more) * km_a_day)]
    used = estimate(nobodies(2), read(short, long), 1250.0)
    assert used.level_spread[1] < used.level_spread[0]
    assert used.weight[1] > used.weight[0]


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 3_000), st.integers(1, 3_000))
def test_far_ahead_the_mean_rate_is_surer(days: int, more: int) -> None:
    used = estimate(nobodies(1), read([(0, 0), (200, 9_000)]), 1250.0)
    near, far = used.spread_ahead(np.array([0, 0]), np.array([days, days + more], dtype="float64"))
    assert far <= near


COUNT = 4_000
HORIZON_DAYS = (90, 365, 730)


def coverage(used: Usage, truth: dict[int, np.ndarray], days: int, level: float, rows: np.ndarray) -> float:
    """The share of cars whose ln(km a month) of so many days from the last reading on is in the window."""
    reach = NormalDist().inv_cdf((1 + level) / 2) * used.spread_ahead(
        np.arange(COUNT), np.full(COUNT, float(days))
    )
    return float((np.abs(np.log(used.km_per_month) - truth[days]) <= reach)[rows].mean())


def independent(
    within: np.ndarray, between: float, seed: int, most: int
) -> tuple[Usage, dict[int, np.ndarray], np.ndarray]:
    """Cars with 0 to `most` - 1 intervals of 30 to 400 days, the rate of each drawn with the true spread."""
    rng = np.random.default_rng(seed)
    level = rng.normal(math.log(1100), between, COUNT)
    size = rng.integers(0, most, COUNT)
    logs = []
    for car in range(COUNT):
        days = rng.integers(30, 400, size[car])
        rates = np.exp(rng.normal(level[car], within[car] * (365 / days) ** 0.25))
        on, km = np.append(0, np.cumsum(days)), np.append(0, np.cumsum(rates / 30.4375 * days))
        logs.append(list(zip(on.tolist(), km.tolist(), strict=True)))
    used = estimate(nobodies(COUNT), read(*logs), 1250.0)
    truth = {days: rng.normal(level, within * (365 / days) ** 0.25) for days in HORIZON_DAYS}
    return used, truth, size


class TestWindowsHold:
    """Drivers made here, whose true spread is known: do 80% of the windows hold what they drive next?"""

    @pytest.mark.parametrize(("within", "between"), [(0.1, 0.3), (0.2, 0.45), (0.4, 0.6)])
    def test_however_steady_a_fleet_is(self, within: float, between: float) -> None:
        used, truth, size = independent(np.full(COUNT, within), between, seed=5, most=12)
        for days in HORIZON_DAYS:
            for rows, room in ((size == 0, 0.08), ((size > 0) & (size < 4), 0.05), (size >= 4, 0.05)):
                assert coverage(used, truth, days, 0.8, rows) == pytest.approx(0.8, abs=room)
            assert coverage(used, truth, days, 0.5, size >= 0) == pytest.approx(0.5, abs=0.05)
            assert coverage(used, truth, days, 0.96, size >= 0) == pytest.approx(0.96, abs=0.02)

    def test_of_the_steady_and_the_restless_of_one_fleet(self) -> None:
        restless = np.arange(COUNT) % 3 == 0
        used, truth, size = independent(np.where(restless, 0.4, 0.1), 0.45, seed=6, most=20)
        long = size >= 12
        assert coverage(used, truth, 365, 0.8, restless & long) == pytest.approx(0.8, abs=0.08)
        assert 0.8 <= coverage(used, truth, 365, 0.8, ~restless & long) <= 0.97  # shrunk to the fleet
        wide, narrow = (np.median(used.spread[rows & long]) for rows in (restless, ~restless))
        assert wide > 2 * narrow

    def test_of_drivers_who_change_from_year_to_year(self) -> None:
        """A factor a year of ownership, a tenth from month to month, a visit about once a year."""
        rng = np.random.default_rng(7)
        level = rng.normal(math.log(1100), 0.45, (COUNT, 1))
        year = np.repeat(rng.normal(0, 0.2, (COUNT, 8)), 12, axis=1)
        a_day = np.repeat(np.exp(level + year + rng.normal(0, 0.1, (COUNT, 96))), 30, axis=1) / 30.4375
        odometer = np.cumsum(a_day, axis=1)
        size = rng.integers(0, 6, COUNT)
        logs, last = [], np.zeros(COUNT, dtype="int64")
        for car in range(COUNT):
            days = np.cumsum(rng.integers(300, 420, size[car]))
            logs.append([(0, 0.0), *((int(day), odometer[car, day - 1]) for day in days)])
            last[car] = logs[-1][-1][0]
        row = np.arange(COUNT)
        until = {days: odometer[row, last + days - 1] for days in HORIZON_DAYS}
        before = np.where(last > 0, odometer[row, last - 1], 0.0)
        truth = {days: np.log((until[days] - before) / days * 30.4375) for days in HORIZON_DAYS}
        used = estimate(nobodies(COUNT), read(*logs), 1250.0)
        for days in (365, 730):  # within a year these drivers change less than the formula has it
            assert coverage(used, truth, days, 0.8, size > 0) == pytest.approx(0.8, abs=0.08)
        assert coverage(used, truth, 90, 0.8, size > 0) >= 0.8
