"""Rows that come back: what is said of them, and copies that complete or contradict each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook

from planner.outcomes import Recorded
from planner.workbooks import texts_returned
from planner.workbooks.calls import LETTERS
from planner.workbooks.filled_in import RETURNED, FilledIn, came_back
from tests.filled_in_lists import DAY, MEANT, TYPED, changed, meant, read, reasons, settings, write_list

FRIDAY = date(2026, 3, 20)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"outcome": "booked"}, "booked needs the day of the appointment under Date, like 20 March 2026."),
        ({"outcome": "callback"}, "callback needs the day that was promised under Date"),
        ({"outcome": "not_yet"}, "not_yet needs what the odometer shows under Odometer, in km."),
        ({"outcome": "done_elsewhere", "date": date(2026, 2, 1)}, "needs what the odometer showed then"),
        ({"outcome": "done_elsewhere", "odometer": 45000}, "needs the day on which the other workshop"),
        ({"date": date(2026, 3, 20)}, "There is no outcome."),
        ({"odometer": 45000}, "There is no outcome."),
        ({"note": "hello"}, "There is no outcome."),
        ({"outcome": "bookd", "date": date(2026, 3, 20)}, "'bookd' is no outcome. Did you mean booked?"),
        ({"outcome": "no anser"}, "Did you mean no_answer?"),
        ({"outcome": "booked Friday"}, "under Outcome write booked alone"),
        ({"outcome": "perhaps"}, "'perhaps' is no outcome. Choose one from the list."),
        ({"outcome": "?"}, "'?' is no outcome."),
        ({"outcome": "n/a"}, "'n/a' is no outcome."),
        ({"outcome": "booked", "date": "soon"}, "'soon' is no date. Write it like 20 March 2026."),
        ({"outcome": "booked", "date": date(2025, 3, 20)}, "20 Mar 2025 is too far away for booked."),
        ({"outcome": "done_elsewhere", "date": date(2026, 4, 1), "odometer": 9}, "is still to come"),
        ({"outcome": "not_yet", "odometer": "many"}, "'many' is no odometer reading."),
        ({"outcome": "not_yet", "odometer": 9_999_999}, "No odometer shows 9999999."),
        ({"outcome": "no_answer", "date": date(2026, 3, 20)}, "no_answer has no date."),
        ({"outcome": "voicemail", "odometer": 45000}, "nobody spoke of the car"),
    ],
)
def test_reasons(tmp_path: Path, typed: dict[str, Any], says: str) -> None:
    lists = read(write_list(tmp_path / "calls.xlsx", {5: typed}))
    assert lists.filled.empty
    assert list(reasons(lists)) == [5]
    assert says in reasons(lists)[5]


def test_an_open_date_names_both_days(tmp_path: Path) -> None:
    path = write_list(tmp_path / "calls.xlsx", {2: {"outcome": "booked", "date": "05/04/2026"}})
    said = reasons(read(path, country="CA"))[2]
    assert said.startswith("'05/04/2026' may be 5 Apr 2026 or 4 May 2026. Write the month as a word")


def test_everything_wrong_with_a_row_is_said_at_once(tmp_path: Path) -> None:
    path = write_list(tmp_path / "calls.xlsx", {2: {"outcome": "done_elsewhere", "date": "soon"}})
    said = reasons(read(path))[2]
    assert "'soon' is no date" in said
    assert "what the odometer showed" in said
    assert "needs the day" not in said  # it has been said that the date is wrong


def test_returned_rows_keep_what_was_written(tmp_path: Path) -> None:
    cells = {"outcome": "Bookd ", "date": "14.3.", "odometer": "45 tsd", "note": "=1+1"}
    path = write_list(tmp_path / "calls.xlsx", {4: cells})

    def as_text(workbook: Workbook) -> None:
        cell = workbook.worksheets[0][f"{LETTERS['note']}4"]
        cell.data_type = "s"

    row = read(changed(path, as_text)).returned.iloc[0]
    kept = row[["contact_id", "attempt", "customer", "vehicle", "outcome", "date", "odometer", "note"]]
    assert kept.tolist() == [
        "AB 123 C/W1c",
        1,
        "منى حسن",
        "Toyota Corolla",
        "Bookd",
        "14.3.",
        "45 tsd",
        "=1+1",
    ]


def test_a_row_without_its_id(filled_list: Path) -> None:
    def clear(workbook: Workbook) -> None:
        workbook.worksheets[0][f"{LETTERS['contact_id']}2"] = None

    lists = read(changed(filled_list, clear))
    assert "contact ID is missing" in reasons(lists)[2]
    assert meant(lists) == {contact: said for contact, said in MEANT.items() if contact != "VIN1/S2c"}


def test_arabic_has_every_reason() -> None:
    assert texts_returned.ARABIC.keys() == texts_returned.ENGLISH.keys()


class TestCopies:
    def halves(self, folder: Path, one: dict[int, Any], other: dict[int, Any]) -> list[Path]:
        return [write_list(folder / "ann.xlsx", one), write_list(folder / "bob.xlsx", other)]

    def test_halves_are_put_together(self, tmp_path: Path) -> None:
        numbers = list(TYPED)
        paths = self.halves(
            tmp_path,
            {number: TYPED[number] for number in numbers[::2]},
            {number: TYPED[number] for number in numbers[1::2]},
        )
        for order in (paths, paths[::-1]):
            lists = read(*order)
            assert meant(lists) == MEANT
            assert lists.returned.empty
        assert set(lists.filled["file"]) == {"ann.xlsx", "bob.xlsx"}

    def test_cells_of_one_row_are_put_together(self, tmp_path: Path) -> None:
        paths = self.halves(
            tmp_path, {2: {"outcome": "booked"}}, {2: {"date": date(2026, 3, 20), "note": "early"}}
        )
        assert meant(read(*paths)) == {"VIN1/S2c": (1, "booked", "2026-03-20", None, None, "early")}

    def test_the_same_in_other_words_is_the_same(self, tmp_path: Path) -> None:
        paths = self.halves(
            tmp_path,
            {
                2: {"outcome": "booked", "date": FRIDAY},
                3: {"outcome": "not_yet", "odometer": 45000},
            },
            {2: {"outcome": "Booked", "date": "20.3.2026"}, 3: {"outcome": "Not yet", "odometer": "45.000"}},
        )
        lists = read(*paths)
        assert [said[1:4] for said in meant(lists).values()] == [
            ("booked", "2026-03-20", None),
            ("not_yet", None, 45000),
        ]
        assert len(lists.filled) == 2

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"outcome": "refused"}, {"outcome": "complaint"}),
            (
                {"outcome": "booked", "date": FRIDAY},
                {"outcome": "booked", "date": date(2026, 3, 21)},
            ),
            ({"outcome": "not_yet", "odometer": 45000}, {"outcome": "not_yet", "odometer": 46000}),
            ({"outcome": "refused", "note": "moved"}, {"outcome": "refused", "note": "cross"}),
        ],
    )
    def test_contradictions_come_back_as_a_whole(self, tmp_path: Path, one: Any, other: Any) -> None:
        lists = read(*self.halves(tmp_path, {2: one}, {2: other}))
        assert lists.filled.empty
        assert lists.returned["file"].tolist() == ["ann.xlsx", "bob.xlsx"]
        first, second = lists.returned["reason"]
        assert "filled in differently in bob.xlsx [Calls], row 2." in first
        assert "filled in differently in ann.xlsx [Calls], row 2." in second

    def test_a_copy_that_cannot_be_read_takes_the_other_with_it(self, tmp_path: Path) -> None:
        lists = read(
            *self.halves(
                tmp_path,
                {2: {"outcome": "booked", "date": "soon"}},
                {2: {"outcome": "booked", "date": FRIDAY}},
            )
        )
        assert lists.filled.empty
        assert len(lists.returned) == 2

    def test_two_attempts_are_two_calls(self, tmp_path: Path) -> None:
        first = write_list(tmp_path / "ann.xlsx", {2: {"outcome": "no_answer"}})
        second = write_list(tmp_path / "bob.xlsx", {2: {"outcome": "refused"}})
        changed(second, lambda book: book.worksheets[0].__setitem__(f"{LETTERS['attempt']}2", 2))
        lists = read(first, second)
        assert lists.filled["attempt"].tolist() == [1, 2]
        assert lists.filled["outcome"].tolist() == ["no_answer", "refused"]

    def test_twice_in_one_file(self, tmp_path: Path) -> None:
        path = write_list(tmp_path / "calls.xlsx", {2: {"outcome": "refused"}, 3: {"outcome": "busy"}})

        def twice(workbook: Workbook) -> None:
            sheet = workbook.worksheets[0]
            sheet[f"{LETTERS['contact_id']}3"] = "VIN1/S2c"

        lists = read(changed(path, twice))
        assert lists.filled.empty
        assert list(reasons(lists)) == [2, 3]

    def test_the_same_file_twice(self, filled_list: Path) -> None:
        assert meant(read(filled_list, filled_list)) == MEANT

    def test_files_of_one_name_are_told_apart(self, tmp_path: Path) -> None:
        for name, outcome in (("a", "refused"), ("b", "complaint")):
            (tmp_path / name).mkdir()
            write_list(tmp_path / name / "calls.xlsx", {2: {"outcome": outcome}})
        files = [tmp_path / name / "calls.xlsx" for name in "ab"]
        assert read(*files).returned["file"].tolist() == [str(file) for file in files]


class TestCameBack:
    @staticmethod
    def refused(lists: FilledIn, code: str, **values: Any) -> Recorded:
        """The bookings are refused, the other rows taken."""
        booked = lists.filled["outcome"] == "booked"
        rows = lists.filled[booked]
        rows = rows.assign(reason=code, values=pd.Series([values] * len(rows), rows.index, dtype="object"))
        rest = lists.filled[~booked]
        return Recorded(rest, rest, rest, rest, rows, rows.head(0), 0, rows.head(0))

    def test_refused_rows_join_with_what_was_written(self, tmp_path: Path) -> None:
        path = write_list(
            tmp_path / "calls.xlsx",
            {2: {"outcome": "Booked", "date": "20.3.2026"}, 3: {"outcome": "bookd"}, 4: {"outcome": "busy"}},
        )
        lists = read(path)
        said = {"recorded": "refused", "said": date(2026, 3, 2), "contact_id": "V/S1c"}
        back = came_back(lists, self.refused(lists, "recorded", **said), settings("DE", "km", "en"), DAY)
        assert back["row"].tolist() == [2, 3]
        assert back.dtypes.astype(str).to_dict() == RETURNED
        assert back.loc[0, ["customer", "outcome", "date", "reason"]].tolist() == [
            "Tom Hill",
            "Booked",
            "20.3.2026",
            "Recorded already as refused, on 2 Mar 2026. That stands, unless it is taken back: "
            "planner outcomes --withdraw V/S1c",
        ]

    @pytest.mark.parametrize(
        ("unit", "language", "says"),
        [
            ("km", "en", "5,999 km is below the 6,000 km of 1 Sept 2025. Write what the customer reads."),
            ("mi", "en", "3,728 mi is below the 3,728 mi of 1 Sept 2025. Write what the customer reads."),
            ("km", "ar", "٥٬٩٩٩ كم أقل من ٦٬٠٠٠ كم يوم ١ سبتمبر ٢٠٢٥. اكتب ما يقرؤه العميل."),
        ],
    )
    def test_in_the_languages_and_units_of_dealerships(
        self, tmp_path: Path, unit: str, language: str, says: str
    ) -> None:
        lists = read(
            write_list(tmp_path / "calls.xlsx", {2: {"outcome": "booked", "date": date(2026, 3, 20)}})
        )
        values = {"km": 5_999.0, "known_km": 6_000.0, "day": date(2025, 9, 1)}
        house = settings("EG", unit, language)
        back = came_back(lists, self.refused(lists, "odometer.below", **values), house, DAY)
        assert back["reason"].str.replace("\u200f", "").tolist() == [says]

    def test_what_reader_and_desk_find_is_said_at_once(self, tmp_path: Path) -> None:
        """A contact that nobody knows and no day: one round, not two; what both find is said once."""
        lists = read(write_list(tmp_path / "calls.xlsx", {2: {"outcome": "booked"}}))
        assert lists.faulty[["contact_id", "outcome"]].values.tolist() == [["VIN1/S2c", "booked"]]
        rows = lists.faulty.loc[[0, 0]].reset_index(drop=True)
        about = [{"contact_id": "VIN1/S2c"}, {"outcome": "booked"}]
        more = rows.assign(reason=["unknown", "booked.date"], values=about)
        none = self.refused(lists, "recorded")
        back = came_back(lists, replace(none, faulty=more), settings("DE", "km", "en"), DAY)
        assert len(back) == 1
        assert back.loc[0, "reason"] == (
            "booked needs the day of the appointment under Date, like 20 March 2026. "
            "No call has the contact ID VIN1/S2c. Copy it from the list."
        )

    def test_what_could_be_read_of_a_faulty_row(self, tmp_path: Path) -> None:
        lists = read(write_list(tmp_path / "calls.xlsx", {2: {"outcome": "bookd", "odometer": 5}}))
        row = lists.faulty.iloc[0]
        assert (row["contact_id"], row["odometer_km"], row["row"]) == ("VIN1/S2c", 5, 2)
        assert lists.faulty["outcome"].isna().all()
        assert lists.without(lists.returned).faulty.empty

    @pytest.mark.parametrize(
        ("typed", "on", "km"),
        [
            ({"outcome": "no_answer", "date": FRIDAY, "odometer": 5}, None, None),
            ({"outcome": "voicemail", "odometer": 5}, None, None),
            ({"outcome": "booked", "date": date(2025, 3, 20), "odometer": 5}, None, 5),
            ({"outcome": "done_elsewhere", "date": date(2026, 2, 1)}, pd.Timestamp(2026, 2, 1), None),
        ],
    )
    def test_a_cell_of_which_something_is_said_is_not_judged_again(
        self, tmp_path: Path, typed: dict[str, Any], on: Any, km: float | None
    ) -> None:
        """'Empty the odometer' beside 'write what the customer reads' would be two orders for one cell."""
        row = read(write_list(tmp_path / "calls.xlsx", {2: typed})).faulty.iloc[0]
        assert [None if pd.isna(cell) else cell for cell in row[["on", "odometer_km"]]] == [on, km]

    def test_copies_that_contradict_are_not_looked_at_further(self, tmp_path: Path) -> None:
        one = write_list(tmp_path / "ann.xlsx", {2: {"outcome": "refused"}})
        other = write_list(tmp_path / "bob.xlsx", {2: {"outcome": "complaint"}})
        lists = read(one, other)
        assert (len(lists.returned), len(lists.faulty)) == (2, 0)

    def test_nothing_refused(self, filled_list: Path) -> None:
        lists = read(filled_list)
        lists = replace(lists, filled=lists.filled[lists.filled["outcome"] != "booked"])
        assert came_back(lists, self.refused(lists, "no_id"), settings("DE", "km", "en"), DAY).empty
