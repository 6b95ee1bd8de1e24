"""Does a calendar keep every hard rule? The second opinion, which shares no code with the placement.

One function a rule, listed in `RULES`. Each takes the prepared `Calendar` and yields a row for every
place where the calendar breaks the rule. Weekdays, holidays, purposes and consents are worked out here
once more, by other means than where the calendar was made, so that one mistake cannot hide the other.

What counts, rule by rule:

    live      planned, standby and done contacts that have a day: they hold their place
    pinned    done, tried, promised, handed out or with an outcome: nobody moves them any more
    movable   live and not pinned: the planner answers for these
    open      planned or standby and still to be made: not done, and not handed out for a day that is past

The rules of the calendar (gaps, caps, windows, days, capacity) are broken only where a movable contact
takes part: two calls that were both made last month, ten days apart, are history, and no plan can heal
them; a movable contact that stands too close to one of them is the planner's mistake. What people have
said (no to a channel, no contact at all) and cars that are gone bind every open contact, also one that is
handed out: it is to be withdrawn. Where they have said nothing, the settings' policy binds what is
movable. The rules of the records (codes, ids, households) hold for every row.
"""

from __future__ import annotations

import csv
from datetime import date

import numpy as np
import pandas as pd

from planner.columns import empty
from planner.errors import SettingsError
from planner.schedule.evidence import STANDING, Calendar
from planner.schedule.invariants import RULES
from planner.settings import Settings
from planner.tables import ANSWERS, LIVE_STATUSES

__all__ = ["RULES", "violations"]


def violations(
    contacts: pd.DataFrame,
    customers: pd.DataFrame,
    vehicles: pd.DataFrame,
    settings: Settings,
    planned_on_day: date | None,
    answers: pd.DataFrame | None = None,
    answered_since: frozenset[str] = frozenset(),
) -> pd.DataFrame:
    """Every place where the calendar breaks a hard rule; no row means that it keeps them all.

    In: CONTACTS, CUSTOMERS with household_id, VEHICLES; `planned_on_day` is the as-of day of the plan,
    None if unknown (then nothing is judged as too early or past); ANSWERS, what callers were told;
    `answered_since`, contacts that changed by an outcome since then: others do not keep clear of them yet.
    Out: rule, household_id, contact_id, message; by rule in the order of `RULES`, household and contact.
    A rule about two contacts names the movable one of them, the later if both are; a cap the last movable
    contact within the days; a capacity the least urgent movable call of the day.
    Raises SettingsError for a cycle file that cannot be read.
    """
    answers = empty(ANSWERS) if answers is None else answers
    calendar = _prepare(contacts, customers, vehicles, settings, planned_on_day, answers, answered_since)
    found = [(order, *row) for order, rule in enumerate(RULES) for row in rule(calendar)]
    frame = pd.DataFrame(found, columns=["order", "household_id", "contact_id", "message"])
    frame = frame.astype({"household_id": "str", "contact_id": "str", "message": "str"})
    frame = frame.sort_values(["order", "household_id", "contact_id", "message"], ignore_index=True)
    names = dict(enumerate(rule.__name__.replace("_", "-") for rule in RULES))
    frame.insert(0, "rule", frame.pop("order").map(names).astype("str"))
    return frame


def _prepare(
    contacts: pd.DataFrame,
    customers: pd.DataFrame,
    vehicles: pd.DataFrame,
    settings: Settings,
    planned_on_day: date | None,
    answers: pd.DataFrame,
    answered_since: frozenset[str],
) -> Calendar:
    of_customer = pd.Index(customers["customer_id"])
    firsts = ~of_customer.duplicated()
    at = of_customer[firsts].get_indexer(contacts["customer_id"])
    known = at >= 0
    strays = contacts.loc[~known, ["household_id", "customer_id", "contact_id"]].bfill(axis=1)["household_id"]
    households = customers["household_id"].fillna(customers["customer_id"])
    numbers, names = pd.factorize(pd.concat([households, strays], ignore_index=True), use_na_sentinel=False)
    of_customers, of_strays = np.split(numbers, [len(customers)])
    home = np.empty(len(contacts), dtype=np.int64)
    home[known] = of_customers[firsts][at[known]]
    home[~known] = of_strays

    status = contacts["status"]
    placed = status.isin(["planned", "standby"])
    pinned = (status == "done") | (contacts["attempts"].fillna(0) > 0)
    pinned |= contacts[["handed_out_on", "outcome", "callback_on"]].notna().any(axis=1)
    live = status.isin(LIVE_STATUSES) & contacts["planned_on"].notna()
    over = pinned & (contacts["planned_on"] < pd.Timestamp(planned_on_day or date.min))
    purposes, channels, kinds = _cycles(settings)
    contacts = contacts.assign(
        household=names.take(home),
        home=home,
        customer_known=known,
        purpose=contacts["touchpoint"].map(purposes),
        pinned=pinned,
        movable=live & ~pinned,
        open=placed & ~over,
    )
    # Equal days are ordered by a hash of the id, many times faster than by the text and as independent
    # of the order of the rows.
    standing = contacts.loc[live, STANDING]
    hashed = pd.util.hash_pandas_object(standing["contact_id"], index=False, categorize=False).to_numpy()
    order = np.lexsort((hashed, standing["planned_on"].to_numpy(), standing["home"].to_numpy()))
    return Calendar(
        contacts,
        standing.iloc[order],
        customers.assign(home=of_customers),
        vehicles,
        settings,
        planned_on_day,
        channels,
        answers,
        answered_since,
        kinds,
    )


def _cycles(settings: Settings) -> tuple[dict[str, str], dict[str, list[str]], dict[str, str]]:
    """By touchpoint of all cycles: its purpose; its channel, then those instead of it; its anchor."""
    purposes: dict[str, str] = {}
    channels: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for path in settings.cycle_paths.values():
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
            separator = max(",;\t", key=lines[0].count)
            for row in csv.DictReader(lines, delimiter=separator):
                purposes[row["id"].strip()] = row["purpose"].strip()
                kinds[row["id"].strip()] = (row.get("anchor") or "").partition(":")[0].strip()
                instead = (row.get("instead") or "").split(";")
                if row.get("channel"):
                    names = [row["channel"], *(choice.partition(":")[0] for choice in instead)]
                    channels[row["id"].strip()] = [name.strip() for name in names]
        except (OSError, ValueError, IndexError, csv.Error) as error:
            raise SettingsError(f"{path}: cannot be read as a cycle: {error}") from None
        except (KeyError, AttributeError):
            raise SettingsError(f"{path}: every row of a cycle needs an id and a purpose") from None
    return purposes, channels, kinds
