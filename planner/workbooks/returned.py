"""The rows that came back: a workbook like the list, to be corrected and read back by the same command."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl.utils import get_column_letter

from planner.errors import InputError
from planner.intake.read import source_name
from planner.workbooks import style
from planner.workbooks.book import Book, add_table, freeze, records
from planner.workbooks.calls import COLUMNS, Column, check_answers, colour_missing
from planner.workbooks.filled_in import RETURNED
from planner.workbooks.filled_in_sheets import read_rows
from planner.workbooks.filled_in_words import FILL_IN
from planner.workbooks.info import ListInfo

_LIST = {column.name: column for column in COLUMNS}
_SHOWN = (
    _LIST["customer"],
    _LIST["vehicle"],
    Column("came_because", 52, style.BODY.but(fill=style.RED, boxed=True)),
    *(_LIST[name] for name in FILL_IN),
    _LIST["attempt"],
    _LIST["call_on"],
    Column("from", 30, style.KEY),
    _LIST["contact_id"],
)
_LETTERS = {column.name: get_column_letter(number) for number, column in enumerate(_SHOWN, 1)}
_PRINTED = [column.name for column in _SHOWN].index("attempt") + 1
HEADER_ROW = 2


def write_returned(path: Path, returned: pd.DataFrame, info: ListInfo) -> None:
    """Writes rows that must be corrected, with the reason in words beside the outcome.

    `returned` as in `filled_in.FilledIn`; it may have no row. The cells to fill in hold what was written
    there, a date as a date and a number as a number where they are plainly that.
    Raises InputError if the file cannot be written.
    """
    book = Book(info, "returned.title")
    texts = book.texts
    sheet = book.sheet(texts("sheet.returned"), [column.width for column in _SHOWN], tab=style.YELLOW_DARK)
    freeze(sheet, f"C{HEADER_ROW + 1}", header_row=HEADER_ROW)
    book.page(sheet, book.title)
    book.paragraph(sheet, texts("returned.intro", file=path.name), style.SUBTITLE, across=_PRINTED)
    unit = texts(f"unit.{info.unit}")
    headers = [texts(f"column.{column.name}", unit=unit) for column in _SHOWN]
    looks = [style.FILL_IN_HEADER if column.name in FILL_IN else style.HEADER for column in _SHOWN]
    book.append(sheet, [book.cell(sheet, head, look) for head, look in zip(headers, looks, strict=True)], 30)
    rows = records(returned, list(RETURNED))
    for row in rows:
        shown = {**row, "came_because": row["reason"], "from": _from(row, book)}
        shown |= {name: _as_date(row[name]) for name in ("date", "call_on")}
        shown |= {"odometer": _as_number(row["odometer"])}
        book.append(sheet, [book.cell(sheet, shown[column.name], column.look) for column in _SHOWN], 18)
    if rows:
        last = HEADER_ROW + len(rows)
        add_table(sheet, "Returned", headers, HEADER_ROW, len(rows))
        check_answers(book, sheet, last, info, _LETTERS, HEADER_ROW + 1)
        colour_missing(book, sheet, last, _LETTERS, HEADER_ROW + 1)
        sheet.print_area = f"A1:{get_column_letter(_PRINTED)}{last}"
    book.save(path)


def says_the_same(path: Path, returned: pd.DataFrame) -> bool:
    """Does a file hold just these rows, with nothing corrected in it? Of a file that cannot be read: no."""
    try:
        rows = read_rows(path, path.name)
    except InputError:
        return False
    there = [tuple(getattr(row, name) for name in ("contact_id", *FILL_IN)) for row in rows]
    return there == list(returned[["contact_id", *FILL_IN]].fillna("").itertuples(index=False, name=None))


def _from(row: dict[str, Any], book: Book) -> str:
    place = source_name(row["file"], row["sheet"] or "")
    return f"{place}, {book.texts('returned.row', row=row['row'])}"


def _as_date(text: str | None) -> date | str | None:
    """A day that is written as files keep it; a person's writing stays as it is."""
    if text and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def _as_number(text: str | None) -> float | str | None:
    return float(text) if text and re.fullmatch(r"\d{1,9}(\.\d\d?)?", text) else text
