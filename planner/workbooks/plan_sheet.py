"""The plan: one row a vehicle, one narrow column a week, the code of each contact in its channel's colour."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter

from planner.tables import CHANNELS, LIVE_STATUSES
from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, numbered, values
from planner.workbooks.style import Look, line_count, paint

_FIELDS = (("customer", 24.0), ("vehicle", 22.0), ("vehicle_id", 20.0), ("advisor", 13.0), ("stage", 13.0),
           ("next_due_on", 12.0))  # fmt: skip
_FIXED = len(_FIELDS)
_WEEK_WIDTH = 4.6
_HEADER_ROWS = 4

_CODE = Look(lined=True, boxed=True, size=8, across="center", down="center", wrap=True)
_NAME = Look(lined=True, wrap=True, down="center", across="start")
_FACT = Look(lined=True, down="center", across="start", size=9)
_SPREAD = Look(bold=True, across="centerContinuous", ink="FFFFFF", fill=style.DARK, down="center")
_MONTHS = (style.DARK, "4A6B85")

Slot = tuple[int, int, str, str, str]  # place of the vehicle, week, code, channel, status


def weeks_of(year: int) -> list[date]:
    """The days on which the weeks of a year begin: its first day, then every Monday.

    >>> [str(day) for day in weeks_of(2026)[:3]], len(weeks_of(2026))
    (['2026-01-01', '2026-01-05', '2026-01-12'], 53)
    """
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    monday = first + (7 - date(year, 1, 1).weekday())
    return [date.fromordinal(day) for day in (first, *range(monday, last + 1, 7))]


def add_plan(book: Book, year: int, vehicles: pd.DataFrame, contacts: pd.DataFrame) -> None:
    """The sheet (or numbered sheets, where Excel's rows do not suffice) of all vehicles."""
    weeks = weeks_of(year)
    room = style.MAX_ROWS - _HEADER_ROWS
    slots = _slots(vehicles, contacts, weeks)
    for number, start in enumerate(range(0, max(len(vehicles), 1), room), 1):
        sheet = _new_sheet(book, number, weeks)
        part = vehicles.iloc[start : start + room]
        _add_rows(book, sheet, part, start, slots, len(weeks))


def _new_sheet(book: Book, number: int, weeks: list[date]) -> Sheet:
    texts = book.texts
    widths = [*(width for _, width in _FIELDS), *(_WEEK_WIDTH for _ in weeks)]
    sheet = book.sheet(numbered(texts("sheet.plan"), number), widths)
    sheet.sheet_view.zoomScale = 90
    book.page(sheet, book.title, paper=style.A3)
    sheet.freeze_panes = f"C{_HEADER_ROWS + 1}"  # the customer and the car stay in view
    sheet.print_title_rows = f"{_HEADER_ROWS - 1}:{_HEADER_ROWS}"
    for place, week in enumerate(weeks, _FIXED + 1):  # the grid: lines, and every other month shaded
        look = _CODE.but(fill="" if week.month % 2 else style.STRIPE)
        paint(sheet.column_dimensions[get_column_letter(place)], look)
    white = [book.cell(sheet, None)] * (_FIXED - 1 + len(weeks))  # no grid beside the title
    book.append(sheet, [book.cell(sheet, book.title, style.TITLE), *white])
    book.append_plain(sheet, _legend(book, sheet, _FIXED + len(weeks)), height=20)
    months = [
        book.cell(sheet, text or None, _SPREAD.but(fill=_MONTHS[week.month % 2]))
        for text, week in zip(_month_names(book, weeks), weeks, strict=True)
    ]
    blank = book.cell(sheet, None, style.HEADER)
    book.append_plain(sheet, [blank] * _FIXED + months, height=18)
    heads = [book.cell(sheet, texts(f"column.{name}"), style.HEADER) for name, _ in _FIELDS]
    days = [
        book.cell(sheet, week.day, style.HEADER.but(size=8, across="center", number_format="0"))
        for week in weeks
    ]
    book.append(sheet, [*heads, *days], least=18)
    return sheet


def _month_names(book: Book, weeks: list[date]) -> list[str]:
    """The name of a month above its first week, nothing above the others."""
    before = [0, *(week.month for week in weeks)]
    return [
        book.texts.day(week, "LLL") if week.month != month else ""
        for week, month in zip(weeks, before, strict=False)
    ]


def _legend(book: Book, sheet: Sheet, length: int) -> list[Cell]:
    """A coloured field for each channel, and for what is on standby or done."""
    texts, width = book.texts, 4
    fields = [(texts.code("channel", channel), _code_look(channel, "planned")) for channel in CHANNELS]
    fields.append((texts("annual.legend.standby"), _code_look("sms", "standby")))
    fields.append((texts("annual.legend.done"), _code_look("sms", "done")))
    white = book.cell(sheet, None)
    note = book.cell(sheet, texts("annual.plan_note"), style.SUBTITLE.but(size=9, down="center"))
    cells: list[Cell] = [note, *[white] * (_FIXED - 1)]
    for text, look in fields:
        spread = look.but(across="centerContinuous", wrap=False, size=9)
        cells += [book.cell(sheet, text if place == 0 else None, spread) for place in range(width)]
        cells.append(white)
    return cells + [white] * (length - len(cells))


def _code_look(channel: str, status: str) -> Look:
    fill, ink = style.CHANNEL_FILLS.get(channel, (style.PALE, style.INK))
    if status == "standby":
        return _CODE.but(fill=fill, ink=style.INK, italic=True, hatched=True)
    if status == "done":
        return _CODE.but(fill=style.DONE, ink=style.INK)
    return _CODE.but(fill=fill, ink=ink, bold=channel == "call")


def _slots(vehicles: pd.DataFrame, contacts: pd.DataFrame, weeks: list[date]) -> dict[int, list[Slot]]:
    """The contacts that stand in the calendar, by vehicle and week; in a week the calls first.

    A contact that names other cars of the household stands in their rows too.
    """
    first, end = np.datetime64(weeks[0]), np.datetime64(weeks[0]) + np.timedelta64(366, "D")
    day = contacts["planned_on"]
    placed = contacts[contacts["status"].isin(LIVE_STATUSES) & (day >= first) & (day < end)]
    placed = placed[placed["planned_on"].dt.year == weeks[0].year]
    columns = ["vehicle_id", "touchpoint", "channel", "status", "planned_on"]
    also = placed[placed["also_vehicle_ids"].notna()]
    also = also.assign(vehicle_id=also["also_vehicle_ids"].str.split(",")).explode("vehicle_id")
    also["vehicle_id"] = also["vehicle_id"].str.strip()
    slots = pd.concat([placed[columns], also[columns]])
    row_of = pd.Series(np.arange(len(vehicles)), index=vehicles["vehicle_id"])
    slots["row"] = slots["vehicle_id"].map(row_of[~row_of.index.duplicated()])
    slots = slots[slots["row"].notna()]
    starts = np.array(weeks, dtype="datetime64[D]")
    slots["week"] = (
        np.searchsorted(starts, slots["planned_on"].to_numpy().astype("datetime64[D]"), "right") - 1
    )
    slots["quiet"] = slots["channel"] != "call"
    slots = slots.sort_values(["row", "week", "quiet", "planned_on", "touchpoint"], kind="stable")
    names = ["row", "week", "touchpoint", "channel", "status"]
    rows = zip(*(slots[name].tolist() for name in names), strict=True)
    return {int(row): list(same) for row, same in groupby(rows, key=lambda slot: slot[0])}


def _add_rows(
    book: Book, sheet: Sheet, vehicles: pd.DataFrame, start: int, slots: dict[int, list[Slot]], weeks: int
) -> None:
    cells: dict[tuple[str, str, str], Cell] = {}
    columns = [values(vehicles[name]) for name, _ in _FIELDS]
    for number, facts in enumerate(zip(*columns, strict=True), start):
        line: list[Any] = [None] * (_FIXED + weeks)
        line[:_FIXED], height = _fact_cells(book, sheet, facts)
        for week, same in groupby(slots.get(number, ()), key=lambda slot: slot[1]):
            touches = list(same)
            key = ("\n".join(code for _, _, code, _, _ in touches), touches[0][3], touches[0][4])
            if key not in cells:
                cells[key] = book.cell(sheet, key[0], _code_look(key[1], key[2]))
            line[_FIXED + week] = cells[key]
            height = max(height, 4 + 11 * len(touches))
        book.append_plain(sheet, line, height=height)


def _fact_cells(book: Book, sheet: Sheet, facts: tuple[Any, ...]) -> tuple[list[Any], float]:
    """The cells that say which vehicle it is, and the height that they need."""
    cells: list[Any] = []
    lines = 1
    for (name, width), value in zip(_FIELDS, facts, strict=True):
        if value is None or value == "":
            cells.append(book.cell(sheet, None, _FACT))
        elif name in ("customer", "vehicle"):
            cells.append(book.cell(sheet, value, _NAME))
            lines = max(lines, line_count(value, width * style.DIGIT * 0.97))
        elif name == "next_due_on":
            cells.append(book.cell(sheet, value, _FACT.but(number_format=style.DATE)))
        elif name == "stage":
            cells.append(book.cell(sheet, book.texts.code("stage", value), _FACT))
        else:
            cells.append(book.cell(sheet, value, _FACT))
    return cells, 3 + 13 * lines
