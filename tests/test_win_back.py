"""Nobody who has just talked with us about coming back reads a week later how much he is missed."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from planner.columns import empty, typed
from planner.cycle import candidates, load_cycles
from planner.schedule import place
from planner.schedule.check import violations
from planner.schedule.why import why
from planner.settings import Settings
from planner.tables import ANSWERS, CHANNELS, CONTACTS, CUSTOMERS, FORECASTS, VEHICLES
from planner.workbooks.texts import Texts

SETTINGS = Settings()
CYCLES = load_cycles(SETTINGS)
DUE = date(2026, 1, 5)
LAPSED = date(2026, 2, 5)  # a month later the win-back begins
CALL, MESSAGE = "V/R2/4", "V/R3/4"
OWNER = typed(
    pd.DataFrame(
        [{"customer_id": "C", "household_id": "H", **{f"consent_{name}": "yes" for name in CHANNELS}}]
    ),
    CUSTOMERS,
)
CAR = typed(pd.DataFrame([{"vehicle_id": "V", "customer_id": "C", "purchased_on": "2022-01-05"}]), VEHICLES)
SERVICE = {"vehicle_id": "V", "service_no": 4, "due_on": DUE, "expected_on": DUE}


def planned(as_of: date, previous: pd.DataFrame) -> pd.DataFrame:
    """The calendar of a car that was due on DUE and has not come, by contact_id."""
    history = pd.DataFrame({"vehicle_id": [], "service_no": [], "visited_on": []})
    history = history.astype({"vehicle_id": "str", "service_no": "Int64", "visited_on": "datetime64[us]"})
    services = typed(pd.DataFrame([SERVICE]), FORECASTS)
    found = candidates(OWNER, CAR, services, history, CYCLES, as_of, date(2027, 6, 1))
    return place(found, OWNER, CAR, previous, SETTINGS, as_of).set_index("contact_id", drop=False)


def talked(day: date, outcome: str) -> pd.DataFrame:
    """The calendar on the day after the win-back call was made."""
    before = planned(LAPSED, empty(CONTACTS))
    said = {"status": "done", "attempts": 1, "outcome": outcome, "reason": "pinned"}
    when = pd.Timestamp(day)
    for name, value in {**said, "planned_on": when, "outcome_at": when, "handed_out_on": when}.items():
        before.loc[CALL, name] = value
    return planned(day + timedelta(days=1), typed(before.reset_index(drop=True), CONTACTS))


@pytest.mark.parametrize("outcome", ["reached", "already_called", "too_expensive"])
@pytest.mark.parametrize("after", [30, 74, 90, 125, 140])
def test_after_a_talk_the_rest_of_the_win_back_waits(after: int, outcome: str) -> None:
    day = LAPSED + timedelta(days=after)
    calendar = talked(day, outcome)
    others = calendar[calendar["touchpoint"].isin(["R3", "R4", "R5"]) & calendar["planned_on"].notna()]
    assert len(others) >= 2
    assert (others["planned_on"] - pd.Timestamp(day)).min() >= pd.Timedelta(days=45)
    assert violations(calendar.reset_index(drop=True), OWNER, CAR, SETTINGS, day).empty


def test_the_checker_sees_the_message_a_week_after_the_talk_and_explain_names_the_talk() -> None:
    day = date(2026, 4, 20)
    calendar = talked(day, "reached")
    assert calendar.loc[MESSAGE, ["status", "reason"]].tolist() == ["planned", "gap"]
    told = why(
        calendar.reset_index(drop=True),
        (calendar["contact_id"] == MESSAGE).reset_index(drop=True),
        OWNER,
        CYCLES.touchpoints,
        SETTINGS,
        Texts("en"),
        {},
        empty(ANSWERS),
    )
    assert "20 April" in told.iloc[0], told.iloc[0]
    early = calendar.copy()
    early.loc[MESSAGE, "planned_on"] = pd.Timestamp(day + timedelta(days=10))
    found = violations(early.reset_index(drop=True), OWNER, CAR, SETTINGS, day)
    assert found["message"].str.contains("at least 45").any(), found["message"].tolist()
