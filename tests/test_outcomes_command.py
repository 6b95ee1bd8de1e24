"""`planner outcomes` as a user meets it: what it prints, its exit codes, the file of rows that came back."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cli.main import run
from planner.store import Store
from tests.filled_in_lists import TYPED, meant, read, write_list
from tests.test_returned_workbook import correct

WRONG = {**TYPED, 2: {"outcome": "bookd", "date": date(2026, 3, 20)}}


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A folder with a store, and a planner that takes down what it is told, refusing any complaint."""
    taken: list[Any] = []

    class Recorded:
        def __init__(self, filled: Any, known: set[tuple[str, str]]) -> None:
            keys = list(zip(filled["contact_id"], filled["outcome"], strict=True))
            complaint = filled["outcome"] == "complaint"
            new = pd.Series([key not in known for key in keys], filled.index, dtype="bool")
            self.answers = filled[~complaint & new]
            back = filled[complaint]
            self.refused = back.assign(
                reason=pd.Series("unknown", back.index, dtype="str"),
                values=pd.Series([{"contact_id": "X"}] * len(back), back.index, dtype="object"),
            )
            self.taken, self.left_out = self.answers, self.refused.head(0)
            self.faulty = self.refused.head(0)
            self.unchanged = len(filled) - len(self.answers) - len(self.refused)

    def take_outcomes(
        store: Any, filled: Any, settings: Any, as_of: date, dry_run: bool, faulty: Any
    ) -> Recorded:
        known = {key for keys in taken for key in keys}
        done = Recorded(filled, known)
        if not dry_run:
            taken.append(set(zip(done.answers["contact_id"], done.answers["outcome"], strict=True)))
        return done

    monkeypatch.setattr("planner.pipeline.take_outcomes", take_outcomes, raising=False)
    monkeypatch.chdir(tmp_path)
    with Store.create(Path("dealership.db")):
        pass
    return taken


def outcomes(*options: str) -> int:
    return run(["outcomes", *options, "--as-of", "2026-03-13", "--no-plan"])


def test_all_is_well(recorded: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    write_list(Path("calls.xlsx"), {row: cells for row, cells in TYPED.items() if row != 9})
    assert outcomes("calls.xlsx") == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "8 calls in 1 file: 6 outcomes recorded"
    assert "  1 no_answer" in out.splitlines()
    assert err == ""
    assert not Path("calls-returned.xlsx").exists()


def test_what_a_colleague_must_take_up_is_said_at_once(
    recorded: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    for outcome, says in (("interest_second_car", True), ("too_expensive", False)):
        write_list(Path(f"{outcome}.xlsx"), {2: {"outcome": outcome}})
        assert outcomes(f"{outcome}.xlsx") == 0
        line = "  1 answer for a colleague to take up: the sheet Pass on of 'planner calls'"
        assert (line in capsys.readouterr().out.splitlines()) == says


def test_the_same_file_twice(recorded: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    write_list(Path("calls.xlsx"), {row: cells for row, cells in TYPED.items() if row != 9})
    outcomes("calls.xlsx")
    capsys.readouterr()
    assert outcomes("calls.xlsx") == 0
    assert capsys.readouterr().out.splitlines() == [
        "8 calls in 1 file: 0 outcomes recorded",
        "  6 rows recorded before",
    ]


def test_rows_come_back(recorded: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    write_list(Path("calls.xlsx"), WRONG)
    assert outcomes("calls.xlsx") == 3
    _, err = capsys.readouterr()
    assert err == ("planner: 2 rows came back to be corrected, with the reasons, in calls-returned.xlsx\n")
    back = read(Path("calls-returned.xlsx"))  # the complaint can be read, the other not yet
    assert back.returned["contact_id"].tolist() == ["VIN1/S2c"]
    assert list(meant(back)) == ["VIN8/S2c"]


def test_corrected_rows_are_recorded(recorded: list[Any]) -> None:
    write_list(Path("calls.xlsx"), {2: WRONG[2]})
    assert outcomes("calls.xlsx") == 3
    correct(Path("calls-returned.xlsx"), 3, Outcome="booked")
    assert outcomes("calls-returned.xlsx") == 0
    assert recorded[-1] == {("VIN1/S2c", "booked")}


def test_json(recorded: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    write_list(Path("calls.xlsx"), WRONG)
    assert outcomes("calls.xlsx", "--json") == 3
    said = json.loads(capsys.readouterr().out)
    assert said["recorded"] == dict.fromkeys(
        ("no_answer", "not_yet", "callback", "done_elsewhere", "do_not_call"), 1
    )
    assert said["came_back"] == 2
    assert said["returned"] == "calls-returned.xlsx"
    assert said["rows_read"] == 8


def test_dry_run_stores_and_writes_nothing(recorded: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    write_list(Path("calls.xlsx"), WRONG)
    assert outcomes("calls.xlsx", "--dry-run") == 3
    out, err = capsys.readouterr()
    assert "5 outcomes to record, nothing stored (--dry-run)" in out
    assert "--returned PATH writes them" in err
    assert recorded == []
    assert not Path("calls-returned.xlsx").exists()
    assert outcomes("calls.xlsx", "--dry-run", "--returned", "why.xlsx") == 3
    assert Path("why.xlsx").exists()
    assert recorded == []


def test_a_list_that_is_still_open_is_read_and_told(
    recorded: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    write_list(Path("calls.xlsx"), {2: WRONG[2]})
    Path(".~lock.calls.xlsx#").touch()
    assert outcomes("calls.xlsx") == 3
    assert "calls.xlsx: is open in another program; what has not been saved" in capsys.readouterr().err


class TestTheFileOfReturnedRows:
    def test_untouched_is_written_anew(self, recorded: list[Any]) -> None:
        write_list(Path("calls.xlsx"), WRONG)
        assert outcomes("calls.xlsx") == 3
        assert outcomes("calls.xlsx") == 3

    def test_corrected_is_kept(self, recorded: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
        write_list(Path("calls.xlsx"), WRONG)
        outcomes("calls.xlsx")
        correct(Path("calls-returned.xlsx"), 3, Outcome="booked")
        corrected = Path("calls-returned.xlsx").read_bytes()
        capsys.readouterr()
        assert outcomes("calls.xlsx") == 2
        assert "calls-returned.xlsx: exists; --force overwrites it" in capsys.readouterr().err
        assert Path("calls-returned.xlsx").read_bytes() == corrected
        assert outcomes("calls.xlsx", "--force") == 3
        assert Path("calls-returned.bak-1.xlsx").read_bytes() == corrected

    def test_no_list_is_overwritten(self, recorded: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
        path = write_list(Path("calls.xlsx"), WRONG)
        before = path.read_bytes()
        assert outcomes("calls.xlsx", "--force", "--returned", "calls.xlsx") == 2
        assert "--returned calls.xlsx: is one of the lists" in capsys.readouterr().err
        assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["nothing.xlsx"], "nothing.xlsx: no such file"),
        (["calls.xlsx", "--returned", "back.csv"], "must end with .xlsx"),
        (["calls.xlsx", "--returned", "nowhere/back.xlsx"], "there is no folder nowhere"),
        (["calls.xlsx", "broken.xlsx"], "broken.xlsx"),
        ([], "Missing argument 'FILE...'"),
    ],
)
def test_cannot_go_on(
    recorded: list[Any], capsys: pytest.CaptureFixture[str], options: list[str], says: str
) -> None:
    """One line, exit code 2, and nothing recorded of the other file either."""
    write_list(Path("calls.xlsx"), TYPED)
    Path("broken.xlsx").write_bytes(Path("calls.xlsx").read_bytes()[:4000])
    assert outcomes(*options) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert says in err
    assert recorded == []


def test_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, recorded: list[Any]) -> None:
    write_list(Path("calls.xlsx"), TYPED)
    assert outcomes("calls.xlsx", "--db", "other.db") == 2
    assert "no store here" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("dealership.db", None, "is neither a workbook nor text"),
        (
            "photo.png",
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x05\x00" * 9,
            "is neither a workbook nor text",
        ),
        ("lists.zip", "zip", "a zip with tables in it, unpack first"),
        ("scan.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "save it as .xlsx or CSV"),
        ("folder", "folder", "is a folder; name the file in it"),
        ("empty.xlsx", b"", "there is nothing in it; save or export it again"),
    ],
)
def test_the_wrong_kind_of_file_is_called_that(
    name: str,
    content: bytes | str | None,
    says: str,
    recorded: list[Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = Path(name)
    if content == "folder":
        path.mkdir()
    elif content == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("calls.csv", "Contact ID,Outcome\n")
    elif isinstance(content, bytes):
        path.write_bytes(content)
    assert outcomes(name) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"planner: {name}: ")
    assert says in said
    assert said.count("\n") == 1
    assert "--mapping" not in said  # no option of this command
