"""One contact against others that are worth more."""

from __future__ import annotations

from planner.schedule.kernel.columns import (
    CALL,
    CAP_DAYS,
    DAY,
    DROP,
    FIRST_MOVE,
    FREE,
    FULL,
    GROUP,
    HIGH,
    HOLD,
    LEAST_URGENT,
    LIVE,
    LOW,
    MANNER,
    MOST_CHANGES,
    MOVED,
    OUT,
    PRIORITY,
    TRAIL,
    WHY,
)
from planner.schedule.kernel.free_days import free_day
from planner.schedule.kernel.line import put, take_out, undo, who
from planner.schedule.kernel.machine import Ints, part
from planner.schedule.kernel.obstacles import is_free, is_full


@part
def worth_of(rows: Ints, me: int) -> int:
    """What a contact is worth: twice as much as one of the next priority."""
    return 1 << (LEAST_URGENT - min(rows[me, PRIORITY], LEAST_URGENT))


@part
def full_or_free(rows: Ints, days: Ints, me: int) -> int:
    """FULL for a call for which nobody has time on any day of its window, else FREE."""
    for day in range(rows[me, LOW], rows[me, HIGH] + 1):
        if not is_full(rows, days, me, day):
            return FREE
    return FULL


@part
def exchange(rows: Ints, days: Ints, live: Ints, notes: Ints, start: int, stop: int) -> bool:
    """Takes out one contact where that lets others in that are worth more; False if that is nowhere so."""
    span, missing = notes[CAP_DAYS], 0
    for me in range(start, stop):
        if rows[me, DAY] == OUT:
            missing += 1
            rows[me, WHY] = full_or_free(rows, days, me)
    if missing == 0:
        return False
    for at in range(notes[LIVE]):
        other = who(live, at)
        if rows[other, MANNER] <= HOLD:
            continue
        day, won = rows[other, DAY], -worth_of(rows, other)
        notes[TRAIL] = 0
        take_out(rows, days, live, notes, other)
        for me in range(start, stop):
            near = rows[me, LOW] < day + span and rows[me, HIGH] > day - span
            may = rows[me, DAY] == OUT and me != other and rows[me, MANNER] != DROP
            if may and near and notes[TRAIL] < MOST_CHANGES - 1:
                if rows[me, WHY] == FREE:
                    free = free_day(rows, days, live, notes, me)
                else:  # only the call that is gone makes room, on its day
                    at_all = rows[other, GROUP] == CALL and rows[me, LOW] <= day <= rows[me, HIGH]
                    can = at_all and is_free(rows, days, live, notes, me, day)
                    free = day if can else OUT
                if free != OUT:
                    put(rows, days, live, notes, me, free)
                    won += worth_of(rows, me)
        if won > -worth_of(rows, other):
            free = free_day(rows, days, live, notes, other)
            if free != OUT:
                put(rows, days, live, notes, other, free)
                won += worth_of(rows, other)
        if won > 0:
            for i in range(notes[TRAIL]):
                rows[notes[FIRST_MOVE + 2 * i], MOVED] = 1
            return True
        undo(rows, days, live, notes, 0)
    return False
