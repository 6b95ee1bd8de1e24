"""What once looked wrong on a page: each test is a defect that somebody saw."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText
from openpyxl.utils import get_column_letter

from planner.locales import LEFT_TO_RIGHT_MARK
from planner.workbooks import style
from planner.workbooks.annual import AnnualInfo, write_annual
from planner.workbooks.calls import COLUMNS, write_calls
from planner.workbooks.day_pages import BOX, TICK_SIZE, tick_lines
from planner.workbooks.day_pages import COLUMNS as PAGE_COLUMNS
from planner.workbooks.texts import LANGUAGES, RIGHT_TO_LEFT, Texts, outcome_words
from tests.calls_book import INFO, MESSAGE, calls, messages
from tests.test_workbook_annual import contacts, load, vehicles

LETTER = re.compile(r"[^\W\d_]")
LONG = "moved from 4 to 7 March: 4 March is 1 day before a greeting of 5 March; they keep 2 days apart, " * 2


def written(folder: Path, language: str, *rows: dict[str, Any], **changes: Any) -> Any:
    path = folder / "calls.xlsx"
    write_calls(path, calls(*rows), messages(MESSAGE), replace(INFO, language=language, **changes))
    return load_workbook(path)


@pytest.mark.parametrize("language", sorted(RIGHT_TO_LEFT))
def test_no_letter_stands_beside_a_page_number_that_runs_the_other_way(language: str) -> None:
    """LibreOffice sets each part of a footer from the left: "113 من1صفحة" for page 1 of 113."""
    footer = Texts(language)("page")
    assert re.findall("&[A-Z]", footer) == ["&P", "&N"]
    assert not LETTER.search(re.sub("&[PN]", "", footer))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_heading_of_the_list_is_broken(tmp_path: Path, language: str) -> None:
    sheet = written(tmp_path, language, {}).worksheets[0]
    for number in range(1, len(COLUMNS) + 1):
        width = sheet.column_dimensions[get_column_letter(number)].width
        for word in sheet.cell(1, number).value.split():
            assert style.lines_in(word, width, bold=True) == 1, word


@pytest.mark.parametrize(
    ("names", "written"),
    [(("call_on",), "Mon 11 May"), (("date",), "01 May 2026"), (("due_on", "last_visit_on"), "10 May 26")],
)
def test_a_day_is_not_shown_as_hash_signs(names: tuple[str, ...], written: str) -> None:
    """Numbers and days that do not fit their column are ###; these are the widest days of a year."""
    widths = {column.name: column.width for column in COLUMNS}
    letters = (style.word_width(written.replace(" ", "")) - 1) / 1.08
    needed = letters + written.count(" ") * style.SPACE / style.DIGIT + 5 / 7  # a cell keeps 5 pixels free
    assert min(widths[name] for name in names) >= needed


def test_no_arabic_word_beside_a_box_begins_with_lam_alef() -> None:
    """LibreOffice without Arial draws the box onto that ligature; and a tick is called as in the list."""
    assert not [
        word for line in tick_lines(Texts("ar")) for word in line.split(BOX) if word.strip()[:2] == "لا"
    ]
    words = outcome_words("ar")
    assert Texts("ar")("tick.no_answer") == words["no_answer"]
    assert words["refused"].startswith(Texts("ar")("tick.refused"))


def test_the_subject_of_a_letter_is_not_called_like_its_address() -> None:
    for language in LANGUAGES:
        texts = Texts(language)
        assert texts("column.subject") not in texts("column.address_1")


@pytest.mark.parametrize("phone", ["+1 (203) 555-0113", "+49 (30) 1234-567", "+20 100 555 01234"])
def test_a_phone_stands_in_one_line(phone: str) -> None:
    """The last digit went into a second line, and was not seen on paper."""
    widths = {column.name: column.width for column in COLUMNS}
    assert {style.lines_in(phone, widths[name]) for name in ("phone", "phone_2")} == {1}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_list_says_so_where_it_is_seen(tmp_path: Path, language: str) -> None:
    """The sentence stood in a folded column."""
    write_calls(tmp_path / "calls.xlsx", calls(), messages(), replace(INFO, language=language))
    sheet = load_workbook(tmp_path / "calls.xlsx").worksheets[0]
    said = next(cell for cell in sheet[2] if cell.value)
    assert not sheet.column_dimensions[said.column_letter].hidden


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_line_of_ticks_fits_its_column(language: str) -> None:
    width = dict(PAGE_COLUMNS)["column.outcome"]
    ticks = tick_lines(Texts(language))
    assert len(ticks) == 3
    assert {style.lines_in(line, width, TICK_SIZE) for line in ticks} == {1}


def test_the_plus_of_a_phone_stays_before_it_among_arabic_letters(tmp_path: Path) -> None:
    row = {"customer": "منى علي", "phone": "+1 208 555 0189", "phone_2": "+12035550163"}
    book = written(tmp_path, "ar", row, country="EG")
    sheet = book[Texts("ar")("sheet.pages")]
    name, *phones = sheet["B3"].value.split("\n")
    assert name == "منى علي"
    assert phones == [f"{LEFT_TO_RIGHT_MARK}+1 208 555 0189", f"{LEFT_TO_RIGHT_MARK}+12035550163"]
    assert sheet["A3"].number_format == Texts("ar", "EG").cell_format(style.WHOLE)
    assert written(tmp_path, "en", row)["Day pages"]["B3"].value.endswith("\n+1 208 555 0189\n+12035550163")


def annual(folder: Path, language: str, told: list[str]) -> Any:
    table = contacts(*[{}] * len(told)).assign(told=told)
    cues = pd.DataFrame([{"score": 0.5, "kind": "next_car", "expected_on": pd.Timestamp("2026-05-01")}])
    path, info = folder / "annual.xlsx", AnnualInfo("Hill", date(2026, 3, 9), language, "km", "EG")
    write_annual(path, 2026, vehicles({}), table, load(("2026-03-09", 2, 5)), info, cues=cues)
    return load_workbook(path)


def test_a_long_reason_goes_on_in_the_next_line_and_a_short_one_does_not(tmp_path: Path) -> None:
    sheet = annual(tmp_path, "en", ["on its best day", LONG])["Contacts"]
    place = next(cell.column for cell in sheet[1] if cell.value == "Reason")
    short, long = sheet.cell(2, place), sheet.cell(3, place)
    assert (short.value, long.value) == ("on its best day", LONG)
    assert not short.alignment.wrap_text
    assert sheet.row_dimensions[2].height is None
    assert long.alignment.wrap_text
    lines = style.lines_in(LONG, sheet.column_dimensions[get_column_letter(place)].width)
    assert lines >= 2
    assert sheet.row_dimensions[3].height == pytest.approx(style.height_of(lines))


def test_months_and_commas_of_the_cues_are_arabic(tmp_path: Path) -> None:
    """Names of months did not fit their column (###), and the comma was Latin."""
    texts = Texts("ar", "EG")
    sheet = annual(tmp_path, "ar", ["قريبًا"])[texts("sheet.cues")]
    place = next(cell.column for cell in sheet[3] if cell.value == texts("column.decides_in"))
    assert sheet.cell(4, place).number_format == texts.cell_format(style.MONTH)
    assert "mmm" not in sheet.cell(4, place).number_format
    assert "," not in sheet.oddHeader.left.text
    assert "،" in sheet.oddHeader.left.text


@pytest.mark.parametrize("country", ["EG", "US"])
def test_scripts_are_scaled_and_not_fitted(tmp_path: Path, country: str) -> None:
    """Excel passes over the breaks of a sheet that is fitted to its paper."""
    scales = []
    for lines in (1, 51, 99):
        row = {"script_text": "\n\n".join(["A line."] * lines)}
        sheet = written(tmp_path, "en", {}, row, country=country)["Scripts"]
        assert not sheet.sheet_properties.pageSetUpPr.fitToPage
        scales.append(sheet.page_setup.scale)
    assert 90 > scales[0] > scales[1] > scales[2] == 70


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
@pytest.mark.parametrize(("language", "country"), [("en", "US"), ("ar", "EG")])
def test_each_script_has_a_page(tmp_path: Path, language: str, country: str) -> None:
    text = "# T\n\n## G\n\n" + "\n\n".join(["> Good morning, this is Ann Weber of Hill & Sons. " * 3] * 28)
    book = written(tmp_path, language, *({"script_text": text},) * 3, country=country)
    for name in book.sheetnames:
        if name != Texts(language)("sheet.scripts"):
            del book[name]
    book.save(tmp_path / "scripts.xlsx")
    office = ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'lo').as_uri()}"]
    office += ["--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "scripts.xlsx")]
    subprocess.run(office, check=True, capture_output=True, timeout=240)
    content = (tmp_path / "scripts.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_formulas_show_where_nothing_is_calculated(tmp_path: Path, language: str) -> None:
    """Previews of phones showed no link, and no figure of the week."""
    texts = Texts(language)
    written(tmp_path, language, {}, {"contact_id": "V2/a"})
    shown = load_workbook(tmp_path / "calls.xlsx", data_only=True)
    formulas = load_workbook(tmp_path / "calls.xlsx")
    values = {}
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    values.setdefault(sheet.title, []).append(shown[sheet.title][cell.coordinate].value)
    assert values == {
        texts("sheet.calls"): [texts("calls.open_script")] * 2,
        texts("sheet.scripts"): [texts("scripts.back")] * 2,
        texts("sheet.week"): [0, 2],
    }


def test_the_reason_above_an_arabic_script_says_its_font(tmp_path: Path) -> None:
    """LibreOffice without Arial drew boxes through a line of Arabic letters and digits alone."""
    why = "الصيانة الثالثة، موعدها حوالي ١٣ مارس"
    written(tmp_path, "ar", {"why": why})
    sheet = load_workbook(tmp_path / "calls.xlsx", rich_text=True)[Texts("ar")("sheet.scripts")]
    said = next(row[1].value for row in sheet.iter_rows() if str(row[1].value) == why)
    assert isinstance(said, CellRichText)
