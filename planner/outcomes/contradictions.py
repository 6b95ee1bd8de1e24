"""What cannot be true of a filled-in row: each contradiction as a code, with what it is about.

The words are those of the rows that come back: planner.workbooks.texts_returned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

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
class Refusal:
    """Why a row cannot be taken: a code of texts_returned, and what its words name.

    values: days as date, km as float, outcomes and statuses as their codes, anything else as text.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """A filled-in row, missing values as None; `not_before`: the first day on which it can be said."""

    outcome: str | None
    for_on: date | None
    odometer_km: float | None
    not_before: date
    as_of: date


def contradiction(said: Said, car: Car) -> Refusal | None:
    """Why the row cannot be taken; None if it can."""
    if said.outcome not in OUTCOMES:
        return Refusal("outcome", {"text": said.outcome}) if said.outcome else Refusal("no_outcome")
    return _date(said, car) or _odometer(said, car)


def _date(said: Said, car: Car) -> Refusal | None:
    named: dict[str, Any] = {"outcome": said.outcome}
    if said.for_on is None:
        if said.outcome in ("booked", "callback"):
            return Refusal(f"{said.outcome}.date", named)
        if said.outcome == "done_elsewhere" and car.served_on and car.served_on >= said.not_before:
            return Refusal("served_since", {**named, "day": car.served_on})
        return None
    named |= {"day": said.for_on}
    if said.outcome in NAMES_A_DAY_AHEAD:
        if said.for_on < said.not_before:
            return Refusal("date.before_call", named)
        if said.for_on > said.as_of + timedelta(days=FAR_DAYS):
            return Refusal("date.far", named)
    if said.outcome == "done_elsewhere":
        if said.for_on > said.as_of:
            return Refusal("date.future", named)
        if car.purchased_on and said.for_on < car.purchased_on:
            return Refusal("date.before_purchase", {**named, "other": car.purchased_on})
        if car.served_on and said.for_on <= car.served_on:
            return Refusal("date.before_service", {**named, "other": car.served_on})
    return None


def _odometer(said: Said, car: Car) -> Refusal | None:
    km = said.odometer_km
    if km is None:
        return Refusal("not_yet.odometer", {"outcome": said.outcome}) if said.outcome == "not_yet" else None
    if km < 0:
        return Refusal("odometer.range", {"text": f"{km:.0f}"})
    if car.odometer_km is None or car.read_on is None:
        return None
    read_on = said.for_on if said.outcome == "done_elsewhere" and said.for_on else said.as_of
    span = (read_on - car.read_on).days
    known = {"km": km, "known_km": car.odometer_km, "day": car.read_on}
    if span >= 0 and km < car.odometer_km:
        return Refusal("odometer.below", known)
    if km > car.odometer_km + MAX_KM_PER_DAY * (max(span, 0) + 1):
        return Refusal("odometer.fast", known)
    return None
