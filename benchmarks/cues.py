"""How much better than by chance the cues find the households that buy another car within twelve months.

    python -m benchmarks.cues

Sample dealerships are made to a later day and cut at the as-of days, so that what happened afterwards is
known to the judge and to nobody else. Prints the tables of docs/cues.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from unittest import mock

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.columns import typed
from planner.cycle import own_history
from planner.cycle.cues import scored
from planner.dates import add_months, days, months_between
from planner.forecast import forecast
from planner.households import resolve_households
from planner.sample import Sample, make_sample
from planner.settings import Settings
from planner.tables import CUSTOMERS, READINGS, VEHICLES, VISITS

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

END = date(2026, 6, 30)
AS_OF = (date(2025, 6, 30), date(2024, 12, 31), date(2024, 6, 30))
CARS = 20_000
MONTHS = 12
TOP = 0.1
DRAWS = 1_000
# Seeds, countries and languages that were not used while the cues were written.
DEALERSHIPS = ((9_201, "GB", "en"), (9_202, "AE", "ar"), (9_203, "PL", "en"))

# Small dealerships, of which few customers have bought again.
SMALL_CARS, SMALL_SEEDS = 300, range(9_301, 9_325)
NOTHING_LEARNT = 1e9  # the prior counts as so many purchases that their own do not

NAMES = {"next_car": "next-car cues", "second_car": "second-car cues"}
# By what was bought, the ways to rank that are compared.
WAYS = {
    "buy any car": ("both cues",),
    "replace one": ("next-car cues", "longest owned", "owned 36 to 59 months", "finance end near"),
    "add one": ("second-car cues", "longest owned"),
}


@dataclass(frozen=True)
class Known:
    """The tables as they stood on a day, with their households, and who bought what afterwards."""

    tables: dict[str, pd.DataFrame]
    as_of: date
    replaced: pd.Series[bool]  # by household_id: bought in place of a car
    added: pd.Series[bool]  # bought beside one


def cut(sample: Sample, settings: Settings, as_of: date) -> Known:
    """The sample as it would have been exported on the day: no later rows, nothing that came out later."""
    today = pd.Timestamp(as_of)
    truth = sample.truth.set_index("vehicle_id")
    vehicles = typed(sample.clean("vehicles"), VEHICLES)
    after = vehicles["purchased_on"].gt(today)
    sold = vehicles["vehicle_id"].map(truth["sold_on"]).gt(today)
    status = vehicles["status"].mask(sold & vehicles["status"].isin(["sold", "scrapped"]), "active")
    customers = typed(sample.clean("customers"), CUSTOMERS)
    only_later = set(vehicles.loc[after, "customer_id"]) - set(vehicles.loc[~after, "customer_id"])
    customers = customers[~customers["customer_id"].isin(only_later)].reset_index(drop=True)
    customers, _ = resolve_households(customers, settings)
    now = vehicles.assign(status=status)[~after].reset_index(drop=True)
    visits = typed(sample.clean("visits"), VISITS)
    readings = typed(sample.clean("readings"), READINGS)
    tables = {
        "customers": customers,
        "vehicles": now,
        "visits": visits[visits["visited_on"].le(today) & visits["vehicle_id"].isin(now["vehicle_id"])],
        "readings": readings[readings["read_on"].le(today) & readings["vehicle_id"].isin(now["vehicle_id"])],
    }
    # Who bought: any car of the same true household within the months.
    until = pd.Timestamp(add_months(np.datetime64(as_of), MONTHS).tolist())
    of_car = vehicles["vehicle_id"].map(truth["household"])
    bought = set(of_car[after & vehicles["purchased_on"].le(until)])
    here = now["vehicle_id"][~now["status"].isin(["sold", "scrapped"])]
    gone_by = truth["sold_on"].le(until) & truth["sold_on"].gt(today)
    home = now.set_index("vehicle_id")["customer_id"].map(customers.set_index("customer_id")["household_id"])
    buys = truth["household"].reindex(here).isin(bought)
    gives = gone_by.reindex(here) & (truth["bought_again_on"].reindex(here) == truth["sold_on"].reindex(here))
    by_home = pd.DataFrame({"home": home.reindex(here).to_numpy(), "buys": buys.to_numpy(),
                            "gives": gives.to_numpy()}).groupby("home")  # fmt: skip
    replaced = by_home["gives"].any()
    return Known(tables, as_of, replaced, by_home["buys"].any() & ~replaced)


def rankings(known: Known, settings: Settings) -> dict[str, pd.Series[float]]:
    """By household_id, how far up each way to rank puts it."""
    tables, as_of = known.tables, known.as_of
    made = forecast(tables["vehicles"], tables["visits"], tables["readings"], settings, as_of,
                    as_of + timedelta(days=800))  # fmt: skip
    scores = scored(tables, made.services, made.odometers, settings, as_of)
    homes = known.replaced.index
    cars = tables["vehicles"][~tables["vehicles"]["status"].isin(["sold", "scrapped"])]
    home = cars["customer_id"].map(tables["customers"].set_index("customer_id")["household_id"]).to_numpy()
    today = np.full(len(cars), np.datetime64(as_of))
    owned = pd.Series(months_between(days(cars["purchased_on"]), today), home).groupby(level=0).max()
    to_end = (days(cars["finance_end_on"]) - today).astype("timedelta64[D]").astype("float64")
    usual = (owned >= settings.cues.months_owned) & (owned < settings.cues.months_owned + 24)
    near = (to_end >= -60) & (to_end <= settings.cues.near_days)
    ends = pd.Series(np.where(near, 1.0, 0.0), home).groupby(level=0).max()
    by_kind = {
        NAMES[str(kind)]: part.groupby("household_id")["score"].max() for kind, part in scores.groupby("kind")
    }
    both = scores.groupby("household_id")["score"].max()
    found = {
        "both cues": both,
        **by_kind,
        "longest owned": owned.astype(float),
        "owned 36 to 59 months": usual.astype(float),
        "finance end near": ends,
    }
    return {name: values.reindex(homes).fillna(0.0) for name, values in found.items()}


def lift(rank: Floats, bought: Bools) -> float:
    """Share of buyers in the top tenth over that of all; where the tenth ends among equals, they share it."""
    size = TOP * len(rank)
    order = np.argsort(-rank, kind="stable")
    values, hits = rank[order], bought[order].astype(float)
    edge = values[min(int(np.ceil(size)) - 1, len(values) - 1)]
    above, equal = values > edge, values == edge
    inside = hits[above].sum() + hits[equal].mean() * (size - above.sum())
    return float(inside / size / bought.mean())


def told(rank: pd.Series[float], bought: pd.Series[bool], rng: np.random.Generator) -> str:
    """The lift, and in brackets where 95% of bootstrap draws of households lie."""
    ranks, hits = np.asarray(rank, dtype=np.float64), bought.to_numpy(dtype=bool)
    draws = [lift(ranks[pick], hits[pick]) for pick in rng.integers(0, len(hits), (DRAWS, len(hits)))]
    low, high = np.quantile(draws, (0.025, 0.975))
    return f"{lift(ranks, hits):.2f} ({low:.2f} to {high:.2f})"


def small() -> None:
    """A table of small dealerships, each ranked alone: the lift of all, with own history and without."""
    found: dict[tuple[str, str], list[tuple[float, int]]] = {}
    for seed in SMALL_SEEDS:
        settings = Settings(dealership={"country": "GB", "language": "en"})
        sample = make_sample(SMALL_CARS, seed, END, "en")
        for as_of in AS_OF:
            known = cut(sample, settings, as_of)
            bought = dict(zip(WAYS, (known.replaced | known.added, known.replaced, known.added), strict=True))
            for told, prior in (("with", own_history.PRIOR_PURCHASES), ("without", NOTHING_LEARNT)):
                with mock.patch.object(own_history, "PRIOR_PURCHASES", prior):
                    ranks = rankings(known, settings)
                for name, ways in WAYS.items():
                    hits = bought[name].to_numpy(dtype=bool)
                    if hits.any():
                        rank = np.asarray(ranks[ways[0]], dtype=np.float64)
                        found.setdefault((name, told), []).append((lift(rank, hits), int(hits.sum())))
    print("\n| bought | buyers | with own history | without |\n| --- | --- | --- | --- |")
    for name in WAYS:
        lifts, counts = (np.array([one[at] for one in found[name, "with"]]) for at in (0, 1))
        without = np.array([one[0] for one in found[name, "without"]])
        means = (float((each * counts).sum() / counts.sum()) for each in (lifts, without))
        print(f"| {name} | {counts.sum()} | {' | '.join(f'{mean:.2f}' for mean in means)} |")


def main() -> None:
    """Three tables, one row a dealership and as-of day, and one of small dealerships."""
    rows: dict[str, list[str]] = {"buy any car": [], "replace one": [], "add one": []}
    for seed, country, language in DEALERSHIPS:
        settings = Settings(dealership={"country": country, "language": "en"})
        sample = make_sample(CARS, seed, END, language)
        for as_of in AS_OF:
            known = cut(sample, settings, as_of)
            ranks = rankings(known, settings)
            rng = np.random.default_rng(seed)
            either = known.replaced | known.added
            homes = dict(zip(WAYS, (either, known.replaced, known.added), strict=True))
            for name, ways in WAYS.items():
                cells = [told(ranks[way], homes[name], rng) for way in ways]
                share = f"{homes[name].mean():.1%} of {len(homes[name]):,}"
                rows[name].append(f"| {seed}, {country}, {as_of} | {share} | {' | '.join(cells)} |")
    for name, ways in WAYS.items():
        print(f"\n| seed, country, day | {name} | {' | '.join(ways)} |\n| --- | --- |{' --- |' * len(ways)}")
        print("\n".join(rows[name]))
    small()


if __name__ == "__main__":
    main()
