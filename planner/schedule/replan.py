"""What a new plan takes over from the stored one: pinned contacts, days to keep, and what falls away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planner.outcomes.attempts import NOT_REACHED_SCRIPT
from planner.schedule.rules import Bools, Consents
from planner.tables import GONE, LIVE_STATUSES


@dataclass(frozen=True)
class Carried:
    """The stored calendar, sorted out.

    `pinned` and `stale` are stored rows that go into the new plan as they are here. Along the candidates:
    `kept`, planned_on, ideal_on and reason of those that had a day; `in_pinned`, which are among the
    pinned; `named`, whose car a pinned contact names beside its own.
    """

    pinned: pd.DataFrame
    stale: pd.DataFrame
    kept: pd.DataFrame
    in_pinned: Bools
    named: Bools


def carry_over(
    previous: pd.DataFrame,
    candidates: pd.DataFrame,
    vehicles: pd.DataFrame,
    consents: Consents,
    again: pd.Series,
    as_of: date,
) -> Carried:
    """Sorts out a stored calendar (CONTACTS, households up to date, rows numbered) against the candidates.

    Pinned is what was done, tried, promised or handed out. It keeps its day and gets the reason
    `pinned`; only where it is still to come and the car is gone or the household has said no, it is
    cancelled, and an offer that was handed out also while a complaint is open (`again`: rules.rests_until).
    Other live rows that are no candidates any more are cancelled: `vehicle-gone`, `window`
    (it has passed), `visited` (the service was done), `not-due`.
    """
    pins = is_pinned(previous)
    before = pd.Index(previous["contact_id"]).get_indexer(pd.Index(candidates["contact_id"]))
    in_pinned = (before >= 0) & np.append(pins, False)[before]
    known = np.zeros(len(previous), dtype=bool)
    known[before[before >= 0]] = True
    had_day = ~pins & previous["status"].isin(["planned", "standby"]).to_numpy(dtype=bool)
    kept = previous.loc[had_day, ["planned_on", "ideal_on", "reason"]].reindex(before)
    pinned = _pinned(previous[pins], candidates, vehicles, consents, again, as_of)
    return Carried(
        pinned=pinned,
        stale=_stale(previous[~pins & ~known], candidates, vehicles, as_of),
        kept=kept.reset_index(drop=True),
        in_pinned=in_pinned,
        named=candidates["contact_id"].isin(_named(previous[~pins], pinned)).to_numpy(dtype=bool),
    )


def is_pinned(contacts: pd.DataFrame) -> Bools:
    """Which contacts were done, tried, promised or handed out?"""
    found = contacts["status"].eq("done") | contacts["attempts"].fillna(0).gt(0)
    for column in ("handed_out_on", "outcome", "callback_on"):
        found |= contacts[column].notna()
    return found.to_numpy(dtype=bool)


def _named(movable: pd.DataFrame, pinned: pd.DataFrame) -> pd.Series:
    """The stored merged contacts whose car is named by a pinned contact.

    One that is made within their window, or whose talk began in it and goes on: a next attempt or a promised
    day lies where it lies, and the message after the last try speaks for all of its cars too.
    """
    merged = movable[movable["status"].eq("merged")]
    naming = pinned[pinned["status"].isin(LIVE_STATUSES) & pinned["also_vehicle_ids"].notna()]
    if merged.empty or naming.empty:
        return merged["contact_id"].head(0)
    named = naming.assign(vehicle_id=naming["also_vehicle_ids"].str.split(",")).explode("vehicle_id")
    named["vehicle_id"] = named["vehicle_id"].astype("str")
    columns = ["script", "channel", "planned_on", "earliest_on", "latest_on", "attempts"]
    same = ["household_id", "vehicle_id"]
    pairs = merged.merge(named[[*same, *columns]], on=same, suffixes=("", "_of_pinned"))
    alike = pairs["script"].eq(pairs["script_of_pinned"]) & pairs["channel"].eq(pairs["channel_of_pinned"])
    alike |= pairs["script_of_pinned"].eq(NOT_REACHED_SCRIPT)
    inside = pairs["planned_on_of_pinned"].between(pairs["earliest_on"], pairs["latest_on"])
    overlap = (pairs["earliest_on_of_pinned"] <= pairs["latest_on"]) & (
        pairs["earliest_on"] <= pairs["latest_on_of_pinned"]
    )
    goes_on = overlap & pairs["attempts_of_pinned"].gt(0).to_numpy(dtype=bool)
    return pairs.loc[alike & (inside | goes_on), "contact_id"]


def _pinned(
    pinned: pd.DataFrame,
    candidates: pd.DataFrame,
    vehicles: pd.DataFrame,
    consents: Consents,
    again: pd.Series,
    as_of: date,
) -> pd.DataFrame:
    """The pinned rows with their new status and reason."""
    to_come = pinned["status"].isin(["planned", "standby"])
    refusal = consents.refusal(pinned["household_id"], pinned["channel"])
    offers = candidates.loc[candidates["offers"], "touchpoint"].unique()
    # A talk that has begun goes on; only what nobody has heard of yet is taken back.
    unsaid = pinned["touchpoint"].isin(offers) & pinned["outcome"].isna() & pinned["callback_on"].isna()
    early = pinned["planned_on"].to_numpy() < again.reindex(pinned["household_id"]).to_numpy()
    refusal = np.where((refusal == "") & unsaid & early, "complaint", refusal)
    refusal = np.where(_is_gone(pinned, vehicles), "vehicle-gone", refusal)
    cancelled = to_come & pinned["planned_on"].ge(pd.Timestamp(as_of)) & (refusal != "")
    stays = to_come & ~cancelled
    return pinned.assign(
        status=pinned["status"].mask(cancelled, "cancelled"),
        reason=pinned["reason"]
        .mask(stays, "pinned")
        .mask(cancelled, pd.Series(refusal, pinned.index))
        .astype("str"),
        planned_on=pinned["planned_on"].mask(cancelled),
    )


def _stale(
    stale: pd.DataFrame, candidates: pd.DataFrame, vehicles: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """Rows that are no candidates any more: what stood or was said with another is cancelled."""
    live = stale["status"].isin(["planned", "standby", "merged"]).to_numpy(dtype=bool)
    services = candidates[candidates["purpose"].eq("service") & candidates["service_no"].notna()]
    outstanding = services.groupby("vehicle_id")["service_no"].min().reindex(stale["vehicle_id"])
    number = stale["service_no"].to_numpy(dtype="float64", na_value=np.nan)
    visited = number < outstanding.to_numpy(dtype="float64", na_value=np.nan)
    reason = np.select(
        [_is_gone(stale, vehicles), stale["latest_on"].lt(pd.Timestamp(as_of)), visited],
        ["vehicle-gone", "window", "visited"],
        default="not-due",
    )
    return stale.assign(
        status=stale["status"].mask(live, "cancelled"),
        reason=stale["reason"].mask(live, pd.Series(reason, stale.index)).astype("str"),
        planned_on=stale["planned_on"].mask(live),
        also_vehicle_ids=stale["also_vehicle_ids"].mask(live),
    )


def _is_gone(contacts: pd.DataFrame, vehicles: pd.DataFrame) -> Bools:
    """Is the contact's car sold, scrapped, moved away with or not known any more?"""
    here = vehicles.loc[~vehicles["status"].isin(GONE), "vehicle_id"]
    return ~contacts["vehicle_id"].isin(here).to_numpy(dtype=bool)
