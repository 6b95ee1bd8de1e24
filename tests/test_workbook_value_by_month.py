"""The manager's workbook by month: who left, beside the year before."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd

from planner.columns import typed
from planner.value.leaving import LEAVERS
from tests.value_book import ENGLISH, below, texts_of, written


def losses(*rows: tuple[str | None, int, int, int, int], by: str = "all") -> pd.DataFrame:
    """LEAVERS of months: active a year before, natural, preventable, unknown."""
    names = ["month", "active_before", "natural", "preventable", "unknown"]
    frame = pd.DataFrame(rows, columns=names).assign(by=by, group="" if by == "all" else "Ben")
    return typed(frame.assign(lost=frame[names[2:]].sum(axis=1)), LEAVERS)


def test_losses_of_a_year_beside_the_year_before(tmp_path: Path) -> None:
    """Each month already tells of a year, so the years are two months and no sums; today's row is neither."""
    months = losses((None, 90, 9, 9, 9), ("2026-05-01", 80, 5, 8, 1), ("2025-04-01", 50, 7, 7, 7),
                    ("2025-05-01", 60, 2, 9, 1), ("2026-04-01", 70, 1, 1, 1))  # fmt: skip
    others = losses(("2026-05-01", 40, 30, 0, 0), by="advisor")
    sheet = written(tmp_path, {"leavers": pd.concat([others, months])})["Stage flow"]
    assert below(sheet, "Why") == [
        ["Why", "Year to May 2026", "Year to May 2025", "Change"],
        ["Natural: cars sold or scrapped, moved away", 5, 2, 3],
        ["Preventable: went elsewhere, complained, too expensive, refused", 8, 9, -1],
        ["Unknown: stopped coming, nobody knows why", 1, 1, 0],
        ["No longer active in all", 14, 12, 2],
    ]
    days = [datetime(2025, 4, 1), datetime(2025, 5, 1), datetime(2026, 4, 1), datetime(2026, 5, 1)]
    assert below(sheet, "Month")[1:] == [
        [day, *counts]
        for day, counts in zip(
            days, [[7, 7, 7, 21, 50], [2, 9, 1, 12, 60], [1, 1, 1, 3, 70], [5, 8, 1, 14, 80]], strict=True
        )
    ]
    (chart,) = sheet._charts
    start = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Month")
    drawn = [series.val.numRef.f.split("!")[1] for series in chart.series]
    assert drawn == [f"${letter}${start + 1}:${letter}${start + 4}" for letter in "BCD"]


def test_losses_without_a_year_before_and_without_any(tmp_path: Path) -> None:
    sheet = written(tmp_path, {"leavers": losses(("2026-05-01", 80, 0, 0, 0))})["Stage flow"]
    assert below(sheet, "Why")[1:] == [[said, 0] for said, *_ in below(sheet, "Why")[1:]]
    assert not sheet._charts, "nothing to draw"
    empty_one = written(tmp_path, {"leavers": losses()})["Stage flow"]
    assert texts_of(empty_one).count(ENGLISH("value.nothing")) == 2  # the stages' and this one
