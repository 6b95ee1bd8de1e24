"""The frames of the value report, and how a row of FIGURES is made: value, interval, note."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planner.columns import Column, Table

Floats = npt.NDArray[np.float64]

Z95 = 1.959964  # of a 95% interval. Source: standard normal distribution
OVER = ("lost", "gone", "no_car")  # stages of customers from whom nothing more is expected
TOO_FEW = 30  # households; below that a figure is said to be too few. Our judgement
NOTES = ("too_few", "no_data", "poor_data", "no_contacts")
# Of a figure with one of these no change is told, as it would be read as one; the first one counts.
WEAK = ("no_data", "too_short", "too_few")
LAST_YEAR_NOTES = (*WEAK, "no_contacts")
BY = ("all", "advisor", "model", "stage", "cohort", "segment")

# In the order in which a manager reads them: code -> unit.
METRICS = {
    "active_customers": "count",
    "margin_per_customer": "money",
    "value_simple_customer": "money",
    "value_simple_household": "money",
    "ltv": "money",
    "clv_net": "money",
    "cac": "money",
    "ltv_to_cac": "ratio",
    "contact_cost": "money",
    "expected_services": "count",
    "value_expected": "money",
    "churn": "share",
    "revenue_churn": "share",
    "repeat_rate": "share",
    "nps": "score",
    "nps_12m": "score",
    "redemption": "share",
    "retention_13m": "share",
    "two_visits_12m": "share",
    "active_uio": "share",
    "first_service": "share",
    "reminder_to_booking": "share",
    "booking_to_show": "share",
    "call_before_visit": "share",
    "missing_margin": "share",
    "missing_amount": "share",
}
# Only by month: as of the day nps is the same, over the settings' window of 12 months.
BY_MONTH = ("nps_12m",)
# Those whose change against the year before has an interval. Not lifetime values, which are made of others,
# nor what a model expects; nor what the export lacks: that is missing by month and not by household.
TRENDS = (
    "margin_per_customer", "churn", "revenue_churn", "repeat_rate", "nps", "redemption", "retention_13m",
    "two_visits_12m", "active_uio", "first_service", "reminder_to_booking", "booking_to_show",
    "call_before_visit",
)  # fmt: skip
UNITS = ("share", "money", "score", "ratio", "months", "count")


def _column(name: str, kind: str, meaning: str) -> Column:
    return Column(name, kind, meaning)  # type: ignore[arg-type]


FIGURES = Table(
    "figures",
    "one row a metric, group and month",
    ("metric", "by", "group", "month"),
    (
        Column("metric", "choice", "what is measured, see docs/value.md", choices=tuple(METRICS)),
        Column("by", "choice", "what the groups are", choices=BY),
        _column("group", "text", "the group; empty for all"),
        _column("month", "date", "first of the month; missing is as of now, over the settings' window"),
        _column("value", "number", "the figure, in its unit; missing where there is nothing to divide by"),
        _column("low", "number", "lower end of its 95% interval"),
        _column("high", "number", "upper end"),
        _column("numerator", "number", "what is divided"),
        _column("denominator", "number", "by what"),
        Column("unit", "choice", "share is 0 to 1, score is -100 to 100", choices=UNITS),
        _column("last_year", "number", "the same as of a year before; only where month is missing"),
        Column("note", "choice", "empty if the figure is sound", choices=("", *NOTES)),
        Column("last_year_note", "choice", "the same of last_year", choices=("", *LAST_YEAR_NOTES)),
    ),
)

CURVE = Table(
    "curve",
    "one row a group and service number",
    ("by", "group", "service_no"),
    (
        Column("by", "choice", "what the groups are", choices=BY),
        _column("group", "text", "the group; empty for all"),
        _column("service_no", "int", "0 is the purchase, of segments the day `since` of the fits"),
        _column("at_risk", "int", "came for the service before, and the time for this one is over"),
        _column("kept", "int", "of them, those that came for this one in time"),
        _column("survived", "number", "observed share that came for all services up to this one"),
        _column("fitted", "number", "the same by the model, as far as it was observed"),
        _column("projected", "number", "the same by the model, beyond that"),
        _column("discounted", "number", "fitted or projected, discounted to the first service"),
        _column("low", "number", "lower end of the model's 95% interval"),
        _column("high", "number", "upper end"),
        _column("note", "text", "too_few, no_data, overdue; empty if sound"),
    ),
)

FITS = Table(
    "fits",
    "one row a group whose retention was fitted",
    ("by", "group"),
    (
        Column("by", "choice", "what the groups are", choices=BY),
        _column("group", "text", "the group; empty for all"),
        _column("since", "date", "services count from this day; missing: from the purchase of each car"),
        _column("cars", "int", "cars that had at least one service to come back for"),
        _column("lost", "int", "of them, those that missed one"),
        _column("alpha", "number", "of the beta distribution of the chance to miss a service"),
        _column("beta", "number", "of the same"),
        _column("mean_churn", "number", "alpha / (alpha + beta): chance to miss the first of them"),
        _column("spread", "number", "1 / (alpha + beta + 1): 0 is all alike, 1 is always or never"),
        _column("expected_services", "number", "of a car that begins, discounted (DERL)"),
        _column("expected_low", "number", "lower end of its 95% interval"),
        _column("expected_high", "number", "upper end"),
        _column("discount_per_service", "number", "the yearly discount over the time between services"),
        _column(
            "note", "text", "too_few, no_data, overdue; alike: no difference between cars; empty if sound"
        ),
        _column("message", "text", "the note as a sentence"),
    ),
)

COHORTS = Table(
    "cohorts",
    "one row a year of purchase and year of ownership",
    ("cohort", "year_of_ownership"),
    (
        _column("cohort", "int", "year of purchase"),
        _column("year_of_ownership", "int", "1 is the first; only years that are over for the whole cohort"),
        _column("cars", "int", "bought in that year and owned all through the year of ownership"),
        _column("came", "int", "of them, those with a visit in it"),
        _column("retention", "number", "came / cars"),
        _column("low", "number", "lower end of its 95% interval"),
        _column("high", "number", "upper end"),
        _column("note", "text", "too_few; empty if sound"),
    ),
)


def wilson(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> tuple[Floats, Floats]:
    """The 95% Wilson score interval of shares; NaN where the denominator is 0.

    Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, Journal of
    the American Statistical Association 22 (1927), 209-212. It stays within 0 and 1 and holds for small
    counts, where the plain interval does not.

    >>> low, high = wilson(8, 10)
    >>> print(f"{low:.3f} {high:.3f}")
    0.490 0.943
    """
    k, n = np.asarray(numerator, dtype="float64"), np.asarray(denominator, dtype="float64")
    with np.errstate(divide="ignore", invalid="ignore"):
        share, z2 = k / n, Z95**2
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = Z95 / (1 + z2 / n) * np.sqrt(share * (1 - share) / n + z2 / (4 * n**2))
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def notes(denominator: npt.ArrayLike, enough: int = TOO_FEW) -> npt.NDArray[np.object_]:
    """no_data where nothing was counted, too_few below `enough`, else empty.

    >>> notes([0, 5, 100]).tolist()
    ['no_data', 'too_few', '']
    """
    n = np.nan_to_num(np.asarray(denominator, dtype="float64"))
    return np.select([n <= 0, n < enough], ["no_data", "too_few"], default="").astype(object)
