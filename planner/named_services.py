"""Services with a name, and how repair orders write them: what was done beside the kind of a visit.

The names are a CSV that a dealership may replace (docs/services.md). A repair order's own words are read
once, at import; kept are the names of what is found in them, not the words.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pandas as pd

from planner.errors import SettingsError
from planner.files import read_csv
from planner.spelling import tokens
from planner.tables import VISIT_KINDS

COLUMNS = ("service", "name_en", "name_ar", "offer", "words", "not_words")
NAME = "name_"
OF_VISITS = ("inspection", "tyres")  # kinds of visits that may stand on another's repair order as well
_OFFER = {"yes": True, "y": True, "نعم": True, "no": False, "n": False, "لا": False, "": False}
# Headings and lists end at the first, single works at the second as well. "A / C" is one word.
_LINES = re.compile(r"[|;\n\r•؛]")
_PARTS = re.compile(r"[,+،]|\s[-–—&]\s|(?<!\b[aA])\s/\s|\.\s")
# A part with one of these says what was not done; one that begins with it, the parts of its line too.
_NOT_DONE = frozenset(
    tokens(
        "declined declines decline decl recommended recommend recommends recommendation recommendations rec "
        "deferred refused refuses quoted quote advised advise advises suggested estimate next not needs need "
        "needed required due reminder postponed rejected "
        "مرفوض مرفوضة رفض ينصح ننصح نوصي يوصي يوصى مؤجل مؤجلة تأجيل قادمة يحتاج تحتاج مطلوب"
    )
)
# Of these, what no word of work outweighs: "recommended: battery replaced".
_FIRMLY = frozenset(
    tokens(
        "declined declines decline decl recommended recommend recommends recommendation recommendations rec "
        "deferred refused refuses quoted quote postponed rejected مرفوض مرفوضة رفض مؤجل مؤجلة تأجيل"
    )
)
# These speak of their own part only ("no leak, cabin filter").
_NOT_HERE = frozenset(tokens("no return returns monitor لم بدون غير"))
# "due to wear", "as required" and "no 12" are reasons and numbers; a leading غير is the verb "changed".
_NO_DENIAL = re.compile(r"(?<= )(?:due to|as (?:required|needed|recommended)|part no|no \d+)(?= )|^ غير(?= )")
_HEADING = frozenset(
    tokens(
        "customer cust client service services work works item items list jobs maintenance "
        "the following by for to at visit today done عميل خدمات اعمال قائمة"
    )
)
# Done outweighs what else a part says ("advised customer and replaced battery"), unless not, to be or the
# like stands before it, رفض and the like behind it.
_DONE = frozenset(
    tokens("replaced changed renewed recharged installed fitted flushed done completed performed تم تمت")
)
_LABELS = re.compile(r"^([^:]*):|\(([^)]*)\)\s*$")  # "Next visit: …", "… (deferred)"
_BEFORE_DONE = frozenset(["be"])
# A part about a look at something or a complaint names nothing, unless it says work too.
_LOOKED = re.compile(
    r"(?<= )(?:check|checks|checked|inspect|inspected|levels?|test|tests|tested|diag|diagnosis|diagnostic|ok"
    r"|states|c s|inop|noise|leak|leaks|squeal|فحص|كشف)(?= )"
)
_LOOKED_AR = frozenset(tokens("فحص كشف"))
_PREFIXES = ("وبال", "ولل", "وال", "بال", "فال", "لل", "و", "ب", "ل")
_WORK = frozenset(
    tokens(
        "replaced changed renewed recharged installed fitted flushed replace change renew recharge install "
        "fit flush mount mounted new تغيير تبديل استبدال تركيب جديدة"
    )
)
# "Replace 4 tires": the words of tyres stand apart from those of the work. Pressure, rotation and the like
# are no new tyres.
_TYRES = frozenset(tokens("tyre tyres tire tires اطارات كفرات"))
_TYRES_PUT_ON = frozenset(
    tokens(
        "replaced replace changed installed install fitted fit mounted mount new "
        "تغيير تبديل استبدال تركيب جديدة"
    )
)
_NO_NEW_TYRES = frozenset(
    tokens(
        "pressure pressures rotation rotate rotated rotating repair repaired puncture patch patched plug "
        "plugged sensor sensors valve valves stem stems tpms light kit spare ضغط تدوير ترقيع حساس"
    )
)
_LED_BY = frozenset(tokens("customer cust client عميل services work"))


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


@dataclass(frozen=True, slots=True)
class _Part:
    """The services it names; says it done, or that what follows on its line, on all lines, is not done?"""

    services: frozenset[str]
    done: bool
    covers: bool
    heading: bool


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

        Longer words win ("cabin air filter" is no air filter); a part of the text (between commas, bars and
        the like) that speaks of declined or recommended work names nothing. Where it begins with
        that, neither do the parts after it up to the next bar, semicolon or line; a heading of nothing else
        ("Declined services") covers all that follows, one behind a part ("brake fluid - declined") that part.

        >>> from planner.settings import Settings
        >>> known = load_named_services(Settings().service_names_path)
        >>> orders = pd.Series(["LOF|Cabin air filter|A/C recharge", "Brake fluid - declined"])
        >>> known.found_in(orders).tolist()
        ['air conditioning,cabin filter', nan]
        """
        read = cache(self._line)  # lines repeat more than texts
        return pd.Series([self._in_text(text, read) for text in texts], texts.index, dtype="str")

    def _in_text(self, text: object, read: Callable[[str], list[_Part]]) -> str | None:
        if not isinstance(text, str):
            return None
        found: set[str] = set()
        below_heading = False
        for line in _LINES.split(text):
            covered = below_heading
            before: frozenset[str] = frozenset()  # what the part before it added
            for place, part in enumerate(read(line)):
                if part.heading and place and not covered:
                    found -= before
                    continue
                if part.done:
                    covered = below_heading = False
                covered |= part.covers
                below_heading |= part.heading
                before = frozenset() if covered else part.services - found
                found |= before
        return ",".join(code for code in self.codes if code in found) or None

    def _line(self, text: str) -> list[_Part]:
        return [part for part in map(self._part, _PARTS.split(text)) if part is not None]

    def _part(self, text: str) -> _Part | None:
        """What is said between two separators; None if nothing is."""
        said = [self._without_prefix(word) for word in tokens(text)]
        if not said:
            return None
        spoken = f" {' '.join(said)} "
        label = any(_is_heading(tokens(before or behind)) for before, behind in _LABELS.findall(text))
        done = not label and _says_done(said)
        denied = set(_NO_DENIAL.sub(" ", spoken).split()) & (_NOT_DONE | _NOT_HERE)
        if denied and (not done or denied & _FIRMLY):
            led = next((word for word in said if word not in _LED_BY), "")
            heading = _is_heading(said)
            return _Part(frozenset(), done, heading or led in denied & _NOT_DONE, heading)
        looked = _LOOKED.search(self._spoken.sub("", spoken)) and _WORK.isdisjoint(said)
        named = [] if looked else [self._service_of[words] for words in self._spoken.findall(spoken)]
        words = set(said)
        if not looked and words & _TYRES and words & _TYRES_PUT_ON and not words & _NO_NEW_TYRES:
            named.append("tyres")
        return _Part(frozenset(filter(None, named)), done, False, False)

    def _without_prefix(self, word: str) -> str:
        """The word; without an Arabic and, with or for where only the rest is known: والبطارية is بطارية."""
        if word in self._known:
            return word
        bare = (word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix))
        return next((rest for rest in bare if rest in self._known), word)

    @cached_property
    def _known(self) -> frozenset[str]:
        of_services = {word for words in self._service_of for word in words.split()}
        return _NOT_DONE | _NOT_HERE | _DONE | _WORK | of_services

    @cached_property
    def _service_of(self) -> dict[str, str]:
        other = {" ".join(words): "" for each in self.services for words in each.not_words}
        return other | {" ".join(words): each.service for each in self.services for words in each.words}

    @cached_property
    def _spoken(self) -> re.Pattern[str]:
        longest_first = sorted(self._service_of, key=len, reverse=True)
        either = "|".join(map(re.escape, longest_first)) or "(?!)"  # no words: nothing fits
        return re.compile(f"(?<= )(?:{either})(?= )")


def _is_heading(said: list[str]) -> bool:
    return not _NOT_DONE.isdisjoint(said) and {*said} <= _NOT_DONE | _HEADING


def _says_done(said: list[str]) -> bool:
    denial = _NOT_DONE | _NOT_HERE
    for place, word in enumerate(said):
        if word in _DONE:
            before, behind = said[max(place - 2, 0) : place], said[place + 1 : place + 2]
            refused = {*before[-1:]} & (denial | _BEFORE_DONE) or "not" in before
            if not refused and (word.isascii() or not {*behind} & (denial | _LOOKED_AR)):
                return True
    return False


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
