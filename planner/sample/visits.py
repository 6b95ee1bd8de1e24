"""Visits to the workshop and odometer readings outside it."""

from __future__ import annotations

from datetime import date
from statistics import NormalDist

import numpy as np
import pandas as pd

from planner.dates import add_months
from planner.sample.assumptions import number, profile
from planner.sample.cars import Cars
from planner.sample.draw import (
    Days,
    Flags,
    Floats,
    Ints,
    Texts,
    chosen,
    generator,
    iso,
    money,
    only,
    pick,
    whole,
)
from planner.sample.driving import Driving
from planner.sample.households import Households
from planner.sample.work import codes, in_words, make_done
from planner.tables import MAX_KM, VISIT_KINDS

CLOSED = {"en": 6, "ar": 4}  # Sunday, Friday; Monday is 0


def make_visits(
    homes: Households, cars: Cars, driving: Driving, seed: int, end: date, language: str
) -> pd.DataFrame:
    """Visits by day, numbered as repair orders are; beside them `car` (index), true `day` and `mistake`.

    And `done`: the services with a name that were done, also where the repair order does not say so.
    """
    parts = [_services(homes, cars, driving, seed, language)]
    parts += [_others(kind, homes, cars, seed, language) for kind in range(1, len(VISIT_KINDS))]
    car, day, kind = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((kind, car, day))
    car, day, kind = car[order], day[order], kind[order]
    twice = np.zeros(len(car), dtype=bool)
    twice[1:] = (car[1:] == car[:-1]) & (day[1:] == day[:-1]) & (kind[1:] == kind[:-1])
    car, day, kind = car[~twice], day[~twice], kind[~twice]

    rng = generator(seed, "visits")
    count = len(car)
    dearness, money_columns = _amounts(kind, seed)
    years = (day - homes.bought_on[car]).astype("int64") / 365.25
    done = make_done(kind, car, dearness, years, cars.electric, seed)
    declined = np.array([text is not None for text in money_columns["declined_amount"]], dtype=bool)
    visits = pd.DataFrame(
        {
            "visit_id": only(
                np.char.add("RO", whole(np.arange(count) + 200_001).astype("U")),
                ~chosen(rng, count, number("visit_id_missing")),
            ),
            "vehicle_id": cars.vehicles["vehicle_id"].to_numpy()[car],
            "visited_on": iso(day),
            "odometer_km": whole(cars.odometer[car] + driving.km(car, day)),
            "kind": np.array(VISIT_KINDS, dtype=object)[kind],
            **money_columns,
            "services": in_words(done, kind, cars.electric[car], declined, seed, language),
            "done": codes(done),
        },
        dtype="str",
    )
    visits["car"], visits["day"] = car, day
    return _typed_wrong(visits, homes.bought_on[car], day, seed, end)


def propensity(homes: Households) -> Floats:
    """Of each car the chance that a service due in its first year is done here, while the customer comes."""
    level = _level(0) + number("loyalty_spread") * homes.loyalty[homes.household]
    return np.array([NormalDist().cdf(x) for x in level])


def services_generator(seed: int) -> np.random.Generator:
    """The random numbers of services; the first of them are the cars' usual lateness."""
    return generator(seed, "services")


def lateness(count: int, rng: np.random.Generator) -> Floats:
    """Of each car how late its customer usually is: ln(wait / what is due)."""
    return number("service_late") + rng.normal(0, number("rhythm_between"), count)


def _level(year: int) -> float:
    """The probit at which the share of all cars that come is the assumed one, leavers left out."""
    still_coming = np.exp(-number("stop_coming") * (year + 1))
    share = profile("service_here")[year] / still_coming
    return NormalDist().inv_cdf(share) * float(np.sqrt(1 + number("loyalty_spread") ** 2))


def _services(
    homes: Households, cars: Cars, driving: Driving, seed: int, language: str
) -> tuple[Ints, Days, Ints]:
    rng = services_generator(seed)
    levels = np.array([_level(year) for year in range(len(profile("service_here")))])
    usual_lateness = lateness(len(cars.until), rng)
    loyalty = number("loyalty_spread") * homes.loyalty[homes.household]
    car: Ints = np.arange(len(cars.until))
    anchor = homes.bought_on
    found: list[tuple[Ints, Days]] = []
    while len(car):
        by_km = driving.day(car, driving.km(car, anchor) + number("service_km"))
        due = np.minimum(add_months(anchor, int(number("service_months"))), by_km)
        late = np.exp(usual_lateness[car] + rng.normal(0, number("rhythm_within"), len(car)))
        days = np.maximum((due - anchor).astype("int64") * late, number("service_soonest"))
        day = _opened(anchor + np.rint(days).astype("int64"), language)
        year = np.ceil((due - homes.bought_on[car]).astype("int64") / 365.25).astype("int64") - 1
        here = levels[np.clip(year, 0, len(levels) - 1)] + loyalty[car] + rng.normal(size=len(car)) >= 0
        skipped = ~here & (rng.random(len(car)) < number("service_skipped"))
        came = here & (day <= cars.until[car])
        found.append((car[came], day[came]))
        anchor = np.where(skipped, due, day)
        on = anchor < cars.until[car]
        car, anchor = car[on], anchor[on]
    who = np.concatenate([who for who, _ in found])
    when = np.concatenate([when for _, when in found])
    return who, when, np.zeros(len(who), dtype="int64")


def _others(kind: int, homes: Households, cars: Cars, seed: int, language: str) -> tuple[Ints, Days, Ints]:
    """Visits of one other kind, at any time while the car still comes."""
    name = VISIT_KINDS[kind]
    rng = generator(seed, f"visits.{name}")
    until = cars.until
    if name == "warranty":
        new, used = profile("warranty_months")
        months = np.where(cars.used, used, new).astype("int64")
        until = np.minimum(until, add_months(homes.bought_on, months))
    car, day = at_any_time(rng, profile("visits_a_year")[kind], homes.bought_on, until)
    if name == "tyres":
        month = day.astype("datetime64[M]")
        spring = month.astype("int64") % 12 < 6
        year = day.astype("datetime64[Y]").astype("datetime64[M]")
        season = (year + np.where(spring, 3, 9)).astype("datetime64[D]") + np.where(spring, 0, 14)
        day = season + np.rint(rng.normal(0, number("tyre_days"), len(day))).astype("int64")
    day = _opened(day, language)
    there = (day > homes.bought_on[car]) & (day <= until[car])
    return car[there], day[there], np.full(int(there.sum()), kind)


def at_any_time(rng: np.random.Generator, a_year: float, start: Days, until: Days) -> tuple[Ints, Days]:
    """Events at so many a year between start and until: of which car, on which day."""
    span = np.maximum((until - start).astype("int64"), 0)
    times = rng.poisson(a_year * span / 365.25)
    car = np.repeat(np.arange(len(span)), times)
    return car, start[car] + np.ceil(rng.random(len(car)) * span[car]).astype("int64")


def _opened(day: Days, language: str) -> Days:
    """The day, or the next on which the workshop is open."""
    opened: Days = day + ((day.astype("int64") + 3) % 7 == CLOSED[language])
    return opened


def _amounts(kind: Ints, seed: int) -> tuple[Floats, dict[str, Texts]]:
    """ln(amount / median) in spreads of the kind, of each visit, and the columns of money."""
    rng = generator(seed, "amounts")
    median, spread, share = (np.array(profile(name))[kind] for name in ("amount", "amount_spread", "margin"))
    dearness = rng.normal(size=len(kind))
    amount = np.round(median * np.exp(spread * dearness), 2)
    margin = amount * np.clip(rng.normal(share, number("margin_spread")), 0, 1)
    there = ~chosen(rng, len(kind), number("amount_missing"))
    declined = number("declined_amount") * np.exp(rng.normal(0, number("declined_spread"), len(kind)))
    return dearness, {
        "amount": only(money(amount), there),
        "margin": only(money(margin), there),
        "declined_amount": only(money(np.ceil(declined)), chosen(rng, len(kind), number("declined"))),
    }


def _typed_wrong(visits: pd.DataFrame, bought_on: Days, day: Days, seed: int, end: date) -> pd.DataFrame:
    """Odometers left out or mistyped, and days written as months: rows that stay, with something wrong."""
    rng = generator(seed, "typing")
    count = len(visits)
    missing = chosen(rng, count, number("odometer_missing"))
    wrong = chosen(rng, count, number("odometer_typed_wrong")) & ~missing
    twice, at = rng.random(count) < 0.5, rng.random(count)
    odometer = [
        _mistyped(text, double, place) if bad else text
        for text, bad, double, place in zip(visits["odometer_km"], wrong, twice, at, strict=True)
    ]
    visits["odometer_km"] = pd.Series(only(odometer, ~missing), dtype="str")
    swapped, other = _day_and_month_exchanged(day)
    swapped &= chosen(rng, count, number("date_typed_wrong")) & visits["visit_id"].notna().to_numpy()
    swapped &= (other > bought_on) & (other <= np.datetime64(end)) & ~wrong
    visits["visited_on"] = iso(np.where(swapped, other, day))
    visits["mistake"] = only(np.where(wrong, "odometer_km", "visited_on"), wrong | swapped)
    return visits


def _mistyped(number_text: str, twice: bool, place: float) -> str:
    """A digit typed twice, or one lost; never more than any car has driven, never nothing."""
    at = int(place * len(number_text))
    doubled = number_text[: at + 1] + number_text[at:]
    if (twice and int(doubled) <= MAX_KM) or len(number_text) == 1:
        return doubled
    return str(int(number_text[:at] + number_text[at + 1 :]))


def _day_and_month_exchanged(day: Days) -> tuple[Flags, Days]:
    """Where it can be, the day with its day and month exchanged, and whether that is another day."""
    month_start = day.astype("datetime64[M]")
    of_month = (day - month_start.astype("datetime64[D]")).astype("int64") + 1
    month = month_start.astype("int64") % 12 + 1
    other = (day.astype("datetime64[Y]").astype("datetime64[M]") + (np.minimum(of_month, 12) - 1)).astype(
        "datetime64[D]"
    ) + (month - 1)
    return (of_month <= 12) & (of_month != month), other


def make_readings(homes: Households, cars: Cars, driving: Driving, seed: int) -> pd.DataFrame:
    """Odometer readings outside visits: what people answer, rounded."""
    rng = generator(seed, "readings")
    car, day = at_any_time(rng, number("readings_a_year"), homes.bought_on, cars.until)
    km = cars.odometer[car] + driving.km(car, day)
    step = pick(rng, (1, 100, 500), len(car), profile("reading_rounded")).astype("int64")
    step = np.where(km < 2_000, 1, step)  # nobody says 0 of a new car
    km = np.rint(km / step) * step
    readings = pd.DataFrame(
        {
            "vehicle_id": cars.vehicles["vehicle_id"].to_numpy()[car],
            "read_on": iso(day),
            "odometer_km": whole(km),
        },
        dtype="str",
    )
    readings = readings.iloc[np.lexsort((car, day))]
    return readings.drop_duplicates(ignore_index=True)
