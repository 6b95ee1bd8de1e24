"""Expected visit: due is what the car needs, expected is when this customer comes.

The wait of the past is predicted month by month from what had ended before that month (`replay`). How
far those predictions were off calibrates the windows: split conformal prediction, on the log scale of
days, in which every prediction was made without its outcome.

Source: Vovk, Gammerman, Shafer, Algorithmic Learning in a Random World, 2005; scaled residuals after
Papadopoulos et al., Inductive confidence machines for regression, 2002.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np

from planner.dates import Days
from planner.forecast.origins import RETURN_DAYS, Origins
from planner.forecast.rhythm import Rhythm, learn, wait
from planner.forecast.screen import Bools, Floats, Ints

ENOUGH_FOR_WINDOW = 50  # with fewer outcomes the window is the documented default
GROUPS = (0, 1, 2, 3, 6)  # own gaps known, from; groups of the windows
MOST_LENGTH_WEIGHT = 10.0
FEW_OUTCOMES = 2_000
MOST_OUTCOMES = 20_000  # the latest

# Spread of ln(days between two services of one car) where nothing was learnt. The real records at
# hand show 0.28 to 0.29 at gaps of four to six months (two-wheelers, a city's fleet), which is 36 to
# 48 days; the same days on a yearly service would be 0.10 to 0.13. In between, nearer to the days.
DEFAULT_SPREAD = 0.15
DOUBTFUL_SPREAD = 0.4  # 0.28 * sqrt(2): the next gap from one gap of the car itself


@dataclass(frozen=True, slots=True)
class Margins:
    """How far predictions were off: (ln days that came - ln days predicted) / spread, sorted, by group.

    The last group is all of them. weights: of each, see `length_weights`. recorded_days: how long the
    records have been kept.
    """

    off: tuple[Floats, ...] = ()
    weights: tuple[Floats, ...] = ()
    recorded_days: float = 0.0

    def around(self, known_gaps: Ints, probability: float) -> tuple[Floats, Floats]:
        """The ends of the window in spreads, low <= 0 <= high; NaN where too little is known.

        (1 - p)/2 of the weight lies beyond either end, an outcome still unknown with a weight of one
        among it: so the next outcome is inside with a probability of p, as far as it is like those.
        Groups with fewer than 50 outcomes take those of all.
        """
        ends = np.full((len(GROUPS), 2), np.nan)
        for group in range(len(GROUPS) if self.off else 0):
            which = group if len(self.off[group]) >= ENOUGH_FOR_WINDOW else -1
            off, weights = self.off[which], self.weights[which]
            if len(off) < ENOUGH_FOR_WINDOW:
                continue
            beyond = (weights.sum() + 1) * (1 - probability) / 2
            low = np.searchsorted(np.cumsum(weights), beyond, side="right")
            high = len(off) - 1 - np.searchsorted(np.cumsum(weights[::-1]), beyond, side="right")
            ends[group] = off[min(low, len(off) - 1)], off[max(high, 0)]
        at = group_of(known_gaps)
        return np.minimum(ends[at, 0], 0.0), np.maximum(ends[at, 1], 0.0)


def length_weights(wait_days: Floats, watched_days: Floats) -> Floats:
    """What each ended wait counts: 1 / (share of all waits begun that were watched for as long), up to 10.

    A wait of 200 days can have ended only where it began 200 days ago or more; records of a year are full
    of short waits for that reason alone (inverse probability of censoring).
    """
    watched = np.sort(watched_days)
    share = 1 - np.searchsorted(watched, wait_days, side="left") / max(len(watched), 1)
    return np.asarray(1 / np.maximum(share, 1 / MOST_LENGTH_WEIGHT))


def group_of(known_gaps: Ints) -> Ints:
    """The group of the windows: by own gaps known."""
    return np.asarray(np.searchsorted(GROUPS, known_gaps, side="right") - 1)


@dataclass(frozen=True, slots=True)
class Habit:
    """How a fleet comes: its rhythm, how well that predicted, and the probability of its windows."""

    probability: float
    rhythm: Rhythm = field(default_factory=Rhythm)
    margins: Margins = field(default_factory=Margins)


@dataclass(frozen=True, slots=True)
class Replay:
    """The past predicted, one row an origin. low, high: rows x levels, ln of days from the origin."""

    wait: Floats  # ln of days
    low: Floats
    high: Floats
    median_gap: Floats  # days: the median of the waits that had ended; NaN for none
    mean_gap: Floats  # days: their log-mean
    habit: Habit  # what all of it teaches


def replay(
    origins: Origins,
    learnable: Bools,
    probability: float,
    as_of: np.datetime64,
    levels: tuple[float, ...] = (),
) -> Replay:
    """Predict every wait from the waits that had ended before the month in which it began.

    learnable: which waits may teach (those that were on record from their beginning); as_of: the day on
    which the records end.
    """
    month = origins.day.astype("datetime64[M]")
    count = len(origins)
    predicted, spread = np.full(count, np.nan), np.full(count, np.nan)
    low, high = np.full((count, len(levels)), np.nan), np.full((count, len(levels)), np.nan)
    median_gap, mean_gap = np.full(count, np.nan), np.full(count, np.nan)
    ending = np.flatnonzero((origins.wait_days > RETURN_DAYS) & learnable)  # a return is no wait
    ending = ending[np.lexsort((origins.car[ending], origins.came[ending]))]
    begun = np.sort(origins.day[learnable & (origins.visits > 0)])
    days = np.log(np.maximum(origins.wait_days, 1))
    order = np.argsort(month, kind="stable")
    starts = np.flatnonzero(np.diff(month[order]).astype("int64") > 0) + 1
    for rows in np.split(order, starts) if count else ():
        begins = month[rows[0]].astype("datetime64[D]")
        past = ending[: np.searchsorted(origins.came[ending], begins, side="left")]
        rhythm, weights = learn(origins[past]), _weights(origins, past, begun, begins)
        predicted[rows], spread[rows] = wait(origins[rows], rhythm)
        if levels:
            margins = _margins(origins, past, weights, rhythm, predicted, spread, _length(begun, begins))
            for at, level in enumerate(levels):
                low[rows, at], high[rows, at] = window(
                    predicted[rows], spread[rows], origins[rows], margins, level
                )
            visited = past[origins.visits[past] > 0]
            if len(visited):
                median_gap[rows] = np.median(origins.wait_days[visited])
                mean_gap[rows] = np.exp(days[visited].mean())
    rhythm, weights = learn(origins[ending]), _weights(origins, ending, begun, as_of)
    habit = Habit(
        probability,
        rhythm,
        _margins(origins, ending, weights, rhythm, predicted, spread, _length(begun, as_of)),
    )
    return Replay(predicted, low, high, median_gap, mean_gap, habit)


def _weights(origins: Origins, past: Ints, begun: Days, now: np.datetime64) -> Floats:
    watched = (now - begun[: np.searchsorted(begun, now, side="left")]).astype("float64")
    return length_weights(origins.wait_days[past], watched)


def _length(begun: Days, now: np.datetime64) -> float:
    return float((now - begun[0]).astype("int64")) if len(begun) and begun[0] < now else 0.0


def window(
    predicted: Floats, spread: Floats, origins: Origins, margins: Margins, probability: float
) -> tuple[Floats, Floats]:
    """ln of the days at which the window begins and ends.

    Where too little is known to calibrate it, a normal one of spread 0.15; or as far as what is expected
    lies from the rule, up to 0.4: witnesses who disagree make a wide window. Records that are shorter
    than twice the window's end cannot have seen the late ones: there the window is the wider of the two.
    """
    down, up = margins.around(origins.known_gaps, probability)
    apart = np.abs(predicted - np.log(np.maximum(origins.rule_days, 1.0)))
    reach = quantile(probability) * np.clip(apart, DEFAULT_SPREAD, DOUBTFUL_SPREAD)
    low = np.where(np.isnan(down), predicted - reach, predicted + down * spread)
    high = np.where(np.isnan(up), predicted + reach, predicted + up * spread)
    young = 2 * np.exp(np.minimum(high, 12.0)) > margins.recorded_days
    low = np.where(young, np.minimum(low, predicted - reach), low)
    return low, np.where(young, np.maximum(high, predicted + reach), high)


def _margins(
    origins: Origins,
    past: Ints,
    weights: Floats,
    rhythm: Rhythm,
    predicted: Floats,
    spread: Floats,
    recorded_days: float,
) -> Margins:
    """How far predictions of these ended waits were off, as they were made in their month.

    Where the records are young (up to 2,000 ended waits) what was predicted while nothing was known says
    little: there they are predicted anew by what is known now, a dozen figures that all of them taught.
    """
    if len(past) <= FEW_OUTCOMES:
        middle, scale = wait(origins[past], rhythm)
    else:
        past, weights = past[-MOST_OUTCOMES:], weights[-MOST_OUTCOMES:]
        middle, scale = predicted[past], spread[past]
    off = (np.log(np.maximum(origins.wait_days[past], 1)) - middle) / scale
    order = np.argsort(off, kind="stable")
    off, weights, group = off[order], weights[order], group_of(origins.known_gaps[past])[order]
    chosen = [group == at for at in range(len(GROUPS))] + [np.ones(len(off), dtype=bool)]
    return Margins(
        tuple(off[rows] for rows in chosen), tuple(weights[rows] for rows in chosen), recorded_days
    )


def quantile(probability: float) -> float:
    """How many standard deviations either side hold this share of a normal distribution."""
    return NormalDist().inv_cdf((1 + probability) / 2)
