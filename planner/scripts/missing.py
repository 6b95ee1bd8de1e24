"""One service that the customer does not use and comparable ones do, in a sentence for the caller."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from planner.dates import days
from planner.schedule.rules import consents, rests_until
from planner.settings import Settings

SPOKEN_OF = ("inspection", "tyres")  # the call itself is about the maintenance
PURPOSES = ("service", "marketing")


def missing_for_calls(
    rows: pd.DataFrame,
    missing: pd.DataFrame,
    purpose: pd.Series,
    tables: Mapping[str, pd.DataFrame],
    settings: Settings,
    as_of: date,
) -> pd.Series[str]:
    """By contact_id the kind of visit that the call may offer; those that may offer none are not in it.

    rows: CONTACTS; missing: MISSING of planner.value.services; purpose: along the rows. At most one a call,
    the one that would bring most. Only calls of purpose service or marketing, and it is an offer: only to
    households that agree to offers by call and have no complaint open. Not about a car whose service is
    overdue: that comes first.
    """
    offered = missing[missing["service"].isin(SPOKEN_OF)].sort_values("rank")
    first = offered.drop_duplicates("customer_id").set_index("customer_id")["service"]
    offer, call = (pd.Series(word, rows.index, dtype="str") for word in ("marketing", "call"))
    may = consents(tables["customers"]).objection(rows["household_id"], call, offer, settings) == ""
    may &= rows["channel"].eq("call").to_numpy(dtype=bool) & purpose.isin(PURPOSES).to_numpy(dtype=bool)
    rests = rests_until(tables["contacts"], settings).reindex(rows["household_id"])
    day = np.fmax(days(rows["planned_on"]), np.datetime64(as_of))
    may &= ~(day < days(rests))
    due = tables["forecasts"].drop_duplicates("vehicle_id").set_index("vehicle_id")["due_on"]
    may &= ~(due.reindex(rows["vehicle_id"]).to_numpy() < pd.Timestamp(as_of).to_datetime64())
    found = rows["customer_id"].map(first).where(may)
    return found.set_axis(rows["contact_id"]).dropna().astype("str")
