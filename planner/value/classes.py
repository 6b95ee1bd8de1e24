"""Which households go first where two want the same slot of the calendar: three coarse classes, by margin."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd

from planner.settings import Settings
from planner.value.bills import WINDOW_MONTHS, bills, since
from planner.value.owned import owned

# Share of the households with any margin, from the top: class 0, class 1. The others are class 2.
TOP, UPPER = 0.2, 0.5
LAST_CLASS = 2


def worth_classes(tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date) -> pd.Series:
    """By household_id 0 (the fifth that brings most), 1 (to the middle) or 2, of all that have customers.

    tables: customers (with household_id), vehicles, visits. By the margin of the 24 months up to the last
    day of the month before as_of, so that the classes, and with them who goes first, change once a month and
    not with every visit. Those level with the last of a class belong to it.

    Of five the best one is the best fifth, and with the next two it is the better half.

    >>> from planner.value.example import AS_OF, tables_of
    >>> cars = {name: ["2024-01-10", f"2026-03-01 {500 - 100 * n}"] for n, name in enumerate("ABCDE")}
    >>> worth_classes(tables_of(cars), Settings(), AS_OF).tolist()
    [0, 1, 1, 2, 2]
    """
    until = as_of.replace(day=1) - timedelta(days=1)
    own = owned(tables, settings, until)
    lately = since(bills(own), until, WINDOW_MONTHS)
    home, homes = pd.factorize(own.people["household_id"])
    its_home = home[lately["customer"]]  # -1: none
    known = its_home >= 0
    margin = pd.Series(np.bincount(its_home[known], lately["margin"].to_numpy()[known], len(homes)), homes)
    rank = margin[margin > 0].rank(method="min", ascending=False)
    limits = [rank <= np.ceil(share * len(rank)) for share in (TOP, UPPER)]
    found = pd.Series(np.select(limits, [0, 1], LAST_CLASS), rank.index)
    return found.reindex(homes).fillna(LAST_CLASS).astype("int64")


def with_worth(
    candidates: pd.DataFrame, tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date
) -> pd.DataFrame:
    """The candidates with `worth`, the class of their household; as they came where the settings say so."""
    if not settings.value.first_in_calendar:
        return candidates
    homes = tables["customers"].drop_duplicates("customer_id").set_index("customer_id")["household_id"]
    by_customer = homes.map(worth_classes(tables, settings, as_of)).fillna(LAST_CLASS)
    found = candidates["customer_id"].map(by_customer).fillna(LAST_CLASS)
    return candidates.assign(worth=found.astype("int64"))
