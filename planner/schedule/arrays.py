"""From frames to the integers that the kernel reads, and what it is told of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.dates import days
from planner.schedule import load
from planner.schedule.kernel import columns, placement
from planner.schedule.rules import WORKING_DAYS, Bools, kind_of_days
from planner.settings import Settings
from planner.tables import LIVE_STATUSES

Ints = npt.NDArray[np.int64]

GROUPS = {
    "call": columns.CALL,
    "email": columns.EMAIL,
    "post": columns.POST,
    "sms": columns.SHORT,
    "messenger": columns.SHORT,
}
MANNERS = {"hold": columns.HOLD, "shift": columns.SHIFT, "float": columns.FLOAT, "drop": columns.DROP}
# The reason by WHY: FREE, TOO_CLOSE, TOO_MANY, FULL, CLOSED, OUTSIDE, REPAIRED, KEPT.
REASONS = np.array(
    ["ideal", "gap", "cap", "capacity", "working-day", "window", "repaired", "pinned"], dtype=object
)
URGENT = 1  # contacts up to this priority do not wait for others
FAR = 2**20  # no gap, limit or distance in days is larger
WORTH_BITS = 2  # for the classes of planner.value.classes


@dataclass(frozen=True)
class Wishes:
    """What each candidate asks for, in days from the as-of day. An empty window has low > high."""

    low: Ints
    high: Ints
    ideal: Ints
    before: Ints  # the day of the stored calendar, columns.OUT if it had none
    kind: Ints  # row of rules.open_days
    manner: Ints
    priority: Ints
    tie: npt.NDArray[np.uint64]  # settles what nothing else does: worth, then a hash
    worth: Ints  # class of the household: 0 goes first where calls are short

    def __getitem__(self, which: Bools) -> Wishes:
        return Wishes(**{field.name: getattr(self, field.name)[which] for field in fields(self)})


def wishes(free: pd.DataFrame, kept: pd.DataFrame, as_of: date) -> Wishes:
    """The candidates as arrays; `kept`: planned_on and ideal_on of the stored calendar along them."""
    low, high = days_from(free["earliest_on"], as_of), days_from(free["latest_on"], as_of)
    ideal, before = days_from(free["ideal_on"], as_of), days_from(kept["planned_on"], as_of)
    manner = coded(free["on_conflict"], MANNERS, columns.SHIFT)
    # A contact that holds its best day follows it, and so does one that a cue brings forward; the others
    # stay where they were if they can.
    follows = (manner == columns.HOLD) | free.get("forward", pd.Series(False, free.index)).to_numpy(
        dtype=bool
    )
    follows &= days_from(kept["ideal_on"], as_of) != ideal
    worth = np.asarray(free.get("worth", pd.Series(0, free.index)), dtype=np.int64)
    return Wishes(
        low=np.maximum(low, 0),
        high=high,
        ideal=ideal,
        before=np.where(follows, columns.OUT, before),
        kind=kind_of_days(free["channel"], free["purpose"]),
        manner=manner,
        priority=free["priority"].fillna(FAR).to_numpy(dtype=np.int64),
        tie=worth_first(worth, stable_hash(free["contact_id"])),
        worth=worth,
    )


def run_kernel(
    free: pd.DataFrame, asked: Wishes, pinned: pd.DataFrame, settings: Settings, as_of: date, allowed: Bools
) -> tuple[Ints, npt.NDArray[np.object_]]:
    """Places the candidates around the pinned contacts: day (columns.OUT: none) and reason, along `free`."""
    fixed = pinned[pinned["status"].isin(LIVE_STATUSES) & pinned["planned_on"].notna()]
    n, m = len(free), len(fixed)
    if n == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=object)
    facts = ["household_id", "channel", "advisor", "min_gap_days"]
    everybody = pd.concat([free[facts], fixed[facts]], ignore_index=True)

    rows = np.zeros((n + m, columns.COLUMNS), dtype=np.int64)
    rows[:, columns.GROUP] = coded(everybody["channel"], GROUPS, columns.SHORT)
    rows[:, columns.CAP] = caps_of(settings)[rows[:, columns.GROUP]]
    rows[:, columns.GAP] = everybody["min_gap_days"].fillna(0).clip(0, FAR)
    rows[:, columns.LANE] = coded(everybody["advisor"], lanes_of(settings), columns.TEAM)
    rows[:n, columns.LOW], rows[:n, columns.HIGH] = asked.low, asked.high
    rows[:n, columns.IDEAL] = np.clip(asked.ideal, asked.low, np.maximum(asked.low, asked.high))
    rows[:n, columns.PRIORITY] = np.unique(asked.priority, return_inverse=True)[1]
    rows[:n, columns.OPEN], rows[:n, columns.MANNER] = asked.kind, asked.manner
    rows[:n, columns.BEFORE], rows[:n, columns.DAY] = asked.before, columns.OUT
    rows[n:, columns.MANNER], rows[n:, columns.DAY] = columns.PINNED, days_from(fixed["planned_on"], as_of)
    rows[:, columns.TRIED] = -1
    rows[:n, columns.WAVE] = asked.worth  # until visits_of makes the wave of it

    tie = np.concatenate([asked.tie, stable_hash(fixed["contact_id"])])
    order, starts = in_turn(rows, everybody["household_id"], tie)
    rows = np.ascontiguousarray(rows[order])
    live = np.zeros(int(np.diff(starts).max()), dtype=np.int64)
    days = days_of(settings, allowed, rows, as_of)
    late = np.full(n + m, load.NO_DAY, dtype=np.int64)
    passed = np.append(asked.ideal < 0, np.zeros(m, dtype=bool))[order]
    turn = (tie[order], np.append(asked.priority > URGENT, np.zeros(m, dtype=bool))[order])
    late[order] = waits(rows, starts, passed, turn, live, allowed, settings)
    placement.place_households(
        rows, starts, visits_of(rows, starts, settings), days, live, notes_of(settings)
    )
    result = np.empty_like(rows[:, :2])
    result[order] = rows[:, [columns.DAY, columns.WHY]]
    day = result[:n, 0].astype(np.int64)
    reason = REASONS[result[:n, 1]]
    # What stands on the best day that its window leaves is still not on its ideal day.
    reason[(reason == "ideal") & (day != asked.ideal)] = "window"
    reason[(reason == "window") & (day == late[:n]) & (day > allowed[WORKING_DAYS].argmax())] = "capacity"
    return day, reason


def waits(
    rows: Ints,
    starts: Ints,
    passed: Bools,
    turn: tuple[npt.NDArray[np.uint64], Bools],
    live: Ints,
    allowed: Bools,
    settings: Settings,
) -> Ints:
    """Gives each of too many overdue calls a best day of its own, IDEAL of `rows`, which it returns.

    The others have load.NO_DAY. How many there are, and from when on their households' other contacts let
    them be made, shows a placement without limits of the households that have such calls. `turn`: what
    settles it among equals, and who is not urgent.
    """
    call, length = rows[:, columns.GROUP] == columns.CALL, allowed.shape[1]
    low, high, before = rows[:, columns.LOW], rows[:, columns.HIGH], rows[:, columns.BEFORE]
    keeps = (low <= before) & (before <= high)
    moves = np.isin(rows[:, columns.MANNER], (columns.SHIFT, columns.DROP))
    late = call & moves & ~keeps & passed & (low == 0) & (high >= 0)
    if not late.any():
        return np.full(len(rows), load.NO_DAY, dtype=np.int64)
    home = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    visits = np.unique(home[late])
    tried, free = rows.copy(), np.full((columns.TEAM + 1, length), FAR, dtype=np.int64)
    free[: columns.TEAM] = allowed
    tried[:, columns.LANE] = columns.TEAM
    tried[:, columns.WAVE] = 0
    visits = np.stack([visits, np.full(len(visits), columns.LAST_WAVE)], axis=1)
    placement.place_households(tried, starts, visits, free, live, notes_of(settings))
    day = np.where(keeps, before, rows[:, columns.IDEAL])
    day = np.where(rows[:, columns.MANNER] == columns.PINNED, rows[:, columns.DAY], day)
    day = np.where(np.isin(home, visits[:, 0]), tried[:, columns.DAY], day)
    there = call & (day >= 0) & (day < length)
    others = np.bincount(day[there & ~late], minlength=length)
    order = (turn[0], rows[:, columns.PRIORITY], high, turn[1])
    late &= there
    found = load.spread(
        late, day, high, order, others, allowed[WORKING_DAYS], settings.capacity.calls_per_day
    )
    rows[:, columns.IDEAL] = np.where(found == load.NO_DAY, rows[:, columns.IDEAL], found)
    return found


def in_turn(
    rows: Ints, household: pd.Series, tie: npt.NDArray[np.uint64]
) -> tuple[npt.NDArray[np.intp], Ints]:
    """The order in which the kernel takes the rows, and where in it each household starts.

    Households come in the order of a hash, so that where capacity is short no id is favoured. In each,
    contacts that hold their day first, then by priority, the narrower window, the earlier best day.
    """
    code, names = pd.factorize(household)
    turn = np.empty(len(names), dtype=np.int64)
    turn[np.argsort(stable_hash(pd.Series(names)), kind="stable")] = np.arange(len(names))
    home = turn[code]
    key = home
    for values, bits in (
        (rows[:, columns.MANNER] > columns.HOLD, 1),
        (rows[:, columns.PRIORITY], 8),
        (rows[:, columns.HIGH] - rows[:, columns.LOW], 12),
        (rows[:, columns.IDEAL], 16),
    ):
        key = (key << bits) | np.clip(values.astype(np.int64), 0, (1 << bits) - 1)
    order = np.lexsort((tie, key))
    starts = np.searchsorted(home[order], np.arange(len(names) + 1))
    return order, starts.astype(np.int64)


def visits_of(rows: Ints, starts: Ints, settings: Settings) -> Ints:
    """The kernel's visits, and WAVE of the rows. Without a limit for calls each household has one.

    With one, the urgent calls of all households come before the less urgent ones of any: by priority, then
    by the width of the window, doubled from step to step, then by what the household is worth (WAVE, as it
    comes, is its class); so the one that is worth less also makes way sooner. What holds its day does so
    from the first wave on, but for calls.
    """
    last = np.stack([np.arange(len(starts) - 1), np.full(len(starts) - 1, columns.LAST_WAVE)], axis=1)
    if not is_limited(settings):
        return last
    width = np.frexp(np.maximum(rows[:, columns.HIGH] - rows[:, columns.LOW], 0))[1].astype(np.int64)
    call = rows[:, columns.GROUP] == columns.CALL
    first = (rows[:, columns.MANNER] <= columns.HOLD) & ~call
    urgency = (rows[:, columns.PRIORITY] << 6) | width
    rows[:, columns.WAVE] = np.where(first, 0, (urgency << WORTH_BITS) | rows[:, columns.WAVE])
    home = np.repeat(last[:, 0], np.diff(starts))
    couples = call & (rows[:, columns.MANNER] != columns.PINNED)
    key = np.unique(rows[couples, columns.WAVE] * len(starts) + home[couples])
    return np.concatenate([np.stack([key % len(starts), key // len(starts)], axis=1), last])


def is_limited(settings: Settings) -> bool:
    """Is there any limit for calls?"""
    return settings.capacity.calls_per_day > 0 or bool(lanes_of(settings))


def caps_of(settings: Settings) -> Ints:
    """The cap of each columns.GROUP."""
    rules = settings.contact_rules
    caps = [0, rules.max_calls, rules.max_emails, rules.max_letters, rules.max_short_messages]
    return np.minimum(caps, FAR).astype(np.int64)


def notes_of(settings: Settings) -> Ints:
    """The kernel's notes with the contact rules, and otherwise empty."""
    notes, rules = np.zeros(columns.NOTES, dtype=np.int64), settings.contact_rules
    notes[columns.MOST_TOUCHES] = min(rules.max_touches, FAR)
    notes[columns.CAP_DAYS] = min(rules.cap_days, FAR)
    notes[columns.CALL_GAP] = min(rules.call_gap_days, FAR)
    notes[columns.SILENCE] = min(rules.silence_days, FAR)
    return notes


def days_of(settings: Settings, allowed: Bools, rows: Ints, as_of: date) -> Ints:
    """The kernel's days: when something may go out, and the calls left beside those that are pinned."""
    capacity, lanes = settings.capacity, lanes_of(settings)
    length = allowed.shape[1]
    limits = [capacity.calls_per_day, *(capacity.advisors.get(name, 0) for name in lanes)]
    calls = np.array([[min(limit, FAR) or FAR] * length for limit in limits], dtype=np.int64)
    for name, lane in lanes.items():
        for first, last in capacity.days_off(name):
            begin, end = ((day - as_of).days for day in (first, last))
            calls[lane - columns.TEAM, max(begin, 0) : max(end + 1, 0)] = 0
    found = np.vstack([allowed.astype(np.int64), calls])
    day = rows[:, columns.DAY]
    pinned = rows[(rows[:, columns.GROUP] == columns.CALL) & (day >= 0) & (day < length)]
    np.subtract.at(found, (columns.TEAM, pinned[:, columns.DAY]), 1)
    own = pinned[pinned[:, columns.LANE] > columns.TEAM]
    np.subtract.at(found, (own[:, columns.LANE], own[:, columns.DAY]), 1)
    return found


def lanes_of(settings: Settings) -> dict[str, int]:
    """The advisors with a limit or absences of their own, with the row of theirs in the kernel's days."""
    limited = {name for name, calls in settings.capacity.advisors.items() if calls > 0}
    limited |= set(settings.capacity.absences)
    return {name: number for number, name in enumerate(sorted(limited), start=columns.TEAM + 1)}


def days_from(column: pd.Series, as_of: date) -> Ints:
    """Days from the as-of day to each date; columns.OUT where there is none."""
    day = days(column)
    apart = (day - np.datetime64(as_of)).astype(np.int64)
    return np.where(np.isnat(day), columns.OUT, apart)


def coded(values: pd.Series, numbers: Mapping[str, int], other: int) -> Ints:
    """The number of each value; `other` for values that have none."""
    codes, names = pd.factorize(values)
    return np.array([*(numbers.get(str(name), other) for name in names), other], dtype=np.int64)[codes]


def worth_first(worth: Ints, tie: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The tie with the class before it."""
    bits = np.uint64(WORTH_BITS)
    return (worth.astype(np.uint64) << np.uint64(64 - WORTH_BITS)) | (tie >> bits)


def stable_hash(values: pd.Series) -> npt.NDArray[np.uint64]:
    """A number for each text that is the same in every run."""
    return pd.util.hash_array(values.to_numpy(dtype=object), categorize=False)
