"""Phones to E.164, and who is one household. All people and numbers are invented."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.households import resolve_households
from planner.people import e164
from planner.settings import Dealership, Household, Settings
from planner.tables import CUSTOMERS, STORED_CUSTOMERS, typed

EGYPT = Settings(dealership=Dealership(country="EG"), household=Household(shared_by_at_most=3))
P = [f"0100 123 45{i:02}" for i in range(20)]


def customers(*rows: dict[str, str]) -> pd.DataFrame:
    return typed(pd.DataFrame([{"name": f"Nobody {row['customer_id']}", **row} for row in rows]), CUSTOMERS)


def person(
    id_: str, phone: str = "", phone_2: str = "", email: str = "", household: str = ""
) -> dict[str, str]:
    given_ = {"phone": phone, "phone_2": phone_2, "email": email, "household_id": household}
    return {"customer_id": id_} | {name: text for name, text in given_.items() if text}


def households(*rows: dict[str, str]) -> dict[str, str]:
    resolved, _ = resolve_households(customers(*rows), EGYPT)
    return dict(zip(resolved["customer_id"], resolved["household_id"], strict=True))


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("0100 123 4567", "EG", "+201001234567"),
        ("+20 100 123 4567", "EG", "+201001234567"),
        ("0020 100 123 4567", "EG", "+201001234567"),
        ("201001234567", "EG", "+201001234567"),
        ("1001234567", "EG", "+201001234567"),  # a spreadsheet has eaten the zero
        ("٠١٠٠١٢٣٤٥٦٧", "EG", "+201001234567"),
        ("(212) 555-0100", "US", "+12125550100"),
        ("212.555.0100 x12", "US", "+12125550100"),
        ("+44 20 7946 0958", "EG", "+442079460958"),
        ("12 / 0100 123 4567", "EG", "+201001234567"),  # the first of two that can be dialled
        ("0100 123 4567 أو 0100 123 4568", "EG", "+201001234567"),
        ("12345", "EG", ""),
        ("0000000000", "EG", ""),
        ("5550100", "US", ""),  # no area code
        ("nora@example.org", "EG", ""),
        ("", "EG", ""),
    ],
)
def test_phones(text: str, country: str, expected: str) -> None:
    assert e164(pd.Series([text], dtype="str"), country).tolist() == [expected]


def test_missing_phones_and_the_index() -> None:
    phones = pd.Series([None, P[0], None, P[0]], index=[7, 5, 3, 1], dtype="str")
    result = e164(phones, "EG")
    assert result.to_dict() == {7: "", 5: "+201001234500", 3: "", 1: "+201001234500"}
    assert e164(pd.Series(dtype="str"), "EG").tolist() == []


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=20))
def test_no_text_is_too_odd_for_a_phone(text: str) -> None:
    number = e164(pd.Series([text], dtype="str"), "EG").tolist()[0]
    assert number == "" or number.startswith("+")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # nobody shares anything
        ([person("1", P[1]), person("2", P[2]), person("3")], {"1": "H-1", "2": "H-2", "3": "H-3"}),
        # the same phone, however it is written and in whichever column
        ([person("9", P[1]), person("10", "", "+20 100 123 4501")], {"9": "H-9", "10": "H-9"}),
        # the same e-mail but for case
        ([person("1", email="a@example.org"), person("2", email=" A@Example.org")], {"1": "H-1", "2": "H-1"}),
        # 1 and 3 share nothing: 2 stays with whom he shared a phone first
        (
            [person("3", P[3]), person("2", P[3], P[1]), person("1", P[1])],
            {"1": "H-1", "2": "H-1", "3": "H-3"},
        ),
        # a phone that cannot be dialled and an e-mail that is none join nobody
        ([person("1", "12"), person("2", "12")], {"1": "H-1", "2": "H-2"}),
        ([person("1", email="none"), person("2", email="none")], {"1": "H-1", "2": "H-2"}),
        # given households stay, whatever is shared
        ([person("1", P[1], household="A"), person("2", P[1], household="B")], {"1": "A", "2": "B"}),
        # who shares a phone with one of a given household belongs to it, but takes nobody along
        (
            [person("1", P[1], household="A"), person("2", P[1], P[2]), person("3", P[2])],
            {"1": "A", "2": "A", "3": "H-3"},
        ),
        # and who is linked to two given ones does not join them
        (
            [person("1", P[1], household="B"), person("2", P[2], household="A"), person("3", P[1], P[2])],
            {"1": "B", "2": "A", "3": "A"},
        ),
        # 2 knows Z only; that 3 knows somebody of Z and of A is no link between 2 and A
        (
            [
                person("1", P[1], P[2], household="Z"),
                person("2", P[1]),
                person("3", P[2], P[3]),
                person("4", P[3], household="A"),
            ],
            {"1": "Z", "2": "Z", "3": "A", "4": "A"},
        ),
        # the dealership's own H-1 is not ours
        ([person("1", P[1]), person("2", P[2], household="H-1")], {"1": "H-H-1", "2": "H-1"}),
    ],
)
def test_who_is_one_household(rows: list[dict[str, str]], expected: dict[str, str]) -> None:
    assert households(*rows) == expected


def test_a_contact_of_too_many_people_joins_nobody() -> None:
    rows = [person(str(i), P[1], email="office@example.org") for i in (12, 5, 9, 7)]
    resolved, issues = resolve_households(customers(*rows), EGYPT)
    assert resolved["household_id"].tolist() == ["H-12", "H-5", "H-9", "H-7"]
    assert issues[["source", "row", "column", "code"]].to_numpy().tolist() == [
        ["customers", 0, "email", "shared-contact"],
        ["customers", 0, "phone", "shared-contact"],
    ]
    told = " ".join(issues["message"])
    assert "4 people (5, 7, 9, ...)" in told
    assert "example" not in told
    assert "123" not in told
    assert households(*rows[:3]) == {"12": "H-5", "5": "H-5", "9": "H-5"}  # three may share


def test_a_number_in_both_columns_is_one_number() -> None:
    rows = [person(str(i), P[1], P[1]) for i in (1, 2, 3)]
    assert set(households(*rows).values()) == {"H-1"}


def test_the_result_has_the_stored_columns_in_the_order_of_the_input() -> None:
    resolved, issues = resolve_households(customers(person("2", household="A"), person("1")), EGYPT)
    assert resolved.columns.tolist() == STORED_CUSTOMERS.names
    assert resolved["customer_id"].tolist() == ["2", "1"]
    assert resolved["household_given"].fillna("").tolist() == ["A", ""]
    assert issues.empty
    again, _ = resolve_households(resolved, EGYPT)
    pd.testing.assert_frame_equal(again, resolved)
    nobody, _ = resolve_households(customers(), EGYPT)
    assert nobody.empty


people = st.lists(
    st.tuples(st.sampled_from(["", *P[:5]]), st.sampled_from(["", *P[3:8]]), st.sampled_from(["", "A", "B"])),
    min_size=1,
    max_size=9,
)


@settings(max_examples=30, deadline=None)
@given(people, st.integers(0, 1000))
def test_the_order_of_rows_does_not_count_and_given_households_hold(
    drawn: list[tuple[str, str, str]], seed: int
) -> None:
    rows = [person(str(i), *one[:2], household=one[2]) for i, one in enumerate(drawn)]
    found = households(*rows)
    shuffled = rows.copy()
    random.Random(seed).shuffle(shuffled)
    assert households(*shuffled) == found
    assert all(found[str(i)] == given_ for i, (_, _, given_) in enumerate(drawn) if given_)
