"""What one call says, cell by cell, and what is wrong with it or missing, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from planner.intake.values import Order
from planner.outcomes.groups import AT_ONCE
from planner.tables import KM_PER_MILE
from planner.workbooks.filled_in_sheets import Row
from planner.workbooks.filled_in_values import (
    Wrong,
    clock,
    country_order,
    read_day,
    read_km,
)
from planner.workbooks.filled_in_words import nearest_outcome, read_outcome, scope_of_note
from planner.workbooks.texts import Texts, outcome_words

if TYPE_CHECKING:
    from planner.settings import Settings

NEEDS = {
    "booked": ("date",),
    "callback": ("date",),
    "not_yet": ("odometer",),
    "done_elsewhere": ("date", "odometer"),
}
TO_COME = ("booked", "callback", "already_booked")
HAS_BEEN = ("done_elsewhere",)
NOBODY = ("no_answer", "voicemail", "busy", "wrong_number")  # nobody spoke, so nothing was said
WEEK = timedelta(days=7)
# A list may come back a quarter late; nobody books more than two years ahead, or recalls more than ten.
LATE_DAYS, AHEAD_DAYS, BACK_DAYS = 92, 732, 3660


@dataclass(frozen=True, slots=True)
class Said:
    """What the cells of one call say, and what is wrong with those that cannot be read.

    left_out: what is wrong with those that the outcome does not wait for.
    """

    outcome: str = ""  # a code; '' for none, or one that cannot be read
    scope: str = ""
    on: date | None = None
    odometer_km: float | None = None
    note: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)  # cells that cannot be read, and why
    left_out: tuple[str, ...] = ()


class Reader:
    """Reads and judges calls under one dealership's settings."""

    def __init__(self, settings: Settings, as_of: date) -> None:
        house = settings.dealership
        self.texts, self.unit, self.as_of = Texts(house.language, house.country), house.unit, as_of
        self.order: Order | None = country_order(house.country)
        self._words = outcome_words(house.language)
        self._listed: dict[tuple[str, Order | None], date | None] = {}
        self._example = self.texts.day(min(as_of, date.max - WEEK) + WEEK, "d MMMM y")

    def read(self, row: Row) -> Said:
        """What each cell says, and what is wrong with those that cannot be read."""
        wrong: dict[str, str] = {}
        outcome, scope = read_outcome(row.outcome)
        if row.outcome and not outcome:
            wrong["outcome"] = (
                self._say("status", text=_short(row.outcome), section="[vicidial]")
                if row.said_on
                else self._no_outcome(row.outcome)
            )
        on, km = None, None
        if row.date:
            read = read_day(row.date, row.order or self.order, self.as_of)
            if isinstance(read, Wrong):
                wrong["date"] = self._wrong(read, row.date)
            else:
                on = read
        if row.odometer:
            number = read_km(row.odometer, row.unit or self.unit)
            if isinstance(number, Wrong):
                wrong["odometer"] = self._wrong(number, row.odometer)
            else:
                km = number
        note = row.note
        if on and (hour := clock(row.date)):  # a promise is kept by the hour
            note = f"{hour}; {note}" if note else hour
        said = Said(outcome, scope, on, km, note, wrong)
        return self._at_once(said, row) if outcome in AT_ONCE else said

    def _at_once(self, said: Said, row: Row) -> Said:
        """Without the date and the odometer, where they cannot be used: the outcome holds all the same."""
        far = self._implausible(said.outcome, said.on) if said.on else ""
        if row.shifted:
            why = (self.texts("returned.shifted"),)
            return replace(said, on=None, odometer_km=None, wrong={}, left_out=why)
        left_out = (*said.wrong.values(), *filter(None, [far]))
        return replace(said, on=None if far else said.on, wrong={}, left_out=left_out)

    def misses(self, said: Said) -> dict[str, str]:
        """By cell a sentence: what a call that can be read lacks, or says that cannot be true together."""
        code = said.outcome
        if not code:
            return {"outcome": self.texts("returned.no_outcome")}
        found = {
            need: self._say(f"{code}.{need}", code)
            for need in NEEDS.get(code, ())
            if (said.on if need == "date" else said.odometer_km) is None and need not in said.wrong
        }
        if said.on and code in NOBODY:
            found["date"] = self._say("nobody.date", code)
        elif said.on and (why := self._implausible(code, said.on)):
            found["date"] = why
        if said.odometer_km is not None and code in NOBODY:
            found["odometer"] = self._say("nobody.odometer", code)
        return found

    def listed_on(self, row: Row) -> date | None:
        """The day for which the row's list prints the call; None where that is no day any more.

        A spreadsheet writes it into a CSV as it shows it, without the year: of the nearest one, then.
        """
        key = (row.listed, row.order or self.order)
        if key not in self._listed:  # a list has few different days
            self._listed[key] = self._day_of_list(*key)
        return self._listed[key]

    def _day_of_list(self, text: str, order: Order | None) -> date | None:
        if not text:
            return None
        if isinstance(day := read_day(text, order, self.as_of), date):
            return day
        read = (read_day(f"{text} {self.as_of.year + more}", order, self.as_of) for more in (0, -1, 1))
        days = [day for day in read if isinstance(day, date)]
        return min(days, key=lambda day: abs(day - self.as_of), default=None)

    def refusal(self, code: str, values: Mapping[str, Any]) -> str:
        """A sentence: why a row that can be read cannot be recorded (planner.outcomes.contradictions)."""
        return self._say(code, **{name: self._named(name, value) for name, value in values.items()})

    def scope(self, said: Said) -> str:
        """'calls' or 'all' of a do_not_call, '' of any other outcome."""
        return (said.scope or scope_of_note(said.note)) if said.outcome == "do_not_call" else ""

    def _implausible(self, code: str, on: date) -> str:
        away = (on - self.as_of).days
        if code in HAS_BEEN and away > 0:
            return self._say("date.future", code, day=self.texts.day(on))
        back = LATE_DAYS if code in TO_COME else BACK_DAYS
        if not -back <= away <= AHEAD_DAYS:
            return self._say("date.far", code, day=self.texts.day(on))
        return ""

    def _no_outcome(self, text: str) -> str:
        near, more = nearest_outcome(text)
        key = "outcome.more" if more else "outcome.near" if near else "outcome"
        return self._say(key, text=_short(text), near=self._words.get(near, near))

    def _wrong(self, wrong: Wrong, text: str) -> str:
        days = {
            name: self.texts.day(day) for name, day in (("one", wrong.one), ("other", wrong.other)) if day
        }
        return self._say(wrong.key, text=_short(text), **days)

    def _named(self, name: str, value: Any) -> Any:
        if isinstance(value, date):
            return self.texts.day(value)
        if name.endswith("km"):
            return self.texts.number(value / (KM_PER_MILE if self.unit == "mi" else 1.0), "#,##0")
        if name == "status":
            return self.texts.code("status", value)
        return self._words.get(value, value)

    def _say(self, key: str, outcome: str = "", **values: Any) -> str:
        given = {
            "outcome": self._words.get(outcome, outcome),
            "callback": self._words["callback"],
            "example": self._example,
            "unit": self.texts(f"unit.{self.unit}"),
        }
        return self.texts(f"returned.{key}", **{**given, **values})


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
