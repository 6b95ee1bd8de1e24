"""The checker's rules about days: each on the rows that just break it and those that just do not."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from planner.errors import SettingsError
from planner.settings import Settings
from planner.tables import CHANNELS
from tests.judged import (
    MEMORIAL_DAY,
    ROOMY,
    Rows,
    broken,
    check,
    done,
    on,
    rules,
    touch,
)


def test_nothing_is_planned_before_the_day_of_the_plan() -> None:
    rows = [touch(on(0)), touch(on(-1)), touch(on(-2), "sms", handed_out_on=on(-7)), done(on(-3), "sms")]
    assert broken(rows, planned_on_day=on(0)) == [("past", "V1/X2")]
    assert broken(rows, planned_on_day=None) == []


def test_windows_hold_both_their_ends() -> None:
    days = (9, 10, 15, 20, 21)
    rows = [touch(on(day), touchpoint=f"day{day}", earliest_on=on(10), latest_on=on(20)) for day in days]
    assert broken(rows, settings=ROOMY) == [("window", "V1/day21"), ("window", "V1/day9")]


@pytest.mark.parametrize(
    "pin",
    [
        {"status": "done"},
        {"handed_out_on": on(0)},
        {"outcome": "callback"},
        {"callback_on": on(21)},
        {"attempts": 1},
    ],
)
def test_what_is_done_tried_promised_or_handed_out_stays_outside_its_window(pin: dict[str, Any]) -> None:
    assert broken([touch(on(21), latest_on=on(20)) | pin]) == []


SATURDAY, SUNDAY, FRIDAY = on(5), on(6), on(4)


def on_each(day: date, **columns: Any) -> Rows:
    """A contact by every channel on the day; the touchpoint is named after the channel."""
    return [touch(day, channel, touchpoint=channel, **columns) for channel in CHANNELS]


def breaks(rule: str, *channels: str) -> list[tuple[str, str]]:
    return [(rule, f"V1/{channel}") for channel in channels]


def test_calls_and_letters_fall_on_working_days() -> None:
    assert broken(on_each(SATURDAY)) == breaks("working-day", "call", "post")
    assert broken(on_each(SUNDAY)) == breaks("working-day", "call", "post")
    assert broken([*on_each(FRIDAY), touch(on(7), "post")]) == []
    # A callback was promised for a Saturday: so be it.
    assert broken(on_each(SATURDAY, outcome="callback")) == []


def test_egypt_works_on_sunday_and_rests_on_friday_and_saturday() -> None:
    days = {"thu": on(3), "fri": FRIDAY, "sat": SATURDAY, "sun": SUNDAY}
    rows = [touch(day, "call", touchpoint=name) for name, day in days.items()]
    egypt = ROOMY.model_copy(update={"dealership": rules(dealership={"country": "EG"}).dealership})
    assert broken(rows, settings=egypt) == [("working-day", "V1/fri"), ("working-day", "V1/sat")]


def test_working_days_of_the_settings_replace_those_of_the_country() -> None:
    saturdays = rules(calendar={"working_days": ["sat"]})
    assert broken([touch(SATURDAY, "call")], settings=saturdays) == []
    assert broken([touch(FRIDAY, "call")], settings=saturdays) == [("working-day", "V1/X1")]


def test_nothing_but_greetings_by_message_falls_on_a_public_holiday() -> None:
    by_all = sorted(CHANNELS)
    assert broken(on_each(MEMORIAL_DAY)) == breaks("public-holiday", *by_all)
    assert broken(on_each(MEMORIAL_DAY + timedelta(days=1))) == []
    assert broken(on_each(MEMORIAL_DAY, handed_out_on=on(0))) == []
    assert broken(on_each(MEMORIAL_DAY), settings=rules(calendar={"public_holidays": False})) == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_greetings_by_message_keep_their_day(channel: str, tmp_path: Path) -> None:
    settings = own_cycle(tmp_path, "id;purpose\nHELLO;greeting\n")
    found = broken([touch(MEMORIAL_DAY, channel, touchpoint="HELLO")], settings=settings)
    assert found == ([("public-holiday", "V1/HELLO")] if channel in ("call", "post") else [])


def test_a_holiday_is_named() -> None:
    (message,) = check([touch(MEMORIAL_DAY, "sms")])["message"]
    assert message == "sms on 2026-05-25, a public holiday (Memorial Day)"


def test_closed_days_are_for_calls_and_letters() -> None:
    closed = rules(calendar={"closed_on": [on(1)]})
    assert broken(on_each(on(1)), settings=closed) == breaks("closed-day", "call", "post")
    assert broken(on_each(on(2)), settings=closed) == []


def test_quiet_days_are_for_all() -> None:
    quiet = rules(contact_rules={"quiet_days": [on(1)]})
    assert broken(on_each(on(1)), settings=quiet) == breaks("quiet-day", *sorted(CHANNELS))
    assert broken(on_each(on(2)), settings=quiet) == []
    assert broken([touch(on(1), "messenger", touchpoint="B1")], settings=quiet) == [("quiet-day", "V1/B1")]
    assert broken([done(on(1), "sms")], settings=quiet) == []


# --- Cycles of the user's own ---


def own_cycle(folder: Path, text: str) -> Settings:
    (folder / "ours.csv").write_text(text, encoding="utf-8-sig")
    cycle = dict.fromkeys(("new_car", "older_car", "win_back"), "ours.csv")
    return Settings.model_validate({"cycle": cycle, "base": folder})


def test_purposes_come_from_the_cycles_that_the_settings_name(tmp_path: Path) -> None:
    settings = own_cycle(tmp_path, "id;purpose\nHELLO; greeting\nB1;service\n")
    rows = [touch(MEMORIAL_DAY, "sms", touchpoint="HELLO"), touch(MEMORIAL_DAY, "sms", touchpoint="B1")]
    assert broken(rows, settings=settings) == [("public-holiday", "V1/B1")]


@pytest.mark.parametrize("text", ["id;goal\nB1;greeting\n", "id,purpose\nB1\n", ""])
def test_a_cycle_that_cannot_be_read_is_an_error_in_the_settings(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"ours\.csv"):
        check([touch(on(0))], settings=own_cycle(tmp_path, text))
