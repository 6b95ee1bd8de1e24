"""What the value report says where the records tell little: one household, no plan, no kinds, no money."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cli.console import show
from planner.settings import Settings
from planner.value import value_report
from planner.value.example import AS_OF, tables_of


def now(frame: pd.DataFrame, by: str = "all") -> pd.DataFrame:
    return frame[frame["by"].eq(by) & frame["month"].isna()].set_index("metric")


def strictly(text: str) -> Any:
    def refuse(word: str) -> None:
        raise AssertionError(word)

    return json.loads(text, parse_constant=refuse)


# --- one household ------------------------------------------------------------------------------------


@pytest.mark.parametrize("amounts", [(33.3, 71.1, 12.7, 19.9), (1e9 / 3, 0.1, 7.7, 1e-9 / 3)])
def test_one_household_alone_has_no_interval(amounts: tuple[float, ...]) -> None:
    """Its sums are off the ratio by a rounding error, which is no reason for an interval without end."""
    bought = [f"2025-03-01 {amounts[0]}", f"2026-03-01 {amounts[1]}"]
    cars = {"A": ["2020-01-10", *bought], "B": ["2020-01-10", f"2025-05-01 {amounts[2]}"]}
    tables = tables_of(cars)
    tables["customers"]["household_id"] = "H"
    found = now(value_report(tables, Settings(), AS_OF).figures)
    ends = found.loc[["revenue_churn", "margin_per_customer", "value_simple_customer"], ["low", "high"]]
    assert found.loc[ends.index, "value"].notna().all()
    assert ends.isna().to_numpy().all()


def test_json_has_no_number_without_end(capsys: pytest.CaptureFixture[str]) -> None:
    frame = pd.DataFrame({"low": [-np.inf, 1.5, np.nan], "high": [np.inf, 2.5, 3.5]})
    show(True, {"as_of": None}, [], {"rows": frame})
    read = strictly(capsys.readouterr().out)["rows"]
    assert [tuple(row.values()) for row in read] == [(None, None), (1.5, 2.5), (None, 3.5)]


@pytest.mark.parametrize("number", [np.inf, -np.inf, np.nan])
def test_no_command_prints_json_that_is_none(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        show(True, {"error": number}, [])
