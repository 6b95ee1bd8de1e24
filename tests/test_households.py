"""Who is one household. All people and numbers are invented."""

from __future__ import annotations

import pandas as pd
import pytest

from planner.households import links_of, resolve_households
from planner.spelling import name_key
from planner.tables import STORED_CUSTOMERS
from tests.household_world import AT_MOST, DEALERS, EGYPT, P, Row, customers, households, row


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
