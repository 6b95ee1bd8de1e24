"""Services beside the kind of a visit: what each adds to a bill, who uses it, and to whom it is missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from planner.columns import typed
from planner.named_services import NamedServices, load_named_services
from planner.settings import Settings
from planner.tables import SERVICE_ITEMS, VISIT_KINDS
from planner.value.done import margins_beside, what_was_done
from planner.value.segments import missing_of, segmented
from planner.value.services import (
    OFFERED,
    Used,
    missing_services,
    not_due_soon,
    profiles,
    used_services,
)
from tests.segment_world import NAMED, TODAY, car, visit, world

AIR, WIPERS = "air conditioning", "wipers"
LONG_AGO, LATELY = "2024-06-30", "2026-05-01"  # 24 months before TODAY, which is not within them; and within
Row = tuple[str, str | None, float]  # kind, services, margin


def bills_of(rows: list[tuple[int, str, str | None, str, float]]) -> pd.DataFrame:
    """customer, kind, services, day, margin: as planner.value.bills has them."""
    frame = pd.DataFrame(rows, columns=["customer", "kind", "services", "visited_on", "margin"])
    return frame.assign(
        services=frame["services"].astype("str"),
        visited_on=pd.to_datetime(frame["visited_on"]),
        money_given=True,
    )


def people_of(number: int, tenure: int = 60) -> pd.DataFrame:
    """All were here on 30 June 2026, and are loyal."""
    return pd.DataFrame(
        {"last_visit_on": pd.Timestamp(TODAY), "tenure_months": pd.array([tenure] * number, dtype="Int64"),
         "segment": "loyal", "stage": "warranty"},
        index=pd.Index([f"C{i:03}" for i in range(number)], name="customer_id"),
    )  # fmt: skip


def adds(rows: list[Row], named: NamedServices = NAMED) -> dict[str, float]:
    """By service what it adds to a bill."""
    frame = pd.DataFrame(rows, columns=["kind", "services", "margin"]).astype({"services": "str"})
    done = what_was_done(frame, named.codes)
    found = margins_beside(done, frame["margin"].to_numpy(), np.full(len(frame), True))
    return {done.services[each]: float(found[each]) for each in done.named}


# --- what a service adds to a bill --------------------------------------------------------------------


def test_the_difference_between_bills_with_it_and_without() -> None:
    rows: list[Row] = [("maintenance", None, 100.0)] * 30 + [("maintenance", AIR, 160.0)] * 30
    assert adds(rows)[AIR] == pytest.approx(60.0)


def test_a_dearer_kind_of_visit_is_not_laid_to_the_service() -> None:
    """Repairs bring 300 and have it most of the time; within each kind it adds 50."""
    rows: list[Row] = [("maintenance", None, 100.0)] * 90 + [("maintenance", AIR, 150.0)] * 10
    rows += [("repair", None, 300.0)] * 10 + [("repair", AIR, 350.0)] * 90
    assert adds(rows)[AIR] == pytest.approx(50.0)


def test_two_services_that_often_come_together_are_told_apart() -> None:
    rows: list[Row] = [("maintenance", None, 100.0)] * 40 + [("maintenance", f"{AIR},{WIPERS}", 170.0)] * 40
    rows += [("maintenance", WIPERS, 110.0)] * 5
    assert adds(rows) == {AIR: pytest.approx(60.0), WIPERS: pytest.approx(10.0)}


def test_what_cannot_be_told_apart() -> None:
    """Always together: half each. On every bill of its kind: nothing."""
    rows: list[Row] = [("maintenance", None, 100.0)] * 40 + [("maintenance", f"{AIR},{WIPERS}", 170.0)] * 40
    assert adds(rows) == {AIR: pytest.approx(35.0), WIPERS: pytest.approx(35.0)}
    assert adds([("maintenance", AIR, 90.0), ("maintenance", AIR, 110.0)] * 40)[AIR] == pytest.approx(0.0)


def test_twenty_nine_bills_are_too_few_and_a_service_never_takes_away() -> None:
    rows: list[Row] = [("maintenance", None, 100.0)] * 50
    assert np.isnan(adds([*rows, *[("maintenance", AIR, 160.0)] * 29])[AIR])
    assert adds([*rows, *[("maintenance", AIR, 40.0)] * 30])[AIR] == 0.0


def test_a_bill_without_money_of_its_own_tells_nothing() -> None:
    """Its margin is the mean of its kind, whatever was done."""
    rows = [(0, "maintenance", None, LATELY, 100.0)] * 50 + [(0, "maintenance", AIR, LATELY, 160.0)] * 40
    frame = bills_of([*rows, *[(0, "maintenance", AIR, LATELY, 0.0)] * 40])
    frame.loc[90:, "money_given"] = False
    found = used_services(frame, people_of(1), NAMED, TODAY)
    assert found.margin[0, found.services.index(AIR)] == pytest.approx(80 * 60.0 / 2)  # 80 visits, 2 years


KINDS = st.sampled_from(VISIT_KINDS[:4])
NAMES = st.sets(st.sampled_from([AIR, WIPERS, "coolant", "tyres", "inspection"])).map(
    lambda names: ",".join(code for code in NAMED.codes if code in names) or None
)
BILLS = st.lists(st.tuples(KINDS, NAMES, st.integers(-50, 900).map(float)), min_size=1, max_size=150)


@effort(deadline=None)
@given(BILLS)
def test_as_least_squares_over_every_bill_one_by_one(rows: list[Row]) -> None:
    """The plain way: a row a bill, a column a kind and a service. Only sums can be compared, where services
    cannot be told apart: what the bills would be by both solutions."""
    frame = pd.DataFrame(rows, columns=["kind", "services", "margin"]).astype({"services": "str"})
    done = what_was_done(frame, NAMED.codes)
    names = [code for code in ("tyres", "inspection", *NAMED.codes) if code in {*done.services}]
    names = [*dict.fromkeys(names)]
    beside = np.array(
        [[name in str(text or "").split(",") and name != kind for name in names] for kind, text, _ in rows]
    )
    whole = np.hstack([[[kind == each for each in VISIT_KINDS] for kind, _, _ in rows], beside]).astype(float)
    plain = np.linalg.lstsq(whole, frame["margin"].to_numpy(), rcond=None)[0]
    few = beside.sum(axis=0) < 30
    ours = dict.fromkeys(names, 0.0) | {
        done.services[each]: margin
        for each, margin in zip(
            done.named,
            margins_beside(done, frame["margin"].to_numpy(), np.full(len(frame), True))[done.named],
            strict=True,
        )
    }
    assert [bool(np.isnan(ours[name])) for name in names] == [
        bool(few[i]) and bool(beside[:, i].any()) for i, name in enumerate(names)
    ]
    if np.linalg.matrix_rank(whole[:, whole.any(axis=0)]) == whole.any(axis=0).sum():  # one solution only
        for i, name in enumerate(names):
            if beside[:, i].any() and not few[i]:
                assert ours[name] == pytest.approx(max(plain[len(VISIT_KINDS) + i], 0.0), abs=1e-6)


def test_planted_values_are_found_again() -> None:
    """4,000 bills: habits go together, dear customers have more done, and bills scatter by 40."""
    rng = np.random.default_rng(3)
    planted = {AIR: 60.0, "coolant": 30.0, WIPERS: 8.0, "tyres": 90.0}
    careful = rng.random(4000)  # who has one thing done has others done too
    has = {name: rng.random(4000) < 0.5 * careful for name in planted}
    kind = rng.choice(["maintenance", "repair"], 4000, p=[0.8, 0.2])
    margin = np.where(kind == "repair", 250.0, 100.0) + rng.normal(0, 40, 4000)
    margin += sum(np.where(has[name], value, 0.0) for name, value in planted.items())
    texts = [",".join(name for name in planted if has[name][i]) or None for i in range(4000)]
    found = adds(list(zip(kind.tolist(), texts, margin.tolist(), strict=True)))
    # The error of one such value is 40 / sqrt(4000 x 0.25 x 0.75) = 1.5.
    assert {name: found[name] for name in planted} == pytest.approx(planted, abs=6.0)


# --- who uses what ------------------------------------------------------------------------------------


@effort(deadline=None)
@given(BILLS)
def test_nothing_is_added_twice_and_kinds_alone_are_as_ever(rows: list[Row]) -> None:
    """All services of a customer together are what his bills brought, whatever they name."""
    frame = bills_of([(0, kind, text, LATELY, margin) for kind, text, margin in rows])
    found = used_services(frame, people_of(1), NAMED, TODAY)
    assert np.nansum(found.margin) * 2 == pytest.approx(frame["margin"].sum())
    unnamed = used_services(frame.assign(services=pd.NA), people_of(1), NAMED, TODAY)
    assert unnamed.services == VISIT_KINDS
    of_kind = frame.groupby("kind")["margin"].sum().reindex(VISIT_KINDS, fill_value=0.0)
    assert unnamed.margin[0] * 2 == pytest.approx(of_kind.to_numpy())


@effort(deadline=None)
@given(BILLS, st.sampled_from([LONG_AGO, LATELY]))
def test_who_has_had_what(rows: list[Row], on: str) -> None:
    frame = bills_of([(0, kind, text, on, margin) for kind, text, margin in rows])
    found = used_services(frame, people_of(1), NAMED, TODAY)
    had = {name for kind, text, _ in rows for name in (kind, *(text or "").split(",")) if name}
    assert {name for name, used in zip(found.services, found.lately[0], strict=True) if used} == (
        had if on == LATELY else set()
    )
    assert (found.lately == found.used).all()
    assert set(found.services) == {*VISIT_KINDS, *had}


def test_tyres_on_another_bill_are_tyres() -> None:
    rows = [(0, "maintenance", "tyres", LATELY, 190.0)] * 30 + [(1, "maintenance", None, LATELY, 100.0)] * 30
    rows += [(1, "tyres", "tyres", LATELY, 70.0)]  # named and meant once
    found = used_services(bills_of(rows), people_of(2), NAMED, TODAY)
    tyres, maintenance = VISIT_KINDS.index("tyres"), VISIT_KINDS.index("maintenance")
    assert found.used[:, tyres].tolist() == [True, True]
    assert found.margin[:, tyres] == pytest.approx([30 * 90 / 2, 70 / 2])
    assert found.margin[:, maintenance] == pytest.approx([30 * 100 / 2, 30 * 100 / 2])
    assert found.services == VISIT_KINDS


def test_of_what_few_bills_name_nobody_knows_what_it_brings() -> None:
    """It stays with the kind; the users of it have no margin, rather than one of 0."""
    rows = [(0, "maintenance", None, LATELY, 100.0)] * 5 + [(1, "maintenance", AIR, LATELY, 400.0)] * 5
    people = people_of(2)
    found = used_services(bills_of(rows), people, NAMED, TODAY)
    assert np.isnan(found.margin[1, found.services.index(AIR)])
    row = profiles(people, found).set_index(["segment", "service"]).loc[("all", AIR)]
    assert (row["users"], row["expected_margin"]) == (1, 0.0)
    assert pd.isna(row["margin_per_year"])


# --- what may be offered ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "offered"), [(LONG_AGO, True), ("2024-07-01", False)], ids=["24 months", "a day less"]
)
def test_a_service_that_was_not_named_for_24_months_may_have_been_done(first: str, offered: bool) -> None:
    rows = [(0, "maintenance", AIR, LATELY, 160.0), (1, "maintenance", AIR, first, 160.0)]
    rows += [(1, "maintenance", WIPERS, "2020-01-01", 5.0)]  # of others it says nothing
    found = used_services(bills_of(rows), people_of(2), NAMED, TODAY)
    assert found.offered == (*OFFERED, *([AIR] if offered else []))  # wipers: nobody is asked to want them


def test_a_file_may_say_that_tyres_are_not_offered(tmp_path: Path) -> None:
    path = tmp_path / "services.csv"
    path.write_text("service,offer,words\ntyres,no,new tyres\nwipers,yes,\n", encoding="utf-8")
    rows = [(0, "maintenance", WIPERS, on, 9.0) for on in (LONG_AGO, LATELY)]
    found = used_services(bills_of(rows), people_of(1), load_named_services(path), TODAY)
    assert found.offered == ("maintenance", "inspection", WIPERS)


def test_what_is_not_in_the_file_is_no_service() -> None:
    found = used_services(
        bills_of([(0, "maintenance", f"rust proofing,{AIR}", LATELY, 9.0)]), people_of(1), NAMED, TODAY
    )
    assert found.services == (*VISIT_KINDS, AIR)


def test_the_intervals_name_services_as_a_repair_order_does() -> None:
    """A: due in a year. B: due in two months. 90 days after 30 June is 28 September."""
    rows = [("A1", "A/C Service", "2027-06-01"), ("B1", "A/C Service", "2026-08-30"),
            ("A1", "MOT", "2027-06-01")]  # fmt: skip
    tables = world([car("A"), car("B")], [])
    items = pd.DataFrame(rows, columns=["vehicle_id", "service", "due_on"])
    tables["service_items"] = typed(items, SERVICE_ITEMS)
    found = not_due_soon(tables, NAMED, TODAY)
    assert {service: list(who) for service, who in found.items()} == {AIR: ["A"]}


# --- all together -------------------------------------------------------------------------------------


def dealership(text: str | None = AIR, other: str | None = AIR) -> dict[str, pd.DataFrame]:
    """100 customers with a visit in May of 2023 to 2026, of 100 each, and a repair of 1, 2, ... 70.

    The first 30 had no repair but bring 160 a visit, of which 60 is what `text` names (of every second one
    `other`); C000 is one of them and has not had it since 2023.
    """
    cars, visits = [], []
    for i in range(100):
        who = f"C{i:03}"
        cars.append(car(who))
        for year in (2023, 2024, 2025, 2026):
            with_it = i < 30 and not (i == 0 and year > 2023)
            named = {"services": (text, other)[i % 2]} if with_it else {}
            visits.append(visit(f"{who}1", f"{year}-05-01", 160.0 if with_it else 100.0) | named)
        if i >= 30:
            visits.append(visit(f"{who}1", "2026-05-02", float(i - 29), "repair"))
    return world(cars, visits)


def test_the_air_conditioning_is_missing_to_who_has_not_had_it() -> None:
    """The best fifth are the 29 with 160 a visit: 160 a year, 60 of it for the air conditioning."""
    found = segmented(dealership(), Settings(), TODAY)
    gaps = found.missing.set_index("customer_id")
    assert sorted(gaps.index) == ["C000", *(f"C{i:03}" for i in range(30, 100))]
    row = gaps.loc["C099"]
    assert row[["service", "rank", "share", "best_of"]].tolist() == [AIR, 1, 1.0, "all"]
    assert row["margin_per_year"] == row["expected_margin"] == pytest.approx(60.0)
    people = found.customers.set_index("customer_id")
    assert people.loc["C099", "missing_services"] == AIR
    assert people.loc["C001", "missing_services"] == ""
    alone = missing_of(dealership(), Settings(), TODAY)
    pd.testing.assert_frame_equal(alone, found.missing)


def test_nothing_is_missing_while_nobody_names_services() -> None:
    found = segmented(dealership(None, None), Settings(), TODAY)
    assert found.missing.empty
    assert set(found.profile["service"]) == set(VISIT_KINDS)


def test_a_customer_may_lack_twenty_services(tmp_path: Path) -> None:
    """More than digits of one number could hold. Every second of the best has had ten of them more."""
    names = [f"service {chr(97 + i)}" for i in range(20)]
    path = tmp_path / "own.csv"
    path.write_text("service,offer\n" + "".join(f"{name},yes\n" for name in names), encoding="utf-8")
    settings = Settings.model_validate({"service": {"names": str(path)}})
    tables = dealership(",".join(names[10:]), ",".join(names))
    more = tables["visits"]["services"].eq(",".join(names))
    tables["visits"]["margin"] += more.astype("float64") * 40
    found = segmented(tables, settings, TODAY)
    # Ten that all 29 have add 60 / 10 each, and ten that 15 of 29 have 40 / 10.
    of = found.missing[found.missing["customer_id"] == "C099"]
    assert of["service"].tolist() == [*names[10:], *names[:10]]
    assert of["expected_margin"].tolist() == pytest.approx([6.0] * 10 + [4.0 * 15 / 29] * 10)
    person = found.customers.set_index("customer_id").loc["C099"]
    assert person["missing_services"].split(",") == [*names[10:], *names[:10]]
    assert person["missing_margin"] == pytest.approx(60 + 40 * 15 / 29)
    assert found.customers.set_index("customer_id").loc["C001", "missing_services"] == ""


@effort(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_share_times_margin_a_year_is_what_it_would_bring(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 200
    people = people_of(n).assign(segment=rng.choice(["loyal", "best", "new"], n))
    services = (*VISIT_KINDS, AIR, "coolant")
    used = rng.random((n, len(services))) < 0.4
    margin = np.where(used, rng.lognormal(4, 1, used.shape), 0.0)
    found = Used(used, margin, used.copy(), services, (*OFFERED, AIR, "coolant"))
    profile = profiles(people, found)
    gaps = missing_services(people, found, profile, {})
    brings = gaps["share"] * gaps["margin_per_year"]
    assert np.allclose(brings, gaps["expected_margin"])
    told = profile.set_index(["segment", "service"])
    rows = told.loc[list(zip(gaps["best_of"], gaps["service"], strict=True))]
    assert np.allclose(rows["share"], gaps["share"])
    assert (rows["note"] == "").all() or set(gaps["best_of"]) == {"all"}
    own = people["segment"].reindex(gaps["customer_id"]).to_numpy()
    assert set(gaps["best_of"]) <= {"all", *own}
    for _, of in gaps.groupby("customer_id"):
        assert of["rank"].tolist() == list(range(1, len(of) + 1))
        assert of["expected_margin"].is_monotonic_decreasing
