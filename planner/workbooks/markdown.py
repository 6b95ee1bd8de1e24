"""The Markdown of a script as lines to read from: what each line is, and what in it is bold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["title", "heading", "say", "item", "text"]
Spans = list[tuple[str, bool, bool]]  # text, bold, italic

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_ITEM = re.compile(r"[-*+]\s+(.*)")
_NUMBERED = re.compile(r"(\d+)[.)]\s+(.*)")
_RULE = re.compile(r"([-*_])(\s*\1){2,}$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_BOLD = r"\*\*.+?\*\*|`[^`]+`"
_ITALIC = r"(?<!\w)\*[^*\s](?:[^*]*[^*\s])?\*(?!\w)|(?<!\w)_[^_\s](?:[^_]*[^_\s])?_(?!\w)"
_MARKED = re.compile(f"({_BOLD}|{_ITALIC})")
_QUOTES = tuple('“„«"')  # a line that begins with one of these is said aloud, as a quoted one is
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!>-])")


def without_bold(markdown: str) -> str:
    """The text as it is sent, where nobody would make letters bold of the asterisks.

    >>> without_bold("- **It is sold.** Then tell us.")
    '- It is sold. Then tell us.'
    """
    return re.sub(r"\*\*(.+?)\*\*", r"\1", markdown)


@dataclass(frozen=True)
class Line:
    """One line of a script: what it is, and its text in spans of bold and italic."""

    kind: Kind
    spans: Spans

    @property
    def text(self) -> str:
        return "".join(text for text, _, _ in self.spans)


def lines(markdown: str) -> Iterator[Line]:
    """The lines of a Markdown text; lines of one paragraph are joined, as Markdown does.

    >>> script = "## Greeting\\nGood *morning*,\\nMs Hill.\\n- `booked`: thank her"
    >>> [(line.kind, line.text) for line in lines(script)]
    [('heading', 'Greeting'), ('text', 'Good morning, Ms Hill.'), ('item', '• booked: thank her')]
    """
    kind: Kind = "text"
    pending: list[str] = []
    for raw in [*_COMMENT.sub("", markdown).splitlines(), ""]:
        found, text = _line(raw)
        goes_on = (found == kind and found in ("text", "say")) or (kind, found) == ("item", "text")
        if pending and not (text and goes_on):
            yield Line(kind, _spans(" ".join(pending)))
            pending = []
        if text:
            kind = kind if pending else found
            pending.append(text)
        if pending and (kind in ("title", "heading") or raw.endswith(("  ", "\\"))):
            yield Line(kind, _spans(" ".join(pending)))
            pending = []


def _line(raw: str) -> tuple[Kind, str]:
    """What a line of Markdown is, and its text without the marks at its beginning; a rule is empty."""
    line = raw.strip().removesuffix("\\").rstrip()
    if _RULE.match(line):
        return "text", ""
    if heading := _HEADING.match(line):
        return ("title" if len(heading[1]) == 1 else "heading"), heading[2]
    if numbered := _NUMBERED.match(line):
        return "item", f"{numbered[1]}. {numbered[2]}"
    if item := _ITEM.match(line):
        return "item", f"• {item[1]}"
    if line.startswith((">", *_QUOTES)):
        return "say", line.lstrip("> ")
    return "text", line


def _spans(text: str) -> Spans:
    spans: Spans = []
    for part in _MARKED.split(_LINK.sub(r"\1", text)):
        if part.startswith("**") and len(part) > 4:
            spans.append((part[2:-2], True, False))
        elif part.startswith("`") and len(part) > 2:
            spans.append((part[1:-1], True, False))
        elif part.startswith(("*", "_")) and len(part) > 2 and part[-1] == part[0]:
            spans.append((part[1:-1], False, True))
        elif part:
            spans.append((part, False, False))
    return [(_ESCAPED.sub(r"\1", part), bold, italic) for part, bold, italic in spans]
