"""Retention by service number as frames: of all cars and of each group, counted and projected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from planner.columns import typed
from planner.value import lifetable, sbg
from planner.dates import add_months
from planner.value.book import Book, Ints
from planner.value.figures import CURVE, FITS
from planner.value.groups import Groups
from planner.value.lifetable import LifeTable
from planner.value.renewals import Renewals, Trials, discount_per_service, followed_from, losses

SEGMENT_YEARS = 4  # three services of those who wait for 15 months, and the active window. Our judgement
PROJECTED = 15  # services that the curve shows at most; few cars live longer at one a year. Our judgement


@dataclass(frozen=True)
class Retention:
    """Of all cars or a group: what is known, the beta-geometric law of it, the life table (None: too few)."""

    by: str
    group: str
    losses: sbg.Losses
    fitted: sbg.Fit | sbg.TooFew
    table: LifeTable | None
    since: np.datetime64 | None = None


def retention_of_all(book: Book, found: Renewals) -> Retention:
    """The life table of all cars; below the limits of planner.value.sbg none."""
    of_all = losses(found.trials)
    fitted = sbg.fit(of_all)
    return Retention("all", "", of_all, fitted, _table(book, found.trials, fitted))


def fits_of(
    book: Book, found: Renewals, groups: Groups, of_all: Retention
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """FITS and CURVE, for all and by model, cohort, advisor and segment. Sources: planner.value.lifetable.

    Too few cars for a model: what was seen, and a note. A came twice, then missed one; B missed the first.

    >>> from planner.settings import Settings
    >>> from planner.value import value_report
    >>> from planner.value.example import AS_OF, tables_of
    >>> cars = {"A": ["2021-01-10", "2022-01-10", "2023-01-10"], "B": ["2021-01-10"]}
    >>> report = value_report(tables_of(cars), Settings(), AS_OF)
    >>> report.fits["note"].iloc[0], report.curve["survived"].tolist()
    ('too_few', [1.0, 0.5, 0.5, 0.0])
    """
    discount = discount_per_service(book, found)
    each = [of_all]
    for part in parts_of(book, found, groups, of_all.table, np.arange(len(book.cars))):
        each.append(replace(part, fitted=sbg.fit(part.losses)))
    fits = [_fit_row(one, discount) for one in each]
    curves = [_curve(one) for one in each if one.by == "all" or one.table is not None]
    return typed(pd.DataFrame(fits), FITS), typed(pd.concat(curves, ignore_index=True), CURVE)


def parts_of(
    book: Book, found: Renewals, groups: Groups, of_all: LifeTable | None, cars: Ints
) -> Iterator[Retention]:
    """Of every group but those by stage what is known of it, without its law.

    cars: of each car of the book its row in the book of the groups. A segment follows from having come or
    not, and would explain itself: its cars are followed from SEGMENT_YEARS ago, by the segments of that day.
    A stage does so too, and is left before the second service.
    """
    for by in groups.kinds:
        if by == "stage":
            continue
        day, trials, table = book.last_day, found.trials, of_all
        if by == "segment":
            day = segments_day(book)
            trials = followed_from(book, found, day)
            table = _table(book, trials, sbg.fit(losses(trials)))
        codes, names = groups.codes(by, cars, book.owner, np.full(len(cars), day))
        there = np.unique(codes)
        parts = [losses(trials, codes == code) for code in there]
        for code, part, its in zip(there, parts, _tables(table, parts), strict=True):
            count, lost = int(part.at_risk[0]), int(part.lost.sum())
            enough = not sbg.too_few(count, lost)
            since = day if by == "segment" else None
            yield Retention(by, names[code], part, sbg.TooFew(count, lost, ""), its if enough else None, since)


def segments_day(book: Book) -> np.datetime64:
    """The end of a month SEGMENT_YEARS ago: the segments of that day are followed."""
    day = add_months(book.last_day, -12 * SEGMENT_YEARS)
    return np.datetime64((day + 1).astype("datetime64[M]"), "D") - 1


def _table(book: Book, trials: Trials, law: sbg.Fit | sbg.TooFew) -> LifeTable | None:
    return None if isinstance(law, sbg.TooFew) else lifetable.life_table(trials, book.owner, law)


def _tables(of_all: LifeTable | None, parts: list[sbg.Losses]) -> list[LifeTable] | list[None]:
    if of_all is None:
        return [None] * len(parts)
    counts = [(part.at_risk[:-1], part.at_risk[:-1] - part.lost[:-1]) for part in parts]
    return lifetable.shifted(of_all, counts)


def _fit_row(of: Retention, discount: float) -> dict[str, object]:
    fitted = of.fitted
    row: dict[str, object] = {"by": of.by, "group": of.group, "cars": fitted.cars, "lost": fitted.lost}
    if isinstance(fitted, sbg.Fit):
        # No interval of the mean: the law's own knows nothing of interest that fades, see docs/value.md.
        row |= {
            "alpha": fitted.alpha,
            "beta": fitted.beta,
            "mean_churn": fitted.mean,
            "spread": fitted.spread,
        }
    if of.table is None:
        message = fitted.message if isinstance(fitted, sbg.TooFew) else ""
        return row | {"note": "too_few" if fitted.cars else "no_data", "message": message}
    expected, least, most = of.table.expected_services(discount)
    return row | {
        "expected_services": expected,
        "expected_low": least,
        "expected_high": most,
        "discount_per_service": discount,
        "note": "",
        "message": "",
    }


def _curve(of: Retention) -> pd.DataFrame:
    """Observed (product of the shares that came) and by the life table; row 0 is the purchase."""
    at_risk = of.losses.at_risk
    seen = int((at_risk > 0).sum())
    width = (max(PROJECTED, seen) if of.table else seen) + 1
    number = np.arange(width)
    risk, kept, observed, model, low, high = (np.full(width, np.nan) for _ in range(6))
    risk[1 : seen + 1] = at_risk[:seen]
    kept[1 : seen + 1] = at_risk[:seen] - of.losses.lost[:seen]
    observed[0] = 1.0
    observed[1 : seen + 1] = np.cumprod(kept[1 : seen + 1] / risk[1 : seen + 1])
    if of.table:
        model, low, high = of.table.survival(width - 1)
    return pd.DataFrame(
        {
            "by": of.by,
            "group": of.group,
            "service_no": number,
            "at_risk": risk,
            "kept": kept,
            "survived": observed,
            "fitted": np.where(number <= seen, model, np.nan),
            "projected": np.where(number > seen, model, np.nan),
            "low": low,
            "high": high,
            "note": "" if of.table else "too_few" if of.fitted.cars else "no_data",
        }
    )
