"""Lists that come back: what was typed is understood, whatever was done to the file around it."""

from __future__ import annotations

from copy import copy
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from planner.errors import InputError
from planner.workbooks.calls import LETTERS
from planner.workbooks.filled_in import FILLED, RETURNED
from planner.workbooks.filled_in_words import known_heading
from tests.filled_in_lists import (
    CONTACTS,
    MEANT,
    TYPED,
    changed,
    grid,
    headings,
    meant,
    read,
    reasons,
    write_grid,
    write_list,
)


class TestAsHandedOut:
    def test_every_answer_is_read(self, filled_list: Path) -> None:
        lists = read(filled_list)
        assert meant(lists) == MEANT
        assert lists.returned.empty
        assert lists.rows_read == len(CONTACTS)

    def test_frames_have_the_promised_columns(self, filled_list: Path) -> None:
        lists = read(filled_list)
        assert lists.filled.dtypes.astype(str).to_dict() == FILLED
        assert lists.returned.dtypes.astype(str).to_dict() == RETURNED

    def test_rows_say_for_which_day_they_were_listed(self, filled_list: Path) -> None:
        assert set(read(filled_list).filled["listed_on"]) == {pd.Timestamp(2026, 3, 10)}

    @pytest.mark.parametrize("shown", ["Tue 10 Mar", "10-Mar", "الثلاثاء 10 مارس", "10 March 2026"])
    def test_a_day_without_its_year_is_of_the_nearest(self, tmp_path: Path, shown: str) -> None:
        path = tmp_path / "calls.csv"
        path.write_text(f"Contact ID,Call on,Outcome\nV/S1c,{shown},refused\n", encoding="utf-8")
        assert read(path).filled["listed_on"].tolist() == [pd.Timestamp(2026, 3, 10)]

    def test_rows_say_where_they_stood(self, filled_list: Path) -> None:
        first = read(filled_list).filled.iloc[0]
        assert (first["file"], first["sheet"], first["row"]) == ("calls.xlsx", "Calls", 2)

    def test_nothing_filled_in_is_nothing_read(self, tmp_path: Path) -> None:
        lists = read(write_list(tmp_path / "calls.xlsx"))
        assert (len(lists.filled), len(lists.returned), lists.rows_read) == (0, 0, len(CONTACTS))


# What people do to a file. Each takes the workbook; the answers must be the same.


def _sorted_by_customer(workbook: Workbook) -> None:
    sheet = workbook.worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for number, row in enumerate(sorted(rows, key=lambda row: str(row[1])), 2):
        for place, value in enumerate(row, 1):
            sheet.cell(number, place).value = value


def _filtered(workbook: Workbook) -> None:
    for number in (3, 4, 7):
        workbook.worksheets[0].row_dimensions[number].hidden = True


def _open_row_deleted(workbook: Workbook) -> None:
    workbook.worksheets[0].delete_rows(8)


def _title_above(workbook: Workbook) -> None:
    sheet = workbook.worksheets[0]
    sheet.insert_rows(1, 2)
    sheet["A1"] = "My calls, please check the Date and the Outcome"
    sheet.merge_cells("A1:F1")


def _lines_of_blanks_above(workbook: Workbook) -> None:
    sheet = workbook.worksheets[0]
    sheet.insert_rows(1, 3)
    for place in range(1, 40):
        sheet.cell(2, place).value = " "


def _columns_inserted(workbook: Workbook) -> None:
    sheet = workbook.worksheets[0]
    sheet.insert_cols(2)
    sheet["B1"] = "My mark"
    sheet["B3"] = "x"


def _sheet_renamed(workbook: Workbook) -> None:
    workbook.worksheets[0].title = "Ann, week 11"


def _other_sheets_deleted(workbook: Workbook) -> None:
    for sheet in workbook.worksheets[1:]:
        workbook.remove(sheet)


def _sheet_moved_to_the_end(workbook: Workbook) -> None:
    workbook.move_sheet(workbook.worksheets[0], len(workbook.worksheets) - 1)


def _halves_on_two_sheets(workbook: Workbook) -> None:
    first = workbook.worksheets[0]
    second = workbook.create_sheet("Ann's half")
    for row in first.iter_rows():
        if row[0].row == 1 or row[0].row % 2:
            second.append([cell.value for cell in row])
    for number in range(9, 1, -1):
        if number % 2:
            first.delete_rows(number)


def _pasted_below_with_headings(workbook: Workbook) -> None:
    sheet = workbook.worksheets[0]
    for number in (1, 4, 5):
        sheet.append([cell.value for cell in sheet[number]])
    sheet.delete_rows(4, 2)


def _blanks_everywhere(workbook: Workbook) -> None:
    for row in workbook.worksheets[0].iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.value = " \u00a0" + cell.value.replace(" ", "\u00a0") + "\u200f  "


def _dashes_where_nothing_is(workbook: Workbook) -> None:
    for number in range(2, 10):
        for name in ("outcome", "date", "odometer", "note"):
            cell = workbook.worksheets[0][f"{LETTERS[name]}{number}"]
            cell.value = cell.value or "-"


def _formulas(workbook: Workbook) -> None:
    # Without a calculated value, as openpyxl writes them, they are nothing; beside the answers they may be.
    workbook.worksheets[0]["Z1"] = "Days"
    workbook.worksheets[0]["Z2"] = "=TODAY()-A2"


def _the_whole_list_twice(workbook: Workbook) -> None:
    workbook.copy_worksheet(workbook.worksheets[0])


CHANGES = {
    "sorted": _sorted_by_customer,
    "filtered, with hidden rows": _filtered,
    "open row deleted": _open_row_deleted,
    "lines inserted above": _title_above,
    "lines of blanks above": _lines_of_blanks_above,
    "column inserted": _columns_inserted,
    "sheet renamed": _sheet_renamed,
    "other sheets deleted": _other_sheets_deleted,
    "sheet moved": _sheet_moved_to_the_end,
    "halves on two sheets": _halves_on_two_sheets,
    "pasted below with headings": _pasted_below_with_headings,
    "headings in capitals": headings(contact_id="CONTACT_ID", outcome="OUTCOME", date="DATE", note="NOTE"),
    "headings by synonyms": headings(outcome="Call result", date="Appointment", odometer="Km", note="Remark"),
    "headings in Arabic": headings(
        contact_id="معرّف التواصل",
        outcome="النتيجة",
        date="التاريخ",
        odometer="قراءة العداد",
        note="ملاحظة",
        attempt="المحاولة",
    ),
    "blanks that nobody sees": _blanks_everywhere,
    "dashes": _dashes_where_nothing_is,
    "formulas beside": _formulas,
    "the whole list twice": _the_whole_list_twice,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_was_done_to_the_file(filled_list: Path, change: Any) -> None:
    lists = read(changed(filled_list, change))
    assert meant(lists) == MEANT
    assert lists.returned.empty


def test_a_blank_is_no_heading() -> None:
    """Else a line of blanks above would be taken for the row of headings."""
    assert not known_heading("")


class TestColumns:
    def test_in_any_order(self, filled_list: Path, tmp_path: Path) -> None:
        turned = write_grid(tmp_path / "turned.xlsx", [row[::-1] for row in grid(filled_list)])
        assert meant(read(turned)) == MEANT

    def test_attempt_may_be_gone(self, filled_list: Path, tmp_path: Path) -> None:
        rows = grid(filled_list)
        place = rows[0].index("Attempt")
        rows = [[*row[:place], *row[place + 1 :]] for row in rows]
        assert "Attempt" not in rows[0]
        lists = read(write_grid(tmp_path / "without.xlsx", rows))
        assert {contact: (None, *rest) for contact, (_, *rest) in MEANT.items()} == meant(lists)
        assert lists.filled["attempt"].isna().all()

    def test_own_heading_goes_before_a_synonym(self, filled_list: Path) -> None:
        def add(workbook: Workbook) -> None:
            workbook.worksheets[0]["AD1"], workbook.worksheets[0]["AD2"] = "Comments", "of my own"
            workbook.worksheets[0]["AE1"], workbook.worksheets[0]["AE3"] = "Result", "booked"

        assert meant(read(changed(filled_list, add))) == MEANT

    def test_note_from_last_time_is_no_answer(self, filled_list: Path) -> None:
        def before(workbook: Workbook) -> None:
            workbook.worksheets[0][f"{LETTERS['note_before']}8"] = "asked for Monday"

        assert meant(read(changed(filled_list, before))) == MEANT

    def test_two_of_one_name_cannot_be_told_apart(self, filled_list: Path) -> None:
        def add(workbook: Workbook) -> None:
            workbook.worksheets[0]["Z1"], workbook.worksheets[0]["Z3"] = "Outcome", "booked"

        with pytest.raises(InputError, match=r"two columns may be meant by 'Outcome' and 'Outcome'"):
            read(changed(filled_list, add))

    @pytest.mark.parametrize("name", ["contact_id", "outcome"])
    def test_one_that_is_needed_is_gone(self, filled_list: Path, name: str) -> None:
        heading = {"contact_id": "Contact ID", "outcome": "Outcome"}[name]
        with pytest.raises(InputError, match=rf"calls.xlsx \[Calls\]: the column '{heading}' is gone"):
            read(changed(filled_list, headings(**{name: "What"})))

    def test_merged_cells_hold_for_each_row(self, tmp_path: Path) -> None:
        path = write_list(tmp_path / "calls.xlsx", {2: {"outcome": "no_answer"}, 5: {"outcome": "busy"}})
        letter = LETTERS["outcome"]
        lists = read(changed(path, lambda book: book.worksheets[0].merge_cells(f"{letter}2:{letter}4")))
        assert [said[1] for said in meant(lists).values()] == ["no_answer"] * 3 + ["busy"]


# Files that are no list


def _garbage(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 40)


def _damaged(path: Path) -> None:
    whole = write_list(path, TYPED).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def _another_table(path: Path) -> None:
    write_grid(path, [["Name", "Phone"], ["Tom Hill", "123"]])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _a_text(path: Path) -> None:
    path.write_text("Dear all,\nplease call them again.\n", encoding="utf-8")


def _messages_only(path: Path) -> None:
    write_list(path)
    changed(path, lambda book: book.remove(book.worksheets[0]))


def _missing(path: Path) -> None:
    pass


@pytest.mark.parametrize(
    "make", [_garbage, _damaged, _another_table, _empty, _a_text, _messages_only, _missing]
)
def test_no_list_is_refused_in_one_line(tmp_path: Path, make: Any) -> None:
    path = tmp_path / "calls.xlsx"
    make(path)
    with pytest.raises(InputError) as refused:
        read(path)
    assert str(refused.value).startswith(str(path))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8-sig"), (";", "utf-8"), ("\t", "utf-16")])
def test_csv(filled_list: Path, tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "calls.csv"
    pd.DataFrame(grid(filled_list)).to_csv(path, sep=delimiter, header=False, index=False, encoding=encoding)
    assert meant(read(path)) == MEANT


@pytest.mark.parametrize("order", ["%m/%d/%Y", "%d/%m/%Y"])
@pytest.mark.parametrize("country", ["DE", "US", "CA"])
def test_csv_dates_are_read_as_the_program_wrote_them(
    filled_list: Path, tmp_path: Path, order: str, country: str
) -> None:
    """Service due 30 March settles in which order: 02/10/2026 is then no question of the country."""
    path = tmp_path / "calls.csv"
    cells = [[f"{v:{order}}" if isinstance(v, date) else v for v in row] for row in grid(filled_list)]
    pd.DataFrame(cells).to_csv(path, header=False, index=False)
    assert meant(read(path, country=country)) == MEANT


def test_csv_row_that_has_slipped(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    lines = ("Contact ID,Outcome,Note", "VIN1/S2c,refused,no, thanks", "VIN2/S2c,busy,")
    path.write_text("\n".join(lines), encoding="utf-8")
    lists = read(path)
    assert list(meant(lists)) == ["VIN2/S2c"]
    assert "more cells than there are columns" in reasons(lists)[2]


def test_the_file_is_left_alone(filled_list: Path) -> None:
    before = filled_list.read_bytes()
    read(filled_list)
    assert filled_list.read_bytes() == before
    assert copy(load_workbook(filled_list).sheetnames)[0] == "Calls"
