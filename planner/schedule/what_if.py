"""What would another capacity mean? The same candidates placed again and again, and nothing stored."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from planner.dates import quiet_days, working_days
from planner.errors import InputError
from planner.settings import Settings

MUST_STAND = 2  # calls of priority 0 to 2 are the ones that a capacity should not cost
Placing = Callable[[Settings], pd.DataFrame]


@dataclass(frozen=True)
class Capacity:
    """So many calls a working day, 0 for no limit: of the team, or of one advisor."""

    calls: int
    advisor: str | None = None

    def in_settings(self, settings: Settings) -> Settings:
        """The settings with this capacity in place of theirs."""
        change: dict[str, object] = {"calls_per_day": self.calls}
        if self.advisor is not None:
            change = {"advisors": {**settings.capacity.advisors, self.advisor: self.calls}}
        capacity = settings.capacity.model_copy(update=change)
        return settings.model_copy(update={"capacity": capacity})


@dataclass(frozen=True)
class WhatIf:
    """The answer. `weeks`: week_start, calls, capacity (missing: no limit), used (0 to 1, missing too).

    `dropped`: calls that found all days full, by priority. `smallest`: the least capacity that drops no
    call of priority 0 to MUST_STAND; None if no capacity does, because of other limits and absences.
    """

    weeks: pd.DataFrame
    dropped: dict[int, int]
    smallest: int | None


def parse_capacity(text: str) -> Capacity:
    """`capacity=40` or `capacity=Name:10`; raises InputError for everything else."""
    key, _, value = text.partition("=")
    name, colon, number = value.rpartition(":")
    if key.strip() != "capacity" or not number.strip().isdecimal() or bool(colon) != bool(name.strip()):
        raise InputError(f"--what-if {text}: write capacity=40, or capacity=Name:10 for one advisor")
    return Capacity(int(number), name.strip() or None)


def what_if(place: Placing, settings: Settings, capacity: Capacity, as_of: date) -> WhatIf:
    """Load, drops and the smallest sufficient capacity, of the team or of the advisor that is named.

    `place` gives the calendar (CONTACTS) under other settings; it is called a dozen times.
    """
    contacts = place(capacity.in_settings(settings))
    lost = _dropped(contacts, capacity.advisor)
    return WhatIf(
        weeks=_weeks(_calls(contacts, capacity.advisor, as_of), capacity, settings, as_of),
        dropped={int(level): int((lost == level).sum()) for level in sorted(lost.unique())},
        smallest=_smallest(place, settings, capacity, as_of),
    )


def unknown_advisors(customers: pd.DataFrame, settings: Settings) -> dict[str, str]:
    """The names in the settings' capacity that are no customer's advisor, each with the nearest that is."""
    known = sorted(customers["advisor"].dropna().unique())
    named = sorted({*settings.capacity.advisors, *settings.capacity.absences} - set(known))
    return {name: next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.4)), "") for name in named}


def _smallest(place: Placing, settings: Settings, capacity: Capacity, as_of: date) -> int | None:
    """Halves the span between too few and enough.

    One call more a day can, seldom, drop more: so what lies below the answer is tried once more.
    """

    def enough(calls: int) -> bool:
        contacts = place(Capacity(calls, capacity.advisor).in_settings(settings))
        return not (_dropped(contacts, capacity.advisor) <= MUST_STAND).any()

    unlimited = place(Capacity(0, capacity.advisor).in_settings(settings))
    if (_dropped(unlimited, capacity.advisor) <= MUST_STAND).any():
        return None
    by_day = _calls(unlimited, capacity.advisor, as_of).value_counts()
    low, high = 0, max(int(by_day.max()) if len(by_day) else 0, 1)
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    while high > 2 and enough(high - 2):
        high -= 2
    return high


def _calls(contacts: pd.DataFrame, advisor: str | None, as_of: date) -> pd.Series[Any]:
    """The days of the calls to come, of one advisor or all."""
    to_come = contacts["status"].isin(["planned", "standby"]) & contacts["planned_on"].ge(pd.Timestamp(as_of))
    return contacts["planned_on"][to_come & _made_by(contacts, advisor)]


def _dropped(contacts: pd.DataFrame, advisor: str | None) -> pd.Series[Any]:
    """The priorities of the calls that found no day because of the capacity."""
    lost = contacts["status"].eq("dropped") & contacts["reason"].eq("capacity")
    return contacts["priority"][lost & _made_by(contacts, advisor)]


def _made_by(contacts: pd.DataFrame, advisor: str | None) -> pd.Series[bool]:
    """Which contacts are calls, of one advisor or all."""
    calls = contacts["channel"].eq("call")
    return calls if advisor is None else calls & contacts["advisor"].eq(advisor)


def _weeks(calls: pd.Series, capacity: Capacity, settings: Settings, as_of: date) -> pd.DataFrame:
    """Calls and capacity of every week from the as-of day to the last call."""
    last = calls.max().date() if len(calls) else as_of
    monday = as_of - timedelta(days=as_of.weekday())
    count = (last - monday).days // 7 + 1
    end = monday + timedelta(days=7 * count)
    open_on = working_days(settings, monday, end) & ~quiet_days(settings, monday, end)
    open_on[: (as_of - monday).days] = False
    for first, until in settings.capacity.days_off(capacity.advisor or ""):
        begin, stop = ((day - monday).days for day in (first, until))
        open_on[max(begin, 0) : max(stop + 1, 0)] = False
    week = ((calls.to_numpy("datetime64[D]") - np.datetime64(monday)).astype(np.int64)) // 7
    weeks = pd.DataFrame(
        {
            "week_start": pd.date_range(monday, periods=count, freq="7D", unit="us"),
            "calls": np.bincount(week, minlength=count),
            "capacity": pd.array(open_on.reshape(-1, 7).sum(axis=1) * capacity.calls, dtype="Int64"),
        }
    )
    if capacity.calls == 0:
        weeks["capacity"] = pd.NA
        weeks["capacity"] = weeks["capacity"].astype("Int64")
    some = weeks["capacity"].gt(0).fillna(False).to_numpy(dtype=bool)
    used = np.full(count, np.nan)
    used[some] = weeks["calls"][some] / weeks["capacity"][some].astype("float64")
    return weeks.assign(used=used)
