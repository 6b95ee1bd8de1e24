"""What the caller can say of another car, and the sheet that the sales manager reads."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from planner.columns import typed
from planner.lists_cues import COLUMNS, sales_cues
from planner.scripts import Scripts, cue_sentences, cue_text
from planner.settings import Settings
from planner.tables import CONTACTS, CUES, CUSTOMERS, VEHICLES
from planner.workbooks.annual import AnnualInfo, write_annual
from tests.test_workbook_annual import a_year

TODAY = date(2026, 1, 5)
KEEP = " Would you rather keep it, or hear what it is worth today?"
SECOND = " Would a second car make things easier at home?"
CARS = typed(
    pd.DataFrame(
        [
            {
                "vehicle_id": "V1",
                "customer_id": "C1",
                "make": "KIA",
                "model": "Rio",
                "purchased_on": "2023-01-05",
            },
            {"vehicle_id": "V2", "customer_id": "C2", "purchased_on": "2023-01-05"},
        ]
    ),
    VEHICLES,
)


def cues(*rows: dict[str, Any]) -> pd.DataFrame:
    plain = {"household_id": "H1", "kind": "next_car", "vehicle_id": "V1", "customer_id": "C1", "score": 0.5,
             "opened_on": "2026-01-05", "expected_on": "2026-05-01", "contact_id": "V1/F1"}  # fmt: skip
    return typed(pd.DataFrame([{**plain, **row} for row in rows]), CUES)


@pytest.mark.parametrize(
    ("evidence", "kind", "sentence"),
    [
        (
            "finance_end=2026-05-01;months_owned=36;declined=1234",
            "next_car",
            "You have had the KIA Rio for three years, the contract ends in May and "
            "work for about 1,200 EUR was quoted and not done." + KEEP,
        ),
        # The end of the warranty says nothing new on the day on which the contract ends.
        (
            "finance_end=2025-12-01;months_owned=36;warranty_end=2025-12-01",
            "next_car",
            "You have had the KIA Rio for three years and the contract ended in December." + KEEP,
        ),
        ("warranty_end=2027-01-05", "next_car", "KIA Rio: the warranty ends in January 2027." + KEEP),
        ("warranty_end=2026-01-04", "next_car", "KIA Rio: the warranty ended in January." + KEEP),
        ("repairs=380;worth=0.3", "next_car", "KIA Rio: repairs came to about 380 EUR of "
         "late and at this age a larger repair hardly pays any more." + KEEP),
        ("km_over=3900", "next_car", "KIA Rio: at your pace it will be about 3,900 km over "
         "the contract." + KEEP),
        (
            "drivers=2;km_year=24000;single_car=1",
            "second_car",
            "The KIA Rio is the only car at home, there are more drivers than cars at home and it "
            "is driven about 24,000 km a year." + SECOND,
        ),
        (
            "own_second=12;single_car=1",
            "second_car",
            "The KIA Rio is the only car at home and many of our customers who take a second car do so "
            "after about a year." + SECOND,
        ),
        (
            "own_replace=41;months_owned=36",
            "next_car",
            "You have had the KIA Rio for three years and many of our customers who change their car do so "
            "after about three years." + KEEP,
        ),
        (
            "own_more=12",
            "second_car",
            "KIA Rio: customers with several cars often add another one. Will you need another one soon?",
        ),
        ("asked=2026-01-04;own_more=12", "second_car", "You asked us about another car. What should it be "
         "good for, and from when?"),
        ("asked=2026-01-04;single_car=1", "second_car", "You asked us about another car. What should it be "
         "good for, and from when?"),
        ("sold_car=2026-01-04", "next_car", "You told us that you have sold the KIA Rio. What do you drive "
         "now, and may we look for the next one?"),
    ],
)  # fmt: skip
def test_sentences(evidence: str, kind: str, sentence: str) -> None:
    chosen = Settings(dealership={"currency": "EUR"})
    told = cue_sentences(cues({"evidence": evidence, "kind": kind}), CARS, chosen, TODAY)
    assert told.tolist() == [sentence]


def test_own_history_in_arabic() -> None:
    rows = cues(*({"evidence": f"own_second={months}", "kind": "second_car"} for months in (8, 12, 19, 24)))
    told = cue_sentences(rows, CARS, Settings(), TODAY, language="ar")
    # After بعد the dual takes its second form: سنتين.
    for sentence, span in zip(told, ("ثمانية أشهر", "سنة", "سنة ونصف", "سنتين"), strict=True):
        assert f"يشترون سيارة ثانية يفعلون ذلك بعد نحو {span}. هل" in sentence


def test_only_the_three_weightiest_are_said() -> None:
    evidence = "finance_end=2026-05-01;declined=900;km_over=3900;repairs=700;worth=0.3"
    (told,) = cue_sentences(cues({"evidence": evidence}), CARS, Settings(), TODAY)
    assert "contract ends" in told
    assert "over the contract" in told
    assert "repairs" not in told


def test_miles_and_cars_without_a_name() -> None:
    chosen = Settings(dealership={"unit": "mi"})
    (told,) = cue_sentences(cues({"evidence": "km_year=24000", "vehicle_id": "V2"}), CARS, chosen, TODAY)
    assert told.startswith("Car: it is driven about 15,000 miles a year.")


def test_every_piece_of_evidence_has_its_words() -> None:
    from planner.cycle.cue_weights import WEIGHTS

    learnt = {"own_replace", "own_second", "own_more"}
    assert set(WEIGHTS) | learnt <= set(Scripts(Settings()).words("en").cues)


def test_texts_by_contact_the_weightiest_first() -> None:
    rows = cues(
        {"evidence": "drivers=2", "kind": "second_car", "score": 0.4},
        {"evidence": "warranty_end=2026-05-01", "score": 0.6},
        {"evidence": "km_over=3900", "household_id": "H2", "contact_id": None},
    )
    told = cue_text({"cues": rows, "vehicles": CARS}, Settings(), TODAY)
    assert list(told.index) == ["V1/F1"]
    assert [line.split(".")[0] for line in told["V1/F1"].split("\n")] == [
        "KIA Rio: the warranty ends in May", "KIA Rio: there are more drivers than cars at home",
    ]  # fmt: skip
    assert cue_text({"vehicles": CARS}, Settings(), TODAY).empty


# --- The sales manager's sheet ---


def a_dealership(**customer: Any) -> dict[str, pd.DataFrame]:
    people = [
        {
            "customer_id": "C1",
            "household_id": "H1",
            "name": "=cmd()",
            "phone": "+1 555 0100",
            "advisor": "Ann",
            **customer,
        },
        {"customer_id": "C2", "household_id": "H2", "name": "Eva Hill", "phone_2": "+1 555 0101"},
    ]
    about = {"contact_id": "V1/F1", "household_id": "H1", "customer_id": "C1", "vehicle_id": "V1"}
    contact = {
        **about,
        "touchpoint": "F1",
        "channel": "call",
        "status": "planned",
        "planned_on": "2026-02-02",
    }
    second = {"household_id": "H2", "vehicle_id": "V2", "customer_id": "C2", "contact_id": None, "score": 0.9}
    return {
        "customers": typed(pd.DataFrame(people), CUSTOMERS),
        "vehicles": CARS,
        "contacts": typed(pd.DataFrame([contact]), CONTACTS),
        "cues": cues({"evidence": "warranty_end=2026-05-01"}, {**second, "evidence": "worth=0.2"}),
    }


def test_who_stands_on_the_sheet() -> None:
    rows = sales_cues(a_dealership(), Settings(), TODAY)
    assert list(rows.columns) == list(COLUMNS)
    assert rows["customer"].tolist() == ["Eva Hill", "=cmd()"]  # the stronger first
    assert rows["phone"].tolist() == ["+1 555 0101", "+1 555 0100"]
    assert rows["touchpoint"].fillna("").tolist() == ["", "F1"]
    assert rows["contact_on"].tolist() == [pd.NaT, pd.Timestamp(2026, 2, 2)]


def test_nobody_is_called_who_has_said_no() -> None:
    rows = sales_cues(a_dealership(consent_call="no"), Settings(), TODAY).set_index("customer")
    assert pd.isna(rows.loc["=cmd()", "phone"])
    assert sales_cues(a_dealership(do_not_contact="yes"), Settings(), TODAY)["customer"].tolist() == [
        "Eva Hill"
    ]


def test_nobody_is_on_it_while_a_complaint_is_open() -> None:
    tables = a_dealership()
    angry = {"contact_id": "V2/V1", "household_id": "H2", "customer_id": "C2", "vehicle_id": "V2", "outcome":
             "complaint", "outcome_at": "2026-01-02", "status": "done"}  # fmt: skip
    tables["contacts"] = pd.concat(
        [tables["contacts"], typed(pd.DataFrame([angry]), CONTACTS)], ignore_index=True
    )
    assert sales_cues(tables, Settings(), TODAY)["customer"].tolist() == ["=cmd()"]


def test_the_sheet(tmp_path: Path) -> None:
    rows = sales_cues(a_dealership(), Settings(), TODAY)
    cars, contacts, load = a_year()
    path = tmp_path / "annual.xlsx"
    info = AnnualInfo("Hill & Sons", TODAY)
    write_annual(path, 2026, cars, contacts, load, info, {"F1": "Renewal: call"}, cues=rows)
    sheet = load_workbook(path)["Sales cues"]
    assert sheet.tables["Cues"].ref == "A3:N5"
    shown = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert [row[1] for row in shown] == ["Eva Hill", "=cmd()"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert [row[7] for row in shown] == [None, "Renewal: call"]
    assert shown[1][8].date() == date(2026, 2, 2)
    assert shown[1][6].date() == date(2026, 5, 1)
    assert shown[1][5] == "KIA Rio: the warranty ends in May." + KEEP
    write_annual(path, 2026, cars, contacts, load, info, {}, cues=rows.head(0))
    assert load_workbook(path)["Sales cues"]["A2"].value == "Nothing speaks for another car at present."
