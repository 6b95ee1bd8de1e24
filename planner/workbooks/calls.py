"""The weekly list: the workbook from which the advisors call, and into which they write what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from planner.tables import KM_PER_MILE, MAX_KM
from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, add_table, freeze, records
from planner.workbooks.call_words import OFFERED, no_phone, said, to_offer
from planner.workbooks.day_pages import add_day_pages
from planner.workbooks.info import ListInfo
from planner.workbooks.message_sheets import add_messages
from planner.workbooks.pass_on_sheet import add_pass_on
from planner.workbooks.phones import phone_cell
from planner.workbooks.scripts_sheet import add_scripts, script_link
from planner.workbooks.style import Look
from planner.workbooks.texts import headings, outcome_words
from planner.workbooks.week_sheets import add_how_to, add_week

__all__ = ["ListInfo", "is_filled_in", "write_calls"]

FILL_IN = ("outcome", "date", "odometer", "note")
NEEDS_DATE = ("booked", "callback", "done_elsewhere")
NEEDS_ODOMETER = ("not_yet", "done_elsewhere")
# What cells are made of beside their own column.
_BESIDE = (
    *("script_text", "dial", "dial_2", "no_phone", "address", "promised_on", "offered_on"),
    "missing_service",
    *("window_kind", "window_low_on", "window_high_on", "last_contact_on", "last_contact_by"),
)


@dataclass(frozen=True)
class Column:
    """A column of the list: where it comes from, how wide it is, how its cells look."""

    name: str
    width: float
    look: Look = style.BODY
    heading: str = ""  # where it is not called by its name


_FILL_IN = style.YELLOW
_SHORT_DAY = style.DAY.but(number_format=style.SHORT_DATE)

# What is seen and filled in while talking stands first, and fits a laptop's screen of 1,366 pixels; what
# one looks up is right of it and printed too; what only the planner needs is last.
COLUMNS = (
    Column("kind", 9.5, heading="call_kind"),
    Column("call_on", 11, style.DAY.but(number_format=style.WEEKDAY)),
    Column("call_at", 9),
    Column("customer", 14.5, style.STRONG),
    Column("phone", 16, style.AS_TEXT),
    Column("phone_2", 16, style.AS_TEXT),
    Column("language", 8.5),
    Column("vehicle", 12),
    Column("why", 23),
    Column("note_before", 14),
    Column("script", 6.5, style.LINK),
    Column("outcome", 13.5, style.BODY.but(fill=_FILL_IN, boxed=True)),
    Column("date", 11.5, style.DAY.but(fill=_FILL_IN, boxed=True)),
    Column("odometer", 9.5, style.NUMBER.but(fill=_FILL_IN, boxed=True)),
    Column("note", 14.5, style.AS_TEXT.but(fill=_FILL_IN, boxed=True)),
    Column("advisor", 11),
    Column("attempt", 8, style.NUMBER.but(across="center")),
    Column("due_on", 9.5, _SHORT_DAY),
    Column("window", 10.5),
    Column("due_km", 9, style.NUMBER),
    Column("last_visit_on", 9.5, _SHORT_DAY),
    Column("last_contact", 10),
    Column("offers", 12),
    Column("cues", 36),
    Column("vehicle_id", 21, style.KEY),
    Column("priority", 8, style.KEY.but(number_format=style.WHOLE)),
    Column("contact_id", 28, style.KEY),
)
LAST_PRINTED = "cues"
KIND_FILLS = {
    "callback": style.CHANNEL_FILLS["call"],
    "open": (style.RED, style.INK),
    "again": (style.CHANNEL_FILLS["sms"][0], style.INK),
    "no_phone": (style.DONE, style.INK),
}
# Folded where no row has anything, and where all say the same.
_IF_ANY: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in ("phone_2", "note_before", "last_contact", "cues")},
    "offers": OFFERED,
}
_IF_DIFFERENT = ("advisor", "attempt", "kind")
_PLACE = {column.name: number for number, column in enumerate(COLUMNS, 1)}
LETTERS = {name: get_column_letter(number) for name, number in _PLACE.items()}


def write_calls(
    path: Path,
    calls: pd.DataFrame,
    messages: pd.DataFrame,
    info: ListInfo,
    pass_on: pd.DataFrame | None = None,
) -> None:
    """Writes the week's list: Calls, Scripts, The week, Pass on, Day pages, a sheet a channel, How to.

    `calls`, one row a call, in the order in which to call, `messages`, one row a message, and `pass_on` as
    planner.lists.WeeklyList has them; `due_km` is in `info.unit`, `script_text` and `text` are Markdown.
    Missing values and columns are empty; both may have no row.

    The same input gives the same cells. Raises InputError if the file cannot be written.
    """
    book = Book(info, "calls.title", **info.named)
    rows = records(calls, [*LETTERS, *_BESIDE])
    _add_calls(book, rows, info)
    add_scripts(book, rows, LETTERS["contact_id"])
    add_week(book, rows, messages, info, LETTERS["outcome"])
    add_pass_on(book, pd.DataFrame() if pass_on is None else pass_on)
    add_day_pages(book, rows, info)
    add_messages(book, messages)
    add_how_to(book)
    book.save(path)


def is_filled_in(path: Path) -> bool:
    """Has somebody filled in an outcome, date, odometer or note? Of a file that is no list: no.

    A list that cannot be read is taken for filled in, so that it is kept.
    """
    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
    except Exception:  # damaged files raise almost anything
        return True
    try:
        return any(_holds_answers(sheet) for sheet in workbook.worksheets)
    finally:
        workbook.close()


def _holds_answers(sheet: Any) -> bool:
    """Below a row that names the key and the columns to fill in, is there anything in these?"""
    fill_in = set().union(*(headings(name) for name in FILL_IN))
    places: list[int] = []
    for row in sheet.iter_rows(values_only=True):
        words = ["" if value is None else str(value).strip() for value in row]
        if places and any(words[place] for place in places if place < len(words)):
            return True
        if not places and headings("contact_id") & set(words):
            places = [place for place, word in enumerate(words) if word in fill_in]
    return False


def _add_calls(book: Book, rows: list[dict[str, Any]], info: ListInfo) -> None:
    texts = book.texts
    unit = texts(f"unit.{info.unit}")
    headers = [texts(f"column.{column.heading or column.name}", unit=unit) for column in COLUMNS]
    widths = [
        max(column.width, style.word_width(head)) for column, head in zip(COLUMNS, headers, strict=True)
    ]
    sheet = book.sheet(texts("sheet.calls"), widths, tab=style.YELLOW_DARK)
    freeze(sheet, f"{LETTERS['phone']}2", columns=f"A:{LETTERS['customer']}")
    book.page(sheet, f"{book.title}{texts('comma')}{_span(book, info)}")
    _hide_what_says_nothing(sheet, rows, info)
    cells = [_header(book, sheet, column, text) for column, text in zip(COLUMNS, headers, strict=True)]
    book.append(sheet, cells, least=32)
    last = max(len(rows), 1) + 1
    sheet.print_area = f"A1:{LETTERS[LAST_PRINTED]}{last}"
    if not rows:
        day = {"first": texts.day(info.first_day), "last": texts.day(info.last_day)}
        book.append(sheet, [book.cell(sheet, texts("calls.none", **day), style.SECTION)])
        return
    linked = 2 * len(rows) <= style.MAX_LINKS
    for number, row in enumerate(rows, 2):
        book.append(sheet, [_call_cell(book, sheet, column, row, number, linked) for column in COLUMNS], 18)
    add_table(sheet, "Calls", headers, 1, len(rows))
    check_answers(book, sheet, last, info)
    colour_missing(book, sheet, last)
    _colour_done(sheet, last)


def _header(book: Book, sheet: Sheet, column: Column, text: str) -> Cell:
    look = style.FILL_IN_HEADER if column.name in FILL_IN else style.HEADER
    note = f"note.{column.name}"
    unit = book.texts(f"unit.{book.info.unit}")
    explained = book.texts(note, unit=unit) if note in book.texts.words else ""
    return book.cell(sheet, text, look, note=explained)


def _call_cell(
    book: Book, sheet: Sheet, column: Column, row: dict[str, Any], number: int, linked: bool
) -> Cell:
    name, look, value = column.name, column.look, row[column.name]
    if name == "phone" and not value:
        return book.cell(sheet, no_phone(book.texts, row), style.NOTHING)
    if name in ("phone", "phone_2") and value:
        dial = row["dial" if name == "phone" else "dial_2"]
        return phone_cell(book, sheet, value, dial, look, linked)
    if name == "script" and value:
        key = f"{LETTERS['contact_id']}{number}"
        return book.formula(sheet, script_link(book.texts, key), look, shown=book.texts("calls.open_script"))
    if name == "offers":
        return book.cell(sheet, to_offer(book.texts, row), look)
    if name == "kind" and value in KIND_FILLS:
        fill, ink = KIND_FILLS[value]
        look = look.but(fill=fill, ink=ink, bold=True)
    return book.cell(sheet, said(book.texts, name, row), look)


def _hide_what_says_nothing(sheet: Sheet, rows: list[dict[str, Any]], info: ListInfo) -> None:
    """Columns that would be empty, or say the same in each row, are folded; a click shows them."""
    if not rows:  # what is said instead stands in the first column
        return
    folded = {name for name, told in _IF_ANY.items() if not any(row[each] for row in rows for each in told)}
    folded |= {name for name in _IF_DIFFERENT if len({row[name] for row in rows}) < 2}
    if {row["language"] or info.language for row in rows} <= {info.language}:
        folded.add("language")
    if any(row["kind"] not in (None, "planned") for row in rows):
        folded.discard("kind")
    for name in folded:
        dimension = sheet.column_dimensions[LETTERS[name]]
        dimension.hidden, dimension.outlineLevel = True, 1


def check_answers(
    book: Book, sheet: Sheet, last: int, info: ListInfo, letters: Mapping[str, str] = LETTERS, first: int = 2
) -> None:
    """Outcomes only from the list; a strange date or odometer is asked about, but not refused."""
    texts = book.texts
    most = MAX_KM if info.unit == "km" else MAX_KM / KM_PER_MILE
    early, late = (info.first_day - timedelta(days=3660), info.last_day + timedelta(days=732))
    example = texts.day(info.last_day + timedelta(days=7), texts("day.in_cells"))
    outcomes = ",".join(outcome_words(texts.language).values())
    checks = {
        "outcome": DataValidation("list", formula1=f'"{outcomes}"', errorStyle="stop"),
        "date": DataValidation(
            "date", operator="between", formula1=_serial(early), formula2=_serial(late), errorStyle="warning"
        ),
        "odometer": DataValidation(
            "decimal", operator="between", formula1="0", formula2=f"{most:.0f}", errorStyle="warning"
        ),
    }
    for name, check in checks.items():
        check.sqref = f"{letters[name]}{first}:{letters[name]}{last}"
        check.allow_blank = check.showErrorMessage = True
        check.errorTitle = texts("calls.check")
        check.error = texts(f"calls.bad_{name}", example=example, unit=texts(f"unit.{info.unit}"))
        sheet.data_validations.append(check)


def _serial(day: date) -> str:
    """The day as Excel counts it, from 30 December 1899."""
    return str((day - date(1899, 12, 30)).days)


def colour_missing(
    book: Book, sheet: Sheet, last: int, letters: Mapping[str, str] = LETTERS, first: int = 2
) -> None:
    """A date or odometer that the outcome needs turns red."""
    outcome, words = f"${letters['outcome']}{first}", outcome_words(book.texts.language)

    def missing(name: str, codes: tuple[str, ...]) -> None:
        said = dict.fromkeys(said for code in codes for said in (words[code], code))
        needed = ",".join(f'{outcome}="{word}"' for word in said)
        rule = FormulaRule(  # type: ignore[no-untyped-call]
            formula=[f'AND(OR({needed}),{letters[name]}{first}="")'],
            fill=PatternFill(bgColor=style.RED),
            stopIfTrue=True,
        )
        sheet.conditional_formatting.add(f"{letters[name]}{first}:{letters[name]}{last}", rule)

    missing("date", NEEDS_DATE)
    missing("odometer", NEEDS_ODOMETER)


def _colour_done(sheet: Sheet, last: int) -> None:
    """Rows with an outcome turn green."""
    outcome = f"${LETTERS['outcome']}2"
    done = FormulaRule(  # type: ignore[no-untyped-call]
        formula=[f'{outcome}<>""'], font=Font(color=style.MUTED), fill=PatternFill(bgColor=style.GREEN)
    )
    sheet.conditional_formatting.add(f"A2:{LETTERS[LAST_PRINTED]}{last}", done)


def _span(book: Book, info: ListInfo) -> str:
    first, last = book.texts.day(info.first_day), book.texts.day(info.last_day)
    return book.texts("calls.span", first=first, last=last)
