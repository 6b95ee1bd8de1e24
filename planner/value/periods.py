"""The months and the windows for which figures are told."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.dates import Days, add_months
from planner.value.book import Book
from planner.value.owned import Ints

MONTHS = 24  # of the trend


@dataclass(frozen=True)
class Periods:
    """Each full month of the trend, then now, then the same a year before; of each its last day.

    `since` is the day before its first: a month for months, settings.value.rate_window_months for the two
    windows. `months` are the firsts of the months; NaT for the two windows.
    """

    months: Days
    ends: Days
    since: Days

    @property
    def newest(self) -> int:
        return len(self.ends) - 2

    @property
    def last_year(self) -> int:
        return len(self.ends) - 1

    def looking_back(self, months: int) -> Periods:
        """Each month with those before it, so many together; and nothing in the two windows.

        >>> months = np.array(["2026-02-01", "NaT", "NaT"], dtype="datetime64[D]")
        >>> ends = np.array(["2026-02-28"] * 3, dtype="datetime64[D]")
        >>> Periods(months, ends, ends).looking_back(12).since.astype(str).tolist()
        ['2025-02-28', '2026-02-28', '2026-02-28']
        """
        since = self.ends.copy()
        since[: self.newest] = add_months(self.months[: self.newest], 1 - months) - 1
        return replace(self, since=since)

    def holding(self, on: Days) -> tuple[Ints, Ints]:
        """Which events (rows of `on`) lie in which periods; each may lie in several, or in none."""
        rows, periods = [], []
        for number, (since, end) in enumerate(zip(self.since, self.ends, strict=True)):
            inside = np.flatnonzero((on > since) & (on <= end))
            rows.append(inside)
            periods.append(np.full(len(inside), number))
        return np.concatenate(rows).astype("int64"), np.concatenate(periods).astype("int64")


def periods_of(book: Book) -> Periods:
    """The last 24 months that are over on the as-of day, and the two windows."""
    today = book.last_day
    next_month = (today + 1).astype("datetime64[M]")  # of which not all has passed
    firsts = (next_month - MONTHS + np.arange(MONTHS)).astype("datetime64[D]")
    a_year_before = add_months(today, -12)
    ends = np.concatenate([add_months(firsts, 1) - 1, [today, a_year_before]])
    window = add_months(ends[-2:], -book.settings.value.rate_window_months)
    none = np.full(2, np.datetime64("NaT", "D"))
    return Periods(np.concatenate([firsts, none]), ends, np.concatenate([firsts - 1, window]))
