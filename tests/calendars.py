"""Small calendars for the tests of the placement: hand-made candidates, and those of a whole cycle."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from planner.columns import empty, typed
from planner.dates import add_months
from planner.outcomes.complaints import offers
from planner.schedule import place
from planner.settings import DEFAULTS, Settings
from planner.tables import CHANNELS, CONTACTS, CUSTOMERS, LIVE_STATUSES, VEHICLES

Row = dict[str, object]
PLACEMENT = ("purpose", "on_conflict", "standby", "gone", "instead")
MONDAY = date(2024, 1, 8)  # the as-of day of most tests; the next US holiday is 15 January


def candidate(name: str, ideal: str, *, around: int = 0, **more: Any) -> Row:
    """One candidate: its window is `around` days to both sides unless earliest_on or latest_on say else.

    `name` is vehicle/touchpoint; household H and customer C1 unless said otherwise.
    """
    day, margin = date.fromisoformat(ideal), timedelta(days=around)
    vehicle, touchpoint = name.split("/")
    row: Row = {
        "contact_id": name,
        "household_id": "H",
        "customer_id": "C1",
        "vehicle_id": vehicle,
        "touchpoint": touchpoint,
        "stage": "warranty",
        "channel": "sms",
        "ideal_on": day,
        "earliest_on": day - margin,
        "latest_on": day + margin,
        "min_gap_days": 7,
        "priority": 3,
        "script": touchpoint,
        "purpose": "service",
        "on_conflict": "shift",
        "standby": False,
        "gone": False,
        "instead": "",
    }
    dates = {key: date.fromisoformat(value) for key, value in more.items() if key.endswith("_on")}
    return {**row, **more, **dates}


def candidates(rows: Iterable[Row]) -> pd.DataFrame:
    """Hand-made candidates as the frame that the cycle makes."""
    frame = pd.DataFrame(list(rows), columns=[*CONTACTS.names, *PLACEMENT])
    for column in CONTACTS.columns:
        if column.kind == "date":
            frame[column.name] = frame[column.name].astype("datetime64[us]")
    flags = {"purpose": "str", "on_conflict": "str", "standby": "bool", "gone": "bool", "instead": "str"}
    found = typed(frame, CONTACTS).join(frame[list(PLACEMENT)].astype(flags))
    no_kind = pd.Series("", found.index, dtype="str")
    return found.assign(offers=offers(no_kind, found["purpose"]))


def customers(*rows: Row) -> pd.DataFrame:
    """Customers; C1 of household H unless rows are given, consent to everything unless said otherwise."""
    said = {f"consent_{channel}": "yes" for channel in CHANNELS}
    frame = pd.DataFrame([{"household_id": "H", **said, **row} for row in rows or [{"customer_id": "C1"}]])
    return typed(frame, CUSTOMERS)


def fleet(found: pd.DataFrame) -> pd.DataFrame:
    """The vehicles of the candidates, sold where these say so."""
    cars = found.drop_duplicates("vehicle_id")
    sold = np.where(cars["gone"], "sold", "active")
    return typed(cars[["vehicle_id", "customer_id"]].assign(status=sold), VEHICLES)


def plan(
    *rows: Row,
    people: pd.DataFrame | None = None,
    cars: pd.DataFrame | None = None,
    previous: pd.DataFrame | None = None,
    settings: Settings | None = None,
    as_of: date = MONDAY,
) -> pd.DataFrame:
    """Places hand-made candidates; the result by contact_id."""
    found = candidates(rows)
    placed = place(
        found,
        customers() if people is None else people,
        fleet(found) if cars is None else cars,
        empty(CONTACTS) if previous is None else previous,
        settings or Settings(),
        as_of,
    )
    return placed.set_index("contact_id", drop=False)


def days(placed: pd.DataFrame) -> dict[str, str]:
    """The planned days, without the year, by contact_id; those without a day are left out."""
    stands = placed[placed["planned_on"].notna()]
    return dict(zip(stands["contact_id"], stands["planned_on"].dt.strftime("%d %b"), strict=True))


def live(placed: pd.DataFrame) -> pd.DataFrame:
    return placed[placed["status"].isin(LIVE_STATUSES)]


def longest_silence(placed: pd.DataFrame, since: date) -> int:
    """The most days between successive live contacts, from a day on."""
    stands = [since, *sorted(live(placed)["planned_on"].dt.date)]
    return max(int((later - earlier).days) for earlier, later in itertools.pairwise(stands))


def three_years(
    delivered: date, birthday: tuple[int, int] | None = (8, 10), car: str = "CAR", **more: Any
) -> list[Row]:
    """The candidates of the first three years of a car that comes two days after each due day."""
    anchors = _anchors(delivered, birthday)
    with (DEFAULTS / "cycles" / "first_three_years.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = []
    for row in rows:
        if row["anchor"] not in anchors:
            continue
        day = anchors[row["anchor"]]
        ideal, earliest, latest = (
            day + timedelta(days=int(row[column])) for column in ("offset_days", "from_days", "to_days")
        )
        found.append(
            candidate(
                f"{car}/{row['id']}",
                ideal.isoformat(),
                earliest_on=max(earliest, delivered).isoformat(),
                latest_on=latest.isoformat(),
                channel=row["channel"],
                priority=int(row["priority"]),
                min_gap_days=int(row["min_gap_days"]),
                purpose=row["purpose"],
                on_conflict=row["on_conflict"],
                script=row["script"],
                standby=row["when"] == "overdue",
                **more,
            )
        )
    return found


def _anchors(delivered: date, birthday: tuple[int, int] | None) -> dict[str, date]:
    """The anchor days: each service due a year and two days after the one before was due and done."""
    day, anchors = delivered, {"purchase": delivered}
    for number in (1, 2, 3):
        day = _later(day, 12)
        anchors[f"service:{number}"] = day
        day += timedelta(days=2)
        anchors[f"visit:{number}"] = day
    anchors["finance_end"] = anchors["warranty_end"] = _later(delivered, 36)
    years = range(delivered.year, delivered.year + 5)
    seasons = sorted(date(year, *on) for year in years for on in ((4, 1), (10, 15)))
    anchors |= _numbered("season", [on for on in seasons if on > delivered])
    if birthday:
        anchors |= _numbered("birthday", [on for year in years if (on := date(year, *birthday)) > delivered])
    return anchors


def _numbered(kind: str, found: Sequence[date]) -> dict[str, date]:
    return {f"{kind}:{number}": day for number, day in enumerate(found, start=1)}


def _later(day: date, months: int) -> date:
    return date.fromisoformat(str(add_months(np.datetime64(day), months)))


def reasons(placed: pd.DataFrame) -> dict[str, str]:
    return dict(zip(placed["contact_id"], placed["reason"], strict=True))


def statuses(placed: pd.DataFrame) -> dict[str, str]:
    return dict(zip(placed["contact_id"], placed["status"], strict=True))
