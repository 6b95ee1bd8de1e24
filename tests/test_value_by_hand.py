"""Edges of the value figures, each worked out by hand: windows, dedupes, intervals, credibility, money."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from benchmarks.records import as_table
from planner.settings import Settings
from planner.tables import ANSWERS, CONTACTS, CUSTOMERS, OFFERS, SURVEYS, VEHICLES, VISITS, empty
from planner.value import value_report
from planner.value.bills import bills
from planner.value.book import read_book
from planner.value.classes import worth_classes
from planner.value.cohorts import cohorts
from planner.value.concentration import concentration
from planner.value.expected import expected_values
from planner.value.figures import COHORTS, FIGURES
from planner.value.renewals import losses, renewals
from planner.value.sbg import Fit
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


# --- renewals: 18 months from service to service ------------------------------------------------------

CHAINS = {
    # purchase, services; done, lost, running. A window is over on 30 June 2026 if it began by 30 December
    # 2024 (31 December: 18 months later there is no 31 June).
    "over today": ("2024-12-30", [], 0, True, 0),
    "over tomorrow": ("2025-01-01", [], 0, False, 0),
    "on the last day": ("2022-01-10", ["2023-07-10"], 1, True, 1),
    "a day late": ("2022-01-10", ["2023-07-11"], 0, True, 0),
    "late, then steady": ("2020-01-10", ["2022-01-10", "2023-01-10", "2024-01-10"], 0, True, 2),
    "early, window open": ("2025-06-01", ["2025-12-01"], 0, False, 1),
    "not on the purchase day": ("2024-01-10", ["2024-01-10", "2025-01-10"], 1, False, 1),
    "29 days finish it": ("2022-01-10", ["2023-01-10", "2023-02-08"], 1, True, 1),
    "30 days are another": ("2022-01-10", ["2023-01-10", "2023-02-09"], 2, True, 2),
    "second window over today": ("2024-01-10", ["2024-12-30"], 1, True, 1),
    "came, window over today": ("2024-12-30", ["2025-12-01"], 1, False, 1),
    "came again, all over": ("2020-01-10", ["2021-01-10", "2022-01-10"], 2, True, 2),
}


def test_which_services_each_car_came_for() -> None:
    cars = {name: bought for name, (bought, *_) in CHAINS.items()}
    visits: Visits = [(name, day) for name, (_, listed, *_) in CHAINS.items() for day in listed]
    book = read_book(tables_of(cars, visits), Settings(), AS_OF)
    found = renewals(book)
    for number, (name, (_, _, done, lost, running)) in enumerate(CHAINS.items()):
        got = (int(found.done[number]), bool(found.lost[number]), int(found.running[number]))
        assert got == (done, lost, running), name
    counted = losses(found)
    assert counted.lost.tolist() == [3, 3, 2]
    assert counted.kept.tolist() == [2, 2, 0]


def test_gaps_are_those_in_time_whose_window_is_over() -> None:
    cars = {"A": "2022-01-10", "B": "2025-06-01", "C": "2020-01-10"}
    visits: Visits = [("A", "2023-01-10"), ("A", "2024-01-10"), ("B", "2025-12-01"), ("C", "2022-01-10")]
    # A's two of 365 days; B's window is open until December 2026; C was half a year late.
    assert renewals(read_book(tables_of(cars, visits), Settings(), AS_OF)).gaps.tolist() == [365.0, 365.0]


# --- what is still expected ---------------------------------------------------------------------------


def derl(alpha: float, beta: float, done: int, discount: float) -> float:
    """Sum of S(done + k) / S(done) / (1 + discount)^(k - 1), term by term."""
    left, total = 1.0, 0.0
    for k in range(1, 2000):
        left *= (beta + done + k - 1) / (alpha + beta + done + k - 1)
        total += left / (1 + discount) ** (k - 1)
    return total


ONE_THREE = Fit(1.0, 3.0, 0.0, 100, 20, np.array([1.0]), np.array([3.0]))  # r(1) = 3/4, r(2) = 4/5


def test_what_a_car_is_still_expected_to_bring() -> None:
    """Four gaps: 200, 300, 400, 500 days, 350 on average. As of 30 June 2026 `half` was last seen 400 days
    ago, by when 3 of the 4 had come: r = 4/5 becomes 4/5 x 1/4 / (1 - 4/5 x 3/4) = 1/2."""

    def day(text: str, back: int) -> str:
        return str(np.datetime64(text) - back)

    cars = {f"g{gap}": day("2024-01-01", gap) for gap in (200, 300, 400, 500)}
    visits: Visits = [(name, "2024-01-01", "maintenance", None, 100.0) for name in cars]
    seen = day("2026-06-30", 400)
    cars |= {"half": "2025-01-01", "gone": "2025-06-01", "silent": "2024-12-30"}
    visits.append(("half", seen, "maintenance", None, 100.0))
    tables = tables_of(cars, visits)
    tables["vehicles"]["status"] = tables["vehicles"]["status"].mask(
        tables["vehicles"]["vehicle_id"].eq("gone"), "sold"
    )
    book = read_book(tables, Settings(), AS_OF)
    found = renewals(book)
    assert sorted(found.gaps.tolist()) == [200, 300, 400, 500]
    rows = expected_values(book, found, ONE_THREE).set_index("vehicle_id")
    assert rows.loc["half", "services"] == 1
    assert rows.loc["half", "comes_probability"] == pytest.approx(0.5)
    discount = 1.1 ** (350 / 365.25) - 1
    services = derl(1.0, 3.0, 1, discount) / 0.8 * 0.5
    assert rows.loc["half", "services_expected"] == pytest.approx(services)
    assert rows.loc["half", "value_expected"] == pytest.approx(
        services * rows.loc["half", "margin_per_service"]
    )
    # Sold; and silent for 18 months, to the day: nothing more.
    for name in ("gone", "silent", "g200"):
        assert rows.loc[name, ["comes_probability", "value_expected"]].tolist() == [0.0, 0.0], name
    assert expected_values(book, found, None)["value_expected"].isna().all()


@pytest.mark.parametrize(("start", "days_seen"), [("2022-06-30", 1461), ("2024-12-30", 547)])
def test_a_margin_is_drawn_to_the_mean_by_how_short_a_car_was_seen(start: str, days_seen: int) -> None:
    """Two cars, each seen for Y years, with 10 and 2 visits of 100.

    Of Y = 4: mean = 1,200 / 8 = 150 a year; within = 12 x 100^2 / 8 = 15,000; between = 100^2 - 15,000 x
    2 / 8 = 6,250; k = 2.4; weight = 4 / 6.4 = 0.625: 0.625 x 250 + 0.375 x 150 = 212.5, and 87.5. Of any Y
    k is 0.6 Y, and they are 850 / Y and 350 / Y. No gap is in time and over, so a service is a year away.
    """
    spread = pd.date_range("2025-02-01", "2026-05-01", periods=10).strftime("%Y-%m-%d")
    visits: Visits = [("A", day, "repair", None, 100.0) for day in spread]
    visits += [("B", day, "repair", None, 100.0) for day in ("2025-01-30", "2026-06-30")]
    book = read_book(tables_of({"A": start, "B": start}, visits), Settings(), AS_OF)
    rows = expected_values(book, renewals(book), ONE_THREE)
    years = days_seen / 365.25
    assert rows["margin_per_service"].tolist() == pytest.approx([850 / years, 350 / years])


def test_a_car_that_left_does_not_look_cheap() -> None:
    """Seen until its last visit and 18 months more: B's 2 years and 1.5, not the 8 since its purchase."""
    visits: Visits = [
        ("A", "2019-06-30", "maintenance", None, 400.0),
        ("B", "2020-06-30", "repair", None, 700.0),
    ]
    cars = {"A": "2018-06-30", "B": "2018-06-30"}
    book = read_book(tables_of(cars, visits), Settings(), AS_OF)
    years = [
        (np.datetime64(f"202{n}-12-30") - np.datetime64("2018-06-30")).astype(int) / 365.25 for n in (0, 1)
    ]
    mean = 1100 / sum(years) * 365 / 365.25  # a service after 365 days, A's
    # Single visits tell nothing of the spread between cars: within is larger, and both get the mean.
    rows = expected_values(book, renewals(book), ONE_THREE)
    assert rows["margin_per_service"].tolist() == pytest.approx([mean, mean])


# --- lifetime value -----------------------------------------------------------------------------------


def figure(metric: str, value: float, half: float, **more: object) -> dict[str, object]:
    row = {"metric": metric, "by": "all", "group": "", "value": value, "low": value - half}
    return {**row, "high": value + half, "note": "", **more}


def test_lifetime_values_from_margin_churn_and_cost() -> None:
    """Margin 180, churn a quarter, contacts 20, discount 10%, acquisition 300.

    ltv = 180 / 0.25 = 720; net = 160 x 0.75 / 0.35 - 300 = 42.86; 720 / 300 = 2.4. A year before: 100,
    a half, 10: 200; 90 x 0.5 / 0.6 - 300 = -225. Margin is known to 10% and churn to 20% (standard
    error): on the log scale sqrt(0.01 + 0.04). Of the net value: 18 of 160, and churn by 1/0.75 + 1/0.35.
    """
    z = 1.959964
    rows = [
        figure("margin_per_customer", 180.0, 18 * z, last_year=100.0),
        figure("churn", 0.25, 0.05 * z, last_year=0.5),
        figure("contact_cost", 20.0, 1.0, last_year=10.0),
    ]
    found = derived(as_table(pd.DataFrame(rows), FIGURES), Settings()).set_index("metric")
    assert found["value"].to_dict() == pytest.approx(
        {"ltv": 720.0, "clv_net": 160 * 0.75 / 0.35 - 300, "cac": 300.0, "ltv_to_cac": 2.4}
    )
    assert found.loc[["ltv", "clv_net", "ltv_to_cac"], "last_year"].tolist() == pytest.approx(
        [200.0, -225.0, 200 / 300]
    )
    far = math.exp(z * math.hypot(0.1, 0.2))
    assert found.loc["ltv", ["low", "high"]].tolist() == pytest.approx([720 / far, 720 * far])
    assert found.loc["ltv_to_cac", ["low", "high"]].tolist() == pytest.approx([2.4 / far, 2.4 * far])
    net_far = math.exp(z * math.hypot(18 / 160, 0.05 * (1 / 0.75 + 1 / 0.35)))
    gross = 160 * 0.75 / 0.35
    assert found.loc["clv_net", ["low", "high"]].tolist() == pytest.approx(
        [gross / net_far - 300, gross * net_far - 300]
    )
    assert set(found["note"]) == {""}


@pytest.mark.parametrize(
    ("margin", "churn", "note"), [("too_few", "", "too_few"), ("", "too_few", "too_few"), ("", "", "")]
)
def test_a_lifetime_value_is_no_better_than_what_it_is_made_of(margin: str, churn: str, note: str) -> None:
    rows = [
        figure("margin_per_customer", 180.0, 18, note=margin),
        figure("churn", 0.25, 0.05, note=churn),
        figure("contact_cost", 20.0, 1.0),
    ]
    found = derived(as_table(pd.DataFrame(rows), FIGURES), Settings()).set_index("metric")["note"]
    assert found[["ltv", "clv_net", "ltv_to_cac"]].tolist() == [note] * 3
    assert found["cac"] == ""


def test_without_losses_or_cost_of_acquisition_there_is_nothing_to_divide_by() -> None:
    rows = [
        figure("margin_per_customer", 180.0, 18),
        figure("churn", 0.0, 0.05),
        figure("contact_cost", 0, 0),
    ]
    free = Settings.model_validate({"value": {"acquisition_cost": 0}})
    found = derived(as_table(pd.DataFrame(rows), FIGURES), free).set_index("metric")
    assert math.isnan(found.loc["ltv", "value"])
    assert math.isnan(found.loc["ltv_to_cac", "value"])
    assert found.loc["ltv", "note"] == "too_few"
    assert found.loc["clv_net", "value"] == pytest.approx(180 / 0.1)  # for ever: margin / discount


# --- intervals and notes ------------------------------------------------------------------------------


def test_the_interval_of_a_ratio_of_two_sums() -> None:
    """Revenue of the year before 200, 100, 100; lost of it 100, -50, 0: 50 / 400 = 0.125. Off the ratio by
    75, -62.5, -12.5; their squares are 9,687.5, x 3/2; half = 1.96 x sqrt(14,531.25) / 400."""
    cars = dict.fromkeys("ABC", "2020-01-10")
    before, after = "2025-01-10", "2026-01-10"
    visits: Visits = [("A", before, "repair", 200.0), ("A", after, "repair", 100.0)]
    visits += [("B", before, "repair", 100.0), ("B", after, "repair", 150.0)]
    visits += [("C", before, "repair", 100.0), ("C", after, "repair", 100.0)]
    row = now(tables_of(cars, visits)).loc["revenue_churn"]
    half = 1.959964 * math.sqrt(14531.25) / 400
    assert row[["value", "low", "high"]].tolist() == pytest.approx([0.125, 0.125 - half, 0.125 + half])
    # 400 of revenue, but of three customers.
    assert row["note"] == "too_few"


def test_thirty_are_enough() -> None:
    surveys = [
        {"customer_id": "A", "asked_on": f"2026-0{1 + n // 28}-{1 + n % 28:02}", "score": 9}
        for n in range(30)
    ]
    tables = tables_of({"A": "2020-01-10"}, [("A", "2026-06-28")], surveys=surveys)
    assert now(tables).loc["nps", "note"] == ""
    fewer = {**tables, "surveys": tables["surveys"].iloc[1:]}
    assert now(fewer).loc["nps", ["value", "note"]].tolist() == [100.0, "too_few"]


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
        tables = tables_of({"A": "2026-01-10"}, [("A", day, "repair", 100.0, 40.0)])
        assert value_report(tables, Settings(), AS_OF).customers.loc[0, "margin_total"] == margin


def test_a_bill_without_a_kind_is_of_maintenance_and_one_without_money_of_nothing() -> None:
    rows = bills(tables_of({"A": "2020-01-10"}, [("A", "2026-01-10")]), Settings(), AS_OF)
    assert rows[["customer_id", "household_id", "kind", "margin"]].to_numpy().tolist() == [
        ["A", "A", "maintenance", 0.0]
    ]


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
