"""Predicted and actual visits: what a sceptical manager wants to see before he believes the forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl.worksheet.pagebreak import Break

from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, inside
from planner.workbooks.info import BookInfo, ValidationInfo
from planner.workbooks.style import Look
from planner.workbooks.validation_charts import add_chart_data, chart_note
from planner.workbooks.validation_lists import add_definitions, add_not_come, add_visits
from planner.workbooks.validation_words import Figures, headline

__all__ = ["ValidationInfo", "write_validation"]

_OF_A_GROUP = ("held_80", "held_96", "width_80", "preceded", "contacted", "called", "closed",
               "came_true")  # fmt: skip
_CHART_ROWS = 16
_FEW = 30  # visits: of so few the median is not worth much
_DAYS = style.NUMBER.but(number_format="#,##0.0")
_SHARE = style.NUMBER.but(number_format="0.0%")
_POINTS = style.NUMBER.but(number_format="+0.0%;-0.0%;0.0%")
_SIGNED = style.NUMBER.but(number_format="+#,##0.0;-#,##0.0;0.0")
_RIGHT = style.HEADER.but(across="right", indent=1)
_ERRORS = {
    "visits_scored": style.NUMBER,
    "median_absolute_error_days": _DAYS,
    "mean_absolute_error_days": _DAYS,
    "bias_days": _SIGNED,
}
_ERROR_HEADS = ("column.visits", "column.median_error", "column.mean_error", "column.bias")


def write_validation(path: Path, judged: pd.DataFrame, figures: Figures, info: BookInfo) -> None:
    """Writes sheets Validation, Visits, Did not come true, Definitions, Chart data.

    `judged` and `figures` are what planner.forecast.figures makes: one row a prediction with what
    happened, and the figures of `planner validate --json`. More rows than Excel holds go on in numbered
    sheets. The same input gives the same cells. Raises InputError if the file cannot be written.
    """
    book = Book(info, "validation.title")
    sheet, charts_at = _add_summary(book, judged, figures)
    add_visits(book, judged)
    add_not_come(book, judged, figures)
    add_definitions(book)
    if charts_at:
        add_chart_data(book, judged, figures, sheet, charts_at)
    book.save(path)


def _add_summary(book: Book, judged: pd.DataFrame, figures: Figures) -> tuple[Sheet, int]:
    """The first sheet; with the row at which its charts stand, 0 for none."""
    texts = book.texts
    columns = 1 + len(_ERRORS) + len(figures["within"]) + len(_OF_A_GROUP)
    sheet = book.sheet(texts("sheet.validation"), [28, *[9.5] * (columns - 1)], tab=style.DARK)
    book.page(sheet, book.title)
    book.append(sheet, [book.cell(sheet, book.title, style.TITLE)])
    as_of = texts("validation.as_of", day=texts.day(book.info.as_of))
    book.append(sheet, [book.cell(sheet, f"{book.info.dealership}{texts('comma')}{as_of}", style.SUBTITLE)])
    book.append(sheet, [])
    first, *others = headline(figures, texts)
    book.paragraph(sheet, first, style.SECTION, columns)
    for line in others:
        book.paragraph(sheet, line, style.PLAIN.but(size=11), columns)
    _add_links(book, sheet)
    charts_at = 0
    if figures["visits_scored"]:
        book.append(sheet, [])
        charts_at = book.next_row(sheet)
        for _ in range(_CHART_ROWS):
            book.append(sheet, [])
        book.append(sheet, [book.cell(sheet, chart_note(book, judged), style.PLAIN.but(ink=style.MUTED))])
        _add_windows(book, sheet, figures)
        _add_methods(book, sheet, figures)
        _next_page(book, sheet)
        _add_groups(book, sheet, figures)
    _add_not_scored(book, sheet, figures["visits_not_scored"])
    book.append(sheet, [])
    book.append(sheet, [book.cell(sheet, texts("validation.limits"), style.SECTION)])
    for line in texts("validation.limits.text").split("\n"):
        book.paragraph(sheet, line, style.BODY, columns)
    return sheet, charts_at


def _add_links(book: Book, sheet: Sheet) -> None:
    titles = [book.texts(f"sheet.{name}") for name in ("visits", "not_come", "definitions")]
    look = Look(ink=style.BLUE, underline=True)
    cells: list[Any] = [None] * 7
    for place, title in zip((0, 2, 5), titles, strict=True):
        cells[place] = book.cell(sheet, title, look, link=inside(title, "A1"))
    book.append(sheet, cells)


def _add_windows(book: Book, sheet: Sheet, figures: Figures) -> None:
    texts = book.texts
    book.append(sheet, [])
    book.append(sheet, [book.cell(sheet, texts("validation.promised"), style.SECTION)])
    heads = [texts(f"column.{name}") for name in ("promised", "held", "difference", "width")]
    book.append(sheet, _row(book, sheet, heads, [style.HEADER, _RIGHT, _RIGHT, _RIGHT]))
    promised_look = style.PERCENT.but(bold=True, across="start", indent=0)
    for promised, window in figures["intervals"].items():
        held = window["coverage"]
        cells = [float(promised), held, round(held - float(promised), 4), window["median_width_days"]]
        looks = [promised_look, _SHARE, _POINTS, style.NUMBER]
        book.append(sheet, _row(book, sheet, cells, looks))


def _add_methods(book: Book, sheet: Sheet, figures: Figures) -> None:
    """The forecast beside the simple methods: each on its own visits, then all on the same."""
    texts = book.texts
    limits = list(figures["within"])
    methods = {name: method for name, method in figures["baselines"].items() if method["visits_scored"]}
    _next_page(book, sheet)
    book.append(sheet, [book.cell(sheet, texts("validation.methods"), style.SECTION)])
    heads = [texts("column.method"), *_error_heads(book, limits), texts("column.forecast_same")]
    book.append(sheet, _row(book, sheet, heads, [style.HEADER, *(_RIGHT for _ in heads[1:])]))
    _add_errors(book, sheet, "forecast", figures, limits, style.STRONG)
    for name, method in methods.items():
        same = method["forecast_on_same_visits"]["median_absolute_error_days"]
        _add_errors(book, sheet, name, method, limits, style.BODY, same)
    common = figures["common_visits"]
    if methods and common["visits_scored"]:
        title = texts("validation.common", visits=texts.number(common["visits_scored"]))
        book.append(sheet, [])
        book.append(sheet, [book.cell(sheet, title, style.STRONG.but(lined=False, wrap=False))])
        _add_errors(book, sheet, "forecast", common["forecast"], limits, style.STRONG)
        for name, method in common["baselines"].items():
            _add_errors(book, sheet, name, method, limits, style.BODY)


def _add_errors(
    book: Book,
    sheet: Sheet,
    method: str,
    figures: Figures,
    limits: Sequence[str],
    look: Look,
    same: float | None = None,
) -> None:
    values, looks = _errors(figures, limits)
    last = [] if same is None else [same]
    cells = [book.texts.code("method", method), *values, *last]
    looks = [look, *(each.but(bold=look.bold) for each in looks), *(_DAYS for _ in last)]
    book.append(sheet, _row(book, sheet, cells, looks))


def _add_groups(book: Book, sheet: Sheet, figures: Figures) -> None:
    """The same figures by stage, service number, source of the usage and basis."""
    texts = book.texts
    limits = list(figures["within"])
    book.append(sheet, [book.cell(sheet, texts("validation.by"), style.SECTION)])
    heads = ["", *_error_heads(book, limits), *(texts(f"column.{name}") for name in _OF_A_GROUP)]
    book.append(sheet, _row(book, sheet, heads, [style.HEADER, *(_RIGHT for _ in heads[1:])]))
    _add_group(book, sheet, texts("validation.all"), figures, limits, style.STRONG)
    for name, groups in figures["by"].items():
        title = book.cell(sheet, texts(f"validation.by.{name}"), style.TOTAL_LABEL)
        book.append(sheet, [title, *(book.cell(sheet, None, style.TOTAL) for _ in heads[1:])])
        order = list(texts.words)  # in which stages and sources of usage have their words
        groups = {value: group for value, group in groups.items() if _says_something(group)}
        known = [code for key in order if (code := key.removeprefix(f"{name}.")) in groups]
        for value in known + [value for value in groups if value not in known]:
            group = groups[value]
            few = group["visits_scored"] < _FEW
            look = style.BODY.but(ink=style.MUTED) if few else style.BODY
            _add_group(book, sheet, texts.code(name, value), group, limits, look)
    book.append(
        sheet, [book.cell(sheet, texts("validation.few", few=_FEW), style.PLAIN.but(ink=style.MUTED))]
    )


def _says_something(group: Figures) -> bool:
    """Not if nobody has come and nobody's time is over."""
    return bool(group["visits_scored"] or group["predictions_closed"])


def _add_group(
    book: Book, sheet: Sheet, title: str, group: Figures, limits: Sequence[str], look: Look
) -> None:
    values, looks = _errors(group, limits)
    windows = group["intervals"]
    values += [
        windows["0.8"]["coverage"],
        windows["0.96"]["coverage"],
        windows["0.8"]["median_width_days"],
        group["preceded_by_contact"],
        group["contacted_1_to_45_days_before"],
        group["called_1_to_45_days_before"],
        group["predictions_closed"],
        group["predictions_came_true_share"],
    ]
    looks += [_SHARE, _SHARE, style.NUMBER, _SHARE, _SHARE, _SHARE, style.NUMBER, _SHARE]
    looks = [each.but(bold=look.bold, ink=look.ink) for each in looks]
    book.append(sheet, _row(book, sheet, [title, *values], [look, *looks]))


def _add_not_scored(book: Book, sheet: Sheet, not_scored: Mapping[str, int]) -> None:
    if not not_scored:
        return
    book.append(sheet, [])
    book.append(sheet, [book.cell(sheet, book.texts("validation.not_scored"), style.SECTION)])
    for code, count in not_scored.items():
        cells = [book.texts.code("not_scored", code), count]
        book.append(sheet, _row(book, sheet, cells, [style.BODY, style.NUMBER]))


def _error_heads(book: Book, limits: Sequence[str]) -> list[str]:
    heads = [book.texts(key) for key in _ERROR_HEADS]
    return heads + [book.texts("column.within", days=int(limit)) for limit in limits]


def _errors(figures: Figures, limits: Sequence[str]) -> tuple[list[Any], list[Look]]:
    values = [figures[name] for name in _ERRORS] + [figures["within"][limit] for limit in limits]
    return values, [*_ERRORS.values(), *(_SHARE for _ in limits)]


def _next_page(book: Book, sheet: Sheet) -> None:
    book.append(sheet, [])
    sheet.row_breaks.append(Break(id=book.next_row(sheet) - 1))


def _row(book: Book, sheet: Sheet, cells: Sequence[Any], looks: Sequence[Look]) -> list[Any]:
    return [book.cell(sheet, value, look) for value, look in zip(cells, looks, strict=True)]
