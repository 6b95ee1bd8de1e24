"""How the value workbook looks: lines as long as their header, one full stop, charts in one direction."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner.workbooks.texts import Texts
from planner.workbooks.value_words import headline
from tests.success_world import simulated
from tests.value_book import INFO, written


def lined(row: Any) -> int:
    """How many cells of a row have a line below."""
    return sum(cell.border.bottom.style is not None for cell in row)


def test_lines_are_as_long_as_their_header(tmp_path: Path, whole: dict[str, pd.DataFrame]) -> None:
    brought = simulated(2, 200, "YSb", "YSc")
    found = whole | {"success": brought.success, "without_contact": brought.without_contact}
    sheet = written(tmp_path, found)["Touchpoints"]
    rows = list(sheet.iter_rows())
    heads = [
        at for at, row in enumerate(rows) if row[0].value in ("Contact", "Channel", "When", "Cycle or tactic")
    ]
    assert len(heads) >= 4
    for at in heads:
        wide = sum(cell.fill.fgColor.rgb == rows[at][0].fill.fgColor.rgb for cell in rows[at])
        assert lined(rows[at + 1]) == wide, rows[at][0].value


def test_the_mark_of_the_best_has_room(tmp_path: Path, whole: dict[str, pd.DataFrame]) -> None:
    sheet = written(tmp_path, whole)["Segments"]
    row = next(row for row in sheet.iter_rows() if any(cell.value == "these bring 80%" for cell in row))
    at = next(place for place, cell in enumerate(row) if cell.value == "these bring 80%")
    assert row[at + 1].border.bottom.style is not None
    assert row[at + 1].value is None


def test_a_currency_that_ends_in_a_full_stop_needs_no_second_one(whole: dict[str, pd.DataFrame]) -> None:
    lines = headline(whole, Texts("ar", "EG"), "EGP")
    assert any("ج.م" in line for line in lines)
    plain = [line.replace("\u200f", "").replace("\u200e", "") for line in lines]
    assert not any(".." in line for line in plain)


@pytest.mark.parametrize(("language", "orientation"), [("en", "minMax"), ("ar", "maxMin")])
def test_both_charts_of_the_first_page_run_one_way(
    tmp_path: Path, whole: dict[str, pd.DataFrame], language: str, orientation: str
) -> None:
    texts = Texts(language)
    page = written(tmp_path, whole, replace(INFO, language=language))[texts("sheet.headline")]
    assert [chart.x_axis.scaling.orientation or "minMax" for chart in page._charts] == [orientation] * 2
