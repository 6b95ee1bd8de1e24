"""What the kernel is asked in a plan run, and what it answers: the same question for whoever is compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from unittest.mock import patch

import numpy as np

from benchmarks.calendar.households import AS_OF, Tables
from planner.pipeline import Plan, build_plan
from planner.schedule.arrays import visits_of
from planner.schedule.kernel import columns, placement
from planner.settings import Settings

Ints = np.ndarray


@dataclass(frozen=True)
class Problem:
    """The arguments of placement.place_households, and `placed`, the rows as it leaves them.

    Consents have spoken, and the same thing for two cars is one contact: both are no choice.
    """

    rows: Ints
    starts: Ints
    days: Ints
    notes: Ints
    placed: Ints
    settings: Settings

    def __len__(self) -> int:
        return len(self.starts) - 1

    def home(self, number: int) -> Problem:
        """One household of it alone."""
        own = slice(self.starts[number], self.starts[number + 1])
        rows, placed = self.rows[own], self.placed[own]
        return Problem(rows, np.array([0, len(rows)]), self.days, self.notes, placed, self.settings)

    def homes(self) -> Iterator[Problem]:
        return (self.home(number) for number in range(len(self)))


def run(problem: Problem, place: object = None) -> Ints:
    """The rows as the kernel, or another `place` with the same arguments, leaves them."""
    rows, days, notes = problem.rows.copy(), problem.days.copy(), problem.notes.copy()
    live = np.zeros(int(np.diff(problem.starts).max()), dtype=np.int64)
    visits = visits_of(rows, problem.starts, problem.settings)
    (place or placement.place_households)(rows, problem.starts, visits, days, live, notes)  # type: ignore[operator]
    return rows


def captured(tables: Tables, settings: Settings, as_of: date = AS_OF, years: int = 3) -> tuple[Problem, Plan]:
    """Plans the households, and hands out what the kernel was asked."""
    found: list[Problem] = []
    original = placement.place_households

    def record(rows: Ints, starts: Ints, visits: Ints, days: Ints, live: Ints, notes: Ints) -> None:
        asked = rows.copy(), starts, days.copy(), notes.copy()
        original(rows, starts, visits, days, live, notes)
        found.append(Problem(*asked, placed=rows, settings=settings))

    with patch.object(placement, "place_households", record):
        plan = build_plan(tables, settings, as_of, years)
    return found[-1], plan  # a trial may come before: see arrays.waits


def first_days(problem: Problem, days: int) -> Problem:
    """The same households with what has its ideal day in the first so many days, placed anew."""
    near = (problem.rows[:, columns.IDEAL] < days) | (problem.rows[:, columns.MANNER] == columns.PINNED)
    home = np.repeat(np.arange(len(problem)), np.diff(problem.starts))[near]
    starts = np.searchsorted(home, np.arange(len(problem) + 1))
    rows = problem.rows[near]
    asked = Problem(rows, starts, problem.days, problem.notes, rows, problem.settings)
    return replace(asked, placed=run(asked))
