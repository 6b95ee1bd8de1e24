"""The past predicted from what was known then: nothing later may reach in."""

from __future__ import annotations

import itertools
from dataclasses import fields, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.records import Frames, sample
from planner.forecast import backtest, forecast
from planner.forecast.backtest import BASELINES, LEVELS
from planner.forecast.expected import KINDS, Margins, length_weights
from planner.forecast.origins import OWN_GAPS, Origins
from planner.forecast.rhythm import Rhythm, learn, shortest, wait
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
    def origins(
        self, *own: float, rule: float = 365.0, then: float | None = None, visits: int = 1, stage: int = 1
    ) -> Origins:
        """One origin; own: its gaps in days; then: what the rule made of them (else what it says now)."""
        gaps = np.full((1, OWN_GAPS), np.nan)
        gaps[0, : len(own)] = np.log(own)
        one, yes, no_day = np.array([0]), np.array([True]), np.array(["NaT"], dtype="datetime64[D]")
        return Origins(
            car=one,
            day=np.array(["2024-01-01"], dtype="datetime64[D]"),
            visits=one + visits,
            stage=one + stage,
            own=gaps,
            late=gaps - np.log(then or rule),
            rule_days=np.array([rule]),
            km_per_day=np.array([40.0]),
            unsure=np.array([0.0]),
            observed=yes,
            came=no_day,
            skipped=~yes,
        )

    def days(self, rhythm: Rhythm, *own: float, **more: float) -> float:
        return float(np.exp(wait(self.origins(*own, **more), rhythm)[0][0]))

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

    def test_who_kept_to_the_rule_keeps_to_it_when_he_drives_more(self) -> None:
        # 300 days when the rule said 300; now the rule says 200
        kept = self.days(Rhythm(seen=100), 300.0, 300.0, rule=200.0, then=300.0)
        assert kept == pytest.approx(200)
        unproven = self.days(Rhythm(seen=29), 300.0, 300.0, rule=200.0, then=300.0)
        assert unproven > 250

    def test_lateness_is_that_of_the_stage_and_the_service(self) -> None:
        late = np.zeros((4, 4))
        late[1, 1] = np.log(1.1)
        assert self.days(Rhythm(100, late=late), stage=1, visits=1) == pytest.approx(365 * 1.1)
        assert self.days(Rhythm(100, late=late), stage=1, visits=2) == pytest.approx(365)
        assert self.days(Rhythm(100, late=late), stage=3, visits=1) == pytest.approx(365)

    def test_who_comes_irregularly_or_drives_unknown_km_has_a_wide_window(self) -> None:
        def scale(*own: float, unsure: float = 0.0) -> float:
            origins = replace(self.origins(*own), unsure=np.array([unsure]))
            return float(wait(origins, Rhythm(seen=100))[1][0])

        assert scale() == pytest.approx(0.15, abs=1e-4)  # 365 days are hardly less than 365.25
        assert scale(unsure=0.2) == pytest.approx(0.25, abs=1e-4)
        assert scale(365.0, 365.0, 365.0) < scale() < scale(250.0, 520.0, 365.0)


class TestLearning:
    """Waits of 100 to 199 visits, days after what the rule said."""

    def ended(self, days: npt.NDArray[np.float64], rule: float = 365.0, stage: int = 1) -> Origins:
        count = len(days)
        day = np.full(count, np.datetime64("2023-01-01"))
        return Origins(
            car=np.arange(count),
            day=day,
            visits=np.ones(count, dtype="int64"),
            stage=np.full(count, stage),
            own=np.full((count, OWN_GAPS), np.nan),
            late=np.full((count, OWN_GAPS), np.nan),
            rule_days=np.full(count, rule),
            km_per_day=np.full(count, 40.0),
            unsure=np.zeros(count),
            observed=np.ones(count, dtype=bool),
            came=day + days.astype("timedelta64[D]"),
            skipped=np.zeros(count, dtype=bool),
        )

    def test_the_most_usual_lateness_is_not_moved_by_those_who_skip(self) -> None:
        on_time, skipped = np.linspace(375, 395, 70), np.linspace(720, 780, 30)
        rhythm = learn(self.ended(np.concatenate([on_time, skipped])), np.ones(100))
        assert rhythm.late[3, 3] == pytest.approx(np.log(385 / 365), abs=0.02)
        assert rhythm.kept

    def test_each_stage_has_its_own_shrunk_towards_all(self) -> None:
        one, two = self.ended(np.full(170, 365.0)), self.ended(np.full(30, 400.0), stage=3)
        both = Origins(
            **{
                field.name: np.concatenate([getattr(one, field.name), getattr(two, field.name)])
                for field in fields(Origins)
            }
        )
        late = learn(both, np.ones(200)).late
        assert late[1, 1] == pytest.approx(0, abs=1e-9)
        assert late[3, 1] == pytest.approx(np.log(400 / 365) / 2)  # 30 / (30 + 30)

    def test_where_everybody_has_a_rhythm_of_his_own_the_rule_weighs_little(self) -> None:
        chance = np.random.default_rng(5)

        def weight(between: float, within: float) -> float:
            count = 5_000
            of_car = chance.normal(0, between, count)
            ended = self.ended(365 * np.exp(of_car + chance.normal(0, within, count)))
            for age in range(2):
                ended.late[:, age] = of_car + chance.normal(0, within, count)
            return learn(ended, np.ones(count)).rule_weight

        # variance within a car over that between cars, what is assumed (2) being worth 50 of 5,050 pairs
        assert weight(0.08, 0.08) == pytest.approx(1, abs=0.15)
        assert weight(0.12, 0.04) == pytest.approx(1 / 9, abs=0.05)
        assert weight(0.03, 0.09) > 4

    def test_a_few_pairs_do_not_decide_what_the_rule_weighs(self) -> None:
        ended = self.ended(np.linspace(350, 380, 40))
        ended.late[:5, :2] = 0.1  # five customers who come late again and again
        ended.late[5:10, :2] = -0.1
        assert learn(ended, np.ones(40)).rule_weight == pytest.approx(
            (1 - 26.67 / 60) / (26.67 / 60), abs=0.01
        )

    def test_a_rule_that_nobody_keeps(self) -> None:
        rhythm = learn(self.ended(np.linspace(80, 160, 100)), np.ones(100))
        assert not rhythm.kept
        assert not rhythm.rule
        assert np.exp(np.median(rhythm.gaps)) == pytest.approx(120, abs=1)

    def test_waits_that_are_all_the_same_say_nothing_against_the_rule(self) -> None:
        assert learn(self.ended(np.full(60, 150.0)), np.ones(60)).kept

    def test_weights_count(self) -> None:
        days = np.concatenate([np.linspace(90, 110, 60), np.linspace(190, 210, 40)])
        weights = np.concatenate([np.ones(60), np.full(40, 4.0)])
        assert np.exp(np.median(learn(self.ended(days), weights).gaps)) > 190


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
