"""A dealership whose answers are drawn from known chances: contacts, what came of them, surveys, offers.

The sample of planner.sample has no outcomes. Here households have one inclination (standard normal) that
moves all their answers together, in log-odds, so that several answers of one household know less than as
many of different ones. What is true is counted from what was drawn, not with planner.value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from planner.columns import Table, typed
from planner.dates import Days
from planner.tables import ANSWERS, CONTACTS, CUSTOMERS, OFFERS, SURVEYS, VEHICLES, VISITS

AS_OF = date(2026, 6, 30)
SMS, CALL, OFFER = "YSb", "YSc", "W2"  # of the shipped cycle: reminder, call, seasonal e-mail
CALL_TO_DAYS = 45  # a call counts for a visit so many days after it
SMS_BEFORE, CALL_BEFORE, SMS_CLOSES, CALL_CLOSES, BOOKED_BEFORE = (
    35,
    21,
    29,
    10,
    10,
)  # days before the service is due
PER_HOUSEHOLD = 4.05  # contacts, about
FLEETS, FLEET_CARS = 0.03, (4, 10)
TOGETHER = 1.0  # standard deviation in log-odds of what a household's answers have in common
# The chances of a household with no inclination either way.
DROPPED, REACHED, BOOKED, SHOWS, COMES, TOLD_MORE = 0.25, 0.8, 0.35, 0.85, 0.35, 0.2
COMPLAINS, NO_MORE_CALLS, NO_MORE_SMS = 0.006, 0.006, 0.01
REDEEMS, PROMOTES, DETRACTS = 0.2, 0.45, 0.2
MOOD = 0.8  # how much of the inclination is in the scores

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Drawn:
    """What happened at a dealership: of each car's service, each offer, each survey; homes: how many."""

    homes: int
    home: Ints  # of each service
    due: Days
    told: Bools  # an SMS and a call, else the plan had no room for either
    reached: Bools
    complains: Bools
    no_more: Bools
    booked: Bools
    shows: Bools
    comes: Bools
    visited_on: Days
    dislikes: Bools  # of each household: says no to SMS
    offers: Ints  # the household of each
    redeemed: Bools
    asked: Ints  # the household of each survey
    score: Ints


def drawn(contacts: int, seed: int, together: float = TOGETHER) -> Drawn:
    """A dealership with about so many contacts about services in a year, and offers beside them."""
    rng = np.random.default_rng([seed, contacts])
    homes = max(round(contacts / PER_HOUSEHOLD), 1)
    few, many = rng.integers(1, 4, homes), rng.integers(FLEET_CARS[0], FLEET_CARS[1] + 1, homes)
    home = np.repeat(np.arange(homes), np.where(rng.random(homes) < FLEETS, many, few))
    likes, crowded = rng.normal(0, together, (2, homes))
    count = len(home)

    def happens(share: float, whose: Ints = home, by: Floats = likes) -> Bools:
        return rng.random(len(whose)) < expit(logit(share) + by[whose])

    told = ~happens(DROPPED, by=crowded)  # whether there was room has nothing to do with inclination
    due = np.datetime64(AS_OF) - rng.integers(125, 325, count)
    # A call that reaches somebody ends in one of these, the rare ones first.
    reached = told & happens(REACHED)
    complains = reached & happens(COMPLAINS)
    no_more = reached & ~complains & happens(NO_MORE_CALLS)
    booked = reached & ~complains & ~no_more & happens(BOOKED)
    shows = booked & happens(SHOWS)
    unasked = happens(COMES) | (told & (rng.random(count) < TOLD_MORE))
    offers, asked = (np.repeat(np.arange(homes), rng.integers(0, 4, homes)) for _ in range(2))
    mood = MOOD * likes[asked] + rng.logistic(size=len(asked))
    return Drawn(
        homes=homes,
        home=home,
        due=due,
        told=told,
        reached=reached,
        complains=complains,
        no_more=no_more,
        booked=booked,
        shows=shows,
        comes=np.where(booked, shows, unasked),
        visited_on=np.where(booked, due - BOOKED_BEFORE, due + rng.integers(-15, 20, count)),
        dislikes=happens(NO_MORE_SMS, np.arange(homes)),
        offers=offers,
        redeemed=happens(REDEEMS, offers),
        asked=asked,
        score=np.select([mood > -logit(PROMOTES), mood < logit(DETRACTS)], [9, 5], 7),
    )


def counted(of: Drawn) -> dict[str, tuple[float, float]]:
    """By figure how many of how many there truly were."""
    told, has_sms = of.told, np.bincount(of.home, of.told, of.homes) > 0
    calls = told.sum()
    # Only since answers are on record, and as long as a call can lie before a visit.
    served = of.comes & (of.visited_on >= of.due[told].min() - CALL_BEFORE + CALL_TO_DAYS)
    found = {
        "nps": (100 * ((of.score == 9).sum() - (of.score == 5).sum()), len(of.score)),
        "redemption": (of.redeemed.sum(), len(of.redeemed)),
        "reminder_to_booking": (of.booked.sum(), calls),
        "booking_to_show": (of.shows.sum(), of.booked.sum()),
        "call_before_visit": ((served & told).sum(), served.sum()),
        f"{CALL} reached": (of.reached.sum(), calls),
        f"{CALL} booked": (of.booked.sum(), calls),
        f"{CALL} visited": ((of.comes & of.reached).sum(), calls),
        f"{SMS} visited": ((of.comes & told & ~of.reached).sum(), calls),
        f"{CALL} complained": (of.complains.sum(), calls),
        f"{CALL} opted_out": (of.no_more.sum(), calls),
        f"{SMS} opted_out": ((of.dislikes & has_sms).sum(), calls),
        f"{OFFER} offered": (len(np.unique(of.offers)), of.homes),
        f"{OFFER} redeemed": (of.redeemed.sum(), len(of.redeemed)),
        "told came": (of.comes[told].sum(), calls),
        "not told came": (of.comes[~told].sum(), len(told) - calls),
    }
    return {name: (float(x), float(n)) for name, (x, n) in found.items()}


def tables(of: Drawn, seed: int) -> dict[str, pd.DataFrame]:
    """The same as planner.pipeline.stored_tables has it."""
    rng = np.random.default_rng([seed, 1])
    homes, cars, end = np.arange(of.homes), np.arange(len(of.home)), np.datetime64(AS_OF)
    told, said = of.told, ["booked", "complaint", "do_not_call", "refused"]
    outcome = np.select([of.booked, of.complains, of.no_more, of.reached], said, "no_answer")
    calls = _contacts(cars, of.home, CALL, "call", of.due, CALL_BEFORE, CALL_CLOSES, told)
    calls = calls.assign(attempts=np.where(told, 1, 0), outcome=np.where(told, outcome, None))
    mails = _contacts(homes, homes, OFFER, "email", np.full(of.homes, end - 200), 0, 0, homes >= 0)
    mails = mails.assign(vehicle_id=None, service_no=None)
    sms = _contacts(cars, of.home, SMS, "sms", of.due, SMS_BEFORE, SMS_CLOSES, told)
    on = calls["planned_on"]
    booked_for = on.where(calls["outcome"].eq("booked")) + pd.Timedelta(days=CALL_BEFORE - BOOKED_BEFORE)
    answers = calls.assign(attempt=1, said_on=on, recorded_on=on, for_on=booked_for)[told]
    issued = end - 200 + rng.integers(0, 20, len(of.offers))
    redeemed_on = np.where(of.redeemed, issued + 40, np.datetime64("NaT"))
    return {
        "customers": _table(
            CUSTOMERS,
            customer_id=_ids("C", homes),
            household_id=_ids("H", homes),
            consent_sms=np.where(of.dislikes, "no", None),
        ),
        "vehicles": _table(
            VEHICLES,
            vehicle_id=_ids("V", cars),
            customer_id=_ids("C", of.home),
            purchased_on=of.due - 4 * 365,
        ),
        "visits": _table(
            VISITS,
            visit_id=_ids("R", cars[of.comes]),
            vehicle_id=_ids("V", cars[of.comes]),
            visited_on=of.visited_on[of.comes],
            kind="maintenance",
        ),
        "contacts": _table(CONTACTS, **_columns(pd.concat([sms, calls, mails], ignore_index=True))),
        "outcomes": _table(ANSWERS, **_columns(answers)),
        "surveys": _table(
            SURVEYS,
            customer_id=_ids("C", of.asked),
            asked_on=end - rng.integers(1, 360, len(of.asked)),
            score=of.score,
        ),
        "offers": _table(
            OFFERS,
            offer_id=_ids("O", np.arange(len(of.offers))),
            customer_id=_ids("C", of.offers),
            issued_on=issued,
            redeemed_on=redeemed_on,
        ),
    }


def _contacts(
    car: Ints, home: Ints, touchpoint: str, channel: str, due: Days, before: int, closes: int, told: Bools
) -> pd.DataFrame:
    on = np.where(told, due - before, np.datetime64("NaT"))
    return pd.DataFrame(
        {
            "contact_id": _ids(f"{touchpoint}/", car),
            "household_id": _ids("H", home),
            "customer_id": _ids("C", home),
            "vehicle_id": _ids("V", car),
            "touchpoint": touchpoint,
            "service_no": 4,
            "channel": channel,
            "ideal_on": due - before,
            "latest_on": due - closes,
            "planned_on": on,
            "handed_out_on": on - 2,
            "status": np.where(told, "planned", "dropped"),
            "reason": np.where(told, None, "capacity"),
            "attempts": 0,
            "outcome": None,
        }
    )


def _ids(letter: str, numbers: Ints) -> npt.NDArray[np.object_]:
    return np.array([f"{letter}{number}" for number in numbers.tolist()], dtype=object)


def _columns(frame: pd.DataFrame) -> dict[str, pd.Series]:
    return {str(name): frame[name] for name in frame}


def _table(of: Table, **columns: Any) -> pd.DataFrame:
    frame = pd.DataFrame(columns).reindex(columns=of.names)
    for column in of.columns:
        if column.kind == "date":
            frame[column.name] = pd.to_datetime(frame[column.name]).astype("datetime64[us]")
    return typed(frame, of)
