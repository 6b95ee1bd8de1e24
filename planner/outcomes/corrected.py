"""Rows that came back and have been corrected since: the list that held them may be read again."""

from __future__ import annotations

import hashlib
from datetime import date

import pandas as pd

from planner.columns import typed
from planner.tables import RETURNED_ROWS

AS_WRITTEN = ("attempt", "outcome", "date", "odometer", "note")


def fingerprints(rows: pd.DataFrame) -> list[str]:
    """What tells a row from another row of its contact: the attempt, and the cells as they were written.

    Wherever it stands: a list may be sorted, or saved under another name.
    """
    texts = rows[list(AS_WRITTEN)].astype("str").fillna("")
    return [
        hashlib.sha256("\x1f".join(row).encode()).hexdigest()
        for row in texts.itertuples(index=False, name=None)
    ]


def corrected(rows: pd.DataFrame, returned: pd.DataFrame, answers: pd.DataFrame) -> pd.Series[bool]:
    """Which rows came back before as they are, and whose contact has been answered since?

    rows: contact_id, AS_WRITTEN; returned: RETURNED_ROWS; answers: ANSWERS.
    """
    keys = pd.MultiIndex.from_arrays([rows["contact_id"], fingerprints(rows)])
    then = returned.set_index(["contact_id", "fingerprint"])["answers"].reindex(keys).astype("float64")
    now = answers.groupby("contact_id").size().reindex(rows["contact_id"]).fillna(0)
    return pd.Series(now.to_numpy() > then.to_numpy(), rows.index)


def to_keep(rows: pd.DataFrame, answers: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The rows that come back as RETURNED_ROWS; of those without a contact id nothing can be known later."""
    named = rows[rows["contact_id"].notna()]
    known = answers.groupby("contact_id").size().reindex(named["contact_id"]).fillna(0)
    kept = named[["contact_id"]].assign(
        fingerprint=fingerprints(named), answers=known.to_numpy(), returned_on=pd.Timestamp(as_of)
    )
    return typed(kept.drop_duplicates(["contact_id", "fingerprint"]), RETURNED_ROWS)
