"""The customer's wait: three witnesses of the days until the next visit, combined on the log scale.

    rule        the first of months and km, moved by how early or late customers like this one come
    own         this car's visits so far, the latest counting most: how early or late each was where the
                fleet keeps to the rule, else the gaps between them
    population  the gaps of the fleet, and the km that the fleet drives in one, at this car's own rate

What is learnt is learnt from waits that had ended.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from planner.forecast.origins import RETURN_DAYS, STAGES, Origins
from planner.forecast.screen import Floats, Ints

# Round numbers, chosen on the real records and the sample of docs/forecast-benchmark.md.
RECENCY = 0.8  # a visit counts this much of the one after it
UNPROVEN_WEIGHT = 0.5  # own gaps that the rule is worth where too little is known of the fleet
POPULATION_WEIGHT = 1.0  # own gaps that the fleet's gaps are worth where it does not
KM_WEIGHT = 1.0  # ... and the fleet's km at the own rate

# Spread of ln(wait) around what is expected: 0.15 at a year, and as 1 / sqrt(days) beside it. In the real
# records the errors grow with the wait, by less than in proportion: see docs/forecast-evidence.md.
USUAL_SPREAD = 0.15
USUAL_WAIT = float(np.log(365.25))
FIRM = 4.0  # own gaps that the usual spread is worth
AGREEING = 1.5  # usual spreads: how far apart witnesses still agree

VISITS = (0, 1, 2, 3)  # groups of waits by the visits known when they begin, from: the service's number
ENOUGH = 30  # ended waits from which the population speaks
SETTLED = 0.01  # of ln(days), 4 days in a year: what changes by less stays what it was
# How alike the lateness of one visit of a car and that of its next are (their correlation), in a fleet that
# keeps to the rule: what is assumed is worth 50 pairs; further than 0.35 from usual is a missed service.
LIKENESS, LIKENESS_PAIRS, MOST_APART = 1 / 3, 50, 0.35
LEAST_LIKENESS, MOST_LIKENESS = 0.15, 0.95
FOREIGN_RULE = 0.25  # of ln(days): a rule further than this from the fleet's usual wait is not its rule ...
KEPT_AGAIN = 0.2  # ... until it is as near as this: calendars do not go to and fro by the month
USEFUL_RULE = 0.85  # it is useful all the same if it leaves less than this share of the spread of waits
ALIKE = 0.01  # of ln(days): waits that are all the same say nothing against the rule
SHORTER = 8  # an interval longer by a tenth has half of the say
MOST_LEARNT = 5_000  # the latest ended waits are enough
ROUNDS = 15
QUANTILES = np.arange(0.05, 1.0, 0.1)
SHORTEST, LONGEST = float(np.log(RETURN_DAYS + 1)), float(np.log(20 * 365.25))


def group_of(visits: Ints) -> Ints:
    """The group of a wait by the visits known when it begins."""
    return np.asarray(np.searchsorted(VISITS, visits, side="right") - 1)


def _punctual() -> Floats:
    return np.zeros((len(STAGES), len(VISITS)))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a fleet has taught about the wait for the next visit; all in ln(days) or ln(km)."""

    seen: int = 0
    late: Floats = field(default_factory=_punctual)  # stages x groups of visits: wait over the rule's wait
    gaps: Floats = field(default_factory=lambda: np.full(len(QUANTILES), np.nan))  # quantiles of the wait
    km: float = np.nan  # wait at the own rate
    rule_weight: float = 2.0  # own visits that the rule is worth
    rule: bool = True  # the rule says more of the wait than the gaps do
    kept: bool = True  # ... and customers come about when it says


def learn(ended: Origins, weights: Floats, before: Rhythm | None = None) -> Rhythm:
    """The rhythm of a fleet from waits that had ended.

    weights: of each wait, see `expected.length_weights`; before: what was known a month earlier. Returns of
    a week or less and waits in which an interval was missed do not belong among them.

    `late` is the middle of the shortest interval that holds half of ln(wait / rule's wait), see `_usual`:
    the most usual lateness, which a skipped service does not move. Below 30 waits it is shrunk towards 0 by
    n/30. Each stage and service number with 30 waits or more has its own, shrunk towards that of all by
    n/(n + 30).

    The rule is not kept where the usual wait is more than a quarter away from it, and kept again from a fifth
    on. The fleet's own gaps speak where it does not narrow the spread of the waits either.

    From 30 waits on a figure that changes by a hundredth or less stays what it was: nobody comes to the
    day, and a calendar that stands still is worth more.
    """
    before = before or Rhythm()
    seen = len(ended)
    if seen < 2:
        return Rhythm(seen)
    days = np.log(ended.wait_days)
    lateness = days - np.log(np.maximum(ended.rule_days, 1))
    usual, of_rule = _usual(lateness, weights)
    if seen < ENOUGH:
        return Rhythm(seen, _punctual() + usual * seen / ENOUGH)
    late, groups = _punctual() + usual, group_of(ended.visits)
    for stage, group in np.ndindex(late.shape):
        alike = (ended.stage == stage) & (groups == group)
        if (count := np.count_nonzero(alike)) >= ENOUGH:
            apart = _usual(lateness[alike], weights[alike])[0] - usual
            late[stage, group] += apart * count / (count + ENOUGH)
    _, of_gaps = _usual(days, weights)
    rated = ended.observed
    enough_rated = np.count_nonzero(rated) >= ENOUGH
    at_rate = days[rated] + np.log(ended.km_per_day[rated])
    kept = abs(usual) <= (FOREIGN_RULE if before.kept else KEPT_AGAIN) or of_gaps < ALIKE

    def settled(now: Floats, then: Floats) -> Floats:
        return np.where((before.seen >= ENOUGH) & (np.abs(now - then) <= SETTLED), then, now)

    km = _usual(at_rate, weights[rated])[0] if enough_rated else np.nan
    return Rhythm(
        seen=seen,
        rule_weight=_rule_weight(ended, usual),
        late=settled(late, before.late),
        gaps=settled(_quantiles(days, weights), before.gaps),
        km=float(settled(np.array(km), np.array(before.km))),
        rule=kept or of_rule < USEFUL_RULE * of_gaps,
        kept=kept,
    )


def _rule_weight(ended: Origins, usual: float) -> float:
    """Own visits that the rule is worth: (1 - r) / r, r how alike one lateness of a car and its next are.

    That is the variance within a car over that between cars: where everybody has a rhythm of his own it
    speaks for itself, where lateness is chance the rule does.
    """
    pairs = ended.late[:, :2] - usual
    pairs = pairs[(np.abs(pairs) <= MOST_APART).all(axis=1)]  # False where there are no two
    pairs = pairs - pairs.mean() if len(pairs) else pairs
    alike, all_of_it = 2 * (pairs[:, 0] * pairs[:, 1]).sum(), (pairs**2).sum()
    seen = alike / all_of_it if all_of_it > 0 else LIKENESS
    likeness = (len(pairs) * seen + LIKENESS_PAIRS * LIKENESS) / (len(pairs) + LIKENESS_PAIRS)
    likeness = float(np.clip(likeness, LEAST_LIKENESS, MOST_LIKENESS))
    return (1 - likeness) / likeness


def shortest(
    values: Floats, weights: Floats, least: float, scale: float | None = None
) -> tuple[float, float]:
    """The ends of the shortest interval of sorted values that holds so much of the weight.

    scale: what is short is then the length of [exp(scale * low), exp(scale * high)].
    """
    low, high = _intervals(values, weights, least)
    length = high - low if scale is None else np.exp(scale * high) - np.exp(scale * low)
    at = int(length.argmin())
    return float(low[at]), float(high[at])


def _intervals(values: Floats, weights: Floats, least: float) -> tuple[Floats, Floats]:
    """From each of the sorted values on the shortest interval that holds so much of the weight, if any."""
    total = np.concatenate([[0.0], np.cumsum(weights)])
    least = min(least, total[-1]) * (1 - 1e-12)  # sums of weights are not exact
    last = np.searchsorted(total, total[:-1] + least, side="left")
    begins = np.flatnonzero(last < len(total))
    return values[begins], values[last[begins] - 1]


def _usual(values: Floats, weights: Floats) -> tuple[float, float]:
    """Middle and width of the shortest interval that holds half of the weight.

    Where others are hardly longer, the middle is theirs too: (shortest / length)^8 of it. Else one more
    visit could move the whole fleet by weeks.
    """
    order = np.argsort(values, kind="stable")
    low, high = _intervals(values[order], weights[order], float(weights.sum()) / 2)
    length = high - low
    share = ((length.min() + ALIKE) / (length + ALIKE)) ** SHORTER
    return float((share * (low + high)).sum() / share.sum() / 2), float(length.min())


def _quantiles(values: Floats, weights: Floats) -> Floats:
    order = np.argsort(values, kind="stable")
    values, weights = values[order], weights[order]
    middle = np.cumsum(weights) - weights / 2
    return np.asarray(np.interp(QUANTILES * weights.sum(), middle, values))


def wait(origins: Origins, rhythm: Rhythm) -> tuple[Floats, Floats]:
    """ln of the days until the next visit of each origin, and the scale of its window.

    The wait is the value on which most of the weight agrees: x = sum(w a v) / sum(w a) over the
    witnesses v with weights w and agreement a = 1 / (1 + ((v - x) / t)^2), t one and a half usual
    spreads; begun with a = 1 and repeated 15 times. A skipped service, which doubles one gap, does not
    pull it.

    The scale is sqrt((4 s^2 + sum(w d^2)) / (4 + sum(w)) + u^2): s the usual spread, d the distances of
    the own witnesses, at most 1, and u the spread of the rate where the rule speaks and km come first. Who
    comes irregularly, or whose usage is not known, has a wide window.
    """
    own = origins.own[:, : max(origins.known_oldest, 1)]
    ages = RECENCY ** np.arange(own.shape[1])
    if rhythm.rule:
        rule = np.log(np.maximum(origins.rule_days, 1.0))
        proven = rhythm.seen >= ENOUGH
        if proven:
            own = origins.late[:, : own.shape[1]] + rule[:, None]
        said = np.column_stack([own, rule + rhythm.late[origins.stage, group_of(origins.visits)]])
        weights = np.append(ages, rhythm.rule_weight if proven else UNPROVEN_WEIGHT)
    else:
        at_rate = np.where(origins.observed, rhythm.km - np.log(origins.km_per_day), np.nan)
        said = np.column_stack([own, np.tile(rhythm.gaps, (len(own), 1)), at_rate])
        share = np.full(len(QUANTILES), POPULATION_WEIGHT / len(QUANTILES))
        weights = np.concatenate([ages, share, [KM_WEIGHT]])
    weight = np.where(np.isnan(said), 0.0, weights)
    said = np.nan_to_num(said)
    middle = (said * weight).sum(axis=1) / weight.sum(axis=1)
    tolerance = AGREEING * usual_spread(middle)[:, None]
    for _ in range(ROUNDS):
        agreed = weight / (1 + ((said - middle[:, None]) / tolerance) ** 2)
        middle = (said * agreed).sum(axis=1) / agreed.sum(axis=1)
    middle = np.clip(middle, SHORTEST, LONGEST)
    ours = weight[:, : own.shape[1]]
    apart = np.minimum(np.abs(said[:, : own.shape[1]] - middle[:, None]), 1.0)
    steady = FIRM * usual_spread(middle) ** 2 + (ours * apart**2).sum(axis=1)
    unsure = origins.unsure if rhythm.rule else np.zeros(len(origins))
    return middle, np.sqrt(steady / (FIRM + ours.sum(axis=1)) + unsure**2)


def usual_spread(wait: Floats) -> Floats:
    """Spread of ln(days) around an expected wait, both in ln(days)."""
    return np.asarray(USUAL_SPREAD * np.exp((USUAL_WAIT - wait) / 2))
