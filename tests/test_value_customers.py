"""Edges of what the value report says of single customers, each worked out by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from planner.columns import empty, typed
from planner.cycle.stages import STAGES as CAR_STAGES
from planner.settings import Settings
from planner.tables import ANSWERS, CONTACTS, FORECASTS, ISSUES, SERVICE_ITEMS, VISIT_KINDS, VISITS
from planner.value.lifecycle import STAGES, car_stages_then, due_on
from planner.value.lifecycle import losses as losses_of
from planner.value.money import visit_money
from planner.value.owned import owned
from planner.value.poor import poor_metrics
from planner.value.quality import grade
from planner.value.scores import fifths
from planner.value.segments import segmented
from planner.value.services import Used, best_of, missing_services, not_due_soon, profiles, used_services
from tests.segment_world import MAINTENANCE, NAMED, TODAY, TYRES, car, of_fifty, said, visit, world


def customers(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return segmented(tables, Settings(), TODAY).customers.set_index("customer_id")


# --- one row a customer -------------------------------------------------------------------------------


def test_the_next_contact_is_the_first_that_is_planned_from_today_on() -> None:
    planned = [
        ("A", "2026-06-29", "planned", "T9"), ("A", "2026-06-30", "planned", "T1"),
        ("A", "2026-07-05", "planned", "T2"), ("B", "2026-07-01", "dropped", "T3"),
        ("B", "2026-07-02", "planned", "T4"),
    ]  # fmt: skip
    rows = [
        {"contact_id": name, "customer_id": who, "planned_on": on, "status": status, "touchpoint": name,
         "channel": "call"}
        for who, on, status, name in planned
    ]  # fmt: skip
    tables = world([car("A"), car("B"), car("C")], []) | {"contacts": typed(pd.DataFrame(rows), CONTACTS)}
    found = customers(tables)
    assert found["next_contact"].tolist()[:2] == ["T1", "T4"]
    assert pd.isna(found.loc["C", "next_contact_on"])


def test_a_customer_leaves_when_the_likeliest_of_his_cars_does() -> None:
    """A: 0.3 and 0.8, so 0.2. B: 0.6, but sold, and the other 0.1. C: sold. D, and E's other: unknown.
    F is lost, and unknown too: nothing more is to be known of it."""
    cars = [
        car("A"),
        car("A", "2"),
        car("B", status="sold"),
        car("B", "2"),
        car("C", status="sold"),
        car("D", purchased_on="2026-01-10"),
        car("E", status="sold"),
        car("E", "2", purchased_on="2026-01-10"),
        car("F"),
    ]
    tables = world(cars, [])
    tables["forecasts"]["return_probability"] = [0.3, 0.8, 0.6, 0.1, 0.6, np.nan, 0.6, np.nan, np.nan]
    found = customers(tables)
    assert found["leaves_probability"].tolist()[:3] == pytest.approx([0.2, 0.9, 1.0])
    assert found.loc[["D", "E"], "leaves_probability"].isna().all()
    assert found.loc["F", ["stage", "leaves_probability"]].tolist() == ["lost", 1.0]
    assert found["cars"].tolist() == [2, 1, 0, 1, 1, 1]


def test_who_was_here_for_a_repair_was_here_for_no_service() -> None:
    """A: a service, then tyres and a repair; B: a repair only; C: a service whose kind nobody wrote down."""
    visits = [visit("A1", "2025-01-10"), visit("A1", "2026-05-01", kind="tyres"),
              visit("A1", "2026-06-16", kind="repair"), visit("B1", "2026-06-16", kind="repair"),
              visit("C1", "2026-01-07", kind=None)]  # fmt: skip
    found = customers(world([car("A"), car("B"), car("C")], visits))
    days = [pd.Timestamp("2025-01-10"), None, pd.Timestamp("2026-01-07")]
    assert [None if pd.isna(day) else day for day in found["last_service_on"]] == days
    assert found["last_visit_on"].tolist()[:2] == [pd.Timestamp("2026-06-16")] * 2


def test_a_household_stands_where_any_of_its_cars_stands_best() -> None:
    tables = world([car("A", status="sold"), car("B", purchased_on="2026-06-01")], [])
    tables["customers"]["household_id"] = "H"
    found = customers(tables)
    assert found["stage"].tolist() == ["gone", "onboarding"]
    assert found["household_stage"].tolist() == ["onboarding", "onboarding"]


def test_who_has_bought_nothing_yet_has_no_tenure() -> None:
    found = customers(world([car("A", purchased_on="2026-07-01"), car("B", purchased_on="2026-06-30")], []))
    assert pd.isna(found.loc["A", "tenure_months"])
    assert found.loc["B", "tenure_months"] == 0


def test_a_segment_in_one_row() -> None:
    """A and B are lapsed: leaving. 3 visits and 360 of margin in 24 months between them; C has the rest."""
    cars = [car("A", due_on="2026-01-01"), car("B", due_on="2026-01-01"), car("C")]
    visits = [visit("A1", "2025-03-01", 60), visit("A1", "2025-09-01", 100), visit("B1", "2025-09-01", 200)]
    visits += [visit("C1", "2026-06-01", 40)]
    row = segmented(world(cars, visits), Settings(), TODAY).segments.set_index("segment").loc["leaving"]
    assert (row["customers"], row["share"]) == (2, pytest.approx(2 / 3))
    assert (row["margin_24m"], row["margin_share"], row["margin_per_customer"]) == (360, 0.9, 180)
    assert (row["margin_12m"], row["visits_per_customer"]) == (300, 1.5)
    assert row["last_visit_on"] == pd.Timestamp("2025-09-01")


def test_who_was_never_here_was_here_least_lately() -> None:
    days = pd.Series([np.nan, 10.0, 20.0, 30.0, 40.0])
    assert fifths(days, np.ones(5, dtype=bool)).tolist() == [1, 2, 3, 4, 5]


def test_forecasts_are_read_by_their_next_service() -> None:
    """The first row of a car is its next service, whatever comes after."""
    tables = world([car("A")], [])
    later = tables["forecasts"].assign(service_no=2, return_probability=0.1)
    tables["forecasts"] = typed(
        pd.concat([tables["forecasts"].assign(return_probability=0.7), later]), FORECASTS
    )
    assert customers(tables).loc["A", "leaves_probability"] == pytest.approx(0.3)


# --- money --------------------------------------------------------------------------------------------


def test_what_a_visit_brought_where_the_export_does_not_say() -> None:
    """A share of 0.35. The repair without both is like the other one; tyres are like all that are known."""
    rows = [
        ("repair", 100.0, None),
        ("repair", None, None),
        ("maintenance", None, 70.0),
        ("tyres", None, None),
    ]
    table = typed(pd.DataFrame(rows, columns=["kind", "amount", "margin"]).assign(visited_on=TODAY), VISITS)
    found = visit_money(table, Settings(), TODAY)
    assert found["amount"].tolist() == pytest.approx([100, 100, 200, 150])
    assert found["margin"].tolist() == pytest.approx([35, 35, 70, 52.5])
    assert found["margin_given"].tolist() == [False, False, True, False]
    assert found["amount_given"].tolist() == [True, False, False, False]
    assert visit_money(table, Settings(), date(2026, 6, 29)).empty


# --- stages of a year ago, and losses -----------------------------------------------------------------


def test_the_stage_of_an_earlier_day() -> None:
    """Bought on that day; a day later; told on that day that it was sold; told a day later; served on it."""
    cars = [
        car("on", purchased_on="2025-06-30"), car("after", purchased_on="2025-07-01"),
        car("told", status="sold"), car("later", status="sold"), car("served", purchased_on="2019-01-01"),
        car("kept"), car("moved", status="moved"), car("moves", status="moved"),
    ]  # fmt: skip
    visits = [visit(f"{name}1", "2025-03-01") for name in ("told", "later", "kept", "moved", "moves")]
    visits += [visit("served1", "2024-01-15"), visit("served1", "2025-06-30")]
    answers = [said("told", "sold_car", "2025-06-30"), said("later", "sold_car", "2025-07-01")]
    answers += [said("kept", "sold_car", "2025-01-01")]  # was wrong: the export still has it
    answers += [said("moved", "moved_away", "2025-06-30"), said("moves", "moved_away", "2025-07-01")]
    tables = world(cars, visits, answers=answers)
    own = owned(tables, Settings(), TODAY)
    codes = car_stages_then(own, tables, date(2025, 6, 30))
    found = {car: CAR_STAGES[code] for car, code in zip(own.which, codes, strict=True) if code >= 0}
    assert found == {
        "on1": "onboarding", "told1": "gone", "later1": "after_warranty", "served1": "after_warranty",
        "kept1": "after_warranty", "moved1": "gone", "moves1": "after_warranty",
    }  # fmt: skip


def test_a_year_ago_is_twelve_months_ago() -> None:
    cars = [car("on", purchased_on="2025-06-30"), car("after", purchased_on="2025-07-01")]
    flow = segmented(world(cars, []), Settings(), TODAY).stage_flow
    assert flow["from_stage"].tolist() == ["onboarding", "not_yet"]


def test_a_service_was_due_by_months_or_sooner_by_km() -> None:
    """12 months or 15,000 km: at 2,500 km a month that is 6 months of 30.4 days, 182 days after 1 January."""
    tables = world([car("A"), car("B"), car("new", purchased_on="2025-01-01")], [])
    tables["visits"] = typed(pd.DataFrame([visit("A1", "2025-01-01"), visit("B1", "2025-01-01")]), VISITS)
    tables["forecasts"]["km_per_month"] = [2500.0, 100.0, np.nan]
    due = due_on(owned(tables, Settings(), TODAY), tables, date(2025, 12, 31))
    assert due.astype(str).tolist() == ["2025-07-02", "2026-01-01", "2026-01-01"]


def test_reasons_count_only_after_the_last_visit_and_for_those_who_left() -> None:
    cars = [car("same", due_on="2026-01-01"), car("both", due_on="2026-01-01"), car("here"), car("none")]
    visits = [visit("same1", "2025-09-01"), visit("both1", "2025-09-01"), visit("here1", "2026-06-30")]
    answers = [
        said("same", "complaint", "2025-09-01"),  # said at the visit
        said("both", "complaint", "2025-10-01"), said("both", "refused", "2025-12-01"),
        said("none", "refused", "2026-06-01"),  # has not left
    ]  # fmt: skip
    elsewhere = [visit("here1", "2026-06-29"), visit("gone1", "2026-01-01")]
    tables = world(cars, visits, answers=answers, elsewhere=elsewhere)
    own = owned(tables, Settings(), TODAY)
    stages = {"same": "lapsed", "both": "lost", "here": "warranty", "none": "warranty"}
    stage = np.array([STAGES.index(stages[name]) for name in own.who])
    found = losses_of(own, tables, stage, TODAY).set_axis(own.who).agg(" ".join, axis=1)
    assert found.to_dict() == {
        "same": "unknown unknown",
        "both": "preventable refused",
        "here": " ",
        "none": " ",
    }


# --- services -----------------------------------------------------------------------------------------


def test_the_last_24_months_of_each_customer() -> None:
    """Up to the last visit for the profile, up to today for what is missing; a year at the least."""
    people = pd.DataFrame(
        {
            "last_visit_on": pd.to_datetime(["2026-06-30", "2025-01-10", "2026-06-30"]),
            "tenure_months": [60, 60, 3],
        },
        index=["A", "B", "C"],
    ).astype({"tenure_months": "Int64"})
    rows = [
        (0, "tyres", "2024-06-30", 500.0), (0, "tyres", "2024-07-01", 30.0), (0, "body", "2026-06-30", 8.0),
        (1, "tyres", "2023-01-11", 20.0), (1, "inspection", "2023-01-10", 500.0),
        (2, "tyres", "2026-06-30", 40.0),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["customer", "kind", "visited_on", "margin"])
    frame = frame.assign(visited_on=pd.to_datetime(frame["visited_on"]), services=None, money_given=True)
    found = used_services(frame, people, NAMED, TODAY)
    assert found.margin[:, TYRES].tolist() == [15.0, 10.0, 40.0]
    assert found.used[:, TYRES].all()
    assert not found.used[1, VISIT_KINDS.index("inspection")]
    assert found.lately[:, TYRES].tolist() == [True, False, True]


def test_a_fifth_of_the_best_is_enough_and_less_is_not() -> None:
    """2 of the best 10 have tyres; then 2 of 11, as the eleventh is level with the tenth."""
    people, found = of_fifty()
    used, margin = found.used.copy(), found.margin.copy()
    used[:, TYRES], margin[:, TYRES] = False, 0.0
    used[:2, TYRES], margin[:2, TYRES] = True, 60.0
    fewer = Used(used, margin, used.copy())
    gaps = missing_services(people, fewer, profiles(people, fewer), {})
    assert (len(gaps), set(gaps["share"]), set(gaps["expected_margin"])) == (48, {0.2}, {12.0})
    margin[10, MAINTENANCE] = 200.0
    assert missing_services(people, fewer, profiles(people, fewer), {}).empty


def test_what_pays_nothing_is_not_missing_and_the_median_is_taken() -> None:
    people, found = of_fifty()
    margin = found.margin.copy()
    margin[:6, TYRES] = [10, 10, 10, 10, 10, 400]
    skewed = Used(found.used, margin, found.lately)
    assert set(missing_services(people, skewed, profiles(people, skewed), {})["expected_margin"]) == {6.0}
    margin[:6, TYRES] = -5.0
    assert (profiles(people, skewed)["expected_margin"] >= 0).all()
    assert missing_services(people, skewed, profiles(people, skewed), {}).empty


def test_what_somebody_used_here_long_ago_is_missing_today() -> None:
    people, found = of_fifty()
    lately = found.lately.copy()
    lately[0, TYRES] = False  # used in the 24 months up to the last visit, not up to today
    people.loc["C20", "tenure_months"] = 12  # a customer for a year is no newcomer
    gaps = missing_services(people, Used(found.used, found.margin, lately), profiles(people, found), {})
    assert {"C00", "C20"} <= set(gaps["customer_id"])


def test_nobody_is_best_without_any_margin() -> None:
    assert best_of(np.zeros(10)).sum() == 0
    assert best_of(np.array([0.0, 0, 0, 0, 3])).tolist() == [False, False, False, False, True]


def test_the_service_that_would_bring_most_has_rank_1() -> None:
    people, found = of_fifty()
    inspection = VISIT_KINDS.index("inspection")
    used, margin = found.used.copy(), found.margin.copy()
    used[:10, inspection], margin[:10, inspection] = True, 46.0
    both = Used(used, margin, used.copy())
    gaps = missing_services(people, both, profiles(people, both), {}).query("customer_id == 'C49'")
    assert gaps[["service", "rank", "expected_margin"]].to_numpy().tolist() == [
        ["inspection", 1, 46.0],
        ["tyres", 2, 45.0],
    ]


def test_who_is_due_within_ninety_days_on_any_car_is_not_left_out() -> None:
    """90 days after 30 June is 28 September. B has one car that is due and one that is not."""
    items = [("A1", "2026-09-28"), ("B1", "2026-09-29"), ("B2", "2026-08-01"), ("C1", "2026-09-29")]
    rows = [{"vehicle_id": name, "service": "tyres", "due_on": on} for name, on in items]
    rows.append({"vehicle_id": "A1", "service": "brake fluid", "due_on": "2027-01-01"})
    tables = world([car("A"), car("B"), car("B", "2"), car("C")], [])
    tables["service_items"] = typed(pd.DataFrame(rows), SERVICE_ITEMS)
    found = not_due_soon(tables, NAMED, TODAY)
    assert {kind: list(who) for kind, who in found.items()} == {"tyres": ["C"], "brake fluid": ["A"]}


def test_the_lost_are_no_model_for_others() -> None:
    people, found = of_fifty()
    people.loc["C00", ["segment", "stage"]] = "lost"
    table = profiles(people, found).set_index(["segment", "service"])
    assert table.loc[("all", "tyres"), "users"] == 5


# --- grades -------------------------------------------------------------------------------------------


def counted(tables: dict[str, pd.DataFrame], name: str) -> int:
    return int(grade(tables, empty(ISSUES), Settings(), TODAY).set_index("check").loc[name, "count"])


def test_visits_on_the_edge_of_a_contradiction_are_none() -> None:
    """On the purchase day; margin as high as the amount; the day on which the sale was told; 31 days ago."""
    told = world([car("A", purchased_on="2026-06-30")], [visit("A1", "2026-06-30") | {"amount": 100.0}])
    told["outcomes"] = typed(pd.DataFrame([said("A", "sold_car", "2026-06-30")]), ANSWERS)
    for check in ("visits_before_purchase", "margin_above_amount", "visits_after_sold"):
        assert counted(told, check) == 0, check
    gone = car("A", status="sold")
    assert counted(world([gone], [visit("A1", "2026-05-30")]), "visits_after_sold") == 0
    assert counted(world([gone], [visit("A1", "2026-05-31")]), "visits_after_sold") == 1


def test_a_month_with_a_quarter_of_the_usual_visits_is_no_gap() -> None:
    days = pd.date_range("2025-01-01", "2026-06-01", freq="MS")
    usual = [visit("A1", f"{day:%Y-%m}-{n + 1:02}") for day in days for n in range(4)]
    some = [
        row
        for row in usual
        if not str(row["visited_on"]).startswith("2025-08") or row["visited_on"] == "2025-08-01"
    ]
    assert counted(world([car("A")], some), "visit_gaps") == 0
    none = [row for row in usual if not str(row["visited_on"]).startswith("2025-08")]
    assert counted(world([car("A")], none), "visit_gaps") == 1


def test_the_overall_grade_spoils_no_figure() -> None:
    tables = world([car("A")], [])
    quality = grade(tables, empty(ISSUES), Settings(), TODAY)
    assert quality.iloc[0]["grade"] == "D"
    assert "visits_fresh" not in poor_metrics(quality)
