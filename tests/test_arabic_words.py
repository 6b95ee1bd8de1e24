"""Arabic numbers, months, hours and amounts, as scripts say them."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from planner.scripts.words import load_words

EGYPT = load_words("ar", country="EG")
A_DAY = date(2026, 3, 14)
SAID_ON = date(2026, 2, 23)


@pytest.mark.parametrize(
    ("years", "words"),
    [
        (1, "سنة"),
        (2, "سنتين"),
        (3, "ثلاث سنوات"),
        (8, "ثماني سنوات"),
        (10, "عشر سنوات"),
        (11, "١١ سنة"),
        (12, "١٢ سنة"),
        (100, "١٠٠ سنة"),
        (103, "١٠٣ سنوات"),
    ],
)
def test_years_agree_with_their_number(years, words):
    assert EGYPT.span(date(1900, 1, 1), date(1900 + years, 1, 1)) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (2, "بضعة أيام"),
        (7, "أسبوع"),
        (14, "أسبوعين"),
        (21, "ثلاثة أسابيع"),
        (42, "ستة أسابيع"),
        (61, "شهرين"),
        (91, "ثلاثة أشهر"),
        (243, "ثمانية أشهر"),
        (304, "عشرة أشهر"),
        (335, "أحد عشر شهرًا"),
        (365, "سنة"),
        (548, "سنة ونصف"),
    ],
)
def test_weeks_and_months_agree_with_their_number(days, words):
    start = date(2024, 1, 1)
    assert EGYPT.span(start, date.fromordinal(start.toordinal() + days)) == words


@pytest.mark.parametrize(
    ("km", "unit", "words"),
    [
        (1, "km", "١٠٠ كيلومتر"),
        (11_000, "km", "١١٬٠٠٠ كيلومتر"),
        (30_000, "km", "٣٠٬٠٠٠ كيلومتر"),
        (161_000, "mi", "١٠٠٬٠٠٠ ميل"),
    ],
)
def test_distances_agree_with_their_number(km, unit, words):
    assert EGYPT.distance(km, unit) == words


@pytest.mark.parametrize(
    ("count", "noun"),
    [
        (1, "سيارتكم"),
        (2, "سيارتيكم"),
        (3, "سياراتكم"),
        (10, "سياراتكم"),
        (11, "سياراتكم"),
        (12, "سياراتكم"),
        (100, "سياراتكم"),
    ],
)
def test_your_car_or_cars_agree_with_their_number(count, noun):
    names = [f"Kia {number}" for number in range(count)]
    assert EGYPT.your(names).split()[0] == noun
    assert EGYPT.your(names[:2]).endswith("Kia 0 وKia 1" if count > 1 else "Kia 0")


@pytest.mark.parametrize(
    ("country", "day", "slot"),
    [
        ("AE", "14 مارس", "السبت 14 مارس الساعة 10 صباحًا"),
        ("EG", "١٤ مارس", "السبت ١٤ مارس الساعة ١٠ صباحًا"),
        ("JO", "١٤ آذار", "السبت ١٤ آذار الساعة ١٠ صباحًا"),
        ("SY", "١٤ آذار", "السبت ١٤ آذار الساعة ١٠ صباحًا"),
        ("US", "14 مارس", "السبت 14 مارس الساعة 10 صباحًا"),  # CLDR knows no Arabic of the United States
    ],
)
def test_months_and_digits_are_those_of_the_country(country, day, slot):
    words = load_words("ar", country=country)
    assert words.day(A_DAY, SAID_ON) == day
    assert words.slot(A_DAY, time(10)) == slot


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(8), "٨ صباحًا"),
        (time(9, 30), "٩:٣٠ صباحًا"),
        (time(12), "١٢ ظهرًا"),
        (time(15), "٣ بعد الظهر"),
        (time(15, 30), "٣:٣٠ بعد الظهر"),
        (time(18), "٦ مساءً"),
    ],
)
def test_hours_are_said_with_their_part_of_the_day(at, words):
    assert EGYPT.slot(A_DAY, at) == f"السبت ١٤ مارس الساعة {words}"


def test_services_are_numbered_in_the_feminine():
    assert [EGYPT.service(number) for number in (1, 2, 3, 10)] == [
        "الصيانة الأولى",
        "الصيانة الثانية",
        "الصيانة الثالثة",
        "الصيانة العاشرة",
    ]
    assert EGYPT.service(11) == EGYPT.service(None) == "الصيانة القادمة"


def test_the_page_of_arabic_forms_is_true():
    page = (Path(__file__).parents[1] / "docs" / "scripts.md").read_text(encoding="utf-8")
    for country, shown in {"AE": "14 مارس", "EG": "١٤ مارس", "JO": "١٤ آذار"}.items():
        assert load_words("ar", country=country).day(A_DAY, SAID_ON) == shown
        assert f"`{shown}`" in page


def test_amounts_have_the_digits_of_the_country():
    assert EGYPT.money(1_234, "") == "١٬٢٠٠"
    assert load_words("ar", country="AE").money(1_234, "AED") == "1,200 AED"
