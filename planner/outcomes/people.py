"""What people said to being contacted, laid over the customers: no calls, no contact, a wrong number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from planner.consents import Bools
from planner.errors import Issue, IssueCode, issues_frame
from planner.people import e164, same_contacts
from planner.settings import Settings


def as_said(customers: pd.DataFrame, answers: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """CUSTOMERS with what they told callers; exports that came later do not undo it.

    do_not_call: consent_call is no, or with scope all do_not_contact is yes, for everybody of the household
    and everybody with the same phone or e-mail. wrong_number: that number is not dialled any more for
    anybody of the household; the second number takes its place.
    """
    said = answers[answers["outcome"] == "do_not_call"]
    everything = said["scope"].eq("all")
    for column, word, those in (
        ("consent_call", "no", said),
        ("do_not_contact", "yes", said[everything]),
    ):
        if len(those):
            who = _theirs(customers, those, settings)
            customers = customers.assign(**{column: customers[column].mask(who, word).astype("str")})
    wrong = answers[answers["outcome"].eq("wrong_number") & answers["phone"].notna()]
    return _other_numbers(customers, wrong, settings) if len(wrong) else customers


def nobody_answers(customers: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """ISSUES, code wrong-number: of each customer whose only number turned out to be somebody else's.

    customers: as `as_said` returns them.
    """
    said = answers.loc[answers["outcome"] == "wrong_number", "customer_id"]
    left = customers[customers["customer_id"].isin(said) & customers["phone"].isna()]
    return issues_frame(
        Issue(
            "outcomes",
            0,
            "phone",
            IssueCode.WRONG_NUMBER,
            f"customer {customer_id}: the number is somebody else's, and there is no other; "
            "an export with another number brings the calls back",
        )
        for customer_id in sorted(left["customer_id"])
    )


class Numbers:
    """The numbers of the people of some contacts while a list is read, and which turn out to be wrong."""

    def __init__(self, contacts: pd.DataFrame, customers: pd.DataFrame, country: str) -> None:
        rows = customers[customers["customer_id"].isin(contacts["customer_id"])]
        columns = (_dialled(rows[column], country) for column in ("phone", "phone_2"))
        pairs = zip(*columns, strict=True)
        self._of: dict[str, list[str]] = {
            who: [number for number in dict.fromkeys(pair) if number]
            for who, pair in zip(rows["customer_id"], pairs, strict=True)
        }
        self._wrong: set[tuple[str, str]] = set()

    def dialled(self, contact: Mapping[str, Any]) -> str | None:
        """The number to call: the first that is not known to be wrong in this household."""
        for number in self._of.get(contact["customer_id"], []):
            if (contact["household_id"], number) not in self._wrong:
                return number
        return None

    def strike(self, contact: Mapping[str, Any]) -> None:
        """The number that was dialled for this contact was wrong."""
        number = self.dialled(contact)
        if number:
            self._wrong.add((contact["household_id"], number))


def _theirs(customers: pd.DataFrame, said: pd.DataFrame, settings: Settings) -> Bools:
    """Who is of a household that said it, or has a phone or e-mail of somebody who is."""
    spoke = customers["customer_id"].isin(said["customer_id"])
    # The household may be another one by now; whoever was of it then is not let go.
    homes = [*said["household_id"].dropna(), *customers.loc[spoke, "household_id"].dropna()]
    at_home = spoke | customers["household_id"].isin(homes)
    dialled = said["phone"].dropna()
    return at_home.to_numpy(dtype=bool) | same_contacts(customers, at_home.to_numpy(), dialled, settings)


def _other_numbers(customers: pd.DataFrame, wrong: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The customers without the wrong numbers of their households."""
    now = wrong["customer_id"].map(customers.set_index("customer_id")["household_id"])
    home = now.fillna(wrong["household_id"])
    country = settings.dealership.country
    bad = set(zip(home, _dialled(wrong["phone"], country), strict=True))
    theirs = customers.index[customers["household_id"].isin(sorted({str(name) for name in home}))]
    rows = customers.loc[theirs, ["household_id", "phone", "phone_2"]]
    for column in ("phone", "phone_2"):
        pairs = zip(rows["household_id"], _dialled(rows[column], country), strict=True)
        rows[column] = rows[column].mask(np.array([pair in bad for pair in pairs], dtype=bool))
    moves = rows["phone"].isna() & rows["phone_2"].notna()
    rows["phone"] = rows["phone"].mask(moves, rows["phone_2"])
    rows["phone_2"] = rows["phone_2"].mask(moves)
    customers = customers.copy()
    customers.loc[theirs, ["phone", "phone_2"]] = rows[["phone", "phone_2"]]
    return customers


def _dialled(phones: pd.Series, country: str) -> list[str]:
    """Each number as the telephone network knows it; as it is written where it does not."""
    found = e164(phones.fillna(""), country)
    return found.mask(found == "", phones.fillna("").str.strip()).tolist()
