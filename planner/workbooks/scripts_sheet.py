"""The sheet of scripts: one block a call, to read from while calling or to print, one page a call."""

from __future__ import annotations

from functools import cache
from typing import Any

from openpyxl.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles.colors import Color
from openpyxl.worksheet.pagebreak import Break

from planner.workbooks import style
from planner.workbooks.book import ABOVE, BELOW, SIDE, Book, Sheet, inside
from planner.workbooks.call_words import OFFERED, said
from planner.workbooks.markdown import Line, Spans, lines
from planner.workbooks.style import Look
from planner.workbooks.texts import Texts, outcome_words

MAX_BREAKS = 1_000  # of 1,026 a sheet
_WIDTHS = (20, 96)  # what is printed
_SMALLEST = 70  # percent; a script that is longer goes on overleaf
_SLACK = 0.97  # programs differ a little in what fits
_KEYS = "C"  # a folded column: beside the bar of a script its contact id

_BAR = Look(bold=True, size=13, ink="FFFFFF", fill=style.DARK, down="center")
_LABEL = Look(bold=True, ink=style.DARK, wrap=True)
_FACT_LABEL = Look(ink=style.MUTED, wrap=True)
_FACT = Look(wrap=True, number_format=style.TEXT)
_LOOKS: dict[str, Look] = {
    "title": style.SECTION,
    "say": Look(size=10, fill=style.PALE, wrap=True),
    "item": Look(size=10, wrap=True),
    "text": Look(size=10, wrap=True),
}
# What stands above a script: a label, and the columns that follow it in one line.
_FACTS: dict[str, tuple[str, ...]] = {
    "call_on": ("call_on", "call_at", "kind", "attempt", "advisor"),
    "phone": ("phone", "phone_2"),
    "language": ("language",),
    "vehicle": ("vehicle", "vehicle_id"),
    "why": ("why",),
    "last_visit_on": ("last_visit_on",),
    "last_contact": ("last_contact",),
    "offers": OFFERED,
    "cues": ("cues",),
    "note_before": ("note_before",),
    "contact_id": ("contact_id",),
}


def script_link(texts: Texts, key_cell: str) -> str:
    """The formula of a link to the script of the contact whose id stands in a cell of the sheet of calls.

    It looks the script up, so that it finds the right one after the list was sorted.
    """
    scripts = inside(texts("sheet.scripts"), "")
    text = texts("calls.open_script").replace('"', '""')
    keys = f"{scripts[1:]}${_KEYS}:${_KEYS}"
    return f'=HYPERLINK("{scripts}A"&MATCH({key_cell},{keys},0),"{text}")'


def add_scripts(book: Book, rows: list[dict[str, Any]], key_column: str) -> None:
    """Adds the sheet; `key_column` is the letter of the contact ids in the sheet of calls."""
    texts = book.texts
    sheet = book.sheet(texts("sheet.scripts"), [*_WIDTHS, 20])
    sheet.column_dimensions[_KEYS].hidden = True
    book.page(sheet, book.title, landscape=False)
    # Excel breaks a page where it is told to only if it need not fit the sheet to its paper.
    sheet.sheet_properties.pageSetUpPr.fitToPage = False
    if not rows:
        book.append(sheet, [book.cell(sheet, texts("scripts.none"), style.SECTION)])
    ends, tallest = 0, 0.0
    for number, call in enumerate(rows, 1):
        _add_block(book, sheet, number, call, ends, key_column)
        starts, ends = ends + 1, book.next_row(sheet) - 1
        tallest = max(tallest, sum(sheet.row_dimensions[row].ht or 15 for row in range(starts, ends + 1)))
        if number < len(rows) <= MAX_BREAKS:
            sheet.row_breaks.append(Break(id=ends))
    sheet.page_setup.scale = _scale(book, tallest)


def _scale(book: Book, tallest: float) -> int:
    """Percent at which the columns fit the paper, and the tallest script, if that is still legible."""
    width, height = style.PAPER_POINTS[book.paper]
    across = (width - 2 * SIDE * 72) / (sum(_WIDTHS) * style.DIGIT * 10)  # in LibreOffice; Excel needs less
    down = (height - (ABOVE + BELOW) * 72) / max(tallest, 1)
    return max(_SMALLEST, int(100 * _SLACK * min(across, down)))


def _facts(call: dict[str, Any]) -> list[str]:
    """Which of the lines of facts have something to say."""
    return [label for label, names in _FACTS.items() if any(call[name] for name in names)]


def _script_lines(call: dict[str, Any]) -> list[tuple[str, Line]]:
    """The script's lines, each with the heading that stands beside its first one."""
    result: list[tuple[str, Line]] = []
    heading = ""
    for line in lines(call["script_text"] or ""):
        if line.kind == "heading":
            heading = f"{heading}\n{line.text}" if heading else line.text
        else:
            result.append((heading, line))
            heading = ""
    return result


def _add_block(
    book: Book, sheet: Sheet, number: int, call: dict[str, Any], above: int, key_column: str
) -> None:
    texts, facts = book.texts, _facts(call)
    bar = (texts("scripts.number", number=number), call["customer"] or "")
    key = book.cell(sheet, call["contact_id"], style.KEY)
    book.append(sheet, [*(book.cell(sheet, text, _BAR) for text in bar), key], least=24)
    for name in facts:
        label = book.cell(sheet, texts(f"column.{name}"), _FACT_LABEL)
        book.append(sheet, [label, _fact(book, sheet, name, call)])
    key_row = above + 1 + facts.index("contact_id") + 1 if "contact_id" in facts else 0
    book.append(
        sheet, [book.cell(sheet, texts("scripts.list"), _FACT_LABEL), _back(book, sheet, key_row, key_column)]
    )
    book.append(sheet, [])
    for heading, line in _script_lines(call):
        label = book.cell(sheet, heading or None, _LABEL)
        book.append(sheet, [label, _spoken(book, sheet, line)])
    book.append(sheet, [])


def _fact(book: Book, sheet: Sheet, label: str, call: dict[str, Any]) -> Cell:
    parts = {name: said(book.texts, name, call) for name in _FACTS[label] if call[name]}
    if "call_on" in parts:
        parts["call_on"] = book.texts.day(parts["call_on"], "EEEE d MMMM y")
    if "last_visit_on" in parts:
        parts["last_visit_on"] = book.texts.day(parts["last_visit_on"])
    if "attempt" in parts:
        parts["attempt"] = book.texts("scripts.attempt", number=parts["attempt"])
    look = _FACT.but(bold=label == "phone", ink=style.MUTED if label == "contact_id" else style.INK)
    text = " · ".join(parts.values())
    cell = book.cell(sheet, text, look)
    if label == "why" and style.reads_right_to_left(text):
        # LibreOffice draws boxes through a line of Arabic letters and digits alone, unless its font is said.
        cell.value = CellRichText(TextBlock(_letters(look, look.bold, False), style.clean(text)))
    return cell


def _back(book: Book, sheet: Sheet, key_row: int, key_column: str) -> Cell:
    """A link that looks the row up, so that it finds the right customer after the list was sorted."""
    calls = inside(book.texts("sheet.calls"), "")
    column = f"{calls[1:]}${key_column}:${key_column}"
    text = book.texts("scripts.back").replace('"', '""')
    formula = f'=HYPERLINK("{calls}A"&MATCH(B{key_row},{column},0),"{text}")'
    return book.formula(
        sheet, formula, Look(ink=style.BLUE, underline=True), shown=book.texts("scripts.back")
    )


def _spoken(book: Book, sheet: Sheet, line: Line) -> Cell:
    look = book.by_first_letter(line.text, _LOOKS[line.kind])
    spans = _named_outcomes(line.spans, outcome_words(book.texts.language))
    cell = book.cell(sheet, "".join(text for text, _, _ in spans), look)
    if any(bold or italic for _, bold, italic in spans):
        cell.value = CellRichText(
            *(TextBlock(_letters(look, bold, italic), style.clean(text)) for text, bold, italic in spans)
        )
    return cell


def _named_outcomes(spans: Spans, words: dict[str, str]) -> Spans:
    """An outcome that a script names by its code is called as in the list, and not twice: `busy` (مشغول)."""
    named: Spans = []
    said = ""  # what the span before has just been called
    for text, bold, italic in spans:
        word = words.get(text, text) if bold else text.removeprefix(f" ({said})")
        said = word if bold and word != text else ""
        named.append((word, bold, italic))
    return named


@cache  # a font is some ten objects of openpyxl, and there are a dozen different ones
def _letters(look: Look, bold: bool, italic: bool) -> InlineFont:
    return InlineFont(rFont=style.FONT, sz=look.size, color=Color(look.ink), b=bold or look.bold, i=italic)
