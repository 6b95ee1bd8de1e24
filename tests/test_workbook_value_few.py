"""The first page where last year, or a group, is too small to tell."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from planner.workbooks import style
from planner.workbooks.value_words import headline
from tests.value_book import ENGLISH, written


def noted(found: dict[str, pd.DataFrame], column: str, note: str, metric: str) -> dict[str, pd.DataFrame]:
    """The frames, with another note of that metric as of today, of all."""
    figures = found["figures"]
    of = figures["metric"].eq(metric) & figures["by"].eq("all") & figures["month"].isna()
    return found | {"figures": figures.assign(**{column: figures[column].mask(of, note)})}


class TestLastYearOfTooFew:
    @pytest.mark.parametrize(
        ("column", "now_ink", "then_ink"),
        [("last_year_note", style.INK, style.MUTED), ("note", style.MUTED, style.INK)],
    )
    def test_is_grey_and_makes_no_change(
        self, tmp_path: Path, whole: dict[str, pd.DataFrame], column: str, now_ink: str, then_ink: str
    ) -> None:
        sheet = written(tmp_path, noted(whole, column, "too_few", "churn"))["Headline"]
        row = next(row for row in sheet.iter_rows() if row[0].value == "Churn a year")
        assert row[1].font.color.rgb.endswith(now_ink)
        assert row[2].font.color.rgb.endswith(then_ink)
        assert row[3].value == "too few to tell"

    def test_two_sound_years_have_a_change(self, tmp_path: Path, whole: dict[str, pd.DataFrame]) -> None:
        sheet = written(tmp_path, noted(whole, "last_year_note", "", "churn"))["Headline"]
        row = next(row for row in sheet.iter_rows() if row[0].value == "Churn a year")
        assert row[3].value == pytest.approx(100 * (row[1].value - row[2].value), abs=0.05)

    def test_no_sentence_tells_it(self, whole: dict[str, pd.DataFrame]) -> None:
        sound = next(line for line in headline(whole, ENGLISH) if "no longer active" in line)
        assert "last year" in sound
        few = headline(noted(whole, "last_year_note", "too_few", "churn"), ENGLISH)
        assert not any("last year" in line for line in few if "no longer active" in line)
