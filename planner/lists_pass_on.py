"""What customers have said that somebody else must answer: the service manager, sales, the office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd

from planner.columns import empty
from planner.outcomes.complaints import open_complaints
from planner.schedule.rules import consents
from planner.scripts.names import vehicle_name
from planner.settings import Settings
from planner.tables import ANSWERS

WHAT = ("complaint", "interest_second_car", "wrong_number")  # outcomes, the most urgent first
FOR_DAYS = 28  # a guess: after four weeks in the lists it has been done, or never will be
COLUMNS = ("what", "said_on", "customer", "phone", "vehicle", "note", "advisor", "vehicle_id")


def to_pass_on(tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date) -> pd.DataFrame:
    """One row an answer of the last FOR_DAYS that a colleague must take up: complaints first, then by day.

    In: customers, vehicles, contacts, and where there are any, outcomes. Out: COLUMNS; `what` is one of WHAT,
    the phone is missing where no call is wanted. A complaint leaves as soon as it is settled. Whoever
    wants no contact of any kind is not there, unless he has complained: that is answered all the same.
    """
    said = tables.get("outcomes", empty(ANSWERS))
    said = said[said["outcome"].isin(WHAT) & (said["said_on"] > pd.Timestamp(as_of - timedelta(FOR_DAYS)))]
    said = said.sort_values(["said_on", "contact_id", "attempt"], ignore_index=True)
    is_open = said["household_id"].isin(open_complaints(tables["contacts"]).index)
    complained = said["outcome"] == "complaint"
    customers = tables["customers"].set_index("customer_id")
    channel, purpose = (pd.Series(word, said.index, dtype="str") for word in ("call", "service"))
    no = np.asarray(consents(tables["customers"]).objection(said["household_id"], channel, purpose, settings))
    shown = np.where(complained, is_open, no != "do-not-contact")
    said, no = said[shown], no[shown]
    who = customers.reindex(said["customer_id"]).set_axis(said.index)
    cars = tables["vehicles"].set_index("vehicle_id")[["make", "model"]].reindex(said["vehicle_id"])
    cars = cars.fillna("")
    found = pd.DataFrame(
        {
            "what": said["outcome"],
            "said_on": said["said_on"],
            "customer": who["name"],
            "phone": who["phone"].fillna(who["phone_2"]).where(no == ""),
            "vehicle": [vehicle_name(*names) or None for names in cars.itertuples(index=False, name=None)],
            "note": said["note"],
            "advisor": who["advisor"],
            "vehicle_id": said["vehicle_id"],
        },
        columns=list(COLUMNS),
    )
    urgent = {what: rank for rank, what in enumerate(WHAT)}  # within one, by day as they are
    return found.sort_values("what", key=lambda what: what.map(urgent), kind="stable", ignore_index=True)
