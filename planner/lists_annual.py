"""What goes into the annual contact plan: a year's contacts, the cars that they are about, the load.

Tables in, frames out; the workbook only draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from planner.cycle import Cycles, vehicle_stages
from planner.dates import working_days
from planner.lists_conditions import Tables
from planner.lists_lost import car_names, likely_lost
from planner.schedule.why import Words, why
from planner.settings import Settings
from planner.tables import LIVE_STATUSES


@dataclass(frozen=True)
class AnnualPlan:
    """The frames of one year's plan, as planner.workbooks.annual draws them."""

    vehicles: pd.DataFrame
    contacts: pd.DataFrame
    load: pd.DataFrame
    lost: pd.DataFrame | None


def annual_plan(tables: Tables, settings: Settings, year: int, as_of: date) -> AnnualPlan:
    """All contacts of a calendar year: placed in it, or not placed and with their ideal day in it.

    Vehicles are those that somebody hears about in the year.
    """
    contacts = tables["contacts"]
    on = contacts["planned_on"].fillna(contacts["ideal_on"])
    rows = contacts[on.dt.year == year].reset_index(drop=True)
    customers = tables["customers"].set_index("customer_id")
    cars = tables["vehicles"].assign(
        vehicle=car_names(tables["vehicles"]),
        customer=tables["vehicles"]["customer_id"].map(customers["name"]),
        advisor=tables["vehicles"]["customer_id"].map(customers["advisor"]),
        stage=vehicle_stages(tables["vehicles"], tables["visits"], tables["forecasts"], as_of).to_numpy(),
        next_due_on=tables["vehicles"]["vehicle_id"].map(
            tables["forecasts"].drop_duplicates("vehicle_id").set_index("vehicle_id")["due_on"]
        ),
    )
    cars = cars[cars["vehicle_id"].isin(rows["vehicle_id"])]
    in_calendar = rows.loc[rows["status"].isin([*LIVE_STATUSES, "merged"]), "vehicle_id"]
    by_id = cars.set_index("vehicle_id")
    rows = rows.assign(
        customer=rows["customer_id"].map(customers["name"]),
        vehicle=rows["vehicle_id"].map(by_id["vehicle"]),
    ).sort_values(["planned_on", "household_id", "contact_id"], ignore_index=True)
    columns = ["vehicle_id", "vehicle", "customer", "advisor", "stage", "next_due_on"]
    cars = cars[cars["vehicle_id"].isin(in_calendar)]
    cars = cars.sort_values(["advisor", "customer", "vehicle_id"], ignore_index=True)[columns]
    return AnnualPlan(cars, rows, _load(rows, settings, year), likely_lost(tables, as_of))


def explained(
    tables: Tables, shown: pd.DataFrame, cycles: Cycles, settings: Settings, words: Words
) -> pd.DataFrame:
    """The contacts of a list with `told`, the sentence that explains where each stands."""
    contacts = tables["contacts"]
    cars = dict(zip(tables["vehicles"]["vehicle_id"], car_names(tables["vehicles"]), strict=True))
    which = contacts["contact_id"].isin(shown["contact_id"])
    people, answers = tables["customers"], tables["outcomes"]
    sentences = why(contacts, which, people, cycles.touchpoints, settings, words, cars, answers)
    sentences.index = pd.Index(contacts.loc[which, "contact_id"])
    return shown.assign(told=sentences.reindex(shown["contact_id"]).to_numpy())


def _load(rows: pd.DataFrame, settings: Settings, year: int) -> pd.DataFrame:
    """Planned contacts by week and channel, and the calls that the team's capacity allows that week."""
    placed = rows[(rows["status"] == "planned") & rows["planned_on"].notna()]
    monday = placed["planned_on"].dt.to_period("W-SUN").dt.start_time
    first = date(year, 1, 1) - timedelta(days=date(year, 1, 1).weekday())
    weeks = pd.date_range(first, date(year, 12, 31), freq="7D", unit="us")
    counts = pd.crosstab(monday, placed["channel"]).reindex(
        index=weeks, columns=["call", "sms", "email", "messenger", "post"], fill_value=0
    )
    load = counts.rename_axis("week_start").reset_index()
    per_day = settings.capacity.calls_per_day
    working = working_days(settings, first, first + timedelta(days=7 * len(weeks))).reshape(-1, 7).sum(axis=1)
    load["call_capacity"] = pd.array(working * per_day if per_day else [pd.NA] * len(weeks), dtype="Int64")
    return load
