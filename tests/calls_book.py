"""Calls and messages of a week, and the workbook of them: for the tests of the weekly list as a workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import load_workbook

from planner.workbooks.calls import ListInfo, write_calls

INFO = ListInfo("Hill & Sons", "2026-W11", date(2026, 3, 9), date(2026, 3, 15), "en", "km", date(2026, 3, 9))
SCRIPT = """# Second service

## Greeting

> Good morning, this is **Ann Weber** of Hill & Sons.

If it is somebody else: say nothing about the car. Outcome `no_answer`.

## Purpose

> Your Corolla is due about 30 March.

- yes: `booked`
- no: `callback`
"""
CALL: dict[str, Any] = {
    "contact_id": "VIN1/S2c",
    "kind": "planned",
    "call_on": date(2026, 3, 9),
    "call_at": "morning",
    "promised_on": None,
    "customer": "Tom Hill",
    "phone": "+4930123456",
    "phone_2": None,
    "language": "en",
    "advisor": "Ann Weber",
    "vehicle": "Toyota Corolla",
    "vehicle_id": "VIN1",
    "why": "Second service, due about 30 March, by then about 30,000 km",
    "due_on": date(2026, 3, 30),
    "window": "16 Mar - 13 Apr",
    "due_km": 30_000.0,
    "last_visit_on": date(2025, 3, 28),
    "last_contact": "SMS on 22 Feb 2026",
    "offers": None,
    "offered_on": None,
    "missing_service": None,
    "cues": None,
    "attempt": 1,
    "note_before": None,
    "script": "service_call",
    "script_text": SCRIPT,
    "priority": 1,
}
MESSAGE: dict[str, Any] = {
    "contact_id": "VIN9/S1b",
    "send_on": date(2026, 3, 10),
    "channel": "sms",
    "customer": "Jo Ng",
    "address": "0170 12345",
    "dial": "+4917012345",
    "language": "en",
    "vehicle": "Kia Rio",
    "why": "First service, due about 14 April",
    "script": "service_short",
    "text": "Your Kia's service is due about 14 April. 1 = Tue 7, 2 = Thu 9. STOP ends.",
}


def calls(*changes: dict[str, Any]) -> pd.DataFrame:
    """The call of Tom Hill, once for each set of changes."""
    frame = pd.DataFrame([{**CALL, **change} for change in changes], columns=[*CALL, "no_phone", "address"])
    days = ["call_on", "due_on", "last_visit_on", "promised_on", "offered_on"]
    return frame.astype({**dict.fromkeys(days, "datetime64[us]"), "attempt": "Int64", "priority": "Int64"})


def messages(*changes: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame([{**MESSAGE, **change} for change in changes], columns=list(MESSAGE))
    return frame.astype({"send_on": "datetime64[us]"})


def written(folder: Path, frame: pd.DataFrame, info: ListInfo = INFO) -> Any:
    path = folder / "calls.xlsx"
    write_calls(path, frame, messages(), info)
    return load_workbook(path)


def a_week() -> tuple[pd.DataFrame, pd.DataFrame]:
    return (
        calls(
            {
                "note_before": "asked to be called after 5",
                "attempt": 2,
                "contact_id": "VIN5/S1c",
                "kind": "callback",
                "call_at": "promised",
                "promised_on": date(2026, 3, 6),
            },
            {},
            {
                "contact_id": "VIN2/S1c",
                "customer": "ليلى الحارثي",
                "language": "ar",
                "advisor": "Karim Haddad",
                "kind": "open",
                "offers": "OF2, OF1",
                "offered_on": date(2026, 1, 12),
                "missing_service": "tyres",
                "cues": "Warranty ends in June.\nTwo drive one car.",
            },
            {
                "contact_id": "VIN3/V1",
                "call_on": date(2026, 3, 11),
                "phone": None,
                "last_visit_on": None,
                "kind": "no_phone",
                "no_phone": "email",
                "address": "jo@example.org",
            },
            {
                "contact_id": "VIN4/F1",
                "customer": "=1+1",
                "phone": None,
                "phone_2": "030 99",
                "advisor": None,
            },
        ),
        messages(
            {},
            {"contact_id": "VIN6/S1a", "channel": "email", "text": "# Your service\n\nDear Jo,\n\n- Tuesday"},
            {"contact_id": "VIN8/T4", "channel": "post", "address": "Lange Str. 12, 10115 Berlin"},
            {
                "contact_id": "VIN7/S1a",
                "channel": "email",
                "address": None,
                "text": "Dear Jo\n\nsee you soon",
            },
        ),
    )
