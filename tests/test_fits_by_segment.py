"""Retention by segment: of the cars in time for a service on an earlier day, by the segments of that day."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.settings import Settings
from planner.value import sbg, value_report
from planner.value.book import Book, read_book
from planner.value.example import AS_OF, tables_of
from planner.value.fits import LATE, fits_of, retention_of_all, segments_day
from planner.value.groups import Groups
from planner.value.lifecycle import car_stages, stages_of
from planner.value.owned import owned
from planner.value.renewals import followed_from, losses, renewals
from planner.value.scores import SEGMENTS_IN_ORDER
from planner.value.segments_then import segments_on
from tests import segments_reference, test_value_reference, value_world
from tests.value_reference import Dealership

SINCE = date(2022, 6, 30)  # four years before AS_OF, the end of a month
SERVICES = 3
DISCOUNT = 1.1
# With what chance a car comes for each service since then.
CHANCES = {"best": 0.85, "needs_attention": 0.6}


def parts(tables: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """FITS and CURVE of the segments, by segment and by segment and service."""
    book = read_book(tables, Settings(), AS_OF)
    found = renewals(book)
    fits, curve = fits_of(book, found, groups_of(book), retention_of_all(book, found))
    curve = curve[curve["by"].eq("segment")].set_index(["group", "service_no"])
    return fits[fits["by"].eq("segment")].set_index("group"), curve


def groups_of(book: Book) -> Groups:
    """With segments of earlier days; those of today are not asked for."""
    return Groups(book, pd.Series(dtype="str"))


def test_a_dealership_by_hand() -> None:
    """On 30 June 2022, of six who are no lost ones: visits of 24 months 3, 2, 1, 1, 0 and 0."""
    tables = tables_of(
        {
            # Rank 6 of 6 by visits and margin, 5 by recency, each the last fifth: best. Comes twice.
            "A": ["2018-01-10", "2020-09-01", "2021-06-01", "2022-01-15", "2023-02-01", "2024-01-15"],
            # Rank 5 by visits and margin is the last fifth too, 5 x 5 / 6: best. Misses the first.
            "B": ["2018-01-10", "2021-05-01", "2022-05-01"],
            # Rank 3 by margin is the third fifth, and 4 by recency: promising. A day late, on 2 June 2023.
            "C": ["2018-01-10", "2021-12-01 10", "2023-06-02"],
            # The service was due on 1 March 2022 and a month later it had lapsed: leaving. Comes in time.
            "D": ["2018-01-10", "2021-03-01 20", "2022-08-15"],
            # Bought half a year before: new. Comes once in time.
            "E": ["2022-01-10", "2023-01-10"],
            # Not seen for 18 months: lost, and its time for a service was over.
            "F": ["2018-01-10", "2020-06-01"],
            # Bought later.
            "G": ["2023-01-10", "2024-01-10"],
            # Its 18 months were over on that day; those of I on the next, and it is followed: leaving.
            "H": ["2020-12-30"],
            "I": ["2021-01-01"],
        }
    )
    fits, _ = parts(tables)
    assert fits.index.tolist() == list(SEGMENTS_IN_ORDER)
    assert fits["since"].unique().tolist() == [pd.Timestamp(SINCE)]
    assert fits["cars"].to_dict() == {
        "best": 2, "loyal": 0, "promising": 1, "new": 1, "needs_attention": 0, "leaving": 2, "lost": 0,
    }  # fmt: skip
    assert fits["lost"].to_dict() == {
        "best": 2, "loyal": 0, "promising": 1, "new": 1, "needs_attention": 0, "leaving": 2, "lost": 0,
    }  # fmt: skip
    assert set(fits["note"]) == {"too_few", "no_data"}
    assert fits.loc["best", "message"].startswith("2 cars had time to come back for a service; below 100")
    book = read_book(tables, Settings(), AS_OF)
    trials = followed_from(book, renewals(book), np.datetime64(SINCE))
    came = [(book.cars["vehicle_id"][car], int(n), bool(did)) for car, n, did in rows(trials)]
    assert came == [
        ("A", 1, True), ("A", 2, True), ("A", 3, False), ("B", 1, False), ("C", 1, False),
        ("D", 1, True), ("D", 2, False), ("E", 1, True), ("E", 2, False), ("I", 1, False),
    ]  # fmt: skip


def rows(trials: object) -> list[tuple[int, int, bool]]:
    return list(zip(trials.car, trials.number, trials.came, strict=True))  # type: ignore[attr-defined]


@settings(max_examples=150, deadline=None)
@given(test_value_reference.dealerships(), st.integers(0, 40))
def test_segments_and_who_is_followed_are_what_plain_python_finds(one: Dealership, months: int) -> None:
    book = read_book(test_value_reference.tables_of(one), test_value_reference.settings_of(one), one.as_of)
    month = np.datetime64(one.as_of, "M") - months
    on = month.astype("datetime64[D]") - 1
    everybody = np.arange(len(book.people))
    codes, names = groups_of(book).codes("segment", everybody, everybody, np.full(len(everybody), on))
    wanted = segments_reference.segments(one, on.item())
    assert {book.people["customer_id"][n]: names[code] for n, code in enumerate(codes)} == wanted
    trials = followed_from(book, renewals(book), on)
    names = book.cars["vehicle_id"].tolist()
    found = [(names[car], int(n), bool(did)) for car, n, did in rows(trials)]
    assert sorted(found) == sorted(segments_reference.followed(one, on.item()))


@settings(max_examples=100, deadline=None)
@given(test_value_reference.dealerships())
def test_segments_part_the_services_that_are_followed(one: Dealership) -> None:
    tables, chosen = test_value_reference.tables_of(one), test_value_reference.settings_of(one)
    book = read_book(tables, chosen, one.as_of)
    found = renewals(book)
    fits, _ = fits_of(book, found, groups_of(book), retention_of_all(book, found))
    fits = fits[fits["by"].eq("segment")]
    whole = losses(followed_from(book, found, segments_day(book)))
    assert fits["cars"].sum() == whole.at_risk[0]
    assert fits["lost"].sum() == whole.lost.sum()


def test_segments_of_today_by_the_rules_of_earlier_days() -> None:
    """Where the stages of the cars are the same, so are the segments."""
    tables = value_world.tables()
    book = read_book(tables, Settings(), value_world.AS_OF)
    own = owned(tables, Settings(), value_world.AS_OF)
    stages = stages_of(car_stages(own, tables["forecasts"], value_world.AS_OF), own.owner, len(own.people))
    codes = segments_on(book, stages, book.last_day)
    found = pd.Series(np.array(SEGMENTS_IN_ORDER)[codes], book.people["customer_id"])
    today = value_report(tables, Settings(), value_world.AS_OF).customers.set_index("customer_id")["segment"]
    assert found.nunique() > 4
    assert found.to_dict() == today.to_dict()


def made_up(seed: int, cars: int = 300) -> dict[str, pd.DataFrame]:
    """Cars that came every year up to SINCE, half of them twice a year and for more money.

    From then on each comes for its next service with the chance of its half, until it misses one.
    """
    rng = np.random.default_rng(seed)
    found, between = {}, timedelta(days=180)
    for kind, chance in CHANCES.items():
        for number in range(cars):
            day = date(2018, 1, 10) + timedelta(days=int(rng.integers(0, 700)))
            days = [str(day)]
            while (before := day) < AS_OF:
                day += timedelta(days=360)
                comes = day < AS_OF and (day <= SINCE or rng.random() < chance)
                # What was known that day knows nothing of what came.
                if kind == "best" and (comes or before + between <= SINCE):
                    days.append(f"{before + between} {rng.integers(300, 400)}")
                if not comes:
                    break
                days.append(f"{day} {rng.integers(80, 120)}")
            found[f"{kind}{number}"] = days
    tables = tables_of(found)
    visits = tables["visits"]
    visits["kind"] = np.where(visits["amount"].ge(300), "repair", "maintenance")
    return tables


def test_segments_that_differ_are_found_to_differ_and_the_intervals_hold_it() -> None:
    held = []
    for seed in range(6):
        fits, curve = parts(made_up(seed))
        assert fits.loc["best", "mean_churn"] < fits.loc["needs_attention", "mean_churn"]
        assert fits.loc["best", "expected_low"] > fits.loc["needs_attention", "expected_high"]
        for name, chance in CHANCES.items():
            fit = fits.loc[name]
            for number in range(1, SERVICES + 1):
                at = curve.loc[(name, number)]
                held.append(at["low"] <= chance**number <= at["high"])
            all_to_come = chance / (1 - chance / (1 + fit["discount_per_service"]))
            held.append(fit["expected_low"] <= all_to_come <= fit["expected_high"])
    assert np.mean(held) >= 0.9, np.mean(held)


def test_who_was_overdue_is_counted_and_not_projected() -> None:
    """200 cars had lapsed that day; 20 came in time after all. 200 more were not late."""
    cars = {f"L{n}": ["2020-01-10", "2021-03-01", *(["2022-08-01"] if n < 20 else [])] for n in range(200)}
    on_time = [["2021-01-10", "2022-03-01", *(["2023-03-01"] if n % 2 else [])] for n in range(200)]
    fits, curve = parts(tables_of(cars | {f"T{n}": days for n, days in enumerate(on_time)}))
    leaving = fits.loc["leaving"]
    assert (leaving["cars"], leaving["note"]) == (200, "overdue")
    assert np.isnan(leaving["expected_services"])
    assert "counted, not projected" in leaving["message"]
    assert curve.loc[("leaving", 1), "survived"] == pytest.approx(0.1)
    assert curve.loc["leaving"]["fitted"].isna().all()
    others = fits[fits["expected_services"].notna()]
    assert others["cars"].sum() == 200
    assert LATE == ("lost", "leaving")


def test_a_young_dealership_says_that_it_is_too_few() -> None:
    cars = {f"A{n}": ["2024-01-10", "2025-01-10", "2026-01-10"] for n in range(150)}
    fits, curve = parts(tables_of(cars))
    assert set(fits["note"]) == {"no_data"}
    assert fits["message"].str.startswith("0 cars had time").all()
    assert curve.empty


def test_the_law_of_a_segment_is_that_of_its_own_services() -> None:
    tables = made_up(1)
    fits, _ = parts(tables)
    book = read_book(tables, Settings(), AS_OF)
    trials = followed_from(book, renewals(book), np.datetime64(SINCE))
    people = np.arange(len(book.people))
    day = np.full(len(people), np.datetime64(SINCE))
    stages, _ = groups_of(book).codes("stage", people, people, day, of_customers=True)
    codes = segments_on(book, stages, day[0])
    law = sbg.fit(losses(trials, codes[book.owner] == SEGMENTS_IN_ORDER.index("best")))
    assert isinstance(law, sbg.Fit)
    assert fits.loc["best", ["alpha", "beta"]].tolist() == pytest.approx([law.alpha, law.beta])
