"""Messages ready for the tools that send them: sheets and CSV files, one a channel."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from planner.errors import InputError
from planner.files import disarmed
from planner.workbooks.calls import ListInfo, write_calls
from planner.workbooks.message_files import message_files, write_messages
from planner.workbooks.messages import address_lines, by_channel

INFO = ListInfo("Hill", "2026-W11", date(2026, 3, 9), date(2026, 3, 15), "en", "km", date(2026, 3, 9))
SMS: dict[str, Any] = {
    "contact_id": "VIN1/S1b",
    "send_on": "2026-03-10",
    "channel": "sms",
    "customer": "Jo Ng",
    "address": "0170 1234567",
    "dial": "+491701234567",
    "language": "en",
    "advisor": None,
    "vehicle": "Kia Rio",
    "why": "First service",
    "text": "Hello Jo, your Kia is due. Reply STOP to opt out.",
    "segments": 1,
}
LETTER = {
    **SMS,
    "contact_id": "VIN2/T4",
    "channel": "post",
    "address": "Lange Str. 12, Hinterhaus, 10115 Berlin, Germany, Europe",
    "text": "# Your **service**\n\nDear Jo,\n\nsee you **soon**.",
    "segments": None,
}


def messages(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(SMS))
    texts = dict.fromkeys(set(SMS) - {"send_on", "segments"}, "str")
    return frame.astype({**texts, "send_on": "datetime64[us]", "segments": "Int64"})


def read(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "without its mark, Excel reads another alphabet"
    return list(csv.reader(raw.decode("utf-8-sig").splitlines(keepends=True)))


def write(folder: Path, *rows: dict[str, Any], force: bool = False) -> dict[Path, pd.DataFrame]:
    files = message_files(folder, messages(*rows), "2026-W11", force)
    write_messages(files)
    return files


def test_a_file_for_each_channel_with_what_its_tool_takes(tmp_path: Path) -> None:
    mail = {**LETTER, "channel": "email", "address": "jo@example.org", "contact_id": "VIN3/E1"}
    chat = {**SMS, "channel": "messenger", "contact_id": "VIN4/B1", "text": "كل عام وأنت بخير"}
    write(tmp_path, SMS, LETTER, mail, chat)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "email-2026-W11.csv", "messenger-2026-W11.csv", "post-2026-W11.csv", "sms-2026-W11.csv",
    ]  # fmt: skip
    assert read(tmp_path / "sms-2026-W11.csv") == [
        ["phone", "text", "segments", "send_on", "name", "language", "contact_id"],
        ["+491701234567", SMS["text"], "1", "2026-03-10", "Jo Ng", "en", "VIN1/S1b"],
    ]
    head, letter = read(tmp_path / "post-2026-W11.csv")
    assert dict(zip(head, letter, strict=True)) | {"send_on": "", "language": ""} == {
        "name": "Jo Ng",
        "address_1": "Lange Str. 12",
        "address_2": "Hinterhaus",
        "address_3": "10115 Berlin",
        "address_4": "Germany, Europe",
        "subject": "Your service",
        "text": "Dear Jo,\n\nsee you soon.",
        "contact_id": "VIN2/T4",
        "send_on": "",
        "language": "",
    }
    head, email = read(tmp_path / "email-2026-W11.csv")
    assert (head[:3], email[:2]) == (["to", "subject", "text"], ["jo@example.org", "Your service"])
    assert read(tmp_path / "messenger-2026-W11.csv")[1][:2] == ["+491701234567", "كل عام وأنت بخير"]


def test_what_cannot_be_sent_is_in_the_workbook_and_in_no_file(tmp_path: Path) -> None:
    nowhere = {**SMS, "address": None, "dial": None}
    assert write(tmp_path, nowhere) == {}
    write_calls(tmp_path / "calls.xlsx", pd.DataFrame(), messages(nowhere), INFO)
    sheet = load_workbook(tmp_path / "calls.xlsx")["SMS"]
    assert [cell.value for cell in sheet[2]][:3] == [sheet["A2"].value, "Jo Ng", "nothing on file"]


def test_only_channels_by_which_something_goes_out_have_a_sheet(tmp_path: Path) -> None:
    long = {**SMS, "text": "a" * 161, "segments": 2}
    write_calls(tmp_path / "calls.xlsx", pd.DataFrame(), messages(SMS, long), INFO)
    workbook = load_workbook(tmp_path / "calls.xlsx")
    assert workbook.sheetnames == ["Calls", "Scripts", "The week", "Day pages", "SMS", "How to"]
    heads = {cell.value: cell.column for cell in workbook["SMS"][1]}
    assert [workbook["SMS"].cell(row, heads["Segments"]).value for row in (2, 3)] == [1, 2]
    assert workbook["SMS"].cell(2, heads["Phone"]).value == "+491701234567"


@pytest.mark.parametrize("text", ["=1+1", "+49 30 x", "-5", "@SUM(A1)", "\t=1", " =1", "＝1+1"])
def test_no_text_in_a_file_is_a_formula(tmp_path: Path, text: str) -> None:
    write(tmp_path, {**SMS, "customer": text, "text": text})
    row = read(tmp_path / "sms-2026-W11.csv")[1]
    assert (row[1], row[4]) == (f"'{text}", f"'{text}")
    assert row[0] == "+491701234567"


def test_ordinary_text_is_left_alone() -> None:
    for text in ("O'Neill", "Dear Jo,\n- Tuesday", "5 = 5", "+4930123456", ""):
        assert disarmed(text) == text


def test_a_file_is_not_overwritten_unasked_and_a_folder_is_made(tmp_path: Path) -> None:
    write(tmp_path, SMS)
    with pytest.raises(InputError, match="--force"):
        write(tmp_path, SMS)
    write(tmp_path, SMS, force=True)
    write(tmp_path / "new", SMS)
    assert list((tmp_path / "new").iterdir())
    with pytest.raises(InputError, match="there is no folder"):
        write(tmp_path / "nowhere" / "new", SMS)
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="is a file"):
        write(tmp_path / "file", SMS)


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        ("", ["", "", "", ""]),
        ("one", ["one", "", "", ""]),
        (" a , b,,c\nd, e", ["a", "b", "c", "d, e"]),
        ("شارع النيل ١٢، القاهرة", ["شارع النيل ١٢", "القاهرة", "", ""]),
    ],
)
def test_lines_of_an_address(address: str, lines: list[str]) -> None:
    assert address_lines(address) == lines


def test_no_messages() -> None:
    assert by_channel(messages()) == {}
