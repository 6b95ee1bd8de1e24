"""Visits without a kind are maintenance in every plan and figure; the report says that nobody wrote one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cli.main import run
from planner.lists_lost import likely_lost
from planner.store import Store
from tests.commands import DAY

PLAN = ("contacts", "forecasts", "service_items")


def planned(
    exports: Path,
    folder: Path,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """The plan and the value report with `kind` in all visits."""
    folder.mkdir()
    monkeypatch.chdir(folder)
    files = [file for file in sorted(exports.glob("*.csv")) if file.name != "visits.csv"]
    visits = pd.read_csv(exports / "visits.csv", dtype="str", keep_default_na=False).assign(kind=kind)
    visits.to_csv(folder / "visits.csv", index=False)
    assert run(["import", *map(str, files), "visits.csv", "--as-of", DAY]) in (0, 3)
    assert run(["plan", "--as-of", DAY]) == 0
    capsys.readouterr()
    assert run(["value", "--as-of", DAY, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    with Store.open(folder / "dealership.db") as store:
        tables = {name: store.read(name) for name in (*PLAN, "customers", "vehicles", "visits")}
    lost = likely_lost(tables, date.fromisoformat(DAY))
    assert lost is not None
    return {name: tables[name] for name in PLAN} | {"lost": lost}, said


def test_no_kind_is_maintenance_and_poor_data(
    exports: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    written, known = planned(exports, tmp_path / "written", "maintenance", monkeypatch, capsys)
    blank, guessed = planned(exports, tmp_path / "blank", "", monkeypatch, capsys)
    for name in written:
        pd.testing.assert_frame_equal(written[name], blank[name])
    for name in ("customers", "curve", "expected", "stage_flow", "leavers", "missing"):
        assert known[name] == guessed[name], name

    def check(report: dict[str, Any]) -> dict[str, Any]:
        return next(row for row in report["quality"] if row["check"] == "visit_kinds")

    def figures(report: dict[str, Any]) -> list[dict[str, Any]]:
        return [{name: row[name] for name in row if name != "note"} for row in report["figures"]]

    assert figures(known) == figures(guessed)
    assert (check(known)["grade"], check(known)["count"]) == ("A", 0)
    assert (check(guessed)["grade"], check(guessed)["share"]) == ("D", 0.0)
    assert check(guessed)["count"] == check(guessed)["total"] > 0
    figure = (row for row in guessed["figures"] if row["by"] == "all" and not row["month"])
    noted = {row["metric"]: row["note"] for row in figure}
    assert noted["retention_13m"] == "poor_data"
