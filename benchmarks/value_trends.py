"""How often the intervals of changes hold the true change: `python -m benchmarks.value_trends`, ten minutes.

Sample dealerships, each with a seed of its own. What is true of them is the change of many more cars of the
same process, counted by the report itself: benchmarks.value checks the values, this the interval of their
difference, whose years share households and, in figures that look back, visits.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from benchmarks.value import END, tables_of
from planner.settings import Settings
from planner.value import value_report

DEALERSHIPS, VEHICLES, FIRST_SEED = 150, 1_000, 5_000
TRUTH_VEHICLES, TRUTH_SEEDS = 20_000, range(900, 908)


def trend(vehicles: int, seed: int) -> pd.DataFrame:
    """TREND for all of one dealership, by metric."""
    found = value_report(tables_of(vehicles, seed), Settings(), END).trend
    return found[found["by"].eq("all")].set_index("metric")


def change(of: Sequence[pd.DataFrame]) -> pd.Series:
    """Of all these dealerships together, by metric."""
    x, y, x_before, y_before = (
        sum(each[name] for each in of)
        for name in ("numerator", "denominator", "last_year_numerator", "last_year_denominator")
    )
    return (x / y - x_before / y_before) * of[0]["unit"].map({"score": 100.0}).fillna(1.0)


def table(truth: pd.Series, of: Sequence[pd.DataFrame]) -> str:
    """A row a metric: the true change, how often it was in the interval, and what was said."""
    rows = pd.concat(of)
    rows = rows[rows["low"].notna()]
    true = truth.reindex(rows.index)
    rows["held"] = (rows["low"] <= true) & (true <= rows["high"])
    lines = [
        "| figure | true change | held | rises | falls | unclear |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for metric, mine in rows.groupby(level=0, sort=False):
        said = [f"{mine['trend'].eq(word).mean():.0%}" for word in ("rises", "falls", "unclear")]
        lines.append(f"| {metric} | {truth[metric]:+.3f} | {mine['held'].mean():.1%} | {' | '.join(said)} |")
    return "\n".join([*lines, f"| all {len(rows):,} | | {rows['held'].mean():.1%} | | | |"])


def main() -> None:
    truth = change([trend(TRUTH_VEHICLES, seed) for seed in TRUTH_SEEDS])
    seeds = range(FIRST_SEED, FIRST_SEED + DEALERSHIPS)
    print(table(truth, [trend(VEHICLES, seed) for seed in seeds]))


if __name__ == "__main__":
    main()
