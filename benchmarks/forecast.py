"""The forecast against simpler methods, on real records and sample dealerships: `make bench-forecast`.

Every figure is of predictions made from what had happened before. Usage:

    python -m benchmarks.forecast [DATA] [--vehicles N]

DATA is the folder of the real records (default ../shared/data); what is missing is said and left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from benchmarks import records, returning, speed
from benchmarks.chance import chance_table
from benchmarks.dealerships import DEALERSHIPS, END, VEHICLES, dealerships
from benchmarks.errors import halves
from benchmarks.odometers import odometer_table
from planner.forecast import backtest


def workshop(data: Path) -> str:
    found = backtest(*records.workshop(data), records.SETTINGS, date(2019, 1, 6)).predictions
    title = "(b) workshop_visits.csv, two-wheelers, at least two visits known"
    return halves(title, found, 2, against="own_median_gap")


def city_fleet(data: Path) -> str:
    found = backtest(*records.city_fleet(data), records.SETTINGS, date(2023, 8, 8)).predictions
    title = "(c) city_fleet_services.csv, at least three visits known"
    return halves(title, found, 3, against="last_five_gaps")


def ledger(data: Path) -> str:
    found = backtest(*records.ledger(data), records.SETTINGS, date(2018, 12, 31)).predictions
    return halves("(d) fleet_ledger.csv, at least two services known", found, 2, against="own_median_gap")


REAL: tuple[tuple[str, Callable[[Path], str]], ...] = (
    ("workshop_visits.csv", workshop),
    ("workshop_visits.csv", chance_table),
    ("workshop_visits.csv", returning.workshop_tables),
    ("city_fleet_services.csv", city_fleet),
    ("city_fleet_services.csv", returning.city_tables),
    ("fleet_ledger.csv", ledger),
    ("odometer_logs.csv", odometer_table),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--vehicles", type=int, default=100_000, help="of the speed row")
    chosen = parser.parse_args()
    print(dealerships())
    print()
    print(returning.sample_tables(records.sample(VEHICLES, DEALERSHIPS[0].seed, END), END))
    for name, made in REAL:
        print()
        print(
            made(chosen.data)
            if (chosen.data / name).is_file()
            else f"{chosen.data / name} is missing: left out"
        )
    print()
    print(speed.row(chosen.vehicles))


if __name__ == "__main__":
    main()
