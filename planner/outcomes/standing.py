"""Which contacts fall away because of what callers were told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.columns import typed
from planner.consents import consents
from planner.outcomes.attempts import NOT_REACHED_SCRIPT, Diary
from planner.outcomes.complaints import taken_back
from planner.outcomes.groups import ABOUT_SERVICE
from planner.outcomes.overlay import told
from planner.outcomes.services import bookings, numbers_spoken_of
from planner.settings import Settings
from planner.tables import CONTACTS, GONE

Reasons = npt.NDArray[np.object_]


def falls_away(rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame], as_of: date) -> Reasons:
    """For each contact (CONTACTS) the reason why it falls away, or "".

    tables: outcomes, vehicles, visits, elsewhere (see overlay), touchpoints (id, kind), forecasts. Contacts
    about a car that is gone fall away (`vehicle-gone`); those about a service that is to come where it was
    done meanwhile (`visited`), is booked (`booked`), or was refused (`not-due`).
    """
    touchpoints, known = pd.factorize(rows["touchpoint"])
    kinds = tables["touchpoints"].set_index("id")["kind"].reindex(pd.Index(known))
    asks = np.append(kinds.isin(ABOUT_SERVICE).to_numpy(dtype=bool), False)[touchpoints]
    visits = pd.concat([tables["visits"], tables["elsewhere"]], ignore_index=True)
    booked = bookings(tables["outcomes"], visits, tables["touchpoints"], as_of)
    spoken_of = numbers_spoken_of(tables["forecasts"], tables["outcomes"], booked, tables["touchpoints"])
    number = rows["service_no"].to_numpy(dtype="float64", na_value=np.nan)
    code, cars = pd.factorize(rows["vehicle_id"])
    vehicles = tables["vehicles"]
    here = vehicles.loc[~vehicles["status"].isin(GONE), "vehicle_id"]
    choices = {"vehicle-gone": np.append(~pd.Index(cars).isin(here), False)[code]}
    for reason, last in spoken_of.items():
        of_car = np.append(last.reindex(pd.Index(cars)).to_numpy(dtype="float64"), np.nan)[code]
        choices[reason] = asks & (number <= of_car)
    return np.select(list(choices.values()), list(choices), default="").astype(object)


def withdrawn(contacts: pd.DataFrame, reasons: Reasons, as_of: date) -> pd.DataFrame:
    """The contacts, cancelled where there is a reason and nobody can have made them yet.

    Who was to be named by a contact that is cancelled is cancelled with it, and a plan looks for a day of
    its own; a contact does not name a car any more whose own reason it is.
    """
    status = contacts["status"]
    open_ = status.isin(["standby", "merged"])
    passed = (contacts["planned_on"] < pd.Timestamp(as_of)) & contacts["handed_out_on"].notna()
    open_ |= status.eq("planned") & ~passed
    ends = open_ & (reasons != "")
    if not ends.any():
        return contacts
    why = pd.Series(reasons, contacts.index).where(ends)
    spoke = contacts[ends & contacts["also_vehicle_ids"].notna()]
    if len(spoke):
        cars = spoke["also_vehicle_ids"].str.split(",")
        spoke = spoke.assign(why=why, vehicle_id=cars).explode("vehicle_id")
        named = spoke.drop_duplicates(_SAME).set_index(_SAME)["why"]
        merged = contacts.loc[status.eq("merged"), _SAME]
        with_it = named.reindex(pd.MultiIndex.from_frame(merged)).to_numpy(dtype=object)
        why = why.fillna(pd.Series(with_it, merged.index))
        ends = why.notna()
    also = _names_left(contacts, contacts[ends & status.eq("merged")]).mask(ends)
    return contacts.assign(
        status=status.mask(ends, "cancelled"),
        reason=contacts["reason"].mask(ends, why).astype("str"),
        planned_on=contacts["planned_on"].mask(ends),
        also_vehicle_ids=also.astype("str"),
    )


_SAME = ["household_id", "vehicle_id", "script", "channel"]  # what is said for several cars at once


def _names_left(contacts: pd.DataFrame, ended: pd.DataFrame) -> pd.Series:
    """also_vehicle_ids of the contacts to come without the cars of merged ones that end."""
    over = set(ended[_SAME].itertuples(index=False, name=None))
    to_come = contacts["status"].isin(["planned", "standby"]) & contacts["also_vehicle_ids"].notna()
    rows = contacts[to_come & contacts["household_id"].isin(ended["household_id"])]
    left = [
        ",".join(car for car in also.split(",") if (home, car, script, channel) not in over)
        for home, also, script, channel in zip(
            *(rows[name] for name in ("household_id", "also_vehicle_ids", "script", "channel")), strict=True
        )
    ]
    found = contacts["also_vehicle_ids"].copy()
    found.loc[rows.index] = pd.Series([cars or None for cars in left], rows.index, dtype="str")
    return found


def carried_on(
    contacts: pd.DataFrame, tables: Mapping[str, pd.DataFrame], settings: Settings, as_of: date
) -> pd.DataFrame:
    """The stored calendar on a new day, before it is planned anew.

    Contacts fall away as `falls_away` says. A promised day or a next attempt that passed before it came
    into a list is made up for on the next working day, an attempt on one on which its advisor is there. The
    one message after the last try is done once it went out, and then the contact rests.
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
    tries = contacts[waits & contacts["callback_on"].isna()]
    for advisor, rows in tries.groupby("advisor"):
        latest = pd.Series(
            [diary.try_day(as_of, str(advisor), end.date()) for end in rows["latest_on"]], rows.index
        )
        day = day.mask(day.index.isin(rows.index), latest.astype("datetime64[us]"))
    day = day.mask(written, pd.Timestamp(diary.message_day(as_of)))
    last = tables["outcomes"].sort_values("attempt").groupby("contact_id").last()
    outcome = contacts["contact_id"].map(last["outcome"])
    return contacts.assign(
        planned_on=contacts["planned_on"].mask(waits, day),
        status=contacts["status"].mask(rests, "done"),
        outcome=contacts["outcome"].mask(rests, outcome).astype("str"),
        outcome_at=contacts["outcome_at"].mask(rests, contacts["planned_on"]),
    )


def changed_by(
    rows: pd.DataFrame,
    always: set[str],
    answers: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    settings: Settings,
    as_of: date,
) -> pd.DataFrame:
    """The contacts (CONTACTS) that fall away by the answers, and those of `always`; whole, as they are then.

    tables: customers, vehicles, visits, forecasts, touchpoints, as stored.
    """
    stored = {name: tables[name] for name in ("customers", "vehicles", "visits")}
    others = {name: tables[name] for name in ("touchpoints", "forecasts")}
    now = {**told(stored, answers, settings), **others, "outcomes": answers}
    why = falls_away(rows, now, as_of)
    refusal = consents(now["customers"]).refusal(rows["household_id"], rows["channel"])
    offers = taken_back(rows, tables["touchpoints"], settings)
    why = np.select([(why == "") & (refusal != ""), (why == "") & offers], [refusal, "complaint"], why)
    after = withdrawn(rows, why.astype(object), as_of)
    other = (after["status"] != rows["status"]) | after["contact_id"].isin(always)
    other |= after["also_vehicle_ids"].fillna("") != rows["also_vehicle_ids"].fillna("")
    return typed(after[other].sort_values("contact_id", ignore_index=True), CONTACTS)
