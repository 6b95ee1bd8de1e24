"""Lists, plans and screens on the command line: what is written, what is printed, and what is refused."""

from __future__ import annotations

import json
import re
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


class TestScreens:
    def test_explain_finds_a_vehicle_a_customer_and_a_household(
        self, planned: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with Store.open(planned / "dealership.db") as store:
            car = store.read("vehicles").iloc[0]
            owner = store.read("customers").set_index("customer_id").loc[car["customer_id"]]
        for id_ in (car["vehicle_id"], car["vehicle_id"].lower(), car["customer_id"], owner["household_id"]):
            assert run(["explain", id_, "--as-of", DAY]) == 0
            assert car["vehicle_id"] in capsys.readouterr().out
        assert run(["explain", car["vehicle_id"], "--as-of", DAY, "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert {contact["vehicle_id"] for contact in said["contacts"]} == {car["vehicle_id"]}
        assert all(contact["reason"] for contact in said["contacts"])

    def test_explain_says_why_people_are_one_household(
        self, planned: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        couple = "customer_id,name,phone,email\nZ1,Ann Lee,202 555 0190,lee@example.org\n"
        couple += 'Z2,Ben Lee,(202) 555-0190,lee@example.org\nZ3,"LEE, Ann",,lee@example.org\nZ4,Cy,,\n'
        (planned / "couple.csv").write_text(couple, encoding="utf-8")
        assert run(["import", "couple.csv", "--as-of", DAY]) == 0
        capsys.readouterr()
        assert run(["explain", "Z1", "--as-of", DAY]) == 0
        told = "one household with Z2 (same phone and e-mail) and Z3 (same name and e-mail)"
        assert told in capsys.readouterr().out
        assert run(["explain", "Z4", "--as-of", DAY]) == 0
        assert "one household" not in capsys.readouterr().out
        assert run(["explain", "H-Z1", "--as-of", DAY, "--json"]) == 0
        said = json.loads(capsys.readouterr().out)["household"]
        assert said[0] == {"customer_id": "Z2", "why": "phone and e-mail"}

    @pytest.mark.parametrize("year", ["1999", str(int(DAY[:4]) - 1), "2035"])
    def test_a_year_without_a_plan_is_refused(
        self, planned: Path, capsys: pytest.CaptureFixture[str], year: str
    ) -> None:
        assert run(["annual", "--year", year, "--as-of", DAY]) == 2
        assert re.fullmatch(
            rf"planner: --year {year}: the plan holds nothing of that year; it goes from 20\d\d to 20\d\d\n",
            capsys.readouterr().err,
        )
        assert not (planned / f"annual-{year}.xlsx").exists()

    def test_explain_and_the_annual_plan_say_why_in_the_same_sentence(
        self, planned: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with Store.open(planned / "dealership.db") as store:
            rows = store.read("contacts")
        year = int(DAY[:4])
        rows = rows[(rows["reason"] == "working-day") & (rows["planned_on"].dt.year == year)]
        id_, car = rows.iloc[0][["contact_id", "vehicle_id"]]
        capsys.readouterr()
        assert run(["explain", car, "--as-of", DAY, "--json"]) == 0
        (said,) = (row["why"] for row in json.loads(capsys.readouterr().out)["contacts"]
                   if row["contact_id"] == id_)  # fmt: skip
        assert said.startswith("moved from ")
        assert run(["annual", "--as-of", DAY]) == 0
        sheet = load_workbook(planned / f"annual-{year}.xlsx")["Contacts"]
        header, *lines = sheet.iter_rows(values_only=True)
        (shown,) = (line[header.index("Reason")] for line in lines if line[header.index("Contact ID")] == id_)
        assert shown == said

    def test_other_services_are_seen_where_the_intervals_name_them(
        self, planned: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def screen() -> str:
            capsys.readouterr()
            assert run(["explain", car, "--as-of", DAY]) == 0
            return capsys.readouterr().out

        with Store.open(planned / "dealership.db") as store:
            services = store.read("forecasts")
        car = str(services["vehicle_id"].iloc[0])
        alone = screen()
        (planned / "intervals.csv").write_text(
            "service,months,km\nmaintenance,12,15000\n[b]rake fluid,12,15000\ncoolant,18,\n", encoding="utf-8"
        )
        (planned / "dealership.toml").write_text(
            '[service]\nintervals = "intervals.csv"\ncombine_days = 20\n', encoding="utf-8"
        )
        assert run(["plan", "--as-of", DAY]) == 0
        several = screen()
        assert "maintenance" not in alone
        assert "Beside maintenance" in several
        assert "[b]rake fluid" in several
        assert "of its own" in several
        with Store.open(planned / "dealership.db") as store:
            items = store.read("service_items")
        own = items[(items["vehicle_id"] == car) & (items["service"] == "[b]rake fluid")]
        assert f"with service {own['service_no'].iloc[0]}" in several
        capsys.readouterr()
        assert run(["explain", car, "--as-of", DAY, "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert len(said["service_items"]) == (items["vehicle_id"] == car).sum()
        # ... and in the list that the callers get.
        assert run(["calls", "--as-of", DAY]) == 0
        (book,) = planned.glob("calls-*.xlsx")
        cells = (
            cell for sheet in load_workbook(book) for row in sheet.iter_rows(values_only=True) for cell in row
        )
        assert any("; also due: [b]rake fluid" in str(cell) for cell in cells)
        assert run(["check"]) == 0

    def test_explain_says_how_likely_the_car_is_to_come_and_by_when(
        self, planned: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with Store.open(planned / "dealership.db") as store:
            told = store.read("forecasts").drop_duplicates("vehicle_id").dropna(subset="return_probability")
        row = told.iloc[0]
        by = row["high_on"] + pd.Timedelta(days=90)
        assert run(["explain", row["vehicle_id"], "--as-of", DAY]) == 0
        sentence = f"comes for its service by {by:%Y-%m-%d}: {row['return_probability']:.0%} likely"
        assert sentence in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("probability", "says"),
        [(0.0, "under 1%"), (0.0049, "under 1%"), (0.0051, "1%"), (0.994, "99%"), (0.996, "over 99%")],
    )
    def test_nothing_is_certain(self, probability: float, says: str) -> None:
        from cli.explain import _percent

        assert _percent(probability) == says

    @pytest.mark.parametrize(
        ("awaited", "first", "says"),
        [
            ("2026-05-02", "2026-06-01", "usually comes 30 days before service 4 is due: "
             "invitations count from 2026-05-02"),
            ("2026-05-31", "2026-06-01", "usually comes 1 day before service 4 is due: "
             "invitations count from 2026-05-31"),
            ("2026-05-20", "2026-05-20", "another service of this visit is due 12 days before maintenance: "
             "invitations count from 2026-05-20"),
            ("2026-06-01", "2026-06-01", ""),
        ],
    )  # fmt: skip
    def test_explain_says_why_invitations_go_out_sooner(self, awaited: str, first: str, says: str) -> None:
        from cli.explain import _comes_sooner

        days = {"awaited_on": awaited, "due_first_on": first, "due_on": "2026-06-01"}
        row = pd.DataFrame([days]).astype("datetime64[us]").assign(service_no=4)
        (service,) = row.itertuples()
        assert _comes_sooner(service, date(2026, 3, 2)) == says
        assert _comes_sooner(service, date(2026, 6, 2)) == ""  # overdue: nobody is invited any more

    def test_explain_shows_who_comes_sooner(self, planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with Store.open(planned / "dealership.db") as store:
            first = store.read("forecasts").drop_duplicates("vehicle_id")
        sooner = first[(first["awaited_on"] < first["due_on"]) & (first["due_on"] > pd.Timestamp(DAY))]
        row = sooner.iloc[0]
        capsys.readouterr()
        assert run(["explain", row["vehicle_id"], "--as-of", DAY]) == 0
        assert f"invitations count from {row['awaited_on']:%Y-%m-%d}" in capsys.readouterr().out

    def test_where_too_few_have_come_back_nobody_is_said_to_be_lost_or_not(
        self, planned: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with Store.open(planned / "dealership.db") as store:
            forecasts = store.read("forecasts").assign(return_probability=float("nan"))
            with store.transaction():
                store.replace("forecasts", forecasts)
        capsys.readouterr()
        assert run(["status", "--as-of", DAY, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["likely_lost"] is None
        assert run(["status", "--as-of", DAY]) == 0
        assert "likely to be lost: not known" in capsys.readouterr().out
        assert run(["annual", "--as-of", DAY, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["likely_lost"] is None
        assert "Likely lost" not in load_workbook(planned / "annual-2026.xlsx").sheetnames

    def test_likely_to_be_lost_is_the_same_in_status_and_in_the_annual_plan(
        self, planned: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["status", "--as-of", DAY, "--json"]) == 0
        count = json.loads(capsys.readouterr().out)["likely_lost"]
        assert run(["status", "--as-of", DAY]) == 0
        assert f"likely to be lost: {count:,} vehicle" in capsys.readouterr().out
        assert run(["annual", "--as-of", DAY, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["likely_lost"] == count > 0
        sheet = load_workbook(planned / "annual-2026.xlsx")["Likely lost"]
        shares = [row[0] for row in sheet.iter_rows(min_row=4, max_col=1, values_only=True)]
        assert len(shares) == count
        assert shares == sorted(shares)
        assert shares[-1] < 0.5

    def test_status(self, planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["status", "--as-of", DAY, "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert said["planned_as_of"] == DAY
        assert sum(said["stages"].values()) == said["rows"]["vehicles"]
        assert run(["status", "--as-of", DAY]) == 0

    def test_status_of_an_empty_store(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        run(["init"])
        assert run(["status"]) == 0
        assert "nothing is planned yet: planner plan" in capsys.readouterr().out

    def test_demo(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["demo", "show", "--vehicles", "20", "--as-of", DAY, "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert {Path(name).name for name in said["files"]} >= {
            "calls-2026-W10.xlsx",
            "annual-2026.xlsx",
            "validation.xlsx",
            "dealership.db",
            "calls-filled-in-returned.xlsx",  # a week later: one row cannot be used
            "plan.ics",
        }
        assert "--force" in refused(capsys, "demo", "show")
        assert run(["demo", "show", "--vehicles", "20", "--as-of", DAY, "--force", "--json"]) == 0
