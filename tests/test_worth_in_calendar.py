"""Who is worth more gets the better slot, where all else is equal, and nobody who has a slot loses it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date

import pandas as pd
import pytest

from planner.columns import empty, typed
from planner.schedule import place
from planner.settings import Settings
from planner.tables import CONTACTS, CUSTOMERS, VEHICLES, VISITS
from planner.value.classes import with_worth, worth_classes
from tests.calendars import MONDAY, Row, candidates, days, fleet
from tests.test_capacity import ONE, broken, call, dropped, homes


def placed(
    rows: Sequence[Row],
    worth: Sequence[int],
    settings: Settings = ONE,
    before: pd.DataFrame | None = None,
) -> pd.DataFrame:
    found, people = homes(*rows)
    wanted = candidates(found).assign(worth=list(worth))
    stored = empty(CONTACTS) if before is None else before
    table = place(wanted, people, fleet(wanted), stored, settings, MONDAY)
    assert broken(table, people, settings) == set()
    return table.set_index("contact_id", drop=False)


@pytest.mark.parametrize("worth", list(itertools.permutations([0, 1, 2])))
def test_of_three_calls_for_one_day_the_household_that_is_worth_most_gets_it(worth: tuple[int, ...]) -> None:
    assert list(days(placed([call()] * 3, worth))) == [f"V{worth.index(0)}/A"]


@pytest.mark.parametrize("worth", list(itertools.permutations([0, 1, 2])))
def test_the_better_slot_is_the_one_nearer_to_the_best_day(worth: tuple[int, ...]) -> None:
    """24 January is a Wednesday: one on the day, the other two on Tuesday and Thursday."""
    on = days(placed([call("2024-01-24", 1)] * 3, worth))
    assert on[f"V{worth.index(0)}/A"] == "24 Jan"
    assert sorted(on.values()) == ["23 Jan", "24 Jan", "25 Jan"]


@pytest.mark.parametrize("worth", list(itertools.permutations([0, 1, 2])))
def test_overdue_calls_are_made_in_the_order_of_worth(worth: tuple[int, ...]) -> None:
    on = days(placed([call("2024-01-02", 0, latest_on="2024-03-01")] * 3, worth))
    assert [on[f"V{worth.index(rank)}/A"] for rank in range(3)] == ["08 Jan", "09 Jan", "10 Jan"]


@pytest.mark.parametrize("urgent", [0, 1])
def test_what_is_more_urgent_goes_before_what_is_worth_more(urgent: int) -> None:
    rows = [call(priority=1 if number == urgent else 2) for number in (0, 1)]
    worth = [2 if number == urgent else 0 for number in (0, 1)]
    assert list(days(placed(rows, worth))) == [f"V{urgent}/A"]


@pytest.mark.parametrize("narrow", [0, 1])
def test_whose_window_is_narrower_goes_before_who_is_worth_more(narrow: int) -> None:
    rows = [call("2024-01-24", 0 if number == narrow else 8) for number in (0, 1)]
    worth = [2 if number == narrow else 0 for number in (0, 1)]
    assert days(placed(rows, worth))[f"V{narrow}/A"] == "24 Jan"


@pytest.mark.parametrize("first", [0, 1])
def test_who_has_a_slot_keeps_it_when_others_become_worth_more(first: int) -> None:
    before = placed([call("2024-01-24", 1)] * 2, [first, 1 - first])
    after = placed([call("2024-01-24", 1)] * 2, [1 - first, first], before=before)
    assert days(after) == days(before)


def test_without_a_limit_for_calls_worth_changes_nothing() -> None:
    plain = placed([call("2024-01-24", 3)] * 4, [0] * 4, Settings())
    assert days(placed([call("2024-01-24", 3)] * 4, [2, 0, 1, 2], Settings())) == days(plain)


def test_who_is_worth_less_makes_way() -> None:
    """V2 can only be called on the 24th. Of the two others, with equal rights to it, one must leave it."""
    rows = [call("2024-01-24", 0, priority=2), call("2024-01-24", 0, priority=2), call(priority=1)]
    two = Settings(capacity={"calls_per_day": 2})
    assert dropped(placed(rows, [0, 2, 2], two)) == {"V1/A": "capacity"}
    assert dropped(placed(rows, [2, 0, 2], two)) == {"V0/A": "capacity"}


# --- the classes --------------------------------------------------------------------------------------


def dealership(*visits: tuple[int, str, float], households: int = 10) -> dict[str, pd.DataFrame]:
    """Customer Cn of household Hn with car Vn; visits: who, when, margin."""
    people = [{"customer_id": f"C{n}", "household_id": f"H{n}"} for n in range(households)]
    cars = [
        {"customer_id": f"C{n}", "vehicle_id": f"V{n}", "purchased_on": "2020-01-01"}
        for n in range(households)
    ]
    rows = [{"vehicle_id": f"V{n}", "visited_on": day, "margin": margin} for n, day, margin in visits]
    tables = zip((CUSTOMERS, VEHICLES, VISITS), (people, cars, rows), strict=True)
    return {table.name: typed(pd.DataFrame(found), table) for table, found in tables}


def classes(tables: dict[str, pd.DataFrame], as_of: date) -> list[int]:
    return worth_classes(tables, Settings(), as_of).tolist()


def test_the_fifth_that_brings_most_is_the_first_class_and_who_brought_nothing_the_last() -> None:
    paid = [(n, "2025-03-01", 100.0 + n) for n in range(8)]  # V8 and V9 never came
    # Of 8 households the first 2 (a fifth, rounded up) are class 0, up to the 4th class 1.
    assert classes(dealership(*paid), date(2026, 1, 15)) == [2, 2, 2, 2, 1, 1, 0, 0, 2, 2]


def test_the_margin_of_all_cars_of_a_household_counts_and_only_of_24_months() -> None:
    tables = dealership((0, "2025-03-01", 60.0), (1, "2025-03-01", 60.0), (2, "2025-03-01", 100.0))
    tables["customers"].loc[1, "household_id"] = "H0"
    found = worth_classes(tables, Settings(), date(2026, 1, 15))
    assert (found["H0"], found["H2"]) == (0, 2)  # 120 against 100; of two the upper half is one
    # The window that ends on 31 December 2025 begins on 1 January 2024.
    old = dealership((0, "2023-12-31", 900.0), (1, "2024-01-01", 60.0))
    assert classes(old, date(2026, 1, 15))[:2] == [2, 0]


def test_within_a_month_no_visit_changes_a_class() -> None:
    before = [(0, "2025-03-01", 100.0), (1, "2025-03-01", 50.0)]
    tables = dealership(*before, (1, "2026-01-10", 500.0))
    assert classes(tables, date(2026, 1, 31)) == classes(dealership(*before), date(2026, 1, 1))
    assert classes(tables, date(2026, 2, 1))[:2] == [2, 0]


def test_who_bought_the_car_later_has_not_paid_for_the_visits_before() -> None:
    tables = dealership((0, "2025-03-01", 900.0), (1, "2025-03-01", 60.0))
    tables["vehicles"].loc[0, "purchased_on"] = pd.Timestamp("2025-06-01")
    assert classes(tables, date(2026, 1, 15))[:2] == [2, 0]


def test_the_candidates_get_the_class_of_their_household_unless_it_is_switched_off() -> None:
    tables = dealership((0, "2025-03-01", 60.0), (1, "2025-03-01", 90.0))
    found, _ = homes(call(), call(), call())
    wanted = candidates([*found, {**found[0], "customer_id": "nobody", "contact_id": "V9/A"}])
    said = with_worth(wanted, tables, Settings(), date(2026, 1, 15))
    assert said["worth"].tolist() == [2, 0, 2, 2]
    off = with_worth(wanted, tables, Settings(value={"first_in_calendar": False}), date(2026, 1, 15))
    assert "worth" not in off
