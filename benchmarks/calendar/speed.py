"""Speed of the kernel: beside plain Python, with capacity, by households, and from process to process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import numpy as np

from benchmarks.calendar.captured import Ints, Problem, captured
from benchmarks.calendar.households import AS_OF, Tables, frame
from benchmarks.calendar.plain import as_lists, mirrored, written_out
from benchmarks.calendar.tables import percent, table, verdict
from planner.columns import empty
from planner.schedule.arrays import visits_of
from planner.schedule.kernel import columns, placement
from planner.schedule.rules import open_days
from planner.settings import Capacity, Settings
from planner.tables import CONTACTS, CUSTOMERS, FORECASTS, READINGS, VEHICLES, VISITS

PATTERN = 10_000  # different households; larger numbers repeat them
PART = 300  # households of the plain references
YEAR = 365

# A whole process: a fresh `python` that places one contact, and says what the kernel's cache did.
PROCESS = """
import time
begun = time.perf_counter()
import numpy as np
from planner.schedule.kernel import columns, placement
ready = time.perf_counter()
rows = np.zeros((1, columns.COLUMNS), dtype=np.int64)
rows[0, columns.GROUP], rows[0, columns.CAP], rows[0, columns.MANNER] = columns.CALL, 1, columns.SHIFT
rows[0, [columns.BEFORE, columns.DAY, columns.TRIED]] = columns.OUT
days, notes = np.ones((4, 1), dtype=np.int64), np.ones(columns.NOTES, dtype=np.int64)
visits = np.array([[0, columns.LAST_WAVE]])
placement.place_households(rows, np.array([0, 1]), visits, days, np.zeros(1, dtype=np.int64), notes)
stats = placement.place_households.stats
hits, misses = sum(stats.cache_hits.values()), sum(stats.cache_misses.values())
print(rows[0, columns.DAY], hits, misses, ready - begun, time.perf_counter() - ready)
"""


def new_cars(count: int, seed: int = 3) -> Tables:
    """Households of one new car, bought on the as-of day: the 36 touchpoints of its first three years."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"C{number:06d}" for number in range(count)], dtype=object)
    born = np.datetime64("1970-01-01") + rng.integers(0, 9_000, count)
    people = {"customer_id": ids, "household_id": ids, "name": "Somebody", "birthday": born}
    cars = {"vehicle_id": ids, "customer_id": ids, "purchased_on": np.datetime64(AS_OF), "condition": "new"}
    return {
        "customers": frame(people, CUSTOMERS),
        "vehicles": frame(cars | {"monthly_km": rng.integers(300, 1_100, count)}, VEHICLES),
        "visits": empty(VISITS),
        "readings": empty(READINGS),
        "contacts": empty(CONTACTS),
        "forecasts": empty(FORECASTS),
    }


def spread(problem: Problem, count: int, settings: Settings, seed: int = 4) -> Problem:
    """So many households out of those, each with all its days moved by up to a year.

    `rows` and `placed` are the same array: the kernel fills it in place, so that a million fits in memory.
    """
    each = problem.starts[1]
    assert (np.diff(problem.starts) == each).all(), "all households are as large"
    rows = np.tile(problem.rows, (-(-count // len(problem)), 1))[: count * each]
    later = np.repeat(np.random.default_rng(seed).integers(0, YEAR, count), each)
    for column in (columns.LOW, columns.HIGH, columns.IDEAL):
        rows[:, column] += later
    allowed = open_days(settings, AS_OF, problem.days.shape[1] + YEAR).astype(np.int64)
    no_limit = np.full((1, allowed.shape[1]), 2**20, dtype=np.int64)
    starts = np.arange(count + 1, dtype=np.int64) * each
    return Problem(rows, starts, np.vstack([allowed, no_limit]), problem.notes, rows, settings)


def of_36(settings: Settings) -> Problem:
    """New cars with exactly 36 contacts to be placed."""
    problem, _ = captured(new_cars(PATTERN), settings)
    sizes = np.diff(problem.starts)
    full = np.repeat(sizes == 36, sizes)
    starts = np.arange((sizes == 36).sum() + 1, dtype=np.int64) * 36
    return Problem(problem.rows[full], starts, problem.days, problem.notes, problem.placed[full], settings)


def seconds(problem: Problem, place: Callable[..., None] = placement.place_households) -> float:
    """Seconds of processor for placing all of them, in place; only where they have no day yet."""
    days, notes = problem.days.copy(), problem.notes.copy()
    live = np.zeros(int(np.diff(problem.starts).max()), dtype=np.int64)
    begun = time.process_time()
    visits = visits_of(problem.rows, problem.starts, problem.settings)
    place(problem.rows, problem.starts, visits, days, live, notes)
    return time.process_time() - begun


def report(largest: int = 1_000_000) -> str:
    settings = Settings()
    pattern = of_36(settings)
    seconds(spread(pattern, 10, settings))  # warm
    parts = [
        "## 3. Speed of the placement, one core, after warm-up",
        f"Single new cars with 36 contacts each, delivered in the course of a year: {len(pattern):,} "
        "different ones, repeated on other days. Seconds of processor; the best of three.",
        _beside_plain(pattern, settings),
        _capacity(pattern, settings),
        _flat(pattern, settings, largest),
        _cache(),
    ]
    return "\n\n".join(parts)


def best(pattern: Problem, count: int, settings: Settings, times: int = 3) -> tuple[float, Ints]:
    """Seconds, the best of some times, and the rows as placed."""
    found, placed = np.inf, np.empty(0)
    for _ in range(times):
        problem = spread(pattern, count, settings)
        found, placed = min(found, seconds(problem)), problem.rows
    return found, placed


def _beside_plain(pattern: Problem, settings: Settings) -> str:
    count = 100_000
    compiled, placed = best(pattern, count, settings)
    lines: list[tuple[object, ...]] = [("compiled", f"{count:,}", f"{compiled:.2f}", "", "")]
    for name, place in (
        ("rules written out as loops", written_out()),
        ("the kernel's own source", mirrored()),
    ):
        some = spread(pattern, count, settings)
        rows, starts = some.rows[: PART * 36], some.starts[: PART + 1]
        visits = visits_of(rows, starts, settings)
        given = as_lists(rows, starts, visits, some.days, np.zeros(36, dtype=np.int64), some.notes)
        begun = time.process_time()
        place(*given)
        plain = (time.process_time() - begun) * count / PART
        same = bool((np.array(given[0]) == placed[: PART * 36]).all())
        ratio = plain / compiled
        told = f"{ratio:.0f} times" + (f" (200: {verdict(ratio >= 200)})" if "written" in name else "")
        lines.append(
            (f"plain Python, {name}", f"{PART:,}", f"{plain:.0f}", told, "yes" if same else "**NO**")
        )
    header = (
        "way",
        "measured on households",
        f"seconds for {count:,}",
        "compiled is faster",
        "same days and reasons",
    )
    return table(header, lines)


def _capacity(pattern: Problem, settings: Settings) -> str:
    count = 100_000
    without, placed = best(pattern, count, settings)
    calls = placed[(placed[:, columns.GROUP] == columns.CALL) & (placed[:, columns.DAY] != columns.OUT)]
    load = np.bincount(calls[:, columns.DAY])
    lines: list[tuple[object, ...]] = [("no limit", f"{load.max():,}", percent(0), f"{without:.2f}", "", "")]
    for share in (1.3, 1.0, 0.7):
        limit = int(np.median(load[load > 0]) * share)
        found = np.inf
        for _ in range(3):
            limited = settings.model_copy(update={"capacity": Capacity(calls_per_day=limit)})
            problem = spread(pattern, count, limited)
            problem.days[columns.TEAM] = limit
            found = min(found, seconds(problem))
        own = problem.rows[problem.rows[:, columns.GROUP] == columns.CALL]
        dropped = (own[:, columns.DAY] == columns.OUT).mean()
        busiest = np.bincount(own[own[:, columns.DAY] != columns.OUT, columns.DAY]).max()
        ratio = found / without
        lines.append(
            (
                f"{limit:,}",
                f"{busiest:,}",
                percent(dropped),
                f"{found:.2f}",
                f"{ratio:.1f}",
                verdict(ratio <= 6),
            )
        )
    header = ("calls a day", "busiest day", "calls dropped", "seconds", "times without", "at most 6")
    return (
        f"With capacity, {count:,} households; the limits are shares of the median day's calls:\n\n"
        + table(header, lines)
    )


def _flat(pattern: Problem, settings: Settings, largest: int) -> str:
    counts = [n for n in (10_000, 30_000, 100_000, 300_000, 1_000_000) if n <= largest]
    each = [best(pattern, count, settings)[0] / count * 1e6 for count in counts]
    spreads = max(each) / min(each) - 1
    lines = [(f"{count:,}", f"{micro:.2f}") for count, micro in zip(counts, each, strict=True)]
    gigabytes = largest * 36 * columns.COLUMNS * 8 / 1e9
    text = (
        f"Cost of a household in one call of the kernel, all in memory ({gigabytes:.1f} GB for {largest:,}). "
        f"Largest over smallest: +{percent(spreads)}; target 20%: {verdict(spreads <= 0.2)}."
    )
    return text + "\n\n" + table(("households", "microseconds each"), lines)


def process(folder: str | None = None) -> tuple[int, int, float, float]:
    """A fresh process: cache hits, misses, seconds to import the kernel, seconds of the first call."""
    where = {"NUMBA_CACHE_DIR": folder} if folder else {}
    run = subprocess.run(
        [sys.executable, "-c", PROCESS], env=os.environ | where, capture_output=True, text=True, check=True
    )
    day, hits, misses, imported, called = run.stdout.split()
    assert day == "0"
    return int(hits), int(misses), float(imported), float(called)


def _cache() -> str:
    with tempfile.TemporaryDirectory() as folder:
        found = [process(folder) for _ in range(2)]
    lines = [
        (name, hits, misses, f"{imported:.1f}", f"{called:.2f}")
        for name, (hits, misses, imported, called) in zip(("first", "second"), found, strict=True)
    ]
    met = found[1][0] == 1 and found[1][1] == 0
    header = ("process", "cache hits", "misses", "seconds to import", "seconds of the first call")
    return (
        "Two fresh processes with an empty cache of compiled code; wall clock. Target: the second compiles "
        f"nothing: {verdict(met)}.\n\n" + table(header, lines)
    )
