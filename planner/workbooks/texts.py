"""Every word that a workbook says, one table a language; headings, notes, sentences for codes.

A language is added as one more table with the same keys (a test compares them) and, if it is
written from right to left, its name in `RIGHT_TO_LEFT`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from locale import windows_locale

from planner.tables import CHANNELS, DO_NOT_CALL_ALL, LIVE_STATUSES, OUTCOMES, REASONS
from planner.workbooks import (
    texts_ar,
    texts_calls,
    texts_cues,
    texts_doors,
    texts_names,
    texts_outcomes,
    texts_plan,
    texts_returned,
    texts_success,
    texts_validation,
    texts_value,
)
from planner.workbooks.typography import DATE, MONTH, SHORT_DATE, SHORT_MONTH, WEEKDAY

RIGHT_TO_LEFT = frozenset({"ar"})

ENGLISH: dict[str, str] = {
    # Sheets. `Calls` and the headings of its key and of the four columns to fill in are promises.
    "sheet.calls": "Calls",
    "sheet.scripts": "Scripts",
    "sheet.week": "The week",
    "sheet.how_to": "How to",
    "sheet.summary": "Summary",
    "sheet.plan": "Plan",
    "sheet.load": "Load",
    "sheet.lost": "Likely lost",
    "sheet.contacts": "Contacts",
    "sheet.not_placed": "Not placed",
    # Headings of columns, the same on every sheet.
    "column.contact_id": "Contact ID",
    "column.call_on": "Call on",
    "column.send_on": "Send on",
    "column.planned_on": "Planned on",
    "column.customer": "Customer",
    "column.phone": "Phone",
    "column.phone_2": "Second phone",
    "column.language": "Language",
    "column.advisor": "Advisor",
    "column.vehicle": "Vehicle",
    "column.vehicle_id": "VIN or plate",
    "column.why": "Why now",
    "column.due_on": "Service due",
    "column.next_due_on": "Next due",
    "column.window": "Likely to come",
    "column.due_km": "By then, {unit}",
    "column.last_visit_on": "Last visit",
    "column.last_service_on": "Last service",
    "column.last_contact": "Last contact",
    "column.attempt": "Attempt",
    "column.note_before": "Note from last time",
    "column.script": "Script",
    "column.priority": "Priority",
    "column.outcome": "Outcome",
    "column.date": "Date",
    "column.odometer": "Odometer",
    "column.note": "Note",
    "column.channel": "Channel",
    "column.subject": "Subject",
    "column.text": "Text",
    "column.touchpoint": "Code",
    "column.also_vehicle_ids": "Also about",
    "column.touchpoint_name": "Contact",
    "column.stage": "Stage",
    "column.status": "Status",
    "column.reason": "Reason",
    "column.ideal_on": "Best day",
    "column.earliest_on": "Not before",
    "column.latest_on": "Not after",
    "column.return_probability": "Comes back",
    "column.back_by_on": "By",
    "column.contact_on": "Next contact",
    "column.week": "Week",
    "column.week_start": "Begins",
    "column.month": "Month",
    "column.day": "Day",
    "column.total": "Total",
    "column.capacity": "Capacity for calls",
    "column.count": "Contacts",
    "column.needs": "What it needs",
    "column.when": "When to choose it",
    # Notes on headings.
    "note.contact_id": "The row is found by this when the list is read back. Please leave it as it is.",
    "note.call_on": "The planned day. A day or two later in the same week does no harm.",
    "note.window": (
        "The days within which the visit is expected; where only the last one is named, they have begun. "
        "A span of more than a year has no last day worth naming."
    ),
    "note.outcome": "Choose from the list. The sheet 'How to' says what each word means and needs.",
    "note.date": "The day that was booked, promised for a call back, or of the service done elsewhere.",
    "note.odometer": "What the customer reads on the odometer, in {unit}. It makes the next due date better.",
    "note.note": "In your own words. It stands in the list when this customer is called again.",
    "note.attempt": "Up to three attempts count as one contact.",
    # The calls sheet.
    "calls.title": "Calls of week {week}",
    "calls.span": "{first} to {last}",
    "calls.none": "No calls this week: nobody falls due from {first} to {last}.",
    "calls.no_phone": "no phone on file",
    "calls.second_phone": "second phone only",
    "calls.bad_outcome": "Please choose one of the outcomes in the list, or leave the cell empty.",
    "calls.bad_date": "This is not a date near this week. Write it like {example}.",
    "calls.bad_odometer": "The odometer is a number, in {unit}, without words.",
    "calls.check": "Please check",
    # The scripts sheet.
    "scripts.none": "No calls this week, so no scripts.",
    "scripts.number": "No. {number}",
    "scripts.back": "Back to the row in the list",
    "scripts.list": "List",
    # The sheets of messages.
    "messages.no_address": "nothing on file",
    # The week.
    "week.title": "The week at a glance",
    "week.name": "{week}",
    "week.short": "W{number}",
    "week.calls": "Calls",
    "week.messages": "Messages to send",
    "week.again": "Second and third attempts",
    "week.no_phone": "Without a phone number",
    "week.filled_in": "Outcomes filled in so far",
    "week.open": "Outcomes to come",
    "week.chart": "Calls by day and advisor",
    "week.nobody": "nobody named",
    # How to.
    "how_to.title": "How to work with this list",
    "how_to.steps": (
        "Begin at the top: the rows stand in the order in which to call. "
        "Filter by your name if others share the list.\n"
        "Click the phone number to dial, and the script to open what to say.\n"
        "After each call choose an outcome in the yellow columns, "
        "and add the date, the odometer or a note where it helps.\n"
        "A cell that turns red misses something: the list below says what each outcome needs.\n"
        "You may sort, filter, delete rows, add columns and save with Excel, LibreOffice or Google Sheets. "
        "Only the contact id must stay in its row.\n"
        "Save, and hand the file back. Rows without an outcome stay in the plan."
    ),
    "how_to.outcomes": "Outcomes",
    "how_to.attempts": (
        "No answer, voicemail and busy lead to the next attempt, after 2 and after 5 working days, "
        "at another time of day. After the third attempt one SMS goes out and the contact rests."
    ),
    **texts_outcomes.ENGLISH,
    **texts_plan.ENGLISH,
    **texts_cues.ENGLISH,
    **texts_validation.ENGLISH,
    **texts_returned.ENGLISH,
    **texts_doors.ENGLISH,
    **texts_value.ENGLISH,
    **texts_success.ENGLISH,
    "channel.call": "Call",
    "channel.sms": "SMS",
    "channel.email": "E-mail",
    "channel.messenger": "Messenger",
    "channel.post": "Letter",
    "by.call": "calls",
    "by.sms": "SMS",
    "by.email": "e-mail",
    "by.messenger": "messenger",
    "by.post": "letters",
    "purpose.service": "service",
    "purpose.survey": "questions",
    "purpose.greeting": "greetings",
    "purpose.marketing": "marketing",
    "days.zero": "{count} days",
    "days.one": "{count} day",
    "days.two": "{count} days",
    "days.few": "{count} days",
    "days.many": "{count} days",
    "days.other": "{count} days",
    "unit.km": "km",
    "unit.mi": "mi",
    "comma": ", ",
    "semicolon": "; ",
    "day.in_cells": "dd MMM y",
    "page": "Page &P of &N",
    **texts_calls.ENGLISH,
}

LANGUAGES: dict[str, dict[str, str]] = {"en": ENGLISH, "ar": texts_ar.ARABIC}
OUTCOME_WORDS: dict[str, dict[str, str]] = {"ar": texts_ar.OUTCOME_WORDS}
NAMES: dict[str, texts_names.Names] = {"ar": texts_names.ARABIC}

# Names of days and months are those of the program that shows a cell, which may not speak the language; the
# name of the day, without which nobody plans a week, is asked for in the language of the country.
_NUMERIC_DATES = {
    DATE: "dd/mm/yyyy",
    WEEKDAY: "dddd d/m",
    SHORT_DATE: "dd/mm/yy",
    MONTH: "mm/yyyy",
    SHORT_MONTH: "mm/yy",
}
RIGHT_TO_LEFT_MARK = "\u200f"
_NOT_IN_BRACES = re.compile(r"\{[^}]*\}|[0-9]+")
_SECTION = re.compile(r"(\[[<>=][^\]]*\])?(.*)")  # of a number format: a condition, and how it looks


def outcome_words(language: str) -> dict[str, str]:
    """What a list in this language calls each outcome, by code; `do_not_call: all` is one more.

    No two words of a language are alike. A language without words of its own shows the codes, which
    are understood in every list.

    >>> outcome_words("en")["booked"], outcome_words("ar")["booked"]
    ('booked', 'تم الحجز')
    """
    words = OUTCOME_WORDS.get(language, {})
    codes = [*OUTCOMES]
    codes.insert(codes.index("do_not_call") + 1, DO_NOT_CALL_ALL)
    return {code: words.get(code, code) for code in codes}


@dataclass(frozen=True)
class Texts:
    """The words of one language, with the days, digits and names of months of a country.

    A language that has no table yet speaks English, and a country that Babel does not know with this
    language changes nothing. own: words of the dealership's own, which go before those of the table.
    """

    language: str
    country: str = ""
    own: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def words(self) -> Mapping[str, str]:
        words = {**LANGUAGES.get(self.language, ENGLISH), **self.own}
        return words if self._latin else {key: self._in_text(text) for key, text in words.items()}

    @property
    def right_to_left(self) -> bool:
        return self.language in LANGUAGES and self.language in RIGHT_TO_LEFT

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, with its {names} filled in; whole numbers in the country's digits."""
        shown = {name: self.digits(str(v)) if type(v) is int else v for name, v in values.items()}
        return self._marked(self.words[key].format(**shown) if values else self.words[key])

    def code(self, kind: str, code: str) -> str:
        """The words for a code (`reason`, `gap`); a code that has none, as a number, speaks for itself."""
        plain = self.digits(code) if code.isdecimal() else code.replace("_", " ")
        return self.words.get(f"{kind}.{code}", plain)

    def reason(self, code: str, status: str) -> str:
        """Why a contact stands where it does, or why it has no place; `window` says both."""
        placed = f"reason.{code}.placed"
        if status in LIVE_STATUSES and placed in self.words:
            return self.words[placed]
        return self.code("reason", code)

    def outcome(self, code: str) -> tuple[str, str]:
        """When to choose an outcome, and what it needs (may be empty)."""
        when, _, needs = self.words[f"outcome.{code}"].partition("|")
        return when.strip(), needs.strip()

    def touchpoint(self, name: str) -> str:
        """The name of a touchpoint that ships, in this language; one of the dealership's own as it is."""
        names = NAMES.get(self.language)
        return self._marked(self.digits(names.touchpoints.get(name, name))) if names else name

    def script(self, name: str) -> str:
        """What a script is called: service_call is service call."""
        plain = name.replace("_", " ")
        names = NAMES.get(self.language)
        return names.scripts.get(name, plain) if names else plain

    def day(self, day: date, pattern: str = "d MMM y") -> str:
        """A day in words: 9 Mar 2026."""
        from babel.dates import format_date

        return self._marked(self.digits(format_date(day, pattern, locale=self._locale)))

    def days(self, count: int) -> str:
        """A number of days in the grammar of the language: 1 day, 5 days."""
        from babel import Locale

        return self(f"days.{Locale.parse(self._locale).plural_form(count)}", count=count)

    def number(self, value: float | None, pattern: str = "#,##0.#") -> str:
        """1234.56 is 1,234.6, and 12.0 is 12; nothing is no text."""
        if value is None:
            return ""
        from babel.numbers import format_decimal

        shown = format_decimal(value, pattern, locale=self._locale, numbering_system="default")
        return self.digits(shown)

    def share(self, value: float | None) -> str:
        """0.956 is 95.6%, which is not 96%; nothing is no text."""
        return "" if value is None else self.number(100 * value, "0.#") + "%"

    def digits(self, text: str) -> str:
        """A text with the digits that the country reads."""
        return text if self._latin else text.translate(_ARABIC_INDIC)

    def cell_format(self, pattern: str) -> str:
        """An Excel number format in the language: dates as its people write them, its country's digits.

        `[$-2000C01]` is Excel's code for Arabic-Indic digits (20) and the locale ar-EG (C01), whose names of
        days `[$-C01]` asks for where the digits are Latin: they are those of all who speak Arabic.
        Source: the locale codes of [MS-LCID]; digits and the order of a date by CLDR.
        """
        if pattern in ("General", "@") or not self.right_to_left:
            return pattern
        pattern = _NUMERIC_DATES.get(pattern, pattern)
        if self._latin:
            return f"[$-C01]{pattern}" if "dddd" in pattern else pattern
        parts = (_SECTION.fullmatch(part) for part in pattern.split(";"))
        return ";".join(f"{part[1] or ''}[$-2000{self._windows_code:X}]{part[2]}" for part in parts if part)

    def language_name(self, code: str) -> str:
        """`ar` is Arabic; what Babel does not know stays as it is."""
        from babel import Locale, UnknownLocaleError

        try:
            return Locale.parse(code, sep="-").get_display_name(self._locale) or code
        except (UnknownLocaleError, ValueError):
            return code

    @cached_property
    def _locale(self) -> str:
        """Babel's locale; English is that of Britain everywhere, whose dates have the day first."""
        from babel import Locale, UnknownLocaleError

        if self.language not in LANGUAGES or self.language == "en":
            return "en_GB"
        try:
            return str(Locale.parse(f"{self.language}_{self.country}"))
        except (UnknownLocaleError, ValueError):
            return self.language

    @cached_property
    def _latin(self) -> bool:
        """Does the country read Latin digits? Source: CLDR, the default numbering system."""
        from babel import Locale

        return Locale.parse(self._locale).default_numbering_system != "arab"

    @property
    def _windows_code(self) -> int:
        codes = {name: code for code, name in windows_locale.items()}
        return codes.get(self._locale, codes["ar_EG"])

    def _marked(self, text: str) -> str:
        """LibreOffice 7.4 draws letters and Arabic-Indic digits of a cell over each other without a mark."""
        if self._latin or RIGHT_TO_LEFT_MARK in text or not _LETTERS_THEN_DIGITS.search(text):
            return text
        return text + RIGHT_TO_LEFT_MARK

    def _in_text(self, text: str) -> str:
        """The digits of a text, but not those of the names of its places."""
        return _NOT_IN_BRACES.sub(
            lambda found: self.digits(found[0]) if found[0][0] != "{" else found[0], text
        )


_LETTERS_THEN_DIGITS = re.compile(r"[\u0621-\u064a].*[٠-٩]", re.DOTALL)
_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def headings(key: str) -> set[str]:
    """What a heading is called in any language: how a column is found in a file that comes back."""
    return {words[f"column.{key}"] for words in LANGUAGES.values()}


# Every code of the tables has words; said here so that a new code cannot be forgotten.
CODES = {"outcome": OUTCOMES, "reason": REASONS, "channel": CHANNELS}
