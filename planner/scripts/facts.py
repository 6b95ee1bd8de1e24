"""What is known about each contact, joined from the tables: one `Fact` a contact, still as plain data."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from planner.dates import add_months, days
from planner.scripts.names import spoken_name, vehicle_name

Record = Mapping[Hashable, Any]

WARRANTY_MONTHS = 36  # as the cycle has it where the export names no end


@dataclass(slots=True)
class Vehicle:
    """One car: its name as one says it, and its number if the household has another of that name."""

    name: str = ""
    number: str = ""
    purchased_on: date | None = None
    warranty_end_on: date | None = None
    warranty_assumed_on: date | None = None  # its end, 36 months after purchase where none is recorded
    finance_end_on: date | None = None
    last_visit_on: date | None = None


@dataclass(slots=True)
class Fact:
    """One contact. Texts are '' and dates None where nothing is known."""

    contact_id: str
    script: str
    channel: str
    said_on: date  # the day of the contact, never before as-of
    name: str = ""
    greeting_name: str = ""
    language: str = ""
    advisor: str = ""
    vehicles: list[Vehicle] = field(default_factory=list)
    service_no: int | None = None  # None too if the cars are at different services
    about_service: bool = False
    due_on: date | None = None
    due_km: float | None = None
    also_due: list[str] = field(default_factory=list)  # what else is to be done, of all cars, and overdue
    first_due_on: date | None = None  # the first day on which any of it falls due, if before due_on


@dataclass(frozen=True, slots=True)
class _Due:
    service_no: int
    due_on: date | None
    due_km: float | None
    also_due: tuple[str, ...] = ()
    first_due_on: date | None = None


def gather(
    contacts: pd.DataFrame,
    customers: pd.DataFrame,
    vehicles: pd.DataFrame,
    forecasts: pd.DataFrame,
    visits: pd.DataFrame,
    as_of: date,
) -> list[Fact]:
    """One Fact a contact, in the order of contacts; tables as in planner.tables, NaN-safe."""
    rows = contacts.reset_index(drop=True)
    also = [_ids(value) for value in rows["also_vehicle_ids"]]
    wanted = set(rows["vehicle_id"].dropna()).union(*also) if len(rows) else set()
    people = _records(customers, "customer_id", set(rows["customer_id"].dropna()))
    cars = _cars(vehicles, customers, visits, wanted, as_of)
    services = _services(forecasts, wanted)

    facts = []
    for row, others in zip(_each(rows), also, strict=True):
        planned_on = _date(row["planned_on"])
        person = people.get(row["customer_id"], {})
        name = text(person.get("name"))
        ids = [text(row["vehicle_id"]), *others]
        # Where the export has no names, the number stands for the name, alone or as "Customer 4711":
        # nobody is greeted by a number.
        known = name and text(row["customer_id"]) not in name.split()
        fact = Fact(
            contact_id=text(row["contact_id"]),
            script=text(row["script"]),
            channel=text(row["channel"]),
            said_on=max(planned_on, as_of) if planned_on else as_of,
            name=name if known else "",
            greeting_name=spoken_name(name) if known else "",
            language=text(person.get("language")),
            advisor=text(row["advisor"]) or text(person.get("advisor")),
            vehicles=[cars.get(vehicle_id, Vehicle()) for vehicle_id in ids],
        )
        _add_service(fact, _number(row["service_no"]), [services.get(one, []) for one in ids])
        facts.append(fact)
    return facts


def text(value: object) -> str:
    """The value on one line; '' if there is none."""
    return "" if value is None or pd.isna(value) is True else " ".join(str(value).split())  # type: ignore[call-overload]


def _add_service(fact: Fact, service_no: float | None, of_cars: list[list[_Due]]) -> None:
    """The service that it is about, else the next one; cars that are not at the same service name none."""
    own = of_cars[0]
    fact.about_service = service_no is not None
    if service_no is not None:
        fact.service_no = int(service_no)
        found = [due for due in own if due.service_no == service_no]
    else:
        found = [due for due in own if due.due_on and due.due_on >= fact.said_on] or own[-1:]
        fact.service_no = found[0].service_no if found else None
    if found:
        fact.due_on = found[0].due_on
        fact.due_km = found[0].due_km if len(of_cars) == 1 else None
    at_visit = [(own, found[0])] if found else []
    for other in of_cars[1:]:
        near = _nearest(other, fact.due_on)
        if near is None or near.service_no != fact.service_no:
            fact.service_no = None
        at_visit += [(other, near)] if near else []
    _add_also_due(fact, at_visit)


def _add_also_due(fact: Fact, at_visit: list[tuple[list[_Due], _Due]]) -> None:
    """What else is to be done at the visit: of each car with its service, and what is overdue before it."""
    done = []
    for services, wanted in at_visit:
        overdue = [one for one in services if one.due_on and one.due_on < fact.said_on]
        done += [one for one in overdue if one.service_no < wanted.service_no] + [wanted]
    fact.also_due = list(dict.fromkeys(name for one in done for name in one.also_due))
    ahead = [one.first_due_on for one in done if one.first_due_on and one.first_due_on >= fact.said_on]
    if fact.due_on and ahead and min(ahead) < fact.due_on:
        fact.first_due_on = min(ahead)


def _nearest(services: list[_Due], due_on: date | None) -> _Due | None:
    """The service that is due nearest to the day; None if none is known."""
    dated = [one for one in services if one.due_on and due_on]
    return min(dated, key=lambda one: (abs(one.due_on - due_on), one.service_no)) if dated else None  # type: ignore[operator]


def _cars(
    vehicles: pd.DataFrame, customers: pd.DataFrame, visits: pd.DataFrame, wanted: set[str], as_of: date
) -> dict[str, Vehicle]:
    vehicles = vehicles.reset_index(drop=True)
    household = customers.drop_duplicates("customer_id").set_index("customer_id")["household_id"]
    owner = vehicles["customer_id"].map(household).fillna(vehicles["customer_id"])
    near = vehicles[owner.isin(set(owner[vehicles["vehicle_id"].isin(wanted)]))].copy()
    near["owner"] = owner
    near["label"] = [
        vehicle_name(text(make), text(model)) for make, model in zip(near["make"], near["model"], strict=True)
    ]
    near["alike"] = near.duplicated(["owner", "label"], keep=False)
    after_purchase = pd.Series(add_months(days(near["purchased_on"]), WARRANTY_MONTHS), index=near.index)
    near["warranty_assumed_on"] = near["warranty_end_on"].fillna(after_purchase.astype("datetime64[us]"))

    seen = visits[visits["vehicle_id"].isin(wanted) & (visits["visited_on"] <= pd.Timestamp(as_of))]
    last_visit = seen.groupby("vehicle_id")["visited_on"].max().to_dict()
    return {
        vehicle_id: Vehicle(
            name=row["label"],
            number=vehicle_id if row["alike"] else "",
            purchased_on=_date(row["purchased_on"]),
            warranty_end_on=_date(row["warranty_end_on"]),
            warranty_assumed_on=_date(row["warranty_assumed_on"]),
            finance_end_on=_date(row["finance_end_on"]),
            last_visit_on=_date(last_visit.get(vehicle_id)),
        )
        for vehicle_id, row in _records(near, "vehicle_id", wanted).items()
    }


def _services(forecasts: pd.DataFrame, wanted: set[str]) -> dict[str, list[_Due]]:
    """The forecast services of each vehicle, in the order of their numbers."""
    known = forecasts[forecasts["vehicle_id"].isin(wanted) & forecasts["service_no"].notna()]
    known = known.sort_values(["vehicle_id", "service_no"])
    found: dict[str, list[_Due]] = {}
    for vehicle_id, number, due_on, due_km, services, first_due_on in zip(
        known["vehicle_id"],
        known["service_no"].astype("int64"),
        days(known["due_on"]).astype(object),
        known["due_km"],
        known["services"],
        days(known["due_first_on"]).astype(object),
        strict=True,
    ):
        _, *others = _ids(services) or [""]  # the first is the maintenance itself
        one = _Due(int(number), due_on, _number(due_km), tuple(others), first_due_on)
        found.setdefault(vehicle_id, []).append(one)
    return found


def _records(frame: pd.DataFrame, key: str, wanted: set[str]) -> dict[str, Record]:
    some = frame[frame[key].isin(wanted)].drop_duplicates(key)
    return dict(zip(some[key], some.to_dict("records"), strict=True))


def _each(frame: pd.DataFrame) -> Iterator[Record]:
    names = "contact_id customer_id vehicle_id service_no channel planned_on script advisor"
    return iter(frame[names.split()].to_dict("records"))


def _ids(value: object) -> list[str]:
    return [one.strip() for one in text(value).split(",") if one.strip()]


def _date(value: Any) -> date | None:
    if value is None or pd.isna(value):
        return None
    found: date = pd.Timestamp(value).date()
    return found


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
