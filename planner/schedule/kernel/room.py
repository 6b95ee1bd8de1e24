"""The day that a contact gets when others move for it."""

from __future__ import annotations

from planner.schedule.kernel.columns import (
    CAP_DAYS,
    DAY,
    DROP,
    FIRST,
    FIRST_MOVE,
    FREE,
    HIGH,
    HOLD,
    IDEAL,
    LAST,
    LIVE,
    LOW,
    MANNER,
    MOST_SWAPS,
    MOVED,
    NEVER,
    NOBODY,
    OPEN,
    OUT,
    PRIORITY,
    SWAPS,
    TOO_MANY,
    TRAIL,
)
from planner.schedule.kernel.free_days import free_day, nearest, outward, own_day
from planner.schedule.kernel.line import on, position, put, take_out, undo, who
from planner.schedule.kernel.machine import Ints, part
from planner.schedule.kernel.obstacles import clearance, obstacle, reach_of, stays_full


@part
def in_the_way(rows: Ints, live: Ints, notes: Ints, me: int, day: int, may_lose: int) -> tuple[int, int, int]:
    """How many are too close to the day, and the first two; 3 also where one of them cannot clear it."""
    reach = reach_of(rows, notes, me)
    many, one, two = 0, NOBODY, NOBODY
    for at in range(position(rows, live, notes, day - reach + 1), notes[LIVE]):
        other = who(live, at)
        if rows[other, DAY] - day >= reach:
            break
        apart = clearance(rows, notes, me, other)
        if abs(day - rows[other, DAY]) < apart:
            clears = rows[other, LOW] <= day - apart or rows[other, HIGH] >= day + apart
            stays = rows[other, MANNER] <= HOLD or not (clears or rows[other, PRIORITY] >= may_lose)
            if many == 2 or stays:
                return 3, one, two
            one, two = (other, NOBODY) if many == 0 else (one, other)
            many += 1
    return many, one, two


@part
def swap(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, but: int) -> bool:
    """Gives a contact a day by moving the only one that is too close there, which must not be `but`."""
    low, high = rows[me, LOW], rows[me, HIGH]
    for step in range(2 * (high - low) + 1):
        day = outward(rows[me, IDEAL], step)
        if not low <= day <= high or days[rows[me, OPEN], day] == 0:
            continue
        many, other, _ = in_the_way(rows, live, notes, me, day, NEVER)
        if many != 1 or other == but or stays_full(rows, days, live, notes, me, day):
            continue
        mark = notes[TRAIL]
        take_out(rows, days, live, notes, other)
        if obstacle(rows, days, live, notes, me, day) == FREE:
            put(rows, days, live, notes, me, day)
            elsewhere = free_day(rows, days, live, notes, other)
            if elsewhere != OUT:
                put(rows, days, live, notes, other, elsewhere)
                return True
        undo(rows, days, live, notes, mark)
    return False


@part
def resettle(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, other: int, may_lose: int) -> bool:
    """Finds a new day for one who made room for `me`; from priority `may_lose` on he may stay without."""
    day = free_day(rows, days, live, notes, other)
    if day != OUT:
        put(rows, days, live, notes, other, day)
        return True
    if notes[SWAPS] > 0:
        notes[SWAPS] -= 1
        if swap(rows, days, live, notes, other, me):
            return True
    return rows[other, PRIORITY] >= may_lose


@part
def leave_crowd(
    rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, day: int, one: int, may_lose: int
) -> bool:
    """Gives a contact a day on which there are too many, by moving one of them out of the crowd.

    `one`, if somebody, has made room already and needs another day, too.
    """
    span, first, last = notes[CAP_DAYS], notes[FIRST], notes[LAST]
    at = position(rows, live, notes, first)
    while at < notes[LIVE] and on(live, at) <= last:
        other = who(live, at)
        at += 1
        low, high, may_go = rows[other, LOW], rows[other, HIGH], rows[other, PRIORITY] >= may_lose
        # Only so far away he makes room.
        if rows[other, MANNER] <= HOLD or not (may_go or low <= last - span or high >= first + span):
            continue
        mark = notes[TRAIL]
        take_out(rows, days, live, notes, other)
        if obstacle(rows, days, live, notes, me, day) == FREE:
            put(rows, days, live, notes, me, day)
            elsewhere = nearest(rows, days, live, notes, other, low, min(high, last - span))
            if elsewhere == OUT:
                elsewhere = nearest(rows, days, live, notes, other, max(low, first + span), high)
            if elsewhere != OUT:
                put(rows, days, live, notes, other, elsewhere)
            settled = one == NOBODY or resettle(rows, days, live, notes, me, one, may_lose)
            if settled and (elsewhere != OUT or may_go):
                return True
        undo(rows, days, live, notes, mark)
    return False


@part
def make_room(
    rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, low: int, high: int, may_lose: int, tries: int
) -> bool:
    """Gives a contact a day of [low, high] by moving at most two others; if False, all is as it was.

    Contacts of priority `may_lose` or later may be pushed out altogether.
    """
    ideal = min(max(rows[me, IDEAL], low), high)
    notes[SWAPS] = MOST_SWAPS
    for step in range(2 * (high - low) + 1):
        day = outward(ideal, step)
        if not low <= day <= high or days[rows[me, OPEN], day] == 0 or tries <= 0:
            continue
        many, one, two = in_the_way(rows, live, notes, me, day, may_lose)
        if many > 2:
            continue
        tries -= 1
        if stays_full(rows, days, live, notes, me, day):
            continue
        mark = notes[TRAIL]
        if many > 0:
            take_out(rows, days, live, notes, one)
        if many > 1:
            take_out(rows, days, live, notes, two)
        why = obstacle(rows, days, live, notes, me, day)
        if why == FREE:
            put(rows, days, live, notes, me, day)
            settled = many == 0 or resettle(rows, days, live, notes, me, one, may_lose)
            if settled and (many < 2 or resettle(rows, days, live, notes, me, two, may_lose)):
                return True
        elif why == TOO_MANY and many < 2 and leave_crowd(rows, days, live, notes, me, day, one, may_lose):
            return True
        undo(rows, days, live, notes, mark)
    return False


@part
def push(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, low: int, high: int, tries: int) -> bool:
    """Makes room for a contact, at the price of nothing or else of the least urgent that has to go."""
    # A contact that holds its day goes first, whatever its priority.
    mine = -1 if rows[me, MANNER] == HOLD else rows[me, PRIORITY]
    worst = mine
    for at in range(notes[LIVE]):
        other = who(live, at)
        if rows[other, MANNER] > HOLD:
            worst = max(worst, rows[other, PRIORITY])
    # What cannot be done at any price need not be tried at lower ones.
    mark = notes[TRAIL]
    if not make_room(rows, days, live, notes, me, low, high, mine + 1, tries):
        return False
    if worst == mine:
        return True
    undo(rows, days, live, notes, mark)
    for may_lose in range(worst + 1, mine, -1):
        if make_room(rows, days, live, notes, me, low, high, may_lose, tries):
            return True
    return False


@part
def place(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, tries: int) -> bool:
    """Gives a contact without a day one, if it can be done."""
    low, high, manner = rows[me, LOW], rows[me, HIGH], rows[me, MANNER]
    if low > high:
        return False
    notes[TRAIL] = 0
    if manner == HOLD:
        day = own_day(rows, days, live, notes, me)
        if day == OUT:
            return False
        if obstacle(rows, days, live, notes, me, day) == FREE:
            put(rows, days, live, notes, me, day)
        elif not push(rows, days, live, notes, me, day, day, tries):
            day = nearest(rows, days, live, notes, me, low, high)
            if day == OUT:
                return False
            put(rows, days, live, notes, me, day)
    else:
        day = free_day(rows, days, live, notes, me)
        if day != OUT:
            put(rows, days, live, notes, me, day)
        elif manner == DROP or not push(rows, days, live, notes, me, low, high, tries):
            return False
    # Who stands where he does because of this is marked; to have been given room is the reason of `me`.
    for i in range(notes[TRAIL]):
        rows[notes[FIRST_MOVE + 2 * i], MOVED] = 1
    rows[me, MOVED] = 2 if notes[TRAIL] > 1 else 0
    return True
