"""What the dealership's own history says of each car: evidence, and the end of the rest after a purchase."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planner.cycle.cue_evidence import Bools, Floats, Ints, Known, Witness
from planner.cycle.own_history import (
    EDGES_DAYS,
    MOST_CARS,
    SPANS,
    additions,
    ahead,
    assumed,
    histories,
    replacements,
)
from planner.dates import DAYS_PER_MONTH, Days, add_months
from planner.settings import Settings

TELLS = 1.5  # judgement: half as many purchases again as usual are worth a word, and end the rest


@dataclass(frozen=True, slots=True)
class Own:
    """What the own history says of each car for the days that are near."""

    times: Floats  # how many times the purchases assumed its like make; 1 of cars that are gone
    months: Ints  # since the purchase that the clock runs from, when half of them are made
    on: Days  # that day

    @property
    def speaks(self) -> Bools:
        """Where it is worth a word, and ends the rest after a purchase."""
        return self.times >= TELLS


def own_history(
    found: Known, vehicles: pd.DataFrame, visits: pd.DataFrame, odometers: pd.DataFrame, settings: Settings
) -> dict[str, Own]:
    """By kind of cue, along the vehicles."""
    cars = histories(found, visits, odometers)
    next_car = replacements(cars, found, vehicles, settings).ratio
    second_car = additions(cars, found).ratio
    only = np.zeros(len(found.ids), dtype=np.int64)
    among = np.clip(found.cars, 1, MOST_CARS) - 1
    last = found.last_purchase[found.household]
    return {
        "next_car": _own(found, found.purchased, only, next_car, assumed(settings), settings),
        "second_car": _own(found, last, among, second_car, np.ones(SPANS), settings),
    }


def with_history(kind: str, witnesses: Iterable[Witness], own: Own, cars: Ints) -> list[Witness]:
    """The evidence with that of the own history.

    Where customers buy less often than the months owned let assume, these count for less, down to nothing,
    before anything counts against. cars: of the household; one more is told otherwise than a second.
    """
    counts, told = np.log(own.times), np.where(own.speaks, own.months, np.nan)
    if kind == "second_car":
        few = cars <= 1
        second = Witness("own_second", np.where(few, counts, 0.0), told, own.on)
        return [*witnesses, second, Witness("own_more", np.where(few, 0.0, counts), told, own.on)]
    seen = []
    for one in witnesses:
        if one.code == "months_owned":
            left = np.clip(one.weight + np.minimum(counts, 0.0), 0.0, None)
            counts = counts + one.weight - left
            one = replace(one, weight=left)
        seen.append(one)
    return [*seen, Witness("own_replace", counts, told, own.on)]


def resting(found: Known, own: Own, settings: Settings) -> Bools:
    """Whose household bought a car within `rest_months`; within half of them where customers buy sooner."""
    last, months = found.last_purchase[found.household], settings.cues.rest_months
    late, half = (last > add_months(found.day, -rest) for rest in (months, (months + 1) // 2))
    return np.where(own.speaks, half, late)


def _own(found: Known, since: Days, group: Ints, ratio: Floats, shape: Floats, settings: Settings) -> Own:
    waited = (found.day - since).astype("timedelta64[D]").astype(np.float64)
    waited = np.clip(np.where(found.here, waited, 0.0), 0.0, EDGES_DAYS[-1] / 2)
    each = [ahead(waited, of_group, shape, settings.cues.near_days) for of_group in ratio]
    times, half_days = (np.choose(group, part) for part in zip(*each, strict=True))
    months = np.maximum(np.rint(half_days / DAYS_PER_MONTH).astype(np.int64), 1)
    return Own(np.where(found.here, times, 1.0), months, add_months(since, np.where(found.here, months, 0)))
