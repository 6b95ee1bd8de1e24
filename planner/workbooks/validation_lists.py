"""The lists of a validation: every visit, the predictions that did not come true, and the definitions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from openpyxl.utils import get_column_letter

from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, add_table, freeze, numbered, values
from planner.workbooks.validation_words import Figures

_DAY = style.PLAIN.but(down="bottom", number_format=style.DATE, across="start")
_SHARE = style.NUMBER.but(number_format="0.0%")
_WIDTHS = {"vehicle_id": 22, "stage": 15, "rate_source": 21, "what_happened": 16}
_WIDTH = 12.5
_OF_KIND = ("service_no", "stage", "rate_source", "basis")
_VISITS = ("vehicle_id", "predicted_from", "expected_on", "visited_on", "error_days", "low_80", "high_80",
           "in_80", "low_96", "high_96", "in_96", "preceded_by_contact", "contacted_in_time",
           "called_days_before", *_OF_KIND)  # fmt: skip
_NOT_COME = ("vehicle_id", "what_happened", "predicted_from", "expected_on", "low_80", "high_80",
             "visited_on", "error_days", "came_back", *_OF_KIND)  # fmt: skip
_NUMBERS = {
    "error_days": style.WHOLE,
    "called_days_before": style.WHOLE,
    "service_no": style.WHOLE,
    "came_back": style.SHARE,
}
_CODES = ("stage", "rate_source", "basis")


def add_visits(book: Book, judged: pd.DataFrame) -> None:
    """The sheet of every visit that was scored, by vehicle and day."""
    _add_list(book, "visits", "Visits", _VISITS, judged[judged["error_days"].notna()])


def add_not_come(book: Book, judged: pd.DataFrame, figures: Figures) -> None:
    """The sheet of the predictions whose time is over: what became of them, then each that failed."""
    over = judged[judged["closed"]]
    happened = np.select(
        [over["error_days"].isna(), over["came_true"], over["error_days"] < 0],
        ["never", "true", "early"],
        default="late",
    )
    failed = over.assign(what_happened=happened)[happened != "true"]
    told = figures["came_back"]
    returns = [row for row in told["by_probability"] if row["predictions"]]

    def above(sheet: Sheet) -> None:
        texts = book.texts
        counts = {code: int((happened == code).sum()) for code in ("true", "early", "late", "never")}
        book.append(sheet, [book.cell(sheet, texts("sheet.not_come"), style.TITLE)])
        heads = [texts("validation.not_come.counts"), texts("column.predictions"), texts("column.share")]
        _append_counts(book, sheet, [*heads, None])
        for code, count in counts.items():
            label = texts(f"validation.not_come.{code}")
            _append_counts(book, sheet, [label, count, count / len(over) if len(over) else None])
        _append_counts(book, sheet, [texts("column.total"), len(over), None], bold=True)
        book.append(sheet, [])
        if returns:
            heads = [texts("validation.returns"), texts("column.predictions"), texts("column.promised")]
            _append_counts(book, sheet, [*heads, texts("column.returned")])
            for row in returns:
                label = texts(
                    "validation.returns.bin", low=texts.share(row["from"]), high=texts.share(row["to"])
                )
                _append_counts(
                    book, sheet, [label, row["predictions"], row["promised_share"], row["actual_share"]]
                )
            total = [texts("column.total"), told["predictions"], told["promised_share"], told["actual_share"]]
            _append_counts(book, sheet, total, bold=True)
            said = texts(
                "validation.returns.brier",
                ours=texts.number(told["brier_score"], "0.000"),
                base=texts.number(told["base_rate_brier_score"], "0.000"),
            )
            book.append(sheet, [book.cell(sheet, said, style.PLAIN.but(ink=style.MUTED))])
            book.append(sheet, [])
        title = "validation.not_come.list" if len(failed) else "validation.not_come.none"
        book.append(sheet, [book.cell(sheet, texts(title), style.SECTION)])

    rows_above = 9 + (len(returns) + 4 if returns else 0)
    _add_list(book, "not_come", "NotCome", _NOT_COME, failed, above, rows_above)


def add_definitions(book: Book) -> None:
    """The sheet that says what every word of the others means."""
    texts = book.texts
    sheet = book.sheet(texts("sheet.definitions"), [26, 100])
    book.page(sheet, f"{texts('sheet.definitions')}{texts('comma')}{book.title}", landscape=False)
    freeze(sheet, "A2")
    heads = [texts("column.term"), texts("column.meaning")]
    book.append(sheet, [book.cell(sheet, head, style.HEADER) for head in heads])
    for line in texts("validation.definitions").split("\n"):
        term, _, meaning = line.partition("|")
        book.append(sheet, [book.cell(sheet, term, style.STRONG), book.cell(sheet, meaning, style.BODY)])


def _append_counts(book: Book, sheet: Sheet, cells: Sequence[Any], bold: bool = False) -> None:
    """A text over the first four columns, then figures; all texts is a heading."""
    label, *numbers = cells
    heading = all(isinstance(cell, str) for cell in cells if cell is not None)
    row: list[Any] = [None] * (4 + len(numbers))
    look = style.HEADER.but(wrap=False) if heading else style.BODY.but(wrap=False, bold=bold)
    for place in range(4):
        row[place] = book.cell(sheet, label if place == 0 else None, look)
    for place, value in enumerate(numbers, 4):
        number = style.NUMBER if isinstance(value, int) else _SHARE
        head = style.HEADER.but(across="right", indent=1)
        if heading and value is None:
            continue
        row[place] = book.cell(sheet, value, head if heading else number.but(bold=bold))
    book.append(sheet, row)


def _add_list(
    book: Book,
    title: str,
    table: str,
    columns: tuple[str, ...],
    rows: pd.DataFrame,
    above: Callable[[Sheet], None] | None = None,
    rows_above: int = 0,
) -> None:
    """A long list as an Excel table, on as many numbered sheets as it takes; `above` the first one."""
    texts = book.texts
    start, number = 0, 0
    while start < len(rows) or number == 0:
        number += 1
        name = numbered(texts(f"sheet.{title}"), number)
        sheet = book.sheet(name, [_WIDTHS.get(column, _WIDTH) for column in columns])
        book.page(sheet, f"{name}{texts('comma')}{book.title}")
        header_row = rows_above + 1 if above and number == 1 else 1
        freeze(sheet, f"{'A' if header_row > 1 else 'B'}{header_row + 1}", header_row)
        if above and number == 1:
            above(sheet)
        if rows.empty and above:
            return
        headers = [texts(f"column.{column}") for column in columns]
        right = style.HEADER.but(across="right", indent=1)
        looks = [right if column in _NUMBERS else style.HEADER for column in columns]
        book.append(
            sheet,
            [book.cell(sheet, header, look) for header, look in zip(headers, looks, strict=True)],
            least=30,
        )
        part = rows.iloc[start : start + style.MAX_ROWS - header_row]
        sheet.print_area = f"A1:{get_column_letter(len(columns))}{header_row + max(len(part), 1)}"
        _append_rows(book, sheet, columns, part)
        if len(part):
            part_name = f"{table}{number if number > 1 else ''}"
            add_table(sheet, part_name, headers, header_row, len(part), banded=True)
        start += max(len(part), 1)


def _append_rows(book: Book, sheet: Sheet, columns: Sequence[str], rows: pd.DataFrame) -> None:
    """Cells without a look of their own: they are many, and the table has one."""
    right = style.PLAIN.but(down="bottom", across="right", indent=1)
    known: dict[tuple[str, Any], Any] = {}  # a cell is made once for each look and value

    def cells_of(plain: list[Any], look: style.Look) -> list[Any]:
        for value in {*plain} - {None}:
            if (look.number_format, value) not in known:
                known[look.number_format, value] = book.cell(sheet, value, look)
        return [known.get((look.number_format, value)) for value in plain]

    def column(name: str) -> list[Any]:
        plain = values(rows[name])
        if rows[name].dtype.kind == "M":
            return cells_of(plain, _DAY)
        if rows[name].dtype.kind == "b":
            return [book.texts("yes" if value else "no") for value in plain]
        if name in _NUMBERS:
            return cells_of(plain, right.but(number_format=_NUMBERS[name]))
        if name == "what_happened":
            return [book.texts(f"validation.outcome.{code}") for code in plain]
        if name in _CODES:
            return [book.texts.code(name, code) if isinstance(code, str) else None for code in plain]
        return book.plain(sheet, plain)

    for cells in zip(*map(column, columns), strict=True):
        book.append_plain(sheet, list(cells))
