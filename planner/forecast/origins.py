"""Origins: every past maintenance visit, and every purchase, as a point from which the next is predicted.

At an origin only what happened up to and including its day is known: the readings are screened anew,
the rate is estimated anew, and its own gaps are those that had ended. So the past can be predicted as
the present is, with the same code, and nothing that came later can reach in.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.dates import NO_DAY, Days, add_months, days
from planner.forecast import usage
from planner.forecast.done import Services
from planner.forecast.restarts import screened
from planner.forecast.screen import Bools, Floats, Ints, Readings

OWN_GAPS = 12  # so many of a car's latest gaps speak; the weight of older ones is next to nothing
RETURN_DAYS = 7  # who is back within a week has the same service finished

# Of the day on which a wait begins. Onboarding is the first two months, renewal the last seven of the
# warranty, which ends 36 months after the purchase of a new car where its end is not on record.
STAGES = ("onboarding", "warranty", "renewal", "after_warranty")
ONBOARDING_MONTHS, RENEWAL_MONTHS, CONTRACT_MONTHS = 2, 7, 36

_STRIDE = 4_000_000  # more than the days of the calendar


@dataclass(frozen=True, slots=True)
class Origins:
    """What is known where a wait begins, one row a wait; arrays of the same length."""

    car: Ints
    day: Days  # of the visit (or purchase) that the wait begins with
    visits: Ints  # maintenance visits known, this one included
    stage: Ints  # position in STAGES
    own: Floats  # rows x OWN_GAPS: ln of the car's gaps in days, the latest first; NaN is none
    late: Floats  # along them: ln(gap / what the rule made of it in hindsight)
    rule_days: Floats  # the rule's wait: the first of months and km
    km_per_day: Floats
    unsure: Floats  # spread of ln(rule_days): that of the rate where km come first, 0 where months do
    observed: Bools  # the rate is the car's own, not that of cars like it
    came: Days  # the next maintenance visit; NaT where there was none
    skipped: Bools  # ... and an interval was missed until then

    def __len__(self) -> int:
        return len(self.car)

    def __getitem__(self, rows: npt.NDArray[np.generic] | slice) -> Origins:
        return Origins(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    @property
    def wait_days(self) -> Floats:
        """Days until the next visit; NaN where there was none."""
        return np.where(np.isnat(self.came), np.nan, (self.came - self.day).astype("float64"))

    @property
    def known_gaps(self) -> Ints:
        """How many own gaps are known, up to OWN_GAPS."""
        return np.asarray((~np.isnan(self.own)).sum(axis=1))

    @property
    def known_oldest(self) -> int:
        """How many columns of `own` hold a gap of any row."""
        held = np.flatnonzero((~np.isnan(self.own)).any(axis=0))
        return int(held[-1]) + 1 if len(held) else 0


@dataclass(frozen=True, slots=True)
class Known:
    """What the backtest shows of an origin beside what predicts; in the order of the origins."""

    usage: usage.Usage  # of each origin: its readings and rate as they were known
    by_time: Days
    by_km: Days
    number: Ints  # of the service done at the origin; 0 at purchase


def _own(value: Floats, car: Ints) -> Floats:
    """Of each row the values of its car up to it, the latest first; rows by car and day."""
    found = np.full((len(value), OWN_GAPS), np.nan)
    for age in range(min(OWN_GAPS, len(value))):
        same = car[age:] == car[: len(value) - age]
        found[age:, age] = np.where(same, value[: len(value) - age], np.nan)
    return found


def warranty_ends(vehicles: pd.DataFrame) -> Days:
    """The last day of each car's warranty: as recorded, else assumed; NaT for a used car without one."""
    assumed = add_months(days(vehicles["purchased_on"]), CONTRACT_MONTHS)
    recorded = days(vehicles["warranty_end_on"])
    return np.where(np.isnat(recorded) & usage.was_new(vehicles), assumed, recorded)


def stage_on(day: Days, bought: Days, warranty_end: Days) -> Ints:
    """The stage on a day, as a position in STAGES; all three along each other."""
    found = np.where(warranty_end > day, 1, 3)
    found[(warranty_end > day) & (add_months(warranty_end, -RENEWAL_MONTHS) <= day)] = 2
    found[add_months(bought, ONBOARDING_MONTHS) > day] = 0
    return found


def past_origins(
    vehicles: pd.DataFrame,
    gathered: Readings,
    done: Services,
    months: Ints,
    km: Floats,
    usual_km_per_day: Floats,
    new_since: Days,
    default_km_per_month: float,
) -> tuple[Origins, Known]:
    """The origins at each purchase and past maintenance visit, by car and day.

    The medians of model and fleet at an origin are those of the origins in the months before.
    """
    count, bought = len(vehicles), days(vehicles["purchased_on"])
    car = np.concatenate([np.arange(count), done.car])
    order = np.argsort(car, kind="stable")  # the purchase before the visits
    car = car[order]
    day = np.concatenate([bought, done.day])[order]
    number = np.concatenate([np.zeros(count, dtype="int64"), done.number])[order]
    since = np.concatenate([np.full(count, NO_DAY), done.since])[order]
    intervals = np.concatenate([np.ones(count, dtype="int64"), done.intervals])[order]

    rows = vehicles.iloc[car].reset_index(drop=True)
    readings = _known(gathered, car, day)
    known = screened(readings, usual_km_per_day[car], new_since[car])
    started = usage.with_start(rows, known.credible)
    month = day.astype("datetime64[M]").astype("int64")
    used = usage.estimate(rows, started, default_km_per_month, month)
    by_time = add_months(day, months[car])
    row = np.arange(len(car))
    by_km = used.day_at_rate(row, day, km[car])
    gap = (day - since).astype("float64")
    # A gap of a week or less is a return, no gap; nor is one in which an interval was missed: nobody
    # knows what was done elsewhere.
    own = np.where((gap > RETURN_DAYS) & (intervals == 1), np.log(np.maximum(gap, 1)), np.nan)
    driven = used.km_on(row, day) - used.km_on(row, since)
    driven = np.where(driven >= 1, driven, gap * used.km_per_day)
    by_rule = np.fmin((add_months(since, months[car]) - since).astype("float64"), km[car] * gap / driven)
    late = own - np.log(np.maximum(by_rule, 1))
    came, skipped = np.full(len(car), NO_DAY), np.zeros(len(car), dtype=bool)
    again = car[1:] == car[:-1]
    came[:-1][again], skipped[:-1][again] = day[1:][again], intervals[1:][again] > 1
    origins = Origins(
        car=car,
        day=day,
        visits=np.arange(len(car)) - np.searchsorted(car, car, side="left"),
        stage=stage_on(day, bought[car], warranty_ends(vehicles)[car]),
        own=_own(own, car),
        late=_own(late, car),
        rule_days=(np.fmin(by_time, by_km) - day).astype("float64"),
        km_per_day=used.km_per_day,
        unsure=np.where(by_km < by_time, used.wait_spread(row, day, by_km), 0.0),
        observed=np.asarray(used.source == "observed", dtype=bool),
        came=came,
        skipped=skipped,
    )
    return origins, Known(used, by_time, by_km, number)


def _known(gathered: Readings, car: Ints, day: Days) -> Readings:
    """Of each origin the readings up to its day, `car` being the position of the origin."""
    start = np.searchsorted(gathered.car, car, side="left")
    key = gathered.car * _STRIDE + gathered.day.astype("int64")
    size = np.searchsorted(key, car * _STRIDE + day.astype("int64"), side="right") - start
    origin = np.repeat(np.arange(len(car)), size)
    at = start[origin] + np.arange(len(origin)) - np.repeat(np.cumsum(size) - size, size)
    return Readings(origin, gathered.day[at], gathered.km[at], gathered.source[at])
