"""The pages of the days: every call once, on the page of its day and advisor, and what is printed fits."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from planner.workbooks.calls import is_filled_in, write_calls
from tests.calls_book import INFO, MESSAGE, calls, messages

MONDAY, TUESDAY = date(2026, 3, 9), date(2026, 3, 10)
ROWS: list[dict[str, Any]] = [
    {"contact_id": "V1/a", "customer": "Tom Hill", "call_on": MONDAY, "advisor": "Ann Weber"},
    {"contact_id": "V2/a", "customer": "=1+1", "call_on": MONDAY, "advisor": "Bo Lee", "attempt": 2},
    {"contact_id": "V3/a", "customer": "Jo Ng", "call_on": MONDAY, "advisor": "Ann Weber", "phone": None},
    {"contact_id": "V4/a", "customer": "منى علي", "call_on": TUESDAY, "advisor": None},
]


def written(path: Path, rows: list[dict[str, Any]], **changes: Any) -> Any:
    write_calls(path, calls(*rows), messages(MESSAGE), replace(INFO, **changes))
    return load_workbook(path)["Day pages"]


def test_every_call_stands_on_the_page_of_its_day_and_advisor(tmp_path: Path) -> None:
    sheet = written(tmp_path / "calls.xlsx", ROWS)
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert lines[0] == ["No.", "Customer", "Vehicle", "Outcome", "Date", "Odometer", "Note"]
    assert [line[0] for line in lines[1:]] == [
        "Monday 9 March 2026 · Ann Weber · 2 to call",
        1,
        3,
        "Monday 9 March 2026 · Bo Lee · 1 to call",
        2,
        "Tuesday 10 March 2026 · 1 to call",
        4,
    ]
    assert [mark.id for mark in sheet.row_breaks.brk] == [4, 6]
    assert lines[2][1] == "Tom Hill\n+4930123456"
    assert lines[3][1] == "Jo Ng\nno phone on file"
    assert lines[5][1] == "=1+1\n+4930123456\nattempt 2"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert lines[2][3].count("□") == 9
    assert all(line[4:] == [None, None, None] for line in lines[2:4])


def test_paper_is_of_the_country_and_nothing_is_scaled_away(tmp_path: Path) -> None:
    for letter, paper in ((False, 9), (True, 1)):
        sheet = written(tmp_path / "calls.xlsx", ROWS, country="US" if letter else "DE")
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (paper, "landscape")
        assert not sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$1"
        heights = [sheet.row_dimensions[row].height for row in (3, 4)]
        assert min(heights) >= 60  # points: room for handwriting
        # Excel at 96 dots an inch: 7 pixels a digit of Arial 10 and 5 beside it; margins 0.35 inches.
        widths = [sheet.column_dimensions[get_column_letter(column)].width for column in range(1, 8)]
        inches = sum(7 * width + 5 for width in widths) / 96
        assert inches + 0.7 <= 11


def test_a_week_without_calls_and_a_list_that_nobody_has_filled_in(tmp_path: Path) -> None:
    sheet = written(tmp_path / "none.xlsx", [])
    assert sheet["A2"].value == "No calls this week: nobody falls due from 9 Mar 2026 to 15 Mar 2026."
    written(tmp_path / "calls.xlsx", ROWS)
    assert not is_filled_in(tmp_path / "calls.xlsx")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_page_is_a_page_on_paper(tmp_path: Path) -> None:
    written(tmp_path / "calls.xlsx", ROWS, country="US")
    book = load_workbook(tmp_path / "calls.xlsx")
    for name in book.sheetnames:
        if name != "Day pages":
            del book[name]
    book.save(tmp_path / "pages.xlsx")
    office = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/lo", "--convert-to", "pdf"]
    subprocess.run(
        [*office, "--outdir", str(tmp_path), str(tmp_path / "pages.xlsx")],
        check=True,
        capture_output=True,
        timeout=240,
    )
    content = (tmp_path / "pages.pdf").read_bytes()
    assert content.count(b"/Type/Page/") + content.count(b"/Type/Page\n") == 3
