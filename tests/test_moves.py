"""What a run says of the calendar before it: every contact that stood is kept, moved or fell away."""

from __future__ import annotations

from datetime import date

import pandas as pd

from planner.columns import empty, typed
from planner.schedule.moves import moves
from planner.tables import CONTACTS, FORECASTS


def calendar(*rows: tuple[str, str, str | None, str, str, str]) -> pd.DataFrame:
    """Contacts: id, car, day, best day, status, reason."""
    names = ("contact_id", "vehicle_id", "planned_on", "ideal_on", "status", "reason")
    frame = pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows])
    for name in ("planned_on", "ideal_on"):
        frame[name] = pd.to_datetime(frame[name])
    return typed(frame, CONTACTS)


def told(**records: str) -> pd.DataFrame:
    rows = [
        {"vehicle_id": car, "service_no": n, "records": text} for car, text in records.items() for n in (1, 2)
    ]
    return typed(pd.DataFrame(rows), FORECASTS)


def test_each_contact_that_stood_is_counted_once_with_the_nearest_reason() -> None:
    before = calendar(
        ("past", "A", "2026-01-04", "2026-01-04", "planned", "ideal"),  # not to come any more
        ("kept", "A", "2026-01-05", "2026-01-05", "planned", "ideal"),
        ("called", "A", "2026-01-06", "2026-01-06", "planned", "ideal"),
        ("waits", "A", "2026-02-01", "2026-02-01", "standby", "ideal"),
        ("news", "B", "2026-02-01", "2026-02-01", "planned", "ideal"),
        ("taught", "A", "2026-03-01", "2026-03-01", "planned", "ideal"),
        ("pushed", "A", "2026-04-01", "2026-04-01", "planned", "ideal"),
        ("over", "A", "2026-05-01", "2026-05-01", "planned", "ideal"),
        ("no", "A", None, "2026-05-01", "dropped", "consent"),
    )
    after = calendar(
        ("past", "A", None, "2026-01-04", "cancelled", "window"),
        ("kept", "A", "2026-01-05", "2026-01-06", "planned", "pinned"),  # another best day, the same day
        ("called", "A", "2026-01-06", "2026-01-06", "done", "ideal"),
        ("waits", "A", "2026-02-01", "2026-02-01", "planned", "ideal"),
        ("news", "B", "2026-02-03", "2026-02-03", "planned", "ideal"),
        ("taught", "A", "2026-03-03", "2026-03-03", "planned", "ideal"),
        ("pushed", "A", "2026-04-03", "2026-04-01", "planned", "gap"),
        ("over", "A", None, "2026-05-01", "cancelled", "visited"),
        ("no", "A", "2026-05-01", "2026-05-01", "planned", "ideal"),
    )
    found = moves(before, after, told(A="1", B="1"), told(A="1", B="2"), date(2026, 1, 5))
    assert (found.stood, found.kept) == (7, 3)
    assert found.moved == {"forecast": 1, "gap": 1, "records": 1}
    assert found.fell_away == {"visited": 1}
    cued = pd.Series(["taught", "news", "pushed", "kept"])
    found = moves(before, after, told(A="1", B="1"), told(A="1", B="2"), date(2026, 1, 5), cued)
    assert found.moved == {"cue": 1, "gap": 1, "records": 1}


def test_the_first_plan_moves_nothing() -> None:
    after = calendar(("a", "A", "2026-01-05", "2026-01-05", "planned", "ideal"))
    found = moves(empty(CONTACTS), after, empty(FORECASTS), told(A="1"), date(2026, 1, 5))
    assert (found.stood, found.kept, found.moved, found.fell_away) == (0, 0, {}, {})


def test_a_calendar_that_came_without_a_forecast_is_compared_too() -> None:
    rows = [("a", "A", f"2026-01-0{day}", "2026-01-05", "planned", "ideal") for day in (5, 6)]
    found = moves(calendar(rows[0]), calendar(rows[1]), empty(FORECASTS), told(A="1"), date(2026, 1, 5))
    assert found.moved == {"records": 1}
