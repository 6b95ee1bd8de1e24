"""What is found wrong, row by row: issues, and the rows that are rejected for them.

Only rows that have something wrong are ever walked.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.errors import InputError, Issue, IssueCode, issues_frame
from planner.files import check_target, write_atomically
from planner.intake.headers import Block
from planner.intake.read import Mask, Sheet

KEPT = frozenset([IssueCode.BAD_PHONE, IssueCode.BEFORE_PURCHASE])  # an issue, but the row counts
Message = str | Callable[[int], str]  # one for all rows, or made from a row's place in the block
REJECT_COLUMNS = ("source", "row", "columns", "codes", "messages", "original")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Findings:
    """Collects issues over all files of an import, in any order; the tables come out sorted."""

    def __init__(self, sheets: list[Sheet]) -> None:
        self._order = {sheet.source: i for i, sheet in reversed(list(enumerate(sheets)))}
        self._sheets = {sheet.source: sheet for sheet in sheets}
        self._issues: dict[Issue, None] = {}  # a set that keeps its order
        self._rejected: dict[tuple[str, int], dict[Issue, None]] = defaultdict(dict)
        self._at: dict[tuple[str, int], int] = {}

    def add(self, block: Block, hit: Mask, column: str, code: IssueCode, message: Message) -> None:
        """An issue for every row of the block that is hit."""
        places: npt.NDArray[np.intp] = np.flatnonzero(hit)
        if not len(places):
            return
        label = block.labels.get(column, column)
        rows = block.rows
        for place in places.tolist():
            text = message if isinstance(message, str) else message(place)
            issue = Issue(block.sheet.source, int(rows[place]), label, code, text)
            self._issues[issue] = None
            if code not in KEPT:
                key = (issue.source, issue.row)
                self._rejected[key][issue] = None
                self._at[key] = int(block.at[place])

    def issues(self) -> pd.DataFrame:
        """All issues: source, row, column, code, message; in the order of files and rows."""
        return issues_frame(sorted(self._issues, key=lambda issue: (self._order[issue.source], issue.row)))

    def rejects(self) -> pd.DataFrame:
        """One row a rejected row: source, row, columns, codes, messages, original (JSON of its cells)."""
        rows: list[tuple[Any, ...]] = []
        for key in sorted(self._rejected, key=lambda key: (self._order[key[0]], key[1])):
            issues = list(self._rejected[key])
            original = self._sheets[key[0]].original(self._at[key])
            columns = "; ".join(dict.fromkeys(issue.column for issue in issues))
            codes = "; ".join(dict.fromkeys(issue.code.value for issue in issues))
            messages = "; ".join(dict.fromkeys(issue.message for issue in issues))
            rows.append((*key, columns, codes, messages, json.dumps(original, ensure_ascii=False)))
        frame = pd.DataFrame(rows, columns=list(REJECT_COLUMNS))
        texts = [column for column in REJECT_COLUMNS if column != "row"]
        return frame.astype({**dict.fromkeys(texts, "str"), "row": "int64"})


def write_rejects(frame: pd.DataFrame, path: Path) -> None:
    """The rejects as a CSV that Excel opens as it is: UTF-8 with its mark, and no cell a formula.

    A cell that begins with = + - @, tab or return gets an apostrophe before it.
    Raises InputError if the file cannot be written.
    """

    def write(part: Path) -> None:
        part.touch(mode=0o600)  # the rows hold what the store holds, so the same people may read them
        with part.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(frame.columns)
            writer.writerows([_harmless(cell) for cell in row] for row in frame.itertuples(index=False))

    check_rejects_target(path)
    write_atomically(path, write)


def check_rejects_target(path: Path) -> None:
    """Raises InputError if rejects cannot go there, or would overwrite a file that is none of rejects."""
    check_target(path, force=True, suffixes=(".csv",))
    if path.exists():
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            begins = file.readline().strip()
        if begins and not begins.startswith(",".join(REJECT_COLUMNS[:3])):
            raise InputError(f"{path}: is there and holds something else; name another file with --rejects")


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
