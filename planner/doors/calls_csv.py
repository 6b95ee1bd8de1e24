"""The week's calls as a plain CSV: for spreadsheets, and for dialers that map columns themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from planner.files import disarmed, write_atomically
from planner.people import e164

# Name and meaning of each column, in order; a test compares them with docs/other-doors.md.
COLUMNS = {
    "contact_id": "names the call; outcomes are found again by it",
    "call_on": "the planned day",
    "customer": "name of the customer",
    "phone": "the number to dial first, as +<country><number>",
    "phone_2": "a second number, likewise",
    "language": "of the customer: en, ar",
    "advisor": "who calls",
    "vehicle": "make and model of the cars that the call is about",
    "vehicle_id": "VIN or plate",
    "why": "why now, in a sentence",
    "due_on": "the day on which the service is due",
    "window": "when the visit is expected, in words",
    "due_odometer": "what the odometer will show then, in `unit`",
    "unit": "km or mi",
    "last_visit_on": "the last visit to the workshop",
    "last_contact": "the last contact before, in words",
    "attempt": "1 is the first",
    "note_before": "what the caller wrote the last time",
    "script": "name of the script",
    "priority": "0 is most urgent",
    "kind": "why the call is there: callback, open, again, planned, no_phone",
    "call_at": "time of day to try: morning, afternoon, evening; promised: the hour is in `note_before`",
    "promised_on": "the day that was promised, of a call back",
    "no_phone": "what to do where no number is on file: email, post, ask",
    "address": "where to write then",
    "offers": "open offers by their ids, the newest first",
    "offered_on": "the day of the newest",
    "missing_service": "the service to offer, where there is one: inspection, tyres, or one with a name",
    "cues": "what speaks for another car, where this call carries it",
    "outcome": "to be filled in",
    "date": "to be filled in",
    "odometer": "to be filled in",
    "note": "to be filled in",
}
PHONES = ("phone", "phone_2")
_LINE_BREAKS = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")


def write_csv(path: Path, calls: pd.DataFrame, country: str, unit: str) -> None:
    """Writes the calls of a week to a CSV: UTF-8 with byte order mark, RFC 4180, one line a call.

    `calls` as in WeeklyList.calls; `country` is that of phones without a country code; `unit` is that of
    `due_km`. Text that a spreadsheet would take for a formula is `disarmed`. The same calls give the same
    bytes. Raises InputError if the file cannot be written.
    """
    table = calls.rename(columns={"due_km": "due_odometer"}).assign(unit=unit).reindex(columns=list(COLUMNS))
    table["address"] = table["address"].where(table["no_phone"].notna())
    for name in PHONES:
        dialled = e164(table[name].astype("str"), country)
        table[name] = dialled.where(dialled != "", table[name])
    for name in COLUMNS:
        if table[name].dtype.kind == "f":
            table[name] = table[name].round().astype("Int64")
        elif table[name].dtype.kind not in "iufM":
            # Dialers read line by line, quoted or not.
            one_line = table[name].astype("str").str.replace(_LINE_BREAKS, " ", regex=True)
            table[name] = one_line.map(disarmed, na_action="ignore")
    write_atomically(
        path,
        lambda part: table.to_csv(
            part, index=False, encoding="utf-8-sig", lineterminator="\r\n", date_format="%Y-%m-%d"
        ),
    )
