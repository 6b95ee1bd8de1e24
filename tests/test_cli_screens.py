"""Screens on the command line: what explain, status and demo print, and what is refused."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from cli.main import run
from planner.store import Store
from tests.commands import DAY, refused


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
        assert run(["demo", "show", "--vehicles", "10", "--as-of", DAY, "--force"]) == 0
