"""All about each customer in one row, and the segments as a whole. Rules and formulas: docs/segments.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.columns import Column, Table, empty, typed
from planner.cycle.stages import STAGES as CAR_STAGES
from planner.dates import NO_DAY, add_months, days, months_between
from planner.named_services import load_named_services
from planner.parts import Part, Where
from planner.settings import Settings
from planner.tables import CONTACTS
from planner.value.bills import WINDOW_MONTHS, bills, since
from planner.value.concentration import concentration
from planner.value.figures import OVER
from planner.value.lifecycle import STAGES, car_stages, losses, stage_flow, stages_of, stages_then
from planner.value.owned import Ints, Owned, earliest, first_of, latest, of_rows, owned
from planner.value.scores import RANKED_BY_MARGIN, SEGMENTS_IN_ORDER, fifths, segments_of, share_below
from planner.value.services import missing_services, not_due_soon, profiles, used_services

Floats = npt.NDArray[np.float64]

SEGMENT_NAMES = SEGMENTS_IN_ORDER
LOST_WHY = ("natural", "preventable", "unknown", "")

CUSTOMERS = Table(
    "value_customers",
    "one row a customer",
    ("customer_id",),
    (
        Column("customer_id", "text", "the customer", refers_to="customers"),
        Column("household_id", "text", "who picks up the phone"),
        Column("name", "text", "as the dealership's system writes it"),
        Column("stage", "choice", "of the best bound car, see docs/segments.md", choices=STAGES),
        Column("household_stage", "choice", "the same over all cars of the household", choices=STAGES),
        Column("segment", "choice", "see docs/segments.md", choices=SEGMENT_NAMES),
        Column("tenure_months", "int", "since the first car or visit"),
        Column("cars", "int", "that are not sold, scrapped or moved away with"),
        Column("visits_24m", "int", "visits in the 24 months up to as-of"),
        Column("last_visit_on", "date", "of any kind; missing: never"),
        Column("last_service_on", "date", "the last visit for maintenance; missing: never"),
        Column("margin_12m", "number", "what the visits of 12 months brought"),
        Column("margin_24m", "number", "what the visits of 24 months brought"),
        Column("margin_total", "number", "what all visits on record brought"),
        Column("recency", "int", "fifth by the last visit, 5 is the latest; missing: lost"),
        Column("frequency", "int", "fifth by visits_24m"),
        Column("margin", "int", "fifth by margin_24m"),
        Column("value_simple", "number", "see docs/value.md"),
        Column("value_expected", "number", "discounted margin to come, see docs/value.md"),
        Column("percentile", "number", "0 to 100: share of the customers that brought less in 24 months"),
        Column("leaves_probability", "number", "1 is gone, or lost without a forecast; missing: not known"),
        Column("lost_why", "choice", "natural, preventable, unknown; empty: not lost", choices=LOST_WHY),
        Column("lost_reason", "text", "sold, scrapped, moved, elsewhere, an answer's code, unknown, empty"),
        Column("missing_services", "text", "services with commas, the one that would bring most first"),
        Column("missing_margin", "number", "what they would bring a year, all of them"),
        Column("next_contact_on", "date", "the next planned contact"),
        Column("next_contact", "text", "its touchpoint"),
        Column("next_channel", "text", "its channel"),
        Column("advisor", "text", "who looks after the customer"),
    ),
)

SEGMENTS = Table(
    "segments",
    "one row a segment, also those of nobody",
    ("segment",),
    (
        Column("segment", "choice", "see docs/segments.md", choices=SEGMENT_NAMES),
        Column("customers", "int", "how many; missing where no margin is known and the segment asks for one"),
        Column("share", "number", "of all customers"),
        Column("margin_12m", "number", "what they brought in 12 months"),
        Column("margin_24m", "number", "what they brought in 24 months"),
        Column("margin_share", "number", "of the margin of 24 months"),
        Column("margin_per_customer", "number", "margin_24m / customers"),
        Column("visits_per_customer", "number", "visits in 24 months / customers"),
        Column("tenure_months", "number", "median"),
        Column("last_visit_on", "date", "median"),
        Column("leaves_probability", "number", "mean of those for whom it is known"),
        Column("value_expected", "number", "sum"),
        Column("missing_margin", "number", "what the missing services would bring a year"),
    ),
)


@dataclass(frozen=True)
class Segmented:
    """The frames of one day; columns: CUSTOMERS, SEGMENTS here, the others in the module that makes them."""

    customers: pd.DataFrame
    segments: pd.DataFrame
    concentration: pd.DataFrame
    profile: pd.DataFrame
    missing: pd.DataFrame
    stage_flow: pd.DataFrame
    stages: Mapping[date, Ints]  # of each customer, of today and of a year ago: those of stage_flow


def segmented(
    tables: Mapping[str, pd.DataFrame],
    settings: Settings,
    as_of: date,
    worth: pd.DataFrame | None = None,
    own: Owned | None = None,
) -> Segmented:
    """Who the customers are, what they bring and what they lack, of what had happened by as_of.

    tables: customers (with household_id), vehicles, visits, forecasts; where there are any, contacts,
    outcomes, elsewhere, service_items; own: of them, where it is there already. worth: value_simple and
    value_expected by customer_id. What a visit without amount and margin brought: planner.value.money.
    Sources: docs/segments.md.

    A's visits of 24 months brought 35 and 70, that of 2023 another 35; he has been here for 41 months.

    >>> from planner.value import value_report
    >>> from planner.value.example import AS_OF, tables_of
    >>> cars = {"A": ["2023-01-10", "2023-12-01 100", "2025-01-10 200", "2026-01-10 100"]}
    >>> people = value_report(tables_of(cars), Settings(), AS_OF).customers
    >>> people.loc[0, ["margin_12m", "margin_24m", "margin_total", "visits_24m", "tenure_months"]].tolist()
    [35.0, 105.0, 140.0, 2.0, 41.0]
    """
    own = own or owned(tables, settings, as_of)
    rows = bills(own)
    people, stage = _people(own, tables, rows, worth, as_of)
    profile, missing = _profile_and_missing(tables, rows, people, settings, as_of)
    people["missing_services"], people["missing_margin"] = _gaps(missing, people.index)
    by_segment = _segments(people)
    if not own.money_known:
        people[[*_OF_MONEY, "margin_total", "percentile"]] = np.nan
        ranked = by_segment["segment"].isin(RANKED_BY_MARGIN)
        by_segment[[*_OF_MONEY, "margin_per_customer"]] = np.nan
        by_segment.loc[ranked, ["customers", "share"]] = pd.NA
    then: date = add_months(np.datetime64(as_of), -12).tolist()
    was = stages_then(own, tables, stage, then)
    return Segmented(
        customers=typed(people.reset_index(), CUSTOMERS),
        segments=by_segment,
        concentration=concentration(people.loc[people["visits_24m"].gt(0), "margin_24m"]),
        profile=profile,
        missing=missing,
        stage_flow=stage_flow(was, stage),
        stages={as_of: stage, then: was},
    )


_OF_MONEY = ("margin_12m", "margin_24m", "missing_margin")


def _gaps(missing: pd.DataFrame, names: pd.Index) -> tuple[list[str], Floats]:
    """Of each customer the services of MISSING in their order, with commas, and what they would bring."""
    who = names.get_indexer(pd.Index(missing["customer_id"]))
    first = np.searchsorted(
        who, np.arange(len(names) + 1)
    ).tolist()  # MISSING is in the order of the customers
    services = missing["service"].tolist()
    spelt = [",".join(services[start:end]) for start, end in pairwise(first)]
    brought = np.bincount(who, missing["expected_margin"].to_numpy(dtype="float64"), len(names))
    return spelt, brought.astype("float64")


def missing_of(tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date) -> pd.DataFrame:
    """MISSING alone, for those who speak with the customers; tables as for `segmented`."""
    own = owned(tables, settings, as_of)
    rows = bills(own)
    people, _ = _people(own, tables, rows, None, as_of)
    return _profile_and_missing(tables, rows, people, settings, as_of)[1]


def _profile_and_missing(
    tables: Mapping[str, pd.DataFrame],
    rows: pd.DataFrame,
    people: pd.DataFrame,
    settings: Settings,
    as_of: date,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """PROFILE and MISSING of the bills and the people of `_people`."""
    named = load_named_services(settings.service_names_path)
    found = used_services(rows, people, named, as_of)
    profile = profiles(people, found)
    return profile, missing_services(people, found, profile, not_due_soon(tables, named, as_of))


def _people(
    own: Owned,
    tables: Mapping[str, pd.DataFrame],
    rows: pd.DataFrame,
    worth: pd.DataFrame | None,
    as_of: date,
) -> tuple[pd.DataFrame, Ints]:
    """CUSTOMERS without what is missing, by customer_id; and of each the place of his stage in STAGES."""
    people = own.people[["household_id", "name", "advisor"]].set_index(own.who)
    many = len(people)
    of_car = car_stages(own, tables["forecasts"], as_of)
    stage = stages_of(of_car, own.owner, many)
    of_home = stages_of(of_car, of_rows(own.home, own.owner), int(own.home.max(initial=-1)) + 1)
    stages = (stage, of_home[own.home])
    people["stage"], people["household_stage"] = (np.array(STAGES)[each] for each in stages)
    kept = own.owner[~own.gone]
    people["cars"] = np.bincount(kept[kept >= 0], minlength=many)

    who, day = rows["customer"].to_numpy(), days(rows["visited_on"])
    served = rows["kind"].eq("maintenance").to_numpy(dtype=bool)
    people["last_visit_on"] = last_visit_on = latest(who, day, many)
    people["last_service_on"] = latest(who[served], day[served], many)
    people["margin_total"] = _brought(rows, many)
    for months in (12, WINDOW_MONTHS):
        lately = since(rows, as_of, months)
        people[f"margin_{months}m"] = _brought(lately, many)
    people["visits_24m"] = np.bincount(lately["customer"], minlength=many)
    bought = own.purchased <= np.datetime64(as_of)
    first = np.fmin(earliest(own.owner[bought], own.purchased[bought], many), earliest(who, day, many))
    months_with_us = pd.Series(months_between(first, np.datetime64(as_of)), own.who)
    people["tenure_months"] = months_with_us.where(~np.isnat(first)).astype("Int64")

    active = ~np.isin(STAGES, OVER)[stage]
    recency = np.where(np.isnat(last_visit_on), np.nan, last_visit_on.astype("float64"))
    people["recency"] = fifths(pd.Series(recency, own.who), active)
    people["frequency"] = fifths(people["visits_24m"], active)
    people["margin"] = fifths(people["margin_24m"], active)
    if not own.money_known:
        people["margin"] = pd.NA  # nobody brought less than others: nobody knows
    people["segment"] = segments_of(people)
    people["percentile"] = share_below(people["margin_24m"])
    people["leaves_probability"] = _leaves(own, tables["forecasts"], of_car)
    people[["lost_why", "lost_reason"]] = losses(own, tables, stage, as_of).set_axis(own.who)
    for column in ("value_simple", "value_expected"):
        people[column] = np.nan if worth is None or column not in worth else worth[column].reindex(own.who)
    coming = _next_contacts(tables.get("contacts", empty(CONTACTS)), as_of).reindex(own.who)
    return people.join(coming), stage


def _brought(rows: pd.DataFrame, many: int) -> Floats:
    """Of each customer the margin of these bills; rounded, so that equal sums are equal in any order."""
    return np.bincount(rows["customer"], rows["margin"], many).astype("float64").round(9)


def _leaves(own: Owned, forecasts: pd.DataFrame, of_car: Ints) -> Floats:
    """1 less the highest return_probability of the customer's cars (planner.forecast.returning).

    The cars of a customer come and go together, so their probabilities are not multiplied. 1 where all cars
    are gone, and where all are gone or lost and there is no forecast; missing where nothing is known of
    those that are not.
    """
    probability = forecasts["return_probability"].to_numpy(dtype="float64", na_value=np.nan)
    back_of_car = first_of(own.cars_of(forecasts["vehicle_id"]), probability, len(own.cars))
    gone, over = (np.isin(CAR_STAGES, names)[of_car] for names in (["gone"], ["lost", "gone"]))
    back = np.full(len(own.people) + 1, np.nan)
    np.fmax.at(back, own.owner[~gone], back_of_car[~gone])
    whose = own.owner[own.owner >= 0]
    cars, gone_cars, over_cars = (
        np.bincount(whose, each[own.owner >= 0], len(own.people)) for each in (np.ones(len(gone)), gone, over)
    )
    back = back[:-1]
    stays_away = (cars > 0) & ((gone_cars == cars) | ((over_cars == cars) & np.isnan(back)))
    return np.where(stays_away, 1.0, 1.0 - back)


def next_contacts(as_of: date) -> Part:
    """The contacts that `segmented` needs: of each customer those of the next day with one."""
    return Part.where(
        Where("status", "=", "planned"),
        Where("planned_on", ">=", as_of),
        Where("planned_on", "first of each", "customer_id"),
    )


def _next_contacts(contacts: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """By customer_id: day, touchpoint and channel of the next planned contact."""
    ahead = contacts["planned_on"].ge(pd.Timestamp(as_of)) & contacts["status"].eq("planned")
    rows = contacts.loc[ahead, ["customer_id", "planned_on", "touchpoint", "channel", "contact_id"]]
    who, customers = pd.factorize(rows["customer_id"])
    on = days(rows["planned_on"])
    first = np.full(len(customers), on.max() if len(on) else NO_DAY)
    np.minimum.at(first, who, on)
    rows = rows[on == first[who]]
    rows = rows.sort_values("contact_id").drop_duplicates("customer_id").set_index("customer_id")
    names = {"planned_on": "next_contact_on", "touchpoint": "next_contact", "channel": "next_channel"}
    found: pd.DataFrame = rows.rename(columns=names)[list(names.values())]
    return found


def _segments(people: pd.DataFrame) -> pd.DataFrame:
    """SEGMENTS, in their order."""
    groups = people.groupby("segment")
    sums = groups[["margin_12m", "margin_24m", "missing_margin", "visits_24m"]].sum()
    table = sums.assign(
        customers=groups.size(),
        tenure_months=groups["tenure_months"].median(),
        last_visit_on=groups["last_visit_on"].median().dt.normalize(),
        leaves_probability=groups["leaves_probability"].mean(),
        value_expected=groups["value_expected"].sum(min_count=1),
    )
    table = table.reindex(list(SEGMENT_NAMES))
    for column in ("customers", "margin_12m", "margin_24m", "missing_margin", "visits_24m"):
        table[column] = table[column].fillna(0)
    total = table["margin_24m"].sum()
    table["share"] = table["customers"] / max(len(people), 1)
    table["margin_share"] = table["margin_24m"] / total if total > 0 else np.nan
    table["margin_per_customer"] = table["margin_24m"] / table["customers"].where(table["customers"] > 0)
    table["visits_per_customer"] = table["visits_24m"] / table["customers"].where(table["customers"] > 0)
    return typed(table.rename_axis("segment").reset_index(), SEGMENTS)
