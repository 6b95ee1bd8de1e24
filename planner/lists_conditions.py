"""Why a planned contact stays out of the week's list: what has happened since the plan was made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from planner.columns import empty, typed
from planner.cycle import Cycles
from planner.dates import days
from planner.lists_attempts import is_promised, is_unreached
from planner.outcomes.complaints import offers
from planner.schedule.rules import Bools, consents, rests_until
from planner.settings import Settings
from planner.tables import ANSWERS, GONE

Tables = Mapping[str, pd.DataFrame]

NOT_TOLD = {
    "gone": "the car was sold or scrapped, or its owner moved away",
    "refused": "the household has said no since",
    "complaint": "a complaint is open, so nothing is offered",
    "booked": "booked or answered since",
    "visited": "the car has been in since the plan was made",
    "recent": "the car was in the workshop within the last week",
    "no visit": "the visit that it asks about has not happened",
    "over": "nobody has called in time, and its window has passed",
    "one call": "the household is called about something else this week",
}
BOOKED = ("booked", "already_booked")
RECENT_DAYS = 7  # whoever has just stood at the desk was served there: no invitation for a week
UNDATED_DAYS = 30  # an appointment without a day is taken to lie within a month
GRACE_DAYS = 7  # and its visit to be known a week later


def why_not(
    rows: pd.DataFrame,
    tables: Tables,
    cycles: Cycles,
    settings: Settings,
    as_of: date,
    planned_as_of: date,
) -> pd.Series:
    """For each row (CONTACTS and call_on) the key of NOT_TOLD that keeps it out, or an empty text.

    tables: customers, vehicles, visits, contacts, and where there are any, outcomes.
    """
    touchpoints = cycles.touchpoints.set_index("id")
    kind = rows["touchpoint"].map(touchpoints["kind"])
    purpose = rows["touchpoint"].map(touchpoints["purpose"])
    invites = kind.isin(["service", "lapsed"]).to_numpy(dtype=bool)
    promised = is_promised(rows).to_numpy(dtype=bool)
    answered = (rows["outcome"].notna() & ~is_promised(rows) & ~is_unreached(rows)).to_numpy(dtype=bool)
    again = rests_until(tables["contacts"], settings).reindex(rows["household_id"]).to_numpy()
    early = offers(kind, purpose) & (rows["call_on"].to_numpy() < again)
    choices = {
        "gone": ~rows["vehicle_id"].isin(_cars_that_stay(tables["vehicles"])),
        "refused": _refuses(rows, tables, purpose, settings),
        "complaint": early & ~promised,  # a talk that has begun goes on
        "booked": answered | (invites & _is_booked(rows, tables, as_of)),
        "visited": invites & _was_served(rows, tables, planned_as_of),
        "recent": invites & ~promised & _was_just_in(rows, tables["visits"], as_of),
        "no visit": (kind == "visit").to_numpy(dtype=bool) & ~_has_happened(rows, tables["visits"], cycles),
    }
    code = np.select([np.asarray(c, dtype=bool) for c in choices.values()], list(choices), default="")
    return pd.Series(code, index=rows.index, dtype="str")


def _cars_that_stay(vehicles: pd.DataFrame) -> pd.Series:
    return vehicles.loc[~vehicles["status"].isin(GONE), "vehicle_id"]


def _refuses(rows: pd.DataFrame, tables: Tables, purpose: pd.Series, settings: Settings) -> Bools:
    """What the customers table says today, and `do_not_call` from the day on which it was said."""
    said = consents(tables["customers"])
    no = said.objection(rows["household_id"], rows["channel"], purpose, settings) != ""
    answers = tables.get("outcomes", empty(ANSWERS))
    answers = answers[answers["outcome"] == "do_not_call"]
    told = tables["contacts"]
    of_calls = pd.concat(
        [answers["household_id"], told.loc[told["outcome"] == "do_not_call", "household_id"]]
    )
    of_all = answers.loc[answers["scope"] == "all", "household_id"]
    calls = (rows["channel"] == "call") & rows["household_id"].isin(of_calls)
    return np.asarray(no | calls.to_numpy() | rows["household_id"].isin(of_all).to_numpy(), dtype=bool)


def _is_booked(rows: pd.DataFrame, tables: Tables, as_of: date) -> Bools:
    """Does the car have an appointment, by what was said about it in any contact?"""
    answers, told = tables.get("outcomes", empty(ANSWERS)), tables["contacts"]
    only_here = told[~told["contact_id"].isin(answers["contact_id"])]
    only_here = typed(only_here.rename(columns={"outcome_at": "said_on"}), ANSWERS)
    both = pd.concat([answers, only_here])
    booked = both[both["outcome"].isin(BOOKED)]
    until = booked["for_on"].fillna(booked["said_on"] + pd.Timedelta(days=UNDATED_DAYS))
    cars = booked.loc[until + pd.Timedelta(days=GRACE_DAYS) >= pd.Timestamp(as_of)]
    beside = cars["also_vehicle_ids"].dropna().str.split(",").explode()
    return rows["vehicle_id"].isin(pd.concat([cars["vehicle_id"], beside])).to_numpy(dtype=bool)


def services(visits: pd.DataFrame) -> pd.DataFrame:
    """The visits for maintenance."""
    return visits[visits["kind"].fillna("maintenance") == "maintenance"]


def _was_served(rows: pd.DataFrame, tables: Tables, planned_as_of: date) -> Bools:
    """Was the car in for maintenance since the plan was made, the contact handed out, or first tried?

    A contact that was handed out or tried outlives the plan that made it.
    """
    done = services(tables["visits"]).groupby("vehicle_id")["visited_on"].max()
    answers = tables.get("outcomes", empty(ANSWERS))
    tried = answers.groupby("contact_id")["said_on"].min().reindex(rows["contact_id"])
    last = days(done.reindex(rows["vehicle_id"]))
    since = np.fmin(np.fmin(days(rows["handed_out_on"]), days(tried)), np.datetime64(planned_as_of))
    return np.asarray(last >= since, dtype=bool)


def _was_just_in(rows: pd.DataFrame, visits: pd.DataFrame, as_of: date) -> Bools:
    """Was the car in, for whatever reason, in the days before?"""
    known = visits[visits["visited_on"] <= pd.Timestamp(as_of)]
    last = days(known.groupby("vehicle_id")["visited_on"].max().reindex(rows["vehicle_id"]))
    return np.asarray(last >= np.datetime64(as_of) - np.timedelta64(RECENT_DAYS, "D"), dtype=bool)


def _has_happened(rows: pd.DataFrame, visits: pd.DataFrame, cycles: Cycles) -> Bools:
    """Has the visit that a touchpoint asks about happened: the day that its ideal day was counted from?"""
    offset_days = cycles.touchpoints.set_index("id")["offset_days"]
    offset = rows["touchpoint"].map(offset_days).fillna(0).to_numpy("timedelta64[D]")
    asked = pd.MultiIndex.from_arrays(
        [rows["vehicle_id"], (days(rows["ideal_on"]) - offset).astype("datetime64[us]")]
    )
    there = pd.MultiIndex.from_frame(services(visits)[["vehicle_id", "visited_on"]])
    return np.asarray(asked.isin(there), dtype=bool)
