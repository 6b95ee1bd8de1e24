"""What a table is made of: columns of a kind, and frames that have exactly these columns.

Frames that travel between the modules have exactly the columns of a table, in its order, as `typed` and
`empty` make them:

    text, choice   pandas "str", missing is NaN
    date           datetime64[us], midnight, missing is NaT
    int            "Int64", missing is <NA>
    number         float64, missing is NaN

Which tables there are is in planner.tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import pandas as pd

Kind = Literal["text", "choice", "date", "int", "number"]

DTYPES: dict[Kind, str] = {
    "text": "str",
    "choice": "str",
    "date": "datetime64[us]",
    "int": "Int64",
    "number": "float64",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `low` and `high` bound what can be true; `past` says it cannot lie after as-of."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    past: bool = False
    refers_to: str = ""  # the table whose key this column names


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, the columns that name a row, and the columns in order."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        return [column.name for column in self.columns if column.required]

    def with_columns(self, *columns: Column) -> Table:
        """The same table with more columns at its end."""
        return Table(self.name, self.grain, self.key, self.columns + columns)


def text(name: str, meaning: str, **more: object) -> Column:
    """Words, numbers of the dealership's system, lists with commas."""
    return Column(name, "text", meaning, **more)  # type: ignore[arg-type]


def date(name: str, meaning: str, **more: object) -> Column:
    """A day."""
    return Column(name, "date", meaning, **more)  # type: ignore[arg-type]


def integer(name: str, meaning: str, **more: object) -> Column:
    """A whole number."""
    return Column(name, "int", meaning, **more)  # type: ignore[arg-type]


def number(name: str, meaning: str, **more: object) -> Column:
    """A number, in the unit that its name or meaning says."""
    return Column(name, "number", meaning, **more)  # type: ignore[arg-type]


def choice(name: str, choices: tuple[str, ...], meaning: str, **more: object) -> Column:
    """One word of `choices`."""
    return Column(name, "choice", meaning, choices=choices, **more)  # type: ignore[arg-type]


def typed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The frame with exactly the table's columns, in its order, each in its dtype; missing ones empty."""
    return frame.reindex(columns=table.names).astype(
        {column.name: DTYPES[column.kind] for column in table.columns}
    )


def empty(table: Table) -> pd.DataFrame:
    """The table with no row."""
    return _empty(table).copy()


@cache
def _empty(table: Table) -> pd.DataFrame:
    return typed(pd.DataFrame(), table)
