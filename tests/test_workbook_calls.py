"""The weekly list: what is in it, what can be typed into it, and that text in it stays text."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from planner.workbooks import style
from planner.workbooks.calls import LETTERS, ListInfo, is_filled_in, write_calls
from planner.workbooks.markdown import lines
from planner.workbooks.phones import dialled
from planner.workbooks.texts import LANGUAGES, Texts
from tests.golden_files import Golden, as_lines

INFO = ListInfo("Hill & Sons", "2026-W11", date(2026, 3, 9), date(2026, 3, 15), "en", "km", date(2026, 3, 9))
SCRIPT = """# Second service

## Greeting

> Good morning, this is **Ann Weber** of Hill & Sons.

If it is somebody else: say nothing about the car. Outcome `no_answer`.

## Purpose

> Your Corolla is due about 30 March.

- yes: `booked`
- no: `callback`
"""
CALL: dict[str, Any] = {
    "contact_id": "VIN1/S2c",
    "kind": "planned",
    "call_on": date(2026, 3, 9),
    "call_at": "morning",
    "promised_on": None,
    "customer": "Tom Hill",
    "phone": "+4930123456",
    "phone_2": None,
    "language": "en",
    "advisor": "Ann Weber",
    "vehicle": "Toyota Corolla",
    "vehicle_id": "VIN1",
    "why": "Second service, due about 30 March, by then about 30,000 km",
    "due_on": date(2026, 3, 30),
    "window": "16 Mar - 13 Apr",
    "due_km": 30_000.0,
    "last_visit_on": date(2025, 3, 28),
    "last_contact": "SMS on 22 Feb 2026",
    "offers": None,
    "offered_on": None,
    "missing_service": None,
    "cues": None,
    "attempt": 1,
    "note_before": None,
    "script": "service_call",
    "script_text": SCRIPT,
    "priority": 1,
}
MESSAGE: dict[str, Any] = {
    "contact_id": "VIN9/S1b",
    "send_on": date(2026, 3, 10),
    "channel": "sms",
    "customer": "Jo Ng",
    "address": "0170 12345",
    "dial": "+4917012345",
    "language": "en",
    "vehicle": "Kia Rio",
    "why": "First service, due about 14 April",
    "script": "service_short",
    "text": "Your Kia's service is due about 14 April. 1 = Tue 7, 2 = Thu 9. STOP ends.",
}


def calls(*changes: dict[str, Any]) -> pd.DataFrame:
    """The call of Tom Hill, once for each set of changes."""
    frame = pd.DataFrame([{**CALL, **change} for change in changes], columns=[*CALL, "no_phone", "address"])
    days = ["call_on", "due_on", "last_visit_on", "promised_on", "offered_on"]
    return frame.astype({**dict.fromkeys(days, "datetime64[us]"), "attempt": "Int64", "priority": "Int64"})


def messages(*changes: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame([{**MESSAGE, **change} for change in changes], columns=list(MESSAGE))
    return frame.astype({"send_on": "datetime64[us]"})


def written(folder: Path, frame: pd.DataFrame, info: ListInfo = INFO) -> Any:
    path = folder / "calls.xlsx"
    write_calls(path, frame, messages(), info)
    return load_workbook(path)


def a_week() -> tuple[pd.DataFrame, pd.DataFrame]:
    return (
        calls(
            {
                "note_before": "asked to be called after 5",
                "attempt": 2,
                "contact_id": "VIN5/S1c",
                "kind": "callback",
                "call_at": "promised",
                "promised_on": date(2026, 3, 6),
            },
            {},
            {
                "contact_id": "VIN2/S1c",
                "customer": "ليلى الحارثي",
                "language": "ar",
                "advisor": "Karim Haddad",
                "kind": "open",
                "offers": "OF2, OF1",
                "offered_on": date(2026, 1, 12),
                "missing_service": "tyres",
                "cues": "Warranty ends in June.\nTwo drive one car.",
            },
            {
                "contact_id": "VIN3/V1",
                "call_on": date(2026, 3, 11),
                "phone": None,
                "last_visit_on": None,
                "kind": "no_phone",
                "no_phone": "email",
                "address": "jo@example.org",
            },
            {
                "contact_id": "VIN4/F1",
                "customer": "=1+1",
                "phone": None,
                "phone_2": "030 99",
                "advisor": None,
            },
        ),
        messages(
            {},
            {"contact_id": "VIN6/S1a", "channel": "email", "text": "# Your service\n\nDear Jo,\n\n- Tuesday"},
            {"contact_id": "VIN8/T4", "channel": "post", "address": "Lange Str. 12, 10115 Berlin"},
            {
                "contact_id": "VIN7/S1a",
                "channel": "email",
                "address": None,
                "text": "Dear Jo\n\nsee you soon",
            },
        ),
    )


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


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-5", "@SUM(A1)", "#N/A", "=", "007", "2026-03-09"])
def test_text_stays_text(tmp_path: Path, text: str) -> None:
    workbook = written(tmp_path, calls({"customer": text, "vehicle_id": text}))
    for cell in (
        workbook["Calls"][f"{LETTERS['customer']}2"],
        workbook["Calls"][f"{LETTERS['vehicle_id']}2"],
    ):
        assert (cell.value, cell.data_type) == (text, "s")
        assert bool(cell.quotePrefix) == text.startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Tom\x00\x0b Hill\ufffe", "Tom Hill"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("x" * 40_000, "x" * 32_766 + "…"),
        ("😀" * 20_000, "😀" * 16_383 + "…"),  # counts twice in Excel
    ],
)
def test_what_a_cell_cannot_hold(text: str, kept: str) -> None:
    assert style.clean(text) == kept
    assert len(style.clean(text).encode("utf-16-le")) <= 2 * 32_767


@settings(max_examples=8, deadline=None)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=20))
def test_any_text_is_read_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    frame = calls(*({"customer": name} for name in names))
    sheet = written(tmp_path_factory.mktemp("any"), frame)["Calls"]
    read = [sheet[f"{LETTERS['customer']}{row}"] for row in range(2, len(names) + 2)]
    assert [cell.value or "" for cell in read] == [style.clean(name) for name in names]
    assert {cell.data_type for cell in read if cell.value} <= {"s"}


@pytest.mark.parametrize(
    ("phone", "dials"),
    [
        ("+4930123456", "+4930123456"),
        ("+44 (0)20 7946-0958", "+4402079460958"),
        ("٠٥٠ ١٢٣", "050123"),
        ("ask at the desk", ""),
    ],
)
def test_what_a_phone_dials(phone: str, dials: str) -> None:
    assert dialled(phone) == dials


def test_phones_are_text_to_click(tmp_path: Path) -> None:
    sheet = written(tmp_path, calls({}, {"phone": None}, {"phone": None, "phone_2": "030 99"}))["Calls"]
    first, second = LETTERS["phone"], LETTERS["phone_2"]
    assert (sheet[f"{first}2"].value, sheet[f"{first}2"].number_format) == ("+4930123456", "@")
    assert sheet[f"{first}2"].hyperlink.target == "tel:+4930123456"
    assert sheet[f"{first}3"].value == "no phone on file"
    assert sheet[f"{first}4"].value == "second phone only"
    assert sheet[f"{second}4"].hyperlink.target == "tel:03099"


def test_a_message_has_no_marks_that_its_reader_would_see(tmp_path: Path) -> None:
    text = "# Ours\n\nDear Jo,\n\n- **It is sold.** Then tell us.\n- 5 * 4 * 3 EUR"
    write_calls(tmp_path / "calls.xlsx", calls(), messages({"text": text, "channel": "email"}), INFO)
    sheet = load_workbook(tmp_path / "calls.xlsx")["E-mail"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(2, heads["Subject"]).value == "Ours"
    assert sheet.cell(2, heads["Text"]).value == ("Dear Jo,\n\n- It is sold. Then tell us.\n- 5 * 4 * 3 EUR")


def test_a_row_is_as_high_as_its_indented_headings_need(tmp_path: Path) -> None:
    # 'nobody named' fills two lines of its narrow column, for it is indented.
    sheet = written(tmp_path, calls({}, {"advisor": None}))["The week"]
    row = next(cell.row for line in sheet.iter_rows() for cell in line if cell.value == "nobody named")
    one_line = next(cell.row for line in sheet.iter_rows() for cell in line if cell.value == "Total")
    assert sheet.row_dimensions[row].height > 1.5 * sheet.row_dimensions[row + 1].height
    assert one_line == row


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


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# A\n## B", [("title", "A"), ("heading", "B")]),
        ("one\ntwo\n\nthree", [("text", "one two"), ("text", "three")]),
        ("> say\n> it\nthen", [("say", "say it"), ("text", "then")]),
        ("“Say it.”\n“And more.”\nWait.", [("say", "“Say it.” “And more.”"), ("text", "Wait.")]),
        ("1. a\n   b\n2) c", [("item", "1. a b"), ("item", "2. c")]),
        ("a  \nb\\\nc", [("text", "a"), ("text", "b"), ("text", "c")]),
        ("---\n<!-- not\nshown -->\n[here](http://x)", [("text", "here")]),
        ("not_yet, do_not_call, 2*3*4", [("text", "not_yet, do_not_call, 2*3*4")]),
        ("", []),
    ],
)
def test_lines_of_a_script(markdown: str, expected: list[tuple[str, str]]) -> None:
    assert [(line.kind, line.text) for line in lines(markdown)] == expected


def test_bold_in_a_script() -> None:
    (line,) = lines("this is **Ann**, *not* `no_answer`")
    assert line.spans == [
        ("this is ", False, False),
        ("Ann", True, False),
        (", ", False, False),
        ("not", False, True),
        (" ", False, False),
        ("no_answer", True, False),
    ]


@pytest.mark.parametrize(
    ("text", "room", "count"),
    [("", 10, 1), ("a", 10, 1), ("one\ntwo", 10, 2), ("aaaa " * 10, 2.7, 10), ("W" * 100, 9, 10)],
)
def test_how_many_lines_a_text_takes(text: str, room: float, count: int) -> None:
    assert style.line_count(text, room) == count


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


def test_the_number_that_the_world_dials_is_dialled(tmp_path: Path) -> None:
    frame = calls({"phone": "(201) 555-0101"}).assign(dial="+12015550101")
    cell = written(tmp_path, frame)["Calls"][f"{LETTERS['phone']}2"]
    assert (cell.value, cell.hyperlink.target) == ("(201) 555-0101", "tel:+12015550101")
