"""Nothing is offered to a household while a complaint of it is open."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from planner.columns import empty, typed
from planner.cycle import load_cycles
from planner.lists import weekly_list
from planner.outcomes.complaints import taken_back
from planner.schedule import place
from planner.schedule.check import violations
from planner.scripts import Scripts
from planner.settings import Settings
from planner.tables import CONTACTS, FORECASTS, VISITS
from tests.calendars import MONDAY, Row, candidate, candidates, customers, days, fleet, plan

SOON = Settings.model_validate({"contact_rules": {"complaint_rest_days": 20}})


def told(outcome: str = "complaint", day: str = "2024-01-02", **more: Any) -> Row:
    """A call that was made, with what came of it."""
    row = candidate(f"V/{outcome}{day}", day, channel="call", min_gap_days=0, status="done", reason="ideal")
    when = pd.Timestamp(day)
    return {**row, "planned_on": when, "outcome": outcome, "outcome_at": when, "attempts": 1, **more}


def stored(*rows: Row) -> pd.DataFrame:
    return typed(pd.DataFrame(list(rows)), CONTACTS)


def offer(day: str, **more: Any) -> Row:
    return candidate("V/YC", day, **{"purpose": "marketing", "channel": "email", **more})


def outcome_of(placed: pd.DataFrame) -> tuple[str, str, str]:
    row = placed.loc["V/YC"]
    day = "" if pd.isna(row["planned_on"]) else f"{row['planned_on']:%d %b}"
    return row["status"], row["reason"], day


@pytest.mark.parametrize(
    ("day", "around", "expected"),
    [
        # The complaint of 2 January rests for 20 days: 21 January is the last of them.
        ("2024-01-17", 4, ("dropped", "complaint", "")),
        ("2024-01-17", 5, ("planned", "complaint", "22 Jan")),
        ("2024-01-22", 5, ("planned", "ideal", "22 Jan")),
        ("2024-01-30", 5, ("planned", "ideal", "30 Jan")),
    ],
)
def test_an_offer_waits_for_the_end_of_the_rest_or_is_dropped(
    day: str, around: int, expected: tuple[str, str, str]
) -> None:
    placed = plan(offer(day, around=around), previous=stored(told()), settings=SOON)
    assert outcome_of(placed) == expected


@pytest.mark.parametrize("purpose", ["service", "survey", "greeting"])
def test_service_questions_and_greetings_go_on(purpose: str) -> None:
    placed = plan(offer("2024-01-17", purpose=purpose), previous=stored(told()), settings=SOON)
    assert outcome_of(placed) == ("planned", "ideal", "17 Jan")


def test_the_win_back_rests_like_an_offer() -> None:
    """Its last letter once came 11 days after a complaint."""
    found = candidates([offer("2024-01-17", purpose="service")]).assign(offers=True)
    handed_out = plan(offer("2024-01-17")).assign(handed_out_on=pd.Timestamp("2024-01-08"))
    for before, status in ((stored(told()), "dropped"), (handed_out, "cancelled")):
        previous = typed(pd.concat([before, stored(told())]).drop_duplicates("contact_id"), CONTACTS)
        placed = place(found, customers(), fleet(found), previous, SOON, MONDAY).set_index("contact_id")
        assert outcome_of(placed) == (status, "complaint", "")


def test_both_are_taken_back_when_the_complaint_is_read_and_a_service_is_not() -> None:
    day = {"planned_on": pd.Timestamp("2024-01-17"), "status": "planned", "reason": "ideal", "attempts": 0}
    open_ = [{**candidate(f"V/{name}", "2024-01-17"), **day} for name in ("YC", "R5", "YSa")]
    rows = stored(told(), *open_)
    back = taken_back(rows, load_cycles(Settings()).touchpoints, SOON)
    assert rows.loc[back, "touchpoint"].tolist() == ["YC", "R5"]


@pytest.mark.parametrize(
    ("rows", "rests"),
    [
        ([told(), told("booked", "2024-01-03")], False),
        ([told(), told("interest_second_car", "2024-01-03")], False),
        ([told(), told("no_answer", "2024-01-03")], True),
        ([told(), told("booked", "2024-01-02")], True),  # of the same day: it may have come first
        ([told(), told("booked", "2023-12-20")], True),
        ([told(), told("booked", "2024-01-03"), told(day="2024-01-05")], True),  # and another complaint
        ([told(day="2023-10-02")], False),
        ([told("refused")], False),
    ],
)
def test_it_is_open_until_the_customer_is_well_again(rows: list[Row], rests: bool) -> None:
    placed = plan(offer("2024-01-17"), previous=stored(*rows), settings=SOON)
    assert outcome_of(placed) == (("dropped", "complaint", "") if rests else ("planned", "ideal", "17 Jan"))


def test_it_rests_for_the_whole_household_and_for_no_other() -> None:
    people = customers(
        {"customer_id": "C1"}, {"customer_id": "C2"}, {"customer_id": "C3", "household_id": "OTHER"}
    )
    rows = [offer("2024-01-17", customer_id=name) for name in ("C1", "C2", "C3")]
    for row, name in zip(rows, ("C1", "C2", "C3"), strict=True):
        row |= {"contact_id": f"{name}/YC", "vehicle_id": name, "script": name}
    placed = plan(*rows, people=people, previous=stored(told(customer_id="C2")), settings=SOON)
    assert placed.loc[["C1/YC", "C2/YC", "C3/YC"], "reason"].tolist() == ["complaint", "complaint", "ideal"]


def test_no_rest_where_the_settings_want_none() -> None:
    none = Settings.model_validate({"contact_rules": {"complaint_rest_days": 0}})
    assert days(plan(offer("2024-01-17"), previous=stored(told()), settings=none))["V/YC"] == "17 Jan"
    # sixty days by default: until 2 March
    assert outcome_of(plan(offer("2024-02-29"), previous=stored(told())))[0] == "dropped"
    assert outcome_of(plan(offer("2024-03-02"), previous=stored(told())))[0] == "planned"


@pytest.mark.parametrize(
    ("fact", "status"),
    [
        ({"handed_out_on": pd.Timestamp("2024-01-08")}, "cancelled"),
        ({"handed_out_on": pd.Timestamp("2024-01-08"), "callback_on": pd.Timestamp("2024-01-17")}, "planned"),
        ({"outcome": "not_yet", "attempts": 1}, "planned"),
    ],
)
def test_an_offer_that_was_handed_out_is_taken_back_and_one_that_is_talked_about_is_not(
    fact: dict[str, Any], status: str
) -> None:
    row = offer("2024-01-17")
    before = plan(row).reset_index(drop=True)
    before = typed(pd.concat([before.assign(**fact), stored(told())]), CONTACTS)
    placed = plan(row, previous=before, settings=SOON)
    assert placed.loc["V/YC", "status"] == status
    assert placed.loc["V/YC", "reason"] == ("complaint" if status == "cancelled" else "pinned")


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        ({}, ["complaint"]),
        ({"handed_out_on": pd.Timestamp("2024-01-08")}, ["complaint"]),
        ({"touchpoint": "YSa", "contact_id": "V/YSa"}, []),  # about a service
        ({"touchpoint": "R4", "contact_id": "V/R4"}, ["complaint"]),  # a service that he stays away from
        ({"planned_on": pd.Timestamp("2024-01-21")}, ["complaint"]),
        ({"planned_on": pd.Timestamp("2024-01-22")}, []),
        ({"outcome": "not_yet"}, []),
        ({"callback_on": pd.Timestamp("2024-01-17")}, []),
    ],
)
def test_the_checker_sees_an_offer_in_the_rest_by_itself(changed: dict[str, Any], rules: list[str]) -> None:
    row = offer("2024-01-17", around=10)
    placed = plan(row).reset_index(drop=True)
    cars = fleet(candidates([row]))
    calendar = typed(pd.concat([placed.assign(**changed), stored(told())]), CONTACTS)
    assert violations(calendar, customers(), cars, SOON, MONDAY)["rule"].tolist() == rules
    settled = typed(pd.concat([calendar, stored(told("booked", "2024-01-04"))]), CONTACTS)
    assert violations(settled, customers(), cars, SOON, MONDAY).empty


@pytest.mark.parametrize(("purpose_of", "left_out"), [("YC", 1), ("R4", 1), ("YSa", 0)])
def test_the_call_list_leaves_out_an_offer_to_who_has_complained_since_the_plan(
    purpose_of: str, left_out: int
) -> None:
    row = offer("2024-01-10", touchpoint=purpose_of, contact_id=f"V/{purpose_of}", channel="email")
    row |= {"script": {"YC": "change_or_keep", "R4": "missed_you"}.get(purpose_of, "service_info")}
    placed = plan(row).reset_index(drop=True)
    tables = {
        "customers": customers(),
        "vehicles": fleet(candidates([row])),
        "visits": empty(VISITS),
        "forecasts": empty(FORECASTS),
        "contacts": typed(pd.concat([placed, stored(told(day="2024-01-08"))]), CONTACTS),
    }
    settings = Settings()
    made = weekly_list(tables, load_cycles(settings), Scripts(settings), settings, MONDAY, MONDAY, MONDAY)
    assert sum(made.left_out.values()) == left_out
    assert len(made.messages) == 1 - left_out
