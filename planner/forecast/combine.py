"""Combine: which of the coming maintenance visits takes another service with it, and what it then holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.dates import Days, add_months, days
from planner.forecast.due import LAPSED_MONTHS
from planner.forecast.intervals import MAINTENANCE
from planner.forecast.screen import Bools, Ints

_STRIDE = 4_000_000  # more than the days of the calendar
_FAR = 10**9


@dataclass(frozen=True, slots=True)
class MaintenanceVisits:
    """The coming maintenance visits, sorted by car and number."""

    car: Ints
    due: Days
    next_from: Days  # the day on which it is done, as due.coming has it
    lapsed: Bools  # of the car: overdue by a month or more
    possible: Days  # the due day, or as_of where that has passed: nothing is done in the past

    @classmethod
    def of(cls, services: pd.DataFrame, as_of: np.datetime64) -> MaintenanceVisits:
        """Of the services of due.coming, which are in this order."""
        if services.empty:
            none = np.array([], dtype="datetime64[D]")
            return cls(np.array([], dtype="int64"), none, none, np.array([], dtype=bool), none)
        car, due = services["car"].to_numpy(dtype="int64"), days(services["due_on"])
        first = np.searchsorted(car, car, side="left")
        lapsed = add_months(due, LAPSED_MONTHS)[first] <= as_of
        return cls(car, due, days(services["next_from"]), lapsed, np.maximum(due, as_of))

    def nearest(self, car: Ints, day: Days, after: Ints, within_days: int) -> Ints:
        """Of each car the row of the visit nearest to a day and later than row `after`; else -1.

        0 days: none at all. Of two that are equally near the earlier one.
        """
        none = np.full(len(car), -1)
        if not within_days or not len(self.car):
            return none
        key = self.car * _STRIDE + self.possible.astype("int64")
        start, end = (np.searchsorted(self.car, car, side=side) for side in ("left", "right"))
        right = np.searchsorted(key, car * _STRIDE + day.astype("int64"), side="left")
        right = np.maximum(right, after + 1)
        left = right - 1

        def distance(row: Ints, there: Bools) -> Ints:
            away = np.abs((self.possible[np.where(there, row, 0)] - day).astype("int64"))
            return np.where(there, away, _FAR)

        there = (left >= start) & (left > after)
        # What is overdue and what is due today are possible on one day.
        same_day = np.searchsorted(key, key[np.where(there, left, 0)], side="left")
        left = np.where(there, np.maximum(same_day, after + 1), left)
        before = distance(left, there)
        later = distance(right, right < end)
        chosen = np.where(before <= later, left, right)
        return np.where(np.minimum(before, later) <= within_days, chosen, none)

    def done_on(self, row: Ints, due: Days) -> Days:
        """The day on which something due on `due` is done with a visit; of a lapsed car not before `due`."""
        done = self.next_from[row]
        return np.where(self.lapsed[row], np.maximum(done, due), done)


def add_items(services: pd.DataFrame, items: pd.DataFrame, as_of: np.datetime64) -> pd.DataFrame:
    """The services with `services`, what is to be done at the visit, and `due_first_on`.

    services: "maintenance, brake fluid", maintenance first, then by due day. due_first_on: the first
    day in that visit that has not passed, else due_on: a visit up to that day is late for nothing.
    """
    if services.empty:
        return services
    due = days(services["due_on"])
    if items.empty or (items["visit"] < 0).all():
        return services.assign(services=MAINTENANCE, due_first_on=due)
    combined = items[items["visit"] >= 0].sort_values(["visit", "due_on", "service"])
    row, name = combined["visit"].to_numpy(), combined["service"].to_numpy(dtype=object)
    place = combined.groupby("visit").cumcount().to_numpy()
    text = np.full(len(services), MAINTENANCE, dtype=object)
    for which in range(place.max() + 1):
        now = place == which
        text[row[now]] += ", " + name[now]
    first = due.astype("int64")
    ahead = days(combined["due_on"]) >= as_of
    np.minimum.at(first, row[ahead], days(combined["due_on"])[ahead].astype("int64"))
    return services.assign(services=text, due_first_on=first.astype("datetime64[D]"))
