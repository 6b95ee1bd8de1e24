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
    A booking ends with the maintenance that follows it, with any visit on its day or later, or a week
    after its day; without a day 30 days after the call.
    """
    said = every_car(answers[answers["outcome"].isin(BOOKED)])
    about = said["touchpoint"].map(_kinds(touchpoints)).isin(ABOUT_SERVICE) & said["own"]
    said["service_no"] = said["service_no"].where(about)
    said = said.rename(columns={"for_on": "booked_on"}).sort_values(["vehicle_id", "said_on", "attempt"])
    said = said.drop_duplicates("vehicle_id", keep="last", ignore_index=True)
    came = said[["vehicle_id", "said_on", "booked_on"]].merge(
        visits[["vehicle_id", "visited_on", "kind"]], on="vehicle_id"
    )
    came = came[came["visited_on"] <= pd.Timestamp(as_of)]
    serviced = came["kind"].fillna("maintenance").eq("maintenance") & (came["visited_on"] >= came["said_on"])
    fulfilled = came.loc[serviced | (came["visited_on"] >= came["booked_on"]), "vehicle_id"]
    last_day = (said["booked_on"] + pd.Timedelta(days=LAPSES_DAYS)).fillna(
        said["said_on"] + pd.Timedelta(days=UNDATED_DAYS)
    )
    stands = (last_day >= pd.Timestamp(as_of)) & ~said["vehicle_id"].isin(fulfilled)
    return said.loc[stands, ["vehicle_id", "service_no", "said_on", "booked_on"]].reset_index(drop=True)


def refusals(answers: pd.DataFrame, touchpoints: pd.DataFrame) -> pd.DataFrame:
    """The services that somebody does not want done here: vehicle_id, said_on; one row a vehicle, the last.

    Only of calls about a service: whoever refuses a survey has said nothing about his car.
    """
    about = answers["touchpoint"].map(_kinds(touchpoints)).isin(ABOUT_SERVICE)
    said = every_car(answers[answers["outcome"].eq("refused") & about])
    return said.groupby("vehicle_id")["said_on"].max().reset_index()


def with_bookings(services: pd.DataFrame, booked: pd.DataFrame) -> pd.DataFrame:
    """FORECASTS with the booked day as the day on which the visit is expected.

    Of each booked vehicle the outstanding service, its first row. Adds the flag `booked`.
    """
    first = ~services["vehicle_id"].duplicated()
    at = pd.Index(booked["vehicle_id"]).get_indexer(services["vehicle_id"])
    is_booked = first.to_numpy() & (at >= 0)
    day = pd.Series(booked["booked_on"].to_numpy()[at], services.index) if len(booked) else None
    if day is None:
        return services.assign(booked=False)
    dated = is_booked & day.notna()
    columns = {name: services[name].mask(dated, day) for name in ("expected_on", "low_on", "high_on")}
    return services.assign(**columns, booked=is_booked)


def numbers_spoken_of(
    services: pd.DataFrame, booked: pd.DataFrame, refused: pd.DataFrame
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """By vehicle_id three service numbers: the outstanding one, the last booked, the last refused one.

    services: FORECASTS, of each vehicle the outstanding service first. Booked is the outstanding one, or
    a later one that the call was about. Refused are those that were due within 90 days of the call.
    """
    outstanding = services.drop_duplicates("vehicle_id").set_index("vehicle_id")["service_no"]
    outstanding = outstanding.astype("float64")
    named = booked.set_index("vehicle_id")["service_no"].astype("float64")
    until = pd.Series(
        np.fmax(named.to_numpy(), outstanding.reindex(named.index).to_numpy()), index=named.index
    )
    near = services[["vehicle_id", "service_no", "due_on"]].merge(refused, on="vehicle_id")
    near = near[near["due_on"] <= near["said_on"] + pd.Timedelta(days=SPOKEN_OF_DAYS)]
    no = near.groupby("vehicle_id")["service_no"].max().astype("float64")
    return outstanding, until, no


def _kinds(touchpoints: pd.DataFrame) -> pd.Series:
    return touchpoints.set_index("id")["kind"]
