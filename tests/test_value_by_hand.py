"""Edges of the value figures, each worked out by hand: windows, dedupes, intervals, credibility, money."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest

from benchmarks.records import as_table
from planner.columns import empty
from planner.settings import Settings
from planner.tables import ANSWERS, CONTACTS, CUSTOMERS, OFFERS, SURVEYS, VEHICLES, VISITS
from planner.value import value_report
from planner.value.bills import bills
from planner.value.book import read_book
from planner.value.classes import worth_classes
from planner.value.cohorts import cohorts
from planner.value.concentration import concentration
from planner.value.example import example
from planner.value.figures import COHORTS, FIGURES
from planner.value.owned import owned
from planner.value.together import TOGETHER
from planner.value.worth import derived

AS_OF = date(2026, 6, 30)
Cars = dict[str, str]
Visits = list[tuple[object, ...]]  # car, day, and where they matter kind, amount, margin


def tables_of(cars: Cars, visits: Visits, **more: list[dict[str, object]]) -> dict[str, pd.DataFrame]:
    """Each car with a customer of its name in a household of its own."""
    frames = {
        "customers": [{"customer_id": car, "name": car, "household_id": car} for car in cars],
        "vehicles": [{"vehicle_id": car, "customer_id": car, "purchased_on": on} for car, on in cars.items()],
        "visits": [
            dict(zip(("vehicle_id", "visited_on", "kind", "amount", "margin"), visit, strict=False))
            for visit in visits
        ],
        **more,
    }
    kinds = {
        "customers": CUSTOMERS, "vehicles": VEHICLES, "visits": VISITS, "outcomes": ANSWERS,
        "surveys": SURVEYS, "offers": OFFERS, "contacts": CONTACTS,
    }  # fmt: skip
    return {
        name: as_table(pd.DataFrame(frames[name]), table) if frames.get(name) else empty(table)
        for name, table in kinds.items()
    }


def now(tables: dict[str, pd.DataFrame], settings: Settings | None = None) -> pd.DataFrame:
    figures = value_report(tables, settings or Settings(), AS_OF).figures
    return figures[(figures["by"] == "all") & figures["month"].isna()].set_index("metric")


# --- lifetime value -----------------------------------------------------------------------------------


def figure(metric: str, value: float, half: float, **more: object) -> dict[str, object]:
    row = {"metric": metric, "by": "all", "group": "", "value": value, "low": value - half}
    return {**row, "high": value + half, "note": "", **more}


def found(
    rows: list[dict[str, object]], settings: Settings | None = None, correlation: float = 0.0
) -> pd.DataFrame:
    """What `derived` makes of these rows."""
    of = pd.DataFrame([{"by": "all", "group": "", "correlation": correlation}])
    return derived(
        as_table(pd.DataFrame(rows), FIGURES), as_table(of, TOGETHER), settings or Settings()
    ).set_index("metric")


def test_lifetime_values_from_margin_churn_and_cost() -> None:
    """Margin 180, churn a quarter, contacts 20, discount 10%, acquisition 300.

    ltv = 180 / 0.25 = 720; net = 160 x 0.75 / 0.35 - 300 = 42.86; 720 / 300 = 2.4. A year before: 100,
    a half, 10: 200; 90 x 0.5 / 0.6 - 300 = -225. Margin lies from 150 to 216 and churn from 0.2 to 0.32:
    the low end is off by ln(180 / 150) and ln(0.32 / 0.25), the high one by ln(216 / 180), ln(0.25 / 0.2).
    """
    rows = [
        figure("margin_per_customer", 180.0, 0, low=150.0, high=216.0, last_year=100.0),
        figure("churn", 0.25, 0, low=0.2, high=0.32, last_year=0.5),
        figure("contact_cost", 20.0, 1.0, last_year=10.0),
    ]
    of = found(rows)
    assert of["value"].to_dict() == pytest.approx(
        {"ltv": 720.0, "clv_net": 160 * 0.75 / 0.35 - 300, "cac": 300.0, "ltv_to_cac": 2.4}
    )
    assert of.loc[["ltv", "clv_net", "ltv_to_cac"], "last_year"].tolist() == pytest.approx(
        [200.0, -225.0, 200 / 300]
    )
    below, above = math.hypot(math.log(1.2), math.log(1.28)), math.hypot(math.log(1.2), math.log(1.25))
    ends = [720 * math.exp(-below), 720 * math.exp(above)]
    assert of.loc["ltv", ["low", "high"]].tolist() == pytest.approx(ends)
    assert of.loc["ltv_to_cac", ["low", "high"]].tolist() == pytest.approx([end / 300 for end in ends])
    gross, worst, best = 0.75 / 0.35, 0.68 / 0.42, 0.8 / 0.3  # r / (1 + d - r)
    below = math.hypot(math.log(160 / 130), math.log(gross / worst))
    above = math.hypot(math.log(196 / 160), math.log(best / gross))
    assert of.loc["clv_net", ["low", "high"]].tolist() == pytest.approx(
        [160 * gross * math.exp(-below) - 300, 160 * gross * math.exp(above) - 300]
    )
    assert set(of["note"]) == {""}


def test_a_lifetime_value_is_known_less_where_those_who_stay_bring_more() -> None:
    """100 active before, of whom 80 stayed and brought 225 each; 20 new ones brought nothing: 180 each.

    Each who stayed is 45 above the mean margin and 0.2 below the mean churn, the new ones 180 below the one,
    those who left 0.8 above the other: -720 / root(810,000 x 16) = -0.2.
    """
    rows = [
        figure("margin_per_customer", 180.0, 0, low=150.0, high=216.0, denominator=100.0),
        figure("churn", 0.2, 0, low=0.16, high=0.25, denominator=100.0),
        figure("contact_cost", 20.0, 1.0),
    ]
    of = found(rows, correlation=-0.2)
    a, b = math.log(1.2), math.log(1.25)
    far = math.exp(math.sqrt(a**2 + b**2 + 0.4 * a * b))
    assert of.loc["ltv", ["low", "high"]].tolist() == pytest.approx([900 / far, 900 * far])
    net, best = math.log(196 / 160), math.log(0.84 / 0.26 / (0.8 / 0.3))
    high = 160 * 0.8 / 0.3 * math.exp(math.sqrt(net**2 + best**2 + 0.4 * net * best)) - 300
    assert of.loc["clv_net", "high"] == pytest.approx(high)
    # No end is farther off than where both are at their own.
    worst = found(rows, correlation=-1.0)
    assert worst.loc["ltv", ["low", "high"]].tolist() == pytest.approx([900 / 1.5, 900 * 1.5])


def test_the_low_end_is_nothing_where_the_margin_may_be() -> None:
    rows = [
        figure("margin_per_customer", 180.0, 200.0),
        figure("churn", 0.25, 0.05),
        figure("contact_cost", 0.0, 0.0),
    ]
    of = found(rows)
    assert of.loc[["ltv", "clv_net"], "low"].tolist() == [0.0, -300.0]
    assert 720 * 380 / 180 < of.loc["ltv", "high"] < math.inf


@pytest.mark.parametrize(
    ("margin", "churn", "note"), [("too_few", "", "too_few"), ("", "too_few", "too_few"), ("", "", "")]
)
def test_a_lifetime_value_is_no_better_than_what_it_is_made_of(margin: str, churn: str, note: str) -> None:
    rows = [
        figure("margin_per_customer", 180.0, 18, note=margin),
        figure("churn", 0.25, 0.05, note=churn),
        figure("contact_cost", 20.0, 1.0),
    ]
    notes = found(rows)["note"]
    assert notes[["ltv", "clv_net", "ltv_to_cac"]].tolist() == [note] * 3
    assert notes["cac"] == ""


def test_without_losses_or_cost_of_acquisition_there_is_nothing_to_divide_by() -> None:
    rows = [
        figure("margin_per_customer", 180.0, 18),
        figure("churn", 0.0, 0.05),
        figure("contact_cost", 0, 0),
    ]
    free = Settings.model_validate({"value": {"acquisition_cost": 0}})
    of = found(rows, free)
    assert math.isnan(of.loc["ltv", "value"])
    assert math.isnan(of.loc["ltv_to_cac", "value"])
    assert of.loc["ltv", "note"] == "too_few"
    assert of.loc["clv_net", "value"] == pytest.approx(180 / 0.1)  # for ever: margin / discount


# --- intervals and notes ------------------------------------------------------------------------------


def test_the_interval_of_a_ratio_of_two_sums() -> None:
    """Revenue of the year before 200, 100, 100; lost of it 100, -50, 0: 50 / 400 = 0.125. Off the ratio by
    75, -62.5, -12.5; their squares are 9,687.5, x 3/2; half = 3.182 x sqrt(14,531.25) / 400: Student's
    quantile of three degrees of freedom, the least that are taken."""
    cars = dict.fromkeys("ABC", "2020-01-10")
    before, after = "2025-01-10", "2026-01-10"
    visits: Visits = [("A", before, "repair", 200.0), ("A", after, "repair", 100.0)]
    visits += [("B", before, "repair", 100.0), ("B", after, "repair", 150.0)]
    visits += [("C", before, "repair", 100.0), ("C", after, "repair", 100.0)]
    row = now(tables_of(cars, visits)).loc["revenue_churn"]
    half = 3.182446 * math.sqrt(14531.25) / 400
    assert row[["value", "low", "high"]].tolist() == pytest.approx([0.125, 0.125 - half, 0.125 + half])
    # 400 of revenue, but of three customers.
    assert row["note"] == "too_few"


def test_thirty_are_enough() -> None:
    """Thirty households: forty answers are too few as long as twenty-nine households gave them."""
    surveys = [
        {"customer_id": f"C{n % 30}", "asked_on": f"2026-0{1 + n // 28}-{1 + n % 28:02}", "score": 9}
        for n in range(40)
    ]
    cars = {f"C{n}": "2020-01-10" for n in range(30)}
    tables = tables_of(cars, [("C1", "2026-06-28")], surveys=surveys)
    assert now(tables).loc["nps", "note"] == ""
    people = tables["customers"]
    together = people["household_id"].mask(people["customer_id"].isin(["C0", "C1"]), "C0C1")
    fewer = {**tables, "customers": people.assign(household_id=together)}
    assert now(fewer).loc["nps", ["value", "denominator", "note"]].tolist() == [100.0, 40, "too_few"]


def test_two_repair_orders_of_a_day_are_one_service() -> None:
    """A came on 1 June with two orders, called on 1 May; B came on 2 June and nobody had called."""
    answers = [
        {"contact_id": "K", "attempt": 1, "customer_id": "A", "vehicle_id": "A", "touchpoint": "S1a",
         "outcome": "refused", "said_on": day, "recorded_on": day}
        for day in ("2026-01-02", "2026-05-01")
    ]  # fmt: skip
    answers[1]["attempt"] = 2
    visits: Visits = [("A", "2026-06-01"), ("A", "2026-06-01"), ("B", "2026-06-02")]
    tables = tables_of(dict.fromkeys("AB", "2024-01-10"), visits, outcomes=answers)
    row = now(tables).loc["call_before_visit"]
    assert (row["numerator"], row["denominator"]) == (1, 2)


# --- cohorts, concentration, classes ------------------------------------------------------------------


def test_years_of_ownership_that_are_over_for_the_whole_cohort() -> None:
    """Of 2023: P, and Q bought on 30 June, whose third year ends today. P came twice in its first year, and
    on the first day of its second; Q never. Of 2024: R's second year ends tomorrow, S's is over."""
    cars = {"P": "2023-01-10", "Q": "2023-06-30", "R": "2024-07-01", "S": "2024-06-01"}
    visits: Visits = [("P", "2023-12-01"), ("P", "2024-01-09"), ("P", "2024-01-10"), ("R", "2026-06-29")]
    rows = cohorts(read_book(tables_of(cars, visits), Settings(), AS_OF))
    kept = rows[["cohort", "year_of_ownership", "cars", "came"]].itertuples(index=False, name=None)
    assert list(kept) == [(2023, 1, 2, 1), (2023, 2, 2, 1), (2023, 3, 2, 0), (2024, 1, 2, 0)]
    assert rows["retention"].tolist() == [0.5, 0.5, 0.0, 0.0]
    assert list(rows.columns) == list(COHORTS.names)


def test_the_best_fifth_is_rounded_up_and_eighty_percent_are_reached_not_passed() -> None:
    found = concentration(pd.Series([50.0, 30, 10, 5, 3, 2])).set_index("mark")
    assert (found.loc["best_fifth", "customers"], found.loc["best_fifth", "margin_share"]) == (2, 0.8)
    assert found.loc["most", "customers"] == 2
    assert found.loc["most", "even_share"] == pytest.approx(2 / 6)


def test_classes_of_six_households() -> None:
    """A fifth of six is 1.2: two go first; the half is three. Who is level with the last belongs to it."""
    cars = dict.fromkeys("ABCDEFG", "2020-01-10")
    margins = {"A": 600, "B": 500, "C": 400, "D": 400, "E": 200, "F": 100, "G": 0}
    visits: Visits = [(car, "2026-01-10", "repair", None, float(m)) for car, m in margins.items()]
    found = worth_classes(tables_of(cars, visits), Settings(), AS_OF)
    assert found.to_dict() == {"A": 0, "B": 0, "C": 1, "D": 1, "E": 2, "F": 2, "G": 2}


def test_the_day_itself_counts() -> None:
    """Bought, came, answered, was told and was contacted on 30 June; in none of it on 1 July."""
    for day, counts in (("2026-06-30", 1), ("2026-07-01", 0)):
        said = {"contact_id": "K", "attempt": 1, "customer_id": "A", "vehicle_id": "A", "touchpoint": "S1a"}
        more: dict[str, list[dict[str, object]]] = {
            "surveys": [{"customer_id": "A", "asked_on": day, "score": 9}],
            "outcomes": [{**said, "outcome": "booked", "said_on": day, "recorded_on": day}],
            "contacts": [
                {
                    "contact_id": "K",
                    "customer_id": "A",
                    "channel": "call",
                    "planned_on": day,
                    "status": "done",
                }
            ],
        }
        tables = tables_of({"A": "2026-06-01", "B": day}, [("B", day, "repair", 100.0, 40.0)], **more)
        found = now(tables)
        assert found.loc["active_customers", "numerator"] == 1 + counts
        assert found.loc["nps", "denominator"] == counts
        assert found.loc["reminder_to_booking", "numerator"] == counts
        assert found.loc["contact_cost", "numerator"] == 3 * counts
        assert found.loc["missing_margin", "denominator"] == counts  # also the visit of the purchase day


def test_a_visit_on_the_purchase_day_is_the_customers_and_one_before_it_is_not() -> None:
    for day, margin in (("2026-01-10", 40.0), ("2026-01-09", 0.0)):
        visits: Visits = [("A", day, "repair", 100.0, 40.0), ("B", "2026-02-01", "repair", 100.0, 40.0)]
        tables = tables_of({"A": "2026-01-10", "B": "2026-01-10"}, visits)
        assert value_report(tables, Settings(), AS_OF).customers.loc[0, "margin_total"] == margin


def test_what_the_former_owner_paid_is_no_money_of_this_customer() -> None:
    """The only bill is older than the purchase: what the customer brought is not 0, nobody knows it."""
    tables = tables_of({"A": "2025-01-10"}, [("A", "2025-01-09", "repair", 100.0, 40.0)])
    row = value_report(tables, Settings(), AS_OF).customers.loc[0]
    assert row[["margin_24m", "margin_total", "margin"]].isna().all()


def test_a_bill_without_a_kind_is_of_maintenance_and_one_without_money_of_nothing() -> None:
    rows = bills(owned(tables_of({"A": "2020-01-10"}, [("A", "2026-01-10")]), Settings(), AS_OF))
    assert rows[["customer", "kind", "margin"]].to_numpy().tolist() == [[0, "maintenance", 0.0]]


def test_what_the_car_of_nobody_brought_is_nobodys() -> None:
    tables = tables_of({"A": "2020-01-10", "B": "2020-01-10"}, [("A", "2026-01-10"), ("B", "2026-01-10")])
    tables["vehicles"].loc[0, "customer_id"] = "nobody"
    assert bills(owned(tables, Settings(), AS_OF))["customer"].tolist() == [1]


def test_households_without_margin_make_no_room_in_the_first_classes() -> None:
    """Of the five with any margin the fifth is one, the half three; the other five do not count."""
    cars = dict.fromkeys("ABCDEFGHIJ", "2020-01-10")
    visits: Visits = [(car, "2026-01-10", "repair", None, 100.0 - n) for n, car in enumerate("ABCDE")]
    visits += [(car, "2026-01-10", "repair", None, 0.0) for car in "FGHIJ"]
    found = worth_classes(tables_of(cars, visits), Settings(), AS_OF)
    assert found.tolist() == [0, 1, 1, 2, 2, 2, 2, 2, 2, 2]


def test_the_curve_is_fitted_as_far_as_it_was_seen_and_projected_beyond() -> None:
    """120 cars; 100 came for the first service, 60 of them for the second, nobody for the third."""
    cars = {f"V{n}": "2022-01-10" for n in range(120)}
    visits: Visits = [(f"V{n}", "2023-01-10") for n in range(100)]
    visits += [(f"V{n}", "2024-01-10") for n in range(60)]
    curve = value_report(tables_of(cars, visits), Settings(), AS_OF).curve
    curve = curve[curve["by"].eq("all")].set_index("service_no")
    assert curve.loc[1:3, "at_risk"].tolist() == [120, 100, 60]
    assert curve.loc[0:3, "survived"].tolist() == pytest.approx([1, 100 / 120, 60 / 120, 0])
    assert curve.index[curve["fitted"].notna()].tolist() == [0, 1, 2, 3]
    assert curve.index[curve["projected"].notna()].tolist() == list(range(4, 16))


def test_two_orders_of_one_day_are_no_repeat_purchase() -> None:
    assert example("repeat_rate", {"A": ["2020-01-10", "2026-03-01", "2026-03-01"]}) == "0 / 1"


def test_only_booked_is_booked_and_thirty_days_without_an_answer_are_over_on_the_last_day() -> None:
    said = [("A", "2026-05-31", "busy"), ("A", "2026-06-01", "busy"), ("A", "2026-06-01", "already_called")]
    assert example("reminder_to_booking", {"A": ["2020-01-10"]}, outcomes=said) == "0 / 2"


def test_a_household_without_a_number_is_the_customer_and_silent_members_count() -> None:
    """With a window of 6 months B of October is silent, and its 40 of margin is the household's."""
    visits: Visits = [("A", "2026-06-01", "repair", None, 60.0), ("B", "2025-10-01", "repair", None, 40.0)]
    tables = tables_of(dict.fromkeys("AB", "2020-01-10"), visits)
    short = Settings.model_validate({"value": {"active_window_months": 6, "simple_years": 1}})
    tables["customers"]["household_id"] = "H"
    assert now(tables, short).loc["value_simple_household", ["numerator", "denominator"]].tolist() == [100, 1]
    tables["customers"]["household_id"] = tables["customers"]["household_id"].mask([True, True])
    assert now(tables).loc["value_simple_household", "denominator"] == 2
