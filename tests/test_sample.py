"""The synthetic dealership: the same every time, clean where it says so, and nobody real in it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import phonenumbers
import pytest
from openpyxl import load_workbook

from planner.columns import Table
from planner.errors import InputError
from planner.people import e164
from planner.sample import FILES, Sample, make_sample, write_sample
from planner.sample.assumptions import ASSUMPTIONS, markdown, number
from planner.settings import Settings
from planner.tables import EXPORTS
from planner.workbooks.exports import write_exports

END = date(2026, 3, 2)
ROOT = Path(__file__).parents[1]
NAMES = [table.name for table in EXPORTS]


@pytest.fixture(scope="module")
def small() -> Sample:
    return make_sample(200, 5, END)


@pytest.fixture(scope="module")
def large() -> Sample:
    return make_sample(8_000, 3, END)


# The same every time


def test_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    first = write_sample(make_sample(150, 9, END), tmp_path / "first")
    second = write_sample(make_sample(150, 9, END), tmp_path / "second")
    assert [path.name for path in first] == list(FILES)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.mark.parametrize("other", [(201, 5, END), (200, 6, END), (200, 5, date(2026, 3, 3))])
def test_other_arguments_give_other_rows(small: Sample, other: tuple[int, int, date]) -> None:
    assert not make_sample(*other).frames["visits"].equals(small.frames["visits"])


@pytest.mark.parametrize("table", ["readings", "surveys"])
def test_a_table_less_does_not_change_the_others(
    small: Sample, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"planner.sample.make_{table}", lambda *_: small.frames[table].iloc[:0])
    again = make_sample(200, 5, END)
    assert again.frames[table].empty
    for name in set(NAMES) - {table}:
        pd.testing.assert_frame_equal(again.frames[name], small.frames[name])


def test_the_dealership_in_data_is_what_its_readme_says(tmp_path: Path) -> None:
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    command = re.search(r"planner sample data --vehicles (\d+) --seed (\d+) --end (\S+)", readme)
    assert command
    sample = make_sample(int(command[1]), int(command[2]), date.fromisoformat(command[3]))
    for path in write_sample(sample, tmp_path):
        if path.suffix == ".csv":
            assert path.read_bytes() == (ROOT / "data" / path.name).read_bytes(), f"{path.name} is stale"
        else:
            assert cells(path) == cells(ROOT / "data" / path.name)


# What is in the files


def cells(path: Path) -> dict[str, list[tuple[object, ...]]]:
    book = load_workbook(path, read_only=True)
    return {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def test_the_workbook_holds_what_the_csv_files_hold(small: Sample, tmp_path: Path) -> None:
    """Dates as dates, numbers as numbers, the rest as the text that stands in the CSV."""
    write_sample(small, tmp_path)
    for name, (header, *rows) in cells(tmp_path / "dealership.xlsx").items():
        written = pd.read_csv(tmp_path / f"{name}.csv", dtype="str", keep_default_na=False)
        assert list(header) == list(written)
        shown = [["" if v is None else v.date() if hasattr(v, "date") else v for v in row] for row in rows]
        for row, texts in zip(shown, written.itertuples(index=False), strict=True):
            for value, text in zip(row, texts, strict=True):
                assert str(value) == text or float(value) == float(text)


@pytest.mark.parametrize("text", ["=1+1", "+12125550147", "-1", "@x", ' <b> & ]]> "y" ', "محمد"])
def test_text_of_a_workbook_is_what_it_was_and_never_a_formula(
    text: str, small: Sample, tmp_path: Path
) -> None:
    customers = small.frames["customers"].head(1).assign(name=text)
    write_exports(tmp_path / "x.xlsx", {"customers": customers}, END)
    cell = load_workbook(tmp_path / "x.xlsx")["customers"]["B2"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_what_no_xml_can_hold_is_left_out(small: Sample, tmp_path: Path) -> None:
    customers = small.frames["customers"].head(1).assign(name="a\x00b\x1fc")
    write_exports(tmp_path / "x.xlsx", {"customers": customers}, END)
    assert load_workbook(tmp_path / "x.xlsx")["customers"]["B2"].value == "abc"


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("vehicles", [1, 2, 30])
def test_small_samples_hold_every_column_and_every_vehicle(vehicles: int, language: str) -> None:
    sample = make_sample(vehicles, 1, END, language)
    assert {name: list(frame) for name, frame in sample.frames.items()} == {t.name: t.names for t in EXPORTS}
    assert len(sample.clean("vehicles")) == len(sample.truth) == vehicles


def test_arabic_people_have_arabic_names() -> None:
    customers = make_sample(100, 1, END, "ar").clean("customers")
    assert customers["name"].str.contains(r"[\u0600-\u06ff]").all()
    assert customers["email"].dropna().str.fullmatch(r"[A-Za-z0-9.]+@[A-Za-z.]+").all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 1, END), "no sample of 0 vehicles"),
        ((10, -1, END), "seed -1"),
        ((10, 1, END, "fr"), "language 'fr'"),
        ((10, 1, date(1900, 1, 1)), "ends on 1900-01-01"),
    ],
)
def test_impossible_samples_are_refused(arguments: tuple[int, int, date], message: str) -> None:
    with pytest.raises(InputError, match=message):
        make_sample(*arguments)


def test_a_file_in_place_of_the_folder_is_one_line(small: Sample, tmp_path: Path) -> None:
    (tmp_path / "here").write_text("mine")
    with pytest.raises(InputError, match="cannot be written"):
        write_sample(small, tmp_path / "here")


# Clean rows are clean, dirty rows are dirty


@pytest.mark.parametrize("table", EXPORTS, ids=lambda table: table.name)
def test_clean_rows_can_be_typed_and_dirty_rows_cannot_be_accepted(large: Sample, table: Table) -> None:
    name, keys = table.name, {t.name: set(large.clean(t.name)[t.key[0]]) for t in EXPORTS[:2]}

    def faults(row: pd.DataFrame) -> list[str]:
        """What is wrong with the values of each row, column by column."""
        found = []
        for column in table.columns:
            text = row[column.name]
            if column.required and text.isna().any():
                found.append(f"{column.name} is missing")
            if column.refers_to and not set(text.dropna()) <= keys[column.refers_to]:
                found.append(f"{column.name} refers to nothing")
            if column.choices and not set(text.dropna()) <= set(column.choices):
                found.append(f"{column.name} is no choice")
            try:
                if column.kind == "date":
                    days = pd.to_datetime(text, format="%Y-%m-%d")
                    if column.past and (days > pd.Timestamp(END)).any():
                        found.append(f"{column.name} is after the end")
                elif column.kind in ("int", "number"):
                    numbers = pd.to_numeric(text)
                    low = -np.inf if column.low is None else column.low
                    high = np.inf if column.high is None else column.high
                    if not numbers.dropna().between(low, high).all():
                        found.append(f"{column.name} is out of range")
            except ValueError:
                found.append(f"{column.name} cannot be read")
        return found

    assert faults(large.clean(name)) == []
    dirty = large.planted[(large.planted["table"] == name) & large.planted["rejected"]]
    assert len(dirty) == pytest.approx(number("dirty_rows") * len(large.clean(name)), abs=1)
    for row, column in zip(dirty["row"], dirty["column"], strict=True):
        (fault,) = faults(large.frames[name].iloc[[row - 2]])
        assert fault.startswith(column)


@pytest.mark.parametrize("table", EXPORTS, ids=lambda table: table.name)
def test_keys_name_one_row(large: Sample, table: Table) -> None:
    clean = large.clean(table.name).dropna(subset=list(table.key))
    assert not clean.duplicated(list(table.key)).any()


def test_visits_without_a_number_are_told_apart_by_vehicle_day_and_kind(large: Sample) -> None:
    visits = large.clean("visits")
    assert visits["visit_id"].isna().any()
    assert not visits[visits["visit_id"].isna()].duplicated(["vehicle_id", "visited_on", "kind"]).any()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_an_import_finds_what_was_planted_and_nothing_else(
    tmp_path: Path, suffix: str, language: str
) -> None:
    from planner.intake import Known, read_exports

    sample = make_sample(300, 2, END, language)
    files = [path for path in write_sample(sample, tmp_path) if path.suffix == suffix]
    read = read_exports(files, Settings(), END, known=Known(frozenset(), frozenset()))
    assert {name: len(frame) for name, frame in read.frames.items()} == {
        n: len(sample.clean(n)) for n in NAMES
    }
    findable = sample.planted.dropna(subset=["code"])
    found = read.issues[["row", "column", "code"]].to_records(index=False).tolist()
    assert sorted(found) == sorted(findable[["row", "column", "code"]].to_records(index=False).tolist())


# Nobody real


def test_phones_ring_nobody_and_each_belongs_to_one_household(large: Sample) -> None:
    lost_a_digit = large.planted.query("table == 'customers' and column == 'phone'")["row"] - 2
    customers = large.frames["customers"].drop(index=lost_a_digit).merge(large.households, on="customer_id")
    phones = customers.melt("household", ["phone", "phone_2"], value_name="text").dropna(subset=["text"])
    parsed = [phonenumbers.parse(text, "US") for text in phones["text"]]
    assert all(phonenumbers.is_valid_number(one) for one in parsed)
    phones["digits"] = [str(one.national_number) for one in parsed]
    assert phones["digits"].str.fullmatch(r"[2-9][0-8]\d55501\d\d").all()
    sharing = phones.groupby("digits")["household"].nunique()
    made_up = sharing[sharing > 1]  # one number stands with many who gave none
    assert len(made_up) == 1
    assert made_up.iloc[0] >= 10


@pytest.mark.parametrize("country", ["US", "GB", "AE", "EG", "DE"])
def test_phones_are_numbers_whatever_country_the_settings_name(large: Sample, country: str) -> None:
    """Of 300 English customers 242 phones were none with the settings of the Emirates."""
    lost_a_digit = large.planted.query("table == 'customers' and column == 'phone'")["row"] - 2
    phones = large.frames["customers"]["phone"].dropna()
    cut = phones.isin(phones[lost_a_digit])  # some of these rows stand there twice
    assert e164(phones, country).eq("").equals(cut)


def test_many_more_phones_than_the_range_for_fiction_has_ring_nobody_either() -> None:
    from planner.sample.people import _number

    numbers = ["".join(map(str, _number(n))) for n in range(0, 3_000_000, 997)]
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"[2-9][0-8]\d(55501\d\d|[2-57]11\d{4})", text) for text in numbers)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(text, "US")) for text in numbers)


def test_e_mail_goes_to_reserved_domains_and_vehicle_numbers_are_no_vin(large: Sample) -> None:
    customers, vehicles = large.clean("customers"), large.clean("vehicles")
    assert (
        customers["email"]
        .dropna()
        .str.lower()
        .str.fullmatch(r"[a-z]+\.[a-z]+\d+@example\.(com|org|net)")
        .all()
    )
    assert vehicles["vehicle_id"].str.fullmatch(r"0[A-HJ-NPR-Z]{9}\d{7}").all()


# The table of assumptions


def test_every_assumption_is_read_by_the_generator() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "planner" / "sample").glob("*.py")
        if path.name not in ("assumptions.py", "assumed_work.py")
    )
    names = [assumption.name for assumption in ASSUMPTIONS]
    assert len(set(names)) == len(names)
    assert [name for name in names if f'"{name}"' not in code] == []


def test_every_assumption_says_what_it_is_and_where_it_comes_from() -> None:
    for assumption in ASSUMPTIONS:
        assert assumption.unit
        assert assumption.meaning
        assert assumption.source


def test_the_page_shows_the_table_of_the_code() -> None:
    page = (ROOT / "docs" / "sample.md").read_text(encoding="utf-8")
    shown = re.search(r"<!-- begin: sample -->\n(.*?)<!-- end: sample -->", page, re.DOTALL)
    assert shown
    assert shown[1] == markdown(), "'make docs' writes it anew"
