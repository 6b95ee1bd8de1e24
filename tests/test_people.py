"""Phones to E.164, and which contacts are looked at. All people and numbers are invented."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pandas as pd
import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.dialling import dial
from planner.people import _may_be_shared, contacts_of, e164
from planner.settings import Dealership, Household, Settings

EGYPT = Settings(dealership=Dealership(country="EG"))
P = [f"0100 123 45{i:02}" for i in range(20)]


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


def read_by_the_library(text: str, country: str) -> str:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def numbers_of(country: str, chance: random.Random) -> Iterator[str]:
    """As people write them, some a digit short, or wrong, or with what does not belong before them."""
    for kind in range(11):
        if (example := phonenumbers.example_number_for_type(country, kind)) is None:
            continue
        digits = phonenumbers.national_significant_number(example)
        for one in (digits, digits[:-1], f"{chance.randrange(1000):03}{digits[3:]}"):
            code = chance.choice([example.country_code, example.country_code, chance.randrange(1, 999)])
            divider = chance.choice(["", " ", "-", ".", ") "])
            for before in ("", "0", "1", "00", f"00{code}", f"{code}", f"+{code} ", f"+{code} (0)"):
                yield f"{before}{one[:3]}{divider}{one[3:]}"


@pytest.mark.parametrize("country", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_a_number_that_needs_no_reading_is_what_the_library_reads(country: str) -> None:
    for text in numbers_of(country, random.Random(country)):
        assert dial(text, country) == read_by_the_library(text, country), text


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


def cells(phones: list[str | None], emails: list[str | None] | None = None) -> pd.DataFrame:
    columns = {"phone": phones, "phone_2": [None] * len(phones), "email": emails or [None] * len(phones)}
    return pd.DataFrame(columns, dtype="str")


@pytest.mark.parametrize(
    ("country", "one", "other"),
    [
        ("EG", "0100 123 4501", "+20 100 123 4501"),
        ("EG", "0100 123 4501", "٠٠٢٠١٠٠١٢٣٤٥٠١"),
        ("EG", "02 2345 6789", "+20 (2) 23456789"),
        ("EG", "0100 123 4501", "12 / 0100 123 4501"),
        ("US", "(212) 555-0100", "212.555.0100 x12"),
        ("KW", "2223 4567", "+965 22234567"),
        ("DE", "030 12345", "+49 30 12345"),
        ("DE", "0201 123", "+49 201 123"),
        ("EG", "+44 20 7946 0958", "0044 (0)20 7946 0958"),
    ],
)
def test_spellings_of_one_number_are_found_without_parsing_all(country: str, one: str, other: str) -> None:
    phones = pd.Series(["+1 212 555 0199", one, other], dtype="str")
    assert e164(phones, country).iloc[1] == e164(phones, country).iloc[2] != ""
    assert _may_be_shared(phones, country).tolist()[1:] == [True, True]
    place = Settings(dealership=Dealership(country=country))
    assert contacts_of(cells(phones.tolist()), place)["row"].tolist() == [1, 2]


def test_most_numbers_need_no_parsing() -> None:
    assert not _may_be_shared(pd.Series(P, dtype="str"), "EG").any()


@pytest.mark.parametrize(
    ("email", "kind"),
    [
        ("nora@example.org", ""),
        ("NONE@none.com", "made-up"),
        ("no-email@example.org", "made-up"),
        ("n.a@example.org", "made-up"),
        ("nina@example.org", ""),
        ("someone@noemail.com", "made-up"),
        ("info@example.org", "firm"),
        ("Customer.Service@example.org", "firm"),
        ("our@example.org", "own"),
    ],
)
def test_kinds_of_e_mail(email: str, kind: str) -> None:
    ours = Settings(household=Household(own_contacts=("our@example.org",)))
    assert (
        contacts_of(cells([None, None], [email, f" {email.upper()} "]), ours)["kind"].tolist() == [kind] * 2
    )


@pytest.mark.parametrize(
    ("phone", "kind"),
    [
        ("0100 000 0000", "made-up"),
        ("0102 222 2222", "made-up"),
        ("0101 234 5678", "made-up"),
        ("0109 876 5432", "made-up"),
        ("0100 222 2221", ""),
        ("0100 123 4000", "own"),
    ],
)
def test_kinds_of_phone(phone: str, kind: str) -> None:
    ours = Settings(dealership=Dealership(country="EG", phone="+20 100 123 4000"))
    assert contacts_of(cells([phone, phone]), ours)["kind"].tolist() == [kind] * 2


@pytest.mark.parametrize("text", ["none", "nora@", "@example.org", "nora@example", "nora example.org", "@"])
def test_what_is_no_address_joins_nobody(text: str) -> None:
    assert contacts_of(cells([None, None], [text, text]), EGYPT).empty


def test_of_several_addresses_in_a_cell_the_first_counts() -> None:
    emails = ["Nora <nora@example.org>", "nora@example.org; ben@example.org", "ben@example.org"]
    assert contacts_of(cells([None] * 3, emails), EGYPT)["row"].tolist() == [0, 1]


def test_what_is_valid_in_a_country_is_valid() -> None:
    """So that of a number that is its own country's nobody asks whose it is."""
    for country in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in range(11):
            if (number := phonenumbers.example_number_for_type(country, kind)) is None:
                continue
            national = str(number.national_number)
            near = [national[:-2] + f"{end:02}" for end in range(0, 100, 7)]  # and such as differ in the area
            near += [f"{area}{national[3:]}" for area in range(200, 1000, 37) if len(national) > 6]
            for digits in near:
                one = phonenumbers.PhoneNumber(number.country_code, int(digits))
                if phonenumbers.is_valid_number_for_region(one, country):
                    assert phonenumbers.is_valid_number(one), (country, digits)
