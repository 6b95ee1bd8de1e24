"""What the rules of the checker are made of: the prepared calendar, and counting over it.

Counting is done for all households at once; `rows` always stand by home, day and id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.settings import Settings

Row = tuple[str, str, str]  # household_id, contact_id, message
Flags: TypeAlias = "npt.NDArray[np.bool_] | pd.Series[bool]"

# The columns that the rules ask for: of contacts that hold a place, of movable and of open ones.
STANDING = [
    *("contact_id", "household", "home", "vehicle_id", "also_vehicle_ids", "touchpoint", "service_no"),
    *("channel", "script", "purpose", "planned_on", "earliest_on", "latest_on", "min_gap_days", "priority"),
    *("status", "advisor", "pinned", "movable"),
]
MOVABLE = [
    *(
        "contact_id",
        "household",
        "touchpoint",
        "channel",
        "purpose",
        "planned_on",
        "earliest_on",
        "latest_on",
    ),
    "advisor",
]
NAMING = [
    *(
        "contact_id",
        "household",
        "home",
        "vehicle_id",
        "planned_on",
        "also_vehicle_ids",
        "channel",
        "script",
        "status",
    ),
    *("earliest_on", "latest_on", "pinned", "movable"),
]
COUNTING = ["contact_id", "household", "home", "channel", "planned_on", "movable"]
OPEN = [*NAMING, "purpose", "attempts", "touchpoint", "service_no"]


@dataclass(frozen=True)
class Calendar:
    """What the rules look at; see `planner.schedule.check` for live, pinned, movable and open.

    `contacts`: CONTACTS, every row, with `household` (what the customers table says, where it knows the
    customer), `home` (its number), `customer_known`, `purpose` (by touchpoint, from the cycle files;
    missing if in none) and the flags `pinned`, `movable`, `open`.
    `standing`: those that are live and have a day, by home, day and id. `customers`: CUSTOMERS, with `home`.
    `answers`: ANSWERS.
    """

    contacts: pd.DataFrame
    standing: pd.DataFrame
    customers: pd.DataFrame
    vehicles: pd.DataFrame
    settings: Settings
    planned_on_day: date | None
    channels: dict[str, list[str]]  # by touchpoint, from the cycle files: its own, and those instead of it
    answers: pd.DataFrame
    answered_since: frozenset[str]  # contacts that changed by an outcome after the plan was made
    kinds: dict[str, str]  # by touchpoint, from the cycle files: service, visit, lapsed, ...

    @cached_property
    def settled(self) -> pd.DataFrame:
        """Of `standing` those that the plan knew as they are; the next one looks to the others."""
        return self.standing[~self.standing["contact_id"].isin(self.answered_since)]

    @cached_property
    def movable(self) -> pd.DataFrame:
        return self.standing.loc[self.standing["movable"], MOVABLE]

    @cached_property
    def open(self) -> pd.DataFrame:
        return self.contacts.loc[self.contacts["open"], OPEN]

    @cached_property
    def spoken_of(self) -> pd.DataFrame:
        """The cars of which open contacts speak; a pinned one answers for its own, whoever is named too."""
        named = named_vehicles(self.open)
        return named[named["movable"] | (named["named"] == named["vehicle_id"])]


def report(rows: pd.DataFrame, say: Callable[[Any], str], wrong: Flags | None = None) -> Iterator[Row]:
    """A row of the report for every row, or every one that is wrong, with what `say` makes of it."""
    if wrong is not None:
        if not wrong.any():  # nearly always
            return
        rows = rows[wrong]
    for row in rows.itertuples(index=False):
        yield row.household, row.contact_id, say(row)  # type: ignore[misc]  # typed by _prepare


def number_of(contact_id: str, vehicle_id: str, touchpoint: str) -> str | None:
    """The number at the end of an id, "" if it has none, None if the id is not well made."""
    stem = f"{vehicle_id}/{touchpoint}"
    if contact_id == stem:
        return ""
    rest = contact_id.removeprefix(stem + "/")
    return rest if rest != contact_id and rest.isdecimal() else None


def numbers_of(rows: pd.DataFrame) -> list[str | None]:
    """`number_of` every row."""
    columns = (rows[name].tolist() for name in ("contact_id", "vehicle_id", "touchpoint"))
    return [number_of(*ids) for ids in zip(*columns, strict=True)]


def named_vehicles(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a vehicle that a contact speaks of, in `named`: its own and those that it names as well."""
    rows = rows[NAMING]
    own = rows.assign(named=rows["vehicle_id"])
    others = rows[rows["also_vehicle_ids"].notna()]
    others = others.assign(named=others["also_vehicle_ids"].str.split(",")).explode("named")
    others["named"] = others["named"].astype("str").str.strip()
    return pd.concat([own, others[others["named"] != ""]])


def out_before(rows: pd.DataFrame, vehicles: pd.Series, said: pd.DataFrame) -> Flags:
    """Which rows had been handed out for a day before the planner heard the answers about their vehicles?"""
    heard = said.groupby("vehicle_id")["recorded_on"].max().reindex(vehicles).to_numpy()
    return (~rows["movable"] & (rows["planned_on"] < heard)).to_numpy(dtype=bool)


def distinct_days(rows: pd.DataFrame) -> list[date]:
    """The days on which something is planned."""
    return [day.date() for day in rows["planned_on"].drop_duplicates()]


def falls_on(rows: pd.DataFrame, days: Iterable[date]) -> pd.Series[bool]:
    """Which rows are planned on one of the days."""
    return rows["planned_on"].isin([pd.Timestamp(day) for day in days])


def too_close(rows: pd.DataFrame, gaps: npt.NDArray[np.int64]) -> Iterator[Row]:
    """Pairs of a household that stand less than the smaller of their gaps apart, one of them movable.

    `rows` stand by household and day. Every row is compared with the next one, the one after, and so on,
    all rows at once. The smaller of two gaps is never above the first one's, so a row is through as soon
    as its own gap is passed; that the next one is far enough does not say so, for its gap may be smaller.
    """
    home = rows["home"].to_numpy()
    day = rows["planned_on"].to_numpy("datetime64[D]").astype(np.int64)
    movable = rows["movable"].to_numpy()
    first = np.arange(len(rows))
    step = 1
    while True:
        first = first[first + step < len(rows)]
        apart = day[first + step] - day[first]
        near = (home[first + step] == home[first]) & (apart < gaps[first])
        first, apart = first[near], apart[near]
        if not len(first):
            return
        second = first + step
        bad = (apart < gaps[second]) & (movable[first] | movable[second])
        step += 1
        if not bad.any():
            continue
        early, late = first[bad], second[bad]
        other = rows.iloc[np.where(movable[late], early, late)]
        pairs = rows.iloc[np.where(movable[late], late, early)].assign(
            days=apart[bad],
            least=np.minimum(gaps[early], gaps[late]),
            other_id=other["contact_id"].to_numpy(),
            other_on=other["planned_on"].to_numpy(),
        )
        yield from report(
            pairs,
            lambda row: (
                f"{row.channel} on {row.planned_on:%Y-%m-%d}, {row.days} days from {row.other_id} on "
                f"{row.other_on:%Y-%m-%d}; at least {row.least}"
            ),
        )


def over_cap(rows: pd.DataFrame, cap_days: int, most: int, what: str) -> Iterator[Row]:
    """Runs of `cap_days` consecutive days with more than `most` rows of a household, one of them movable.

    `rows` stand by household and day. A run that is too full stays so if it is made to end with its last
    contact, so only the runs that end with a contact are counted: by binary search over one key of
    household and day, in which households lie more than a run apart.
    """
    if rows.empty:
        return
    day = rows["planned_on"].to_numpy("datetime64[D]").astype(np.int64)
    movable = rows["movable"].to_numpy()
    key = rows["home"].to_numpy() * (np.ptp(day) + cap_days + 1) + day
    begin = np.searchsorted(key, key - cap_days, side="right")
    end = np.searchsorted(key, key, side="right")
    movables = np.concatenate([[0], np.cumsum(movable)])
    last_movable = np.maximum.accumulate(np.where(movable, np.arange(len(rows)), -1))[end - 1]
    over = (end - begin > most) & (movables[end] > movables[begin])
    if not over.any():
        return
    # Runs overlap: each movable contact is named once, for the first run that it is the last of.
    ends = np.flatnonzero(over)
    _, once = np.unique(last_movable[ends], return_index=True)
    ends = ends[once]
    runs = rows.iloc[last_movable[ends]].assign(
        touches=(end - begin)[ends],
        first=rows["planned_on"].to_numpy()[begin[ends]],
        last=rows["planned_on"].to_numpy()[ends],
    )
    yield from report(
        runs,
        lambda row: (
            f"{row.touches} {what} from {row.first:%Y-%m-%d} to {row.last:%Y-%m-%d}; "
            f"at most {most} in {cap_days} days"
        ),
    )


def overloaded(calls: pd.DataFrame, limit: int, whose: str) -> Iterator[Row]:
    """Days with more calls than the limit (0 is none), one of them movable."""
    if limit == 0:
        return
    load = calls["planned_on"].value_counts()
    load = load[load > limit]
    crowd = calls[calls["planned_on"].isin(load.index) & calls["movable"]]
    crowd = crowd.sort_values(["planned_on", "priority", "contact_id"])
    yield from report(
        crowd.drop_duplicates("planned_on", keep="last"),
        lambda row: f"{load[row.planned_on]} calls on {row.planned_on:%Y-%m-%d}; {whose} makes {limit}",
    )
