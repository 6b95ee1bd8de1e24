"""Dates, distances, ordinals, spans, lists and SMS lengths, as tables."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from planner.errors import SettingsError
from planner.scripts.names import is_plate, spoken_name, vehicle_name
from planner.scripts.sms import sms_segments
from planner.scripts.words import Words, load_words, round_distance

AS_OF = date(2026, 2, 23)


@pytest.fixture(scope="module")
def words() -> Words:
    return load_words("en")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 3, 14), "14 March"),
        (date(2026, 1, 2), "2 January"),
        (date(2025, 12, 31), "31 December"),  # last year, but eight weeks ago
        (date(2025, 5, 3), "3 May 2025"),
        (date(2026, 8, 24), "24 August"),  # 182 days away
        (date(2026, 8, 25), "25 August 2026"),
        (date(2028, 2, 29), "29 February 2028"),
        (date(9999, 12, 31), "31 December 9999"),
    ],
)
def test_a_day_is_said_with_its_year_only_where_it_could_be_another(words, day, said):
    assert words.day(day, AS_OF) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (time(9), "Saturday 14 March at 9 am"),
        (time(9, 30), "Saturday 14 March at 9:30 am"),
        (time(12), "Saturday 14 March at 12 pm"),
        (time(15), "Saturday 14 March at 3 pm"),
    ],
)
def test_a_slot_is_said_as_one_says_it(words, at, said):
    assert words.slot(date(2026, 3, 14), at) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "first service"),
        (2, "second service"),
        (3, "third service"),
        (10, "tenth service"),
        (11, "next service"),
        (0, "next service"),
        (None, "next service"),
    ],
)
def test_services_have_ordinals_up_to_ten(words, number, said):
    assert words.service(number) == said


@pytest.mark.parametrize(
    ("km", "unit", "said"),
    [
        (30_123.4, "km", "30,000 km"),
        (29_500, "km", "30,000 km"),
        (29_499, "km", "29,000 km"),
        (15_249, "km", "15,000 km"),
        (15_250, "km", "15,500 km"),
        (3_149, "km", "3,100 km"),
        (12, "km", "100 km"),  # never 'about 0 km'
        (16_093.44, "mi", "10,000 miles"),
        (30_000, "mi", "18,500 miles"),  # 18,641
        (48_280.32, "mi", "30,000 miles"),
    ],
)
def test_distances_are_rounded_to_a_step_and_told_in_the_dealership_s_unit(words, km, unit, said):
    assert words.distance(km, unit) == said


def test_a_distance_is_never_rounded_by_more_than_five_per_cent_above_5000():
    for km in range(5_000, 400_000, 37):
        assert abs(round_distance(km, "km") - km) <= 0.05 * km


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (date(2026, 2, 23), "a few days"),
        (date(2026, 2, 16), "a week"),
        (date(2026, 2, 2), "three weeks"),
        (date(2026, 1, 9), "six weeks"),
        (date(2025, 12, 25), "two months"),
        (date(2025, 8, 23), "six months"),
        (date(2025, 3, 20), "eleven months"),
        (date(2025, 2, 23), "a year"),
        (date(2024, 8, 23), "a year and a half"),
        (date(2024, 5, 1), "two years"),
        (date(2024, 2, 23), "two years"),
        (date(2016, 2, 23), "ten years"),
        (date(2014, 2, 23), "12 years"),
        (date(2026, 3, 1), "a few days"),  # not yet delivered on the day it is said
    ],
)
def test_how_long(words, start, said):
    assert words.span(start, AS_OF) == said


def test_every_span_of_sixty_years_has_words(words):
    for days in range(0, 22_000, 3):
        assert words.span(date(1966, 1, 1), date.fromordinal(date(1966, 1, 1).toordinal() + days))


def test_lists(words):
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b"]) == "a and b"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed(["a", "b"], "or") == "a or b"


def test_a_value_is_never_read_as_a_phrase(words):
    assert words.phrase("slot", day="{time}", time="noon") == "{time} at noon"


def own_language(tmp_path: Path, language: str, **changes: str) -> Path:
    """A folder with a whole words.toml: the English one with some lines changed."""
    english = (Path(load_words.__code__.co_filename).parent / "languages/en/words.toml").read_text("utf-8")
    lines = [
        f"{key} = {changes[key]}" if (key := line.partition(" = ")[0]) in changes else line
        for line in english.splitlines()
    ]
    (tmp_path / language).mkdir()
    (tmp_path / language / "words.toml").write_text("\n".join(lines), "utf-8")
    return tmp_path


def test_dates_lists_and_distances_follow_the_locale(tmp_path):
    words = load_words("xx", own_language(tmp_path, "xx", locale='"ar"'))
    assert words.day(date(2026, 3, 14), AS_OF) == "14 مارس"
    assert words.distance(30_123, "km") == "30,000 كم"
    assert words.listed(["أحمد", "منى"]) == "أحمد ومنى"
    assert words.slot(date(2026, 3, 14), time(15)) == "السبت 14 مارس at 3 م"


def test_a_dealership_changes_only_the_words_that_it_wants(tmp_path):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "words.toml").write_text('[patterns]\nday = "MMMM d"\n', "utf-8-sig")
    words = load_words("en", tmp_path)
    assert words.day(date(2026, 3, 14), AS_OF) == "March 14"
    assert words.service(2) == "second service"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('[patterns]\ndays = "d"', "unknown key 'patterns.days'; did you mean 'patterns.day'"),
        ('[patterns]\nday = ""', "patterns.day must be a text"),
        ('[spans]\nyears = ["a year"]', "spans.years must be a list of at least 10"),
        ('[phrases]\nabout = "about {date}"', "phrases.about: there is no {date} here"),
        ('locale = "klingon"', "no locale 'klingon'"),
        ("day = ", "not valid TOML"),
    ],
)
def test_wrong_words_are_told_with_file_and_key(tmp_path, content, told):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "words.toml").write_text(content, "utf-8")
    with pytest.raises(SettingsError, match=r"words\.toml") as error:
        load_words("en", tmp_path)
    assert told in str(error.value)


def test_a_language_without_words_is_an_error_and_never_silently_english(tmp_path):
    with pytest.raises(SettingsError, match=r"fr/words\.toml is not there"):
        load_words("fr", tmp_path)
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "words.toml").write_text('locale = "fr"', "utf-8")
    with pytest.raises(SettingsError, match=r"fr/words\.toml lacks patterns\.day"):
        load_words("fr", tmp_path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Maria Rossi", "Maria Rossi"),
        ("SMITH, JOHN", "John Smith"),
        ("Smith, John", "John Smith"),
        ("anna o'neill-diaz", "Anna O'Neill-Diaz"),
        ("MARY'S FLOWERS", "Mary's Flowers"),
        ("ACME HAULAGE LLC", "Acme Haulage LLC"),
        ("Acme Haulage, Inc.", "Acme Haulage, Inc."),
        ("Ms van der Berg", "Ms van der Berg"),
        ("McDonald, Ann", "Ann McDonald"),
        ("محمد علي", "محمد علي"),
        ("{{ 7*7 }}", "{{ 7*7 }}"),
        ("", ""),
    ],
)
def test_names_are_said_as_people_say_them(name, said):
    assert spoken_name(name) == said


@pytest.mark.parametrize(
    ("make", "model", "said"),
    [
        ("TOYOTA", "COROLLA", "Toyota Corolla"),
        ("BMW", "X5", "BMW X5"),
        ("KIA", "RIO", "KIA RIO"),
        ("Kia", "Kia Rio", "Kia Rio"),
        ("CHEVROLET TRUCK", "SILVERADO 1500", "Chevrolet Truck Silverado 1500"),
        ("MAZDA", "CX-5", "Mazda CX-5"),
        ("Toyota", "", "Toyota"),
        ("", "Corolla", "Corolla"),
        ("", "", ""),
    ],
)
def test_cars_are_said_as_people_say_them(make, model, said):
    assert vehicle_name(make, model) == said


def test_a_plate_is_said_whole_and_a_vin_is_not():
    assert is_plate("HB-XY 1234")
    assert not is_plate("WVWZZZ1KZAW123456")


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),  # two places each in the small alphabet
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 8, 2),
        ("ش" * 70, 1),
        ("ش" * 71, 2),
        ("ش" * 134, 2),
        ("ش" * 135, 3),
        ("a" * 70 + "ł", 2),  # one letter outside moves the whole text
        ("\U0001f697" * 35, 1),  # an emoji takes two places
        ("\U0001f697" * 36, 2),
    ],
)
def test_sms_segments(text, segments):
    assert sms_segments(text) == segments


def test_a_character_of_two_places_is_not_torn_between_segments():
    assert sms_segments("a" * 152 + "€" + "a" * 151) == 2
    assert sms_segments("a" * 152 + "€" + "a" * 152) == 3  # 306 places, but the euro opens the second
