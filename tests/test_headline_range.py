"""The sentences on top: a range only where there is one, and what moves its ends."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from planner.value.figures import METRICS
from planner.workbooks.value_words import headline
from tests.value_book import ENGLISH


def said(**figures: tuple[float, float]) -> list[str]:
    """The sentences of such figures, now and last year."""
    rows: list[dict[str, Any]] = [
        {"metric": metric, "by": "all", "month": pd.NaT, "value": now, "last_year": before, "note": "",
         "last_year_note": "", "unit": METRICS[metric]}
        for metric, (now, before) in figures.items()
    ]  # fmt: skip
    return headline({"figures": pd.DataFrame(rows)}, ENGLISH, "EUR")


@pytest.mark.parametrize(
    ("expected", "ltv", "begins", "apart"),
    [
        (
            (337, 326),
            (1437, 1847),
            "Over the time he stays he brings at least 337 EUR (last year 326 EUR)",
            True,
        ),
        (
            (337, 326),
            (1437, 1200),
            "Over the time he stays he brings at least 337 EUR (last year 326 EUR)",
            False,
        ),
        ((0, 0), (1330, 1200), "Over the time he stays: 1,330 EUR (last year 1,200 EUR) at most", False),
        ((900, 800), (600, 700), "Over the time he stays: 600 EUR (last year 700 EUR) at most", False),
    ],
)
def test_what_he_brings_over_his_stay(
    expected: tuple[float, float], ltv: tuple[float, float], begins: str, apart: bool
) -> None:
    lines = [line for line in said(value_expected=expected, ltv=ltv) if line.startswith("Over the time")]
    assert len(lines) == 1
    assert lines[0].startswith(begins)
    assert ("The two go apart" in lines[0]) is apart


def test_without_a_model_or_churn() -> None:
    assert any(line.startswith("Over the time he stays: 300 EUR") for line in said(value_expected=(300, 280)))
    assert not any(line.startswith("Over the time") for line in said(margin_per_customer=(200, 180)))


def test_the_largest_change_of_the_page_has_a_sentence() -> None:
    (line,) = (line for line in said(revenue_churn=(0.305, 0.086)) if "revenue churn" in line)
    assert line.startswith("Net revenue churn 30.5% (last year 8.6%): so much less")


def test_services_of_a_car_are_in_no_sentence_about_a_customer() -> None:
    assert not any(
        "services a new car" in line for line in said(value_expected=(3, 2), expected_services=(5, 4))
    )
