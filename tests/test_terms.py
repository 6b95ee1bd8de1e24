"""A tactic that promises what ships is told of: nobody gives away a car wash by a line in the settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.main import run
from planner.cycle import load_cycles
from planner.scripts.terms import terms_as_shipped
from planner.scripts.words import BUILT_IN
from planner.settings import Settings
from tests.commands import DAY

TERMS = {
    "loyalty": ("loyalty_terms.md",), "referral": ("referral_terms.md",), "bundles": ("bundle_terms.md",),
    "prepaid": ("prepaid_terms.md",), "price_protection": ("price_terms.md",),
}  # fmt: skip


def found(settings: Settings) -> dict[str, tuple[str, ...]]:
    return terms_as_shipped(settings, load_cycles(settings).touchpoints)


def settings(folder: Path | None = None, *tactics: str, language: str = "en") -> Settings:
    return Settings.model_validate(
        {"cycle": {"tactics": tactics or [*TERMS, "tips", "surveys"]}, "dealership": {"language": language},
         "scripts": {"folder": str(folder or "")}}
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_tactic_that_promises_something(language: str) -> None:
    assert found(settings(language=language)) == TERMS
    assert found(Settings()) == {}


def test_own_terms_are_no_sample(tmp_path: Path) -> None:
    blocks = tmp_path / "en" / "blocks"
    blocks.mkdir(parents=True)
    (blocks / "prepaid_terms.md").write_text("Three services paid today cost what two do.", encoding="utf-8")
    copied = (BUILT_IN / "en" / "blocks" / "loyalty_terms.md").read_text(encoding="utf-8")
    (blocks / "loyalty_terms.md").write_text(copied + "\n", encoding="utf-8")
    assert found(settings(tmp_path, "prepaid", "loyalty")) == {"loyalty": TERMS["loyalty"]}


def test_an_own_script_without_the_block(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "prepaid.md").write_text("# A plan\n\nAsk us.\n", encoding="utf-8")
    assert found(settings(tmp_path, "prepaid")) == {}


@pytest.mark.parametrize("command", [["check"], ["plan", "--as-of", DAY]])
def test_commands_say_it_in_one_line(
    planned: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    Path("dealership.toml").write_text('[cycle]\ntactics = ["prepaid", "tips"]\n', encoding="utf-8")
    capsys.readouterr()
    assert run([*command, "--json"]) == 0
    out, err = capsys.readouterr()
    (line,) = (line for line in err.splitlines() if "Warning" in line)
    assert "prepaid: customers are promised what ships" in line
    assert "prepaid_terms.md" in line
    assert json.loads(out)["terms_as_shipped"] == {"prepaid": ["prepaid_terms.md"]}
