"""A workbook in the making: cells, sheets, rows, pages and tables, in the looks of `style`.

Sheets are written top to bottom in openpyxl's write-only mode, which writes 700,000 rows without
holding them in memory. So what Excel keeps before the rows (widths, frozen panes) is set first.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from copy import copy
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.writer.excel import ExcelWriter

from planner.files import write_atomically
from planner.workbooks.calculated import CalculatedZip
from planner.workbooks.info import BookInfo
from planner.workbooks.style import (
    A4,
    FONT,
    FORMULA,
    INK,
    LETTER,
    LETTER_COUNTRIES,
    MAX_HEIGHT,
    MISREAD,
    PLAIN,
    Look,
    clean,
    height_of,
    holds_right_to_left,
    lines_in,
    paint,
    reads_right_to_left,
)
from planner.workbooks.texts import RIGHT_TO_LEFT_MARK, Texts

LISTED = PLAIN.but(down="bottom")  # without it Latin names would stand at the wrong end of their column
SIDE, ABOVE, BELOW = 0.35, 0.7, 0.55  # margins in inches
INDENT = 1.5  # letters of the column's width that one step of indentation takes

Sheet = Any  # a WriteOnlyWorksheet, of which openpyxl's stubs do not know half


class Book:
    """A workbook in the making: its cells, its sheets, and what every page of it says.

    Each look is given to openpyxl once and shared from then on, which is what makes it fast.
    """

    def __init__(self, info: BookInfo, title: str, **values: object) -> None:
        """A workbook whose title is the text `title`, with its {values} filled in."""
        services = {f"visit.{code}": name for code, name in info.services.items()}
        self.info, self.texts = info, Texts(info.language, info.country, services)
        self.title = self.texts(title, **values)
        self._workbook = _new_workbook(info, self.title)
        self.paper = LETTER if info.country in LETTER_COUNTRIES else A4
        self._styles: dict[tuple[Look, bool], Any] = {}
        self._measures: dict[bytes, tuple[float, bool, bool, float]] = {}  # of each look, see _height
        self._rows: dict[str, int] = {}
        self._shown: dict[str, list[tuple[Cell, str | int]]] = {}

    def sheet(self, title: str, widths: list[float], tab: str = "") -> Sheet:
        """A new last sheet with its column widths, in the direction of the language."""
        sheet = self._workbook.create_sheet(title[:31])
        for number, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.sheet_view.showGridLines = False
        sheet.sheet_view.rightToLeft = self.texts.right_to_left
        if tab:
            sheet.sheet_properties.tabColor = tab
        return sheet

    def page(
        self, sheet: Sheet, title: str, *, landscape: bool = True, paper: int = 0, pages: int = 0
    ) -> None:
        """Fit to the width of the paper (that of the country, if not another is named) and, if not 0, to
        `pages`; whose it is above, the day below."""
        sheet.page_setup.orientation = "landscape" if landscape else "portrait"
        sheet.page_setup.paperSize = paper or self.paper
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, pages
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_margins.left = sheet.page_margins.right = SIDE
        sheet.page_margins.top, sheet.page_margins.bottom = ABOVE, BELOW
        sheet.page_margins.header = sheet.page_margins.footer = 0.3
        # In headers & begins a code; Excel allows 255 characters in all.
        # Left and right are those of the paper, whatever the direction of the sheet.
        head, foot = sheet.oddHeader, sheet.oddFooter
        starts, ends = (head.left, foot.left), (head.right, foot.right)
        if self.texts.right_to_left:
            starts, ends = ends, starts
        # A day begins with a number, which says nothing about its direction.
        mark = RIGHT_TO_LEFT_MARK if self.texts.right_to_left else ""
        starts[0].text = mark + clean(self.info.dealership)[:80].replace("&", "&&")
        ends[0].text = mark + title[:80].replace("&", "&&")
        starts[1].text, ends[1].text = mark + self.texts.day(self.info.as_of), mark + self.texts("page")

    def cell(self, sheet: Sheet, value: Any, look: Look = PLAIN, link: str = "", note: str = "") -> Cell:
        """A cell. Text is always text, whatever it begins with; `link` is a URL or `#sheet!A1`."""
        cell: Any = WriteOnlyCell(sheet)
        if isinstance(value, str):
            value = clean(value)
            cell.value = value
            cell.data_type = "s"
        elif value is not None:
            cell.value = value
        if self.texts.right_to_left and isinstance(value, str) and not look.reads:
            # Left to itself a sentence that begins with a Latin name would be set from the left, and the
            # plus of a phone would stand behind it.
            reads = "right" if holds_right_to_left(value) else "left"
            look = look.but(reads=reads, across=look.across or "start")
        cell._style = self._style(cell, look, isinstance(value, str) and value.startswith(FORMULA))
        if link.startswith("#"):
            cell.hyperlink = Hyperlink(ref="A1", location=link[1:])
        elif link:
            cell.hyperlink = link
        if note:
            cell.comment = Comment(note, "planner", height=90, width=260)
        return cell  # type: ignore[no-any-return]

    def by_first_letter(self, text: str, look: Look) -> Look:
        """The look of a text in the customer's language, which need not be that of the book."""
        if reads_right_to_left(text):
            return look.but(reads="right", across="right")
        return look.but(reads="left", across="left") if self.texts.right_to_left else look

    def append(self, sheet: Sheet, cells: Sequence[Cell | None], least: float = 15, across: int = 1) -> int:
        """Adds a row that is as high as its longest text needs, and returns its number.

        Each cell has the width of `across` columns.

        Excel would find the height by itself, but LibreOffice trusts what stands in the file.
        """
        number = self.next_row(sheet)
        self._rows[sheet.title] = number
        height = max(
            [
                least,
                *(self._height(sheet, place, cell, across) for place, cell in enumerate(cells, 1) if cell),
            ]
        )
        sheet.row_dimensions[number] = _FittedRow(sheet, index=number, ht=min(height, MAX_HEIGHT))
        sheet.append(list(cells))
        return number

    def append_plain(self, sheet: Sheet, cells: list[Any], height: float = 0) -> None:
        """Adds a row of values and cells as they are; for long sheets, where measuring costs."""
        number = self.next_row(sheet)
        self._rows[sheet.title] = number
        if height:
            sheet.row_dimensions[number] = _FittedRow(sheet, index=number, ht=height)
        sheet.append(cells)

    def next_row(self, sheet: Sheet) -> int:
        """The number that the next row gets."""
        return self._rows.get(sheet.title, 0) + 1

    def paragraph(self, sheet: Sheet, text: str, look: Look, across: int) -> int:
        """Adds a row with a text over several columns, and returns its number."""
        cell = self.cell(sheet, text, look.but(wrap=True))
        number = self.append(sheet, [cell], across=across)
        sheet.merged_cells.add(f"A{number}:{get_column_letter(across)}{number}")
        return number

    def formula(self, sheet: Sheet, formula: str, look: Look, shown: str | int) -> Cell:
        """A cell with a formula of ours, never with text from input in it, and what it shows at first.

        Programs that calculate nothing, as the previews of phones and of mail, show nothing else.
        """
        cell = self.cell(sheet, None, look)
        cell.value = formula
        self._shown.setdefault(sheet.title, []).append((cell, shown))
        return cell

    def plain(self, sheet: Sheet, values: list[Any]) -> list[Any]:
        """Values for unstyled cells of a long list: missing is None, text is clean and stays text."""
        result: list[Any] = []
        for value in values:
            if isinstance(value, str):
                value = clean(value)
                if self.texts.right_to_left and value:
                    result.append(self.cell(sheet, value, LISTED))
                else:
                    result.append(self.cell(sheet, value) if value.startswith(MISREAD) else value or None)
            else:
                result.append(value)
        return result

    def save(self, path: Path) -> None:
        """Writes the workbook at once or not at all; raises InputError if it cannot be written."""

        def write(part: Path) -> None:
            shown = {
                number: {cell.coordinate: value for cell, value in self._shown.get(sheet.title, ())}
                for number, sheet in enumerate(self._workbook.worksheets, 1)
            }
            # Not `workbook.save`, which would stamp the clock into the file.
            ExcelWriter(self._workbook, CalculatedZip(part, shown)).save()

        write_atomically(path, write)

    def _height(self, sheet: Sheet, place: int, cell: Any, across: int) -> float:
        look = cell._style.tobytes()
        measures = self._measures.get(look)
        if measures is None:
            font, how = cell.font, cell.alignment
            measures = font.sz or 10, bool(font.b), bool(how.wrap_text), INDENT * (how.indent or 0)
            self._measures[look] = measures
        size, bold, wraps, indent = measures
        lines = 1
        if wraps and cell.data_type == "s" and isinstance(cell.value, (str, CellRichText)):
            widths = sheet.column_dimensions
            width = sum(widths[get_column_letter(place + more)].width for more in range(across)) - indent
            lines = lines_in(str(cell.value), width, size, bold)
        return height_of(lines, size)

    def _style(self, cell: Any, look: Look, quoted: bool) -> Any:
        known = self._styles.get((look, quoted))
        if known is None:
            paint(cell, look, right_to_left=self.texts.right_to_left)
            cell.number_format = self.texts.cell_format(look.number_format)
            cell.quotePrefix = quoted
            known = self._styles[look, quoted] = cell._style
        return known


def _new_workbook(info: BookInfo, title: str) -> Workbook:
    workbook = Workbook(write_only=True)
    properties = workbook.properties
    properties.title, properties.creator = clean(title), clean(info.dealership)
    properties.created = properties.modified = datetime.combine(info.as_of, time())
    # What is not styled, such as the cells of long lists, takes the workbook's first font.
    normal = Font(name=FONT, size=10, color=INK)
    workbook._fonts[0] = normal  # type: ignore[attr-defined]
    workbook._named_styles["Normal"].font = copy(normal)  # type: ignore[attr-defined]
    return workbook


class _FittedRow(RowDimension):
    """A height to begin with: Excel fits it again when more is typed into the row."""

    customHeight = False  # noqa: N815 (openpyxl's name)


def freeze(sheet: Sheet, cell: str, header_row: int = 1, columns: str = "") -> None:
    """Rows above and columns left of `cell` stay on the screen; the header row is printed on each page.

    header_row: 0 for none. Raises ValueError once the sheet has rows: what Excel keeps before them is
    written by then, and the panes would be lost without a word.
    """
    if sheet._rows is not None:
        raise ValueError(f"{sheet.title}: panes are frozen before the first row is written")
    sheet.freeze_panes = cell
    if header_row:
        sheet.print_title_rows = f"{header_row}:{header_row}"
    if columns:
        sheet.print_title_cols = columns


def add_table(
    sheet: Sheet, name: str, headers: list[str], first_row: int, rows: int, banded: bool = False
) -> None:
    """Makes an Excel table with filters of the header row and the `rows` rows below it."""
    ref = f"A{first_row}:{get_column_letter(len(headers))}{first_row + rows}"
    table = Table(
        displayName=name,
        ref=ref,
        autoFilter=AutoFilter(ref=ref),
        tableColumns=[TableColumn(id=number, name=header) for number, header in enumerate(headers, 1)],
        tableStyleInfo=TableStyleInfo(name="TableStyleLight1", showRowStripes=True) if banded else None,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl reminds of the columns, which are there
        sheet.add_table(table)


def values(column: pd.Series) -> list[Any]:
    """A column as plain values: missing is None, a moment is its date, a whole number an int."""
    if column.dtype.kind == "M":
        return [None if day is pd.NaT else day.date() for day in column]
    plain = column.astype(object).where(column.notna(), None).tolist()
    if column.dtype.kind == "f":
        return [int(value) if value is not None and value == int(value) else value for value in plain]
    return plain


def records(frame: pd.DataFrame, names: list[str]) -> list[dict[str, Any]]:
    """The rows of a frame as dictionaries of plain values; a column that it lacks is None."""
    columns = [values(frame[name]) if name in frame else [None] * len(frame) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def numbered(title: str, number: int) -> str:
    """The name of the n-th sheet of the same kind: Contacts, Contacts 2, Contacts 3."""
    return title if number == 1 else f"{title[:26]} {number}"


def inside(sheet_title: str, cell: str) -> str:
    """The link to a cell of this workbook."""
    return f"#{quote_sheetname(sheet_title)}!{cell}"
