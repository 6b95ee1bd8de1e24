"""Touchpoints x anchor days = candidates: every contact that could be made, with its window."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.columns import typed
from planner.cycle.anchors import events
from planner.cycle.touchpoints import Cycles
from planner.dates import LAST_DAY, days
from planner.forecast.lead import ahead_of
from planner.outcomes.complaints import offers
from planner.settings import CYCLES
from planner.tables import CONTACTS, GONE


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
    Out: CONTACTS, without status, reason and planned_on, and with `purpose`, `on_conflict`, `instead`,
    `standby` (it only holds its place until the service is overdue), `gone` (the car is sold or scrapped, or
    its owner moved away), `extra` (it belongs to a tactic, which takes only the room that the cycles
    leave) and `offers` (it rests after a complaint).
    Key contact_id; ordered by vehicle_id, ideal_on, contact_id.
    """
    owners = customers.set_index("customer_id").reindex(vehicles["customer_id"])
    touchpoints = cycles.touchpoints
    start, end = cycles.anchors_from(as_of), cycles.anchors_until(until)
    found = events(vehicles, days(owners["birthday"]), services, history, as_of, start, end)
    rows = _hung_on(touchpoints, found)
    # Millions of rows: what a touchpoint or a vehicle says is taken along them as late as possible.
    which, vehicle = rows["touchpoint"].to_numpy(), rows["vehicle"].to_numpy()
    due = days(rows["day"])
    asks = (touchpoints["when"] != "overdue").to_numpy(dtype=bool)[which]
    day = np.where(asks, np.fmin(due, days(rows["awaited"])), due)
    columns = ("offset_days", "from_days", "to_days")
    offset, from_days, to_days = (touchpoints[name].to_numpy("timedelta64[D]")[which] for name in columns)
    earliest = day + from_days
    today = np.datetime64(as_of)
    opens = days(rows["window_opens"])
    opens = np.where(opens <= today, earliest, opens)  # it is open: its first day is today, and moves
    ideal = np.where(asks, ahead_of(opens, day + offset, earliest), day + offset)
    # The window still closes with the service itself, so that nobody is missed where that day is near.
    latest = np.minimum(due + to_days, np.datetime64(LAST_DAY))
    names, name = _names(touchpoints, which, rows["number"].to_numpy())
    kept = np.flatnonzero((latest >= today) & (ideal < np.datetime64(until)))
    by_name = pd.factorize(vehicles["vehicle_id"], sort=True)[0]
    order = kept[np.lexsort((name[kept], ideal[kept], by_name[vehicle[kept]]))]

    which, vehicle = which[order], vehicle[order]
    vehicle_id = vehicles["vehicle_id"].to_numpy(dtype=object)[vehicle]
    about_service = touchpoints["kind"].isin(["service", "visit", "lapsed"]).to_numpy(dtype=bool)[which]
    gone = vehicles["status"].isin(GONE).to_numpy(dtype=bool)
    extra = ~touchpoints["tactic"].isin(CYCLES).to_numpy(dtype=bool)
    as_is = ("stage", "channel", "min_gap_days", "priority", "script", "purpose", "on_conflict", "instead")
    of_touchpoint = {column: touchpoints[column].array.take(which) for column in as_is}
    made = pd.DataFrame(
        {
            "contact_id": vehicle_id + names[name[order]],
            "household_id": owners["household_id"].array.take(vehicle),
            "customer_id": vehicles["customer_id"].array.take(vehicle),
            "vehicle_id": vehicles["vehicle_id"].array.take(vehicle),
            "touchpoint": touchpoints["id"].array.take(which),
            "service_no": pd.arrays.IntegerArray(rows["number"].to_numpy()[order], ~about_service),
            "ideal_on": ideal[order],
            "earliest_on": np.maximum(earliest[order], today),
            "latest_on": latest[order],
            "advisor": owners["advisor"].array.take(vehicle),
            "attempts": 0,
            **of_touchpoint,
        }
    )
    return typed(made, CONTACTS).assign(
        purpose=made["purpose"],
        on_conflict=made["on_conflict"],
        instead=made["instead"],
        standby=~asks[order] & (due[order] >= today),
        gone=gone[vehicle],
        extra=extra[which],
        offers=offers(touchpoints["kind"], touchpoints["purpose"])[which],
    )


def _hung_on(touchpoints: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Each event with each touchpoint that hangs on it: the events and `touchpoint`, its position."""
    hooks = touchpoints[["kind", "number", "first_number"]].assign(touchpoint=np.arange(len(touchpoints)))
    repeats = touchpoints["repeats"].to_numpy(dtype=bool)
    once = hooks[~repeats].merge(found, on=["kind", "number"])
    again = hooks[repeats].drop(columns="number").merge(found, on="kind")
    again = again[again["number"] >= again["first_number"]]
    columns = ["touchpoint", "vehicle", "number", "day", "awaited", "window_opens"]
    return pd.concat([once[columns], again[columns]], ignore_index=True)


def _names(
    touchpoints: pd.DataFrame, which: npt.NDArray[np.int64], number: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64]]:
    """The part of a contact_id after the vehicle, sorted: the different ones, and which one each row has."""
    # 0 stands for no number: those that come again are numbered from 1.
    numbered = np.where(touchpoints["repeats"].to_numpy(dtype=bool)[which], number, 0)
    most = int(numbered.max(initial=0)) + 1
    code, pairs = pd.factorize(which * most + numbered)
    ids = touchpoints["id"].to_numpy(dtype=object)
    names = np.array(
        [f"/{ids[at]}/{no}" if no else f"/{ids[at]}" for at, no in zip(*np.divmod(pairs, most), strict=True)],
        dtype=object,
    )
    order = np.argsort(names)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return names[order], place[code]
