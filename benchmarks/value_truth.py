"""What is true of a sample dealership: expectations of its process, from many cars with their future.

The days are those on which cars really came, before anything was mistyped, and run on after the export until
the car is given up or its owner stops coming. Each figure is counted here from its definition in words
(docs/value.md), car by car and customer by customer with pandas, not with planner.value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from planner.dates import DAYS_PER_MONTH, add_months
from planner.sample.assumptions import number, profile
from planner.sample.cars import make_cars
from planner.sample.driving import Driving
from planner.sample.households import make_households
from planner.sample.people import make_people
from planner.sample.visits import make_visits
from planner.tables import VISIT_KINDS

YEARS_TO_COME = 25
SERVICES = 15  # of the curve
ACTIVE_MONTHS = 18
YEARLY_DISCOUNT = 0.1
SIMPLE_YEARS, ACQUISITION = 5, 300.0
CALLS, MESSAGES = 1.5, 6.0  # contacts a year of a car that is not known to be gone, on average
A_CALL, A_MESSAGE = 3.0, 0.05  # what one costs


@dataclass(frozen=True)
class Population:
    """Cars and visits; gone: known to be by the end; household as the export tells it.

    cars: purchased_on, customer, household, gone. visits: car, day, kind, and what such a visit brings on
    average, amount and margin.
    """

    cars: pd.DataFrame
    visits: pd.DataFrame
    end: pd.Timestamp


def population(vehicles: int, seed: int, end: date) -> Population:
    """A dealership as planner.sample makes it, with what comes after the end as well."""
    homes = make_households(vehicles, seed, end)
    people = make_people(homes, seed, "en")
    later = end + timedelta(days=round(365.25 * YEARS_TO_COME))
    driving = Driving(homes, seed, later)
    cars = make_cars(homes, people, driving, seed, end)
    last = np.fmin(np.minimum(cars.left_on, np.datetime64(later)), cars.sold_on)
    visits = make_visits(homes, replace(cars, until=last), driving, seed, later, "en")
    middle, spread, share = (np.array(profile(name)) for name in ("amount", "amount_spread", "margin"))
    # Mean of a log-normal amount, and x mean share of it: what a visit of the kind brings on average.
    amount = middle * np.exp(spread**2 / 2)
    kind = visits["kind"]
    customer = people.customers["customer_id"]
    household = people.customers["household_id"].fillna(customer)
    return Population(
        pd.DataFrame(
            {
                "purchased_on": pd.to_datetime(homes.bought_on),
                "customer": customer.to_numpy()[people.owner],
                "household": household.to_numpy()[people.owner],
                "gone": cars.vehicles["status"].isin(["sold", "scrapped"]).to_numpy(),
            }
        ),
        pd.DataFrame(
            {
                "car": visits["car"].to_numpy(),
                "day": pd.to_datetime(visits["day"]),
                "kind": kind.to_numpy(),
                "amount": kind.map(dict(zip(VISIT_KINDS, amount, strict=True))).to_numpy(dtype="float64"),
                "margin": kind.map(dict(zip(VISIT_KINDS, amount * share, strict=True))).to_numpy(
                    dtype="float64"
                ),
            }
        ),
        pd.Timestamp(end),
    )


def rates(of: Population) -> dict[str, tuple[float, float]]:
    """Numerator and denominator of each figure as of the end."""
    end, cars = of.end, of.cars
    visits = of.visits[of.visits["day"] <= end]
    visits = visits.assign(customer=cars["customer"].to_numpy()[visits["car"]])

    def ago(months: int) -> pd.Timestamp:
        return end - pd.DateOffset(months=months)

    def active(day: pd.Timestamp) -> set[str]:
        since = day - pd.DateOffset(months=ACTIVE_MONTHS)
        came = visits.loc[(visits["day"] > since) & (visits["day"] <= day), "customer"]
        bought = cars.loc[(cars["purchased_on"] > since) & (cars["purchased_on"] <= day), "customer"]
        return set(came) | set(bought)

    now, before = active(end), active(ago(12))
    window = visits[visits["day"] > ago(ACTIVE_MONTHS)]
    days_here = window.groupby("customer")["day"].nunique()
    year = visits[visits["day"] > ago(12)]
    there = cars[~cars["gone"] & (cars["purchased_on"] <= ago(12))].index
    twice = year.groupby("car")["day"].nunique().reindex(there).fillna(0) >= 2
    margin = year.loc[year["customer"].isin(now), "margin"].sum()
    homes = set(cars.loc[cars["customer"].isin(now), "household"])
    of_homes = year.loc[cars["household"].isin(homes).to_numpy()[year["car"]], "margin"].sum()
    year_before = visits[(visits["day"] > ago(24)) & (visits["day"] <= ago(12))]
    stay = year["customer"].isin(set(year_before["customer"]))
    revenue = year_before["amount"].sum()
    operated = cars[~cars["gone"]]
    latest = visits.groupby("car")["day"].max().reindex(operated.index).fillna(operated["purchased_on"])
    owned = ((end - operated["purchased_on"]).dt.days / 365).clip(upper=1.0)
    contacted = owned[operated["customer"].isin(now)].sum()
    # A purchase is judged when 12 months and 90 days are over; a service when 13 months are.
    due = cars["purchased_on"] + pd.DateOffset(months=12) + pd.Timedelta(days=90)
    judged = due[(due > ago(12)) & (due <= end)]
    serviced = visits[visits["kind"] == "maintenance"]
    first = serviced[serviced["day"] > cars["purchased_on"].to_numpy()[serviced["car"]]]
    first = first.groupby("car")["day"].min().reindex(judged.index)
    of_13 = serviced.assign(over=serviced["day"] + pd.DateOffset(months=13))
    of_13 = of_13[(of_13["over"] > ago(12)) & (of_13["over"] <= end)].sort_values("day")
    of_13 = of_13.drop_duplicates("car", keep="last")
    pairs = of_13[["car", "day", "over"]].merge(visits[["car", "day"]], on="car", suffixes=("", "_next"))
    back = pairs[(pairs["day_next"] > pairs["day"]) & (pairs["day_next"] <= pairs["over"])]["car"].nunique()
    in_a_row, all_of_it = _to_come(of, now)
    return {
        "churn": (len(before - now), len(before)),
        "repeat_rate": (float((days_here > 1).sum()), len(days_here)),
        "retention_13m": (back, len(of_13)),
        "two_visits_12m": (float(twice.sum()), len(twice)),
        "revenue_churn": (float(revenue - year.loc[stay, "amount"].sum()), float(revenue)),
        "active_uio": (float((latest > ago(ACTIVE_MONTHS)).sum()), len(operated)),
        "missing_amount": (number("amount_missing"), 1.0),
        "missing_margin": (number("amount_missing"), 1.0),
        "first_service": (float((first <= judged).sum()), len(judged)),
        "margin_per_customer": (float(margin), len(now)),
        "value_simple_customer": (SIMPLE_YEARS * float(margin), len(now)),
        "value_simple_household": (SIMPLE_YEARS * float(of_homes), len(homes)),
        "contact_cost": (float(contacted) * (CALLS * A_CALL + MESSAGES * A_MESSAGE), len(now)),
        "value_expected": (in_a_row, len(now)),
        "margin_to_come": (all_of_it, len(now)),
    }


def worth(found: Mapping[str, float]) -> dict[str, float]:
    """What margin, contact cost and churn make: year by year as long as a customer stays."""
    margin, churn = found["margin_per_customer"], found["churn"]
    years = np.arange(1, 2_000)
    ltv = float((margin * (1 - churn) ** (years - 1)).sum())
    kept = ((1 - churn) / (1 + YEARLY_DISCOUNT)) ** years
    clv = float(((margin - found["contact_cost"]) * kept).sum()) - ACQUISITION
    return {"ltv": ltv, "clv_net": clv, "ltv_to_cac": ltv / ACQUISITION}


def of_cohorts(of: Population) -> dict[str, tuple[float, float]]:
    """By `13-month retention, 2020` and `year 3, 2020`: how many came again, and in that year of ownership.

    As `rates` has it, of the cars bought in a year; a year of ownership when it is over for all of them.
    """
    end, bought = of.end, of.cars["purchased_on"]
    visits = of.visits[of.visits["day"] <= end]
    began = visits["car"].map(bought)
    served = visits[visits["kind"] == "maintenance"]
    served = served.assign(over=served["day"] + pd.DateOffset(months=13))
    judged = served[(served["over"] > end - pd.DateOffset(months=12)) & (served["over"] <= end)]
    judged = judged.sort_values("day").drop_duplicates("car", keep="last")[["car", "day", "over"]]
    pairs = judged.merge(visits[["car", "day"]], on="car", suffixes=("", "_next"))
    again = pairs[(pairs["day_next"] > pairs["day"]) & (pairs["day_next"] <= pairs["over"])]["car"].unique()
    found: dict[str, tuple[float, float]] = {}
    for year, cars in bought.groupby(bought.dt.year):
        mine = judged["car"].isin(cars.index)
        found[f"13-month retention, {year}"] = (
            float(np.isin(judged["car"][mine], again).sum()),
            int(mine.sum()),
        )
        own = visits[visits["car"].isin(cars.index)]
        since, number = began[own.index], 1
        while cars.max() + pd.DateOffset(months=12 * number) <= end:
            inside = own["day"] >= since + pd.DateOffset(months=12 * (number - 1))
            inside &= own["day"] < since + pd.DateOffset(months=12 * number)
            found[f"year {number}, {year}"] = (float(own["car"][inside].nunique()), len(cars))
            number += 1
    return found


def _to_come(of: Population, now: set[str]) -> tuple[float, float]:
    """Discounted margin of active customers' cars after the end: until a service is missed, and all."""
    active = of.cars["customer"].isin(now).to_numpy()
    later = of.visits[(of.visits["day"] > of.end) & active[of.visits["car"]]]
    years = (later["day"] - of.end).dt.days / 365.25
    worth = later["margin"] / (1 + YEARLY_DISCOUNT) ** years
    served = of.visits[of.visits["kind"] == "maintenance"]
    last = served[served["day"] <= of.end].groupby("car")["day"].max().reindex(of.cars.index)
    last = last.fillna(of.cars["purchased_on"])
    coming = later[later["kind"] == "maintenance"].sort_values(["car", "day"])
    before = coming.groupby("car")["day"].shift().fillna(last.reindex(coming["car"]).set_axis(coming.index))
    late = coming["day"].to_numpy().astype("datetime64[D]") > add_months(before, ACTIVE_MONTHS)
    in_a_row = coming[pd.Series(late).groupby(coming["car"].to_numpy()).cumsum().eq(0).to_numpy()]
    until = in_a_row.groupby("car")["day"].max().reindex(later["car"]).to_numpy()
    return float(worth[later["day"].to_numpy() <= until].sum()), float(worth.sum())


def services_in_a_row(of: Population) -> pd.Series:
    """Of each car how many services it comes for in all until it misses one, whenever that will be."""
    served = of.visits[of.visits["kind"] == "maintenance"].sort_values(["car", "day"])
    before = served.groupby("car")["day"].shift()
    served = served[~((served["day"] - before).dt.days < 30)]
    before = served.groupby("car")["day"].shift()
    bought = pd.Series(of.cars["purchased_on"].to_numpy()[served["car"]], served.index)
    since = before.fillna(bought).to_numpy().astype("datetime64[D]")
    late = served["day"].to_numpy().astype("datetime64[D]") > add_months(since, ACTIVE_MONTHS)
    missed = pd.Series(late).groupby(served["car"].to_numpy()).cumsum()
    counted = missed.eq(0).groupby(served["car"].to_numpy()).sum()
    return counted.reindex(of.cars.index).fillna(0).astype("int64")


def gap_years(of: Population) -> float:
    """Mean years from service to service, of those within the active window."""
    served = of.visits[(of.visits["kind"] == "maintenance") & (of.visits["day"] <= of.end)]
    served = served.sort_values(["car", "day"])
    before = served.groupby("car")["day"].shift()
    before = before.fillna(pd.Series(of.cars["purchased_on"].to_numpy()[served["car"]], served.index))
    gap = (served["day"] - before).dt.days
    return float(gap[(gap >= 30) & (gap <= ACTIVE_MONTHS * DAYS_PER_MONTH)].mean() / 365.25)


def survival(came: pd.Series) -> np.ndarray:
    """Share of the cars that come for all of the first k services, k = 0 to SERVICES and further."""
    return np.array([(came >= k).mean() for k in range(41)])


def discounted(survived: np.ndarray, a_service: float) -> float:
    """Services that a new car brings, the k-th discounted k - 1 times."""
    k = np.arange(1, len(survived))
    return float((survived[1:] / (1 + a_service) ** (k - 1)).sum())
