"""The trends and the charts of the sheet 'By month'."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl.utils import coordinate_to_tuple

from planner.columns import typed
from planner.value.figures import METRICS, TRENDS
from planner.value.trend import TREND, WORDS
from planner.workbooks.book import INDENT
from planner.workbooks.style import lines_in
from planner.workbooks.texts import LANGUAGES, Texts
from planner.workbooks.value_charts import TRENDS as CHARTS
from tests.value_book import ENGLISH, INFO, below, row_of, texts_of, title_of, written
from tests.value_world import frames, tables


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory, whole: dict[str, pd.DataFrame]) -> Any:
    return written(tmp_path_factory.mktemp("trend"), whole)["By month"]


LINE = {
    "metric": "churn", "by": "all", "group": "", "unit": "share", "trend": "rises", "value": 0.25,
    "last_year": 0.2, "change": 0.05, "low": 0.0104, "high": 0.0896, "note": "",
    "numerator": 50.0, "denominator": 200.0, "last_year_numerator": 38.0, "last_year_denominator": 190.0,
}  # fmt: skip


def told(folder: Path, figures: pd.DataFrame, **change: Any) -> list[Any]:
    trend = typed(pd.DataFrame([LINE | change, LINE | change | {"by": "advisor", "group": "Ada"}]), TREND)
    sheet = written(folder, {"trend": trend, "figures": figures})["By month"]
    name = ENGLISH(f"metric.{change.get('metric', 'churn')}")
    return next(row_of(sheet, label) for label in texts_of(sheet) if label.startswith(name))


def test_a_row_holds_both_years_the_change_in_points_and_the_word(tmp_path: Path, whole: Any) -> None:
    row = told(tmp_path, whole["figures"])
    assert row[:11] == ["Churn a year", "rises", 0.25, 0.2, 5.0, 1.0, 9.0, 50, 200, 38, 190]


@pytest.mark.parametrize("word", ["too_few", "too_short", "no_data"])
def test_what_nobody_can_tell_is_left_out(tmp_path: Path, whole: Any, word: str) -> None:
    row = told(tmp_path, whole["figures"], trend=word, change=None, low=None, high=None, note="poor_data")
    assert row[:2] == ["Churn a year (on poor data)", ENGLISH(f"trend.{word}")]
    assert row[4:7] == [None, None, None]


def test_money_and_scores_change_in_their_own_unit(tmp_path: Path, whole: Any) -> None:
    changed = {"value": 140.0, "last_year": 120.0, "change": 20.0, "low": -5.0, "high": 45.0}
    row = told(tmp_path, whole["figures"], metric="margin_per_customer", unit="money", **changed)
    assert row[2:7] == [140, 120, 20, -5, 45]


def test_each_trend_of_the_report_is_on_the_sheet(sheet: Any, whole: dict[str, pd.DataFrame]) -> None:
    rows = below(sheet, "Figure")[1:]
    assert [row[0] for row in rows] == [ENGLISH(f"metric.{metric}") for metric in TRENDS]
    of_all = whole["trend"][whole["trend"]["by"].eq("all")]
    assert [row[1] for row in rows] == [ENGLISH(f"trend.{word}") for word in of_all["trend"]]


def test_every_word_is_in_both_languages() -> None:
    for words in LANGUAGES.values():
        assert all(f"trend.{word}" in words for word in WORDS)
        assert all(f"value.chart.{name}" in words and f"value.chart.{name}.up" in words for name in CHARTS)


def test_every_rate_by_month_has_a_chart() -> None:
    drawn = [metric for metrics, _ in CHARTS.values() for metric in metrics]
    assert len(drawn) == len(set(drawn))
    rates = {metric for metric, unit in METRICS.items() if unit in ("share", "score")}
    assert set(drawn) == rates - {"missing_margin", "missing_amount"}, "what the export lacks is no trend"


def test_the_charts_draw_the_months_of_their_metrics(sheet: Any) -> None:
    """Each line is the column whose header names it, from the header down to the last month."""
    charts = {title_of(chart): chart for chart in sheet._charts}
    assert list(charts) == [ENGLISH(f"value.chart.{name}") for name in CHARTS]
    for name, (metrics, _) in CHARTS.items():
        series = charts[ENGLISH(f"value.chart.{name}")].series
        assert len(series) == len(metrics)
        for line, metric in zip(series, metrics, strict=True):
            first, last = line.val.numRef.f.split("!")[1].replace("$", "").split(":")
            (top, column), (bottom, _) = coordinate_to_tuple(first), coordinate_to_tuple(last)
            assert sheet.cell(top - 1, column).value == ENGLISH(f"metric.{metric}")
            assert sheet.cell(top, 1).value == datetime(2024, 7, 1)
            assert sheet.cell(bottom, 1).value == datetime(2026, 6, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_chart_covers_a_cell_or_another_chart(
    tmp_path: Path, whole: dict[str, pd.DataFrame], language: str
) -> None:
    book = written(tmp_path, whole, replace(INFO, language=language))
    sheet = next(sheet for sheet in book if len(sheet._charts) == len(CHARTS))
    rows = sorted({chart.anchor._from.row for chart in sheet._charts})
    assert [len([c for c in sheet._charts if c.anchor._from.row == row]) for row in rows] == [3, 3]
    assert rows[1] - rows[0] >= 14, "rows of 15 points, of a chart of 7.2 cm"
    for row in rows:
        free = range(row + 1, row + 15)
        assert all(cell.value is None for line in sheet[free[0] : free[-1]] for cell in line)
    assert rows[1] in {mark.id for mark in sheet.row_breaks.brk}, "on paper the second row begins a page"


def test_what_was_never_counted_has_no_chart(tmp_path: Path) -> None:
    """Without outcomes there is nothing to draw of contacts, and no empty frame in their place."""
    stored = tables(outcomes=False)
    stored["surveys"] = stored["surveys"].iloc[:0]
    sheet = written(tmp_path, frames(stored))["By month"]
    names = ("back", "coming", "leaving", "offers")
    assert [title_of(chart) for chart in sheet._charts] == [ENGLISH(f"value.chart.{name}") for name in names]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_trend_fit_their_column(tmp_path: Path, whole: Any, language: str) -> None:
    """They do not wrap, and the figure beside them would cut them."""
    texts = Texts(language)
    page = written(tmp_path, whole, replace(INFO, language=language))[texts("sheet.by_month")]
    column = next(cell for row in page.iter_rows() for cell in row if cell.value == texts("trend.unclear"))
    width = page.column_dimensions[column.column_letter].width
    for word in WORDS[2:]:
        assert lines_in(texts(f"trend.{word}"), width, column.font.sz) == 1, word


def test_what_stands_in_the_place_of_a_change_fits(tmp_path: Path, whole: Any) -> None:
    page = written(tmp_path, whole)["Headline"]
    width = page.column_dimensions["D"].width - INDENT
    for note in ("too_few", "too_short", "no_data"):
        assert lines_in(ENGLISH(f"noted.{note}"), width, 8) == 1, note
