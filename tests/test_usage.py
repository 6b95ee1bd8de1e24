"""How many km a car drives, and where its odometer stands."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.speed import plain_rates
from planner.forecast.screen import Readings
from planner.forecast.usage import Usage, estimate, with_start
from tests.cars import cars, isos, readings, run, visits

MONTH = 30.4375


def rate(result) -> tuple[float, str]:
    first = result.services.iloc[0]
    return first["km_per_month"], first["rate_source"]


# Hand computed: 365 days and 18,000 km are 18000 / 365 * 30.4375 = 1501.03 km a month;
# w = 0.2025 / (0.2025 + 0.04 * sqrt(365 / 365)) = 0.83505; exp(w ln 1501.03 + (1 - w) ln 1000) = 1403.8.
@pytest.mark.parametrize(
    ("car", "read", "expected"),
    [
        pytest.param({"monthly_km": 1000}, [], (1000, "declared"), id="only what the customer states"),
        pytest.param({}, [], (1250, "default"), id="nothing is known"),
        pytest.param({"monthly_km": 0}, [], (1250, "default"), id="a stated 0 says nothing"),
        pytest.param({"monthly_km": 29_000}, [], (20_000, "declared"), id="absurd: clipped"),
        pytest.param(
            {"monthly_km": 1000},
            [("2023-01-01", 0), ("2024-01-01", 18_000)],
            (1403.8, "observed"),
            id="a year",
        ),
        pytest.param(
            # w = 0.2025 / (0.2025 + 0.04 * sqrt(365 / 40)) = 0.62629; observed 1200 / 40 * 30.4375 = 913.1
            {"monthly_km": 1000},
            [("2023-01-01", 0), ("2023-02-10", 1_200)],
            (944.7, "observed"),
            id="40 days",
        ),
        pytest.param(
            # Two quarters, 600 and 5,400 km: ln(rate) is 5.3128 and 7.5100, 1.0986 off their mean, so
            # unrest = 2 * sqrt(90 / 365) * 1.0986^2 = 1.19865, with one change. The fleet is this car and
            # 30 of the default: s^2 = (30 * 0.04 + 1.19865) / 31 = 0.077376; of this driver
            # s^2 = (4 * 0.077376 + 1.19865) / 5 = 0.301631.
            # w = 0.2025 / (0.2025 + 0.301631 * sqrt(365 / 180)) = 0.32037. Observed: the second quarter
            # weighs 1 - 0.5^(1/2) = 0.2929, the first 0.2071: 37.91 km a day, 1153.8 a month.
            {"monthly_km": 500},
            [("2023-01-01", 0), ("2023-04-01", 600), ("2023-06-30", 6_000)],
            (653.6, "declared"),
            id="a driver without rhythm: what he says weighs more",
        ),
        pytest.param(
            {"monthly_km": 1000},
            [("2023-01-01", 0), ("2023-01-30", 9_000)],
            (1000, "declared"),
            id="29 days: no rate",
        ),
        pytest.param(
            # the odometer stands still: 50 km a month is the least; exp(w ln 50 + (1 - w) ln 1250) = 85.0
            {},
            [("2023-01-01", 10), ("2024-01-01", 10)],
            (85.0, "observed"),
            id="parked",
        ),
        pytest.param(
            {}, [("2024-01-01", 18_000)], (1456.4, "observed"), id="a new car starts with 0 km"
        ),  # exp(w ln 1501.03 + (1 - w) ln 1250)
        pytest.param(
            {"condition": "used"}, [("2024-01-01", 18_000)], (1250, "default"), id="a used car does not"
        ),
        pytest.param(
            {"condition": ""}, [("2024-01-01", 18_000)], (1456.4, "observed"), id="blank, plausible from 0"
        ),
        pytest.param(
            {"condition": ""}, [("2024-01-01", 98_000)], (1250, "default"), id="blank, not plausible from 0"
        ),
    ],
)
def test_rate_by_hand(car, read, expected) -> None:
    vehicles = cars({"purchased_on": "2023-01-01", "condition": "new", **car})
    vehicles["condition"] = vehicles["condition"].replace("", np.nan)
    km, source = rate(run(vehicles, read=readings(*read), as_of="2024-01-01"))
    assert (km, source) == (pytest.approx(expected[0], abs=0.05), expected[1])


def test_readings_of_visits_and_calls_count_alike() -> None:
    vehicles = cars({"purchased_on": "2023-01-01", "odometer_at_purchase_km": 30_000})
    seen = visits(("2023-07-01", 39_000, "repair"))
    read = readings(("2024-01-01", 48_000))
    result = run(vehicles, seen, read, as_of="2024-01-01")
    # 49.72 km a day for 181 days, then 48.91 for 184, which weigh 1 - 0.5^(184/180) = 0.508 against 0.247:
    # 49.18. Two steps of about one pace: s^2 = (4 * 30 * 0.04 / 31 + 0.0001) / 5 = 0.0310, so w = 0.8673.
    assert rate(result) == (pytest.approx(1461.5, abs=0.05), "observed")
    assert result.odometers.to_numpy().tolist() == [["CAR", 48_000.0, pd.Timestamp("2024-01-01")]]


def test_a_new_car_starts_with_0_km_unless_its_first_day_is_read() -> None:
    bought = ("2023-01-02", "2023-01-01", "2022-06-01", "2023-01-01")
    condition = ("new", "new", "new", "used")
    vehicles = cars(
        *(
            {"vehicle_id": name, "purchased_on": on, "condition": state}
            for name, on, state in zip("ABCD", bought, condition, strict=True)
        )
    )
    first = date(2023, 1, 1)  # the day before the purchase of A, on which nobody could read it
    started = with_start(vehicles, known([[(first, 0.0)], [(first, 7.0)], [(first, 7.0)], []]))
    pairs = list(
        zip(started.car.tolist(), started.day.astype(str).tolist(), started.km.tolist(), strict=True)
    )
    assert pairs == [(0, "2023-01-01", 0), (1, "2023-01-01", 7), (2, "2022-06-01", 0), (2, "2023-01-01", 7)]


def test_a_silent_car_drives_like_its_model_then_like_the_fleet() -> None:
    known = [
        {"vehicle_id": f"{model}{number}", "model": model, "purchased_on": "2023-01-01", "condition": "new"}
        for model in ("Alpha", "Beta")
        for number in range(8 if model == "Alpha" else 4)
    ]
    # 12,000 km a year for each Alpha, 24,000 for each Beta: of 12 cars the median is an Alpha's
    read = pd.concat(
        readings(("2024-01-01", 12_000 if car["model"] == "Alpha" else 24_000), vehicle_id=car["vehicle_id"])
        for car in known
    )
    silent = [
        {"vehicle_id": "x-alpha", "model": " ALPHA", "purchased_on": "2024-01-01"},
        {"vehicle_id": "x-beta", "model": "Beta", "purchased_on": "2024-01-01"},
        {"vehicle_id": "x-none", "purchased_on": "2024-01-01"},
    ]
    services = run(cars(*known, *silent), read=read, as_of="2024-01-01").services
    first = services.drop_duplicates("vehicle_id").set_index("vehicle_id")
    assert first.loc["x-alpha", "rate_source"] == "model"
    assert first.loc[["x-beta", "x-none"], "rate_source"].tolist() == ["fleet", "fleet"]
    assert first.loc["x-alpha", "km_per_month"] == pytest.approx(12_000 / 365 * MONTH, abs=0.05)


def test_seven_cars_are_no_fleet() -> None:
    known = [{"vehicle_id": f"V{n}", "purchased_on": "2023-01-01", "condition": "new"} for n in range(7)]
    read = pd.concat(readings(("2024-01-01", 24_000), vehicle_id=car["vehicle_id"]) for car in known)
    silent = {"vehicle_id": "x", "purchased_on": "2024-01-01"}
    services = run(cars(*known, silent), read=read, as_of="2024-01-01").services
    assert services.set_index("vehicle_id").loc["x", "rate_source"].iloc[0] == "default"


def test_latest_credible_odometer_of_each_car() -> None:
    vehicles = cars(
        *({"vehicle_id": name, "purchased_on": "2023-01-01", "condition": "used"} for name in "ABC")
    )
    read = pd.concat(
        [
            readings(("2023-05-01", 9_000), ("2023-05-01", 9_100), ("2023-09-01", 90), vehicle_id="A"),
            readings(("2023-02-01", 500), ("2023-03-01", 700), vehicle_id="C"),
        ]
    )
    latest = run(vehicles, read=read, as_of="2024-01-01").odometers
    assert latest["vehicle_id"].tolist() == ["A", "C"]
    assert latest["odometer_km"].tolist() == [9_100, 700]
    assert isos(latest["read_on"]) == ["2023-05-01", "2023-03-01"]


class TestOdometerOfAnyDay:
    """One car: 1,000 km on 11 January 2024, 2,000 on the 21st, then 304.375 km a month (10 a day)."""

    usage = Usage(
        Readings(
            np.array([0, 0]),
            np.array(["2024-01-11", "2024-01-21"], dtype="datetime64[D]"),
            np.array([1_000.0, 2_000.0]),
            np.zeros(2, dtype="int64"),
        ),
        km_per_month=np.array([304.375, 304.375]),
        level_spread=np.array([0.0, 0.0]),
        own_spread=np.array([0.2, 0.2]),
        weight=np.array([1.0, 0.0]),
        source=np.array(["observed", "default"], dtype=object),
    )

    @pytest.mark.parametrize(
        ("day", "km"),
        [
            ("2024-01-01", 900),  # before: by the rate
            ("2024-01-11", 1_000),
            ("2024-01-16", 1_500),  # between: on the line
            ("2024-01-21", 2_000),
            ("2024-01-31", 2_100),  # after: by the rate
            ("2020-01-01", 0),  # never below 0
        ],
    )
    def test_km_on(self, day: str, km: float) -> None:
        on = self.usage.km_on(np.array([0]), np.array([day], dtype="datetime64[D]"))
        assert on[0] == pytest.approx(km)

    @pytest.mark.parametrize(
        ("km", "day"),
        [
            (900, "2024-01-01"),
            (1_000, "2024-01-11"),
            (1_001, "2024-01-12"),  # within the day: the day on which it is reached
            (1_500, "2024-01-16"),
            (2_000, "2024-01-21"),
            (2_001, "2024-01-22"),
            (2_100, "2024-01-31"),
            (1e12, "NaT"),  # after the year 9999
            (math.nan, "NaT"),
        ],
    )
    def test_day_reached(self, km: float, day: str) -> None:
        assert str(self.usage.day_reached(np.array([0]), np.array([km]))[0]) == day

    def test_a_car_without_any_reading_counts_from_the_day_given(self) -> None:
        car, day = np.array([1]), np.array(["2024-01-01"], dtype="datetime64[D]")
        assert np.isnan(self.usage.km_on(car, day)[0])
        assert str(self.usage.day_after(car, day, np.array([310.0]))[0]) == "2024-02-01"


# Days since 2022 and km since the reading before, and what the customer states.
_steps = st.lists(st.tuples(st.integers(1, 400), st.integers(0, 20_000)), max_size=8)
_fleets = st.lists(st.tuples(st.floats(60, 9_000), _steps), min_size=1, max_size=14)


def as_tables(fleet) -> tuple[pd.DataFrame, Readings, list[list[tuple[date, float]]]]:
    vehicles = cars(
        *(
            {"vehicle_id": f"V{n:02d}", "purchased_on": "2022-01-01", "monthly_km": stated}
            for n, (stated, _) in enumerate(fleet)
        )
    )
    logs = []
    for _, steps in fleet:
        seen: list[tuple[date, float]] = []
        on, at = date(2022, 1, 1).toordinal(), 0.0
        for days, km in steps:
            on, at = on + days, at + km
            seen.append((date.fromordinal(on), at))
        logs.append(seen)
    return vehicles, known(logs), logs


def known(logs: list[list[tuple[date, float]]]) -> Readings:
    pairs = [(car, on, km) for car, seen in enumerate(logs) for on, km in seen]
    return Readings(
        np.array([car for car, _, _ in pairs], dtype="int64"),
        np.array([on for _, on, _ in pairs], dtype="datetime64[D]"),
        np.array([km for _, _, km in pairs], dtype="float64"),
        np.zeros(len(pairs), dtype="int64"),
    )


@settings(max_examples=60, deadline=None)
@given(_fleets)
def test_arrays_agree_with_the_row_by_row_rates(fleet) -> None:
    vehicles, read, logs = as_tables(fleet)
    got = estimate(vehicles, read, 1250.0)
    want = plain_rates(logs, [stated for stated, _ in fleet])
    np.testing.assert_allclose(got.km_per_month, want, rtol=1e-9)
    assert ((got.km_per_month >= 50 * (1 - 1e-9)) & (got.km_per_month <= 20_000 * (1 + 1e-9))).all()


@settings(max_examples=40, deadline=None)
@given(_fleets, st.integers(-20_000, 20_000), st.integers(0, 500_000))
def test_neither_the_calendar_nor_the_odometer_before_counts(fleet, days: int, km: int) -> None:
    vehicles, read, _ = as_tables(fleet)
    moved = Readings(read.car, read.day + days, read.km + km, read.source)
    one, other = estimate(vehicles, read, 1250.0), estimate(vehicles, moved, 1250.0)
    np.testing.assert_allclose(other.km_per_month, one.km_per_month, rtol=1e-7)
    np.testing.assert_allclose(other.spread, one.spread, rtol=1e-7)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(600, 1_400),
            st.lists(st.tuples(st.integers(31, 400), st.floats(20, 60)), max_size=8),
        ),
        min_size=1,
        max_size=14,
    )
)
def test_who_counts_in_other_units_drives_as_much(fleet) -> None:
    """Twice the km, stated and read (all within bounds): twice the rate with the same spread."""
    steady = [(stated, [(days, round(days * rate)) for days, rate in steps]) for stated, steps in fleet]
    vehicles, read, _ = as_tables(steady)
    twice, more = vehicles.assign(monthly_km=vehicles["monthly_km"] * 2), read.km * 2
    one = estimate(vehicles, read, 1250.0)
    other = estimate(twice, Readings(read.car, read.day, more, read.source), 2500.0)
    np.testing.assert_allclose(other.km_per_month, one.km_per_month * 2, rtol=1e-9)
    np.testing.assert_allclose(other.spread, one.spread, rtol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(30, 3_000), st.integers(0, 90_000), st.floats(60, 9_000))
def test_the_rate_lies_between_what_is_seen_and_what_is_stated(span: int, km: int, stated: float) -> None:
    vehicles = cars({"purchased_on": "2010-01-01", "monthly_km": stated})
    days = np.array(["2010-01-01"], dtype="datetime64[D]") + np.array([0, span])
    read = Readings(np.array([0, 0]), days, np.array([0.0, km]), np.zeros(2, dtype="int64"))
    observed = min(max(km / span * MONTH, 50), 20_000)
    got = estimate(vehicles, read, 1250.0).km_per_month[0]
    assert min(observed, stated) * (1 - 1e-9) <= got <= max(observed, stated) * (1 + 1e-9)
