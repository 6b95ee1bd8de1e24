"""Lead: a contact that asks for a service goes out before its customer is likely to come."""

from __future__ import annotations

import numpy as np

from planner.dates import Days

ONE_DAY = np.timedelta64(1, "D")


def ahead_of(low_on: Days, ideal: Days, earliest: Days) -> Days:
    """The ideal day, or the day before the expected window opens if that is sooner; never before earliest.

    low_on: first day of the window in which the visit is expected, NaT where there is none. The wider the
    window, the longer the lead, inside the touchpoint's own limits.

    >>> day = lambda text: np.array([text], dtype="datetime64[D]")
    >>> ahead_of(day("2026-05-10"), day("2026-05-11"), day("2026-05-08"))
    array(['2026-05-09'], dtype='datetime64[D]')
    >>> ahead_of(day("2026-04-01"), day("2026-05-11"), day("2026-05-08"))
    array(['2026-05-08'], dtype='datetime64[D]')
    """
    ahead = np.minimum(ideal, np.maximum(low_on - ONE_DAY, earliest))
    return np.where(np.isnat(low_on), ideal, ahead)
