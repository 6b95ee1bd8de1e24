"""The season of a fleet: learnt where it is there, nowhere else, and from the past only."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.columns import empty
from planner.forecast.screen import Readings
from planner.forecast.season import Season, learn_season, seasons
from planner.forecast.usage import Usage, estimate
from planner.tables import VEHICLES

FIRST = np.datetime64("2015-01-01")
DAYS = np.arange(3_652)
ONE = np.zeros(1, dtype="int64")


def of_year(day: np.ndarray) -> np.ndarray:
    """The angle of the day in its year, 1970 beginning at 0."""
    return 2 * np.pi * (day.astype("int64") / 365.2425)


def fleet(
    wave: float, *, cars: int = 300, years: int = 5, unrest: float = 0.1, seed: int = 5
) -> tuple[Readings, np.ndarray]:
    """Cars that are read every 100 to 200 days, and drive by `wave` more in spring: km summed day by day."""
    rng = np.random.default_rng(seed)
    a_day = 1 + wave * np.sin(of_year(FIRST + DAYS))
    parts = []
    for car in range(cars):
        at = np.cumsum(rng.integers(100, 200, 40))
        at = at[at < 365 * years]
        rate = 40 * np.exp(rng.normal(0, 0.4))
        driven = [a_day[start:end].sum() for start, end in pairwise(at)]
        step = rate * np.exp(rng.normal(0, unrest, len(driven))) * driven
        km = np.concatenate([[0.0], np.cumsum(step)])
        parts.append((np.full(len(at), car), FIRST + at, km, np.zeros(len(at), dtype="int64")))
    car, day, km, source = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Readings(car, day, km, source), a_day


def test_it_finds_the_wave_that_is_there() -> None:
    found = learn_season(fleet(0.12)[0])
    assert found == pytest.approx([0.12, 0, 0, 0], abs=0.015)


@pytest.mark.parametrize("seed", range(5))
def test_it_finds_none_where_there_is_none(seed: int) -> None:
    assert not learn_season(fleet(0.0, seed=seed)[0]).any()


def test_one_year_is_no_season() -> None:
    assert not learn_season(fleet(0.3, cars=2_000, years=1)[0]).any()


def test_a_few_cars_are_no_fleet() -> None:
    assert not learn_season(fleet(0.05, cars=3)[0]).any()


def test_cars_that_drive_much_and_are_read_in_summer_make_no_season() -> None:
    """Half of the cars drive thrice as much and are read every July, the others every January."""
    parts = []
    for car in range(200):
        much = car % 2
        day = np.datetime64("2015-01-10") + 181 * much + np.arange(5) * 365 + (car % 7)
        day = np.sort(np.concatenate([day, day + 60 + car % 11]))
        km = (day - day[0]).astype("int64") * (90.0 if much else 30.0)
        parts.append((np.full(10, car), day, km, np.zeros(10, dtype="int64")))
    assert not learn_season(Readings(*(np.concatenate(part) for part in zip(*parts, strict=True)))).any()


@given(
    st.lists(st.floats(-0.12, 0.12), min_size=4, max_size=4),
    st.lists(st.integers(0, 40_000), min_size=1, max_size=6),
)
def test_bent_and_straight_again(wave: list[float], day: list[int]) -> None:
    season = Season(np.array([wave]), ONE)
    days = np.array(day).astype("datetime64[D]")
    car = np.zeros(len(days), dtype="int64")
    assert season.straight(car, season.bend(car, days)) == pytest.approx(np.array(day, dtype=float), abs=0.02)


def test_the_clock_is_the_sum_of_the_days() -> None:
    season = Season(np.array([[0.1, 0.0, 0.0, -0.05]]), ONE)
    a_day = 1 + 0.1 * np.sin(of_year(FIRST + DAYS) + np.pi / 365) - 0.05 * np.cos(2 * of_year(FIRST + DAYS))
    clock = season.bend(np.zeros(len(DAYS), dtype="int64"), FIRST + DAYS)
    assert clock - clock[0] == pytest.approx(np.concatenate([[0.0], np.cumsum(a_day)[:-1]]), abs=0.3)


def test_no_season_leaves_every_day_as_it_is() -> None:
    season = Season(np.zeros((1, 4)), ONE)
    bent = season.bend(np.zeros(2, dtype="int64"), np.array(["2024-02-29", "NaT"], dtype="datetime64[D]"))
    assert bent[0] == (np.datetime64("2024-02-29") - np.datetime64("1970-01-01")).astype(int)
    assert np.isnan(bent[1])


class TestAnOdometerWithASeason:
    """10 km a day on average, 12 at the height of spring (early April), 8 in early October."""

    usage = Usage(
        Readings(ONE, np.array(["2024-01-01"], dtype="datetime64[D]"), np.array([0.0]), ONE),
        km_per_month=np.array([304.375]),
        level_spread=np.array([0.0]),
        own_spread=np.array([0.2]),
        weight=np.array([1.0]),
        source=np.array(["observed"], dtype=object),
        season=Season(np.array([[0.2, 0.0, 0.0, 0.0]]), ONE),
    )

    @pytest.mark.parametrize("day", ["2024-01-31", "2024-04-15", "2024-07-01", "2024-10-10", "2026-03-03"])
    def test_it_shows_what_was_driven_day_by_day(self, day: str) -> None:
        passed = np.arange(np.datetime64("2024-01-01"), np.datetime64(day))
        driven = (10 * (1 + 0.2 * np.sin(of_year(passed)))).sum()
        assert self.usage.km_on(ONE, np.array([day], dtype="datetime64[D]"))[0] == pytest.approx(
            driven, abs=3
        )

    def test_so_many_km_take_less_time_in_spring(self) -> None:
        for start, least, most in (("2024-03-01", 80, 88), ("2024-09-01", 115, 126)):
            day = np.array([start], dtype="datetime64[D]")
            wait = (self.usage.day_at_rate(ONE, day, np.array([1_000.0])) - day).astype(int)
            assert least <= wait[0] <= most  # 1,000 km at nearly 12 and at about 8 a day

    def test_the_day_of_an_odometer_is_found_again(self) -> None:
        days = np.datetime64("2024-01-02") + np.arange(0, 900, 13)
        car = np.zeros(len(days), dtype="int64")
        found = self.usage.day_reached(car, self.usage.km_on(car, days))
        assert np.abs((found - days).astype(int)).max() <= 1


def _by_year(readings: Readings) -> tuple[pd.Series, Readings, np.ndarray]:
    """Every car as it was in the January of each year: rows, their readings, their months."""
    ids, months, parts = [], [], []
    for car in range(readings.car.max() + 1):
        own = readings[readings.car == car]
        for year in range(2016, 2020):
            known = own[own.day < np.datetime64(f"{year}-01-01")]
            parts.append(Readings(np.full(len(known), len(ids)), known.day, known.km, known.source))
            ids.append(f"car {car}")
            months.append((year - 1970) * 12)
    joined = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("car", "day", "km", "source")
    )
    return pd.Series(ids, dtype="str"), Readings(*joined), np.array(months)


def test_the_past_learns_from_earlier_years_only() -> None:
    ids, readings, month = _by_year(fleet(0.12, cars=150)[0])
    found = seasons(ids, readings, month)
    assert found.waves.shape == (4, 4)
    assert not found.waves[:2].any()  # of 2016 nothing is known, of 2017 a year
    assert found.waves[3] == pytest.approx([0.12, 0, 0, 0], abs=0.03)
    late = month[readings.car] == month.max()
    poisoned = Readings(
        readings.car, readings.day, np.where(late, readings.km * 3, readings.km), readings.source
    )
    assert (seasons(ids, poisoned, month).waves == found.waves).all()


def test_a_car_teaches_once_however_often_it_is_looked_at() -> None:
    ids, readings, month = _by_year(fleet(0.12, cars=150)[0])
    found = seasons(ids, readings, month).waves[3]
    alone = readings[month[readings.car] == (2018 - 1970) * 12]
    assert found == pytest.approx(learn_season(alone))


def test_today_learns_until_new_year() -> None:
    readings, _ = fleet(0.12)
    newest = readings.day.astype("datetime64[Y]").max()
    strange = Readings(
        readings.car,
        readings.day,
        np.where(readings.day >= newest, readings.km * 2, readings.km),
        readings.source,
    )
    vehicles = empty(VEHICLES).reindex(range(300))
    seen, other = estimate(vehicles, readings, 1250.0), estimate(vehicles, strange, 1250.0)
    assert seen.season.waves.any()
    assert (seen.season.waves == other.season.waves).all()


def test_the_rate_does_not_depend_on_the_months_in_which_it_was_measured() -> None:
    """Two cars with the same km in a year, one read from spring to autumn, the other in winter."""
    readings, a_day = fleet(0.2, unrest=0.02)
    count = 300
    summer, winter = np.arange(1_460, 1_460 + 180), np.arange(1_460 - 180, 1_460)
    extra = [
        (np.full(2, count + at), FIRST + span[[0, -1]], np.array([0.0, 40 * a_day[span[:-1]].sum()]))
        for at, span in enumerate((summer, winter))
    ]
    car, day, km = (np.concatenate([old, *new]) for old, new in zip(
        (readings.car, readings.day, readings.km), zip(*extra, strict=True), strict=True
    ))  # fmt: skip
    every = Readings(car, day, km, np.zeros(len(car), dtype="int64"))
    used = estimate(empty(VEHICLES).reindex(range(count + 2)), every, 1250.0)
    rate = used.km_per_month[-2:]
    assert rate[0] / rate[1] == pytest.approx(1.0, abs=0.03)  # 1.28 without a season
