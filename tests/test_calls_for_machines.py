"""The week's calls as CSV and for VICIdial: values where the reader expects them, nothing that calculates."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from cli.main import run
from planner.doors.calls_csv import COLUMNS, write_csv
from planner.doors.vicidial import FIELDS, lead_code, write_vicidial
from planner.files import disarmed
from planner.store import Store
from planner.workbooks.calls import COLUMNS as SHEET
from tests.commands import DAY

CALL: dict[str, Any] = {
    "contact_id": "WVWZZZ1JZXW000001/S2c",
    "call_on": date(2026, 3, 9),
    "customer": "Tom Hill",
    "phone": "030 23125 123",
    "phone_2": None,
    "language": "en",
    "advisor": "Ann Weber",
    "vehicle": "Toyota Corolla",
    "vehicle_id": "WVWZZZ1JZXW000001",
    "why": "Second service, due about 30 March",
    "due_on": date(2026, 3, 30),
    "window": "16 Mar – 13 Apr 2026",
    "due_km": 30_000.4,
    "last_visit_on": date(2025, 3, 28),
    "last_contact": "sms, 22 Feb 2026",
    "attempt": 1,
    "note_before": None,
    "script": "service_call",
    "kind": "callback",
    "call_at": "promised",
    "promised_on": date(2026, 3, 8),
    "no_phone": None,
    "address": "030 23125 123",
    "offers": "O-7, O-3",
    "offered_on": date(2026, 2, 1),
    "missing_service": "tyres",
    "cues": "The contract ends on 30 June",
    "script_text": "# Second service\n\nGood morning",
    "priority": 1,
}


def calls(*changes: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame([{**CALL, **change} for change in changes], columns=list(CALL))
    days = ["call_on", "due_on", "last_visit_on", "promised_on", "offered_on"]
    text = [
        "no_phone",
        "address",
        "phone",
        "phone_2",
        "note_before",
        "vehicle",
        "customer",
        "advisor",
        "contact_id",
    ]
    types = {**dict.fromkeys(days, "datetime64[us]"), **dict.fromkeys(text, "str")}
    return frame.astype({**types, "attempt": "Int64", "priority": "Int64"})


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def leads(path: Path) -> list[dict[str, str]]:
    lines = path.read_bytes().decode("utf-8").split("\n")[:-1]
    return [dict(zip(FIELDS, line.split("|"), strict=True)) for line in lines]


class TestCsv:
    def test_every_column_holds_what_the_list_says(self, tmp_path: Path) -> None:
        write_csv(tmp_path / "calls.csv", calls({}), "DE", "km")
        assert (tmp_path / "calls.csv").read_bytes().startswith(b"\xef\xbb\xbfcontact_id,call_on,")
        (row,) = rows_of(tmp_path / "calls.csv")
        assert list(row) == list(COLUMNS)
        assert row == {
            "contact_id": "WVWZZZ1JZXW000001/S2c",
            "call_on": "2026-03-09",
            "customer": "Tom Hill",
            "phone": "+493023125123",
            "phone_2": "",
            "language": "en",
            "advisor": "Ann Weber",
            "vehicle": "Toyota Corolla",
            "vehicle_id": "WVWZZZ1JZXW000001",
            "why": "Second service, due about 30 March",
            "due_on": "2026-03-30",
            "window": "16 Mar – 13 Apr 2026",
            "due_odometer": "30000",
            "unit": "km",
            "last_visit_on": "2025-03-28",
            "last_contact": "sms, 22 Feb 2026",
            "attempt": "1",
            "note_before": "",
            "script": "service_call",
            "priority": "1",
            "kind": "callback",
            "call_at": "promised",
            "promised_on": "2026-03-08",
            "no_phone": "",
            "address": "",
            "offers": "O-7, O-3",
            "offered_on": "2026-02-01",
            "missing_service": "tyres",
            "cues": "The contract ends on 30 June",
            "outcome": "",
            "date": "",
            "odometer": "",
            "note": "",
        }

    def test_without_a_phone_it_says_where_to_write(self, tmp_path: Path) -> None:
        mail = {"phone": None, "kind": "no_phone", "no_phone": "email", "address": "tom@example.com"}
        write_csv(tmp_path / "calls.csv", calls(mail), "DE", "km")
        (row,) = rows_of(tmp_path / "calls.csv")
        assert [row[name] for name in ("phone", "no_phone", "address")] == ["", "email", "tom@example.com"]

    def test_all_that_the_sheet_of_calls_shows(self) -> None:
        named = {"due_km": "due_odometer"}
        assert {named.get(column.name, column.name) for column in SHEET} <= set(COLUMNS)

    def test_a_call_is_one_line_and_text_no_formula(self, tmp_path: Path) -> None:
        hostile = {"customer": '=HYPERLINK("x")', "note_before": "first\r\n- second", "phone": "=1+1"}
        write_csv(tmp_path / "calls.csv", calls(hostile, {"customer": "منى, علي"}), "DE", "km")
        assert len((tmp_path / "calls.csv").read_bytes().split(b"\r\n")) == 4  # header, two calls, the end
        first, second = rows_of(tmp_path / "calls.csv")
        assert first["customer"] == '\'=HYPERLINK("x")'
        assert first["phone"] == "'=1+1"
        assert first["note_before"] == "first - second"
        assert second["customer"] == "منى, علي"

    @given(st.text(alphabet="'=+-@\t\r a1＝"))
    def test_disarming_can_be_undone_and_leaves_no_formula(self, text: str) -> None:
        safe = disarmed(text)
        is_number = text[:1] == "+" and text[1:].isdigit()
        assert safe == text or safe == f"'{text}"
        assert is_number or safe.strip()[:1] not in tuple("=+-@＝") or not safe.strip()
        # As docs/other-doors.md tells readers: take one apostrophe away from before such a mark.
        bare = safe.lstrip("'").lstrip()
        undone = safe[1:] if safe[:1] == "'" and bare[:1] and bare[0] in "=+-@＝" else safe
        assert undone.strip() == text.strip()

    @pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
    def test_a_spreadsheet_finds_no_formula_in_it(self, tmp_path: Path) -> None:
        texts = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", " =1+1", '=cmd|"/c calc"!A1']
        write_csv(tmp_path / "calls.csv", calls(*[{"customer": text} for text in texts]), "DE", "km")
        reader = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/lo"]
        how = ["--convert-to", "xlsx", "--infilter=CSV:44,34,76,1", "--outdir", str(tmp_path)]
        subprocess.run(
            [*reader, *how, str(tmp_path / "calls.csv")],
            check=True,
            capture_output=True,
            timeout=240,
        )
        sheet = load_workbook(tmp_path / "calls.xlsx").worksheets[0]
        assert [cell.data_type for row in sheet.iter_rows() for cell in row].count("f") == 0
        assert "1+1" in str(sheet["C2"].value)  # and it was not calculated


class TestVicidial:
    def test_a_lead_in_the_loaders_order(self, tmp_path: Path) -> None:
        write_vicidial(tmp_path / "leads.txt", calls({"phone_2": "+49 171 2345678"}), "DE")
        assert (tmp_path / "leads.txt").read_text(encoding="utf-8") == (
            "GPM3EFMBZAZDUUU2|WVWZZZ1JZXW000001/S2c|202611|49|3023125123||Tom||Hill|||||||||U||1712345678|||"
            "Toyota Corolla - Second service, due about 30 March - due 2026-03-30 - WVWZZZ1JZXW000001|1|"
            "Ann Weber\n"
        )

    def test_the_first_call_has_the_highest_rank_and_nobody_without_a_number_goes_out(
        self, tmp_path: Path
    ) -> None:
        first, nobody = {"contact_id": "V1/a"}, {"contact_id": "V2/a", "phone": "none"}
        second_phone = {"contact_id": "V3/a", "phone": None, "phone_2": "0171 2345678"}
        write_vicidial(tmp_path / "leads.txt", calls(first, nobody, second_phone), "DE")
        found = [
            (lead["source_id"], lead["rank"], lead["phone_number"]) for lead in leads(tmp_path / "leads.txt")
        ]
        assert found == [("V1/a", "2", "3023125123"), ("V3/a", "1", "1712345678")]

    def test_a_second_number_of_another_country_stands_in_the_comments(self, tmp_path: Path) -> None:
        write_vicidial(tmp_path / "leads.txt", calls({"phone_2": "+1 212 555 0100"}), "DE")
        (lead,) = leads(tmp_path / "leads.txt")
        assert lead["alt_phone"] == ""
        assert lead["comments"].endswith("+12125550100")

    @given(
        st.text(min_size=1, max_size=400),
        st.text(max_size=400),
        st.text(alphabet="ab |\"'`\\;\n\t=", max_size=70),
    )
    def test_whatever_is_in_it_a_lead_is_one_line_and_fits(
        self, tmp_path_factory: pytest.TempPathFactory, name: str, note: str, contact_id: str
    ) -> None:
        path = tmp_path_factory.mktemp("leads") / "leads.txt"
        safe = name.encode("utf-8", "ignore").decode(), note.encode("utf-8", "ignore").decode()
        change = {"customer": safe[0], "note_before": safe[1], "contact_id": contact_id, "advisor": safe[1]}
        write_vicidial(path, calls(change), "DE")
        text = path.read_bytes().decode("utf-8")
        assert text.count("\n") == 1
        assert not set(text) & set('\r\t"')
        assert len(text.encode()) < 4096  # of which the loader reads at once
        (lead,) = leads(path)
        for field, width in FIELDS.items():
            assert len(lead[field]) <= width

    @pytest.mark.parametrize(
        ("name", "first", "last"),
        [
            ("Cher", "", "Cher"),
            ("Abd El Rahman Mohamed Ibrahim Hassan", "Abd El Rahman Mohamed Ibrahim", "Hassan"),
            ("Anna Maria von Hohenzollern-Sigmaringen", "Anna Maria von", "Hohenzollern-Sigmaringen"),
        ],
    )
    def test_the_two_names_read_as_the_name(self, tmp_path: Path, name: str, first: str, last: str) -> None:
        write_vicidial(tmp_path / "leads.txt", calls({"customer": name}), "DE")
        (lead,) = leads(tmp_path / "leads.txt")
        assert (lead["first_name"], lead["last_name"]) == (first, last)

    def test_codes_are_short_and_apart(self) -> None:
        codes = {lead_code(f"WVWZZZ1JZXW{number:06}/S{number % 7}c") for number in range(20_000)}
        assert len(codes) == 20_000
        assert {len(code) for code in codes} == {16}


@pytest.mark.usefixtures("planned")
class TestCommand:
    def test_what_stands_in_the_file_is_handed_out_and_nothing_else(self) -> None:
        assert run(["calls", "--as-of", DAY, "--format", "csv"]) == 0
        handed_out = self.handed_out()
        assert handed_out == {row["contact_id"] for row in rows_of(Path("calls-2026-W10.csv"))} != set()
        assert run(["calls", "--as-of", DAY, "--format", "vicidial"]) == 0
        codes = {lead["vendor_lead_code"] for lead in leads(Path("calls-2026-W10.vicidial.txt"))}
        assert codes
        assert codes <= {lead_code(contact_id) for contact_id in handed_out}
        assert self.handed_out() == handed_out

    def test_files_are_not_overwritten_and_endings_are_checked(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["calls", "--as-of", DAY, "--format", "csv"]) == 0
        assert run(["calls", "--as-of", DAY, "--format", "csv"]) == 2
        assert "exists; --force overwrites it" in capsys.readouterr().err
        assert run(["calls", "--as-of", DAY, "--format", "vicidial", "--out", "leads.xlsx"]) == 2
        assert "must end with .txt" in capsys.readouterr().err
        assert run(["calls", "--as-of", DAY, "--format", "pdf"]) == 2

    @staticmethod
    def handed_out() -> set[str]:
        with Store.open(Path("dealership.db")) as store:
            contacts = store.read("contacts")
        return set(contacts.loc[contacts["handed_out_on"].notna(), "contact_id"])


def test_the_documented_columns_are_those_of_the_files() -> None:
    page = (Path(__file__).parents[1] / "docs" / "other-doors.md").read_text(encoding="utf-8")
    for name, meaning in COLUMNS.items():
        assert f"| `{name}` | {meaning} |" in page
    for field in set(FIELDS) - {f"address{number}" for number in (2, 3)}:
        assert f"`{field}`" in page or field in {"city", "state", "province", "postal_code"}


def test_the_columns_beside_those_of_other_systems_are_those_of_the_files(tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs" / "other-doors.md").read_text(encoding="utf-8")
    table = page.partition("## Our columns beside those of other systems")[2].partition("\nWhat each says")[0]
    cells = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| `")]
    beside = {name: theirs for ours, theirs in cells for name in re.findall(r"`(\w+)`", ours)}
    assert sorted(name for ours, _ in cells for name in re.findall(r"`(\w+)`", ours)) == sorted(COLUMNS)
    write_vicidial(tmp_path / "leads.txt", calls({"note_before": "at ten", "attempt": 2}), "DE")
    (lead,) = leads(tmp_path / "leads.txt")
    said = {**CALL, "note_before": "at ten", "attempt": 2}
    for name, theirs in beside.items():
        fields = [field for field in re.findall(r"`(\w+)`", theirs) if field != "outcome"]
        assert set(fields) <= set(FIELDS), name
        if fields == ["comments"]:
            assert str(said[name]) in lead["comments"], name
