"""Planned again a week later: which contacts of households without news keep their exact day?"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from benchmarks.calendar.households import Tables
from benchmarks.calendar.tables import percent, table, verdict
from benchmarks.cues import cut
from planner.columns import empty
from planner.pipeline import build_plan
from planner.sample import Sample, make_sample
from planner.schedule.moves import STOOD
from planner.settings import Settings
from planner.tables import CONTACTS, FORECASTS

WEEK = timedelta(days=7)
ENDS = date(2026, 12, 31)  # the samples know what happens until then
WEEKS = {"within November": date(2026, 11, 9), "over 1 December": date(2026, 11, 27)}
SEEDS = (5, 6, 7)
VEHICLES = 1_500
TARGET = 0.97


def report(vehicles: int = VEHICLES, seeds: tuple[int, ...] = SEEDS) -> str:
    settings, lines, shares = Settings(), [], []
    for seed in seeds:
        made = make_sample(vehicles, seed, ENDS)
        for name, as_of in WEEKS.items():
            stood, kept, why = one_week(made, settings, as_of)
            shares.append(kept / stood)
            said = ", ".join(f"{many:,} {reason}" for reason, many in why.items())
            lines.append((seed, name, f"{stood:,}", percent(kept / stood, 2), said))
    header = ("seed", "week", "contacts", "keep their exact day", "the others")
    return (
        "## 6. One week later\n\n"
        f"Samples of {vehicles:,} cars: planned, the week's contacts handed out, and planned again a week "
        "later with the week's new records. Contacts of households without a new record, from that day on. "
        f"Target: {percent(TARGET, 0)}: {verdict(min(shares) >= TARGET)}.\n\n" + table(header, lines)
    )


def one_week(made: Sample, settings: Settings, as_of: date) -> tuple[int, int, dict[str, int]]:
    """How many contacts stood, how many of them keep their exact day, and why the others do not."""
    nothing = {table.name: empty(table) for table in (CONTACTS, FORECASTS)}
    first = cut(made, settings, as_of).tables
    plan = build_plan(first | nothing, settings, as_of)
    before, later = plan.contacts, as_of + WEEK
    listed = before["status"].isin(STOOD) & (before["planned_on"] < pd.Timestamp(later))
    before = before.assign(handed_out_on=before["handed_out_on"].mask(listed, pd.Timestamp(as_of)))
    second = cut(made, settings, later).tables
    stored = {"contacts": before, "forecasts": plan.forecasts}
    after = build_plan(second | stored, settings, later).contacts.set_index("contact_id")
    stood = before["status"].isin(STOOD) & (before["planned_on"] >= pd.Timestamp(later))
    stood &= ~before["household_id"].isin(_with_news(first, second))
    old = before[stood].set_index("contact_id")
    new = after.reindex(old.index)
    kept = new["status"].isin(STOOD) & (new["planned_on"] == old["planned_on"])
    fell_away = ~new["status"].isin(STOOD)
    why = new["reason"].fillna("no longer asked for").where(~fell_away | new["status"].isna(), "fell away")
    counts = why[~kept].value_counts().sort_index()
    return len(old), int(kept.sum()), {str(reason): int(many) for reason, many in counts.items()}


def _with_news(first: Tables, second: Tables) -> set[str]:
    """The households that have any row in the second tables that was not in the first, or lost one."""
    found: set[str] = set()
    owner = pd.concat([tables["vehicles"] for tables in (first, second)])
    home = pd.concat([tables["customers"] for tables in (first, second)])
    home_of_car = owner["customer_id"].map(
        home.drop_duplicates("customer_id", keep="last").set_index("customer_id")["household_id"]
    )
    of_car = pd.Series(home_of_car.to_numpy(), owner["vehicle_id"]).groupby(level=0).agg(set)
    for name in ("vehicles", "visits", "readings", "customers"):
        both = pd.concat([first[name], second[name]])
        news = both[~both.astype(object).where(both.notna(), None).duplicated(keep=False)]
        if name == "customers":
            found |= set(news["household_id"])
        else:
            found |= set(np.concatenate([list(one) for one in of_car.reindex(news["vehicle_id"])] or [[]]))
    return found
