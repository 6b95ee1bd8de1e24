"""Everything that can go wrong, as a tree.

    PlannerError            the command cannot go on: one line on stderr, exit code 2
    ├── InputError          a file that cannot be read, recognised or written
    ├── SettingsError       dealership.toml, a cycle, intervals or a script template
    └── StoreError          the SQLite store: missing, foreign, from a newer version

A bad *row* is not an exception. It becomes an `Issue` beside the good rows, and the command goes on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from operator import attrgetter

import pandas as pd


class PlannerError(Exception):
    """The command cannot go on. The message says what, where and what to do, in one line."""


class InputError(PlannerError):
    """A file that cannot be read, recognised or written."""


class SettingsError(PlannerError):
    """The settings, a cycle, the intervals or a script template are wrong."""


class StoreError(PlannerError):
    """The store is missing, is not ours, or was written by a newer version."""


class IssueCode(StrEnum):
    """Why a row was rejected or a value set aside. Codes are promises: other programs count them."""

    BAD_ROW = "bad-row"  # does not fit under the header: a delimiter or quotation mark has shifted it
    MISSING = "missing"  # a required value is empty
    BAD_DATE = "bad-date"  # not a date
    BAD_NUMBER = "bad-number"  # not a number
    OUT_OF_RANGE = "out-of-range"  # a number or date that cannot be true
    BAD_CHOICE = "bad-choice"  # not one of the words that the column takes
    BAD_PHONE = "bad-phone"  # cannot be dialled; the row is kept, the number is not used
    DUPLICATE = "duplicate"  # the same key again in the same file, with other values
    UNKNOWN_CUSTOMER = "unknown-customer"  # names a customer who is in no file and not in the store
    UNKNOWN_VEHICLE = "unknown-vehicle"  # names a vehicle that is in no file and not in the store
    FUTURE = "future"  # something that has happened, dated after the as-of day
    BEFORE_PURCHASE = "before-purchase"  # a visit or reading before the car was bought; kept
    WRONG_NUMBER = "wrong-number"  # somebody else answered there, and the customer has no other number
    SHARED_CONTACT = "shared-contact"  # a phone or e-mail of too many people, or of nobody: it joins none
    FORGOTTEN = "forgotten"  # has a phone or e-mail of somebody who was forgotten; kept, but not contacted
    READING_DECREASE = "reading-decrease"  # odometer below an earlier, credible reading
    READING_SPEED = "reading-speed"  # more km than a car can drive in the time
    READING_UNIT = "reading-unit"  # fits when miles are read as km, or km as miles; not used
    READING_REPLACED = "reading-replaced"  # the odometer starts anew; from here on it is counted on
    READING_ROLLOVER = "reading-rollover"  # the odometer went past its last digit; counted on
    READING_TYPO = "reading-typo"  # fits with one digit more, less or other, or two exchanged; not used
    READING_SAME_DAY = "reading-same-day"  # another reading of the same day cannot be true with it; not used
    NO_DUE_DATE = "no-due-date"  # no service could be projected within the calendar's range


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding about one row of input.

    `source` is the file (with its sheet) or the table, `row` the line as a spreadsheet numbers it
    (the header is row 1; 0 where there is no row), `column` the input's own header.
    """

    source: str
    row: int
    column: str
    code: IssueCode
    message: str


def issues_frame(issues: Iterable[Issue]) -> pd.DataFrame:
    """The issues as a table: source, row, column, code, message; in the given order."""
    names = [field.name for field in fields(Issue)]
    frame = pd.DataFrame(map(attrgetter(*names), issues), columns=names)
    text = [name for name in names if name != "row"]
    return frame.astype({**dict.fromkeys(text, "str"), "row": "int64"})
