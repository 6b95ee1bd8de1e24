"""What each car is still expected to bring: its margin a service x the services that are still to come."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planner.dates import add_months
from planner.value.book import Book
from planner.value.brought import brought
from planner.value.figures import Floats
from planner.value.lifetable import HORIZON, STEP, LifeTable, after_a_miss
from planner.value.owned import Bools, Ints
from planner.value.renewals import DAYS_PER_YEAR, Renewals, discount_per_service, years_per_service


@dataclass(frozen=True)
class Prospects:
    """Of each car: comes_probability, services (discounted), and of its next wait the share that is over.

    waited is weighed as the next service is: by its probability and discount.
    """

    comes: Floats
    services: Floats
    waited: Floats


def expected_values(book: Book, found: Renewals, table: LifeTable | None) -> pd.DataFrame:
    """One row a car, in the order of book.cars.

    vehicle_id, services (in a row up to now), comes_probability (that it comes for the next one in time,
    given that it has not come yet), services_expected (discounted), margin_per_service, brought_already,
    value_expected. Lost or gone: 0. Without a life table or without any money: NaN.

    value_expected is margin_per_service x services_expected - brought_already: what other visits in the wait
    for the next service bring, for the share of that wait that is over. Source: Fader and Hardie 2010 (DERL),
    with the wait of docs/value.md.

    A came each year, today as well, and half come for each next service: 0.5 / (1 - 0.5 / 1.1) = 0.917
    services seen from the next one, which is a year away (/ 1.1), at 35 each.

    >>> from planner.settings import Settings
    >>> from planner.value.book import read_book
    >>> from planner.value.example import AS_OF, tables_of
    >>> from planner.value.renewals import renewals
    >>> every_year = tables_of({"A": ["2023-06-30", "2024-06-30", "2025-06-30", "2026-06-30"]})
    >>> book, half = read_book(every_year, Settings(), AS_OF), np.array([0.5])
    >>> table = LifeTable(at_risk=half * 200, comes=half, covariance=np.zeros((1, 1)))
    >>> [round(value, 2) for value in expected_values(book, renewals(book), table).iloc[0, 2:]]
    [0.5, 0.83, 35.0, 0.0, 29.16]
    """
    count = len(book.cars)
    frame = pd.DataFrame({"vehicle_id": book.cars["vehicle_id"], "services": found.running})
    if table is None:
        blank = np.full(count, np.nan)
        return frame.assign(
            comes_probability=blank,
            services_expected=blank,
            margin_per_service=blank,
            brought_already=blank,
            value_expected=blank,
        )
    coming = _prospects(_waits(book, found), table, after_a_miss(table, found.again, book.owner))
    margin, between, _ = _margins(book, found)
    already = coming.waited * between
    return frame.assign(
        comes_probability=coming.comes,
        services_expected=coming.services,
        margin_per_service=margin,
        brought_already=already,
        value_expected=coming.services * margin - already,
    )


def relative_error(book: Book, found: Renewals, table: LifeTable, active: Bools) -> float:
    """Standard error of the value that the cars of `active` customers bring, over it.

    From the shares of the life table, the shift after a miss (both by the delta method) and the margin a
    service, taken as independent. How customers spread around their mean is not in it. 0 without any value.
    Source: the delta method.

    As in `expected_values`, half being known to 0.05: the slope of r / (1 - r / 1.1) is 3.36, so that 0.168
    of 0.917 is not known.

    >>> from planner.settings import Settings
    >>> from planner.value.book import read_book
    >>> from planner.value.example import AS_OF, tables_of
    >>> from planner.value.renewals import renewals
    >>> every_year = tables_of({"A": ["2023-06-30", "2024-06-30", "2025-06-30", "2026-06-30"]})
    >>> book, half = read_book(every_year, Settings(), AS_OF), np.array([0.5])
    >>> table = LifeTable(at_risk=half * 200, comes=half, covariance=np.full((1, 1), 0.05**2))
    >>> print(f"{relative_error(book, renewals(book), table, np.array([True])):.3f}")
    0.183
    """
    cars, again = active[book.owner], after_a_miss(table, found.again, book.owner)
    margin, between, by_margin = _margins(book, found)
    waits, margin, between = _waits(book, found, cars), margin[cars], between[cars]

    def total(of: LifeTable, shift: float) -> Floats:
        coming = _prospects(waits, of, replace(of, shift=of.shift + shift))
        return np.array([(coming.services * margin - coming.waited * between).sum()])

    shift = again.shift - table.shift
    here = total(table, shift)[0]
    if not here > 0:
        return 0.0
    by_shares = table.standard_error(lambda of: total(of, shift))[0]
    by_shift = (total(table, shift + STEP)[0] - here) / STEP * again.shift_off
    return float(np.sqrt((by_shares / here) ** 2 + (by_shift / here) ** 2 + by_margin**2))


@dataclass(frozen=True)
class _Waits:
    """How each car stands in its wait, whatever the shares that come.

    done: services in a row; came_back: after it had missed one; came: the share of those who come in time
    that had come by now; wait, waited: what is left of the wait, as a discount, and the share that is over.
    """

    done: Ints
    came_back: Bools
    came: Floats
    wait: Floats
    waited: Floats
    gone: Bools
    discount: float


def _waits(book: Book, found: Renewals, cars: Bools | slice = slice(None)) -> _Waits:
    since = found.since[cars]
    silent = (book.last_day - since).astype("float64")
    gaps = np.sort(found.gaps) if len(found.gaps) else np.array([np.inf])
    earlier = np.searchsorted(gaps, silent, side="right")
    came, later = earlier / len(gaps), len(gaps) - earlier
    yearly = 1 + book.settings.value.discount_rate
    with np.errstate(invalid="ignore", divide="ignore"):
        wait = (
            _sums_from(yearly ** (-gaps / DAYS_PER_YEAR))[earlier]
            / later
            * yearly ** (silent / DAYS_PER_YEAR)
        )
        waited = silent * _sums_from(1 / gaps)[earlier] / later
    wait, waited = (np.where(later > 0, each, 0.0) for each in (wait, waited))
    over = add_months(since, book.settings.value.active_window_months) <= book.last_day
    return _Waits(
        done=np.minimum((found.running + found.earlier)[cars], HORIZON - 1),
        came_back=found.came_back[cars],
        came=came,
        wait=wait,
        waited=waited,
        gone=book.gone[cars] | over,
        discount=discount_per_service(book, found),
    )


def _prospects(of: _Waits, table: LifeTable, again: LifeTable) -> Prospects:
    """By `again` those that came back after they had missed a service, by `table` the others.

    The first factor of DERL, the retention of the next service, becomes r (1 - F) / (1 - r F) for a car that
    has been silent so long that a share F of those who come in time had come (Bayes). What they waited longer
    is how long the next service is away.
    """
    by_kind = [(each.retention, each.expected_after(of.discount)) for each in (table, again)]
    stays, after = (
        np.where(of.came_back, second[of.done], first[of.done])
        for first, second in zip(*by_kind, strict=True)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        comes = np.nan_to_num(stays * (1 - of.came) / (1 - stays * of.came))
    comes = np.where(of.gone, 0.0, comes)
    return Prospects(comes, after / stays * comes * of.wait, comes * of.wait * of.waited)


def _sums_from(values: Floats) -> Floats:
    """Of each place the sum of the values from there on; 0 after the last."""
    return np.append(np.cumsum(values[::-1])[::-1], 0.0)


def _margins(book: Book, found: Renewals) -> tuple[Floats, Floats, float]:
    """Of each car the margin a service, what of it other visits bring in the wait before; its relative error.

    Of all what services in time brought; of each car more or less of that, as of its margin a year. As long
    as no service was in time a service is a year's margin.
    """
    own, mean = _margin_per_year(book, found)
    of_service = brought(book, found)
    if of_service is None:
        margin = own * years_per_service(found)
        return margin, np.zeros(len(margin)), 0.0
    more = own / mean if mean > 0 else np.ones(len(own))
    return more * of_service.margin, more * of_service.between, of_service.relative_error


def _margin_per_year(book: Book, found: Renewals) -> tuple[Floats, float]:
    """Of each car its margin a year, drawn to the mean of all by how short it has been seen; and that mean.

    Years run from the purchase, or since visits are on record, to the last visit and the mean time from
    service to service after it, at most: what is multiplied are services that it comes for, so that the time
    after it left is no part of them.
    weight = years / (years + k), k = variance within a car / variance between cars, each from the visits;
    within is the mean of their squares a year, the variance of a sum of single visits at random times.
    Source of the weight: the credibility model of H. Buhlmann and E. Straub, 1970.
    """
    count = len(book.cars)
    if np.isnan(book.margin).all():
        return np.full(count, np.nan), np.nan
    last = book.bought.copy()
    last[book.car] = book.day
    until = np.minimum(last + round(years_per_service(found) * DAYS_PER_YEAR), book.last_day)
    on_record = np.fmax(book.bought, book.history_from)
    years = np.maximum((until - on_record).astype("float64"), 1.0) / DAYS_PER_YEAR
    there = ~np.isnan(book.margin) & ~(book.day < book.history_from)
    total = np.bincount(book.car[there], book.margin[there], count)
    squares = np.bincount(book.car[there], book.margin[there] ** 2, count)
    mean = float(total.sum() / years.sum())
    within = squares.sum() / years.sum()  # of a sum of single visits at random times, a year
    enough = years >= 1
    if enough.sum() < 2:
        return np.full(count, mean), mean
    own = total[enough] / years[enough]
    between = (
        np.average((own - mean) ** 2, weights=years[enough]) - within * enough.sum() / years[enough].sum()
    )
    if between <= 0:
        return np.full(count, mean), mean
    weight = years / (years + within / between)
    return np.asarray(weight * total / years + (1 - weight) * mean), mean
