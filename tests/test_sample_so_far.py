"""The exports of a sample as they were on an earlier day."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from planner.sample import make_sample
from planner.sample.so_far import HAPPENED_ON, so_far, what_is_new

MONDAY = date(2026, 2, 2)


def table(columns: str, *rows: str) -> pd.DataFrame:
    return pd.DataFrame([row.split(",") for row in rows], columns=columns.split(","), dtype="str")


@pytest.fixture
def exports() -> dict[str, pd.DataFrame]:
    return {
        "customers": table("customer_id", "early", "later", "both", "carless", "asked"),
        "vehicles": table(
            "vehicle_id,customer_id,purchased_on",
            "V1,early,2024-05-01",
            "V2,later,2026-02-03",
            "V3,both,2026-02-02",
            "V4,both,2026-03-01",
            "V5,asked,2026-02-20",
            "X1,C999,2026-02-30",
        ),
        "visits": table(
            "visit_id,vehicle_id,visited_on",
            "A,V1,2026-02-01",
            "B,V1,2026-02-02",
            "C,V1,2026-02-03",
            "D,V1,2025-02-30",
            "E,V1,",
        ),
        "readings": table("vehicle_id,read_on", "V1,2026-02-09", "V1,2026-01-09"),
        "surveys": table("customer_id,asked_on", "early,2026-02-10", "asked,2026-01-10"),
        "offers": table(
            "offer_id,customer_id,issued_on,redeemed_on",
            "O1,early,2026-01-01,2026-02-02",
            "O2,early,2026-01-01,2026-02-03",
            "O3,early,2026-01-01,",
            "O4,early,2026-02-03,2026-02-04",
        ),
    }


class TestSoFar:
    @pytest.mark.parametrize(
        ("name", "column", "stay"),
        [
            ("vehicles", "vehicle_id", ["V1", "V3"]),
            ("visits", "visit_id", ["A", "B", "D", "E"]),  # the day itself counts; no day, no reason to go
            ("readings", "read_on", ["2026-01-09"]),
            ("surveys", "customer_id", ["asked"]),
            ("offers", "offer_id", ["O1", "O2", "O3"]),
            (
                "customers",
                "customer_id",
                ["early", "both", "carless", "asked"],
            ),  # one answered before he bought
        ],
    )
    def test_what_stays(
        self, exports: dict[str, pd.DataFrame], name: str, column: str, stay: list[str]
    ) -> None:
        assert list(so_far(exports, MONDAY)[name][column]) == stay

    def test_an_offer_is_open_until_it_is_redeemed(self, exports: dict[str, pd.DataFrame]) -> None:
        assert list(so_far(exports, MONDAY)["offers"]["redeemed_on"]) == ["2026-02-02", "", ""]
        assert exports["offers"].loc[1, "redeemed_on"] == "2026-02-03"  # the exports are as they were

    def test_what_is_new_is_rows_and_redemptions(self, exports: dict[str, pd.DataFrame]) -> None:
        before, now = so_far(exports, MONDAY), so_far(exports, MONDAY + timedelta(days=1))
        new = what_is_new(before, now)
        assert {name: list(rows.iloc[:, 0]) for name, rows in new.items()} == {
            "customers": ["later"],
            "vehicles": ["V2"],
            "visits": ["C"],
            "offers": ["O2", "O4"],
        }
        assert list(new["offers"]["redeemed_on"]) == ["2026-02-03", ""]
        assert what_is_new(now, now) == {}
        assert what_is_new({}, now).keys() == now.keys()


def test_a_sample_week_by_week_is_the_whole_sample() -> None:
    end = date(2026, 3, 2)
    exports = {name: rows.fillna("") for name, rows in make_sample(40, 3, end).frames.items()}
    kept: dict[str, pd.DataFrame] = {}
    before: dict[str, pd.DataFrame] = {}
    for weeks_ago in range(60, -1, -1):
        now = so_far(exports, end - timedelta(weeks=weeks_ago))
        for name, rows in what_is_new(before, now).items():
            old = kept.get(name, rows.iloc[:0])
            kept[name] = pd.concat([old.drop(index=rows.index, errors="ignore"), rows]).sort_index()
        before = now
    for name, rows in exports.items():
        impossible = rows[HAPPENED_ON[name]].str.endswith("-02-30") if name in HAPPENED_ON else False
        whole = rows[rows.index.isin(kept[name].index)]
        assert (rows.index.isin(kept[name].index) | impossible).all()
        pd.testing.assert_frame_equal(kept[name], whole)
