"""Which contact of the calendar carries a cue: one of the cycle, brought forward where it stands far ahead.

Nothing is added: a household's sales contact gets an earlier window and best day, and the placement does
with it what caps and gaps allow. What is planned then decides who carries.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from planner.dates import LAST_DAY, days
from planner.schedule.arrays import stable_hash
from planner.schedule.replan import is_pinned
from planner.schedule.rules import Bools, consents, rests_until
from planner.settings import Settings

LEAD_DAYS = 10  # from a cue to the first day that it asks for, so that this week's list is not rewritten
LONG_AGO = pd.Timestamp(1, 1, 1)  # when he said it, of whom only records speak
SPREAD_DAYS = 30  # a new dealership sees all its cues on one day, and can not call everybody on one


def bring_forward(
    candidates: pd.DataFrame,
    cues: pd.DataFrame,
    previous: pd.DataFrame,
    customers: pd.DataFrame,
    settings: Settings,
    as_of: date,
) -> pd.DataFrame:
    """The candidates with one sales contact of each household that has an open cue asked for sooner.

    In: candidates (CONTACTS with purpose, standby, gone, and maybe falls_away), CUES with the contact_id of
    the plan before, that plan's CONTACTS, customers with household_id.
    Out: the candidates in their order with `forward`, true for what was moved: ideal_on within 40 days of the
    cue's first day, or 10 after the customer asked for it himself, earliest_on the first day or as_of;
    latest_on stays.

    Chosen is the contact of the plan before, else a call before a message, one about the cue's own car, the
    earliest. Nothing is brought forward for a household that has been spoken to within `again_days`, and no
    message where a call of any kind is near.
    """
    rules = settings.cues
    asks = _strongest(cues[~_told(cues, previous, settings, as_of)])
    near_by = candidates["ideal_on"] <= pd.Timestamp(as_of) + pd.Timedelta(days=rules.forward_days)
    rows = _of_households(candidates, asks, near_by)
    fixed = rows["contact_id"].isin(previous.loc[is_pinned(previous), "contact_id"])
    free = ~rows["standby"] & ~rows["gone"] & ~fixed
    if "falls_away" in rows:
        free &= rows["falls_away"].eq("")
    agreed = _agreed(rows, customers, settings)
    sales = free & agreed & rows["purpose"].eq("marketing") & _talks(rows, settings)
    call = rows["channel"].eq("call")
    until = rows["opened_on"] + pd.Timedelta(days=rules.within_days)
    called = rows.loc[free & agreed & call & rows["ideal_on"].le(until), "household_id"]
    rows = rows[sales & (call | rows["contact_id"].eq(rows["carrier"]) | ~rows["household_id"].isin(called))]
    rows = rows.assign(
        other=rows["contact_id"].ne(rows["carrier"]),
        quiet=rows["channel"].ne("call"),
        apart=rows["vehicle_id"].ne(rows["about"]),
    ).sort_values(["household_id", "other", "quiet", "apart", "ideal_on", "contact_id"])
    rows = rows.drop_duplicates("household_id")

    opened, today = days(rows["opened_on"]), np.datetime64(as_of, "D")
    asked, himself = days(rows["answered_on"]), rows["answered_on"].gt(LONG_AGO).to_numpy(dtype=bool)
    spread = (stable_hash(rows["contact_id"]) % np.uint64(SPREAD_DAYS)).astype(np.int64)
    wait = LEAD_DAYS + np.where(himself, 0, spread)  # few ask, and who does is not kept waiting
    ideal = np.minimum(np.maximum(opened, asked) + wait.astype("timedelta64[D]"), np.datetime64(LAST_DAY))
    sooner = ideal < days(rows["ideal_on"])
    at = rows["row"].to_numpy()[sooner]
    forward = np.zeros(len(candidates), dtype=bool)
    forward[at] = True
    ideal_on, earliest_on = (days(candidates[name]).copy() for name in ("ideal_on", "earliest_on"))
    ideal_on[at] = ideal[sooner]
    earliest_on[at] = np.minimum(earliest_on[at], np.maximum(opened[sooner], today))
    return candidates.assign(
        ideal_on=ideal_on.astype("datetime64[us]"),
        earliest_on=earliest_on.astype("datetime64[us]"),
        forward=forward,
    )


def carry(
    cues: pd.DataFrame, contacts: pd.DataFrame, customers: pd.DataFrame, settings: Settings, as_of: date
) -> pd.DataFrame:
    """The cues with the contact_id of what carries each in the calendar, missing where nothing does.

    In: CUES with the contact_id of the plan before, the new CONTACTS, customers. What carried one stays while
    it is planned within `within_days`, and for `again_days` after it was made. Else it is a sales call, else
    any call for which the household agrees to offers, else a sales message: planned within `within_days`, not
    handed out, and not while a complaint is open. A household's second cue goes with the call of its first,
    or with none.
    """
    rules, today = settings.cues, pd.Timestamp(as_of)
    on = contacts["planned_on"]
    near_by = on.gt(today - pd.Timedelta(days=rules.again_days))
    near_by &= on.le(today + pd.Timedelta(days=rules.within_days))
    rows = _of_households(contacts, _strongest(cues), near_by)
    rests = rests_until(contacts, settings).reindex(rows["household_id"]).to_numpy()
    on = rows["planned_on"]
    rested = ~(on.to_numpy() < rests)
    live = rows["status"].isin(["planned", "done"])
    keeps = rows["contact_id"].eq(rows["carrier"]) & live
    keeps &= (rested | rows["status"].eq("done")) & on.gt(rows["answered_on"])
    talks, call = _talks(rows, settings), rows["channel"].eq("call")
    soon = rows["status"].eq("planned") & on.ge(today)
    soon &= rested & rows["handed_out_on"].isna() & rows["outcome"].isna()
    soon &= talks | (call & _agreed(rows, customers, settings))
    grade = np.select([talks & call, call], [0, 1], default=2)
    rows = rows.assign(other=~keeps, grade=grade)[keeps | soon]
    rows = rows.sort_values(["household_id", "other", "grade", "planned_on", "contact_id"])
    rows = rows.drop_duplicates("household_id").set_index("household_id")
    carrier = rows["contact_id"].reindex(cues["household_id"]).to_numpy(dtype=object)
    first = cues["kind"].to_numpy() == rows["kind"].reindex(cues["household_id"]).to_numpy()
    with_it = first | rows["channel"].eq("call").reindex(cues["household_id"], fill_value=False).to_numpy()
    return cues.assign(contact_id=pd.Series(carrier, cues.index).where(with_it).astype("str"))


def _strongest(cues: pd.DataFrame) -> pd.DataFrame:
    """The cue with the highest score of each household, by household_id."""
    ordered = cues.sort_values(["household_id", "score", "kind"], ascending=[True, False, True])
    return ordered.drop_duplicates("household_id").set_index("household_id")


def _of_households(contacts: pd.DataFrame, asks: pd.DataFrame, near_by: pd.Series[bool]) -> pd.DataFrame:
    """Of the contacts that are near those of the households that ask, with `row` and what their cue says.

    That is: kind, about, opened_on, carrier, answered_on.
    """
    rows = np.flatnonzero(near_by)  # of millions, few are: names are compared last
    at = asks.index.get_indexer(pd.Index(contacts["household_id"].iloc[rows]))
    rows, at = rows[at >= 0], at[at >= 0]
    asks = asks.assign(answered_on=_answered_on(asks)).iloc[at]
    return contacts.iloc[rows].assign(
        row=rows,
        kind=asks["kind"].to_numpy(),
        about=asks["vehicle_id"].to_numpy(),
        opened_on=asks["opened_on"].to_numpy(),
        carrier=asks["contact_id"].to_numpy(),
        answered_on=asks["answered_on"].to_numpy(),
    )


def _told(cues: pd.DataFrame, previous: pd.DataFrame, settings: Settings, as_of: date) -> Bools:
    """Which cues have been spoken of, or handed out to be, not long ago."""
    since = pd.Timestamp(as_of) - pd.Timedelta(days=settings.cues.again_days)
    made = previous[is_pinned(previous) & previous["planned_on"].gt(since).to_numpy()]
    on = made.set_index("contact_id")["planned_on"].reindex(cues["contact_id"]).to_numpy()
    return np.asarray(on > _answered_on(cues).to_numpy(), dtype=bool)


def _answered_on(cues: pd.DataFrame) -> pd.Series:
    """When the customer himself said what the cue rests on: no talk before that was about it.

    Long ago where he said nothing.
    """
    on = cues["evidence"].str.extract(r"(?:asked|sold_car)=(\d{4}-\d\d-\d\d)", expand=False)
    return pd.to_datetime(on).astype("datetime64[us]").fillna(LONG_AGO)


def _talks(rows: pd.DataFrame, settings: Settings) -> pd.Series[bool]:
    """Does the contact's script talk about what its cue is about?"""
    next_car = rows["kind"].eq("next_car") & rows["script"].isin(settings.cues.next_car_scripts)
    return next_car | (rows["kind"].eq("second_car") & rows["script"].isin(settings.cues.second_car_scripts))


def _agreed(rows: pd.DataFrame, customers: pd.DataFrame, settings: Settings) -> Bools:
    """Does the household agree to offers by the contact's channel?"""
    offer = pd.Series("marketing", rows.index, dtype="str")
    objection = consents(customers).objection(rows["household_id"], rows["channel"], offer, settings)
    return np.asarray(objection == "", dtype=bool)
