"""The stored tables as arrays: cars, whose they are, and what they came for, up to a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planner.columns import Table, empty
from planner.cycle import load_cycles
from planner.dates import Days, add_months
from planner.settings import Settings
from planner.tables import ANSWERS, CONTACTS, GONE, OFFERS, SURVEYS
from planner.value.figures import Floats
from planner.value.history import THIN_SHARE
from planner.value.owned import Bools, Ints, Owned, Tables, earliest, of_rows, owned
from planner.value.timeline import Timeline


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
    interval_months: Ints  # between two maintenances of each car
    history_from: np.datetime64  # of planner.value.history
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
    def young(self) -> Bools:
        """Of each car: was it bought since visits are on record, so that all of its own are?

        Of one whose purchase nobody knows the first visit is that; in the first active window it may be old.
        """
        window = self.settings.value.active_window_months
        known = self.cars["purchased_on"].notna().to_numpy()
        since = np.where(known, self.history_from, add_months(self.history_from, window))
        return ~(self.bought < since)

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


def read_book(tables: Tables, settings: Settings, as_of: date, own: Owned | None = None) -> Book:
    """The tables of planner.pipeline.stored_tables as a Book; own: of them, where it is there already.

    Tables that are not there (surveys, offers, outcomes, contacts) count as empty.
    """
    today = np.datetime64(as_of, "D")
    own = own or owned(tables, settings, as_of)
    bought = np.where(np.isnat(own.purchased), earliest(own.car, own.day, len(own.cars)), own.purchased)
    here = np.flatnonzero((bought <= today) & (own.owner >= 0))
    number = np.full(len(own.cars), -1)
    number[here] = np.arange(len(here))
    ours = np.flatnonzero((of_rows(number, own.car) >= 0) & ~(own.day < of_rows(bought, own.car)))
    car, day = number[own.car[ours]], own.day[ours]
    order = np.lexsort((day, car))
    visits, car, day = ours[order], car[order], day[order]
    people = own.people

    def money(name: str) -> Any:
        return own.visits[name].to_numpy()[visits]

    def known(name: str, on: str, table: Table) -> pd.DataFrame:
        """The rows up to today whose customer is known, with the row numbers of customer and car."""
        frame = tables.get(name, empty(table))
        frame = frame[frame[on] <= today]
        frame = frame.assign(customer=own.customers_of(frame["customer_id"]))
        if "vehicle_id" in frame.columns:
            frame = frame.assign(car=of_rows(number, own.cars_of(frame["vehicle_id"])))
        return frame[frame["customer"] >= 0].reset_index(drop=True)

    contacts = known("contacts", "planned_on", CONTACTS)
    return Book(
        as_of=as_of,
        settings=settings,
        cars=own.cars.iloc[here].reset_index(drop=True),
        people=people,
        owner=own.owner[here],
        home=own.home,
        bought=bought[here],
        interval_months=own.intervals[0][here],
        history_from=own.history_from,
        car=car,
        day=day,
        service=own.maintenance[visits],
        amount=money("amount"),
        margin=money("margin"),
        margin_given=money("margin_given"),
        amount_given=money("amount_given"),
        outcomes=known("outcomes", "said_on", ANSWERS),
        surveys=known("surveys", "asked_on", SURVEYS),
        offers=known("offers", "issued_on", OFFERS),
        contacts=contacts[contacts["status"] == "done"].reset_index(drop=True),
    )
