"""The sheet of the sales manager: who may want another car, why now, and which contact carries it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter

from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, add_table, freeze, numbered, records

# What is printed with its width, and what only stands on the screen, right of it.
_PRINTED = {
    "score": 8, "customer": 22, "phone": 17, "vehicle": 20, "about": 15, "why": 62, "decides_in": 12,
    "carried_by": 24, "carried_on": 13, "channel": 12, "advisor": 16,
}  # fmt: skip
_ON_SCREEN = {"opened_on": 13, "vehicle_id": 20, "contact_id": 26}
_MONTH = style.DAY.but(number_format=style.MONTH, indent=1)
# Columns that stand under another name in the frame.
_FROM = {"about": "kind", "decides_in": "expected_on", "carried_on": "contact_on", "carried_by": "touchpoint"}
_LOOKS = {
    "score": style.PERCENT,
    "phone": style.AS_TEXT,
    "decides_in": _MONTH,
    "carried_on": style.DAY,
    "opened_on": style.DAY,
    "vehicle_id": style.AS_TEXT,
    "contact_id": style.KEY,
}
_ABOVE = 2  # title and note


def add_cues(book: Book, cues: pd.DataFrame, names: Mapping[str, str]) -> None:
    """One row a cue of planner.lists_cues.sales_cues; `names` of the touchpoints."""
    texts, widths = book.texts, {**_PRINTED, **_ON_SCREEN}
    headers = [texts(f"column.{name}") for name in widths]
    start, number = 0, 0
    while start < len(cues) or number == 0:
        number += 1
        title = numbered(texts("sheet.cues"), number)
        sheet = book.sheet(title, list(widths.values()))
        book.page(sheet, f"{title}{texts('comma')}{book.title}")
        header_row = _ABOVE + 1
        freeze(sheet, f"A{header_row + 1}", header_row)
        book.append(sheet, [book.cell(sheet, texts("sheet.cues"), style.TITLE)])
        said = texts("annual.cues.note" if len(cues) else "annual.cues.none")
        book.append(sheet, [book.cell(sheet, said, style.SUBTITLE)])
        if cues.empty:
            return
        book.append(sheet, _heading(book, sheet, headers), least=24)
        part = cues.iloc[start : start + style.MAX_ROWS - header_row]
        for row in records(part, [_FROM.get(name, name) for name in widths]):
            book.append(sheet, [_cell(book, sheet, name, row, names) for name in widths])
        last = header_row + len(part)
        sheet.print_area = f"A1:{get_column_letter(len(_PRINTED))}{last}"
        add_table(sheet, f"Cues{number if number > 1 else ''}", headers, header_row, len(part))
        start += len(part)


def _heading(book: Book, sheet: Sheet, headers: list[str]) -> list[Cell]:
    first, *others = headers
    note = book.texts("note.score")
    return [
        book.cell(sheet, first, style.HEADER, note=note),
        *(book.cell(sheet, header, style.HEADER) for header in others),
    ]


def _cell(book: Book, sheet: Sheet, name: str, row: Mapping[str, Any], names: Mapping[str, str]) -> Cell:
    value = row[_FROM.get(name, name)]
    if name == "channel" and value is not None:
        fill, ink = style.CHANNEL_FILLS.get(value, (style.PALE, style.INK))
        look = style.BODY.but(fill=fill, ink=ink, across="center")
        return book.cell(sheet, book.texts.code("channel", value), look)
    if name == "about":
        value = book.texts.code("kind", value)
    if name == "carried_by":
        value = names.get(value, value)
    return book.cell(sheet, value, _LOOKS.get(name, style.BODY))
