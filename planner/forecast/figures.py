"""How good the predictions were: every figure of `planner validate`, from the predictions of a backtest.

    judge      each prediction beside what happened
    figures    what that means in all, beside simple methods, and by kind of visit

Nothing here predicts anything. The definitions are those of docs/validation.md and of the workbook's sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.dates import LAST_DAY, NO_DAY, Days, add_months, days, message_days, quiet_days, working_days
from planner.forecast.backtest import BASELINES
from planner.forecast.due import LAPSED_MONTHS
from planner.forecast.lead import ahead_of
from planner.forecast.returning import GRACE_DAYS
from planner.settings import Settings

TOLERANCES = (7, 14, 30)
LEVELS = {"0.5": "50", "0.8": "80", "0.96": "96"}
GROUPS = ("stage", "service_no", "rate_source", "basis")
CAME_TRUE_DAYS = 30
IN_TIME = (1, 45)  # days before the visit; a contact on the day itself comes too late
WINDOW = ("offset_days", "from_days", "to_days")
ABOUT_SERVICE = ("service", "lapsed")  # the anchors of contacts that ask for a service visit
MOST_MISSED = 60  # intervals: nobody is called for ever
RETURN_BINS = tuple(tenth / 10 for tenth in range(11))
UNKNOWN = "unknown"

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
_WORKING_DAY_CHANNELS = ("call", "post")


def judge(
    predictions: pd.DataFrame, touchpoints: pd.DataFrame, settings: Settings, as_of: date
) -> pd.DataFrame:
    """Each prediction of a backtest beside what happened.

    predictions: one row a prediction, as `planner.forecast.backtest` makes them; visited_on is NaT
    where nobody has come by `as_of`. touchpoints: the contact cycle, one row a touchpoint: kind,
    number, repeats, first_number, channel, offset_days, from_days, to_days, when.

    Returns the same rows in the same order with
    error_days             actual minus predicted; positive where the customer came later; NaN if not come
    in_50, in_80, in_96    the visit lies in the window of that level, its last day included
    preceded_by_contact    a contact that asks for a service would have gone out before the visit
    contacted_in_time      one of them precedes the visit by 1 to 45 days
    called_days_before     days from the last planned call before the visit to the visit; NaN if none
    called_in_time         a planned call precedes the visit by 1 to 45 days
    closed                 the 80% window and 30 days after the predicted day are both over by `as_of`
    came_true              closed, and a visit within 30 days of the predicted day
    return_closed          the 80% window and 90 days more are over by `as_of`
    returned               return_closed, and a visit until then
    """
    visited, expected = days(predictions["visited_on"]), days(predictions["expected_on"])
    today = np.datetime64(as_of, "D")
    error = _between(expected, visited)
    high = days(predictions["high_80"])
    closed = (high < today) & (expected + np.timedelta64(CAME_TRUE_DAYS, "D") < today)
    until = high + np.timedelta64(GRACE_DAYS, "D")
    contacts = _contacted(predictions, touchpoints, settings)
    return predictions.assign(
        error_days=error,
        **{
            f"in_{level}": (days(predictions[f"low_{level}"]) <= visited)
            & (visited <= days(predictions[f"high_{level}"]))
            for level in LEVELS.values()
        },
        preceded_by_contact=contacts.preceded,
        contacted_in_time=contacts.in_time,
        called_days_before=contacts.called_before,
        called_in_time=contacts.called_in_time,
        closed=closed,
        came_true=closed & (np.abs(error) <= CAME_TRUE_DAYS),
        return_closed=until < today,
        returned=(until < today) & (visited <= until),
    )


def figures(judged: pd.DataFrame, not_scored: pd.Series, tolerance_days: int | None = None) -> dict[str, Any]:
    """The figures of `planner validate --json`, from what `judge` returns; plain numbers, None where none.

    Shares are between 0 and 1, days are days; visits_scored, predictions_closed and
    predictions_came_true are counts. bias_days is the mean and median_bias_days the median of the errors
    with their sign: few who come very late move the first and not the second. `visits_not_scored`: reason
    -> count. `within` has 7, 14, 30 and `tolerance_days`. `baselines`: each simple method on the visits
    for which it has an answer, with forecast_on_same_visits; `common_visits`: the forecast and all methods
    on the visits for which every one of them has an answer (methods without any answer are left out).
    `came_back`: promised and actual returns. `by`: stage, service_no, rate_source, basis -> value -> the
    same figures.
    """
    tolerances = sorted({*TOLERANCES, *([] if tolerance_days is None else [tolerance_days])})
    result = _of(judged, tolerances)
    return {
        "visits_scored": result.pop("visits_scored"),
        "visits_not_scored": {str(reason): int(count) for reason, count in not_scored.items() if count},
        **result,
        "common_visits": _common(judged, tolerances),
        "by": {name: _by(judged, name, tolerances) for name in GROUPS},
    }


def _of(judged: pd.DataFrame, tolerances: Sequence[int]) -> dict[str, Any]:
    scored = judged[judged["error_days"].notna()]
    closed, true = int(judged["closed"].sum()), int(judged["came_true"].sum())
    return {
        **_errors(scored["error_days"].to_numpy(), tolerances),
        "intervals": {
            promised: {
                "coverage": _share(scored[f"in_{level}"]),
                "median_width_days": _middle(
                    _between(days(scored[f"low_{level}"]), days(scored[f"high_{level}"]))
                ),
            }
            for promised, level in LEVELS.items()
        },
        "preceded_by_contact": _share(scored["preceded_by_contact"]),
        "contacted_1_to_45_days_before": _share(scored["contacted_in_time"]),
        "called_1_to_45_days_before": _share(scored["called_in_time"]),
        "predictions_closed": closed,
        "predictions_came_true": true,
        "predictions_came_true_share": round(true / closed, 4) if closed else None,
        "came_back": _returns(judged),
        "baselines": {
            name: _beside(scored, name, tolerances) for name in BASELINES if name in scored.columns
        },
    }


def _errors(error: Floats, tolerances: Sequence[int]) -> dict[str, Any]:
    distance = np.abs(error)
    return {
        "visits_scored": len(error),
        "median_absolute_error_days": _middle(distance),
        "mean_absolute_error_days": _mean(distance, 2),
        "bias_days": _mean(error, 2),
        "median_bias_days": _middle(error),
        "within": {str(limit): _share(distance <= limit) for limit in tolerances},
    }


def _beside(scored: pd.DataFrame, name: str, tolerances: Sequence[int]) -> dict[str, Any]:
    """A simple method on its own visits, and the forecast on the same."""
    error = _baseline_error(scored, name)
    known = ~np.isnan(error)
    return {
        **_errors(error[known], tolerances),
        "forecast_on_same_visits": _errors(scored["error_days"].to_numpy()[known], tolerances),
    }


def _common(judged: pd.DataFrame, tolerances: Sequence[int]) -> dict[str, Any]:
    scored = judged[judged["error_days"].notna()]
    errors = {name: _baseline_error(scored, name) for name in BASELINES if name in scored.columns}
    errors = {name: error for name, error in errors.items() if not np.isnan(error).all()}
    known = np.ones(len(scored), dtype=bool)
    for error in errors.values():
        known &= ~np.isnan(error)
    return {
        "visits_scored": int(known.sum()),
        "forecast": _errors(scored["error_days"].to_numpy()[known], tolerances),
        "baselines": {name: _errors(error[known], tolerances) for name, error in errors.items()},
    }


def _baseline_error(scored: pd.DataFrame, name: str) -> Floats:
    return _between(days(scored[name]), days(scored["visited_on"]))


def _returns(judged: pd.DataFrame) -> dict[str, Any]:
    """Promised and actual returns of the predictions that can be told, in all and by what was promised.

    brier_score: mean of (promised - 1 or 0)²; base_rate_brier_score: that of promising everybody the share
    that came, which is known only afterwards.
    Source: Brier, Verification of forecasts expressed in terms of probability, 1950.
    """
    told = judged[judged["return_closed"] & judged["came_back"].notna()]
    promised, returned = told["came_back"].to_numpy(), told["returned"].to_numpy(dtype=bool)
    place = np.clip(np.digitize(promised, RETURN_BINS) - 1, 0, len(RETURN_BINS) - 2)
    return {
        **_promise(promised, returned),
        "brier_score": _mean((promised - returned) ** 2, 4),
        "base_rate_brier_score": _mean((returned.mean() - returned) ** 2, 4) if len(returned) else None,
        "by_probability": [
            {"from": low, "to": high, **_promise(promised[place == number], returned[place == number])}
            for number, (low, high) in enumerate(pairwise(RETURN_BINS))
        ],
    }


def _promise(promised: Floats, returned: Bools) -> dict[str, Any]:
    return {
        "predictions": len(promised),
        "promised_share": _mean(promised, 4),
        "actual_share": _share(returned),
    }


def _by(judged: pd.DataFrame, name: str, tolerances: Sequence[int]) -> dict[str, Any]:
    """The same figures for every value of a column, in order; rows without a value last."""
    column = judged[name]
    groups = {value: judged[(column == value).fillna(False)] for value in sorted(column.dropna().unique())}
    if column.isna().any():
        groups[UNKNOWN] = judged[column.isna()]
    return {str(value): _of(group, tolerances) for value, group in groups.items()}


@dataclass(frozen=True, slots=True)
class _Contacts:
    """Of each prediction: did contacts that ask for a service go out before the visit, and when?"""

    preceded: Bools
    in_time: Bools
    called_before: Floats
    called_in_time: Bools


def _contacted(predictions: pd.DataFrame, touchpoints: pd.DataFrame, settings: Settings) -> _Contacts:
    """What the contact cycle would have sent between the day of the prediction and the visit.

    Service touchpoints hang on the due day that was predicted, or on the expected one if that is sooner,
    and go out ahead of the 80% window, as in the plan; reminders of overdue services hang on the due day,
    those of lapsed cars on the day a month after it. Where nobody has come the same
    follows for the next service, an interval later, and so on. The day of a contact is the ideal one,
    inside its window and after the day of the prediction, moved to the nearest day of the window on which
    its channel may be used, the earlier of two. A reminder of an overdue service goes out only if the
    visit has not been there yet, so each one that lies before the visit was called up.
    """
    visited, due = days(predictions["visited_on"]), days(predictions["due_on"])
    number = predictions["service_no"].to_numpy(dtype="float64", na_value=np.nan)
    made = days(predictions["predicted_from"])
    interval = predictions["interval_days"].to_numpy(dtype="float64").astype("timedelta64[D]")
    found = _Contacts(*(np.zeros(len(due), dtype=bool) for _ in range(4)))
    last = np.full(len(due), np.nan)
    known = ~np.isnat(visited) & ~np.isnat(due)
    touches = touchpoints[touchpoints["kind"].isin(ABOUT_SERVICE)]
    if not known.any() or touches.empty:
        return replace(found, called_before=last)
    opens = days(predictions["low_80"])
    sooner = np.maximum(due - days(predictions["expected_on"]), np.timedelta64(0, "D"))
    allowed = _Allowed(made[known].min(), visited[known].max(), settings)
    lead = np.timedelta64(int(touches["from_days"].min()), "D")
    for _ in range(1 + MOST_MISSED):
        row = np.flatnonzero(known & (visited > due - sooner + lead))
        if not len(row):
            break
        for touch in touches.to_dict("records"):
            nth = number[row]
            ours = row[nth >= touch["first_number"] if touch["repeats"] else nth == touch["number"]]
            ideal, earliest, latest = (due[ours] + np.timedelta64(touch[name], "D") for name in WINDOW)
            start = made[ours] + np.timedelta64(1, "D")
            if touch["kind"] == "lapsed":
                lapsed = add_months(due[ours], LAPSED_MONTHS)
                ideal, earliest, latest = (day + (lapsed - due[ours]) for day in (ideal, earliest, latest))
                start = np.fmax(start, lapsed)
            elif touch["when"] != "overdue":
                earliest = earliest - sooner[ours]
                ideal = ahead_of(opens[ours], ideal - sooner[ours], earliest)
            day = allowed.nearest(touch["channel"], ideal, np.fmax(earliest, start), latest)
            before = _between(day, visited[ours])
            in_time = (before >= IN_TIME[0]) & (before <= IN_TIME[1])
            found.preceded[ours] |= before > 0
            found.in_time[ours] |= in_time
            if touch["channel"] == "call":
                found.called_in_time[ours] |= in_time
                last[ours] = np.fmin(last[ours], np.where(before > 0, before, np.nan))
        number = number + 1
        due = due + interval  # NaT, and so the end, where the interval is not known
        opens = np.full(len(due), NO_DAY)
        known &= interval > np.timedelta64(0, "D")
    return replace(found, called_before=last)


class _Allowed:
    """On which days from `first` to `last` a channel may be used, and the nearest such day."""

    def __init__(self, first: np.datetime64, last: np.datetime64, settings: Settings) -> None:
        # What would go out after the last visit precedes none; a month more shows what is nearest.
        end = min(last + np.timedelta64(31, "D"), np.datetime64(LAST_DAY))
        self._first, span = first, (first.astype(date), end.astype(date))
        quiet = quiet_days(settings, *span)
        self._working = _neighbours(working_days(settings, *span) & ~quiet)
        self._any = _neighbours(message_days(settings, *span) & ~quiet)

    def nearest(self, channel: str, best: Days, first: Days, last: Days) -> Days:
        """The allowed day from `first` to `last` that is nearest to the best one; NaT where there is none."""
        before, after = self._working if channel in _WORKING_DAY_CHANNELS else self._any
        size = len(before)
        earliest, latest = _between(self._first, first), _between(self._first, last)
        ideal = np.clip(_between(self._first, best), earliest, latest)
        fits = (earliest <= latest) & (ideal < size)  # False where there is no due day
        place = np.where(fits, ideal, 0).astype("int64")
        back, forth = before[place], after[place]
        back_fits, forth_fits = back >= earliest, (forth <= latest) & (forth < size)
        chosen = np.where(back_fits & (~forth_fits | (place - back <= forth - place)), back, forth)
        found = self._first + chosen.astype("timedelta64[D]")
        return np.where(fits & (back_fits | forth_fits), found, np.datetime64("NaT", "D"))


def _neighbours(allowed: Bools) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For each day the nearest allowed one at or before it (-1: none) and at or after it (len: none)."""
    place, size = np.arange(len(allowed)), len(allowed)
    before = np.maximum.accumulate(np.where(allowed, place, -1))
    after = np.minimum.accumulate(np.where(allowed, place, size)[::-1])[::-1]
    return before, after


def _between(start: Days | np.datetime64, end: Days) -> Floats:
    """Days from start to end; NaN where one of them is missing."""
    span = np.asarray(end - start)
    return np.where(np.isnat(span), np.nan, span.astype("int64").astype("float64"))


def _share(flags: npt.ArrayLike) -> float | None:
    return _mean(np.asarray(flags, dtype="float64"), 4)


def _middle(values: Floats) -> float | None:
    known = values[~np.isnan(values)]
    return round(float(np.median(known)), 2) if len(known) else None


def _mean(values: Floats, digits: int) -> float | None:
    known = values[~np.isnan(values)]
    return round(float(known.mean()), digits) if len(known) else None
