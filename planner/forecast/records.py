"""Records: what was known of every car by a day, as arrays that the forecast and the backtest share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.columns import typed
from planner.dates import DAYS_PER_MONTH, NO_DAY, Days, days
from planner.errors import Issue, IssueCode
from planner.forecast import screen, usage
from planner.forecast.countries import default_km_per_month
from planner.forecast.done import Services, services_done
from planner.forecast.intervals import MAINTENANCE, Rule, intervals_of, load_intervals, rules_of
from planner.forecast.named import NamedDays, days_named, worded
from planner.forecast.origins import Known, Origins, past_origins
from planner.forecast.screen import Bools, Floats, Ints, Readings
from planner.named_services import load_named_services
from planner.settings import Settings
from planner.tables import VEHICLES


@dataclass(frozen=True, slots=True)
class Records:
    """Cars bought up to a day, sorted by id, and what happened to them since; `car` is a position."""

    vehicles: pd.DataFrame
    ids: npt.NDArray[np.object_]
    bought: Days
    recorded_since: np.datetime64  # the first visit on record
    gathered: Readings  # not yet screened
    usual_km_per_day: Floats
    new_since: Days
    default_km_per_month: float
    months: Ints
    km: Floats
    given: Bools  # the rule is the dealership's own, not the built-in one
    rules: dict[str, Rule]  # of the services beside maintenance
    named: dict[str, NamedDays]  # of those that repair orders name
    visits: pd.DataFrame  # since the purchase, of every kind, with `car`
    done: Services
    worded: Bools  # along done: does a repair order of ours tell what was done?
    issues: list[Issue]

    def origins(self) -> tuple[Origins, Known]:
        """The purchases and past visits as points from which to predict."""
        return past_origins(
            self.vehicles,
            self.gathered,
            self.done,
            self.months,
            self.km,
            self.usual_km_per_day,
            self.new_since,
            self.default_km_per_month,
        )


def read_records(
    vehicles: pd.DataFrame,
    visits: pd.DataFrame,
    readings: pd.DataFrame,
    settings: Settings,
    as_of: date,
) -> Records:
    """What was known at `as_of`; later rows, rows of unknown vehicles and of earlier owners are left out."""
    today = np.datetime64(as_of, "D")
    vehicles, issues = _owned(vehicles, today)
    ids = vehicles["vehicle_id"].to_numpy(dtype=object)
    bought = days(vehicles["purchased_on"])
    recorded_since = np.fmin.reduce(np.append(days(visits["visited_on"]), today))  # a missing day is none
    everybodys = visits[days(visits["visited_on"]) <= today]
    visits, early_visits = _of_owner(visits, "visits", "visited_on", ids, bought, today)
    readings, early_readings = _of_owner(readings, "readings", "read_on", ids, bought, today)
    default = default_km_per_month(settings)
    stated = usage.stated_km_per_month(vehicles)
    intervals = load_intervals(settings.intervals_path)
    months, km = intervals_of(vehicles, intervals)
    rules = rules_of(vehicles, intervals)
    named = {}
    if rules:
        names = load_named_services(settings.service_names_path)
        named = days_named(rules, names, everybodys, visits, bought)
    maintenance = visits[visits["kind"].fillna(MAINTENANCE) == MAINTENANCE]
    done = services_done(
        maintenance["car"].to_numpy(dtype="int64"), days(maintenance["visited_on"]), bought, months
    )
    return Records(
        vehicles=vehicles,
        ids=ids,
        bought=bought,
        recorded_since=recorded_since,
        gathered=screen.gather(vehicles, visits, readings),
        usual_km_per_day=np.where(np.isnan(stated), default, stated) / DAYS_PER_MONTH,
        new_since=np.where(usage.was_new(vehicles), bought, NO_DAY),
        default_km_per_month=default,
        months=months,
        km=km,
        given=np.full(len(ids), bool(settings.service.intervals)),
        rules=rules,
        named=named,
        visits=visits,
        done=done,
        worded=worded(everybodys, visits, done) if named else np.zeros(len(done.car), dtype=bool),
        issues=issues + early_visits + early_readings,
    )


def _owned(vehicles: pd.DataFrame, today: np.datetime64) -> tuple[pd.DataFrame, list[Issue]]:
    """The vehicles bought up to today, sorted by id, and an issue for each of the others."""
    vehicles = typed(vehicles, VEHICLES).drop_duplicates("vehicle_id").sort_values("vehicle_id")
    bought = days(vehicles["purchased_on"])
    issues = [
        no_due_date(vehicle, "the day of purchase is missing")
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


def no_due_date(vehicle: str, why: str) -> Issue:
    """The issue of a car of which nothing is forecast."""
    return Issue(
        "vehicles", 0, "purchased_on", IssueCode.NO_DUE_DATE, f"vehicle {vehicle}: {why}; nothing is forecast"
    )
