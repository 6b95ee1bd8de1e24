"""The synthetic dealership behaves as its assumptions say.

Shares and spreads are worked out here from the exported rows, by other means than the generator's.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from planner.columns import typed
from planner.sample import Sample, make_sample
from planner.sample.assumptions import number, profile
from planner.tables import VEHICLES, VISIT_KINDS, VISITS

END = date(2026, 3, 2)


@pytest.fixture(scope="module")
def large() -> Sample:
    return make_sample(8_000, 3, END)


@pytest.fixture(scope="module")
def cars(large: Sample) -> pd.DataFrame:
    """Clean vehicles beside what is true of them; `private` are those of people, not of companies."""
    cars = typed(large.clean("vehicles"), VEHICLES).merge(large.truth, on="vehicle_id")
    names = large.clean("customers").set_index("customer_id")["name"]
    trades = r"(?:Plumbing|Deliveries|Landscaping|Home Care|Electric)$"
    cars["private"] = ~cars["customer_id"].map(names).str.contains(trades, regex=True)
    return cars


@pytest.fixture(scope="module")
def visits(large: Sample, cars: pd.DataFrame) -> pd.DataFrame:
    """Clean visits, typing errors left out, with their cars and the years that these were owned by then."""
    wrong = large.planted.query("table == 'visits'")["row"] - 2
    visits = typed(large.frames["visits"].drop(index=wrong), VISITS).merge(cars, on="vehicle_id")
    visits["years"] = (visits["visited_on"] - visits["purchased_on"]).dt.days / 365.25
    return visits


# Rows follow from each other


def test_nothing_happened_before_the_purchase_or_after_the_customer_left(visits: pd.DataFrame) -> None:
    assert (visits["visited_on"] > visits["purchased_on"]).all()
    assert (visits["visited_on"] <= visits[["left_on", "sold_on"]].min(axis=1)).all()
    assert (visits["visited_on"].dt.day_of_week != 6).all()  # closed on Sundays


def test_no_car_comes_twice_a_day_for_the_same(visits: pd.DataFrame) -> None:
    assert not visits.duplicated(["vehicle_id", "visited_on", "kind"]).any()


@pytest.mark.parametrize(
    ("odometer", "twice", "place", "typed"),
    [
        ("12345", True, 0.0, "112345"),
        ("12345", True, 0.99, "123455"),
        ("12345", False, 0.5, "1245"),
        ("310000", True, 0.0, "10000"),  # 3310000 no car has driven: an import would refuse the row
        ("10005", False, 0.0, "5"),
        ("7", False, 0.0, "77"),  # a single digit cannot be lost
    ],
)
def test_typing_errors(odometer: str, twice: bool, place: float, typed: str) -> None:
    from planner.sample.visits import _mistyped

    assert _mistyped(odometer, twice, place) == typed


def test_odometers_run_forward_where_nothing_was_mistyped(visits: pd.DataFrame) -> None:
    ordered = visits.sort_values(["vehicle_id", "visited_on"], kind="stable").dropna(subset=["odometer_km"])
    assert (ordered.groupby("vehicle_id")["odometer_km"].diff().dropna() >= 0).all()


# As the assumptions say


def test_cars_a_household(large: Sample, cars: pd.DataFrame) -> None:
    assert len(cars) / cars["household"].nunique() == pytest.approx(1.2, abs=0.04)
    # By phone, as one sees it from outside, it is the same.
    digits = (
        large.clean("customers")
        .set_index("customer_id")["phone"]
        .str.replace(r"\D", "", regex=True)
        .str[-10:]
    )
    by_phone = cars["customer_id"].map(digits).dropna()
    assert len(by_phone) / by_phone.nunique() == pytest.approx(1.2, abs=0.06)


def test_purchases_are_spread_over_eight_years(cars: pd.DataFrame) -> None:
    years = (pd.Timestamp(END) - cars["purchased_on"]).dt.days // 365.25
    first = years[~cars.duplicated("household")]
    share = first.value_counts(normalize=True)
    assert set(share.index) == set(range(8))
    assert share.between(0.09, 0.16).all()


def test_a_few_households_are_companies(cars: pd.DataFrame) -> None:
    sizes = cars[~cars["private"]].groupby("household").size()
    assert sizes.between(*profile("fleet_cars")).all()
    assert len(sizes) / cars["household"].nunique() == pytest.approx(number("fleets"), abs=0.003)
    assert cars[cars["private"]].groupby("household").size().max() <= 3


def test_second_cars_come_about_a_year_after_the_first(cars: pd.DataFrame) -> None:
    private = cars[cars["private"]].sort_values("purchased_on")
    after = (private["purchased_on"] - private.groupby("household")["purchased_on"].transform("min")).dt.days
    in_time = after[after.between(150, 580)]
    old_enough = private.drop_duplicates("household")["purchased_on"] < pd.Timestamp(END) - pd.Timedelta(
        days=580
    )
    assert len(in_time) / old_enough.sum() == pytest.approx(number("second_car"), abs=0.025)
    assert in_time.median() == pytest.approx(number("second_car_after"), abs=20)


def test_usage_between_drivers(cars: pd.DataFrame, visits: pd.DataFrame) -> None:
    """From the odometers: km from purchase to the last visit, where that is two years or more."""
    last = visits[visits["private"]].dropna(subset=["odometer_km", "odometer_at_purchase_km"])
    last = last.sort_values("visited_on").drop_duplicates("vehicle_id", keep="last").query("years > 2")
    rate = np.log((last["odometer_km"] - last["odometer_at_purchase_km"]) / last["years"] / 12)
    assert rate.std() == pytest.approx(number("usage_between_drivers"), abs=0.03)
    assert np.exp(rate.median()) == pytest.approx(number("km_per_month"), rel=0.06)
    assert np.log(cars["km_per_month"][cars["private"]]).std() == pytest.approx(0.45, abs=0.02)


def test_companies_drive_more(cars: pd.DataFrame) -> None:
    usage = cars.groupby("private")["km_per_month"].median()
    assert usage[False] / usage[True] == pytest.approx(number("fleet_usage"), rel=0.15)


def test_buyers_state_their_usage_in_round_figures(cars: pd.DataFrame) -> None:
    said = cars.dropna(subset=["monthly_km"])
    assert (said["monthly_km"] % np.where(said["monthly_km"] < 1_000, 100, 500) == 0).all()
    off = np.log(said["monthly_km"] / said["km_per_month"])
    assert off.std() == pytest.approx(np.hypot(number("monthly_km_error"), 0.1), abs=0.04)


def test_many_financed_buyers_come_again_near_the_end_of_their_contract(cars: pd.DataFrame) -> None:
    again = cars[cars["private"]].dropna(subset=["bought_again_on", "finance_end_on"])
    again = again[(again["bought_again_on"] - again["purchased_on"]).dt.days > 900]  # no second cars
    off = (again["finance_end_on"] - again["bought_again_on"]).dt.days.abs()
    assert len(off) > 300
    assert (off <= 200).mean() > number("next_car_at_finance_end")
    assert (off > 300).mean() > 0.05  # the others take any length


def test_margins_are_shares_of_amounts(visits: pd.DataFrame) -> None:
    share = (visits["margin"] / visits["amount"]).groupby(visits["kind"]).mean()
    for kind, margin in zip(VISIT_KINDS, profile("margin"), strict=True):
        assert share[kind] == pytest.approx(margin, abs=0.02)
    median = visits.groupby("kind")["amount"].median()
    for kind, amount in zip(VISIT_KINDS, profile("amount"), strict=True):
        assert median[kind] == pytest.approx(amount, rel=0.2)


def test_usage_within_a_driver(visits: pd.DataFrame) -> None:
    """The first year of each car, by its odometer, against the long-term usage that is true of it."""
    year = visits.query("0.93 < years < 1.07").drop_duplicates("vehicle_id")
    year = year[year["odometer_at_purchase_km"].notna() & year["odometer_km"].notna()]
    rate = (year["odometer_km"] - year["odometer_at_purchase_km"]) / (year["years"] * 12)
    assert len(year) > 800
    assert np.log(rate / year["km_per_month"]).std() == pytest.approx(
        number("usage_within_driver"), abs=0.015
    )


def test_usage_has_a_season(large: Sample) -> None:
    """Cars that came in twice within three months drove more in summer than in winter."""
    from planner.sample.driving import Driving
    from planner.sample.households import make_households

    homes = make_households(2_000, 1, END)
    driving = Driving(homes, 1, END)
    old = np.flatnonzero(homes.bought_on < np.datetime64("2022-01-01"))

    def driven(start: str, until: str) -> float:
        day = np.datetime64
        return float((driving.km(old, day(until)) - driving.km(old, day(start))).sum())

    month = {2: driven("2023-02-01", "2023-03-01") / 28, 8: driven("2023-08-01", "2023-09-01") / 31}
    season = profile("usage_by_month")
    assert month[8] / month[2] == pytest.approx(season[7] / season[1], rel=0.03)


@pytest.mark.parametrize(("year", "share"), [(1, 0.66), (2, 0.60), (3, 0.55), (4, 0.47)])
def test_services_done_here(year: int, share: float, cars: pd.DataFrame, visits: pd.DataFrame) -> None:
    """Of cars due once a year (not by km) and still owned, those that came within half a year of the day."""
    until = cars["purchased_on"] + pd.Timedelta(days=round((year + 0.5) * 365.25))
    owned = cars[(until <= pd.Timestamp(END)) & (cars["sold_on"] > until) & (cars["km_per_month"] < 1_000)]
    services = visits[visits["kind"] == "maintenance"]
    came = services[(services["years"] - year).abs() <= 0.5]["vehicle_id"]
    assert share == profile("service_here")[year - 1]
    assert owned["vehicle_id"].isin(came).mean() == pytest.approx(share, abs=0.06)


def test_services_come_early_and_late(visits: pd.DataFrame) -> None:
    """The first service of cars due by months: most within a month of the day, on both sides of it."""
    first = visits[(visits["kind"] == "maintenance") & (visits["km_per_month"] < 900)]
    first = first[first["years"] < 1.5].drop_duplicates("vehicle_id")
    late = (first["years"] - 1) * 365.25
    assert late.median() == pytest.approx(365 * number("service_late"), abs=6)
    spread = np.hypot(number("rhythm_between"), number("rhythm_within"))
    assert late.std() == pytest.approx(365 * spread, abs=5)


def test_some_stop_coming_and_some_cars_are_gone(cars: pd.DataFrame) -> None:
    end = pd.Timestamp(END)
    old = cars[cars["purchased_on"] < end - pd.Timedelta(days=4 * 365)]
    left = (old["left_on"] <= old["purchased_on"] + pd.Timedelta(days=4 * 365)).mean()
    assert left == pytest.approx(1 - np.exp(-4 * number("stop_coming")), abs=0.03)
    gone = cars["sold_on"] <= end
    assert cars["status"][gone].isin(["sold", "scrapped"]).mean() == pytest.approx(0.66, abs=0.08)
    assert not cars["status"][~gone].isin(["sold", "scrapped"]).any()


def test_the_truth_tells_the_next_purchase(cars: pd.DataFrame) -> None:
    """Before the end it is the household's next car in the export; after it nobody can know yet."""
    private = cars[cars["private"]].sort_values("purchased_on")
    following = private.groupby("household")["purchased_on"].shift(-1)
    known = following.notna()
    assert known.sum() > 200
    assert (private["bought_again_on"][known] == following[known]).all()
    not_yet = private["bought_again_on"][~known].dropna()
    assert len(not_yet) > 100
    assert (not_yet > pd.Timestamp(END)).all()


@pytest.mark.parametrize(
    ("table", "column", "share"),
    [
        ("customers", "phone", number("phone")),
        ("customers", "email", number("email")),
        ("customers", "birthday", number("birthday")),
        ("vehicles", "monthly_km", number("monthly_km_declared")),
        ("vehicles", "odometer_at_purchase_km", 1 - number("purchase_odometer_missing")),
        ("visits", "odometer_km", 1 - number("odometer_missing")),
        ("visits", "declined_amount", number("declined")),
        ("offers", "redeemed_on", 0.19),  # some would have been after the end, or after they left
    ],
)
def test_columns_are_filled_in_as_often_as_assumed(
    large: Sample, table: str, column: str, share: float
) -> None:
    assert large.clean(table)[column].notna().mean() == pytest.approx(share, abs=0.03)


def test_consents_are_yes_no_and_blank(large: Sample) -> None:
    customers = large.clean("customers")
    for channel, yes, no in zip(
        ("call", "sms", "email", "messenger", "post"),
        profile("consent_yes"),
        profile("consent_no"),
        strict=True,
    ):
        given = customers[f"consent_{channel}"].value_counts(dropna=False, normalize=True)
        assert given["yes"] == pytest.approx(yes, abs=0.03)
        assert given["no"] == pytest.approx(no, abs=0.03)
        assert given.sum() == pytest.approx(1)


def test_people_are_entered_twice_with_another_spelling_and_the_same_phone(large: Sample) -> None:
    customers = large.clean("customers").merge(large.households, on="customer_id")
    customers["digits"] = customers["phone"].str.replace(r"\D", "", regex=True).str[-10:]
    private = customers["household"].nunique()
    born = customers.dropna(subset=["birthday", "digits"])
    twice = born[born.duplicated(["household", "digits", "birthday"], keep=False)]
    assert twice.groupby("household")["name"].nunique().gt(1).all()
    expected = number("duplicates") * number("birthday") * private
    assert twice["household"].nunique() == pytest.approx(expected, rel=0.25)


def test_scores_tell_loyalty(large: Sample) -> None:
    score = large.clean("surveys")["score"].astype("float64")
    assert score.between(0, 10).all()
    assert score.mean() == pytest.approx(number("score"), abs=0.4)
