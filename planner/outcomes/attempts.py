"""When somebody who was not reached is tried again, and at what time of day."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from planner.dates import message_days, quiet_days, working_days
from planner.settings import Settings

MOST_TRIES = 3
WAIT_WORKING_DAYS = (2, 5)  # after the first try, after the second; Source: contract, Outcomes
TIMES_OF_DAY = ("morning", "afternoon", "evening")
NOT_REACHED_SCRIPT = "not_reached"  # of the one message after the last try

_YEARS_AHEAD = 2  # a promised day lies within one year; see contradictions.FAR_DAYS


def time_of_day(attempt: int) -> str:
    """morning, afternoon or evening: each attempt at another time than the one before.

    >>> [time_of_day(attempt) for attempt in (1, 2, 3, 4)]
    ['morning', 'afternoon', 'evening', 'morning']
    """
    return TIMES_OF_DAY[(attempt - 1) % len(TIMES_OF_DAY)]


class Diary:
    """The days from one on for two years: on which of them does the team call, do messages go out?"""

    def __init__(self, settings: Settings, first: date) -> None:
        self.settings, self.first = settings, first
        last_year = min(first.year + _YEARS_AHEAD, date.max.year)
        self.end = date(last_year, 12, 31)

    def call_day(self, day: date, after: int = 0) -> date:
        """The day itself or the next one on which the team calls; with `after` so many of them later."""
        if after:
            day += timedelta(days=1)
        return self._open(self._calls, day, max(after - 1, 0))

    def try_day(self, day: date, advisor: str | None, latest: date | None = None) -> date:
        """The day or the next one on which the team calls and the advisor is there; not after `latest`.

        If he is away until then, the next day of the team: a colleague calls.
        """
        of_team = self.call_day(day)
        own = self._open(self.calls_of(advisor), day, 0)
        return of_team if latest is not None and own > max(latest, of_team) else own

    def calls_of(self, advisor: str | None) -> npt.NDArray[np.bool_]:
        """For each day from the first on: does the team call, and is the advisor there?"""
        opens = self._calls
        for away, back in self.settings.capacity.days_off(advisor) if advisor else []:
            begin, end = ((day - self.first).days for day in (away, back))
            opens = opens.copy()
            opens[max(begin, 0) : max(end + 1, 0)] = False
        return opens

    def message_day(self, day: date) -> date:
        """The day itself or the next one on which a message may go out."""
        return self._open(self._messages, day, 0)

    def _open(self, opens: npt.NDArray[np.bool_], day: date, skip: int) -> date:
        start = max((day - self.first).days, 0)
        found = np.flatnonzero(opens[start:])
        return self.first + timedelta(days=start + int(found[skip])) if len(found) > skip else day

    @cached_property
    def _calls(self) -> npt.NDArray[np.bool_]:
        return working_days(self.settings, self.first, self.end) & self._loud

    @cached_property
    def _messages(self) -> npt.NDArray[np.bool_]:
        return message_days(self.settings, self.first, self.end) & self._loud

    @cached_property
    def _loud(self) -> npt.NDArray[np.bool_]:
        return ~quiet_days(self.settings, self.first, self.end)
