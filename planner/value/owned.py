"""Cars, customers and visits as the tables have them, with row numbers in the place of names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.dates import NO_DAY, Days, days
from planner.forecast.intervals import intervals_of, load_intervals
from planner.settings import Settings
from planner.tables import GONE
from planner.value.history import history_from
from planner.value.money import visit_money

Tables = Mapping[str, pd.DataFrame]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Owned:
    """What the tables say up to as_of. A car or customer is its row in `cars` or `people`; -1: unknown."""

    as_of: date
    settings: Settings
    people: pd.DataFrame  # of CUSTOMERS, each once
    cars: pd.DataFrame  # of VEHICLES, each once
    visits: pd.DataFrame  # of planner.value.money
    owner: Ints  # of each car
    car: Ints  # of each visit
    day: Days  # of each visit
    purchased: Days  # of each car
    who: pd.Index
    which: pd.Index

    def customers_of(self, named: Any) -> Ints:
        """The rows of these customer ids."""
        return self.who.get_indexer(pd.Index(named)).astype("int64")

    def cars_of(self, named: Any) -> Ints:
        """The rows of these vehicle ids."""
        return self.which.get_indexer(pd.Index(named)).astype("int64")

    @cached_property
    def home(self) -> Ints:
        """Of each customer the number of his household."""
        return homes_of(self.people)

    @cached_property
    def intervals(self) -> tuple[Ints, npt.NDArray[np.float64]]:
        """Months and km between two maintenances of each car."""
        return intervals_of(self.cars, load_intervals(self.settings.intervals_path))

    @cached_property
    def history_from(self) -> np.datetime64:
        """Since when visits are on record, where that is later than cars were here: planner.value.history."""
        return history_from(self.purchased, self.day, self.intervals[0], np.datetime64(self.as_of))

    @property
    def ours(self) -> Bools:
        """Of each visit: was the car this customer's on that day? Before, it was the former owner's."""
        return (of_rows(self.owner, self.car) >= 0) & ~(self.day < of_rows(self.purchased, self.car))

    @property
    def money_known(self) -> bool:
        """Did any visit of theirs bring something? Without one what they brought is not 0 but unknown."""
        return bool(self.visits["margin"].notna().to_numpy()[self.ours].any())

    @property
    def gone(self) -> Bools:
        """Of each car: is it sold, scrapped or moved away with by now?"""
        return self.cars["status"].isin(GONE).to_numpy(dtype=bool)

    @property
    def maintenance(self) -> Bools:
        """Of each visit; one of no kind is."""
        return self.visits["kind"].fillna("maintenance").eq("maintenance").to_numpy(dtype=bool)


def owned(tables: Tables, settings: Settings, as_of: date) -> Owned:
    """tables: customers, vehicles, visits."""
    people = tables["customers"].drop_duplicates("customer_id").reset_index(drop=True)
    cars = tables["vehicles"].drop_duplicates("vehicle_id").reset_index(drop=True)
    visits = visit_money(tables["visits"], settings, as_of)
    who, which = pd.Index(people["customer_id"]), pd.Index(cars["vehicle_id"])
    owner, car = (
        who.get_indexer(pd.Index(cars["customer_id"])),
        which.get_indexer(pd.Index(visits["vehicle_id"])),
    )
    return Owned(
        as_of=as_of,
        settings=settings,
        people=people,
        cars=cars,
        visits=visits,
        owner=owner.astype("int64"),
        car=car.astype("int64"),
        day=days(visits["visited_on"]),
        purchased=days(cars["purchased_on"]),
        who=who,
        which=which,
    )


def homes_of(people: pd.DataFrame) -> Ints:
    """Of each customer the number of his household; who is of none has one of his own."""
    household = people["household_id"].fillna(people["customer_id"])
    return np.asarray(pd.factorize(household)[0], dtype="int64")


def of_rows(values: npt.NDArray[Any], row: Ints) -> npt.NDArray[Any]:
    """The values of these rows; -1, NaT, NaN or False at -1.

    >>> of_rows(np.array([7, 8]), np.array([1, -1])).tolist()
    [8, -1]
    """
    nothing: Any = {"i": -1, "M": NO_DAY, "f": np.nan, "b": False}[values.dtype.kind]
    found: npt.NDArray[Any] = np.append(values, nothing)[row]
    return found


def latest(row: Ints, day: Days, rows: int) -> Days:
    """By row the last of its days; NaT: none. A row of -1 is nobody's.

    >>> on = np.array(["2026-01-05", "2026-02-01", "2026-03-01"], "M8[D]")
    >>> latest(np.array([1, 1, -1]), on, 2).astype(str).tolist()
    ['NaT', '2026-02-01']
    """
    found = np.full(rows + 1, NO_DAY).astype("int64")  # the least number there is
    np.maximum.at(found, row, day.astype("int64"))
    return found[:-1].astype("datetime64[D]")


def earliest(row: Ints, day: Days, rows: int) -> Days:
    """By row the first of its days; NaT: none."""
    back = latest(row, (-day.astype("int64")).astype("datetime64[D]"), rows)
    return (-back.astype("int64")).astype("datetime64[D]")


def first_of(row: Ints, values: npt.NDArray[Any], rows: int) -> npt.NDArray[Any]:
    """By row the first of its values; NaN or NaT: none.

    >>> first_of(np.array([1, 1, -1]), np.array([5.0, 6.0, 7.0]), 2).tolist()
    [nan, 5.0]
    """
    found = np.full(rows + 1, NO_DAY if values.dtype.kind == "M" else np.nan)
    found[row[::-1]] = values[::-1]  # of several that are assigned to one place the last stays
    return found[:-1]
