"""Our list inside a file that another program really saved: all its parts stay, but the cells of one sheet.

Styles, theme, texts, names, extensions, relations are then what Excel or Sheets wrote. The files themselves
are not kept here; a folder of them is named to the tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel

_SAID = re.compile(r"<Application>(Microsoft[^<]*Excel[^<]*)</Application>")


def saved_by(path: Path) -> str:
    """'Excel' or 'Sheets', if this XLSX says that it was saved by it; else ''."""
    try:
        with ZipFile(path) as file:
            names = file.namelist()
            app = file.read("docProps/app.xml").decode() if "docProps/app.xml" in names else ""
            book = file.read("xl/workbook.xml").decode() if "xl/workbook.xml" in names else ""
    except (BadZipFile, OSError, UnicodeDecodeError, NotImplementedError, ValueError):
        return ""
    if _SAID.search(app):
        return "Excel"
    return "Sheets" if not app and "urn:schemas-microsoft-com:mac:vml" in book else ""


def carry(carrier: Path, workbook: Workbook, target: Path) -> bool:
    """Puts the first sheet of `workbook` in place of the cells of the carrier's; False if that has no sheet.

    Its texts go behind the carrier's own, its days get a look of their own behind the carrier's looks.
    """
    try:
        with ZipFile(carrier) as file:
            parts = {name: file.read(name) for name in file.namelist() if not name.endswith("/")}
    except BadZipFile:
        return False
    if not (place := _first_sheet(parts)) or "xl/styles.xml" not in parts:
        return False
    book, sheet = parts["xl/workbook.xml"].decode("utf-8-sig"), parts[place].decode("utf-8-sig")
    styles, day = _with_a_look_of_days(parts["xl/styles.xml"].decode("utf-8-sig"))
    texts = parts.get("xl/sharedStrings.xml", b"").decode("utf-8-sig")
    found = re.search(r"<((?:\w+:)?)sheetData\s*(?:/>|>.*</\1sheetData>)", sheet, re.DOTALL)
    if not found or not styles:
        return False
    cells = _Cells(
        found[1], day, bool(re.search(r'date1904="(?:1|true)"', book)), "purl.oclc.org" in book, texts
    )
    rows = "".join(cells.row(row) for row in workbook.worksheets[0].iter_rows())
    sheet = f"{sheet[: found.start()]}<{found[1]}sheetData>{rows}</{found[1]}sheetData>{sheet[found.end() :]}"
    sheet = re.sub(r"<(?:\w+:)?mergeCells.*</(?:\w+:)?mergeCells>", "", sheet, flags=re.DOTALL)
    sheet = re.sub(r"<(?:\w+:)?dimension [^>]*/>", "", sheet)
    parts |= {place: sheet.encode(), "xl/styles.xml": styles.encode()}
    if texts:
        parts["xl/sharedStrings.xml"] = cells.all_texts().encode()
    with ZipFile(target, "w", ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return True


class _Cells:
    """Cells as the carrier's program writes them."""

    def __init__(self, prefix: str, day: int, from_1904: bool, strict: bool, texts: str) -> None:
        self.prefix, self.day, self.strict, self.texts = prefix, day, strict, texts
        self.epoch = CALENDAR_MAC_1904 if from_1904 else CALENDAR_WINDOWS_1900
        self.first = len(re.findall(r"<(?:\w+:)?si(?:>|/>| )", texts))
        self.new: dict[str, int] = {}

    def row(self, row: tuple[Any, ...]) -> str:
        inside = "".join(filter(None, (self._cell(cell) for cell in row)))
        return f'<{self.prefix}row r="{row[0].row}">{inside}</{self.prefix}row>'

    def _cell(self, cell: Any) -> str:
        value, name = cell.value, f"{self.prefix}c"
        if value is None:
            return ""
        kind, text = "", str(value)
        if cell.data_type == "f":
            kind, text = ' t="str"', "open"
        elif isinstance(value, date):
            whole = not isinstance(value, datetime) or value.time() == datetime.min.time()
            kind = f' s="{self.day}"' + (' t="d"' if self.strict else "")
            iso = value.isoformat()[:10] if whole else value.isoformat()
            text = iso if self.strict else f"{to_excel(value, self.epoch):.10g}"
        elif isinstance(value, str) and self.texts:
            kind, text = ' t="s"', str(self.first + self.new.setdefault(value, len(self.new)))
        elif isinstance(value, str):
            kind = ' t="str"'
        held = f"<{self.prefix}v>{escape(text)}</{self.prefix}v>"
        return f'<{name} r="{cell.coordinate}"{kind}>{held}</{name}>'

    def all_texts(self) -> str:
        found = re.search(r"<((?:\w+:)?)sst\b[^>]*?(/?)>", self.texts)
        assert found
        p = found[1]
        more = "".join(f"<{p}si><{p}t>{escape(text)}</{p}t></{p}si>" for text in self.new)
        if found[2]:
            return f"{self.texts[: found.end() - 2]}>{more}</{p}sst>"
        return self.texts.replace(f"</{p}sst>", f"{more}</{p}sst>")


def _first_sheet(parts: dict[str, bytes]) -> str:
    """Where the first worksheet stands, by the workbook's relations."""
    try:
        book = parts["xl/workbook.xml"].decode("utf-8-sig")
        rels = parts["xl/_rels/workbook.xml.rels"].decode("utf-8-sig")
    except (KeyError, UnicodeDecodeError):
        return ""
    targets = {
        said["Id"]: said["Target"]
        for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", rels)
        if (said := dict(re.findall(r'(\w+)="([^"]*)"', tag))) and said["Type"].endswith("/worksheet")
    }

    def places() -> Iterator[str]:
        for key in re.findall(r'<(?:\w+:)?sheet\b[^>]*?\bid="([^"]+)"', book):
            if key in targets:
                yield targets[key].removeprefix("/xl/").removeprefix("xl/")

    place = next((f"xl/{name}" for name in places()), "")
    return place if place in parts else ""


def _with_a_look_of_days(styles: str) -> tuple[str, int]:
    """The styles with one more, a day as the machine shows it (numFmtId 14), and its number."""
    found = re.search(r"<((?:\w+:)?)cellXfs\b.*?</\1cellXfs>", styles, re.DOTALL)
    if not found:
        return "", 0
    looks = len(re.findall(rf"<{found[1]}xf\b", found[0]))
    at = found.end() - len(f"</{found[1]}cellXfs>")
    return f'{styles[:at]}<{found[1]}xf numFmtId="14" applyNumberFormat="1"/>{styles[at:]}', looks
