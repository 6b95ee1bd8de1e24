"""Who comes back: what is told agrees with what is true, and is told from the past only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.records import Frames, sample
from planner.forecast import backtest, forecast
from planner.forecast.expected import Habit, Replay
from planner.forecast.origins import OWN_GAPS, Origins
from planner.forecast.returning import (
    RELATIVE,
    Returns,
    Waits,
    _corrected,
    _fit,
    _learn,
    came_back,
    comes_back,
)
from planner.forecast.rhythm import Rhythm, usual_spread
from planner.settings import Settings

EXPECTED = 120.0  # days
END = np.datetime64("2024-01-01")
BINS = len(RELATIVE) - 1
# A share of 0.6 for everybody, no lateness, scale 0.2.
PLAIN = np.array([np.log(1.5), 0, 0, 0, 0, 0, 0, np.log(0.2), 0, 0])
AS_THE_CURVE = np.ones((BINS, 4))


def waits(count: int = 1, expected: float = 100.0, visits: int = 3) -> Waits:
    return Waits(
        visits=np.full(count, visits),
        owned_days=np.full(count, 900.0),
        middle=np.full(count, np.log(expected)),
        spread=np.full(count, 0.3),
        gapless=np.zeros(count, dtype=bool),
    )


def fleet(day: np.ndarray, came: np.ndarray, visits: np.ndarray) -> tuple[Origins, Replay]:
    """One wait a car, of 120 days by its rule; nothing else is known."""
    count = len(day)
    origins = Origins(
        car=np.arange(count),
        day=day,
        visits=visits,
        stage=np.full(count, 3),
        own=np.full((count, OWN_GAPS), np.nan),
        late=np.full((count, OWN_GAPS), np.nan),
        rule_days=np.full(count, EXPECTED),
        km_per_day=np.full(count, 40.0),
        unsure=np.zeros(count),
        observed=np.zeros(count, dtype=bool),
        came=came,
        skipped=np.zeros(count, dtype=bool),
    )
    flat, none = np.full(count, np.log(EXPECTED)), np.full(count, np.nan)
    rhythms = {month: Rhythm() for month in np.unique(day.astype("datetime64[M]"))}
    past = Replay(
        wait=flat,
        scale=usual_spread(flat),
        low=none,
        high=none,
        kept=np.ones(count, dtype=bool),
        median_gap=none,
        mean_gap=none,
        rhythms=rhythms,
        habit=Habit(0.8),
    )
    return origins, past


def simulated(seed: int, count: int = 3_000) -> tuple[Origins, Replay]:
    """Half with one visit, of whom 35% come back; half with three, of whom 80% do; ln(wait) ± 0.3."""
    chance = np.random.default_rng(seed)
    day = np.sort(np.datetime64("2021-01-01") + chance.integers(0, 1_095, count))
    visits = np.where(chance.random(count) < 0.5, 1, 3)
    returns = chance.random(count) < np.where(visits == 1, 0.35, 0.8)
    wait = np.maximum(np.exp(chance.normal(np.log(EXPECTED), 0.3, count)), 8).astype("int64")
    came = np.where(returns, day + wait, np.datetime64("NaT"))
    return fleet(day, np.where(came <= END, came, np.datetime64("NaT")), visits)


class TestByHand:
    def told(self, within: float, waited: float = 0.0, **changes: object) -> float:
        known = Returns(**{"fitted": PLAIN, "soon": 0.0, "corrected": AS_THE_CURVE, **changes})
        return float(known.probability(waits(), np.array([within]), np.array([waited]))[0])

    def test_half_of_those_who_come_have_come_by_the_expected_day(self) -> None:
        assert self.told(100) == pytest.approx(0.3)
        assert self.told(1e9) == pytest.approx(0.6)
        # ln 1.5 is 2.03 scales after it: 1 / (1 + exp(-2.0273)) = 0.88365
        assert self.told(150) == pytest.approx(0.6 * 0.88365, abs=1e-5)
        assert self.told(0) == 0

    def test_who_has_not_come_by_then_may_still(self) -> None:
        # 30 of 100 have come by the expected day; 30 of the other 70 still will.
        assert self.told(1e9, waited=100) == pytest.approx(3 / 7)
        assert self.told(100, waited=100) == 0
        assert self.told(90, waited=100) == 0

    def test_twice_as_many_visits_as_the_curve_said(self) -> None:
        assert self.told(100, corrected=np.full((BINS, 4), 2.0)) == pytest.approx(1 - 0.7**2)

    def test_a_tenth_is_back_within_a_week(self) -> None:
        assert self.told(100, soon=0.1) == pytest.approx(1 - 0.9 * 0.7)
        assert self.told(1e9, waited=100, soon=0.1) == pytest.approx(3 / 7)

    def test_visits_that_came_over_those_that_should(self) -> None:
        # 30 waits, each ended on the expected day. In the bin from 0.75 to 1 the curve's cumulative hazard
        # grows from -ln(1 - 0.6 * 0.19178) = 0.12224 to -ln(0.7) = 0.35667: 7.033 visits of 30 waits.
        ratio = _corrected(PLAIN, waits(30), np.full(30, 100.0), np.ones(30, dtype=bool))
        of_all = (30 + 5) / (7.033 + 5)
        assert ratio[2, 3] == pytest.approx((30 + 20 * of_all) / (7.033 + 20), abs=0.001)
        assert ratio[2, 1] == pytest.approx(of_all, abs=0.001)  # nobody has one visit: as all
        assert ratio[3, 3] == 1  # nobody has waited longer: as the curve


def test_the_share_and_the_curve_are_found() -> None:
    chance = np.random.default_rng(8)
    count = 4_000
    drawn = chance.random(count)
    wait = 100 * np.exp(0.1 + 0.25 * np.log(drawn / (1 - drawn)))  # logistic, 10% late, scale 0.25
    watched = chance.uniform(20, 800, count)
    ended = (chance.random(count) < 0.7) & (wait <= watched)
    fitted = _fit(waits(count), np.where(ended, wait, watched), ended, PLAIN)
    told = Returns(fitted, 0.0, AS_THE_CURVE).probability(waits(), np.array([1e9]))[0]
    assert told == pytest.approx(0.7, abs=0.03)
    assert fitted[6] == pytest.approx(0.1, abs=0.03)
    assert np.exp(fitted[7]) == pytest.approx(0.25, abs=0.02)


@pytest.mark.parametrize("seed", [1, 2])
def test_told_and_true_agree(seed: int) -> None:
    origins, past = simulated(seed)
    learnable = np.ones(len(origins), dtype=bool)
    late = origins.day >= np.datetime64("2022-01-01")
    for within in (100.0, 150.0, 300.0):
        told = came_back(origins, past, np.full(len(origins), within), learnable)
        by_then = NormalDist(np.log(EXPECTED), 0.3).cdf(np.log(within))
        for visits, share in ((1, 0.35), (3, 0.8)):
            rows = late & (origins.visits == visits)
            # Learnt from 500 and more of each kind: 2 standard errors of a share are 4 points and less.
            assert told[rows].mean() == pytest.approx(share * by_then, abs=0.04)


def test_young_records_do_not_call_those_lost_who_could_not_have_come_yet() -> None:
    # Five months of records: nobody can have waited longer, and the curve goes on beyond that.
    origins, past = simulated(5, 6_000)
    rows = origins.day < np.datetime64("2021-06-30")
    early = origins.day < np.datetime64("2021-06-01")
    told = came_back(origins[rows], past_of(past, rows), np.full(rows.sum(), 300.0), rows[rows])
    assert np.isnan(told[early[rows]][:50]).all()
    last = told[~early[rows]]
    assert 0.35 < last[origins.visits[rows][~early[rows]] == 1].mean() < 0.6
    assert 0.65 < last[origins.visits[rows][~early[rows]] == 3].mean() < 0.9


def past_of(past: Replay, rows: np.ndarray) -> Replay:
    along = ("wait", "scale", "low", "high", "kept", "median_gap", "mean_gap")
    return replace(past, **{name: getattr(past, name)[rows] for name in along})


def test_a_poisoned_future_changes_nothing() -> None:
    origins, past = simulated(3)
    cut = np.datetime64("2022-09-01")
    within, learnable = np.full(len(origins), 200.0), np.ones(len(origins), dtype=bool)
    clean = came_back(origins, past, within, learnable)
    came = np.where(origins.came >= cut, cut + 8, origins.came)  # from the cut on everybody comes at once
    came = np.where(np.isnat(came) & (origins.visits == 1), cut + 8, came)
    poisoned, _ = fleet(origins.day, came, np.where(origins.day >= cut, 3, origins.visits))
    found = came_back(poisoned, past, within, learnable)
    before = origins.day < cut + 30  # the month of the cut is told from what was before it
    same = before & (poisoned.visits == origins.visits)
    np.testing.assert_array_equal(clean[same], found[same])
    assert same.sum() > 1_500
    assert not np.array_equal(clean[~before], found[~before])


def test_the_records_cut_off_at_a_month_tell_the_same() -> None:
    origins, past = simulated(10)
    soon = np.arange(0, len(origins), 20)  # back within a week, all the time
    came = origins.came.copy()
    came[soon] = origins.day[soon] + 3
    origins, _ = fleet(origins.day, came, origins.visits)
    rows = origins.day < np.datetime64("2022-09-01")
    told = came_back(origins, past, np.full(len(rows), 200.0), rows | True)
    short = came_back(origins[rows], past_of(past, rows), np.full(rows.sum(), 200.0), rows[rows])
    np.testing.assert_array_equal(told[rows], short)
    assert np.isfinite(short).sum() > 1_000


def test_a_few_waits_do_not_overrule_what_was_assumed() -> None:
    # 30 waits, all ended a little before or after the expected day: no reason to promise that all will.
    off = np.exp(0.2 * np.linspace(-1, 1, 30))
    fitted = _fit(waits(30), 100 * off, np.ones(30, dtype=bool), PLAIN)
    told = Returns(fitted, 0.0, AS_THE_CURVE).probability(waits(), np.array([1e9]))[0]
    assert 0.75 < told < 0.93

    def badness(figures: np.ndarray) -> float:
        """- ln(likelihood) and - ln(what was assumed), written down once more."""
        of_share, z = waits().of_share()[0], (np.log(off) - figures[6]) / np.exp(figures[7])
        share = 1 / (1 + np.exp(-of_share @ figures[:6]))
        density = np.exp(-z) / (1 + np.exp(-z)) ** 2 / np.exp(figures[7])
        assumed = np.array([np.log(1.5), 0, 0, 0, 0, 0, 0, np.log(0.2)])
        unsure = np.array([0.5, 0.6, 0.6, 0.3, 0.3, 0.3, 0.2, 0.3])
        return float((((figures[:8] - assumed) / unsure) ** 2).sum() / 2 - np.log(share * density).sum())

    for place in range(8):
        for step in (-0.03, 0.03):
            assert badness(fitted) < badness(fitted + step * (np.arange(10) == place))


def test_nothing_is_told_before_thirty_waits_have_ended() -> None:
    origins, past = simulated(4, 200)
    told = came_back(origins, past, np.full(200, 200.0), np.ones(200, dtype=bool))
    for month in np.unique(origins.day.astype("datetime64[M]")):
        ended = int((origins.came < month.astype("datetime64[D]")).sum())
        rows = origins.day.astype("datetime64[M]") == month
        assert np.isnan(told[rows]).all() == (ended < 30)
    assert np.isnan(came_back(origins, past, np.full(200, np.nan), np.ones(200, dtype=bool))).all()
    assert np.isnan(came_back(origins, past, np.full(200, 200.0), np.zeros(200, dtype=bool))).all()


def test_purchases_are_not_told_of_in_the_past_and_learnt_from_apart() -> None:
    origins, past = simulated(6)
    bought, _ = fleet(origins.day, origins.came, np.where(origins.visits == 1, 0, 3))
    learnable = np.ones(len(origins), dtype=bool)
    told = came_back(bought, past, np.full(len(bought), 300.0), learnable)
    assert np.isnan(told[bought.visits == 0]).all()
    open_ = np.isnat(bought.came)
    until = np.full(open_.sum(), END + 1_000)
    now = comes_back(bought, past, learnable, END, until)
    young = bought.day[open_] > END - 20
    assert now[young & (bought.visits[open_] == 0)].mean() == pytest.approx(0.35, abs=0.05)
    assert now[young & (bought.visits[open_] == 3)].mean() == pytest.approx(0.8, abs=0.05)
    for visits in (0, 3):
        rows = bought.visits == visits
        alone = comes_back(
            bought[rows], past_of(past, rows), rows[rows], END, np.full((open_ & rows).sum(), END + 1_000)
        )
        np.testing.assert_array_equal(now[bought.visits[open_] == visits], alone)


def test_the_longer_the_wait_has_lasted_the_less_likely() -> None:
    origins, past = simulated(7)
    learnable = np.ones(len(origins), dtype=bool)
    open_ = np.isnat(origins.came)
    now = comes_back(origins, past, learnable, END, np.full(open_.sum(), END + 90))
    waited = (END - origins.day[open_]).astype("int64")
    for visits in (1, 3):
        mine = origins.visits[open_] == visits
        late = now[mine & (waited > 150)][np.argsort(waited[mine & (waited > 150)])]
        assert (np.diff(late) <= 1e-9).all() or late[0] > 5 * late[-1]
        # Of those who are out for four times the usual wait next to nobody comes.
        assert now[mine & (waited > 480)].max() < 0.05
    unknown = comes_back(origins, past, learnable, END, np.full(open_.sum(), np.datetime64("NaT")))
    assert np.isnan(unknown).all()


@given(days=st.lists(st.floats(0, 3_000), min_size=2, max_size=8), waited=st.floats(0, 2_000))
def test_more_time_never_makes_it_less_likely(days: list[float], waited: float) -> None:
    known = learnt()
    told = [
        known.probability(waits(1, EXPECTED, visits), np.array([day]), np.array([waited]))[0]
        for visits in (1, 3)
        for day in sorted(days)
    ]
    for part in (told[: len(days)], told[len(days) :]):
        assert all(0 <= left <= right <= 1 for left, right in pairwise(part))


def learnt(found: list[Returns] = []) -> Returns:  # noqa: B006 (learnt once)
    if not found:
        origins, past = simulated(9, 800)
        all_waits = Waits(origins.visits, np.zeros(800), past.wait, past.scale, np.ones(800, dtype=bool))
        known = _learn(origins, all_waits, np.arange(800), END, Rhythm(), None)
        assert known is not None
        found.append(known)
    return found[0]


TODAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def dealership() -> Frames:
    return sample(700, 11, TODAY)


class TestOfADealership:
    def test_what_the_backtest_tells_agrees_with_what_came(self, dealership: Frames) -> None:
        told = backtest(*dealership, Settings(), TODAY).predictions
        until = told["high_80"] + np.timedelta64(90, "D")
        closed = told[(until <= np.datetime64(TODAY)) & told["came_back"].notna()]
        came = closed["visited_on"] <= until[closed.index]
        assert len(closed) > 700
        # The standard error of the share is 1.6 points; what a few hundred waits teach errs by as much.
        assert closed["came_back"].mean() == pytest.approx(came.mean(), abs=0.05)

    def test_the_outstanding_service_says_how_likely_and_the_later_ones_nothing(
        self, dealership: Frames
    ) -> None:
        services = forecast(*dealership, Settings(), TODAY, date(2029, 6, 30)).services
        first = ~services.duplicated("vehicle_id")
        assert services.loc[first, "return_probability"].between(0, 1).all()
        assert services.loc[~first, "return_probability"].isna().all()

    def test_who_has_left_is_told_less(self, dealership: Frames) -> None:
        from planner.sample import make_sample

        services = forecast(*dealership, Settings(), TODAY, date(2029, 6, 30)).services
        told = services.drop_duplicates("vehicle_id").set_index("vehicle_id")["return_probability"]
        truth = make_sample(700, 11, TODAY).truth.set_index("vehicle_id").reindex(told.index)
        gone = (truth[["left_on", "sold_on"]].min(axis=1) <= np.datetime64(TODAY)).to_numpy()
        assert told[gone].mean() < told[~gone].mean() - 0.25
        for low, high in ((0.0, 0.2), (0.8, 1.0)):
            among = gone[told.between(low, high).to_numpy()].mean()
            assert among > 0.5 if low == 0 else among < 0.1

    def test_nothing_is_told_without_history(self, dealership: Frames) -> None:
        vehicles, visits, readings = dealership
        none = forecast(vehicles, visits.iloc[:0], readings, Settings(), TODAY, date(2029, 6, 30))
        assert none.services["return_probability"].isna().all()
