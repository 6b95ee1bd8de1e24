"""When services fall due, which number they have, and when the customer is expected."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.columns import empty, typed
from planner.settings import Service, Settings
from planner.tables import FORECASTS, READINGS, VISITS
from tests.cars import cars, isos, new_car, readings, run, visits


def due(result) -> list[str]:
    return isos(result.services["due_on"])


def numbers(result) -> list[int]:
    return result.services["service_no"].tolist()


# Nobody else in the fleet, so that customers are expected on the due day. 12 months or 15,000 km.
@pytest.mark.parametrize(
    ("bought", "monthly_km", "until", "days", "bases"),
    [
        pytest.param(
            "2024-03-11",
            1250,
            "2027-03-20",
            ["2025-03-11", "2026-03-11", "2027-03-11"],
            ["time"] * 3,
            id="the reference case: a year and 15,000 km together",
        ),
        # 15,000 / 2,500 * 30.4375 = 182.6 days, so the 183rd
        pytest.param(
            "2024-03-11", 2500, "2025-06-01", ["2024-09-10", "2025-03-12"], ["km", "km"], id="km come first"
        ),
        # 15,000 / 1,300 * 30.4375 = 351.2 days
        pytest.param("2024-03-11", 1300, "2025-03-01", ["2025-02-26"], ["km"], id="km a little first"),
        pytest.param(
            "2024-02-29",
            500,
            "2028-12-31",
            ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"],
            ["time"] * 4,
            id="29 February",
        ),
        pytest.param("2024-05-31", 500, "2025-05-31", [], [], id="until is not in"),
        pytest.param("2024-05-31", 500, "2025-06-01", ["2025-05-31"], ["time"], id="month end"),
        pytest.param("2024-05-31", 500, "2026-05-31", ["2025-05-31"], ["time"], id="until, a year later"),
        pytest.param("9998-06-30", 500, "9999-12-31", ["9999-06-30"], ["time"], id="the year 9999"),
        pytest.param("9998-12-31", 20_000, "9999-01-20", [], [], id="a short horizon"),
    ],
)
def test_due_days_of_a_car_just_bought(bought, monthly_km, until, days, bases) -> None:
    result = run(new_car(bought, monthly_km), as_of=bought, until=until)
    assert due(result) == days
    assert isos(result.services["expected_on"]) == days
    assert result.services["basis"].tolist() == bases
    assert numbers(result) == list(range(1, len(days) + 1))
    assert result.issues.empty


def test_due_km_is_the_odometer_on_the_due_day() -> None:
    by_km = run(new_car("2024-03-11", 2500, odometer_at_purchase_km=20), as_of="2024-03-11").services
    by_time = run(new_car("2024-03-11", 500, odometer_at_purchase_km=20), as_of="2024-03-11").services
    assert by_km["due_km"].iloc[0] == 15_020
    assert by_time["due_km"].iloc[0] == 20 + round(500 / 30.4375 * 365)


# Bought on 10 January 2022, little driven: 12 months decide.
@pytest.mark.parametrize(
    ("done", "as_of", "history", "first"),
    [
        pytest.param([], "2022-06-01", [], (1, "2023-01-10"), id="not yet serviced"),
        pytest.param(["2023-01-12"], "2023-02-01", [1], (2, "2024-01-12"), id="on time"),
        pytest.param(["2022-11-20"], "2023-02-01", [1], (2, "2023-11-20"), id="early: re-anchors"),
        pytest.param(["2023-06-15"], "2023-07-01", [1], (2, "2024-06-15"), id="late: re-anchors"),
        pytest.param(
            ["2024-01-09"], "2024-02-01", [1], (2, "2025-01-09"), id="a day before two years: the first"
        ),
        pytest.param(
            ["2024-01-10"], "2024-02-01", [2], (3, "2025-01-10"), id="two years: the second, one was missed"
        ),
        pytest.param(
            ["2025-03-01", "2025-03-20"], "2025-04-01", [3, 4], (5, "2026-03-20"), id="twice in a month"
        ),
        pytest.param(
            ["2023-01-12", "2023-01-12"], "2023-02-01", [1], (2, "2024-01-12"), id="two orders of one day"
        ),
        pytest.param(
            ["2022-01-10"], "2022-02-01", [], (1, "2023-01-10"), id="on the day of purchase: no service"
        ),
        pytest.param([], "2023-02-09", [], (1, "2023-01-10"), id="overdue by 30 days"),
        pytest.param(
            [], "2024-01-09", [], (1, "2023-01-10"), id="overdue by nearly a year: the same service"
        ),
        pytest.param(
            [], "2024-01-10", [], (2, "2024-01-10"), id="a whole interval missed: the next number, by time"
        ),
        pytest.param([], "2027-08-01", [], (5, "2027-01-10"), id="five years away"),
        pytest.param(["2023-01-12"], "2026-01-11", [1], (3, "2025-01-12"), id="lost after the first"),
    ],
)
def test_service_numbers_and_anchors(done, as_of, history, first) -> None:
    result = run(new_car("2022-01-10"), visits(*((day, None, "maintenance") for day in done)), as_of=as_of)
    assert result.history["service_no"].tolist() == history
    assert (numbers(result)[0], due(result)[0]) == first
    assert (result.services["expected_on"] >= as_of).all()


def test_months_are_counted_from_purchase_not_stepped(tmp_path: Path) -> None:
    monthly = "make,model,fuel,service,months,km\n,,,maintenance,1,\n"
    result = run(
        new_car("2024-01-31"), as_of="2024-01-31", until="2024-06-01", settings=_with(tmp_path, monthly)
    )
    assert due(result) == ["2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"]


def test_only_maintenance_re_anchors_but_every_visit_gives_a_reading() -> None:
    kinds = ("repair", "warranty", "inspection", "tyres", "body", "other")
    for kind in kinds:
        result = run(new_car("2024-01-10", 500), visits(("2024-07-10", 13_000, kind)), as_of="2024-07-10")
        assert result.history.empty
        assert numbers(result)[0] == 1
        assert result.services["basis"].iloc[0] == "km"  # 13,000 km in half a year
        assert result.services["rate_source"].iloc[0] == "observed"
    blank = visits(("2024-07-10", 13_000, "maintenance")).assign(kind=pd.Series([None], dtype="str"))
    assert run(new_car("2024-01-10"), blank, as_of="2024-07-10").history["service_no"].tolist() == [1]


def test_km_count_from_the_odometer_at_the_anchor() -> None:
    # 20 km a day; serviced at 40,000 km, 15,000 km more take 750 days, so the year decides; at 60 km
    # a day since, 250 days.
    vehicles = cars(
        {"purchased_on": "2022-01-01", "odometer_at_purchase_km": 25_400, "monthly_km": 20 * 30.4375}
    )
    done = ("2024-01-01", 40_000, "maintenance")
    slow = run(vehicles, visits(done), as_of="2024-01-01").services.iloc[0]
    assert (slow["basis"], str(slow["due_on"])[:10]) == ("time", "2025-01-01")
    fast = run(vehicles, visits(done), readings(("2024-07-19", 52_000)), as_of="2024-07-19").services.iloc[0]
    assert (fast["basis"], fast["due_km"]) == ("km", 55_000)


def test_a_limit_that_was_passed_is_due_on_the_day_it_was_passed() -> None:
    # 100 km a day between the readings: 15,000 km on day 150 of 2024
    result = run(new_car("2024-01-01"), read=readings(("2024-07-19", 20_000)), as_of="2024-07-19")
    first = result.services.iloc[0]
    assert (first["basis"], first["due_km"], str(first["due_on"])[:10]) == ("km", 15_000, "2024-05-30")
    assert str(first["expected_on"])[:10] == "2024-07-19"


def test_missing_odometer_at_the_anchor_is_read_from_the_line() -> None:
    vehicles = cars({"purchased_on": "2023-01-01", "odometer_at_purchase_km": 10_000, "condition": "used"})
    known = readings(("2024-01-01", 46_500))  # 100 km a day
    silent = run(
        vehicles, visits(("2023-07-20", None, "maintenance")), known, as_of="2024-01-01"
    ).services.iloc[0]
    assert silent["due_km"] == 10_000 + 100 * 200 + 15_000
    # ... and a wrong one is not taken
    wrong = visits(("2023-07-20", 300, "maintenance"))
    assert run(vehicles, wrong, known, as_of="2024-01-01").services.iloc[0]["due_km"] == silent["due_km"]


def test_a_used_car_without_any_reading_still_gets_its_days() -> None:
    first = run(
        cars({"purchased_on": "2024-01-01", "condition": "used", "monthly_km": 3_000}), as_of="2024-01-01"
    )
    row = first.services.iloc[0]
    # 15,000 / 3,000 * 30.4375 = 152.2 days
    assert (row["basis"], str(row["due_on"])[:10], np.isnan(row["due_km"])) == ("km", "2024-06-02", True)


def test_visits_before_the_purchase_belong_to_someone_else() -> None:
    vehicles = cars({"purchased_on": "2024-01-01", "condition": "used", "monthly_km": 500})
    result = run(
        vehicles,
        visits(("2023-12-01", 90_000, "maintenance")),
        readings(("2023-11-01", 1)),
        as_of="2024-02-01",
    )
    assert result.history.empty
    assert result.odometers.empty
    assert (numbers(result)[0], due(result)[0]) == (1, "2025-01-01")
    assert result.issues[["source", "column", "code"]].to_numpy().tolist() == [
        ["visits", "visited_on", "before-purchase"],
        ["readings", "read_on", "before-purchase"],
    ]


@pytest.mark.parametrize("as_of", ["2024-01-10", "2024-01-11", "2024-02-05", "2024-02-09"])
def test_the_calendar_of_who_is_late_does_not_wander_with_the_day(as_of: str) -> None:
    result = run(new_car("2023-01-10"), as_of=as_of, until="2026-01-01")
    assert due(result) == ["2024-01-10", "2025-01-10"]
    assert numbers(result) == [1, 2]
    assert isos(result.services["awaited_on"]) == due(result)


def test_the_calendar_of_a_lapsed_car_stands_still() -> None:
    days = [
        due(run(new_car("2023-01-31"), as_of=day, until="2028-01-01")) for day in ("2024-03-01", "2024-12-31")
    ]
    assert days[0] == days[1] == ["2024-01-31", "2025-01-31", "2026-01-31", "2027-01-31"]


def test_a_lapsed_car_that_drives_much_skips_what_has_passed_and_keeps_its_numbers() -> None:
    # 3,000 km a month: every 153 days from 2023-01-01; the second has passed on 10 November too.
    result = run(new_car("2023-01-01", 3_000), as_of="2023-11-10", until="2024-07-01")
    assert list(zip(numbers(result), due(result), strict=True)) == [
        (1, "2023-06-03"),
        (3, "2024-04-04"),
    ]


def test_sold_and_scrapped_cars_are_forecast_like_the_others() -> None:
    active = run(new_car("2024-01-01"), as_of="2024-01-01").services
    for status in ("sold", "scrapped"):
        gone = run(new_car("2024-01-01", status=status), as_of="2024-01-01").services
        pd.testing.assert_frame_equal(gone, active)


def test_what_cannot_be_projected_is_an_issue() -> None:
    vehicles = cars(
        {"vehicle_id": "A", "purchased_on": "9999-06-01", "monthly_km": 50},
        {"vehicle_id": "B", "purchased_on": None},
        {"vehicle_id": "C", "purchased_on": "9999-06-01", "monthly_km": 9_000},
        {"vehicle_id": "D", "purchased_on": "9999-12-30"},
    )
    result = run(vehicles, as_of="9999-12-01", until="9999-12-31")
    assert result.services["vehicle_id"].unique().tolist() == ["C"]
    assert sorted(zip(result.issues["code"], result.issues["message"].str[:9], strict=True)) == [
        ("future", "vehicle D"),
        ("no-due-date", "vehicle A"),
        ("no-due-date", "vehicle B"),
    ]


def test_no_cars_give_empty_tables_of_the_right_kind() -> None:
    result = run(cars(), as_of="2024-01-01")
    pd.testing.assert_frame_equal(result.services, empty(FORECASTS))
    assert len(result.history) == len(result.odometers) == len(result.issues) == 0


_days = st.dates(date(2019, 1, 1), date(2026, 12, 31))
_kinds = st.sampled_from(["maintenance", "repair"])
_cars = st.lists(
    st.tuples(
        st.dates(date(2019, 1, 1), date(2023, 12, 31)),
        st.one_of(st.none(), st.floats(0, 30_000)),
        st.one_of(st.none(), st.floats(0, 3_000_000)),
        st.lists(st.tuples(_days, st.one_of(st.none(), st.floats(0, 3_000_000)), _kinds), max_size=5),
        st.lists(st.tuples(_days, st.floats(0, 3_000_000)), max_size=4),
    ),
    min_size=1,
    max_size=4,
)
AS_OF = "2024-06-15"


def _fleet(drawn) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Any cars, visits and readings that the tables allow, past and future."""
    names = [f"V{number}" for number in range(len(drawn))]
    vehicles = cars(
        *(
            {"vehicle_id": name, "purchased_on": bought, "monthly_km": monthly, "odometer_at_purchase_km": km}
            for name, (bought, monthly, km, _, _) in zip(names, drawn, strict=True)
        )
    )
    seen = [visits(*car[3], vehicle_id=name) for name, car in zip(names, drawn, strict=True)]
    read = [readings(*car[4], vehicle_id=name) for name, car in zip(names, drawn, strict=True)]
    return vehicles, typed(pd.concat(seen), VISITS), typed(pd.concat(read), READINGS)


def _same(one, other) -> None:
    for name in ("services", "history", "odometers", "issues"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


@settings(max_examples=15, deadline=None)
@given(_cars, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(drawn, random) -> None:
    tables = _fleet(drawn)
    shuffled = [table.iloc[random.sample(range(len(table)), len(table))] for table in tables]
    _same(run(*tables, as_of=AS_OF), run(*shuffled, as_of=AS_OF))


@settings(max_examples=15, deadline=None)
@given(_cars)
def test_the_future_changes_nothing(drawn) -> None:
    vehicles, seen, read = _fleet(drawn)
    past = run(vehicles, seen[seen["visited_on"] <= AS_OF], read[read["read_on"] <= AS_OF], as_of=AS_OF)
    poison = visits(("2024-06-16", 2_999_999, "maintenance"), ("2024-06-16", 0, "repair"), vehicle_id="V0")
    later = readings(("2024-06-16", 2_999_998), vehicle_id="V0")
    _same(past, run(vehicles, pd.concat([seen, poison]), pd.concat([read, later]), as_of=AS_OF))


def test_a_car_of_tomorrow_changes_nothing_for_the_others() -> None:
    today = {"vehicle_id": "A", "purchased_on": AS_OF}
    tomorrow = {"vehicle_id": "B", "purchased_on": "2024-06-16", "monthly_km": 9_000}
    both = run(cars(today, tomorrow), as_of=AS_OF)
    pd.testing.assert_frame_equal(both.services, run(cars(today), as_of=AS_OF).services)
    assert both.issues["code"].tolist() == ["future"]


@settings(max_examples=25, deadline=None)
@given(_cars)
def test_whatever_the_records_the_forecast_is_in_order(drawn) -> None:
    result = run(*_fleet(drawn), as_of=AS_OF, until="2029-06-15")
    services = result.services
    assert len(services.drop_duplicates("vehicle_id")) == len(drawn)  # every car has its next service
    assert (services["due_on"] < "2029-06-15").all()
    assert (services["low_on"] <= services["expected_on"]).all()
    assert (services["expected_on"] <= services["high_on"]).all()
    assert (services["low_on"] >= AS_OF).all()
    assert services["km_per_month"].between(50, 20_000).all()
    assert not services.drop(columns=["due_km", "return_probability", "records"]).isna().any(axis=None)
    for _, car in services.groupby("vehicle_id"):
        assert car["service_no"].is_monotonic_increasing
        assert car["service_no"].is_unique
        assert car["due_on"].is_monotonic_increasing
        assert car["due_on"].is_unique
        started_anew = result.issues["code"].isin(["reading-replaced", "reading-rollover"]).any()
        assert car["due_km"].isna().all() or car["due_km"].is_monotonic_increasing or started_anew
    for name, car in result.history.groupby("vehicle_id"):
        assert car["service_no"].is_monotonic_increasing
        assert car["service_no"].max() < services.loc[services["vehicle_id"] == name, "service_no"].min()


def _file(folder: Path, text: str) -> Path:
    path = folder / "intervals.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _with(folder: Path, intervals: str) -> Settings:
    _file(folder, intervals)
    return Settings(service=Service(intervals="intervals.csv"), base=folder)
