"""Whether what a tactic promises is still what ships: a sample of what a dealership could promise."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from planner.scripts.words import BUILT_IN
from planner.settings import CYCLES, Settings

_INCLUDED = re.compile(r"blocks/(\w+_terms\.md)")


def terms_as_shipped(settings: Settings, touchpoints: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """The tactics that are switched on with terms that nobody has written anew: their blocks, by tactic.

    touchpoints: of planner.cycle.load_cycles. In the dealership's language; a block of the own folder that
    says the same as the one that ships is not written anew.
    """
    own, language = settings.scripts_path, settings.dealership.language
    found: dict[str, set[str]] = {}
    on = touchpoints[~touchpoints["tactic"].isin(CYCLES)]
    for tactic, script in on[["tactic", "script"]].drop_duplicates().itertuples(index=False):
        text = _read(f"{script}.md", language, own) or ""
        for block in _INCLUDED.findall(text):
            shipped = _read(f"blocks/{block}", language, None)
            if shipped is not None and _read(f"blocks/{block}", language, own) == shipped:
                found.setdefault(tactic, set()).add(block)
    return {tactic: tuple(sorted(blocks)) for tactic, blocks in found.items()}


def _read(name: str, language: str, own: Path | None) -> str | None:
    """A script or block as it holds: of the own folder, else what ships; None where there is none."""
    for root in (own, BUILT_IN):
        path = root / language / name if root else None
        if path and path.is_file():
            return " ".join(path.read_text(encoding="utf-8-sig").split())
    return None
