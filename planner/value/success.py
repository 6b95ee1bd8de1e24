"""What contacts brought: by touchpoint, channel, lead time and tactic, with intervals for small numbers.

How things count for contacts: planner.value.made. Against customers without contact:
planner.value.without_contact. In words: docs/success.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from planner.dates import add_months, days
from planner.settings import CYCLES, Settings
from planner.tables import CHANNELS, Column, Table, typed
from planner.value.book import Bools, Ints, Tables
from planner.value.figures import Floats, notes, wilson
from planner.value.made import made_contacts, services_done
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
    since = window_start(settings, as_of)
    # A service that is due early in the window was spoken of before it.
    lead_days = max(0, -int(touchpoints["from_days"].min()))
    done = services_done(tables, as_of)
    made = made_contacts(tables, touchpoints, done, settings, as_of, since - lead_days)
    cells = _cells(made, days(made["on"]) > since)
    codes = list(made["touchpoint"].cat.categories)
    tactics = [name for name in settings.cycle_paths if name not in CYCLES]
    tactic = touchpoints.set_index("id")["tactic"].reindex(codes)
    tactic_of = pd.Index(tactics, dtype=object).get_indexer(pd.Index(tactic))[cells["touchpoint"]]
    counted = [
        _counted("all", cells["channel"] * 0, [""], cells),
        _best_first(_counted("touchpoint", cells["touchpoint"], codes, cells)),
        _counted("channel", cells["channel"], CHANNELS, cells),
        _counted("lead", cells["lead"], list(LEADS), cells),
        _counted("tactic", tactic_of, tactics, cells),
    ]
    return Success(
        success=typed(pd.concat(counted, ignore_index=True), SUCCESS),
        without_contact=typed(
            against(tables, touchpoints, done, made, settings, as_of, since), WITHOUT_CONTACT
        ),
    )


def window_start(settings: Settings, as_of: date) -> np.datetime64:
    """The day before the first one that counts."""
    return np.datetime64(add_months(np.datetime64(as_of), -settings.value.rate_window_months).item(), "D")


def _cells(made: pd.DataFrame, recent: Bools) -> dict[str, Any]:
    """The recent contacts added up by touchpoint, channel and lead time: numbers of these, and the sums."""
    codes = (made["touchpoint"].cat.codes, made["channel"].cat.codes, _lead(made) + 1)
    shape = (len(made["touchpoint"].cat.categories), len(CHANNELS), len(LEADS) + 1)
    cell = np.ravel_multi_index(tuple(np.asarray(each, "int64")[recent] for each in codes), shape)
    touchpoint, channel, lead = (places.ravel() for places in np.indices(shape))
    sums = {"one": np.bincount(cell, minlength=len(channel))}
    for column in {name for pair in RESULTS.values() for name in pair if name} - {"one"}:
        values = made[column].to_numpy()[recent]
        there = np.flatnonzero(values)
        sums[column] = np.bincount(cell[there], values[there], len(channel))
    return {"touchpoint": touchpoint, "channel": channel, "lead": lead - 1, **sums}


def _lead(made: pd.DataFrame) -> Ints:
    """The number of the band of LEADS in which each contact lies; -1: it is about no service."""
    due, on = days(made["due_on"]), days(made["on"])
    before = np.where(np.isnat(due), 0, (due - on).astype("int64"))
    firsts = -np.array(list(LEADS.values()))  # a band ends with its first day before
    return np.where(np.isnat(due), -1, np.searchsorted(firsts, -before))


def _counted(by: str, group: Ints, names: Sequence[str], cells: dict[str, Any]) -> pd.DataFrame:
    """SUCCESS of one kind of group, in the order of the names; cells without a group (-1) are left out.

    Channels and lead times without a contact have no row.
    """
    inside = group >= 0

    def total(column: str) -> Floats:
        return np.bincount(group[inside], cells[column][inside], len(names)).astype("float64")

    keep_all = by in ("all", "tactic")
    shown = np.arange(len(names)) if keep_all else np.flatnonzero(total("one"))
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
