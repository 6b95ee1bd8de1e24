"""How the weekly list says what its codes stand for: the same words in the list and above the scripts."""

from __future__ import annotations

from typing import Any

from planner.workbooks.texts import Texts

OFFERED = ("offers", "missing_service")  # what a call may offer, in one column of the list


def said(texts: Texts, name: str, row: dict[str, Any]) -> Any:
    """What a column of a call says; `row` is one row of WeeklyList.calls."""
    value = row[name]
    if not value:
        return value
    if name == "kind":
        return texts(f"kind.{value}").partition("|")[0].strip()
    if name == "call_at":
        return _time(texts, row)
    if name == "language":
        return texts.language_name(value)
    if name == "window" and row.get("window_kind"):
        low, high = row["window_low_on"], row["window_high_on"]
        kind = row["window_kind"]
        first = texts.day(low, "d MMM" if kind == "between" else "d MMM y")
        return texts(f"window.{kind}", first=first, last=texts.day(high))
    if name == "last_contact" and row.get("last_contact_on"):
        by = texts.code("channel", row["last_contact_by"])
        return texts("calls.last_contact", by=by, day=texts.day(row["last_contact_on"]))
    if name == "offers":
        return texts("calls.offers", ids=value, day=texts.day(row["offered_on"], "MMM y"))
    if name == "missing_service":
        return texts("calls.not_had", service=texts.code("visit", value))
    return value


def to_offer(texts: Texts, row: dict[str, Any]) -> str | None:
    """The open offers, and below them the service that the customer is missing."""
    return "\n".join(said(texts, name, row) for name in OFFERED if row[name]) or None


def no_phone(texts: Texts, row: dict[str, Any]) -> str:
    """What stands in the place of a phone that is not on file: what to do."""
    if row["phone_2"]:
        return texts("calls.second_phone")
    what = row["no_phone"]
    return texts(f"calls.no_phone.{what}", address=row["address"] or "") if what else texts("calls.no_phone")


def _time(texts: Texts, row: dict[str, Any]) -> str:
    promised, on = row["promised_on"], row["call_on"]
    if row["call_at"] == "promised" and promised and promised != on:
        return texts("calls.promised_for", day=texts.day(promised, "d MMM"))
    return texts.code("time", row["call_at"])
