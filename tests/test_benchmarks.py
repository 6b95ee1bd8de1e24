"""The benchmarks run, and their plain references agree; what they measure is no test."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks import errors, speed


def test_the_arrays_of_the_speed_row_agree_with_the_plain_reference() -> None:
    assert "the same rates and due days: yes." in speed.row(150)


def test_errors_by_hand() -> None:
    day = pd.Timestamp("2026-01-01")
    rows = pd.DataFrame({"vehicle_id": ["A", "A", "B", "C"], "predicted_from": day})
    rows["visited_on"] = day + pd.to_timedelta([100, 100, 100, 100], unit="D")
    rows["expected_on"] = day + pd.to_timedelta([90, 103, 104, 120], unit="D")
    for method in errors.BASELINES:
        rows[method] = pd.NaT
    rows["own_median_gap"] = day + pd.to_timedelta([np.nan, 92, 92, 60], unit="D")
    lines = errors.methods(rows).splitlines()
    # off by 10, 3, 4, 20: the middle is 7; on the three that the own median gap answers for 4, and it 8
    assert lines[2].startswith(
        "| **forecast** | 4 | 7.0 | 7.0 | 1.00 | 9.2 | +4 | 50.0% | 75.0% | 75.0% | 100.0% |"
    )
    assert lines[3].startswith("| own median gap | 3 | 8.0 | 4.0 | 0.50 | 18.7 |")
    assert len(lines) == 4
