"""What people type into a list: outcomes, dates and odometers in their own way of writing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from planner.tables import KM_PER_MILE, OUTCOMES
from tests.filled_in_lists import INFO, changed, grid, headings, meant, read, write_grid, write_list

# Words


SPELLINGS: list[Callable[[str], str]] = [
    str,
    str.upper,
    lambda code: code.replace("_", " ").title(),
    lambda code: code.replace("_", "-"),
    lambda code: f" {code}. ",
]


@pytest.mark.parametrize("code", OUTCOMES)
def test_outcomes_in_any_spelling(tmp_path: Path, code: str) -> None:
    cells = {"date": date(2026, 3, 12), "odometer": 45000}
    if code in ("no_answer", "voicemail", "busy", "wrong_number"):
        cells = {}
    typed = {row: {"outcome": spell(code), **cells} for row, spell in enumerate(SPELLINGS, 2)}
    lists = read(write_list(tmp_path / "calls.xlsx", typed))
    assert [said[1] for said in meant(lists).values()] == [code] * len(SPELLINGS)


@pytest.mark.parametrize(
    ("text", "code", "scope"),
    [
        ("Call back", "callback", None),
        ("no reply", "no_answer", None),
        ("Lost: sold the car", None, None),
        ("sold", "sold_car", None),
        ("لم يرد", "no_answer", None),
        ("لا رد", "no_answer", None),
        ("مشغول", "busy", None),
        ("شكوى", "complaint", None),
        ("باع السيارة", "sold_car", None),
        ("إيقاف المكالمات", "do_not_call", "calls"),
        ("إيقاف كل تواصل", "do_not_call", "all"),
        ("do_not_call", "do_not_call", "calls"),
        ("do_not_call: all", "do_not_call", "all"),
        ("Do not call (ALL)", "do_not_call", "all"),
        ("do-not-call / calls", "do_not_call", "calls"),
        ("عدم الاتصال: الكل", "do_not_call", "all"),
        ("refused: all", None, None),
    ],
)
def test_outcome_words(tmp_path: Path, text: str, code: str | None, scope: str | None) -> None:
    needed = {"date": date(2026, 3, 20)} if code == "callback" else {}
    lists = read(write_list(tmp_path / "calls.xlsx", {2: {"outcome": text, **needed}}))
    assert [(said[1], said[4]) for said in meant(lists).values()] == ([(code, scope)] if code else [])
    assert len(lists.returned) == (code is None)


@pytest.mark.parametrize(
    ("note", "scope"),
    [
        ("all", "all"),
        ("All!", "all"),
        ("الكل", "all"),
        ("'all'", "all"),
        ("all, never write either", "all"),
        ("all day in meetings", "calls"),
        ("not at all happy", "calls"),
        (None, "calls"),
    ],
)
def test_scope_in_the_note(tmp_path: Path, note: str | None, scope: str) -> None:
    lists = read(write_list(tmp_path / "calls.xlsx", {2: {"outcome": "do_not_call", "note": note}}))
    assert [said[4:] for said in meant(lists).values()] == [(scope, note)]


# Dates


@pytest.mark.parametrize(
    ("typed", "country", "day"),
    [
        (date(2026, 3, 14), "US", "2026-03-14"),
        (datetime(2026, 3, 14), "US", "2026-03-14"),
        ("2026-03-14", "US", "2026-03-14"),
        ("14.3.2026", "US", "2026-03-14"),
        ("14/03/2026", "DE", "2026-03-14"),
        ("14/03/2026", "US", "2026-03-14"),
        ("03/14/2026", "DE", "2026-03-14"),
        ("05/04/2026", "DE", "2026-04-05"),
        ("05/04/2026", "EG", "2026-04-05"),
        ("05/04/2026", "US", "2026-05-04"),
        ("05/04/2026", "CA", None),
        ("05/04/2026", "JP", None),
        ("05/05/2026", "JP", "2026-05-05"),
        ("5.4.26", "DE", "2026-04-05"),
        ("14 March 2026", "US", "2026-03-14"),
        ("March 14, 2026", "DE", "2026-03-14"),
        ("Sat, 14th of March 2026", "DE", "2026-03-14"),
        ("14-Mar-26", "US", "2026-03-14"),
        ("١٤ مارس ٢٠٢٦", "EG", "2026-03-14"),
        ("السبت ١٤ آذار ٢٠٢٦م", "EG", "2026-03-14"),
        ("١٤/٣/٢٠٢٦", "EG", "2026-03-14"),
        ("2026/3/14", "US", "2026-03-14"),
        (46095, "US", "2026-03-14"),  # the day as Excel counts it, where the format is lost
        ("31.2.2026", "DE", None),
        ("14 March", "DE", None),
        ("tomorrow", "DE", None),
        (61250, "DE", None),
        ("14.3.1026", "DE", None),
        ("14.3.2062", "DE", None),
    ],
)
def test_dates(tmp_path: Path, typed: Any, country: str, day: str | None) -> None:
    path = write_list(tmp_path / "calls.xlsx", {2: {"outcome": "booked", "date": typed}})
    lists = read(path, country=country)
    assert [said[2] for said in meant(lists).values()] == ([day] if day else [])
    assert len(lists.returned) == (day is None)


@pytest.mark.parametrize("typed", [datetime(2026, 3, 16, 17, 30), "16.3.2026 17:30", "2026-03-16T17:30"])
def test_the_hour_of_a_promise_is_kept(tmp_path: Path, typed: Any) -> None:
    cells = {"outcome": "callback", "date": typed, "note": "at work"}
    lists = read(write_list(tmp_path / "calls.xlsx", {2: cells}))
    assert meant(lists) == {"VIN1/S2c": (1, "callback", "2026-03-16", None, None, "17:30; at work")}


# Numbers


@pytest.mark.parametrize(
    ("typed", "km"),
    [
        (45000, 45000),
        (45000.5, 45000.5),
        ("45000", 45000),
        ("45,000 km", 45000),
        ("45.000", 45000),
        ("45.000,5", 45000.5),
        ("45 000", 45000),
        ("45'000", 45000),
        ("45\u00a0000 KM", 45000),
        ("٤٥٠٠٠", 45000),
        ("٤٥٬٠٠٠ كم", 45000),
        ("45k", 45000),
        ("45.5 k", 45500),
        ("45 ألف", 45000),
        ("10,000 miles", 16093.44),
        ("about 45000", None),
        ("forty", None),
        ("-45000", None),
        (0, None),
        (4_500_000_000, None),
    ],
)
def test_odometers(tmp_path: Path, typed: Any, km: float | None) -> None:
    lists = read(write_list(tmp_path / "calls.xlsx", {2: {"outcome": "not_yet", "odometer": typed}}))
    assert [said[3] for said in meant(lists).values()] == ([km] if km else [])
    assert len(lists.returned) == (km is None)


def test_cells_are_read_each_on_its_own(tmp_path: Path) -> None:
    typed = {
        2: {"outcome": "not_yet", "odometer": "45.000"},
        3: {"outcome": "not_yet", "odometer": "45000.5"},
        4: {"outcome": "booked", "date": "13/04/2026"},
        5: {"outcome": "booked", "date": "04/14/2026"},
    }
    lists = read(write_list(tmp_path / "calls.xlsx", typed))
    assert [said[2:4] for said in meant(lists).values()] == [
        (None, 45000),
        (None, 45000.5),
        ("2026-04-13", None),
        ("2026-04-14", None),
    ]


class TestUnit:
    """The list's own headings go before the settings, a word beside the number before both."""

    def test_of_the_settings(self, tmp_path: Path) -> None:
        path = write_list(tmp_path / "calls.xlsx", {2: {"outcome": "not_yet", "odometer": 10_000}})
        rows = grid(path)
        unit = next(place for place, title in enumerate(rows[0]) if str(title).startswith("By then"))
        rows = [[value for place, value in enumerate(row) if place != unit] for row in rows]
        assert meant(read(write_grid(path, rows), unit="mi"))["VIN1/S2c"][3] == 10_000 * KM_PER_MILE

    def test_of_the_list(self, tmp_path: Path) -> None:
        miles = {2: {"outcome": "not_yet", "odometer": 10_000}, 3: {"outcome": "not_yet", "odometer": "9 km"}}
        info = replace(INFO, unit="mi")
        lists = read(write_list(tmp_path / "calls.xlsx", miles, info), unit="km")
        assert [said[3] for said in meant(lists).values()] == [pytest.approx(16093.44), 9]

    def test_of_the_heading(self, tmp_path: Path) -> None:
        path = write_list(tmp_path / "calls.xlsx", {2: {"outcome": "not_yet", "odometer": 10_000}})
        lists = read(changed(path, headings(odometer="Odometer (miles)")))
        assert meant(lists)["VIN1/S2c"][3] == pytest.approx(16093.44)
