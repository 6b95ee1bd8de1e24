"""What commands read of the plan is all that they use: the same results as from the whole tables."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from planner.cycle import load_cycles
from planner.doors.calendar import coming, contacts_to_come
from planner.lists import contacts_of_week, weekly_list
from planner.lists_value import to_act_on, to_offer
from planner.parts import Part
from planner.pipeline import import_exports, stored_tables
from planner.sample import make_sample, write_sample
from planner.schedule.why import contacts_around, why
from planner.scripts import Scripts
from planner.settings import Settings
from planner.store import Store
from planner.tables import EXPORTS, STORED
from planner.value import ValueReport, needed, value_report
from planner.workbooks.texts import Texts
from tests.contact_world import World
from tests.desk import Desk, answered, filled

MONDAY = date(2026, 3, 2)
WEEKS = 5
SETTINGS = Settings(capacity={"calls_per_day": 1})
EXPORTED = [table.name for table in EXPORTS]
PLANNED = ("contacts", "forecasts", "cues")
READ = (*EXPORTED, *PLANNED, "issues")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A small dealership after some weeks in which lists were handed out, filled in and planned anew."""
    folder = tmp_path_factory.mktemp("needed")
    with Store.create(folder / "store.db") as opened:
        exports = write_sample(make_sample(120, 3, MONDAY), folder / "exports")
        import_exports(opened, [path for path in exports if path.suffix == ".csv"], SETTINGS, MONDAY)
        desk = Desk({table.name: opened.read(table.name) for table in STORED}, SETTINGS)
        rng = np.random.default_rng(3)
        for monday in (MONDAY + timedelta(weeks=week) for week in range(WEEKS)):
            made = desk.plan(monday)
            desk.tables["cues"] = made.cues
            calls = desk.calls(monday, monday)
            desk.record(filled(*answered(calls, rng, monday)), monday + timedelta(days=4))
        contacts = desk.tables["contacts"]
        later = contacts["planned_on"] > pd.Timestamp(MONDAY + timedelta(weeks=20))
        later &= contacts["channel"].eq("call") & contacts["status"].eq("planned")
        sooner = pd.Timestamp(MONDAY + timedelta(weeks=WEEKS + 1))  # promised, and nothing else
        contacts.loc[contacts.index[later][:5], "callback_on"] = sooner
        with opened.transaction():
            for name in (*PLANNED, "outcomes"):
                opened.replace(name, desk.tables[name])
        yield opened


def both(store: Store, **parts: Part) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """The tables as a whole, and with parts of some."""
    whole = stored_tables(store, SETTINGS, *READ)
    part = stored_tables(store, SETTINGS, *(set(READ) - set(parts)), **parts)
    for name, wanted in parts.items():
        assert 0 < len(part[name]) < len(whole[name]) or not wanted.rows
        assert len(part[name].columns) < len(whole[name].columns) or not wanted.columns
    return whole, part


def lists_of(tables: dict[str, pd.DataFrame], report: ValueReport) -> list[pd.DataFrame]:
    offers = to_offer(tables, report.customers, report.missing, SETTINGS, report.as_of)
    return [to_act_on(tables, report.customers, SETTINGS), offers]


@pytest.mark.parametrize("after_days", [0, 7 * WEEKS - 3, 150, 300])
def test_the_value_report(store: Store, after_days: int) -> None:
    as_of = MONDAY + timedelta(days=after_days)
    tables = both(store, **needed(SETTINGS, as_of))
    whole, part = (value_report(each, SETTINGS, as_of) for each in tables)
    for whole_list, part_list in zip(*map(lists_of, tables, (whole, part)), strict=True):
        assert_frame_equal(part_list, whole_list)
    for frame in (field.name for field in fields(whole) if field.name != "as_of"):
        assert_frame_equal(getattr(part, frame), getattr(whole, frame))
    found = whole.success.set_index(["by", "result"])["count"]
    assert found["all", "contacts"].sum() > 0 or after_days == 0
    assert whole.customers["next_contact"].notna().any() or after_days == 300


def test_the_value_report_beside_who_was_not_contacted(tmp_path: Path) -> None:
    """A was written to; M and N were dropped; Q heard of it with another car, and is neither."""
    world, due = World(), "2025-10-01"
    for car in "AMNQ":
        world.car(car, "2025-10-20")
        world.contact(car, "YSa", "2027-10-01", None, reason="consent")  # to come
    world.contact("A", "YSb", due, "2025-08-27")
    for car, last in (("M", "dropped"), ("N", "dropped"), ("Q", "merged")):
        world.contact(car, "YSa", due, None, reason="consent")
        world.contact(car, "YSb", due, None, reason="consent", status=last)
    with Store.create(tmp_path / "store.db") as opened:
        with opened.transaction():
            for name in ("customers", "vehicles", "visits", "contacts"):
                opened.append(name, world.tables()[name])
        as_of = date(2026, 6, 30)
        parts = {"contacts": needed(SETTINGS, as_of)["contacts"]}
        whole, part = (value_report(each, SETTINGS, as_of) for each in both(opened, **parts))
    assert_frame_equal(part.without_contact, whole.without_contact)
    assert whole.without_contact.loc[0, ["contacted", "others"]].tolist() == [1, 2]


@pytest.mark.parametrize("week", range(WEEKS + 3))
def test_a_weekly_list(store: Store, week: int) -> None:
    monday = MONDAY + timedelta(weeks=week)
    args = (load_cycles(SETTINGS), Scripts(SETTINGS), SETTINGS, monday, monday, MONDAY)
    whole, part = (weekly_list(each, *args) for each in both(store, contacts=contacts_of_week(monday)))
    assert_frame_equal(part.calls, whole.calls)
    assert_frame_equal(part.messages, whole.messages)
    assert_frame_equal(part.pass_on, whole.pass_on)
    assert part.left_out == whole.left_out
    assert len(whole.messages) > 0
    assert len(whole.calls) + sum(whole.left_out.values()) > 0 or week != WEEKS


@pytest.mark.parametrize("weeks", [None, 1, 3, 10**9])
def test_the_contacts_of_a_calendar(store: Store, weeks: int | None) -> None:
    as_of = MONDAY + timedelta(days=16)
    tables = both(store, contacts=contacts_to_come(as_of, weeks))
    whole, part = (coming(each, load_cycles(SETTINGS), SETTINGS, as_of, weeks=weeks) for each in tables)
    assert_frame_equal(part.contacts, whole.contacts)
    assert len(whole.contacts) > 0


def test_why_contacts_stand_where_they_do(store: Store) -> None:
    words, touchpoints, told = Texts("en", "US"), load_cycles(SETTINGS).touchpoints, set()
    whole = stored_tables(store, SETTINGS, "customers", "contacts")
    for car in whole["contacts"]["vehicle_id"].unique()[:90]:
        mine = whole["contacts"]["vehicle_id"] == car
        around = contacts_around(whole["contacts"][mine])
        part = stored_tables(store, SETTINGS, contacts=around)["contacts"]
        args = (whole["customers"], touchpoints, SETTINGS, words, {}, whole["outcomes"])
        expected = why(whole["contacts"], mine, *args)
        found = why(part, part["vehicle_id"] == car, *args)
        assert found.tolist() == expected.tolist()
        told |= set(whole["contacts"].loc[mine, "reason"])
    assert {"gap", "cap", "capacity", "working-day", "ideal"} <= told
