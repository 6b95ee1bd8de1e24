"""Who buys which car when: households, their cars, and the cars that they will buy later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from planner.sample.assumptions import number, profile
from planner.sample.draw import Days, Flags, Floats, Ints, evenly, generator

FLEET_FROM = 50  # cars in the sample, from which on there is one company at least
NEVER = np.datetime64("NaT", "D")


@dataclass(frozen=True, slots=True)
class Households:
    """Cars (one entry each, by day of purchase) and the households that they belong to.

    `next_on` is the household's next purchase after this car, `traded_in_on` the day on which this car
    was given in payment for another; both may lie after the end, or be NaT.
    """

    company: Flags  # of each household
    loyalty: Floats  # of each household, standard normal where its cohort is as the others
    household: Ints  # of each car, an index into the two above
    bought_on: Days
    second: Flags  # bought beside the first
    replaces: Flags  # bought in place of the first
    next_on: Days
    traded_in_on: Days


def make_households(vehicles: int, seed: int, end: date) -> Households:
    """Households with exactly so many cars bought in the years before the end."""
    rng = generator(seed, "households")
    span = round(365.25 * number("purchase_years"))
    last = np.datetime64(end, "D")
    fleet_of, fleet_on = _fleets(rng, vehicles, last, span)
    private = vehicles - len(fleet_of)

    # As many households as cars are always enough; what is not needed is cut off below.
    first_on = last - rng.integers(0, span, private)
    second_on = _later(
        rng, first_on, "second_car",
        np.clip(rng.normal(number("second_car_after"), number("second_car_spread"), private), 90, 800),
    )  # fmt: skip
    months = number("next_car_after") * np.exp(rng.normal(0, number("next_car_spread"), private))
    next_on = _later(rng, first_on, "next_car", months * 30.4375)

    bought_on = np.stack([first_on, second_on, next_on], axis=1)  # household x first, second, next
    shown = (bought_on <= last).ravel()
    keep = shown & (np.cumsum(shown) <= private)
    bought_on.ravel()[shown & ~keep] = NEVER  # the household at which the count was reached

    household, slot = np.divmod(np.flatnonzero(keep), 3)
    day = bought_on.ravel()[keep]
    later = np.sort(np.where(bought_on[household] > day[:, None], bought_on[household], NEVER), axis=1)[:, 0]
    traded = np.where(slot == 0, bought_on[household, 2], NEVER)

    households = int(household[-1]) + 1 if private else 0
    fleets = int(fleet_of[-1]) + 1 if len(fleet_of) else 0
    none = np.full(len(fleet_of), NEVER)
    cars = Households(
        company=np.arange(households + fleets) >= households,
        loyalty=rng.normal(size=households + fleets)
        + _by_cohort(np.concatenate([first_on[:households], fleet_on[_first_of(fleet_of)]]), last),
        household=np.concatenate([household, fleet_of + households]),
        bought_on=np.concatenate([day, fleet_on]),
        second=np.concatenate([slot == 1, np.zeros(len(fleet_of), dtype=bool)]),
        replaces=np.concatenate([slot == 2, np.zeros(len(fleet_of), dtype=bool)]),
        next_on=np.concatenate([later, none]),
        traded_in_on=np.concatenate([traded, none]),
    )
    return _by_purchase(cars)


def _by_cohort(first_on: Days, last: np.datetime64) -> Floats:
    """What the year in which a household bought its first car adds to its loyalty."""
    more = np.array(profile("loyalty_by_cohort"), dtype="float64")
    ago = (last.astype("datetime64[Y]") - first_on.astype("datetime64[Y]")).astype("int64")
    return np.asarray(more[np.clip(ago, 0, len(more) - 1)])


def _first_of(fleet: Ints) -> Ints:
    return np.unique(fleet, return_index=True)[1]


def _later(rng: np.random.Generator, first_on: Days, share: str, days: Floats) -> Days:
    buys = rng.random(len(first_on)) < number(share)
    return np.where(buys, first_on + np.rint(days).astype("int64"), NEVER)


def _fleets(rng: np.random.Generator, vehicles: int, last: np.datetime64, span: int) -> tuple[Ints, Days]:
    households = vehicles / 1.2  # about; what comes of the shares above
    count = max(round(number("fleets") * households), int(vehicles >= FLEET_FROM))
    fleet = np.repeat(np.arange(count), evenly(rng, profile("fleet_cars"), count))
    return fleet, last - rng.integers(0, span, len(fleet))


def _by_purchase(cars: Households) -> Households:
    """The same, cars by day of purchase and households by their first car, as their numbers will run."""
    order = np.argsort(cars.bought_on, kind="stable")
    households, first = np.unique(cars.household[order], return_index=True)
    rank = np.empty(len(households), dtype="int64")
    rank[households[np.argsort(first)]] = np.arange(len(households))
    back = np.argsort(rank)
    return Households(
        company=cars.company[back],
        loyalty=cars.loyalty[back],
        household=rank[cars.household[order]],
        bought_on=cars.bought_on[order],
        second=cars.second[order],
        replaces=cars.replaces[order],
        next_on=cars.next_on[order],
        traded_in_on=cars.traded_in_on[order],
    )
