"""The machine code that is kept is the one of the source at hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from planner.schedule.kernel import machine


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the kernel, as if it were the installed one."""
    copy = Path(shutil.copytree(Path(machine.__file__).parent, tmp_path / "kernel", ignore=_kept))
    monkeypatch.setattr(machine, "__file__", str(copy / "machine.py"))
    monkeypatch.setattr(machine._CONFIG, "CACHE_DIR", "")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return copy


def _kept(_: str, names: list[str]) -> set[str]:
    return {"__pycache__"} & set(names)


def test_a_change_of_any_part_asks_for_new_code(package: Path) -> None:
    before = machine._folder()
    assert before == machine._folder()
    for part in sorted(package.glob("*.py")):
        part.write_text(part.read_text() + "\n# changed\n")
        assert machine._folder() != before, part.name
        before = machine._folder()


def test_code_is_kept_beside_the_source(package: Path) -> None:
    folder = machine._folder()
    assert folder is not None
    assert folder.parent == package / "__pycache__"


def test_code_of_a_package_that_cannot_be_written_is_kept_at_home(package: Path, tmp_path: Path) -> None:
    (package / "__pycache__").write_text("a file is in the way, which holds for root, too")
    folder = machine._folder()
    assert folder is not None
    assert folder.is_relative_to(tmp_path / "home")


def test_without_a_place_nothing_is_kept(package: Path, tmp_path: Path) -> None:
    (package / "__pycache__").write_text("")
    (tmp_path / "home").write_text("")
    assert machine._folder() is None
    assert machine.compiled(_one_more)(1) == 2


def test_the_folder_of_the_environment_holds(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine._CONFIG, "CACHE_DIR", str(tmp_path / "given"))
    folder = machine._folder()
    assert folder is not None
    assert folder.parent == tmp_path / "given"
    machine.compiled(_one_more)
    assert str(tmp_path / "given") == machine._CONFIG.CACHE_DIR


def _one_more(number: int) -> int:
    return number + 1
