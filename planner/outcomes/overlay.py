"""What exports and callers say together. Both stay stored as they came; here one lies over the other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from planner.columns import empty, typed
from planner.outcomes.people import as_said
from planner.settings import Settings
from planner.tables import ANSWERS, ELSEWHERE, GONE, READINGS, VISITS

# The columns of the exports that `told` reads or changes.
TOLD_BY = {
    "customers": (
        "customer_id", "household_id", "phone", "phone_2", "email", "consent_call", "do_not_contact",
    ),
    "vehicles": ("vehicle_id", "customer_id", "purchased_on", "status"),
    "visits": ("vehicle_id", "visited_on"),
    "readings": ("vehicle_id", "read_on", "odometer_km"),
}  # fmt: skip


def told(
    tables: Mapping[str, pd.DataFrame], answers: pd.DataFrame, settings: Settings
) -> dict[str, pd.DataFrame]:
    """The tables with what callers were told, and `elsewhere` beside them; which are not there stay so.

    customers   consent, do_not_contact and phones as people said (see people.as_said)
    vehicles    sold or moved where a customer said so (needs visits)
    readings    with the odometers that were given on the telephone
    elsewhere   VISITS: maintenance that was done elsewhere; it counts for the car, and is no visit of ours

    An export that comes later undoes nothing of it, but for a car that has another owner by then or came to
    the workshop afterwards, who moved away and was seen again, and for a phone that is another one.
    """
    found = {**tables, "outcomes": answers, "elsewhere": done_elsewhere(answers)}
    if answers.empty:
        return found
    if "customers" in found:
        found["customers"] = as_said(found["customers"], answers, settings)
    if "vehicles" in found:
        found["vehicles"] = _with_moved(
            _with_sold(found["vehicles"], found["visits"], answers), found["visits"], answers
        )
    if "readings" in found:
        found["readings"] = _with_odometers(found["readings"], answers)
    return found


def with_answers(tables: Mapping[str, pd.DataFrame], touchpoints: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables with touchpoints, and with outcomes and elsewhere: empty where nobody was called yet."""
    nothing = {"outcomes": empty(ANSWERS), "elsewhere": empty(VISITS)}
    return {**nothing, **tables, "touchpoints": touchpoints}


def done_elsewhere(answers: pd.DataFrame) -> pd.DataFrame:
    """The services that were done elsewhere as VISITS of kind maintenance; on the day of the call if none."""
    said = answers[answers["outcome"] == "done_elsewhere"]
    visits = said.assign(
        visit_id=ELSEWHERE + said["contact_id"],
        visited_on=said["for_on"].fillna(said["said_on"]),
        kind="maintenance",
    )
    return typed(visits, VISITS).drop_duplicates(["vehicle_id", "visited_on"], ignore_index=True)


def losses(answers: pd.DataFrame) -> pd.DataFrame:
    """Services that went elsewhere: vehicle_id, on, touchpoint (whose call found out), by day."""
    said = answers[answers["outcome"] == "done_elsewhere"]
    found = said.assign(on=said["for_on"].fillna(said["said_on"]))[["vehicle_id", "on", "touchpoint"]]
    return found.sort_values(["on", "vehicle_id", "touchpoint"], ignore_index=True)


def _with_sold(vehicles: pd.DataFrame, visits: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """sold_car: unless the car is another customer's by now, or has been to the workshop since."""
    said = answers.loc[answers["outcome"] == "sold_car", ["vehicle_id", "customer_id", "said_on"]]
    if said.empty:
        return vehicles
    came = visits.loc[visits["vehicle_id"].isin(said["vehicle_id"]), ["vehicle_id", "visited_on"]]
    last = came.groupby("vehicle_id")["visited_on"].max().reindex(said["vehicle_id"])
    said = said[~(last.to_numpy() > said["said_on"].to_numpy())]
    pairs = pd.MultiIndex.from_frame(said[["vehicle_id", "customer_id"]])
    sold = pd.MultiIndex.from_frame(vehicles[["vehicle_id", "customer_id"]]).isin(pairs)
    scrapped = vehicles["status"].eq("scrapped").to_numpy(dtype=bool)
    return vehicles.assign(status=vehicles["status"].mask(sold & ~scrapped, "sold").astype("str"))


def _with_moved(vehicles: pd.DataFrame, visits: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """moved_away: all cars of the customer, unless he came with one or bought one since."""
    said = answers[answers["outcome"] == "moved_away"].groupby("customer_id")["said_on"].max()
    if said.empty:
        return vehicles
    owner = vehicles.set_index("vehicle_id")["customer_id"]
    came = visits.groupby(visits["vehicle_id"].map(owner))["visited_on"].max()
    bought = vehicles.groupby("customer_id")["purchased_on"].max()
    back = (came.reindex(said.index) > said) | (bought.reindex(said.index) > said)
    moved = vehicles["customer_id"].isin(said.index[~back]) & ~vehicles["status"].isin(GONE)
    return vehicles.assign(status=vehicles["status"].mask(moved, "moved").astype("str"))


def _with_odometers(readings: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """The readings and what people read off on the telephone; of a service elsewhere that visit has it."""
    said = answers[answers["odometer_km"].notna() & answers["outcome"].ne("done_elsewhere")]
    given = typed(said.assign(read_on=said["said_on"]), READINGS)
    together = pd.concat([readings, given], ignore_index=True)
    return together[~together.duplicated(list(READINGS.key))].reset_index(drop=True)


def ours_of(history: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Services done (vehicle_id, visited_on, ...) without those that were done elsewhere."""
    if tables["elsewhere"].empty:
        return history
    key = ["vehicle_id", "visited_on"]
    ours = pd.MultiIndex.from_frame(tables["visits"][key])
    return history[pd.MultiIndex.from_frame(history[key]).isin(ours)].reset_index(drop=True)


def seen_and_elsewhere(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """VISITS: ours, and those elsewhere on days on which the car was not here."""
    visits, elsewhere = tables["visits"], tables["elsewhere"]
    if elsewhere.empty:
        return visits
    key = ["vehicle_id", "visited_on"]
    ours = pd.MultiIndex.from_frame(visits.loc[visits["kind"].fillna("maintenance") == "maintenance", key])
    new = ~np.asarray(pd.MultiIndex.from_frame(elsewhere[key]).isin(ours), dtype=bool)
    return pd.concat([visits, elsewhere[new]], ignore_index=True)
