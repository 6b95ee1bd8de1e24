"""What each customer's visits brought: one row a visit, with its owner, its kind and its margin."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from planner.dates import add_months, days
from planner.settings import Settings
from planner.value.money import visit_money

WINDOW_MONTHS = 24  # a car comes about once a year: two visits are a habit, one may be chance
TEXTS = ("vehicle_id", "customer_id", "household_id", "kind", "services")


def bills(tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date) -> pd.DataFrame:
    """The visits of known cars up to as_of, oldest first: TEXTS, customer, visited_on, margin, money_given.

    tables: customers (with household_id), vehicles, visits. margin as planner.value.money fills it in, 0
    where no visit has any; money_given: does this visit have a margin or an amount of its own? customer is
    the owner's row among the customers; -1: none. Visits before the day on which this customer got the car
    are the former owner's and left out.
    """
    cars = tables["vehicles"].drop_duplicates("vehicle_id").set_index("vehicle_id")
    people = tables["customers"].drop_duplicates("customer_id")
    who = pd.Index(people["customer_id"]).get_indexer(pd.Index(cars["customer_id"]))
    household = people["household_id"].array.take(who, allow_fill=True)
    visits = visit_money(tables["visits"], settings, as_of)
    place = cars.index.get_indexer(pd.Index(visits["vehicle_id"]))
    visits, place = visits[place >= 0], place[place >= 0]
    own = ~(days(visits["visited_on"]) < days(cars["purchased_on"])[place])
    visits, place = visits[own], place[own]
    order = np.argsort(days(visits["visited_on"]), kind="stable")
    visits, place = visits.iloc[order], place[order]
    return pd.DataFrame(
        {
            "vehicle_id": visits["vehicle_id"].array,
            "customer_id": cars["customer_id"].array.take(place),
            "household_id": household.take(place),
            "kind": visits["kind"].fillna("maintenance").array,
            "services": visits["services"].array,
            "customer": who[place],
            "visited_on": visits["visited_on"].array,
            "margin": visits["margin"].fillna(0.0).to_numpy(dtype="float64"),
            "money_given": (visits["margin_given"] | visits["amount_given"]).to_numpy(dtype=bool),
        }
    )


def since(rows: pd.DataFrame, as_of: date, months: int) -> pd.DataFrame:
    """The bills of the months before as_of; the day so many months ago is not in it, as_of is."""
    return rows[days(rows["visited_on"]) > add_months(np.datetime64(as_of), -months)]
