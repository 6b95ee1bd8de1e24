"""Which contact carries a cue: brought forward inside the rules, the same one from week to week."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from planner.columns import empty, typed
from planner.households import resolve_households
from planner.pipeline import build_plan
from planner.sample import make_sample
from planner.schedule import place
from planner.schedule.check import violations
from planner.schedule.cues import bring_forward, carry
from planner.settings import Settings
from planner.tables import CONTACTS, CUES, CUSTOMERS, STORED
from tests.calendars import MONDAY, Row, candidate, candidates, customers, fleet

SET = Settings()
TODAY = pd.Timestamp(MONDAY)  # 8 January 2024


def cue(**more: Any) -> Row:
    told = {"score": 0.5, "evidence": "finance_end=2024-06-01", "expected_on": "2024-06-01"}
    who = {"household_id": "H", "kind": "next_car", "vehicle_id": "V", "customer_id": "C1"}
    return {**who, **told, "opened_on": TODAY, **more}


def cue_frame(*rows: Row) -> pd.DataFrame:
    return typed(pd.DataFrame([*rows] or [cue()]), CUES)


def sales(name: str, ideal: str, **more: Any) -> Row:
    """A call of the renewal talk, four weeks wide."""
    return candidate(name, ideal, **{"around": 14, "purpose": "marketing", "script": "renewal_call",
                                     "channel": "call", "priority": 1, **more})  # fmt: skip


def stored(*rows: Row) -> pd.DataFrame:
    return typed(pd.DataFrame(list(rows)), CONTACTS) if rows else empty(CONTACTS)


def planned(row: Row, on: str, **more: Any) -> Row:
    return {
        **row,
        "planned_on": pd.Timestamp(on),
        "status": "planned",
        "reason": "ideal",
        "attempts": 0,
        **more,
    }


def moved(*rows: Row, cues: pd.DataFrame | None = None, previous: pd.DataFrame | None = None,
          people: pd.DataFrame | None = None, on: date = MONDAY) -> pd.DataFrame:  # fmt: skip
    """The candidates that were brought forward, by contact_id."""
    made = bring_forward(
        candidates(rows),
        cue_frame() if cues is None else cues,
        stored() if previous is None else previous,
        customers() if people is None else people,
        SET,
        on,
    )
    return made[made["forward"]].set_index("contact_id")


def test_a_sales_call_comes_sooner_and_keeps_its_id_and_its_last_day() -> None:
    made = moved(sales("V/F1", "2025-01-08"))
    assert list(made.index) == ["V/F1"]
    assert made["ideal_on"].between(TODAY + pd.Timedelta(days=10), TODAY + pd.Timedelta(days=39)).all()
    assert made["earliest_on"].iloc[0] == TODAY
    assert made["latest_on"].iloc[0] == pd.Timestamp(2025, 1, 22)


@pytest.mark.parametrize(
    "row",
    [
        sales("V/F1", "2025-07-02"),  # 541 days ahead
        sales("V/F1", "2025-01-08", purpose="service"),
        sales("V/F1", "2025-01-08", script="season"),
        sales("V/F1", "2025-01-08", script="test_drive"),  # speaks of a second car
        sales("V/F1", "2025-01-08", gone=True),
        sales("V/F1", "2025-01-08", standby=True),
        sales("V/F1", "2025-01-08", household_id="H2"),
        sales("V/F1", "2024-01-15"),  # stands there already
    ],
)
def test_what_stays_where_it_is(row: Row) -> None:
    assert moved(row).empty


@pytest.mark.parametrize(
    ("rows", "which"),
    [
        # A call before a message, the cue's own car before another, then the earlier one.
        ([sales("V/F2", "2024-06-01", channel="email"), sales("W/F1", "2025-01-08")], "W/F1"),
        ([sales("W/F1", "2024-06-01"), sales("V/F1", "2025-01-08")], "V/F1"),
        ([sales("V/F1", "2025-01-08"), sales("V/G1", "2024-06-01")], "V/G1"),
        # No message where a call of any kind is near, but for one that carried the cue before.
        (
            [sales("V/F2", "2024-06-01", channel="email"), candidate("V/S2c", "2024-05-07", channel="call")],
            None,
        ),
        (
            [sales("V/F2", "2024-06-01", channel="email"), candidate("V/S2c", "2024-05-08", channel="call")],
            "V/F2",
        ),
    ],
)
def test_only_one_contact_of_a_household_is_moved(rows: list[Row], which: str | None) -> None:
    assert list(moved(*rows).index) == ([which] if which else [])


def test_what_carried_it_before_goes_on() -> None:
    rows = [sales("V/F2", "2024-06-01", channel="email"), sales("V/F1", "2025-01-08")]
    before = cue_frame(cue(contact_id="V/F2"))
    assert list(moved(*rows, cues=before).index) == ["V/F2"]
    near = candidate("V/S2c", "2024-02-01", channel="call")
    assert list(moved(rows[0], near, cues=before).index) == ["V/F2"]


def test_nobody_is_asked_twice() -> None:
    called = planned(sales("V/F0", "2024-01-03"), "2024-01-03", status="done", attempts=1)
    asked = cue_frame(cue(contact_id="V/F0", opened_on="2024-01-01"))
    rows = [sales("V/F1", "2025-01-08")]
    assert moved(*rows, cues=asked, previous=stored(called)).empty
    assert len(moved(*rows, cues=asked, previous=stored(called), on=date(2024, 7, 1)))  # 180 days later
    assert len(moved(*rows, cues=asked, previous=stored({**called, "contact_id": "V/X"})))


@pytest.mark.parametrize(("falls_away", "moves"), [("", True), ("booked", False)])
def test_what_falls_away_is_not_asked_for(falls_away: str, moves: bool) -> None:
    rows = candidates([sales("V/F1", "2025-01-08")]).assign(falls_away=falls_away)
    made = bring_forward(rows, cue_frame(), stored(), customers(), SET, MONDAY)
    assert made["forward"].tolist() == [moves]


def test_who_asks_in_that_talk_is_called_again() -> None:
    called = planned(sales("V/F0", "2024-01-03"), "2024-01-03", status="done", attempts=1)
    rows = [sales("V/F1", "2025-01-08")]
    for said, again in (("2024-01-02", False), ("2024-01-03", True), ("2024-01-04", True)):
        asked = cue_frame(
            cue(contact_id="V/F0", opened_on="2023-12-01", evidence=f"asked={said};single_car=1")
        )
        assert len(moved(*rows, cues=asked, previous=stored(called))) == again
        assert carried(called, CALL, cues=asked) == ["V/F1" if again else "V/F0"]


@pytest.mark.parametrize("opened", ["2023-11-01", "2024-01-05"])
def test_who_has_asked_himself_is_not_kept_waiting(opened: str) -> None:
    rows = [sales(f"{car}/F1", "2025-01-08", household_id=car) for car in "ABCDEF"]
    asks = [
        cue(household_id=car, vehicle_id=car, opened_on=opened, evidence="asked=2024-01-05")
        for car in "ABCDEF"
    ]
    made = moved(*rows, cues=cue_frame(*asks))
    assert made["ideal_on"].dt.strftime("%d %b").tolist() == ["15 Jan"] * 6


def test_who_says_no_to_calls_is_written_to() -> None:
    people = customers({"customer_id": "C1", "consent_call": "no"})
    rows = [sales("V/F2", "2024-06-01", channel="email"), sales("V/F1", "2025-01-08"),
            candidate("V/S2c", "2024-02-01", channel="call")]  # fmt: skip
    assert list(moved(*rows, people=people).index) == ["V/F2"]


def test_a_week_later_it_stands_on_the_same_day() -> None:
    rows = [sales("V/F1", "2025-01-08"), candidate("V/S2c", "2024-02-01", channel="call", around=5)]
    days = []
    before, open_ = stored(), cue_frame()
    for today in (MONDAY, date(2024, 1, 15), date(2024, 1, 22)):
        found = candidates(rows)
        wanted = bring_forward(found, open_, before, customers(), SET, today)
        before = place(wanted, customers(), fleet(found), before, SET, today)
        open_ = carry(open_, before, customers(), SET, today)
        days.append(before.set_index("contact_id").loc["V/F1", "planned_on"])
        assert open_["contact_id"].tolist() == ["V/F1"]
        assert violations(before, customers(), fleet(found), SET, today).empty
    assert days[0] < pd.Timestamp(2024, 3, 20)
    assert len(set(days)) == 1


def test_a_stored_day_far_ahead_does_not_hold_it_back() -> None:
    rows = [sales("V/F1", "2025-01-08")]
    before = stored(planned(rows[0], "2025-01-08"))
    wanted = bring_forward(candidates(rows), cue_frame(), before, customers(), SET, MONDAY)
    placed = place(wanted, customers(), fleet(candidates(rows)), before, SET, MONDAY)
    assert placed["planned_on"].iloc[0] < pd.Timestamp(2024, 3, 1)


# --- Who carries ---


def carried(*rows: Row, cues: pd.DataFrame | None = None, people: pd.DataFrame | None = None) -> list[object]:
    asks = cue_frame() if cues is None else cues
    made = carry(asks, stored(*rows), customers() if people is None else people, SET, MONDAY)
    return [None if pd.isna(one) else one for one in made["contact_id"]]


CALL = planned(sales("V/F1", "2024-03-01"), "2024-03-01")
SERVICE = planned(candidate("V/S2c", "2024-02-01", channel="call", script="service_call"), "2024-02-01")
LETTER = planned(sales("V/F2", "2024-01-15", channel="email", script="trade_in_offer"), "2024-01-15")
REMINDER = planned(candidate("V/S2b", "2024-01-10", script="service_short"), "2024-01-10")


@pytest.mark.parametrize(
    ("rows", "which"),
    [
        ([CALL, SERVICE, LETTER, REMINDER], "V/F1"),
        ([SERVICE, LETTER, REMINDER], "V/S2c"),
        ([LETTER, REMINDER], "V/F2"),
        ([REMINDER], None),
        ([], None),
        ([planned(CALL, "2024-05-07")], "V/F1"),  # 120 days ahead
        ([planned(CALL, "2024-05-08")], None),
        ([{**CALL, "handed_out_on": TODAY}], None),
        ([{**CALL, "household_id": "H2"}], None),
        ([{**CALL, "status": "dropped", "planned_on": pd.NaT}], None),
        ([{**CALL, "status": "standby"}], None),
    ],
)
def test_the_next_call_carries_else_a_sales_message(rows: list[Row], which: str | None) -> None:
    assert carried(*rows) == [which]


def test_no_call_carries_an_offer_that_the_household_has_not_agreed_to() -> None:
    assert carried(SERVICE, LETTER, people=customers({"customer_id": "C1", "consent_call": "no"})) == ["V/F2"]


def test_it_rests_while_a_complaint_is_open() -> None:
    angry = planned(candidate("V/S1c", "2024-01-02", channel="call"), "2024-01-02", status="done",
                    outcome="complaint", outcome_at=TODAY - pd.Timedelta(days=6))  # fmt: skip
    # 60 days from 2 January: 2 March is the last of them.
    assert carried(angry, CALL) == [None]
    assert carried(angry, planned(CALL, "2024-03-04")) == ["V/F1"]
    assert carried(angry, CALL, cues=cue_frame(cue(contact_id="V/F1"))) == [None]


def test_what_carried_it_stays_until_long_after_it_was_made() -> None:
    made = {**planned(LETTER, "2023-12-20"), "status": "done", "reason": None}
    assert carried(made, CALL, cues=cue_frame(cue(contact_id="V/F2"))) == ["V/F2"]
    made["planned_on"] = TODAY - pd.Timedelta(days=180)
    assert carried(made, CALL, cues=cue_frame(cue(contact_id="V/F2"))) == ["V/F1"]


def test_the_second_cue_of_a_household_goes_with_the_call_or_not_at_all() -> None:
    two = cue_frame(cue(), cue(kind="second_car", score=0.4))
    assert carried(CALL, cues=two) == ["V/F1", "V/F1"]
    drive = planned(sales("V/L2", "2024-01-20", channel="post", script="test_drive"), "2024-01-22")
    assert carried(LETTER, drive, cues=two) == ["V/F2", None]


# --- A whole dealership ---


@pytest.fixture(scope="module")
def dealership() -> dict[str, pd.DataFrame]:
    sample = make_sample(250, 41, date(2026, 1, 2))
    by_name = {table.name: table for table in STORED}
    tables = {name: typed(sample.clean(name), by_name[name]) for name in ("vehicles", "visits", "readings")}
    tables["customers"], _ = resolve_households(typed(sample.clean("customers"), CUSTOMERS), SET)
    return {
        **tables,
        **{name: empty(by_name[name]) for name in ("contacts", "forecasts", "outcomes", "cues")},
    }


def test_a_dealership_from_week_to_week(dealership: dict[str, pd.DataFrame]) -> None:
    first = build_plan(dealership, SET, date(2026, 1, 5), years=2)
    without = build_plan(dealership, Settings(cues={"min_score": 0.999}), date(2026, 1, 5), years=2)
    assert len(first.cues) > 20
    assert without.cues.empty
    assert first.cues["contact_id"].notna().mean() > 0.5
    # Nothing is added: the same contacts, by the same ids, and no rule broken.
    assert set(first.contacts["contact_id"]) == set(without.contacts["contact_id"])
    people, cars = dealership["customers"], dealership["vehicles"]
    assert violations(first.contacts, people, cars, SET, date(2026, 1, 5)).empty
    by_id = first.contacts.set_index("contact_id")
    carriers = by_id.loc[first.cues["contact_id"].dropna()]
    assert (carriers["status"] == "planned").all()
    sooner = by_id["planned_on"] < without.contacts.set_index("contact_id")["planned_on"].reindex(by_id.index)
    assert sooner[carriers.index].sum() > 3

    handed = first.contacts.assign(
        handed_out_on=first.contacts["planned_on"].where(first.contacts["planned_on"] < "2026-01-12")
    )
    now = {**dealership, "contacts": handed, "forecasts": first.forecasts, "cues": first.cues}
    second = build_plan(now, SET, date(2026, 1, 12), years=2)
    assert violations(second.contacts, people, cars, SET, date(2026, 1, 12)).empty
    both = first.cues.merge(second.cues, on=list(CUES.key))
    assert len(both) >= 0.95 * len(first.cues)
    assert (both["opened_on_x"] == both["opened_on_y"]).all()
    had = both[both["contact_id_x"].notna()]
    assert (had["contact_id_x"] == had["contact_id_y"]).mean() >= 0.95
    then = second.contacts.set_index("contact_id")["planned_on"].reindex(had["contact_id_x"])
    assert (by_id.loc[then.index, "planned_on"] == then).mean() >= 0.9
