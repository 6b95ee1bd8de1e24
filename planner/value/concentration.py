"""How much of the margin comes from how few: the share of the best fifth, and how many bring 80%."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.columns import Column, Table, typed

STEP = 0.05
FIFTH, MOST = 0.2, 0.8  # "the 20% that bring 80%": shown as it is, whatever it is

CONCENTRATION = Table(
    "concentration",
    "one row a point of the curve of those who came in 24 months, highest margin first",
    ("customers_share", "mark"),
    (
        Column("customers_share", "number", "share of the customers who came in 24 months"),
        Column("margin_share", "number", "share of the margin of 24 months that they brought"),
        Column("customers", "int", "how many they are"),
        Column("margin", "number", "what they brought"),
        Column("even_share", "number", "what they would have brought if all brought the same"),
        Column(
            "mark",
            "choice",
            "the best 20%; those who bring 80%",
            choices=("", "best_fifth", "most"),
        ),
    ),
)


def concentration(margin: pd.Series) -> pd.DataFrame:
    """CONCENTRATION of the margin by customer: every 5%, and the two marked points.

    margin: of those who came in the 24 months. Who left years ago would make the best look better than they
    are: with him in it the best fifth is more of those who still come. Whose visit brought nothing is in it.
    A loss takes from the sum, so the curve can lie above 1 for a
    while. No margin at all: no row.

    >>> found = concentration(pd.Series([80.0, 10, 5, 3, 2])).set_index("mark")
    >>> float(found.loc["best_fifth", "margin_share"]), int(found.loc["most", "customers"])
    (0.8, 1)
    """
    ordered = np.sort(margin.to_numpy(dtype="float64"))[::-1]
    total, n = float(ordered.sum()), len(ordered)
    if not total > 0:  # NaN: nobody knows
        return typed(pd.DataFrame(), CONCENTRATION)
    sums = np.concatenate([[0.0], np.cumsum(ordered)])
    steps = np.arange(round(1 / STEP) + 1) * STEP
    rounded = np.round(sums / total, 12)  # sums of floats: 80% is reached, not almost
    counts = [
        *(np.round(steps * n).astype(int)),
        int(np.ceil(round(FIFTH * n, 9))),
        int(np.argmax(rounded >= MOST)),
    ]
    marks = [*("" for _ in steps), "best_fifth", "most"]
    table = pd.DataFrame({"customers": counts, "mark": marks})
    table["customers_share"] = table["customers"] / n
    table["margin"] = sums[table["customers"]]
    table["margin_share"] = table["margin"] / total
    table["even_share"] = table["customers_share"]
    table = table.drop_duplicates(["customers", "mark"])
    return typed(table.sort_values(["customers", "mark"], ignore_index=True), CONCENTRATION)
