"""Printing: results to stdout, messages and progress to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

Step = Callable[[str], None]


def say(message: str) -> None:
    """A message for the person at the terminal: to stderr."""
    print(message, file=sys.stderr)


def show(
    as_json: bool,
    result: Mapping[str, Any],
    lines: list[str],
    frames: Mapping[str, pd.DataFrame] | None = None,
) -> None:
    """The result of a command: one JSON object, or lines for people; to stdout.

    frames: by name, lists of rows behind the other keys of the object. JSON has no NaN and no infinity: a
    result with one raises ValueError, so that no other program stumbles; in frames they are null.
    """
    if not as_json:
        print("\n".join(lines))
        return
    text = json.dumps(result, ensure_ascii=False, default=str, allow_nan=False)
    if frames:
        from cli.frames import rows_as_json

        text = text.removesuffix("}")
        for name, frame in frames.items():
            print(f"{text}, {json.dumps(name)}: ", rows_as_json(frame), sep="", end="")
            text = ""
        text = "}"
    print(text)


@contextmanager
def progress(title: str, steps: int) -> Iterator[Step]:
    """A progress bar on stderr over that many steps; nothing where stderr is no terminal.

    Yields a function to be called with the name of each step as it begins.
    """
    if not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(title, total=steps)
        begun = 0

        def step(name: str) -> None:
            nonlocal begun
            bar.update(task, description=f"{title}: {name}", completed=begun)
            begun += 1

        yield step


def plural(count: int, one: str, many: str = "") -> str:
    """`1 row`, `2,500 rows`.

    >>> plural(1, "row"), plural(2500, "row"), plural(2, "day off", "days off")
    ('1 row', '2,500 rows', '2 days off')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
