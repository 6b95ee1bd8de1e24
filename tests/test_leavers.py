"""Who was lost why: natural, preventable and unknown losses, by month and group, worked out by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
from hypothesis import given, settings

from planner.columns import typed
from planner.settings import Settings
from planner.tables import ANSWERS, VISITS
from planner.value import value_report
from planner.value.example import AS_OF, tables_of
from planner.value.leaving import LEAVERS
from tests.test_value_reference import dealerships, settings_of
from tests.test_value_reference import tables_of as drawn_tables
from tests.value_reference import Dealership

SUMS = ["active_before", "lost", "natural", "preventable", "unknown"]
CARS = {name: ["2020-01-10", "2024-12-20"] for name in ("sold", "away", "dear", "quiet", "told")}
CARS |= {"stays": ["2020-01-10", "2024-12-20", "2026-01-05"], "new": ["2026-01-05"]}


def report() -> pd.DataFrame:
    """Five fell silent after 20 December 2024; their 18 months were over on 20 June 2026.

    told complained at the visit itself; dear on 5 January 2026, stays too but came then. away was elsewhere
    in December 2025.
    """
    tables = tables_of(CARS, outcomes=[])
    tables["vehicles"].loc[0, "status"] = "scrapped"
    away = [
        {"vehicle_id": "away", "visited_on": "2025-12-01"},
        {"vehicle_id": "quiet", "visited_on": "2024-12-20"},
    ]
    tables["elsewhere"] = typed(
        pd.DataFrame(away).assign(visited_on=lambda t: pd.to_datetime(t["visited_on"])), VISITS
    )
    said = [
        ("dear", "2026-01-05", "too_expensive"), ("stays", "2026-01-05", "complaint"),
        ("told", "2024-12-20", "complaint"), ("quiet", "2026-01-05", "no_answer"),
    ]  # fmt: skip
    rows = pd.DataFrame(said, columns=["vehicle_id", "said_on", "outcome"])
    day = pd.to_datetime(rows["said_on"])
    rows = rows.assign(
        said_on=day, recorded_on=day, contact_id=rows.index, attempt=1, customer_id=rows["vehicle_id"]
    )
    tables["outcomes"] = typed(rows, ANSWERS)
    return value_report(tables, Settings(), AS_OF).leavers


def test_now_and_the_month_before() -> None:
    found = report()
    now = found[found["by"].eq("all") & found["month"].isna()]
    assert now[SUMS].to_numpy().tolist() == [[6, 5, 1, 2, 2]]
    by_month = found[found["by"].eq("all")].set_index("month")[SUMS]
    # At the end of May nobody had been silent for 18 months.
    assert by_month.loc["2026-05-01"].tolist() == [6, 0, 0, 0, 0]
    # told, the first of all, was asked on 20 December 2024: before that nobody can tell.
    preventable = by_month["preventable"]
    assert preventable[preventable.index < "2024-12-01"].isna().all()
    assert preventable[preventable.index >= "2024-12-01"].notna().all()
    assert by_month.loc["2026-06-01"].tolist() == [6, 5, 1, 2, 2]


def test_a_reason_of_a_later_month_is_not_known_before() -> None:
    """As of 20 June 2026 they were lost; had the calls come on 5 July, nobody would have known why."""
    tables = tables_of({"A": ["2020-01-10", "2024-11-20"]}, outcomes=[("A", "2026-06-05", "refused")])
    found = value_report(tables, Settings(), AS_OF).leavers
    months = found[found["by"].eq("all")].set_index("month")[["lost", "preventable", "unknown"]]
    assert months.loc["2026-05-01", ["lost", "unknown"]].tolist() == [1, 1]
    assert pd.isna(months.loc["2026-05-01", "preventable"])
    assert months.loc["2026-06-01"].tolist() == [1, 1, 0]


def test_where_nobody_was_asked_nobody_can_tell() -> None:
    """Lost, and nothing on record says why; a first service elsewhere does, of whomever."""
    tables = tables_of({"A": ["2020-01-10", "2024-11-20"], "B": ["2026-05-10"]})
    found = value_report(tables, Settings(), AS_OF).leavers
    now = found[found["month"].isna() & found["by"].eq("all")].iloc[0]
    assert now[["lost", "natural", "unknown"]].tolist() == [1, 0, 1]
    assert found["preventable"].isna().all()
    away = pd.DataFrame({"vehicle_id": ["B"], "visited_on": pd.to_datetime(["2026-06-10"])})
    found = value_report(tables | {"elsewhere": typed(away, VISITS)}, Settings(), AS_OF).leavers
    assert found.loc[found["month"].isna(), "preventable"].eq(0).all()
    assert found.loc[found["month"].eq("2026-05-01"), "preventable"].isna().all()


def test_nobody_is_lost_where_nobody_was() -> None:
    found = value_report(tables_of({}), Settings(), date(2026, 6, 30)).leavers
    assert found.empty
    assert list(found.columns) == list(LEAVERS.names)


@settings(max_examples=10, deadline=None)
@given(dealerships())
def test_the_reasons_add_up_to_churn_by_month_and_group(one: Dealership) -> None:
    made = value_report(drawn_tables(one), settings_of(one), one.as_of)
    key = ["by", "group", "month"]
    churn = made.figures[made.figures["metric"].eq("churn") & made.figures["denominator"].gt(0)].set_index(
        key
    )
    found = made.leavers.set_index(key)
    assert found.index.is_unique
    assert set(found.index) == set(churn.index)
    churn = churn.reindex(found.index)
    assert found["active_before"].tolist() == churn["denominator"].tolist()
    assert found["lost"].tolist() == churn["numerator"].tolist()
    assert found["lost"].tolist() == found[["natural", "preventable", "unknown"]].sum(axis=1).tolist()
