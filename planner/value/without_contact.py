"""Services about which customers were contacted, beside those about which nobody could be.

Who is not contacted differs in other ways from who is: the difference is no effect. docs/success.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.dates import Days, add_months, days
from planner.forecast.intervals import intervals_of, load_intervals
from planner.forecast.returning import GRACE_DAYS
from planner.parts import Part, Where
from planner.settings import Settings
from planner.value.clusters import Clusters, Spread, effective
from planner.value.figures import Floats, notes, wilson
from planner.value.made import last_row, rows_of
from planner.value.owned import Ints, Tables, homes_of

# Why nobody spoke of a service; no_room: any other reason for which the calendar had no day.
WHY = ("all", "consent", "do-not-contact", "capacity", "no_room", "before")
_NUMBERS = np.int64(1_000_000)  # more than the services of a car


def against(
    tables: Tables,
    touchpoints: pd.DataFrame,
    done: tuple[Ints, Days],
    made: pd.DataFrame,
    settings: Settings,
    as_of: date,
    since: np.datetime64,
) -> pd.DataFrame:
    """Of the services due after `since` who came: of those contacted about it and of those not, by WHY.

    done, made: of planner.value.made. Contacted: a contact asked for the service before it was overdue. Not
    contacted: the plan dropped every contact about it, which it does before anybody can have come or not.
    All others are left out. On both sides a service counts from its first day, that of its first contact
    or of the first that was dropped: if the car had not come for it by then, and when GRACE_DAYS have
    passed since it was due. Came: maintenance here after the first day and up to these. Both sides are due
    in the same months.

    before: services of the settings' rate window before the first contact on record, due by the interval
    in months; their first day is as long before that as that of the contacted (the middle one).

    A and B had an SMS about a service that was due on 6 October, for C the calendar had no room. A came.

    >>> from planner.cycle import load_cycles
    >>> from planner.value.example import AS_OF, tables_of
    >>> from planner.value.success import success
    >>> cars = {"A": ["2024-10-06", "2025-09-20"], "B": ["2024-10-06"], "C": ["2024-10-06"]}
    >>> sms = [(car, "2025-09-01", "sms", "S1b", "2025-09-07") for car in "AB"]
    >>> none = ("C", "2025-09-01", "sms", "S1b", "2025-09-07", "capacity")
    >>> tables, touchpoints = tables_of(cars, contacts=[*sms, none]), load_cycles(Settings()).touchpoints
    >>> found = success(tables, touchpoints, Settings(), AS_OF).without_contact.iloc[0]
    >>> [int(found[name]) for name in ("contacted_came", "contacted", "others_came", "others")]
    [1, 2, 0, 1]
    """
    months = intervals_of(tables["vehicles"], load_intervals(settings.intervals_path))[0].astype("int64")
    last = _last_due(as_of)
    ours = _contacted(made, since, last)
    theirs = _dropped(tables, touchpoints, since, last)
    ours, theirs = (_still_open(each, done, months) for each in (ours, theirs))
    people = tables["customers"].drop_duplicates("customer_id")
    owner = rows_of(people["customer_id"], tables["vehicles"]["customer_id"])
    home = np.append(homes_of(people), -1)[owner]
    rows = []
    for why in WHY[:-1]:
        others = theirs if why == "all" else theirs[theirs["why"].eq(why)]
        shared = np.intersect1d if len(ours) and len(others) else np.union1d
        both = shared(ours["month"], others["month"])
        rows.append([side[side["month"].isin(both)] for side in (ours, others)])
    earlier = _before(tables, done, ours, months, settings)
    rows.append([ours, _still_open(earlier, done, months)])
    return _compared(rows, home)


def newcombe(
    x1: npt.ArrayLike, n1: npt.ArrayLike, x2: npt.ArrayLike, n2: npt.ArrayLike
) -> tuple[Floats, Floats]:
    """The 95% interval of x1 / n1 - x2 / n2 from the Wilson intervals of both; NaN where an n is 0.

    Source: R. G. Newcombe, Interval estimation for the difference between independent proportions:
    comparison of eleven methods, Statistics in Medicine 17 (1998), 873-890, method 10; the example is its
    table II (a).

    >>> low, high = newcombe(56, 70, 48, 80)
    >>> print(f"{low:.4f} {high:.4f}")
    0.0524 0.3339
    """
    x1, n1, x2, n2 = (np.asarray(each, dtype="float64") for each in (x1, n1, x2, n2))
    (low1, high1), (low2, high2) = wilson(x1, n1), wilson(x2, n2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share1, share2 = x1 / n1, x2 / n2
    between = share1 - share2
    low = between - np.hypot(share1 - low1, high2 - share2)
    return low, between + np.hypot(high1 - share1, share2 - low2)


def _contacted(made: pd.DataFrame, since: np.datetime64, last: np.datetime64) -> pd.DataFrame:
    """Services of which a contact told: car, start (of its first contact), due."""
    due = days(made["due_on"])
    asked = made["asks"].to_numpy(dtype=bool) & (due > since) & (due <= last)
    asked &= (made["car"].to_numpy() >= 0) & made["service_no"].notna().to_numpy()
    rows = made[asked]
    # Who books for the same day comes because of it.
    start = days(rows["on"]) - rows["booked"].to_numpy(dtype="int64")
    return _first(_services(rows["car"].to_numpy(), rows["service_no"]), start, due[asked])


def contacts_against(touchpoints: pd.DataFrame, as_of: date, since: np.datetime64) -> Part:
    """The contacts that `against` needs: all about services whose days may be over, and those handed out."""
    first, last = _closing(touchpoints, since, _last_due(as_of))
    about = touchpoints.loc[touchpoints["kind"].eq("service"), "id"]
    over = (Where("latest_on", ">", first), Where("latest_on", "<=", last))
    return Part(
        rows=(
            (*over, Where("touchpoint", "in", about)),
            (Where("handed_out_on", "known"),),
        )
    )


def _last_due(as_of: date) -> np.datetime64:
    """The last day on which a service was due of which it is known by as_of whether they came for it."""
    return np.datetime64(as_of) - GRACE_DAYS


def _closing(
    touchpoints: pd.DataFrame, since: np.datetime64, last: np.datetime64
) -> tuple[np.datetime64, np.datetime64]:
    """After and up to which day the windows of contacts close about services that are due in these days."""
    to_days = touchpoints.loc[touchpoints["kind"].eq("service"), "to_days"].to_numpy(dtype="int64")
    return since + to_days.min(initial=0), last + to_days.max(initial=0)


def _dropped(
    tables: Tables, touchpoints: pd.DataFrame, since: np.datetime64, last: np.datetime64
) -> pd.DataFrame:
    """Services of which the plan dropped every contact: car, start, due, why (of the first)."""
    contacts, about = tables["contacts"], touchpoints[touchpoints["kind"].eq("service")]
    closes, to_days = contacts["latest_on"].to_numpy(), about["to_days"].to_numpy(dtype="int64")
    ends = _closing(touchpoints, since, last)
    near = np.flatnonzero((closes > ends[0]) & (closes <= ends[1]))  # of millions
    of = rows_of(about["id"], contacts["touchpoint"].array.take(near))
    near, of = near[of >= 0], of[of >= 0]
    car = rows_of(tables["vehicles"]["vehicle_id"], contacts["vehicle_id"].array.take(near))
    known = (car >= 0) & contacts["service_no"].notna().to_numpy()[near]
    near, of, car = near[known], of[known], car[known]
    service = _services(car, contacts["service_no"].array.take(near))
    is_dropped = contacts["status"].array.take(near) == "dropped"
    _, unit = np.unique(service, return_inverse=True)
    all_dropped = np.bincount(unit, ~is_dropped)[unit] == 0 if len(unit) else np.zeros(0, dtype=bool)
    near, of, service = near[all_dropped], of[all_dropped], service[all_dropped]
    reason = contacts["reason"].array.take(near).to_numpy(dtype=object)
    why = np.where(np.isin(reason, WHY), reason, "no_room")
    due = days(closes[near]) - to_days[of]
    found = _first(service, days(contacts["ideal_on"].to_numpy()[near]), due, why)
    return found[(days(found["due"]) > since) & (days(found["due"]) <= last)]


def _before(
    tables: Tables, done: tuple[Ints, Days], ours: pd.DataFrame, months: Ints, settings: Settings
) -> pd.DataFrame:
    """Services of the time before the first contact on record: car, start, due."""
    cars = tables["vehicles"]
    car = np.concatenate([np.arange(len(cars)), done[0]])
    due = add_months(np.concatenate([days(cars["purchased_on"]), done[1]]), months[car])
    first = pd.Series([tables["contacts"]["handed_out_on"].min(), tables["outcomes"]["said_on"].min()]).min()
    if pd.isna(first) or ours.empty:
        return _frame(car[:0], due[:0], due[:0])
    last = np.datetime64(first, "D") - GRACE_DAYS
    inside = (due <= last) & (due > add_months(last, -settings.value.rate_window_months))
    lead = np.median((days(ours["due"]) - days(ours["start"])).astype("int64"))
    return _frame(car[inside], due[inside] - int(lead), due[inside])


def _services(car: Ints, service_no: object) -> Ints:
    services: Ints = car * _NUMBERS + np.asarray(service_no, dtype="int64")
    return services


def _first(service: Ints, start: Days, due: Days, why: object = "") -> pd.DataFrame:
    """The first row of each service."""
    rows = _frame(service // _NUMBERS, start, due, why).assign(service=service)
    rows = rows.sort_values(["service", "start", "due", "why"])
    return rows.drop_duplicates("service").drop(columns="service")


def _frame(car: Ints, start: Days, due: Days, why: object = "") -> pd.DataFrame:
    return pd.DataFrame({"car": car, "start": start, "due": due, "why": why})


def _still_open(rows: pd.DataFrame, done: tuple[Ints, Days], months: Ints) -> pd.DataFrame:
    """The services that were not done on their first day, with `came` and the month in which they are due.

    A visit in the second half of the interval was early for this service; one before was the last one.
    """
    car, start, due = rows["car"].to_numpy(), days(rows["start"]), days(rows["due"])
    visited, day = done
    at = last_row(visited, day, car, start)
    seen = np.append(day, np.datetime64("NaT"))[at]
    early = add_months(due, -(months[car] // 2)) < seen
    following = np.searchsorted(visited, car, side="left")
    following = np.where(at >= 0, at + 1, following)
    theirs = np.append(visited, -1)[following] == car
    came = theirs & (np.append(day, np.datetime64("NaT"))[following] <= due + GRACE_DAYS)
    month = due.astype("datetime64[M]").astype("int64")
    return rows.assign(came=came, month=month)[~early]


def _compared(rows: Sequence[Sequence[pd.DataFrame]], home: Ints) -> pd.DataFrame:
    """Rows of WITHOUT_CONTACT; home: of each car. The services of one household are taken together.

    Those of it on the other side are not: that would make the intervals narrower.
    """
    (x1, n1, ours), (x2, n2, theirs) = (_side([row[at] for row in rows], home) for at in (0, 1))
    low, high = newcombe(*effective(x1, n1, ours), *effective(x2, n2, theirs))
    with np.errstate(divide="ignore", invalid="ignore"):
        share1, share2 = x1 / n1, x2 / n2
    return pd.DataFrame(
        {
            "why": WHY,
            "contacted": n1,
            "contacted_came": x1,
            "contacted_share": share1,
            "others": n2,
            "others_came": x2,
            "others_share": share2,
            "difference": share1 - share2,
            "low": low,
            "high": high,
            "note": notes(np.minimum(ours.households, theirs.households)),
        }
    )


def _side(rows: Sequence[pd.DataFrame], home: Ints) -> tuple[Floats, Floats, Spread]:
    """By row of WITHOUT_CONTACT how many came and how many services there are, and how households spread."""
    whole, cell = pd.concat(rows), np.repeat(np.arange(len(rows)), [len(each) for each in rows])
    clusters = Clusters(cell, home[whole["car"].to_numpy(dtype="int64")], len(rows))
    came, there = clusters.sums(whole["came"].to_numpy()), clusters.sums(np.ones(len(whole)))
    return clusters.total(came), clusters.total(there), clusters.spread_of(came, there)
