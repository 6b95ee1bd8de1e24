"""An odometer that was replaced, or went past its last digit, counts on."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from planner.forecast import Forecast, backtest
from planner.forecast.restarts import screened
from planner.forecast.screen import Readings, clashes, credible
from planner.settings import Settings
from tests.cars import cars, isos, readings, run, visits

MILE = 1.609344
FIRST = np.datetime64("2018-01-01")
DAYS_PER_MONTH = 30.4375


def steady(a_day: float = 40, **more: object) -> dict[str, object]:
    """A used car whose customer states so many km a day."""
    return {"purchased_on": "2022-01-01", "condition": "used", "monthly_km": a_day * DAYS_PER_MONTH, **more}


# 40 km a day before and after: 181 days, then 365 days in which the odometer was replaced, then 184 days.
REPLACED = [("2022-01-01", 40_000), ("2022-07-01", 47_240), ("2023-07-01", 4_000), ("2024-01-01", 11_360)]


def test_a_replaced_odometer_counts_on_from_the_usual_driving() -> None:
    found = run(cars(steady()), read=readings(*REPLACED), as_of="2024-01-02")
    assert found.issues[["code", "source", "column"]].to_numpy().tolist() == [
        ["reading-replaced", "readings", "odometer_km"]
    ]
    assert found.issues["message"].iloc[0] == (
        "vehicle CAR: 4000 km on 2023-07-01 is below the 47240 km on 2022-07-01, and later readings go on "
        "from it: the odometer probably was replaced; counted on from 61840 km"  # 47,240 + 365 * 40
    )
    assert found.services["km_per_month"].iloc[0] == pytest.approx(40 * DAYS_PER_MONTH, abs=0.1)
    assert found.odometers["odometer_km"].tolist() == [11_360]


def test_the_rate_is_that_of_both_odometers() -> None:
    # 7,240 km in 181 days and 3,680 in 184: 29.92 a day, also in the 365 days between. Days weigh by their
    # age, half for each 180: 0.0606 * 40 + 0.3716 * 29.92 + 0.5076 * 20 over the sum, 25.21 a day; half for
    # each 30: 20.14. Half a year before that was 31.33 and 29.92, 0.0462 of ln apart, and 20 came, 0.449
    # off: with 30 that did not turn, and 0.1 / 0.445 of the weight, a share of 0.0720. 25.21 * (20.14 /
    # 25.21)^0.0720 = 24.81.
    read = [*REPLACED[:3], ("2024-01-01", 7_680)]
    found = run(cars(steady(24.81)), read=readings(*read), as_of="2024-01-02")
    assert found.issues["message"].iloc[0].endswith("counted on from 58160 km")
    assert found.services["km_per_month"].iloc[0] == pytest.approx(24.81 * DAYS_PER_MONTH, abs=0.3)


def test_due_km_is_what_the_instrument_shows_on_the_day() -> None:
    # 60 km a day: 15,000 km are 250 days. The service of 2022-09-08 falls due on the old odometer.
    read = readings(("2022-07-01", 50_860), ("2023-07-01", 6_000), ("2024-01-01", 17_040))
    car = cars(steady(60, odometer_at_purchase_km=40_000))
    late = run(car, read=read, as_of="2024-01-01").services.iloc[0]
    assert (str(late["due_on"])[:10], late["basis"]) == ("2024-01-01", "time")  # a year was missed
    overdue = run(car, read=readings(("2022-07-01", 50_860)), as_of="2023-06-30").services.iloc[0]
    assert (str(overdue["due_on"])[:10], overdue["due_km"]) == ("2022-09-08", 55_000)
    done = visits(("2024-01-01", 17_040, "maintenance"))
    due = run(car, done, read, as_of="2024-01-02").services.iloc[0]
    assert (due["basis"], due["due_km"]) == ("km", 32_040)
    # A service that fell due on the old odometer is still shown as that one showed it.
    before = visits(("2022-07-01", 50_860, "maintenance"))
    passed = run(car, before, read, as_of="2024-01-01").services.iloc[0]
    assert (str(passed["due_on"])[:10], passed["due_km"]) == ("2023-03-08", 65_860)


@pytest.mark.parametrize(
    ("read", "counted_on"),
    [
        pytest.param(
            [("2022-01-01", 85_000), ("2022-07-01", 92_240), ("2023-01-01", 400), ("2023-07-01", 7_640)],
            "100400 km",
            id="five digits",
        ),
        pytest.param(
            [("2022-01-01", 985_000), ("2022-07-01", 992_240), ("2023-01-01", 400), ("2023-07-01", 7_640)],
            "1000400 km",
            id="six digits",
        ),
        pytest.param(
            [
                ("2022-01-01", 90_001 * MILE),
                ("2022-07-01", 94_999 * MILE),
                ("2023-01-01", 101 * MILE),
                ("2023-07-01", 4_999 * MILE),
            ],
            "100101 mi",
            id="miles",
        ),
    ],
)
def test_a_rollover_is_exact(read: list[tuple[str, float]], counted_on: str) -> None:
    found = run(cars(steady()), read=readings(*read), as_of="2024-01-01")
    assert found.issues["code"].tolist() == ["reading-rollover"]
    assert found.issues["message"].iloc[0].endswith(f"went past its last digit; counted on from {counted_on}")
    assert found.odometers["odometer_km"].tolist() == [read[-1][1]]


@pytest.mark.parametrize(
    ("read", "codes"),
    [
        pytest.param([*REPLACED[:3]], ["reading-typo"], id="a single low reading"),
        pytest.param(
            [*REPLACED[:3], ("2023-07-01", 4_009)], ["reading-typo", "reading-typo"], id="two of one day"
        ),
        pytest.param(
            [*REPLACED[:2], ("2023-01-01", 10_000), ("2023-02-01", 10_500), ("2023-07-01", 61_840)],
            ["reading-decrease", "reading-decrease"],
            id="two, and then back to the old level",
        ),
        pytest.param(
            [*REPLACED[:2], ("2023-07-01", round(61_840 / MILE)), ("2024-01-01", round(69_200 / MILE))],
            ["reading-unit", "reading-unit"],
            id="miles from then on",
        ),
        pytest.param(
            [
                ("2022-01-01", 170_000),
                ("2022-06-10", 176_400),
                ("2022-06-11", 177_700),
                ("2022-07-01", 175_600),
                ("2022-07-02", 175_700),
                ("2022-09-01", 180_000),
                ("2022-12-01", 183_000),
            ],
            ["reading-decrease", "reading-decrease"],
            id="two readings posted a month late",
        ),
        pytest.param(
            [("2022-01-01", 85_000), ("2022-07-01", 92_240), ("2022-08-01", 3_500), ("2023-07-01", 16_860)],
            ["reading-replaced"],
            id="near the top, but it would be 11,260 km in a month",
        ),
        pytest.param(
            [("2022-01-01", 70_000), ("2022-07-01", 77_240), ("2023-01-01", 400), ("2023-07-01", 7_640)],
            ["reading-replaced"],
            id="not near the top",
        ),
        pytest.param(
            [("2022-01-01", 105_000), ("2022-07-01", 112_240), ("2023-01-01", 400), ("2023-07-01", 7_640)],
            ["reading-replaced"],
            id="five digits cannot have shown 112,240",
        ),
        pytest.param(
            [
                *[
                    ("2018-01-01", 40_000),
                    ("2018-07-01", 47_240),
                    ("2019-01-01", 2_000),
                    ("2019-07-01", 9_240),
                ],
                *[("2020-01-01", 16_600), ("2020-07-01", 1_000), ("2021-01-01", 8_360)],
            ],
            ["reading-replaced", "reading-replaced"],
            id="replaced twice",
        ),
        pytest.param(
            [*REPLACED, ("2024-02-01", 12_600), ("2024-03-01", 13_760), ("2024-02-15", 31_160)],
            ["reading-replaced", "reading-typo"],
            id="a typing error on the new one",
        ),
    ],
)
def test_what_is_a_restart_and_what_is_not(read: list[tuple[str, float]], codes: list[str]) -> None:
    car = cars(steady() | {"purchased_on": min(read)[0]})
    assert run(car, read=readings(*read), as_of="2024-04-01").issues["code"].tolist() == codes


def test_a_restart_is_of_its_own_car_only() -> None:
    vehicles = cars(*(steady(vehicle_id=name) for name in "ABC"))
    plain = [("2022-01-01", 40_000), ("2022-07-01", 47_240), ("2024-01-01", 69_200)]
    read = pd.concat([readings(*(REPLACED if name == "B" else plain), vehicle_id=name) for name in "ABC"])
    found = run(vehicles, read=read, as_of="2024-01-02")
    assert found.odometers["odometer_km"].tolist() == [69_200, 11_360, 69_200]
    first = found.services.drop_duplicates("vehicle_id").set_index("vehicle_id")
    assert first["km_per_month"].nunique() == 1
    assert first.loc["A", "due_km"] == first.loc["C", "due_km"] > 60_000 > first.loc["B", "due_km"]


# The past must not see the future


def test_a_restart_is_known_from_its_second_reading_on() -> None:
    codes = {}
    for as_of in ("2023-06-30", "2023-07-01", "2023-12-31", "2024-01-01"):
        found = run(cars(steady()), read=readings(*REPLACED), as_of=as_of)
        codes[as_of] = found.issues["code"].tolist()
    assert codes == {
        "2023-06-30": [],
        "2023-07-01": ["reading-typo"],
        "2023-12-31": ["reading-typo"],
        "2024-01-01": ["reading-replaced"],
    }


def test_past_predictions_do_not_know_of_a_later_restart() -> None:
    vehicles = cars({"purchased_on": "2021-07-01", "odometer_at_purchase_km": 30_000, "condition": "used"})
    seen = [
        ("2022-01-01", 40_000, "maintenance"),
        ("2022-07-01", 47_240, "maintenance"),
        ("2023-07-01", 4_000, "maintenance"),
        ("2024-01-01", 11_360, "maintenance"),
        ("2024-07-01", 18_640, "maintenance"),
    ]
    told = {}
    for known in range(2, len(seen) + 1):
        as_of = date.fromisoformat(seen[known - 1][0])
        table = backtest(vehicles, visits(*seen), readings(), Settings(), as_of).predictions
        told[known] = table.drop(columns="visited_on")
    whole = told[len(seen)]
    for known, table in told.items():
        pd.testing.assert_frame_equal(whole.head(len(table)), table)
        assert len(table) == known
    # At the first low reading the rate is that of the old odometer, 47 km a day; then of both.
    by_km = (whole["first_to_last"] - whole["predicted_from"]).dt.days.tolist()
    assert by_km[1] == by_km[2] == 318  # 15,000 / (17,240 / 365) = 317.6
    assert 320 < by_km[3] <= 365


# A car that drives the same every day, with a new odometer at some time.


@st.composite
def restarted(draw: st.DrawFn) -> tuple[list[int], list[int], list[int], int, int]:
    """Days, km driven, km shown, km a day, and which reading is the first on the new odometer."""
    rate = draw(st.integers(20, 150))
    gaps = draw(st.lists(st.integers(25, 200), min_size=4, max_size=8))
    day = np.concatenate([[0], np.cumsum(gaps)])
    driven = draw(st.integers(20_000, 150_000)) + rate * day
    new = draw(st.integers(2, len(day) - 2))
    begun = draw(st.integers(int(driven[new - 1]), int(driven[new])))
    shown = np.where(np.arange(len(day)) < new, driven, driven - begun)
    return day.tolist(), driven.tolist(), shown.tolist(), rate, new


def forecast_of(day: list[int], km: list[int], rate: int) -> Forecast:
    vehicles = cars(steady(rate, purchased_on=str(FIRST)))
    read = readings(*((str(FIRST + on), shown) for on, shown in zip(day, km, strict=True)))
    return run(vehicles, read=read, as_of="2023-06-01")


@settings(max_examples=30, deadline=None)
@given(restarted())
def test_a_planted_restart_is_one_and_the_rate_is_unchanged(
    series: tuple[list[int], list[int], list[int], int, int],
) -> None:
    day, driven, shown, rate, new = series
    # Two readings or more must be lower, and than two of the old, else one typing error explains it all.
    assume(shown[new + 1] < driven[new - 1] and shown[new] < driven[new - 2])
    assume(shown[new] * 2 <= driven[new])
    found, clean = forecast_of(day, shown, rate), forecast_of(day, driven, rate)
    top = 100_000 if driven[new - 1] < 100_000 else 1_000_000
    over = top - driven[new - 1] + shown[new]
    near = driven[new - 1] >= 0.8 * top and over <= 3 * rate * (day[new] - day[new - 1] + 1)
    near = near and over * 3 >= rate * (day[new] - day[new - 1])
    assert found.issues["code"].tolist() == ["reading-rollover" if near else "reading-replaced"]
    assert (
        f"{shown[new]} km on {FIRST + day[new]} is below the {shown[new - 1]} km"
        in (found.issues["message"].iloc[0])
    )
    assert found.odometers["odometer_km"].tolist() == [shown[-1]]
    if not near:
        assert found.services["km_per_month"].tolist() == clean.services["km_per_month"].tolist()
        assert isos(found.services["due_on"]) == isos(clean.services["due_on"])


@settings(max_examples=30, deadline=None)
@given(restarted())
def test_a_planted_rollover_is_exact(series: tuple[list[int], list[int], list[int], int, int]) -> None:
    day, driven, _, rate, new = series
    shift = 100_000 - driven[new]  # it shows 0 to a day's driving on the first reading after
    driven = [km + shift + rate // 2 for km in driven]
    assume(driven[0] > 0 and driven[new - 1] >= 80_000 and driven[-1] < 200_000)
    shown = [km % 100_000 for km in driven]
    found, clean = forecast_of(day, shown, rate), forecast_of(day, driven, rate)
    assert found.issues["code"].tolist() == ["reading-rollover"]
    pd.testing.assert_frame_equal(
        found.services.drop(columns="due_km"), clean.services.drop(columns="due_km")
    )
    assert (found.services["due_km"] + 100_000 == clean.services["due_km"]).all()


# Small numbers of km, so that restarts, conflicts and repeats are frequent.
_read = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), min_size=1, max_size=9)


@settings(max_examples=150, deadline=None)
@given(st.lists(_read, min_size=1, max_size=4))
@example([[(0, 2), (1, 2), (32, 0), (32, 1), (33, 1)]])  # lifted, the other reading of the day is nearer
def test_what_is_kept_can_be_true_together_and_is_more_only_with_a_restart(
    fleet: list[list[tuple[int, int]]],
) -> None:
    rows = sorted((car, day * 40, km * 2_000.0) for car, read in enumerate(fleet) for day, km in read)
    car, day, km = (np.array(column) for column in zip(*rows, strict=True))
    known = Readings(car, FIRST + day, km, np.zeros(len(car), dtype="int64"))
    usual, new = np.full(len(fleet), 40.0), np.full(len(fleet), np.datetime64("NaT", "D"))
    found, plain = screened(known, usual, new), credible(known, usual, new)
    assert not clashes(found.credible).any()
    assert found.kept[found.restarts].all()
    assert (found.offset_km >= 0).all()
    again = np.isin(car, car[found.restarts])
    assert (found.kept[~again] == plain[~again]).all()
    assert (found.offset_km[~again] == 0).all()
    for number in np.unique(car[found.restarts]):
        of_car = car == number
        assert len(set(zip(day[of_car & found.kept], km[of_car & found.kept], strict=True))) >= 4
        assert found.kept[of_car].sum() > plain[of_car].sum()
