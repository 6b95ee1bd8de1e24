"""What speaks for another car, for the sales manager: who, why now, and which contact carries it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from planner.columns import empty
from planner.schedule.rules import consents, rests_until
from planner.scripts import Scripts, cue_sentences
from planner.scripts.names import vehicle_name
from planner.settings import Settings
from planner.tables import CUES

COLUMNS = (
    "score", "customer", "phone", "vehicle", "kind", "why", "expected_on", "contact_on", "channel",
    "touchpoint", "advisor", "opened_on", "vehicle_id", "contact_id",
)  # fmt: skip


def sales_cues(
    tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date, scripts: Scripts | None = None
) -> pd.DataFrame:
    """Every open cue, the highest score first.

    In: customers, vehicles, contacts, and where there are any, cues. Out: COLUMNS; contact_on, channel and
    touchpoint of the contact that carries it, missing where none does. Households that want no contact, or
    have a complaint open, are not in it; the phone is missing where they agree to no offers by call.
    """
    cues = tables.get("cues", empty(CUES))
    customers = tables["customers"].drop_duplicates("customer_id").set_index("customer_id")
    said = consents(tables["customers"])
    offer, call = (pd.Series(word, cues.index, dtype="str") for word in ("marketing", "call"))
    objection = said.objection(cues["household_id"], call, offer, settings)
    rests = rests_until(tables["contacts"], settings).reindex(cues["household_id"]).to_numpy()
    shown = (objection != "do-not-contact") & ~(rests > np.datetime64(as_of))
    cues, may_call = cues[shown], (objection == "")[shown]
    contacts = tables["contacts"].set_index("contact_id").reindex(cues["contact_id"])
    cars = tables["vehicles"].drop_duplicates("vehicle_id").set_index("vehicle_id")
    cars = cars.reindex(cues["vehicle_id"])[["make", "model"]].fillna("")
    names = [
        vehicle_name(make, model) or number for number, make, model in cars.itertuples(index=True, name=None)
    ]
    phone = cues["customer_id"].map(customers["phone"].fillna(customers["phone_2"]))
    rows = pd.DataFrame(
        {
            "score": cues["score"],
            "customer": cues["customer_id"].map(customers["name"]),
            "phone": phone.where(may_call),
            "vehicle": pd.Series(names, cues.index, dtype="str"),
            "kind": cues["kind"],
            "why": cue_sentences(cues, tables["vehicles"], settings, as_of, scripts=scripts),
            "expected_on": cues["expected_on"],
            "contact_on": contacts["planned_on"].to_numpy(),
            "channel": contacts["channel"].to_numpy(),
            "touchpoint": contacts["touchpoint"].to_numpy(),
            "advisor": cues["customer_id"].map(customers["advisor"]),
            "opened_on": cues["opened_on"],
            "vehicle_id": cues["vehicle_id"],
            "contact_id": cues["contact_id"],
        }
    )
    return rows.sort_values(["score", "vehicle_id", "kind"], ascending=[False, True, True], ignore_index=True)
