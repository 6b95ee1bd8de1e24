"""What forbids a day to a contact."""

from __future__ import annotations

from planner.schedule.kernel.columns import (
    CALL,
    CALL_GAP,
    CAP,
    CAP_DAYS,
    CLOSED,
    FIRST,
    FREE,
    FULL,
    GAP,
    GROUP,
    LANE,
    LAST,
    LIVE,
    MOST_TOUCHES,
    OPEN,
    SINCE,
    TEAM,
    TOO_CLOSE,
    TOO_MANY,
    UNTIL,
)
from planner.schedule.kernel.line import on, position, who
from planner.schedule.kernel.machine import Ints, part


@part
def clearance(rows: Ints, notes: Ints, me: int, other: int) -> int:
    """The days that two contacts must be apart."""
    apart = min(rows[me, GAP], rows[other, GAP])
    both_call = rows[me, GROUP] == CALL and rows[other, GROUP] == CALL
    return max(apart, notes[CALL_GAP]) if both_call else apart


@part
def reach_of(rows: Ints, notes: Ints, me: int) -> int:
    """The distance from which nobody is too close any more."""
    gap = rows[me, GAP]
    return max(gap, notes[CALL_GAP]) if rows[me, GROUP] == CALL else gap


@part
def obstacle(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, day: int) -> int:
    """What forbids a day to a contact that has none: FREE, or the first rule that does."""
    count = notes[LIVE]
    if days[rows[me, OPEN], day] == 0:
        return CLOSED
    here = position(rows, live, notes, day)
    reach = reach_of(rows, notes, me)
    at = here
    while at < count and on(live, at) - day < reach:
        apart = clearance(rows, notes, me, who(live, at))
        if on(live, at) - day < apart:
            notes[SINCE], notes[UNTIL] = on(live, at) - apart, on(live, at) + apart
            return TOO_CLOSE
        at += 1
    at = here - 1
    while at >= 0 and day - on(live, at) < reach:
        apart = clearance(rows, notes, me, who(live, at))
        if day - on(live, at) < apart:
            notes[SINCE], notes[UNTIL] = on(live, at) - apart, on(live, at) + apart
            return TOO_CLOSE
        at -= 1
    # Every span of CAP_DAYS that holds this day begins on it or on a contact before it: the span slides
    # to the left, from contact to contact, and loses at its right end.
    group, span = rows[me, GROUP], notes[CAP_DAYS]
    touches, alike = 1, 1
    right = here
    while right < count and on(live, right) - day < span:
        touches += 1
        alike += rows[who(live, right), GROUP] == group
        right += 1
    left = here
    while touches <= notes[MOST_TOUCHES] and alike <= rows[me, CAP]:
        left -= 1
        if left < 0 or day - on(live, left) >= span:
            break
        touches += 1
        alike += rows[who(live, left), GROUP] == group
        while right > here and on(live, right - 1) - on(live, left) >= span:
            right -= 1
            touches -= 1
            alike -= rows[who(live, right), GROUP] == group
    if touches > notes[MOST_TOUCHES] or alike > rows[me, CAP]:
        notes[FIRST] = min(day, on(live, left)) if left < here else day
        notes[LAST] = on(live, right - 1) if right > here else day
        notes[SINCE], notes[UNTIL] = notes[LAST] - span, notes[FIRST] + span
        return TOO_MANY
    return FULL if is_full(rows, days, me, day) else FREE


@part
def is_full(rows: Ints, days: Ints, me: int, day: int) -> bool:
    """Is it a call for which nobody has time on the day?"""
    return rows[me, GROUP] == CALL and (days[TEAM, day] <= 0 or days[rows[me, LANE], day] <= 0)


@part
def is_free(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, day: int) -> bool:
    """May a contact that has no day have this one? As _obstacle, but what is known at once is asked first."""
    if days[rows[me, OPEN], day] == 0 or is_full(rows, days, me, day):
        return False
    return obstacle(rows, days, live, notes, me, day) == FREE


@part
def stays_full(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, day: int) -> bool:
    """Is the day full for a call, and would be if any other contact of the household left it?"""
    if not is_full(rows, days, me, day):
        return False
    at = position(rows, live, notes, day)
    while at < notes[LIVE] and on(live, at) == day:
        if rows[who(live, at), GROUP] == CALL:
            return False
        at += 1
    return True
