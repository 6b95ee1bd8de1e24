"""Why customers were lost: churn by month and group, split into natural, preventable and unknown losses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planner.columns import Column, Table, empty, typed
from planner.dates import Days, days
from planner.tables import ANSWERS, GONE, VISITS
from planner.value.book import Book
from planner.value.figures import BY
from planner.value.groups import Groups
from planner.value.lifecycle import REASONS
from planner.value.owned import Bools, Ints, Tables
from planner.value.periods import Periods
from planner.value.rates import churn

WHY = ("natural", "preventable", "unknown")
_NEVER = np.int64(-(2**40))  # before any day

LEAVERS = Table(
    "leavers",
    "one row a group and month: who was active a year before and is not any more, and why",
    ("by", "group", "month"),
    (
        Column("by", "choice", "what the groups are", choices=BY),
        Column("group", "text", "the group of a year before; empty for all"),
        Column("month", "date", "first of the month; missing is as of now"),
        Column("active_before", "int", "customers who were active 12 months before: denominator of churn"),
        Column("lost", "int", "of them, those who are not active any more: its numerator"),
        Column(
            "natural", "int", "of the lost, those whose cars are all sold or scrapped, and who moved away"
        ),
        Column(
            "preventable",
            "int",
            "who went elsewhere, complained, found it too expensive or refused; missing before any record",
        ),
        Column("unknown", "int", "of whom nobody knows why"),
    ),
)


def leavers(book: Book, tables: Tables, groups: Groups, periods: Periods) -> pd.DataFrame:
    """LEAVERS, for all and by each kind of group; natural + preventable + unknown = lost.

    preventable is missing up to the first answer or service elsewhere on record: nothing could say so.

    Of three who fell silent, A's car is sold, B was elsewhere since, of C nobody knows:

    >>> from planner.value.example import AS_OF, tables_of
    >>> from planner.value import value_report
    >>> from planner.settings import Settings
    >>> tables = tables_of({name: ["2020-01-10", "2024-12-20"] for name in "ABC"})
    >>> tables["vehicles"].loc[0, "status"] = "sold"
    >>> tables["elsewhere"] = tables["visits"].loc[[1]].assign(visited_on=pd.Timestamp("2025-12-01"))
    >>> now = value_report(tables, Settings(), AS_OF).leavers.iloc[0]
    >>> [int(now[name]) for name in ("active_before", "lost", "natural", "preventable", "unknown")]
    [3, 3, 1, 1, 1]

    tables: outcomes and elsewhere, where there are any. The rules are those of
    planner.value.lifecycle.losses: natural before preventable, and a reason counts only after the last visit
    here, up to the end of the month. An export gives no day of sale: a car that is gone today was gone then.
    """
    counted = churn(book, groups, periods)
    lost = np.asarray(counted.x, dtype=bool)
    why = _why(book, tables, periods, counted.customer, counted.period)
    who = np.flatnonzero(lost)
    everybody = np.arange(len(lost))
    sums = [everybody, who, *(who[why[who] == number] for number in range(len(WHY)))]
    told = _told_from(book, tables)
    parts = [_rows("all", np.zeros(len(lost), dtype="int64"), [""], counted.period, sums, periods)]
    for by in groups.kinds:
        codes, names = counted.groups_of(by, groups)
        parts.append(_rows(by, codes, names, counted.period, sums, periods))
    found = typed(pd.concat(parts, ignore_index=True), LEAVERS)
    end = found["month"] + pd.offsets.MonthEnd(0)
    until = np.fmin(days(end), book.last_day)  # without a month: the as-of day
    return found.assign(preventable=found["preventable"].where(until >= told))


def _told_from(book: Book, tables: Tables) -> np.datetime64:
    """The first day on which anybody was asked, or was serviced elsewhere; the day after as_of: never."""
    said = days(book.outcomes["said_on"]) if len(book.outcomes) else days(empty(ANSWERS)["said_on"])
    elsewhere = days(tables.get("elsewhere", empty(VISITS))["visited_on"])
    on = np.append(said, elsewhere)
    on = on[~np.isnat(on)]
    return on.min() if len(on) else np.datetime64(book.last_day + 1)


def _why(book: Book, tables: Tables, periods: Periods, customer: Ints, period: Ints) -> Ints:
    """The place in WHY of each customer, would he be lost at the end of that period."""
    count = len(book.people)
    kept = ~book.cars["status"].isin(GONE).to_numpy(dtype=bool)
    gone = np.bincount(book.owner[kept], minlength=count) == 0
    whose, on = _reasons(book, tables)
    found = np.zeros((len(periods.ends), count), dtype="int64")
    for number, end in enumerate(periods.ends):
        here = book.visit_days_of_people.days_at(book.visit_days_of_people.last(end))
        left = _latest(whose, on, end, count) > np.where(np.isnat(here), _NEVER, here.astype("int64"))
        found[number] = np.select([gone, left], [0, 1], 2)
    return found[period, customer]


def _reasons(book: Book, tables: Tables) -> tuple[Ints, Days]:
    """Customer and day of each visit elsewhere and of each answer that names a reason to go."""
    cars = pd.Index(book.cars["vehicle_id"])
    elsewhere = tables.get("elsewhere", empty(VISITS))
    car = cars.get_indexer(pd.Index(elsewhere["vehicle_id"]))
    there = car >= 0
    owner = book.owner[car[there]] if len(book.owner) else car[there]
    said = book.outcomes[book.outcomes["outcome"].isin(REASONS)] if len(book.outcomes) else empty(ANSWERS)
    who = said["customer"].to_numpy(dtype="int64") if len(said) else np.zeros(0, dtype="int64")
    return np.append(owner, who), np.append(days(elsewhere["visited_on"])[there], days(said["said_on"]))


def _latest(whose: Ints, on: Days, end: np.datetime64, count: int) -> Ints:
    """Of each of `count` the latest day up to `end`, as a number."""
    inside: Bools = on <= end
    found = np.full(count, _NEVER)
    np.maximum.at(found, whose[inside], on[inside].astype("int64"))
    return found


def _rows(
    by: str, codes: Ints, names: Sequence[str], period: Ints, sums: Sequence[Ints], periods: Periods
) -> pd.DataFrame:
    """sums: which rows each column counts."""
    width, count = len(names), len(periods.ends)
    cell = period * width + codes
    totals = [np.bincount(cell[each], minlength=count * width).reshape(count, width) for each in sums]
    keep = totals[0] > 0
    keep[periods.last_year] = False
    at, group = np.nonzero(keep)
    order = np.lexsort((at, group, at != periods.newest))  # now before the months
    at, group = at[order], group[order]
    frame = pd.DataFrame(
        dict(zip(("active_before", "lost", *WHY), (t[at, group] for t in totals), strict=True))
    )
    return frame.assign(
        by=by, group=np.array(names, dtype=object)[group], month=periods.months[at].astype("datetime64[us]")
    )
