"""Next attempts, and the absences of advisors and days off of the team."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from planner.lists import _spread
from planner.outcomes.attempts import Diary
from planner.settings import Settings
from tests.desk import Desk
from tests.outcome_world import CALL, MONDAY, say, visit, world


def absent(*spans: str, **calendar: Any) -> Settings:
    absences = {"Ann Weber": list(spans)}
    return Settings.model_validate({"capacity": {"absences": absences}, "calendar": calendar})


@pytest.mark.parametrize(
    ("settings", "latest", "expected"),
    [
        (Settings(), "2026-03-31", "2026-02-11"),
        (absent("2026-02-11"), "2026-03-31", "2026-02-12"),
        (absent("2026-02-11/2026-02-13"), "2026-03-31", "2026-02-17"),  # the 16th is a holiday
        (absent("2026-01-01/2026-02-11"), "2026-03-31", "2026-02-12"),  # began before the diary
        (absent("2026-02-11/2026-02-20"), "2026-02-23", "2026-02-23"),
        (absent("2026-02-11/2026-02-20"), "2026-02-20", "2026-02-11"),  # not in the window: a colleague
        (absent("2026-02-11/2030-12-31"), "2026-03-31", "2026-02-11"),
        (absent("2026-02-11", closed_on=["2026-02-12"]), "2026-03-31", "2026-02-13"),
        (absent(closed_on=["2026-02-11"]), "2026-02-01", "2026-02-12"),  # the window is over: still tried
    ],
)
def test_the_day_of_a_next_attempt(settings: Settings, latest: str, expected: str) -> None:
    diary = Diary(settings, MONDAY)
    day = diary.try_day(date(2026, 2, 11), "Ann Weber", date.fromisoformat(latest))
    assert day.isoformat() == expected
    assert diary.try_day(date(2026, 2, 11), None) == diary.call_day(date(2026, 2, 11))


@pytest.fixture
def desk() -> Desk:
    desk = world(visit("V", "2025-09-01", "repair", 6_000.0))
    desk.tables["contacts"]["advisor"] = "Ann Weber"
    desk.tables["customers"]["advisor"] = "Ann Weber"
    desk.settings = absent("2026-02-11/2026-02-12")
    return desk


def test_nobody_is_tried_again_while_the_advisor_is_away(desk: Desk) -> None:
    say(desk, "no_answer", MONDAY)
    assert desk.contact(CALL)["planned_on"] == pd.Timestamp("2026-02-13")
    assert desk.violations().empty


def test_a_promise_is_kept_by_a_colleague(desk: Desk) -> None:
    say(desk, "callback", MONDAY, on="2026-02-12")
    assert desk.contact(CALL)["planned_on"] == pd.Timestamp("2026-02-12")
    assert desk.violations().empty


def test_an_attempt_that_passed_is_made_up_for_when_he_is_back(desk: Desk) -> None:
    say(desk, "no_answer", MONDAY)  # on the 13th; no list names it
    desk.settings = absent("2026-02-17/2026-02-18")
    desk.plan(date(2026, 2, 17))
    assert desk.contact(CALL)["planned_on"] == pd.Timestamp("2026-02-19")
    assert desk.violations().empty


def test_late_calls_are_spread_over_the_days_on_which_their_advisors_are_there(desk: Desk) -> None:
    late = desk.tables["contacts"].head(6).reset_index(drop=True)
    late = late.assign(advisor=["Ann Weber"] * 3 + ["Bob"] * 3, callback_on=pd.NaT, outcome=None)
    on = _spread(late, absent("2026-02-09/2026-02-11"), MONDAY, MONDAY)
    assert on[:3].min() == pd.Timestamp("2026-02-12")
    assert on[3:].min() == pd.Timestamp("2026-02-09")
    all_week = _spread(late, absent("2026-02-09/2026-02-15"), MONDAY, MONDAY)
    assert sorted(all_week[:3]) == sorted(all_week[3:])
