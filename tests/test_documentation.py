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
