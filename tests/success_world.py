"""Simulated years in which it is known what contacts brought: for the tests of success."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from planner.settings import Settings
from planner.value.success import Success, success
from tests.contact_world import TOUCHPOINTS, World

AS_OF = date(2026, 6, 30)
# The SMS YSb brings a quarter of the customers more, the call YSc nobody.
COMES, MORE = 0.35, 0.25


def simulated(seed: int, cars: int, *touchpoints: str) -> Success:
    """Each car has one service, drawn by lot: told of by one of the touchpoints, or calls are all taken."""
    lot = np.random.default_rng(seed)
    world = World()
    how = lot.choice([*touchpoints, ""], cars)
    due_in = lot.integers(120, 300, cars)
    comes = lot.random(cars) < COMES + MORE * (how == "YSb")
    late = lot.integers(-8, 45, cars)  # within 90 days of either contact
    for number, touchpoint in enumerate(how):
        car, due = f"V{number}", AS_OF - timedelta(days=int(due_in[number]))
        came = due + timedelta(days=int(late[number]))
        world.car(car, *([came.isoformat()] if comes[number] else []))
        if touchpoint == "YSb":
            world.contact(car, "YSb", due.isoformat(), (due - timedelta(days=35)).isoformat())
        elif touchpoint == "YSc":
            world.answered(car, "YSc", due.isoformat(), (due - timedelta(days=21)).isoformat(), "reached")
        else:
            world.contact(car, "YSb", due.isoformat(), None, reason="capacity")
    return success(world.tables(), TOUCHPOINTS, Settings(), AS_OF)
