"""A call desk for the tests: lists that were filled in, and weeks that are played."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from planner.columns import empty, typed
from planner.cycle import Cycles, load_cycles
from planner.forecast import forecast
from planner.lists import weekly_list
from planner.outcomes import Recorded, record, told, withdraw
from planner.pipeline import Plan, build_plan
from planner.schedule.check import violations
from planner.scripts import Scripts
from planner.settings import Settings
from planner.tables import BEFORE, OUTCOMES, STORED, WITHDRAWN

FILLED = {
    "contact_id": "str",
    "attempt": "Int64",
    "outcome": "str",
    "on": "datetime64[us]",
    "odometer_km": "float64",
    "scope": "str",
    "note": "str",
    "listed_on": "datetime64[us]",
    "file": "str",
    "sheet": "str",
    "row": "Int64",
}


def filled(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """A list that was filled in; of each row what is not given is empty, and the attempt is the first."""
    given = [{"attempt": 1, "file": "calls.xlsx", "sheet": "Calls", "row": 5, **row} for row in rows]
    frame = pd.DataFrame(given, columns=list(FILLED))
    for name in ("on", "listed_on"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    return frame.astype(FILLED)


@cache
def _shipped_cycles() -> Cycles:
    return load_cycles(Settings())


class Desk:
    """Stored tables in memory, and the commands over them."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], settings: Settings | None = None) -> None:
        self.tables = {**{table.name: empty(table) for table in STORED}, **tables}
        self.settings = settings or Settings()
        self.cycles = load_cycles(settings) if settings else _shipped_cycles()
        self.planned_on: date | None = None
        self.answered_since: set[str] = set()

    def told(self) -> dict[str, pd.DataFrame]:
        return told(self.tables, self.tables["outcomes"], self.settings)

    def plan(self, as_of: date, years: int = 1) -> Plan:
        made = build_plan(self.told(), self.settings, as_of, years)
        self.tables |= {"forecasts": made.forecasts, "contacts": made.contacts}
        self.planned_on = as_of
        self.answered_since = set()
        return made

    def calls(self, monday: date, as_of: date) -> pd.DataFrame:
        """The week's calls, handed out."""
        assert self.planned_on
        scripts = Scripts(self.settings)
        args = (self.cycles, scripts, self.settings, monday, as_of, self.planned_on)
        made = weekly_list(self.told(), *args)
        self._hand_out([*made.calls["contact_id"], *made.messages["contact_id"]], as_of)
        return made.calls

    def hand_out(self, monday: date) -> None:
        """Marks everything that is planned for the week, as a list does."""
        rows = self.tables["contacts"]
        end = pd.Timestamp(monday) + pd.Timedelta(days=6)
        week = rows["planned_on"].between(pd.Timestamp(monday), end) & rows["status"].eq("planned")
        self._hand_out(rows.loc[week, "contact_id"], monday)

    def _hand_out(self, ids: Iterable[str], as_of: date) -> None:
        contacts = self.tables["contacts"]
        new = contacts["contact_id"].isin(list(ids)) & contacts["handed_out_on"].isna()
        handed = contacts["handed_out_on"].mask(new, pd.Timestamp(as_of))
        self.tables["contacts"] = contacts.assign(handed_out_on=handed)

    def record(self, rows: pd.DataFrame, as_of: date, faulty: pd.DataFrame | None = None) -> Recorded:
        now = self.told()
        known = {**self.tables, "touchpoints": self.cycles.touchpoints}
        known["odometers"] = forecast(
            now["vehicles"], now["visits"], now["readings"], self.settings, as_of, as_of
        ).odometers
        made = record(rows, known, self.settings, as_of, faulty)
        contacts = self.tables["contacts"]
        rest = contacts[~contacts["contact_id"].isin(made.contacts["contact_id"])]
        self.tables["contacts"] = pd.concat([rest, made.contacts], ignore_index=True)
        self.answered_since |= set(made.contacts["contact_id"])
        answers = [self.tables["outcomes"], made.answers]
        self.tables["outcomes"] = pd.concat(answers, ignore_index=True)
        before = [self.tables["contacts_before"], made.before]
        self.tables["contacts_before"] = pd.concat(before, ignore_index=True)
        return made

    def withdraw(self, contact_id: str, as_of: date) -> None:
        """Takes back the last answer of a contact."""
        made = withdraw(
            contact_id, {**self.tables, "touchpoints": self.cycles.touchpoints}, self.settings, as_of
        )
        contacts, answers = self.tables["contacts"], self.tables["outcomes"]
        before = self.tables["contacts_before"]
        before = pd.concat([made.before_others, before.drop(index=made.before.index)])
        self.tables["contacts_before"] = before.drop_duplicates(list(BEFORE.key), ignore_index=True)
        other = [*made.contacts["contact_id"], *made.gone["contact_id"]]
        rest = contacts[~contacts["contact_id"].isin(other)]
        self.tables["contacts"] = pd.concat([rest, made.contacts], ignore_index=True)
        self.answered_since |= set(made.contacts["contact_id"])
        self.tables["outcomes"] = answers.drop(index=made.answer.index).reset_index(drop=True)
        back = typed(made.answer.assign(withdrawn_on=pd.Timestamp(as_of)), WITHDRAWN)
        gone = [self.tables["withdrawn_outcomes"], back]
        self.tables["withdrawn_outcomes"] = pd.concat(gone, ignore_index=True)

    def violations(self) -> pd.DataFrame:
        now = self.told()
        return violations(
            now["contacts"],
            now["customers"],
            now["vehicles"],
            self.settings,
            self.planned_on,
            now["outcomes"],
            frozenset(self.answered_since),
        )

    def contact(self, contact_id: str) -> pd.Series:
        return self.tables["contacts"].set_index("contact_id").loc[contact_id]


def answered(calls: pd.DataFrame, rng: np.random.Generator, as_of: date) -> Iterable[dict[str, Any]]:
    """The list as somebody fills it in who draws outcomes; most rows, not all."""
    for row in calls.itertuples():
        if rng.random() < 0.1:
            continue
        outcome = str(rng.choice([*OUTCOMES, "no_answer", "voicemail", "busy", "booked", "callback"]))
        filled_in: dict[str, Any] = {"contact_id": row.contact_id, "attempt": row.attempt, "outcome": outcome}
        if outcome in ("booked", "callback", "already_booked"):
            filled_in["on"] = as_of + timedelta(days=int(rng.integers(0, 25)))
        if outcome == "done_elsewhere":
            filled_in["on"] = as_of - timedelta(days=int(rng.integers(1, 20)))
        if outcome == "do_not_call":
            filled_in["scope"] = str(rng.choice(["calls", "all"]))
        if outcome == "not_yet" or rng.random() < 0.2:
            driven = float(rng.integers(-500, 5_000))
            filled_in["odometer_km"] = 1_000.0 if pd.isna(row.due_km) else max(0.0, row.due_km + driven)
        yield filled_in
