"""The long-term rate and the recent one, and which of them tells what comes next."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.columns import empty
from planner.forecast.rates import lean, rates, turns
from planner.forecast.screen import Readings
from planner.forecast.usage import estimate
from planner.tables import VEHICLES

Log = list[tuple[int, float]]


def read(*logs: Log) -> Readings:
    """Of each car the days since 2020 and km."""
    pairs = [(car, day, km) for car, log in enumerate(logs) for day, km in log]
    return Readings(
        np.array([car for car, _, _ in pairs], dtype="int64"),
        np.datetime64("2020-01-01") + np.array([day for _, day, _ in pairs], dtype="int64"),
        np.array([km for _, _, km in pairs], dtype="float64"),
        np.zeros(len(pairs), dtype="int64"),
    )


def ends(*logs: Log) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The days of each reading, and where each car's begin and end."""
    size = np.array([len(log) for log in logs], dtype="int64")
    first = np.cumsum(size) - size
    return read(*logs).day.astype("float64"), first, first + size - 1


def log_of(*steps: tuple[int, float]) -> Log:
    """Days and km a day of one interval after the other."""
    log = [(0, 0.0)]
    for days, a_day in steps:
        log.append((log[-1][0] + days, log[-1][1] + days * a_day))
    return log


@given(
    st.lists(st.tuples(st.integers(1, 200), st.integers(0, 90)), min_size=1, max_size=6).filter(
        lambda steps: sum(days for days, _ in steps) >= 30
    )
)
def test_a_day_weighs_half_for_each_180_days_or_30_of_its_age(steps: list[tuple[int, int]]) -> None:
    """Against a plain loop over the days."""
    log = log_of(*steps)
    by_day = [a_day for days, a_day in steps for _ in range(days)]
    for half_life, got in zip((180, 30), rates(read(log), *ends(log)), strict=True):
        weights = [0.5 ** (age / half_life) for age in range(len(by_day))][::-1]
        mean = sum(w * km for w, km in zip(weights, by_day, strict=True)) / sum(weights)
        assert got[0] == pytest.approx(math.log(min(max(mean * 30.4375, 50), 20_000)), rel=1e-9)


def test_29_days_are_no_rate_and_no_car_sees_another() -> None:
    logs = [log_of((29, 50.0)), [], log_of((30, 50.0)), [(0, 0.0)], log_of((400, 20.0))]
    for found in rates(read(*logs), *ends(*logs)):
        assert np.exp(found) / 30.4375 == pytest.approx([np.nan, np.nan, 50, np.nan, 20], nan_ok=True)
    for found in turns(read(*logs), *ends(*logs)):
        assert found.shape == (5, 4)
        assert np.isnan(found).all()


def test_each_turn_is_told_from_what_was_known_then() -> None:
    # At day 400 the rates were those of 10 a day for 300 days and 20 for 100, and 40 a day came next. The 30
    # days after are too few to judge by: the last is day 530, the latest 90 days or more before it day 400.
    log = log_of((300, 10.0), (100, 20.0), (100, 40.0), (30, 40.0))
    apart, turned = turns(read(log), *ends(log))
    slow, quick = (
        math.log(
            (20 * (1 - 0.5 ** (100 / half)) + 10 * (0.5 ** (100 / half) - 0.5 ** (400 / half)))
            / (1 - 0.5 ** (400 / half))
        )
        for half in (180, 30)
    )
    nan = math.nan
    assert apart[0] == pytest.approx([quick - slow, 0, nan, nan], nan_ok=True)
    assert turned[0] == pytest.approx([math.log(40) - slow, math.log(2), nan, nan], nan_ok=True)


def test_what_comes_later_changes_no_earlier_turn() -> None:
    log = log_of((120, 10.0), (120, 30.0), (120, 20.0))
    apart, turned = turns(read(log), *ends(log))
    longer = [*log, (480, 20_000.0)]
    later = turns(read(longer), *ends(longer))
    assert later[0][0, 1:] == pytest.approx(apart[0, :3], nan_ok=True)
    assert later[1][0, 1:] == pytest.approx(turned[0, :3], nan_ok=True)


class TestLean:
    def test_who_shows_nothing_goes_by_the_long_term(self) -> None:
        assert lean(np.full((9, 4), np.nan), np.full((9, 4), np.nan)) == 0
        assert lean(np.zeros((9, 4)), np.full((9, 4), 0.3)) == 0  # one rate only: both are the same

    def test_thirty_turns_weigh_as_much_as_the_default(self) -> None:
        # the recent rate told exactly: 30 / (30 + 30), none of them off by 0.1
        assert lean(np.full(30, 0.08), np.full(30, 0.08)) == pytest.approx(0.5)
        assert lean(np.tile([0.05, -0.1], 45), np.tile([0.05, -0.1], 45)) == pytest.approx(0.75)

    def test_those_who_say_nothing_do_not_thin_the_others(self) -> None:
        told = np.append(np.full(30, 0.08), np.zeros(300))
        assert lean(told, told) == pytest.approx(0.5)

    def test_it_lies_between_both_rates(self) -> None:
        apart = np.full(90, 0.05)
        assert lean(apart, -apart) == 0
        assert lean(apart, apart * 3) == 1

    def test_one_who_is_far_off_counts_as_one_who_is_a_little(self) -> None:
        # 90 of 100 kept to the recent rate; ten went 3 of ln the other way, which by squares is 0 for all
        apart = np.full(100, 0.2)
        turned = np.where(np.arange(100) < 90, 0.2, -3.0)
        assert float(apart @ turned) < 0
        assert 0.5 < lean(apart, turned) < 0.75


def stepping(count: int, stays: bool, seed: int) -> tuple[list[Log], np.ndarray]:
    """Drivers whose rate stays, once changed: five intervals of 100 days, and the rate of the next."""
    rng = np.random.default_rng(seed)
    level = np.log(40) + np.cumsum(rng.normal(0, 0.3 if stays else 0.0, (count, 6)), axis=1)
    a_day = np.exp(level + rng.normal(0, 0.02 if stays else 0.3, (count, 6)))
    return [log_of(*((100, rate) for rate in car[:5])) for car in a_day], a_day[:, 5]


@pytest.mark.parametrize(("stays", "least", "most"), [(True, 0.9, 1.0), (False, 0.0, 0.1)])
def test_a_fleet_shows_which_rate_tells_more(stays: bool, least: float, most: float) -> None:
    """Where rates stay once changed the last one tells most; where each is drawn anew, the mean of all."""
    logs, following = stepping(400, stays, seed=3)
    readings = read(*logs)
    assert least <= lean(*turns(readings, *ends(*logs))) <= most
    used = estimate(empty(VEHICLES).reindex(range(400)), readings, 1250.0)
    worse = [log[-1][1] / 500 if stays else (log[-1][1] - log[-2][1]) / 100 for log in logs]
    ours, theirs = (np.median(np.abs(np.log(rate / following))) for rate in (used.km_per_day, worse))
    assert ours < 0.85 * theirs


def test_a_month_leans_as_earlier_months_taught() -> None:
    """The same car beside a fleet whose rates stay: asked before that fleet, and after it."""
    logs, _ = stepping(200, True, seed=4)
    car = log_of((300, 20.0), (100, 60.0))
    readings, vehicles = read(*logs, car), empty(VEHICLES).reindex(range(201))
    vehicles["monthly_km"] = 1000.0
    asked = (np.append(np.full(200, 5), month) for month in (4, 5, 6))
    before, same, after = (estimate(vehicles, readings, 1250.0, month).km_per_day[200] for month in asked)
    assert before == same
    assert after > before * 1.1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 400), st.floats(2, 600)), min_size=1, max_size=9))
def test_the_cars_around_it_change_no_turn(steps: list[tuple[int, float]]) -> None:
    log, other = log_of(*steps), log_of((200, 30.0), (200, 60.0), (200, 10.0))
    alone = turns(read(log), *ends(log))
    among = turns(read(other, [], log, other), *ends(other, [], log, other))
    for one, many in zip(alone, among, strict=True):
        np.testing.assert_allclose(many[2], one[0], rtol=1e-9, atol=1e-12)
