"""The first page: how good the data are, what a manager should know, the figures with last year beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, inside, records
from planner.workbooks.style import Look
from planner.workbooks.value_tables import (
    MUTED,
    counted_look,
    heading,
    number_look,
    room,
    row,
    section,
    title,
)
from planner.workbooks.value_words import Frames, headline, now, quality_said

# The parts of the page; metrics that are in none of them come last.
PARTS = {
    "worth": (
        "margin_per_customer", "value_simple_customer", "value_simple_household", "ltv", "clv_net", "cac",
        "ltv_to_cac", "contact_cost", "expected_services", "value_expected",
    ),
    "coming": (
        "customers", "active_customers", "retention_13m", "two_visits_12m", "active_uio", "first_service",
        "repeat_rate",
    ),
    "leaving": ("churn", "revenue_churn", "nps"),
    "contacts": ("reminder_to_booking", "booking_to_show", "call_before_visit", "redemption"),
    "data": ("missing_margin", "missing_amount"),
}  # fmt: skip
# How a difference is shown: of shares in points.
_CHANGES = {
    "share": "+0.0%;-0.0%;0.0%",
    "score": "+#,##0;-#,##0;0",
    "ratio": "+0.0;-0.0;0.0",
    "months": "+0.0;-0.0;0.0",
}
_CHANGE = "+#,##0;-#,##0;0"
_SMALL_CHANGE = "+#,##0.0;-#,##0.0;0"
_WIDTHS = [36, 11, 11, 10.5, 12.5, 12.5, 11, 11, 17]
CHART_ROWS = 17
_GRADES = {"A": style.GREEN, "B": style.GREEN, "C": style.YELLOW, "D": style.RED}


def add_headline(book: Book, frames: Frames, sheets: Sequence[str], currency: str) -> tuple[Sheet, int]:
    """The sheet, and the row at which its charts stand. sheets: the texts that name the others."""
    texts, columns = book.texts, len(_WIDTHS)
    sheet = book.sheet(texts("sheet.headline"), _WIDTHS, tab=style.DARK)
    book.page(sheet, book.title, landscape=False, pages=1)
    title(book, sheet, book.title)
    as_of = texts("value.as_of", day=texts.day(book.info.as_of))
    money = texts("value.money", currency=currency) if currency else texts("value.money.own")
    whose = texts("comma").join([book.info.dealership, as_of])
    book.append(sheet, [book.cell(sheet, f"{whose}{texts('semicolon')}{money}", style.SUBTITLE)])
    _add_quality(book, sheet, frames, columns)
    book.append(sheet, [])
    said = headline(frames, texts, currency)
    for place, line in enumerate(said):
        book.paragraph(sheet, line, style.SECTION if not place else style.PLAIN.but(size=11), columns)
    _add_links(book, sheet, sheets)
    charts_at = room(book, sheet, CHART_ROWS)
    _add_figures(book, sheet, now(frames))
    book.paragraph(sheet, texts("value.few"), MUTED, columns)
    return sheet, charts_at


def _add_quality(book: Book, sheet: Sheet, frames: Frames, columns: int) -> None:
    quality = frames.get("quality")
    over = "" if quality is None or quality.empty else str(quality["grade"].iloc[0])
    first, *reasons = quality_said(frames, book.texts)
    look = style.STRONG.but(lined=False, fill=_GRADES.get(over, style.PALE), down="center")
    book.paragraph(sheet, first, look, columns)
    for reason in reasons:
        book.paragraph(sheet, reason, style.PLAIN.but(indent=1), columns)


def _add_links(book: Book, sheet: Sheet, sheets: Sequence[str]) -> None:
    """The names of the other sheets, as links, three to a row."""
    look = Look(ink=style.BLUE, underline=True)
    book.append(sheet, [])
    places = (0, 1, 4, 7)
    for start in range(0, len(sheets), len(places)):
        cells: list[Any] = [None] * 8
        for place, key in zip(places, sheets[start : start + len(places)], strict=False):
            name = book.texts(key)
            cells[place] = book.cell(sheet, name, look, link=inside(name[:31], "A1"))
        book.append(sheet, cells)


def _add_figures(book: Book, sheet: Sheet, figures: pd.DataFrame) -> None:
    """Every figure: now, last year, the difference, what it was counted from, its interval."""
    texts = book.texts
    names = ["metric", "value", "last_year", "numerator", "denominator", "low", "high", "unit", "note"]
    rows = {line["metric"]: line for line in records(figures, names)}
    if not rows:
        section(book, sheet, texts("value.no_figures"))
        return
    parts = {part: [metric for metric in metrics if metric in rows] for part, metrics in PARTS.items()}
    placed = {metric for metrics in parts.values() for metric in metrics}
    parts["other"] = [metric for metric in rows if metric not in placed]
    heads = ["figure", "now", "last_year", "change", "counted", "out_of", "low", "high", "note_of"]
    heading(book, sheet, [texts(f"value.head.{head}") for head in heads])
    for part, metrics in parts.items():
        if not metrics:
            continue
        label = book.cell(sheet, texts(f"value.part.{part}"), style.TOTAL_LABEL.but(wrap=False))
        book.append(sheet, [label, *(book.cell(sheet, None, style.TOTAL) for _ in heads[1:])])
        for metric in metrics:
            _add_figure(book, sheet, rows[metric])


def _add_figure(book: Book, sheet: Sheet, line: dict[str, Any]) -> None:
    value, before, unit, note = line["value"], line["last_year"], line["unit"], line["note"] or ""
    change = None if value is None or before is None else value - before
    pattern = _CHANGES.get(unit, _CHANGE)
    if pattern == _CHANGE and change is not None and abs(change) < 10:
        pattern = _SMALL_CHANGE
    weak = note in ("too_few", "no_data")
    ink = style.MUTED if weak else style.INK
    said = book.texts(f"noted.{note}") if note else None
    cells = [book.texts.code("metric", line["metric"]), value, before, change]
    looks = [
        style.BODY,
        number_look(unit, value).but(bold=not weak, ink=ink),
        number_look(unit, before),
        style.NUMBER.but(number_format=pattern),
    ]
    for name in ("numerator", "denominator"):
        cells.append(line[name])
        looks.append(counted_look(line[name]).but(ink=style.MUTED))
    for name in ("low", "high"):
        cells.append(line[name])
        looks.append(number_look(unit, line[name]).but(ink=style.MUTED))
    cells.append(said)
    looks.append(style.BODY.but(fill=style.YELLOW if note == "poor_data" else "", ink=style.YELLOW_DARK))
    book.append(sheet, row(book, sheet, cells, looks))
