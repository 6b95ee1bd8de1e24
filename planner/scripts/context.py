"""What a script may say about a contact: names, dates and distances in words, slots, and why.

Everything here ends as text that can be read aloud. A value that is not known is empty, and a script
that prints it without asking ({% if due %}) is refused by `render`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from planner.scripts.facts import Fact, Vehicle, gather
from planner.scripts.names import is_plate
from planner.scripts.render import Scripts
from planner.scripts.slots import Slot, offer_slots
from planner.scripts.words import Words

if TYPE_CHECKING:
    from planner.settings import Settings

RECENT_VISIT_DAYS = 21  # "thank you for your visit on 3 May" is said within three weeks

# name -> (always has a value?, meaning). docs/scripts.md prints this table.
PLACEHOLDERS: dict[str, tuple[bool, str]] = {
    "name": (False, "the customer as the dealership's system writes it"),
    "greeting_name": (False, "the customer as one says it: SMITH, JOHN is John Smith"),
    "dealership": (True, "name of the dealership"),
    "dealership_phone": (False, "its telephone number"),
    "advisor": (True, "who looks after the customer; 'your service team' if nobody is named"),
    "caller": (False, "the same person, empty if nobody is named"),
    "vehicle": (True, "Toyota Corolla; with plate or end of VIN if the household has two alike; 'car'"),
    "vehicles": (True, "all cars that the contact is about: Toyota Corolla and Honda Jazz"),
    "your_vehicle": (
        True,
        "your Toyota Corolla; 'your car': for languages where 'your' depends on the number",
    ),
    "your_vehicles": (True, "your Toyota Corolla and Honda Jazz; one form a number of cars, of words.toml"),
    "several": (True, "true if the contact is about more than one car"),
    "service": (True, "second service; 'next service' above the tenth or where nothing is known"),
    "about_service": (True, "true if the contact is about one certain service"),
    "due": (False, "when it is due: about 14 March"),
    "due_passed": (True, "true if that day lies before the day of the contact"),
    "due_km": (False, "the odometer then: about 30,000 km, or miles; empty for several cars"),
    "also_due": (
        False,
        "what else is done at that visit: brake fluid and inspection, as the intervals name it",
    ),
    "first_due": (False, "28 February, if something of it falls due before the service itself"),
    "missing_service": (
        False,
        "a sentence that offers a service which comparable customers have, at most one",
    ),
    "last_visit": (True, "on 3 May 2025; 'not yet'"),
    "visited_before": (True, "true if the car was ever in the workshop"),
    "recent_visit": (False, "on 3 May, if that is not longer ago than three weeks"),
    "owned": (True, "how long the customer has had the car: two years"),
    "in_warranty": (True, "true until the warranty ends (36 months after purchase if not recorded)"),
    "warranty_end": (False, "11 March 2027, if recorded"),
    "finance_end": (False, "11 March 2027, if recorded"),
    "slots": (True, "Tuesday 10 March at 10 am or Thursday 12 March at 3 pm"),
    "slot_1": (True, "the first of them"),
    "slot_2": (True, "the second of them"),
    "season": (True, "spring, winter"),
    "unit": (True, "km, miles"),
    "channel": (True, "call, sms, email, messenger, post: for {% if channel == 'sms' %}"),
    "why": (True, "one sentence: why this contact, now"),
}


def contact_contexts(
    contacts: pd.DataFrame,
    customers: pd.DataFrame,
    vehicles: pd.DataFrame,
    forecasts: pd.DataFrame,
    visits: pd.DataFrame,
    settings: Settings,
    as_of: date,
    *,
    scripts: Scripts | None = None,
    language: str | None = None,
    missing: pd.Series | None = None,
) -> list[dict[str, object]]:
    """What the script of each contact may say: one dict a contact, in the order of `contacts`.

    contacts, customers, vehicles, forecasts, visits: as in planner.tables, any order, any index; of
    visits only vehicle_id and visited_on are read. What is missing in them leaves values empty.
    Everything is worded as on the day of the contact (planned_on, else as_of) and never before as_of.

    missing: by contact_id the service to offer, of planner.scripts.missing.

    Keys: those of PLACEHOLDERS, and `contact_id`, `script`, `language` (the one the words are in: the
    argument, else the customer's, else the dealership's) and `language_missing` (the customer's
    language if the script is not there in it, else empty; the dealership's is used then).

    Raises SettingsError if there are no scripts in the argument's or the dealership's language.
    """
    scripts = scripts or Scripts(settings)
    facts = gather(contacts, customers, vehicles, forecasts, visits, as_of)
    slots = offer_slots(facts, settings)
    offers = {} if missing is None else missing.to_dict()
    return [
        _context(fact, offered, scripts, settings, language, str(offers.get(fact.contact_id, "")))
        for fact, offered in zip(facts, slots, strict=True)
    ]


def why_text(
    contacts: pd.DataFrame,
    customers: pd.DataFrame,
    vehicles: pd.DataFrame,
    forecasts: pd.DataFrame,
    visits: pd.DataFrame,
    settings: Settings,
    as_of: date,
    *,
    scripts: Scripts | None = None,
) -> pd.Series[str]:
    """Why each contact is made, one sentence in the dealership's language; index and order of contacts."""
    found = contact_contexts(
        contacts, customers, vehicles, forecasts, visits, settings, as_of,
        scripts=scripts, language=settings.dealership.language,
    )  # fmt: skip
    return pd.Series([str(one["why"]) for one in found], index=contacts.index, name="why", dtype="str")


def _context(
    fact: Fact,
    slots: tuple[Slot, Slot],
    scripts: Scripts,
    settings: Settings,
    language: str | None,
    missing: str = "",
) -> dict[str, object]:
    asked = language or language_code(fact.language) or settings.dealership.language
    # A script of a dealership's own need not be there in every language.
    written = asked in scripts.languages and (not fact.script or fact.script in scripts.names(asked))
    spoken = asked if language or written else settings.dealership.language
    words = scripts.words(spoken)
    phrases, unit = words.phrases, settings.dealership.unit
    car = fact.vehicles[0]
    due_on, last_visit_on, said_on = fact.due_on, car.last_visit_on, fact.said_on
    first, second = (words.slot(*slot) for slot in slots)
    names = [_vehicle(vehicle, words) for vehicle in fact.vehicles]
    context: dict[str, object] = {
        "contact_id": fact.contact_id,
        "script": fact.script,
        "language": spoken,
        "language_missing": asked if asked != spoken else "",
        "name": fact.name,
        "greeting_name": fact.greeting_name,
        "dealership": words.phrase("dealership", dealership=settings.dealership.name),
        "dealership_phone": words.literal(settings.dealership.phone),
        "advisor": fact.advisor or phrases["service_team"],
        "caller": fact.advisor,
        "vehicle": names[0],
        "vehicles": words.listed(list(dict.fromkeys(names))),
        "your_vehicle": _your([car], words),
        "your_vehicles": _your(fact.vehicles, words),
        "several": len(names) > 1,
        "service": words.service(fact.service_no),
        "about_service": fact.about_service,
        "due": words.phrase("about", value=words.day(due_on, said_on)) if due_on else "",
        "due_passed": due_on is not None and due_on < said_on,
        "due_km": words.phrase("about", value=words.distance(fact.due_km, unit)) if fact.due_km else "",
        "also_due": words.listed(fact.also_due) if fact.also_due else "",
        "first_due": words.day(fact.first_due_on, said_on) if fact.first_due_on else "",
        "missing_service": words.not_had(missing, scripts.services.name(missing, spoken)) if missing else "",
        "last_visit": _on(last_visit_on, said_on, words) or phrases["not_yet"],
        "visited_before": last_visit_on is not None,
        "recent_visit": _on(last_visit_on, said_on, words) if _is_recent(last_visit_on, said_on) else "",
        "owned": words.span(car.purchased_on, said_on) if car.purchased_on else phrases["some_time"],
        "in_warranty": car.warranty_assumed_on is not None and said_on < car.warranty_assumed_on,
        "warranty_end": words.long_day(car.warranty_end_on) if car.warranty_end_on else "",
        "finance_end": words.long_day(car.finance_end_on) if car.finance_end_on else "",
        "slots": words.listed([first, second], "or"),
        "slot_1": first,
        "slot_2": second,
        "season": phrases["spring" if 3 <= said_on.month <= 8 else "winter"],
        "unit": phrases[unit],
        "channel": fact.channel,
    }
    context["why"] = scripts.why(fact.script, spoken, context)
    return context


def language_code(text: str) -> str:
    """'en' of 'EN', 'en-US' or 'en_GB'; '' of nothing."""
    return text.strip().lower().replace("_", "-").partition("-")[0]


def _vehicle(vehicle: Vehicle, words: Words) -> str:
    return _numbered(words.literal(vehicle.name) or words.phrases["car"], vehicle, words)


def _your(vehicles: Sequence[Vehicle], words: Words) -> str:
    if len(vehicles) == 1 and not vehicles[0].name:
        return _numbered(words.phrases["your_car"], vehicles[0], words)
    return words.your([_vehicle(vehicle, words) for vehicle in vehicles])


def _numbered(name: str, vehicle: Vehicle, words: Words) -> str:
    """The name, with plate or end of VIN if the household has another car of that name."""
    if not vehicle.number:
        return name
    plate = words.literal(vehicle.number)
    tail = plate if is_plate(vehicle.number) else words.phrase("tail", end=vehicle.number[-4:])
    return words.phrase("one_of_several", vehicle=name, tail=tail)


def _on(day: date | None, said_on: date, words: Words) -> str:
    return words.phrase("on", day=words.day(day, said_on)) if day else ""


def _is_recent(visited_on: date | None, said_on: date) -> bool:
    return visited_on is not None and (said_on - visited_on).days <= RECENT_VISIT_DAYS
