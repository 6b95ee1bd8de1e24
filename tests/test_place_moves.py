"""The placement: who moves for whom, on cases worked out by hand."""

from __future__ import annotations

import pytest

from planner.settings import Settings
from tests.calendars import candidate, days, plan, reasons

# --- hold, float, drop --------------------------------------------------------------------------------


def test_what_holds_its_day_goes_before_everything() -> None:
    placed = plan(
        candidate("V/A", "2024-01-22", around=10, priority=0),
        candidate("V/B", "2024-01-23", around=10, priority=5, on_conflict="hold"),
    )
    assert days(placed) == {"V/A": "16 Jan", "V/B": "23 Jan"}
    assert reasons(placed) == {"V/A": "gap", "V/B": "ideal"}


def test_what_holds_its_day_steps_aside_for_a_holiday_only() -> None:
    placed = plan(candidate("V/A", "2024-01-15", around=2, on_conflict="hold"))
    assert (days(placed), reasons(placed)) == ({"V/A": "14 Jan"}, {"V/A": "working-day"})


def test_a_float_goes_where_the_calendar_is_emptiest() -> None:
    placed = plan(
        candidate("V/A", "2024-02-01", priority=1),
        candidate("V/B", "2024-03-12", priority=1),
        candidate("V/F", "2024-02-10", earliest_on="2024-01-10", latest_on="2024-03-31", on_conflict="float"),
    )
    # Between 1 February and 12 March, 40 days, the middle is 20 days from both: 21 February. Before
    # 1 February, 10 January is 22 days away.
    assert days(placed)["V/F"] == "10 Jan"
    assert reasons(placed)["V/F"] == "gap"


def test_equally_empty_days_are_decided_by_the_ideal_day() -> None:
    placed = plan(
        candidate("V/A", "2024-02-01", priority=1),
        candidate("V/B", "2024-02-21", priority=1),
        candidate("V/C", "2024-03-12", priority=1),
        candidate("V/F", "2024-02-28", earliest_on="2024-02-01", latest_on="2024-03-12", on_conflict="float"),
    )
    assert days(placed)["V/F"] == "02 Mar"  # 10 days from both, as is 11 February


def test_a_float_alone_takes_its_ideal_day() -> None:
    assert days(plan(candidate("V/F", "2024-03-20", around=20, on_conflict="float"))) == {"V/F": "20 Mar"}


def test_what_may_be_dropped_moves_but_moves_nobody() -> None:
    movable = candidate("V/A", "2024-01-22", around=10, priority=1)
    narrow = candidate("V/B", "2024-01-24", priority=2)
    wide = candidate("V/B", "2024-01-24", around=5, priority=2)
    assert days(plan(movable, narrow | {"on_conflict": "drop"})) == {"V/A": "22 Jan"}
    assert days(plan(movable, narrow)) == {"V/A": "17 Jan", "V/B": "24 Jan"}
    assert days(plan(movable, wide | {"on_conflict": "drop"}))["V/B"] == "29 Jan"


# --- repair -------------------------------------------------------------------------------------------


def test_a_neighbour_moves_inside_its_window_rather_than_drop_another() -> None:
    placed = plan(
        candidate("V/A", "2024-01-22", earliest_on="2024-01-20", latest_on="2024-01-31", priority=1),
        candidate("V/B", "2024-01-24", priority=2),
    )
    assert days(placed) == {"V/A": "31 Jan", "V/B": "24 Jan"}
    assert reasons(placed) == {"V/A": "gap", "V/B": "repaired"}


def test_the_neighbour_does_not_leave_its_window() -> None:
    placed = plan(
        candidate("V/A", "2024-01-22", earliest_on="2024-01-20", latest_on="2024-01-30", priority=1),
        candidate("V/B", "2024-01-24", priority=2),
    )
    assert days(placed) == {"V/A": "22 Jan"}


def test_two_neighbours_move_for_one() -> None:
    placed = plan(
        candidate("V/A", "2024-02-01", earliest_on="2024-01-28", latest_on="2024-02-01", priority=1),
        candidate("V/C", "2024-02-08", earliest_on="2024-02-08", latest_on="2024-02-12", priority=1),
        candidate("V/B", "2024-02-05", priority=2),
    )
    assert days(placed) == {"V/A": "29 Jan", "V/B": "05 Feb", "V/C": "12 Feb"}
    assert reasons(placed)["V/B"] == "repaired"


def test_a_neighbour_moves_its_own_neighbour() -> None:
    placed = plan(
        candidate("V/A", "2024-02-01", earliest_on="2024-02-01", latest_on="2024-02-11", priority=1),
        candidate("V/C", "2024-02-14", earliest_on="2024-02-14", latest_on="2024-02-20", priority=1),
        candidate("V/B", "2024-02-03", priority=2),
    )
    # B stands only on the 3rd, so A goes to the 10th, and C, on the 14th, makes room until the 17th.
    assert days(placed) == {"V/A": "10 Feb", "V/B": "03 Feb", "V/C": "17 Feb"}


def test_one_of_a_crowd_leaves_it() -> None:
    one = Settings(contact_rules={"max_letters": 1, "cap_days": 30})
    placed = plan(
        candidate(
            "V/A", "2024-02-01", earliest_on="2024-02-01", latest_on="2024-03-15", priority=1, channel="post"
        ),
        candidate("V/B", "2024-02-12", priority=2, channel="post"),
        settings=one,
    )
    assert days(placed) == {"V/A": "13 Mar", "V/B": "12 Feb"}  # 30 days after 12 February


def test_nobody_is_pushed_out_by_a_less_urgent_one() -> None:
    placed = plan(
        candidate("V/A", "2024-01-22", around=2, priority=1),
        candidate("V/B", "2024-01-22", priority=2),
        candidate("V/C", "2024-01-23", priority=3),
    )
    assert days(placed) == {"V/A": "22 Jan"}


# --- silence ------------------------------------------------------------------------------------------


def test_a_shiftable_contact_moves_to_end_a_silence() -> None:
    found = [
        candidate("V/A", "2024-01-10", priority=1),
        candidate("V/B", "2024-04-10", priority=1),  # 91 days later
        candidate("V/C", "2024-04-20", earliest_on="2024-03-01", latest_on="2024-05-01", priority=4),
    ]
    # 25 March is the day nearest to its ideal one that is no more than 75 days after 10 January.
    assert days(plan(*found))["V/C"] == "25 Mar"
    patient = Settings(contact_rules={"silence_days": 91})
    assert days(plan(*found, settings=patient))["V/C"] == "20 Apr"


@pytest.mark.parametrize(("urgent", "calm"), [("V/C", "V/D"), ("V/D", "V/C")])
def test_to_end_a_silence_floats_move_and_then_the_least_urgent(urgent: str, calm: str) -> None:
    ends = [candidate("V/A", "2024-01-10", priority=1), candidate("V/B", "2024-04-10", priority=1)]
    window = {"earliest_on": "2024-03-01", "latest_on": "2024-05-01"}
    shifts = [
        candidate(urgent, "2024-04-20", priority=2, **window),
        candidate(calm, "2024-04-28", priority=4, **window),
    ]
    assert days(plan(*ends, *shifts)) == {"V/A": "10 Jan", "V/B": "10 Apr", urgent: "20 Apr", calm: "25 Mar"}
    # A float finds the emptiest day by itself, and nobody has to move.
    floating = candidate(
        "V/E", "2024-04-28", earliest_on="2024-02-01", latest_on="2024-05-01", on_conflict="float"
    )
    stands = days(plan(*ends, *shifts, floating))
    assert (stands[urgent], stands[calm], stands["V/E"]) == ("20 Apr", "28 Apr", "25 Feb")
