"""Each outcome does what it says: at once in the calendar that is stored, and for good with the next plan."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from planner.outcomes import losses
from planner.outcomes.people import nobody_answers
from tests.desk import Desk
from tests.outcome_world import (
    ANN,
    BEN,
    CALL,
    FRIDAY,
    MONDAY,
    OTHERS_CALL,
    live,
    replanned,
    say,
    state,
    visit,
    world,
)


def test_the_world_is_as_the_tests_think() -> None:
    desk = world()
    assert {CALL: "2026-02-09", "V/V1": "2026-03-05", "V/S1d": "2026-03-16"}.items() <= live(
        desk, "V"
    ).items()
    assert live(desk, "X")[OTHERS_CALL] == "2026-02-20"
    assert desk.violations().empty


# --- booked -------------------------------------------------------------------------------------------


def test_booked_ends_the_invitations_at_once_and_nothing_else() -> None:
    desk = world()
    before = live(desk, "V", "W", "X")
    assert say(desk, "booked", on="2026-02-25") == ""
    gone = {name: day for name, day in before.items() if name not in live(desk, "V", "W", "X")}
    assert gone == {CALL: "2026-02-09", "V/S1d": "2026-03-16"}
    assert state(desk, CALL) == ("done", "pinned")
    assert state(desk, "V/S1d") == ("cancelled", "booked")
    call = desk.contact(CALL)
    assert (call["outcome"], call["outcome_at"], call["attempts"]) == ("booked", pd.Timestamp(MONDAY), 1)


def test_booked_expects_the_visit_on_its_day_and_asks_afterwards_how_it_was() -> None:
    desk = world()
    say(desk, "booked", on="2026-02-25")
    replanned(desk)
    service = desk.tables["forecasts"].iloc[0]
    assert service["vehicle_id"] == "V"
    assert [f"{service[name]:%d %b}" for name in ("low_on", "expected_on", "high_on")] == ["25 Feb"] * 3
    assert state(desk, "V/S1d") == ("cancelled", "booked")
    # Three days after is a Saturday; the call of 9 February keeps others away until Sunday, 1 March.
    assert live(desk, "V")["V/V1"] == "2026-03-02"


def test_without_a_visit_the_booking_lapses_and_the_reminders_come_back() -> None:
    desk = world()
    say(desk, "booked", on="2026-02-25")
    assert "V/S1d" not in live(replanned(desk, date(2026, 3, 4)), "V")  # the seventh day after
    assert "V/S1d" in live(replanned(desk, date(2026, 3, 5)), "V")


def test_a_visit_fulfils_the_booking() -> None:
    desk = world()
    say(desk, "booked", on="2026-02-25")
    replanned(desk)
    came = [visit("V", "2026-02-25", km=14_000.0)]
    desk.tables["visits"] = world(*came).tables["visits"]
    replanned(desk, date(2026, 2, 26))
    assert state(desk, "V/S1d") == ("cancelled", "booked")
    assert desk.tables["forecasts"].iloc[0]["service_no"] == 2
    assert "V/V1" in live(desk, "V")
    assert {"V/S2b", "V/S2c"} <= set(live(desk, "V"))


def test_already_booked_without_a_day_rests_thirty_days() -> None:
    desk = world()
    say(desk, "already_booked")
    assert state(desk, "V/S1d") == ("cancelled", "booked")
    assert "V/S1d" not in live(replanned(desk, date(2026, 3, 11)), "V")
    assert "V/S1d" in live(replanned(desk, date(2026, 3, 12)), "V")


def test_households_that_nobody_spoke_to_keep_their_days() -> None:
    desk = world()
    say(desk, "booked", on="2026-02-25")
    before = live(desk, "X")
    assert before.items() <= live(replanned(desk), "X").items() | {("X/S1b", "2026-02-09")}
    assert {name: day for name, day in live(desk, "X").items() if name in before} == before


# --- callback, and nobody there -----------------------------------------------------------------------


def test_a_promised_day_is_kept_and_others_make_room() -> None:
    desk = world()
    assert say(desk, "callback", on="2026-03-06", note="after lunch") == ""
    call = desk.contact(CALL)
    assert (call["status"], call["reason"], call["planned_on"]) == (
        "planned",
        "pinned",
        pd.Timestamp("2026-03-06"),
    )
    assert (call["callback_on"], call["notes"]) == (pd.Timestamp("2026-03-06"), "after lunch")
    assert pd.isna(call["outcome"])
    assert pd.isna(call["handed_out_on"])  # so that the next list names it
    replanned(desk)
    assert live(desk, "V")[CALL] == "2026-03-06"
    assert "V/V1" not in live(desk, "V")  # the call of 5 March: no other within twenty days


@pytest.mark.parametrize(
    ("promised", "day"),
    [("2026-02-14", "2026-02-17"), ("2026-02-16", "2026-02-17"), ("2026-02-18", "2026-02-18")],
)
def test_a_promised_day_that_is_no_working_day_is_the_next_one(promised: str, day: str) -> None:
    desk = world()
    say(desk, "callback", on=promised)
    assert live(desk, "V")[CALL] == day
    assert desk.contact(CALL)["callback_on"] == pd.Timestamp(promised)
    assert desk.violations().empty


@pytest.mark.parametrize("outcome", ["no_answer", "voicemail", "busy"])
def test_who_was_not_reached_is_tried_three_times_then_written_to_then_left_alone(outcome: str) -> None:
    desk = world()
    say(desk, outcome, MONDAY)
    assert (live(desk, "V")[CALL], desk.contact(CALL)["attempts"]) == ("2026-02-11", 1)  # two working days
    say(desk, outcome, date(2026, 2, 11), attempt=2)
    # Five working days after Wednesday the 11th: 12, 13, 17, 18, 19, for Monday is a holiday.
    assert (live(desk, "V")[CALL], desk.contact(CALL)["attempts"]) == ("2026-02-19", 2)
    replanned(desk)
    assert live(desk, "V")[CALL] == "2026-02-19"
    say(desk, outcome, date(2026, 2, 19), attempt=3)
    message = desk.contact(CALL)
    assert (message["channel"], message["script"]) == ("sms", "not_reached")
    assert live(desk, "V")[CALL] == "2026-02-20"
    replanned(desk, date(2026, 2, 20))
    assert live(desk, "V")[CALL] == "2026-02-20"
    desk.hand_out(date(2026, 2, 16))
    replanned(desk, date(2026, 2, 23))
    assert state(desk, CALL)[0] == "done"
    assert desk.contact(CALL)["outcome"] == outcome
    assert len(desk.tables["outcomes"]) == 3


def test_without_consent_to_messages_the_third_try_is_the_last() -> None:
    desk = world(consent_sms="no")
    for attempt, day in enumerate((9, 11, 19), start=1):
        say(desk, "no_answer", date(2026, 2, day), attempt=attempt)
    assert state(desk, CALL) == ("done", "pinned")
    assert desk.contact(CALL)["channel"] == "call"


def test_a_next_attempt_that_no_list_named_is_made_up_for() -> None:
    desk = world()
    say(desk, "no_answer", MONDAY)
    assert live(desk, "V")[CALL] == "2026-02-11"
    replanned(desk, date(2026, 2, 14))  # a Saturday before a holiday
    assert live(desk, "V")[CALL] == "2026-02-17"


def test_somebody_who_was_not_reached_thrice_may_still_book() -> None:
    desk = world()
    for attempt, day in enumerate((9, 11, 19), start=1):
        say(desk, "no_answer", date(2026, 2, day), attempt=attempt)
    assert say(desk, "booked", date(2026, 2, 20), attempt=3, on="2026-02-25") == ""
    call = desk.contact(CALL)
    assert (call["status"], call["outcome"], call["channel"]) == ("done", "booked", "call")
    assert call["script"] == "service_call"


# --- the number, and being contacted at all -----------------------------------------------------------


def phones(desk: Desk) -> dict[str, Any]:
    people = desk.told()["customers"].set_index("customer_id")
    return {name: people.loc[name, "phone"] for name in ("C1", "C2", "C3")}


def test_a_wrong_number_is_not_dialled_again_the_second_takes_its_place() -> None:
    desk = world(phone_2=BEN.replace("102", "109"))
    say(desk, "wrong_number", MONDAY)
    assert phones(desk)["C1"] == "+12125550109"
    assert desk.told()["customers"]["phone_2"].isna().all()
    assert live(desk, "V")[CALL] == "2026-02-11"  # the next attempt, with the other number
    say(desk, "wrong_number", date(2026, 2, 11), attempt=2)
    assert pd.isna(phones(desk)["C1"])
    assert state(desk, CALL)[0] == "done"
    told = nobody_answers(desk.told()["customers"], desk.tables["outcomes"])
    assert told[["source", "code"]].values.tolist() == [["outcomes", "wrong-number"]]
    assert phones(desk)["C2"] == BEN


def test_without_a_second_number_the_contact_is_done_and_an_export_brings_another() -> None:
    desk = world()
    say(desk, "wrong_number")
    assert state(desk, CALL)[0] == "done"
    assert pd.isna(phones(desk)["C1"])
    desk.tables["customers"]["phone"] = desk.tables["customers"]["phone"].replace(ANN, "+12125550177")
    assert phones(desk)["C1"] == "+12125550177"
    assert nobody_answers(desk.told()["customers"], desk.tables["outcomes"]).empty


def test_the_number_is_wrong_however_it_is_written_for_the_whole_household_and_nobody_else() -> None:
    desk = world()
    desk.tables["customers"]["phone"] = ["(212) 555-0101", ANN, "212.555.0101"]
    say(desk, "wrong_number")
    assert phones(desk) == {
        "C1": pytest.approx(float("nan"), nan_ok=True),
        "C2": pytest.approx(float("nan"), nan_ok=True),
        "C3": "212.555.0101",
    }


@pytest.mark.parametrize(
    ("scope", "left"), [("calls", {"sms", "email", "messenger", "post"}), ("all", set())]
)
def test_do_not_call_holds_at_once_for_all_cars_of_the_household(scope: str, left: set[str]) -> None:
    desk = world()
    strangers = live(desk, "X")
    say(desk, "do_not_call", scope=scope)
    for _ in range(2):
        rows = desk.tables["contacts"]
        open_ = rows[rows["status"].isin(["planned", "standby"]) & rows["vehicle_id"].isin(["V", "W"])]
        assert set(open_["channel"]) == left
        assert strangers.items() <= live(desk, "X").items()
        assert desk.violations().empty
        desk.plan(FRIDAY)


def test_an_export_does_not_undo_do_not_call() -> None:
    desk = world()
    say(desk, "do_not_call", scope="calls")
    desk.tables["customers"]["consent_call"] = "yes"
    desk.tables["customers"].loc[2, "phone"] = "212 555 0101"  # Cy turns out to have Ann's phone
    told = desk.told()["customers"].set_index("customer_id")
    assert told["consent_call"].to_dict() == {"C1": "no", "C2": "no", "C3": "no"}
    assert told["do_not_contact"].isna().all()


def test_do_not_call_holds_for_a_number_among_several_in_a_cell() -> None:
    desk = world()
    desk.tables["customers"].loc[2, "phone"] = "212 555 0101 / 212 555 0144"
    say(desk, "do_not_call")
    assert desk.told()["customers"].set_index("customer_id").loc["C3", "consent_call"] == "no"


def test_do_not_call_holds_for_the_same_e_mail_but_not_for_a_made_up_one() -> None:
    for email, expected in (("ann@lee.example", "no"), ("none@none.example", None)):
        desk = world(email=email)
        desk.tables["customers"].loc[2, "email"] = email.upper()
        say(desk, "do_not_call")
        told = desk.told()["customers"].set_index("customer_id")["consent_call"]
        assert (told["C3"] if pd.notna(told["C3"]) else None) == expected


# --- the car ------------------------------------------------------------------------------------------


def test_not_yet_gives_a_reading_and_the_service_moves() -> None:
    desk = world(visit("V", "2025-09-01", "repair", 6_000.0))
    assert f"{desk.tables['forecasts'].iloc[0]['due_on']:%Y-%m-%d}" == "2026-03-02"
    assert say(desk, "not_yet", odometer_km=14_500.0) == ""
    replanned(desk)
    service = desk.tables["forecasts"].iloc[0]
    assert (service["basis"], service["due_on"] < pd.Timestamp("2026-03-02")) == ("km", True)
    assert state(desk, CALL) == ("done", "pinned")


def test_an_odometer_given_with_any_outcome_is_a_reading() -> None:
    desk = world()
    say(desk, "no_answer", odometer_km=14_500.0)
    read = desk.told()["readings"]
    assert read.values.tolist() == [["V", pd.Timestamp(MONDAY), 14_500.0]]


def test_done_elsewhere_re_anchors_the_service_and_is_no_visit_of_ours() -> None:
    desk = world()
    visits_before = len(desk.tables["visits"])
    say(desk, "done_elsewhere", on="2026-02-12", odometer_km=13_900.0)
    assert "V/S1d" not in live(desk, "V")
    assert len(desk.told()["visits"]) == visits_before
    replanned(desk)
    service = desk.tables["forecasts"].iloc[0]
    assert (service["service_no"], f"{service['due_on']:%Y-%m-%d}") == (2, "2027-02-12")
    assert state(desk, "V/S1d")[0] == "cancelled"
    # Nobody asks how it was, though the days to ask are 14 to 18 February.
    assert state(desk, "V/V1")[0] == "cancelled"
    assert losses(desk.tables["outcomes"]).values.tolist() == [["V", pd.Timestamp("2026-02-12"), "S1c"]]


def test_a_sold_car_is_left_alone_until_it_shows_up_with_somebody() -> None:
    desk = world()
    say(desk, "sold_car")
    assert live(desk, "V") == {}
    assert {"V/S1d", "V/V1"} <= set(desk.tables["contacts"].query("reason == 'vehicle-gone'")["contact_id"])
    assert live(replanned(desk), "V") == {}
    assert live(desk, "W")
    desk.tables["vehicles"]["status"] = "active"  # the next export has not heard of it
    assert live(replanned(desk), "V") == {}
    for changed in ("owner", "visit"):
        again = world()
        say(again, "sold_car")
        if changed == "owner":
            again.tables["vehicles"].loc[0, "customer_id"] = "C3"
        else:
            again.tables["visits"] = world(visit("V", "2026-02-16")).tables["visits"]
        assert again.told()["vehicles"].loc[0, "status"] != "sold"
        assert live(replanned(again), "V")


def test_who_moved_away_is_left_alone_with_all_his_cars_until_he_is_seen_again() -> None:
    desk = world()
    desk.tables["vehicles"].loc[desk.tables["vehicles"]["vehicle_id"].eq("W"), "customer_id"] = "C1"
    say(desk, "moved_away")
    assert live(desk, "V", "W") == {}
    assert {"V/S1d", "V/V1"} <= set(desk.tables["contacts"].query("reason == 'vehicle-gone'")["contact_id"])
    assert live(replanned(desk), "V", "W") == {}
    assert live(desk, "X")
    told = desk.told()["vehicles"].set_index("vehicle_id")["status"]
    assert (told["V"], told["W"]) == ("moved", "moved")
    assert told["X"] != "moved"
    for changed in ("bought", "visit"):
        again = world()
        say(again, "moved_away")
        if changed == "bought":
            again.tables["vehicles"].loc[0, "purchased_on"] = pd.Timestamp("2026-02-16")
        else:
            again.tables["visits"] = world(visit("V", "2026-02-16")).tables["visits"]
        assert again.told()["vehicles"].loc[0, "status"] != "moved"


def test_a_car_that_was_sold_before_its_owner_moved_stays_sold() -> None:
    desk = world()
    desk.tables["vehicles"].loc[0, "status"] = "sold"
    say(desk, "moved_away")
    assert desk.told()["vehicles"].loc[0, "status"] == "sold"


# --- no ------------------------------------------------------------------------------------------------


def test_who_refuses_a_service_is_not_asked_again_for_it() -> None:
    desk = world()
    say(desk, "refused")
    for _ in range(2):
        assert state(desk, "V/S1d") == ("cancelled", "not-due")
        assert {"V/W3", "V/S2a"} <= set(live(desk, "V"))
        replanned(desk)


@pytest.mark.parametrize("outcome", ["too_expensive", "already_called", "interest_second_car", "reached"])
def test_other_outcomes_end_the_contact_and_nothing_else(outcome: str) -> None:
    desk = world()
    before = live(desk, "V", "W", "X")
    say(desk, outcome)
    assert state(desk, CALL) == ("done", "pinned")
    assert live(desk, "V", "W", "X") == {name: day for name, day in before.items() if name != CALL}
    assert "V/S1d" in live(replanned(desk), "V")


def test_a_complaint_takes_offers_back_at_once() -> None:
    desk = world()
    assert live(desk, "W")["W/E1"] == "2026-03-09"
    say(desk, "complaint")
    assert state(desk, "W/E1") == ("cancelled", "complaint")
    assert "V/S1d" in live(desk, "V")
    assert desk.violations().empty
    again = replanned(desk)
    # Sixty days after the call of 9 February.
    assert live(again, "W").get("W/E1", "2026-04-10") >= "2026-04-10"
