"""The reference case, through the command line: a car on time for three years, and what its owner hears."""

from __future__ import annotations

import csv
import itertools
from datetime import date, timedelta
from pathlib import Path

import holidays
import pandas as pd
import pytest

from cli.main import run
from planner.settings import Settings
from planner.store import Store
from tests.commands import broken_rules

DELIVERED = date(2024, 3, 11)
CONSENTS = [f"consent_{channel}" for channel in ("call", "sms", "email", "post", "messenger")]
CUSTOMER = {
    "customer_id": "C1",
    "name": "Nora Field",
    "phone": "+12125550147",
    "email": "nora@example.com",
    "address": "1 Example Street",
    "birthday": "1980-08-10",
    **dict.fromkeys(CONSENTS, "yes"),
}
VEHICLE = {
    "vehicle_id": "V1",
    "customer_id": "C1",
    "make": "Toyota",
    "model": "Corolla",
    "condition": "new",
    "purchased_on": DELIVERED.isoformat(),
    "odometer_at_purchase_km": "0",
    "monthly_km": "1250",
}


def write(path: Path, *rows: dict[str, str]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    files = [write(tmp_path / "customers.csv", CUSTOMER), write(tmp_path / "vehicles.csv", VEHICLE)]
    assert run(["import", *files, "--as-of", DELIVERED.isoformat()]) == 0
    return tmp_path


def contacts(here: Path) -> pd.DataFrame:
    with Store.open(here / "dealership.db") as store:
        return store.read("contacts")


def assert_rules_hold(live: pd.DataFrame) -> None:
    """The rules of the contract, written out plainly."""
    days = sorted((row.planned_on.date(), row.channel) for row in live.itertuples())
    country = holidays.country_holidays("US")
    for day, channel in days:
        assert day not in country
        if channel in ("call", "post"):
            assert day.weekday() < 5
    for start, _ in days:
        window = [channel for day, channel in days if start <= day < start + timedelta(days=90)]
        assert window.count("call") <= 2
        assert window.count("email") <= 3
        assert window.count("post") <= 2
        assert window.count("sms") + window.count("messenger") <= 5
        assert len(window) <= 7
    calls = [day for day, channel in days if channel == "call"]
    assert all((later - earlier).days >= 20 for earlier, later in itertools.pairwise(calls))


def test_planned_from_its_delivery(here: Path) -> None:
    assert run(["plan", "--as-of", DELIVERED.isoformat()]) == 0
    table = contacts(here)
    live = table[table["status"].isin(["planned", "standby"])]
    assert len(table) == 36
    assert len(live) >= 34
    assert set(live.loc[live["status"] == "standby", "touchpoint"]) == {"S1d", "S2d"}
    assert (live["channel"] == "call").sum() <= 6
    assert_rules_hold(live)
    days = [DELIVERED, *sorted(live["planned_on"].dt.date), date(2027, 3, 11)]
    assert max((b - a).days for a, b in itertools.pairwise(days)) <= 90
    assert run(["check"]) == 0


def test_lived_through_with_a_new_plan_every_four_weeks_and_visits_two_days_after_each_due_date(
    here: Path,
) -> None:
    """What was planned and has passed is handed out; visits arrive; the whole still keeps the rules.

    A plan every four weeks misses the after-visit contacts of a few days; weekly ones would cost a minute.
    """
    visits: list[dict[str, str]] = []
    day = DELIVERED
    while day < date(2027, 3, 11):
        with Store.open(here / "dealership.db") as store:
            forecasts = store.read("forecasts")
            earlier = store.read("contacts")
            gone = earlier[(earlier["status"] == "planned") & (earlier["planned_on"] < pd.Timestamp(day))]
            with store.transaction():
                store.hand_out(list(gone["contact_id"]), day)
        if len(forecasts) and (came := forecasts["due_on"].iloc[0].date() + timedelta(days=2)) < day:
            visits.append(
                {
                    "vehicle_id": "V1",
                    "visited_on": came.isoformat(),
                    "kind": "maintenance",
                    "odometer_km": str(round((came - DELIVERED).days * 1250 / 30.4375)),
                }
            )
            assert run(["import", write(here / "visits.csv", *visits), "--as-of", day.isoformat()]) == 0
        assert run(["plan", "--as-of", day.isoformat()]) == 0
        assert broken_rules(here / "dealership.db", Settings()).empty
        day += timedelta(weeks=4)
    assert run(["check"]) == 0
    table = contacts(here)
    assert len(visits) == 2
    reached = table[table["planned_on"].notna() & (table["planned_on"] < "2027-03-11")]
    reached = reached[reached["status"].isin(["planned", "standby"])]
    assert_rules_hold(reached)
    # The overdue reminders were never called up, because the visits came.
    assert not set(reached["touchpoint"]) & {"S1d", "S2d"}
    assert len(reached) >= 30
    assert (reached["channel"] == "call").sum() <= 6
