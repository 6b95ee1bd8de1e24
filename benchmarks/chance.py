"""What chance alone leaves of (b): the best possible prediction where gaps are drawn as they are there.

Alone, for the table of docs/forecast-benchmark.md:

    python -m benchmarks.chance [DATA]
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks import records

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

END = np.datetime64("2019-01-06")
COPIES, SEED = 12, 3  # of each owner; of the draws
VISITS, DRAWS = 250, 1_000  # scored in (b); how often as many are drawn
RETURN_DAYS = 7
GRID = np.linspace(-3.0, 3.0, 601)  # of ln(gap / usual gap)
WAITS = np.linspace(np.log(RETURN_DAYS + 1), np.log(1_500), 400)
SMOOTHING = 0.25  # of the density of deviations, in their standard deviation


@dataclass(frozen=True, slots=True)
class World:
    """How gaps come about: ln(gap) = the owner's usual + a deviation drawn from those on record."""

    usual_days: float  # median of the owners
    between: float  # spread of ln(usual gap) of the owners
    within: float  # times the deviations on record
    stay: float = 0.65  # comes again after a visit


# Around what is on record: see the moments in the table.
WORLDS = (World(148, 0.35, 1.1), World(148, 0.3, 1.1), World(148, 0.4, 1.0), World(164, 0.4, 1.1))


@dataclass(frozen=True, slots=True)
class Gaps:
    """ln of days: each gap with those of its owner before it (NaN: none), and his usual one."""

    gap: Floats
    before: Floats  # rows x gaps, the latest first
    usual: Floats

    @property
    def pairs(self) -> Floats:
        """Each gap and the one before it, where there is one."""
        both = np.column_stack([self.gap, self.before[:, 0]])
        return both[~np.isnan(both).any(axis=1)]

    def moments(self) -> str:
        """Median gap, spread of ln(gap), covariance of two in a row, spread within an owner."""
        within = np.sqrt(np.mean(np.diff(self.pairs, axis=1) ** 2) / 2)
        figures = (self.gap.std(), np.cov(self.pairs.T)[0, 1], within)
        return f"{np.exp(np.median(self.gap)):.0f} | " + " | ".join(f"{value:.2f}" for value in figures)


def on_record(data: Path) -> tuple[Gaps, Ints]:
    """The gaps of (b), and for how many days each owner could be watched."""
    visits = records.workshop(data)[1].sort_values(["vehicle_id", "visited_on"], kind="stable")
    day = visits["visited_on"].to_numpy().astype("datetime64[D]")
    owner = visits["vehicle_id"].to_numpy(dtype=object)
    first = np.flatnonzero(np.concatenate([[True], owner[1:] != owner[:-1]]))
    found = [
        _row(np.log(np.diff(days).astype("float64")), np.nan)
        for days in np.split(day, first[1:])
        if len(days) > 1
    ]
    return _joined(found), (END - day[first]).astype("int64")


def _row(gaps: Floats, usual: float) -> Gaps:
    before = np.full((len(gaps), max(len(gaps), 1)), np.nan)
    for at in range(1, len(gaps)):
        before[at, :at] = gaps[at - 1 :: -1]
    return Gaps(gaps, before, np.full(len(gaps), usual))


def _joined(rows: list[Gaps]) -> Gaps:
    most = max(row.before.shape[1] for row in rows)
    before = [
        np.pad(row.before, ((0, 0), (0, most - row.before.shape[1])), constant_values=np.nan) for row in rows
    ]
    return Gaps(
        np.concatenate([row.gap for row in rows]),
        np.concatenate(before),
        np.concatenate([row.usual for row in rows]),
    )


def drawn(world: World, deviations: Floats, watched_days: Ints, rng: np.random.Generator) -> Gaps:
    """Owners who begin when those on record did, and are watched until the same day."""
    rows = []
    for days in np.repeat(watched_days, COPIES):
        usual = np.log(world.usual_days) + world.between * rng.normal()
        gaps, left = [], float(days)
        while rng.random() < world.stay:
            off = world.within * rng.choice(deviations) * rng.choice((-1.0, 1.0))
            gap = float(max(np.round(np.exp(usual + off)), RETURN_DAYS + 1))
            left -= gap
            if left < 0:
                break
            gaps.append(np.log(gap))
        if gaps:
            rows.append(_row(np.array(gaps), usual))
    return _joined(rows)


def best_possible(world: World, deviations: Floats, scored: Gaps) -> Floats:
    """ln of the median wait given the gaps before, for one who knows how gaps come about in this world.

    Bayes' rule on a grid of usual gaps; no prediction from these gaps alone is expected to be off by less.
    """
    from scipy.stats import gaussian_kde

    both = world.within * np.concatenate([deviations, -deviations])
    density = gaussian_kde(both, SMOOTHING)(GRID) + 1e-9
    reached = np.cumsum(density) / density.sum()
    usual = np.log(world.usual_days) + world.between * np.linspace(-4, 4, 121)
    prior = np.exp(-0.5 * np.linspace(-4, 4, 121) ** 2)
    said = np.interp(scored.before[:, :, None] - usual, GRID, density)
    likely = prior * np.where(np.isnan(said), 1.0, said).prod(axis=1)
    likely /= likely.sum(axis=1, keepdims=True)
    by_wait = likely @ np.interp(WAITS - usual[:, None], GRID, reached)
    return np.array([np.interp(0.5, row, WAITS) for row in by_wait])


def chance_table(data: Path) -> str:
    """Median errors over that of the own median gap, of the best possible prediction, in each world."""
    seen, watched_days = on_record(data)
    deviations = np.diff(seen.pairs, axis=1)[:, 0] / np.sqrt(2)
    lines = [
        "## (b) what chance leaves",
        "Owners drawn so that their gaps are like those on record; predicted by one who knows how they were "
        "drawn, but not each owner's usual gap (best possible), and by one who knows that too. Median error "
        f"over that of the own median gap; {COPIES} times the owners, at least two visits known.",
        "",
        "| usual gap, spread between owners, within | median gap, days | spread | covariance of two in a row "
        f"| within | best possible | {VISITS} visits, 95% of draws | at most 0.88 | usual gap known |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        f"| on record | {seen.moments()} | | | | |",
    ]
    for world in WORLDS:
        rng = np.random.default_rng(SEED)
        scored = drawn(world, deviations, watched_days, rng)
        moments = scored.moments()
        rows = ~np.isnan(scored.before[:, 0])
        scored = Gaps(scored.gap[rows], scored.before[rows], scored.usual[rows])
        came = np.exp(scored.gap)
        own = np.abs(np.nanmedian(np.exp(scored.before), axis=1) - came)
        best = np.abs(np.exp(best_possible(world, deviations, scored)) - came)
        known = np.abs(np.exp(scored.usual) - came)
        picks = rng.integers(0, len(came), (DRAWS, VISITS))
        ratios = np.median(best[picks], axis=1) / np.median(own[picks], axis=1)
        low, high = np.quantile(ratios, (0.025, 0.975))
        lines.append(
            f"| {world.usual_days:.0f} days, {world.between}, {world.within} | {moments} "
            f"| {np.median(best) / np.median(own):.2f} | {low:.2f} to {high:.2f} "
            f"| {(ratios <= 0.88).mean():.0%} | {np.median(known) / np.median(own):.2f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data"))
    print(chance_table(parser.parse_args().data))
