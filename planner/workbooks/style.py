"""How every workbook looks: the one place for colours, fonts, number formats, pages and safe text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Literal

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from planner.workbooks.typography import DATE as DATE
from planner.workbooks.typography import MONTH as MONTH
from planner.workbooks.typography import RIGHT_TO_LEFT
from planner.workbooks.typography import SHORT_DATE as SHORT_DATE
from planner.workbooks.typography import SHORT_MONTH as SHORT_MONTH
from planner.workbooks.typography import WEEKDAY as WEEKDAY
from planner.workbooks.typography import holds_right_to_left as holds_right_to_left
from planner.workbooks.typography import reads_right_to_left as reads_right_to_left

MAX_CELL = 32_767  # characters a cell holds. Source: Microsoft, Excel specifications and limits
MAX_ROWS = 1_048_576
MAX_HEIGHT = 409  # points
MAX_LINKS = 65_000  # of 65,530 a sheet

DIGIT, SPACE = 0.56, 0.28  # of the font's size: widths of columns are counted in digits
FONT = "Arial"  # has Arabic, and the same widths as Liberation Sans in LibreOffice
WHOLE = "#,##0"
SHARE = "0%"
TEXT = "@"
A4, A3, LETTER = 9, 8, 1
PAPER_POINTS = {A4: (595, 842), LETTER: (612, 792)}  # width and height, upright
# Source: Unicode CLDR, supplemental data, measurementData, paperSize US-Letter.
LETTER_COUNTRIES = frozenset(
    ("BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE")
)

INK, MUTED, LINE, BLUE = "1F2933", "8A949E", "C9D0D6", "0B5CAD"
DARK, PALE, STRIPE = "234058", "EAF0F5", "F4F6F8"
DONE = "DDE2E6"
YELLOW, YELLOW_DARK, GREEN, RED = "FFF9D6", "8A6A00", "E3F1E1", "F8C9C4"

# Fill and ink of a channel's cells: calls stand out, in black and white too.
CHANNEL_FILLS = {
    "call": ("C2500F", "FFFFFF"),
    "sms": ("BBDDF5", INK),
    "email": ("CBE6BE", INK),
    "messenger": ("DCCBEE", INK),
    "post": ("FFE08A", INK),
}
CHANNEL_CHART = {
    "call": "C2500F",
    "sms": "5AA9DC",
    "email": "7DB765",
    "messenger": "9B7FC4",
    "post": "F0B92E",
}
SERIES = ("234058", "C2500F", "5AA9DC", "7DB765", "9B7FC4", "F0B92E", "7A8894", "B5447A", "2E8B8B", "A0522D")


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    size: float = 10
    ink: str = INK
    fill: str = ""
    hatched: bool = False
    lined: bool = False  # a line below
    boxed: bool = False  # and at both sides
    wrap: bool = False
    across: str = ""  # left, center, right, or start: where a line of the language begins
    indent: int = 0
    down: str = "top"  # or center, bottom
    number_format: str = "General"
    reads: Literal["", "left", "right"] = ""  # from where a line is read; else as Excel sees fit

    def but(self, **changes: Any) -> Look:
        """The same with some things changed."""
        return replace(self, **changes)


PLAIN = Look()
TITLE = Look(bold=True, size=16, ink=DARK)
SUBTITLE = Look(size=11, ink=MUTED)
SECTION = Look(bold=True, size=12, ink=DARK)
HEADER = Look(bold=True, ink="FFFFFF", fill=DARK, wrap=True, down="center", across="start")
FILL_IN_HEADER = HEADER.but(fill=YELLOW_DARK)
BODY = Look(lined=True, wrap=True, across="start")
STRONG = BODY.but(bold=True)
DAY = BODY.but(number_format=DATE, wrap=False)
NUMBER = BODY.but(number_format=WHOLE, wrap=False, across="right", indent=1)
PERCENT = NUMBER.but(number_format=SHARE)
AS_TEXT = BODY.but(number_format=TEXT)
LINK = AS_TEXT.but(ink=BLUE, underline=True)
NOTHING = BODY.but(ink=MUTED, italic=True)
KEY = AS_TEXT.but(ink=MUTED, size=8)
TOTAL_LABEL = BODY.but(bold=True, fill=PALE)
TOTAL = NUMBER.but(bold=True, fill=PALE)

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_READING = {"": 0, "left": 1, "right": 2}
FORMULA = tuple("=+-@")  # what a formula begins with
MISREAD = (*FORMULA, "#")  # openpyxl takes #N/A for an error


def clean(text: str) -> str:
    """Text that a cell can hold: no characters that XML forbids, no more than Excel's limit."""
    if _ILLEGAL.search(text):
        text = _ILLEGAL.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_CELL // 2:  # a character beyond the basic plane counts twice in Excel
        units = text.encode("utf-16-le")
        if len(units) > 2 * MAX_CELL:
            text = units[: 2 * (MAX_CELL - 1)].decode("utf-16-le", "ignore") + "…"
    return text


def paint(target: Any, look: Look, right_to_left: bool = False) -> None:
    """Gives a cell, a row or a column a look, on a sheet of this direction."""
    start = "right" if right_to_left else "left"
    target.font = Font(
        name=FONT,
        size=look.size,
        bold=look.bold,
        italic=look.italic,
        color=look.ink,
        underline="single" if look.underline else None,
    )
    if look.fill:
        target.fill = (
            PatternFill("lightUp", fgColor=look.fill, bgColor="FFFFFF")
            if look.hatched
            else PatternFill("solid", fgColor=look.fill)
        )
    target.alignment = Alignment(
        horizontal=(start if look.across == "start" else look.across) or None,
        vertical=look.down,
        wrap_text=look.wrap,
        indent=look.indent,
        readingOrder=_READING[look.reads],
    )
    if look.lined:
        line, side = Side("thin", LINE), Side("thin", LINE) if look.boxed else None
        target.border = Border(bottom=line, left=side, right=side)
    target.number_format = look.number_format


def lines_in(text: str, width: float, size: float = 10, bold: bool = False) -> int:
    """How many lines a text of this size takes in a column of a width."""
    return line_count(text, width * DIGIT * 10 / (size * (1.08 if bold else 1)) * 0.97)


def word_width(heading: str) -> float:
    """The width of a column in which no word of its heading, which is bold, breaks in the middle."""
    longest = max(sum(map(_letter_width, word)) for word in heading.split())
    return round(1.08 * longest / DIGIT + 1, 1)


def height_of(lines: int, size: float = 10) -> float:
    """Points that a row of so many lines needs."""
    return lines * size * 1.27 + 2


def line_count(text: str, room: float) -> int:
    """How many lines a text takes where `room` times the font's size fits beside each other."""
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used = 0.0
        for word in paragraph.split(" "):
            width = _word_width(word)
            if used and used + SPACE + width > room:
                lines, used = lines + 1, 0.0
            used += width + (SPACE if used else 0)
            while used > room:  # a word longer than the line is broken
                lines, used = lines + 1, used - room
    return lines


@lru_cache(maxsize=50_000)
def _word_width(word: str) -> float:
    return sum(map(_letter_width, word))


@cache
def _letter_width(letter: str) -> float:
    """Width of a letter in Arial, in parts of the font's size, by the kind of letter.

    Source: the advance widths of Liberation Sans, which has Arial's, rounded up.
    """
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0.0  # the vowel marks of Arabic, the marks of direction
    if letter in "iIjl.,:;!'|\u00a0":
        return 0.28
    if letter in "ftr()[]{}-/":
        return 0.34
    if letter in "mwMW@%":
        return 0.89
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if RIGHT_TO_LEFT.match(letter):  # Arabic joins its letters: measured on DejaVu Sans, which is wide
        return 0.50
    if letter.isupper():
        return 0.70
    return 0.56
