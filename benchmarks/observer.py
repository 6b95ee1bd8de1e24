"""An ideal observer of a sample dealership: he knows how it was drawn, and sees what the records show.

No method that sees the same records can be expected to be better: what is left to him is chance. He knows
the law behind every car (docs/sample.md) but not the numbers drawn from it: of those he has what Bayes' rule
makes of the odometer readings so far, of what the buyer said, and of how late past services were. He knows
the season, which customers are companies, and every reading to the km, without typing errors.

Method: the logarithm of the rate between two readings is the driver's plus the mean of his years' factors,
weighed by how much of the span lies in each: normal, so that the posterior has a closed form (linear
regression with a normal prior; Bishop, Pattern Recognition and Machine Learning, 2006, section 3.3). Of it
DRAWS futures are drawn, and he names the median day of the next service.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.dates import add_months, days
from planner.sample.assumptions import number
from planner.sample.draw import Days, Floats, Ints
from planner.sample.driving import Driving
from planner.sample.households import make_households

DRAWS = 400
READING_NOISE = 0.01  # of ln: the mean of factors is not the factor of means
SKIPPED_FROM = 0.45  # of ln: so much over what is due, a service was missed between two visits
YEARS_AHEAD = 3


def observed(
    predictions: pd.DataFrame, truth: pd.DataFrame, tables: tuple[pd.DataFrame, ...], seed: int, end: date
) -> Floats:
    """The days that he says the customer lets pass, along predictions (vehicle_id, predicted_from)."""
    vehicles, visits, readings = tables
    homes = make_households(len(truth), seed, end)
    driving = Driving(homes, seed, end)
    place = pd.Series(np.arange(len(truth)), index=truth["vehicle_id"])
    said = vehicles.set_index("vehicle_id")["monthly_km"].reindex(truth["vehicle_id"]).to_numpy()
    seen = _days_of_cars(place, visits, readings)
    served = visits[visits["kind"].fillna("maintenance") == "maintenance"]
    services = _days_of_cars(place, served, readings.head(0))
    rng = np.random.default_rng(seed)
    company = homes.company[homes.household]
    prior = np.log(number("km_per_month") * np.where(company, number("fleet_usage"), 1.0))
    out = np.empty(len(predictions))
    cars = place.reindex(predictions["vehicle_id"]).to_numpy()
    for at, (car, start) in enumerate(zip(cars, days(predictions["predicted_from"]), strict=True)):
        known = seen[car]
        rates = _draw_rates(driving, car, known[known <= start], start, prior[car], said[car], rng)
        past = services[car]
        late = _draw_lateness(driving, car, past[past <= start], rng)
        due = _due(driving, car, start, rates)
        out[at] = np.median(due * np.exp(late))
    return out


def _days_of_cars(place: pd.Series, visits: pd.DataFrame, readings: pd.DataFrame) -> list[Days]:
    """Of every car the days on which its odometer was read."""
    both = pd.concat(
        [
            visits.loc[visits["odometer_km"].notna(), ["vehicle_id", "visited_on"]],
            readings[["vehicle_id", "read_on"]].rename(columns={"read_on": "visited_on"}),
        ]
    )
    found: list[Days] = [np.array([], dtype="datetime64[D]")] * len(place)
    for vehicle, on in both.groupby("vehicle_id")["visited_on"]:
        found[int(place[vehicle])] = np.unique(days(on))
    return found


def _draw_rates(
    driving: Driving,
    car: int,
    read: Days,
    start: np.datetime64,
    prior: float,
    said: float,
    rng: np.random.Generator,
) -> npt.NDArray[np.float64]:
    """Draws x years of ownership: km a month on the season's clock, as readings up to start leave them."""
    bought = driving.bought[car]
    last = (
        int(np.searchsorted(driving.year_starts, (start - driving.first_day).astype(int) - bought, "right"))
        - 1
    )
    years = last + 1 + YEARS_AHEAD
    ticks = np.unique(np.concatenate([[bought], (read - driving.first_day).astype("int64")]))
    begins = np.append(driving.year_begins[car], np.inf)[: years + 1]
    begins = np.pad(begins, (0, years + 1 - len(begins)), constant_values=np.inf)
    clock = driving.clock[ticks]
    spans = np.maximum(
        np.minimum(clock[1:, None], begins[None, 1:]) - np.maximum(clock[:-1, None], begins[None, :-1]), 0.0
    )
    km = np.diff(driving.km(np.full(len(ticks), car), driving.first_day + ticks))
    length = np.diff(clock)
    use = (length > 0.2) & (km > 0)  # a few days tell nothing
    design = np.column_stack([np.ones(use.sum()), spans[use] / length[use, None]])
    target = np.log(km[use] / length[use]) - prior
    noise = np.full(use.sum(), READING_NOISE)
    if said > 0:
        design = np.vstack([design, np.eye(1, years + 1)])
        target = np.append(target, np.log(said) - prior)
        noise = np.append(noise, number("monthly_km_error"))
    spread = np.full(years + 1, number("usage_within_driver"))
    spread[0] = number("usage_between_drivers")
    precision = np.diag(spread**-2) + design.T @ (design / noise[:, None] ** 2)
    covariance = np.linalg.inv(precision)
    mean = covariance @ (design.T @ (target / noise**2))
    drawn = rng.multivariate_normal(mean, covariance, DRAWS, method="cholesky")
    return np.exp(prior + drawn[:, :1] + drawn[:, 1:])


def _due(driving: Driving, car: int, start: np.datetime64, rates: npt.NDArray[np.float64]) -> Floats:
    """Days from start until the service is due in each of the futures."""
    at = int((start - driving.first_day).astype("int64"))
    bought, clock = driving.bought[car], driving.clock
    ends = np.minimum(
        bought + np.rint(365.25 * np.arange(1, rates.shape[1] + 1)).astype("int64"), len(clock) - 1
    )
    edges = np.maximum(clock[ends], clock[at])
    opens = np.concatenate([[clock[at]], edges[:-1]])
    opens = np.maximum(opens, clock[at])
    driven = np.cumsum(rates * (edges - opens), axis=1)
    year = np.minimum((driven < number("service_km")).sum(axis=1), rates.shape[1] - 1)
    row = np.arange(len(rates))
    before = np.where(year > 0, driven[row, year - 1], 0.0)
    ticks = opens[year] + (number("service_km") - before) / rates[row, year]
    by_km = np.searchsorted(clock, ticks) - at
    by_time = int((add_months(start, int(number("service_months"))) - start).astype("int64"))
    return np.minimum(by_km, by_time).astype("float64")


def _draw_lateness(driving: Driving, car: int, services: Days, rng: np.random.Generator) -> Floats:
    """ln(wait over what is due) of the next service, as the waits so far leave it."""
    start = np.concatenate([[driving.first_day + driving.bought[car]], services])
    which: Ints = np.full(len(start), car)
    by_km = driving.day(which, driving.km(which, start) + number("service_km"))
    due = np.minimum(add_months(start, int(number("service_months"))), by_km)
    waits = (start[1:] - start[:-1]).astype("float64") / (due - start)[:-1].astype("float64")
    late = np.log(waits[waits > 0])
    late = late[np.abs(late) < SKIPPED_FROM]
    between, within = number("rhythm_between") ** 2, number("rhythm_within") ** 2
    spread = 1 / (1 / between + len(late) / within)
    mean = spread * (number("service_late") / between + late.sum() / within)
    drawn: Floats = rng.normal(mean, np.sqrt(spread + within), DRAWS)
    return drawn
