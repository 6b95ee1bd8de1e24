"""The sheet Data quality in words that people use."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner.workbooks.texts import LANGUAGES, Texts
from planner.workbooks.value_words import check_said
from tests.value_book import ENGLISH, INFO, written
from tests.value_world import frames, tables


@pytest.mark.parametrize(
    ("ago", "said"),
    [(0, "the day of this report."), (1, "the day before this report."), (12, "12 days before this report.")],
)
def test_how_long_ago(ago: int, said: str) -> None:
    row: dict[str, Any] = {
        "check": "visits_fresh", "kind": "fresh", "grade": "A", "share": None, "count": ago, "total": 9,
        "last_on": pd.Timestamp("2026-06-30") - pd.Timedelta(days=ago),
    }  # fmt: skip
    shown = check_said(row, ENGLISH)
    assert shown.startswith("Visits: the last is of ")
    assert shown.endswith(said)
    for language in LANGUAGES:
        assert check_said(row, Texts(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_grade_under_no_figure_says_so(tmp_path: Path, language: str) -> None:
    found, texts = frames(tables()), Texts(language)
    sheet = written(tmp_path, found, replace(INFO, language=language))[texts("sheet.quality")]
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True)}
    for check in found["quality"].to_dict("records"):
        if check["check"] == "overall" or not check["grade"]:
            continue
        shown = rows[texts.code("check", check["check"])][7]
        assert (shown == texts("value.quality.plan")) == (not check["metrics"]), check["check"]
    assert rows[texts.code("check", "consents")][1]
