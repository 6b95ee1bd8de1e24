"""Who may be contacted at all, by which channel, and on which days."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.consents import Bools, Consents, Objections, consents
from planner.cycle.touchpoints import others
from planner.dates import message_days, quiet_days, working_days
from planner.outcomes.complaints import rests_until
from planner.settings import Settings

__all__ = [
    "Bools",
    "Consents",
    "best_allowed",
    "consents",
    "kind_of_days",
    "open_days",
    "rests_until",
]

# The rows of `open_days`.
WORKING_DAYS, MESSAGE_DAYS, ANY_DAYS = range(3)
BY_PEOPLE = ("call", "post")  # somebody has to be at work for it


def open_days(settings: Settings, as_of: date, days: int) -> Bools:
    """On which of that many days, the as-of day first, may something go out? One row per kind of day.

    WORKING_DAYS for calls and letters; MESSAGE_DAYS, no public holiday, for messages; ANY_DAYS for
    greetings, which come on their day. Quiet days are closed to all three.
    """
    end = date.max if days > (date.max - as_of).days else as_of + timedelta(days=days)
    loud = ~quiet_days(settings, as_of, end)
    found = np.stack(
        [working_days(settings, as_of, end) & loud, message_days(settings, as_of, end) & loud, loud]
    )
    return np.pad(found, ((0, 0), (0, days - found.shape[1])))


def kind_of_days(channel: pd.Series, purpose: pd.Series) -> npt.NDArray[np.int64]:
    """The row of `open_days` that holds for each contact."""
    greeting = np.where(purpose.eq("greeting"), ANY_DAYS, MESSAGE_DAYS)
    return np.where(channel.isin(BY_PEOPLE), WORKING_DAYS, greeting)


def best_allowed(free: pd.DataFrame, said: Consents, settings: Settings) -> tuple[pd.DataFrame, Objections]:
    """The contacts by the channel that they may use, and the objection of the household, if any remains.

    Where the household has not agreed to a touchpoint's own channel, the first of the column `instead` that
    it allows is taken with its script, for the purposes of `consent.instead`.
    """
    objection = said.objection(free["household_id"], free["channel"], free["purpose"], settings)
    if "instead" not in free or not settings.consent.instead:
        return free, objection
    may = (objection == "consent") & free["purpose"].isin(settings.consent.instead).to_numpy(dtype=bool)
    places = np.flatnonzero(may)
    code, cells = pd.factorize(free["instead"].iloc[places])
    channel, script = (free[name].to_numpy(dtype=object, copy=True) for name in ("channel", "script"))
    for number, cell in enumerate(cells):
        left = places[code == number]
        for other, its_script in others(str(cell)):
            rows = free.iloc[left]
            by_other = pd.Series(other, rows.index, dtype="str")
            still = said.objection(rows["household_id"], by_other, rows["purpose"], settings) != ""
            found, left = left[~still], left[still]
            channel[found], script[found], objection[found] = other, its_script, ""
    return free.assign(
        channel=pd.Series(channel, free.index, dtype="str"), script=pd.Series(script, free.index, dtype="str")
    ), objection
