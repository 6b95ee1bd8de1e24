"""The value figures: the arrays against plain Python, on small dealerships drawn at random."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.records import as_table
from planner.columns import empty
from planner.settings import Settings
from planner.tables import ANSWERS, CONTACTS, CUSTOMERS, FORECASTS, OFFERS, SURVEYS, VEHICLES, VISITS
from planner.value import value_report
from planner.value.figures import TRENDS
from planner.value.lifecycle import NOT_YET, STAGES, car_stages, stages_of, stages_then
from planner.value.owned import owned
from planner.value.trend import NO_GROUPS
from tests.figures_reference import METRICS, figures
from tests.value_reference import PRICES, Answer, Car, Customer, Dealership, Visit

PEOPLE = [Customer("A", "H1", "Ann"), Customer("B", "H1", "Bob"), Customer("C", "C", None)]
PEOPLE += [Customer("D", "H2", "Ann")]
NAMES = [one.name for one in PEOPLE]
CARS = [f"V{n}" for n in range(6)]


@st.composite
def dealerships(draw: st.DrawFn) -> Dealership:
    as_of = draw(
        st.sampled_from([date(2026, 6, 30), date(2026, 3, 2), date(2024, 2, 29), date(2025, 12, 30)])
    )
    # Days that lie on, before and after the edges of months and windows, and any others.
    edges = st.builds(
        lambda months, off: as_of - relativedelta(months=months) + timedelta(days=off),
        st.integers(0, 60),
        st.integers(-1, 1),
    )
    any_day = st.integers(-40, 1800).map(lambda back: as_of - timedelta(days=back))
    day = st.one_of(edges, any_day)
    money = st.one_of(st.none(), st.sampled_from([0.0, 70.0, 200.0, 310.0]))
    cars = [
        Car(
            name,
            draw(st.sampled_from(NAMES)),
            draw(st.one_of(day, day, day, st.none())),
            draw(st.sampled_from(["Corolla", None])),
            draw(st.sampled_from(["active", "active", "sold", "scrapped"])),
            draw(st.sampled_from(["new", "used"])),
            draw(st.one_of(st.none(), day)),
        )
        for name in CARS[: draw(st.integers(1, 6))]
    ]
    own = st.sampled_from([car.name for car in cars])
    kinds = st.sampled_from(["maintenance", "maintenance", "repair", "tyres", None])
    visits = draw(st.lists(st.builds(Visit, own, day, kinds, money, money), max_size=14))
    # Each service again after 13 months, give or take a day: the edge of retention.
    again = [v.on + relativedelta(months=13) + timedelta(days=draw(st.integers(-1, 1))) for v in visits[:3]]
    visits += [Visit(v.car, on, v.kind, 10.0, 4.0) for v, on in zip(visits[:3], again, strict=True)]
    answers, booked = [], ["booked", "already_booked"]
    for number in range(draw(st.integers(0, 6))):
        car = draw(st.sampled_from(cars))
        first, touchpoint = draw(day), draw(st.sampled_from(["S1a", "S2a", "B1"]))
        for attempt in range(1, draw(st.integers(1, 3)) + 1):
            on = first + timedelta(days=draw(st.integers(0, 20)) * (attempt - 1))
            said = draw(st.sampled_from([*booked, "refused", "no_answer", "callback"]))
            for_on = (
                on + timedelta(days=draw(st.integers(0, 40))) if said == "booked" and number % 2 else None
            )
            also = draw(st.one_of(st.none(), own))
            answers.append(
                Answer(f"K{number}", attempt, car.owner, car.name, also, touchpoint, said, on, for_on)
            )
    # Visits around the edges of what a booking and a call ask about.
    for answer in answers[:4]:
        off = draw(st.sampled_from([-1, 0, 1, 30, 36, 37, 38, 44, 45, 46, 90]))
        visits.append(Visit(answer.car, answer.on + timedelta(days=off), "maintenance", 50.0, 20.0))
    scores = st.sampled_from([None, 0.0, 6.0, 7.0, 8.0, 9.0, 10.0])
    surveys = draw(
        st.lists(st.tuples(st.sampled_from(NAMES), day, scores), max_size=6, unique_by=lambda s: s[:2])
    )
    redeem_days = draw(st.sampled_from([30, 90]))
    offers = [
        (who, on, None if after is None else on + timedelta(days=after))
        for who, on, after in draw(
            st.lists(
                st.tuples(
                    st.sampled_from(NAMES),
                    st.one_of(day, edges.map(lambda on: on - timedelta(days=redeem_days))),
                    st.sampled_from([None, 5, redeem_days, redeem_days + 1]),
                ),
                max_size=5,
            )
        )
    ]
    status = st.sampled_from(["done", "done", "planned", "dropped"])
    contact = st.tuples(st.sampled_from(NAMES), st.sampled_from(list(PRICES)), day, status)
    return Dealership(
        as_of, PEOPLE, cars, visits, answers, surveys, offers, draw(st.lists(contact, max_size=6)),
        draw(st.sampled_from([12, 18])), draw(st.sampled_from([6, 12])), redeem_days,
    )  # fmt: skip


def tables_of(one: Dealership) -> dict[str, pd.DataFrame]:
    people = [
        {"customer_id": c.name, "household_id": c.household, "name": c.name, "advisor": c.advisor}
        for c in one.customers
    ]
    cars = [
        {
            "vehicle_id": c.name, "customer_id": c.owner, "purchased_on": c.bought, "model": c.model,
            "status": c.status, "condition": c.condition, "warranty_end_on": c.warranty_end,
        }
        for c in one.cars
    ]  # fmt: skip
    visits = [
        {
            "visit_id": str(number), "vehicle_id": v.car, "visited_on": v.on, "kind": v.kind,
            "amount": v.amount, "margin": v.margin,
        }
        for number, v in enumerate(one.visits)
    ]  # fmt: skip
    answers = [
        {
            "contact_id": a.contact, "attempt": a.attempt, "customer_id": a.customer, "vehicle_id": a.car,
            "also_vehicle_ids": a.also, "touchpoint": a.touchpoint, "outcome": a.outcome, "said_on": a.on,
            "for_on": a.for_on, "recorded_on": a.on,
        }
        for a in one.answers
    ]  # fmt: skip
    surveys = [{"customer_id": who, "asked_on": on, "score": score} for who, on, score in one.surveys]
    offers = [
        {"offer_id": str(number), "customer_id": who, "issued_on": on, "redeemed_on": redeemed}
        for number, (who, on, redeemed) in enumerate(one.offers)
    ]
    contacts = [
        {"contact_id": str(n), "customer_id": who, "channel": channel, "planned_on": on, "status": status}
        for n, (who, channel, on, status) in enumerate(one.contacts)
    ]
    rows = {
        "customers": (people, CUSTOMERS), "vehicles": (cars, VEHICLES), "visits": (visits, VISITS),
        "outcomes": (answers, ANSWERS), "surveys": (surveys, SURVEYS), "offers": (offers, OFFERS),
        "contacts": (contacts, CONTACTS),
    }  # fmt: skip
    return {name: as_table(pd.DataFrame(each), table) for name, (each, table) in rows.items()}


def settings_of(one: Dealership) -> Settings:
    return Settings.model_validate(
        {
            "value": {
                "active_window_months": one.active_months,
                "rate_window_months": one.window_months,
                "redeem_days": one.redeem_days,
            }
        }
    )


def close(found: float, wanted: float) -> bool:
    return math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-9)


def stages(one: Dealership) -> dict[date, dict[str, str]]:
    """Those of the sheet of stages, which has tests of its own: of today and a year ago."""
    then = one.as_of - relativedelta(months=12)
    tables = {"forecasts": empty(FORECASTS), **tables_of(one)}
    cars = tables["vehicles"]
    tables["vehicles"] = cars[~(cars["purchased_on"] > pd.Timestamp(one.as_of))]
    own = owned(tables, settings_of(one), one.as_of)
    today = stages_of(car_stages(own, tables["forecasts"], one.as_of), own.owner, len(own.people))
    was = stages_then(own, tables, today, then)
    names = np.array([*STAGES, NOT_YET])
    return {
        day: dict(zip(own.who, names[codes].tolist(), strict=True))
        for day, codes in ((one.as_of, today), (then, was))
    }


@settings(max_examples=60, deadline=None)
@given(dealerships())
def test_every_figure_by_month_and_group_is_what_plain_python_counts(one: Dealership) -> None:
    report = value_report(tables_of(one), settings_of(one), one.as_of)
    table = report.figures
    table = table[table["metric"].isin(METRICS)]
    wanted, before = figures(one, stages(one))
    seen = set()
    for row in table.itertuples():
        month = None if pd.isna(row.month) else row.month.date()
        key = (row.metric, row.by, row.group, month)
        assert key not in seen
        seen.add(key)
        x, y = wanted.get(key, (0.0, 0.0))
        assert close(row.numerator, x), (key, row.numerator, x)
        assert close(row.denominator, y), (key, row.denominator, y)
        scale = 100 if row.metric in ("nps", "nps_12m") else 1
        value = x if row.unit == "count" else scale * x / y if y > 0 else math.nan
        assert close(row.value, value) or (math.isnan(row.value) and math.isnan(value)), key
        assert (row.note == "no_data") == (y == 0), key
        if row.by == "all" and month is None:
            x, y = before.get((row.metric, "all", "", None), (0.0, 0.0))
            value = x if row.unit == "count" else scale * x / y if y > 0 else math.nan
            assert close(row.last_year, value) or (math.isnan(row.last_year) and math.isnan(value)), key
        elif month is not None:
            assert math.isnan(row.last_year), key
    assert not {key for key in wanted if key not in seen}
    for row in report.trend.itertuples():
        key = (row.metric, row.by, row.group, None)
        for sums, x, y in (
            (wanted, row.numerator, row.denominator),
            (before, row.last_year_numerator, row.last_year_denominator),
        ):
            assert (close(x, sums.get(key, (0, 0))[0]), close(y, sums.get(key, (0, 0))[1])) == (True, True), (
                key
            )
        assert row.trend in ("no_data", "too_few", "too_short")  # of four customers nobody can tell
    told = (key for key in (*wanted, *before) if key[0] in TRENDS and key[1] not in NO_GROUPS)
    named = {key for key in told if key[3] is None}
    assert named <= {(row.metric, row.by, row.group, None) for row in report.trend.itertuples()}
