"""The long lists of the annual plan: every contact of the year, and those that found no place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter

from planner.tables import LIVE_STATUSES
from planner.workbooks import style
from planner.workbooks.book import LISTED, Book, Sheet, add_table, freeze, numbered, values

_DAY = style.PLAIN.but(down="bottom", number_format=style.DATE, across="start")
_SHARE = style.PERCENT.but(down="bottom")
_WIDTHS = {  # at least; texts get what their longest needs, up to a limit
    "return_probability": 9,
    "stage": 14,
    "last_service_on": 13,
    "last_visit_on": 13,
    "due_on": 13,
    "back_by_on": 13,
    "contact_on": 13,
    "vehicle_id": 20,
    "planned_on": 13,
    "ideal_on": 13,
    "earliest_on": 13,
    "latest_on": 13,
    "customer": 18,
    "vehicle": 16,
    "touchpoint": 8,
    "touchpoint_name": 18,
    "channel": 12,
    "status": 11,
    "reason": 20,
    "advisor": 12,
    "contact_id": 24,
    "also_vehicle_ids": 24,
}
_WIDEST, _WIDEST_TOLD = 52, 84  # a sentence that says why is longer
_SURE_TO_FIT = 0.8  # of a column's width, counted in digits, which are wider than most letters
# What is printed, and what only stands on the screen, right of it.
_CONTACTS = (
    ("planned_on", "customer", "vehicle", "touchpoint", "touchpoint_name", "channel", "status", "reason",
     "ideal_on", "earliest_on", "latest_on", "advisor"),
    ("contact_id", "also_vehicle_ids"),
)  # fmt: skip
_LOST = (
    ("return_probability", "customer", "vehicle", "stage", "last_service_on", "last_visit_on", "due_on",
     "back_by_on", "contact_on", "channel", "touchpoint", "touchpoint_name", "advisor"),
    ("vehicle_id",),
)  # fmt: skip
_NOT_PLACED = (
    ("reason", "status", "customer", "vehicle", "touchpoint", "touchpoint_name", "channel", "ideal_on",
     "earliest_on", "latest_on"),
    ("contact_id", "also_vehicle_ids"),
)  # fmt: skip


def add_lost(book: Book, lost: pd.DataFrame, names: Mapping[str, str]) -> None:
    """The sheet of who is likely to be lost, the least likely to come first."""

    def note(sheet: Sheet) -> None:
        texts = book.texts
        book.append(sheet, [book.cell(sheet, texts("sheet.lost"), style.TITLE)])
        said = texts("annual.lost.note" if len(lost) else "annual.lost.none")
        book.append(sheet, [book.cell(sheet, said, style.SUBTITLE)])

    _add_list(book, "lost", "Lost", _LOST, lost, names, above=note, rows_above=2)


def add_contacts(book: Book, contacts: pd.DataFrame, names: Mapping[str, str]) -> None:
    """The sheet of all contacts that stand in the calendar, by day."""
    live = contacts[contacts["status"].isin(LIVE_STATUSES)].sort_values("planned_on", kind="stable")
    _add_list(book, "contacts", "Contacts", _CONTACTS, live, names)


def add_not_placed(book: Book, year: int, contacts: pd.DataFrame, names: Mapping[str, str]) -> None:
    """The sheet of what was dropped, merged or cancelled: how many by reason, then each."""
    left_out = contacts[~contacts["status"].isin(LIVE_STATUSES)]
    left_out = left_out.sort_values(["reason", "ideal_on"], kind="stable")
    pairs = zip(values(left_out["reason"]), values(left_out["status"]), strict=True)
    counts = Counter(pairs).most_common()

    def reasons(sheet: Sheet) -> None:
        texts = book.texts
        book.append(sheet, [book.cell(sheet, texts("sheet.not_placed"), style.TITLE)])
        if left_out.empty:
            book.append(sheet, [book.cell(sheet, texts("annual.all_placed", year=year), style.SUBTITLE)])
            return
        book.append(sheet, [book.cell(sheet, texts("annual.by_reason"), style.SECTION)])
        for (reason, status), count in counts:
            cells = (
                book.cell(sheet, _reason(book, reason, status), style.BODY.but(wrap=False)),
                book.cell(sheet, _word(book, "status", status), style.BODY),
                book.cell(sheet, count, style.NUMBER.but(across="start", indent=0)),
            )
            book.append(sheet, cells)
        book.append(sheet, [])

    _add_list(book, "not_placed", "NotPlaced", _NOT_PLACED, left_out, names, reasons, _rows_above(left_out))


def _add_list(
    book: Book,
    title: str,
    table: str,
    shown: tuple[tuple[str, ...], tuple[str, ...]],
    rows: pd.DataFrame,
    names: Mapping[str, str],
    above: Callable[[Sheet], None] | None = None,
    rows_above: int = 0,
) -> None:
    """A long list as an Excel table, on as many numbered sheets as it takes; `above` the first one."""
    texts = book.texts
    printed, unprinted = ([name for name in part if name != "touchpoint_name" or names] for part in shown)
    columns = printed + unprinted
    widths = [_width(book, column, rows, names) for column in columns]
    start, number = 0, 0
    while start < len(rows) or number == 0:
        number += 1
        name = numbered(texts(f"sheet.{title}"), number)
        sheet = book.sheet(name, widths)
        book.page(sheet, f"{name}{texts('comma')}{book.title}")
        header_row = rows_above + 1 if number == 1 else 1
        freeze(sheet, f"B{header_row + 1}" if header_row == 1 else f"A{header_row + 1}", header_row)
        if above and number == 1:
            above(sheet)
        if rows.empty and above:
            return
        headers = [texts(f"column.{column}") for column in columns]
        book.append(sheet, [book.cell(sheet, header, style.HEADER) for header in headers], least=24)
        part = rows.iloc[start : start + style.MAX_ROWS - header_row]
        sheet.print_area = f"A1:{get_column_letter(len(printed))}{header_row + max(len(part), 1)}"
        _append_rows(book, sheet, columns, part, names)
        if len(part):
            add_table(
                sheet, f"{table}{number if number > 1 else ''}", headers, header_row, len(part), banded=True
            )
        start += max(len(part), 1)


def _width(book: Book, column: str, rows: pd.DataFrame, names: Mapping[str, str]) -> float:
    """What the longest text of a column needs, within limits."""
    texts: Iterable[Any] = ()
    if column == "touchpoint_name":
        texts = names.values()
    elif column == "reason" and "told" in rows:
        texts = rows["told"].dropna().unique()
    elif column == "reason":
        pairs = rows[["reason", "status"]].drop_duplicates()
        texts = [_reason(book, *pair) or "" for pair in pairs.itertuples(index=False, name=None)]
    elif not column.endswith("_on") and column in rows:
        texts = rows[column].dropna().unique()
    longest = max((len(str(text)) for text in texts), default=0)
    widest = _WIDEST_TOLD if column == "reason" else _WIDEST
    return max(_WIDTHS[column], min(longest + 2, widest))


def _rows_above(rows: pd.DataFrame) -> int:
    """Title, section, one row a reason and status, a gap."""
    return 3 + len(rows[["reason", "status"]].drop_duplicates())


def _append_rows(
    book: Book, sheet: Sheet, columns: list[str], rows: pd.DataFrame, names: Mapping[str, str]
) -> None:
    """Cells without a look of their own: they are many, and the table has one."""
    days: dict[Any, Cell] = {}
    coloured: dict[str, Cell] = {}

    def column(name: str) -> list[Any]:
        if name == "touchpoint_name":
            return book.plain(sheet, [names.get(code) for code in values(rows["touchpoint"])])
        plain = values(rows[name])
        if name.endswith("_on"):
            for day in {*plain} - {None, *days}:
                days[day] = book.cell(sheet, day, _DAY)
            return [days.get(day) for day in plain]
        if name == "channel":
            for code in {*plain} - {None, *coloured}:
                fill, ink = style.CHANNEL_FILLS.get(code, (style.PALE, style.INK))
                look = style.PLAIN.but(down="bottom", fill=fill, ink=ink)
                coloured[code] = book.cell(sheet, _word(book, "channel", code), look)
            return [coloured.get(code) for code in plain]
        if name == "return_probability":
            look = _SHARE.but(number_format=f'[<0.005]"{book.texts.digits("< 1%")}";0%')
            return [book.cell(sheet, share, look) for share in plain]
        if name == "reason" and "told" in rows:
            return book.plain(sheet, values(rows["told"]))
        if name == "reason":
            pairs = list(zip(plain, values(rows["status"]), strict=True))
            words = {pair: _reason(book, *pair) for pair in {*pairs}}
            return [words[pair] for pair in pairs]
        if name in ("status", "stage"):
            named = {code: _word(book, name, code) for code in {*plain}}
            return [named[code] for code in plain]
        return book.plain(sheet, plain)

    cells = list(map(column, columns))
    heights = [0.0] * len(rows)
    if "reason" in columns and "told" in rows:
        place = columns.index("reason")
        room = sheet.column_dimensions[get_column_letter(place + 1)].width
        heights = _wrap_long(book, sheet, values(rows["told"]), cells[place], room)
    for height, *line in zip(heights, *cells, strict=True):
        book.append_plain(sheet, line, height)


def _wrap_long(book: Book, sheet: Sheet, texts: list[Any], cells: list[Any], width: float) -> list[float]:
    """Sentences that are longer than their column go on in the next line; the heights of their rows."""
    lines = {
        text: style.lines_in(text, width) for text in {*texts} - {None} if len(text) > width * _SURE_TO_FIT
    }
    for number, text in enumerate(texts):
        if lines.get(text, 1) > 1:
            cells[number] = book.cell(sheet, text, LISTED.but(wrap=True))
    return [style.height_of(lines[text]) if lines.get(text, 1) > 1 else 0 for text in texts]


def _reason(book: Book, code: Any, status: Any) -> str | None:
    return book.texts.reason(code, status) if isinstance(code, str) else None


def _word(book: Book, kind: str, code: Any) -> str | None:
    return book.texts.code(kind, code) if isinstance(code, str) else None
