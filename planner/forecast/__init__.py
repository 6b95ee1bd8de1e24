"""Forecast: how much each car drives, when its services fall due, and when its customer comes.

    screen.py     readings that cannot be true together are set aside
    usage.py      km a month with its source and spread; the odometer of any day
    intervals.py  which service interval holds for which car
    due.py        service numbers, due days, the calendar of coming services
    expected.py   how early or late customers come, and the window around that

The method is described in docs/forecast.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.dates import DAYS_PER_MONTH, NO_DAY, days
from planner.errors import Issue, IssueCode, issues_frame
from planner.forecast import due, expected, screen, usage
from planner.forecast.intervals import MAINTENANCE, intervals_of, load_intervals
from planner.settings import Settings
from planner.tables import FORECASTS, VEHICLES, typed

__all__ = ["Forecast", "forecast"]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is known and expected of each car.

    services    planner.tables.FORECASTS; sorted by vehicle_id, service_no
    history     vehicle_id, service_no, visited_on: the service that each past maintenance visit
                fulfilled; one row a vehicle and day, sorted
    odometers   vehicle_id, odometer_km, read_on: the latest credible reading of each vehicle that has
                one, sorted
    issues      planner.tables.ISSUES
    """

    services: pd.DataFrame
    history: pd.DataFrame
    odometers: pd.DataFrame
    issues: pd.DataFrame


def forecast(
    vehicles: pd.DataFrame,
    visits: pd.DataFrame,
    readings: pd.DataFrame,
    settings: Settings,
    as_of: date,
    until: date,
) -> Forecast:
    """Forecast every vehicle's services that fall due before `until`, from what was known at `as_of`.

    vehicles, visits, readings: typed as in planner.tables, in any order; what happened after `as_of`
    is ignored, so are rows of unknown vehicles. The outstanding service of a car is always its first
    row, however long it is overdue, unless it falls due at `until` or later. Sold and scrapped cars
    are forecast like the others.

    Issue codes: READING_DECREASE, READING_SPEED (a reading that was set aside), BEFORE_PURCHASE (a
    visit or reading of an earlier owner, not used), FUTURE (a vehicle bought after as_of, not yet
    forecast), NO_DUE_DATE (nothing could be projected).
    Raises SettingsError for a wrong intervals file.
    """
    today, end = np.datetime64(as_of, "D"), np.datetime64(until, "D")
    vehicles, issues = _owned(vehicles, today)
    ids = vehicles["vehicle_id"].to_numpy(dtype=object)
    bought = days(vehicles["purchased_on"])

    recorded_since = np.append(days(visits["visited_on"]), today).min()
    visits, early_visits = _of_owner(visits, "visits", "visited_on", ids, bought, today)
    readings, early_readings = _of_owner(readings, "readings", "read_on", ids, bought, today)
    issues += early_visits + early_readings

    gathered = screen.gather(vehicles, visits, readings)
    default = settings.forecast.default_km_per_month
    stated = usage.stated_km_per_month(vehicles)
    usual = np.where(np.isnan(stated), default, stated) / DAYS_PER_MONTH
    new_since = np.where(usage.was_new(vehicles), bought, NO_DAY)
    kept = screen.credible(gathered, usual, new_since)
    issues += screen.explain(gathered, kept, ids)
    credible = gathered[kept]
    used = usage.estimate(vehicles, usage.with_start(vehicles, credible), default)

    months, km = intervals_of(vehicles, load_intervals(settings.intervals_path))
    maintenance = visits[visits["kind"].fillna(MAINTENANCE) == MAINTENANCE]
    done = due.services_done(
        maintenance["car"].to_numpy(dtype="int64"), days(maintenance["visited_on"]), bought, months
    )
    days_late = due.lateness(done, used, months, km, recorded_since)
    habit = expected.learn(days_late, settings.forecast.probability)
    services, lost = due.coming(used, done.anchors(bought), months, km, habit, today, end)
    issues += [_no_due_date(vehicle, "no service falls due within the calendar") for vehicle in ids[lost]]

    last = np.append(credible.car[1:] != credible.car[:-1], True)[: len(credible)]
    latest = credible[last]
    return Forecast(
        services=_services(services, ids, used),
        history=pd.DataFrame(
            {"vehicle_id": ids[done.car], "service_no": done.number, "visited_on": done.day}
        ).astype({"vehicle_id": "str", "service_no": "Int64", "visited_on": "datetime64[us]"}),
        odometers=pd.DataFrame(
            {"vehicle_id": ids[latest.car], "odometer_km": latest.km, "read_on": latest.day}
        ).astype({"vehicle_id": "str", "odometer_km": "float64", "read_on": "datetime64[us]"}),
        issues=issues_frame(issues),
    )


def _owned(vehicles: pd.DataFrame, today: np.datetime64) -> tuple[pd.DataFrame, list[Issue]]:
    """The vehicles bought up to today, sorted by id, and an issue for each of the others."""
    vehicles = typed(vehicles, VEHICLES).drop_duplicates("vehicle_id").sort_values("vehicle_id")
    bought = days(vehicles["purchased_on"])
    issues = [
        _no_due_date(vehicle, "the day of purchase is missing")
        for vehicle in vehicles["vehicle_id"][np.isnat(bought)]
    ]
    issues += [
        Issue(
            "vehicles",
            0,
            "purchased_on",
            IssueCode.FUTURE,
            f"vehicle {vehicle}: bought after {today}; planned from that day on",
        )
        for vehicle in vehicles["vehicle_id"][bought > today]
    ]
    return vehicles[bought <= today].reset_index(drop=True), issues


def _of_owner(
    rows: pd.DataFrame,
    source: str,
    on: str,
    ids: npt.NDArray[np.object_],
    bought: npt.NDArray[np.datetime64],
    today: np.datetime64,
) -> tuple[pd.DataFrame, list[Issue]]:
    """The rows of [purchase, today] with a column `car`, and an issue for each one before the purchase."""
    car = pd.Index(ids, dtype="str").get_indexer(pd.Index(rows["vehicle_id"].astype("str")))
    day = days(rows[on])
    past = (car >= 0) & (day <= today)
    rows, car, day = rows[past].assign(car=car[past]), car[past], day[past]
    before = day < bought[car]
    order = np.lexsort((day[before], car[before]))
    issues = [
        Issue(
            source,
            0,
            on,
            IssueCode.BEFORE_PURCHASE,
            f"vehicle {ids[of]}: {when} is before the purchase on {bought[of]}; not used",
        )
        for of, when in zip(car[before][order], day[before][order], strict=True)
    ]
    return rows[~before], issues


def _services(services: pd.DataFrame, ids: npt.NDArray[np.object_], used: usage.Usage) -> pd.DataFrame:
    if services.empty:
        return typed(services, FORECASTS)
    car = services["car"].to_numpy()
    return typed(
        services.assign(
            vehicle_id=ids[car],
            basis=np.where(services["by_km"], "km", "time"),
            km_per_month=np.round(used.km_per_month[car], 1),
            rate_source=used.source[car],
        ),
        FORECASTS,
    )


def _no_due_date(vehicle: str, why: str) -> Issue:
    return Issue(
        "vehicles", 0, "purchased_on", IssueCode.NO_DUE_DATE, f"vehicle {vehicle}: {why}; nothing is forecast"
    )
