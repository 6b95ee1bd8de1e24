"""The weekly list: what is in it, where it stands, and what counts as filled in."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from planner.workbooks.calls import LETTERS, ListInfo, is_filled_in, write_calls
from planner.workbooks.texts import LANGUAGES, Texts
from tests.calls_book import INFO, a_week, calls, messages, written
from tests.golden_files import Golden, as_lines


def test_golden(tmp_path: Path, golden: Golden) -> None:
    path = tmp_path / "calls.xlsx"
    write_calls(path, *a_week(), INFO)
    golden(path, "calls")


def test_golden_of_a_week_without_calls(tmp_path: Path, golden: Golden) -> None:
    path = tmp_path / "calls.xlsx"
    write_calls(path, calls(), messages(), INFO)
    golden(path, "calls_empty")


def test_the_same_week_gives_the_same_cells(tmp_path: Path) -> None:
    for name in ("first.xlsx", "second.xlsx"):
        write_calls(tmp_path / name, *a_week(), INFO)
    assert list(as_lines(tmp_path / "first.xlsx")) == list(as_lines(tmp_path / "second.xlsx"))


def test_the_names_that_the_contract_promises(tmp_path: Path) -> None:
    sheet = written(tmp_path, calls({}))["Calls"]
    headers = [cell.value for cell in sheet[1]]
    assert {"Contact ID", "Outcome", "Date", "Odometer", "Note"} <= set(headers)
    assert len(headers) == len(set(headers)), "an Excel table needs each heading once"
    assert sheet.tables["Calls"].ref == f"A1:{LETTERS['contact_id']}2"


CHOICES = [
    *("booked", "callback", "no_answer", "voicemail", "busy", "wrong_number", "not_yet", "done_elsewhere"),
    *("sold_car", "moved_away", "too_expensive", "refused", "complaint", "do_not_call"),
    *("do_not_call: all", "interest_second_car", "already_booked", "already_called", "reached"),
]


def test_the_outcomes_to_choose_from_are_those_of_the_contract(tmp_path: Path) -> None:
    sheet = written(tmp_path, calls({}, {}))["Calls"]
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert [rule.formula1.strip('"').split(",") for rule in lists] == [CHOICES]
    assert str(lists[0].sqref) == f"{LETTERS['outcome']}2:{LETTERS['outcome']}3"
    assert len(lists[0].formula1) <= 255, "Excel refuses longer lists"


def test_columns_that_say_nothing_are_folded(tmp_path: Path) -> None:
    def folded(*changes: dict[str, Any]) -> set[str]:
        dimensions = written(tmp_path, calls(*changes))["Calls"].column_dimensions
        return {
            name for name, letter in LETTERS.items() if letter in dimensions and dimensions[letter].hidden
        }

    same = {"offers", "cues", "attempt", "kind"}
    assert folded({}, {}) == {"phone_2", "language", "advisor", "note_before", *same}
    assert folded({}, {"language": "ar", "advisor": "Jo"}) == {"phone_2", "note_before", *same}
    assert folded({"last_contact": None}, {"last_contact": "", "advisor": "Jo", "note_before": "x"}) == {
        "phone_2",
        "language",
        "last_contact",
        *same,
    }
    assert folded({"phone_2": "1", "note_before": "x"}, {"advisor": None}) == {"language", *same}
    assert folded({"offers": "OF1", "offered_on": INFO.as_of, "cues": "x", "attempt": 2}, {}) == {
        "phone_2", "language", "advisor", "note_before", "kind",
    }  # fmt: skip
    assert "offers" not in folded({"missing_service": "tyres"}, {})
    assert "kind" not in folded({"kind": "callback"}), "what is special is said, even of the only row"


def test_each_row_leads_to_its_own_script_and_back(tmp_path: Path) -> None:
    workbook = written(tmp_path, a_week()[0])
    sheet, scripts = workbook["Calls"], workbook["Scripts"]
    for row in range(2, 7):
        # The link looks its own row's contact up, so it is right wherever the row is sorted to.
        link, key = sheet[f"{LETTERS['script']}{row}"].value, f"{LETTERS['contact_id']}{row}"
        assert link == f"=HYPERLINK(\"#'Scripts'!A\"&MATCH({key},'Scripts'!$C:$C,0),\"open\")"
        top = next(cell.row for cell in scripts["C"] if cell.value == sheet[key].value)
        assert scripts[f"B{top}"].value == sheet[f"{LETTERS['customer']}{row}"].value
        block = [scripts[f"B{line}"] for line in range(top, top + 14)]
        back = next(cell for cell in block if cell.data_type == "f")
        key_row = int(back.value.split("MATCH(B")[1].split(",")[0])
        assert scripts[f"B{key_row}"].value == sheet[f"{LETTERS['contact_id']}{row}"].value
        assert f"${LETTERS['contact_id']}:${LETTERS['contact_id']}" in back.value


def test_each_script_has_a_page_of_its_own(tmp_path: Path) -> None:
    scripts = written(tmp_path, calls({}, {}, {}))["Scripts"]
    tops = [cell.row for cell in scripts["A"] if str(cell.value).startswith("No. ")]
    assert [mark.id + 1 for mark in scripts.row_breaks.brk] == tops[1:]


def test_the_week_adds_up(tmp_path: Path) -> None:
    week = written(tmp_path, a_week()[0])["The week"]
    rows = {row[0].value: [cell.value for cell in row[1:]] for row in week.iter_rows()}
    assert rows["Day"] == ["Ann Weber", "Karim Haddad", "nobody named", "Total"]
    assert rows["Mon 9 Mar"] == [2, 1, 1, 4]
    assert rows["Wed 11 Mar"] == [1, None, None, 1]
    assert rows["Total"] == [3, 1, 1, 5]
    assert (rows["Calls"][0], rows["Second and third attempts"][0], rows["Without a phone number"][0]) == (
        5,
        1,
        1,
    )


def test_miles(tmp_path: Path) -> None:
    info = ListInfo("Hill", "2026-W11", INFO.first_day, INFO.last_day, "en", "mi", INFO.as_of)
    sheet = written(tmp_path, calls({}), info)["Calls"]
    assert sheet[f"{LETTERS['due_km']}1"].value == "By then, mi"
    assert "in mi" in sheet[f"{LETTERS['odometer']}1"].comment.text


@pytest.mark.parametrize("column", ["Outcome", "Date", "Odometer", "Note"])
def test_a_list_counts_as_filled_in_from_the_first_entry(tmp_path: Path, column: str) -> None:
    workbook = written(tmp_path, calls({}, {}))
    path = tmp_path / "calls.xlsx"
    assert not is_filled_in(path)
    sheet = workbook["Calls"]
    place = next(cell.column for cell in sheet[1] if cell.value == column)
    sheet.cell(3, place).value = 0 if column == "Odometer" else "booked"
    workbook.save(path)
    assert is_filled_in(path)


def test_a_list_counts_as_filled_in_whatever_was_done_to_it(tmp_path: Path) -> None:
    workbook = written(tmp_path, calls({}, {}))
    sheet = workbook["Calls"]
    sheet[f"{LETTERS['outcome']}2"].value = "busy"
    sheet.insert_cols(1, 2)
    sheet.insert_rows(1, 3)
    sheet.title = "mine"
    workbook.save(tmp_path / "moved.xlsx")
    assert is_filled_in(tmp_path / "moved.xlsx")


def test_other_files_are_no_filled_in_lists_but_damaged_ones_are_kept(tmp_path: Path) -> None:
    write_calls(tmp_path / "empty.xlsx", calls(), messages(), INFO)
    assert not is_filled_in(tmp_path / "empty.xlsx")
    (tmp_path / "damaged.xlsx").write_bytes(b"PK\x03\x04 half a file")
    assert is_filled_in(tmp_path / "damaged.xlsx")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_libreoffice_saves_is_still_the_list(tmp_path: Path, language: str) -> None:
    title = Texts(language)("sheet.calls")
    before = written(tmp_path, a_week()[0], replace(INFO, language=language, country="EG"))[title]
    (tmp_path / "saved").mkdir()
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), str(tmp_path / "calls.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    after = load_workbook(tmp_path / "saved" / "calls.xlsx")[title]
    assert after.sheet_view.rightToLeft == (language == "ar")
    for row_before, row_after in zip(before.iter_rows(), after.iter_rows(), strict=True):
        same = [[str(cell.value).replace("'", "") for cell in row] for row in (row_before, row_after)]
        assert same[0] == same[1]
    found = load_workbook(tmp_path / "saved" / "calls.xlsx", data_only=True)[title]
    assert {found[f"{LETTERS['script']}{row}"].value for row in range(2, 7)} == {
        Texts(language)("calls.open_script")
    }, "a script is not found"
    assert after.tables["Calls"].ref == before.tables["Calls"].ref
    assert {rule.type for rule in after.data_validations.dataValidation} == {"list", "date", "decimal"}
    assert after[f"{LETTERS['phone']}2"].hyperlink.target == "tel:+4930123456"
    assert not is_filled_in(tmp_path / "saved" / "calls.xlsx")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_is_said_and_filled_in_fits_a_laptop_at_100_percent(tmp_path: Path, language: str) -> None:
    full = {"phone_2": "+4930765432", "note_before": "asked for Monday", "cues": "x"}
    rows = calls(full, {}).assign(language=language)
    sheet = written(tmp_path, rows, replace(INFO, language=language)).worksheets[0]
    shown = [name for name in LETTERS if not sheet.column_dimensions[LETTERS[name]].hidden]
    while_talking = ("call_on", "call_at", "customer", "phone", "phone_2", "vehicle", "why", "note_before")
    while_talking += ("script", "outcome", "date", "odometer", "note")
    shown = shown[: shown.index("note") + 1]
    assert set(while_talking) <= set(shown)
    # A digit of Arial 10 is 7 pixels wide, a cell has 5 more; row numbers and the scroll bar take 30.
    pixels = sum(7 * sheet.column_dimensions[LETTERS[name]].width + 5 for name in shown)
    assert pixels + 30 <= 1_366
    assert sheet.sheet_view.zoomScale in (None, 100)


def test_who_it_is_stays_on_the_screen_with_half_of_it_left(tmp_path: Path) -> None:
    sheet = written(tmp_path, calls({}, {"kind": "callback"}))["Calls"]
    assert sheet.freeze_panes == f"{LETTERS['phone']}2"
    frozen = list(LETTERS)[: list(LETTERS).index("phone")]
    assert "customer" in frozen
    assert sum(7 * sheet.column_dimensions[LETTERS[name]].width + 5 for name in frozen) < 1_366 / 2


@pytest.mark.parametrize(("country", "paper"), [("US", 1), ("DE", 9), ("EG", 9)])
def test_the_paper_is_that_of_the_country(tmp_path: Path, country: str, paper: int) -> None:
    info = ListInfo("Hill", "2026-W11", INFO.first_day, INFO.last_day, "en", "km", INFO.as_of, country)
    for sheet in written(tmp_path, calls({}), info).worksheets:
        assert sheet.page_setup.paperSize == paper


def test_why_a_row_is_there_and_what_to_do_without_a_phone(tmp_path: Path) -> None:
    sheet = written(tmp_path, a_week()[0])["Calls"]

    def said(name: str) -> list[Any]:
        return [sheet[f"{LETTERS[name]}{row}"].value for row in range(2, 7)]

    assert said("kind") == ["Call back", "New", "Still open", "No phone", "New"]
    assert said("call_at") == ["was promised for 6 Mar", "morning", "morning", "morning", "morning"]
    assert said("phone")[3:] == ["no phone; write to jo@example.org", "second phone only"]
    assert said("offers") == [None, None, "OF2, OF1 (Jan 2026)\nNot had in 2 years: tyres", None, None]
    assert said("cues")[2] == "Warranty ends in June.\nTwo drive one car."


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_service_that_a_customer_is_missing_stands_with_the_offers(tmp_path: Path, language: str) -> None:
    """In the list and above the script, in words; a row without either says nothing."""
    texts = Texts(language)
    frame = calls({"missing_service": "inspection"}, {"contact_id": "VIN2/S2c"})
    workbook = written(tmp_path, frame, replace(INFO, language=language))
    words = texts("calls.not_had", service=texts.code("visit", "inspection"))
    column = [
        row[list(LETTERS).index("offers")] for row in workbook.worksheets[0].iter_rows(values_only=True)
    ]
    assert column == [texts("column.offers"), words, None]
    scripts = list(workbook[texts("sheet.scripts")].iter_rows(values_only=True))
    assert [row[1] for row in scripts if row[0] == texts("column.offers")] == [words]
