"""The checker's gaps, caps and capacity, and all against a plain reading, pair by pair and day by day."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from planner.schedule.check import violations
from planner.settings import Settings
from planner.tables import CHANNELS
from tests.judged import (
    MONDAY,
    Rows,
    broken,
    check,
    contacts,
    customers,
    done,
    on,
    rules,
    touch,
    unplaced,
    vehicles,
)


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
