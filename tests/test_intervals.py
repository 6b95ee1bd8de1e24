"""Which interval of the file holds for which car, and wrong files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planner.errors import SettingsError
from planner.forecast.intervals import intervals_of, load_intervals
from planner.settings import Settings
from tests.cars import cars


class TestIntervals:
    HEADER = "make,model,fuel,service,months,km\n"

    @pytest.mark.parametrize("before", ["", "# ours, as of May; ask Mona\n", "\n# ours\n\n"])
    def test_comments_and_blank_lines_may_stand_anywhere(self, tmp_path: Path, before: str) -> None:
        text = before + "service;months;km\n# oil, yearly\nmaintenance;9;12000\n\n"
        months, km = intervals_of(cars({}), load_intervals(_file(tmp_path, text)))
        assert (months[0], km[0]) == (9, 12_000)

    def test_the_line_of_an_error_counts_comments_too(self, tmp_path: Path) -> None:
        path = _file(tmp_path, "# ours\nservice,months\n# oil\nmaintenance,x\n")
        with pytest.raises(SettingsError, match="line 4"):
            load_intervals(path)

    @pytest.mark.parametrize(
        ("car", "want"),
        [
            ({}, (12, 15_000)),
            ({"make": " TOYOTA "}, (12, 10_000)),
            ({"make": "Toyota", "fuel": "Diesel"}, (6, 10_000)),
            ({"make": "toyota", "model": "yaris"}, (12, 20_000)),
            (
                {"make": "Toyota", "model": "Yaris", "fuel": "diesel"},
                (12, 20_000),
            ),  # the model before the fuel
            ({"make": "Other", "model": "Yaris"}, (12, 15_000)),
            ({"make": "Toyota", "model": "Corolla"}, (9, 9_000)),  # the model before the make
            ({"make": "Toyota", "fuel": "electric"}, (24, np.nan)),
        ],
    )
    def test_most_specific_wins(self, tmp_path: Path, car, want) -> None:
        rules = load_intervals(
            _file(
                tmp_path,
                self.HEADER
                + "Toyota,Yaris,,maintenance,12,20000\nToyota,,,maintenance,12,10000\n,,electric,,24,\n"
                + "Toyota,,Diesel,Maintenance,6,10000\nToyota,,electric,maintenance,24,\n"
                + ",Corolla,,,9,9000\n,,,brake fluid,24,\n",
            )
        )
        months, km = intervals_of(cars({"purchased_on": "2024-01-01", **car}), rules)
        np.testing.assert_array_equal((months[0], km[0]), want)

    def test_the_one_that_ships(self) -> None:
        rules = load_intervals(Settings().intervals_path)
        assert rules.to_numpy().tolist() == [["", "", "", "maintenance", 12, 15_000, 12, "done"]]

    def test_semicolons_and_a_byte_order_mark(self, tmp_path: Path) -> None:
        path = _file(tmp_path, "\ufeffMake;Model;Fuel;Service;Months;Km\n\n;;;;6;5000\n")
        assert load_intervals(path)[["months", "km"]].to_numpy().tolist() == [[6, 5000]]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("make,model,fuel,service,month,km\n", "unknown column 'month'; did you mean 'months'?"),
            ("make,km\n", "no column 'months'"),
            ("", "no column 'months'"),
            (HEADER + ",,,,,15000\n", "line 2: months must be a whole number"),
            (HEADER + ",,,,0,15000\n", "line 2: months is '0'; it must be a number from 1 to 240"),
            (HEADER + ",,,,12,nan\n", "line 2: km is 'nan'"),
            (HEADER + ",,,,12,a lot\n", "line 2: km is 'a lot'; it must be a number from 100 to 1,000,000"),
            (HEADER + ",,,,12,1\n,,,,12,15000\n", "line 2: km is '1'"),
            (HEADER + "A,,,,12,\na,,,maintenance,24,\n", "line 3: a second interval for the same make"),
        ],
    )
    def test_a_wrong_file_is_told_in_one_line(self, tmp_path: Path, text: str, words: str) -> None:
        with pytest.raises(SettingsError) as told:
            load_intervals(_file(tmp_path, text))
        assert words in str(told.value)
        assert "intervals.csv" in str(told.value)
        assert "\n" not in str(told.value)

    def test_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="cannot be read"):
            load_intervals(tmp_path / "nothing.csv")


def _file(folder: Path, text: str) -> Path:
    path = folder / "intervals.csv"
    path.write_text(text, encoding="utf-8")
    return path
