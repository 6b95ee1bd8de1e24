"""However the rows and columns of a list are moved about, the same is read out of it."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.tables import OUTCOMES
from tests.filled_in_lists import DAY, MEANT, TYPED, Grid, grid, meant, read, write_grid, write_list

KEY = "Contact ID"
NEVER_A_HEADING = [
    "My mark",
    "Checked?",
    "Σ",
    "Note to self",
    "Date of birth",
    "ملاحظاتي الخاصة",
    "Outcome before",
]


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Grid:
    return grid(write_list(tmp_path_factory.mktemp("list") / "calls.xlsx", TYPED))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("changed")


def moved(rows: Grid, draw: st.DataObject) -> tuple[Grid, set[str]]:
    """Rows shuffled, some left out, columns in another order, columns and lines added; whose are left."""
    shuffle = random.Random(draw.draw(st.integers(0, 2**32)))
    header, *body = rows
    body = [row for row in body if draw.draw(st.integers(0, 5))]
    shuffle.shuffle(body)
    left = {row[header.index(KEY)] for row in body}
    table = [list(row) for row in (header, *body)]
    for title in draw.draw(st.lists(st.sampled_from(NEVER_A_HEADING), unique=True, max_size=3)):
        for row in table:
            row.append(title if row is table[0] else shuffle.choice(["x", 7, None, DAY, "booked"]))
    places = list(range(len(table[0])))
    shuffle.shuffle(places)
    table = [[row[place] for place in places] for row in table]
    lines = [[], ["Week 11"], [None, "Date", "Note"], [" ", 3]]
    above = draw.draw(st.lists(st.sampled_from(lines), max_size=4))
    return above + table, left


@settings(max_examples=60, deadline=None)
@given(draw=st.data())
def test_the_same_is_read(cells: Grid, folder: Path, draw: st.DataObject) -> None:
    rows, left = moved(cells, draw)
    lists = read(write_grid(folder / "moved.xlsx", rows))
    assert meant(lists) == {contact: said for contact, said in MEANT.items() if contact in left}
    assert lists.returned.empty
    assert lists.rows_read == len(left)


def anything_typed() -> st.SearchStrategy[dict[str, Any]]:
    """Cells as people and their accidents fill them in."""
    text = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
    word = st.sampled_from([*OUTCOMES, "No answer", "bookd", "callback tomorrow", "لم يرد", "n/a", "-"])
    day = st.dates(DAY - timedelta(days=900), DAY + timedelta(days=900))
    number = st.floats(-10, 1e7, allow_nan=False) | st.integers(-(10**12), 10**12)
    return st.fixed_dictionaries(
        {},
        optional={
            "Outcome": word | text | number,
            "Date": day | text | number | st.sampled_from(["5/4/2026", "14 March", "١٤/٣/٢٠٢٦"]),
            "Odometer": number | text | st.sampled_from(["45.000", "45k", "٤٥٠٠٠"]),
            "Note": text | number,
        },
    )


@settings(max_examples=80, deadline=None)
@given(typed=st.lists(anything_typed(), min_size=1, max_size=8))
def test_every_row_is_read_or_comes_back(cells: Grid, folder: Path, typed: list[dict[str, Any]]) -> None:
    """Nothing is lost, nothing stands in both, and what comes back says why."""
    header = cells[0]
    answers = ("Outcome", "Date", "Odometer", "Note")
    rows = [
        [cells_of.get(title) if title in answers else value for title, value in zip(header, row, strict=True)]
        for row, cells_of in zip(cells[1:], typed, strict=False)
    ]
    lists = read(write_grid(folder / "typed.xlsx", [header, *text_only(rows)]))
    read_, back = lists.filled["row"].tolist(), lists.returned["row"].tolist()
    assert len({*read_, *back}) == len(read_) + len(back)
    assert lists.returned["reason"].str.len().gt(10).all()
    assert lists.filled["outcome"].isin(OUTCOMES).all()
    for number, cells_of in enumerate(typed, 2):
        if str(cells_of.get("Outcome", "")).strip().casefold() in OUTCOMES:
            assert number in {*read_, *back}
    needs_date = lists.filled["outcome"].isin(["booked", "callback", "done_elsewhere"])
    assert lists.filled.loc[needs_date, "on"].notna().all()
    needs_km = lists.filled["outcome"].isin(["not_yet", "done_elsewhere"])
    assert lists.filled.loc[needs_km, "odometer_km"].gt(0).all()


def text_only(rows: Grid) -> Grid:
    """Text that openpyxl would take for a formula begins with an apostrophe, as a person writes it."""
    return [[f"'{v}" if isinstance(v, str) and v.startswith("=") else v for v in row] for row in rows]


@settings(max_examples=30, deadline=None)
@given(draw=st.data())
def test_two_copies_are_a_union(cells: Grid, folder: Path, draw: st.DataObject) -> None:
    """Each row is filled in by one person, by the other, or by both alike."""
    header, *body = cells
    fill_in = [header.index(title) for title in ("Outcome", "Date", "Odometer", "Note")]
    copies: tuple[Grid, Grid] = ([header], [header])
    for row in body:
        whose = draw.draw(st.sampled_from([(True, False), (False, True), (True, True)]))
        for copy, mine in zip(copies, whose, strict=True):
            copy.append([None if place in fill_in and not mine else v for place, v in enumerate(row)])
    paths = [write_grid(folder / f"copy{number}.xlsx", copy) for number, copy in enumerate(copies)]
    for order in (paths, paths[::-1]):
        lists = read(*order)
        assert meant(lists) == MEANT
        assert lists.returned.empty


def test_as_of_any_day(folder: Path, cells: Grid) -> None:
    """A list read back at the end of time is refused by its dates, and breaks nothing."""
    path = write_grid(folder / "late.xlsx", cells)
    for day in (date(9999, 12, 31), date(1, 1, 1)):
        lists = read(path, as_of=day)
        assert {"no_answer", "not_yet", "complaint"} <= set(lists.filled["outcome"])
        assert "booked" not in set(lists.filled["outcome"])
