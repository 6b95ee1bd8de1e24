"""Touchpoints x anchor days = candidates: every contact that could be made, with its window."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from planner.cycle.anchors import events
from planner.cycle.touchpoints import Cycles
from planner.dates import days
from planner.forecast.lead import ahead_of
from planner.tables import CONTACTS, typed


def candidates(
    customers: pd.DataFrame,
    vehicles: pd.DataFrame,
    services: pd.DataFrame,
    history: pd.DataFrame,
    cycles: Cycles,
    as_of: date,
    until: date,
) -> pd.DataFrame:
    """Every touchpoint of every vehicle with a window that is still open and an ideal day before until.

    In: customers with household_id, vehicles, services (FORECASTS), history (vehicle_id, service_no,
    visited_on: which service each past maintenance visit fulfilled). Touchpoints that ask for a service
    hang on its awaited day, and have their ideal day before the window of the expected visit, as far as
    their own window allows.
    Out: CONTACTS, without status, reason and planned_on, and with `purpose`, `on_conflict`, `standby`
    (it only holds its place until the service is overdue) and `gone` (the car is sold or scrapped).
    Key contact_id; ordered by vehicle_id, ideal_on, contact_id.
    """
    owners = customers.set_index("customer_id")
    birthdays = days(owners["birthday"].reindex(vehicles["customer_id"]))
    touchpoints = cycles.touchpoints
    start, end = cycles.anchors_from(as_of), cycles.anchors_until(until)
    found = events(vehicles, birthdays, services, history, as_of, start, end)
    once = touchpoints[~touchpoints["repeats"]].merge(found, on=["kind", "number"])
    again = touchpoints[touchpoints["repeats"]].drop(columns="number").merge(found, on="kind")
    again = again[again["number"] >= again["first_number"]]
    rows = pd.concat([once, again], ignore_index=True)

    asks = (rows["when"] != "overdue").to_numpy(dtype=bool)
    due = days(rows["day"])
    day = np.where(asks, np.fmin(due, days(rows["awaited"])), due)
    ideal, earliest = (
        day + rows[column].to_numpy("timedelta64[D]") for column in ("offset_days", "from_days")
    )
    ideal = np.where(asks, ahead_of(days(rows["window_opens"]), ideal, earliest), ideal)
    # The window still closes with the service itself, so that nobody is missed where that day is near.
    latest = due + rows["to_days"].to_numpy("timedelta64[D]")
    today = np.datetime64(as_of)
    kept = (latest >= today) & (ideal < np.datetime64(until))
    rows, due, ideal, earliest, latest = rows[kept], due[kept], ideal[kept], earliest[kept], latest[kept]
    vehicle = vehicles.iloc[rows["vehicle"].to_numpy()].reset_index(drop=True)
    rows = rows.reset_index(drop=True)

    contact_id = vehicle["vehicle_id"] + "/" + rows["id"]
    numbered = contact_id + "/" + rows["number"].astype("str")
    about_service = rows["kind"].isin(["service", "visit", "lapsed"])
    made = rows.assign(
        contact_id=contact_id.where(~rows["repeats"], numbered),
        household_id=owners["household_id"].reindex(vehicle["customer_id"]).to_numpy(),
        customer_id=vehicle["customer_id"],
        vehicle_id=vehicle["vehicle_id"],
        touchpoint=rows["id"],
        service_no=rows["number"].astype("Int64").where(about_service),
        ideal_on=ideal,
        earliest_on=np.maximum(earliest, today),
        latest_on=latest,
        advisor=owners["advisor"].reindex(vehicle["customer_id"]).to_numpy(),
        attempts=0,
    )
    placement = pd.DataFrame(
        {
            "purpose": rows["purpose"],
            "on_conflict": rows["on_conflict"],
            "standby": (rows["when"] == "overdue") & (due >= today),
            "gone": vehicle["status"].isin(["sold", "scrapped"]),
        }
    )
    table = typed(made, CONTACTS).join(placement)
    return table.sort_values(["vehicle_id", "ideal_on", "contact_id"], ignore_index=True)
