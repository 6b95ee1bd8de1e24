"""The list in a real program: sorted by another column, filtered, filled in and saved by LibreOffice Calc."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from planner.workbooks.calls import COLUMNS, LETTERS, write_calls
from planner.workbooks.texts import LANGUAGES, Texts, outcome_words
from tests.filled_in_lists import CONTACTS, INFO, calls, meant, read
from tests.in_calc import work_in_calc
from tests.make_filled_in import soffice_missing

pytestmark = pytest.mark.skipif(bool(soffice_missing()), reason=soffice_missing())

ADVISORS = ("Ann Weber", "Bo Lee")  # in turn; the second one's calls are filled in
PLACE = {column.name: number for number, column in enumerate(COLUMNS)}
SORTED = sorted(CONTACTS, key=lambda contact: contact[1], reverse=True)

# What a formula of a link points to is what it calculates before its text.
_WORK = """
list = book.Sheets.getByIndex(0)
Dim order(0) As New com.sun.star.table.TableSortField
order(0).Field = {customer}
order(0).IsAscending = False
Dim how(1) As New com.sun.star.beans.PropertyValue
how(0).Name = "ContainsHeader"
how(0).Value = True
how(1).Name = "SortFields"
how(1).Value = order()
area = list.getCellRangeByPosition(0, 0, {contact_id}, {rows})
area.sort(how())
Dim only(0) As New com.sun.star.sheet.TableFilterField
only(0).Field = {advisor}
only(0).Operator = com.sun.star.sheet.FilterOperator.EQUAL
only(0).StringValue = "Bo Lee"
filter = area.createFilterDescriptor(True)
filter.ContainsHeader = True
filter.setFilterFields(only())
area.filter(filter)
For Each name In Array(0, 1)
  sheet = book.Sheets.getByIndex(name)
  cells = sheet.queryContentCells(com.sun.star.sheet.CellFlags.FORMULA).Cells.createEnumeration()
  Do While cells.hasMoreElements()
    cell = cells.nextElement()
    link = Mid(cell.Formula, Len("=HYPERLINK(") + 1)
    scratch = sheet.getCellByPosition(60, 0)
    scratch.Formula = "=" & Left(link, InStr(link, ";0);") + 2)
    row = cell.CellAddress.Row
    Print #report, name & "|" & (row + 1) & "|" & cell.String & "|" & scratch.String
    scratch.Formula = ""
  Loop
Next
For row = 1 To {rows}
  If list.Rows.getByIndex(row).IsVisible Then list.getCellByPosition({outcome}, row).String = "{said}"
Next
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_sorting_and_filtering_links_and_outcomes_are_those_of_their_row(
    tmp_path: Path, language: str
) -> None:
    texts, said = Texts(language), outcome_words(language)["no_answer"]
    table = calls().assign(advisor=[ADVISORS[number % 2] for number in range(len(CONTACTS))])
    write_calls(tmp_path / "calls.xlsx", table, pd.DataFrame(), replace(INFO, language=language))
    saved = tmp_path / "saved.xlsx"
    work = _WORK.format(**PLACE, rows=len(CONTACTS), said=said)
    lines = [line.split("|") for line in work_in_calc(tmp_path / "calls.xlsx", saved, work, tmp_path)]

    book = load_workbook(saved)
    list_, scripts = book.worksheets[:2]
    ids = {row: list_[f"{LETTERS['contact_id']}{row}"].value for row in range(2, len(CONTACTS) + 2)}
    assert [*ids.values()] == [contact for contact, _, _ in SORTED], "the list is not sorted"
    names = {contact: name for contact, name, _ in CONTACTS}
    followed = set()
    for sheet, row, text, target in lines:
        title, cell = re.fullmatch(r"#'?([^']+)'?!(A\d+)", target).groups()  # type: ignore[union-attr]
        end = book[title][cell].row
        if sheet == "0":
            assert (text, title) == (texts("calls.open_script"), scripts.title)
            assert scripts.cell(end, 2).value == names[ids[int(row)]]
            followed.add(ids[int(row)])
        else:
            assert (text, title) == (texts("scripts.back"), list_.title)
            assert scripts.cell(int(row) - 1, 2).value == ids[end]  # above the link stands the id
    assert followed == {*names}
    assert len(lines) == 2 * len(CONTACTS)

    shown = load_workbook(saved, data_only=True).worksheets[0]
    assert {shown[f"{LETTERS['script']}{row}"].value for row in ids} == {texts("calls.open_script")}
    hidden = {contact for row, contact in ids.items() if list_.row_dimensions[row].hidden}
    assert hidden == {contact for contact, _, _ in CONTACTS[::2]}, "the list is not filtered"
    answers = read(saved, language=language)
    assert answers.returned.empty
    assert meant(answers) == {
        contact: (attempt, "no_answer", None, None, None, None) for contact, _, attempt in CONTACTS[1::2]
    }
