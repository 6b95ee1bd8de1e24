"""Which services each car came back for, in turn: what retention by service number is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.dates import Days, add_months
from planner.value import sbg
from planner.value.book import Book
from planner.value.figures import Floats
from planner.value.owned import Bools, Ints
from planner.value.timeline import Timeline

# A maintenance so soon after another one finishes it and is no service of its own. Our judgement.
SAME_SERVICE_DAYS = 30
DAYS_PER_YEAR = 365.25
SLOW = 0.9  # of the waits from service to service: those who wait longer are the slowest tenth


@dataclass(frozen=True)
class Renewals:
    """Of each car how it came back, service by service, until it missed one.

    begun    the purchase; of a car bought before visits are on record its first service on record
    done     services since then that it came for, each within the active window of the one before, as far
             as these windows are over: an early comer does not count before a late one would
    lost     it missed the next one
    running  services in a row up to now, also where the window is not over; begins anew after one missed
    earlier  of a car older than the record those that it would have come for before, at the usual pace; of
             one that has missed a service since, and of all others, 0
    since    the last service, else the day it begun
    gaps     days between two services, of those that were in time and whose window is over
    trials   of each car the services by number that it came for or missed, see `Trials`
    older    the same of cars bought before visits are on record, numbered with their `earlier` ones
    again    the same of cars that came back after they had missed one; numbers begin anew
    services those after it begun, by car and day
    """

    begun: Days
    done: Ints
    lost: Bools
    running: Ints
    earlier: Ints
    since: Days
    gaps: Floats
    trials: Trials
    older: Trials
    again: Trials
    services: Services

    @property
    def came_back(self) -> Bools:
        """Of each car: has it missed a service and come again since? Then `running` counts from there."""
        return self.running < np.bincount(self.services.car, minlength=len(self.running))


@dataclass(frozen=True)
class Services:
    """One row a service; in_time: within the active window of the one before, and that window is over."""

    car: Ints
    day: Days
    in_time: Bools


@dataclass(frozen=True)
class Trials:
    """One row a car and service number that it could come for, as far as that can be judged fairly.

    A car that comes often reaches a service number sooner than one that comes seldom. Among the cars that
    have reached it by a day those are too many, and they are not like the others: the second waits of
    serial events are censored by the first ones (D. Y. Lin, W. Sun, Z. Ying, Nonparametric Estimation of the
    Gap Time Distributions for Serial Events with Censored Data, Biometrika 86, 1999, 59-70). So number k
    counts only of cars so old that one that always waits as long as the slowest tenth would have been judged.
    """

    car: Ints
    number: Ints  # from 1
    came: Bools

    def of(self, chosen: Bools) -> Trials:
        """Those of the cars that are flagged.

        >>> both = Trials(np.array([0, 1]), np.array([1, 1]), np.array([True, False]))
        >>> both.of(np.array([False, True])).car.tolist()
        [1]
        """
        there = chosen[self.car]
        return Trials(self.car[there], self.number[there], self.came[there])

    def and_of(self, other: Trials) -> Trials:
        """These, and then the others."""
        return Trials(
            np.append(self.car, other.car),
            np.append(self.number, other.number),
            np.append(self.came, other.came),
        )

    def beyond(self, number: int) -> Trials:
        """Those of the services after that one."""
        later = self.number > number
        return Trials(self.car[later], self.number[later], self.came[later])

    def at_risk(self, chosen: Bools | None = None) -> Floats:
        """Cars that could come, by number from 1; chosen: flags by car, all without.

        >>> came = np.array([True, False, False])
        >>> Trials(np.array([0, 0, 1]), np.array([1, 2, 1]), came).at_risk().tolist()
        [2.0, 1.0]
        """
        return self._by_number(np.ones(len(self.car), dtype=bool), chosen)

    def kept(self, chosen: Bools | None = None) -> Floats:
        """Of them those that came.

        >>> came = np.array([True, False, False])
        >>> Trials(np.array([0, 0, 1]), np.array([1, 2, 1]), came).kept().tolist()
        [1.0, 0.0]
        """
        return self._by_number(self.came, chosen)

    def _by_number(self, those: Bools, chosen: Bools | None) -> Floats:
        if chosen is not None:
            those = those & chosen[self.car]
        width = int(self.number.max(initial=0))
        return np.bincount(self.number[those] - 1, minlength=width).astype("float64")


def renewals(book: Book) -> Renewals:
    """The chain of maintenance visits of each car.

    A car misses a service if it does not come for maintenance within settings.value.active_window_months of
    the one before. Whether a window is over depends on the day on which it began and not on whether the
    car came, so that the ages of the cars leave no mark on the shares. Source: our definition; a car without
    a day of purchase begins with its first visit. Of a car bought before visits are on record
    (planner.value.history) nobody knows which service it came for first: it begins with that one, and is not
    among the `trials` of new cars, as those that had left by then are not there to be counted. Of those that
    are it is known who comes for the next: delayed entry (J. P. Klein and M. L. Moeschberger, Survival
    Analysis, 2nd edition 2003, section 4.6), with the number of its service by its age.

    A came for two in time and missed the third; B came 19 months after the purchase.

    >>> from planner.settings import Settings
    >>> from planner.value.book import read_book
    >>> from planner.value.example import AS_OF, tables_of
    >>> cars = {"A": ["2021-01-10", "2022-01-10", "2023-01-10"], "B": ["2024-01-10", "2025-08-10"]}
    >>> found = renewals(read_book(tables_of(cars), Settings(), AS_OF))
    >>> found.done.tolist(), found.lost.tolist()
    ([2, 0], [True, True])
    """
    begun, car, day = _services(book)
    months = book.settings.value.active_window_months
    first = np.ones(len(car), dtype=bool)
    first[1:] = car[1:] != car[:-1]
    before = np.where(first, begun[car] if len(car) else begun[:0], np.roll(day, 1))
    until = add_months(before, months)
    in_time = day <= until
    over = until <= book.last_day
    count = len(book.cars)
    done, anchor = _in_a_row(car, day, in_time & over, begun)
    had = np.bincount(car, minlength=count)
    last = np.maximum(np.searchsorted(car, np.arange(count), side="right") - 1, 0)
    since = np.where(had > 0, day[last] if len(day) else begun, begun)
    lost = add_months(anchor, months) <= book.last_day
    restart = np.zeros(count, dtype="int64")  # number of the last service that came too late
    restart[car[~in_time]] = _number_in_car(car)[~in_time]
    gaps = (day - before).astype("float64")[in_time & over]
    older = begun > book.bought
    pace = gaps.mean() if len(gaps) else DAYS_PER_YEAR
    earlier = np.rint((begun - book.bought).astype("float64") / pace).astype("int64").clip(1) * older
    trials, of_older = (
        _fair(book, begun, np.where(those, done, 0), lost & those, gaps) for those in (book.young, older)
    )
    of_older = replace(of_older, number=of_older.number + earlier[of_older.car])
    again = _again(book, car, day, in_time)
    services = Services(car, day, in_time & over)
    return Renewals(
        begun=begun,
        done=done,
        lost=lost,
        running=had - restart,
        earlier=np.where(restart > 0, 0, earlier),
        since=since,
        gaps=gaps,
        trials=trials,
        older=of_older,
        again=again,
        services=services,
    )


def _again(book: Book, car: Ints, day: Days, in_time: Bools) -> Trials:
    """What followed each service of a car that has missed one, where the window after it is over."""
    at = np.arange(len(car))
    late = np.maximum.accumulate(np.where(in_time, -1, at)) if len(car) else at
    judged = add_months(day, book.settings.value.active_window_months) <= book.last_day
    chosen = (late >= 0) & (car[np.maximum(late, 0)] == car) & judged
    came = np.zeros(len(car), dtype=bool)
    came[:-1] = (car[1:] == car[:-1]) & in_time[1:]
    return Trials(car[chosen], (at - late)[chosen] + 1, came[chosen])


def followed_from(book: Book, found: Renewals, on: np.datetime64) -> Trials:
    """The services of the cars that were in time for their next one on an earlier day, numbered from there.

    What is known of a car on that day may say who comes afterwards, and not who had come: the landmark
    method (J. R. Anderson, K. C. Cain, R. D. Gelber, Analysis of Survival by Tumor Response, Journal of
    Clinical Oncology 1, 1983, 710-719). Cars that had missed a service by then, or were bought later, are
    not in it, and none before visits are on record; judged as fairly as `Trials`, from the last service or
    the purchase before that day.

    On 1 January 2022 A waits for its second service, of which it comes, and misses the third; B has missed.

    >>> from planner.settings import Settings
    >>> from planner.value.book import read_book
    >>> from planner.value.example import AS_OF, tables_of
    >>> cars = {"A": ["2020-01-10", "2021-01-10", "2022-01-10"], "B": ["2020-01-10"]}
    >>> book = read_book(tables_of(cars), Settings(), AS_OF)
    >>> trials = followed_from(book, renewals(book), np.datetime64("2022-01-01"))
    >>> trials.car.tolist(), trials.number.tolist(), trials.came.tolist()
    ([0, 0], [1, 2], [True, False])
    """
    services, months = found.services, book.settings.value.active_window_months
    timeline = Timeline(services.car, services.day, len(book.cars))
    begun = timeline.days_at(timeline.last(on))
    begun = np.where(np.isnat(begun), found.begun, begun)
    on_record = not on < book.history_from
    waiting = on_record & (found.begun <= on) & (add_months(begun, months) > on)
    after = (services.day > on) & waiting[services.car]
    done, anchor = _in_a_row(services.car[after], services.day[after], services.in_time[after], begun)
    lost = waiting & (add_months(anchor, months) <= book.last_day)
    return _fair(book, begun, done, lost, found.gaps)


def _in_a_row(car: Ints, day: Days, good: Bools, begun: Days) -> tuple[Ints, Days]:
    """Of each car how many of its services are good up to the first that is not; the day of the last one.

    begun: that day where there is none.
    """
    number = _number_in_car(car)
    done = np.bincount(car, minlength=len(begun))
    broken = np.flatnonzero(~good)[::-1]  # the first one of a car is written last
    done[car[broken]] = number[broken] - 1
    anchor = begun.copy()
    kept = number <= done[car]
    anchor[car[kept]] = day[kept]
    return done, anchor


def _fair(book: Book, begun: Days, done: Ints, lost: Bools, gaps: Floats) -> Trials:
    """Every number that each car came for, and that which it missed; those judged too early left out."""
    tried = done + lost
    car = np.repeat(np.arange(len(done)), tried)
    number = np.arange(len(car)) - np.repeat(np.cumsum(tried) - tried, tried) + 1
    slow_days = np.quantile(gaps, SLOW) if len(gaps) else 0.0
    waited = np.rint((number - 1) * slow_days).astype("int64")
    fair = add_months(begun[car] + waited, book.settings.value.active_window_months) <= book.last_day
    car, number = car[fair], number[fair]
    return Trials(car, number, number <= done[car])


def losses(trials: Trials, chosen: Bools | None = None) -> sbg.Losses:
    """The cars (those `chosen`) by the services that they came for, as far as that can be judged fairly.

    `kept` of 0 services is empty: of cars that could not come yet nothing is known.
    """
    at_risk, kept = trials.at_risk(chosen), trials.kept(chosen)
    at_risk_next = np.append(at_risk[1:], 0.0)[: len(kept)]
    return sbg.Losses(np.append(at_risk - kept, 0.0), np.append(0.0, kept - at_risk_next))


def discount_per_service(book: Book, found: Renewals) -> float:
    """The yearly discount rate over the mean time from service to service (a year where there is none).

    A came every half a year: 1.1 to the power of 0.5, less 1.

    >>> from planner.settings import Settings
    >>> from planner.value.book import read_book
    >>> from planner.value.example import AS_OF, tables_of
    >>> twice = tables_of({"A": ["2023-07-01", "2023-12-31", "2024-06-30"]})
    >>> book = read_book(twice, Settings(), AS_OF)
    >>> print(f"{discount_per_service(book, renewals(book)):.3f}")
    0.049
    """
    return float((1 + book.settings.value.discount_rate) ** years_per_service(found) - 1)


def years_per_service(found: Renewals) -> float:
    """Mean years from service to service, of those in time; 1 where there is none.

    >>> from planner.settings import Settings
    >>> from planner.value.book import read_book
    >>> from planner.value.example import AS_OF, tables_of
    >>> twice = tables_of({"A": ["2023-07-01", "2023-12-31", "2024-06-30"]})
    >>> print(f"{years_per_service(renewals(read_book(twice, Settings(), AS_OF))):.3f}")
    0.500
    """
    return float(found.gaps.mean() / DAYS_PER_YEAR) if len(found.gaps) else 1.0


def _services(book: Book) -> tuple[Days, Ints, Days]:
    """The day each car begins on; car and day of each service after it, without those that finish another."""
    after = book.service & (book.day > book.bought[book.car] if len(book.car) else False)
    after &= ~(book.day < book.history_from)  # before a long gap, or typed in by hand: it tells of no wait
    car, day = book.car[after], book.day[after]
    new = np.ones(len(car), dtype=bool)
    new[1:] = (car[1:] != car[:-1]) | ((day[1:] - day[:-1]).astype("int64") >= SAME_SERVICE_DAYS)
    car, day = car[new], day[new]
    begins = ~book.young[car] & (_number_in_car(car) == 1)
    begun = book.bought.copy()
    begun[car[begins]] = day[begins]
    return begun, car[~begins], day[~begins]


def _number_in_car(car: Ints) -> Ints:
    """Of each service its number within its car, from 1; car: sorted."""
    return np.arange(len(car)) - np.searchsorted(car, car) + 1
