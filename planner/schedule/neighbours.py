"""The live contacts of single households, to look up who is in whose way."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import NamedTuple

import pandas as pd

from planner.tables import LIVE_STATUSES


class Standing(NamedTuple):
    """A live contact; `day` counts from year 1 (date.toordinal)."""

    contact_id: str
    day: int
    channel: str
    gap: int
    touchpoint: str
    script: str
    cars: tuple[str, ...]


def standing(contacts: pd.DataFrame) -> dict[str, list[Standing]]:
    """The live contacts of CONTACTS by household."""
    homes: dict[str, list[Standing]] = defaultdict(list)
    live = contacts[contacts["status"].isin(LIVE_STATUSES) & contacts["planned_on"].notna()]
    gaps = live["min_gap_days"].fillna(0).astype("int64")
    columns = ("contact_id", "channel", "touchpoint", "script", "vehicle_id", "also_vehicle_ids")
    texts = (live[name].to_numpy(dtype=object) for name in columns)
    for home, day, gap, id_, channel, touchpoint, script, car, also in zip(
        live["household_id"].to_numpy(dtype=object),
        ordinals(live["planned_on"]),
        gaps,
        *texts,
        strict=True,
    ):
        cars = (car, *also.split(",")) if isinstance(also, str) else (car,)
        homes[home].append(Standing(id_, day, channel, gap, touchpoint, script, cars))
    return homes


def crowded_days(days: list[int], day: int, span: int, most: int) -> list[int] | None:
    """The days within `span` days that hold so many already that one more on `day` is too many."""
    for first in sorted({day, *(other for other in days if day - span < other <= day)}):
        crowd = [other for other in days if first <= other < first + span]
        if len(crowd) >= most:
            return crowd
    return None


def ordinals(days: pd.Series) -> list[int]:
    """Days from year 1, as date.toordinal counts them."""
    return (days.to_numpy("datetime64[D]").astype("int64") + date(1970, 1, 1).toordinal()).tolist()
