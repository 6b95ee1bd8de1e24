"""The rows of planner.parts in the language of the store, which alone reads this."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from planner.columns import Table
from planner.parts import Part, Where


def selected(table: Table, part: Part) -> tuple[str, list[Any]]:
    """The rows of a part as a condition of SQL, with its values."""
    found = [_first_of_each(table, each) if _first(each) else _all_of(table, each) for each in part.rows]
    values = [value for _, values in found for value in values]
    if not any(_first(each) for each in part.rows) and len(found) < 2:
        return (found[0][0] if found else "true"), values
    # Each list of conditions by the index that serves it, which SQLite does not do for the sides of an or.
    lists = " union all ".join(f"select rowid from {table.name} where {sql}" for sql, _ in found)
    return f"rowid in ({lists})", values


def _first(conditions: Sequence[Where]) -> Where | None:
    return next((each for each in conditions if each.test == "first of each"), None)


def _first_of_each(table: Table, conditions: Sequence[Where]) -> tuple[str, list[Any]]:
    first = _first(conditions)
    assert first is not None
    column, group = f'"{table[first.column].name}"', f'"{table[first.value].name}"'
    others = [each for each in conditions if each is not first]
    least, values = _all_of(table, others)
    # Who has the least of a column fulfils what is asked of that column.
    sql, values_of_other_columns = _all_of(table, [x for x in others if x.column != first.column])
    least = f"select {group}, min({column}) from {table.name} where {least} group by 1"
    return f"{sql} and ({group}, {column}) in ({least})", [*values_of_other_columns, *values]


def _all_of(table: Table, conditions: Sequence[Where]) -> tuple[str, list[Any]]:
    tests = [_test(table, each) for each in conditions]
    return " and ".join(sql for sql, _ in tests) or "true", [value for _, values in tests for value in values]


def _test(table: Table, where: Where) -> tuple[str, list[Any]]:
    column, test, value = f'"{table[where.column].name}"', where.test, where.value
    if test in ("known", "missing"):
        return f"{column} is {'not ' * (test == 'known')}null", []
    if test == "among":
        return f"{column} in (select {column} from {value})", []
    if test == "in":  # as one value: of single ones there may only be so many
        return f"{column} in (select value from json_each(?))", [
            json.dumps([_plain(v) for v in value if pd.notna(v)])
        ]
    plain = _plain(value)
    if type(plain) is int or (type(plain) is str and plain.isascii() and plain.isalpha()):
        # In so many words, as an index of the rows that have this value serves only who asks for it.
        return f"{column} {test} {plain!r}", []
    return f"{column} {test} ?", [plain]


def _plain(value: Any) -> Any:
    """A value as SQLite holds it: days as ISO text."""
    if isinstance(value, date | np.datetime64 | pd.Timestamp):
        return pd.Timestamp(value).date().isoformat()
    return value
