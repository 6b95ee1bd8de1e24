"""VICIdial's export of calls read back: header and separators as its programs write them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.main import run
from planner.doors.vicidial import lead_code
from planner.doors.vicidial_calls import STATUSES, is_call_export, read_call_export
from planner.errors import SettingsError
from planner.settings import Settings, load_settings
from planner.store import Store
from planner.workbooks.filled_in import read_filled_in
from tests.commands import DAY
from tests.desk import Desk
from tests.outcome_world import CALL, FRIDAY, MONDAY, visit, world

# As www/vicidial/call_report_export.php prints it with STANDARD fields, the header row and call notes.
HEADER = re.findall(
    r"\w+",
    """
    call_date phone_number_dialed status user full_name campaign_id vendor_lead_code source_id list_id
    gmt_offset_now phone_code phone_number title first_name middle_initial last_name address1 address2
    address3 city state province postal_code country_code gender date_of_birth alt_phone email security_phrase
    comments length_in_sec user_group alt_dial rank owner lead_id list_name list_description status_name
    call_notes
    """,
)


def export(path: Path, *calls: dict[str, Any], separator: str = "\t", header: list[str] = HEADER) -> Path:
    """The export of these calls; of each what is not given is empty."""
    lines = [separator.join(header)]
    for call in calls:
        given = {"call_date": "2026-02-10 10:30:00", "vendor_lead_code": lead_code(CALL), **call}
        lines.append(separator.join(str(given.get(name, "")) for name in header))
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    return path


def rows(path: Path, **statuses: str) -> list[Any]:
    return read_call_export(path, path.name, [CALL, "W/S2c"], statuses)


def recorded(desk: Desk, path: Path, on: date = FRIDAY) -> Any:
    return desk.record(read_filled_in([], Settings(), on, rows(path)).filled, on)


@pytest.fixture
def desk() -> Desk:
    return world(visit("V", "2025-09-01", "repair", 6_000.0))


@pytest.mark.parametrize("separator", ["\t", "|", ",", ";"])
def test_a_call_is_a_row_of_a_list(tmp_path: Path, separator: str) -> None:
    call = {"status": "NI", "first_name": "Ann", "last_name": "Lee", "call_notes": 'says "no"'}
    path = export(tmp_path / "EXPORT_CALL_REPORT_1.txt", call, separator=separator)
    assert is_call_export(path)
    (row,) = rows(path)
    assert (row.contact_id, row.outcome, row.note, row.said_on) == (
        CALL, "refused", 'says "no"', date(2026, 2, 10)
    )  # fmt: skip
    assert (row.customer, row.number, row.file) == ("Ann Lee", 2, path.name)


def test_other_text_files_are_none(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("Contact ID,Outcome,status\n", encoding="utf-8")
    assert not is_call_export(path)
    assert not is_call_export(tmp_path / "calls.xlsx")
    assert not is_call_export(tmp_path / "missing.txt")


def test_of_a_day_the_call_that_reached_somebody_counts(tmp_path: Path) -> None:
    times = [("09:00", "NA"), ("11:00", "NI"), ("15:00", "A")]
    calls = [{"call_date": f"2026-02-10 {hour}:00", "status": status} for hour, status in times]
    calls += [{"call_date": "2026-02-11 09:00:00", "status": "A"}]
    found = [(row.said_on.day, row.outcome) for row in rows(export(tmp_path / "x.txt", *calls))]
    assert found == [(10, "refused"), (11, "voicemail")]


def test_who_is_meant(tmp_path: Path) -> None:
    by_code = {"status": "NI", "vendor_lead_code": lead_code("W/S2c")}
    by_source = {"status": "NI", "vendor_lead_code": "", "source_id": CALL}
    nobody = {"status": "NI", "vendor_lead_code": "4711"}
    found = [row.contact_id for row in rows(export(tmp_path / "x.txt", by_code, by_source, nobody))]
    assert found == ["W/S2c", CALL, "4711"]


def test_what_says_nothing_is_left_out_and_settings_decide(tmp_path: Path) -> None:
    path = export(
        tmp_path / "x.txt", {"status": "ERI"}, {"status": "parts", "call_date": "2026-02-11 08:00:00"}
    )
    assert [row.outcome for row in rows(path)] == ["PARTS"]
    assert [row.outcome for row in rows(path, PARTS="reached", ERI="busy")] == ["busy", "reached"]


def test_a_second_number_that_is_dead_strikes_off_no_first(tmp_path: Path) -> None:
    call = {"status": "DC", "phone_number": "2125550101"}
    first, second = ({**call, "phone_number_dialed": number} for number in ("2125550101", "2125550199"))
    assert [row.outcome for row in rows(export(tmp_path / "a.txt", first))] == ["wrong_number"]
    assert [row.outcome for row in rows(export(tmp_path / "b.txt", second))] == ["no_answer"]


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("XFER", "No outcome is set for the dialer's status XFER."),
        ("SALE", "booked needs the day of the appointment"),
        ("CALLBK", "callback needs the day that was promised"),
        ("NOTYET", "not_yet needs what the odometer shows"),
    ],
)
def test_what_misses_something_comes_back(tmp_path: Path, status: str, says: str) -> None:
    lists = read_filled_in([], Settings(), FRIDAY, rows(export(tmp_path / "x.txt", {"status": status})))
    assert lists.filled.empty
    assert says in lists.returned["reason"].iloc[0]


def test_each_day_is_an_attempt_and_the_file_may_be_read_again(desk: Desk, tmp_path: Path) -> None:
    days = ("2026-02-09", "2026-02-11")
    path = export(tmp_path / "x.txt", *({"call_date": f"{day} 10:00:00", "status": "NA"} for day in days))
    made = recorded(desk, path)
    assert made.answers["said_on"].dt.strftime("%Y-%m-%d").tolist() == list(days)
    assert made.answers["attempt"].tolist() == [1, 2]
    again = recorded(desk, path)
    assert (len(again.answers), again.unchanged) == (0, 2)
    later = export(tmp_path / "y.txt", {"call_date": "2026-02-13 10:00:00", "status": "NI"})
    assert recorded(desk, later).answers["outcome"].tolist() == ["refused"]
    assert (len(recorded(desk, later).answers), len(recorded(desk, path).answers)) == (0, 0)
    assert desk.violations().empty


def test_do_not_call(desk: Desk, tmp_path: Path) -> None:
    made = recorded(desk, export(tmp_path / "x.txt", {"status": "DNC"}), MONDAY)
    assert made.answers[["outcome", "scope"]].values.tolist() == [["do_not_call", "calls"]]


def test_settings_name_outcomes_only(tmp_path: Path) -> None:
    path = tmp_path / "dealership.toml"
    path.write_text('[vicidial]\nstatuses = { parts = "reached", TEST = "" }\n', encoding="utf-8")
    assert load_settings(path).vicidial.statuses == {"PARTS": "reached", "TEST": ""}
    path.write_text('[vicidial]\nstatuses = { PARTS = "sold" }\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="no such outcome"):
        load_settings(path)


def test_the_documented_statuses_are_those_that_are_read() -> None:
    page = (Path(__file__).parents[1] / "docs" / "other-doors.md").read_text(encoding="utf-8")
    table = page.partition("| VICIdial | its name there | outcome |")[2].partition("\n\n")[0]
    said: dict[str, str] = {}
    for line in table.splitlines()[2:]:
        statuses, _, outcome = (cell.strip() for cell in line.strip("|").split("|"))
        code = re.match(r"`(\w+)`", outcome)
        said |= dict.fromkeys(statuses.split(", "), code[1] if code else "")
    assert said == STATUSES


@pytest.mark.usefixtures("planned")
def test_out_and_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["calls", "--as-of", DAY, "--format", "vicidial"]) == 0
    leads = [line.split("|") for line in Path("calls-2026-W10.vicidial.txt").read_text().splitlines()]
    call = {"call_date": f"{DAY} 10:00:00"}
    path = export(
        Path("EXPORT_CALL_REPORT.txt"),
        {**call, "vendor_lead_code": leads[0][0], "status": "NI"},
        {**call, "vendor_lead_code": leads[1][0], "status": "AA"},
        {**call, "vendor_lead_code": leads[2][0], "status": "SALE"},
    )
    assert run(["outcomes", str(path), "--as-of", DAY, "--no-plan"]) == 3
    out, err = capsys.readouterr()
    assert "2 outcomes recorded" in out
    assert "in EXPORT_CALL_REPORT-returned.xlsx" in err
    with Store.open(Path("dealership.db")) as store:
        answers = store.read("outcomes")
    assert sorted(answers["outcome"]) == ["refused", "voicemail"]
    assert {lead_code(name) for name in answers["contact_id"]} == {lead[0] for lead in leads[:2]}
    assert run(["outcomes", str(path), "--as-of", DAY, "--no-plan"]) == 3
    assert "0 outcomes recorded" in capsys.readouterr().out
