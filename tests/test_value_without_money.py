"""A dealership whose visits have no amounts and no margins: what they brought is unknown, not nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from planner.workbooks.texts import LANGUAGES, Texts
from tests.value_book import INFO, row_of, texts_of, written
from tests.value_world import frames, tables


@pytest.fixture(scope="module")
def found() -> dict[str, pd.DataFrame]:
    return frames(tables(money=False, outcomes=False))


@pytest.mark.parametrize("language", LANGUAGES)
def test_to_offer_does_not_say_that_nobody_lacks_anything(
    tmp_path: Path, found: dict[str, pd.DataFrame], language: str
) -> None:
    texts = Texts(language)
    book = written(tmp_path, found, replace(INFO, language=language))
    said = texts_of(book[texts("sheet.to_offer")])
    assert texts("value.offer.no_money") in said
    assert texts("value.offer.none") not in said


def test_no_segment_is_called_best_or_empty(tmp_path: Path, found: dict[str, pd.DataFrame]) -> None:
    sheet = written(tmp_path, found)["Segments"]
    for name in ("Best", "Promising"):
        assert row_of(sheet, name)[1:6] == ["nothing to count", None, None, None, None], name
    assert row_of(sheet, "Loyal")[1] > 0
    assert row_of(sheet, "Loyal")[3:6] == [None, None, None]
    total = row_of(sheet, "Total")
    assert total[1] == len(found["customers"]), "everybody is in some segment"
    assert [total[3], total[4], total[9], total[10]] == [None] * 4, "a sum of nothing known is not 0"
    assert "Best: use it" not in texts_of(sheet), "no best customers, no table of what they use"


def test_what_they_brought_is_missing(found: dict[str, pd.DataFrame]) -> None:
    money = ["margin_12m", "margin_24m", "margin_total", "missing_margin", "percentile"]
    assert found["customers"][money].isna().all(axis=None)
    assert found["segments"][["margin_24m", "margin_share", "missing_margin"]].isna().all(axis=None)
    assert not found["customers"]["segment"].isin(["best", "promising"]).any()


def test_margins_alone_are_money() -> None:
    stored = tables(outcomes=False)
    found = frames(stored | {"visits": stored["visits"].assign(amount=float("nan"))})
    assert found["customers"]["margin_24m"].notna().all()
