"""What contacts brought, counted by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from planner.columns import empty
from planner.tables import ANSWERS, CONTACTS, CUSTOMERS, OFFERS, VEHICLES, VISITS
from planner.value.success import NPS, RESULTS, SUCCESS, WITHOUT_CONTACT, Success, success
from planner.value.without_contact import WHY, newcombe
from tests.contact_world import LOYAL, TOUCHPOINTS, World
from tests.success_world import AS_OF

OCT = "2025-10-01"  # the day on which most services are due


@pytest.fixture(scope="module")
def by_hand() -> Success:
    world = World()
    # A: the SMS, then the call that books; the visit counts for the call.
    world.car("A", "2025-09-25")
    world.contact("A", "YSb", OCT, "2025-08-27")
    world.answered("A", "YSc", OCT, "2025-09-10", "booked")
    # B: the call reaches nobody, and a message goes out instead; the visit counts for the SMS before it.
    world.car("B", "2025-09-30")
    world.contact("B", "YSb", OCT, "2025-08-27")
    tries = ("no_answer", "busy", "no_answer")
    world.answered("B", "YSc", OCT, "2025-09-10", *tries, channel="sms", script="not_reached")
    # C: comes 99 days after the call in which he complained: it counts for none, and he has come.
    world.car("C", "2026-02-01")
    world.contact("C", "YSb", "2025-11-15", "2025-10-11")
    world.answered("C", "YSc", "2025-11-15", "2025-10-25", "callback", "complaint")
    # D: 20 days ago; others of that day may still come, so his visit does not count yet. Nor does Y.
    world.car("D", "2026-06-20")
    world.car("Y")
    world.contact("Y", "YSb", "2026-05-15", "2026-04-10")
    world.answered("D", "YSc", "2026-07-01", "2026-06-10", "do_not_call")
    # J had booked before: no booking of this call, but the visit came after it.
    world.car("J", "2026-01-10")
    world.answered("J", "YSc", "2026-01-20", "2026-01-01", "already_booked")
    # K comes 106 days after the service was due. L had come when the SMS went out, as had X below.
    world.car("K", "2024-10-05", "2026-01-15")
    world.contact("K", "YSb", OCT, "2025-08-27")
    world.car("L", "2025-08-20")
    world.contact("L", "YSb", OCT, "2025-08-27")
    # W books on the day on which he comes. X has come when an SMS goes out: it counts neither for that visit
    # nor for the next one.
    world.car("W", "2025-09-24")
    world.answered("W", "YSc", "2025-10-15", "2025-09-24", "booked")
    world.car("X", "2025-08-27", "2025-10-30")
    world.contact("X", "YSb", OCT, "2025-08-27")
    # T's service had lapsed on 1 November; he comes ten days after the e-mail that misses him.
    world.car("T", "2025-11-20")
    world.contact("T", "R1", "2025-11-01", "2025-11-10")
    # Nobody knows whether H's call was made; I's is not over; a message to come is none.
    world.car("H")
    world.contact("H", "YSc", "2026-05-01", "2026-04-10")
    world.car("I")
    world.answered("I", "YSc", "2026-07-10", "2026-06-20", "callback")
    world.contact("I", "YSb", "2026-08-10", "2026-07-06")
    # Rewards: E's offer is redeemed, and another one is nobody's. F's is young. G's is redeemed too late.
    for car, on in {"E": "2026-01-10", "F": "2026-05-01", "G": "2025-09-01"}.items():
        world.car(car, consent_email="no" if car == "F" else None)
        world.contact(car, "LO1", "2025-06-01", on)
    world.contact("F", "TI2", "2025-06-01", "2026-03-01")
    world.offer("E", "2026-01-12", "2026-02-01")
    world.offer("E", "2026-03-20", "2026-03-21")
    world.offer("F", "2026-05-05")
    world.offer("G", "2025-09-15", "2026-01-20")
    # Not contacted: M (said no) comes, N (calls all taken) does not, P is due in a month without a contact.
    for car, due, reason, visits in (
        ("M", "2025-10-05", "consent", ["2025-10-20"]),
        ("N", "2025-10-10", "capacity", []),
        ("P", "2025-12-10", "do-not-contact", ["2025-12-11"]),
    ):
        world.car(car, *visits)
        for touchpoint in ("YSa", "YSb", "YSc"):
            world.contact(car, touchpoint, due, None, reason=reason)
    # Q was spoken of with another car's: neither contacted nor not.
    world.car("Q")
    world.contact("Q", "YSa", OCT, None, reason="consent")
    world.contact("Q", "YSb", OCT, None, status="merged", reason="household")
    # R's service was over before the first contact.
    world.car("R", "2024-12-20", bought="2023-12-01")
    world.rows["outcomes"].reverse()
    return success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF)


@pytest.mark.parametrize(
    ("by", "group", "expected"),
    [
        # Sent to A, B, C, K, L, X: one visit of six; and lately to Y. Nobody answers an SMS in a list.
        ("touchpoint", "YSb", {"contacts": 7, "reached": (0, 0), "booked": (0, 0), "visited": (1, 6),
                               "complained": (0, 0), "opted_out": (0, 7), "issued": 0}),
        # A, B, C, D, J, W: all but B reached; J had booked before; D is too young for visits.
        ("touchpoint", "YSc", {"contacts": 6, "reached": (5, 6), "booked": (2, 5), "visited": (3, 5),
                               "complained": (1, 6), "opted_out": (1, 6), "offered": (0, 0)}),
        # E, F, G; F said no to e-mails after this one, not after the tips before.
        ("tactic", "loyalty", {"contacts": 3, "visited": (0, 0), "issued": 3, "offered": (3, 3),
                               "redeemed": (1, 2), "booked": (0, 0), "opted_out": (1, 3)}),
        ("tactic", "tips", {"contacts": 1, "issued": 0, "redeemed": (0, 0), "opted_out": (0, 1)}),
        ("tactic", "bundles", {"contacts": 0, "issued": 0, "offered": (0, 0), "opted_out": (0, 0)}),
        # YSb and YSc; a touchpoint of a tactic is in no cycle. R1 wins back.
        ("cycle", "older_car", {"contacts": 13, "booked": (2, 5), "visited": (4, 11)}),
        ("cycle", "win_back", {"contacts": 1, "visited": (1, 1)}),
        ("cycle", "new_car", {"contacts": 0, "visited": (0, 0)}),
        ("channel", "call", {"contacts": 6, "booked": (2, 5)}),
        ("channel", "sms", {"contacts": 7, "visited": (1, 6)}),
        ("channel", "email", {"contacts": 5, "opted_out": (1, 5)}),
        # 35 days before the service, 21 or 19, and 40 after it.
        ("lead", "before_29", {"contacts": 7, "visited": (1, 6)}),
        ("lead", "before_15", {"contacts": 6, "visited": (3, 5)}),
        ("lead", "after_15", {"contacts": 1, "visited": (1, 1)}),
        ("all", "", {"contacts": 18, "reached": (5, 6), "booked": (2, 5), "visited": (5, 12), "issued": 3,
                     "offered": (3, 4), "redeemed": (1, 2), "complained": (1, 6), "opted_out": (2, 18)}),
    ],
)  # fmt: skip
def test_by_hand(by_hand: Success, by: str, group: str, expected: dict[str, object]) -> None:
    found = by_hand.success
    rows = found[found["by"].eq(by) & found["group"].eq(group)].set_index("result")
    assert rows.index.tolist() == [*RESULTS, NPS]
    for result, numbers in expected.items():
        row = rows.loc[result]
        if isinstance(numbers, int):
            assert row["count"] == numbers, result
            assert pd.isna(row["out_of"])
            assert row["note"] == ""
            continue
        count, out_of = numbers  # type: ignore[misc]
        assert (row["count"], row["out_of"]) == (count, out_of), result
        assert row["note"] == ("too_few" if out_of else "no_data")
        assert row["share"] == pytest.approx(count / out_of) if out_of else pd.isna(row["share"])


def test_a_share_has_the_interval_of_wilson(by_hand: Success) -> None:
    rows = by_hand.success.set_index(["by", "group", "result"])
    # 1 of 2, z^2 = 3.8415: (0.5 + z^2 / 4 -+ z sqrt(0.25 / 2 + z^2 / 16)) / (1 + z^2 / 2)
    # = (1.4604 -+ 1.1843) / 2.9207
    assert tuple(rows.loc[("tactic", "loyalty", "redeemed"), ["low", "high"]]) == pytest.approx(
        (0.0945, 0.9055), abs=1e-4
    )


def test_groups_and_their_order(by_hand: Success) -> None:
    found = by_hand.success.drop_duplicates(["by", "group"])
    listed = found.groupby("by", sort=False)["group"].agg(list).to_dict()
    assert listed == {
        "all": [""],
        # All too few to tell: by the number of contacts, then by code.
        "touchpoint": ["YSb", "YSc", "LO1", "R1", "TI2"],
        "channel": ["call", "sms", "email"],
        "lead": ["before_29", "before_15", "after_15"],
        "cycle": ["new_car", "older_car", "win_back"],
        "tactic": ["loyalty", "tips", "bundles", "surveys"],
    }


def surveyed(world: World) -> pd.DataFrame:
    """The results of the tactic, by result."""
    found = success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF).success
    return found[found["by"].eq("tactic") & found["group"].eq("surveys")].set_index("result")


def test_what_surveys_bring_by_hand() -> None:
    """Asked and 30 days old: A to F. A, B, C answer: 10, 9 and 5; so NPS is 100 x (2 - 1) / 3."""
    world = World()
    asked = dict.fromkeys("ABCDEF", "2026-03-01") | {"G": "2026-06-10"}
    for car, on in asked.items():
        world.car(car)
        world.contact(car, "SU1", "2025-10-01", on)
    for car, on, score in (("A", "2026-03-01", 10), ("B", "2026-03-31", 9), ("C", "2026-03-04", 5)):
        world.score(car, on, score)
    # D answered a day too late, E the day before it was asked, of F there is no score; G may still answer.
    for car, on, score in (("D", "2026-04-01", 10), ("E", "2026-02-28", 0), ("G", "2026-06-11", 10)):
        world.score(car, on, score)
    world.score("F", "2026-03-02", None)
    found = surveyed(world)
    wanted = {"contacts": 7, "scored": (3, 6), "promoters": (2, 3), "detractors": (1, 3), NPS: (1, 3)}
    for result, numbers in wanted.items():
        counted = numbers if isinstance(numbers, tuple) else (numbers,)
        assert tuple(found.loc[result, ["count", "out_of"]])[: len(counted)] == counted, result
    score = found.loc[NPS]
    # 1, 1, -1, to which 3/4 of each are added: of 6 the mean is 1/6, variance (4.5/6 - 1/36) / 6 = 13/108.
    half = 1.959964 * (13 / 108) ** 0.5
    assert (score["share"], score["low"], score["high"]) == pytest.approx((1 / 3, 1 / 6 - half, 1 / 6 + half))
    assert score["note"] == "too_few"


def test_an_answer_counts_for_the_last_contact_that_asks() -> None:
    """Not for the offer after it, nor for the first of two questions. B is of the same household."""
    world = World()
    world.car("A")
    world.car("B", household_id="HA")
    world.contact("A", "YV", "2026-01-01", "2026-02-20")
    world.contact("A", "SU1", "2025-10-01", "2026-03-01")
    world.contact("A", "LO1", "2025-06-01", "2026-03-03")
    world.score("B", "2026-03-05", 8)
    found = success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF).success
    scored = found[found["by"].eq("touchpoint") & found["result"].eq("scored")].set_index("group")
    assert scored["count"].to_dict() == {"YV": 0, "SU1": 1, "LO1": 0}
    assert scored["out_of"].to_dict() == {"YV": 1, "SU1": 1, "LO1": 0}
    neither = surveyed(world).loc[["promoters", "detractors", NPS], ["count", "out_of"]]
    assert neither.to_numpy().tolist() == [[0, 1]] * 3


@pytest.mark.parametrize(
    ("why", "expected"),
    [
        # Due in October, where there are both: A, B, W and K, who stayed away; M came, N did not.
        ("all", (4, 3, 2, 1)),
        ("consent", (4, 3, 1, 1)),
        ("capacity", (4, 3, 1, 0)),
        ("do-not-contact", (0, 0, 0, 0)),
        ("no_room", (6, 5, 0, 0)),
        # A, B, C, J, W came, K did not; R's service of December 2024 was done.
        ("before", (6, 5, 1, 1)),
    ],
)
def test_against_no_contact_by_hand(by_hand: Success, why: str, expected: tuple[int, ...]) -> None:
    row = by_hand.without_contact.set_index("why").loc[why]
    names = ["contacted", "contacted_came", "others", "others_came"]
    assert tuple(row[names]) == expected
    assert row["note"] == ("too_few" if all(expected[::2]) else "no_data")
    if all(expected[::2]):
        assert row["difference"] == pytest.approx(expected[1] / expected[0] - expected[3] / expected[2])


def test_nothing_after_the_day_counts() -> None:
    world = World()
    world.car("A")
    world.contact("A", "LO1", "2026-03-01", "2026-06-20")
    world.answered("A", "YSc", "2026-07-10", "2026-06-21", "no_answer")
    before = success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF)
    world.offer("A", "2026-07-01", "2026-07-02")
    world.contact("A", "YSb", "2026-09-01", "2026-07-28")
    world.rows["visits"].append({"visit_id": "late", "vehicle_id": "A", "visited_on": "2026-07-05"})
    contact = world.rows["contacts"][1]
    said = {**world.rows["outcomes"][0], "attempt": 2, "outcome": "booked", "said_on": "2026-07-03"}
    world.rows["outcomes"].append(said)
    contact.update(attempts=2, outcome="booked")
    after = success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF)
    assert_frame_equal(before.success, after.success)
    assert_frame_equal(before.without_contact, after.without_contact)


@pytest.mark.parametrize(
    ("days_before", "band"),
    [
        *((57, "before_57"), (56, "before_29"), (29, "before_29"), (28, "before_15"), (15, "before_15")),
        *((14, "before_1"), (1, "before_1"), (0, "after_0"), (-14, "after_0"), (-15, "after_15")),
    ],
)
def test_lead_times_from_their_first_to_their_last_day(days_before: int, band: str) -> None:
    world = World()
    world.car("A")
    world.contact("A", "YSb", OCT, (date.fromisoformat(OCT) - timedelta(days=days_before)).isoformat())
    found = success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF).success
    assert found.loc[found["by"].eq("lead"), "group"].unique().tolist() == [band]


def visits_counted(world: World) -> dict[str, int]:
    found = success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF).success
    visited = found[found["by"].eq("touchpoint") & found["result"].eq("visited")]
    return dict(zip(visited["group"], visited["count"], strict=True))


def test_a_visit_of_a_car_that_a_contact_names_too_counts_for_it() -> None:
    world = World()
    world.car("A")
    world.car("B", "2025-09-20")
    world.contact("A", "YSb", OCT, "2025-08-27", also_vehicle_ids="B")
    assert visits_counted(world) == {"YSb": 1}


def test_who_books_for_today_does_not_come_for_the_message_of_today() -> None:
    world = World()
    world.car("A", "2025-09-10")
    world.contact("A", "YSb", OCT, "2025-09-10")
    world.answered("A", "YSc", OCT, "2025-09-10", "booked")
    assert visits_counted(world) == {"YSb": 0, "YSc": 1}


def test_other_reasons_are_no_room() -> None:
    world = World()
    world.car("A")
    world.contact("A", "YSb", OCT, None, reason="gap")
    row = success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF).without_contact.set_index("why").loc["no_room"]
    assert row["others"] == 1


def test_a_service_due_early_in_the_window_was_spoken_of_before_it() -> None:
    world = World()
    world.car("A")
    world.contact("A", "YSb", "2025-07-20", "2025-06-15")
    found = success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF)
    assert found.without_contact.iloc[0]["contacted"] == 1
    assert found.success.iloc[0]["count"] == 0


def test_a_service_counts_from_its_first_contact() -> None:
    world = World()
    world.car("A", "2025-09-05")
    world.contact("A", "YSb", OCT, "2025-08-27")
    world.contact("A", "YSc", OCT, "2025-09-10", channel="email")
    row = success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF).without_contact.iloc[0]
    assert (row["contacted"], row["contacted_came"]) == (1, 1)


def test_the_time_before_is_known_by_messages_alone() -> None:
    world = World()
    world.car("A")
    world.contact("A", "YSb", OCT, "2025-08-27")
    world.car("R", bought="2023-12-01")
    row = success(world.tables(), TOUCHPOINTS, LOYAL, AS_OF).without_contact.set_index("why").loc["before"]
    assert (row["contacted"], row["others"], row["others_came"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("counts", "interval"),
    [
        # Source: Newcombe 1998, table II, method 10, columns (a) to (e) and (h).
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((10, 10, 0, 10), (0.6075, 1.0)),
    ],
)
def test_the_interval_of_a_difference_is_that_of_the_paper(
    counts: tuple[int, ...], interval: tuple[float, float]
) -> None:
    assert newcombe(*counts) == pytest.approx(interval, abs=5e-5)


def test_without_any_rows_there_is_nothing_to_tell() -> None:
    kinds = {"customers": CUSTOMERS, "vehicles": VEHICLES, "visits": VISITS, "contacts": CONTACTS,
             "outcomes": ANSWERS, "offers": OFFERS}  # fmt: skip
    found = success({name: empty(kind) for name, kind in kinds.items()}, TOUCHPOINTS, LOYAL, AS_OF)
    assert found.success.columns.tolist() == SUCCESS.names
    assert found.success["by"].unique().tolist() == ["all", "cycle", "tactic"]
    assert found.success["count"].eq(0).all()
    assert found.without_contact.columns.tolist() == WITHOUT_CONTACT.names
    assert found.without_contact["why"].tolist() == list(WHY)
    assert found.without_contact["note"].eq("no_data").all()
