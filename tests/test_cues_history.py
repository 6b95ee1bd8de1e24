"""What the dealership's own purchases say: who replaced what, the life tables, the rest, the cues."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.cycle.cue_evidence import known
from planner.cycle.cue_history import own_history
from planner.cycle.own_history import (
    EDGES_DAYS,
    SPANS,
    LifeTable,
    additions,
    ahead,
    histories,
    replacements,
)
from planner.settings import Settings
from tests.test_cues import TODAY, Row, answer, kept, odometers, seen, tables

SET = Settings()


def car(name: str, home: str, bought: str, status: str = "active", **more: Any) -> Row:
    return {"vehicle_id": name, "customer_id": home, "purchased_on": bought, "condition": "new",
            "status": status, **more}  # fmt: skip


def people(*cars: Row) -> list[Row]:
    return [
        {"customer_id": home, "household_id": home, "name": f"Tom {home}"}
        for home in dict.fromkeys(row["customer_id"] for row in cars)
    ]


def visit(name: str, on: str) -> Row:
    return {
        "visit_id": f"{name}/{on}",
        "vehicle_id": name,
        "visited_on": on,
        "kind": "maintenance",
        "amount": 100,
    }


def records(*cars: Row, visits: Any = (), **more: Any) -> dict[str, pd.DataFrame]:
    return tables(*cars, people=people(*cars), visits=visits, **more)


def both_tables(found: dict[str, pd.DataFrame]) -> tuple[LifeTable, LifeTable]:
    rows = known(found["customers"], found["vehicles"], TODAY)
    cars = histories(rows, found["visits"], odometers())
    return replacements(cars, rows, found["vehicles"], SET), additions(cars, rows)


# --- Who replaced what, on 5 January 2026 ---


@pytest.mark.parametrize(
    ("first", "visits", "second", "replaced", "left"),
    [
        ({}, [], "2022-01-05", False, "2026-01-05"),  # not marked: kept, and one added
        ({"status": "sold"}, ["2021-12-01"], "2022-01-05", True, "2022-01-05"),
        ({"status": "scrapped"}, [], "2022-01-05", True, "2022-01-05"),
        ({"status": "sold"}, ["2022-03-06"], "2022-01-05", True, "2022-01-05"),  # seen 60 days after
        ({"status": "sold"}, ["2022-03-07"], "2022-01-05", False, "2022-03-07"),  # driven on: one was added
        ({"status": "sold"}, ["2026-01-06"], "2022-01-05", True, "2022-01-05"),  # tomorrow
        ({"status": "sold"}, [], "2026-01-06", False, "2020-01-05"),
    ],
)
def test_which_purchase_took_its_place(
    first: Row, visits: list[str], second: str, replaced: bool, left: str
) -> None:
    found = records(car("V1", "H1", "2020-01-05", **first), car("V2", "H1", second),
                    visits=[visit("V1", on) for on in visits])  # fmt: skip
    rows = known(found["customers"], found["vehicles"], TODAY)
    made = histories(rows, found["visits"], odometers())
    assert made.replaced[0] == replaced
    assert made.left[0].astype("datetime64[D]") == np.datetime64(left)
    assert made.replaces.tolist() == [False, replaced][: len(made.row)]


def test_another_household_replaces_nothing() -> None:
    found = records(car("V1", "H1", "2020-01-05", "sold"), car("V2", "H2", "2022-01-05"))
    rows = known(found["customers"], found["vehicles"], TODAY)
    assert not histories(rows, found["visits"], odometers()).replaced.any()


# --- The life tables, by hand ---


def test_additions_by_hand() -> None:
    _, added = both_tables(
        records(
            car("A1", "A", "2024-01-05"), car("A2", "A", "2025-01-05"),  # 366 days: the fifth quarter
            car("E1", "E", "2020-01-05", "sold"),  # without a car, and waits no longer
            car("B1", "B", "2025-12-06"),  # 30 days and no more by now
            car("C1", "C", "2020-01-05", "sold"), car("C2", "C", "2021-01-05"),  # replaced, not added
            car("D1", "D", "2023-01-05"), car("D2", "D", "2023-01-05"),  # two at once are one purchase
        )
    )  # fmt: skip
    quarter = EDGES_DAYS[1]
    assert added.purchases.sum() == 1
    assert added.purchases[0, 4] == 1
    # One car: A 366 days until the second; B 30; C 366, and 1,826 with the next.
    single = math.exp(0.7)
    first_quarter = (3 * quarter + 30) * single
    assert added.expected[0, 0] == pytest.approx(first_quarter)
    assert added.expected[0].sum() == pytest.approx((366 + 30 + 366 + 1826) * single)
    # Two: A since 5 January 2025, 365 days; D since 5 January 2023, 1,096.
    assert added.expected[1].sum() == pytest.approx(365 + 1096)
    assert added.expected[2].sum() == 0


def test_replacements_by_hand() -> None:
    replaced, _ = both_tables(
        records(
            car("A1", "A", "2020-01-05", "sold"), car("A2", "A", "2021-01-04"),  # 365 days
            # A contract that ends after 250 days is near from the 50th on, and until now, the 100th.
            car("B1", "B", "2025-09-27", finance_end_on="2026-06-04", warranty_end_on="2026-06-04"),
        )
    )  # fmt: skip
    assert replaced.purchases.tolist() == [[0, 0, 0, 1] + [0] * (SPANS - 4)]
    whole = EDGES_DAYS[1] * 2  # A1, A2
    b_first = 50 + (EDGES_DAYS[1] - 50) * math.exp(1.6 + 0.6)
    assert replaced.expected[0, 0] == pytest.approx(whole + b_first)
    b_second = (100 - EDGES_DAYS[1]) * math.exp(1.6 + 0.6)
    assert replaced.expected[0, 1] == pytest.approx(whole + b_second)
    # In its fourth year a car is half way to three years' weight of 0.7: A2, seen for 1,827 days by now.
    tenth = (EDGES_DAYS[10] - EDGES_DAYS[9]) * math.exp(0.7 * 4.5 / 12)  # the middle: 28.5 months
    assert replaced.expected[0, 9] == pytest.approx(tenth)


def erlang(shape: int, x: float) -> float:
    """P(Gamma(shape, 1) <= x), counted in Poisson events: not below x by the time of the last one."""
    return 1 - math.fsum(math.exp(-x) * x**n / math.factorial(n) for n in range(shape))


def test_the_ratio_is_the_nearer_end_of_nine_tenths() -> None:
    table = LifeTable(np.array([[20.0, 0.0, 10.0]]), np.array([[1.0, 1.0, 1.0]]))
    ratio = table.ratio[0]  # expected: 10 each
    assert erlang(22, ratio[0] * 12) == pytest.approx(0.05)
    assert erlang(2, ratio[1] * 12) == pytest.approx(0.95)
    assert ratio[2] == 1
    assert 1 < ratio[0] < 22 / 12
    assert 2 / 12 < ratio[1] < 1


def test_groups_are_drawn_to_all_and_spans_to_their_group() -> None:
    ratio = LifeTable(np.array([[30.0, 30.0], [60.0, 60.0]]), np.array([[1.0, 1.0], [1.0, 1.0]])).ratio
    assert erlang(62, ratio[0, 0] * 92) == pytest.approx(0.95)  # 60 of 90 expected
    assert erlang(122, ratio[1, 0] * 92) == pytest.approx(0.05)
    assert (ratio[:, 0] == ratio[:, 1]).all()  # their spans do not differ


counts = st.lists(st.integers(0, 400), min_size=3, max_size=3)


@given(counts, st.lists(st.floats(0.01, 1e6), min_size=3, max_size=3))
def test_the_ratio_lies_between_none_and_what_was_counted(
    purchases: list[int], expected: list[float]
) -> None:
    table = LifeTable(np.array([purchases], dtype=float), np.array([expected]))
    level = sum(purchases) / sum(expected)
    for ratio, counted, usual in zip(table.ratio[0], purchases, expected, strict=True):
        drawn = (counted + 2) / (usual * level + 2)
        assert min(drawn, 1) - 1e-9 <= ratio <= max(drawn, 1) + 1e-9


def test_nothing_counted_is_nothing_learnt() -> None:
    replaced, added = both_tables(records(car("A1", "A", "2024-01-05")))
    assert (replaced.ratio == 1).all()
    assert (added.ratio == 1).all()


@given(st.integers(0, 20_000), st.integers(0, 400))
def test_ahead_is_the_integral_of_the_days(since: int, near: int) -> None:
    ratio, shape = np.linspace(0.5, 3, SPANS), np.linspace(1, 2, SPANS)
    times, half = ahead(np.array([float(since)]), ratio, shape, near)
    at = np.searchsorted(EDGES_DAYS, np.arange(since, since + max(near, 1)) + 0.5, side="right") - 1
    # A day may lie across an edge.
    assert times[0] == pytest.approx((shape * ratio)[at].sum() / shape[at].sum(), rel=0.05)
    assert since <= half[0] <= since + max(near, 1)


# --- What comes of it: a dealership of which a third take a second car after about a year ---


def second_after_a_year(homes: int = 240) -> list[Row]:
    start = date(2021, 1, 4)
    cars = []
    for n in range(homes):
        bought = start + timedelta(days=3 * n)
        cars.append(car(f"P{n:03}", f"P{n:03}", str(bought)))
        if n % 3 == 0:
            cars.append(car(f"Q{n:03}", f"P{n:03}", str(bought + timedelta(days=340 + n % 50))))
    return cars


def second_car(bought: str, *others: Row, **more: Any) -> pd.DataFrame:
    """The open cue for a second car of somebody who bought his only car then."""
    made = kept(records(car("V1", "H1", bought), *others), **more)
    return made[(made["household_id"] == "H1") & (made["kind"] == "second_car")]


def test_a_second_car_about_a_year_after_is_cued_where_own_history_says_so() -> None:
    others = second_after_a_year()
    made = second_car("2025-04-05", *others)  # nine months ago: inside the rest of a year
    assert made["evidence"].iloc[0].split("=")[0] == "own_second"
    assert made["evidence"].iloc[0].endswith(";single_car=1")
    months = int(made["evidence"].iloc[0].split(";")[0].split("=")[1])
    assert 11 <= months <= 13
    assert made["expected_on"].iloc[0] == pd.Timestamp(2025, 4, 5) + pd.DateOffset(months=months)
    assert second_car("2025-04-05").empty


@pytest.mark.parametrize(
    ("bought", "is_open"),
    [
        ("2025-12-29", False),  # a week ago
        ("2025-07-06", False),  # not half of the rest
        ("2025-07-05", True),
        ("2025-01-20", True),
        ("2024-10-05", False),  # most of those who do have done so
        ("2023-01-05", False),  # when nobody does
    ],
)
def test_the_rest_is_never_shorter_than_half(bought: str, is_open: bool) -> None:
    assert len(second_car(bought, *second_after_a_year())) == is_open


def test_a_longer_rest_of_the_settings_is_kept_by_half() -> None:
    rest = Settings(cues={"rest_months": 20})
    assert second_car("2025-04-05", *second_after_a_year(), settings=rest).empty  # nine of ten months
    assert len(second_car("2025-03-05", *second_after_a_year(), settings=rest))


def test_who_is_asked_is_up_to_the_settings() -> None:
    less = Settings(cues={"own_history_times": 100, "min_score": 0.9})
    assert second_car("2025-04-05", *second_after_a_year(), settings=less).empty


def test_a_few_purchases_change_nothing() -> None:
    ending = car("V1", "H1", "2022-06-05", finance_end_on="2026-03-05")
    quiet = [car(f"P{n}", f"P{n}", f"20{18 + n % 7}-03-05") for n in range(60)]
    few = [car(f"Q{n}", f"P{n}", f"20{19 + n % 7}-03-0{n + 1}") for n in range(3)]
    before, after = seen(records(ending, *quiet)), seen(records(ending, *quiet, *few))
    assert before["next_car", "V1"] == after["next_car", "V1"]
    assert after["next_car", "V1"][0] == "finance_end=2026-03-05;months_owned=43"


def replaced_after_two_years(homes: int = 240) -> list[Row]:
    cars = []
    for n in range(homes):
        bought = date(2019, 1, 7) + timedelta(days=3 * n)
        cars.append(car(f"P{n:03}", f"P{n:03}", str(bought), "sold"))
        cars.append(car(f"Q{n:03}", f"P{n:03}", str(bought + timedelta(days=700 + n % 60))))
    return cars


def test_months_owned_counts_for_no_more_than_own_history_leaves_it() -> None:
    others = replaced_after_two_years()
    young = seen(records(car("V1", "H1", "2024-03-05"), *others))["next_car", "V1"]
    assert young[0] in {"own_replace=24", "own_replace=25"}  # 23 to 25 months
    found = records(car("V1", "H1", "2022-10-05", finance_end_on="2026-03-05"), *others)
    evidence, score = seen(found)["next_car", "V1"]
    assert evidence == "finance_end=2026-03-05"
    # In all they count for the own history, as if the months owned had never been assumed.
    total = math.log(12 / 71.4 / 2 / (1 - 12 / 71.4 / 2)) + 1.6 + 0.7 + math.log(times_of_first(found))
    assert score == pytest.approx(1 / (1 + math.exp(-total)), abs=6e-5)
    assert score < 0.3124  # of the contract alone


def times_of_first(found: dict[str, pd.DataFrame]) -> float:
    rows = known(found["customers"], found["vehicles"], TODAY)
    own = own_history(rows, found["vehicles"], found["visits"], odometers(), SET)
    return float(own["next_car"].times[0])


def test_what_is_little_more_than_usual_counts_but_is_not_told() -> None:
    others, told = replaced_after_two_years(), []
    for bought in pd.date_range("2023-10-05", "2024-12-05", freq="10D"):
        found = records(car("V1", "H1", str(bought.date()), warranty_end_on="2026-03-05"), *others)
        times, (evidence, score) = times_of_first(found), seen(found).get(("next_car", "V1"), ("", 0.0))
        assert ("own_replace" in evidence) == (times >= 1.5)
        if bought.year == 2024:  # no months owned yet: 0.1432 is the score of the warranty alone
            assert (score > 0.1432) == (times > 1)
        told.append((times > 1, times >= 1.5))
    assert {(True, False), (True, True)} <= set(told)


def test_what_he_said_himself_is_not_weighed_against_what_others_do() -> None:
    others = replaced_after_two_years()
    found = records(car("V1", "H1", "2024-12-05"), *others,
                    answers=[answer("sold_car", "2026-01-04", customer_id="H1")])  # fmt: skip
    assert times_of_first(found) < 0.5
    assert seen(found)["next_car", "V1"] == ("sold_car=2026-01-04", pytest.approx(0.8336, abs=6e-5))


def test_an_open_cue_stays_while_own_history_tells() -> None:
    others = second_after_a_year()
    high = Settings(cues={"own_history_times": 100, "min_score": 0.9})
    first = kept(records(car("V1", "H1", "2025-04-05"), *others))
    before = first.assign(contact_id="V1/F1")
    again = kept(
        records(car("V1", "H1", "2025-04-05"), *others, before=before), date(2026, 1, 12), settings=high
    )
    mine = again[again["household_id"] == "H1"]
    assert mine["contact_id"].tolist() == ["V1/F1"]
    assert mine["opened_on"].tolist() == [pd.Timestamp(TODAY)]


rows_of = st.fixed_dictionaries(
    {
        "customer_id": st.sampled_from(["H1", "H2", "H3"]),
        "purchased_on": st.dates(date(1960, 1, 1), date(2027, 12, 31)).map(str),
        "status": st.sampled_from(["active", "sold", None]),
        "finance_end_on": st.none() | st.dates(date(2018, 1, 1), date(2027, 12, 31)).map(str),
    }
)


@settings(deadline=None)
@given(st.lists(rows_of, min_size=1, max_size=9), st.randoms(use_true_random=False))
def test_every_purchase_is_counted_once(rows: list[Row], shuffle: Any) -> None:
    rows = [{**row, "vehicle_id": f"V{n}"} for n, row in enumerate(rows)]
    found = records(*rows)
    replaced, added = both_tables(found)
    by_now = [row for row in rows if row["purchased_on"] <= str(TODAY)]
    homes = {row["customer_id"] for row in by_now}
    purchases = {(row["customer_id"], row["purchased_on"]) for row in by_now}
    # Every purchase but the first of a household took the place of a car, or was added.
    places = known(found["customers"], found["vehicles"], TODAY)
    cars = histories(places, found["visits"], odometers())
    took = {
        (home, day) for home, day, yes in zip(cars.household, cars.bought, cars.replaces, strict=True) if yes
    }
    assert added.purchases.sum() == len(purchases) - len(homes) - len(took)
    assert replaced.purchases.sum() <= sum(row["status"] == "sold" for row in by_now)
    assert (replaced.expected >= 0).all()
    assert (added.expected >= 0).all()
    shuffle.shuffle(rows)
    for one, other in zip((replaced, added), both_tables(records(*rows)), strict=True):
        np.testing.assert_array_equal(one.purchases, other.purchases)
        np.testing.assert_allclose(one.expected, other.expected)
