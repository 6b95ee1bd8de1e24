"""The charts of a validation, and the sheet of the figures that they draw."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, freeze
from planner.workbooks.charts import points, stacked_columns
from planner.workbooks.validation_words import Figures

_Ints = npt.NDArray[np.int64]

MOST_POINTS = 2_000
BIN_DAYS = 7
BINS = 9  # weeks to either side; what is further off stands in the first and the last column
_PLACES = {"A": 10.9, "E": 9.3, "J": 9.3}  # columns of the first sheet, and what fits beside the next in cm
_HEIGHT_CM = 8.4
_AXIS_STEP, _MOST_MARKS = 100, 6  # days; marks on an axis


def add_chart_data(book: Book, judged: pd.DataFrame, figures: Figures, summary: Sheet, row: int) -> None:
    """The last sheet, and the charts of its figures side by side at that row of the first."""
    texts = book.texts
    scored, predicted, actual, shown, edge = _points(judged)
    labels, counts = histogram(scored["error_days"].to_numpy())
    windows = figures["intervals"]

    sheet = book.sheet(texts("sheet.chart_data"), [14] * 11, tab=style.MUTED)
    book.page(sheet, f"{texts('sheet.chart_data')}{texts('comma')}{book.title}")
    freeze(sheet, "A3", header_row=2)
    book.append(sheet, [book.cell(sheet, chart_note(book, judged), style.SUBTITLE)])
    blocks: list[tuple[str, list[Any]]] = [
        ("validation.predicted_days", predicted[shown].tolist()),
        ("validation.visits", actual[shown].tolist()),
        ("validation.predicted_days", [0, edge]),
        ("validation.as_predicted", [0, edge]),
        ("column.error_days", [_bin_label(book, label) for label in labels]),
        ("validation.visits", counts),
        ("column.promised", [float(promised) for promised in windows]),
        ("column.held", [window["coverage"] for window in windows.values()]),
        ("column.promised", [0, 1]),
        ("validation.as_promised", [0, 1]),
    ]
    header_row = book.append(sheet, [book.cell(sheet, texts(key), style.HEADER) for key, _ in blocks])
    for values in zip_longest(*(values for _, values in blocks)):
        book.append_plain(sheet, list(values))

    size: dict[str, Any] = {"header_row": header_row, "height_cm": _HEIGHT_CM}
    axes = (texts("validation.predicted_days"), texts("validation.actual_days"))
    scatter = points(
        sheet,
        texts("validation.scatter"),
        rows=len(shown),
        x_column=1,
        y_column=2,
        line=(3, 4, 2),
        axes=axes,
        limits=(0, edge),
        step=_AXIS_STEP * -(-edge // (_MOST_MARKS * _AXIS_STEP)),
        number_format=texts.cell_format(style.WHOLE),
        **size,
    )
    errors = stacked_columns(
        sheet,
        texts("validation.histogram"),
        rows=len(labels),
        label_column=5,
        columns=[6],
        upright=True,
        number_format=texts.cell_format(style.WHOLE),
        **size,
    )
    errors.legend = None  # the title says it
    calibration = points(
        sheet,
        texts("validation.calibration"),
        rows=len(windows),
        x_column=7,
        y_column=8,
        line=(9, 10, 2),
        axes=(texts("column.promised"), texts("column.held")),
        limits=(0, 1),
        step=0.2,
        number_format=texts.cell_format(style.SHARE),
        joined=True,
        **size,
    )
    charts: list[Any] = [scatter, errors, calibration]
    for (place, width), chart in zip(_PLACES.items(), charts, strict=True):
        chart.width = width
        summary.add_chart(chart, f"{place}{row}")


def chart_note(book: Book, judged: pd.DataFrame) -> str:
    """How many visits the chart of points shows, and how many of them lie beyond the ends of its axes."""
    scored, predicted, actual, shown, edge = _points(judged)
    outside = int(((predicted[shown] > edge) | (actual[shown] > edge)).sum())
    number = book.texts.number
    note = book.texts("validation.sampled", shown=number(len(shown)), visits=number(len(scored)))
    return note + (" " + book.texts("validation.outside", outside=outside) if outside else "")


def _points(judged: pd.DataFrame) -> tuple[pd.DataFrame, _Ints, _Ints, _Ints, int]:
    """The visits, their days since the visit before, predicted and actual; which are shown; up to where."""
    scored = judged[judged["error_days"].notna()]
    start = scored["predicted_from"]
    predicted = (scored["expected_on"] - start).dt.days.to_numpy().astype(np.int64)
    actual = (scored["visited_on"] - start).dt.days.to_numpy().astype(np.int64)
    return scored, predicted, actual, evenly(len(scored), MOST_POINTS), _edge(predicted, actual)


def evenly(count: int, most: int) -> _Ints:
    """At most that many of `count` places, evenly spread, always the same ones."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype("int64"))


def histogram(error_days: npt.NDArray[np.float64]) -> tuple[list[int | None], list[int]]:
    """Visits by weeks too early or late: the first day of each column, None for what lies before them all.

    The column of 0 is on the predicted day and up to six days late. The last one has no end.
    """
    starts = np.arange(-BINS * BIN_DAYS, BINS * BIN_DAYS + 1, BIN_DAYS)
    place = np.searchsorted(starts, error_days, side="right")
    counts = np.bincount(place, minlength=len(starts) + 1).tolist()
    return [None, *starts.tolist()], counts


def _bin_label(book: Book, first_day: int | None) -> str:
    end = BINS * BIN_DAYS
    if first_day is None:
        return book.texts("validation.earlier_than", days=book.texts.digits(f"\N{MINUS SIGN}{end}"))
    if first_day == end:
        return book.texts("validation.later_than", days=end)
    return book.texts.digits(f"{first_day}".replace("-", "\N{MINUS SIGN}"))


def _edge(predicted: _Ints, actual: _Ints) -> int:
    """A round end for both axes that leaves out at most a hundredth of the visits."""
    longest = np.quantile(np.concatenate([predicted, actual]), 0.99) if len(actual) else 0
    return _AXIS_STEP * max(1, int(np.ceil(longest / _AXIS_STEP)))
