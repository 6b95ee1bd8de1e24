"""Files to text: CSV in the encodings that dealerships use, and every sheet of a workbook.

Nothing is interpreted here. Every cell becomes the text that a person would read in it; numbers of
a workbook keep all their digits (a phone stored as 201001234567.0 is "201001234567") and its date
cells become ISO dates, which are never ambiguous.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.errors import InputError
from planner.intake.containers import OLD_EXCEL, ZIP, hindrance, panics_are_errors
from planner.intake.words import fold

Mask = npt.NDArray[np.bool_]
Grid = list[tuple[Any, ...]]

WORKBOOK_SIGNATURES = (ZIP, OLD_EXCEL)
DELIMITERS = (",", ";", "\t", "|")
HEADER_WITHIN = 20  # a title and a few lines of explanation may stand above the header
SNIFFED = 100  # records that settle the delimiter


def source_name(file: str, sheet: str) -> str:
    """How issues name a file, or a sheet of one."""
    return f"{file} [{sheet}]" if sheet else file


@dataclass(frozen=True)
class Sheet:
    """One table of a file, all text.

    `cells` has one column a header, numbered from 0, blank cells are ''; `rows` gives each row the
    number that a spreadsheet shows (in a CSV: the number of the record, so a quoted line break does
    not count); `broken` marks rows that do not fit under the header.
    """

    path: Path
    name: str  # of the sheet; '' for a CSV
    header: tuple[str, ...]
    cells: pd.DataFrame
    rows: npt.NDArray[np.int64]
    broken: Mask

    @property
    def source(self) -> str:
        return source_name(self.path.name, self.name)

    @cached_property
    def folded(self) -> list[str]:
        return [fold(title) for title in self.header]

    def original(self, at: int) -> dict[str, str]:
        """The cells of a row by their header, for the rejects file."""
        titles = [title or f"column {number}" for number, title in enumerate(self.header, 1)]
        return dict(zip(titles, self._lines[at].tolist(), strict=True))

    @cached_property
    def _lines(self) -> npt.NDArray[np.object_]:
        return self.cells.to_numpy(dtype=object)


def read_file(
    path: Path, is_header: Callable[[str], bool], *, encoding: str | None = None, delimiter: str | None = None
) -> list[Sheet]:
    """The sheets of a file that hold anything; a CSV is one sheet.

    `is_header` says whether a (folded) text is a known header: the row with most of them, among the
    first 20, is the header. Encoding and delimiter are found out if they are not given.
    Raises InputError for what cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; name the file in it") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    if data.startswith(WORKBOOK_SIGNATURES):
        grids = _workbook(path, data)
    else:
        grids = [("", *_csv(path, data, encoding, delimiter))]
    sheets = [sheet for name, grid, loose in grids if (sheet := _sheet(path, name, grid, loose, is_header))]
    if not sheets:
        raise InputError(f"{path}: there is nothing in it; save or export it again")
    return sheets


def _sheet(path: Path, name: str, grid: Grid, loose: bool, is_header: Callable[[str], bool]) -> Sheet | None:
    filled = [bool("".join(map(str, row)).strip()) for row in grid]
    if not any(filled):
        return None
    at = _header_row(grid, filled, is_header)
    header = [_cell(value).strip() for value in grid[at]]
    numbers = [i for i in range(at + 1, len(grid)) if filled[i]]
    body = [grid[i] for i in numbers]
    width = max(map(len, body), default=0)
    if body and min(map(len, body)) < width:
        body = [row + ("",) * (width - len(row)) for row in body]
    columns = [_texts(column) for column in zip(*body, strict=True)] or [[] for _ in header]
    columns += [[""] * len(body)] * (len(header) - len(columns))
    frame = pd.DataFrame({i: pd.Series(column, dtype="str") for i, column in enumerate(columns)})
    beyond = frame.iloc[:, len(header) :]
    broken = np.zeros(len(body), dtype=bool)
    if not name and beyond.shape[1]:
        broken |= (beyond != "").to_numpy().any(axis=1)
    if loose:  # a quotation mark out of place may have swallowed the end of a line
        broken |= np.array([any("\n" in str(cell) for cell in row) for row in body], dtype=bool)
    rows = np.array(numbers, dtype="int64") + 1
    return Sheet(path, name, tuple(header), frame.iloc[:, : len(header)], rows, broken)


def _header_row(grid: Grid, filled: list[bool], is_header: Callable[[str], bool]) -> int:
    candidates = [i for i, some in enumerate(filled[:HEADER_WITHIN]) if some] or [filled.index(True)]
    known = {i: sum(is_header(fold(_cell(value))) for value in grid[i]) for i in candidates}
    return max(candidates, key=lambda i: (known[i], -i))


# Workbooks


def _workbook(path: Path, data: bytes) -> list[tuple[str, Grid, bool]]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

    if why := hindrance(data):
        raise InputError(f"{path}: cannot be read: {why}")
    try:
        with panics_are_errors():
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
            return [
                (sheet.name, list(map(tuple, _cells_of(workbook, sheet.name))), False)
                for sheet in workbook.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet
            ]
    except (CalamineError, OSError, ValueError) as error:
        raise InputError(
            f"{path}: not a workbook that can be opened ({_short(error)}); "
            "save it again without a password, as .xlsx or CSV; a zip with tables in it, unpack first"
        ) from None


def _cells_of(workbook: Any, name: str) -> Iterable[list[Any]]:
    rows: list[list[Any]] = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return rows


def _texts(column: tuple[Any, ...]) -> list[str]:
    """A column of cells as text; most columns are text already and are not walked."""
    return list(column) if set(map(type, column)) <= {str} else [_cell(value) for value in column]


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _number(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    text = repr(value)
    # 1.234 from a CSV may be a thousand; from a number cell it cannot be, and a zero more says so.
    return f"{text}0" if re.fullmatch(r"-?\d{1,3}\.\d{3}", text) else text


# CSV


def _csv(path: Path, data: bytes, encoding: str | None, delimiter: str | None) -> tuple[Grid, bool]:
    text = _decode(path, data, encoding)
    if text.startswith("%PDF-"):
        raise InputError(f"{path}: a PDF, in which no table can be read; save it as .xlsx or CSV")
    if re.match(r"\s*<(!doctype|html|table|\?xml)", text, re.IGNORECASE):
        raise InputError(f"{path}: a web page, whatever its name says; open it and save it as .xlsx or CSV")
    if said := re.match(r"sep=(.)\r?\n", text, re.IGNORECASE):  # Excel's own hint, which it does not show
        text, delimiter = text[said.end() :], delimiter or said[1]
    delimiter = delimiter or _sniff(text)
    try:
        return _records(text, delimiter, strict=True), False
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise InputError(
                f'{path}: a quotation mark (") is opened and never closed; rows would be lost'
            ) from None
    try:
        return _records(text, delimiter, strict=False), True
    except csv.Error as error:
        raise InputError(f"{path}: not a table of text with delimiters ({_short(error)})") from None


def _records(text: str, delimiter: str, *, strict: bool) -> Grid:
    return [
        tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    ]


def _decode(path: Path, data: bytes, encoding: str | None) -> str:
    why = "is neither a workbook nor text; is it the right file? Tables are read as .xlsx or CSV"
    try:
        text = data.decode(encoding or _encoding(data))
        if encoding or "\0" not in text:  # no text has it, and images and databases have hundreds
            return text.removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError) as error:
        if encoding:
            why = f"cannot be read as {encoding} ({_short(error)}); set another encoding in the --mapping"
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):  # some systems write text under such a name
        why = "is no Excel workbook, though its name says so; is it damaged? Save it again"
    raise InputError(f"{path}: {why}")


def _encoding(data: bytes) -> str:
    """UTF-8 or UTF-16 where the bytes say so, else the Windows code page that its letters fit.

    In Arabic text (cp1256) nearly every letter is beyond ASCII, so they stand side by side; in western
    text (cp1252) the accented ones stand alone among plain letters.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in data[:2000]:  # never in text of 8 bits; every space and line break of 16 bits has one
        first, second = data[:2000:2].count(0), data[1:2000:2].count(0)
        return "utf-16-be" if first > second else "utf-16-le"
    try:
        data.decode("utf-8-sig")
        return "utf-8-sig"
    except UnicodeDecodeError:
        beyond = len(re.findall(rb"[\x80-\xff]", data))
        side_by_side = sum(map(len, re.findall(rb"[\x80-\xff]{2,}", data)))
        return "cp1256" if side_by_side * 2 > beyond or b"\x81" in data else "cp1252"


def _sniff(text: str) -> str:
    """The delimiter that cuts most records into the same number of cells, and into more than one."""

    def fit(delimiter: str) -> tuple[float, int]:
        reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
        try:
            widths = [len(row) for row, _ in zip(reader, range(SNIFFED), strict=False) if any(row)]
        except csv.Error:
            return 0.0, 0
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        return (widths.count(usual) / len(widths), usual) if usual > 1 else (0.0, 0)

    return max(DELIMITERS, key=fit)


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
