"""What the words of a repair order say was done: who declines, advises or looks at a service has not had it.

The rules are for the way in which advisors write, in English and Arabic; docs/services.md tells them to the
user. They know no service by themselves but tyres: which words are one, the caller says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise

from planner.spelling import tokens

# Headings end at the first; of what is left, statements at the second and the works in them at the third.
# "A / C" is one word.
_LINES = re.compile(r"[|;\n\r•؛]")
_STATEMENTS = re.compile(r"(\s[-–—]\s|\.\s)")
_PARTS = re.compile(r"[,+،]|\s&\s|(?<!\b[aA])\s/\s")
_LABELS = re.compile(r"^([^:]*):|\(([^)]*)\)\s*$")  # "Next visit: …", "… (deferred)"

# Not done, firmly: no word of work outweighs it ("recommended: battery replaced").
_REFUSED = frozenset(
    tokens(
        "declined declines decline decl deferred refused refuses postponed rejected "
        "مرفوض مرفوضة رفض مؤجل مؤجلة تأجيل"
    )
)
_FIRMLY = _REFUSED | frozenset(
    tokens("recommended recommend recommends recommendation recommendations rec quoted quote")
)
# Of what is to come. A heading of no more than these is a reminder.
_AHEAD = frozenset(tokens("next due reminder required needed قادمة مطلوب"))
# Not done. A part with one of these says so; one that begins with it, of the parts of its line too.
_NOT_DONE = (
    _FIRMLY
    | _AHEAD
    | frozenset(
        tokens(
            "advised advise advises suggested estimate not needs need ينصح ننصح نوصي يوصي يوصى يحتاج تحتاج"
        )
    )
)
# These speak of their own part only ("no leak, cabin filter").
_NOT_HERE = frozenset(tokens("no return returns monitor لم بدون غير"))
# "due to wear", "as required" and "no 12" are reasons and numbers; a leading غير is the verb "changed".
_NO_DENIAL = re.compile(
    r"(?<= )(?:due to|as (?:required|needed|recommended)|part no|no \d+)(?= )|^ غير(?= (?!مطلوب))"
)
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
# Of what was said before ("both declined", "لم يتم") a part speaks that has a firm word, these and a reason
# at most: "declined car wash" speaks of the wash, "next service due" of that service.
_BEFORE_IT = (
    _NOT_DONE
    | _NOT_HERE
    | _HEADING
    | _DONE
    | frozenset(
        tokens("both all above it these they them has was were يتم تتم زيارة تغيير تبديل تركيب تنفيذ")
    )
)
_FIRMLY_BEFORE_IT = _FIRMLY | frozenset(tokens("لم غير"))
_REASON = re.compile(
    r"(?<=\w)\s*(?:[($€£]|\b(?:due to|to next|because|at|by|as|until|per|too|will|بسبب)\b).*", re.I
)
_REMINDED_OF = frozenset(tokens("service services maintenance work works jobs خدمات اعمال"))

# "To have the battery replaced" and "needs pads replaced" want it done; "have now replaced", "needed and
# was replaced" and "needs pads replaced same" say that it was.
_WANTED = frozenset(tokens("have having get getting need needs needed"))
_HAVING_DONE = frozenset(tokens("have having been now already just also"))
_WANTED_UP_TO = frozenset(tokens("so then was were has"))
_JUST_THAT = frozenset(tokens("same it them"))
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

    services: frozenset[str] = frozenset()
    done: bool = False
    covers: bool = False
    heading: bool = False
    back: str = ""  # behind which of , - . it says that what was said before it is not done
    firm: bool = False  # even if it was said to be done
    wanted: frozenset[str] = frozenset()  # services that it wants done
    confirms: bool = False  # nothing but "done"


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

    def _line(self, text: str) -> list[_Part]:
        """The parts of a line; what one of them says of those before it is said there."""
        pieces = [".", *_STATEMENTS.split(text)]
        statements = [
            ("." if before.startswith(".") else "-", statement)
            for before, statement in zip(pieces[::2], pieces[1::2], strict=True)
            if tokens(statement)
        ]
        line: list[list[_Part]] = []  # by statement
        for (mark, statement), (mark_behind, _) in pairwise([*statements, (".", "")]):
            parts = [(text, part) for text in _PARTS.split(statement) if (part := self._part(text))]
            opens = mark == "." and (len(parts) > 1 or mark_behind == "-")  # ". Declined - brake fluid"
            now: list[_Part] = []
            for place, (said, part) in enumerate(parts):
                before = now if place else line[-1] if line else None
                if before is not None and ("," if place else mark) in part.back and (place or not opens):
                    before[:] = _taken_back(before, part.firm, 1 if place else len(before))
                    continue
                if before is not None and not said.rstrip().endswith(":"):
                    part = replace(part, heading=False)  # it has begun in the midst of a line
                now.append(part)
            line.append(now)
        return [part for parts in line for part in parts]

    def _part(self, text: str) -> _Part | None:
        """What is said between two separators; None if nothing is."""
        said = self._words(text)
        if not said:
            return None
        spoken = f" {' '.join(said)} "
        labels = _LABELS.findall(text)
        label = any(_is_heading(tokens(before or behind)) for before, behind in labels)
        opens = any(not _NOT_DONE.isdisjoint(tokens(before)) for before, _ in labels)
        done, wanted = (False, False) if label else _says_done(said)
        denied = set(_NO_DENIAL.sub(" ", spoken).split()) & (_NOT_DONE | _NOT_HERE)
        services = self._services(said, spoken)
        if denied and (not done or denied & _FIRMLY):
            led = next((word for word in said if word not in _LED_BY), "")
            heading = _is_heading(said)
            firm = not denied.isdisjoint(_FIRMLY_BEFORE_IT)
            return _Part(
                done=done,
                covers=heading or led in denied & _NOT_DONE,
                heading=heading,
                back="" if opens or services else _back(said, self._words(_REASON.sub("", text))),
                firm=firm,
                wanted=services if wanted and not firm else frozenset(),
            )
        return _Part(services, done, confirms=not services and {*said} <= _DONE)

    def _words(self, text: str) -> list[str]:
        return [self._without_prefix(word) for word in tokens(text)]

    def _services(self, said: list[str], spoken: str) -> frozenset[str]:
        """The services that the words name, unless they look at them or hear of them only."""
        if _LOOKED.search(self._spoken.sub("", spoken)) and _WORK.isdisjoint(said):
            return frozenset()
        named = {self.service_of[words] for words in self._spoken.findall(spoken)}
        words = set(said)
        if words & _TYRES and words & _TYRES_PUT_ON and not words & _NO_NEW_TYRES:
            named.add("tyres")
        return frozenset(filter(None, named))

    def _without_prefix(self, word: str) -> str:
        """The word; without an Arabic and, with or for where only the rest is known: والبطارية is بطارية."""
        if word in self._known:
            return word
        bare = (word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix))
        return next((rest for rest in bare if rest in self._known), word)

    @cached_property
    def _known(self) -> frozenset[str]:
        of_services = {word for words in self.service_of for word in words.split()}
        return _BEFORE_IT | _WORK | of_services

    @cached_property
    def _spoken(self) -> re.Pattern[str]:
        longest_first = sorted(self.service_of, key=len, reverse=True)
        either = "|".join(map(re.escape, longest_first)) or "(?!)"  # no words: nothing fits
        return re.compile(f"(?<= )(?:{either})(?= )")


def _done(lines: Iterable[list[_Part]]) -> frozenset[str]:
    """The services of parts that nothing before them covers as not done."""
    found: set[str] = set()
    wanted: frozenset[str] = frozenset()  # by the part before
    below_heading = False
    for line in lines:
        covered = below_heading
        for part in line:
            if part.done:
                covered = below_heading = False
            covered |= part.covers
            below_heading |= part.heading
            if not covered:
                found |= wanted if part.confirms else part.services
            wanted = part.wanted
    return frozenset(found)


def _taken_back(parts: list[_Part], firm: bool, most: int) -> list[_Part]:
    """The parts, of which the list at their end, `most` long, was not done.

    It begins behind what was done: "battery replaced, brake fluid, wipers - declined". What ends it is taken
    back by a firm word even so: "battery replaced - declined".
    """
    first = len(parts)
    while first and len(parts) - first < most:
        if parts[first - 1].done and not (firm and first == len(parts)):
            break
        first -= 1
    return parts[:first] + [_Part(covers=part.covers, heading=part.heading) for part in parts[first:]]


def _back(said: list[str], without_reason: list[str]) -> str:
    """Behind which of , - . these words say of what was said before them that it is not done."""
    words, denied = {*without_reason}, {*said} & _NOT_DONE - {"not"}
    if _is_denied_refusal(said) or (words & _AHEAD and words & _REMINDED_OF):
        return ""
    if denied and denied <= _AHEAD and _is_heading(said):
        return ",-"  # a reminder of what was said before; behind a full stop of nothing said
    says_no = words & (_FIRMLY_BEFORE_IT | {"not"}) and words <= _BEFORE_IT
    return ",-." if says_no or _is_heading(said) else ""


def _is_heading(said: list[str]) -> bool:
    words = {*said}
    return bool(words & _NOT_DONE) and words <= _NOT_DONE | _HEADING and not _is_denied_refusal(said)


def _is_denied_refusal(said: list[str]) -> bool:
    """ "Not declined"."""
    return any(word == "not" and behind in _REFUSED for word, behind in pairwise(said))


def _says_done(said: list[str]) -> tuple[bool, bool]:
    """Do the words say that something was done; that somebody wants it done?"""
    denial = _NOT_DONE | _NOT_HERE
    wanted = False
    for place, word in enumerate(said):
        if word in _DONE:
            before, behind = said[max(place - 2, 0) : place], said[place + 1 : place + 2]
            refused = {*before[-1:]} & (denial | _BEFORE_DONE) or "not" in before
            if _is_wanted(said[:place]) and not {*behind} & _JUST_THAT:
                wanted = True
            elif not refused and (word.isascii() or not {*behind} & (denial | _LOOKED_AR)):
                return True, False
    return False, wanted


def _is_wanted(before: list[str]) -> bool:
    """Do the words before "replaced" want it done?"""
    wanting = next((place for place in reversed(range(len(before))) if before[place] in _WANTED), None)
    if wanting is None or before[-1] == "and" or not _WANTED_UP_TO.isdisjoint(before[wanting:]):
        return False
    return not {*before[wanting:]} <= _HAVING_DONE
