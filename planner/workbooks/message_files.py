"""The week's messages as CSV files, one a channel, for the SMS, mail and letter tools."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from planner.errors import InputError
from planner.files import check_target, disarmed, write_atomically
from planner.workbooks.messages import NEEDED, by_channel, has_address

MORE = ("send_on", "customer", "language", "contact_id")
NAMES = {"customer": "name"}


def message_files(folder: Path, messages: pd.DataFrame, week: str, force: bool) -> dict[Path, pd.DataFrame]:
    """The files that `write_messages` would write, each with its rows; channels without any have no file.

    Messages without an address are in no file, for no tool could send them. A folder that is not there is
    made if the one above it is. Raises InputError if that cannot be, or a file is there and `force` is not
    given.
    """
    _made(folder)
    found = {}
    for channel, table in by_channel(messages).items():
        columns = [*NEEDED[channel], *(name for name in MORE if name not in NEEDED[channel])]
        rows = table.loc[has_address(channel, table), columns].rename(columns=NAMES)
        if len(rows):
            found[folder / f"{channel}-{week}.csv"] = rows
    for path in found:
        check_target(path, force, suffixes=(".csv",))
    return found


def _made(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except FileNotFoundError:
        raise InputError(f"--messages {folder}: there is no folder {folder.parent}; make it first") from None
    except OSError as error:
        why = "is a file" if isinstance(error, FileExistsError) else f"cannot be made: {error.strerror}"
        raise InputError(f"--messages {folder}: {why}; name a folder") from None


def write_messages(files: dict[Path, pd.DataFrame]) -> None:
    """Writes them: UTF-8 with byte order mark, so that Excel opens them; commas, quotes, CRLF (RFC 4180).

    Text that a spreadsheet would take for a formula is `disarmed`.
    """
    for path, rows in files.items():
        table = rows.copy()
        for name in [name for name in table if table[name].dtype == "str"]:
            table[name] = table[name].map(disarmed, na_action="ignore")

        def write(part: Path, table: pd.DataFrame = table) -> None:
            table.to_csv(
                part, index=False, encoding="utf-8-sig", lineterminator="\r\n", date_format="%Y-%m-%d"
            )

        write_atomically(path, write)
