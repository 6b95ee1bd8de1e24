"""Which odometer readings are believed."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.columns import typed
from planner.forecast.screen import Readings, credible
from planner.tables import MAX_KM_PER_DAY, READINGS
from tests.cars import cars, readings, run, visits

USED = {"purchased_on": "2023-01-01", "condition": "used"}
NEW = {"purchased_on": "2023-01-01", "condition": "new"}


@pytest.mark.parametrize(
    ("car", "read", "set_aside"),
    [
        pytest.param(
            USED, [("2023-01-01", 100), ("2023-06-01", 100), ("2024-01-01", 9_000)], [], id="all fit"
        ),
        pytest.param(
            USED,
            [("2023-01-01", 50_000), ("2023-06-01", 56_000), ("2023-07-01", 5_700), ("2024-01-01", 63_000)],
            [
                (
                    "reading-typo",
                    "5700 km on 2023-07-01 is below the 56000 km on 2023-06-01; 57000 km would fit",
                )
            ],
            id="a digit too few",
        ),
        pytest.param(
            USED,
            [("2023-01-01", 50_000), ("2023-06-01", 560_000), ("2023-07-01", 57_000), ("2024-01-01", 63_000)],
            [
                (
                    "reading-typo",
                    "560000 km on 2023-06-01 is more than a car can have driven since the 50000 km",
                )
            ],
            id="a digit too many",
        ),
        pytest.param(
            USED,
            [("2023-01-01", 50_000), ("2023-12-01", 160_000), ("2024-01-01", 62_000), ("2024-06-01", 70_000)],
            [("reading-typo", "160000 km on 2023-12-01 is above the later 62000 km on 2024-01-01; 60000 km")],
            id="slow enough to be driven, but later readings are lower",
        ),
        pytest.param(
            USED,
            [("2023-01-01", 20), ("2023-01-02", 90_100), ("2023-02-01", 91_000), ("2023-03-01", 92_000)],
            [("reading-speed", "20 km on 2023-01-01 leaves more than a car can drive until the 90100 km")],
            id="the first one is wrong",
        ),
        pytest.param(
            NEW,
            [("2024-01-01", 150_000), ("2025-01-01", 30_000)],
            [("reading-typo", "150000 km on 2024-01-01 is above the later 30000 km on 2025-01-01; 15000 km")],
            id="one against one: 15,000 km a year from new is the likelier",
        ),
        pytest.param(
            NEW | {"odometer_at_purchase_km": 10, "monthly_km": 1_250},
            [("2024-01-01", 15_000), ("2025-01-01", 3_000)],
            [("reading-typo", "3000 km on 2025-01-01 is below the 15000 km on 2024-01-01; 30030 km")],
            id="one against one: nearest to what the customer states",
        ),
        pytest.param(
            USED,
            [("2023-01-01", 50_000), ("2024-01-01", 250_000), ("2024-06-01", 71_000)],
            [("reading-decrease", "250000 km on 2024-01-01 is above the later 71000 km on 2024-06-01")],
            id="one against one in the middle: the usual rate decides",
        ),
        pytest.param(
            USED,
            [("2023-01-01", 50_000), ("2023-03-01", 53_000), ("2023-03-01", 530_000), ("2023-06-01", 56_000)],
            [
                (
                    "reading-typo",
                    "530000 km on 2023-03-01 is more than a car can have driven since the 53000 km",
                )
            ],
            id="two readings of one day",
        ),
        pytest.param(
            USED,
            [("2023-01-01", 80_000), ("2023-02-01", 9_000), ("2023-02-01", 9_000), ("2023-03-01", 82_000)],
            [("reading-decrease", "9000 km on 2023-02-01"), ("reading-decrease", "9000 km on 2023-02-01")],
            id="a reading handed in twice has one vote, and two issues",
        ),
    ],
)
def test_what_cannot_be_true_together_is_set_aside(car, read, set_aside) -> None:
    found = run(cars(car), read=readings(*read), as_of="2025-06-01").issues
    assert found["code"].tolist() == [code for code, _ in set_aside]
    for message, (_, words) in zip(found["message"], set_aside, strict=True):
        assert message.startswith(f"vehicle CAR: {words}")
    assert set(found["source"]) <= {"readings"}


def test_the_issue_names_the_table_and_column_of_the_reading() -> None:
    vehicles = cars(NEW | {"odometer_at_purchase_km": 900_000})
    seen = visits(
        ("2023-06-01", 6_000, "repair"), ("2023-07-01", 70_000, "repair"), ("2023-12-01", 12_000, "other")
    )
    found = run(vehicles, seen, as_of="2024-01-01").issues
    assert found[["source", "column", "code"]].to_numpy().tolist() == [
        ["vehicles", "odometer_at_purchase_km", "reading-decrease"],
        ["visits", "odometer_km", "reading-typo"],
    ]


def test_a_typed_million_makes_nothing_overdue(shared_data: Path) -> None:
    log = pd.read_csv(shared_data / "odometer_logs.csv", parse_dates=["date"])
    log = log[log["vehicle_id"] == "LOG08"]
    assert 1_000_170 in log["odometer_km"].to_numpy()
    typo = log.loc[log["odometer_km"] == 1_000_170, "date"].iloc[0]
    vehicles = cars({"vehicle_id": "LOG08", "purchased_on": log["date"].min(), "condition": "used"})
    read = typed(log.rename(columns={"date": "read_on"}), READINGS)
    serviced = visits(("2021-09-01", None, "maintenance"), vehicle_id="LOG08")
    # On the very day of the typing error, and at the end of the log.
    for as_of in (typo, log["date"].max()):
        result = run(vehicles, serviced, read, as_of=str(as_of)[:10])
        assert result.services["due_on"].iloc[0] > as_of - pd.Timedelta(days=366)
        assert result.odometers["odometer_km"].iloc[0] < 300_000
        assert 1_000 < result.services["km_per_month"].iloc[0] < 5_000
        assert result.services["due_km"].max() < 1_000_000
        assert (
            result.issues["message"].str.contains("1000170 km on 2021-09-29 is more than a car can").sum()
            == 1
        )
        # What followed tells which digit: until then 100070 was as good.
        fitting = "100070" if as_of == typo else "100170"
        assert result.issues["message"].str.contains(f"{fitting} km would fit, a digit less").sum() == 1


def test_real_logs_lose_almost_nothing(shared_data: Path) -> None:
    log = pd.read_csv(shared_data / "odometer_logs.csv", parse_dates=["date"])
    first = log.groupby("vehicle_id")["date"].min()
    vehicles = cars(
        *({"vehicle_id": car, "purchased_on": day, "condition": "used"} for car, day in first.items())
    )
    found = run(
        vehicles, read=typed(log.rename(columns={"date": "read_on"}), READINGS), as_of="2026-12-31"
    ).issues
    assert len(found) < 0.005 * len(log)


# Small numbers of km and days, so that conflicts are frequent.
_readings = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 12)), min_size=1, max_size=7)


@settings(max_examples=40, deadline=None)
@given(st.lists(_readings, min_size=1, max_size=3))
def test_no_larger_consistent_set_exists(fleet: list[list[tuple[int, int]]]) -> None:
    km_of_unit = MAX_KM_PER_DAY * 0.75
    rows = sorted({(car, day, km * km_of_unit) for car, read in enumerate(fleet) for day, km in read})
    car, day, km = (np.array(column) for column in zip(*rows, strict=True))
    known = Readings(car, day.astype("datetime64[D]"), km, np.zeros(len(car), dtype="int64"))
    kept = credible(known, np.full(len(fleet), 40.0), np.full(len(fleet), np.datetime64("NaT", "D")))
    for number in range(len(fleet)):
        mine = [(d, k) for c, d, k in rows if c == number]
        chosen = [(d, k) for (c, d, k), keep in zip(rows, kept, strict=True) if c == number and keep]
        assert _consistent(chosen)
        assert len(chosen) == max(
            len(some)
            for size in range(len(mine) + 1)
            for some in itertools.combinations(mine, size)
            if _consistent(list(some))
        )


def _consistent(read: list[tuple[int, float]]) -> bool:
    pairs = itertools.pairwise(read)
    return all(km0 <= km1 <= km0 + MAX_KM_PER_DAY * (day1 - day0 + 1) for (day0, km0), (day1, km1) in pairs)
