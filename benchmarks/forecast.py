"""The forecast against simpler methods, on real records and a sample dealership: `make bench-forecast`.

Every figure is of predictions made from what had happened before. Usage:

    python -m benchmarks.forecast [DATA] [--vehicles N]

DATA is the folder of the real records (default ../shared/data); what is missing is said and left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd

from benchmarks import records, returning, speed
from benchmarks.odometers import odometer_table
from planner.forecast import backtest
from planner.forecast.backtest import BASELINES, LEVELS
from planner.settings import Settings

METHODS = ("expected_on", *BASELINES)
SAMPLE_END = date(2026, 6, 30)
SAMPLE_SEED = 4711


def table(predictions: pd.DataFrame, at_least: int) -> str:
    """Methods by error, of the waits that ended and of which so many visits were known."""
    known = predictions.groupby("vehicle_id").cumcount() + 1
    came = predictions[(known >= at_least) & predictions["visited_on"].notna()]
    lines = [
        "| method | visits | median error, days | mean | bias | within 7 | 14 | 15 | 30 days |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for method in METHODS:
        off = (came[method] - came["visited_on"]).dt.days.dropna()
        if off.empty:
            continue
        size = off.abs()
        within = " | ".join(f"{(size <= days).mean():.1%}" for days in (7, 14, 15, 30))
        name = "**forecast**" if method == "expected_on" else method.replace("_", " ")
        lines.append(
            f"| {name} | {len(off):,} | {size.median():.1f} | {size.mean():.1f} | {off.mean():+.0f} "
            f"| {within} |"
        )
    lines += ["", "| window | actually inside | median width, days |", "| --- | --- | --- |"]
    for level in LEVELS:
        low, high = came[f"low_{level}"], came[f"high_{level}"]
        inside = came["visited_on"].between(low, high).mean()
        lines.append(f"| {level}% | {inside:.1%} | {(high - low).dt.days.median():.0f} |")
    return "\n".join(lines)


def halves(title: str, frames: records.Frames, end: date, at_least: int) -> str:
    """The table of either half of the vehicles, and of both. Neither half was kept out of development."""
    found = backtest(*frames, Settings(), end).predictions
    out = records.odd_half(found["vehicle_id"]).to_numpy(dtype=bool)
    parts = [f"## {title}"]
    for name, rows in (("Odd half (see above, not clean)", out), ("Even half", ~out), ("Both", out | ~out)):
        parts.append(f"{name}:\n\n{table(found[rows], at_least)}")
    return "\n\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--vehicles", type=int, default=100_000, help="of the speed row")
    chosen = parser.parse_args()
    print(
        halves(
            f"(a) Sample dealership, 5,000 vehicles, seed {SAMPLE_SEED}",
            records.sample(5_000, SAMPLE_SEED, SAMPLE_END),
            SAMPLE_END,
            1,
        )
    )
    real: tuple[tuple[str, Callable[[], str]], ...] = (
        (
            "workshop_visits.csv",
            lambda: halves(
                "(b) workshop_visits.csv, two-wheelers, at least two visits known",
                records.workshop(chosen.data),
                date(2019, 1, 6),
                2,
            ),
        ),
        ("workshop_visits.csv", lambda: returning.workshop_tables(chosen.data)),
        (
            "city_fleet_services.csv",
            lambda: halves(
                "(c) city_fleet_services.csv, at least three visits known",
                records.city_fleet(chosen.data),
                date(2023, 8, 8),
                3,
            ),
        ),
        (
            "fleet_ledger.csv",
            lambda: halves(
                "(d) fleet_ledger.csv, at least two services known",
                records.ledger(chosen.data),
                date(2018, 12, 31),
                2,
            ),
        ),
        ("odometer_logs.csv", lambda: odometer_table(chosen.data)),
    )
    for name, made in real:
        print()
        print(made() if (chosen.data / name).is_file() else f"{chosen.data / name} is not there: left out")
    print()
    print(speed.row(chosen.vehicles))


if __name__ == "__main__":
    main()
