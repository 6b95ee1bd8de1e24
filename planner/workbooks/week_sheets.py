"""What stands beside the calls of a week: the week at a glance, and how to work with the list."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pandas as pd

from planner.tables import CHANNELS
from planner.workbooks import style
from planner.workbooks.book import Book, inside
from planner.workbooks.charts import stacked_columns
from planner.workbooks.info import ListInfo
from planner.workbooks.style import Look
from planner.workbooks.texts import outcome_words

KINDS = ("callback", "open", "again", "planned", "no_phone")


def add_week(
    book: Book, rows: list[dict[str, Any]], messages: pd.DataFrame, info: ListInfo, outcome_column: str
) -> None:
    """The week at a glance: what there is, how far it is filled in, calls by day and advisor."""
    texts = book.texts
    advisors = sorted({row["advisor"] or "" for row in rows}, key=lambda name: (name == "", name))
    sheet = book.sheet(texts("sheet.week"), [30, *(14 for _ in advisors), 12])
    book.page(sheet, book.title, landscape=False, pages=1)
    book.append(sheet, [book.cell(sheet, texts("week.title"), style.TITLE)])
    span = texts("calls.span", first=texts.day(info.first_day), last=texts.day(info.last_day))
    said = texts("comma").join([info.dealership, texts("week.name", **info.named), span])
    book.append(sheet, [book.cell(sheet, said, style.SUBTITLE)])
    book.append(sheet, [])
    label, figure = style.BODY, style.NUMBER.but(bold=True)
    figures: list[tuple[str, int]] = [
        ("week.calls", len(rows)),
        ("week.callbacks", sum(row["kind"] == "callback" for row in rows)),
        ("week.still_open", sum(row["kind"] == "open" for row in rows)),
        ("week.again", sum((row["attempt"] or 1) > 1 for row in rows)),
        ("week.no_phone", sum(not row["phone"] and not row["phone_2"] for row in rows)),
        ("week.messages", len(messages)),
    ]
    for key, number in figures:
        book.append(sheet, [book.cell(sheet, texts(key), label), book.cell(sheet, number, figure)])
    by_channel = Counter(messages.get("channel", ()))
    for channel in CHANNELS:
        if by_channel[channel]:
            name = book.cell(sheet, texts(f"sheet.{channel}"), label.but(indent=1))
            book.append(sheet, [name, book.cell(sheet, by_channel[channel], style.NUMBER)])
    if not rows:
        return
    calls = inside(texts("sheet.calls"), "")[1:]
    filled = f"COUNTA({calls}${outcome_column}$2:${outcome_column}${len(rows) + 1})"
    for key, formula, shown in (
        ("week.filled_in", f"={filled}", 0),
        ("week.open", f"={len(rows)}-{filled}", len(rows)),
    ):
        number_cell = book.formula(sheet, formula, figure, shown)
        book.append(sheet, [book.cell(sheet, texts(key), label), number_cell])
    book.append(sheet, [])

    counts = Counter((row["call_on"], row["advisor"] or "") for row in rows)
    names = [name or texts("week.nobody") for name in advisors]
    heads = [texts("column.day"), *names, texts("column.total")]
    header_row = book.next_row(sheet)
    looks = [style.HEADER, *(style.HEADER.but(across="right", indent=1) for _ in heads[1:])]
    book.append(sheet, [book.cell(sheet, text, look) for text, look in zip(heads, looks, strict=True)])
    days = _days(rows, info)
    for day in days:
        numbers = [counts[day, advisor] for advisor in advisors]
        book.append(
            sheet,
            [
                book.cell(sheet, texts.day(day, "EEE d MMM") if day else None, label),
                *(book.cell(sheet, number or None, style.NUMBER) for number in numbers),
                book.cell(sheet, sum(numbers) or None, style.TOTAL),
            ],
        )
    sums = [sum(counts[day, advisor] for day in days) for advisor in advisors]
    total = book.cell(sheet, texts("column.total"), style.TOTAL_LABEL)
    book.append(sheet, [total, *(book.cell(sheet, number, style.TOTAL) for number in (*sums, len(rows)))])
    chart = stacked_columns(
        sheet,
        texts("week.chart"),
        header_row=header_row,
        rows=len(days),
        label_column=1,
        columns=range(2, 2 + len(advisors)),
        width_cm=22,
        right_to_left=texts.right_to_left,
        number_format=texts.cell_format(style.WHOLE),
    )
    sheet.add_chart(chart, f"A{header_row + len(days) + 3}")


def _days(rows: list[dict[str, Any]], info: ListInfo) -> list[date | None]:
    """The days of the week, and whatever other day a call stands on."""
    length = (info.last_day - info.first_day).days + 1
    week = {info.first_day + timedelta(days=number) for number in range(length)}
    named = {row["call_on"] for row in rows}
    return [*sorted(week | (named - {None})), *([None] if None in named else [])]


def add_how_to(book: Book) -> None:
    """How to work with the list, why rows are on it, and what each outcome to choose means and needs."""
    texts = book.texts
    sheet = book.sheet(texts("sheet.how_to"), [22, 52, 36])
    book.page(sheet, texts("how_to.title"), landscape=False)
    book.append(sheet, [book.cell(sheet, texts("how_to.title"), style.TITLE)])
    book.append(sheet, [])
    for number, step in enumerate(texts("how_to.steps").splitlines(), 1):
        book.paragraph(sheet, f"{texts.digits(str(number))}. {step}", Look(size=11), across=3)
    for title, heads, lines in (
        (
            "how_to.kinds",
            ("column.call_kind", "how_to.meaning"),
            [_parts(texts(f"kind.{kind}")) for kind in KINDS],
        ),
        (
            "how_to.outcomes",
            ("column.outcome", "column.when", "column.needs"),
            [(word, *texts.outcome(code)) for code, word in outcome_words(texts.language).items()],
        ),
    ):
        book.append(sheet, [])
        book.append(sheet, [book.cell(sheet, texts(title), style.SECTION)])
        book.append(sheet, [book.cell(sheet, texts(key), style.HEADER) for key in heads])
        for line in lines:
            looks = (style.STRONG, style.BODY, style.BODY)
            cells = [book.cell(sheet, text, look) for text, look in zip(line, looks, strict=False)]
            book.append(sheet, cells)
    book.append(sheet, [])
    book.paragraph(sheet, texts("how_to.attempts"), Look(ink=style.MUTED), across=3)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("|")]
