"""The retention model against the paper's data, and against the paper's recursion written as a loop."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.value.sbg import Fit, Losses, TooFew, expected_services, fit, survival

# Fader and Hardie 2007, table 1, years 0 to 12: customers of 1,000 that are left. Data of M. J. A. Berry and
# G. S. Linoff, Data Mining Techniques, 2nd edition 2004. The model sees the first seven years.
HIGHEND_13 = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]
REGULAR_13 = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]
SEEN = 8
HIGHEND, REGULAR = HIGHEND_13[:SEEN], REGULAR_13[:SEEN]
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


@pytest.mark.parametrize(("data", "mean"), [(HIGHEND, 0.15), (REGULAR, 0.37)])
def test_mean_churn_of_the_paper(data: list[int], mean: float) -> None:
    """E(theta) in section 3."""
    assert round(fitted(of_cohorts(data)).mean, 2) == mean


def test_log_likelihood_of_the_paper() -> None:
    """Appendix B gives the maximum for Highend as -1.611 a customer."""
    assert round(fitted(of_cohorts(HIGHEND)).log_likelihood / 1000, 3) == -1.611


@pytest.mark.parametrize(
    ("data", "published"),
    [
        # README of shifted_beta_geometric_py of J. D. Maturen, from its fit to the same seven years.
        (HIGHEND, [0.460, 0.436, 0.414, 0.395, 0.378]),
        # No source prints these: the paper's recursion (7), by hand from its own 0.704 and 1.182.
        (REGULAR, [0.220, 0.204, 0.191, 0.180, 0.170]),
    ],
)
def test_projection_of_the_years_eight_to_twelve(data: list[int], published: list[float]) -> None:
    found = fitted(of_cohorts(data))
    assert survival(found.alpha, found.beta, np.arange(8, 13)).round(3).tolist() == published


@pytest.mark.parametrize(
    ("came", "alpha", "beta", "off"), [(HIGHEND_13, 0.668, 3.806, 0.04), (REGULAR_13, 0.704, 1.182, 0.02)]
)
def test_projections_against_the_years_that_the_model_has_not_seen(
    came: list[int], alpha: float, beta: float, off: float
) -> None:
    """The paper gives the error in year 12 as "only 4% and 2%", of Highend and Regular."""
    found = fitted(of_cohorts(came[:SEEN]))
    projected = survival(found.alpha, found.beta, np.arange(SEEN, 13))
    actual = np.array(came[SEEN:]) / 1000
    assert projected == pytest.approx(by_recursion(alpha, beta, 12)[SEEN:], abs=1e-3)
    assert np.abs(projected - actual).max() < 0.02
    assert round(abs(projected[-1] / actual[-1] - 1), 2) == off


@pytest.mark.parametrize(
    ("data", "done", "published"),
    [
        # Seven renewals at 10%: README of shifted_beta_geometric_py.
        (HIGHEND, 7, 7.530),
        # Four renewals at 10%, fitted to the first four years: solution of a course exercise,
        # github.com/kailu3/code-snippets, clv/discrete-contractual.
        (REGULAR[:5], 4, 5.68381),
    ],
)
def test_expected_residual_lifetime_as_others_compute_it(
    data: list[int], done: int, published: float
) -> None:
    """Fader and Hardie 2010, equation 6."""
    found = fitted(of_cohorts(data))
    assert float(expected_services(found.alpha, found.beta, done, 0.1)) == pytest.approx(published, abs=5e-4)


def test_expected_lifetime_of_a_new_customer_as_others_compute_it() -> None:
    """The same exercise: 0.7637 and 1.2958 for the first four years of Regular, a lifetime of 3.6211 at 10%.

    It counts the purchase, which the services do not, and is seen from there.
    """
    found = fitted(of_cohorts(REGULAR[:5]))
    assert (found.alpha, found.beta) == (pytest.approx(0.76367, abs=5e-5), pytest.approx(1.29583, abs=5e-5))
    services = float(expected_services(found.alpha, found.beta, 0, 0.1))
    assert 1 + services / 1.1 == pytest.approx(3.62115, abs=1e-4)


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


def test_cars_that_are_all_alike_have_no_spread_but_an_interval() -> None:
    found = fitted(Losses(np.array([300.0, 210, 147, 103, 0]), np.array([0.0, 0, 0, 0, 240])))
    assert found.mean == pytest.approx(0.3, abs=5e-3)
    low, high = found.interval(lambda a, b: a / (a + b))
    assert low[0] < found.mean < high[0]
