"""Files to text: encodings, delimiters, quotation marks, workbooks, row numbers."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from planner.errors import InputError
from planner.intake import read_exports
from planner.intake.headers import is_header
from planner.intake.read import read_file
from tests.intake_files import AS_OF, EGYPT, KNOWN, workbook

ARABIC = "رقم العميل,اسم العميل,رقم الهاتف\n17,نورا حسن,0100 123 4567\n"
WESTERN = "customer_id,name,address\n17,Zoë Müller,Rue de l'Église\n"


def only(path: Path) -> list[list[str]]:
    (sheet,) = read_file(path, is_header)
    return [list(sheet.header), *sheet.cells.to_numpy().tolist()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256"])
def test_arabic_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes(ARABIC.encode(encoding))
    assert only(path)[1] == ["17", "نورا حسن", "0100 123 4567"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_accents_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes(WESTERN.encode(encoding))
    assert only(path)[1] == ["17", "Zoë Müller", "Rue de l'Église"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found_out(tmp_path: Path, delimiter: str) -> None:
    rows = [
        ["vehicle_id", "read_on", "odometer_km"],
        ["V1", "2024-05-03", "1,5"],
        ["V2", "2024-05-04", "2,5"],
    ]
    path = tmp_path / "readings.csv"
    path.write_text("\n".join(delimiter.join(f'"{c}"' if delimiter in c else c for c in row) for row in rows))
    assert only(path) == rows


def test_the_hint_that_excel_writes_for_itself_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=;\nvehicle_id;read_on;odometer_km\nV1;2024-05-03;7\n")
    (sheet,) = read_file(path, is_header)
    assert sheet.rows.tolist() == [2]


def test_row_numbers_count_records_blank_lines_and_titles(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'Readings of May\n\nvehicle_id,read_on,odometer_km\nV1,2024-05-03,"7\nkm"\n\n,,\nV2,2024-05-04,8\n'
    )
    (sheet,) = read_file(path, is_header)
    assert sheet.header == ("vehicle_id", "read_on", "odometer_km")
    assert sheet.rows.tolist() == [4, 7]  # the quoted line break does not count, the blank lines do


def test_cells_beyond_the_header_mark_a_broken_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("vehicle_id,read_on,odometer_km\nV1,2024-05-03,12,500\nV2,2024-05-03,7,\nV1,2024-05-04\n")
    (sheet,) = read_file(path, is_header)
    assert sheet.broken.tolist() == [True, False, False]
    assert sheet.cells.iloc[2].tolist() == ["V1", "2024-05-04", ""]


def test_a_quotation_mark_out_of_place_breaks_only_rows_that_it_joined(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('customer_id,name\n1,"Nora "N" Hassan"\n2,"Omar\n3,"Salma"\n4,Adam\n')
    (sheet,) = read_file(path, is_header)
    assert sheet.broken.tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "nothing in it"),
        (b"\n\n , ,\n", "nothing in it"),
        (b'customer_id,name\n1,"Nora\n2,Omar\n', "never closed"),
        (b"<html><table><tr><td>customer_id</td></tr></table>", "web page"),
        (b"PK\x03\x04 but no workbook", "not a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 but no workbook", "not a workbook"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "export.xls"
    path.write_bytes(content)
    with pytest.raises(InputError, match=says) as caught:
        read_exports([path], EGYPT, AS_OF)
    assert "\n" not in str(caught.value)
    assert "export.xls" in str(caught.value)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError, match=path.name):
            read_exports([path], EGYPT, AS_OF)


def test_cells_of_a_workbook_keep_their_text(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Sheet": [
                ["customer_id", "name", "phone", "birthday", "consent_call", "address", "language"],
                [1001.0, "Nora", 201001234567, date(1980, 5, 3), True, "007", 1.234],
                ["0017", "Omar", "0100 123 4567", datetime(1980, 5, 3, 14, 30), False, 12345678901234, 0.5],
            ]
        },
    )
    assert only(path)[1:] == [
        ["1001", "Nora", "201001234567", "1980-05-03", "yes", "007", "1.2340"],
        ["0017", "Omar", "0100 123 4567", "1980-05-03 14:30:00", "no", "12345678901234", "0.5"],
    ]


def test_every_sheet_is_read_by_itself_and_what_is_no_table_is_reported(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "dealership.xlsx",
        {
            "About": [["made for a test"], ["nothing to import"]],
            "Kunden": [["All customers"], [], ["customer_id", "name"], [17, "Nora Hassan"]],
            "Empty": [],
            "Cars": [["VIN", "customer_id", "purchase date"], ["v17", 17, date(2024, 5, 3)]],
        },
    )
    intake = read_exports([path], EGYPT, AS_OF)
    assert {file.sheet: (file.kind, file.rows) for file in intake.files} == {
        "Kunden": ("customers", 1),
        "Cars": ("vehicles", 1),
        "About": ("", 1),
    }
    assert intake.frames["vehicles"]["purchased_on"].dt.date.tolist() == [date(2024, 5, 3)]


def test_rows_of_a_sheet_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Odometers"], [], ["VIN", "Reading date", "km"], ["V1", date(2024, 5, 3), 7], ["V1", "soon", 8],
    ]  # fmt: skip
    path = workbook(tmp_path / "a.xlsx", {"May": rows})
    intake = read_exports([path], EGYPT, AS_OF, known=KNOWN)
    assert intake.rejects[["source", "row"]].to_numpy().tolist() == [["a.xlsx [May]", 5]]


def test_a_number_cell_is_no_date_but_a_date_cell_is(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["vehicle_id", "read_on", "odometer_km"], ["V1", 45415, 7], ["V1", date(2024, 5, 3), 8],
    ]  # fmt: skip
    intake = read_exports([workbook(tmp_path / "a.xlsx", {"S": rows})], EGYPT, AS_OF, known=KNOWN)
    assert intake.issues[["row", "code"]].to_numpy().tolist() == [[2, "bad-date"]]
    assert intake.frames["readings"]["read_on"].dt.date.tolist() == [date(2024, 5, 3)]


def test_a_damaged_workbook_is_called_that(tmp_path: Path) -> None:
    file = tmp_path / "week.xlsx"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"week\.xlsx: is no Excel workbook, though its name says so"):
        read_file(file, str.isalpha)
