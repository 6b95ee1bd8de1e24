"""An answer that is taken back: the calendar and the list are those of a store that never heard of it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cli.main import run
from planner.errors import InputError
from planner.store import Store
from planner.tables import OUTCOMES
from tests.commands import DAY
from tests.desk import Desk, filled
from tests.outcome_world import CALL, FRIDAY, MONDAY, OTHERS_CALL, live, say, visit, world

NEXT = date(2026, 2, 16)
CELLS: dict[str, dict[str, Any]] = {
    "booked": {"on": "2026-02-25"},
    "callback": {"on": "2026-02-20"},
    "not_yet": {"odometer_km": 7_000.0},
    "done_elsewhere": {"on": "2026-02-10", "odometer_km": 7_000.0},
    "do_not_call": {"scope": "all"},
}


@pytest.fixture
def desk() -> Desk:
    return world(visit("V", "2025-09-01", "repair", 6_000.0))


@pytest.fixture(scope="module")
def without() -> dict[str, pd.DataFrame]:
    """The same dealership, in which nobody has answered."""
    return seen(world(visit("V", "2025-09-01", "repair", 6_000.0)))


@pytest.fixture(scope="module")
def without_and_planned() -> dict[str, pd.DataFrame]:
    desk = world(visit("V", "2025-09-01", "repair", 6_000.0))
    desk.plan(FRIDAY)
    return seen(desk)


def seen(desk: Desk) -> dict[str, pd.DataFrame]:
    """Calendar, forecasts and the tables that everything is decided by, and the list."""
    found = {
        name: desk.tables[name].sort_values(desk.tables[name].columns[0], ignore_index=True)
        for name in ("contacts", "forecasts")
    }
    told = desk.told()
    found |= {name: told[name] for name in ("customers", "vehicles", "readings", "elsewhere", "outcomes")}
    found["list"] = desk.calls(NEXT, NEXT).sort_values("contact_id", ignore_index=True)
    return {name: frame.copy() for name, frame in found.items()}


def same(desk: Desk, without: dict[str, pd.DataFrame]) -> None:
    for name, frame in seen(desk).items():
        pd.testing.assert_frame_equal(frame, without[name])


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("plans", [False, True], ids=["at once", "after a plan"])
def test_with_and_without_are_equal(
    desk: Desk, without_and_planned: dict[str, pd.DataFrame], outcome: str, plans: bool
) -> None:
    assert say(desk, outcome, FRIDAY, **CELLS.get(outcome, {})) == ""
    if plans:
        desk.plan(FRIDAY)
    desk.withdraw(CALL, FRIDAY)
    assert desk.violations().empty
    desk.plan(FRIDAY)
    same(desk, without_and_planned)
    assert desk.violations().empty


def test_the_last_answer_first_then_the_one_before(desk: Desk, without: dict[str, pd.DataFrame]) -> None:
    say(desk, "no_answer", MONDAY)
    tried = desk.contact(CALL)
    say(desk, "sold_car", date(2026, 2, 11), attempt=2)
    desk.withdraw(CALL, FRIDAY)
    assert desk.contact(CALL).equals(tried)
    desk.withdraw(CALL, FRIDAY)
    same(desk, without)


def test_what_another_answer_says_stays(desk: Desk) -> None:
    say(desk, "sold_car", MONDAY)
    assert say(desk, "do_not_call", MONDAY, "W/S2c", scope="all") == ""
    desk.withdraw(CALL, MONDAY)
    assert not live(desk, "V", "W")  # the household said that nobody is to write or call
    desk.withdraw("W/S2c", MONDAY)
    assert live(desk, "V")
    assert live(desk, "W")


def test_the_same_file_does_not_bring_it_back_and_a_correction_does(desk: Desk) -> None:
    wrong, right = (filled({"contact_id": CALL, "outcome": code}) for code in ("sold_car", "refused"))
    desk.record(wrong, FRIDAY)
    desk.withdraw(CALL, FRIDAY)
    again = desk.record(wrong, FRIDAY)
    assert (len(again.answers), again.unchanged) == (0, 1)
    assert desk.record(right, FRIDAY).answers["outcome"].tolist() == ["refused"]
    desk.withdraw(CALL, FRIDAY)
    other = filled({"contact_id": CALL, "outcome": "sold_car", "file": "calls-2026-W08.xlsx"})
    assert len(desk.record(other, FRIDAY).answers) == 1  # in the next list it is news


def test_of_an_older_store_the_call_is_on_the_list_again(desk: Desk) -> None:
    say(desk, "refused", FRIDAY)
    desk.tables["contacts_before"] = desk.tables["contacts_before"].head(0)
    desk.withdraw(CALL, FRIDAY)
    desk.plan(NEXT)
    assert desk.violations().empty
    assert CALL in set(desk.calls(NEXT, NEXT)["contact_id"])


def test_nothing_to_take_back(desk: Desk) -> None:
    with pytest.raises(InputError, match="no outcome is recorded of a contact with this id"):
        desk.withdraw(OTHERS_CALL, FRIDAY)


@pytest.mark.usefixtures("planned")
class TestCommand:
    def test_as_a_user_does_it(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["calls", "--as-of", DAY, "--format", "csv"]) == 0
        assert run(["plan", "--as-of", DAY]) == 0
        before = self.tables()
        path = Path("calls-2026-W10.csv")
        listed = path.read_text(encoding="utf-8-sig").splitlines()
        path.write_text(
            "\n".join([listed[0], listed[1].removesuffix(",,,") + "sold_car,,,"]), encoding="utf-8"
        )
        assert run(["outcomes", str(path), "--as-of", DAY]) == 0
        contact_id = listed[1].split(",")[0]
        capsys.readouterr()
        assert run(["outcomes", "--withdraw", contact_id, "--as-of", DAY, "--dry-run"]) == 0
        assert f"{contact_id}: sold_car of {DAY} would be taken back" in capsys.readouterr().out
        assert run(["outcomes", "--withdraw", contact_id, "--as-of", DAY, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["withdrawn"] == [contact_id]
        for name, frame in self.tables().items():
            pd.testing.assert_frame_equal(frame, before[name])
        assert run(["outcomes", "--withdraw", contact_id, "--as-of", DAY]) == 2
        assert "no outcome is recorded" in capsys.readouterr().err
        assert run(["outcomes"]) == 2

    @staticmethod
    def tables() -> dict[str, pd.DataFrame]:
        with Store.open(Path("dealership.db")) as store:
            names = ("contacts", "forecasts", "outcomes", "contacts_before", "surveys", "issues")
            return {name: store.read(name) for name in names}
