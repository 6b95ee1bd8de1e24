"""What contacts brought: by touchpoint, channel, lead time and tactic, with intervals for small numbers.

How things count for contacts: planner.value.made. Against customers without contact:
planner.value.without_contact. In words: docs/success.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planner.dates import add_months, days
from planner.settings import CYCLES, Settings
from planner.tables import CHANNELS, Column, Table, typed
from planner.value.book import Ints, Tables
from planner.value.figures import Floats, notes, wilson
from planner.value.made import made_contacts
from planner.value.without_contact import WHY, against

# What is told of each group: what is counted and out of what, columns of planner.value.made; "": no share.
RESULTS = {
    "contacts": ("one", ""),
    "reached": ("reached", "answered"),
    "booked": ("booked", "asked"),
    "visited": ("visited", "awaited"),
    "issued": ("issued", ""),
    "offered": ("offered", "offering"),
    "redeemed": ("redeemed", "judged"),
    "complained": ("complained", "answered"),
    "opted_out": ("opted_out", "one"),
}
SUCCESS_BY = ("all", "touchpoint", "channel", "lead", "tactic")
# Days from the contact to the day on which the service is due, from the first one on: 57 and more, 29 to 56.
LEADS = {
    "before_57": 57,
    "before_29": 29,
    "before_15": 15,
    "before_1": 1,
    "after_0": -14,
    "after_15": -(2**30),
}

SUCCESS = Table(
    "success",
    "one row a group of contacts and what is told of them; the touchpoint that brings most first",
    ("by", "group", "result"),
    (
        Column("by", "choice", "what the groups are", choices=SUCCESS_BY),
        Column("group", "text", "code of the touchpoint, channel, lead time, tactic; empty for all"),
        Column("result", "choice", "what is counted, see docs/success.md", choices=tuple(RESULTS)),
        Column("count", "int", "how many there were"),
        Column("out_of", "int", "out of how many; missing of contacts and issued, which are counts"),
        Column("share", "number", "count / out_of"),
        Column("low", "number", "lower end of its 95% interval (Wilson)"),
        Column("high", "number", "upper end"),
        Column("note", "text", "too_few (out of fewer than 30), no_data; empty if sound"),
    ),
)

WITHOUT_CONTACT = Table(
    "without_contact",
    "one row a reason why customers were not contacted about a service; all is the first",
    ("why",),
    (
        Column("why", "choice", "why nobody spoke of the service, see docs/success.md", choices=WHY),
        Column("contacted", "int", "services about which somebody was contacted, due in the same months"),
        Column("contacted_came", "int", "of them, those that were done here"),
        Column("contacted_share", "number", "contacted_came / contacted"),
        Column("others", "int", "services about which nobody was"),
        Column("others_came", "int", "of them, those that were done here"),
        Column("others_share", "number", "others_came / others"),
        Column("difference", "number", "contacted_share - others_share; no proof that contacts made it"),
        Column("low", "number", "lower end of its 95% interval (Newcombe)"),
        Column("high", "number", "upper end"),
        Column("note", "text", "too_few (fewer than 30 on one side), no_data; empty if sound"),
    ),
)


@dataclass(frozen=True)
class Success:
    """success: SUCCESS. without_contact: WITHOUT_CONTACT."""

    success: pd.DataFrame
    without_contact: pd.DataFrame


def success(tables: Tables, touchpoints: pd.DataFrame, settings: Settings, as_of: date) -> Success:
    """What the contacts of the last settings.value.rate_window_months brought, and against no contact.

    tables: customers, vehicles, visits, contacts, outcomes, offers of planner.pipeline.stored_tables;
    touchpoints: of planner.cycle. The order of their rows changes nothing. Touchpoints stand by what they
    bring, see `_best_first`; the tactics of the settings are all there, also without a contact.
    """
    since = np.datetime64(add_months(np.datetime64(as_of), -settings.value.rate_window_months).item(), "D")
    # A service that is due early in the window was spoken of before it.
    lead_days = max(0, -int(touchpoints["from_days"].min()))
    made = made_contacts(tables, touchpoints, settings, as_of, since - lead_days)
    recent = made[days(made["on"]) > since].assign(one=1)
    tactics = [name for name in settings.cycle_paths if name not in CYCLES]
    counted = [
        _counted("all", np.zeros(len(recent), dtype="int64"), [""], recent),
        _best_first(_counted("touchpoint", *_coded(recent["touchpoint"]), recent)),
        _counted("channel", *_coded(recent["channel"], CHANNELS), recent, only_there=True),
        _counted("lead", _lead(recent), list(LEADS), recent, only_there=True),
        _counted("tactic", *_coded(recent["tactic"], tactics), recent),
    ]
    return Success(
        success=typed(pd.concat(counted, ignore_index=True), SUCCESS),
        without_contact=typed(against(tables, touchpoints, made, settings, as_of, since), WITHOUT_CONTACT),
    )


def _coded(values: pd.Series, names: object = None) -> tuple[Ints, list[str]]:
    """The number of each value among the names (-1: in none), and the names; all that there are if none."""
    codes, there = pd.factorize(values, sort=True)
    listed = list(there) if names is None else list(names)  # type: ignore[call-overload]
    return np.append(pd.Index(listed, dtype=object).get_indexer(pd.Index(there)), -1)[codes], listed


def _lead(made: pd.DataFrame) -> Ints:
    """The number of the band of LEADS in which each contact lies; -1: it is about no service."""
    due, on = days(made["due_on"]), days(made["on"])
    before = np.where(np.isnat(due), 0, (due - on).astype("int64"))
    band = np.argmax(before[:, None] >= np.array(list(LEADS.values())), axis=1)
    return np.where(np.isnat(due), -1, band)


def _counted(
    by: str, codes: Ints, names: list[str], made: pd.DataFrame, only_there: bool = False
) -> pd.DataFrame:
    """SUCCESS of one kind of group, in the order of the names; contacts without a group are left out."""
    inside = codes >= 0

    def total(column: str) -> Floats:
        values = made[column].to_numpy(dtype="float64")[inside]
        return np.bincount(codes[inside], values, minlength=len(names)).astype("float64")

    shown = np.flatnonzero(total("one") > 0) if only_there else np.arange(len(names))
    nothing = np.full(len(names), np.nan)
    pairs = [(total(count), total(out_of) if out_of else nothing) for count, out_of in RESULTS.values()]
    x, n = (np.array([pair[side] for pair in pairs])[:, shown].T.ravel() for side in (0, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = x / n
    low, high = wilson(x, n)
    return pd.DataFrame(
        {
            "by": by,
            "group": np.repeat(np.array(names, dtype=object)[shown], len(RESULTS)),
            "result": np.tile(list(RESULTS), len(shown)),
            "count": x,
            "out_of": n,
            "share": share,
            "low": low,
            "high": high,
            "note": np.where(np.isnan(n), "", notes(n)),
        }
    )


def _best_first(found: pd.DataFrame) -> pd.DataFrame:
    """Touchpoints by the lower end of what they bring: the visits, else the bookings; too few come last.

    The lower end, as with few contacts a high share may be luck.
    """
    sound = found["low"].where(found["note"].eq(""))
    by_result = found.assign(sound=sound).pivot(index="group", columns="result", values="sound")
    number = found[found["result"].eq("contacts")].set_index("group")["count"]
    keys = by_result.reindex(columns=["visited", "booked"]).assign(contacts=number).reset_index()
    keys = keys.sort_values(
        ["visited", "booked", "contacts", "group"], ascending=[False, False, False, True], na_position="last"
    )
    place = pd.Series(np.arange(len(keys)), keys["group"].to_numpy())
    at = found["group"].map(place)
    return found.assign(at=at).sort_values("at", kind="stable", ignore_index=True).drop(columns="at")
