"""What moves from one plan to the next: what happened to a car, and little else."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import pandas as pd
import pytest

from planner.columns import typed
from planner.forecast import Forecast
from planner.forecast.expected import replay
from planner.forecast.records import read_records
from planner.settings import Settings
from planner.tables import VISITS
from tests.cars import cars, isos, new_car, readings, run, visits

DAY = pd.Timedelta(days=1)


def fleet(size: int, gap_days: float, spread: float, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cars that drive little and come after about so many days; spread of ln(gap). Records from 2018 on."""
    chance = np.random.default_rng(seed)
    rows, seen = [], [visits(("2018-01-01", None, "repair"), vehicle_id="OTHER")]
    for number in range(size):
        name, day = f"V{number:03}", pd.Timestamp("2018-01-01") + int(chance.integers(0, 700)) * DAY
        rows.append({"vehicle_id": name, "purchased_on": day, "condition": "new", "monthly_km": 300})
        days = []
        while (day := day + int(gap_days * np.exp(spread * chance.normal())) * DAY) < pd.Timestamp(
            "2026-07-01"
        ):
            days.append((str(day)[:10], None, "maintenance"))
        seen.append(visits(*days, vehicle_id=name))
    return cars(*rows), typed(pd.concat(seen), VISITS)


def planned(
    records: tuple[pd.DataFrame, pd.DataFrame], as_of: str, known_until: str | None = None
) -> Forecast:
    vehicles, seen = records
    return run(vehicles, seen[seen["visited_on"] <= (known_until or as_of)], as_of=as_of, until="2029-01-01")


@pytest.mark.parametrize(("gap_days", "apart_days"), [(400.0, 400), (150.0, 150)])
def test_a_later_day_of_the_month_moves_nothing_by_itself(gap_days: float, apart_days: int) -> None:
    records = fleet(60, gap_days, 0.2)
    before, after = (planned(records, day, "2024-03-04").services for day in ("2024-03-04", "2024-03-28"))
    first = [table.drop_duplicates("vehicle_id").set_index("vehicle_id") for table in (before, after)]
    same = first[0]["service_no"] == first[1]["service_no"]
    assert same.mean() > 0.9
    for name in ("due_on", "awaited_on"):
        pd.testing.assert_series_equal(first[0].loc[same, name], first[1].loc[same, name])
    apart = before.groupby("vehicle_id")["due_on"].diff().dt.days.median()
    assert apart == pytest.approx(apart_days, rel=0.1)  # habits are known


def test_what_a_fleet_teaches_is_that_of_the_months_before() -> None:
    # 60 waits end in March, 60 days late: nobody else is moved before April.
    rows = [{"vehicle_id": "NEW", "purchased_on": "2024-02-01", "condition": "new", "monthly_km": 300}]
    seen = [visits(("2022-01-01", None, "repair"), vehicle_id="OTHER")]
    for number in range(60):
        bought = pd.Timestamp("2023-01-01") + number // 3 * DAY
        name = f"V{number}"
        rows.append({"vehicle_id": name, "purchased_on": bought, "condition": "new", "monthly_km": 300})
        came = bought + pd.DateOffset(months=12) + 60 * DAY
        seen.append(visits((str(came)[:10], None, "maintenance"), vehicle_id=name))
    late = {}
    for as_of in ("2024-03-31", "2024-04-01"):
        services = run(cars(*rows), pd.concat(seen), as_of=as_of).services
        of_new = services[services["vehicle_id"] == "NEW"].iloc[0]
        late[as_of] = (of_new["expected_on"] - of_new["due_on"]).days
    assert late == {"2024-03-31": 0, "2024-04-01": 60}


def test_an_own_interval_longer_than_the_rule_is_not_missed_before_it_has_passed() -> None:
    # Everybody comes every 500 days where the rule says 365: after two years one is overdue, not two.
    vehicles, seen = fleet(60, 500.0, 0.02)
    lost = cars({"vehicle_id": "LOST", "purchased_on": "2021-01-01", "condition": "new", "monthly_km": 300})
    both = pd.concat([vehicles, lost], ignore_index=True)

    def outstanding(as_of: str) -> tuple[int, int]:
        services = planned((both, seen), as_of).services
        row = services[services["vehicle_id"] == "LOST"].iloc[0]
        return int(row["service_no"]), (row["due_on"] - pd.Timestamp("2021-01-01")).days

    assert outstanding("2022-12-01")[0] == 1
    number, days = outstanding("2023-09-01")  # 973 days: two years and eight months
    assert number == 1
    assert days == pytest.approx(500, abs=10)
    number, days = outstanding("2023-11-01")  # 1,034 days
    assert number == 2
    assert days == pytest.approx(1000, abs=20)


def test_a_fleet_near_the_border_gives_up_the_rule_once() -> None:
    # It comes a quarter sooner than the rule says, so that chance puts it on either side.
    end = date(2026, 6, 30)
    known = read_records(*fleet(40, 365.25 * np.exp(-0.25), 0.18), readings(), Settings(), end)
    origins, _ = known.origins()
    found = replay(origins, origins.day >= known.recorded_since, 0.8, np.datetime64(end)).rhythms
    kept = [found[month].kept for month in sorted(found)]
    assert sum(one != other for one, other in itertools.pairwise(kept)) == 1


def test_the_day_that_invitations_look_to_stands_still_however_late_it_gets() -> None:
    awaited = {
        isos(run(new_car("2023-01-10"), as_of=day).services["awaited_on"])[0]
        for day in ("2023-06-01", "2024-01-09", "2024-01-10", "2024-02-01", "2024-12-31")
    }
    assert awaited == {"2024-01-10"}
