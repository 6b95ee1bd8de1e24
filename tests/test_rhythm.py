"""When the next visit is expected: three witnesses, and what a fleet teaches of them."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.forecast.origins import OWN_GAPS, Origins
from planner.forecast.rhythm import Rhythm, learn, wait


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
        unruled = Rhythm(100, gaps=np.full(10, np.log(365.25)), rule=False)  # where km limit nothing
        one = self.origins()
        unsure = replace(one, unsure=np.array([0.2]))
        assert wait(unsure, unruled)[1] == wait(one, unruled)[1]
        assert scale(365.0, 365.0, 365.0) < scale() < scale(250.0, 520.0, 365.0)


def plainly(
    own: list[tuple[float, float]],
    rule_days: float,
    lateness: float,
    rhythm: Rhythm,
    km_per_day: float,
    observed: bool,
    unsure: float,
) -> tuple[float, float]:
    """Section 3 and 4 of docs/forecast.md for one customer; own: gaps and lateness, the latest first."""
    said: list[tuple[float, float, bool]] = []  # value, weight, is it his own
    for age, (gap, late) in enumerate(own):
        value = math.log(rule_days) + late if rhythm.rule and rhythm.seen >= 30 else math.log(gap)
        said.append((value, 0.8**age, True))
    if rhythm.rule:
        worth = rhythm.rule_weight if rhythm.seen >= 30 else 0.5
        said.append((math.log(rule_days) + lateness, worth, False))
    else:
        said += [(float(gap), 0.1, False) for gap in rhythm.gaps]
        if observed and not math.isnan(rhythm.km):
            said.append((rhythm.km - math.log(km_per_day), 1.0, False))

    def usual(value: float) -> float:
        return 0.15 * math.sqrt(365.25 / math.exp(value))

    x = sum(w * v for v, w, _ in said) / sum(w for _, w, _ in said)
    tolerance = 1.5 * usual(x)
    for _ in range(15):
        agreed = [w / (1 + ((v - x) / tolerance) ** 2) for v, w, _ in said]
        x = sum(a * v for (v, _, _), a in zip(said, agreed, strict=True)) / sum(agreed)
    x = min(max(x, math.log(8)), math.log(20 * 365.25))
    ours = [(v, w) for v, w, mine in said if mine]
    apart = sum(w * min(abs(v - x), 1.0) ** 2 for v, w in ours)
    steady = (4 * usual(x) ** 2 + apart) / (4 + sum(w for _, w in ours))
    return x, math.sqrt(steady + (unsure**2 if rhythm.rule else 0))


_days = st.floats(2, 20_000)


@given(
    st.lists(st.tuples(_days, st.floats(-1, 1)), max_size=12),
    _days,
    st.floats(-0.5, 0.5),
    st.tuples(st.sampled_from([29, 30, 500]), st.booleans(), st.floats(0.1, 5), st.floats(4, 7)),
    st.floats(2, 600),
    st.booleans(),
    st.floats(0, 1),
)
def test_the_arrays_say_what_the_page_says(own, rule_days, lateness, taught, km_per_day, observed, unsure):
    seen, rule, rule_weight, middle = taught
    rhythm = Rhythm(
        seen=seen,
        late=np.full((4, 4), lateness),
        gaps=np.linspace(middle - 0.5, middle + 0.5, 10),
        km=middle + math.log(40),
        rule_weight=rule_weight,
        rule=rule,
    )
    origins = TestWitnesses().origins(*(gap for gap, _ in own), rule=rule_days)
    late = np.full((1, OWN_GAPS), np.nan)
    late[0, : len(own)] = [late for _, late in own]
    origins = replace(
        origins,
        late=late,
        km_per_day=np.array([km_per_day]),
        observed=np.array([observed]),
        unsure=np.array([unsure]),
    )
    found = [float(part[0]) for part in wait(origins, rhythm)]
    wanted = plainly(own, rule_days, lateness, rhythm, km_per_day, observed, unsure)
    assert found == pytest.approx(list(wanted), rel=1e-6)


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

    def test_a_rule_that_tells_the_cars_apart_is_useful_though_nobody_keeps_it(self) -> None:
        rules = np.linspace(100, 350, 100)
        waits = replace(self.ended(rules * 0.6 * np.tile([0.97, 1.03], 50)), rule_days=rules)
        rhythm = learn(waits, np.ones(100))
        assert (rhythm.kept, rhythm.rule) == (False, True)
        assert rhythm.late[3, 3] == pytest.approx(np.log(0.6), abs=0.02)

    def test_waits_that_are_all_the_same_say_nothing_against_the_rule(self) -> None:
        assert learn(self.ended(np.full(60, 150.0)), np.ones(60)).kept

    def test_one_visit_does_not_move_a_fleet_by_weeks(self) -> None:
        # From on time to 80 days late as many on each day: any half is as short as any other.
        days = np.exp(np.linspace(np.log(345), np.log(425), 101))
        usual = [
            float(learn(self.ended(np.append(days, more)), np.ones(len(days) + 1)).late[3, 3])
            for more in (350.0, 420.0)
        ]
        assert abs(usual[1] - usual[0]) < 0.02
        assert usual[0] == pytest.approx(np.log(383 / 365), abs=0.02)

    def test_what_hardly_changes_stays_what_it_was(self) -> None:
        def after(before: Rhythm, days: float) -> float:
            return float(learn(self.ended(np.full(40, days)), np.ones(40), before).late[3, 3])

        settled = learn(self.ended(np.full(40, 380.0)), np.ones(40))
        assert after(settled, 383.0) == settled.late[3, 3] == pytest.approx(np.log(380 / 365))
        assert after(settled, 385.0) == pytest.approx(np.log(385 / 365))
        assert after(replace(settled, seen=29), 383.0) == pytest.approx(np.log(383 / 365))

    def test_km_and_gaps_settle_too(self) -> None:
        settled = learn(self.ended(np.linspace(80, 160, 100)), np.ones(100))
        near = learn(self.ended(np.linspace(80.5, 160.5, 100)), np.ones(100), settled)
        far = learn(self.ended(np.linspace(85, 165, 100)), np.ones(100), settled)
        assert near.gaps.tolist() == settled.gaps.tolist()
        assert near.km == settled.km
        assert (far.gaps > settled.gaps).all()
        assert far.km > settled.km

    @pytest.mark.parametrize(
        ("days", "kept_before", "kept"),
        [
            (365 * 1.27, True, True),  # ln 0.239
            (365 * 1.27, False, False),
            (365 * 1.21, False, True),  # ln 0.191
            (365 * 1.30, True, False),  # ln 0.262
            (365 / 1.30, True, False),
        ],
    )
    def test_a_rule_that_was_given_up_is_kept_again_only_when_it_is_near(
        self, days: float, kept_before: bool, kept: bool
    ) -> None:
        waits = self.ended(np.linspace(days * 0.9, days * 1.1, 101))
        assert learn(waits, np.ones(101), Rhythm(kept=kept_before)).kept is kept

    def test_weights_count(self) -> None:
        days = np.concatenate([np.linspace(90, 110, 60), np.linspace(190, 210, 40)])
        weights = np.concatenate([np.ones(60), np.full(40, 4.0)])
        assert np.exp(np.median(learn(self.ended(days), weights).gaps)) > 190
