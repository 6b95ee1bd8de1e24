"""The annual plan: every contact in its week, figures that add up, and a reason for what was left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from planner.columns import typed
from planner.tables import CHANNELS, CONTACTS, REASONS, STATUSES
from planner.workbooks import style
from planner.workbooks.annual import AnnualInfo, write_annual
from planner.workbooks.plan_sheet import weeks_of
from planner.workbooks.texts import Texts
from tests.golden_files import Golden, as_lines

INFO = AnnualInfo("Hill & Sons", date(2026, 1, 5))
NAMES = {"S2b": "Second service: reminder", "S2c": "Second service: call", "T4": "Welcome letter"}
FIRST_WEEK = 7  # column G: six columns say which vehicle it is
HEADER_ROWS = 4


def vehicles(*changes: dict[str, Any]) -> pd.DataFrame:
    """One car of Tom Hill for each set of changes: V1, V2, ..."""
    rows = [
        {
            "vehicle_id": f"V{number}",
            "vehicle": "Toyota Corolla",
            "customer": "Tom Hill",
            "advisor": "Ann Weber",
            "stage": "warranty",
            "next_due_on": date(2026, 3, 30),
            **change,
        }
        for number, change in enumerate(changes, 1)
    ]
    columns = ["vehicle_id", "vehicle", "customer", "advisor", "stage", "next_due_on"]
    return pd.DataFrame(rows, columns=columns).astype({"next_due_on": "datetime64[us]"})


def contacts(*changes: dict[str, Any]) -> pd.DataFrame:
    """One call on 9 March 2026 for each set of changes."""
    rows = [
        {
            "contact_id": f"V1/S2c/{number}",
            "vehicle_id": "V1",
            "touchpoint": "S2c",
            "channel": "call",
            "ideal_on": "2026-03-09",
            "earliest_on": "2026-03-06",
            "latest_on": "2026-03-20",
            "planned_on": "2026-03-09",
            "status": "planned",
            "reason": "ideal",
            "advisor": "Ann Weber",
            "customer": "Tom Hill",
            "vehicle": "Toyota Corolla",
            "why": "Second service, due about 30 March, by then about 30,000 km",
            **change,
        }
        for number, change in enumerate(changes, 1)
    ]
    frame = pd.DataFrame(rows, columns=[*CONTACTS.names, "customer", "vehicle", "why"])
    shown = frame[["customer", "vehicle", "why"]].astype("str")
    return pd.concat([typed(frame, CONTACTS), shown], axis="columns")


def load(*rows: tuple[str, int, int | None]) -> pd.DataFrame:
    """Week, calls and what the team can make; two e-mails a week."""
    frame = pd.DataFrame(rows, columns=["week_start", "call", "call_capacity"])
    frame = frame.assign(sms=0, email=2, messenger=0, post=0)
    return frame.astype({"week_start": "datetime64[us]", "call_capacity": "Int64"})


def likely_lost(*changes: dict[str, Any]) -> pd.DataFrame:
    """One car for each set of changes that is more likely to stay away than to come."""
    rows = [
        {
            "return_probability": 0.38,
            "customer": "Tom Hill",
            "vehicle": "Toyota Corolla",
            "stage": "lapsed",
            "last_service_on": "2025-01-20",
            "last_visit_on": "2025-11-03",
            "due_on": "2026-01-20",
            "back_by_on": "2026-11-03",
            "contact_on": "2026-02-02",
            "channel": "call",
            "touchpoint": "S2c",
            "advisor": "Ann Weber",
            "vehicle_id": f"V{number}",
            **change,
        }
        for number, change in enumerate(changes, 1)
    ]
    names = ["return_probability", "customer", "vehicle", "stage", "last_service_on", "last_visit_on",
             "due_on", "back_by_on", "contact_on", "channel", "touchpoint", "advisor",
             "vehicle_id"]  # fmt: skip
    days = dict.fromkeys([name for name in names if name.endswith("_on")], "datetime64[us]")
    return pd.DataFrame(rows, columns=names).astype(days)


def left_out(status: str, reason: str, **more: Any) -> dict[str, Any]:
    return {"planned_on": None, "status": status, "reason": reason, **more}


def written(folder: Path, cars: pd.DataFrame, rows: pd.DataFrame, weeks: pd.DataFrame | None = None) -> Any:
    path = folder / "annual.xlsx"
    write_annual(path, 2026, cars, rows, load() if weeks is None else weeks, INFO, NAMES)
    return load_workbook(path)


def plan_rows(sheet: Any) -> list[dict[int, str]]:
    """For each vehicle the codes by week, 0 being the first."""
    return [
        {cell.column - FIRST_WEEK: cell.value for cell in row[FIRST_WEEK - 1 :] if cell.value}
        for row in sheet.iter_rows(min_row=HEADER_ROWS + 1)
    ]


def a_year() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    cars = vehicles(
        {},
        {"customer": "ليلى الحارثي", "stage": "lapsed", "next_due_on": None, "advisor": None},
        {"customer": "=1+1", "vehicle": "Mercedes-Benz C 220 d T-Modell"},
    )
    rows = contacts(
        {},
        {
            "touchpoint": "S2b",
            "channel": "sms",
            "planned_on": "2026-02-23",
            "status": "done",
            "reason": "pinned",
        },
        {"touchpoint": "T4", "channel": "post", "planned_on": "2026-03-10", "also_vehicle_ids": "V2,V3"},
        {
            "vehicle_id": "V3",
            "touchpoint": "S2d",
            "channel": "sms",
            "planned_on": "2026-12-31",
            "status": "standby",
        },
        left_out("dropped", "consent", vehicle_id="V2", touchpoint="S2b", channel="sms"),
        left_out("merged", "household", vehicle_id="V2", touchpoint="T4", channel="post"),
        left_out("dropped", "consent", vehicle_id="V3", touchpoint="S2a", channel="email"),
    )
    return cars, rows, load(("2026-03-02", 5, 5), ("2026-03-09", 7, 5), ("2026-03-16", 1, None))


def test_golden(tmp_path: Path, golden: Golden) -> None:
    path = tmp_path / "annual.xlsx"
    nobody = {"contact_on": None, "channel": None, "touchpoint": None, "advisor": None, "last_visit_on": None}
    nobody["last_service_on"] = None
    lost = likely_lost({}, {"return_probability": 0.494, "customer": "=1+1", **nobody})
    write_annual(path, 2026, *a_year(), INFO, NAMES, lost)
    golden(path, "annual")


def test_golden_in_arabic_with_the_digits_of_egypt(tmp_path: Path, golden: Golden) -> None:
    path = tmp_path / "annual.xlsx"
    cars, rows, weeks = a_year()
    info = replace(INFO, language="ar", country="EG")
    write_annual(path, 2026, cars, rows, weeks, info, NAMES, likely_lost({}, {"return_probability": 0.002}))
    golden(path, "annual_ar")


def test_golden_of_a_year_without_contacts(tmp_path: Path, golden: Golden) -> None:
    path = tmp_path / "annual.xlsx"
    write_annual(path, 2026, vehicles(), contacts(), load(), INFO, lost=likely_lost())
    golden(path, "annual_empty")


def test_a_day_outside_of_the_best_one_and_no_day_at_all_are_two_reasons(tmp_path: Path) -> None:
    rows = contacts({"reason": "window"}, left_out("dropped", "window", vehicle_id="V2"))
    workbook = written(tmp_path, vehicles({}, {}), rows)
    words = {
        name: [cell.value for row in workbook[name].iter_rows() for cell in row]
        for name in ("Contacts", "Not placed")
    }
    assert "the nearest day that its window still allows" in words["Contacts"]
    assert "its window has no free day" not in words["Contacts"]
    assert words["Not placed"].count("its window has no free day") == 2  # counted, and listed
    assert "the nearest day that its window still allows" not in words["Not placed"]


def test_the_same_year_gives_the_same_cells(tmp_path: Path) -> None:
    for name in ("first.xlsx", "second.xlsx"):
        write_annual(tmp_path / name, 2026, *a_year(), INFO, NAMES)
    assert list(as_lines(tmp_path / "first.xlsx")) == list(as_lines(tmp_path / "second.xlsx"))


@pytest.mark.parametrize(
    ("year", "begin", "last", "count"),
    [
        (2024, [(1, 1), (1, 8)], (12, 30), 53),  # 1 January is a Monday; a leap year
        (2026, [(1, 1), (1, 5)], (12, 28), 53),  # a Thursday
        (2012, [(1, 1), (1, 2)], (12, 31), 54),  # a Sunday, in a leap year
        (2023, [(1, 1), (1, 2)], (12, 25), 53),  # a Sunday
        (1, [(1, 1), (1, 8)], (12, 31), 53),
        (9999, [(1, 1), (1, 4)], (12, 27), 53),
    ],
)
def test_weeks_of_a_year(year: int, begin: list[tuple[int, int]], last: tuple[int, int], count: int) -> None:
    weeks = weeks_of(year)
    assert [(day.month, day.day) for day in weeks[:2]] == begin
    assert (weeks[-1].month, weeks[-1].day) == last
    assert len(weeks) == count


@pytest.mark.parametrize(
    ("day", "week"),
    [("2026-01-01", 0), ("2026-01-04", 0), ("2026-01-05", 1), ("2026-03-09", 10), ("2026-12-31", 52)],
)
def test_a_contact_stands_in_the_week_of_its_day(tmp_path: Path, day: str, week: int) -> None:
    plan = written(tmp_path, vehicles({}), contacts({"planned_on": day}))["Plan"]
    assert plan_rows(plan) == [{week: "S2c"}]
    begins = plan.cell(HEADER_ROWS, FIRST_WEEK + week).value
    assert begins == weeks_of(2026)[week].day


@pytest.mark.parametrize(
    "change",
    [
        {"planned_on": "2025-12-31"},
        {"planned_on": "2027-01-01"},
        {"vehicle_id": "unknown"},
        left_out("dropped", "cap"),
        left_out("merged", "household", planned_on="2026-03-09"),
        {"status": "cancelled", "reason": "visited"},
    ],
)
def test_what_does_not_stand_in_the_calendar(tmp_path: Path, change: dict[str, Any]) -> None:
    assert plan_rows(written(tmp_path, vehicles({}), contacts(change))["Plan"]) == [{}]


def test_two_in_a_week_stand_in_one_cell_in_the_colour_of_the_call(tmp_path: Path) -> None:
    sms = {"touchpoint": "S2b", "channel": "sms", "planned_on": "2026-03-09"}
    call = {"planned_on": "2026-03-13"}
    plan = written(tmp_path, vehicles({}), contacts(sms, call))["Plan"]
    assert plan_rows(plan) == [{10: "S2c\nS2b"}]
    cell = plan.cell(HEADER_ROWS + 1, FIRST_WEEK + 10)
    assert cell.fill.fgColor.rgb[2:] == style.CHANNEL_FILLS["call"][0]


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_colour_is_that_of_the_channel_in_the_legend(tmp_path: Path, channel: str) -> None:
    plan = written(tmp_path, vehicles({}), contacts({"channel": channel}))["Plan"]
    said = Texts("en").code("channel", channel)
    legend = next(cell for cell in plan[2] if cell.value == said)
    assert plan.cell(HEADER_ROWS + 1, FIRST_WEEK + 10).fill.fgColor.rgb == legend.fill.fgColor.rgb


def test_standby_is_hatched_and_italic(tmp_path: Path) -> None:
    cell = written(tmp_path, vehicles({}), contacts({"status": "standby"}))["Plan"].cell(5, FIRST_WEEK + 10)
    assert (cell.fill.fill_type, cell.font.i) == ("lightUp", True)


def test_a_contact_for_the_household_stands_in_the_row_of_each_car_it_names(tmp_path: Path) -> None:
    rows = contacts({"also_vehicle_ids": "V3, V2"}, {"vehicle_id": "V4", "planned_on": "2026-03-02"})
    plan = written(tmp_path, vehicles({}, {}, {}, {}), rows)["Plan"]
    assert plan_rows(plan) == [{10: "S2c"}, {10: "S2c"}, {10: "S2c"}, {9: "S2c"}]


def test_more_rows_than_a_sheet_holds_go_on_in_numbered_sheets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(style, "MAX_ROWS", 8)
    cars = vehicles(*({} for _ in range(10)))
    rows = contacts(
        *({"vehicle_id": f"V{number}", "contact_id": f"V{number}/S2c"} for number in range(1, 11)),
        *(left_out("dropped", "cap", contact_id=f"V{number}/T4") for number in range(1, 10)),
    )
    workbook = written(tmp_path, cars, rows)
    assert workbook.sheetnames == [
        "Summary",
        *("Plan", "Plan 2", "Plan 3"),
        "Load",
        *("Contacts", "Contacts 2"),
        *("Not placed", "Not placed 2"),
    ]
    plans = [plan_rows(workbook[name]) for name in ("Plan", "Plan 2", "Plan 3")]
    assert [len(plan) for plan in plans] == [4, 4, 2]
    assert all(row == {10: "S2c"} for plan in plans for row in plan)
    for name, kept in (("Contacts", 10), ("Not placed", 9)):
        sheets = [workbook[name], workbook[f"{name} 2"]]
        ids = [cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row]
        assert len([value for value in ids if str(value).startswith("V") and "/" in str(value)]) == kept
        assert all(sheet.max_row <= 8 for sheet in sheets)
    tables = [table for sheet in workbook for table in sheet.tables]
    assert sorted(tables) == ["Contacts", "Contacts2", "NotPlaced", "NotPlaced2"]


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_said_in_words(reason: str) -> None:
    texts = Texts("en")
    said = texts.code("reason", reason)
    assert " " in said
    assert said == texts.words[f"reason.{reason}"]


def test_every_status_and_channel_has_words() -> None:
    words = Texts("en").words
    assert all(f"status.{code}" in words for code in STATUSES)
    assert all(f"channel.{code}" in words for code in CHANNELS)


def test_not_placed_counts_by_reason_and_then_lists(tmp_path: Path) -> None:
    cars, rows, weeks = a_year()
    sheet = written(tmp_path, cars, rows, weeks)["Not placed"]
    summary = [[cell.value for cell in row[:3]] for row in sheet.iter_rows(min_row=3, max_row=4)]
    assert summary == [
        ["the customer has not agreed to this channel", "dropped", 2],
        ["said in the contact about the household's other car", "merged", 1],
    ]
    ref = sheet.tables["NotPlaced"].ref
    assert ref == "A6:L9"
    assert [cell.value for cell in sheet[6]][:2] == ["Reason", "Status"]


def test_weeks_with_more_calls_than_the_team_can_make_are_red(tmp_path: Path) -> None:
    workbook = written(tmp_path, *a_year())
    fills = [workbook["Load"].cell(row, 3).fill.fill_type for row in (2, 3, 4)]
    assert fills == [None, "solid", None]
    figures = {row[0].value: row[1].value for row in workbook["Summary"].iter_rows(max_row=12)}
    assert figures["Most calls in one week"] == 7
    assert figures["Weeks with more calls than the team can make"] == 1


@pytest.mark.parametrize("text", ["=1+1", "+49", "-5", "@SUM(A1)", "#N/A", "007"])
def test_text_stays_text(tmp_path: Path, text: str) -> None:
    rows = contacts({"customer": text}, left_out("dropped", "cap", customer=text))
    workbook = written(tmp_path, vehicles({"customer": text}), rows)
    for name in ("Plan", "Contacts", "Not placed"):
        found = [cell for row in workbook[name].iter_rows() for cell in row if cell.value == text]
        assert [cell.data_type for cell in found] == ["s"]


def test_without_a_capacity_nothing_is_said_about_one(tmp_path: Path) -> None:
    workbook = written(tmp_path, vehicles({}), contacts({}), load(("2026-03-09", 7, None)))
    assert "Capacity for calls" not in [cell.value for cell in workbook["Load"][1]]
    assert not any("can make" in str(row[0].value) for row in workbook["Summary"].iter_rows())


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 12), st.sampled_from(CHANNELS), st.sampled_from(["planned", "done", "standby"])
        ),
        min_size=1,
        max_size=30,
    )
)
def test_the_summary_adds_up(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[int, str, str]]
) -> None:
    rows = [
        {"planned_on": f"2026-{month:02d}-17", "channel": channel, "status": status}
        for month, channel, status in drawn
    ]
    workbook = written(tmp_path_factory.mktemp("sum"), vehicles({}), contacts(*rows))
    table = {
        row[0].value: [cell.value for cell in row[1:8]] for row in workbook["Summary"].iter_rows(max_row=30)
    }
    counted = Counter((month, channel) for month, channel, status in drawn if status != "standby")
    for month in range(1, 13):
        name = date(2026, month, 1).strftime("%B")
        assert table[name][:5] == [counted[month, channel] for channel in CHANNELS]
        assert table[name][5] == sum(table[name][:5])
    assert table["Total"][5] == counted.total() == table["Contacts planned or done"][0]
    assert table["Total"][6] == len(drawn) - counted.total()
    codes = sum(len(cell.split("\n")) for row in plan_rows(workbook["Plan"]) for cell in row.values())
    assert codes == len(drawn)
