"""Who is one household. The rule in words, with examples: docs/households.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.columns import typed
from planner.errors import Issue, IssueCode, issues_frame
from planner.people import contacts_of
from planner.settings import Settings
from planner.spelling import name_keys
from planner.tables import STORED_CUSTOMERS

Ints = npt.NDArray[np.int64]
NAMED_IN_MESSAGE = 3
NOBODY = -1


def resolve_households(customers: pd.DataFrame, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Everybody's household, and issues for contacts that make nobody one.

    customers: as tables.CUSTOMERS (household_id is the given one) or STORED_CUSTOMERS (household_given
    is), one row a customer_id. Returns STORED_CUSTOMERS in the given order, household_id filled for all.

    1. A given household stands.
    2. The same name and the same phone or e-mail is the same person, through any number of rows.
    3. Who shares a phone or e-mail with somebody of a given household belongs to it.
    4. Of others, two who share a phone or e-mail found a household, and whoever has one of the contacts
       that both founders have belongs to it. Nobody is in two, so there are no chains. Smaller
       customer_ids come first.

    Contacts with more different names than settings.household.shared_by_at_most, the dealership's own and
    made-up ones join nobody (issue code: shared-contact). A worked-out household is called 'H-' and its
    smallest customer_id, whatever the order of rows.
    """
    people = customers.reset_index(drop=True)
    given = _given(people)
    held = _usable(people, settings)
    issues = issues_frame(_told(held, people["customer_id"]))
    held = held[held["why_not"] == ""]

    rank = _natural_rank(people["customer_id"], held["row"].unique())
    given_rank = _natural_rank(given, np.flatnonzero(given.notna()))
    person = _persons(held, len(people))
    home = _homes(person, given_rank)
    star, star_home = _stars(held[held["kind"] != "firm"], person, home, rank)
    home = np.where(home == NOBODY, star_home, home)
    made = _made_names(people["customer_id"], star, rank)
    made = made.where(~made.isin(given), "H-" + made)  # a dealership may have an H-17 of its own
    by_rank = pd.Series(given.to_numpy(), index=given_rank, dtype="str").groupby(level=0).first()
    theirs = pd.Series(home).where(home != NOBODY).map(by_rank).astype("str")
    household = given.where(given.notna(), theirs.where(theirs.notna(), made))
    resolved = people.assign(household_given=given, household_id=household).set_axis(customers.index)
    return typed(resolved, STORED_CUSTOMERS), issues


def links_of(customers: pd.DataFrame, settings: Settings, customer_id: str) -> pd.DataFrame:
    """Why everybody else of a customer's household is in it: customer_id, why; in the given order.

    customers: as resolved. why: what the two have in common and what counts ('household id', 'name',
    'phone', 'e-mail', joined by 'and'), or '' where they are linked through others only.
    """
    people = customers.reset_index(drop=True)
    one = people["customer_id"].eq(customer_id).to_numpy()
    same = people["household_id"].isin(people.loc[one, "household_id"]).to_numpy()
    held = _usable(people, settings)
    held = held[held["why_not"] == ""]
    mine = held[one[held["row"]]].set_index("contact")["who"]
    theirs = held[held["contact"].isin(mine.index) & (same & ~one)[held["row"]]]
    namesake = theirs["contact"].map(mine).to_numpy() == theirs["who"].to_numpy()
    theirs = theirs.assign(namesake=namesake)[namesake | (theirs["kind"] != "firm").to_numpy()]

    others = np.flatnonzero(same & ~one)
    given = _given(people)
    shares = {
        "household id": given.iloc[others].isin(given[one].dropna()).to_numpy(),
        "name": np.isin(others, theirs.loc[theirs["namesake"], "row"]),
        "phone": np.isin(others, theirs.loc[theirs["thing"] == "phone", "row"]),
        "e-mail": np.isin(others, theirs.loc[theirs["thing"] == "e-mail", "row"]),
    }
    why = [
        " and ".join(word for word, yes in zip(shares, row, strict=True) if yes)
        for row in zip(*shares.values(), strict=True)
    ]
    ids = people["customer_id"].iloc[others].reset_index(drop=True)
    return pd.DataFrame({"customer_id": ids, "why": pd.Series(why, dtype="str")})


def _given(people: pd.DataFrame) -> pd.Series:
    return people["household_given" if "household_given" in people else "household_id"].astype("str")


def _usable(people: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """contacts_of with who (a number for the name; the nameless are nobody's namesake), names (how many
    different ones stand with the contact) and why_not ('own', 'made-up', 'many', or '' where it counts)."""
    held = contacts_of(people, settings)
    rows = held["row"].unique()
    keys = name_keys(people["name"].iloc[rows])
    codes, _ = pd.factorize(keys.where(keys != "", "\n" + keys.index.astype("str")))
    who = np.full(len(people), NOBODY)
    who[rows] = codes
    held = held.assign(who=who[held["row"]])
    held["names"] = held.groupby("contact")["who"].transform("nunique")
    many = (held["names"] > settings.household.shared_by_at_most).to_numpy()
    useless = held["kind"].isin(["own", "made-up"]).to_numpy()
    return held.assign(why_not=np.where(useless, held["kind"], np.where(many, "many", "")))


def _told(held: pd.DataFrame, ids: pd.Series) -> Iterator[Issue]:
    """One line for the dealership's own contacts, one for the made-up, one for each that many share."""
    for (why, thing), rows in held[held["why_not"].isin(["own", "made-up"])].groupby(["why_not", "thing"]):
        whose = f"the dealership's own {thing}" if why == "own" else f"a made-up {thing}"
        count = rows["row"].nunique()
        message = f"{whose} stands with {count} customer{'s' * (count > 1)}; it makes nobody a household"
        yield Issue("customers", 0, str(rows["column"].min()), IssueCode.SHARED_CONTACT, message)
    shared = held[held["why_not"] == "many"]
    rank = _natural_rank(ids, shared["row"].unique())
    found = []
    for _, rows in shared.groupby("contact", sort=False):
        persons = sorted(rows["row"], key=lambda row: rank[row])
        named = ", ".join(str(ids.iloc[row]) for row in persons[:NAMED_IN_MESSAGE])
        column, thing, names = str(rows["column"].min()), rows["thing"].iloc[0], rows["names"].iloc[0]
        message = f"one {thing} of {names} people ({named}, ...) makes them no household"
        found.append((rank[persons[0]], Issue("customers", 0, column, IssueCode.SHARED_CONTACT, message)))
    yield from (
        issue for _, issue in sorted(found, key=lambda pair: (pair[0], pair[1].column, pair[1].message))
    )


def _persons(held: pd.DataFrame, count: int) -> Ints:
    """The person that each row is: a number, the same for rows joined by a name and contact in common."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pair = held.groupby(["contact", "who"], sort=False).ngroup().to_numpy()
    nodes = count + len(pair)
    ones = np.ones(len(pair), dtype="int8")
    graph = coo_array((ones, (held["row"].to_numpy(), count + pair)), shape=(nodes, nodes))
    _, labels = connected_components(graph, directed=False)
    return np.asarray(labels[:count], dtype="int64")


def _homes(person: Ints, given_rank: Ints) -> Ints:
    """The given household (its rank) of each row: its own, else the smallest of the person's, else NOBODY."""
    none = np.iinfo("int64").max
    smallest = np.full(len(person) and int(person.max()) + 1, none)
    np.minimum.at(smallest, person, np.where(given_rank == NOBODY, none, given_rank))
    of_person = smallest[person]
    return np.where(given_rank != NOBODY, given_rank, np.where(of_person == none, NOBODY, of_person))


def _stars(links: pd.DataFrame, person: Ints, home: Ints, rank: Ints) -> tuple[Ints, Ints]:
    """Of each row the household that shared contacts make: a number, and the given one that it is, if any.

    A row in no such household has its person's number and NOBODY.
    """
    row = links["row"].to_numpy()
    there = pd.DataFrame({"contact": links["contact"], "person": person[row], "home": home[row]})
    homes = there[there["home"] != NOBODY].groupby("contact")["home"].min()
    there = there[there["home"] == NOBODY].drop_duplicates(["contact", "person"])
    there = there[there["contact"].duplicated(keep=False) | there["contact"].isin(homes.index)]

    # A person is as old as his first id.
    age = pd.Series(np.where(rank == NOBODY, len(rank), rank)).groupby(person).min()
    there["age"] = age.reindex(there["person"]).to_numpy()
    there = there.sort_values(["age", "contact"])
    starts = np.flatnonzero(~there["person"].duplicated().to_numpy())
    contacts = there["contact"].tolist()
    each = (contacts[start:end] for start, end in pairwise([*starts.tolist(), len(contacts)]))
    found = _join(each, dict(zip(homes.index, homes, strict=True)), int(home.max(initial=NOBODY)) + 1)

    persons = there["person"].to_numpy()[starts]
    star, star_home = np.arange(len(age)), np.full(len(age), NOBODY)  # by person
    joined = found != NOBODY
    star[persons[joined]] = len(age) + found[joined]
    is_given = joined & (found <= home.max(initial=NOBODY))
    star_home[persons[is_given]] = found[is_given]
    return star[person], star_home[person]


def _join(people: Iterable[list[str]], homes: dict[str, int], next_home: int) -> Ints:
    """The household of each person, the oldest first, from their contacts; NOBODY for who stays alone.

    homes: the given households that contacts lead to; new ones are numbered from next_home. Who comes
    joins the first household that one of his contacts leads to; else he founds one with the oldest who
    is still alone and has a contact of his, and the contacts of both lead there from now on. A newcomer
    therefore changes nothing between those who were there before him. This is a loop because each choice
    depends on those before it; it runs over people who share a contact, not over all.
    """
    leads_to = dict(homes)
    alone: dict[str, int] = {}
    found: list[int] = []
    for one, held in enumerate(people):
        found.append(min((leads_to[c] for c in held if c in leads_to), default=NOBODY))
        if found[one] != NOBODY:
            continue
        partner = min((alone[c] for c in held if c in alone and found[alone[c]] == NOBODY), default=NOBODY)
        if partner == NOBODY:
            alone.update(dict.fromkeys(held, one))
            continue
        leads_to.update((c, next_home) for c in held if alone.get(c) == partner)
        found[one] = found[partner] = next_home
        next_home += 1
    return np.array(found, dtype="int64")


def _made_names(ids: pd.Series, group: Ints, rank: Ints) -> pd.Series:
    """'H-' and the smallest id of each row's group."""
    linked = np.flatnonzero(rank != NOBODY)
    linked = linked[np.argsort(rank[linked], kind="stable")]
    first = np.arange(len(ids))
    groups, places = np.unique(group[linked], return_index=True)
    first[linked] = linked[places[np.searchsorted(groups, group[linked])]]
    return pd.Series("H-" + ids.to_numpy()[first], dtype="str") if len(ids) else ids


def _natural_rank(ids: pd.Series, rows: Ints) -> Ints:
    """The place of the ids of these rows when sorted as people do: 9 before 10, A9 before A10.

    Equal ids share a place; other rows have NOBODY.
    """
    codes, distinct = pd.factorize(ids.iloc[rows])
    names = pd.Series(distinct, dtype="str")
    padded = names.str.replace(r"\d+", lambda digits: digits[0].lstrip("0").zfill(20), regex=True)
    order = (padded + " " + names).argsort().to_numpy()  # 007 and 7 are two ids
    places = np.empty(len(order), dtype="int64")
    places[order] = np.arange(len(order))
    rank = np.full(len(ids), NOBODY)
    rank[rows] = places[codes]
    return rank
