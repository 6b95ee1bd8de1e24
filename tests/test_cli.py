"""The command line as a user meets it: what it prints, its exit codes, and one line when it cannot go on."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cli.main import app, run
from planner.settings import load_settings
from planner.store import Store
from tests.commands import DAY, contents, refused


class TestCannotGoOn:
    @pytest.mark.parametrize(
        ("command", "says"),
        [
            (["plan"], "dealership.db: no store here; 'planner init' makes one"),
            (["calls"], "no store here"),
            (["import", "nothing.csv"], "nothing.csv"),
            (["import"], "Missing argument 'FILE...'"),
            (["plan", "--as-of", "yesterday"], "--as-of yesterday: not a day; write it as 2026-03-31"),
            (["plan", "--as-of", "2026-02-30"], "not a day"),
            (["plan", "--years", "0"], "Invalid value for '--years'"),
            (["plan", "--yeers", "2"], "No such option: --yeers"),
            (["paln"], "No such command 'paln'"),
            (["plan", "--settings", "mine.toml"], "mine.toml: no such settings file"),
            (["init", "--country", "Germany"], "no public holidays are known for country"),
            (["init", "--unit", "furlong"], "'furlong' is not one of 'km', 'mi'"),
            (["calls", "--format", "foo"], "Invalid value for '--format': 'foo' is not one of"),
            (["sample", "here", "--vehicles", "0"], "Invalid value for '--vehicles'"),
            (["--db"], "No such option: --db"),
        ],
    )
    def test_one_line_says_what_is_wrong(
        self, here: Path, capsys: pytest.CaptureFixture[str], command: list[str], says: str
    ) -> None:
        assert says in refused(capsys, *command)
        assert list(here.iterdir()) in ([], [here / "dealership.db"])

    def test_wrong_settings_are_named_with_the_right_key(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (here / "dealership.toml").write_text("[contact_rules]\ncall_gap_day = 3\n", encoding="utf-8")
        assert "unknown key 'contact_rules.call_gap_day'; did you mean 'call_gap_days'?" in refused(
            capsys, "plan"
        )

    def test_a_store_without_vehicles_or_plan(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        run(["init"])
        assert "no vehicles to plan for" in refused(capsys, "plan")
        assert "nothing is planned yet" in refused(capsys, "calls")
        assert "nothing is planned yet" in refused(capsys, "annual")

    def test_unknown_ids_weeks_and_advisors(self, planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert "nobody: no customer, household or vehicle has this id" in refused(capsys, "explain", "nobody")
        assert "write it as 2026-W07" in refused(capsys, "calls", "--week", "2026-W54")
        assert "write it as 2026-W07" in refused(capsys, "calls", "--week", "next")
        assert "--advisor Nobody: not known; advisors are: " in refused(
            capsys, "calls", "--advisor", "Nobody"
        )

    def test_a_file_that_is_no_table(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (here / "letter.csv").write_text("Dear Sir,\nplease call me\n", encoding="utf-8")
        assert "letter.csv" in refused(capsys, "import", "letter.csv")
        (here / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
        assert "broken.xlsx" in refused(capsys, "import", "broken.xlsx")


class TestInit:
    def test_settings_and_an_empty_store(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["init", "--country", "eg", "--language", "ar", "--unit", "mi", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["country"] == "EG"
        house = load_settings(here / "dealership.toml").dealership
        assert (house.country, house.language, house.unit) == ("EG", "ar", "mi")
        assert stat.S_IMODE((here / "dealership.db").stat().st_mode) == 0o600
        with Store.open(here / "dealership.db") as store:
            assert set(store.counts().values()) == {0}

    def test_it_overwrites_nothing(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (here / "dealership.toml").write_text("# mine", encoding="utf-8")
        assert "init overwrites nothing" in refused(capsys, "init")
        assert (here / "dealership.toml").read_text(encoding="utf-8") == "# mine"
        assert not (here / "dealership.db").exists()


class TestImport:
    def test_rejected_rows_go_to_a_file_and_the_rest_in(
        self, here: Path, exports: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (here / "customers.csv").write_text(
            "customer_id,name,birthday\nC1,Nora Field,1980-02-30\nC2,Omar Hill,1980-02-28\nC3,,\n",
            encoding="utf-8",
        )
        assert run(["import", "customers.csv", "--as-of", DAY, "--json"]) == 3
        out, err = capsys.readouterr()
        said = json.loads(out)
        assert (said["rejected"], said["changed"]) == (2, {"customers": 1})
        assert "2 rows rejected" in err
        assert "rejects.csv" in err
        rejects = (here / "rejects.csv").read_text(encoding="utf-8-sig")
        assert "bad-date" in rejects
        assert "missing" in rejects
        with Store.open(here / "dealership.db") as store:
            assert store.read("customers")["customer_id"].tolist() == ["C2"]
            assert store.read("issues")[["row", "column", "code"]].values.tolist() == [
                [2, "birthday", "bad-date"],
                [4, "name", "missing"],
            ]

    def test_the_same_files_again_change_nothing(
        self, here: Path, exports: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        files = [*map(str, sorted(exports.glob("*.csv"))), "--as-of", DAY, "--json"]
        first = run(["import", *files])
        before = contents(here / "dealership.db")
        capsys.readouterr()
        assert run(["import", *files]) == first
        assert set(json.loads(capsys.readouterr().out)["changed"].values()) == {0}
        assert contents(here / "dealership.db") == before

    def test_the_workbook_gives_the_same_as_the_csv_files(self, here: Path, exports: Path) -> None:
        run(["import", *map(str, sorted(exports.glob("*.csv"))), "--as-of", DAY, "--db", "csv.db"])
        run(["import", str(exports / "dealership.xlsx"), "--as-of", DAY, "--db", "xlsx.db"])
        csv, xlsx = (contents(here / name, without="issues") for name in ("csv.db", "xlsx.db"))
        assert csv == xlsx

    def test_a_dry_run_stores_nothing(self, here: Path, exports: Path) -> None:
        run(["import", str(exports / "customers.csv"), "--dry-run", "--as-of", DAY])
        with Store.open(here / "dealership.db") as store:
            assert set(store.counts().values()) == {0}

    def test_one_unreadable_file_and_none_is_stored(
        self, here: Path, exports: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        refused(capsys, "import", str(exports / "customers.csv"), "nowhere.csv")
        with Store.open(here / "dealership.db") as store:
            assert set(store.counts().values()) == {0}


class TestPlan:
    def test_planning_twice_gives_the_same(self, planned: Path) -> None:
        before = contents(planned / "dealership.db")
        assert run(["plan", "--as-of", DAY]) == 0
        assert contents(planned / "dealership.db") == before

    def test_no_rule_is_broken(self, planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["check", "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert said["ok"]
        assert said["contacts"] > 1000

    def test_check_reads_the_intervals_too(self, planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (planned / "my.csv").write_text("service,months,km\nmaintenance,12,1500O\n", encoding="utf-8")
        (planned / "dealership.toml").write_text('[service]\nintervals = "my.csv"\n', encoding="utf-8")
        assert "my.csv: line 2: km" in refused(capsys, "check")

    def test_check_reads_the_scripts_to_the_customers_of_the_store(
        self, planned: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        settings = '[dealership]\nlanguage = "ar"\nname = "شركة الخليج للسيارات"\n'
        (planned / "dealership.toml").write_text(settings, encoding="utf-8")
        assert run(["check"]) == 1
        out = capsys.readouterr().out
        assert "no rule is broken" in out
        assert "(en): an SMS of 4 segments ('ش' is outside the small alphabet); shorten it to 2" in out
        assert "script problem" in out

    def test_a_far_year_is_stored_and_read_again(self, planned: Path) -> None:
        assert run(["plan", "--as-of", "2500-12-30"]) == 0
        assert run(["plan", "--as-of", DAY]) == 0
        assert run(["check"]) == 0

    @pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2501-01-01", "9999-12-31"])
    @pytest.mark.parametrize("command", ["plan", "calls", "value", "status", "annual", "validate"])
    def test_a_year_of_no_cars_is_refused(
        self, planned: Path, capsys: pytest.CaptureFixture[str], command: str, day: str
    ) -> None:
        said = refused(capsys, command, "--as-of", day)
        assert said == f"planner: --as-of {day}: the year is not between 1900 and 2500\n"

    @pytest.mark.parametrize("day", ["1900-01-01", "2500-12-31"])
    @pytest.mark.parametrize("command", ["calls", "value", "status", "annual", "calendar", "validate"])
    def test_the_first_and_the_last_day_are_days(self, planned: Path, command: str, day: str) -> None:
        assert run([command, "--as-of", day]) in (0, 2)

    def test_check_finds_a_contact_that_somebody_moved(
        self, planned: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with Store.open(planned / "dealership.db") as store:
            contacts = store.read("contacts")
            row = contacts.index[(contacts["status"] == "planned") & (contacts["channel"] == "call")][0]
            contacts.loc[row, "planned_on"] = "2026-07-04"
            with store.transaction():
                store.replace("contacts", contacts)
        assert run(["check"]) == 1
        assert contacts.loc[row, "contact_id"] in capsys.readouterr().out

    def test_every_candidate_ends_with_a_status_and_a_reason(self, planned: Path) -> None:
        with Store.open(planned / "dealership.db") as store:
            contacts = store.read("contacts")
        assert contacts["status"].notna().all()
        assert contacts["reason"].notna().all()
        assert contacts["contact_id"].is_unique


def test_results_go_to_stdout_and_nothing_else(planned: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli", "plan", "--as-of", DAY, "--json"],
        cwd=planned,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["as_of"] == DAY
    assert done.stderr == ""  # no progress bar where stderr is no terminal


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["at the end", "at once"])
@pytest.mark.parametrize("command", ["status", "--help"])
def test_a_reader_that_has_gone_is_no_error(planned: Path, command: str, unbuffered: str) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "cli", command],
            cwd=planned,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            stdout=write,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in app.registered_commands:
        assert run([str(command.name), "--help"]) == 0
        assert f"planner {command.name}" in capsys.readouterr().out


def test_explain_says_what_the_last_visit_named(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(planned / "dealership.db") as store:
        visits = store.read("visits").sort_values("visited_on")
    last = visits.drop_duplicates("vehicle_id", keep="last")
    last = last[
        ~last["vehicle_id"].isin(visits[visits.duplicated(["vehicle_id", "visited_on"])]["vehicle_id"])
    ]
    several = last[last["services"].str.contains(",", na=False)].iloc[0]
    nothing = last[last["services"].isna()].iloc[0]
    for visit, named in ((several, f": {several['services'].replace(',', ', ')}"), (nothing, "")):
        capsys.readouterr()
        assert run(["explain", visit["vehicle_id"], "--as-of", DAY]) == 0
        told = " ".join(capsys.readouterr().out.split())
        assert f"last visit {visit['visited_on']:%Y-%m-%d} ({visit['kind']}{named})" in told
