"""Services of which callers were told something: booked, refused."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from planner.outcomes.groups import ABOUT_SERVICE, BOOKED, every_car

LAPSES_DAYS = 7  # so long after the booked day a visit may still turn up in an export
# An appointment whose day nobody wrote down: workshops rarely book further ahead. Our judgement.
UNDATED_DAYS = 30
# An invitation speaks of a service that is due so soon: the longest lead of the shipped cycles is 68 days.
SPOKEN_OF_DAYS = 90


def bookings(
    answers: pd.DataFrame, visits: pd.DataFrame, touchpoints: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """The appointments that stand on a day: one row a vehicle, the one named last.

    In: ANSWERS; VISITS and services done elsewhere, which fulfil it; touchpoints with id and kind.
    Out: vehicle_id, service_no (missing where the call was not about a service), said_on, booked_on
    (missing where nobody wrote the day), sorted by vehicle_id.
    A booking ends with the maintenance that follows it, or a week after its day; without a day 30 days
    after the call.
    """
    said = every_car(answers[answers["outcome"].isin(BOOKED)])
    about = said["touchpoint"].map(_kinds(touchpoints)).isin(ABOUT_SERVICE) & said["own"]
    said["service_no"] = said["service_no"].where(about)
    said = said.rename(columns={"for_on": "booked_on"}).sort_values(["vehicle_id", "said_on", "attempt"])
    said = said.drop_duplicates("vehicle_id", keep="last", ignore_index=True)
    served = visits[visits["kind"].fillna("maintenance") == "maintenance"]
    served = served[served["visited_on"] <= pd.Timestamp(as_of)]
    served = served[served["vehicle_id"].isin(said["vehicle_id"])]
    last_service = served.groupby("vehicle_id")["visited_on"].max().reindex(said["vehicle_id"])
    fulfilled = last_service.to_numpy() >= said["said_on"].to_numpy()
    last_day = (said["booked_on"] + pd.Timedelta(days=LAPSES_DAYS)).fillna(
        said["said_on"] + pd.Timedelta(days=UNDATED_DAYS)
    )
    stands = (last_day >= pd.Timestamp(as_of)) & ~fulfilled
    return said.loc[stands, ["vehicle_id", "service_no", "said_on", "booked_on"]].reset_index(drop=True)


def numbers_spoken_of(
    services: pd.DataFrame, answers: pd.DataFrame, booked: pd.DataFrame, touchpoints: pd.DataFrame
) -> dict[str, pd.Series]:
    """By vehicle_id the number of the last service that was done meanwhile, is booked, was refused.

    services: FORECASTS, of each vehicle the outstanding service first; booked: of `bookings`. Keys as the
    reasons of contacts: `visited`, `booked`, `not-due`. Booked is the outstanding service, or a later one
    that the call was about.
    """
    outstanding = services.drop_duplicates("vehicle_id").set_index("vehicle_id")["service_no"]
    outstanding = outstanding.astype("float64")
    elsewhere = _last_number(answers[answers["outcome"] == "done_elsewhere"], touchpoints, services)
    named = booked.set_index("vehicle_id")["service_no"].astype("float64")
    return {
        "visited": (outstanding - 1).combine(elsewhere, np.fmax),
        "booked": named.combine(outstanding.reindex(named.index), np.fmax),
        "not-due": _last_number(answers[answers["outcome"] == "refused"], touchpoints, services),
    }


def _last_number(answers: pd.DataFrame, touchpoints: pd.DataFrame, services: pd.DataFrame) -> pd.Series:
    """By vehicle_id the last service that the answers are about; those of calls about no service are not.

    Of another car that the call named: the last one that was due within 90 days of the call.
    """
    about = answers["touchpoint"].map(_kinds(touchpoints)).isin(ABOUT_SERVICE)
    said = every_car(answers[about])
    own, others = said[said["own"]], said[~said["own"]]
    near = services[["vehicle_id", "service_no", "due_on"]].merge(others[["vehicle_id", "said_on"]])
    near = near[near["due_on"] <= near["said_on"] + pd.Timedelta(days=SPOKEN_OF_DAYS)]
    numbers = pd.concat([own[["vehicle_id", "service_no"]], near[["vehicle_id", "service_no"]]])
    return numbers.groupby("vehicle_id")["service_no"].max().astype("float64")


def with_bookings(services: pd.DataFrame, booked: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """FORECASTS with the booked day, today if that has passed, as the day on which the visit is expected.

    Of each booked vehicle the outstanding service, its first row. Adds the flag `booked`.
    """
    first = ~services["vehicle_id"].duplicated()
    at = pd.Index(booked["vehicle_id"]).get_indexer(services["vehicle_id"])
    is_booked = first.to_numpy() & (at >= 0)
    if not is_booked.any():
        return services.assign(booked=False)
    day = pd.Series(booked["booked_on"].to_numpy()[at], services.index)
    dated = is_booked & day.notna()
    day = day.mask(day < pd.Timestamp(as_of), pd.Timestamp(as_of))
    columns = {name: services[name].mask(dated, day) for name in ("expected_on", "low_on", "high_on")}
    return services.assign(**columns, booked=is_booked)


def _kinds(touchpoints: pd.DataFrame) -> pd.Series:
    return touchpoints.set_index("id")["kind"]
