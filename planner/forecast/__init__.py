"""Forecast: how much each car drives, when its services fall due, and when its customer comes.

    screen.py     readings that cannot be true together are set aside
    restarts.py   odometers that were replaced or rolled over count on
    reasons.py    why a reading was set aside
    usage.py      km a month with its source and spread; the odometer of any day
    drivers.py    how steady drivers are, and what a fleet says of those of whom little is known
    intervals.py  which service interval holds for which car
    done.py       service numbers of past visits
    due.py        due days, the calendar of coming services
    series.py     the same for the services beside maintenance, with fixed.py: calendars that do not move
    named.py      the days on which repair orders name them
    last_done.py  when each of them was done the last time
    combine.py    the maintenance visit that takes them with it
    items.py      all of that for every kind of service
    records.py    what was known by a day, as arrays
    origins.py    each past visit as a point from which the next one is predicted
    rhythm.py     the wait for the next visit: rule, own gaps and the fleet's
    expected.py   the past predicted from what was known, and windows calibrated on that
    returning.py  who will come back at all
    backtest.py   predictions beside what happened

The method is described in docs/forecast.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.columns import typed
from planner.dates import NO_DAY, days
from planner.errors import issues_frame
from planner.forecast import due, usage
from planner.forecast.backtest import Backtest, backtest
from planner.forecast.combine import MaintenanceVisits, add_items
from planner.forecast.expected import replay
from planner.forecast.items import coming_items
from planner.forecast.origins import warranty_ends
from planner.forecast.reasons import explain
from planner.forecast.records import no_due_date, read_records
from planner.forecast.restarts import Screened, screened
from planner.forecast.returning import GRACE_DAYS, comes_back
from planner.forecast.rhythm import wait
from planner.settings import Settings
from planner.tables import FORECASTS, SERVICE_ITEMS

__all__ = ["Backtest", "Forecast", "backtest", "forecast"]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is known and expected of each car.

    services    planner.tables.FORECASTS; sorted by vehicle_id, service_no
    items       planner.tables.SERVICE_ITEMS; sorted by vehicle_id, due_on, service
    history     vehicle_id, service_no, visited_on: the service that each past maintenance visit
                fulfilled; one row a vehicle and day, sorted
    odometers   vehicle_id, odometer_km, read_on: the latest credible reading of each vehicle that has
                one, sorted
    issues      planner.tables.ISSUES
    """

    services: pd.DataFrame
    items: pd.DataFrame
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

    Where an odometer started anew, due_km and the odometers are what the instrument shows on the day.

    Issue codes: READING_DECREASE, READING_SPEED, READING_TYPO, READING_UNIT, READING_SAME_DAY (a reading
    that was set aside), READING_REPLACED, READING_ROLLOVER (an odometer that starts anew, used),
    BEFORE_PURCHASE (a visit or reading of an earlier owner, not used), FUTURE (a vehicle bought after
    as_of, not yet forecast), NO_DUE_DATE (nothing could be projected).
    Raises SettingsError for wrong intervals or names of services.
    """
    today, end = np.datetime64(as_of, "D"), np.datetime64(until, "D")
    known = read_records(vehicles, visits, readings, settings, as_of)
    vehicles, ids, done, issues = known.vehicles, known.ids, known.done, list(known.issues)
    found = screened(known.gathered, known.usual_km_per_day, known.new_since)
    issues += explain(found, known.usual_km_per_day, known.new_since, ids)
    credible = found.credible
    used = usage.estimate(vehicles, usage.with_start(vehicles, credible), known.default_km_per_month)

    origins, _ = known.origins()
    learnable = origins.day >= known.recorded_since
    past = replay(origins, learnable, settings.forecast.probability, today)
    habit = past.habit
    last = origins[np.append(origins.car[1:] != origins.car[:-1], True)[: len(origins)]]  # of each car
    last = replace(last, km_per_day=used.km_per_day, observed=used.source == "observed")  # since then too
    since, number = done.anchors(known.bought)
    cars = due.Cars(
        since=since,
        number=number,
        visits=last.visits,
        own=last.own,
        late=last.late,
        months=known.months,
        km=known.km,
        learnt_days=np.where(
            known.given | habit.rhythm.kept, np.nan, np.round(np.exp(wait(last, habit.rhythm)[0]))
        ),
        bought=known.bought,
        warranty_end=warranty_ends(vehicles),
    )
    services, lost = due.coming(used, cars, habit, today, end)
    items = coming_items(
        known, used, MaintenanceVisits.of(services, today), settings.service.combine_days, today, end
    )
    if len(done.car) and len(services):
        first = services.drop_duplicates("car")
        back_by = np.full(len(ids), NO_DAY)
        back_by[first["car"]] = days(first["high_on"]) + np.timedelta64(GRACE_DAYS, "D")
        returns = comes_back(origins, past, learnable, today, back_by)
        services.loc[first.index, "return_probability"] = np.round(returns[first["car"]], 4)
    issues += [no_due_date(vehicle, "no service falls due within the calendar") for vehicle in ids[lost]]

    newest = np.append(credible.car[1:] != credible.car[:-1], True)[: len(credible)]
    latest, shown = credible[newest], found.shown_km[found.kept][newest]
    return Forecast(
        services=_services(add_items(services, items, today), ids, used, found),
        items=_items(items, services, ids, found),
        history=pd.DataFrame(
            {"vehicle_id": ids[done.car], "service_no": done.number, "visited_on": done.day}
        ).astype({"vehicle_id": "str", "service_no": "Int64", "visited_on": "datetime64[us]"}),
        odometers=pd.DataFrame(
            {"vehicle_id": ids[latest.car], "odometer_km": shown, "read_on": latest.day}
        ).astype({"vehicle_id": "str", "odometer_km": "float64", "read_on": "datetime64[us]"}),
        issues=issues_frame(issues),
    )


def _services(
    services: pd.DataFrame, ids: npt.NDArray[np.object_], used: usage.Usage, found: Screened
) -> pd.DataFrame:
    if services.empty:
        return typed(services, FORECASTS)
    car = services["car"].to_numpy()
    offset = found.offset_on(car, days(services["due_on"]))
    return typed(
        services.assign(
            vehicle_id=ids[car],
            awaited_on=np.minimum(services["awaited_on"], services["due_first_on"]),
            basis=np.where(services["by_km"], "km", "time"),
            due_km=(services["due_km"] - offset).round(),
            km_per_month=np.round(used.km_per_month[car], 1),
            rate_source=used.source[car],
        ),
        FORECASTS,
    )


def _items(
    items: pd.DataFrame, services: pd.DataFrame, ids: npt.NDArray[np.object_], found: Screened
) -> pd.DataFrame:
    if items.empty:
        return typed(items, SERVICE_ITEMS)
    visit = items["visit"].to_numpy()
    number = pd.array(services["service_no"].to_numpy()[visit] if len(services) else visit, dtype="Int64")
    number[visit < 0] = pd.NA
    car = items["car"].to_numpy()
    return typed(
        items.assign(
            vehicle_id=ids[car],
            basis=np.where(items["by_km"], "km", "time"),
            due_km=(items["due_km"] - found.offset_on(car, days(items["due_on"]))).round(),
            service_no=number,
        ),
        SERVICE_ITEMS,
    )
