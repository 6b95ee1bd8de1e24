"""`planner forget`: nothing of the person is left in the store, the others stay, and nobody comes back."""

from __future__ import annotations

import json
import sqlite3
from contextlib import chdir
from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest

from cli.main import run
from planner.columns import typed
from planner.store import Store
from planner.tables import ANSWERS, CUES
from tests.commands import refused

DAY = "2026-03-02"
CUSTOMERS = """customer_id,name,phone,phone_2,email,address,birthday,household_id
KD-7001,Zebulon Quarterstaff,030 23125 123,0171 2345678,Zebulon.Q@example.org,7 Gallowglass Lane,1971-05-06,
KD-7002,Mona Quarterstaff,030 23125 123,,mona@example.org,7 Gallowglass Lane,,
KD-7003,Peter Stone,030 23125 999,,peter@example.org,1 Hill Road,,
"""
VEHICLES = """vehicle_id,customer_id,make,model,purchased_on,odometer_at_purchase_km
ZEBVIN00000000001,KD-7001,Kia,Rio,2023-04-01,10
MONVIN00000000002,KD-7002,Kia,Ceed,2023-05-01,10
PETVIN00000000003,KD-7003,Kia,Niro,2023-05-01,10
"""
VISITS = """visit_id,vehicle_id,visited_on,odometer_km,amount
RO-88001,ZEBVIN00000000001,2024-04-02,15000,317
RO-88002,MONVIN00000000002,2024-05-02,15000,200
RO-88003,PETVIN00000000003,2024-05-02,15000,200
"""
SURVEYS = "customer_id,asked_on,score\nKD-7001,2024-04-09,9\nKD-7002,2024-05-09,9\n"
OFFERS = (
    "offer_id,customer_id,issued_on\nGUTSCHEIN-4711,KD-7001,2025-01-01\nGUTSCHEIN-4712,KD-7002,2025-01-01\n"
)
EXPORTS = {
    "customers": CUSTOMERS,
    "vehicles": VEHICLES,
    "visits": VISITS,
    "surveys": SURVEYS,
    "offers": OFFERS,
}
OF_THE_PERSON = [
    *("KD-7001", "Zebulon", "ZEBULON", "2345678", "zebulon.q@", "Zebulon.Q@", "1971-05-06"),
    *("ZEBVIN00000000001", "RO-88001", "GUTSCHEIN-4711", "2024-04-09", "H-KD-7001"),
]
SETTINGS = '[dealership]\ncountry = "DE"\n'


@pytest.fixture(scope="module")
def dealership(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with exports, settings and a planned store."""
    folder = tmp_path_factory.mktemp("dealership")
    with chdir(folder):
        make(folder)
    return folder


@pytest.fixture
def store_path(here: Path, dealership: Path) -> Path:
    """The store in an own copy of the folder, in the current directory."""
    copytree(dealership, here, dirs_exist_ok=True)
    return here / "dealership.db"


def make(here: Path) -> None:
    (here / "dealership.toml").write_text(SETTINGS, encoding="utf-8")
    for name, text in EXPORTS.items():
        (here / f"{name}.csv").write_text(text, encoding="utf-8")
    assert bring_in() == 0
    assert run(["plan", "--as-of", DAY]) == 0
    said = {"touchpoint": "S2c", "outcome": "no_answer", "said_on": "2026-02-01", "recorded_on": "2026-02-02"}
    answers = pd.DataFrame(
        [
            {"contact_id": "ZEBVIN00000000001/S2c", "customer_id": "KD-7001", "note": "will pay", **said},
            {"contact_id": "MONVIN00000000002/S2c", "customer_id": "KD-7002", "note": "ask Zebulon", **said}
            | {"also_vehicle_ids": "ZEBVIN00000000001", "phone": "+493023125123"},
            {"contact_id": "PETVIN00000000003/S2c", "customer_id": "KD-7003", "note": "be brief", **said},
            {"contact_id": "PETVIN00000000003/S3c", "customer_id": "KD-7003", **said}
            | {"note": "neighbour of zebulon  quarterstaff, see KD-7001"},
        ]
    ).assign(household_id="H-KD-7001", attempt=1)
    cues = pd.DataFrame(
        [
            {"household_id": "H-KD-7001", "kind": "next_car", "vehicle_id": "ZEBVIN00000000001"},
            {"household_id": "H-KD-7001", "kind": "second_car", "vehicle_id": "MONVIN00000000002"}
            | {"customer_id": "KD-7002", "contact_id": "ZEBVIN00000000001/S2c", "evidence": "for Zebulon"},
        ]
    )
    with Store.open(here / "dealership.db") as store, store.transaction():
        store.replace("outcomes", typed(answers, ANSWERS))
        store.replace("cues", typed(cues, CUES))


def bring_in(*names: str) -> int:
    files = [f"{name}.csv" for name in names or EXPORTS]
    return run(["import", *files, "--as-of", DAY])


def tables(path: Path) -> dict[str, pd.DataFrame]:
    with Store.open(path) as store:
        return {name: store.read(name) for name in store.counts()}


def traces(path: Path) -> set[str]:
    """Which texts of the person are in the bytes of the store, its log and its index of the log."""
    content = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    return {text for text in OF_THE_PERSON if text.encode() in content}


def test_nothing_of_the_person_is_left_in_the_bytes(store_path: Path) -> None:
    assert traces(store_path) >= {"KD-7001", "Zebulon", "ZEBVIN00000000001", "RO-88001", "GUTSCHEIN-4711"}
    assert run(["forget", "KD-7001", "--as-of", DAY]) == 0
    assert traces(store_path) == set()


def test_what_was_deleted_long_ago_is_gone_too(store_path: Path) -> None:
    with sqlite3.connect(store_path) as plain:
        plain.execute("pragma secure_delete = off")
        told = [("about KD-7001 and Zebulon " * 40,)] * 200
        plain.executemany("insert into issues (message) values (?)", told)
        plain.commit()
        plain.execute("delete from issues")
        plain.execute("insert into issues (source, message) values ('x.csv', 'two rows of KD-7001')")
        plain.execute("insert into issues (source, message) values ('x.csv', 'two rows of KD-70010')")
    plain.close()
    assert run(["forget", "KD-7001", "--as-of", DAY]) == 0
    assert [*tables(store_path)["issues"]["message"]] == ["two rows of KD-70010"]
    content = b"".join(file.read_bytes() for file in store_path.parent.glob("dealership.db*"))
    assert b"Zebulon" not in content


def test_the_others_stay_with_all_that_is_theirs(store_path: Path) -> None:
    before = tables(store_path)
    assert run(["forget", "KD-7001", "--as-of", DAY]) == 0
    after = tables(store_path)
    for name in ("customers", "vehicles", "visits", "surveys", "offers", "forecasts", "contacts"):
        table = before[name]
        mine = table.astype("str").apply(
            lambda column: column.str.contains("KD-7001|ZEBVIN|GUTSCHEIN-4711|RO-88001", regex=True)
        )
        kept = table[~mine.drop(columns=["household_id", "also_vehicle_ids"], errors="ignore").any(axis=1)]
        assert len(after[name]) == len(kept) > 0, name
    mona = after["customers"].set_index("customer_id").loc["KD-7002"]
    assert (mona["phone"], mona["household_id"]) == ("030 23125 123", "H-KD-7002")
    assert set(after["contacts"]["household_id"]) == {"H-KD-7002", "H-KD-7003"}
    notes = after["outcomes"].set_index("contact_id")
    assert notes["note"].dropna().to_dict() == {"PETVIN00000000003/S2c": "be brief"}
    assert notes.loc["MONVIN00000000002/S2c", "household_id"] == "H-KD-7002"
    assert notes["also_vehicle_ids"].isna().all()
    (cue,) = after["cues"].to_dict("records")
    assert (cue["household_id"], cue["vehicle_id"]) == ("H-KD-7002", "MONVIN00000000002")
    assert pd.isna(cue["contact_id"])
    assert run(["plan", "--as-of", DAY]) == 0
    assert run(["check"]) == 0


def test_the_same_export_again_brings_nobody_back(
    store_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["forget", "KD-7001", "--as-of", DAY]) == 0
    before = tables(store_path)
    capsys.readouterr()
    assert bring_in() == 0
    assert "1 left out (forgotten)" in capsys.readouterr().out
    for name in EXPORTS:  # one file alone as well: the car is known without its owner
        assert bring_in(name) == 0
    assert traces(store_path) == set()
    after = tables(store_path)
    for name, table in before.items():
        pd.testing.assert_frame_equal(table, after[name])


def test_under_another_number_the_person_comes_in_as_not_to_be_contacted(store_path: Path) -> None:
    assert run(["forget", "KD-7001", "--as-of", DAY]) == 0
    again = [
        "KD-8001,Q. Staff,,+49 171 2345678,,,,",  # the mobile, which nobody else has
        "KD-8002,Quarterstaff Zebulon,+49 30 23125123,,,,,",  # the shared line, with the name
        "KD-8003,Somebody Else,,,ZEBULON.Q@example.org,,,",
        "KD-8004,Dora Quarterstaff,030 23125123,,,,,",  # the shared line: a daughter, say
        "KD-8005,Zebulon Quarterstaff,030 555 12345,,,,,",  # a namesake
    ]
    path = store_path.parent / "customers.csv"
    path.write_text("\n".join([CUSTOMERS.splitlines()[0], *again]), encoding="utf-8")
    assert bring_in("customers") == 0
    customers = tables(store_path)["customers"].set_index("customer_id")["do_not_contact"]
    assert customers[customers == "yes"].index.tolist() == ["KD-8001", "KD-8002", "KD-8003"]
    issues = tables(store_path)["issues"]
    (message,) = issues.loc[issues["code"] == "forgotten", "message"]
    assert message.startswith("3 with a phone or e-mail of somebody who was forgotten")


def test_a_car_with_a_new_owner_comes_in_with_him(store_path: Path) -> None:
    assert run(["forget", "KD-7001", "--as-of", DAY]) == 0
    vehicles = store_path.parent / "vehicles.csv"
    vehicles.write_text(VEHICLES.replace("KD-7001", "KD-7003"), encoding="utf-8")
    assert bring_in() == 0
    after = tables(store_path)
    assert after["vehicles"].set_index("vehicle_id").loc["ZEBVIN00000000001", "customer_id"] == "KD-7003"
    assert "RO-88001" in set(after["visits"]["visit_id"])


def test_twice_is_the_same_and_nobody_is_refused(
    store_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["forget", "KD-7001", "--as-of", DAY, "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    before = tables(store_path)
    assert (first["already_forgotten"], first["erased"]["customers"], first["erased"]["visits"]) == (
        False,
        1,
        1,
    )
    assert run(["forget", "KD-7001", "--as-of", "2026-04-01", "--json"]) == 0
    second = json.loads(capsys.readouterr().out)
    assert (second["already_forgotten"], second["erased"]) == (True, {})
    for name, table in tables(store_path).items():
        pd.testing.assert_frame_equal(table, before[name])
    assert "KD-9: no customer has this id" in refused(capsys, "forget", "KD-9", "--as-of", DAY)


def test_other_ids_of_the_same_person_are_told(store_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    extra = "KD-7009,quarterstaff zebulon,+49 171 2345678,,,,,\n"
    (store_path.parent / "customers.csv").write_text(CUSTOMERS + extra, encoding="utf-8")
    assert bring_in("customers") == 0
    capsys.readouterr()
    assert run(["forget", "KD-7001", "--as-of", DAY]) == 0
    assert "KD-7009; the same person?" in capsys.readouterr().err


def test_a_store_that_is_in_use_is_told_and_the_next_time_finishes(
    store_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.store.BUSY_SECONDS", 0.1)  # it would wait for the reader ten seconds
    reader = sqlite3.connect(store_path)
    reader.execute("begin")
    reader.execute("select count(*) from customers").fetchone()
    try:
        assert "another program has the store open" in refused(capsys, "forget", "KD-7001", "--as-of", DAY)
    finally:
        reader.close()
    assert run(["forget", "KD-7001", "--as-of", DAY]) == 0
    assert traces(store_path) == set()


def test_fingerprints_of_two_stores_differ(store_path: Path, here: Path) -> None:
    copy = here / "copy.db"
    with sqlite3.connect(store_path) as one, sqlite3.connect(copy) as other:
        one.backup(other)
    for path in (store_path, copy):
        assert run(["forget", "KD-7001", "--as-of", DAY, "--db", str(path)]) == 0
    first, second = (set(tables(path)["forgotten"]["fingerprint"]) for path in (store_path, copy))
    assert len(first) == len(second) == 7  # id, car, three with the name, mobile and e-mail alone
    assert not first & second
