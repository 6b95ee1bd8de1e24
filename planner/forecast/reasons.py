"""Reasons: why a reading was set aside, in words, and what it probably should have been."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.dates import Days
from planner.errors import Issue, IssueCode
from planner.forecast.rates import MIN_SPAN_DAYS
from planner.forecast.restarts import PLAUSIBLE, Screened, unit_km
from planner.forecast.screen import Bools, Floats, Ints, Readings, too_fast
from planner.tables import KM_PER_MILE

SOURCES = ("vehicles", "visits", "readings")  # in the order of screen.gather
COLUMNS = ("odometer_at_purchase_km", "odometer_km", "odometer_km")

OF_PLACE = 0.25  # another digit must come so near to the line; half of its place is always to be had

_DIGITS = 7  # of the largest odometer, planner.tables.MAX_KM
_STRIDE = 4_000_000  # more than the days of the calendar

_EDITS = ("a digit less", "a digit more", "two digits exchanged", "another digit")  # what would make it fit
_TO_MILES, _TO_KM = len(_EDITS), len(_EDITS) + 1
_HOW = (*_EDITS, "it was probably in miles", "it was probably in km, and taken for miles")


def explain(
    found: Screened, km_per_day: Floats, new_since: Days, vehicle_ids: npt.NDArray[np.object_]
) -> list[Issue]:
    """An issue for each reading that was set aside, and for each odometer that starts anew; by car and day.

    What a reading could have been is believed if it is plausible between the credible readings beside it,
    see _Line. Codes, the first that holds:

    READING_SAME_DAY   plausible between the other days, but not possible beside a reading of its own day
    READING_TYPO       plausible with one digit more, less or other, or two neighbours exchanged
    READING_UNIT       plausible when miles are read as km, or km as miles
    READING_SAME_DAY   not possible beside a reading of its own day
    READING_DECREASE   below the earlier credible reading, or above the later one
    READING_SPEED      more than a car can drive in the time

    Of typing error and unit the one nearest to the line wins; of equals the first in this order: a digit
    less, a digit more, two exchanged, another digit, unit. With another digit somewhere almost any reading
    comes near the line, so it must come within a quarter of that digit's place; so must two exchanged. A
    reading that repeats one of an earlier day is neither: it was copied. READING_REPLACED and
    READING_ROLLOVER: the reading is used, and counted on.
    """
    aside = np.flatnonzero(~found.kept)
    issues = list(zip(found.restarts.tolist(), _anew(found, vehicle_ids), strict=True))
    if len(aside):
        said = _set_aside(found, aside, km_per_day, new_since, vehicle_ids)
        issues += zip(aside.tolist(), said, strict=True)
    return [issue for _, issue in sorted(issues, key=itemgetter(0))]


def edits(number: Ints) -> Iterator[tuple[int, float, Ints, Bools]]:
    """What whole numbers become by one change of their digits, each kind of it and each place in turn.

    Yields the position in _EDITS, the place of the first digit that is another one (inf where the number
    gets shorter or longer), the candidates (numbers x 10 digits, or x 1) and which of them there are.
    """
    digit = np.arange(10)
    number = number[:, None]
    places = [10**power for power in range(_DIGITS + 1)]
    # No odometer that was typed begins with 0, so none of these does.
    for place in places[:-1]:
        first = number < 10 * place
        shorter = number // (10 * place) * place + number % place
        yield 0, np.inf, shorter, (number >= max(place, 10)) & (~first | (shorter >= place // 10))
    for place in places:
        longer = number // place * (10 * place) + digit * place + number % place
        yield 1, np.inf, longer, (number >= place) | ((number >= max(place // 10, 1)) & (digit > 0))
    for place in places[:-2]:
        ours, next_to = number // place % 10, number // (10 * place) % 10
        swapped = number + (ours - next_to) * 9 * place
        yield 2, 10 * place, swapped, (number >= 10 * place) & ((ours > 0) | (number >= 100 * place))
    for place in places[:-1]:
        other = number + (digit - number // place % 10) * place
        yield 3, place, other, (number >= place) & ((digit > 0) | (number >= 10 * place))


@dataclass(frozen=True, slots=True)
class _Line:
    """What is plausible between the credible readings before and after, for one reading each.

    Between two: the straight line, and each of the parts gets at least a third of its share of the km.
    Beside one: the rate of the car, a third to three times of it. NaN is none.
    """

    day_before: Floats
    km_before: Floats
    day_after: Floats
    km_after: Floats
    rate: Floats

    def plausible(self, day: Floats, km: Floats, least: float = 1 / PLAUSIBLE) -> tuple[Bools, Floats]:
        """Are these km plausible on the day, and how far are they from the line? One row a reading.

        least: what each part gets of its share.
        """
        since, until = (day - self.day_before)[:, None], (self.day_after - day)[:, None]
        before, after, rate = self.km_before[:, None], self.km_after[:, None], self.rate[:, None]
        behind, ahead = ~np.isnan(before), ~np.isnan(after)
        span = since + until
        pace = np.where(span > 0, (after - before) / np.where(span > 0, span, 1.0), rate)
        line = np.where(behind, before + pace * since, after - pace * until)
        low = np.where(behind, before + pace * since * least, after - pace * PLAUSIBLE * (until + 1))
        high = np.where(ahead, after - pace * until * least, before + pace * PLAUSIBLE * (since + 1))
        fits = (km >= np.maximum(low, 0.0) - 1e-6) & (km <= high + 1e-6)
        fits &= ~too_fast(km - before, since) & ~too_fast(after - km, until)
        return np.asarray(fits), np.asarray(np.abs(km - line))


def _set_aside(
    found: Screened,
    aside: Ints,
    km_per_day: Floats,
    new_since: Days,
    vehicle_ids: npt.NDArray[np.object_],
) -> Iterator[Issue]:
    readings, shown = found.readings, found.shown_km
    car, number = readings.car[aside], readings.day.astype("int64").astype("float64")
    day, km = number[aside], readings.km[aside]
    kept = np.flatnonzero(found.kept)
    rate = _rates(readings, kept, car, km_per_day)
    born = np.where(np.isnat(new_since), np.nan, new_since.astype("int64").astype("float64"))[car]

    def line(before: Ints, after: Ints) -> _Line:
        new = (before < 0) & (born <= day)  # a car bought new began with 0 km
        return _Line(
            np.where(new, born, np.where(before >= 0, number[before], np.nan)),
            np.where(new, 0.0, np.where(before >= 0, readings.km[before], np.nan)),
            np.where(after >= 0, number[after], np.nan),
            np.where(after >= 0, readings.km[after], np.nan),
            rate,
        )

    before, after = _beside(
        kept, car, readings.car, np.searchsorted(kept, aside), np.searchsorted(kept, aside)
    )
    key, at = readings.car[kept] * _STRIDE + number[kept], car * _STRIDE + day
    others = _beside(
        kept, car, readings.car, np.searchsorted(key, at, "left"), np.searchsorted(key, at, "right")
    )
    same = np.full(len(aside), -1)  # the credible reading of the same day that it cannot be true beside
    for other in (after, before):
        apart = np.abs(km - readings.km[other])
        same = np.where((other >= 0) & (number[other] == day) & too_fast(apart, 0.0 * apart), other, same)

    beside = line(before, after)
    copied = _first_shown(readings, shown, aside) < readings.day[aside]
    how, fit = _repaired(beside, day, shown[aside], found.offset_km[aside])
    how = np.where(copied, -1, how)
    of_other_days = line(*others).plausible(day, km[:, None], least=0.0)[0][:, 0]

    driven, span = km - readings.km[before], day - number[before]
    below, rushed = (before >= 0) & (driven < 0), (before >= 0) & too_fast(driven, span)
    above = (after >= 0) & (km > readings.km[after])
    of_day = (same >= 0) & (of_other_days | (how < 0))
    codes = np.select(
        # One that fits the reading before it and was still set aside does not fit the one after it.
        [of_day, how >= _TO_MILES, how >= 0, below | (above & ~rushed)],
        [
            IssueCode.READING_SAME_DAY,
            IssueCode.READING_UNIT,
            IssueCode.READING_TYPO,
            IssueCode.READING_DECREASE,
        ],
        IssueCode.READING_SPEED,
    )
    what = np.select(
        [of_day, below, rushed, above],
        [
            "is more than a day's driving from the",
            "is below the",
            "is more than a car can have driven since the",
            "is above the later",
        ],
        "leaves more than a car can drive until the",
    )
    that = np.where(of_day, same, np.where(below | rushed, before, after))
    for nth, row in enumerate(aside):
        also = "; not used"
        if codes[nth] in (IssueCode.READING_TYPO, IssueCode.READING_UNIT):
            also = f"; {_text(fit[nth], unit_km(found.shown_km[row]))} would fit, {_HOW[how[nth]]}{also}"
        elif copied[nth]:
            also = f"; it repeats an earlier reading{also}"
        said = f"{_shown(found, row)} {what[nth]} {_shown(found, that[nth])}{also}"
        yield _issue(found, row, IssueCode(codes[nth]), said, vehicle_ids)


def _repaired(beside: _Line, day: Floats, shown: Floats, offset: Floats) -> tuple[Ints, Floats]:
    """What would make each reading plausible, a position in _HOW (-1: nothing), and the km it would show."""
    how, fit, nearest = np.full(len(day), -1), np.full(len(day), np.nan), np.full(len(day), np.inf)
    unit = unit_km(shown)

    def offer(kind: int, km: Floats, there: Bools | bool = True, within: float = np.inf) -> None:
        plausible, off = beside.plausible(day, km + offset[:, None])
        off = np.where(plausible & there & (off <= within * unit[:, None]), off, np.inf)
        best, each = off.argmin(axis=1), np.arange(len(day))
        nearer = off[each, best] < nearest
        nearest[nearer], fit[nearer], how[nearer] = off[each, best][nearer], km[each, best][nearer], kind

    for kind, place, candidates, there in edits(np.round(shown / unit).astype("int64")):
        offer(kind, candidates * unit[:, None], there, place * OF_PLACE)
    offer(_TO_MILES, (shown * KM_PER_MILE)[:, None])
    offer(_TO_KM, (shown / KM_PER_MILE)[:, None])
    return how, fit


def _beside(kept: Ints, car: Ints, of_car: Ints, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """The credible readings of the car before position `left` and from `right` on; -1 is none."""
    before, after = kept[np.maximum(left - 1, 0)], kept[np.minimum(right, len(kept) - 1)]
    before = np.where((left > 0) & (of_car[before] == car), before, -1)
    return before, np.where((right < len(kept)) & (of_car[after] == car), after, -1)


def _rates(readings: Readings, kept: Ints, car: Ints, km_per_day: Floats) -> Floats:
    """km a day of each car from its first to its last credible reading, the usual where that says little."""
    first = kept[np.searchsorted(readings.car[kept], car, side="left")]
    last = kept[np.searchsorted(readings.car[kept], car, side="right") - 1]
    span = (readings.day[last] - readings.day[first]).astype("float64")
    rate = (readings.km[last] - readings.km[first]) / np.maximum(span, 1.0)
    return np.where(span >= MIN_SPAN_DAYS, rate, km_per_day[car])


def _first_shown(readings: Readings, shown: Floats, aside: Ints) -> Days:
    """The first day on which the car showed the same km."""
    rows = np.flatnonzero(np.isin(readings.car, readings.car[aside]))
    table = pd.DataFrame({"car": readings.car[rows], "km": shown[rows], "day": readings.day[rows]})
    first = table.groupby(["car", "km"])["day"].transform("min").to_numpy().astype("datetime64[D]")
    return np.asarray(first[np.searchsorted(rows, aside)])


def _anew(found: Screened, vehicle_ids: npt.NDArray[np.object_]) -> Iterator[Issue]:
    kept = np.flatnonzero(found.kept)
    before = kept[np.searchsorted(kept, found.restarts) - 1]
    for row, last, rolled in zip(found.restarts, before, found.rolled, strict=True):
        code = IssueCode.READING_ROLLOVER if rolled else IssueCode.READING_REPLACED
        why = "went past its last digit" if rolled else "was replaced"
        driven = _text(found.readings.km[row], unit_km(found.shown_km[row]))
        said = (
            f"{_shown(found, row)} is below the {_shown(found, last)}, and later readings go on from it: "
            f"the odometer probably {why}; counted on from {driven}"
        )
        yield _issue(found, row, code, said, vehicle_ids)


def _shown(found: Screened, row: int) -> str:
    km = found.shown_km[row]
    return f"{_text(km, unit_km(km))} on {found.readings.day[row]}"


def _text(km: float, unit: Floats) -> str:
    return f"{km / unit:.0f} {'km' if unit == 1 else 'mi'}"


def _issue(
    found: Screened, row: int, code: IssueCode, said: str, vehicle_ids: npt.NDArray[np.object_]
) -> Issue:
    source = found.readings.source[row]
    vehicle = vehicle_ids[found.readings.car[row]]
    return Issue(SOURCES[source], 0, COLUMNS[source], code, f"vehicle {vehicle}: {said}")
