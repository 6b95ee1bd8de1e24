"""Mappings: each kind of value and condition alone, the errors, the examples of the documentation."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from planner.errors import InputError
from planner.intake import Intake, Known, load_mapping, read_exports
from tests.intake_files import AS_OF, EGYPT, codes, imported

ROOT = Path(__file__).parents[1]


def mapped(folder: Path, toml: str, text: str, **more: object) -> Intake:
    path = folder / "layout.toml"
    path.write_text(toml, encoding="utf-8")
    return imported(folder, {"export.csv": text}, mapping=load_mapping(path), **more)


def values(folder: Path, value: str, text: str, column: str = "model") -> list[object]:
    """What one value of a mapping makes of a file with columns A, B and C."""
    toml = (
        'by_header = false\n[vehicles.columns]\nvehicle_id = "id"\ncustomer_id = { constant = 1 }\n'
        f'purchased_on = {{ constant = "2020-01-01" }}\n{column} = {value}\n'
    )
    rows = [f"K{i},{row}" for i, row in enumerate(text.splitlines())]
    frame = mapped(folder, toml, "id,A,B,C\n" + "\n".join(rows) + "\n").frames["vehicles"]
    return [None if pd.isna(one) else one for one in frame[column]]


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ('"A"', "x,,\n,y,", ["x", None]),
        ('"a "', "x,,", ["x"]),  # headers count as everywhere, without case and spaces
        ('{ column = "A", where = { column = "B", filled = true } }', "x,,\nx,y,", [None, "x"]),
        ('{ first = ["A", "B"] }', "x,y,\n,y,\n,,", ["x", "y", None]),
        ('{ first = ["A", { constant = "z" }] }', "x,,\n,,", ["x", "z"]),
        ('{ constant = "z" }', "x,,", ["z"]),
        ('{ text = "No. {A} of {B}" }', "1,2,\n1,,", ["No. 1 of 2", None]),
        ('{ text = "{A}" }', "1,,", ["1"]),
        ('{ words_in = "A", choose = [{ word = "z", any = ["oil"] }] }', "OIL x,,\nx,,", ["z", None]),
        (
            '{ words_in = "A", separator = "|", ignore = ["wash"], choose = ['
            '{ word = "all", only = ["oil"] }, { word = "some", any = ["oil"] }] }',
            "oil|Wash,,\noil|brakes,,\nbrakes,,\nwash,,\n,,",
            ["all", "some", None, None, None],
        ),
    ],
)
def test_values(tmp_path: Path, value: str, text: str, expected: list[object]) -> None:
    assert values(tmp_path, value, text) == expected


def test_days_and_sums(tmp_path: Path) -> None:
    year = '{ earliest = ["A", { year = "B", month = 7, day = 1 }] }'
    days = values(
        tmp_path, year, "2016-08-01,2016,\n2015-08-01,2016,\n,2016,\n2015-08-01,,\n,,", "warranty_end_on"
    )
    assert days == [*map(pd.Timestamp, ("2016-07-01", "2015-08-01", "2016-07-01", "2015-08-01")), None]
    total = values(tmp_path, '{ sum = ["A", "B"] }', '"1,200.5",300,\n5,,\n,,\n0.001,1.233,', "monthly_km")
    assert total == [1500.5, 5, None, 1.234]
    assert values(tmp_path, '{ sum = ["A", "B"] }', "0.001,1.233,", "monthly_km") == [1.234]


def test_a_value_that_cannot_be_computed_rejects_its_row_with_the_text_in_the_way(tmp_path: Path) -> None:
    toml = (
        '[visits.columns]\nvehicle_id = "id"\n'
        'visited_on = { earliest = ["A", { year = "B" }] }\namount = { sum = ["C", "D"] }\n'
    )
    rows = "V1,2024-05-03,soon,1,2\nV1,2024-05-03,2024,1,lots\nV1,2024-05-03,2024,1,2\n"
    intake = mapped(tmp_path, toml, "id,A,B,C,D\n" + rows)
    assert codes(intake) == [(2, "A / B", "bad-date"), (3, "C / D", "bad-number")]
    assert intake.issues["message"].str.contains("'soon'|'lots'").all()
    assert len(intake.frames["visits"]) == 1


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ('column = "A", equals = 0', "bc"),
        ('column = "A", equals = "x"', "a"),
        ('column = "A", one_of = ["X", 7]', "ad"),
        ("column = \"A\", matches = '^[x7]'", "ad"),
        ('column = "A", filled = false', "e"),
        ('column = "A", at_least = 0', "bcd"),
        ('column = "A", at_most = 0', "bc"),
        ('column = "A", more_than = 0', "d"),
        ('column = "A", less_than = 7', "bc"),
        ('column = "A", at_least = 0, at_most = 5', "bc"),
        ('column = "A", differs_from = "B"', "acd"),
        ('sum = ["A", "B"], more_than = 6', "d"),
        ('column = "B", has_more_than = { distinct = "A", number = 1 }', "bcd"),
        ('any = [{ column = "A", equals = "x" }, { column = "A", equals = 7 }]', "ad"),
        ('all = [{ column = "A", equals = 0 }, { column = "B", equals = 0 }]', "bc"),
    ],
)
def test_conditions(tmp_path: Path, condition: str, kept: str) -> None:
    toml = (
        f"by_header = false\n[visits]\nwhere = {{ {condition} }}\nreason = 'not now'\n"
        '[visits.columns]\nvisit_id = "id"\nvehicle_id = { constant = "V1" }\nvisited_on = "day"\n'
    )
    rows = ["a,x,1", "b,0,0", "c,0.0,0", "d,7,0", "e,,"]
    text = "id,A,B,day\n" + "".join(f"{row},2024-05-0{i}\n" for i, row in enumerate(rows, 1))
    intake = mapped(tmp_path, toml, text)
    assert "".join(intake.frames["visits"]["visit_id"]) == kept
    (report,) = intake.files
    left = 5 - len(kept)
    assert (report.rows, report.good, report.left_out) == (5, len(kept), {"not now": left})


def test_rows_left_out_are_counted_and_no_rejects(tmp_path: Path) -> None:
    toml = (
        '[[leave_out]]\nreason = "stock"\ncolumn = "customer"\n'
        'has_more_than = { distinct = "VIN", number = 2 }\n'
        '[[leave_out]]\nreason = "tests"\ncolumn = "VIN"\nmatches = "^TEST"\n'
        '[vehicles.columns]\npurchased_on = "Since"\n'
    )
    rows = "A1,9\nA2,9\nA3,9\nTEST1,1\nB1,1\nB1,1\nB1,1\n"  # B1 thrice is still one car
    text = "VIN,customer,Since\n" + rows.replace("\n", ",2020-01-01\n")
    intake = mapped(tmp_path, toml, text)
    assert intake.frames["vehicles"]["vehicle_id"].tolist() == ["B1"]
    assert intake.files[0].left_out == {"stock": 3, "tests": 1}
    assert intake.rejects.empty


def test_of_rows_with_one_key_the_newest_counts_where_the_mapping_says_so(tmp_path: Path) -> None:
    toml = '[customers]\nnewest_by = "day"\n[customers.columns]\ncustomer_id = "id"\nname = "who"\n'
    text = "id,who,day\n17,Omar,2024-05-03\n17,Nora,2025-05-03\n17,Adam,\n"
    intake = mapped(tmp_path, toml, text)
    assert intake.frames["customers"]["name"].tolist() == ["Nora"]
    assert codes(intake) == []


def test_several_blocks_of_one_kind(tmp_path: Path) -> None:
    block = '[[readings]]\nwhere = {{ column = "{0}", filled = true }}\n[readings.columns]\n'
    block += 'vehicle_id = "car"\nread_on = "{0}"\nodometer_km = "{1}"\n'
    toml = "by_header = false\n" + block.format("in", "km in") + block.format("out", "km out")
    text = "car,in,km in,out,km out\nV1,2024-05-03,7,2024-05-04,8\nV2,2024-05-03,9,,\n"
    intake = mapped(tmp_path, toml, text)
    found = intake.frames["readings"][["vehicle_id", "odometer_km"]].to_numpy().tolist()
    assert found == [["V1", 7], ["V2", 9], ["V1", 8]]
    assert [(f.kind, f.rows, f.good) for f in intake.files] == [("readings", 3, 3)]


def test_columns_that_a_mapping_does_not_name_are_found_by_their_headers(tmp_path: Path) -> None:
    text = "VIN,Plate,Visit date,Odometer\nx,V1,2024-05-03,100\n"
    toml = 'unit = "mi"\n[visits.columns]\nvehicle_id = "Plate"\n'
    visits = mapped(tmp_path, toml, text).frames["visits"]
    assert visits["vehicle_id"].tolist() == ["V1"]
    assert visits["odometer_km"].tolist() == [160.9344]
    with pytest.raises(InputError, match="visits needs visited_on"):
        mapped(tmp_path, "by_header = false\n" + toml, text)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("", "maps nothing"),
        ("unit = 'feet'", "unit: .*'feet'"),
        ("units = 'km'", "unknown key 'units'; did you mean 'unit'"),
        ("[visit.columns]", "unknown key 'visit'; did you mean 'visits'"),
        ("[visits]\ncolumn = {}", r"visits\[1\]: unknown key 'column'; did you mean 'columns'"),
        ("[visits.columns]\nvisitedon = 'A'", "no column 'visitedon'; did you mean 'visited_on'"),
        ("[visits.columns]\namount = { sums = ['A'] }", r"visits\[1\]\.columns\.amount: unknown key 'sums'"),
        ("[visits.columns]\namount = { sum = ['A'], constant = 1 }", "exactly one of .*not sum and constant"),
        ("[visits.columns]\namount = {}", "exactly one of"),
        ("[visits.columns]\nkind = { words_in = 'A' }", "words_in needs choose"),
        ("[visits.columns]\nkind = { column = 'A', separator = ',' }", "separator belongs to words_in"),
        ("[visits]\nwhere = { column = 'A' }", "needs a test"),
        ("[visits]\nwhere = { equals = 1 }", "exactly one of column, sum, any, all"),
        ("[visits]\nwhere = { column = 'A', matches = '(' }", "no regular expression"),
        ("[visits]\nwhere = [{ column = 'A', filled = true }, { column = 'B', at_lest = 1 }]", r"where\[2\]"),
        ("[visits.columns]\nvisited_on = { year = 'A', month = 13 }", "month"),
        ("[[leave_out]]\ncolumn = 'A'\nequals = 1\n[visits]", r"leave_out\[1\]\.reason"),
        ("unit = ", "not valid TOML"),
    ],
)
def test_an_error_names_file_and_key_in_one_line(tmp_path: Path, toml: str, says: str) -> None:
    path = tmp_path / "layout.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(InputError, match=f"layout\\.toml: .*{says}") as caught:
        load_mapping(path)
    assert "\n" not in str(caught.value)


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such mapping file"):
        load_mapping(tmp_path / "none.toml")


def test_a_mapping_that_does_not_fit_says_what_is_missing(tmp_path: Path) -> None:
    toml = '[visits.columns]\nvehicle_id = "Car"\nvisited_on = "Opened"\n'
    with pytest.raises(InputError, match=r"export\.csv: does not fit .*layout\.toml: it has no Opened"):
        mapped(tmp_path, toml, "Car,Closed\nV1,2024-05-03\n")
    with pytest.raises(
        InputError, match=r"layout\.toml: \[visits\] fits no file: export\.csv has no Car, Opened"
    ):
        mapped(tmp_path, toml, "vehicle_id,visited_on\nV1,2024-05-03\n")


def test_the_examples_of_the_documentation_are_mappings(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 2
    for number, example in enumerate(examples):
        path = tmp_path / f"{number}.toml"
        path.write_text(example, encoding="utf-8")
        load_mapping(path)


def test_the_example_mapping_reads_the_files_that_it_describes(tmp_path: Path) -> None:
    cars = tmp_path / "cars.csv"
    cars.write_text(
        "Chassis;Owner;First name;Last name;Mobile;Office;Brand;Type;Built;Handed over;Usage\n"
        "c1;17;Nora;Hassan;;0100 123 4567;Kia;Rio;2019;03/04/2019;SALE\n"
        "c2;18;Omar;Fathy;0100 123 4568;;Kia;Rio;2018;;SALE\n"
        "c3;19;Demo;Car;;;Kia;Rio;2025;03/04/2025;DEMO\n",
        encoding="utf-8",
    )
    jobs = tmp_path / "jobs.csv"
    jobs.write_text(
        "Job;Chassis;Opened;Miles in;Work;Parts;Labour;Closed;Miles out;Usage;Owner\n"
        "1;c1;05/06/2024;1000;oil, wash;10;20;06/06/2024;1001;SALE;17\n"
        "2;c2;05/06/2024;10;tyres, wheel;10;;05/06/2024;10;SALE;18\n"
        "3;c2;05/07/2024;2000;wash;0;0;;;SALE;18\n",
        encoding="utf-8",
    )
    mapping = load_mapping(ROOT / "data" / "mappings" / "example.toml")
    intake = read_exports([cars, jobs], EGYPT, AS_OF, known=Known(), mapping=mapping)
    assert codes(intake) == []
    assert intake.frames["customers"][["customer_id", "name", "phone"]].to_numpy().tolist() == [
        ["17", "Nora Hassan", "0100 123 4567"],
        ["18", "Omar Fathy", "0100 123 4568"],
    ]
    bought = intake.frames["vehicles"].set_index("vehicle_id")["purchased_on"].dt.date
    assert bought.to_dict() == {"C1": date(2019, 4, 3), "C2": date(2018, 7, 1)}
    visits = intake.frames["visits"].set_index("visit_id")
    assert visits["kind"].to_dict() == {"1": "maintenance", "2": "tyres"}
    assert visits["amount"].tolist() == [30, 10]
    assert visits["odometer_km"].round(3).fillna(0).tolist() == [1609.344, 0]
    assert intake.frames["readings"]["read_on"].dt.date.tolist() == [date(2024, 6, 6)]
    left_out = {file.kind: file.left_out for file in intake.files}
    assert left_out["customers"] == {"demonstration cars": 1}
    assert left_out["visits"] == {"nothing was charged": 1}
