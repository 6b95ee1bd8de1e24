"""Only `cli` knows what day it is: everywhere else the as-of day is an argument.

A result that depends on a hidden clock cannot be repeated, tested or explained. So the syntax trees of
all our code outside `cli` are searched for ways of asking what day or time it is, called or passed on.
Measuring how long something took (`time.perf_counter`, `time.monotonic`) tells no day and is allowed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("planner", "tests", "benchmarks", "data", "docs")

METHODS = {"today", "now", "utcnow"}  # of date, datetime, Timestamp, Period
OF_TIME = {"time", "time_ns", "localtime", "gmtime", "ctime", "asctime", "strftime"}
WORDS = {"now", "today"}  # pandas and numpy take them for a date
TAKES_WORDS = {"Timestamp", "to_datetime", "datetime64", "DatetimeIndex", "Period"}
IN_SQL = re.compile(
    r"\bCURRENT_(DATE|TIME|TIMESTAMP)\b|\b(date|time|datetime|julianday|strftime)\([^)]*'now'", re.I
)


def clocks(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every place where the source asks for the day or the time."""
    tree = ast.parse(source)
    time_modules = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == "time"
    }
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if name in METHODS:
                yield node.lineno, ast.unparse(node)
            case ast.Attribute(value=ast.Name(id=module), attr=name) if (
                module in time_modules and name in OF_TIME
            ):
                yield node.lineno, ast.unparse(node)
            case ast.ImportFrom(module="time") if any(alias.name in OF_TIME for alias in node.names):
                yield node.lineno, ast.unparse(node)
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in TAKES_WORDS:
                words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                if WORDS.intersection(map(str, words)):
                    yield node.lineno, ast.unparse(node)
            case ast.Constant(value=str(text)) if id(node) not in documentation and IN_SQL.search(text):
                yield node.lineno, text


def _files() -> list[Path]:
    return sorted(path for folder in OURS for path in (ROOT / folder).rglob("*.py") if path != Path(__file__))


def test_there_is_code_to_search() -> None:
    assert ROOT / "planner" / "dates.py" in _files()


def test_nothing_outside_cli_asks_for_the_day() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in _files()
        for line, text in clocks(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "date.today()",
        "datetime.datetime.now(tz=UTC)",
        "datetime.utcnow()",
        "pd.Timestamp.now()",
        "pd.Timestamp('now')",
        "pd.to_datetime('today')",
        "np.datetime64('today', 'D')",
        "field(default_factory=date.today)",
        "import time\ntime.time()",
        "import time as t\nt.localtime()",
        "from time import time_ns",
        "db.execute('insert into log values (CURRENT_TIMESTAMP)')",
        """db.execute("select date('now')")""",
    ],
)
def test_a_clock_is_found(source: str) -> None:
    assert list(clocks(source))


@pytest.mark.parametrize(
    "source",
    [
        "today = as_of",
        "time.time()",  # a column or variable named time
        "import time\ntime.perf_counter()",
        "from time import perf_counter",
        "datetime.time(9, 0)",
        "pd.Timestamp('2026-01-01')",
        "'right now'",
        "def f():\n    'Never calls date(\\'now\\').'",
    ],
)
def test_what_is_no_clock_is_left_alone(source: str) -> None:
    assert list(clocks(source)) == []
