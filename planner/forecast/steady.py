"""A forecast stands while nothing happened to its car: what the fleet teaches moves no day by a little.

Every visit of any car teaches the fleet something, and each month what it taught is told anew. A day in two
years that moves by three says nothing, but it would move three calls.
"""

from __future__ import annotations

from datetime import date
from hashlib import blake2b

import numpy as np
import pandas as pd

from planner.dates import days
from planner.forecast.intervals import MAINTENANCE, load_intervals
from planner.forecast.screen import Bools
from planner.settings import Settings
from planner.tables import READINGS, VEHICLES

# A day stands while the new one is no further from it than this share of the days until then, or so few days.
STANDS_SHARE, STANDS_DAYS = 0.03, 3

DUE_DAYS, EXPECTED_DAYS = ("due_on", "awaited_on", "due_first_on"), ("expected_on", "low_on")
OF_A_VISIT = ("vehicle_id", "visited_on", "odometer_km", "kind")
WHAT_A_VISIT_NAMES = ("vehicle_id", "visited_on", "services")
OF_A_BOOKING = ("vehicle_id", "booked_on")


def records_of(
    vehicles: pd.DataFrame,
    visits: pd.DataFrame,
    readings: pd.DataFrame,
    settings: Settings,
    booked: pd.DataFrame | None = None,
) -> pd.Series:
    """By vehicle_id a short text that changes with what is on record of the car, or with the settings.

    booked: the appointments that stand, vehicle_id and booked_on.

    The order of rows does not matter.
    """
    ids = pd.Index(vehicles["vehicle_id"])
    named = visits[visits["services"].notna()]
    if named.empty or not _beside_maintenance(settings):  # what they name moves no day
        named = named.iloc[:0]
    total = np.full(len(ids), _of_settings(settings, not named.empty), dtype=np.uint64)
    visits = visits.assign(kind=visits["kind"].fillna(MAINTENANCE))  # whether it was written is no news
    parts = [
        (vehicles, VEHICLES.names),
        (visits, OF_A_VISIT),
        (named, WHAT_A_VISIT_NAMES),
        (readings, READINGS.names),
    ]
    if booked is not None:
        parts.append((booked, OF_A_BOOKING))
    for frame, columns in parts:
        row = pd.util.hash_pandas_object(frame[list(columns)], index=False, categorize=False).to_numpy()
        car = ids.get_indexer(frame["vehicle_id"])
        np.add.at(total, car[car >= 0], row[car >= 0])
    return pd.Series([f"{number:016x}" for number in total.tolist()], index=ids, dtype="str")


def _beside_maintenance(settings: Settings) -> bool:
    return bool((load_intervals(settings.intervals_path)["service"] != MAINTENANCE).any())


def _of_settings(settings: Settings, named: bool) -> int:
    """named: whether what visits name counts, and with it the words that find it."""
    sections = (settings.forecast, settings.service, settings.dealership.country, settings.dealership.unit)
    # A blank `names` is left out: texts that were stored before there was one stay what they are.
    text = repr(sections).replace("names='', ", "").encode() + settings.intervals_path.read_bytes()
    text += settings.service_names_path.read_bytes() if named else b""
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little")


def steady(services: pd.DataFrame, before: pd.DataFrame, records: pd.Series, as_of: date) -> pd.DataFrame:
    """The forecast with the days of the one before where they are as good.

    In: services and before, FORECASTS, key vehicle_id and service_no (before: of the plan that is stored,
    its `records` as they were then); records: of `records_of`. Out: services in its order, `records` filled.

    Of a car of which nothing new is on record due_on, awaited_on, due_first_on, and apart from them
    expected_on and low_on, stay what they were where none of them would move by more than 3% of the days
    until due, or 3 days. A visit stays expected only on a day that is still to come.
    """
    services = services.assign(records=records.reindex(services["vehicle_id"]).to_numpy())
    if before.empty or services.empty:
        return services
    key = ["vehicle_id", "service_no"]
    old = before.drop_duplicates(key).set_index(key).reindex(pd.MultiIndex.from_frame(services[key]))
    today = np.datetime64(as_of)
    same = old["records"].to_numpy(dtype=object) == services["records"].to_numpy(dtype=object)
    ahead = np.abs((days(services["due_on"]) - today).astype("float64"))
    most = np.maximum(STANDS_SHARE * ahead, STANDS_DAYS)

    def near(*names: str) -> Bools:
        found = np.asarray(same, dtype=bool)
        for name in names:
            now, then = days(services[name]), days(old[name])
            found = found & (
                (np.abs((now - then).astype("float64")) <= most) | np.isnat(now) & np.isnat(then)
            )
        return found

    # Before and after today a service is another one: due or overdue.
    due = near(*DUE_DAYS)
    due &= (days(old["due_on"]) >= today) == (days(services["due_on"]) >= today)
    comes = near(*EXPECTED_DAYS) & (days(old["expected_on"]) >= today)
    kept = services.copy()
    for stands, names in ((due, DUE_DAYS), (comes, EXPECTED_DAYS)):
        for name in names:
            kept[name] = kept[name].mask(stands, pd.Series(old[name].array, index=kept.index))
    kept["high_on"] = kept["high_on"].where(kept["high_on"] >= kept["expected_on"], kept["expected_on"])
    return kept
