"""The independent checker: each rule alone on the rows that just break it and those that just do not.

The calendar of a test is a few rows made by `touch`. What a test does not speak of is in order, and no
other rule may complain: `broken` gives every rule that does, with the contact that it names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from planner.errors import SettingsError
from planner.schedule.check import violations
from planner.schedule.invariants import RULES
from planner.settings import Settings
from planner.tables import CHANNELS, CONTACTS, CUSTOMERS, VEHICLES, empty, typed

MONDAY = date(2026, 3, 2)  # the weeks after it have no public holiday in the United States until 25 May
Rows = list[dict[str, Any]]


def on(days: int) -> date:
    return MONDAY + timedelta(days=days)


def touch(day: date | None, channel: str = "email", **columns: Any) -> dict[str, Any]:
    """One planned contact on the day, with a window around it and no gap of its own."""
    return {
        "household_id": "H1",
        "customer_id": "C1",
        "vehicle_id": "V1",
        "channel": channel,
        "script": "service_info",
        "planned_on": day,
        "earliest_on": on(-1000),
        "latest_on": on(10_000),
        "min_gap_days": 0,
        "priority": 2,
        "status": "planned",
        "reason": "ideal",
        "attempts": 0,
    } | columns


def done(day: date, channel: str = "email", **columns: Any) -> dict[str, Any]:
    return touch(day, channel, status="done", outcome="booked") | columns


def unplaced(status: str, reason: str, **columns: Any) -> dict[str, Any]:
    return touch(None, status=status, reason=reason) | columns


def contacts(rows: Rows) -> pd.DataFrame:
    """The rows as a table; touchpoints X1, X2, ... and ids made of them, where a row has none."""
    named = []
    for number, row in enumerate(rows, start=1):
        row = {"touchpoint": f"X{number}"} | row
        named.append({"contact_id": f"{row['vehicle_id']}/{row['touchpoint']}"} | row)
    return typed(pd.DataFrame(named), CONTACTS)


def customers(*rows: dict[str, Any]) -> pd.DataFrame:
    """C1 and C2 are household H1, C3 is H2; the rows change them."""
    people = {
        "C1": {"customer_id": "C1", "household_id": "H1"},
        "C2": {"customer_id": "C2", "household_id": "H1"},
        "C3": {"customer_id": "C3", "household_id": "H2"},
    }
    for row in rows:
        people[row["customer_id"]] |= row
    return typed(pd.DataFrame(people.values()), CUSTOMERS)


def vehicles(**status: str) -> pd.DataFrame:
    """V1 is of C1, V2 of C2, V3 of C3."""
    cars = [
        {"vehicle_id": f"V{n}", "customer_id": f"C{n}", "status": status.get(f"V{n}", "active")}
        for n in (1, 2, 3)
    ]
    return typed(pd.DataFrame(cars), VEHICLES)


def rules(**sections: dict[str, Any]) -> Settings:
    return Settings.model_validate(sections)


# Caps and the distance of calls do not get in the way of what a test is about.
ROOMY = rules(
    contact_rules={"call_gap_days": 0}
    | dict.fromkeys(("max_calls", "max_emails", "max_letters", "max_short_messages", "max_touches"), 99)
)


def check(rows: Rows, **tables: Any) -> pd.DataFrame:
    return violations(
        contacts(rows),
        tables.get("customers", customers()),
        tables.get("vehicles", vehicles()),
        tables.get("settings", Settings()),
        tables.get("planned_on_day", MONDAY),
    )


def broken(rows: Rows, **tables: Any) -> list[tuple[str, str]]:
    frame = check(rows, **tables)
    return list(zip(frame["rule"], frame["contact_id"], strict=True))


# --- The report ---


def test_a_clean_calendar_breaks_no_rule() -> None:
    rows = [
        touch(on(0), "call", min_gap_days=7),
        touch(on(7), "email", min_gap_days=7),
        touch(on(14), "sms", min_gap_days=7),
        touch(on(21), "call", min_gap_days=7, status="standby"),
        touch(on(21), "call", household_id="H2", customer_id="C3", vehicle_id="V3"),
        done(on(-30), "post"),
        unplaced("dropped", "cap"),
        unplaced("cancelled", "visited"),
    ]
    assert broken(rows) == []


def test_empty_tables_are_in_order() -> None:
    report = violations(empty(CONTACTS), empty(CUSTOMERS), empty(VEHICLES), Settings(), MONDAY)
    assert list(report.columns) == ["rule", "household_id", "contact_id", "message"]
    assert [str(dtype) for dtype in report.dtypes] == ["str"] * 4
    assert report.empty
    assert violations(empty(CONTACTS), customers(), vehicles(), Settings(), None).empty


def test_contacts_without_customers_and_vehicles_are_reported_and_no_more() -> None:
    report = violations(contacts([touch(on(0))]), empty(CUSTOMERS), empty(VEHICLES), Settings(), MONDAY)
    assert report["message"].tolist() == ["customer C1 is in no table", "vehicle V1 is in no table"]


def test_contacts_of_unknown_customers_are_still_held_apart() -> None:
    # H1 by its own word, though its customer is in no table; and one of which nothing is known.
    rows = [
        touch(on(0), "call"),
        touch(on(1), "call", customer_id="C9"),
        touch(on(30), "call", household_id=None),
    ]
    rows += [touch(on(2), "call", household_id=None, customer_id=None, contact_id=None)]
    report = check(rows)
    assert report.loc[report["rule"] == "call-gap", "contact_id"].tolist() == ["V1/X2"]
    assert sorted(report.loc[report["rule"] == "household", "message"]) == [
        "customer C9 is in no table",
        "customer nan is in no table",
        "says household nan, its customer is of H1",
        "vehicle V1 is not of household nan",
    ]


def test_a_row_says_rule_household_contact_and_what_is_wrong() -> None:
    rows = [touch(on(3), "call"), touch(on(0), "call")]
    assert check(rows).to_dict("records") == [
        {
            "rule": "call-gap",
            "household_id": "H1",
            "contact_id": "V1/X1",
            "message": "call on 2026-03-05, 3 days from V1/X2 on 2026-03-02; at least 20",
        }
    ]


def test_rules_have_names_of_their_own_and_say_what_they_ask() -> None:
    assert len({rule.__name__ for rule in RULES}) == len(RULES)
    assert all(rule.__doc__ for rule in RULES)


def test_a_table_with_a_strange_index_is_read_by_position() -> None:
    table = contacts([touch(on(0), "call"), touch(on(3), "call"), touch(on(9))])
    table.index = pd.Index([7, 7, 7])
    report = violations(table, customers().set_axis([1, 1, 1]), vehicles(), Settings(), MONDAY)
    assert report["rule"].tolist() == ["call-gap"]


# --- Records ---


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (touch(on(0), status="plannd"), "the status 'plannd' is unknown"),
        (touch(on(0), status=None), "the status nan is unknown"),
        (touch(on(0), "fax"), "the channel 'fax' is unknown"),
        (touch(on(0), reason="because"), "the reason 'because' is unknown"),
        (touch(on(0), reason=None), "planned, but without a reason"),
        (touch(on(0), outcome="maybe"), "the outcome 'maybe' is unknown"),
        (touch(on(0), reason="vehicle-gone"), "planned, but the reason is vehicle-gone"),
        (touch(None), "planned, but without a day"),
        (touch(None, status="standby"), "standby, but without a day"),
        (touch(None, status="done"), "done, but without a day"),
        (unplaced("dropped", "cap", planned_on=on(0)), "dropped, but on 2026-03-02"),
        (unplaced("cancelled", "visited", planned_on=on(0)), "cancelled, but on 2026-03-02"),
        (unplaced("dropped", "ideal"), "dropped, but the reason is ideal"),
        (touch(on(0), latest_on=None), "planned, but without a window"),
        (touch(on(0), min_gap_days=None), "planned, but without a gap"),
        (touch(on(0), min_gap_days=-1), "planned, but without a gap"),
    ],
)
def test_codes_are_known_and_fit_each_other(row: dict[str, Any], message: str) -> None:
    report = check([row])
    assert report[["rule", "message"]].to_numpy().tolist() == [["code", message]]


@pytest.mark.parametrize(
    "row",
    [
        done(on(0), reason=None),
        touch(on(0), reason="cap"),
        unplaced("dropped", "working-day"),
        touch(on(0), reason="pinned", handed_out_on=on(-1)),
    ],
)
def test_codes_that_fit(row: dict[str, Any]) -> None:
    assert broken([row]) == []


def test_ids_are_unique() -> None:
    rows = [
        touch(on(0), touchpoint="S1a"),
        unplaced("dropped", "cap", touchpoint="S1a"),
        touch(on(1), touchpoint="S1"),
    ]
    assert broken(rows) == [("contact-id", "V1/S1a")]


@pytest.mark.parametrize("contact_id", ["V1/YSa", "V1/YSa/4"])
def test_ids_are_made_of_vehicle_and_touchpoint(contact_id: str) -> None:
    assert broken([touch(on(0), touchpoint="YSa", contact_id=contact_id)]) == []


@pytest.mark.parametrize("contact_id", ["V2/YSa", "V1/YSb", "V1/YSa/", "V1/YSa/x", "V1/YSa4", "V1"])
def test_ids_that_are_made_of_something_else(contact_id: str) -> None:
    assert broken([touch(on(0), touchpoint="YSa", contact_id=contact_id)]) == [("contact-id", contact_id)]


def test_a_plate_with_a_slash_makes_a_good_id() -> None:
    cars = typed(pd.DataFrame([{"vehicle_id": "AB/1", "customer_id": "C1"}]), VEHICLES)
    assert broken([touch(on(0), vehicle_id="AB/1")], vehicles=cars) == []


def test_a_contact_without_an_id() -> None:
    report = check([touch(on(0), contact_id=None)])
    assert report[["rule", "message"]].to_numpy().tolist() == [["contact-id", "a contact without an id"]]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (touch(on(0), household_id="H2"), "says household H2, its customer is of H1"),
        (touch(on(0), household_id=None), "says household nan, its customer is of H1"),
        (unplaced("dropped", "cap", household_id="H2"), "says household H2, its customer is of H1"),
        (done(on(0), household_id="H2"), "says household H2, its customer is of H1"),
        (touch(on(0), customer_id="C9"), "customer C9 is in no table"),
        (touch(on(0), vehicle_id="V9"), "vehicle V9 is in no table"),
        (touch(on(0), vehicle_id="V3"), "vehicle V3 is not of household H1"),
        (touch(on(0), also_vehicle_ids="V2,V3"), "vehicle V3 is not of household H1"),
    ],
)
def test_households_agree_with_customers_and_vehicles(row: dict[str, Any], message: str) -> None:
    report = check([row])
    assert report[["rule", "message"]].to_numpy().tolist() == [["household", message]]


@pytest.mark.parametrize(
    "row",
    [
        touch(on(0), also_vehicle_ids="V2"),
        touch(on(0), customer_id="C2"),  # of the same household as the car's owner
        done(on(0), customer_id="C9"),  # forgotten since
        done(on(0), vehicle_id="V3"),  # the car has changed hands since
    ],
)
def test_households_that_agree(row: dict[str, Any]) -> None:
    assert broken([row]) == []


def test_distances_are_those_of_the_household_in_the_customers_table() -> None:
    rows = [touch(on(0), "call"), touch(on(1), "call", customer_id="C2", vehicle_id="V2", household_id="H2")]
    assert broken(rows) == [("household", "V2/X2"), ("call-gap", "V2/X2")]


def merged_pair(**partner: Any) -> Rows:
    """A contact of V1 that names V2 as well, and that of V2 which it stands for."""
    return [
        touch(on(10), also_vehicle_ids="V2", earliest_on=on(5), latest_on=on(20)) | partner,
        unplaced(
            "merged", "household", customer_id="C2", vehicle_id="V2", earliest_on=on(0), latest_on=on(12)
        ),
    ]


@pytest.mark.parametrize(
    "partner",
    [
        {},
        {"status": "standby"},
        {"status": "done"},
        {"also_vehicle_ids": "V8, V2", "status": "done"},
        {"earliest_on": on(12), "planned_on": on(12)},  # windows touch in one day
        {
            "earliest_on": on(13),
            "planned_on": on(13),
            "handed_out_on": on(0),
        },  # pinned: windows may have moved
    ],
)
def test_a_merged_contact_is_spoken_for(partner: dict[str, Any]) -> None:
    assert broken(merged_pair(**partner)) == []


@pytest.mark.parametrize(
    "partner",
    [
        {"also_vehicle_ids": None},
        {"also_vehicle_ids": "V22"},
        {"status": "dropped", "reason": "cap", "planned_on": None},
        {"channel": "sms"},
        {"script": "thanks"},
        {"earliest_on": on(13), "planned_on": on(13)},  # another season's
        {"household_id": "H2", "customer_id": "C3", "vehicle_id": "V3", "status": "done"},
    ],
)
def test_a_merged_contact_that_nobody_speaks_for(partner: dict[str, Any]) -> None:
    assert ("merged", "V2/X2") in broken(merged_pair(**partner))


def test_a_merged_contact_whose_window_has_passed_is_history() -> None:
    rows = merged_pair(status="cancelled", reason="window", planned_on=None)
    rows[1]["latest_on"] = on(-1)
    assert broken(rows) == []
    rows[1]["latest_on"] = on(0)
    assert broken(rows) == [("merged", "V2/X2")]


def test_merged_contacts_carry_the_reason_household() -> None:
    rows = merged_pair()
    rows[1]["reason"] = "gap"
    assert broken(rows) == [("code", "V2/X2")]


def test_the_same_touchpoint_is_live_once() -> None:
    first = touch(on(0), touchpoint="S1a", service_no=1)
    second = touch(on(30), touchpoint="S1a", contact_id="V1/S1a/1")
    assert broken([first, second]) in ([("twice", "V1/S1a")], [("twice", "V1/S1a/1")])
    assert broken([first, second | {"contact_id": "V1/S1a/2"}]) == []
    assert broken([first, second | unplaced("dropped", "cap")]) == []
    assert broken([first, second | {"vehicle_id": "V2", "customer_id": "C2", "contact_id": "V2/S1a/1"}]) == []
    # Of a pinned and a movable one the movable is too many; two pinned ones are history.
    assert broken([first, second | {"status": "done"}]) == [("twice", "V1/S1a")]
    assert broken([first | {"status": "done"}, second | {"status": "done"}]) == []


@pytest.mark.parametrize(
    ("attempts", "expected"), [(0, []), (None, []), (3, []), (4, [("attempts", "V1/X1")])]
)
def test_three_attempts_at_most(attempts: int | None, expected: list[tuple[str, str]]) -> None:
    assert broken([touch(on(0), "call", attempts=attempts)]) == expected
    assert broken([done(on(0), "call", attempts=attempts)]) == []


# --- People ---


@pytest.mark.parametrize(
    "row",
    [
        touch(on(0)),
        touch(on(0), status="standby"),
        touch(on(0), customer_id="C2"),  # somebody else of the household has said it
        touch(on(0), handed_out_on=on(-1)),  # to be withdrawn
        touch(on(0), "call", attempts=1, outcome="no_answer"),
    ],
)
def test_do_not_contact_silences_the_household(row: dict[str, Any]) -> None:
    silent = customers({"customer_id": "C1", "do_not_contact": "yes"})
    assert broken([row], customers=silent) == [("do-not-contact", "V1/X1")]


@pytest.mark.parametrize(
    "row",
    [
        touch(on(0), household_id="H2", customer_id="C3", vehicle_id="V3"),
        done(on(-1)),
        touch(on(-1), handed_out_on=on(-5)),  # out of our hands
        unplaced("dropped", "do-not-contact"),
    ],
)
def test_do_not_contact_leaves_others_and_history_alone(row: dict[str, Any]) -> None:
    silent = customers(
        {"customer_id": "C1", "do_not_contact": "yes"}, {"customer_id": "C3", "do_not_contact": "no"}
    )
    assert broken([row], customers=silent) == []


@pytest.mark.parametrize(
    ("first", "second", "policy", "allowed"),
    [
        (None, None, True, True),
        (None, None, False, False),
        ("yes", None, False, True),
        (None, "yes", False, True),
        ("no", None, True, False),
        ("yes", "no", True, False),
        ("no", "yes", False, False),
        ("yes", "yes", False, True),
    ],
)
def test_one_no_closes_a_channel_one_yes_opens_it_and_else_the_policy_decides(
    first: str | None, second: str | None, policy: bool, allowed: bool
) -> None:
    rows = [touch(on(0), channel) for channel in CHANNELS]
    says = [{f"consent_{channel}": answer for channel in CHANNELS} for answer in (first, second)]
    people = customers({"customer_id": "C1"} | says[0], {"customer_id": "C2"} | says[1])
    purposes = ("service", "survey", "greeting", "marketing")
    settings = rules(consent=dict.fromkeys(purposes, CHANNELS if policy else ()))
    found = broken(rows, customers=people, settings=settings)
    assert found == ([] if allowed else [("consent", f"V1/X{number}") for number in range(1, 6)])


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_channel_has_a_consent_of_its_own(channel: str) -> None:
    rows = [touch(on(0), channel, touchpoint=channel) for channel in CHANNELS]
    people = customers({"customer_id": "C2", f"consent_{channel}": "no"})
    assert broken(rows, customers=people) == [("consent", f"V1/{channel}")]


@pytest.mark.parametrize(
    ("touchpoint", "channel", "purpose"),
    [
        ("S1a", "email", "service"),
        ("T2", "call", "survey"),
        ("B1", "messenger", "greeting"),
        ("YC", "email", "marketing"),
    ],
)
def test_the_policy_is_that_of_the_touchpoints_purpose(touchpoint: str, channel: str, purpose: str) -> None:
    row = touch(on(0), channel, touchpoint=touchpoint)
    closed: dict[str, Any] = {name: [] for name in ("service", "survey", "greeting", "marketing")}
    assert broken([row], settings=rules(consent=closed)) == [("consent", f"V1/{touchpoint}")]
    assert broken([row], settings=rules(consent=closed | {purpose: [channel]})) == []


def test_a_touchpoint_of_no_cycle_passes_where_any_purpose_would() -> None:
    closed: dict[str, Any] = {"service": [], "survey": [], "greeting": [], "marketing": []}
    assert broken([touch(on(0), "sms")], settings=rules(consent=closed)) == [("consent", "V1/X1")]
    assert broken([touch(on(0), "sms")], settings=rules(consent=closed | {"survey": ["sms"]})) == []
    refused = customers({"customer_id": "C1", "consent_sms": "no"})
    assert broken([touch(on(0), "sms")], customers=refused) == [("consent", "V1/X1")]


def test_the_policy_binds_what_is_movable_and_a_no_also_what_is_handed_out() -> None:
    closed = rules(consent=dict.fromkeys(("service", "survey", "greeting", "marketing"), ()))
    handed_out = touch(on(1), "sms", handed_out_on=on(-1))
    assert broken([touch(on(1), "sms")], settings=closed) == [("consent", "V1/X1")]
    assert broken([handed_out], settings=closed) == []
    refused = customers({"customer_id": "C1", "consent_sms": "no"})
    assert broken([handed_out], settings=closed, customers=refused) == [("consent", "V1/X1")]


def test_consent_is_asked_for_handed_out_contacts_and_not_for_history() -> None:
    refused = customers({"customer_id": "C1", "consent_sms": "no"})
    assert broken([touch(on(0), "sms", handed_out_on=on(-1))], customers=refused) == [("consent", "V1/X1")]
    assert broken([touch(on(-1), "sms", handed_out_on=on(-5))], customers=refused) == []
    assert broken([done(on(-1), "sms")], customers=refused) == []


def test_nothing_is_planned_for_a_car_that_is_gone() -> None:
    rows = [
        touch(on(0), "sms"),
        touch(on(1), status="standby"),
        touch(on(2), vehicle_id="V2", also_vehicle_ids="V1"),
        touch(on(3), vehicle_id="V2", also_vehicle_ids="V1", handed_out_on=on(-1)),
        touch(on(3), "sms", handed_out_on=on(-1)),
        done(on(-3), "sms"),
        unplaced("cancelled", "vehicle-gone"),
        touch(on(4), "messenger", vehicle_id="V2"),
    ]
    for status in ("sold", "scrapped"):
        assert broken(rows, vehicles=vehicles(V1=status)) == [
            ("vehicle-gone", "V1/X1"),
            ("vehicle-gone", "V1/X2"),
            ("vehicle-gone", "V1/X5"),
            ("vehicle-gone", "V2/X3"),
        ]
    assert broken(rows) == []


# --- Days ---


def test_nothing_is_planned_before_the_day_of_the_plan() -> None:
    rows = [touch(on(0)), touch(on(-1)), touch(on(-2), "sms", handed_out_on=on(-7)), done(on(-3), "sms")]
    assert broken(rows, planned_on_day=on(0)) == [("past", "V1/X2")]
    assert broken(rows, planned_on_day=None) == []


def test_windows_hold_both_their_ends() -> None:
    days = (9, 10, 15, 20, 21)
    rows = [touch(on(day), touchpoint=f"day{day}", earliest_on=on(10), latest_on=on(20)) for day in days]
    assert broken(rows, settings=ROOMY) == [("window", "V1/day21"), ("window", "V1/day9")]


@pytest.mark.parametrize(
    "pin",
    [
        {"status": "done"},
        {"handed_out_on": on(0)},
        {"outcome": "callback"},
        {"callback_on": on(21)},
        {"attempts": 1},
    ],
)
def test_what_is_done_tried_promised_or_handed_out_stays_outside_its_window(pin: dict[str, Any]) -> None:
    assert broken([touch(on(21), latest_on=on(20)) | pin]) == []


SATURDAY, SUNDAY, FRIDAY = on(5), on(6), on(4)


def on_each(day: date, **columns: Any) -> Rows:
    """A contact by every channel on the day; the touchpoint is named after the channel."""
    return [touch(day, channel, touchpoint=channel, **columns) for channel in CHANNELS]


def breaks(rule: str, *channels: str) -> list[tuple[str, str]]:
    return [(rule, f"V1/{channel}") for channel in channels]


def test_calls_and_letters_fall_on_working_days() -> None:
    assert broken(on_each(SATURDAY)) == breaks("working-day", "call", "post")
    assert broken(on_each(SUNDAY)) == breaks("working-day", "call", "post")
    assert broken([*on_each(FRIDAY), touch(on(7), "post")]) == []
    # A callback was promised for a Saturday: so be it.
    assert broken(on_each(SATURDAY, outcome="callback")) == []


def test_egypt_works_on_sunday_and_rests_on_friday_and_saturday() -> None:
    days = {"thu": on(3), "fri": FRIDAY, "sat": SATURDAY, "sun": SUNDAY}
    rows = [touch(day, "call", touchpoint=name) for name, day in days.items()]
    egypt = ROOMY.model_copy(update={"dealership": rules(dealership={"country": "EG"}).dealership})
    assert broken(rows, settings=egypt) == [("working-day", "V1/fri"), ("working-day", "V1/sat")]


def test_working_days_of_the_settings_replace_those_of_the_country() -> None:
    saturdays = rules(calendar={"working_days": ["sat"]})
    assert broken([touch(SATURDAY, "call")], settings=saturdays) == []
    assert broken([touch(FRIDAY, "call")], settings=saturdays) == [("working-day", "V1/X1")]


MEMORIAL_DAY = date(2026, 5, 25)  # a Monday


def test_nothing_but_greetings_by_message_falls_on_a_public_holiday() -> None:
    by_all = sorted(CHANNELS)
    assert broken(on_each(MEMORIAL_DAY)) == breaks("public-holiday", *by_all)
    assert broken(on_each(MEMORIAL_DAY + timedelta(days=1))) == []
    assert broken(on_each(MEMORIAL_DAY, handed_out_on=on(0))) == []
    assert broken(on_each(MEMORIAL_DAY), settings=rules(calendar={"public_holidays": False})) == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_greetings_by_message_keep_their_day(channel: str, tmp_path: Path) -> None:
    settings = own_cycle(tmp_path, "id;purpose\nHELLO;greeting\n")
    found = broken([touch(MEMORIAL_DAY, channel, touchpoint="HELLO")], settings=settings)
    assert found == ([("public-holiday", "V1/HELLO")] if channel in ("call", "post") else [])


def test_a_holiday_is_named() -> None:
    (message,) = check([touch(MEMORIAL_DAY, "sms")])["message"]
    assert message == "sms on 2026-05-25, a public holiday (Memorial Day)"


def test_closed_days_are_for_calls_and_letters() -> None:
    closed = rules(calendar={"closed_on": [on(1)]})
    assert broken(on_each(on(1)), settings=closed) == breaks("closed-day", "call", "post")
    assert broken(on_each(on(2)), settings=closed) == []


def test_quiet_days_are_for_all() -> None:
    quiet = rules(contact_rules={"quiet_days": [on(1)]})
    assert broken(on_each(on(1)), settings=quiet) == breaks("quiet-day", *sorted(CHANNELS))
    assert broken(on_each(on(2)), settings=quiet) == []
    assert broken([touch(on(1), "messenger", touchpoint="B1")], settings=quiet) == [("quiet-day", "V1/B1")]
    assert broken([done(on(1), "sms")], settings=quiet) == []


# --- Distances ---


@pytest.mark.parametrize(
    ("gaps", "days", "expected"),
    [
        ((7, 7), 6, False),
        ((7, 7), 7, True),
        ((7, 4), 3, False),
        ((7, 4), 4, True),  # the smaller of the two holds
        ((4, 7), 4, True),
        ((1, 7), 0, False),
        ((0, 7), 0, True),
    ],
)
def test_gaps(gaps: tuple[int, int], days: int, expected: bool) -> None:
    rows = [touch(on(7), min_gap_days=gaps[0]), touch(on(7 + days), min_gap_days=gaps[1])]
    assert [rule for rule, _ in broken(rows)] == ([] if expected else ["gap"])


def test_gaps_are_kept_beyond_the_next_neighbour() -> None:
    # The message between two others asks for little room itself, and hides neither from the other.
    rows = [touch(on(0), min_gap_days=7), touch(on(3), min_gap_days=1), touch(on(6), min_gap_days=7)]
    assert broken(rows) == [("gap", "V1/X3")]


def test_gaps_are_a_households_and_reach_across_its_cars() -> None:
    mine, hers = touch(on(0), min_gap_days=7), touch(on(6), min_gap_days=7, customer_id="C2", vehicle_id="V2")
    other = touch(on(6), min_gap_days=7, household_id="H2", customer_id="C3", vehicle_id="V3")
    assert broken([mine, hers]) == [("gap", "V2/X2")]
    assert broken([mine, other]) == []


@pytest.mark.parametrize(("days", "expected"), [(19, [("call-gap", "V1/X2")]), (20, [])])
def test_calls_stand_twenty_days_apart(days: int, expected: list[tuple[str, str]]) -> None:
    rows = [touch(on(0), "call"), touch(on(days), "call")]
    working = {"working_days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}
    assert broken(rows, settings=rules(calendar=working)) == expected
    assert broken([touch(on(0), "call"), touch(on(days), "sms")]) == []


def test_standby_and_done_hold_their_place_and_the_movable_one_is_named() -> None:
    early, late = touch(on(7), min_gap_days=7), touch(on(10), min_gap_days=7)
    assert broken([early, late | {"status": "standby"}]) == [("gap", "V1/X2")]
    assert broken([early | {"status": "done"}, late]) == [("gap", "V1/X2")]
    assert broken([early, late | {"handed_out_on": on(0)}]) == [("gap", "V1/X1")]
    assert broken([early, late | unplaced("dropped", "gap")]) == []


def test_two_contacts_that_nobody_can_move_are_history() -> None:
    rows = [done(on(0), "call", min_gap_days=7), touch(on(2), "call", min_gap_days=7, handed_out_on=on(-3))]
    assert broken(rows) == []


@pytest.mark.parametrize(
    ("channels", "most"),
    [
        (["call"], 2),
        (["email"], 3),
        (["post"], 2),
        (["sms"], 5),
        (["messenger"], 5),
        (["sms", "messenger"], 5),
        (["email", "sms", "post", "email", "messenger", "email", "sms", "sms"], 7),
    ],
)
def test_caps_hold_in_any_ninety_days(channels: list[str], most: int) -> None:
    always = {"working_days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "public_holidays": False}
    settings = rules(contact_rules={"call_gap_days": 0}, calendar=always)
    rows = [touch(on(number), channels[number % len(channels)]) for number in range(most)]
    extra = channels[most % len(channels)]
    assert broken(rows, settings=settings) == []
    # Day 89 after the first is the last of its ninety days, day 90 is the first after them.
    assert broken([*rows, touch(on(89), extra)], settings=settings) == [("cap", f"V1/X{most + 1}")]
    assert broken([*rows, touch(on(90), extra)], settings=settings) == []


def test_caps_of_other_households_do_not_add_up() -> None:
    rows = [touch(on(number)) for number in range(3)]
    rows += [touch(on(3), household_id="H2", customer_id="C3", vehicle_id="V3")]
    assert broken(rows) == []


def test_a_cap_of_zero_allows_nothing_and_of_one_a_single_one() -> None:
    none, one = rules(contact_rules={"max_emails": 0}), rules(contact_rules={"max_emails": 1})
    assert broken([touch(on(0))], settings=none) == [("cap", "V1/X1")]
    assert broken([touch(on(0))], settings=one) == []
    assert broken([touch(on(0)), touch(on(1))], settings=one) == [("cap", "V1/X2")]


def test_caps_that_only_history_breaks_are_history() -> None:
    past = [done(on(-number), "call") for number in (3, 4, 5)]
    assert broken(past) == []
    # The planner may not add to it, wherever in the ninety days it stands.
    assert broken([*past, touch(on(60), "call")]) == [("cap", "V1/X4")]
    assert broken([*past, touch(on(87), "call")]) == []
    assert broken([touch(on(0), "call"), *(done(on(number), "call") for number in (83, 84, 85))]) == [
        ("cap", "V1/X1")
    ]


@pytest.mark.parametrize("touchpoint", ["A", "B", "C", "D", "E", "F"])
def test_a_cap_names_who_came_last_by_day_whatever_the_ids(touchpoint: str) -> None:
    rows = [touch(on(0)), done(on(5)), done(on(8)), done(on(9)), touch(on(9), touchpoint=touchpoint)]
    assert broken(rows) == [("cap", f"V1/{touchpoint}")]


def test_capacity_of_the_team() -> None:
    calls = [
        touch(on(0), "call", priority=1),
        touch(on(0), "call", household_id="H2", customer_id="C3", vehicle_id="V3", priority=5),
        touch(on(0), "email"),
    ]
    assert broken(calls, settings=rules(capacity={"calls_per_day": 2})) == []
    assert broken(calls, settings=rules(capacity={"calls_per_day": 0})) == []
    one = rules(capacity={"calls_per_day": 1})
    assert broken(calls, settings=one) == [("capacity", "V3/X2")]  # the less urgent one
    assert broken([calls[0], calls[1] | {"planned_on": on(1)}], settings=one) == []
    assert broken([calls[0], calls[1] | {"status": "done"}], settings=one) == [("capacity", "V1/X1")]
    assert broken([row | {"handed_out_on": on(-1)} for row in calls], settings=one) == []


def test_capacity_of_an_advisor() -> None:
    calls = [
        touch(on(0), "call", advisor="Mona"),
        touch(on(0), "call", advisor="Mona", household_id="H2", customer_id="C3", vehicle_id="V3"),
    ]
    assert [rule for rule, _ in broken(calls, settings=rules(capacity={"advisors": {"Mona": 1}}))] == [
        "capacity"
    ]
    assert broken(calls, settings=rules(capacity={"advisors": {"Mona": 2}})) == []
    assert broken(calls, settings=rules(capacity={"advisors": {"Mona": 0, "Karim": 1}})) == []
    apart = [calls[0], calls[1] | {"advisor": "Karim"}]
    assert broken(apart, settings=rules(capacity={"advisors": {"Mona": 1, "Karim": 1}})) == []


# --- Cycles of the user's own ---


def own_cycle(folder: Path, text: str) -> Settings:
    (folder / "ours.csv").write_text(text, encoding="utf-8-sig")
    cycle = dict.fromkeys(("new_car", "older_car", "win_back"), "ours.csv")
    return Settings.model_validate({"cycle": cycle, "base": folder})


def test_purposes_come_from_the_cycles_that_the_settings_name(tmp_path: Path) -> None:
    settings = own_cycle(tmp_path, "id;purpose\nHELLO; greeting\nB1;service\n")
    rows = [touch(MEMORIAL_DAY, "sms", touchpoint="HELLO"), touch(MEMORIAL_DAY, "sms", touchpoint="B1")]
    assert broken(rows, settings=settings) == [("public-holiday", "V1/B1")]


@pytest.mark.parametrize("text", ["id;goal\nB1;greeting\n", "id,purpose\nB1\n", ""])
def test_a_cycle_that_cannot_be_read_is_an_error_in_the_settings(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"ours\.csv"):
        check([touch(on(0))], settings=own_cycle(tmp_path, text))


# --- Against a plain reading of the rules, pair by pair and day by day ---


@st.composite
def calendars(draw: st.DrawFn) -> Rows:
    owners = [("H1", "C1", "V1"), ("H1", "C2", "V2"), ("H2", "C3", "V3")]
    rows = []
    for _ in range(draw(st.integers(0, 14))):
        household, customer, vehicle = draw(st.sampled_from(owners))
        row = touch(
            on(draw(st.integers(0, 60))),
            draw(st.sampled_from(CHANNELS)),
            household_id=household,
            customer_id=customer,
            vehicle_id=vehicle,
            min_gap_days=draw(st.sampled_from([0, 1, 4, 7, 30])),
        )
        pinned = draw(
            st.sampled_from([{}, {}, {"status": "standby"}, {"status": "done"}, {"handed_out_on": on(-9)}])
        )
        rows.append(row | pinned)
    return rows


def movable(row: dict[str, Any]) -> bool:
    return row["status"] != "done" and "handed_out_on" not in row


def pairs_too_close(
    rows: Rows, needed: Callable[[dict[str, Any], dict[str, Any]], int]
) -> set[frozenset[str]]:
    return {
        frozenset((f"{one['vehicle_id']}/X{i + 1}", f"{two['vehicle_id']}/X{j + 1}"))
        for (i, one), (j, two) in combinations(enumerate(rows), 2)
        if one["household_id"] == two["household_id"]
        and (movable(one) or movable(two))
        and abs((one["planned_on"] - two["planned_on"]).days) < needed(one, two)
    }


def reported_pairs(report: pd.DataFrame, rule: str) -> list[frozenset[str]]:
    rows = report[report["rule"] == rule]
    others = [re.search(r"days from (\S+) on", message)[1] for message in rows["message"]]  # type: ignore[index]
    return [frozenset(pair) for pair in zip(rows["contact_id"], others, strict=True)]


@effort(max_examples=30, deadline=None)
@given(calendars(), st.integers(0, 25))
def test_gaps_agree_with_looking_at_every_pair(rows: Rows, call_gap: int) -> None:
    report = check(rows, settings=rules(contact_rules={"call_gap_days": call_gap}))
    by_gap = pairs_too_close(rows, lambda one, two: min(one["min_gap_days"], two["min_gap_days"]))
    by_call = pairs_too_close(
        rows, lambda one, two: call_gap if one["channel"] == two["channel"] == "call" else 0
    )
    for rule, expected in (("gap", by_gap), ("call-gap", by_call)):
        found = reported_pairs(report, rule)
        assert set(found) == expected
        assert len(found) == len(expected)


KINDS = {
    "calls": ("call",),
    "e-mails": ("email",),
    "letters": ("post",),
    "short messages": ("sms", "messenger"),
    "contacts": CHANNELS,
}


@effort(max_examples=30, deadline=None)
@given(calendars(), st.integers(1, 40), st.tuples(*[st.integers(0, 4)] * 5))
def test_caps_agree_with_looking_at_every_run_of_days(
    rows: Rows, cap_days: int, most: tuple[int, ...]
) -> None:
    names = ("max_calls", "max_emails", "max_letters", "max_short_messages", "max_touches")
    report = check(
        rows,
        settings=rules(
            contact_rules={"call_gap_days": 0, "cap_days": cap_days} | dict(zip(names, most, strict=True))
        ),
    )
    report = report[report["rule"] == "cap"]
    day_of = {f"{row['vehicle_id']}/X{number}": row["planned_on"] for number, row in enumerate(rows, start=1)}
    what = report["message"].str.extract(r"^\d+ (.+) from", expand=False)
    found = set(zip(report["household_id"], what, report["contact_id"].map(day_of), strict=True))

    expected = set()
    for household in ("H1", "H2"):
        for (kind, channels), limit in zip(KINDS.items(), most, strict=True):
            of_kind = [row for row in rows if row["household_id"] == household and row["channel"] in channels]
            for start in range(-cap_days, 61):
                run = [row for row in of_kind if on(start) <= row["planned_on"] < on(start + cap_days)]
                if len(run) > limit and any(map(movable, run)):
                    expected.add((household, kind, max(row["planned_on"] for row in run if movable(row))))
    assert found == expected


def test_the_order_of_the_rows_does_not_matter() -> None:
    # Many stand on one day: which of them is named must not hang on the order either.
    random = np.random.default_rng(5)
    rows = [touch(on(int(day)), CHANNELS[day % 3], min_gap_days=4) for day in random.integers(0, 8, size=12)]
    rows += [row | {"household_id": "H2", "customer_id": "C3", "vehicle_id": "V3"} for row in rows]
    table, settings = contacts(rows), rules(capacity={"calls_per_day": 1})
    expected = violations(table, customers(), vehicles(), settings, MONDAY)
    assert set(expected["rule"]) >= {"gap", "call-gap", "cap", "capacity"}
    for _ in range(4):
        order = random.permutation(len(table))
        found = violations(table.iloc[order], customers().iloc[::-1], vehicles().iloc[::-1], settings, MONDAY)
        pd.testing.assert_frame_equal(found, expected)


def test_the_tables_that_are_judged_are_left_as_they_are() -> None:
    tables = contacts([touch(on(0), "call"), touch(on(1), "call")]), customers(), vehicles()
    before = [table.copy() for table in tables]
    violations(*tables, Settings(), MONDAY)
    for table, copy in zip(tables, before, strict=True):
        pd.testing.assert_frame_equal(table, copy)


def test_a_household_with_dozens_of_contacts_on_one_day() -> None:
    rows = [touch(on(0), "sms", min_gap_days=7) for _ in range(60)]
    report = check(rows)
    assert np.count_nonzero(report["rule"] == "gap") == 60 * 59 / 2
