"""The retention model against the paper's data, and against the paper's recursion written as a loop."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.value.sbg import Fit, Losses, TooFew, expected_services, fit, survival

# Fader and Hardie 2007: customers of 1,000 that are left after each year; the model sees the first seven.
HIGHEND = [1000, 869, 743, 653, 593, 551, 517, 491]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]
# Fader and Hardie, note 017: four cohorts, each a year younger than the one before.
COHORTS = ([10000, 8000, 6480, 5307, 4391], [10000, 8000, 6480, 5307], [10000, 8000, 6480], [10000, 8000])


def of_cohorts(*left: list[int]) -> Losses:
    width = max(map(len, left))
    lost, kept = np.zeros(width), np.zeros(width)
    for cohort in left:
        lost[: len(cohort) - 1] -= np.diff(cohort)
        kept[len(cohort) - 1] += cohort[-1]
    return Losses(lost, kept)


def fitted(losses: Losses) -> Fit:
    found = fit(losses)
    assert isinstance(found, Fit)
    return found


def by_recursion(alpha: float, beta: float, services: int) -> list[float]:
    """P(T = 1) = a / (a + b), P(T = t) = (b + t - 2) / (a + b + t - 1) P(T = t - 1); S falls by P."""
    p, left = alpha / (alpha + beta), 1.0
    survived = [left]
    for t in range(1, services + 1):
        if t > 1:
            p *= (beta + t - 2) / (alpha + beta + t - 1)
        left -= p
        survived.append(left)
    return survived


@pytest.mark.parametrize(("data", "alpha", "beta"), [(HIGHEND, 0.668, 3.806), (REGULAR, 0.704, 1.182)])
def test_parameters_of_the_paper(data: list[int], alpha: float, beta: float) -> None:
    found = fitted(of_cohorts(data))
    assert (round(found.alpha, 3), round(found.beta, 3)) == (alpha, beta)


def test_projection_of_the_paper_for_the_years_eight_to_twelve() -> None:
    found = fitted(of_cohorts(HIGHEND))
    projected = survival(found.alpha, found.beta, np.arange(8, 13))
    assert projected.round(3).tolist() == [0.460, 0.436, 0.414, 0.395, 0.378]


def test_expected_residual_lifetime_as_others_compute_it() -> None:
    found = fitted(of_cohorts(HIGHEND))
    assert float(expected_services(found.alpha, found.beta, 7, 0.1)) == pytest.approx(7.530, abs=5e-4)


def test_several_cohorts_at_once_as_in_the_note() -> None:
    found = fitted(of_cohorts(*COHORTS))
    assert (found.alpha, found.beta) == (pytest.approx(3.80, abs=5e-3), pytest.approx(15.19, abs=5e-3))


SHAPES = st.floats(0.05, 50)


@given(SHAPES, SHAPES)
def test_survival_is_the_recursion(alpha: float, beta: float) -> None:
    assert survival(alpha, beta, np.arange(13)) == pytest.approx(by_recursion(alpha, beta, 12), abs=1e-9)


@given(SHAPES, SHAPES, st.integers(0, 12), st.floats(0.03, 0.5))
def test_expected_services_are_the_sum_term_by_term(a: float, b: float, done: int, rate: float) -> None:
    left, total = 1.0, 0.0
    for k in range(1, 1000):
        left *= (b + done + k - 1) / (a + b + done + k - 1)
        total += left * math.exp(-(k - 1) * math.log1p(rate))
    assert float(expected_services(a, b, done, rate)) == pytest.approx(total, rel=1e-6)


def test_no_other_parameters_are_likelier() -> None:
    losses = of_cohorts(REGULAR)
    found = fitted(losses)

    def plain(alpha: float, beta: float) -> float:
        left = by_recursion(alpha, beta, len(losses.lost))
        terms = [n * np.log(left[k] - left[k + 1]) for k, n in enumerate(losses.lost) if n]
        return sum(terms) + sum(n * np.log(left[k]) for k, n in enumerate(losses.kept) if n)

    best = plain(found.alpha, found.beta)
    assert found.log_likelihood == pytest.approx(best)
    around = [(found.alpha * x, found.beta * y) for x in (0.99, 1, 1.01) for y in (0.99, 1, 1.01)]
    assert max(plain(*each) for each in around) <= best + 1e-9
    # Every parameter pair on the edge of the likely region is as much less likely as it should be.
    edge = [plain(*each) for each in zip(found.alphas[:-1], found.betas[:-1], strict=True)]
    assert edge == pytest.approx([best - 3.841459 / 2] * len(edge), abs=1e-3)


def test_intervals_hold_the_truth_as_often_as_they_claim() -> None:
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(200):
        misses = rng.geometric(rng.beta(1.5, 3.5, 400))  # the first service that each car misses
        had = rng.integers(2, 8, 400)  # services that it has had time for
        lost = misses <= had
        made = Losses(
            np.bincount((misses - 1)[lost], minlength=8).astype(float),
            np.bincount(had[~lost], minlength=8).astype(float),
        )
        low, high = fitted(made).interval(lambda a, b: expected_services(a, b, 0.0, 0.1))
        held += bool(low[0] <= expected_services(1.5, 3.5, 0, 0.1) <= high[0])
    assert 181 <= held <= 197  # 95% of 200 are 190, standard deviation 3.1


@pytest.mark.parametrize(
    ("losses", "words"),
    [
        (Losses(np.array([40.0, 9.0]), np.array([0.0, 50.0])), "99 cars"),
        (Losses(np.array([5.0, 4.0]), np.array([0.0, 500.0])), "9 cars missed"),
        (Losses(np.array([50.0, 0.0]), np.array([0.0, 150.0])), "second service"),
        (Losses(np.zeros(1), np.zeros(1)), "0 cars"),
    ],
)
def test_too_few_is_said(losses: Losses, words: str) -> None:
    found = fit(losses)
    assert isinstance(found, TooFew)
    assert words in found.message


@pytest.mark.parametrize("losses", [([40.0, 9.0], [0.0, 51.0]), ([5.0, 5.0], [0.0, 500.0])])
def test_a_hundred_cars_and_ten_losses_are_enough(losses: tuple[list[float], list[float]]) -> None:
    assert isinstance(fit(Losses(*map(np.array, losses))), Fit)


def test_the_years_that_the_model_has_not_seen() -> None:
    """Fader and Hardie 2007: years 8 to 12 of both, as they came and as they are projected."""
    came = {"high": [0.468, 0.445, 0.427, 0.409, 0.394], "regular": [0.223, 0.207, 0.194, 0.183, 0.173]}
    for data, alpha, beta, name in ((HIGHEND, 0.668, 3.806, "high"), (REGULAR, 0.704, 1.182, "regular")):
        found = fitted(of_cohorts(data))
        projected = survival(found.alpha, found.beta, np.arange(8, 13))
        assert projected == pytest.approx(by_recursion(alpha, beta, 12)[8:], abs=1e-3)
        assert np.abs(projected - came[name]).max() < 0.02


def test_cars_that_are_all_alike_have_no_spread_but_an_interval() -> None:
    found = fitted(Losses(np.array([300.0, 210, 147, 103, 0]), np.array([0.0, 0, 0, 0, 240])))
    assert found.mean == pytest.approx(0.3, abs=5e-3)
    low, high = found.interval(lambda a, b: a / (a + b))
    assert low[0] < found.mean < high[0]
