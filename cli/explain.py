"""`planner explain`: the forecast of a customer, household or vehicle, and the reason of each contact."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer

from cli.console import plural, show
from cli.options import DB, AsOf, Db, Json, SettingsFile, the_day, the_settings
from planner.errors import InputError
from planner.tables import GONE
from planner.workbooks.texts import Texts

if TYPE_CHECKING:
    from rich.table import Table

    from planner.settings import Settings

WIDTH = 120  # where the output is no terminal
MEMBERS_SHOWN = 5  # of a household


def explain(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Of a customer, a household or a vehicle.")],
    db: Db = DB,
    settings: SettingsFile = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """A customer's, household's or vehicle's forecast, each contact with its reason, and sales cues."""
    from planner.cycle import load_cycles, vehicle_stages
    from planner.households import links_of
    from planner.parts import Part, Where
    from planner.pipeline import stored_tables
    from planner.schedule.why import contacts_around, why
    from planner.scripts import cue_sentences
    from planner.store import Store

    day = the_day(as_of)
    chosen = the_settings(settings)
    with Store.open(db) as store:
        tables = stored_tables(store, chosen, "customers", "vehicles")
        customers, vehicles = _people_and_cars(tables, id_)
        cars = vehicles["vehicle_id"]
        of_cars = Part.where(Where("vehicle_id", "in", cars))
        of_homes = Part.where(Where("household_id", "in", customers["household_id"]))
        planned = ("forecasts", "service_items", "contacts")
        own = stored_tables(store, chosen, **dict.fromkeys(planned, of_cars), cues=of_homes)
        around = stored_tables(store, chosen, contacts=contacts_around(own["contacts"]))["contacts"]
    links = links_of(tables["customers"], chosen, customers["customer_id"].iloc[0])
    forecasts = own["forecasts"]
    items = own["service_items"].sort_values(["vehicle_id", "due_on", "service"])
    cues = own["cues"].assign(why=cue_sentences(own["cues"], tables["vehicles"], chosen, day))
    visits = tables["visits"][tables["visits"]["vehicle_id"].isin(cars)].sort_values("visited_on")
    texts = Texts(chosen.dealership.language, chosen.dealership.country)
    touchpoints = load_cycles(chosen).touchpoints
    number = _numbers(vehicles)
    called = {car: texts("why.car", number=place) for car, place in number.items()}
    shown = around["contact_id"].isin(own["contacts"]["contact_id"])
    names = touchpoints.set_index("id")["name"]
    contacts = around[shown]
    contacts = contacts.assign(
        why=why(
            around,
            shown,
            tables["customers"],
            touchpoints,
            chosen,
            texts,
            called,
            tables["outcomes"],
        ),
        name=contacts["touchpoint"].map(names).fillna(contacts["touchpoint"]),
        day=contacts["planned_on"].fillna(contacts["ideal_on"]),
    ).sort_values(["day", "contact_id"])
    stages = vehicle_stages(vehicles, visits, forecasts, day)
    answers = _answers(tables, vehicles, day)
    if as_json:
        show(
            True,
            {
                "customers": records(customers),
                "household": records(links),
                "vehicles": [{**car, "stage": stages[car["vehicle_id"]]} for car in records(vehicles)],
                "visits": records(visits),
                "forecasts": records(forecasts),
                "service_items": records(items),
                "contacts": records(contacts.drop(columns="day")),
                "cues": records(cues),
                "outcomes": records(answers),
            },
            [],
        )
    else:
        _screen(
            customers, links, vehicles, stages, visits, forecasts, items, contacts, cues, answers, chosen, day
        )


def _numbers(vehicles: pd.DataFrame) -> dict[str, str]:
    """What each car is called on the screen: 1, 2, ..."""
    return {vehicle_id: str(place) for place, vehicle_id in enumerate(vehicles["vehicle_id"], start=1)}


def _people_and_cars(tables: dict[str, pd.DataFrame], id_: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Everybody and every car that the id names: a vehicle, else a customer, else a household."""
    customers, vehicles = tables["customers"], tables["vehicles"]
    wanted = id_.strip().casefold()
    cars = vehicles[vehicles["vehicle_id"].str.casefold() == wanted]
    if len(cars):
        return customers[customers["customer_id"].isin(cars["customer_id"])], cars
    people = customers[customers["customer_id"].str.casefold() == wanted]
    if people.empty:
        people = customers[customers["household_id"].str.casefold() == wanted]
    if people.empty:
        raise InputError(f"{id_ or 'an empty id'}: no customer, household or vehicle has this id")
    return people, vehicles[vehicles["customer_id"].isin(people["customer_id"])]


def records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """The rows as JSON takes them: dates as ISO text, missing as null."""
    plain = frame.copy()
    for name in plain.select_dtypes("datetime"):
        plain[name] = plain[name].dt.strftime("%Y-%m-%d")
    return plain.astype("object").where(plain.notna(), None).to_dict("records")


def _screen(
    customers, links, vehicles, stages, visits, forecasts, items, contacts, cues, answers, settings, day
) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    for person in customers.itertuples():
        console.print(Text(_person(person)))
    if len(links):
        console.print(Text(_household(links)))
    if vehicles.empty:
        console.print("no vehicle on record, so nothing to plan")
        return
    number = _numbers(vehicles)
    for car in vehicles.itertuples():
        seen = visits[visits["vehicle_id"] == car.vehicle_id]
        console.print(Text(f"{number[car.vehicle_id]}. {_car(car, stages[car.vehicle_id], seen)}"))
        for row in forecasts[forecasts["vehicle_id"] == car.vehicle_id].head(1).itertuples():
            for told in (_comes_back(row), _comes_sooner(row, day)):
                if told:
                    console.print(Text(f"   {told}"))

    several = ["To do"] if len(items) else []
    services = _table("Services", "Car", "No", *several, "Due", "By", "At", "Expected", "Window", "Usage")
    for row in forecasts.itertuples():
        services.add_row(
            number[row.vehicle_id],
            str(row.service_no),
            *([Text(str(row.services))] if several else []),
            f"{row.due_on:%Y-%m-%d}",
            row.basis,
            f"{row.due_km:,.0f} km" if pd.notna(row.due_km) else "",
            f"{row.expected_on:%Y-%m-%d}",
            f"{row.low_on:%Y-%m-%d} to {row.high_on:%Y-%m-%d}",
            f"{row.km_per_month:,.0f} km a month, {_whence(row.rate_source, settings)}",
        )
    console.print(services)
    if len(items):
        console.print(_beside_maintenance(items, number))
    listed = _table("Contacts", "Day", "Car", "Contact", "Channel", "Status", "Why there")
    for row in contacts.itertuples():
        cars = [
            row.vehicle_id,
            *(str(row.also_vehicle_ids).split(",") if pd.notna(row.also_vehicle_ids) else []),
        ]
        listed.add_row(
            f"{row.planned_on:%a %Y-%m-%d}" if pd.notna(row.planned_on) else "–",
            "+".join(number.get(car, car) for car in cars),
            Text(f"{row.touchpoint} {row.name}"),
            row.channel,
            row.status,
            Text(row.why if isinstance(row.why, str) else ""),
        )
    console.print(listed)
    if len(cues):
        console.print(_for_another_car(cues, contacts, number))
    if len(answers):
        console.print(_said(answers, number))


def _for_another_car(cues: pd.DataFrame, contacts: pd.DataFrame, number: dict[str, str]) -> Table:
    """What speaks for the next or a second car, and which contact carries it."""
    from rich.text import Text

    listed = _table("Another car", "About", "Car", "Score", "Why", "Expected", "Carried by")
    days = contacts.set_index("contact_id")["planned_on"]
    for row in cues.sort_values("score", ascending=False).itertuples():
        day = days.get(row.contact_id)
        evidence = str(row.evidence).replace(";", "; ")
        carried = "no contact" if pd.isna(row.contact_id) else str(row.contact_id)
        listed.add_row(
            row.kind.replace("_", " "),
            number.get(row.vehicle_id, row.vehicle_id),
            f"{row.score:.0%}",
            Text(f"{row.why} ({evidence})"),
            f"{row.expected_on:%b %Y}",
            Text(carried if day is None or pd.isna(day) else f"{carried} on {day:%Y-%m-%d}"),
        )
    return listed


def _answers(tables: dict[str, pd.DataFrame], vehicles: pd.DataFrame, day: date) -> pd.DataFrame:
    """What was said of these cars, with what it did."""
    from cli.explain_outcomes import effects
    from planner.forecast.intervals import MAINTENANCE

    answers = tables["outcomes"]
    answers = answers[answers["vehicle_id"].isin(vehicles["vehicle_id"])]
    answers = answers.sort_values(["said_on", "contact_id", "attempt"])
    visits = tables["visits"]
    maintenance = visits[visits["kind"].fillna(MAINTENANCE) == MAINTENANCE]
    services = maintenance.groupby("vehicle_id")["visited_on"].max()
    sold = set(vehicles.loc[vehicles["status"].isin(GONE), "vehicle_id"])
    return answers.assign(effect=effects(answers, services, sold, day))


def _said(answers: pd.DataFrame, number: dict[str, str]) -> Table:
    """What callers were told, and what it did."""
    from rich.text import Text

    listed = _table("What was said", "Day", "Car", "Contact", "Outcome", "For", "Km", "Note", "What it did")
    for row in answers.itertuples():
        listed.add_row(
            f"{row.said_on:%Y-%m-%d}",
            number.get(row.vehicle_id, row.vehicle_id),
            row.touchpoint,
            row.outcome.replace("_", " "),
            f"{row.for_on:%Y-%m-%d}" if pd.notna(row.for_on) else "",
            f"{row.odometer_km:,.0f}" if pd.notna(row.odometer_km) else "",
            Text(row.note if isinstance(row.note, str) else ""),
            row.effect,
        )
    return listed


def _whence(rate_source: str, settings: Settings) -> str:
    """The source of a rate; of the default also what it is the default of."""
    from planner.forecast.countries import default_from

    return f"default ({default_from(settings)})" if rate_source == "default" else rate_source


def _beside_maintenance(items: pd.DataFrame, number: dict[str, str]) -> Table:
    """What else falls due, and at which visit it is done."""
    from rich.text import Text

    listed = _table("Beside maintenance", "Car", "Service", "Due", "By", "At", "Visit", "Last done")
    for row in items.itertuples():
        own = pd.isna(row.service_no)
        listed.add_row(
            number[row.vehicle_id],
            Text(row.service),
            f"{row.due_on:%Y-%m-%d}",
            row.basis,
            f"{row.due_km:,.0f} km" if pd.notna(row.due_km) else "",
            "of its own" if own else f"with service {row.service_no}",
            f"{row.done_on:%Y-%m-%d}" if pd.notna(row.done_on) else "not known",
        )
    return listed


def _table(title: str, *columns: str) -> Table:
    from rich import box
    from rich.table import Table

    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(column)
    return made


def _person(person) -> str:
    channels = ("call", "sms", "email", "post", "messenger")
    no = [channel for channel in channels if getattr(person, f"consent_{channel}") == "no"]
    consent = "do not contact" if person.do_not_contact == "yes" else f"no to {', '.join(no)}" if no else ""
    parts = [f"customer {person.customer_id}", person.name, person.phone, f"household {person.household_id}"]
    return " · ".join(str(part) for part in [*parts, consent] if part and pd.notna(part))


def _household(links: pd.DataFrame) -> str:
    """Who else is of the first person's household, and why."""
    shown = [
        f"{link.customer_id} ({f'same {link.why}' if link.why else 'through others'})"
        for link in links.head(MEMBERS_SHOWN).itertuples()
    ]
    if len(links) > MEMBERS_SHOWN:
        shown.append(f"{len(links) - MEMBERS_SHOWN:,} more")
    *before, last = shown
    return f"   one household with {', '.join(before)}{' and ' if before else ''}{last}"


def _car(car, stage: str, visits: pd.DataFrame) -> str:
    from planner.forecast.intervals import MAINTENANCE

    called = " ".join(str(part) for part in (car.make, car.model) if pd.notna(part))
    last = "no visit"
    if len(visits):
        visit = visits.iloc[-1]
        named = f": {visit['services'].replace(',', ', ')}" if pd.notna(visit["services"]) else ""
        kind = visit["kind"] if pd.notna(visit["kind"]) else MAINTENANCE
        last = f"last visit {visit['visited_on']:%Y-%m-%d} ({kind}{named})"
    stage = stage.replace("_", " ")
    parts = [car.vehicle_id, called, f"bought {car.purchased_on:%Y-%m-%d}", stage, last]
    return " · ".join(part for part in parts if part)


def _comes_back(service) -> str:
    """How likely the car is to come for its outstanding service, and by when; empty where unknown."""
    from planner.forecast.returning import GRACE_DAYS

    if pd.isna(service.return_probability):
        return ""
    by = service.high_on + pd.Timedelta(days=GRACE_DAYS)
    return f"comes for its service by {by:%Y-%m-%d}: {_percent(service.return_probability)} likely"


def _percent(probability: float) -> str:
    """Nothing is certain: what would round to 0% is under 1%."""
    if probability < 0.005:
        return "under 1%"
    return "over 99%" if probability >= 0.995 else f"{probability:.0%}"


def _comes_sooner(service, day: date) -> str:
    """Why invitations to a service that is still to fall due look to a day before that; else empty."""
    if pd.isna(service.awaited_on) or service.due_on < pd.Timestamp(day):
        return ""
    sooner = (service.due_on - service.awaited_on).days
    if sooner <= 0:
        return ""
    count = f"invitations count from {service.awaited_on:%Y-%m-%d}"
    if service.due_first_on <= service.awaited_on:
        return f"another service of this visit is due {plural(sooner, 'day')} before maintenance: {count}"
    return f"usually comes {plural(sooner, 'day')} before service {service.service_no} is due: {count}"
