"""Lists and plans on the command line: what is written, what is printed, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from cli.main import run
from planner.settings import Settings
from planner.store import Store
from tests.commands import DAY, refused


class TestLists:
    def test_the_week_is_handed_out_once(self, planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["calls", "--as-of", DAY, "--json"]) == 0
        first = json.loads(capsys.readouterr().out)
        assert first["week"] == "2026-W10"
        assert first["newly_handed_out"] == first["calls"] + first["messages"] > 0
        assert "--force" in refused(capsys, "calls", "--as-of", DAY)
        assert run(["calls", "--as-of", DAY, "--force", "--json"]) == 0
        again = json.loads(capsys.readouterr().out)
        assert (again["calls"], again["messages"], again["newly_handed_out"]) == (
            first["calls"],
            first["messages"],
            0,
        )

    @pytest.mark.parametrize(
        ("chosen", "says"),
        [
            (("--as-of", DAY), ""),
            (("--as-of", "2026-04-06"), "days old: 'planner plan' first"),
            (("--as-of", DAY, "--week", "2035-W10"), "it has nothing for this week"),
        ],
    )
    def test_what_a_list_says_of_the_plan(
        self, planned: Path, capsys: pytest.CaptureFixture[str], chosen: tuple[str, ...], says: str
    ) -> None:
        assert run(["calls", *chosen, "--out", "list.xlsx"]) == 0
        out = capsys.readouterr().out
        assert says in out
        assert ("plan" in out.replace("list.xlsx", "")) == bool(says)

    def test_handed_out_contacts_stay_where_they_are(self, planned: Path) -> None:
        run(["calls", "--as-of", DAY])
        with Store.open(planned / "dealership.db") as store:
            before = store.read("contacts").set_index("contact_id")
        run(["plan", "--as-of", "2026-03-05"])
        with Store.open(planned / "dealership.db") as store:
            after = store.read("contacts").set_index("contact_id")
        out = before.index[before["handed_out_on"].notna()]
        assert (after.loc[out, "planned_on"] == before.loc[out, "planned_on"]).all()
        assert (after.loc[out, "handed_out_on"] == before.loc[out, "handed_out_on"]).all()

    def test_a_list_that_could_not_be_written_was_not_handed_out(
        self, planned: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        refused(capsys, "calls", "--as-of", DAY, "--out", "nowhere/list.xlsx")
        with Store.open(planned / "dealership.db") as store:
            assert store.read("contacts")["handed_out_on"].isna().all()

    def test_one_file_for_each_advisor_and_one_for_each_channel(
        self, planned: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (planned / "out").mkdir()
        command = ["calls", "--as-of", DAY, "--by-advisor", "--messages", "out"]
        assert run([*command, "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert said["file"] is None
        assert sorted(said["files"]) == sorted(path.name for path in planned.glob("calls-2026-W10-*.xlsx"))
        ids, advisors = [], set()
        for name in said["files"]:
            head, *rows = load_workbook(name)["Calls"].iter_rows(values_only=True)
            rows = [row for row in rows if len(row) == len(head) and row[head.index("Contact ID")]]
            ids += [row[head.index("Contact ID")] for row in rows]
            advisors |= {(name, row[head.index("Advisor")]) for row in rows}
        assert len(ids) == len(set(ids)) == said["calls"]
        assert len({name for name, _ in advisors}) == len(advisors), "a file has calls of two advisors"
        assert sorted(said["message_files"]) == sorted(
            f"out/{path.name}" for path in (planned / "out").iterdir()
        )
        assert "--force" in refused(capsys, *command)
        assert "leave --out away" in refused(capsys, *command, "--out", "mine.xlsx")
        assert "no folder" in refused(capsys, "calls", "--as-of", DAY, "--messages", "nowhere/sms")
        assert not (planned / "calls-2026-W10.xlsx").exists()

    def test_nobody_who_has_said_no_since_the_plan(
        self, planned: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        run(["calls", "--as-of", DAY, "--out", "before.xlsx", "--json"])
        first = json.loads(capsys.readouterr().out)
        with Store.open(planned / "dealership.db") as store:
            customers = store.read("customers")
            with store.transaction():
                store.upsert("customers", customers.assign(do_not_contact="yes"))
        run(["calls", "--as-of", DAY, "--out", "after.xlsx", "--json"])
        said = json.loads(capsys.readouterr().out)
        assert (said["calls"], said["messages"]) == (0, 0)
        everybody = first["calls"] + first["messages"] + sum(first["left_out"].values())
        assert said["left_out"] == {"the household has said no since": everybody}

    def test_the_annual_plan(self, planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["annual", "--year", "2027", "--as-of", DAY, "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert said["contacts"] > 300
        assert (planned / "annual-2027.xlsx").exists()

    def test_a_window_of_over_a_year_has_no_end_worth_naming(self) -> None:
        from planner.lists_rows import _window

        low, before = pd.Timestamp("2026-03-02"), date(2026, 3, 1)
        assert _window(low, pd.Timestamp("2027-03-02"), before) == "2 Mar – 2 Mar 2027"
        assert _window(low, pd.Timestamp("2028-08-01"), before) == "from 2 Mar 2026"
        assert _window(low, pd.NaT, before) == ""

    def test_a_window_that_has_opened_says_until_when(self) -> None:
        from planner.lists_rows import _window

        low, today = pd.Timestamp("2026-03-02"), date(2026, 3, 2)
        assert _window(low, pd.Timestamp("2026-04-09"), today) == "until 9 Apr 2026"
        assert _window(low, pd.Timestamp("2028-08-01"), today) == "any day"

    def test_on_a_weekend_the_list_is_for_the_coming_week(self) -> None:
        from planner.lists import week_of

        settings = Settings()
        assert week_of(date(2026, 3, 6), settings) == date(2026, 3, 2)  # Friday
        assert week_of(date(2026, 3, 7), settings) == date(2026, 3, 9)  # Saturday
        egypt = Settings.model_validate({"dealership": {"country": "EG"}})
        assert week_of(date(2026, 3, 8), egypt) == date(2026, 3, 2)  # Sunday is a working day there


class TestValidate:
    def test_figures_as_json(self, planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
        command = ["validate", "--as-of", DAY, "--tolerance", "10", "--json"]
        assert run(command) == 0
        out = capsys.readouterr().out
        said = json.loads(out)
        assert said["visits_scored"] > 50
        assert list(said["within"]) == ["7", "10", "14", "30"]
        assert set(said["intervals"]) == {"0.5", "0.8", "0.96"}
        for groups in said["by"].values():
            assert sum(group["visits_scored"] for group in groups.values()) == said["visits_scored"]
        assert said["predictions_came_true"] <= said["predictions_closed"]
        assert list(planned.iterdir()) == [planned / "dealership.db"]  # no workbook unless asked for
        assert run(command) == 0
        assert capsys.readouterr().out == out

    def test_visits_scored_and_not_scored_are_all_visits(
        self, planned: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        run(["validate", "--as-of", DAY, "--json"])
        said = json.loads(capsys.readouterr().out)
        with Store.open(planned / "dealership.db") as store:
            visits = store.read("visits")
        maintenance = visits[visits["kind"].fillna("maintenance") == "maintenance"]
        assert said["visits_scored"] + sum(said["visits_not_scored"].values()) == len(maintenance)

    def test_the_workbook(self, planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["validate", "--as-of", DAY]) == 0
        out = capsys.readouterr().out
        assert "came within" in out
        assert "validation.xlsx" in out
        first = (planned / "validation.xlsx").read_bytes()
        assert "--force" in refused(capsys, "validate", "--as-of", DAY)
        assert (planned / "validation.xlsx").read_bytes() == first
        assert run(["validate", "--as-of", DAY, "--force"]) == 0
        assert run(["validate", "--as-of", DAY, "--out", "mine.xlsx", "--json"]) == 0
        assert (planned / "mine.xlsx").exists()
        assert "must end with .xlsx" in refused(capsys, "validate", "--out", "mine.csv")

    def test_a_tolerance_is_a_number_of_days(self, planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
        said = refused(capsys, "validate", "--tolerance", "-3")
        assert said.startswith("planner: Invalid value for '--tolerance': ")
        assert said.endswith("0. 'planner validate --help' says what there is.\n")

    def test_a_store_without_visits(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        run(["init"])
        capsys.readouterr()
        assert run(["validate", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["visits_scored"] == 0
        assert run(["validate"]) == 0
        said = capsys.readouterr().out
        assert "there is no maintenance visit in the store" in said
        assert "with definitions only" in said
