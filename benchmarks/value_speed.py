"""How long the value report takes, alone and as the whole command that a manager waits for.

`python -m benchmarks.value_speed`; its table stands in docs/value-benchmark.md. Planning 58,000 cars takes a
minute and more, and 5 GB: --no-plan leaves it out, --store PATH takes a store that is planned already.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from planner.pipeline import import_exports, replan, stored_tables
from planner.sample import make_sample, write_sample
from planner.settings import Settings
from planner.store import Store
from planner.value import needed, value_report

END = date(2026, 3, 2)
LARGE = 58_000  # vehicles of 50,000 customers
COMMANDS = {
    "planner value --json": ["value", "--json"],
    "planner value --out": ["value", "--force", "--out", "value.xlsx"],
    "planner status --json": ["status", "--json"],
}


def table(vehicles: int = LARGE, planned: bool = True, stored: Path | None = None, times: int = 3) -> str:
    """Seconds of processor time, the least of some runs, and as so many times the report in the same run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = stored or _imported(folder, vehicles)
        with Store.open(path) as store:
            counts = store.counts()
            alone = _report(store, times)
        lines = [
            f"{counts['customers']:,} customers with {counts['vehicles']:,} cars and {counts['visits']:,} "
            f"visits, as of {END}; seconds of one processor, user and system, the least of {times}; beside "
            "them as so many times the figures alone in the same run.",
            "",
            "| contacts in the store | what | seconds | times the figures |",
            "| --- | --- | --- | --- |",
            f"| {counts['contacts']:,} | figures alone | {alone:.1f} | 1 |",
            *_commands(path, folder, counts["contacts"], alone, times),
        ]
        if planned and not counts["contacts"]:
            with Store.open(path) as store:
                replan(store, Settings(), END)
                contacts = store.counts()["contacts"]
            lines += _commands(path, folder, contacts, alone, times)
    return "\n".join(lines)


def _imported(folder: Path, vehicles: int) -> Path:
    exports = write_sample(make_sample(vehicles, 1, END), folder / "exports")
    with Store.create(folder / "store.db") as store:
        import_exports(store, [each for each in exports if each.suffix == ".csv"], Settings(), END)
    return folder / "store.db"


def _report(store: Store, times: int) -> float:
    whole = ("readings", "surveys", "offers", "service_items")
    tables = stored_tables(store, Settings(), *whole, **needed(Settings(), END))
    took = []
    for _ in range(times):
        begun = time.process_time()
        value_report(tables, Settings(), END)
        took.append(time.process_time() - begun)
    return min(took)


def _commands(store: Path, folder: Path, contacts: int, alone: float, times: int) -> list[str]:
    of_store = ["--db", str(store.resolve()), "--as-of", END.isoformat()]
    lines = []
    for name, command in COMMANDS.items():
        took = min(_seconds([*command, *of_store], folder) for _ in range(times))
        lines.append(f"| {contacts:,} | `{name}` | {took:.1f} | {took / alone:.1f} |")
    return lines


def _seconds(command: list[str], folder: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    planner = [sys.executable, "-c", "from cli.main import main; main()", *command]
    subprocess.run(planner, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vehicles", type=int, default=LARGE)
    parser.add_argument("--no-plan", action="store_true")
    parser.add_argument("--store", type=Path)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    print(table(given.vehicles, not given.no_plan, given.store, given.times))


if __name__ == "__main__":
    main()
