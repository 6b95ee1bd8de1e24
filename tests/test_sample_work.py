"""What repair orders of the sample say was done: found again, as often as assumed, more on dearer bills."""

from __future__ import annotations

import math
import re
from datetime import date
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from planner.intake import Known, read_exports
from planner.named_services import load_named_services
from planner.sample import Sample, make_sample, write_sample
from planner.sample.assumptions import assuming, number, profile
from planner.sample.work_words import BETWEEN, NOT_DONE, OIL, REASONS, WORK
from planner.settings import Settings
from planner.tables import VISIT_KINDS

END = date(2026, 3, 2)
NAMED = load_named_services(Settings().service_names_path)
LANGUAGES = ("en", "ar")


@pytest.fixture(scope="module")
def large() -> Sample:
    return make_sample(8_000, 3, END)


@pytest.fixture(scope="module")
def done(large: Sample) -> pd.DataFrame:
    """Visits with their kind, amount, car and a column a service."""
    visits = large.frames["visits"]
    clean = visits.index.isin(large.planted.query("table == 'visits'")["row"] - 2)
    columns = large.done.str.get_dummies(",").astype(bool).add_prefix("did ")
    return visits.join(columns)[~clean]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_import_finds_what_was_done(tmp_path: Path, language: str) -> None:
    sample = make_sample(300, 2, END, language)
    files = [path for path in write_sample(sample, tmp_path) if path.suffix == ".csv"]
    found = read_exports(files, Settings(), END, known=Known(frozenset(), frozenset())).frames["visits"]
    rejected = sample.planted.query("table == 'visits' and rejected")["row"] - 2
    words = sample.frames["visits"]["services"].drop(index=rejected)
    planted = sample.done.drop(index=rejected).fillna("").where(words.notna())
    assert (planted.dropna() != "").sum() > 300
    assert found["services"].tolist() == pytest.approx(planted.tolist(), nan_ok=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_way_to_write_a_service_names_it_and_nothing_else(language: str) -> None:
    for work in WORK:
        for words in getattr(work, language):
            assert NAMED.found_in(pd.Series([words, words.upper()])).tolist() == [work.service] * 2, words
            not_done = pd.Series([phrase.format(words) for phrase in NOT_DONE[language]])
            assert NAMED.found_in(not_done).isna().all()
    reasons = [words for kind in REASONS[language] for words in kind] + list(OIL[language])
    assert NAMED.found_in(pd.Series(reasons)).isna().all()
    assert len(REASONS[language]) == len(VISIT_KINDS)
    for between in BETWEEN[language]:
        assert NAMED.found_in(pd.Series([f"x{between}battery{between}brakes"])).tolist() == ["brakes,battery"]


def test_every_service_that_ships_is_done_and_written_in_its_order() -> None:
    assert tuple(work.service for work in WORK) == NAMED.codes


def test_as_often_as_assumed(done: pd.DataFrame) -> None:
    electric = {"Kona Electric", "Niro EV", "Bolt"}
    assert len(done) > 20_000
    for work in WORK:
        if work.service == "brake fluid":
            continue
        for kind, share in zip(VISIT_KINDS, profile(work.share), strict=True):
            here = done.loc[done["kind"] == kind, f"did {work.service}"]
            if not work.electric:
                share *= 1 - share_of_visits(done, kind, electric)
            # Visits of one car are alike: its readiness widens the spread.
            assert here.mean() == pytest.approx(share, abs=0.005 + 5 * (share / len(here)) ** 0.5), work


def share_of_visits(done: pd.DataFrame, kind: str, models: set[str]) -> float:
    vehicles = make_sample(8_000, 3, END).frames["vehicles"].drop_duplicates("vehicle_id")
    model = done.loc[done["kind"] == kind, "vehicle_id"].map(vehicles.set_index("vehicle_id")["model"])
    return float(model.isin(models).mean())


def test_dearer_bills_are_those_with_more_done(done: pd.DataFrame) -> None:
    """Of a service whose share is p: Phi(a + b z), as bivariate normal says, above and below the median."""
    here = done[(done["kind"] == "maintenance") & done["amount"].notna()]
    z = np.log(here["amount"].astype(float) / profile("amount")[0]) / profile("amount_spread")[0]
    by_amount, by_car = number("work_by_amount"), number("work_by_car")
    share = profile("cabin_filter_done")[0]
    level = NormalDist().inv_cdf(share) * math.sqrt(1 + by_amount**2 + by_car**2)
    for low, high in ((-9, -1), (-1, 0), (0, 1), (1, 9)):
        within = z.between(low, high)
        given = [
            NormalDist().cdf((level + by_amount * each) / math.sqrt(1 + by_car**2)) for each in z[within]
        ]
        assert here.loc[within, "did cabin filter"].mean() == pytest.approx(np.mean(given), abs=0.03)


def test_brake_fluid_takes_turns(large: Sample, done: pd.DataFrame) -> None:
    bought = large.frames["vehicles"].drop_duplicates("vehicle_id").set_index("vehicle_id")["purchased_on"]
    here = done[done["kind"] == "maintenance"]
    days = pd.to_datetime(here["visited_on"]) - pd.to_datetime(
        here["vehicle_id"].map(bought), errors="coerce"
    )
    even = (days.dt.days / 365.25).round() % 2 == 0
    did = here["did brake fluid"]
    assert did[even].mean() > 3 * did[~even & days.notna()].mean()


def test_some_cars_have_more_done_every_time(done: pd.DataFrame) -> None:
    """Bills of one car are drawn apart from each other: what its visits have in common is the car."""
    here = done[done["kind"] == "maintenance"].sort_values(["vehicle_id", "visited_on"])
    count = here[[f"did {work.service}" for work in WORK if work.electric and "fluid" not in work.service]]
    count = count.sum(axis=1)
    before = count.groupby(here["vehicle_id"]).shift()
    assert count.corr(before) > 0.15


def test_some_repair_orders_have_no_words(large: Sample) -> None:
    words = large.frames["visits"]["services"]
    assert words.isna().mean() == pytest.approx(number("services_missing"), abs=0.01)
    assert large.done[words.isna()].notna().any()


def test_declined_work_is_named_and_was_not_done(large: Sample) -> None:
    visits = large.frames["visits"].dropna(subset="services")
    marks = re.compile("- declined|recommended:|\\(deferred\\)|next visit:", re.IGNORECASE)
    assert visits["services"].str.contains(marks).tolist() == visits["declined_amount"].notna().tolist()
    declined = visits.dropna(subset="declined_amount")["services"]
    named = NAMED.found_in(declined.str.split(r"[|;,]").str[-1].str.replace(marks, "", regex=True))
    assert named.notna().all()
    done = large.done.fillna("").reindex(named.index)
    assert not any(one in all_.split(",") for one, all_ in zip(named, done, strict=True))


def test_other_words_change_nothing_but_the_words(large: Sample) -> None:
    with assuming(services_missing=0.5, words_in_capitals=0.0, work_by_amount=0.0):
        other = make_sample(8_000, 3, END)
    for name, frame in other.frames.items():
        pd.testing.assert_frame_equal(
            frame.drop(columns="services", errors="ignore"),
            large.frames[name].drop(columns="services", errors="ignore"),
        )
