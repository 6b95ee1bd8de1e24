"""Text in the weekly list: it stays text, phones can be dialled, scripts and messages are laid out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from planner.workbooks import style
from planner.workbooks.calls import LETTERS, write_calls
from planner.workbooks.markdown import lines
from planner.workbooks.phones import dialled
from tests.calls_book import INFO, calls, messages, written


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


def test_the_number_that_the_world_dials_is_dialled(tmp_path: Path) -> None:
    frame = calls({"phone": "(201) 555-0101"}).assign(dial="+12015550101")
    cell = written(tmp_path, frame)["Calls"][f"{LETTERS['phone']}2"]
    assert (cell.value, cell.hyperlink.target) == ("(201) 555-0101", "tel:+12015550101")
