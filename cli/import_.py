"""`planner import`: exports of the dealership's system into the store."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cli.console import plural, progress, say, show
from cli.options import DB, AsOf, Db, Json, SettingsFile, the_day, the_settings
from planner.tables import EXPORTS

if TYPE_CHECKING:
    from planner.intake import FileReport

Kind = StrEnum("Kind", {table.name.upper(): table.name for table in EXPORTS})
ROWS_REJECTED = 3


def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV, XLSX or XLS.")],
    kind: Annotated[
        Kind | None,
        typer.Option(metavar="KIND", help="What the files hold, where their headers do not tell."),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="FILE.toml", help="Says how a foreign layout maps to ours; see data/mappings."),
    ] = None,
    dates: Annotated[
        Literal["dmy", "mdy"] | None,
        typer.Option(metavar="dmy|mdy", help="Order of day and month, where a column leaves it open."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Checks the files and stores nothing.")] = False,
    rejects: Annotated[
        Path, typer.Option(metavar="PATH", help="Where rejected rows are written, as CSV.")
    ] = Path("rejects.csv"),
    db: Db = DB,
    settings: SettingsFile = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> int:
    """Reads exports into the store: all good rows, or none if the command cannot go on."""
    from planner.intake import check_rejects_target, load_mapping, write_rejects
    from planner.pipeline import import_exports
    from planner.store import Store

    chosen = the_settings(settings)
    layout = load_mapping(mapping) if mapping else None
    check_rejects_target(rejects)  # before anything is stored
    with Store.create(db) as store, progress("Importing", 1) as step:
        step(plural(len(files), "file"))
        done = import_exports(
            store,
            files,
            chosen,
            the_day(as_of),
            kind=kind.value if kind else None,
            mapping=layout,
            dates=dates,
            dry_run=dry_run,
        )
    rejected = len(done.rejects)
    if rejected:
        write_rejects(done.rejects, rejects)
    lines = [_line(file) for file in done.files]
    changed = f"{plural(sum(done.changed.values()), 'row')} new or changed in the store"
    lines.append("nothing stored (--dry-run)" if dry_run else changed)
    show(
        as_json,
        {
            "files": [asdict(file) for file in done.files],
            "changed": done.changed,
            "rejected": rejected,
            "rejects": str(rejects) if rejected else None,
            "issues": done.issues["code"].value_counts().sort_index().to_dict(),
            "dry_run": dry_run,
        },
        lines,
    )
    if rejected:
        say(f"planner: {plural(rejected, 'row')} rejected, with the reasons in {rejects}; the rest is in")
    return ROWS_REJECTED if rejected else 0


def _line(file: FileReport) -> str:
    """What became of one file or sheet."""
    if not file.kind:
        return f"{file.source}: not used, none of our tables is in it"
    counts = [plural(file.good, "good row")]
    counts += [f"{file.rejected:,} rejected"] if file.rejected else []
    counts += [f"{count:,} left out ({reason})" for reason, count in file.left_out.items()]
    ignored = f"; columns not used: {', '.join(file.ignored)}" if file.ignored else ""
    return f"{file.source}: {file.kind}: {', '.join(counts)}{ignored}"
