"""Whom to win back first: customers who are worth much and are likely to leave, with their next contact.

And what the settings assume of the figures, as a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from planner.people import e164
from planner.schedule.rules import consents, rests_until
from planner.settings import Settings
from planner.tables import GONE

LEAVES = 0.5  # more likely to stay away than to come. Our judgement
COLUMNS = (
    "rank", "customer", "phone", "dial", "why", "due_on", "last_service_on", "last_visit_on", "stage",
    "segment",
    "margin_total", "tenure_months", "value",
    "leaves_probability", "at_risk", "missing_services", "missing_margin", "next_contact_on", "next_channel",
    "next_contact", "advisor", "customer_id",
)  # fmt: skip


def to_act_on(tables: Mapping[str, pd.DataFrame], valued: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Every customer with a car who is more likely to miss the next service than to come for it.

    Most money at risk first; but who is lost (18 months without a visit) stands below all others: there is
    little left to keep (measured in docs/value-workbook.md). In: customers; `valued` is CUSTOMERS of
    planner.value.segments. Out: COLUMNS; at_risk is value x leaves_probability. value is what the customer
    brought a year, on average since he came (of the first year at least): value_expected would count
    against those who stay away, twice. why is lost_reason, else the stage; due_on the day on which the first
    outstanding service of a car that is still here was due, or will be. Who sold or scrapped the car or
    moved away, wants no contact at all, or brought nothing is not in it. The phone, and `dial`, the same as
    +<country><number>, are missing where calls are not agreed to. last_service_on is of maintenance,
    last_visit_on of any kind: who is overdue for a service may have been here for a repair.
    """
    people = tables["customers"].drop_duplicates("customer_id").set_index("customer_id")
    rows = valued[valued["leaves_probability"].ge(LEAVES).fillna(False) & valued["lost_why"].ne("natural")]
    years = rows["tenure_months"].astype("float64").fillna(0.0).clip(lower=12.0) / 12
    value = rows["margin_total"].fillna(0.0) / years
    rows = rows.assign(
        value=value,
        at_risk=value * rows["leaves_probability"],
        due_on=_due_on(tables).reindex(rows["customer_id"]).to_numpy(),
        why=rows["lost_reason"].where(~rows["lost_reason"].isin(["", "unknown"]), rows["stage"]),
    )
    said, call = consents(tables["customers"]), pd.Series("call", rows.index, dtype="str")
    purpose = pd.Series("service", rows.index, dtype="str")
    objection = said.objection(rows["household_id"], call, purpose, settings)
    rows["may_call"] = objection == ""
    rows = rows[(objection != "do-not-contact") & rows["at_risk"].gt(0)]
    rows = rows.assign(lost=rows["stage"].eq("lost"))
    order = {"lost": True, "at_risk": False, "customer_id": True}
    rows = rows.sort_values(list(order), ascending=list(order.values()), ignore_index=True)
    rows = rows.assign(rank=np.arange(1, len(rows) + 1), customer=rows["name"])
    rows = rows.assign(**_phones(people, rows["customer_id"], rows["may_call"], settings))
    listed: pd.DataFrame = rows[list(COLUMNS)]
    return listed


def _due_on(tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """By customer_id the earliest due_on of the forecasts of cars that are not gone."""
    if "forecasts" not in tables or "vehicles" not in tables:
        return pd.Series(dtype="datetime64[us]")
    cars = tables["vehicles"].drop_duplicates("vehicle_id").set_index("vehicle_id")
    first = tables["forecasts"].drop_duplicates("vehicle_id").set_index("vehicle_id")["due_on"]
    owner = cars.loc[~cars["status"].isin(GONE), "customer_id"]
    here = first[first.index.isin(owner.index)]
    return here.groupby(owner.reindex(here.index).to_numpy()).min()


def act_counts(
    tables: Mapping[str, pd.DataFrame], valued: pd.DataFrame, listed: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """How many customers stand on the list to act on, out of how many, and why the others do not.

    In: customers; `valued` is CUSTOMERS of planner.value.segments, `listed` the list that `to_act_on` makes.
    Out: two rows by `part`: keep (more likely to miss the next service than to come, and not lost) and
    win_back (stage lost); customers = listed + do_not_contact + money_unknown (no money is on record at all)
    + brought_nothing + may_come (lost, and yet more likely to come, or too little is known).
    """
    lost, kept = valued["stage"].eq("lost"), valued["lost_why"].ne("natural")
    likely = valued["leaves_probability"].ge(LEAVES).fillna(False)
    said = consents(tables["customers"])
    how, what = (pd.Series(text, valued.index, dtype="str") for text in ("call", "service"))
    asked_not = said.objection(valued["household_id"], how, what, settings) == "do-not-contact"
    on = valued["customer_id"].isin(listed["customer_id"])
    margin = valued["margin_total"]
    reasons = [on, asked_not, margin.isna(), margin.fillna(0.0).le(0)]
    why = np.select(reasons, ["listed", *LEFT_OUT[:-1]], LEFT_OUT[-1])
    parts = {"keep": ~lost & kept & likely, "win_back": lost & kept}
    found = {name: pd.Series(why[which]).value_counts() for name, which in parts.items()}
    counts = pd.DataFrame(found).T.reindex(columns=["listed", *LEFT_OUT]).fillna(0).astype("int64")
    counts.insert(0, "customers", counts.sum(axis=1))
    return counts.rename_axis("part").reset_index()


LEFT_OUT = ("do_not_contact", "money_unknown", "brought_nothing", "may_come")

OFFER_COLUMNS = (
    "rank", "customer", "phone", "dial", "segment", "service", "expected_margin", "share",
    "margin_per_year", "best_of", "also", "missing_margin", "last_visit_on", "next_contact_on",
    "next_channel", "next_contact", "advisor", "customer_id",
)  # fmt: skip


def to_offer(
    tables: Mapping[str, pd.DataFrame],
    valued: pd.DataFrame,
    missing: pd.DataFrame,
    settings: Settings,
    as_of: date,
) -> pd.DataFrame:
    """Every customer who lacks a service that the best of his segment use; who would bring most first.

    In: customers, contacts; `valued` and `missing` are CUSTOMERS of planner.value.segments and MISSING of
    planner.value.services. Out: OFFER_COLUMNS; service, expected_margin (a year), share (of the best who
    use it), margin_per_year (what it brings a year with those) and best_of (whose best they are: a segment
    or all) are of the one that would bring most, `also` the others with commas, missing_margin of all
    together. Who wants no contact at all, or whose household has a complaint open, is not in it; nor is the
    maintenance of those who are more likely to miss it than to come: they stand on the list to act on. The
    one that would bring most decides the order, then all together. phone and dial are missing where calls
    with offers are not agreed to.
    """
    valued, missing = _without_maintenance_at_risk(valued, missing)
    of_first = ["service", "expected_margin", "share", "margin_per_year", "best_of"]
    best = missing[missing["rank"].eq(1)].set_index("customer_id")[of_first]
    rows = valued[valued["customer_id"].isin(best.index)]
    rows = rows.join(best, on="customer_id")
    said, call = consents(tables["customers"]), pd.Series("call", rows.index, dtype="str")
    purpose = pd.Series("marketing", rows.index, dtype="str")
    objection = said.objection(rows["household_id"], call, purpose, settings)
    people = tables["customers"].drop_duplicates("customer_id").set_index("customer_id")
    also = rows["missing_services"].str.split(",", n=1).str[1].astype("str")
    rows = rows.assign(customer=rows["name"], also=also)
    rows = rows.assign(**_phones(people, rows["customer_id"], objection == "", settings))
    rests = rests_until(tables["contacts"], settings).reindex(rows["household_id"]).to_numpy()
    rows = rows[(objection != "do-not-contact") & ~(rests > np.datetime64(as_of))]
    order = {"expected_margin": False, "missing_margin": False, "customer_id": True}
    rows = rows.sort_values(list(order), ascending=list(order.values()), ignore_index=True)
    listed: pd.DataFrame = rows.assign(rank=np.arange(1, len(rows) + 1))[list(OFFER_COLUMNS)]
    return listed


def _without_maintenance_at_risk(
    valued: pd.DataFrame, missing: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """CUSTOMERS and MISSING without the maintenance of those who are likely to miss it."""
    leaving = valued.loc[valued["leaves_probability"].ge(LEAVES).fillna(False), "customer_id"]
    at_risk = missing["service"].eq("maintenance") & missing["customer_id"].isin(leaving)
    less = missing[at_risk].set_index("customer_id")["expected_margin"]
    of_them = valued["customer_id"].isin(less.index)
    services = valued.loc[of_them, "missing_services"]
    kept = services.str.replace(r"(^|,)maintenance(?=,|$)", "", regex=True).str.lstrip(",")
    valued = valued.assign(
        missing_services=valued["missing_services"].where(~of_them, kept.reindex(valued.index)),
        missing_margin=valued["missing_margin"] - valued["customer_id"].map(less).fillna(0.0),
    )
    left = missing[~at_risk]
    return valued, left.assign(rank=left.groupby("customer_id", sort=False).cumcount() + 1)


def _phones(
    people: pd.DataFrame, customer_ids: pd.Series, may_call: pd.Series[bool], settings: Settings
) -> dict[str, pd.Series]:
    """The phone of each customer as it is on file and as it is dialled; missing: not to be called.

    people: by customer_id.
    """
    first = people["phone"].fillna(people["phone_2"])
    phone = first.reindex(customer_ids).set_axis(customer_ids.index).where(may_call)
    dial = e164(phone, settings.dealership.country)
    return {"phone": phone, "dial": dial.where(dial != "")}


def assumptions(settings: Settings) -> pd.DataFrame:
    """The numbers of the section [value] that figures rest on: setting (its key), value, unit."""
    given = settings.value
    rows = [(name, getattr(given, name), unit) for name, unit in _UNITS.items()]
    costs = [
        (f"contact_cost.{name}", cost, "money") for name, cost in given.contact_cost.model_dump().items()
    ]
    return pd.DataFrame([*rows, *costs], columns=["setting", "value", "unit"]).astype({"value": "float64"})


_UNITS = {
    "simple_years": "count", "discount_rate": "share", "acquisition_cost": "money", "margin_share": "share",
    "active_window_months": "count", "redeem_days": "count",
}  # fmt: skip
