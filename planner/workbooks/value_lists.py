"""The sheets of whom to act on, of what contacts brought, of definitions and of the data behind it all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter

from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, add_table, freeze, records
from planner.workbooks.pages import next_page
from planner.workbooks.phones import phone_cell
from planner.workbooks.value_by_hand import ByHand, formula
from planner.workbooks.value_tables import (
    MUTED,
    RIGHT,
    SHARE,
    metric_name,
    nothing,
    number_look,
    row,
    section,
    title,
)
from planner.workbooks.value_words import (
    Frames,
    check_said,
    frame_of,
    has_no_money,
    is_poor,
    nobody_to_act_on,
    now,
    why_nobody,
    word,
)

MOST_LISTED = 500  # what a team can work through; the rest is in `planner value --json`. Our judgement
_TO_ACT = {
    "rank": 6, "customer": 24, "phone": 17, "why": 34, "last_service_on": 12.5, "last_visit_on": 12.5,
    "at_risk": 11, "value": 11, "leaves_probability": 11.5, "margin_total": 11, "tenure_months": 10,
    "missing_services": 22,
    "next_contact_on": 13, "next_channel": 15,
    "next_contact": 24, "advisor": 16, "segment": 15, "customer_id": 16,
}  # fmt: skip
_TO_OFFER = {
    "rank": 6, "customer": 24, "phone": 17, "segment": 15, "service": 20, "expected_margin": 12, "share": 11,
    "margin_per_year": 10, "best_of": 15, "also": 40, "missing_margin": 12, "last_visit_on": 12.5,
    "next_contact_on": 13, "next_channel": 15, "next_contact": 24, "advisor": 16, "customer_id": 16,
}  # fmt: skip
_FIGURES = ("rank", "at_risk", "value", "leaves_probability", "margin_total", "tenure_months",
            "expected_margin", "share", "margin_per_year", "missing_margin")  # fmt: skip
_ACT_LOOKS = {
    "rank": style.NUMBER,
    "customer": style.STRONG,
    "last_service_on": style.DAY,
    "last_visit_on": style.DAY.but(ink=style.MUTED),
    "at_risk": style.NUMBER.but(bold=True),
    "value": style.NUMBER,
    "margin_total": style.NUMBER.but(ink=style.MUTED),
    "tenure_months": style.NUMBER.but(ink=style.MUTED),
    "leaves_probability": style.PERCENT,
    "expected_margin": style.NUMBER.but(bold=True),
    "share": SHARE,
    "margin_per_year": style.NUMBER,
    "best_of": style.BODY.but(ink=style.MUTED, indent=1),
    "missing_margin": style.NUMBER,
    "next_contact_on": style.DAY,
    "customer_id": style.KEY,
}
_ABOVE = 3
_ALL_METRICS = 18  # from so many on a check is under all figures of money and of who comes
_QUALITY_FILL = {"A": style.GREEN, "B": style.GREEN, "C": style.YELLOW, "D": style.RED}


def add_to_act(book: Book, frames: Frames, names: Mapping[str, str]) -> None:
    """Valuable and leaving, most money at risk first; `names` of the touchpoints."""
    texts = book.texts
    listed = frame_of(frames, "to_act_on", *_TO_ACT, "dial")
    sheet = book.sheet(texts("sheet.to_act_on"), list(_TO_ACT.values()), tab=style.RED)
    book.page(sheet, f"{texts('sheet.to_act_on')}{texts('comma')}{book.title}")
    shown = listed.iloc[:MOST_LISTED]
    above = _ABOVE + is_poor(frames)
    freeze(sheet, f"C{above + 2}", above + 1)
    title(book, sheet, texts("sheet.to_act_on"), frames=frames)
    if listed.empty:
        why = why_nobody(frames)
        nothing(book, sheet, texts("value.act.none") if why == "none" else nobody_to_act_on(frames, texts))
        return
    some = texts("value.act.some", shown=texts.number(len(shown)), all=texts.number(len(listed)))
    said = some if len(shown) < len(listed) else texts("value.act.all", all=texts.number(len(listed)))
    said = f"{nobody_to_act_on(frames, texts)} {said}" if why_nobody(frames) == "no_plan" else said
    book.append(sheet, [book.cell(sheet, said, style.PLAIN)])
    book.append(sheet, [book.cell(sheet, texts("value.act.note"), MUTED)])
    heads = _add_lines(book, sheet, shown, _TO_ACT, names)
    sheet.print_area = f"A1:{get_column_letter(len(_TO_ACT) - 2)}{above + 1 + len(shown)}"
    add_table(sheet, "ToActOn", heads, above + 1, len(shown))


def add_to_offer(book: Book, frames: Frames, names: Mapping[str, str]) -> None:
    """The services that each customer lacks, by what they would bring; `names` of the touchpoints."""
    texts = book.texts
    listed = frame_of(frames, "to_offer", *_TO_OFFER, "dial")
    sheet = book.sheet(texts("sheet.to_offer"), list(_TO_OFFER.values()), tab=style.BLUE)
    book.page(sheet, f"{texts('sheet.to_offer')}{texts('comma')}{book.title}")
    above = _ABOVE + is_poor(frames)
    freeze(sheet, f"C{above + 2}", above + 1)
    title(book, sheet, texts("sheet.to_offer"), frames=frames)
    if listed.empty:
        nothing(book, sheet, texts(f"value.offer.{'no_money' if has_no_money(frames) else 'none'}"))
        return
    shown = listed.iloc[:MOST_LISTED]
    said = texts("value.offer.all", all=texts.number(len(listed)), shown=texts.number(len(shown)))
    book.append(sheet, [book.cell(sheet, said, style.PLAIN)])
    book.append(sheet, [book.cell(sheet, texts("value.offer.note"), MUTED)])
    heads = _add_lines(book, sheet, shown, _TO_OFFER, names)
    sheet.print_area = f"A1:{get_column_letter(len(_TO_OFFER) - 1)}{above + 1 + len(shown)}"
    add_table(sheet, "ToOffer", heads, above + 1, len(shown))


def _add_lines(
    book: Book, sheet: Sheet, shown: pd.DataFrame, columns: Collection[str], names: Mapping[str, str]
) -> list[str]:
    """A header and a line a row of `shown`; what stands in the header."""
    heads = [book.texts(f"value.act.{name}") for name in columns]
    right = style.HEADER.but(across="right", indent=1)
    looks = [right if name in _FIGURES else style.HEADER for name in columns]
    book.append(sheet, row(book, sheet, heads, looks), least=30)
    for line in records(shown, [*columns, "dial", "due_on"]):
        book.append(sheet, [_act_cell(book, sheet, name, line, names) for name in columns])
    return heads


def _act_cell(book: Book, sheet: Sheet, name: str, line: Mapping[str, Any], names: Mapping[str, str]) -> Cell:
    texts, value = book.texts, line[name]
    if name == "why":
        return book.cell(sheet, _why(book, line), style.BODY)
    if name == "next_channel" and value:
        fill, ink = style.CHANNEL_FILLS.get(value, (style.PALE, style.INK))
        return book.cell(
            sheet, texts.code("channel", value), style.BODY.but(fill=fill, ink=ink, across="center")
        )
    if name == "next_contact_on" and value is None:
        return book.cell(sheet, texts("value.act.not_planned"), style.BODY.but(fill=style.RED))
    if name == "next_contact" and value:
        value = texts.touchpoint(names.get(value, value))
    if name == "service":
        return book.cell(sheet, texts.code("visit", value), style.STRONG)
    if name in ("missing_services", "also") and value:
        value = texts("comma").join(texts.code("visit", kind) for kind in value.split(","))
    if name in ("segment", "best_of") and value:
        value = texts("value.all") if value == "all" else texts.code("segment", value)
    if name == "phone":
        if value is None:
            return book.cell(sheet, texts("value.act.no_call"), style.NOTHING)
        return phone_cell(book, sheet, value, line["dial"])
    look = _ACT_LOOKS.get(name, style.BODY)
    return book.cell(sheet, value, look)


def _why(book: Book, line: Mapping[str, Any]) -> str:
    """What is known of a customer to act on: the reason, how long ago the last visit or the due day was."""
    texts, why, today = book.texts, line["why"], book.info.as_of
    overdue = (today - line["due_on"]).days if line["due_on"] else 0
    if why == "lost":
        if line["last_visit_on"] is None:
            return texts("value.why.never")
        last, day = line["last_visit_on"], today
        months = 12 * (day.year - last.year) + day.month - last.month - (day.day < last.day)
        return texts("value.why.lost", months=texts.number(months))
    if why == "lapsed" and overdue > 0:
        return texts("value.why.overdue", days=texts.number(overdue))
    said = texts(f"value.why.{why}")
    if overdue <= 0:
        return said
    return texts("value.why.and", why=said, overdue=texts("value.why.overdue", days=texts.number(overdue)))


def add_value_definitions(book: Book, frames: Frames) -> None:
    """What every figure is, its formula and the numbers in it; the settings; what the other words mean."""
    texts, by_hand = book.texts, ByHand.of(frames)
    sheet = book.sheet(texts("sheet.value_definitions"), [42, 14, 52, 78])
    book.page(sheet, f"{texts('sheet.value_definitions')}{texts('comma')}{book.title}")
    title(book, sheet, texts("sheet.value_definitions"), texts("value.definitions.note"), 4, frames)
    figures = records(now(frames), ["metric", "value", "unit", "note"])
    if figures:
        section(book, sheet, texts("value.definitions.figures"))
        heads = [
            texts("value.head.figure"),
            texts("value.number"),
            texts("value.formula"),
            texts("column.meaning"),
        ]
        book.append(sheet, row(book, sheet, heads, [style.HEADER, RIGHT, style.HEADER, style.HEADER]))
    for line in figures:
        _add_definition(book, sheet, line, by_hand)
    _add_settings(book, sheet, frame_of(frames, "assumptions", "setting", "value", "unit"))
    section(book, sheet, texts("value.definitions.more"))
    for said in texts("value.definitions").split("\n"):
        word, how, meaning = (part.strip() for part in said.split("|"))
        looks = [style.STRONG, style.BODY, style.BODY, style.BODY]
        book.append(sheet, row(book, sheet, [word, None, how, meaning], looks))


def _add_definition(book: Book, sheet: Sheet, line: Mapping[str, Any], by_hand: ByHand) -> None:
    """A figure, and below it the numbers in its formula."""
    texts, metric = book.texts, line["metric"]
    meaning = word("explained", metric, texts)
    cells = [metric_name(book, metric, [line["note"]]), line["value"], formula(metric, texts), meaning]
    value = number_look(line["unit"], line["value"], style.TOTAL)
    looks = [style.TOTAL_LABEL, value, style.BODY.but(fill=style.PALE), style.BODY.but(fill=style.PALE)]
    book.append(sheet, row(book, sheet, cells, looks))
    for each in by_hand.inputs(metric):
        name = each.key.removeprefix("setting.")
        where = f"value.{name}" if each.key != name else None
        named = texts(each.key)
        cells = [named[:1].upper() + named[1:], each.value, where, None]
        pattern = _INPUTS.get(each.unit, style.WHOLE)
        looks = [style.BODY.but(indent=1), style.NUMBER.but(number_format=pattern), _SETTING, style.BODY]
        book.append(sheet, row(book, sheet, cells, looks))


# With so many digits that the formula gives the figure as it is shown.
_INPUTS = {"money": "#,##0.00", "rate": "0.00000", "count": "#,##0.##", "months": "0.000"}
_SETTING = style.BODY.but(ink=style.MUTED, reads="left")


def _add_settings(book: Book, sheet: Sheet, given: pd.DataFrame) -> None:
    if given.empty:
        return
    texts = book.texts
    next_page(book, sheet)
    section(book, sheet, texts("value.settings"), texts("value.settings.note"), 4)
    for line in records(given, ["setting", "value", "unit"]):
        cells = [texts.code("setting", line["setting"]), line["value"], f"value.{line['setting']}", None]
        pattern = {"share": "0.0%", "money": "#,##0.00"}.get(line["unit"], style.WHOLE)
        looks = [style.BODY, style.NUMBER.but(number_format=pattern), _SETTING, style.BODY]
        book.append(sheet, row(book, sheet, cells, looks))


def add_quality(book: Book, frames: Frames) -> None:
    """Every check of the data: its grade, how many rows, in a sentence, and the figures that rest on it."""
    texts = book.texts
    sheet = book.sheet(texts("sheet.quality"), [32, 9, 11, 11, 11, 14, 60, 84])
    book.page(sheet, f"{texts('sheet.quality')}{texts('comma')}{book.title}")
    title(book, sheet, texts("sheet.quality"), texts("value.quality.note"), 8)
    quality = frame_of(frames, "quality", "check")
    checks = quality[quality["check"].ne("overall")]
    if checks.empty:
        nothing(book, sheet, texts("value.quality.none"))
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
        metrics = [word("metric", name, texts) for name in str(line["metrics"] or "").split(",") if name]
        metrics = metrics if len(metrics) < _ALL_METRICS else [texts("value.quality.all_metrics")]
        if line["grade"] and not metrics:
            metrics = [texts("value.quality.plan")]
        cells = [texts.code("check", line["check"]), line["grade"] or None, _plain(line["share"])]
        last_on = _plain(line["last_on"])
        days_ago = line["kind"] == "fresh" and last_on  # which the sentence says
        wrong = None if days_ago else _plain(line["count"])
        cells += [wrong, _plain(line["total"]), last_on]
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
