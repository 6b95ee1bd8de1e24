"""The past predicted from what was known then: nothing later may reach in."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import pandas as pd
import pytest

from benchmarks.records import Frames, sample
from planner.forecast import backtest, forecast
from planner.forecast.backtest import BASELINES, LEVELS
from planner.forecast.expected import length_weights
from planner.forecast.rhythm import Rhythm, wait
from planner.settings import Settings
from planner.tables import READINGS, VISITS, typed
from tests.cars import cars, readings, visits

END = date(2026, 6, 30)


@pytest.fixture(scope="module")
def dealership() -> Frames:
    return sample(400, 3, END)


def predictions(tables: Frames, as_of: date = END) -> pd.DataFrame:
    return backtest(*tables, Settings(), as_of).predictions


def test_a_poisoned_future_changes_no_prediction(dealership: Frames) -> None:
    vehicles, seen, read = dealership
    cut = pd.Timestamp("2024-06-15")
    clean = predictions(dealership)
    # After the cut: everybody comes every 40 days, odometers jump, readings contradict the earlier ones.
    past, ids = seen[seen["visited_on"] <= cut], vehicles["vehicle_id"].tolist()
    later = [
        visits(("2024-07-25", 900_000, "maintenance"), ("2024-09-03", 5, "maintenance"), vehicle_id=name)
        for name in ids
    ]
    lies = [
        readings(("2024-06-16", 7), ("2024-06-17", 8), ("2024-06-18", 9), vehicle_id=name) for name in ids
    ]
    poisoned = predictions(
        (
            vehicles,
            typed(pd.concat([past, *later]), VISITS),
            typed(pd.concat([read[read["read_on"] <= cut], *lies]), READINGS),
        )
    )
    told = [name for name in clean if name != "visited_on"]
    before = clean.loc[clean["predicted_from"] <= cut, told].reset_index(drop=True)
    after = poisoned.loc[poisoned["predicted_from"] <= cut, told].reset_index(drop=True)
    assert len(before) > 300
    pd.testing.assert_frame_equal(before, after)


def test_the_records_cut_off_at_a_day_give_the_same_predictions(dealership: Frames) -> None:
    cut = date(2023, 3, 10)
    whole, short = predictions(dealership), predictions(dealership, cut)
    whole = whole[whole["predicted_from"] <= pd.Timestamp(cut)].reset_index(drop=True)
    pd.testing.assert_frame_equal(whole.drop(columns="visited_on"), short.drop(columns="visited_on"))
    assert (short["visited_on"].dropna() <= pd.Timestamp(cut)).all()


def test_every_visit_is_an_origin_or_counted(dealership: Frames) -> None:
    vehicles, seen, _ = dealership
    result = backtest(*dealership, Settings(), END)
    table = result.predictions
    scored = int(table["visited_on"].notna().sum())
    blank = seen["kind"].fillna("maintenance") == "maintenance"
    happened = seen[blank & (seen["visited_on"] <= pd.Timestamp(END))]
    assert scored + result.not_scored.sum() == len(happened)
    assert (table["visited_on"].dropna() > table.loc[table["visited_on"].notna(), "predicted_from"]).all()
    assert table.sort_values(["vehicle_id", "predicted_from"], kind="stable").index.equals(table.index)
    dates = ["predicted_from", "visited_on", "due_on", "expected_on", *BASELINES]
    dates += [f"{end}_{level}" for level in LEVELS for end in ("low", "high")]
    assert set(table[dates].dtypes.astype(str)) == {"datetime64[us]"}
    assert set(table["vehicle_id"]) <= set(vehicles["vehicle_id"])


def test_windows_are_nested_and_hold_about_what_they_say(dealership: Frames) -> None:
    table = predictions(dealership)
    days = ["low_96", "low_80", "low_50", "expected_on", "high_50", "high_80", "high_96"]
    for left, right in itertools.pairwise(days):
        assert (table[left] <= table[right]).all()
    came = table[table["visited_on"].notna()]
    for level, share in LEVELS.items():
        inside = came["visited_on"].between(came[f"low_{level}"], came[f"high_{level}"]).mean()
        assert inside == pytest.approx(share, abs=0.08)


def test_the_backtest_tells_what_the_forecast_told() -> None:
    # One mechanism: the forecast of the day of a visit is the prediction made there. A fleet that is young
    # enough for the window to be the default, visited on the first of a month (the backtest learns monthly).
    vehicles = cars({"vehicle_id": "A", "purchased_on": "2022-03-01", "monthly_km": 900, "condition": "new"})
    seen = visits(
        ("2023-02-01", 10_000, "maintenance"), ("2024-01-01", 19_000, "maintenance"), vehicle_id="A"
    )
    read = readings(("2022-10-01", 6_100), vehicle_id="A")
    day = date(2024, 1, 1)
    told = predictions((vehicles, seen, read), day).iloc[-1]
    now = forecast(vehicles, seen, read, Settings(), day, date(2026, 1, 1)).services.iloc[0]
    assert (told["service_no"], told["due_on"]) == (now["service_no"], now["due_on"])
    assert abs(told["expected_on"] - now["expected_on"]) <= pd.Timedelta(days=2)
    assert abs(told["low_80"] - now["low_on"]) <= pd.Timedelta(days=3)


def test_simple_methods_by_hand() -> None:
    vehicles = cars({"vehicle_id": "A", "purchased_on": "2021-01-01", "odometer_at_purchase_km": 10_000})
    seen = visits(
        ("2021-07-20", 20_000, "maintenance"),  # 200 days, 50 km a day
        ("2021-10-28", 30_000, "maintenance"),  # 100 days, 100 km a day
        ("2022-01-16", 38_000, "maintenance"),  # 80 days, 100 km a day
        vehicle_id="A",
    )
    told = predictions((vehicles, seen, readings()), date(2022, 2, 1)).iloc[-1]
    days = {name: (told[name] - told["predicted_from"]).days for name in BASELINES if told.notna()[name]}
    assert days["fixed_interval"] == 365
    assert days["last_two_readings"] == 150  # 15,000 / 100
    assert days["first_to_last"] == 204  # 28,000 km in 380 days: 203.6
    assert days["own_median_gap"] == days["last_five_gaps"] == 90


class TestWitnesses:
    def origins(self, *own: float, rule: float = 365.0):
        from planner.forecast.origins import OWN_GAPS, Origins

        gaps = np.full((1, OWN_GAPS), np.nan)
        gaps[0, : len(own)] = np.log(own)
        one = np.array([0])
        day = np.array(["2024-01-01"], dtype="datetime64[D]")
        yes = np.array([True])
        return Origins(
            one, day, one, gaps, np.array([rule]), np.array([40.0]), yes, day + np.timedelta64("NaT"), ~yes
        )

    def days(self, rhythm: Rhythm, *own: float) -> float:
        return float(np.exp(wait(self.origins(*own), rhythm)[0][0]))

    def test_without_history_the_rule_speaks(self) -> None:
        assert self.days(Rhythm()) == pytest.approx(365)

    def test_the_more_own_gaps_the_more_they_count(self) -> None:
        rule = Rhythm(seen=100)
        waits = [self.days(rule, *[300.0] * gaps) for gaps in range(6)]
        assert waits == sorted(waits, reverse=True)
        assert waits[0] == pytest.approx(365)
        assert 300 < waits[5] < 325

    def test_a_skipped_service_hardly_pulls(self) -> None:
        assert self.days(Rhythm(seen=100), 360.0, 730.0, 365.0) == pytest.approx(365, rel=0.06)

    def test_km_speak_where_the_rule_is_not_the_fleets(self) -> None:
        fleet = Rhythm(100, gaps=np.full(10, np.log(120.0)), km=np.log(40 * 90.0), rule=False)
        assert 90 < self.days(fleet) < 120


def test_long_waits_count_for_those_that_could_not_be_seen() -> None:
    # Four waits begun, watched for 10 to 40 days: one of four for 40 days, two for 30 or more.
    weights = length_weights(np.array([5.0, 25.0, 35.0, 99.0]), np.array([10.0, 20.0, 30.0, 40.0]))
    assert weights.tolist() == [1, 2, 4, 10]
