"""Where customers stand in their life with the dealership, where they stood a year ago, and who was lost why.

The stages of cars are those of planner.cycle.stages. Rules in words: docs/segments.md.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from planner.columns import Column, Table, empty, typed
from planner.cycle import stages as of_cars
from planner.dates import DAYS_PER_MONTH, NO_DAY, Days, add_months, days
from planner.tables import ANSWERS, VISITS
from planner.value.owned import Ints, Owned, Tables, first_of, latest, of_rows

# Who has several cars is where the best bound of them is: the first of these that one of them has.
STAGES = ("renewal", "onboarding", "warranty", "after_warranty", "lapsed", "lost", "gone", "no_car")
NO_CAR = STAGES.index("no_car")
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


def car_stages(own: Owned, forecasts: pd.DataFrame, as_of: date) -> Ints:
    """Of each car its stage today, as a position in planner.cycle.stages.STAGES; by the stored forecasts."""
    due = first_of(own.cars_of(forecasts["vehicle_id"]), days(forecasts["due_on"]), len(own.cars))
    return of_cars.stages_on(
        own.cars, latest(own.car, own.day, len(own.cars)), due, own.gone, np.datetime64(as_of)
    )


def car_stages_then(own: Owned, tables: Tables, then: date) -> Ints:
    """The same on an earlier day; -1: not bought yet.

    By the rules of today. There is no forecast of that day: the outstanding service was due the interval's
    months after the last maintenance (elsewhere too) or the purchase, or sooner where today's km a month
    reach the interval's km before that. An export gives no day of sale: only who told a caller by then
    that the car was sold, or that he moved away, had no car here any more.
    """
    day = np.datetime64(then)
    answers = tables.get("outcomes", empty(ANSWERS))
    said = answers[days(answers["said_on"]) <= day]
    left = np.zeros(len(own.cars) + 1, dtype=bool)
    left[own.cars_of(said.loc[said["outcome"].eq("sold_car"), "vehicle_id"])] = True
    moved = np.zeros(len(own.people) + 1, dtype=bool)
    moved[own.customers_of(said.loc[said["outcome"].eq("moved_away"), "customer_id"])] = True
    moved[-1] = False  # of an owner that is not known
    gone = (left[:-1] | moved[own.owner]) & own.gone
    last = latest(own.car, np.where(own.day <= day, own.day, NO_DAY), len(own.cars))
    codes = of_cars.stages_on(own.cars, last, due_on(own, tables, then), gone, day)
    return np.where(own.purchased <= day, codes, -1)


def due_on(own: Owned, tables: Tables, then: date) -> Days:
    """The day on which the outstanding maintenance of each car was due, as `car_stages_then` has it."""
    day, cars = np.datetime64(then), len(own.cars)
    elsewhere = tables.get("elsewhere", empty(VISITS))
    theirs = days(elsewhere["visited_on"])
    served = elsewhere["kind"].fillna("maintenance").eq("maintenance").to_numpy(dtype=bool)
    last = np.fmax(
        latest(own.car, np.where(own.maintenance & (own.day <= day), own.day, NO_DAY), cars),
        latest(
            own.cars_of(elsewhere["vehicle_id"]), np.where(served & (theirs <= day), theirs, NO_DAY), cars
        ),
    )
    last = np.fmax(last, own.purchased)
    months, km = own.intervals
    forecasts = tables["forecasts"]
    km_per_month = forecasts["km_per_month"].to_numpy(dtype="float64", na_value=np.nan)
    rate = first_of(own.cars_of(forecasts["vehicle_id"]), km_per_month, cars)
    with np.errstate(divide="ignore", invalid="ignore"):
        until = np.floor(km / rate * DAYS_PER_MONTH)
    known = np.isfinite(until) & (until < 100_000)
    by_km = np.where(known, last + np.where(known, until, 0).astype("timedelta64[D]"), NO_DAY)
    return np.fmin(add_months(last, months), by_km)


def stages_of(stage: Ints, whose: Ints, count: int) -> Ints:
    """The stage of each owner, as its position in STAGES: the first that one of his cars has, else no_car.

    stage: of each car its position in planner.cycle.stages.STAGES, -1: it is not there; whose: its owner's
    row, -1: nobody's.

    >>> lapsed, warranty = of_cars.STAGES.index("lapsed"), of_cars.STAGES.index("warranty")
    >>> found = stages_of(np.array([lapsed, warranty]), np.array([0, 0]), 2)
    >>> [STAGES[code] for code in found]
    ['warranty', 'no_car']
    """
    rank = np.array([*(STAGES.index(each) for each in of_cars.STAGES), NO_CAR])
    best = np.full(count + 1, NO_CAR)
    np.minimum.at(best, whose, rank[stage])
    return best[:-1]


def stages_then(own: Owned, tables: Tables, today: Ints, then: date) -> Ints:
    """The stage of each customer on an earlier day, of `today`, which is his stage today.

    As positions in STAGES and, of whose car came since, NOT_YET after them; who has no car on record had
    none then either.
    """
    was = stages_of(car_stages_then(own, tables, then), own.owner, len(own.people))
    return np.where((was == NO_CAR) & (today != NO_CAR), len(STAGES), was)


def stage_flow(was: Ints, today: Ints) -> pd.DataFrame:
    """STAGE_FLOW: how many customers went from which stage a year ago to which today.

    was, today: of each customer, as positions in STAGES and NOT_YET. Pairs that nobody went are not in it.

    A is out of warranty then and now; B has come since.

    >>> from planner.settings import Settings
    >>> from planner.value import value_report
    >>> from planner.value.example import AS_OF, tables_of
    >>> cars = {"A": ["2022-01-10", "2025-05-01", "2026-04-01"], "B": ["2026-01-10"]}
    >>> value_report(tables_of(cars), Settings(), AS_OF).stage_flow.to_numpy().tolist()
    [['after_warranty', 'after_warranty', 1], ['not_yet', 'warranty', 1]]
    """
    names = (*STAGES, NOT_YET)
    pair, count = np.unique(was * len(names) + today, return_counts=True)
    flow = {
        "from_stage": [names[each] for each in pair // len(names)],
        "to_stage": [names[each] for each in pair % len(names)],
        "count": count,
    }
    return typed(pd.DataFrame(flow), STAGE_FLOW)


def losses(own: Owned, tables: Tables, stage: Ints, as_of: date) -> pd.DataFrame:
    """Of each customer lost_why (natural, preventable, unknown, "") and lost_reason, its code.

    stage: of each his position in STAGES. Who has no car here any more is a natural loss: he moved away (by
    the export or a caller), or else they are sold, or all scrapped. Whose last service was elsewhere, after
    the last visit here, is a preventable one, whatever the stage. Lapsed and lost customers who complained,
    found it too expensive or refused since their last visit are preventable too, by the latest such answer.
    The other lapsed and lost ones went for a reason that nobody knows, and unknown says so.

    >>> from planner.settings import Settings
    >>> from planner.value.example import AS_OF, tables_of
    >>> from planner.value.owned import owned
    >>> cars = {name: ["2022-01-10", "2024-02-01"] for name in "ABC"}
    >>> tables = tables_of(cars, outcomes=[("B", "2026-02-01", "too_expensive")])
    >>> stage = np.array([STAGES.index(name) for name in ("gone", "lapsed", "lost")])
    >>> losses(owned(tables, Settings(), AS_OF), tables, stage, AS_OF)["lost_why"].tolist()
    ['natural', 'preventable', 'unknown']
    """
    today, people = np.datetime64(as_of), len(own.people)
    last_on = latest(of_rows(own.owner, own.car), own.day, people)

    def since_then(whose: Ints, day: Days) -> Days:
        """The last of these days of each customer, where it comes after his last visit."""
        found = latest(whose, np.where(day <= today, day, NO_DAY), people)
        found[found <= last_on] = NO_DAY
        return found

    elsewhere = tables.get("elsewhere", empty(VISITS))
    went = since_then(of_rows(own.owner, own.cars_of(elsewhere["vehicle_id"])), days(elsewhere["visited_on"]))
    answers = tables.get("outcomes", empty(ANSWERS))
    answers = answers[answers["outcome"].isin(REASONS)]
    who, said_on, told = (
        own.customers_of(answers["customer_id"]),
        days(answers["said_on"]),
        answers["outcome"],
    )
    said = np.array([since_then(who[told == each], said_on[told == each]) for each in REASONS])
    latest_reason = said.astype("int64").argmax(axis=0)  # NaT is the least number; of one day the first
    only_scrapped = np.ones(people + 1, dtype=bool)
    only_scrapped[own.owner[own.cars["status"].ne("scrapped").to_numpy(dtype=bool)]] = False
    any_moved = np.zeros(people + 1, dtype=bool)
    any_moved[own.owner[own.cars["status"].eq("moved").fillna(False).to_numpy(dtype=bool)]] = True
    slipping = np.isin(STAGES, ("lapsed", "lost"))[stage]
    conditions = [
        stage == STAGES.index("gone"),
        ~np.isnat(went) & (stage != NO_CAR),
        slipping & ~np.isnat(said).all(axis=0),
        slipping,
    ]
    natural = np.select([any_moved[:-1], only_scrapped[:-1]], ["moved", "scrapped"], "sold")
    reasons = [natural, "elsewhere", np.array(REASONS)[latest_reason], "unknown"]
    why = np.select(conditions, ["natural", "preventable", "preventable", "unknown"], default="")
    return pd.DataFrame(
        {"lost_why": why, "lost_reason": np.select(conditions, reasons, default="")}, dtype="str"
    )
