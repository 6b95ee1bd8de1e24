"""Advisor, model, stage, cohort and segment of what is counted, on the day on which the counting begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.cycle.stages import STAGES, lapsed_from, lost_from, turns_of
from planner.dates import Days, add_months
from planner.value.book import Book
from planner.value.lifecycle import STAGES as OF_CUSTOMERS
from planner.value.owned import Ints
from planner.value.scores import SEGMENTS_IN_ORDER
from planner.value.segments_then import segments_on
from planner.value.timeline import EPOCHS, Timeline

MANY_DAYS = 100  # more changes of the day than the figures of all periods have
UNKNOWN = "unknown"  # advisor or model that nobody wrote down
_TODAY = 2**40  # in the place of a month
_NO_SEGMENT = np.int8(len(SEGMENTS_IN_ORDER))
_STAGE_NAMES = [*OF_CUSTOMERS, UNKNOWN]
_NO_CAR, _NO_STAGE = OF_CUSTOMERS.index("no_car"), len(OF_CUSTOMERS)
_OF_CARS = np.array([_STAGE_NAMES.index(stage) for stage in (*STAGES, UNKNOWN)])


class Groups:
    """Codes and names of each kind of group.

    A customer with several cars stands for the car that he bought last by then, but his stage is that of the
    best bound of those he had.
    """

    def __init__(
        self,
        book: Book,
        segments: pd.Series | None = None,
        stages: Mapping[date, Ints] | None = None,
    ) -> None:
        """segments: by customer_id the segment of each customer today; without it there are none.

        stages: of each customer the stage on some days, by what planner.value.lifecycle knows of them. Of
        other days, and of who was no customer yet, it is worked out here.
        """
        self.book = book
        self._told_on = {
            int(np.datetime64(day, "D").astype("int64")): np.append(np.where(of < _NO_STAGE, of, -1), -1)
            for day, of in (stages or {}).items()
        }
        self._best_bound_on: dict[int, Ints] = {}
        self._turns = turns_of(book.cars)
        self._stages_on: dict[int, npt.NDArray[np.int8]] = {}
        self._lists: dict[str, tuple[Ints, list[str]]] = {
            "advisor": _coded(book.people["advisor"]),
            "model": _coded(book.cars["model"]),
            "cohort": _coded(pd.Series(book.bought.astype("datetime64[Y]").astype("str"))),
        }
        self._segments_on: dict[int, npt.NDArray[np.int8]] = {}
        if segments is not None:
            today = pd.Index(SEGMENTS_IN_ORDER).get_indexer(
                pd.Index(book.people["customer_id"].map(segments))
            )
            self._segments_on[_TODAY] = np.append(np.where(today >= 0, today, _NO_SEGMENT), _NO_SEGMENT)
        self._purchases = Timeline(book.owner, book.bought, len(book.people))
        by_owner = np.lexsort((book.bought, book.owner))  # in the order of these purchases
        self._car_at = np.append(by_owner, -1)
        nobody_bought = self._purchases.count(book.last_day) == 0
        self._first_car = np.where(nobody_bought, -1, self._car_at[self._purchases.begun])
        self._lost_on = lost_from(book.seen_of_cars.day)
        served = book.served_of_cars
        self._lapsed_on = lapsed_from(add_months(served.day, book.interval_months[served.row]))

    @property
    def kinds(self) -> list[str]:
        return ["advisor", "model", "stage", "cohort", *(["segment"] if self._segments_on else [])]

    def car_of(self, customer: Ints, day: Days) -> Ints:
        """The car that each customer bought last up to that day; his first where there was none; -1: none."""
        at = self._purchases.last_before(customer, day)
        return np.where(at >= 0, self._car_at[at], self._first_car[customer])

    def car_on(self, customer: Ints, day: np.datetime64) -> Ints:
        """The same on one day for all."""
        at = self._purchases.last(day)
        return np.where(at >= 0, self._car_at[at], self._first_car)[customer]

    def homes_of(self, customer: Ints) -> Ints:
        """The household of each; -1: nobody's."""
        return np.append(self.book.home, -1)[customer]

    def codes(
        self, kind: str, car: Ints, customer: Ints, day: Days, of_customers: bool = False
    ) -> tuple[Ints, list[str]]:
        """Of each row its group of that kind, as a number, and the names of these numbers.

        of_customers: the rows are customers; `car` is the one that each stands for.
        """
        if kind == "stage":
            found = self._stages_of(customer, day) if of_customers else _OF_CARS[self._stages(car, day)]
            return found, _STAGE_NAMES
        if kind == "segment":
            return self._segments(customer, day), [*SEGMENTS_IN_ORDER, UNKNOWN]
        codes, names = self._lists[kind]
        return codes[customer if kind == "advisor" else car], names

    def _segments(self, customer: Ints, day: Days) -> Ints:
        """Of today for today; of another day those of the last end of a month up to it: few different ones.

        Here a customer whose car was given up is lost after 18 months without a visit, as for stages.
        """
        runs = _runs(number := day.astype("int64"))
        if len(runs) <= MANY_DAYS:
            return _of_runs(customer, runs, self._months(number[runs]), self._all_segments_on)
        different, of_day = np.unique(number, return_inverse=True)
        months, of_month = np.unique(self._months(different), return_inverse=True)
        table = np.array([self._all_segments_on(month) for month in months.tolist()])
        codes: Ints = table[of_month[of_day], customer].astype("int64")  # -1 is the last column
        return codes

    def _months(self, number: Ints) -> Ints:
        """Of each day the month that has begun by the day after; today has its own."""
        day = number.astype("datetime64[D]")
        month = (day + 1).astype("datetime64[M]").astype("int64")
        return np.where(day == self.book.last_day, _TODAY, month)

    def _all_segments_on(self, month: int) -> npt.NDArray[np.int8]:
        """The segment of every customer on the day before that month, and of none: kept, as the stages."""
        if month not in self._segments_on:
            end = np.datetime64(month, "M").astype("datetime64[D]") - 1
            stages = self._best_on(int(end.astype("int64")))[:-1]
            self._segments_on[month] = np.append(segments_on(self.book, stages, end), _NO_SEGMENT)
        return self._segments_on[month]

    def _stages_of(self, customer: Ints, day: Days) -> Ints:
        """Of each customer the stage of the best bound car that he had that day, else of his first."""
        runs = _runs(number := day.astype("int64"))
        if len(runs) <= MANY_DAYS:
            return _of_runs(customer, runs, number[runs], self._of_all_on)
        rows = np.flatnonzero(np.append(self._first_car, -1)[customer] >= 0)
        begun = self._purchases.begun[customer[rows]]
        had = np.maximum(self._purchases.last_before(customer[rows], day[rows]) - begun + 1, 1)
        row = np.repeat(rows, had)  # one for each car of each
        place = np.arange(len(row)) + np.repeat(begun - np.cumsum(had) + had, had)
        found = np.where(customer >= 0, _NO_CAR, _NO_STAGE)
        np.minimum.at(found, row, _OF_CARS[self._stages(self._car_at[place], day[row])])
        for on, told in self._told_on.items():
            there = np.flatnonzero((day.astype("int64") == on) & (told[customer] >= 0))
            found[there] = told[customer[there]]
        return found

    def _of_all_on(self, day: int) -> Ints:
        """The stage of every customer on one day, and of none: as it was told, else worked out."""
        best, told = self._best_on(day), self._told_on.get(day)
        return best if told is None else np.where(told >= 0, told, best)

    def _best_on(self, day: int) -> Ints:
        """The best bound of every customer's cars on one day, and of none: kept, as the stages of cars."""
        if day not in self._best_bound_on:
            of_cars = _OF_CARS[self._all_on(day)]
            here = self.book.bought <= np.datetime64(day, "D")
            best = np.full(len(self.book.people) + 1, _NO_CAR)
            np.minimum.at(best, self.book.owner[here], of_cars[:-1][here])
            none = np.flatnonzero((best[:-1] == _NO_CAR) & (self._first_car >= 0))
            best[none] = of_cars[self._first_car[none]]  # he had none yet
            best[-1] = _NO_STAGE
            self._best_bound_on[day] = best
        return self._best_bound_on[day]

    def _stages(self, car: Ints, day: Days) -> Ints:
        """By the rules of planner.cycle.stages; due is the interval in months after the last service.

        The day on which a car was given up is not known, so that nothing is `gone` here.
        """
        unknown = len(STAGES)
        if not len(self.book.cars):
            return np.full(len(car), unknown)
        runs = _runs(number := day.astype("int64"))
        if len(runs) <= MANY_DAYS:
            return _of_runs(car, runs, number[runs], self._all_on)
        of, once = pd.factorize(car * EPOCHS + number)  # one event may be counted in many periods
        car, day = once // EPOCHS, (once % EPOCHS).astype("datetime64[D]")
        seen, served = (
            np.maximum(each.last_before(car, day), each.begun[car])
            for each in (self.book.seen_of_cars, self.book.served_of_cars)
        )
        nothing = np.zeros(len(car), dtype=bool)
        turns = self._turns.take(car)
        stages = turns.stages(self._lost_on[seen], self._lapsed_on[served], nothing, day)
        return np.where(car >= 0, stages, unknown)[of]

    def _all_on(self, day: int) -> npt.NDArray[np.int8]:
        """The stage of every car on one day, and of none: kept, as many figures begin on the same days."""
        if day not in self._stages_on:
            on = np.datetime64(day, "D")
            seen, served = self.book.seen_of_cars, self.book.served_of_cars
            # Before the purchase, which is the first of both, that is the one.
            stages = self._turns.stages(
                self._lost_on[np.maximum(seen.last(on), seen.begun)],
                self._lapsed_on[np.maximum(served.last(on), served.begun)],
                np.zeros(len(self.book.cars), dtype=bool),
                on,
            )
            self._stages_on[day] = np.append(stages, len(STAGES)).astype("int8")
        return self._stages_on[day]


def _runs(number: Ints) -> Ints:
    """The first row of each run of equal numbers: most figures count the rows of a period from one day on."""
    return np.flatnonzero(np.append(True, number[1:] != number[:-1])[: len(number)])


def _of_runs(row: Ints, runs: Ints, number: Ints, table: Callable[[int], npt.NDArray[Any]]) -> Ints:
    """Of each row what the table of its run's number has for it; -1 is the last of each table."""
    found = np.empty(len(row), dtype="int64")
    for (begin, end), each in zip(pairwise([*runs.tolist(), len(row)]), number.tolist(), strict=True):
        found[begin:end] = table(each)[row[begin:end]]
    return found


def _coded(values: pd.Series) -> tuple[Ints, list[str]]:
    """The code of each value, and that of `unknown` after them, where -1 finds it; and the names."""
    filled = values.astype("str").fillna(UNKNOWN)
    codes, names = pd.factorize(filled, sort=True)
    listed = [str(name) for name in names]
    listed = listed if UNKNOWN in listed else [*listed, UNKNOWN]
    return np.append(codes, listed.index(UNKNOWN)).astype("int64"), listed
