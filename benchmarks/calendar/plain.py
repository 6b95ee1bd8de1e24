"""The kernel in plain Python, twice: the same source on lists, and with its rules as loops over everybody.

Both must give the same days. `mirrored` is the kernel's own source with lists of lists for arrays and
nothing compiled: Python's own integers, because reading numpy scalars one by one is slower still. But nobody
would write the rules like that without a compiler: sorted contacts, binary search, spans that slide. So in
`written_out` what the rules say (`obstacle`) is asked of every contact of the household, and a free day
(`nearest`) and the end of a silence (`shorten_silence`) are looked for day after day, as one would.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np

from benchmarks.calendar.captured import Ints
from planner.schedule.kernel import (
    columns,
    exchange,
    free_days,
    household,
    line,
    obstacles,
    placement,
    room,
    silences,
    team,
)
from planner.schedule.kernel.columns import (
    CALL,
    DAY,
    FREE,
    GAP,
    GROUP,
    HIGH,
    IDEAL,
    LOW,
    MANNER,
    MOVED,
    OUT,
    PRIORITY,
)

Place = Callable[..., None]
KERNEL = (columns, line, obstacles, free_days, room, exchange, silences, household, team, placement)


class _Lists(ast.NodeTransformer):
    """`rows[a, b]` becomes `rows[a][b]`, and functions lose what compiles them.

    What packs two numbers into one for the processor's sake, the entries of `live`, is a plain list of
    contacts again: `who(live, a)` becomes `live[a]`, and `on(live, a)` becomes `rows[live[a]][DAY]`.
    """

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        told = {"who": "{0}[{1}]", "on": "rows[{0}[{1}]][DAY]", "entry": "{1}"}.get(name)
        if told is None:
            return node
        text = told.format(*(ast.unparse(argument) for argument in node.args))
        return ast.copy_location(ast.parse(text, mode="eval").body, node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:  # named by ast
        self.generic_visit(node)
        is_array = isinstance(node.value, ast.Name) and node.value.id in ("rows", "days")
        if not (is_array and isinstance(node.slice, ast.Tuple)):
            return node
        first, second = node.slice.elts
        row = ast.Subscript(node.value, first, ast.Load())
        return ast.copy_location(ast.Subscript(row, second, node.ctx), node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:  # all parts have one room of names
        return None if (node.module or "").startswith("planner.schedule.kernel") else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.decorator_list = []
        return node


def _plain() -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "plain"}
    for module in KERNEL:
        tree = ast.fix_missing_locations(_Lists().visit(ast.parse(inspect.getsource(module))))
        exec(compile(tree, "plain kernel", "exec"), names)
    return names


@cache
def mirrored() -> Place:
    """place_households on lists of lists, line by line the kernel's."""
    return _plain()["place_households"]  # type: ignore[no-any-return]


@cache
def written_out() -> Place:
    """place_households on lists of lists, with the rules written out."""
    names = _plain()
    names["obstacle"] = obstacle
    names["is_free"] = lambda *asked: obstacle(*asked) == FREE
    names["nearest"] = nearest
    names["shorten_silence"] = partial(shorten_silence, names)
    return names["place_households"]  # type: ignore[no-any-return]


def obstacle(
    rows: list[list[int]], days: list[list[int]], live: list[int], notes: list[int], me: int, day: int
) -> int:
    """What forbids the day, rule by rule; as the kernel's obstacle."""
    mine = rows[me]
    if days[mine[columns.OPEN]][day] == 0:
        return columns.CLOSED
    others = [rows[other] for other in live[: notes[columns.LIVE]]]
    for other in others:
        apart = min(mine[GAP], other[GAP])
        if mine[GROUP] == other[GROUP] == CALL:
            apart = max(apart, notes[columns.CALL_GAP])
        if abs(day - other[DAY]) < apart:
            return columns.TOO_CLOSE
    span = notes[columns.CAP_DAYS]
    # Who makes it too much begins on this day or with a contact before it, the nearest first.
    begins = sorted({day} | {other[DAY] for other in others if day - span < other[DAY] < day}, reverse=True)
    for first in begins:
        inside = [other for other in others if first <= other[DAY] < first + span]
        alike = sum(other[GROUP] == mine[GROUP] for other in inside)
        if len(inside) + 1 > notes[columns.MOST_TOUCHES] or alike + 1 > mine[columns.CAP]:
            notes[columns.FIRST] = first
            notes[columns.LAST] = max([day, *(other[DAY] for other in inside)])
            return columns.TOO_MANY
    if mine[GROUP] == CALL and (days[columns.TEAM][day] <= 0 or days[mine[columns.LANE]][day] <= 0):
        return columns.FULL
    return FREE


def nearest(
    rows: list[list[int]],
    days: list[list[int]],
    live: list[int],
    notes: list[int],
    me: int,
    low: int,
    high: int,
) -> int:
    """The free day of [low, high] nearest to the best day, the earlier of two; as the kernel's nearest."""
    ideal = min(max(rows[me][IDEAL], low), high)
    for away in range(max(ideal - low, high - ideal) + 1):
        if ideal - away >= low and obstacle(rows, days, live, notes, me, ideal - away) == FREE:
            return ideal - away
        later = ideal + away
        if 0 < away <= high - ideal and obstacle(rows, days, live, notes, me, later) == FREE:
            return later
    return OUT


def shorten_silence(
    names: dict[str, Any],
    rows: list[list[int]],
    days: list[list[int]],
    live: list[int],
    notes: list[int],
    at: int,
    start: int,
    stop: int,
) -> bool:
    """Tries each contact that may move on each day of the silence; as the kernel's shorten_silence.

    `names`: the kernel's other functions.
    """
    excess, day_at, next_day = names["excess"], names["day_at"], names["next_day"]
    first, last = day_at(rows, live, at - 1), rows[live[at]][DAY]
    hopeless = last - first > 2 * notes[columns.SILENCE]
    best, best_day, best_gain, best_rank = start, start, 0, -1
    for me in range(start, stop):
        mine = rows[me]
        was = mine[DAY]
        if was == OUT or mine[MANNER] <= columns.HOLD or mine[LOW] >= last or mine[HIGH] <= first:
            continue
        rank = columns.FIRST_RANK if mine[MANNER] == columns.FLOAT else mine[PRIORITY]
        if rank < best_rank or (rank < columns.FIRST_RANK and hopeless):
            continue
        own = live.index(me, 0, notes[columns.LIVE])
        before, after = day_at(rows, live, own - 1), next_day(rows, live, notes, own + 1)
        gained = excess(notes, before, was) + excess(notes, was, after) - excess(notes, before, after)
        left = before if own == at - 1 else first
        right = after if own == at else last
        gained += excess(notes, left, right)
        mark = notes[columns.TRAIL]
        for day in range(max(mine[LOW], first + 1), min(mine[HIGH], last - 1) + 1):
            gain = gained - excess(notes, left, day) - excess(notes, day, right)
            away = abs(day - mine[IDEAL])
            better = rank > best_rank or gain > best_gain
            better = better or (gain == best_gain and away < abs(best_day - rows[best][IDEAL]))
            if gain > 0 and better:
                if notes[columns.TRAIL] == mark:
                    names["take_out"](rows, days, live, notes, me)
                if obstacle(rows, days, live, notes, me, day) == FREE:
                    best, best_day, best_gain, best_rank = me, day, gain, rank
        names["undo"](rows, days, live, notes, mark)
    if best_gain == 0:
        return False
    names["remove"](rows, days, live, notes, best)
    names["insert"](rows, days, live, notes, best, best_day)
    rows[best][MOVED] = max(1, rows[best][MOVED])
    return True


def on_arrays(place: Place) -> Place:
    """A plain one with the arguments of placement.place_households."""

    def wrapped(rows: Ints, starts: Ints, visits: Ints, days: Ints, live: Ints, notes: Ints) -> None:
        given = as_lists(rows, starts, visits, days, live, notes)
        place(*given)
        rows[:], days[:] = np.array(given[0]), np.array(given[3])

    return wrapped


def as_lists(*arrays: Ints) -> list[Any]:
    return [array.tolist() for array in arrays]
