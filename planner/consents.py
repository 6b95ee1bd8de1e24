"""What people said to being contacted, by household and channel: one who says no speaks for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.settings import Purpose, Settings
from planner.tables import CHANNELS

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.intp]
Objections = npt.NDArray[np.object_]

PURPOSES: tuple[str, ...] = get_args(Purpose)


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
