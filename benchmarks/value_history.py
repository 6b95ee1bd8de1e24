"""What is still to come, told by a part of the records: `python -m benchmarks.value_history`, five minutes.

Sample dealerships, each with a seed of its own, and of each the report of all visits and of those of the last
years, as from an export that begins later than its cars were bought. True are the services of
benchmarks.value; what a customer still brings is set beside the report of all visits.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.value import END, tables_of, truth
from planner.settings import Settings
from planner.value import value_report

DEALERSHIPS, VEHICLES, FIRST_SEED = 30, 3_000, 70_000
YEARS = (0, 8, 5, 4, 3)  # 0: all


def told(tables: dict[str, pd.DataFrame], years: int) -> pd.DataFrame:
    """FIGURES of all, by metric."""
    visits = tables["visits"]
    if years:
        since = pd.Timestamp(END) - pd.DateOffset(years=years)
        tables = tables | {"visits": visits[visits["visited_on"] >= since].reset_index(drop=True)}
    figures = value_report(tables, Settings(), END).figures
    return figures[figures["by"].eq("all") & figures["month"].isna()].set_index("metric")


def table() -> str:
    true = truth()["expected_services"]
    found: dict[int, list[tuple[pd.DataFrame, float]]] = {years: [] for years in YEARS}
    for seed in range(FIRST_SEED, FIRST_SEED + DEALERSHIPS):
        tables = tables_of(VEHICLES, seed)
        whole = told(tables, 0)
        for years in YEARS:
            each = told(tables, years) if years else whole
            found[years].append((each, float(whole.loc["value_expected", "value"])))
    lines = [
        "| visits of | told | services to come, bias | cover | value to come over that of all | note |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for years, reports in found.items():
        services = pd.DataFrame([each.loc["expected_services"] for each, _ in reports])
        there = services[services["value"].notna()].astype({"value": float, "low": float, "high": float})
        cover = there["low"].le(true) & there["high"].ge(true)
        of_all = [each.loc["value_expected", "value"] / whole for each, whole in reports]
        ratios = np.array(of_all, dtype="float64")
        ratios = ratios[~np.isnan(ratios)]
        low, middle, high = np.quantile(ratios, [0.1, 0.5, 0.9]) if len(ratios) else (np.nan,) * 3
        notes = ", ".join(sorted({str(note) for note in services["note"]} - {""}))
        lines.append(
            f"| {f'{years} years' if years else 'all years'} | {len(there)} of {len(reports)} "
            f"| {there['value'].mean() / true - 1:+.0%} | {cover.mean():.0%} "
            f"| {middle:.2f} ({low:.2f} to {high:.2f}) | {notes} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
