"""The season: in which months a fleet drives more than in others, learnt from its own readings.

Time is bent: a day of a month in which everybody drives a tenth more counts as 1.1 days. On that clock a
driver is as steady as he is, rates are rates whatever the months they were measured in, and a distance is
a number of days that is bent back in the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.dates import Days
from planner.forecast.screen import Floats, Ints, Readings

YEAR_DAYS = 365.2425
WAVES = 2  # a year's and a half-year's, each a sine and a cosine
USUAL_WAVE = 0.05  # of the usage: so large one of the four is, before a fleet has been asked
LEAST_DAYS, MOST_DAYS = 20, 250  # between two readings: a trip says nothing of a season, nor does a year
FAR = 0.5  # of ln: intervals further from the car's mean count less, as a half-year abroad does
# What four waves explain by chance alone is chi-square with 4 degrees of freedom: above 23.5 once in 10,000.
CERTAIN = 23.5
SPREAD = 0.2  # of the yearly km of a driver; where a fleet's is more, all of it is less sure
LEAST_YEARS = 2  # of readings: one winter is no season
STEPS = 8  # until a bent day is bent back to a hundredth of a day; each leaves a tenth of the error


@dataclass(frozen=True, slots=True)
class Season:
    """The waves of each learnt season, and which season each car has.

    waves: seasons x 4, the parts of the usage of sin, cos of the year, sin, cos of the half-year; zeros are
    a fleet that drives the same all year. of: of each car its row; one season is that of all.
    """

    waves: Floats
    of: Ints

    def bend(self, car: Ints, day: Days) -> Floats:
        """The clock's days since 1970 on a day: as many as real ones over a year. NaT gives NaN."""
        real = np.where(np.isnat(day), np.nan, day.astype("int64").astype("float64"))
        return real + self._ahead(car, real)

    def straight(self, car: Ints, bent: Floats) -> Floats:
        """The real days since 1970 (with their fraction) at which the clock shows so many: bend reversed."""
        if not self.waves.any():
            return bent
        real = bent
        for _ in range(STEPS):
            real = bent - self._ahead(car, real)
        return real

    def _ahead(self, car: Ints, real: Floats) -> Floats:
        """By how many days the clock is ahead of the calendar."""
        if not self.waves.any():
            return np.zeros(len(real))
        wave = self.waves[self.of[car] if len(self.waves) > 1 else np.zeros(len(real), dtype="int64")]
        return np.asarray((wave * _integrals(real)).sum(axis=1))


NO_SEASON = Season(np.zeros((1, 2 * WAVES)), np.zeros(1, dtype="int64"))


def _integrals(real: Floats) -> Floats:
    """Days x 4: what a wave of size 1 has added to the clock until then."""
    parts = []
    for number in range(1, WAVES + 1):
        speed = 2 * np.pi * number / YEAR_DAYS
        parts += [-np.cos(speed * real) / speed, np.sin(speed * real) / speed]
    return np.stack(parts, axis=1)


def seasons(vehicle_id: pd.Series[str], readings: Readings, month: Ints | None) -> Season:
    """The season of each car, learnt from the readings of earlier calendar years.

    So a calendar moves for it at New Year only. month: where the rows are cars as they were in different
    months; then vehicle_id tells which of them are the same car, and each learns from the rows of earlier
    years, every car once.
    """
    if month is None:
        year = readings.day.astype("datetime64[Y]")
        past = readings[year < year.max()] if len(readings) else readings
        return Season(learn_season(past)[None, :], np.zeros(1, dtype="int64"))
    years, of = np.unique(month // 12, return_inverse=True)
    waves = np.zeros((len(years), 2 * WAVES))
    in_time = np.argsort(month, kind="stable")
    for row, year_no in enumerate(years):
        past = vehicle_id.iloc[in_time[month[in_time] < 12 * year_no]]
        latest = past[past.isna() | ~past.duplicated(keep="last")].index
        chosen = np.zeros(len(month), dtype=bool)
        chosen[latest] = True
        waves[row] = learn_season(readings[chosen[readings.car]])
    return Season(waves, of)


def learn_season(readings: Readings) -> Floats:
    """The four waves that the readings of a fleet show; zeros where chance alone could have made them.

    readings: credible, one a day, by car and day. ln(rate between two of them) is regressed on the mean of
    the waves in between, less the mean of the same car, so that neither how much a car drives nor which
    months it was seen in matters. Under a spread of s a year it has the variance s^2 sqrt(365 / days). The
    waves are shrunk towards 0 as if each had been drawn with the spread USUAL_WAVE.
    """
    day = readings.day.astype("int64").astype("float64")
    apart = np.diff(day)
    step = np.flatnonzero(
        (readings.car[1:] == readings.car[:-1])
        & (apart >= LEAST_DAYS)
        & (apart <= MOST_DAYS)
        & (np.diff(readings.km) > 0)
    )
    flat = np.zeros(2 * WAVES)
    if not len(step) or day[step + 1].max() - day[step].min() < LEAST_YEARS * YEAR_DAYS:
        return flat
    said = np.log((readings.km[step + 1] - readings.km[step]) / apart[step])
    wave = (_integrals(day[step + 1]) - _integrals(day[step])) / apart[step, None]
    sure = np.sqrt(apart[step] / 365.0) / SPREAD**2
    _, car = np.unique(readings.car[step], return_inverse=True)

    def less_own_mean(values: Floats, weight: Floats) -> Floats:
        total = np.bincount(car, weight)
        return values - (np.bincount(car, weight * values) / total)[car]

    off = less_own_mean(said, sure)
    sure = sure * np.minimum(1.0, FAR / np.maximum(np.abs(off), 1e-9))
    off = less_own_mean(said, sure)
    seen = np.stack([less_own_mean(part, sure) for part in wave.T], axis=1)
    gain = seen.T @ (sure * off)
    known = (seen * sure[:, None]).T @ seen
    found = np.linalg.solve(known + np.eye(2 * WAVES) / USUAL_WAVE**2, gain)
    # The spread that is left, where it is more than what was assumed, makes all of it less sure.
    spread = max(1.0, float((sure * (off - seen @ found) ** 2).sum() / max(len(step) - car.max() - 1, 1)))
    return np.where(gain @ found / spread > CERTAIN, found, flat)
