"""Surveys and offers: what customers answer, and what they take up."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from planner.sample.assumptions import number, profile
from planner.sample.cars import Cars
from planner.sample.draw import Days, Ints, chosen, evenly, generator, iso, only, whole
from planner.sample.households import Households
from planner.sample.people import People
from planner.sample.visits import at_any_time


def make_surveys(
    homes: Households, people: People, cars: Cars, car: Ints, visited_on: Days, seed: int, end: date
) -> pd.DataFrame:
    """Answers after visits (of `car` on `visited_on`), one a customer and day."""
    rng = generator(seed, "surveys")
    asked = chosen(rng, len(car), number("survey"))
    car, day = car[asked], visited_on[asked]
    leaving = (cars.left_on[car] - day).astype("int64") <= number("leaving_days")
    score = (
        number("score")
        + number("score_loyalty") * homes.loyalty[homes.household[car]]
        - number("score_leaving") * leaving
        + rng.normal(0, number("score_spread"), len(car))
    )
    asked_on = day + evenly(rng, profile("survey_after"), len(car))
    surveys = pd.DataFrame(
        {
            "customer_id": _owners(people, car),
            "asked_on": iso(asked_on),
            "score": whole(np.clip(np.rint(score), 0, 10)),
        },
        dtype="str",
    )
    surveys = surveys[asked_on <= np.datetime64(end)]
    return surveys.sort_values(["asked_on", "customer_id"], kind="stable").drop_duplicates(
        ["customer_id", "asked_on"], ignore_index=True
    )


def make_offers(homes: Households, people: People, cars: Cars, seed: int, end: date) -> pd.DataFrame:
    """Offers to the owners of cars, redeemed while they still come."""
    rng = generator(seed, "offers")
    last = np.datetime64(end, "D")
    car, day = at_any_time(rng, number("offers_a_year"), homes.bought_on, np.fmin(cars.sold_on, last))
    redeemed_on = day + evenly(rng, profile("redeemed_after"), len(car))
    redeemed = chosen(rng, len(car), number("redeemed")) & (redeemed_on <= cars.until[car])
    order = np.lexsort((car, day))
    offers = pd.DataFrame(
        {
            "customer_id": _owners(people, car),
            "issued_on": iso(day),
            "redeemed_on": only(iso(redeemed_on), redeemed),
        },
        dtype="str",
    ).iloc[order]
    offers.insert(0, "offer_id", np.char.add("OF", whole(np.arange(len(car)) + 300_001).astype("U")))
    return offers.astype("str").reset_index(drop=True)


def _owners(people: People, car: Ints) -> object:
    return people.customers["customer_id"].to_numpy()[people.owner[car]]
