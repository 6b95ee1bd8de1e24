"""Segments by rules that a manager can follow: recency, frequency and margin in fifths, and the stage.

Source of the three: J. R. Bult and T. Wansbeek, Optimal Selection for Direct Mail, Marketing Science 14
(1995), 378-394; fifths within the firm as A. M. Hughes, Strategic Database Marketing, 4th edition, where they
are exactly equal; here equal values share one. Which fifths make which segment is our judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.value.figures import OVER
from planner.value.lifecycle import STAGES

Floats = npt.NDArray[np.float64]

FIFTHS = 5
NEW_MONTHS = 12
SCORES = ("recency", "frequency", "margin")


@dataclass(frozen=True, slots=True)
class Rule:
    """Who belongs to a segment: everything given must hold. Scores are 1 (least) to 5 (most)."""

    segment: str
    stages: tuple[str, ...] = ()  # any
    below_months: int | None = None  # of tenure
    recency: int = 1
    frequency: int = 1
    margin: int = 1


# The first that fits. The last fits everybody.
RULES = (
    Rule("lost", stages=OVER),
    Rule("leaving", stages=("lapsed",)),
    Rule("new", below_months=NEW_MONTHS),
    Rule("best", recency=3, frequency=4, margin=4),
    Rule("loyal", frequency=4),
    Rule("promising", recency=3, margin=3),
    Rule("needs_attention"),
)
RANKED_BY_MARGIN = tuple(rule.segment for rule in RULES if rule.margin > 1)
SEGMENTS_IN_ORDER = ("best", "loyal", "promising", "new", "needs_attention", "leaving", "lost")


def fifths(values: pd.Series, among: npt.NDArray[np.bool_]) -> pd.Series:
    """The fifth, 1 to 5, of each value among those marked; missing for the others.

    Equal values share the mean of their ranks, and so their fifth: with few different values some fifths
    are empty. A missing value is the least.

    >>> few = pd.Series([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    >>> fifths(few, few.notna().to_numpy()).tolist()
    [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    >>> fifths(pd.Series([0.0, 0, 0, 0, 7]), np.array([True] * 5)).tolist()
    [3, 3, 3, 3, 5]
    """
    fifth = fifths_of(values.to_numpy(dtype="float64"), among)
    return pd.Series(fifth, values.index).astype("Int64")


def fifths_of(values: Floats, among: npt.NDArray[np.bool_]) -> Floats:
    """The same of arrays; NaN for the others.

    >>> fifths_of(np.array([1.0, 2, 9, 4]), np.array([True, True, False, True])).tolist()
    [2.0, 4.0, nan, 5.0]
    """
    ranked = np.where(np.isnan(values), -np.inf, values)
    different, count = np.unique(ranked[among], return_counts=True)
    rank = np.cumsum(count) - (count - 1) / 2
    fifth = np.ceil(rank * FIFTHS / max(int(count.sum()), 1)).clip(1, FIFTHS)
    least = np.append(different, np.inf)[np.searchsorted(fifth, np.arange(2, FIFTHS + 1))]
    return np.where(among, 1 + (ranked >= least[:, None]).sum(axis=0), np.nan)


def segments_of(people: pd.DataFrame) -> pd.Series:
    """The segment of each row: stage, tenure_months and the scores recency, frequency, margin in.

    >>> one = {"stage": "warranty", "tenure_months": 30, "recency": 5, "frequency": 4, "margin": 3}
    >>> segments_of(pd.DataFrame([one, {**one, "margin": 4}, {**one, "stage": "lapsed"}])).tolist()
    ['loyal', 'best', 'leaving']
    """
    stage = pd.Index(STAGES).get_indexer(pd.Index(people["stage"]))
    scores = {name: people[name].to_numpy(dtype="float64", na_value=np.nan) for name in SCORES}
    tenure = people["tenure_months"].to_numpy(dtype="float64", na_value=np.nan)
    found = np.array(SEGMENTS_IN_ORDER)[segment_codes(stage, tenure, scores)]
    return pd.Series(found, people.index, dtype="str")


def segment_codes(
    stage: npt.NDArray[np.int64], tenure_months: Floats, scores: Mapping[str, Floats]
) -> npt.NDArray[np.int64]:
    """The same of arrays: positions in planner.value.lifecycle.STAGES in, in SEGMENTS_IN_ORDER out.

    NaN, a score or a tenure that is not known, fulfils no rule that asks for one.
    """
    found = np.full(len(stage), SEGMENTS_IN_ORDER.index(RULES[-1].segment))
    for rule in reversed(RULES[:-1]):  # the first that fits is written last
        fit = np.ones(len(stage), dtype=bool)
        if rule.stages:
            those = np.append(np.isin(STAGES, rule.stages), False)  # the last is of a stage that is not known
            fit &= those[stage]
        if rule.below_months is not None:
            fit &= tenure_months < rule.below_months
        for name in SCORES:
            if (least := getattr(rule, name)) > 1:
                fit &= scores[name] >= least
        found[fit] = SEGMENTS_IN_ORDER.index(rule.segment)
    return found


def share_below(values: pd.Series) -> pd.Series:
    """0 to 100: the share of the others that lie below each value, equal ones counted half.

    >>> share_below(pd.Series([5.0, 1, 3])).tolist()
    [100.0, 0.0, 50.0]
    """
    others = max(len(values) - 1, 1)
    return (values.rank(method="average") - 1) / others * 100
