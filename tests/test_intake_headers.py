"""Headers: the synonyms in English and Arabic, which table a file is, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import tables
from planner.errors import InputError
from planner.intake.headers import is_header, match, recognise
from planner.intake.read import read_file
from planner.intake.synonyms import SYNONYMS, listed
from planner.intake.words import fold
from tests.intake_files import EGYPT, imported


def kind(folder: Path, header: str, name: str = "export.csv") -> str | None:
    path = folder / name
    path.write_text(header + "\n", encoding="utf-8")
    table = recognise(read_file(path, is_header)[0])
    return table.name if table else None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        *[(",".join(table.names), table.name) for table in tables.EXPORTS],
        *[(",".join(table.required), table.name) for table in tables.EXPORTS],
        ("Customer No.,Customer Name,Mobile,E-Mail", "customers"),
        ("CUSTOMER NUMBER;FULL NAME;CELL", "customers"),
        ("رقم العميل,اسم العميل,رقم الهاتف", "customers"),
        ("VIN,Owner,Sold date,Brand,Customer name", "vehicles"),
        ("رقم اللوحة,رقم العميل,تاريخ الشراء,الماركة,الموديل", "vehicles"),
        ("Licence plate,Date of service,Mileage", "visits"),
        ("Plate,Date,Mileage,Type,Total", "visits"),
        ("رقم الشاسيه,تاريخ الزيارة,قراءة العداد,نوع الصيانة", "visits"),
        ("Registration,Reading date,Odometer (miles)", "readings"),
        ("VIN,Reading date,Date,Mileage", "readings"),  # "Date" says less than "Reading date"
        ("Customer ID,Date,NPS", "surveys"),
        ("Voucher,Customer,Issued,Redeemed", "offers"),
        ("Name,Phone,City", None),
        ("a,b,c", None),
    ],
)
def test_kinds_are_recognised_by_their_headers(tmp_path: Path, header: str, expected: str | None) -> None:
    assert kind(tmp_path, header) == expected


def test_the_name_settles_what_headers_leave_open(tmp_path: Path) -> None:
    header = "VIN,Date,Mileage"
    assert kind(tmp_path, header, "odometer readings.csv") == "readings"
    assert kind(tmp_path, header, "Workshop visits 2025.csv") == "visits"
    with pytest.raises(InputError, match=r"visits or readings.*--kind"):
        kind(tmp_path, header, "export.csv")


def test_no_synonym_stands_for_two_columns_of_a_table() -> None:
    for table, columns in SYNONYMS.items():
        folded = [fold(word) for words in columns.values() for word in listed(words)]
        twice = {word for word in folded if folded.count(word) > 1}
        own = [set(map(fold, listed(words))) & twice for words in columns.values()]
        assert all(sum(word in words for words in own) == 1 for word in twice), (table, twice)
        assert set(columns) <= set(next(t.names for t in tables.EXPORTS if t.name == table))


@pytest.mark.parametrize("header", ["vehicle id", "VEHICLE-ID", "Vehicle_Id", "vehicleId", " vehicle  ID. "])
def test_case_spaces_and_punctuation_do_not_count(tmp_path: Path, header: str) -> None:
    assert kind(tmp_path, f"{header},read on,odometer") == "readings"


def test_a_mobile_number_is_called_first(tmp_path: Path) -> None:
    def columns(header: str) -> dict[str, int]:
        path = tmp_path / "a.csv"
        path.write_text(header + "\n")
        return match(read_file(path, is_header)[0], tables.CUSTOMERS)

    assert columns("id of customer,customer id,name,Phone,Mobile")["phone"] == 4
    assert columns("customer id,name,Phone,Mobile")["phone_2"] == 2
    assert columns("customer id,name,Mobile")["phone"] == 2


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("customer_id,name,Telephone,Phone no", "two headers for phone: 'Telephone' and 'Phone no'"),
        ("customer_id,Customer ID,name", "two headers for customer_id"),
        ("VIN,Plate,Customer ID,Sold date", "two headers for vehicle_id: 'VIN' and 'Plate'.*--mapping"),
        ("phone,mobile,home phone,customer_id,name", "two headers for phone"),
        ("vehicle_id,purchased_on,make,model", "nearest to vehicles, but has no customer_id .*--kind"),
        ("a,b,c", "not recognised.*--mapping"),
    ],
)
def test_what_is_refused_says_what_to_do(tmp_path: Path, header: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        imported(tmp_path, {"export.csv": header + "\n1,2,3,4\n"})


def test_a_kind_that_is_named_must_fit(tmp_path: Path) -> None:
    assert list(imported(tmp_path, {"a.csv": "VIN,Date,Mileage\n"}, kind="visits").frames) == ["visits"]
    with pytest.raises(InputError, match=r"has no customer_id .*which surveys need"):
        imported(tmp_path, {"a.csv": "VIN,Date,Mileage\n"}, kind="surveys")
    with pytest.raises(InputError, match="no kind 'cars'"):
        imported(tmp_path, {"a.csv": "VIN,Date,Mileage\n"}, kind="cars")


def test_messages_name_no_data_of_a_file_without_headers(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        imported(tmp_path, {"a.csv": "17,Nora Hassan,0100 123 4567\n"})
    assert "Nora" not in str(caught.value)
    assert "4567" not in str(caught.value)


def test_headers_that_nothing_uses_are_reported(tmp_path: Path) -> None:
    intake = imported(tmp_path, {"a.csv": "customer_id,name,Shoe size\n17,Nora Hassan,38\n"})
    assert intake.files[0].ignored == ("Shoe size",)


@pytest.mark.parametrize(
    ("header", "unit", "expected"),
    [
        ("odometer_km", "mi", 1000.0),
        ("Odometer", "km", 1000.0),
        ("Odometer", "mi", 1609.344),
        ("odometer_mi", "km", 1609.344),
        ("Mileage (miles)", "km", 1609.344),
        ("Miles", "km", 1609.344),
        ("Mileage", "km", 1000.0),
        ("قراءة العداد (كم)", "mi", 1000.0),
        ("العداد بالميل", "km", None),  # a header that we do not know
    ],
)
def test_the_unit_stands_in_the_header_or_in_the_settings(
    tmp_path: Path, header: str, unit: str, expected: float | None
) -> None:
    dealership = EGYPT.dealership.model_copy(update={"unit": unit})
    intake = imported(
        tmp_path,
        {"a.csv": f"vehicle_id,visited_on,{header}\nV1,2024-05-03,1000\n"},
        settings=EGYPT.model_copy(update={"dealership": dealership}),
    )
    odometers = intake.frames["visits"]["odometer_km"].dropna().tolist()
    assert odometers == ([] if expected is None else [expected])


@settings(max_examples=25, deadline=None)
@given(st.permutations(["customer_id", "Name", "Mobile", "Phone", "e-mail", "DOB", "Shoe size"]))
def test_the_order_of_columns_does_not_count(
    tmp_path_factory: pytest.TempPathFactory, order: list[str]
) -> None:
    cells = dict(zip(["customer_id", "Name", "Mobile"], ["17", "Nora", "0100 123 4567"], strict=True))
    text = ",".join(order) + "\n" + ",".join(cells.get(name, "") for name in order) + "\n"
    frame = imported(tmp_path_factory.mktemp("order"), {"a.csv": text}).frames["customers"]
    assert frame.dropna(axis=1).to_dict("records") == [
        {"customer_id": "17", "name": "Nora", "phone": "0100 123 4567"}
    ]
