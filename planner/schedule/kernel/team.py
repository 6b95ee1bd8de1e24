"""Calls of several households, for which the team has too few hours."""

from __future__ import annotations

import numpy as np

from planner.schedule.kernel.columns import (
    BEFORE,
    CALL,
    DAY,
    FLOAT,
    FULL,
    GROUP,
    HIGH,
    HOLD,
    IDEAL,
    LANE,
    LAST_WAVE,
    LOW,
    MANNER,
    MOST_ASKED,
    MOST_LOOKED_AT,
    MOVED,
    NOBODY,
    OUT,
    PRIORITY,
    REPAIRED,
    TEAM,
    WAVE,
    WHY,
)
from planner.schedule.kernel.free_days import free_day, nearest, outward
from planner.schedule.kernel.household import arrange, enter
from planner.schedule.kernel.line import insert, remove
from planner.schedule.kernel.machine import Ints, listing, part
from planner.schedule.kernel.obstacles import obstacle


@part
def makes_way(
    rows: Ints, days: Ints, live: Ints, notes: Ints, of_other: Ints, notes_of_other: Ints, me: int, other: int
) -> bool:
    """Gives `me` the day of a call of another household, if that one finds another day by itself."""
    day = rows[other, DAY]
    remove(rows, days, of_other, notes_of_other, other)
    insert(rows, days, live, notes, me, day)
    elsewhere = free_day(rows, days, of_other, notes_of_other, other)
    if elsewhere == OUT:
        remove(rows, days, live, notes, me)
        insert(rows, days, of_other, notes_of_other, other, day)
        return False
    insert(rows, days, of_other, notes_of_other, other, elsewhere)
    return True


@part
def claim(
    rows: Ints,
    starts: Ints,
    days: Ints,
    live: Ints,
    notes: Ints,
    of_other: Ints,
    notes_of_other: Ints,
    callers: Ints,
    until: Ints,
    room: Ints,
    me: int,
) -> bool:
    """Finds a day for a call that found all of its days full, at the cost of other households' calls.

    A call that has another free day makes way, whoever it is; else the least urgent one goes, if it is of
    a later priority. `callers`: the calls that may move by day, those of day d before until[d]; `room`: how
    many days before a day had a call left when they were counted.
    """
    household = np.searchsorted(starts, me, side="right") - 1
    start, stop = starts[household], starts[household + 1]
    enter(rows, live, notes, start, stop)
    day = free_day(rows, days, live, notes, me)
    if day != OUT:
        insert(rows, days, live, notes, me, day)
        return True
    low, high, lane, asked = rows[me, LOW], rows[me, HIGH], rows[me, LANE], MOST_ASKED
    victim = NOBODY
    for step in range(2 * (high - low) + 1):
        day = outward(rows[me, IDEAL], step)
        # Below 0 are days on which there are too many pinned ones: one call less would not do.
        if not low <= day <= high or days[TEAM, day] < 0 or days[lane, day] < 0:
            continue
        if obstacle(rows, days, live, notes, me, day) != FULL:
            continue
        looked_at = 0
        for at in range(until[day - 1] if day > 0 else 0, until[day]):
            other = callers[at]
            if rows[other, DAY] != day or start <= other < stop:
                continue
            if lane > TEAM and days[lane, day] == 0 and rows[other, LANE] != lane:
                continue
            looked_at += 1
            if looked_at > MOST_LOOKED_AT:
                break  # the least urgent come first
            if asked > 0 and room[rows[other, HIGH] + 1] > room[rows[other, LOW]]:
                asked -= 1
                home = np.searchsorted(starts, other, side="right") - 1
                enter(rows, of_other, notes_of_other, starts[home], starts[home + 1])
                if makes_way(rows, days, live, notes, of_other, notes_of_other, me, other):
                    arrange(rows, days, of_other, notes_of_other, starts[home], starts[home + 1], LAST_WAVE)
                    return True
            later = rows[other, PRIORITY] > rows[me, PRIORITY]
            if later and (victim == NOBODY or rows[other, WAVE] > rows[victim, WAVE]):
                victim = other
    if victim == NOBODY:
        return False
    home = np.searchsorted(starts, victim, side="right") - 1
    enter(rows, of_other, notes_of_other, starts[home], starts[home + 1])
    day = rows[victim, DAY]
    remove(rows, days, of_other, notes_of_other, victim)
    insert(rows, days, live, notes, me, day)
    arrange(rows, days, of_other, notes_of_other, starts[home], starts[home + 1], LAST_WAVE)
    return True


@listing
def claims(rows: Ints, starts: Ints, days: Ints, live: Ints, notes: Ints) -> bool:
    """Lets the calls that found all their days full claim one, the most urgent first; False if none could."""
    length = days.shape[1]
    hungry = np.flatnonzero((rows[:, GROUP] == CALL) & (rows[:, DAY] == OUT) & (rows[:, WHY] == FULL))
    if len(hungry) == 0:
        return False
    standing = (rows[:, GROUP] == CALL) & (rows[:, DAY] >= 0) & (rows[:, MANNER] > HOLD)
    callers = np.flatnonzero(standing)
    callers = callers[np.argsort(-rows[callers, WAVE], kind="mergesort")]
    callers = callers[np.argsort(rows[callers, DAY], kind="mergesort")]
    until = np.searchsorted(rows[callers, DAY], np.arange(length), side="right")
    room = np.zeros(length + 1, dtype=np.int64)
    for day in range(length):
        room[day + 1] = room[day] + (days[0, day] != 0 and days[TEAM, day] > 0)
    of_other, notes_of_other = np.empty_like(live), notes.copy()
    some = False
    for me in hungry[np.argsort(rows[hungry, WAVE], kind="mergesort")]:
        if rows[me, DAY] == OUT and claim(
            rows, starts, days, live, notes, of_other, notes_of_other, callers, until, room, me
        ):
            home = np.searchsorted(starts, me, side="right") - 1
            arrange(rows, days, live, notes, starts[home], starts[home + 1], LAST_WAVE)
            some = True
    return some


@listing
def come_nearer(rows: Ints, starts: Ints, days: Ints, live: Ints, notes: Ints) -> bool:
    """Calls off their best day take one nearer to it that others have given up; False if none did."""
    waiting = (rows[:, GROUP] == CALL) & (rows[:, DAY] != OUT) & (rows[:, MANNER] != FLOAT)
    waiting &= ((rows[:, WHY] == FULL) | (rows[:, WHY] == REPAIRED)) & (rows[:, MOVED] == 0)
    some = False
    off_best: Ints = np.flatnonzero(waiting & (rows[:, DAY] != rows[:, BEFORE]))
    for me in off_best:
        home = np.searchsorted(starts, me, side="right") - 1
        start, stop, was = starts[home], starts[home + 1], rows[me, DAY]
        enter(rows, live, notes, start, stop)
        remove(rows, days, live, notes, me)
        day = nearest(rows, days, live, notes, me, rows[me, LOW], rows[me, HIGH])
        if day == OUT or abs(day - rows[me, IDEAL]) >= abs(was - rows[me, IDEAL]):
            insert(rows, days, live, notes, me, was)
        else:
            insert(rows, days, live, notes, me, day)
            arrange(rows, days, live, notes, start, stop, LAST_WAVE)
            some = True
    return some
