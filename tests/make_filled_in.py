"""Makes the lists in tests/data as LibreOffice writes them: `python -m tests.make_filled_in [FOLDER]`.

Each is the list of `tests.filled_in_lists` (invented people) with the same answers, changed as people
change it, and saved by LibreOffice: straight, by way of its own format, and with headings in Arabic.
Needs soffice.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from openpyxl import Workbook

from tests.filled_in_lists import TYPED, changed, headings, write_list

FOLDER = Path(__file__).parent / "data"
ARABIC = {
    "contact_id": "معرّف التواصل",
    "outcome": "النتيجة",
    "date": "التاريخ",
    "odometer": "قراءة العداد",
    "note": "ملاحظة",
    "attempt": "المحاولة",
}
# The answers of TYPED as somebody types them who writes Arabic and trusts no format of a cell.
TYPED_IN_ARABIC = {
    2: {"outcome": "تم الحجز", "date": "٢٠ مارس ٢٠٢٦"},
    3: {"outcome": "لم يرد"},
    4: {"outcome": "لم يحن الموعد", "odometer": "٤٥٬٠٠٠ كم"},
    5: {"outcome": "معاودة الاتصال", "date": "١٦/٣/٢٠٢٦", "note": "after six"},
    6: {"outcome": "تمت لدى غيرنا", "date": "10.2.2026", "odometer": "61.250"},
    7: {"outcome": "do_not_call", "note": "all"},
    9: {"outcome": "شكوى", "note": "waited an hour"},
}


def soffice_missing() -> str:
    """Why lists cannot be saved by LibreOffice here; '' if they can."""
    return "" if shutil.which("soffice") else "LibreOffice (soffice) is not installed"


def save_by_libreoffice(path: Path, kind: str, folder: Path) -> Path:
    """The file as LibreOffice saves it, of another kind (xlsx, ods, csv), in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind]
    subprocess.run([*command, "--outdir", str(folder), str(path)], check=True, capture_output=True)
    shutil.rmtree(folder / "profile", ignore_errors=True)
    return folder / f"{path.stem}.{kind.partition(':')[0]}"


def rearranged(workbook: Workbook) -> None:
    """Sorted by customer, a line above, a column of one's own, rows hidden, most sheets thrown away."""
    sheet = workbook.worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for number, row in enumerate(sorted(rows, key=lambda row: str(row[1])), 2):
        for place, value in enumerate(row, 1):
            sheet.cell(number, place).value = value
    for name in [*sheet.tables]:
        del sheet.tables[name]  # openpyxl would leave it where it was
    sheet.insert_cols(3)
    sheet["C1"], sheet["C4"] = "My mark", "x"
    sheet.insert_rows(1)
    sheet["A1"] = "Ann's calls"
    sheet.row_dimensions[4].hidden = True
    sheet.title = "Ann"
    for other in workbook.worksheets[1:]:
        workbook.remove(other)


def make(folder: Path) -> list[Path]:
    """The three files; each means `tests.filled_in_lists.MEANT`."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        straight = write_list(work / "libreoffice.xlsx", TYPED)
        for_ods = changed(write_list(work / "libreoffice-by-ods.xlsx", TYPED), rearranged)
        arabic = changed(write_list(work / "libreoffice-arabic.xlsx", TYPED_IN_ARABIC), headings(**ARABIC))
        ods = save_by_libreoffice(for_ods, "ods", work / "ods")
        return [
            save_by_libreoffice(straight, "xlsx", folder),
            save_by_libreoffice(ods, "xlsx", folder),
            save_by_libreoffice(arabic, "ods", folder),
        ]


if __name__ == "__main__":
    for made in make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER):
        print(made)
