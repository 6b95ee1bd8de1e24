"""Text to dates and numbers: tables of cases, and the promise that no text is too odd."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.intake.values import AmbiguousDatesError, clean, display, read_dates, read_numbers, to_km
from planner.intake.words import choice_words, fold
from planner.tables import VISIT_KINDS, YES_NO

AS_OF = date(2026, 3, 2)


def column(*texts: str) -> pd.Series:
    return clean(pd.Series(texts, dtype="str"))


def dates(*texts: str, order: str | None = None, as_of: date = AS_OF) -> list[str | None]:
    values = read_dates(column(*texts), order, as_of).values  # type: ignore[arg-type]
    return [None if pd.isna(value) else value.date().isoformat() for value in values]


def numbers(*texts: str, **more: object) -> list[float | None]:
    values = read_numbers(column(*texts), **more).values  # type: ignore[arg-type]
    return [None if pd.isna(value) else float(value) for value in values]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-29", "2024-02-29"),
        ("2023-02-29", None),
        ("2024-2-9", "2024-02-09"),
        ("2024/02/29", "2024-02-29"),
        ("2024.02.29", "2024-02-29"),
        ("20240229", "2024-02-29"),
        ("9999-12-31", "9999-12-31"),
        ("2024-02-29T23:59:59Z", "2024-02-29"),
        ("2024-02-29 23:59", "2024-02-29"),
        ("2024-02-29 11:59:00.000 PM", "2024-02-29"),
        ("29/02/2024 08:15", "2024-02-29"),
        ("31-12-2023", "2023-12-31"),
        ("31.12.2023", "2023-12-31"),
        ("12/31/2023", "2023-12-31"),
        ("31/02/2024", None),
        ("31/13/2024", None),
        ("٢٩/٠٢/٢٠٢٤", "2024-02-29"),
        ("3 May 2024", "2024-05-03"),
        ("03-May-24", "2024-05-03"),
        ("3rd of May, 2024", "2024-05-03"),
        ("May 3, 2024", "2024-05-03"),
        ("Friday, May 3, 2024", "2024-05-03"),
        ("Sept 3 2024", "2024-09-03"),
        ("2024-May-03", "2024-05-03"),
        ("٣ مايو ٢٠٢٤", "2024-05-03"),
        ("15 يناير 2024", "2024-01-15"),
        ("15 كانون الثاني 2024", "2024-01-15"),
        ("15 تشرين الأول 2024", "2024-10-15"),
        ("15 أيلول 2024", "2024-09-15"),
        ("15 ايلول 2024", "2024-09-15"),
        ("15 جويلية 2024", "2024-07-15"),
        ("29 February 2023", None),
        ("3 de mayo de 2024", "2024-05-03"),
        ("03 Mrz 24", "2024-03-03"),
        ("3. März 2024", "2024-03-03"),
        ("15-févr.-2024", "2024-02-15"),
        ("15 Şub 2024", "2024-02-15"),
        ("15 listopada 2024", None),  # November in Polish, October in Croatian
        ("3 Smarch 2024", None),
        ("45292", None),  # an Excel serial number is a date only in a date cell
        ("tomorrow", None),
        ("13/13/13", None),
    ],
)
def test_a_date_is_read_or_refused(text: str, expected: str | None) -> None:
    assert dates(text) == [expected]


@pytest.mark.parametrize(
    ("text", "as_of", "expected"),
    [
        ("25/12/24", AS_OF, "2024-12-25"),
        ("25/12/36", AS_OF, "2036-12-25"),  # ten years after as-of
        ("25/12/37", AS_OF, "1937-12-25"),
        ("25/12/69", AS_OF, "1969-12-25"),
        ("25/12/70", AS_OF, "1970-12-25"),
        ("25/12/69", date(2060, 1, 1), "2069-12-25"),
        ("25/12/70", date(2060, 1, 1), "1970-12-25"),
    ],
)
def test_two_digits_of_a_year(text: str, as_of: date, expected: str) -> None:
    assert dates(text, as_of=as_of) == [expected]


def test_one_value_settles_the_order_of_its_column() -> None:
    assert dates("03/04/2024", "17/04/2024") == ["2024-04-03", "2024-04-17"]
    assert dates("03/04/2024", "04/17/2024") == ["2024-03-04", "2024-04-17"]
    assert dates("04/04/2024", "05/05/24") == ["2024-04-04", "2024-05-05"]  # either way the same day


def test_a_column_that_nothing_settles_is_refused_with_an_example() -> None:
    with pytest.raises(AmbiguousDatesError, match="03/04/2024"):
        dates("05/05/2024", "03/04/2024")
    assert dates("03/04/2024", order="dmy") == ["2024-04-03"]
    assert dates("03/04/2024", order="mdy") == ["2024-03-04"]


def test_a_typing_error_against_the_order_is_one_bad_value() -> None:
    many = [f"{day}/04/2024" for day in range(13, 23)]
    assert dates("03/04/2024", "04/17/2024", *many)[:2] == ["2024-04-03", None]
    with pytest.raises(AmbiguousDatesError):  # as many for the one as for the other
        dates("03/04/2024", "04/17/2024", "17/04/2024")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12500", 12500),
        ("12,500", 12500),
        ("12 500", 12500),
        ("12\u00a0500", 12500),
        ("12'500", 12500),
        ("1,234,567", 1234567),
        ("1.234.567", 1234567),
        ("1,23,456", 123456),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("0.500", 0.5),
        ("1234.567", 1234.567),
        (".5", 0.5),
        ("12.", 12),
        ("+7", 7),
        ("-7", -7),
        ("7-", -7),
        ("(7.50)", -7.5),
        ("\u22127", -7),
        ("١٢٬٥٠٠", 12500),
        ("١٢٫٥", 12.5),
        ("1e3", 1000),
        ("12,50,0", None),
        ("1,2345,678", None),
        ("12..5", None),
        ("12-13", None),
        ("twelve", None),
        ("1e999", None),
        ("nan(1)", None),
        ("0x10", None),
        ("1_000", None),
    ],
)
def test_a_number_is_read_or_refused(text: str, expected: float | None) -> None:
    assert numbers(text) == [expected]


def test_what_one_number_leaves_open_its_column_settles() -> None:
    assert numbers("1,234") == [1234]
    assert numbers("1.234") == [1.234]
    assert numbers("1.234", distance=True) == [1234]
    assert numbers("1.234", "980,5") == [1234, 980.5]
    assert numbers("1,234", "980,5") == [1.234, 980.5]
    assert numbers("1.234", "980.5", distance=True) == [1.234, 980.5]
    assert numbers("1,234", "980.5", "980,5") == [None, 980.5, 980.5]  # both ways: nobody knows


def test_units_and_currencies_beside_a_number() -> None:
    texts = column("12,500 km", "100 mi", "100 miles", "١٠٠ كم", "50 ميل", "7")
    parsed = read_numbers(texts, distance=True)
    assert to_km(parsed.values, parsed.units, "km").round(6).tolist() == [
        12500, 160.9344, 160.9344, 100, 80.4672, 7,
    ]  # fmt: skip
    assert to_km(parsed.values, parsed.units, "mi").round(6).tolist()[-1] == 11.265408
    assert numbers("EGP 1,200.50", "1200 ج.م", "$45", "45.00 €", money=True) == [1200.5, 1200, 45, 45]
    assert numbers("45 potatoes", money=True) == [None]


def test_what_stands_for_nothing_is_nothing() -> None:
    texts = ["", "  ", "\u00a0", "NULL", "n/a", "-", "0000-00-00", "لا يوجد"]
    assert column(*texts).isna().all()
    kept = clean(pd.Series(["Null", " Nora  Null "], dtype="str"), blanks=False)
    assert kept.tolist() == ["Null", "Nora Null"]


@pytest.mark.parametrize(
    ("word", "choices", "expected"),
    [
        ("YES", YES_NO, "yes"),
        ("1", YES_NO, "yes"),
        ("نعم", YES_NO, "yes"),
        ("N", YES_NO, "no"),
        ("لا", YES_NO, "no"),
        ("opt-out", YES_NO, "no"),
        ("perhaps", YES_NO, None),
        ("Oil Change", VISIT_KINDS, "maintenance"),
        ("LOF", VISIT_KINDS, "maintenance"),
        ("صيانة دورية", VISIT_KINDS, "maintenance"),
        ("الصيانة", VISIT_KINDS, "maintenance"),
        ("Tires", VISIT_KINDS, "tyres"),
        ("سمكرة ودهان", VISIT_KINDS, "body"),
    ],
)
def test_choices_are_understood_in_english_and_arabic(
    word: str, choices: tuple[str, ...], expected: str | None
) -> None:
    assert choice_words(choices).get(fold(word)) == expected


def test_no_word_means_two_things() -> None:
    for choices in (YES_NO, VISIT_KINDS):
        words = choice_words(choices)
        assert {words[fold(choice)] for choice in choices} == set(choices)


def test_what_could_be_a_phone_or_an_address_is_not_shown() -> None:
    assert display("31/02/2024") == "'31/02/2024'"
    for text in ("0100 1234 567", "nora@example.org", "x" * 31):
        assert text not in display(text)


texts = st.lists(st.text(max_size=12) | st.text("0123456789/.-,: eEkmi()٣٫", max_size=12), max_size=6)


@settings(max_examples=30, deadline=None)
@given(texts, st.sampled_from([None, "dmy", "mdy"]), st.booleans())
def test_no_text_is_too_odd(words: list[str], order: str | None, flag: bool) -> None:
    given_ = column(*words)
    parsed = read_numbers(given_, distance=flag, money=not flag)
    assert (parsed.values.isna() == (given_.isna() | parsed.bad)).all()
    try:
        read = read_dates(given_, order, AS_OF)  # type: ignore[arg-type]
    except AmbiguousDatesError:
        assert order is None
    else:
        assert (read.values.isna() == (given_.isna() | read.bad)).all()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.dates(date(1970, 1, 1), date(2036, 12, 31)), min_size=1, max_size=8), st.randoms())
def test_written_dates_come_back_in_any_order_of_rows(days: list[date], random: object) -> None:
    written = [
        day.strftime(pattern) for day in days for pattern in ("%d/%m/%Y", "%d %b %Y", "%Y-%m-%d %H:%M")
    ]
    expected = [day.isoformat() for day in days for _ in range(3)]
    pairs = list(zip(written, expected, strict=True))
    random.shuffle(pairs)  # type: ignore[attr-defined]
    assert dates(*[text for text, _ in pairs], order="dmy") == [day for _, day in pairs]
