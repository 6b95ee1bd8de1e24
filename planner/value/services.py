"""Which services customers use, which the best of each segment use, and which ones a customer is missing.

A service is a kind of visit; what else falls due on a car (brake fluid) is spoken of with the service that
it is done with, see `also_due` of the scripts, and no bill says what it brought.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.columns import Column, Table, typed
from planner.dates import add_months, days
from planner.tables import VISIT_KINDS
from planner.value.bills import WINDOW_MONTHS
from planner.value.figures import TOO_FEW
from planner.value.lifecycle import OVER
from planner.value.scores import NEW_MONTHS, SEGMENTS_IN_ORDER

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Repairs, warranty and body work come by mishap, and "other" has no name: nobody can be asked to want them.
OFFERED = ("maintenance", "inspection", "tyres")
BEST_SHARE = 0.2
FEW_BEST = TOO_FEW  # fewer are no model for others; those of the whole dealership stand in
LEAST_SHARE = 0.2  # what fewer of the best use is no gap
DUE_SOON_DAYS = 90
ALL = "all"

PROFILE = Table(
    "profile",
    "one row a segment and service; segment all is everybody but the lost",
    ("segment", "service"),
    (
        Column("segment", "choice", "see docs/segments.md", choices=(ALL, *SEGMENTS_IN_ORDER)),
        Column("service", "choice", "kind of visit", choices=VISIT_KINDS),
        Column("best_customers", "int", "the fifth of the segment with the highest margin"),
        Column("users", "int", "of them, those who used it in the 24 months up to their last visit"),
        Column("share", "number", "users / best_customers"),
        Column("margin_per_year", "number", "median of what it brought a year with its users among the best"),
        Column("expected_margin", "number", "share x margin_per_year: what it brings a year with one more"),
        Column("share_all", "number", "share of all customers of the segment who used it"),
        Column("note", "text", "too_few: below 30 best customers; those of `all` are taken for it"),
    ),
)

MISSING = Table(
    "missing",
    "one row a service that a customer does not use and comparable best customers do, by rank",
    ("customer_id", "service"),
    (
        Column("customer_id", "text", "the customer", refers_to="customers"),
        Column("service", "choice", "kind of visit", choices=OFFERED),
        Column("rank", "int", "1 is the one that would bring most"),
        Column("share", "number", "of the best customers of the segment who use it"),
        Column("expected_margin", "number", "what it would bring a year, see docs/segments.md"),
    ),
)


@dataclass(frozen=True)
class Used:
    """By customer (rows) and kind of visit (columns, as VISIT_KINDS), in each one's last 24 months with us.

    `lately`: any visit of the kind in the 24 months up to as_of.
    """

    used: Bools
    margin: Floats  # a year
    lately: Bools


def used_services(rows: pd.DataFrame, people: pd.DataFrame, as_of: date) -> Used:
    """What each of the people used; rows: planner.value.bills; people: the customers, in their order."""
    who = rows["customer"].to_numpy()
    kind = pd.Index(VISIT_KINDS).get_indexer(pd.Index(rows["kind"]))
    day, margin = days(rows["visited_on"]), rows["margin"].to_numpy()
    known = (who >= 0) & (kind >= 0)
    who, kind, day, margin = who[known], kind[known], day[known], margin[known]
    shape = (len(people), len(VISIT_KINDS))
    end = days(people["last_visit_on"])
    own = day > add_months(end, -WINDOW_MONTHS)[who]
    lately = day > add_months(np.datetime64(as_of), -WINDOW_MONTHS)
    used, recent, brought = np.zeros(shape, bool), np.zeros(shape, bool), np.zeros(shape)
    used[who[own], kind[own]] = True
    recent[who[lately], kind[lately]] = True
    np.add.at(brought, (who[own], kind[own]), margin[own])
    # Of who was a customer for less than the window, that time counts, but a year at least.
    months = people["tenure_months"].to_numpy(dtype="float64", na_value=np.nan)
    years = np.clip(np.nan_to_num(months, nan=WINDOW_MONTHS), 12, WINDOW_MONTHS) / 12
    return Used(used, brought / years[:, None], recent)


def best_of(margin: Floats) -> Bools:
    """The fifth with the highest margin, those level with its last one too, none without any margin.

    >>> best_of(np.array([9.0, 1, 2, 3, 4, 5, 6, 7, 8, 10])).nonzero()[0].tolist()
    [0, 9]
    """
    if not len(margin):
        return np.zeros(0, dtype=bool)
    last = np.sort(margin)[-max(int(np.ceil(len(margin) * BEST_SHARE)), 1)]
    best: Bools = (margin >= last) & (margin > 0)
    return best


def profiles(people: pd.DataFrame, found: Used) -> pd.DataFrame:
    """PROFILE: what the best customers of each segment use.

    people: segment and stage by customer, along the rows of `found`. Who is lost is in no `all`. Source: our
    definition (docs/segments.md). Visits of no kind count as maintenance.

    Of two A brings most and is the best fifth; he alone buys tyres, for 60 a year.

    >>> people = pd.DataFrame({"segment": "loyal", "stage": "warranty", "tenure_months": 30}, ["A", "B"])
    >>> margin = pd.DataFrame({"maintenance": [100.0, 50.0], "tyres": [60.0, 0.0]}, people.index)
    >>> margin = margin.reindex(columns=VISIT_KINDS, fill_value=0.0).to_numpy()
    >>> profile = profiles(people, Used(margin > 0, margin, margin > 0)).set_index(["segment", "service"])
    >>> profile.loc[("loyal", "tyres"), ["best_customers", "share", "share_all", "expected_margin"]].tolist()
    [1.0, 1.0, 0.5, 60.0]
    """
    brought = found.margin.sum(axis=1)
    segment = people["segment"].to_numpy(dtype=object)
    parts = []
    for name in (ALL, *SEGMENTS_IN_ORDER):
        inside = segment != "lost" if name == ALL else segment == name
        member = np.flatnonzero(inside)
        best = member[best_of(brought[member])]
        users = found.used[best].sum(axis=0)
        margin = np.where(found.used[best], found.margin[best], np.nan)
        median = np.full(len(VISIT_KINDS), np.nan)
        median[users > 0] = np.nanmedian(margin[:, users > 0], axis=0) if users.any() else []
        part = pd.DataFrame({"service": VISIT_KINDS, "users": users, "margin_per_year": median})
        part["segment"], part["best_customers"] = name, len(best)
        part["share"] = users / len(best) if len(best) else np.nan
        part["share_all"] = found.used[member].mean(axis=0) if len(member) else np.nan
        part["note"] = "too_few" if len(best) < FEW_BEST else ""
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    # A service that pays nothing is no loss to add, and no reason to.
    table["expected_margin"] = (table["share"] * table["margin_per_year"]).fillna(0.0).clip(lower=0.0)
    return typed(table, PROFILE)


def missing_services(
    people: pd.DataFrame, found: Used, profile: pd.DataFrame, not_due: Mapping[str, pd.Index]
) -> pd.DataFrame:
    """MISSING: by customer in their order, and rank.

    not_due: by kind, the customers none of whose cars has it due soon by the intervals.
    Nothing is missing to who is lost, has no car or has been a customer for less than a year: there was no
    time to use it. expected_margin is that of the customer's segment in `profile`, of the whole dealership
    where the segment has too few: share of its best customers who use the service x the median of what it
    brings with them a year. Visits of no kind count as maintenance. Source: our definition
    (docs/segments.md).

    A is the best customer and buys tyres for 60 a year; B does not. C does not either, but is new.

    >>> months = pd.Series([30, 30, 3], list("ABC"))
    >>> people = pd.DataFrame({"segment": "loyal", "stage": "warranty", "tenure_months": months})
    >>> margin = pd.DataFrame({"maintenance": [100.0, 50.0, 50.0], "tyres": [60.0, 0.0, 0.0]}, people.index)
    >>> margin = margin.reindex(columns=VISIT_KINDS, fill_value=0.0).to_numpy()
    >>> found = Used(margin > 0, margin, margin > 0)
    >>> missing_services(people, found, profiles(people, found), {}).to_numpy().tolist()
    [['B', 'tyres', 1, 1.0, 60.0]]
    """
    segment = people["segment"].to_numpy(dtype=object)
    table = profile.set_index(["segment", "service"])
    own = [ALL if table.loc[(name, OFFERED[0]), "note"] else name for name in SEGMENTS_IN_ORDER]
    which = pd.Index(SEGMENTS_IN_ORDER).get_indexer(pd.Index(segment))
    active = ~people["stage"].isin(OVER).to_numpy(dtype=bool)
    active &= people["tenure_months"].ge(NEW_MONTHS).fillna(False).to_numpy(dtype=bool)
    parts = []
    for service in OFFERED:
        share, margin = (
            table[column].unstack().loc[own, service].to_numpy(dtype="float64")[which]
            for column in ("share", "expected_margin")
        )
        gap = active & ~found.lately[:, VISIT_KINDS.index(service)] & (share >= LEAST_SHARE) & (margin > 0)
        if service in not_due:
            gap &= ~people.index.isin(not_due[service])
        at = np.flatnonzero(gap)
        parts.append(
            pd.DataFrame({"at": at, "service": service, "share": share[at], "expected_margin": margin[at]})
        )
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.sort_values(["at", "expected_margin", "service"], ascending=[True, False, True])
    rows["rank"] = rows.groupby("at").cumcount() + 1
    rows["customer_id"] = people.index.to_numpy()[rows["at"]]
    return typed(rows.reset_index(drop=True), MISSING)


def not_due_soon(tables: Mapping[str, pd.DataFrame], as_of: date) -> dict[str, pd.Index]:
    """By kind of visit that the intervals know, the customers none of whose cars has it due within 90 days.

    A car of two years that must be inspected with three misses nothing.
    """
    items = tables.get("service_items")
    if items is None or items.empty:
        return {}
    owner = tables["vehicles"].set_index("vehicle_id")["customer_id"]
    items = items[items["service"].isin(OFFERED)]
    soon = days(items["due_on"]) <= np.datetime64(as_of) + np.timedelta64(DUE_SOON_DAYS, "D")
    who = items["vehicle_id"].map(owner)
    found = {}
    for service in items["service"].unique():
        of = items["service"].eq(service).to_numpy(dtype=bool)
        found[str(service)] = pd.Index(who[of].unique()).difference(pd.Index(who[of & soon]))
    return found
