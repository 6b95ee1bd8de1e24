"""Items: the kinds of service beside maintenance, when each falls due, and with which visit it is done."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from planner.forecast.combine import MaintenanceVisits
from planner.forecast.last_done import last_done
from planner.forecast.records import Records
from planner.forecast.screen import Ints
from planner.forecast.series import Counted, Fixed, Time, series_of
from planner.forecast.usage import Usage, was_new


def coming_items(
    known: Records,
    usage: Usage,
    visits: MaintenanceVisits,
    combine_days: int,
    as_of: np.datetime64,
    until: np.datetime64,
) -> pd.DataFrame:
    """Every service beside maintenance that falls due before `until`.

    Columns: car, service, due_on, by_km, due_km (whole km, the odometer on the due day), visit (row of
    the maintenance visit with which it is combined; -1: a visit of its own), done_on (the last time;
    NaT if never). Order: car, due_on, service.

    The outstanding one comes first, however long it is overdue. What has passed counts as due on as_of
    when it is combined. The times after it count from the day on which the combined visit is done (as in
    due.coming), those of a visit of its own from its due day.
    """
    found = []
    new = was_new(known.vehicles)
    for service, rule in known.rules.items():
        done = last_done(service, rule, known, new[rule.car], usage, combine_days)
        for series in series_of(rule, done, known.bought[rule.car], new[rule.car], usage):
            for time, visit in _projected(series, visits, combine_days, as_of, until):
                item = {
                    "car": time.car,
                    "service": service,
                    "due_on": time.due,
                    "by_km": time.by_km,
                    "due_km": np.round(usage.km_on(time.car, time.due)),
                    "visit": visit,
                    "done_on": series.done[time.row],
                }
                found.append(pd.DataFrame(item))
    if not found:
        return pd.DataFrame()
    return pd.concat(found).sort_values(["car", "due_on", "service"], ignore_index=True)


def _projected(
    series: Counted | Fixed,
    visits: MaintenanceVisits,
    combine_days: int,
    as_of: np.datetime64,
    until: np.datetime64,
) -> Iterator[tuple[Time, Ints]]:
    """The first time of each car, then the second, ..., each with its visit."""
    ahead = series.first(as_of)
    ahead = ahead[ahead.due < until]
    latest, outstanding = np.full(len(ahead.car), -1), True  # a visit does nothing twice
    while len(ahead.car):
        listed = outstanding | (ahead.due >= as_of)
        time = ahead[listed]
        visit = np.full(len(ahead.car), -1)
        visit[listed] = visits.nearest(time.car, np.maximum(time.due, as_of), latest[listed], combine_days)
        yield time, visit[listed]
        combined = visit >= 0
        done = ahead.due.copy()
        done[combined] = visits.done_on(visit[combined], ahead.due[combined])
        following, latest = series.following(ahead, done), np.maximum(latest, visit)
        stays, outstanding = following.due < until, False
        ahead, latest = following[stays], latest[stays]
