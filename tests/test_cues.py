"""What speaks for another car: each kind of evidence alone, who rests, and which cues stay open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.columns import typed
from planner.cycle.cue_weights import WEIGHTS
from planner.cycle.cues import cues, scored
from planner.settings import Settings
from planner.tables import ANSWERS, CUES, CUSTOMERS, FORECASTS, VEHICLES, VISITS

TODAY = date(2026, 1, 5)
Row = dict[str, Any]
ONE = {"customer_id": "C1", "household_id": "H1", "name": "Tom Hill"}
# A car of two years: too young for `months_owned`, too old for the rest after a purchase; two of them in one
# household of one person, so that nothing speaks for a second car either.
CAR = {"vehicle_id": "V1", "customer_id": "C1", "purchased_on": "2024-01-05", "condition": "new"}
OTHER = {**CAR, "vehicle_id": "V2"}


def tables(
    *cars: Row,
    people: Sequence[Row] = (ONE,),
    visits: Sequence[Row] = (),
    answers: Sequence[Row] = (),
    before: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    # A hundred bills of 100, of a car that is nobody's, make the usual bill 100.
    bills = [
        {"visit_id": f"B{n}", "vehicle_id": "X", "visited_on": "2025-06-01", "amount": 100} for n in range(99)
    ]
    found = {
        "customers": typed(pd.DataFrame(people), CUSTOMERS),
        "vehicles": typed(pd.DataFrame(cars), VEHICLES),
        "visits": typed(pd.DataFrame([*bills, *visits]), VISITS),
        "outcomes": typed(pd.DataFrame(answers, columns=ANSWERS.names), ANSWERS),
    }
    return found if before is None else {**found, "cues": before}


def rates(**km_per_month: float) -> pd.DataFrame:
    rows = [{"vehicle_id": car, "service_no": 1, "km_per_month": km} for car, km in km_per_month.items()]
    return typed(pd.DataFrame(rows, columns=FORECASTS.names), FORECASTS)


def odometers(**km: float) -> pd.DataFrame:
    rows = [{"vehicle_id": car, "odometer_km": float(at), "read_on": TODAY} for car, at in km.items()]
    frame = pd.DataFrame(rows, columns=["vehicle_id", "odometer_km", "read_on"])
    return frame.astype({"vehicle_id": "str", "odometer_km": "float64", "read_on": "datetime64[us]"})


def seen(
    found: dict[str, pd.DataFrame], on: date = TODAY, **more: Any
) -> dict[tuple[str, str], tuple[str, float]]:
    """(kind, vehicle) -> (evidence, score) of everything for which anything speaks."""
    made = scored(found, more.get("services", rates()), more.get("odometers", odometers()),
                  more.get("settings", Settings()), on)  # fmt: skip
    return {(row.kind, row.vehicle_id): (row.evidence, row.score) for row in made.itertuples(index=False)}


def kept(found: dict[str, pd.DataFrame], on: date = TODAY, **more: Any) -> pd.DataFrame:
    return cues(found, more.get("services", rates()), more.get("odometers", odometers()),
                more.get("settings", Settings()), on)  # fmt: skip


# --- Each kind of evidence alone. Scores by hand: ln(b / (1 - b)) + weight, b = 12 / 71.4 / 2 = 0.08403 ---


@pytest.mark.parametrize(
    ("car", "evidence", "score"),
    [
        ({"finance_end_on": "2026-07-24"}, "finance_end=2026-07-24", 0.3124),  # 200 days ahead
        ({"finance_end_on": "2026-07-25"}, "", 0),
        ({"finance_end_on": "2025-11-06"}, "finance_end=2025-11-06", 0.3124),  # 60 days ago
        ({"finance_end_on": "2025-11-05"}, "", 0),
        ({"warranty_end_on": "2026-05-01"}, "warranty_end=2026-05-01", 0.1432),
        ({"purchased_on": "2023-07-05"}, "months_owned=30", 0.1152),  # half of the weight: 30 of 24 to 36
        ({"purchased_on": "2023-01-05"}, "months_owned=36", 0.1559),
        ({"purchased_on": "2023-01-06"}, "months_owned=35", 0.1484),
        ({"purchased_on": "2024-01-05"}, "", 0),
        ({"model_year": 2019}, "worth=0.34", 0.1204),  # seven years: 0.8^3 x 0.9^4 = 0.3359
        ({"model_year": 2020}, "", 0),  # six: 0.3732
        ({"finance_end_on": "2026-07-24", "status": "sold"}, "", 0),
        ({"finance_end_on": "2026-07-24", "purchased_on": "2026-01-06"}, "", 0),  # bought tomorrow
    ],
)
def test_dates_of_the_car(car: Row, evidence: str, score: float) -> None:
    found = seen(tables({**CAR, **car}, OTHER))
    assert found.get(("next_car", "V1"), ("", 0)) == (evidence, pytest.approx(score, abs=6e-5))


@pytest.mark.parametrize(
    ("limit", "evidence"),
    [
        # 30,000 km now, 1,000 a month, contract until 5 July 2026: 181 days are 5.95 months, 35,947 km.
        (32_000, "km_over=3900"),
        (32_700, ""),  # 3,247 km over are less than a tenth of it
    ],
)
def test_km_over_the_contract(limit: int, evidence: str) -> None:
    car = {**CAR, "finance_end_on": "2027-01-05", "finance_km_limit": limit}
    found = seen(tables({**car, "finance_end_on": "2026-07-05"}, OTHER), services=rates(V1=1000, V2=1000),
                 odometers=odometers(V1=30_000), settings=Settings(cues={"near_days": 0}))  # fmt: skip
    assert found.get(("next_car", "V1"), ("", 0))[0] == evidence


@pytest.mark.parametrize(
    ("visits", "evidence"),
    [
        ([("repair", "2025-03-01", 10, 150)], "declined=150"),
        ([("repair", "2025-03-01", 10, 149)], ""),
        ([("repair", "2025-01-05", 10, 150)], ""),  # a year ago to the day: too long
        ([("maintenance", "2025-03-01", 10, 80), ("tyres", "2025-09-01", 10, 70)], "declined=150"),
        ([("repair", "2025-03-01", 300, None)], "repairs=300"),
        ([("repair", "2025-03-01", 299, None)], ""),
        ([("body", "2025-03-01", 3000, None)], ""),
        ([("repair", "2026-01-06", 3000, 3000)], ""),  # tomorrow
    ],
)
def test_money_at_the_workshop(visits: list[tuple[str, str, float, float | None]], evidence: str) -> None:
    rows = [
        {
            "visit_id": f"R{n}",
            "vehicle_id": "V1",
            "kind": kind,
            "visited_on": on,
            "amount": paid,
            "declined_amount": no,
        }
        for n, (kind, on, paid, no) in enumerate(visits)
    ]
    assert seen(tables(CAR, OTHER, visits=rows)).get(("next_car", "V1"), ("", 0))[0] == evidence


PARTNER = {"customer_id": "C2", "household_id": "H1", "name": "Ann Weber"}


@pytest.mark.parametrize(
    ("people", "cars", "km", "evidence", "score"),
    [
        ([ONE, PARTNER], [CAR], 1000, "drivers=2;single_car=1", 0.3367),
        ([ONE, {**PARTNER, "name": "Hill, Tom"}], [CAR], 1000, "single_car=1", 0.0774),  # one person twice
        ([ONE, PARTNER], [CAR, OTHER], 1000, "", 0),
        (
            [ONE, PARTNER, {**PARTNER, "customer_id": "C3", "name": "Eva Hill"}],
            [CAR, OTHER],
            1000,
            "drivers=3",
            0.2013,
        ),
        ([ONE], [CAR], 2000, "km_year=24000;single_car=1", 0.3147),  # 1.6 x 15,000
        ([ONE], [CAR], 1999, "single_car=1", 0.0774),
        ([ONE], [CAR, OTHER], 5000, "", 0),
        ([ONE, {**PARTNER, "household_id": "H2"}], [CAR], 1000, "single_car=1", 0.0774),
    ],
)
def test_a_second_car(people: list[Row], cars: list[Row], km: float, evidence: str, score: float) -> None:
    found = seen(tables(*cars, people=people), services=rates(V1=km, V2=km))
    assert found.get(("second_car", "V1"), ("", 0)) == (evidence, pytest.approx(score, abs=6e-5))


def test_the_weightiest_comes_first() -> None:
    car = {
        **CAR,
        "purchased_on": "2023-01-05",
        "warranty_end_on": "2026-01-05",
        "finance_end_on": "2026-01-05",
    }
    assert (
        seen(tables(car))["next_car", "V1"][0]
        == "finance_end=2026-01-05;months_owned=36;warranty_end=2026-01-05"
    )


# --- Who rests, what was said, what stays open ---

ENDING = {**CAR, "purchased_on": "2022-01-05", "finance_end_on": "2026-03-05"}


def answer(outcome: str, on: str, **more: Any) -> Row:
    return {"contact_id": "V1/F1", "attempt": 1, "customer_id": "C1", "vehicle_id": "V1", "outcome": outcome,
            "said_on": on, **more}  # fmt: skip


@pytest.mark.parametrize(("bought", "is_open"), [("2025-01-06", False), ("2025-01-05", True)])
def test_who_has_bought_a_car_rests_for_a_year(bought: str, is_open: bool) -> None:
    made = kept(tables(ENDING, {**OTHER, "purchased_on": bought}))
    assert (made["kind"] == "next_car").any() == is_open


def test_a_household_that_wants_no_contact_has_no_cue() -> None:
    people = [ONE, {**PARTNER, "do_not_contact": "yes"}]
    assert kept(tables(ENDING, people=people)).empty
    assert len(kept(tables(ENDING, people=[ONE])))


def test_interest_opens_a_cue_at_once_with_the_top_score() -> None:
    made = kept(tables(CAR, answers=[answer("interest_second_car", "2026-01-04")]))
    assert made[["kind", "score", "evidence"]].iloc[0].tolist() == [
        "second_car", 1.0, "asked=2026-01-04;single_car=1"
    ]  # fmt: skip
    assert made["expected_on"].iloc[0] == pd.Timestamp(2026, 2, 3)


@pytest.mark.parametrize(
    ("on", "bought", "is_open"),
    [
        ("2025-07-09", None, True),  # 180 days ago
        ("2025-07-08", None, False),
        ("2026-01-06", None, False),  # tomorrow
        ("2025-12-01", "2025-12-02", False),  # and has bought one since
        ("2025-12-01", "2025-11-30", True),
    ],
)
def test_how_long_an_answer_counts(on: str, bought: str | None, is_open: bool) -> None:
    cars = [CAR] if bought is None else [CAR, {**OTHER, "purchased_on": bought}]
    assert len(kept(tables(*cars, answers=[answer("interest_second_car", on)]))) == is_open


@pytest.mark.parametrize("status", ["active", "sold"])
def test_a_sold_car_asks_for_the_next(status: str) -> None:
    made = kept(tables({**CAR, "status": status}, answers=[answer("sold_car", "2026-01-04")]))
    assert made[["kind", "vehicle_id", "evidence"]].values.tolist() == [
        ["next_car", "V1", "sold_car=2026-01-04"]
    ]
    assert made["score"].iloc[0] == pytest.approx(0.8336, abs=6e-5)


def test_one_cue_a_household_and_kind() -> None:
    later = {**ENDING, "vehicle_id": "V2", "finance_end_on": "2026-06-05", "warranty_end_on": "2026-06-05"}
    made = kept(tables(ENDING, later))
    assert made[["kind", "vehicle_id"]].values.tolist() == [["next_car", "V2"]]


def test_a_cue_keeps_its_day_its_contact_and_stays_a_little_below_the_threshold() -> None:
    first = kept(tables({**CAR, "finance_end_on": "2026-03-05"}, OTHER))  # 0.3124
    stored = first.assign(contact_id="V1/F1")
    week_later = date(2026, 1, 12)
    for least, stays in ((0.36, True), (0.37, False)):
        found = tables({**CAR, "finance_end_on": "2026-03-05"}, OTHER, before=stored)
        made = kept(found, week_later, settings=Settings(cues={"min_score": least}))
        assert len(made) == stays
        if stays:
            assert made["opened_on"].iloc[0] == pd.Timestamp(TODAY)
            assert made["contact_id"].iloc[0] == "V1/F1"
            assert made["score"].iloc[0] == first["score"].iloc[0]
    fresh = kept(
        tables({**CAR, "finance_end_on": "2026-03-05"}, OTHER), settings=Settings(cues={"min_score": 0.36})
    )
    assert fresh.empty


def test_no_vehicles_no_cues() -> None:
    none = tables(CAR)
    none["vehicles"] = none["vehicles"].head(0)
    assert kept(none).equals(typed(pd.DataFrame(), CUES))


days_of = st.dates(date(2018, 1, 1), date(2027, 12, 31)).map(str)
cars_of = st.fixed_dictionaries(
    {
        "customer_id": st.sampled_from(["C1", "C2", "C3"]),
        "purchased_on": days_of,
        "status": st.sampled_from(["active", "sold", None]),
        "finance_end_on": st.none() | days_of,
        "warranty_end_on": st.none() | days_of,
    }
)
PEOPLE = [ONE, PARTNER, {"customer_id": "C3", "household_id": "H3", "name": "Ola Berg"}]


@settings(deadline=None)  # the first example pays for imports
@given(st.lists(cars_of, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_whatever_the_rows(rows: list[Row], shuffle: Any) -> None:
    rows = [{**row, "vehicle_id": f"V{n}"} for n, row in enumerate(rows)]
    rates_of = rates(**{row["vehicle_id"]: 1500.0 for row in rows})
    made = kept(tables(*rows, people=PEOPLE), services=rates_of)
    assert not made.duplicated(["household_id", "kind"]).any()
    assert made["score"].between(Settings().cues.min_score, 1).all()
    assert (made["expected_on"] >= pd.Timestamp(TODAY)).all()
    here = {
        row["vehicle_id"] for row in rows if row["status"] != "sold" and row["purchased_on"] <= str(TODAY)
    }
    assert set(made["vehicle_id"]) <= here
    again = list(rows)
    shuffle.shuffle(again)
    pd.testing.assert_frame_equal(made, kept(tables(*again, people=PEOPLE[::-1]), services=rates_of))
    # A week later, with nothing new, whatever was open and still counts has kept its first day.
    later = kept(tables(*rows, people=PEOPLE, before=made), date(2026, 1, 12), services=rates_of)
    both = made.merge(later, on=list(CUES.key))
    assert (both["opened_on_x"] == both["opened_on_y"]).all()


def test_the_page_tells_the_weights_that_hold() -> None:
    page = (Path(__file__).parents[1] / "docs" / "cues.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \|.*?\| ([\d.]+) \| [^|]*\|$", page, flags=re.M))
    assert {code: float(weight) for code, weight in told.items()} == WEIGHTS
