"""Which contacts fall away because of what callers were told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.outcomes.attempts import NOT_REACHED_SCRIPT, Diary
from planner.outcomes.groups import ABOUT_SERVICE
from planner.outcomes.services import bookings, numbers_spoken_of, refusals
from planner.settings import Settings

Reasons = npt.NDArray[np.object_]


def falls_away(rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame], as_of: date) -> Reasons:
    """For each contact (CONTACTS) the reason why it falls away, or "".

    tables: outcomes, visits, elsewhere (see overlay), touchpoints (id, kind), forecasts. Contacts about a
    service that is to come fall away where it was done meanwhile (`visited`), is booked (`booked`), or was
    refused (`not-due`).
    """
    about = rows["touchpoint"].map(tables["touchpoints"].set_index("id")["kind"]).isin(ABOUT_SERVICE)
    visits = pd.concat([tables["visits"], tables["elsewhere"]], ignore_index=True)
    booked = bookings(tables["outcomes"], visits, tables["touchpoints"], as_of)
    refused = refusals(tables["outcomes"], tables["touchpoints"])
    spoken_of = numbers_spoken_of(tables["forecasts"], booked, refused)
    number = rows["service_no"].to_numpy(dtype="float64", na_value=np.nan)
    code, cars = pd.factorize(rows["vehicle_id"])
    outstanding, until, no = (
        np.append(of.reindex(pd.Index(cars)).to_numpy(dtype="float64"), np.nan)[code] for of in spoken_of
    )
    choices = {"visited": number < outstanding, "booked": number <= until, "not-due": number <= no}
    found = np.select([about.to_numpy() & which for which in choices.values()], list(choices), default="")
    return found.astype(object)


def withdrawn(contacts: pd.DataFrame, reasons: Reasons, as_of: date) -> pd.DataFrame:
    """The contacts, cancelled where there is a reason and their day is still to come."""
    open_ = contacts["status"].eq("standby") | (
        contacts["status"].eq("planned") & ~(contacts["planned_on"] < pd.Timestamp(as_of))
    )
    ends = open_ & (reasons != "")
    if not ends.any():
        return contacts
    return contacts.assign(
        status=contacts["status"].mask(ends, "cancelled"),
        reason=contacts["reason"].mask(ends, pd.Series(reasons, contacts.index)).astype("str"),
        planned_on=contacts["planned_on"].mask(ends),
        also_vehicle_ids=contacts["also_vehicle_ids"].mask(ends),
    )


def carried_on(
    contacts: pd.DataFrame, tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date
) -> pd.DataFrame:
    """The stored calendar on a new day, before it is planned anew.

    Contacts fall away as `falls_away` says. A promised day or a next attempt that passed before it came
    into a list is made up for on the next working day. The one message after the last try is done once it
    went out, and then the contact rests.
    """
    contacts = withdrawn(contacts, falls_away(contacts, tables, as_of), as_of)
    passed = contacts["status"].eq("planned") & (contacts["planned_on"] < pd.Timestamp(as_of))
    written = contacts["script"].eq(NOT_REACHED_SCRIPT)
    begun = contacts["attempts"].fillna(0).gt(0) | contacts["callback_on"].notna()
    waits = passed & begun & contacts["handed_out_on"].isna()
    rests = passed & written & ~waits
    if not (waits | rests).any():
        return contacts
    diary = Diary(settings, as_of)
    day = pd.Series(pd.Timestamp(diary.call_day(as_of)), contacts.index)
    day = day.mask(written, pd.Timestamp(diary.message_day(as_of)))
    last = tables["outcomes"].sort_values("attempt").groupby("contact_id").last()
    outcome = contacts["contact_id"].map(last["outcome"])
    return contacts.assign(
        planned_on=contacts["planned_on"].mask(waits, day),
        status=contacts["status"].mask(rests, "done"),
        outcome=contacts["outcome"].mask(rests, outcome).astype("str"),
        outcome_at=contacts["outcome_at"].mask(rests, contacts["planned_on"]),
    )
