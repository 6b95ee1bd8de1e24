"""Reading part of a table: the same rows as pandas chooses from the whole one."""

from __future__ import annotations

import operator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from planner.columns import typed
from planner.parts import Part, Where
from planner.pipeline import stored_tables
from planner.settings import Settings
from planner.store import Store
from planner.tables import ANSWERS, BEFORE

DAYS = [date(2026, 1, day) for day in (1, 2, 3, 4)]
NAMES = ["A", "B", "it's", 'a "name"', "x%"]
NUMBERS = [0, 1, 2, 10]
VALUES = {"household_id": NAMES, "touchpoint": NAMES, "planned_on": DAYS, "latest_on": DAYS,
          "priority": NUMBERS, "attempts": NUMBERS}  # fmt: skip
COMPARED = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A table of 80 rows, a third of whose cells are empty, and one that names some of its contacts."""
    rng = np.random.default_rng(7)
    n = 80
    cells = {
        name: [None if rng.random() < 0.3 else values[rng.integers(len(values))] for _ in range(n)]
        for name, values in VALUES.items()
    }
    ids = [f"V{row % 40}/T" for row in range(n)]
    rows = pd.DataFrame({"answered": ids, "attempt": np.arange(n) // 40, "contact_id": ids, **cells})
    named = pd.DataFrame({"contact_id": ids[:40:3], "attempt": 1})
    with Store.create(tmp_path_factory.mktemp("parts") / "store.db") as opened:
        with opened.transaction():
            opened.append("contacts_before", typed(rows, BEFORE))
            opened.append("outcomes", typed(named, ANSWERS))
        yield opened


def fulfil(rows: pd.DataFrame, where: Where, named: pd.Series) -> np.ndarray:
    """Which rows fulfil one condition, by pandas."""
    column, value = rows[where.column], where.value
    if column.dtype.kind == "M" and where.test in COMPARED:
        value = pd.Timestamp(value)
    found = {
        "known": lambda: column.notna(),
        "missing": lambda: column.isna(),
        "among": lambda: column.isin(named),
        "in": lambda: column.isin(pd.Series(value, dtype=column.dtype).dropna()),
        "first of each": lambda: column == rows.groupby(value)[where.column].transform("min"),
        **{test: lambda test=test: COMPARED[test](column, value) for test in COMPARED},
    }[where.test]()
    return found.fillna(False).to_numpy(dtype=bool)


def chosen(rows: pd.DataFrame, part: Part, named: pd.Series) -> pd.DataFrame:
    kept = np.full(len(rows), not part.rows)
    for conditions in part.rows:
        left = rows
        for where in sorted(conditions, key=lambda each: each.test == "first of each"):
            left = left[fulfil(left, where, named)]
        kept |= rows.index.isin(left.index)
    columns = [name for name in rows if not part.columns or name in part.columns]
    return rows.loc[kept, columns].reset_index(drop=True)


@st.composite
def conditions(draw: st.DrawFn) -> list[Where]:
    found = []
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from(list(VALUES)))
        test = draw(st.sampled_from([*COMPARED, "in", "known", "missing", "among"]))
        value = st.sampled_from(VALUES[name])
        if test == "among":
            found.append(Where("contact_id", "among", "outcomes"))
        elif test == "in":
            found.append(Where(name, "in", draw(st.lists(st.one_of(value, st.none())))))
        else:
            found.append(Where(name, test, draw(value) if test in COMPARED else None))
    if draw(st.booleans()):
        group = draw(st.sampled_from(["household_id", "touchpoint"]))
        found.insert(0, Where(draw(st.sampled_from(["planned_on", "priority"])), "first of each", group))
    return found


@given(
    rows=st.lists(conditions(), max_size=3),
    columns=st.lists(st.sampled_from(["contact_id", *VALUES]), unique=True),
)
def test_a_part_is_what_pandas_chooses_from_the_whole(
    store: Store, rows: list[list[Where]], columns: list[str]
) -> None:
    part = Part(columns, rows)
    named = store.read("outcomes")["contact_id"]
    expected = chosen(store.read("contacts_before"), part, named)
    assert_frame_equal(store.read("contacts_before", part), expected)


def test_a_list_may_be_long(store: Store) -> None:
    ids = [f"V{number}/T" for number in range(300_000)]
    assert len(store.read("contacts_before", Part.where(Where("contact_id", "in", ids)))) == 80


def test_nothing_is_in_a_list_because_it_is_missing(store: Store) -> None:
    for name, some in {
        "planned_on": [pd.NaT, DAYS[0]],
        "priority": [np.nan, 1],
        "touchpoint": [None, "A"],
    }.items():
        read = (
            store.read("contacts_before", Part.where(Where(name, "in", each))) for each in (some, some[1:])
        )
        assert_frame_equal(*read)


def test_a_day_is_a_day_however_it_is_written(store: Store) -> None:
    read = [
        store.read("contacts_before", Part.where(Where("planned_on", "in", [day])))
        for day in (DAYS[1], pd.Timestamp(DAYS[1]), np.datetime64(DAYS[1]))
    ]
    assert len(read[0]) > 0
    assert_frame_equal(read[0], read[1])
    assert_frame_equal(read[0], read[2])


@pytest.mark.parametrize("part", [Part(["surname"]), Part.where(Where("surname", "known"))])
def test_what_the_table_does_not_have_cannot_be_asked_for(store: Store, part: Part) -> None:
    with pytest.raises(KeyError, match="surname"):
        store.read("contacts_before", part)


def test_over_what_outcomes_are_laid_is_read_as_a_whole(tmp_path: Path) -> None:
    with Store.create(tmp_path / "store.db") as opened, pytest.raises(ValueError, match="customers"):
        stored_tables(opened, Settings(), customers=Part.where(Where("customer_id", "=", "A")))
