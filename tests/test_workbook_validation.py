"""The workbook of predicted and actual visits: figures, charts, and every visit behind them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from planner.forecast.figures import BASELINES, figures, judge
from planner.tables import BASES, RATE_SOURCES
from planner.workbooks import style
from planner.workbooks.texts import ENGLISH, LANGUAGES, Texts
from planner.workbooks.validation import ValidationInfo, write_validation
from planner.workbooks.validation_charts import MOST_POINTS, evenly, histogram
from planner.workbooks.validation_words import headline
from tests.golden_files import Golden, as_lines
from tests.predictions import CYCLE, SETTINGS, many, predictions

AS_OF = date(2026, 12, 7)
INFO = ValidationInfo("Hill & Sons", AS_OF)
ENGLISH_TEXTS = Texts("en")
DUE = date(2026, 6, 1)


def found(
    frame: pd.DataFrame, not_scored: dict[str, int] | None = None, tolerance: int | None = None
) -> tuple[pd.DataFrame, dict[str, Any]]:
    judged = judge(frame, CYCLE, SETTINGS, AS_OF)
    return judged, figures(judged, pd.Series(not_scored or {}, dtype="int64"), tolerance)


def written(folder: Path, frame: pd.DataFrame, not_scored: dict[str, int] | None = None) -> Any:
    path = folder / "validation.xlsx"
    write_validation(path, *found(frame, not_scored), INFO)
    return load_workbook(path)


def a_few() -> pd.DataFrame:
    """Four visits, one of them 40 days late, and a customer who has not come."""
    some = {"fixed_interval": "2026-06-15", "own_median_gap": "2026-06-03", "came_back": 0.9}
    return predictions(
        {"visited_on": DUE, **some},
        {"visited_on": DUE + timedelta(days=4), "rate_source": "fleet", **some},
        {"visited_on": DUE - timedelta(days=6), "stage": "renewal", "fixed_interval": "2026-06-01"},
        {"vehicle_id": "=1+1", "visited_on": DUE + timedelta(days=40), "basis": "km", "service_no": 4},
        {"visited_on": None, "came_back": 0.3, "stage": None},
    )


def column(sheet: Any, header_row: int, title: str) -> list[Any]:
    place = next(cell.column for cell in sheet[header_row] if cell.value == title)
    return [sheet.cell(row, place).value for row in range(header_row + 1, sheet.max_row + 1)]


def texts_of(sheet: Any) -> list[str]:
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def test_every_cell(tmp_path: Path, golden: Golden) -> None:
    path = tmp_path / "validation.xlsx"
    write_validation(path, *found(a_few(), {"first-visit": 3}, tolerance=5), INFO)
    golden(path, "validation")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_headings_of_a_table_are_those_of_its_cells(tmp_path: Path, language: str) -> None:
    """Else Excel repairs the file, or refuses it; the same holds for two headings that are alike."""
    path = tmp_path / "validation.xlsx"
    write_validation(path, *found(a_few()), replace(INFO, language=language, country="EG"))
    tables = [(sheet, table) for sheet in load_workbook(path) for table in sheet.tables.values()]
    assert len(tables) == 2
    for sheet, table in tables:
        cells = [cell.value for cell in sheet[table.ref][0]]
        assert table.column_names == cells
        assert len(set(cells)) == len(cells)


def test_arabic_figures_in_words() -> None:
    said = headline(found(a_few())[1], Texts("ar", "AE"))
    assert said[0] == (
        "نصف الزيارات المقيَّمة (عددها 4) جاء بفارق لا يزيد على 5 (بالأيام) عن اليوم المتوقع؛ "
        "ونسبة ما جاء ضمن 30 يومًا: 75%."
    )
    assert "9.5" in said[1]


def test_without_visits_it_says_why(tmp_path: Path, golden: Golden) -> None:
    path = tmp_path / "validation.xlsx"
    write_validation(path, *found(predictions(), {"first-visit": 2, "before-purchase": 1}), INFO)
    golden(path, "validation_empty")


class TestHeadline:
    def said(self, *changes: dict[str, Any], tolerance: int | None = None) -> list[str]:
        return headline(found(predictions(*changes), tolerance=tolerance)[1], ENGLISH_TEXTS)

    def test_the_figures_in_words(self) -> None:
        assert headline(found(a_few(), tolerance=5)[1], ENGLISH_TEXTS) == [
            "Half of all visits scored (4) came within 5 days of the predicted day; 75% within 30 days.",
            "Within 5 days of the predicted day: 50%.",
            "On average customers came 9.5 days later than predicted, the middle one of them 2 days later.",
            "The window that promises 80% held 75% of the visits and is 20 days wide; "
            "the one that promises 96% held 75% and is 60 days wide.",
            "A contact of the plan would have preceded 100% of the visits; "
            "one 1 to 45 days before, 75% of them; a call 1 to 45 days before, 75%.",
            "Of the predictions whose time is over (5), 60% came true within 30 days; "
            "customers who never came back are counted.",
            "One simple method does as well or better: Own median gap, off by 2 days on 2 visits; "
            "the forecast is off by 2 on the same.",
        ]

    @pytest.mark.parametrize(
        ("late", "says"),
        [
            ([3], "3 days later than predicted, the middle one of them 3 days later."),
            ([1], "1 day later than predicted, the middle one of them 1 day later."),
            ([-3], "3 days earlier than predicted, the middle one of them 3 days earlier."),
            ([0], "neither later nor earlier than predicted, the middle one of them on the day."),
            # One who skipped a service moves the average, and not the middle one.
            ([-2, -2, 364], "120 days later than predicted, the middle one of them 2 days earlier."),
        ],
    )
    def test_bias(self, late: list[int], says: str) -> None:
        visits = [{"visited_on": DUE + timedelta(days=days)} for days in late]
        assert self.said(*visits)[1] == f"On average customers came {says}"

    def test_the_rival_is_the_method_beside_which_the_forecast_looks_worst(self) -> None:
        visit = {"visited_on": DUE + timedelta(days=5), "fixed_interval": "2026-06-16"}
        assert "Nearest of the simple methods: Fixed interval, off by 10 days" in self.said(visit)[-1]
        better = {**visit, "population_gap": "2026-06-07"}
        assert self.said(better)[-1] == (
            "One simple method does as well or better: Population gap, off by 1 days on 1 visits; "
            "the forecast is off by 5 on the same."
        )

    def test_a_method_with_hardly_an_answer_is_no_rival(self) -> None:
        plain = {"visited_on": DUE + timedelta(days=5), "fixed_interval": "2026-06-16"}
        one = {**plain, "population_gap": "2026-06-06"}
        assert "Fixed interval" in self.said(one, *[plain] * 19)[-1]

    def test_shares_are_not_rounded_up_to_the_promise(self) -> None:
        rows = [{}] * 956 + [{"visited_on": "2027-01-01"}] * 44
        assert "96% held 95.6%" in " ".join(self.said(*rows))

    def test_nothing_scored(self) -> None:
        assert self.said() == ["No visit could be scored: there is no maintenance visit in the store."]
        why = headline(found(predictions(), {"first-visit": 2, "too-odd": 1})[1], ENGLISH_TEXTS)
        assert why == [
            "No visit could be scored: of 3 maintenance visits 2 first visit on record, 1 too-odd."
        ]


def test_every_visit_stands_in_its_sheet(tmp_path: Path) -> None:
    frame = many(300)
    sheet = written(tmp_path, frame)["Visits"]
    came = frame[frame["visited_on"].notna()]
    assert column(sheet, 1, "VIN or plate") == came["vehicle_id"].tolist()
    error = (came["visited_on"] - came["expected_on"]).dt.days
    assert column(sheet, 1, "Error, days") == error.tolist()
    inside = (came["low_80"] <= came["visited_on"]) & (came["visited_on"] <= came["high_80"])
    assert column(sheet, 1, "In 80%?") == ["yes" if held else "no" for held in inside]
    # Who is called in time is contacted in time, and whoever is, has a contact before his visit.
    called, in_time, before = (
        column(sheet, 1, name) for name in ("Called days before", "Contact in time?", "Contact before?")
    )
    assert "no" in in_time
    for days, timely, any_day in zip(called, in_time, before, strict=True):
        assert timely == "yes" or days is None or days > 45
        assert any_day == "yes" or timely == "no"
    assert sheet.tables["Visits"].ref == f"A1:R{1 + len(came)}"


def test_who_did_not_come_is_counted_and_listed(tmp_path: Path) -> None:
    sheet = written(tmp_path, a_few())["Did not come true"]
    counts = {row[0].value: row[4].value for row in sheet.iter_rows(min_row=3, max_row=7)}
    assert list(counts.values()) == [3, 0, 1, 1, 5]
    header = next(row[0].row for row in sheet.iter_rows() if row[0].value == "VIN or plate")
    assert column(sheet, header, "VIN or plate") == ["=1+1", "V5"]
    assert column(sheet, header, "What happened") == ["later", "not come"]
    assert sheet.freeze_panes == f"A{header + 1}"


def test_all_came_true(tmp_path: Path) -> None:
    sheet = written(tmp_path, predictions({}))["Did not come true"]
    assert "Every prediction whose time is over came true." in texts_of(sheet)


def test_the_forecast_stands_beside_every_method_that_has_an_answer(tmp_path: Path) -> None:
    shown = texts_of(written(tmp_path, many(300))["Validation"])
    assert all(ENGLISH[f"method.{name}"] in shown for name in ("forecast", *BASELINES))
    assert "Last five gaps" not in texts_of(written(tmp_path, a_few())["Validation"])


def test_a_kind_of_which_nothing_is_known_yet_has_no_row(tmp_path: Path) -> None:
    later = {"stage": "renewal", "visited_on": None, "high_80": "2027-06-01", "expected_on": "2027-05-01"}
    cells = [row[0].value for row in written(tmp_path, predictions({}, later))["Validation"].iter_rows()]
    assert "in warranty" in cells
    assert "renewal" not in cells


def test_stages_and_sources_stand_in_the_order_of_their_lives(tmp_path: Path) -> None:
    cells = [row[0].value for row in written(tmp_path, many(300))["Validation"].iter_rows()]
    stages = [cells.index(name) for name in ("in warranty", "renewal", "after warranty")]
    assert stages == sorted(stages)
    sources = [cells.index(name) for name in ("its own readings", "what the customer says", "all cars")]
    assert sources == sorted(sources)


def test_the_charts_draw_what_stands_in_the_last_sheet(tmp_path: Path) -> None:
    frame = many(2_600)
    workbook = written(tmp_path, frame)
    came = int(frame["visited_on"].notna().sum())
    assert came > MOST_POINTS
    data = workbook["Chart data"]
    counts = [value for value in column(data, 2, "visits") if value is not None]
    assert len(counts) == MOST_POINTS
    bars = [
        data.cell(row, 6).value for row in range(3, data.max_row + 1) if data.cell(row, 6).value is not None
    ]
    assert sum(bars) == came
    assert len(workbook["Validation"]._charts) == 3
    assert f"shows {MOST_POINTS:,} of {came:,} visits" in data["A1"].value


def test_the_points_are_evenly_chosen() -> None:
    assert evenly(3, 5).tolist() == [0, 1, 2]
    assert evenly(9, 5).tolist() == [0, 2, 4, 6, 8]
    assert evenly(0, 5).tolist() == []
    assert len(evenly(1_000_000, MOST_POINTS)) == MOST_POINTS


def test_the_histogram_counts_everybody_once() -> None:
    starts, counts = histogram(np.array([-200.0, -64, -63, -1, 0, 6, 7, 62, 63, 500]))
    columns = dict(zip(starts, counts, strict=True))
    assert columns[None] == 2
    assert (columns[-63], columns[-7], columns[0], columns[7], columns[56], columns[63]) == (1, 1, 2, 1, 1, 2)
    assert sum(counts) == 10


def test_text_from_input_is_never_a_formula(tmp_path: Path) -> None:
    frame = predictions({"vehicle_id": "=1+1"}, {"vehicle_id": "+1", "visited_on": None})
    workbook = written(tmp_path, frame)
    for sheet in workbook.worksheets:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_long_lists_go_on_in_a_numbered_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "MAX_ROWS", 41)
    workbook = written(tmp_path, many(60))
    names = [name for name in workbook.sheetnames if name.startswith("Visits")]
    assert names == ["Visits", "Visits 2"]
    rows = sum(workbook[name].max_row - 1 for name in names)
    assert rows == many(60)["visited_on"].notna().sum()


def test_the_same_figures_give_the_same_cells(tmp_path: Path) -> None:
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    for path in (first, second):
        write_validation(path, *found(many(80)), INFO)
    assert list(as_lines(first)) == list(as_lines(second))


def test_every_method_source_and_basis_has_words() -> None:
    assert all(f"method.{name}" in ENGLISH for name in BASELINES)
    assert all(f"rate_source.{name}" in ENGLISH for name in RATE_SOURCES)
    assert all(f"basis.{name}" in ENGLISH for name in BASES)
