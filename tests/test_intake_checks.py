"""The checks of an import: every issue code by a row of its own, and what counts of rows that repeat."""

from __future__ import annotations

import csv
import json
import stat
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import tables
from planner.columns import empty
from planner.errors import InputError
from planner.intake import Known, read_exports, write_rejects
from planner.intake.findings import REJECT_COLUMNS
from tests.intake_files import AS_OF, EGYPT, codes, imported, workbook

CUSTOMER = "customer_id,name,phone,email,birthday,consent_call\n"
VEHICLE = "vehicle_id,customer_id,purchased_on,model_year,odometer_at_purchase_km,status\n"
VISIT = "visit_id,vehicle_id,visited_on,odometer_km,kind,amount\n"


@pytest.mark.parametrize(
    ("header", "row", "column", "code"),
    [
        (CUSTOMER, "17,,,,,", "name", "missing"),
        (CUSTOMER, ",Nora,,,,", "customer_id", "missing"),
        (CUSTOMER, "17,Nora,12345,,,", "phone", "bad-phone"),
        (CUSTOMER, "17,Nora,,,1980-13-01,", "birthday", "bad-date"),
        (CUSTOMER, "17,Nora,,,2026-03-03,", "birthday", "future"),
        (CUSTOMER, "17,Nora,,,1405-03-03,", "birthday", "out-of-range"),
        (CUSTOMER, "17,Nora,,,,perhaps", "consent_call", "bad-choice"),
        (CUSTOMER, "1.00123E+11,Nora,,,,", "customer_id", "bad-number"),
        (CUSTOMER, "17,Nora,0100 123 4567,,,yes,too much", "", "bad-row"),
        (VEHICLE, "V9,9,2024-05-03,,,", "customer_id", "unknown-customer"),
        (VEHICLE, "V9,1,soon,,,", "purchased_on", "bad-date"),
        (VEHICLE, "V9,1,1900-01-01,,,", "purchased_on", "out-of-range"),
        (VEHICLE, "V9,1,2024-05-03,0,,", "model_year", "out-of-range"),
        (VEHICLE, "V9,1,2024-05-03,2020.5,,", "model_year", "bad-number"),
        (VEHICLE, "V9,1,2024-05-03,,-5,", "odometer_at_purchase_km", "out-of-range"),
        (VEHICLE, "V9,1,2024-05-03,,,eaten", "status", "bad-choice"),
        (VISIT, "R1,V9,2024-05-03,,,", "vehicle_id", "unknown-vehicle"),
        (VISIT, "R1,V1,2026-03-03,,,", "visited_on", "future"),
        (VISIT, "R1,V1,2024-05-03,many,,", "odometer_km", "bad-number"),
        (VISIT, "R1,V1,2024-05-03,3000001,,", "odometer_km", "out-of-range"),
        (VISIT, "R1,V1,2024-05-03,,,lots", "amount", "bad-number"),
    ],
)
def test_each_code_by_a_row_of_its_own(tmp_path: Path, header: str, row: str, column: str, code: str) -> None:
    intake = imported(tmp_path, {"a.csv": f"{header}{row}\n"})
    assert codes(intake) == [(2, column, code)]
    kept = code == "bad-phone"
    assert len(intake.rejects) == (0 if kept else 1)
    assert [len(frame) for frame in intake.frames.values()] == [1 if kept else 0]
    (report,) = intake.files
    assert (report.rows, report.good, report.rejected) == (1, int(kept), int(not kept))


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (CUSTOMER, "17,Nora Hassan,0100 123 4567,nora@example.org,2026-03-02,Yes"),
        (CUSTOMER, "17,Null,,,1604-02-29,"),  # an address book without the year
        (VEHICLE, 'v9,1,2027-01-01,2026.0,"1,200 km",In use'),  # ordered, not yet delivered
        (VISIT, ",v1,2026-03-02,,,-45.50"),
    ],
)
def test_what_is_right_is_not_complained_about(tmp_path: Path, header: str, row: str) -> None:
    assert codes(imported(tmp_path, {"a.csv": f"{header}{row}\n"})) == []


def test_all_problems_of_a_row_are_told_and_make_one_reject(tmp_path: Path) -> None:
    intake = imported(tmp_path, {"visits.csv": f"{VISIT}R1,V1,2024-05-03,,,\nR2,V9,soon,many,,\n"})
    assert codes(intake) == [
        (3, "visited_on", "bad-date"),
        (3, "odometer_km", "bad-number"),
        (3, "vehicle_id", "unknown-vehicle"),
    ]
    (reject,) = intake.rejects.to_dict("records")
    assert reject["source"] == "visits.csv"
    assert reject["row"] == 3
    assert reject["codes"] == "bad-date; bad-number; unknown-vehicle"
    assert json.loads(reject["original"])["visited_on"] == "soon"


def test_people_are_not_named_in_messages(tmp_path: Path) -> None:
    rows = "17,Nora Hassan,0100 12,nora@example.org,3 May 2999,perhaps\n17,Nora Hassan,,,,\n"
    intake = imported(tmp_path, {"a.csv": CUSTOMER + rows})
    told = " ".join(intake.issues["message"]) + " ".join(intake.rejects["messages"])
    assert len(intake.issues) == 3
    for secret in ("Nora", "0100", "example", "2999"):
        assert secret not in told


def test_ids_and_phones_that_excel_made_numbers_are_repaired(tmp_path: Path) -> None:
    intake = imported(tmp_path, {"a.csv": CUSTOMER + "1001.0,Nora,1001234567.0,,,\n٢٠,Omar,٠١٠٠١٢٣٤٥٦٧,,,\n"})
    frame = intake.frames["customers"]
    assert frame["customer_id"].tolist() == ["1001", "20"]
    assert frame["phone"].tolist() == ["1001234567", "01001234567"]
    assert codes(intake) == []


def test_vehicle_ids_are_written_in_one_way(tmp_path: Path) -> None:
    intake = imported(tmp_path, {"a.csv": f"{VEHICLE}  abc   12 d ,1,2024-05-03,,,\n"})
    assert intake.frames["vehicles"]["vehicle_id"].tolist() == ["ABC 12 D"]


def test_what_is_left_blank_is_filled_in(tmp_path: Path) -> None:
    files = {"vehicles.csv": f"{VEHICLE}V1,1,2024-05-03,,,\nV9,1,2024-05-03,,,\n"}
    files["visits.csv"] = f"{VISIT},V9,2025-05-03,,,\n,V9,2025-05-03,,Repair,\n"
    frames = imported(tmp_path, files).frames
    assert frames["visits"]["visit_id"].tolist() == ["V9/2025-05-03/maintenance", "V9/2025-05-03/repair"]
    status = frames["vehicles"].set_index("vehicle_id")["status"]
    assert status["V9"] == "active"
    assert pd.isna(status["V1"])  # the store knows this car, perhaps as sold


def test_a_row_twice_counts_once_and_another_with_its_key_is_rejected(tmp_path: Path) -> None:
    rows = "17,Nora,,,,\n18,Omar,,,,\n17,Nora,,,,\n17,Nora,,nora@example.org,,\n18,Omar,,,,\n"
    intake = imported(tmp_path, {"a.csv": CUSTOMER + rows})
    assert intake.frames["customers"]["customer_id"].tolist() == ["17", "18"]
    assert intake.frames["customers"]["email"].isna().all()
    assert codes(intake) == [(5, "customer_id", "duplicate")]
    assert (intake.files[0].good, intake.files[0].rejected) == (4, 1)


def test_of_two_files_the_later_one_counts(tmp_path: Path) -> None:
    january = CUSTOMER + "17,Nora,,,,\n18,Omar,,,,\n"
    february = CUSTOMER + "17,Nora,,nora@example.org,,\n"
    intake = imported(tmp_path, {"january.csv": january, "february.csv": february})
    assert codes(intake) == []
    emails = intake.frames["customers"].set_index("customer_id")["email"]
    assert emails["17"] == "nora@example.org"
    assert len(emails) == 2


def test_who_is_rejected_cannot_be_referred_to(tmp_path: Path) -> None:
    files = {
        "visits.csv": f"{VISIT}R1,V9,2025-05-03,,,\n",
        "vehicles.csv": f"{VEHICLE}V9,17,2024-05-03,,,\n",
        "customers.csv": f"{CUSTOMER}17,,,,,\n",
    }
    intake = imported(tmp_path, files)
    assert intake.issues["code"].tolist() == ["unknown-vehicle", "unknown-customer", "missing"]
    assert intake.issues["message"].str.contains("own row is rejected").tolist() == [True, True, False]
    assert all(frame.empty for frame in intake.frames.values())
    assert list(intake.frames) == ["customers", "vehicles", "visits"]


def test_the_files_of_one_import_may_come_in_any_order(tmp_path: Path) -> None:
    files = {
        "visits.csv": f"{VISIT}R1,V9,2025-05-03,,,\n",
        "vehicles.csv": f"{VEHICLE}V9,17,2024-05-03,,,\n",
        "customers.csv": f"{CUSTOMER}17,Nora,,,,\n",
    }
    assert codes(imported(tmp_path, files, known=Known())) == []


def test_what_happened_before_the_purchase_is_kept_with_an_issue(tmp_path: Path) -> None:
    files = {
        "vehicles.csv": f"{VEHICLE}V9,1,2024-05-03,,,\n",
        "visits.csv": f"{VISIT}R1,V9,2024-05-02,,,\nR2,V9,2024-05-03,,,\n",
        "readings.csv": "vehicle_id,read_on,odometer_km\nV9,2023-01-01,7\n",
    }
    intake = imported(tmp_path, files)
    assert codes(intake) == [(2, "visited_on", "before-purchase"), (2, "read_on", "before-purchase")]
    assert len(intake.frames["visits"]) == 2
    assert intake.rejects.empty


def test_dates_that_may_be_read_in_two_ways_are_refused(tmp_path: Path) -> None:
    files = {"visits.csv": f"{VISIT}R1,V1,03/04/2024,,,\n"}
    with pytest.raises(
        InputError, match=r"visits\.csv: dates in 'visited_on' such as 03/04/2024 .*--dates dmy"
    ):
        imported(tmp_path, files)
    days = imported(tmp_path, files, dates="mdy").frames["visits"]["visited_on"]
    assert days.dt.date.tolist() == [date(2024, 3, 4)]
    with pytest.raises(InputError) as caught:
        imported(tmp_path, {"a.csv": CUSTOMER + "17,Nora,,,07/08/1981,\n"})
    assert "1981" not in str(caught.value)  # a birthday is nobody's business


def test_frames_are_typed_as_the_tables_say(tmp_path: Path) -> None:
    files = {f"{t.name}.csv": ",".join(t.names) + "\n" for t in tables.EXPORTS}
    frames = imported(tmp_path, files).frames
    for table in tables.EXPORTS:
        pd.testing.assert_frame_equal(frames[table.name], empty(table), check_index_type=False)


def test_a_workbook_and_a_csv_of_one_table_give_the_same(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["visit_id", "vehicle_id", "visited_on", "odometer_km", "kind", "amount"],
        [5001, "V1", date(2024, 5, 3), 12500, "Oil change", 45.5],
        ["0502", "V2", date(2024, 5, 13), 1.234, "repair", None],
        [None, "V2", date(2024, 6, 3), None, None, 1000],
        [5003, "V2", "soon", 7, "repair", 10],
    ]
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    (tmp_path / "a.csv").write_text(text.replace("1.234", "1.2340"))
    of_csv = read_exports([tmp_path / "a.csv"], EGYPT, AS_OF, known=Known(vehicles=frozenset(["V1", "V2"])))
    path = workbook(tmp_path / "a.xlsx", {"visits": rows})
    of_workbook = read_exports([path], EGYPT, AS_OF, known=Known(vehicles=frozenset(["V1", "V2"])))
    pd.testing.assert_frame_equal(of_csv.frames["visits"], of_workbook.frames["visits"])
    assert codes(of_csv) == codes(of_workbook) == [(5, "visited_on", "bad-date")]


def test_rejected_rows_are_text_to_excel_and_never_a_formula(tmp_path: Path) -> None:
    rejects = pd.DataFrame(
        {
            "source": ["=a.csv", "+a", "-a", "@a", "\ta"],
            "row": [2, 3, 4, 5, 6],
            "columns": "kind",
            "codes": "bad-choice",
            "messages": "'=1+1' is none of them",
            "original": ['{"name": "نورا"}'] * 5,
        }
    )
    path = tmp_path / "rejects.csv"
    write_rejects(rejects, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows[1:]] == ["'=a.csv", "'+a", "'-a", "'@a", "'\ta"]
    assert rows[1][1:] == ["2", "kind", "bad-choice", "''=1+1' is none of them"[1:], '{"name": "نورا"}']
    with pytest.raises(InputError, match="there is no folder"):
        write_rejects(rejects, tmp_path / "nowhere" / "rejects.csv")


def test_rejects_replace_older_rejects_and_no_other_file(tmp_path: Path) -> None:
    rejects = pd.DataFrame({name: ["x"] for name in REJECT_COLUMNS})
    path = tmp_path / "rejects.csv"
    for _ in range(2):
        write_rejects(rejects, path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("name,phone\nmine,555\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds something else; name another file with --rejects"):
        write_rejects(rejects, path)
    assert path.read_text(encoding="utf-8") == "name,phone\nmine,555\n"


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_rows_does_not_count(tmp_path_factory: pytest.TempPathFactory, order: list[int]) -> None:
    rows = [
        'R1,V1,03/04/2024,"1,200",Service,10',
        "R2,V1,17/04/2024,1300,LOF,11",
        "R3,V2,05/06/2024,,Recall,12",
        ",V2,06/06/2024,1500,,13",
        "R5,V9,06/06/2024,1500,,14",
        "R6,V2,tomorrow,1500,,15",
    ]
    text = VISIT + "\n".join(rows[i] for i in order) + "\n"
    intake = imported(tmp_path_factory.mktemp("rows"), {"visits.csv": text})
    frame = intake.frames["visits"].sort_values("visit_id", ignore_index=True)
    assert frame["visit_id"].tolist() == ["R1", "R2", "R3", "V2/2024-06-06/maintenance"]
    assert frame["visited_on"].dt.date.tolist()[0] == date(2024, 4, 3)
    assert frame["odometer_km"].tolist()[0] == 1200
    found = {(order[row - 2], code) for row, _, code in codes(intake)}
    assert found == {(4, "unknown-vehicle"), (5, "bad-date")}
