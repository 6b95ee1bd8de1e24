"""What came of contacts: bookings, who kept them, and visits that a call came before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.dates import NO_DAY, Days
from planner.outcomes.groups import ABOUT_SERVICE, BOOKED, OPEN, every_car
from planner.outcomes.services import LAPSES_DAYS, UNDATED_DAYS
from planner.value.book import Book
from planner.value.counting import Counted
from planner.value.groups import Groups
from planner.value.owned import Bools, Ints
from planner.value.periods import Periods

CALL_FROM_DAYS, CALL_TO_DAYS = 1, 45  # before the visit, as in `planner validate`
OVER_DAYS = 30  # nobody tries again after so many days without an answer. Our judgement


def contact_rates(book: Book, groups: Groups, periods: Periods) -> list[Counted]:
    """reminder_to_booking, booking_to_show, call_before_visit."""
    return [each(book, groups, periods) for each in (reminder_to_booking, booking_to_show, call_before_visit)]


def reminder_to_booking(book: Book, groups: Groups, periods: Periods) -> Counted:
    """Of the contacts about a service that were made, the share that was booked.

    >>> from planner.value.example import example
    >>> said = [("A", "2026-03-01", "booked"), ("A", "2026-04-01", "refused")]
    >>> example("reminder_to_booking", {"A": ["2020-01-10"]}, outcomes=[*said, ("A", "2026-06-20", "busy")])
    '1 / 2'

    A contact counts once, on the day of its last answer, when that ends it or is 30 days old. Who had booked
    before (already_booked) does not count. Messages that nobody answers for in a list are not seen here.
    """
    about = book.touchpoints.loc[book.touchpoints["kind"].isin(ABOUT_SERVICE), "id"]
    said = book.outcomes[book.outcomes["touchpoint"].isin(about)]
    last = said.sort_values(["contact_id", "attempt"]).drop_duplicates("contact_id", keep="last")
    on = _days(last["said_on"])
    over = ~last["outcome"].isin(OPEN).to_numpy(dtype=bool) | (on + OVER_DAYS <= book.last_day)
    counts = over & last["outcome"].ne("already_booked").to_numpy(dtype=bool)
    last, on = last[counts], on[counts]
    rows, period = periods.holding(on)
    x = last["outcome"].eq("booked").to_numpy(dtype=bool)[rows]
    return _counted("reminder_to_booking", last, on, rows, period, x)


def booking_to_show(book: Book, groups: Groups, periods: Periods) -> Counted:
    """Of the bookings, the share that came: a visit from the call up to a week after the booked day.

    Both were booked for 10 March; A came on the 17th, B on the 18th.

    >>> from planner.value.example import example
    >>> said = [(car, "2026-03-01", "booked", "2026-03-10") for car in "AB"]
    >>> cars = {"A": ["2020-01-10", "2026-03-17"], "B": ["2020-01-10", "2026-03-18"]}
    >>> example("booking_to_show", cars, outcomes=said)
    '1 / 2'

    A booking without a day has 30 days. It is judged on the last day on which it can be kept. Source:
    appointments that show over appointments scheduled, as dealers count it.
    """
    said = book.outcomes[book.outcomes["outcome"].isin(BOOKED) & (book.outcomes["car"] >= 0)]
    on, named = _days(said["said_on"]), _days(said["for_on"])
    over = np.where(np.isnat(named), on + UNDATED_DAYS, named) + LAPSES_DAYS
    visits = book.visits_of_cars
    came = visits.days_at(visits.first_after(said["car"].to_numpy(dtype="int64"), on - 1))
    rows, period = periods.holding(over)
    return _counted("booking_to_show", said, on, rows, period, (came <= over)[rows])


def call_before_visit(book: Book, groups: Groups, periods: Periods) -> Counted:
    """Of the services done here, the share before which somebody called about the car, 1 to 45 days before.

    A was called 45 days before, B 46.

    >>> from planner.value.example import example
    >>> cars = {"A": ["2020-01-10", "2026-04-15"], "B": ["2020-01-10", "2026-04-16"]}
    >>> example("call_before_visit", cars, outcomes=[(car, "2026-03-01", "refused") for car in "AB"])
    '1 / 2'

    Only services from 45 days after the first answer on record: before that nobody wrote down any.
    """
    car, day = book.car[book.service], book.day[book.service]
    once = np.ones(len(car), dtype=bool)  # two repair orders of one day are one service
    once[1:] = (car[1:] != car[:-1]) | (day[1:] != day[:-1])
    car, day = car[once], day[once]
    said = every_car(book.outcomes)
    at = pd.Index(book.cars["vehicle_id"]).get_indexer(said["vehicle_id"])
    on = _days(said["said_on"])
    begun = on.min() + CALL_TO_DAYS if len(on) else NO_DAY
    car, day = car[day >= begun], day[day >= begun]
    called = _last_call(at[at >= 0], on[at >= 0], car, day - CALL_FROM_DAYS)
    rows, period = periods.holding(day)
    x = (called >= day - CALL_TO_DAYS)[rows]
    which = car[rows]
    whose = book.owner[which] if len(which) else which
    return Counted("call_before_visit", which, whose, day[rows], period, x)


def _last_call(at: Ints, on: Days, car: Ints, day: Days) -> Days:
    """Of each car the last call up to that day; NaT if none."""
    calls = pd.DataFrame({"car": at.astype("int64"), "on": on, "called": on}).sort_values("on", kind="stable")
    asked = pd.DataFrame({"car": car.astype("int64"), "on": day, "row": np.arange(len(car))})
    found = pd.merge_asof(asked.sort_values("on", kind="stable"), calls, on="on", by="car")
    return _days(found.sort_values("row")["called"])


def _counted(metric: str, said: pd.DataFrame, on: Days, rows: Ints, period: Ints, x: Bools) -> Counted:
    car, customer = (said[name].to_numpy(dtype="int64")[rows] for name in ("car", "customer"))
    return Counted(metric, car, customer, on[rows], period, x)


def _days(values: pd.Series) -> Days:
    return values.to_numpy().astype("datetime64[D]")
