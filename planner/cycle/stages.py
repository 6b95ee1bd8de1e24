"""Where in its life with the dealership each vehicle stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.cycle.anchors import CONTRACT_MONTHS, LAPSED_AFTER_MONTHS, is_used
from planner.dates import Days, add_months, days
from planner.tables import GONE

ONBOARDING_MONTHS = 2  # until the welcome letter of the reference cycle is out
RENEWAL_MONTHS = 7  # from the renewal call of the reference cycle, 200 days before the contract ends
LOST_MONTHS = 18  # DESIGN: 18 months without a visit
STAGES = ("onboarding", "warranty", "renewal", "after_warranty", "lapsed", "lost", "gone")


def vehicle_stages(
    vehicles: pd.DataFrame, visits: pd.DataFrame, services: pd.DataFrame, as_of: date
) -> pd.Series:
    """The stage of each vehicle, by vehicle_id in the vehicles' order.

    gone (sold, scrapped, owner moved away), lost (18 months without any visit, counted from the purchase
    where there was none), lapsed (the outstanding service is overdue by a month or more), onboarding (the
    first two months), renewal (the last seven months of warranty or finance), warranty, after_warranty:
    the first that is true. A used car without a recorded warranty is after_warranty.
    """
    ids = vehicles["vehicle_id"]
    happened = visits[days(visits["visited_on"]) <= np.datetime64(as_of)]
    last_visit = happened.groupby("vehicle_id", sort=False)["visited_on"].max().reindex(ids)
    outstanding = services.drop_duplicates("vehicle_id").set_index("vehicle_id")["due_on"]
    gone = vehicles["status"].isin(GONE).to_numpy(dtype=bool)
    codes = stages_on(vehicles, days(last_visit), days(outstanding.reindex(ids)), gone, np.datetime64(as_of))
    return pd.Series(np.array(STAGES)[codes], index=ids.to_numpy(), dtype="str")


def stages_on(
    vehicles: pd.DataFrame,
    last_visit: Days,
    due: Days,
    gone: npt.NDArray[np.bool_],
    today: np.datetime64,
) -> npt.NDArray[np.int64]:
    """The same as positions in STAGES.

    Of each vehicle the last visit up to today, the day its outstanding service is due (NaT: none of either),
    and whether it is gone.
    """
    seen = np.fmax(last_visit, days(vehicles["purchased_on"]))
    return turns_of(vehicles).stages(lost_from(seen), lapsed_from(due), gone, today)


def lost_from(seen: Days) -> Days:
    """The day on which a car is lost if it is not seen before; seen: its last visit, else the purchase."""
    return add_months(seen, LOST_MONTHS)


def lapsed_from(due: Days) -> Days:
    """The day on which it has lapsed if the service that is due has not been done."""
    return add_months(due, LAPSED_AFTER_MONTHS)


@dataclass(frozen=True)
class Turns:
    """Of each car the days on which it goes from stage to stage, if it comes for its services."""

    onboarded_on: Days
    renewal_on: Days
    contract_end_on: Days

    def stages(
        self, lost_on: Days, lapsed_on: Days, gone: npt.NDArray[np.bool_], today: Days | np.datetime64
    ) -> npt.NDArray[np.int64]:
        """The rules of `vehicle_stages` as positions in STAGES; `today` may be a day of its own for each."""
        choices = {
            "gone": gone,
            "lost": lost_on <= today,
            "lapsed": lapsed_on <= today,
            "onboarding": self.onboarded_on > today,
            "renewal": (self.contract_end_on > today) & (self.renewal_on <= today),
            "warranty": self.contract_end_on > today,
        }
        found = np.full(len(lost_on), STAGES.index("after_warranty"))
        for stage, those in reversed(choices.items()):  # the first that is true is written last
            np.putmask(found, those, STAGES.index(stage))
        return found

    def take(self, car: npt.NDArray[np.int64]) -> Turns:
        """Those of the cars in these rows."""
        return Turns(self.onboarded_on[car], self.renewal_on[car], self.contract_end_on[car])


def turns_of(vehicles: pd.DataFrame) -> Turns:
    """Contracts end as recorded, else 36 months after the purchase, of used cars never."""
    purchased = days(vehicles["purchased_on"])
    warranty = days(vehicles["warranty_end_on"])
    usual = np.where(is_used(vehicles), np.datetime64("NaT"), add_months(purchased, CONTRACT_MONTHS))
    end = np.where(np.isnat(warranty), usual, warranty)
    return Turns(add_months(purchased, ONBOARDING_MONTHS), add_months(end, -RENEWAL_MONTHS), end)
