"""Reasons to speak of the next or of a second car: evidence, a score, and when the decision is likely.

Which contact of the calendar carries one is decided in planner.schedule.cues.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from planner.columns import empty, typed
from planner.cycle.cue_evidence import Floats, Ints, Known, Witness, known, next_car, said, second_car
from planner.cycle.cue_history import TELLS, own_history, resting, with_history
from planner.cycle.cue_weights import BASE, WEIGHTS
from planner.dates import LAST_DAY, NO_DAY, Days, days
from planner.settings import Settings
from planner.tables import ANSWERS, CUES

# Whose day comes first, where several pieces of evidence name one.
DATED = {code: place for place, code in enumerate(("asked", "sold_car", "finance_end", "warranty_end"))}
OPEN_ENDED_DAYS = 180  # assumption: evidence without a date of its own leads to a decision in half a year


def cues(
    tables: Mapping[str, pd.DataFrame],
    services: pd.DataFrame,
    odometers: pd.DataFrame,
    settings: Settings,
    as_of: date,
) -> pd.DataFrame:
    """Every open cue: one a household and kind at most, about the car for which most speaks.

    tables: customers with household_id, vehicles, visits; and where they are there outcomes (ANSWERS) and
    cues (CUES, those of the plan before: an open one keeps its day, its contact, and is closed only
    `keep_margin` below `min_score`). services: FORECASTS. odometers: latest reading of each car
    (vehicle_id, odometer_km, read_on). What happened after as_of is ignored.
    Out: CUES with the contact_id of the cues before, sorted by key. No cue for a household that wants no
    contact; none from records, only from what was said since, for one that has bought within `rest_months`,
    or half of them where the dealership's own customers buy again so soon (planner.cycle.cue_history).
    """
    key, rules = list(CUES.key), settings.cues
    scores = scored(tables, services, odometers, settings, as_of, rules.min_score - rules.keep_margin)
    before = tables.get("cues", empty(CUES))
    at = pd.MultiIndex.from_frame(before[key]).get_indexer(pd.MultiIndex.from_frame(scores[key]))
    stands = at >= 0
    mark = scores["score"] + rules.keep_margin * stands
    enough = scores["times"] >= np.where(stands, TELLS, rules.own_history_times)
    scores = scores.assign(mark=mark, at=at)[(mark >= rules.min_score) | enough]
    scores = scores.sort_values(["household_id", "kind", "mark", "vehicle_id"],
                                ascending=[True, True, False, True])  # fmt: skip
    open_ = scores.drop_duplicates(["household_id", "kind"]).sort_values(key, ignore_index=True)
    old, today = open_["at"].to_numpy(), np.datetime64(as_of, "D")
    # A place of -1 takes what is appended: nothing.
    opened = np.append(days(before["opened_on"]), NO_DAY)[old]
    opened = np.where(np.isnat(opened), today, opened)
    carrier = np.append(before["contact_id"].to_numpy(dtype=object), np.nan)[old]
    expected = days(open_["decides_on"])
    expected = np.where(np.isnat(expected), opened + np.timedelta64(OPEN_ENDED_DAYS, "D"), expected)
    expected = np.clip(expected, today, np.datetime64(LAST_DAY))
    return typed(open_.assign(opened_on=opened, expected_on=expected, contact_id=carrier), CUES)


def scored(
    tables: Mapping[str, pd.DataFrame],
    services: pd.DataFrame,
    odometers: pd.DataFrame,
    settings: Settings,
    as_of: date,
    least: float = 0.0,
) -> pd.DataFrame:
    """Every car for which something speaks, with its score; from `least` on, or where the own history speaks.

    In: as `cues`. Out: household_id, kind, vehicle_id, customer_id, score (4 decimals), evidence
    (code=value, the weightiest first, separated by semicolons), decides_on (NaT where no evidence has a
    day of its own), times (how many times the usual purchases the own history says; 0 of who rests).
    """
    customers, vehicles, visits = tables["customers"], tables["vehicles"], tables["visits"]
    answers = tables.get("outcomes", empty(ANSWERS))
    found = known(customers, vehicles, as_of)
    never = customers.loc[customers["do_not_contact"].eq("yes"), "household_id"]
    silent = np.isin(found.household, found.homes.get_indexer(pd.Index(never.dropna().unique())))
    history = own_history(found, vehicles, visits, odometers, settings)
    evidence = {
        "next_car": next_car(found, vehicles, visits, services, odometers, settings),
        "second_car": second_car(found, customers, services, settings),
    }
    parts = []
    for kind, outcome in (("next_car", "sold_car"), ("second_car", "interest_second_car")):
        own, heard = history[kind], said(found, answers, outcome, settings)
        rests = resting(found, own, settings)
        seen = with_history(kind, evidence[kind], own, found.cars)
        # What he said himself is not weighed against what others do.
        least_weight = np.where(heard.speaks, 0.0, -np.inf)
        counts = [np.where(rests, 0.0, np.maximum(one.weight, least_weight)) for one in seen]
        seen = [*(replace(one, weight=count) for one, count in zip(seen, counts, strict=True)), heard]
        total = np.sum([one.weight for one in seen], axis=0)
        score = np.where(total >= WEIGHTS["asked"], 1.0, 1 / (1 + np.exp(-(BASE[kind] + total))))
        times = np.where(rests, 0.0, own.times)
        speaks = np.any([one.speaks for one in seen], axis=0) & (total > 0) & ~silent
        rows = np.flatnonzero(speaks & ((score >= least) | own.speaks))
        parts.append(_frame(found, vehicles, kind, seen, score, rows).assign(times=times[rows]))
    return pd.concat(parts, ignore_index=True)


def _frame(
    found: Known, vehicles: pd.DataFrame, kind: str, seen: Sequence[Witness], score: Floats, rows: Ints
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "household_id": found.homes.to_numpy(dtype=object)[found.household[rows]],
            "kind": kind,
            "vehicle_id": found.ids.to_numpy(dtype=object)[rows],
            "customer_id": vehicles["customer_id"].to_numpy(dtype=object)[rows],
            "score": np.round(score[rows], 4),
            "evidence": _told(seen, rows),
            "decides_on": _decides_on(seen, rows),
        }
    )


def _told(seen: Sequence[Witness], rows: Ints) -> list[str]:
    """The evidence of each row in words of the table, the weightiest first."""
    if not len(rows):
        return []
    speaks = [one.speaks for one in seen]
    order = np.argsort([-one.weight[rows] for one in seen], axis=0, kind="stable").T
    return [
        ";".join(seen[at].told(row) for at in places if speaks[at][row])
        for row, places in zip(rows.tolist(), order.tolist(), strict=True)
    ]


def _decides_on(seen: Sequence[Witness], rows: Ints) -> Days:
    """The day that the evidence itself names: of the answer, the contract, the warranty, the own history."""
    day = np.full(len(rows), NO_DAY)
    for one in sorted(seen, key=lambda one: DATED.get(one.code, len(DATED))):
        if one.on is not None:
            day = np.where(np.isnat(day) & one.speaks[rows], one.on[rows], day)
    return day
