"""When a call is tried again."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from planner.dates import Days, days
from planner.outcomes.attempts import MOST_TRIES, WAIT_WORKING_DAYS, Diary
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
        found[place] = _after(row, settings)
    set_on = days(contacts["callback_on"])
    return np.where(np.isnat(set_on), found, set_on)


def _after(tried: pd.Series, settings: Settings) -> date:
    """The day that stands the wait after an attempt, and on which the advisor is there."""
    tried_on, attempts = tried["outcome_at"].date(), int(tried["attempts"] or 1)
    wait = WAIT_WORKING_DAYS[min(max(attempts, 1), len(WAIT_WORKING_DAYS)) - 1]
    diary = Diary(settings, tried_on)
    advisor = tried["advisor"] if pd.notna(tried["advisor"]) else None
    latest = tried["latest_on"].date() if pd.notna(tried["latest_on"]) else None
    return diary.try_day(diary.call_day(tried_on, wait), advisor, latest)
