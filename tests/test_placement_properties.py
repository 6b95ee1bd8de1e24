"""What holds for every calendar, whatever is asked for; and the three years of the reference case."""

from __future__ import annotations

import collections
import functools
from datetime import date, timedelta

import holidays
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.columns import empty
from planner.schedule import place
from planner.settings import Settings
from planner.tables import CONTACTS, REASONS
from tests.calendars import (
    MONDAY,
    Row,
    candidate,
    candidates,
    customers,
    fleet,
    live,
    longest_silence,
    plan,
    three_years,
)

GROUPS = {"call": "call", "email": "email", "post": "post", "sms": "short", "messenger": "short"}
CAPS = {
    "call": "max_calls",
    "email": "max_emails",
    "post": "max_letters",
    "short": "max_short_messages",
}
PEOPLE = customers(
    *(
        {"customer_id": f"C{home}", "household_id": f"H{home}", "advisor": f"Ada {home % 2}"}
        for home in range(3)
    )
)


@st.composite
def wishes(draw: st.DrawFn) -> list[Row]:
    """Contacts of three households with up to three cars each, crowded into less than a year."""
    rows = []
    for number in range(draw(st.integers(1, 40))):
        home = draw(st.integers(0, 2))
        ideal = MONDAY + timedelta(days=draw(st.integers(-5, 250)))
        rows.append(
            candidate(
                f"V{home}{draw(st.integers(0, 2))}/T{number}",
                ideal.isoformat(),
                earliest_on=(ideal - timedelta(days=draw(st.integers(0, 40)))).isoformat(),
                latest_on=(ideal + timedelta(days=draw(st.integers(0, 40)))).isoformat(),
                household_id=f"H{home}",
                customer_id=f"C{home}",
                channel=draw(st.sampled_from(sorted(GROUPS))),
                min_gap_days=draw(st.sampled_from([0, 1, 4, 7, 15])),
                priority=draw(st.integers(0, 5)),
                on_conflict=draw(st.sampled_from(["hold", "shift", "shift", "float", "drop"])),
                purpose=draw(st.sampled_from(["service", "greeting"])),
                script=draw(st.sampled_from(["one", "two", "three"])),
                standby=draw(st.booleans()),
            )
        )
    return rows


rules = st.builds(
    lambda capacity, advisor, away, **contact_rules: Settings(
        contact_rules=contact_rules,
        capacity={"calls_per_day": capacity, "advisors": {"Ada 0": advisor}, "absences": {"Ada 1": away}},
    ),
    capacity=st.integers(0, 2),
    advisor=st.integers(0, 1),
    away=st.sampled_from([[], ["2024-01-08/2024-02-09", "2024-02-14"]]),
    call_gap_days=st.sampled_from([0, 20, 30]),
    cap_days=st.sampled_from([1, 30, 90]),
    max_calls=st.integers(0, 3),
    max_emails=st.integers(0, 3),
    max_letters=st.integers(0, 3),
    max_short_messages=st.integers(0, 5),
    max_touches=st.integers(0, 8),
    silence_days=st.sampled_from([10, 75]),
)


def broken_rules(placed: pd.DataFrame, given_settings: Settings) -> list[str]:
    """The hard rules, written out plainly over all pairs and all spans of days."""
    found, given_rules = [], given_settings.contact_rules
    us = holidays.country_holidays("US")
    for _, home in live(placed).groupby("household_id"):
        stands = [
            (row.planned_on.date(), row.channel, int(row.min_gap_days), row.contact_id)
            for row in home.itertuples()
        ]
        for n, (day, channel, gap, one) in enumerate(stands):
            for other_day, other_channel, other_gap, other in stands[n + 1 :]:
                apart = abs((day - other_day).days)
                if apart < min(gap, other_gap):
                    found.append(f"{one} and {other} too close")
                if channel == other_channel == "call" and apart < given_rules.call_gap_days:
                    found.append(f"calls {one} and {other} too close")
            span = [c for d, c, _, _ in stands if 0 <= (d - day).days < given_rules.cap_days]
            counts = collections.Counter(GROUPS[c] for c in span)
            if len(span) > given_rules.max_touches:
                found.append(f"{len(span)} touches from {one} on")
            found += [
                f"{many} of {group} from {one} on"
                for group, many in counts.items()
                if many > getattr(given_rules, CAPS[group])
            ]
    for row in live(placed).itertuples():
        day = row.planned_on.date()
        if not max(row.earliest_on.date(), MONDAY) <= day <= row.latest_on.date():
            found.append(f"{row.contact_id} outside its window")
        if row.channel in ("call", "post") and (day in us or day.weekday() > 4):
            found.append(f"{row.contact_id} on a day off")
    calls = live(placed)[live(placed)["channel"] == "call"]
    limit = given_settings.capacity.calls_per_day
    if limit and len(calls) and calls["planned_on"].value_counts().max() > limit:
        found.append("too many calls a day")
    adas = calls[calls["advisor"] == "Ada 0"]
    limit = given_settings.capacity.advisors["Ada 0"]
    if limit and len(adas) and adas["planned_on"].value_counts().max() > limit:
        found.append("too many calls a day for Ada 0")
    if given_settings.capacity.absences.get("Ada 1"):
        away = pd.date_range("2024-01-08", "2024-02-09").union(pd.DatetimeIndex(["2024-02-14"]))
        if calls.loc[calls["advisor"] == "Ada 1", "planned_on"].isin(away).any():
            found.append("a call of Ada 1 while away")
    return found


@settings(max_examples=40, deadline=None)
@given(wishes(), rules, st.randoms(use_true_random=False))
def test_what_holds_for_every_calendar(rows: list[Row], given_settings: Settings, random: object) -> None:
    found = candidates(rows)
    run = functools.partial(
        place, customers=PEOPLE, vehicles=fleet(found), settings=given_settings, as_of=MONDAY
    )
    placed = run(found, previous=empty(CONTACTS))

    assert broken_rules(placed, given_settings) == []
    messages = live(placed)[~live(placed)["channel"].isin(["call", "post"])]
    purpose = found.set_index("contact_id")["purpose"].reindex(messages["contact_id"]).to_numpy()
    us = holidays.country_holidays("US")
    assert not [day for day in messages["planned_on"][purpose != "greeting"] if day.date() in us]
    # Every candidate comes out once, with a status and a reason; with a day just where it is live.
    assert sorted(placed["contact_id"]) == sorted(found["contact_id"])
    assert set(placed["reason"]) <= set(REASONS)
    assert (placed["planned_on"].notna() == placed["status"].isin(["planned", "standby"])).all()
    assert set(placed["status"]) <= {"planned", "standby", "merged", "dropped"}

    # Planning again changes nothing, and neither does the order of the rows.
    shuffled = found.sample(frac=1, random_state=random.randrange(1000))  # type: ignore[attr-defined]
    again = run(shuffled.reset_index(drop=True), previous=placed.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(again, placed)


def test_the_reference_case() -> None:
    """A car delivered on 11 March 2024, its owner born on 10 August: the three years of the cycle."""
    delivered = date(2024, 3, 11)
    placed = plan(*three_years(delivered), as_of=delivered)
    stands = live(placed)
    assert len(placed) == 36
    assert len(stands) >= 34
    assert set(stands.loc[stands["status"] == "standby", "touchpoint"]) == {"S1d", "S2d"}
    assert (stands["channel"] == "call").sum() <= 6
    assert longest_silence(placed, delivered) <= 75
    unlimited = Settings(capacity={"advisors": {"Ada 0": 0}})
    assert broken_rules(placed, unlimited) == []


@pytest.mark.parametrize("country", ["US", "DE", "EG", "AE"])
def test_a_delivery_on_any_day_of_the_year(country: str) -> None:
    """Every 13 days round the year, with a birthday that wanders too: 34 and more stand, no long silence."""
    for number in range(28):
        delivered = date(2024, 3, 11) + timedelta(days=13 * number)
        birthday = date(2024, 1, 1) + timedelta(days=(number * 97) % 365)
        rows = three_years(delivered, (birthday.month, birthday.day))
        placed = plan(*rows, settings=Settings(dealership={"country": country}), as_of=delivered)
        assert len(live(placed)) >= 34, delivered
        assert longest_silence(placed, delivered) <= 90, delivered
