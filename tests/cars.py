"""Small tables of cars for the tests of the forecast: one call, one frame."""

from __future__ import annotations

from datetime import date

import pandas as pd

from planner.columns import Table, typed
from planner.forecast import Forecast, forecast
from planner.settings import Forecast as ForecastSettings
from planner.settings import Settings
from planner.tables import READINGS, VEHICLES, VISITS

Row = dict[str, object]

# The cases are counted with 1,250 km a month, whatever is known of any country.
PLAIN = Settings(forecast=ForecastSettings(default_km_per_month=1_250))


def cars(*rows: Row) -> pd.DataFrame:
    """Vehicles; each needs purchased_on only and is called CAR unless it says otherwise."""
    return _table(VEHICLES, [{"vehicle_id": "CAR", "customer_id": "C1", **row} for row in rows])


def new_car(bought: str, monthly_km: float = 500.0, **more: object) -> pd.DataFrame:
    """A car bought new, with what its owner says he drives."""
    return cars({"purchased_on": bought, "condition": "new", "monthly_km": monthly_km, **more})


def visits(*rows: tuple[str, float | None, str], vehicle_id: str = "CAR") -> pd.DataFrame:
    """Visits of one car: (day, km or None, kind)."""
    names = ("visited_on", "odometer_km", "kind")
    return _table(
        VISITS,
        [
            {
                "visit_id": f"{vehicle_id}-{number}",
                "vehicle_id": vehicle_id,
                **dict(zip(names, row, strict=True)),
            }
            for number, row in enumerate(rows)
        ],
    )


def readings(*rows: tuple[str, float], vehicle_id: str = "CAR") -> pd.DataFrame:
    """Readings of one car: (day, km)."""
    names = ("read_on", "odometer_km")
    return _table(
        READINGS, [{"vehicle_id": vehicle_id, **dict(zip(names, row, strict=True))} for row in rows]
    )


def run(
    vehicles: pd.DataFrame,
    visited: pd.DataFrame | None = None,
    read: pd.DataFrame | None = None,
    *,
    as_of: str,
    until: str = "2030-01-01",
    settings: Settings | None = None,
) -> Forecast:
    """The forecast with ISO days and what is not given empty."""
    return forecast(
        vehicles,
        visits() if visited is None else visited,
        readings() if read is None else read,
        settings or PLAIN,
        date.fromisoformat(as_of),
        date.fromisoformat(until),
    )


def isos(column: pd.Series) -> list[str]:
    """A column of days as ISO text."""
    return [str(day)[:10] for day in column]


def _table(table: Table, rows: list[Row]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=table.names)
    for column in table.columns:
        if column.kind == "date":
            frame[column.name] = frame[column.name].astype("datetime64[us]")
    return typed(frame, table)
