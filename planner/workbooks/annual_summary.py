"""What a manager opens first: the year in figures, and the load that it means for the team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import zip_longest
from typing import Any

import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from planner.tables import CHANNELS
from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, freeze, inside, records
from planner.workbooks.charts import stacked_columns, with_line
from planner.workbooks.style import Look

_CALENDAR = ("planned", "done")
_RIGHT = style.HEADER.but(across="right", indent=1)
_COLOURS = [style.CHANNEL_CHART[channel] for channel in CHANNELS]
_CHART_ROWS = 19


def add_summary(
    book: Book,
    year: int,
    vehicles: pd.DataFrame,
    contacts: pd.DataFrame,
    load: pd.DataFrame,
    names: Mapping[str, str],
    lost: pd.DataFrame | None = None,
    cues: pd.DataFrame | None = None,
) -> None:
    """The first sheet: figures, contacts by month and channel, and what the codes stand for."""
    texts = book.texts
    sheet = book.sheet(texts("sheet.summary"), [42, *(13 for _ in CHANNELS), 11, 12], tab=style.DARK)
    book.page(sheet, book.title, landscape=False)
    book.append(sheet, [book.cell(sheet, book.title, style.TITLE)])
    as_of = texts("annual.as_of", day=texts.day(book.info.as_of))
    book.append(sheet, [book.cell(sheet, f"{book.info.dealership}{texts('comma')}{as_of}", style.SUBTITLE)])
    book.append(sheet, [])
    placed = contacts[contacts["status"].isin(_CALENDAR) & (contacts["planned_on"].dt.year == year)]
    if placed.empty:
        book.append(sheet, [book.cell(sheet, texts("annual.none", year=year), style.SECTION)])
    _add_figures(book, sheet, vehicles, contacts, placed, load, lost, cues)
    book.append(sheet, [])
    standby = contacts[(contacts["status"] == "standby") & (contacts["planned_on"].dt.year == year)]
    _add_months(book, sheet, year, placed, standby)
    _add_codes(book, sheet, pd.concat([placed, standby]), names)


def _add_figures(
    book: Book,
    sheet: Sheet,
    vehicles: pd.DataFrame,
    contacts: pd.DataFrame,
    placed: pd.DataFrame,
    load: pd.DataFrame,
    lost: pd.DataFrame | None,
    cues: pd.DataFrame | None,
) -> None:
    """Key figures on the left, the way to the other sheets on the right."""
    texts = book.texts
    status = contacts["status"]
    figures: list[tuple[str, Any]] = [
        ("annual.vehicles", len(vehicles)),
        ("annual.contacts", len(placed)),
        ("annual.calls", int((placed["channel"] == "call").sum())),
        ("annual.standby", int((status == "standby").sum())),
        ("annual.not_placed", int(status.isin(["dropped", "merged", "cancelled"]).sum())),
        *_busiest(book, load),
    ]
    sheets = ["plan", "load", "contacts", "not_placed"]
    if lost is not None:
        figures.append(("annual.lost", len(lost)))
        sheets.insert(-2, "lost")
    if cues is not None:
        figures.append(("annual.cues", len(cues)))
        sheets.insert(-2, "cues")
    links = [("sheet." + name, f"annual.sheet.{name}") for name in sheets]
    for figure, link in zip_longest(figures, links):
        cells: list[Any] = [None, None, None, None]
        if figure:
            cells[:2] = [
                book.cell(sheet, texts(figure[0]), style.BODY),
                book.cell(sheet, figure[1], style.NUMBER.but(bold=True)),
            ]
        if link:
            title = texts(link[0])
            look = Look(ink=style.BLUE, underline=True)
            cells[3:] = [
                book.cell(sheet, title, look, link=inside(title, "A1")),
                book.cell(sheet, texts(link[1])),
            ]
        book.append(sheet, cells)


def _busiest(book: Book, load: pd.DataFrame) -> list[tuple[str, Any]]:
    calls = pd.to_numeric(load["call"])
    if not len(load) or not calls.max() > 0:
        return []
    figures: list[tuple[str, Any]] = [("annual.most_calls", int(calls.max()))]
    capacity = pd.to_numeric(load["call_capacity"]) if "call_capacity" in load else pd.Series(dtype="float64")
    if capacity.notna().any():
        figures.append(("annual.over", int((calls > capacity).fillna(False).sum())))
    return figures


def _add_months(book: Book, sheet: Sheet, year: int, placed: pd.DataFrame, standby: pd.DataFrame) -> None:
    texts = book.texts
    book.append(sheet, [book.cell(sheet, texts("annual.by_month"), style.SECTION)])
    heads = [texts("column.month"), *(texts.code("channel", code) for code in CHANNELS)]
    heads += [texts("column.total"), texts("annual.legend.standby")]
    looks = [style.HEADER, *(_RIGHT for _ in heads[1:])]
    header_row = book.append(sheet, _row(book, sheet, heads, looks))
    counts = Counter(zip(placed["planned_on"].dt.month, placed["channel"], strict=True))
    waiting = Counter(standby["planned_on"].dt.month)
    looks = [style.BODY, *(style.NUMBER for _ in CHANNELS), style.TOTAL, style.NUMBER.but(ink=style.MUTED)]
    for month in range(1, 13):
        numbers = [counts[month, channel] for channel in CHANNELS]
        name = texts.day(date(year, month, 1), "LLLL")
        book.append(sheet, _row(book, sheet, [name, *numbers, sum(numbers), waiting[month]], looks))
    sums = [sum(counts[month, channel] for month in range(1, 13)) for channel in CHANNELS]
    totals = [texts("column.total"), *sums, sum(sums), waiting.total()]
    book.append(sheet, _row(book, sheet, totals, [style.TOTAL_LABEL, *(style.TOTAL for _ in heads[1:])]))
    chart = stacked_columns(
        sheet,
        texts("annual.by_month"),
        header_row=header_row,
        rows=12,
        label_column=1,
        columns=range(2, 2 + len(CHANNELS)),
        colours=_COLOURS,
        width_cm=25,
        right_to_left=texts.right_to_left,
        number_format=texts.cell_format(style.WHOLE),
    )
    sheet.add_chart(chart, f"A{book.append(sheet, []) + 1}")
    for _ in range(_CHART_ROWS):
        book.append(sheet, [])


def _add_codes(book: Book, sheet: Sheet, shown: pd.DataFrame, names: Mapping[str, str]) -> None:
    """Each code of the plan: its name, channel and how often it comes."""
    texts = book.texts
    if shown.empty:
        return
    sheet.row_breaks.append(Break(id=book.next_row(sheet) - 1))
    book.append(sheet, [book.cell(sheet, texts("annual.codes"), style.SECTION)])
    heads = [texts("column.touchpoint_name"), texts("column.touchpoint"), texts("column.channel")]
    looks = [style.HEADER, style.HEADER, style.HEADER, _RIGHT]
    book.append(sheet, _row(book, sheet, [*heads, texts("column.count")], looks))
    order = {code: place for place, code in enumerate(names)}
    counts = shown.groupby(["touchpoint", "channel"]).size().reset_index(name="count")
    for row in sorted(records(counts, list(counts.columns)), key=lambda row: _rank(order, row)):
        code, channel = row["touchpoint"], row["channel"]
        fill, ink = style.CHANNEL_FILLS.get(channel, (style.PALE, style.INK))
        cells = [names.get(code, code), code, texts.code("channel", channel), row["count"]]
        looks = [style.BODY, style.STRONG, style.BODY.but(fill=fill, ink=ink), style.NUMBER]
        book.append(sheet, _row(book, sheet, cells, looks))


def _rank(order: Mapping[str, int], row: dict[str, Any]) -> tuple[int, str, str]:
    return order.get(row["touchpoint"], len(order)), row["touchpoint"], row["channel"]


def add_load(book: Book, load: pd.DataFrame) -> None:
    """The sheet of the load: contacts by week and channel, calls against what the team can make."""
    texts = book.texts
    limited = "call_capacity" in load and bool(load["call_capacity"].notna().any())
    heads = ["column.week", "column.week_start", *(f"channel.{code}" for code in CHANNELS), "column.total"]
    heads += ["column.capacity"] if limited else []
    sheet = book.sheet(texts("sheet.load"), [9, 13, *(11.5 for _ in heads[2:]), 3])
    book.page(sheet, f"{texts('sheet.load')}{texts('comma')}{book.title}", pages=1)
    freeze(sheet, "C2")
    looks = [style.HEADER, style.HEADER, *(_RIGHT for _ in heads[2:])]
    book.append(sheet, _row(book, sheet, [texts(key) for key in heads], looks), least=32)
    for row in records(load, ["week_start", *CHANNELS, "call_capacity"]):
        numbers = [row[channel] or 0 for channel in CHANNELS]
        start, capacity = row["week_start"], row["call_capacity"]
        over = capacity is not None and numbers[0] > capacity
        looks = [style.BODY, style.DAY, *(style.NUMBER for _ in CHANNELS), style.TOTAL, style.NUMBER]
        looks[2] = style.NUMBER.but(fill=style.RED, bold=True) if over else style.NUMBER
        week = texts("week.short", number=texts.digits(f"{start.isocalendar().week:02d}"))
        cells = [week, start, *numbers, sum(numbers), *([capacity] if limited else [])]
        book.append(sheet, _row(book, sheet, cells, looks[: len(cells)]))
    if len(load):
        _add_load_charts(book, sheet, len(load), len(heads), limited)


def _add_load_charts(book: Book, sheet: Sheet, weeks: int, columns: int, limited: bool) -> None:
    texts = book.texts
    beside = get_column_letter(columns + 2)
    block: dict[str, Any] = {"header_row": 1, "rows": weeks, "label_column": 1}
    size: dict[str, Any] = {"width_cm": 28, "height_cm": 11, "every": 4}
    size |= {"right_to_left": texts.right_to_left, "number_format": texts.cell_format(style.WHOLE)}
    channels = range(3, 3 + len(CHANNELS))
    every = stacked_columns(
        sheet, texts("annual.by_week"), columns=channels, colours=_COLOURS, **block, **size
    )
    sheet.add_chart(every, f"{beside}2")
    calls = stacked_columns(
        sheet, texts("annual.calls_by_week"), columns=[3], colours=_COLOURS, **block, **size
    )
    if limited:
        calls = with_line(calls, sheet, column=columns, colour=style.INK, **block)
    sheet.add_chart(calls, f"{beside}26")


def _row(book: Book, sheet: Sheet, cells: list[Any], looks: list[Look]) -> list[Any]:
    return [book.cell(sheet, value, look) for value, look in zip(cells, looks, strict=True)]
