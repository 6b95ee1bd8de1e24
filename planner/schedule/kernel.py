"""The placement of one household after another, compiled: integers in, days and reasons out.

A contact is a row of `rows` (a column per fact, see the names below); the rows of a household stand
together, the first to be placed first. Days count from the as-of day. The live contacts of the
household at work are kept sorted by day, so that whoever stands too close or makes a crowd is found
beside the day, and the cost does not depend on the length of the calendar.

All of it is in one file because the machine code that is kept on disk is made anew when the file of
`place_households` changes, and not when another one does.
"""

# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Function = TypeVar("Function", bound=Callable[..., object])


# _nrt: no part makes an array, so nobody need count who holds one; that alone makes all a third faster.
_PART: Any = {"error_model": "numpy", "_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_LIST: Any = {"error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def compiled(function: Function) -> Function:
    """The function as machine code, made at its first call and kept on disk for the next command."""
    try:
        return cast(Function, numba.njit(cache=True, error_model="numpy")(function))
    except RuntimeError:  # nowhere to keep it: every command makes its own
        return cast(Function, numba.njit(error_model="numpy")(function))


def part(function: Function) -> Function:
    """As `compiled`, for what only compiled functions call: without the way in from Python."""
    return cast(Function, numba.njit(**_PART)(function))


def listing(function: Function) -> Function:
    """As `part`, for what makes arrays."""
    return cast(Function, numba.njit(**_LIST)(function))


# `rows`: a contact each. The days LOW, HIGH, IDEAL are its window and the best day in it; GAP the clearance
# it asks for; PRIORITY 0 is first; GROUP and CAP what the caps count it as, and how many of those; OPEN the
# row of `days` that says when it can be made; LANE, of calls, the row with the calls left to its advisor;
# BEFORE the day that it may keep. DAY (given for PINNED) and WHY are the result, MOVED and TRIED notes.
# WAVE says when its turn comes, see place_households.
LOW, HIGH, IDEAL, GAP, PRIORITY, GROUP, CAP, OPEN, LANE, MANNER, BEFORE, DAY, WHY, MOVED, TRIED, WAVE = range(
    16
)
COLUMNS = 16
LAST_WAVE = 2**30
# GROUP.
CALL, EMAIL, POST, SHORT = range(1, 5)
# MANNER: what a contact does where it cannot have its best day. PINNED has its day already; HOLD is
# placed first and does not move for others; FLOAT goes where it is emptiest; DROP takes a free day or none.
PINNED, HOLD, SHIFT, FLOAT, DROP = range(5)
# WHY: what kept a contact off its best day (FREE: nothing), or off every day.
FREE, TOO_CLOSE, TOO_MANY, FULL, CLOSED, OUTSIDE, REPAIRED, KEPT = range(8)

# `days`: a column a day. First the rows of rules.open_days (0 is closed); then the calls that are left to
# the team, and to each advisor with a limit of his own.
TEAM = 3

# `notes`: the contact rules; how many stand in `live`, the household's live contacts by day, and in the
# trail; the first and last day of the crowd found last; the two days between which those who were in the way
# last forbid all days; how often a neighbour may still move a neighbour of its own; then the trail: contact
# and former day of each change since the last accepted one. A move, its neighbours and theirs are a dozen
# entries.
MOST_TOUCHES, CAP_DAYS, CALL_GAP, SILENCE, LIVE, TRAIL, FIRST, LAST, SINCE, UNTIL, SWAPS, FIRST_MOVE = range(
    12
)
MOST_CHANGES = 64
NOTES = FIRST_MOVE + 2 * MOST_CHANGES

# An entry of `live` is a contact and, above these bits, its day, so that days are found without `rows`.
WHO_BITS = 32

OUT = -(2**30)  # no day
NEVER = 2**30  # the day after the last
NOBODY = -1
LEAST_URGENT = 20  # from this priority on all are worth the same
FIRST_RANK = 2**30  # floats move before contacts of any priority

# A contact that found no day tries at most TRIES / n days with neighbours moved, in a household of n: a
# fleet wants far more contacts than its caps allow, and moving them about would not change that.
TRIES = 8000
MOST_SWAPS = 2
# A call that found every day full asks at most so many others to move; rounds end the chains of those who
# had to go and ask in turn. Both are reached where calls are short everywhere, and only there.
MOST_ASKED = 16
MOST_LOOKED_AT = 4  # of a day, the least urgent: the cost must not grow with the size of the team
ROUNDS = 8


@part
def _entry(day: int, me: int) -> int:
    """What stands in `live` for a contact with a day."""
    return day << WHO_BITS | me


@part
def _who(live: Ints, at: int) -> int:
    """The contact at this place of `live`."""
    return live[at] & ((1 << WHO_BITS) - 1)


@part
def _on(live: Ints, at: int) -> int:
    """The day of the contact at this place of `live`."""
    return live[at] >> WHO_BITS


@part
def _position(rows: Ints, live: Ints, notes: Ints, day: int) -> int:
    """Where in `live` the first contact on or after the day stands."""
    low, high = 0, notes[LIVE]
    while low < high:
        middle = (low + high) // 2
        if _on(live, middle) < day:
            low = middle + 1
        else:
            high = middle
    return low


@part
def _apart(rows: Ints, notes: Ints, me: int, other: int) -> int:
    """The days that two contacts must be apart."""
    apart = min(rows[me, GAP], rows[other, GAP])
    both_call = rows[me, GROUP] == CALL and rows[other, GROUP] == CALL
    return max(apart, notes[CALL_GAP]) if both_call else apart


@part
def _reach(rows: Ints, notes: Ints, me: int) -> int:
    """The distance from which nobody is too close any more."""
    gap = rows[me, GAP]
    return max(gap, notes[CALL_GAP]) if rows[me, GROUP] == CALL else gap


@part
def _obstacle(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, day: int) -> int:
    """What forbids a day to a contact that has none: FREE, or the first rule that does."""
    count = notes[LIVE]
    if days[rows[me, OPEN], day] == 0:
        return CLOSED
    here = _position(rows, live, notes, day)
    reach = _reach(rows, notes, me)
    at = here
    while at < count and _on(live, at) - day < reach:
        apart = _apart(rows, notes, me, _who(live, at))
        if _on(live, at) - day < apart:
            notes[SINCE], notes[UNTIL] = _on(live, at) - apart, _on(live, at) + apart
            return TOO_CLOSE
        at += 1
    at = here - 1
    while at >= 0 and day - _on(live, at) < reach:
        apart = _apart(rows, notes, me, _who(live, at))
        if day - _on(live, at) < apart:
            notes[SINCE], notes[UNTIL] = _on(live, at) - apart, _on(live, at) + apart
            return TOO_CLOSE
        at -= 1
    # Every span of CAP_DAYS that holds this day begins on it or on a contact before it: the span slides
    # to the left, from contact to contact, and loses at its right end.
    group, span = rows[me, GROUP], notes[CAP_DAYS]
    touches, alike = 1, 1
    right = here
    while right < count and _on(live, right) - day < span:
        touches += 1
        alike += rows[_who(live, right), GROUP] == group
        right += 1
    left = here
    while touches <= notes[MOST_TOUCHES] and alike <= rows[me, CAP]:
        left -= 1
        if left < 0 or day - _on(live, left) >= span:
            break
        touches += 1
        alike += rows[_who(live, left), GROUP] == group
        while right > here and _on(live, right - 1) - _on(live, left) >= span:
            right -= 1
            touches -= 1
            alike -= rows[_who(live, right), GROUP] == group
    if touches > notes[MOST_TOUCHES] or alike > rows[me, CAP]:
        notes[FIRST] = min(day, _on(live, left)) if left < here else day
        notes[LAST] = _on(live, right - 1) if right > here else day
        notes[SINCE], notes[UNTIL] = notes[LAST] - span, notes[FIRST] + span
        return TOO_MANY
    return FULL if _is_full(rows, days, me, day) else FREE


@part
def _is_full(rows: Ints, days: Ints, me: int, day: int) -> bool:
    """Is it a call for which nobody has time on the day?"""
    return rows[me, GROUP] == CALL and (days[TEAM, day] <= 0 or days[rows[me, LANE], day] <= 0)


@part
def _is_free(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, day: int) -> bool:
    """May a contact that has no day have this one? As _obstacle, but what is known at once is asked first."""
    if days[rows[me, OPEN], day] == 0 or _is_full(rows, days, me, day):
        return False
    return _obstacle(rows, days, live, notes, me, day) == FREE


@part
def _stays_full(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, day: int) -> bool:
    """Is the day full for a call, and would be if any other contact of the household left it?"""
    if not _is_full(rows, days, me, day):
        return False
    at = _position(rows, live, notes, day)
    while at < notes[LIVE] and _on(live, at) == day:
        if rows[_who(live, at), GROUP] == CALL:
            return False
        at += 1
    return True


@part
def _line_up(rows: Ints, live: Ints, notes: Ints, me: int) -> None:
    """Takes a contact with a day into `live`."""
    at = _position(rows, live, notes, rows[me, DAY])
    for i in range(notes[LIVE], at, -1):
        live[i] = live[i - 1]
    live[at] = _entry(rows[me, DAY], me)
    notes[LIVE] += 1


@part
def _insert(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, day: int) -> None:
    """Gives a day to a contact that has none."""
    rows[me, DAY] = day
    _line_up(rows, live, notes, me)
    if rows[me, GROUP] == CALL:
        days[TEAM, day] -= 1
        if rows[me, LANE] > TEAM:
            days[rows[me, LANE], day] -= 1


@part
def _remove(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int) -> None:
    """Takes its day from a contact."""
    day = rows[me, DAY]
    at = _position(rows, live, notes, day)
    while _who(live, at) != me:
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
def _note(rows: Ints, notes: Ints, me: int) -> None:
    """Remembers the day of a contact that is going to change."""
    at = FIRST_MOVE + 2 * notes[TRAIL]
    notes[at] = me
    notes[at + 1] = rows[me, DAY]
    notes[TRAIL] += 1


@part
def _put(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, day: int) -> None:
    """As _insert, so that it can be undone."""
    _note(rows, notes, me)
    _insert(rows, days, live, notes, me, day)


@part
def _take_out(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int) -> None:
    """As _remove, so that it can be undone."""
    _note(rows, notes, me)
    _remove(rows, days, live, notes, me)


@part
def _undo(rows: Ints, days: Ints, live: Ints, notes: Ints, mark: int) -> None:
    """Takes back all changes since the trail had this length."""
    while notes[TRAIL] > mark:
        notes[TRAIL] -= 1
        at = FIRST_MOVE + 2 * notes[TRAIL]
        me, day = notes[at], notes[at + 1]
        if rows[me, DAY] != OUT:
            _remove(rows, days, live, notes, me)
        if day != OUT:
            _insert(rows, days, live, notes, me, day)


@part
def _outward(middle: int, step: int) -> int:
    """The days from the middle outward: the middle, the day before, the day after, two days before, ..."""
    return middle - (step + 1) // 2 if step & 1 else middle + step // 2


@part
def _nearest(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, low: int, high: int) -> int:
    """The free day of [low, high] nearest to the best day, the earlier of two; OUT if none is free."""
    early = min(max(rows[me, IDEAL], low), high)
    ideal, late = early, early + 1
    while early >= low or late <= high:
        sooner = early >= low and (late > high or ideal - early <= late - ideal)
        day = early if sooner else late
        if days[rows[me, OPEN], day] != 0 and not _is_full(rows, days, me, day):
            if _obstacle(rows, days, live, notes, me, day) == FREE:
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
def _emptiest(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int) -> int:
    """The free day of the window farthest from any live contact; of equals the nearest to the best day."""
    low, high, ideal = rows[me, LOW], rows[me, HIGH], rows[me, IDEAL]
    widest = notes[CAP_DAYS]  # farther away nobody feels it
    best, best_room, best_away = OUT, -1, 0
    notes[SINCE] = notes[UNTIL] = OUT
    at = _position(rows, live, notes, low)
    first = low
    while first <= high:
        # Between two neighbours the room shrinks from the middle, or from a plateau there, to both sides.
        left = _on(live, at - 1) if at > 0 else first - widest
        right = _on(live, at) if at < notes[LIVE] else high + widest
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
                if better and _is_free(rows, days, live, notes, me, day):
                    best, best_room, best_away = day, room, off
                some = some or room >= best_room
            if not some:
                break
        first = last + 1
        at += 1
    return best


@part
def _free_day(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int) -> int:
    """The day that a contact takes by itself; OUT if there is none."""
    if rows[me, MANNER] == FLOAT:
        return _emptiest(rows, days, live, notes, me)
    return _nearest(rows, days, live, notes, me, rows[me, LOW], rows[me, HIGH])


@part
def _in_the_way(
    rows: Ints, live: Ints, notes: Ints, me: int, day: int, may_lose: int
) -> tuple[int, int, int]:
    """How many are too close to the day, and the first two; 3 also where one of them cannot clear it."""
    reach = _reach(rows, notes, me)
    many, one, two = 0, NOBODY, NOBODY
    for at in range(_position(rows, live, notes, day - reach + 1), notes[LIVE]):
        other = _who(live, at)
        if rows[other, DAY] - day >= reach:
            break
        apart = _apart(rows, notes, me, other)
        if abs(day - rows[other, DAY]) < apart:
            clears = rows[other, LOW] <= day - apart or rows[other, HIGH] >= day + apart
            stays = rows[other, MANNER] <= HOLD or not (clears or rows[other, PRIORITY] >= may_lose)
            if many == 2 or stays:
                return 3, one, two
            one, two = (other, NOBODY) if many == 0 else (one, other)
            many += 1
    return many, one, two


@part
def _swap(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, but: int) -> bool:
    """Gives a contact a day by moving the only one that is too close there, which must not be `but`."""
    low, high = rows[me, LOW], rows[me, HIGH]
    for step in range(2 * (high - low) + 1):
        day = _outward(rows[me, IDEAL], step)
        if not low <= day <= high or days[rows[me, OPEN], day] == 0:
            continue
        many, other, _ = _in_the_way(rows, live, notes, me, day, NEVER)
        if many != 1 or other == but or _stays_full(rows, days, live, notes, me, day):
            continue
        mark = notes[TRAIL]
        _take_out(rows, days, live, notes, other)
        if _obstacle(rows, days, live, notes, me, day) == FREE:
            _put(rows, days, live, notes, me, day)
            elsewhere = _free_day(rows, days, live, notes, other)
            if elsewhere != OUT:
                _put(rows, days, live, notes, other, elsewhere)
                return True
        _undo(rows, days, live, notes, mark)
    return False


@part
def _resettle(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, other: int, may_lose: int) -> bool:
    """Finds a new day for one who made room for `me`; from priority `may_lose` on he may stay without."""
    day = _free_day(rows, days, live, notes, other)
    if day != OUT:
        _put(rows, days, live, notes, other, day)
        return True
    if notes[SWAPS] > 0:
        notes[SWAPS] -= 1
        if _swap(rows, days, live, notes, other, me):
            return True
    return rows[other, PRIORITY] >= may_lose


@part
def _leave_crowd(
    rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, day: int, one: int, may_lose: int
) -> bool:
    """Gives a contact a day on which there are too many, by moving one of them out of the crowd.

    `one`, if somebody, has made room already and needs another day, too.
    """
    span, first, last = notes[CAP_DAYS], notes[FIRST], notes[LAST]
    at = _position(rows, live, notes, first)
    while at < notes[LIVE] and _on(live, at) <= last:
        other = _who(live, at)
        at += 1
        low, high, may_go = rows[other, LOW], rows[other, HIGH], rows[other, PRIORITY] >= may_lose
        # Only so far away he makes room.
        if rows[other, MANNER] <= HOLD or not (may_go or low <= last - span or high >= first + span):
            continue
        mark = notes[TRAIL]
        _take_out(rows, days, live, notes, other)
        if _obstacle(rows, days, live, notes, me, day) == FREE:
            _put(rows, days, live, notes, me, day)
            elsewhere = _nearest(rows, days, live, notes, other, low, min(high, last - span))
            if elsewhere == OUT:
                elsewhere = _nearest(rows, days, live, notes, other, max(low, first + span), high)
            if elsewhere != OUT:
                _put(rows, days, live, notes, other, elsewhere)
            settled = one == NOBODY or _resettle(rows, days, live, notes, me, one, may_lose)
            if settled and (elsewhere != OUT or may_go):
                return True
        _undo(rows, days, live, notes, mark)
    return False


@part
def _make_room(
    rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, low: int, high: int, may_lose: int, tries: int
) -> bool:
    """Gives a contact a day of [low, high] by moving at most two others; if False, all is as it was.

    Contacts of priority `may_lose` or later may be pushed out altogether.
    """
    ideal = min(max(rows[me, IDEAL], low), high)
    notes[SWAPS] = MOST_SWAPS
    for step in range(2 * (high - low) + 1):
        day = _outward(ideal, step)
        if not low <= day <= high or days[rows[me, OPEN], day] == 0 or tries <= 0:
            continue
        many, one, two = _in_the_way(rows, live, notes, me, day, may_lose)
        if many > 2:
            continue
        tries -= 1
        if _stays_full(rows, days, live, notes, me, day):
            continue
        mark = notes[TRAIL]
        if many > 0:
            _take_out(rows, days, live, notes, one)
        if many > 1:
            _take_out(rows, days, live, notes, two)
        why = _obstacle(rows, days, live, notes, me, day)
        if why == FREE:
            _put(rows, days, live, notes, me, day)
            settled = many == 0 or _resettle(rows, days, live, notes, me, one, may_lose)
            if settled and (many < 2 or _resettle(rows, days, live, notes, me, two, may_lose)):
                return True
        elif why == TOO_MANY and many < 2 and _leave_crowd(rows, days, live, notes, me, day, one, may_lose):
            return True
        _undo(rows, days, live, notes, mark)
    return False


@part
def _push(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, low: int, high: int, tries: int) -> bool:
    """Makes room for a contact, at the price of nothing or else of the least urgent that has to go."""
    # A contact that holds its day goes first, whatever its priority.
    mine = -1 if rows[me, MANNER] == HOLD else rows[me, PRIORITY]
    worst = mine
    for at in range(notes[LIVE]):
        other = _who(live, at)
        if rows[other, MANNER] > HOLD:
            worst = max(worst, rows[other, PRIORITY])
    # What cannot be done at any price need not be tried at lower ones.
    mark = notes[TRAIL]
    if not _make_room(rows, days, live, notes, me, low, high, mine + 1, tries):
        return False
    if worst == mine:
        return True
    _undo(rows, days, live, notes, mark)
    for may_lose in range(worst + 1, mine, -1):
        if _make_room(rows, days, live, notes, me, low, high, may_lose, tries):
            return True
    return False


@part
def _place(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int, tries: int) -> bool:
    """Gives a contact without a day one, if it can be done."""
    low, high, manner = rows[me, LOW], rows[me, HIGH], rows[me, MANNER]
    if low > high:
        return False
    notes[TRAIL] = 0
    if manner == HOLD:
        day = _own_day(rows, days, live, notes, me)
        if day == OUT:
            return False
        if _obstacle(rows, days, live, notes, me, day) == FREE:
            _put(rows, days, live, notes, me, day)
        elif not _push(rows, days, live, notes, me, day, day, tries):
            day = _nearest(rows, days, live, notes, me, low, high)
            if day == OUT:
                return False
            _put(rows, days, live, notes, me, day)
    else:
        day = _free_day(rows, days, live, notes, me)
        if day != OUT:
            _put(rows, days, live, notes, me, day)
        elif manner == DROP or not _push(rows, days, live, notes, me, low, high, tries):
            return False
    # Who stands where he does because of this is marked; to have been given room is the reason of `me`.
    for i in range(notes[TRAIL]):
        rows[notes[FIRST_MOVE + 2 * i], MOVED] = 1
    rows[me, MOVED] = 2 if notes[TRAIL] > 1 else 0
    return True


@part
def _own_day(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int) -> int:
    """The day of the window nearest to the best day on which such a contact may be made at all."""
    low, high = rows[me, LOW], rows[me, HIGH]
    for step in range(2 * (high - low) + 1):
        day = _outward(rows[me, IDEAL], step)
        if low <= day <= high and days[rows[me, OPEN], day] != 0:
            return day
    return OUT


@part
def _worth(rows: Ints, me: int) -> int:
    """What a contact is worth: twice as much as one of the next priority."""
    return 1 << (LEAST_URGENT - min(rows[me, PRIORITY], LEAST_URGENT))


@part
def _full_or_free(rows: Ints, days: Ints, me: int) -> int:
    """FULL for a call for which nobody has time on any day of its window, else FREE."""
    for day in range(rows[me, LOW], rows[me, HIGH] + 1):
        if not _is_full(rows, days, me, day):
            return FREE
    return FULL


@part
def _exchange(rows: Ints, days: Ints, live: Ints, notes: Ints, start: int, stop: int) -> bool:
    """Takes out one contact where that lets others in that are worth more; False if that is nowhere so."""
    span, missing = notes[CAP_DAYS], 0
    for me in range(start, stop):
        if rows[me, DAY] == OUT:
            missing += 1
            rows[me, WHY] = _full_or_free(rows, days, me)
    if missing == 0:
        return False
    for at in range(notes[LIVE]):
        other = _who(live, at)
        if rows[other, MANNER] <= HOLD:
            continue
        day, won = rows[other, DAY], -_worth(rows, other)
        notes[TRAIL] = 0
        _take_out(rows, days, live, notes, other)
        for me in range(start, stop):
            near = rows[me, LOW] < day + span and rows[me, HIGH] > day - span
            may = rows[me, DAY] == OUT and me != other and rows[me, MANNER] != DROP
            if may and near and notes[TRAIL] < MOST_CHANGES - 1:
                if rows[me, WHY] == FREE:
                    free = _free_day(rows, days, live, notes, me)
                else:  # only the call that is gone makes room, on its day
                    at_all = rows[other, GROUP] == CALL and rows[me, LOW] <= day <= rows[me, HIGH]
                    can = at_all and _is_free(rows, days, live, notes, me, day)
                    free = day if can else OUT
                if free != OUT:
                    _put(rows, days, live, notes, me, free)
                    won += _worth(rows, me)
        if won > -_worth(rows, other):
            free = _free_day(rows, days, live, notes, other)
            if free != OUT:
                _put(rows, days, live, notes, other, free)
                won += _worth(rows, other)
        if won > 0:
            for i in range(notes[TRAIL]):
                rows[notes[FIRST_MOVE + 2 * i], MOVED] = 1
            return True
        _undo(rows, days, live, notes, 0)
    return False


@part
def _too_long(notes: Ints, first: int, last: int) -> int:
    """How bad a silence is: the square of the days too many, so that the longest counts most."""
    over = last - first - notes[SILENCE]
    return over * over if over > 0 and last != NEVER else 0


@part
def _day_at(rows: Ints, live: Ints, at: int) -> int:
    """The day of the contact at this place of `live`; before the first the silence begins today."""
    return _on(live, at) if at >= 0 else 0


@part
def _next_day(rows: Ints, live: Ints, notes: Ints, at: int) -> int:
    """As _day_at; after the last contact no silence is counted."""
    return _on(live, at) if at < notes[LIVE] else NEVER


@part
def _calmest(notes: Ints, left: int, right: int) -> tuple[int, int]:
    """The first and the last of the days between two contacts on which a third leaves the least silence."""
    if right == NEVER:
        return left, left + notes[SILENCE]
    if right - left > 2 * notes[SILENCE]:
        return (left + right) // 2, (left + right + 1) // 2
    return right - notes[SILENCE], left + notes[SILENCE]


@part
def _shorten_silence(rows: Ints, days: Ints, live: Ints, notes: Ints, at: int, start: int, stop: int) -> bool:
    """Makes the one move that shortens the silence before this place of `live` best; False if none does.

    Floats go first, then the least urgent; nobody leaves his window or lengthens another silence as much.
    """
    first, last = _day_at(rows, live, at - 1), _on(live, at)
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
        own = _position(rows, live, notes, was)
        while _who(live, own) != me:
            own += 1
        before, after = _day_at(rows, live, own - 1), _next_day(rows, live, notes, own + 1)
        gained = (
            _too_long(notes, before, was) + _too_long(notes, was, after) - _too_long(notes, before, after)
        )
        left = before if own == at - 1 else first
        right = after if own == at else last
        gained += _too_long(notes, left, right)
        # From the day of the greatest gain, of several the nearest to the best day, outward: the gain only
        # falls to both sides, so the first that is free is the one.
        low, high = max(rows[me, LOW], first + 1), min(rows[me, HIGH], last - 1)
        ideal, least = rows[me, IDEAL], best_gain if rank == best_rank else 1
        early, late = _calmest(notes, left, right)
        early = min(max(min(max(ideal, early), late), low), high)
        late = early + 1
        mark = notes[TRAIL]
        while early >= low or late <= high:
            gain = other = 0
            if early >= low:
                gain = gained - _too_long(notes, left, early) - _too_long(notes, early, right)
            if late <= high:
                other = gained - _too_long(notes, left, late) - _too_long(notes, late, right)
            sooner = gain > other or (gain == other and ideal - early <= late - ideal)
            day = early if sooner else late
            gain = max(gain, other)
            nearer = abs(day - ideal) < abs(best_day - rows[best, IDEAL])
            if gain < least or (rank == best_rank and gain == best_gain and not nearer):
                break
            if notes[TRAIL] == mark:
                _take_out(rows, days, live, notes, me)
            if _is_free(rows, days, live, notes, me, day):
                best, best_day, best_gain, best_rank = me, day, gain, rank
                break
            if sooner:
                early -= 1
            else:
                late += 1
        _undo(rows, days, live, notes, mark)
    if best_gain == 0:
        return False
    _remove(rows, days, live, notes, best)
    _insert(rows, days, live, notes, best, best_day)
    rows[best, MOVED] = max(1, rows[best, MOVED])
    return True


@part
def _shorten_silences(rows: Ints, days: Ints, live: Ints, notes: Ints, start: int, stop: int) -> bool:
    """Shortens every silence that is too long, as far as it can be done; False if nothing was moved."""
    moved = False
    at = 0
    while at < notes[LIVE]:
        too_long = _too_long(notes, _day_at(rows, live, at - 1), _on(live, at)) > 0
        if too_long and _shorten_silence(rows, days, live, notes, at, start, stop):
            moved = True
            at = max(0, at - 1)
        else:
            at += 1
    return moved


@part
def _explain(rows: Ints, days: Ints, live: Ints, notes: Ints, me: int) -> int:
    """Why a contact has the day that it has, or none."""
    low, high, day, ideal = rows[me, LOW], rows[me, HIGH], rows[me, DAY], rows[me, IDEAL]
    if day == OUT:
        close, many = 0, 0
        for other_day in range(low, high + 1):
            why = _obstacle(rows, days, live, notes, me, other_day)
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
    _take_out(rows, days, live, notes, me)
    why = _obstacle(rows, days, live, notes, me, ideal)
    _undo(rows, days, live, notes, mark)
    if why != FREE:
        return why
    if day == rows[me, BEFORE]:
        return KEPT
    return TOO_CLOSE if rows[me, MANNER] == FLOAT else REPAIRED


@part
def _enter(rows: Ints, live: Ints, notes: Ints, start: int, stop: int) -> None:
    """Makes a household the one at work."""
    notes[LIVE] = notes[TRAIL] = 0
    for me in range(start, stop):
        if rows[me, DAY] != OUT:
            _line_up(rows, live, notes, me)


@part
def _keep(rows: Ints, days: Ints, live: Ints, notes: Ints, start: int, stop: int, wave: int) -> None:
    """Gives the contacts of a household the days that they had, where these are still allowed."""
    entered = False
    for me in range(start, stop):
        day = rows[me, BEFORE]
        if day == OUT or rows[me, DAY] != OUT or rows[me, WAVE] > wave:
            continue
        if not entered:
            _enter(rows, live, notes, start, stop)
            entered = True
        if rows[me, LOW] <= day <= rows[me, HIGH] and _is_free(rows, days, live, notes, me, day):
            _insert(rows, days, live, notes, me, day)


@part
def _arrange(rows: Ints, days: Ints, live: Ints, notes: Ints, start: int, stop: int, wave: int) -> None:
    """Places the contacts of a household whose turn has come; at last also shortens its silences."""
    _enter(rows, live, notes, start, stop)
    tries = max(1, TRIES // (stop - start))
    changes, settled = 0, False
    while not settled:
        settled = True
        for me in range(start, stop):
            if rows[me, DAY] == OUT and rows[me, WAVE] <= wave and rows[me, TRIED] != changes:
                if _place(rows, days, live, notes, me, tries):
                    settled = False
                    changes += 1
                else:
                    rows[me, TRIED] = changes
        # Every round places more, or more urgent ones, or shortens a silence: there is an end to it.
        if wave < LAST_WAVE:
            continue
        shorter = _shorten_silences(rows, days, live, notes, start, stop)
        if shorter or (settled and _exchange(rows, days, live, notes, start, stop)):
            settled = False
            changes += 1
    if wave == LAST_WAVE:
        for me in range(start, stop):
            if rows[me, MANNER] != PINNED:
                rows[me, WHY] = _explain(rows, days, live, notes, me)


@part
def _makes_way(
    rows: Ints, days: Ints, live: Ints, notes: Ints, of_other: Ints, notes_of_other: Ints, me: int, other: int
) -> bool:
    """Gives `me` the day of a call of another household, if that one finds another day by itself."""
    day = rows[other, DAY]
    _remove(rows, days, of_other, notes_of_other, other)
    _insert(rows, days, live, notes, me, day)
    elsewhere = _free_day(rows, days, of_other, notes_of_other, other)
    if elsewhere == OUT:
        _remove(rows, days, live, notes, me)
        _insert(rows, days, of_other, notes_of_other, other, day)
        return False
    _insert(rows, days, of_other, notes_of_other, other, elsewhere)
    return True


@part
def _claim(
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
    _enter(rows, live, notes, start, stop)
    day = _free_day(rows, days, live, notes, me)
    if day != OUT:
        _insert(rows, days, live, notes, me, day)
        return True
    low, high, lane, asked = rows[me, LOW], rows[me, HIGH], rows[me, LANE], MOST_ASKED
    victim = NOBODY
    for step in range(2 * (high - low) + 1):
        day = _outward(rows[me, IDEAL], step)
        # Below 0 are days on which there are too many pinned ones: one call less would not do.
        if not low <= day <= high or days[TEAM, day] < 0 or days[lane, day] < 0:
            continue
        if _obstacle(rows, days, live, notes, me, day) != FULL:
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
                _enter(rows, of_other, notes_of_other, starts[home], starts[home + 1])
                if _makes_way(rows, days, live, notes, of_other, notes_of_other, me, other):
                    _arrange(rows, days, of_other, notes_of_other, starts[home], starts[home + 1], LAST_WAVE)
                    return True
            later = rows[other, PRIORITY] > rows[me, PRIORITY]
            if later and (victim == NOBODY or rows[other, WAVE] > rows[victim, WAVE]):
                victim = other
    if victim == NOBODY:
        return False
    home = np.searchsorted(starts, victim, side="right") - 1
    _enter(rows, of_other, notes_of_other, starts[home], starts[home + 1])
    day = rows[victim, DAY]
    _remove(rows, days, of_other, notes_of_other, victim)
    _insert(rows, days, live, notes, me, day)
    _arrange(rows, days, of_other, notes_of_other, starts[home], starts[home + 1], LAST_WAVE)
    return True


@listing
def _claims(rows: Ints, starts: Ints, days: Ints, live: Ints, notes: Ints) -> bool:
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
        if rows[me, DAY] == OUT and _claim(
            rows, starts, days, live, notes, of_other, notes_of_other, callers, until, room, me
        ):
            home = np.searchsorted(starts, me, side="right") - 1
            _arrange(rows, days, live, notes, starts[home], starts[home + 1], LAST_WAVE)
            some = True
    return some


@listing
def _come_nearer(rows: Ints, starts: Ints, days: Ints, live: Ints, notes: Ints) -> bool:
    """Calls off their best day take one nearer to it that others have given up; False if none did."""
    waiting = (rows[:, GROUP] == CALL) & (rows[:, DAY] != OUT) & (rows[:, MANNER] != FLOAT)
    waiting &= ((rows[:, WHY] == FULL) | (rows[:, WHY] == REPAIRED)) & (rows[:, MOVED] == 0)
    some = False
    off_best: Ints = np.flatnonzero(waiting & (rows[:, DAY] != rows[:, BEFORE]))
    for me in off_best:
        home = np.searchsorted(starts, me, side="right") - 1
        start, stop, was = starts[home], starts[home + 1], rows[me, DAY]
        _enter(rows, live, notes, start, stop)
        _remove(rows, days, live, notes, me)
        day = _nearest(rows, days, live, notes, me, rows[me, LOW], rows[me, HIGH])
        if day == OUT or abs(day - rows[me, IDEAL]) >= abs(was - rows[me, IDEAL]):
            _insert(rows, days, live, notes, me, was)
        else:
            _insert(rows, days, live, notes, me, day)
            _arrange(rows, days, live, notes, start, stop, LAST_WAVE)
            some = True
    return some


@compiled
def place_households(rows: Ints, starts: Ints, visits: Ints, days: Ints, live: Ints, notes: Ints) -> None:
    """Fills DAY and WHY of `rows`. Household h has the rows from starts[h] to starts[h + 1].

    A visit is a household and a wave: its rows up to this WAVE are placed, and others not yet. First those
    who may keep their day, at all visits, then the others; who comes later finds days of the team's
    capacity taken. The last visit to every household has LAST_WAVE. At the end calls that found all of
    their days full may claim one from others, and calls off their best day come nearer if they can.
    Of `days` the calls of pinned contacts are taken off already; `live` has room for the contacts of the
    largest household.
    """
    if len(visits) < len(starts):  # calls are not limited: no household takes anything from another
        for visit in range(len(visits)):
            home, wave = visits[visit]
            _keep(rows, days, live, notes, starts[home], starts[home + 1], wave)
            _arrange(rows, days, live, notes, starts[home], starts[home + 1], wave)
        return
    for visit in range(len(visits)):
        home, wave = visits[visit]
        _keep(rows, days, live, notes, starts[home], starts[home + 1], wave)
    for visit in range(len(visits)):
        home, wave = visits[visit]
        _arrange(rows, days, live, notes, starts[home], starts[home + 1], wave)
    for _ in range(ROUNDS):
        claimed = _claims(rows, starts, days, live, notes)
        if not _come_nearer(rows, starts, days, live, notes) and not claimed:
            break
