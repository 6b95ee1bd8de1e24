"""The hard rules about what people have said and what became of their cars, as in `invariants`."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.schedule.evidence import Calendar, Row, out_before, report
from planner.tables import CHANNELS, GONE

PURPOSES = ("service", "survey", "greeting", "marketing")


def do_not_contact(calendar: Calendar) -> Iterator[Row]:
    """Where one person of a household wants no contact, nobody of it is contacted."""
    customers, rows = calendar.customers, calendar.open
    silent = customers.loc[customers["do_not_contact"] == "yes", "home"]
    yield from report(
        rows,
        lambda row: f"{row.status} by {row.channel}, but the household wants no contact",
        rows["home"].isin(silent),
    )


def consent(calendar: Calendar) -> Iterator[Row]:
    """One no in a household closes the channel; else one yes opens it; else the policy for the purpose.

    The policy binds what is movable; a no also what is handed out. A touchpoint that is in no cycle any
    more has no purpose: it passes where any purpose would.
    """
    customers, rows, policy = calendar.customers, calendar.open, calendar.settings.consent.model_dump()
    for channel in CHANNELS:
        answer = customers[f"consent_{channel}"]
        by_channel = rows["channel"] == channel
        refused = by_channel & rows["home"].isin(customers.loc[answer == "no", "home"])
        agreed = rows["home"].isin(customers.loc[answer == "yes", "home"])
        purposes = [purpose for purpose in PURPOSES if channel in policy[purpose]]
        by_policy = rows["purpose"].isin(purposes) | (rows["purpose"].isna() & bool(purposes))
        yield from report(rows, lambda row: f"the household does not want {row.channel}", refused)
        yield from report(
            rows,
            lambda row: f"no consent to {row.channel}, and the policy for {row.purpose} does not allow it",
            by_channel & rows["movable"] & ~refused & ~agreed & ~by_policy,
        )


def channel(calendar: Calendar) -> Iterator[Row]:
    """A contact goes by its touchpoint's channel, or by one that the cycle names and the settings allow."""
    rows = calendar.movable[calendar.movable["touchpoint"].isin(list(calendar.channels))]
    instead = calendar.settings.consent.instead
    used = rows[["touchpoint", "channel", "purpose"]].drop_duplicates()
    wrong = {
        (touchpoint, channel)
        for touchpoint, channel, purpose in used.itertuples(index=False, name=None)
        if channel not in calendar.channels[touchpoint][: None if purpose in instead else 1]
    }
    pairs = pd.MultiIndex.from_frame(rows[["touchpoint", "channel"]])
    yield from report(
        rows,
        lambda row: (
            f"by {row.channel}; touchpoint {row.touchpoint} goes by {calendar.channels[row.touchpoint][0]}"
        ),
        pairs.isin(list(wrong)),
    )


def complaint(calendar: Calendar) -> Iterator[Row]:
    """Nothing is offered to a household, and nobody wins it back, from a complaint on, as long as set.

    A visit that was booked, or interest in another car, on a later day ends it. An offer that was made, or
    promised for a day, is part of the talk.
    """
    said = calendar.contacts[calendar.contacts["outcome_at"].notna()]
    days = {
        what: said[said["outcome"].isin(outcomes)].groupby("home")["outcome_at"].max()
        for what, outcomes in (("bad", ["complaint"]), ("good", ["booked", "interest_second_car"]))
    }
    last = pd.concat(days, axis=1)
    last = last[last["bad"].notna() & ~(last["good"] > last["bad"])]
    rows = calendar.contacts[calendar.contacts["open"]]
    wins_back = rows["touchpoint"].map(calendar.kinds) == "lapsed"
    rows = rows.assign(what=wins_back.map({True: "a win-back", False: "an offer"}))
    rows = rows[wins_back | (rows["purpose"] == "marketing")]
    rows = rows[rows["outcome"].isna() & rows["callback_on"].isna() & rows["home"].isin(last.index)]
    rows = rows.assign(complained_on=last["bad"].reindex(rows["home"]).to_numpy())
    rested = (rows["planned_on"] - rows["complained_on"]).dt.days
    yield from report(
        rows,
        lambda row: (
            f"{row.what} on {row.planned_on:%Y-%m-%d}, with a complaint of {row.complained_on:%Y-%m-%d}"
        ),
        rested < calendar.settings.contact_rules.complaint_rest_days,
    )


def vehicle_gone(calendar: Calendar) -> Iterator[Row]:
    """Nothing is planned for, and no contact speaks of, a car that is sold, scrapped or moved away with.

    What had been handed out for a day before the planner heard of it is past.
    """
    vehicles = calendar.vehicles
    gone = vehicles.loc[vehicles["status"].isin(GONE), "vehicle_id"]
    named = calendar.spoken_of
    sold = calendar.answers[calendar.answers["outcome"] == "sold_car"]
    moved = calendar.answers[calendar.answers["outcome"] == "moved_away"]
    of_customer = moved.drop(columns="vehicle_id").merge(
        vehicles[["vehicle_id", "customer_id"]], on="customer_id"
    )
    heard = pd.concat([sold, of_customer], ignore_index=True)
    yield from report(
        named,
        lambda row: (
            f"{row.status} for vehicle {row.named}, which is sold or scrapped, or whose owner moved away"
        ),
        named["named"].isin(gone) & ~out_before(named, named["named"], heard),
    )
