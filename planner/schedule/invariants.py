"""The hard rules of a calendar, one function a rule, written for the checker alone.

Those about what people have said stand in `invariants_people`, and about what callers were told in
`invariants_outcomes`.

Each rule takes the prepared `Calendar` and yields a row for every place where the calendar breaks it.
What counts as live, pinned, movable and open: see `planner.schedule.check`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import numpy as np
import pandas as pd

from planner.schedule.evidence import (
    COUNTING,
    Calendar,
    Row,
    distinct_days,
    falls_on,
    named_vehicles,
    numbers_of,
    over_cap,
    overloaded,
    report,
    too_close,
)
from planner.schedule.invariants_outcomes import attempts, booked, do_not_call, promised, refused, spoken
from planner.schedule.invariants_people import channel, complaint, consent, do_not_contact, vehicle_gone
from planner.settings import WEEKDAYS
from planner.tables import CHANNELS, LIVE_STATUSES, OUTCOMES, REASONS, STATUSES

LAST_MESSAGE = "not_reached"
NEEDS_A_WORKING_DAY = ("call", "post")
# Reasons that say why a contact does not stand, and those that say how it came to stand.
ONLY_NOT_LIVE = ("do-not-contact", "vehicle-gone", "not-due")
ONLY_LIVE = ("ideal", "repaired", "pinned")


# --- Records ---------------------------------------------------------------------------------------------


def code(calendar: Calendar) -> Iterator[Row]:
    """Statuses, channels, reasons and outcomes are known and fit each other; a day stands iff it is live."""
    rows = calendar.contacts
    status, reason = rows["status"], rows["reason"]
    known = status.isin(STATUSES)
    live = status.isin(LIVE_STATUSES)
    placed = live & (status != "done")
    wrong: list[tuple[pd.Series[bool], str]] = [
        (~known, "the status {status!r} is unknown"),
        (~rows["channel"].isin(CHANNELS), "the channel {channel!r} is unknown"),
        (reason.notna() & ~reason.isin(REASONS), "the reason {reason!r} is unknown"),
        (reason.isna() & known & (status != "done"), "{status}, but without a reason"),
        (rows["outcome"].notna() & ~rows["outcome"].isin(OUTCOMES), "the outcome {outcome!r} is unknown"),
        (placed & reason.isin(ONLY_NOT_LIVE), "{status}, but the reason is {reason}"),
        (known & ~live & reason.isin(ONLY_LIVE), "{status}, but the reason is {reason}"),
        (
            (status == "merged") & reason.isin(REASONS) & (reason != "household"),
            "merged, but the reason is {reason}",
        ),
        (live & rows["planned_on"].isna(), "{status}, but without a day"),
        (known & ~live & rows["planned_on"].notna(), "{status}, but on {planned_on:%Y-%m-%d}"),
        (placed & rows[["earliest_on", "latest_on"]].isna().any(axis=1), "{status}, but without a window"),
        (placed & ~(rows["min_gap_days"].fillna(-1) >= 0), "{status}, but without a gap"),
    ]
    for mask, message in wrong:
        yield from report(rows, lambda row: message.format(**row._asdict()), mask)  # noqa: B023  # read at once


def contact_id(calendar: Calendar) -> Iterator[Row]:
    """Ids are unique and made of vehicle and touchpoint (and number), so that they survive replanning."""
    rows = calendar.contacts
    yield from report(rows, lambda row: "a contact without an id", rows["contact_id"].isna())
    rows = rows[rows["contact_id"].notna()]
    yield from report(rows, lambda row: "the id stands more than once", rows["contact_id"].duplicated())
    malformed = np.array([number is None for number in numbers_of(rows)], dtype=bool)
    yield from report(
        rows,
        lambda row: f"the id is not made of vehicle {row.vehicle_id} and touchpoint {row.touchpoint}",
        malformed,
    )


def household(calendar: Calendar) -> Iterator[Row]:
    """A contact belongs to the household of its customer, and every car that it names belongs there too."""
    rows = calendar.contacts
    # The customer of a contact that was made may have been forgotten since.
    unknown = ~rows["customer_known"] & (rows["status"] != "done")
    yield from report(rows, lambda row: f"customer {row.customer_id} is in no table", unknown)
    other = rows["customer_known"] & (rows["household_id"] != rows["household"])
    yield from report(
        rows, lambda row: f"says household {row.household_id}, its customer is of {row.household}", other
    )
    cars = calendar.vehicles.drop_duplicates("vehicle_id")
    people = calendar.customers.drop_duplicates("customer_id").set_index("customer_id")
    home_of_car = people["home"].reindex(cars["customer_id"]).to_numpy()
    named = calendar.spoken_of
    at = pd.Index(cars["vehicle_id"]).get_indexer(named["named"])
    yield from report(named, lambda row: f"vehicle {row.named} is in no table", at < 0)
    named, at = named[at >= 0], at[at >= 0]
    yield from report(
        named,
        lambda row: f"vehicle {row.named} is not of household {row.household}",
        home_of_car[at] != named["home"].to_numpy(),
    )


def merged(calendar: Calendar) -> Iterator[Row]:
    """A merged contact is spoken for: a live one of the household, same script and channel, names its car.

    Only while its window is open: what became of the live one afterwards is history.
    """
    rows = calendar.contacts
    over = rows["latest_on"] < pd.Timestamp(calendar.planned_on_day or date.min)
    away = rows[(rows["status"] == "merged") & ~over]
    if away.empty:
        return
    away = away.assign(at=np.arange(len(away)))
    partners = named_vehicles(calendar.standing)
    partners = partners[partners["named"] != partners["vehicle_id"]]
    written = partners[partners["script"] == LAST_MESSAGE]  # after three calls in vain: for all their cars
    pairs = away[["at", "home", "script", "channel", "vehicle_id", "earliest_on", "latest_on"]].merge(
        partners[["home", "script", "channel", "named", "earliest_on", "latest_on", "pinned"]],
        left_on=["home", "script", "channel", "vehicle_id"],
        right_on=["home", "script", "channel", "named"],
        suffixes=("", "_partner"),
    )
    # The partner's window was the intersection; once the partner is pinned, windows may have moved on.
    together = (pairs["earliest_on"] <= pairs["latest_on_partner"]) & (
        pairs["earliest_on_partner"] <= pairs["latest_on"]
    )
    spoken_for = pairs.loc[together | pairs["pinned"], "at"]
    silent = pd.MultiIndex.from_frame(away[["home", "vehicle_id"]]).isin(
        pd.MultiIndex.from_frame(written[["home", "named"]])
    )
    yield from report(
        away,
        lambda row: f"merged, but no live contact by {row.channel} names vehicle {row.vehicle_id}",
        ~away["at"].isin(spoken_for) & ~silent,
    )


def twice(calendar: Calendar) -> Iterator[Row]:
    """The same touchpoint of the same vehicle, with the same number, is live only once."""
    live = calendar.standing
    suspects = live[live.duplicated(["vehicle_id", "touchpoint"], keep=False)]
    if suspects.empty:
        return
    number = pd.Series(numbers_of(suspects), index=suspects.index, dtype="str").replace("", np.nan)
    suspects = suspects.assign(number=number.fillna(suspects["service_no"].astype("str")).fillna(""))
    key = ["vehicle_id", "touchpoint", "number"]
    suspects = suspects[suspects.groupby(key)["movable"].transform("any")]
    # Pinned ones first: what is named is the copy that can go.
    suspects = suspects.sort_values("movable", kind="stable")
    yield from report(
        suspects,
        lambda row: f"touchpoint {row.touchpoint} of vehicle {row.vehicle_id} is live more than once",
        suspects.duplicated(key),
    )


# --- Days ------------------------------------------------------------------------------------------------


def past(calendar: Calendar) -> Iterator[Row]:
    """Nothing is planned before the day on which the plan was made."""
    if calendar.planned_on_day is None:
        return
    first = pd.Timestamp(calendar.planned_on_day)
    rows = calendar.movable
    yield from report(
        rows,
        lambda row: f"on {row.planned_on:%Y-%m-%d}, before the plan was made on {first:%Y-%m-%d}",
        rows["planned_on"] < first,
    )


def window(calendar: Calendar) -> Iterator[Row]:
    """A contact stands inside its own window; both ends are in."""
    rows = calendar.movable
    outside = (rows["planned_on"] < rows["earliest_on"]) | (rows["planned_on"] > rows["latest_on"])
    yield from report(
        rows,
        lambda row: (
            f"on {row.planned_on:%Y-%m-%d}, outside its window {row.earliest_on:%Y-%m-%d} "
            f"to {row.latest_on:%Y-%m-%d}"
        ),
        outside,
    )


def working_day(calendar: Calendar) -> Iterator[Row]:
    """Calls and letters fall on the working weekdays of the settings, else of the country."""
    rows = calendar.movable[calendar.movable["channel"].isin(NEEDS_A_WORKING_DAY)]
    named = calendar.settings.calendar.working_days
    if named:
        free = ~rows["planned_on"].dt.day_of_week.isin([WEEKDAYS.index(day) for day in named])
    else:
        import holidays  # late: most commands never check

        country = holidays.country_holidays(calendar.settings.dealership.country)
        free = falls_on(rows, [day for day in distinct_days(rows) if country.is_weekend(day)])
    yield from report(
        rows, lambda row: f"{row.channel} on {row.planned_on:%A %Y-%m-%d}, no working day", free
    )


def public_holiday(calendar: Calendar) -> Iterator[Row]:
    """No contact falls on a public holiday, except greetings by message.

    Source: the holidays library, which cites each country's law.
    """
    if not calendar.settings.calendar.public_holidays:
        return
    import holidays

    rows = calendar.movable
    greeting = (rows["purpose"] == "greeting") & ~rows["channel"].isin(NEEDS_A_WORKING_DAY)
    rows = rows[~greeting]
    country = holidays.country_holidays(calendar.settings.dealership.country)
    names = {pd.Timestamp(day): country[day] for day in distinct_days(rows) if day in country}
    yield from report(
        rows,
        lambda row: f"{row.channel} on {row.planned_on:%Y-%m-%d}, a public holiday ({names[row.planned_on]})",
        rows["planned_on"].isin(list(names)),
    )


def closed_day(calendar: Calendar) -> Iterator[Row]:
    """No call and no letter on a day on which the dealership is closed."""
    rows = calendar.movable[calendar.movable["channel"].isin(NEEDS_A_WORKING_DAY)]
    closed = falls_on(rows, calendar.settings.calendar.closed_on)
    yield from report(rows, lambda row: f"{row.channel} on {row.planned_on:%Y-%m-%d}, a closed day", closed)


def quiet_day(calendar: Calendar) -> Iterator[Row]:
    """Nothing at all on a quiet day."""
    rows = calendar.movable
    quiet = falls_on(rows, calendar.settings.contact_rules.quiet_days)
    yield from report(rows, lambda row: f"{row.channel} on {row.planned_on:%Y-%m-%d}, a quiet day", quiet)


# --- Distances -------------------------------------------------------------------------------------------


def gap(calendar: Calendar) -> Iterator[Row]:
    """Any two live contacts of a household stand at least the smaller of their own gaps apart."""
    gaps = calendar.settled["min_gap_days"].fillna(0).to_numpy(np.int64)
    yield from too_close(calendar.settled, gaps)


def call_gap(calendar: Calendar) -> Iterator[Row]:
    """Any two live calls of a household stand `call_gap_days` apart."""
    calls = calendar.settled[calendar.settled["channel"] == "call"]
    gaps = np.full(len(calls), calendar.settings.contact_rules.call_gap_days, dtype=np.int64)
    yield from too_close(calls, gaps)


def cap(calendar: Calendar) -> Iterator[Row]:
    """In any `cap_days` consecutive days a household gets at most so many contacts of a kind, and in all."""
    rules, live = calendar.settings.contact_rules, calendar.settled[COUNTING]
    for channels, most, what in (
        (("call",), rules.max_calls, "calls"),
        (("email",), rules.max_emails, "e-mails"),
        (("post",), rules.max_letters, "letters"),
        (("sms", "messenger"), rules.max_short_messages, "short messages"),
        (CHANNELS, rules.max_touches, "contacts"),
    ):
        part = live if channels is CHANNELS else live[live["channel"].isin(channels)]
        yield from over_cap(part, rules.cap_days, most, what)


def capacity(calendar: Calendar) -> Iterator[Row]:
    """No day has more calls than the team makes, and none more of an advisor's than he makes."""
    limits = calendar.settings.capacity
    calls = calendar.settled[calendar.settled["channel"] == "call"]
    yield from overloaded(calls, limits.calls_per_day, "the team")
    for name, limit in limits.advisors.items():
        yield from overloaded(calls[calls["advisor"] == name], limit, "the advisor")


def absence(calendar: Calendar) -> Iterator[Row]:
    """No call of an advisor on a day on which he is away."""
    calls = calendar.movable[calendar.movable["channel"] == "call"]
    for name, spans in calendar.settings.capacity.absences.items():
        own = calls[calls["advisor"] == name]
        for span in spans:
            first, last = pd.Timestamp(span[:10]), pd.Timestamp(span[-10:])
            yield from report(
                own,
                lambda row: f"call on {row.planned_on:%Y-%m-%d}, when advisor {row.advisor} is away",
                own["planned_on"].between(first, last),
            )


RULES: tuple[Callable[[Calendar], Iterator[Row]], ...] = (
    code,
    contact_id,
    household,
    merged,
    twice,
    attempts,
    do_not_call,
    promised,
    booked,
    refused,
    do_not_contact,
    consent,
    channel,
    complaint,
    vehicle_gone,
    past,
    window,
    working_day,
    public_holiday,
    closed_day,
    quiet_day,
    gap,
    call_gap,
    spoken,
    cap,
    capacity,
    absence,
)
