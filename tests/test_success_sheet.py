"""The sheet Touchpoints of the value workbook, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from planner.value.success import Success, success
from planner.workbooks.texts import Texts
from planner.workbooks.value import ValueInfo, write_value
from planner.workbooks.value_success import success_said
from tests.contact_world import LOYAL, TOUCHPOINTS, World
from tests.success_world import AS_OF, simulated

NAMES = TOUCHPOINTS.set_index("id")["name"].to_dict()


def sheet(path: Path, found: Success | None, language: str, names: dict[str, str] = NAMES) -> Any:
    frames: dict[str, pd.DataFrame] = {}
    if found:
        frames = {"success": found.success, "without_contact": found.without_contact}
    write_value(path, frames, ValueInfo("Nile", AS_OF, language, country="EG"), names)
    return load_workbook(path)[Texts(language, "EG")("sheet.touchpoints")]


def cells(found: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in found.iter_rows()]


@pytest.fixture(scope="module")
def year() -> Success:
    return simulated(2, 600, "YSb", "YSc")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_works_best_stands_first(tmp_path: Path, year: Success, language: str) -> None:
    texts = Texts(language, "EG")
    page = sheet(tmp_path / "value.xlsx", year, language)
    rows = cells(page)
    visited = year.success.set_index(["by", "group", "result"]).loc[("touchpoint", "YSb", "visited")]
    assert texts.touchpoint("Service: reminder") in rows[1][0]
    assert texts.share(round(visited["share"], 3)) in rows[1][0]
    labels = [row[0] for row in rows]
    best, none = (labels.index(texts.touchpoint(NAMES[code])) for code in ("YSb", "YSc"))
    assert best < none
    # Made, reached, then the visits: share, from, to, out of.
    expected = [visited[name] for name in ("share", "low", "high", "out_of")]
    assert rows[best][3:7] == pytest.approx(expected)
    assert rows[best][2] is None  # nobody answers an SMS in a list
    (chart,) = page._charts
    assert chart.y_axis.title.tx.rich.p[0].r[0].t == texts("success.chart.up")


def test_what_is_booked_most_is_said_by_the_surest_share() -> None:
    """1 of 1 is too few; of the others the range of 40 of 100 begins higher than that of 18 of 40."""
    columns = ["by", "group", "result", "count", "out_of", "share", "low", "high", "note"]
    rows = [
        ("all", "", "contacts", 141, None, None, None, None, ""),
        ("touchpoint", "A", "booked", 40, 100, 0.4, 0.309, 0.498, ""),
        ("touchpoint", "B", "booked", 18, 40, 0.45, 0.307, 0.602, ""),
        ("touchpoint", "C", "booked", 1, 1, 1.0, 0.207, 1.0, "too_few"),
    ]
    versus = pd.DataFrame(columns=["why", "note"])
    said = success_said(pd.DataFrame(rows, columns=columns), versus, {"A": "First call"}, Texts("en"))
    assert said == [
        Texts("en")("success.best.none"),
        "What is booked most: First call. 40% of 100 with an answer (between 30.9% and 49.8%).",
        Texts("en")("success.against.none"),
    ]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_few_contacts_are_said_to_be_too_few(tmp_path: Path, language: str) -> None:
    texts = Texts(language, "EG")
    rows = cells(sheet(tmp_path / "value.xlsx", simulated(3, 40, "YSb"), language))
    assert rows[1][0] == texts("success.best.none")
    assert rows[2][0] == texts("success.against.none")
    reminder = next(row for row in rows if row[0] == texts.touchpoint("Service: reminder"))
    assert texts("noted.too_few") in reminder


@pytest.mark.parametrize("language", ["en", "ar"])
def test_without_contacts_it_says_so(tmp_path: Path, language: str) -> None:
    texts = Texts(language, "EG")
    for number, found in enumerate([None, simulated(3, 0)]):
        rows = cells(sheet(tmp_path / f"{number}.xlsx", found, language))
        assert rows[1][0] == texts("success.none")


def test_the_name_of_a_touchpoint_is_no_formula(tmp_path: Path, year: Success) -> None:
    page = sheet(tmp_path / "value.xlsx", year, "en", {"YSb": "=1+1"})
    named = [cell for row in page.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in named] == ["s"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_answers_to_surveys(tmp_path: Path, language: str) -> None:
    """The tactic and its touchpoint: 3 of 4 answered, NPS 100 x (2 - 1) / 3. YSb asks nothing."""
    world = World()
    for car, score in {"A": 10, "B": 9, "C": 5, "D": None}.items():
        world.car(car)
        world.contact(car, "SU1", "2025-10-01", "2026-03-01")
        if score is not None:
            world.score(car, "2026-03-02", score)
    world.contact("A", "YSb", "2025-10-01", "2025-08-27")
    found = success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF)
    lines, texts = cells(sheet(tmp_path / "value.xlsx", found, language)), Texts(language)
    start = next(at for at, line in enumerate(lines) if line[0] == texts("success.answers"))
    rows = list(lines[start + 4 :])[:3]
    assert [row[0] for row in rows][0::2] == [texts.code("tactic", "surveys"), texts("success.all")]
    for row, made in zip(rows, (4, 4, 5), strict=True):
        assert row[1:4] == [made, 3, 0.75]
        assert row[7:11] == pytest.approx([100 / 3, -51.33317, 84.66651, 3])  # see test_success
        assert row[11] == texts("noted.too_few")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_tactics_and_cycles_with_visits_and_offers(tmp_path: Path, language: str) -> None:
    """Two reminders, one of which a visit followed; an offer after the loyalty letter, redeemed."""
    world = World()
    world.car("A", "2025-09-20")
    world.car("B")
    for car in "AB":
        world.contact(car, "YSb", "2025-10-01", "2025-08-27")
    world.contact("B", "LO1", "2025-10-01", "2025-11-01")
    world.offer("B", "2025-11-03", "2025-11-20")
    found = success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF)
    texts, lines = Texts(language), cells(sheet(tmp_path / "value.xlsx", found, language))
    start = next(at for at, line in enumerate(lines) if line[0] == texts("success.by.tactic"))
    rows = {line[0]: line for line in lines[start + 4 : start + 11]}
    bands = lines[start + 2]
    visits = bands.index(texts("success.visited"))
    yearly = rows[texts("cycle.older_car")]
    assert yearly[1] == 2
    assert [yearly[visits], yearly[visits + 3]] == [0.5, 2]
    assert yearly[bands.index(texts("success.booked"))] is None, "no answer, no booking: not 0%"
    assert texts("success.grey") in yearly
    loyalty = rows[texts.code("tactic", "loyalty")]
    assert loyalty[1:5] == [1, 1, 1, 1.0]
    assert texts("success.grey") in loyalty, "1 of 1 is too few to tell"
    start = next(at for at, line in enumerate(lines) if line[0] == texts("success.offers"))
    offers = {line[0]: line for line in lines[start + 4 : start + 6]}
    assert offers[texts.touchpoint(NAMES["LO1"])][1:5] == [1, 1, 1, 1.0]
    assert texts.touchpoint(NAMES["YSb"]) not in offers
    assert offers[texts("success.all")][1:3] == [3, 1]


COLUMNS = ["by", "group", "result", "count", "out_of", "share", "low", "high", "note"]


def shares(*rows: tuple[str, str, int, int, float, float]) -> pd.DataFrame:
    """SUCCESS of such results: group ("" is all), result, count, out_of, low, high."""
    made = [("all", "", "contacts", 900, None, None, None, None, "")]
    for group, result, count, out_of, low, high in rows:
        note = "" if out_of >= 30 else "too_few"
        by = "touchpoint" if group else "all"
        made.append((by, group, result, count, out_of, count / out_of, low, high, note))
    return pd.DataFrame(made, columns=COLUMNS)


@pytest.mark.parametrize("result", ["opted_out", "complained"])
def test_the_worst_is_named_only_if_it_is_clear_of_all_others(result: str) -> None:
    """2 of 30 and 5 of 121: who knows which. 40 of 121 is another matter, but not beside 3 of 9 (too few)."""
    texts, versus = Texts("en"), pd.DataFrame(columns=["why", "note"])
    names = {"V": "After the first visit", "R": "Win back: call"}
    everybody = ("", result, 17, 900, 0.012, 0.030)
    visit = ("V", result, 2, 30, 0.018, 0.213)
    for call, told in (((5, 121, 0.018, 0.093), False), ((40, 121, 0.254, 0.418), True)):
        rows = shares(everybody, visit, ("R", result, *call), ("X", result, 3, 9, 0.12, 0.65))
        said = success_said(rows, versus, names, texts)
        about = [line for line in said if "Win back: call" in line or "After the first visit" in line]
        assert len(about) == told, said
        assert any("17 of 900" in line and "too few to tell" in line for line in said) is not told


def test_nobody_complained(tmp_path: Path) -> None:
    texts, versus = Texts("en"), pd.DataFrame(columns=["why", "note"])
    said = success_said(shares(("", "complained", 0, 316, 0.0, 0.012)), versus, {}, texts)
    assert "Complaints: 0 of 316 with an answer (between 0% and 1.2%)." in said


def test_two_touchpoints_of_one_name_are_told_apart(tmp_path: Path) -> None:
    found = simulated(2, 200, "YSb", "YSc")
    names = {**NAMES, "YSb": "Odometer question", "YSc": "Odometer question"}
    labels = [row[0] for row in cells(sheet(tmp_path / "value.xlsx", found, "en", names))]
    assert {"Odometer question (YSb)", "Odometer question (YSc)"} <= set(labels)
    assert "Odometer question" not in labels


@pytest.mark.parametrize("result", ["success.complained", "success.opted_out"])
def test_complaints_have_what_they_are_out_of(tmp_path: Path, year: Success, result: str) -> None:
    rows = cells(sheet(tmp_path / "value.xlsx", year, "en"))
    at = next(number for number, row in enumerate(rows) if row[3] == "Visits")
    first = rows[at].index(Texts("en")(result))
    assert rows[at + 1][first : first + 5] == ["number", "share", "from", "to", "out of"]
    call = next(row for row in rows if row[0] == "Service: call")
    line = year.success.set_index(["by", "group", "result"]).loc["touchpoint", "YSc", result[8:]]
    assert call[first] == line["count"]
    assert call[first + 4] == line["out_of"] > 0


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_visit_that_followed_was_not_brought(year: Success, language: str) -> None:
    texts = Texts(language)
    first = success_said(year.success, year.without_contact, NAMES, texts)[0]
    assert "brought" not in first
    assert first.startswith({"en": "Most often followed by a visit: ", "ar": "أكثر ما تبعته زيارة"}[language])


def test_the_difference_is_in_points_as_the_sentence_says_it(tmp_path: Path, year: Success) -> None:
    texts = Texts("en", "EG")
    page = sheet(tmp_path / "value.xlsx", year, "en")
    row = next(row for row in page.iter_rows() if row[0].value == texts("success.why.all"))
    line = year.without_contact.set_index("why").loc["all"]
    assert [cell.value for cell in row[7:10]] == [
        round(100 * line[name], 1) for name in ("difference", "low", "high")
    ]
    assert "%" not in row[7].number_format
    said = next(value for (value, *_) in cells(page) if str(value).startswith("Services with a contact"))
    assert f"{row[7].value:+g} points" in said


def test_that_no_tactic_is_on_is_said_in_one_line(tmp_path: Path, year: Success) -> None:
    page = sheet(tmp_path / "value.xlsx", year, "en")
    cell = next(row[0] for row in page.iter_rows() if row[0].value == Texts("en")("success.by.tactic.none"))
    assert any(
        cell.coordinate in merged and merged.size["columns"] > 5 for merged in page.merged_cells.ranges
    )
    assert page.row_dimensions[cell.row].height < 20
