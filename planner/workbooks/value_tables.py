"""Tables of the value workbook: each figure beside what it was counted from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from openpyxl.worksheet.pagebreak import Break

from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, values
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
METRICS_A_BLOCK = 4
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


def counted_look(value: Any, base: Look = style.NUMBER) -> Look:
    """The look of what was counted, of whatever unit."""
    return number_look("count", value, base)


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


def next_page(book: Book, sheet: Sheet) -> None:
    sheet.row_breaks.append(Break(id=book.next_row(sheet) - 1))


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
) -> dict[str, Place]:
    """Metrics side by side, four to a block: value, numerator, denominator; one row a label.

    labels: key of a row and what it is called. figures: FIGURES with `key`; a pair of metric and key is
    there once at most. Values that are too few to tell stand in grey. Returns where each metric stands.
    """
    names = ["value", "numerator", "denominator"]
    columns = [values(figures[name]) for name in ("metric", "key", *names, "unit", "note")]
    known = {(metric, key): cells for metric, key, *cells in zip(*columns, strict=True)}
    metrics = list(dict.fromkeys(columns[0]))
    notes = figures.groupby("metric")["note"].agg(set).to_dict()
    places: dict[str, Place] = {}
    on_page = max(PAGE_ROWS // (len(labels) + HEADER_ROWS), 1)
    for start in range(0, len(metrics), METRICS_A_BLOCK):
        block = metrics[start : start + METRICS_A_BLOCK]
        if start and start // METRICS_A_BLOCK % on_page == 0:
            next_page(book, sheet)
        elif start:
            book.append(sheet, [])
        heads = [label]
        for metric in block:
            heads += [
                metric_name(book, metric, notes[metric]),
                word("counted", metric, book.texts),
                word("out_of", metric, book.texts),
            ]
        header_row = heading(book, sheet, heads)
        for place, metric in enumerate(block):
            places[metric] = Place(sheet, header_row, 2 + 3 * place, len(labels))
        for key, said in labels:
            cells, looks = [said], [label_look]
            for metric in block:
                value, counted, out_of, unit, note = known.get((metric, key), [None] * 5)
                ink = style.MUTED if note in ("too_few", "no_data") else style.INK
                cells += [value, counted, out_of]
                looks += [
                    number_look(unit, value).but(bold=note not in ("too_few", "no_data"), ink=ink),
                    *(
                        number_look(kind, each).but(ink=ink)
                        for kind, each in zip(NUMBERS.get(metric, COUNTS), (counted, out_of), strict=True)
                    ),
                ]
            book.append(sheet, row(book, sheet, cells, looks))
    return places
