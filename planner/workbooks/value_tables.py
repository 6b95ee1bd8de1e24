"""Tables of the value workbook: each figure beside what it was counted from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from openpyxl.cell import Cell

from planner.value.figures import WEAK
from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, records
from planner.workbooks.pages import next_page
from planner.workbooks.style import Look
from planner.workbooks.value_by_hand import COUNTS, NUMBERS
from planner.workbooks.value_words import Frames, is_poor, word

FORMATS = {
    "share": "0.0%",
    "money": style.WHOLE,
    "score": "+#,##0;-#,##0;0",
    "ratio": "#,##0.0",
    "months": "#,##0.0",
    "count": style.WHOLE,
    "rate": "0.000%",  # a share of which a formula needs all digits
}
RIGHT = style.HEADER.but(across="right", indent=1)
MUTED = style.PLAIN.but(ink=style.MUTED)
ONE_DECIMAL, TWO_DECIMALS = "#,##0.0", "#,##0.00"
SHARE = style.NUMBER.but(number_format=FORMATS["share"])
# What stands beside each other of a metric, and how wide: a figure and the numbers in it.
WIDTHS = {"value": 12.5, "numerator": 12.5, "denominator": 12.5}
METRICS_A_BLOCK = 4
WIDTHS_WITH_LAST_YEAR = {"value": 12.5, "last_year": 10, "change": 12, "numerator": 12.5, "denominator": 12.5}
METRICS_WITH_LAST_YEAR = 3  # a block
# How a difference is shown; that of shares in percentage points.
_TENTHS = "+#,##0.0;-#,##0.0;0.0"
_CHANGES = {"score": "+#,##0;-#,##0;0", "ratio": _TENTHS, "months": _TENTHS}
_CHANGE = "+#,##0;-#,##0;0"
_TENTHS_BELOW = 10
CHART_ROWS = 14
PAGE_ROWS, HEADER_ROWS = 44, 4  # of a page across, and what a header of four lines takes of them
_POOR_ACROSS = 8
_CENTS_BELOW = 10
_WHOLE_FROM = 50  # counts below that are told with a decimal where they have one: 3.4 services


@dataclass(frozen=True)
class Place:
    """Where the values of a metric stand: below the header, in that column; labels in the first one."""

    sheet: Sheet
    header_row: int
    column: int
    rows: int


def number_look(unit: str, value: Any, base: Look = style.NUMBER) -> Look:
    """The look of a figure in its unit."""
    pattern = FORMATS.get(unit, ONE_DECIMAL)
    if unit in ("count", "money") and value is not None and abs(value) < _WHOLE_FROM and value != int(value):
        pattern = TWO_DECIMALS if unit == "money" and abs(value) < _CENTS_BELOW else ONE_DECIMAL
    return base.but(number_format=pattern)


def change_of(value: Any, before: Any, unit: str, points: str = "") -> tuple[float | None, str]:
    """Now less last year, to a tenth (else small ones would be shown as -0.0), and its number format."""
    if value is None or before is None:
        return None, _CHANGE
    if unit == "share":
        named = f'" {points}"' if points else ""
        return round(100 * (value - before), 1), f"+0.0{named};-0.0{named};0.0{named}"
    change = round(value - before, 1)
    small = abs(change) < _TENTHS_BELOW and change != int(change)
    return change, _CHANGES.get(unit, _TENTHS if small else _CHANGE)


def new_sheet(book: Book, name: str, widths: list[float]) -> Sheet:
    """The sheet that the text `sheet.{name}` names, with its page."""
    called = book.texts(f"sheet.{name}")
    sheet = book.sheet(called, widths)
    book.page(sheet, f"{called}{book.texts('comma')}{book.title}")
    return sheet


def title(
    book: Book, sheet: Sheet, text: str, said: str = "", across: int = 0, frames: Frames | None = None
) -> None:
    """The title of a sheet, a line or more about it, and, where the data of `frames` are poor, that."""
    book.append(sheet, [book.cell(sheet, text, style.TITLE)])
    if frames is not None and is_poor(frames):
        grade = book.texts("value.poor", grade=book.texts("value.grade.D"))
        book.paragraph(sheet, grade, style.STRONG.but(lined=False, fill=style.RED), across or _POOR_ACROSS)
    for line in said.split("\n") if said else ():
        if across:
            book.paragraph(sheet, line, MUTED, across)
        else:
            book.append(sheet, [book.cell(sheet, line, MUTED)])


def section(book: Book, sheet: Sheet, text: str, said: str = "", across: int = 0) -> None:
    """A free row, a heading, and a line about what stands below."""
    book.append(sheet, [])
    book.append(sheet, [book.cell(sheet, text, style.SECTION)])
    if said and across:
        book.paragraph(sheet, said, MUTED, across)
    elif said:
        book.append(sheet, [book.cell(sheet, said, MUTED)])


def heading(book: Book, sheet: Sheet, heads: Sequence[str], texts_first: int = 1) -> int:
    """A header row, figures on the right from the column after `texts_first`; returns its number."""
    looks = [style.HEADER if place < texts_first else RIGHT for place in range(len(heads))]
    return book.append(sheet, row(book, sheet, heads, looks))


def row(book: Book, sheet: Sheet, cells: Sequence[Any], looks: Sequence[Look]) -> list[Any]:
    return [book.cell(sheet, value, look) for value, look in zip(cells, looks, strict=True)]


def nothing(book: Book, sheet: Sheet, said: str = "", across: int = 8) -> None:
    """A line that says that there is nothing to show, and why if it is known."""
    text = said or book.texts("value.nothing")
    book.paragraph(sheet, text, style.NOTHING.but(lined=False), across)


def room(book: Book, sheet: Sheet, rows: int) -> int:
    """Free rows for charts; the number of the first."""
    first = book.next_row(sheet)
    for _ in range(rows):
        book.append(sheet, [])
    return first


def metric_name(book: Book, metric: str, notes: Iterable[Any] = ()) -> str:
    """What a metric is called; where its data are poor, that too."""
    name = word("metric", metric, book.texts)
    return f"{name} ({book.texts('noted.poor_data')})" if "poor_data" in set(notes) else name


def add_blocks(
    book: Book,
    sheet: Sheet,
    label: str,
    labels: Sequence[tuple[Any, Any]],
    figures: pd.DataFrame,
    label_look: Look = style.BODY,
    last_year: bool = False,
) -> dict[str, Place]:
    """Metrics side by side, some to a block: value, numerator, denominator; one row a label.

    labels: key of a row and what it is called. figures: FIGURES with `key`; a pair of metric and key is
    there once at most. Values that are too few to tell stand in grey. last_year: with the value of the year
    before and the change, or that one of the two is of too few. Returns where each metric stands.
    """
    names = list(WIDTHS_WITH_LAST_YEAR if last_year else WIDTHS)
    a_block = METRICS_WITH_LAST_YEAR if last_year else METRICS_A_BLOCK
    lines = records(figures, ["metric", "key", "unit", "note", *_NEEDED[last_year]])
    known = {(line["metric"], line["key"]): line for line in lines}
    metrics = list(dict.fromkeys(line["metric"] for line in lines))
    by_metric = figures.groupby("metric")
    notes = by_metric["note"].agg(set).to_dict()
    then = by_metric["last_year_note"].agg(set).to_dict() if last_year else {}
    places: dict[str, Place] = {}
    on_page = max(PAGE_ROWS // (len(labels) + HEADER_ROWS), 1)
    for start in range(0, len(metrics), a_block):
        block = metrics[start : start + a_block]
        if start and start // a_block % on_page == 0:
            next_page(book, sheet)
        elif start:
            book.append(sheet, [])
        heads = [label]
        for metric in block:
            heads += [_head(book, metric, name, notes[metric], then.get(metric, set())) for name in names]
        header_row = heading(book, sheet, heads)
        for place, metric in enumerate(block):
            places[metric] = Place(sheet, header_row, 2 + len(names) * place, len(labels))
        for key, said in labels:
            cells = [book.cell(sheet, said, label_look)]
            for metric in block:
                line = known.get((metric, key), {})
                cells += [_block_cell(book, sheet, name, metric, line) for name in names]
            book.append(sheet, cells)
    return places


_NEEDED = {False: ["value", "numerator", "denominator"]}
_NEEDED[True] = [*_NEEDED[False], "last_year", "last_year_note"]


def _head(book: Book, metric: str, name: str, notes: set[str], notes_then: set[str]) -> str:
    if name == "value":
        return metric_name(book, metric, notes)
    if name == "last_year" and "no_contacts" in notes_then - notes:
        return book.texts("value.head.last_year.no_contacts")
    kinds = {"numerator": "counted", "denominator": "out_of"}
    return word(kinds[name], metric, book.texts) if name in kinds else book.texts(f"value.head.{name}")


def _block_cell(book: Book, sheet: Sheet, name: str, metric: str, line: Mapping[str, Any]) -> Cell:
    """One number of a metric in one row; line: of FIGURES, empty where there is none."""
    if not line:
        return book.cell(sheet, None, style.NUMBER)
    unit, few = line["unit"], is_weak(line["note"])
    ink = style.MUTED if few else style.INK
    if name == "change":
        return change_cell(book, sheet, line)
    value = line[name]
    if name == "value":
        return book.cell(sheet, value, number_look(unit, value).but(bold=not few, ink=ink))
    if name == "last_year":
        ink = style.MUTED if is_weak(line["last_year_note"]) else style.INK
        return book.cell(sheet, value, number_look(unit, value).but(ink=ink))
    of = NUMBERS.get(metric, COUNTS)[name == "denominator"]
    return book.cell(sheet, value, number_look(of, value).but(ink=ink))


def change_cell(book: Book, sheet: Sheet, line: Mapping[str, Any], points: str = "") -> Cell:
    """Now less last year; where either is of too few, or of too short records, that and no number."""
    change, pattern = change_of(line["value"], line["last_year"], line["unit"], points)
    both = (line["last_year_note"], line["note"])
    weak = [note for note in WEAK if note in both]
    if change is not None and weak:
        return book.cell(sheet, book.texts(f"noted.{weak[0]}"), _NO_CHANGE)
    return book.cell(sheet, change, style.NUMBER.but(number_format=pattern))


def is_weak(note: str | None) -> bool:
    """Is the figure with that note of too few to tell, of nothing, or of records that are too short?"""
    return note in WEAK


_NO_CHANGE = style.BODY.but(ink=style.MUTED, size=8, across="right", indent=1, wrap=False)


# From a pale to a strong blue; white letters on the last ones.
_HEAT = ("FFFFFF", "EEF4F9", "DCE8F2", "C6DAEA", "AECAE1", "93B8D6", "76A3C9", "578CB9", "3B74A5", "27608F")
_WHITE_FROM = 7


def heat(share: float | None, few: bool) -> style.Look:
    """How a share looks among others: the higher the stronger its colour; slanted if it is of few."""
    if share is None:
        return style.PLAIN
    step = min(int(share * len(_HEAT)), len(_HEAT) - 1)
    ink = "FFFFFF" if step >= _WHITE_FROM else style.INK
    return SHARE.but(
        number_format=style.SHARE,
        fill=_HEAT[step],
        ink=ink,
        italic=few,
        across="center",
        indent=0,
        down="center",
    )
