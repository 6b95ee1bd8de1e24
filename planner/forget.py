"""Erases a person's data from the store. What goes, what stays and why: docs/privacy.md."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from planner.errors import InputError
from planner.forgotten import CUSTOMER, contacts_by_row, marks_of
from planner.pipeline import resolve
from planner.settings import Settings
from planner.store import Store

SHORTEST_WORD = 3  # letters of a name that are looked for in notes


@dataclass(frozen=True)
class Erased:
    """What a `forget` did. `rows`: erased by table; `same_person`: other customers who look like the same."""

    already: bool
    rows: dict[str, int]
    fingerprints: int
    same_person: tuple[str, ...]


def forget(store: Store, customer_id: str, settings: Settings, on: date) -> Erased:
    """Erases a customer with the cars and all that hangs on them, and keeps fingerprints.

    All or nothing; afterwards the store's file is written anew, so that nothing is left in its gaps. Who
    is forgotten already: only this is done again. Raises InputError for an unknown id, StoreError where
    another program keeps the file from being written anew.
    """
    country = settings.dealership.country
    forgotten = store.forgotten(make_key=True)
    customers, vehicles = store.read("customers"), store.read("vehicles")
    mine = customers["customer_id"] == customer_id
    if not mine.any():
        known = forgotten.ids(CUSTOMER, pd.Series([customer_id], dtype="str"))[0]
        if not known:
            raise InputError(f"{customer_id}: no customer has this id; it is the one of the customers table")
        store.shred()
        return Erased(True, {}, 0, ())
    one, others = customers[mine], customers[~mine]
    cars = vehicles.loc[vehicles["customer_id"] == customer_id, "vehicle_id"].tolist()
    marks = sorted(set(marks_of(one, cars, others, forgotten, country)))
    rows = store.counts()
    with store.transaction():
        store.erase(customer_id, cars)
        home = others[others["household_id"] == one["household_id"].iloc[0]]
        store.scrub(_pattern(one, cars, country), list(home["customer_id"]), _words(one, home))
        store.keep_marks(marks, on)
        resolve(store, settings)
        store.follow_households()
    left = store.counts()
    store.shred()
    erased = {name: count - left[name] for name, count in rows.items() if count > left[name]}
    return Erased(False, erased, len(marks), _same_person(one, others, country))


def _pattern(one: pd.DataFrame, cars: Iterable[str], country: str) -> re.Pattern[str]:
    """What names the person in any text: id, name, phones, e-mail, address, cars."""
    told = one[["customer_id", "name", "phone", "phone_2", "email", "address"]].iloc[0].dropna()
    return _any_of({*told, *cars, *contacts_by_row(one, country)["contact"]})


def _words(one: pd.DataFrame, home: pd.DataFrame) -> re.Pattern[str]:
    """Words of the name that nobody else in the household has: they name the person in notes of theirs."""
    words = set(str(one["name"].iloc[0]).casefold().split())
    theirs = set(" ".join(home["name"].dropna()).casefold().split())
    return _any_of({word for word in words - theirs if len(word) >= SHORTEST_WORD})


def _any_of(texts: set[str]) -> re.Pattern[str]:
    longest_first = sorted((text.strip().casefold() for text in texts), key=len, reverse=True)
    either = "|".join(re.escape(text) for text in longest_first if text)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if either else r"(?!)")


def _same_person(one: pd.DataFrame, others: pd.DataFrame, country: str) -> tuple[str, ...]:
    """Other ids with the same name and a phone or e-mail in common."""
    held = contacts_by_row(one, country)
    theirs = contacts_by_row(others, country).merge(held[["contact", "who"]])
    return tuple(others["customer_id"].iloc[sorted(set(theirs["row"]))])
