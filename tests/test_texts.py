"""The words of the workbooks: every language is complete, and dates and digits are those of the country."""

from __future__ import annotations

import re
import string
from datetime import date
from pathlib import Path
from typing import ClassVar

import pytest

from planner.schedule import why
from planner.schedule.why import Words
from planner.scripts.words import BUILT_IN
from planner.tables import OUTCOMES
from planner.workbooks import style
from planner.workbooks.call_words import said
from planner.workbooks.texts import ENGLISH, LANGUAGES, NAMES, Texts, outcome_words
from tests.script_samples import SHIPPED

ARABIC = LANGUAGES["ar"]
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
# What is written in Latin letters by people who write Arabic.
TYPED = ("planner outcomes", "--withdraw", "planner value --json (expected)", "planner value --json",
         "planner value", "planner plan", "[value]", "value.acquisition_cost", "dealership.toml",
         "[cycle] tactics")  # fmt: skip
KEPT = {"LTV", "VIN", "SMS", "Excel", "LibreOffice", "Google", "Sheets", "Brier", "dd", "MM"}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_language_says_everything() -> None:
    for words in LANGUAGES.values():
        assert words.keys() == ENGLISH.keys()


@pytest.mark.parametrize("key", ENGLISH)
def test_no_text_asks_for_a_value_that_the_english_one_does_not_get(key: str) -> None:
    given = places(ENGLISH[key])
    given |= {"week", "number", "year"} if "week" in given else set()  # as ListInfo.named
    given |= {"count"} if key.startswith("days.") else set()
    assert places(ARABIC[key]) <= given
    # A figure must not get lost on the way; the number of one or two days is a word of its own.
    lost = given - places(ARABIC[key]) - {"week"}
    assert not lost or key in ("days.one", "days.two", "week.short")


@pytest.mark.parametrize("key", ARABIC)
def test_nothing_in_the_arabic_texts_is_english(key: str) -> None:
    plain = re.sub(r"\{\w+\}", "", ARABIC[key]).replace("&P", "").replace("&N", "")
    for typed in TYPED:
        plain = plain.replace(typed, "")
    assert set(LATIN_WORD.findall(plain)) <= KEPT


def test_an_excel_table_needs_each_heading_once() -> None:
    """So two columns with one Arabic heading have one English heading too, or never meet in a table."""
    english: dict[str, set[str]] = {}
    for key, text in ARABIC.items():
        if key.startswith("column."):
            english.setdefault(text, set()).add(ENGLISH[key])
    assert {text: said for text, said in english.items() if len(said) > 1} == {}


def test_every_code_has_its_words() -> None:
    texts = Texts("en")
    for code in OUTCOMES:
        assert texts.outcome(code)[0]


# Keys of the workbook of values that are made from codes of its frames.
VALUE_CODES = (
    "formula.", "worked.", "setting.", "metric.", "counted.", "out_of.", "explained.", "segment.", "visit.",
    "check.", "noted.", "value.", "sheet.", "advisor.", "model.", "cohort.", "trend.",
)  # fmt: skip


def test_every_text_is_used() -> None:
    folders = (Path(style.__file__).parent, Path(style.__file__).parents[1] / "doors")
    paths = [*(path for folder in folders for path in folder.glob("*.py")), Path(why.__file__)]
    source = "\n".join(path.read_text("utf-8").replace("'", '"') for path in paths)
    made_from_codes = ("outcome.", "reason.", "status.", "stage.", "channel.", "calls.bad_", "annual.sheet.",
                       "method.", "rate_source.", "basis.", "not_scored.", "validation.by.",
                       "validation.not_come.", "validation.outcome.", "validation.mean.",
                       "validation.middle.", "why.", "by.", "purpose.", "days.", "unit.", "kind.",
                       "time.", "calls.no_phone.", "sheet.sms", "sheet.email", "sheet.messenger",
                       "sheet.post", "tick.", "returned.", "window.", "pass_on.", "success.", "lead.",
                       "tactic.", "cycle.", *VALUE_CODES)  # fmt: skip
    for key in ENGLISH:
        name = key.removeprefix("column.").removeprefix("note.").removeprefix("sheet.")
        said = source.count(f'"{key}"') > len(LANGUAGES) or (name != key and f'"{name}"' in source)
        assert said or key.startswith(made_from_codes), f"{key} is said nowhere"


class TestOutcomeWords:
    def test_english_lists_show_the_codes(self) -> None:
        words = outcome_words("en")
        assert all(code == word for code, word in words.items())
        assert [code for code in words if code in OUTCOMES] == list(OUTCOMES)
        assert set(words) - set(OUTCOMES) == {"do_not_call: all"}

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_each_word_is_read_back_as_one_code(self, language: str) -> None:
        words = outcome_words(language)
        # As people type them: without vowel marks, with one kind of alif, ya and ta.
        typed = [re.sub("[\u064b-\u0652\u0640 ]", "", word).translate(ALIKE) for word in words.values()]
        assert len(set(typed)) == len(words)
        assert words.keys() == outcome_words("en").keys()
        assert all("," not in word and '"' not in word for word in words.values())
        assert len(",".join(words.values())) <= 253, "Excel refuses longer lists"

    def test_a_language_without_words_shows_the_codes(self) -> None:
        assert outcome_words("fr") == outcome_words("en")


ALIKE = str.maketrans("أإآىة", "ااايه")


class TestCountries:
    @pytest.mark.parametrize(
        ("language", "country", "day", "number", "cell_day", "cell_number"),
        [
            ("en", "EG", "9 Mar 2026", "1,234.5", "dd mmm yyyy", "#,##0"),
            ("ar", "AE", "9 مارس 2026", "1,234.5", "dd/mm/yyyy", "#,##0"),
            ("ar", "EG", "٩ مارس ٢٠٢٦", "١٬٢٣٤٫٥", "[$-2000C01]dd/mm/yyyy", "[$-2000C01]#,##0"),
            ("ar", "SA", "٩ مارس ٢٠٢٦", "١٬٢٣٤٫٥", "[$-2000401]dd/mm/yyyy", "[$-2000401]#,##0"),
            ("ar", "IQ", "٩ آذار ٢٠٢٦", "١٬٢٣٤٫٥", "[$-2000801]dd/mm/yyyy", "[$-2000801]#,##0"),
            ("ar", "DE", "9 مارس 2026", "1,234.5", "dd/mm/yyyy", "#,##0"),  # no such locale: plain Arabic
            ("xx", "EG", "9 Mar 2026", "1,234.5", "dd mmm yyyy", "#,##0"),  # no such language: English
        ],
    )
    def test_dates_and_digits(
        self, language: str, country: str, day: str, number: str, cell_day: str, cell_number: str
    ) -> None:
        texts = Texts(language, country)
        assert texts.day(date(2026, 3, 9)).rstrip("\u200f") == day
        assert texts.number(1234.5) == number
        assert texts.cell_format("dd mmm yyyy") == cell_day
        assert texts.cell_format("#,##0") == cell_number

    @pytest.mark.parametrize(
        ("language", "country", "expected"),
        [
            ("en", "AE", "ddd d mmm"),
            ("ar", "AE", "[$-C01]dddd d/m"),  # in Arabic also where Excel is English
            ("ar", "EG", "[$-2000C01]dddd d/m"),
        ],
    )
    def test_the_day_of_a_call_has_its_weekday(self, language: str, country: str, expected: str) -> None:
        assert Texts(language, country).cell_format(style.WEEKDAY) == expected

    def test_text_cells_and_conditions_of_a_number_format(self) -> None:
        texts = Texts("ar", "EG")
        assert texts.cell_format("@") == "@"
        assert texts.cell_format('[<0.005]"x";0%') == '[<0.005][$-2000C01]"x";[$-2000C01]0%'

    def test_numbers_in_texts_take_the_digits_and_names_do_not(self) -> None:
        texts = Texts("ar", "EG")
        assert texts("annual.title", year=2026).rstrip("\u200f") == "خطة التواصل لعام ٢٠٢٦"
        assert texts("why.household", car="Toyota C200", day=texts.day(date(2026, 3, 9), "d MMMM")).rstrip(
            "\u200f"
        ) == ("يُذكر في التواصل بشأن Toyota C200 في ٩ مارس")
        assert texts("validation.windows", held_80="a", width_80="b", held_96="c", width_96="d").rstrip(
            "\u200f"
        ) == (
            "المدة الموعود بها بنسبة ٨٠% احتوت a من الزيارات، وطولها بالأيام b؛ "
            "والموعود بها بنسبة ٩٦% احتوت c، وطولها بالأيام d."
        )

    def test_letters_before_arabic_digits_are_marked_for_libreoffice(self) -> None:
        mark = "\u200f"
        egypt, emirates = Texts("ar", "EG"), Texts("ar", "AE")
        assert egypt("annual.title", year=2026).endswith(mark)
        assert egypt("column.in_80").endswith(mark)
        assert mark not in emirates("annual.title", year=2026) + egypt("sheet.calls") + egypt.number(12)

    @pytest.mark.parametrize(
        ("count", "said"),
        [(0, "0 يوم"), (1, "يوم واحد"), (2, "يومان"), (3, "3 أيام"), (10, "10 أيام"), (11, "11 يومًا"),
         (99, "99 يومًا"), (100, "100 يوم"), (102, "102 يوم"), (103, "103 أيام"), (111, "111 يومًا")],
    )  # fmt: skip
    def test_days_in_arabic_grammar(self, count: int, said: str) -> None:
        assert Texts("ar", "AE").days(count) == said

    @pytest.mark.parametrize(("count", "said"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (90, "90 days")])
    def test_days_in_english(self, count: int, said: str) -> None:
        assert Texts("en", "US").days(count) == said


class TestNames:
    def test_every_touchpoint_that_ships_has_an_arabic_name(self) -> None:
        shipped = set(SHIPPED.touchpoints["name"])
        assert shipped == set(NAMES["ar"].touchpoints)
        arabic = [Texts("ar").touchpoint(name) for name in shipped]
        assert len(set(arabic)) == len(shipped)

    def test_every_script_that_ships_has_an_arabic_name(self) -> None:
        shipped = {path.stem for path in (BUILT_IN / "en").glob("*.md")}
        assert shipped == set(NAMES["ar"].scripts)

    def test_names_of_the_dealership_stay_as_they_are(self) -> None:
        assert Texts("ar", "EG").touchpoint("Golf day 2") == "Golf day 2".replace("2", "٢")
        assert Texts("ar").script("golf_day") == "golf day"
        assert Texts("en").script("service_call") == "service call"


def test_why_can_use_the_words() -> None:
    words: Words = Texts("ar", "AE")
    assert words.language == "ar"


class TestWindowsAndLastContacts:
    """The list says them in its language; what another program made stays in its words."""

    ROW: ClassVar = {
        "window": "until 9 Jul 2026",
        "window_low_on": date(2026, 3, 2),
        "window_high_on": date(2026, 7, 9),
        "last_contact": "call, 3 Mar 2026",
        "last_contact_on": date(2026, 3, 3),
        "last_contact_by": "call",
    }

    @pytest.mark.parametrize(
        ("kind", "english", "arabic"),
        [
            ("any", "any day", "أي يوم"),
            ("from", "from 2 Mar 2026", "من 2 مارس 2026"),
            ("until", "until 9 Jul 2026", "حتى 9 يوليو 2026"),
            ("between", "2 Mar – 9 Jul 2026", "2 مارس – 9 يوليو 2026"),
        ],
    )
    def test_windows(self, kind: str, english: str, arabic: str) -> None:
        row = {**self.ROW, "window_kind": kind}
        assert said(Texts("en", "US"), "window", row) == english
        assert said(Texts("ar", "AE"), "window", row).replace("\u200f", "") == arabic

    def test_the_last_contact(self) -> None:
        assert said(Texts("en", "US"), "last_contact", self.ROW) == "Call, 3 Mar 2026"
        assert (
            said(Texts("ar", "AE"), "last_contact", self.ROW).replace("\u200f", "") == "مكالمة، 3 مارس 2026"
        )

    def test_plain_words_stay(self) -> None:
        row = {"window": "soon", "last_contact": "SMS on Monday"}
        assert [said(Texts("ar", "AE"), name, row) for name in row] == list(row.values())
