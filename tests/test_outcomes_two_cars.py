"""An outcome of a call that speaks for two cars holds for both, and none of it is said twice."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.desk import Desk
from tests.outcome_world import CALL, MONDAY, live, replanned, say, state, world


def twins() -> Desk:
    """As the world, but W is as old as V: one call, W/S1c, speaks for both."""
    desk = world()
    cars = desk.tables["vehicles"]
    same_day = cars["purchased_on"].mask(cars["vehicle_id"] == "W", pd.Timestamp("2025-03-02"))
    nothing = {name: desk.tables[name].head(0) for name in ("visits", "contacts", "forecasts")}
    desk = Desk({**desk.tables, **nothing, "vehicles": cars.assign(purchased_on=same_day)})
    desk.plan(MONDAY)
    desk.hand_out(MONDAY)
    assert desk.contact("W/S1c")["also_vehicle_ids"] == "V"
    assert state(desk, CALL) == ("merged", "household")
    return desk


@pytest.mark.parametrize(("outcome", "reason"), [("booked", "booked"), ("refused", "not-due")])
def test_an_appointment_and_a_no_are_for_all_cars_that_the_call_named(outcome: str, reason: str) -> None:
    desk = twins()
    assert say(desk, outcome, contact_id="W/S1c", on="2026-02-25" if outcome == "booked" else None) == ""
    for _ in range(2):
        assert not {"V/S1d", "W/S1d"} & set(live(desk, "V", "W"))
        assert state(desk, "V/S1d") == ("cancelled", reason)
        assert desk.violations().empty
        replanned(desk)
    first = desk.tables["forecasts"].drop_duplicates("vehicle_id").set_index("vehicle_id")["expected_on"]
    assert (first[["V", "W"]] == pd.Timestamp("2026-02-25")).all() == (outcome == "booked")


@pytest.mark.parametrize(("sold", "left"), [("V", "W"), ("W", "V")])
def test_a_sold_car_is_named_no_more_and_the_other_is_not_forgotten(sold: str, left: str) -> None:
    desk = twins()
    say(desk, "no_answer", MONDAY, "W/S1c")
    assert say(desk, "sold_car", contact_id=sorted(live(desk, sold))[-1]) == ""
    for _ in range(2):
        assert live(desk, sold) == {}
        open_ = desk.tables["contacts"].query("status in ('planned', 'standby')")
        assert not open_["also_vehicle_ids"].eq(sold).any()
        assert desk.violations().empty
        replanned(desk)
    assert f"{left}/S1d" in live(desk, left)


def test_what_is_tried_again_for_two_cars_is_not_said_twice() -> None:
    desk = twins()
    for attempt, day in enumerate((9, 11, 19), start=1):
        say(desk, "no_answer", date(2026, 2, day), "W/S1c", attempt=attempt)
        assert desk.violations().empty
        replanned(desk, date(2026, 2, day))
        assert state(desk, CALL) == ("merged", "household")


def test_what_is_promised_for_two_cars_is_not_said_twice_before_that_day() -> None:
    desk = twins()
    say(desk, "callback", MONDAY, "W/S1c", on="2026-03-06")
    # V's own days for the call are up to 20 February.
    replanned(desk)
    assert state(desk, CALL) == ("merged", "household")
