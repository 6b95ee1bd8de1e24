"""Silences that are too long."""

from __future__ import annotations

from planner.schedule.kernel.columns import (
    DAY,
    FIRST_RANK,
    FLOAT,
    HIGH,
    HOLD,
    IDEAL,
    LIVE,
    LOW,
    MANNER,
    MOVED,
    NEVER,
    OUT,
    PRIORITY,
    SILENCE,
    TRAIL,
)
from planner.schedule.kernel.line import insert, on, position, remove, take_out, undo, who
from planner.schedule.kernel.machine import Ints, part
from planner.schedule.kernel.obstacles import is_free


@part
def excess(notes: Ints, first: int, last: int) -> int:
    """How bad a silence is: the square of the days too many, so that the longest counts most."""
    over = last - first - notes[SILENCE]
    return over * over if over > 0 and last != NEVER else 0


@part
def day_at(rows: Ints, live: Ints, at: int) -> int:
    """The day of the contact at this place of `live`; before the first the silence begins today."""
    return on(live, at) if at >= 0 else 0


@part
def next_day(rows: Ints, live: Ints, notes: Ints, at: int) -> int:
    """As _day_at; after the last contact no silence is counted."""
    return on(live, at) if at < notes[LIVE] else NEVER


@part
def calmest(notes: Ints, left: int, right: int) -> tuple[int, int]:
    """The first and the last of the days between two contacts on which a third leaves the least silence."""
    if right == NEVER:
        return left, left + notes[SILENCE]
    if right - left > 2 * notes[SILENCE]:
        return (left + right) // 2, (left + right + 1) // 2
    return right - notes[SILENCE], left + notes[SILENCE]


@part
def shorten_silence(rows: Ints, days: Ints, live: Ints, notes: Ints, at: int, start: int, stop: int) -> bool:
    """Makes the one move that shortens the silence before this place of `live` best; False if none does.

    Floats go first, then the least urgent; nobody leaves his window or lengthens another silence as much.
    """
    first, last = day_at(rows, live, at - 1), on(live, at)
    hopeless = last - first > 2 * notes[SILENCE]  # one contact would not end it: only floats go there
    best, best_day, best_gain, best_rank = start, start, 0, -1  # nobody yet
    for me in range(start, stop):
        was = rows[me, DAY]
        if rows[me, LOW] >= last or rows[me, HIGH] <= first or was == OUT or rows[me, MANNER] <= HOLD:
            continue
        rank = FIRST_RANK if rows[me, MANNER] == FLOAT else rows[me, PRIORITY]
        if rank < best_rank or (rank < FIRST_RANK and hopeless):
            continue
        # What is gained where it leaves, and between whom it would come to stand.
        own = position(rows, live, notes, was)
        while who(live, own) != me:
            own += 1
        before, after = day_at(rows, live, own - 1), next_day(rows, live, notes, own + 1)
        gained = excess(notes, before, was) + excess(notes, was, after) - excess(notes, before, after)
        left = before if own == at - 1 else first
        right = after if own == at else last
        gained += excess(notes, left, right)
        # From the day of the greatest gain, of several the nearest to the best day, outward: the gain only
        # falls to both sides, so the first that is free is the one.
        low, high = max(rows[me, LOW], first + 1), min(rows[me, HIGH], last - 1)
        ideal, least = rows[me, IDEAL], best_gain if rank == best_rank else 1
        early, late = calmest(notes, left, right)
        early = min(max(min(max(ideal, early), late), low), high)
        late = early + 1
        mark = notes[TRAIL]
        while early >= low or late <= high:
            gain = other = 0
            if early >= low:
                gain = gained - excess(notes, left, early) - excess(notes, early, right)
            if late <= high:
                other = gained - excess(notes, left, late) - excess(notes, late, right)
            sooner = gain > other or (gain == other and ideal - early <= late - ideal)
            day = early if sooner else late
            gain = max(gain, other)
            nearer = abs(day - ideal) < abs(best_day - rows[best, IDEAL])
            if gain < least or (rank == best_rank and gain == best_gain and not nearer):
                break
            if notes[TRAIL] == mark:
                take_out(rows, days, live, notes, me)
            if is_free(rows, days, live, notes, me, day):
                best, best_day, best_gain, best_rank = me, day, gain, rank
                break
            if sooner:
                early -= 1
            else:
                late += 1
        undo(rows, days, live, notes, mark)
    if best_gain == 0:
        return False
    remove(rows, days, live, notes, best)
    insert(rows, days, live, notes, best, best_day)
    rows[best, MOVED] = max(1, rows[best, MOVED])
    return True


@part
def shorten_silences(rows: Ints, days: Ints, live: Ints, notes: Ints, start: int, stop: int) -> bool:
    """Shortens every silence that is too long, as far as it can be done; False if nothing was moved."""
    moved = False
    at = 0
    while at < notes[LIVE]:
        too_long = excess(notes, day_at(rows, live, at - 1), on(live, at)) > 0
        if too_long and shorten_silence(rows, days, live, notes, at, start, stop):
            moved = True
            at = max(0, at - 1)
        else:
            at += 1
    return moved
