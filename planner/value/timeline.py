"""What happened to each car or customer: the last of it up to any day, and how often in a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.dates import Days

if TYPE_CHECKING:
    from planner.value.owned import Ints

EPOCHS = np.int64(4_000_000)  # more than the days from 1970 to the year 9999


class Timeline:
    """Events, each of one row (a car, a customer) on one day, by row and day; `row` and `day` in that order.

    A position is the place of an event in `row` and `day`, -1 where there is none. Positions of one day are
    counted once, as many figures begin or end on the same days.
    """

    def __init__(self, row: Ints, day: Days, rows: int, once_a_day: bool = False) -> None:
        """once_a_day: several events of a row on one day are one."""
        key = row * EPOCHS + day.astype("int64")
        if not (key[1:] >= key[:-1]).all():
            key = np.sort(key, kind="stable")
        if once_a_day:
            key = key[np.append(True, key[1:] != key[:-1])[: len(key)]]
        self.key, self.rows = key, rows
        self.row = key // EPOCHS
        self.day = (key - self.row * EPOCHS).astype("datetime64[D]")
        self._from = np.searchsorted(self.row, np.arange(rows + 1))
        self.begun = self._from[:-1]
        self._counted: dict[int, Ints] = {}

    def count(self, day: np.datetime64) -> Ints:
        """Of every row how many events there were up to and on that day."""
        at = int(day.astype("datetime64[D]").astype("int64"))
        if at not in self._counted:
            before = np.zeros(len(self.day) + 1, dtype="int32")  # of the events in front of each
            np.cumsum(self.day <= day, out=before[1:])
            self._counted[at] = np.diff(before[self._from])
        return self._counted[at]

    def within(self, since: np.datetime64, end: np.datetime64) -> Ints:
        """Of every row how many events there were after `since` up to and on `end`."""
        return self.count(end) - self.count(since)

    def last(self, day: np.datetime64) -> Ints:
        """Of every row the position of its last event up to and on that day."""
        count = self.count(day)
        found: Ints = self.begun + count - 1
        found[count == 0] = -1
        return found

    def last_before(self, row: Ints, day: Days) -> Ints:
        """Of each of these rows the position of its last event up to and on the day beside it."""
        at = np.searchsorted(self.key, row * EPOCHS + day.astype("int64"), side="right") - 1
        there = at >= 0
        there[there] = self.row[at[there]] == row[there]
        return np.where(there, at, -1)

    def first_after(self, row: Ints, day: Days) -> Ints:
        """Of each of these rows the position of its first event after the day beside it."""
        at = np.searchsorted(self.key, row * EPOCHS + day.astype("int64"), side="right")
        there = at < len(self.key)
        there[there] = self.row[at[there]] == row[there]
        return np.where(there, at, -1)

    def days_at(self, position: Ints) -> Days:
        """The days of these events; NaT where there is none."""
        return at_positions(self.day, position)


def at_positions(values: Days, position: Ints) -> Days:
    """The values at these positions, NaT at -1.

    >>> [str(day) for day in at_positions(np.array(["2026-01-05"], "datetime64[D]"), np.array([0, -1]))]
    ['2026-01-05', 'NaT']
    """
    longer = np.append(values, np.datetime64("NaT", "D"))
    found: Days = longer[position]
    return found
