"""Calls that were made and that the calendar does not show: a contact holds one day at most."""

from __future__ import annotations

import pandas as pd

from planner.columns import typed
from planner.tables import CONTACTS, LIVE_STATUSES


def talks(contacts: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Those calls as done contacts (CONTACTS), each on the day on which it was made.

    contacts: CONTACTS; answers: ANSWERS. Two kinds: the talk that ended with a promise to call again, whose
    contact holds the promised day since; and the last try of a contact that fell away, as its car came
    meanwhile. A try that reached nobody and is to be repeated is no talk: its next attempt holds the place.
    """
    if answers.empty:
        return typed(contacts.head(0), CONTACTS)
    made = answers[["contact_id", "attempt", "outcome", "said_on"]].sort_values("attempt", kind="stable")
    last = ~made["contact_id"].duplicated(keep="last")
    rows = made.rename(columns={"outcome": "said"}).assign(last=last).merge(contacts, on="contact_id")
    live = rows["status"].isin(LIVE_STATUSES) & rows["planned_on"].notna()
    promised = rows["said"].eq("callback") & ~(live & rows["planned_on"].eq(rows["said_on"]))
    hidden = rows[promised | (rows["last"] & ~live)].reset_index(drop=True)
    day = hidden["said_on"]
    return typed(
        hidden.assign(
            status="done", channel="call", planned_on=day, outcome=hidden["said"], outcome_at=day,
            also_vehicle_ids=None,
        ),
        CONTACTS,
    )  # fmt: skip
