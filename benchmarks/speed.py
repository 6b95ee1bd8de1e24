"""Speed: rate and due day of many cars, as arrays and row by row, and do both agree?"""

from __future__ import annotations

import itertools
import math
import statistics
import time
from datetime import date, timedelta

import numpy as np
import pandas as pd
from dateutil.relativedelta import relativedelta

from benchmarks.records import SETTINGS
from planner.columns import empty, typed
from planner.dates import NO_DAY
from planner.forecast import due, usage
from planner.forecast.expected import Habit
from planner.forecast.origins import OWN_GAPS, warranty_ends
from planner.forecast.restarts import screened
from planner.tables import READINGS, VEHICLES, VISITS

AS_OF = date(2026, 1, 1)
Pair = tuple[date, float]  # the day of a reading and its km
Turn = tuple[float, float]  # ln of rates: how far the recent one was apart, and how far the next
PART = 2_000  # cars of the row-by-row reference


def row(vehicles: int) -> str:
    """The speed row: 8 readings a car over 3 years, arrays on all cars and the reference on a part."""
    cars, readings = _fleet(vehicles)
    begun = time.perf_counter()
    _arrays(cars, readings)
    arrays = time.perf_counter() - begun
    part = min(PART, vehicles)
    some = cars.head(part), readings.head(part * 8)
    begun = time.perf_counter()
    slow_rate, slow_day = _row_by_row(*some)
    rows = (time.perf_counter() - begun) * vehicles / part
    rate, day = _arrays(*some)  # once more on the part, which teaches less than the whole fleet
    same = np.allclose(rate, slow_rate, rtol=1e-9) and bool((day == slow_day).all())
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
    a_day = np.exp(
        rng.normal(np.log(41), 0.45, (count, 1)) + np.cumsum(rng.normal(0, 0.15, (count, 8)), axis=1)
    )
    days = np.diff(day, axis=1, prepend=first[:, None]).astype("int64")
    km = np.cumsum(np.round(a_day * days), axis=1)
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

    known = read_records(cars, empty(VISITS), readings, SETTINGS, AS_OF)
    found = screened(known.gathered, known.usual_km_per_day, known.new_since)
    started = usage.with_start(known.vehicles, found.credible)
    used = usage.estimate(known.vehicles, started, known.default_km_per_month)
    today, count = np.datetime64(AS_OF), len(cars)
    own = np.full((count, OWN_GAPS), np.nan)
    hang_on = due.Cars(
        since=np.full(count, today - 100),
        number=np.ones(count, dtype="int64"),
        visits=np.ones(count, dtype="int64"),
        own=own,
        late=own,
        months=known.months,
        km=known.km,
        learnt_days=np.full(count, np.nan),
        bought=known.bought,
        warranty_end=warranty_ends(known.vehicles),
    )
    services, _ = due.coming(used, hang_on, Habit(0.8), today, today + 300)
    first = services.drop_duplicates("car")
    days = np.full(len(cars), NO_DAY)
    days[first["car"].to_numpy()] = first["due_on"].to_numpy().astype("datetime64[D]")
    return used.km_per_month, days


def _row_by_row(cars: pd.DataFrame, readings: pd.DataFrame) -> tuple[list[float], np.ndarray]:
    """The same by the book: one car after the other, one reading after the other."""
    by_car = dict(tuple(readings.groupby("vehicle_id")))
    logs = []
    for _, car in cars.iterrows():
        seen: list[Pair] = []
        for _, reading in by_car[car["vehicle_id"]].sort_values(["read_on", "odometer_km"]).iterrows():
            if reading["read_on"] >= car["purchased_on"]:
                pair = reading["read_on"].date(), float(reading["odometer_km"])
                if seen and seen[-1][0] == pair[0]:
                    seen.pop()
                seen.append(pair)
        for (one, low), (two, high) in itertools.pairwise(seen):
            assert 0 <= high - low <= 1500 * ((two - one).days + 1), "the made-up readings agree"
        logs.append(seen)
    rates = plain_rates(logs, [float(km) for km in cars["monthly_km"]])
    days = [_due(seen, rate / 30.4375) for seen, rate in zip(logs, rates, strict=True)]
    return rates, np.array(days, dtype="datetime64[D]")


def plain_rates(logs: list[list[Pair]], stated: list[float]) -> list[float]:
    """Km a month of a fleet in which everybody states his, from credible readings, one a day, in order."""
    share = plain_lean([turn for seen in logs for turn in _turns(seen)])
    observed = [_observed(seen) for seen in logs]
    unrests = [_unrest(seen) for seen in logs]
    squares, count = 30 * 0.2**2, 30.0
    for unrest, freedom in unrests:
        if freedom:
            squares += unrest * min(freedom, 4) / freedom
            count += min(freedom, 4)
    within = max(0.05, math.sqrt(squares / count))
    between = 0.45
    long = [number for number, (_, span) in enumerate(observed) if span >= 180]
    if len(long) >= 8:
        off = statistics.median(abs(math.log(observed[number][0] / stated[number])) for number in long)
        added = within**2 * statistics.median(math.sqrt(365 / observed[number][1]) for number in long)
        square = max(0.0, (off / 0.6745) ** 2 - added)
        between = max(0.1, math.sqrt((30 * 0.45**2 + len(long) * square) / (30 + len(long))))
    rates = []
    for prior, seen, (rate, span), (unrest, freedom) in zip(stated, logs, observed, unrests, strict=True):
        if span:
            rate *= (_rate(seen, 30) / rate) ** share
            own = math.sqrt((4 * within**2 + unrest) / (4 + freedom))
            weight = between**2 / (between**2 + own**2 * math.sqrt(365 / span))
            prior = math.exp(weight * math.log(rate) + (1 - weight) * math.log(prior))
        rates.append(prior)
    return rates


def _observed(seen: list[Pair]) -> tuple[float, float]:
    """The long-term rate and the days observed; 0 below 30 days."""
    days = (seen[-1][0] - seen[0][0]).days if seen else 0
    return (_rate(seen, 180), float(days)) if days >= 30 else (math.nan, 0.0)


def _rate(seen: list[Pair], half_life: int) -> float:
    """Km a month, days of so many days ago counting half."""
    last, total, weights = seen[-1][0], 0.0, 0.0
    for (one, low), (two, high) in itertools.pairwise(seen):
        weight = 0.5 ** ((last - two).days / half_life) - 0.5 ** ((last - one).days / half_life)
        total += weight * (high - low) / (two - one).days
        weights += weight
    return _held(total / weights * 30.4375)


def _held(rate: float) -> float:
    return max(50.0, min(20_000.0, rate))


def _turns(seen: list[Pair]) -> list[Turn]:
    """How far recent rates were from the long-term ones, and what came next; the latest four."""
    found = []
    for _ in range(4):
        if not seen:
            break
        on, km = seen[-1]
        seen = [pair for pair in seen if (on - pair[0]).days >= 90]
        if seen and (seen[-1][0] - seen[0][0]).days >= 30:
            long_term = _rate(seen, 180)
            since = _held((km - seen[-1][1]) / (on - seen[-1][0]).days * 30.4375)
            found.append((math.log(_rate(seen, 30) / long_term), math.log(since / long_term)))
    return found


def plain_lean(turns: list[Turn]) -> float:
    """The slope through 0 that those who are off by more than 0.1 move less, with 30 that did not turn."""
    turns = [(apart, turned) for apart, turned in turns if abs(apart) > 1e-9]
    share = 0.0
    for _ in range(15):
        above, below = 0.0, sum(apart**2 for apart, _ in turns) / len(turns) * 30 if turns else 1.0
        for apart, turned in turns:
            off = abs(turned - share * apart)
            trust = 1.0 if off < 0.1 else 0.1 / off
            above += trust * apart * turned
            below += trust * apart**2
        share = above / below
    return max(0.0, min(1.0, share))


def _unrest(seen: list[Pair]) -> tuple[float, int]:
    """How the rate changed from quarter to quarter: sum of squares, and how many changes."""
    quarters: dict[int, Pair] = {}
    for on, km in seen:
        quarters.setdefault((on - seen[0][0]).days // 90, (on, km))
    logs, weights = [], []
    for (one, low), (two, high) in itertools.pairwise(quarters.values()):
        days = (two - one).days
        if days >= 30:
            logs.append(math.log(_held((high - low) / days * 30.4375)))
            weights.append(math.sqrt(days / 365))
    if not logs:
        return 0.0, 0
    mean = sum(log * weight for log, weight in zip(logs, weights, strict=True)) / sum(weights)
    unrest = sum(weight * (log - mean) ** 2 for log, weight in zip(logs, weights, strict=True))
    return unrest, len(logs) - 1


def _due(seen: list[Pair], a_day: float) -> date:
    """A year after the anchor or 15,000 km after it, whichever comes first."""
    anchor = AS_OF - timedelta(days=100)
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
    return min(anchor + relativedelta(months=12), by_km)
