"""Why each contact stands where it does, in a sentence.

The calendar keeps a code (`gap`) for every contact. What lies behind it is looked up in the calendar as it
stands: who is too close to the best day, which calls fill the ninety days, which holiday it is. A cause is
named only if it does forbid the best day now; where it has gone since, the general words for the code are
given, so that no sentence is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.dates import working_weekdays
from planner.outcomes.attempts import MOST_TRIES, NOT_REACHED_SCRIPT
from planner.outcomes.talks import talks
from planner.parts import Part, Where
from planner.schedule.neighbours import Standing, crowded_days, ordinals, standing
from planner.schedule.rules import Bools, Consents, consents, kind_of_days, open_days, rests_until
from planner.settings import Settings
from planner.tables import LIVE_STATUSES

COUNTED = {"call": ("call",), "email": ("email",), "post": ("post",)}  # by the caps; else short messages
SHORT = ("sms", "messenger")
PLAIN = ("ideal", "do-not-contact", "vehicle-gone", "booked", "visited", "not-due")  # the code says it all
BY_NEIGHBOURS = ("gap", "cap", "household")
NAMED = 2  # neighbours that a sentence names
LONGEST = 12  # contacts that a sentence lists


class Words(Protocol):
    """The words of a language: planner.workbooks.texts.Texts."""

    def __call__(self, key: str, **values: object) -> str: ...

    @property
    def language(self) -> str: ...

    def code(self, kind: str, code: str) -> str: ...

    def reason(self, code: str, status: str) -> str: ...

    def day(self, day: date, pattern: str = ...) -> str: ...

    def days(self, count: int) -> str: ...

    def touchpoint(self, name: str) -> str: ...


def why(
    contacts: pd.DataFrame,
    shown: pd.Series[bool],
    customers: pd.DataFrame,
    touchpoints: pd.DataFrame,
    settings: Settings,
    words: Words,
    cars: Mapping[str, str],
    answers: pd.DataFrame,
) -> pd.Series[str]:
    """A sentence for each of the contacts that are shown, along `contacts[shown]`.

    In: CONTACTS (all, or `contacts_around` those shown: neighbours are looked up), which to show, customers
    with household_id, touchpoints of the cycles, what each vehicle is called, and ANSWERS. Missing where
    there is no reason.
    """
    rows = contacts.loc[shown, list(_COLUMNS)]
    cycle = touchpoints.set_index("id")
    own = rows["touchpoint"].map(cycle["channel"]).fillna(rows["channel"])
    purpose = rows["touchpoint"].map(cycle["purpose"]).astype("str")
    wanted = own.where(rows["status"].isin(LIVE_STATUSES), rows["channel"])
    rows = rows.assign(
        own=own,
        purpose=purpose,
        no=_no(consents(customers), rows["household_id"], wanted, purpose, settings),
        kind=kind_of_days(rows["channel"], purpose),
    )
    asked = rows[["ideal_on", "earliest_on", "latest_on", "callback_on"]]
    first, last = asked.min().min(), asked.max().max()
    first_day = date.max if pd.isna(first) else first.date()
    opens = open_days(settings, first_day, 0 if pd.isna(first) else (last - first).days + 1)
    told = _general(rows, words)
    # Of hundreds of thousands only those have a story whose code or channel asks for one.
    asks = rows["reason"].notna() & (~rows["reason"].isin(PLAIN) | (own != rows["channel"]))
    rows = rows[asks]
    crowded = rows.loc[rows["reason"].isin(BY_NEIGHBOURS), "household_id"]
    near = contacts[contacts["household_id"].isin(crowded)]
    homes = standing(pd.concat([near, talks(near, answers)]))
    teller = _Teller(settings, words, cycle, contacts, cars, homes, first_day.toordinal(), opens)
    sentences = [teller.sentence(row) for row in rows.itertuples(index=False)]
    return told.mask(asks, pd.Series(sentences, rows.index, dtype="str"))


def contacts_around(shown: pd.DataFrame) -> Part:
    """What `why` needs to explain CONTACTS: them, their households', and the calls of their best days."""
    return Part(
        rows=(
            (Where("contact_id", "in", shown["contact_id"]),),
            (Where("household_id", "in", shown["household_id"].unique()),),
            (Where("channel", "=", "call"), Where("planned_on", "in", shown["ideal_on"].unique())),
        )
    )


def _general(rows: pd.DataFrame, words: Words) -> pd.Series[str]:
    """What the code alone says."""
    pairs = pd.MultiIndex.from_frame(rows[["reason", "status"]])
    code, different = pairs.factorize()
    told = [words.reason(*pair) if isinstance(pair[0], str) else None for pair in different]
    return pd.Series(np.array([*told, None], dtype=object)[code], rows.index, dtype="str")


def _no(
    said: Consents, household: pd.Series, channel: pd.Series, purpose: pd.Series, settings: Settings
) -> npt.NDArray[np.object_]:
    """What keeps a household from a channel: `no`, its own; `policy`; "" if nothing does."""
    refused = said.refusal(household, channel) == "consent"
    silent = said.objection(household, channel, purpose, settings) == "consent"
    return np.select([refused, silent & purpose.notna().to_numpy(dtype=bool)], ["no", "policy"], default="")


_COLUMNS = (
    *("contact_id", "household_id", "vehicle_id", "touchpoint", "channel", "script", "status", "reason"),
    *("ideal_on", "earliest_on", "latest_on", "planned_on", "min_gap_days", "advisor"),
    *("handed_out_on", "attempts", "outcome_at", "callback_on"),
)


@dataclass
class _Teller:
    settings: Settings
    words: Words
    touchpoints: pd.DataFrame  # by id
    contacts: pd.DataFrame
    cars: Mapping[str, str]
    homes: Mapping[str, list[Standing]]
    first: int  # the day of the first column of `opens`, from year 1
    opens: Bools  # as rules.open_days
    days: dict[tuple[int, bool], str] = field(default_factory=dict)
    shut: dict[date, str] = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[str, str]:
        return dict(self.touchpoints["name"])

    @cached_property
    def floats(self) -> set[str]:
        return set(self.touchpoints.index[self.touchpoints["on_conflict"] == "float"])

    @cached_property
    def calls(self) -> tuple[Counter[int], Counter[tuple[str, int]]]:
        """The live calls of each day, and of each advisor's day."""
        live = self.contacts["status"].isin(LIVE_STATUSES) & self.contacts["planned_on"].notna()
        calls = self.contacts[live & self.contacts["channel"].eq("call")]
        day = ordinals(calls["planned_on"])
        return Counter(day), Counter(zip(calls["advisor"], day, strict=True))

    @cached_property
    def again(self) -> dict[str, pd.Timestamp]:
        return dict(rests_until(self.contacts, self.settings))

    def sentence(self, row: Any) -> str:
        """Why this contact stands where it does, and by which channel."""
        told = self.told(row)
        if row.own == row.channel or row.script == NOT_REACHED_SCRIPT or row.status not in LIVE_STATUSES:
            return told
        no = self.refusal(row, row.own)
        by = {"channel": self.words.code("by", row.channel), "own": self.words.code("by", row.own)}
        return f"{told}{self.words('semicolon')}{self.words('why.instead', **by)}" + (f": {no}" if no else "")

    def told(self, row: Any) -> str:
        words = self.words.reason(row.reason, row.status)
        placed = pd.notna(row.planned_on)
        if row.reason == "ideal" or pd.isna(row.ideal_on):
            return words
        tell = getattr(self, f"because_{row.reason.replace('-', '_')}", None)
        cause = tell(row) if tell else ""
        if row.reason in _MOVERS and placed and row.planned_on != row.ideal_on:
            year = row.planned_on.year
            same = (row.ideal_on.year, row.ideal_on.month) == (year, row.planned_on.month)
            start = self.words.day(row.ideal_on, "d") if same else self.day(row.ideal_on, year)
            moved = {"ideal": start, "day": self.day(row.planned_on, year)}
            return self.words("why.moved", **moved, cause=cause or words)
        if row.reason in _ON_DAYS and row.status == "dropped" and _has_days(row):
            year = row.ideal_on.year
            span = {"first": self.day(row.earliest_on, year), "last": self.day(row.latest_on, year)}
            return self.words("why.no_day", **span, cause=cause or words)
        return cause or words

    # --- What lies behind each code; "" where it cannot be seen any more ---

    def because_gap(self, row: Any) -> str:
        close: list[tuple[int, int, Standing, int]] = []
        day = row.ideal_on.toordinal()
        for other in self.homes.get(row.household_id, []) if _in_window(row) else []:
            apart = min(int(row.min_gap_days), other.gap)
            if row.channel == other.channel == "call":
                apart = max(apart, self.settings.contact_rules.call_gap_days)
            if other.contact_id != row.contact_id and abs(day - other.day) < apart:
                close.append((abs(day - other.day), other.day, other, apart))
        parts = []
        for away, _, other, apart in sorted(close, key=lambda item: item[:2])[:NAMED]:
            where = "same" if away == 0 else "after" if other.day < day else "before"
            values = {
                "ideal": self.day(row.ideal_on, row.ideal_on.year),
                "days": self.words.days(away),
                "other": self.contact(other),
                "on": self.day(date.fromordinal(other.day), row.ideal_on.year),
                "apart": self.words.days(apart),
            }
            parts.append(self.words(f"why.gap.{where}", **values))
        if not parts and pd.notna(row.planned_on) and row.touchpoint in self.floats:
            return self.words("why.gap.float")
        return self.words("semicolon").join(parts)

    def because_cap(self, row: Any) -> str:
        if not _in_window(row):
            return ""
        rules, day = self.settings.contact_rules, row.ideal_on.toordinal()
        alike = COUNTED.get(row.channel, SHORT)
        most = {"call": rules.max_calls, "email": rules.max_emails, "post": rules.max_letters}
        others = [
            other for other in self.homes.get(row.household_id, []) if other.contact_id != row.contact_id
        ]
        for kind, group, limit in (
            (alike[0], [other for other in others if other.channel in alike], most.get(row.channel)),
            ("all", others, rules.max_touches),
        ):
            limit = rules.max_short_messages if limit is None else limit
            crowd = crowded_days([other.day for other in group], day, rules.cap_days, limit)
            if crowd is None:
                continue
            values = {
                "span": rules.cap_days,
                "ideal": self.day(row.ideal_on, row.ideal_on.year),
                "what": self.words(f"why.cap.{kind}", count=len(crowd)),
            }
            if not crowd:
                return self.words("why.cap.none", **values)
            listed = [self.day(date.fromordinal(at), row.ideal_on.year) for at in sorted(crowd)[:LONGEST]]
            return self.words("why.cap", **values, days=self.words("comma").join(listed))
        return ""

    def because_capacity(self, row: Any) -> str:
        if not _in_window(row) or row.channel != "call":
            return ""
        day, limits = row.ideal_on.toordinal(), self.settings.capacity
        team, own = self.calls
        values = {"ideal": self.day(row.ideal_on, row.ideal_on.year)}
        off = limits.days_off(str(row.advisor))
        if any(first <= row.ideal_on.date() <= last for first, last in off):
            return self.words("why.absent", **values, advisor=row.advisor)
        if 0 < limits.calls_per_day <= team[day]:
            return self.words("why.capacity", **values, count=limits.calls_per_day)
        limit = limits.advisors.get(str(row.advisor), 0)
        if 0 < limit <= own[row.advisor, day]:
            return self.words("why.capacity.advisor", **values, count=limit, advisor=row.advisor)
        return ""

    def because_working_day(self, row: Any) -> str:
        if not _in_window(row):
            return ""
        day = row.ideal_on.date()
        if self.open_on(row, day, day):
            return ""
        if day not in self.shut:
            self.shut[day] = self.closed(day, self.day(day, day.year))
        return self.shut[day]

    def because_window(self, row: Any) -> str:
        if pd.isna(row.earliest_on) or pd.isna(row.latest_on):
            return ""
        year = row.ideal_on.year
        span = {"first": self.day(row.earliest_on, year), "last": self.day(row.latest_on, year)}
        if row.status == "cancelled":
            return self.words("why.window.over", **span)
        if row.status == "dropped":
            if self.open_on(row, row.earliest_on.date(), row.latest_on.date()):
                return ""
            return self.words("why.window.closed", **span, channel=self.words.code("channel", row.channel))
        return "" if _in_window(row) else self.words("why.window.outside", **span)

    def because_complaint(self, row: Any) -> str:
        again = self.again.get(row.household_id)
        if again is None or row.ideal_on >= again:
            return ""
        complained = again - pd.Timedelta(days=self.settings.contact_rules.complaint_rest_days)
        year = row.ideal_on.year
        return self.words("why.complaint", complained=self.day(complained, year), again=self.day(again, year))

    def because_consent(self, row: Any) -> str:
        return self.refusal(row, row.channel)

    def because_repaired(self, row: Any) -> str:
        return self.words("why.repaired.ideal") if row.planned_on == row.ideal_on else ""

    def because_pinned(self, row: Any) -> str:
        year = row.planned_on.year if pd.notna(row.planned_on) else row.ideal_on.year
        if row.status == "done":
            when = row.outcome_at if pd.notna(row.outcome_at) else row.planned_on
            return self.words("why.pinned.done", day=self.day(when, year))
        if pd.notna(row.callback_on):
            kept = row.callback_on == row.planned_on or self.open_on(row, row.callback_on, row.callback_on)
            key = "why.pinned.promised" if kept else "why.pinned.promised_closed"
            return self.words(key, day=self.day(row.callback_on, year))
        if row.script == NOT_REACHED_SCRIPT:
            return self.words("why.pinned.written", count=MOST_TRIES)
        if pd.notna(row.attempts) and row.attempts > 0:
            return self.words("why.pinned.tried", number=int(row.attempts) + 1)
        if pd.notna(row.handed_out_on):
            return self.words("why.pinned.handed_out", day=self.day(row.handed_out_on, year))
        return "" if pd.notna(row.outcome_at) else self.words("why.pinned.kept")

    def because_household(self, row: Any) -> str:
        for other in self.homes.get(row.household_id, []):
            same = (other.script, other.channel) == (row.script, row.channel)
            on = pd.Timestamp(date.fromordinal(other.day))
            if same and row.vehicle_id in other.cars[1:] and row.earliest_on <= on <= row.latest_on:
                day = self.day(on, row.ideal_on.year)
                car = self.cars.get(other.cars[0], other.cars[0])
                return self.words("why.household", car=car, day=day)
        return ""

    # --- Parts of sentences ---

    def refusal(self, row: Any, channel: str) -> str:
        """What the household says to the channel that the contact would have gone by; "" if nothing."""
        name = self.words.code("by", channel)
        if row.no == "no":
            return self.words("why.consent.no", channel=name)
        if row.no == "policy":
            what = self.words.code("purpose", row.purpose)
            return self.words("why.consent.policy", channel=name, purpose=what)
        return ""

    def open_on(self, row: Any, first: date, last: date) -> bool:
        """May this contact go out on one of the days?"""
        start = first.toordinal() - self.first
        return bool(self.opens[row.kind, start : last.toordinal() - self.first + 1].any())

    @cached_property
    def holidays(self) -> Mapping[date, str]:
        """The public holidays that count, with their names in the language of the words, if known in it."""
        import holidays  # late: a second of import

        if not self.settings.calendar.public_holidays:
            return {}
        known = holidays.country_holidays(self.settings.dealership.country)
        languages = [known.default_language or "", *known.supported_languages]
        spoken = [name for name in languages if name.partition("_")[0] == self.words.language]
        return holidays.country_holidays(known.country, language=spoken[0]) if spoken else known

    @cached_property
    def weekdays(self) -> set[int]:
        return working_weekdays(self.settings)

    def closed(self, day: date, named: str) -> str:
        """Why nothing goes out on a closed day."""
        if day in self.settings.contact_rules.quiet_days:
            return self.words("why.closed.quiet", day=named)
        if day in self.holidays:
            return self.words("why.closed.holiday", day=named, holiday=self.holidays[day])
        if day.weekday() not in self.weekdays:
            return self.words("why.closed.weekday", day=named, weekday=self.words.day(day, "EEEE"))
        return self.words("why.closed.closed", day=named)

    def contact(self, other: Standing) -> str:
        """A contact as a sentence names it: Birthday 1 (Messenger)."""
        name = self.words.touchpoint(self.names.get(other.touchpoint, other.touchpoint))
        return self.words("why.contact", name=name, channel=self.words.code("channel", other.channel))

    def day(self, day: date, year: int) -> str:
        """A day in words, with its year where that is another one."""
        key = (day.toordinal(), day.year == year)
        if key not in self.days:
            self.days[key] = self.words.day(day, "d MMMM" if key[1] else "d MMMM y")
        return self.days[key]


# Codes that say why a contact is not on its best day, or has none.
_MOVERS = ("gap", "cap", "capacity", "working-day", "repaired", "window", "complaint")


_ON_DAYS = ("gap", "cap", "capacity")


def _has_days(row: Any) -> bool:
    return bool(row.earliest_on <= row.latest_on)


def _in_window(row: Any) -> bool:
    """Is the best day in the window? Else the calendar was asked for the nearest day that is."""
    return bool(row.earliest_on <= row.ideal_on <= row.latest_on)
