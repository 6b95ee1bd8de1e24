"""What single columns cannot show: rows that repeat a key, name somebody unknown, or precede the purchase."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.errors import IssueCode
from planner.intake.check import Checked, Terms
from planner.intake.headers import Block
from planner.intake.read import Mask
from planner.intake.shape import ambiguous
from planner.intake.values import AmbiguousDatesError, clean, read_dates
from planner.intake.words import fold
from planner.tables import VISITS

UNKNOWN = {"customers": IssueCode.UNKNOWN_CUSTOMER, "vehicles": IssueCode.UNKNOWN_VEHICLE}


def check_references(
    item: Checked, known: dict[str, frozenset[str]], refused: dict[str, frozenset[str]]
) -> None:
    """Rejects rows that name a customer or vehicle neither in this import nor in the store.

    `known` and `refused` hold the ids by table; refused are those whose own rows were rejected.
    Issue codes: unknown-customer, unknown-vehicle.
    """
    for column in item.block.table.columns:
        table = column.refers_to
        if not table or column.name not in item.block.text:
            continue
        ids, own = item.frame[column.name], refused[table]
        unknown = (ids.notna() & ~ids.isin(known[table])).to_numpy()
        one, is_ = table.removesuffix("s"), "who is" if table == "customers" else "which is"

        def message(
            i: int, ids: pd.Series = ids, own: frozenset[str] = own, start: str = one, is_: str = is_
        ) -> str:
            name = str(ids.iloc[i])
            why = "whose own row is rejected" if name in own else f"{is_} in no file and not in the store"
            return f"{start} {name}, {why}"

        item.note(unknown, column.name, UNKNOWN[table], message)


def one_row_a_key(items: list[Checked], terms: Terms) -> None:
    """Of the rows of one file with one key the first counts, or the newest where a mapping says so.

    A row that says the same again is silently one with the first. One that says something else is
    rejected (issue code: duplicate), unless the mapping says by which day the newest is found.
    """
    every = pd.concat([item.frame[item.good] for item in items], ignore_index=True)
    key = list(items[0].block.table.key)
    if not every.duplicated(key).any():
        return
    owner = np.repeat(np.arange(len(items)), [int(item.good.sum()) for item in items])
    place = np.concatenate([np.flatnonzero(item.good) for item in items])
    if "services" in every:
        every["services"] = united(every, key)
        for number, item in enumerate(items):
            rows = item.frame.index[place[owner == number]]
            item.frame.loc[rows, "services"] = every.loc[owner == number, "services"].to_numpy()
    if any(item.block.newest_by for item in items):
        day = np.concatenate([_newest_by(item.block, terms)[item.good] for item in items])
        order = np.lexsort((np.arange(len(every)), day))
        again = np.zeros(len(every), dtype=bool)
        again[order] = every.iloc[order].duplicated(key, keep="last").to_numpy()
        differs = np.zeros(len(every), dtype=bool)
    else:
        again = every.duplicated(key).to_numpy()
        differs = again & _differs_from_first(every, key)
    for number, item in enumerate(items):
        hit = np.zeros(len(item.good), dtype=bool)
        hit[place[(owner == number) & differs]] = True
        ids = item.frame[key[0]]

        def message(i: int, ids: pd.Series = ids) -> str:
            return f"{ids.iloc[i]} stands in this file before, with other values; the first row counts"

        item.note(hit, key[0], IssueCode.DUPLICATE, message)
        item.good[place[(owner == number) & again]] = False


def united(every: pd.DataFrame, key: list[str]) -> pd.Series:
    """The services of all rows of a key together: exports may have a row for each line of a repair order."""
    services = every["services"]
    repeated = every.duplicated(key, keep=False)
    several = repeated & services.notna()
    if not several.any():
        return services
    together = services[several].groupby([every.loc[several, name] for name in key]).agg(",".join)
    named = together.map(lambda codes: ",".join(filter(None, dict.fromkeys(codes.split(",")))))
    at = pd.MultiIndex.from_frame(every[key]) if len(key) > 1 else pd.Index(every[key[0]])
    found = pd.Series(named.reindex(at).to_numpy(), every.index, dtype="str")
    return services.where(~repeated, found)


def _differs_from_first(every: pd.DataFrame, key: list[str]) -> Mask:
    repeated = every[every.duplicated(key, keep=False)]
    group = repeated.groupby(key, sort=False).ngroup().to_numpy()
    _, first = np.unique(group, return_index=True)
    firsts = repeated.iloc[first[group]].set_axis(repeated.index)
    same = (repeated == firsts) | (repeated.isna() & firsts.isna())
    differs = np.zeros(len(every), dtype=bool)
    differs[repeated.index] = ~same.fillna(False).to_numpy(dtype=bool).all(axis=1)
    return differs


def _newest_by(block: Block, terms: Terms) -> npt.NDArray[np.int64]:
    """Each row's day as a number; no day is the oldest."""
    name = fold(block.newest_by)
    text = clean(block.sheet.cells[block.sheet.folded.index(name)]) if name in block.sheet.folded else None
    if text is None:
        return np.zeros(len(block.at), dtype="int64")
    try:
        days = read_dates(text, terms.order, terms.as_of).values
    except AmbiguousDatesError as example:
        raise ambiguous(block.sheet, block.newest_by, str(example)) from None
    return days.iloc[block.at].to_numpy().astype("datetime64[D]").astype("int64")


def note_before_purchase(item: Checked, purchases: pd.Series) -> None:
    """An issue for each visit or reading from before its car was bought (before-purchase); it is kept.

    `purchases`: vehicle_id -> purchased_on, of the vehicles of this import.
    """
    name = "visited_on" if item.block.table is VISITS else "read_on"
    day, cars = item.frame[name], item.frame["vehicle_id"]
    bought = purchases.reindex(cars).set_axis(cars.index)
    early = (day < bought).to_numpy() & item.good

    def message(i: int) -> str:
        when, purchase = _day(day.iloc[i]), _day(bought.iloc[i])
        return f"{when} is before the purchase on {purchase}; the row is kept"

    item.note(early, name, IssueCode.BEFORE_PURCHASE, message)


def _day(moment: pd.Timestamp) -> date:
    return moment.date()
