"""(a): sample dealerships, most of which behave otherwise than the one that ships, and what nobody knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from benchmarks import errors, observer, records
from planner.cycle import load_cycles
from planner.dates import DAYS_PER_MONTH, add_months, days
from planner.forecast import backtest
from planner.forecast.figures import judge
from planner.forecast.usage import plus_days
from planner.sample import make_sample
from planner.sample.assumptions import assuming, number
from planner.sample.driving import Driving
from planner.sample.households import make_households

END = date(2026, 6, 30)
VEHICLES = 5_000


@dataclass(frozen=True)
class Dealership:
    """A seed, and what is assumed otherwise than in docs/sample.md."""

    title: str
    seed: int
    otherwise: dict[str, float | tuple[float, ...]] = field(default_factory=dict)


DEALERSHIPS = (
    Dealership("as it ships, another seed", 8_101),
    Dealership(
        "customers come late, all alike, and many miss a service",
        8_102,
        {
            "service_late": 0.10,
            "rhythm_between": 0.06,
            "rhythm_within": 0.06,
            "service_here": (0.58, 0.52, 0.48, 0.42, 0.38, 0.34, 0.30, 0.28),
        },
    ),
    Dealership(
        "much driving, as unsteady as the private drivers of (e)",
        8_103,
        {"km_per_month": 1_700.0, "usage_between_drivers": 0.55, "usage_within_driver": 0.25},
    ),
    Dealership(
        "loyal customers, each with his own rhythm, and little driving",
        8_104,
        {
            "km_per_month": 900.0,
            "rhythm_between": 0.15,
            "rhythm_within": 0.04,
            "service_here": (0.85, 0.82, 0.80, 0.78, 0.75, 0.72, 0.70, 0.68),
            "loyalty_spread": 1.2,
            "stop_coming": 0.02,
        },
    ),
)


def dealership(of: Dealership) -> str:
    """Errors, windows, contacts that precede visits, and the errors of those who know more."""
    with assuming(**of.otherwise):
        predictions = backtest(*records.sample(VEHICLES, of.seed, END), records.SETTINGS, END).predictions
        floor = _floor(predictions, of.seed)
    changed = ", ".join(f"`{name}` {value}" for name, value in of.otherwise.items()) or "nothing"
    came = predictions[predictions["visited_on"].notna()]
    return "\n\n".join(
        [
            f"### {of.title}: {VEHICLES:,} vehicles, seed {of.seed}",
            f"Otherwise than in the sample that ships: {changed}.",
            errors.methods(came),
            errors.windows(came),
            _contacts(predictions),
            floor,
        ]
    )


def _contacts(predictions: pd.DataFrame) -> str:
    """How many visits that came were preceded by contacts of the shipped cycles."""
    settings = records.SETTINGS
    judged = judge(predictions, load_cycles(settings).touchpoints, settings, END)
    came = judged[judged["error_days"].notna()]
    return (
        f"Preceded by a contact that asks for a service: {came['preceded_by_contact'].mean():.1%} of visits; "
        f"by one 1 to 45 days before: {came['contacted_in_time'].mean():.1%}; by a call 1 to 45 days before: "
        f"{came['called_in_time'].mean():.1%}."
    )


def _floor(predictions: pd.DataFrame, seed: int) -> str:
    """Errors of three who know what no dealership can.

    One knows each car's long-term usage and its customer's usual lateness, as they were drawn; the second
    knows the future usage as well. Neither knows by how much this one visit is early or late, who comes
    elsewhere, and who skips. The third knows how the dealership was made and sees what the records show.
    """
    made = make_sample(VEHICLES, seed, END)
    truth = made.truth.set_index("vehicle_id")
    place = pd.Series(np.arange(len(truth)), index=truth.index)
    row = place.reindex(predictions["vehicle_id"]).to_numpy()
    start = days(predictions["predicted_from"])
    late = np.exp(truth["lateness"].to_numpy()[row])
    a_day = truth["km_per_month"].to_numpy()[row] / DAYS_PER_MONTH
    km = number("service_km")
    by_time = add_months(start, int(number("service_months")))
    driving = Driving(make_households(VEHICLES, seed, END), seed, END)
    known = {
        "long-term usage and usual lateness": plus_days(start, km / a_day),
        "... and the future usage": driving.day(row, driving.km(row, start) + km),
    }
    visited = days(predictions["visited_on"])
    came = ~np.isnat(visited)
    waited = (visited - start).astype("float64")[came]
    ours = (days(predictions["expected_on"]) - start).astype("float64")[came]
    lines = ["| who knows exactly | median error, days | within 30 days |", "| --- | --- | --- |"]
    for name, by_km in known.items():
        due = (np.fmin(by_time, by_km) - start).astype("float64")
        off = np.abs(np.round(due * late)[came] - waited)
        lines.append(f"| {name} | {np.median(off):.1f} | {(off <= 30).mean():.1%} |")
    tables = records.sample(VEHICLES, seed, END)
    told = observer.observed(predictions[came], made.truth, tables, seed, END)
    off = np.abs(np.round(told) - waited)
    lines.append(
        f"| how the sample is made, and the records: the ideal observer | {np.median(off):.1f} "
        f"| {(off <= 30).mean():.1%} |"
    )
    off = np.abs(ours - waited)
    lines.append(
        f"| nothing more than the records: the forecast | {np.median(off):.1f} | {(off <= 30).mean():.1%} |"
    )
    return "\n".join(lines)


def dealerships() -> str:
    """All of them."""
    return "\n\n".join(["## (a) Sample dealerships", *(dealership(each) for each in DEALERSHIPS)])
