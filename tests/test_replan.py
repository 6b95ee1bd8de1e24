"""After a change: what was done, tried, promised or handed out stays; of the rest only what must moves."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from planner.columns import typed
from planner.settings import Settings
from planner.tables import CONTACTS, VEHICLES
from tests.calendars import Row, candidate, customers, days, live, plan, three_years

DELIVERED = date(2024, 3, 11)


def stored(*rows: Row, **kwargs: object) -> pd.DataFrame:
    """A calendar as the store would hand it over."""
    return plan(*rows, **kwargs).reset_index(drop=True)  # type: ignore[arg-type]


def with_values(calendar: pd.DataFrame, contact_id: str, **values: object) -> pd.DataFrame:
    changed = calendar.copy()
    for column, value in values.items():
        changed.loc[changed["contact_id"] == contact_id, column] = value
    return changed


def cars(*ids: str, **status: str) -> pd.DataFrame:
    rows = [{"vehicle_id": name, "customer_id": "C1", "status": status.get(name, "active")} for name in ids]
    return typed(pd.DataFrame(rows), VEHICLES)


# --- what stays ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fact",
    [
        {"handed_out_on": pd.Timestamp("2024-01-08")},
        {"outcome": "not_yet"},
        {"callback_on": pd.Timestamp("2024-01-30")},
        {"attempts": 1},
        {"status": "done"},
    ],
)
def test_what_was_handed_out_tried_promised_or_done_stays_even_if_its_window_moved(fact: Row) -> None:
    before = with_values(stored(candidate("V/A", "2024-01-24", around=2)), "V/A", **fact)
    moved = candidate("V/A", "2024-03-24", around=2)
    after = plan(moved, candidate("V/B", "2024-01-24", around=10, priority=0), previous=before)
    # The more urgent one has to keep clear of it.
    assert days(after) == {"V/A": "24 Jan", "V/B": "17 Jan"}
    assert after.loc["V/A", "status"] == fact.get("status", "planned")
    assert after.loc["V/A", "reason"] == ("ideal" if "status" in fact else "pinned")
    assert after.loc["V/A", "latest_on"] == pd.Timestamp("2024-01-26")


def test_what_is_done_counts_for_gaps_and_caps_after_its_day() -> None:
    before = with_values(stored(candidate("V/A", "2024-01-24")), "V/A", status="done")
    later = date(2024, 1, 27)
    after = plan(candidate("V/B", "2024-01-28", around=10), previous=before, as_of=later)
    assert days(after) == {"V/A": "24 Jan", "V/B": "31 Jan"}
    one = Settings(contact_rules={"max_touches": 1})
    capped = plan(candidate("V/B", "2024-01-28", around=10), previous=before, as_of=later, settings=one)
    assert capped.loc["V/B", "reason"] == "cap"


def test_handed_out_calls_count_for_capacity() -> None:
    people = customers(
        {"customer_id": "C1", "advisor": "Ada"}, {"customer_id": "C2", "household_id": "G", "advisor": "Ada"}
    )
    before = with_values(
        stored(candidate("V/A", "2024-01-24", channel="call"), people=people),
        "V/A",
        handed_out_on=pd.Timestamp("2024-01-22"),
    )
    other = candidate("W/A", "2024-01-24", around=1, channel="call", household_id="G", customer_id="C2")
    for capacity in ({"calls_per_day": 1}, {"advisors": {"Ada": 1}}):
        after = plan(
            other, previous=before, people=people, cars=cars("V", "W"), settings=Settings(capacity=capacity)
        )
        assert days(after) == {"V/A": "24 Jan", "W/A": "23 Jan"}


def test_the_day_stays_while_the_ideal_day_wanders() -> None:
    before = stored(candidate("V/A", "2024-01-24", around=7))
    after = plan(candidate("V/A", "2024-01-27", around=7), previous=before)
    assert days(after) == {"V/A": "24 Jan"}
    assert after.loc["V/A", "reason"] == "pinned"
    # Out of its window it has to move.
    assert days(plan(candidate("V/A", "2024-02-08", around=7), previous=before)) == {"V/A": "08 Feb"}


def test_what_holds_its_day_follows_it() -> None:
    before = stored(candidate("V/A", "2024-01-24", around=7, on_conflict="hold"))
    after = plan(candidate("V/A", "2024-01-27", around=7, on_conflict="hold"), previous=before)
    assert days(after) == {"V/A": "27 Jan"}


def test_the_reason_stays_with_the_day() -> None:
    rows = [candidate("V/A", "2024-01-22", priority=1), candidate("V/B", "2024-01-24", around=10)]
    before = stored(*rows)
    after = plan(rows[1], previous=before)  # A is gone, B has no need to come back
    assert days(after) == {"V/B": "29 Jan"}
    assert after.loc["V/B", "reason"] == "gap"


def test_a_more_urgent_newcomer_moves_a_neighbour_and_nobody_else() -> None:
    rows = [
        candidate("V/A", "2024-01-22", around=8, priority=3),
        candidate("V/B", "2024-02-22", around=8, priority=3),
    ]
    before = stored(*rows)
    after = plan(*rows, candidate("V/C", "2024-01-23", priority=1), previous=before)
    assert days(after) == {"V/A": "16 Jan", "V/B": "22 Feb", "V/C": "23 Jan"}
    assert after.loc["V/C", "reason"] == "repaired"


def test_a_more_urgent_newcomer_pushes_out_one_that_cannot_move() -> None:
    fixed = candidate("V/A", "2024-01-22", priority=3)
    before = stored(fixed)
    after = plan(fixed, candidate("V/C", "2024-01-23", priority=1), previous=before)
    assert days(after) == {"V/C": "23 Jan"}
    assert (after.loc["V/A", "status"], after.loc["V/A", "reason"]) == ("dropped", "gap")
    # An equally urgent one does not.
    assert days(plan(fixed, candidate("V/C", "2024-01-23"), previous=before)) == {"V/A": "22 Jan"}


def test_of_those_who_could_be_pushed_out_the_least_urgent_goes() -> None:
    two = Settings(contact_rules={"max_touches": 2})
    rows = [candidate("V/A", "2024-02-01", priority=3), candidate("V/B", "2024-02-20", priority=4)]
    before = stored(*rows, settings=two)
    after = plan(*rows, candidate("V/C", "2024-03-10", priority=1), previous=before, settings=two)
    assert days(after) == {"V/A": "01 Feb", "V/C": "10 Mar"}


def test_one_is_pushed_out_where_it_costs_least() -> None:
    kept = [candidate("V/A", "2024-02-01", priority=3), candidate("V/B", "2024-02-14", priority=4)]
    before = stored(*kept)
    urgent = candidate("V/C", "2024-02-03", latest_on="2024-02-16", priority=1)
    # Near its ideal day it would push out A; from the 8th on, seven days after A, only B.
    assert days(plan(*kept, urgent, previous=before)) == {"V/A": "01 Feb", "V/C": "08 Feb"}


def test_of_two_who_make_room_the_more_urgent_ends_with_a_place() -> None:
    kept = [
        candidate("V/A", "2024-02-01", latest_on="2024-02-12", priority=4),
        candidate("V/B", "2024-02-08", latest_on="2024-02-12", priority=3),
    ]
    before = stored(*kept)
    after = plan(*kept, candidate("V/C", "2024-02-05", priority=1), previous=before)
    # The 12th is the only free day for either.
    assert days(after) == {"V/B": "12 Feb", "V/C": "05 Feb"}


@pytest.mark.parametrize(("around", "others"), [(10, {"V/A": "16 Jan"}), (0, {})])
def test_what_holds_its_day_has_it_whoever_stood_there(around: int, others: dict[str, str]) -> None:
    kept = candidate("V/A", "2024-01-22", around=around, priority=0)
    before = stored(kept)
    holds = candidate("V/B", "2024-01-23", around=10, priority=5, on_conflict="hold")
    assert days(plan(kept, holds, previous=before)) == {"V/B": "23 Jan", **others}


# --- what falls away ----------------------------------------------------------------------------------


def test_a_visited_services_touches_are_cancelled() -> None:
    first = [
        candidate("V/S1c", "2024-02-20", around=7, channel="call", service_no=1),
        candidate("V/S1d", "2024-04-01", around=7, service_no=1, standby=True),
    ]
    second = candidate("V/S2c", "2025-02-20", around=7, channel="call", service_no=2)
    before = stored(*first, second)
    visit = candidate("V/V1", "2024-01-31", service_no=1, purpose="survey")  # asks how the visit was
    after = plan(second, visit, previous=before)
    assert days(after) == {"V/S2c": "20 Feb", "V/V1": "31 Jan"}
    cancelled = after.loc[["V/S1c", "V/S1d"]]
    assert list(cancelled["status"]) == ["cancelled", "cancelled"]
    assert list(cancelled["reason"]) == ["visited", "visited"]


def test_a_touch_of_a_service_that_is_still_to_come_was_not_visited() -> None:
    call = candidate("V/S1c", "2024-02-20", around=7, channel="call", service_no=1)
    other = candidate("V/S1d", "2024-04-01", around=7, service_no=1)
    after = plan(other, previous=stored(call, other))
    assert (after.loc["V/S1c", "status"], after.loc["V/S1c", "reason"]) == ("cancelled", "not-due")


def test_a_sold_cars_touches_are_cancelled() -> None:
    before = stored(candidate("V/A", "2024-02-01"), candidate("W/A", "2024-02-12"))
    for after in (
        # The cycle still makes candidates of it, or it does not.
        plan(candidate("V/A", "2024-02-01", gone=True), candidate("W/A", "2024-02-12"), previous=before),
        plan(candidate("W/A", "2024-02-12"), previous=before, cars=cars("V", "W", V="sold")),
        plan(candidate("W/A", "2024-02-12"), previous=before, cars=cars("W")),
    ):
        assert days(after) == {"W/A": "12 Feb"}
        assert (after.loc["V/A", "status"], after.loc["V/A", "reason"]) == ("cancelled", "vehicle-gone")


def test_what_nobody_asks_for_any_more_is_cancelled() -> None:
    before = stored(
        candidate("V/A", "2024-01-20"),
        candidate("V/B", "2024-05-01"),
        candidate("V/C", "2024-05-01", priority=5),
    )
    other = candidate("V/D", "2024-08-01")
    after = plan(other, previous=before, as_of=date(2024, 2, 1))
    assert after[["status", "reason"]].to_dict("index") == {
        "V/A": {"status": "cancelled", "reason": "window"},  # its days are over and nobody made it
        "V/B": {"status": "cancelled", "reason": "not-due"},
        "V/C": {"status": "dropped", "reason": "gap"},  # as it was: it never had a day
        "V/D": {"status": "planned", "reason": "ideal"},
    }
    assert days(after) == {"V/D": "01 Aug"}


@pytest.mark.parametrize(
    ("people", "sold", "reason"),
    [
        ({"do_not_contact": "yes"}, {}, "do-not-contact"),
        ({"consent_sms": "no"}, {}, "consent"),
        ({}, {"V": "sold"}, "vehicle-gone"),
    ],
)
def test_a_handed_out_contact_that_must_not_be_made_is_cancelled_while_it_is_to_come(
    people: Row, sold: dict[str, str], reason: str
) -> None:
    before = with_values(
        stored(candidate("V/A", "2024-01-24")), "V/A", handed_out_on=pd.Timestamp("2024-01-22")
    )
    said, here = customers({"customer_id": "C1", **people}), cars("V", **sold)
    after = plan(previous=before, people=said, cars=here, as_of=date(2024, 1, 23))
    assert (after.loc["V/A", "status"], after.loc["V/A", "reason"]) == ("cancelled", reason)
    assert days(after) == {}
    # Once its day has passed it may well have been made: it stays, and counts.
    later = plan(previous=before, people=said, cars=here, as_of=date(2024, 1, 25))
    assert days(later) == {"V/A": "24 Jan"}
    # What is done is history.
    done = plan(
        previous=with_values(before, "V/A", status="done"), people=said, cars=here, as_of=date(2024, 1, 23)
    )
    assert done.loc["V/A", "status"] == "done"


def test_people_who_turn_out_to_be_one_household_are_planned_as_one() -> None:
    apart = customers({"customer_id": "C1"}, {"customer_id": "C2", "household_id": "G"})
    rows = [
        candidate("V/A", "2024-01-24", household_id="G", customer_id="C2"),
        candidate("W/B", "2024-01-24", around=10),
    ]
    before = with_values(stored(*rows, people=apart), "V/A", handed_out_on=pd.Timestamp("2024-01-22"))
    assert set(days(before).values()) == {"24 Jan"}
    together = customers({"customer_id": "C1"}, {"customer_id": "C2"})
    after = plan(*rows, previous=before, people=together)
    assert set(after["household_id"]) == {"H"}
    assert days(after) == {"V/A": "24 Jan", "W/B": "17 Jan"}


# --- the whole calendar -------------------------------------------------------------------------------


def test_planning_twice_gives_the_same() -> None:
    rows = three_years(DELIVERED)
    before = stored(*rows, as_of=DELIVERED)
    pd.testing.assert_frame_equal(stored(*rows, previous=before, as_of=DELIVERED), before)


def test_a_week_later_everything_stands_where_it_stood() -> None:
    rows = three_years(DELIVERED)
    before = stored(*rows, as_of=DELIVERED)
    later = DELIVERED + timedelta(days=7)
    handed_out = before["planned_on"] < pd.Timestamp(later)
    before.loc[handed_out, "handed_out_on"] = pd.Timestamp(DELIVERED)
    cut = [
        row | {"earliest_on": max(row["earliest_on"], later)}  # type: ignore[type-var]
        for row in rows
        if row["latest_on"] >= later  # type: ignore[operator]
    ]
    after = plan(*cut, previous=before, as_of=later)
    assert days(after) == days(before)


def test_an_earlier_visit_moves_the_services_and_as_little_else_as_possible() -> None:
    rows = three_years(DELIVERED)
    before = stored(*rows, as_of=DELIVERED)
    shifted = [
        row
        | {
            name: row[name] - timedelta(days=12)  # type: ignore[operator]
            for name in ("ideal_on", "earliest_on", "latest_on")
        }
        if row["contact_id"].split("/")[1][:2] in ("S2", "V2", "S3")  # type: ignore[attr-defined]
        else row
        for row in rows
    ]
    after = plan(*shifted, previous=before, as_of=DELIVERED)
    old, new = days(before), days(after)
    services = {row["contact_id"] for row in shifted} - {row["contact_id"] for row in rows if row in shifted}
    moved = {name for name in old if old[name] != new.get(name)}
    assert len(live(after)) >= 34
    assert len(moved - services) <= 2
    assert np.isin(after["contact_id"], list(old)).all()


def test_the_store_may_hold_contacts_of_customers_who_are_gone() -> None:
    before = with_values(stored(candidate("V/A", "2024-01-24")), "V/A", status="done", customer_id="C9")
    after = plan(previous=before, cars=cars())
    assert after.loc["V/A", "household_id"] == "H"
    assert after.loc["V/A", "status"] == "done"
    assert list(after.columns) == CONTACTS.names


def test_who_was_named_in_a_contact_that_is_withdrawn_gets_one_of_its_own() -> None:
    """Found by hostile households: the car of the contact that was handed out is sold meanwhile."""
    both = [candidate(name, "2024-01-24", around=5, script="tips") for name in ("V/A", "W/A")]
    before = with_values(stored(*both), "V/A", handed_out_on=pd.Timestamp("2024-01-08"))
    assert list(before["also_vehicle_ids"].dropna()) == ["W"]
    gone = both[0] | {"gone": True}
    after = plan(gone, both[1], previous=before, cars=cars("V", "W", V="sold"))
    assert days(after) == {"W/A": "24 Jan"}
    assert list(after["status"]) == ["planned", "cancelled"]
