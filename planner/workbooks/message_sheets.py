"""The sheets of messages: one a channel, with the columns that the tool takes which sends them."""

from __future__ import annotations

from typing import Any

import pandas as pd
from openpyxl.utils import get_column_letter

from planner.workbooks import style
from planner.workbooks.book import Book, add_table, freeze, records
from planner.workbooks.messages import NEEDED, by_channel, has_address
from planner.workbooks.style import Look

_WIDE: dict[str, tuple[float, Look]] = {
    "send_on": (14, style.DAY),
    "phone": (16, style.AS_TEXT),
    "to": (28, style.AS_TEXT),
    "customer": (20, style.STRONG),
    "address_1": (22, style.AS_TEXT),
    "address_2": (18, style.AS_TEXT),
    "address_3": (14, style.AS_TEXT),
    "address_4": (14, style.AS_TEXT),
    "subject": (24, style.AS_TEXT),
    "text": (70, style.AS_TEXT),
    "segments": (10, style.NUMBER.but(across="center")),
    "language": (10, style.BODY),
    "advisor": (14, style.BODY),
    "vehicle": (16, style.BODY),
    "why": (26, style.BODY),
    "contact_id": (26, style.KEY),
}
_BEFORE, _AFTER = ("send_on", "customer"), ("language", "advisor", "vehicle", "why", "contact_id")


def columns(channel: str) -> list[str]:
    """The columns of a channel's sheet: what its tool takes, with day and name before it."""
    needed = [name for name in NEEDED[channel] if name not in _BEFORE]
    return [*_BEFORE, *needed, *_AFTER]


def add_messages(book: Book, messages: pd.DataFrame) -> None:
    """A sheet for each channel by which something goes out this week."""
    for channel, table in by_channel(messages).items():
        _add_channel(book, channel, table)


def _add_channel(book: Book, channel: str, table: pd.DataFrame) -> None:
    texts, names = book.texts, columns(channel)
    title = texts(f"sheet.{channel}")
    sheet = book.sheet(title, [_WIDE[name][0] for name in names])
    for number, name in enumerate(names, 1):
        if name.startswith("address_") and table[name].isna().all():  # few addresses have so many lines
            sheet.column_dimensions[get_column_letter(number)].hidden = True
    book.page(sheet, f"{title}{texts('comma')}{book.title}")
    freeze(sheet, "C2")
    headers = [texts(f"column.{name}") for name in names]
    book.append(sheet, [book.cell(sheet, header, style.HEADER) for header in headers], least=24)
    there = has_address(channel, table).tolist()
    for row, reachable in zip(records(table, names), there, strict=True):
        book.append(sheet, [_cell(book, sheet, channel, name, row, reachable) for name in names])
    sheet.print_area = f"A1:{get_column_letter(names.index('text') + 1)}{len(table) + 1}"
    add_table(sheet, f"Messages_{channel}", headers, 1, len(table))


def _cell(book: Book, sheet: Any, channel: str, name: str, row: dict[str, Any], reachable: bool) -> Any:
    look, value = _WIDE[name][1], row[name]
    if not reachable and name == {"email": "to", "post": "address_1"}.get(channel, "phone"):
        return book.cell(sheet, book.texts("messages.no_address"), style.NOTHING)
    if name == "language" and value:
        value = book.texts.language_name(value)
    elif name == "segments" and (value or 0) > 1:
        look = look.but(fill=style.YELLOW)
    elif name in ("subject", "text") and value:
        look = book.by_first_letter(value, look)
    return book.cell(sheet, value, look)
