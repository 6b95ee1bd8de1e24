"""Beside the planner: plain greedy, which takes contacts one by one and never moves what it has placed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from benchmarks.calendar.captured import Ints, Problem, captured
from benchmarks.calendar.model import WEIGHTS, off_ideal, value_of
from benchmarks.calendar.optimum import problems
from benchmarks.calendar.plain import as_lists, obstacle
from benchmarks.calendar.sample import END, sample
from benchmarks.calendar.tables import percent, table
from planner.schedule.kernel import columns
from planner.schedule.kernel.columns import DAY, HIGH, IDEAL, LOW, MANNER, OUT, PRIORITY
from planner.settings import Settings

Turn = Callable[[list[int]], tuple[int, ...]]
VEHICLES, SEED = 2_000, 42


def in_time(row: list[int]) -> tuple[int, ...]:
    return row[IDEAL], row[PRIORITY]


def by_priority(row: list[int]) -> tuple[int, ...]:
    return row[PRIORITY], row[HIGH] - row[LOW], row[IDEAL]


def greedy(problem: Problem, turn: Turn) -> Ints:
    """The rows with days: each contact in its turn takes the free day nearest to its ideal day, or none."""
    rows, starts, days, notes = as_lists(problem.rows, problem.starts, problem.days, problem.notes)
    for start, stop in pairwise(starts):
        own = range(start, stop)
        live = [me for me in own if rows[me][MANNER] == columns.PINNED]
        for me in sorted(
            (me for me in own if rows[me][MANNER] != columns.PINNED), key=lambda me: turn(rows[me])
        ):
            row = rows[me]
            notes[columns.LIVE] = len(live)
            for day in sorted(range(row[LOW], row[HIGH] + 1), key=lambda day: abs(day - row[IDEAL])):
                if obstacle(rows, days, live, notes, me, day) == columns.FREE:
                    row[DAY] = day
                    live.append(me)
                    if row[columns.GROUP] == columns.CALL:
                        for lane in {columns.TEAM, row[columns.LANE]}:
                            days[lane][day] -= 1
                    break
    return np.array(rows)


def report(count: int = 500, vehicles: int = VEHICLES) -> str:
    made = [home for _, home in problems(count)]
    settings = Settings()
    fleet, _ = captured(sample(vehicles, SEED, settings), settings, as_of=END)
    parts = ["## 2. Against plain greedy"]
    for title, homes in (
        (f"The {len(made)} households of part 1", made),
        (f"A sample of {vehicles:,} vehicles", [fleet]),
    ):
        parts += [f"{title}: what is dropped, by priority; value with the halving weights.", _table(homes)]
    return "\n\n".join(parts)


def _table(homes: list[Problem]) -> str:
    planner = np.concatenate([home.placed for home in homes])
    ways = {
        "planner": planner,
        "greedy in time order": np.concatenate([greedy(home, in_time) for home in homes]),
        "greedy by priority": np.concatenate([greedy(home, by_priority) for home in homes]),
    }
    lines = []
    for name, rows in ways.items():
        dropped = rows[(rows[:, DAY] == OUT) & (rows[:, MANNER] != columns.PINNED)]
        counts = [f"{(dropped[:, PRIORITY] == priority).sum():,}" for priority in range(6)]
        value = value_of(rows, WEIGHTS["halving"])
        less = percent(1 - value / value_of(planner, WEIGHTS["halving"]), 2)
        off, many = off_ideal(rows)
        lines.append((name, *counts, f"{len(dropped):,}", f"{value:,}", less, f"{off / many:.2f}"))
    header = (
        *("way", *(str(priority) for priority in range(6))),
        "dropped",
        "value",
        "less value",
        "days off",
    )
    return table(header, lines)
