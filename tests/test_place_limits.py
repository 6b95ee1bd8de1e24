"""Placement under caps and capacity, on a few hand-made candidates with days worked out by hand.

January 2024: Monday the 8th is the as-of day, Monday the 15th a public holiday in the US.
"""

from __future__ import annotations

import pandas as pd
import pytest

from planner.settings import Settings
from tests.calendars import (
    Row,
    candidate,
    customers,
    days,
    plan,
    reasons,
    statuses,
)

# --- caps ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cap", "channels"),
    [
        ("max_calls", ["call"]),
        ("max_emails", ["email"]),
        ("max_letters", ["post"]),
        ("max_short_messages", ["sms", "messenger"]),
        ("max_touches", ["email", "post", "sms"]),
    ],
)
def test_in_ninety_days_no_more_than_the_cap(cap: str, channels: list[str]) -> None:
    """With a cap of 2: Monday 8 January, Wednesday 7 February, and the third on the 90th day or after."""
    found = [
        candidate("V/A", "2024-01-08", priority=1, channel=channels[0]),
        candidate("V/B", "2024-02-07", priority=2, channel=channels[1 % len(channels)]),
        candidate(
            "V/C", "2024-03-13", latest_on="2024-05-01", priority=3, channel=channels[2 % len(channels)]
        ),
    ]
    placed = plan(*found, settings=Settings(contact_rules={cap: 2}))
    # 8 January + 90 days is Sunday, 7 April, on which nobody calls or posts.
    expected = "08 Apr" if channels[2 % len(channels)] in ("call", "post") else "07 Apr"
    assert days(placed) == {"V/A": "08 Jan", "V/B": "07 Feb", "V/C": expected}
    assert reasons(placed)["V/C"] == "cap"
    free = plan(*found, settings=Settings(contact_rules={cap: 3}))
    assert days(free)["V/C"] == "13 Mar"


def test_a_crowd_is_found_on_both_sides_of_the_day() -> None:
    two = Settings(contact_rules={"max_emails": 2})
    placed = plan(
        candidate("V/A", "2024-02-01", priority=1, channel="email"),
        candidate("V/B", "2024-04-01", priority=1, channel="email"),
        candidate("V/C", "2024-03-01", priority=2, channel="email"),
        settings=two,
    )
    assert (statuses(placed)["V/C"], reasons(placed)["V/C"]) == ("dropped", "cap")


def test_the_ninetieth_day_is_no_longer_in_the_crowd() -> None:
    two = Settings(contact_rules={"max_emails": 2})
    placed = plan(
        candidate("V/A", "2024-02-01", priority=1, channel="email"),
        candidate("V/B", "2024-05-01", priority=1, channel="email"),  # 90 days later
        candidate("V/C", "2024-03-15", priority=2, channel="email"),
        settings=two,
    )
    assert days(placed)["V/C"] == "15 Mar"
    assert reasons(placed)["V/C"] == "ideal"


def test_a_cap_of_none_drops_all() -> None:
    placed = plan(
        candidate("V/A", "2024-02-01", channel="call"),
        candidate("V/B", "2024-03-01", channel="sms"),
        settings=Settings(contact_rules={"max_calls": 0}),
    )
    assert reasons(placed) == {"V/A": "cap", "V/B": "ideal"}


# --- capacity -----------------------------------------------------------------------------------------


def two_households(*rows: Row) -> tuple[list[Row], pd.DataFrame]:
    found = [
        row | {"household_id": f"H{number}", "customer_id": f"C{number}", "contact_id": f"V{number}/A"}
        for number, row in enumerate(rows)
    ]
    people = [
        {"customer_id": f"C{number}", "household_id": f"H{number}", "advisor": row.get("advisor")}
        for number, row in enumerate(rows)
    ]
    return found, customers(*people)


def test_no_more_calls_a_day_than_the_team_can_make() -> None:
    call = candidate("V/A", "2024-01-24", around=1, channel="call")
    found, people = two_households(call, call, call, call)
    placed = plan(*found, people=people, settings=Settings(capacity={"calls_per_day": 1}))
    assert sorted(days(placed).values()) == ["23 Jan", "24 Jan", "25 Jan"]
    assert sorted(placed["reason"]) == ["capacity", "capacity", "capacity", "ideal"]
    assert sorted(placed["status"]) == ["dropped", "planned", "planned", "planned"]


def test_messages_do_not_count_as_calls() -> None:
    found, people = two_households(*[candidate("V/A", "2024-01-24")] * 3)
    placed = plan(*found, people=people, settings=Settings(capacity={"calls_per_day": 1}))
    assert set(days(placed).values()) == {"24 Jan"}


def test_an_advisor_may_have_a_limit_of_his_own() -> None:
    call = candidate("V/A", "2024-01-24", around=1, channel="call")
    found, people = two_households(
        call | {"advisor": "Ada"}, call | {"advisor": "Ada"}, call | {"advisor": "Bo"}
    )
    placed = plan(*found, people=people, settings=Settings(capacity={"advisors": {"Ada": 1}}))
    assert list(placed["advisor"]) == ["Ada", "Ada", "Bo"]
    assert days(placed)["V2/A"] == "24 Jan"
    assert sorted(days(placed).values()) == ["23 Jan", "24 Jan", "24 Jan"]


def test_the_teams_limit_holds_for_an_advisor_with_a_higher_one() -> None:
    call = candidate("V/A", "2024-01-24", channel="call")
    found, people = two_households(call | {"advisor": "Ada"}, call | {"advisor": "Ada"})
    both = Settings(capacity={"calls_per_day": 1, "advisors": {"Ada": 2}})
    assert len(days(plan(*found, people=people, settings=both))) == 1


@pytest.mark.parametrize(("one", "two"), [(0, 1), (1, 0)])
def test_a_call_that_moves_leaves_its_place_to_others(one: int, two: int) -> None:
    found = [
        candidate("V/A", "2024-01-24", around=10, channel="call", priority=1),
        candidate("V/B", "2024-01-24", priority=2),
        candidate("W/A", "2024-01-24", around=10, channel="call", priority=1),
    ]
    for number, row in zip((one, one, two), found, strict=True):
        row |= {"household_id": f"H{number}", "customer_id": f"C{number}"}
    people = customers(*({"customer_id": f"C{number}", "household_id": f"H{number}"} for number in (0, 1)))
    placed = plan(*found, people=people, settings=Settings(capacity={"calls_per_day": 1}))
    assert days(placed) == {"V/A": "17 Jan", "V/B": "24 Jan", "W/A": "24 Jan"}
