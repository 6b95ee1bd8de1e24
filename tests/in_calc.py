"""Runs a macro in LibreOffice Calc, as a person would work there: sorts, filters, types, saves."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

_SCRIPT = "http://openoffice.org/2000/script"
_LIBRARY = "http://openoffice.org/2000/library"
# Else LibreOffice sets its profile up at the first start, and writes its own libraries over ours.
_SET_UP = (
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    '<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse">'
    "<value>true</value></prop></item></oor:items>"
)
# Without an answer to its errors LibreOffice would wait for somebody to read them.
_MACRO = """Sub Run
On Error GoTo Failed
Dim hidden(0) As New com.sun.star.beans.PropertyValue
hidden(0).Name = "Hidden"
hidden(0).Value = True
book = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, hidden())
report = FreeFile
Open "{report}" For Output As #report
{work}
Dim kind(0) As New com.sun.star.beans.PropertyValue
kind(0).Name = "FilterName"
kind(0).Value = "Calc MS Excel 2007 XML"
book.storeToURL("{target}", kind())
Print #report, "done"
Failed:
If Err <> 0 Then Print #report, "line " & Erl & ": " & Error
Close #report
StarDesktop.terminate()
End Sub
"""


def work_in_calc(source: Path, target: Path, work: str, folder: Path) -> list[str]:
    """The lines that the macro prints into #report; `work` is Basic, its `book` what it opened.

    The workbook is saved as `target`. `folder` takes a profile of its own. Raises RuntimeError if the macro
    did not come to its end.
    """
    report = folder / "report.txt"
    macro = _MACRO.format(
        source=source.as_uri(), target=target.as_uri(), report=report.as_uri(), work=work.strip()
    )
    basic = folder / "profile" / "user" / "basic"
    (basic / "Standard").mkdir(parents=True)
    libraries = (
        f'<library:libraries xmlns:library="{_LIBRARY}" xmlns:xlink="http://www.w3.org/1999/xlink">'
        '<library:library library:name="Standard" library:link="false"/></library:libraries>'
    )
    library = f'<library:library xmlns:library="{_LIBRARY}" library:name="Standard" library:readonly="false">'
    for path, text in {
        basic.parent / "registrymodifications.xcu": _SET_UP,
        basic / "script.xlc": libraries,
        basic
        / "Standard"
        / "script.xlb": f'{library}<library:element library:name="Desk"/></library:library>',
        basic / "Standard" / "Desk.xba": (
            f'<script:module xmlns:script="{_SCRIPT}" script:name="Desk" script:language="StarBasic">'
            f"{escape(macro)}</script:module>"
        ),
    }.items():
        path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', encoding="utf-8")
    command = [
        "soffice",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
    ]
    subprocess.run(
        [*command, "macro:///Standard.Desk.Run"], check=True, capture_output=True, timeout=240, cwd=folder
    )
    lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else ["no report"]
    if lines[-1:] != ["done"]:
        raise RuntimeError(f"the macro did not end: {lines[-1:]}")
    return lines[:-1]
