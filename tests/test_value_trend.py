"""Whether a figure rose or fell: against plain Python, published intervals, and simulated dealerships."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from benchmarks import value_trends
from planner.settings import Settings
from planner.value import value_report
from planner.value.book import read_book
from planner.value.clusters import pairs
from planner.value.counting import Counted, measured
from planner.value.example import AS_OF, tables_of
from planner.value.figures import wilson
from planner.value.periods import periods_of
from planner.value.trend import TREND, change_interval, trend_of

BOOK = read_book(tables_of({}), Settings(), AS_OF)
PERIODS = periods_of(BOOK)
NOW, BEFORE = PERIODS.newest, PERIODS.last_year
# Of each row: the replicate, the household in it, whether it is of the year before, x and y.
Drawn = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray | None]


class Replicates:
    """In the place of planner.value.groups.Groups: one kind of group, of which each is a dealership."""

    kinds = ("cohort",)

    def __init__(self, group: np.ndarray) -> None:
        self.group = group

    def homes_of(self, customer: np.ndarray) -> np.ndarray:
        return customer

    def codes(self, kind: str, car: np.ndarray, *_: np.ndarray, **__: bool) -> tuple[np.ndarray, list[str]]:
        return self.group[car], [f"{number:04}" for number in range(int(self.group.max()) + 1)]


def trends(metric: str, drawn: Drawn, scale: float = 1.0) -> pd.DataFrame:
    """TREND of drawn rows, a row a replicate."""
    group, home, before, x, y = drawn
    home = np.where(home < 0, -1, home + group * 100_000)
    period = np.where(before, BEFORE, NOW)
    counted = Counted(
        metric, np.arange(len(x)), home, PERIODS.ends[period], period, x, y, scale
    )  # fmt: skip
    found = trend_of(measured([counted], Replicates(group), PERIODS), BOOK, PERIODS)  # type: ignore[arg-type]
    return found[found["by"].eq("cohort")].reset_index(drop=True)


def one(metric: str, home: list[int], before: list[bool], x: list[float] | list[bool]) -> pd.Series:
    drawn = np.zeros(len(x), dtype="int64"), np.array(home), np.array(before), np.array(x), None
    return trends(metric, drawn).iloc[0]


# --- the interval, by hand and as published -----------------------------------------------------------


def ends(x: int, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    low, high = wilson(x, n)
    return np.array([x / n]), np.atleast_1d(low), np.atleast_1d(high)


def test_a_published_interval() -> None:
    """2 of 21 after 8 of 21, correlation 0: -0.507 to -0.026.

    M. W. Fagerland, S. Lydersen, P. Laake, Recommended Tests and Confidence Intervals for Paired Binomial
    Proportions, Statistics in Medicine 33 (2014), 2850-2875: Newcombe's interval of airway
    hyper-responsiveness; its correlation is 0 after the continuity correction.
    """
    low, high = change_interval(ends(2, 21), ends(8, 21), np.zeros(1))
    assert (round(low[0], 3), round(high[0], 3)) == (-0.507, -0.026)


@pytest.mark.parametrize(
    ("both", "gained", "lost", "neither"), [(40, 9, 2, 29), (3, 20, 25, 2), (80, 0, 0, 9)]
)
def test_households_with_one_answer_in_each_year_are_newcombes_table(
    both: int, gained: int, lost: int, neither: int
) -> None:
    """The correlation by sums of households is phi of the table, and each share has Wilson's interval."""
    now = [True] * (both + gained) + [False] * (lost + neither)
    earlier = [True] * both + [False] * gained + [True] * lost + [False] * neither
    n = len(now)
    row = one("first_service", [*range(n)] * 2, [False] * n + [True] * n, now + earlier)
    margins = (both + gained) * (lost + neither) * (both + lost) * (gained + neither)
    phi = (both * neither - gained * lost) / math.sqrt(margins)
    low, high = change_interval(ends(both + gained, n), ends(both + lost, n), np.array([phi]))
    assert (row["low"], row["high"]) == pytest.approx((low[0], high[0]))
    assert row["change"] == pytest.approx((gained - lost) / n)


def test_a_ratio_is_what_plain_loops_over_households_say() -> None:
    """Each household's weight is moved a little: by how much the ratio of each year follows is its part."""
    rng = np.random.default_rng(5)
    rows = [
        (home, bool(before), float(rng.gamma(2)), float(1 + rng.gamma(3)))
        for home in range(45)
        for before in (0, 1)
        for _ in range(rng.integers(0, 4))
    ]
    step = 1e-6

    def ratio(of: bool, heavier: int = -1) -> float:
        weighed = [(1 + step * (home == heavier), x, y) for home, before, x, y in rows if before == of]
        return sum(w * x for w, x, _ in weighed) / sum(w * y for w, _, y in weighed)

    homes = {year: sorted({home for home, before, *_ in rows if before == year}) for year in (False, True)}
    moved = {year: {home: (ratio(year, home) - ratio(year)) / step for home in homes[year]} for year in homes}
    grown = {year: math.sqrt(len(homes[year]) / (len(homes[year]) - 1)) for year in homes}
    for (
        year,
        parts,
    ) in moved.items():  # few large parts: the spread itself is little known
        n, squares = len(parts), [part**2 for part in parts.values()]
        kurtosis = n * sum(each**2 for each in squares) / sum(squares) ** 2
        grown[year] *= float(t.ppf(0.975, min(2 * n / (kurtosis - 1), n - 1)))
    half = math.sqrt(
        sum(
            (grown[False] * moved[False].get(home, 0) - grown[True] * moved[True].get(home, 0)) ** 2
            for home in range(45)
        )
    )
    home, before, x, y = (np.array(each) for each in zip(*rows, strict=True))
    found = trends("revenue_churn", (np.zeros(len(x), dtype="int64"), home, before, x, y)).iloc[0]
    change = ratio(False) - ratio(True)
    assert found["change"] == pytest.approx(change)
    assert found["high"] - change == pytest.approx(half, rel=1e-4)
    assert change - found["low"] == pytest.approx(half, rel=1e-4)
    assert found["numerator"] == pytest.approx(x[~before].sum())
    assert found["last_year_denominator"] == pytest.approx(y[before].sum())


def test_nobodys_rows_go_together_with_none() -> None:
    second = np.array([False, False, True, True])
    found = pairs(np.zeros(4, dtype="int64"), np.full(4, -1), second, np.array([1.0, -1, 1, -1]), 1)
    assert (found.correlation[0], found.first[0], found.second[0]) == (0, 2, 2)


# --- what is said -------------------------------------------------------------------------------------


def shares(now: int, before: int, homes: int = 100) -> pd.Series:
    """So many of 100 rows of so many households each year."""
    home = [number % homes for number in range(100)]
    x = [number < now for number in range(100)] + [number < before for number in range(100)]
    return one("redemption", home * 2, [False] * 100 + [True] * 100, x)


@pytest.mark.parametrize(
    ("now", "before", "homes", "word"),
    [(60, 40, 100, "rises"), (40, 60, 100, "falls"), (51, 50, 100, "unclear"), (60, 40, 30, "rises"),
     (60, 40, 29, "too_few")],
)  # fmt: skip
def test_words(now: int, before: int, homes: int, word: str) -> None:
    row = shares(now, before, homes)
    assert row["trend"] == word
    assert math.isnan(row["low"]) == math.isnan(row["high"]) == (word == "too_few")
    if word == "too_few":
        assert math.isnan(row["change"])
    else:
        assert row["change"] == pytest.approx((now - before) / 100)
    assert word in ("unclear", "too_few") or (row["low"] > 0) == (word == "rises")


@pytest.mark.parametrize("all_or_none", [0, 100])
def test_a_change_of_nothing_to_nothing_is_not_certain(all_or_none: int) -> None:
    row = shares(all_or_none, all_or_none)
    assert row["trend"] == "unclear"
    assert row["low"] < -0.02 < 0.02 < row["high"]


def test_nothing_counted_in_one_of_the_years() -> None:
    row = one("redemption", [*range(40)], [False] * 40, [True] * 40)
    assert row["trend"] == "no_data"
    assert row["value"] == 1
    assert row[["last_year", "change", "low", "high"]].isna().all()


YEARS = {f"C{n}": ["2020-01-10", "2024-06-01", "2025-03-01", "2026-03-01"] for n in range(40)}


def report(cars: dict[str, list[str]], **rows: list[tuple[object, ...]]) -> pd.DataFrame:
    trend = value_report(tables_of(cars, **rows), Settings(), AS_OF).trend
    return trend[trend["by"].eq("all")].set_index("metric")


def test_records_that_begin_late_say_nothing_rather_than_a_rise() -> None:
    """The first visit on record is of June 2024, when these cars were four years old.

    A year before, 30 June 2025, active customers are those seen since 30 December 2023: too short. Two
    visits in 12 months look back to 30 June 2024 only, a month more than there is; answers need no visits.
    """
    answers = [(f"C{n}", day, 9 + n % 2 * -3) for n in range(40) for day in ("2025-02-01", "2026-02-01")]
    found = report(YEARS, surveys=answers)  # type: ignore[arg-type]
    assert found.loc["active_uio", "trend"] == found.loc["churn", "trend"] == "too_short"
    assert found.loc[["active_uio", "repeat_rate", "margin_per_customer"], "change"].isna().all()
    assert found.loc["two_visits_12m", "trend"] == "unclear"
    assert found.loc["nps", "trend"] == "unclear"


def test_answers_and_offers_need_no_visits_on_record() -> None:
    """The first visit on record is later than all that was asked and issued in the year before."""
    cars = {f"C{n}": ["2020-01-10", "2025-06-20"] for n in range(40)}
    answers = [(car, day, 9) for car in cars for day in ("2025-02-01", "2026-02-01")]
    offers = [(car, day) for car in cars for day in ("2025-02-01", "2026-02-01")]
    found = report(cars, surveys=answers, offers=offers)  # type: ignore[arg-type]
    assert found.loc["nps", "trend"] == found.loc["redemption", "trend"] == "unclear"
    assert found.loc["two_visits_12m", "trend"] == "too_short"


@pytest.mark.parametrize(("first", "word"), [("2023-12-30", "falls"), ("2023-12-31", "too_short")])
def test_the_first_visit_on_the_first_day_that_counts(first: str, word: str) -> None:
    """All 40 came before 30 June 2025, half of them since: cars that are active are fewer."""
    cars = {f"C{n}": ["2020-01-10", first, *["2026-03-01"] * (n % 2)] for n in range(40)}
    cars |= {f"D{n}": ["2020-01-10", "2024-06-01"] for n in range(40)}
    assert report(cars).loc["active_uio", "trend"] == word


def test_what_stands_in_the_frame() -> None:
    """Each metric for all, also without any data; no segment, which is made of who came lately."""
    found = value_report(tables_of(YEARS), Settings(), AS_OF)
    table, figures = found.trend, found.figures
    assert list(table.columns) == list(TREND.names)
    assert not table.duplicated(["metric", "by", "group"]).any()
    of_all = table[table["by"].eq("all")]
    assert tuple(of_all["metric"]) == TREND["metric"].choices
    assert set(table["by"]) == {"all", "advisor", "model", "stage", "cohort"}
    now = figures[figures["month"].isna()].set_index(["metric", "by", "group"])
    for row in table[table["denominator"] > 0].to_dict("records"):
        beside = now.loc[(row["metric"], row["by"], row["group"])]
        for name in ("value", "last_year", "numerator", "denominator"):
            assert row[name] == pytest.approx(beside[name], nan_ok=True)


def test_a_report_of_nobody() -> None:
    assert set(report({})["trend"]) == {"no_data"}


def test_poor_data_are_said_to_be_poor() -> None:
    """No visit in the last months of 24: the check of months with hardly a visit is of grade D."""
    early = {f"C{n}": ["2020-01-10", "2023-06-01", "2024-07-05"] for n in range(40)}
    assert "poor_data" in set(report(early)["note"])


# --- does the interval cover? -------------------------------------------------------------------------

DEALERSHIPS, HOMES = 400, 120
Draw = Callable[[np.random.Generator], Drawn]


def frame(rng: np.random.Generator, most: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Replicate, household and year before of up to `most` rows a household and year."""
    many = rng.integers(0, most + 1, (DEALERSHIPS, HOMES, 2))
    group, home, before = (np.repeat(each.ravel(), many.ravel()) for each in np.indices(many.shape))
    return group, home, before


def loyal(rng: np.random.Generator) -> Drawn:
    """Offers to households that mostly take all or none, in both years."""
    group, home, before = frame(rng, 4)
    chance = rng.beta(0.3, 0.3, (DEALERSHIPS, HOMES))[group, home]
    return group, home, before == 1, rng.random(len(home)) < chance, None


def moody(rng: np.random.Generator) -> Drawn:
    """Offers to households that mostly take all or none, another time each year."""
    group, home, before = frame(rng, 4)
    chance = rng.beta(0.3, 0.3, (DEALERSHIPS, HOMES, 2))[group, home, before]
    return group, home, before == 1, rng.random(len(home)) < chance, None


def answered(rng: np.random.Generator) -> Drawn:
    """Scores of households that think the same in both years: half are for it, and then 45 of 100."""
    group, home, before = frame(rng, 2)
    mood = rng.random((DEALERSHIPS, HOMES))[group, home]
    x = np.where(mood < np.where(before == 1, 0.5, 0.45), 1.0, -1.0)
    return group, home, before == 1, x, None


def spent(rng: np.random.Generator) -> Drawn:
    """Net revenue churn of two years: of the year between one lost, and the other had gained it."""
    revenue = rng.gamma(2, 100, (DEALERSHIPS, HOMES, 1)) * rng.gamma(1.5, 1 / 1.5, (DEALERSHIPS, HOMES, 3))
    revenue = revenue * np.array([1, 0.8, 0.8**2])  # a fifth less each year
    group, home, before = (each.ravel() for each in np.indices((DEALERSHIPS, HOMES, 2)))
    first = revenue[group, home, 1 - before]
    return group, home, before == 1, first - revenue[group, home, 2 - before], first


def others_each_year(home: np.ndarray, before: np.ndarray) -> np.ndarray:
    return home + HOMES * before


def each_row_alone(home: np.ndarray, before: np.ndarray) -> np.ndarray:
    return np.full(len(home), -1)


@pytest.mark.parametrize(
    ("metric", "draw", "truth", "wrong", "too_often"),
    [("redemption", loyal, 0.0, others_each_year, True), ("redemption", moody, 0.0, each_row_alone, False),
     ("nps", answered, -10.0, others_each_year, True),
     ("revenue_churn", spent, 0.0, others_each_year, False)],
)  # fmt: skip
def test_the_interval_covers_as_often_as_it_claims(
    metric: str, draw: Draw, truth: float, wrong: Callable[..., np.ndarray], too_often: bool
) -> None:
    """400 dealerships of 120 households: 0.95, with an error of 0.011.

    It does not where the households of the two years are taken as others (then it is too wide, or, where the
    year between is in both, too narrow), or the rows of one household as strangers.
    """
    group, home, before, x, y = draw(np.random.default_rng(2026))

    def held(homes: np.ndarray) -> float:
        found = trends(metric, (group, homes, before, x, y), 100.0 if metric == "nps" else 1.0)
        assert len(found) == DEALERSHIPS
        return float(((found["low"] <= truth) & (truth <= found["high"])).mean())

    assert held(home) == pytest.approx(0.95, abs=0.025)
    missed = held(wrong(home, before))
    assert missed > 0.98 if too_often else missed < 0.93


def test_of_figures_that_did_not_change_one_in_twenty_is_said_to() -> None:
    said = trends("redemption", loyal(np.random.default_rng(9)))["trend"]
    assert said.isin(["rises", "falls"]).mean() == pytest.approx(0.05, abs=0.03)


def test_the_benchmark_counts_what_holds_the_truth() -> None:
    """0.1 is in one interval of two, and a third dealership had too few. A score is in points."""
    lines = pd.DataFrame(
        {"low": [0.05, np.nan, 0.15], "high": [0.15, np.nan, 0.2], "trend": ["rises", "too_few", "rises"]},
        index=["churn"] * 3,
    )
    found = value_trends.table(pd.Series({"churn": 0.1}), [lines.iloc[:2], lines.iloc[2:]])
    assert "| churn | +0.100 | 50.0% | 100% | 0% | 0% |" in found
    years = [{"numerator": 3.0, "denominator": 10.0}, {"numerator": 30.0, "denominator": 100.0}]
    before = {"last_year_numerator": 2.0, "last_year_denominator": 10.0, "unit": "score"}
    of = [pd.DataFrame([year | before], index=["nps"]) for year in years]
    assert value_trends.change(of)["nps"] == pytest.approx(100 * (33 / 110 - 4 / 20))
