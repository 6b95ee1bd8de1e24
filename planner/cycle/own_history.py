"""When the dealership's own customers buy again: a life table of purchases, drawn towards what is assumed.

Two clocks. A car is replaced: it runs from the day on which it was bought. A car is added beside those that
the household keeps: it runs from the household's last purchase. Purchases and marks of sold cars are all that
is read, as they stand on the as-of day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.cycle.cue_evidence import PASSED_DAYS, Known, Witness, apart, owned_share
from planner.cycle.cue_weights import WEIGHTS
from planner.dates import DAYS_PER_MONTH, Days, add_months, days
from planner.settings import Settings

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

QUARTER_DAYS = 3 * DAYS_PER_MONTH
QUARTERS = 40  # ten years; the last quarter has no end
LONGEST_DAYS = 100 * 365.25
EDGES_DAYS = np.append(np.arange(QUARTERS) * QUARTER_DAYS, 2 * LONGEST_DAYS)
# Assumption: in a quarter in which so many purchases are to be expected, the dealership's own count as much
# as what is assumed; with fewer less.
PRIOR_PURCHASES = 5.0
# A car that was given in payment may be seen in the workshop, or driven until the new one is there.
HANDED_OVER_DAYS = PASSED_DAYS
MOST_CARS = 3  # three cars or more are one group: firms mostly


TELLS = 1.5  # judgement: the coming days are worth a word from half as many purchases again as usual


@dataclass(frozen=True, slots=True)
class Cars:
    """Every car bought by the as-of day, by household and day of purchase."""

    household: Ints
    bought: Ints  # days since 1970, as all days here
    left: Ints  # when it was replaced, was last seen though sold, or the as-of day
    replaced: Bools  # by another car of the household
    replaces: Bools  # its purchase replaced another car
    row: Ints  # of the vehicles


def histories(found: Known, visits: pd.DataFrame, odometers: pd.DataFrame) -> Cars:
    """Which car went when, and which purchase took its place, as far as the records tell.

    A car marked as sold or scrapped was replaced by the household's first purchase since it was last seen
    (a visit or a reading), give or take 60 days. A car that is not marked is kept. What was bought in place
    of no car was bought beside those that are there.
    """
    today = int(found.day.astype(np.int64))
    row = np.flatnonzero(found.purchased <= found.day)
    row = row[np.lexsort((found.purchased[row], found.household[row]))]
    home, bought = found.household[row], found.purchased[row].astype(np.int64)
    seen = np.maximum(_last_seen(found, visits, odometers)[row], bought)
    gone = ~found.here[row]
    # One number a household and day, so that one search finds the next purchase of a household.
    key, one_home = _key(home, bought)
    soonest = np.maximum(seen - HANDED_OVER_DAYS, bought + 1)
    at = np.searchsorted(key, home * one_home + soonest)
    next_home = np.append(home, -1)[at]
    replaced = gone & (next_home == home)
    left = np.where(replaced, np.append(bought, 0)[at], np.where(gone, seen, today))
    replaces = np.isin(key, key[at[replaced]])
    return Cars(home, bought, left, replaced, replaces, row)


@dataclass(frozen=True, slots=True)
class LifeTable:
    """Purchases by group (row) and quarter since the clock began (column), and those to be expected.

    expected: in the proportions that are assumed, of any level.
    """

    purchases: Floats
    expected: Floats

    @property
    def ratio(self) -> Floats:
        """How many times as often as assumed customers buy, against the mean of all (1).

        Gamma-Poisson twice: groups drawn towards all, quarters towards their group.
        Source: Clayton, Kaldor, Empirical Bayes Estimates of Age-standardized Relative Risks, Biometrics 43
        (1987); the strength of the prior is assumed here, and not estimated.
        """
        total = self.expected.sum()
        level = self.purchases.sum() / total if total else 0.0
        expected = level * self.expected
        group = _drawn(self.purchases.sum(axis=1, keepdims=True), expected.sum(axis=1, keepdims=True))
        return group * _drawn(self.purchases, group * expected)


@dataclass(frozen=True, slots=True)
class Own:
    """What the own history says of each car for the days that are near."""

    weight: Floats  # ln of the purchases of its like over those assumed
    months: Ints  # since the purchase that the clock runs from, when half of them are made
    on: Days  # that day

    @property
    def speaks(self) -> Bools:
        """Where it is worth a word, and ends the rest after a purchase."""
        return self.weight >= math.log(TELLS)


def next_and_second(
    found: Known, vehicles: pd.DataFrame, visits: pd.DataFrame, odometers: pd.DataFrame, settings: Settings
) -> tuple[Own, Own]:
    """Along the vehicles, for a car in place of each and for one beside it; nothing of cars that are gone."""
    cars, near = histories(found, visits, odometers), settings.cues.near_days
    since = found.purchased
    table = replacements(cars, found, vehicles, settings)
    next_car = _own(found, since, *ahead(_waited(found, since), table.ratio[0], assumed(settings), near))
    since = found.last_purchase[found.household]
    ratio, waited = additions(cars, found).ratio, _waited(found, since)
    each = [ahead(waited, of_group, np.ones(QUARTERS), near) for of_group in ratio]
    group = np.clip(found.cars, 1, MOST_CARS) - 1
    return next_car, _own(found, since, *(np.choose(group, part) for part in zip(*each, strict=True)))


def with_history(witnesses: list[Witness], own: Own, cars: Ints) -> list[Witness]:
    """The evidence with the own history, and of the months owned only what that leaves.

    cars: of the household, along the vehicles: a second one is told otherwise than one more.
    """
    more = own.weight
    for at, one in enumerate(witnesses):
        if one.code == "months_owned":  # a guess at the same thing: both together count for what was learnt
            left = np.clip(one.weight + np.minimum(own.weight, 0.0), 0.0, None)
            more = own.weight + one.weight - left
            witnesses[at] = replace(one, weight=left)
    value = np.where(own.speaks, own.months, np.nan)
    if any(one.code == "months_owned" for one in witnesses):
        return [*witnesses, Witness("own_replace", more, value, own.on)]
    few = cars <= 1
    return [
        *witnesses,
        Witness("own_second", np.where(few, more, 0.0), value, own.on),
        Witness("own_more", np.where(few, 0.0, more), value, own.on),
    ]


def resting(found: Known, own: Own, settings: Settings) -> Bools:
    """Whose household has bought a car of late: within `rest_months`, or half of it where customers buy sooner."""
    last, months = found.last_purchase[found.household], settings.cues.rest_months
    short = last > add_months(found.day, -((months + 1) // 2))
    return np.where(own.speaks, short, last > add_months(found.day, -months))


def replacements(cars: Cars, found: Known, vehicles: pd.DataFrame, settings: Settings) -> LifeTable:
    """Cars that were replaced, by quarters since they were bought.

    Expected in proportion to what else speaks at that age: the months owned, the end of the contract and
    of the warranty, so that none of them counts twice.
    """
    age = (cars.left - cars.bought).astype(np.float64)
    exposed = np.zeros(QUARTERS)
    spans = []
    for code in ("finance_end", "warranty_end"):
        ends = apart(found.purchased, days(vehicles[f"{code}_on"]))[cars.row]
        ends = np.where(np.isnan(ends), -np.inf, ends)
        spans.append((ends - settings.cues.near_days, ends + PASSED_DAYS, math.expm1(WEIGHTS[code])))
    (start, end, more), (start_2, end_2, more_2) = spans
    exposed += _exposed(np.zeros(len(age)), age)
    exposed += more * _exposed(start, np.minimum(end, age))
    exposed += more_2 * _exposed(start_2, np.minimum(end_2, age))
    both = np.minimum(np.minimum(end, end_2), age)
    exposed += more * more_2 * _exposed(np.maximum(start, start_2), both)
    return LifeTable(_counted(age[cars.replaced])[None], (exposed * assumed(settings))[None])


def additions(cars: Cars, found: Known) -> LifeTable:
    """Cars that were added, by how many cars there were (1, 2, 3 or more) and quarters since the last purchase.

    The cars that a household buys on one day are one purchase.
    """
    key, one_home = _key(cars.household, cars.bought)
    first = np.append(True, key[1:] != key[:-1])[: len(key)]
    home, bought, replaces, key = cars.household[first], cars.bought[first], cars.replaces[first], key[first]
    goes_on = np.append(home[1:] == home[:-1], False)[: len(home)]
    last_left = np.zeros(len(found.homes), dtype=np.int64)
    np.maximum.at(last_left, cars.household, cars.left)
    end = np.where(goes_on, np.append(bought[1:], 0)[: len(home)], last_left[home])
    added = goes_on & ~np.append(replaces[1:], True)[: len(home)]
    wait = np.maximum(end - bought, 0).astype(np.float64)
    went = np.sort(cars.household * one_home + cars.left)
    all_bought = np.searchsorted(_key(cars.household, cars.bought)[0], key, side="right")
    there = all_bought - np.searchsorted(went, key, side="right")
    group = np.clip(there, 1, MOST_CARS)
    purchases, expected = [], []
    for cars_there in range(1, MOST_CARS + 1):
        of_group = group == cars_there
        purchases.append(_counted(wait[of_group & added]))
        usual = math.exp(WEIGHTS["single_car"]) if cars_there == 1 else 1.0
        expected.append(usual * _exposed(np.zeros(int(of_group.sum())), wait[of_group]))
    return LifeTable(np.array(purchases), np.array(expected))


def assumed(settings: Settings) -> Floats:
    """By quarter, how much likelier the months owned alone are assumed to make the next car."""
    middle_months = (np.arange(QUARTERS) + 0.5) * 3
    return np.exp(WEIGHTS["months_owned"] * owned_share(middle_months, settings))


def ahead(since_days: Floats, ratio: Floats, shape: Floats, near_days: int) -> tuple[Floats, Floats]:
    """Of one group: ln of the purchases of the coming days over those assumed, and when half of them are made.

    since_days: of the clock by now. ratio, shape: by quarter. The second is in days of the same clock.
    """
    at, until = since_days, since_days + max(near_days, 1)
    own, usual = (
        np.append(0.0, np.cumsum(rate * np.diff(EDGES_DAYS))) for rate in (shape * ratio, shape)
    )
    begin, end = np.interp(at, EDGES_DAYS, own), np.interp(until, EDGES_DAYS, own)
    plain = np.interp(until, EDGES_DAYS, usual) - np.interp(at, EDGES_DAYS, usual)
    half = np.interp((begin + end) / 2, own, EDGES_DAYS)
    return np.log((end - begin) / plain), half


def _waited(found: Known, since: Days) -> Floats:
    return np.clip((found.day - since).astype("timedelta64[D]").astype(np.float64), 0.0, LONGEST_DAYS)


def _own(found: Known, since: Days, weight: Floats, half_days: Floats) -> Own:
    months = np.maximum(np.rint(half_days / DAYS_PER_MONTH).astype(np.int64), 1)
    return Own(np.where(found.here, weight, 0.0), months, add_months(since, np.where(found.here, months, 0)))


def _drawn(purchases: Floats, expected: Floats) -> Floats:
    return np.asarray((purchases + PRIOR_PURCHASES) / (expected + PRIOR_PURCHASES))


def _exposed(start: Floats, end: Floats) -> Floats:
    """By quarter, the days that all spans from start to end (days of the clock, from 0 on) have in it."""
    start = np.maximum(start, 0.0)
    up_to = [np.clip(np.minimum(end, edge) - start, 0.0, None).sum() for edge in EDGES_DAYS]
    return np.diff(up_to)


def _counted(after_days: Floats) -> Floats:
    """By quarter, how many."""
    quarter = np.minimum(after_days / QUARTER_DAYS, QUARTERS - 1).astype(np.int64)
    return np.bincount(quarter, minlength=QUARTERS).astype(np.float64)


def _key(household: Ints, day: Ints) -> tuple[Ints, int]:
    """One number a household and day, in that order, and the step from one household to the next."""
    one_home = 10_000_000  # days; more than all years to 9999
    return household * one_home + day, one_home


def _last_seen(found: Known, visits: pd.DataFrame, odometers: pd.DataFrame) -> Ints:
    """Along the vehicles, the last day of a visit or a reading by the as-of day; the first of days where none."""
    last = np.full(len(found.ids), np.datetime64("0001-01-01", "D"))
    for rows, column in ((visits, "visited_on"), (odometers, "read_on")):
        by_now = rows[days(rows[column]) <= found.day]
        last = np.fmax(last, days(by_now.groupby("vehicle_id")[column].max().reindex(found.ids)))
    return last.astype(np.int64)
