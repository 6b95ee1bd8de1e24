"""What speaks for another car: one `Witness` a kind of evidence, along the vehicles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.cycle.anchors import is_used
from planner.cycle.cue_weights import FIRST_YEARS, FOR_TWO, KEPT_IN_FIRST_YEARS, KEPT_LATER, WEIGHTS
from planner.dates import DAYS_PER_MONTH, Days, add_months, days, months_between
from planner.forecast.countries import default_km_per_month
from planner.settings import Settings
from planner.spelling import name_keys
from planner.tables import GONE

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PASSED_DAYS = 60  # a contract that ended two months ago is still a reason; later it is history
CONTRACT_MONTHS_AHEAD = 24  # further ahead the km of a contract are too uncertain
AFTER_ANSWER_DAYS = np.timedelta64(30, "D")  # assumption: who asked, or has sold, decides within a month
SAID = {"sold_car": "sold_car", "interest_second_car": "asked"}


@dataclass(frozen=True, slots=True)
class Witness:
    """One kind of evidence along the vehicles: what it counts for (0: it says nothing) and its value.

    on: the day that it names, where it does.
    """

    code: str
    weight: Floats
    value: npt.NDArray[np.generic]  # dates, or numbers; NaN: it counts, but is not told
    on: Days | None = None

    @property
    def speaks(self) -> Bools:
        """Where it is told."""
        return np.asarray((self.weight > 0) & ~np.isnan(self.value))

    def told(self, row: int) -> str:
        """`code=value` as the table keeps it."""
        value = self.value[row]
        whole = str(value) if isinstance(value, np.datetime64) else f"{float(value):.2f}".rstrip("0")
        return f"{self.code}={whole.rstrip('.')}"


@dataclass(frozen=True, slots=True)
class Known:
    """What the evidence is read from, along the vehicles; days up to `day` only."""

    day: np.datetime64
    ids: pd.Series
    homes: pd.Index  # household_id
    household: Ints  # the place of each car's among them
    here: Bools  # bought by now, not sold, not scrapped
    purchased: Days
    last_purchase: Days  # of the household
    cars: Ints  # of the household, those that are here


def known(customers: pd.DataFrame, vehicles: pd.DataFrame, as_of: date) -> Known:
    """The vehicles with their households."""
    today = np.datetime64(as_of, "D")
    home = customers.set_index("customer_id")["household_id"].reindex(vehicles["customer_id"])
    number, names = pd.factorize(home.fillna(vehicles["customer_id"].set_axis(home.index)))
    purchased = days(vehicles["purchased_on"])
    bought = purchased <= today
    here = bought & ~vehicles["status"].isin(GONE).to_numpy(dtype=bool)
    last = np.full(len(names), np.datetime64("0001-01-01", "D"))
    np.maximum.at(last, number[bought], purchased[bought])
    ids = vehicles["vehicle_id"]
    number = number.astype(np.int64)
    cars = np.bincount(number[here], minlength=len(names))[number]
    return Known(today, ids, pd.Index(names), number, here, purchased, last, cars)


def next_car(
    found: Known,
    vehicles: pd.DataFrame,
    visits: pd.DataFrame,
    services: pd.DataFrame,
    odometers: pd.DataFrame,
    settings: Settings,
) -> Iterator[Witness]:
    """What speaks for a car in place of this one.

    services: FORECASTS, of which km_per_month; odometers: the latest credible reading (vehicle_id,
    odometer_km, read_on).
    """
    rules, today = settings.cues, found.day
    owned = months_between(found.purchased, np.full(len(vehicles), today))
    yield _witness("months_owned", found.here, owned_share(owned, settings), owned)
    for code in ("finance_end", "warranty_end"):
        ends = days(vehicles[f"{code}_on"])
        ahead = apart(np.full(len(ends), today), ends)
        yield _witness(code, found.here, (ahead <= rules.near_days) & (ahead >= -PASSED_DAYS), ends, ends)
    over, allowed = _km_over(found, vehicles, services, odometers)
    yield _witness("km_over", found.here, over >= rules.km_over_share * allowed, np.round(over, -2))
    declined, repairs, bill = _bills(found, visits, rules.evidence_months)
    yield _witness("declined", found.here, declined >= rules.declined_bills * bill, np.round(declined))
    yield _witness("repairs", found.here, repairs >= rules.repair_bills * bill, np.round(repairs))
    worth = value_share(vehicles, today)
    yield _witness("worth", found.here, worth <= rules.low_value_share, worth)


def second_car(
    found: Known, customers: pd.DataFrame, services: pd.DataFrame, settings: Settings
) -> Iterator[Witness]:
    """What speaks for a car beside this one, in a household that has fewer cars than it drives for."""
    here, cars = found.here, found.cars
    people = _people(customers, found.homes)[found.household]
    short = people > cars
    yield _witness("drivers", here, short & (people > 1), people)
    yield _witness("single_car", here, cars == 1, cars)
    a_year = 12 * _rate(found, services)
    yield _witness("km_year", here, (cars == 1) & (a_year >= for_two_km_per_year(settings)), a_year.round(-2))


def said(found: Known, answers: pd.DataFrame, outcome: str, settings: Settings) -> Witness:
    """The last time that a caller heard this outcome of the car, while it is news.

    News is what was heard within the days of the settings, with no car bought since.
    """
    heard = answers[answers["outcome"].eq(outcome) & (days(answers["said_on"]) <= found.day)]
    on = days(heard.groupby("vehicle_id")["said_on"].max().reindex(found.ids))
    age = apart(on, np.full(len(on), found.day))
    news = (age <= settings.cues.answer_days) & (on > found.last_purchase[found.household])
    return Witness(SAID[outcome], np.where(news, WEIGHTS[SAID[outcome]], 0.0), on, on + AFTER_ANSWER_DAYS)


def value_share(vehicles: pd.DataFrame, today: np.datetime64) -> Floats:
    """What is left of the price when new, by age alone; NaN where the age is not known."""
    year = vehicles["model_year"].to_numpy(dtype="float64", na_value=np.nan)
    of_year = today.astype("datetime64[Y]").astype(np.int64) + 1970 - year
    since = apart(days(vehicles["purchased_on"]), np.full(len(vehicles), today)) / 365.25
    age = np.where(np.isnan(of_year), np.where(is_used(vehicles), np.nan, since), of_year)
    age = np.maximum(age, 0.0)
    left = KEPT_IN_FIRST_YEARS ** np.minimum(age, FIRST_YEARS)
    return np.asarray(np.round(left * KEPT_LATER ** np.maximum(age - FIRST_YEARS, 0.0), 2))


def for_two_km_per_year(settings: Settings) -> float:
    """From how many km a year on a single car is driven for two."""
    named = settings.cues.two_drivers_km_per_year
    return named if named is not None else 12 * default_km_per_month(settings) * FOR_TWO


def owned_share(months: npt.ArrayLike, settings: Settings) -> Floats:
    """Of the weight of `months_owned`, what so many months count for: nothing a year before those named."""
    return np.clip((np.asarray(months, dtype=np.float64) - settings.cues.months_owned + 12) / 12, 0.0, 1.0)


def apart(start: Days, end: Days) -> Floats:
    """Days from start to end; NaN where one is not known."""
    between = (end - start).astype("timedelta64[D]")
    return np.where(np.isnat(between), np.nan, between.astype(np.float64))


def _witness(
    code: str, here: Bools, speaks: npt.ArrayLike, value: npt.ArrayLike, on: Days | None = None
) -> Witness:
    share = np.where(here, np.asarray(speaks, dtype=np.float64), 0.0)
    return Witness(code, WEIGHTS[code] * np.nan_to_num(share), np.asarray(value), on)


def _rate(found: Known, services: pd.DataFrame) -> Floats:
    """Km a month; NaN where nothing is forecast."""
    rate = services.drop_duplicates("vehicle_id").set_index("vehicle_id")["km_per_month"]
    return rate.reindex(found.ids).to_numpy(dtype="float64", na_value=np.nan)


def _km_over(
    found: Known, vehicles: pd.DataFrame, services: pd.DataFrame, odometers: pd.DataFrame
) -> tuple[Floats, Floats]:
    """Km over the contract on its last day at today's rate, and the km that it allows."""
    ends = days(vehicles["finance_end_on"])
    last = odometers.set_index("vehicle_id").reindex(found.ids)
    to_go = apart(days(last["read_on"]), ends) / DAYS_PER_MONTH
    at_end = last["odometer_km"].to_numpy() + _rate(found, services) * to_go
    start = vehicles["odometer_at_purchase_km"].fillna(0.0).to_numpy()
    allowed = vehicles["finance_km_limit"].to_numpy(dtype="float64", na_value=np.nan)
    running = (ends >= found.day) & (ends <= add_months(found.day, CONTRACT_MONTHS_AHEAD))
    return np.where(running, at_end - start - allowed, np.nan), allowed


def _bills(found: Known, visits: pd.DataFrame, months: int) -> tuple[Floats, Floats, float]:
    """Of the last months what each car's owner declined, and paid for repairs; and the usual bill.

    The usual bill is the median of all visits that brought money. NaN where there is none.
    """
    when = days(visits["visited_on"])
    visits = visits[when <= found.day]
    paid = visits.loc[visits["amount"] > 0, "amount"]
    bill = float(paid.median()) if len(paid) else np.nan
    late = visits[days(visits["visited_on"]) > add_months(found.day, -months)]
    declined = late.groupby("vehicle_id")["declined_amount"].sum()
    repairs = late[late["kind"] == "repair"].groupby("vehicle_id")["amount"].sum()
    return _along(declined, found), _along(repairs, found), bill


def _along(values: pd.Series, found: Known) -> Floats:
    """Values by vehicle_id, along the vehicles."""
    return np.asarray(values.reindex(found.ids).to_numpy(dtype="float64"))


def _people(customers: pd.DataFrame, homes: pd.Index) -> Ints:
    """How many different names each household has; two records of one person are one."""
    at = homes.get_indexer(pd.Index(customers["household_id"].fillna(customers["customer_id"])))
    pairs = pd.DataFrame({"home": at, "who": name_keys(customers["name"])})[at >= 0]
    return np.bincount(pairs.drop_duplicates()["home"], minlength=len(homes))
