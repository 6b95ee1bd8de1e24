"""What each car is still expected to bring: its margin a service x the services that are still to come."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.dates import add_months
from planner.value.book import Book
from planner.value.figures import Floats
from planner.value.lifetable import HORIZON, LifeTable
from planner.value.renewals import DAYS_PER_YEAR, Renewals, discount_per_service, years_per_service


def expected_values(book: Book, found: Renewals, table: LifeTable | None) -> pd.DataFrame:
    """One row a car, in the order of book.cars.

    vehicle_id, services (in a row up to now), comes_probability (that it comes for the next one in time,
    given that it has not come yet), services_expected (discounted), margin_per_service, value_expected.
    Lost or gone: 0. Without a life table or without any money: NaN.

    services_expected is DERL with its first factor, the retention of the next service, replaced by
    comes_probability: r (1 - F) / (1 - r F) for a car that has been silent so long that a share F of those
    who come in time had come (Bayes).
    """
    months = book.settings.value.active_window_months
    count = len(book.cars)
    frame = pd.DataFrame({"vehicle_id": book.cars["vehicle_id"], "services": found.running})
    if table is None:
        blank = np.full(count, np.nan)
        return frame.assign(
            comes_probability=blank,
            services_expected=blank,
            margin_per_service=blank,
            value_expected=blank,
        )
    discount = discount_per_service(book, found)
    done = np.minimum(found.running, HORIZON - 1)
    stays = table.retention[done]
    silent = (book.last_day - found.since).astype("float64")
    came = np.searchsorted(np.sort(found.gaps), silent, side="right") / max(len(found.gaps), 1)
    with np.errstate(invalid="ignore"):
        comes = stays * (1 - came) / (1 - stays * came)
    comes = np.where(
        book.gone | (add_months(found.since, months) <= book.last_day), 0.0, np.nan_to_num(comes)
    )
    services = table.expected_after(discount)[done] / stays * comes
    margin = _margin_per_year(book, found) * years_per_service(found)
    return frame.assign(
        comes_probability=comes,
        services_expected=services,
        margin_per_service=margin,
        value_expected=services * margin,
    )


def _margin_per_year(book: Book, found: Renewals) -> Floats:
    """Of each car its margin a year, drawn to the mean of all by how short it has been seen.

    Years run from the purchase to the last visit and the mean time from service to service after it, at most:
    what is multiplied are services that it comes for, so that the time after it left is no part of them.
    weight = years / (years + k), k = variance within a car / variance between cars, each from the visits;
    within is the mean of their squares a year, the variance of a sum of single visits at random times.
    Source of the weight: the credibility model of H. Buhlmann and E. Straub, 1970.
    """
    count = len(book.cars)
    if np.isnan(book.margin).all():
        return np.full(count, np.nan)
    last = book.bought.copy()
    last[book.car] = book.day
    until = np.minimum(last + round(years_per_service(found) * DAYS_PER_YEAR), book.last_day)
    years = np.maximum((until - book.bought).astype("float64"), 1.0) / DAYS_PER_YEAR
    there = ~np.isnan(book.margin)
    total = np.bincount(book.car[there], book.margin[there], count)
    squares = np.bincount(book.car[there], book.margin[there] ** 2, count)
    mean = total.sum() / years.sum()
    within = squares.sum() / years.sum()  # of a sum of single visits at random times, a year
    enough = years >= 1
    if enough.sum() < 2:
        return np.full(count, mean)
    own = total[enough] / years[enough]
    between = (
        np.average((own - mean) ** 2, weights=years[enough]) - within * enough.sum() / years[enough].sum()
    )
    if between <= 0:
        return np.full(count, mean)
    weight = years / (years + within / between)
    return np.asarray(weight * total / years + (1 - weight) * mean)
