"""The figures of `planner validate`, each worked out by hand."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from planner.forecast.figures import BASELINES, figures, judge
from planner.settings import Settings
from tests.predictions import CALL, CYCLE, METHODS, SETTINGS, many, predictions, touchpoints

AS_OF = date(2027, 1, 4)
NONE_LEFT_OUT = pd.Series(dtype="int64")
DUE = date(2026, 6, 1)


def judged(*changes: dict[str, Any], cycle: pd.DataFrame = CYCLE, as_of: date = AS_OF) -> pd.DataFrame:
    return judge(predictions(*changes), cycle, SETTINGS, as_of)


def came(*days_late: int, **more: Any) -> list[dict[str, Any]]:
    """Visits so many days after the predicted day."""
    return [{"visited_on": DUE + timedelta(days=late), **more} for late in days_late]


def said(*changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return figures(judged(*changes, **more), NONE_LEFT_OUT)


def test_errors_and_tolerances() -> None:
    found = figures(
        judged(*came(-10, 0, 7, 15, 40), {"visited_on": None}),
        pd.Series({"first-visit": 3, "before-purchase": 0}),
        tolerance_days=10,
    )
    assert found["visits_scored"] == 5
    assert found["visits_not_scored"] == {"first-visit": 3}
    assert found["median_absolute_error_days"] == 10  # of 0, 7, 10, 15, 40
    assert found["mean_absolute_error_days"] == 14.4  # 72 / 5
    assert found["bias_days"] == 10.4  # 52 / 5, later than predicted
    assert found["median_bias_days"] == 7  # of -10, 0, 7, 15, 40
    assert found["within"] == {"7": 0.4, "10": 0.6, "14": 0.6, "30": 0.8}


def test_windows_hold_their_first_and_last_day() -> None:
    # 50%: 5 days either side; 80%: 10; 96%: 30.
    found = said(*came(-5, 5, 6, -10, 11, 30, -31, 31))["intervals"]
    assert found == {
        "0.5": {"coverage": 0.25, "median_width_days": 10},
        "0.8": {"coverage": 0.5, "median_width_days": 20},
        "0.96": {"coverage": 0.75, "median_width_days": 60},
    }


class TestContacts:
    """The service is due on Monday 1 June 2026: invitation on 2 April, call on Monday 11 May."""

    @pytest.mark.parametrize(
        ("visit", "preceded", "called_before", "in_time"),
        [
            ("2026-04-02", False, None, False),  # on the day of the invitation
            ("2026-04-03", True, None, False),
            ("2026-05-11", True, None, False),  # on the day of the call
            ("2026-05-12", True, 1, True),
            ("2026-06-25", True, 45, True),
            ("2026-06-26", True, 46, False),
        ],
    )
    def test_before_the_visit(
        self, visit: str, preceded: bool, called_before: int | None, in_time: bool
    ) -> None:
        row = judged({"visited_on": visit}).iloc[0]
        assert bool(row["preceded_by_contact"]) is preceded
        assert (None if pd.isna(row["called_days_before"]) else row["called_days_before"]) == called_before
        assert bool(row["called_in_time"]) is in_time

    @pytest.mark.parametrize(
        ("due", "touch", "settings", "day"),
        [
            ("2026-06-02", CALL, {}, "2026-05-12"),
            # 21 days before is a Saturday: the Friday; a Sunday: the Monday.
            ("2026-06-06", CALL, {}, "2026-05-15"),
            ("2026-06-07", CALL, {}, "2026-05-18"),
            # Friday is before its window; in a window of a week-end there is no day for calls.
            ("2026-06-06", ("service", 2, "call", -21, -21, -10, "always"), {}, "2026-05-18"),
            ("2026-06-06", ("service", 2, "call", -21, -21, -20, "always"), {}, None),
            ("2026-06-06", ("service", 2, "sms", -21, -21, -20, "always"), {}, "2026-05-16"),
            ("2026-06-06", ("service", 2, "post", -21, -24, -10, "always"), {}, "2026-05-15"),
            # A Wednesday that is closed: Tuesday and Thursday are equally near.
            ("2026-06-03", CALL, {"calendar": {"closed_on": ["2026-05-13"]}}, "2026-05-12"),
            ("2026-06-03", CALL, {"contact_rules": {"quiet_days": ["2026-05-13"]}}, "2026-05-12"),
            ("2026-06-03", CALL, {"calendar": {"closed_on": ["2026-05-13", "2026-05-12"]}}, "2026-05-14"),
            # Memorial Day is the last Monday of May.
            ("2026-06-15", CALL, {"calendar": {"public_holidays": True}}, "2026-05-26"),
        ],
    )
    def test_the_nearest_day_that_is_allowed(
        self, due: str, touch: tuple[Any, ...], settings: dict[str, Any], day: str | None
    ) -> None:
        calendar = {"public_holidays": False, **settings.get("calendar", {})}
        rules = Settings.model_validate({**settings, "calendar": calendar})

        def reached(visit: str) -> bool:
            frame = predictions(
                {"visited_on": visit, **dict.fromkeys(("due_on", "expected_on", "low_80"), due)}
            )
            return bool(judge(frame, touchpoints(touch), rules, AS_OF)["preceded_by_contact"].iloc[0])

        span = pd.date_range("2026-05-01", "2026-06-20").strftime("%Y-%m-%d")
        first = next((visit for visit in span if reached(visit)), None)
        assert first == (day and str((pd.Timestamp(day) + pd.Timedelta(days=1)).date()))

    @pytest.mark.parametrize(
        ("opens", "days_before"),
        [
            ("2026-05-12", 21),  # the window opens the day after the call
            (
                "2026-05-10",
                24,
            ),  # the day before is a Saturday: called Friday 8 May, the first possible
            ("2026-01-01", 24),  # no earlier than the touchpoint allows
        ],
    )
    def test_the_call_comes_before_the_window_opens(self, opens: str, days_before: int) -> None:
        assert judged({"low_80": opens})["called_days_before"].tolist() == [days_before]

    def test_who_is_expected_sooner_is_called_sooner(self) -> None:
        # 4 May is 28 days before the due day: called 21 days before it, on 13 April; the window opens late.
        early = {"expected_on": "2026-05-04", "low_80": "2026-05-04", "visited_on": "2026-04-14"}
        assert judged(early)["called_days_before"].tolist() == [1]
        later = {"expected_on": "2026-06-29", "visited_on": "2026-06-01"}  # as soon as the car needs it
        assert judged(later)["called_days_before"].tolist() == [21]

    def test_nothing_goes_out_before_the_prediction_was_made(self) -> None:
        # 10 days before the due day the window of the call still has its last day, of 14.
        late = {"predicted_from": "2026-05-21", "visited_on": "2026-06-10"}
        assert judged(late)["called_days_before"].tolist() == [19]  # Friday 22 May
        over = {"predicted_from": "2026-05-22", "visited_on": "2026-06-10"}
        assert said(over)["preceded_by_contact"] == 0

    def test_each_service_has_its_own_touchpoints(self) -> None:
        numbers = [{"service_no": number} for number in (1, 2, 3, 4, 9, None)]
        assert judged(*numbers)["called_in_time"].tolist() == [False, True, False, True, True, False]

    def test_who_does_not_come_is_won_back(self) -> None:
        # Lapsed a month after the due day, on 1 July; called 30 days later, on Friday 31 July.
        cycle = touchpoints(CALL, ("lapsed", 0, "call", 30, 20, 150, "not-booked"))
        visits = [{"visited_on": day} for day in ("2026-07-31", "2026-08-01", "2026-09-15")]
        assert judged(*visits, cycle=cycle)["called_days_before"].tolist() == [81, 1, 46]
        assert judged(*visits, cycle=cycle)["called_in_time"].tolist() == [False, True, False]

    def test_lapsed_is_what_the_cycle_says(self) -> None:
        from planner.cycle.anchors import LAPSED_AFTER_MONTHS
        from planner.forecast.due import LAPSED_MONTHS

        assert LAPSED_MONTHS == LAPSED_AFTER_MONTHS

    def test_who_misses_a_service_is_called_for_the_next(self) -> None:
        # By months every 92 days: service 3 on 1 September has no call, 4 on 2 December on 11 November.
        missed = {"interval_days": 92}
        visits = [{"visited_on": day, **missed} for day in ("2026-09-10", "2026-11-11", "2026-11-12")]
        assert judged(*visits)["called_days_before"].tolist() == [122, 184, 1]

    def test_an_interval_of_no_days_ends(self) -> None:
        row = judged({"visited_on": "2026-12-01", "interval_days": 0})
        assert row["called_days_before"].tolist() == [204]

    def test_a_reminder_of_an_overdue_service_counts_once_it_has_gone_out(self) -> None:
        # It stands by for Monday 15 June: whoever comes later had it, whoever came until then did not.
        only = CYCLE[CYCLE["when"] == "overdue"]
        visits = [{"visited_on": day} for day in ("2026-06-10", "2026-06-15", "2026-06-16", "2026-07-31")]
        row = judged(*visits, cycle=only)
        assert row["preceded_by_contact"].tolist() == [False, False, True, True]
        assert row["contacted_in_time"].tolist() == [False, False, True, False]
        assert not row["called_in_time"].any()

    def test_another_anchor_does_not_count(self) -> None:
        only = CYCLE[CYCLE["kind"] == "purchase"]
        assert said({"visited_on": "2026-08-01"}, cycle=only)["preceded_by_contact"] == 0

    def test_an_invitation_is_no_call(self) -> None:
        found = said({"visited_on": "2026-04-20"}, {"visited_on": "2026-05-20"})
        assert (found["preceded_by_contact"], found["called_1_to_45_days_before"]) == (1, 0.5)
        assert found["contacted_1_to_45_days_before"] == 1

    def test_the_shipped_cycle_fits(self) -> None:
        from planner.cycle import load_cycles

        row = judge(predictions({}), load_cycles(SETTINGS).touchpoints, SETTINGS, AS_OF)
        assert row["called_days_before"].tolist() == [21]


class TestPredictionsThatAreOver:
    """The window of 80% ends on 11 June; 30 days after the predicted day is 1 July."""

    @pytest.mark.parametrize(
        ("visit", "as_of", "closed", "came_true"),
        [
            (None, "2026-07-02", True, False),
            (None, "2026-07-01", False, False),
            ("2026-06-01", "2026-07-01", False, False),  # or those who come early would be counted alone
            ("2026-06-01", "2026-07-02", True, True),
            ("2026-07-01", "2026-07-02", True, True),
            ("2026-07-02", "2026-07-02", True, False),
            ("2026-05-01", "2026-07-02", True, False),
        ],
    )
    def test_came_true_within_30_days(
        self, visit: str | None, as_of: str, closed: bool, came_true: bool
    ) -> None:
        row = judged({"visited_on": visit}, as_of=date.fromisoformat(as_of)).iloc[0]
        assert (bool(row["closed"]), bool(row["came_true"])) == (closed, came_true)

    def test_a_wide_window_closes_late(self) -> None:
        wide = {"high_80": "2026-09-30"}
        assert not judged(wide, as_of=date(2026, 9, 30))["closed"].any()
        assert judged(wide, as_of=date(2026, 10, 1))["closed"].all()

    def test_who_never_came_counts(self) -> None:
        found = said(*came(0, 20, 31), {"visited_on": None})
        assert (found["visits_scored"], found["predictions_closed"]) == (3, 4)
        assert (found["predictions_came_true"], found["predictions_came_true_share"]) == (2, 0.5)

    def test_promised_and_actual_returns(self) -> None:
        # 90 days after 11 June is 9 September.
        rows = [
            {"came_back": 0.9, "visited_on": "2026-09-09"},
            {"came_back": 0.8, "visited_on": "2026-09-10"},
            {"came_back": 1.0, "visited_on": "2026-06-01"},
            {"came_back": 0.04, "visited_on": None},
            {"came_back": None, "visited_on": None},
        ]
        found = said(*rows, as_of=date(2026, 9, 10))["came_back"]
        assert (found["predictions"], found["promised_share"], found["actual_share"]) == (4, 0.685, 0.5)
        assert found["by_probability"][0] == {
            "from": 0.0,
            "to": 0.1,
            "predictions": 1,
            "promised_share": 0.04,
            "actual_share": 0,
        }
        assert found["by_probability"][9]["predictions"] == 2
        assert found["by_probability"][9]["actual_share"] == 1
        assert found["by_probability"][1]["actual_share"] is None
        # (0.1² + 0.8² + 0² + 0.04²) / 4, and (4 * 0.5²) / 4
        assert (found["brier_score"], found["base_rate_brier_score"]) == (0.1629, 0.25)
        assert said(*rows, as_of=date(2026, 9, 9))["came_back"]["predictions"] == 0


class TestSimpleMethods:
    ROWS = (
        {"visited_on": "2026-06-11", "fixed_interval": "2026-06-10", "own_median_gap": "2026-05-12"},
        {"visited_on": "2026-06-21", "fixed_interval": "2026-06-24"},
        {"visited_on": None, "fixed_interval": "2026-06-24", "own_median_gap": "2026-06-24"},
    )

    def test_each_on_its_own_visits_and_the_forecast_on_the_same(self) -> None:
        found = said(*self.ROWS)["baselines"]
        assert list(found) == list(BASELINES) == list(METHODS)
        fixed, own = found["fixed_interval"], found["own_median_gap"]
        assert (fixed["visits_scored"], fixed["median_absolute_error_days"], fixed["bias_days"]) == (2, 2, -1)
        assert fixed["forecast_on_same_visits"]["median_absolute_error_days"] == 15
        assert (own["visits_scored"], own["median_absolute_error_days"], own["bias_days"]) == (1, 30, 30)
        assert own["within"] == {"7": 0, "14": 0, "30": 1}
        assert own["forecast_on_same_visits"]["median_absolute_error_days"] == 10
        assert found["last_five_gaps"]["visits_scored"] == 0
        assert found["last_five_gaps"]["median_absolute_error_days"] is None

    def test_all_on_the_visits_that_they_have_in_common(self) -> None:
        found = said(*self.ROWS)["common_visits"]
        assert found["visits_scored"] == 1
        assert list(found["baselines"]) == ["fixed_interval", "own_median_gap"]
        assert found["forecast"]["median_absolute_error_days"] == 10
        assert found["baselines"]["fixed_interval"]["median_absolute_error_days"] == 1


def test_by_stage_service_number_rate_source_and_basis() -> None:
    found = said(
        {"visited_on": "2026-06-03", "stage": "renewal", "service_no": 10, "basis": "km"},
        {"visited_on": "2026-06-05", "service_no": 2, "rate_source": "fleet"},
        {"visited_on": "2026-06-09", "service_no": None},
        {"visited_on": None, "stage": "lapsed"},
    )["by"]
    assert list(found["service_no"]) == ["2", "10", "unknown"]
    assert list(found["stage"]) == ["lapsed", "renewal", "warranty"]
    assert found["stage"]["warranty"]["median_absolute_error_days"] == 6
    assert found["stage"]["lapsed"]["visits_scored"] == 0
    assert found["stage"]["lapsed"]["predictions_closed"] == 1
    assert found["rate_source"]["fleet"]["bias_days"] == 4
    assert found["basis"]["km"]["within"] == {"7": 1, "14": 1, "30": 1}
    assert found["service_no"]["unknown"]["visits_scored"] == 1


def test_groups_add_up() -> None:
    frame = judge(many(400), CYCLE, SETTINGS, date(2026, 1, 1))
    found = figures(frame, NONE_LEFT_OUT)
    for groups in found["by"].values():
        for name in ("visits_scored", "predictions_closed", "predictions_came_true"):
            assert sum(group[name] for group in groups.values()) == found[name]


@pytest.mark.parametrize("rows", [[], [{"visited_on": None}]])
def test_without_visits_there_is_nothing_and_no_nan(rows: list[dict[str, Any]]) -> None:
    found = said(*rows)
    assert found["visits_scored"] == 0
    for name in ("median_absolute_error_days", "mean_absolute_error_days", "bias_days"):
        assert found[name] is None
    assert found["within"] == {"7": None, "14": None, "30": None}
    assert found["intervals"]["0.8"] == {"coverage": None, "median_width_days": None}
    assert found["preceded_by_contact"] is found["called_1_to_45_days_before"] is None
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_figures_are_valid_json_and_the_predictions_stay_as_they_are() -> None:
    frame = many(50)
    before = frame.copy()
    found = figures(judge(frame, CYCLE, SETTINGS, AS_OF), NONE_LEFT_OUT)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    pd.testing.assert_frame_equal(frame, before)
