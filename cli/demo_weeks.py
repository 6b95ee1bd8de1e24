"""The weeks that `planner demo` plays: exports as they come in, lists, and an invented advisor's answers."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from cli.calls import Format, calls
from cli.console import plural
from cli.import_ import import_
from cli.outcomes import outcomes
from cli.plan import plan

if TYPE_CHECKING:
    import pandas as pd

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
# Where the exports go on: of a car that comes within these days the owner books with this probability, for
# the day on which it comes. Of 81 others one books and does not come. Invented, so that about as many
# bookings are kept as dealers know it.
COMES_WITHIN_DAYS = 21
BOOKS = 0.8
BOOKS_IN_VAIN = 1

WEEK = timedelta(days=7)
BACK_AFTER = timedelta(days=4)  # Monday's list is back on Friday
EXPORTS, SO_FAR, LISTS = Path("exports"), Path("exports-so-far"), Path("lists-so-far")

Comes = Mapping[str, Sequence[date]]  # of each car, the days on which it comes
Run = Callable[..., Any]  # runs a command: as it is typed, the function, its options


@dataclass(frozen=True)
class Week:
    """What the demo tells of a week that it plays without showing the commands."""

    week: str
    as_of: str
    calls: int
    messages: int
    answers: int
    booked: int
    stood: int  # contacts of the calendar before that were to come
    kept: int  # of them, those that kept their day

    def __str__(self) -> str:
        told = f"{self.week}: {plural(self.calls, 'call')} and {plural(self.messages, 'message')}; "
        told += f"{plural(self.answers, 'answer')}, {self.booked:,} booked"
        return told + (f"; {self.kept / self.stood:.1%} of the calendar kept its day" if self.stood else "")


def earlier_weeks(last: date, weeks: int, random: Random, force: bool) -> Iterator[Week]:
    """Plays the weeks before the one that begins on `last`, without a word; each as it is over.

    Of the exports only what had happened is imported, every Monday what was new on it.
    """
    from planner.sample.so_far import so_far, what_is_new

    if weeks == 1:
        return
    exports = {path.stem: read_table(path) for path in sorted(EXPORTS.glob("*.csv"))}
    comes = days_of_visits(exports["visits"])
    before: dict[str, pd.DataFrame] = {}
    for ago in range(weeks - 1, 0, -1):
        day = last - ago * WEEK
        now = so_far(exports, day)
        _import_new(what_is_new(before, now), day)
        before = now
        if not len(now["vehicles"]):
            continue  # nobody has bought a car yet
        planned = _asked("", plan, as_of=day.isoformat())
        LISTS.mkdir(exist_ok=True)
        listed = LISTS / f"calls-{day}.csv"
        handed_out, answered = play_list(_asked, listed, day, random, comes, force, messages_to=LISTS)
        yield Week(
            week=handed_out["week"],
            as_of=day.isoformat(),
            calls=handed_out["calls"],
            messages=handed_out["messages"],
            answers=sum(answered["recorded"].values()),
            booked=answered["recorded"].get("booked", 0),
            stood=planned["stood"],
            kept=planned["kept"],
        )


def play_list(
    run: Run, listed: Path, day: date, random: Random, comes: Comes | None, force: bool, **more: Any
) -> tuple[Any, Any]:
    """The week's calls as CSV, filled in by the invented advisor and read back; what the two commands say."""
    back = day + BACK_AFTER
    handed_out = run(
        f"planner calls --format csv --out {listed} --as-of {day}",
        calls,
        as_of=day.isoformat(),
        kind=Format.CSV,
        out=listed,
        force=force,
        **more,
    )
    with listed.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        rows, columns = list(reader), list(reader.fieldnames or ())
    fill_in(rows, day, random, comes)
    with listed.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    said = run(
        f"planner outcomes {listed} --as-of {back}",
        outcomes,
        files=[listed],
        as_of=back.isoformat(),
        force=force,
    )
    return handed_out, said


def fill_in(rows: list[dict[str, str]], day: date, random: Random, comes: Comes | None) -> None:
    """Most calls get an outcome, one of them with a typing error that makes the row come back.

    comes: what the advisor knows of the sample's future; None where nobody knows it.
    """
    answers = ANSWERS if comes is None else ANSWERS | {"booked": BOOKS_IN_VAIN}
    first, last = day + BACK_AFTER, day + timedelta(days=COMES_WITHIN_DAYS)
    for row in rows[: len(rows) * 9 // 10]:
        soon = [on for on in (comes or {}).get(row["vehicle_id"], ()) if first < on <= last]
        if soon and random.random() < BOOKS:
            row["outcome"], row["date"] = "booked", min(soon).isoformat()
            continue
        row["outcome"] = random.choices(list(answers), list(answers.values()))[0]
        if row["outcome"] in ("booked", "callback"):
            row["date"] = (day + timedelta(days=random.randint(7, 18))).isoformat()
    for row in rows[:1]:
        row["outcome"] = "bokked"


def days_of_visits(visits: pd.DataFrame) -> dict[str, list[date]]:
    """Of each car the days on which it comes, past ones and those to come."""
    days: dict[str, list[date]] = {}
    for car, text in zip(visits["vehicle_id"], visits["visited_on"], strict=True):
        with contextlib.suppress(ValueError):  # the sample has impossible days on purpose
            days.setdefault(car, []).append(date.fromisoformat(text))
    return days


def read_table(path: Path) -> pd.DataFrame:
    """A table of the sample, all of it text."""
    import pandas as pd

    return pd.read_csv(path, dtype="str", keep_default_na=False)


def _import_new(tables: dict[str, pd.DataFrame], day: date) -> None:
    folder = SO_FAR / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{name}.csv" for name in tables]
    for file, table in zip(files, tables.values(), strict=True):
        table.to_csv(file, index=False, encoding="utf-8", lineterminator="\n")
    if files:
        _asked("", import_, files=files, as_of=day.isoformat())


def _asked(typed: str, command: Callable[..., object], **options: Any) -> Any:
    """Runs a command and says nothing; its result as an object."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        command(**options, as_json=True)
    return json.loads(said.getvalue())
