"""The manager's workbook: every cell, and what people called `=1+1` do to it."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from planner.settings import Settings
from planner.value.figures import BY_MONTH, METRICS
from planner.workbooks.texts import LANGUAGES, Texts
from planner.workbooks.typography import holds_right_to_left
from planner.workbooks.value import ValueInfo, write_value
from planner.workbooks.value_headline import PARTS
from planner.workbooks.value_words import currency_name
from tests.golden_files import Golden
from tests.value_book import (
    ENGLISH,
    INFO,
    NAMES,
    ROW_EMU,
    below,
    cells,
    row_of,
    texts_of,
    title_of,
    trimmed,
    written,
)
from tests.value_world import AS_OF, FORMULAS, SETTINGS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell(tmp_path: Path, golden: Golden, language: str, whole: dict[str, pd.DataFrame]) -> None:
    path = tmp_path / "value.xlsx"
    info = INFO if language == "en" else replace(INFO, language=language, country="EG", currency="EGP")
    write_value(path, trimmed(whole), info, NAMES)
    golden(path, "value" if language == "en" else f"value_{language}")


class TestNames:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_text_from_input_is_never_a_formula(
        self, tmp_path: Path, whole: dict[str, pd.DataFrame], language: str
    ) -> None:
        listed = whole["to_act_on"].head(len(FORMULAS))
        assert len(listed) == len(FORMULAS)
        evil = listed.assign(customer=FORMULAS, advisor=FORMULAS, customer_id=FORMULAS, phone=FORMULAS,
                             next_contact=FORMULAS)  # fmt: skip
        names = dict.fromkeys(FORMULAS, "=2+2")
        path = tmp_path / "value.xlsx"
        info = ValueInfo("=cmd()", AS_OF, language=language, currency="=9")
        write_value(path, whole | {"to_act_on": evil}, info, names)
        seen = set()
        for sheet in load_workbook(path).worksheets:
            for cell in cells(sheet):
                assert cell.data_type not in ("f", "e"), f"{sheet.title}!{cell.coordinate}: {cell.value}"
                if isinstance(cell.value, str) and cell.value.startswith(tuple("=+-@")):
                    assert cell.quotePrefix, f"{sheet.title}!{cell.coordinate}: {cell.value}"
                    seen.add(cell.value)
        assert {*FORMULAS[:5], "=2+2", "=Ada", "@Astra"} <= seen  # customers, advisors and models

    def test_long_and_strange_names_stand_as_they_are(
        self, tmp_path: Path, whole: dict[str, pd.DataFrame]
    ) -> None:
        listed = whole["to_act_on"].head(2).assign(customer=["x" * 500, "a\x07b\nc"])
        shown = texts_of(written(tmp_path, whole | {"to_act_on": listed})["To act on"])
        assert "x" * 500 in shown
        assert "ab\nc" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_has_a_title_and_stands_clear_of_the_next(
    tmp_path: Path, whole: dict[str, pd.DataFrame], language: str
) -> None:
    book = written(tmp_path, whole, replace(INFO, language=language))
    charts = {sheet.title: sheet._charts for sheet in book.worksheets if sheet._charts}
    assert [len(each) for each in charts.values()] == [2, 6, 1, 1, 2]
    for sheet, drawn in charts.items():
        ends, before, height = 0.0, 0, 0.0
        for chart in drawn:
            assert title_of(chart), sheet
            anchor = chart.anchor._from
            if anchor.row - before >= height:  # below the ones before
                ends = 0.0
            before, height = anchor.row, chart.anchor.ext.height / ROW_EMU
            starts = sum(_width_cm(book[sheet], column) for column in range(1, anchor.col + 1))
            assert starts >= ends - 0.05, f"{sheet}: {title_of(chart)}"
            ends = starts + chart.anchor.ext.width / 360_000


def _width_cm(sheet: Any, column: int) -> float:
    """Of a column in Arial 10: 7 pixels a digit and 5 around them, 96 to the inch."""
    from openpyxl.utils import get_column_letter

    letters = sheet.column_dimensions[get_column_letter(column)].width
    return float((7 * letters + 5) / 96 * 2.54)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages(tmp_path: Path, whole: dict[str, pd.DataFrame], language: str) -> None:
    book = written(tmp_path, whole, replace(INFO, language=language))
    first = book.worksheets[0]
    assert (first.page_setup.fitToWidth, first.page_setup.fitToHeight) == (1, 1)
    assert first.page_setup.orientation == "portrait"
    for sheet in book.worksheets:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.sheet_view.rightToLeft == (language == "ar")


def test_lost_over_active_is_the_churn_by_month(book: Any) -> None:
    """As the note of the block says."""
    lost = {row[0]: (row[-2], row[-1]) for row in below(book["Stage flow"], "Month")[1:]}
    sheet = book["By month"]
    rows = [row for row in sheet.iter_rows() if row[0].value == "Month"]
    head = next(row for row in rows if "Churn a year" in [cell.value for cell in row])
    place = [cell.value for cell in head].index("Churn a year")
    churn = {
        row[0]: (row[place + 1], row[place + 2])
        for row in sheet.iter_rows(min_row=head[0].row + 1, max_row=head[0].row + 24, values_only=True)
    }
    assert len(lost) == 24
    assert lost == churn
    assert any(count for count, _ in lost.values())


def test_the_heat_table_is_darker_the_more_came(book: Any) -> None:
    sheet = book["Retention"]
    start = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Bought in")
    shades = {}
    for row in sheet.iter_rows(min_row=start + 1, max_row=start + 6, min_col=2):
        for cell in row:
            if cell.value is not None:
                red = int(cell.fill.fgColor.rgb[2:4], 16) if cell.fill.fill_type else 255
                shades[cell.value] = red
    assert len(shades) > 3
    ordered = [shades[share] for share in sorted(shades)]
    assert ordered == sorted(ordered, reverse=True)
    assert len(set(ordered)) > 2


def test_segments_are_not_explained_by_what_they_are_made_of(book: Any) -> None:
    sheet = book["By group"]
    start = next(row[0].row for row in sheet.iter_rows() if row[0].value == "By segment")
    heads = {cell.value for row in sheet.iter_rows(min_row=start) for cell in row}
    assert "Margin a customer a year" in heads
    assert {"13-month retention", "Two visits in 12 months"} <= heads
    assert not heads & {"Churn a year", "Lifetime value (LTV)", "Net lifetime value", "Net revenue churn"}


def test_how_the_segments_of_an_earlier_day_hold(tmp_path: Path, whole: dict[str, pd.DataFrame]) -> None:
    """Best: 120 of 150 came for the first service since, 60 of those for the second; the third is of 20."""
    best = [(0, None, None, 1.0), (1, 150, 120, 0.8), (2, 120, 60, 0.4), (3, 20, 10, 0.2)]
    late = [(0, None, None, 1.0), (1, 40, 4, 0.1)]
    rows = [("best", *row) for row in best] + [("leaving", *row) for row in late]
    curve = pd.DataFrame(rows, columns=["group", "service_no", "at_risk", "kept", "survived"])
    fits = pd.DataFrame(
        {"by": "segment", "group": ["best", "leaving", "new"], "cars": [150, 120, 12], "lost": [100, 110, 2],
         "alpha": [2.0, 1.0, None], "beta": [5.0, 0.5, None], "expected_services": [2.1, None, None],
         "since": pd.Timestamp("2022-06-30"), "note": ["", "overdue", "too_few"]}
    )  # fmt: skip
    found = whole | {
        "curve": pd.concat([whole["curve"], curve.assign(by="segment")]),
        "fits": pd.concat([whole["fits"][whole["fits"]["by"].ne("segment")], fits]),
    }
    sheet = written(tmp_path, found)["Retention"]
    shares = below(sheet, "Service since then")
    assert shares == [["Service since then", "Best", "Leaving"], [0, 1, 1], [1, 0.8, 0.1], [2, 0.4]]
    counts = below(sheet, "Came of those who could")
    assert counts[1:] == [[1, "120 of 150", "4 of 40"], [2, "60 of 120"]]
    assert "Cars that were in time for their next service on 30 Jun 2022" in " ".join(texts_of(sheet))
    assert "By segment, of 30 Jun 2022" in texts_of(sheet)
    assert "overdue that day" in row_of(sheet, "Leaving")
    assert any(text.startswith("Too few to fit:") and "New" in text for text in texts_of(sheet))
    assert "Who of each segment still comes" in [title_of(chart) for chart in sheet._charts]


def test_every_metric_has_its_place_on_the_first_page() -> None:
    placed = [metric for metrics in PARTS.values() for metric in metrics]
    assert sorted(placed) == sorted({*METRICS} - {*BY_MONTH})


def test_every_metric_and_setting_has_words(whole: dict[str, pd.DataFrame]) -> None:
    for words in LANGUAGES.values():
        for metric in METRICS:
            assert all(f"{part}.{metric}" in words for part in ("metric", "counted", "out_of", "explained"))
        assert all(f"setting.{name}" in words for name in whole["assumptions"]["setting"])


def test_the_settings_are_those_of_the_day(whole: dict[str, pd.DataFrame]) -> None:
    given = whole["assumptions"].set_index("setting")["value"]
    assert given["acquisition_cost"] == SETTINGS.value.acquisition_cost == 250
    assert given["contact_cost.call"] == Settings().value.contact_cost.call


def test_the_change_is_now_less_last_year(book: Any) -> None:
    sheet = book["Headline"]
    row = row_of(sheet, "Churn a year")
    assert row[3] == pytest.approx(100 * (row[1] - row[2]), abs=0.051)
    cell = next(row[3] for row in sheet.iter_rows() if row[0].value == "Churn a year")
    assert "pp" in cell.number_format
    row = row_of(sheet, "Active customers")
    assert row[3] == row[1] - row[2]


def test_the_list_names_the_next_contact_in_words(book: Any) -> None:
    sheet = book["To act on"]
    lines = list(sheet.iter_rows(min_row=5, values_only=True))
    planned = [line for line in lines if line[12] != "none planned"]
    assert planned
    assert {line[14] for line in planned} == {"Second service: call"}
    for line in lines:
        at_risk, value, leaves, margin, months = line[6:11]
        assert at_risk == pytest.approx(value * leaves)
        assert value == pytest.approx(margin / max(months / 12, 1))


@pytest.mark.parametrize("name", ["To act on", "To offer"])
def test_a_click_on_a_phone_dials_it(tmp_path: Path, whole: dict[str, pd.DataFrame], name: str) -> None:
    frame = "to_act_on" if name == "To act on" else "to_offer"
    listed = whole[frame].assign(phone="030 12345", dial="+493012345")
    listed.loc[listed.index[-1], "dial"] = None
    sheet = written(tmp_path, {**whole, frame: listed})[name]
    cells = [row[2] for row in sheet.iter_rows(min_row=5, max_row=4 + len(listed))]
    assert {cell.value for cell in cells} == {"030 12345"}
    assert [cell.hyperlink.target for cell in cells[-2:]] == ["tel:+493012345", "tel:03012345"]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_printed(tmp_path: Path, whole: dict[str, pd.DataFrame], language: str) -> None:
    """The headline is one page, and no figure is too wide for its column."""
    written(tmp_path, whole, replace(INFO, language=language))
    profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "value.xlsx")], check=True, capture_output=True)
    done = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "value.pdf"), "-"], check=True, capture_output=True
    )
    pages = done.stdout.decode("utf-8").split("\f")
    texts = Texts(language)
    assert "###" not in "".join(pages)
    second = next(number for number, page in enumerate(pages) if str(whole["to_act_on"]["phone"][0]) in page)
    assert second == 1, texts("sheet.to_act_on")


def test_currencies_in_words_that_go_with_the_language() -> None:
    said = {code: currency_name(code, Texts("ar", "EG")) for code in ("EGP", "EUR", "???")}
    assert (said["EUR"], said["???"]) == ("يورو", "???")
    assert holds_right_to_left(said["EGP"])
    assert currency_name("EUR", ENGLISH) == "EUR"


def test_as_json(whole: dict[str, pd.DataFrame]) -> None:
    """All of it can be read by machines: days as text, missing as null."""
    from cli.frames import rows_as_json

    read = {name: json.loads(rows_as_json(frame)) for name, frame in whole.items()}
    assert {line["setting"] for line in read["assumptions"]} >= {"discount_rate", "contact_cost.call"}
    assert {line["metric"] for line in read["figures"]} == set(METRICS)
    assert read["to_act_on"]
    assert isinstance(read["fits"][0]["discount_per_service"], float)
    assert date.fromisoformat(read["to_act_on"][0]["last_visit_on"])


def test_last_year_and_the_change_beside_each_group(tmp_path: Path, whole: dict[str, pd.DataFrame]) -> None:
    """Now less last year; of shares in points; in its place 'too few to tell' where either is of too few."""
    figures = whole["figures"]
    rows = figures["metric"].eq("churn") & figures["by"].eq("advisor") & figures["month"].isna()
    named = figures.index[rows & figures["group"].isin(["=Ada", "Ben", "unknown"])]
    sound = {"value": 0.25, "note": "", "last_year": 0.301, "last_year_note": ""}
    told = (sound, sound | {"last_year_note": "too_few"}, sound | {"last_year": None})
    figures = figures.copy()
    for at, line in zip(named, told, strict=True):
        figures.loc[at, list(line)] = list(line.values())
    sheet = written(tmp_path, {**whole, "figures": figures})["By group"]
    lines = list(sheet.iter_rows(values_only=True))
    at, column = next(
        (number, line.index("Churn a year")) for number, line in enumerate(lines) if "Churn a year" in line
    )
    assert lines[at][column + 1 : column + 3] == ("Last year", "Change")
    found = [line[column : column + 3] for line in lines[at + 1 : at + 4]]
    assert found == [(0.25, 0.301, -5.1), (0.25, 0.301, "too few to tell"), (0.25, None, None)]
