"""What contacts brought: by touchpoint, channel, lead time and tactic, with intervals for small numbers.

How things count for contacts: planner.value.made. Against customers without contact:
planner.value.without_contact. In words: docs/success.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planner.columns import Column, Table, typed
from planner.dates import add_months, days
from planner.settings import CYCLES, Settings
from planner.tables import CHANNELS
from planner.value.clusters import Clusters, score_interval, share_interval
from planner.value.figures import notes
from planner.value.made import made_contacts, services_done
from planner.value.owned import Ints, Tables
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
    "scored": ("scored", "polled"),
    "promoters": ("promoters", "scores"),
    "detractors": ("detractors", "scores"),
}
NPS = "nps"  # of the answers to surveys: promoters less detractors
SUCCESS_BY = ("all", "touchpoint", "channel", "lead", "cycle", "tactic")
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
        Column("group", "text", "code of the touchpoint, channel, lead time, cycle, tactic; empty for all"),
        Column("result", "choice", "what is counted, see docs/success.md", choices=(*RESULTS, NPS)),
        Column("count", "int", "how many there were"),
        Column("out_of", "int", "out of how many; missing of contacts and issued, which are counts"),
        Column("share", "number", "count / out_of; of nps -1 to 1"),
        Column("low", "number", "lower end of its 95% interval (planner.value.clusters)"),
        Column("high", "number", "upper end"),
        Column("note", "text", "too_few (out of what fewer than 30 households had), no_data; empty if sound"),
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
        Column("note", "text", "too_few (fewer than 30 households on one side), no_data; empty if sound"),
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
    bring, see `_best_first`; the cycles and tactics of the settings are all there, also without a
    contact. Calls of which nobody said what came of them do not count. Source: our definitions
    (docs/success.md).

    A and B had an SMS about a service that was due on 6 October. A came.

    >>> from planner.cycle import load_cycles
    >>> from planner.value.example import AS_OF, tables_of
    >>> cars = {"A": ["2024-10-06", "2025-09-20"], "B": ["2024-10-06"]}
    >>> sms = [(car, "2025-09-01", "sms", "S1b", "2025-09-07") for car in "AB"]
    >>> touchpoints = load_cycles(Settings()).touchpoints
    >>> found = success(tables_of(cars, contacts=sms), touchpoints, Settings(), AS_OF).success
    >>> found.set_index(["by", "result"]).loc[("touchpoint", "visited"), ["count", "out_of"]].tolist()
    [1, 2]
    """
    since = window_start(settings, as_of)
    # A service that is due early in the window was spoken of before it.
    lead_days = max(0, -int(touchpoints["from_days"].min()))
    done = services_done(tables, as_of)
    made = made_contacts(tables, touchpoints, done, settings, as_of, since - lead_days)
    made_lately = made[days(made["on"]) > since]
    touchpoint, channel = (_codes(made_lately[name]) for name in ("touchpoint", "channel"))
    codes = list(made["touchpoint"].cat.categories)
    cycles = [name for name in settings.cycle_paths if name in CYCLES]
    tactics = [name for name in settings.cycle_paths if name not in CYCLES]
    part_of = pd.Index(touchpoints.set_index("id")["tactic"].reindex(codes))
    cycle_of, tactic_of = (
        pd.Index(names, dtype=object).get_indexer(part_of)[touchpoint] for names in (cycles, tactics)
    )
    everybody = np.zeros(len(made_lately), dtype="int64")
    counted = [
        _counted("all", everybody, [""], made_lately),
        _best_first(_counted("touchpoint", touchpoint, codes, made_lately)),
        _counted("channel", channel, CHANNELS, made_lately),
        _counted("lead", _lead(made_lately), list(LEADS), made_lately),
        _counted("cycle", cycle_of, cycles, made_lately),
        _counted("tactic", tactic_of, tactics, made_lately),
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


def _codes(values: pd.Series) -> Ints:
    return np.asarray(values.cat.codes, dtype=np.int64)


def _lead(made: pd.DataFrame) -> Ints:
    """The number of the band of LEADS in which each contact lies; -1: it is about no service."""
    due, on = days(made["due_on"]), days(made["on"])
    before = np.where(np.isnat(due), 0, (due - on).astype("int64"))
    firsts = -np.array(list(LEADS.values()))  # a band ends with its first day before
    return np.where(np.isnat(due), -1, np.searchsorted(firsts, -before))


def _counted(by: str, group: Ints, names: Sequence[str], made: pd.DataFrame) -> pd.DataFrame:
    """SUCCESS of one kind of group, in the order of the names; contacts without a group (-1) are left out.

    Channels and lead times without a contact have no row.
    """
    width, inside = len(names), np.flatnonzero(group >= 0)
    clusters = Clusters(group[inside], made["home"].to_numpy()[inside], width)
    columns = {name for pair in RESULTS.values() for name in pair if name} - {"one"}
    of = {column: clusters.sums(made[column].to_numpy()[inside]) for column in columns}
    of["one"] = clusters.sums(np.ones(len(inside)))
    total = {column: clusters.total(sums) for column, sums in of.items()}
    shown = np.arange(width) if by in ("all", "cycle", "tactic") else np.flatnonzero(total["one"])
    results = (*RESULTS, NPS)
    x, n, low, high, homes = np.full((5, width, len(results)), np.nan)
    for at, (count, out_of) in enumerate(RESULTS.values()):
        x[:, at] = total[count]
        if out_of:
            n[:, at] = total[out_of]
            spread = clusters.spread_of(of[count], of[out_of])
            low[:, at], high[:, at] = share_interval(x[:, at], n[:, at], spread)
            homes[:, at] = spread.households
    x[:, -1], n[:, -1] = total["promoters"] - total["detractors"], total["scores"]
    spread = clusters.spread_of(of["promoters"] - of["detractors"], of["scores"])
    said = total["promoters"] + total["detractors"]  # the squares of 1, 0 and -1
    low[:, -1], high[:, -1] = score_interval(x[:, -1], n[:, -1], said, spread)
    homes[:, -1] = spread.households
    x, n, low, high, homes = (each[shown].ravel() for each in (x, n, low, high, homes))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = x / n
    return pd.DataFrame(
        {
            "by": by,
            "group": np.repeat(np.array(names, dtype=object)[shown], len(results)),
            "result": np.tile(results, len(shown)),
            "count": x,
            "out_of": n,
            "share": share,
            "low": low,
            "high": high,
            "note": np.where(np.isnan(n), "", notes(homes)),
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
