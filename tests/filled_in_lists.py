"""A week's list with invented people, filled in, for the tests that read it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from planner.settings import Settings
from planner.workbooks.calls import LETTERS, write_calls
from planner.workbooks.filled_in import FilledIn, read_filled_in
from planner.workbooks.info import ListInfo

DAY = date(2026, 3, 13)
INFO = ListInfo("Hill & Sons", "2026-W11", date(2026, 3, 9), date(2026, 3, 15), "en", "km", date(2026, 3, 9))
CONTACTS = (
    ("VIN1/S2c", "Tom Hill", 1),
    ("VIN2/S2c", "Jo Ng", 1),
    ("AB 123 C/W1c", "منى حسن", 1),
    ("VIN4/S2c/2", "Eva Lang", 2),
    ("VIN5/S2c", "Ali Omar", 1),
    ("00123/S1b", "Ida Berg", 1),
    ("VIN7/S2c", "Max Roth", 1),
    ("VIN8/S2c", "Lea Sand", 3),
)
# What the callers typed, by the row of the list; the seventh call was not made.
TYPED: dict[int, dict[str, Any]] = {
    2: {"outcome": "booked", "date": date(2026, 3, 20)},
    3: {"outcome": "no_answer"},
    4: {"outcome": "not_yet", "odometer": 45000},
    5: {"outcome": "callback", "date": date(2026, 3, 16), "note": "after six"},
    6: {"outcome": "done_elsewhere", "date": date(2026, 2, 10), "odometer": 61250},
    7: {"outcome": "do_not_call", "note": "all"},
    9: {"outcome": "complaint", "note": "waited an hour"},
}
# What that means: attempt, outcome, on, km, scope, note; written by hand.
MEANT = {
    "VIN1/S2c": (1, "booked", "2026-03-20", None, None, None),
    "VIN2/S2c": (1, "no_answer", None, None, None, None),
    "AB 123 C/W1c": (1, "not_yet", None, 45000, None, None),
    "VIN4/S2c/2": (2, "callback", "2026-03-16", None, None, "after six"),
    "VIN5/S2c": (1, "done_elsewhere", "2026-02-10", 61250, None, None),
    "00123/S1b": (1, "do_not_call", None, None, "all", "all"),
    "VIN8/S2c": (3, "complaint", None, None, None, "waited an hour"),
}

_WRITTEN: dict[str, bytes] = {}  # lists by what is in them: many tests begin with the same

Meant = tuple[int | None, str, str | None, float | None, str | None, str | None]
Grid = list[list[Any]]


def settings(country: str = "DE", unit: str = "km", language: str = "en") -> Settings:
    return Settings(dealership={"country": country, "unit": unit, "language": language})


def calls() -> pd.DataFrame:
    """The calls of CONTACTS as `write_calls` takes them."""
    frame = pd.DataFrame(CONTACTS, columns=["contact_id", "customer", "attempt"])
    frame = frame.assign(
        call_on=pd.Timestamp("2026-03-10"),
        phone="+4930123456",
        advisor="Ann Weber",
        vehicle="Toyota Corolla",
        vehicle_id="VIN1",
        language="en",
        why="Second service",
        due_on=pd.Timestamp("2026-03-30"),
        due_km=60_000.0,
        script="service_call",
        script_text="# Second service\n\n> Good morning.\n",
        priority=1,
    )
    return frame.astype({"attempt": "Int64", "priority": "Int64"})


def write_list(path: Path, typed: dict[int, dict[str, Any]] | None = None, info: ListInfo = INFO) -> Path:
    """A list of CONTACTS as `planner calls` writes it, with what was typed into its rows."""
    key = repr((info, typed or {}))
    if key not in _WRITTEN:
        if typed:
            workbook = load_workbook(write_list(path, info=info))
            for row, cells in typed.items():
                for name, value in cells.items():
                    workbook.worksheets[0][f"{LETTERS[name]}{row}"] = value
            workbook.save(path)
        else:
            write_calls(path, calls(), pd.DataFrame(), info)
        _WRITTEN[key] = path.read_bytes()
    path.write_bytes(_WRITTEN[key])
    return path


@pytest.fixture
def filled_list(tmp_path: Path) -> Path:
    """A list of CONTACTS with all that is TYPED."""
    return write_list(tmp_path / "calls.xlsx", TYPED)


def changed(path: Path, change: Callable[[Workbook], None]) -> Path:
    """The same file after somebody's change."""
    workbook = load_workbook(path)
    change(workbook)
    workbook.save(path)
    return path


def headings(**names: str) -> Callable[[Workbook], None]:
    """Renames columns of the list."""

    def rename(workbook: Workbook) -> None:
        for name, title in names.items():
            workbook.worksheets[0][f"{LETTERS[name]}1"] = title

    return rename


def grid(path: Path) -> Grid:
    """The cells of the first sheet, row by row, the headings first."""
    return [[cell.value for cell in row] for row in load_workbook(path).worksheets[0].iter_rows()]


def write_grid(path: Path, rows: Grid, title: str = "Calls") -> Path:
    """A plain workbook of these cells, as other programs write one."""
    workbook = Workbook()
    workbook.worksheets[0].title = title
    for row in rows:
        workbook.worksheets[0].append(row)
    workbook.save(path)
    return path


def read(
    *paths: Path, country: str = "DE", unit: str = "km", language: str = "en", as_of: date = DAY
) -> FilledIn:
    return read_filled_in(paths, settings(country, unit, language), as_of)


def meant(lists: FilledIn) -> dict[str, Meant]:
    """`filled` by contact, with None for what is missing."""
    rows = lists.filled.astype(object).where(lists.filled.notna(), None).to_dict("records")
    return {
        row["contact_id"]: (
            row["attempt"],
            row["outcome"],
            f"{row['on']:%Y-%m-%d}" if row["on"] else None,
            row["odometer_km"],
            row["scope"],
            row["note"],
        )
        for row in rows
    }


def reasons(lists: FilledIn) -> dict[int, str]:
    """Why rows came back, by their number in the sheet."""
    return dict(zip(lists.returned["row"].astype(int), lists.returned["reason"], strict=True))
