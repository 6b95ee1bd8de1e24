"""The workbook of rows that came back: it says why, takes corrections, and is read back like a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from planner.tables import KM_PER_MILE, OUTCOMES
from planner.workbooks.calls import LETTERS
from planner.workbooks.filled_in import FilledIn
from planner.workbooks.returned import says_the_same, write_returned
from tests.filled_in_lists import INFO, changed, meant, read, write_list

WRONG: dict[int, dict[str, Any]] = {
    2: {"outcome": "bookd", "date": date(2026, 3, 20)},
    4: {"outcome": "not_yet", "odometer": "many"},
    5: {"outcome": "callback", "note": "=HYPERLINK(1)"},
}


@pytest.fixture
def lists(tmp_path: Path) -> FilledIn:
    path = write_list(tmp_path / "calls.xlsx", WRONG)
    # openpyxl would make a formula of the note; the person typed a text.
    note = f"{LETTERS['note']}5"
    return read(changed(path, lambda book: setattr(book.worksheets[0][note], "data_type", "s")))


@pytest.fixture
def back(lists: FilledIn, tmp_path: Path) -> Path:
    path = tmp_path / "calls-returned.xlsx"
    write_returned(path, lists.returned, INFO)
    return path


def column(sheet: Any, title: str) -> int:
    """Where a heading stands, from 1, in the row of headings."""
    return [cell.value for cell in sheet[2]].index(title) + 1


def correct(path: Path, row: int, **cells: Any) -> None:
    def write(workbook: Any) -> None:
        sheet = workbook.worksheets[0]
        for title, value in cells.items():
            sheet.cell(row, column(sheet, title)).value = value

    changed(path, write)


def test_the_reason_stands_beside_the_outcome(back: Path) -> None:
    sheet = load_workbook(back).worksheets[0]
    titles = [cell.value for cell in sheet[2]]
    assert titles == [
        *("Customer", "Vehicle", "What is missing or wrong", "Outcome", "Date", "Odometer", "Note"),
        *("Attempt", "Call on", "Stood in", "Contact ID"),
    ]
    first = [cell.value for cell in sheet[3]]
    assert first[0] == "Tom Hill"
    assert first[2] == "'bookd' is no outcome. Did you mean booked?"
    assert first[3:5] == ["bookd", datetime(2026, 3, 20)]
    assert first[7:] == [1, datetime(2026, 3, 10), "calls.xlsx [Calls], row 2", "VIN1/S2c"]


def test_nothing_is_a_formula(back: Path) -> None:
    cells = [cell for row in load_workbook(back).worksheets[0].iter_rows() for cell in row]
    assert "=HYPERLINK(1)" in [cell.value for cell in cells]
    assert all(cell.data_type != "f" for cell in cells)


def test_it_has_the_dropdowns_of_the_list(back: Path) -> None:
    checks = {
        str(rule.sqref): rule for rule in load_workbook(back).worksheets[0].data_validations.dataValidation
    }
    assert set(checks) == {"D3:D5", "E3:E5", "F3:F5"}
    assert all(code in checks["D3:D5"].formula1 for code in OUTCOMES)


def test_read_back_uncorrected_it_says_the_same(lists: FilledIn, back: Path) -> None:
    again = read(back)
    assert again.filled.empty
    shown = lists.returned.columns.difference(["file", "sheet", "row"])
    assert again.returned[shown].equals(lists.returned[shown])


def test_corrections_are_read_back(back: Path) -> None:
    correct(back, 3, Outcome="booked")
    correct(back, 4, Odometer=45000)
    again = read(back)
    assert meant(again) == {
        "VIN1/S2c": (1, "booked", "2026-03-20", None, None, None),
        "AB 123 C/W1c": (1, "not_yet", None, 45000, None, None),
    }
    assert set(again.filled["listed_on"]) == {pd.Timestamp(2026, 3, 10)}  # the day of the list, not of this
    assert again.returned["contact_id"].tolist() == ["VIN4/S2c/2"]


def test_untouched_or_corrected(lists: FilledIn, back: Path, tmp_path: Path) -> None:
    assert says_the_same(back, lists.returned)
    assert not says_the_same(back, lists.returned.iloc[:2])
    assert not says_the_same(tmp_path / "nothing.xlsx", lists.returned)
    correct(back, 3, Outcome="booked")
    assert not says_the_same(back, lists.returned)


def test_a_reading_keeps_its_unit(tmp_path: Path) -> None:
    """A list in miles whose rows come back to a dealership that counts in km by now."""
    typed = {2: {"odometer": 10_000}, 3: {"odometer": "9,000 km"}}
    lists = read(write_list(tmp_path / "calls.xlsx", typed, replace(INFO, unit="mi")))
    write_returned(tmp_path / "back.xlsx", lists.returned, INFO)
    correct(tmp_path / "back.xlsx", 3, Outcome="not_yet")
    correct(tmp_path / "back.xlsx", 4, Outcome="not_yet")
    km = [said[3] for said in meant(read(tmp_path / "back.xlsx")).values()]
    assert km == [pytest.approx(10_000 * KM_PER_MILE), 9000]


def test_no_row_is_a_file_all_the_same(lists: FilledIn, tmp_path: Path) -> None:
    write_returned(tmp_path / "back.xlsx", lists.returned.head(0), INFO)
    assert read(tmp_path / "back.xlsx").rows_read == 0


def test_in_arabic(tmp_path: Path) -> None:
    """The list, the reasons and the file of rows that came back are in Arabic, and read back the same."""
    info = replace(INFO, language="ar", country="EG")
    typed = {
        2: {"outcome": "تم الحجز"},
        3: {"outcome": "لم يرد"},
        4: {"outcome": "إيقاف كل تواصل"},
        5: {"outcome": "معاودة الاتصل", "date": date(2026, 3, 16)},
    }
    lists = read(write_list(tmp_path / "calls.xlsx", typed, info), language="ar", country="EG")
    assert {contact: (said[1], said[4]) for contact, said in meant(lists).items()} == {
        "VIN2/S2c": ("no_answer", None),
        "AB 123 C/W1c": ("do_not_call", "all"),
    }
    needs_day, misspelt = (reason.replace("\u200f", "") for reason in lists.returned["reason"])
    assert needs_day == "تم الحجز: يلزم تاريخ الموعد. اكتبه تحت التاريخ، مثل ٢٠ مارس ٢٠٢٦."
    assert misspelt == "«معاودة الاتصل» ليست من النتائج. هل تقصد معاودة الاتصال؟"
    write_returned(tmp_path / "back.xlsx", lists.returned, info)
    sheet = load_workbook(tmp_path / "back.xlsx").worksheets[0]
    assert sheet.sheet_view.rightToLeft
    again = read(tmp_path / "back.xlsx", language="ar", country="EG")
    assert again.returned["reason"].str.replace("\u200f", "").tolist() == [needs_day, misspelt]


def test_what_to_do_is_printed_whole(back: Path) -> None:
    sheet = load_workbook(back).worksheets[0]
    last_printed = column_index_from_string(sheet.print_area.split("$")[-2])
    assert [merged.max_col for merged in sheet.merged_cells.ranges] == [last_printed]
