"""What is true of the sample, by hand, and the curve of retention against what is true where it is made up.

Of every figure: tests/test_value_covered.py. Everything is drawn with fixed seeds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from benchmarks import value_truth
from planner.value.lifetable import LifeTable, life_table, shifted
from planner.value.renewals import Trials, losses
from planner.value.sbg import Fit, fit


def made_up(chance: np.ndarray, tried: np.ndarray, rng: np.random.Generator) -> Trials:
    """Cars that come for each service with a chance of its own number, until they miss one."""
    rows = []
    for car, most in enumerate(tried):
        for number in range(1, most + 1):
            came = bool(rng.random() < chance[number - 1])
            rows.append((car, number, came))
            if not came:
                break
    car, number, came = (np.array(column) for column in zip(*rows, strict=True))
    return Trials(car, number, came)


def law_of(trials: Trials) -> Fit:
    found = fit(losses(trials))
    assert isinstance(found, Fit)
    return found


def test_the_life_table_is_the_product_of_the_shares_and_covers_it() -> None:
    chance, rng = np.array([0.7, 0.75, 0.72, 0.74]), np.random.default_rng(3)
    true = np.append(1.0, np.cumprod(chance))
    held = []
    for _ in range(60):
        trials = made_up(chance, rng.integers(3, 5, 300), rng)
        table = life_table(trials, np.arange(300), law_of(trials))
        left, low, high = table.survival(4)
        shares = trials.kept() / trials.at_risk()
        assert left[1:] == pytest.approx(np.cumprod(shares), abs=0.02)  # half a car more on each side
        held.append((low <= true) & (true <= high))
    assert np.mean(np.array(held)[:, 1:]) == pytest.approx(0.95, abs=0.05)


def test_cars_of_one_customer_vary_together() -> None:
    rng = np.random.default_rng(4)
    trials = made_up(np.full(3, 0.7), np.full(200, 3), rng)
    twice = Trials(
        np.append(trials.car, trials.car + 200), *(np.tile(x, 2) for x in (trials.number, trials.came))
    )
    law = law_of(twice)
    alone = life_table(twice, np.arange(400), law).covariance
    # The same car twice in one hand knows no more than once.
    together = life_table(twice, np.tile(np.arange(200), 2), law).covariance
    assert together[0, 0] / alone[0, 0] == pytest.approx(2.0, rel=0.01)


def test_a_group_is_drawn_to_all_by_how_little_it_has_shown() -> None:
    rng = np.random.default_rng(5)
    trials = made_up(np.full(6, 0.7), rng.integers(1, 7, 4_000), rng)
    of_all = life_table(trials, np.arange(4_000), law_of(trials))
    groups = [(np.array([n]), np.array([n * 0.9])) for n in (10.0, 10_000.0)]
    few, many = shifted(of_all, groups)
    true_shift = np.log(0.9 / 0.1) - np.log(of_all.comes[0] / (1 - of_all.comes[0]))
    assert many.shift == pytest.approx(true_shift, rel=0.01)
    assert 0 < few.shift < many.shift
    assert few.shift_off > many.shift_off


def test_groups_that_differ_most_in_the_first_service() -> None:
    """400 cars come for the first service for 0.8 and 0.6, in the second and third all for 0.7."""
    known = np.array([10_000.0, 7_000.0, 4_900.0])
    of_all = LifeTable(known, np.full(3, 0.7), np.zeros((3, 3)))
    at_risk = np.array([400.0, 300.0, 200.0])
    groups = [(at_risk, at_risk * np.array([first, 0.7, 0.7])) for first in (0.8, 0.6)]
    good, bad = shifted(of_all, groups)
    by_shift = [replace(table, apart=0.0, apart_off=0.0) for table in (good, bad)]
    for table, without, first in ((good, by_shift[0], 0.8), (bad, by_shift[1], 0.6)):
        assert abs(table.retention[0] - first) < abs(without.retention[0] - first) / 2
        _, low, high = table.survival(1)
        assert low[1] < first < high[1]
    # Groups that are only shifted have nothing beside the shift.
    evenly = [(at_risk, at_risk * expit(logit(0.7) + shift)) for shift in (0.3, -0.3)]
    assert np.abs([table.apart for table in shifted(of_all, evenly)]).max() < 0.01
    # One group alone says nothing of how far groups are apart.
    assert np.all(shifted(of_all, groups[:1])[0].apart_off == 0)


def test_the_truth_of_cohorts_by_hand() -> None:
    cars = pd.DataFrame(
        {"purchased_on": pd.to_datetime(["2020-01-10", "2020-12-01", "2021-05-01"]), "customer": list("ABC")}
    )
    days = {0: ["2020-06-01", "2022-01-10", "2022-08-01"], 1: ["2021-12-01"], 2: []}
    visits = pd.DataFrame([(car, day) for car, each in days.items() for day in each], columns=["car", "day"])
    visits = visits.assign(day=pd.to_datetime(visits["day"]), kind="maintenance", margin=10.0)
    found = value_truth.of_cohorts(value_truth.Population(cars, visits, pd.Timestamp("2023-03-01")))
    # A's year 3 begins on 10 January 2022, B's year 2 on 1 December 2021. Year 3 of B is not over.
    assert {name: found[name] for name in ("year 1, 2020", "year 2, 2020", "year 1, 2021")} == {
        "year 1, 2020": (1.0, 2), "year 2, 2020": (1.0, 2), "year 1, 2021": (0.0, 1),
    }  # fmt: skip
    assert "year 3, 2020" not in found
    # Judged in the year up to 1 March 2023: A's service of January 2022, after which he came; B's one.
    assert found["13-month retention, 2020"] == (1.0, 2)


def by_hand(end: str) -> value_truth.Population:
    """Two cars of one household: A came on four days, B on one, for 100 each, of which 10 are margin."""
    cars = pd.DataFrame(
        {
            "purchased_on": pd.to_datetime(["2020-01-10"] * 2),
            "customer": ["A", "B"],
            "household": "H",
            "gone": False,
        }
    )
    days = {0: ["2021-01-10", "2022-01-10", "2022-01-20", "2024-06-01"], 1: ["2021-08-01"]}
    visits = pd.DataFrame([(car, day) for car, each in days.items() for day in each], columns=["car", "day"])
    visits = visits.assign(day=pd.to_datetime(visits["day"]), kind="maintenance", margin=10.0, amount=100.0)
    return value_truth.Population(cars, visits, pd.Timestamp(end))


def test_the_truth_by_hand() -> None:
    people = by_hand("2023-03-01")
    # A came twice in a row (ten days later is no service of its own) and then too late; B's first was late.
    assert value_truth.services_in_a_row(people).tolist() == [2, 0]
    # Active in the 18 months up to 2022-03-01: both; a year later A by the visits of January 2022, B not.
    rates = value_truth.rates(people)
    assert (rates["churn"], rates["active_uio"]) == ((1, 2), (1, 2))


def test_the_truth_of_money_by_hand() -> None:
    """In the year up to 2022-03-01 A brought 200 and B 100, in the year before A 100."""
    rates = value_truth.rates(by_hand("2022-03-01"))
    assert rates["revenue_churn"] == (100 - 200, 100)
    assert rates["margin_per_customer"] == (30, 2)
    assert rates["value_simple_customer"] == (150, 2)
    assert rates["value_simple_household"] == (150, 1)
    assert rates["contact_cost"] == pytest.approx((2 * (1.5 * 3 + 6 * 0.05), 2))
    worth = value_truth.worth({"margin_per_customer": 180.0, "contact_cost": 20.0, "churn": 0.25})
    assert worth == pytest.approx({"ltv": 720, "clv_net": 160 * 0.75 / 0.35 - 300, "ltv_to_cac": 2.4})


def test_a_rise_drawn_to_none_is_no_better_known() -> None:
    """1 / alpha between 0.02 and 1.02: standard error 1 / 3.92. 0.1 is drawn to 0.1^3 / (0.1^2 + 0.255^2)."""
    law = Fit(10.0, 20.0, 0.0, 200, 60, np.array([50.0, 1 / 1.02]), np.array([100.0, 2.0]))
    trials = Trials(np.arange(3), np.ones(3, dtype="int64"), np.array([True, True, False]))
    table = life_table(trials, np.arange(3), law)  # three know little of the law
    off = 1 / 3.919928
    assert table.rise == pytest.approx(0.1**3 / (0.1**2 + off**2))
    assert table.rise_off == pytest.approx(off)


def test_the_rise_varies_with_the_shares_as_samples_do() -> None:
    """300 samples of 400 customers, two cars each that do the same: spread and covariance are those told."""
    rng = np.random.default_rng(8)
    told, seen = [], []
    for _ in range(300):
        chance = np.repeat(1 - rng.beta(1.2, 2.8, 400)[:, None], 4, axis=1)
        came = np.cumprod(rng.random((400, 4)) < chance, axis=1).astype(bool)
        tried = np.column_stack([np.ones(400, dtype=bool), came[:, :-1]])
        car, number = np.nonzero(tried)
        one = Trials(car, number + 1, came[tried])
        both = Trials(np.append(car, car + 400), np.tile(one.number, 2), np.tile(one.came, 2))
        law = law_of(both)
        table = life_table(both, np.tile(np.arange(400), 2), law)
        told.append((table.rise_off, *np.asarray(table.with_rise)))
        seen.append((1 / law.alpha, *table.comes))
    off, *together = np.mean(told, axis=0)
    varied = np.cov(np.array(seen).T)
    assert off == pytest.approx(np.sqrt(varied[0, 0]), rel=0.15)
    assert together == pytest.approx(varied[0, 1:], abs=0.25 * np.abs(varied[0, 1:]).max())
