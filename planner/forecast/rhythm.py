"""The customer's wait: three witnesses of the days until the next visit, combined on the log scale.

    rule        the first of months and km, moved by how early or late this fleet comes
    own         the gaps between this car's visits so far, the latest counting most
    population  the gaps of the fleet, and the km that the fleet drives in one, at this car's own rate

What is learnt is learnt from waits that had ended.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from planner.forecast.origins import RETURN_DAYS, Origins
from planner.forecast.screen import Floats

# Round numbers, chosen on the real records and the sample of docs/forecast-benchmark.md, all vehicles.
RECENCY = 0.8  # an own gap counts this much of the one after it
RULE_WEIGHT = 2.0  # own gaps that the rule is worth where the fleet keeps to it
UNPROVEN_WEIGHT = 0.5  # ... and where too little is known of the fleet to say so
POPULATION_WEIGHT = 1.0  # own gaps that the fleet's gaps are worth where it does not
KM_WEIGHT = 1.0  # ... and the fleet's km at the own rate
TOLERANCE = 0.3  # of ln(days): how far apart witnesses still agree

ENOUGH = 30  # ended waits from which the population speaks
FOREIGN_RULE = 0.25  # of ln(days): a rule further than this from the fleet's usual wait is not its rule ...
USEFUL_RULE = 0.85  # ... unless it leaves less than this share of the spread of the waits
ALIKE = 0.01  # of ln(days): waits that are all the same say nothing against the rule
MOST_LEARNT = 20_000  # the latest ended waits are enough
ROUNDS = 15
QUANTILES = np.arange(0.05, 1.0, 0.1)
SHORTEST, LONGEST = float(np.log(RETURN_DAYS + 1)), float(np.log(20 * 365.25))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a fleet has taught about the wait for the next visit; all in ln(days) or ln(km)."""

    seen: int = 0
    late: float = 0.0  # wait over the rule's wait
    gaps: Floats = field(default_factory=lambda: np.full(len(QUANTILES), np.nan))  # quantiles of the wait
    km: float = np.nan  # wait at the own rate
    rule: bool = True  # the fleet keeps to the rule


def learn(ended: Origins) -> Rhythm:
    """The rhythm of a fleet from waits that had ended, the latest 20,000; order: by the day they ended.

    Returns of a week or less and waits in which an interval was missed are left out. `late` is the
    middle of the shortest interval that holds half of the values (the most usual lateness: a skipped
    service does not move it), shrunk towards 0 by n/30 below 30 waits. The fleet's own gaps speak only
    where the rule is not its rule: its usual wait is a quarter or more away from it, and the rule does
    not narrow the spread of the waits either.
    """
    good = (ended.wait_days > RETURN_DAYS) & ~ended.skipped
    ended = ended[np.flatnonzero(good)[-MOST_LEARNT:]]
    seen = len(ended)
    if seen < 2:
        return Rhythm(seen)
    days = np.log(ended.wait_days)
    late, of_rule = _usual(days - np.log(np.maximum(ended.rule_days, 1)))
    if seen < ENOUGH:
        return Rhythm(seen, late * seen / ENOUGH)
    _, of_gaps = _usual(days)
    at_rate = (days + np.log(ended.km_per_day))[ended.observed]
    return Rhythm(
        seen=seen,
        late=late,
        gaps=np.quantile(days, QUANTILES),
        km=_usual(at_rate)[0] if len(at_rate) >= ENOUGH else np.nan,
        rule=abs(late) <= FOREIGN_RULE or of_gaps < ALIKE or of_rule < USEFUL_RULE * of_gaps,
    )


def _usual(values: Floats) -> tuple[float, float]:
    """Middle and width of the shortest interval that holds half of the values."""
    values = np.sort(values)
    half = max(2, len(values) // 2)
    widths = values[half - 1 :] - values[: len(values) - half + 1]
    at = int(widths.argmin())
    return float(values[at] + values[at + half - 1]) / 2, float(widths[at])


def wait(origins: Origins, rhythm: Rhythm) -> tuple[Floats, Floats]:
    """ln of the days until the next visit of each origin, and how far its own gaps lie around that.

    The wait is the value on which most of the weight agrees: x = sum(w a v) / sum(w a) over the
    witnesses v with weights w and agreement a = 1 / (1 + ((v - x) / 0.3)^2), begun with a = 1 and
    repeated 15 times. A skipped service, which doubles one gap, does not pull it.

    The spread is sqrt((4 * 0.3^2 + sum(w d^2)) / (4 + sum(w))), d the distances of the own gaps, at
    most 1: the scale on which windows are calibrated.
    """
    own = origins.own[:, : max(origins.known_oldest, 1)]
    ages = RECENCY ** np.arange(own.shape[1])
    if rhythm.rule:
        worth = RULE_WEIGHT if rhythm.seen >= ENOUGH else UNPROVEN_WEIGHT
        said = np.column_stack([own, np.log(np.maximum(origins.rule_days, 1.0)) + rhythm.late])
        weights = np.append(ages, worth)
    else:
        at_rate = np.where(origins.observed, rhythm.km - np.log(origins.km_per_day), np.nan)
        said = np.column_stack([own, np.tile(rhythm.gaps, (len(own), 1)), at_rate])
        share = np.full(len(QUANTILES), POPULATION_WEIGHT / len(QUANTILES))
        weights = np.concatenate([ages, share, [KM_WEIGHT]])
    weight = np.where(np.isnan(said), 0.0, weights)
    said = np.nan_to_num(said)
    middle = (said * weight).sum(axis=1) / weight.sum(axis=1)
    for _ in range(ROUNDS):
        agreed = weight / (1 + ((said - middle[:, None]) / TOLERANCE) ** 2)
        middle = (said * agreed).sum(axis=1) / agreed.sum(axis=1)
    ours = weight[:, : own.shape[1]]
    apart = np.minimum(np.abs(said[:, : own.shape[1]] - middle[:, None]), 1.0)
    spread = np.sqrt((4 * TOLERANCE**2 + (ours * apart**2).sum(axis=1)) / (4 + ours.sum(axis=1)))
    return np.clip(middle, SHORTEST, LONGEST), spread
