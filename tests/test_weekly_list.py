"""The weekly list: who is on it, who is not any more, and in which order."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from planner.lists_attempts import next_call_on
from planner.settings import Settings
from planner.tables import CONTACTS
from tests.list_world import contact, frame, handed_out, ids, made

# Who is on the list.


def test_the_calls_of_the_week_and_no_others() -> None:
    days = ["2026-03-08", "2026-03-09", "2026-03-15", "2026-03-16"]
    found = made(*(contact(number, day) for number, day in enumerate(days, 1)))
    assert ids(found) == ["V2/S2c", "V3/S2c"]
    assert found.calls["kind"].tolist() == ["planned", "planned"]
    assert found.left_out == {}


@pytest.mark.parametrize(
    ("tables", "reason"),
    [
        ({"visits": [("V1", "2026-03-09", "maintenance")]}, "the car has been in since the plan was made"),
        ({"visits": [("V1", "2026-03-09", None)]}, "the car has been in since the plan was made"),
        ({"visits": [("V1", "2026-03-08", "repair")]}, "the car was in the workshop within the last week"),
        ({"visits": [("V1", "2026-03-02", "tyres")]}, "the car was in the workshop within the last week"),
        ({"visits": [("V1", "2026-03-01", "tyres")]}, ""),
        ({"visits": [("V2", "2026-03-09", "maintenance")]}, ""),
        ({"outcomes": [("do_not_call", "2026-03-06", None, "calls")]}, "the household has said no since"),
        ({"outcomes": [("booked", "2026-03-06", "2026-03-20", None)]}, "booked or answered since"),
        ({"outcomes": [("already_booked", "2026-03-06", None, None)]}, "booked or answered since"),
        ({"outcomes": [("booked", "2026-02-06", "2026-03-02", None)]}, "booked or answered since"),
        ({"outcomes": [("booked", "2026-02-06", "2026-03-01", None)]}, ""),  # nobody came: he is called
        ({"outcomes": [("no_answer", "2026-03-06", None, None)]}, ""),
    ],
)
def test_what_has_happened_since(tables: dict[str, list[Any]], reason: str) -> None:
    rows = {
        "visits": [
            {"visit_id": f"R{at}", "vehicle_id": car, "visited_on": day, "kind": kind}
            for at, (car, day, kind) in enumerate(tables.get("visits", []))
        ],
        "outcomes": [
            {"contact_id": "V1/F1", "attempt": 1, "household_id": "H1", "vehicle_id": "V1",
             "outcome": what, "said_on": said, "for_on": for_, "scope": scope}
            for what, said, for_, scope in tables.get("outcomes", [])
        ],
    }  # fmt: skip
    found = made(contact(1, "2026-03-10"), **rows)
    assert found.left_out == ({reason: 1} if reason else {})
    assert ids(found) == ([] if reason else ["V1/S2c"])


@pytest.mark.parametrize("touchpoint", ["V1", "F1"])
def test_a_visit_silences_invitations_only(touchpoint: str) -> None:
    visits = [{"visit_id": "R1", "vehicle_id": "V1", "visited_on": "2026-03-06", "kind": "maintenance"}]
    row = contact(1, "2026-03-09", touchpoint)
    found = made(row, visits=visits, planned_as_of=date(2026, 3, 2))
    assert ids(found) == [f"V1/{touchpoint}"]


def test_a_service_that_was_done_after_the_call_was_handed_out_ends_it_also_after_a_new_plan() -> None:
    visits = [{"visit_id": "R1", "vehicle_id": "V1", "visited_on": "2026-03-04", "kind": "maintenance"}]
    late = date(2026, 3, 16)
    rows = [handed_out(1, "2026-03-16"), contact(2, "2026-03-16")]
    found = made(*rows, visits=visits, first=late, as_of=late, planned_as_of=late)
    assert ids(found) == ["V2/S2c"]
    assert found.left_out == {"the car has been in since the plan was made": 1}


@pytest.mark.parametrize(
    ("changed", "stays"),
    [
        ({"consent_call": "no"}, False),
        ({"do_not_contact": "yes"}, False),
        ({"consent_sms": "no"}, True),
        ({"consent_call": None}, True),  # the policy of the settings allows it
    ],
)
def test_consent_is_asked_again(changed: dict[str, Any], stays: bool) -> None:
    found = made(contact(1, "2026-03-10"), people={1: changed})
    assert ids(found) == (["V1/S2c"] if stays else [])


def test_who_said_no_to_calls_gets_no_call_about_another_car_but_messages_unless_it_was_to_all() -> None:
    rows = [
        contact(1, "2026-03-10"),
        contact(1, "2026-03-11", "S2b", channel="sms"),
        contact(2, "2026-03-10"),
        contact(2, "2026-03-11", "S2b", channel="sms"),
    ]
    said = [
        {"contact_id": f"OTHER{n}/S2c", "attempt": 1, "household_id": f"H{n}", "vehicle_id": f"OTHER{n}",
         "outcome": "do_not_call", "scope": scope, "said_on": "2026-03-06"}
        for n, scope in ((1, "calls"), (2, "all"))
    ]  # fmt: skip
    found = made(*rows, outcomes=said)
    assert ids(found) == []
    assert found.messages["contact_id"].tolist() == ["V1/S2b"]


def test_a_car_that_was_sold_since_the_plan() -> None:
    cars = [{"vehicle_id": "V1", "customer_id": "C1", "purchased_on": "2024-04-01", "status": "sold"}]
    found = made(contact(1, "2026-03-10"), vehicles=cars)
    assert (ids(found), found.left_out) == ([], {"the car was sold or scrapped, or its owner moved away": 1})


def test_a_complaint_takes_offers_back_but_not_a_promise() -> None:
    complaint = contact(
        1, "2026-03-02", "V1", status="done", outcome="complaint", outcome_at="2026-03-03", attempts=1
    )
    rows = [
        contact(1, "2026-03-12", "F1"),
        handed_out(2, "2026-03-02", touchpoint="F1", callback_on="2026-03-12", attempts=1),
        {**complaint, "contact_id": "V2/V1", "household_id": "H2", "customer_id": "C2", "vehicle_id": "V2"},
    ]
    found = made(complaint, *rows)
    assert ids(found) == ["V2/F1"]
    assert found.left_out == {"a complaint is open, so nothing is offered": 1}


# Promises, further attempts, open calls of earlier weeks.


def test_promises_stand_first_with_the_note_whatever_their_planned_day() -> None:
    promise: dict[str, Any] = {"attempts": 1, "outcome": "callback", "outcome_at": "2026-03-05"}
    found = made(
        contact(1, "2026-03-09", priority=0),
        handed_out(2, "2026-03-04", callback_on="2026-03-13", notes="after 5, at work", **promise),
        handed_out(3, "2026-03-04", callback_on="2026-03-11", **promise),
        handed_out(4, "2026-03-04", callback_on="2026-03-17", **promise),  # of next week
        handed_out(5, "2026-02-02", callback_on="2026-02-06", **promise),  # promised, and nobody called
        handed_out(6, "2026-03-04"),
    )
    assert ids(found) == ["V5/S2c", "V3/S2c", "V2/S2c", "V6/S2c", "V1/S2c"]
    calls = found.calls.set_index("contact_id")
    assert calls["kind"].tolist() == ["callback"] * 3 + ["open", "planned"]
    assert calls["call_at"].tolist() == ["promised"] * 3 + ["morning"] * 2
    assert calls.loc["V2/S2c", "note_before"] == "after 5, at work"
    assert str(calls.loc["V5/S2c", "call_on"].date()) == "2026-03-09"  # the first day of the list
    assert str(calls.loc["V5/S2c", "promised_on"].date()) == "2026-02-06"
    assert calls.loc["V2/S2c", "last_contact"] == "call, 5 Mar 2026"


def test_a_promise_is_kept_though_a_repair_brought_the_car_in_but_not_after_the_service() -> None:
    promise: dict[str, Any] = {"attempts": 1, "callback_on": "2026-03-11", "planned_on": "2026-03-11"}
    visits = [
        {"visit_id": f"R{n}", "vehicle_id": f"V{n}", "visited_on": "2026-03-06", "kind": kind}
        for n, kind in ((1, "repair"), (2, "maintenance"))
    ]
    found = made(*(handed_out(n, "2026-03-04", **promise) for n in (1, 2)), visits=visits)
    assert ids(found) == ["V1/S2c"]


@pytest.mark.parametrize("kept_as", ["outcome", "moved"])
def test_who_was_not_reached_is_tried_again_at_another_time_of_day(kept_as: str) -> None:
    # The second attempt of Thursday 5 March comes two working days later, the third of it after five.
    stays = {"outcome": "no_answer", "outcome_at": "2026-03-05"}
    found = made(
        contact(1, "2026-03-05", attempts=1, **stays)
        if kept_as == "outcome"
        else contact(1, "2026-03-09", attempts=1),
        contact(2, "2026-03-05", attempts=2, **stays)
        if kept_as == "outcome"
        else contact(2, "2026-03-12", attempts=2),
    )
    calls = found.calls
    assert calls["call_on"].dt.strftime("%a %d").tolist() == ["Mon 09", "Thu 12"]
    assert calls["kind"].tolist() == ["again", "again"]
    assert calls["attempt"].tolist() == [2, 3]
    assert calls["call_at"].tolist() == ["afternoon", "evening"]


def test_after_the_third_attempt_it_rests() -> None:
    row = contact(1, "2026-03-09", attempts=3, outcome="busy", outcome_at="2026-03-05")
    assert made(row).left_out == {"booked or answered since": 1}


def test_the_next_attempt_counts_working_days() -> None:
    settings = Settings.model_validate({"calendar": {"closed_on": ["2026-03-09"]}})
    rows = frame(
        CONTACTS, [contact(1, "2026-03-05", attempts=1, outcome="voicemail", outcome_at="2026-03-06")]
    )
    assert [str(day) for day in next_call_on(rows, settings)] == ["2026-03-11"]


def test_calls_of_last_week_without_an_outcome_come_once_more_as_a_section_of_their_own() -> None:
    found = made(
        contact(9, "2026-03-09"),
        *(handed_out(number, "2026-03-03") for number in range(1, 6)),
        contact(6, "2026-03-03"),  # was never handed out: the next plan gives it a day
    )
    calls = found.calls
    assert ids(found) == ["V1/S2c", "V2/S2c", "V3/S2c", "V4/S2c", "V5/S2c", "V9/S2c"]
    assert calls["kind"].tolist() == ["open"] * 5 + ["planned"]
    # One each working day, so that Monday is not drowned.
    assert calls["call_on"].dt.day.tolist()[:5] == [9, 10, 11, 12, 13]


@pytest.mark.parametrize(
    ("planned_on", "latest_on", "shown"),
    [
        ("2026-03-02", "2026-03-02", True),  # last week's come once more, whatever their window
        ("2026-03-01", "2026-03-01", False),
        ("2026-03-01", "2026-03-08", False),
        ("2026-02-03", "2026-03-09", True),  # older ones while the window is open
    ],
)
def test_older_calls_are_called_while_their_window_is_open(
    planned_on: str, latest_on: str, shown: bool
) -> None:
    found = made(handed_out(1, planned_on, latest_on=latest_on, handed_out_on="2026-02-02"))
    assert ids(found) == (["V1/S2c"] if shown else [])
    assert found.left_out == ({} if shown else {"nobody has called in time, and its window has passed": 1})


def test_what_was_given_up_is_told_once_and_not_for_ever() -> None:
    row = handed_out(1, "2026-02-02", handed_out_on="2026-02-02")
    assert made(row).left_out == {}


def test_a_list_for_next_week_leaves_this_weeks_calls_to_this_weeks_list() -> None:
    row = handed_out(1, "2026-03-12", handed_out_on="2026-03-09")
    tuesday, friday = date(2026, 3, 10), date(2026, 3, 13)
    assert ids(made(row, as_of=tuesday, first=date(2026, 3, 16))) == []
    assert ids(made(row, as_of=friday, first=date(2026, 3, 16))) == ["V1/S2c"]


def test_nobody_is_called_twice_in_a_week() -> None:
    own = {"household_id": "H1", "customer_id": "C1"}
    promise: dict[str, Any] = {"attempts": 1, "callback_on": "2026-03-12"}
    open_, new = handed_out(1, "2026-03-03"), {**contact(1, "2026-03-10", "F1"), **own}
    cars = [
        {"vehicle_id": f"V{n}", "customer_id": "C1", "make": "Kia", "purchased_on": "2024-04-01"}
        for n in (1, 2)
    ]
    second_car = {**handed_out(2, "2026-03-04", **promise), **own}
    found = made(open_, new, people={1: {}}, vehicles=cars)
    assert ids(found) == ["V1/F1"]  # the week's call goes before the open one
    assert found.left_out == {"the household is called about something else this week": 1}
    assert ids(made(open_, new, second_car, people={1: {}}, vehicles=cars)) == [
        "V2/S2c"
    ]  # a promise before all
    close = Settings.model_validate({"contact_rules": {"call_gap_days": 0}})
    assert len(made(open_, new, settings=close, vehicles=cars).calls) == 2
    apart = Settings.model_validate({"contact_rules": {"call_gap_days": 2}})
    row = {**contact(1, "2026-03-12", "F1"), **own}
    assert len(made(contact(1, "2026-03-10"), row, settings=apart, vehicles=cars).calls) == 2
    assert len(made(contact(1, "2026-03-11"), row, settings=apart, vehicles=cars).calls) == 1
