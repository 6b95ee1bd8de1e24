"""VICIdial's export of calls, read back as rows of a list. In words: docs/other-doors.md."""

from __future__ import annotations

import csv
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from planner.doors.vicidial import lead_code
from planner.errors import InputError
from planner.workbooks.filled_in_sheets import Row, tidy

# Source: VICIdial 2.14, www/vicidial/call_report_export.php and lead_report_export.php: the header row of
# all formats but ALTERNATE_2, whose columns the site's owner names.
NEEDED = ("call_date", "status", "vendor_lead_code")
SEPARATORS = "\t|,;"  # tabs, pipes in ALTERNATE_1; commas and semicolons where a spreadsheet has saved it

# Source: extras/MySQL_AST_CREATE_tables.sql, table vicidial_statuses. The second part are the statuses that
# docs/other-doors.md proposes for outcomes that VICIdial has none for.
STATUSES: dict[str, str] = {
    **{"SALE": "booked", "CALLBK": "callback", "CBHOLD": "callback"},
    **dict.fromkeys(("A", "AA", "AM", "AL"), "voicemail"),
    **dict.fromkeys(("B", "AB", "NP"), "busy"),
    **dict.fromkeys(("N", "NA", "DAIR", "ADAIR", "ADCT"), "no_answer"),
    **dict.fromkeys(("DC", "ADC", "AFAX"), "wrong_number"),
    **dict.fromkeys(("NI", "DEC"), "refused"),
    **dict.fromkeys(("DNC", "DNCL", "DNCC"), "do_not_call"),
    **dict.fromkeys(("NEW", "QUEUE", "INCALL", "ERI", "DROP", "XDROP", "PDROP"), ""),
    **{"NOTYET": "not_yet", "ELSEWH": "done_elsewhere", "SOLD": "sold_car", "MOVED": "moved_away"},
    **{
        "TOOEXP": "too_expensive",
        "COMPL": "complaint",
        "CAR2": "interest_second_car",
        "ABOOK": "already_booked",
    },
    **{"ACALL": "already_called", "REACHD": "reached"},
}
NOBODY = ("no_answer", "voicemail", "busy", "wrong_number")


def is_call_export(path: Path) -> bool:
    """Is it a text file whose header names VICIdial's columns?"""
    if path.suffix.lower() not in (".txt", ".csv", ".tsv"):
        return False
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            header = file.readline()
    except OSError:
        return False
    return set(NEEDED) <= set(_split(header))


def read_call_export(
    path: Path, label: str, contact_ids: Iterable[str], statuses: Mapping[str, str]
) -> list[Row]:
    """The calls of an export as rows of a list: one a contact and day.

    A dialer tries several times a day: the last call in which somebody was reached counts, else the last
    one. `contact_ids`: those that may be meant; the file has their `lead_code`, and source_id where the
    loader left it whole. `statuses`: those of the settings, beside STATUSES. A status that stands for no
    outcome stays as it is, so that the row comes back. Raises InputError for a file that cannot be read.
    """
    meaning = {**STATUSES, **statuses}
    ids = {lead_code(name): name for name in contact_ids}
    known = set(ids.values())
    calls = _read(path)
    status = calls["status"].str.upper()
    outcome = status.map(meaning).fillna(status)
    main = _column(calls, "phone_number")
    other = main.ne("") & _column(calls, "phone_number_dialed").ne(main)
    # Only the number that we would dial first can be struck off by us.
    outcome = outcome.mask(other & outcome.eq("wrong_number"), "no_answer")
    source = _column(calls, "source_id")
    contact = calls["vendor_lead_code"].map(ids).fillna(source.where(source.isin(known)))
    calls = calls.assign(
        contact_id=contact.fillna(calls["vendor_lead_code"]),
        outcome=outcome,
        day=pd.to_datetime(calls["call_date"], errors="coerce", format="ISO8601").dt.date,
        note=_column(calls, "call_notes"),
        nobody=outcome.isin(NOBODY),
        first=_column(calls, "first_name"),
        last=_column(calls, "last_name"),
        number=range(2, len(calls) + 2),
    )
    calls = calls[calls["outcome"] != ""].sort_values("call_date", kind="stable")
    calls = calls.sort_values("nobody", ascending=False, kind="stable")
    calls = calls.drop_duplicates(["contact_id", "day"], keep="last").sort_values("number")
    return [_row(call, label) for call in calls.astype("object").to_dict("records")]


def _row(call: Mapping[Hashable, Any], label: str) -> Row:
    return Row(
        contact_id=tidy(call["contact_id"]),
        attempt="",
        outcome=call["outcome"],
        date="",
        odometer="",
        note=tidy(call["note"]),
        customer=tidy(f"{call['first']} {call['last']}"),
        vehicle="",
        unit="",
        order=None,
        file=label,
        sheet="",
        number=int(call["number"]),
        shifted=False,
        said_on=None if pd.isna(call["day"]) else call["day"],
    )


def _read(path: Path) -> pd.DataFrame:
    """All cells as text, by VICIdial's names."""
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    lines = text.splitlines()
    separator = max(SEPARATORS, key=lines[0].count)
    if separator in ",;":
        rows = list(csv.reader(lines, delimiter=separator))
    else:  # VICIdial quotes nothing
        rows = [line.split(separator) for line in lines]
    header = [name.strip() for name in rows[0]]
    cells = [dict(zip(header, row, strict=False)) for row in rows[1:] if any(row)]
    names = list(dict.fromkeys(header))
    return pd.DataFrame({name: [cell.get(name, "").strip() for cell in cells] for name in names}, dtype="str")


def _split(header: str) -> list[str]:
    return [name.strip().strip('"') for name in header.split(max(SEPARATORS, key=header.count))]


def _column(calls: pd.DataFrame, name: str) -> pd.Series[str]:
    return calls[name] if name in calls else pd.Series("", calls.index, dtype="str")
