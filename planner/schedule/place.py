"""Candidates in, calendar out: who may be contacted, what is one contact, and on which day it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from planner.columns import typed
from planner.dates import NO_DAY, days
from planner.outcomes.talks import talks
from planner.schedule.kernel import columns
from planner.schedule.replan import carry_over
from planner.schedule.rules import Bools, best_allowed, consents, open_days, rests_until
from planner.settings import Settings
from planner.tables import CONTACTS


def place(
    candidates: pd.DataFrame,
    customers: pd.DataFrame,
    vehicles: pd.DataFrame,
    previous: pd.DataFrame,
    settings: Settings,
    as_of: date,
    answers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Gives every candidate contact a day, or the reason why it has none.

    In: candidates (CONTACTS and purpose, on_conflict, standby, gone, offers, true for what rests after a
    complaint, and where there is one instead, falls_away, the reason why it is cancelled, or "", extra, and
    worth, the class of the household: 0 goes first where all else is equal; key contact_id), customers with
    their household_id, vehicles, the stored calendar (CONTACTS; empty at first) and what callers were told
    (ANSWERS), if anything.
    Out: CONTACTS, one row for each candidate and each row of the stored calendar, sorted by
    household_id, planned_on (those without a day last) and contact_id.

    The hard rules hold over all live contacts of a household, and its talks with callers; what was done,
    tried, promised or handed out stays where it is, other stored contacts keep their day if it is still
    allowed. The same input gives the same calendar, whatever the order of its rows. What is extra is placed
    when all others stand, and moves none of them.
    """
    people = customers.set_index("customer_id")
    said = consents(customers)
    stored = previous.assign(household_id=_households(previous, people)).reset_index(drop=True)
    if "falls_away" not in candidates:
        candidates = candidates.assign(falls_away="")
    if "extra" not in candidates:
        candidates = candidates.assign(extra=False)
    found = candidates.assign(
        household_id=_households(candidates, people),
        advisor=_of_customer(candidates, people["advisor"]),
        attempts=0,
        also_vehicle_ids=np.nan,
        planned_on=NO_DAY,
    )
    again = rests_until(stored, settings)
    carried = carry_over(stored, found.reset_index(drop=True), vehicles, said, again, as_of)
    free = found[~carried.in_pinned].reset_index(drop=True)
    kept = carried.kept[~carried.in_pinned].reset_index(drop=True)

    free, objection = best_allowed(free, said, settings)
    free, waits, over = _after_complaints(free, again)
    objection = np.where((objection == "") & over, "complaint", objection)
    named = carried.named[~carried.in_pinned]
    ends = np.where(free["gone"], "vehicle-gone", free["falls_away"]).astype(object)
    able = (objection == "") & (ends == "") & ~named
    unable = free.assign(
        status=np.select([ends != "", objection != ""], ["cancelled", "dropped"], default="merged"),
        reason=np.select([ends != "", objection != ""], [ends, objection], default="household"),
    )[~able]
    extra = free["extra"].to_numpy(dtype=bool)
    standing = carried.pinned
    if answers is not None:
        standing = pd.concat([standing, talks(carried.pinned, answers)], ignore_index=True)
    parts = [unable, carried.pinned, carried.stale]
    for turn in (able & ~extra, able & extra):
        if not turn.any():
            continue
        mine, before = free[turn].reset_index(drop=True), kept[turn].reset_index(drop=True)
        placed = _place(mine, before, standing, settings, as_of)
        # What the rest left of the window decided the day, or that there is none.
        placed["reason"] = placed["reason"].mask(waits[turn] & placed["reason"].eq("window"), "complaint")
        parts.append(placed)
        standing = pd.concat([typed(part, CONTACTS) for part in (standing, placed)], ignore_index=True)
    return _sorted(pd.concat([typed(part, CONTACTS) for part in parts], ignore_index=True))


def _after_complaints(free: pd.DataFrame, again: pd.Series) -> tuple[pd.DataFrame, Bools, Bools]:
    """The contacts with the windows that open complaints leave them; which wait, and which have no day left.

    `again`: as rules.rests_until.
    """
    if again.empty:
        nobody = np.zeros(len(free), dtype=bool)
        return free, nobody, nobody
    day = pd.Series(again.reindex(free["household_id"]).to_numpy(), free.index)
    rests = free["offers"] & day.gt(free["earliest_on"])
    over = rests & day.gt(free["latest_on"])
    waits = rests & ~over
    waiting = free.assign(earliest_on=free["earliest_on"].mask(waits, day))
    return waiting, waits.to_numpy(dtype=bool), over.to_numpy(dtype=bool)


def _place(
    free: pd.DataFrame, kept: pd.DataFrame, pinned: pd.DataFrame, settings: Settings, as_of: date
) -> pd.DataFrame:
    """The candidates that may be placed: merged, and with their day, status and reason.

    `kept`: along them, planned_on, ideal_on and reason of the stored calendar, where they had a day.
    """
    from planner.schedule import arrays  # late: the compiler takes a second to import
    from planner.schedule.merge import merge

    asked = arrays.wishes(free, kept, as_of)
    allowed = open_days(settings, as_of, int(asked.high.max(initial=0)) + 1)
    alike = [pd.factorize(free[name])[0] for name in ("household_id", "script", "channel", "standby")]
    urgency = (asked.tie, asked.ideal, asked.before < 0, asked.manner != columns.HOLD, asked.priority)
    merged = merge(alike, free["vehicle_id"], asked.low, asked.high, urgency, asked.kind, allowed)
    leads = merged.leader == np.arange(len(free))
    asked = replace(asked, low=merged.low, high=merged.high)
    its_day, its_reason = arrays.run_kernel(
        free[leads].reset_index(drop=True), asked[leads], pinned, settings, as_of, allowed
    )
    day = np.full(len(free), columns.OUT, dtype=np.int64)
    reason = np.full(len(free), "household", dtype=object)
    day[leads], reason[leads] = its_day, its_reason
    stands = day != columns.OUT
    # Where the one that was to speak for several cars found no day, nothing was said for any of them.
    unsaid = ~stands[merged.leader]
    reason = np.where(unsaid, reason[merged.leader], reason)
    planned_on = np.datetime64(as_of) + np.where(stands, day, 0)
    planned_on[~stands] = NO_DAY
    # Where nothing changed, neither does the reason: it was found when there was something to decide.
    same = (
        stands & (days(kept["planned_on"]) == planned_on) & (days(kept["ideal_on"]) == days(free["ideal_on"]))
    )
    same &= kept["reason"].notna().to_numpy(dtype=bool)
    reason = np.where(same, kept["reason"].to_numpy(dtype=object), reason)
    joint = pd.notna(merged.also) & stands
    today = np.datetime64(as_of)
    return free.assign(
        planned_on=planned_on,
        reason=reason,
        status=np.select(
            [unsaid, ~leads, free["standby"].to_numpy(dtype=bool)],
            ["dropped", "merged", "standby"],
            "planned",
        ),
        also_vehicle_ids=pd.Series(np.where(joint, merged.also, np.nan), dtype="str"),
        earliest_on=np.where(joint, today + merged.low, days(free["earliest_on"])),
        latest_on=np.where(joint, today + merged.high, days(free["latest_on"])),
    )


def _households(contacts: pd.DataFrame, people: pd.DataFrame) -> pd.Series:
    """The household of each contact as it is now; as it was where the customer is not known any more."""
    now = _of_customer(contacts, people["household_id"])
    return now.fillna(contacts["household_id"]).fillna(contacts["customer_id"])


def _of_customer(contacts: pd.DataFrame, values: pd.Series) -> pd.Series:
    """A column of the customers along the contacts."""
    code, names = pd.factorize(contacts["customer_id"])
    found = values.reindex(pd.Index(names)).to_numpy(dtype=object)
    return pd.Series(np.append(found, np.nan)[code], index=contacts.index, dtype="str")


def _sorted(contacts: pd.DataFrame) -> pd.DataFrame:
    """By household_id, planned_on with the empty ones last, contact_id."""
    code, _ = pd.factorize(contacts["household_id"], sort=True)
    day = days(contacts["planned_on"]).astype(np.int64)
    day = np.where(day == np.iinfo(np.int64).min, np.iinfo(np.int64).max, day)
    order = np.lexsort((day, code))
    # Ids are long to compare: only those of the same household and day are.
    code, day = code[order], day[order]
    again = np.zeros(len(order), dtype=bool)
    same = (code[1:] == code[:-1]) & (day[1:] == day[:-1])
    again[1:] |= same
    again[:-1] |= same
    ids = np.zeros(len(order), dtype=np.int64)
    ids[again] = pd.factorize(contacts["contact_id"].iloc[order[again]], sort=True)[0]
    return contacts.iloc[order[np.lexsort((ids, day, code))]].reset_index(drop=True)
