"""The week's calls in the standard format of VICIdial's lead loader. In words: docs/other-doors.md."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from planner.files import write_atomically
from planner.people import e164

# In the loader's order, with the characters that a column of vicidial_list holds.
# Source: VICIdial 2.14, www/vicidial/admin_listloader_fourth_gen.php, extras/MySQL_AST_CREATE_tables.sql.
FIELDS = {
    "vendor_lead_code": 20,
    "source_id": 50,
    "list_id": 14,
    "phone_code": 10,
    "phone_number": 18,
    "title": 4,
    "first_name": 30,
    "middle_initial": 1,
    "last_name": 30,
    "address1": 100,
    "address2": 100,
    "address3": 100,
    "city": 50,
    "state": 2,
    "province": 50,
    "postal_code": 10,
    "country_code": 3,
    "gender": 1,
    "date_of_birth": 10,
    "alt_phone": 12,
    "email": 70,
    "security_phrase": 100,
    "comments": 255,
    "rank": 5,
    "owner": 20,
}
CODE_BYTES = 10  # 16 letters: among a million contacts, two share one with a chance of 1 in 2 million million
MAX_RANK = 32_767  # of a SMALLINT
# The loader splits at | or tab, reads line by line and drops the marks of SQL.
_TAKEN_OUT = re.compile(r"[\s|\"'`\\;\x00-\x1f\x7f]+")


def lead_code(contact_id: str) -> str:
    """The short stable code by which VICIdial names a contact: vendor_lead_code holds 20 characters.

    >>> lead_code("WVWZZZ1JZXW000001/S2c")
    'GPM3EFMBZAZDUUU2'
    """
    return base64.b32encode(hashlib.sha256(contact_id.encode()).digest()[:CODE_BYTES]).decode()


def can_be_dialled(calls: pd.DataFrame, country: str) -> pd.Series[bool]:
    """Which calls have a number, the first or the second; the dialer takes no others."""
    first, second = (e164(calls[name].astype("str"), country) for name in ("phone", "phone_2"))
    return (first != "") | (second != "")


def write_vicidial(path: Path, calls: pd.DataFrame, country: str) -> None:
    """Writes the calls that `can_be_dialled` for VICIdial's lead loader: no header, 25 fields, pipes, UTF-8.

    `calls` as in WeeklyList.calls, the first to be called first: it gets the highest rank.
    The same calls give the same bytes. Raises InputError if the file cannot be written.
    """
    first, second = (e164(calls[name].astype("str"), country) for name in ("phone", "phone_2"))
    table = calls.assign(dial=first.where(first != "", second), other=second.where(first != "", ""))
    table = table[table["dial"] != ""]
    top = min(len(table), MAX_RANK)
    with_rank = table.assign(rank=[max(top - place, 0) for place in range(len(table))])
    lines = [
        "|".join(_fitted(lead.get(name, ""), width) for name, width in FIELDS.items())
        for lead in _leads(with_rank)
    ]
    text = "".join(f"{line}\n" for line in lines)

    def write(part: Path) -> None:
        part.write_bytes(text.encode("utf-8"))

    write_atomically(path, write)


def _leads(table: pd.DataFrame) -> Iterator[dict[str, str]]:
    plain = table.astype("object").where(table.notna(), "")
    for row in plain.to_dict("records"):
        call = {str(name): value for name, value in row.items()}
        code, number = _split(call["dial"])
        other_code, other = _split(call["other"])
        same_country = other_code == code and other != number and len(other) <= FIELDS["alt_phone"]
        week = call["call_on"].isocalendar()
        given, family = _names(str(call["customer"]))
        yield {
            "vendor_lead_code": lead_code(call["contact_id"]),
            "source_id": call["contact_id"],
            "list_id": f"{week[0]}{week[1]:02}",
            "phone_code": code,
            "phone_number": number,
            "first_name": given,
            "last_name": family,
            "gender": "U",
            "alt_phone": other if same_country else "",
            "comments": _comments(call, "" if same_country else call["other"]),
            "rank": str(call["rank"]),
            "owner": call["advisor"],
        }


def _split(number: str) -> tuple[str, str]:
    """Country code and national number of an E.164 number."""
    if not number:
        return "", ""
    import phonenumbers

    parsed = phonenumbers.parse(number)
    return str(parsed.country_code), phonenumbers.national_significant_number(parsed)


def _names(name: str) -> tuple[str, str]:
    """The name over two fields of 30 characters, which side by side read as it is.

    Cut at the last space that both halves allow; where there is none, the rest is cut off.
    """
    name = _cleaned(name)
    most = FIELDS["first_name"]
    cuts = [
        m.start() for m in re.finditer(" ", name) if m.start() <= most and len(name) - m.start() - 1 <= most
    ]
    if cuts:
        return name[: cuts[-1]], name[cuts[-1] + 1 :]
    return ("", name) if len(name) <= most else (name[:most].strip(), name[most : 2 * most].strip())


def _comments(call: dict[str, Any], other: str) -> str:
    """What the agent reads beside the number, the weightiest first, as 255 characters allow."""
    due = f"due {call['due_on']:%Y-%m-%d}" if call["due_on"] else ""
    attempt = f"attempt {call['attempt']}" if int(call["attempt"] or 1) > 1 else ""
    parts = [call["vehicle"], attempt, call["note_before"], call["why"], due, call["vehicle_id"], other]
    return " - ".join(cleaned for part in parts if (cleaned := _cleaned(str(part))))


def _cleaned(text: str) -> str:
    return _TAKEN_OUT.sub(" ", text).strip()


def _fitted(text: str, width: int) -> str:
    return _cleaned(text)[:width].strip()
