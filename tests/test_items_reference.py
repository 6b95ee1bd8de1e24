"""Services beside maintenance: the arrays against a plain loop, and what holds whatever is drawn."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.dates import DAYS_PER_MONTH
from planner.forecast import Forecast
from planner.settings import Service, Settings
from tests.cars import cars, run, visits
from tests.items_reference import Car, Item, Rule, begins, items_of, years_with_words

AS_OF, UNTIL = date(2024, 6, 15), date(2028, 6, 15)
MAINTENANCE = Rule("maintenance", 12, 15_000)

_months = st.sampled_from([1, 5, 11, 12, 13, 18, 24, 36])
_km = st.sampled_from([None, 9_000, 30_000, 60_000])
_rules = st.fixed_dictionaries(
    {},
    optional={
        "brake fluid": st.builds(
            Rule, st.just("brake fluid"), _months, _km, st.one_of(st.none(), _months)
        ),
        "spark plugs": st.builds(Rule, st.just("spark plugs"), st.none(), st.sampled_from([9_000, 45_000])),
        "inspection": st.builds(
            Rule, st.just("inspection"), _months, st.none(), st.one_of(st.none(), _months),
            st.sampled_from(["done", "purchase"]),
        ),
        "tyres": st.just(Rule("tyres", counted_from="season")),
        "repair": st.builds(Rule, st.just("repair"), _months, _km),
    },
)  # fmt: skip
# A forecast of eight cars takes little longer than one of two: many cars, few forecasts.
_cars = st.lists(
    st.tuples(
        st.dates(date(2017, 1, 1), date(2024, 6, 15)),
        st.sampled_from(["new", "used"]),
        st.sampled_from([400, 1_250, 2_900, 6_000]),
        st.lists(
            st.tuples(
                st.dates(date(2019, 1, 1), AS_OF),
                st.sampled_from(["maintenance", "maintenance", "inspection", "tyres", "repair", "body"]),
            ),
            max_size=7,
        ),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=75, deadline=None)
@given(_rules, _cars, st.sampled_from([0, 20, 45, 90]))
def test_the_arrays_say_what_a_plain_loop_says(rules, drawn, within) -> None:
    result = forecast_of(rules, drawn, within)
    wanted = {}
    for number, (bought, condition, monthly_km, seen) in enumerate(drawn):
        coming = result.services[result.services["vehicle_id"] == f"V{number}"]
        car = Car(
            bought,
            condition == "new",
            monthly_km / DAYS_PER_MONTH,
            seen,
            coming_of(coming),
        )
        wanted[f"V{number}"] = items_of(car, MAINTENANCE, list(rules.values()), AS_OF, UNTIL, within)
    found = {vehicle: rows_of(result, vehicle) for vehicle in wanted}
    assert found == wanted


@settings(max_examples=30, deadline=None)
@given(_rules, _cars, st.sampled_from([0, 20, 45, 90]))
def test_each_time_goes_with_one_visit_or_is_one_and_none_is_lost(rules, drawn, within) -> None:
    result = forecast_of(rules, drawn, within)
    items, coming = result.items, result.services
    assert not items.duplicated(["vehicle_id", "service", "due_on"]).any()
    assert not items[items["service_no"].notna()].duplicated(["vehicle_id", "service", "service_no"]).any()
    assert set(items["service"]) <= set(rules)
    for vehicle, own in items.groupby("vehicle_id"):
        visits_of = coming[coming["vehicle_id"] == vehicle].set_index("service_no")
        possible = visits_of["due_on"].clip(lower=pd.Timestamp(AS_OF))
        for service, times in own.groupby("service"):
            taken: set[int] = set()
            for row in times.itertuples():
                away = (possible - max(row.due_on, pd.Timestamp(AS_OF))).abs().dt.days
                away = away[~away.index.isin(taken)]
                if pd.isna(row.service_no):
                    # None within reach is free, but for visits before one that does it already.
                    later = away[away.index > max(taken, default=0)]
                    assert not within or (later > within).all(), (service, row)
                else:
                    assert away[row.service_no] <= within
                    taken.add(int(row.service_no))
    # What a visit holds is what the items say, in the order of their days.
    for row in coming.itertuples():
        mine = items[(items["vehicle_id"] == row.vehicle_id) & (items["service_no"] == row.service_no)]
        mine = mine.sort_values(["due_on", "service"])
        assert row.services.split(", ") == ["maintenance", *mine["service"]]
        ahead = [day for day in mine["due_on"] if day >= pd.Timestamp(AS_OF)]
        overdue = row.due_on < pd.Timestamp(AS_OF)
        assert row.due_first_on == (row.due_on if overdue else min([row.due_on, *ahead]))


_recorded = st.lists(
    st.tuples(
        st.dates(date(2017, 1, 1), date(2024, 6, 15)),
        st.sampled_from(["new", "used"]),
        st.sampled_from([1_250, 6_000]),
        st.lists(
            st.tuples(
                st.dates(date(2019, 1, 1), AS_OF),
                st.sampled_from(
                    ["maintenance", "maintenance", "maintenance", "elsewhere", "tyres", "repair"]
                ),
                st.sets(st.sampled_from(["brake fluid", "spark plugs", "inspection", "tyres", "wipers"])),
            ),
            max_size=8,
        ),
    ),
    min_size=1,
    max_size=4,
)


# What the dealership did to a car that is planned as well: of each service so many visits within a few days.
_orders = st.lists(
    st.tuples(
        st.dates(date(2019, 1, 1), AS_OF - timedelta(days=12)),
        st.sampled_from(["repair", "maintenance", "inspection"]),
        st.sampled_from([{"brake fluid"}, {"spark plugs", "wipers"}, set()]),
        st.sampled_from([1, 9, 10, 12]),
    ),
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(_rules, _recorded, _orders, st.sampled_from([0, 45, 90]))
def test_the_arrays_say_what_a_plain_loop_says_of_what_repair_orders_name(
    rules, drawn, orders, within
) -> None:
    busy = [
        (first + timedelta(days=nth), kind, said)
        for first, kind, said, times in orders
        for nth in range(times)
    ]
    drawn = [*drawn, (date(2018, 5, 5), "new", 1_250, busy)]
    seen = [visit for car in drawn for visit in car[3] if visit[1] != "elsewhere"]
    begun = {service: day for service in rules if (day := begins(service, seen))}
    worded = years_with_words(seen)
    result = forecast_of(rules, [(*car[:3], [each[:2] for each in car[3]]) for car in drawn], within, drawn)
    wanted = {}
    for number, (bought, condition, monthly_km, visited) in enumerate(drawn):
        coming = result.services[result.services["vehicle_id"] == f"V{number}"]
        car = Car(
            bought,
            condition == "new",
            monthly_km / DAYS_PER_MONTH,
            [(day, "maintenance" if kind == "elsewhere" else kind) for day, kind, _ in visited],
            coming_of(coming),
            {
                service: {day for day, kind, said in visited if service in said and kind != "elsewhere"}
                for service in rules
            },
            begun,
            unworded(visited, worded),
        )
        wanted[f"V{number}"] = items_of(car, MAINTENANCE, list(rules.values()), AS_OF, UNTIL, within)
    assert {vehicle: rows_of(result, vehicle) for vehicle in wanted} == wanted


def unworded(visited: list[tuple[date, str, set[str]]], worded: set[int]) -> set[date]:
    """The days of which no order of ours says what was done."""
    silent = set()
    for day in {day for day, _, _ in visited}:
        here = [(kind, said) for on, kind, said in visited if on == day and kind != "elsewhere"]
        says = any(said for _, said in here)
        if not says and not (day.year in worded and any(kind == "maintenance" for kind, _ in here)):
            silent.add(day)
    return silent


def test_maintenance_is_what_it_is_without_other_services() -> None:
    rules = {"brake fluid": Rule("brake fluid", 24), "tyres": Rule("tyres", counted_from="season")}
    drawn = [
        (date(2020, 1, 31), "new", 1_250, [(date(2023, 2, 1), "maintenance"), (date(2024, 1, 5), "tyres")])
    ]
    alone, several = forecast_of({}, drawn, 45), forecast_of(rules, drawn, 45)
    assert len(several.items)
    added = ["services", "due_first_on"]
    pd.testing.assert_frame_equal(alone.services.drop(columns=added), several.services.drop(columns=added))
    pd.testing.assert_frame_equal(alone.history, several.history)


def coming_of(services: pd.DataFrame) -> list[tuple[int, date, date]]:
    """Who has not come by his day counts as coming on the due day."""
    return [
        (
            int(row.service_no),
            row.due_on.date(),
            (row.expected_on if row.expected_on.date() > AS_OF else row.due_on).date(),
        )
        for row in services.itertuples()
    ]


def forecast_of(rules: dict[str, Rule], drawn, within: int, recorded=()) -> Forecast:
    """recorded: the cars with, of each visit, what its repair order names; elsewhere there is none."""
    vehicles = cars(
        *(
            {
                "vehicle_id": f"V{number}",
                "purchased_on": bought.isoformat(),
                "condition": condition,
                "monthly_km": monthly_km,
            }
            for number, (bought, condition, monthly_km, _) in enumerate(drawn)
        )
    )
    seen = [
        visits(*((day.isoformat(), None, kind) for day, kind in car[3]), vehicle_id=f"V{number}")
        for number, car in enumerate(drawn)
    ]
    for frame, car in zip(seen, recorded, strict=False):
        there = np.array([kind == "elsewhere" for _, kind, _ in car[3]], dtype=bool)
        said = [",".join(sorted(said)) or None for _, _, said in car[3]]
        frame["services"] = pd.Series(said, dtype="str").mask(there)
        frame["kind"] = frame["kind"].mask(there, "maintenance")
        frame["visit_id"] = frame["visit_id"].mask(there, "elsewhere/" + frame["visit_id"])
    with tempfile.TemporaryDirectory() as folder:
        lines = ["service,months,km,first_months,counted_from"]
        for rule in (MAINTENANCE, *rules.values()):
            cells = (rule.service, rule.months, rule.km, rule.first_months, rule.counted_from)
            lines.append(",".join("" if cell is None else str(cell) for cell in cells))
        (Path(folder) / "intervals.csv").write_text("\n".join(lines))
        chosen = Settings(service=Service(intervals="intervals.csv", combine_days=within), base=Path(folder))
        return run(
            vehicles, pd.concat(seen), as_of=AS_OF.isoformat(), until=UNTIL.isoformat(), settings=chosen
        )


def rows_of(result: Forecast, vehicle: str) -> list[Item]:
    own = result.items[result.items["vehicle_id"] == vehicle].sort_values(["service", "due_on"])
    return [
        Item(
            row.service,
            row.due_on.date(),
            None if pd.isna(row.service_no) else int(row.service_no),
            None if pd.isna(row.done_on) else row.done_on.date(),
        )
        for row in own.itertuples()
    ]
