"""What cannot be true of a filled-in row: each contradiction in words that the caller can act on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from planner.outcomes.groups import NAMES_A_DAY_AHEAD
from planner.tables import MAX_KM_PER_DAY, OUTCOMES

FAR_DAYS = 366  # nobody books a workshop or promises a call more than a year ahead


@dataclass(frozen=True)
class Car:
    """On record of a car: its purchase, its last maintenance here, the last odometer that is believed."""

    purchased_on: date | None = None
    served_on: date | None = None
    odometer_km: float | None = None
    read_on: date | None = None


@dataclass(frozen=True)
class Said:
    """A filled-in row, missing values as None; `not_before`: the first day on which it can be said."""

    outcome: str | None
    for_on: date | None
    odometer_km: float | None
    not_before: date
    as_of: date


def contradiction(said: Said, car: Car) -> str:
    """Why the row cannot be taken; "" if it can."""
    if said.outcome not in OUTCOMES:
        return f"{said.outcome!r} is no outcome; choose one of the list" if said.outcome else "no outcome"
    return _date(said, car) or _odometer(said, car)


def _date(said: Said, car: Car) -> str:
    if said.for_on is None:
        needed = {"booked": "the day of the appointment", "callback": "the day that was promised"}
        what = needed.get(str(said.outcome))
        if what:
            return f"{said.outcome} needs {what} in the column Date"
        if said.outcome == "done_elsewhere" and car.served_on and car.served_on >= said.not_before:
            return f"the car was here for maintenance on {spoken(car.served_on)}; write the day of the other"
        return ""
    day = spoken(said.for_on)
    if said.outcome in NAMES_A_DAY_AHEAD:
        if said.for_on < said.not_before:
            return f"{day} was before the call; {said.outcome} needs a day after it"
        if said.for_on > said.as_of + timedelta(days=FAR_DAYS):
            return f"{day} is more than a year ahead; is the year right?"
    if said.outcome == "done_elsewhere":
        if said.for_on > said.as_of:
            return f"{day} is still to come; a service that was done elsewhere lies in the past"
        if car.purchased_on and said.for_on < car.purchased_on:
            return f"{day} was before the car was bought on {spoken(car.purchased_on)}"
        if car.served_on and said.for_on <= car.served_on:
            return f"{day} is not after the car's last maintenance here on {spoken(car.served_on)}"
    return ""


def _odometer(said: Said, car: Car) -> str:
    km = said.odometer_km
    if km is None:
        return "not_yet needs the odometer in the column Odometer" if said.outcome == "not_yet" else ""
    if km < 0:
        return "an odometer is not negative"
    if car.odometer_km is None or car.read_on is None:
        return ""
    read_on = said.for_on if said.outcome == "done_elsewhere" and said.for_on else said.as_of
    span = (read_on - car.read_on).days
    known = f"the {car.odometer_km:,.0f} km of {spoken(car.read_on)}"
    if span >= 0 and km < car.odometer_km:
        return f"{km:,.0f} km is below {known}"
    if km > car.odometer_km + MAX_KM_PER_DAY * (max(span, 0) + 1):
        return f"{km:,.0f} km is more than a car can have driven since {known}"
    return ""


def spoken(day: date) -> str:
    """A day as a sentence names it.

    >>> spoken(date(2026, 3, 3))
    '3 March 2026'
    """
    return f"{day.day} {day:%B %Y}"
