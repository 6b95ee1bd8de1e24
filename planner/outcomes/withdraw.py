"""An answer is taken back: the contacts are what they would be had nobody given it. docs/decisions/0013."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from planner.columns import typed
from planner.errors import InputError
from planner.outcomes.standing import changed_by
from planner.settings import Settings
from planner.tables import BEFORE, CONTACTS


@dataclass(frozen=True)
class Withdrawn:
    """answer: the row of ANSWERS that is taken back. contacts: CONTACTS, the rows that change, whole.

    gone: the rows of CONTACTS that only a plan after the answer has made. before: the rows of BEFORE that
    were kept for it; before_others: those of later answers, as they would have been without this one.
    """

    answer: pd.DataFrame
    gone: pd.DataFrame
    before: pd.DataFrame
    before_others: pd.DataFrame
    contacts: pd.DataFrame


def withdraw(
    contact_id: str, tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date
) -> Withdrawn:
    """Takes back the last answer of a contact; said again, the one before it.

    tables, as stored: contacts, contacts_before, outcomes, customers, vehicles, visits, forecasts;
    touchpoints. The contacts of the household are as they were before, whatever plans have made of them,
    but for what other answers say; what has been answered or handed out itself since then stays.
    Raises InputError for a contact of which no answer is recorded.
    """
    answers, contacts = tables["outcomes"], tables["contacts"]
    mine = answers[answers["contact_id"] == contact_id].sort_values("attempt")
    if mine.empty:
        raise InputError(f"--withdraw {contact_id}: no outcome is recorded of a contact with this id")
    answer = mine.tail(1)
    left = answers.drop(index=answer.index)
    before = tables["contacts_before"]
    before = before[(before["answered"] == contact_id) & (before["attempt"] == answer["attempt"].iloc[0])]
    own = before[before["contact_id"] == contact_id]
    home = contacts[contacts["household_id"].isin(answer["household_id"]) & ~_is_fixed(contacts)]
    gone = home[~home["contact_id"].isin([contact_id, *before["contact_id"]])]
    if own.empty:
        gone = gone.head(0)
        own = _as_listed(contacts[contacts["contact_id"] == contact_id], mine)
    others = before[~before["contact_id"].isin([contact_id, *left["contact_id"]])]
    back = pd.concat([typed(own, CONTACTS), _others(contacts, typed(others, CONTACTS))])
    rest = contacts[~contacts["contact_id"].isin([*back["contact_id"], *gone["contact_id"]])]
    rows = pd.concat([rest, back], ignore_index=True)
    changed = changed_by(rows, set(back["contact_id"]), left, tables, settings, as_of)
    return Withdrawn(
        answer, gone, before, _of_later(before, answer, left, tables["contacts_before"]), changed
    )


def _of_later(
    before: pd.DataFrame, answer: pd.DataFrame, left: pd.DataFrame, kept: pd.DataFrame
) -> pd.DataFrame:
    """What later answers of the household must bring back as well: what fell away or ended by this one."""
    later = left["household_id"].isin(answer["household_id"])
    later &= left["recorded_on"] >= answer["recorded_on"].iloc[0]
    keys = left.loc[later, ["contact_id", "attempt"]].rename(columns={"contact_id": "answered"})
    keys = keys.merge(kept[["answered", "attempt"]].drop_duplicates())
    grown = before.drop(columns=["answered", "attempt"]).merge(keys, how="cross")
    stood = pd.MultiIndex.from_frame(kept.loc[kept["status"] != "cancelled", list(BEFORE.key)])
    return typed(grown[~pd.MultiIndex.from_frame(grown[list(BEFORE.key)]).isin(stood)], BEFORE)


def _others(contacts: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """The other contacts as they were, but for those that were done or handed out since."""
    now = contacts.set_index("contact_id").reindex(before["contact_id"])
    since = now["handed_out_on"].notna().to_numpy() & before["handed_out_on"].isna().to_numpy()
    return before[~since & now["status"].notna().to_numpy() & (now["status"] != "done").to_numpy()]


def _is_fixed(contacts: pd.DataFrame) -> pd.Series[bool]:
    """Which contacts were done, handed out or tried?"""
    out = contacts["handed_out_on"].notna() | contacts["attempts"].fillna(0).gt(0)
    return contacts["status"].eq("done") | out


def _as_listed(contact: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """A contact whose state before its last answer nobody has kept: as it stands in a list, to be called."""
    said = answers["said_on"].iloc[-1]
    tried = answers.iloc[:-1]
    promised = tried["for_on"].where(tried["outcome"] == "callback").tail(1)
    open_again = contact.drop(columns=["outcome", "outcome_at", "callback_on"]).assign(
        status="planned",
        reason="pinned",
        planned_on=said,
        handed_out_on=contact["handed_out_on"].fillna(said),
        attempts=len(tried),
    )
    return typed(open_again.assign(callback_on=promised.iloc[0]) if len(promised) else open_again, CONTACTS)
