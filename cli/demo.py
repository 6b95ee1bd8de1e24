"""`planner demo`: a sample dealership from its exports to the workbooks."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.annual import annual
from cli.calls import calls
from cli.check import check
from cli.console import say, show
from cli.import_ import import_
from cli.init import init
from cli.options import AsOf, Force, Json, the_day
from cli.plan import plan
from cli.sample import sample
from cli.status import status
from cli.validate import validate
from cli.value import value
from planner.errors import InputError

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
    """Makes a sample dealership, imports it, plans three years and writes all workbooks."""
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
    files = sorted(str(path) for path in folder.iterdir() if path.is_file())
    show(
        as_json,
        {"folder": str(folder), "as_of": day, "files": files, "check": "violations" if broken else "ok"},
        ["", f"Everything is in {folder}: open the workbooks first."],
    )
    return broken


def _of_the_sample(settings: Path, vehicles: int) -> None:
    """Gives the sample dealership a name, a number and a team."""
    text = settings.read_text(encoding="utf-8")
    for key, given in {
        "name": '"Example Motors"',
        "phone": '"+1 202 555 0100"',
        "calls_per_day": max(4, vehicles // CARS_A_DAILY_CALL),
    }.items():
        text = re.sub(rf"(?m)^{key} = .*?(?=\s*(#.*)?$)", f"{key} = {given}", text, count=1)
    settings.write_text(text, encoding="utf-8")


def _step(command: str) -> None:
    sys.stdout.flush()
    say(f"\n$ {command}")
