"""Two times to offer, shortly before the due day: a morning and, two working days later, an afternoon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import numpy as np

from planner.dates import working_days
from planner.errors import SettingsError
from planner.scripts.facts import Fact

if TYPE_CHECKING:
    from planner.settings import Settings

Slot = tuple[date, time]

NOTICE_WORKING_DAYS = 2  # nobody is offered tomorrow: parts have to be there
BEFORE_DUE_DAYS = 7
APART_WORKING_DAYS = 2
SPARE_DAYS = 90  # room for long closures after the last due day


def offer_slots(facts: Sequence[Fact], settings: Settings) -> list[tuple[Slot, Slot]]:
    """Two slots a contact, on working days, the first at least two working days after the contact.

    A contact about a service gets them from a week before its due day on; if that has passed, and for
    every other contact, as soon as the notice allows.
    """
    if not facts:
        return []
    morning, afternoon = offered_times(settings.calendar.hours)
    said_on = [fact.said_on for fact in facts]
    before_due = [_before_due(fact) for fact in facts]
    start, stop = min(said_on), _later(max(*said_on, *before_due), SPARE_DAYS)
    open_days = np.flatnonzero(working_days(settings, start, stop))
    if not len(open_days):  # closed for good: the calendar's days, rather than nothing to say
        open_days = np.arange(max(1, (stop - start).days))

    def position(day: list[date]) -> np.ndarray:
        return np.array([(one - start).days for one in day])

    last = len(open_days) - 1
    notice = np.searchsorted(open_days, position(said_on), side="right") + NOTICE_WORKING_DAYS - 1
    first = np.minimum(np.maximum(notice, np.searchsorted(open_days, position(before_due))), last)
    second = np.minimum(first + APART_WORKING_DAYS, last)
    return [
        ((start + timedelta(int(a)), morning), (start + timedelta(int(b)), afternoon))
        for a, b in zip(open_days[first], open_days[second], strict=True)
    ]


def offered_times(hours: str) -> tuple[time, time]:
    """A morning and an afternoon hour inside the opening hours, on the half hour.

    >>> offered_times("09:00-18:00")
    (datetime.time(10, 0), datetime.time(15, 0))
    """
    try:
        opens, closes = (time.fromisoformat(part) for part in hours.split("-"))
    except ValueError:
        raise SettingsError(f"calendar.hours: {hours!r} are no hours; write them as 09:00-18:00") from None
    start = opens.hour * 60 + opens.minute
    length = closes.hour * 60 + closes.minute - start
    if length <= 0:
        raise SettingsError(f"calendar.hours: {hours!r} ends before it begins; write it as 09:00-18:00")
    morning = (start + length // 9 + 29) // 30 * 30
    afternoon = (start + length * 2 // 3) // 30 * 30
    early, late = (max(start, min(minutes, start + length - 1)) for minutes in (morning, afternoon))
    return time(*divmod(early, 60)), time(*divmod(late, 60))


def _before_due(fact: Fact) -> date:
    if not fact.about_service or fact.due_on is None:
        return fact.said_on
    return max(fact.said_on, _later(fact.first_due_on or fact.due_on, -BEFORE_DUE_DAYS))


def _later(day: date, by_days: int) -> date:
    try:
        return day + timedelta(by_days)
    except OverflowError:
        return date.max if by_days > 0 else date.min
