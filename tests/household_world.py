"""Customers in a row, and the households that they make: for the tests of households."""

from __future__ import annotations

import pandas as pd

from planner.columns import typed
from planner.households import resolve_households
from planner.settings import Dealership, Household, Settings
from planner.tables import CUSTOMERS

AT_MOST = 3
DEALERS = "0100 123 4000"
EGYPT = Settings(
    dealership=Dealership(country="EG", phone=DEALERS),
    household=Household(shared_by_at_most=AT_MOST, own_contacts=("us@example.com",)),
)
P = [f"0100 123 45{i:02}" for i in range(20)]
Row = dict[str, str]


def row(id_: object, name: str, phone: str = "", phone_2: str = "", email: str = "", home: str = "") -> Row:
    given_ = {"name": name, "phone": phone, "phone_2": phone_2, "email": email, "household_id": home}
    return {"customer_id": str(id_)} | {key: text for key, text in given_.items() if text}


def customers(*rows: Row) -> pd.DataFrame:
    return typed(pd.DataFrame(rows), CUSTOMERS)


def households(*rows: Row) -> dict[str, str]:
    resolved, _ = resolve_households(customers(*rows), EGYPT)
    return dict(zip(resolved["customer_id"], resolved["household_id"], strict=True))
