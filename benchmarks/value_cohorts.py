"""The intervals of cohorts where cohorts really differ: part of `make bench-value`.

In the sample they do not, so that drawing them to all cars cannot go wrong. Here the households of each year
have more or less loyalty, the same in every dealership; what is true of each is counted as in
benchmarks.value_truth.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd

from benchmarks import value_truth
from planner.sample.assumptions import assuming
from planner.settings import Settings
from planner.value import value_report

SPREADS = (0.0, 0.3, 0.6)  # standard deviation between cohorts, about in log-odds of coming
# Of the cohorts of the year of the end, the year before, ...: good and bad years, in no order; spread 1.
GOOD_YEARS = np.array([0.0, 0.6, -1.3, 1.1, -0.6, 1.5, -1.1, 0.4, -0.6])
SIZES, FIRST_SEED = (1_000, 3_000), 50_000
TRUTH_VEHICLES, TRUTH_SEEDS = 60_000, range(910, 914)
SHOWN = ("expected services", "comes for 1 in a row", "comes for 3 in a row", "comes for 5 in a row",
         "13-month retention", "a year of ownership")  # fmt: skip


def truth(end: date) -> dict[str, float]:
    """By figure and cohort, as in `told`."""
    sums: dict[str, np.ndarray] = {}
    came, year, gaps = [], [], []
    for seed in TRUTH_SEEDS:
        people = value_truth.population(TRUTH_VEHICLES, seed, end)
        for name, both in value_truth.of_cohorts(people).items():
            sums[name] = sums.get(name, np.zeros(2)) + both
        came.append(value_truth.services_in_a_row(people))
        year.append(people.cars["purchased_on"].dt.year)
        gaps.append(value_truth.gap_years(people))
    found = {name: float(x / n) for name, (x, n) in sums.items() if n}
    services, bought = pd.concat(came).to_numpy(), pd.concat(year).to_numpy()
    discount = (1 + Settings().value.discount_rate) ** float(np.mean(gaps)) - 1
    for one in np.unique(bought):
        left = value_truth.survival(pd.Series(services[bought == one]))
        found[f"expected services, {one}"] = value_truth.discounted(left, discount)
        found |= {f"comes for {k} in a row, {one}": float(left[k]) for k in (1, 3, 5)}
    return found


def told(tables: dict[str, pd.DataFrame], end: date) -> pd.DataFrame:
    """What the report says of the cohorts: figure, cohort, value, low, high."""
    report = value_report(tables, Settings(), end)
    fits = report.fits[report.fits["by"].eq("cohort")]
    curve = report.curve[report.curve["by"].eq("cohort") & report.curve["service_no"].isin([1, 3, 5])]
    figures = report.figures
    again = figures["metric"].eq("retention_13m") & figures["by"].eq("cohort") & figures["month"].isna()
    years = report.cohorts
    parts = [
        fits.assign(figure="expected services")[
            ["figure", "group", "expected_services", "expected_low", "expected_high"]
        ],
        curve.assign(
            figure="comes for " + curve["service_no"].astype("str") + " in a row",
            value=curve["fitted"].fillna(curve["projected"]),
        )[["figure", "group", "value", "low", "high"]],
        figures[again].assign(figure="13-month retention")[["figure", "group", "value", "low", "high"]],
        years.assign(
            figure="year " + years["year_of_ownership"].astype("str"), group=years["cohort"].astype("str")
        )[["figure", "group", "retention", "low", "high"]],
    ]
    names = ["figure", "cohort", "value", "low", "high"]
    return pd.concat([part.set_axis(names, axis=1) for part in parts], ignore_index=True).dropna()


def covered(
    tables_of: Callable[[int, int], dict[str, pd.DataFrame]],
    end: date,
    spread: float,
    count: int,
) -> pd.DataFrame:
    """One row a dealership, figure and cohort: spread, holds, off, drawn (towards all cars), width."""
    with assuming(loyalty_by_cohort=tuple(spread * GOOD_YEARS)):
        true = truth(end)
        parts = [
            told(tables_of(size, FIRST_SEED + number), end).assign(size=size, dealership=number)
            for size in SIZES
            for number in range(count)
        ]
    rows = pd.concat(parts, ignore_index=True)
    is_true = (rows["figure"] + ", " + rows["cohort"]).map(true)
    rows = rows.assign(
        figure=rows["figure"].where(~rows["figure"].str.startswith("year"), "a year of ownership")
    )
    good = GOOD_YEARS[np.clip(end.year - rows["cohort"].astype("int64"), 0, len(GOOD_YEARS) - 1)]
    off = rows["value"] / is_true - 1
    return rows.assign(
        spread=spread,
        holds=(rows["low"] <= is_true) & (is_true <= rows["high"]),
        off=off,
        drawn=-off * np.sign(good),
        width=(rows["high"] - rows["low"]) / is_true,
    )[is_true.notna()]


def coverage(rows: pd.DataFrame) -> str:
    """The table: of each figure and spread how often it was covered."""
    lines = [
        "| figure | cohorts differ by | intervals | cover | MC error | bias | drawn to all | width |",
        "|" + " --- |" * 8,
    ]
    for figure in SHOWN:
        for spread in SPREADS:
            of = rows[rows["figure"].eq(figure) & rows["spread"].eq(spread)]
            share = of["holds"].mean()
            # Figures of one dealership go together: their means are what varies.
            each = of.groupby(["size", "dealership"])["holds"].agg(["sum", "size"])
            error = np.sqrt(((each["sum"] - share * each["size"]) ** 2).sum()) / len(of)
            lines.append(
                f"| {figure} | {spread:g} | {len(of)} | {share:.1%} | {error:.1%} | {of['off'].mean():+.1%} "
                f"| {of['drawn'].mean():+.1%} | {of['width'].median():.0%} |"
            )
    return "\n".join(lines)


def table(tables_of: Callable[[int, int], dict[str, pd.DataFrame]], end: date, count: int) -> str:
    """What docs/value-benchmark.md says of it; count: dealerships of each size and spread."""
    rows = pd.concat([covered(tables_of, end, spread, count) for spread in SPREADS])
    sizes = " and ".join(f"{size:,}" for size in SIZES)
    return (
        f"{count} dealerships each of {sizes} cars, the households of each year of purchase more or less "
        "loyal, the same in all; `differ by` is the standard deviation, about in log-odds of coming. "
        "`Drawn to all` is how much nearer to all cars the estimate is than the truth, of it. The error is "
        f"that of whole dealerships.\n\n{coverage(rows)}"
    )
