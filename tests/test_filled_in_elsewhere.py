"""Lists as Excel and Google Sheets save them: the answers are those of the plain file.

The files are made part by part after real ones (`tests.other_programs`, `tests.lists_as_text`), as neither
program runs here. Real ones are read where a folder of them is named in FOREIGN_FILES.
"""

from __future__ import annotations

import os
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from planner.errors import InputError
from planner.workbooks.calls import LETTERS
from tests.carriers import carry, saved_by
from tests.filled_in_lists import CONTACTS, MEANT, TYPED, meant, read, write_list
from tests.lists_as_text import TEXTS, Text, save_as_text
from tests.make_filled_in import TYPED_IN_ARABIC
from tests.other_programs import EXCEL, EXCEL_1904, EXCEL_STRICT, PROGRAMS, SHEETS, Program, save_as
from tests.test_filled_in import CHANGES

FOREIGN = os.environ.get("FOREIGN_FILES", "")
# The answers of TYPED, written in other ways.
WAYS: dict[str, dict[int, dict[str, Any]]] = {
    "days and numbers": TYPED,
    "in Arabic": TYPED_IN_ARABIC,
    "text": {
        **TYPED,
        2: {"outcome": "Booked", "date": "20.3.2026"},
        4: {"outcome": "not yet", "odometer": "45.000 km"},
        5: {"outcome": "call back", "date": "Mon, 16 Mar 2026", "note": "after six"},
        6: {"outcome": "Done elsewhere", "date": "10-Feb-26", "odometer": "61,250"},
    },
    "days that have lost their format": {
        **TYPED,
        2: {"outcome": "booked", "date": 46101},
        5: {"outcome": "callback", "date": 46097, "note": "after six"},
        6: {"outcome": "done_elsewhere", "date": 46063, "odometer": 61250.0},
    },
}

programs = pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)


def the_list(tmp_path: Path, typed: dict[int, dict[str, Any]]) -> Workbook:
    return load_workbook(write_list(tmp_path / "calls.xlsx", typed))


@programs
@pytest.mark.parametrize("way", WAYS)
def test_every_answer_is_read(tmp_path: Path, program: Program, way: str) -> None:
    lists = read(save_as(the_list(tmp_path, WAYS[way]), program, tmp_path / "saved.xlsx"))
    assert meant(lists) == MEANT
    assert lists.returned.empty
    assert lists.rows_read == len(CONTACTS)


@programs
@pytest.mark.parametrize("change", CHANGES)
def test_what_people_do_to_the_file(tmp_path: Path, program: Program, change: str) -> None:
    workbook = the_list(tmp_path, TYPED)
    CHANGES[change](workbook)
    assert meant(read(save_as(workbook, program, tmp_path / "saved.xlsx"))) == MEANT


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
@pytest.mark.parametrize("way", ["days and numbers", "text"])
@pytest.mark.parametrize("country", ["DE", "US"])
def test_saved_as_text(tmp_path: Path, text: Text, way: str, country: str) -> None:
    path = save_as_text(the_list(tmp_path, WAYS[way]), text, tmp_path / "saved.csv")
    lists = read(path, country=country)
    assert meant(lists) == MEANT
    assert lists.returned.empty


@programs
def test_what_a_cell_of_text_can_hold(tmp_path: Path, program: Program) -> None:
    """Breaks of lines, blanks at the ends, signs of markup, what looks like an escape of the file's own."""
    note = " after <six> & seven,\r\nnot _x0041_ "
    workbook = the_list(tmp_path, {})
    for name, value in {"outcome": "callback", "date": date(2026, 3, 16), "note": note}.items():
        workbook.worksheets[0][f"{LETTERS[name]}5"] = value
    lists = read(save_as(workbook, program, tmp_path / "saved.xlsx"))
    said = (2, "callback", "2026-03-16", None, None, "after <six> & seven, not _x0041_")
    assert meant(lists) == {"VIN4/S2c/2": said}


def test_copies_of_every_program_are_one_list(tmp_path: Path) -> None:
    workbook = the_list(tmp_path, TYPED)
    books = [save_as(workbook, program, tmp_path / f"{program.name}.xlsx") for program in PROGRAMS]
    texts = [save_as_text(workbook, text, tmp_path / f"{text.name}.csv".replace("/", "")) for text in TEXTS]
    lists = read(*books, *texts)
    assert meant(lists) == MEANT
    assert lists.returned.empty


def test_the_files_differ_as_they_should(tmp_path: Path) -> None:
    """The day 20 March 2026 as each program writes it: nothing would be tested if they were all one file."""

    def part(program: Program, name: str) -> str:
        path = save_as(the_list(tmp_path, TYPED), program, tmp_path / "saved.xlsx")
        with ZipFile(path) as file:
            return file.read(name).decode()

    sheet = "xl/worksheets/sheet1.xml"
    assert "<v>46101</v>" in part(EXCEL, sheet)
    assert 't="d"><v>2026-03-20</v>' in part(EXCEL_STRICT, sheet)
    assert "<v>44639</v>" in part(EXCEL_1904, sheet)  # 1,462 days less
    assert "<v>46101.0</v>" in part(SHEETS, sheet)
    assert '<row r="1000"' in part(SHEETS, sheet)
    assert "_x0041_" not in part(EXCEL, "xl/sharedStrings.xml")
    assert 'formatCode="M/d/yyyy"' in part(SHEETS, "xl/styles.xml")


foreign = pytest.mark.skipif(not FOREIGN, reason="FOREIGN_FILES names no folder of files of other programs")


@foreign
def test_foreign_files_are_refused_in_one_line() -> None:
    """None is a list of ours, so each is refused: never more than a line, never an error of another kind."""
    kinds = ("xlsx", "xlsm", "xlsb", "xls", "ods", "csv", "txt", "tsv", "numbers")
    files = sorted(chain.from_iterable(Path(FOREIGN).rglob(f"*.{kind}") for kind in kinds))
    assert files
    for path in files:
        with pytest.raises(InputError) as refused:
            read(path)
        assert "\n" not in str(refused.value), path


@foreign
@pytest.mark.parametrize("program", ["Excel", "Sheets"])
def test_the_list_inside_real_files(tmp_path: Path, program: str) -> None:
    """All parts but the cells are as Excel or Sheets saved them; a few such files are damaged on purpose."""
    workbook = the_list(tmp_path, TYPED)
    tried, refused = 0, []
    for carrier in sorted(Path(FOREIGN).rglob("*.xls[xm]")):
        target = tmp_path / "carried.xlsx"
        if saved_by(carrier) != program or not carry(carrier, workbook, target):
            continue
        tried += 1
        try:
            lists = read(target)
        except InputError as error:
            refused.append(f"{carrier}: {error}")
            continue
        assert meant(lists) == MEANT, carrier
        assert lists.returned.empty, carrier
    assert tried
    assert len(refused) * 50 < tried, refused
