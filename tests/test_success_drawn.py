"""What contacts brought where it is drawn by lot: the truth is found, and nothing counts twice."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from planner.value.success import NPS, RESULTS, success
from tests.contact_world import LOYAL, TOUCHPOINTS, World
from tests.success_world import AS_OF, COMES, MORE, simulated


def test_a_touchpoint_that_works_is_told_from_one_that_does_not() -> None:
    covered = {"YSb": 0, "YSc": 0}
    for seed in range(10):
        found = simulated(seed, 600, "YSb", "YSc").success
        visited = found[found["by"].eq("touchpoint") & found["result"].eq("visited")].set_index("group")
        assert visited.index.tolist() == ["YSb", "YSc"]  # what works best first
        assert visited["note"].eq("").all()
        assert visited.loc["YSb", "low"] > visited.loc["YSc", "share"]
        for touchpoint, true in {"YSb": COMES + MORE, "YSc": COMES}.items():
            row = visited.loc[touchpoint]
            covered[touchpoint] += bool(row["low"] < true < row["high"])
    # Of 10 intervals of 95% 9 or 10 hold the truth; fewer than 8 would by chance once in 90 times.
    assert min(covered.values()) >= 8


@pytest.mark.parametrize(("touchpoint", "true"), [("YSb", MORE), ("YSc", 0.0)])
def test_against_no_contact_the_difference_is_the_true_one(touchpoint: str, true: float) -> None:
    rows = [simulated(seed, 300, touchpoint).without_contact.iloc[0] for seed in range(20)]
    covered = sum(row["low"] <= true <= row["high"] for row in rows)
    # Of 20 intervals of 95% 19 hold the truth; fewer than 16 would by chance once in 400 times.
    assert covered >= 16
    assert np.mean([row["difference"] for row in rows]) == pytest.approx(true, abs=0.03)
    assert all((row["low"] > 0) == (touchpoint == "YSb") for row in rows[:5])


def test_few_customers_are_too_few_to_tell() -> None:
    found = simulated(3, 40, "YSb")
    one_side = simulated(3, 80, "YSb", "YSb", "YSb").without_contact.iloc[0]
    assert one_side["contacted"] >= 30 > one_side["others"] > 0
    assert one_side["note"] == found.without_contact.iloc[0]["note"] == "too_few"
    row = found.success.set_index(["by", "group", "result"]).loc[("touchpoint", "YSb", "visited")]
    assert row["out_of"] < 30
    assert row["note"] == "too_few"


# Any worlds at all.
CALLS = ("booked", "no_answer", "callback", "complaint", "do_not_call", "reached", "already_booked")
# Weeks apart, so that days meet.
DAYS = st.integers(0, 60).map(lambda weeks: (AS_OF - timedelta(weeks=weeks)).isoformat())


@st.composite
def worlds(draw: st.DrawFn) -> World:
    world = World()
    cars = "ABC"
    for car in cars:
        no_email = draw(st.sampled_from([None, "no"]))
        world.car(car, *sorted(draw(st.sets(DAYS, max_size=4))), consent_email=no_email)
    for number in range(draw(st.integers(0, 9))):
        car, on = draw(st.sampled_from(cars)), draw(DAYS)
        touchpoint = draw(st.sampled_from(["YSa", "YSb", "YSc", "R1", "LO1", "TI2"]))
        due = (date.fromisoformat(on) + timedelta(days=draw(st.integers(-40, 70)))).isoformat()
        also = draw(st.sampled_from([None, *(other for other in cars if other != car)]))
        more = {"contact_id": f"{car}/{touchpoint}/{number}", "also_vehicle_ids": also}
        if touchpoint == "YSc":
            world.answered(car, touchpoint, due, on, draw(st.sampled_from(CALLS)), **more)
        else:
            world.contact(
                car, touchpoint, due, draw(st.sampled_from([on, on, None])), reason="consent", **more
            )
    for _ in range(draw(st.integers(0, 5))):
        world.offer(draw(st.sampled_from(cars)), draw(DAYS), draw(st.none() | DAYS))
    return world


@settings(max_examples=30, deadline=None)
@given(worlds())
def test_nothing_counts_twice(world: World) -> None:
    found = success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF).success
    total = found.groupby(["by", "result"])["count"].sum()
    for by in ("touchpoint", "channel"):
        there = total[total.index.get_level_values("by") == by].droplevel("by")
        assert there.reindex([*RESULTS, NPS], fill_value=0).to_dict() == total["all"].to_dict()
    since = "2025-06-30"
    assert total["all", "visited"] <= len({(v["vehicle_id"], v["visited_on"]) for v in world.rows["visits"]
                                           if v["visited_on"] > since})  # fmt: skip
    assert total["all", "issued"] <= len(world.rows["offers"])
    assert total["all", "redeemed"] <= total["all", "issued"]
    assert total["all", "booked"] <= sum(said["outcome"] == "booked" for said in world.rows["outcomes"])
    shares = found[found["out_of"].notna()]
    assert (shares["count"] <= shares["out_of"]).all()
    bounded = shares[shares["out_of"].gt(0)]
    assert ((bounded["low"] <= bounded["share"] + 1e-9) & (bounded["share"] <= bounded["high"] + 1e-9)).all()


def days_ago(text: str) -> int:
    return (AS_OF - date.fromisoformat(text)).days


@settings(max_examples=30, deadline=None)
@given(worlds())
def test_visits_are_those_that_a_reader_would_count(world: World) -> None:
    """Visit by visit and contact by contact, as docs/success.md says it."""
    said = {answer["contact_id"]: answer["outcome"] for answer in world.rows["outcomes"]}
    heard = []  # cars, the first day on which a visit may count, the day, code, id
    for contact in world.rows["contacts"]:
        on, outcome = contact["planned_on"], said.get(contact["contact_id"])
        is_open = outcome == "callback" and on and days_ago(on) < 30
        if on and not is_open and outcome != "no_answer" and contact["touchpoint"] not in ("LO1", "TI2"):
            first = date.fromisoformat(on) + timedelta(days=outcome != "booked")
            cars = {contact["vehicle_id"], contact["also_vehicle_ids"]}
            heard.append((cars, first.isoformat(), on, contact["touchpoint"], contact["contact_id"]))
    won = set()
    for car in "ABC":
        came = sorted(visit["visited_on"] for visit in world.rows["visits"] if visit["vehicle_id"] == car)
        for before, on in zip(["", *came], came, strict=False):
            told = [row for row in heard if car in row[0] and row[1] <= on and row[2] > before]
            if told:
                last = max(told, key=lambda row: row[1:4])
                if days_ago(last[2]) - days_ago(on) <= 90 <= days_ago(last[2]) < 365:
                    won.add(last[4])
    found = success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF).success.set_index(["by", "result"])
    assert found.loc[("all", "visited"), "count"].item() == len(won)


@settings(max_examples=30, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(world: World, chance: Random) -> None:
    first = success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF)
    for rows in world.rows.values():
        chance.shuffle(rows)
    world.customers = dict(sorted(world.customers.items(), key=lambda _: chance.random()))
    again = success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF)
    assert_frame_equal(first.success, again.success)
    assert_frame_equal(first.without_contact, again.without_contact)
