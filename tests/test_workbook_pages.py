"""Where printed pages end: no heading alone at the foot of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from planner.workbooks import style
from planner.workbooks.book import Book
from planner.workbooks.pages import keep_together, page_points
from planner.workbooks.value_success import add_touchpoints
from tests.success_world import simulated
from tests.value_book import INFO, NAMES

# In Excel, of A4 across: 842 points less margins of 0.35 inches wide, 595 less 0.7 and 0.55 high; a column
# is 7 pixels a digit, which are 5.25 points.
WIDE, HIGH, DIGIT = 842 - 0.7 * 72, 595 - 1.25 * 72, 5.25


@pytest.fixture(scope="module")
def found() -> dict[str, pd.DataFrame]:
    year = simulated(2, 600, "YSb", "YSc")
    return {"success": year.success, "without_contact": year.without_contact}


def with_touchpoints(found: dict[str, pd.DataFrame], many: int) -> dict[str, pd.DataFrame]:
    """The frames with so many kinds of contact more, all like the first."""
    rows = found["success"]
    kinds = rows[rows["by"].eq("touchpoint")]
    first = kinds[kinds["group"].eq(kinds["group"].iloc[0])]
    more = [first.assign(group=f"X{number:02}") for number in range(many)]
    return found | {"success": pd.concat([kinds, *more, rows[rows["by"].ne("touchpoint")]])}


def pages_of(sheet: Any) -> dict[int, int]:
    """The page of each row, as Excel breaks it: where it is told to, and where a page is full."""
    columns = sum(column.width for column in sheet.column_dimensions.values()) * DIGIT
    room = HIGH / min(WIDE / columns, 1)
    told = {mark.id + 1 for mark in sheet.row_breaks.brk}
    page, used, pages = 1, 0.0, {}
    for number in range(1, sheet.max_row + 1):
        height = sheet.row_dimensions[number].height
        if number in told or used + height > room:
            page, used = page + 1, 0.0
        used += height
        pages[number] = page
    return pages


@pytest.mark.parametrize("many", range(0, 66, 5))
def test_each_heading_of_touchpoints_is_on_the_page_of_its_table(
    tmp_path: Path, found: dict[str, pd.DataFrame], many: int
) -> None:
    book = Book(INFO, "value.title")
    add_touchpoints(book, with_touchpoints(found, many), NAMES)
    book.save(tmp_path / "touchpoints.xlsx")
    sheet = load_workbook(tmp_path / "touchpoints.xlsx").active
    pages = pages_of(sheet)
    headings = [
        row[0].row for row in sheet.iter_rows() if row[0].font.sz == style.SECTION.size and row[0].value
    ]
    assert len(headings) >= 5
    for heading in headings:
        header = next(
            number
            for number in range(heading, heading + 6)
            if sheet.cell(number, 1).fill.fgColor.rgb.endswith(style.DARK)
        )
        assert pages[heading] == pages[header + 1], sheet.cell(heading, 1).value


def test_a_page_begins_only_where_the_rows_do_not_fit(tmp_path: Path) -> None:
    book = Book(INFO, "value.title")
    sheet = book.sheet("One", [100.0])
    book.page(sheet, "One")
    assert not keep_together(book, sheet, 1000), "a page that is empty is not left so"
    rows = int(page_points(book, sheet) // 15)
    for _ in range(rows - 10):
        book.append(sheet, [])
    assert not keep_together(book, sheet, 10)
    assert keep_together(book, sheet, 11)
    assert [mark.id for mark in sheet.row_breaks.brk] == [rows - 10]
    book.append(sheet, [])
    assert not keep_together(book, sheet, rows - 1), "a new page has begun"
    book.save(tmp_path / "one.xlsx")
