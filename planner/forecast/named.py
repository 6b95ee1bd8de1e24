"""Named: the days on which repair orders say that a service beside maintenance was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.dates import NO_DAY, Days, days
from planner.forecast.screen import Bools, Ints
from planner.named_services import NamedServices
from planner.tables import VISIT_KINDS


@dataclass(frozen=True, slots=True)
class NamedDays:
    """The days after the purchase on which one service is named, sorted by car and day.

    since: the first day on which any visit names it, of whatever car or owner; before it nobody kept record.
    """

    car: Ints
    day: Days
    since: np.datetime64

    def last(self, cars: int) -> Days:
        """Of each of so many cars the last day; NaT if never."""
        found = np.full(cars, NO_DAY)
        found[self.car] = self.day  # the last one of a car stands
        return found

    def until(self, car: Ints, day: Days) -> Days:
        """The last day up to each of those given; NaT if there is none."""
        at = np.searchsorted(_key(self.car, self.day), _key(car, day), side="right") - 1
        if not len(self.car):
            return np.full(len(car), NO_DAY)
        return np.where((at >= 0) & (self.car[at] == car), self.day[at], NO_DAY)


def days_named(
    services: Iterable[str], names: NamedServices, visits: pd.DataFrame, own: pd.DataFrame, bought: Days
) -> dict[str, NamedDays]:
    """Of those services (as the intervals call them) that any visit names, the days on which it is named.

    visits: VISITS, all there are (a record that begins after today says nothing of a day before); own: those
    known of the cars' owners, with `car`; bought: of each car.
    """
    code_of = recorded_as(services, names)
    everywhere = _naming(visits["services"], code_of.values())
    here = _naming(own["services"], code_of.values())
    seen, day, car = days(visits["visited_on"]), days(own["visited_on"]), own["car"].to_numpy(dtype="int64")
    found = {}
    for service, code in code_of.items():
        if np.any(known := everywhere[code] & ~np.isnat(seen)):
            rows = np.flatnonzero(here[code] & (day > bought[car]))
            rows = rows[np.lexsort((day[rows], car[rows]))]
            found[service] = NamedDays(car[rows], day[rows], seen[known].min())
    return found


def recorded_as(services: Iterable[str], names: NamedServices) -> dict[str, str]:
    """The named service whose record tells of each service of the intervals; without those it cannot tell of.

    By its name, else by the words of it: "Brake fluid change" is brake fluid. Of two services with words of
    the same one (pads every 60,000 km, discs every 90,000) the record would not tell which was done.

    >>> from planner.named_services import load_named_services
    >>> from planner.settings import Settings
    >>> names = load_named_services(Settings().service_names_path)
    >>> recorded_as(["Brake fluid change", "tyres", "brake pads", "brake discs", "fuel filter"], names)
    {'tyres': 'tyres', 'Brake fluid change': 'brake fluid'}
    """
    services = list(services)
    plainly = {each: each.strip().lower() for each in services}
    found = {each: name for each, name in plainly.items() if name in names.codes}
    others = pd.Series([each for each in services if each not in found and each not in VISIT_KINDS])
    said = names.found_in(others)
    single = said.isin(names.codes) & ~said.duplicated(keep=False) & ~said.isin(list(found.values()))
    return found | dict(zip(others[single], said[single], strict=True))


def _naming(texts: pd.Series, codes: Iterable[str]) -> Mapping[str, Bools]:
    """Of each service which of the texts (names with commas, missing is none) name it."""
    which, kinds = pd.factorize(texts)  # a dealership has few different ones
    said = [frozenset(str(kind).split(",")) for kind in kinds]
    return {code: np.array([*(code in each for each in said), False])[which] for code in codes}


def _key(car: Ints, day: Days) -> Ints:
    """Ascending as car and day are."""
    return np.asarray(car * 2**32 + day.astype("int64") + 2**31)
