"""A list that is read again after its rows that came back were corrected: they are known."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cli.main import run
from planner.columns import typed
from planner.outcomes.corrected import corrected, to_keep
from planner.tables import ANSWERS
from tests.commands import DAY
from tests.test_returned_workbook import correct

ROW = {"contact_id": "V/S1c", "attempt": 1, "outcome": "booked", "date": None, "odometer": None, "note": None}


def answers(*contact_ids: str) -> pd.DataFrame:
    rows = [{"contact_id": name, "attempt": n, "outcome": "busy"} for n, name in enumerate(contact_ids, 1)]
    return typed(pd.DataFrame(rows, columns=ANSWERS.names), ANSWERS)


def rows(**changes: Any) -> pd.DataFrame:
    return pd.DataFrame([{**ROW, **changes}]).astype({"attempt": "Int64", "contact_id": "str"})


@pytest.mark.parametrize(
    ("then", "now", "change", "known"),
    [
        ([], [], {}, False),  # not corrected yet
        ([], ["V/S1c"], {}, True),
        ([], ["W/S1c"], {}, False),
        (["V/S1c"], ["V/S1c"], {}, False),  # it came back because of that answer
        (["V/S1c"], ["V/S1c", "V/S1c"], {}, True),
        ([], ["V/S1c"], {"note": "other"}, False),
        ([], ["V/S1c"], {"attempt": 2}, False),
        ([], ["V/S1c"], {"contact_id": "W/S1c"}, False),
    ],
)
def test_what_was_corrected(then: list[str], now: list[str], change: dict[str, Any], known: bool) -> None:
    returned = to_keep(rows(), answers(*then), date(2026, 3, 2))
    assert corrected(rows(**change), returned, answers(*now)).tolist() == [known]


def test_rows_without_an_id_are_not_kept() -> None:
    assert to_keep(rows(contact_id=None), answers(), date(2026, 3, 2)).empty


@pytest.mark.usefixtures("planned")
def test_as_a_user_meets_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["calls", "--as-of", DAY, "--format", "csv"]) == 0
    path = Path("calls-2026-W10.csv")
    head, *calls = path.read_text(encoding="utf-8-sig").splitlines()
    booked, tried = (calls[n].removesuffix(",,,") for n in (0, 1))
    text = "\n".join([head, f"{booked}booked,,,", f"{tried}no_answer,2026-03-20,,"])
    path.write_text(text, encoding="utf-8")
    assert run(["outcomes", str(path), "--as-of", DAY, "--no-plan"]) == 3
    back = Path("calls-2026-W10-returned.xlsx")
    correct(back, 3, Date=date.fromisoformat(DAY) + timedelta(days=3))
    correct(back, 4, Date=None)
    assert run(["outcomes", str(back), "--as-of", DAY, "--no-plan"]) == 0
    capsys.readouterr()
    assert run(["outcomes", str(path), "--as-of", DAY, "--no-plan", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["came_back"], said["unchanged"], said["recorded"]) == (0, 2, {})
    # What is not as it was when it came back is read like any other row.
    path.write_text(text.replace("booked,,,", "booked,soon,,"), encoding="utf-8")
    assert run(["outcomes", str(path), "--as-of", DAY, "--no-plan", "--force"]) == 3
