"""The way into the kernel."""

from __future__ import annotations

from planner.schedule.kernel.columns import ROUNDS
from planner.schedule.kernel.household import arrange, keep_days
from planner.schedule.kernel.machine import Ints, compiled
from planner.schedule.kernel.team import claims, come_nearer


@compiled
def place_households(rows: Ints, starts: Ints, visits: Ints, days: Ints, live: Ints, notes: Ints) -> None:
    """Fills DAY and WHY of `rows`. Household h has the rows from starts[h] to starts[h + 1].

    A visit is a household and a wave: its rows up to this WAVE are placed, and others not yet. First those
    who may keep their day, at all visits, then the others; who comes later finds days of the team's
    capacity taken. The last visit to every household has LAST_WAVE. At the end calls that found all of
    their days full may claim one from others, and calls off their best day come nearer if they can.
    Of `days` the calls of pinned contacts are taken off already; `live` has room for the contacts of the
    largest household.
    """
    if len(visits) < len(starts):  # calls are not limited: no household takes anything from another
        for visit in range(len(visits)):
            home, wave = visits[visit]
            keep_days(rows, days, live, notes, starts[home], starts[home + 1], wave)
            arrange(rows, days, live, notes, starts[home], starts[home + 1], wave)
        return
    for visit in range(len(visits)):
        home, wave = visits[visit]
        keep_days(rows, days, live, notes, starts[home], starts[home + 1], wave)
    for visit in range(len(visits)):
        home, wave = visits[visit]
        arrange(rows, days, live, notes, starts[home], starts[home + 1], wave)
    for _ in range(ROUNDS):
        claimed = claims(rows, starts, days, live, notes)
        if not come_nearer(rows, starts, days, live, notes) and not claimed:
            break
