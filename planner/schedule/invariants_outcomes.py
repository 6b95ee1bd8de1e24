"""The hard rules about what callers were told, as in `invariants`: written for the checker alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd

from planner.schedule.evidence import Calendar, Row, out_before, report
from planner.settings import WEEKDAYS, Settings

MAX_ATTEMPTS = 3  # that reached nobody; then one SMS and rest
SERVICE_KINDS = ("service", "lapsed")
UNDATED_DAYS = 30  # so long after the call one without a day does


def do_not_call(calendar: Calendar) -> Iterator[Row]:
    """Nobody is called after his household asked not to be; nor contacted at all if it said so."""
    said = calendar.answers[calendar.answers["outcome"] == "do_not_call"]
    people, rows = calendar.customers, calendar.open
    for those, channels in ((said, ["call"]), (said[said["scope"] == "all"], None)):
        spoke = people["customer_id"].isin(those["customer_id"])
        homes = people.loc[spoke | people["household_id"].isin(those["household_id"].dropna()), "home"]
        wrong = rows["home"].isin(homes)
        if channels:
            wrong &= rows["channel"].isin(channels)
        yield from report(rows, lambda row: f"{row.channel}, but they asked not to be called", wrong)


def attempts(calendar: Calendar) -> Iterator[Row]:
    """Nobody is tried more than three times for one touchpoint; a promised call back is no try."""
    said, rows = calendar.answers, calendar.open
    counts = (
        said.assign(promise=said["outcome"] == "callback")
        .groupby("contact_id")["promise"]
        .agg(["sum", "size"])
    )
    counts = counts.reindex(rows["contact_id"]).fillna(0).set_axis(rows.index)
    tries = rows["attempts"].fillna(0).astype("int64") - counts["sum"].astype("int64")
    rows = rows.assign(tries=tries)
    again = (rows["channel"] == "call") & (counts["size"] - counts["sum"] >= MAX_ATTEMPTS)
    yield from report(
        rows,
        lambda row: f"{row.tries} attempts; at most {MAX_ATTEMPTS}",
        (tries > MAX_ATTEMPTS) | again,
    )


def promised(calendar: Calendar) -> Iterator[Row]:
    """A promised call back stands on its day, or on the next working day.

    Where its day had passed before a list could name it, it stands on the plan's day or later.
    """
    last = calendar.answers.sort_values("attempt").drop_duplicates("contact_id", keep="last")
    last = last[last["outcome"] == "callback"]
    rows = calendar.open[calendar.open["status"] == "planned"].reset_index(drop=True)
    rows = rows.merge(last[["contact_id", "for_on", "recorded_on"]], on="contact_id")
    if rows.empty:
        return
    first_day = pd.Timestamp(calendar.planned_on_day or date.min)
    wanted = [
        _working(calendar.settings, max(day, read).date())
        for day, read in zip(rows["for_on"], rows["recorded_on"], strict=True)
    ]
    rows = rows.assign(wanted=pd.Series(wanted, rows.index, dtype="datetime64[us]"))
    late = (rows["wanted"] < first_day) & (rows["planned_on"] >= first_day)
    yield from report(
        rows,
        lambda row: f"on {row.planned_on:%Y-%m-%d}, but promised for {row.for_on:%Y-%m-%d}",
        (rows["planned_on"] != rows["wanted"]) & ~late,
    )


def booked(calendar: Calendar) -> Iterator[Row]:
    """Nobody is invited to a service for which he has an appointment.

    Judged up to the day before: from then on it may have been kept, and visits are not looked at here.
    """
    said = calendar.answers[calendar.answers["outcome"].isin(["booked", "already_booked"])]
    until = (said["for_on"] - pd.Timedelta(days=1)).fillna(said["said_on"] + pd.Timedelta(days=UNDATED_DAYS))
    said = said.assign(until=until).sort_values(["said_on", "attempt"])
    said = said.drop_duplicates("vehicle_id", keep="last")
    stands = said["until"] >= pd.Timestamp(calendar.planned_on_day or date.min)
    yield from _about_a_service(calendar, said[stands], "invites to a service that is booked")


def refused(calendar: Calendar) -> Iterator[Row]:
    """Nobody is asked twice about a service that he refused."""
    said = calendar.answers[calendar.answers["outcome"] == "refused"]
    yield from _about_a_service(calendar, said, "asks about a service that was refused")


def spoken(calendar: Calendar) -> Iterator[Row]:
    """Nobody hears from us soon after a talk that the calendar does not show any more.

    A talk is the day on which a promise to call again was given, or the last try of a contact that is not
    live. A call keeps the distance of calls from it, any other contact the smaller of both gaps.
    """
    said = calendar.answers[~calendar.answers["contact_id"].isin(calendar.answered_since)]
    if said.empty:
        return
    stands = calendar.standing["contact_id"]
    said = said.assign(final=said.groupby("contact_id")["attempt"].transform("max") == said["attempt"])
    said = said[(said["outcome"] == "callback") | (said["final"] & ~said["contact_id"].isin(stands))]
    talk = said.merge(calendar.contacts[["contact_id", "home", "min_gap_days"]], on="contact_id")
    rows = calendar.standing[calendar.standing["movable"]]
    rows = rows.merge(talk[["home", "said_on", "min_gap_days"]], on="home", suffixes=("", "_of_talk"))
    least = rows[["min_gap_days", "min_gap_days_of_talk"]].fillna(0).min(axis=1)
    calls = rows["channel"] == "call"
    least = least.mask(calls, least.clip(lower=calendar.settings.contact_rules.call_gap_days))
    rows = rows.assign(apart=(rows["planned_on"] - rows["said_on"]).dt.days.abs())
    yield from report(
        rows,
        lambda row: f"{row.channel} {row.apart} days from the talk of {row.said_on:%Y-%m-%d}",
        rows["apart"] < least,
    )


def _about_a_service(calendar: Calendar, said: pd.DataFrame, what: str) -> Iterator[Row]:
    """Open contacts about the service of an answer, or about one before it.

    What had been handed out for a day before the planner heard of it is past.
    """
    if said.empty:
        return
    said = said[said["touchpoint"].map(calendar.kinds).isin(SERVICE_KINDS)]
    last = said.groupby("vehicle_id")["service_no"].max()
    rows = calendar.open
    rows = rows[rows["touchpoint"].map(calendar.kinds).isin(SERVICE_KINDS).to_numpy(dtype=bool)]
    number = rows["service_no"].astype("float64")
    wrong = number <= rows["vehicle_id"].map(last).astype("float64")
    wrong &= ~out_before(rows, rows["vehicle_id"], said)
    yield from report(rows, lambda row: f"{row.status} by {row.channel}, and {what}", wrong)


def _working(settings: Settings, day: date) -> date:
    """The day, or the next one on which the team calls."""
    import holidays  # late: most commands never check

    country = holidays.country_holidays(settings.dealership.country)
    named = settings.calendar.working_days
    shut = {*settings.calendar.closed_on, *settings.contact_rules.quiet_days}
    while True:
        at_work = WEEKDAYS[day.weekday()] in named if named else not country.is_weekend(day)
        holiday = settings.calendar.public_holidays and day in country
        if at_work and not holiday and day not in shut:
            return day
        day += timedelta(days=1)
