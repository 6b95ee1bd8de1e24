"""Whatever the customers: nobody is in a household without evidence, and nobody with it is left alone."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.columns import typed
from planner.households import resolve_households
from planner.sample import make_sample
from planner.settings import Settings
from planner.tables import CUSTOMERS
from tests.household_world import AT_MOST, P, Row, households, row


@st.composite
def crowds(draw: st.DrawFn, homes: bool = True) -> list[Row]:
    """A dozen people over few names, phones and e-mails, so that they meet."""
    phones, mails = st.sampled_from(["", *P[:6]]), ["", "", "", "a@example.org", "info@example.org"]
    one = st.tuples(
        st.sampled_from(["Adel", "Mona", "Omar", "Sara", "Ziad"]),
        phones,
        phones,
        st.sampled_from(mails),
        st.sampled_from(["", "", "", "", "X", "Y"] if homes else [""]),
    )
    drawn = draw(st.lists(one, min_size=1, max_size=12))
    return [row(i, *each) for i, each in enumerate(drawn, start=1)]


def contacts(person: Row) -> set[str]:
    return {person[key] for key in ("phone", "phone_2", "email") if key in person}


def lawful(rows: list[Row], found: dict[str, str]) -> list[str]:
    """Who is in a household without evidence, by plain loops: a household's name for each such person."""
    names = defaultdict(set)
    for one in rows:
        for contact in contacts(one):
            names[contact].add(one["name"])
    usable = {contact for contact, who in names.items() if len(who) <= AT_MOST}

    def self_of(one: Row) -> list[Row]:
        selves, waiting = [], [one]
        while waiting:
            this = waiting.pop()
            if this not in selves:
                selves.append(this)
                waiting += [
                    o for o in rows if o["name"] == one["name"] and contacts(o) & contacts(this) & usable
                ]
        return selves

    def reach(one: Row) -> set[str]:
        reached = set().union(*(contacts(me) for me in self_of(one)))
        return {contact for contact in reached & usable if not contact.startswith("info@")}

    wrong = []
    for home in sorted(set(found.values())):
        members = [one for one in rows if found[one["customer_id"]] == home]
        if home.startswith("H-"):
            # two of them, or the same person twice, whose common contacts everybody else has one of
            alone = all(one in self_of(members[0]) for one in members)
            cores = [reach(one) & reach(other) for one, other in combinations(members, 2)]
            if not alone and not any(all(core & reach(one) for one in members) for core in cores if core):
                wrong.append(home)
            continue
        for one in members:
            known = {c for o in members if "household_id" in o for me in self_of(o) for c in contacts(me)}
            is_self = any("household_id" in me for me in self_of(one))
            if "household_id" not in one and not is_self and not reach(one) & known:
                wrong.append(home)
    return wrong


@settings(max_examples=150, deadline=None)
@given(crowds(), st.randoms(use_true_random=False))
def test_nobody_is_in_a_household_without_evidence_whatever_the_order_of_rows(
    rows: list[Row], shuffle: random.Random
) -> None:
    found = households(*rows)
    assert lawful(rows, found) == []
    assert all(
        found[one["customer_id"]] == one.get("household_id", found[one["customer_id"]]) for one in rows
    )
    shuffled = rows.copy()
    shuffle.shuffle(shuffled)
    assert households(*shuffled) == found


@settings(max_examples=100, deadline=None)
@given(crowds())
def test_whoever_has_a_link_is_not_left_alone(rows: list[Row]) -> None:
    """The other way round: of those who share a usable phone, nobody is left over next to another."""
    found = households(*rows)
    sizes = pd.Series(found).value_counts()
    for phone in P[:6]:
        held = [one for one in rows if phone in contacts(one)]
        if len({one["name"] for one in held}) <= AT_MOST:
            alone = {one["customer_id"] for one in held if sizes[found[one["customer_id"]]] == 1}
            assert len(alone) <= 1 or len(held) == 1 or all("household_id" in one for one in held)
            namesakes = defaultdict(set)
            for one in held:
                if "household_id" not in one:
                    namesakes[one["name"]].add(found[one["customer_id"]])
            assert all(len(homes) == 1 for homes in namesakes.values())


@settings(max_examples=100, deadline=None)
@given(crowds(), st.integers(0, 1000))
def test_a_stranger_changes_nobody(rows: list[Row], number: int) -> None:
    found = households(*rows)
    stranger = row(number + 100, "Mona", P[10], P[11], "stranger@example.org")
    assert {**households(*rows, stranger)} == {**found, str(number + 100): f"H-{number + 100}"}


@settings(max_examples=150, deadline=None)
@given(crowds(homes=False), st.sampled_from(P[:6]), st.sampled_from(P[:6]))
def test_a_new_customer_parts_and_joins_none_of_the_old(rows: list[Row], phone: str, phone_2: str) -> None:
    before, old = households(*rows), [row["customer_id"] for row in rows]
    newcomer = row(99, "Newcomer", phone, phone_2)
    if any(
        len({one["name"] for one in [*rows, newcomer] if contact in contacts(one)}) > AT_MOST
        for contact in (phone, phone_2)
    ):
        return  # one name too many: the number is a switchboard's now
    after = households(*rows, newcomer)
    assert {id_: after[id_] for id_ in old if sum(before[id_] == home for home in before.values()) > 1} == {
        id_: before[id_] for id_ in old if sum(before[id_] == home for home in before.values()) > 1
    }


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_sample_dealership_has_no_strangers_together_and_few_families_apart(language: str) -> None:
    sample = make_sample(3000, 5, date(2026, 3, 2), language)
    found, _ = resolve_households(typed(sample.clean("customers"), CUSTOMERS), Settings())
    found = found.merge(sample.households, on="customer_id")
    assert found.groupby("household_id")["household"].nunique().max() == 1
    sizes = found.groupby("household")["household_id"].agg(["size", "nunique"])
    families = sizes[sizes["size"] > 1]
    assert len(families) > 90
    assert (families["nunique"] == 1).mean() > 0.9  # the others gave nothing that links them
