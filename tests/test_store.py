"""The store: what is stored, when nothing is, and who may read it."""

from __future__ import annotations

import sqlite3
import stat
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from planner import tables
from planner.columns import empty, typed
from planner.errors import StoreError
from planner.store import MIGRATIONS, Store
from planner.tables import CONTACTS, CUSTOMERS, FORECASTS, READINGS, VEHICLES


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dealership.db"


def customers(**second: object) -> pd.DataFrame:
    rows = [
        {"customer_id": "C1", "name": "Nora Field", "phone": "555"},
        {"customer_id": "C2", "name": "Omar Hill"} | second,
    ]
    return typed(pd.DataFrame(rows), CUSTOMERS)


def vehicles(owner: str = "C1") -> pd.DataFrame:
    return typed(
        pd.DataFrame([{"vehicle_id": "V1", "customer_id": owner, "purchased_on": "2024-02-29"}]), VEHICLES
    )


def test_every_table_comes_back_as_it_went_in(path: Path) -> None:
    with Store.create(path) as store:
        with store.transaction():
            store.upsert("customers", customers(birthday="1980-02-29"))
            store.upsert("vehicles", vehicles())
        back = store.read("customers")
        assert list(back.columns) == tables.STORED_CUSTOMERS.names
        pd.testing.assert_frame_equal(back[CUSTOMERS.names], customers(birthday="1980-02-29"))
        pd.testing.assert_frame_equal(store.read("vehicles"), vehicles())
        for table in tables.STORED[2:]:
            pd.testing.assert_frame_equal(store.read(table.name), empty(table))


def test_the_same_rows_again_change_nothing_and_new_values_do(path: Path) -> None:
    with Store.create(path) as store:
        assert store.upsert("customers", customers()) == 2
        assert store.upsert("customers", customers()) == 0
        assert store.upsert("customers", customers(phone="777")) == 1
        # An export that lacks a value does not erase the one that is known.
        assert store.upsert("customers", customers()) == 0
        assert store.read("customers").set_index("customer_id")["phone"].to_dict() == {
            "C1": "555",
            "C2": "777",
        }


def test_an_empty_text_ends_a_value_and_is_never_stored(path: Path) -> None:
    with Store.create(path) as store:
        assert store.upsert("customers", customers(phone="")) == 2
        assert store.upsert("customers", customers(phone="")) == 0
        assert store.read("customers")["phone"].isna().tolist() == [False, True]
        assert store.upsert("customers", customers(phone="777", email="x@example.com")) == 1
        assert store.upsert("customers", customers(phone="", email=None)) == 1
        assert store.upsert("customers", customers(phone="")) == 0
        second = store.read("customers").set_index("customer_id").loc["C2"]
        assert pd.isna(second["phone"])
        assert second["email"] == "x@example.com"
        assert store.read("customers").set_index("customer_id").loc["C1", "phone"] == "555"


def test_a_table_that_is_all_key_takes_the_same_row_once(path: Path) -> None:
    reading = typed(
        pd.DataFrame([{"vehicle_id": "V1", "read_on": "2025-01-01", "odometer_km": 10.0}]), READINGS
    )
    with Store.create(path) as store:
        store.upsert("customers", customers())
        store.upsert("vehicles", vehicles())
        assert store.upsert("readings", reading) == 1
        assert store.upsert("readings", reading) == 0


def test_a_failed_transaction_stores_nothing(path: Path) -> None:
    def a_good_row_and_an_orphan(store: Store) -> None:
        with store.transaction():
            store.upsert("customers", customers())
            store.upsert("vehicles", vehicles(owner="nobody"))

    with Store.create(path) as store:
        with pytest.raises(StoreError, match=r"nothing was stored: FOREIGN KEY"):
            a_good_row_and_an_orphan(store)
        assert store.counts()["customers"] == 0


def test_handing_out_marks_once_and_keeps_the_first_day(path: Path) -> None:
    contacts = typed(pd.DataFrame({"contact_id": ["V1/T1", "V1/T2"], "planned_on": "2025-03-03"}), CONTACTS)
    with Store.create(path) as store:
        store.replace("contacts", contacts)
        assert store.hand_out(["V1/T1"], date(2025, 3, 3)) == 1
        assert store.hand_out(["V1/T1", "V1/T2"], date(2025, 3, 4)) == 1
        days = store.read("contacts")["handed_out_on"].dt.date.tolist()
        assert days == [date(2025, 3, 3), date(2025, 3, 4)]


def test_what_is_stored_and_read_in_parts_comes_back_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {
        "contact_id": ["V2/T1", "V1/T2", "V3/T1", "V1/T1", "V2/T2"],
        "touchpoint": ["T1", "T2", "T1", "T1", "T2"],
        "service_no": [None, 2, None, None, None],
        "planned_on": ["2025-03-03", None, None, None, "2025-03-04"],
        "notes": [None, None, "asks for Omar", None, None],
    }
    contacts = typed(pd.DataFrame(rows, index=[7, 7, 1, 0, 3]), CONTACTS)
    for name in ("FETCHED", "WRITTEN"):
        monkeypatch.setattr(f"planner.rows.{name}", 2)
    with Store.create(path) as store:
        with store.transaction():
            store.replace("contacts", contacts)
        pd.testing.assert_frame_equal(
            store.read("contacts"), contacts.iloc[[3, 1, 0, 4, 2]].reset_index(drop=True)
        )
        with sqlite3.connect(path) as plain:
            stored = plain.execute("select contact_id from contacts order by rowid").fetchall()
        assert stored == [("V1/T1",), ("V1/T2",), ("V2/T1",), ("V2/T2",), ("V3/T1",)]


def test_only_the_owner_may_read_it_and_it_writes_ahead(path: Path) -> None:
    with Store.create(path) as store:
        store.upsert("customers", customers())
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        log = path.with_name(path.name + "-wal")
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
    with sqlite3.connect(path) as plain:
        assert plain.execute("pragma journal_mode").fetchone() == ("wal",)


def test_migrations_are_named_and_applied_once(path: Path) -> None:
    for _ in range(2):
        Store.create(path).close()
    with sqlite3.connect(path) as plain:
        names = [row[0] for row in plain.execute("select name from _sqlite_migrations")]
    assert names == [name for name, _ in MIGRATIONS]


def test_an_older_store_gets_the_columns_that_came_later(path: Path) -> None:
    rows = pd.DataFrame({"vehicle_id": ["V1"], "service_no": [3], "return_probability": [0.25]})
    Store.create(path).close()
    with sqlite3.connect(path) as plain:  # as it was before
        plain.execute("alter table forecasts drop column return_probability")
        plain.execute("delete from _sqlite_migrations where name > '0001_z'")
    with Store.open(path) as store:
        store._db.execute("PRAGMA foreign_keys = OFF")
        with store.transaction():
            store.replace("forecasts", typed(rows, FORECASTS))
        pd.testing.assert_frame_equal(store.read("forecasts"), typed(rows, FORECASTS))


def test_a_failed_migration_leaves_the_store_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlite_utils import Migrations

    from planner import store as module

    def half(db: object) -> None:
        MIGRATIONS[0][1](db)  # type: ignore[arg-type]
        raise sqlite3.OperationalError("disk full")

    broken = Migrations("planner")
    broken(name="0001_exports_forecasts_contacts")(half)
    with monkeypatch.context() as patch:
        patch.setattr(module, "migrations", broken)
        with pytest.raises(StoreError, match="disk full"):
            Store.create(path)
    with Store.create(path) as store:
        assert store.counts()["customers"] == 0


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "no store here; 'planner init' makes one"),
        (
            lambda path: path.write_text("name,phone\n" * 100),
            "cannot be opened as a store: file is not a database",
        ),
        (
            lambda path: _database(path, "create table songs (name text)"),
            "a database, but not a planner's store",
        ),
        (lambda path: _newer(path), r"written by a newer planner \(0099_later\)"),
    ],
)
def test_what_is_no_store_is_refused_in_a_sentence(path: Path, make: object, says: str) -> None:
    make(path)  # type: ignore[operator]
    with pytest.raises(StoreError, match=says):
        Store.open(path)


def _database(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as plain:
        plain.execute(sql)


def _newer(path: Path) -> None:
    Store.create(path).close()
    _database(path, "insert into _sqlite_migrations (migration_set, name) values ('planner', '0099_later')")


def test_replacing_a_table_keeps_its_indexes(path: Path) -> None:
    def indexes() -> list[tuple[str, str]]:
        with sqlite3.connect(path) as plain:
            return plain.execute(
                "select name, sql from sqlite_master where type = 'index' order by 1"
            ).fetchall()

    with Store.create(path) as store:
        before = indexes()
        with store.transaction():
            store.replace("contacts", typed(pd.DataFrame({"contact_id": ["V2/T1", "V1/T1"]}), CONTACTS))
        assert store.read("contacts")["contact_id"].tolist() == ["V1/T1", "V2/T1"]
    assert indexes() == before
    assert len([name for name, _ in before if "contacts" in name]) >= 4


def test_an_older_store_grows_and_keeps_what_is_in_it(path: Path) -> None:
    """A store as the first release made it: forecasts without their newest columns, no service_items."""
    with Store.create(path) as store, store.transaction():
        store.upsert("customers", customers())
        store.upsert("vehicles", vehicles())
    with sqlite3.connect(path) as plain:
        plain.execute("delete from _sqlite_migrations where name <> '0001_exports_forecasts_contacts'")
        plain.execute("drop table service_items")
        for column in ("services", "due_first_on"):
            plain.execute(f"alter table forecasts drop column {column}")
        plain.execute("insert into forecasts (vehicle_id, service_no, due_on) values ('V1', 1, '2025-02-28')")
    with Store.open(path) as store:
        old = store.read("forecasts").iloc[0]
        assert (old["service_no"], pd.isna(old["services"]), pd.isna(old["due_first_on"])) == (1, True, True)
        assert store.read("service_items").empty
        row = {"vehicle_id": "V1", "service_no": 2, "due_on": "2026-02-28", "services": "maintenance, tyres"}
        with store.transaction():
            store.replace("forecasts", typed(pd.DataFrame([row]), FORECASTS))
        assert store.read("forecasts")["services"].tolist() == ["maintenance, tyres"]
    with Store.open(path) as store:
        assert store.counts()["forecasts"] == 1


def test_columns_that_stand_in_another_order_are_written_by_name(path: Path) -> None:
    Store.create(path).close()
    with sqlite3.connect(path) as plain:
        plain.execute("alter table forecasts drop column basis")
        plain.execute("alter table forecasts add column basis text")
    row = {"vehicle_id": "V1", "service_no": 1, "basis": "km", "rate_source": "fleet", "due_km": 15_000.0}
    with Store.open(path) as store:
        store.upsert("customers", customers())
        store.upsert("vehicles", vehicles())
        store.replace("forecasts", typed(pd.DataFrame([row]), FORECASTS))
        assert store.read("forecasts").iloc[0][list(row)].to_dict() == row
