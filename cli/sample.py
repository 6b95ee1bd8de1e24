"""`planner sample`: the exports of a synthetic dealership."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.console import plural, show
from cli.options import AsOf, Force, Json, parse_day, the_day
from planner.errors import InputError


def sample(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder for the files; made if it is not there.")
    ],
    vehicles: Annotated[
        int, typer.Option(metavar="N", min=1, max=2_000_000, help="How many vehicles.")
    ] = 1000,
    seed: Annotated[
        int, typer.Option(metavar="N", min=0, help="The same seed gives the same dealership.")
    ] = 1,
    language: Annotated[Literal["en", "ar"], typer.Option(metavar="en|ar", help="Language of names.")] = "en",
    end: Annotated[
        str | None, typer.Option(metavar="DATE", help="Last day of the records; the as-of day if not given.")
    ] = None,
    as_of: AsOf = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Writes a synthetic dealership's exports (customers, vehicles, visits, ...) as CSV and XLSX."""
    from planner.sample import FILES, make_sample, write_sample

    last_day = parse_day(end, "--end") if end else the_day(as_of)
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file; name a folder")
    there = [name for name in FILES if (folder / name).exists()]
    if there and not force:
        raise InputError(f"{folder / there[0]}: is already there; name another folder, or say --force")
    made = make_sample(vehicles, seed, last_day, language)
    folder.mkdir(parents=True, exist_ok=True)
    written = write_sample(made, folder)
    rows = {name: len(frame) for name, frame in made.frames.items()}
    show(
        as_json,
        {"folder": str(folder), "files": [str(path) for path in written], "rows": rows},
        [f"{plural(count, 'row')} of {name}" for name, count in rows.items()]
        + [f"written to {folder}: {', '.join(path.name for path in written)}"],
    )
