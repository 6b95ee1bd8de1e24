"""do_not_call and complaint hold from the moment they are read, whatever else stands in their row.

docs/decisions/0017.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from planner.workbooks.filled_in import came_back
from tests.desk import Desk, filled
from tests.filled_in_lists import DAY, changed, meant, read, reasons, settings, write_list
from tests.outcome_world import CALL, FRIDAY, MONDAY, OTHERS_CALL, live, say, visit, world

TOM = "VIN1/S2c"  # of row 2 of the list


@pytest.fixture
def desk() -> Desk:
    return world(visit("V", "2025-09-01", "repair", 6_000.0))


def calls_of(desk: Desk, *cars: str) -> list[str]:
    contacts = desk.tables["contacts"].set_index("contact_id")
    return [name for name in live(desk, *cars) if contacts.loc[name, "channel"] == "call"]


class TestRecorded:
    @pytest.mark.parametrize("outcome", ["do_not_call", "complaint"])
    @pytest.mark.parametrize("km", [-1.0, 5_999.0, 900_000.0])
    def test_an_odometer_that_cannot_be_is_left_out_not_the_row(
        self, desk: Desk, outcome: str, km: float
    ) -> None:
        rows = filled({"contact_id": CALL, "outcome": outcome, "odometer_km": km})
        made = desk.record(rows, FRIDAY)
        assert made.answers["outcome"].tolist() == [outcome]
        assert made.answers["odometer_km"].isna().all()
        assert made.refused.empty
        assert made.left_out["reason"].str.startswith("odometer.").all()
        assert len(made.left_out) == len(made.taken) == 1
        again = desk.record(rows, FRIDAY)
        assert (len(again.answers), len(again.left_out), again.unchanged) == (0, 0, 1)

    def test_the_household_is_not_called_from_that_moment(self, desk: Desk) -> None:
        assert calls_of(desk, "V", "W")
        assert say(desk, "do_not_call", odometer_km=5.0) == ""
        assert calls_of(desk, "V", "W") == []
        assert calls_of(desk, "X")

    def test_offers_rest_from_that_moment(self, desk: Desk) -> None:
        say(desk, "complaint", odometer_km=5.0)
        assert desk.contact(CALL)["outcome"] == "complaint"

    @pytest.mark.parametrize("outcome", ["do_not_call", "complaint"])
    def test_the_odometer_can_be_handed_in_later(self, desk: Desk, outcome: str) -> None:
        say(desk, outcome, odometer_km=5_999.0)
        assert say(desk, outcome, odometer_km=6_500.0) == ""
        assert desk.tables["outcomes"]["odometer_km"].dropna().tolist() == [6_500.0]
        assert desk.violations().empty

    @pytest.mark.parametrize("before", ["booked", "refused", "complaint"])
    def test_do_not_call_is_taken_after_any_other_outcome(self, desk: Desk, before: str) -> None:
        say(desk, before, on="2026-02-25" if before == "booked" else None)
        contact = desk.contact(CALL)
        assert say(desk, "do_not_call") == ""
        assert calls_of(desk, "V", "W") == []
        assert desk.contact(CALL).equals(contact)  # the contact ended as it did; a booking stands
        assert desk.violations().empty
        desk.plan(FRIDAY)
        assert calls_of(desk, "V", "W") == []
        assert desk.violations().empty

    def test_do_not_call_is_taken_of_a_contact_that_was_in_no_list(self, desk: Desk) -> None:
        assert desk.contact("V/L1")["status"] == "merged"
        assert say(desk, "do_not_call", MONDAY, "V/L1") == ""
        assert calls_of(desk, "V", "W") == []
        assert desk.violations().empty

    def test_nothing_else_is_taken_after_the_end(self, desk: Desk) -> None:
        say(desk, "do_not_call")
        assert say(desk, "complaint") == "recorded"
        say(desk, "refused", contact_id=OTHERS_CALL)
        assert say(desk, "complaint", contact_id=OTHERS_CALL) == "recorded"

    def test_of_two_rows_of_a_call_the_booking_is_not_lost(self, desk: Desk) -> None:
        stop = {"contact_id": CALL, "outcome": "do_not_call"}
        made = desk.record(
            filled(stop, {"contact_id": CALL, "outcome": "booked", "on": "2026-02-25"}), FRIDAY
        )
        assert made.answers["outcome"].tolist() == ["booked", "do_not_call"]


class TestRead:
    @pytest.mark.parametrize("outcome", ["do_not_call", "complaint", "do_not_call: all"])
    @pytest.mark.parametrize(
        ("cells", "wrong"),
        [
            ({"date": "soon"}, "'soon' is no date."),
            ({"date": date(2019, 3, 20)}, ""),  # ten years back may be meant by somebody
            ({"date": date(2003, 3, 20)}, "too far away"),
            ({"odometer": "many"}, "'many' is no odometer reading."),
            ({"odometer": 9_999_999}, "No odometer shows 9999999."),
            ({"date": "soon", "odometer": "many"}, "'many' is no odometer reading."),
        ],
    )
    def test_cells_that_cannot_be_read_are_left_out(
        self, tmp_path: Path, outcome: str, cells: dict[str, Any], wrong: str
    ) -> None:
        lists = read(write_list(tmp_path / "calls.xlsx", {2: {"outcome": outcome, **cells}}))
        assert lists.returned.empty
        _, code, _, km, scope, _ = meant(lists)[TOM]
        assert code == outcome.partition(":")[0]
        assert scope == {"do_not_call": "calls", "do_not_call: all": "all"}.get(outcome)
        assert km is None
        why = lists.written["reason"].fillna("").iloc[0]
        assert wrong in why
        assert bool(why) == bool(wrong)

    def test_other_outcomes_come_back_as_a_whole(self, tmp_path: Path) -> None:
        lists = read(write_list(tmp_path / "calls.xlsx", {2: {"outcome": "refused", "date": "soon"}}))
        assert lists.filled.empty

    def test_a_row_that_slipped_in_a_csv(self, tmp_path: Path) -> None:
        path = tmp_path / "calls.csv"
        path.write_text(f"Contact ID,Outcome,Date,Odometer,Note\n{TOM},do_not_call,,,never, ever\n")
        lists = read(path)
        assert meant(lists)[TOM][1] == "do_not_call"
        assert "more cells than there are columns" in lists.written["reason"].iloc[0]

    def test_without_a_contact_id_nobody_knows_who_it_was(self, tmp_path: Path) -> None:
        path = tmp_path / "calls.csv"
        path.write_text("Contact ID,Outcome,Date,Odometer,Note\n,do_not_call,,,never\n")
        assert read(path).filled.empty


class TestCopies:
    def copies(self, folder: Path, *cells: dict[str, Any]) -> list[Path]:
        return [write_list(folder / f"{n}.xlsx", {2: each}) for n, each in enumerate(cells)]

    def test_it_holds_whatever_another_copy_says(self, tmp_path: Path) -> None:
        lists = read(*self.copies(tmp_path, {"outcome": "refused"}, {"outcome": "do_not_call"}))
        assert meant(lists)[TOM][1] == "do_not_call"
        assert lists.returned["outcome"].tolist() == ["refused"]
        says = "The same call is do_not_call in 1.xlsx [Calls], row 2; that is recorded and holds."
        assert says in reasons(lists)[2]

    def test_of_two_the_wider_one(self, tmp_path: Path) -> None:
        lists = read(*self.copies(tmp_path, {"outcome": "do_not_call"}, {"outcome": "do_not_call: all"}))
        assert meant(lists)[TOM][4] == "all"

    def test_another_copy_that_cannot_be_read(self, tmp_path: Path) -> None:
        lists = read(*self.copies(tmp_path, {"outcome": "bookd"}, {"outcome": "do_not_call"}))
        assert meant(lists)[TOM][1] == "do_not_call"
        assert lists.returned["outcome"].tolist() == ["bookd"]


class TestCameBack:
    @pytest.mark.parametrize(
        ("language", "says"),
        [("en", "do_not_call is recorded and holds, but something was left out. 'soon'"), ("ar", "«soon»")],
    )
    def test_what_was_left_out_is_told_once(
        self, desk: Desk, tmp_path: Path, language: str, says: str
    ) -> None:
        stop = {"outcome": "do_not_call", "date": "soon", "odometer": 10}
        path = write_list(tmp_path / "calls.xlsx", {2: stop})
        changed(path, lambda book: book.worksheets[0].__setitem__(_key(book), CALL))
        lists = read(path, language=language)
        house = settings("DE", "km", language)
        back = came_back(lists, desk.record(lists.filled, DAY), house, DAY)
        assert says in back["reason"].iloc[0]
        assert ("10 km" in back["reason"].iloc[0]) == (language == "en")
        assert back[["outcome", "date", "odometer"]].iloc[0].tolist() == ["do_not_call", "soon", "10"]
        assert came_back(lists, desk.record(lists.filled, DAY), house, DAY).empty


def _key(book: Any) -> str:
    """The cell of the contact id in row 2."""
    heads = [cell.value for cell in book.worksheets[0][1]]
    return book.worksheets[0].cell(2, heads.index("Contact ID") + 1).coordinate
