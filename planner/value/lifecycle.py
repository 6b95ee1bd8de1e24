"""Where customers stand in their life with the dealership, where they stood a year ago, and who was lost why.

The stages of cars are those of planner.cycle.stages. Rules in words: docs/segments.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from planner.columns import Column, Table, empty, typed
from planner.cycle import vehicle_stages
from planner.dates import DAYS_PER_MONTH, NO_DAY, add_months, days
from planner.forecast.intervals import intervals_of, load_intervals
from planner.outcomes.overlay import seen_and_elsewhere
from planner.settings import Settings
from planner.tables import ANSWERS, GONE, VISITS

Tables = Mapping[str, pd.DataFrame]

# Who has several cars is where the best bound of them is: the first of these that one of them has.
STAGES = ("renewal", "onboarding", "warranty", "after_warranty", "lapsed", "lost", "gone", "no_car")
NOT_YET = "not_yet"  # a year ago no customer
# What callers were told that names a reason to go; the latest one counts.
REASONS = ("complaint", "too_expensive", "refused")

STAGE_FLOW = Table(
    "stage_flow",
    "one row a pair of stages",
    ("from_stage", "to_stage"),
    (
        Column("from_stage", "choice", "a year ago", choices=(*STAGES, NOT_YET)),
        Column("to_stage", "choice", "today", choices=STAGES),
        Column("count", "int", "customers"),
    ),
)


def car_stages(tables: Tables, as_of: date) -> pd.Series:
    """The stage of each car today, by vehicle_id, from the stored forecasts."""
    return vehicle_stages(tables["vehicles"], tables["visits"], tables["forecasts"], as_of)


def car_stages_then(tables: Tables, settings: Settings, then: date) -> pd.Series:
    """The stage of each car on an earlier day, by vehicle_id; cars that were not bought yet are left out.

    By the rules of today. There is no forecast of that day: the outstanding service was due the interval's
    months after the last maintenance (elsewhere too) or the purchase, or sooner where today's km a month
    reach the interval's km before that. An export gives no day of sale: only who told a caller by then
    that the car was sold, or that he moved away, had no car here any more.
    """
    cars = tables["vehicles"]
    cars = cars[days(cars["purchased_on"]) <= np.datetime64(then)].reset_index(drop=True)
    answers = tables.get("outcomes", empty(ANSWERS))
    said = answers[days(answers["said_on"]) <= np.datetime64(then)]
    sold = cars["vehicle_id"].isin(said.loc[said["outcome"].eq("sold_car"), "vehicle_id"])
    moved = cars["customer_id"].isin(said.loc[said["outcome"].eq("moved_away"), "customer_id"])
    gone = (sold | moved) & cars["status"].isin(GONE)
    cars = cars.assign(status=cars["status"].where(gone).astype("str"))
    due = due_on(cars, {"elsewhere": empty(VISITS), **tables}, settings, then)
    return vehicle_stages(cars, tables["visits"], due, then)


def due_on(cars: pd.DataFrame, tables: Tables, settings: Settings, then: date) -> pd.DataFrame:
    """vehicle_id and due_on of the outstanding maintenance as `car_stages_then` has it."""
    visits = seen_and_elsewhere(tables)
    before = days(visits["visited_on"]) <= np.datetime64(then)
    done = visits[before & visits["kind"].fillna("maintenance").eq("maintenance").to_numpy(dtype=bool)]
    last = days(done.groupby("vehicle_id", sort=False)["visited_on"].max().reindex(cars["vehicle_id"]))
    last = np.fmax(last, days(cars["purchased_on"]))
    months, km = intervals_of(cars, load_intervals(settings.intervals_path))
    first = tables["forecasts"].drop_duplicates("vehicle_id").set_index("vehicle_id")["km_per_month"]
    rate = first.reindex(cars["vehicle_id"]).to_numpy(dtype="float64")
    with np.errstate(divide="ignore", invalid="ignore"):
        until = np.floor(km / rate * DAYS_PER_MONTH)
    known = np.isfinite(until) & (until < 100_000)
    by_km = np.where(known, last + np.where(known, until, 0).astype("timedelta64[D]"), NO_DAY)
    due = np.fmin(add_months(last, months), by_km)
    return pd.DataFrame({"vehicle_id": cars["vehicle_id"], "due_on": due.astype("datetime64[us]")})


def stages_of(stage: pd.Series, owner: pd.Series, names: pd.Index) -> pd.Series:
    """The stage of each owner: the first of STAGES that one of his cars has; no_car where he has none.

    stage: of each car, along `owner` (its customer or household). Out: by `names`.

    >>> stages_of(pd.Series(["lapsed", "warranty"]), pd.Series(["A", "A"]), pd.Index(["A", "B"])).tolist()
    ['warranty', 'no_car']
    """
    rank = pd.Index(STAGES).get_indexer(pd.Index(stage))
    whose = names.get_indexer(pd.Index(owner))
    best = np.full(len(names), len(STAGES) - 1)
    np.minimum.at(best, whose[whose >= 0], rank[whose >= 0])
    return pd.Series(np.array(STAGES, dtype=object)[best], names, dtype="str")


def stages_then(tables: Tables, today: pd.Series, settings: Settings, then: date) -> pd.Series:
    """The stage of each customer on an earlier day, by the index of `today`, which is his stage today.

    Whose car came since was no customer yet (not_yet); who has no car on record had none then either.
    """
    before = car_stages_then(tables, settings, then)
    owner = tables["vehicles"].set_index("vehicle_id")["customer_id"].reindex(before.index)
    was = stages_of(before, owner, today.index)
    return was.mask(was.eq("no_car") & today.ne("no_car"), NOT_YET)


def stage_flow(was: pd.Series, today: pd.Series) -> pd.DataFrame:
    """STAGE_FLOW: how many customers went from which stage a year ago to which today.

    was, today: stage by customer_id. Pairs that nobody went are not in it.

    A is out of warranty then and now; B has come since.

    >>> from planner.value import value_report
    >>> from planner.value.example import AS_OF, tables_of
    >>> cars = {"A": ["2022-01-10", "2025-05-01", "2026-04-01"], "B": ["2026-01-10"]}
    >>> value_report(tables_of(cars), Settings(), AS_OF).stage_flow.to_numpy().tolist()
    [['after_warranty', 'after_warranty', 1], ['not_yet', 'warranty', 1]]
    """
    pairs = pd.DataFrame({"from_stage": was.to_numpy(), "to_stage": today.to_numpy()})
    flow = pairs.groupby(["from_stage", "to_stage"], as_index=False).size().rename(columns={"size": "count"})
    order = {stage: number for number, stage in enumerate((*STAGES, NOT_YET))}
    flow = flow.sort_values(["from_stage", "to_stage"], key=lambda column: column.map(order))
    return typed(flow.reset_index(drop=True), STAGE_FLOW)


def losses(tables: Tables, stage: pd.Series, as_of: date) -> pd.DataFrame:
    """By customer_id: lost_why (natural, preventable, unknown, "") and lost_reason, its code.

    stage: by customer_id. Who has no car here any more is a natural loss: he moved away (by the export or
    a caller), or else they are sold, or all scrapped. Whose last service was elsewhere, after the last visit
    here, is a preventable one, whatever the stage. Lapsed and lost customers who complained, found it too
    expensive or refused since their last visit are preventable too, by the latest such answer. The other
    lapsed and lost ones went for a reason that nobody knows, and unknown says so.

    >>> from planner.value.example import AS_OF, tables_of
    >>> cars = {name: ["2022-01-10", "2024-02-01"] for name in "ABC"}
    >>> tables = tables_of(cars, outcomes=[("B", "2026-02-01", "too_expensive")])
    >>> losses(tables, pd.Series({"A": "gone", "B": "lapsed", "C": "lost"}), AS_OF)["lost_why"].tolist()
    ['natural', 'preventable', 'unknown']
    """
    today = np.datetime64(as_of)
    cars = tables["vehicles"].set_index("vehicle_id")
    visits = tables["visits"]
    happened = visits[days(visits["visited_on"]) <= today]
    last = happened.groupby(happened["vehicle_id"].map(cars["customer_id"]), sort=False)["visited_on"].max()
    last_on = last.reindex(stage.index)

    def latest(rows: pd.DataFrame, day: str) -> pd.Series:
        """The day of the latest row of each customer, where it comes after the last visit."""
        rows = rows[days(rows[day]) <= today]
        found = rows.groupby("customer_id", sort=False)[day].max().reindex(stage.index)
        return found.where(last_on.isna() | (found > last_on))

    elsewhere = tables.get("elsewhere", empty(VISITS))
    went = latest(
        elsewhere.assign(customer_id=elsewhere["vehicle_id"].map(cars["customer_id"])), "visited_on"
    )
    answers = tables.get("outcomes", empty(ANSWERS))
    said = pd.DataFrame(
        {reason: latest(answers[answers["outcome"] == reason], "said_on") for reason in REASONS}
    )
    named = said.notna().any(axis=1)
    which = said.fillna(pd.Timestamp.min.as_unit("us")).to_numpy().argmax(axis=1)
    all_scrapped = ~stage.index.isin(cars.loc[cars["status"].ne("scrapped"), "customer_id"])
    any_moved = stage.index.isin(cars.loc[cars["status"].eq("moved"), "customer_id"])
    slipping = stage.isin(["lapsed", "lost"])
    choices = {
        "gone": stage.eq("gone"),
        "elsewhere": went.notna() & ~stage.eq("no_car"),
        "said": slipping & named,
        "unknown": slipping,
    }
    conditions = [condition.to_numpy(dtype=bool) for condition in choices.values()]
    reasons = [
        np.select([any_moved, all_scrapped], ["moved", "scrapped"], "sold"),
        "elsewhere",
        np.array(REASONS, dtype=object)[which],
        "unknown",
    ]
    why = np.select(conditions, ["natural", "preventable", "preventable", "unknown"], default="")
    reason = np.select(conditions, [np.asarray(one, dtype=object) for one in reasons], default="")
    return pd.DataFrame({"lost_why": why, "lost_reason": reason}, stage.index).astype("str")
