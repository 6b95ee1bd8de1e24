"""Who comes back: the probability told at each past visit beside what happened; part of the forecast's page.

Alone, for the tables of docs/forecast-benchmark.md:

    python -m benchmarks.returning [DATA]
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks import records
from planner.forecast import backtest, forecast
from planner.forecast.returning import GRACE_DAYS

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

BINS = 5
MANY = 1_000  # predictions, from which there are twice as many bins
GRACE = pd.Timedelta(days=GRACE_DAYS)


def returning(title: str, frames: records.Frames, end: date) -> str:
    """Told at each past visit, of those of which the 80% window and 90 days more are over; by half."""
    told = backtest(*frames, records.SETTINGS, end).predictions
    until = told["high_80"] + GRACE
    known = (told.groupby("vehicle_id").cumcount() + 1).to_numpy()
    over = (until <= pd.Timestamp(end)).to_numpy()
    closed = over & told["came_back"].notna().to_numpy()
    came = (told["visited_on"] <= until).to_numpy()
    odd = records.odd_half(told["vehicle_id"]).to_numpy(dtype=bool)
    parts = [f"## {title}"]
    silent = int((over & ~closed).sum())
    parts.append(
        f"{len(told):,} past visits; of {int(over.sum()):,} the time is over, of {silent:,} of these nothing "
        "was told because fewer than 30 waits had ended."
    )
    for name, half in (("Odd half", odd), ("Even half", ~odd), ("Both", odd | ~odd)):
        rows = closed & half
        parts.append(f"{name}:\n\n{table(told['came_back'].to_numpy()[rows], came[rows], known[rows])}")
    return "\n\n".join(parts)


def still_out(title: str, frames: records.Frames, end: date, days: tuple[date, ...]) -> str:
    """Told on one day of every car: that it comes by 90 days after its window, as it has not come yet."""
    vehicles, visits, readings = frames
    parts = [f"## {title}"]
    for day in days:
        services = forecast(vehicles, visits, readings, records.SETTINGS, day, day.replace(year=day.year + 5))
        first = services.services.drop_duplicates("vehicle_id")
        until = first["high_on"] + GRACE
        serviced = visits["kind"].fillna("maintenance") == "maintenance"
        later = visits[serviced & (visits["visited_on"] > pd.Timestamp(day))]
        came = first["vehicle_id"].map(later.groupby("vehicle_id")["visited_on"].min()) <= until
        rows = (first["return_probability"].notna() & (until <= pd.Timestamp(end))).to_numpy()
        told = first["return_probability"].to_numpy()[rows]
        parts.append(f"On {day}:\n\n{table(told, came.to_numpy()[rows])}")
    return "\n\n".join(parts)


def table(told: Floats, came: Bools, known: npt.NDArray[np.int64] | None = None) -> str:
    """All, by visits known, and by bins of equal size of the probability told."""
    lines = [
        "| predictions | number | told | came | standard error |",
        "| --- | --- | --- | --- | --- |",
        _row("all", told, came),
    ]
    for visits in (1, 2, 3) if known is not None else ():
        group = np.minimum(known, 3) == visits
        if group.any():
            name = f"{visits} visit{'s' * (visits > 1)} known" if visits < 3 else "3 or more visits known"
            lines.append(_row(name, told[group], came[group]))
    bins = pd.qcut(told, BINS * (2 if len(told) >= MANY else 1), duplicates="drop")
    for place in np.unique(bins.codes):
        inside = bins.codes == place
        lines.append(
            _row(f"told {told[inside].min():.1%} to {told[inside].max():.1%}", told[inside], came[inside])
        )
    share = came.mean()
    lines += [
        "",
        f"Brier score {((told - came) ** 2).mean():.4f} (of the share that came: {share * (1 - share):.4f}), "
        f"log loss {_log_loss(told, came):.4f} ({_log_loss(np.full(len(told), share), came):.4f}), "
        f"AUC {_auc(told, came):.3f}.",
    ]
    return "\n".join(lines)


def _row(name: str, told: Floats, came: Bools) -> str:
    """The standard error is that of the share that comes if what was told is true."""
    error = np.sqrt((told * (1 - told)).sum()) / len(told)
    return f"| {name} | {len(told):,} | {told.mean():.1%} | {came.mean():.1%} | {error:.1%} |"


def _log_loss(told: Floats, came: Bools) -> float:
    told = np.clip(told, 1e-6, 1 - 1e-6)
    return float(-np.log(np.where(came, told, 1 - told)).mean())


def _auc(told: Floats, came: Bools) -> float:
    """How often somebody who came was told more than somebody who did not."""
    ranks = pd.Series(told).rank().to_numpy()
    yes, no = int(came.sum()), int((~came).sum())
    return float((ranks[came].sum() - yes * (yes + 1) / 2) / (yes * no)) if yes and no else float("nan")


def workshop_tables(data: Path) -> str:
    return returning("(b) Who comes back", records.workshop(data), date(2019, 1, 6))


def sample_tables(frames: records.Frames, end: date) -> str:
    return "\n\n".join(
        [
            returning("(a) Who comes back", frames, end),
            still_out(
                "(a) Who is still to come, as told on a day",
                frames,
                end,
                (date(2022, 6, 30), date(2024, 3, 31)),
            ),
        ]
    )


def city_tables(data: Path) -> str:
    frames, end = records.city_fleet(data), date(2023, 8, 8)
    return "\n\n".join(
        [
            returning("(c) Who comes back", frames, end),
            still_out(
                "(c) Who is still to come, as told on a day",
                frames,
                end,
                (date(2012, 6, 30), date(2017, 6, 30), date(2021, 6, 30)),
            ),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data"))
    data = parser.parse_args().data
    end = date(2026, 6, 30)
    print(sample_tables(records.sample(5_000, 4711, end), end))
    for name, made in (("workshop_visits.csv", workshop_tables), ("city_fleet_services.csv", city_tables)):
        print()
        print(made(data) if (data / name).is_file() else f"{data / name} is not there: left out")


if __name__ == "__main__":
    main()
