"""Which cars are likely to be lost, and the next contact that can still change it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from planner.cycle import vehicle_stages
from planner.forecast.returning import GRACE_DAYS, LIKELY_LOST
from planner.lists_conditions import Tables


def likely_lost(tables: Tables, as_of: date) -> pd.DataFrame | None:
    """Cars that are more likely to stay away than to come, but not yet lost or gone; the least likely first.

    None where too few have come back for any probability to be told: that is not the same as nobody.
    In: customers, vehicles, visits, forecasts, contacts. Out: return_probability (that the car comes for
    maintenance up to back_by_on, 90 days after its window), customer, vehicle, stage, last_service_on (of
    maintenance), last_visit_on (of any kind), due_on, back_by_on, contact_on, channel, touchpoint (of the
    next planned contact about it; missing where there is none), advisor, vehicle_id.
    """
    if tables["forecasts"]["return_probability"].isna().all():
        return None
    vehicles, customers = tables["vehicles"], tables["customers"].set_index("customer_id")
    outstanding = tables["forecasts"].drop_duplicates("vehicle_id").set_index("vehicle_id")
    stage = vehicle_stages(vehicles, tables["visits"], tables["forecasts"], as_of).to_numpy()
    probability = outstanding["return_probability"].reindex(vehicles["vehicle_id"]).to_numpy()
    chosen = (probability < LIKELY_LOST) & ~np.isin(stage, ["lost", "gone"])
    cars, stage = vehicles[chosen].reset_index(drop=True), stage[chosen]
    forecasts = outstanding.reindex(cars["vehicle_id"]).reset_index(drop=True)
    visits = tables["visits"][tables["visits"]["visited_on"] <= pd.Timestamp(as_of)]
    seen, served = (
        kind.groupby("vehicle_id")["visited_on"].max().reindex(cars["vehicle_id"]).to_numpy()
        for kind in (visits, visits[visits["kind"].fillna("maintenance") == "maintenance"])
    )
    coming = _next_contact(tables["contacts"], as_of).reindex(cars["vehicle_id"]).reset_index(drop=True)
    rows = pd.DataFrame(
        {
            "return_probability": forecasts["return_probability"],
            "customer": cars["customer_id"].map(customers["name"]),
            "vehicle": car_names(cars),
            "stage": stage,
            "last_service_on": served,
            "last_visit_on": seen,
            "due_on": forecasts["due_on"],
            "back_by_on": forecasts["high_on"] + pd.Timedelta(days=GRACE_DAYS),
            "contact_on": coming["planned_on"],
            "channel": coming["channel"],
            "touchpoint": coming["touchpoint"],
            "advisor": cars["customer_id"].map(customers["advisor"]),
            "vehicle_id": cars["vehicle_id"],
        }
    )
    return rows.sort_values(["return_probability", "vehicle_id"], ignore_index=True)


def _next_contact(contacts: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Of each vehicle the next planned contact that names it: planned_on, channel, touchpoint."""
    ahead = contacts[(contacts["status"] == "planned") & (contacts["planned_on"] >= pd.Timestamp(as_of))]
    others = ahead.assign(vehicle_id=ahead["also_vehicle_ids"].str.split(",")).explode("vehicle_id")
    named = pd.concat([ahead, others]).sort_values(["planned_on", "priority", "contact_id"])
    next_one = named.drop_duplicates("vehicle_id").set_index("vehicle_id")
    return next_one[["planned_on", "channel", "touchpoint"]]


def car_names(vehicles: pd.DataFrame) -> pd.Series:
    """Make and model of each car; its number where neither is known."""
    name = vehicles["make"].fillna("").str.cat(vehicles["model"].fillna(""), sep=" ").str.strip()
    return name.where(name != "", vehicles["vehicle_id"])
