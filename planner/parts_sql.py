"""The rows of planner.parts in the language of the store, which alone reads this."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from planner.parts import Part, Where
from planner.tables import Table


def selected(table: Table, part: Part) -> tuple[str, list[Any]]:
    """The rows of a part as a condition of SQL, with its values."""
    lists = [_all_of(table, conditions) for conditions in part.rows]
    either = " or ".join(f"({sql})" for sql, _ in lists) or "true"
    return either, [value for _, values in lists for value in values]


def _all_of(table: Table, conditions: Sequence[Where]) -> tuple[str, list[Any]]:
    plain = [_test(table, each) for each in conditions if each.test != "first of each"]
    sql = " and ".join(text for text, _ in plain) or "true"
    values = [value for _, values in plain for value in values]
    for each in conditions:
        if each.test == "first of each":
            column, group = table[each.column].name, table[each.value].name
            first = f'min("{column}") over (partition by "{group}")'
            found = f'select rowid as found, "{column}" as it, {first} as first from {table.name} where {sql}'
            sql = f"rowid in (select found from ({found}) where it = first)"
    return sql, values


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
    return f"{column} {test} ?", [_plain(value)]


def _plain(value: Any) -> Any:
    """A value as SQLite holds it: days as ISO text."""
    if isinstance(value, date | np.datetime64 | pd.Timestamp):
        return pd.Timestamp(value).date().isoformat()
    return value
