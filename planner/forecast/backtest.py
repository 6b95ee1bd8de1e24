"""Backtest: every past maintenance visit as an origin, the next one predicted from what was known there.

The mechanism is that of the forecast: the same usage, rule, rhythm and windows, at each origin from what
had happened up to and including its day, and from what the fleet had taught before its month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.indexers import BaseIndexer

from planner.dates import NO_DAY, Days, days
from planner.forecast import usage
from planner.forecast.expected import Replay, replay
from planner.forecast.origins import STAGES, Known, Origins
from planner.forecast.records import Records, read_records
from planner.forecast.returning import GRACE_DAYS, came_back
from planner.forecast.screen import Floats
from planner.settings import Settings

LEVELS = {"50": 0.5, "80": 0.8, "96": 0.96}
BASELINES = (
    "fixed_interval",
    "last_two_readings",
    "first_to_last",
    "own_median_gap",
    "last_five_gaps",
    "population_gap",
    "log_mean_gaps",
)


@dataclass(frozen=True, slots=True)
class Backtest:
    """Predictions beside what happened.

    predictions: one row an origin (a maintenance visit); columns vehicle_id, predicted_from, visited_on
    (the next maintenance visit; NaT: has not come), service_no (of the next service), stage, rate_source,
    basis (time, km), due_on, interval_days (to each later service, by time), expected_on,
    low_50, high_50, low_80, high_80, low_96, high_96, came_back
    (probability of coming back up to 90 days after high_80; NaN: not estimated), and the day that each of
    BASELINES predicts, NaT where it has no answer. Dates datetime64[us]; order: vehicle_id, predicted_from.

    not_scored: visits without a prediction, by reason: first-visit (nothing at the dealership before it),
    before-purchase (of an earlier owner, or of the delivery), same-day (a second order of one day),
    no-vehicle (the vehicle is not on record).
    """

    predictions: pd.DataFrame
    not_scored: pd.Series


def backtest(
    vehicles: pd.DataFrame, visits: pd.DataFrame, readings: pd.DataFrame, settings: Settings, as_of: date
) -> Backtest:
    """Predict every maintenance visit up to `as_of` from what was known at the one before it.

    vehicles, visits, readings: typed as in planner.tables, in any order. Vehicles are taken as they are
    on record: a stated monthly km, which has no date, is known from the purchase on. Raises
    SettingsError for a wrong intervals file.
    """
    known = read_records(vehicles, visits, readings, settings, as_of)
    origins, was = known.origins()
    learnable = origins.day >= known.recorded_since
    today = np.datetime64(as_of, "D")
    past = replay(origins, learnable, settings.forecast.probability, today, tuple(LEVELS.values()))
    reach = np.exp(past.high[:, 1]) + GRACE_DAYS
    returning = came_back(origins, past, np.ceil(reach), learnable)

    day, car = origins.day, origins.car
    visit = origins.visits > 0
    # The whole days inside the window, each window inside the next wider one, and the day expected.
    expected = np.round(np.exp(past.wait))[:, None]
    low = np.minimum(np.ceil(np.exp(past.low)), expected)
    high = np.maximum(np.floor(np.exp(np.minimum(past.high, 12.0))), expected)
    low, high = np.minimum.accumulate(low, axis=1), np.maximum.accumulate(high, axis=1)
    by_rule = past.kept | known.given[car]
    learnt = np.asarray(np.round(np.exp(past.wait)), dtype="float64")
    due = np.where(by_rule, np.fmin(was.by_time, was.by_km), _after(day, learnt))
    interval = np.where(by_rule, (was.by_time - day).astype("float64"), learnt)
    columns: dict[str, npt.NDArray[np.generic]] = {
        "vehicle_id": known.ids[car],
        "predicted_from": day,
        "visited_on": origins.came,
        "service_no": was.number + 1,
        "stage": np.array(STAGES, dtype=object)[origins.stage],
        "rate_source": was.usage.source,
        "basis": np.where(by_rule & (was.by_km < was.by_time), "km", "time"),
        "due_on": due,
        "interval_days": interval,
        "expected_on": _after(day, np.exp(past.wait)),
    }
    for at, level in enumerate(LEVELS):
        columns[f"low_{level}"] = _after(day, low[:, at])
        columns[f"high_{level}"] = _after(day, high[:, at])
    columns["came_back"] = returning
    columns |= _baselines(known, origins, was, past)
    table = pd.DataFrame({name: values[visit] for name, values in columns.items()})
    kinds = {
        name: "datetime64[us]" for name in table if np.issubdtype(columns[str(name)].dtype, np.datetime64)
    }
    text = dict.fromkeys(("vehicle_id", "stage", "rate_source", "basis"), "str")
    table = table.astype({**kinds, **text, "service_no": "Int64", "came_back": "float64"})
    return Backtest(table, _not_scored(known, visits, as_of))


def _after(day: Days, wait: Floats) -> Days:
    """So many days after a day, rounded; NaT where unknown."""
    return usage.plus_days(day, np.round(wait))


def _baselines(known: Records, origins: Origins, was: Known, past: Replay) -> dict[str, Days]:
    """What simpler methods would have said; each knows what the forecast knew."""
    day, car = origins.day, origins.car
    read = was.usage.readings
    row = np.arange(len(origins))
    first = np.searchsorted(read.car, row, side="left")
    last = np.searchsorted(read.car, row, side="right") - 1

    def by_rate(start: npt.NDArray[np.int64]) -> Days:
        some = (last > first) & (start >= first)
        left, right = np.where(some, start, 0), np.where(some, last, 0)
        if not len(read):
            return np.full(len(row), NO_DAY)
        span = (read.day[right] - read.day[left]).astype("float64")
        rate = np.where(some, (read.km[right] - read.km[left]) / np.maximum(span, 1.0), np.nan)
        rate = np.where(rate > 0, rate, np.nan)
        by_km = usage.plus_days(day, known.km[car] / rate)
        return np.where(np.isnan(rate), NO_DAY, np.fmin(was.by_time, by_km))

    gaps = _gaps(origins)
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = np.where(
            np.isnan(past.mean_gap), np.nan, (gaps["log_sum"] + np.log(past.mean_gap)) / (gaps["count"] + 1)
        )
        own_only = np.where(gaps["count"] > 0, gaps["log_sum"] / gaps["count"], np.nan)
    return {
        "fixed_interval": was.by_time,
        "last_two_readings": by_rate(last - 1),
        "first_to_last": by_rate(first),
        "own_median_gap": _after(day, gaps["median"]),
        "last_five_gaps": _after(day, gaps["last_five"]),
        "population_gap": _after(day, past.median_gap),
        "log_mean_gaps": _after(day, np.exp(np.where(np.isnan(pooled), own_only, pooled))),
    }


class _From(BaseIndexer):
    """Of each row the rows from `first` up to itself; `groupby` would make a window of each car anew."""

    def __init__(self, first: npt.NDArray[np.int64]) -> None:
        super().__init__()
        self.first = first

    def get_window_bounds(
        self,
        num_values: int = 0,
        min_periods: int | None = None,
        center: bool | None = None,
        closed: str | None = None,
        step: int | None = None,
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        return self.first, np.arange(1, num_values + 1)


def _gaps(origins: Origins) -> dict[str, Floats]:
    """Of each origin, of the car's gaps between visits so far: median, median of the last five, ..."""
    same = np.zeros(len(origins), dtype=bool)
    same[1:] = (origins.car[1:] == origins.car[:-1]) & (origins.visits[1:] > 1)
    gap = np.full(len(origins), np.nan)
    gap[1:] = (origins.day[1:] - origins.day[:-1]).astype("float64")
    gap[~same] = np.nan
    row, first = np.arange(len(gap)), np.searchsorted(origins.car, origins.car, side="left")

    def median(since: npt.NDArray[np.int64]) -> Floats:
        return pd.Series(gap).rolling(_From(since), min_periods=1).median().to_numpy(dtype="float64")

    logs = pd.Series(np.nan_to_num(np.log(np.maximum(gap, 1.0))))
    return {
        "median": median(first),
        "last_five": median(np.maximum(first, row - 4)),
        "log_sum": logs.groupby(origins.car).cumsum().to_numpy(dtype="float64"),
        "count": pd.Series(same.astype("float64")).groupby(origins.car).cumsum().to_numpy(dtype="float64"),
    }


def _not_scored(known: Records, visits: pd.DataFrame, as_of: date) -> pd.Series:
    from planner.forecast.intervals import MAINTENANCE

    day = days(visits["visited_on"])
    counted = ((visits["kind"].fillna(MAINTENANCE) == MAINTENANCE) & (day <= np.datetime64(as_of))).to_numpy()
    car = pd.Index(known.ids, dtype="str").get_indexer(pd.Index(visits["vehicle_id"].astype("str")))[counted]
    day = day[counted]
    owned = car >= 0
    before = owned & (day <= known.bought[car]) if len(known.bought) else np.zeros(len(car), dtype=bool)
    first = len(np.unique(known.done.car))
    counts = {
        "first-visit": first,
        "before-purchase": int(before.sum()),
        "same-day": int(owned.sum() - before.sum() - len(known.done.car)),
        "no-vehicle": int((~owned).sum()),
    }
    found = pd.Series(counts, dtype="int64")
    return found[found > 0]
