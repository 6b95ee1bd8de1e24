"""All figures of one day in frames."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planner.settings import Settings
from planner.tables import typed
from planner.value.book import Tables, read_book
from planner.value.cohorts import cohorts
from planner.value.counting import figures_of
from planner.value.expected import expected_values
from planner.value.figures import FIGURES, METRICS
from planner.value.groups import Groups
from planner.value.periods import periods_of
from planner.value.rates import all_rates
from planner.value.renewals import fits_of, renewals
from planner.value.worth import derived, worth


@dataclass(frozen=True)
class ValueReport:
    """What `planner value` shows; columns: planner.value.figures."""

    as_of: date
    figures: pd.DataFrame  # FIGURES
    cohorts: pd.DataFrame  # COHORTS
    curve: pd.DataFrame  # CURVE
    fits: pd.DataFrame  # FITS
    expected: pd.DataFrame  # one row a car, see planner.value.expected


def value_report(
    tables: Tables, settings: Settings, as_of: date, segments: pd.Series | None = None
) -> ValueReport:
    """The figures of what had happened by as_of; nothing later counts.

    tables: customers (with household_id), vehicles, visits, surveys, offers, contacts, outcomes: of
    planner.pipeline.stored_tables. segments: by customer_id, where the figures are wanted by segment too.
    """
    book = read_book(tables, settings, as_of)
    groups, periods = Groups(book, segments), periods_of(book)
    came_back = renewals(book)
    fits, curve, made = fits_of(book, came_back, groups)
    expected = expected_values(book, came_back, made.get(("all", "")))
    money = worth(book, groups, periods, expected["value_expected"].to_numpy(dtype="float64"))
    counted = figures_of([*money, *all_rates(book, groups, periods)], groups, periods)
    found = [counted, derived(counted, settings), _expected_services(fits)]
    return ValueReport(as_of, _ordered(found), cohorts(book), curve, fits, expected)


def _expected_services(fits: pd.DataFrame) -> pd.DataFrame:
    """The rows of FITS as figures: services that a new car brings, discounted."""
    return pd.DataFrame(
        {
            "metric": "expected_services",
            "by": fits["by"],
            "group": fits["group"],
            "value": fits["expected_services"],
            "low": fits["expected_low"],
            "high": fits["expected_high"],
            "denominator": fits["cars"],
            "unit": METRICS["expected_services"],
            "note": fits["note"],
        }
    )


def _ordered(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """In the order of METRICS; within a metric now before the months, all before the groups."""
    figures = typed(pd.concat([typed(part, FIGURES) for part in parts], ignore_index=True), FIGURES)
    metric = pd.Categorical(figures["metric"], categories=list(METRICS)).codes
    by = figures["by"].map({"all": 0, "advisor": 1, "model": 2, "stage": 3, "cohort": 4, "segment": 5})
    month = figures["month"].to_numpy().astype("datetime64[D]").astype("int64")
    month = np.where(figures["month"].isna(), -(2**40), month)
    order = np.lexsort((month, figures["group"].to_numpy(dtype=object).astype(str), by, metric))
    return figures.iloc[order].reset_index(drop=True)
