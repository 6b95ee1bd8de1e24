"""The sentence of each reason: on hand-made calendars, and on a whole sample, where no cause may be wrong."""

from __future__ import annotations

import itertools
import re
from datetime import date
from pathlib import Path
from typing import Any

import holidays
import pandas as pd
import pytest

import planner.schedule.why
from cli.main import run
from planner.columns import empty, typed
from planner.cycle import load_cycles
from planner.schedule import place
from planner.schedule.why import why
from planner.settings import Settings
from planner.store import Store
from planner.tables import ANSWERS, CONTACTS, LIVE_STATUSES
from planner.workbooks.texts import Texts
from tests.calendars import Row, candidate, candidates, customers, fleet, plan

CYCLE = load_cycles(Settings()).touchpoints
TEXTS = Texts("en")


def touchpoints(*rows: Row) -> pd.DataFrame:
    columns = ["purpose", "channel", "on_conflict"]
    named = pd.DataFrame([{"id": row["touchpoint"], **{name: row[name] for name in columns}} for row in rows])
    return named.assign(name="The " + named["id"]).drop_duplicates("id")


def told(
    placed: pd.DataFrame,
    *rows: Row,
    people: pd.DataFrame | None = None,
    answers: pd.DataFrame | None = None,
    **sections: Any,
) -> dict[str, str]:
    """The sentences of a calendar, by contact_id."""
    calendar = placed.reset_index(drop=True)
    settings = Settings.model_validate(sections)
    people = customers() if people is None else people
    shown = calendar["contact_id"].notna()
    found = why(
        calendar,
        shown,
        people,
        touchpoints(*rows),
        settings,
        TEXTS,
        {"W": "car 2"},
        empty(ANSWERS) if answers is None else answers,
    )
    return dict(zip(calendar["contact_id"], found, strict=True))


def planned(*rows: Row, people: pd.DataFrame | None = None, **sections: Any) -> dict[str, str]:
    calendar = plan(*rows, people=people, settings=Settings.model_validate(sections))
    return told(calendar, *rows, people=people, **sections)


def test_a_neighbour_that_is_too_close_is_named_with_its_day_and_the_distance() -> None:
    said = planned(
        candidate("V/BD", "2024-03-05", purpose="greeting", channel="messenger", min_gap_days=2, priority=0),
        candidate("V/IN", "2024-03-04", earliest_on="2024-03-04", latest_on="2024-03-20", channel="email"),
    )
    assert said["V/BD"] == "on its best day"
    assert said["V/IN"] == (
        "moved from 4 to 7 March: "
        "4 March is 1 day before The BD (Messenger) of 5 March; they keep 2 days apart"
    )


def test_the_same_day_and_another_year() -> None:
    said = planned(
        candidate("V/A", "2024-12-30", priority=0),
        candidate("V/B", "2024-12-30", earliest_on="2024-12-30", latest_on="2025-01-20"),
    )
    assert said["V/B"] == (
        "moved from 30 December 2024 to 6 January: "
        "30 December has The A (SMS) already; they keep 7 days apart"
    )


def test_calls_keep_the_distance_of_calls() -> None:
    said = planned(
        candidate("V/A", "2024-03-04", channel="call", priority=0),
        candidate("V/B", "2024-03-14", channel="call", around=15),
    )
    assert said["V/B"] == (
        "moved from 14 to 25 March: "
        "14 March is 10 days after The A (Call) of 4 March; they keep 20 days apart"
    )


def test_a_talk_that_the_calendar_does_not_show_is_named() -> None:
    """Nobody was to be called again before May; the e-mail still keeps its distance from the talk."""
    talk = date(2024, 3, 4)
    calendar = plan(candidate("V/A", "2024-03-04", channel="call", priority=0)).reset_index(drop=True)
    may = pd.Timestamp("2024-05-06")
    calendar = typed(calendar.assign(planned_on=may, callback_on=may, attempts=1), CONTACTS)
    row = {"contact_id": "V/A", "attempt": 1, "outcome": "callback", "said_on": pd.Timestamp(talk)}
    answers = typed(pd.DataFrame([row]), ANSWERS)
    rows = [
        candidate("V/A", "2024-03-04", channel="call"),
        candidate("V/B", "2024-03-05", around=20, channel="email"),
    ]
    found = candidates(rows[1:])
    placed = place(found, customers(), fleet(found), calendar, Settings(), talk, answers)
    assert told(placed, *rows, answers=answers)["V/B"] == (
        "moved from 5 to 11 March: 5 March is 1 day after The A (Call) of 4 March; they keep 7 days apart"
    )


def test_no_free_day() -> None:
    said = planned(candidate("V/A", "2024-03-04", priority=0), candidate("V/B", "2024-03-05", around=1))
    assert said["V/B"] == (
        "no free day from 4 March to 6 March: "
        "5 March is 1 day after The A (SMS) of 4 March; they keep 7 days apart"
    )


def test_where_the_neighbour_has_moved_the_general_words_are_given() -> None:
    rows = (
        candidate("V/A", "2024-03-05", priority=0),
        candidate("V/B", "2024-03-04", earliest_on="2024-03-04", latest_on="2024-03-20"),
    )
    calendar = plan(*rows).reset_index(drop=True)
    calendar.loc[calendar["contact_id"] == "V/A", "planned_on"] = pd.Timestamp("2024-05-06")
    words = "moved from 4 to 12 March: kept apart from the household's other contacts"
    assert told(calendar, *rows)["V/B"] == words


def test_a_full_stretch_of_days_is_listed() -> None:
    rows = [
        candidate("V/A", "2024-02-01", channel="call", priority=0),
        candidate("V/B", "2024-03-20", channel="call", priority=0),
        candidate("V/C", "2024-02-26", channel="call", around=10),
    ]
    assert planned(*rows, contact_rules={"call_gap_days": 7})["V/C"] == (
        "no free day from 16 February to 7 March: "
        "90 days around 26 February hold 2 calls already: 1 February, 20 March"
    )
    none = planned(rows[0], contact_rules={"max_calls": 0})["V/A"]
    assert none == "no free day from 1 February to 1 February: the settings allow no such contact in 90 days"


def test_where_the_days_are_not_full_any_more_the_general_words_are_given() -> None:
    rows = [
        candidate("V/A", "2024-02-01", channel="call", priority=0),
        candidate("V/B", "2024-03-20", channel="call", priority=0),
        candidate("V/C", "2024-02-26", channel="call", around=10),
    ]
    apart = {"contact_rules": {"call_gap_days": 7}}
    calendar = plan(*rows, settings=Settings.model_validate(apart)).reset_index(drop=True)
    calendar.loc[calendar["contact_id"] == "V/B", "planned_on"] = pd.Timestamp("2024-05-26")
    assert told(calendar, *rows, **apart)["V/C"] == (
        "no free day from 16 February to 7 March: 90 days hold no more contacts of this household"
    )


def test_a_day_that_is_open_by_now_is_not_called_closed() -> None:
    row = candidate("V/A", "2024-03-06", around=5, channel="call")
    calendar = plan(row, settings=Settings.model_validate({"calendar": {"closed_on": ["2024-03-06"]}}))
    assert told(calendar, row)["V/A"] == (
        "moved from 6 to 5 March: on a day on which this channel may be used"
    )


@pytest.mark.parametrize(
    ("day", "channel", "cause"),
    [
        ("2024-03-02", "call", "2 March is a Saturday, closed"),
        ("2024-05-27", "email", "27 May is Memorial Day"),
        ("2024-05-27", "call", "27 May is Memorial Day"),
        ("2024-03-06", "post", "6 March is a day on which the dealership is closed"),
        ("2024-03-07", "sms", "7 March is a quiet day of the settings"),
    ],
)
def test_why_a_day_is_closed(day: str, channel: str, cause: str) -> None:
    said = planned(
        candidate("V/A", day, around=5, channel=channel),
        calendar={"closed_on": ["2024-03-06"]},
        contact_rules={"quiet_days": ["2024-03-07"]},
    )["V/A"]
    assert said.startswith("moved from ")
    assert said.endswith(f": {cause}")


def test_a_holiday_of_the_country_has_its_name() -> None:
    said = planned(candidate("V/A", "2024-04-10", around=9, channel="call"), dealership={"country": "EG"})[
        "V/A"
    ]
    assert "10 April is " in said
    assert "Eid al-Fitr" in said


def test_the_calls_of_the_day_are_full() -> None:
    people = customers({"customer_id": "C1"}, {"customer_id": "C2", "household_id": "H2"})
    rows = [
        candidate("V/A", "2024-03-05", channel="call"),
        candidate("W/B", "2024-03-05", channel="call", customer_id="C2", household_id="H2", around=2),
    ]
    said = planned(*rows, people=people, capacity={"calls_per_day": 1})
    assert {text.partition(": ")[2] for text in said.values() if ": " in text} == {
        "all calls of 5 March are taken (1 a day for the team)"
    }


def test_the_advisor_is_away() -> None:
    people = customers({"customer_id": "C1", "advisor": "Mona"})
    row = candidate("V/A", "2024-03-05", channel="call", around=3)
    said = planned(row, people=people, capacity={"absences": {"Mona": ["2024-03-04/2024-03-05"]}})
    assert said == {"V/A": "moved from 5 to 6 March: Mona is away on 5 March"}


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"handed_out_on": "2024-01-08"}, "handed out on 8 January"),
        ({"callback_on": "2024-01-30", "attempts": 1}, "promised for 30 January"),
        (
            {"callback_on": "2024-01-13", "attempts": 1, "channel": "call"},
            "promised for 13 January, when nobody works: so the next working day",
        ),
        ({"attempts": 2}, "attempt 3, after nobody was reached"),
        ({"attempts": 3, "script": "not_reached"}, "nobody was reached in 3 calls: one message, then rest"),
        ({"status": "done", "outcome_at": "2024-01-18"}, "done on 18 January"),
        ({}, "stays on the day that it had in the plan before"),
    ],
)
def test_what_is_pinned(facts: dict[str, Any], says: str) -> None:
    row = candidate("V/A", "2024-01-17", around=5, channel=facts.get("channel", "sms"))
    calendar = typed(plan(row).reset_index(drop=True).assign(reason="pinned", **facts), CONTACTS)
    assert told(calendar, row) == {"V/A": says}


def test_who_says_no_and_where_nobody_asked() -> None:
    row = candidate("V/A", "2024-01-17", channel="sms", purpose="marketing")
    no = customers({"customer_id": "C1", "consent_sms": "no"})
    assert planned(row, people=no) == {"V/A": "no to SMS"}
    silent = customers({"customer_id": "C1", "consent_sms": ""})
    assert planned(row, people=silent, consent={"marketing": ["email"]}) == {
        "V/A": "has not agreed to marketing by SMS; the policy in the settings does not allow it"
    }
    # He has agreed since the plan was made.
    calendar = plan(row, people=no)
    assert told(calendar, row) == {"V/A": "the customer has not agreed to this channel"}


def test_another_channel_is_said_with_the_reason() -> None:
    row = candidate("V/A", "2024-01-20", channel="email", instead="sms:short")
    no = customers({"customer_id": "C1", "consent_email": "no"})
    said = planned(row, people=no, consent={"instead": ["service"]})
    assert said == {"V/A": "on its best day; by SMS instead of e-mail: no to e-mail"}


def test_what_is_said_in_the_contact_about_another_car() -> None:
    rows = [
        candidate("W/S", "2024-01-17", around=3, priority=0),
        candidate("V/S", "2024-01-18", around=3),
        candidate("W/T", "2024-03-17", around=3, script="S", priority=0),
        candidate("V/T", "2024-03-18", around=3, script="S"),
    ]
    said = planned(*rows)
    assert said["V/S"] == "said in the contact about car 2 on 17 January"
    assert said["V/T"] == "said in the contact about car 2 on 17 March"


def test_windows() -> None:
    said = planned(
        candidate(
            "V/A", "2024-01-13", around=1, channel="post", latest_on="2024-01-14", earliest_on="2024-01-13"
        ),
        candidate("V/B", "2024-01-05", earliest_on="2024-01-08", latest_on="2024-01-25"),
    )
    assert said["V/A"] == "no day from 13 January to 14 January is open to it (Letter)"
    assert said["V/B"] == "moved from 5 to 8 January: it may be made from 8 January to 25 January"


def test_a_complaint_is_named() -> None:
    complaint = {
        **candidate("V/Z", "2024-01-02", channel="call", status="done", min_gap_days=0),
        "planned_on": pd.Timestamp("2024-01-02"),
        "outcome": "complaint",
        "outcome_at": pd.Timestamp("2024-01-02"),
    }
    row = candidate("V/A", "2024-02-20", around=20, purpose="marketing")
    calendar = plan(row, previous=typed(pd.DataFrame([complaint]), CONTACTS))
    assert told(calendar, row)["V/A"] == (
        "moved from 20 February to 2 March: nothing is offered before 2 March, for the complaint of 2 January"
    )


def test_every_sentence_is_said_somewhere() -> None:
    folder = Path(planner.schedule.why.__file__).parents[2]
    source = "".join((folder / name).read_text() for name in ("planner/schedule/why.py", "cli/explain.py"))
    made = ("why.gap.", "why.cap.")
    unsaid = [
        key
        for key in TEXTS.words
        if key.startswith("why.") and f'"{key}"' not in source and f"'{key}'" not in source
    ]
    assert [key for key in unsaid if not key.startswith(made)] == []


# --- A whole sample: what a sentence claims is looked up again, by other means -------------------------

NEIGHBOUR = re.compile(
    r"(?P<ideal>\d+ \w+(?: \d{4})?) (?:is \d+ days? (?:after|before) (?P<other>[^;]*)"
    r" of (?P<on>\d+ \w+(?: \d{4})?)"
    r"|has (?P<same>[^;]*) already); they keep (?P<apart>\d+) days? apart"
)
CLOSED = re.compile(r": (\d+ \w+(?: \d{4})?) is (?:an? (\w+), closed|(.*))$")


def on(text: str, year: int) -> date:
    return pd.to_datetime(text if text[-4:].isdecimal() else f"{text} {year}", format="%d %B %Y").date()


def test_no_sentence_of_a_whole_sample_names_a_wrong_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    day = ["--as-of", "2026-03-02"]
    assert run(["sample", "ex", "--vehicles", "150", "--seed", "3", "--end", "2026-03-02"]) == 0
    run(["import", *sorted(map(str, Path("ex").glob("*.csv"))), *day])
    assert run(["plan", *day]) == 0
    with Store.open(tmp_path / "dealership.db") as store:
        calendar, people = store.read("contacts"), store.read("customers")
    shown = calendar["contact_id"].notna()
    calendar["why"] = why(calendar, shown, people, CYCLE, Settings(), TEXTS, {}, empty(ANSWERS))
    live = calendar[calendar["status"].isin(LIVE_STATUSES)]
    homes = {name: list(rows.itertuples()) for name, rows in live.groupby("household_id")}
    names = CYCLE.set_index("id")["name"]
    us = holidays.country_holidays("US")
    neighbours = closed = 0
    for row in calendar.itertuples():
        ideal = row.ideal_on.date()
        for said in NEIGHBOUR.finditer(row.why):
            neighbours += 1
            when = on(said["on"], ideal.year) if said["on"] else ideal
            apart = int(said["apart"])
            assert on(said["ideal"], ideal.year) == ideal
            assert abs((ideal - when).days) < apart, row.why
            assert any(
                other.planned_on.date() == when
                and names[other.touchpoint] == (said["other"] or said["same"]).rpartition(" (")[0]
                and other.contact_id != row.contact_id
                and (
                    20 if row.channel == other.channel == "call" else 0,
                    min(row.min_gap_days, other.min_gap_days),
                )
                <= (apart, apart)
                and apart in (20, row.min_gap_days, other.min_gap_days)
                for other in homes[row.household_id]
            ), row.why
        if row.reason == "working-day" and (match := CLOSED.search(row.why)):
            closed += 1
            assert on(match[1], ideal.year) == ideal
            assert ideal in us if match[3] else ideal.strftime("%A") == match[2]
            assert match[3] is None or match[3] == us[ideal]
        if row.reason == "cap" and "already" in row.why:
            listed = row.why.rpartition(": ")[2].split(", ")
            days = sorted(on(text, ideal.year) for text in listed)
            stand = [other.planned_on.date() for other in homes[row.household_id]]
            assert set(days) <= set(stand)
            assert (max([*days, ideal]) - min([*days, ideal])).days < 90
    assert neighbours > 100
    assert closed > 50
    moved = calendar[calendar["status"].eq("planned") & (calendar["planned_on"] != calendar["ideal_on"])]
    assert moved["why"].str.startswith("moved from ").all()
    # Where several stand, each sentence of a household is its own.
    assert all(len(list(rows)) for _, rows in itertools.groupby(moved["household_id"]))
