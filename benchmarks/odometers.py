"""(e): on which day does the odometer show 5,000 or 10,000 km more? On the logs of private drivers."""

from __future__ import annotations

from pathlib import Path
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.records import odd_half
from planner.columns import empty
from planner.dates import NO_DAY
from planner.forecast import screen, usage
from planner.forecast.countries import GENERAL_KM_PER_MONTH
from planner.forecast.screen import Floats, Ints, Readings
from planner.tables import VEHICLES

EVERY, AFTER_DAYS, APART_DAYS = 5, 60, 90
AHEAD_KM = (5_000, 10_000)
METHODS = ("forecast", "first to last", "last two readings")
LEVELS = (0.5, 0.8, 0.96)
DRAWS, SEED = 2_000, 1


def odometer_table(data: Path) -> str:
    """Errors beside two simple rates and coverage of windows, of either half of the vehicles and of both.

    Origins: every fifth credible reading from 60 days after the first on. Known there: the readings up to it,
    thinned from the origin backwards so that they lie 90 days apart or more.

    Of other vehicles the forecast knows all their readings, of its own those up to the origin: what the
    fleet teaches (its median rate, its spreads) is learnt from the others, one vehicle left out.
    """
    found = predictions(pd.read_csv(data / "odometer_logs.csv", parse_dates=["date"]))
    odd = odd_half(found["vehicle_id"]).to_numpy(dtype=bool)
    parts = ["## (e) odometer_logs.csv, days until +5,000 and +10,000 km"]
    for name, rows in (("Odd half", odd), ("Even half", ~odd), ("Both", odd | ~odd)):
        if rows.any():
            parts.append(f"{name}:\n\n{_table(found[rows])}")
    return "\n\n".join(parts)


def _table(found: pd.DataFrame) -> str:
    errors = _errors(found)
    lines = [
        "| method | predictions | vehicles | median of the vehicles' median relative error "
        "| forecast's over it (95% of vehicles drawn again) |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name in METHODS:
        shown, ratio = f"**{name}**", ""
        if name != "forecast":
            shown, (middle, low, high) = name, _ratio(errors["forecast"], errors[name])
            ratio = f"{middle:.2f} ({low:.2f} to {high:.2f})"
        count = found[name].notna().sum()
        lines.append(f"| {shown} | {count} | {len(errors)} | {errors[name].median():.1%} | {ratio} |")
    lines += [
        "",
        "| window | of predictions inside | average of vehicles | median width over days expected |",
        "| --- | --- | --- | --- |",
    ]
    for level in LEVELS:
        reach = NormalDist().inv_cdf((1 + level) / 2) * found["spread"]
        low, high = found["forecast"] * np.exp(-reach), found["forecast"] * np.exp(reach)
        inside = found["actual"].between(low, high)
        each = inside.groupby(found["vehicle_id"]).mean().mean()
        width = ((high - low) / found["forecast"]).median()
        lines.append(f"| {level:.0%} | {inside.mean():.1%} | {each:.1%} | {width:.2f} |")
    return "\n".join(lines)


def _errors(found: pd.DataFrame) -> pd.DataFrame:
    """Of each vehicle the median relative error of each method."""
    off = pd.DataFrame({name: (found[name] / found["actual"] - 1).abs() for name in METHODS})
    return off.groupby(found["vehicle_id"]).median()


def _ratio(ours: pd.Series, theirs: pd.Series) -> tuple[float, float, float]:
    """Our median over theirs, and 95% of it when vehicles are drawn again."""
    pairs = np.column_stack([ours, theirs])[theirs.notna().to_numpy()]
    drawn = np.random.default_rng(SEED).integers(0, len(pairs), (DRAWS, len(pairs)))
    medians = np.median(pairs[drawn], axis=1)
    low, high = np.quantile(medians[:, 0] / medians[:, 1], [0.025, 0.975])
    middle = np.median(pairs, axis=0)
    return float(middle[0] / middle[1]), float(low), float(high)


def predictions(logs: pd.DataFrame) -> pd.DataFrame:
    """One row an origin and distance: vehicle_id, ahead (km), days: actual, METHODS; spread of ln(days)."""
    logs = logs.sort_values(["vehicle_id", "date", "odometer_km"], kind="stable")
    car, names = pd.factorize(logs["vehicle_id"], sort=True)
    day = logs["date"].to_numpy().astype("datetime64[D]")
    whole = Readings(car.astype("int64"), day, logs["odometer_km"].to_numpy(), np.zeros(len(logs), "int64"))
    default = GENERAL_KM_PER_MONTH
    unknown = np.full(len(names), NO_DAY)
    whole = screen.one_a_day(whole[screen.credible(whole, np.full(len(names), default / 30.4), unknown)])
    parts = []
    for vehicle in range(len(names)):
        own = whole[np.flatnonzero(whole.car == vehicle)]
        known, found = _origins(own)
        if len(found):
            others = whole[np.flatnonzero(whole.car != vehicle)]
            found.insert(0, "vehicle_id", names[vehicle])
            parts.append(_predicted(found, known, others, default))
    return pd.concat(parts, ignore_index=True)


def _origins(own: Readings) -> tuple[list[Readings], pd.DataFrame]:
    """Of each origin of one vehicle the readings known, and what the odometer and simple rates say."""
    at = own.day.astype("int64")
    known, rows = [], []
    for here in range(0, len(own), EVERY):
        if at[here] - at[0] < AFTER_DAYS:
            continue
        chosen = own[_thinned(at[: here + 1])]
        span = (chosen.day - chosen.day[0]).astype("float64")
        driven = chosen.km - chosen.km[0]
        last = driven[-1] - driven[-2]
        for ahead in AHEAD_KM:
            target = own.km[here] + ahead
            actual = float(np.interp(target, own.km[here:], at[here:])) - at[here]
            if target > own.km[-1] or actual <= 0:
                continue
            known.append(chosen)
            rows.append(
                {
                    "ahead": ahead,
                    "actual": actual,
                    "first to last": ahead * span[-1] / driven[-1] if driven[-1] > 0 else np.nan,
                    "last two readings": ahead * (span[-1] - span[-2]) / last if last > 0 else np.nan,
                }
            )
    return known, pd.DataFrame(rows)


def _thinned(at: Ints) -> Ints:
    """The last reading, those 90 days or more before the one after, and the first, which is the purchase."""
    known = [len(at) - 1]
    for row in range(len(at) - 2, -1, -1):
        if at[known[-1]] - at[row] >= APART_DAYS:
            known.append(row)
    if known[-1] != 0:
        known.append(0)
    return np.array(known[::-1])


def _predicted(found: pd.DataFrame, known: list[Readings], others: Readings, default: float) -> pd.DataFrame:
    """The forecast's days and their spread; the other vehicles are the fleet of an earlier month."""
    of, which = np.unique(others.car, return_inverse=True)
    fleet = Readings(which.astype("int64"), others.day, others.km, others.source)
    rows = [fleet, *(_named(part, len(of) + row) for row, part in enumerate(known))]
    readings = Readings(
        *(np.concatenate([getattr(part, name) for part in rows]) for name in ("car", "day", "km", "source"))
    )
    count = len(of) + len(known)
    month = (np.arange(count) >= len(of)).astype("int64")
    used = usage.estimate(empty(VEHICLES).reindex(range(count)), readings, default, month)
    car = np.arange(len(of), count)
    days: npt.NDArray[np.float64] = found["ahead"].to_numpy() / used.km_per_day[car]
    spread: Floats = used.spread_ahead(car, days)
    return found.assign(forecast=days, spread=spread)


def _named(part: Readings, car: int) -> Readings:
    return Readings(np.full(len(part), car), part.day, part.km, part.source)
