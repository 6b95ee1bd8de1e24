"""One list for each advisor: whose rows are whose, and names of files that every system takes."""

from __future__ import annotations

import re
import unicodedata

from planner.lists import WeeklyList

NOBODY = "no-advisor"
MAX_NAME = 60  # letters of a name in a file's name


def by_advisor(made: WeeklyList) -> dict[str, WeeklyList]:
    """The list in parts, by advisor's name in order; rows without an advisor come last, as ''."""
    calls, messages = made.calls["advisor"].fillna(""), made.messages["advisor"].fillna("")
    pass_on = made.pass_on["advisor"].fillna("")
    names = sorted({*calls, *messages, *pass_on}, key=lambda name: (name == "", name))
    return {
        name: WeeklyList(
            made.calls[calls == name].reset_index(drop=True),
            made.messages[messages == name].reset_index(drop=True),
            {},
            made.pass_on[pass_on == name].reset_index(drop=True),
        )
        for name in names
    }


def file_names(advisors: list[str]) -> dict[str, str]:
    """A part of a file's name for each advisor: letters and digits with hyphens, no two alike.

    Some systems do not tell capital letters from small ones, so neither does `alike`.

    >>> file_names(["Ann Weber", "ann/weber", "Ω: سامي", ""])
    {'Ann Weber': 'Ann-Weber', 'ann/weber': 'ann-weber-2', 'Ω: سامي': 'Ω-سامي', '': 'no-advisor'}
    """
    taken: set[str] = set()
    found = {}
    for advisor in advisors:
        safe = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", advisor)).strip("-")[:MAX_NAME] or NOBODY
        name, number = safe, 1
        while name.casefold() in taken:
            number += 1
            name = f"{safe}-{number}"
        taken.add(name.casefold())
        found[advisor] = name
    return found
