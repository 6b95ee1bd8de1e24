"""Weeks of a call desk with drawn outcomes: record, plan, record again; nothing that was said is broken."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from planner.columns import typed
from planner.errors import StoreError
from planner.pipeline import answered_since_plan, import_exports, replan, stored_tables, take_outcomes
from planner.sample import make_sample, write_sample
from planner.settings import Settings
from planner.store import Store
from planner.tables import STORED, VISITS
from tests.desk import Desk, answered, filled

MONDAY = date(2026, 3, 2)
WEEKS = 4


@pytest.fixture(scope="module")
def dealership(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a small sample, not yet planned."""
    folder = tmp_path_factory.mktemp("desk")
    exports = write_sample(make_sample(70, 5, MONDAY), folder / "exports")
    with Store.create(folder / "desk.db") as store:
        import_exports(store, [path for path in exports if path.suffix == ".csv"], Settings(), MONDAY)
    return folder / "desk.db"


def tables_of(path: Path) -> dict[str, pd.DataFrame]:
    with Store.open(path) as store:
        return {table.name: store.read(table.name) for table in STORED}


@given(seed=st.integers(0, 2**32 - 1))
@given_settings(
    max_examples=4,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a smaller seed is no simpler case
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_nothing_that_was_said_is_broken_in_the_weeks_that_follow(dealership: Path, seed: int) -> None:
    desk, rng, taken = Desk(tables_of(dealership)), np.random.default_rng(seed), 0
    quiet: set[str] = set()  # households that asked not to be called
    for week in range(WEEKS):
        monday = MONDAY + timedelta(weeks=week)
        friday = monday + timedelta(days=4)
        desk.plan(monday)
        assert desk.violations().empty, desk.violations().to_string()
        calls = desk.calls(monday, monday)
        contacts = desk.tables["contacts"].set_index("contact_id", drop=False)
        listed = contacts.loc[calls["contact_id"]]
        assert not quiet & set(listed["household_id"])
        assert not contacts["contact_id"].duplicated().any()
        # Nobody is called twice in a week, unless he was promised it or was not reached.
        first_calls = listed[listed["attempts"] == 0]
        assert not first_calls["household_id"].duplicated().any()

        rows = filled(*answered(calls, rng, friday))
        made = desk.record(rows, friday)
        taken += len(made.answers)
        assert len(made.answers) + len(made.refused) == len(rows)
        assert len(desk.tables["outcomes"]) == taken
        assert not desk.tables["outcomes"].duplicated(["contact_id", "attempt"]).any()
        again = desk.record(rows.sample(frac=1, random_state=seed), friday)
        assert again.answers.empty
        assert again.contacts.empty
        assert len(again.refused) == len(made.refused)
        assert desk.violations().empty, desk.violations().to_string()
        said = made.answers[made.answers["outcome"] == "do_not_call"]
        quiet |= set(said["household_id"])
        open_calls = desk.tables["contacts"].query("channel == 'call' and status in ('planned', 'standby')")
        to_come = open_calls[~(open_calls["planned_on"] < pd.Timestamp(friday))]
        assert not quiet & set(to_come["household_id"])
        desk.tables["visits"] = with_arrivals(desk, rng, friday)


def with_arrivals(desk: Desk, rng: np.random.Generator, friday: date) -> pd.DataFrame:
    """The visits, and most of those that were booked for a day up to then."""
    answers = desk.tables["outcomes"]
    due = answers[answers["outcome"].eq("booked") & (answers["for_on"] <= pd.Timestamp(friday))]
    due = due[rng.random(len(due)) < 0.7]
    came = typed(
        due.assign(visit_id="D" + due["contact_id"], visited_on=due["for_on"], kind="maintenance"), VISITS
    )
    return pd.concat([desk.tables["visits"], came.assign(odometer_km=np.nan)]).drop_duplicates(
        "visit_id", ignore_index=True
    )


# --- the store ----------------------------------------------------------------------------------------


@pytest.fixture
def store(dealership: Path, tmp_path: Path) -> Store:
    copy = tmp_path / "copy.db"
    with Store.open(dealership) as kept:
        kept._db.execute("vacuum into ?", [str(copy)])
    with Store.open(copy) as opened:
        replan(opened, Settings(), MONDAY, years=1)
        yield opened


def a_call(store: Store) -> pd.Series:
    contacts = store.read("contacts")
    return contacts[(contacts["channel"] == "call") & (contacts["status"] == "planned")].iloc[0]


def test_a_list_is_stored_as_a_whole_or_not_at_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {table.name: store.read(table.name) for table in STORED}
    rows = filled({"contact_id": a_call(store)["contact_id"], "outcome": "refused"})

    def same(*names: str) -> None:
        for name in names:
            pd.testing.assert_frame_equal(store.read(name), before[name])

    tried = take_outcomes(store, rows, Settings(), MONDAY, dry_run=True)
    assert (len(tried.answers), len(tried.contacts) > 0) == (1, True)
    same(*before)
    with monkeypatch.context() as broken:
        broken.setattr(Store, "put", lambda *args: store._db.execute("select * from nowhere"))
        with pytest.raises(StoreError, match="nothing was stored"):
            take_outcomes(store, rows, Settings(), MONDAY)
    same(*before)
    made = take_outcomes(store, rows, Settings(), MONDAY)
    pd.testing.assert_frame_equal(store.read("outcomes"), made.answers)
    changed = store.read("contacts").set_index("contact_id")
    assert changed.loc[rows["contact_id"], "outcome"].tolist() == ["refused"]
    assert answered_since_plan(store) == set(made.contacts["contact_id"])
    assert take_outcomes(store, rows, Settings(), MONDAY).unchanged == 1
    replan(store, Settings(), MONDAY, years=1)
    assert answered_since_plan(store) == frozenset()


def test_what_a_customer_said_lies_over_the_stored_export_and_does_not_change_it(store: Store) -> None:
    call = a_call(store)
    rows = filled({"contact_id": call["contact_id"], "outcome": "do_not_call", "scope": "all"})
    exported = store.read("customers")
    take_outcomes(store, rows, Settings(), MONDAY)
    pd.testing.assert_frame_equal(store.read("customers"), exported)
    told = stored_tables(store, Settings(), "customers")["customers"].set_index("customer_id")
    assert told.loc[call["customer_id"], "do_not_contact"] == "yes"


def test_a_wrong_number_leaves_an_issue_until_there_is_another(store: Store) -> None:
    call = a_call(store)
    people = store.read("customers")
    caller = people[people["customer_id"] == call["customer_id"]]
    assert caller["phone_2"].isna().all()
    with store.transaction():
        store.upsert("customers", caller.assign(phone="+12125550188"))
    rows = filled({"contact_id": call["contact_id"], "outcome": "wrong_number"})
    take_outcomes(store, rows, Settings(), MONDAY)
    replan(store, Settings(), MONDAY, years=1)
    issues = store.read("issues").query("code == 'wrong-number'")
    assert issues["source"].tolist() == ["outcomes"]
    assert call["customer_id"] in issues["message"].iloc[0]
