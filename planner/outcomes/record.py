"""Filled-in rows become answers, which are kept for good, and contacts change by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from planner.columns import empty, typed
from planner.consents import Consents, consents
from planner.outcomes.attempts import MOST_TRIES, NOT_REACHED_SCRIPT, WAIT_WORKING_DAYS, Diary
from planner.outcomes.contradictions import Car, Refusal, Refusals, Said, contradictions, with_reasons
from planner.outcomes.groups import AT_ONCE, NAMES_A_DAY_AHEAD, NOT_REACHED, OPEN
from planner.outcomes.overlay import told
from planner.outcomes.people import Numbers
from planner.outcomes.standing import changed_by
from planner.settings import Settings
from planner.tables import ANSWERS, BEFORE, CONTACTS, WITHDRAWN

Row = dict[str, Any]
Tables = Mapping[str, pd.DataFrame]

FAR = 1_000_000  # an attempt that there is not
COMPARED = ("outcome", "for_on", "odometer_km", "scope")
CARRIED = (
    *("contact_id", "household_id", "customer_id", "vehicle_id", "also_vehicle_ids", "touchpoint"),
    "service_no",
)


@dataclass(frozen=True)
class Recorded:
    """What was read of a filled-in list.

    answers: new rows of ANSWERS. contacts: CONTACTS, the rows that changed, whole; before: BEFORE, the same
    as they were, by the answers that may change them. Of the rows of `filled`, taken: those that became
    answers; refused: those that cannot be taken, once for each `reason`, a code, with `values`, what it is
    about (see Refusal); left_out: those that were taken without a cell, likewise. unchanged: how many were
    known. faulty: of rows that had been refused before, once for each thing more that is wrong with them.
    """

    answers: pd.DataFrame
    contacts: pd.DataFrame
    before: pd.DataFrame
    taken: pd.DataFrame
    refused: pd.DataFrame
    left_out: pd.DataFrame
    unchanged: int
    faulty: pd.DataFrame


def record(
    filled: pd.DataFrame,
    tables: Tables,
    settings: Settings,
    as_of: date,
    faulty: pd.DataFrame | None = None,
) -> Recorded:
    """Takes a filled-in list: what is new becomes answers, what contradicts comes back with the reason.

    filled: contact_id, attempt (Int64; the one printed in the list, <NA> if unknown), outcome, on (the day
    named), odometer_km, scope, note, listed_on (the day for which the list prints the call), file, sheet,
    row; any order. tables, as stored: contacts, outcomes,
    customers, vehicles, visits, forecasts; touchpoints (id, kind, purpose); odometers (vehicle_id,
    odometer_km, read_on: the latest believed one), which may be missing. faulty: rows, as filled, that cannot
    be taken as they stand, with what can be read of them; they are looked at so that all is said at once.

    A row that says what is recorded already changes nothing. Of one contact the attempts follow each
    other: after one that did not reach the person, or a promise to call back, another outcome is the next
    attempt; any other outcome stands, and a second one is refused. But do_not_call is always taken, and with
    complaint an odometer that cannot be right is left out instead of the row (groups.AT_ONCE).
    """
    faulty = filled.head(0) if faulty is None else faulty
    desk = _Desk.of([*filled["contact_id"], *faulty["contact_id"]], tables, settings, as_of)
    more = {row.Index: desk.doubts(row) for row in faulty.itertuples()}
    refused: dict[Any, Refusals] = {}
    left_out: dict[Any, Refusals] = {}
    taken: list[Any] = []
    for row in _in_turn(filled).itertuples():
        done = desk.take(row)
        if done.refused:
            refused[row.Index] = done.refused
        elif done.new:
            taken.append(row.Index)
            left_out |= {row.Index: done.left_out} if done.left_out else {}
    answers = typed(pd.DataFrame(desk.new, columns=ANSWERS.names), ANSWERS)
    contacts = desk.changed(answers)
    return Recorded(
        answers,
        contacts,
        desk.as_it_was(answers, contacts),
        filled.loc[sorted(taken)],
        with_reasons(filled, refused),
        with_reasons(filled, left_out),
        len(filled) - len(taken) - len(refused),
        with_reasons(faulty, more),
    )


def _in_turn(filled: pd.DataFrame) -> pd.DataFrame:
    """The rows by contact and attempt; of one attempt those that go on first, do_not_call last."""
    said = filled["outcome"]
    goes_on = np.select([said.isin(NOT_REACHED), said.isin(OPEN), said == "do_not_call"], [0, 1, 3], 2)
    day = filled.get("said_on", pd.Series(pd.NaT, filled.index))
    by = ["contact_id", "attempt", "day", "turn"]
    order = filled.assign(turn=goes_on, day=day).sort_values(by, kind="stable").index
    return filled.loc[order]


@dataclass(frozen=True)
class _Taken:
    """What became of a row: is it new? Why it cannot be taken, or why it was taken without its odometer."""

    new: bool = False
    refused: Refusals = ()
    left_out: Refusals = ()


@dataclass
class _Desk:
    """What is known while a list is read, row by row: a week's list has a few hundred."""

    tables: Tables
    settings: Settings
    as_of: date
    diary: Diary
    contacts: dict[str, Row]
    answers: dict[str, list[Row]]
    cars: dict[str, Car]
    numbers: Numbers
    consents: Consents
    withdrawn: dict[tuple[str, str], list[Row]]  # by contact and file
    new: list[Row] = field(default_factory=list)
    was: list[Row] = field(default_factory=list)  # BEFORE, of the contacts that were called
    touched: dict[str, None] = field(default_factory=dict)

    @classmethod
    def of(cls, ids: Sequence[str], tables: Tables, settings: Settings, as_of: date) -> _Desk:
        contacts = tables["contacts"]
        asked = contacts[contacts["contact_id"].isin(ids)]
        known = tables["outcomes"]
        known = known[known["contact_id"].isin(asked["contact_id"])].sort_values(["contact_id", "attempt"])
        customers = told({"customers": tables["customers"]}, tables["outcomes"], settings)["customers"]
        answers: dict[str, list[Row]] = {contact_id: [] for contact_id in asked["contact_id"]}
        for answer in _plain(known):
            answers[answer["contact_id"]].append(answer)
        return cls(
            tables,
            settings,
            as_of,
            Diary(settings, as_of),
            {row["contact_id"]: row for row in _plain(asked)},
            answers,
            _cars(asked["vehicle_id"], tables),
            Numbers(asked, customers, settings.dealership.country),
            consents(customers),
            _taken_back(asked["contact_id"], tables.get("withdrawn_outcomes", empty(WITHDRAWN))),
        )

    def doubts(self, row: Any) -> Refusals:
        """What is wrong with a row beside its cells that are missing or cannot be read."""
        contact = self.contacts.get(row.contact_id)
        if contact is None:
            return self._unknown(row, whole=False)
        before, outcome = self.answers[row.contact_id], _value(row.outcome)
        last = before[-1] if before else None
        if outcome and (never := self._not_to_be_said(contact, last, outcome)):
            return (never,)
        day = _value(getattr(row, "said_on", None))
        return self._contradictions(
            row, contact, day or self._day_of_call(row, contact, last)[0], whole=False
        )

    def _unknown(self, row: Any, whole: bool = True) -> Refusals:
        unknown = _value(row.contact_id)
        named = Refusal("unknown", {"contact_id": unknown}) if unknown else Refusal("no_id")
        return (named, *self._contradictions(row, None, date.min, whole))

    def _contradictions(self, row: Any, contact: Row | None, not_before: date, whole: bool) -> Refusals:
        cells = (_value(row.outcome), _value(row.on), _value(row.odometer_km))
        car = self.cars.get(contact["vehicle_id"], Car()) if contact else Car()
        return contradictions(Said(*cells, not_before, self.as_of), car, whole)

    def _not_to_be_said(self, contact: Row, last: Row | None, outcome: str) -> Refusal | None:
        """What is recorded stands, and only what was listed is answered; do_not_call is always taken."""
        if outcome == "do_not_call":
            return None
        # What holds at once may be completed: its odometer was left out when it was read first.
        if _is_over(last) and last and (last["outcome"] != outcome or outcome not in AT_ONCE):
            return _already(last)
        return None if _was_listed(contact, last) else Refusal("never_listed", {"status": contact["status"]})

    def take(self, row: Any) -> _Taken:
        """Records a row if it is new and can be taken."""
        contact = self.contacts.get(row.contact_id)
        if contact is None:
            return _Taken(refused=self._unknown(row))
        before = self.answers[row.contact_id]
        said = {
            "outcome": _value(row.outcome),
            "for_on": _value(row.on),
            "odometer_km": _value(row.odometer_km),
            "scope": _value(row.scope) or ("calls" if row.outcome == "do_not_call" else None),
        }
        printed = _value(row.attempt) or len(before) + (contact["handed_out_on"] is not None)
        back = self.withdrawn.get((row.contact_id, _value(row.file)), [])
        day = _value(getattr(row, "said_on", None))
        if day:  # a dialer calls more often than lists are printed: its day tells the calls apart
            printed = min((one["attempt"] for one in [*before, *back] if one["said_on"] >= day), default=FAR)
        if _is_known(said, [*before, *back], printed):
            return _Taken()
        last = before[-1] if before else None
        over, listed = _is_over(last), _was_listed(contact, last)
        if never := self._not_to_be_said(contact, last, said["outcome"]):
            return _Taken(refused=(never,))
        not_before, assumed = (day, day) if day else self._day_of_call(row, contact, last)
        why = self._contradictions(row, contact, not_before, whole=True)
        if why and said["outcome"] not in AT_ONCE:
            return _Taken(refused=why)
        if why:  # the odometer: they need neither it nor a day
            said["odometer_km"] = None
            if _is_known(said, before, printed):
                return _Taken()
        if said["outcome"] in NAMES_A_DAY_AHEAD and said["for_on"]:
            assumed = min(assumed, said["for_on"])
        answer = {
            **{name: contact[name] for name in CARRIED},
            **said,
            "attempt": len(before) + 1,
            "said_on": assumed,
            "note": _value(row.note),
            "source": _value(row.file),
            "recorded_on": self.as_of,
        }
        if said["outcome"] in ("wrong_number", "do_not_call"):
            answer["phone"] = self.numbers.dialled(contact)
        if said["outcome"] == "wrong_number":
            self.numbers.strike(contact)
        before.append(answer)
        self.new.append(answer)
        self.was.append({**contact, "answered": row.contact_id, "attempt": len(before)})
        self.touched[row.contact_id] = None
        # What comes after the end of a contact, or was said in none, is about the people only.
        self.contacts[row.contact_id] = contact if over or not listed else self._after(contact, before)
        return _Taken(new=True, left_out=why)

    def changed(self, answers: pd.DataFrame) -> pd.DataFrame:
        """The contacts that are other than they are stored: those that were called, and what falls away."""
        stored = self.tables["contacts"]
        if answers.empty:
            return stored.head(0)
        known = typed(pd.DataFrame([self.contacts[name] for name in self.touched]), CONTACTS)
        known = known.set_index("contact_id", drop=False)
        rows = stored[~stored["contact_id"].isin(known.index)]
        # What was said of a car or a household can reach any contact of the people who were called.
        everything = pd.concat([self.tables["outcomes"], answers], ignore_index=True)
        rows = pd.concat([rows, known], ignore_index=True)
        return changed_by(rows, set(known.index), everything, self.tables, self.settings, self.as_of)

    def as_it_was(self, answers: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
        """BEFORE: the contacts that were called, and what was still open of their households, as they were.

        The plan that follows moves these too. What another household heard of, every do_not_call has.
        """
        stored = self.tables["contacts"]
        others = stored[~stored["contact_id"].isin(self.touched)]
        asked = answers[["contact_id", "attempt", "household_id", "outcome"]]
        asked = asked.rename(columns={"contact_id": "answered"})
        at_home = others[others["status"] != "done"].merge(asked, on="household_id")
        away = others[others["contact_id"].isin(contacts["contact_id"])]
        away = away[~away["household_id"].isin(asked["household_id"])]
        away = away.merge(asked.loc[asked["outcome"] == "do_not_call", ["answered", "attempt"]], how="cross")
        own = pd.DataFrame(self.was, columns=BEFORE.names)
        return pd.concat([typed(frame, BEFORE) for frame in (own, at_home, away)], ignore_index=True)

    def _day_of_call(self, row: Any, contact: Row, last: Row | None) -> tuple[date, date]:
        """The first day on which it can have been said, and the day on which we think it was.

        A call that nobody made in its week stands in the next list too, for another day than it is planned.
        """
        planned, start = contact["planned_on"], contact["handed_out_on"]
        if last:
            start = max(start or last["said_on"], last["said_on"])
        if start is None:
            return min(planned or self.as_of, self.as_of), self.as_of
        start = min(start, self.as_of)
        listed = (_value(getattr(row, "listed_on", None)), planned)
        return start, next((day for day in listed if day and start <= day <= self.as_of), self.as_of)

    def _after(self, contact: Row, answers: list[Row]) -> Row:
        """The contact after what was said last."""
        last = answers[-1]
        outcome, said_on = last["outcome"], last["said_on"]
        changed = {
            **contact,
            "attempts": len(answers),
            "notes": last["note"] or contact["notes"],
            "handed_out_on": None,
            "callback_on": None,
            **self._as_in_cycle(contact),
            "reason": "pinned",
            "status": "planned",
        }
        done = {
            **changed,
            "handed_out_on": contact["handed_out_on"],
            "status": "done",
            "outcome": outcome,
            "outcome_at": said_on,
            "planned_on": said_on,
        }
        if outcome not in OPEN or contact["status"] in ("cancelled", "merged", "dropped"):
            return done
        if outcome == "callback":
            day = self.diary.call_day(max(last["for_on"], self.as_of))
            return {**changed, "planned_on": day, "callback_on": last["for_on"]}
        if outcome == "wrong_number" and self.numbers.dialled(contact) is None:
            return done
        tries = sum(answer["outcome"] in NOT_REACHED for answer in answers)
        if tries < MOST_TRIES:
            day = self.diary.call_day(said_on, WAIT_WORKING_DAYS[tries - 1])
            day = self.diary.try_day(max(day, self.as_of), contact["advisor"], contact["latest_on"])
            return {**changed, "planned_on": day}
        if not self._may_write(contact):
            return done
        day = self.diary.message_day(max(said_on + timedelta(days=1), self.as_of))
        return {**changed, "planned_on": day, "channel": "sms", "script": NOT_REACHED_SCRIPT}

    def _as_in_cycle(self, contact: Row) -> Row:
        """A call again, where the message after the last try had taken its place."""
        if contact["script"] != NOT_REACHED_SCRIPT:
            return {}
        cycle = self.tables["touchpoints"].set_index("id")
        return {"channel": "call", "script": cycle["script"].get(contact["touchpoint"])}

    def _may_write(self, contact: Row) -> bool:
        purpose = self.tables["touchpoints"].set_index("id")["purpose"].get(contact["touchpoint"])
        asked = pd.DataFrame([{"home": contact["household_id"], "channel": "sms", "purpose": purpose}])
        objection = self.consents.objection(asked["home"], asked["channel"], asked["purpose"], self.settings)
        return str(objection[0]) == ""


def _taken_back(ids: pd.Series, answers: pd.DataFrame) -> dict[tuple[str, str], list[Row]]:
    """By contact and file the answers that were taken back; that file does not bring them in again."""
    found: dict[tuple[str, str], list[Row]] = {}
    for answer in _plain(answers[answers["contact_id"].isin(ids)]):
        found.setdefault((answer["contact_id"], answer["source"]), []).append(answer)
    return found


def _cars(ids: pd.Series, tables: Tables) -> dict[str, Car]:
    """What is on record of the cars."""
    cars = tables["vehicles"][tables["vehicles"]["vehicle_id"].isin(ids)].set_index("vehicle_id")
    visits = tables["visits"]
    ours = visits[visits["vehicle_id"].isin(ids) & visits["kind"].fillna("maintenance").eq("maintenance")]
    served = ours.groupby("vehicle_id")["visited_on"].max()
    read = tables["odometers"].set_index("vehicle_id") if "odometers" in tables else pd.DataFrame()
    known = cars[["purchased_on"]].assign(served_on=served).join(read)
    return {
        str(row["vehicle_id"]): Car(**{name: row[name] for name in row if name != "vehicle_id"})
        for row in _plain(known.reset_index(names="vehicle_id"))
    }


def _plain(frame: pd.DataFrame) -> list[Row]:
    """The rows as dicts: days as date, what is missing as None."""
    return [{str(name): _value(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _value(value: Any) -> Any:
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def _is_known(said: Row, before: list[Row], printed: int) -> bool:
    """Is it recorded of that attempt, or of a later one?"""
    return any(
        answer["attempt"] >= printed and all(answer[name] == said[name] for name in COMPARED)
        for answer in before
    )


def _is_over(last: Row | None) -> bool:
    """Is nothing more to be said of a contact after this answer?"""
    return last is not None and last["outcome"] not in OPEN


def _was_listed(contact: Row, last: Row | None) -> bool:
    return bool(last or contact["status"] in ("planned", "standby") or contact["handed_out_on"])


def _already(answer: Row) -> Refusal:
    names = {"recorded": "outcome", "said": "said_on", "day": "for_on", "contact_id": "contact_id"}
    values = {name: answer[column] for name, column in names.items()}
    return Refusal("recorded.day" if answer["for_on"] else "recorded", values)
