"""Who is the same customer: phones to E.164, and one household for the people behind one phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.errors import Issue, IssueCode, issues_frame
from planner.settings import Settings
from planner.tables import STORED_CUSTOMERS, typed

SEVERAL = re.compile(r"[/;,|\n]| or | أو ")  # what stands between two numbers in one cell
NAMED_IN_MESSAGE = 3


def e164(phones: pd.Series, country: str) -> pd.Series:
    """Each phone as +<country><number>; '' for what is missing or cannot be dialled.

    `country` is the ISO 3166 code that numbers without a country code belong to. Of several numbers
    in one cell the first that can be dialled counts. Keeps the index.
    Source of numbering plans: the phonenumbers library (Google's libphonenumber).

    >>> e164(pd.Series(["0100 123 4567", "+1 212 555 0100", "12"], dtype="str"), "EG").tolist()
    ['+201001234567', '+12125550100', '']
    """
    codes, distinct = pd.factorize(phones)
    dialled = np.array([_dial(str(phone), country) for phone in distinct] + [""], dtype=object)
    return pd.Series(dialled[codes], index=phones.index, dtype="str")  # a missing phone has code -1


@lru_cache(maxsize=1 << 18)  # an import asks for every number twice
def _dial(phone: str, country: str) -> str:
    for text in (phone, *SEVERAL.split(phone)[:-1], SEVERAL.split(phone)[-1]):
        if number := _one(text, country):
            return number
    return ""


def _one(text: str, country: str) -> str:
    import phonenumbers  # late: numbering plans of the world

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def resolve_households(customers: pd.DataFrame, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Everybody's household, and issues for contacts that too many people share.

    customers: as tables.CUSTOMERS (household_id is the given one) or STORED_CUSTOMERS (household_given
    is), one row a customer_id. Returns STORED_CUSTOMERS in the given order, household_id filled for all.

    A given household counts before all else, and no phone joins two of them. Otherwise the same phone
    (in either column) or e-mail makes one household, unless more than
    settings.household.shared_by_at_most customers have it: such a contact joins nobody (issue code:
    shared-contact). A worked-out household is called 'H-' and its smallest customer_id, whatever the
    order of rows. People without a given household who are linked to several of them belong to the
    smallest.
    """
    people = customers.reset_index(drop=True)
    given = people["household_given" if "household_given" in people else "household_id"].astype("str")
    links = _links(people, settings.dealership.country)
    shared_by = links.groupby("contact")["person"].transform("size")
    too_many = shared_by > settings.household.shared_by_at_most
    issues = issues_frame(_shared_contacts(links[too_many], people["customer_id"]))
    links = links[~too_many]

    group = _components(links, given.notna().to_numpy(), len(people))
    rank = _natural_rank(people["customer_id"])
    first = pd.Series(rank).groupby(group).transform("min").to_numpy()
    by_rank = people["customer_id"].to_numpy()[np.argsort(rank)]
    made = pd.Series("H-" + by_rank[first], dtype="str") if len(people) else given
    made = made.where(~made.isin(given), "H-" + made)  # a dealership may have an H-17 of its own
    joined = _linked_given(links, given, group)
    household = given.where(given.notna(), joined.where(joined.notna(), made))
    resolved = people.assign(household_given=given, household_id=household).set_axis(customers.index)
    return typed(resolved, STORED_CUSTOMERS), issues


def _links(people: pd.DataFrame, country: str) -> pd.DataFrame:
    """One row a customer and contact: person (row number), contact, column; no repeats."""
    parts = []
    for column in ("phone", "phone_2", "email"):
        text = people[column].astype("str")
        contact = e164(text, country) if column != "email" else text.str.strip().str.casefold().fillna("")
        usable = contact.str.contains("@", regex=False) if column == "email" else contact != ""
        person = np.flatnonzero(usable)
        parts.append(
            pd.DataFrame({"person": person, "contact": contact.to_numpy()[person], "column": column})
        )
    return pd.concat(parts, ignore_index=True).drop_duplicates(["person", "contact"])


def _shared_contacts(links: pd.DataFrame, ids: pd.Series) -> Iterator[Issue]:
    rank = _natural_rank(ids)
    found = []
    for _, held in links.groupby("contact", sort=False):
        persons = sorted(held["person"], key=lambda person: rank[person])
        named = ", ".join(str(ids.iloc[person]) for person in persons[:NAMED_IN_MESSAGE])
        column = str(held["column"].min())
        thing = "e-mail" if column == "email" else "phone"
        message = f"one {thing} of {len(persons)} customers ({named}, ...) makes them no household"
        found.append((rank[persons[0]], Issue("customers", 0, column, IssueCode.SHARED_CONTACT, message)))
    return (issue for _, issue in sorted(found, key=lambda pair: (pair[0], pair[1].column, pair[1].message)))


def _components(links: pd.DataFrame, is_given: npt.NDArray[np.bool_], count: int) -> npt.NDArray[np.int64]:
    """The group of each person: those without a given household, joined by their contacts."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    free = links[~is_given[links["person"]]]
    contacts, _ = pd.factorize(free["contact"])
    nodes = count + (int(contacts.max()) + 1 if len(contacts) else 0)
    graph = coo_array(
        (np.ones(len(free), dtype="int8"), (free["person"].to_numpy(), count + contacts)),
        shape=(nodes, nodes),
    )
    _, labels = connected_components(graph, directed=False)
    return np.asarray(labels[:count], dtype="int64")


def _linked_given(links: pd.DataFrame, given: pd.Series, group: npt.NDArray[np.int64]) -> pd.Series:
    """For each person the given household that somebody of the group shares a contact with, if any."""
    held = links.assign(given=given.to_numpy()[links["person"]], group=group[links["person"]])
    theirs = held.loc[held["given"].notna(), ["contact", "given"]]
    ours = held.loc[held["given"].isna(), ["contact", "group"]]
    pairs = ours.merge(theirs, on="contact")
    pairs = pairs.assign(rank=_natural_rank(pairs["given"])).sort_values("rank")
    smallest = pairs.drop_duplicates("group").set_index("group")["given"]
    return pd.Series(group).map(smallest).astype("str")


def _natural_rank(ids: pd.Series) -> npt.NDArray[np.int64]:
    """The place of each id when sorted as people do: 9 before 10, A9 before A10; equal ids share one."""
    padded = ids.astype("str").str.replace(r"\d+", lambda digits: digits[0].lstrip("0").zfill(20), regex=True)
    order = padded + " " + ids.astype("str")  # 007 and 7 are two ids
    rank: npt.NDArray[np.int64] = order.rank(method="dense").fillna(0).to_numpy().astype("int64") - 1
    return rank
