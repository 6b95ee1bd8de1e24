"""How many of the 36 touchpoints stand, and how long is a customer left without a word?"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from benchmarks.calendar.households import Tables
from benchmarks.calendar.sample import END, sample
from benchmarks.calendar.tables import percent, table, verdict
from planner.columns import empty
from planner.cycle.touchpoints import read_cycle
from planner.pipeline import build_plan
from planner.settings import Settings
from planner.tables import CHANNELS, CONTACTS, FORECASTS, LIVE_STATUSES, READINGS, VISITS

VEHICLES, SEED = 1_500, 42
# Why a touchpoint is no candidate at all, by the first letter of its id.
NO_SUCH_DAY = {
    "B": "no birthday on file",
    "F": "the finance contract ends later than that",
    "G": "the warranty ends later than that, or is unknown",
    "W": "its season lies later",
    "S": "its service lies later",
    "V": "its visit lies later",
}
SINCE = date(2022, 1, 1)
ENOUGH, SILENCE = 34, 90


def report(countries: tuple[str, ...] = ("AE", "US"), vehicles: int = VEHICLES) -> str:
    parts = [
        "## 5. Of the 36 touchpoints of a new car, how many stand?",
        f"New cars of a sample of {vehicles:,} vehicles, alone in their household and bought since "
        f"{SINCE}, each planned on the day of its purchase, services to be done when they are expected. "
        "Default settings. A silence runs from the purchase or a live contact to the next.",
    ]
    for country in countries:
        settings = Settings(dealership={"country": country})
        parts.append(_country(country, settings, sample(vehicles, SEED, settings)))
    return "\n\n".join(parts)


def _country(country: str, settings: Settings, tables: Tables) -> str:
    cars = _single_new(tables)
    plans = [_planned_at_purchase(tables, own, settings) for _, own in cars.groupby("purchased_on")]
    contacts = pd.concat(plans, ignore_index=True)
    of_cycle = set(read_cycle(settings.cycle_path("new_car"))["id"])
    live = contacts[contacts["status"].isin(LIVE_STATUSES)]
    standing = live[live["touchpoint"].isin(of_cycle)]
    silences = _silences(live, cars)
    facts = cars.set_index("vehicle_id").assign(
        stand=standing.groupby("vehicle_id").size(), silence=silences.groupby("vehicle_id")["days"].max()
    )
    facts["stand"] = facts["stand"].fillna(0)
    facts["silence"] = facts["silence"].fillna(np.inf)
    people = tables["customers"].set_index("customer_id").reindex(facts["customer_id"])
    refused = people[[f"consent_{channel}" for channel in CHANNELS]].eq("no").any(axis=1)
    refused |= people["do_not_contact"].eq("yes")
    facts["refused"] = refused.to_numpy()
    facts["birthday"] = people["birthday"].notna().to_numpy()
    groups = {
        "all": facts,
        "has refused no channel": facts[~facts["refused"]],
        "and the birthday is known": facts[~facts["refused"] & facts["birthday"]],
    }
    lines = [_line(name, own) for name, own in groups.items()]
    header = (
        "households",
        "how many",
        f"at least {ENOUGH} of 36",
        "target 95%",
        f"no silence over {SILENCE} days",
        "target 95%",
    )
    return "\n\n".join(
        [f"### {country}", table(header, lines), _missing(contacts, facts, of_cycle), _where(silences, facts)]
    )


def _line(name: str, own: pd.DataFrame) -> tuple[object, ...]:
    enough, heard = (own["stand"] >= ENOUGH).mean(), (own["silence"] <= SILENCE).mean()
    return (
        name,
        f"{len(own):,}",
        percent(enough),
        verdict(enough >= 0.95),
        percent(heard),
        verdict(heard >= 0.95),
    )


def _missing(contacts: pd.DataFrame, facts: pd.DataFrame, of_cycle: set[str]) -> str:
    """Why touchpoints of the 36 do not stand: of all, and of households with fewer than 34."""
    ours = contacts[contacts["touchpoint"].isin(of_cycle)]
    every = pd.MultiIndex.from_product([facts.index, sorted(of_cycle)], names=["vehicle_id", "touchpoint"])
    found = ours.drop_duplicates(["vehicle_id", "touchpoint"]).set_index(["vehicle_id", "touchpoint"])
    found = found.reindex(every)
    why = found["reason"].where(~found["status"].isin(LIVE_STATUSES), "stands").astype(object)
    touchpoint = every.get_level_values("touchpoint")
    no_day = found["status"].isna().to_numpy()
    kind = np.select(
        [touchpoint.str.startswith(letter) for letter in NO_SUCH_DAY], list(NO_SUCH_DAY.values()), ""
    )
    why = why.mask(no_day, pd.Series(kind, every))
    few = facts["stand"].reindex(every.get_level_values("vehicle_id")).lt(ENOUGH).to_numpy()
    counts = pd.DataFrame({"all": why.value_counts(), "few": why[few].value_counts()}).drop(
        "stands", errors="ignore"
    )
    counts = counts.fillna(0).astype(int).sort_values("all", ascending=False)
    lines = [(name, f"{row['all']:,}", f"{row['few']:,}") for name, row in counts.iterrows()]
    header = ("why a touchpoint does not stand", "of all households", f"of those with fewer than {ENOUGH}")
    return table(header, lines)


def _silences(live: pd.DataFrame, cars: pd.DataFrame) -> pd.DataFrame:
    """Every silence: vehicle_id, the touchpoints before and after it, days."""
    bought = cars[["vehicle_id", "purchased_on"]].rename(columns={"purchased_on": "planned_on"})
    stands = pd.concat(
        [bought.assign(touchpoint="purchase"), live[["vehicle_id", "planned_on", "touchpoint"]]]
    )
    stands = stands.sort_values(["vehicle_id", "planned_on"], kind="stable")
    before = stands.groupby("vehicle_id")[["planned_on", "touchpoint"]].shift()
    days = (stands["planned_on"] - before["planned_on"]).dt.days
    return stands.assign(before=before["touchpoint"], days=days).dropna(subset=["days"])


def _where(silences: pd.DataFrame, facts: pd.DataFrame) -> str:
    """Between which touchpoints the long silences of those lie who have refused nothing."""
    long = silences[silences["days"] > SILENCE].join(facts["refused"], on="vehicle_id")
    homes, refused = long["vehicle_id"].nunique(), long.loc[long["refused"], "vehicle_id"].nunique()
    open_ones = long[~long["refused"]]
    pairs = open_ones["before"] + " to " + open_ones["touchpoint"]
    text = (
        f"Silences over {SILENCE} days: {homes} households, {refused} of which have refused a channel or all."
    )
    if pairs.empty:
        return text
    lines = [(pair, many) for pair, many in pairs.value_counts().sort_index().items()]
    return f"{text} Those of the others lie between:\n\n" + table(("touchpoints", "silences"), lines)


def _single_new(tables: Tables) -> pd.DataFrame:
    """New cars bought since SINCE whose household has no other, as they were on that day."""
    home = tables["customers"].set_index("customer_id")["household_id"]
    cars = tables["vehicles"]
    cars = cars.assign(home=home.reindex(cars["customer_id"]).to_numpy())
    alone = ~cars["home"].duplicated(keep=False) & (cars["condition"] != "used")
    cars = cars[
        alone & (cars["purchased_on"] >= pd.Timestamp(SINCE)) & (cars["purchased_on"] <= pd.Timestamp(END))
    ]
    return cars.drop(columns="home").assign(status=pd.Series(np.nan, cars.index, dtype="str"))


def _planned_at_purchase(tables: Tables, cars: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    people = tables["customers"]
    people = people[people["customer_id"].isin(cars["customer_id"])].reset_index(drop=True)
    day = cars["purchased_on"].iloc[0].date()
    known = {"customers": people, "vehicles": cars.reset_index(drop=True)}
    nothing = {table.name: empty(table) for table in (VISITS, READINGS, CONTACTS, FORECASTS)}
    return build_plan(known | nothing, settings, day).contacts
