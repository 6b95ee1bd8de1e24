"""The report as of a day before all records: one sentence, no empty room for charts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from planner.workbooks.texts import LANGUAGES, Texts
from planner.workbooks.value_words import headline, quality_said
from tests.value_book import ENGLISH, INFO, texts_of, written
from tests.value_world import frames, tables

DAY = date(2010, 1, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_sentence(tmp_path: Path, language: str) -> None:
    stored, texts = tables(20), Texts(language)
    found = frames(stored, as_of=DAY)
    said = texts("value.say.nothing", day=texts.day(DAY))
    assert headline(found, texts, "EUR", DAY) == [said]
    assert quality_said(found, texts) == [texts("value.quality.none")]
    sheet = written(tmp_path, found, replace(INFO, language=language, as_of=DAY))[texts("sheet.headline")]
    assert texts_of(sheet).count(said) == 1
    assert texts("value.say.back.none") not in texts_of(sheet)
    values = [row[0] for row in sheet.iter_rows(values_only=True)]
    blank = max(len(run) for run in "".join("x" if value else " " for value in values).split("x"))
    assert blank < 5, "no room for charts that are not there"


def test_one_purchase_is_something() -> None:
    first = tables(1)["vehicles"]["purchased_on"].min().date()
    assert len(headline(frames(tables(20), as_of=first), ENGLISH, "EUR", first)) > 1
