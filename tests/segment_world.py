"""Customers with cars and visits, each a household of its own: for the tests of segments and services."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from planner.columns import typed
from planner.named_services import load_named_services
from planner.settings import Settings
from planner.tables import ANSWERS, CUSTOMERS, FORECASTS, VEHICLES, VISIT_KINDS, VISITS
from planner.value.services import Used

TODAY = date(2026, 6, 30)
NAMED = load_named_services(Settings().service_names_path)
MAINTENANCE, TYRES = VISIT_KINDS.index("maintenance"), VISIT_KINDS.index("tyres")


def world(
    cars: list[dict[str, object]], visits: list[dict[str, object]], **more: list[dict[str, object]]
) -> dict[str, pd.DataFrame]:
    """Customers of the cars, each a household of its own; the next service due as the car says."""
    names = sorted({str(car["customer_id"]) for car in cars})
    people = [{"customer_id": name, "household_id": f"H-{name}", "name": name} for name in names]
    cars = [{"purchased_on": "2020-01-01", **car} for car in cars]
    due = [{"vehicle_id": car["vehicle_id"], "service_no": 1, "due_on": car.get("due_on")} for car in cars]
    frames = {"customers": people, "vehicles": cars, "visits": visits, "forecasts": due}
    tables = {"customers": CUSTOMERS, "vehicles": VEHICLES, "visits": VISITS, "forecasts": FORECASTS}
    found = {name: typed(pd.DataFrame(rows), tables[name]) for name, rows in frames.items()}
    return found | {
        "outcomes": typed(pd.DataFrame(more.get("answers", [])), ANSWERS),
        "elsewhere": typed(pd.DataFrame(more.get("elsewhere", [])), VISITS),
    }


def car(who: str, number: str = "1", **more: object) -> dict[str, object]:
    return {"customer_id": who, "vehicle_id": f"{who}{number}", "due_on": "2026-12-01", **more}


def visit(vehicle: str, on: str, margin: float = 100.0, kind: str = "maintenance") -> dict[str, object]:
    return {"vehicle_id": vehicle, "visited_on": on, "margin": margin, "amount": margin * 3, "kind": kind}


def said(who: str, outcome: str, on: str) -> dict[str, object]:
    return {"contact_id": f"{who}/{outcome}", "attempt": 1, "customer_id": who, "vehicle_id": f"{who}1",
            "outcome": outcome, "said_on": on}  # fmt: skip


def of_fifty() -> tuple[pd.DataFrame, Used]:
    """50 promising customers. The best fifth are the first 10: all have maintenance of 200 a year, 6 of them
    tyres too, of 50, 60, ... 100 a year. The others have maintenance of 10."""
    n = 50
    margin, used = np.zeros((n, len(VISIT_KINDS))), np.zeros((n, len(VISIT_KINDS)), dtype=bool)
    used[:, MAINTENANCE], margin[:, MAINTENANCE] = True, 10.0
    margin[:10, MAINTENANCE] = 200.0
    used[:6, TYRES], margin[:6, TYRES] = True, [50, 60, 70, 80, 90, 100]
    people = pd.DataFrame(
        {"segment": "promising", "stage": "warranty", "tenure_months": 30},
        index=pd.Index([f"C{i:02}" for i in range(n)], name="customer_id"),
    )
    return people, Used(used, margin, used.copy())
