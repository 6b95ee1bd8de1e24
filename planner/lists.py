"""What goes into the weekly list: its rows, and why others stay out of it.

Tables in, frames out; the workbooks only draw them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from planner.cycle import Cycles
from planner.dates import days, working_days
from planner.errors import InputError
from planner.schedule.rules import consents, rests_until
from planner.scripts import Scripts, contact_contexts, why_text
from planner.settings import Settings

Tables = Mapping[str, pd.DataFrame]

# Windows count customers who skip a service, so those of newcomers can reach years ahead.
LONGEST_WINDOW = pd.Timedelta(days=365)

NOT_TOLD = {
    "booked": "booked or answered since",
    "visited": "the car has been in since the plan was made",
    "no visit": "the visit that it asks about has not happened",
    "complaint": "a complaint is open, so nothing is offered",
    "refused": "the household has said no since",
}


@dataclass(frozen=True)
class WeeklyList:
    """The rows of one week's list, and how many contacts stayed out of it, by reason in words."""

    calls: pd.DataFrame
    messages: pd.DataFrame
    left_out: dict[str, int]


def week_of(as_of: date, settings: Settings) -> date:
    """Monday of the week of the next working day on or after as_of: at the weekend, next week's."""
    for ahead in range(7):
        day = as_of + timedelta(days=ahead)
        if working_days(settings, day, day + timedelta(days=1))[0]:
            as_of = day
            break
    return as_of - timedelta(days=as_of.weekday())


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
    """The planned contacts of the seven days from first_day whose condition still holds.

    In: customers, vehicles, visits, forecasts, contacts. A contact stays out if its household refuses
    the channel by now, if it would sell something while a complaint is open, if it is booked, if it
    invites to a service that has been done since the plan was made, or if it asks about a visit that
    never came.
    Out: `calls`, by day, then priority, then due date; `messages`, by day and channel.
    """
    contacts = tables["contacts"]
    first, end = np.datetime64(first_day), np.datetime64(first_day + timedelta(days=7))
    planned = days(contacts["planned_on"])
    rows = contacts[(contacts["status"] == "planned").to_numpy() & (planned >= first) & (planned < end)]
    if advisor is not None:
        rows = rows[_of_advisor(rows, tables["customers"], advisor)]
    why_not = _why_not(rows, tables, cycles, settings, planned_as_of)
    left_out = {
        NOT_TOLD[str(code)]: int(count) for code, count in why_not[why_not != ""].value_counts().items()
    }
    rows = rows[why_not == ""].reset_index(drop=True)
    table = _described(rows, tables, scripts, settings, as_of)
    is_call = (table["channel"] == "call").to_numpy(dtype=bool)
    calls = table[is_call].sort_values(["call_on", "priority", "due_on", "contact_id"], ignore_index=True)
    messages = table[~is_call].rename(columns={"call_on": "send_on", "script_text": "text"})
    messages = messages.sort_values(["send_on", "channel", "contact_id"], ignore_index=True)
    return WeeklyList(calls, messages, left_out)


def _of_advisor(rows: pd.DataFrame, customers: pd.DataFrame, advisor: str) -> pd.Series[bool]:
    known = {name.casefold(): name for name in customers["advisor"].dropna().unique()}
    if advisor.casefold() not in known:
        names = ", ".join(sorted(known.values())) or "none is named in the customers table"
        raise InputError(f"--advisor {advisor}: not known; advisors are: {names}")
    return rows["advisor"].eq(known[advisor.casefold()])


def _why_not(
    rows: pd.DataFrame, tables: Tables, cycles: Cycles, settings: Settings, planned_as_of: date
) -> pd.Series:
    """For each row the key of NOT_TOLD that keeps it out of the list, or an empty text."""
    touchpoints = cycles.touchpoints.set_index("id")
    kind = rows["touchpoint"].map(touchpoints["kind"])
    purpose = rows["touchpoint"].map(touchpoints["purpose"])
    visits = tables["visits"]
    services = visits[visits["kind"] == "maintenance"]
    last = days(services.groupby("vehicle_id")["visited_on"].max().reindex(rows["vehicle_id"]))
    been_in = last >= np.datetime64(planned_as_of)
    # The visit that a touchpoint asks about is the day that its ideal day was counted from.
    offset = rows["touchpoint"].map(touchpoints["offset_days"]).fillna(0).to_numpy("timedelta64[D]")
    asked = pd.MultiIndex.from_arrays(
        [rows["vehicle_id"], (days(rows["ideal_on"]) - offset).astype("datetime64[us]")]
    )
    happened = asked.isin(pd.MultiIndex.from_frame(services[["vehicle_id", "visited_on"]]))
    said = consents(tables["customers"])
    refusing = said.objection(rows["household_id"], rows["channel"], purpose, settings) != ""
    again = rests_until(tables["contacts"], settings).reindex(rows["household_id"]).to_numpy()
    choices = {
        "refused": refusing,
        "complaint": (purpose == "marketing").to_numpy() & (rows["planned_on"].to_numpy() < again),
        "booked": rows["outcome"].notna().to_numpy(),
        "visited": (kind.isin(["service", "lapsed"]).to_numpy()) & been_in,
        "no visit": (kind == "visit").to_numpy() & ~happened,
    }
    code = np.select([np.asarray(c, dtype=bool) for c in choices.values()], list(choices), default="")
    return pd.Series(code, index=rows.index, dtype="str")


def _described(
    rows: pd.DataFrame, tables: Tables, scripts: Scripts, settings: Settings, as_of: date
) -> pd.DataFrame:
    """The rows with everything that a caller wants to know."""
    customers = tables["customers"].set_index("customer_id")
    forecasts, visits, contacts = tables["forecasts"], tables["visits"], tables["contacts"]
    known = (tables["customers"], tables["vehicles"], forecasts, visits, settings, as_of)
    contexts = contact_contexts(rows, *known, scripts=scripts)
    texts = [scripts.render(str(c["script"]), str(c["language"]), c) for c in contexts]
    why = why_text(rows, *known, scripts=scripts)
    due = _due(rows, forecasts)
    owner = customers.reindex(rows["customer_id"]).reset_index(drop=True)
    last_visit = (
        visits[days(visits["visited_on"]) <= np.datetime64(as_of)].groupby("vehicle_id")["visited_on"].max()
    )
    address = np.select(
        [rows["channel"] == "email", rows["channel"] == "post"],
        [owner["email"], owner["address"]],
        owner["phone"],
    )
    return pd.DataFrame(
        {
            "contact_id": rows["contact_id"],
            "call_on": rows["planned_on"],
            "customer": owner["name"],
            "phone": owner["phone"],
            "phone_2": owner["phone_2"],
            "address": pd.Series(address, dtype="str"),
            "language": [context["language_missing"] or context["language"] for context in contexts],
            "advisor": rows["advisor"],
            "vehicle": [context["vehicles"] for context in contexts],
            "vehicle_id": rows["vehicle_id"],
            "why": why.str[:1].str.upper() + why.str[1:],
            "due_on": due["due_on"],
            "window": [
                _window(low, high, as_of) for low, high in zip(due["low_on"], due["high_on"], strict=True)
            ],
            "due_km": due["due_km"] / (1.609344 if settings.dealership.unit == "mi" else 1.0),
            "last_visit_on": last_visit.reindex(rows["vehicle_id"]).to_numpy(),
            "last_contact": _last_contact(rows, contacts),
            "attempt": rows["attempts"].astype("int64") + 1,
            "note_before": rows["notes"],
            "script": rows["script"],
            "script_text": texts,
            "priority": rows["priority"],
            "channel": rows["channel"],
        }
    )


def _due(rows: pd.DataFrame, forecasts: pd.DataFrame) -> pd.DataFrame:
    """The service that each row is about, else the vehicle's next one."""
    outstanding = forecasts.drop_duplicates("vehicle_id").set_index("vehicle_id")["service_no"]
    wanted = rows["service_no"].fillna(rows["vehicle_id"].map(outstanding))
    key = pd.MultiIndex.from_arrays([rows["vehicle_id"], wanted])
    return forecasts.set_index(["vehicle_id", "service_no"]).reindex(key).reset_index(drop=True)


def _last_contact(rows: pd.DataFrame, contacts: pd.DataFrame) -> pd.Series[str]:
    """The household's latest contact before each row that was handed out, as "call, 3 Mar 2026"."""
    out = contacts[contacts["handed_out_on"].notna() & contacts["planned_on"].notna()]
    before = pd.merge_asof(
        rows.reset_index()[["index", "household_id", "planned_on"]].sort_values("planned_on"),
        out[["household_id", "planned_on", "channel"]].assign(on=out["planned_on"]).sort_values("planned_on"),
        on="planned_on",
        by="household_id",
        allow_exact_matches=False,
    ).set_index("index")
    words = before["channel"] + ", " + before["on"].dt.day.astype("Int64").astype("str")
    found: pd.Series[str] = (words + before["on"].dt.strftime(" %b %Y")).reindex(rows.index)
    return found


def _window(low: pd.Timestamp, high: pd.Timestamp, as_of: date) -> str:
    """The days on which the visit is expected, in words, as of a day.

    A window of over a year has no end worth naming, and one that has opened no beginning.
    """
    if pd.isna(low) or pd.isna(high):
        return ""
    if high - low > LONGEST_WINDOW:
        return "any day" if low <= pd.Timestamp(as_of) else f"from {low.day} {low:%b %Y}"
    if low <= pd.Timestamp(as_of):
        return f"until {high.day} {high:%b %Y}"
    return f"{low.day} {low:%b} – {high.day} {high:%b %Y}"
