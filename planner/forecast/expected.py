"""Expected visit: due is what the car needs, expected is when the customer comes.

How early or late customers come is learnt from the past visits of the whole fleet. A first version:
one habit for everybody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from planner.forecast.screen import Floats

ENOUGH_FOR_LATENESS = 30  # with fewer past intervals the median is shrunk towards 0
ENOUGH_FOR_WINDOW = 50  # with fewer the window is the documented default

# Spread of ln(days between two services of one car) where nothing was learnt. The real records at
# hand show 0.28 to 0.29 at gaps of four to six months (two-wheelers, a city's fleet), which is 36 to
# 48 days; the same days on a yearly service would be 0.10 to 0.13. In between, nearer to the days.
DEFAULT_SPREAD = 0.15


@dataclass(frozen=True, slots=True)
class Habit:
    """How many days after the due day customers come, and how far around it. Made by `learn`."""

    probability: float
    seen: int = 0
    lateness: float = 0.0
    early: float | None = None  # days from the median to the ends of the window; None is the default
    late: float | None = None

    def margins(self, interval_days: Floats) -> tuple[Floats, Floats]:
        """Days before and after the expected day that hold the visit with `probability`."""
        if self.early is not None and self.late is not None:
            return np.full_like(interval_days, self.early), np.full_like(interval_days, self.late)
        reach = quantile(self.probability) * DEFAULT_SPREAD
        return interval_days * -math.expm1(-reach), interval_days * math.expm1(reach)


def learn(lateness_days: Floats, probability: float) -> Habit:
    """The habit of a fleet from past visits: days from the then-due day to the visit, one a visit.

    The median, shrunk towards 0 by n/30 below 30 visits; from 50 visits on the window is that between
    the quantiles (1 - p)/2 and (1 + p)/2 of the same days.
    """
    seen = len(lateness_days)
    if not seen:
        return Habit(probability)
    middle = float(np.median(lateness_days))
    lateness = middle * min(1.0, seen / ENOUGH_FOR_LATENESS)
    if seen < ENOUGH_FOR_WINDOW:
        return Habit(probability, seen, lateness)
    low, high = np.quantile(lateness_days, [(1 - probability) / 2, (1 + probability) / 2])
    return Habit(probability, seen, lateness, middle - float(low), float(high) - middle)


def quantile(probability: float) -> float:
    """How many standard deviations either side hold this share of a normal distribution."""
    return NormalDist().inv_cdf((1 + probability) / 2)
