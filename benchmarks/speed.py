"""Speed: rate and due day of many cars, as arrays and row by row, and do both agree?"""

from __future__ import annotations

import itertools
import math
import time
from datetime import date, timedelta

import numpy as np
import pandas as pd
from dateutil.relativedelta import relativedelta

from planner.dates import NO_DAY
from planner.forecast import due, screen, usage
from planner.forecast.expected import Habit
from planner.forecast.origins import OWN_GAPS
from planner.settings import Settings
from planner.tables import READINGS, VEHICLES, VISITS, empty, typed

AS_OF = date(2026, 1, 1)
PART = 2_000  # cars of the row-by-row reference


def row(vehicles: int) -> str:
    """The speed row: 8 readings a car over 3 years, arrays on all cars and the reference on a part."""
    cars, readings = _fleet(vehicles)
    begun = time.perf_counter()
    rate, day = _arrays(cars, readings)
    arrays = time.perf_counter() - begun
    part = min(PART, vehicles)
    begun = time.perf_counter()
    slow_rate, slow_day = _row_by_row(cars.head(part), readings.head(part * 8))
    rows = (time.perf_counter() - begun) * vehicles / part
    same = np.allclose(rate[:part], slow_rate, rtol=1e-9) and bool((day[:part] == slow_day).all())
    return "\n".join(
        [
            f"## Speed, {vehicles:,} vehicles with 8 readings each over 3 years: rate and due day",
            "",
            "| way | seconds |",
            "| --- | --- |",
            f"| arrays | {arrays:.2f} |",
            f"| row by row (measured on {part:,} vehicles) | {rows:.0f} |",
            "",
            f"{rows / arrays:.0f} times as fast; the same rates and due days: {'yes' if same else 'NO'}.",
        ]
    )


def _fleet(count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(7)
    ids = np.array([f"V{number:07d}" for number in range(count)], dtype=object)
    first = np.full(count, np.datetime64("2023-01-01"))
    day = first[:, None] + np.sort(rng.integers(0, 1090, (count, 8)), axis=1)
    a_day = np.exp(rng.normal(np.log(41), 0.45, count))
    km = np.round(a_day[:, None] * (day - first[:, None]).astype("int64"))
    cars = pd.DataFrame({"vehicle_id": ids, "customer_id": ids, "purchased_on": first, "condition": "used"})
    cars["monthly_km"] = np.round(np.exp(rng.normal(np.log(1250), 0.3, count)))
    readings = pd.DataFrame(
        {"vehicle_id": np.repeat(ids, 8), "read_on": day.ravel(), "odometer_km": km.ravel()}
    )
    for frame, table in ((cars, VEHICLES), (readings, READINGS)):
        for column in table.columns:
            if column.kind == "date" and column.name in frame:
                frame[column.name] = frame[column.name].astype("datetime64[us]")
    return typed(cars.reindex(columns=VEHICLES.names), VEHICLES), typed(readings, READINGS)


def _arrays(cars: pd.DataFrame, readings: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    from planner.forecast.records import read_records

    known = read_records(cars, empty(VISITS), readings, Settings(), AS_OF)
    kept = screen.credible(known.gathered, known.usual_km_per_day, known.new_since)
    started = usage.with_start(known.vehicles, known.gathered[kept])
    used = usage.estimate(known.vehicles, started, known.default_km_per_month)
    anchors = np.full(len(cars), np.datetime64(AS_OF) - 100), np.ones(len(cars), dtype="int64")
    own, end = np.full((len(cars), OWN_GAPS), np.nan), np.datetime64(AS_OF) + 300
    services, _ = due.coming(
        used, anchors, own, known.months, known.km, Habit(0.8), np.datetime64(AS_OF), end
    )
    first = services.drop_duplicates("car")
    days = np.full(len(cars), NO_DAY)
    days[first["car"].to_numpy()] = first["due_on"].to_numpy().astype("datetime64[D]")
    return used.km_per_month, days


def _row_by_row(cars: pd.DataFrame, readings: pd.DataFrame) -> tuple[list[float], np.ndarray]:
    """The same by the book: one car after the other, one reading after the other."""
    rates, days = [], []
    by_car = dict(tuple(readings.groupby("vehicle_id")))
    for _, car in cars.iterrows():
        seen: list[tuple[date, float]] = []
        for _, reading in by_car[car["vehicle_id"]].sort_values(["read_on", "odometer_km"]).iterrows():
            if reading["read_on"] >= car["purchased_on"]:
                seen.append((reading["read_on"].date(), float(reading["odometer_km"])))
        for (one, low), (two, high) in itertools.pairwise(seen):
            assert 0 <= high - low <= 1500 * ((two - one).days + 1), "the made-up readings agree"
        span = (seen[-1][0] - seen[0][0]).days
        prior = float(car["monthly_km"])
        observed = max(50.0, min(20_000.0, (seen[-1][1] - seen[0][1]) / span * 30.4375))
        weight = 0.45**2 * span / (0.45**2 * span + 0.15**2 * 365)
        rate = math.exp(weight * math.log(observed) + (1 - weight) * math.log(prior))
        anchor = AS_OF - timedelta(days=100)
        a_day = rate / 30.4375
        before = [pair for pair in seen if pair[0] <= anchor]
        after = [pair for pair in seen if pair[0] > anchor]
        if before and after:
            (one, low), (two, high) = before[-1], after[0]
            at_anchor = low + (high - low) * (anchor - one).days / (two - one).days
        elif before:
            at_anchor = before[-1][1] + a_day * (anchor - before[-1][0]).days
        else:
            at_anchor = after[0][1] - a_day * (after[0][0] - anchor).days
        limit = max(at_anchor, 0.0) + 15_000
        passed = [index for index, pair in enumerate(seen) if pair[1] >= limit]
        if passed and passed[0] > 0:
            (one, low), (two, high) = seen[passed[0] - 1], seen[passed[0]]
            by_km = one + timedelta(days=math.ceil((limit - low) * (two - one).days / (high - low) - 1e-6))
        else:
            by_km = seen[-1][0] + timedelta(days=math.ceil((limit - seen[-1][1]) / a_day - 1e-6))
        days.append(min(anchor + relativedelta(months=12), by_km))
        rates.append(rate)
    return rates, np.array(days, dtype="datetime64[D]")
