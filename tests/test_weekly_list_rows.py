"""The weekly list: what each row says, and the parts of the advisors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from planner.lists_by_advisor import by_advisor, file_names
from tests.list_world import contact, handed_out, ids, made, the_call

# What a row says.


def test_without_a_phone_the_row_says_what_to_do_and_stands_last() -> None:
    nobody: dict[str, Any] = {"phone": None}
    found = made(
        *(contact(number, "2026-03-09") for number in range(1, 7)),
        people={
            1: {**nobody, "email": "one@example.org", "address": "Street 1"},
            2: {**nobody, "email": "two@example.org", "consent_email": "no", "address": "Street 2"},
            3: {**nobody, "email": "three@example.org", "consent_email": "no"},
            4: {**nobody, "phone_2": "201 555 0144"},
        },
    )
    assert ids(found) == ["V4/S2c", "V5/S2c", "V6/S2c", "V1/S2c", "V2/S2c", "V3/S2c"]
    calls = found.calls.set_index("contact_id")
    assert calls["no_phone"].dropna().to_dict() == {"V1/S2c": "email", "V2/S2c": "post", "V3/S2c": "ask"}
    assert calls.loc["V1/S2c", "address"] == "one@example.org"
    assert calls.loc["V2/S2c", "address"] == "Street 2"


def test_phones_stay_as_they_are_and_are_dialled_as_the_world_does() -> None:
    found = made(contact(1, "2026-03-09"), people={1: {"phone": "(201) 555-0123", "phone_2": "ask at work"}})
    row = the_call(found)
    assert (row["phone"], row["dial"]) == ("(201) 555-0123", "+12015550123")
    assert row["phone_2"] == "ask at work"
    assert pd.isna(row["dial_2"])


def offer(number: int, issued: str, redeemed: str | None = None, customer: int = 1) -> dict[str, Any]:
    return {
        "offer_id": f"OF{number}",
        "customer_id": f"C{customer}",
        "issued_on": issued,
        "redeemed_on": redeemed,
    }


def test_offers_that_the_customer_can_still_use() -> None:
    offers = [
        offer(1, "2025-11-03"),
        offer(2, "2026-01-12"),
        offer(3, "2026-02-01", "2026-02-20"),  # used
        offer(4, "2025-03-09"),  # a year old
        offer(5, "2026-01-12", customer=2),
    ]
    row = the_call(made(contact(1, "2026-03-09"), offers=offers))
    assert row["offers"] == "OF2, OF1"
    assert row["offered_on"] == pd.Timestamp("2026-01-12")


def cue(kind: str, score: float, contact_id: str | None = "V1/S2c") -> dict[str, Any]:
    return {
        "household_id": "H1",
        "kind": kind,
        "vehicle_id": "V1",
        "score": score,
        "evidence": "drivers=2" if kind == "second_car" else "warranty_end=2026-05-01",
        "contact_id": contact_id,
    }


def test_cues_of_the_call_that_carries_them_the_strongest_first() -> None:
    cues = [cue("next_car", 0.4), cue("second_car", 0.9), {**cue("next_car", 1, None), "vehicle_id": "V3"}]
    found = made(contact(1, "2026-03-09"), contact(2, "2026-03-09"), cues=cues)
    first, second = found.calls["cues"].iloc[0].split("\n")
    assert ("driver" in first, "warranty" in second) == (True, True)
    assert pd.isna(found.calls["cues"].iloc[1])


def test_while_a_complaint_is_open_no_row_speaks_of_offers_or_other_cars() -> None:
    complaint = contact(
        1, "2026-03-02", "V1", status="done", outcome="complaint", outcome_at="2026-03-03", attempts=1
    )
    found = made(
        contact(1, "2026-03-10"), complaint, offers=[offer(1, "2026-01-12")], cues=[cue("next_car", 1)]
    )
    row = the_call(found)
    assert pd.isna(row["offers"])
    assert pd.isna(row["cues"])


def test_the_last_contact_is_one_that_was_made() -> None:
    sms = contact(1, "2026-02-20", "S2b", channel="sms", handed_out_on="2026-02-16")
    not_reported = {**handed_out(1, "2026-02-24"), "contact_id": "V1/F1", "latest_on": "2026-02-24"}
    row = the_call(made(contact(1, "2026-03-10"), sms, not_reported))
    assert row["last_contact"] == "sms, 20 Feb 2026"
    tried = {"contact_id": "V1/F1", "attempt": 1, "household_id": "H1", "said_on": "2026-02-25"}
    row = the_call(made(contact(1, "2026-03-10"), sms, not_reported, outcomes=[{**tried, "outcome": "busy"}]))
    assert row["last_contact"] == "call, 25 Feb 2026"


def test_messages_say_where_to_and_in_how_many_segments() -> None:
    messages = [contact(number, "2026-03-10", "S2b", channel="sms") for number in (1, 2)]
    found = made(*messages, people={2: {"phone": None}})
    assert found.messages["dial"].fillna("").tolist() == ["+12015550101", ""]
    assert [len(text) > 160 for text in found.messages["text"]] == [True, True]
    assert found.messages["segments"].tolist() == [2, 2]


# One list an advisor.


def test_the_parts_of_the_advisors_are_the_whole_list() -> None:
    found = made(
        contact(1, "2026-03-10", advisor="Ann Weber"),
        contact(2, "2026-03-10", advisor=None),
        contact(3, "2026-03-11", advisor="Zoe"),
        contact(4, "2026-03-11", "S2b", channel="sms", advisor="Karim"),
    )
    to_answer = pd.DataFrame({"what": ["complaint"] * 2, "advisor": ["Omar", "Zoe"]})
    parts = by_advisor(replace(found, pass_on=to_answer))
    assert list(parts) == ["Ann Weber", "Karim", "Omar", "Zoe", ""]
    assert [len(part.calls) for part in parts.values()] == [1, 0, 0, 1, 1]
    assert [len(part.messages) for part in parts.values()] == [0, 1, 0, 0, 0]
    assert [len(part.pass_on) for part in parts.values()] == [0, 0, 1, 1, 0]


@pytest.mark.parametrize(
    ("names", "safe"),
    [
        (["../../etc/passwd", 'a<b>:"c|?*', "  ", "CON.", "سامي حداد"],
         ["etc-passwd", "a-b-c", "no-advisor", "CON", "سامي-حداد"]),
        (["Ann", "ANN", "ann!"], ["Ann", "ANN-2", "ann-3"]),
        (["x" * 300], ["x" * 60]),
        (["", "no advisor"], ["no-advisor", "no-advisor-2"]),
    ],
)  # fmt: skip
def test_names_of_files_are_safe_and_different(names: list[str], safe: list[str]) -> None:
    assert list(file_names(names).values()) == safe
