"""One contact that stands in the way of several others gives up its place to them; worked out by hand.

Calls stand 20 days apart; 10 January and 2 February are Wednesday and Friday, both 12 days from 22 January
or less.
"""

from __future__ import annotations

import pytest

from planner.settings import Settings
from tests.calendars import Row, candidate, days, live, plan

# Placed first, for its window is the narrowest; then there is no room for the other two.
MIDDLE = candidate("V/A", "2024-01-22", channel="call", priority=1)
BEFORE = candidate("V/B", "2024-01-10", around=1, channel="call", priority=1)
AFTER = candidate("V/C", "2024-02-02", around=1, channel="call", priority=1)


def test_one_makes_place_for_two_of_its_kind() -> None:
    placed = plan(MIDDLE, BEFORE, AFTER)
    assert days(placed) == {"V/B": "10 Jan", "V/C": "02 Feb"}
    assert (placed.loc["V/A", "status"], placed.loc["V/A", "reason"]) == ("dropped", "gap")


def test_but_not_for_one() -> None:
    assert days(plan(MIDDLE, BEFORE)) == {"V/A": "22 Jan"}


@pytest.mark.parametrize(
    ("change", "stands"),
    [
        ({"priority": 0}, ["V/A"]),  # one of the next priority is worth half
        ({"on_conflict": "hold"}, ["V/A"]),
        ({"priority": 2}, ["V/B", "V/C"]),
    ],
)
def test_it_depends_on_who_stands_in_the_way(change: Row, stands: list[str]) -> None:
    assert sorted(days(plan(MIDDLE | change, BEFORE, AFTER))) == stands


def test_who_takes_a_free_day_or_none_is_no_reason_to_go() -> None:
    drops = [BEFORE | {"on_conflict": "drop"}, AFTER | {"on_conflict": "drop"}]
    assert days(plan(MIDDLE, *drops)) == {"V/A": "22 Jan"}


def test_a_cap_is_a_reason_too_and_the_next_plan_keeps_it() -> None:
    """Two contacts in 90 days: with the one in the middle stand three, without it four."""
    rules = Settings(contact_rules={"max_touches": 2})
    ends = [
        candidate(f"V/{name}", day, around=2, priority=1)
        for name, day in (("B", "2024-01-20"), ("C", "2024-01-30"), ("D", "2024-04-21"), ("E", "2024-04-30"))
    ]
    middle = candidate("V/A", "2024-03-01", around=1, priority=1)
    placed = plan(middle, *ends, settings=rules)
    assert sorted(live(placed)["contact_id"]) == ["V/B", "V/C", "V/D", "V/E"]
    again = plan(middle, *ends, settings=rules, previous=placed.reset_index(drop=True))
    assert days(again) == days(placed)
