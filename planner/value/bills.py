"""What each customer's visits brought: one row a visit, with its owner, its kind and its margin."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from planner.dates import add_months, days
from planner.value.owned import Owned

WINDOW_MONTHS = 24  # a car comes about once a year: two visits are a habit, one may be chance


def bills(own: Owned) -> pd.DataFrame:
    """The visits of known customers' cars, a row each, oldest first.

    customer (the row of the owner), kind, services, visited_on, margin, money_given. margin as
    planner.value.money fills it in, 0 where no visit has any; money_given: does this visit have a margin or
    an amount of its own? Visits before the day on which this customer got the car are the former owner's
    and left out.
    """
    ours = np.flatnonzero(own.ours)
    ours = ours[np.argsort(own.day[ours], kind="stable")]
    visits = own.visits
    given = (visits["margin_given"] | visits["amount_given"]).to_numpy(dtype=bool)
    return pd.DataFrame(
        {
            "customer": own.owner[own.car[ours]],
            "kind": visits["kind"].fillna("maintenance").array.take(ours),
            "services": visits["services"].array.take(ours),
            "visited_on": visits["visited_on"].array.take(ours),
            "margin": visits["margin"].fillna(0.0).to_numpy(dtype="float64")[ours],
            "money_given": given[ours],
        }
    )


def since(rows: pd.DataFrame, as_of: date, months: int) -> pd.DataFrame:
    """The bills of the months before as_of; the day so many months ago is not in it, as_of is."""
    return rows[days(rows["visited_on"]) > add_months(np.datetime64(as_of), -months)]
