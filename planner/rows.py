"""Rows of SQLite as typed columns, and back: by column, as millions of rows are read and written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.columns import Column, Table

# So many rows are fetched at once: few enough that they are still in the processor's cache when their
# columns are taken (twice as fast as 100,000).
FETCHED = 500
WRITTEN = 10_000  # rows that are turned from a frame at once
NO_DAY = np.datetime64("NaT", "us").astype("int64").item()
Array: TypeAlias = npt.NDArray[Any]
Taker: TypeAlias = Callable[[Sequence[Any]], Array]


class _Texts(dict[str | None, Any]):
    """Each text once, as one object: a gigabyte less where millions of rows are read."""

    def __missing__(self, text: str) -> str:
        self[text] = text
        return text


class _Days(dict[str | None, int]):
    """Each ISO day parsed once: there are thousands of days in millions of rows."""

    def __missing__(self, text: str) -> int:
        day: int = np.datetime64(text, "us").astype("int64").item()
        self[text] = day
        return day


def columns_of(cursor: sqlite3.Cursor, table: Table) -> pd.DataFrame:
    """The rows of a cursor over the table's columns, in its order, typed as planner.columns says."""
    texts, days = _Texts({None: np.nan}), _Days({None: NO_DAY})

    def text(values: Sequence[str | None]) -> Array:
        return np.array([*map(texts.__getitem__, values)], dtype="object")

    def key(values: Sequence[str]) -> Array:  # no two are the same
        return np.array(values, dtype="object")

    def day(values: Sequence[str | None]) -> Array:
        return np.fromiter(map(days.__getitem__, values), "int64", len(values)).view("datetime64[us]")

    def number(values: Sequence[float | None]) -> Array:
        return np.array(values, dtype="float64")

    by_kind: dict[str, Taker] = {"date": day, "int": number, "number": number}
    takers = [
        key if table.key == (column.name,) else by_kind.get(column.kind, text) for column in table.columns
    ]
    parts = [[take(())] for take in takers]
    while rows := cursor.fetchmany(FETCHED):
        for part, take, values in zip(parts, takers, zip(*rows, strict=True), strict=True):
            part.append(take(values))
    columns = {}
    for column, part in zip(table.columns, parts, strict=True):
        columns[column.name] = _typed(column, np.concatenate(part))
        part.clear()
    return pd.DataFrame(columns, copy=False)


def _typed(column: Column, values: Array) -> Any:
    if column.kind == "int":
        missing = np.isnan(values)
        return pd.arrays.IntegerArray(np.where(missing, 1, values).astype("int64"), missing)
    return pd.array(values, dtype="str") if column.kind in ("text", "choice") else values


def rows_of(frame: pd.DataFrame, table: Table, order: npt.NDArray[np.int64]) -> Iterator[tuple[Any, ...]]:
    """The rows as SQLite takes them: dates as ISO text, missing as NULL; order: their positions."""
    for start in range(0, len(order), WRITTEN):
        part = frame.iloc[order[start : start + WRITTEN]]
        yield from zip(*(_cells(part[name], table[name]) for name in part.columns), strict=True)


def _cells(values: pd.Series, column: Column) -> list[Any]:
    if column.kind == "date":
        which, days = pd.factorize(values.to_numpy("datetime64[us]"))
        texts = np.array([*np.datetime_as_string(days, "D").tolist(), None], dtype="object")
        return list(texts[which])  # which is -1 where the day is missing: the last text
    cells = values.to_numpy("object", copy=True)
    cells[values.isna().to_numpy()] = None
    return list(cells)
