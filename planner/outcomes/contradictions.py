"""What cannot be true of a filled-in row: each contradiction as a code, with what it is about.

The words are those of the rows that come back: planner.workbooks.texts_returned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pandas as pd

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


Refusals = tuple[Refusal, ...]


@dataclass(frozen=True)
class Said:
    """A filled-in row, missing values as None; `not_before`: the first day on which it can be said."""

    outcome: str | None
    for_on: date | None
    odometer_km: float | None
    not_before: date
    as_of: date


def contradictions(said: Said, car: Car, whole: bool = True) -> Refusals:
    """Why the row cannot be taken, one reason a cell; () if it can.

    whole: False where cells could not be read or are missing, and that has been said: only the others count.
    """
    if whole and said.outcome not in OUTCOMES:
        return (Refusal("outcome", {"text": said.outcome}) if said.outcome else Refusal("no_outcome"),)
    day = _date(said, car, said.for_on) if said.for_on else _no_date(said, car) if whole else None
    km = said.odometer_km
    reading = _odometer(said, car, km) if km is not None else _no_odometer(said) if whole else None
    return tuple(why for why in (day, reading) if why)


def _no_date(said: Said, car: Car) -> Refusal | None:
    named = {"outcome": said.outcome}
    if said.outcome in ("booked", "callback"):
        return Refusal(f"{said.outcome}.date", named)
    if said.outcome == "done_elsewhere" and car.served_on and car.served_on >= said.not_before:
        return Refusal("served_since", {**named, "day": car.served_on})
    return None


def _date(said: Said, car: Car, day: date) -> Refusal | None:
    named: dict[str, Any] = {"outcome": said.outcome, "day": day}
    if said.outcome in NAMES_A_DAY_AHEAD:
        if day < said.not_before:
            return Refusal("date.before_call", named)
        if day > said.as_of + timedelta(days=FAR_DAYS):
            return Refusal("date.far", named)
    if said.outcome == "done_elsewhere":
        if day > said.as_of:
            return Refusal("date.future", named)
        if car.purchased_on and day < car.purchased_on:
            return Refusal("date.before_purchase", {**named, "other": car.purchased_on})
        if car.served_on and day <= car.served_on:
            return Refusal("date.before_service", {**named, "other": car.served_on})
    return None


def _no_odometer(said: Said) -> Refusal | None:
    return Refusal("not_yet.odometer", {"outcome": said.outcome}) if said.outcome == "not_yet" else None


def _odometer(said: Said, car: Car, km: float) -> Refusal | None:
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


def with_reasons(filled: pd.DataFrame, why: Mapping[Any, Refusals]) -> pd.DataFrame:
    """The rows with the reason of each, as often as there are reasons."""
    pairs = [(at, reason) for at in sorted(why) for reason in why[at]]
    return (
        filled.loc[[at for at, _ in pairs]]
        .reset_index(drop=True)
        .assign(
            reason=pd.Series([reason.code for _, reason in pairs], dtype="str"),
            values=pd.Series([dict(reason.values) for _, reason in pairs], dtype="object"),
        )
    )
