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
from planner.value.cohorts import cohorts
from planner.value.example import AS_OF, tables_of
from planner.value.history import history_from
from planner.value.renewals import renewals

TODAY = np.datetime64("2026-06-30")
TWENTY = np.repeat(np.datetime64("2016-01-10"), 20)


def monthly(first: str, last: str, each: int = 20) -> np.ndarray:
    months = np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + 1)
    return np.repeat(months.astype("datetime64[D]") + 4, each)


def said(purchased: np.ndarray, visited: np.ndarray) -> str:
    return str(history_from(purchased, visited, TODAY))


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
        """17 months after the purchase is the time until the first service; 18 are too long for that."""
        bought = np.repeat(np.datetime64("2022-01-10"), 20)
        assert said(bought, monthly("2023-06", "2026-06")) == "NaT"
        assert said(bought, monthly("2023-07", "2026-06")) == "2023-07-05"

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
    assert found.running[at["old00"]] == 10  # six by May 2022 and four since
    assert found.running[at["young"]] == 3


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
