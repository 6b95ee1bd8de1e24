"""What several tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import exports, here, planned, planned_store  # noqa: F401 (fixtures)
from tests.filled_in_lists import filled_list  # noqa: F401 (a fixture)
from tests.golden_files import golden, pytest_addoption  # noqa: F401 (a fixture and its option)
from tests.value_book import book, whole  # noqa: F401 (fixtures)

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture
def shared_data() -> Path:
    """The folder of real records, which are not part of the project; skips where it is missing."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the real records in {SHARED_DATA} are not here")
    return SHARED_DATA
