"""Which table is this, and which header is which column. The words for that are in `synonyms`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner import tables
from planner.columns import Table
from planner.errors import InputError
from planner.intake.read import Sheet
from planner.intake.synonyms import MOBILE, NAMES, SYNONYMS, WEAK, listed
from planner.intake.words import KM_WORDS, MILE_WORDS, fold, header_unit
from planner.spelling import tokens

BY_NAME = {table.name: table for table in tables.EXPORTS}


@dataclass(frozen=True)
class Block:
    """Rows of one kind out of a sheet, text only: one column for each column of the table that was found.

    `at` is each row's place in the sheet, `labels` the sheet's own header of a column, `units` the unit
    of a km column, `orders` how the dates of this sheet are written, where that was said.
    """

    sheet: Sheet
    table: Table
    text: pd.DataFrame
    at: npt.NDArray[np.int64]
    labels: dict[str, str]
    units: dict[str, str]
    ignored: tuple[str, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)
    newest_by: str = ""  # the sheet's column that decides between rows of one key; '': the first row counts

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        return self.sheet.rows[self.at]


def is_header(folded: str) -> bool:
    """Is this (folded) text a header that we know?"""
    return folded in _all_headers() or _without_unit_folded(folded) in _all_headers()


def block_by_headers(sheet: Sheet, table: Table, default_unit: str, settled: Collection[str] = ()) -> Block:
    """The sheet as rows of the table, columns found by their headers; required ones may be missing.

    Columns that a mapping has `settled` are left alone.
    """
    found = match(sheet, table, settled)
    text = sheet.cells[list(found.values())].set_axis(list(found), axis=1)
    labels = {column: sheet.header[i] for column, i in found.items()}
    units = {
        column: header_unit(label) or default_unit for column, label in labels.items() if "_km" in column
    }
    ignored = tuple(title for i, title in enumerate(sheet.header) if title and i not in found.values())
    return Block(sheet, table, text, np.arange(len(text)), labels, units, ignored)


def match(sheet: Sheet, table: Table, settled: Collection[str] = ()) -> dict[str, int]:
    """Column of the table -> position of its header, in the table's order, but for the settled ones.

    Raises InputError where two headers claim one column.
    """
    strong, weak = _lookup(table)
    claims: dict[str, list[int]] = {}
    for i, folded in enumerate(sheet.folded):
        if column := _column(sheet.header[i], folded, strong):
            claims.setdefault(column, []).append(i)
    mobile = claims.pop("mobile", [])
    if mobile and "phone" not in claims:
        claims["phone"] = mobile
    elif mobile and "phone_2" not in claims:
        claims["phone_2"], claims["phone"] = claims["phone"], mobile
    elif mobile:
        claims["phone"] += mobile
    taken = {i for claimed in claims.values() for i in claimed}
    for column, names in weak.items():
        if column not in claims:
            held = [i for i, folded in enumerate(sheet.folded) if folded in names and i not in taken]
            claims |= {column: held} if held else {}
            taken |= set(held)
    if "services" in claims:
        del claims["services"][1:]  # systems export codes beside words; no good file fails for that
    for column, claimed in claims.items():
        if len(claimed) > 1 and column not in settled:
            titles = " and ".join(repr(sheet.header[i]) for i in claimed)
            raise InputError(
                f"{sheet.source}: two headers for {column}: {titles}; rename or remove one, "
                f"or say in a --mapping which it is"
            )
    return {name: claims[name][0] for name in table.names if name in claims and name not in settled}


def recognise(sheet: Sheet) -> Table | None:
    """The table whose required columns are all there, with most columns found; None if there is none.

    The name of the file or sheet decides between equals. Raises InputError if that does not settle it.
    """
    fits: dict[str, float] = {}
    for table in tables.EXPORTS:
        try:
            found = match(sheet, table)
        except InputError:
            found = _first_claims(sheet, table)
        if set(table.required) <= set(found):
            weak = _lookup(table)[1]
            fits[table.name] = sum(
                0.5 if sheet.folded[i] in weak.get(c, ()) else 1.0 for c, i in found.items()
            )
    best = [name for name, score in fits.items() if score == max(fits.values())]
    if len(best) > 1:
        best = [name for name in best if _named(sheet, name)] or best
    if len(best) > 1:
        raise InputError(f"{sheet.source}: may be {' or '.join(best)} by its headers; say which with --kind")
    return BY_NAME[best[0]] if best else None


def unrecognised(sheet: Sheet, table: Table | None = None) -> InputError:
    """The error that says what is missing for the table (if none is given: for the nearest one)."""

    def nearness(candidate: Table) -> tuple[float, int]:
        found = _first_claims(sheet, candidate)
        return len(set(candidate.required) & set(found)) / len(candidate.required), len(found)

    nearest = table or max(tables.EXPORTS, key=nearness)
    missing = [column for column in nearest.required if column not in _first_claims(sheet, nearest)]
    wanted = ", ".join(f"{c} (such as '{listed(SYNONYMS[nearest.name][c])[0]}')" for c in missing)
    verb = "has" if table else "is not recognised; nearest to"
    start = (
        f"{verb} no {wanted}, which {nearest.name} need"
        if table
        else f"{verb} {nearest.name}, but has no {wanted}"
    )
    return InputError(f"{sheet.source}: {start}; rename the headers, or say it with --kind or --mapping")


def headers_known(sheet: Sheet) -> int:
    """How many headers of the sheet belong to any table: 0 or 1 means that it is something else."""
    return sum(is_header(folded) for folded in sheet.folded)


def _first_claims(sheet: Sheet, table: Table) -> dict[str, int]:
    strong, weak = _lookup(table)
    found: dict[str, int] = {}
    for i, folded in enumerate(sheet.folded):
        column = _column(sheet.header[i], folded, strong)
        if column:
            found.setdefault("phone" if column == "mobile" else column, i)
    for column, names in weak.items():
        for i, folded in enumerate(sheet.folded):
            if folded in names and i not in found.values():
                found.setdefault(column, i)
    return found


def _column(title: str, folded: str, strong: dict[str, str]) -> str:
    if folded in strong:
        return strong[folded]
    base = "".join(word for word in tokens(title) if word not in KM_WORDS | MILE_WORDS)
    return strong.get(base, "") if base != folded else ""


def _without_unit_folded(folded: str) -> str:
    for unit in sorted(KM_WORDS | MILE_WORDS, key=len, reverse=True):
        if folded.endswith(unit):
            return folded.removesuffix(unit)
    return folded


def _named(sheet: Sheet, kind: str) -> bool:
    name = fold(sheet.name) + fold(Path(sheet.path).stem)
    return any(fold(word) in name for word in listed(NAMES[kind]))


@cache
def _lookup(name_or_table: Table) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """Folded header -> column, and column -> its weak headers."""
    table = name_or_table
    strong: dict[str, str] = {}
    for column in table.names:
        own = "".join(word for word in tokens(column) if word != "km")
        for name in (*listed(SYNONYMS[table.name].get(column, column)), own, column):
            strong[fold(name)] = column
    if table.name == "customers":
        strong |= {fold(name): "mobile" for name in listed(MOBILE)}
    weak = {c: frozenset(fold(name) for name in listed(WEAK[c])) for c in table.names if c in WEAK}
    return strong, weak


@cache
def _all_headers() -> frozenset[str]:
    every: set[str] = set()
    for table in tables.EXPORTS:
        strong, weak = _lookup(table)
        every |= set(strong) | {name for names in weak.values() for name in names}
    return frozenset(every)
