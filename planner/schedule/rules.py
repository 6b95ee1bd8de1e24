"""Who may be contacted at all, by which channel, and on which days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.cycle.touchpoints import others
from planner.dates import message_days, quiet_days, working_days
from planner.settings import Purpose, Settings
from planner.tables import CHANNELS

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.intp]
Objections = npt.NDArray[np.object_]

PURPOSES: tuple[str, ...] = get_args(Purpose)

# The rows of `open_days`.
WORKING_DAYS, MESSAGE_DAYS, ANY_DAYS = range(3)
WELL_AGAIN = ("booked", "interest_second_car")  # outcomes that end the rest after a complaint
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


@dataclass(frozen=True)
class Consents:
    """What the people of each household said. One who says no speaks for all who pick up that phone."""

    households: pd.Index
    never: Bools  # by household
    no: Bools  # by household and channel, in the order of CHANNELS
    yes: Bools

    def refusal(self, household: pd.Series, channel: pd.Series) -> Objections:
        """`do-not-contact` or `consent` where the household itself forbids the contact, else ""."""
        who, how = self._who(household), _codes(channel, CHANNELS)
        reason = np.where(self.no[who, how], "consent", "").astype(object)
        return np.where(self.never[who], "do-not-contact", reason)

    def objection(
        self, household: pd.Series, channel: pd.Series, purpose: pd.Series, settings: Settings
    ) -> Objections:
        """As `refusal`; where the household is silent, the policy of the settings speaks."""
        who, how, what = self._who(household), _codes(channel, CHANNELS), _codes(purpose, PURPOSES)
        policy = np.array(
            [[name in getattr(settings.consent, goal) for name in CHANNELS] for goal in PURPOSES], dtype=bool
        )
        reason = self.refusal(household, channel)
        silent = ~self.yes[who, how] & ~policy[what, how]
        return np.where((reason == "") & silent, "consent", reason)

    def _who(self, household: pd.Series) -> Codes:
        """The place of each household; one that nobody knows has the last place, and said nothing."""
        codes, names = pd.factorize(household)
        return np.append(self.households.get_indexer(pd.Index(names)), -1)[codes]


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


def rests_until(contacts: pd.DataFrame, settings: Settings) -> pd.Series:
    """The day from which each household with an open complaint may be offered something again.

    In: CONTACTS. Out: dates by household_id. A complaint is open for `complaint_rest_days`, or until an
    outcome of a later day shows that the customer is well disposed again (WELL_AGAIN).
    """
    known = contacts[contacts["outcome_at"].notna()]
    complained = known[known["outcome"] == "complaint"].groupby("household_id")["outcome_at"].max()
    well = known[known["outcome"].isin(WELL_AGAIN)].groupby("household_id")["outcome_at"].max()
    is_open = ~(well.reindex(complained.index) > complained)
    return complained[is_open] + pd.Timedelta(days=settings.contact_rules.complaint_rest_days)


def consents(customers: pd.DataFrame) -> Consents:
    """What the customers' columns consent_* and do_not_contact say, by household."""
    code, names = pd.factorize(customers["household_id"])
    known = code >= 0

    def any_says(column: str, word: str) -> Bools:
        said = np.zeros(len(names) + 1, dtype=bool)
        said[code[known & customers[column].eq(word).to_numpy(dtype=bool)]] = True
        return said

    return Consents(
        households=pd.Index(names),
        never=any_says("do_not_contact", "yes"),
        no=np.stack([any_says(f"consent_{channel}", "no") for channel in CHANNELS], axis=1),
        yes=np.stack([any_says(f"consent_{channel}", "yes") for channel in CHANNELS], axis=1),
    )


def _codes(values: pd.Series, words: tuple[str, ...]) -> Codes:
    """The place of each value among the words."""
    codes, found = pd.factorize(values)
    return np.append(pd.Index(words).get_indexer(pd.Index(found)), -1)[codes]
