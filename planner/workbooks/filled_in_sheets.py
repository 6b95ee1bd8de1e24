"""The sheets with calls of a file that comes back, as text: whatever was sorted, moved, renamed or added."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from planner.errors import InputError
from planner.intake.containers import panics_are_errors
from planner.intake.read import Sheet, read_file, source_name
from planner.intake.values import Order
from planner.intake.words import BLANKS
from planner.workbooks.day_pages import BOX
from planner.workbooks.filled_in_values import written_order
from planner.workbooks.filled_in_words import CONTEXT, FILL_IN, ROW, known_heading, rank, said_unit
from planner.workbooks.texts import ENGLISH

# Marks that are seen by nobody and come with copied text: of direction, of width zero, soft hyphens.
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_DASHES = re.compile(r"[-–—_.]*")  # what people write where there is nothing to say


@dataclass(frozen=True, slots=True)
class Row:
    """One call as it stands in a file, all text; '' where nothing stands, or a dash, or n/a for a number."""

    contact_id: str
    attempt: str
    outcome: str
    date: str
    odometer: str
    note: str
    customer: str
    vehicle: str
    unit: str  # of the odometer, as the list's headings say; '' if they do not
    order: Order | None  # of day and month, as the dates that the list prints are written in this file
    file: str
    sheet: str
    number: int  # of the row, as a spreadsheet shows it
    shifted: bool  # a row of a CSV that does not fit under the header
    listed: str = ""  # the day for which this list prints the call
    said_on: datetime.date | None = None  # the day of the call, where a dialer has written it

    @property
    def place(self) -> str:
        return source_name(self.file, self.sheet)

    @property
    def filled(self) -> bool:
        return any(getattr(self, name) for name in FILL_IN)


def read_rows(path: Path, label: str) -> list[Row]:
    """The calls of a file, row by row, those that nobody filled in too; `label` is its name in messages.

    XLSX, XLS, ODS and CSV. A sheet with calls has a heading for the contact id and one for the outcome.
    Raises InputError if there is none, if such a column is gone or stands there twice, and for what is no
    table at all.
    """
    sheets = read_file(path, known_heading)
    merged = _merged(path, {sheet.name for sheet in sheets})
    rows: list[Row] = []
    lists = 0
    for sheet in sheets:
        places = _places(sheet)
        if "contact_id" in places and "outcome" in places:
            lists += 1
            rows += _rows(sheet, places, label, merged.get(sheet.name, []))
        elif missing := _lost(sheet, places):
            raise InputError(
                f"{sheet.source}: the column {ENGLISH[f'column.{missing}']!r} is gone; "
                "put it back from the list as it was handed out"
            )
    if not lists:
        raise InputError(
            f"{path}: no list of calls: no sheet has the columns {ENGLISH['column.contact_id']!r} and "
            f"{ENGLISH['column.outcome']!r}; take the workbook that 'planner calls' wrote"
        )
    return rows


def _places(sheet: Sheet) -> dict[str, int]:
    """Column -> where it stands: by the list's own heading before another word for it.

    Of equal ones the only one that holds anything; if several do, nobody can know: InputError.
    """
    found: dict[str, int] = {}
    for column in (*ROW, *CONTEXT):
        ranks = {place: rank(column, title) for place, title in enumerate(sheet.header)}
        best = min(ranks.values(), default=2)
        claims = [place for place, value in ranks.items() if value == best and best < 2]
        if len(claims) > 1:
            used = [place for place in claims if _holds(sheet, place)]
            if len(used) > 1 and column in (*FILL_IN, "contact_id"):
                titles = " and ".join(repr(sheet.header[place]) for place in used)
                raise InputError(
                    f"{sheet.source}: two columns may be meant by {titles}; rename or remove one"
                )
            claims = used or claims
        if claims:
            found[column] = claims[0]
    return found


def _holds(sheet: Sheet, place: int) -> bool:
    return any(tidy(text) for text in sheet.cells[place])


def _lost(sheet: Sheet, places: dict[str, int]) -> str:
    """The column that a sheet with answers has lost: contact_id, outcome, or '' if it is no list."""
    answers = [name for name in FILL_IN if name in places and _holds(sheet, places[name])]
    if "outcome" in answers and any(BOX in text for text in sheet.cells[places["outcome"]] if text):
        return ""  # the pages of the days: their outcomes are boxes to tick on paper
    if "outcome" in answers and {"date", "odometer", "note"} & set(places):
        return "contact_id"
    has_key = "contact_id" in places and rank("contact_id", sheet.header[places["contact_id"]]) == 0
    return "outcome" if answers and has_key else ""


def _rows(
    sheet: Sheet, places: dict[str, int], label: str, merged: list[tuple[int, int, int]]
) -> Iterator[Row]:
    unit = next(
        (
            unit
            for name in ("odometer", "due_km")
            if name in places and (unit := said_unit(sheet.header[places[name]]))
        ),
        "",
    )
    texts = {name: [_cell(name, text) for text in sheet.cells[place]] for name, place in places.items()}
    order = written_order(text for name in CONTEXT[1:] for text in texts.get(name, ()))
    at = {int(number): index for index, number in enumerate(sheet.rows)}
    for first, last, place in merged:
        for name in FILL_IN:
            if places.get(name) == place and first in at:
                for number in range(first + 1, last + 1):
                    if number in at:
                        texts[name][at[number]] = texts[name][at[first]]
    nothing = [""] * len(sheet.cells)
    for index, number in enumerate(sheet.rows):
        cells = {name: texts.get(name, nothing)[index] for name in ROW}
        if rank("contact_id", cells["contact_id"]) < 2:
            continue  # the headings again, of a list that was pasted below
        yield Row(
            **cells,  # type: ignore[arg-type]  # mypy takes it for all fields
            unit=unit,
            order=order,
            file=label,
            sheet=sheet.name,
            number=int(number),
            shifted=bool(sheet.broken[index]),
            listed=texts.get("call_on", nothing)[index],
        )


def _cell(column: str, text: str) -> str:
    text = tidy(text)
    if column in ("date", "odometer") and text.lower() in BLANKS:
        return ""
    return "" if column in FILL_IN and _DASHES.fullmatch(text) else text


def tidy(text: str) -> str:
    """Trimmed, white space of any kind made one space, unseen marks dropped.

    >>> tidy("\\u200e VIN1/S2c\\u00a0 ")
    'VIN1/S2c'
    """
    return " ".join(_UNSEEN.sub("", text).split())


def _merged(path: Path, names: set[str]) -> dict[str, list[tuple[int, int, int]]]:
    """Sheet -> cells merged over several rows: first and last row, as spreadsheets count, and column from 0.

    The file keeps the value in the topmost cell only; what people see is the value beside each row.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    if names == {""}:  # a CSV
        return {}
    try:
        with panics_are_errors():
            workbook = CalamineWorkbook.from_path(str(path))
            spans = {name: workbook.get_sheet_by_name(name).merged_cell_ranges or [] for name in names}
    except (CalamineError, OSError, ValueError):  # has been read once, so nothing but the spans is at stake
        return {}
    return {
        name: [(top + 1, bottom + 1, left) for (top, left), (bottom, _) in ranges if bottom > top]
        for name, ranges in spans.items()
    }
