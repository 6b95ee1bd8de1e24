"""Which services customers use, which the best of each segment use, and which ones a customer is missing.

A service is a kind of visit, or one with a name that the repair order says was done beside it
(docs/services.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planner.columns import Column, Table, typed
from planner.dates import add_months, days
from planner.named_services import OF_VISITS, NamedServices
from planner.tables import VISIT_KINDS
from planner.value.bills import WINDOW_MONTHS
from planner.value.done import margins_beside, what_was_done
from planner.value.figures import OVER, TOO_FEW, Floats
from planner.value.owned import Bools
from planner.value.scores import NEW_MONTHS, SEGMENTS_IN_ORDER

# Repairs, warranty and body work come by mishap, and "other" has no name: nobody can be asked to want them.
# Named services say themselves whether they are.
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
        Column("service", "text", "kind of visit, or a named service of docs/services.md"),
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
        Column("service", "text", "maintenance, inspection, tyres, or a named service that is offered"),
        Column("rank", "int", "1 is the one that would bring most"),
        Column("share", "number", "of the best customers of the segment who use it"),
        Column("expected_margin", "number", "what it would bring a year, see docs/segments.md"),
        Column("margin_per_year", "number", "what it brings a year with those of them; x share it is that"),
        Column("best_of", "choice", "whose best they are", choices=(ALL, *SEGMENTS_IN_ORDER)),
    ),
)


@dataclass(frozen=True)
class Used:
    """By customer (rows) and service (columns), in each one's last 24 months with us.

    `lately`: any visit with it in the 24 months up to as_of.
    """

    used: Bools
    margin: Floats  # a year, all services together what the visits brought; NaN: nobody can tell of how much
    lately: Bools
    services: tuple[str, ...] = VISIT_KINDS
    offered: tuple[str, ...] = OFFERED  # of them what may be missing


def used_services(rows: pd.DataFrame, people: pd.DataFrame, named: NamedServices, as_of: date) -> Used:
    """What each of the people used; rows: planner.value.bills; people: the customers, in their order.

    Of a bill that names services, each of them has what it adds to a bill (margins_beside, over the bills
    of the 24 months up to as_of whose money is given), the kind of the visit the rest. A service that only
    bills of the last 24 months name is not offered: what was done before that was not written down.
    """
    rows = rows[rows["kind"].isin(VISIT_KINDS).to_numpy(dtype=bool)]
    done = what_was_done(rows, named.codes)
    who, day, margin = rows["customer"].to_numpy(), days(rows["visited_on"]), rows["margin"].to_numpy()
    start = add_months(np.datetime64(as_of), -WINDOW_MONTHS)
    own = day > add_months(days(people["last_visit_on"]), -WINDOW_MONTHS)[who]
    lately = day > start
    adds = margins_beside(done, margin, lately & rows["money_given"].to_numpy(dtype=bool))
    known = np.nan_to_num(adds)
    kind, rest = done.kind[done.group], margin - (done.beside @ known)[done.group]
    shape = (len(people), len(done.services))
    used, recent, brought = np.zeros(shape, bool), np.zeros(shape, bool), np.zeros(shape)
    used[who[own], kind[own]] = True
    recent[who[lately], kind[lately]] = True
    np.add.at(brought, (who[own], kind[own]), rest[own])
    new = set()
    for service in done.named:
        at = done.at(service)
        of_window = who[at[own[at]]]
        brought[:, service] += known[service] * np.bincount(of_window, minlength=len(people))
        if np.isnan(adds[service]):
            brought[np.setdiff1d(of_window, np.flatnonzero(used[:, service])), service] = np.nan
        used[of_window, service] = True
        recent[who[at[lately[at]]], service] = True
        if lately[at].all():
            new.add(done.services[service])
    # Of who was a customer for less than the window, that time counts, but a year at least.
    months = people["tenure_months"].to_numpy(dtype="float64", na_value=np.nan)
    years = np.clip(np.nan_to_num(months, nan=WINDOW_MONTHS), 12, WINDOW_MONTHS) / 12
    unwanted = set(named.codes) - set(named.offered)
    offered = [each for each in OFFERED if each not in unwanted]
    offered += [each for each in named.offered if each in done.services and each not in {*OFFERED, *new}]
    return Used(used, brought / years[:, None], recent, done.services, tuple(offered))


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
    brought = np.nansum(found.margin, axis=1)
    segment = people["segment"].to_numpy(dtype=object)
    parts = []
    for name in (ALL, *SEGMENTS_IN_ORDER):
        inside = segment != "lost" if name == ALL else segment == name
        member = np.flatnonzero(inside)
        best = member[best_of(brought[member])]
        users = found.used[best].sum(axis=0)
        margin = np.where(found.used[best], found.margin[best], np.nan)
        told = ~np.isnan(margin).all(axis=0)
        median = np.full(len(found.services), np.nan)
        median[told] = np.nanmedian(margin[:, told], axis=0) if told.any() else []
        part = pd.DataFrame({"service": found.services, "users": users, "margin_per_year": median})
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

    not_due: by service, the customers none of whose cars has it due soon by the intervals.
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
    [['B', 'tyres', 1, 1.0, 60.0, 60.0, 'all']]
    """
    segment = people["segment"].to_numpy(dtype=object)
    table = profile.set_index(["segment", "service"])
    own = [ALL if table.loc[(name, found.services[0]), "note"] else name for name in SEGMENTS_IN_ORDER]
    which = pd.Index(SEGMENTS_IN_ORDER).get_indexer(pd.Index(segment))
    active = ~people["stage"].isin(OVER).to_numpy(dtype=bool)
    active &= people["tenure_months"].ge(NEW_MONTHS).fillna(False).to_numpy(dtype=bool)
    parts = []
    for service in found.offered:
        of_segment = table.xs(service, level="service").loc[
            own, ["share", "expected_margin", "margin_per_year"]
        ]
        bring = of_segment.to_numpy(dtype="float64")[which]
        share, margin = bring[:, 0], bring[:, 1]
        lately = found.lately[:, found.services.index(service)]
        gap = active & ~lately & (share >= LEAST_SHARE) & (margin > 0)
        if service in not_due:
            gap &= ~people.index.isin(not_due[service])
        at = np.flatnonzero(gap)
        part = pd.DataFrame(bring[at], columns=of_segment.columns)
        parts.append(part.assign(at=at, service=service))
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.sort_values(["at", "expected_margin", "service"], ascending=[True, False, True])
    rows["rank"] = rows.groupby("at").cumcount() + 1
    rows["customer_id"] = people.index.to_numpy()[rows["at"]]
    rows["best_of"] = np.array(own, dtype=object)[which[rows["at"]]]
    return typed(rows.reset_index(drop=True), MISSING)


def not_due_soon(
    tables: Mapping[str, pd.DataFrame], named: NamedServices, as_of: date
) -> dict[str, pd.Index]:
    """By service that the intervals know, the customers none of whose cars has it due within 90 days.

    A car of two years that must be inspected with three misses nothing. The intervals call a named service
    as a repair order may: "A/C service" is air conditioning.
    """
    items = tables.get("service_items")
    if items is None or items.empty:
        return {}
    owner = tables["vehicles"].set_index("vehicle_id")["customer_id"]
    soon = days(items["due_on"]) <= np.datetime64(as_of) + np.timedelta64(DUE_SOON_DAYS, "D")
    who = items["vehicle_id"].map(owner)
    found = {}
    for service, names in names_by_service(items["service"], named).items():
        of = items["service"].isin(names).to_numpy(dtype=bool)
        found[service] = pd.Index(who[of].unique()).difference(pd.Index(who[of & soon]))
    return found


def names_by_service(intervals: pd.Series, named: NamedServices) -> dict[str, list[str]]:
    """By service that may be offered, what the service intervals call it.

    >>> from planner.named_services import load_named_services
    >>> from planner.settings import Settings
    >>> named = load_named_services(Settings().service_names_path)
    >>> names_by_service(pd.Series(["maintenance", "A/C service", "timing belt"]), named)
    {'maintenance': ['maintenance'], 'air conditioning': ['A/C service']}
    """
    names = pd.Series(intervals.dropna().unique())
    known: dict[str, list[str]] = {name: [name] for name in names if name in OFFERED}
    for name, codes in zip(names, named.found_in(names), strict=True):
        for code in [] if pd.isna(codes) else codes.split(","):
            if code not in OF_VISITS:
                known.setdefault(code, []).append(name)
    return known
