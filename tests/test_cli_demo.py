"""`planner demo --weeks`: months of lists and answers before the as-of day."""

from __future__ import annotations

import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from cli.demo_weeks import ANSWERS, fill_in
from cli.main import run
from planner.store import Store
from tests.commands import DAY, refused

LAST = date.fromisoformat(DAY)


@dataclass(frozen=True)
class Demo:
    """A demo of three weeks with 40 cars, and what it told."""

    folder: Path
    out: str
    err: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo") / "show"
    asked = ["--weeks", "3", "--vehicles", "40", "--seed", "4", "--as-of", DAY, "--json"]
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        assert run(["demo", str(folder), *asked]) == 0
    return Demo(folder, out.getvalue(), err.getvalue())


@pytest.fixture
def shown(demo: Demo) -> Path:
    return demo.folder


def outcomes_of(folder: Path) -> pd.DataFrame:
    with Store.open(folder / "dealership.db") as store:
        return store.read("outcomes")


class TestWeeks:
    def test_outcomes_are_recorded_in_every_week(self, shown: Path) -> None:
        said_on = outcomes_of(shown)["said_on"].dt.date
        for ago in range(3):
            monday = LAST - timedelta(weeks=ago)
            assert said_on.between(monday, monday + timedelta(days=6)).any(), monday

    def test_nothing_is_known_before_it_happened(self, shown: Path) -> None:
        first = shown / "exports-so-far" / (LAST - timedelta(weeks=2)).isoformat()
        visits = pd.read_csv(first / "visits.csv")
        assert "2025-12-01" < visits["visited_on"].max() <= "2026-02-16"
        second = shown / "exports-so-far" / (LAST - timedelta(weeks=1)).isoformat()
        for file in second.glob("visits.csv"):
            assert pd.read_csv(file)["visited_on"].between("2026-02-17", "2026-02-23").all()

    def test_check_finds_nothing(self, shown: Path, capsys: pytest.CaptureFixture[str]) -> None:
        asked = ["--db", str(shown / "dealership.db"), "--settings", str(shown / "dealership.toml"), "--json"]
        assert run(["check", *asked]) == 0
        assert json.loads(capsys.readouterr().out)["violations"] == []

    def test_contacts_were_made(self, shown: Path, capsys: pytest.CaptureFixture[str]) -> None:
        asked = ["--db", str(shown / "dealership.db"), "--settings", str(shown / "dealership.toml"), "--json"]
        assert run(["value", *asked, "--as-of", "2026-03-06"]) == 0
        success = json.loads(capsys.readouterr().out)["success"]
        made = {row["result"]: row["count"] for row in success if row["by"] == "all"}
        assert made["contacts"] > 0
        assert made["reached"] > 0

    def test_one_object(self, demo: Demo) -> None:
        said = json.loads(demo.out)
        assert [week["as_of"] for week in said["weeks"]] == ["2026-02-16", "2026-02-23"]
        for week in said["weeks"]:
            assert week["calls"] >= week["answers"] > 0
        assert said["check"] == "ok"
        assert demo.err.count("$ planner plan") == 1  # the weeks before are played without a word

    def test_no_weeks_are_refused(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert "--weeks" in refused(capsys, "demo", "show", "--weeks", "0")
        assert not Path("show").exists()


class TestAdvisor:
    def rows(self, count: int) -> list[dict[str, str]]:
        return [{"vehicle_id": f"V{n}", "outcome": "", "date": ""} for n in range(count)]

    def test_who_comes_soon_books_for_that_day(self) -> None:
        rows = self.rows(1000)
        on = LAST + timedelta(days=9)
        days = [date(2025, 1, 1), on, on + timedelta(days=9)]
        fill_in(rows, LAST, Random(1), {row["vehicle_id"]: days for row in rows})
        booked = [row["date"] for row in rows[1:] if row["outcome"] == "booked"]
        # 80 of 100 of 900 for the day on which they come, sigma 12; of the other 180 one of 81, on any day.
        assert 720 - 48 < booked.count(on.isoformat()) < 720 + 48
        assert 0 <= len(booked) - booked.count(on.isoformat()) < 12
        assert all(not row["outcome"] for row in rows[900:])

    @pytest.mark.parametrize("days", [-30, 0, 4, 22])
    def test_visits_of_other_days_change_nothing(self, days: int) -> None:
        plain, other = self.rows(50), self.rows(50)
        fill_in(plain, LAST, Random(2), {})
        fill_in(other, LAST, Random(2), {row["vehicle_id"]: [LAST + timedelta(days=days)] for row in other})
        assert plain == other
        assert plain[0]["outcome"] == "bokked"
        assert {row["outcome"] for row in plain[1:45]} <= set(ANSWERS)

    @pytest.mark.parametrize(("comes", "booked"), [(None, 180), ({}, 11)])
    def test_in_vain_books_who_is_not_known(self, comes: dict[str, list[date]] | None, booked: int) -> None:
        rows = self.rows(1000)
        fill_in(rows, LAST, Random(3), comes)
        count = sum(row["outcome"] == "booked" for row in rows)
        assert abs(count - booked) < 4 * booked**0.5
