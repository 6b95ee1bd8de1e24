"""Export tables as one workbook, a sheet a table: what an import reads back.

openpyxl makes the workbook (sheets, headers, styles) and the rows are put into its sheets as XML text:
cell by cell it takes half a minute for the four million cells of 50,000 vehicles, this a few seconds.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import tostring

from planner.columns import Column, Table
from planner.tables import EXPORTS

MAX_ROWS = 1_048_576  # of an Excel worksheet, the header among them
ROWS_AT_ONCE = 20_000
WIDTHS = {"text": 20, "choice": 13, "date": 13, "int": 11, "number": 13}
ZIP_DAY = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP file knows
EPOCH = np.datetime64("1899-12-30")  # Excel's day 0, from 1 March 1900 on
FIRST_DAY = np.datetime64("1900-03-01")


def fits(frames: dict[str, pd.DataFrame]) -> bool:
    """Is every table short enough for a worksheet?"""
    return all(len(frame) < MAX_ROWS for frame in frames.values())


def write_exports(path: Path, frames: dict[str, pd.DataFrame], made_on: date) -> None:
    """Writes export tables (all text, ISO dates) to an XLSX: a sheet a table, with frozen header and filter.

    Dates are dates and numbers numbers; text stays text, whatever it begins with, and what is no date or
    no number stays as it is. The same tables and day give the same bytes.
    """
    tables = [table for table in EXPORTS if table.name in frames]
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        sheet = book.create_sheet(table.name)
        sheet.append(table.names)
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(frames[table.name]) + 1}"
        for cell, column in zip(sheet[1], table.columns, strict=True):
            cell.font = Font(bold=True)
            sheet.column_dimensions[cell.column_letter].width = max(WIDTHS[column.kind], len(column.name) + 3)
    pattern = Cell(book.worksheets[0], row=2, column=1)
    pattern.number_format = "yyyy-mm-dd"
    rows = {
        f"xl/worksheets/sheet{number}.xml": _rows(frames[table.name], table, pattern.style_id)
        for number, table in enumerate(tables, start=1)
    }
    _save(book, path, datetime.combine(made_on, time()), rows)


def _rows(frame: pd.DataFrame, table: Table, date_style: int) -> Iterator[bytes]:
    """The rows below the header as XML, a chunk at a time."""
    for start in range(0, len(frame), ROWS_AT_ONCE):
        chunk = frame.iloc[start : start + ROWS_AT_ONCE]
        columns = [_cells(chunk[column.name], column, date_style) for column in table.columns]
        numbered = enumerate(zip(*columns, strict=True), start=start + 2)
        yield "".join(f'<row r="{number}">{"".join(cells)}</row>' for number, cells in numbered).encode()


def _cells(texts: pd.Series[str], column: Column, date_style: int) -> list[str]:
    """The cells of a column: dates and numbers where the text is one, else the text; empty ones too."""
    cells = [_text(text) if there else "<c/>" for text, there in zip(texts, texts.notna(), strict=True)]
    if column.kind == "date":
        days = pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce").to_numpy().astype("datetime64[D]")
        serial = (days - EPOCH).astype("int64").tolist()
        for at in np.flatnonzero(days >= FIRST_DAY).tolist():
            cells[at] = f'<c s="{date_style}"><v>{serial[at]}</v></c>'
    elif column.kind in ("int", "number"):
        numbers = pd.to_numeric(texts, errors="coerce").to_numpy(dtype="float64")
        values = numbers.tolist()
        for at in np.flatnonzero(np.isfinite(numbers)).tolist():
            cells[at] = f"<c><v>{values[at]:.15g}</v></c>"
    return cells


def _text(text: str) -> str:
    """A cell of text, which no leading = makes a formula."""
    clean = escape(ILLEGAL_CHARACTERS_RE.sub("", text))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{clean}</t></is></c>'


def _save(book: Workbook, path: Path, moment: datetime, rows: dict[str, Iterator[bytes]]) -> None:
    """Saves with the rows in their sheets and with fixed times, where openpyxl and ZIP stamp the moment."""
    with tempfile.TemporaryFile() as draft:
        with zipfile.ZipFile(draft, "w") as archive:
            ExcelWriter(book, archive).save()
        book.properties.creator = "planner"
        book.properties.created = book.properties.modified = moment
        with zipfile.ZipFile(draft) as archive, zipfile.ZipFile(path, "w") as final:
            for name in archive.namelist():
                content = archive.read(name)
                if name == "docProps/core.xml":
                    content = tostring(book.properties.to_tree())
                entry = zipfile.ZipInfo(name, ZIP_DAY)
                entry.compress_type = zipfile.ZIP_DEFLATED
                before, end, after = content.partition(b"</sheetData>")
                before = re.sub(rb"<dimension [^>]*/>", b"", before)  # openpyxl counted the header only
                with final.open(entry, "w", force_zip64=True) as part:
                    part.write(before)
                    for chunk in rows.get(name, ()):
                        part.write(chunk)
                    part.write(end + after)
