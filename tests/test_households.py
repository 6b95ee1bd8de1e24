"""Who is one household. All people and numbers are invented."""

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
from planner.households import links_of, resolve_households
from planner.sample import make_sample
from planner.settings import Dealership, Household, Settings
from planner.spelling import name_key
from planner.tables import CUSTOMERS, STORED_CUSTOMERS

AT_MOST = 3
DEALERS = "0100 123 4000"
EGYPT = Settings(
    dealership=Dealership(country="EG", phone=DEALERS),
    household=Household(shared_by_at_most=AT_MOST, own_contacts=("us@example.com",)),
)
P = [f"0100 123 45{i:02}" for i in range(20)]
Row = dict[str, str]


def row(id_: object, name: str, phone: str = "", phone_2: str = "", email: str = "", home: str = "") -> Row:
    given_ = {"name": name, "phone": phone, "phone_2": phone_2, "email": email, "household_id": home}
    return {"customer_id": str(id_)} | {key: text for key, text in given_.items() if text}


def customers(*rows: Row) -> pd.DataFrame:
    return typed(pd.DataFrame(rows), CUSTOMERS)


def households(*rows: Row) -> dict[str, str]:
    resolved, _ = resolve_households(customers(*rows), EGYPT)
    return dict(zip(resolved["customer_id"], resolved["household_id"], strict=True))


def told(*rows: Row) -> list[str]:
    return resolve_households(customers(*rows), EGYPT)[1]["message"].tolist()


def apart(*rows: Row) -> bool:
    return len(set(households(*rows).values())) == len(rows)


# One person


@pytest.mark.parametrize(
    "names",
    [
        ("Mohamed Ali", "MOHAMED  ALI", "Ali, Mohamed", "Mr. Mohammed Ali"),
        ("محمد علي", "مُحَمَّد عَلِيّ", "علي، محمد", "محمـد على", "د. محمد علي"),
        ("أحمد عبد الله", "احمد عبدالله", "آحمد عبد اللّه"),
        ("Sara Al-Harbi", "sara alharbi", "Al Harbi, Sara"),
        ("Zoë O'Neill", "Zoe ONeill", "O’Neill, Zoé"),
        ("José Núñez", "Jose\u0301 Nun\u0303ez", "JOSE NUNEZ"),
    ],
)
def test_spellings_of_one_name(names: tuple[str, ...]) -> None:
    assert len({name_key(name) for name in names}) == 1
    # Each shares a phone with the next only: that is enough for one person, and for nobody else.
    chain = [row(i, name, P[i], P[i + 1]) for i, name in enumerate(names)]
    assert set(households(*chain).values()) == {"H-0"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mona Ali", "Mina Ali"),
        ("Hassan Ali", "Hussein Ali"),
        ("Ali Hassan", "Mohamed Ali Hassan"),  # a father and his son
        ("Samir Nagy", "Samira Nagy"),
        ("Fleet 1", "Fleet 11"),
        ("محمد علي", "محمود علي"),
    ],
)
def test_names_of_two_people(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_a_namesake_without_a_contact_in_common_is_somebody_else() -> None:
    assert apart(row(1, "Mohamed Ali", P[1]), row(2, "Mohamed Ali", P[2]))


def test_a_company_with_80_customer_numbers_is_one() -> None:
    fleet = [
        row(i, ("Nile Trade", "NILE TRADE")[i % 2], P[0], email="info@nile.example.com") for i in range(80)
    ]
    assert set(households(*fleet).values()) == {"H-0"}
    assert told(*fleet) == []
    by_mail = [row(i, "Nile Trade", P[i], email="info@nile.example.com") for i in range(10)]
    assert set(households(*by_mail).values()) == {"H-0"}
    # Its number is a switchboard only if more than three others stand with it too.
    assert set(households(*fleet, row(80, "Mona", P[0]), row(81, "Adel", P[0])).values()) == {"H-0"}


def test_a_company_with_one_customer_number_is_one() -> None:
    assert households(row("F", "Nile Trade", P[0]), row(1, "Mona", P[1])) == {"F": "H-F", "1": "H-1"}


def test_the_nameless_are_nobodys_namesake() -> None:
    # 1 and 2 share a phone, 2 and 3 another: were "" a name, all three would be one person
    rows = [row(1, "", P[1]), row(2, "", P[1], P[2]), row(3, "", P[2])]
    assert households(*rows) == {"1": "H-1", "2": "H-1", "3": "H-3"}
    dots = [row(1, "--", P[1]), row(2, "...", P[1], P[2]), row(3, "--", P[2])]
    assert households(*dots) == {"1": "H-1", "2": "H-1", "3": "H-3"}
    assert apart(*[row(i, "", P[1]) for i in range(AT_MOST + 1)])


# One household


@pytest.mark.parametrize(
    "phone", ["0100 123 4501", "+20 100 123 4501", "00201001234501", "٠١٠٠١٢٣٤٥٠١", "(0100) 123-4501"]
)
def test_a_couple_that_shares_a_number_however_it_is_written(phone: str) -> None:
    assert households(row(9, "Adel", P[1]), row(10, "Mona", phone)) == {"9": "H-9", "10": "H-9"}
    assert households(row(9, "Adel", P[1]), row(10, "Mona", P[2], phone)) == {"9": "H-9", "10": "H-9"}


def test_a_couple_that_shares_an_e_mail() -> None:
    one, other = row(1, "Adel", email="a@example.org"), row(2, "Mona", email=" A@Example.org")
    assert households(one, other) == {"1": "H-1", "2": "H-1"}


def test_a_father_and_two_sons_with_phones_of_their_own() -> None:
    family = [row(1, "Ali Nagy", P[1]), row(2, "Omar Ali", P[2], P[1]), row(3, "Adel Ali", P[3], P[1])]
    assert set(households(*family).values()) == {"H-1"}
    # a colleague of a son's, with whom he shares a phone, is no family of the father
    assert households(*family, row(4, "Tarek", P[3]))["4"] == "H-4"


def test_a_chain_of_five_strangers_is_no_household() -> None:
    chain = [row(i, f"Stranger {i}", P[i], P[i + 1]) for i in range(1, 6)]
    assert households(*chain) == {"1": "H-1", "2": "H-1", "3": "H-3", "4": "H-3", "5": "H-5"}


def test_a_person_with_two_ids_is_one_member() -> None:
    rows = [row(1, "Adel", P[1]), row(2, "Mona", P[1]), row(3, "MONA", P[2], email="m@example.org")]
    assert households(*rows)["3"] == "H-3"  # nothing ties this Mona to the other
    tied = [*rows, row(4, "Mona", P[1], P[2])]
    assert set(households(*tied).values()) == {"H-1"}


def test_a_couple_with_two_contacts_in_common_and_those_who_have_one_of_them() -> None:
    couple = [row(1, "A", P[1], email="a@example.org"), row(2, "B", P[1], email="a@example.org")]
    rows = [*couple, row(3, "C", P[1]), row(4, "D", email="a@example.org")]
    assert set(households(*rows).values()) == {"H-1"}
    assert households(*rows[1:], row(5, "E", P[2]))["5"] == "H-5"


def test_who_could_belong_to_two_belongs_to_the_older() -> None:
    rows = [row(1, "A", P[1]), row(4, "B", P[1], P[2]), row(2, "C", P[2]), row(3, "D", P[2])]
    # C and D were first to share their number, so B is with them though A is the oldest of all
    assert households(*rows) == {"1": "H-1", "4": "H-2", "2": "H-2", "3": "H-2"}


def test_a_firms_mailbox_joins_no_colleagues() -> None:
    assert apart(*[row(i, f"Colleague {i}", email="info@nile.example.com") for i in range(AT_MOST)])


# Contacts that join nobody


def test_a_switchboard_joins_nobody_and_is_told() -> None:
    staff = [row(i, f"Clerk {i}", P[1]) for i in range(300)]
    assert apart(*staff)
    assert told(*staff) == ["one phone of 300 people (0, 1, 2, ...) makes them no household"]


def test_as_many_names_as_are_allowed_may_share() -> None:
    rows = [row(i, f"Name {i}", P[1], email="x.y@example.org") for i in (12, 5, 9, 7)]
    resolved, issues = resolve_households(customers(*rows), EGYPT)
    assert resolved["household_id"].tolist() == ["H-12", "H-5", "H-9", "H-7"]
    assert issues[["source", "row", "column", "code"]].to_numpy().tolist() == [
        ["customers", 0, "email", "shared-contact"],
        ["customers", 0, "phone", "shared-contact"],
    ]
    messages = " ".join(issues["message"])
    assert "4 people (5, 7, 9, ...)" in messages
    assert not any(private in messages for private in ("example", "123", "Name"))
    assert set(households(*rows[:3]).values()) == {"H-5"}  # three may share


def test_the_dealerships_own_contacts_join_nobody_and_are_told_in_a_line() -> None:
    rows = [row(i, "Mohamed Ali", "+20 100 123 4000", email="US@example.com") for i in (1, 2)]
    assert apart(*rows)
    assert told(*rows) == [
        "the dealership's own e-mail stands with 2 customers; it makes nobody a household",
        "the dealership's own phone stands with 2 customers; it makes nobody a household",
    ]
    assert told(rows[0])[1] == (
        "the dealership's own phone stands with 1 customer; it makes nobody a household"
    )


def test_made_up_contacts_join_nobody_and_are_told_in_a_line() -> None:
    rows = [row(1, "A", "0100 000 0000"), row(2, "B", "0100 000 0000"), row(3, "C", "0111 111 1111")]
    rows += [
        row(4, "C", "0111 111 1111"),
        row(5, "D", email="none@none.com"),
        row(6, "D", email="none@none.com"),
    ]
    assert apart(*rows)
    assert told(*rows) == [
        "a made-up e-mail stands with 2 customers; it makes nobody a household",
        "a made-up phone stands with 4 customers; it makes nobody a household",
    ]


def test_what_cannot_be_dialled_joins_nobody() -> None:
    assert apart(row(1, "A", "12"), row(2, "A", "12"))
    assert apart(row(1, "A", email="none"), row(2, "A", email="none"))


# Given households


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # they stay, whatever is shared
        ([row(1, "A", P[1], home="A"), row(2, "B", P[1], home="B")], {"1": "A", "2": "B"}),
        ([row(1, "A", P[1], home="A"), row(2, "A", P[1], home="B")], {"1": "A", "2": "B"}),
        # and join people without a contact
        ([row(1, "A", home="A"), row(2, "B", home="A")], {"1": "A", "2": "A"}),
        # who shares a phone with one of it belongs to it, but takes nobody along
        (
            [row(1, "A", P[1], home="A"), row(2, "B", P[1], P[2]), row(3, "C", P[2])],
            {"1": "A", "2": "A", "3": "H-3"},
        ),
        # except himself under another id
        (
            [row(1, "A", P[1], home="A"), row(2, "B", P[1], P[2]), row(3, "B", P[2])],
            {"1": "A", "2": "A", "3": "A"},
        ),
        # who is linked to two of them belongs to the smaller and does not join them
        (
            [row(1, "A", P[1], home="10"), row(2, "B", P[2], home="9"), row(3, "C", P[1], P[2])],
            {"1": "10", "2": "9", "3": "9"},
        ),
        # a person is where one of his ids is, rather than with somebody whose phone he has
        (
            [row(1, "A", P[1], home="A"), row(2, "B", P[2], home="B"), row(3, "B", P[1], P[2])],
            {"1": "A", "2": "B", "3": "B"},
        ),
        # a given household comes before an older link
        (
            [row(1, "A", P[1]), row(2, "B", P[1], P[2]), row(3, "C", P[2], home="C")],
            {"1": "H-1", "2": "C", "3": "C"},
        ),
        # the dealership's own H-1 is not ours
        ([row(1, "A", P[1]), row(2, "B", P[2], home="H-1")], {"1": "H-H-1", "2": "H-1"}),
    ],
)
def test_given_households(rows: list[Row], expected: dict[str, str]) -> None:
    assert households(*rows) == expected


# The table


def test_the_result_has_the_stored_columns_in_the_order_of_the_input() -> None:
    found = customers(row(2, "A", P[1], home="A"), row(1, "B")).set_index(pd.Index([7, 5]))
    resolved, issues = resolve_households(found, EGYPT)
    assert resolved.columns.tolist() == STORED_CUSTOMERS.names
    assert resolved.index.tolist() == [7, 5]
    assert resolved["customer_id"].tolist() == ["2", "1"]
    assert resolved["household_given"].fillna("").tolist() == ["A", ""]
    assert issues.empty
    again, _ = resolve_households(resolved, EGYPT)
    pd.testing.assert_frame_equal(again, resolved)
    nobody, _ = resolve_households(customers(), EGYPT)
    assert nobody.empty


# Whatever the customers


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


# Why


def why(id_: str, *rows: Row) -> dict[str, str]:
    resolved, _ = resolve_households(customers(*rows), EGYPT)
    links = links_of(resolved, EGYPT, id_)
    return dict(zip(links["customer_id"], links["why"], strict=True))


def test_what_makes_people_one_household() -> None:
    rows = [
        row("C1", "Adel Nagy", P[1], email="nagy@example.org"),
        row("C2", "Mona Nagy", "+20 100 123 4501", email="Nagy@example.org"),
        row("C3", "NAGY, Adel", P[2], P[1]),
        row("C4", "Adel Nagy", P[2]),
        row("C5", "Tarek", P[5]),
    ]
    assert why("C1", *rows) == {"C2": "phone and e-mail", "C3": "name and phone", "C4": ""}
    assert why("C4", *rows) == {"C1": "", "C2": "", "C3": "name and phone"}
    assert why("C5", *rows) == {}
    assert why("nobody", *rows) == {}


def test_what_does_not_count_is_no_reason() -> None:
    rows = [row("C1", "Adel", DEALERS, "0100 000 0000", home="A"), row("C2", "Mona", DEALERS, home="A")]
    assert why("C1", *rows) == {"C2": "household id"}
    firm = "info@nile.example.com"
    rows = [
        row("C1", "Adel", P[1], email=firm),
        row("C2", "Mona", P[1], email=firm),
        row("C3", "Adel", email=firm),
    ]
    assert why("C1", *rows) == {"C2": "phone", "C3": "name and e-mail"}
