"""What the documentation says is what the program does."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest

from tests.documentation import ROOT, generated

PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "data").rglob("*.md"),
    ]
)


def test_generated_parts_are_what_the_program_says() -> None:
    stale = [path.name for path, text in generated() if path.read_text(encoding="utf-8") != text]
    assert not stale, f"stale: {', '.join(stale)}; 'make docs' writes them anew"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [t for t in targets if not t.startswith("http") and not (page.parent / t).exists()]
    assert not missing


def test_the_library_example_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from datetime import date

    from planner.sample import make_sample, write_sample

    write_sample(make_sample(20, 1, date(2026, 3, 2)), tmp_path / "exports")
    example = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example
    with contextlib.chdir(tmp_path):
        exec(compile(example[1], "README.md", "exec"), {})
    assert "planned" in capsys.readouterr().out


def test_the_worked_example_of_the_forecast_is_what_the_program_says() -> None:
    from datetime import date

    import pandas as pd

    from planner.columns import typed
    from planner.forecast import forecast
    from planner.settings import Settings
    from planner.tables import READINGS, VEHICLES, VISITS

    car = {"vehicle_id": "V", "customer_id": "C", "purchased_on": "2024-03-01", "condition": "new"}
    visit = {"vehicle_id": "V", "visited_on": "2025-01-20", "odometer_km": 15_400, "kind": "maintenance"}
    reading = {"vehicle_id": "V", "read_on": "2024-12-31", "odometer_km": 14_800}
    found = forecast(
        typed(pd.DataFrame([{**car, "monthly_km": 1_000}]), VEHICLES),
        typed(pd.DataFrame([visit]), VISITS),
        typed(pd.DataFrame([reading]), READINGS),
        Settings(),
        as_of=date(2025, 6, 2),
        until=date(2026, 6, 2),
    ).services.iloc[0]
    page = (ROOT / "docs" / "forecast-example.md").read_text(encoding="utf-8")
    example = page.split("computes the same.")[1]
    said = {line.split(maxsplit=1)[0]: line for line in example.splitlines() if line.startswith("    ")}
    assert said["w"].endswith(f"{found.km_per_month:,.0f}")
    assert said["due"].endswith(f"{found.due_on:%Y-%m-%d}")
    assert said["expected"].endswith(f"{found.expected_on:%Y-%m-%d}")
    assert f"{found.low_on:%Y-%m-%d} to {found.high_on:%Y-%m-%d}" in example
