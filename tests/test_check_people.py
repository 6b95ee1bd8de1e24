"""The checker's rules about people and cars: each on rows that just break it and rows that just do not."""

from __future__ import annotations

from typing import Any

import pytest

from planner.tables import CHANNELS, GONE
from tests.judged import (
    broken,
    customers,
    done,
    on,
    rules,
    touch,
    unplaced,
    vehicles,
)


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
    for status in GONE:
        assert broken(rows, vehicles=vehicles(V1=status)) == [
            ("vehicle-gone", "V1/X1"),
            ("vehicle-gone", "V1/X2"),
            ("vehicle-gone", "V1/X5"),
            ("vehicle-gone", "V2/X3"),
        ]
    assert broken(rows) == []
