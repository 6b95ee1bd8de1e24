"""The stored tables as arrays: cars, whose they are, and what they came for, up to a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.columns import empty
from planner.cycle import load_cycles
from planner.dates import Days, days
from planner.forecast.intervals import intervals_of, load_intervals
from planner.settings import Settings
from planner.tables import ANSWERS, CONTACTS, GONE, OFFERS, SURVEYS
from planner.value.figures import Floats
from planner.value.money import visit_money
from planner.value.quality import THIN_SHARE
from planner.value.timeline import Timeline

Tables = Mapping[str, pd.DataFrame]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Book:
    """What had happened by as_of. A car, customer or household is its row in `cars`, `people`, `homes`.

    A car that was bought after as_of is not there, nor is a visit, answer or offer after it, nor a visit
    before the car was this customer's. Visits are sorted by car and day.
    """

    as_of: date
    settings: Settings
    cars: pd.DataFrame  # of VEHICLES
    people: pd.DataFrame  # of CUSTOMERS
    owner: Ints  # of each car
    home: Ints  # of each customer
    bought: Days  # of each car
    car: Ints  # of each visit
    day: Days
    service: Bools  # is it maintenance?
    amount: Floats
    margin: Floats
    margin_given: Bools
    amount_given: Bools
    outcomes: pd.DataFrame  # ANSWERS with row numbers `car` and `customer`
    surveys: pd.DataFrame  # with `customer`
    offers: pd.DataFrame  # with `customer`
    contacts: pd.DataFrame  # those that were made, with `car` and `customer`

    @property
    def last_day(self) -> np.datetime64:
        return np.datetime64(self.as_of, "D")

    @property
    def homes(self) -> int:
        return int(self.home.max()) + 1 if len(self.home) else 0

    @cached_property
    def gone(self) -> Bools:
        """Of each car: is it sold or scrapped by now?"""
        return self.cars["status"].isin(GONE).to_numpy(dtype=bool)

    @cached_property
    def touchpoints(self) -> pd.DataFrame:
        """Of the settings' cycles."""
        return load_cycles(self.settings).touchpoints

    @cached_property
    def visitor(self) -> Ints:
        """The customer of each visit."""
        return self.owner[self.car] if len(self.car) else self.car

    @cached_property
    def last_seen(self) -> Days:
        """Of each car the last visit, else the purchase."""
        return self.seen_of_cars.days_at(self.seen_of_cars.last(self.last_day))

    @cached_property
    def recorded_from(self) -> np.datetime64:
        """The first day of the first month with a usual number of visits: one mistyped year is no record."""
        months, visits = np.unique(self.day.astype("datetime64[M]"), return_counts=True)
        usual = months[visits >= THIN_SHARE * np.median(visits)]
        return max(usual.min().astype("datetime64[D]"), self.day.min())

    @cached_property
    def interval_months(self) -> Ints:
        """Between two maintenances of each car."""
        return intervals_of(self.cars, load_intervals(self.settings.intervals_path))[0]

    @cached_property
    def visits_of_cars(self) -> Timeline:
        return Timeline(self.car, self.day, len(self.cars))

    @cached_property
    def services_of_cars(self) -> Timeline:
        return Timeline(self.car[self.service], self.day[self.service], len(self.cars))

    @cached_property
    def visit_days_of_cars(self) -> Timeline:
        return Timeline(self.car, self.day, len(self.cars), once_a_day=True)

    @cached_property
    def visit_days_of_people(self) -> Timeline:
        return Timeline(self.owner[self.car], self.day, len(self.people), once_a_day=True)

    @cached_property
    def seen_of_cars(self) -> Timeline:
        """Visits and the purchase."""
        car = np.append(self.car, np.arange(len(self.cars)))
        return Timeline(car, np.append(self.day, self.bought), len(self.cars))

    @cached_property
    def served_of_cars(self) -> Timeline:
        """Maintenance and the purchase."""
        car = np.append(self.car[self.service], np.arange(len(self.cars)))
        return Timeline(car, np.append(self.day[self.service], self.bought), len(self.cars))

    @cached_property
    def seen_of_people(self) -> Timeline:
        """Visits and purchases."""
        customer = np.append(self.owner[self.car], self.owner)
        return Timeline(customer, np.append(self.day, self.bought), len(self.people))

    @cached_property
    def first_month_of_people(self) -> Floats:
        """Of each customer the month of his first visit or purchase, in months since 1970; NaN: none."""
        seen = self.seen_of_people
        first = seen.days_at(np.where(seen.count(self.last_day) > 0, seen.begun, -1))
        month = first.astype("datetime64[M]")
        return np.where(np.isnat(month), np.nan, month.astype("int64"))


def read_book(tables: Tables, settings: Settings, as_of: date) -> Book:
    """The tables of planner.pipeline.stored_tables as a Book.

    Tables that are not there (surveys, offers, outcomes, contacts) count as empty.
    """
    today = np.datetime64(as_of, "D")
    people = tables["customers"].drop_duplicates("customer_id").reset_index(drop=True)
    who = pd.Index(people["customer_id"])
    cars = tables["vehicles"].drop_duplicates("vehicle_id")
    visits = visit_money(tables["visits"], settings, as_of)
    first = visits.groupby("vehicle_id", sort=False)["visited_on"].min().reindex(cars["vehicle_id"])
    bought = days(cars["purchased_on"].fillna(pd.Series(first.to_numpy(), cars.index)))
    here = (bought <= today) & (_rows(who, cars["customer_id"]) >= 0)
    cars, bought = cars[here].reset_index(drop=True), bought[here]
    which = pd.Index(cars["vehicle_id"])
    car = _rows(which, visits["vehicle_id"])
    day = days(visits["visited_on"])
    ours = (car >= 0) & (day >= bought[car] if len(bought) else False)
    visits, car, day = visits[ours], car[ours], day[ours]
    order = np.lexsort((day, car))
    visits, car, day = visits.iloc[order], car[order], day[order]
    household = people["household_id"].fillna(people["customer_id"])
    return Book(
        as_of=as_of,
        settings=settings,
        cars=cars,
        people=people,
        owner=_rows(who, cars["customer_id"]),
        home=np.asarray(pd.factorize(household)[0], dtype="int64"),
        bought=bought,
        car=car,
        day=day,
        service=visits["kind"].fillna("maintenance").eq("maintenance").to_numpy(dtype=bool),
        amount=visits["amount"].to_numpy(dtype="float64"),
        margin=visits["margin"].to_numpy(dtype="float64"),
        margin_given=visits["margin_given"].to_numpy(dtype=bool),
        amount_given=visits["amount_given"].to_numpy(dtype=bool),
        outcomes=_known(tables.get("outcomes", empty(ANSWERS)), "said_on", today, who, which),
        surveys=_known(tables.get("surveys", empty(SURVEYS)), "asked_on", today, who),
        offers=_known(tables.get("offers", empty(OFFERS)), "issued_on", today, who),
        contacts=_made(_known(tables.get("contacts", empty(CONTACTS)), "planned_on", today, who, which)),
    )


def _known(
    frame: pd.DataFrame, on: str, today: np.datetime64, who: pd.Index, which: pd.Index | None = None
) -> pd.DataFrame:
    """The rows up to today whose customer is known, with the row numbers of customer and car (-1: none)."""
    frame = frame[frame[on] <= today]
    frame = frame.assign(customer=_rows(who, frame["customer_id"]))
    if which is not None:
        frame = frame.assign(car=_rows(which, frame["vehicle_id"]))
    return frame[frame["customer"] >= 0].reset_index(drop=True)


def _rows(ids: pd.Index, named: pd.Series) -> Ints:
    """The row number of each; -1: none."""
    return ids.get_indexer(pd.Index(named)).astype("int64")


def _made(contacts: pd.DataFrame) -> pd.DataFrame:
    return contacts[contacts["status"] == "done"].reset_index(drop=True)
