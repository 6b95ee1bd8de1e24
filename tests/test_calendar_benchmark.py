"""What the benchmark of the calendar compares with: is it right itself? And hostile households, a few."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks.calendar import greedy, hostile, plain, speed
from benchmarks.calendar.captured import Problem, captured, run
from benchmarks.calendar.households import households
from benchmarks.calendar.model import WEIGHTS, solve, value_of
from planner.schedule.kernel import columns
from planner.schedule.kernel.columns import DAY, MANNER, OUT, PINNED, SHIFT
from planner.settings import Settings

HALVING = WEIGHTS["halving"]
Call = tuple[int, int, int, int]  # first day, ideal day, last day, priority


@pytest.fixture(scope="module")
def homes() -> Problem:
    """Twelve households."""
    return captured(households(12, 5, "US"), Settings())[0]


def calls(*rows: Call, per_day: int = 100, homes: int = 1) -> Problem:
    """Calls of one household, or of so many with a call each, on days that are all open."""
    asked = np.zeros((len(rows), columns.COLUMNS), dtype=np.int64)
    asked[:, [columns.LOW, columns.IDEAL, columns.HIGH, columns.PRIORITY]] = rows
    asked[:, columns.GROUP], asked[:, columns.GAP], asked[:, columns.CAP] = columns.CALL, 7, 2
    asked[:, columns.MANNER], asked[:, columns.LANE] = SHIFT, columns.TEAM
    asked[:, [columns.BEFORE, DAY, columns.TRIED]] = OUT
    notes = np.zeros(columns.NOTES, dtype=np.int64)
    notes[[columns.MOST_TOUCHES, columns.CAP_DAYS, columns.CALL_GAP, columns.SILENCE]] = 7, 90, 20, 75
    days = np.ones((4, 400), dtype=np.int64)
    days[columns.TEAM] = per_day
    starts = np.linspace(0, len(rows), homes + 1).astype(np.int64)
    limited = Settings(capacity={"calls_per_day": per_day})
    problem = Problem(asked, starts, days, notes, asked, limited)
    return replace(problem, placed=run(problem))


def standing(rows: np.ndarray) -> list[int]:
    return [int(day) for day in rows[:, DAY] if day != OUT]


# --- the optimum ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "value", "stands"),
    [
        ([(10, 10, 10, 1), (29, 29, 29, 1)], 32, 1),  # 19 days apart
        ([(10, 10, 10, 1), (30, 30, 30, 1)], 64, 2),
        ([(10, 10, 10, 1), (50, 50, 50, 1), (99, 99, 99, 1)], 64, 2),  # three within 90 days
        ([(10, 10, 10, 1), (50, 50, 50, 1), (100, 100, 100, 1)], 96, 3),
        ([(10, 10, 10, 0), (25, 25, 25, 1), (5, 5, 5, 2)], 64, 1),  # 10 forbids both of the others
    ],
)
def test_optimum_by_hand(asked: list[Call], value: int, stands: int) -> None:
    best = solve(calls(*asked), HALVING, 10.0)
    assert (best.value, best.bound, best.proven) == (value, value, True)
    assert len(standing(best.rows)) == stands


def test_the_nearest_of_the_most_valuable() -> None:
    best = solve(calls((0, 30, 60, 1), (33, 33, 33, 1)), HALVING, 10.0, nearest=True)
    assert standing(best.rows) == [13, 33]


def test_households_share_the_team() -> None:
    two = solve(calls((3, 3, 3, 1), (3, 3, 3, 0), per_day=1, homes=2), HALVING, 10.0)
    assert (two.value, standing(two.rows)) == (64, [3])
    assert solve(calls((3, 3, 3, 1), (3, 3, 3, 0), per_day=2, homes=2), HALVING, 10.0).value == 96


def test_no_calendar_of_the_planner_beats_the_optimum_and_the_optimum_keeps_the_rules(homes: Problem) -> None:
    for home in homes.homes():
        best = solve(home, HALVING, 10.0)
        assert value_of(home.placed, HALVING) <= best.value <= best.bound
        _keeps_the_rules(home, best.rows)


def _keeps_the_rules(home: Problem, found: np.ndarray) -> None:
    rows, days, notes = found.tolist(), home.days.tolist(), home.notes.tolist()
    live = [me for me, row in enumerate(rows) if row[DAY] != OUT]
    for me in live:
        if rows[me][MANNER] != PINNED:
            others = [other for other in live if other != me]
            notes[columns.LIVE] = len(others)
            assert rows[me][columns.LOW] <= rows[me][DAY] <= rows[me][columns.HIGH]
            assert plain.obstacle(rows, days, others, notes, me, rows[me][DAY]) == columns.FREE


# --- plain Python and greedy ----------------------------------------------------------------------------


def test_plain_python_places_every_contact_on_the_same_day_for_the_same_reason(homes: Problem) -> None:
    assert {columns.FREE, columns.TOO_CLOSE, columns.TOO_MANY} <= set(homes.placed[:, columns.WHY].tolist())
    for place in (plain.mirrored(), plain.written_out()):
        assert (run(homes, plain.on_arrays(place)) == homes.placed).all()


def test_greedy_by_hand() -> None:
    asked = calls((10, 10, 10, 2), (15, 20, 35, 1), (40, 40, 40, 1))
    assert standing(greedy.greedy(asked, greedy.in_time)) == [10, 30]  # 40 is 10 days from 30
    assert standing(greedy.greedy(asked, greedy.by_priority)) == [
        20,
        40,
    ]  # 40 first, then 20, and 10 is too near


# --- hostile households ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [2, 8, 13])
def test_hostile_households_break_no_rule(seed: int) -> None:
    batch = hostile.batch(150, seed)
    found = batch.violations()
    assert found.empty, found.to_string()


def test_hostile_households_are_hostile() -> None:
    batch = hostile.batch(150, 13)
    customers, cars = batch.tables["customers"], batch.tables["vehicles"]
    assert cars["customer_id"].value_counts().max() == hostile.FLEET
    assert cars["purchased_on"].eq(pd.Timestamp("2024-02-29")).any()
    assert customers["birthday"].dt.strftime("%m-%d").isin(["02-29"]).any()
    assert customers.filter(like="consent_").isna().all(axis=1).any()
    assert batch.contacts["status"].eq("done").any()
    assert batch.contacts["reason"].eq("pinned").any()
    assert len(set(batch.contacts["reason"])) > 8


# --- compiled code --------------------------------------------------------------------------------------


def test_a_second_process_finds_the_compiled_code_of_the_first() -> None:
    speed.process()
    hits, misses, *_ = speed.process()
    assert (hits, misses) == (1, 0)
