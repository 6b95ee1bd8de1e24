"""`planner demo`: a sample dealership from its exports to the workbooks."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from random import Random
from typing import Annotated, Any

import typer

from cli.annual import annual
from cli.calendar import calendar
from cli.calls import calls
from cli.check import check
from cli.console import say, show
from cli.demo_weeks import BACK_AFTER, EXPORTS, Week, earlier_weeks, play_list
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
    weeks: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=1,
            max=104,
            help="How many weeks of calls are played; those before the last begin before the as-of day.",
        ),
    ] = 1,
    as_of: AsOf = None,
    force: Force = False,
    as_json: Json = False,
) -> int:
    """Makes a sample dealership, plans three years, writes all workbooks, and plays weeks of calls."""
    day = the_day(as_of).isoformat()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        if not force or not folder.is_dir():
            raise InputError(f"{folder}: is already there; name a new folder, or say --force to make it anew")
        for name in MADE:
            (folder / name).unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    year = date.fromisoformat(day).year
    # With --json the commands' own output is not wanted, only the object at the end.
    played: list[Week] = []
    quiet = contextlib.redirect_stdout(io.StringIO()) if as_json else contextlib.nullcontext()
    with contextlib.chdir(folder), quiet:
        _run(
            f"planner sample exports --vehicles {vehicles} --seed {seed} --end {day}",
            sample,
            EXPORTS,
            vehicles=vehicles,
            seed=seed,
            end=day,
            force=force,
        )
        _run("planner init", init)
        _of_the_sample(Path("dealership.toml"), vehicles)
        random = Random(seed)
        for week in earlier_weeks(the_day(day), weeks, random, force):
            print(week, flush=True)
            played.append(week)
        tables = sorted(EXPORTS.glob("*.csv"))
        _run("planner import exports/*.csv", import_, tables, as_of=day)
        _run(f"planner plan --as-of {day}", plan, as_of=day)
        broken: int = _run("planner check", check)
        _run(f"planner calls --as-of {day}", calls, as_of=day, force=force)
        for wanted in (year, year + 1):
            _run(f"planner annual --year {wanted} --as-of {day}", annual, year=wanted, as_of=day, force=force)
        _run(f"planner validate --as-of {day}", validate, as_of=day, force=force)
        if weeks == 1:
            _run(f"planner value --as-of {day}", value, as_of=day, force=force)
        _run(f"planner status --as-of {day}", status, as_of=day)
        play_list(_run, Path("calls-filled-in.csv"), the_day(day), random, None, force)
        broken = _run("planner check", check) or broken
        friday = (the_day(day) + BACK_AFTER).isoformat()
        _run(f"planner calendar --as-of {friday}", calendar, as_of=friday, force=force)
        if weeks > 1:  # last, with what came of all lists
            _run(f"planner value --as-of {friday}", value, as_of=friday, force=force)
    files = sorted(str(path) for path in folder.iterdir() if path.is_file())
    show(
        as_json,
        {
            "folder": str(folder),
            "as_of": day,
            "files": files,
            "weeks": [asdict(week) for week in played],
            "check": "violations" if broken else "ok",
        },
        ["", f"Everything is in {folder}: open the workbooks first."],
    )
    return broken


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


def _run(typed: str, command: Callable[..., Any], *given: Any, **options: Any) -> Any:
    """Shows a command as it is typed, and runs it."""
    sys.stdout.flush()
    say(f"\n$ {typed}")
    return command(*given, **options)
