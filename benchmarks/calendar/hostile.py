"""Hostile households, planned, lived with and planned again: does the checker find a broken rule?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import holidays
import numpy as np
import pandas as pd

from benchmarks.calendar.households import COUNTRIES, Tables, frame
from benchmarks.calendar.tables import table, verdict
from planner.columns import empty, typed
from planner.pipeline import build_plan
from planner.schedule.check import violations
from planner.settings import Settings
from planner.tables import CHANNELS, CONTACTS, CUSTOMERS, FORECASTS, OUTCOMES, READINGS, VEHICLES, VISITS

BATCH = 4_000
FLEET = 40  # cars
LEAP_DAYS = np.array(["2016-02-29", "2020-02-29", "2024-02-29"], dtype="datetime64[D]")


@dataclass(frozen=True)
class Batch:
    """Households planned once, lived with, and planned again under other settings on `as_of`."""

    tables: Tables
    settings: Settings
    as_of: date
    contacts: pd.DataFrame

    def violations(self) -> pd.DataFrame:
        people, cars = self.tables["customers"], self.tables["vehicles"]
        return violations(self.contacts, people, cars, self.settings, self.as_of)


def batch(count: int, seed: int) -> Batch:
    """So many hostile households. The settings are drawn for the batch, everything else for each of them."""
    rng = np.random.default_rng(seed)
    country = COUNTRIES[seed % len(COUNTRIES)]
    first = date(2024, 2, 29) + timedelta(days=int(rng.integers(0, 900)) * int(seed % 5 > 0))
    tables = _tables(rng, count, country, first)
    years = int(rng.choice([1, 1, 1, 3]))
    before = build_plan(tables, _settings(rng, country, first), first, years).contacts
    as_of = first + timedelta(days=int(rng.choice([0, 1, 7, 40, 200])))
    settings = _settings(rng, country, as_of)
    _change(rng, tables)
    tables["contacts"] = _lived(rng, before, first, as_of)
    plan = build_plan(tables, settings, as_of, years)
    return Batch(tables, settings, as_of, plan.contacts)


def _tables(rng: np.random.Generator, count: int, country: str, today: date) -> Tables:
    people = np.arange(count)
    cars = np.where(rng.random(count) < 0.005, FLEET, rng.choice([1, 1, 2, 3, 4], count))
    home = np.repeat(people, cars)
    ids = np.array([f"{number:06d}" for number in people], dtype=object)
    feasts = np.array(sorted(holidays.country_holidays(country, years=2024)), dtype="datetime64[D]") - 14_610
    birthday = feasts[rng.integers(0, len(feasts), count)]
    birthday[rng.random(count) < 0.2] = np.datetime64("1984-02-29")
    birthday[rng.random(count) < 0.1] = np.datetime64("NaT")
    silent = rng.random(count) < 0.5  # has said nothing at all
    said = {
        f"consent_{channel}": np.where(
            silent, None, rng.choice(["yes", "no", None], count, p=[0.4, 0.2, 0.4])
        )
        for channel in CHANNELS
    }
    customers = {
        "customer_id": ids,
        "household_id": ids,
        "name": "Somebody",
        "birthday": birthday,
        "advisor": rng.choice(["Ada", "Bob", None], count),
        "do_not_contact": rng.choice(["yes", "no", None], count, p=[0.03, 0.07, 0.9]),
        **said,
    }
    bought = np.datetime64(today) - rng.integers(0, 4_000, len(home))
    leap = LEAP_DAYS[np.datetime64(today) >= LEAP_DAYS]
    bought = np.where(rng.random(len(home)) < 0.2, leap[rng.integers(0, len(leap), len(home))], bought)
    bought = np.where(rng.random(len(home)) < 0.3, np.repeat(bought[np.cumsum(cars) - cars], cars), bought)
    vehicle = np.array([f"{ids[who]}-{number}" for number, who in enumerate(home)], dtype=object)
    vehicles = {
        "vehicle_id": vehicle,
        "customer_id": ids[home],
        "purchased_on": bought,
        "condition": rng.choice(["new", "used", None], len(home)),
        "odometer_at_purchase_km": rng.choice([0.0, 60_000.0, np.nan], len(home)),
        "monthly_km": rng.choice([0.0, 50.0, 1250.0, 20_000.0, np.nan], len(home)),
        "warranty_end_on": _some(rng, bought + rng.integers(0, 2_000, len(home)), 0.3),
        "finance_end_on": _some(rng, bought + rng.integers(0, 2_000, len(home)), 0.3),
        "status": rng.choice(["active", "sold", "scrapped", None], len(home), p=[0.5, 0.03, 0.02, 0.45]),
    }
    return {
        "customers": frame(customers, CUSTOMERS),
        "vehicles": frame(vehicles, VEHICLES),
        "visits": _visits(rng, vehicle, bought, np.datetime64(today)),
        "readings": empty(READINGS),
        "contacts": empty(CONTACTS),
        "forecasts": empty(FORECASTS),
    }


def _some(rng: np.random.Generator, day: np.ndarray, share: float) -> np.ndarray:
    return np.where(rng.random(len(day)) < share, day, np.datetime64("NaT"))


def _visits(
    rng: np.random.Generator, ids: np.ndarray, bought: np.ndarray, today: np.datetime64
) -> pd.DataFrame:
    """Up to three maintenances on any day since the purchase."""
    age = (today - bought).astype(np.int64)
    car = np.flatnonzero(np.repeat(rng.random(len(ids)) < 0.6, 3).reshape(-1, 3)) // 3
    day = bought[car] + (rng.random(len(car)) * (age[car] + 1)).astype(np.int64)
    visit = [f"R{number}" for number in range(len(car))]
    return frame(
        {"visit_id": visit, "vehicle_id": ids[car], "visited_on": day, "kind": "maintenance"}, VISITS
    )


def _settings(rng: np.random.Generator, country: str, today: date) -> Settings:
    """Any settings, from no limits to nothing allowed; a month around the corner may be closed or quiet."""
    draw: Any = rng.choice
    month = [today + timedelta(days=int(rng.integers(0, 300)) + n) for n in range(45)]
    rules = {
        "call_gap_days": int(draw([0, 20, 200])),
        "cap_days": int(draw([1, 30, 90, 366])),
        "max_calls": int(draw([0, 1, 2, 50])),
        "max_emails": int(draw([0, 1, 3, 50])),
        "max_letters": int(draw([0, 1, 2])),
        "max_short_messages": int(draw([0, 1, 5])),
        "max_touches": int(draw([0, 1, 7, 7, 7, 50])),
        "silence_days": int(draw([10, 75, 400])),
        "quiet_days": month if rng.random() < 0.4 else [],
    }
    calendar = {
        "closed_on": month if rng.random() < 0.4 else [],
        "working_days": _weekdays(rng),
        "public_holidays": bool(rng.random() < 0.8),
    }
    calls = int(draw([0, 0, 1, 20]))
    consent = {purpose: ["sms"] for purpose in ("marketing", "survey")} if rng.random() < 0.3 else {}
    return Settings(
        dealership={"country": country},
        contact_rules=rules,
        calendar=calendar,
        capacity={"calls_per_day": calls, "advisors": {"Ada": int(draw([0, 1, 10]))}},
        consent=consent,
    )


def _weekdays(rng: np.random.Generator) -> list[str]:
    return [[], [], ["mon"], ["fri", "sat"]][rng.integers(0, 4)]


def _change(rng: np.random.Generator, tables: Tables) -> None:
    """Between two plans some say no, some sell a car, and some turn out to be one household."""
    people, cars = tables["customers"], tables["vehicles"]
    refuses = rng.random(len(people)) < 0.05
    joined = people["household_id"].where(rng.random(len(people)) > 0.02, people["household_id"].iloc[0])
    # A household of more people than that is no household any more.
    joined = joined.where(joined.groupby(joined).cumcount() < 8, people["household_id"])
    tables["customers"] = people.assign(
        consent_call=people["consent_call"].mask(refuses, "no"), household_id=joined
    )
    tables["vehicles"] = cars.assign(status=cars["status"].mask(rng.random(len(cars)) < 0.03, "sold"))


def _lived(rng: np.random.Generator, contacts: pd.DataFrame, first: date, today: date) -> pd.DataFrame:
    """The calendar as stored on the day: what is past was mostly done, some that is near is under way."""
    day = contacts["planned_on"]
    live = contacts["status"].isin(["planned", "standby"]).to_numpy(dtype=bool)
    chance = rng.random(len(contacts))
    past = live & (day < pd.Timestamp(today)).to_numpy(dtype=bool)
    near = live & ~past & (day < pd.Timestamp(today + timedelta(days=14))).to_numpy(dtype=bool)
    done = (past & (chance < 0.7)) | (near & (chance < 0.05))
    handed = (past & (chance > 0.9)) | (near & (chance > 0.6))
    tried, promised = near & (chance > 0.9), near & (chance > 0.95)
    outcome = pd.Series(rng.choice(list(OUTCOMES), len(contacts)), contacts.index)
    lived = contacts.assign(
        status=contacts["status"].mask(done, "done"),
        handed_out_on=contacts["handed_out_on"].mask(handed, pd.Timestamp(first)),
        attempts=contacts["attempts"].mask(tried, 1),
        outcome=contacts["outcome"].mask(done & (chance < 0.3), outcome),
        callback_on=contacts["callback_on"].mask(promised, pd.Timestamp(today + timedelta(days=5))),
    )
    return typed(lived, CONTACTS)


def report(households: int = 200_000, seed: int = 1) -> str:
    """Batches of hostile households and what the checker says of each second plan."""
    found: Counter[str] = Counter()
    many, contacts, live, pinned, most = 0, 0, 0, 0, 0
    for number in range(-(-households // BATCH)):
        one = batch(min(BATCH, households - many), seed + number)
        found.update(one.violations()["rule"])
        stands = one.contacts["status"].isin(["planned", "standby", "done"])
        many += min(BATCH, households - many)
        contacts, live = contacts + len(one.contacts), live + int(stands.sum())
        pinned += int((one.contacts["reason"].eq("pinned") | one.contacts["status"].eq("done")).sum())
        most = max(most, int(one.tables["vehicles"]["customer_id"].value_counts().max()))
    lines = [
        ("households, each planned twice", f"{many:,}"),
        ("cars of the largest", most),
        ("contacts of the second plan", f"{contacts:,}"),
        ("of them live", f"{live:,}"),
        ("of them pinned", f"{pinned:,}"),
        *((f"violations of {rule}", f"{times:,}") for rule, times in sorted(found.items())),
        ("violations", f"{sum(found.values()):,}"),
    ]
    title = f"## 4. Hostile households: violations that `planner check` finds, target 0: {verdict(not found)}"
    return title + "\n\n" + table(("what", "how many"), lines)
