"""The weekly list in Arabic: its words, the direction of each cell, dates and digits of the country."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from planner.workbooks.calls import LETTERS, is_filled_in, write_calls
from tests.calls_book import INFO, a_week, calls, written
from tests.golden_files import Golden

EGYPT = replace(INFO, language="ar", country="EG")


def test_golden_in_arabic(tmp_path: Path, golden: Golden) -> None:
    path = tmp_path / "calls.xlsx"
    write_calls(path, *a_week(), replace(INFO, language="ar", country="AE"))
    golden(path, "calls_ar")


class TestArabicList:
    def test_outcomes_are_chosen_and_coloured_by_their_words_and_their_codes(self, tmp_path: Path) -> None:
        sheet = written(tmp_path, calls({}), EGYPT)["المكالمات"]
        (offered,) = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
        assert offered.formula1.strip('"').split(",")[:2] == ["تم الحجز", "معاودة الاتصال"]
        formulas = [rule.formula[0] for span in sheet.conditional_formatting for rule in span.rules]
        needs_date = next(formula for formula in formulas if "booked" in formula)
        assert f'${LETTERS["outcome"]}2="تم الحجز"' in needs_date
        assert f'${LETTERS["outcome"]}2="booked"' in needs_date
        assert f'${LETTERS["outcome"]}2="لم يرد"' not in needs_date

    def test_a_script_names_an_outcome_as_the_list_does(self, tmp_path: Path) -> None:
        workbook = written(tmp_path, calls({}), EGYPT)
        said = [row[1].value for row in workbook["نصوص المكالمات"].iter_rows() if row[1].value]
        assert "• yes: تم الحجز" in said
        assert "If it is somebody else: say nothing about the car. Outcome لم يرد." in said

    def test_an_outcome_that_a_script_names_by_code_and_word_is_named_once(self, tmp_path: Path) -> None:
        script = "## النتيجة\n\n- مكالمة أخرى: `callback` (معاودة الاتصال) مع اليوم.\n- `busy` (كلمة أخرى)\n"
        workbook = written(tmp_path, calls({"script_text": script}), EGYPT)
        said = [row[1].value for row in workbook["نصوص المكالمات"].iter_rows()]
        assert "• مكالمة أخرى: معاودة الاتصال مع اليوم." in said
        assert "• مشغول (كلمة أخرى)" in said

    def test_each_cell_is_read_in_its_own_direction(self, tmp_path: Path) -> None:
        workbook = written(tmp_path, calls({"customer": "Hill للسيارات", "why": "سيارة Corolla"}), EGYPT)
        row = {name: workbook["المكالمات"][f"{letter}2"] for name, letter in LETTERS.items()}
        order = {name: cell.alignment.readingOrder for name, cell in row.items()}
        assert (order["phone"], order["vehicle_id"], order["vehicle"]) == (1, 1, 1)
        assert (order["customer"], order["why"]) == (2, 2)
        assert row["vehicle"].alignment.horizontal == "right"  # all begin at the edge of the column
        script = workbook["نصوص المكالمات"]
        phone = next(cell for (cell,) in script["B1:B20"] if cell.value == "+4930123456")
        assert (phone.alignment.readingOrder, phone.alignment.horizontal) == (1, "right")
        english = next(cell for (cell,) in script["B1:B20"] if "Good morning" in str(cell.value))
        assert (english.alignment.readingOrder, english.alignment.horizontal) == (1, "left")

    def test_dates_and_numbers_have_the_digits_of_egypt(self, tmp_path: Path) -> None:
        sheet = written(tmp_path, calls({}), EGYPT)["المكالمات"]
        assert sheet[f"{LETTERS['date']}2"].number_format == "[$-2000C01]dd/mm/yyyy"
        assert sheet[f"{LETTERS['due_km']}2"].number_format == "[$-2000C01]#,##0"
        assert sheet[f"{LETTERS['phone']}2"].number_format == "@"

    def test_a_filled_in_arabic_list_is_kept(self, tmp_path: Path) -> None:
        workbook = written(tmp_path, calls({}), EGYPT)
        assert not is_filled_in(tmp_path / "calls.xlsx")
        workbook["المكالمات"][f"{LETTERS['outcome']}2"] = "تم الحجز"
        workbook.save(tmp_path / "calls.xlsx")
        assert is_filled_in(tmp_path / "calls.xlsx")
