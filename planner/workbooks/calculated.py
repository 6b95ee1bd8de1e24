"""The values of formulas, which openpyxl leaves out: programs that calculate nothing show them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

Shown = Mapping[str, str | int]  # by the cell's coordinate

# A cell with a formula as openpyxl writes it, with lxml or without: its value is empty.
_EMPTY = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f>[^<]*</f>)<v(?:\s*/>|></v>)')


class CalculatedZip(ZipFile):
    """The archive of a workbook in which formulas get values; `shown` by the number of the sheet."""

    def __init__(self, path: Path, shown: Mapping[int, Shown]) -> None:
        super().__init__(path, "w", ZIP_DEFLATED)
        self._shown = {f"xl/worksheets/sheet{number}.xml": values for number, values in shown.items()}

    def write(self, filename: str | os.PathLike[str], arcname: Any = None, *args: Any, **kwargs: Any) -> None:
        """As ZipFile.write; openpyxl writes its sheets so, from files of its own."""
        values = self._shown.get(arcname)
        if not values:
            super().write(filename, arcname, *args, **kwargs)
            return
        xml = Path(filename).read_text(encoding="utf-8")
        self.writestr(arcname, with_values(xml, values))


def with_values(xml: str, shown: Shown) -> str:
    """The sheet with the values of its formulas.

    >>> with_values('<c r="A1" s="2"><f>1+1</f><v /></c><c r="B1"><f>X1</f><v></v></c>', {"A1": 2, "B1": "<"})
    '<c r="A1" s="2"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>X1</f><v>&lt;</v></c>'
    """

    def filled(cell: re.Match[str]) -> str:
        place, attributes, formula = cell.groups()
        if place not in shown:
            return cell[0]
        value = shown[place]
        kind = ' t="str"' if isinstance(value, str) else ""
        return f'<c r="{place}"{attributes}{kind}>{formula}<v>{escape(str(value))}</v>'

    return _EMPTY.sub(filled, xml)
