"""Where in its life with the dealership each vehicle stands."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from planner.cycle.anchors import CONTRACT_MONTHS, LAPSED_AFTER_MONTHS, is_used
from planner.dates import add_months, days

ONBOARDING_MONTHS = 2  # until the welcome letter of the reference cycle is out
RENEWAL_MONTHS = 7  # from the renewal call of the reference cycle, 200 days before the contract ends
LOST_MONTHS = 18  # DESIGN: 18 months without a visit


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
    contract_end = add_months(purchased, CONTRACT_MONTHS)
    warranty = days(vehicles["warranty_end_on"])
    assumed = np.where(is_used(vehicles), np.datetime64("NaT"), contract_end)
    end = np.where(np.isnat(warranty), assumed, warranty)
    choices = {
        "gone": vehicles["status"].isin(["sold", "scrapped"]).to_numpy(dtype=bool),
        "lost": add_months(seen, LOST_MONTHS) <= today,
        "lapsed": add_months(due, LAPSED_AFTER_MONTHS) <= today,
        "onboarding": add_months(purchased, ONBOARDING_MONTHS) > today,
        "renewal": (end > today) & (add_months(end, -RENEWAL_MONTHS) <= today),
        "warranty": end > today,
    }
    stage = np.select(list(choices.values()), list(choices), default="after_warranty")
    return pd.Series(stage, index=ids.to_numpy(), dtype="str")
