"""Calls that were made count, also where their contact holds another day since, or none."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from planner.columns import empty, typed
from planner.schedule.check import violations
from planner.settings import Settings
from planner.tables import ANSWERS, CONTACTS
from tests import judged
from tests.calendars import MONDAY, Row, candidate, candidates, customers, days, fleet
from tests.calendars import plan as planned
from tests.judged import on

TALK = date(2024, 1, 10)  # calls stand twenty days apart, so the next is on the 30th at the earliest


def answer(outcome: str, attempt: int = 1, said_on: date = TALK, contact_id: str = "V/A") -> Row:
    return {"contact_id": contact_id, "attempt": attempt, "outcome": outcome, "said_on": said_on}


def answers(*rows: Row) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    return typed(frame.assign(said_on=pd.to_datetime(frame["said_on"]).astype("datetime64[us]")), ANSWERS)


def stored(**values: object) -> pd.DataFrame:
    """The contact V/A as the store has it after somebody was spoken to."""
    before = planned(candidate("V/A", "2024-01-10")).reset_index(drop=True)
    return typed(before.assign(**values), CONTACTS)


LATER = pd.Timestamp("2024-03-06")
PROMISED = {"planned_on": LATER, "callback_on": LATER, "attempts": 1}
FELL_AWAY = {"planned_on": pd.NaT, "status": "cancelled", "reason": "visited", "attempts": 1}


def next_call(before: pd.DataFrame, said: pd.DataFrame | None, channel: str = "call") -> str:
    """The day of another contact of the household, best on 16 January, possible up to 5 February."""
    from planner.schedule import place

    rows = candidates([candidate("V/B", "2024-01-16", around=20, channel=channel, min_gap_days=7)])
    placed = place(rows, customers(), fleet(rows), before, Settings(), MONDAY, said)
    return days(placed.set_index("contact_id", drop=False))["V/B"]


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (PROMISED, [answer("callback")]),
        (PROMISED, [answer("no_answer", said_on=date(2024, 1, 8)), answer("callback", 2)]),
        (FELL_AWAY, [answer("callback")]),
        (FELL_AWAY, [answer("no_answer", said_on=date(2024, 1, 8)), answer("voicemail", 2)]),
    ],
)
def test_the_next_call_keeps_its_distance_from_the_talk(before: Row, said: list[Row]) -> None:
    assert next_call(stored(**before), answers(*said)) == "30 Jan"


@pytest.mark.parametrize("before", [PROMISED, FELL_AWAY])
def test_without_a_talk_nothing_is_in_the_way(before: Row) -> None:
    assert next_call(stored(**before), None) == "16 Jan"
    assert next_call(stored(**before), empty(ANSWERS)) == "16 Jan"


def test_a_try_that_is_repeated_is_no_talk() -> None:
    assert next_call(stored(planned_on=LATER, attempts=1), answers(answer("no_answer"))) == "16 Jan"


def test_a_message_keeps_the_smaller_gap_from_the_talk() -> None:
    """The call of V/A asks for seven days, so does the e-mail: not before the 17th."""
    assert next_call(stored(**PROMISED), answers(answer("callback")), "email") == "17 Jan"


# --- the checker, on its own ------------------------------------------------------------------------------


def broken(rows: list[Row], said: list[Row], since: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    found = violations(
        judged.contacts(rows), judged.customers(), judged.vehicles(), judged.ROOMY_CALLS,
        judged.MONDAY, answers(*said), since,
    )  # fmt: skip
    return list(zip(found["rule"], found["contact_id"], strict=True))


@pytest.mark.parametrize(("after", "expected"), [(19, [("spoken", "V1/X2")]), (20, [])])
def test_a_call_too_soon_after_a_promise_was_given(after: int, expected: list[tuple[str, str]]) -> None:
    promised = judged.touch(on(91), "call", attempts=1, callback_on=on(91))
    said = answer("callback", said_on=on(-4), contact_id="V1/X1") | {"for_on": pd.Timestamp(on(91))}
    assert broken([promised, judged.touch(on(after - 4), "call")], [said]) == expected


@pytest.mark.parametrize(("gap", "expected"), [(6, [("spoken", "V1/X2")]), (5, [])])
def test_a_message_too_soon_after_a_call_that_fell_away(gap: int, expected: list[tuple[str, str]]) -> None:
    gone = judged.unplaced("cancelled", "visited", channel="call", attempts=1, min_gap_days=6)
    said = [answer("no_answer", said_on=on(-4), contact_id="V1/X1")]
    assert broken([gone, judged.touch(on(1), "email", min_gap_days=gap)], said) == expected
    handed_out = judged.touch(on(1), "email", min_gap_days=gap, handed_out_on=on(-2))
    assert broken([gone, handed_out], said) == []


def test_what_was_said_since_the_plan_is_for_the_next_one() -> None:
    promised = judged.touch(on(91), "call", attempts=1, callback_on=on(91))
    said = [answer("callback", said_on=on(-4), contact_id="V1/X1") | {"for_on": pd.Timestamp(on(91))}]
    rows = [promised, judged.touch(on(3), "call")]
    assert broken(rows, said) == [("spoken", "V1/X2")]
    assert broken(rows, said, frozenset({"V1/X1"})) == []
