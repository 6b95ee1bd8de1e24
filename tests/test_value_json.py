"""`planner value --json` is all of it: sentences, formulas, and what each service is worth today."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from cli.main import run
from planner.workbooks.value_by_hand import definitions
from tests.commands import DAY
from tests.value_book import ENGLISH


def test_formulas_with_their_inputs(whole: dict[str, pd.DataFrame]) -> None:
    found = json.loads(json.dumps(definitions(whole, ENGLISH)))
    by_metric = {line["metric"]: line for line in found["figures"]}
    now = whole["figures"].query("by == 'all' and month.isna()").set_index("metric")["value"]
    assert list(by_metric) == list(now.index)
    first, second = by_metric["churn"]["inputs"].values()
    assert first / second == pytest.approx(now["churn"])
    assert by_metric["churn"]["formula"] == "no longer active / active a year ago"
    assert by_metric["churn"]["meaning"]
    assert {line["word"] for line in found["words"]} >= {"Segments", "Preventable loss"}


def test_the_discount_from_service_to_service_can_be_derived(whole: dict[str, pd.DataFrame]) -> None:
    (line,) = (
        line for line in definitions(whole, ENGLISH)["figures"] if line["metric"] == "expected_services"
    )
    a_year, months, between = (
        line["inputs"][name]
        for name in ("Discount a year", "Time between services, months", "Discount from service to service")
    )
    assert 11 < months < 14, "cars of the world come every 350 to 378 days"
    assert (1 + a_year) ** (months / 12) - 1 == pytest.approx(between)


def test_discounted_services_are_those_of_the_expected_ones(whole: dict[str, pd.DataFrame]) -> None:
    """By the definition, from shares and discount; the sum is what is expected but for the far end."""
    curve = whole["curve"].query("by == 'all'").set_index("service_no")
    fit = whole["fits"].query("by == 'all'").iloc[0]
    model = curve["fitted"].fillna(curve["projected"])
    for number, shown in curve["discounted"].iloc[1:].items():
        assert shown == pytest.approx(model[number] / (1 + fit["discount_per_service"]) ** (number - 1))
    assert pd.isna(curve["discounted"].iloc[0])
    assert curve["discounted"].sum() <= fit["expected_services"] + 1e-9


def test_the_command_prints_them(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["value", "--json", "--as-of", DAY]) == 0
    read = json.loads(capsys.readouterr().out)
    assert any(line.startswith("A customer brings") for line in read["headline"])
    assert read["definitions"]["figures"]
    assert "discounted" in read["curve"][0]
