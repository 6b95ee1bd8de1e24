"""The first page: how good the data are, what a manager should know, the figures with last year beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, inside, records
from planner.workbooks.style import Look
from planner.workbooks.value_by_hand import ByHand
from planner.workbooks.value_tables import (
    MUTED,
    RIGHT,
    change_cell,
    is_weak,
    number_look,
    room,
    row,
    section,
    title,
)
from planner.workbooks.value_words import (
    Frames,
    currency_name,
    frame_of,
    headline,
    money_said,
    nothing_on_record,
    now,
    quality_said,
    short_said,
    word,
)

# The parts of the page; metrics that are in none of them come last.
PARTS = {
    "worth": (
        "margin_per_customer", "value_simple_customer", "value_simple_household", "ltv", "clv_net", "cac",
        "ltv_to_cac", "contact_cost", "expected_services", "value_expected",
    ),
    "coming": (
        "active_customers", "retention_13m", "two_visits_12m", "active_uio", "first_service",
        "repeat_rate",
    ),
    "leaving": ("churn", "revenue_churn", "nps"),
    "contacts": ("reminder_to_booking", "booking_to_show", "call_before_visit", "redemption"),
    "data": ("missing_margin", "missing_amount"),
}  # fmt: skip
_HEADS = {"figure": 37, "now": 11, "last_year": 11, "change": 12.5, "low": 10, "high": 10, "worked": 68.5,
          "note_of": 14}  # fmt: skip
_LEFT = ("figure", "worked", "note_of")
_CHANGE_AT = list(_HEADS).index("change")
_WIDTHS: list[float] = [*_HEADS.values()]
CHART_ROWS = 20
FIRST_CHART, SECOND_CHART = (17.2, 10), (15.6, 10)  # cm wide and high; together as wide as the table
SECOND_AT = "G"
_GRADES = {"A": style.GREEN, "B": style.GREEN, "C": style.YELLOW, "D": style.RED}
_WORKED = style.BODY.but(ink=style.MUTED, size=8.5, down="center")


def add_headline(book: Book, frames: Frames, sheets: Sequence[str], currency: str) -> tuple[Sheet, int]:
    """The sheet, and the row at which its charts stand. sheets: the texts that name the others."""
    texts, columns = book.texts, len(_WIDTHS)
    sheet = book.sheet(texts("sheet.headline"), _WIDTHS, tab=style.DARK)
    book.page(sheet, book.title, landscape=False, pages=1)
    title(book, sheet, book.title)
    as_of = texts("value.as_of", day=texts.day(book.info.as_of))
    whose = texts("comma").join([book.info.dealership, as_of])
    said = f"{whose}{texts('semicolon')}{money_said(currency, texts)}"
    book.append(sheet, [book.cell(sheet, said, style.SUBTITLE)])
    _add_quality(book, sheet, frames, columns)
    book.append(sheet, [])
    for place, line in enumerate(headline(frames, texts, currency, book.info.as_of)):
        book.paragraph(sheet, line, style.SECTION if not place else style.PLAIN.but(size=11), columns)
    _add_links(book, sheet, sheets)
    book.append(sheet, [])
    charts_at = 0 if nothing_on_record(frames) else room(book, sheet, CHART_ROWS)
    _add_figures(book, sheet, frames, currency)
    for line in (texts("value.few"), *short_said(now(frames), texts)):
        book.paragraph(sheet, line, MUTED, columns)
    return sheet, charts_at


def _add_quality(book: Book, sheet: Sheet, frames: Frames, columns: int) -> None:
    quality = frame_of(frames, "quality", "grade")
    none = quality.empty or nothing_on_record(frames)
    over = "" if none else str(quality["grade"].iloc[0])
    first, *reasons = quality_said(frames, book.texts)
    look = style.STRONG.but(lined=False, fill=_GRADES.get(over, style.PALE), down="center")
    book.paragraph(sheet, first, look, columns)
    for reason in reasons:
        book.paragraph(sheet, reason, style.PLAIN.but(indent=1), columns)


def _add_links(book: Book, sheet: Sheet, sheets: Sequence[str]) -> None:
    """The names of the other sheets, as links, four to a row."""
    look = Look(ink=style.BLUE, underline=True)
    book.append(sheet, [])
    places = (0, 1, 4, 6)
    for start in range(0, len(sheets), len(places)):
        cells: list[Any] = [None] * len(_WIDTHS)
        for place, key in zip(places, sheets[start : start + len(places)], strict=False):
            name = book.texts(key)
            cells[place] = book.cell(sheet, name, look, link=inside(name[:31], "A1"))
        book.append(sheet, cells)


def _add_figures(book: Book, sheet: Sheet, frames: Frames, currency: str) -> None:
    """Every figure: now, last year, the difference, its interval, what it was worked out from."""
    texts, by_hand = book.texts, ByHand.of(frames)
    names = ["metric", "value", "last_year", "last_year_note", "low", "high", "unit", "note"]
    rows = {line["metric"]: line for line in records(now(frames), names)}
    if not rows:
        section(book, sheet, texts("value.no_figures"))
        return
    parts = {part: [metric for metric in metrics if metric in rows] for part, metrics in PARTS.items()}
    placed = {metric for metrics in parts.values() for metric in metrics}
    parts["other"] = [metric for metric in rows if metric not in placed]
    looks = [style.HEADER if head in _LEFT else RIGHT for head in _HEADS]
    book.append(sheet, row(book, sheet, [texts(f"value.head.{head}") for head in _HEADS], looks))
    for part, metrics in parts.items():
        if not metrics:
            continue
        label = book.cell(sheet, texts(f"value.part.{part}"), style.TOTAL_LABEL.but(wrap=False))
        book.append(sheet, [label, *(book.cell(sheet, None, style.TOTAL) for _ in _WIDTHS[1:])])
        for metric in metrics:
            name = word("metric", metric, texts)
            if currency and rows[metric]["unit"] == "money":
                name = texts("comma").join([name, currency_name(currency, texts)])
            _add_figure(book, sheet, name, rows[metric], by_hand.worked(metric, texts))


def _add_figure(book: Book, sheet: Sheet, name: str, line: dict[str, Any], worked: str) -> None:
    value, unit, note = line["value"], line["unit"], line["note"] or ""
    # Beside Arabic words Excel and LibreOffice set the sign at different ends; the note says it there.
    points = "" if book.texts.right_to_left else book.texts("value.points")
    weak, weak_then = is_weak(note), is_weak(line["last_year_note"])
    ink, ink_then = (style.MUTED if each else style.INK for each in (weak, weak_then))
    noted = [f"noted.{note}"] if note else []
    if line["last_year_note"] == "no_contacts" != note:
        noted.append("noted.last_year.no_contacts")
    said = book.texts("semicolon").join(map(book.texts, noted)) or None
    cells = [name, value, line["last_year"], None, line["low"], line["high"], worked or None, said]
    looks = [
        style.BODY,
        number_look(unit, value).but(bold=not weak, ink=ink),
        number_look(unit, line["last_year"]).but(ink=ink_then),
        style.NUMBER,
        *(number_look(unit, line[end]).but(ink=style.MUTED) for end in ("low", "high")),
        _WORKED,
        style.BODY.but(fill=style.YELLOW if note == "poor_data" else "", ink=style.YELLOW_DARK),
    ]
    made = row(book, sheet, cells, looks)
    made[_CHANGE_AT] = change_cell(book, sheet, line, points)
    book.append(sheet, made)
