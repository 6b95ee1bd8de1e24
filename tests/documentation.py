"""The generated parts of README.md and docs/: made here, written by `make docs`, checked by a test."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path

import typer

from cli.main import app, run
from planner import tables

ROOT = Path(__file__).parents[1]
SIXTY_SECONDS = (
    "planner sample exports --vehicles 300 --seed 1 --end 2026-03-02",
    "planner import exports/*.csv --as-of 2026-03-02",
    "planner plan --as-of 2026-03-02",
    "planner check",
    "planner calls --as-of 2026-03-02",
    "planner annual --as-of 2026-03-02",
    "planner validate --as-of 2026-03-02",
    "planner status --as-of 2026-03-02",
)
MARK = re.compile(r"(<!-- begin: ([\w-]+) -->\n).*?(<!-- end: \2 -->)", re.DOTALL)


def sixty_seconds() -> str:
    """The commands and what they print, run in an empty folder."""
    lines = []
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for command in SIXTY_SECONDS:
            lines += [f"$ {command}", *_printed(command).splitlines()]
    return "```\n" + "\n".join(lines) + "\n```\n"


def _printed(command: str) -> str:
    words = [
        word
        for part in shlex.split(command)[1:]
        for word in (sorted(map(str, Path().glob(part))) if "*" in part else [part])
    ]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        run(words)
    return out.getvalue() + err.getvalue()


def tables_in() -> str:
    """The export tables, from planner.tables."""
    lines = []
    for table in tables.EXPORTS:
        lines += [f"**{table.name}**, {table.grain}", "", "| column | | meaning |", "| --- | --- | --- |"]
        for column in table.columns:
            kind = ", ".join(column.choices) if column.choices else column.kind
            lines.append(f"| `{column.name}`{'*' if column.required else ''} | {kind} | {column.meaning} |")
        lines.append("")
    return "\n" + "\n".join(lines)


def commands() -> str:
    """Every command with its arguments and options, from the command line itself."""
    group = typer.main.get_command(app)
    lines = [
        "# Commands",
        "",
        "Results go to stdout, messages and progress to stderr. `planner COMMAND --help` says the same.",
        "",
    ]
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        lines += [f"## planner {name}", "", command.help, "", "| option | default | |", "| --- | --- | --- |"]
        for param in command.params:
            if param.name == "help":
                continue
            names = [option for option in param.opts if option.startswith("-")] + [param.metavar or ""]
            shown = " ".join(filter(None, names)).replace("|", "\\|")
            default = "" if param.default in (None, False) else str(param.default)
            lines.append(f"| `{shown}` | {default} | {param.help or ''} |")
        lines.append("")
    return "\n".join(lines)


def sample() -> str:
    """The assumptions of the sample dealership, from planner.sample."""
    from planner.sample.assumptions import markdown

    return markdown()


def headers() -> str:
    """The headers that an import understands, from planner.intake."""
    from planner.intake.synonyms import markdown

    return markdown()


PARTS = {"sixty-seconds": sixty_seconds, "tables-in": tables_in, "sample": sample, "headers": headers}


def generated() -> Iterator[tuple[Path, str]]:
    """Every page with its generated parts as they should be."""
    for page in (ROOT / "README.md", ROOT / "docs" / "sample.md", ROOT / "docs" / "import.md"):
        text = page.read_text(encoding="utf-8")
        yield page, MARK.sub(lambda found: found[1] + PARTS[found[2]]() + found[3], text)
    yield ROOT / "docs" / "commands.md", commands()


def main() -> None:
    """Writes all generated pages anew."""
    os.chdir(ROOT)
    for path, text in generated():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
