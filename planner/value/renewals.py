"""Which services each car came back for, in turn: what retention by service number is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.dates import Days, add_months
from planner.tables import typed
from planner.value import sbg
from planner.value.book import Book, Bools, Ints
from planner.value.figures import CURVE, FITS, Floats
from planner.value.groups import Groups

# A maintenance so soon after another one finishes it and is no service of its own. Our judgement.
SAME_SERVICE_DAYS = 30
PROJECTED = 15  # services that the curve shows at most; few cars live longer at one a year. Our judgement
DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Renewals:
    """Of each car how it came back, service by service, until it missed one.

    done     services that it came for, each within the active window of the one before (of the purchase),
             as far as these windows are over: an early comer does not count before a late one would
    lost     it missed the next one
    running  services in a row up to now, also where the window is not over; begins anew after one missed
    since    the last service, else the purchase
    gaps     days between two services, of those that were in time and whose window is over
    """

    done: Ints
    lost: Bools
    running: Ints
    since: Days
    gaps: Floats


def renewals(book: Book) -> Renewals:
    """The chain of maintenance visits of each car.

    A car misses a service if it does not come for maintenance within settings.value.active_window_months of
    the one before. Whether a window is over depends on the day on which it began and not on whether the
    car came, so that the ages of the cars leave no mark on the shares.
    """
    car, day = _services(book)
    months = book.settings.value.active_window_months
    first = np.ones(len(car), dtype=bool)
    first[1:] = car[1:] != car[:-1]
    before = np.where(first, book.bought[car] if len(car) else book.bought[:0], np.roll(day, 1))
    until = add_months(before, months)
    in_time = day <= until
    over = until <= book.last_day
    count = len(book.cars)
    number = _number_in_car(car, first)

    ends = np.full(count, -1)  # the first service of each car that was late or whose window is open
    broken = np.flatnonzero(~(in_time & over))[::-1]
    ends[car[broken]] = number[broken]
    had = np.bincount(car, minlength=count)
    done = np.where(ends >= 0, ends - 1, had)
    last = np.maximum(np.searchsorted(car, np.arange(count), side="right") - 1, 0)
    since = np.where(had > 0, day[last] if len(day) else book.bought, book.bought)
    anchor = book.bought.copy()
    kept = number <= done[car] if len(car) else np.zeros(0, dtype=bool)
    anchor[car[kept]] = day[kept]
    lost = (add_months(anchor, months) <= book.last_day) & (
        (ends < 0) | _late(car, number, in_time, ends, count)
    )
    restart = np.zeros(count, dtype="int64")  # number of the last service that came too late
    restart[car[~in_time]] = number[~in_time]
    gaps = (day - before).astype("float64")[in_time & over]
    return Renewals(done, lost, had - restart, since, gaps)


def losses(found: Renewals, chosen: Bools | None = None) -> sbg.Losses:
    """The cars (those `chosen`) by the services that they came for."""
    done, lost = (found.done, found.lost) if chosen is None else (found.done[chosen], found.lost[chosen])
    width = int(done.max()) + 1 if len(done) else 1
    return sbg.Losses(
        np.bincount(done[lost], minlength=width).astype("float64"),
        np.bincount(done[~lost], minlength=width).astype("float64"),
    )


def discount_per_service(book: Book, found: Renewals) -> float:
    """The yearly discount rate over the mean time from service to service (a year where there is none)."""
    return float((1 + book.settings.value.discount_rate) ** years_per_service(found) - 1)


def years_per_service(found: Renewals) -> float:
    """Mean years from service to service, of those in time."""
    return float(found.gaps.mean() / DAYS_PER_YEAR) if len(found.gaps) else 1.0


def fits_of(
    book: Book, found: Renewals, groups: Groups
) -> tuple[pd.DataFrame, pd.DataFrame, dict[tuple[str, str], sbg.Fit]]:
    """FITS and CURVE, for all and by model, cohort, advisor and segment; and the fits by (by, group)."""
    discount = discount_per_service(book, found)
    fits, curves, made = [], [], {}
    for by, group, chosen in _parts(book, groups):
        of_these = losses(found, chosen)
        fitted = sbg.fit(of_these)
        fits.append(_fit_row(by, group, fitted, discount))
        if isinstance(fitted, sbg.Fit):
            made[by, group] = fitted
        if by == "all" or isinstance(fitted, sbg.Fit):
            curves.append(_curve(by, group, of_these, fitted))
    return typed(pd.DataFrame(fits), FITS), typed(pd.concat(curves, ignore_index=True), CURVE), made


def _services(book: Book) -> tuple[Ints, Days]:
    """Car and day of each service after the purchase, without those that finish another one."""
    after = book.service & (book.day > book.bought[book.car] if len(book.car) else False)
    car, day = book.car[after], book.day[after]
    new = np.ones(len(car), dtype=bool)
    new[1:] = (car[1:] != car[:-1]) | ((day[1:] - day[:-1]).astype("int64") >= SAME_SERVICE_DAYS)
    return car[new], day[new]


def _number_in_car(car: Ints, first: Bools) -> Ints:
    at = np.arange(len(car))
    begun = np.maximum.accumulate(np.where(first, at, 0)) if len(car) else at
    return at - begun + 1


def _late(car: Ints, number: Ints, in_time: Bools, ends: Ints, count: int) -> Bools:
    """Of each car: was the service at which its row ended too late (else its window is open)?"""
    late = np.zeros(count, dtype=bool)
    here = (number == ends[car]) & ~in_time if len(car) else in_time
    late[car[here]] = True
    return late


def _parts(book: Book, groups: Groups) -> Iterable[tuple[str, str, Bools | None]]:
    yield "all", "", None
    cars = np.arange(len(book.cars))
    today = np.full(len(cars), book.last_day)
    for by in groups.kinds:
        if by == "stage":  # a stage follows from having come or not: it would explain itself
            continue
        codes, names = groups.codes(by, cars, book.owner, today)
        for code in np.unique(codes):
            yield by, names[code], codes == code


def _fit_row(by: str, group: str, fitted: sbg.Fit | sbg.TooFew, discount: float) -> dict[str, object]:
    row: dict[str, object] = {"by": by, "group": group, "cars": fitted.cars, "lost": fitted.lost}
    if isinstance(fitted, sbg.TooFew):
        return row | {"note": "too_few" if fitted.cars else "no_data", "message": fitted.message}
    low, high = fitted.interval(lambda a, b: a / (a + b))
    least, most = fitted.interval(lambda a, b: sbg.expected_services(a, b, 0.0, discount))
    return row | {
        "alpha": fitted.alpha,
        "beta": fitted.beta,
        "mean_churn": fitted.mean,
        "low": low[0],
        "high": high[0],
        "spread": fitted.spread,
        "expected_services": float(sbg.expected_services(fitted.alpha, fitted.beta, 0.0, discount)),
        "expected_low": least[0],
        "expected_high": most[0],
        "discount_per_service": discount,
        "note": "",
        "message": "",
    }


def _curve(by: str, group: str, of_these: sbg.Losses, fitted: sbg.Fit | sbg.TooFew) -> pd.DataFrame:
    """Observed (product of the shares that came) and by the model; row 0 is the purchase."""
    at_risk = of_these.at_risk
    seen = int((at_risk > 0).sum())
    width = max(PROJECTED, seen) + 1 if isinstance(fitted, sbg.Fit) else seen + 1
    number = np.arange(width)
    risk, kept, observed = (np.full(width, np.nan) for _ in range(3))
    risk[1 : seen + 1] = at_risk[:seen]
    kept[1 : seen + 1] = at_risk[:seen] - of_these.lost[:seen]
    observed[0] = 1.0
    observed[1 : seen + 1] = np.cumprod(kept[1 : seen + 1] / risk[1 : seen + 1])
    model, low, high = (np.full(width, np.nan) for _ in range(3))
    if isinstance(fitted, sbg.Fit):
        model = sbg.survival(fitted.alpha, fitted.beta, number)
        low, high = fitted.interval(lambda a, b: sbg.survival(a, b, number))
    note = "" if isinstance(fitted, sbg.Fit) else "too_few" if fitted.cars else "no_data"
    return pd.DataFrame(
        {
            "by": by,
            "group": group,
            "service_no": number,
            "at_risk": risk,
            "kept": kept,
            "survived": observed,
            "fitted": np.where(number <= seen, model, np.nan),
            "projected": np.where(number > seen, model, np.nan),
            "low": low,
            "high": high,
            "note": note,
        }
    )
