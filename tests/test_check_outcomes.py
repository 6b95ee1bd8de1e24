"""The checker sees each way in which a calendar can break what callers were told."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.desk import Desk
from tests.outcome_world import CALL, FRIDAY, MONDAY, say, world


def broken(desk: Desk, contact_id: str, **values: Any) -> dict[str, list[str]]:
    """The rules that a calendar breaks in which a contact was changed by hand: rule -> contacts."""
    assert desk.violations().empty
    rows = desk.tables["contacts"]
    for name, value in values.items():
        rows.loc[rows["contact_id"] == contact_id, name] = value
    desk.answered_since = set()
    found = desk.violations()
    return found.groupby("rule")["contact_id"].agg(list).to_dict()


def standing(**more: Any) -> dict[str, Any]:
    return {"status": "planned", "reason": "ideal", "planned_on": pd.Timestamp("2026-03-16"), **more}


@pytest.mark.parametrize(
    ("outcome", "more", "rule"),
    [
        ("booked", {"on": "2026-02-25"}, "booked"),
        ("already_booked", {}, "booked"),
        ("refused", {}, "refused"),
    ],
)
def test_a_service_that_is_booked_or_refused_is_left_alone(
    outcome: str, more: dict[str, Any], rule: str
) -> None:
    desk = world()
    say(desk, outcome, MONDAY, **more)
    assert broken(desk, "V/S1d", **standing(status="standby")) == {rule: ["V/S1d"]}


def test_a_booking_is_judged_up_to_the_day_before() -> None:
    desk = world()
    say(desk, "booked", MONDAY, on="2026-02-25")
    desk.planned_on = pd.Timestamp("2026-02-25").date()
    desk.tables["contacts"] = desk.tables["contacts"].query("contact_id in ['V/S1c', 'V/S1d']")
    assert broken(desk, "V/S1d", **standing(status="standby")) == {}
    desk.planned_on = pd.Timestamp("2026-02-24").date()
    assert desk.violations()["rule"].tolist() == ["booked"]


@pytest.mark.parametrize(("scope", "channel"), [("calls", "call"), ("all", "email")])
def test_nobody_is_contacted_after_he_said_not_to(scope: str, channel: str) -> None:
    desk = world()
    say(desk, "do_not_call", MONDAY, scope=scope)
    found = broken(desk, "W/E1", **standing(channel=channel, planned_on=pd.Timestamp("2026-03-09")))
    assert found["do-not-call"] == ["W/E1"]
    # The rule needs no overlay: it reads the answers themselves.
    assert set(found) >= {"consent" if scope == "calls" else "do-not-contact"}


@pytest.mark.parametrize(
    ("planned_on", "kept"),
    [("2026-02-17", True), ("2026-02-13", False), ("2026-02-18", False)],
)
def test_a_promise_is_kept_on_its_day(planned_on: str, kept: bool) -> None:
    desk = world()
    say(desk, "callback", MONDAY, on="2026-02-14")  # a Saturday before a holiday
    found = broken(desk, CALL, planned_on=pd.Timestamp(planned_on))
    assert (found.get("promised") is None) == kept


def test_three_tries_are_the_most() -> None:
    desk = world()
    for attempt, day in enumerate((9, 11, 19), start=1):
        say(desk, "no_answer", MONDAY.replace(day=day), attempt=attempt)
    assert broken(desk, CALL, channel="call")["attempts"] == [CALL]


@pytest.mark.parametrize("outcome", ["sold_car", "moved_away"])
@pytest.mark.parametrize(("handed_out", "day", "kept"), [
    ("2026-02-09", "2026-02-10", True), (None, "2026-02-10", False), ("2026-02-09", "2026-03-16", False),
])  # fmt: skip
def test_what_went_out_before_the_car_was_known_to_be_gone_is_past(
    handed_out: str | None, day: str, kept: bool, outcome: str
) -> None:
    desk = world()
    say(desk, outcome, FRIDAY)
    read_on = desk.tables["outcomes"]["recorded_on"].max()
    assert read_on > pd.Timestamp("2026-02-10")
    desk.planned_on = pd.Timestamp("2026-02-09").date()
    out = pd.Timestamp(handed_out) if handed_out else pd.NaT
    found = broken(desk, "V/S1d", **standing(planned_on=pd.Timestamp(day), handed_out_on=out))
    assert ("vehicle-gone" not in found) == kept
