"""The live contacts of the household at work, by day; who comes and goes, so that it can be undone."""

from __future__ import annotations

from planner.schedule.kernel.columns import (
    CALL,
    DAY,
    FIRST_MOVE,
    GROUP,
    LANE,
    LIVE,
    OUT,
    TEAM,
    TRAIL,
    WHO_BITS,
)
from planner.schedule.kernel.machine import Ints, part


@part
def entry(day: int, me: int) -> int:
    """What stands in `live` for a contact with a day."""
    return day << WHO_BITS | me


@part
def who(live: Ints, at: int) -> int:
    """The contact at this place of `live`."""
    return live[at] & ((1 << WHO_BITS) - 1)


@part
def on(live: Ints, at: int) -> int:
    """The day of the contact at this place of `live`."""
    return live[at] >> WHO_BITS


@part
def position(rows: Ints, live: Ints, notes: Ints, day: int) -> int:
    """Where in `live` the first contact on or after the day stands."""
    low, high = 0, notes[LIVE]
    while low < high:
        middle = (low + high) // 2
        if on(live, middle) < day:
            low = middle + 1
        else:
            high = middle
    return low


@part
def line_up(rows: Ints, live: Ints, notes: Ints, me: int) -> None:
    """Takes a contact with a day into `live`."""
    at = position(rows, live, notes, rows[me, DAY])
    for i in range(notes[LIVE], at, -1):
        live[i] = live[i - 1]
    live[at] = entry(rows[me, DAY], me)
    notes[LIVE] += 1


@part
def insert(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, day: int) -> None:
    """Gives a day to a contact that has none."""
    rows[me, DAY] = day
    line_up(rows, live, notes, me)
    if rows[me, GROUP] == CALL:
        days[TEAM, day] -= 1
        if rows[me, LANE] > TEAM:
            days[rows[me, LANE], day] -= 1


@part
def remove(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int) -> None:
    """Takes its day from a contact."""
    day = rows[me, DAY]
    at = position(rows, live, notes, day)
    while who(live, at) != me:
        at += 1
    notes[LIVE] -= 1
    for i in range(at, notes[LIVE]):
        live[i] = live[i + 1]
    rows[me, DAY] = OUT
    if rows[me, GROUP] == CALL:
        days[TEAM, day] += 1
        if rows[me, LANE] > TEAM:
            days[rows[me, LANE], day] += 1


@part
def remember(rows: Ints, notes: Ints, me: int) -> None:
    """Remembers the day of a contact that is going to change."""
    at = FIRST_MOVE + 2 * notes[TRAIL]
    notes[at] = me
    notes[at + 1] = rows[me, DAY]
    notes[TRAIL] += 1


@part
def put(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, day: int) -> None:
    """As _insert, so that it can be undone."""
    remember(rows, notes, me)
    insert(rows, days, live, notes, me, day)


@part
def take_out(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int) -> None:
    """As _remove, so that it can be undone."""
    remember(rows, notes, me)
    remove(rows, days, live, notes, me)


@part
def undo(rows: Ints, days: Ints, live: Ints, notes: Ints, mark: int) -> None:
    """Takes back all changes since the trail had this length."""
    while notes[TRAIL] > mark:
        notes[TRAIL] -= 1
        at = FIRST_MOVE + 2 * notes[TRAIL]
        me, day = notes[at], notes[at + 1]
        if rows[me, DAY] != OUT:
            remove(rows, days, live, notes, me)
        if day != OUT:
            insert(rows, days, live, notes, me, day)
