"""How few bring how much: of the customers who came in 24 months, and only where they are enough to tell."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from planner.settings import Settings
from planner.value import value_report
from planner.value.example import AS_OF, tables_of
from planner.workbooks.value_words import headline
from tests.value_book import ENGLISH, texts_of, written


def found(coming: int, gone: int) -> dict[str, pd.DataFrame]:
    """The frames of a dealership to which so many come, all alike, and so many came years ago."""
    cars = {f"A{i}": ["2020-01-10", "2025-12-01 100"] for i in range(coming)}
    cars |= {f"B{i}": ["2018-01-10", "2019-01-10 100"] for i in range(gone)}
    return dict(vars(value_report(tables_of(cars), Settings(), AS_OF)))


def test_who_left_years_ago_does_not_count() -> None:
    """40 come and bring the same, 60 left: the best fifth of the 40 bring a fifth. Of all 100: half."""
    frames = found(40, 60)
    curve = frames["concentration"].set_index("mark")
    assert curve["customers"].max() == 40
    assert curve.loc["best_fifth", ["customers", "margin_share"]].tolist() == pytest.approx([8, 0.2])
    assert curve.loc["most", "customers_share"] == pytest.approx(0.8)
    said = "Of the customers who came in 24 months (40) the best 20% bring 20% of the margin"
    assert any(line.startswith(said) for line in headline(frames, ENGLISH))


@pytest.mark.parametrize(("coming", "told"), [(29, False), (30, True)])
def test_below_30_it_is_too_few_to_tell(tmp_path: Path, coming: int, told: bool) -> None:
    frames = found(coming, 60)
    few = "How few customers bring how much: too few to tell."
    assert (few in headline(frames, ENGLISH)) is not told
    assert ("If all brought the same" in texts_of(written(tmp_path, frames)["Segments"])) is told


def test_too_few_to_tell_is_not_on_poor_data() -> None:
    frames = found(29, 60)
    figures = frames["figures"]
    margin = figures["metric"].eq("margin_per_customer") & figures["month"].isna()
    poor = figures.assign(note=figures["note"].mask(margin, "poor_data"))
    lines = headline(frames | {"figures": poor}, ENGLISH)
    assert "How few customers bring how much: too few to tell." in lines
    assert any(line.endswith("On poor data.") for line in lines)
