"""Where in its life with the dealership each vehicle stands."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.cycle.anchors import CONTRACT_MONTHS, LAPSED_AFTER_MONTHS, is_used
from planner.dates import Days, add_months, days

ONBOARDING_MONTHS = 2  # until the welcome letter of the reference cycle is out
RENEWAL_MONTHS = 7  # from the renewal call of the reference cycle, 200 days before the contract ends
LOST_MONTHS = 18  # DESIGN: 18 months without a visit
STAGES = ("onboarding", "warranty", "renewal", "after_warranty", "lapsed", "lost", "gone")


def vehicle_stages(
    vehicles: pd.DataFrame, visits: pd.DataFrame, services: pd.DataFrame, as_of: date
) -> pd.Series:
    """The stage of each vehicle, by vehicle_id in the vehicles' order.

    gone (sold, scrapped), lost (18 months without any visit, counted from the purchase where there
    was none), lapsed (the outstanding service is overdue by a month or more), onboarding (the first
    two months), renewal (the last seven months of warranty or finance), warranty, after_warranty:
    the first that is true. A used car without a recorded warranty is after_warranty.
    """
    today = np.datetime64(as_of)
    ids = vehicles["vehicle_id"]
    purchased = days(vehicles["purchased_on"])
    happened = visits[days(visits["visited_on"]) <= today]
    last_visit = days(happened.groupby("vehicle_id")["visited_on"].max().reindex(ids))
    seen = np.fmax(last_visit, purchased)
    outstanding = services.drop_duplicates("vehicle_id").set_index("vehicle_id")["due_on"]
    due = days(outstanding.reindex(ids))
    gone = vehicles["status"].isin(["sold", "scrapped"]).to_numpy(dtype=bool)
    stage = np.array(STAGES)[stages_on(purchased, contract_ends(vehicles), seen, due, gone, today)]
    return pd.Series(stage, index=ids.to_numpy(), dtype="str")


def contract_ends(vehicles: pd.DataFrame) -> Days:
    """Of each vehicle the end of its warranty, as recorded or assumed; NaT for a used car without one."""
    warranty = days(vehicles["warranty_end_on"])
    usual = add_months(days(vehicles["purchased_on"]), CONTRACT_MONTHS)
    return np.where(np.isnat(warranty) & ~is_used(vehicles), usual, warranty)


def stages_on(
    purchased: Days,
    contract_end: Days,
    seen: Days,
    due: Days,
    gone: npt.NDArray[np.bool_],
    today: Days | np.datetime64,
) -> npt.NDArray[np.int64]:
    """The rules of `vehicle_stages`, of each row on a day of its own, as positions in STAGES.

    seen: the last visit, else the purchase; due: of the outstanding service; gone: sold or scrapped by then.
    """
    choices = {
        "gone": gone,
        "lost": add_months(seen, LOST_MONTHS) <= today,
        "lapsed": add_months(due, LAPSED_AFTER_MONTHS) <= today,
        "onboarding": add_months(purchased, ONBOARDING_MONTHS) > today,
        "renewal": (contract_end > today) & (add_months(contract_end, -RENEWAL_MONTHS) <= today),
        "warranty": contract_end > today,
    }
    codes = [STAGES.index(stage) for stage in choices]
    return np.select(list(choices.values()), codes, default=STAGES.index("after_warranty"))
