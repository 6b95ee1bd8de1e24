"""Vehicles as exported, and what is true of them: how long they are kept and how long they come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planner.dates import add_months
from planner.sample.assumptions import number, profile
from planner.sample.draw import (
    Days,
    Flags,
    Floats,
    Ints,
    Texts,
    chosen,
    evenly,
    generator,
    iso,
    only,
    pick,
    whole,
)
from planner.sample.driving import Driving
from planner.sample.households import NEVER, Households
from planner.sample.people import People
from planner.sample.words import MODELS

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # a VIN has no I, O, Q


@dataclass(frozen=True, slots=True)
class Cars:
    """Vehicles as exported, and the truth behind each."""

    vehicles: pd.DataFrame
    used: Flags
    electric: Flags
    odometer: Floats  # at purchase
    sold_on: Days
    left_on: Days
    until: Days  # the last day on which the car may come here: given up, gone elsewhere, or the end


def make_cars(homes: Households, people: People, driving: Driving, seed: int, end: date) -> Cars:
    """One vehicle a car of the households."""
    rng = generator(seed, "cars")
    count = len(homes.bought_on)
    used = chosen(rng, count, number("used"))
    youngest, oldest = profile("used_age")
    age = rng.uniform(youngest, oldest, count)
    odometer = np.where(
        used,
        np.maximum(
            age * 12 * number("km_per_month") * np.exp(rng.normal(0, number("used_odometer_spread"), count)),
            number("used_odometer_least"),
        ),
        evenly(rng, profile("new_odometer"), count),
    )
    sold_on, scrapped = _given_up(rng, homes)
    left_on = homes.bought_on + np.rint(rng.exponential(365.25 / number("stop_coming"), count)).astype(
        "int64"
    )
    year = homes.bought_on.astype("datetime64[Y]").astype("int64") + 1970
    month = homes.bought_on.astype("datetime64[M]").astype("int64") % 12
    model_year = np.where(used, year - np.rint(age).astype("int64"), year + (month >= 9))

    popularity = [1 / (rank + number("model_popularity")) for rank in range(1, len(MODELS) + 1)]
    model = pick(rng, range(len(MODELS)), count, popularity).astype("int64")
    make, name, fuel, since = (np.array(column, dtype=object) for column in zip(*MODELS, strict=True))
    model = np.where(model_year < since[model].astype("int64"), 0, model)  # what was not built yet
    blank = number("left_blank")
    status = only("active", chosen(rng, count, 1 - blank))
    noticed = (sold_on <= np.datetime64(end)) & (
        (homes.traded_in_on == sold_on) | (rng.random(count) < number("gone_noticed"))
    )
    status = np.where(noticed, np.where(scrapped, "scrapped", "sold"), status)
    vehicles = pd.DataFrame(
        {
            "vehicle_id": _vins(rng, count),
            "customer_id": people.customers["customer_id"].to_numpy()[people.owner],
            "make": make[model],
            "model": name[model],
            "model_year": only(whole(model_year), ~chosen(rng, count, blank)),
            "fuel": only(fuel[model], ~chosen(rng, count, blank)),
            "purchased_on": iso(homes.bought_on),
            "condition": only(np.where(used, "used", "new"), ~chosen(rng, count, blank)),
            "odometer_at_purchase_km": only(
                whole(odometer), ~chosen(rng, count, number("purchase_odometer_missing"))
            ),
            "monthly_km": _declared(rng, driving.km_per_month),
            **_terms(homes, used, odometer, driving.km_per_month, seed),
            "status": status,
        },
        dtype="str",
    )
    until = np.fmin(np.minimum(left_on, np.datetime64(end)), sold_on)
    return Cars(vehicles, used, fuel[model] == "electric", odometer, sold_on, left_on, until)


def _given_up(rng: np.random.Generator, homes: Households) -> tuple[Days, Flags]:
    """When each car is given up (at the latest when it is traded in), and which are scrapped then."""
    count = len(homes.bought_on)
    years = number("owned_for") * np.exp(rng.normal(0, number("owned_for_spread"), count))
    sold_on = homes.bought_on + np.rint(365.25 * years).astype("int64")
    traded_in = homes.traded_in_on <= sold_on
    return np.where(traded_in, homes.traded_in_on, sold_on), chosen(
        rng, count, number("scrapped")
    ) & ~traded_in


def _declared(rng: np.random.Generator, km_per_month: Floats) -> Texts:
    """What buyers say that they drive: in hundreds below 1,000 km, in five hundreds above."""
    said = km_per_month * np.exp(rng.normal(0, number("monthly_km_error"), len(km_per_month)))
    step = np.where(said < 1000, 100, 500)
    said = np.maximum(np.rint(said / step) * step, 100)
    return only(whole(said), chosen(rng, len(said), number("monthly_km_declared")))


def _terms(
    homes: Households, used: Flags, odometer: Floats, km_per_month: Floats, seed: int
) -> dict[str, Texts]:
    """Ends of warranty and of finance; buyers who come again often do so near the end of their contract."""
    rng = generator(seed, "terms")
    count = len(used)
    new_months, used_months = profile("warranty_months")
    months = np.where(used, used_months, new_months).astype("int64")
    known = rng.random(count) < np.where(used, *reversed(profile("warranty_known")))
    warranty_end = np.where(known, add_months(homes.bought_on, months), NEVER)

    lengths = np.array(profile("finance_months"), dtype="int64")
    length = pick(rng, lengths.tolist(), count, profile("finance_months_share")).astype("int64")
    kept = (homes.traded_in_on - homes.bought_on).astype("float64") / 30.4375  # NaT becomes a huge negative
    nearest = lengths[np.abs(lengths - kept[:, None]).argmin(axis=1)]
    by_plan = ~np.isnat(homes.traded_in_on) & (rng.random(count) < number("next_car_at_finance_end"))
    length = np.where(by_plan, nearest, length)
    financed = rng.random(count) < np.where(used, *reversed(profile("financed")))
    a_year = np.maximum(
        np.rint(km_per_month * 12 * np.exp(rng.normal(0, number("finance_km_spread"), count)) / 5_000)
        * 5_000,
        10_000,
    )
    limited = financed & (rng.random(count) < number("finance_km_limit"))
    return {
        "warranty_end_on": iso(warranty_end),
        "finance_end_on": iso(np.where(financed, add_months(homes.bought_on, length), NEVER)),
        "finance_km_limit": only(whole(a_year * length / 12), limited),
    }


def _vins(rng: np.random.Generator, count: int) -> Texts:
    """Seventeen characters like a VIN, but begun with 0, which no maker's region has."""
    letters = np.array(list(LETTERS))[rng.integers(len(LETTERS), size=(count, 9))]
    serial: Ints = rng.permutation(count)
    return np.array(
        [f"0{''.join(row)}{n:07d}" for row, n in zip(letters.tolist(), serial, strict=True)], dtype=object
    )
