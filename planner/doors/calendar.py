"""The plan as iCalendar (RFC 5545). What is in it and why: docs/decisions/0014-the-plan-as-a-calendar.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from icalendar import Calendar, Event

from planner.cycle import Cycles
from planner.dates import LAST_DAY, days
from planner.files import write_atomically
from planner.lists import of_advisor
from planner.parts import Part, Where
from planner.people import e164
from planner.schedule.rules import consents
from planner.scripts import Scripts, contact_contexts
from planner.settings import Settings
from planner.workbooks.style import clean
from planner.workbooks.texts import Texts

MAX_EVENTS = 50_000  # beyond it programs take minutes, and some take no more
FIRST_REVISION = date(2000, 1, 1)
PRODID = "-//dealership-contact-planner//contact plan//EN"


@dataclass(frozen=True)
class Coming:
    """Contacts to come. `left_out`: how many more there are, from the day `until` on (None: all are in)."""

    contacts: pd.DataFrame
    left_out: int
    until: date | None


def contacts_to_come(as_of: date, weeks: int | None = None) -> Part:
    """The contacts that `coming` chooses from."""
    last = LAST_DAY.toordinal()
    if weeks is not None:
        last = min(as_of.toordinal() + 7 * weeks - 1, last)
    return Part.where(
        Where("status", "=", "planned"),
        Where("outcome", "missing"),
        Where("planned_on", ">=", as_of),
        Where("planned_on", "<=", date.fromordinal(last)),
    )


def coming(
    tables: Mapping[str, pd.DataFrame],
    cycles: Cycles,
    settings: Settings,
    as_of: date,
    *,
    advisor: str | None = None,
    weeks: int | None = None,
    most: int = MAX_EVENTS,
) -> Coming:
    """The planned contacts from as_of on, by day and priority: no standby, nothing answered or refused since.

    In: customers, contacts. `weeks` counts whole weeks from as_of; more than `most` contacts are cut at
    the end of the last week that fits. Raises InputError for an unknown advisor.
    """
    contacts = tables["contacts"]
    planned = days(contacts["planned_on"])
    ahead = (contacts["status"] == "planned").to_numpy() & (planned >= np.datetime64(as_of))
    rows = contacts[ahead & contacts["outcome"].isna().to_numpy()]
    if advisor is not None:
        rows = rows[of_advisor(rows, tables["customers"], advisor)]
    purpose = rows["touchpoint"].map(cycles.touchpoints.set_index("id")["purpose"])
    said = consents(tables["customers"])
    refusing = said.objection(rows["household_id"], rows["channel"], purpose, settings) != ""
    rows = rows[~np.asarray(refusing, dtype=bool)]
    rows = rows.sort_values(["planned_on", "priority", "contact_id"], ignore_index=True)
    week = (days(rows["planned_on"]) - np.datetime64(as_of)).astype("int64") // 7
    if weeks is not None:
        rows, week = rows[week < weeks], week[week < weeks]
    if len(rows) <= most:
        return Coming(rows, 0, None)
    cut = max(int(week[most]), 1)
    kept = rows[week < cut]
    return Coming(kept, len(rows) - len(kept), as_of + timedelta(weeks=cut))


def write_calendar(
    path: Path,
    contacts: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    scripts: Scripts,
    settings: Settings,
    as_of: date,
    planned_as_of: date,
    advisor: str | None = None,
) -> None:
    """Writes contacts as a calendar: one all-day event each, in the dealership's language.

    In: customers, vehicles, forecasts, visits. An event keeps its UID through every replanning; its
    SEQUENCE grows with the day of the plan. The same input gives the same bytes.
    Raises InputError if the file cannot be written.
    """
    house = settings.dealership
    texts = Texts(house.language)
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    name = texts("calendar.name", dealership=house.name) + (f", {advisor}" if advisor else "")
    calendar.add("name", clean(name))
    calendar.add("x-wr-calname", clean(name))
    stamp = datetime.combine(as_of, time(), tzinfo=UTC)
    revision = max((planned_as_of - FIRST_REVISION).days, 0)
    for event in _events(contacts, tables, scripts, settings, as_of, texts):
        event.add("dtstamp", stamp)
        event.add("sequence", revision)
        calendar.add_component(event)

    def write(part: Path) -> None:
        part.write_bytes(calendar.to_ical())

    write_atomically(path, write)


def _events(
    contacts: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    scripts: Scripts,
    settings: Settings,
    as_of: date,
    texts: Texts,
) -> Iterator[Event]:
    known = (tables["customers"], tables["vehicles"], tables["forecasts"], tables["visits"], settings, as_of)
    contexts = contact_contexts(contacts, *known, scripts=scripts, language=settings.dealership.language)
    customers = tables["customers"].set_index("customer_id").reindex(contacts["customer_id"])
    country = settings.dealership.country
    first, second = (e164(customers[phone].reset_index(drop=True), country) for phone in ("phone", "phone_2"))
    columns = zip(
        contacts["contact_id"],
        contacts["planned_on"].dt.date,
        contacts["channel"],
        contacts["vehicle_id"],
        contacts["advisor"].fillna(""),
        contacts["notes"].fillna(""),
        customers["name"].fillna(""),
        first.where(first != "", second),
        contexts,
        strict=True,
    )
    for contact_id, day, channel, car, advisor, note, customer, phone, context in columns:
        event = Event()
        event.add("uid", f"{clean(contact_id)}@dealership-contact-planner")
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        word = texts.code("channel", channel)
        event.add("summary", clean(texts("calendar.event", channel=word, customer=customer)))
        why = str(context["why"])
        told = {
            "why": why[:1].upper() + why[1:],
            "vehicle": f"{context['vehicles']} ({car})",
            "phone": phone,
            "advisor": advisor,
            "note_before": note,
            "contact_id": contact_id,
        }
        lines = [f"{texts(f'column.{name}')}: {said}" for name, said in told.items() if said]
        event.add("description", clean("\n".join(lines)))
        event.add("categories", [word])
        if phone and channel == "call":
            event.add("url", f"tel:{phone}")
        event.add("status", "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        event.add("class", "PRIVATE")
        yield event
