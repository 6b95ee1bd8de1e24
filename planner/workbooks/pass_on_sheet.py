"""The sheet of what callers have heard and somebody else must answer."""

from __future__ import annotations

import pandas as pd

from planner.workbooks import style
from planner.workbooks.book import Book, add_table, freeze, records
from planner.workbooks.phones import phone_cell

_WIDE = {
    "call_kind": (16, style.STRONG),
    "to_do": (40, style.BODY),
    "said_on": (13, style.DAY),
    "customer": (20, style.STRONG),
    "phone": (17, style.AS_TEXT),
    "vehicle": (18, style.BODY),
    "note": (40, style.AS_TEXT),
    "advisor": (15, style.BODY),
    "vehicle_id": (21, style.KEY),
}


def add_pass_on(book: Book, answers: pd.DataFrame) -> None:
    """One row an answer of planner.lists_pass_on.to_pass_on; no sheet where there is none.

    It names no contact, so that a list which is read back is not taken for filled in here.
    """
    if answers.empty:
        return
    texts = book.texts
    title = texts("sheet.pass_on")
    sheet = book.sheet(title, [width for width, _ in _WIDE.values()])
    book.page(sheet, f"{title}{texts('comma')}{book.title}")
    freeze(sheet, "A2")
    headers = [texts(f"column.{name}") for name in _WIDE]
    book.append(sheet, [book.cell(sheet, header, style.HEADER) for header in headers], least=24)
    for row in records(answers, [*(name for name in _WIDE if name in answers), "what"]):
        what, to_do = (part.strip() for part in texts(f"pass_on.{row['what']}").split("|"))
        said = {**row, "call_kind": what, "to_do": to_do}
        cells = [book.cell(sheet, said[name], look) for name, (_, look) in _WIDE.items()]
        if said["phone"] is not None:
            cells[list(_WIDE).index("phone")] = phone_cell(book, sheet, said["phone"], None)
        book.append(sheet, cells, least=18)
    add_table(sheet, "PassOn", headers, 1, len(answers))
