"""Each rule of placement alone, on a few hand-made candidates with days worked out by hand.

January 2024: Monday the 8th is the as-of day, Monday the 15th a public holiday in the US.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from planner.columns import empty, typed
from planner.schedule import place
from planner.settings import Settings
from planner.tables import CONTACTS
from tests.calendars import (
    MONDAY,
    Row,
    candidate,
    candidates,
    customers,
    days,
    fleet,
    live,
    plan,
    reasons,
    statuses,
)

# --- one contact alone: on which days it may be made -------------------------------------------------


def test_a_free_ideal_day_is_taken() -> None:
    placed = plan(candidate("V/A", "2024-01-17", around=5))
    assert days(placed) == {"V/A": "17 Jan"}
    assert (statuses(placed), reasons(placed)) == ({"V/A": "planned"}, {"V/A": "ideal"})


@pytest.mark.parametrize(
    ("channel", "ideal", "expected"),
    [
        ("call", "2024-01-13", "12 Jan"),  # Saturday: Friday is nearest
        ("call", "2024-01-14", "12 Jan"),  # Sunday, Monday is a holiday: Friday and Tuesday, the earlier
        ("post", "2024-01-15", "16 Jan"),  # the holiday: Tuesday is nearest
        ("sms", "2024-01-13", "13 Jan"),  # messages go out on weekends
        ("email", "2024-01-15", "14 Jan"),  # but not on a public holiday
        ("messenger", "2024-01-15", "14 Jan"),
    ],
)
def test_people_work_on_working_days_and_messages_rest_on_holidays(
    channel: str, ideal: str, expected: str
) -> None:
    placed = plan(candidate("V/A", ideal, around=5, channel=channel))
    assert days(placed) == {"V/A": expected}
    assert reasons(placed)["V/A"] == ("ideal" if ideal.endswith(expected[:2]) else "working-day")


def test_the_weekend_is_that_of_the_country() -> None:
    egypt = Settings(dealership={"country": "EG"})
    placed = plan(
        candidate("V/A", "2024-01-12", around=3, channel="call"),  # Friday
        candidate("V/B", "2024-02-11", around=3, channel="call"),  # Sunday
        settings=egypt,
    )
    assert days(placed) == {"V/A": "11 Jan", "V/B": "11 Feb"}


def test_a_greeting_comes_on_its_day_even_on_a_holiday_but_a_card_is_posted_on_a_working_day() -> None:
    placed = plan(
        candidate("V/A", "2024-01-15", purpose="greeting", channel="messenger"),
        candidate("V/B", "2024-02-19", purpose="greeting", channel="post", around=2),  # Presidents' Day
    )
    assert days(placed) == {"V/A": "15 Jan", "V/B": "20 Feb"}


def test_nothing_at_all_on_a_quiet_day() -> None:
    quiet = Settings(contact_rules={"quiet_days": ["2024-01-17", "2024-01-18"]})
    placed = plan(
        candidate("V/A", "2024-01-17", purpose="greeting", channel="messenger"),
        candidate("V/B", "2024-01-18", around=3),
        settings=quiet,
    )
    assert days(placed) == {"V/B": "19 Jan"}
    assert reasons(placed) == {"V/A": "window", "V/B": "working-day"}


def test_the_dealership_may_be_closed_on_a_day_on_which_messages_go_out() -> None:
    closed = Settings(calendar={"closed_on": ["2024-01-17"]})
    call = candidate("V/A", "2024-01-17", around=1, channel="call")
    assert days(plan(call, settings=closed)) == {"V/A": "16 Jan"}
    assert days(plan(call | {"channel": "sms"}, settings=closed)) == {"V/A": "17 Jan"}


def test_nothing_is_planned_before_the_as_of_day() -> None:
    placed = plan(candidate("V/A", "2024-01-04", earliest_on="2024-01-02", latest_on="2024-01-20"))
    assert days(placed) == {"V/A": "08 Jan"}
    assert reasons(placed) == {"V/A": "window"}  # its window no longer holds its ideal day


@pytest.mark.parametrize(
    "window",
    [
        {"earliest_on": "2024-01-13", "latest_on": "2024-01-15"},  # a weekend and a holiday
        {"earliest_on": "2024-01-20", "latest_on": "2024-01-10"},  # the wrong way round
        {"earliest_on": "2023-12-01", "latest_on": "2024-01-07"},  # over
    ],
)
def test_without_a_day_in_its_window_a_contact_is_dropped(window: Row) -> None:
    placed = plan(candidate("V/A", "2024-01-14", channel="call", **window))
    assert (statuses(placed), reasons(placed)) == ({"V/A": "dropped"}, {"V/A": "window"})


def test_a_candidate_without_dates_is_dropped() -> None:
    unknown = candidate("V/A", "2024-01-17") | {"ideal_on": None, "earliest_on": None, "latest_on": None}
    assert reasons(plan(unknown)) == {"V/A": "window"}


# --- consent ------------------------------------------------------------------------------------------


def test_consent_is_the_households() -> None:
    people = customers(
        {"customer_id": "C1", "consent_call": None, "consent_sms": "yes", "consent_email": None},
        {"customer_id": "C2", "consent_call": "no", "consent_sms": None, "consent_email": None},
    )
    policy = Settings(consent={"service": ["call"], "marketing": ["email"]})
    placed = plan(
        candidate("V/call", "2024-02-01", channel="call"),  # one says no: it is theirs, policy or not
        candidate("V/sms", "2024-03-01", channel="sms"),  # one says yes, nobody says no
        candidate("V/mail", "2024-04-01", channel="email"),  # nobody says: the policy for service
        candidate("V/offer", "2024-05-01", channel="email", purpose="marketing"),
        people=people,
        settings=policy,
    )
    assert reasons(placed) == {"V/call": "consent", "V/sms": "ideal", "V/mail": "consent", "V/offer": "ideal"}
    assert statuses(placed)["V/call"] == "dropped"


def test_who_does_not_want_to_be_contacted_is_not() -> None:
    people = customers({"customer_id": "C1"}, {"customer_id": "C2", "do_not_contact": "yes"})
    placed = plan(candidate("V/A", "2024-02-01"), people=people)
    assert (statuses(placed), reasons(placed)) == ({"V/A": "dropped"}, {"V/A": "do-not-contact"})


def test_a_sold_car_gets_nothing_and_takes_no_room() -> None:
    placed = plan(candidate("V/A", "2024-02-01", gone=True), candidate("W/B", "2024-02-01"))
    assert statuses(placed) == {"V/A": "cancelled", "W/B": "planned"}
    assert reasons(placed) == {"V/A": "vehicle-gone", "W/B": "ideal"}


# --- two contacts: gaps -------------------------------------------------------------------------------


def test_the_more_urgent_has_its_day_and_the_other_keeps_the_gap() -> None:
    placed = plan(
        candidate("V/A", "2024-01-22", priority=1),
        candidate("V/B", "2024-01-24", around=10, priority=2),
    )
    assert days(placed) == {"V/A": "22 Jan", "V/B": "29 Jan"}  # 7 days after; 15 January is farther away
    assert reasons(placed) == {"V/A": "ideal", "V/B": "gap"}


@pytest.mark.parametrize(("first", "second"), [(7, 3), (3, 7)])
def test_the_smaller_of_two_gaps_holds(first: int, second: int) -> None:
    placed = plan(
        candidate("V/A", "2024-01-22", priority=1, min_gap_days=first),
        candidate("V/B", "2024-01-22", around=10, priority=2, min_gap_days=second),
    )
    assert days(placed)["V/B"] == "19 Jan"


def test_calls_stand_twenty_days_apart() -> None:
    placed = plan(
        candidate("V/A", "2024-01-22", priority=1, channel="call"),
        candidate("V/B", "2024-02-01", around=15, priority=2, channel="call"),
        candidate("V/C", "2024-02-01", priority=3, channel="sms"),
    )
    # 11 February is a Sunday; the message stands ten days from both.
    assert days(placed) == {"V/A": "22 Jan", "V/B": "12 Feb", "V/C": "01 Feb"}


@pytest.mark.parametrize(("one", "two"), [("V/A", "V/B"), ("V/B", "V/A")])
def test_of_equally_urgent_ones_the_narrower_window_then_the_earlier_day_goes_first(
    one: str, two: str
) -> None:
    placed = plan(candidate(one, "2024-01-22", around=10), candidate(two, "2024-01-23", around=9))
    assert days(placed)[two] == "23 Jan"
    placed = plan(candidate(one, "2024-01-22", around=10), candidate(two, "2024-01-23", around=10))
    assert days(placed)[one] == "22 Jan"


def test_other_households_do_not_matter() -> None:
    placed = plan(
        candidate("V/A", "2024-01-22"),
        candidate("W/A", "2024-01-22", household_id="H2", customer_id="C2"),
        people=customers({"customer_id": "C1"}, {"customer_id": "C2", "household_id": "H2"}),
    )
    assert set(days(placed).values()) == {"22 Jan"}


def test_of_two_for_one_place_the_less_urgent_is_dropped() -> None:
    placed = plan(
        candidate("V/A", "2024-01-22", priority=3),
        candidate("V/B", "2024-01-23", priority=2),
    )
    assert days(placed) == {"V/B": "23 Jan"}
    assert (statuses(placed)["V/A"], reasons(placed)["V/A"]) == ("dropped", "gap")


# --- the frame ----------------------------------------------------------------------------------------


def test_standby_contacts_hold_their_place() -> None:
    placed = plan(
        candidate("V/A", "2024-01-22", priority=1, standby=True),
        candidate("V/B", "2024-01-22", around=10, priority=2),
    )
    assert statuses(placed) == {"V/A": "standby", "V/B": "planned"}
    assert days(placed) == {"V/A": "22 Jan", "V/B": "29 Jan"}


def test_the_result_is_the_contacts_table_in_order() -> None:
    people = customers(
        {"customer_id": "C1", "advisor": "Ada"}, {"customer_id": "C2", "household_id": "G", "advisor": None}
    )
    placed = plan(
        candidate("V/B", "2024-03-01", attempts=3),
        candidate("V/Z", "2024-01-14", channel="call"),
        candidate("V/A", "2024-02-01"),
        candidate("W/A", "2024-06-01", household_id="G", customer_id="C2"),
        candidate("V/Y", "2024-01-14", channel="call"),
        people=people,
    )
    assert list(placed["contact_id"]) == ["W/A", "V/A", "V/B", "V/Y", "V/Z"]
    pd.testing.assert_frame_equal(
        placed.reset_index(drop=True), typed(placed.reset_index(drop=True), CONTACTS)
    )
    assert list(placed["advisor"].fillna("-")) == ["-", "Ada", "Ada", "Ada", "Ada"]
    assert (placed["attempts"] == 0).all()


def test_no_candidates_no_contacts() -> None:
    placed = plan()
    pd.testing.assert_frame_equal(placed.reset_index(drop=True), empty(CONTACTS))


def test_the_order_of_the_rows_does_not_matter() -> None:
    rng = np.random.default_rng(7)
    rows = [
        candidate(
            f"V{rng.integers(3)}/T{number}",
            str(np.datetime64(MONDAY) + rng.integers(0, 200)),
            around=int(rng.integers(0, 20)),
            priority=int(rng.integers(0, 4)),
            channel=str(rng.choice(["call", "sms", "email"])),
            on_conflict=str(rng.choice(["hold", "shift", "float", "drop"])),
        )
        for number in range(40)
    ]
    # And five that nothing but their ids tells apart.
    rows += [candidate(f"V0/E{number}", "2024-12-01", priority=9) for number in range(5)]
    found = candidates(rows)
    results = [
        place(
            found.iloc[rng.permutation(len(found))],
            customers(),
            fleet(found),
            empty(CONTACTS),
            Settings(),
            MONDAY,
        )
        for _ in range(3)
    ]
    assert len(live(results[0])) > 10
    for result in results[1:]:
        pd.testing.assert_frame_equal(result, results[0])
