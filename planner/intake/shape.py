"""A mapping at work: the rows of a sheet cut and computed into text of our tables.

Nothing is judged here: a value that cannot be computed (a sum with a word in it) keeps the text that
is in the way, so that the check rejects the row with that text in the message.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import reduce

import numpy as np
import pandas as pd

from planner.columns import Table
from planner.errors import InputError
from planner.intake.headers import Block, block_by_headers
from planner.intake.mapping import Choose, Condition, Mapping, Rows, Value
from planner.intake.read import Mask, Sheet
from planner.intake.values import (
    AmbiguousDatesError,
    Order,
    Parsed,
    by_distinct,
    clean,
    read_dates,
    read_numbers,
)
from planner.intake.words import fold, header_unit


def applies(block: Rows, sheet: Sheet) -> bool:
    """Does the sheet have every header that the block names?"""
    return not missing(block, sheet)


def missing(block: Rows, sheet: Sheet) -> list[str]:
    """The headers that the block names and the sheet has not."""
    return [name for name in block.sources() if fold(name) not in sheet.folded]


class Shaper:
    """One sheet under one mapping. Columns are read once, rows left out once for all kinds."""

    def __init__(self, sheet: Sheet, mapping: Mapping, unit: str, order: Order | None, as_of: date) -> None:
        self.sheet = sheet
        self.mapping = mapping
        self.unit = mapping.unit or unit
        self.order = order
        self.as_of = as_of
        self.left_out, self.kept = self._leave_out()

    def block(self, rows: Rows, table: Table) -> Block:
        """The rows of one block of the mapping; required columns may be missing."""
        found = (
            block_by_headers(self.sheet, table, self.unit, rows.columns) if self.mapping.by_header else None
        )
        columns = {name: found.text[name] for name in found.text} if found else {}
        labels = dict(found.labels) if found else {}
        units = dict(found.units) if found else {}
        for name, value in rows.columns.items():
            columns[name] = self._value(value)
            origins = list(dict.fromkeys(value.origins()))
            labels[name] = " / ".join(origins) or name
            if "_km" in name:
                said = {unit for origin in origins if (unit := header_unit(origin))}
                units[name] = said.pop() if len(said) == 1 else self.unit
        holds = self._all(rows.where)
        left_out = dict(self.left_out)
        if rows.reason and (n := int((self.kept & ~holds).sum())):
            left_out[rows.reason] = left_out.get(rows.reason, 0) + n
        at = np.flatnonzero(self.kept & holds)
        text = pd.DataFrame({name: columns[name] for name in table.names if name in columns})
        used = {fold(name) for name in (*rows.sources(), *labels.values())}
        ignored = tuple(title for title in self.sheet.header if title and fold(title) not in used)
        text = text.iloc[at].reset_index(drop=True)
        return Block(self.sheet, table, text, at, labels, units, ignored, left_out, rows.newest_by)

    def _leave_out(self) -> tuple[dict[str, int], Mask]:
        counts: Counter[str] = Counter()
        kept = np.ones(len(self.sheet.cells), dtype=bool)
        for rule in self.mapping.leave_out:
            hit = kept & self._holds(rule)
            counts[rule.reason] += int(hit.sum())
            kept &= ~hit
        return {reason: n for reason, n in counts.items() if n}, kept

    # Values

    def _column(self, name: str) -> pd.Series:
        places = [i for i, folded in enumerate(self.sheet.folded) if folded == fold(name)]
        if len(places) != 1:
            found = "has no header" if not places else "has more than one header"
            raise InputError(f"{self.sheet.source}: {found} {name!r}, which {self.mapping.path} names")
        return clean(self.sheet.cells[places[0]])

    def _value(self, value: Value) -> pd.Series:
        text = self._text(value)
        return text.where(self._all(value.where)) if value.where else text

    def _text(self, value: Value) -> pd.Series:
        if value.column:
            return self._column(value.column)
        if value.first:
            return reduce(lambda a, b: a.where(a.notna(), b), map(self._value, value.first))
        if value.earliest:
            return self._earliest(value)
        if value.sum:
            return self._sum(value)
        if value.constant is not None:
            return pd.Series(str(value.constant), index=self.sheet.cells.index, dtype="str")
        if value.text:
            return self._pattern(value)
        if value.year:
            year = self._column(value.year).str.replace(r"^(\d{4})\.0$", r"\1", regex=True)
            return year.str.replace(r"^\d{4}$", rf"\g<0>-{value.month:02}-{value.day:02}", regex=True)
        return self._words(value)

    def _pattern(self, value: Value) -> pd.Series:
        result = pd.Series("", index=self.sheet.cells.index, dtype="str")
        for fixed, name in re.findall(r"([^{}]*)(?:\{([^{}]+)\})?", value.text):
            result = result + fixed
            if name:
                result = result + self._column(name)  # missing stays missing
        return result

    def _earliest(self, value: Value) -> pd.Series:
        texts = [self._value(inner) for inner in value.earliest]
        read = [self._dates(text, inner) for text, inner in zip(texts, value.earliest, strict=True)]
        first = pd.concat([parsed.values for parsed in read], axis=1).min(axis=1)
        written = first.dt.strftime("%Y-%m-%d").astype("str")
        return self._in_the_way(written, [text.where(p.bad) for text, p in zip(texts, read, strict=True)])

    def _dates(self, text: pd.Series, value: Value) -> Parsed:
        try:
            return read_dates(text, self.order, self.as_of)
        except AmbiguousDatesError as example:
            raise ambiguous(self.sheet, " / ".join(value.origins()), str(example)) from None

    def _sum(self, value: Value) -> pd.Series:
        texts = [self._value(inner) for inner in value.sum]
        read = [read_numbers(text, money=True) for text in texts]
        total = pd.concat([parsed.values for parsed in read], axis=1).sum(axis=1, min_count=1)
        written = total.map("{:.6f}".format, na_action="ignore").astype("str")
        return self._in_the_way(written, [text.where(p.bad) for text, p in zip(texts, read, strict=True)])

    @staticmethod
    def _in_the_way(result: pd.Series, unreadable: list[pd.Series]) -> pd.Series:
        for text in unreadable:
            result = result.where(text.isna(), text)
        return result

    def _words(self, value: Value) -> pd.Series:
        def items(text: str) -> list[str]:
            parts = text.split(value.separator) if value.separator else [text]
            parts = [part.strip() for part in parts if part.strip()]
            return [part for part in parts if not _any(value.ignore, part)]

        def word(text: str) -> str | float:
            held = items(text)
            return next((rule.word for rule in value.choose if _chosen(rule, held)), np.nan)

        return by_distinct(self._column(value.words_in), lambda texts: texts.map(word).astype("str"))

    # Conditions

    def _all(self, conditions: tuple[Condition, ...]) -> Mask:
        return reduce(
            np.logical_and, map(self._holds, conditions), np.ones(len(self.sheet.cells), dtype=bool)
        )

    def _holds(self, condition: Condition) -> Mask:
        if condition.any:
            return reduce(np.logical_or, map(self._holds, condition.any))
        if condition.all:
            return self._all(condition.all)
        left = self._sum(Value(sum=condition.sum)) if condition.sum else self._column(condition.column)
        tests = [np.asarray(test, dtype=bool) for test in self._tests(condition, left)]
        return reduce(np.logical_and, tests)

    def _tests(self, condition: Condition, left: pd.Series) -> list[object]:
        tests: list[object] = []
        numbers = read_numbers(left, money=True).values
        if condition.equals is not None:
            tests.append(_equals(left, numbers, (condition.equals,)))
        if condition.one_of:
            tests.append(_equals(left, numbers, condition.one_of))
        if condition.matches is not None:
            tests.append(left.str.contains(condition.matches, case=False, regex=True).fillna(False))
        if condition.filled is not None:
            tests.append(left.notna() == condition.filled)
        if condition.at_least is not None:
            tests.append(numbers >= condition.at_least)
        if condition.at_most is not None:
            tests.append(numbers <= condition.at_most)
        if condition.more_than is not None:
            tests.append(numbers > condition.more_than)
        if condition.less_than is not None:
            tests.append(numbers < condition.less_than)
        if condition.differs_from is not None:
            tests.append((left != self._column(condition.differs_from)) & left.notna())
        if (rule := condition.has_more_than) is not None:
            tests.append(self._column(rule.distinct).groupby(left).transform("nunique") > rule.number)
        return tests


def ambiguous(sheet: Sheet, label: str, example: str) -> InputError:
    """The error for a column of dates that may be read in two ways."""
    return InputError(
        f"{sheet.source}: dates in {label!r} such as {example} may be day first or month first; "
        "settle it with --dates dmy or --dates mdy"
    )


def _equals(left: pd.Series, numbers: pd.Series, wanted: tuple[str | int | float, ...]) -> pd.Series:
    texts = {fold(str(value)) for value in wanted}
    same = numbers.isin([float(value) for value in wanted if isinstance(value, int | float)])
    return same | by_distinct(left, lambda distinct: distinct.map(fold)).isin(texts)


def _any(patterns: tuple[str, ...], text: str) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


def _chosen(rule: Choose, items: list[str]) -> bool:
    if rule.any:
        return any(_any(rule.any, item) for item in items)
    return bool(items) and all(_any(rule.only, item) for item in items)
