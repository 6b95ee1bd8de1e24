"""How good the data are that the figures rest on: a grade for each check, before any figure.

Thresholds are our judgement: a figure from which one row in ten is missing is still a figure, one from which
a third is missing is a guess. docs/segments.md has the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planner.columns import Column, Table, empty, typed
from planner.dates import NO_DAY, Days, days
from planner.errors import IssueCode
from planner.settings import Settings
from planner.tables import ANSWERS, GONE, OFFERS, READINGS, SURVEYS
from planner.value.figures import Floats
from planner.value.history import THIN_SHARE
from planner.value.money import money_given
from planner.value.owned import Ints, Owned, Tables, owned
from planner.value.poor import OVERALL, POOR

GRADES = ("A", "B", "C", "D")
GAP_MONTHS = 24
STILL_HERE_DAYS = 31

# What each check touches: metrics of planner.value.figures. Who comes brings the money.
MONEY = (
    "margin_per_customer", "value_simple_customer", "value_simple_household", "ltv", "clv_net",
    "ltv_to_cac", "revenue_churn", "value_expected",
)  # fmt: skip
COMING = (
    *MONEY, "active_customers", "churn", "repeat_rate", "retention_13m", "two_visits_12m", "active_uio",
    "first_service", "booking_to_show", "call_before_visit", "expected_services",
)  # fmt: skip
OWNING = ("first_service", "retention_13m", "active_uio", "expected_services", "value_expected")
YEARS_AHEAD = ("expected_services", "value_expected")
KINDS_OF_VISIT = ("first_service", "retention_13m", "expected_services", "value_expected")

# The least share that is still A, B, C; the most days for how long ago; the most months for gaps.
FILLED = (0.95, 0.85, 0.65)
MARGINS = (0.8, 0.5, 0.05)  # where it is missing a stated share of the amount stands in
SOUND = (0.98, 0.95, 0.9)
HERE = (0.2, 0.1, 0.02)  # not gone: old cars stay on record, but where all are gone somebody marked too many
CENT = 0.01
RECENT = (7, 31, 92)
SELDOM = (31, 92, 183)
FEW_GAPS = (0, 1, 2)
YEARS_BACK = (8, 7, 6)  # with 5 years of visits the intervals of what is to come hold too seldom
# Rows that an import left out, by code. Those that it kept with a value set aside are not lost.
LEFT_OUT = (
    IssueCode.BAD_ROW, IssueCode.MISSING, IssueCode.BAD_DATE, IssueCode.BAD_NUMBER, IssueCode.OUT_OF_RANGE,
    IssueCode.BAD_CHOICE, IssueCode.DUPLICATE, IssueCode.UNKNOWN_CUSTOMER, IssueCode.UNKNOWN_VEHICLE,
    IssueCode.FUTURE,
)  # fmt: skip
ODOMETERS = tuple(code for code in IssueCode if code.startswith("reading-"))

QUALITY = Table(
    "quality",
    "one row a check; the first is the grade over all",
    ("check",),
    (
        Column("check", "text", "what was looked at"),
        Column("kind", "choice", "what for", choices=(OVERALL, "complete", "fresh", "consistent")),
        Column("share", "number", "of the rows that are good; missing for fresh and gaps"),
        Column("count", "int", "rows that are not good; fresh: days since the last row; gaps: months"),
        Column("total", "int", "rows looked at"),
        Column("last_on", "date", "fresh: day of the last row; visit_history: of the first"),
        Column("grade", "choice", "D is poor; empty: nothing to grade", choices=("", *GRADES)),
        Column("sentence", "text", "code of the sentence that says it: its check and grade, or check.empty"),
        Column("metrics", "text", "the figures that rest on it, with commas"),
    ),
)


@dataclass(frozen=True, slots=True)
class _Check:
    name: str
    kind: str
    metrics: tuple[str, ...]
    grade: str
    count: int
    total: int
    share: float = np.nan
    last_on: object = pd.NaT


def grade(
    tables: Tables, issues: pd.DataFrame, settings: Settings, as_of: date, own: Owned | None = None
) -> pd.DataFrame:
    """QUALITY: the overall grade first, then every check.

    tables: customers, vehicles, visits, and where there are any readings, surveys, offers, outcomes; issues:
    ISSUES, also of imports; own: of the tables, where it is there already. What is later than as_of does not
    count. The overall grade is the worst of those checks that figures of money or of who comes rest on;
    surveys and offers spoil only their own figures, phones, consents and odometers matter to the plan and
    have no metrics. Source: our judgement; an optional table that is not delivered has no grade.

    Of two visits one has no kind: half is D. The last was 30 days ago: B.

    >>> from planner.value import value_report
    >>> from planner.value.example import AS_OF, tables_of
    >>> tables = tables_of({"A": ["2025-01-10", "2025-12-01", "2026-05-31"]})
    >>> tables["visits"]["kind"] = ["maintenance", None]
    >>> found = value_report(tables, Settings(), AS_OF).quality.set_index("check")
    >>> found.loc[["visit_kinds", "visits_fresh"], "grade"].tolist(), float(found.loc["visit_kinds", "share"])
    (['D', 'B'], 0.5)
    """
    today = np.datetime64(as_of)
    visits = tables["visits"][days(tables["visits"]["visited_on"]) <= today]
    checks = [
        *_complete(tables, visits),
        _history(own or owned(tables, settings, as_of), today),
        *_fresh(tables, visits, as_of),
        _gaps(visits, as_of),
        *_consistent(tables, visits, issues, today),
    ]
    spoils = set(COMING) - set(YEARS_AHEAD)  # a short history spoils only what looks far ahead
    graded = [check for check in checks if check.grade and not spoils.isdisjoint(check.metrics)]
    worst = max((check.grade for check in graded), default=POOR)
    reasons = [check for check in graded if check.grade == worst]
    over = _Check(OVERALL, OVERALL, (), worst, len(reasons), len(graded))
    rows = [_row(over, ",".join(check.name for check in reasons)), *(_row(check) for check in checks)]
    return typed(pd.DataFrame(rows), QUALITY)


def grade_of(value: float, limits: tuple[float, ...], *, least: bool = True) -> str:
    """A if the value reaches the first limit, B the second, C the third, else D; `least` False: stays below.

    >>> grade_of(0.9, (0.95, 0.85, 0.65)), grade_of(40, (7, 31, 92), least=False)
    ('B', 'C')
    """
    reached = [value >= limit if least else value <= limit for limit in limits]
    return GRADES[reached.index(True)] if any(reached) else POOR


def _row(check: _Check, reasons: str = "") -> dict[str, object]:
    code = f"{check.name}.{check.grade or 'empty'}"
    return {
        "check": check.name,
        "kind": check.kind,
        "share": check.share,
        "count": check.count,
        "total": check.total,
        "last_on": check.last_on,
        "grade": check.grade,
        "sentence": code,
        "metrics": reasons or ",".join(check.metrics),
    }


def _shared(
    name: str, kind: str, metrics: tuple[str, ...], bad: int, total: int, limits: tuple[float, ...]
) -> _Check:
    """A check of how many of `total` rows are not good; without rows nothing is graded."""
    share = 1 - bad / total if total else np.nan
    return _Check(name, kind, metrics, grade_of(share, limits) if total else "", bad, total, share)


def _complete(tables: Tables, visits: pd.DataFrame) -> list[_Check]:
    people, cars = tables["customers"], tables["vehicles"]
    no_amount, no_margin = (money_given(visits[name]).isna() for name in ("amount", "margin"))
    missing = {
        "amounts": (no_amount & no_margin, MONEY, FILLED),
        "margins": (no_margin, MONEY, MARGINS),
        "visit_kinds": (visits["kind"].isna(), KINDS_OF_VISIT, FILLED),
        "purchase_dates": (cars["purchased_on"].isna(), OWNING, FILLED),
        "odometers": (visits["odometer_km"].isna(), (), FILLED),
        "phones": (people["phone"].isna() & people["phone_2"].isna(), (), FILLED),
        "consents": (people["consent_call"].isna(), (), FILLED),
    }
    return [
        _shared(name, "complete", metrics, int(gap.sum()), len(gap), limits)
        for name, (gap, metrics, limits) in missing.items()
    ]


def _fresh(tables: Tables, visits: pd.DataFrame, as_of: date) -> list[_Check]:
    today = np.datetime64(as_of)
    sources = {
        "visits_fresh": (visits["visited_on"], COMING, RECENT),
        "purchases_fresh": (tables["vehicles"]["purchased_on"], (), SELDOM),
        "readings_fresh": (tables.get("readings", empty(READINGS))["read_on"], (), SELDOM),
        "surveys_fresh": (tables.get("surveys", empty(SURVEYS))["asked_on"], ("nps", "nps_12m"), SELDOM),
        "offers_fresh": (tables.get("offers", empty(OFFERS))["issued_on"], ("redemption",), SELDOM),
    }
    found = []
    for name, (column, metrics, limits) in sources.items():
        past = days(column)
        past = past[past <= today]
        if not len(past):  # an optional table that is not delivered makes no figure, and spoils none
            found.append(_Check(name, "fresh", metrics, POOR if name == "visits_fresh" else "", 0, 0))
            continue
        last = past.max()
        ago = int((today - last).astype("int64"))
        mark = grade_of(ago, limits, least=False)
        found.append(_Check(name, "fresh", metrics, mark, ago, len(past), last_on=pd.Timestamp(last)))
    return found


def _gaps(visits: pd.DataFrame, as_of: date) -> _Check:
    """Months of the last 24 with hardly a visit, counted from the first visit on record."""
    day = days(visits["visited_on"])
    end = np.datetime64(as_of).astype("datetime64[M]")
    start = max((end - GAP_MONTHS), day.min().astype("datetime64[M]")) if len(day) else end
    months = (day.astype("datetime64[M]") - start).astype("int64")
    length = int((end - start).astype("int64"))
    count = np.bincount(months[(months >= 0) & (months < length)], minlength=length)[:length]
    thin = int((count < THIN_SHARE * np.median(count)).sum()) if length else 0
    mark = grade_of(thin, FEW_GAPS, least=False) if length else ""
    return _Check("visit_gaps", "fresh", COMING, mark, thin, length)


def _history(own: Owned, today: np.datetime64) -> _Check:
    """Cars that were bought before visits are on record, graded by the years that are; last_on: since when.

    Few years spoil what looks years ahead (measured: docs/value-benchmark.md); less than churn looks back,
    the active window and a year, spoil all that looks at who came.
    """
    purchased, first = own.purchased, own.history_from
    before, known = int((purchased < first).sum()), int((~np.isnat(purchased)).sum())
    years = np.inf if np.isnat(first) else (today - first).astype("float64") / 365.25
    mark = grade_of(years, YEARS_BACK) if known else ""
    share = 1 - before / known if known else np.nan
    enough = years * 12 >= 12 + own.settings.value.active_window_months
    metrics = YEARS_AHEAD if enough else COMING
    return _Check("visit_history", "complete", metrics, mark, before, known, share, pd.Timestamp(first))


def _consistent(
    tables: Tables, visits: pd.DataFrame, issues: pd.DataFrame, today: np.datetime64
) -> list[_Check]:
    cars = tables["vehicles"].drop_duplicates("vehicle_id").set_index("vehicle_id")
    car = cars.index.get_indexer(pd.Index(visits["vehicle_id"]))  # -1: the visit of an unknown car
    day = days(visits["visited_on"])
    answers = tables.get("outcomes", empty(ANSWERS))
    told = answers[answers["outcome"] == "sold_car"].groupby("vehicle_id")["said_on"].max()
    gone = np.append(cars["status"].isin(GONE).to_numpy(dtype=bool), False)[car]
    lately = day > today - np.timedelta64(STILL_HERE_DAYS, "D")
    after_told = day > np.append(days(told.reindex(cars.index)), NO_DAY)[car]
    bought = np.append(days(cars["purchased_on"]), NO_DAY)[car]
    day_twice = pd.DataFrame({"car": car, "day": day}).duplicated(keep=False).to_numpy()  # few, before texts
    again = visits[day_twice].duplicated(["vehicle_id", "visited_on", "kind", "amount", "margin"])
    codes = issues["code"].value_counts()
    left_out = int(codes.reindex(list(LEFT_OUT)).fillna(0).sum())
    unknown = int(codes.get(IssueCode.UNKNOWN_VEHICLE, 0))
    odometers = issues["source"].eq("visits") & issues["code"].isin(ODOMETERS)
    n, everything = len(visits), sum(len(tables[name]) for name in tables if name in _EXPORTS)
    n_read = int(visits["odometer_km"].notna().sum())
    over_bill = visits["margin"] > visits["amount"].abs()  # of a credit note both are below 0
    bad: dict[str, tuple[int, int, tuple[str, ...]]] = {
        "rows_left_out": (left_out, everything + left_out, COMING),
        "unknown_vehicles": (unknown, n + unknown, COMING),
        "visits_before_purchase": (int((day < bought).sum()), n, COMING),
        "visits_after_sold": (int(((gone & lately) | after_told).sum()), n, COMING),
        "visits_twice": (int(again.sum()), n, COMING),
        "margin_above_amount": (int(over_bill.sum()), n, MONEY),
        "negative_amounts": (_below_zero(car, day, visits["amount"].to_numpy(dtype="float64")), n, MONEY),
        "odometer_contradictions": (min(int(odometers.sum()), n_read), n_read, ()),
    }
    all_gone = cars["status"].isin(GONE).to_numpy(dtype=bool)
    return [
        *(
            _shared(name, "consistent", metrics, count, total, SOUND)
            for name, (count, total, metrics) in bad.items()
        ),
        _shared("cars_gone", "consistent", COMING, int(all_gone.sum()), len(all_gone), HERE),
    ]


def _below_zero(car: Ints, day: Days, amount: Floats) -> int:
    """Bills below 0 that are more than a credit note: they take back more than the car was billed so far."""
    order = np.lexsort((-amount, day, car))
    amount, car = np.nan_to_num(amount[order]), car[order]
    first = np.ones(len(car), dtype=bool)
    first[1:] = car[1:] != car[:-1]
    total = np.cumsum(amount)
    before = np.repeat((total - amount)[first], np.diff(np.append(np.flatnonzero(first), len(car))))
    return int(((amount < 0) & (total - before < -CENT)).sum())


_EXPORTS = ("customers", "vehicles", "visits", "readings", "surveys", "offers")
