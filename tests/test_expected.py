"""When this customer comes, as the plan says it, and with which window."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import ClassVar

import pandas as pd
import pytest

from planner.forecast import Forecast
from planner.settings import Forecast as ForecastSettings
from planner.settings import Settings
from tests.cars import Row, cars, new_car, readings, run, visits


class TestExpected:
    def fleet(
        self,
        size: int,
        days_late: int,
        as_of: str = "2023-06-01",
        car: Row | None = None,
        recorded_since: str = "2021-12-31",
    ) -> Forecast:
        """Cars bought a day apart in 2022, each serviced so many days after its first year, and one more."""
        rows = [{"vehicle_id": "FAST", "condition": "new", **car}] if car else []
        seen = [visits((recorded_since, None, "repair"), vehicle_id="OTHER")]
        for number in range(size):
            bought = pd.Timestamp("2022-01-01") + pd.Timedelta(days=number)
            name = f"V{number:03}"
            rows.append({"vehicle_id": name, "purchased_on": bought, "condition": "new", "monthly_km": 500})
            day = bought + pd.DateOffset(months=12) + pd.Timedelta(days=days_late)
            seen.append(visits((str(day)[:10], None, "maintenance"), vehicle_id=name))
        return run(cars(*rows), pd.concat(seen), as_of=as_of, until="2026-01-01")

    NEWCOMER: ClassVar[Row] = {"purchased_on": "2023-06-01", "monthly_km": 500}  # has no gaps of its own

    @pytest.mark.parametrize(("size", "late"), [(30, 20), (60, 20), (15, 10), (3, 2)])
    def test_lateness_is_learnt_from_thirty_visits_on(self, size: int, late: int) -> None:
        services = self.fleet(size, 20, car=self.NEWCOMER).services
        first = services[services["vehicle_id"] == "FAST"].iloc[0]
        assert (first["expected_on"] - first["due_on"]).days == late

    def test_a_wait_that_began_before_the_records_teaches_nothing(self) -> None:
        # A snapshot of one month holds only visits that fell into it: of old purchases, the late ones.
        def late(recorded_since: str) -> int:
            services = self.fleet(60, 20, recorded_since=recorded_since, car=self.NEWCOMER).services
            first = services[services["vehicle_id"] == "FAST"].iloc[0]
            return int((first["expected_on"] - first["due_on"]).days)

        assert late("2022-03-02") == 0  # bought after: none of the 60
        assert late("2022-02-15") == 10  # 15 of them: half of 20 days

    def test_an_own_rhythm_moves_one_car_and_no_other(self) -> None:
        # 60 on time; one that has come after 250 days three times, though a year is the rule
        days = pd.to_datetime("2022-03-01") + pd.to_timedelta([250, 500, 750], unit="D")
        own = visits(*((str(day)[:10], None, "maintenance") for day in days), vehicle_id="FAST")
        rest = self.fleet(60, 0, as_of="2024-04-01")
        vehicles = cars({"vehicle_id": "FAST", "purchased_on": "2022-03-01", "monthly_km": 500})
        alone = run(vehicles, own, as_of="2024-04-01").services.iloc[0]
        assert (alone["expected_on"] - days[-1]).days == pytest.approx(250, abs=10)
        assert (rest.services["expected_on"] >= rest.services["due_on"]).all()

    @pytest.mark.parametrize(("late", "awaited"), [(-30, -30), (0, 0), (30, 0)])
    def test_who_comes_early_is_awaited_early_and_nobody_late(self, late: int, awaited: int) -> None:
        services = self.fleet(60, late, car=self.NEWCOMER).services
        first = services[services["vehicle_id"] == "FAST"].iloc[0]
        assert (first["expected_on"] - first["due_on"]).days == late
        assert (first["awaited_on"] - first["due_on"]).days == awaited

    @pytest.mark.parametrize(("as_of", "third"), [("2023-05-31", "2025-05-21"), ("2023-06-01", "2025-05-01")])
    def test_a_month_overdue_all_that_follows_counts_from_due_days(self, as_of: str, third: str) -> None:
        # Due on 1 May; the fleet comes 20 days late.
        car: Row = {"purchased_on": "2022-05-01", "monthly_km": 500}
        services = self.fleet(60, 20, as_of=as_of, car=car).services
        due = services.loc[services["vehicle_id"] == "FAST", "due_on"].astype(str).tolist()
        assert due == ["2023-05-01", "2024-05-01", third]

    def test_each_coming_service_is_as_late_as_those_of_its_number(self) -> None:
        # 60 cars come on time first, and 40 days late for their second service, a year later.
        rows: list[Row] = [{"vehicle_id": "NEW", "condition": "new", **self.NEWCOMER}]
        seen = [visits(("2020-01-01", None, "repair"), vehicle_id="OTHER")]
        for number in range(60):
            bought = pd.Timestamp("2020-01-01") + pd.Timedelta(days=number)
            name = f"V{number}"
            rows.append({"vehicle_id": name, "purchased_on": bought, "condition": "new", "monthly_km": 500})
            first = bought + pd.DateOffset(months=12)
            second = first + pd.DateOffset(months=12) + pd.Timedelta(days=40)
            seen.append(
                visits(*((str(day)[:10], None, "maintenance") for day in (first, second)), vehicle_id=name)
            )
        services = run(cars(*rows), pd.concat(seen), as_of="2023-06-01", until="2026-01-01").services
        of_new = services[services["vehicle_id"] == "NEW"]
        late = (of_new["expected_on"] - of_new["due_on"]).dt.days.tolist()
        assert late[0] < 15
        assert late[1] > 25

    def test_a_visit_after_a_missed_interval_teaches_nothing(self) -> None:
        services = self.fleet(60, 366, as_of="2024-06-01").services  # two years after the purchase
        assert services["service_no"].min() == 3
        assert (services["expected_on"] == services["due_on"]).all()

    def test_early_comers_do_not_pull_a_short_interval_before_the_visit_before_it(self) -> None:
        # 60 cars come 200 days early; one drives 15,000 km in 46 days and is expected half of that early
        early = self.fleet(60, -200, car={"monthly_km": 10_000, "purchased_on": "2023-06-01"}).services
        fast = early[early["vehicle_id"] == "FAST"]
        assert (fast["due_on"] - fast["expected_on"]).dt.days.unique().tolist() == [23]
        assert fast["due_on"].is_monotonic_increasing

    def test_default_window(self) -> None:
        # 88% come for the service, with a spread of 0.15 on the log scale: 80% are 90.9% of those.
        first = run(new_car("2023-01-10"), as_of="2023-01-10").services.iloc[0]
        assert str(first["expected_on"])[:10] == "2024-01-10"
        low, high = ((first[name] - pd.Timestamp("2023-01-10")).days for name in ("low_on", "high_on"))
        held = NormalDist(math.log(365), 0.15)
        assert held.cdf(math.log(high)) - held.cdf(math.log(low)) == pytest.approx(0.909, abs=0.01)
        assert low > 365 * 0.7
        assert high < 365 * 1.35

    def test_windows_widen_with_the_steps_ahead_and_with_the_probability(self) -> None:
        def widths(probability: float, monthly_km: float = 500) -> list[int]:
            chosen = Settings(forecast=ForecastSettings(probability=probability))
            result = run(
                new_car("2024-01-01", monthly_km), as_of="2024-01-01", until="2027-06-01", settings=chosen
            )
            return (result.services["high_on"] - result.services["low_on"]).dt.days.tolist()

        assert widths(0.8)[1:] == sorted(widths(0.8)[1:])
        assert widths(0.8)[1] == pytest.approx(widths(0.8)[0] * 2**0.5, abs=3)
        assert all(narrow < wide for narrow, wide in zip(widths(0.5), widths(0.96), strict=True))

    def test_an_unsure_rate_widens_what_km_decide(self) -> None:
        stated = run(new_car("2024-01-01", 2_500), as_of="2024-01-01").services.iloc[0]
        read = readings(("2024-01-01", 5_000), ("2026-01-01", 65_000))
        vehicles = cars({"purchased_on": "2024-01-01", "condition": "used"})
        done = visits(("2026-01-01", 65_000, "maintenance"))
        observed = run(vehicles, done, read, as_of="2026-01-01").services.iloc[0]
        assert stated["basis"] == observed["basis"] == "km"
        assert (stated["expected_on"] - stated["low_on"]) > (observed["expected_on"] - observed["low_on"])


def test_who_is_overdue_is_expected_from_today_on() -> None:
    first = run(new_car("2022-01-10"), as_of="2023-12-24").services.iloc[0]
    assert str(first["expected_on"])[:10] == str(first["low_on"])[:10] == "2023-12-24"
    assert first["high_on"] > first["expected_on"]
