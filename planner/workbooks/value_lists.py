"""The sheets of whom to act on, of what contacts brought, of definitions and of the data behind it all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter

from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, add_table, freeze, records
from planner.workbooks.style import Look
from planner.workbooks.value_tables import MUTED, SHARE, counted_look, heading, row, section, title
from planner.workbooks.value_words import Frames, check_said, frame_of, now

MOST_LISTED = 500  # what a team can work through; the rest is in `planner value --json`. Our judgement
_TO_ACT = {
    "rank": 6, "customer": 24, "phone": 17, "why": 27, "last_visit_on": 12.5, "at_risk": 11, "value": 11,
    "leaves_probability": 10, "margin_total": 11, "tenure_months": 10, "missing_services": 22,
    "next_contact_on": 13, "next_channel": 11,
    "next_contact": 24, "advisor": 16, "segment": 15, "customer_id": 16,
}  # fmt: skip
_FIGURES = ("rank", "at_risk", "value", "leaves_probability", "margin_total", "tenure_months")
_ACT_LOOKS = {
    "rank": style.NUMBER,
    "customer": style.STRONG,
    "phone": style.AS_TEXT,
    "last_visit_on": style.DAY,
    "at_risk": style.NUMBER.but(bold=True),
    "value": style.NUMBER,
    "margin_total": style.NUMBER.but(ink=style.MUTED),
    "tenure_months": style.NUMBER.but(ink=style.MUTED),
    "leaves_probability": style.PERCENT,
    "next_contact_on": style.DAY,
    "customer_id": style.KEY,
}
_ABOVE = 3
_QUALITY_FILL = {"A": style.GREEN, "B": style.GREEN, "C": style.YELLOW, "D": style.RED}


def add_to_act(book: Book, frames: Frames, names: Mapping[str, str]) -> None:
    """Valuable and leaving, most money at risk first; `names` of the touchpoints."""
    texts = book.texts
    listed = frame_of(frames, "to_act_on", *_TO_ACT)
    sheet = book.sheet(texts("sheet.to_act_on"), list(_TO_ACT.values()), tab=style.RED)
    book.page(sheet, f"{texts('sheet.to_act_on')}{texts('comma')}{book.title}")
    shown = listed.iloc[:MOST_LISTED]
    freeze(sheet, f"C{_ABOVE + 2}", _ABOVE + 1)
    title(book, sheet, texts("sheet.to_act_on"))
    if listed.empty:
        book.append(sheet, [book.cell(sheet, texts("value.act.none"), style.NOTHING.but(lined=False))])
        return
    some = texts("value.act.some", shown=texts.number(len(shown)), all=texts.number(len(listed)))
    said = some if len(shown) < len(listed) else texts("value.act.all", all=texts.number(len(listed)))
    book.append(sheet, [book.cell(sheet, said, style.PLAIN)])
    book.append(sheet, [book.cell(sheet, texts("value.act.note"), MUTED)])
    heads = [texts(f"value.act.{name}") for name in _TO_ACT]
    right = style.HEADER.but(across="right", indent=1)
    looks = [right if name in _FIGURES else style.HEADER for name in _TO_ACT]
    book.append(sheet, row(book, sheet, heads, looks), least=30)
    for line in records(shown, list(_TO_ACT)):
        book.append(sheet, [_act_cell(book, sheet, name, line, names) for name in _TO_ACT])
    sheet.print_area = f"A1:{get_column_letter(len(_TO_ACT) - 2)}{_ABOVE + 1 + len(shown)}"
    add_table(sheet, "ToActOn", heads, _ABOVE + 1, len(shown))


def _act_cell(book: Book, sheet: Sheet, name: str, line: Mapping[str, Any], names: Mapping[str, str]) -> Cell:
    texts, value = book.texts, line[name]
    if name == "why":
        return book.cell(sheet, texts(f"value.why.{value}"), style.BODY)
    if name == "next_channel" and value:
        fill, ink = style.CHANNEL_FILLS.get(value, (style.PALE, style.INK))
        return book.cell(
            sheet, texts.code("channel", value), style.BODY.but(fill=fill, ink=ink, across="center")
        )
    if name == "next_contact_on" and value is None:
        return book.cell(sheet, texts("value.act.not_planned"), style.BODY.but(fill=style.RED))
    if name == "next_contact" and value:
        value = texts.touchpoint(names.get(value, value))
    if name == "missing_services" and value:
        value = texts("comma").join(texts.code("visit", kind) for kind in value.split(","))
    if name == "segment" and value:
        value = texts.code("segment", value)
    if name == "phone" and value is None:
        return book.cell(sheet, texts("value.act.no_call"), style.NOTHING)
    look = _ACT_LOOKS.get(name, style.BODY)
    return book.cell(sheet, value, look)


def add_tactics(book: Book, frames: Frames, names: Mapping[str, str]) -> None:
    """What each tactic did, and which contacts brought bookings, complaints and opt-outs."""
    texts = book.texts
    sheet = book.sheet(texts("sheet.tactics"), [30, *([12] * 13)])
    book.page(sheet, f"{texts('sheet.tactics')}{texts('comma')}{book.title}")
    title(book, sheet, texts("sheet.tactics"), texts("value.tactics.note"), 14)
    for name in ("tactics", "success"):
        found = frame_of(frames, name)
        section(book, sheet, texts(f"value.{name}"), texts(f"value.{name}.said"), 14)
        if found.empty:
            nothing = style.NOTHING.but(lined=False)
            book.append(sheet, [book.cell(sheet, texts(f"value.{name}.none"), nothing)])
        else:
            _add_frame(book, sheet, found, names)


def _add_frame(book: Book, sheet: Sheet, found: pd.DataFrame, names: Mapping[str, str]) -> None:
    """A frame as it is: its codes in words, its numbers in looks by their names."""
    texts = book.texts
    columns = [str(name) for name in found.columns]
    words = [name for name in columns if not pd.api.types.is_numeric_dtype(found[name])]
    order = words + [name for name in columns if name not in words and name != "note"]
    heading(book, sheet, [texts.code("value.result", name) for name in order], len(words))
    for line in records(found, order):
        cells: list[Any] = []
        looks: list[Look] = []
        for name in order:
            value = line[name]
            if name in words:
                cells.append(_word(book, name, value, names))
                looks.append(style.BODY if name != "note" else style.BODY.but(ink=style.YELLOW_DARK))
            else:
                cells.append(value)
                share = name.endswith(("rate", "share", "low", "high", "difference"))
                looks.append(SHARE if share else counted_look(value))
        book.append(sheet, row(book, sheet, cells, looks))


def _word(book: Book, name: str, value: Any, names: Mapping[str, str]) -> Any:
    texts = book.texts
    if not isinstance(value, str) or not value:
        return value or None
    if name in ("touchpoint", "tactic"):
        return texts.touchpoint(names[value]) if value in names else texts.code("tactic", value)
    if name == "channel":
        return texts.code("channel", value)
    return texts.code("noted", value) if name == "note" else texts.code("value.lead", value)


def add_value_definitions(book: Book, frames: Frames) -> None:
    """What every figure is, what is divided by what, and how the rest was worked out."""
    texts = book.texts
    sheet = book.sheet(texts("sheet.value_definitions"), [30, 44, 80])
    book.page(sheet, f"{texts('sheet.value_definitions')}{texts('comma')}{book.title}")
    freeze(sheet, "A2")
    heads = [texts("column.term"), texts("value.formula"), texts("column.meaning")]
    book.append(sheet, row(book, sheet, heads, [style.HEADER] * 3))
    for metric in dict.fromkeys(now(frames)["metric"]):
        if f"metric.{metric}" not in texts.words:
            continue
        counted, out_of = texts(f"counted.{metric}"), texts(f"out_of.{metric}")
        formula = texts("value.divided", counted=counted, out_of=out_of) if out_of else counted
        cells = [texts(f"metric.{metric}"), formula, texts(f"explained.{metric}")]
        book.append(sheet, row(book, sheet, cells, [style.STRONG, style.BODY, style.BODY]))
    for line in texts("value.definitions").split("\n"):
        cells = [part.strip() for part in line.split("|")]
        book.append(sheet, row(book, sheet, cells, [style.STRONG, style.BODY, style.BODY]))


def add_quality(book: Book, frames: Frames) -> None:
    """Every check of the data: its grade, how many rows, in a sentence, and the figures that rest on it."""
    texts = book.texts
    sheet = book.sheet(texts("sheet.quality"), [32, 9, 11, 11, 11, 14, 66, 60])
    book.page(sheet, f"{texts('sheet.quality')}{texts('comma')}{book.title}")
    title(book, sheet, texts("sheet.quality"), texts("value.quality.note"), 7)
    quality = frame_of(frames, "quality", "check")
    checks = quality[quality["check"].ne("overall")]
    if checks.empty:
        book.append(sheet, [book.cell(sheet, texts("value.quality.none"), style.NOTHING.but(lined=False))])
        return
    names = ["check", "grade", "share", "count", "total", "last_on", "sentence", "metrics"]
    heads = [texts(f"value.quality.{'grade_of' if name == 'grade' else name}") for name in names]
    right = style.HEADER.but(across="right", indent=1)
    looks = [style.HEADER, style.HEADER, right, right, right, style.HEADER, style.HEADER, style.HEADER]
    book.append(sheet, row(book, sheet, heads, looks))
    kind = None
    for line in checks.to_dict("records"):
        if line["kind"] != kind:
            kind = line["kind"]
            label = book.cell(sheet, texts.code("value.checks", kind), style.TOTAL_LABEL)
            book.append(sheet, [label, *(book.cell(sheet, None, style.TOTAL) for _ in heads[1:])])
        metrics = [texts.code("metric", name) for name in str(line["metrics"] or "").split(",") if name]
        cells = [texts.code("check", line["check"]), line["grade"] or None, _plain(line["share"])]
        cells += [_plain(line["count"]), _plain(line["total"]), _plain(line["last_on"])]
        cells += [check_said(line, texts), texts("comma").join(metrics) or None]
        grade = style.BODY.but(bold=True, across="center", fill=_QUALITY_FILL.get(line["grade"], ""))
        looks = [style.BODY, grade, SHARE, style.NUMBER, style.NUMBER, style.DAY, style.BODY]
        book.append(sheet, row(book, sheet, cells, [*looks, style.BODY.but(ink=style.MUTED)]))


def _plain(value: Any) -> Any:
    if value is None or pd.isna(value):
        return None
    return (
        value.date() if isinstance(value, pd.Timestamp) else value.item() if hasattr(value, "item") else value
    )
