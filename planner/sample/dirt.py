"""Rows that an import must reject, each with one thing wrong, laid between the clean ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.errors import IssueCode
from planner.sample.assumptions import number
from planner.sample.draw import generator, pick

PLANTED = ["table", "row", "column", "code", "rejected"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong: the column, what stands in it instead, and the code that an import gives."""

    column: str
    text: str | None
    code: IssueCode


IMPOSSIBLE = "{year}-02-30"

FLAWS = {
    "customers": (
        Flaw("name", None, IssueCode.MISSING),
        Flaw("birthday", "1987-02-30", IssueCode.BAD_DATE),
    ),
    "vehicles": (
        Flaw("purchased_on", IMPOSSIBLE, IssueCode.BAD_DATE),
        Flaw("customer_id", "C999", IssueCode.UNKNOWN_CUSTOMER),
        Flaw("odometer_at_purchase_km", "see invoice", IssueCode.BAD_NUMBER),
    ),
    "visits": (
        Flaw("visited_on", IMPOSSIBLE, IssueCode.BAD_DATE),
        Flaw("vehicle_id", "0UNKNOWN", IssueCode.UNKNOWN_VEHICLE),
        Flaw("odometer_km", "see invoice", IssueCode.BAD_NUMBER),
    ),
    "readings": (
        Flaw("read_on", IMPOSSIBLE, IssueCode.BAD_DATE),
        Flaw("vehicle_id", "0UNKNOWN", IssueCode.UNKNOWN_VEHICLE),
        Flaw("odometer_km", "about 40 thousand", IssueCode.BAD_NUMBER),
    ),
    "surveys": (
        Flaw("asked_on", IMPOSSIBLE, IssueCode.BAD_DATE),
        Flaw("customer_id", "C999", IssueCode.UNKNOWN_CUSTOMER),
        Flaw("score", "good", IssueCode.BAD_NUMBER),
    ),
    "offers": (
        Flaw("issued_on", IMPOSSIBLE, IssueCode.BAD_DATE),
        Flaw("customer_id", "C999", IssueCode.UNKNOWN_CUSTOMER),
        Flaw("offer_id", None, IssueCode.MISSING),
    ),
}

# A dirty row has its own key, so that nothing but its flaw is wrong with it.
KEYS = {"customers": "customer_id", "vehicles": "vehicle_id", "visits": "visit_id", "offers": "offer_id"}

# What an import says of values that are wrong in rows that stay; of typing errors it cannot say anything.
CODES = {"phone": IssueCode.BAD_PHONE}


def with_dirt(table: str, clean: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with dirty ones between them, and what is wrong where: table, row, column, code, rejected.

    A column `mistake` of the clean rows names the column that is wrong in a row that stays. Rows are
    numbered as a spreadsheet does: the header is row 1.
    """
    rng = generator(seed, f"dirt.{table}")
    count = max(round(len(clean) * number("dirty_rows")), 1) if len(clean) else 0
    dirty = clean.iloc[rng.integers(max(len(clean), 1), size=count)].assign(
        mistake=None, code=None, at=rng.random(count) * len(clean)
    )
    flaws = pick(rng, FLAWS[table], count)
    if table in KEYS:
        dirty[KEYS[table]] = [f"X{n + 1:06d}" for n in range(count)]
    day = next((flaw.column for flaw in FLAWS[table] if flaw.text == IMPOSSIBLE), None)
    for flaw in FLAWS[table]:
        here = np.array([each is flaw for each in flaws], dtype=bool)
        text = dirty.loc[here, day].str[:4] + "-02-30" if flaw.column == day else flaw.text
        dirty.loc[here, flaw.column] = text
        dirty.loc[here, ["mistake", "code"]] = [flaw.column, flaw.code.value]
    if "mistake" not in clean:
        clean = clean.assign(mistake=None)
    clean = clean.assign(code=clean["mistake"].map(CODES), at=np.arange(len(clean)))
    rows = pd.concat([clean, dirty], ignore_index=True).astype({"mistake": "str", "code": "str"})
    rows["rejected"] = np.arange(len(rows)) >= len(clean)
    rows = rows.sort_values("at", kind="stable", ignore_index=True)
    wrong = rows[rows["mistake"].notna()]
    planted = pd.DataFrame(
        {
            "table": table,
            "row": wrong.index + 2,
            "column": wrong["mistake"],
            "code": wrong["code"],
            "rejected": wrong["rejected"],
        }
    )
    return rows.drop(columns=["mistake", "code", "at", "rejected"]), planted.reset_index(drop=True)
