"""What contacts brought, told by the report and counted by who drew it; and intervals in a small form."""

from __future__ import annotations

import pytest

from benchmarks.answers import counted, drawn, tables
from benchmarks.value_answers import SHOWN, told


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_report_counts_what_was_drawn(seed: int) -> None:
    of = drawn(400, seed)
    rows = told(tables(of, seed)).set_index("figure")["value"]
    true = {name: x / n for name, (x, n) in counted(of).items()}
    difference = true.pop("told came") - true.pop("not told came")
    # Against no contact only months are compared in which there are both; here there are, but for few days.
    assert rows["difference"] == pytest.approx(difference, abs=0.03)
    assert rows.drop("difference").to_dict() == pytest.approx(true)
    assert set(rows.index) == set(SHOWN)


def test_answers_of_one_household_make_wide_intervals() -> None:
    """The same dealership where answers go together, and where they do not: bookings are known less."""
    width = {}
    for together in (0.0, 3.0):
        rows = told(tables(drawn(3_000, 5, together), 5)).set_index("figure").loc["reminder_to_booking"]
        share = rows["value"]
        width[together] = (rows["high"] - rows["low"]) / (share * (1 - share) / rows["out_of"]) ** 0.5
    assert width[0.0] == pytest.approx(2 * 1.96, rel=0.05)
    assert width[3.0] > 1.2 * width[0.0]
