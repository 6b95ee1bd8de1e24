"""Anchored months, working days and public holidays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import holidays
import numpy as np
import pandas as pd
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from planner.dates import (
    add_months,
    days,
    message_days,
    months_between,
    public_holidays,
    quiet_days,
    working_days,
    working_weekdays,
)
from planner.settings import Settings

NAT = np.datetime64("NaT")


def _settings(**sections: dict[str, Any]) -> Settings:
    return Settings.model_validate(sections)


def _days_of(flags: np.ndarray, start: date) -> list[date]:
    return [start + timedelta(days=int(at)) for at in np.flatnonzero(flags)]


# --- add_months ---


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2024-01-15", 0, "2024-01-15"),
        ("2024-01-15", 1, "2024-02-15"),
        ("2024-01-15", -1, "2023-12-15"),
        ("2024-11-30", 3, "2025-02-28"),
        # 31 January keeps its 31st: the day is clipped, not lost.
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-01-31", 2, "2024-03-31"),
        ("2024-01-31", 3, "2024-04-30"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-03-31", -1, "2024-02-29"),
        # 29 February
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-02-29", -12, "2023-02-28"),
        ("2000-02-29", 1200, "2100-02-28"),  # 2100 is no leap year
        ("1999-12-31", 2, "2000-02-29"),  # 2000 is one
        # before 1970, where day numbers are negative
        ("1969-12-31", 2, "1970-02-28"),
        ("1900-01-31", 1, "1900-02-28"),
        # the end of the calendar
        ("9999-11-30", 1, "9999-12-30"),
        ("9999-12-31", 0, "9999-12-31"),
        ("9999-12-31", 1, "NaT"),
        ("9999-01-31", 12, "NaT"),
        ("2024-01-31", 1_000_000, "NaT"),
        ("NaT", 1, "NaT"),
    ],
)
def test_add_months(start: str, months: int, expected: str) -> None:
    assert str(add_months(np.datetime64(start), months)) == expected


def test_add_months_to_arrays() -> None:
    starts = np.array(["2024-01-31", "NaT", "2024-02-29"], dtype="datetime64[D]")
    assert add_months(starts, 1).astype(str).tolist() == ["2024-02-29", "NaT", "2024-03-29"]
    assert add_months(starts, [1, 2, 12]).astype(str).tolist() == ["2024-02-29", "NaT", "2025-02-28"]
    assert add_months(starts[0], [0, 1, 2]).astype(str).tolist() == ["2024-01-31", "2024-02-29", "2024-03-31"]
    assert add_months(starts[:0], 1).shape == (0,)
    grid = add_months(starts[:, None], np.arange(4))
    assert grid.shape == (3, 4)
    assert grid.dtype == "datetime64[D]"


def test_add_months_takes_columns_of_tables() -> None:
    column = pd.Series(["2024-01-31", None]).astype("datetime64[us]")
    assert add_months(column, 1).astype(str).tolist() == ["2024-02-29", "NaT"]
    numbers = pd.Series([1, None], dtype="Int64")
    assert add_months(date(2024, 1, 31), numbers).astype(str).tolist() == ["2024-02-29", "NaT"]


@given(st.dates(min_value=date(1800, 1, 1)), st.integers(-1200, 120_000))
def test_add_months_agrees_with_dateutil(start: date, months: int) -> None:
    try:
        expected = np.datetime64(start + relativedelta(months=months))
    except ValueError:  # after year 9999
        expected = NAT
    assert str(add_months(start, months)) == str(expected)


# --- months_between ---


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-01-15", "2024-01-15", 0),
        ("2024-01-15", "2024-02-14", 0),
        ("2024-01-15", "2024-02-15", 1),
        ("2024-01-31", "2024-02-28", 0),
        ("2024-01-31", "2024-02-29", 1),  # a month, for February ends here
        ("2024-01-31", "2024-03-30", 1),
        ("2024-02-29", "2025-02-27", 11),
        ("2024-02-29", "2025-02-28", 12),
        ("2024-01-15", "2024-01-14", -1),
        ("2024-03-31", "2024-02-29", -1),
        ("2024-03-31", "2024-02-28", -2),
        ("1970-01-01", "1969-12-31", -1),
        ("0001-01-31", "9999-12-31", 119_987),
        ("9999-12-31", "9999-12-31", 0),
    ],
)
def test_months_between(start: str, end: str, expected: int) -> None:
    assert months_between(np.datetime64(start), np.datetime64(end)) == expected


def test_months_between_broadcasts() -> None:
    ends = np.array(["2024-01-30", "2024-02-29", "2025-01-31"], dtype="datetime64[D]")
    assert months_between(date(2024, 1, 31), ends).tolist() == [-1, 1, 12]


def test_months_between_without_a_day_is_far_below_every_number_and_silent() -> None:
    ends = np.array(["2024-02-29", "NaT"], dtype="datetime64[D]")
    assert months_between(date(2024, 1, 31), ends).tolist() == [1, np.iinfo(np.int64).min]
    assert months_between(NAT, date(2024, 1, 1)) == np.iinfo(np.int64).min


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.integers(-800, 4000))
def test_months_between_agrees_with_counting(start: date, distance: int) -> None:
    end = start + timedelta(days=distance)
    counted = 0
    while start + relativedelta(months=counted + 1) <= end:
        counted += 1
    while start + relativedelta(months=counted) > end:
        counted -= 1
    assert months_between(start, end) == counted


# --- days ---


@pytest.mark.parametrize(
    "values",
    [
        [date(2024, 2, 29), None],
        np.array(["2024-02-29T23:59", "NaT"], dtype="datetime64[m]"),
        pd.Series(["2024-02-29", None]).astype("datetime64[us]"),
        pd.Series(pd.to_datetime(["2024-02-29", None]).astype("datetime64[ns]"), index=[7, 7]),
        pd.Series([date(2024, 2, 29), None]),
    ],
)
def test_days_of_whatever_holds_dates(values: Any) -> None:
    result = days(values)
    assert result.dtype == "datetime64[D]"
    assert result.astype(str).tolist() == ["2024-02-29", "NaT"]


def test_days_of_nothing() -> None:
    assert days([]).dtype == "datetime64[D]"
    assert days(pd.Series([], dtype="datetime64[us]")).shape == (0,)


# --- working days and holidays ---


def test_independence_day_2026_is_a_saturday_and_observed_on_friday() -> None:
    start, end = date(2026, 6, 29), date(2026, 7, 8)
    settings = _settings(dealership={"country": "US"})
    assert _days_of(working_days(settings, start, end), start) == [
        date(2026, 6, 29),
        date(2026, 6, 30),
        date(2026, 7, 1),
        date(2026, 7, 2),
        # 3 July: observed; 4 July: the holiday, and a Saturday; 5 July: Sunday
        date(2026, 7, 6),
        date(2026, 7, 7),
    ]
    assert _days_of(public_holidays(settings, start, end), start) == [date(2026, 7, 3), date(2026, 7, 4)]
    # Messages go out on a Sunday, and not on the holidays.
    assert _days_of(~message_days(settings, start, end), start) == [date(2026, 7, 3), date(2026, 7, 4)]


def test_egypt_rests_on_friday_and_saturday() -> None:
    start, end = date(2026, 1, 1), date(2026, 1, 12)  # 1 January 2026 was a Thursday
    settings = _settings(dealership={"country": "EG"})
    assert working_weekdays(settings) == {6, 0, 1, 2, 3}
    assert _days_of(working_days(settings, start, end), start) == [
        date(2026, 1, 1),
        # 2 January Friday, 3 January Saturday
        date(2026, 1, 4),
        date(2026, 1, 5),
        date(2026, 1, 6),
        # 7 January: Coptic Christmas; 9 and 10 January: weekend
        date(2026, 1, 8),
        date(2026, 1, 11),
    ]


def test_germany_around_christmas() -> None:
    start, end = date(2026, 12, 23), date(2027, 1, 3)  # 23 December 2026 is a Wednesday
    settings = _settings(dealership={"country": "DE"})
    assert [day.day for day in _days_of(working_days(settings, start, end), start)] == [
        23,
        24,
        28,
        29,
        30,
        31,
    ]


def test_new_year_observed_on_the_last_day_of_the_year_before() -> None:
    # 1 January 2028 is a Saturday; the United States observe it on 31 December 2027.
    start, end = date(2027, 12, 30), date(2028, 1, 1)
    assert public_holidays(_settings(), start, end).tolist() == [False, True]


def test_closed_days_stop_the_team_but_not_the_messages() -> None:
    start, end = date(2026, 3, 2), date(2026, 3, 6)
    settings = _settings(calendar={"closed_on": [date(2026, 3, 3)]})
    assert working_days(settings, start, end).tolist() == [True, False, True, True]
    assert message_days(settings, start, end).all()


def test_quiet_days_are_apart_from_working_days() -> None:
    start, end = date(2026, 3, 2), date(2026, 3, 5)
    settings = _settings(contact_rules={"quiet_days": [date(2026, 3, 3), date(2030, 1, 1)]})
    assert quiet_days(settings, start, end).tolist() == [False, True, False]
    assert working_days(settings, start, end).all()


def test_named_working_days_replace_those_of_the_country() -> None:
    start = date(2026, 3, 2)  # a Monday
    settings = _settings(dealership={"country": "EG"}, calendar={"working_days": ["sat", "mon"]})
    flags = working_days(settings, start, start + timedelta(days=7))
    assert flags.tolist() == [True, False, False, False, False, True, False]


def test_without_public_holidays_only_the_weekend_rests() -> None:
    start, end = date(2026, 7, 2), date(2026, 7, 7)
    settings = _settings(calendar={"public_holidays": False})
    assert working_days(settings, start, end).tolist() == [True, True, False, False, True]
    assert message_days(settings, start, end).all()


def test_ranges_hold_their_start_and_not_their_end() -> None:
    day = date(2026, 3, 2)
    for function in (working_days, message_days, quiet_days, public_holidays):
        assert function(Settings(), day, day).shape == (0,)
        assert function(Settings(), day, day + timedelta(days=1)).shape == (1,)
        assert function(Settings(), day + timedelta(days=1), day).shape == (0,)  # ends before it begins
        assert function(Settings(), date(9999, 12, 30), date.max).shape == (1,)


@given(st.dates(date(1960, 1, 1), date(2100, 1, 1)))
def test_weekdays_agree_with_the_standard_library(day: date) -> None:
    settings = _settings(calendar={"working_days": ["wed"], "public_holidays": False})
    assert working_days(settings, day, day + timedelta(days=1)).tolist() == [day.weekday() == 2]


@pytest.mark.parametrize("country", ["US", "EG", "AE", "SA", "DE", "GB", "IN", "JO", "IL"])
def test_the_weekend_of_a_country_stays_what_it_is_now(country: str) -> None:
    """The library knows of weekends that changed in the past; calendars are made for the future."""
    weekend = set(range(7)) - working_weekdays(_settings(dealership={"country": country}))
    calendar = holidays.country_holidays(country)
    for offset in range(0, 3650, 13):
        day = date(2026, 1, 1) + timedelta(days=offset)
        assert calendar.is_weekend(day) == (day.weekday() in weekend)


@pytest.mark.parametrize("months", [0, -1, 13, np.arange(2_000) % 20 - 3, np.arange(2_000) % 20 * 100])
@pytest.mark.parametrize("around", ["1969-12-20", "2024-02-20", "9998-06-01"])
def test_of_many_days_months_are_added_as_to_each_alone(months: int | np.ndarray, around: str) -> None:
    rng = np.random.default_rng(5)
    start = np.datetime64(around) + rng.integers(0, 500, 2_000)
    start[rng.random(2_000) < 0.1] = np.datetime64("NaT")
    alone = [add_months(*each) for each in np.broadcast(start, months)]
    np.testing.assert_array_equal(add_months(start, months), np.array(alone))
