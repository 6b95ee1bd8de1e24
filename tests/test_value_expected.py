"""Which services each car came for, and what it is still expected to bring, worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from planner.settings import Settings
from planner.value.book import Book, read_book
from planner.value.brought import brought
from planner.value.expected import expected_values, relative_error
from planner.value.lifetable import LifeTable, after_a_miss
from planner.value.renewals import Trials, discount_per_service, losses, renewals
from tests.test_value_by_hand import AS_OF, Visits, tables_of

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
    # Those two missed their second service, and only the first of them is old enough to be judged by it.
    "second judged today": ("2023-12-30", ["2024-12-30"], 1, True, 1),
    "two days too young": ("2024-01-01", ["2024-12-30"], 1, True, 1),
}


def test_which_services_each_car_came_for() -> None:
    cars = {name: bought for name, (bought, *_) in CHAINS.items()}
    visits: Visits = [(name, day) for name, (_, listed, *_) in CHAINS.items() for day in listed]
    book = read_book(tables_of(cars, visits), Settings(), AS_OF)
    found = renewals(book)
    for number, (name, (_, _, done, lost, running)) in enumerate(CHAINS.items()):
        got = (int(found.done[number]), bool(found.lost[number]), int(found.running[number]))
        assert got == (done, lost, running), name
    # Thirteen gaps, in days 30, 336, 355, 364, five of 365, three of 366 and one of 546: the slowest tenth
    # wait 366. The second service counts of cars bought by 30 December 2023, 366 days and 18 months ago: of
    # five, two came for it. "second window over today" is too young as well. The third: two, both missed it.
    trials = found.trials
    assert trials.at_risk().tolist() == [12, 5, 2]
    assert trials.kept().tolist() == [9, 2, 0]
    names = list(CHAINS)
    assert sorted(names[car] for car in trials.car[trials.number == 2]) == [
        "29 days finish it", "30 days are another", "came again, all over", "on the last day",
        "second judged today",
    ]  # fmt: skip
    counted = losses(trials)
    assert counted.lost.tolist() == [3, 3, 2, 0]
    assert counted.kept.tolist() == [0, 4, 0, 0]  # 9 came once, 5 of them are judged by the second
    some = losses(trials, np.isin(names, ["over today", "a day late", "second judged today"]))
    assert (some.lost.tolist(), some.kept.tolist()) == ([2, 1, 0, 0], [0, 0, 0, 0])


def test_gaps_are_those_in_time_whose_window_is_over() -> None:
    cars = {"A": "2022-01-10", "B": "2025-06-01", "C": "2020-01-10"}
    visits: Visits = [("A", "2023-01-10"), ("A", "2024-01-10"), ("B", "2025-12-01"), ("C", "2022-01-10")]
    # A's two of 365 days; B's window is open until December 2026; C was half a year late.
    assert renewals(read_book(tables_of(cars, visits), Settings(), AS_OF)).gaps.tolist() == [365.0, 365.0]


# --- what is still expected ---------------------------------------------------------------------------


# Beyond the fourth service the mean of the last three goes on: (10 x 0.8 + 20 x 0.6 + 10 x 0.7) / 40 = 0.675.
SHARES = LifeTable(
    at_risk=np.array([40.0, 10.0, 20.0, 10.0]), comes=np.array([0.5, 0.8, 0.6, 0.7]), covariance=np.eye(4)
)


def after_one_service(discount: float) -> float:
    """Services of a car that came for one, by SHARES: every one that may come, less by each it waits for."""
    left, total = 1.0, 0.0
    for number, share in enumerate([0.8, 0.6, 0.7] + [0.675] * 200):
        left *= share
        total += left / (1 + discount) ** number
    return total


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
    rows = expected_values(book, found, SHARES).set_index("vehicle_id")
    assert rows.loc["half", "services"] == 1
    assert rows.loc["half", "comes_probability"] == pytest.approx(0.5)
    discount = 1.1 ** (350 / 365.25) - 1
    # Who waits longer than 400 days waits 500: the next service is 100 days away.
    services = after_one_service(discount) / 0.8 * 0.5 / 1.1 ** (100 / 365.25)
    assert rows.loc["half", "services_expected"] == pytest.approx(services)
    assert rows.loc["half", "value_expected"] == pytest.approx(
        services * rows.loc["half", "margin_per_service"]
    )
    # Sold; and silent for 18 months, to the day: nothing more.
    nothing = ["comes_probability", "services_expected", "brought_already", "value_expected"]
    for name in ("gone", "silent", "g200"):
        assert rows.loc[name, nothing].tolist() == [0.0] * 4, name
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
    rows = expected_values(book, renewals(book), SHARES)
    years = days_seen / 365.25
    assert rows["margin_per_service"].tolist() == pytest.approx([850 / years, 350 / years])


def test_a_car_that_left_does_not_look_cheap() -> None:
    """No spread of margins a year between cars, so all get the mean a service: 400, A's only one.

    The years in which B and C stayed away are no part of it.
    """
    visits: Visits = [
        ("A", "2019-06-30", "maintenance", None, 400.0),
        ("B", "2020-06-30", "repair", None, 700.0),  # no service followed
    ]
    cars = dict.fromkeys("ABC", "2018-06-30")
    book = read_book(tables_of(cars, visits), Settings(), AS_OF)
    rows = expected_values(book, renewals(book), SHARES)
    assert rows["margin_per_service"].tolist() == pytest.approx([400.0] * 3)


# --- what a service brings, and how well that is known ------------------------------------------------

# A and B are one customer's. Services in time: A 100 on the day and 30 in the wait, then 50; B 60; C 200 and
# 80 in the wait. C's repair after its service and the service that is a day late belong to none.
BROUGHT: Visits = [
    ("A", "2022-05-01", "repair", None, 30.0),
    ("A", "2023-01-10", "maintenance", None, 100.0),
    ("A", "2024-01-10", "maintenance", None, 50.0),
    ("B", "2023-01-10", "maintenance", None, 60.0),
    ("C", "2022-12-31", "repair", None, 80.0),
    ("C", "2023-01-10", "maintenance", None, 150.0),
    ("C", "2023-01-10", "repair", None, 50.0),
    ("C", "2024-07-11", "maintenance", None, 999.0),
    ("C", "2025-02-01", "repair", None, 7.0),
]


def book_of_brought() -> Book:
    tables = tables_of(dict.fromkeys("ABC", "2022-01-10"), BROUGHT)
    owner = tables["vehicles"]["customer_id"]
    tables["vehicles"]["customer_id"] = owner.mask(tables["vehicles"]["vehicle_id"].eq("B"), owner.iloc[0])
    return read_book(tables, Settings(), AS_OF)


def test_what_a_service_brings_and_its_error_by_customer() -> None:
    """130, 50, 60 and 280: mean 130. The first customer's three are 150 below it together, C's 150 above:
    sqrt(150^2 + 150^2) / 520. Car by car it would be sqrt(80^2 + 70^2 + 150^2) / 520."""
    book = book_of_brought()
    found = brought(book, renewals(book))
    assert found is not None
    assert (found.on_the_day, found.between) == pytest.approx((410 / 4, 110 / 4))
    assert found.relative_error == pytest.approx(150 * 2**0.5 / 520)


def test_the_error_of_what_customers_bring_is_that_of_shares_shift_and_margin() -> None:
    """Of one service number that comes for a share p and of a shift s after a miss nothing else is unknown.

    All are new (bought 100 days ago; every wait that was lasted 365 days): the value is in proportion to
    E(p) (1 - F) / (1 - p F) / p with F = 0, so to E(p) = p / (1 - p / (1 + d)); its relative slope by p is
    1 / p + 1 / (1 + d - p).
    """
    old = dict.fromkeys("AB", "2022-01-10")
    visits: Visits = [(car, "2023-01-10", "maintenance", None, 100.0) for car in old]
    new = dict.fromkeys("CD", str(np.datetime64("2026-06-30") - 100))
    book = read_book(tables_of(old | new, visits), Settings(), AS_OF)
    found = renewals(book)
    p, off = 0.7, 0.02
    table = LifeTable(np.array([900.0]), np.array([p]), np.array([[off**2]]))
    d = 1.1 ** (365 / 365.25) - 1
    active = np.array([name in "CD" for name in book.cars["vehicle_id"]])
    expected = off * (1 / p + 1 / (1 + d - p))
    assert relative_error(book, found, table, active) == pytest.approx(expected, rel=1e-3)


def test_cars_that_came_back_after_a_miss_have_a_table_of_their_own() -> None:
    cars = {name: bought for name, (bought, *_) in CHAINS.items()}
    visits: Visits = [(name, day) for name, (_, listed, *_) in CHAINS.items() for day in listed]
    book = read_book(tables_of(cars, visits), Settings(), AS_OF)
    found = renewals(book)
    # Late on 2022-01-10 and then in time twice, and not a third time; late on 2023-07-11 and not again.
    names = list(CHAINS)
    rows = zip(found.again.car.tolist(), found.again.number.tolist(), found.again.came.tolist(), strict=True)
    assert [(names[car], number, came) for car, number, came in rows] == [
        ("a day late", 1, False),
        ("late, then steady", 1, True),
        ("late, then steady", 2, True),
        ("late, then steady", 3, False),
    ]
    assert [names[car] for car in np.flatnonzero(found.came_back)] == ["a day late", "late, then steady"]
    assert after_a_miss(SHARES, found.again, book.owner) == SHARES  # of four nothing is known

    # 100 cars of 50 customers, two each, that do the same: 20 of 50 come. Half as often known as 100 alone.
    same = Trials(np.arange(100), np.ones(100, dtype="int64"), np.repeat(np.arange(50) < 20, 2))
    again = after_a_miss(SHARES, same, np.repeat(np.arange(50), 2))
    assert again.retention[0] == pytest.approx(0.4)
    assert again.shift == pytest.approx(np.log(0.4 / 0.6))
    # Scores: 20 customers 2 x 0.6, 30 customers -2 x 0.4; information 100 x 0.4 x 0.6.
    assert again.shift_off == pytest.approx((20 * 1.2**2 + 30 * 0.8**2 + 0.25) ** 0.5 / 24)


def book_after_misses() -> Book:
    """30 cars that came half a year late, 12 of them once more; R has just come late, C is new.

    Bought or last seen 100 days ago; nobody who came in time had come by then. The services of A and B bring
    100 and 200, those of the 12 bring 150.
    """
    since = str(np.datetime64("2026-06-30") - 100)
    late = [f"L{number:02}" for number in range(30)]
    cars = {"A": "2022-01-10", "B": "2022-01-10", "C": since, "R": "2024-01-10"}
    visits: Visits = [("A", "2023-01-10", "maintenance", None, 100.0)]
    visits += [("B", "2023-01-10", "maintenance", None, 200.0), ("R", since, "maintenance", None, 150.0)]
    visits += [(car, "2020-01-10", "maintenance", None, 150.0) for car in late]
    visits += [(car, "2021-01-10", "maintenance", None, 150.0) for car in late[:12]]
    return read_book(tables_of(cars | dict.fromkeys(late, "2018-01-10"), visits), Settings(), AS_OF)


def test_the_error_of_those_who_came_back_knows_the_shift_and_the_margin() -> None:
    """One share p for all services, q = p with a shift of s log-odds: the value is in proportion to E(q).

    By ln E(q) = ln q - ln(1 - q / (1 + d)) its relative slope by s is q (1 - q) (1 / q + 1 / (1 + d - q)),
    and by p that over p (1 - p).
    """
    book = book_after_misses()
    found = renewals(book)
    p, off = 0.7, 0.02
    table = LifeTable(np.array([900.0]), np.array([p]), np.array([[off**2]]))
    again, d = after_a_miss(table, found.again, book.owner), discount_per_service(book, found)
    q = 12 / 42  # of 30 that came late 12 came in time, and of these none again
    assert again.retention[0] == pytest.approx(q)
    rows = expected_values(book, found, table).set_index("vehicle_id")
    assert rows.loc[["C", "R"], "comes_probability"].tolist() == pytest.approx([p, q])
    of_service = brought(book, found)
    assert of_service is not None
    assert of_service.relative_error > 0
    slope = q * (1 - q) * (1 / q + 1 / (1 + d - q))
    parts = [slope / (p * (1 - p)) * off, slope * again.shift_off, of_service.relative_error]
    active = book.cars.set_index("vehicle_id").index.to_numpy() == "R"
    of_people = np.bincount(book.owner, active).astype(bool)
    assert relative_error(book, found, table, of_people) == pytest.approx(np.hypot.reduce(parts), rel=1e-3)


def test_what_the_wait_has_brought_already_is_not_still_to_come() -> None:
    """A service brings 100 on the day and 73 in the 365 days before; C has waited 100 of them."""
    since = str(np.datetime64("2026-06-30") - 100)
    visits: Visits = [
        ("A", "2023-01-10", "maintenance", None, 100.0),
        ("A", "2022-09-01", "repair", None, 73),
    ]
    book = read_book(tables_of({"A": "2022-01-10", "C": since}, visits), Settings(), AS_OF)
    found = renewals(book)
    table = LifeTable(np.array([900.0]), np.array([0.7]), np.eye(1))
    d = 1.1 ** (365 / 365.25) - 1
    next_one = 0.7 / 1.1 ** (265 / 365.25)
    services = next_one / (1 - 0.7 / (1 + d))
    row = expected_values(book, found, table).set_index("vehicle_id").loc["C"]
    assert row["services_expected"] == pytest.approx(services)
    assert row["value_expected"] == pytest.approx(services * 173 - next_one * 100 / 365 * 73)


def test_the_error_of_a_share_knows_how_it_varies_with_the_rise() -> None:
    """The first share is p = 1/2, the second r has its odds and the rise, here 0. dS(2) = p dr + r dp;
    dr = dp + drise / 4 (r (1 - r) by log-odds, odds are 1): dS = dp + drise / 8. They vary together by 0.3.
    """
    table = LifeTable(np.array([90.0]), np.array([0.5]), np.array([[0.01**2]]), 0.0, 0.04, 0.3 * 0.01 * 0.04)
    off = table.standard_error(lambda of: np.cumprod(of.retention)[1:2].astype("float64"))
    parts = 0.01**2 + (0.04 / 8) ** 2 + 2 * 0.01 * 0.04 / 8 * 0.3
    assert off[0] == pytest.approx(parts**0.5, rel=1e-3)
