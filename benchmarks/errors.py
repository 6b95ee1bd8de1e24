"""How far predictions of the next visit were off, beside simple methods: tables of the forecast's page."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks import records
from planner.forecast.backtest import BASELINES, LEVELS

Floats = npt.NDArray[np.float64]

FORECAST = "expected_on"
WITHIN = (7, 14, 15, 30)
DRAWS, SEED = 1_000, 1


def halves(title: str, predictions: pd.DataFrame, at_least: int, *, against: str | None = None) -> str:
    """Of waits that ended and of which so many visits were known: odd half of the vehicles, even half, both.

    against: a simple method with which windows and the ratio of errors are compared more closely.
    """
    known = predictions.groupby("vehicle_id").cumcount() + 1
    came = predictions[(known >= at_least) & predictions["visited_on"].notna()]
    odd = records.odd_half(came["vehicle_id"]).to_numpy(dtype=bool)
    parts = [f"## {title}"]
    for name, rows in (("Odd half", odd), ("Even half", ~odd), ("Both", odd | ~odd)):
        parts.append(f"{name}:\n\n{methods(came[rows])}\n\n{windows(came[rows])}")
    if against:
        parts.append(beside(came, against))
    return "\n\n".join(parts)


def methods(came: pd.DataFrame) -> str:
    """Errors of each method on the visits that it answers for, and the forecast's on the same."""
    ours = _off(came, FORECAST)
    lines = [
        "| method | visits | median error, days | forecast on the same | ratio | mean | bias "
        "| within 7 | 14 | 15 | 30 days |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for method in (FORECAST, *BASELINES):
        off = _off(came, method)
        there = ~np.isnan(off)
        if not there.any():
            continue
        size, same = np.abs(off[there]), np.median(np.abs(ours[there]))
        name = "**forecast**" if method == FORECAST else method.replace("_", " ")
        lines.append(
            f"| {name} | {len(size):,} | {np.median(size):.1f} | {same:.1f} | {same / np.median(size):.2f} "
            f"| {size.mean():.1f} | {off[there].mean():+.0f} "
            f"| {' | '.join(f'{(size <= days).mean():.1%}' for days in WITHIN)} |"
        )
    return "\n".join(lines)


def windows(came: pd.DataFrame) -> str:
    """How often the windows held, and how wide they were."""
    lines = ["| window | actually inside | median width, days |", "| --- | --- | --- |"]
    for level in LEVELS:
        low, high = came[f"low_{level}"], came[f"high_{level}"]
        inside = came["visited_on"].between(low, high).mean()
        lines.append(f"| {level}% | {inside:.1%} | {(high - low).dt.days.median():.0f} |")
    return "\n".join(lines)


def beside(came: pd.DataFrame, method: str) -> str:
    """The ratio of median errors with vehicles drawn again, and windows of the same coverage in hindsight."""
    name = method.replace("_", " ")
    came = came[came[method].notna()]
    ours, theirs = np.abs(_off(came, FORECAST)), np.abs(_off(came, method))
    starts = np.flatnonzero(came["vehicle_id"].ne(came["vehicle_id"].shift()).to_numpy())
    of_vehicle = np.split(np.arange(len(came)), starts[1:])
    rng = np.random.default_rng(SEED)
    ratios, gained = [], []
    for _ in range(DRAWS):
        drawn = np.concatenate([of_vehicle[at] for at in rng.integers(0, len(of_vehicle), len(of_vehicle))])
        ratios.append(np.median(ours[drawn]) / np.median(theirs[drawn]))
        gained.append((ours[drawn] <= 30).mean() - (theirs[drawn] <= 30).mean())
    low, high = np.quantile(ratios, (0.025, 0.975))
    least, most = np.quantile(gained, (0.025, 0.975))
    inside = came["visited_on"].between(came["low_80"], came["high_80"]).mean()
    told = (came[method] - came["predicted_from"]).dt.days.to_numpy(dtype="float64")
    waited = (came["visited_on"] - came["predicted_from"]).dt.days.to_numpy(dtype="float64")
    ratio = np.quantile(np.abs(np.log(np.maximum(waited, 1) / np.maximum(told, 1))), inside)
    by_ratio = np.median(told * (np.exp(ratio) - np.exp(-ratio)))
    by_days = 2 * np.quantile(theirs, inside)
    width = (came["high_80"] - came["low_80"]).dt.days.median()
    more = 100 * ((ours <= 30).mean() - (theirs <= 30).mean())
    error = np.median(ours) / np.median(theirs)
    return " ".join(
        [
            f"Beside the {name} ({len(came):,} visits; 95% of {DRAWS:,} draws of vehicles):",
            f"median error {error:.2f} of it ({low:.2f} to {high:.2f});",
            f"within 30 days {more:+.1f} points ({100 * least:+.1f} to {100 * most:+.1f}).",
            f"As wide as needed for the same {inside:.1%} in hindsight, windows around the {name} are",
            f"{by_ratio:.0f} days (by ratio) or {by_days:.0f} days (by days), the forecast's {width:.0f}.",
        ]
    )


def _off(came: pd.DataFrame, method: str) -> Floats:
    """Predicted minus actual, in days; NaN where there is no answer."""
    return (came[method] - came["visited_on"]).dt.days.to_numpy(dtype="float64")
