"""When a call is tried again."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from planner.dates import Days, days, working_days
from planner.outcomes.attempts import MOST_TRIES, WAIT_WORKING_DAYS
from planner.settings import Settings

UNREACHED = ("no_answer", "voicemail", "busy")


def is_promised(contacts: pd.DataFrame) -> pd.Series[bool]:
    """Which contacts promise the customer a call on `callback_on`?"""
    return contacts["callback_on"].notna() & (contacts["outcome"].isna() | contacts["outcome"].eq("callback"))


def is_unreached(contacts: pd.DataFrame) -> pd.Series[bool]:
    """Which contacts were tried, reached nobody, and have an attempt left?"""
    attempts = contacts["attempts"].fillna(0)
    unreached = contacts["outcome"].isna() | contacts["outcome"].isin(UNREACHED)
    return attempts.between(1, MOST_TRIES - 1) & unreached & ~is_promised(contacts)


def next_call_on(contacts: pd.DataFrame, settings: Settings) -> Days:
    """The day of each contact's next attempt: as promised or set, else after the wait, else planned_on."""
    found = days(contacts["planned_on"]).copy()
    tried = is_unreached(contacts) & contacts["outcome_at"].notna()
    for place in np.flatnonzero(tried.to_numpy()):
        row = contacts.iloc[place]
        found[place] = _after(row["outcome_at"].date(), int(row["attempts"] or 1), settings)
    set_on = days(contacts["callback_on"])
    return np.where(np.isnat(set_on), found, set_on)


def _after(tried_on: date, attempts: int, settings: Settings) -> date:
    """The working day that stands the wait after an attempt of that day."""
    wait = WAIT_WORKING_DAYS[min(max(attempts, 1), len(WAIT_WORKING_DAYS)) - 1]
    begin = tried_on + timedelta(days=1)
    open_days = np.flatnonzero(working_days(settings, begin, begin + timedelta(days=60)))
    return begin + timedelta(days=int(open_days[wait - 1])) if len(open_days) >= wait else begin
