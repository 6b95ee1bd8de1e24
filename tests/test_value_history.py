"""Cars that were bought long before visits are on record: no misses that nobody wrote down."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.value import END
from benchmarks.value import tables_of as sample_tables
from planner.settings import Settings
from planner.value import value_report
from planner.value.book import read_book
from planner.value.brought import brought
from planner.value.cohorts import cohorts
from planner.value.example import AS_OF, tables_of
from planner.value.history import history_from
from planner.value.renewals import renewals

TODAY = np.datetime64("2026-06-30")
TWENTY = np.repeat(np.datetime64("2016-01-10"), 20)


def monthly(first: str, last: str, each: int = 20) -> np.ndarray:
    months = np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + 1)
    return np.repeat(months.astype("datetime64[D]") + 4, each)


def said(purchased: np.ndarray, visited: np.ndarray, interval_months: int = 12) -> str:
    return str(history_from(purchased, visited, np.full(len(purchased), interval_months), TODAY))


class TestSinceWhen:
    def test_from_the_first_visit_after_the_years_without(self) -> None:
        assert said(TWENTY, monthly("2022-03", "2026-06")) == "2022-03-05"

    def test_one_mistyped_year_begins_no_record(self) -> None:
        visited = np.append(np.datetime64("2018-05-05"), monthly("2022-03", "2026-06"))
        assert said(TWENTY, visited) == "2022-03-05"

    def test_a_month_with_a_quarter_of_the_usual_visits_is_on_record(self) -> None:
        visited = np.concatenate([monthly("2016-02", "2022-02", 5), monthly("2022-03", "2026-06")])
        assert said(TWENTY, visited) == "NaT"
        visited = np.concatenate([monthly("2016-02", "2022-02", 4), monthly("2022-03", "2026-06")])
        assert said(TWENTY, visited) == "2022-03-05"

    def test_what_comes_new_has_not_come_yet(self) -> None:
        """By 18 months after the purchase it should have; 12 more are no gap. Every two years: by 36."""
        bought = np.repeat(np.datetime64("2022-01-10"), 20)
        assert said(bought, monthly("2024-06", "2026-06")) == "NaT"
        assert said(bought, monthly("2024-07", "2026-06")) == "2024-07-05"
        assert said(bought, monthly("2025-12", "2026-06"), 24) == "NaT"
        assert said(bought, monthly("2026-01", "2026-06"), 24) == "2026-01-05"

    def test_one_old_car_makes_no_young_dealership_old(self) -> None:
        """Opened in 2023: its cars come a year later, and one of 2009 that somebody brought comes too."""
        bought = np.append(np.datetime64("2009-05-05"), monthly("2023-06", "2026-06", 30))
        months = np.arange(np.datetime64("2024-06", "M"), np.datetime64("2026-07", "M")).astype("M8[D]")
        assert said(bought, np.repeat(months + 9, np.arange(1, 26) * 3)) == "NaT"

    def test_of_few_cars_nothing_is_missing(self) -> None:
        assert said(TWENTY[:9], monthly("2022-03", "2026-06", 9)) == "NaT"
        assert said(TWENTY[:10], monthly("2022-03", "2026-06", 10)) == "2022-03-05"

    def test_a_delivery_that_stopped_is_no_beginning(self) -> None:
        visited = np.append(monthly("2016-02", "2023-01"), np.datetime64("2026-06-05"))
        assert said(TWENTY, visited[:-1]) == "NaT"

    def test_as_many_visits_as_cars_from_the_start(self) -> None:
        """A dealership that has grown: few visits at first, of few cars."""
        bought = monthly("2016-01", "2026-06", 5)
        cars = np.arange(1, 127) * 5
        months = np.arange(np.datetime64("2016-01", "M"), np.datetime64("2026-07", "M"))
        assert said(bought, np.repeat(months.astype("datetime64[D]") + 9, cars // 5)) == "NaT"


def of_2022() -> dict[str, pd.DataFrame]:
    """20 cars of 2016 that come every May from 2022 on, of which one stays away from 2024 on; two of 2023."""
    every = [f"{year}-05-10" for year in range(2022, 2027)]
    cars = {f"old{n:02}": ["2016-05-10", *every] for n in range(19)}
    young = {"young": ["2023-05-10", "2024-05-10", "2025-05-10", "2026-05-10"], "left": ["2023-05-10"]}
    return tables_of(cars | {"old19": ["2016-05-10", *every[:2]], "never": ["2016-05-10"]} | young)


def test_a_car_older_than_the_record_begins_with_its_first_service_on_it() -> None:
    """In May 2022 it came for about its sixth service; whether it came for the next ones is on record."""
    book = read_book(of_2022(), Settings(), AS_OF)
    found = renewals(book)
    at = {name: row for row, name in enumerate(book.cars["vehicle_id"])}
    assert str(found.begun[at["old00"]]) == "2022-05-10"
    assert {at[name] for name in ("young", "left")} == set(found.trials.car.tolist())
    of = found.older
    assert of.number[of.car == at["old00"]].tolist() == [7, 8, 9]  # the window after May 2025 is not over
    assert of.came[of.car == at["old00"]].tolist() == [True] * 3
    assert of.came[of.car == at["old19"]].tolist() == [True, False]
    assert at["never"] not in of.car
    assert (found.running[at["old00"]], found.earlier[at["old00"]]) == (4, 6)
    assert (found.running[at["young"]], found.earlier[at["young"]]) == (3, 0)
    assert found.earlier[at["old19"]] == 6


def test_a_visit_before_the_record_tells_of_no_wait() -> None:
    """Somebody typed in one of 2019: the three years until 2022 are no service that was missed."""
    tables = of_2022()
    one = tables["visits"].iloc[:1].assign(visit_id="typed", visited_on=pd.Timestamp("2019-05-10"))
    more = tables | {"visits": pd.concat([tables["visits"], one], ignore_index=True)}
    found, whole = (renewals(read_book(each, Settings(), AS_OF)) for each in (more, tables))
    assert not found.came_back.any()
    assert found.begun.tolist() == whole.begun.tolist()


def test_a_service_brings_what_it_brought_however_late_the_record_begins() -> None:
    """Each May 100, and 50 for a repair in November; the first May on record ends a wait nobody saw."""
    tables = of_2022()
    visits = tables["visits"].assign(amount=None, margin=100.0)
    visits = visits[visits["vehicle_id"].ne("young")]  # no repair stands before its first service
    repairs = visits.assign(
        visit_id="R" + visits["visit_id"],
        visited_on=visits["visited_on"] + pd.DateOffset(months=6),
        kind="repair",
        margin=50.0,
    )
    of = pd.concat([visits, repairs[repairs["visited_on"] <= pd.Timestamp(AS_OF)]], ignore_index=True)
    book = read_book(tables | {"visits": of}, Settings(), AS_OF)
    found = brought(book, renewals(book))
    assert found is not None
    assert (found.on_the_day, found.between) == (100.0, 50.0)


def test_a_car_of_unknown_purchase_may_be_old_as_long_as_the_record_is_young() -> None:
    """18 months after the record begins an old car would have been here."""
    tables = of_2022()
    cars = tables["vehicles"]
    unknown = cars["vehicle_id"].isin(["old00", "young"])
    tables["vehicles"] = cars.assign(purchased_on=cars["purchased_on"].mask(unknown))
    late = ["2023-11-10", "2024-11-10", "2025-11-10"]
    visits = tables["visits"]
    visits = visits[visits["vehicle_id"].ne("young")]
    young = visits.iloc[: len(late)].assign(
        vehicle_id="young", visit_id=late, visited_on=pd.to_datetime(late).as_unit("us")
    )
    tables["visits"] = pd.concat([visits, young], ignore_index=True)
    book = read_book(tables, Settings(), AS_OF)
    at = {name: row for row, name in enumerate(book.cars["vehicle_id"])}
    assert [bool(book.young[at[name]]) for name in ("old00", "young")] == [False, True]


def test_years_of_ownership_before_the_record_are_left_out() -> None:
    found = cohorts(read_book(of_2022(), Settings(), AS_OF))
    old = found[found["cohort"].eq(2016)]
    assert old["year_of_ownership"].tolist() == [7, 8, 9, 10]
    assert old["cars"].tolist() == [21] * 4


@pytest.mark.parametrize(
    ("since", "mark", "churn", "expected"),
    [
        ("2014-03", "A", False, False),
        ("2019-03", "B", False, False),
        ("2020-03", "C", False, False),
        ("2023-03", "D", False, True),  # 3 years: enough for churn, not for years ahead
        ("2024-03", "D", True, True),  # 28 months: churn looks back 30
    ],
)
def test_short_records_spoil_what_looks_further(since: str, mark: str, churn: bool, expected: bool) -> None:
    months = pd.period_range(since, "2026-06", freq="M").strftime("%Y-%m-11").tolist()
    tables = tables_of({f"C{n:02}": ["2010-01-10", *months] for n in range(20)})
    found = value_report(tables, Settings(), AS_OF).quality.set_index("check")
    history = found.loc["visit_history"]
    assert (history["grade"], history["count"], history["total"]) == (mark, 20, 20)
    assert str(history["last_on"].date()) == f"{since}-11"
    poor = set(history["metrics"].split(",")) if mark == "D" else set()
    assert ("churn" in poor, "value_expected" in poor) == (churn, expected)
    assert ("visit_history" in found.loc["overall", "metrics"].split(",")) == churn


def test_what_is_to_come_is_the_same_on_a_shorter_record() -> None:
    """Of a sample dealership of 3,000 cars the visits of its last five years and two months tell nearly what
    all of them do; as misses the others would leave a fifth of it."""
    whole = sample_tables(3_000, 7)
    visits = whole["visits"]
    late = whole | {"visits": visits[visits["visited_on"] >= "2021-01-01"].reset_index(drop=True)}
    all_of_it, some = (value_report(each, Settings(), END).figures for each in (whole, late))
    found = [
        each[each["by"].eq("all") & each["month"].isna()].set_index("metric") for each in (all_of_it, some)
    ]
    for metric, off in (("expected_services", 0.15), ("value_expected", 0.3), ("churn", 0.01)):
        was, now = (each.loc[metric, "value"] for each in found)
        assert now == pytest.approx(was, rel=off), metric
