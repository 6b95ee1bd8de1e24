"""The sheet 'By group' where there are more groups than it shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner.columns import typed
from planner.value.figures import FIGURES
from planner.workbooks.texts import Texts
from planner.workbooks.value_sheets import MOST_GROUPS
from tests.value_book import INFO, texts_of, written

MANY = MOST_GROUPS + 3


def figures() -> pd.DataFrame:
    """Advisor n has n active customers, and the fewer of these the more contacts about a service."""
    names = [f"Advisor {number:02}" for number in range(MANY)]
    sizes = np.arange(MANY, dtype="float64")
    active = pd.DataFrame({"group": names, "value": sizes, "numerator": sizes, "denominator": sizes + 50})
    asked = pd.DataFrame({"group": names, "value": 0.5, "numerator": 900.0, "denominator": 10_000 - sizes})
    parts = [
        active.assign(metric="active_customers", unit="count"),
        asked.assign(metric="reminder_to_booking", unit="share"),
    ]
    given = pd.concat(parts).assign(by="advisor", month=pd.NaT, note="", last_year_note="no_data")
    return typed(given, FIGURES)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_largest_are_those_with_most_active_customers_and_it_says_so(
    tmp_path: Path, language: str
) -> None:
    texts = Texts(language)
    found = {"figures": figures().sample(frac=1, random_state=3)}
    said = texts_of(written(tmp_path, found, replace(INFO, language=language))[texts("sheet.by_group")])
    shown = {text for text in said if text.startswith("Advisor ")}
    assert shown == {f"Advisor {number:02}" for number in range(3, MANY)}
    assert texts("value.more_groups", shown=MOST_GROUPS, count=3) in said
