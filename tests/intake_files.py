"""Small export files for the tests of intake. All people are invented."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from planner.intake import Intake, Known, read_exports
from planner.settings import Dealership, Settings

AS_OF = date(2026, 3, 2)
KNOWN = Known(customers=frozenset(["1", "2"]), vehicles=frozenset(["V1", "V2"]))
EGYPT = Settings(dealership=Dealership(country="EG"))


def imported(folder: Path, files: dict[str, str], *, settings: Settings = EGYPT, **more: Any) -> Intake:
    """The files (name -> text of a CSV) written into the folder and imported, with two cars known."""
    paths = []
    for name, text in files.items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return read_exports(paths, settings, more.pop("as_of", AS_OF), **{"known": KNOWN, **more})


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """A workbook with these sheets, cells typed as given."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.properties.created = book.properties.modified = datetime(2026, 1, 1)
    book.save(path)
    return path


def codes(intake: Intake) -> list[tuple[int, str, str]]:
    """Every issue as (row, column, code)."""
    columns = ("row", "column", "code")
    return list(intake.issues[list(columns)].itertuples(index=False, name=None))
