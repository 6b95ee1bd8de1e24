"""Advisor, model, stage and cohort of what is counted, as of the day on which the counting begins."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.cycle.stages import STAGES, lapsed_from, lost_from, turns_of
from planner.dates import Days, add_months
from planner.forecast.intervals import intervals_of, load_intervals
from planner.value.book import Book, Ints, last_before

MANY_DAYS = 100  # more different days than the figures of all periods begin on
UNKNOWN = "unknown"  # advisor or model that nobody wrote down


class Groups:
    """Codes and names of each kind of group.

    A customer with several cars stands for the car that he bought last by then.
    """

    def __init__(self, book: Book, segments: pd.Series | None = None) -> None:
        """segments: by customer_id the segment of each customer, where there are any."""
        self.book = book
        self._months = intervals_of(book.cars, load_intervals(book.settings.intervals_path))[0]
        self._turns = turns_of(book.cars)
        self._stages_on: dict[int, Ints] = {}
        self._lists: dict[str, tuple[Ints, list[str]]] = {
            "advisor": _coded(book.people["advisor"]),
            "model": _coded(book.cars["model"]),
            "cohort": _coded(pd.Series(book.bought.astype("datetime64[Y]").astype("str"))),
        }
        if segments is not None:
            self._lists["segment"] = _coded(book.people["customer_id"].map(segments))
        self._by_owner = np.lexsort((book.bought, book.owner))
        owner = book.owner[self._by_owner]
        self._owned = owner * np.int64(4_000_000) + book.bought[self._by_owner].astype("int64")

    @property
    def kinds(self) -> list[str]:
        return ["advisor", "model", "stage", "cohort", *(["segment"] if "segment" in self._lists else [])]

    def car_of(self, customer: Ints, day: Days) -> Ints:
        """The car that each customer bought last up to that day; his first where there was none; -1: none."""
        if not len(self._owned):
            return np.full(len(customer), -1)
        key = customer * np.int64(4_000_000) + day.astype("int64")
        at = np.searchsorted(self._owned, key, side="right") - 1
        found = self._by_owner[np.maximum(at, 0)]
        earlier = (at >= 0) & (self.book.owner[found] == customer)
        after = self._by_owner[np.minimum(at + 1, len(self._by_owner) - 1)]
        only_later = ~earlier & (self.book.owner[after] == customer)
        return np.where(earlier, found, np.where(only_later, after, -1))

    def codes(self, kind: str, car: Ints, customer: Ints, day: Days) -> tuple[Ints, list[str]]:
        """Of each row its group of that kind, as a number, and the names of these numbers."""
        if kind == "stage":
            return self._stages(car, day)
        codes, names = self._lists[kind]
        at = customer if kind in ("advisor", "segment") else car
        return np.where(at >= 0, codes[at] if len(codes) else 0, names.index(UNKNOWN)), names

    def _stages(self, car: Ints, day: Days) -> tuple[Ints, list[str]]:
        """By the rules of planner.cycle.stages; due is the interval in months after the last service.

        The day on which a car was given up is not known, so that nothing is `gone` here.
        """
        names = [*STAGES, UNKNOWN]
        if not len(self.book.cars):
            return np.full(len(car), len(names) - 1), names
        number, different = pd.factorize(day.astype("int64"))
        if len(different) > MANY_DAYS:
            codes = self._stage_on(car, day)
        else:
            table = np.array([self._all_on(int(each)) for each in different])
            codes = table[number, car] if len(table) else number
        return np.where(car >= 0, codes, len(names) - 1).astype("int64"), names

    def _all_on(self, day: int) -> Ints:
        """The stage of every car on one day: kept, as many figures begin on the same days."""
        if day not in self._stages_on:
            everyone = np.arange(len(self.book.cars))
            on = np.full(len(everyone), np.datetime64(day, "D"))
            self._stages_on[day] = self._stage_on(everyone, on)
        return self._stages_on[day]

    def _stage_on(self, car: Ints, day: Days) -> Ints:
        bought = self.book.bought[car]
        seen = np.fmax(last_before(self.book, car, day), bought)
        served = np.fmax(last_before(self.book, car, day, self.book.service), bought)
        due = add_months(served, self._months[car])
        here = np.zeros(len(car), dtype=bool)
        return self._turns.take(car).stages(lost_from(seen), lapsed_from(due), here, day)


def _coded(values: pd.Series) -> tuple[Ints, list[str]]:
    filled = values.astype("str").fillna(UNKNOWN)
    codes, names = pd.factorize(filled, sort=True)
    listed = [str(name) for name in names]
    return codes.astype("int64"), listed if UNKNOWN in listed else [*listed, UNKNOWN]
