"""The day that a contact takes by itself."""

from __future__ import annotations

from planner.schedule.kernel.columns import (
    CAP_DAYS,
    FLOAT,
    FREE,
    HIGH,
    IDEAL,
    LIVE,
    LOW,
    MANNER,
    OPEN,
    OUT,
    SINCE,
    UNTIL,
)
from planner.schedule.kernel.line import on, position
from planner.schedule.kernel.machine import Ints, part
from planner.schedule.kernel.obstacles import is_free, is_full, obstacle


@part
def outward(middle: int, step: int) -> int:
    """The days from the middle outward: the middle, the day before, the day after, two days before, ..."""
    return middle - (step + 1) // 2 if step & 1 else middle + step // 2


@part
def nearest(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, low: int, high: int) -> int:
    """The free day of [low, high] nearest to the best day, the earlier of two; OUT if none is free."""
    early = min(max(rows[me, IDEAL], low), high)
    ideal, late = early, early + 1
    while early >= low or late <= high:
        sooner = early >= low and (late > high or ideal - early <= late - ideal)
        day = early if sooner else late
        if days[rows[me, OPEN], day] != 0 and not is_full(rows, days, me, day):
            if obstacle(rows, days, live, notes, me, day) == FREE:
                return day
            # Whoever is in the way here is so on the days around, too.
            if notes[SINCE] < early < notes[UNTIL]:
                early = notes[SINCE]
            if notes[SINCE] < late < notes[UNTIL]:
                late = notes[UNTIL]
        elif sooner:
            early -= 1
        else:
            late += 1
    return OUT


@part
def emptiest(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int) -> int:
    """The free day of the window farthest from any live contact; of equals the nearest to the best day."""
    low, high, ideal = rows[me, LOW], rows[me, HIGH], rows[me, IDEAL]
    widest = notes[CAP_DAYS]  # farther away nobody feels it
    best, best_room, best_away = OUT, -1, 0
    notes[SINCE] = notes[UNTIL] = OUT
    at = position(rows, live, notes, low)
    first = low
    while first <= high:
        # Between two neighbours the room shrinks from the middle, or from a plateau there, to both sides.
        left = on(live, at - 1) if at > 0 else first - widest
        right = on(live, at) if at < notes[LIVE] else high + widest
        last = min(high, right)
        room = min(widest, (right - left) // 2)
        middle = min(max(ideal, left + room), right - room)
        middle = min(max(middle, first), last)
        for away in range(max(middle - first, last - middle) + 1):
            some = False
            for day in (middle - away, middle + away):
                if not first <= day <= last:
                    continue
                room = min(widest, day - left, right - day)
                off = abs(day - ideal)
                better = room > best_room or (room == best_room and off < best_away)
                better = better and not notes[SINCE] < day < notes[UNTIL]
                if better and is_free(rows, days, live, notes, me, day):
                    best, best_room, best_away = day, room, off
                some = some or room >= best_room
            if not some:
                break
        first = last + 1
        at += 1
    return best


@part
def free_day(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int) -> int:
    """The day that a contact takes by itself; OUT if there is none."""
    if rows[me, MANNER] == FLOAT:
        return emptiest(rows, days, live, notes, me)
    return nearest(rows, days, live, notes, me, rows[me, LOW], rows[me, HIGH])


@part
def own_day(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int) -> int:
    """The day of the window nearest to the best day on which such a contact may be made at all."""
    low, high = rows[me, LOW], rows[me, HIGH]
    for step in range(2 * (high - low) + 1):
        day = outward(rows[me, IDEAL], step)
        if low <= day <= high and days[rows[me, OPEN], day] != 0:
            return day
    return OUT
