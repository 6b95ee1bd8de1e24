"""Which figures rest on poor data, by the checks of planner.value.quality; they say so."""

from __future__ import annotations

import pandas as pd

POOR = "D"  # the grade
OVERALL = "overall"  # the check that is the grade over all


def poor_metrics(quality: pd.DataFrame) -> frozenset[str]:
    """The metrics that rest on a check of grade D: their figures get the note poor_data."""
    poor = quality.loc[quality["grade"].eq(POOR) & quality["check"].ne(OVERALL), "metrics"].fillna("")
    return frozenset(name for text in poor for name in text.split(",") if name)


def add_poor(figures: pd.DataFrame, quality: pd.DataFrame) -> pd.DataFrame:
    """FIGURES with the note poor_data where a check of grade D is under them; what is not there stays so."""
    there = figures["note"].fillna("").isin(["", "no_contacts"])
    poor = figures["metric"].isin(poor_metrics(quality)) & there & figures["value"].notna()
    return figures.assign(note=figures["note"].mask(poor, "poor_data"))
