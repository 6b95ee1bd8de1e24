"""Who is likely to be lost: not yet lost or gone, less likely to come than not, the least likely first."""

from __future__ import annotations

from datetime import date

import pandas as pd

from planner.columns import typed
from planner.lists_lost import likely_lost
from planner.tables import CONTACTS, CUSTOMERS, FORECASTS, VEHICLES, VISITS

TODAY = date(2026, 3, 2)


def tables() -> dict[str, pd.DataFrame]:
    cars = {
        "SURE": (0.8, "2025-06-01", "active"),
        "EVEN": (0.5, "2025-06-01", "active"),
        "DOUBTFUL": (0.4, "2025-06-01", "active"),
        "UNLIKELY": (0.1, "2025-01-10", "active"),
        "SOLD": (0.1, "2025-06-01", "sold"),
        "LOST": (0.05, "2024-09-02", "active"),  # 18 months
        "UNKNOWN": (None, "2025-06-01", "active"),
    }
    ids = list(cars)
    probabilities, days, statuses = zip(*cars.values(), strict=True)
    vehicles = pd.DataFrame({"vehicle_id": ids, "customer_id": "C1", "status": statuses})
    vehicles["purchased_on"] = pd.Timestamp("2020-01-01")
    visits = pd.DataFrame({"vehicle_id": ids, "visited_on": pd.to_datetime(list(days))})
    kinds = ["repair" if id_ == "DOUBTFUL" else "maintenance" for id_ in ids]
    later = visits.assign(visited_on=pd.Timestamp("2026-03-03"))  # is not known yet
    first = pd.DataFrame({"vehicle_id": ids, "service_no": 6, "due_on": pd.Timestamp("2026-06-01")})
    first = first.assign(high_on=pd.Timestamp("2026-08-01"), return_probability=probabilities)
    next_one = first.assign(service_no=7, return_probability=None)
    contacts = pd.DataFrame(
        [
            ("a", "UNLIKELY", None, "2026-03-01", "planned", "call"),  # has passed
            ("b", "UNLIKELY", None, "2026-05-04", "planned", "call"),
            ("c", "OTHER", "SURE,UNLIKELY", "2026-04-01", "planned", "sms"),
            ("d", "DOUBTFUL", None, "2026-03-20", "standby", "call"),
        ],
        columns=["contact_id", "vehicle_id", "also_vehicle_ids", "planned_on", "status", "channel"],
    )
    tom = pd.DataFrame({"customer_id": ["C1"], "name": "Tom Hill", "advisor": "Ann"})
    return {
        "customers": typed(tom, CUSTOMERS),
        "vehicles": typed(vehicles, VEHICLES),
        "visits": typed(pd.concat([visits.assign(kind=kinds), later.assign(kind="maintenance")]), VISITS),
        "forecasts": typed(pd.concat([first, next_one]), FORECASTS).sort_values(["vehicle_id", "service_no"]),
        "contacts": typed(contacts.astype({"planned_on": "datetime64[us]"}), CONTACTS),
    }


def test_who_may_still_be_won_the_least_likely_first() -> None:
    found = likely_lost(tables(), TODAY)
    assert found is not None
    assert found["vehicle_id"].tolist() == ["UNLIKELY", "DOUBTFUL"]
    assert found["return_probability"].tolist() == [0.1, 0.4]
    row = found.iloc[0]
    assert (row["customer"], row["advisor"]) == ("Tom Hill", "Ann")
    assert row["last_visit_on"] == row["last_service_on"] == pd.Timestamp("2025-01-10")
    # Who was in for a repair has been seen, and yet has had no service.
    assert found.iloc[1]["last_visit_on"] == pd.Timestamp("2025-06-01")
    assert pd.isna(found.iloc[1]["last_service_on"])
    assert row["back_by_on"] == pd.Timestamp("2026-10-30")  # 1 August + 90 days
    # A contact about another car that names this one counts; one on standby may never go out.
    assert (row["contact_on"], row["channel"]) == (pd.Timestamp("2026-04-01"), "sms")
    assert pd.isna(found.iloc[1]["contact_on"])


def test_nobody() -> None:
    sure = tables()
    sure["forecasts"] = sure["forecasts"][sure["forecasts"]["vehicle_id"] == "SURE"]
    found = likely_lost(sure, TODAY)
    assert found is not None
    assert found.empty


def test_not_known_is_not_the_same_as_nobody() -> None:
    unknown = tables()
    unknown["forecasts"]["return_probability"] = float("nan")
    assert likely_lost(unknown, TODAY) is None
    assert likely_lost({name: frame.iloc[:0] for name, frame in tables().items()}, TODAY) is None
