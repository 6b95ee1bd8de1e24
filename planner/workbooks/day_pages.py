"""The pages of the days: what a caller prints in the morning and fills in by hand, one a day and advisor."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from openpyxl.cell import Cell
from openpyxl.worksheet.pagebreak import Break

from planner.locales import LEFT_TO_RIGHT_MARK
from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, freeze
from planner.workbooks.info import ListInfo
from planner.workbooks.scripts_sheet import MAX_BREAKS
from planner.workbooks.style import Look
from planner.workbooks.texts import Texts

# Widths add up to what a landscape page of either paper holds unscaled: Excel breaks a page where it is
# told to only if nothing has to be fitted.
COLUMNS: tuple[tuple[str, float], ...] = (
    ("pages.number", 4),
    ("column.customer", 24),
    ("column.vehicle", 28),
    ("column.outcome", 31),
    ("column.date", 11),
    ("column.odometer", 11),
    ("column.note", 17),
)
# What most calls end with; the rest is written beside "other" and found in the list.
TICKS = ("booked", "callback", "no_answer", "voicemail", "not_yet", "refused", "done_elsewhere", "sold_car")
BOX = "□"  # Arial has it
TICK_SIZE = 9
CALL_HEIGHT = 66  # points, 23 mm: three lines of handwriting
_DAY = Look(bold=True, size=14, ink="FFFFFF", fill=style.DARK, down="center")
_BOXED = style.BODY.but(boxed=True)


def add_day_pages(book: Book, rows: list[dict[str, Any]], info: ListInfo) -> None:
    """Adds the sheet; `rows` are those of the sheet of calls, and a call has its number from there."""
    texts = book.texts
    sheet = book.sheet(texts("sheet.pages"), [width for _, width in COLUMNS])
    book.page(sheet, book.title)
    sheet.sheet_properties.pageSetUpPr.fitToPage = False
    freeze(sheet, "A2")
    book.append(sheet, [book.cell(sheet, texts(name), style.HEADER) for name, _ in COLUMNS], least=22)
    if not rows:
        day = {"first": texts.day(info.first_day), "last": texts.day(info.last_day)}
        book.append(sheet, [book.cell(sheet, texts("calls.none", **day), style.SECTION)])
        return
    numbered = sorted(
        enumerate(rows, 1), key=lambda one: (one[1]["call_on"], one[1]["advisor"] or "", one[0])
    )
    pages = [
        list(page)
        for _, page in groupby(numbered, key=lambda one: (one[1]["call_on"], one[1]["advisor"] or ""))
    ]
    for place, page in enumerate(pages, 1):
        _add_page(book, sheet, page)
        if place < len(pages) <= MAX_BREAKS:
            sheet.row_breaks.append(Break(id=book.next_row(sheet) - 1))


def _add_page(book: Book, sheet: Sheet, page: list[tuple[int, dict[str, Any]]]) -> None:
    texts, first = book.texts, page[0][1]
    parts = [
        texts.day(first["call_on"], "EEEE d MMMM y"),
        first["advisor"],
        texts("pages.calls", count=len(page)),
    ]
    title = book.cell(sheet, " · ".join(part for part in parts if part), _DAY)
    book.append(sheet, [title, *(book.cell(sheet, None, _DAY) for _ in COLUMNS[1:])], least=26)
    for number, call in page:
        book.append(sheet, _call(book, sheet, number, call), least=CALL_HEIGHT)


def _call(book: Book, sheet: Sheet, number: int, call: dict[str, Any]) -> list[Cell | None]:
    texts = book.texts
    # Among Arabic letters the plus would stand behind its number, and the groups in reverse.
    mark = LEFT_TO_RIGHT_MARK if texts.right_to_left else ""
    phones = [f"{mark}{phone}" for phone in (call["phone"], call["phone_2"]) if phone]
    phones = phones or [texts("calls.no_phone")]
    again = texts("pages.attempt", number=call["attempt"]) if (call["attempt"] or 1) > 1 else ""
    who = "\n".join(part for part in (call["customer"], *phones, again) if part)
    what = "\n".join(part for part in (call["vehicle"], call["why"], call["note_before"]) if part)
    return [
        book.cell(sheet, number, _BOXED.but(ink=style.MUTED, across="center", number_format=style.WHOLE)),
        book.cell(sheet, who, _BOXED.but(bold=True)),
        book.cell(sheet, what, _BOXED.but(size=9)),
        book.cell(sheet, "\n".join(tick_lines(texts)), _BOXED.but(size=TICK_SIZE)),
        *(book.cell(sheet, None, _BOXED) for _ in range(3)),
    ]


def tick_lines(texts: Texts) -> list[str]:
    """The boxes to tick, three a line."""
    boxes = [f"{BOX}\u00a0{texts(f'tick.{code}')}" for code in (*TICKS, "other")]
    return ["   ".join(boxes[start : start + 3]) for start in range(0, len(boxes), 3)]
