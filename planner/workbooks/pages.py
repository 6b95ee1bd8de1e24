"""Where a printed page ends: a heading stays with what it is the heading of."""

from __future__ import annotations

from openpyxl.worksheet.pagebreak import Break

from planner.workbooks import style
from planner.workbooks.book import ABOVE, BELOW, SIDE, Book, Sheet

ROW_POINTS = 15.0
# Columns are narrower in Excel than in LibreOffice, so that its pages hold fewer rows.
_SLACK = 0.93


def next_page(book: Book, sheet: Sheet) -> None:
    """The next row begins a page."""
    sheet.row_breaks.append(Break(id=book.next_row(sheet) - 1))


def keep_together(book: Book, sheet: Sheet, rows: int) -> bool:
    """A new page begins here if so many rows of a line do not fit on the one that has begun; does it?"""
    used = _used(book, sheet)
    full = used > 0 and used + rows * ROW_POINTS > page_points(book, sheet)
    if full:
        next_page(book, sheet)
    return full


def page_points(book: Book, sheet: Sheet) -> float:
    """How high the rows of a page are together, on a sheet that is fitted to the width of its paper."""
    across, down = style.PAPER_POINTS[book.paper]
    if sheet.page_setup.orientation == "landscape":
        across, down = down, across
    digits: float = sum(column.width for column in sheet.column_dimensions.values())
    scale = min((across - 2 * SIDE * 72) / (digits * style.DIGIT * 10), 1.0)
    return (down - (ABOVE + BELOW) * 72) / scale * _SLACK


def _used(book: Book, sheet: Sheet) -> float:
    """How much of the page that has begun is taken; pages end where they are full, too."""
    page, used = page_points(book, sheet), 0.0
    begins = max((mark.id for mark in sheet.row_breaks.brk), default=0) + 1
    for number in range(begins, book.next_row(sheet)):
        height = sheet.row_dimensions[number].height or ROW_POINTS
        used = height if used + height > page else used + height
    return used
