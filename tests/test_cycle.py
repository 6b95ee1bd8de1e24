"""Cycles as people edit them, the days that touchpoints hang on, and the candidates that come of it."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.columns import typed
from planner.cycle import candidates, load_cycles
from planner.cycle.anchors import events
from planner.cycle.touchpoints import read_cycle
from planner.errors import SettingsError
from planner.settings import DEFAULTS, Settings
from planner.tables import CUSTOMERS, FORECASTS, VEHICLES

FIRST_YEARS = DEFAULTS / "cycles" / "first_three_years.csv"
CYCLES = load_cycles(Settings())


def customer(**values: object) -> pd.DataFrame:
    row = {"customer_id": "C1", "name": "Nora Field", "household_id": "H-C1"} | values
    return typed(pd.DataFrame([row]), CUSTOMERS)


def car(**values: object) -> pd.DataFrame:
    row = {"vehicle_id": "V1", "customer_id": "C1", "purchased_on": "2024-03-11"} | values
    return typed(pd.DataFrame([row]), VEHICLES)


def services(*due: tuple[int, str], expected: dict[int, str] | None = None) -> pd.DataFrame:
    rows = [
        {"vehicle_id": "V1", "service_no": no, "due_on": day, "expected_on": (expected or {}).get(no, day)}
        for no, day in due
    ]
    return typed(pd.DataFrame(rows, columns=FORECASTS.names), FORECASTS)


def history(*visits: tuple[int, str]) -> pd.DataFrame:
    frame = pd.DataFrame(
        [{"vehicle_id": "V1", "service_no": no, "visited_on": day} for no, day in visits],
        columns=["vehicle_id", "service_no", "visited_on"],
    )
    return frame.astype({"vehicle_id": "str", "service_no": "Int64", "visited_on": "datetime64[us]"})


def made(
    as_of: str,
    until: str,
    *,
    owner: pd.DataFrame | None = None,
    cars: pd.DataFrame | None = None,
    due: pd.DataFrame | None = None,
    done: pd.DataFrame | None = None,
) -> pd.DataFrame:
    table = candidates(
        customer() if owner is None else owner,
        car() if cars is None else cars,
        services() if due is None else due,
        history() if done is None else done,
        CYCLES,
        date.fromisoformat(as_of),
        date.fromisoformat(until),
    )
    return table.set_index("contact_id")


class TestCycleFiles:
    def test_the_default_cycle_is_the_reference(self, shared_data: Path) -> None:
        ours = pd.read_csv(FIRST_YEARS, dtype="str", keep_default_na=False)
        theirs = pd.read_csv(shared_data.parent / "cycle.csv", dtype="str", keep_default_na=False)
        pd.testing.assert_frame_equal(ours.drop(columns="instead"), theirs)

    def test_saved_by_a_spreadsheet_with_semicolons_and_a_byte_order_mark(self, tmp_path: Path) -> None:
        path = tmp_path / "mine.csv"
        rows = list(csv.reader(FIRST_YEARS.read_text().splitlines()))
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=";").writerows([*rows, [""] * 15])
        assert read_cycle(path).equals(read_cycle(FIRST_YEARS))

    @pytest.mark.parametrize(
        ("line", "says"),
        [
            (
                "T1,Hi,s,purchase,1,0,3,fax,0,4,service,always,hold,x",
                r"row 2, column channel: 'fax' must be one of call",
            ),
            (
                "T1,Hi,s,purchase,soon,0,3,sms,0,4,service,always,hold,x",
                "column offset_days: 'soon' must be a whole number",
            ),
            (
                "T1,Hi,s,purchase,9,0,3,sms,0,4,service,always,hold,x",
                "must lie between from_days and to_days",
            ),
            (
                "T1,Hi,s,delivery,1,0,3,sms,0,4,service,always,hold,x",
                "column anchor: 'delivery' must be purchase",
            ),
            ("T1,Hi,s,service,1,0,3,sms,0,4,service,always,hold,x", "column anchor: 'service' must be"),
            (
                "T1,Hi,s,purchase,1,0,3,sms,0,4,service,overdue,hold,x",
                "can be other than 'always' only on a service",
            ),
            (
                "1T,Hi,s,purchase,1,0,3,sms,0,4,service,always,hold,x",
                "column id: '1T' must begin with a letter",
            ),
            ("T1,,s,purchase,1,0,3,sms,0,4,service,always,hold,x", "column name: '' must not be empty"),
            (
                "T1,Hi,s,purchase,1,0,3,sms,0,4,service,always,hold,x,fax:x",
                r"row 2, column instead: 'fax:x' must be channel:script, several with ';'",
            ),
            ("T1,Hi,s,purchase,1,0,3,sms,0,4,service,always,hold,x,email", "column instead: 'email' must be"),
            (
                "T1,Hi,s,purchase,1,0,3,sms,0,4,service,always,hold,x,email:",
                "'email:' must be",
            ),
            (
                "T1,Hi,s,purchase,1,0,3,sms,0,4,service,always,hold,x,email:a; email:b",
                "column instead: 'email:a; email:b' must be",
            ),
            (
                "T1,Hi,s,purchase,1,0,3,sms,0,4,service,always,hold,x,email:a;",
                "'email:a;' must",
            ),
            (
                "T1,Hi,s,purchase,1,0,3,sms,0,4,service,always,hold,x,email:a;sms:b",
                "column instead: 'email:a;sms:b' names the channel of its own row",
            ),
        ],
    )
    def test_a_wrong_cell_is_named_with_its_row_and_what_is_right(
        self, tmp_path: Path, line: str, says: str
    ) -> None:
        path = tmp_path / "mine.csv"
        path.write_text(FIRST_YEARS.read_text().splitlines()[0] + "\n" + line + "\n", encoding="utf-8")
        with pytest.raises(SettingsError, match=says):
            read_cycle(path)

    def test_a_cycle_needs_no_column_of_other_channels(self, tmp_path: Path) -> None:
        path = tmp_path / "mine.csv"
        lines = ["T1,Hi,s,purchase,1,0,3,sms,0,4,service,always,hold,x"]
        path.write_text("\n".join([FIRST_YEARS.read_text().splitlines()[0][: -len(",instead")], *lines]))
        assert read_cycle(path)["instead"].tolist() == [""]

    def test_the_scripts_of_other_channels_are_in_use_too(self, tmp_path: Path) -> None:
        header = FIRST_YEARS.read_text().splitlines()[0]
        line = "T1,Hi,s,purchase,1,0,3,email,0,4,service,always,hold,x,sms:short; post:x"
        (tmp_path / "mine.csv").write_text(f"{header}\n{line}\n")
        cycle = dict.fromkeys(("new_car", "older_car", "win_back"), "mine.csv")
        settings = Settings.model_validate({"cycle": cycle, "base": tmp_path})
        assert load_cycles(settings).uses() == [("x", "email"), ("short", "sms"), ("x", "post")]

    def test_a_missing_column_and_a_missing_file(self, tmp_path: Path) -> None:
        path = tmp_path / "mine.csv"
        path.write_text("id,name\nT1,Hi\n", encoding="utf-8")
        with pytest.raises(SettingsError, match="column 'stage' is missing"):
            read_cycle(path)
        with pytest.raises(SettingsError, match=r"cycle.new_car: no file .*nowhere.csv.*first_three_years"):
            Settings.model_validate({"cycle": {"new_car": "nowhere.csv"}}).cycle_path("new_car")

    def test_the_same_id_in_two_cycles_is_refused(self, tmp_path: Path) -> None:
        header, first = FIRST_YEARS.read_text().splitlines()[:2]
        (tmp_path / "mine.csv").write_text(f"{header}\n{first}\n", encoding="utf-8")
        settings = Settings.model_validate({"cycle": {"older_car": "mine.csv"}, "base": tmp_path})
        with pytest.raises(SettingsError, match="'T1' stands twice"):
            load_cycles(settings)

    def test_the_yearly_cycle_takes_over_where_the_first_years_end(self) -> None:
        first = CYCLES.touchpoints.set_index("id")["first_number"]
        assert (first["YSa"], first["YV"], first["YW"], first["YB"], first["YL"]) == (4, 3, 7, 4, 3)


class TestAnchors:
    @pytest.mark.parametrize(
        ("purchased", "kind", "number", "day"),
        [
            ("2024-03-11", "season", 1, "2024-04-01"),
            ("2024-03-11", "season", 6, "2026-10-15"),
            ("2024-04-01", "season", 1, "2024-10-15"),  # after purchase, not on its day
            ("2024-10-15", "season", 1, "2025-04-01"),
            ("2024-12-31", "season", 2, "2025-10-15"),
            ("2024-03-11", "anniversary", 3, "2027-03-11"),
            ("2024-02-29", "anniversary", 1, "2025-02-28"),
            ("2024-02-29", "anniversary", 4, "2028-02-29"),
            ("2024-03-11", "finance_end", 0, "2027-03-11"),
            ("2024-02-29", "warranty_end", 0, "2027-02-28"),
        ],
    )
    def test_days_of_the_calendar(self, purchased: str, kind: str, number: int, day: str) -> None:
        found = self.found(car(purchased_on=purchased))
        assert found[(kind, number)] == pd.Timestamp(day)

    @pytest.mark.parametrize(
        ("born", "purchased", "number", "day"),
        [
            ("1980-08-10", "2024-03-11", 1, "2024-08-10"),
            ("1980-03-11", "2024-03-11", 1, "2025-03-11"),  # a birthday on the purchase day is not after it
            ("1980-03-12", "2024-03-11", 1, "2024-03-12"),
            ("1980-01-31", "2024-03-11", 2, "2026-01-31"),
            ("1996-02-29", "2024-03-11", 1, "2025-02-28"),
            ("1996-02-29", "2024-03-11", 4, "2028-02-29"),
        ],
    )
    def test_birthdays_after_purchase(self, born: str, purchased: str, number: int, day: str) -> None:
        assert self.found(car(purchased_on=purchased), born)[("birthday", number)] == pd.Timestamp(day)

    def test_a_used_car_has_no_warranty_end_unless_the_export_names_one(self) -> None:
        assert ("warranty_end", 0) not in self.found(car(condition="used"))
        assert ("warranty_end", 0) not in self.found(car(odometer_at_purchase_km=60_000))
        named = self.found(car(condition="used", warranty_end_on="2025-01-31"))
        assert named[("warranty_end", 0)] == pd.Timestamp("2025-01-31")

    @pytest.mark.parametrize(("as_of", "lapsed"), [("2025-04-10", False), ("2025-04-11", True)])
    def test_lapsed_a_month_after_the_outstanding_service(self, as_of: str, lapsed: bool) -> None:
        found = self.found(car(), due=services((1, "2025-03-11"), (2, "2026-03-11")), as_of=as_of)
        assert (("lapsed", 1) in found) is lapsed
        assert ("lapsed", 2) not in found

    @staticmethod
    def found(
        cars: pd.DataFrame, born: str = "NaT", due: pd.DataFrame | None = None, as_of: str = "2024-03-11"
    ) -> dict:
        table = events(
            cars,
            np.array([born], dtype="datetime64[D]"),
            services() if due is None else due,
            history(),
            date.fromisoformat(as_of),
            date(2024, 1, 1),
            date(2030, 1, 1),
        )
        return {(row.kind, row.number): row.day for row in table.itertuples()}


class TestCandidates:
    def test_a_new_car_has_the_36_touchpoints_of_the_reference(self) -> None:
        due = services((1, "2025-03-11"), (2, "2026-03-13"), (3, "2027-03-15"))
        table = made("2024-03-11", "2027-03-11", owner=customer(birthday="1980-08-10"), due=due)
        assert len(table) == 36
        assert sorted(table["touchpoint"]) == sorted(read_cycle(FIRST_YEARS)["id"])
        assert table["standby"].to_dict() == {name: name in ("V1/S1d", "V1/S2d") for name in table.index}

    def test_windows_hang_on_the_anchor(self) -> None:
        row = made("2024-03-11", "2027-03-11", due=services((1, "2025-03-11"))).loc["V1/S1c"]
        days = [row[name].date().isoformat() for name in ("earliest_on", "ideal_on", "latest_on")]
        assert days == ["2025-02-15", "2025-02-18", "2025-03-01"]
        assert row["service_no"] == 1

    @pytest.mark.parametrize(
        ("opens", "call", "message"),
        [
            ("2025-02-19", "2025-02-18", "2025-02-04"),  # opens after both: they keep their best days
            ("2025-02-18", "2025-02-17", "2025-02-04"),
            ("2025-02-02", "2025-02-15", "2025-02-01"),  # the call as early as its own window allows
            ("2024-10-01", "2025-02-15", "2025-01-28"),
        ],
    )
    def test_who_may_come_early_is_asked_early(self, opens: str, call: str, message: str) -> None:
        due = services((1, "2025-03-11")).assign(low_on=pd.Timestamp(opens))
        table = made("2024-03-11", "2027-03-11", due=due)
        ideal = [table.loc[name, "ideal_on"].date().isoformat() for name in ("V1/S1c", "V1/S1b")]
        assert ideal == [call, message]
        overdue = table.loc["V1/S1d"]
        assert overdue["ideal_on"] == pd.Timestamp("2025-03-25")  # asks nobody who has come
        assert (table["earliest_on"] <= table["ideal_on"]).all()

    @given(st.integers(0, 200), st.integers(0, 400), st.integers(0, 420))
    def test_the_best_day_lies_in_the_window_whatever_is_expected(
        self, sooner: int, opens: int, today: int
    ) -> None:
        due = pd.Timestamp("2026-03-11")
        as_of = due - pd.Timedelta(days=today)
        table = made(
            str(as_of.date()),
            "2027-03-11",
            due=services((2, "2026-03-11")).assign(
                awaited_on=due - pd.Timedelta(days=sooner),
                low_on=max(due - pd.Timedelta(days=opens), as_of),
            ),
        )
        assert (table["ideal_on"] <= table["latest_on"]).all()
        assert (table["earliest_on"] <= table["latest_on"]).all()
        assert (table["earliest_on"] >= as_of).all()
        # only what its window no longer allows lies before it
        assert (table["earliest_on"] <= table["ideal_on"].clip(lower=as_of)).all()

    def test_the_best_day_stands_still_once_the_window_is_open(self) -> None:
        # The window of the visit begins today, every day; the call's from 15 February to 1 March.
        due = services((1, "2025-03-11"))
        for as_of in ("2025-02-10", "2025-02-16", "2025-02-18", "2025-02-20", "2025-02-28"):
            table = made(as_of, "2027-03-11", due=due.assign(low_on=pd.Timestamp(as_of)))
            assert table.loc["V1/S1c", "ideal_on"] == pd.Timestamp("2025-02-15"), as_of
            assert table.loc["V1/S1c", "earliest_on"] == max(pd.Timestamp(as_of), pd.Timestamp("2025-02-15"))

    def test_the_after_visit_call_hangs_on_the_visit_and_until_then_on_the_expected_one(self) -> None:
        due = services((1, "2025-03-11"), expected={1: "2025-03-13"})
        assert made("2025-01-01", "2028-01-01", due=due).loc["V1/V1", "ideal_on"] == pd.Timestamp(
            "2025-03-16"
        )
        later = made(
            "2025-03-05", "2028-01-01", done=history((1, "2025-03-04")), due=services((2, "2026-03-04"))
        )
        assert later.loc["V1/V1", "ideal_on"] == pd.Timestamp("2025-03-07")

    def test_who_is_to_come_sooner_hears_of_it_sooner(self) -> None:
        due = services((1, "2025-03-11"), (2, "2026-03-11"))
        sooner = due.assign(awaited_on=pd.to_datetime(["2025-02-09", "2026-03-11"]).astype("datetime64[us]"))
        before, after = (made("2024-03-11", "2026-03-01", due=table) for table in (due, sooner))
        assert after.index.equals(before.index)
        month = pd.Timedelta(days=30)
        for id_, days in {"V1/S1a": month, "V1/S1b": month, "V1/S1c": month, "V1/S1d": 0 * month}.items():
            assert after["ideal_on"][id_] == before["ideal_on"][id_] - days, id_
        # The window of the call still closes with the service: nobody is missed where the day is near.
        days = ["earliest_on", "ideal_on", "latest_on"]
        assert after.loc["V1/S1c", days].dt.strftime("%Y-%m-%d").tolist() == [
            "2025-01-16", "2025-01-19", "2025-03-01",
        ]  # fmt: skip
        others = ~after.index.isin(["V1/S1a", "V1/S1b", "V1/S1c"])
        pd.testing.assert_frame_equal(after[others], before[others])

    def test_a_window_that_is_over_gives_none_and_one_that_began_is_cut(self) -> None:
        table = made("2024-03-19", "2027-03-11")
        assert "V1/T1" not in table.index  # its window ended on 14 March
        assert table.loc["V1/T2", "earliest_on"] == pd.Timestamp("2024-03-19")

    def test_the_horizon_is_half_open(self) -> None:
        assert "V1/T2" in made("2024-03-11", "2024-03-19").index  # ideal on 18 March
        assert "V1/T2" not in made("2024-03-11", "2024-03-18").index

    def test_overdue_is_called_up_the_day_after_the_service_was_due(self) -> None:
        due = services((1, "2025-03-11"))
        assert made("2025-03-11", "2026-01-01", due=due).loc["V1/S1d", "standby"]
        assert not made("2025-03-12", "2026-01-01", due=due).loc["V1/S1d", "standby"]

    def test_a_ten_year_old_car_gets_a_calendar(self) -> None:
        due = services((11, "2027-02-01"), (12, "2028-02-01"))
        table = made(
            "2026-06-01",
            "2028-06-01",
            owner=customer(birthday="1980-08-10"),
            cars=car(purchased_on="2016-03-11"),
            due=due,
        )
        per_year = len(table) / 2
        assert 9 <= per_year <= 14
        assert {"V1/YSc/11", "V1/YSc/12", "V1/YB/11", "V1/YL/11", "V1/YW/22"} <= set(table.index)
        assert set(table["stage"]) == {"after_warranty"}

    def test_a_lapsed_car_gets_the_win_back_branch(self) -> None:
        due = services((4, "2026-03-01"), (5, "2027-03-01"))
        table = made("2026-06-01", "2029-06-01", cars=car(purchased_on="2022-03-01"), due=due)
        assert {"V1/R2/4", "V1/R3/4", "V1/R4/4", "V1/R5/4"} <= set(table.index)
        assert "V1/YV/4" not in table.index  # nobody is asked about a visit that is not expected
        assert "V1/YV/5" in table.index
        assert "V1/R1/4" not in table.index  # that window has passed
        # The win-back rests after a complaint like an offer, a service does not.
        rests = table["purpose"].eq("marketing") | table["touchpoint"].str.match("R[1-5]$")
        assert table["offers"].tolist() == rests.tolist()

    @pytest.mark.parametrize("status", ["sold", "scrapped"])
    def test_a_gone_car_is_marked(self, status: str) -> None:
        assert made("2024-03-11", "2025-03-11", cars=car(status=status))["gone"].all()

    def test_ids_are_unique_and_rows_in_any_order_give_the_same(self) -> None:
        cars = pd.concat([car(vehicle_id=f"V{i}", purchased_on=f"20{10 + i}-05-03") for i in range(12)])
        due = pd.concat(
            [
                services((i + 1, "2024-08-01"), (i + 2, "2025-08-01")).assign(vehicle_id=f"V{i}")
                for i in range(12)
            ]
        )
        table = made("2024-06-01", "2027-06-01", cars=cars, due=due)
        assert table.index.is_unique
        again = made("2024-06-01", "2027-06-01", cars=cars[::-1], due=due[::-1])
        pd.testing.assert_frame_equal(table, again)
