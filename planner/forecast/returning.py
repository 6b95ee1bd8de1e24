"""Returning: the probability that a customer comes back at all, and by when.

Half of the owners on record may never return, and those who have not returned yet are not lost: so the
waits that are still open count too, for as long as they have lasted (Kaplan and Meier, 1958).
"""

from __future__ import annotations

import numpy as np

from planner.forecast.origins import Origins
from planner.forecast.screen import Bools, Floats

GROUPS = (1, 2, 3, 4)  # maintenance visits known, from
ENOUGH_WAITS = 30  # waits that must have been open for as long, to speak


def came_back(origins: Origins, within_days: Floats, learnable: Bools) -> Floats:
    """Of each origin the probability that the next visit comes within so many days; NaN if unknown.

    1 - S(t), S the product over the days d up to t of 1 - (waits that ended on d) / (waits that were
    open on d), by the number of visits known, from what was seen before the origin's month. Beyond
    the last day for which 30 waits had been open the curve is flat; NaN where that day is not half as far.
    """
    month = origins.day.astype("datetime64[M]")
    group = np.searchsorted(GROUPS, origins.visits, side="right")
    found = np.full(len(origins), np.nan)
    order = np.lexsort((group, month))
    new = np.append(True, (np.diff(month[order]).astype("int64") > 0) | (np.diff(group[order]) != 0))
    for rows in np.split(order, np.flatnonzero(new)[1:]) if len(order) else ():
        begins = month[rows[0]].astype("datetime64[D]")
        seen = learnable & (group == group[rows[0]]) & (origins.day < begins)
        ended = origins.came[seen] < begins
        until = np.where(ended, origins.came[seen], begins)
        lasted = (until - origins.day[seen]).astype("int64")
        found[rows] = _reached(lasted, ended, within_days[rows])
    return found


def _reached(lasted_days: np.ndarray[tuple[int], np.dtype[np.int64]], ended: Bools, at: Floats) -> Floats:
    """1 - S at these days; NaN where too few waits lasted long enough."""
    if not len(lasted_days):
        return np.full(len(at), np.nan)
    events = np.bincount(lasted_days, weights=ended.astype("float64"))
    opened = np.cumsum(np.bincount(lasted_days)[::-1])[::-1]
    survival = np.cumprod(1 - events / np.maximum(opened, 1))
    far = int(np.flatnonzero(opened >= ENOUGH_WAITS)[-1]) if opened[0] >= ENOUGH_WAITS else -1
    known = ~np.isnan(at) & (at <= 2 * far)
    day = np.where(known, np.minimum(at, far), 0).astype("int64")
    return np.where(known, 1 - survival[day], np.nan)
