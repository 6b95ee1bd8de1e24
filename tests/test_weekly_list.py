"""The weekly list: who is on it, who is not any more, in which order, and what each row says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from planner.columns import Table, typed
from planner.cycle import load_cycles
from planner.lists import WeeklyList, weekly_list
from planner.lists_attempts import next_call_on
from planner.lists_by_advisor import by_advisor, file_names
from planner.scripts import Scripts
from planner.settings import Settings
from planner.tables import ANSWERS, CONTACTS, CUES, FORECASTS, OFFERS, STORED_CUSTOMERS, VEHICLES, VISITS

MONDAY = date(2026, 3, 9)
BY_NAME = {
    "customers": STORED_CUSTOMERS, "vehicles": VEHICLES, "visits": VISITS, "forecasts": FORECASTS,
    "contacts": CONTACTS, "offers": OFFERS, "cues": CUES, "outcomes": ANSWERS,
}  # fmt: skip
SCRIPTS = {
    "S2c": "service_call", "R2": "win_back_call", "F1": "renewal_call", "V1": "after_visit_call",
    "S2b": "service_short", "B1": "birthday",
}  # fmt: skip


def frame(table: Table, rows: list[dict[str, Any]]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=table.names)
    for column in table.columns:
        if column.kind == "date":
            made[column.name] = pd.to_datetime(made[column.name]).astype("datetime64[us]")
    return typed(made, table)


def person(number: int, **more: Any) -> dict[str, Any]:
    return {
        "customer_id": f"C{number}",
        "name": f"Person {number}",
        "phone": f"(201) 555-01{number:02}",
        "household_id": f"H{number}",
        "advisor": "Ann Weber",
        **{f"consent_{channel}": "yes" for channel in ("call", "sms", "email", "post", "messenger")},
        **more,
    }


def contact(number: int, day: str, touchpoint: str = "S2c", **more: Any) -> dict[str, Any]:
    """A planned call about person number's car: its second service unless said otherwise."""
    return {
        "contact_id": f"V{number}/{touchpoint}",
        "household_id": f"H{number}",
        "customer_id": f"C{number}",
        "vehicle_id": f"V{number}",
        "touchpoint": touchpoint,
        "service_no": 2 if touchpoint.startswith("S") else None,
        "stage": "warranty",
        "channel": "call",
        "ideal_on": day,
        "earliest_on": day,
        "latest_on": day,
        "planned_on": day,
        "priority": 1,
        "status": "planned",
        "reason": "ideal",
        "script": SCRIPTS[touchpoint],
        "advisor": "Ann Weber",
        "attempts": 0,
        **more,
    }


def handed_out(number: int, day: str, **more: Any) -> dict[str, Any]:
    return contact(number, day, **{"handed_out_on": "2026-03-02", **more})


def made(
    *contacts: dict[str, Any],
    as_of: date = MONDAY,
    first: date = MONDAY,
    planned_as_of: date = MONDAY,
    settings: Settings | None = None,
    people: dict[int, dict[str, Any]] | None = None,
    **tables: list[dict[str, Any]],
) -> WeeklyList:
    """The list of these contacts: everybody has one car, and the changes that `people` names."""
    changed = people or {}
    numbers = sorted({int(row["customer_id"][1:]) for row in contacts} | set(changed))
    rows = {
        "customers": [person(number, **changed.get(number, {})) for number in numbers],
        "vehicles": [
            {"vehicle_id": f"V{n}", "customer_id": f"C{n}", "make": "Toyota", "purchased_on": "2024-04-01"}
            for n in numbers
        ],
        "contacts": list(contacts),
        **tables,
    }
    found = {name: frame(table, rows.get(name, [])) for name, table in BY_NAME.items()}
    chosen = settings or Settings.model_validate({"dealership": {"country": "US"}})
    return weekly_list(found, load_cycles(chosen), Scripts(chosen), chosen, first, as_of, planned_as_of)


def ids(found: WeeklyList) -> list[str]:
    return found.calls["contact_id"].tolist()


def the_call(found: WeeklyList) -> dict[str, Any]:
    (row,) = found.calls.to_dict("records")
    return {str(name): value for name, value in row.items()}


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
    assert (ids(found), found.left_out) == ([], {"the car has been sold or scrapped since": 1})


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


# What a row says.


def test_without_a_phone_the_row_says_what_to_do_and_stands_last() -> None:
    nobody: dict[str, Any] = {"phone": None}
    found = made(
        *(contact(number, "2026-03-09") for number in range(1, 7)),
        people={
            1: {**nobody, "email": "one@example.org", "address": "Street 1"},
            2: {**nobody, "email": "two@example.org", "consent_email": "no", "address": "Street 2"},
            3: {**nobody, "email": "three@example.org", "consent_email": "no"},
            4: {**nobody, "phone_2": "201 555 0144"},
        },
    )
    assert ids(found) == ["V4/S2c", "V5/S2c", "V6/S2c", "V1/S2c", "V2/S2c", "V3/S2c"]
    calls = found.calls.set_index("contact_id")
    assert calls["no_phone"].dropna().to_dict() == {"V1/S2c": "email", "V2/S2c": "post", "V3/S2c": "ask"}
    assert calls.loc["V1/S2c", "address"] == "one@example.org"
    assert calls.loc["V2/S2c", "address"] == "Street 2"


def test_phones_stay_as_they_are_and_are_dialled_as_the_world_does() -> None:
    found = made(contact(1, "2026-03-09"), people={1: {"phone": "(201) 555-0123", "phone_2": "ask at work"}})
    row = the_call(found)
    assert (row["phone"], row["dial"]) == ("(201) 555-0123", "+12015550123")
    assert row["phone_2"] == "ask at work"
    assert pd.isna(row["dial_2"])


def offer(number: int, issued: str, redeemed: str | None = None, customer: int = 1) -> dict[str, Any]:
    return {
        "offer_id": f"OF{number}",
        "customer_id": f"C{customer}",
        "issued_on": issued,
        "redeemed_on": redeemed,
    }


def test_offers_that_the_customer_can_still_use() -> None:
    offers = [
        offer(1, "2025-11-03"),
        offer(2, "2026-01-12"),
        offer(3, "2026-02-01", "2026-02-20"),  # used
        offer(4, "2025-03-09"),  # a year old
        offer(5, "2026-01-12", customer=2),
    ]
    row = the_call(made(contact(1, "2026-03-09"), offers=offers))
    assert row["offers"] == "OF2, OF1"
    assert row["offered_on"] == pd.Timestamp("2026-01-12")


def cue(kind: str, score: float, contact_id: str | None = "V1/S2c") -> dict[str, Any]:
    return {
        "household_id": "H1",
        "kind": kind,
        "vehicle_id": "V1",
        "score": score,
        "evidence": "drivers=2" if kind == "second_car" else "warranty_end=2026-05-01",
        "contact_id": contact_id,
    }


def test_cues_of_the_call_that_carries_them_the_strongest_first() -> None:
    cues = [cue("next_car", 0.4), cue("second_car", 0.9), {**cue("next_car", 1, None), "vehicle_id": "V3"}]
    found = made(contact(1, "2026-03-09"), contact(2, "2026-03-09"), cues=cues)
    first, second = found.calls["cues"].iloc[0].split("\n")
    assert ("driver" in first, "warranty" in second) == (True, True)
    assert pd.isna(found.calls["cues"].iloc[1])


def test_while_a_complaint_is_open_no_row_speaks_of_offers_or_other_cars() -> None:
    complaint = contact(
        1, "2026-03-02", "V1", status="done", outcome="complaint", outcome_at="2026-03-03", attempts=1
    )
    found = made(
        contact(1, "2026-03-10"), complaint, offers=[offer(1, "2026-01-12")], cues=[cue("next_car", 1)]
    )
    row = the_call(found)
    assert pd.isna(row["offers"])
    assert pd.isna(row["cues"])


def test_the_last_contact_is_one_that_was_made() -> None:
    sms = contact(1, "2026-02-20", "S2b", channel="sms", handed_out_on="2026-02-16")
    not_reported = {**handed_out(1, "2026-02-24"), "contact_id": "V1/F1", "latest_on": "2026-02-24"}
    row = the_call(made(contact(1, "2026-03-10"), sms, not_reported))
    assert row["last_contact"] == "sms, 20 Feb 2026"
    tried = {"contact_id": "V1/F1", "attempt": 1, "household_id": "H1", "said_on": "2026-02-25"}
    row = the_call(made(contact(1, "2026-03-10"), sms, not_reported, outcomes=[{**tried, "outcome": "busy"}]))
    assert row["last_contact"] == "call, 25 Feb 2026"


def test_messages_say_where_to_and_in_how_many_segments() -> None:
    messages = [contact(number, "2026-03-10", "S2b", channel="sms") for number in (1, 2)]
    found = made(*messages, people={2: {"phone": None}})
    assert found.messages["dial"].fillna("").tolist() == ["+12015550101", ""]
    assert [len(text) > 160 for text in found.messages["text"]] == [True, True]
    assert found.messages["segments"].tolist() == [2, 2]


# One list an advisor.


def test_the_parts_of_the_advisors_are_the_whole_list() -> None:
    found = made(
        contact(1, "2026-03-10", advisor="Ann Weber"),
        contact(2, "2026-03-10", advisor=None),
        contact(3, "2026-03-11", advisor="Zoe"),
        contact(4, "2026-03-11", "S2b", channel="sms", advisor="Karim"),
    )
    parts = by_advisor(found)
    assert list(parts) == ["Ann Weber", "Karim", "Zoe", ""]
    assert [len(part.calls) for part in parts.values()] == [1, 0, 1, 1]
    assert [len(part.messages) for part in parts.values()] == [0, 1, 0, 0]


@pytest.mark.parametrize(
    ("names", "safe"),
    [
        (["../../etc/passwd", 'a<b>:"c|?*', "  ", "CON.", "سامي حداد"],
         ["etc-passwd", "a-b-c", "no-advisor", "CON", "سامي-حداد"]),
        (["Ann", "ANN", "ann!"], ["Ann", "ANN-2", "ann-3"]),
        (["x" * 300], ["x" * 60]),
        (["", "no advisor"], ["no-advisor", "no-advisor-2"]),
    ],
)  # fmt: skip
def test_names_of_files_are_safe_and_different(names: list[str], safe: list[str]) -> None:
    assert list(file_names(names).values()) == safe
