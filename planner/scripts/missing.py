"""One service that the customer does not use and comparable ones do, in a sentence for the caller."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from planner.dates import days
from planner.named_services import NamedServices, load_named_services
from planner.schedule.rules import consents, rests_until
from planner.settings import Settings
from planner.value.services import names_by_service

OWN_CALL = "maintenance"  # the call itself is about it
PURPOSES = ("service", "marketing")


def missing_for_calls(
    rows: pd.DataFrame,
    missing: pd.DataFrame,
    purpose: pd.Series,
    tables: Mapping[str, pd.DataFrame],
    settings: Settings,
    as_of: date,
) -> pd.Series[str]:
    """By contact_id the service that the call may offer; those that may offer none are not in it.

    rows: CONTACTS; missing: MISSING of planner.value.services; purpose: along the rows. At most one a call,
    the one that would bring most; none that the visit brings anyway, because the intervals ask for it. Only
    calls of purpose service or marketing, and it is an offer: only to households that agree to offers by call
    and have no complaint open. Not about a car whose service is overdue: that comes first.
    """
    offered = missing.loc[missing["service"].ne(OWN_CALL), ["customer_id", "service", "rank"]]
    calls = rows[["contact_id", "customer_id"]].merge(offered, on="customer_id")
    done_anyway = _at_visit(rows, tables["forecasts"], load_named_services(settings.service_names_path))
    calls = calls[~pd.MultiIndex.from_frame(calls[["contact_id", "service"]]).isin(done_anyway)]
    first = calls.sort_values("rank").drop_duplicates("contact_id").set_index("contact_id")["service"]
    offer, call = (pd.Series(word, rows.index, dtype="str") for word in ("marketing", "call"))
    may = consents(tables["customers"]).objection(rows["household_id"], call, offer, settings) == ""
    may &= rows["channel"].eq("call").to_numpy(dtype=bool) & purpose.isin(PURPOSES).to_numpy(dtype=bool)
    rests = rests_until(tables["contacts"], settings).reindex(rows["household_id"])
    day = np.fmax(days(rows["planned_on"]), np.datetime64(as_of))
    may &= ~(day < days(rests))
    due = tables["forecasts"].drop_duplicates("vehicle_id").set_index("vehicle_id")["due_on"]
    may &= ~(due.reindex(rows["vehicle_id"]).to_numpy() < pd.Timestamp(as_of).to_datetime64())
    found = rows["contact_id"].map(first).where(may)
    return found.set_axis(rows["contact_id"]).dropna().astype("str")


def _at_visit(rows: pd.DataFrame, forecasts: pd.DataFrame, named: NamedServices) -> list[tuple[str, str]]:
    """contact_id and service of what is due at the next visit of the cars of each call."""
    cars = pd.concat([rows["vehicle_id"], rows["also_vehicle_ids"]]).set_axis([*rows["contact_id"]] * 2)
    cars = _parts(cars).rename_axis("contact_id").reset_index(name="vehicle_id")
    outstanding = forecasts[forecasts["vehicle_id"].isin(cars["vehicle_id"])].drop_duplicates("vehicle_id")
    due = _parts(outstanding.set_index("vehicle_id")["services"])
    of_name = {name: code for code, names in names_by_service(due, named).items() for name in names}
    pairs = cars.merge(due.map(of_name).dropna().reset_index(name="service"), on="vehicle_id")
    return list(zip(pairs["contact_id"], pairs["service"], strict=True))


def _parts(texts: pd.Series) -> pd.Series:
    """What stands between the commas, each with the index of its text."""
    parts = texts.str.split(",").explode().astype("str")
    return parts.str.strip().dropna()
