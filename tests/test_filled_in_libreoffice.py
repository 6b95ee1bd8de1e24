"""Lists that LibreOffice has really saved: three that are kept in tests/data, and new ones where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.workbooks.returned import write_returned
from tests.filled_in_lists import CONTACTS, INFO, MEANT, TYPED, meant, read, write_list
from tests.make_filled_in import FOLDER, make, save_by_libreoffice, soffice_missing

KEPT = ("libreoffice.xlsx", "libreoffice-by-ods.xlsx", "libreoffice-arabic.ods")
live = pytest.mark.skipif(bool(soffice_missing()), reason=soffice_missing())


@pytest.mark.parametrize("name", KEPT)
def test_kept_lists(name: str) -> None:
    lists = read(FOLDER / name)
    assert meant(lists) == MEANT
    assert lists.returned.empty
    assert lists.rows_read == len(CONTACTS)


def test_kept_lists_are_copies_of_one() -> None:
    """Three people's copies in one command: they say the same, in other words, so nothing comes back."""
    lists = read(*(FOLDER / name for name in KEPT))
    assert meant(lists) == MEANT
    assert lists.returned.empty


@live
def test_new_lists(tmp_path: Path) -> None:
    made = make(tmp_path)
    assert [path.name for path in made] == list(KEPT)
    for path in made:
        assert meant(read(path)) == MEANT, path.name


@live
def test_csv(tmp_path: Path) -> None:
    path = save_by_libreoffice(write_list(tmp_path / "calls.xlsx", TYPED), "csv", tmp_path / "saved")
    assert meant(read(path)) == MEANT


@live
def test_what_came_back_can_be_saved_and_read(tmp_path: Path) -> None:
    typed = {2: {"outcome": "bookd", "date": "soon"}, 5: {"outcome": "callback"}, 6: {"note": "who?"}}
    lists = read(write_list(tmp_path / "calls.xlsx", typed))
    write_returned(tmp_path / "calls-returned.xlsx", lists.returned, INFO)
    again = read(save_by_libreoffice(tmp_path / "calls-returned.xlsx", "xlsx", tmp_path / "saved"))
    shown = ["contact_id", "attempt", "customer", "vehicle", "reason", "outcome", "date", "odometer", "note"]
    assert again.filled.empty
    assert again.returned[shown].equals(lists.returned[shown])
