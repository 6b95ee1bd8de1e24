"""How far back visits are on record: which figures of a year before were counted on half a record.

What nobody wrote down would look like a rise since. The rule stands here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from planner.dates import add_months
from planner.settings import Settings
from planner.value.book import Book
from planner.value.counting import Measured
from planner.value.periods import Periods

YEAR = 12
# Which visits are on record does not matter for these: of whoever was asked, the answer is known.
_NOT_OF_VISITS = ("nps", "redemption", "reminder_to_booking")


def too_short(found: Iterable[Measured], book: Book, periods: Periods) -> frozenset[str]:
    """The metrics whose figure of a year before looks at days before the first one on record.

    found: the counted ones; of those of TRENDS it is known on which day their counting began, the states
    begin on the day itself. Without visits on record there is nothing to be short of: no_data says that.
    Source: our rule.

    >>> from planner.settings import Settings
    >>> from planner.value import value_report
    >>> from planner.value.example import AS_OF, tables_of
    >>> tables = tables_of({"A": ["2020-01-10", "2024-06-01", "2026-03-01"]})
    >>> figures = value_report(tables, Settings(), AS_OF).figures.set_index("metric")
    >>> now = figures[figures["by"].eq("all") & figures["month"].isna()]
    >>> now.loc[["active_uio", "two_visits_12m"], "last_year_note"].tolist()
    ['too_short', 'too_few']
    """
    if not len(book.day):
        return frozenset()
    looks_back = looks_back_months(book.settings)
    begun = dict.fromkeys(looks_back, periods.ends[periods.last_year])
    begun |= {each.metric: each.between.begun_on for each in found if each.between}
    return frozenset(
        metric
        for metric, day in begun.items()
        if metric not in _NOT_OF_VISITS
        and not np.isnat(day)
        and book.recorded_from > add_months(day, -looks_back.get(metric, 0))
    )


def noted(figures: pd.DataFrame, short: Iterable[str]) -> pd.DataFrame:
    """FIGURES with the note too_short on last year's value of these metrics, where there is one.

    >>> rows = {"metric": ["churn", "nps"], "last_year": [0.2, 30.0], "last_year_note": ["too_few", ""]}
    >>> noted(pd.DataFrame(rows), ["churn"])["last_year_note"].tolist()
    ['too_short', '']
    """
    there = figures["last_year"].notna() & figures["metric"].isin(list(short))
    there &= figures["last_year_note"].ne("no_data")
    return figures.assign(last_year_note=figures["last_year_note"].mask(there, "too_short"))


def looks_back_months(settings: Settings) -> Mapping[str, int]:
    """How long before the day on which its counting begins a visit can still decide a figure; else 0.

    What is said of active customers looks back as far as being active does, and what they brought a year at
    least; so does whether a car missed a service, of which what is still to come is made.
    """
    active = settings.value.active_window_months
    brought = ("margin_per_customer", "value_simple_customer", "value_simple_household")
    states = ("active_customers", "contact_cost", "expected_services", "value_expected")
    return {
        **dict.fromkeys(brought, max(active, YEAR)),
        **dict.fromkeys((*states, "churn", "repeat_rate", "active_uio"), active),
        "revenue_churn": YEAR,
    }
