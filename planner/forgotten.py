"""Who has been forgotten, by fingerprint: enough to know them when an export brings them back, and no more.

What is erased and what stays, in words: docs/privacy.md.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.errors import Issue, IssueCode
from planner.people import e164, folded_emails
from planner.spelling import ASCII_DIGITS, name_keys

Mask = npt.NDArray[np.bool_]
CUSTOMER, VEHICLE, PERSON, CONTACT = "customer", "vehicle", "person", "contact"
NAMED_IN_MESSAGE = 3


@dataclass(frozen=True)
class Forgotten:
    """The fingerprints of a store, and the key that they were made with."""

    key: bytes
    marks: frozenset[str]

    def mark(self, kind: str, value: str) -> str:
        """The fingerprint of an id or contact: HMAC-SHA-256, so that without the key nothing can be tried."""
        return hmac.new(self.key, f"{kind}\n{value}".encode(), "sha256").hexdigest()

    def has(self, kind: str, values: pd.Series) -> Mask:
        """Which of the values are forgotten; a missing one is not."""
        if not self.marks:
            return np.zeros(len(values), dtype=bool)
        codes, distinct = pd.factorize(values)
        found = np.array([self.mark(kind, str(value)) in self.marks for value in distinct] + [False])
        return np.asarray(found[codes], dtype=bool)

    def ids(self, kind: str, values: pd.Series) -> Mask:
        """Which of the customer or vehicle ids are forgotten, however they are spelled."""
        return self.has(kind, same_id(values)) if self.marks else np.zeros(len(values), dtype=bool)


NOBODY = Forgotten(b"", frozenset())


def same_id(ids: pd.Series) -> pd.Series:
    """Ids as they are compared: without blanks and case, in ASCII digits, without Excel's .0."""
    text = ids.astype("str").str.replace(r"\s+", "", regex=True).str.translate(ASCII_DIGITS)
    return text.str.replace(r"^(\d+)\.0$", r"\1", regex=True).str.upper()


def contacts_by_row(people: pd.DataFrame, country: str) -> pd.DataFrame:
    """Every phone and e-mail of customers: row (position), contact (E.164 or folded), who (name)."""
    columns = [e164(people[name], country) for name in ("phone", "phone_2")] + [
        folded_emails(people["email"])
    ]
    who = name_keys(people["name"])
    place = np.arange(len(people))
    parts = [
        pd.DataFrame({"row": place, "contact": one.to_numpy(), "who": who.to_numpy()}) for one in columns
    ]
    found = pd.concat(parts, ignore_index=True)
    return found[found["contact"] != ""].drop_duplicates().reset_index(drop=True)


def marks_of(
    one: pd.DataFrame, cars: Iterable[str], others: pd.DataFrame, forgotten: Forgotten, country: str
) -> Iterator[str]:
    """The fingerprints that are kept of a customer (one row): of the id, the cars, the phones and e-mails.

    A phone or e-mail that one of `others` has too counts together with the name only: they stay.
    """
    yield forgotten.mark(CUSTOMER, same_id(one["customer_id"]).iloc[0])
    for car in same_id(pd.Series(list(cars), dtype="str")):
        yield forgotten.mark(VEHICLE, car)
    held = contacts_by_row(one, country)
    shared = set(contacts_by_row(others, country)["contact"])
    for contact, who in zip(held["contact"], held["who"], strict=True):
        yield forgotten.mark(PERSON, f"{who}\n{contact}")
        if contact not in shared:
            yield forgotten.mark(CONTACT, contact)


def not_to_be_contacted(
    customers: pd.DataFrame, forgotten: Forgotten, country: str
) -> tuple[pd.DataFrame, list[Issue]]:
    """Customers of an import, with do_not_contact for those who have a forgotten phone or e-mail.

    It may be the same person under a new number. Issue code: forgotten (kept).
    """
    if not forgotten.marks or customers.empty:
        return customers, []
    held = contacts_by_row(customers, country)
    hit = forgotten.has(CONTACT, held["contact"]) | forgotten.has(
        PERSON, held["who"] + "\n" + held["contact"]
    )
    rows = np.unique(held["row"].to_numpy()[hit])
    if not len(rows):
        return customers, []
    blocked = customers["do_not_contact"].copy()
    blocked.iloc[rows] = "yes"
    named = ", ".join(customers["customer_id"].iloc[rows[:NAMED_IN_MESSAGE]])
    more = ", ..." if len(rows) > NAMED_IN_MESSAGE else ""
    message = (
        f"{len(rows)} with a phone or e-mail of somebody who was forgotten: not contacted ({named}{more})"
    )
    issue = Issue("forgotten", 0, "do_not_contact", IssueCode.FORGOTTEN, message)
    return customers.assign(do_not_contact=blocked), [issue]
