"""Whom to win back and whom to offer a service: who is listed, in which order, with which phone."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from planner.columns import typed
from planner.lists_value import to_act_on, to_offer
from planner.settings import Settings
from planner.tables import CONTACTS, CUSTOMERS
from planner.value.segments import CUSTOMERS as VALUED
from planner.value.services import MISSING
from tests.segment_world import TODAY

Row = dict[str, Any]


def act(*rows: Row, people: dict[str, Row] | None = None, settings: Settings | None = None) -> pd.DataFrame:
    names = [str(row["customer_id"]) for row in rows]
    who = [
        {
            "customer_id": name,
            "household_id": name,
            "name": name,
            "phone": "1",
            **(people or {}).get(name, {}),
        }
        for name in names
    ]
    whole = {"stage": "lapsed", "lost_why": "unknown", "lost_reason": "unknown", "tenure_months": 24}
    valued = typed(
        pd.DataFrame([{**whole, "household_id": row["customer_id"], **row} for row in rows]), VALUED
    )
    tables = {"customers": typed(pd.DataFrame(who), CUSTOMERS)}
    return to_act_on(tables, valued, settings or Settings())


def one(name: str, margin: float | None = 100.0, leaves: float | None = 0.8, **more: Any) -> Row:
    return {"customer_id": name, "margin_total": margin, "leaves_probability": leaves, **more}


def test_most_money_at_risk_first() -> None:
    """A 400 in 2 years x 0.5 = 100; B 300 in 6 months, so of one year, x 0.9 = 270; C 100, as A; D 0.49."""
    found = act(
        one("A", 400, 0.5), one("C", 200, 1.0), one("B", 300, 0.9, tenure_months=6), one("D", 900, 0.49)
    )  # fmt: skip
    assert found[["customer_id", "rank"]].to_numpy().tolist() == [["B", 1], ["A", 2], ["C", 3]]
    assert found["at_risk"].tolist() == pytest.approx([270, 100, 100])
    assert found["value"].tolist() == pytest.approx([300, 200, 100])


def test_who_is_lost_stands_below_who_can_still_be_kept() -> None:
    found = act(one("lost", 900, 1.0, stage="lost"), one("less", 90, 1.0, stage="lost"), one("late", 10, 0.5))
    assert found["customer_id"].tolist() == ["late", "lost", "less"]
    assert found["rank"].tolist() == [1, 2, 3]


def test_the_services_to_offer_those_who_would_bring_most_first() -> None:
    """Two lacks tyres 40 and an inspection 10, one an inspection 20; no: no offers by call; never: nothing.

    Cross complained 60 days ago less one, well 60 days ago: its complaint is closed that day.
    """
    names = ["one", "two", "no", "never", "cross", "well"]
    lacks = {"one": ("inspection", 20.0), "two": ("tyres,inspection", 50.0), "no": ("tyres", 30.0),
             "never": ("tyres", 90.0), "full": ("", 0.0), "cross": ("tyres", 80.0),
             "well": ("inspection", 10.0)}  # fmt: skip
    valued = typed(
        pd.DataFrame(
            [
                {"customer_id": name, "household_id": name, "name": name, "segment": "loyal",
                 "missing_services": which or None, "missing_margin": margin}
                for name, (which, margin) in lacks.items()
            ]
        ),
        VALUED,
    )  # fmt: skip
    gaps = [("one", "inspection", 1, 0.5, 20.0), ("two", "tyres", 1, 0.4, 40.0),
            ("two", "inspection", 2, 0.5, 10.0), ("no", "tyres", 1, 0.3, 30.0),
            ("never", "tyres", 1, 0.3, 90.0), ("cross", "tyres", 1, 0.3, 80.0),
            ("well", "inspection", 1, 0.5, 10.0)]  # fmt: skip
    missing = typed(
        pd.DataFrame(gaps, columns=["customer_id", "service", "rank", "share", "expected_margin"]), MISSING
    )
    people = [{"customer_id": name, "household_id": name, "phone": "1"} for name in lacks]
    customers = typed(pd.DataFrame(people), CUSTOMERS).set_index("customer_id", drop=False)
    customers.loc["no", "consent_call"], customers.loc["never", "do_not_contact"] = "no", "yes"
    complaints = [
        {"contact_id": name, "household_id": name, "outcome": "complaint", "outcome_at": said}
        for name, said in (("cross", TODAY - timedelta(days=59)), ("well", TODAY - timedelta(days=60)))
    ]
    contacts = typed(pd.DataFrame(complaints), CONTACTS)
    tables = {"customers": customers.reset_index(drop=True), "contacts": contacts}
    found = to_offer(tables, valued, missing, Settings(), TODAY)
    columns = ["rank", "customer_id", "service", "expected_margin", "share", "missing_margin"]
    assert found[columns].to_numpy().tolist() == [
        [1, "two", "tyres", 40.0, 0.4, 50.0],
        [2, "no", "tyres", 30.0, 0.3, 30.0],
        [3, "one", "inspection", 20.0, 0.5, 20.0],
        [4, "well", "inspection", 10.0, 0.5, 10.0],
    ]
    assert found["also"].fillna("").tolist() == ["inspection", "", "", ""]
    assert found["phone"].fillna("").tolist() == ["1", "", "1", "1"]
    assert set(names) - set(found["customer_id"]) == {"never", "cross"}


def test_who_is_not_on_it() -> None:
    rows = [
        one("sold", lost_why="natural", lost_reason="sold"), one("nothing", 0.0), one("unknown", leaves=None),
        one("never"), one("stays"),
    ]  # fmt: skip
    assert act(*rows, people={"never": {"do_not_contact": "yes"}})["customer_id"].tolist() == ["stays"]


def test_no_phone_is_shown_where_no_call_is_wanted_and_the_second_stands_in() -> None:
    people: dict[str, Row] = {"no": {"consent_call": "no"}, "two": {"phone": None, "phone_2": "2"}}
    found = act(one("no"), one("two"), one("yes"), people=people).set_index("customer_id")["phone"]
    assert pd.isna(found["no"])
    assert found[["two", "yes"]].tolist() == ["2", "1"]


def test_phones_stay_as_they_are_and_are_dialled_as_the_world_does() -> None:
    people: dict[str, Row] = {"A": {"phone": "0100 123 4567"}, "B": {"phone": "12"},
                              "no": {"phone": "0100 123 4567", "consent_call": "no"}}  # fmt: skip
    settings = Settings.model_validate({"dealership": {"country": "EG"}})
    found = act(one("A"), one("B"), one("no"), people=people, settings=settings).set_index("customer_id")
    assert found["phone"].fillna("").to_dict() == {"A": "0100 123 4567", "B": "12", "no": ""}
    assert found["dial"].fillna("").to_dict() == {"A": "+201001234567", "B": "", "no": ""}


def test_the_reason_where_it_is_known_else_the_stage() -> None:
    found = act(one("A", lost_why="preventable", lost_reason="complaint"), one("B", stage="lost"))
    assert found["why"].tolist() == ["complaint", "lost"]
    assert all(math.isclose(value, 40.0) for value in found["at_risk"])


def test_maintenance_that_is_likely_missed_is_to_act_on_and_not_to_offer() -> None:
    """late lacks maintenance 60 and tyres 20, only maintenance 60; loyal maintenance 50, and comes."""
    lacks = {
        "late": ("maintenance,tyres", 80.0, 0.5), "only": ("maintenance", 60.0, 0.9),
        "loyal": ("maintenance", 50.0, 0.49), "new": ("inspection,tyres", 55.0, None),
    }  # fmt: skip
    valued = typed(
        pd.DataFrame(
            [
                {"customer_id": name, "household_id": name, "name": name, "segment": "loyal",
                 "missing_services": which, "missing_margin": margin, "leaves_probability": leaves}
                for name, (which, margin, leaves) in lacks.items()
            ]
        ),
        VALUED,
    )  # fmt: skip
    gaps = [("late", "maintenance", 1, 0.9, 60.0), ("late", "tyres", 2, 0.5, 20.0),
            ("only", "maintenance", 1, 0.9, 60.0), ("loyal", "maintenance", 1, 0.9, 50.0),
            ("new", "inspection", 1, 0.5, 30.0), ("new", "tyres", 2, 0.5, 25.0)]  # fmt: skip
    names = ["customer_id", "service", "rank", "share", "expected_margin"]
    missing = typed(pd.DataFrame(gaps, columns=names), MISSING)
    customers = typed(pd.DataFrame([{"customer_id": n, "household_id": n} for n in lacks]), CUSTOMERS)
    tables = {"customers": customers, "contacts": typed(pd.DataFrame(), CONTACTS)}
    found = to_offer(tables, valued, missing, Settings(), TODAY)
    shown = ["customer_id", "service", "expected_margin", "missing_margin"]
    assert found[shown].to_numpy().tolist() == [
        ["loyal", "maintenance", 50.0, 50.0],
        ["new", "inspection", 30.0, 55.0],
        ["late", "tyres", 20.0, 20.0],
    ]
    assert found["also"].fillna("").tolist() == ["", "tyres", ""]
    assert found["rank"].tolist() == [1, 2, 3]
