"""Expected visit: due is what the car needs, expected is when this customer comes.

The wait of the past is predicted month by month from what had ended before that month (`replay`). How
far the past is from what today's rhythm makes of it calibrates the windows: conformal prediction, on the
log scale of days. Of a car it knows what was known when the wait began; of the fleet a few dozen figures at
most, which all ended waits taught.

Source: Vovk, Gammerman, Shafer, Algorithmic Learning in a Random World, 2005; scaled residuals after
Papadopoulos et al., Inductive confidence machines for regression, 2002.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np

from planner.dates import Days
from planner.forecast.origins import RETURN_DAYS, STAGES, Origins
from planner.forecast.rhythm import MOST_LEARNT, USUAL_SPREAD, Rhythm, learn, shortest, wait
from planner.forecast.screen import Bools, Floats, Ints

ENOUGH_FOR_WINDOW = 50  # outcomes from which a kind of wait has windows of its own
GROUPS = (0, 1, 2, 3, 6)  # own gaps known, from
KINDS = len(GROUPS) * (1 + len(STAGES))
MOST_LENGTH_WEIGHT = 10.0
MOST_OUTCOMES = 5_000  # the latest: habits change

# What is assumed before anything was seen: most come for the service that is due, some miss one or two
# before they come again. The shares are our judgement. Of the
# services due, 66% (year 1) to 47% (year 4) are done at the dealership (J.D. Power 2004), but who never
# comes again is no outcome.
ASSUMED_MISSED = (0.88, 0.09, 0.03)  # none, one, two

# Among the outcomes of a kind are always so many of the wider kind, and among those of all waits so many
# that are assumed: a few of its own say less of a kind than all the others do.
WIDER_OUTCOMES = 25.0
POINTS = 200  # values that stand for them


def _assumed() -> Floats:
    """The outcomes assumed, in usual spreads of a yearly service, sorted."""
    off = []
    for missed, share in enumerate(ASSUMED_MISSED):
        count = round(share * POINTS)
        middle = float(np.log(missed + 1)) / USUAL_SPREAD
        off += [middle + NormalDist().inv_cdf((at + 0.5) / count) for at in range(count)]
    return np.sort(off)


ASSUMED = _assumed()
WIDER_WEIGHTS = np.full(POINTS, WIDER_OUTCOMES / POINTS)


@dataclass(frozen=True, slots=True)
class Margins:
    """How far predictions were off: (ln days that came - ln days predicted) / scale, sorted.

    off, weights (see `length_weights`): of each kind of wait (empty below 50), and last of all waits; each
    with 25 outcomes of the wider kind among them.
    """

    off: tuple[Floats, ...] = (ASSUMED,)
    weights: tuple[Floats, ...] = (WIDER_WEIGHTS,)
    recorded_days: float = 0.0  # how long the records have been kept

    def around(self, kinds: Ints, probability: float) -> tuple[Floats, Floats]:
        """The ends of each window in scales, low <= 0 <= high.

        kinds: rows x 2, from `kinds_of`; the first kind that has windows of its own speaks, else all waits.

        A window is the shortest that holds its probability of the weight of past outcomes: the next one is
        inside as often, as far as it is like those before. Whoever skips a service comes an interval
        later: the shortest window leaves them out as long as they are few, where one with the same share
        beyond either end would reach to them.
        """
        ends = np.full((KINDS + 1, 2), np.nan)
        for at, (off, weights) in enumerate(
            zip(self.off, self.weights, strict=True), KINDS + 1 - len(self.off)
        ):
            if len(off):
                ends[at] = shortest(off, weights, weights.sum() * probability, USUAL_SPREAD)
        found = ends[kinds[:, 0]]
        for other in (ends[kinds[:, 1]], ends[-1]):
            found = np.where(np.isnan(found), other, found)
        return np.minimum(found[:, 0], 0.0), np.maximum(found[:, 1], 0.0)


def length_weights(wait_days: Floats, watched_days: Floats) -> Floats:
    """What each ended wait counts: 1 / (share of all waits begun that were watched for as long), up to 10.

    A wait of 200 days can have ended only where it began 200 days ago or more; records of a year are full
    of short waits for that reason alone (inverse probability of censoring).

    watched_days: of all waits begun, ascending.
    """
    share = 1 - np.searchsorted(watched_days, wait_days, side="left") / max(len(watched_days), 1)
    return np.asarray(1 / np.maximum(share, 1 / MOST_LENGTH_WEIGHT))


def kinds_of(origins: Origins) -> Ints:
    """The kinds of each wait, rows x 2: by own gaps known and stage, and by own gaps known alone."""
    gaps = np.searchsorted(GROUPS, origins.known_gaps, side="right") - 1
    return np.column_stack([len(GROUPS) + gaps * len(STAGES) + origins.stage, gaps])


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
    scale: Floats  # of the window
    low: Floats
    high: Floats
    kept: Bools  # the fleet kept to the rule
    median_gap: Floats  # days: the median of the waits that had ended; NaN for none
    mean_gap: Floats  # days: their log-mean
    rhythms: dict[np.datetime64, Rhythm]  # month -> what was known before it
    habit: Habit  # what was known before the month of as_of


@dataclass(frozen=True, slots=True)
class _Waits:
    """Waits that ended: rows of the origins, by the day on which they did."""

    row: Ints
    ended_on: Days

    @staticmethod
    def of(origins: Origins, which: Bools) -> _Waits:
        row = np.flatnonzero(which)
        row = row[np.lexsort((origins.car[row], origins.came[row]))]
        return _Waits(row, origins.came[row])

    def before(self, now: np.datetime64) -> Ints:
        return self.row[: np.searchsorted(self.ended_on, now, side="left")]


def replay(
    origins: Origins,
    learnable: Bools,
    probability: float,
    as_of: np.datetime64,
    levels: tuple[float, ...] = (),
) -> Replay:
    """Predict every wait from the waits that had ended before the month in which it began.

    learnable: which waits may teach (those that were on record from their beginning); as_of: the day on
    which the records end. `habit` too is of what had ended before the month of as_of: it is what a
    prediction of that day is made from, and plans of one month agree on it.
    """
    month = origins.day.astype("datetime64[M]")
    count = len(origins)
    predicted, scale = np.full(count, np.nan), np.full(count, np.nan)
    low, high = np.full((count, len(levels)), np.nan), np.full((count, len(levels)), np.nan)
    median_gap, mean_gap = np.full(count, np.nan), np.full(count, np.nan)
    kept = np.ones(count, dtype=bool)
    lasted = origins.wait_days
    counted = (lasted > RETURN_DAYS) & learnable  # a return is no wait
    ended = _Waits.of(origins, counted)
    teaching = _Waits.of(origins, counted & ~origins.skipped)
    between_visits = _Waits.of(origins, counted & (origins.visits > 0))
    begun = np.sort(origins.day[learnable & (origins.visits > 0)])
    days = np.log(np.maximum(lasted, 1))
    kinds = kinds_of(origins)

    def taught(rows: Ints, now: np.datetime64, before: Rhythm) -> Rhythm:
        rows = rows[-MOST_LEARNT:]
        return learn(origins[rows], length_weights(lasted[rows], _watched(begun, now)), before)

    def margins(rows: Ints, now: np.datetime64, rhythm: Rhythm) -> Margins:
        """Of the past as today's rhythm predicts it: what was said while less was known is further off."""
        rows = rows[-MOST_OUTCOMES:]
        middle, width = wait(origins[rows], rhythm)
        watched = _watched(begun, now)
        return _margins(
            (days[rows] - middle) / width,
            length_weights(lasted[rows], watched),
            kinds[rows],
            float(watched[-1]) if len(watched) else 0.0,
        )

    rhythms, rhythm = {}, Rhythm()
    order = np.argsort(month, kind="stable")
    starts = np.flatnonzero(np.diff(month[order]).astype("int64") > 0) + 1
    for rows in np.split(order, starts) if count else ():
        begins = month[rows[0]].astype("datetime64[D]")
        rhythm = taught(teaching.before(begins), begins, rhythm)
        predicted[rows], scale[rows] = wait(origins[rows], rhythm)
        kept[rows] = rhythm.kept
        rhythms[month[rows[0]]] = rhythm
        if levels:
            off = margins(ended.before(begins), begins, rhythm)
            for at, level in enumerate(levels):
                low[rows, at], high[rows, at] = window(predicted[rows], scale[rows], kinds[rows], off, level)
            visited = between_visits.before(begins)
            if len(visited):
                median_gap[rows] = np.median(lasted[visited])
                mean_gap[rows] = np.exp(days[visited].mean())
    begins = as_of.astype("datetime64[M]").astype("datetime64[D]")
    rhythm = taught(teaching.before(begins), begins, rhythm)
    habit = Habit(probability, rhythm, margins(ended.before(begins), begins, rhythm))
    return Replay(predicted, scale, low, high, kept, median_gap, mean_gap, rhythms, habit)


def _watched(begun: Days, now: np.datetime64) -> Floats:
    """For how many days each wait begun before now was watched, ascending; begun: sorted."""
    return (now - begun[: np.searchsorted(begun, now, side="left")])[::-1].astype("float64")


def window(
    predicted: Floats, scale: Floats, kinds: Ints, margins: Margins, probability: float
) -> tuple[Floats, Floats]:
    """ln of the days at which the window begins and ends; kinds: from `kinds_of`.

    Records that are shorter than twice the window's end cannot have seen those who come late: there it is
    at least as wide as what is assumed.
    """
    down, up = margins.around(kinds, probability)
    least_down, least_up = Margins().around(kinds, probability)
    young = 2 * np.exp(np.minimum(predicted + up * scale, 12.0)) > margins.recorded_days
    down = np.where(young, np.minimum(down, least_down), down)
    up = np.where(young, np.maximum(up, least_up), up)
    return predicted + down * scale, predicted + up * scale


def _margins(off: Floats, weights: Floats, kinds: Ints, recorded_days: float) -> Margins:
    """What was off, by kind; kinds: rows x 2, from `kinds_of`."""
    row, kind = np.tile(np.arange(len(off)), 2), kinds.T.ravel()
    by_kind = np.argsort(kind, kind="stable")
    chosen = np.split(row[by_kind], np.searchsorted(kind[by_kind], np.arange(1, KINDS)))
    every = _with_wider(off, weights, ASSUMED)
    found: list[tuple[Floats, Floats]] = []
    for at, rows in enumerate(chosen):
        if len(rows) < ENOUGH_FOR_WINDOW:
            found.append((off[:0], weights[:0]))
            continue
        wider = every if at < len(GROUPS) else found[(at - len(GROUPS)) // len(STAGES)]
        found.append(_with_wider(off[rows], weights[rows], _points(*wider)))
    found.append(every)
    return Margins(tuple(off for off, _ in found), tuple(counts for _, counts in found), recorded_days)


def _with_wider(off: Floats, weights: Floats, wider: Floats) -> tuple[Floats, Floats]:
    """Outcomes with 25 of the wider kind among them, sorted, and the weight of each."""
    mixed, counts = np.concatenate([off, wider]), np.concatenate([weights, WIDER_WEIGHTS])
    order = np.argsort(mixed, kind="stable")
    return mixed[order], counts[order]


def _points(off: Floats, weights: Floats) -> Floats:
    """200 values that stand for sorted outcomes, each for as much of their weight."""
    middle = np.cumsum(weights) - weights / 2
    return np.asarray(np.interp((np.arange(POINTS) + 0.5) / POINTS * weights.sum(), middle, off))
