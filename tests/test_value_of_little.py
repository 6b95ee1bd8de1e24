"""What the value report says where the records tell little: one household, no plan, no kinds, no money."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from cli.console import show
from planner.columns import typed
from planner.lists_value import to_act_on
from planner.settings import Settings
from planner.tables import FORECASTS
from planner.value import sbg, value_report
from planner.value.example import AS_OF, tables_of
from planner.workbooks.texts import Texts
from planner.workbooks.value import ValueInfo, write_value
from planner.workbooks.value_words import headline

ENGLISH = Texts("en")


def now(frame: pd.DataFrame, by: str = "all") -> pd.DataFrame:
    return frame[frame["by"].eq(by) & frame["month"].isna()].set_index("metric")


def strictly(text: str) -> Any:
    def refuse(word: str) -> None:
        raise AssertionError(word)

    return json.loads(text, parse_constant=refuse)


# --- one household ------------------------------------------------------------------------------------


@pytest.mark.parametrize("amounts", [(33.3, 71.1, 12.7, 19.9), (1e9 / 3, 0.1, 7.7, 1e-9 / 3)])
def test_one_household_alone_has_no_interval(amounts: tuple[float, ...]) -> None:
    """Its sums are off the ratio by a rounding error, which is no reason for an interval without end."""
    bought = [f"2025-03-01 {amounts[0]}", f"2026-03-01 {amounts[1]}"]
    cars = {"A": ["2020-01-10", *bought], "B": ["2020-01-10", f"2025-05-01 {amounts[2]}"]}
    tables = tables_of(cars)
    tables["customers"]["household_id"] = "H"
    found = now(value_report(tables, Settings(), AS_OF).figures)
    ends = found.loc[["revenue_churn", "margin_per_customer", "value_simple_customer"], ["low", "high"]]
    assert found.loc[ends.index, "value"].notna().all()
    assert ends.isna().to_numpy().all()


def test_json_has_no_number_without_end(capsys: pytest.CaptureFixture[str]) -> None:
    frame = pd.DataFrame({"low": [-np.inf, 1.5, np.nan], "high": [np.inf, 2.5, 3.5]})
    show(True, {"as_of": None}, [], {"rows": frame})
    read = strictly(capsys.readouterr().out)["rows"]
    assert [tuple(row.values()) for row in read] == [(None, None), (1.5, 2.5), (None, 3.5)]


@pytest.mark.parametrize("number", [np.inf, -np.inf, np.nan])
def test_no_command_prints_json_that_is_none(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        show(True, {"error": number}, [])


# --- poor data ----------------------------------------------------------------------------------------


def forty(*, last: str = "2026-06-25") -> dict[str, pd.DataFrame]:
    """Forty customers with a car each: one comes every nine days and a year later again, for 100 or 300."""
    days = pd.date_range(end=last, periods=80, freq="9D").strftime("%Y-%m-%d")
    cars = {
        f"C{number:02}": ["2024-01-10", f"{days[number]} 100", f"{days[number + 40]} {300 - number % 5 * 50}"]
        for number in range(40)
    }
    tables = tables_of(cars)
    visits = tables["visits"]
    tables["visits"] = visits.assign(kind="maintenance", margin=0.4 * visits["amount"])
    return tables


def said(tables: dict[str, pd.DataFrame], **more: pd.DataFrame) -> list[str]:
    report = value_report(tables, Settings(), AS_OF)
    frames = {name: getattr(report, name) for name in ("figures", "quality", "customers", "concentration")}
    return headline(frames | more, ENGLISH)


def line(lines: list[str], begins: str) -> str:
    return next(line for line in lines if line.startswith(begins))


def listed(*, stage: str) -> pd.DataFrame:
    columns = {"stage": [stage], "at_risk": [90.0], "value": [100.0], "next_contact_on": [pd.NaT]}
    return pd.DataFrame({**columns, "next_channel": None})


def test_money_of_half_a_year_ago_says_so() -> None:
    fresh, stale = (
        now(value_report(forty(last=last), Settings(), AS_OF).figures)["note"]
        for last in ("2026-06-25", "2026-01-25")
    )
    money = ["margin_per_customer", "value_simple_customer", "value_simple_household"]
    assert set(fresh[money]) == {""}
    assert set(stale[[*money, "churn"]]) == {"poor_data"}


@pytest.mark.parametrize(("stage", "begins"), [("lapsed", "To act on"), ("lost", "To win back")])
def test_sentences_on_poor_data_say_so(stage: str, begins: str) -> None:
    """Whom to act on rests on who comes too, and so on the days of purchase; who brings how much does not."""
    acting = listed(stage=stage)
    lines = said(forty(), to_act_on=acting)
    assert not any("poor data" in each for each in lines)
    stale = said(forty(last="2026-01-25"), to_act_on=acting)
    assert all(line(stale, each).endswith("On poor data.") for each in ("Of the customers who came", begins))
    undated = forty()
    undated["vehicles"]["purchased_on"] = pd.NaT
    lines = said(undated, to_act_on=acting)
    assert line(lines, begins).endswith("On poor data.")
    assert "poor data" not in line(lines, "Of the customers who came")


def graded(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return value_report(tables, Settings(), AS_OF).quality.set_index("check")


def test_surveys_that_stopped_spoil_their_own_figure_alone() -> None:
    tables = forty()
    answers = pd.DataFrame({"customer_id": [f"C{n:02}" for n in range(40)], "score": 9})
    asked = tables_of({}, surveys=[(who, "2025-10-28", score) for who, score in answers.to_numpy()])
    tables["surveys"] = asked["surveys"]
    report = value_report(tables, Settings(), AS_OF)
    quality = report.quality.set_index("check")
    assert (quality.loc["surveys_fresh", "grade"], quality.loc["overall", "grade"]) == ("D", "A")
    noted = now(report.figures)["note"]
    assert (noted["nps"], noted["margin_per_customer"]) == ("poor_data", "")


def test_bills_that_take_back_more_than_was_billed_are_a_contradiction() -> None:
    """Every third one at -5,000: a dealership does not pay its customers."""
    tables = forty()
    assert graded(tables).loc[["negative_amounts", "overall"], "grade"].tolist() == ["A", "A"]
    third = np.arange(len(tables["visits"])) % 3 == 0
    tables["visits"].loc[third, ["amount", "margin"]] = [-5_000.0, -2_000.0]
    found = graded(tables).loc["negative_amounts"]
    assert (found["grade"], found["count"], found["total"]) == ("D", third.sum(), 80)
    assert graded(tables).loc["overall", "grade"] == "D"
    noted = now(value_report(tables, Settings(), AS_OF).figures)["note"]
    assert noted["margin_per_customer"] == "poor_data"


@pytest.mark.parametrize(
    ("bills", "bad"),
    [
        (["2026-03-01 100", "2026-03-01 -100"], 0),
        (["2026-03-01 -100", "2026-03-01 100"], 0),
        (["2026-03-01 100", "2026-04-01 -100"], 0),
        (["2026-03-01 33.3", "2026-04-01 66.7", "2026-05-01 -100"], 0),
        (["2026-03-01 100", "2026-04-01 -100.02"], 1),
        (["2026-03-01 -100", "2026-04-01 100"], 1),
        (["2026-03-01 100", "2026-04-01 -60", "2026-05-01 -60"], 1),
    ],
)
def test_a_credit_note_takes_back_what_the_car_was_billed(bills: list[str], bad: int) -> None:
    other = ["2020-01-10", "2026-03-01 5000"]  # what another car was billed is nothing to take back
    tables = tables_of({"A": other, "B": ["2020-01-10", *bills], "C": other})
    tables["visits"]["margin"] = 0.3 * tables["visits"]["amount"]
    found = graded(tables)
    assert found.loc["negative_amounts", "count"] == bad
    assert found.loc["margin_above_amount", "count"] == 0


def test_nothing_but_zeros_is_no_money() -> None:
    tables = forty()
    tables["visits"] = tables["visits"].assign(amount=0.0, margin=0.0)
    report = value_report(tables, Settings(), AS_OF)
    quality, figures = report.quality.set_index("check"), now(report.figures)
    assert quality.loc[["amounts", "overall"], "grade"].tolist() == ["D", "D"]
    assert figures.loc["margin_per_customer", "note"] == "no_data"
    assert "visits have no amounts and no margins" in line(said(tables), "What a customer is worth")


def test_where_all_cars_are_gone_somebody_marked_too_many() -> None:
    tables = forty()
    tables["vehicles"]["status"] = ["sold"] * 30 + ["active"] * 10
    assert graded(tables).loc["cars_gone", "grade"] == "A"
    tables["vehicles"]["status"] = "sold"
    assert graded(tables).loc[["cars_gone", "overall"], "grade"].tolist() == ["D", "D"]


# --- nobody to act on ---------------------------------------------------------------------------------


def acting(tables: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, list[str]]:
    """The list to act on, and the sentences about it."""
    report = value_report(tables, Settings(), AS_OF)
    found = to_act_on(tables, report.customers, Settings())
    return found, [each for each in said(tables, to_act_on=found) if each.startswith("To ")]


def test_without_a_plan_nobody_knows_who_will_come_but_the_lost_are_known() -> None:
    tables = forty()
    found, lines = acting(tables)
    assert found.empty
    assert lines == [ENGLISH("value.say.act.no_plan")]
    assert "run planner plan" in lines[0]

    bought = {"lost": ["2020-01-10", "2023-05-01 900"], "sold": ["2020-01-10", "2023-05-01 900"]}
    more = tables_of(bought)
    more["vehicles"]["status"] = ["active", "sold"]
    both = {name: pd.concat([tables[name], more[name]], ignore_index=True) for name in tables}
    found, lines = acting(both)
    assert found["customer_id"].tolist() == ["lost"]
    assert found["leaves_probability"].tolist() == [1.0]
    assert lines[0] == ENGLISH("value.say.act.no_plan")
    assert lines[1].startswith("To win back")
    assert value_report(both, Settings(), AS_OF).customers["leaves_probability"].isna().sum() == 40


def test_a_lost_car_beside_one_that_nobody_forecast_is_not_known() -> None:
    tables = tables_of({"A": ["2020-01-10", "2023-05-01"], "B": ["2025-01-10", "2026-05-01"]})
    tables["vehicles"]["customer_id"] = "A"
    people = value_report(tables, Settings(), AS_OF).customers.set_index("customer_id")
    assert pd.isna(people.loc["A", "leaves_probability"])


@pytest.mark.parametrize(
    ("cars", "status", "why"),
    [
        ({"A": ["2025-06-01"], "B": ["2026-01-10"]}, "active", "no_visits"),
        ({"A": ["2020-01-10", "2026-05-01"]}, "sold", "no_cars"),
        ({"A": ["2020-01-10", "2026-05-01"]}, "active", "no_plan"),
    ],
)
def test_what_is_true_where_nobody_can_be_acted_on(cars: dict[str, list[str]], status: str, why: str) -> None:
    tables = tables_of(cars)
    tables["vehicles"]["status"] = status
    found, lines = acting(tables)
    assert found.empty
    assert lines == [ENGLISH(f"value.say.act.{why}")]


def test_customers_without_any_car() -> None:
    tables = tables_of({"A": ["2025-06-01"]})
    tables["vehicles"] = tables["vehicles"].iloc[:0]
    found, lines = acting(tables)
    assert found.empty
    assert lines == []  # one sentence says that nothing is on record
    assert said(tables)[0].startswith("Nothing on record")


def test_with_a_plan_by_which_all_come_nobody_is_to_be_acted_on() -> None:
    tables = forty()
    cars = tables["vehicles"][["vehicle_id"]]
    forecasts = cars.assign(service_no=1, due_on=pd.Timestamp("2026-09-01"), return_probability=0.9)
    tables["forecasts"] = typed(forecasts, FORECASTS)
    assert acting(tables)[1] == [ENGLISH("value.say.act.none")]


# --- what is known is said ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("few", "told"),
    [
        ("two_visits_12m", "100% of the cars serviced came again within 13 months."),
        ("retention_13m", "5% of the cars came twice a year."),
        ("ltv", "A customer brings 80 a year."),
    ],
)
def test_of_two_figures_the_one_that_is_known_is_said(few: str, told: str) -> None:
    metrics = {"margin_per_customer": 80.0, "ltv": 400.0, "retention_13m": 1.0, "two_visits_12m": 0.05}
    units = ["money", "money", "share", "share"]
    rows = pd.DataFrame({"metric": list(metrics), "value": metrics.values(), "unit": units})
    rows = rows.assign(by="all", month=pd.NaT, last_year=np.nan, note="")
    rows["note"] = rows["note"].mask(rows["metric"].eq(few), "too_few")
    lines = headline({"figures": rows.assign(last_year_note="")}, ENGLISH)
    assert told in lines
    both = headline({"figures": rows.assign(last_year_note="", note="")}, ENGLISH)
    assert "100% of the cars serviced came again within 13 months; 5% came twice a year." in both
    none = headline({"figures": rows.assign(last_year_note="", note="too_few")}, ENGLISH)
    assert ENGLISH("value.say.back.none") in none


def test_the_sheet_says_that_preventable_losses_are_not_known(tmp_path: Path) -> None:
    cars = {f"C{n}": ["2020-01-10", f"2024-{n + 1:02}-10"] for n in range(12)}
    report = value_report(tables_of(cars), Settings(), AS_OF)
    path = tmp_path / "value.xlsx"
    frames = {name: getattr(report, name) for name in ("stage_flow", "leavers", "quality")}
    write_value(path, frames, ValueInfo("Motors", AS_OF, "en", "km", "eg", ""), {})
    rows = list(openpyxl.load_workbook(path)["Stage flow"].iter_rows(values_only=True))
    preventable = next(row for row in rows if str(row[0]).startswith("Preventable: "))
    assert preventable[1:4] == ("not known", "not known", None)
    lost = next(row for row in rows if row[0] == "No longer active in all")
    assert lost[1] - lost[2] == lost[3]


def test_without_contacts_on_record_nothing_is_known_of_their_cost() -> None:
    """And the net lifetime value, which takes none off, says so; poor data say more than that."""
    tables = forty()
    report = now(value_report(tables, Settings(), AS_OF).figures)
    cost, net = report.loc["contact_cost"], report.loc["clv_net"]
    assert (cost["note"], cost["last_year_note"]) == ("no_data", "no_data")
    assert cost[["value", "low", "high", "last_year"]].isna().all()
    assert net["note"] == "no_contacts"
    assert net["value"] == pytest.approx(net["numerator"] / net["denominator"] - 300)
    poor_tables = tables | {"visits": tables["visits"].assign(margin=np.nan)}
    poor = now(value_report(poor_tables, Settings(), AS_OF).figures)
    assert poor.loc["clv_net", "note"] == "poor_data"

    called = tables_of({}, contacts=[("C01", "2026-01-10", "call")])["contacts"]
    report = now(value_report(tables | {"contacts": called}, Settings(), AS_OF).figures)
    cost, net = report.loc["contact_cost"], report.loc["clv_net"]
    assert (cost["note"], cost["last_year_note"]) == ("", "no_data")
    assert cost["numerator"] > 0
    assert net["note"] != "no_contacts"


def test_a_fleet_of_one_customer_is_one_household() -> None:
    """Forty cars tell much of their owner and nothing of customers: no plain sentence without a note."""
    tables = forty()
    found = now(value_report(tables, Settings(), AS_OF).figures)
    assert found.loc["retention_13m", "note"] == ""
    fleet = tables | {"vehicles": tables["vehicles"].assign(customer_id="C00")}
    one = now(value_report(fleet, Settings(), AS_OF).figures)
    assert one.loc["retention_13m", "denominator"] == found.loc["retention_13m", "denominator"] >= 30
    assert one.loc["retention_13m", "note"] == "too_few"
    assert ENGLISH("value.say.back.none") in said(fleet)


def test_cars_that_do_not_differ_are_not_told_to() -> None:
    """Of 400 cars a quarter misses each service: one chance for all, and no spread of chances to print."""
    at_risk = 400 * 0.75 ** np.arange(6)
    same = sbg.fit(sbg.Losses(np.append(at_risk[:-1] * 0.25, 0.0), np.append(np.zeros(5), at_risk[-1])))
    assert isinstance(same, sbg.Fit)
    assert same.alike
    assert same.mean == pytest.approx(0.25, abs=1e-3)
    unlike = np.array([0.6, 0.3, 0.1, 0.05, 0.02])  # who is likely to leave leaves early
    left = 400 * np.append(1.0, np.cumprod(1 - unlike))
    other = sbg.fit(sbg.Losses(np.append(-np.diff(left), 0.0), np.append(np.zeros(5), left[-1])))
    assert isinstance(other, sbg.Fit)
    assert not other.alike


def test_the_fit_of_cars_that_do_not_differ_says_so() -> None:
    """120 cars: a quarter of those that are left misses the first service, the second and the third."""
    day = pd.Timestamp("2021-01-10")
    years = [str((day + pd.DateOffset(years=n)).date()) for n in range(6)]
    comes = [0] * 30 + [1] * 22 + [2] * 17 + [3] * 13 + [4] * 10 + [5] * 28
    cars = {f"C{n:03}": years[: 1 + count] for n, count in enumerate(comes)}
    report = value_report(tables_of(cars), Settings(), AS_OF)
    of_all = report.fits.set_index("by").loc[["all"]].iloc[0]
    assert (of_all["note"], of_all["message"]) == ("alike", sbg.ALIKE)
    services = now(report.figures).loc["expected_services"]
    assert services["value"] > 0
    assert services["note"] != "alike"


# --- one rule for stages ------------------------------------------------------------------------------


def test_by_stage_and_stage_flow_count_the_same_customers() -> None:
    """The old car of `two` is out of warranty and comes, the new one of last year was never seen again.

    sold gave his car up. Who is in a stage by one sheet is in it by the other, today and a year ago.
    """
    tables = forty()
    cars = {"two": ["2020-01-10", "2026-05-01 100"], "new": ["2024-12-10"]}
    cars["sold"] = ["2020-01-10", "2026-03-01"]
    more = tables_of(cars)
    more["vehicles"].loc[1, "customer_id"] = "two"
    more["customers"] = more["customers"].drop(1)
    more["vehicles"].loc[2, "status"] = "sold"
    both = {name: pd.concat([tables[name], more[name]], ignore_index=True) for name in tables}
    report = value_report(both, Settings(), AS_OF)
    flow = report.stage_flow
    found = now(report.figures, "stage").reset_index().set_index(["metric", "group"])
    today = flow.groupby("to_stage")["count"].sum()
    assert today["gone"] == 1
    assert found.loc["active_customers", "denominator"].to_dict() == today.to_dict()
    assert found.loc["active_customers", "numerator"].sum() == 42
    was = flow[flow["from_stage"].ne("not_yet")].groupby("from_stage")["count"].sum()
    churned = found.loc["churn", "denominator"]
    assert (churned <= was.reindex(churned.index)).all()
