"""The best calendar there is, by CP-SAT: the same hard rules, written once more as intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.calendar.captured import Ints, Problem
from planner.schedule.kernel import columns
from planner.schedule.kernel.columns import (
    CAP,
    DAY,
    GAP,
    GROUP,
    HIGH,
    IDEAL,
    LANE,
    LOW,
    MANNER,
    OPEN,
    OUT,
    PRIORITY,
)

# What a placed contact is worth by its priority, 0 to 6; every later one is worth the last.
WEIGHTS = {"halving": (64, 32, 16, 8, 4, 2, 1), "linear": (7, 6, 5, 4, 3, 2, 1)}


@dataclass(frozen=True)
class Optimum:
    """`rows` with the DAY of the best calendar found; `bound`: no calendar is worth more."""

    rows: Ints
    value: int
    bound: int
    proven: bool


def worth(rows: Ints, weights: tuple[int, ...]) -> Ints:
    """What each row is worth if it is placed; pinned rows nothing, for nobody chose them."""
    value = np.asarray(weights)[np.minimum(rows[:, PRIORITY], len(weights) - 1)]
    return np.where(rows[:, MANNER] == columns.PINNED, 0, value)


def value_of(rows: Ints, weights: tuple[int, ...]) -> int:
    return int(worth(rows, weights)[rows[:, DAY] != OUT].sum())


def off_ideal(rows: Ints) -> tuple[int, int]:
    """Days off the ideal day in all, and of how many: placed contacts but those that float."""
    counts = (rows[:, DAY] != OUT) & ~np.isin(rows[:, MANNER], (columns.PINNED, columns.FLOAT))
    return int(np.abs(rows[:, DAY] - rows[:, IDEAL])[counts].sum()), int(counts.sum())


def solve(
    problem: Problem, weights: tuple[int, ...], seconds: float, workers: int = 1, nearest: bool = False
) -> Optimum:
    """The calendar of the greatest value; `nearest`: of those the one nearest to the ideal days.

    The planner's calendar is given to the solver as a start, so that it never ends below it.
    """
    model = _Model(problem, weights)
    value = cp_model.LinearExpr.weighted_sum(model.placed, model.worth)
    model.maximize(value)
    solver = _solver(seconds, workers)
    status = solver.solve(model)
    assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE), solver.status_name(status)
    best = Optimum(
        model.rows(solver),
        round(solver.objective_value),
        int(solver.best_objective_bound + 1e-6),
        status == cp_model.OPTIMAL,
    )
    if not nearest:
        return best
    model.nearest(value >= best.value, best.rows)
    solver = _solver(seconds, workers)
    status = solver.solve(model)
    assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE), solver.status_name(status)
    return Optimum(model.rows(solver), best.value, best.bound, best.proven)


def _solver(seconds: float, workers: int) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2  # many times faster here: rolling caps have a tight relaxation
    return solver


class _Model(cp_model.CpModel):
    """The hard rules. Gaps: two contacts of gaps g and more stand g apart, so do all that ask for g.
    Caps: a contact weighs on `cap_days` days from its own on. Capacity: an interval of a day."""

    def __init__(self, problem: Problem, weights: tuple[int, ...]) -> None:
        super().__init__()
        self.problem = problem
        rows, value = problem.rows, worth(problem.rows, weights)
        self.at, self.placed, self.worth, self.day = [], [], [], {}
        pinned = np.flatnonzero(rows[:, MANNER] == columns.PINNED)
        for me in np.flatnonzero(rows[:, MANNER] != columns.PINNED):
            open_days = self._open_days(int(me))
            if not open_days:
                continue
            self.at.append(int(me))
            self.placed.append(self.new_bool_var(""))
            self.worth.append(int(value[me]))
            self.day[int(me)] = self.new_int_var_from_domain(cp_model.Domain.from_values(open_days), "")
        self.present = dict(zip(self.at, self.placed, strict=True))
        for start, stop in zip(problem.starts[:-1], problem.starts[1:], strict=True):
            own = [me for me in self.at if start <= me < stop]
            fixed = [int(me) for me in pinned if start <= me < stop]
            self._household(own, fixed)
        self._capacity()
        was = problem.placed[:, DAY]
        for me in self.at:
            self.add_hint(self.present[me], was[me] != OUT)
            if was[me] != OUT:
                self.add_hint(self.day[me], int(was[me]))

    def _open_days(self, me: int) -> list[int]:
        """The days of its window on which a contact can be made at all."""
        low, high, kind = (int(self.problem.rows[me, name]) for name in (LOW, HIGH, OPEN))
        return [day for day in range(low, high + 1) if self.problem.days[kind, day]]

    def _household(self, own: list[int], fixed: list[int]) -> None:
        rows, notes = self.problem.rows, self.problem.notes
        everybody = own + fixed
        for gap in np.unique(rows[everybody, GAP]):
            self._apart([me for me in everybody if rows[me, GAP] >= gap], int(gap))
        self._apart([me for me in everybody if rows[me, GROUP] == columns.CALL], int(notes[columns.CALL_GAP]))
        span = int(notes[columns.CAP_DAYS])
        for group in (columns.CALL, columns.EMAIL, columns.POST, columns.SHORT):
            alike = [me for me in everybody if rows[me, GROUP] == group]
            if alike:
                self._at_most(alike, span, int(rows[alike[0], CAP]))
        self._at_most(everybody, span, int(notes[columns.MOST_TOUCHES]))

    def _intervals(self, who: list[int], length: int) -> list[cp_model.IntervalVar]:
        return [
            self.new_optional_fixed_size_interval_var(self.day[me], length, self.present[me], "")
            if me in self.present
            else self.new_fixed_size_interval_var(int(self.problem.rows[me, DAY]), length, "")
            for me in who
        ]

    def _apart(self, who: list[int], days: int) -> None:
        if days > 0:
            self.add_no_overlap(self._intervals(who, days))

    def _at_most(self, who: list[int], days: int, most: int) -> None:
        self.add_cumulative(self._intervals(who, days), [1] * len(who), most)

    def _capacity(self) -> None:
        """Calls as choices of a day, for the solver bounds those far better than intervals of one day.

        The rows of `days` hold what pinned calls have left.
        """
        rows, days = self.problem.rows, self.problem.days
        calls = [me for me in self.at if rows[me, GROUP] == columns.CALL]
        if days[columns.TEAM :].min() >= len(calls):
            return
        home = np.repeat(np.arange(len(self.problem)), np.diff(self.problem.starts))
        at_home: dict[int, list[tuple[int, cp_model.IntVar]]] = {}
        on: dict[tuple[int, int], list[cp_model.IntVar]] = {}
        for me in calls:
            choices = {day: self.new_bool_var("") for day in self._open_days(me)}
            self.add(sum(choices.values()) == self.present[me])
            on_day = cp_model.LinearExpr.weighted_sum(list(choices.values()), list(choices))
            self.add(self.day[me] == on_day).only_enforce_if(self.present[me])
            at_home.setdefault(int(home[me]), []).extend(choices.items())
            for day, chosen in choices.items():
                for lane in {columns.TEAM, int(rows[me, LANE])}:
                    on.setdefault((lane, day), []).append(chosen)
        for (lane, day), chosen_ones in on.items():
            if days[lane, day] < len(chosen_ones):
                self.add(sum(chosen_ones) <= max(0, int(days[lane, day])))
        # The gap and the cap of calls are there already; said like this, too, they bound the value well.
        notes = self.problem.notes
        cap = int(rows[calls[0], CAP])
        for choices_of_home in at_home.values():
            for span, most in ((int(notes[columns.CALL_GAP]), 1), (int(notes[columns.CAP_DAYS]), cap)):
                for first in {day for day, _ in choices_of_home}:
                    inside = [chosen for day, chosen in choices_of_home if first <= day < first + span]
                    self.add(sum(inside) <= most)

    def nearest(self, good_enough: cp_model.BoundedLinearExpression, rows: Ints) -> None:
        """Asks for the least distance from the ideal days instead; `rows` is a start."""
        self.add(good_enough)
        self.clear_hints()
        away = []
        for me in self.at:
            self.add_hint(self.present[me], rows[me, DAY] != OUT)
            if rows[me, DAY] != OUT:
                self.add_hint(self.day[me], int(rows[me, DAY]))
            if rows[me, MANNER] == columns.FLOAT:
                continue
            ideal, low, high = (int(rows[me, name]) for name in (IDEAL, LOW, HIGH))
            off = self.new_int_var(0, max(ideal - low, high - ideal), "")
            self.add(off >= self.day[me] - ideal).only_enforce_if(self.present[me])
            self.add(off >= ideal - self.day[me]).only_enforce_if(self.present[me])
            away.append(off)
        self.minimize(sum(away))

    def rows(self, solver: cp_model.CpSolver) -> Ints:
        """The rows with the days that the solver found."""
        found = self.problem.rows.copy()
        for me in self.at:
            found[me, DAY] = solver.value(self.day[me]) if solver.boolean_value(self.present[me]) else OUT
        return found
