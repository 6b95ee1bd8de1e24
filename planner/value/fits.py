"""Retention by service number as frames: of all cars and of each group, counted and projected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from planner.columns import typed
from planner.value import lifetable, sbg
from planner.value.book import Book
from planner.value.figures import CURVE, FITS
from planner.value.groups import Groups
from planner.value.lifetable import LifeTable
from planner.value.owned import Ints
from planner.value.renewals import Renewals, discount_per_service, followed_from, losses
from planner.value.scores import RULES, SEGMENTS_IN_ORDER

LATE = tuple(rule.segment for rule in RULES if rule.stages)  # segments of who has not come
SEGMENT_YEARS = 4  # three services of those who wait for 15 months, and the active window. Our judgement
MESSAGES = {"overdue": "late for a service on the day from which they are followed: counted, not projected"}
PROJECTED = 15  # services that the curve shows at most; few cars live longer at one a year. Our judgement


@dataclass(frozen=True)
class Retention:
    """Of all cars or a group what is known, and its life table. None: too few, or late when it began.

    since: the day from which services count; None: the purchase of each car.
    """

    by: str
    group: str
    losses: sbg.Losses
    table: LifeTable | None
    since: np.datetime64 | None = None

    @cached_property
    def law(self) -> sbg.Fit | sbg.TooFew:
        """The beta-geometric law of it."""
        return sbg.fit(self.losses)

    @property
    def note(self) -> str:
        if self.table is not None:
            return ""
        if self.by == "segment" and self.group in LATE and isinstance(self.law, sbg.Fit):
            return "overdue"
        return "too_few" if self.law.cars else "no_data"


def retention_of_all(book: Book, found: Renewals) -> Retention:
    """The life table of all cars; below the limits of planner.value.sbg none."""
    known = Retention("all", "", losses(found.trials), None)
    if isinstance(known.law, sbg.TooFew):
        return known
    return replace(known, table=lifetable.life_table(found.trials, book.owner, known.law, found.older))


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
    each = [of_all, *parts_of(book, found, groups, of_all.table, np.arange(len(book.cars)))]
    fits = [_fit_row(one, discount) for one in each]
    curves = [_curve(one) for one in each if one.by == "all" or one.note in ("", "overdue")]
    return typed(pd.DataFrame(fits), FITS), typed(pd.concat(curves, ignore_index=True), CURVE)


def parts_of(
    book: Book, found: Renewals, groups: Groups, of_all: LifeTable | None, cars: Ints
) -> Iterator[Retention]:
    """What is known of each group but those by stage, without its law; segments as `_of_segments` has them.

    cars: of each car of the book its row in the book of the groups. A stage follows from having come or not,
    and would explain itself.
    """
    for by in groups.kinds:
        if by == "segment":
            yield from _of_segments(book, found, groups, of_all, cars)
        elif by != "stage":
            codes, names = groups.codes(by, cars, book.owner, np.full(len(cars), book.last_day))
            there = np.unique(codes)
            parts = [losses(found.trials, codes == code) for code in there]
            for code, part, table in zip(there, parts, _tables(of_all, parts), strict=True):
                yield Retention(by, names[code], part, table)


def _of_segments(
    book: Book, found: Renewals, groups: Groups, of_all: LifeTable | None, cars: Ints
) -> list[Retention]:
    """Of the cars that were in time for a service SEGMENT_YEARS ago, by the segments of that day.

    A segment of today follows from having come or not, as a stage does. Services count from that day; beyond
    those that were seen the odds of coming rise as those of all cars do. Who was overdue that day is in a
    segment for that: what these cars did is counted, and nothing is projected.
    """
    day = segments_day(book)
    codes, names = groups.codes("segment", cars, book.owner, np.full(len(cars), day))
    trials = followed_from(book, found, day)
    parts = {name: losses(trials, codes == names.index(name)) for name in SEGMENTS_IN_ORDER}
    in_time = [name for name in SEGMENTS_IN_ORDER if name not in LATE]
    followed = trials.of(np.isin(codes, [names.index(name) for name in in_time]))
    base = None
    if of_all is not None and len(followed.car):
        known = lifetable.life_table(followed, book.owner)
        base = replace(known, rise=of_all.rise, rise_off=of_all.rise_off)
    tables = dict(zip(in_time, _tables(base, [parts[name] for name in in_time]), strict=True))
    return [Retention("segment", name, part, tables.get(name), day) for name, part in parts.items()]


def segments_day(book: Book) -> np.datetime64:
    """The end of a month SEGMENT_YEARS ago: the segments of that day are followed."""
    month = (book.last_day + 1).astype("datetime64[M]") - 12 * SEGMENT_YEARS
    return np.datetime64(month, "D") - 1


def _tables(of_all: LifeTable | None, parts: list[sbg.Losses]) -> list[LifeTable | None]:
    """Of each group; None where it is too few."""
    if of_all is None:
        return [None] * len(parts)
    counts = [(part.at_risk[:-1], part.at_risk[:-1] - part.lost[:-1]) for part in parts]
    tables = lifetable.shifted(of_all, counts)
    few = [sbg.too_few(int(part.at_risk[0]), int(part.lost.sum())) for part in parts]
    return [None if too_few else table for too_few, table in zip(few, tables, strict=True)]


def _fit_row(of: Retention, discount: float) -> dict[str, object]:
    law = of.law
    row: dict[str, object] = {"by": of.by, "group": of.group, "cars": law.cars, "lost": law.lost}
    row |= {"note": of.note, "message": MESSAGES.get(of.note, ""), "since": of.since}
    if isinstance(law, sbg.TooFew):
        row["message"] = law.message
    else:
        # No interval of the mean: the law's own knows nothing of interest that fades, see docs/value.md.
        if law.alike and not of.note:
            row |= {"note": "alike", "message": sbg.ALIKE}
        row |= {"alpha": law.alpha, "beta": law.beta, "mean_churn": law.mean, "spread": law.spread}
    if of.table is not None:
        expected, least, most = of.table.expected_services(discount)
        row |= {"expected_services": expected, "expected_low": least, "expected_high": most}
        row["discount_per_service"] = discount
    return row


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
            "note": of.note,
        }
    )
