"""Each public function of planner.value that gives a figure has a worked example that runs as a doctest."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FILES = sorted(Path("planner/value").glob("*.py"))
FIGURES = (
    "Counted",
    "Floats",
    "float",
    "DataFrame",
    "Spread",
    "LifeTable",
    "Brought",
    "Success",
    "Segmented",
)
# These hand on what others give, or rows that no manager reads.
NO_FIGURE = {
    "Brought.margin": "a sum of two fields",
    "Book.first_month_of_people": "months",
    "Book.touchpoints": "those of the settings",
    "all_rates": "a list of the figures",
    "figures_in": "a part of figures_of",
    "contact_rates": "a list of the figures",
    "of_customers": "rows of a figure",
    "stacked": "rows of a figure",
    "add_poor": "a note",
    "missing_of": "a part of segmented",
    "bills": "visits with their owner",
    "Owned.intervals": "months and km of a file",
    "since": "some of these",
    "made_contacts": "flags of contacts, which success adds up",
    "with_worth": "candidates of the calendar",
    "tables_of": "of the examples themselves",
}


def functions(text: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Public functions and methods of public classes, by name."""
    for node in ast.parse(text).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        owner = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for each in inside:
            if isinstance(each, ast.FunctionDef) and "_" not in (each.name[0], (owner or each.name)[0]):
                yield owner + each.name, each


def without_example(text: str) -> list[str]:
    """The functions that give a figure and have no doctest."""
    return [
        name
        for name, each in functions(text)
        if each.returns is not None
        and any(word in ast.unparse(each.returns) for word in FIGURES)
        and ">>> " not in (ast.get_docstring(each) or "")
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_figure_has_a_worked_example(path: Path) -> None:
    assert [name for name in without_example(path.read_text("utf-8")) if name not in NO_FIGURE] == []


def test_the_exceptions_are_functions_without_an_example() -> None:
    bare = {name for path in FILES for name in without_example(path.read_text("utf-8"))}
    assert bare == set(NO_FIGURE)


def test_a_figure_without_an_example_is_found() -> None:
    text = 'class Rate:\n    def all(self) -> Floats:\n        "A share."\ndef _own() -> float: ...\n'
    assert without_example(text) == ["Rate.all"]
