"""The sheet Segments: totals are called totals, and notes name the sheet where something stands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from planner.workbooks.texts import LANGUAGES, Texts
from tests.value_book import INFO, written
from tests.value_world import frames, tables

TOTAL = {"en": "total", "ar": "المجموع"}


@pytest.fixture(scope="module")
def found() -> dict[str, pd.DataFrame]:
    return frames(tables())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_adds_up_is_called_a_total(
    tmp_path: Path, found: dict[str, pd.DataFrame], language: str
) -> None:
    """Customers and shares add up by their nature; of the others only totals are in the row of sums."""
    texts = Texts(language)
    sheet = written(tmp_path, found, replace(INFO, language=language))[texts("sheet.segments_value")]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    header = next(row for row in rows if row[0] == texts("value.by.segment.one"))
    sums = next(row for row in rows if row[0] == texts("column.total"))
    plain = {texts(f"value.segments.{name}") for name in ("customers", "share", "margin_share")}
    for head, total in list(zip(header, sums, strict=True))[1:12]:
        assert (total is not None) == (head in plain or TOTAL[language] in head), head


@pytest.mark.parametrize("language", LANGUAGES)
def test_missing_services_of_customers_are_on_the_sheet_that_the_note_names(language: str) -> None:
    texts = Texts(language)
    assert texts("sheet.to_offer") in texts("value.profile.note")
    assert texts("sheet.to_act_on") not in texts("value.profile.note")
