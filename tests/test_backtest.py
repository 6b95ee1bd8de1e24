"""The past predicted from what was known then: nothing later may reach in."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.records import Frames, sample
from planner.columns import typed
from planner.forecast import backtest, forecast
from planner.forecast.backtest import BASELINES, LEVELS
from planner.forecast.expected import replay
from planner.forecast.records import read_records
from planner.settings import Service, Settings
from planner.tables import READINGS, VEHICLES, VISITS
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
    # ... and cars that nobody had, of every model, which drive nobody knows how much.
    newer = vehicles.assign(
        vehicle_id="NEW-" + vehicles["vehicle_id"],
        purchased_on=pd.Timestamp("2024-06-20"),
        odometer_at_purchase_km=0.0,
        monthly_km=90.0,
    )
    lies += [readings(("2024-12-01", 90_000), vehicle_id=name) for name in newer["vehicle_id"]]
    later += [visits(("2024-07-25", None, "maintenance"), vehicle_id=name) for name in newer["vehicle_id"]]
    poisoned = predictions(
        (
            typed(pd.concat([vehicles, newer]), VEHICLES),
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


def ruled(early: float, spread: float, limits: tuple[float, float], as_of: date) -> Frames:
    """Cars whose 15,000 km take from so many to so many days, each coming at `early` of that."""
    chance = np.random.default_rng(5)
    rows, seen = [], [visits(("2020-12-01", None, "repair"), vehicle_id="OTHER")]
    for number in range(90):
        name, limit = f"V{number:02}", chance.uniform(*limits)
        day = bought = date(2021, 1, 1) + timedelta(days=int(chance.integers(0, 300)))
        days: list[date] = []
        while day <= as_of:
            day += timedelta(days=int(limit * early * np.exp(spread * chance.normal())))
            days.append(day)
        km = [15_000 / limit * (day - bought).days for day in days]
        came = [(str(day), driven, "maintenance") for day, driven in zip(days, km, strict=True)]
        stated = {"monthly_km": 15_000 / limit * 30.4375, "condition": "new"}
        rows.append({"vehicle_id": name, "purchased_on": bought, **stated})
        seen.append(visits(*(row for row in came if row[0] <= str(as_of)), vehicle_id=name))
    return cars(*rows), typed(pd.concat(seen), VISITS), readings()


@pytest.mark.parametrize(
    ("early", "spread", "limits"),
    [
        pytest.param(1.0, 0.1, (150, 350), id="on time"),
        pytest.param(1.1, 0.1, (150, 350), id="late"),
        pytest.param(0.6, 0.03, (100, 350), id="the rule is useful, and nobody keeps to it"),
        pytest.param(0.6, 0.3, (200, 210), id="the rule is of no use"),
    ],
)
def test_the_plan_of_the_day_of_a_visit_is_the_prediction_made_there(
    early: float, spread: float, limits: tuple[float, float]
) -> None:
    frames = ruled(early, spread, limits, date(2024, 1, 2))
    for day in np.unique(frames[1]["visited_on"].dt.date)[-60::12]:
        as_of: date = day
        then = predictions(frames, as_of).set_index("vehicle_id")
        then = then[then["predicted_from"] == pd.Timestamp(as_of)]
        plan = forecast(*frames, Settings(), as_of, date(2026, 1, 1)).services
        now = plan.drop_duplicates("vehicle_id").set_index("vehicle_id").loc[then.index]
        assert len(then)
        assert (then["service_no"] == now["service_no"]).all()
        for told, plans, days in (
            ("due_on", "due_on", 1),
            ("expected_on", "expected_on", 2),
            # how drivers spread is that of the months before in the one, of today in the other
            ("low_80", "low_on", 7),
            ("high_80", "high_on", 7),
        ):
            assert (then[told] - now[plans]).abs().max() <= pd.Timedelta(days=days), (as_of, told)


def test_early_comers_are_not_awaited_early_twice() -> None:
    # Where nobody keeps to the rule the due day is learnt, and so holds already how early they come.
    as_of = date(2024, 1, 2)
    plan = forecast(*ruled(0.6, 0.03, (100, 350), as_of), Settings(), as_of, date(2025, 1, 1)).services
    first = plan.drop_duplicates("vehicle_id")
    assert (first["due_on"] - first["awaited_on"]).dt.days.max() <= 3
    rule = 15_000 / (first["km_per_month"] / 30.4375)
    again = plan.groupby("vehicle_id")["due_on"].diff().dt.days.groupby(plan["vehicle_id"]).median()
    assert np.nanmean(again.to_numpy() / rule.to_numpy()) == pytest.approx(0.6, abs=0.03)


def test_an_interval_that_was_given_holds_whatever_the_fleet_does(tmp_path: Path) -> None:
    (tmp_path / "intervals.csv").write_text("make,model,fuel,service,months,km\n,,,,12,15000\n")
    given = Settings(service=Service(intervals="intervals.csv"), base=tmp_path)
    frames = ruled(0.6, 0.03, (100, 350), date(2024, 1, 2))
    for chosen, share in ((given, 1.0), (Settings(), 0.6)):
        told = backtest(*frames, chosen, date(2024, 1, 2)).predictions.groupby("vehicle_id").tail(1)
        wait = (told["due_on"] - told["predicted_from"]).dt.days
        rule = told["vehicle_id"].map(frames[0].set_index("vehicle_id")["monthly_km"]).rdiv(15_000 * 30.4375)
        assert (wait / rule).median() == pytest.approx(share, abs=0.03)
        assert set(told["basis"]) == {"km" if chosen is given else "time"}


def test_windows_begin_and_end_with_whole_days_inside_them(dealership: Frames) -> None:
    known = read_records(*dealership, Settings(), END)
    origins, _ = known.origins()
    ends = (0.5, 0.8, 0.96)
    past = replay(origins, origins.day >= known.recorded_since, 0.8, np.datetime64(END), ends)
    visit = origins.visits > 0
    table = predictions(dealership)
    expected = (table["expected_on"] - table["predicted_from"]).dt.days.to_numpy()
    for at, level in enumerate(("50", "80", "96")):
        low, high = (
            (table[f"{end}_{level}"] - table["predicted_from"]).dt.days.to_numpy() for end in ("low", "high")
        )
        begins, stops = (np.exp(part[visit, at]) for part in (past.low, past.high))
        some = (np.ceil(begins) <= expected) & (expected <= np.floor(stops))  # else it is stretched to it
        assert some.mean() > 0.9
        if level == "50":  # wider ones hold the narrower, which may begin sooner
            np.testing.assert_array_equal(low[some], np.ceil(begins[some]))
            np.testing.assert_array_equal(high[some], np.floor(stops[some]))
        assert (low[some] <= np.ceil(begins[some])).all()
        assert (high[some] >= np.floor(stops[some])).all()


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
