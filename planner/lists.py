"""What goes into the weekly list: which contacts, in which order, and why others stay out of it.

Tables in, frames out; the workbooks only draw them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd

from planner.cycle import Cycles
from planner.dates import days, working_days
from planner.errors import InputError
from planner.lists_attempts import is_promised, is_unreached, next_call_on
from planner.lists_conditions import NOT_TOLD, Tables, why_not
from planner.lists_pass_on import COLUMNS, to_pass_on
from planner.lists_rows import described
from planner.outcomes.attempts import Diary
from planner.parts import BEGUN, Part, Where
from planner.scripts import Scripts
from planner.settings import Settings

_RANK = {"callback": 0, "open": 1, "again": 2, "planned": 2, "no_phone": 3}
ONCE_MORE = timedelta(days=7)  # a call of last week comes once more, whatever its window


@dataclass(frozen=True)
class WeeklyList:
    """The rows of one week's list, and how many contacts stayed out of it, by reason in words.

    Columns of both as planner.lists_rows.described makes them; of messages, call_on is `send_on` and
    script_text is `text`. Codes: kind (callback, open, again, planned, no_phone), call_at (morning,
    afternoon, evening, promised), no_phone (email, post, ask; missing where there is a phone). `dial` and
    `dial_2` are `phone` and `phone_2` as +<country><number>, missing if they cannot be dialled; `address` is
    where a message goes as it is on file; `segments` is of sms. cues: a sentence each. pass_on: what
    colleagues must answer, see planner.lists_pass_on.
    """

    calls: pd.DataFrame
    messages: pd.DataFrame
    left_out: dict[str, int]
    pass_on: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COLUMNS)))


def week_of(as_of: date, settings: Settings) -> date:
    """Monday of the week of the next working day on or after as_of: at the weekend, next week's."""
    for ahead in range(7):
        day = as_of + timedelta(days=ahead)
        if working_days(settings, day, day + timedelta(days=1))[0]:
            as_of = day
            break
    return as_of - timedelta(days=as_of.weekday())


def contacts_of_week(first_day: date) -> Part:
    """The contacts that `weekly_list` needs: those of the week, and all with which something was done."""
    end = first_day + timedelta(days=7)
    return Part(rows=((Where("planned_on", ">=", first_day), Where("planned_on", "<", end)), *BEGUN))


def weekly_list(
    tables: Tables,
    cycles: Cycles,
    scripts: Scripts,
    settings: Settings,
    first_day: date,
    as_of: date,
    planned_as_of: date,
    advisor: str | None = None,
) -> WeeklyList:
    """The contacts of the seven days from first_day whose condition still holds, and what is open before.

    In: customers, vehicles, visits, forecasts, contacts, and where there are any, offers, cues, outcomes.
    Beside what is planned for the week: call backs promised for it; and of earlier days, call backs that
    nobody has made, attempts that are due, and calls that were handed out and have no outcome (of last
    week, older ones while their window is open). planner.lists_conditions says what stays out. A household
    gets no two calls nearer than the settings allow: a promise goes before the week's calls, these before
    open ones.
    Out: `calls`: call backs, open ones, those of the week by day, those without a phone; in each by day,
    priority, due date. `messages`, by day and channel. Columns: docs/weekly-list.md.
    """
    rows = _candidates(tables["contacts"], settings, first_day, as_of)
    if advisor is not None:
        rows = rows[of_advisor(rows, tables["customers"], advisor)]
    code = why_not(rows, tables, cycles, settings, as_of, planned_as_of)
    code = code.mask(code.eq("") & _is_over(rows, first_day, as_of), "over")
    code = code.mask(
        code.eq("") & _second_calls(rows[code == ""], settings).reindex(rows.index, fill_value=False),
        "one call",
    )
    left_out = {NOT_TOLD[str(key)]: int(count) for key, count in code[code != ""].value_counts().items()}
    purposes = cycles.touchpoints.set_index("id")["purpose"]
    chosen = rows[code == ""].reset_index(drop=True)
    table = described(chosen, tables, scripts, settings, as_of, purposes)
    is_call = (table["channel"] == "call").to_numpy(dtype=bool)
    calls = table[is_call]
    calls = calls.assign(rank=calls["kind"].map(_RANK)).sort_values(
        ["rank", "call_on", "priority", "due_on", "contact_id"], ignore_index=True
    )
    messages = table[~is_call].rename(columns={"call_on": "send_on", "script_text": "text"})
    messages = messages.sort_values(["send_on", "channel", "contact_id"], ignore_index=True)
    pass_on = to_pass_on(tables, settings, as_of)
    if advisor is not None:
        pass_on = pass_on[of_advisor(pass_on, tables["customers"], advisor)]
    return WeeklyList(calls.drop(columns="rank"), messages, left_out, pass_on)


def _candidates(contacts: pd.DataFrame, settings: Settings, first_day: date, as_of: date) -> pd.DataFrame:
    """What may be on the list: CONTACTS, call_on (the day to do it) and late (it stood on an earlier day)."""
    planned = contacts[contacts["status"] == "planned"].reset_index(drop=True)
    day = next_call_on(planned, settings)
    first, end = np.datetime64(first_day), np.datetime64(first_day + timedelta(days=7))
    in_week = (day >= first) & (day < end)
    # What stands between the as-of day and a later week is still to be done, from the list of its own week.
    before = day < np.datetime64(min(first_day, as_of))
    begun = (is_promised(planned) | is_unreached(planned)).to_numpy(dtype=bool)
    unreported = (planned["handed_out_on"].notna() & planned["outcome"].isna()).to_numpy(dtype=bool)
    at_hand = (day >= first - 14) | (days(planned["latest_on"]) >= first - 7)
    late = before & (planned["channel"] == "call").to_numpy() & (begun | (unreported & at_hand))
    rows = planned.assign(call_on=day.astype("datetime64[us]"), late=late)[in_week | late]
    rows.loc[rows["late"], "call_on"] = _spread(rows[rows["late"]], settings, first_day, as_of)
    return rows.reset_index(drop=True)


def _spread(late: pd.DataFrame, settings: Settings, first_day: date, as_of: date) -> pd.Series:
    """New days for late calls: promises on the first working day left of the week, others over all evenly.

    Over those on which their advisor is there; where he is away all week, over the team's.
    """
    start, end = max(first_day, as_of), first_day + timedelta(days=7)
    diary, length = Diary(settings, start), max((end - start).days, 0)

    def left(advisor: str | None) -> list[date]:
        return [start + timedelta(days=int(day)) for day in np.flatnonzero(diary.calls_of(advisor)[:length])]

    team = left(None) or [min(start, end - timedelta(days=1))]
    on = dict.fromkeys(late.index, team[0])
    others = late[~is_promised(late)].sort_values(["priority", "planned_on", "contact_id"])
    away = others["advisor"].where(others["advisor"].isin(list(settings.capacity.absences)), "")
    for advisor, rows in others.groupby(away):
        days_left = left(str(advisor)) or team
        on |= {key: days_left[place * len(days_left) // len(rows)] for place, key in enumerate(rows.index)}
    return pd.Series([pd.Timestamp(on[key]) for key in late.index], late.index).astype("datetime64[us]")


def _is_over(rows: pd.DataFrame, first_day: date, as_of: date) -> pd.Series[bool]:
    """Late calls that were on a list once more, and whose window has passed."""
    begun = is_promised(rows) | is_unreached(rows)
    older = rows["planned_on"] < pd.Timestamp(first_day - ONCE_MORE)
    return rows["late"] & ~begun & older & (rows["latest_on"] < pd.Timestamp(as_of))


def _second_calls(rows: pd.DataFrame, settings: Settings) -> pd.Series[bool]:
    """Calls that stand nearer to another call of their household on this list than the settings allow."""
    calls = rows[rows["channel"] == "call"]
    rank = np.select([is_promised(calls), ~calls["late"]], [0, 1], default=2)
    calls = calls.assign(rank=rank).sort_values(["rank", "priority", "call_on", "contact_id"])
    gap = pd.Timedelta(days=settings.contact_rules.call_gap_days)
    kept: dict[str, list[pd.Timestamp]] = {}
    second = []
    for home, day in zip(calls["household_id"], calls["call_on"], strict=True):
        others = kept.setdefault(home, [])
        second.append(any(abs(day - other) < gap for other in others))
        if not second[-1]:
            others.append(day)
    return pd.Series(second, calls.index, dtype=bool)


def of_advisor(rows: pd.DataFrame, customers: pd.DataFrame, advisor: str) -> pd.Series[bool]:
    """Which rows are an advisor's, whatever the case of the name; raises InputError for an unknown one."""
    known = {name.casefold(): name for name in customers["advisor"].dropna().unique()}
    if advisor.casefold() not in known:
        names = ", ".join(sorted(known.values())) or "none is named in the customers table"
        raise InputError(f"--advisor {advisor}: not known; advisors are: {names}")
    return rows["advisor"].eq(known[advisor.casefold()])
