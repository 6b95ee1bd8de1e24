"""The sheet of segments: who they are, what the best of each use, how few bring how much."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.tables import VISIT_KINDS
from planner.value.figures import TOO_FEW
from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, records
from planner.workbooks.pages import keep_together, next_page
from planner.workbooks.value_tables import (
    CHART_ROWS,
    MUTED,
    SHARE,
    Place,
    heading,
    heat,
    new_sheet,
    nothing,
    number_look,
    room,
    row,
    section,
    title,
)
from planner.workbooks.value_words import Frames, frame_of, lost_said

_ACROSS = 13


def add_segments(book: Book, frames: Frames) -> tuple[Sheet, int, Place | None]:
    """Who the customers are, what they bring, which services the best of them use; how few bring how much."""
    texts = book.texts
    sheet = new_sheet(book, "segments_value", [20, 24, *([12] * 8), 14, 12, 15])
    said = f"{texts('value.segments.note')}\n{lost_said(frames, texts)}".strip()
    title(book, sheet, texts("sheet.segments_value"), said, _ACROSS, frames)
    segments = frame_of(frames, "segments")
    if segments.empty:
        nothing(book, sheet)
        return sheet, 0, None
    _add_segments(book, sheet, segments)
    _add_profile(book, sheet, frame_of(frames, "profile"))
    curve = frame_of(frames, "concentration", "customers_share")
    next_page(book, sheet)
    section(book, sheet, texts("value.concentration"), texts("value.concentration.note"), _ACROSS)
    if curve.empty or curve["customers"].max() < TOO_FEW:
        nothing(book, sheet)
        return sheet, 0, None
    charts_at = room(book, sheet, CHART_ROWS)
    names = ["customers_share", "margin_share", "even_share", "customers", "margin", "mark"]
    header_row = heading(book, sheet, [*(texts(f"value.concentration.{name}") for name in names), ""], 0)
    for line in records(curve, names):
        mark = texts(f"value.mark.{line['mark']}") if line["mark"] else None
        bold = bool(mark)
        looks = [SHARE, SHARE, SHARE, style.NUMBER, style.NUMBER]
        line["margin_share"] = round(line["margin_share"], 9)  # a hair above 1 would leave the chart
        cells = [*(line[name] for name in names[:-1]), mark, None]  # the note is wider than its column
        noted = style.STRONG.but(wrap=False, indent=1)
        looks = [*(look.but(bold=bold) for look in looks), noted, noted]
        book.append(sheet, row(book, sheet, cells, looks))
    return sheet, charts_at, Place(sheet, header_row, 1, len(curve))


_LAST_DAY = style.DAY.but(across="right", indent=1)
_SEGMENT_UNITS = {
    "customers": "count", "share": "share", "margin_24m": "money", "margin_share": "share",
    "margin_per_customer": "money", "visits_per_customer": "ratio", "tenure_months": "months",
    "leaves_probability": "share", "value_expected": "money", "missing_margin": "money",
}  # fmt: skip


def _add_segments(book: Book, sheet: Sheet, segments: pd.DataFrame) -> None:
    texts = book.texts
    heads = [texts("value.by.segment.one"), *(texts(f"value.segments.{name}") for name in _SEGMENT_UNITS)]
    heading(book, sheet, [*heads, texts("value.segments.last_visit_on")])
    lines = records(segments, ["segment", *_SEGMENT_UNITS, "last_visit_on"])
    for line in lines:
        cells = [texts.code("segment", line["segment"]), *(line[name] for name in _SEGMENT_UNITS)]
        looks = [number_look(unit, line[name]) for name, unit in _SEGMENT_UNITS.items()]
        cells.append(line["last_visit_on"])
        if line["customers"] is None:
            cells[1], looks[0] = texts("noted.no_data"), MUTED.but(lined=True, size=8)
        book.append(sheet, row(book, sheet, cells, [style.STRONG, *looks, _LAST_DAY]))
    added = ("customers", "margin_24m", "value_expected", "missing_margin", "share", "margin_share")
    known = {name for name in added if any(line[name] is not None for line in lines)}
    sums = [sum(line[name] or 0 for line in lines) if name in known else None for name in _SEGMENT_UNITS]
    looks = [
        number_look(unit, total, style.TOTAL)
        for unit, total in zip(_SEGMENT_UNITS.values(), sums, strict=True)
    ]
    cells = [texts("column.total"), *sums, None]
    book.append(sheet, row(book, sheet, cells, [style.TOTAL_LABEL, *looks, style.TOTAL]))


def _add_profile(book: Book, sheet: Sheet, profile: pd.DataFrame) -> None:
    """For each segment and service: how many of the best use it, how many of all, what it brings."""
    used = profile[profile["users"].gt(0)]
    if used.empty:
        return
    texts = book.texts
    section(book, sheet, texts("value.profile"), texts("value.profile.note"), _ACROSS)
    _add_shares(book, sheet, profile[profile["service"].isin(used["service"])])
    next_page(book, sheet)
    section(book, sheet, texts("value.profile.detail"), texts("value.profile.detail.note"), _ACROSS)
    names = ["share", "users", "best_customers", "share_all", "margin_per_year", "expected_margin"]
    heads = [texts("value.by.segment.one"), texts("value.profile.service")]
    heads += [*(texts(f"value.profile.{name}") for name in names), ""]
    heading(book, sheet, heads, 2)
    many = used["segment"].value_counts()
    looks = [SHARE.but(bold=True), style.NUMBER, style.NUMBER, SHARE, style.NUMBER, style.NUMBER]
    before = None
    for line in records(used, ["segment", "service", *names, "note"]):
        segment = line["segment"]
        name = _segment(book, segment)
        note = texts("noted.too_few") if line["note"] else None
        if segment != before and keep_together(book, sheet, int(many[segment])):
            heading(book, sheet, heads, 2)
        cells: list[Any] = [None if segment == before else name, texts.code("visit", line["service"])]
        cells += [*(line[key] for key in names), note]
        muted = style.BODY.but(ink=style.MUTED, size=8, wrap=False)
        book.append(sheet, row(book, sheet, cells, [style.STRONG, style.BODY, *looks, muted]))
        before = segment


def _add_shares(book: Book, sheet: Sheet, profile: pd.DataFrame) -> None:
    """Services down, segments across: how many of the best use it."""
    texts = book.texts
    found = {
        (line["segment"], line["service"]): line
        for line in records(profile, ["segment", "service", "share", "note"])
    }
    segments = list(dict.fromkeys(segment for segment, _ in found))
    services = list(dict.fromkeys(service for _, service in found))
    heads = [texts("value.profile.of"), texts("value.profile.service")]
    heading(book, sheet, [*heads, *(_segment(book, segment) for segment in segments)], 2)
    before = None
    for service in services:
        of = texts(f"value.profile.{'kind' if service in VISIT_KINDS else 'named'}")
        cells: list[Any] = [None if of == before else of, texts.code("visit", service)]
        looks = [style.STRONG, style.BODY]
        for segment in segments:
            line = found[segment, service]
            cells.append(line["share"])
            looks.append(heat(line["share"], bool(line["note"])))
        book.append(sheet, row(book, sheet, cells, looks))
        before = of


def _segment(book: Book, segment: str) -> str:
    return book.texts("value.all") if segment == "all" else book.texts.code("segment", segment)
