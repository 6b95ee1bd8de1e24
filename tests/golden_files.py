"""Workbooks compared cell by cell with what they were when somebody last looked at them.

`tests/golden/*.txt` holds every cell of a workbook as readable text: value, number format, fill, and
below each sheet its table, validations, links, notes and page set-up. A test calls
`golden(path, "calls")`. After a change that is meant, renew the files, look at the difference that
git shows, and commit them with the change:

    pytest --renew-golden tests/test_workbook_calls.py tests/test_workbook_annual.py
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

FOLDER = Path(__file__).parent / "golden"

Golden = Callable[[Path, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--renew-golden", action="store_true", help="write tests/golden anew, then look at git diff"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """golden(path, name): the workbook says what tests/golden/name.txt says."""
    renew = request.config.getoption("--renew-golden", default=False)

    def compare(path: Path, name: str) -> None:
        kept = FOLDER / f"{name}.txt"
        now = "\n".join(as_lines(path)) + "\n"
        if renew:
            FOLDER.mkdir(exist_ok=True)
            kept.write_text(now, encoding="utf-8")
        before = kept.read_text(encoding="utf-8")
        difference = difflib.unified_diff(
            before.splitlines(), now.splitlines(), "golden", "now", lineterm="", n=0
        )
        assert before == now, "\n".join(list(difference)[:60])

    return compare


def as_lines(path: Path) -> Iterator[str]:
    """Every cell of a workbook, and what hangs on its sheets, one line each."""
    workbook = load_workbook(path, rich_text=True)
    properties = workbook.properties
    days = f"{properties.created:%Y-%m-%d} {properties.modified:%Y-%m-%d}"
    yield f"{properties.title} | {properties.creator} | {days}"
    for sheet in workbook.worksheets:
        yield ""
        yield f"== {sheet.title}"
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None or cell.fill.fill_type:
                    yield _cell(cell)
        yield from _around(sheet)


def _cell(cell: Any) -> str:
    value = cell.value
    if isinstance(value, datetime):
        said = f"{value:%Y-%m-%d}"
    elif cell.data_type == "f":
        said = str(value)
    elif isinstance(value, str):
        said = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, list):  # rich text: what is bold stands between asterisks
        parts = [
            str(part) if isinstance(part, str) or not part.font.b else f"*{part.text}*" for part in value
        ]
        said = json.dumps("".join(parts), ensure_ascii=False)
    else:
        said = "" if value is None else str(value)
    marks = [cell.number_format] if cell.number_format != "General" else []
    if cell.fill.fill_type:
        marks.append(f"{cell.fill.fill_type} {cell.fill.fgColor.rgb[2:]}")
    marks += ["bold"] if cell.font.b else []
    marks += ["italic"] if cell.font.i else []
    marks += ["quoted"] if cell.quotePrefix else []
    return " | ".join([cell.coordinate, said, *marks])


def _around(sheet: Any) -> Iterator[str]:
    """What belongs to a sheet beside its cells."""
    page = sheet.page_setup
    yield f"page {page.orientation} paper {page.paperSize} fit {page.fitToWidth} x {page.fitToHeight}"
    yield f"header {sheet.oddHeader.left.text} | {sheet.oddHeader.right.text}"
    yield f"print {sheet.print_area} rows {sheet.print_title_rows} columns {sheet.print_title_cols}"
    yield f"frozen at {sheet.freeze_panes}, breaks after {[mark.id for mark in sheet.row_breaks.brk]}"
    if sheet.sheet_view.rightToLeft:
        yield "right to left"
    for letter, column in sheet.column_dimensions.items():
        yield f"column {letter} {column.width:g}{' hidden' if column.hidden else ''}"
    for name, ref in sheet.tables.items():
        yield f"table {name} {ref}"
    for rule in sheet.data_validations.dataValidation:
        bounds = f"{rule.type} {rule.formula1} {rule.formula2}"
        yield f"validation {rule.sqref} {bounds} {rule.errorStyle}: {rule.error}"
    for span in sheet.conditional_formatting:
        for rule in span.rules:
            fill = rule.dxf.fill.bgColor.rgb[2:]
            yield f"colour {span.sqref} {rule.formula} {fill}{' stop' if rule.stopIfTrue else ''}"
    for row in sheet.iter_rows():
        for cell in row:
            if cell.hyperlink:
                yield f"link {cell.coordinate} {cell.hyperlink.target or cell.hyperlink.location}"
            if cell.comment:
                yield f"note {cell.coordinate} {cell.comment.text}"
    for chart in sheet._charts:
        for part in [chart, *[other for other in getattr(chart, "_charts", []) if other is not chart]]:
            for series in part.series:
                drawn = series.val or series.yVal  # of points
                yield f"chart {type(part).__name__} {series.tx.strRef.f} {drawn.numRef.f}"
