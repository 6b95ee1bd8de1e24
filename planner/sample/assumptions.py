"""Everything that the synthetic dealership assumes, in one table, each with its source.

The generator reads its numbers from here and has none of its own; docs/sample.md shows this table.
A value is a number, or several where it is a profile (by year, by month, by kind of visit, by channel).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from planner.sample.assumed_work import ASSUMED_WORK
from planner.sample.assumption import (
    CYCLE,
    DESIGN,
    EXPERIAN,
    JD_POWER,
    JUDGEMENT,
    KINDS,
    ORDERS,
    Assumption,
)
from planner.tables import CHANNELS

ASSUMPTIONS: tuple[Assumption, ...] = (
    # who buys what, and when
    Assumption(
        "purchase_years", 8, "years", "purchases are spread evenly over this long before the end", JUDGEMENT
    ),
    Assumption("second_car", 0.08, "share of households", "buy a second car beside the first", JUDGEMENT),
    Assumption("second_car_after", 365, "days", "from the first car to the second, mean", JUDGEMENT),
    Assumption("second_car_spread", 60, "days", "standard deviation of that", JUDGEMENT),
    Assumption("next_car", 0.18, "share of households", "come back to replace the first car", JUDGEMENT),
    Assumption(
        "next_car_after", 42, "months", "from the first car to the one that replaces it, median", JUDGEMENT
    ),
    Assumption("next_car_spread", 0.3, "of ln", "spread of that", JUDGEMENT),
    Assumption(
        "fleets", 0.01, "share of households", "are companies (one at least from 50 cars on)", JUDGEMENT
    ),
    Assumption("fleet_cars", (3, 8), "cars", "of a company, from and to, evenly", JUDGEMENT),
    Assumption(
        "fleet_usage", 1.6, "factor", "a company's car drives this much more than a private one", JUDGEMENT
    ),
    Assumption("used", 0.25, "share of cars", "bought used", JUDGEMENT),
    Assumption("used_age", (1, 9), "years", "age of a used car at purchase, from and to, evenly", JUDGEMENT),
    Assumption("new_odometer", (3, 60), "km", "on a new car at purchase, from and to, evenly", JUDGEMENT),
    Assumption(
        "used_odometer_least",
        6_000,
        "km",
        "on a used car at purchase; else its age at the usual rate",
        JUDGEMENT,
    ),
    Assumption("used_odometer_spread", 0.3, "of ln", "spread of that", JUDGEMENT),
    Assumption(
        "model_popularity",
        3,
        "rank",
        "the n-th model of the list sells in proportion to 1 / (n + this)",
        JUDGEMENT,
    ),
    Assumption(
        "spouse",
        0.35,
        "share of second cars",
        "are in the name of another person of the household",
        JUDGEMENT,
    ),
    Assumption(
        "spouse_apart", 0.1, "share of these", "give no number or household id that links the two", JUDGEMENT
    ),
    Assumption(
        "spouse_number",
        0.3,
        "share of these",
        "give their own number first, the household's second",
        JUDGEMENT,
    ),
    Assumption(
        "spouse_household_id",
        0.3,
        "share of these",
        "the dealership has given both one household id",
        JUDGEMENT,
    ),
    Assumption(
        "duplicates", 0.03, "share of private households", "one person stands in the system twice", JUDGEMENT
    ),
    Assumption(
        "warranty_known",
        (0.6, 0.3),
        "share of cars: new, used",
        "with an end of warranty in the export",
        JUDGEMENT,
    ),
    Assumption("warranty_months", (36, 12), "months: new, used", "length of the warranty", JUDGEMENT),
    Assumption(
        "financed",
        (0.55, 0.35),
        "share of cars: new, used",
        "with a contract that the dealership knows",
        f"below the 84.5% of new cars that are financed or leased ({EXPERIAN}): not all is known here",
    ),
    Assumption(
        "finance_months",
        (36, 48, 60),
        "months",
        "lengths of contract",
        f"leases of 35 months and loans of 65 on average ({EXPERIAN}); the steps are our judgement",
    ),
    Assumption(
        "finance_months_share", (0.5, 0.25, 0.25), "share of contracts", "of each of these lengths", JUDGEMENT
    ),
    Assumption(
        "next_car_at_finance_end",
        0.6,
        "share of financed buyers who come again",
        "took the length of contract nearest to the day on which they come again",
        JUDGEMENT,
    ),
    Assumption(
        "finance_km_limit",
        0.4,
        "share of contracts",
        "limit the km, to a multiple of 5,000 a year",
        f"27.6% of financed new cars are leases ({EXPERIAN}); here more, as leases come back to the dealer",
    ),
    Assumption("finance_km_spread", 0.2, "of ln", "spread of that limit around the true usage", JUDGEMENT),
    Assumption("monthly_km_declared", 0.3, "share of cars", "the buyer said how much he drives", JUDGEMENT),
    Assumption("monthly_km_error", 0.2, "of ln", "spread of what he said around the truth", JUDGEMENT),
    # how long they keep the car and stay
    Assumption(
        "owned_for", 7.5, "years", "until a car is sold or scrapped, if not traded in here, median", JUDGEMENT
    ),
    Assumption("owned_for_spread", 0.5, "of ln", "spread of that", JUDGEMENT),
    Assumption("scrapped", 0.08, "share of cars given up", "are scrapped, not sold", JUDGEMENT),
    Assumption(
        "gone_noticed",
        0.55,
        "share of cars given up",
        "are marked in the export; trade-ins all are",
        JUDGEMENT,
    ),
    Assumption("stop_coming", 0.07, "a year", "stop coming for good, though they keep the car", JUDGEMENT),
    # driving
    Assumption("km_per_month", 1250, "km a month", "usage of a private car, median", CYCLE),
    Assumption("usage_between_drivers", 0.45, "of ln", "spread of usage between drivers", DESIGN),
    Assumption(
        "usage_within_driver", 0.15, "of ln", "spread of one driver's usage from year to year", DESIGN
    ),
    Assumption(
        "usage_by_month",
        (0.92, 0.89, 0.99, 1.0, 1.04, 1.05, 1.07, 1.08, 1.01, 1.02, 0.97, 0.96),
        "factor: January to December",
        "season",
        "US Bureau of Transportation Statistics: lowest in February, rising sharply in March, highest in "
        "August; the figures are our judgement",
    ),
    # coming for service
    Assumption("service_months", 12, "months", "between services, or the km, whichever comes first", CYCLE),
    Assumption("service_km", 15_000, "km", "between services, or the months, whichever comes first", CYCLE),
    Assumption(
        "service_here",
        (0.66, 0.60, 0.55, 0.47, 0.42, 0.38, 0.34, 0.31),
        "share of due services: year 1 to 8",
        "done here, of cars that are still owned",
        f"{JD_POWER}; year 2 and those after the 4th are our judgement",
    ),
    Assumption(
        "service_skipped",
        0.3,
        "share of those not done here",
        "are not done at all; the rest elsewhere",
        JUDGEMENT,
    ),
    Assumption(
        "loyalty_spread", 0.8, "probit", "between households, in coming here for a service", JUDGEMENT
    ),
    Assumption(
        "loyalty_by_cohort",
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        "standard deviations of loyalty",
        "more for households whose first car is of the year of the end, of the year before, and so on",
        f"{JUDGEMENT}; benchmarks make cohorts differ by it",
    ),
    Assumption("service_late", 0.02, "of ln", "a visit comes this much later than it is due", JUDGEMENT),
    Assumption("rhythm_between", 0.08, "of ln", "spread of early and late between cars", JUDGEMENT),
    Assumption(
        "rhythm_within", 0.08, "of ln", "spread of early and late from one service to the next", JUDGEMENT
    ),
    Assumption("service_soonest", 20, "days", "nobody comes for service twice within this", JUDGEMENT),
    Assumption(
        "visits_a_year",
        (0, 0.22, 0.12, 0.15, 0.2, 0.07, 0.05),
        f"a year: {KINDS}",
        "visits besides maintenance, of cars that still come; warranty only while it runs",
        JUDGEMENT,
    ),
    Assumption("tyre_days", 15, "days", "spread of tyre visits around 1 April and 15 October", JUDGEMENT),
    # money
    Assumption(
        "amount",
        (240, 380, 60, 65, 480, 950, 90),
        f"currency: {KINDS}",
        "of a visit, median",
        f"warranty: {ORDERS} (56); the rest is our judgement",
    ),
    Assumption(
        "amount_spread",
        (0.4, 0.8, 1.0, 0.2, 0.5, 0.8, 0.9),
        f"of ln: {KINDS}",
        "of amounts",
        f"warranty: {ORDERS} (0.98); the rest is our judgement",
    ),
    Assumption(
        "margin",
        (0.55, 0.45, 0.3, 0.5, 0.22, 0.35, 0.4),
        f"share of amount: {KINDS}",
        "margin, mean",
        JUDGEMENT,
    ),
    Assumption("margin_spread", 0.06, "share of amount", "standard deviation of the margin", JUDGEMENT),
    Assumption("amount_missing", 0.02, "share of visits", "without amount and margin", JUDGEMENT),
    Assumption(
        "declined",
        0.2,
        "share of visits",
        "at which more work was quoted and declined",
        f"{ORDERS}: 53% name recommended work; that most of it is done is our judgement",
    ),
    Assumption("declined_amount", 350, "currency", "declined work, median", JUDGEMENT),
    Assumption("declined_spread", 0.7, "of ln", "spread of that", JUDGEMENT),
    # odometers
    Assumption(
        "readings_a_year", 0.15, "a year", "readings outside visits, of cars that still come", JUDGEMENT
    ),
    Assumption(
        "reading_rounded",
        (0.3, 0.5, 0.2),
        "share: to 1, 100, 500 km",
        "how people round a reading",
        JUDGEMENT,
    ),
    Assumption(
        "odometer_missing",
        0.04,
        "share of visits",
        "without odometer",
        "4.2% of 1,706 visits to an Indian two-wheeler workshop, 2017 to 2019",
    ),
    Assumption(
        "odometer_typed_wrong", 0.008, "share of odometers", "with a digit twice or a digit lost", JUDGEMENT
    ),
    Assumption(
        "date_typed_wrong",
        0.003,
        "share of visits",
        "with day and month exchanged, where that is a past day",
        JUDGEMENT,
    ),
    Assumption("purchase_odometer_missing", 0.08, "share of cars", "without odometer at purchase", JUDGEMENT),
    Assumption("visit_id_missing", 0.01, "share of visits", "without a repair order number", JUDGEMENT),
    Assumption(
        "left_blank",
        0.1,
        "share of cars",
        "without condition, and as many without fuel, model year, status",
        JUDGEMENT,
    ),
    # people
    Assumption("phone", 0.96, "share of customers", "with a phone number", JUDGEMENT),
    Assumption("phone_2", 0.15, "share of customers", "with a second number", JUDGEMENT),
    Assumption("phone_typed_wrong", 0.008, "share of phones", "with a digit lost", JUDGEMENT),
    Assumption(
        "phone_of_nobody",
        0.006,
        "share of customers",
        "have one and the same made-up number (only where that makes ten or more)",
        JUDGEMENT,
    ),
    Assumption("email", 0.72, "share of customers", "with an e-mail address", JUDGEMENT),
    Assumption("address", 0.92, "share of customers", "with an address", JUDGEMENT),
    Assumption("birthday", 0.7, "share of people", "with a birthday", JUDGEMENT),
    Assumption(
        "age", (44, 14), "years", "at the first purchase: mean, standard deviation; 18 to 88", JUDGEMENT
    ),
    Assumption("other_timezone", 0.02, "share of people", "live in another time zone", JUDGEMENT),
    Assumption("language_known", 0.15, "share of people", "with a language in the export", JUDGEMENT),
    Assumption("advisor", 0.96, "share of households", "with a service advisor", JUDGEMENT),
    Assumption(
        "consent_yes",
        (0.7, 0.62, 0.6, 0.45, 0.5),
        f"share: {', '.join(CHANNELS)}",
        "said yes",
        JUDGEMENT,
    ),
    Assumption(
        "consent_no",
        (0.06, 0.1, 0.12, 0.15, 0.06),
        f"share: {', '.join(CHANNELS)}",
        "said no; the rest were not asked",
        JUDGEMENT,
    ),
    Assumption("do_not_contact", 0.012, "share of customers", "never, by no channel", JUDGEMENT),
    # opinions and offers
    Assumption("survey", 0.25, "share of visits", "after which the customer answers", JUDGEMENT),
    Assumption(
        "survey_after", (2, 10), "days", "from the visit to the answer, from and to, evenly", JUDGEMENT
    ),
    Assumption("score", 8.2, "of 10", "of an average customer, mean", JUDGEMENT),
    Assumption("score_loyalty", 0.9, "of 10", "more for each standard deviation of loyalty", JUDGEMENT),
    Assumption("score_spread", 1.4, "of 10", "standard deviation besides", JUDGEMENT),
    Assumption("score_leaving", 2.5, "of 10", "less when they are about to stop coming", JUDGEMENT),
    Assumption("offers_a_year", 0.4, "a year", "offers to a customer, while his car is his", JUDGEMENT),
    Assumption(
        "redeemed",
        0.22,
        "share of offers",
        "redeemed, of cars that still come",
        JUDGEMENT,
    ),
    Assumption("redeemed_after", (5, 60), "days", "from offer to redemption, from and to, evenly", JUDGEMENT),
    Assumption("leaving_days", 183, "days", "so long before the last day is about to stop coming", JUDGEMENT),
    *ASSUMED_WORK,
    # what an import must reject
    Assumption(
        "dirty_rows",
        0.015,
        "of the clean rows",
        "come on top, each with one thing that cannot be accepted",
        JUDGEMENT,
    ),
)

_DEFAULTS = {assumption.name: assumption.value for assumption in ASSUMPTIONS}
_VALUES = ContextVar("assumptions", default=_DEFAULTS)


@contextmanager
def assuming(**others: float | tuple[float, ...]) -> Iterator[None]:
    """Within it a sample is made with other values of these assumptions: another kind of dealership.

    Raises ValueError for a name that is no assumption, or a profile of another length.
    """
    for name, value in others.items():
        if name not in _DEFAULTS or _length(value) != _length(_DEFAULTS[name]):
            raise ValueError(f"{name} = {value} is no assumption of the sample")
    before = _VALUES.set(_VALUES.get() | others)
    try:
        yield
    finally:
        _VALUES.reset(before)


def number(name: str) -> float:
    """The value of an assumption that is one number."""
    value = _VALUES.get()[name]
    assert not isinstance(value, tuple), f"{name} is a profile"
    return float(value)


def profile(name: str) -> tuple[float, ...]:
    """The values of an assumption that is a profile."""
    value = _VALUES.get()[name]
    assert isinstance(value, tuple), f"{name} is one number"
    return value


def _length(value: float | tuple[float, ...]) -> int:
    return len(value) if isinstance(value, tuple) else 0


def markdown() -> str:
    """The assumptions as a Markdown table: name, value, unit, meaning, source; in the order of the code."""
    rows = [f"| `{a.name}` | {_shown(a.value)} | {a.unit} | {a.meaning} | {a.source} |" for a in ASSUMPTIONS]
    head = ["| assumption | value | unit | what it means | source |", "| --- | --- | --- | --- | --- |"]
    return "\n".join(head + rows) + "\n"


def _shown(value: float | tuple[float, ...]) -> str:
    values = value if isinstance(value, tuple) else (value,)
    return " / ".join(f"{each:,g}" for each in values)
