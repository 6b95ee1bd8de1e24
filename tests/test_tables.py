"""The tables: they hang together, and frames are typed as they say."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from planner import tables
from planner.columns import DTYPES, Column, Table, empty, typed
from planner.tables import CONTACTS, CUSTOMERS, EXPORTS, ISSUES, STORED, STORED_CUSTOMERS, VEHICLES, VISITS

ALL = (*EXPORTS, *STORED)


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_a_table_hangs_together(table: Table) -> None:
    assert len(set(table.names)) == len(table.names)
    assert set(table.key) <= set(table.names)
    assert table.grain
    for column in table.columns:
        assert column.meaning, column.name
        assert (column.kind == "choice") == bool(column.choices), column.name
        assert column.low is None or column.kind in ("number", "int"), column.name
        assert not column.past or column.kind == "date", column.name


@pytest.mark.parametrize("stored", [EXPORTS, STORED], ids=["exports", "store"])
def test_what_is_referred_to_comes_first_and_is_a_key(stored: tuple[Table, ...]) -> None:
    keys: dict[str, tuple[str, ...]] = {}
    for table in stored:
        for column in table.columns:
            if column.refers_to:
                assert keys[column.refers_to] == (column.name,)
        keys[table.name] = table.key


@pytest.mark.parametrize(
    ("name", "required"),
    [
        ("customers", ["customer_id", "name"]),
        ("vehicles", ["vehicle_id", "customer_id", "purchased_on"]),
        ("visits", ["vehicle_id", "visited_on"]),
        ("readings", ["vehicle_id", "read_on", "odometer_km"]),
        ("surveys", ["customer_id", "asked_on"]),
        ("offers", ["offer_id", "customer_id", "issued_on"]),
    ],
)
def test_what_an_export_must_have(name: str, required: list[str]) -> None:
    (table,) = (table for table in EXPORTS if table.name == name)
    assert table.required == required


def test_the_columns_that_other_programs_read_from_contacts() -> None:
    promised = (
        "contact_id household_id customer_id vehicle_id also_vehicle_ids touchpoint service_no stage channel "
        "ideal_on earliest_on latest_on planned_on min_gap_days priority status reason script advisor "
        "handed_out_on attempts outcome outcome_at callback_on notes"
    )
    assert promised.split() == CONTACTS.names


def test_live_statuses_are_statuses() -> None:
    assert set(tables.LIVE_STATUSES) < set(tables.STATUSES)


def test_a_customer_answers_for_every_channel() -> None:
    assert {f"consent_{channel}" for channel in tables.CHANNELS} < set(CUSTOMERS.names)


def test_a_column_by_its_name() -> None:
    assert VISITS["visited_on"].past
    with pytest.raises(KeyError, match="visits has no column colour"):
        VISITS["colour"]


def test_with_columns_adds_at_the_end_and_leaves_the_table_alone() -> None:
    more = VEHICLES.with_columns(Column("colour", "text", "paint"))
    assert more.names == [*VEHICLES.names, "colour"]
    assert "colour" not in VEHICLES.names
    assert STORED_CUSTOMERS.names == [*CUSTOMERS.names, "household_given"]
    assert (more.name, more.key) == (VEHICLES.name, VEHICLES.key)


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_empty_has_the_columns_in_their_types(table: Table) -> None:
    frame = empty(table)
    assert frame.empty
    assert list(frame.columns) == table.names
    assert [str(dtype) for dtype in frame.dtypes] == [DTYPES[column.kind] for column in table.columns]


def test_typed_orders_fills_and_drops_columns() -> None:
    raw = pd.DataFrame(
        {
            "odometer_km": [12_000, None],
            "colour": ["red", "blue"],
            "visited_on": [date(2024, 2, 29), None],
            "vehicle_id": ["V1", None],
        }
    )
    frame = typed(raw, VISITS)
    assert list(frame.columns) == VISITS.names
    assert frame["visited_on"].tolist() == [pd.Timestamp("2024-02-29"), pd.NaT]
    assert frame["odometer_km"].dtype == np.float64
    assert frame["vehicle_id"].tolist()[0] == "V1"
    # What is missing is missing, and not the text "None" or "nan".
    assert frame["vehicle_id"].isna().tolist() == [False, True]
    assert frame["kind"].isna().all()
    assert frame["kind"].dtype == "str"
    assert "colour" in raw.columns


def test_typed_keeps_whole_numbers_with_gaps_whole() -> None:
    frame = typed(pd.DataFrame({"row": [2, None], "source": ["a.csv", "b.csv"]}), ISSUES)
    assert frame["row"].dtype == "Int64"
    assert frame["row"].tolist() == [2, pd.NA]


def test_typed_does_not_change_what_is_typed() -> None:
    frame = typed(pd.DataFrame({"contact_id": ["V1/T1"], "planned_on": [date(9999, 12, 31)]}), CONTACTS)
    assert frame["planned_on"].tolist() == [pd.Timestamp(9999, 12, 31)]
    pd.testing.assert_frame_equal(typed(frame, CONTACTS), frame)
