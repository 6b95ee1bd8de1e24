"""When the dealership's own customers buy again: life tables of purchases, drawn towards what is assumed.

Two clocks. A car is replaced: the clock runs from the day on which it was bought. A car is added beside those
that the household keeps: it runs from the household's last purchase. Nothing is read but purchases, marks of
sold cars and the days on which cars were seen, as they stand on the as-of day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from planner.cycle.cue_evidence import PASSED_DAYS, Bools, Floats, Ints, Known, apart, owned_share
from planner.cycle.cue_weights import WEIGHTS
from planner.dates import DAYS_PER_MONTH, days
from planner.settings import Settings

# The spans of a life table: quarters for five years, then years; the last one has no end.
EDGES_MONTHS = np.array([*range(0, 60, 3), *range(60, 121, 12), 2400])
EDGES_DAYS = EDGES_MONTHS * DAYS_PER_MONTH
SPANS = len(EDGES_DAYS) - 1
# Assumption: what is assumed of a span counts as much as two purchases of the dealership's own.
PRIOR_PURCHASES = 2.0
SURE = 0.9
# Assumption: a car that is given in payment may be in the workshop once more, or be driven until the new one
# is there.
HANDED_OVER_DAYS = 60
MOST_CARS = 3  # three cars or more are one group: firms mostly
ONE_HOME = 10_000_000  # days, more than there are to the year 9999: one number holds household and day


@dataclass(frozen=True, slots=True)
class Cars:
    """Every car bought by the as-of day, by household and day of purchase; days since 1970."""

    household: Ints
    bought: Ints
    left: Ints  # when it was replaced; of another that is gone, when it was last seen; else the as-of day
    replaced: Bools  # by another car of the household
    replaces: Bools  # its purchase took the place of another car
    row: Ints  # of the vehicles


@dataclass(frozen=True, slots=True)
class LifeTable:
    """Purchases by group (row) and span since the clock began (column), and those to be expected.

    expected: in the proportions that are assumed, of any level.
    """

    purchases: Floats
    expected: Floats

    @property
    def ratio(self) -> Floats:
        """How many times as often as assumed customers buy, against the mean of all; 1 if not sure.

        Groups are compared with all, spans with their group: purchases are Poisson, the ratio is Gamma. Of
        the interval that holds 90% of it the end nearer to 1 counts, and 1 where that is inside.
        Source: Clayton, Kaldor, Empirical Bayes Estimates of Age-standardized Relative Risks, Biometrics 43
        (1987); the strength of the prior is assumed here, not estimated.
        """
        total = self.expected.sum()
        expected = self.expected * (self.purchases.sum() / total if total else 0.0)
        group = self.purchases.sum(axis=1, keepdims=True), expected.sum(axis=1, keepdims=True)
        mean = (group[0] + PRIOR_PURCHASES) / (group[1] + PRIOR_PURCHASES)
        return _sure(*group) * _sure(self.purchases, mean * expected)


def histories(found: Known, visits: pd.DataFrame, odometers: pd.DataFrame) -> Cars:
    """Which car went when, and which purchase took its place, as far as the records tell.

    A car marked as sold, scrapped or moved away with was replaced by the household's first purchase since it
    was last seen (a visit or a reading), or up to 60 days before. A car that is not marked is kept. What was
    bought in place of no car was bought beside those that are there.
    """
    row = np.flatnonzero(found.purchased <= found.day)
    row = row[np.lexsort((found.purchased[row], found.household[row]))]
    home, bought = found.household[row], found.purchased[row].astype(np.int64)
    key = home * ONE_HOME + bought
    seen = np.maximum(_last_seen(found, visits, odometers)[row], bought)
    gone = ~found.here[row]
    at = np.searchsorted(key, home * ONE_HOME + np.maximum(seen - HANDED_OVER_DAYS, bought + 1))
    replaced = gone & (np.append(home, -1)[at] == home)
    left = np.where(gone, seen, found.day.astype(np.int64))
    left = np.where(replaced, np.append(bought, 0)[at], left)
    return Cars(home, bought, left, replaced, np.isin(key, key[at[replaced]]), row)


def replacements(cars: Cars, found: Known, vehicles: pd.DataFrame, settings: Settings) -> LifeTable:
    """Cars that were replaced, in one group, by the time since they were bought.

    Expected in proportion to what else speaks at that age: the months owned, the end of the contract and
    of the warranty, so that nothing counts twice.
    """
    age = (cars.left - cars.bought).astype(np.float64)
    windows = []
    for code in ("finance_end", "warranty_end"):
        ends = apart(found.purchased, days(vehicles[f"{code}_on"]))[cars.row]
        ends = np.where(np.isnan(ends), -np.inf, ends)
        windows.append((ends - settings.cues.near_days, np.minimum(ends + PASSED_DAYS, age)))
    (start, end), (start_2, end_2) = windows
    more, more_2 = (math.expm1(WEIGHTS[code]) for code in ("finance_end", "warranty_end"))
    exposed = _exposed(np.zeros(len(age)), age) + more * _exposed(start, end)
    exposed += more_2 * _exposed(start_2, end_2)
    exposed += more * more_2 * _exposed(np.maximum(start, start_2), np.minimum(end, end_2))
    return LifeTable(_counted(age[cars.replaced])[None], (exposed * assumed(settings))[None])


def additions(cars: Cars, found: Known) -> LifeTable:
    """Cars that were added, by how many were there (1, 2, 3 or more) and the time since the last purchase.

    The cars that a household buys on one day are one purchase. Households without a car wait no longer.
    """
    key = cars.household * ONE_HOME + cars.bought
    first = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])
    home, bought, replaces = cars.household[first], cars.bought[first], cars.replaces[first]
    goes_on = np.append(home[1:] == home[:-1], False)[: len(home)]
    last_left = np.full(len(found.homes), np.iinfo(np.int64).min)
    np.maximum.at(last_left, cars.household, cars.left)
    wait = (np.where(goes_on, np.append(bought[1:], 0)[: len(home)], last_left[home]) - bought).astype(float)
    added = goes_on & ~np.append(replaces[1:], False)[: len(home)]
    went = np.sort(cars.household * ONE_HOME + cars.left)
    there = np.searchsorted(key, key[first], "right") - np.searchsorted(went, key[first], "right")
    group = np.clip(there, 1, MOST_CARS)
    of_groups = [group == cars_there for cars_there in range(1, MOST_CARS + 1)]
    likelier = np.exp([WEIGHTS["single_car"], 0.0, 0.0])
    expected = [_exposed(np.zeros(int(of_group.sum())), wait[of_group]) for of_group in of_groups]
    purchases = [_counted(wait[of_group & added]) for of_group in of_groups]
    return LifeTable(np.array(purchases), likelier[:, None] * np.array(expected))


def assumed(settings: Settings) -> Floats:
    """By span, how much likelier the months owned alone are assumed to make the next car."""
    middle = (EDGES_MONTHS[:-1] + EDGES_MONTHS[1:]) / 2
    return np.exp(WEIGHTS["months_owned"] * owned_share(middle, settings))


def ahead(since_days: Floats, ratio: Floats, shape: Floats, near_days: int) -> tuple[Floats, Floats]:
    """How many times the purchases assumed the near days bring, and when half of them are made.

    since_days: of the clock by now. ratio, shape (what is assumed, of any level): by span. The second is in
    days of the clock.
    """
    until = since_days + max(near_days, 1)
    own, usual = (np.append(0.0, np.cumsum(rate * np.diff(EDGES_DAYS))) for rate in (shape * ratio, shape))
    own_now, own_then = np.interp(since_days, EDGES_DAYS, own), np.interp(until, EDGES_DAYS, own)
    usual_now, usual_then = np.interp(since_days, EDGES_DAYS, usual), np.interp(until, EDGES_DAYS, usual)
    half = np.interp((own_now + own_then) / 2, own, EDGES_DAYS)
    return (own_then - own_now) / (usual_then - usual_now), half


def _sure(purchases: Floats, expected: Floats) -> Floats:
    shape, rate = purchases + PRIOR_PURCHASES, expected + PRIOR_PURCHASES
    low, high = (gammaincinv(shape, (1 + side * SURE) / 2) / rate for side in (-1, 1))
    return np.asarray(np.clip(1.0, low, high))


def _exposed(start: Floats, end: Floats) -> Floats:
    """By span, the days that the stretches from start to end (days of the clock) have in it together."""
    start = np.maximum(start, 0.0)
    up_to = [np.clip(np.minimum(end, edge) - start, 0.0, None).sum() for edge in EDGES_DAYS]
    return np.diff(up_to)


def _counted(after_days: Floats) -> Floats:
    """By span, how many."""
    span = np.searchsorted(EDGES_DAYS, after_days, side="right") - 1
    return np.bincount(np.minimum(span, SPANS - 1), minlength=SPANS).astype(np.float64)


def _last_seen(found: Known, visits: pd.DataFrame, odometers: pd.DataFrame) -> Ints:
    """Along the vehicles, the last day of a visit or a reading by the as-of day; year 1 where none."""
    last = np.full(len(found.ids), np.datetime64("0001-01-01", "D"))
    for rows, column in ((visits, "visited_on"), (odometers, "read_on")):
        by_now = rows[days(rows[column]) <= found.day]
        last = np.fmax(last, days(by_now.groupby("vehicle_id")[column].max().reindex(found.ids)))
    return last.astype(np.int64)
