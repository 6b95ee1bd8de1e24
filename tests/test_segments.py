"""Stages, losses, segments, concentration, profiles: cases worked out by hand, invented people."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.columns import empty, typed
from planner.cycle.stages import STAGES as CAR_STAGES
from planner.settings import Settings
from planner.tables import CONTACTS, ISSUES
from planner.value.concentration import concentration
from planner.value.lifecycle import STAGES, losses, stages_of
from planner.value.owned import owned
from planner.value.poor import add_poor, poor_metrics
from planner.value.quality import grade
from planner.value.report import value_report
from planner.value.scores import fifths, segments_of
from planner.value.segments import segmented
from planner.value.services import Used, missing_services, profiles
from tests.segment_world import TODAY, car, of_fifty, said, visit, world

# --- stages and losses --------------------------------------------------------------------------------


def test_a_customer_stands_where_his_best_bound_car_stands() -> None:
    names = ["gone", "warranty", "lost", "gone", "lapsed", "warranty"]
    stage, owner = np.array([CAR_STAGES.index(name) for name in names]), np.array([0, 0, 1, 2, 1, -1])
    found = [STAGES[code] for code in stages_of(stage, owner, 4)]
    assert found == ["warranty", "lapsed", "gone", "no_car"]  # the last car is nobody's


def test_who_was_lost_why() -> None:
    cars = [
        car("sold", status="sold"), car("scrap", status="scrapped"), car("away"),
        car("moved", status="moved"),
        car("dear", due_on="2026-01-01"),
        car("quiet", due_on="2026-01-01"), car("back", due_on="2026-01-01"), car("fine"),
    ]  # fmt: skip
    visits = [visit(f"{name}1", "2025-09-01") for name in ("sold", "away", "dear", "quiet", "back", "fine")]
    elsewhere = [visit("away1", "2026-02-01"), visit("fine1", "2025-01-01")]  # fine came here after that
    answers = [
        said("dear", "refused", "2025-10-01"), said("dear", "too_expensive", "2025-11-01"),
        said("back", "complaint", "2025-08-01"),  # and came after that: why it stays away now nobody knows
        said("fine", "refused", "2026-01-01"),  # did not leave
    ]  # fmt: skip
    people = segmented(world(cars, visits, answers=answers, elsewhere=elsewhere), Settings(), TODAY).customers
    found = people.set_index("customer_id")[["lost_why", "lost_reason"]].agg(" ".join, axis=1).to_dict()
    assert found == {
        "sold": "natural sold", "scrap": "natural scrapped", "moved": "natural moved",
        "away": "preventable elsewhere",
        "dear": "preventable too_expensive", "quiet": "unknown unknown",
        "back": "unknown unknown", "fine": " ",
    }  # fmt: skip


def test_what_is_said_after_the_day_is_not_known_on_it() -> None:
    tables = world([car("A", due_on="2026-01-01")], [], answers=[said("A", "refused", "2026-07-01")])
    stage = np.array([STAGES.index("lapsed")])
    assert losses(owned(tables, Settings(), TODAY), tables, stage, TODAY)["lost_why"].tolist() == ["unknown"]


def test_the_flow_of_stages_from_a_year_ago() -> None:
    """stays: after warranty all the time. slips: lapsed now, as of 30 June 2025 served on 1 June that year.
    new: bought since. lost: last seen in October 2024, then within the year and a month, now 20 months."""
    cars = [
        car("stays"), car("slips", due_on="2026-05-01"), car("new", purchased_on="2025-08-01"),
        car("lost", due_on="2025-10-01"),
    ]  # fmt: skip
    visits = [
        visit("stays1", "2025-03-01"), visit("stays1", "2026-03-01"), visit("slips1", "2025-06-01"),
        visit("lost1", "2024-10-01"),
    ]  # fmt: skip
    flow = segmented(world(cars, visits), Settings(), TODAY).stage_flow
    assert sorted(flow.itertuples(index=False, name=None)) == [
        ("after_warranty", "after_warranty", 1),
        ("after_warranty", "lapsed", 1),
        ("after_warranty", "lost", 1),
        ("not_yet", "warranty", 1),
    ]


# --- segments -----------------------------------------------------------------------------------------


def person(**more: object) -> dict[str, object]:
    return {"stage": "warranty", "tenure_months": 30, "recency": 3, "frequency": 3, "margin": 3, **more}


@pytest.mark.parametrize(
    ("who", "segment"),
    [
        (person(stage="lost", recency=None, frequency=None, margin=None), "lost"),
        (person(stage="gone"), "lost"),
        (person(stage="lapsed", recency=5, frequency=5, margin=5), "leaving"),
        (person(tenure_months=11, frequency=5, margin=5), "new"),
        (person(tenure_months=12, frequency=4, margin=4), "best"),
        (person(recency=2, frequency=4, margin=4), "loyal"),
        (person(frequency=4), "loyal"),
        (person(), "promising"),
        (person(margin=2), "needs_attention"),
        (person(recency=2), "needs_attention"),
    ],
)
def test_the_rules_of_the_segments(who: dict[str, object], segment: str) -> None:
    scores = dict.fromkeys(("tenure_months", "recency", "frequency", "margin"), "Int64")
    assert segments_of(pd.DataFrame([who]).astype(scores)).tolist() == [segment]


@given(st.lists(st.integers(0, 20), min_size=1, max_size=60))
def test_who_has_more_is_in_no_lower_fifth_and_equals_are_in_the_same(values: list[int]) -> None:
    found = fifths(pd.Series(values, dtype="float64"), np.ones(len(values), dtype=bool)).tolist()
    for value, fifth in zip(values, found, strict=True):
        below = sum(other < value for other in values)
        level = sum(other == value for other in values)
        middle = below + (level + 1) / 2  # the mean place of the equal ones, counted by hand
        assert (fifth - 1) / 5 < middle / len(values) <= fifth / 5
    assert found == [dict(zip(values, found, strict=True))[value] for value in values]


def test_a_customer_in_one_row() -> None:
    visits = [
        visit("A1", "2026-06-30", 40), visit("A1", "2025-07-01", 50), visit("A1", "2025-06-30", 60, "tyres"),
        visit("A1", "2024-06-30", 70), visit("A1", "2026-07-01", 900), visit("A1", "2019-05-01", 900),
    ]  # fmt: skip
    row = segmented(world([car("A")], visits), Settings(), TODAY).customers.iloc[0]
    # 30 June 2025 is a year ago and so outside of 12 months, 30 June 2024 outside of 24; the last two are
    # still to come, and the former owner's.
    assert (row["margin_12m"], row["margin_24m"], row["margin_total"], row["visits_24m"]) == (90, 150, 220, 3)
    assert (row["tenure_months"], row["last_visit_on"]) == (77, pd.Timestamp("2026-06-30"))


# --- concentration, profile, what is missing ----------------------------------------------------------


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=80).filter(any))
def test_the_curve_rises_to_one_and_lies_above_even_shares(margins: list[int]) -> None:
    found = concentration(pd.Series(margins, dtype="float64"))
    curve = found[found["mark"] == ""]
    assert curve["margin_share"].is_monotonic_increasing
    assert curve["margin_share"].iloc[-1] == pytest.approx(1.0)
    assert (curve["margin_share"] >= curve["even_share"] - 1e-9).all()
    most = int(found.loc[found["mark"] == "most", "customers"].iloc[0])
    ordered = sorted(margins, reverse=True)
    assert sum(ordered[:most]) * 10 >= sum(margins) * 8 > sum(ordered[: most - 1]) * 10


def test_no_margin_makes_no_curve() -> None:
    assert concentration(pd.Series([0.0, 0.0])).empty


def test_what_a_missing_service_would_bring() -> None:
    people, found = of_fifty()
    profile = profiles(people, found)
    row = profile.set_index(["segment", "service"]).loc[("promising", "tyres")]
    # 6 of 10 use them; the median of 50 to 100 is 75; 0.6 x 75 = 45.
    assert (row["best_customers"], row["users"], row["share"], row["margin_per_year"]) == (10, 6, 0.6, 75.0)
    assert row["expected_margin"] == 45.0
    assert row["share_all"] == 6 / 50
    gaps = missing_services(people, found, profile, {})
    assert gaps["customer_id"].tolist() == [f"C{i:02}" for i in range(6, 50)]
    assert set(gaps["service"]) == {"tyres"}
    assert set(gaps["expected_margin"]) == {45.0}


def test_nothing_is_missing_to_the_lost_the_new_and_those_for_whom_it_is_not_due() -> None:
    people, found = of_fifty()
    profile = profiles(people, found)
    people.loc["C10", "stage"], people.loc["C11", "tenure_months"] = "lost", 11
    gaps = missing_services(people, found, profile, {"tyres": pd.Index(["C12"])})
    assert gaps["customer_id"].tolist() == [
        *(f"C{i:02}" for i in (6, 7, 8, 9)),
        *(f"C{i}" for i in range(13, 50)),
    ]


def of_many(fifties: int) -> tuple[pd.DataFrame, Used]:
    """The fifty so many times, so ten best customers in each."""
    people, found = of_fifty()
    many = pd.concat([people] * fifties)
    many.index = pd.Index([f"C{n:03}" for n in range(len(many))], name="customer_id")
    used, margin = (np.tile(part, (fifties, 1)) for part in (found.used, found.margin))
    return many, Used(used, margin, used.copy())


def test_a_segment_of_few_takes_the_best_of_all() -> None:
    people, found = of_many(3)
    people.loc["C149", "segment"] = "new"  # alone, with maintenance only
    profile = profiles(people, found)
    noted = profile[profile["note"] == "too_few"]["segment"].unique().tolist()
    assert "new" in noted
    assert "promising" not in noted  # 30 best customers of 149
    gaps = missing_services(people, found, profile, {}).set_index("customer_id")
    assert gaps.loc["C149", "expected_margin"] == 45.0


def test_twenty_nine_best_customers_are_too_few() -> None:
    """A fifth of 145; loyal are one of the best and four others, so that the whole dealership has 30."""
    people, found = of_many(3)
    people.loc[["C000", "C010", "C011", "C012", "C013"], "segment"] = "loyal"
    profile = profiles(people, found).set_index(["segment", "service"])
    assert profile.loc[("promising", "tyres"), ["best_customers", "note"]].tolist() == [29, "too_few"]
    assert profile.loc[("all", "tyres"), ["best_customers", "note"]].tolist() == [30, ""]
    # With their own 29, 17 of whom have tyres, it would be 17 / 29 x 75; it is that of all.
    gaps = missing_services(people, found, profile.reset_index(), {}).set_index("customer_id")
    assert gaps.loc["C149", "expected_margin"] == 45.0


# --- the quality gate ---------------------------------------------------------------------------------


def checks(tables: dict[str, pd.DataFrame], issues: pd.DataFrame | None = None) -> pd.DataFrame:
    table = grade(tables, empty(ISSUES) if issues is None else issues, Settings(), TODAY)
    return table.set_index("check")


def monthly(last: str = "2026-06-28", **more: object) -> list[dict[str, object]]:
    days = pd.date_range("2024-01-28", last, freq=pd.DateOffset(months=1))
    return [{**visit("A1", str(day.date())), **more} for day in days]


def test_good_data_are_graded_a() -> None:
    found = checks(world([car("A")], monthly()))
    assert found.loc["overall", "grade"] == "A"


@pytest.mark.parametrize(
    ("last", "mark"),
    [("2026-06-23", "A"), ("2026-06-22", "B"), ("2026-05-30", "B"), ("2026-05-29", "C"), ("2026-03-29", "D")],
)
def test_how_fresh_the_visits_are(last: str, mark: str) -> None:
    """30 June is 7 days after the 23rd, 31 after 30 May, and 93 after 29 March."""
    assert checks(world([car("A")], [visit("A1", last)])).loc["visits_fresh", "grade"] == mark


@pytest.mark.parametrize(("blank", "mark"), [(0, "A"), (1, "A"), (2, "B"), (5, "C"), (8, "D")])
def test_how_many_amounts_there_are(blank: int, mark: str) -> None:
    visits = monthly()[-20:]
    for row in visits[:blank]:
        row["margin"] = row["amount"] = None
    found = checks(world([car("A")], visits))
    assert (found.loc["amounts", "grade"], found.loc["amounts", "count"]) == (mark, blank)


def test_an_amount_alone_is_complete_but_its_margin_is_assumed() -> None:
    found = checks(world([car("A")], monthly(margin=None)))
    assert (found.loc["amounts", "grade"], found.loc["margins", "grade"]) == ("A", "D")


def test_months_without_visits_show() -> None:
    visits = [
        row for row in monthly() if not str(row["visited_on"]).startswith(("2025-08", "2025-09", "2025-10"))
    ]
    found = checks(world([car("A")], visits))
    assert (found.loc["visit_gaps", "count"], found.loc["visit_gaps", "grade"]) == (3, "D")


def test_contradictions_are_counted() -> None:
    visits = [
        *monthly(),
        visit("A1", "2019-01-01"),
        monthly()[-1],
        {**visit("A1", "2026-06-01"), "amount": 1.0},
    ]
    found = checks(world([car("A", status="sold")], visits))
    counted = found.loc[
        ["visits_before_purchase", "visits_twice", "margin_above_amount", "visits_after_sold"], "count"
    ]
    assert counted.tolist() == [1, 1, 1, 3]  # in the month up to 30 June: the 1st, and the 28th twice


def test_rows_that_an_import_left_out_are_counted_and_those_it_kept_are_not() -> None:
    issues = pd.DataFrame(
        {"source": "v.csv", "row": 1, "code": ["bad-date", "unknown-vehicle", "shared-contact"]}
    )
    found = checks(world([car("A")], monthly()), typed(issues, ISSUES))
    assert found.loc[["rows_left_out", "unknown_vehicles"], "count"].tolist() == [2, 1]


def test_figures_on_poor_data_say_so_and_only_these() -> None:
    tables = world([car("A")], monthly(margin=None, amount=None))
    quality = grade(tables, empty(ISSUES), Settings(), TODAY)
    assert quality.iloc[0]["grade"] == "D"
    assert "amounts" in quality.iloc[0]["metrics"]
    assert "ltv" in poor_metrics(quality)
    assert "nps" not in poor_metrics(quality)
    figures = pd.DataFrame({"metric": ["ltv", "nps", "ltv", "ltv"], "note": ["", "", "too_few", ""]})
    figures["value"] = [9.0, 9.0, 9.0, None]  # of nothing nothing is said
    assert add_poor(figures, quality)["note"].tolist() == ["poor_data", "", "too_few", ""]


def test_the_report_holds_together() -> None:
    tables = world([car("A"), car("B", status="sold")], [*monthly(), visit("B1", "2025-01-05")])
    report = value_report(tables, Settings(), TODAY)
    assert report.segments["customers"].sum() == len(report.customers) == 2
    assert report.segments["margin_24m"].sum() == report.customers["margin_24m"].sum()
    assert report.stage_flow["count"].sum() == 2


def test_a_report_of_nothing_is_empty_and_poor() -> None:
    tables = world([car("A")], [])
    nobody = {name: frame.iloc[:0] for name, frame in tables.items()}
    report = value_report({**nobody, "contacts": empty(CONTACTS)}, Settings(), TODAY)
    assert report.customers.empty
    assert report.missing.empty
    assert report.concentration.empty
    assert report.quality.iloc[0]["grade"] == "D"


def test_who_never_had_a_car_was_not_just_about_to_come() -> None:
    """A has a car for years, B one since this spring, C none on record."""
    tables = world([car("A"), car("B", purchased_on="2026-03-01")], [*monthly()])
    more = tables["customers"].iloc[[0]].assign(customer_id="C", household_id="HC")
    tables["customers"] = pd.concat([tables["customers"], more], ignore_index=True)
    flow = value_report(tables, Settings(), TODAY).stage_flow
    assert flow.loc[flow["to_stage"].eq("no_car"), ["from_stage", "count"]].to_numpy().tolist() == [
        ["no_car", 1]
    ]
    assert flow.loc[flow["from_stage"].eq("not_yet"), "count"].tolist() == [1]
