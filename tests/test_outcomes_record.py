"""Reading a filled-in list: what is new, what is known already, and what contradicts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from planner.columns import DTYPES
from planner.outcomes.attempts import Diary, time_of_day
from planner.settings import Settings
from planner.tables import ANSWERS
from planner.workbooks.filled_in_rules import Reader
from tests.desk import Desk, filled
from tests.outcome_world import CALL, FRIDAY, MONDAY, OTHERS_CALL, live, say, state, visit, world


@pytest.fixture
def desk() -> Desk:
    return world(visit("V", "2025-09-01", "repair", 6_000.0))


def test_an_answer_keeps_what_was_said_and_of_whom(desk: Desk) -> None:
    made = desk.record(
        filled(
            {"contact_id": CALL, "outcome": "booked", "on": "2026-02-25", "note": "brings the winter tyres"}
        ),
        FRIDAY,
    )
    answer = made.answers.iloc[0]
    assert made.answers.dtypes.astype("str").to_dict() == {c.name: DTYPES[c.kind] for c in ANSWERS.columns}
    assert answer[["contact_id", "attempt", "household_id", "customer_id", "vehicle_id"]].tolist() == [
        CALL,
        1,
        "H",
        "C1",
        "V",
    ]
    assert answer[["touchpoint", "service_no", "outcome", "note", "source"]].tolist() == [
        "S1c",
        1,
        "booked",
        "brings the winter tyres",
        "calls.xlsx",
    ]
    days = [f"{answer[name]:%d %b}" for name in ("said_on", "for_on", "recorded_on")]
    assert days == ["09 Feb", "25 Feb", "13 Feb"]


@pytest.mark.parametrize(
    ("handed_out", "read", "said"),
    [
        ("2026-02-09", "2026-02-13", "2026-02-09"),  # the planned day lies between
        ("2026-02-06", "2026-02-08", "2026-02-08"),  # read before the planned day: it was that day
        ("2026-02-11", "2026-02-13", "2026-02-13"),  # handed out after the planned day
        (None, "2026-02-13", "2026-02-13"),
    ],
)
def test_the_day_of_the_call(desk: Desk, handed_out: str | None, read: str, said: str) -> None:
    desk.tables["contacts"]["handed_out_on"] = pd.Timestamp(handed_out) if handed_out else pd.NaT
    desk.tables["contacts"]["handed_out_on"] = desk.tables["contacts"]["handed_out_on"].astype(
        "datetime64[us]"
    )
    say(desk, "refused", date.fromisoformat(read))
    assert desk.tables["outcomes"]["said_on"].tolist() == [pd.Timestamp(said)]
    assert desk.contact(CALL)["planned_on"] == desk.contact(CALL)["outcome_at"] == pd.Timestamp(said)


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ("2026-02-12", 12),  # nobody called on the planned 9th; the next list prints the 12th
        ("2026-02-09", 9),
        ("2026-02-08", 9),  # before it was handed out
        ("2026-02-14", 9),  # after it was read
    ],
)
def test_a_call_of_the_next_list_was_made_on_its_day(desk: Desk, listed: str, said: int) -> None:
    desk.record(filled({"contact_id": CALL, "outcome": "refused", "listed_on": listed}), FRIDAY)
    assert desk.tables["outcomes"]["said_on"].dt.day.tolist() == [said]


def test_an_appointment_before_the_planned_day_says_that_the_call_was_earlier(desk: Desk) -> None:
    desk.record(filled({"contact_id": OTHERS_CALL, "outcome": "no_answer"}), MONDAY)
    say(desk, "booked", date(2026, 2, 12), OTHERS_CALL, attempt=2, on="2026-02-10")
    assert desk.tables["outcomes"]["said_on"].dt.day.tolist() == [9, 10]


@pytest.mark.parametrize(
    ("row", "code", "values"),
    [
        ({"contact_id": "V/none", "outcome": "reached"}, "unknown", {"contact_id": "V/none"}),
        ({"contact_id": None, "outcome": "reached"}, "no_id", {}),
        ({"contact_id": "V/L1", "outcome": "refused"}, "never_listed", {"status": "merged"}),
        ({"outcome": "perhaps"}, "outcome", {"text": "perhaps"}),
        ({"outcome": None}, "no_outcome", {}),
        ({"outcome": "booked"}, "booked.date", {}),
        ({"outcome": "callback"}, "callback.date", {}),
        ({"outcome": "booked", "on": "2026-02-08"}, "date.before_call", {"day": date(2026, 2, 8)}),
        ({"outcome": "callback", "on": "2025-02-20"}, "date.before_call", {"day": date(2025, 2, 20)}),
        ({"outcome": "already_booked", "on": "2026-02-01"}, "date.before_call", {"day": date(2026, 2, 1)}),
        ({"outcome": "booked", "on": "2027-02-15"}, "date.far", {"day": date(2027, 2, 15)}),
        ({"outcome": "done_elsewhere", "on": "2026-02-14"}, "date.future", {"day": date(2026, 2, 14)}),
        (
            {"outcome": "done_elsewhere", "on": "2025-03-01"},
            "date.before_purchase",
            {"day": date(2025, 3, 1), "other": date(2025, 3, 2)},
        ),
        ({"outcome": "not_yet"}, "not_yet.odometer", {}),
        (
            {"outcome": "busy", "odometer_km": 5_999.0},
            "odometer.below",
            {"km": 5_999.0, "known_km": 6_000.0, "day": date(2025, 9, 1)},
        ),
        ({"outcome": "not_yet", "odometer_km": 600_000.0}, "odometer.fast", {"known_km": 6_000.0}),
    ],
)
def test_what_contradicts_comes_back_with_the_reason(
    desk: Desk, row: dict[str, Any], code: str, values: dict[str, Any]
) -> None:
    contacts = desk.tables["contacts"].copy()
    rows = filled({"contact_id": CALL, **row})
    made = desk.record(rows, FRIDAY)
    assert made.refused["reason"].tolist() == [code]
    assert made.refused["values"].iloc[0].items() >= values.items()
    assert made.refused.drop(columns=["reason", "values"]).equals(rows)
    for language in ("en", "ar"):  # the words name all that the code is about, and nothing else
        house = Settings.model_validate({"dealership": {"language": language}})
        said = Reader(house, FRIDAY).refusal(code, made.refused["values"].iloc[0])
        assert len(said) > 20
        assert "{" not in said
    assert made.answers.empty
    assert made.contacts.empty
    pd.testing.assert_frame_equal(desk.tables["contacts"], contacts)


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ({"contact_id": "V/none", "outcome": "booked"}, ["unknown", "booked.date"]),
        ({"contact_id": "V/none", "outcome": "callback", "on": "2027-02-15"}, ["unknown", "date.far"]),
        (
            {"outcome": "booked", "on": "2026-02-08", "odometer_km": 5.0},
            ["date.before_call", "odometer.below"],
        ),
        ({"outcome": "booked", "odometer_km": 5.0}, ["booked.date", "odometer.below"]),
        (
            {"outcome": "done_elsewhere", "on": "2026-02-14", "odometer_km": 9e6},
            ["date.future", "odometer.fast"],
        ),
    ],
)
def test_all_that_is_wrong_with_a_row_is_said_at_once(
    desk: Desk, row: dict[str, Any], codes: list[str]
) -> None:
    rows = filled({"contact_id": CALL, **row})
    made = desk.record(rows, FRIDAY)
    assert made.refused["reason"].tolist() == codes
    assert made.refused.drop(columns=["reason", "values"]).drop_duplicates().equals(rows)
    assert made.unchanged == 0


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ({"contact_id": "V/none", "outcome": "booked"}, ["unknown"]),  # that the day is missing has been said
        ({"contact_id": "V/none"}, ["unknown"]),
        ({"contact_id": None, "outcome": "booked"}, ["no_id"]),
        ({"contact_id": "V/L1", "outcome": "booked"}, ["never_listed"]),
        ({"outcome": "booked", "odometer_km": 5.0}, ["odometer.below"]),
        ({"odometer_km": 5.0, "on": "2027-02-15"}, ["odometer.below"]),
        ({"outcome": "booked"}, []),
        ({}, []),
    ],
)
def test_what_more_is_wrong_with_a_row_that_could_not_be_read(
    desk: Desk, row: dict[str, Any], codes: list[str]
) -> None:
    rows = filled({"contact_id": CALL, **row})
    made = desk.record(filled(), FRIDAY, faulty=rows)
    assert made.faulty["reason"].tolist() == codes
    assert (len(made.answers), len(made.contacts), len(made.refused), made.unchanged) == (0, 0, 0, 0)


def test_a_row_that_could_not_be_read_may_be_recorded_already(desk: Desk) -> None:
    desk.record(filled({"contact_id": CALL, "outcome": "refused"}), FRIDAY)
    made = desk.record(filled(), FRIDAY, faulty=filled({"contact_id": CALL, "outcome": "booked"}))
    assert made.faulty["reason"].tolist() == ["recorded"]


@pytest.mark.parametrize(
    "row",
    [
        {"outcome": "booked", "on": "2026-02-09"},
        {"outcome": "booked", "on": "2027-02-14"},
        {"outcome": "done_elsewhere", "on": "2026-02-13"},
        {"outcome": "done_elsewhere", "on": "2025-03-02"},
        {"outcome": "done_elsewhere"},
        {"outcome": "not_yet", "odometer_km": 6_000.0},
        {"outcome": "already_booked"},
        {"outcome": "do_not_call"},
    ],
)
def test_what_just_fits_is_taken(desk: Desk, row: dict[str, Any]) -> None:
    assert say(desk, **{"outcome": "", **row}) == ""


def test_a_service_elsewhere_lies_after_the_last_one_here(desk: Desk) -> None:
    desk.tables["visits"].loc[desk.tables["visits"]["vehicle_id"] == "V", "kind"] = "maintenance"
    assert say(desk, "done_elsewhere", on="2025-09-01") == "date.before_service"
    assert say(desk, "done_elsewhere", on="2025-09-02") == ""


def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    rows = filled(
        {"contact_id": CALL, "outcome": "callback", "on": "2026-02-20", "note": "later"},
        {"contact_id": OTHERS_CALL, "outcome": "no_answer"},
    )
    assert len(desk.record(rows, FRIDAY).answers) == 2
    again = desk.record(rows, date(2026, 2, 14))
    assert (len(again.answers), len(again.contacts), len(again.refused), again.unchanged) == (0, 0, 0, 2)


def test_another_outcome_after_nobody_was_there_is_the_next_attempt(desk: Desk) -> None:
    first = filled({"contact_id": CALL, "outcome": "voicemail"})
    second = filled({"contact_id": CALL, "outcome": "booked", "on": "2026-02-25"})
    desk.record(first, MONDAY)
    assert len(desk.record(second, FRIDAY).answers) == 1
    assert desk.tables["outcomes"][["attempt", "outcome"]].values.tolist() == [
        [1, "voicemail"],
        [2, "booked"],
    ]
    # Either file again, in any order: nothing.
    assert [desk.record(rows, FRIDAY).unchanged for rows in (second, first, second)] == [1, 1, 1]


def test_the_same_outcome_in_the_next_list_is_the_next_attempt(desk: Desk) -> None:
    for attempt, day in ((1, MONDAY), (2, date(2026, 2, 11))):
        say(desk, "no_answer", day, attempt=attempt)
    assert desk.contact(CALL)["attempts"] == 2


def test_without_the_printed_attempt_the_list_that_was_handed_out_tells(desk: Desk) -> None:
    row = filled({"contact_id": CALL, "outcome": "no_answer", "attempt": pd.NA})
    desk.record(row, MONDAY)
    assert desk.record(row, MONDAY).unchanged == 1
    desk.hand_out(MONDAY)  # it stands on Wednesday, in the same week
    assert len(desk.record(row, date(2026, 2, 11)).answers) == 1


@pytest.mark.parametrize("outcome", ["booked", "refused", "no_answer", "callback"])
def test_a_final_outcome_stands(desk: Desk, outcome: str) -> None:
    say(desk, "booked", on="2026-03-03")
    assert say(desk, outcome, date(2026, 2, 20), on="2026-03-04", attempt=2) == "recorded.day"
    assert desk.contact(CALL)["outcome"] == "booked"


def test_several_rows_of_a_contact_count_by_attempt(desk: Desk) -> None:
    rows = filled(
        {"contact_id": CALL, "attempt": 2, "outcome": "booked", "on": "2026-02-25"},
        {"contact_id": CALL, "attempt": 1, "outcome": "busy"},
    )
    made = desk.record(rows, FRIDAY)
    assert made.answers[["attempt", "outcome"]].values.tolist() == [[1, "busy"], [2, "booked"]]
    assert state(desk, CALL)[0] == "done"


def test_two_copies_with_two_answers_for_one_call(desk: Desk) -> None:
    rows = filled(
        {"contact_id": CALL, "outcome": "booked", "on": "2026-02-25", "file": "anns.xlsx"},
        {"contact_id": CALL, "outcome": "no_answer", "file": "bens.xlsx"},
        {"contact_id": CALL, "outcome": "refused", "file": "cys.xlsx"},
    )
    made = desk.record(rows, FRIDAY)
    assert made.answers["outcome"].tolist() == ["no_answer", "booked"]
    assert made.refused["file"].tolist() == ["cys.xlsx"]


def test_an_answer_to_a_call_that_was_withdrawn_is_not_lost(desk: Desk) -> None:
    rows = desk.tables["contacts"]
    mine = rows["contact_id"] == CALL
    rows.loc[mine, ["status", "reason", "planned_on"]] = ["cancelled", "vehicle-gone", pd.NaT]
    assert say(desk, "no_answer") == ""
    assert state(desk, CALL) == ("done", "pinned")  # nobody tries again what was withdrawn


def test_promises_one_after_the_other_are_no_attempts(desk: Desk) -> None:
    day = MONDAY
    for attempt in range(1, 7):
        promised = date.fromordinal(day.toordinal() + 2)
        assert say(desk, "callback", day, attempt=attempt, on=promised.isoformat()) == ""
        day = desk.contact(CALL)["planned_on"].date()
        assert desk.violations().empty
    assert say(desk, "no_answer", day, attempt=7) == ""
    assert (desk.contact(CALL)["status"], desk.contact(CALL)["channel"]) == ("planned", "call")
    assert desk.violations().empty
    assert live(desk, "V")[CALL] > day.isoformat()


def test_a_list_that_nobody_filled_in_changes_nothing(desk: Desk) -> None:
    made = desk.record(filled(), FRIDAY)
    assert (len(made.answers), len(made.contacts), len(made.refused), made.unchanged) == (0, 0, 0, 0)


# --- days ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "after", "expected"),
    [
        ("2026-02-09", 0, "2026-02-09"),
        ("2026-02-14", 0, "2026-02-17"),  # Saturday, Sunday, Washington's birthday
        ("2026-02-13", 1, "2026-02-17"),
        ("2026-02-09", 2, "2026-02-11"),
        ("2026-02-14", 2, "2026-02-18"),
        ("2026-02-11", 5, "2026-02-20"),  # the 18th is quiet: 12, 13, 17, 19, 20
    ],
)
def test_working_days_are_counted_from_the_next_day_on(day: str, after: int, expected: str) -> None:
    quiet = ["2026-02-18"] if after == 5 else []
    settings = Settings.model_validate({"contact_rules": {"quiet_days": quiet}})
    diary = Diary(settings, date(2026, 2, 1))
    assert diary.call_day(date.fromisoformat(day), after).isoformat() == expected


def test_each_attempt_is_at_another_time_of_day() -> None:
    assert [time_of_day(attempt) for attempt in (1, 2, 3)] == ["morning", "afternoon", "evening"]
