"""What the words of a repair order say was done: who declines, advises or looks at a service has not had it.

The rules are for the way in which advisors write, in English and Arabic; docs/services.md tells them to the
user. They know no service by themselves but tyres: which words are one, the caller says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from planner.spelling import tokens

# Headings end at the first; of what is left, statements at the second and the works in them at the third.
# "A / C" is one word.
_LINES = re.compile(r"[|;\n\r•؛]")
_STATEMENTS = re.compile(r"\s[-–—]\s|\.\s")
_PARTS = re.compile(r"[,+،]|\s&\s|(?<!\b[aA])\s/\s")
_LABELS = re.compile(r"^([^:]*):|\(([^)]*)\)\s*$")  # "Next visit: …", "… (deferred)"

# Not done. A part with one of these says so; one that begins with it, of the parts of its line too.
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
# With one of _NOT_DONE and no other words than these a part is a heading.
_HEADING = frozenset(
    tokens(
        "customer cust client service services work works item items list jobs maintenance "
        "the following by for to at visit today done this time now عميل خدمات اعمال قائمة"
    )
)
_LED_BY = frozenset(tokens("customer cust client عميل services work"))

# Done. It outweighs what else a part says ("advised customer and replaced battery"), unless not, to be or
# the like stands before it, رفض and the like behind it.
_DONE = frozenset(
    tokens("replaced changed renewed recharged installed fitted flushed done completed performed تم تمت")
)
_BEFORE_DONE = frozenset(["be"])
# "To have the battery replaced" and "needs pads replaced" want it done; "have now replaced" says it was.
_WANTED = frozenset(tokens("have having get getting need needs needed"))
_HAVING_DONE = frozenset(tokens("have having been now already just also"))
_WORK = frozenset(
    tokens(
        "replaced changed renewed recharged installed fitted flushed replace change renew recharge install "
        "fit flush mount mounted new تغيير تبديل استبدال تركيب جديدة"
    )
)

# A part about a look at something or a complaint names nothing, unless it says work too.
_LOOKED = re.compile(
    r"(?<= )(?:check|checks|checked|inspect|inspected|levels?|test|tests|tested|diag|diagnosis|diagnostic|ok"
    r"|states|c s|inop|noise|leak|leaks|squeal|فحص|كشف)(?= )"
)
_LOOKED_AR = frozenset(tokens("فحص كشف"))

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

_PREFIXES = ("وبال", "ولل", "وال", "بال", "فال", "لل", "و", "ب", "ل")


@dataclass(frozen=True, slots=True)
class _Part:
    """The services it names; says it done, or that what follows on its line, on all lines, is not done?"""

    services: frozenset[str]
    done: bool
    covers: bool
    heading: bool


_Line = list[list[_Part]]  # parts by statement, none of them empty


@dataclass(frozen=True)
class WorkDone:
    """Reads repair orders; `service_of` says of which service words are, '' of words that are of none.

    The words are folded as planner.spelling.tokens does and joined by spaces.
    """

    service_of: Mapping[str, str]

    def reader(self) -> Callable[[str], frozenset[str]]:
        """A function from a text to the services that it says were done; it keeps the lines that it has read.

        >>> words = {"battery": "battery", "brake fluid": "brakes", "ac": "a/c", "ac delco": ""}
        >>> read = WorkDone(words).reader()
        >>> sorted(read("AC, battery | declined: brake fluid")), sorted(read("AC Delco battery"))
        (['a/c', 'battery'], ['battery'])
        >>> sorted(read("AC; battery, brake fluid - declined"))
        ['a/c']
        """
        line = cache(self._line)  # lines repeat more than texts
        return lambda text: _done(map(line, _LINES.split(text)))

    def _line(self, text: str) -> _Line:
        statements = (
            [part for part in map(self._part, _PARTS.split(statement)) if part is not None]
            for statement in _STATEMENTS.split(text)
        )
        return [parts for parts in statements if parts]

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
        named = [] if looked else [self.service_of[words] for words in self._spoken.findall(spoken)]
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
        of_services = {word for words in self.service_of for word in words.split()}
        return _NOT_DONE | _NOT_HERE | _DONE | _WORK | of_services

    @cached_property
    def _spoken(self) -> re.Pattern[str]:
        longest_first = sorted(self.service_of, key=len, reverse=True)
        either = "|".join(map(re.escape, longest_first)) or "(?!)"  # no words: nothing fits
        return re.compile(f"(?<= )(?:{either})(?= )")


def _done(lines: Iterable[_Line]) -> frozenset[str]:
    """The services of parts that nothing else covers as not done."""
    found: frozenset[str] = frozenset()
    below_heading = False
    for line in lines:
        covered = below_heading
        statement_before: frozenset[str] | None = None  # what it added; None before the first
        for parts in line:
            added = part_before = frozenset[str]()
            done_before = False
            for place, part in enumerate(parts):
                if part.heading and not covered and (place or statement_before is not None):
                    found -= part_before if place else statement_before or frozenset()
                    continue
                if part.done:
                    covered = below_heading = False
                covered |= part.covers
                below_heading |= part.heading
                part_before = frozenset() if covered else part.services - found
                # "Battery replaced, brake fluid, wipers - declined": the list begins behind what was done.
                added = part_before if done_before else added | part_before
                done_before = part.done
                found |= part_before
            statement_before = added
    return found


def _is_heading(said: list[str]) -> bool:
    return not _NOT_DONE.isdisjoint(said) and {*said} <= _NOT_DONE | _HEADING


def _says_done(said: list[str]) -> bool:
    denial = _NOT_DONE | _NOT_HERE
    for place, word in enumerate(said):
        if word in _DONE and not _is_wanted(said[:place]):
            before, behind = said[max(place - 2, 0) : place], said[place + 1 : place + 2]
            refused = {*before[-1:]} & (denial | _BEFORE_DONE) or "not" in before
            if not refused and (word.isascii() or not {*behind} & (denial | _LOOKED_AR)):
                return True
    return False


def _is_wanted(before: list[str]) -> bool:
    """Do the words before "replaced" want it done?"""
    wanting = next((place for place in reversed(range(len(before))) if before[place] in _WANTED), None)
    if wanting is None or before[-1] == "and":
        return False
    return not {*before[wanting:]} <= _HAVING_DONE
