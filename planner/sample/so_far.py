"""The exports of a sample as they were on an earlier day: what happened later is not in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

# The day on which a row came into the dealership's system. Customers have none: they come with a car.
HAPPENED_ON = {
    "vehicles": "purchased_on",
    "visits": "visited_on",
    "readings": "read_on",
    "surveys": "asked_on",
    "offers": "issued_on",
}


def so_far(exports: Mapping[str, pd.DataFrame], day: date) -> dict[str, pd.DataFrame]:
    """The exports as of `day`, that day included; the index of the rows stays.

    exports: the sample's tables by name, all columns as text, days as YYYY-MM-DD, blank where there is none.
    Left out are rows of later days, the redemption of an offer that was redeemed later, and customers who
    came later: every car of theirs was bought after `day`, and no survey or offer is older. A row without a
    day stays; one with an impossible day (2026-02-30) stands where its text stands. What has no day (the
    status of a car, consent) is as it was in the end.
    """
    until = day.isoformat()  # ISO days sort as text
    known = {
        name: table[table[HAPPENED_ON[name]] <= until]
        for name, table in exports.items()
        if name in HAPPENED_ON
    }
    offers = known["offers"]
    known["offers"] = offers.assign(
        redeemed_on=offers["redeemed_on"].where(offers["redeemed_on"] <= until, "")
    )
    customers, owners = exports["customers"], exports["vehicles"]["customer_id"]
    here = pd.concat([known[name]["customer_id"] for name in ("vehicles", "surveys", "offers")])
    later = customers["customer_id"].isin(owners) & ~customers["customer_id"].isin(here)
    return {name: customers[~later] if name == "customers" else known[name] for name in exports}


def what_is_new(
    before: Mapping[str, pd.DataFrame], now: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """The rows of `now` that are not in `before`, or not the same there; tables without any are left out.

    Both as `so_far` gives them, for two days.
    """
    new = {
        name: table[(table != before[name].reindex(table.index, fill_value="")).any(axis=1)]
        if name in before
        else table
        for name, table in now.items()
    }
    return {name: table for name, table in new.items() if len(table)}
