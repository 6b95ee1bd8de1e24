"""Commands as a user types them, on a small sample: fixtures and what tests of them share."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from cli.main import run
from planner.pipeline import answered_since_plan, stored_tables
from planner.sample import make_sample, write_sample
from planner.schedule.check import violations
from planner.settings import Settings
from planner.store import Store

DAY = "2026-03-02"


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    write_sample(make_sample(80, 5, date(2026, 3, 2)), folder)
    return folder


@pytest.fixture(scope="session")
def planned_store(exports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planned")
    before = Path.cwd()
    os.chdir(folder)
    try:
        assert run(["import", *map(str, sorted(exports.glob("*.csv"))), "--as-of", DAY]) in (0, 3)
        assert run(["plan", "--as-of", DAY]) == 0
    finally:
        os.chdir(before)
    return folder / "dealership.db"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def planned(here: Path, planned_store: Path) -> Path:
    """An own copy of a planned store, in the current directory."""
    (here / "dealership.db").write_bytes(planned_store.read_bytes())
    return here


def broken_rules(db: Path, settings: Settings) -> pd.DataFrame:
    """What `planner check` finds wrong in the calendar; the scripts, most of its time, are not read."""
    with Store.open(db) as store:
        tables = stored_tables(store, settings, "contacts", "customers", "vehicles")
        told = (tables["contacts"], tables["customers"], tables["vehicles"])
        planned_on = date.fromisoformat(store.fact("planned_as_of") or "")
        return violations(*told, settings, planned_on, tables["outcomes"], answered_since_plan(store))


def refused(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """The one line that a command says when it cannot go on."""
    capsys.readouterr()
    assert run(list(command)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1, err
    assert "Traceback" not in err
    return err


def contents(path: Path, without: str = "") -> dict[str, list[object]]:
    with Store.open(path) as store:
        return {
            name: store.read(name).astype("str").values.tolist() for name in store.counts() if name != without
        }
