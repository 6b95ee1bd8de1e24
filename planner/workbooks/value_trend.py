"""The table of trends: each figure now against a year before, and whether it rises or falls."""

from __future__ import annotations

from typing import Any

from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, records
from planner.workbooks.value_by_hand import COUNTS, NUMBERS
from planner.workbooks.value_tables import change_of, heading, metric_name, number_look, row, section
from planner.workbooks.value_words import Frames, frame_of

_NUMBERS = ("value", "last_year", "numerator", "denominator", "last_year_numerator", "last_year_denominator")
_CHANGES = ("change", "low", "high")
_HEADS = ("figure", "trend", "now", "last_year", *_CHANGES, *_NUMBERS[2:])
TOLD = ("rises", "falls")
_KNOWN = (*TOLD, "unclear")
_SMALL = style.BODY.but(ink=style.MUTED, size=8, wrap=False)


def add_trend(book: Book, sheet: Sheet, frames: Frames, across: int) -> None:
    """A row a metric, of all customers; nothing where no frame has any."""
    trend = frame_of(frames, "trend", "metric", "by")
    trend = trend[trend["by"].eq("all")]
    if trend.empty:
        return
    texts = book.texts
    section(book, sheet, texts("value.trend"), texts("value.trend.note"), across)
    own = ("trend", *_NUMBERS[2:])
    heads = [texts(f"value.trend.head.{head}" if head in own else f"value.head.{head}") for head in _HEADS]
    heading(book, sheet, heads, texts_first=2)
    for line in records(trend, ["metric", "trend", "unit", "note", *_NUMBERS, *_CHANGES]):
        _add_line(book, sheet, line)


def _add_line(book: Book, sheet: Sheet, line: dict[str, Any]) -> None:
    metric, unit, word = line["metric"], line["unit"], line["trend"]
    told, ink = word in TOLD, style.INK if word in _KNOWN else style.MUTED
    counts = NUMBERS.get(metric, COUNTS)
    cells: list[Any] = [metric_name(book, metric, [line["note"]]), book.texts(f"trend.{word}")]
    looks = [style.BODY, style.STRONG if told else _SMALL]
    for name, bold in (("value", word in _KNOWN), ("last_year", False)):
        cells.append(line[name])
        looks.append(number_look(unit, line[name]).but(bold=bold, ink=ink))
    for name in _CHANGES:
        change, pattern = change_of(line[name], 0.0, unit)
        cells.append(change)
        look = style.NUMBER.but(number_format=pattern)
        looks.append(look.but(bold=told, ink=ink) if name == "change" else look.but(ink=style.MUTED))
    for number, name in enumerate(_NUMBERS[2:]):
        cells.append(line[name])
        looks.append(number_look(counts[number % 2], line[name]).but(ink=ink))
    book.append(sheet, row(book, sheet, cells, looks))
