"""A mapping: how a foreign export becomes our tables, in a TOML file that a person can write.

The format is described with examples in docs/import.md. This module only reads and checks it; what it
does to rows is in `shape`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from planner import tables
from planner.errors import InputError
from planner.files import read_toml
from planner.intake.values import Order

KINDS = tuple(table.name for table in tables.EXPORTS)


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from None
    return text


def _one_or_many(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Pattern = Annotated[str, AfterValidator(_pattern)]
Scalar = str | int | float


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _no_other_keys(cls, given: Any) -> Any:
        if isinstance(given, dict):
            known = [info.alias or name for name, info in cls.model_fields.items()]
            for key in given:
                if key not in known:
                    raise ValueError(f"unknown key {key!r}; {_nearest(key, known)}")
        return given


def _exactly_one(part: _Part, names: tuple[str, ...]) -> str:
    given = [name for name in names if name in part.model_fields_set]
    if len(given) != 1:
        raise ValueError(
            f"name exactly one of {', '.join(names)}" + (f", not {' and '.join(given)}" if given else "")
        )
    return given[0]


class HasMoreThan(_Part):
    """An id with more than `number` distinct values of another column beside it."""

    number: int
    distinct: str


class Condition(_Part):
    """Something that a row fulfils or not: one left side, and tests that must all hold."""

    column: str = ""
    sum: tuple[str, ...] = ()
    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()

    equals: Scalar | None = None
    one_of: tuple[Scalar, ...] = ()
    matches: Pattern | None = None
    filled: bool | None = None
    at_least: float | None = None
    at_most: float | None = None
    more_than: float | None = None
    less_than: float | None = None
    differs_from: str | None = None
    has_more_than: HasMoreThan | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        left = _exactly_one(self, ("column", "sum", "any", "all"))
        tests = self.model_fields_set - {"column", "sum", "any", "all"}
        if left in ("column", "sum") and not tests:
            raise ValueError("a condition needs a test, such as equals, matches, filled or more_than")
        if left in ("any", "all") and tests:
            raise ValueError(f"{left} holds conditions; {min(tests)} belongs into one of them")
        return self

    def sources(self) -> Iterator[str]:
        """The headers that it looks at."""
        yield from (name for name in (self.column, self.differs_from) if name)
        yield from self.sum
        if self.has_more_than:
            yield self.has_more_than.distinct
        for inner in (*self.any, *self.all):
            yield from inner.sources()


class LeaveOut(Condition):
    """Rows that are no part of the business, with the reason that the report counts them under."""

    reason: str


class Choose(_Part):
    """A word, for texts with any such item, or with such items only."""

    word: str
    any: tuple[Pattern, ...] = ()
    only: tuple[Pattern, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        _exactly_one(self, ("any", "only"))
        return self


def _plain_header(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


class Value(_Part):
    """Where the text of a column comes from. A plain string is a header."""

    column: str = ""
    first: tuple[AnyValue, ...] = ()
    earliest: tuple[AnyValue, ...] = ()
    sum: tuple[AnyValue, ...] = ()
    constant: Scalar | None = None
    text: str = ""
    year: str = ""
    words_in: str = ""

    month: Annotated[int, Field(ge=1, le=12)] = 7
    day: Annotated[int, Field(ge=1, le=28)] = 1
    separator: str = ""
    ignore: tuple[Pattern, ...] = ()
    choose: tuple[Choose, ...] = ()
    where: Annotated[tuple[Condition, ...], BeforeValidator(_one_or_many)] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        kind = _exactly_one(
            self, ("column", "first", "earliest", "sum", "constant", "text", "year", "words_in")
        )
        of_others = {
            "month": "year",
            "day": "year",
            "separator": "words_in",
            "ignore": "words_in",
            "choose": "words_in",
        }
        for name, owner in of_others.items():
            if name in self.model_fields_set and kind != owner:
                raise ValueError(f"{name} belongs to {owner}")
        if kind == "words_in" and not self.choose:
            raise ValueError("words_in needs choose, a list of { word, any } or { word, only }")
        return self

    @property
    def placeholders(self) -> list[str]:
        return re.findall(r"\{([^{}]+)\}", self.text)

    def origins(self) -> Iterator[str]:
        """The headers that its text comes from, without those that only conditions look at."""
        yield from (name for name in (self.column, self.year, self.words_in) if name)
        yield from self.placeholders
        for inner in (*self.first, *self.earliest, *self.sum):
            yield from inner.origins()

    def sources(self) -> Iterator[str]:
        """All headers that must be there."""
        yield from (name for name in (self.column, self.year, self.words_in) if name)
        yield from self.placeholders
        for inner in (*self.first, *self.earliest, *self.sum):
            yield from inner.sources()
        for condition in self.where:
            yield from condition.sources()


AnyValue = Annotated[Value, BeforeValidator(_plain_header)]


class Rows(_Part):
    """Rows of one kind, out of every row of the file where the conditions hold."""

    columns: dict[str, AnyValue] = Field(default_factory=dict)
    where: Annotated[tuple[Condition, ...], BeforeValidator(_one_or_many)] = ()
    reason: str = ""
    newest_by: str = ""

    def sources(self) -> list[str]:
        """All headers that a file must have for this block to apply to it."""
        names = [name for value in self.columns.values() for name in value.sources()]
        names += [name for condition in self.where for name in condition.sources()]
        return list(dict.fromkeys(names + ([self.newest_by] if self.newest_by else [])))


Blocks = Annotated[tuple[Rows, ...], BeforeValidator(_one_or_many)]


class Mapping(_Part):
    """How one layout of export files is read."""

    unit: Literal["km", "mi"] | None = None
    dates: Order | None = None
    encoding: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    by_header: bool = True  # columns that no block names are still found by their headers
    leave_out: tuple[LeaveOut, ...] = ()
    customers: Blocks = ()
    vehicles: Blocks = ()
    visits: Blocks = ()
    readings: Blocks = ()
    surveys: Blocks = ()
    offers: Blocks = ()

    # Where it was read from; not a key of the file.
    path: Path = Field(default=Path("mapping"), alias="__path__")

    @model_validator(mode="after")
    def _known_columns(self) -> Self:
        if not any(self.blocks(kind) for kind in KINDS):
            raise ValueError(f"maps nothing; it needs at least one of [{'], ['.join(KINDS)}] with columns")
        for table in tables.EXPORTS:
            for block in self.blocks(table.name):
                for column in block.columns:
                    if column not in table.names:
                        raise ValueError(
                            f"{table.name} has no column {column!r}; {_nearest(column, table.names)}"
                        )
                missing = [] if self.by_header else [c for c in table.required if c not in block.columns]
                if missing:
                    raise ValueError(f"{table.name} needs {', '.join(missing)}")
        return self

    def blocks(self, kind: str) -> tuple[Rows, ...]:
        """The blocks of one kind, in the order of the file."""
        blocks: tuple[Rows, ...] = getattr(self, kind)
        return blocks


def load_mapping(path: Path) -> Mapping:
    """The mapping of a TOML file; raises InputError with file, key and what to do, in one line."""
    data = read_toml(path, InputError, "no such mapping file")
    try:
        return Mapping.model_validate({**data, "__path__": path})
    except ValidationError as error:
        problem = error.errors()[0]
        message = problem["msg"].removeprefix("Value error, ")
        shown = "" if problem["type"] == "value_error" else f" (it is {problem['input']!r})"
        raise InputError(
            f"{path}: {_place(problem['loc'])}{message[:1].lower()}{message[1:]}{shown}"
        ) from None


def _place(location: tuple[int | str, ...]) -> str:
    """The key as one would look for it: blocks and list items counted from 1."""
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return f"{text}: " if text else ""


def _nearest(name: str, known: list[str]) -> str:
    listed = [key for key in known if not key.startswith("__")]
    near = difflib.get_close_matches(name, listed, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else f"take one of {', '.join(listed)}"
