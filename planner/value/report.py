"""All figures of one day in frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from planner.columns import empty, typed
from planner.cycle import load_cycles
from planner.parts import BEGUN, OUTSTANDING, Part, Where
from planner.settings import Settings
from planner.tables import ANSWERS, CHANNELS, CONTACTS, FORECASTS, ISSUES, OFFERS, SURVEYS, VISITS
from planner.value.book import Book, read_book
from planner.value.cohorts import cohorts
from planner.value.counting import figures_in, measured
from planner.value.discounted import with_discounted
from planner.value.expected import expected_values, relative_error
from planner.value.figures import FIGURES, METRICS, Z95
from planner.value.fits import fits_of, retention_of_all
from planner.value.groups import Groups
from planner.value.leaving import leavers
from planner.value.owned import Tables, owned
from planner.value.periods import periods_of
from planner.value.poor import add_poor
from planner.value.quality import grade
from planner.value.rates import active_customers, all_rates
from planner.value.reach import noted, too_short
from planner.value.renewals import renewals
from planner.value.segments import next_contacts, segmented
from planner.value.success import success, window_start
from planner.value.together import together
from planner.value.trend import trend_of
from planner.value.without_contact import contacts_against
from planner.value.worth import derived, margin_12m, simple_value, worth
from planner.value.year_before import year_before

OPTIONAL = {table.name: table for table in (CONTACTS, FORECASTS, ISSUES, OFFERS, SURVEYS, ANSWERS)}


@dataclass(frozen=True)
class ValueReport:
    """What `planner value` shows; columns: in the module that makes each frame."""

    as_of: date
    figures: pd.DataFrame  # FIGURES
    trend: pd.DataFrame  # TREND of planner.value.trend
    cohorts: pd.DataFrame  # COHORTS
    curve: pd.DataFrame  # CURVE
    fits: pd.DataFrame  # FITS
    expected: pd.DataFrame  # one row a car, see planner.value.expected
    quality: pd.DataFrame  # QUALITY
    customers: pd.DataFrame  # CUSTOMERS of planner.value.segments
    segments: pd.DataFrame  # SEGMENTS
    concentration: pd.DataFrame  # CONCENTRATION
    profile: pd.DataFrame  # PROFILE
    missing: pd.DataFrame  # MISSING
    stage_flow: pd.DataFrame  # STAGE_FLOW
    success: pd.DataFrame  # SUCCESS
    without_contact: pd.DataFrame  # WITHOUT_CONTACT
    leavers: pd.DataFrame  # LEAVERS of planner.value.leaving


# The day on which each row became known.
DATED = {
    "vehicles": "purchased_on",
    "visits": "visited_on",
    "elsewhere": "visited_on",
    "readings": "read_on",
    "surveys": "asked_on",
    "offers": "issued_on",
    "outcomes": "recorded_on",
}


def value_report(tables: Tables, settings: Settings, as_of: date) -> ValueReport:
    """The figures of what had happened by as_of; nothing later counts.

    tables: customers (with household_id), vehicles, visits, and where there are any, surveys, offers,
    contacts, forecasts, service_items, issues, readings, outcomes, elsewhere: of
    planner.pipeline.stored_tables. Figures on data of grade D have the note poor_data.
    """
    nothing = {name: empty(table) for name, table in OPTIONAL.items()}
    tables = _up_to({**nothing, "elsewhere": empty(VISITS), **tables}, as_of)
    own = owned(tables, settings, as_of)
    quality = grade(tables, tables["issues"], settings, as_of, own)
    book = read_book(tables, settings, as_of, own)
    came_back = renewals(book)
    of_all = retention_of_all(book, came_back)
    expected = expected_values(book, came_back, of_all.table)
    parts = segmented(tables, settings, as_of, _of_customers(book, own.who, expected), own)
    by_customer = parts.customers.set_index("customer_id")["segment"]
    groups, periods = Groups(book, by_customer, parts.stages), periods_of(book)
    fits, curve = fits_of(book, came_back, groups, of_all)
    before = year_before(book, groups)
    coming = expected["value_expected"].to_numpy(dtype="float64")
    money = worth(book, groups, periods, coming, before.values)
    every = {each.metric: each for each in (*money, *all_rates(book, groups, periods))}
    told = list(measured([*every.values()], groups, periods))
    short = too_short(told, book, periods)
    counted = noted(figures_in(told, periods), short)
    if of_all.table:
        active = active_customers(book, book.last_day)
        counted = _with_model_error(counted, relative_error(book, came_back, of_all.table, active))
    pairs = together(every["margin_per_customer"], every["churn"], groups, periods)
    services = noted(_expected_services(fits, before.services), short)
    found = [counted, derived(counted, pairs, settings), services]
    brought = success(tables, book.touchpoints, settings, as_of)
    return ValueReport(
        as_of=as_of,
        figures=add_poor(_ordered(found), quality),
        trend=add_poor(trend_of(told, book, periods), quality),
        cohorts=cohorts(book),
        curve=with_discounted(curve, fits),
        fits=fits,
        expected=expected,
        quality=quality,
        customers=parts.customers,
        segments=parts.segments,
        concentration=parts.concentration,
        profile=parts.profile,
        missing=parts.missing,
        stage_flow=parts.stage_flow,
        success=brought.success,
        without_contact=brought.without_contact,
        leavers=leavers(book, tables, groups, periods),
    )


# What the report and the lists made of it (planner.lists_value) read of each table.
COLUMNS = {
    "customers": (
        "customer_id", "household_id", "name", "phone", "phone_2", "advisor", "do_not_contact",
        *(f"consent_{channel}" for channel in CHANNELS),
    ),
    "vehicles": (
        "vehicle_id", "customer_id", "make", "model", "fuel", "purchased_on", "condition",
        "odometer_at_purchase_km", "warranty_end_on", "status",
    ),
    "visits": ("vehicle_id", "visited_on", "odometer_km", "kind", "amount", "margin", "services"),
    "issues": ("source", "code"),
    "forecasts": ("vehicle_id", "due_on", "km_per_month", "return_probability"),
    "contacts": (
        "contact_id", "household_id", "customer_id", "vehicle_id", "also_vehicle_ids", "touchpoint",
        "service_no", "channel", "ideal_on", "latest_on", "planned_on", "status", "reason", "script",
        "handed_out_on", "attempts", "outcome", "outcome_at",
    ),
}  # fmt: skip


def needed(settings: Settings, as_of: date) -> dict[str, Part]:
    """What the report needs of the largest tables: for planner.pipeline.stored_tables."""
    touchpoints, since = load_cycles(settings).touchpoints, window_start(settings, as_of)
    made = (*BEGUN, (Where("status", "=", "done"),))
    closed = contacts_against(touchpoints, as_of, since)
    rows = {
        "contacts": (*made, *closed.rows, *next_contacts(as_of).rows),
        "forecasts": OUTSTANDING.rows,
    }
    return {name: Part(columns, rows.get(name, ())) for name, columns in COLUMNS.items()}


def _up_to(tables: Tables, as_of: date) -> dict[str, pd.DataFrame]:
    """The tables without the rows of later days."""
    kept = dict(tables)
    for name, on in ((name, on) for name, on in DATED.items() if name in kept):
        late = kept[name][on] > pd.Timestamp(as_of)
        if late.any():
            kept[name] = kept[name][~late].reset_index(drop=True)
    return kept


def _of_customers(book: Book, names: pd.Index, expected: pd.DataFrame) -> pd.DataFrame:
    """By customer_id value_simple and value_expected, of all cars together; missing without any money."""
    of_cars = expected["value_expected"].to_numpy(dtype="float64")
    coming, known = (
        np.bincount(book.owner, each, len(names)) for each in (np.nan_to_num(of_cars), ~np.isnan(of_cars))
    )
    simple = simple_value(margin_12m(book, book.last_day), book.settings.value.simple_years)
    return pd.DataFrame(
        {
            "value_simple": np.nan if np.isnan(book.margin).all() else simple,
            "value_expected": np.where(known > 0, coming, np.nan),
        },
        index=names,
    )


def _with_model_error(figures: pd.DataFrame, relative: float) -> pd.DataFrame:
    """FIGURES with the interval of value_expected widened by the error of what decides it.

    On the log scale, where the interval is even on it (planner.value.clusters.mean_interval).
    """
    of = figures["metric"].eq("value_expected").to_numpy()
    value, low, high = (figures[name].to_numpy(dtype="float64") for name in ("value", "low", "high"))
    half = np.hypot((high - low) / 2, Z95 * relative * value)
    with np.errstate(divide="ignore", invalid="ignore"):
        below, above = (np.exp(np.hypot(np.log(end / value), Z95 * relative)) for end in (low, high))
        even = (low > 0) & (value > 0)
        least = np.where(even, value / below, value - half)
        most = np.where(even, value * above, value + half)
    return figures.assign(low=np.where(of, least, low), high=np.where(of, most, high))


def _expected_services(fits: pd.DataFrame, before: Mapping[tuple[str, str], float]) -> pd.DataFrame:
    """The rows of FITS as figures: services that a new car brings, discounted; and a year before."""
    keys = zip(fits["by"], fits["group"].fillna(""), strict=True)
    last_year = [before.get(key, np.nan) for key in keys]
    return pd.DataFrame(
        {
            "metric": "expected_services",
            "by": fits["by"],
            "group": fits["group"],
            "value": fits["expected_services"],
            "low": fits["expected_low"],
            "high": fits["expected_high"],
            "denominator": fits["cars"],
            "unit": METRICS["expected_services"],
            "last_year": last_year,
            "last_year_note": np.where(np.isnan(last_year), "no_data", ""),
            "note": fits["note"].replace("alike", ""),  # of the law, which these do not need
        }
    )


def _ordered(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """In the order of METRICS; within a metric now before the months, all before the groups."""
    figures = typed(pd.concat([typed(part, FIGURES) for part in parts], ignore_index=True), FIGURES)
    metric = pd.Categorical(figures["metric"], categories=list(METRICS)).codes
    by = figures["by"].map({"all": 0, "advisor": 1, "model": 2, "stage": 3, "cohort": 4, "segment": 5})
    month = figures["month"].to_numpy().astype("datetime64[D]").astype("int64")
    month = np.where(figures["month"].isna(), -(2**40), month)
    order = np.lexsort((month, figures["group"].to_numpy(dtype=object).astype(str), by, metric))
    return figures.iloc[order].reset_index(drop=True)
