"""Retention by service number: the shifted-beta-geometric model, fitted by maximum likelihood.

Each car misses each coming service with a chance of its own that stays the same; the chances of the cars
spread as a beta distribution (alpha, beta). Who is likely to leave leaves early, so that retention rises
with the service number though nobody becomes more loyal.

Sources: P. S. Fader and B. G. S. Hardie, How to Project Customer Retention, Journal of Interactive
Marketing 21(1), 2007, 76-90 (model, likelihood); Customer-Base Valuation in a Contractual Setting: The
Perils of Ignoring Heterogeneity, Marketing Science 29(1), 2010, 85-93 (expected residual lifetime);
Fitting the sBG Model to Multi-Cohort Data, note 017 of brucehardie.com (cars of several ages at once).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import betaln, expit, hyp2f1

from planner.value.figures import Floats

# Below these chance decides more than the cars do. Our judgement, not measured.
MIN_CARS = 100
MIN_LOST = 10
MIN_SERVICES = 2  # one service number tells the mean, not the spread
ALL_ALIKE = 500.0  # alpha + beta from which on no difference between cars is to be seen
ALIKE = "no difference between cars was found: they fit one chance for all best"
# Of the parameters ln(alpha + beta) and the log-odds of the mean.
_LOW, _HIGH = np.array([np.log(0.05), -9.0]), np.array([np.log(ALL_ALIKE), 9.0])
_WITHIN = 3.841459 / 2  # below the highest log likelihood. Source: chi-squared with one degree, 95%
_RAYS, _HALVINGS = 64, 40


@dataclass(frozen=True)
class Losses:
    """What the model is fitted to, by the services k = 0, 1, ... that a car came for in time.

    lost[k]  cars that came for k and missed the next
    kept[k]  cars that came for k, and the time for the next is not over
    """

    lost: Floats
    kept: Floats

    @property
    def at_risk(self) -> Floats:
        """Of each k the cars that came for k and whose time for the next is over.

        >>> Losses(np.array([131.0, 126.0, 0.0]), np.array([0.0, 0.0, 743.0])).at_risk.tolist()
        [1000.0, 869.0, 0.0]
        """
        return np.cumsum(self.lost[::-1])[::-1] + np.cumsum(self.kept[::-1])[::-1] - self.kept


@dataclass(frozen=True)
class TooFew:
    """Why nothing was fitted; `message` is a sentence."""

    cars: int
    lost: int
    message: str


@dataclass(frozen=True)
class Fit:
    """alpha and beta; alphas and betas: the edge of the region of those that are likely too (95%)."""

    alpha: float
    beta: float
    log_likelihood: float
    cars: int
    lost: int
    alphas: Floats
    betas: Floats

    @property
    def mean(self) -> float:
        """The chance that a new car misses its first service. Source: the mean of a beta distribution.

        >>> one = np.ones(1)
        >>> Fit(1.0, 3.0, 0.0, 100, 20, one, one).mean
        0.25
        """
        return self.alpha / (self.alpha + self.beta)

    @property
    def spread(self) -> float:
        """0: all cars are alike; 1: each comes always or never. Source: Fader and Hardie 2007.

        >>> one = np.ones(1)
        >>> Fit(1.0, 3.0, 0.0, 100, 20, one, one).spread
        0.2
        """
        return 1 / (self.alpha + self.beta + 1)

    @property
    def alike(self) -> bool:
        """Did the fit end where all cars are alike? Then alpha and beta say their ratio and nothing else.

        >>> one = np.ones(1)
        >>> Fit(1.0, 3.0, 0.0, 100, 20, one, one).alike, Fit(125.0, 375.0, 0.0, 100, 20, one, one).alike
        (False, True)
        """
        return self.alpha + self.beta > 0.999 * ALL_ALIKE

    def interval(self, of: Callable[[Floats, Floats], Floats]) -> tuple[Floats, Floats]:
        """The 95% interval of anything that alpha and beta decide: its ends over the likely region.

        of: arrays of alpha and beta (n, 1) in, values (n, m) out. Back: m lower and m upper ends.
        Source: profile likelihood; along rays as A. Jaeger, Computation of Two and Three Dimensional
        Confidence Regions with the Likelihood Ratio, arXiv 1511.04621, 2015.

        >>> fitted = Fit(1.0, 3.0, 0.0, 100, 20, np.array([0.5, 2.0]), np.array([4.5, 2.0]))
        >>> low, high = fitted.interval(lambda alpha, beta: alpha / (alpha + beta))
        >>> low.tolist(), high.tolist()
        ([0.1], [0.5])
        """
        values = of(self.alphas[:, None], self.betas[:, None])
        return values.min(axis=0), values.max(axis=0)


def survival(alpha: npt.ArrayLike, beta: npt.ArrayLike, services: npt.ArrayLike) -> Floats:
    """S(t) = B(alpha, beta + t) / B(alpha, beta): the share that comes for all of the first t services.

    Source: Fader and Hardie 2007.

    >>> print(f"{survival(0.668, 3.806, 8):.3f}")
    0.460
    """
    a, b, t = (np.asarray(each, dtype="float64") for each in (alpha, beta, services))
    return np.asarray(np.exp(betaln(a, b + t) - betaln(a, b)))


def retention(alpha: npt.ArrayLike, beta: npt.ArrayLike, service: npt.ArrayLike) -> Floats:
    """r(t) = (beta + t - 1) / (alpha + beta + t - 1): of who came for t - 1, the share that comes for t.

    Source: Fader and Hardie 2007.

    >>> print(f"{retention(1.0, 3.0, 1):.2f} {retention(1.0, 3.0, 2):.2f}")
    0.75 0.80
    """
    a, b, t = (np.asarray(each, dtype="float64") for each in (alpha, beta, service))
    return np.asarray((b + t - 1) / (a + b + t - 1))


def expected_services(
    alpha: npt.ArrayLike, beta: npt.ArrayLike, done: npt.ArrayLike, discount: float
) -> Floats:
    """DERL: services that a car that came for `done` services will still bring, discounted.

    sum over k = 1, 2, ... of S(done + k) / S(done) / (1 + discount)^(k - 1), seen just before the next
    service; discount is per service. With no discount the sum need not end: then it is NaN.
    Source: Fader and Hardie 2010, equation 6.

    >>> print(f"{expected_services(0.668, 3.806, 7, 0.1):.3f}")
    7.530
    """
    a, b, n = np.broadcast_arrays(*(np.asarray(each, dtype="float64") for each in (alpha, beta, done)))
    if discount <= 0:
        return np.full(a.shape, np.nan)
    with np.errstate(all="ignore"):
        total = np.asarray(hyp2f1(1.0, b + n + 1, a + b + n + 1, 1 / (1 + discount)))
    for where in np.argwhere(~np.isfinite(total)):  # few: where all cars are alike and the series is long
        at = tuple(where)
        k = np.arange(1, int(np.ceil(30 / np.log1p(discount))))
        kept = np.cumsum(np.log((b[at] + n[at] + k) / (a[at] + b[at] + n[at] + k)))
        total[at] = 1 + np.exp(kept - k * np.log1p(discount)).sum()
    return np.asarray((b + n) / (a + b + n) * total)


def fit(losses: Losses) -> Fit | TooFew:
    """alpha and beta of the highest likelihood, or why there is too little to fit.

    The log likelihood is the sum of lost[k] ln P(T = k + 1) + kept[k] ln S(k), with P(T = t) =
    B(alpha + 1, beta + t - 1) / B(alpha, beta). Source: Fader and Hardie 2007, appendix; note 017.

    >>> highend = [1000, 869, 743, 653, 593, 551, 517, 491]
    >>> found = fit(Losses(np.append(-np.diff(highend), 0.0), np.array([0.0] * 7 + [491.0])))
    >>> print(f"{found.alpha:.3f} {found.beta:.3f}")
    0.668 3.806
    """
    at_risk = losses.at_risk
    cars, lost = int(at_risk[0]) if len(at_risk) else 0, int(losses.lost.sum())
    message = too_few(cars, lost, int((at_risk > 0).sum()))
    if message:
        return TooFew(cars, lost, message)
    scale = losses.lost.sum() + losses.kept.sum()

    def down(at: Floats) -> tuple[float, Floats]:
        value, slope = _log_likelihood(at, losses)
        return -value / scale, -slope / scale

    start = np.array([np.log(5.0), np.log(losses.lost[0] + 1) - np.log(at_risk[0] - losses.lost[0] + 1)])
    best = minimize(
        down,
        start,
        jac=True,
        method="TNC",  # as good as L-BFGS-B here, without a call into the linear algebra at each step
        bounds=list(zip(_LOW, _HIGH, strict=True)),
        options={"ftol": 1e-14, "gtol": 1e-12, "xtol": 1e-10, "maxfun": 2_000},
    )
    alpha, beta = _parameters(best.x)
    alphas, betas = _parameters(_edge(np.asarray(best.x), losses, scale))
    found = float(-best.fun * scale)
    return Fit(float(alpha), float(beta), found, cars, lost, np.append(alphas, alpha), np.append(betas, beta))


def too_few(cars: int, lost: int, services: int = MIN_SERVICES) -> str:
    """Why so few tell nothing; empty if they do."""
    if cars < MIN_CARS:
        return f"{cars} cars had time to come back for a service; below {MIN_CARS} nothing can be projected"
    if lost < MIN_LOST:
        return f"{lost} cars missed a service; below {MIN_LOST} nothing can be projected"
    if services < MIN_SERVICES:
        return "no car had time for a second service; one service number cannot be projected"
    return ""


def _parameters(at: Floats) -> tuple[Floats, Floats]:
    """alpha and beta from ln(alpha + beta) and the log-odds of the mean, along the last axis."""
    total, mean = np.exp(at[..., 0]), expit(at[..., 1])
    return total * mean, total * (1 - mean)


def _log_likelihood(at: Floats, losses: Losses) -> tuple[float, Floats]:
    """With its slope."""
    a, b = (float(each) for each in _parameters(at))
    at_risk, k = losses.at_risk, np.arange(len(losses.lost))
    came = at_risk - losses.lost
    # Of those who came for k a share a / (a + b + k) is lost: the beta functions, multiplied out.
    value = losses.lost.sum() * np.log(a) + came @ np.log(b + k) - at_risk @ np.log(a + b + k)
    both = (at_risk / (a + b + k)).sum()
    by_a, by_b = losses.lost.sum() / a - both, (came / (b + k)).sum() - both
    turn = a * b / (a + b)
    return float(value), np.array([a * by_a + b * by_b, turn * (by_a - by_b)])


def _edge(best: Floats, losses: Losses, scale: float) -> Floats:
    """The edge of the region within _WITHIN of the best, on rays from it, by halving; (rays, 2)."""
    angle = np.linspace(0, 2 * np.pi, _RAYS, endpoint=False)
    rays = np.column_stack([np.cos(angle), np.sin(angle)]) @ _root(best, losses, scale).T
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(rays > 0, (_HIGH - best) / rays, np.where(rays < 0, (_LOW - best) / rays, np.inf))
    near, far = np.zeros(_RAYS), room.min(axis=1)
    least = _log_likelihood(best, losses)[0] - _WITHIN
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        inside = _values(best + middle[:, None] * rays, losses) >= least
        near, far = np.where(inside, middle, near), np.where(inside, far, middle)
    return np.asarray(best + near[:, None] * rays)


def _values(at: Floats, losses: Losses) -> Floats:
    a, b = (each[:, None] for each in _parameters(at))
    k = np.arange(len(losses.lost))
    at_risk = losses.at_risk
    value = np.log(b + k) @ (at_risk - losses.lost) - np.log(a + b + k) @ at_risk
    return np.asarray(value + losses.lost.sum() * np.log(a)[:, 0], dtype="float64")


def _root(best: Floats, losses: Losses, scale: float) -> Floats:
    """A square root of the covariance, so that rays reach evenly around an elongated region."""
    step = 1e-4
    slopes = [
        (_log_likelihood(best + each, losses)[1] - _log_likelihood(best - each, losses)[1]) / (2 * step)
        for each in np.eye(2) * step
    ]
    bend = -(np.array(slopes) + np.array(slopes).T) / 2
    values, vectors = np.linalg.eigh(bend)
    return np.asarray(vectors / np.sqrt(np.maximum(values, 1e-4 * scale)))
