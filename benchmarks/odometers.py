"""(e): on which day does the odometer show 5,000 or 10,000 km more? On the logs of private drivers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from planner.dates import NO_DAY
from planner.forecast import screen, usage
from planner.forecast.expected import quantile
from planner.forecast.screen import Readings
from planner.settings import Settings
from planner.tables import VEHICLES, empty

EVERY, AFTER_DAYS, APART_DAYS = 5, 60, 90
AHEAD_KM = (5_000, 10_000)


def odometer_table(data: Path) -> str:
    """Median relative error per vehicle, median over vehicles, and the coverage of the 80% window.

    Origins: every fifth credible reading from 60 days after the first on. Known there: the readings up to it,
    thinned from the origin backwards so that they lie 90 days apart or more.
    """
    origins = _origins(pd.read_csv(data / "odometer_logs.csv", parse_dates=["date"]))
    lines = [
        "## (e) odometer_logs.csv, days until +5,000 and +10,000 km",
        "",
        "| method | predictions | vehicles | median of the vehicles' median relative error |",
        "| --- | --- | --- | --- |",
    ]
    for name in ("forecast", "first to last", "last two readings"):
        off = (origins[name] / origins["actual"] - 1).abs()
        good = off.notna()
        middle = off[good].groupby(origins.loc[good, "vehicle_id"]).median()
        shown = f"**{name}**" if name == "forecast" else name
        lines.append(f"| {shown} | {good.sum()} | {len(middle)} | {middle.median():.1%} |")
    inside = origins["actual"].between(origins["low"], origins["high"])
    each = inside.groupby(origins["vehicle_id"]).mean()
    lines += [
        "",
        f"80% window: {inside.mean():.1%} of predictions inside, {each.mean():.1%} on average of vehicles.",
    ]
    return "\n".join(lines)


def _origins(logs: pd.DataFrame) -> pd.DataFrame:
    logs = logs.sort_values(["vehicle_id", "date", "odometer_km"], kind="stable")
    car, names = pd.factorize(logs["vehicle_id"], sort=True)
    day = logs["date"].to_numpy().astype("datetime64[D]")
    whole = Readings(car.astype("int64"), day, logs["odometer_km"].to_numpy(), np.zeros(len(logs), "int64"))
    default = Settings().forecast.default_km_per_month
    unknown = np.full(len(names), NO_DAY)
    whole = screen.one_a_day(whole[screen.credible(whole, np.full(len(names), default / 30.4), unknown)])
    parts: list[Readings] = []
    rows: list[dict[str, object]] = []
    for vehicle in range(len(names)):
        own = whole[np.flatnonzero(whole.car == vehicle)]
        at = own.day.astype("int64")
        for here in range(0, len(own), EVERY):
            if at[here] - at[0] < AFTER_DAYS:
                continue
            known = [here]
            for row in range(here - 1, -1, -1):
                if at[known[-1]] - at[row] >= APART_DAYS:
                    known.append(row)
            if known[-1] != 0:  # the first reading, on the day of purchase, is always known
                known.append(0)
            chosen = own[np.array(known[::-1])]
            for ahead in AHEAD_KM:
                target = own.km[here] + ahead
                if target > own.km[-1]:
                    continue
                reached = float(np.interp(target, own.km[here:], at[here:])) - at[here]
                parts.append(Readings(np.full(len(chosen), len(rows)), chosen.day, chosen.km, chosen.source))
                span = (chosen.day - chosen.day[0]).astype("float64")
                driven = chosen.km - chosen.km[0]
                last = driven[-1] - driven[-2]
                rows.append(
                    {
                        "vehicle_id": names[vehicle],
                        "ahead": ahead,
                        "actual": reached,
                        "first to last": ahead * span[-1] / driven[-1] if driven[-1] > 0 else np.nan,
                        "last two readings": ahead * (span[-1] - span[-2]) / last if last > 0 else np.nan,
                    }
                )
    found = pd.DataFrame(rows)
    known_then = Readings(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("car", "day", "km", "source"))
    )
    vehicles = empty(VEHICLES).reindex(range(len(found)))
    used = usage.estimate(vehicles, known_then, default, np.arange(len(found)) * 0)
    found["forecast"] = found["ahead"] / used.km_per_day
    reach = quantile(0.8) * used.spread
    found["low"], found["high"] = found["forecast"] * np.exp(-reach), found["forecast"] * np.exp(reach)
    return found[found["actual"] > 0]
