"""Made-up households, run through the real flow: forecast, candidates and placement of whole cars."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import holidays
import numpy as np
import pandas as pd

from planner.columns import Table, empty, typed
from planner.pipeline import build_plan
from planner.settings import Settings
from planner.tables import CHANNELS, CONTACTS, CUSTOMERS, FORECASTS, READINGS, VEHICLES, VISITS

Tables = dict[str, pd.DataFrame]
AS_OF = date(2025, 6, 4)
COUNTRIES = ("US", "DE", "EG", "AE")
# So long ago the calendar of the households with a past began.
PAST = timedelta(days=150)


def frame(columns: dict[str, Any], table: Table) -> pd.DataFrame:
    """Columns of a table as the table has them; days may be datetime64[D]."""
    made = pd.DataFrame(columns)
    for column in table.columns:
        if column.kind == "date" and column.name in made:
            made[column.name] = pd.to_datetime(made[column.name]).astype("datetime64[us]")
    return typed(made, table)


def households(count: int, seed: int, country: str, as_of: date = AS_OF, past: bool = False) -> Tables:
    """So many households with 1 to 4 cars: some say no to a channel, birthdays fall on and beside holidays.

    Without a past most cars are new. With one, cars have come in for services, and what was planned for the
    last five months (`PAST`) was done, what is planned for the coming week is handed out.
    """
    rng = np.random.default_rng(seed)
    cars = rng.choice([1, 2, 3, 4], count, p=[0.4, 0.3, 0.2, 0.1])
    home = np.repeat(np.arange(count), cars)
    # Every fourth household has two customers, who have its cars in turn.
    second = (rng.random(count) < 0.25) & (cars > 1)
    driver = np.arange(len(home)) % 2 * second[home]
    names = np.array([f"{country}{seed}-{number:05d}" for number in range(count)], dtype=object)
    people = pd.DataFrame({"home": [*range(count), *np.flatnonzero(second)]})
    who = names[people["home"]] + np.where(np.arange(len(people)) < count, "a", "b")
    said = {
        f"consent_{channel}": rng.choice(["yes", "no", None], len(people), p=[0.3, 0.1, 0.6])
        for channel in CHANNELS
    }
    customers = frame(
        {
            "customer_id": who,
            "household_id": names[people["home"]],
            "name": "Somebody",
            "birthday": _birthdays(rng, len(people), country),
            **said,
        },
        CUSTOMERS,
    )
    today = np.datetime64(as_of)
    age = rng.integers(PAST.days + 200, 1500, len(home)) if past else _mostly_new(rng, len(home))
    bought = today - age
    ids = np.array([f"{name}-{number}" for number, name in enumerate(names[home])], dtype=object)
    vehicles = frame(
        {
            "vehicle_id": ids,
            "customer_id": names[home] + np.where(driver == 1, "b", "a"),
            "purchased_on": bought,
            "condition": rng.choice(["new", "used"], len(home), p=[0.8, 0.2]),
            "monthly_km": np.round(np.exp(rng.normal(np.log(1250), 0.4, len(home)))),
        },
        VEHICLES,
    )
    tables = {
        "customers": customers,
        "vehicles": vehicles,
        "visits": _visits(rng, ids, bought, today) if past else empty(VISITS),
        "readings": empty(READINGS),
        "contacts": empty(CONTACTS),
        "forecasts": empty(FORECASTS),
    }
    if past:
        tables["contacts"] = _done(tables, Settings(dealership={"country": country}), as_of)
    return tables


def _mostly_new(rng: np.random.Generator, count: int) -> np.ndarray:
    return np.where(rng.random(count) < 0.7, rng.integers(0, 15, count), rng.integers(15, 1100, count))


def _birthdays(rng: np.random.Generator, count: int, country: str) -> np.ndarray:
    """A third on a public holiday or the day beside one; a tenth unknown."""
    days = np.datetime64("1950-01-01") + rng.integers(0, 20_000, count)
    feasts = np.array(sorted(holidays.country_holidays(country, years=2026)), dtype="datetime64[D]")
    near = feasts[rng.integers(0, len(feasts), count)] + rng.integers(-1, 2, count)
    years = rng.integers(20, 60, count) * 365.2425
    near = near - years.astype("timedelta64[D]")
    days = np.where(rng.random(count) < 1 / 3, near, days)
    days[rng.random(count) < 0.1] = np.datetime64("NaT")
    return days


def _visits(
    rng: np.random.Generator, ids: np.ndarray, bought: np.ndarray, today: np.datetime64
) -> pd.DataFrame:
    """A maintenance every year or so; one in seven was not done."""
    number = np.arange(1, 5)
    day = bought[:, None] + number * 365 + rng.normal(-10, 30, (len(ids), 4)).astype("timedelta64[D]")
    car, at = np.nonzero((day < today) & (rng.random(day.shape) < 6 / 7))
    return frame(
        {
            "visit_id": [f"{ids[a]}/{b}" for a, b in zip(car, at, strict=True)],
            "vehicle_id": ids[car],
            "visited_on": day[car, at],
            "kind": "maintenance",
        },
        VISITS,
    )


def _done(tables: Tables, settings: Settings, as_of: date) -> pd.DataFrame:
    """What of a calendar of five months ago is pinned today: done, or handed out for the coming week."""
    then = as_of - PAST
    visits = tables["visits"]
    known = {**tables, "visits": visits[visits["visited_on"] < pd.Timestamp(then)].reset_index(drop=True)}
    plan = build_plan(known, settings, then).contacts
    plan = plan[plan["status"].eq("planned")]
    past = plan[plan["planned_on"] < pd.Timestamp(as_of)]
    coming = plan[plan["planned_on"].between(pd.Timestamp(as_of), pd.Timestamp(as_of + timedelta(days=6)))]
    parts = past.assign(status="done"), coming.assign(handed_out_on=pd.Timestamp(as_of))
    return typed(pd.concat(parts, ignore_index=True), CONTACTS)
