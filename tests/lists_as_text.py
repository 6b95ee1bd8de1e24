"""A list as spreadsheets save it as text: each cell as it is shown, in the language of the machine.

Of Excel for Mac 2011 and of Sheets such files were seen (SheetJS/test_files: 2011/*.csv; roo-rb/roo and
frictionlessdata/frictionless-py: CSV beside the workbook): CRLF, cells as they are shown, quotes only where
they are needed. The languages are by CLDR, and the month names of Windows where they differ.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from babel.dates import format_datetime
from babel.numbers import format_decimal
from openpyxl import Workbook
from openpyxl.cell import Cell


@dataclass(frozen=True)
class Text:
    """How a program on a machine writes text files."""

    name: str
    locale: str
    delimiter: str
    encoding: str
    newline: str = "\r\n"
    march: tuple[str, str] = ("", "")  # CLDR's short name of March, and the machine's
    digits: str = "0123456789"


TEXTS = (
    Text("Excel in English, CSV UTF-8", "en_US", ",", "utf-8-sig"),
    Text("Excel in English, CSV", "en_GB", ",", "cp1252"),
    Text("Excel in German, CSV", "de_DE", ";", "cp1252", march=("März", "Mrz")),
    Text("Excel in French, CSV UTF-8", "fr_FR", ";", "utf-8-sig"),
    Text("Excel in Polish, Unicode Text", "pl_PL", "\t", "utf-16"),
    Text("Excel in Arabic, CSV", "ar_EG", ";", "cp1256"),
    Text("Excel in Arabic, Unicode Text", "ar_EG", "\t", "utf-16", digits="٠١٢٣٤٥٦٧٨٩"),
    Text("Excel for Mac, CSV (Macintosh)", "en_US", ",", "mac_roman", newline="\r"),
    Text("Google Sheets in English, CSV", "en_US", ",", "utf-8"),
    Text("Google Sheets in Spanish, TSV", "es_ES", "\t", "utf-8", newline="\n"),
)


def save_as_text(workbook: Workbook, text: Text, target: Path) -> Path:
    """The first sheet of the workbook as this text, at `target`; letters that it does not have are lost."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=text.delimiter, lineterminator=text.newline)
    for row in workbook.worksheets[0].iter_rows():
        writer.writerow([_shown(cell, text) for cell in row])
    target.write_bytes(out.getvalue().encode(text.encoding, errors="replace"))
    return target


def _shown(cell: Cell, text: Text) -> str:
    value = cell.value
    if cell.data_type == "f":
        return "open"
    if isinstance(value, date):
        return _day(value, cell.number_format, text)
    if isinstance(value, int | float) and cell.number_format == "#,##0":
        return _digits(format_decimal(value, "#,##0", locale=text.locale), text)
    return "" if value is None else str(value)


def _day(value: date, shape: str, text: Text) -> str:
    """As the cell's format shows it: Excel's mmm is CLDR's MMM."""
    pattern = shape.split(";")[0].replace("m", "M").replace("ddd", "EEE")
    when = value if isinstance(value, datetime) else datetime.combine(value, datetime.min.time())
    shown = format_datetime(when, pattern, locale=text.locale)
    cldr, machine = text.march
    return _digits(shown.replace(cldr, machine) if cldr else shown, text)


def _digits(shown: str, text: Text) -> str:
    plain = shown.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))
    return plain.translate(str.maketrans("0123456789", text.digits))
