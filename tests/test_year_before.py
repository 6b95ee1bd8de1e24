"""Last year's expected value and services: what a report of that day would have told, from what was known."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from planner.settings import Settings
from planner.value import value_report
from planner.value.book import read_book
from planner.value.year_before import book_up_to
from tests.value_world import AS_OF, tables

THEN = date(2025, 6, 30)
METRICS = ("value_expected", "expected_services")


@pytest.fixture(scope="module")
def stored() -> dict[str, pd.DataFrame]:
    """Seven cars of eight are one model, so that they are enough to fit; every margin is given."""
    world = tables()
    cars, visits = world["vehicles"], world["visits"]
    world["vehicles"] = cars.assign(
        model=np.where(np.arange(len(cars)) % 8 < 7, "Astra", "Corsa"), status="active"
    )
    world["visits"] = visits.assign(margin=100.0 + np.arange(len(visits)) % 37)
    return world


def now(found: pd.DataFrame) -> pd.DataFrame:
    rows = found[found["metric"].isin(METRICS) & found["month"].isna()]
    rows = rows[rows["by"].isin(["all", "advisor", "model", "cohort", "stage"])]
    return rows.set_index(["metric", "by", "group"])


def test_last_year_is_what_a_report_of_that_day_tells(stored: dict[str, pd.DataFrame]) -> None:
    today = now(value_report(stored, Settings(), AS_OF).figures)["last_year"]
    before = now(value_report(stored, Settings(), THEN).figures)["value"].dropna()
    both = today.index.intersection(before.index)
    assert {("value_expected", "all", ""), ("expected_services", "model", "Astra")} <= set(both)
    assert len(both) > 15
    assert today[both].tolist() == pytest.approx(before[both].tolist())
    assert today.drop(both).isna().all()


def test_what_came_later_changes_nothing_of_it(stored: dict[str, pd.DataFrame]) -> None:
    """Visits and purchases of the last 12 months; only the trend and the figures of now know them."""
    early = stored | {"visits": stored["visits"][stored["visits"]["visited_on"] <= pd.Timestamp(THEN)]}
    whole, less = (now(value_report(each, Settings(), AS_OF).figures) for each in (stored, early))
    keys = [(metric, "all", "") for metric in METRICS]
    assert less.loc[keys, "last_year"].tolist() == pytest.approx(whole.loc[keys, "last_year"].tolist())
    assert less.loc[keys, "value"].tolist() != pytest.approx(whole.loc[keys, "value"].tolist())


def test_a_car_that_is_gone_was_there_until_its_last_visit(stored: dict[str, pd.DataFrame]) -> None:
    """Of two sold cars one was here in the year since."""
    seen = stored["visits"].groupby("vehicle_id")["visited_on"].max()
    since, not_since = seen[seen > pd.Timestamp(THEN)].index[0], seen[seen <= pd.Timestamp(THEN)].index[0]
    cars = stored["vehicles"]
    sold = cars.assign(status=cars["status"].mask(cars["vehicle_id"].isin([since, not_since]), "sold"))
    then, _ = book_up_to(read_book(stored | {"vehicles": sold}, Settings(), AS_OF), np.datetime64(THEN))
    status = then.cars.set_index("vehicle_id")["status"]
    assert (status[since], status[not_since]) == ("active", "sold")


def test_nothing_a_year_ago(stored: dict[str, pd.DataFrame]) -> None:
    """A dealership whose first car was sold within the year has no last year."""
    cars = stored["vehicles"]
    young = cars.assign(purchased_on=cars["purchased_on"].where(cars["purchased_on"] > pd.Timestamp(THEN)))
    young = young.dropna(subset="purchased_on")
    rows = now(value_report(stored | {"vehicles": young}, Settings(), AS_OF).figures)
    assert rows["last_year"].isna().all()


def test_last_year_is_too_few_where_a_report_of_that_day_says_so(stored: dict[str, pd.DataFrame]) -> None:
    def told(day: date) -> pd.DataFrame:
        figures = value_report(stored, Settings(), day).figures
        metrics = ["churn", "repeat_rate", "margin_per_customer", "ltv", "clv_net", "value_expected"]
        rows = figures["metric"].isin(metrics) & figures["by"].isin(["all", "advisor", "model", "cohort"])
        return figures[rows & figures["month"].isna()].set_index(["metric", "by", "group"])

    today, before = told(AS_OF)["last_year_note"], told(THEN)["note"]
    both = today.index.intersection(before.index)
    assert set(before[both]) == {"", "too_few", "no_data", "no_contacts"}
    assert today[both].to_dict() == before[both].to_dict()
