"""Named: the days on which repair orders say that a service beside maintenance was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.dates import NO_DAY, Days, days
from planner.forecast.done import Services
from planner.forecast.intervals import MAINTENANCE
from planner.forecast.screen import Bools, Ints
from planner.named_services import OF_VISITS, NamedServices
from planner.tables import ELSEWHERE, VISIT_KINDS

# One mention may be a slip or a misread word: a record is kept where so many visits of a year name the
# service, and so large a share of its maintenance visits. Our judgement, as the share with words below.
RECORD_VISITS, RECORD_SHARE, YEAR = 10, 0.02, np.timedelta64(365, "D")
WORDED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class NamedDays:
    """The days after the purchase on which one service is named, sorted by car and day.

    since: the day on which the record of it begins, see record_begins; NaT if it does not.
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

    visits: VISITS, all known today; own: those of the cars' owners, with `car`; bought: of each car. A visit
    of that kind (inspection, tyres) names it too.
    """
    code_of = recorded_as(services, names)
    everywhere, here = _naming(visits, code_of.values()), _naming(own, code_of.values())
    maintenance = np.sort(days(visits["visited_on"])[_maintenance_here(visits)])
    seen, day, car = days(visits["visited_on"]), days(own["visited_on"]), own["car"].to_numpy(dtype="int64")
    found = {}
    for service, code in code_of.items():
        if np.any(known := everywhere[code] & ~np.isnat(seen)):
            rows = np.flatnonzero(here[code] & (day > bought[car]))
            rows = rows[np.lexsort((day[rows], car[rows]))]
            found[service] = NamedDays(car[rows], day[rows], record_begins(seen[known], maintenance))
    return found


def record_begins(named: Days, maintenance: Days) -> np.datetime64:
    """The first day by which, within a year, enough visits named it; NaT if there is none.

    named: of each visit that names it; maintenance: of each maintenance visit, sorted. Enough: RECORD_VISITS,
    and RECORD_SHARE of the maintenance visits of that year. Days to come do not count.
    """
    named = np.sort(named)

    def in_year(of: Days) -> Ints:
        return np.searchsorted(of, named, side="right") - np.searchsorted(of, named - YEAR, side="right")

    enough = (in_year(named) >= RECORD_VISITS) & (in_year(named) >= RECORD_SHARE * in_year(maintenance))
    return named[enough].min() if enough.any() else NO_DAY


def worded(visits: pd.DataFrame, own: pd.DataFrame, done: Services) -> Bools:
    """Along done (maintenance visits): does a repair order of ours tell what was done?

    A missing `services` is either no words at all or words that name nothing. It is taken as the latter in
    calendar years in which WORDED_SHARE of the maintenance visits of all cars name something. visits, own:
    as for days_named.
    """
    here = visits[_maintenance_here(visits)]
    year = days(here["visited_on"]).astype("datetime64[Y]").astype("int64")
    share = here["services"].notna().groupby(year).mean()
    years = share.index[share >= WORDED_SHARE]
    at = pd.MultiIndex.from_arrays([done.car, done.day])

    def on(rows: pd.DataFrame) -> Bools:
        return np.asarray(at.isin(pd.MultiIndex.from_arrays([rows["car"], days(rows["visited_on"])])), bool)

    usual = np.isin(done.day.astype("datetime64[Y]").astype("int64"), years)
    return on(own[own["services"].notna()]) | (usual & on(own[_maintenance_here(own)]))


def _maintenance_here(visits: pd.DataFrame) -> Bools:
    """Which visits are maintenance, and not one of which a customer says that it was elsewhere."""
    there = visits["visit_id"].str.startswith(ELSEWHERE).to_numpy(dtype=bool)
    return (visits["kind"].fillna(MAINTENANCE) == MAINTENANCE).to_numpy(dtype=bool) & ~there


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


def _naming(visits: pd.DataFrame, codes: Iterable[str]) -> Mapping[str, Bools]:
    """Of each service which visits name it (`services` has commas, missing is none) or are of its kind."""
    which, kinds = pd.factorize(visits["services"])  # a dealership has few different ones
    said = [frozenset(str(kind).split(",")) for kind in kinds]
    kind = visits["kind"].to_numpy(dtype=object)
    return {
        code: np.array([*(code in each for each in said), False])[which]
        | ((kind == code) & (code in OF_VISITS))
        for code in codes
    }


def _key(car: Ints, day: Days) -> Ints:
    """Ascending as car and day are."""
    return np.asarray(car * 2**32 + day.astype("int64") + 2**31)
