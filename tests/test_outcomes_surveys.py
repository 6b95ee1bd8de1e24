"""Scores of surveys that are given in a call: which notes hold one, and where it is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from planner.columns import typed
from planner.outcomes.surveys import score, scores
from planner.pipeline import take_outcomes
from planner.settings import Settings
from planner.store import Store
from planner.tables import ANSWERS
from tests.desk import filled
from tests.outcome_world import MONDAY, world

TOUCHPOINTS = pd.DataFrame({"id": ["T2", "S1c"], "purpose": ["survey", "service"]})


@pytest.mark.parametrize(
    ("note", "given"),
    [
        *(("0", 0), ("10", 10), (" 9 ", 9), ("٩", 9), ("9/10", 9), ("8 out of 10, the coffee", 8)),
        *(("7; waited long", 7), ("9 very happy", 9), ("10. All well", 10), ("8 من 10", 8), ("٨، شكرا", 8)),
    ],
)
def test_a_note_that_begins_with_a_score(note: str, given: int) -> None:
    assert score(note) == given


NO_SCORES = [
    *("", "all well", "11", "-3", "8.5", "9,000 km", "9 000", "10:30", "3-4", "5%", "3/3/2026", "2nd owner"),
    *("2 weeks without a car", "5 km short", "3 times", "1500 a month", "score 9", "٥ أيام", "3 مرات"),
]


@pytest.mark.parametrize("note", NO_SCORES)
def test_other_numbers_are_none(note: str) -> None:
    assert score(note) is None


def said(outcome: str, touchpoint: str = "T2", note: str = "9", customer: str = "C1") -> dict[str, object]:
    day = pd.Timestamp("2026-02-13")
    return {"contact_id": f"V/{touchpoint}", "attempt": 1, "customer_id": customer, "touchpoint": touchpoint,
            "outcome": outcome, "note": note, "said_on": day}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        (said("reached"), [("C1", 9.0)]),
        (said("complaint", note="2, rude"), [("C1", 2.0)]),
        (said("reached", touchpoint="S1c"), []),
        (said("no_answer"), []),
        (said("callback", note="5"), []),
        (said("reached", note="all well"), []),
        (said("reached", note=None), []),  # type: ignore[arg-type]
    ],
)
def test_only_talks_that_ask_for_a_score_give_one(
    row: dict[str, object], kept: list[tuple[str, float]]
) -> None:
    found = scores(typed(pd.DataFrame([row], columns=ANSWERS.names), ANSWERS), TOUCHPOINTS)
    assert list(zip(found["customer_id"], found["score"], strict=True)) == kept
    assert (found["asked_on"] == pd.Timestamp("2026-02-13")).all()


def test_a_score_is_stored_beside_those_of_the_exports(tmp_path: Path) -> None:
    tables = world().tables
    contacts = tables["contacts"]
    call = contacts["contact_id"] == "V/S1c"
    tables["contacts"] = contacts.assign(touchpoint=contacts["touchpoint"].mask(call, "T2"))
    rows = filled({"contact_id": "V/S1c", "outcome": "reached", "note": "9, was glad to be asked"})
    friday = date(2026, 2, 13)
    with Store.create(tmp_path / "dealership.db") as store:
        for name, table in tables.items():
            store.replace(name, table)
        take_outcomes(store, rows, Settings(), friday, dry_run=True)
        assert store.read("surveys").empty
        for _ in range(2):
            take_outcomes(store, rows, Settings(), friday)
            kept = store.read("surveys")
            day = pd.Timestamp(MONDAY)  # its planned day: the list of that week came back on Friday
            assert kept.to_dict("records") == [{"customer_id": "C1", "asked_on": day, "score": 9.0}]
