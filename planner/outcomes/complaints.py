"""A complaint rests offers and the win-back for a while: docs/decisions/0011."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.settings import Settings

WELL_AGAIN = ("booked", "interest_second_car")  # outcomes that end the rest after a complaint


def offers(kind: pd.Series, purpose: pd.Series) -> npt.NDArray[np.bool_]:
    """Which touchpoints, by kind and purpose, rest after a complaint?

    What offers something, and the win-back: it asks back whom we have just given a reason to stay away.
    """
    return (purpose.eq("marketing") | kind.eq("lapsed")).to_numpy(dtype=bool)


def open_complaints(contacts: pd.DataFrame) -> pd.Series:
    """The day of the last complaint of each household that nothing has settled since (WELL_AGAIN).

    In: CONTACTS. Out: dates by household_id.
    """
    known = contacts[contacts["outcome_at"].notna()]
    complained = known[known["outcome"] == "complaint"].groupby("household_id")["outcome_at"].max()
    well = known[known["outcome"].isin(WELL_AGAIN)].groupby("household_id")["outcome_at"].max()
    return complained[~(well.reindex(complained.index) > complained)]


def rests_until(contacts: pd.DataFrame, settings: Settings) -> pd.Series:
    """The day from which each household with an open complaint may be offered something again.

    In: CONTACTS. Out: dates by household_id. Offers rest for `complaint_rest_days`, or until an outcome of a
    later day shows that the customer is well disposed again (WELL_AGAIN).
    """
    return open_complaints(contacts) + pd.Timedelta(days=settings.contact_rules.complaint_rest_days)


def taken_back(
    contacts: pd.DataFrame, touchpoints: pd.DataFrame, settings: Settings
) -> npt.NDArray[np.bool_]:
    """Which contacts (CONTACTS) offer something too early after a complaint? A talk that began goes on."""
    rests = touchpoints.loc[offers(touchpoints["kind"], touchpoints["purpose"]), "id"]
    unsaid = contacts["touchpoint"].isin(rests) & contacts["outcome"].isna() & contacts["callback_on"].isna()
    again = rests_until(contacts, settings).reindex(contacts["household_id"]).to_numpy()
    return (unsaid & (contacts["planned_on"].to_numpy() < again)).to_numpy(dtype=bool)
