"""Services with a name: what was done beside the kind of a visit.

The names are a CSV that a dealership may replace (docs/services.md). A repair order's own words are read
once, at import (planner.work_done); kept are the names of what is found in them, not the words.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from planner.errors import SettingsError
from planner.files import read_csv
from planner.spelling import tokens
from planner.tables import VISIT_KINDS
from planner.work_done import WorkDone

COLUMNS = ("service", "name_en", "name_ar", "offer", "words", "not_words")
NAME = "name_"
OF_VISITS = ("inspection", "tyres")  # kinds of visits that may stand on another's repair order as well
_OFFER = {"yes": True, "y": True, "نعم": True, "no": False, "n": False, "لا": False, "": False}


@dataclass(frozen=True, slots=True)
class NamedService:
    """One service: `names` by language, without an entry where there is none; may customers be offered it?"""

    service: str
    names: Mapping[str, str]
    offer: bool
    words: tuple[tuple[str, ...], ...]  # each as planner.spelling.tokens
    not_words: tuple[tuple[str, ...], ...] = ()  # longer ones with a word in them that mean something else

    def name(self, language: str) -> str:
        """As it is said in the language; as the file calls it where the file has no name in it."""
        return self.names.get(language) or self.service


@dataclass(frozen=True)
class NamedServices:
    """The services of one file, in its order."""

    services: tuple[NamedService, ...]

    def __iter__(self) -> Iterator[NamedService]:
        return iter(self.services)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(each.service for each in self.services)

    @property
    def offered(self) -> tuple[str, ...]:
        return tuple(each.service for each in self.services if each.offer)

    def name(self, service: str, language: str) -> str:
        """Of a service of the file its name in the language; of any other the service itself."""
        return next((each.name(language) for each in self.services if each.service == service), service)

    def names(self, language: str) -> dict[str, str]:
        """By service what it is called in the language, of those that have a name in it."""
        return {each.service: each.names[language] for each in self.services if language in each.names}

    def found_in(self, texts: pd.Series) -> pd.Series:
        """The services that each text names as done, with commas, in the order of the file; NaN if none.

        Longer words win ("cabin air filter" is no air filter); what is declined, advised and the like was
        not done (planner.work_done).

        >>> from planner.settings import Settings
        >>> known = load_named_services(Settings().service_names_path)
        >>> orders = pd.Series(["LOF|Cabin air filter|A/C recharge", "Brake fluid - declined"])
        >>> known.found_in(orders).tolist()
        ['air conditioning,cabin filter', nan]
        """
        other = {" ".join(words): "" for each in self.services for words in each.not_words}
        own = {" ".join(words): each.service for each in self.services for words in each.words}
        read = WorkDone(other | own).reader()

        def named(text: object) -> str | None:
            done = read(text) if isinstance(text, str) else frozenset[str]()
            return ",".join(code for code in self.codes if code in done) or None

        return pd.Series([named(text) for text in texts], texts.index, dtype="str")


def load_named_services(path: Path) -> NamedServices:
    """The services of a CSV with COLUMNS, `name_` and more languages; raises SettingsError with the line.

    A service's own name is one of its words. `offer` is yes or no (blank is no). Words are separated by
    semicolons, or by bars where semicolons separate the columns. Empty columns without a name do not count.
    """
    rows = read_csv(path, SettingsError, "names of services")
    header = _header(path, *next(rows, (0, [])))
    found: dict[str, NamedService] = {}
    taken: dict[tuple[str, ...], str] = {}
    for line, values in rows:
        where = f"{path}: line {line}"
        cells = _cells(where, header, values)
        one = _service(where, cells)
        if one.service in found:
            raise SettingsError(f"{where}: {one.service!r} stands twice; keep one line of it")
        for words in one.words:
            if taken.setdefault(words, one.service) != one.service:
                raise SettingsError(
                    f"{where}: {' '.join(words)!r} is a word of {taken[words]!r} too; keep it in one of them"
                )
        found[one.service] = one
    return NamedServices(tuple(found.values()))


def _cells(where: str, header: list[str], values: list[str]) -> dict[str, str]:
    for place, value in enumerate(values):
        if value and (place >= len(header) or not header[place]):
            raise SettingsError(
                f"{where}: {value!r} stands under no column; quote words with a comma, or name the column"
            )
    return {name: value for name, value in zip(header, values, strict=False) if name}


def _header(path: Path, line: int, header: list[str]) -> list[str]:
    names = [name.lower() for name in header]
    for name in filter(None, names):
        if names.count(name) > 1:
            raise SettingsError(f"{path}: line {line}: column {name!r} stands twice; keep one of them")
        if name not in COLUMNS and not name.startswith(NAME):
            near = difflib.get_close_matches(name, COLUMNS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"the columns are {', '.join(COLUMNS)}"
            raise SettingsError(f"{path}: unknown column {name!r}; {hint}")
    if "service" not in names:
        raise SettingsError(f"{path}: no column 'service'; the columns are {', '.join(COLUMNS)}")
    return names


def _service(where: str, cells: Mapping[str, str]) -> NamedService:
    service = cells.get("service", "").lower()
    if not tokens(service) or "," in service:
        raise SettingsError(f"{where}: service is {service!r}; it needs a name, and one without a comma")
    if service in VISIT_KINDS and service not in OF_VISITS:
        raise SettingsError(f"{where}: {service!r} is a kind of visit; name what is done beside it")
    offer = cells.get("offer", "").lower()
    if offer not in _OFFER:
        raise SettingsError(f"{where}: offer is {offer!r}; it is yes or no")
    said = [service, *re.split("[;|]", cells.get("words", ""))]
    if service in OF_VISITS:
        del said[0]  # "tyres" may be their pressure, "inspection" that of 28 points
    words, not_words = (
        tuple(dict.fromkeys(tuple(tokens(each)) for each in some if tokens(each)))
        for some in (said, re.split("[;|]", cells.get("not_words", "")))
    )
    names = {
        column.removeprefix(NAME): name for column, name in cells.items() if column.startswith(NAME) and name
    }
    return NamedService(service, names, _OFFER[offer], words, not_words)
