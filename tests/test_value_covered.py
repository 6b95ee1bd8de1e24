"""The 95% intervals of every figure against what is true, in a small form, with the bounds that chance sets.

What is true is counted by benchmarks.value_truth and benchmarks.answers, the whole of it stands in
docs/value-benchmark.md. Seeds are fixed. Were they drawn anew, a figure whose intervals are right would fail
less than once in 1,000 times by each of the two bounds, so that one of all 45 would 6% of the time at most.
"""

from __future__ import annotations

from dataclasses import fields

import pandas as pd
import pytest
from scipy.stats import binom

from benchmarks import value, value_answers, value_cohorts
from benchmarks.answers import counted, drawn, tables
from planner.settings import Settings
from planner.value import ValueReport, value_report
from planner.value.figures import METRICS
from planner.value.success import NPS, RESULTS

CARS, DEALERSHIPS, FIRST_SEED = 300, 30, 200
LARGER = (1_600, 9)  # where cohorts are projected
CONTACTS = 300
FALSE_ALARM = 0.001
MISSED, MISSED_BY_HALF = 0.05, 0.327  # by 95% intervals, and by such as are half as wide (normal law)


def of_sample(cars: int, seed: int) -> pd.DataFrame:
    return value.told(value.with_contacts(value.tables_of(cars, seed), seed))


@pytest.fixture(scope="module")
def true() -> dict[str, float]:
    return value.truth(20_000, range(70, 71))


@pytest.fixture(scope="module")
def of_dealerships(true: dict[str, float]) -> pd.DataFrame:
    """figure, value, low, high, true: of the sample and of the contacts that are drawn."""
    sample = pd.concat([of_sample(CARS, FIRST_SEED + number) for number in range(DEALERSHIPS)])
    answers = pd.concat(
        [value_answers.told(tables(drawn(CONTACTS, seed), seed)) for seed in range(DEALERSHIPS)]
    )
    of_answers = {name: x / n for name, (x, n) in counted(drawn(400_000, 99)).items()}
    of_answers["difference"] = of_answers["told came"] - of_answers["not told came"]
    sample, answers = (
        told.assign(true=told["figure"].map(what)) for told, what in ((sample, true), (answers, of_answers))
    )
    return pd.concat([sample[sample["group"].eq("")], answers], ignore_index=True).dropna(subset=["true"])


def missed(rows: pd.DataFrame, wide: float = 1.0) -> pd.DataFrame:
    """By figure how many intervals there are, and how many, made so many times as wide, miss what is true."""
    low, high = (rows["value"] + wide * (rows[end] - rows["value"]) for end in ("low", "high"))
    off = (rows["true"] < low - 1e-12) | (rows["true"] > high + 1e-12)
    return off.groupby(rows["figure"]).agg(["size", "sum"])


def test_no_interval_misses_what_is_true_more_often_than_it_claims(of_dealerships: pd.DataFrame) -> None:
    of = missed(of_dealerships)
    every = {*value.SHOWN, *(f"S{number}" for number in range(1, 13)), *value_answers.SHOWN}
    assert every <= set(of.index)
    assert of["size"].min() >= DEALERSHIPS * 0.9
    most = binom.isf(FALSE_ALARM, of["size"], MISSED)
    assert of[of["sum"] > most].empty


def test_no_interval_is_twice_as_wide_as_it_claims(of_dealerships: pd.DataFrame) -> None:
    of = missed(of_dealerships, 0.5)
    least = binom.ppf(FALSE_ALARM, of["size"], MISSED_BY_HALF)
    assert of[of["sum"] < least].empty


def test_young_cohorts_are_not_projected_from_their_first_services_alone(true: dict[str, float]) -> None:
    """Within a third of the truth: by the law alone they were three times of it."""
    told = of_sample(*LARGER)
    cohort = told[told["figure"].str.startswith("cohort")]
    assert len(cohort) >= 5
    assert (cohort["value"] / cohort["figure"].map(true) - 1).abs().max() < 1 / 3


def with_intervals(report: ValueReport) -> set[tuple[str, str]]:
    """Frame and figure (of `figures` and `success`) or column of all that has an interval in a report."""
    found = set()
    for field in fields(report):
        frame = getattr(report, field.name)
        if not isinstance(frame, pd.DataFrame):
            continue
        for end in [name for name in frame if name == "low" or str(name).endswith("_low")]:
            there = frame[frame[end].notna()]
            what = {"figures": "metric", "success": "result"}.get(field.name)
            found |= {
                (field.name, name) for name in (there[what].unique() if what else [str(end)] * len(there))
            }
    return found


def test_every_interval_of_the_report_is_measured_or_named_with_the_reason() -> None:
    measured = {("figures", name) for name in (*value.SHOWN, *value_answers.SHOWN) if name in METRICS}
    results = {name.split()[1] for name in value_answers.SHOWN if " " in name}
    measured |= {("success", name) for name in results}
    # Of all and of cohorts, by value.told and value_cohorts.told; the difference by value_answers.told.
    measured |= {("curve", "low"), ("fits", "expected_low"), ("cohorts", "low"), ("without_contact", "low")}
    measured |= {("trend", "low")}  # by benchmarks.value_trends
    assert {"expected_services", "difference", "a year of ownership"} <= {
        *value.SHOWN, *value_answers.SHOWN, *value_cohorts.SHOWN
    }  # fmt: skip
    named = {("figures", name) for name in value.NOT_SHOWN} | {
        ("success", name) for name in value_answers.NOT_SHOWN
    }
    every = {("figures", name) for name in METRICS} | {("success", name) for name in (*RESULTS, NPS)}
    counts = {("success", name) for name, (_, out_of) in RESULTS.items() if not out_of}
    assert not measured & named
    assert every - counts <= measured | named
    settings, of = Settings(), drawn(CONTACTS, 1)
    sample = value.with_contacts(value.tables_of(CARS, 1), 1)
    told = with_intervals(value_report(sample, settings, value.END))
    told |= with_intervals(value_report(tables(of, 1), settings, value_answers.AS_OF))
    assert told <= measured | named
    without = {("figures", name) for name, why in value.NOT_SHOWN.items() if "no interval" in why}
    assert not told & (without | counts)
    assert measured <= told
