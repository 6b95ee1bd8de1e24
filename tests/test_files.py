"""Files of the user's are not lost: none overwritten unasked, filled-in lists kept, none half written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from planner.errors import InputError
from planner.files import check_target, safe_target, write_atomically


def yes(path: Path) -> bool:
    return True


def no(path: Path) -> bool:
    return False


def test_a_new_file_needs_nothing(tmp_path: Path) -> None:
    assert safe_target(tmp_path / "calls.xlsx", is_filled_in=yes) is None


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("calls.xls", "must end with .xlsx"),
        ("calls", "must end with .xlsx"),
        ("nowhere/calls.xlsx", "there is no folder"),
        ("folder.xlsx", "is a folder"),
        ("old.xlsx", "--force"),
    ],
)
def test_refused_in_one_line_that_says_what_to_do(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "old.xlsx").write_text("old")
    with pytest.raises(InputError, match=says) as refused:
        check_target(tmp_path / name)
    assert "\n" not in str(refused.value)
    assert (tmp_path / "old.xlsx").read_text() == "old"


def test_the_ending_may_be_in_capitals_and_of_another_kind(tmp_path: Path) -> None:
    check_target(tmp_path / "CALLS.XLSX")
    check_target(tmp_path / "calls.csv", suffixes=(".csv",))


def test_force_overwrites_what_nobody_has_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "calls.xlsx"
    path.write_text("old")
    assert safe_target(path, force=True, is_filled_in=no) is None
    assert [kept.name for kept in tmp_path.iterdir()] == ["calls.xlsx"]


def test_force_keeps_a_copy_of_a_list_that_is_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "calls.xlsx"
    for number in (1, 2):
        path.write_text(f"answers {number}")
        assert safe_target(path, force=True, is_filled_in=yes) == tmp_path / f"calls.bak-{number}.xlsx"
    assert (tmp_path / "calls.bak-1.xlsx").read_text() == "answers 1"
    assert (tmp_path / "calls.bak-2.xlsx").read_text() == "answers 2"


def test_without_force_a_filled_in_list_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "calls.xlsx"
    path.write_text("answers")
    with pytest.raises(InputError, match="--force"):
        safe_target(path, is_filled_in=yes)
    assert [kept.name for kept in tmp_path.iterdir()] == ["calls.xlsx"]


def test_what_fails_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "calls.xlsx"
    path.write_text("old")

    def fails(part: Path) -> None:
        part.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, fails)
    assert path.read_text() == "old"
    assert [kept.name for kept in tmp_path.iterdir()] == ["calls.xlsx"]


def test_a_file_that_excel_has_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(source: object, target: object) -> None:
        raise PermissionError(13, "being used by another process")

    monkeypatch.setattr(os, "replace", locked)
    with pytest.raises(InputError, match="close it in Excel"):
        write_atomically(tmp_path / "calls.xlsx", lambda part: part.touch())
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk(tmp_path: Path) -> None:
    def full(part: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="No space left on device"):
        write_atomically(tmp_path / "calls.xlsx", full)


def test_a_new_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    write_atomically(tmp_path / "calls.xlsx", lambda part: part.touch())
    (tmp_path / "other").touch()
    assert (tmp_path / "calls.xlsx").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("lock", [".~lock.calls.xlsx#", "~$calls.xlsx"])
def test_a_list_that_somebody_has_open_is_not_replaced(tmp_path: Path, lock: str) -> None:
    """LibreOffice and Excel would save the old list over the new one."""
    path = tmp_path / "calls.xlsx"
    (tmp_path / lock).touch()
    check_target(path, force=True)  # there is nothing to replace
    path.write_text("old")
    with pytest.raises(InputError, match="open in another program") as refused:
        write_atomically(path, lambda part: part.write_text("new") and None)
    assert lock in str(refused.value)
    assert path.read_text() == "old"
    (tmp_path / lock).unlink()
    write_atomically(path, lambda part: part.write_text("new") and None)
    assert path.read_text() == "new"
