"""`planner demo`: a sample dealership from its exports to the workbooks."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import sys
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Annotated

import typer

from cli.annual import annual
from cli.calendar import calendar
from cli.calls import Format, calls
from cli.check import check
from cli.console import say, show
from cli.import_ import import_
from cli.init import init
from cli.options import AsOf, Force, Json, the_day
from cli.outcomes import outcomes
from cli.plan import plan
from cli.sample import sample
from cli.status import status
from cli.validate import validate
from cli.value import value
from planner.errors import InputError

# What an advisor hears, and how often of 100 calls. Invented.
ANSWERS = {
    "no_answer": 35,
    "voicemail": 15,
    "booked": 20,
    "callback": 10,
    "reached": 10,
    "refused": 6,
    "sold_car": 2,
    "complaint": 1,
    "do_not_call": 1,
}
MADE = ("dealership.toml", "dealership.db", "dealership.db-wal", "dealership.db-shm", "rejects.csv")

# A call a day for so many cars: 36 touchpoints with 6 calls in three years, twice over for the backlog.
CARS_A_DAILY_CALL = 50


def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where everything goes.")] = Path("demo"),
    vehicles: Annotated[int, typer.Option(metavar="N", min=1, max=200_000, help="How many vehicles.")] = 300,
    seed: Annotated[int, typer.Option(metavar="N", min=0)] = 1,
    as_of: AsOf = None,
    force: Force = False,
    as_json: Json = False,
) -> int:
    """Makes a sample dealership, plans three years, writes all workbooks, and plays a week of calls."""
    day = the_day(as_of).isoformat()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        if not force or not folder.is_dir():
            raise InputError(f"{folder}: is already there; name a new folder, or say --force to make it anew")
        for name in MADE:
            (folder / name).unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    year = date.fromisoformat(day).year
    # With --json the commands' own output is not wanted, only the object at the end.
    quiet = contextlib.redirect_stdout(io.StringIO()) if as_json else contextlib.nullcontext()
    with contextlib.chdir(folder), quiet:
        _step(f"planner sample exports --vehicles {vehicles} --seed {seed} --end {day}")
        sample(Path("exports"), vehicles=vehicles, seed=seed, end=day, force=force)
        _step("planner init")
        init()
        _of_the_sample(Path("dealership.toml"), vehicles)
        tables = sorted(Path("exports").glob("*.csv"))
        _step("planner import exports/*.csv")
        import_(tables, as_of=day)
        _step(f"planner plan --as-of {day}")
        plan(as_of=day)
        _step("planner check")
        broken = check()
        _step(f"planner calls --as-of {day}")
        calls(as_of=day, force=force)
        for wanted in (year, year + 1):
            _step(f"planner annual --year {wanted} --as-of {day}")
            annual(year=wanted, as_of=day, force=force)
        _step(f"planner validate --as-of {day}")
        validate(as_of=day, force=force)
        _step(f"planner value --as-of {day}")
        value(as_of=day, force=force)
        _step(f"planner status --as-of {day}")
        status(as_of=day)
        broken = _a_week_later(the_day(day), seed, force) or broken
    files = sorted(str(path) for path in folder.iterdir() if path.is_file())
    show(
        as_json,
        {"folder": str(folder), "as_of": day, "files": files, "check": "violations" if broken else "ok"},
        ["", f"Everything is in {folder}: open the workbooks first."],
    )
    return broken


def _a_week_later(monday: date, seed: int, force: bool) -> int:
    """The calls as CSV, filled in by an invented advisor, read back and planned with; then the calendar."""
    day = (monday + timedelta(days=4)).isoformat()
    listed = Path("calls-filled-in.csv")
    _step(f"planner calls --format csv --out {listed} --as-of {monday}")
    calls(as_of=monday.isoformat(), kind=Format.CSV, out=listed, force=force)
    _fill_in(listed, monday, Random(seed))
    _step(f"planner outcomes {listed} --as-of {day}")
    outcomes([listed], as_of=day, force=force)
    _step("planner check")
    broken = check()
    _step(f"planner calendar --as-of {day}")
    calendar(as_of=day, force=force)
    return broken


def _fill_in(path: Path, monday: date, random: Random) -> None:
    """Most calls get an outcome, one of them with a typing error that makes the row come back."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        rows, columns = list(reader), list(reader.fieldnames or ())
    for row in rows[: len(rows) * 9 // 10]:
        row["outcome"] = random.choices(list(ANSWERS), list(ANSWERS.values()))[0]
        if row["outcome"] in ("booked", "callback"):
            row["date"] = (monday + timedelta(days=random.randint(7, 18))).isoformat()
    for row in rows[:1]:
        row["outcome"] = "bokked"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def _of_the_sample(settings: Path, vehicles: int) -> None:
    """Gives the sample dealership a name, a number and a team."""
    text = settings.read_text(encoding="utf-8")
    for key, said in {
        "name": '"Example Motors"',
        "phone": '"+1 202 555 0100"',
        "calls_per_day": max(4, vehicles // CARS_A_DAILY_CALL),
    }.items():
        text = re.sub(rf"(?m)^{key} = .*?(?=\s*(#.*)?$)", f"{key} = {said}", text, count=1)
    settings.write_text(text, encoding="utf-8")


def _step(command: str) -> None:
    sys.stdout.flush()
    say(f"\n$ {command}")
