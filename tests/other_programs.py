"""A workbook as Excel and Google Sheets save it, made here part by part: neither runs where tests do.

Every difference to what our own lists look like was seen in a public file that the program really saved;
`SEEN` says in which (repository, path). The cells are those of the list; the parts around them are written
as that program writes them. Only the Arabic format of days was seen in no file: it is of Excel's own list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel
from openpyxl.worksheet.worksheet import Worksheet

PHP, POI = "PHPOffice/PhpSpreadsheet: tests/data/", "apache/poi: test-data/spreadsheet/"
SEEN = {
    "excel: parts, revisions (xr), AlternateContent": f"{PHP}Reader/XLSX/1904_Calendar.xlsx",
    "excel: x15:workbookPr among the extensions": f"{PHP}Reader/XLSX/data_with_tables.xlsx (for the web)",
    "excel: spans, dyDescent, cached results": f"{PHP}Reader/XLSX/1904_Calendar.xlsx",
    "excel: table with a filter": f"{PHP}Features/AutoFilter/Xlsx/AutoFilter_Basic_Office365.xlsx",
    "excel: table that was sorted": "ClosedXML/ClosedXML: ClosedXML.Tests/Resource/TryToLoad/LO/xlsx/"
    "column-style-autofilter.xlsx",
    "excel: rows that a filter hides": f"{PHP}Reader/XLSX/autofilter2.xlsx",
    "excel: drop-down lists in x14": "ClosedXML/ClosedXML: ClosedXML.Tests/Resource/TryToLoad/"
    "ValidationWithSheetReference.xlsx",
    "excel: runs of rich text": f"{PHP}Reader/XLSX/issue.4415.xlsx",
    "excel: phonetics": "tealeg/xlsx: testdocs/v3.xlsx",
    "excel: _x000D_ for a carriage return": "tafia/calamine: tests/has_x000D_.xlsx",
    "strict: namespaces, t=d with ISO dates": f"{POI}SimpleStrict.xlsx",
    "1904: date1904, days from 1 January 1904": "SheetJS/test_files: 1904/1904.xlsx (Mac)",
    "sheets: namespaces, no app.xml, 46101.0": "SheetJS/test_files: DataTypesFormats.xlsx",
    "sheets: format of days in capitals, M/d/yyyy": "SheetJS/test_files: DataTypesFormats.xlsx",
    "sheets: rows to 1000, drop-down list": f"{POI}64750.xlsx",
    "sheets: table without a filter": "PHPOffice/PhpSpreadsheet: samples/templates/TableFormat.xlsx",
    "sheets: errors as text (t=str)": "PHPOffice/PhpSpreadsheet: samples/templates/"
    "ConditionalFormattingConditions.xlsx",
    "sheets: numbers typed into cells of text as inlineStr": "exceljs/exceljs: spec/integration/data/"
    "test-issue-1575.xlsx",
    "sheets: rich text, whole cell in one run": f"{PHP}Reader/XLSX/issue.2542.xlsx",
}

_OPEN = "http://schemas.openxmlformats.org/"
_MS = "http://schemas.microsoft.com/office/"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."


@dataclass(frozen=True)
class Program:
    """A program that saves, and how it was told to."""

    name: str
    app: str = "Microsoft Excel"  # as app.xml names it; '' where the program writes none
    strict: bool = False  # Strict Open XML
    from_1904: bool = False
    day_format: str = ""  # in place of the list's own formats of days
    more_rows: int = 0  # empty rows down to this one

    @property
    def is_sheets(self) -> bool:
        return not self.app

    @property
    def main(self) -> str:
        base = "http://purl.oclc.org/ooxml/" if self.strict else _OPEN
        return f"{base}spreadsheetml/{'main' if self.strict else '2006/main'}"

    @property
    def relations(self) -> str:
        return (
            "http://purl.oclc.org/ooxml/officeDocument/relationships"
            if self.strict
            else f"{_OPEN}officeDocument/2006/relationships"
        )


EXCEL = Program("Excel 365")
EXCEL_ARABIC = Program("Excel 365 in Arabic", day_format="[$-2010000]dd/mm/yyyy;@")
EXCEL_WEB = Program("Excel for the web", "Microsoft Excel Online")
EXCEL_STRICT = Program("Excel, Strict Open XML", strict=True)
EXCEL_1904 = Program("Excel for Mac, days from 1904", "Microsoft Macintosh Excel", from_1904=True)
SHEETS = Program("Google Sheets", "", day_format="M/d/yyyy", more_rows=1000)
PROGRAMS = (EXCEL, EXCEL_ARABIC, EXCEL_WEB, EXCEL_STRICT, EXCEL_1904, SHEETS)


def save_as(workbook: Workbook, program: Program, target: Path) -> Path:
    """The workbook as `program` saves it, at `target`."""
    book = _Parts(program)
    names = [sheet.title for sheet in workbook.worksheets]
    parts = {
        f"xl/worksheets/sheet{number}.xml": book.sheet(sheet, number)
        for number, sheet in enumerate(workbook.worksheets, 1)
    }
    parts |= book.tables
    parts |= {
        "xl/workbook.xml": _workbook(program, names),
        "xl/styles.xml": book.styles(),
        "xl/sharedStrings.xml": book.strings(),
        "_rels/.rels": _rels(program, [("officeDocument", "xl/workbook.xml")]),
        "xl/_rels/workbook.xml.rels": _rels(
            program,
            [
                *(("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(names) + 1)),
                ("styles", "styles.xml"),
                ("sharedStrings", "sharedStrings.xml"),
            ],
        ),
    }
    if program.app:
        parts["docProps/app.xml"] = (
            f'{_HEAD}<Properties xmlns="{_OPEN}officeDocument/2006/extended-properties">'
            f"<Application>{program.app}</Application><AppVersion>16.0300</AppVersion></Properties>"
        )
    parts = {"[Content_Types].xml": _content_types(parts), **parts}
    with ZipFile(target, "w", ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text.encode())
    return target


@dataclass
class _Parts:
    """What the parts of one workbook share: its texts and the formats of its numbers."""

    program: Program
    texts: dict[str, int] = field(default_factory=dict)
    uses: int = 0
    formats: dict[str, int] = field(default_factory=lambda: {"General": 0})
    tables: dict[str, str] = field(default_factory=dict)

    def sheet(self, sheet: Worksheet, number: int) -> str:
        program = self.program
        rows = "".join(self._row(sheet, row) for row in sheet.iter_rows())
        last = sheet.max_row
        rows += "".join(
            f'<row r="{n}" ht="15.75" customHeight="1"/>' for n in range(last + 1, program.more_rows + 1)
        )
        size = "" if program.is_sheets else f'<dimension ref="{sheet.dimensions}"/>'
        view = ' rightToLeft="1"' if sheet.sheet_view.rightToLeft and not program.is_sheets else ""
        merged = "".join(f'<mergeCell ref="{span}"/>' for span in sheet.merged_cells.ranges)
        head = (
            f'{_HEAD}<worksheet xmlns="{program.main}" xmlns:r="{program.relations}"{_SHEETS_SPACES}>'
            if program.is_sheets
            else f'{_HEAD}\n<worksheet xmlns="{program.main}" xmlns:r="{program.relations}"{_EXCEL_SPACES} '
            f'xr:uid="{_uid(number)}">'
        )
        return (
            f'{head}{size}<sheetViews><sheetView{view} workbookViewId="0"/></sheetViews>'
            f"<sheetData>{rows}</sheetData>"
            + (f"<mergeCells>{merged}</mergeCells>" if merged else "")
            + (_DROP_DOWN if number == 1 else "")
            + self._table(sheet, number)
            + (_DROP_DOWN_X14 if number == 1 and not program.is_sheets else "")
            + "</worksheet>"
        )

    def _row(self, sheet: Worksheet, row: tuple[Any, ...]) -> str:
        cells = "".join(self._cell(cell) for cell in row)
        number = row[0].row
        hidden = ' hidden="1"' if sheet.row_dimensions[number].hidden else ""
        if self.program.is_sheets:
            return f'<row r="{number}"{hidden}>{cells}</row>' if cells else ""
        spans = f' spans="1:{len(row)}"'
        return f'<row r="{number}"{spans}{hidden} x14ac:dyDescent="0.25">{cells}</row>' if cells else ""

    def _cell(self, cell: Cell) -> str:
        program: Program = self.program
        value: Any = cell.value
        shape = cell.number_format
        if isinstance(value, date) and program.day_format:
            shape = program.day_format
        style = f' s="{self.formats.setdefault(shape, len(self.formats))}"'
        at = f'<c r="{cell.coordinate}"{style}'
        if value is None:  # empty cells stay only for their looks
            return f"{at}/>" if cell.has_style and not program.is_sheets else ""
        if cell.data_type == "f":
            shown = "#REF!" if program.is_sheets else "open"
            return f'{at} t="str"><f>{escape(str(value)[1:])}</f><v>{shown}</v></c>'
        if isinstance(value, bool):
            return f'{at} t="b"><v>{int(value)}</v></c>'
        if isinstance(value, date):
            return self._day(at, value)
        if isinstance(value, int | float):
            written = repr(float(value)) if program.is_sheets else repr(value)
            return f"{at}><v>{written}</v></c>"
        self.uses += 1
        if program.is_sheets and re.fullmatch(r"\d+", value):
            return f'{at} t="inlineStr"><is><t>{value}</t></is></c>'
        return f'{at} t="s"><v>{self.texts.setdefault(value, len(self.texts))}</v></c>'

    def _day(self, at: str, value: date) -> str:
        clock = isinstance(value, datetime) and value.time() != datetime.min.time()
        if self.program.strict:
            text = value.isoformat() if clock else value.isoformat()[:10]
            return f'{at} t="d"><v>{text}</v></c>'
        epoch = CALENDAR_MAC_1904 if self.program.from_1904 else CALENDAR_WINDOWS_1900
        days = to_excel(value, epoch)
        number = repr(float(days)) if self.program.is_sheets else f"{days:.10g}"
        return f"{at}><v>{number}</v></c>"

    def strings(self) -> str:
        """The table of texts; of some a part is in bold, some have phonetics, as people's cells may."""
        items = "".join(self._text(text, number) for text, number in self.texts.items())
        counts = f'count="{self.uses}" uniqueCount="{len(self.texts)}"'
        return f'{_HEAD}<sst xmlns="{self.program.main}" {counts}>{items}</sst>'

    def _text(self, text: str, number: int) -> str:
        if self.program.is_sheets:
            run = '<r><rPr><rFont val="Arial"/><b/></rPr>{}</r>' if number % 5 == 1 else "{}"
            return f"<si>{run.format(_t(text))}</si>"
        first, blank, rest = text.partition(" ")
        if number % 5 == 1 and blank:
            return f'<si><r>{_t(first + blank)}</r><r><rPr><b/><sz val="11"/></rPr>{_t(rest)}</r></si>'
        if number % 5 == 2:
            sound = '<rPh sb="0" eb="1"><t>pi ci hao</t></rPh><phoneticPr fontId="1" type="noConversion"/>'
            return f"<si>{_t(text)}{sound}</si>"
        return f"<si>{_t(text)}</si>"

    def styles(self) -> str:
        own = [(164 + at, shape) for at, shape in enumerate(self.formats) if shape != "General"]
        shapes = "".join(f'<numFmt numFmtId="{n}" formatCode={quoteattr(shape)}/>' for n, shape in own)
        ids = [0 if shape == "General" else 164 + at for at, shape in enumerate(self.formats)]
        looks = "".join(f'<xf numFmtId="{n}" fontId="0" xfId="0" applyNumberFormat="1"/>' for n in ids)
        return (
            f'{_HEAD}<styleSheet xmlns="{self.program.main}"><numFmts count="{len(own)}">{shapes}</numFmts>'
            f'<fonts count="1"><font/></fonts><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>'
            f'<cellXfs count="{len(ids)}">{looks}</cellXfs><dxfs count="1"><dxf/></dxfs></styleSheet>'
        )

    def _table(self, sheet: Worksheet, number: int) -> str:
        """The list as a table, filtered by its first column in Excel; Sheets drops the filter."""
        if number != 1 or sheet.max_column < 2:
            return ""
        span = sheet.dimensions
        titles = [str(cell.value or f"Column{at}") for at, cell in enumerate(sheet[1], 1)]
        columns = "".join(
            f'<tableColumn id="{at}"{"" if self.program.is_sheets else f" xr3:uid={_quoted(_uid(at))}"} '
            f"name={quoteattr(title)}/>"
            for at, title in enumerate(titles, 1)
        )
        spaces = (
            ""
            if self.program.is_sheets
            else f' xmlns:xr="{_MS}spreadsheetml/2014/revision" xmlns:xr3="{_MS}spreadsheetml/2016/revision3"'
        )
        chosen = (
            ""
            if self.program.is_sheets
            else f'<autoFilter ref="{span}"><filterColumn colId="0">'
            '<filters blank="1"><filter val="x"/></filters></filterColumn></autoFilter>'
            f'<sortState ref="{span}">'
            f'<sortCondition ref="{get_column_letter(1)}2:{get_column_letter(1)}9"/></sortState>'
        )
        self.tables["xl/tables/table1.xml"] = (
            f'{_HEAD}<table xmlns="{self.program.main}"{spaces} id="1" name="Calls" displayName="Calls" '
            f'ref="{span}">{chosen}<tableColumns count="{len(titles)}">{columns}</tableColumns></table>'
        )
        self.tables["xl/worksheets/_rels/sheet1.xml.rels"] = _rels(
            self.program, [("table", "../tables/table1.xml")]
        )
        return '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>'


_SHEETS_SPACES = (
    f' xmlns:mx="{_MS}mac/excel/2008/main" xmlns:mv="urn:schemas-microsoft-com:mac:vml" '
    f'xmlns:mc="{_OPEN}markup-compatibility/2006" xmlns:x14="{_MS}spreadsheetml/2009/9/main"'
)
_EXCEL_SPACES = (
    f' xmlns:mc="{_OPEN}markup-compatibility/2006" mc:Ignorable="x14ac xr" '
    f'xmlns:x14ac="{_MS}spreadsheetml/2009/9/ac" xmlns:xr="{_MS}spreadsheetml/2014/revision"'
)
_DROP_DOWN = (
    '<dataValidations count="1"><dataValidation type="list" allowBlank="1" sqref="U2:U9">'
    '<formula1>"booked,callback"</formula1></dataValidation></dataValidations>'
)
_DROP_DOWN_X14 = (
    '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
    f'xmlns:x14="{_MS}spreadsheetml/2009/9/main">'
    f'<x14:dataValidations count="1" xmlns:xm="{_MS}excel/2006/main"><x14:dataValidation type="list">'
    "<x14:formula1><xm:f>Scripts!$A$1:$A$4</xm:f></x14:formula1><xm:sqref>A2</xm:sqref>"
    "</x14:dataValidation></x14:dataValidations></ext></extLst>"
)
_X15 = (
    '<extLst><ext uri="{140A7094-0E35-4892-8432-C4D2E57EDEB5}" '
    f'xmlns:x15="{_MS}spreadsheetml/2010/11/main">'
    '<x15:workbookPr chartTrackingRefBase="1"/></ext></extLst>'
)


def _workbook(program: Program, names: Iterable[str]) -> str:
    sheets = "".join(
        f"<sheet {'state=' + _quoted('visible') + ' ' if program.is_sheets else ''}name={quoteattr(name)} "
        f'sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, 1)
    )
    start = f'{_HEAD}<workbook xmlns="{program.main}" xmlns:r="{program.relations}"'
    if program.is_sheets:
        rest = "<definedNames/><calcPr/></workbook>"
        return f"{start}{_SHEETS_SPACES}><workbookPr/><sheets>{sheets}</sheets>{rest}"
    epoch = ' date1904="1"' if program.from_1904 else ' dateCompatibility="0"' if program.strict else ""
    conformance = ' conformance="strict"' if program.strict else ""
    path = (
        '<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath url="C:\\Lists\\" '
        f'xmlns:x15ac="{_MS}spreadsheetml/2010/11/ac"/></mc:Choice></mc:AlternateContent>'
    )
    return (
        f'{start}{_EXCEL_SPACES} xmlns:x15="{_MS}spreadsheetml/2010/11/main"{conformance}>'
        f'<fileVersion appName="xl" lastEdited="7"/><workbookPr{epoch} defaultThemeVersion="166925"/>{path}'
        f'<sheets>{sheets}</sheets><calcPr calcId="191029"/>{_X15}</workbook>'
    )


def _rels(program: Program, targets: Iterable[tuple[str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="rId{number}" Type="{program.relations}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_OPEN}package/2006/relationships">{found}</Relationships>'


def _content_types(parts: Iterable[str]) -> str:
    def kinds() -> Iterator[tuple[str, str]]:
        for name in parts:
            stem = re.sub(r"\d*\.xml$", "", name.rpartition("/")[2])
            kind = {"sheet": "worksheet", "workbook": "sheet.main"}.get(stem, stem)
            if name.startswith("xl/") and name.endswith(".xml"):
                yield name, f"{_SHEET_TYPE}{kind}+xml"

    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in kinds())
    return (
        f'{_HEAD}<Types xmlns="{_OPEN}package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _t(text: str) -> str:
    """A text as a shared string holds it: a carriage return and what looks like its escape are escaped."""
    told = re.sub(r"_x[0-9A-Fa-f]{4}_", lambda found: f"_x005F{found[0]}", text).replace("\r", "_x000D_")
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<t{keep}>{escape(told)}</t>"


def _uid(number: int) -> str:
    return f"{{00000000-0001-0000-0000-{number:012d}}}"


def _quoted(text: Any) -> str:
    return f'"{text}"'
