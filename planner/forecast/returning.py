"""Returning: the probability that a customer comes back, and by when.

Half of the owners on record may never return, and those who have not returned yet are not lost: waits
that are still open count too, for as long as they have lasted.

    a share of the waits ends at all       by visits known, visits kept, length of the wait, years on record
    ln of the days of those that end       around what was expected, by a spread
    ... corrected where it was wrong       visits that came / visits that should have come, by relative time

Sources: Boag, Maximum likelihood estimates of the proportion of patients cured by cancer therapy, 1949 (a
share that ends, and when); Bennett, Log-logistic regression models for survival data, 1983 (the curve);
Friedman, Piecewise exponential models for survival data with covariates, 1982 (the correction).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from planner.dates import Days
from planner.forecast.expected import Replay
from planner.forecast.origins import RETURN_DAYS, Origins
from planner.forecast.rhythm import Rhythm, wait
from planner.forecast.screen import Bools, Floats, Ints

GRACE_DAYS = 90  # after the window of the expected visit: later counts as lost
LIKELY_LOST = 0.5  # a probability below this: more likely to stay away than to come
ENOUGH_WAITS = 30  # ended waits from which a probability is told
FEW_WAITS = 2_000  # ended: up to these the past is predicted anew
MOST_WAITS = 8_000  # evenly chosen, are enough

# What is assumed where nothing is known, and how sure of it (standard deviations). About 60% of buyers
# have their services where they bought the car (J.D. Power 2004: 66% in year 1, 55% in year 3); 0.5 of
# logit around that weighs as much as 17 customers. The curve's scale 0.2 is a spread of 0.36 of ln(days):
# between the 0.28 of own gaps and the 0.4 of a gap from one other (docs/forecast-evidence.md).
SHARE, SHARE_UNSURE = 0.6, 0.5
VISITS_UNSURE = 0.6  # of the first visit and of the second against the others, on the logit of the share
EFFECT_UNSURE = 0.3  # of each other thing that tells customers apart
LATE_UNSURE = 0.2  # of ln(days)
SCALE, SCALE_UNSURE = 0.2, 0.3  # the latter of ln
USUAL_DAYS, USUAL_SPREAD = 200.0, 0.3  # where the effects of length and regularity are zero
LONGEST_YEARS = 8.0

# The correction: bins of the wait over the expected wait, and the visits that weigh against what was seen.
RELATIVE = (0.0, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, np.inf)
AS_EXPECTED = 5.0  # as the curve says, of all
AS_ALL = 20.0  # as all customers, of those with as many visits known
MOST_VISITS = 3  # known: 1, 2, 3 and more differ


@dataclass(frozen=True, slots=True)
class Waits:
    """What tells whether a wait ends, and when; one row a wait."""

    visits: Ints  # maintenance visits known when it began
    owned_days: Floats  # since the purchase
    middle: Floats  # ln of the days expected
    spread: Floats  # how far the own gaps lie around that
    gapless: Bools  # no own gap is known

    def __len__(self) -> int:
        return len(self.visits)

    def __getitem__(self, rows: npt.NDArray[np.generic]) -> Waits:
        return Waits(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def of_share(self) -> Floats:
        """Columns on which the share that ends depends; the first is 1."""
        due = np.maximum(self.owned_days / np.exp(self.middle), self.visits)
        return np.column_stack(
            [
                np.ones(len(self)),
                self.visits == 1,
                self.visits == 2,
                np.log((self.visits + 1) / (due + 1)),
                np.clip(self.middle - np.log(USUAL_DAYS), -2, 2),
                np.minimum(self.owned_days / 365.25, LONGEST_YEARS) / 3 - 0.5,
            ]
        )

    def of_scale(self) -> Floats:
        """Columns on which ln(scale) depends; the first is 1."""
        return np.column_stack([np.ones(len(self)), self.gapless, np.log(self.spread / USUAL_SPREAD)])


_SHARES = 6  # columns of the share; lateness follows, then the columns of the scale
_ASSUMED = np.array([np.log(SHARE / (1 - SHARE)), *[0.0] * _SHARES, np.log(SCALE), 0.0, 1.0])
_UNSURE = np.array(
    [SHARE_UNSURE, *[VISITS_UNSURE] * 2, *[EFFECT_UNSURE] * 3, LATE_UNSURE, *[SCALE_UNSURE] * 3]
)
NEVER = 1e-12  # no share is less
STEEP_ENOUGH = 0.01  # slope of ln(likelihood) below which nothing is to be gained


@dataclass(frozen=True, slots=True)
class Returns:
    """What a fleet has taught about coming back."""

    fitted: Floats  # effects on the logit of the share, lateness, effects on ln(scale)
    soon: float  # share back within a week
    corrected: Floats  # bins x groups of visits known: came / should have come

    def probability(self, waits: Waits, within_days: Floats, waited_days: Floats | float = 0.0) -> Floats:
        """Of each wait that has lasted so many days: that it ends by within_days, counted from its begin."""
        ahead = self._hazard(waits, within_days) - self._hazard(waits, np.fmin(waited_days, within_days))
        soon = np.where(np.asarray(waited_days) < RETURN_DAYS, self.soon, 0.0)
        return np.asarray(1 - (1 - soon) * np.exp(-ahead))

    def _hazard(self, waits: Waits, days: Floats) -> Floats:
        """-ln of the probability that a wait lasts longer."""
        group = _group(waits)
        steps = _steps(self.fitted, waits, days)
        return np.asarray(sum(step * ratio[group] for step, ratio in zip(steps, self.corrected, strict=True)))


def came_back(origins: Origins, past: Replay, within_days: Floats, learnable: Bools) -> Floats:
    """Of each past visit the probability that the next one comes within so many days; NaN if unknown.

    origins, past, learnable: as of `expected.replay`. Learnt for every month from what was seen before it,
    open waits included. NaN at a purchase, and before 30 waits have ended.
    """
    found = np.full(len(origins), np.nan)
    month = origins.day.astype("datetime64[M]")
    waits = _waits(origins, past.wait, past.scale)
    begun = _by_day(origins, learnable & (origins.visits > 0))
    known: Returns | None = None
    for at, rhythm in sorted(past.rhythms.items(), key=lambda item: item[0]):
        now = at.astype("datetime64[D]")
        known = _learn(origins, waits, begun, now, rhythm, known)
        rows = np.flatnonzero((month == at) & (origins.visits > 0))
        if known is not None and len(rows):
            found[rows] = known.probability(waits[rows], within_days[rows])
    return found


def comes_back(origins: Origins, past: Replay, learnable: Bools, as_of: np.datetime64, until: Days) -> Floats:
    """Of each car the probability that it comes by `until`, as it has not come yet; NaN if unknown.

    until: of each car; NaT for unknown. Cars that have never come are compared with each other.
    """
    waiting = np.flatnonzero(np.isnat(origins.came))  # one of each car, by car
    learning = _waits(origins, past.wait, past.scale)
    waits = _waits(origins, *wait(origins, past.habit.rhythm))[waiting]
    within = np.where(np.isnat(until), np.nan, (until - origins.day[waiting]).astype("float64"))
    waited = (as_of - origins.day[waiting]).astype("float64")
    found = np.full(len(waiting), np.nan)
    for came_before in (False, True):
        begun = _by_day(origins, learnable & ((origins.visits > 0) == came_before))
        known = _learn(origins, learning, begun, as_of, past.habit.rhythm, None)
        rows = np.flatnonzero((waits.visits > 0) == came_before)
        if known is not None:
            found[rows] = known.probability(waits[rows], within[rows], waited[rows])
    return found


def _waits(origins: Origins, middle: Floats, spread: Floats) -> Waits:
    """All origins of all cars, by car: the first of a car is its purchase."""
    bought = origins.day[np.searchsorted(origins.car, origins.car, side="left")]
    return Waits(
        origins.visits,
        (origins.day - bought).astype("float64"),
        middle,
        spread,
        origins.known_gaps == 0,
    )


def _by_day(origins: Origins, which: Bools) -> Ints:
    rows = np.flatnonzero(which)
    return rows[np.argsort(origins.day[rows], kind="stable")]


def _learn(
    origins: Origins, waits: Waits, begun: Ints, now: np.datetime64, rhythm: Rhythm, before: Returns | None
) -> Returns | None:
    """What the waits that began before `now` teach; None where too few of them have ended."""
    rows = begun[: np.searchsorted(origins.day[begun], now, side="left")]
    if len(rows) > MOST_WAITS:
        rows = rows[np.linspace(0, len(rows) - 1, MOST_WAITS).astype("int64")]
    came, day = origins.came[rows], origins.day[rows]
    ended = came < now  # not where there was none
    lasted = (np.where(ended, came, now) - day).astype("float64")
    long = lasted > RETURN_DAYS
    soon = float((ended & ~long).sum() / (len(rows) + AS_ALL))
    rows, ended, lasted = rows[long], ended[long], lasted[long]
    if ended.sum() < ENOUGH_WAITS:
        return None
    waits = waits[rows]
    if ended.sum() <= FEW_WAITS:  # what was expected while nothing was known says little
        middle, spread = wait(origins[rows], rhythm)
        waits = Waits(waits.visits, waits.owned_days, middle, spread, waits.gapless)
    fitted = _fit(waits, lasted, ended, _ASSUMED if before is None else before.fitted)
    return Returns(fitted, soon, _corrected(fitted, waits, lasted, ended))


def _fit(waits: Waits, lasted_days: Floats, ended: Bools, start: Floats) -> Floats:
    """The most likely share, lateness and scale, given what is assumed of them beforehand."""
    from scipy.optimize import minimize  # slow to load, and needed here only

    of_share, of_scale = waits.of_share(), waits.of_scale()
    off = np.log(lasted_days) - waits.middle

    def badness(fitted: Floats) -> tuple[float, Floats]:
        logit = _times(of_share, fitted[:_SHARES])
        scale = np.exp(_times(of_scale, fitted[_SHARES + 1 :]))
        share = _logistic(logit)
        z = (off - fitted[_SHARES]) / scale
        done = _logistic(z)
        left = np.maximum(1 - share * done, NEVER)
        likely = np.where(
            ended,
            -np.logaddexp(0, -logit) + z - 2 * np.logaddexp(0, z) - np.log(scale),
            np.log(left),
        )
        by_logit = np.where(ended, 1 - share, -share * (1 - share) * done / left)
        by_z = np.where(ended, 1 - 2 * done, -share * done * (1 - done) / left)
        slope = np.concatenate(
            [
                _times(of_share.T, by_logit),
                [-(by_z / scale).sum()],
                _times(of_scale.T, -by_z * z - ended),
            ]
        )
        away = (fitted - _ASSUMED) / _UNSURE
        return float((away**2).sum() / 2 - likely.sum()), away / _UNSURE - slope

    # In steps of a third of how unsure each figure is, all figures are alike to the search.
    step = _UNSURE / 3

    def in_steps(steps: Floats) -> tuple[float, Floats]:
        bad, slope = badness(_ASSUMED + step * steps)
        return bad, step * slope

    found = minimize(in_steps, (start - _ASSUMED) / step, jac=True, method="BFGS", tol=STEEP_ENOUGH)
    return np.asarray(_ASSUMED + step * found.x, dtype="float64")


def _corrected(fitted: Floats, waits: Waits, lasted_days: Floats, ended: Bools) -> Floats:
    """Of each bin of relative time: visits that came over those that should have, by visits known.

    Each group is drawn to the bin's ratio over all, and that to 1: as if so many visits more had come so.
    """
    group, relative = _group(waits), lasted_days / np.exp(waits.middle)
    at = np.searchsorted(RELATIVE, relative, side="left") - 1  # a bin includes its end
    came = np.zeros((len(RELATIVE) - 1, MOST_VISITS + 1))
    np.add.at(came, (at[ended], group[ended]), 1.0)
    steps = _steps(fitted, waits, lasted_days)
    should = np.array([np.bincount(group, step, MOST_VISITS + 1) for step in steps])
    of_all = (came.sum(axis=1) + AS_EXPECTED) / (should.sum(axis=1) + AS_EXPECTED)
    return np.asarray((came + AS_ALL * of_all[:, None]) / (should + AS_ALL))


def _steps(fitted: Floats, waits: Waits, days: Floats) -> list[Floats]:
    """The cumulative hazard of the curve up to these days, by bins of relative time."""
    share = _logistic(_times(waits.of_share(), fitted[:_SHARES]))
    scale = np.exp(_times(waits.of_scale(), fitted[_SHARES + 1 :]))
    with np.errstate(divide="ignore"):
        relative = np.log(days) - waits.middle  # -inf on the first day
        ends = np.log(RELATIVE[1:])
    found, before = [], np.zeros(len(waits))
    for end in ends:
        z = (np.minimum(relative, end) - fitted[_SHARES]) / scale
        hazard = -np.log(np.maximum(1 - share * _logistic(z), NEVER))
        found.append(hazard - before)
        before = hazard
    return found


def _group(waits: Waits) -> Ints:
    return np.minimum(waits.visits, MOST_VISITS)


def _logistic(x: Floats) -> Floats:
    return np.asarray((1 + np.tanh(x / 2)) / 2)


def _times(table: Floats, by: Floats) -> Floats:
    """Their product, on one thread: for tables this narrow more threads only wait for each other."""
    return np.asarray(np.einsum("ij,j->i", table, by))
