"""All figures by month and group: what tests.value_reference counts, added up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from tests.value_reference import Counted, Dealership, Stages

METRICS = (
    "active_customers", "margin_per_customer", "value_simple_customer", "value_simple_household",
    "contact_cost", "churn", "revenue_churn", "repeat_rate", "nps", "nps_12m", "redemption", "retention_13m",
    "two_visits_12m", "active_uio", "first_service", "reminder_to_booking", "booking_to_show",
    "call_before_visit", "missing_margin", "missing_amount",
)  # fmt: skip
KINDS = ("advisor", "model", "stage", "cohort", "segment")
Sums = dict[tuple[str, str, str, date | None], tuple[float, float]]


def windows(one: Dealership, as_of: date) -> Iterator[tuple[date | None, date, date]]:
    """Now (no month), then each of the 24 full months: the first of it, the day before, its last day."""
    yield None, as_of - relativedelta(months=one.window_months), as_of
    next_month = (as_of + timedelta(days=1)).replace(day=1)  # of which not all has passed
    for back in range(24, 0, -1):
        first = next_month - relativedelta(months=back)
        yield first, first - timedelta(days=1), first + relativedelta(months=1) - timedelta(days=1)


def figures(one: Dealership, stages: Stages) -> tuple[Sums, Sums]:
    """x and y by metric, by, group and month; and those of a year before, without a month.

    stages: of some days; on the others a customer stands where the best bound of his cars does.
    """
    found: Sums = {}
    before: Sums = {}
    for metric in METRICS:
        count: Callable[[date, date], Iterator[Counted]] = getattr(one, metric)
        for month, since, end in windows(one, one.as_of):
            if metric == "nps_12m" and month is None:
                continue  # as of the day it is nps
            _add(found, one, stages, metric, month, count(since, end))
        end = one.as_of - relativedelta(months=12)
        last_year = count(end - relativedelta(months=one.window_months), end)
        _add(before, one, stages, metric, None, last_year)
    return found, before


def _add(
    sums: Sums, one: Dealership, stages: Stages, metric: str, month: date | None, counted: Iterator[Counted]
) -> None:
    for each in counted:
        groups = ((by, one.groups(each, by, stages)) for by in KINDS)
        for by, group in (("all", ""), *groups):
            x, y = sums.get((metric, by, group, month), (0.0, 0.0))
            sums[metric, by, group, month] = (x + each.x, y + each.y)
