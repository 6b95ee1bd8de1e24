"""The same thing for two cars of one household: one contact that names both."""

from __future__ import annotations

import pandas as pd
import pytest

from planner.settings import Settings
from tests.calendars import MONDAY, Row, candidate, candidates, customers, days, plan, three_years


def call(name: str, ideal: str, **more: object) -> Row:
    return candidate(name, ideal, around=7, **{"script": "service_call", "channel": "call", **more})


def merged_into(placed: pd.DataFrame) -> dict[str, str]:
    """The other cars that each contact names."""
    named = placed[placed["also_vehicle_ids"].notna()]
    return dict(zip(named["contact_id"], named["also_vehicle_ids"], strict=True))


def test_one_contact_names_both_cars_in_the_days_that_suit_both() -> None:
    placed = plan(call("V/S1c", "2024-02-01"), call("W/S1c", "2024-02-12"))
    assert merged_into(placed) == {"V/S1c": "W"}
    first, other = placed.loc["V/S1c"], placed.loc["W/S1c"]
    # 1 February +- 7 and 12 February +- 7 have the 5th to the 8th in common.
    assert (first["earliest_on"], first["latest_on"]) == (
        pd.Timestamp("2024-02-05"),
        pd.Timestamp("2024-02-08"),
    )
    assert days(placed) == {"V/S1c": "05 Feb"}
    assert (first["status"], first["reason"]) == ("planned", "window")
    assert (other["status"], other["reason"]) == ("merged", "household")
    assert (other["earliest_on"], other["latest_on"]) == (
        pd.Timestamp("2024-02-05"),
        pd.Timestamp("2024-02-19"),
    )


def test_all_other_cars_are_named_in_order() -> None:
    cars = "QRSTUVWX"
    placed = plan(*(call(f"{car}/S1c", "2024-02-01") for car in cars), call("Y/S1c", "2024-03-20"))
    named = merged_into(placed)
    leader = next(iter(named))
    assert named == {leader: ",".join(sorted(set(cars) - {leader.split("/")[0]}))}
    assert placed.loc["Y/S1c", "status"] == "planned"


def test_the_most_urgent_speaks_for_the_group() -> None:
    placed = plan(call("V/S1c", "2024-02-01", priority=2), call("W/S2c", "2024-02-03", priority=1))
    assert merged_into(placed) == {"W/S2c": "V"}


@pytest.mark.parametrize(
    "other",
    [
        {"script": "another"},
        {"channel": "post"},
        {"standby": True},
        {"household_id": "H2", "customer_id": "C2"},
        {"vehicle_id": "V"},
        {"earliest_on": "2024-02-09", "latest_on": "2024-03-09"},
    ],
)
def test_different_things_stay_apart(other: Row) -> None:
    people = customers({"customer_id": "C1"}, {"customer_id": "C2", "household_id": "H2"})
    placed = plan(call("V/S1c", "2024-02-01"), call("W/S1c", "2024-02-01", **other), people=people)
    assert merged_into(placed) == {}
    assert not placed["status"].eq("merged").any()


def test_windows_that_share_only_a_weekend_are_not_joined() -> None:
    """One call on Saturday or Sunday would be no call at all."""
    placed = plan(
        call("V/S1c", "2024-02-08", earliest_on="2024-02-01", latest_on="2024-02-11"),
        call("W/S1c", "2024-03-15", earliest_on="2024-02-10", latest_on="2024-03-20"),
    )
    assert merged_into(placed) == {}
    assert days(placed) == {"V/S1c": "08 Feb", "W/S1c": "15 Mar"}


def test_who_may_not_be_contacted_is_not_named() -> None:
    placed = plan(call("V/S1c", "2024-02-01", gone=True), call("W/S1c", "2024-02-01"))
    assert merged_into(placed) == {}
    assert days(placed) == {"W/S1c": "01 Feb"}


def test_a_chain_of_windows_joins_those_who_have_a_day_for_all() -> None:
    placed = plan(call("V/A", "2024-02-01"), call("W/A", "2024-02-08"), call("X/A", "2024-02-20"))
    assert merged_into(placed) == {"V/A": "W"}  # 8 February suits both, and is before X's 13th
    assert placed.loc["X/A", "status"] == "planned"


def test_two_touches_of_one_car_are_not_the_same_thing() -> None:
    placed = plan(call("V/A", "2024-02-01"), call("V/B", "2024-02-02"), call("W/C", "2024-06-01"))
    assert merged_into(placed) == {}


def test_a_short_window_in_a_long_one_ends_the_common_days() -> None:
    window = ("earliest_on", "latest_on")
    placed = plan(
        call("V/A", "2024-02-06", **dict(zip(window, ("2024-02-01", "2024-03-20"), strict=True))),
        call("W/A", "2024-02-06", **dict(zip(window, ("2024-02-05", "2024-02-09"), strict=True))),
        call("X/A", "2024-03-14", **dict(zip(window, ("2024-03-11", "2024-03-20"), strict=True))),
    )
    assert sum(len(cars) for cars in merged_into(placed).values()) == 1
    assert placed["status"].value_counts().to_dict() == {"planned": 2, "merged": 1}
    assert set(days(placed).values()) == {"06 Feb", "14 Mar"}


def test_a_birthday_with_two_cars_is_one_greeting_a_year() -> None:
    rows = [*three_years(MONDAY, car="V"), *three_years(MONDAY.replace(month=6, day=3), car="W")]
    placed = plan(*rows)
    greetings = placed[placed["script"] == "birthday"]
    said = greetings[greetings["status"] == "planned"]
    assert sorted(said["planned_on"].dt.strftime("%d %b %Y")) == [
        f"10 Aug {year}" for year in (2024, 2025, 2026)
    ]
    assert set(said["also_vehicle_ids"]) <= {"V", "W"}
    assert greetings["status"].eq("merged").sum() == 3


def test_a_merged_contact_keeps_its_day_and_its_speaker() -> None:
    rows = [call("V/S1c", "2024-02-01"), call("W/S1c", "2024-02-03")]
    placed = plan(*rows).reset_index(drop=True)
    # The other car's service has come nearer: it would be the first to be asked now.
    sooner = call("W/S1c", "2024-01-31")
    again = plan(rows[0], sooner, previous=placed)
    assert merged_into(again) == merged_into(placed.set_index("contact_id", drop=False))
    assert days(again) == days(placed)


def test_a_handed_out_contact_still_speaks_for_the_other_car() -> None:
    rows = [call("V/S1c", "2024-02-01"), call("W/S1c", "2024-02-03")]
    placed = plan(*rows).reset_index(drop=True)
    leader = placed["status"] == "planned"
    placed.loc[leader, "handed_out_on"] = pd.Timestamp("2024-01-29")
    again = plan(*rows, previous=placed, as_of=MONDAY.replace(day=30))
    assert days(again) == days(placed)
    assert sorted(again["status"]) == ["merged", "planned"]
    # A later service of the other car is another matter.
    later = plan(*rows, call("W/S2c", "2025-02-03"), previous=placed, as_of=MONDAY.replace(day=30))
    assert days(later)["W/S2c"] == "03 Feb"


def test_a_handed_out_contact_does_not_speak_for_another_year() -> None:
    years = {1: "2024-02-01", 2: "2025-02-03"}
    rows = [
        call(f"{car}/S{number}c", day, priority=n)
        for number, day in years.items()
        for n, car in enumerate("VW")
    ]
    placed = plan(*rows).reset_index(drop=True)
    assert merged_into(placed.set_index("contact_id", drop=False)) == {"V/S1c": "W", "V/S2c": "W"}
    placed.loc[placed["contact_id"] == "V/S1c", "handed_out_on"] = pd.Timestamp("2024-01-29")
    # Next year V needs no call any more: W's call stands for itself.
    again = plan(*[row for row in rows if row["contact_id"] != "V/S2c"], previous=placed)
    assert again.loc["W/S1c", "status"] == "merged"
    assert again.loc["W/S2c", "status"] == "planned"


def test_a_fleet_of_forty_cars_is_called_once() -> None:
    rows = [call(f"V{number:02}/S1c", "2024-02-01") for number in range(40)]
    placed = plan(*rows, settings=Settings())
    assert placed["status"].value_counts().to_dict() == {"merged": 39, "planned": 1}
    assert len(candidates(rows)) == len(placed)
    assert next(iter(merged_into(placed).values())).count(",") == 38
