"""The independent checker: its report, codes, ids and households.

The calendar of a test is a few rows made by `touch`. What a test does not speak of is in order, and no
other rule may complain: `broken` gives every rule that does, with the contact that it names.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from planner.columns import empty, typed
from planner.schedule.check import violations
from planner.schedule.invariants import RULES
from planner.settings import Settings
from planner.tables import CONTACTS, CUSTOMERS, VEHICLES
from tests.judged import (
    MONDAY,
    Rows,
    broken,
    check,
    contacts,
    customers,
    done,
    on,
    touch,
    unplaced,
    vehicles,
)


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
