"""`planner plan --what-if`: the answer for hand-made calendars, and the command as a user meets it."""

from __future__ import annotations

import functools
import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from cli.main import run
from planner.errors import InputError
from planner.sample import make_sample, write_sample
from planner.schedule.what_if import Capacity, parse_capacity, what_if
from planner.settings import Settings
from tests.calendars import MONDAY, Row, plan
from tests.test_capacity import call, homes

DAY = "2026-03-02"


def ask(capacity: Capacity, *rows: Row, settings: Settings | None = None):
    found, people = homes(*rows)
    place = functools.partial(plan, *found, people=people)
    return what_if(lambda chosen: place(settings=chosen), settings or Settings(), capacity, MONDAY)


def test_load_drops_and_the_smallest_capacity() -> None:
    """Five calls have only Wednesday the 24th: three that must stand, two that need not."""
    rows = [call(priority=priority) for priority in (0, 1, 2, 3, 4)]
    answer = ask(Capacity(1), *rows, call("2024-01-17", priority=5))
    assert answer.weeks.to_dict("list") == {
        "week_start": [pd.Timestamp(day) for day in ("2024-01-08", "2024-01-15", "2024-01-22")],
        "calls": [0, 1, 1],
        "capacity": [5, 4, 5],  # the 15th is a holiday
        "used": [0, 0.25, 0.2],
    }
    assert answer.dropped == {1: 1, 2: 1, 3: 1, 4: 1}
    assert answer.smallest == 3


def test_of_one_advisor() -> None:
    """Ada's two urgent calls share a day; Bo's three do too, and do not count."""
    rows = [call(priority=1, advisor=name) for name in ("Ada", "Ada", "Bo", "Bo", "Bo")]
    away = Settings(capacity={"absences": {"Ada": ["2024-01-22/2024-01-23"]}})
    answer = ask(Capacity(1, "Ada"), *rows, settings=away)
    assert answer.weeks["calls"].to_list() == [0, 0, 1]
    assert answer.weeks["capacity"].to_list() == [5, 4, 3]
    assert answer.dropped == {1: 1}
    assert answer.smallest == 2


def test_where_no_capacity_of_the_team_is_enough() -> None:
    away = Settings(capacity={"absences": {"Ada": ["2024-01-24"]}})
    assert ask(Capacity(3), call(priority=1, advisor="Ada"), settings=away).smallest is None


def test_no_limit_and_no_calls() -> None:
    answer = ask(Capacity(0), call(priority=1))
    assert answer.weeks["capacity"].isna().all()
    assert answer.weeks["used"].isna().all()
    assert ask(Capacity(4), call() | {"channel": "sms"}).smallest == 1


@pytest.mark.parametrize(
    "text",
    [
        "40",
        "capacity",
        "capacity=",
        "capacity=many",
        "capacity=-1",
        "capacity=:4",
        "years=3",
        "",
        "capacity=1.5",
    ],
)
def test_what_cannot_be_read(text: str) -> None:
    with pytest.raises(InputError, match="write capacity=40, or capacity=Name:10"):
        parse_capacity(text)


def test_what_can() -> None:
    assert parse_capacity("capacity=40") == Capacity(40)
    assert parse_capacity(" capacity = Mona Adel: 10") == Capacity(10, "Mona Adel")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("what-if")
    write_sample(make_sample(60, 5, date(2026, 3, 2)), folder)
    db = folder / "dealership.db"
    exports = map(str, sorted(folder.glob("*.csv")))
    assert run(["import", *exports, "--as-of", DAY, "--db", str(db)]) in (0, 3)
    assert run(["plan", "--as-of", DAY, "--db", str(db)]) == 0
    return db


def test_nothing_is_stored(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path.name: path.read_bytes() for path in store.parent.iterdir()}
    command = ["plan", "--what-if", "capacity=1", "--as-of", DAY, "--db", str(store)]
    capsys.readouterr()
    assert run([*command, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert run(command) == 0
    text = capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in store.parent.iterdir()} == before

    assert answer["calls"] == sum(week["calls"] for week in answer["weeks"]) > 100
    assert all(week["calls"] <= week["capacity"] for week in answer["weeks"])
    assert f"capacity that drops none of priority 0 to 2: {answer['smallest']} call" in text
    assert "nothing is stored" in text
    # What it promises holds, and one call less would not do.
    for calls, kept in ((answer["smallest"], True), (answer["smallest"] - 1, False)):
        if calls:
            run([*command[:2], f"capacity={calls}", *command[3:], "--json"])
            dropped = json.loads(capsys.readouterr().out)["dropped"]
            assert (not {"0", "1", "2"} & set(dropped)) == kept


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("capacity=lots", "--what-if capacity=lots: write capacity=40, or capacity=Name:10 for one advisor"),
        ("capacity=Nobody Known:3", "--what-if: no customer has the advisor 'Nobody Known'"),
    ],
)
def test_wrong_text_is_one_line(
    store: Path, capsys: pytest.CaptureFixture[str], text: str, says: str
) -> None:
    capsys.readouterr()
    assert run(["plan", "--what-if", text, "--as-of", DAY, "--db", str(store)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert says in err


def test_an_advisor_whom_no_customer_has_is_named(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "dealership.toml"
    settings.write_text('[capacity.absences]\n"Nobody Known" = ["2026-03-02"]\n')
    capsys.readouterr()
    copy = tmp_path / "dealership.db"
    copy.write_bytes(store.read_bytes())
    assert run(["plan", "--as-of", DAY, "--db", str(copy), "--settings", str(settings), "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["unknown_advisors"] == ["Nobody Known"]
    assert "Warning: [capacity] names 'Nobody Known', but no customer has this advisor" in err
