"""Last year's value where the records do not reach so far back, or no contact was on record: it says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner.settings import Settings
from planner.value import value_report
from planner.value.example import AS_OF, tables_of
from planner.value.figures import TRENDS
from planner.workbooks.texts import Texts
from planner.workbooks.value_words import headline
from tests.value_book import ENGLISH, INFO, texts_of, written
from tests.value_world import frames, tables

# Half of forty came before 30 June 2025 and not since, the others in each year.
LATE = "2024-06-01"
CALLS = [(f"C{n}", "2026-02-01", "call") for n in range(10)]


def cars_from(first: str) -> dict[str, list[str]]:
    """80 customers with a car bought in 2020, the first visit on record on that day; 40 who never came."""
    came = {f"C{n}": ["2020-01-10", f"{first} 300", "2025-03-01 200", "2026-03-01 200"] for n in range(40)}
    left = {f"D{n}": ["2020-01-10", f"{first} 300", "2024-06-20 100"] for n in range(40)}
    return came | left | {f"E{n}": ["2023-06-01"] for n in range(40)}


def report(first: str, **rows: list[Any]) -> Any:
    return value_report(tables_of(cars_from(first), **rows), Settings(), AS_OF)


def note_of(figures: pd.DataFrame, by: str = "all") -> pd.Series:
    rows = figures[figures["by"].eq(by) & figures["month"].isna()]
    return rows.set_index(["metric", "group"])["last_year_note"]


@pytest.mark.parametrize(
    ("first", "metric", "note"),
    [
        # As of 30 June 2025, 18 months before: seen since 30 December 2023.
        ("2023-12-30", "active_uio", ""),
        ("2023-12-31", "active_uio", "too_short"),
        ("2023-12-31", "active_customers", "too_short"),
        ("2023-12-31", "value_simple_household", "too_short"),
        # Who was active 12 months before that.
        ("2022-12-30", "churn", ""),
        ("2022-12-31", "churn", "too_short"),
        ("2022-12-31", "ltv", "too_short"),
        ("2022-12-31", "clv_net", "too_short"),
        ("2022-12-31", "ltv_to_cac", "too_short"),
        ("2022-12-30", "ltv", ""),
        ("2022-12-31", "margin_per_customer", ""),
        ("2022-12-31", "cac", ""),
        ("2024-06-01", "missing_margin", ""),
    ],
)
def test_the_day_from_which_on_it_is_too_short(first: str, metric: str, note: str) -> None:
    found = note_of(report(first).figures)
    assert found[metric, ""] == note


def test_last_year_is_too_short_wherever_the_trend_says_so() -> None:
    late = report(LATE)
    trend = late.trend.set_index(["metric", "by", "group"])["trend"]
    figures = late.figures[late.figures["month"].isna() & late.figures["metric"].isin(TRENDS)]
    notes = figures.set_index(["metric", "by", "group"])["last_year_note"]
    both = trend.index[trend.ne("no_data")].intersection(notes.index)
    assert {"all", "advisor", "cohort"} <= set(both.get_level_values("by"))
    short = set(trend[both][trend[both].eq("too_short")].index)
    assert {("churn", "all", ""), ("churn", "cohort", "2020")} <= short
    assert short == set(notes[both][notes[both].eq("too_short")].index)


def test_the_value_of_a_year_before_stands_beside_the_note() -> None:
    """What was on record by then is what a report of that day would have told."""
    now = report(LATE).figures
    then = value_report(tables_of(cars_from(LATE)), Settings(), AS_OF.replace(year=2025)).figures
    row, was = (
        each[each["by"].eq("all") & each["month"].isna()].set_index("metric").loc["active_customers"]
        for each in (now, then)
    )
    assert row["last_year"] == was["value"] == 80


def test_without_a_visit_on_record_nothing_is_too_short() -> None:
    figures = value_report(tables_of({f"C{n}": ["2024-01-10"] for n in range(40)}), Settings(), AS_OF).figures
    assert "too_short" not in set(figures["last_year_note"])


# --- what a manager reads -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def late() -> dict[str, pd.DataFrame]:
    """The same dealership, of whose visits the first one on record is of June 2024."""
    stored = tables()
    visits = stored["visits"]
    return frames(stored | {"visits": visits[visits["visited_on"] >= LATE].reset_index(drop=True)})


def test_no_sentence_tells_last_year(whole: dict[str, pd.DataFrame], late: dict[str, pd.DataFrame]) -> None:
    for key in ("worth", "leaving"):
        start = ENGLISH(f"value.say.{key}", margin_per_customer="|", churn="|").split("|")[0]
        sound, short = (
            next(
                line for line in headline(each, ENGLISH) if line.startswith(start) and len(line) > len(start)
            )
            for each in (whole, late)
        )
        assert ("last year" in sound, "last year" in short) == (True, False), key


def test_the_first_page_and_the_groups_say_it_instead_of_a_change(
    tmp_path: Path, late: dict[str, pd.DataFrame]
) -> None:
    book = written(tmp_path, late)
    word = ENGLISH("noted.too_short")
    rows = {row[0]: row for row in book["Headline"].iter_rows(values_only=True) if row[0]}
    assert rows["Churn a year"][3] == rows["Lifetime value (LTV), EUR"][3] == word
    groups = [cell for row in book["By group"].iter_rows(values_only=True) for cell in row]
    assert word in groups
    for sheet in ("Headline", "By group"):
        assert any(text.startswith("Short records:") for text in texts_of(book[sheet]))


def test_of_sound_records_nothing_is_said_of_short_ones(
    tmp_path: Path, whole: dict[str, pd.DataFrame]
) -> None:
    book = written(tmp_path, whole)
    for sheet in ("Headline", "By group"):
        assert not any(text.startswith("Short records:") for text in texts_of(book[sheet]))


@pytest.mark.parametrize("which", ["whole", "late"])
def test_the_trend_and_the_first_page_tell_of_the_same_changes(
    tmp_path: Path, which: str, request: pytest.FixtureRequest
) -> None:
    """Of the answers there are too few: neither of the two sheets has a number."""
    book = written(tmp_path, request.getfixturevalue(which))
    sheet = book["By month"]
    top = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Figure")
    trend = {row[0]: row[4] for row in sheet.iter_rows(top + 1, top + len(TRENDS), values_only=True)}
    poor = f" ({ENGLISH('noted.poor_data')})"
    rows = [
        (str(row[0]).removesuffix(poor).removesuffix(", EUR"), row[3])
        for row in book["Headline"].iter_rows(values_only=True)
    ]
    trend = {str(name).removesuffix(poor): change for name, change in trend.items()}
    first_page = {name: change for name, change in rows if name in trend}
    assert set(first_page) == set(trend) == {ENGLISH(f"metric.{metric}") for metric in TRENDS}
    assert first_page[ENGLISH("metric.nps")] == ENGLISH("noted.too_few")
    numbers = {
        name: change if isinstance(change, int | float) else None for name, change in first_page.items()
    }
    assert numbers == trend
    assert any(change is None for change in numbers.values())
    assert not all(change is None for change in numbers.values())


# --- contacts that were not on record -------------------------------------------------------------------


def test_a_net_lifetime_value_of_before_the_first_contact_says_so_and_stands() -> None:
    called = report("2021-01-10", contacts=CALLS).figures
    assert note_of(called)["clv_net", ""] == note_of(called, "cohort")["clv_net", "2020"] == "no_contacts"
    assert note_of(called)["ltv", ""] == ""
    whole = called[called["metric"].eq("clv_net") & called["by"].eq("all") & called["month"].isna()]
    assert whole["last_year"].notna().all()
    before = report("2021-01-10", contacts=[*CALLS, ("C11", "2025-06-30", "call")]).figures
    assert note_of(before)["clv_net", ""] == ""
    late = report("2022-12-31", contacts=CALLS).figures
    assert note_of(late)["clv_net", ""] == "too_short"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_sheets_say_that_nothing_was_taken_off(
    tmp_path: Path, whole: dict[str, pd.DataFrame], language: str
) -> None:
    texts = Texts(language)
    assert note_of(whole["figures"])["clv_net", ""] == "no_contacts"
    book = written(tmp_path, whole, replace(INFO, language=language))
    told = {row[0]: row for row in book.worksheets[0].iter_rows(values_only=True) if row[0]}
    line = next(row for name, row in told.items() if name.startswith(texts("metric.clv_net")))
    assert line[7] == texts("noted.last_year.no_contacts")
    assert isinstance(line[3], int | float)
    assert texts("value.head.last_year.no_contacts") in texts_of(book[texts("sheet.by_group")])


def test_in_neither_year_is_like_with_like(tmp_path: Path) -> None:
    stored = tables()
    book = written(tmp_path, frames(stored | {"contacts": stored["contacts"].iloc[:0]}))
    rows = book["Headline"].iter_rows(values_only=True)
    line = next(row for row in rows if str(row[0]).startswith(ENGLISH("metric.clv_net")))
    assert line[7] == ENGLISH("noted.no_contacts")
    assert ENGLISH("value.head.last_year.no_contacts") not in texts_of(book["By group"])
