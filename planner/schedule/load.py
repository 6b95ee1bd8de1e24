"""An even load: which calls wait for another day because too many could be made today."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planner.schedule.rules import Bools

Ints = npt.NDArray[np.int64]

AROUND_DAYS = 28  # the usual load of a day is the mean of so many days ahead
MOST = 1.5  # times the usual load: what is overdue should not wait for the sake of evenness alone
NO_DAY = -1


def spread(
    late: Bools,
    first: Ints,
    high: Ints,
    order: tuple[npt.NDArray[np.generic], ...],
    others: Ints,
    open_on: Bools,
    limit: int,
) -> Ints:
    """The day for each call whose best day has passed, in days from the as-of day; NO_DAY for other calls.

    On the first day of a plan all of them could be made at once. They fill the working days one after
    another, in this `order` (as of np.lexsort: the last key counts most), each day up to its share: MOST
    times the mean of the AROUND_DAYS from it on, and no more than `limit` (0: none). `first` is the day
    from which a call could be made, `high` the last day of its window, beyond which nobody waits: where many
    windows close soon the days get more than their share, one as many as the other. `others` are the calls
    that are on each day already.
    """
    day = np.full(len(late), NO_DAY, dtype=np.int64)
    waiting = np.flatnonzero(late)
    waiting = waiting[np.lexsort([key[waiting] for key in order])]
    working = np.flatnonzero(open_on)
    room = np.maximum(_share(len(waiting), others, open_on, limit) - others, 0)
    closes = np.searchsorted(working, high, side="right") - 1  # the last working day of each window
    for turn, today in enumerate(working):
        if not len(waiting):
            break
        ready = first[waiting] <= today
        left = np.bincount(np.maximum(closes[waiting[ready]] - turn, 0))
        # So many a day that until no later day more windows close than there were calls.
        pace = np.ceil(np.cumsum(left) / np.arange(1, len(left) + 1)).max(initial=0)
        goes = ready & (np.cumsum(ready) <= max(room[today], pace))
        goes |= ready & (closes[waiting] <= turn)
        day[waiting[goes]] = today
        waiting = waiting[~goes]
    return day


def _share(waiting: int, others: Ints, open_on: Bools, limit: int) -> Ints:
    """The calls that each day should have at most, those that wait taken as made within AROUND_DAYS."""
    ahead = np.concatenate([[0], np.cumsum(others)]), np.concatenate([[0], np.cumsum(open_on)])
    until = np.minimum(np.arange(len(others)) + AROUND_DAYS, len(others))
    calls, working = (sums[until] - sums[: len(others)] for sums in ahead)
    share: Ints = np.ceil(MOST * (calls + waiting) / np.maximum(working, 1)).astype(np.int64)
    return share.clip(max=limit) if limit > 0 else share
