"""What a call offers that the customer has not had: the list's column, the script, and who gets no offer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from planner.scripts import Scripts
from planner.scripts.missing import missing_for_calls
from planner.settings import Settings
from planner.tables import CONTACTS, FORECASTS, STORED_CUSTOMERS
from planner.value.services import MISSING
from tests.list_world import MONDAY, contact, frame, made, person, the_call

US = {"dealership": {"country": "US"}}
TYRES = "we have not changed tyres for you in the last two years"


def visit(number: int, kind: str, margin: float, day: str = "2025-09-01") -> dict[str, Any]:
    return {
        "visit_id": f"{number}{kind}{day}",
        "vehicle_id": f"V{number}",
        "visited_on": day,
        "kind": kind,
        "amount": 500.0,
        "margin": margin,
    }


# 50 customers, all with maintenance. The best ten have inspections too, of 20 each, and six of these tyres,
# of 90. No segment has thirty best customers, so these ten, the best of all, stand for them.
VISITS = [visit(number, "maintenance", 200.0 if number > 40 else 30.0 + number) for number in range(1, 51)]
VISITS += [visit(number, "inspection", 20.0) for number in range(41, 51)]
VISITS += [visit(number, "tyres", 90.0) for number in range(41, 47)]


def call_of(
    number: int = 1,
    touchpoint: str = "S2c",
    due: str = "2026-03-20",
    settings: dict[str, Any] | None = None,
    visits: list[dict[str, Any]] | None = None,
    more: dict[str, Any] | None = None,
    **changed: Any,
) -> dict[str, Any]:
    """The one call of the week, to customer `number` about a service due on `due`."""
    found = made(
        contact(number, "2026-03-10", touchpoint, **(more or {})),
        people={n: changed if n == number else {} for n in range(1, 51)},
        visits=[*VISITS, *(visits or [])],
        forecasts=[{"vehicle_id": f"V{number}", "service_no": 2, "due_on": due}],
        settings=Settings.model_validate({**US, **(settings or {})}),
    )
    return the_call(found)


def test_the_one_that_would_bring_most_is_in_the_column_and_in_the_script() -> None:
    """Customers for 23 months. Tyres: 6 of 10 x 90 x 12 / 23 = 28 a year; inspection: 20 x 12 / 23 = 10."""
    row = call_of()
    assert row["missing_service"] == "tyres"
    assert TYRES in row["script_text"]
    assert "inspection with us" not in row["script_text"]  # one a call


def test_the_next_one_where_the_customer_has_had_the_first() -> None:
    row = call_of(visits=[visit(1, "tyres", 5.0, "2024-04-01")])
    assert row["missing_service"] == "inspection"
    assert "your car has had no inspection with us" in row["script_text"]


def test_in_arabic() -> None:
    row = call_of(language="ar")
    assert Scripts(Settings()).words("ar").missing["tyres"] in row["script_text"]


def test_the_open_offers_are_those_handed_out_and_not_what_is_missing() -> None:
    assert pd.isna(call_of()["offers"])


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 41},  # has had everything
        {"due": "2026-03-08"},  # the service is overdue: that comes first
        # No offers by call where nobody asked for them; the service call is made all the same.
        {"settings": {"consent": {"marketing": ["email"]}}, "consent_call": None},
    ],
    ids=["has it", "overdue", "no consent to offers"],
)
def test_no_offer(changes: dict[str, Any]) -> None:
    row = call_of(**changes)
    assert pd.isna(row["missing_service"])
    assert TYRES not in row["script_text"]


def test_a_service_that_is_due_today_is_not_overdue() -> None:
    assert call_of(due="2026-03-09")["missing_service"] == "tyres"


# --- the rules alone -----------------------------------------------------------------------------------


def offered(
    *missing: tuple[str, str, int],
    contacts: list[dict[str, Any]] | None = None,
    purpose: str = "service",
    as_of: date = MONDAY,
    more: dict[str, Any] | None = None,
) -> dict[str, str]:
    rows = frame(CONTACTS, [contact(1, "2026-03-10", **(more or {}))])
    table = frame(MISSING, [{"customer_id": c, "service": s, "rank": r} for c, s, r in missing])
    tables = {
        "customers": frame(STORED_CUSTOMERS, [person(1)]),
        "contacts": frame(CONTACTS, contacts or []),
        "forecasts": frame(FORECASTS, []),
    }
    said = missing_for_calls(rows, table, pd.Series([purpose]), tables, Settings.model_validate(US), as_of)
    return said.to_dict()


def test_the_call_is_about_the_maintenance_so_it_offers_what_ranks_next() -> None:
    rows = [("C1", "inspection", 3), ("C1", "maintenance", 1), ("C1", "tyres", 2), ("C2", "inspection", 1)]
    assert offered(*rows) == {"V1/S2c": "tyres"}
    assert offered(("C1", "maintenance", 1)) == {}


@pytest.mark.parametrize(
    ("purpose", "may"), [("service", True), ("marketing", True), ("survey", False), ("greeting", False)]
)
def test_what_the_call_is_for(purpose: str, may: bool) -> None:
    assert bool(offered(("C1", "tyres", 1), purpose=purpose)) == may


def test_only_calls_offer() -> None:
    assert offered(("C1", "tyres", 1), more={"channel": "sms"}) == {}


@pytest.mark.parametrize(("on", "may"), [("2026-01-09", True), ("2026-01-10", False)])
def test_a_complaint_rests_sixty_days_and_no_longer(on: str, may: bool) -> None:
    """60 days after 9 January is 10 March, the day of the call."""
    complaint = contact(1, on, "V1", status="done", outcome="complaint", outcome_at=on)
    assert bool(offered(("C1", "tyres", 1), contacts=[complaint])) == may


def test_a_call_that_is_late_is_made_today() -> None:
    """Planned for 3 March, before the complaint's rest is over on 9 March, and made on 9 March."""
    complaint = contact(1, "2026-01-08", "V1", status="done", outcome="complaint", outcome_at="2026-01-08")
    late = {"planned_on": "2026-03-03"}
    assert offered(("C1", "tyres", 1), contacts=[complaint], more=late) == {"V1/S2c": "tyres"}
    assert offered(("C1", "tyres", 1), contacts=[complaint], more=late, as_of=date(2026, 3, 8)) == {}
