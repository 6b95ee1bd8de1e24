"""The sheet of stages: where customers went within a year, and why those who left did."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, records
from planner.workbooks.pages import next_page
from planner.workbooks.value_tables import (
    CHART_ROWS,
    Place,
    heading,
    new_sheet,
    nothing,
    room,
    row,
    section,
    title,
)
from planner.workbooks.value_words import Frames, frame_of

_STAGES = (
    "not_yet",
    "onboarding",
    "warranty",
    "renewal",
    "after_warranty",
    "lapsed",
    "lost",
    "gone",
    "no_car",
)
WHY = ("natural", "preventable", "unknown")
_COUNTS = (*WHY, "lost", "active_before")
_ACROSS = 11
_YEAR = 12
_CHANGE = style.NUMBER.but(number_format="+#,##0;-#,##0;0")
_NOT_KNOWN = style.BODY.but(ink=style.MUTED, across="right", indent=1, wrap=False)
_MONTH = style.DAY.but(number_format=style.MONTH)


def add_flow(book: Book, frames: Frames) -> tuple[Sheet, int, Place | None]:
    """Where the customers of each stage of a year ago stand today."""
    texts = book.texts
    flow = frame_of(frames, "stage_flow", "from_stage", "to_stage", "count")
    to = list(dict.fromkeys(flow["to_stage"]))
    sheet = new_sheet(book, "stage_flow", [36, *([13] * (_ACROSS - 1))])
    title(book, sheet, texts("sheet.stage_flow"), texts("value.flow.note"), _ACROSS, frames)
    if flow.empty:
        nothing(book, sheet)
        return sheet, 0, None
    to += [stage for stage in dict.fromkeys(flow["from_stage"]) if stage not in (*to, "not_yet")]
    order = [stage for stage in _STAGES if stage in to] + [stage for stage in to if stage not in _STAGES]
    counts = {(line["from_stage"], line["to_stage"]): line["count"]
              for line in records(flow, ["from_stage", "to_stage", "count"])}  # fmt: skip
    since = list(dict.fromkeys(flow["from_stage"]))
    since = [stage for stage in _STAGES if stage in since] + [s for s in since if s not in _STAGES]
    charts_at = room(book, sheet, CHART_ROWS)
    heads = [
        texts("value.flow.from"),
        *(texts.code("stage", stage) for stage in order),
        texts("column.total"),
    ]
    header_row = heading(book, sheet, heads)
    for stage in since:
        numbers = [counts.get((stage, later), 0) for later in order]
        looks = [style.BODY, *([style.NUMBER] * len(order)), style.TOTAL]
        same = order.index(stage) + 1 if stage in order else 0
        if same:
            looks[same] = style.NUMBER.but(fill=style.STRIPE)
        book.append(sheet, row(book, sheet, [texts.code("stage", stage), *numbers, sum(numbers)], looks))
    sums = [sum(counts.get((stage, later), 0) for stage in since) for later in order]
    looks = [style.TOTAL_LABEL, *([style.TOTAL] * (len(order) + 1))]
    book.append(sheet, row(book, sheet, [texts("column.total"), *sums, sum(sums)], looks))
    return sheet, charts_at, Place(sheet, header_row, 1 + len(order), len(since))


def add_losses(book: Book, sheet: Sheet, frames: Frames) -> tuple[int, Place | None]:
    """Why customers were lost: the last year beside the one before it, and month by month.

    The row of a chart beside the months, and where it finds them; None where nobody was lost.
    """
    texts = book.texts
    found = frame_of(frames, "leavers", "by", "month", *_COUNTS)
    found = found[found["by"].eq("all") & found["month"].notna()].sort_values("month")
    next_page(book, sheet)
    section(book, sheet, texts("value.losses"), texts("value.losses.note"), _ACROSS)
    lines = records(found, ["month", *_COUNTS])
    if not lines:
        nothing(book, sheet)
        return 0, None
    _add_years(book, sheet, lines)
    book.append(sheet, [])
    header_row = heading(book, sheet, [texts("column.month"), *(texts(f"value.losses.{n}") for n in _COUNTS)])
    looks = [_MONTH, *([style.NUMBER] * len(WHY)), style.NUMBER.but(bold=True), style.NUMBER]
    for line in lines:
        book.append(sheet, row(book, sheet, list(line.values()), looks))
    lost = any(line["lost"] for line in lines)
    return header_row, Place(sheet, header_row, 2, len(lines)) if lost else None


def _add_years(book: Book, sheet: Sheet, lines: list[dict[str, Any]]) -> None:
    """The year up to the newest month beside the year before; each month already tells of a whole year."""
    texts = book.texts
    last = lines[-1]
    earlier = (pd.Timestamp(last["month"]) - pd.DateOffset(months=_YEAR)).date()
    before = next((line for line in lines if line["month"] == earlier), dict.fromkeys(last))
    heads = [texts("value.losses.why"), *(_year_to(book, month) for month in (last["month"], earlier))]
    heading(book, sheet, [*heads, texts("value.head.change")])
    for name in (*WHY, "lost"):
        now, then = last[name], before[name]
        change = None if now is None or then is None else now - then
        years = [_known(each, line["lost"], book) for each, line in ((now, last), (then, before))]
        cells = [texts(f"value.losses.{name}.long"), *years, change]
        looks = [style.BODY, *(style.NUMBER if each is not None else _NOT_KNOWN for each in (now, then))]
        looks.append(_CHANGE)
        if name == "lost":
            total = style.TOTAL.but(number_format=_CHANGE.number_format)
            looks = [style.TOTAL_LABEL, style.TOTAL, style.TOTAL, total]
        book.append(sheet, row(book, sheet, cells, looks))


def _known(count: Any, lost: Any, book: Book) -> Any:
    """A count of the lost of a year; in words where nobody had been asked yet."""
    return book.texts("value.losses.not_known") if count is None and lost is not None else count


def _year_to(book: Book, month: date) -> str:
    return book.texts("value.losses.year", month=book.texts.day(month, "MMM y"))
