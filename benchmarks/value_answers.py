"""How often the 95% intervals of what contacts brought hold what is true of benchmarks.answers.

Part of `make bench-value`; the table stands in docs/value-benchmark.md.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.answers import AS_OF, CALL, OFFER, SMS, TOGETHER, counted, drawn, tables
from planner.cycle import load_cycles
from planner.settings import Settings
from planner.value.book import read_book
from planner.value.contacted import contact_rates
from planner.value.counting import figures_of
from planner.value.groups import Groups
from planner.value.periods import periods_of
from planner.value.rates import nps, redemption
from planner.value.success import success

SIZES = (100, 300, 1_000, 3_000)  # contacts
FIRST_SEED = 1_000
TRUTH_CONTACTS, TRUTH_SEEDS = 400_000, range(10)
SHOWN = {
    "nps": "NPS (points)",
    "redemption": "redemption",
    "reminder_to_booking": "reminder to booking",
    "booking_to_show": "booking to show",
    "call_before_visit": "call before visit",
    f"{CALL} reached": "calls: reached",
    f"{CALL} booked": "calls: booked",
    f"{CALL} visited": "calls: visited",
    f"{SMS} visited": "SMS: visited",
    f"{CALL} complained": "calls: complained",
    f"{CALL} opted_out": "calls: opted out",
    f"{SMS} opted_out": "SMS: opted out",
    f"{OFFER} offered": "offers: issued to a household",
    f"{OFFER} redeemed": "offers: redeemed",
    "difference": "against no contact",
}
# Results of planner.value.success that have an interval and are not in the table, and why.
NOT_SHOWN = {
    "scored": "no contact here asks for an opinion; the interval is that of the other shares",
    "promoters": "the same",
    "detractors": "the same",
    "nps": "the same; the interval is that of the NPS above",
}


def truth() -> dict[str, float]:
    """By figure, of many contacts."""
    sums: dict[str, np.ndarray] = {}
    for seed in TRUTH_SEEDS:
        for name, both in counted(drawn(TRUTH_CONTACTS, seed)).items():
            sums[name] = sums.get(name, np.zeros(2)) + both
    found = {name: float(x / n) for name, (x, n) in sums.items()}
    return found | {"difference": found["told came"] - found["not told came"]}


def told(of: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What the report says of one dealership: figure, value, low, high, out_of."""
    settings = Settings()
    book = read_book(of, settings, AS_OF)
    groups, periods = Groups(book), periods_of(book)
    rates = [nps(book, groups, periods), redemption(book, groups, periods)]
    figures = figures_of([*rates, *contact_rates(book, groups, periods)], groups, periods)
    now = figures[figures["by"].eq("all") & figures["month"].isna()]
    found = success(of, load_cycles(settings).touchpoints, settings, AS_OF)
    by = found.success[found.success["by"].eq("touchpoint")]
    against = found.without_contact.iloc[:1]
    parts = [
        now[["metric", "value", "low", "high", "denominator"]],
        by.assign(figure=by["group"] + " " + by["result"])[["figure", "share", "low", "high", "out_of"]],
        against.assign(figure="difference")[["figure", "difference", "low", "high", "others"]],
    ]
    names = ["figure", "value", "low", "high", "out_of"]
    rows = pd.concat([part.set_axis(names, axis=1).astype({"figure": "object"}) for part in parts])
    return rows[rows["figure"].isin(list(SHOWN))].dropna()


def covered(count: int, true: dict[str, float]) -> pd.DataFrame:
    """One row a dealership and figure: contacts, holds, width, off (estimate - truth)."""
    parts = []
    for contacts in SIZES:
        for seed in range(FIRST_SEED, FIRST_SEED + count):
            rows = told(tables(drawn(contacts, seed), seed))
            parts.append(rows.assign(contacts=contacts))
    rows = pd.concat(parts, ignore_index=True)
    is_true = rows["figure"].map(true)
    return rows.assign(
        holds=(rows["low"] <= is_true) & (is_true <= rows["high"]),
        width=rows["high"] - rows["low"],
        off=rows["value"] - is_true,
    )


def coverage(rows: pd.DataFrame, true: dict[str, float]) -> str:
    """The table: of each figure and number of contacts how often it was covered, and how wide it was."""
    lines = [
        f"| figure | true | {' | '.join(f'{size:,}' for size in SIZES)} | all | MC error | bias | width |",
        "|" + " --- |" * (6 + len(SIZES)),
    ]
    for figure, name in SHOWN.items():
        of = rows[rows["figure"] == figure]
        cells = [of.loc[of["contacts"] == size, "holds"].mean() for size in SIZES]
        share = of["holds"].mean()
        unit = 1 if figure == "nps" else 100
        large = of[of["contacts"] == SIZES[-1]]
        lines.append(
            f"| {name} | {true[figure] * unit:.3g} | {' | '.join(f'{cell:.0%}' for cell in cells)} "
            f"| {share:.1%} | {np.sqrt(share * (1 - share) / len(of)):.1%} "
            f"| {of['off'].mean() * unit:+.2f} | {large['width'].median() * unit:.2g} |"
        )
    return "\n".join(lines)


def table(count: int) -> str:
    """What docs/value-benchmark.md says of it; count: dealerships of each size."""
    true = truth()
    return (
        f"{count} dealerships each with about so many contacts in a year (`benchmarks/answers.py`): "
        "households of one to three cars, some of four to ten, whose answers go together (standard deviation "
        f"{TOGETHER:g} in log-odds). Cover by number of contacts; shares in %, bias in points, width at the "
        f"most contacts.\n\n{coverage(covered(count, true), true)}"
    )
