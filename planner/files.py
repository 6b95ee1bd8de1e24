"""Files of the user's: TOML read with errors in one line; nothing overwritten unasked or half written.

And no text in a CSV that a spreadsheet would calculate.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

from planner.errors import InputError, PlannerError

XLSX = (".xlsx",)
# Apostrophes count as well, so that taking one away gives back what was there.
_FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠]")
_DIALLED = re.compile(r"\+\d{5,15}")


def read_toml(path: Path, refuse: type[PlannerError], missing: str) -> dict[str, Any]:
    """The tables of a TOML file; what is wrong with the file is raised as `refuse`, in one line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise refuse(f"{path}: {missing}") from None
    except OSError as error:
        raise refuse(f"{path}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refuse(f"{path}: not valid TOML: {error}") from None


def read_csv(path: Path, refuse: type[PlannerError], what: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV that somebody edits, each with its line; blank ones and those after a # are left out.

    Commas or semicolons separate the columns, whichever the header has more of; a first line "sep=;", as
    Excel knows it, is left out too. What cannot be read is
    raised as `refuse`, in one line that calls the file `what`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise refuse(f"{path}: the {what} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise refuse(f"{path}: the {what} are not UTF-8 text; save them as CSV UTF-8") from None
    header = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    if header.strip().lower() in ("sep=;", "sep=,"):
        text = text.replace(header, "#", 1)  # the lines keep their numbers
        header = header.strip()[-1]
    lines = csv.reader(io.StringIO(text), delimiter=";" if header.count(";") > header.count(",") else ",")
    for row in lines:
        if any(map(str.strip, row)) and not row[0].startswith("#"):
            yield lines.line_num, [value.strip() for value in row]


def check_target(path: Path, force: bool = False, suffixes: tuple[str, ...] = XLSX) -> None:
    """Raises InputError if `path` must not or cannot be written; touches nothing.

    A wrong ending, a missing folder, a folder in its place, an existing file without `force`, or one that
    somebody has open.
    """
    if path.suffix.lower() not in suffixes:
        raise InputError(f"{path}: the name must end with {' or '.join(suffixes)}")
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}; make it first")
    if path.is_dir():
        raise InputError(f"{path}: is a folder; give the name of a file")
    if path.exists() and not force:
        raise InputError(f"{path}: exists; --force overwrites it, or give another name")
    if path.exists() and (lock := lock_of(path)):
        raise InputError(f"{path}: is open in another program; close it there (or delete {lock.name})")


def lock_of(path: Path) -> Path | None:
    """The file that LibreOffice or Excel keeps beside a file as long as somebody has it open, if there.

    On Linux and on shared folders nothing else keeps a list from being replaced under the hands of whoever
    fills it in; he would save the old one over the new.
    """
    locks = (path.with_name(name) for name in (f".~lock.{path.name}#", f"~${path.name}"))
    return next((lock for lock in locks if lock.exists()), None)


def safe_target(
    path: Path,
    force: bool = False,
    is_filled_in: Callable[[Path], bool] | None = None,
    suffixes: tuple[str, ...] = XLSX,
) -> Path | None:
    """Makes `path` free to be written and returns the copy that was kept of the old file, if any.

    An existing file in which somebody has filled in something (`is_filled_in` says so) is copied to
    `name.bak-1.xlsx`, or the next free number, beside it: tell the user. Raises InputError as
    `check_target` does, and if the copy cannot be made.
    """
    check_target(path, force, suffixes)
    if not path.exists() or is_filled_in is None or not is_filled_in(path):
        return None
    names = (path.with_name(f"{path.stem}.bak-{number}{path.suffix}") for number in count(1))
    backup = next(name for name in names if not name.exists())
    try:
        shutil.copy2(path, backup)
    except OSError as error:
        kept = f"cannot be kept as {backup.name}: {_why(error)}"
        raise InputError(f"{path}: has been filled in and {kept}; move it away first") from None
    return backup


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Calls `write` with a temporary path beside `path`, then puts the result in its place at once.

    If anything fails, what was there before is still there. Raises InputError if the file cannot be
    written or replaced, as when Excel has it open.
    """
    check_target(path, force=True, suffixes=(path.suffix.lower(),))
    try:
        with tempfile.TemporaryDirectory(prefix=".planner-", dir=path.parent) as folder:
            part = Path(folder) / path.name
            write(part)
            os.replace(part, path)
    except PermissionError:
        raise InputError(
            f"{path}: cannot be written; close it in Excel, or check that you may write in {path.parent}"
        ) from None
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {_why(error)}") from None


def _why(error: OSError) -> str:
    return error.strerror or str(error)


def disarmed(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet would take it for a formula.

    A number as it is dialled stays as it is: it calculates nothing, and dialers want it so.
    Source: OWASP, CSV Injection: = + - @ and their full-width forms begin a formula, after blanks too.

    >>> disarmed("=1+1"), disarmed("+201001234567"), disarmed("O'Neill")
    ("'=1+1", '+201001234567', "O'Neill")
    """
    return f"'{text}" if _FORMULA.match(text) and not _DIALLED.fullmatch(text) else text
