"""All figures of one day in frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from planner.settings import Settings
from planner.tables import empty
from planner.value.figures import COHORTS, CURVE, FIGURES, FITS


@dataclass(frozen=True)
class ValueReport:
    """What `planner value` shows; columns: planner.value.figures."""

    as_of: date
    figures: pd.DataFrame  # FIGURES
    cohorts: pd.DataFrame  # COHORTS
    curve: pd.DataFrame  # CURVE
    fits: pd.DataFrame  # FITS


def value_report(tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date) -> ValueReport:
    """The figures of what had happened by as_of; nothing later counts.

    tables: customers (with household_id), vehicles, visits, surveys, offers, contacts, forecasts, outcomes,
    elsewhere: of planner.pipeline.stored_tables.
    """
    return ValueReport(as_of, empty(FIGURES), empty(COHORTS), empty(CURVE), empty(FITS))
