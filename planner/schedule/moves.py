"""What a new plan did to the calendar before it, and why: for the one who has to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.dates import days

STOOD = ("planned", "standby")


@dataclass(frozen=True)
class Moves:
    """Counts of the contacts that stood before, `stood`, on the plan's first day or later.

    moved: by why: `records` (something new is on record of the car, or the settings changed), `cue`
    (something speaks for another car, or does so no more), `forecast` (the fleet taught that its best day is
    another), else the reason of the new day. fell_away: by reason.
    """

    stood: int
    kept: int
    moved: dict[str, int]
    fell_away: dict[str, int]


def moves(
    before: pd.DataFrame,
    after: pd.DataFrame,
    forecasts_before: pd.DataFrame,
    forecasts_after: pd.DataFrame,
    as_of: date,
    cued: pd.Series | None = None,
) -> Moves:
    """Compares two calendars (CONTACTS) with the FORECASTS that they were made from.

    `cued`: ids of contacts that a cue for another car brings forward now, or carried before.
    """
    stood = before["status"].isin(STOOD) & (before["planned_on"] >= pd.Timestamp(as_of))
    old = before[stood].reset_index(drop=True)
    at = pd.Index(after["contact_id"]).get_indexer(pd.Index(old["contact_id"]))
    new = after.iloc[at].reset_index(drop=True)
    still = new["status"].isin([*STOOD, "done"]).to_numpy(dtype=bool)
    moved = still & (days(new["planned_on"]) != days(old["planned_on"]))
    told = (_records(services, old["vehicle_id"]) for services in (forecasts_before, forecasts_after))
    news = np.not_equal(*told)
    other_day = days(new["ideal_on"]) != days(old["ideal_on"])
    by_cue = old["contact_id"].isin([] if cued is None else cued).to_numpy(dtype=bool)
    why = np.select(
        [news, by_cue & other_day, other_day],
        ["records", "cue", "forecast"],
        default=new["reason"].to_numpy(dtype=object),
    )
    return Moves(
        stood=len(old),
        kept=int((still & ~moved).sum()),
        moved=_counted(pd.Series(why)[moved]),
        fell_away=_counted(new["reason"][~still]),
    )


def _records(forecasts: pd.DataFrame, cars: pd.Series) -> npt.NDArray[np.object_]:
    """What is on record of each car; "" where nothing was forecast."""
    of_car = forecasts.drop_duplicates("vehicle_id").set_index("vehicle_id")["records"].fillna("")
    return of_car.reindex(cars, fill_value="").to_numpy(dtype=object)


def _counted(reasons: pd.Series) -> dict[str, int]:
    return {str(name): int(count) for name, count in reasons.value_counts().sort_index().items()}
