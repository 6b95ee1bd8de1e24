"""The days on which touchpoints hang: purchase, services, visits, seasons, birthdays, ends.

Every function returns events: `vehicle` (position in the vehicles frame), `kind`, `number` (which
service, birthday, ...; 0 where there is only one) and `day`; those of coming services also `awaited`, the
day to which invitations look (that day or sooner), and `window_opens`, the first day on which the visit is
expected (both NaT for other kinds). No order is promised.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.dates import NO_DAY, SEASONS, Days, add_months, days, months_between

# Source: cycle.md of the reference cycle; contracts of three years are the commonest.
CONTRACT_MONTHS = 36
LAPSED_AFTER_MONTHS = 1
# An odometer above this at purchase means a used car where the export does not say so.
USED_ABOVE_KM = 5000.0


def events(
    vehicles: pd.DataFrame,
    birthdays: Days,
    services: pd.DataFrame,
    history: pd.DataFrame,
    as_of: date,
    start: date,
    until: date,
) -> pd.DataFrame:
    """All events on which a touchpoint of [start, until) can hang.

    `birthdays` runs along the vehicles; `services` is FORECASTS, `history` has vehicle_id,
    service_no, visited_on. Repeating days (seasons, birthdays, anniversaries) lie in [start, until).
    """
    purchased = days(vehicles["purchased_on"])
    position = pd.Series(np.arange(len(vehicles)), index=vehicles["vehicle_id"].to_numpy())
    service_of = position.reindex(services["vehicle_id"]).to_numpy()
    visit_of = position.reindex(history["vehicle_id"]).to_numpy()
    everybody = np.arange(len(vehicles))
    contract_end = add_months(purchased, CONTRACT_MONTHS)
    finance_end = np.where(_known(vehicles["finance_end_on"]), days(vehicles["finance_end_on"]), contract_end)
    warranty_end = np.where(
        _known(vehicles["warranty_end_on"]),
        days(vehicles["warranty_end_on"]),
        np.where(is_used(vehicles), np.datetime64("NaT"), contract_end),
    )
    # A vehicle is lapsed when its outstanding service, the first of its own, is a month overdue. Nobody
    # asks how a visit was that nobody expects any more, until it has happened after all.
    lapsed_on = add_months(days(services["due_on"]), LAPSED_AFTER_MONTHS)
    outstanding = ~services["vehicle_id"].duplicated().to_numpy(dtype=bool)
    lapsed = outstanding & np.less_equal(lapsed_on, np.datetime64(as_of))
    if "booked" in services:  # somebody does expect it
        lapsed &= ~services["booked"].to_numpy(dtype=bool)
    expected = days(services["expected_on"])
    parts = [
        _frame("purchase", everybody, 0, purchased),
        _frame("finance_end", everybody, 0, finance_end),
        _frame("warranty_end", everybody, 0, warranty_end),
        _frame("service", service_of, services["service_no"], days(services["due_on"])).assign(
            awaited=days(services["awaited_on"]), window_opens=days(services["low_on"])
        ),
        _frame("visit", service_of[~lapsed], services["service_no"][~lapsed], expected[~lapsed]),
        _frame("visit", visit_of, history["service_no"], days(history["visited_on"])),
        _frame("lapsed", service_of[lapsed], services["service_no"][lapsed], lapsed_on[lapsed]),
        _seasons(purchased, start, until),
        _yearly("birthday", birthdays, purchased, start, until),
        _yearly("anniversary", purchased, purchased, start, until),
    ]
    found = pd.concat(parts, ignore_index=True)
    return found[found["day"].notna()]


def is_used(vehicles: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Was the car used when bought: as the export says, else by its odometer at purchase."""
    blank = vehicles["condition"].isna() & (vehicles["odometer_at_purchase_km"] > USED_ABOVE_KM)
    return ((vehicles["condition"] == "used") | blank).to_numpy(dtype=bool)


def _seasons(purchased: Days, start: date, until: date) -> pd.DataFrame:
    """The n-th 1 April or 15 October after purchase."""
    parts = [_frame("season", np.array([], dtype=int), 0, np.array([], dtype="datetime64[D]"))]
    year = purchased.astype("datetime64[Y]")
    year_no = year.astype("int64") + 1970
    # Number of the last season on or before the purchase, counting from year 0.
    before = 2 * year_no - 1
    for month, day in SEASONS:
        in_year = year.astype("datetime64[M]") + np.timedelta64(month - 1, "M")
        on = in_year.astype("datetime64[D]") + np.timedelta64(day - 1, "D")
        before = before + np.less_equal(on, purchased)
    for calendar_year in range(start.year, until.year + 1):
        for half, (month, day) in enumerate(SEASONS):
            season = date(calendar_year, month, day)
            if start <= season < until:
                number = 2 * calendar_year + half - before
                who = np.flatnonzero(number >= 1)
                parts.append(_frame("season", who, number[who], np.full(len(who), np.datetime64(season))))
    return pd.concat(parts, ignore_index=True)


def _yearly(kind: str, born: Days, purchased: Days, start: date, until: date) -> pd.DataFrame:
    """The n-th return of a day of the year after purchase; 29 February returns on the 28th."""
    years_at_purchase = months_between(born, purchased) // 12
    first_year = born.astype("datetime64[Y]").astype("int64") + 1970
    parts = []
    for calendar_year in range(start.year, until.year + 1):
        age = calendar_year - first_year
        on = add_months(born, 12 * age)
        number = age - years_at_purchase
        fits = (number >= 1) & (on >= np.datetime64(start)) & (on < np.datetime64(until))
        who = np.flatnonzero(fits)
        parts.append(_frame(kind, who, number[who], on[who]))
    return pd.concat(parts, ignore_index=True)


def _known(values: pd.Series) -> npt.NDArray[np.bool_]:
    return values.notna().to_numpy(dtype=bool)


def _frame(kind: str, vehicle: npt.ArrayLike, number: object, day: npt.ArrayLike) -> pd.DataFrame:
    frame = pd.DataFrame({"vehicle": np.asarray(vehicle), "day": np.asarray(day).astype("datetime64[D]")})
    frame["awaited"] = frame["window_opens"] = np.full(len(frame), NO_DAY)
    frame["number"] = np.asarray(number, dtype="int64")
    frame["kind"] = kind
    return frame
