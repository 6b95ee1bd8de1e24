"""Who calls when calls are short: hand-made cases, days and names worked out by hand.

January 2024: Monday the 8th is the as-of day, Monday the 15th a public holiday in the US.
"""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from planner.columns import typed
from planner.errors import SettingsError
from planner.schedule.check import violations
from planner.settings import Settings, load_settings
from planner.tables import VEHICLES
from tests.calendars import MONDAY, Row, candidate, customers, days, plan

ONE = Settings(capacity={"calls_per_day": 1})


def homes(*rows: Row) -> tuple[list[Row], pd.DataFrame]:
    """A household for each row: H0 of customer C0 with car V0, and so on, of the row's advisor."""
    names = [f"V{number}/A" for number in range(len(rows))]
    found = [
        row | {"household_id": f"H{n}", "customer_id": f"C{n}", "vehicle_id": f"V{n}", "contact_id": names[n]}
        for n, row in enumerate(rows)
    ]
    people = [
        {"customer_id": f"C{n}", "household_id": f"H{n}", "advisor": row.get("advisor")}
        for n, row in enumerate(rows)
    ]
    return found, customers(*people)


def call(ideal: str = "2024-01-24", around: int = 0, **more: object) -> Row:
    return candidate("V/A", ideal, around=around, channel="call", **more)


def dropped(placed: pd.DataFrame) -> dict[str, str]:
    rows = placed[placed["status"] == "dropped"]
    return dict(zip(rows["contact_id"], rows["reason"], strict=True))


def broken(placed: pd.DataFrame, people: pd.DataFrame, settings: Settings) -> set[str]:
    cars = typed(placed[["vehicle_id", "customer_id"]].assign(status="active"), VEHICLES)
    return set(violations(placed, people, cars, settings, MONDAY)["rule"])


# --- who is dropped, who moves ------------------------------------------------------------------------


@pytest.mark.parametrize("priorities", list(itertools.permutations([1, 2, 4])))
def test_of_three_calls_for_one_day_the_most_urgent_is_made(priorities: tuple[int, ...]) -> None:
    found, people = homes(*(call(priority=priority) for priority in priorities))
    placed = plan(*found, people=people, settings=ONE)
    urgent = priorities.index(1)
    assert days(placed) == {f"V{urgent}/A": "24 Jan"}
    assert dropped(placed) == {f"V{n}/A": "capacity" for n in range(3) if n != urgent}


@pytest.mark.parametrize("urgent", [0, 1])
def test_the_urgent_call_has_its_best_day_and_the_other_one_moves(urgent: int) -> None:
    found, people = homes(*(call(around=1, priority=1 if n == urgent else 4) for n in range(2)))
    placed = plan(*found, people=people, settings=ONE)
    assert days(placed) == {f"V{urgent}/A": "24 Jan", f"V{1 - urgent}/A": "23 Jan"}


@pytest.mark.parametrize("narrow", [0, 1])
def test_of_two_as_urgent_the_one_that_can_move_does(narrow: int) -> None:
    found, people = homes(*(call(around=0 if n == narrow else 5) for n in range(2)))
    placed = plan(*found, people=people, settings=ONE)
    assert days(placed) == {f"V{narrow}/A": "24 Jan", f"V{1 - narrow}/A": "23 Jan"}


@pytest.mark.parametrize("calm", [0, 1])
def test_even_an_urgent_call_moves_where_a_calm_one_would_be_lost(calm: int) -> None:
    """The calm one has only the 24th; two urgent ones share the 23rd and the 25th."""
    rows = [call(around=1, priority=1), call(around=1, priority=1)]
    rows.insert(calm, call(priority=4))
    found, people = homes(*rows)
    placed = plan(*found, people=people, settings=ONE)
    assert dropped(placed) == {}
    assert days(placed)[f"V{calm}/A"] == "24 Jan"


def test_who_has_to_go_settles_by_the_rules_of_his_own_household() -> None:
    """H1's calm call leaves the 24th for the urgent one; an e-mail of its own closes the 22nd to the 26th."""
    found, people = homes(call(priority=1), call(around=5, priority=4))
    mail = candidate("V1/M", "2024-01-24", channel="email", min_gap_days=3, priority=0)
    mail |= {"household_id": "H1", "customer_id": "C1"}
    found[1]["min_gap_days"] = 3
    placed = plan(*found, mail, people=people, settings=ONE)
    assert days(placed) == {"V0/A": "24 Jan", "V1/A": "19 Jan", "V1/M": "24 Jan"}


def test_a_new_urgent_call_takes_the_day_of_a_stored_calm_one() -> None:
    found, people = homes(call(priority=4), call(priority=1))
    before = plan(found[0], people=people, settings=ONE)
    assert days(before) == {"V0/A": "24 Jan"}
    cars = typed(pd.DataFrame(found)[["vehicle_id", "customer_id"]].assign(status="active"), VEHICLES)
    placed = plan(*found, people=people, cars=cars, previous=before, settings=ONE)
    assert days(placed) == {"V1/A": "24 Jan"}
    assert dropped(placed) == {"V0/A": "capacity"}


def test_stored_days_stand_against_calls_that_can_go_elsewhere() -> None:
    found, people = homes(call(around=1, priority=4), call(around=1, priority=1))
    before = plan(found[0], people=people, settings=ONE)
    cars = typed(pd.DataFrame(found)[["vehicle_id", "customer_id"]].assign(status="active"), VEHICLES)
    placed = plan(*found, people=people, cars=cars, previous=before, settings=ONE)
    assert days(placed) == {"V0/A": "24 Jan", "V1/A": "23 Jan"}


def test_the_limit_of_an_advisor_is_not_lifted_by_a_call_of_another() -> None:
    found, people = homes(
        call(priority=1, advisor="Ada"), call(priority=4, advisor="Bo"), call(priority=0, advisor="Ada")
    )
    both = Settings(capacity={"calls_per_day": 2, "advisors": {"Ada": 1}})
    placed = plan(*found, people=people, settings=both)
    assert days(placed) == {"V1/A": "24 Jan", "V2/A": "24 Jan"}


def test_a_call_that_one_more_a_day_would_save_names_the_capacity() -> None:
    """Its own household closes most days of the window, the team only one: that one is what is short."""
    found, people = homes(call(priority=0), call(around=3, min_gap_days=20, priority=4))
    mail = candidate("V1/M", "2024-01-27", channel="email", min_gap_days=3, priority=0)
    mail |= {"household_id": "H1", "customer_id": "C1"}
    placed = plan(*found, mail, people=people, settings=Settings(capacity={"calls_per_day": 1}))
    assert days(placed)["V1/A"] in ("22 Jan", "23 Jan")  # the 24th is full, the 25th and 26th too close
    other = candidate("V1/N", "2024-01-21", channel="email", min_gap_days=3, priority=0)
    other |= {"household_id": "H1", "customer_id": "C1"}
    placed = plan(*found, mail, other, people=people, settings=Settings(capacity={"calls_per_day": 1}))
    assert dropped(placed) == {"V1/A": "capacity"}


# --- absences -----------------------------------------------------------------------------------------

AWAY = Settings(capacity={"absences": {"Ada": ["2024-01-22/2024-01-24", "2024-01-26"]}})


def test_calls_of_an_absent_advisor_move_to_the_nearest_day_he_is_there() -> None:
    found, people = homes(
        call("2024-01-22", 5, advisor="Ada"), call("2024-01-24", 5, advisor="Ada"), call(advisor="Bo")
    )
    placed = plan(*found, people=people, settings=AWAY)
    assert days(placed) == {"V0/A": "19 Jan", "V1/A": "25 Jan", "V2/A": "24 Jan"}
    assert set(placed["reason"][:2]) == {"capacity"}
    assert broken(placed, people, AWAY) == set()
    unaware = plan(*found, people=people)
    assert broken(unaware, people, AWAY) == {"absence"}


def test_an_absence_needs_no_limit_and_sets_none() -> None:
    found, people = homes(*[call("2024-01-25", advisor="Ada")] * 5)
    assert len(days(plan(*found, people=people, settings=AWAY))) == 5


def test_who_is_away_for_the_whole_window_makes_no_call_but_messages_go_out() -> None:
    found, people = homes(call("2024-01-23", 1, advisor="Ada"), call("2024-01-23", 1, advisor="Ada"))
    found[1]["channel"] = "sms"
    placed = plan(*found, people=people, settings=AWAY)
    assert days(placed) == {"V1/A": "23 Jan"}
    assert dropped(placed) == {"V0/A": "capacity"}


def test_an_absence_that_began_long_ago_or_ends_after_the_calendar() -> None:
    found, people = homes(call("2024-01-08", 1, advisor="Ada"), call("2024-01-24", 1, advisor="Bo"))
    spans = {"Ada": ["2023-12-01/2024-01-08"], "Bo": ["2024-01-24/2030-01-01"]}
    placed = plan(*found, people=people, settings=Settings(capacity={"absences": spans}))
    assert days(placed) == {"V0/A": "09 Jan", "V1/A": "23 Jan"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('Ada = ["soon"]', "capacity.absences.Ada.0: 'soon' is no day and no span of days; absences are"),
        ('Ada = ["2024-02-30"]', "'2024-02-30' is no day"),
        ('Ada = ["2024-01-05/2024-01-04"]', "2024-01-05/2024-01-04 ends before it begins"),
        ('Ada = "2024-01-05"', "capacity.absences.Ada: "),
        ("Ada = [7]", "'7' is no day"),
    ],
)
def test_a_bad_absence_is_one_line(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "dealership.toml"
    path.write_text(f"[capacity.absences]\n{line}\n")
    with pytest.raises(SettingsError) as problem:
        load_settings(path)
    assert says in str(problem.value)
    assert "\n" not in str(problem.value)


def test_days_may_be_written_without_quotes(tmp_path: Path) -> None:
    path = tmp_path / "dealership.toml"
    path.write_text('[capacity.absences]\nAda = [2024-01-05, " 2024-01-08 / 2024-01-09 "]\n')
    assert load_settings(path).capacity.days_off("Ada") == [
        (date(2024, 1, 5), date(2024, 1, 5)),
        (date(2024, 1, 8), date(2024, 1, 9)),
    ]


# --- an even load -------------------------------------------------------------------------------------


def overdue(number: int, **more: object) -> list[Row]:
    return [call("2023-12-20", 0, latest_on="2024-03-01", **more) for _ in range(number)]


def loads(placed: pd.DataFrame) -> list[int]:
    return placed["planned_on"].value_counts().sort_index().to_list()


def test_overdue_calls_fill_one_day_after_another() -> None:
    """28 days from 8 January hold 19 working days: 38 calls are 2 a day, and 1.5 times that are 3."""
    found, people = homes(*overdue(38))
    placed = plan(*found, people=people)
    assert loads(placed) == [3] * 12 + [2]
    assert placed["planned_on"].max() == pd.Timestamp("2024-01-25")
    assert sorted(set(placed["reason"])) == ["capacity", "window"]  # those of today do not wait
    assert (placed["reason"] == "window").sum() == 3


def test_urgent_ones_and_those_whose_window_closes_do_not_wait() -> None:
    rows = overdue(36, priority=3)
    rows[7] |= {"latest_on": date(2024, 1, 10)}
    rows[20] |= {"priority": 1}
    found, people = homes(*rows)
    stands = days(plan(*found, people=people))
    assert (stands["V7/A"], stands["V20/A"]) == ("08 Jan", "08 Jan")


def test_nobody_waits_beyond_his_window() -> None:
    """31 calls on 19 days are 1.6 a day, a share of 3; but 30 have only two days."""
    rows = [call("2023-12-20", 0, latest_on="2024-01-09") for _ in range(30)]
    found, people = homes(*rows, call("2024-02-01"))
    assert loads(plan(*found, people=people)) == [15, 15, 1]


def test_calls_on_their_best_day_stay_there() -> None:
    found, people = homes(*[call("2024-01-24", 10)] * 30, *overdue(30))
    placed = plan(*found, people=people).set_index("contact_id")
    on_time = placed.loc[[f"V{n}/A" for n in range(30)]]
    assert set(on_time["planned_on"]) == {pd.Timestamp("2024-01-24")}
    assert set(on_time["reason"]) == {"ideal"}
    late = placed.drop(on_time.index)  # 60 calls on 19 days are 5 a day
    assert loads(late) == [5] * 6


def test_with_a_limit_the_share_is_never_above_it() -> None:
    found, people = homes(*overdue(38))
    placed = plan(*found, people=people, settings=Settings(capacity={"calls_per_day": 2}))
    assert loads(placed) == [2] * 19
    assert set(placed["reason"]) == {"capacity", "window"}


def test_stored_calls_stay_and_leave_less_room() -> None:
    found, people = homes(*overdue(20))
    before = plan(*found[:10], people=people)
    cars = typed(pd.DataFrame(found)[["vehicle_id", "customer_id"]].assign(status="active"), VEHICLES)
    placed = plan(*found, people=people, cars=cars, previous=before)
    assert {name: days(placed)[name] for name in days(before)} == days(before)
    assert max(loads(placed)) == 2  # 20 calls on 19 days


def test_two_overdue_calls_of_a_household_keep_their_distance() -> None:
    found, people = homes(*overdue(10))
    for name in ("household_id", "customer_id"):
        found[1][name] = found[0][name]
    found[1]["script"] = "another"  # the same thing for two cars would be one call
    placed = plan(*found, people=people)
    pair = placed.set_index("contact_id").loc[["V0/A", "V1/A"], "planned_on"]
    assert abs((pair.iloc[0] - pair.iloc[1]).days) >= 20
