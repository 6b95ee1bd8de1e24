"""The value report: how often its 95% intervals hold what is true, and how long it takes.

`make bench-value`; its tables stand in docs/value-benchmark.md, with what they say. One of them alone:
`python -m benchmarks.value --only figures`.
"""

from __future__ import annotations

import argparse
from datetime import date

import numpy as np
import pandas as pd

from benchmarks import value_answers, value_cohorts, value_speed, value_truth
from benchmarks.records import as_table
from planner.sample import make_sample
from planner.settings import Settings
from planner.tables import CONTACTS, CUSTOMERS, GONE, OFFERS, SURVEYS, VEHICLES, VISITS
from planner.value import value_report
from planner.value.groups import UNKNOWN

END = date(2026, 3, 2)
SIZES = (300, 1_000, 3_000)
DEALERSHIPS = 200
FIRST_SEED = 10_000
TRUTH_VEHICLES, TRUTH_SEEDS = 60_000, range(900, 906)  # of other seeds than the dealerships
KINDS = (CUSTOMERS, VEHICLES, VISITS, SURVEYS, OFFERS)
SHOWN = {
    "churn": "churn",
    "repeat_rate": "repeat rate",
    "retention_13m": "13-month retention",
    "two_visits_12m": "two visits in 12 months",
    "first_service": "first service",
    "margin_per_customer": "margin per customer",
    "expected_services": "expected services",
    "active_uio": "active cars over units in operation",
    "revenue_churn": "net revenue churn",
    "value_simple_customer": "simple value, customer",
    "value_simple_household": "simple value, household",
    "contact_cost": "contact cost",
    "ltv": "LTV",
    "clv_net": "net CLV",
    "ltv_to_cac": "LTV:CAC",
    "missing_margin": "visits without margin",
    "missing_amount": "visits without amount",
    "value_expected": "expected value, until a service is missed",
}
BY_GROUP = (*(name for name in SHOWN if name not in ("expected_services", "value_expected", "ltv_to_cac")),)
# Figures of the report that are not in the table, and why; of those of contacts: benchmarks.value_answers.
NOT_SHOWN = {
    "active_customers": "a count has no interval",
    "cac": "a setting has no interval",
    "nps_12m": "by month only; made as nps is, which benchmarks.value_answers measures",
}

HEAD = """# How far the intervals of the value report can be trusted

Made by `make bench-value` (`python -m benchmarks.value`). {count} sample dealerships of {sizes} cars, each
with a seed of its own, as of {end}. What is true of them is the expectation of the process that makes them,
from {truth:,} other cars (`benchmarks/value_truth.py`): the days on which cars really came, before typing
errors, and 25 years beyond the export, counted from the definitions in words by code that shares nothing with
the report. A 95% interval should cover it 95 times of 100; the Monte Carlo error beside is one standard
deviation. Bias is the mean of estimate / truth - 1, width the median of the interval's over the truth.
"""


def tables_of(vehicles: int, seed: int) -> dict[str, pd.DataFrame]:
    """A sample dealership as an import leaves it: each customer is a household where none is given."""
    made = make_sample(vehicles, seed, END)
    tables = {table.name: as_table(made.clean(table.name), table) for table in KINDS}
    people = tables["customers"]
    tables["customers"] = people.assign(household_id=people["household_id"].fillna(people["customer_id"]))
    return tables


def with_contacts(tables: dict[str, pd.DataFrame], seed: int) -> dict[str, pd.DataFrame]:
    """With the contacts of the last year, calls and messages: some customers get more of them than others."""
    rng = np.random.default_rng([seed, 2])
    cars = tables["vehicles"][~tables["vehicles"]["status"].isin(GONE)]
    owned_days = (pd.Timestamp(END) - cars["purchased_on"]).dt.days.clip(upper=365).to_numpy()
    code, names = pd.factorize(cars["customer_id"])
    liked = rng.gamma(2.0, 0.5, len(names))[code] * owned_days / 365
    parts = []
    for channel, a_year in (("call", value_truth.CALLS), ("sms", value_truth.MESSAGES)):
        car = np.repeat(np.arange(len(cars)), rng.poisson(a_year * liked))
        ago = np.floor(rng.random(len(car)) * owned_days[car])
        made = cars.iloc[car][["customer_id", "vehicle_id"]].assign(channel=channel, status="done")
        parts.append(made.assign(planned_on=pd.Timestamp(END) - pd.to_timedelta(ago, unit="D")))
    made = pd.concat(parts, ignore_index=True).assign(attempts=0)
    ids = "K" + made.index.astype("str")
    return tables | {"contacts": as_table(made.assign(contact_id=ids), CONTACTS)}


def truth(vehicles: int = TRUTH_VEHICLES, seeds: range = TRUTH_SEEDS) -> dict[str, float]:
    """By figure; `S3`: comes for three services in a row; `cohort 2024`: expected services."""
    sums: dict[str, list[float]] = {}
    came, bought, gaps = [], [], []
    for seed in seeds:
        people = value_truth.population(vehicles, seed, END)
        for name, both in value_truth.rates(people).items():
            sums[name] = [a + b for a, b in zip(sums.get(name, [0, 0]), both, strict=True)]
        came.append(value_truth.services_in_a_row(people).to_numpy())
        bought.append(people.cars["purchased_on"].dt.year.to_numpy())
        gaps.append(value_truth.gap_years(people))
    services, year = pd.Series(np.concatenate(came)), np.concatenate(bought)
    discount = (1 + Settings().value.discount_rate) ** float(np.mean(gaps)) - 1
    left = value_truth.survival(services)
    found = {name: over / under for name, (over, under) in sums.items()}
    found |= {f"S{k}": float(left[k]) for k in range(1, len(left))}
    found |= value_truth.worth(found)
    found["expected_services"] = value_truth.discounted(left, discount)
    for one in np.unique(year):
        left = value_truth.survival(services[year == one])
        found[f"cohort {one}"] = value_truth.discounted(left, discount)
    return found


def told(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What the report says of one dealership: figure, value, low, high; group: the advisor, `` is all."""
    report = value_report(tables, Settings(), END)
    now = report.figures[report.figures["month"].isna() & report.figures["metric"].isin(list(SHOWN))]
    sound = now["by"].eq("advisor") & now["note"].eq("") & now["metric"].isin(BY_GROUP)
    now = now[now["by"].eq("all") | (sound & now["group"].ne(UNKNOWN))]
    curve = report.curve[report.curve["by"].eq("all") & report.curve["service_no"].between(1, 12)]
    fits = report.fits[report.fits["expected_services"].notna()]
    cohort = fits[fits["by"].eq("cohort")]
    parts = [
        now[["metric", "value", "low", "high", "group"]],
        curve.assign(
            metric="S" + curve["service_no"].astype("str"), value=curve["fitted"].fillna(curve["projected"])
        )[["metric", "value", "low", "high", "group"]],
        cohort.assign(metric="cohort " + cohort["group"], of="")[
            ["metric", "expected_services", "expected_low", "expected_high", "of"]
        ],
    ]
    names = ["figure", "value", "low", "high", "group"]
    return pd.concat([part.set_axis(names, axis=1) for part in parts], ignore_index=True).dropna()


def covered(count: int, true: dict[str, float]) -> pd.DataFrame:
    """One row a dealership, figure and group: size, off (estimate / truth - 1), holds, width (by the truth).

    Advisors do not differ in the sample: what is true of all is true of each.
    """
    parts = []
    for number in range(count):
        size = SIZES[number % len(SIZES)]
        seed = FIRST_SEED + number
        parts.append(told(with_contacts(tables_of(size, seed), seed)).assign(size=size, dealership=number))
    rows = pd.concat(parts, ignore_index=True)
    is_true = rows["figure"].map(true)
    rows = rows.assign(
        off=rows["value"] / is_true - 1,
        holds=(rows["low"] <= is_true) & (is_true <= rows["high"]),
        above=is_true > rows["high"],
        below=is_true < rows["low"],
        width=(rows["high"] - rows["low"]) / is_true,
    )
    return rows[is_true.notna()]


def coverage(rows: pd.DataFrame, true: dict[str, float]) -> str:
    """The table of all."""
    rows = rows[rows["group"].eq("")]
    sizes = " | ".join(f"{size:,} cars" for size in SIZES)
    lines = [
        f"| figure | true | intervals | cover | MC error | bias | width | {sizes} |",
        "|" + " --- |" * (7 + len(SIZES)),
    ]
    first = {name: place for place, name in enumerate(SHOWN)}
    order = sorted(rows["figure"].unique(), key=lambda name: (first.get(name, 99), len(name), name))
    for figure in order:
        of = rows[rows["figure"] == figure]
        share = of["holds"].mean()
        by_size = [of.loc[of["size"] == size, "holds"] for size in SIZES]
        cells = [f"{each.mean():.0%}" if len(each) else "" for each in by_size]
        error = np.sqrt(share * (1 - share) / len(of))
        lines.append(
            f"| {_name(figure)} | {true[figure]:.3g} | {len(of)} | {share:.1%} | {error:.1%} "
            f"| {of['off'].mean():+.1%} | {of['width'].median():.0%} | {' | '.join(cells)} |"
        )
    return "\n".join(lines)


def coverage_by_advisor(rows: pd.DataFrame) -> str:
    """The table of groups: what is told of each advisor's customers, where there are 30 or more."""
    rows = rows[rows["group"].ne("")]
    lines = [
        "| figure | intervals | cover | MC error | truth above | truth below | width |",
        "|" + " --- |" * 7,
    ]
    for figure in BY_GROUP:
        of = rows[rows["figure"] == figure]
        share, above = of["holds"].mean(), of["above"].mean()
        # Figures of one dealership go together: their sums are what varies.
        each = of.groupby("dealership")["holds"].agg(["sum", "size"])
        error = np.sqrt(((each["sum"] - share * each["size"]) ** 2).sum()) / len(of)
        lines.append(
            f"| {_name(figure)} | {len(of)} | {share:.1%} | {error:.1%} | {above:.1%} "
            f"| {of['below'].mean():.1%} | {of['width'].median():.0%} |"
        )
    return "\n".join(lines)


def _name(figure: str) -> str:
    if figure.startswith("S") and figure[1:].isdigit():
        return f"comes for {figure[1:]} in a row"
    if figure.startswith("cohort"):
        return f"expected services, {figure}"
    return SHOWN[figure]


def figures(count: int) -> str:
    """The first part: of all and by advisor."""
    true = truth()
    rows = covered(count, true)
    sizes, cars = ", ".join(f"{size:,}" for size in SIZES), TRUTH_VEHICLES * len(TRUTH_SEEDS)
    return (
        f"{HEAD.format(count=count, sizes=sizes, end=END, truth=cars)}\n{coverage(rows, true)}\n\n"
        "All margin to come of an active customer, also after a missed service: "
        f"{true['margin_to_come']:.0f}.\n\n## Groups of few\n\nThe same by advisor, five a dealership, where "
        "30 households or more were counted; advisors do not differ in the sample.\n\n"
        f"{coverage_by_advisor(rows)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dealerships", type=int, default=DEALERSHIPS)
    parser.add_argument("--only", choices=("figures", "cohorts", "contacts", "speed"))
    asked = parser.parse_args()
    count, each = asked.dealerships, max(asked.dealerships // len(SIZES), 1)
    parts = {
        "figures": lambda: figures(count),
        "cohorts": lambda: (
            f"## Where cohorts really differ\n\n{value_cohorts.table(tables_of, END, max(each // 2, 1))}"
        ),
        "contacts": lambda: f"## What contacts brought\n\n{value_answers.table(each * 2)}",
        "speed": lambda: f"## Speed\n\n{value_speed.table()}",
    }
    for name in [asked.only] if asked.only else parts:
        print(f"{parts[name]()}\n", flush=True)


if __name__ == "__main__":
    main()
