"""What stays in sight on the sheets of the value workbook; and panes that come too late are an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.workbooks.book import Book, freeze
from tests.value_book import INFO, written
from tests.value_world import frames, tables


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return written(tmp_path_factory.mktemp("value"), frames(tables()))


@pytest.mark.parametrize("name", ["To act on", "To offer"])
def test_the_header_of_a_list_stays(book: Any, name: str) -> None:
    sheet = book[name]
    (table,) = sheet.tables.values()
    header_row = int(table.ref.split(":")[0].lstrip("A"))
    assert sheet.freeze_panes == f"C{header_row + 1}"
    assert sheet.print_title_rows == f"${header_row}:${header_row}"


@pytest.mark.parametrize("name", ["By month", "By group"])
def test_months_and_groups_stay_beside_their_figures(book: Any, name: str) -> None:
    assert book[name].freeze_panes == "B1"
    assert not book[name].print_title_rows


def test_too_late_is_an_error(tmp_path: Path) -> None:
    book = Book(INFO, "value.title")
    sheet = book.sheet("Late", [10])
    book.append(sheet, [book.cell(sheet, "a")])
    with pytest.raises(ValueError, match="Late: panes are frozen before"):
        freeze(sheet, "A2")
    book.save(tmp_path / "late.xlsx")
