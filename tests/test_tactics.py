"""Tactics: switched on by a line in the settings, and never at the cost of what stands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from planner.columns import empty, typed
from planner.cycle import load_cycles
from planner.errors import SettingsError
from planner.households import resolve_households
from planner.pipeline import build_plan
from planner.sample import make_sample
from planner.schedule.check import violations
from planner.scripts import Scripts
from planner.scripts.check import row_problems
from planner.settings import DEFAULTS, Settings, load_settings
from planner.tables import CUSTOMERS, LIVE_STATUSES, STORED
from tests.script_samples import TACTICS

TODAY = date(2026, 1, 5)
OFF = Settings()
ON = Settings.model_validate({"cycle": {"tactics": TACTICS}})


@pytest.fixture(scope="module")
def dealership() -> dict[str, pd.DataFrame]:
    sample = make_sample(150, 41, TODAY)
    by_name = {table.name: table for table in STORED}
    tables = {name: typed(sample.clean(name), by_name[name]) for name in ("vehicles", "visits", "readings")}
    tables["customers"], _ = resolve_households(typed(sample.clean("customers"), CUSTOMERS), OFF)
    left = ("contacts", "forecasts", "outcomes", "cues")
    return {**tables, **{name: empty(by_name[name]) for name in left}}


def test_what_the_issue_asks_for_ships() -> None:
    assert TACTICS == ["bundles", "loyalty", "prepaid", "price_protection", "referral", "surveys", "tips"]


def test_none_is_on_by_default() -> None:
    shipped = load_cycles(OFF).touchpoints
    assert set(shipped["tactic"]) == {"new_car", "older_car", "win_back"}
    assert (shipped["tactic"] == "new_car").sum() == 36


def test_a_line_in_the_settings_switches_them_on(tmp_path: Path) -> None:
    path = tmp_path / "dealership.toml"
    path.write_text('[cycle]\ntactics = ["loyalty", "tips"]\n', encoding="utf-8")
    touchpoints = load_cycles(load_settings(path)).touchpoints
    extra = touchpoints[~touchpoints["tactic"].isin(["new_car", "older_car", "win_back"])]
    assert extra.groupby("tactic")["id"].agg(list).to_dict() == {
        "loyalty": ["LO1"],
        "tips": ["TI1", "TI2", "TI3"],
    }
    # Beside all cycles: from the first visit and the first anniversary on.
    assert set(extra["first_number"]) == {1}


def test_a_tactic_of_ones_own_is_a_file(tmp_path: Path) -> None:
    text = (DEFAULTS / "tactics" / "loyalty.csv").read_text(encoding="utf-8").replace("LO1", "GOLF")
    (tmp_path / "golf.csv").write_text(text, encoding="utf-8")
    path = tmp_path / "dealership.toml"
    path.write_text('[cycle]\ntactics = ["golf.csv"]\n', encoding="utf-8")
    touchpoints = load_cycles(load_settings(path)).touchpoints
    assert touchpoints.loc[touchpoints["tactic"] == "golf", "id"].tolist() == ["GOLF"]


@pytest.mark.parametrize(
    ("tactics", "said"),
    [
        (["loyality"], r"^cycle\.tactics: no file .*loyality.*ships: bundles, loyalty, prepaid, "),
        (["tips", "loyalty", "tips"], r"^cycle\.tactics: 'tips' is there already; name each file once$"),
        ([""], r"^cycle\.tactics: no file ''"),
    ],
)
def test_a_wrong_name_is_told(tactics: list[str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load_cycles(Settings.model_validate({"cycle": {"tactics": tactics}}))


@pytest.mark.parametrize("tactic", TACTICS)
def test_each_can_be_switched_on_alone(tactic: str) -> None:
    settings = Settings.model_validate({"cycle": {"tactics": [tactic]}})
    cycles = load_cycles(settings)
    assert Scripts(settings).problems(cycles.uses(), cycles.uses("marketing")) == []


def test_all_of_them_change_nothing_that_stood(dealership: dict[str, pd.DataFrame]) -> None:
    without = build_plan(dealership, OFF, TODAY, years=3).contacts
    made = build_plan(dealership, ON, TODAY, years=3).contacts
    tactics = load_cycles(ON).touchpoints.query("tactic in @TACTICS")
    extra = made["touchpoint"].isin(tactics["id"])
    assert_frame_equal(made[~extra].reset_index(drop=True), without)
    # ... and most find room, of those that consent leaves over.
    objects = made["reason"].isin(["consent", "do-not-contact"]) | made["status"].eq("cancelled")
    assert made[extra & ~objects]["status"].isin(["planned", "merged"]).mean() > 0.5
    assert set(made.loc[made["status"] == "planned", "touchpoint"]) >= set(tactics["id"])
    # All hard rules hold over both, and every text is whole for real customers.
    people, cars = dealership["customers"], dealership["vehicles"]
    assert violations(made, people, cars, ON, TODAY).empty
    tables = {**dealership, "contacts": made, "forecasts": build_plan(dealership, ON, TODAY).forecasts}
    assert row_problems(Scripts(ON), tables, TODAY) == []


def test_switched_on_later_they_leave_the_stored_calendar(dealership: dict[str, pd.DataFrame]) -> None:
    first = build_plan(dealership, OFF, TODAY, years=2)
    stored = {**dealership, "contacts": first.contacts, "forecasts": first.forecasts}
    again = build_plan(stored, OFF, TODAY, years=2).contacts
    made = build_plan(stored, ON, TODAY, years=2).contacts
    extra = ~made["contact_id"].isin(again["contact_id"])
    assert_frame_equal(made[~extra].reset_index(drop=True), again)
    assert made[extra]["status"].isin(LIVE_STATUSES).any()


def test_switched_off_again_they_fall_away(dealership: dict[str, pd.DataFrame]) -> None:
    first = build_plan(dealership, ON, TODAY, years=1)
    stored = {**dealership, "contacts": first.contacts, "forecasts": first.forecasts}
    made = build_plan(stored, OFF, TODAY, years=1).contacts
    ids = load_cycles(ON).touchpoints.query("tactic in @TACTICS")["id"]
    assert not made[made["touchpoint"].isin(ids)]["status"].isin(LIVE_STATUSES).any()
