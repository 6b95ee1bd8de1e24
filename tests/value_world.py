"""A dealership of invented people by arithmetic, without chance: enough cars for a retention curve.

Every customer has one car. Car i comes for a service a year until it leaves, and the later it leaves the
rarer. The first customers have names that a spreadsheet would take for formulas.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from planner.columns import Table, typed
from planner.lists_value import act_counts, assumptions, to_act_on, to_offer
from planner.settings import Settings
from planner.tables import ANSWERS, CONTACTS, CUSTOMERS, FORECASTS, OFFERS, SURVEYS, VEHICLES, VISITS
from planner.value import value_report

AS_OF = date(2026, 6, 30)
CARS = 160
FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x.example")', "#N/A")
CALL = "S2c"  # of the cycle that ships
SETTINGS = Settings.model_validate({"dealership": {"currency": "EUR"}, "value": {"acquisition_cost": 250}})

Tables = dict[str, pd.DataFrame]


def tables(cars: int = CARS, money: bool = True, outcomes: bool = True) -> Tables:
    """The stored tables; without amounts and margins, or without anything that callers wrote down."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in KINDS}
    for i in range(cars):
        _add_car(rows, i, money)
        if outcomes:
            _add_contacts(rows, i)
    return {name: typed(pd.DataFrame(rows[name]), table) for name, table in KINDS.items()}


KINDS: dict[str, Table] = {
    "customers": CUSTOMERS, "vehicles": VEHICLES, "visits": VISITS, "forecasts": FORECASTS,
    "surveys": SURVEYS, "offers": OFFERS, "contacts": CONTACTS, "outcomes": ANSWERS,
}  # fmt: skip


def frames(stored: Tables, settings: Settings = SETTINGS, as_of: date = AS_OF) -> Tables:
    """The frames of the workbook, as the command makes them."""
    report = value_report(stored, settings, as_of)
    found = {name: frame for name, frame in vars(report).items() if name != "as_of"}
    found["to_act_on"] = to_act_on(stored, found["customers"], settings)
    found["act_counts"] = act_counts(stored, found["customers"], found["to_act_on"], settings)
    found["to_offer"] = to_offer(stored, found["customers"], found["missing"], settings, as_of)
    return found | {"assumptions": assumptions(settings)}


def _add_car(rows: dict[str, list[dict[str, Any]]], i: int, money: bool) -> None:
    who, car = f"C{i:03}", f"V{i:03}"
    bought = date(2019, 1, 10) + timedelta(days=15 * i)
    name = FORMULAS[i] if i < len(FORMULAS) else f"Customer {i}"
    rows["customers"].append(
        {"customer_id": who, "household_id": f"H{i // 2 if i % 10 < 2 else i + 1000}", "name": name,
         "phone": f"+49301234{i:03}", "advisor": ("=Ada", "Ben", None)[i % 3], "consent_call": "yes"}
    )  # fmt: skip
    rows["vehicles"].append(
        {"vehicle_id": car, "customer_id": who, "purchased_on": bought, "condition": "new", "fuel": "petrol",
         "model": ("@Astra", "Corsa")[i % 2], "make": "Opel", "status": "sold" if i % 29 == 28 else "active"}
    )  # fmt: skip
    stays = (1, 2, 9, 3, 9, 1, 9, 2, 9, 4)[i % 10]
    day = bought
    for number in range(1, stays + 1):
        day += timedelta(days=350 + 7 * (i % 5))
        if day > AS_OF:
            break
        _add_visit(rows, i, number, day, money)
    if i % 3 == 0 and bought + timedelta(days=400) < AS_OF:
        score = (10, 9, 8, 3, 10, 7)[i % 6 if i % 4 else 3]
        rows["surveys"].append(
            {"customer_id": who, "asked_on": AS_OF - timedelta(days=10 + 5 * (i % 130)), "score": score}
        )
    issued = AS_OF - timedelta(days=95 + 3 * (i % 200))
    redeemed = issued + timedelta(days=20) if i % 4 == 0 else None
    rows["offers"].append(
        {"offer_id": f"O{i}", "customer_id": who, "issued_on": issued, "redeemed_on": redeemed}
    )
    rows["forecasts"].append(
        {"vehicle_id": car, "service_no": 1, "due_on": max(day, bought) + timedelta(days=365),
         "return_probability": 0.9 if stays == 9 else 0.2 + (i % 4) / 10}
    )  # fmt: skip


def _add_visit(rows: dict[str, list[dict[str, Any]]], i: int, number: int, day: date, money: bool) -> None:
    amount = 180.0 + 10 * (i % 17) + 25 * number if money and i % 13 else None
    margin = round(0.4 * amount, 2) if amount and i % 7 else None
    kind = ("maintenance", "maintenance", "maintenance")[number % 3]
    visit = {"vehicle_id": f"V{i:03}", "odometer_km": 15000.0 * number, "amount": amount, "margin": margin}
    rows["visits"].append(visit | {"visit_id": f"T{i}-{number}", "visited_on": day, "kind": kind})
    if i % 6 == 0:
        tyres = {"visit_id": f"T{i}-{number}t", "visited_on": day + timedelta(days=100), "kind": "tyres"}
        if day + timedelta(days=100) <= AS_OF:
            rows["visits"].append(visit | tyres)


def _add_contacts(rows: dict[str, list[dict[str, Any]]], i: int) -> None:
    """A call in the last 250 days to every second customer, most with an answer; every third is planned."""
    base = {"customer_id": f"C{i:03}", "vehicle_id": f"V{i:03}", "household_id": f"H{i}", "touchpoint": CALL,
            "service_no": 2}  # fmt: skip
    if i % 2 == 0:
        said = AS_OF - timedelta(days=20 + 3 * (i % 80))
        done = {"contact_id": f"V{i:03}/{CALL}", "channel": "call", "planned_on": said, "status": "done"}
        rows["contacts"].append(base | done)
        outcome = ("booked", "no_answer", "too_expensive", "booked", "not_yet")[i // 2 % 5]
        rows["outcomes"].append(
            base
            | {"contact_id": done["contact_id"], "attempt": 1, "outcome": outcome, "said_on": said,
               "recorded_on": said, "for_on": said + timedelta(days=7) if outcome == "booked" else None}
        )  # fmt: skip
    if i % 3 == 0:
        coming = AS_OF + timedelta(days=3 + i % 40)
        rows["contacts"].append(
            base
            | {"contact_id": f"V{i:03}/{CALL}/2", "channel": ("call", "email")[i % 2], "planned_on": coming,
               "status": "planned"}
        )  # fmt: skip
