"""Contacts that were made, each with what came of it: an answer, a booking, a visit, an offer, a no.

The rule by which things count for contacts stands here and nowhere else; in words: docs/success.md.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from planner.columns import empty
from planner.consents import Consents, consents
from planner.cycle.anchors import LAPSED_AFTER_MONTHS
from planner.dates import NO_DAY, Days, add_months, days
from planner.outcomes.attempts import NOT_REACHED_SCRIPT
from planner.outcomes.groups import ABOUT_SERVICE, NOT_REACHED, OPEN
from planner.outcomes.services import SPOKEN_OF_DAYS
from planner.outcomes.surveys import ANSWER_DAYS
from planner.settings import Settings
from planner.tables import CHANNELS, LIVE_STATUSES, SURVEYS
from planner.value.contacted import OVER_DAYS
from planner.value.owned import Bools, Ints, Tables

OFFER_DAYS = 30  # an offer that is issued later after a contact is not its. Our judgement
PROMOTERS, DETRACTORS = 9, 6  # scores from, and up to. Source: Reichheld, Harvard Business Review, 2003
WRITTEN = tuple(channel for channel in CHANNELS if channel != "call")
_EPOCHS = np.int64(4_000_000)  # more than the days from 1970 to the year 9999


def made_contacts(
    tables: Tables,
    touchpoints: pd.DataFrame,
    done: tuple[Ints, Days],
    settings: Settings,
    as_of: date,
    since: np.datetime64,
) -> pd.DataFrame:
    """One row a contact that was made after `since` and by as_of.

    tables: customers, vehicles, contacts, outcomes, offers, and where there are any, surveys. touchpoints: of
    planner.cycle. done: see below.
    Made is a contact whose last answer ends it or is OVER_DAYS old, on the day of that answer, and a
    message that was handed out, on its planned day. Of a call that nobody has reported nobody knows.

    Out: touchpoint and channel (categorical; of the message after the last try: call), service_no, on,
    due_on (of the service that it is about; NaT: none), car, home (row numbers; -1: unknown). Flags: about
    (a service), asks (about one, and before it is overdue), offering (purpose marketing), answered, reached
    (somebody spoke), asked (answered by who had not booked before), booked, complained, opted_out, awaited
    (about a service, and SPOKEN_OF_DAYS old), visited (of these), offered, polled (purpose survey, and
    ANSWER_DAYS old), scored (of these). Numbers of offers: issued, judged (their days are over), redeemed; of
    answers to surveys, of those that are scored: scores, promoters, detractors.

    A booking, a complaint and a wish not to be called count for the contact in which they were said. A
    maintenance visit counts for the last contact about a service of that car in the SPOKEN_OF_DAYS before
    that came after the visit before; a call that reached nobody is passed over. An offer counts for the
    last contact with the purpose marketing to the household in the OFFER_DAYS before, an answer to a survey
    for the last one with the purpose survey in the ANSWER_DAYS before or on its day. A no to a written
    channel counts for the last message by it: after the no there was none.
    """
    contacts, answers = tables["contacts"], _last_answers(tables["outcomes"], as_of)
    rows, answer = _which(contacts, answers, as_of, since)
    people = tables["customers"].drop_duplicates("customer_id")
    people = people.assign(household_id=people["household_id"].fillna(people["customer_id"]))
    said = consents(people)
    homes = said.households.get_indexer(pd.Index(people["household_id"]))

    def home_of(customers: Any) -> Ints:
        return np.append(homes, -1)[rows_of(people["customer_id"], customers)]

    def taken(name: str) -> Any:
        return contacts[name].array.take(rows)

    outcome = np.append(answers["outcome"].to_numpy(dtype=object), "")[answer]
    told, answered = np.append(days(answers["said_on"]), NO_DAY)[answer], answer >= 0
    channel = pd.Categorical(taken("channel"), categories=CHANNELS)
    tried = np.flatnonzero(answered)
    after_tries = contacts["script"].array.take(rows[tried]) == NOT_REACHED_SCRIPT
    channel[tried[np.asarray(after_tries)]] = "call"
    made = pd.DataFrame(
        {
            "touchpoint": pd.Categorical(taken("touchpoint")),
            "channel": channel,
            "service_no": taken("service_no"),
            "on": np.where(answered, told, days(taken("planned_on"))),
            "car": rows_of(tables["vehicles"]["vehicle_id"], taken("vehicle_id")),
            "home": home_of(taken("customer_id")),
            "answered": answered,
            "reached": np.append(answers["reached"].to_numpy(dtype=bool), False)[answer],
            "asked": answered & (outcome != "already_booked"),
            "booked": outcome == "booked",
            "complained": outcome == "complaint",
            "opted_out": outcome == "do_not_call",
        }
    )
    made = made.assign(**_of_touchpoint(made["touchpoint"], days(taken("latest_on")), touchpoints))
    also = pd.Series(taken("also_vehicle_ids")).dropna()
    awaited = made["about"] & (days(made["on"]) + SPOKEN_OF_DAYS <= np.datetime64(as_of))
    offers, surveys = tables["offers"], tables.get("surveys", empty(SURVEYS))
    return made.assign(
        awaited=awaited,
        visited=awaited & _visited(made, also, tables["vehicles"], done),
        opted_out=made["opted_out"] | _unsubscribed(made, said),
        **_offers(made, offers, home_of(offers["customer_id"]), settings, as_of),
        **_scores(made, surveys, home_of(surveys["customer_id"]), as_of),
    )


def rows_of(ids: pd.Series, named: Any) -> Ints:
    """The row number of each; -1: none."""
    found: Ints = pd.Index(ids).get_indexer(pd.Index(named)).astype("int64")
    return found


def services_done(tables: Tables, as_of: date) -> tuple[Ints, Days]:
    """Car (row number) and day of every maintenance here up to as_of, by car and day, each day once."""
    visits = tables["visits"]
    served = visits["kind"].fillna("maintenance").eq("maintenance").to_numpy(dtype=bool)
    served = served & (days(visits["visited_on"]) <= np.datetime64(as_of))
    car = rows_of(tables["vehicles"]["vehicle_id"], visits["vehicle_id"][served])
    day = days(visits["visited_on"])[served]
    _, rows = np.unique(_keys(car, day), return_index=True)
    rows = rows[car[rows] >= 0]
    return car[rows], day[rows]


def last_row(who: Ints, day: Days, asked: Ints, on: Days) -> Ints:
    """Of each one asked for the last row of `who` and `day`, sorted by both, up to that day; -1: none."""
    at = np.searchsorted(_keys(who, day), _keys(asked, on), side="right") - 1
    there = (at >= 0) & (asked >= 0)
    there[there] = who[at[there]] == asked[there]
    return np.where(there, at, -1)


def _last_answers(outcomes: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The last answer of each contact: contact_id, said_on, outcome; `reached`: somebody spoke in any."""
    known = outcomes[days(outcomes["said_on"]) <= np.datetime64(as_of)]
    contact, ids = pd.factorize(known["contact_id"])
    spoke = ~known["outcome"].isin(NOT_REACHED).to_numpy(dtype=bool)
    order = np.argsort(known["attempt"].to_numpy("int64"), kind="stable")
    last = np.empty(len(ids), dtype="int64")
    last[contact[order]] = order  # of several that are assigned to one place the last stays
    answers = known[["contact_id", "outcome", "said_on"]].iloc[last].reset_index(drop=True)
    return answers.assign(reached=np.bincount(contact, spoke, len(ids)) > 0)


def _which(
    contacts: pd.DataFrame, answers: pd.DataFrame, as_of: date, since: np.datetime64
) -> tuple[Ints, Ints]:
    """Which contacts were made (row numbers), and the row of the last answer of each; -1: none."""
    today = np.datetime64(as_of)
    tried = np.flatnonzero(contacts["attempts"].to_numpy("float64", na_value=0) > 0)
    answer = rows_of(answers["contact_id"], contacts["contact_id"].array.take(tried))
    tried, answer = tried[answer >= 0], answer[answer >= 0]
    told = days(answers["said_on"])[answer]
    over = ~answers["outcome"].isin(OPEN).to_numpy(dtype=bool)[answer] | (told + OVER_DAYS <= today)
    over &= told > since
    planned, handed_out = (contacts[name].to_numpy() for name in ("planned_on", "handed_out_on"))
    sent = (planned > since) & (planned <= today) & (handed_out <= today)
    sent[tried] = False
    message = np.flatnonzero(sent)  # of millions; most are still to come
    live = contacts["status"].array.take(message).isin(LIVE_STATUSES)
    message = message[live & np.asarray(contacts["channel"].array.take(message) != "call")]
    return np.append(tried[over], message), np.append(answer[over], np.full(len(message), -1))


def _of_touchpoint(touchpoint: pd.Series, closes: Days, touchpoints: pd.DataFrame) -> dict[str, Any]:
    """What the cycles say of the touchpoints. A window closes so many days after the service is due."""
    at = rows_of(touchpoints["id"], touchpoint.cat.categories)[touchpoint.cat.codes]
    kind = np.append(touchpoints["kind"].to_numpy(dtype=object), "")
    about, lapsed = np.isin(kind, ABOUT_SERVICE)[at], (kind == "lapsed")[at]
    overdue = np.append(touchpoints["when"].eq("overdue").to_numpy(dtype=bool), True)[at]
    due = closes - np.append(touchpoints["to_days"].to_numpy(dtype="int64"), 0)[at]
    due[lapsed] = add_months(due[lapsed], -LAPSED_AFTER_MONTHS)
    due[~about] = NO_DAY
    return {
        "due_on": due,
        "about": about,
        "asks": about & ~lapsed & ~overdue,
        **{
            flag: np.append(touchpoints["purpose"].eq(purpose).to_numpy(dtype=bool), False)[at]
            for flag, purpose in (("offering", "marketing"), ("surveying", "survey"))
        },
    }


def _visited(made: pd.DataFrame, also: pd.Series, vehicles: pd.DataFrame, done: tuple[Ints, Days]) -> Bools:
    """Of each contact whether a visit counts for it; also: the other cars that some contacts name."""
    heard = made["about"] & (made["reached"] | ~made["answered"])
    own = np.flatnonzero(heard)
    others = also[heard[also.index]].str.split(",").explode()
    named = rows_of(vehicles["vehicle_id"], others)
    row = np.concatenate([own, others.index.to_numpy(dtype="int64")])
    its_car = np.concatenate([made["car"].to_numpy()[own], named])
    on = days(made["on"])[row]
    # Who books for the same day comes because of it; a message that goes out on that day comes too late.
    counts_from = on + 1 - made["booked"].to_numpy(dtype="int64")[row]
    order = np.lexsort((made["touchpoint"].cat.codes.to_numpy()[row], on, counts_from, its_car))
    row, its_car, on, counts_from = row[order], its_car[order], on[order], counts_from[order]
    car, day = done
    before = np.full(len(day), NO_DAY)
    again = np.flatnonzero(car[1:] == car[:-1]) + 1
    before[again] = day[again - 1]
    at = last_row(its_car, counts_from, car, day)
    at, day, before = at[at >= 0], day[at >= 0], before[at >= 0]
    its = (day - on[at] <= np.timedelta64(SPOKEN_OF_DAYS)) & ~(on[at] <= before)
    visited = np.zeros(len(made), dtype=bool)
    visited[row[at[its]]] = True
    return visited


def _offers(
    made: pd.DataFrame, offers: pd.DataFrame, home: Ints, settings: Settings, as_of: date
) -> dict[str, Any]:
    """Of each contact: offered, and how many offers that count for it were issued, judged, redeemed."""
    today, redeem_days = np.datetime64(as_of), settings.value.redeem_days
    issued, redeemed = days(offers["issued_on"]), days(offers["redeemed_on"])
    row = np.where(issued <= today, _last_contact(made, "offering", home, issued, OFFER_DAYS), -1)
    row, issued, redeemed = row[row >= 0], issued[row >= 0], redeemed[row >= 0]
    judged = issued + redeem_days <= today

    def of_contact(which: Bools) -> Ints:
        return np.bincount(row[which], minlength=len(made))

    number = of_contact(np.ones(len(row), dtype=bool))
    return {
        "offered": number > 0,
        "issued": number,
        "judged": of_contact(judged),
        "redeemed": of_contact(judged & (redeemed <= issued + redeem_days)),
    }


def _scores(made: pd.DataFrame, surveys: pd.DataFrame, home: Ints, as_of: date) -> dict[str, Any]:
    """Of each contact: polled, scored, and how many answers count for it, and what they say."""
    score, on = surveys["score"].to_numpy(dtype="float64", na_value=np.nan), days(surveys["asked_on"])
    polled = made["surveying"].to_numpy() & (days(made["on"]) + ANSWER_DAYS <= np.datetime64(as_of))
    row = np.where(np.isnan(score), -1, _last_contact(made, "surveying", home, on, ANSWER_DAYS))
    row, score = row[row >= 0], score[row >= 0]
    row, score = row[polled[row]], score[polled[row]]
    counted = {"scores": score >= 0, "promoters": score >= PROMOTERS, "detractors": score <= DETRACTORS}
    numbers = {name: np.bincount(row[which], minlength=len(made)) for name, which in counted.items()}
    return {"polled": polled, "scored": numbers["scores"] > 0, **numbers}


def _last_contact(made: pd.DataFrame, flag: str, home: Ints, on: Days, within_days: int) -> Ints:
    """For each home and day the row of its last contact with that flag up to it, so many days before at most.

    -1: none.
    """
    rows = np.flatnonzero(made[flag])
    turn, its_car = made["touchpoint"].cat.codes.to_numpy()[rows], made["car"].to_numpy()[rows]
    its_home, its_day = made["home"].to_numpy()[rows], days(made["on"])[rows]
    rows = rows[order := np.lexsort((its_car, turn, its_day, its_home))]
    its_home, its_day = its_home[order], its_day[order]
    at = last_row(its_home, its_day, home, on)
    late = at >= 0
    late[late] = on[late] - its_day[at[late]] > np.timedelta64(within_days)
    found: Ints = np.append(rows, -1)[np.where(late, -1, at)]
    return found


def _keys(who: Ints, day: Days) -> Ints:
    keys: Ints = who * _EPOCHS + day.astype("int64")
    return keys


def _unsubscribed(made: pd.DataFrame, said: Consents) -> Bools:
    """Of each message whether it is the last one by a written channel to which its household now says no."""
    channel = made["channel"].cat.codes.to_numpy()
    home = made["home"].to_numpy()
    rows = np.flatnonzero((home >= 0) & np.isin(channel, [CHANNELS.index(name) for name in WRITTEN]))
    rows = rows[said.no[home[rows], channel[rows]]]
    order = rows[
        np.lexsort(
            (
                made["car"].to_numpy()[rows],
                made["touchpoint"].cat.codes.to_numpy()[rows],
                days(made["on"])[rows],
            )
        )
    ]
    key = home[order] * np.int64(len(CHANNELS)) + channel[order]
    _, last = np.unique(key[::-1], return_index=True)
    found = np.zeros(len(made), dtype=bool)
    found[order[::-1][last]] = True
    return found
