"""What a row of the weekly list says: everything that a caller, or a tool that sends, wants to know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from planner.columns import empty
from planner.dates import days
from planner.lists_attempts import is_promised, is_unreached
from planner.outcomes.attempts import time_of_day
from planner.people import e164
from planner.schedule.rules import consents, rests_until
from planner.scripts import Scripts, contact_contexts, cue_text, sms_segments, why_text
from planner.scripts.missing import missing_for_calls
from planner.settings import Settings
from planner.tables import ANSWERS, KM_PER_MILE, OFFERS
from planner.value.segments import missing_of

Tables = Mapping[str, pd.DataFrame]

# Windows count customers who skip a service, so those of newcomers can reach years ahead.
LONGEST_WINDOW = pd.Timedelta(days=365)
OFFER_HOLDS = pd.Timedelta(days=365)  # the table of offers has no last day


def described(
    rows: pd.DataFrame,
    tables: Tables,
    scripts: Scripts,
    settings: Settings,
    as_of: date,
    purposes: pd.Series | None = None,
) -> pd.DataFrame:
    """The rows (CONTACTS, call_on, late) with all columns of WeeklyList; same order, one row each.

    purposes: by touchpoint; without them no call offers a service that the customer is missing.
    """
    customers = tables["customers"].set_index("customer_id")
    forecasts, visits = tables["forecasts"], tables["visits"]
    known = (tables["customers"], tables["vehicles"], forecasts, visits, settings, as_of)
    missing = _missing(rows, tables, settings, as_of, purposes)
    contexts = contact_contexts(rows, *known, scripts=scripts, missing=missing)
    texts = [scripts.render(str(c["script"]), str(c["language"]), c) for c in contexts]
    why = why_text(rows, *known, scripts=scripts)
    due = _due(rows, forecasts)
    owner = customers.reindex(rows["customer_id"]).reset_index(drop=True)
    dial, dial_2 = (e164(owner[name], settings.dealership.country) for name in ("phone", "phone_2"))
    last_visit = (
        visits[days(visits["visited_on"]) <= np.datetime64(as_of)].groupby("vehicle_id")["visited_on"].max()
    )
    attempt = rows["attempts"].fillna(0).astype("int64") + 1
    promised = is_promised(rows)
    no_phone = _instead_of_calling(rows, owner, tables, settings)
    last = _last_contact(rows, tables)
    offers = _open_offers(rows, tables, settings, as_of)
    return pd.DataFrame(
        {
            "contact_id": rows["contact_id"],
            "kind": _kind(rows, promised, no_phone),
            "call_on": rows["call_on"],
            "call_at": ["promised" if p else time_of_day(a) for p, a in zip(promised, attempt, strict=True)],
            "promised_on": rows["callback_on"].where(promised),
            "customer": owner["name"],
            "phone": owner["phone"],
            "phone_2": owner["phone_2"],
            "dial": dial.where(dial != ""),
            "dial_2": dial_2.where(dial_2 != ""),
            "no_phone": no_phone,
            "address": _address(rows, owner, no_phone),
            "language": [context["language_missing"] or context["language"] for context in contexts],
            "advisor": rows["advisor"],
            "vehicle": [context["vehicles"] for context in contexts],
            "vehicle_id": rows["vehicle_id"],
            "why": why.str[:1].str.upper() + why.str[1:],
            "due_on": due["due_on"],
            "window": [
                _window(low, high, as_of) for low, high in zip(due["low_on"], due["high_on"], strict=True)
            ],
            "due_km": due["due_km"] / (KM_PER_MILE if settings.dealership.unit == "mi" else 1.0),
            "last_visit_on": last_visit.reindex(rows["vehicle_id"]).to_numpy(),
            "window_low_on": due["low_on"],
            "window_high_on": due["high_on"],
            "window_kind": [
                _window_kind(low, high, as_of)
                for low, high in zip(due["low_on"], due["high_on"], strict=True)
            ],
            "last_contact": last["words"],
            "last_contact_on": last["on"],
            "last_contact_by": last["channel"],
            "offers": offers["offer_id"],
            "offered_on": offers["issued_on"],
            "cues": _cues(rows, tables, settings, as_of, scripts),
            "missing_service": rows["contact_id"].map(missing).astype("str"),
            "attempt": attempt,
            "note_before": rows["notes"],
            "script": rows["script"],
            "script_text": texts,
            "segments": pd.array(
                [
                    sms_segments(text) if channel == "sms" else pd.NA
                    for text, channel in zip(texts, rows["channel"], strict=True)
                ],
                dtype="Int64",
            ),
            "priority": rows["priority"],
            "channel": rows["channel"],
        }
    )


def _missing(
    rows: pd.DataFrame, tables: Tables, settings: Settings, as_of: date, purposes: pd.Series | None
) -> pd.Series:
    """By contact_id the service that a call may offer (planner.scripts.missing)."""
    if purposes is None or rows.empty:
        return pd.Series(dtype="str")
    purpose = rows["touchpoint"].map(purposes)
    return missing_for_calls(rows, missing_of(tables, settings, as_of), purpose, tables, settings, as_of)


def _kind(rows: pd.DataFrame, promised: pd.Series[bool], no_phone: pd.Series) -> pd.Series:
    """Why a row is there: callback, no_phone, again (tried before), open (of an earlier week), planned."""
    choices = {
        "callback": promised & no_phone.isna(),
        "no_phone": no_phone.notna(),
        "again": is_unreached(rows),
        "open": rows["late"],
    }
    code = np.select([c.to_numpy(dtype=bool) for c in choices.values()], list(choices), default="planned")
    return pd.Series(code, index=rows.index, dtype="str")


def _instead_of_calling(
    rows: pd.DataFrame, owner: pd.DataFrame, tables: Tables, settings: Settings
) -> pd.Series:
    """What can be done for each call without a phone: email, post, ask; missing where there is a phone.

    By e-mail and post only where the household has not said no to it.
    """
    said = consents(tables["customers"])
    can = {
        channel: owner[column].notna().to_numpy()
        & (said.refusal(rows["household_id"], pd.Series(channel, rows.index, dtype="str")) == "")
        for channel, column in (("email", "email"), ("post", "address"))
    }
    code = np.select(list(can.values()), list(can), default="ask")
    without = (rows["channel"] == "call").to_numpy() & (owner["phone"].isna() & owner["phone_2"].isna())
    return pd.Series(code, index=rows.index, dtype="str").where(without)


def _address(rows: pd.DataFrame, owner: pd.DataFrame, no_phone: pd.Series) -> pd.Series:
    """Where a message goes as it is on file; of a call its phone, or where to write instead."""
    by = no_phone.fillna(rows["channel"])
    found = np.select([by == "email", by == "post"], [owner["email"], owner["address"]], owner["phone"])
    return pd.Series(found, index=rows.index, dtype="str")


def _open_offers(rows: pd.DataFrame, tables: Tables, settings: Settings, as_of: date) -> pd.DataFrame:
    """The customer's offers of the last year that were not redeemed: ids, the newest first, and its day.

    None while a complaint is open.
    """
    offers = tables.get("offers", empty(OFFERS))
    today = pd.Timestamp(as_of)
    holds = offers["issued_on"].gt(today - OFFER_HOLDS) & offers["issued_on"].le(today)
    there = offers[offers["redeemed_on"].isna() & holds].sort_values(
        ["issued_on", "offer_id"], ascending=[False, True]
    )
    by_customer = there.groupby("customer_id", sort=False).agg({"offer_id": ", ".join, "issued_on": "first"})
    found = by_customer.reindex(rows["customer_id"]).set_axis(rows.index)
    found.loc[_complains(rows, tables, settings)] = np.nan
    return found.astype({"offer_id": "str", "issued_on": "datetime64[us]"})


def _cues(rows: pd.DataFrame, tables: Tables, settings: Settings, as_of: date, scripts: Scripts) -> pd.Series:
    """What speaks for another car, a sentence a cue; none while a complaint is open."""
    by_contact = cue_text(tables, settings, as_of, scripts=scripts)
    found = by_contact.reindex(rows["contact_id"]).set_axis(rows.index).astype("str")
    return found.mask(_complains(rows, tables, settings))


def _complains(rows: pd.DataFrame, tables: Tables, settings: Settings) -> pd.Series[bool]:
    """On the day of the call, is a complaint of the household open?"""
    again = rests_until(tables["contacts"], settings).reindex(rows["household_id"]).set_axis(rows.index)
    return rows["call_on"] < again


def _due(rows: pd.DataFrame, forecasts: pd.DataFrame) -> pd.DataFrame:
    """The service that each row is about, else the vehicle's next one."""
    outstanding = forecasts.drop_duplicates("vehicle_id").set_index("vehicle_id")["service_no"]
    wanted = rows["service_no"].fillna(rows["vehicle_id"].map(outstanding))
    key = pd.MultiIndex.from_arrays([rows["vehicle_id"], wanted])
    return forecasts.set_index(["vehicle_id", "service_no"]).reindex(key).reset_index(drop=True)


def _last_contact(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """The household's latest contact before each row: channel, on, and words as "call, 3 Mar 2026".

    Of a call the day of its last attempt; a message that was handed out was sent on its day. A call that
    nobody has reported is none.
    """
    contacts, answers = tables["contacts"], tables.get("outcomes", empty(ANSWERS))
    sent = contacts["planned_on"].where(contacts["handed_out_on"].notna() & contacts["channel"].ne("call"))
    made = contacts.assign(on=contacts["outcome_at"].fillna(sent))
    tried = answers.assign(on=answers["said_on"], channel="call")
    columns = ["household_id", "on", "channel"]
    made = pd.concat([made[columns], tried[columns]], ignore_index=True).dropna(subset="on").sort_values("on")
    before = pd.merge_asof(
        rows.reset_index()[["index", "household_id", "call_on"]].sort_values("call_on"),
        made.rename(columns={"on": "call_on"}).assign(on=made["on"]),
        on="call_on",
        by="household_id",
        allow_exact_matches=False,
    ).set_index("index")
    words = before["channel"] + ", " + before["on"].dt.day.astype("Int64").astype("str")
    before["words"] = words + before["on"].dt.strftime(" %b %Y")
    return before[["channel", "on", "words"]].reindex(rows.index)


def _window_kind(low: pd.Timestamp, high: pd.Timestamp, as_of: date) -> str:
    """How the days on which the visit is expected are said: "", any, from, until, between.

    A window of over a year has no end worth naming, and one that has opened no beginning.
    """
    if pd.isna(low) or pd.isna(high):
        return ""
    opened = low <= pd.Timestamp(as_of)
    if high - low > LONGEST_WINDOW:
        return "any" if opened else "from"
    return "until" if opened else "between"


def _window(low: pd.Timestamp, high: pd.Timestamp, as_of: date) -> str:
    """The same in words, for other programs; the workbook says it in its language."""
    kind = _window_kind(low, high, as_of)
    if not kind:
        return ""
    first, last = f"{low.day} {low:%b}", f"{high.day} {high:%b %Y}"
    return {
        "any": "any day",
        "from": f"from {first} {low:%Y}",
        "until": f"until {last}",
        "between": f"{first} – {last}",
    }[kind]
