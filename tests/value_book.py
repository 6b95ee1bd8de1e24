"""The value workbook as tests write and read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from planner.workbooks.texts import Texts
from planner.workbooks.value import ValueInfo, write_value
from tests.value_world import AS_OF, CALL, frames, tables

INFO = ValueInfo("Hill & Sons", AS_OF, currency="EUR")
NAMES = {CALL: "Second service: call"}
ENGLISH = Texts("en")
ROW_EMU = 190_500  # of a row of 15 points


def written(folder: Path, found: dict[str, pd.DataFrame], info: ValueInfo = INFO) -> Any:
    path = folder / "value.xlsx"
    write_value(path, found, info, NAMES)
    return load_workbook(path)


@pytest.fixture(scope="module")
def whole() -> dict[str, pd.DataFrame]:
    """The frames of the report of planner.value, as `planner value` hands them to the workbook."""
    return frames(tables())


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, whole: dict[str, pd.DataFrame]) -> Any:
    """The workbook of them in English; read it only."""
    return written(tmp_path_factory.mktemp("value"), whole)


def cells(sheet: Any) -> Iterator[Any]:
    return (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)


def texts_of(sheet: Any) -> list[str]:
    return [cell.value for cell in cells(sheet) if isinstance(cell.value, str)]


def row_of(sheet: Any, label: str) -> list[Any]:
    row = next(row for row in sheet.iter_rows() if row[0].value == label)
    return [cell.value for cell in row]


def trimmed(found: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Two months, one kind of group and a few customers, to four decimals: a golden file one can read."""
    figures = found["figures"]
    recent = figures["month"].isna() | figures["month"].ge("2026-04-01")
    kept = figures[recent & figures["by"].isin(["all", "advisor"])]
    short = found | {
        "figures": kept,
        "to_act_on": found["to_act_on"].head(8),
        "to_offer": found["to_offer"].head(8),
    }
    return {
        name: frame.round(dict.fromkeys(frame.select_dtypes("float"), 4)) for name, frame in short.items()
    }


def title_of(chart: Any) -> str:
    return "".join(run.t for paragraph in chart.title.tx.rich.p for run in paragraph.r or [])


def below(sheet: Any, heading: str) -> list[list[Any]]:
    """The rows below the header that begins with that word, up to a free one."""
    start = next(row[0].row for row in sheet.iter_rows() if row[0].value == heading)
    found = []
    for row in sheet.iter_rows(min_row=start, values_only=True):
        if row[0] is None:
            break
        found.append([value for value in row if value is not None])
    return found
