"""The value workbook where there is little to show, or the data are poor: it says so, and nothing breaks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from planner.columns import empty
from planner.tables import VISITS
from planner.value.figures import METRICS
from planner.workbooks.texts import LANGUAGES, Texts
from planner.workbooks.value import write_value
from planner.workbooks.value_words import headline, quality_said
from tests.golden_files import Golden
from tests.value_book import ENGLISH, INFO, NAMES, row_of, texts_of, title_of, trimmed, written
from tests.value_world import frames, tables


class TestNoMoney:
    @pytest.mark.parametrize("language", list(LANGUAGES))
    def test_visits_without_amounts_say_why_nobody_is_ranked(self, language: str, tmp_path: Path) -> None:
        found, texts = frames(tables(200, money=False, outcomes=False)), Texts(language)
        shown = headline(found, texts)
        assert texts("value.say.worth.no_money") in shown
        why = texts("value.say.act.no_money", lost=texts("sheet.lost"))
        assert shown[-1] == why
        sheet = written(tmp_path, found, replace(INFO, language=language))[texts("sheet.to_act_on")]
        assert why in texts_of(sheet)


class TestEmpty:
    def test_no_visits(self, tmp_path: Path, golden: Golden) -> None:
        stored = tables(12, outcomes=False)
        path = tmp_path / "value.xlsx"
        found = frames(stored | {"visits": empty(VISITS)})
        write_value(path, trimmed(found), INFO, NAMES)
        golden(path, "value_empty")
        assert "Visits: none is on record." in quality_said(found, ENGLISH)
        shown = headline(found, ENGLISH, "EUR")
        assert shown[0] == "What a customer is worth: too few to tell."
        assert "How many come back: too few to tell." in shown
        assert shown[-1] == ENGLISH("value.say.act.no_visits")
        empty_book = load_workbook(path)
        assert not empty_book["Retention"]._charts, "twelve cars draw no curve"
        assert not empty_book["Headline"]._charts

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_no_frames_at_all(self, tmp_path: Path, language: str) -> None:
        book = written(tmp_path, {}, replace(INFO, language=language))
        assert len(book.sheetnames) == 11
        assert all(texts_of(sheet) for sheet in book.worksheets)

    def test_no_margins_and_amounts(self, tmp_path: Path) -> None:
        found = frames(tables(money=False))
        sheet = written(tmp_path, found)["Headline"]
        for label in (
            "Margin a customer a year, EUR",
            "Lifetime value (LTV), EUR",
            "Net lifetime value, EUR",
        ):
            row = row_of(sheet, label)
            assert (row[1], row[6], row[7]) == (None, None, "nothing to count")
        assert row_of(sheet, "Churn a year")[1] is not None
        assert "Margins of visits" in " ".join(quality_said(found, ENGLISH))

    def test_no_outcomes(self, tmp_path: Path) -> None:
        book = written(tmp_path, frames(tables(outcomes=False)))
        for label in ("Contacts that led to a booking", "Bookings kept", "Services after a call"):
            row = row_of(book["Headline"], label)
            assert (row[1], row[6], row[7]) == (None, None, "nothing to count")
        cost = row_of(book["Headline"], "Cost of contacts a customer a year, EUR")
        assert (cost[1], cost[6], cost[7]) == (None, None, "nothing to count")
        assert row_of(book["Headline"], "Net lifetime value, EUR")[7].startswith("no contacts on record")
        assert row_of(book["Headline"], "Net lifetime value, EUR")[6].count("contacts 0.00") == 1
        listed = [row[12] for row in book["To act on"].iter_rows(min_row=5, values_only=True)]
        assert set(listed) == {"none planned"}

    def test_no_answers_to_surveys(self, tmp_path: Path) -> None:
        stored = tables()
        found = frames(stored | {"surveys": stored["surveys"].iloc[:0]})
        book = written(tmp_path, found)
        assert row_of(book["Headline"], "Net promoter score")[7] == "nothing to count"
        assert not any("recommend us" in line for line in headline(found, ENGLISH))
        titles = [title_of(chart) for chart in book["By month"]._charts]
        assert ENGLISH("value.chart.nps") not in titles, "nothing to draw"
        assert len(titles) == 5


@pytest.fixture(scope="module")
def old() -> dict[str, pd.DataFrame]:
    stored = tables()
    visits = stored["visits"]
    return frames(stored | {"visits": visits[visits["visited_on"].lt("2025-12-01")]})


class TestPoorData:
    """Two years after the last visit: the export is old, and every figure on it says so."""

    def test_each_figure_that_rests_on_it(self, tmp_path: Path, old: dict[str, pd.DataFrame]) -> None:
        poor = old["figures"].query("by == 'all' and month.isna() and note == 'poor_data'")["metric"]
        assert {"churn", "retention_13m", "ltv", "clv_net"} <= set(poor)
        sheet = written(tmp_path, old)["Headline"]
        for metric in poor:
            label = ENGLISH.code("metric", metric)
            label += ", EUR" if METRICS[metric] == "money" else ""
            assert row_of(sheet, label)[7].split("; ")[0] == "on poor data", metric
        assert row_of(sheet, "Offers redeemed")[7] is None  # nothing poor is under it

    def test_the_sentences_on_top(self, old: dict[str, pd.DataFrame]) -> None:
        lines = headline(old, ENGLISH, "EUR")
        about = [line for line in lines if "no longer active" in line or "came again" in line]
        assert len(about) == 2
        assert all(line.endswith("On poor data.") for line in about)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_sheet_of_figures(
        self, tmp_path: Path, old: dict[str, pd.DataFrame], language: str
    ) -> None:
        texts = Texts(language)
        book = written(tmp_path, old, replace(INFO, language=language))
        said = texts("value.poor", grade=texts("value.grade.D"))
        for sheet in book.worksheets[1:9]:
            assert said in texts_of(sheet), sheet.title
        assert texts("value.grade.D") in " ".join(texts_of(book.worksheets[0])[:4])

    def test_the_filter_of_the_list_is_below_the_warning(
        self, tmp_path: Path, old: dict[str, pd.DataFrame]
    ) -> None:
        sheet = written(tmp_path, old)["To act on"]
        table = sheet.tables["ToActOn"]
        assert [cell.value for cell in sheet[table.ref][0]] == table.column_names
        assert sheet.freeze_panes == "C6"

    def test_the_warning_is_as_wide_as_its_words(self, tmp_path: Path, old: dict[str, pd.DataFrame]) -> None:
        sheet = written(tmp_path, old)["To act on"]
        merged = {str(span) for span in sheet.merged_cells.ranges}
        assert "A2:H2" in merged

    def test_sound_data_say_nothing(self, whole: dict[str, pd.DataFrame]) -> None:
        assert not any("poor" in line for line in headline(whole, ENGLISH))
