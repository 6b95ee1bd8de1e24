"""What stands beside the calls of a week: the messages to send, the week at a glance, how to."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pandas as pd

from planner.workbooks import style
from planner.workbooks.book import Book, add_table, freeze, inside, records
from planner.workbooks.charts import stacked_columns
from planner.workbooks.info import ListInfo
from planner.workbooks.markdown import without_bold
from planner.workbooks.style import Look
from planner.workbooks.texts import outcome_words

MESSAGE_COLUMNS: tuple[tuple[str, float, Look], ...] = (
    ("send_on", 12.5, style.DAY),
    ("channel", 11, style.BODY),
    ("customer", 20, style.STRONG),
    ("address", 28, style.AS_TEXT),
    ("language", 10, style.BODY),
    ("vehicle", 16, style.BODY),
    ("why", 24, style.BODY),
    ("subject", 22, style.AS_TEXT),
    ("text", 70, style.AS_TEXT),
    ("script", 14, style.KEY),
    ("contact_id", 26, style.KEY),
)


def add_messages(book: Book, messages: pd.DataFrame) -> None:
    """The sheet of messages, letters and e-mails, with their text ready to send."""
    texts = book.texts
    sheet = book.sheet(texts("sheet.messages"), [width for _, width, _ in MESSAGE_COLUMNS])
    book.page(sheet, f"{texts('sheet.messages')}{texts('comma')}{book.title}")
    freeze(sheet, "D2")
    names = [name for name, _, _ in MESSAGE_COLUMNS]
    headers = [texts(f"column.{name}") for name in names]
    book.append(sheet, [book.cell(sheet, header, style.HEADER) for header in headers], least=24)
    rows = [_with_subject(row) for row in records(messages, names)]
    if not rows:
        book.append(sheet, [book.cell(sheet, texts("messages.none"), style.SECTION)])
        return
    for row in rows:
        cells = []
        for name, _, look in MESSAGE_COLUMNS:
            value = row[name]
            if name == "channel" and value:
                fill, ink = style.CHANNEL_FILLS.get(value, (style.PALE, style.INK))
                value, look = texts.code("channel", value), look.but(fill=fill, ink=ink)
            elif name == "language" and value:
                value = texts.language_name(value)
            elif name == "address" and not value:
                value, look = texts("messages.no_address"), style.NOTHING
            elif name in ("subject", "text") and value:
                look = book.by_first_letter(value, look)
            cells.append(book.cell(sheet, value, look))
        book.append(sheet, cells)
    sheet.print_area = f"A1:I{len(rows) + 1}"
    add_table(sheet, "Messages", headers, 1, len(rows))


def _with_subject(message: dict[str, Any]) -> dict[str, Any]:
    """E-mails and letters that begin with a Markdown title: it is their subject. No text has bold marks."""
    message = {**message, "text": without_bold(message["text"] or "") or None}
    first, _, rest = (message["text"] or "").partition("\n")
    if message["subject"] or not first.startswith("# "):
        return message
    return {**message, "subject": first[2:].strip(), "text": rest.lstrip("\n")}


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
        ("week.again", sum((row["attempt"] or 1) > 1 for row in rows)),
        ("week.no_phone", sum(not row["phone"] and not row["phone_2"] for row in rows)),
        ("week.messages", len(messages)),
    ]
    for key, number in figures:
        book.append(sheet, [book.cell(sheet, texts(key), label), book.cell(sheet, number, figure)])
    if not rows:
        return
    calls = inside(texts("sheet.calls"), "")[1:]
    filled = f"COUNTA({calls}${outcome_column}$2:${outcome_column}${len(rows) + 1})"
    for key, formula in (("week.filled_in", f"={filled}"), ("week.open", f"={len(rows)}-{filled}")):
        book.append(sheet, [book.cell(sheet, texts(key), label), book.formula(sheet, formula, figure)])
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
    """How to work with the list, and what each outcome means and needs."""
    texts = book.texts
    sheet = book.sheet(texts("sheet.how_to"), [22, 52, 36])
    book.page(sheet, texts("how_to.title"), landscape=False)
    book.append(sheet, [book.cell(sheet, texts("how_to.title"), style.TITLE)])
    book.append(sheet, [])
    for number, step in enumerate(texts("how_to.steps").splitlines(), 1):
        book.paragraph(sheet, f"{texts.digits(str(number))}. {step}", Look(size=11), across=3)
    book.append(sheet, [])
    book.append(sheet, [book.cell(sheet, texts("how_to.outcomes"), style.SECTION)])
    heads = ("column.outcome", "column.when", "column.needs")
    book.append(sheet, [book.cell(sheet, texts(key), style.HEADER) for key in heads])
    for code, word in outcome_words(texts.language).items():
        looks = (style.STRONG, style.BODY, style.BODY)
        book.append(
            sheet,
            [
                book.cell(sheet, text, look)
                for text, look in zip((word, *texts.outcome(code)), looks, strict=True)
            ],
        )
    book.append(sheet, [])
    book.paragraph(sheet, texts("how_to.attempts"), Look(ink=style.MUTED), across=3)
