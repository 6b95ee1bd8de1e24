"""What callers were told of a customer, and what each outcome did: a part of `planner explain`."""

from __future__ import annotations

from datetime import date

import pandas as pd

from planner.outcomes.attempts import MOST_TRIES
from planner.outcomes.groups import NOT_REACHED
from planner.outcomes.services import LAPSES_DAYS, UNDATED_DAYS


def effects(answers: pd.DataFrame, services: pd.Series, sold: set[str], day: date) -> list[str]:
    """For each answer, in their order, what it did, in words.

    answers: ANSWERS in the order of their attempts; services: by vehicle_id the day of the last maintenance;
    sold: the vehicles that count as sold.
    """
    tries: dict[str, int] = {}
    told = []
    for answer in answers.itertuples():
        if answer.outcome in NOT_REACHED:
            tries[answer.contact_id] = tries.get(answer.contact_id, 0) + 1
        told.append(_effect(answer, tries.get(answer.contact_id, 0), services, sold, day))
    return told


def _effect(answer, tries: int, services: pd.Series, sold: set[str], day: date) -> str:
    car = answer.vehicle_id
    if answer.outcome in ("booked", "already_booked"):
        return _booking(answer, services.get(car), day)
    if answer.outcome == "sold_car":
        return "nothing more is planned for the car" if car in sold else "the car has shown up again since"
    if answer.outcome == "moved_away":
        return (
            "nothing more is planned for his cars"
            if car in sold
            else "the customer has been seen again since"
        )
    if answer.outcome == "do_not_call":
        everything = answer.scope == "all"
        return f"no more {'contacts of any kind' if everything else 'calls'} to anybody of the household"
    if answer.outcome == "wrong_number":
        return f"{answer.phone if pd.notna(answer.phone) else 'the number'} is not dialled any more"
    if answer.outcome == "done_elsewhere":
        on = answer.for_on if pd.notna(answer.for_on) else answer.said_on
        return f"service lost; the next one counts from {on:%Y-%m-%d}"
    if answer.outcome in NOT_REACHED:
        return "one message, then rest" if tries >= MOST_TRIES else f"tried again, attempt {tries + 1}"
    return {
        "callback": f"called again as promised, on {answer.for_on:%Y-%m-%d}"
        if pd.notna(answer.for_on)
        else "",
        "not_yet": "the odometer counts for the forecast",
        "refused": "not asked again about this service",
        "complaint": "offers rest",
        "interest_second_car": "a cue for the sales team",
    }.get(answer.outcome, "done")


def _booking(answer, served: pd.Timestamp | None, day: date) -> str:
    if pd.notna(served) and served >= answer.said_on:
        return f"came on {served:%Y-%m-%d}"
    dated = pd.notna(answer.for_on)
    wait = pd.Timedelta(days=LAPSES_DAYS if dated else UNDATED_DAYS)
    until = (answer.for_on if dated else answer.said_on) + wait
    if until < pd.Timestamp(day):
        return "nobody came: reminders go on"
    expected = f"expected on {answer.for_on:%Y-%m-%d}; " if dated else ""
    return f"{expected}no reminders until {until:%Y-%m-%d}"
