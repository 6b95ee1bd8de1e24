"""The real records beside the project and a sample dealership, as tables of the planner."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zlib import crc32

import pandas as pd

from planner.columns import Table, empty, typed
from planner.forecast.countries import GENERAL_KM_PER_MONTH
from planner.settings import Forecast, Settings
from planner.tables import READINGS, VEHICLES, VISITS

Frames = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]

# Two-wheelers, pools and a made-up dealership: no country's mean of passenger cars is theirs.
SETTINGS = Settings(forecast=Forecast(default_km_per_month=GENERAL_KM_PER_MONTH))


def odd_half(vehicle_ids: pd.Series) -> pd.Series:
    """The vehicles with an odd CRC-32 of the id."""
    return vehicle_ids.map(lambda name: crc32(str(name).encode()) % 2 == 1)


def workshop(data: Path) -> Frames:
    """(b): maintenance visits of the two-wheeler workshop, returns within 7 days merged."""
    visits = pd.read_csv(data / "workshop_visits.csv", parse_dates=["visited_on"])
    return _from_visits(_merged(visits[visits["kind"] == "maintenance"], 7))


def city_fleet(data: Path) -> Frames:
    """(c): the city fleet's preventive maintenance, one a day."""
    visits = pd.read_csv(data / "city_fleet_services.csv", parse_dates=["visited_on"])
    return _from_visits(_merged(visits, 0))


def ledger(data: Path) -> Frames:
    """(d): the vehicle pool's services; two mistyped years (1918, 2108) read as 2018; one a day."""
    rows = pd.read_csv(data / "fleet_ledger.csv")
    rows["visited_on"] = pd.to_datetime(rows["date"], errors="coerce")
    rows = rows[rows["visited_on"].between("2015-01-01", "2018-12-31") & (rows["is_service"] == 1)]
    return _from_visits(_merged(rows.assign(kind="maintenance", model=rows["make_model"]), 7))


def sample(vehicles: int, seed: int, end: date) -> Frames:
    """(a): a synthetic dealership."""
    from planner.sample import make_sample

    made = make_sample(vehicles, seed, end)
    tables = {"vehicles": VEHICLES, "visits": VISITS, "readings": READINGS}
    vehicle, visit, reading = (as_table(made.clean(name), table) for name, table in tables.items())
    return vehicle, visit, reading


def _merged(visits: pd.DataFrame, days: int) -> pd.DataFrame:
    visits = visits.sort_values(["vehicle_id", "visited_on"], kind="stable")
    before = visits.groupby("vehicle_id")["visited_on"].shift()
    return visits[~((visits["visited_on"] - before).dt.days <= days)].reset_index(drop=True)


def _from_visits(visits: pd.DataFrame) -> Frames:
    """The purchase is unknown: vehicles are taken as bought used on the day before their first visit."""
    first = visits.groupby("vehicle_id", as_index=False).first()
    vehicles = pd.DataFrame(
        {
            "vehicle_id": first["vehicle_id"],
            "customer_id": first["vehicle_id"],
            "purchased_on": first["visited_on"] - pd.Timedelta(days=1),
            "condition": "used",
            "model": first.get("model"),
        }
    )
    return as_table(vehicles, VEHICLES), as_table(visits, VISITS), empty(READINGS)


def as_table(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Text of an export as the typed table."""
    frame = frame.reindex(columns=table.names)
    for column in table.columns:
        if column.kind == "date":
            frame[column.name] = pd.to_datetime(frame[column.name]).astype("datetime64[us]")
        elif column.kind in ("number", "int"):
            frame[column.name] = pd.to_numeric(frame[column.name])
    return typed(frame, table)
