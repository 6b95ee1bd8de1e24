"""Several kinds of service on one car: hand-computed due days, what is combined, and what is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner.columns import empty
from planner.forecast import Forecast
from planner.forecast.combine import MaintenanceVisits
from planner.settings import Service, Settings
from planner.tables import SERVICE_ITEMS
from tests.cars import cars, run, visits

HEADER = "make,model,fuel,service,months,km,first_months,counted_from\n"
YEARLY = HEADER + ",,,maintenance,12,,,\n"

NEW = {"purchased_on": "2024-01-10", "condition": "new", "monthly_km": 500}
USED = {"purchased_on": "2024-01-10", "condition": "used", "monthly_km": 500}
FIFTY_A_DAY = {"purchased_on": "2024-01-01", "condition": "new", "monthly_km": 50 * 30.4375}

NEW_IN_2020 = NEW | {"purchased_on": "2020-01-10"}

BRAKES = ",,,brake fluid,{},,,\n"
PADS = ",,,brake pads,{},{},,\n"
FIRST_48 = ",,,coolant,{},,48,\n"
INSPECTION = ",,,inspection,24,,36,{}\n"
TYRES = ",,,tyres,,,,season\n"


def forecast_of(
    folder: Path,
    rules: str,
    car: dict[str, object] = NEW,
    *seen: tuple[str, str],
    as_of: str = "2024-01-10",
    until: str = "2029-01-01",
    within: int = 45,
) -> Forecast:
    (folder / "intervals.csv").write_text(YEARLY + rules, encoding="utf-8")
    chosen = Settings(service=Service(intervals="intervals.csv", combine_days=within), base=folder)
    done = visits(*((day, None, kind) for day, kind in seen))
    return run(cars(car), done, as_of=as_of, until=until, settings=chosen)


def times(result: Forecast) -> list[tuple[str, int | None]]:
    """(due day, number of the maintenance that takes it, None: a visit of its own)."""
    rows = zip(result.items["due_on"], result.items["service_no"], strict=True)
    return [(f"{day:%Y-%m-%d}", None if pd.isna(number) else int(number)) for day, number in rows]


OUTSTANDING: dict[str, tuple[str, dict[str, object], list[str], str, tuple[str, int | None]]] = {
    "every second year": (BRAKES.format(24), NEW, [], "2024-01-10", ("2026-01-10", 2)),
    "between two visits": (BRAKES.format(18), NEW, [], "2024-01-10", ("2025-07-10", None)),
    # 600 days of 50 km from 1 January 2024, before 24 months; 1,500 days would be after
    "km first": (PADS.format(24, 30000), FIFTY_A_DAY, [], "2024-01-01", ("2025-08-23", None)),
    "months first": (PADS.format(24, 75000), FIFTY_A_DAY, [], "2024-01-01", ("2026-01-01", 2)),
    "km alone": (PADS.format("", 30000), FIFTY_A_DAY, [], "2024-01-01", ("2025-08-23", None)),
    # Its maintenance was due on the same day, so it was done with it.
    "early": (BRAKES.format(12), NEW, ["2024-11-01"], "2024-11-02", ("2025-11-01", 2)),
    # ... but not before half of the year: 10 January 2024 and 183 of 366 days is 11 July.
    "a repair, not early": (BRAKES.format(12), NEW, ["2024-07-10"], "2024-07-11", ("2025-01-10", None)),
    "half a year early": (BRAKES.format(12), NEW, ["2024-07-11"], "2024-07-12", ("2025-07-11", 2)),
    "late": (BRAKES.format(12), NEW, ["2025-03-01"], "2025-03-02", ("2026-03-01", 2)),
    "due 46 days after": (BRAKES.format(18), NEW, ["2025-05-25"], "2025-05-26", ("2025-07-10", None)),
    "due 45 days after": (BRAKES.format(18), NEW, ["2025-05-26"], "2025-05-27", ("2026-11-26", None)),
    # Due on 10 July 2025: not done half a year before it, done half a year after it.
    "done by the next": (
        BRAKES.format(18),
        NEW,
        ["2024-12-30", "2026-01-05"],
        "2026-02-01",
        ("2027-07-05", None),
    ),
    "skipped: the latest": (BRAKES.format(12), NEW, [], "2026-02-01", ("2026-01-10", 2)),
    "maintenance skipped": (BRAKES.format(24), NEW, [], "2026-01-09", ("2026-01-10", 2)),
    "never seen": (BRAKES.format(24), NEW_IN_2020, [], "2026-06-01", ("2026-01-10", 6)),
    "later the first time": (FIRST_48.format(24), NEW, [], "2024-01-10", ("2028-01-10", 4)),
    "... of a new car": (FIRST_48.format(24), USED, [], "2024-01-10", ("2026-01-10", 2)),
    "... and so on": (FIRST_48.format(24), NEW_IN_2020, [], "2026-06-01", ("2026-01-10", 6)),
    # What an earlier owner did, and what was done for the delivery, does not count.
    "used": (BRAKES.format(24), USED, ["2023-12-01", "2024-01-10"], "2024-02-01", ("2026-01-10", 2)),
}


# Bought on 10 January 2024, a maintenance every 12 months: due on 10 January 2025 if never done.
@pytest.mark.parametrize(("rules", "car", "seen", "as_of", "first"), OUTSTANDING.values(), ids=OUTSTANDING)
def test_the_outstanding_one(tmp_path: Path, rules, car, seen, as_of, first) -> None:
    result = forecast_of(tmp_path, rules, car, *((day, "maintenance") for day in seen), as_of=as_of)
    assert times(result)[0] == first


def test_other_visits_neither_do_it_nor_the_maintenance(tmp_path: Path) -> None:
    seen = [("2025-01-10", kind) for kind in ("repair", "warranty", "inspection", "tyres", "body", "other")]
    result = forecast_of(tmp_path, BRAKES.format(12), NEW, *seen, as_of="2025-01-11")
    assert times(result)[0] == ("2025-01-10", 1)
    assert result.items["done_on"].isna().all()
    assert result.services["service_no"].iloc[0] == 1


def test_where_nothing_is_combined_an_early_maintenance_does_nothing_else(tmp_path: Path) -> None:
    seen = ("2024-11-01", "maintenance")
    result = forecast_of(tmp_path, BRAKES.format(12), NEW, seen, as_of="2024-11-02", within=0)
    assert times(result)[0] == ("2025-01-10", None)


def test_an_inspection_on_the_day_of_purchase_is_part_of_the_delivery(tmp_path: Path) -> None:
    seen = ("2024-01-10", "inspection")
    result = forecast_of(tmp_path, INSPECTION.format("done"), NEW, seen)
    assert times(result)[0][0] == "2027-01-10"
    assert result.items["done_on"].isna().all()


# Due by the law on 10 January 2027 (36 months), then every 24.
@pytest.mark.parametrize(
    ("car", "seen", "as_of", "moves", "stays"),
    [
        pytest.param(NEW, [], "2024-01-10", "2027-01-10", "2027-01-10", id="never"),
        pytest.param(NEW, ["2026-12-01"], "2026-12-02", "2028-12-01", "2029-01-10", id="early"),
        pytest.param(NEW, ["2026-10-12"], "2026-10-13", "2028-10-12", "2029-01-10", id="90 days early"),
        pytest.param(NEW, ["2026-10-11"], "2026-10-12", "2028-10-11", "2027-01-10", id="91 days early"),
        pytest.param(NEW, ["2027-03-01"], "2027-03-02", "2029-03-01", "2029-01-10", id="late"),
        pytest.param(NEW, ["2028-06-01"], "2028-06-02", "2030-06-01", "2029-01-10", id="very late"),
        pytest.param(
            NEW, ["2026-12-01", "2026-12-20"], "2026-12-21", "2028-12-20", "2029-01-10", id="and a retest"
        ),
        pytest.param(NEW, [], "2029-01-09", "2027-01-10", "2027-01-10", id="overdue for years"),
        pytest.param(NEW, [], "2029-01-10", "2029-01-10", "2029-01-10", id="missed: the latest"),
        pytest.param(USED, [], "2024-01-10", "2026-01-10", "2026-01-10", id="used: no first interval"),
        pytest.param(USED, ["2025-05-05"], "2025-05-06", "2027-05-05", "2027-05-05", id="used: the last one"),
    ],
)
def test_inspections_of_the_law(tmp_path: Path, car, seen, as_of, moves, stays) -> None:
    for counted_from, due in (("done", moves), ("purchase", stays)):
        result = forecast_of(
            tmp_path,
            INSPECTION.format(counted_from),
            car,
            *((day, "inspection") for day in seen),
            as_of=as_of,
            until="2033-01-01",
        )
        assert times(result)[0][0] == due, counted_from
        assert result.history.empty  # an inspection is no maintenance
        assert set(result.items["done_on"].dropna()) == {pd.Timestamp(day) for day in seen[-1:]}


def test_a_fixed_calendar_goes_on_with_the_day_of_the_month(tmp_path: Path) -> None:
    car = NEW | {"purchased_on": "2024-01-31"}
    monthly = forecast_of(
        tmp_path, ",,,inspection,1,,2,purchase\n", car, as_of="2024-01-31", until="2024-07-01", within=0
    )
    assert times(monthly) == [
        ("2024-03-31", None), ("2024-04-30", None), ("2024-05-31", None), ("2024-06-30", None)
    ]  # fmt: skip
    counted = forecast_of(tmp_path, ",,,brakes,1,,,\n", car, as_of="2024-01-31", until="2024-05-01", within=0)
    assert times(counted) == [("2024-02-29", None), ("2024-03-31", None), ("2024-04-30", None)]


@pytest.mark.parametrize(
    ("bought", "seen", "as_of", "due"),
    [
        ("2024-06-01", [], "2024-06-01", ["2024-10-15", "2025-04-01", "2025-10-15"]),
        ("2024-04-01", [], "2024-04-01", ["2024-10-15", "2025-04-01", "2025-10-15"]),  # delivered with tyres
        ("2024-11-20", [], "2024-12-31", ["2025-04-01", "2025-10-15"]),
        ("2024-06-01", [], "2024-12-31", ["2024-10-15", "2025-04-01", "2025-10-15"]),  # still outstanding
        ("2024-06-01", [], "2025-01-06", ["2024-10-15", "2025-04-01", "2025-10-15"]),
        ("2024-06-01", [], "2025-01-07", ["2025-04-01", "2025-10-15"]),  # 84 days before the next: lapsed
        ("2024-06-01", ["2024-12-28"], "2024-12-31", ["2025-04-01", "2025-10-15"]),  # late
        ("2024-06-01", ["2024-09-20"], "2024-09-21", ["2025-04-01", "2025-10-15"]),  # early
        ("2024-06-01", ["2025-01-10"], "2025-01-11", ["2025-10-15"]),  # early for 1 April
        ("2024-06-01", ["2025-03-01"], "2025-03-02", ["2025-10-15"]),
        ("2020-06-01", ["2020-10-15"], "2025-05-05", ["2025-04-01", "2025-10-15"]),
    ],
)
def test_tyres_by_season_around_the_end_of_the_year(tmp_path: Path, bought, seen, as_of, due) -> None:
    result = forecast_of(
        tmp_path,
        TYRES,
        NEW | {"purchased_on": bought},
        *((day, "tyres") for day in seen),
        as_of=as_of,
        until="2026-01-01",
        within=0,
    )
    assert [day for day, _ in times(result)] == due


# A maintenance is due on 10 January 2025; 13 months are 31 days later, 11 months 31 days before it.
@pytest.mark.parametrize(
    ("months", "within", "number", "first_on"),
    [
        (13, 31, 1, "2025-01-10"),
        (13, 30, None, "2025-01-10"),
        (11, 31, 1, "2024-12-10"),
        (11, 30, None, "2025-01-10"),
        (12, 1, 1, "2025-01-10"),
        (12, 0, None, "2025-01-10"),
    ],
)
def test_what_falls_due_within_the_days_is_combined(tmp_path: Path, months, within, number, first_on) -> None:
    result = forecast_of(tmp_path, BRAKES.format(months), within=within, until="2025-09-01")
    assert times(result)[0][1] == number
    visit = result.services.iloc[0]
    assert (visit["services"], f"{visit['due_first_on']:%Y-%m-%d}", f"{visit['due_on']:%Y-%m-%d}") == (
        "maintenance, brake fluid" if number else "maintenance",
        first_on,
        "2025-01-10",
    )


def test_a_visit_names_maintenance_first_and_the_rest_by_their_days(tmp_path: Path) -> None:
    rules = ",,,zebra,11,,,\n,,,apple,13,,,\n,,,mango,12,,,\n,,,berry,12,,,\n"
    visit = forecast_of(tmp_path, rules, until="2025-03-01").services.iloc[0]
    assert visit["services"] == "maintenance, zebra, berry, mango, apple"


def test_the_next_time_counts_from_the_visit_that_does_it(tmp_path: Path) -> None:
    # due on 10 February 2025, done with the maintenance of 10 January: the next in 13 months from there
    result = forecast_of(tmp_path, BRAKES.format(13), until="2027-01-01")
    assert times(result) == [("2025-02-10", 1), ("2026-02-10", 2)]
    assert f"{result.services['expected_on'].iloc[0]:%Y-%m-%d}" == "2025-01-10"
    # of its own: from its own day
    apart = forecast_of(tmp_path, BRAKES.format(13), until="2027-04-01", within=0)
    assert times(apart) == [("2025-02-10", None), ("2026-03-10", None)]


def test_an_overdue_one_goes_with_the_maintenance_that_can_still_do_it(tmp_path: Path) -> None:
    # Brake fluid since 10 July 2025, maintenance on 10 January 2026: 184 days. On 26 November 45 are left.
    seen = ("2025-01-10", "maintenance")
    before = forecast_of(tmp_path, BRAKES.format(18), NEW, seen, as_of="2025-11-25")
    assert times(before)[0] == ("2025-07-10", None)
    after = forecast_of(tmp_path, BRAKES.format(18), NEW, seen, as_of="2025-11-26")
    assert times(after)[0] == ("2025-07-10", 2)
    assert after.services["due_first_on"].iloc[0] == after.services["due_on"].iloc[0]  # it has passed


def test_the_calendar_of_a_lapsed_car_stands_still(tmp_path: Path) -> None:
    days = [
        times(forecast_of(tmp_path, BRAKES.format(12) + TYRES, as_of=day, until="2028-01-01"))
        for day in ("2025-03-12", "2025-03-30")
    ]
    assert days[0] == days[1]
    assert days[0][0] == ("2025-01-10", 1)


def test_due_days_only_go_forward(tmp_path: Path) -> None:
    # Done with the maintenance of 10 January, a month from there is the day for which it was done.
    result = forecast_of(tmp_path, ",,,brakes,1,,13,\n", until="2025-05-01")
    assert times(result) == [("2025-02-10", 1), ("2025-03-10", None), ("2025-04-10", None)]


# Visits on 1 and 31 March (rows 0 and 1) and, of another car, on 1 March (row 2).
@pytest.mark.parametrize(
    ("car", "day", "after", "within", "row"),
    [
        (0, "2025-03-02", -1, 45, 0),
        (0, "2025-03-16", -1, 45, 0),  # 15 days from both: the earlier
        (0, "2025-03-17", -1, 45, 1),
        (0, "2025-02-20", 0, 45, 1),  # the first has done it already
        (0, "2025-02-20", 0, 38, -1),
        (0, "2025-04-10", 1, 45, -1),  # both have, and the next is another car's
        (1, "2025-02-20", -1, 9, 2),
        (1, "2025-02-20", -1, 8, -1),
        (2, "2025-03-01", -1, 45, -1),
    ],
)
def test_the_nearest_visit(car, day, after, within, row) -> None:
    services = pd.DataFrame(
        {"car": [0, 0, 1], "due_on": pd.to_datetime(["2025-03-01", "2025-03-31", "2025-03-01"])}
    )
    known = MaintenanceVisits.of(services.assign(next_from=services["due_on"]), np.datetime64("2025-01-01"))
    days = np.array([day], dtype="datetime64[D]")
    assert known.nearest(np.array([car]), days, np.array([after]), within).tolist() == [row]


@pytest.mark.parametrize(("after", "row"), [(-1, 0), (0, 1), (1, -1)])
def test_of_an_overdue_visit_and_one_due_today_the_earlier_is_the_nearest(after: int, row: int) -> None:
    due = pd.to_datetime(["2025-01-10", "2025-03-01"])
    known = MaintenanceVisits.of(
        pd.DataFrame({"car": 0, "due_on": due, "next_from": due}), np.datetime64("2025-03-01")
    )
    day = np.array(["2025-03-15"], dtype="datetime64[D]")
    assert known.nearest(np.array([0]), day, np.array([after]), 45).tolist() == [row]


def test_a_visit_does_nothing_twice(tmp_path: Path) -> None:
    result = forecast_of(tmp_path, BRAKES.format(1), until="2025-04-01", within=45)
    taken = [number for _, number in times(result) if number]
    assert taken == [1]
    assert len(result.items) == len(result.items["due_on"].unique())


def test_km_count_from_the_odometer_when_it_was_done(tmp_path: Path) -> None:
    (tmp_path / "intervals.csv").write_text(YEARLY + ",,,pads,,30000,,\n")
    chosen = Settings(service=Service(intervals="intervals.csv"), base=tmp_path)
    # 30,000 km on 23 August 2025; the maintenance comes 22 days before, at 28,900 km
    seen = visits(("2024-12-30", 18_250, "maintenance"), ("2025-08-01", 28_900, "maintenance"))
    row = run(cars(FIFTY_A_DAY), seen, as_of="2025-08-02", settings=chosen).items.iloc[0]
    assert (row["basis"], f"{row['done_on']:%Y-%m-%d}") == ("km", "2025-08-01")
    assert row["due_km"] == pytest.approx(58_900, abs=50)  # reached in the course of that day


def test_without_other_services_nothing_is_added() -> None:
    result = run(cars(NEW), as_of="2024-01-10")
    pd.testing.assert_frame_equal(result.items, empty(SERVICE_ITEMS))
    assert set(result.services["services"]) == {"maintenance"}
    assert (result.services["due_first_on"] == result.services["due_on"]).all()
