"""What a customer is worth: simple value, lifetime value, net lifetime value, acquisition cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.dates import add_months
from planner.settings import Settings
from planner.tables import CHANNELS
from planner.value.book import Book
from planner.value.counting import Counted
from planner.value.figures import WEAK, Floats
from planner.value.groups import Groups
from planner.value.owned import Bools, Ints
from planner.value.periods import Periods
from planner.value.rates import YEAR, Part, active_customers, of_customers


def simple_value(margin_per_period: npt.ArrayLike, periods: npt.ArrayLike) -> Floats:
    """Value per period x periods: margin of a year x the years that a customer is expected to stay.

    Missing in, missing out. The years are settings.value.simple_years.

    >>> float(simple_value(180.0, 5))
    900.0
    """
    return np.multiply(margin_per_period, periods, dtype="float64")


def lifetime_value(margin_per_period: npt.ArrayLike, churn: npt.ArrayLike) -> Floats:
    """LTV = average margin per customer and period / churn per period; NaN where nobody left.

    1 / churn is how many periods a customer stays on average, if churn stays as it is and is the same for
    all; nothing is discounted. Source: the usual short form.

    >>> float(lifetime_value(180.0, 0.25))
    720.0
    """
    m, c = np.asarray(margin_per_period, dtype="float64"), np.asarray(churn, dtype="float64")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(c > 0, m / c, np.nan)


def net_lifetime_value(
    margin_per_period: npt.ArrayLike,
    contact_cost: npt.ArrayLike,
    churn: npt.ArrayLike,
    discount: float,
    acquisition_cost: float,
) -> Floats:
    """Net CLV = (margin - contact cost) x r / (1 + discount - r) - acquisition cost, with r = 1 - churn.

    Each period's net margin comes at its end from those who stayed, and is discounted to today. Source:
    S. Gupta, D. R. Lehmann, J. A. Stuart, Valuing Customers, Journal of Marketing Research 41(1), 2004, 7-18
    (the expected sum of discounted future earnings), summed without end for a constant margin and retention.

    >>> print(f"{float(net_lifetime_value(180.0, 20.0, 0.2, 0.1, 300.0)):.2f}")
    126.67
    """
    m, k, c = (np.asarray(each, dtype="float64") for each in (margin_per_period, contact_cost, churn))
    return np.asarray((m - k) * _multiple(c, discount) - acquisition_cost)


def _multiple(churn: Floats, discount: float) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        stay = 1 - churn
        return np.where(discount + churn > 0, stay / (discount + churn), np.nan)


def worth(
    book: Book, groups: Groups, periods: Periods, expected: Floats, expected_before: Floats
) -> list[Counted]:
    """Money counted directly; `derived` makes the rest of it and of churn.

    expected: of each car what it is still expected to bring (planner.value.expected); expected_before: what
    it was a year before. Customers without a visit in the last 12 months count with 0 as long as they are
    active. Where no visit has an amount or a margin nothing is counted: no_data; nor is cost up to the first
    contact that was made. Sources: docs/value.md.

    A's visit of 100 brought 35, over five years 175, and a call to A cost 3; B has only bought.

    >>> from planner.value.example import example
    >>> cars, call = {"A": ["2020-01-10", "2026-03-01 100"], "B": ["2026-01-10"]}, ("A", "2026-02-01", "call")
    >>> [example(name, cars, contacts=[call]) for name in ("margin_per_customer", "value_simple_customer")]
    ['35 / 2', '175 / 2']
    >>> [example(name, cars, contacts=[call]) for name in ("contact_cost", "active_customers")]
    ['3 / 2', '2 / 2']
    """
    is_active = [active_customers(book, end) for end in periods.ends]
    active = [np.flatnonzero(each) for each in is_active]
    contacted = _contacted(book, periods, active)
    cost = of_customers("contact_cost", _parts(contacted, periods, _costs(book, periods)), groups)
    margins = [margin_12m(book, end) for end in periods.ends]
    simple = [simple_value(each, book.settings.value.simple_years) for each in margins]
    paid = [who[:0] for who in active] if np.isnan(book.margin).all() else active
    margin = of_customers("margin_per_customer", _parts(paid, periods, margins), groups)
    return [
        of_customers("active_customers", _active(book, periods, is_active), groups),
        cost,
        margin,
        replace(
            margin,
            metric="value_simple_customer",
            x=np.concatenate([value[some] for value, some in zip(simple, paid, strict=True)]),
        ),
        of_customers("value_simple_household", _homes(book, periods, paid, simple), groups),
        of_customers("value_expected", _expected(book, periods, active, expected, expected_before), groups),
    ]


def derived(figures: pd.DataFrame, pairs: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """ltv, clv_net, cac and ltv_to_cac, a row each where there is margin_per_customer.

    figures: FIGURES with margin_per_customer, churn and contact_cost; pairs: TOGETHER of the first two.
    Numerator and denominator: of ltv margin and churn; of clv_net net margin x r and 1 + discount - r (less
    cac); of ltv_to_cac ltv and cac. Missing where one of them is; but without contacts on record clv_net
    takes none off, and has the note no_contacts, as that of last year has without any by then. Intervals:
    `_product_interval`; what contacts cost is taken as known, as it is little beside the margin.

    A brought 35 in the year, and B has left: one of two active a year ago.

    >>> from planner.value.example import example
    >>> cars = {"A": ["2020-01-10", "2025-03-01", "2026-03-01"], "B": ["2020-01-10", "2024-12-30"]}
    >>> [example(name, cars) for name in ("ltv", "clv_net", "ltv_to_cac")]
    ['35 / 0.5', '17.5 / 0.6', '70 / 300']
    """
    key = ["by", "group", "month"]
    margin, churn, cost = (
        figures[figures["metric"] == name].set_index(key)
        for name in ("margin_per_customer", "churn", "contact_cost")
    )
    churn, cost = churn.reindex(margin.index), cost.reindex(margin.index)
    given, d = settings.value, settings.value.discount_rate
    m, c, k = (each["value"].to_numpy(dtype="float64") for each in (margin, churn, cost))
    last_m, last_c, last_k = (each["last_year"].to_numpy(dtype="float64") for each in (margin, churn, cost))
    gross_of_contacts, last_gross = np.isnan(k), np.isnan(last_k)
    k, last_k = np.nan_to_num(k), np.nan_to_num(last_k)
    m_low, m_high, c_low, c_high = (
        each[end].to_numpy(dtype="float64") for each in (margin, churn) for end in ("low", "high")
    )
    both = pairs.set_index(key)["correlation"].reindex(margin.index).to_numpy(dtype="float64")
    worse = np.where(margin["note"].eq("") & churn["note"].eq(""), "", "too_few")
    note = np.where(np.isnan(m) | np.isnan(c), "no_data", worse)
    ltv, last_ltv = lifetime_value(m, c), lifetime_value(last_m, last_c)
    with np.errstate(divide="ignore", invalid="ignore"):
        net = m - k
        low, high = _product_interval((m_low, m, m_high), (1 / c_high, 1 / c, 1 / c_low), both)
        gross_low, gross_high = _product_interval(
            (m_low - k, net, m_high - k),
            (_multiple(c_high, d), _multiple(c, d), _multiple(c_low, d)),
            both,
        )
    noted = _weakest(margin["last_year_note"], churn["last_year_note"])
    noted = np.where(np.isnan(last_m) | np.isnan(last_c), "no_data", noted)
    cac = np.full(len(m), given.acquisition_cost)
    paid = given.acquisition_cost or np.nan
    clv, last_clv = (
        net_lifetime_value(*each, d, given.acquisition_cost) for each in ((m, k, c), (last_m, last_k, last_c))
    )
    clv_low, clv_high = gross_low - given.acquisition_cost, gross_high - given.acquisition_cost
    nothing = np.full(len(m), np.nan)
    unbounded = np.where(np.isnan(ltv) & (note == ""), "too_few", note)
    of_ratio = unbounded if given.acquisition_cost else np.full(len(m), "no_data")
    of_clv = np.where(gross_of_contacts & (note == ""), "no_contacts", note)
    rows = {
        "ltv": ("money", ltv, low, high, m, c, last_ltv, unbounded),
        "clv_net": ("money", clv, clv_low, clv_high, net * (1 - c), d + c, last_clv, of_clv),
        "cac": ("money", cac, nothing, nothing, cac, nothing, cac, np.full(len(m), "")),
        "ltv_to_cac": ("ratio", ltv / paid, low / paid, high / paid, ltv, cac, last_ltv / paid, of_ratio),
    }
    names = ("unit", "value", "low", "high", "numerator", "denominator", "last_year", "note")
    found = [
        pd.DataFrame(dict(zip(names, values, strict=True)), index=margin.index).assign(metric=metric)
        for metric, values in rows.items()
    ]
    made = pd.concat(found).reset_index()
    noted = np.where(made["metric"].eq("cac"), "", np.tile(noted, len(rows)))
    noted = np.where(made["last_year"].isna().to_numpy() & (noted == ""), "too_few", noted)
    of_clv = made["metric"].eq("clv_net").to_numpy() & np.tile(last_gross, len(rows))
    made["last_year_note"] = np.where(of_clv & (noted == ""), "no_contacts", noted)
    if not given.acquisition_cost:
        made.loc[made["metric"].eq("ltv_to_cac"), "last_year_note"] = "no_data"
    made.loc[made["month"].notna(), "last_year"] = np.nan
    made.loc[made["month"].notna(), "last_year_note"] = ""
    return made


def _weakest(one: pd.Series, other: pd.Series) -> npt.NDArray[np.object_]:
    """The note of what is made of two figures with these."""
    either = [one.eq(note) | other.eq(note) for note in WEAK]
    return np.select(either, list(WEAK), default="").astype(object)


def _product_interval(
    money: tuple[Floats, Floats, Floats], periods: tuple[Floats, Floats, Floats], together: Floats
) -> tuple[Floats, Floats]:
    """The 95% interval of money a period x what it is worth as churn is: low, value, high of both are given.

    On the log scale how far each end is off is put together from how far the ends of the two are, a and b:
    root(a ** 2 + b ** 2 - 2 x together x a x b). So each end keeps the shape that its own interval has,
    uneven where few left, and the width that Student's quantile gave it. together: the correlation of money
    and churn; below 0 where those who stay bring more, and then the interval is wider. NaN where the value
    is not above 0. Source: G. Y. Zou, A. Donner, Construction of Confidence Intervals About Effect Measures:
    A General Approach, Statistics in Medicine 27 (2008), 1693-1702 (MOVER).

    100 known to a factor of 1.2, four years to one of 1.5: exp(sqrt(0.182 ** 2 + 0.405 ** 2)) = 1.56.

    >>> hundred, four = np.full(1, 100.0), np.full(1, 4.0)
    >>> both = (hundred / 1.2, hundred, hundred * 1.2), (four / 1.5, four, four * 1.5)
    >>> print(*(f"{end[0]:.1f}" for end in _product_interval(*both, np.zeros(1))))
    256.4 623.9

    Those who stay bring more, with a correlation of -0.5: exp(sqrt(0.198 + 0.182 x 0.405)) = 1.68.

    >>> print(*(f"{end[0]:.1f}" for end in _product_interval(*both, np.full(1, -0.5))))
    237.5 673.6
    """
    ends = []
    for at in (0, 2):
        with np.errstate(divide="ignore", invalid="ignore"):
            a, b = (
                np.abs(np.log(np.maximum(each[at], 0.0) / np.where(each[1] > 0, each[1], np.nan)))
                for each in (money, periods)
            )
            far = np.sqrt((a - b) ** 2 + 2 * (1 - together) * a * b)
        ends.append(np.where(np.isinf(a) | np.isinf(b), np.inf, far))
    value = money[1] * periods[1]
    return value * np.exp(-ends[0]), value * np.exp(ends[1])


def margin_12m(book: Book, end: np.datetime64) -> Floats:
    """Of each customer the margin of the visits in the 12 months up to `end`; visits without any add 0.

    >>> from planner.value.book import read_book
    >>> from planner.value.example import AS_OF, tables_of
    >>> tables = tables_of({"A": ["2020-01-10", "2025-06-30 100", "2025-07-01 200"]})
    >>> margin_12m(read_book(tables, Settings(), AS_OF), np.datetime64(AS_OF)).tolist()
    [70.0]
    """
    inside = np.flatnonzero((book.day > add_months(end, -YEAR)) & (book.day <= end))
    inside = inside[~np.isnan(book.margin[inside])]
    return np.bincount(book.visitor[inside], book.margin[inside], len(book.people)).astype("float64")


def _parts(who: Sequence[Ints], periods: Periods, values: Sequence[Floats | Bools]) -> list[Part]:
    """The values of these customers at the end of each period; values are by customer."""
    return [(some, end, value[some]) for some, end, value in zip(who, periods.ends, values, strict=True)]


def _contacted(book: Book, periods: Periods, active: Sequence[Ints]) -> list[Ints]:
    """The active customers of each period, nobody in those before the first contact that was made."""
    on = book.contacts["planned_on"].to_numpy().astype("datetime64[D]")
    begun = on.min() if len(on) else book.last_day + 1
    return [some if begun <= end else some[:0] for some, end in zip(active, periods.ends, strict=True)]


def _costs(book: Book, periods: Periods) -> list[Floats]:
    """Of each customer what the contacts of the 12 months cost, by settings.value.contact_cost."""
    prices = book.settings.value.contact_cost.model_dump()
    price = book.contacts["channel"].map({name: prices[name] for name in CHANNELS}).to_numpy(dtype="float64")
    price = np.nan_to_num(price)
    on = book.contacts["planned_on"].to_numpy().astype("datetime64[D]")
    whose = book.contacts["customer"].to_numpy(dtype="int64")
    found = []
    for end in periods.ends:
        inside = (on > add_months(end, -YEAR)) & (on <= end)
        found.append(np.bincount(whose[inside], price[inside], len(book.people)).astype("float64"))
    return found


def _active(book: Book, periods: Periods, active: Sequence[Bools]) -> list[Part]:
    """Who is active, of those who ever bought a car."""
    first = np.full(len(book.people), book.last_day + 1)
    np.minimum.at(first, book.owner, book.bought)
    known = [np.flatnonzero(first <= end) for end in periods.ends]
    return _parts(known, periods, active)


def _homes(book: Book, periods: Periods, active: Sequence[Ints], simple: Sequence[Floats]) -> list[Part]:
    """Simple value of the households with an active customer: the cars of all of them together."""
    parts: list[Part] = []
    for some, end, value in zip(active, periods.ends, simple, strict=True):
        stands_for = np.full(book.homes, -1)
        stands_for[book.home[some[::-1]]] = some[::-1]  # the first active one of each
        home = np.flatnonzero(stands_for >= 0)
        parts.append(
            (stands_for[home], end, np.bincount(book.home, value, book.homes).astype("float64")[home])
        )
    return parts


def _expected(
    book: Book, periods: Periods, active: Sequence[Ints], expected: Floats, before: Floats
) -> list[Part]:
    """What active customers are still expected to bring: now and a year before, not by month."""
    who, values = [some[:0] for some in active], [np.zeros(len(book.people))] * len(periods.ends)
    for period, of_cars in ((periods.newest, expected), (periods.last_year, before)):
        there = ~np.isnan(of_cars)
        values[period] = np.bincount(book.owner[there], of_cars[there], len(book.people)).astype("float64")
        if there.any():
            who[period] = active[period]
    return _parts(who, periods, values)
