"""Why a reading was set aside, and what it probably should have been."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planner.columns import typed
from planner.forecast import Forecast
from planner.forecast.reasons import edits
from planner.tables import MAX_KM_PER_DAY, READINGS
from tests.cars import cars, readings, run

MILE = 1.609344
USED = {"purchased_on": "2022-01-01", "condition": "used"}
# 41 km a day, beside which the one in question is laid.
STEADY = [("2022-01-01", 50_000), ("2022-07-01", 57_421), ("2023-07-01", 72_386), ("2024-01-01", 79_930)]


def only_issue(read: list[tuple[str, float]], **car: object) -> tuple[str, str]:
    found = run(cars(USED | car), read=readings(*read), as_of="2025-01-01").issues
    assert len(found) == 1
    return str(found["code"].iloc[0]), found["message"].iloc[0]


@pytest.mark.parametrize(
    ("on", "km", "code", "words"),
    [
        # On 2023-01-01 the line shows 64,965.
        pytest.param("2023-01-01", 649_655, "reading-typo", "64965 km would fit, a digit less", id="added"),
        pytest.param("2023-01-01", 6_495, "reading-typo", "64965 km would fit, a digit more", id="lost"),
        pytest.param("2023-01-01", 24_965, "reading-typo", "64965 km would fit, another digit", id="changed"),
        pytest.param(
            "2023-01-01", 46_965, "reading-typo", "64965 km would fit, two digits exchanged", id="exchanged"
        ),
        pytest.param(
            "2023-01-01", 40_368, "reading-unit", "64966 km would fit, it was probably in miles", id="miles"
        ),
        pytest.param(
            "2023-01-01",
            104_550,
            "reading-unit",
            "64964 km would fit, it was probably in km, and taken for miles",
            id="km",
        ),
        pytest.param(
            "2023-01-01", 22_222, "reading-decrease", "is below the 57421 km on 2022-07-01", id="below"
        ),
        pytest.param(
            "2023-01-01", 88_888, "reading-decrease", "is above the later 72386 km on 2023-07-01", id="above"
        ),
        pytest.param(
            "2023-01-01",
            2_222_222,
            "reading-speed",
            "is more than a car can have driven since",
            id="too fast",
        ),
        # With another digit almost anything comes near: 62,321 would, but it is 2,644 km off the line.
        pytest.param("2023-01-01", 52_321, "reading-decrease", "is below the 57421 km", id="not near enough"),
        pytest.param(
            "2023-10-01",
            57_421,
            "reading-decrease",
            "it repeats an earlier reading",
            id="copied, no typing error",
        ),
        pytest.param(
            "2023-07-01",
            69_000,
            "reading-same-day",
            "69000 km on 2023-07-01 is more than a day's driving from the 72386 km on 2023-07-01",
            id="same day, either could be true",
        ),
        pytest.param(
            "2023-07-01",
            7_238,
            "reading-typo",
            "72386 km would fit, a digit more",
            id="same day, a digit lost",
        ),
        pytest.param(
            "2023-07-01",
            133_333,
            "reading-same-day",
            "is more than a day's driving from the 72386 km on 2023-07-01",
            id="same day, nothing would make it fit",
        ),
        pytest.param(
            "2023-07-01",
            745_000,
            "reading-same-day",
            "is more than a day's driving from the 72386 km on 2023-07-01",
            id="same day, and so is what it could have been",
        ),
        # After the last reading: the rate of the car, up to three times of it.
        pytest.param(
            "2024-07-01", 8_739, "reading-typo", "87392 km would fit, a digit more", id="last, lost"
        ),
        pytest.param(
            "2024-07-01",
            54_303,
            "reading-unit",
            "87392 km would fit, it was probably in miles",
            id="last, miles",
        ),
        pytest.param("2024-07-01", 22_222, "reading-decrease", "is below the 79930 km", id="last, below"),
    ],
)
def test_each_reason(on: str, km: float, code: str, words: str) -> None:
    found, message = only_issue([*STEADY, (on, km)])
    assert found == code
    assert message.startswith(f"vehicle CAR: {km} km on {on} is ")
    assert words in message
    assert message.endswith("; not used")


def test_the_first_reading_of_a_car_can_be_explained_too() -> None:
    read = [("2022-01-01", 500_000), *STEADY[1:]]
    code, message = only_issue(read)
    assert code == "reading-typo"
    assert "50000 km would fit, a digit less" in message


def test_before_the_first_reading_the_rate_of_the_car_tells_what_is_plausible() -> None:
    # 48,900 km would be another digit, but 1,100 km on the day before.
    code, message = only_issue([("2021-12-31", 18_900), *STEADY], purchased_on="2021-12-31")
    assert code == "reading-speed"
    assert "leaves more than a car can drive until the 50000 km on 2022-01-01; not used" in message


def test_a_car_bought_new_began_with_0_km() -> None:
    # 8,000 km in half a year, then 6,000 in a year and 20,000 in the next: plausible only from 0 on.
    read = [("2022-07-01", 80_000), ("2023-07-01", 14_000), ("2024-07-01", 34_000)]
    code, message = only_issue(read, condition="new")
    assert code == "reading-typo"
    assert "8000 km would fit, a digit less" in message
    assert only_issue(read, condition="used")[0] == "reading-decrease"


def test_many_readings_on_a_day_are_no_conflict() -> None:
    # Brought in, tested, picked up, and driven home: 1,500 km on a day are believed, in steps or at once.
    read = [("2023-07-01", 72_386 + km) for km in (3, 12, 900, 1_480)]
    assert run(cars(USED), read=readings(*STEADY, *read), as_of="2025-01-01").issues.empty


def test_of_two_explanations_the_nearest_to_the_line_wins() -> None:
    # 36,000 on a line at 57,900: in miles 57,936; with another digit 56,000. Then a line at 56,200.
    def told(at: int) -> str:
        read = [("2022-01-01", at - 3_000), ("2022-07-01", 36_000), ("2022-12-29", at + 3_000)]
        return only_issue([("2021-07-05", at - 6_000), *read], purchased_on="2021-07-01")[1]

    assert "57936 km would fit, it was probably in miles" in told(57_900)
    assert "56000 km would fit, another digit" in told(56_200)


def test_digits_are_those_of_the_unit_in_which_they_were_typed() -> None:
    # An import in miles: the line is at 40,367 mi, typed with a digit lost; 41 km a day are 25.5 mi.
    read = [(day, round(km / MILE) * MILE) for day, km in STEADY]
    code, message = only_issue([*read, ("2023-01-01", 4_036 * MILE)])
    assert code == "reading-typo"
    assert "4036 mi on 2023-01-01 is below the 35680 mi" in message
    assert "40368 mi would fit, a digit more" in message


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2_999_999))
def test_edits_are_those_of_a_person_at_a_keyboard(number: int) -> None:
    found: dict[int, set[int]] = {}
    for kind, _, candidates, there in edits(np.array([number])):
        found.setdefault(kind, set()).update(candidates[np.broadcast_to(there, candidates.shape)].tolist())
    typed_digits = str(number)
    expected = by_hand(typed_digits)
    for kind, of_kind in expected.items():
        assert found[kind] - {number} == of_kind - {number}, kind


def by_hand(text: str) -> dict[int, set[int]]:
    """Fewer, more, exchanged, other: as text, without those that begin with 0."""
    digits = "0123456789"
    places = range(len(text))
    made = {
        0: [text[:at] + text[at + 1 :] for at in places],
        1: [text[:at] + digit + text[at:] for at in range(len(text) + 1) for digit in digits],
        2: [text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(len(text) - 1)],
        3: [text[:at] + digit + text[at + 1 :] for at in places for digit in digits],
    }
    if text == "0":
        return {kind: set() for kind in made}  # nothing was typed
    return {kind: {int(new) for new in of_kind if new and (new[0] != "0")} for kind, of_kind in made.items()}


# A car that drives the same every day, and one thing wrong with it.

FIRST = np.datetime64("2018-01-01")


@st.composite
def clean_series(draw: st.DrawFn) -> tuple[list[int], list[int], int]:
    """Days, km and km a day of a car that was bought used."""
    rate = draw(st.integers(20, 150))
    gaps = draw(st.lists(st.integers(25, 200), min_size=5, max_size=8))
    day = np.concatenate([[0], np.cumsum(gaps)])
    start = draw(st.integers(10_000, 150_000))
    return day.tolist(), (start + rate * day).tolist(), rate


def forecast_of(day: list[int], km: list[float], rate: int) -> Forecast:
    vehicles = cars({"purchased_on": str(FIRST), "condition": "used", "monthly_km": round(rate * 30.4375, 3)})
    read = readings(*((str(FIRST + on), shown) for on, shown in zip(day, km, strict=True)))
    return run(vehicles, read=read, as_of="2023-06-01")


def assert_only(day: list[int], km: list[float], rate: int, at: int, code: str) -> str:
    """That reading has that reason, no other has any, and the rate is what it is without it."""
    found = forecast_of(day, km, rate)
    assert found.issues["code"].tolist() == [code]
    message = found.issues["message"].iloc[0]
    assert re.search(rf" {km[at] if km[at] % 1 else int(km[at])} km on {FIRST + day[at]} is ", message)
    without = forecast_of(day[:at] + day[at + 1 :], km[:at] + km[at + 1 :], rate)
    assert without.issues.empty
    pd.testing.assert_frame_equal(found.services, without.services)
    return message


def clashes(km: list[int], at: int, wrong: float) -> bool:
    return wrong < km[at - 1] or wrong > km[at + 1]


def all_edits(number: int) -> set[int]:
    return set().union(*by_hand(str(number)).values())


@settings(max_examples=30, deadline=None)
@given(clean_series(), st.data())
def test_a_planted_typing_error_is_one(series: tuple[list[int], list[int], int], data: st.DataObject) -> None:
    day, km, rate = series
    at = data.draw(st.integers(2, len(km) - 3))
    kind = data.draw(st.integers(0, 3))
    wrong = data.draw(st.sampled_from(sorted(by_hand(str(km[at]))[kind])))
    assume(clashes(km, at, wrong) and wrong not in km and wrong <= 3_000_000)
    assume(abs(wrong * MILE - km[at]) > 5 and abs(wrong / MILE - km[at]) > 5)
    message = assert_only(day, [*km[:at], wrong, *km[at + 1 :]], rate, at, "reading-typo")
    assert f"; {km[at]} km would fit" in message


@settings(max_examples=25, deadline=None)
@given(clean_series(), st.data())
def test_a_planted_change_of_unit_is_one(
    series: tuple[list[int], list[int], int], data: st.DataObject
) -> None:
    day, km, rate = series
    at = data.draw(st.integers(2, len(km) - 3))
    factor = data.draw(st.sampled_from([1 / MILE, MILE]))
    wrong = round(km[at] * factor)
    assume(clashes(km, at, wrong) and wrong not in km)
    assume(min(abs(edit - km[at]) for edit in all_edits(wrong)) > 2)
    message = assert_only(day, [*km[:at], wrong, *km[at + 1 :]], rate, at, "reading-unit")
    assert message.endswith("it was probably in miles; not used") == (factor < 1)


@settings(max_examples=25, deadline=None)
@given(clean_series(), st.data())
def test_a_planted_decrease_or_impossible_speed_is_one(
    series: tuple[list[int], list[int], int], data: st.DataObject
) -> None:
    day, km, rate = series
    at = data.draw(st.integers(2, len(km) - 3))
    low = data.draw(st.booleans())
    fast = km[at - 1] + round(MAX_KM_PER_DAY * (day[at] - day[at - 1] + 1)) + 1
    wrong = data.draw(st.integers(0, km[at - 1] - 1) if low else st.integers(fast, 2_900_000))
    assume(wrong not in km)
    explained = [*all_edits(wrong), wrong * MILE, wrong / MILE]
    assume(not any(km[at - 1] <= edit <= km[at + 1] for edit in explained))
    code = "reading-decrease" if low else "reading-speed"
    assert_only(day, [*km[:at], wrong, *km[at + 1 :]], rate, at, code)


@settings(max_examples=25, deadline=None)
@given(clean_series(), st.data())
def test_a_planted_conflict_of_one_day_is_one(
    series: tuple[list[int], list[int], int], data: st.DataObject
) -> None:
    day, km, rate = series
    at = data.draw(st.integers(1, len(km) - 2))
    room = km[at + 1] - km[at]
    assume(room > MAX_KM_PER_DAY + 10)
    wrong = km[at] + data.draw(st.integers(int(MAX_KM_PER_DAY) + 1, room - 1))
    both_days, both = [*day[: at + 1], *day[at:]], [*km[: at + 1], wrong, *km[at + 1 :]]
    assert_only(both_days, both, rate, at + 1, "reading-same-day")


# What the real records make of it. A person has looked at each of these.


def of_records(log: pd.DataFrame) -> pd.Series:
    log = log.dropna(subset=["date", "odometer_km"])
    log = log[log["date"].between("2005-01-01", "2026-12-31")]
    first = log.groupby("vehicle_id")["date"].min()
    vehicles = cars(
        *({"vehicle_id": car, "purchased_on": day, "condition": "used"} for car, day in first.items())
    )
    read = typed(log.rename(columns={"date": "read_on"})[list(READINGS.names)], READINGS)
    found = run(vehicles, read=read, as_of="2026-12-31").issues
    where = found["message"].str.extract(r"vehicle (\w+): (\d+) km on ([\d-]+)")
    return pd.Series(found["code"].to_numpy(), index=pd.MultiIndex.from_frame(where))


def test_reasons_in_the_logs_of_private_drivers(shared_data: Path) -> None:
    found = of_records(pd.read_csv(shared_data / "odometer_logs.csv", parse_dates=["date"]))
    assert found["LOG08", "1000170", "2021-09-29"] == "reading-typo"
    typos = [
        ("14767", "2010-06-22"),
        ("22195", "2010-10-11"),
        ("86215", "2015-01-16"),
        ("79106", "2015-02-23"),
    ]
    for km, on in [*typos, ("117030", "2016-06-08"), ("130307", "2016-12-25")]:
        assert found["LOG12", km, on] == "reading-typo"
    assert found.value_counts().to_dict() == {"reading-typo": 7, "reading-decrease": 7}


def test_reasons_in_a_ledger_of_month_end_postings(shared_data: Path) -> None:
    log = pd.read_csv(shared_data / "fleet_ledger.csv")
    found = of_records(log.assign(date=pd.to_datetime(log["date"], errors="coerce")))
    same_day = found[found == "reading-same-day"]
    assert sorted(same_day.index.get_level_values(0)) == ["FLEET19"] * 2 + ["FLEET2"] + ["FLEET26"] * 5 + [
        "FLEET33"
    ]
    # The odometer of FLEET20 of that week, posted to another vehicle.
    assert found["FLEET26", "202815", "2017-05-22"] == "reading-speed"
    assert found.value_counts().to_dict() == {
        "reading-same-day": 9,
        "reading-decrease": 8,
        "reading-typo": 2,
        "reading-speed": 1,
    }
