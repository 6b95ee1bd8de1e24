"""What callers have heard and somebody else must answer: who is on the sheet, and until when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from planner.columns import typed
from planner.lists_pass_on import FOR_DAYS, to_pass_on
from planner.settings import Settings
from planner.tables import ANSWERS, CONTACTS, CUSTOMERS, VEHICLES
from planner.workbooks.calls import write_calls
from planner.workbooks.info import ListInfo
from planner.workbooks.texts import LANGUAGES, Texts

AS_OF = date(2026, 3, 9)  # a Monday
SETTINGS = Settings()


def world(*answers: dict[str, object], **customer: object) -> dict[str, pd.DataFrame]:
    """Jo Hill's Toyota, and what was said about it; each answer is the outcome of its contact too."""
    said = [
        {"contact_id": f"V1/T{number}", "attempt": 1, "household_id": "H1", "customer_id": "C1",
         "vehicle_id": "V1", "said_on": "2026-03-04", **answer}
        for number, answer in enumerate(answers)
    ]  # fmt: skip
    contacts = [
        {"contact_id": one["contact_id"], "household_id": "H1", "customer_id": "C1", "vehicle_id": "V1",
         "touchpoint": "S2c", "channel": "call", "status": "done", "outcome": one["outcome"],
         "outcome_at": one["said_on"]}
        for one in said
    ]  # fmt: skip
    jo = {"customer_id": "C1", "household_id": "H1", "name": "Jo Hill", "phone": "1", "advisor": "Ann"}
    car = {"vehicle_id": "V1", "customer_id": "C1", "make": "Toyota", "model": "Yaris"}
    return {
        "customers": typed(pd.DataFrame([{**jo, **customer}]), CUSTOMERS),
        "vehicles": typed(pd.DataFrame([car]), VEHICLES),
        "contacts": typed(pd.DataFrame(contacts), CONTACTS),
        "outcomes": typed(pd.DataFrame(said), ANSWERS),
    }


def told(*answers: dict[str, object], as_of: date = AS_OF, **customer: object) -> list[str]:
    return list(to_pass_on(world(*answers, **customer), SETTINGS, as_of)["what"])


def test_complaints_come_first_and_say_who_what_and_about_which_car() -> None:
    asked = {"outcome": "interest_second_car", "said_on": "2026-03-02", "note": "an estate, in May"}
    cross = {"outcome": "complaint", "note": "scratch on the door"}
    found = to_pass_on(world(asked, cross, {"outcome": "wrong_number"}), SETTINGS, AS_OF)
    assert found["what"].tolist() == ["complaint", "interest_second_car", "wrong_number"]
    first = found.iloc[0]
    assert first[["customer", "phone", "vehicle", "note", "advisor"]].tolist() == [
        "Jo Hill", "1", "Toyota Yaris", "scratch on the door", "Ann",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "outcome", ["booked", "callback", "refused", "sold_car", "do_not_call", "reached", "already_called"]
)
def test_what_the_planner_sees_to_itself_is_not_there(outcome: str) -> None:
    assert told({"outcome": outcome}) == []


def test_four_weeks_and_no_longer() -> None:
    asked = {"outcome": "interest_second_car"}
    said_on = date(2026, 3, 4)
    last = date.fromordinal(said_on.toordinal() + FOR_DAYS - 1)
    assert told(asked, as_of=last) == ["interest_second_car"]
    assert told(asked, as_of=date.fromordinal(last.toordinal() + 1)) == []


def test_a_complaint_is_there_until_it_is_settled_however_long_offers_rest() -> None:
    assert told({"outcome": "complaint"}) == ["complaint"]
    for days in (0, 60):
        rules = Settings(contact_rules={"complaint_rest_days": days})
        for as_of, what in ((date(2026, 3, 31), ["complaint"]), (date(2026, 4, 1), [])):
            assert to_pass_on(world({"outcome": "complaint"}), rules, as_of)["what"].tolist() == what
    assert told({"outcome": "complaint"}, {"outcome": "booked", "said_on": "2026-03-05"}) == []


def test_whoever_wants_nothing_more_is_asked_nothing_but_his_complaint_is_answered() -> None:
    both = ({"outcome": "complaint"}, {"outcome": "interest_second_car"})
    quiet = world(*both, do_not_contact="yes")
    # Asking about another car on the day of the complaint does not settle it.
    found = to_pass_on(quiet, SETTINGS, AS_OF)
    assert found["what"].tolist() == ["complaint"]
    assert found["phone"].isna().all()
    assert to_pass_on(world(*both, consent_call="no"), SETTINGS, AS_OF)["phone"].isna().all()


def test_nothing_was_said() -> None:
    tables = world({"outcome": "booked"})
    del tables["outcomes"]
    assert to_pass_on(tables, SETTINGS, AS_OF).empty


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet(tmp_path: Path, language: str) -> None:
    texts = Texts(language)
    info = ListInfo("Hill", "2026-W11", AS_OF, date(2026, 3, 15), language, "km", AS_OF, "EG")
    answers = to_pass_on(world({"outcome": "complaint", "note": "=1+1"}), SETTINGS, AS_OF)
    for rows, sheets in ((answers, 1), (answers.iloc[:0], 0), (None, 0)):
        write_calls(tmp_path / "calls.xlsx", pd.DataFrame(), pd.DataFrame(), info, rows)
        book = load_workbook(tmp_path / "calls.xlsx")
        assert book.sheetnames.count(texts("sheet.pass_on")) == sheets
        if sheets:
            head, row = book[texts("sheet.pass_on")].iter_rows()
            said = dict(zip([cell.value for cell in head], row, strict=True))
            assert said[texts("column.customer")].value == "Jo Hill"
            assert said[texts("column.note")].data_type == "s", "text is no formula"
            assert texts("column.contact_id") not in said
