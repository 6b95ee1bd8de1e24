"""One household: days kept, contacts placed, reasons given."""

from __future__ import annotations

from planner.schedule.kernel.columns import (
    BEFORE,
    DAY,
    FLOAT,
    FREE,
    FULL,
    HIGH,
    IDEAL,
    KEPT,
    LAST_WAVE,
    LIVE,
    LOW,
    MANNER,
    MOVED,
    OUT,
    OUTSIDE,
    PINNED,
    REPAIRED,
    TOO_CLOSE,
    TOO_MANY,
    TRAIL,
    TRIED,
    TRIES,
    WAVE,
    WHY,
)
from planner.schedule.kernel.exchange import exchange
from planner.schedule.kernel.line import insert, line_up, take_out, undo
from planner.schedule.kernel.machine import Ints, part
from planner.schedule.kernel.obstacles import is_free, obstacle
from planner.schedule.kernel.room import place
from planner.schedule.kernel.silences import shorten_silences


@part
def explain(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int) -> int:
    """Why a contact has the day that it has, or none."""
    low, high, day, ideal = rows[me, LOW], rows[me, HIGH], rows[me, DAY], rows[me, IDEAL]
    if day == OUT:
        close, many = 0, 0
        for other_day in range(low, high + 1):
            why = obstacle(rows, days, live, notes, me, other_day)
            if why == FULL:  # with one call more there it would stand
                return FULL
            close += why == TOO_CLOSE
            many += why == TOO_MANY
        # A window without a day that is open to such a contact is no window.
        if close + many == 0:
            return OUTSIDE
        return TOO_MANY if many > close else TOO_CLOSE
    if rows[me, MOVED] == 2:
        return REPAIRED
    if day == ideal:
        return FREE
    mark = notes[TRAIL]
    take_out(rows, days, live, notes, me)
    why = obstacle(rows, days, live, notes, me, ideal)
    undo(rows, days, live, notes, mark)
    if why != FREE:
        return why
    if day == rows[me, BEFORE]:
        return KEPT
    return TOO_CLOSE if rows[me, MANNER] == FLOAT else REPAIRED


@part
def enter(rows: Ints, live: Ints, notes: Ints, start: int, stop: int) -> None:
    """Makes a household the one at work."""
    notes[LIVE] = notes[TRAIL] = 0
    for me in range(start, stop):
        if rows[me, DAY] != OUT:
            line_up(rows, live, notes, me)


@part
def keep_days(rows: Ints, days: Ints, live: Ints, notes: Ints, start: int, stop: int, wave: int) -> None:
    """Gives the contacts of a household the days that they had, where these are still allowed."""
    entered = False
    for me in range(start, stop):
        day = rows[me, BEFORE]
        if day == OUT or rows[me, DAY] != OUT or rows[me, WAVE] > wave:
            continue
        if not entered:
            enter(rows, live, notes, start, stop)
            entered = True
        if rows[me, LOW] <= day <= rows[me, HIGH] and is_free(rows, days, live, notes, me, day):
            insert(rows, days, live, notes, me, day)


@part
def arrange(rows: Ints, days: Ints, live: Ints, notes: Ints, start: int, stop: int, wave: int) -> None:
    """Places the contacts of a household whose turn has come; at last also shortens its silences."""
    enter(rows, live, notes, start, stop)
    tries = max(1, TRIES // (stop - start))
    changes, settled = 0, False
    while not settled:
        settled = True
        for me in range(start, stop):
            if rows[me, DAY] == OUT and rows[me, WAVE] <= wave and rows[me, TRIED] != changes:
                if place(rows, days, live, notes, me, tries):
                    settled = False
                    changes += 1
                else:
                    rows[me, TRIED] = changes
        # Every round places more, or more urgent ones, or shortens a silence: there is an end to it.
        if wave < LAST_WAVE:
            continue
        shorter = shorten_silences(rows, days, live, notes, start, stop)
        if shorter or (settled and exchange(rows, days, live, notes, start, stop)):
            settled = False
            changes += 1
    if wave == LAST_WAVE:
        for me in range(start, stop):
            if rows[me, MANNER] != PINNED:
                rows[me, WHY] = explain(rows, days, live, notes, me)
