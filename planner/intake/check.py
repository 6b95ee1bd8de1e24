"""Text to typed tables: what planner.tables says of a column is what is checked here.

A value that cannot be read or cannot be true rejects its whole row, in whatever column it stands: the
dealership should see it. A phone that cannot be dialled is an issue only; the customer is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planner import people
from planner.columns import DTYPES, Column, typed
from planner.errors import IssueCode
from planner.intake.findings import KEPT, Findings, Message
from planner.intake.headers import Block
from planner.intake.read import Mask
from planner.intake.shape import ambiguous
from planner.intake.values import (
    AmbiguousDatesError,
    Order,
    by_distinct,
    clean,
    display,
    read_dates,
    read_numbers,
    to_km,
)
from planner.intake.words import choice_words, fold, usual_words
from planner.named_services import NamedServices
from planner.settings import Settings
from planner.spelling import ASCII_DIGITS
from planner.tables import VISITS

IDS = ("customer_id", "vehicle_id", "visit_id", "offer_id", "household_id")
PHONES = ("phone", "phone_2")
EARLIEST = pd.Timestamp("1950-01-01")  # before it, a date is what a system writes where it knows none
HIJRI = (pd.Timestamp("1300-01-01"), pd.Timestamp("1500-01-01"))  # years of that calendar, not birthdays


@dataclass(eq=False)
class Checked:
    """The rows of a block as a typed table. `good` are those that go into the result."""

    block: Block
    frame: pd.DataFrame
    good: Mask
    rejected: Mask
    findings: Findings

    def note(self, hit: Mask, column: str, code: IssueCode, message: Message) -> None:
        """An issue for each row that is hit and not rejected yet; the code says whether it is rejected."""
        self.findings.add(self.block, hit, column, code, message)
        if code not in KEPT:
            self.rejected |= hit
            self.good &= ~hit


@dataclass(frozen=True)
class Terms:
    """What the checks depend on beside the rows."""

    settings: Settings
    as_of: date
    order: Order | None
    named: NamedServices


def read_block(block: Block, terms: Terms, findings: Findings) -> Checked:
    """Every column of a block read and checked by itself.

    Issue codes: bad-row, missing, bad-date, bad-number, out-of-range, bad-choice, future (rejected),
    bad-phone (kept). Raises InputError for dates that may be read in two ways.
    """
    count = len(block.at)
    result = Checked(block, block.text, np.ones(count, dtype=bool), np.zeros(count, dtype=bool), findings)
    shifted = "does not fit under the header: a delimiter or quotation mark inside a cell has shifted it"
    result.note(block.sheet.broken[block.at], "", IssueCode.BAD_ROW, shifted)
    columns: dict[str, pd.Series] = {}
    for column in block.table.columns:
        if column.name in block.text:
            text = clean(block.text[column.name], blanks=column.name != "name")
            if column.required:
                needed = f"{column.name} is empty, and it is required"
                result.note(text.isna().to_numpy(), column.name, IssueCode.MISSING, needed)
            columns[column.name] = _READERS[column.kind](result, column, text, terms)
        else:
            columns[column.name] = pd.Series(index=block.text.index, dtype=DTYPES[column.kind])
    if block.table is VISITS:
        columns["visit_id"] = _visit_ids(columns)
        columns["services"] = by_distinct(columns["services"], lambda words: _named(words, terms.named))
    result.frame = typed(pd.DataFrame(columns), block.table)
    return result


def _named(words: pd.Series, named: NamedServices) -> pd.Series:
    """What is found in the words; '' where there is none, which ends what was found at an import before."""
    return named.found_in(words).fillna("")


def _text(result: Checked, column: Column, text: pd.Series, terms: Terms) -> pd.Series:
    if column.name in IDS:
        text = by_distinct(text, _as_typed)
        rounded = by_distinct(text, lambda ids: ids.str.fullmatch(r"\d(?:\.\d+)?E\+\d+")) == True  # noqa: E712
        message = "Excel has rounded this number; make the column text there and export it again"
        result.note(rounded.to_numpy(), column.name, IssueCode.BAD_NUMBER, message)
        return by_distinct(text, lambda ids: ids.str.upper()) if column.name == "vehicle_id" else text
    if column.name in PHONES:
        text = by_distinct(text, _as_typed)
        bad = text.notna() & (people.e164(text, terms.settings.dealership.country) == "")
        message = f"{column.name} cannot be dialled; the customer is kept, the number is not used"
        result.note(bad.to_numpy(), column.name, IssueCode.BAD_PHONE, message)
    if usual := usual_words(column.name):
        return by_distinct(text, lambda distinct: distinct.map(lambda word: usual.get(fold(word), word)))
    return text


def _as_typed(distinct: pd.Series) -> pd.Series:
    """Ids and phones in ASCII digits, without the .0 of those that a program took for a number."""
    return distinct.str.translate(ASCII_DIGITS).str.replace(r"^(\+?\d+)\.0$", r"\1", regex=True)


def _choice(result: Checked, column: Column, text: pd.Series, terms: Terms) -> pd.Series:
    words = choice_words(column.choices)
    values = by_distinct(
        text, lambda distinct: distinct.map(lambda word: words.get(fold(word))).astype("str")
    )
    bad = (text.notna() & values.isna()).to_numpy()
    shown, listed = _shown(column, text), ", ".join(column.choices)
    result.note(bad, column.name, IssueCode.BAD_CHOICE, lambda i: f"{shown(i)} is none of {listed}")
    return values


def _date(result: Checked, column: Column, text: pd.Series, terms: Terms) -> pd.Series:
    try:
        parsed = read_dates(text, terms.order, terms.as_of)
    except AmbiguousDatesError as example:
        shown_example = "03/04/2020" if column.name == "birthday" else str(example)
        raise ambiguous(result.block.sheet, result.block.labels[column.name], shown_example) from None
    shown, days = _shown(column, text), parsed.values
    result.note(parsed.bad, column.name, IssueCode.BAD_DATE, lambda i: f"{shown(i)} is not a date")
    if column.past:
        future = (days > pd.Timestamp(terms.as_of)).to_numpy()
        after = f"is after {terms.as_of}, and it has happened"
        result.note(future, column.name, IssueCode.FUTURE, lambda i: f"{shown(i)} {after}")
    if column.name == "birthday":
        other = ((days >= HIJRI[0]) & (days < HIJRI[1])).to_numpy()
    else:
        other = (days < EARLIEST).to_numpy()
    why = "cannot be true: a placeholder, a typing error or another calendar"
    result.note(other, column.name, IssueCode.OUT_OF_RANGE, lambda i: f"{shown(i)} {why}")
    return days


def _number(result: Checked, column: Column, text: pd.Series, terms: Terms) -> pd.Series:
    distance = "_km" in column.name
    money = result.block.table is VISITS and not distance
    parsed = read_numbers(text, distance=distance, money=money, currency=terms.settings.dealership.currency)
    shown, values, bad = _shown(column, text), parsed.values, parsed.bad
    if column.kind == "int":
        bad = bad | (values.notna() & (values % 1 != 0)).to_numpy()
    result.note(
        bad, column.name, IssueCode.BAD_NUMBER, lambda i: f"{shown(i)} is not a number with one meaning"
    )
    if distance:
        values = to_km(values, parsed.units, result.block.units[column.name])
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    out = ((values < low) | (values > high)).to_numpy()
    span = f"it is between {low:.0f} and {high:.0f}{' km' if distance else ''}"
    result.note(out, column.name, IssueCode.OUT_OF_RANGE, lambda i: f"{shown(i)} cannot be true; {span}")
    return values.where(~(bad | out)).astype("Int64") if column.kind == "int" else values


Reader = Callable[[Checked, Column, pd.Series, Terms], pd.Series]
_READERS: dict[str, Reader] = {
    "text": _text,
    "choice": _choice,
    "date": _date,
    "int": _number,
    "number": _number,
}


def _shown(column: Column, text: pd.Series) -> Callable[[int], str]:
    if column.name == "birthday":
        return lambda _: "this birthday"
    return lambda i: display(text.iloc[i])


def _visit_ids(columns: dict[str, pd.Series]) -> pd.Series:
    """The given numbers; where there is none, one made of vehicle, day and kind, the same on every import."""
    given = columns["visit_id"]
    if given.notna().all():
        return given
    day = columns["visited_on"].dt.strftime("%Y-%m-%d").astype("str")
    kind = columns["kind"].fillna("maintenance")  # the id only: that nothing was written stays on record
    return given.where(given.notna(), columns["vehicle_id"] + "/" + day + "/" + kind)
