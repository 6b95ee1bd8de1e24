"""A real dealership's export, through the command line to the list of a week in August."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from cli.main import run
from planner.store import Store

MAPPING = Path(__file__).parents[1] / "data" / "mappings" / "repair_orders.toml"


def test_the_three_commands_give_a_sensible_list(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["import", str(shared_data / "repair_orders.csv"), "--mapping", str(MAPPING)]) == 0
    assert run(["plan", "--as-of", "2020-06-08"]) == 0
    assert run(["check"]) == 0
    capsys.readouterr()
    assert run(["calls", "--week", "2020-W33", "--as-of", "2020-08-10", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["calls"] >= 1
    assert said["messages"] >= 10

    rows = list(openpyxl.load_workbook("calls-2020-W33.xlsx")["Calls"].iter_rows(values_only=True))
    header = rows[0]
    for row in rows[1:]:
        call = dict(zip(header, row, strict=True))
        assert "2020-08-10" <= f"{call['Call on']:%Y-%m-%d}" <= "2020-08-14"
        assert call["Customer"].startswith("Customer ")
        assert call["Phone"] == "no phone; ask for it at the next visit"
        # A service call comes before its service, at a plausible odometer.
        if call["Script"] == "service call":
            assert 7 <= (call["Service due"] - call["Call on"]).days <= 28
            assert 1_000 < call["By then, km"] < 500_000
            assert "service, due about" in call["Why now"]
        assert call["Contact ID"]

    with Store.open(tmp_path / "dealership.db") as store:
        vehicles, visits = store.read("vehicles"), store.read("visits")
    # The dealer's own stock is no customer: nobody has more than a handful of cars.
    assert vehicles["customer_id"].value_counts().max() <= 10
    # Miles came in, km are stored: the order of 62,440 miles.
    assert visits.set_index("visit_id").loc["1", "odometer_km"] == pytest.approx(62_440 * 1.609344)
