"""Which share of cars comes for each service in a row: as counted, carried on beyond that; groups beside all.

No law is assumed of how interest fades: the share that comes for service k is what it was. Beyond the last
service number that enough cars have reached it goes on from the last few, its odds rising as they do in
planner.value.sbg where cars differ. A group has the shape of all with a shift of its own, drawn towards none
by how little it has shown, so that a young cohort, of which only the first services are known, is not
projected from these alone.

Sources: E. L. Kaplan and P. Meier, Nonparametric Estimation from Incomplete Observations, Journal of the
American Statistical Association 53 (1958), 457-481 (the product of shares); J. D. Kalbfleisch and
R. L. Prentice, The Statistical Analysis of Failure Time Data, 1980 (its interval, even in ln(-ln S));
R. DerSimonian and N. Laird, Meta-Analysis in Clinical Trials, Controlled Clinical Trials 7 (1986), 177-188
(how far groups differ). Measured: docs/value-benchmark.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit

from planner.value.figures import TOO_FEW, Z95, Floats
from planner.value.owned import Ints
from planner.value.renewals import Trials
from planner.value.sbg import Fit

LAST_FEW = 3  # service numbers whose share goes on. Our judgement
LEAST_APART = 0.1  # of log-odds: groups are taken to differ by so much at least (standard deviation)
HORIZON = 60  # services; of who comes for 80% each, one in a million is left
NEWTON_STEPS = 50
STEP = 1e-5  # of numerical slopes


@dataclass(frozen=True)
class LifeTable:
    """The share that comes for each service of those who came for the one before.

    at_risk, comes  of the services 1, 2, ... that enough cars have reached, of all cars
    covariance      of `comes`; cars of one customer vary together
    rise            by how much the odds of coming grow with each service beyond these; with standard error
    with_rise       covariance of each of `comes` with it: the same customers decide both
    shift           log-odds added for a group; shift_off: its standard error
    apart           log-odds added for a group to each of `comes` beside the shift, and standard errors
    """

    at_risk: Floats
    comes: Floats
    covariance: Floats
    rise: float = 0.0
    rise_off: float = 0.0
    with_rise: Floats | float = 0.0
    shift: float = 0.0
    shift_off: float = 0.0
    apart: Floats | float = 0.0
    apart_off: Floats | float = 0.0

    @property
    def retention(self) -> Floats:
        """Of the services 1 to HORIZON: of those who came for the one before, the share that comes.

        Half come as far as was seen (odds of 1), and the odds rise by 1 with each service beyond.

        >>> half = np.array([0.5])
        >>> LifeTable(half * 200, half, np.zeros((1, 1)), rise=1.0).retention[:2].round(3).tolist()
        [0.5, 0.667]
        """
        known, last = len(self.comes), slice(-LAST_FEW, None)
        weight = self.at_risk[last] / self.at_risk[last].sum()
        tail = self.comes[last] @ weight
        beyond = np.arange(known, HORIZON) - np.arange(known)[last] @ weight
        odds = tail / (1 - tail) + beyond * self.rise
        longer = np.append(self.comes, odds / (1 + odds))
        more = np.append(np.broadcast_to(self.apart, known), np.zeros(HORIZON - known))
        return np.asarray(expit(logit(longer) + self.shift + more))

    def survival(self, services: int) -> tuple[Floats, Floats, Floats]:
        """Share that comes for all of the first k services, k = 0 to `services`, and its 95% interval.

        Source of the interval: Kalbfleisch and Prentice 1980, even in ln(-ln S).

        0.5 is known to 0.05: 0.5 to the power of exp(+-1.96 x 0.05 / (0.5 x 0.693)).

        >>> half = np.array([0.5])
        >>> left, low, high = LifeTable(half * 200, half, np.full((1, 1), 0.05**2)).survival(2)
        >>> print(left, f"{low[1]:.3f} {high[1]:.3f}")
        [1.   0.5  0.25] 0.399 0.593
        """

        def of(table: LifeTable) -> Floats:
            return np.cumprod(table.retention)[:services].astype("float64")

        left, off = of(self), self.standard_error(of)
        far = np.exp(Z95 * off / np.abs(left * np.log(left))).astype("float64")
        low, high = left**far, left ** (1 / far)
        return np.append(1.0, left), np.append(1.0, low), np.append(1.0, high)

    def expected_services(self, discount: float) -> tuple[float, float, float]:
        """Services of a new car, the k-th discounted k - 1 times, and its 95% interval, even in ln.

        Source: Fader and Hardie 2010 (DERL of a new car), of counted shares. Half come, discount 10%:
        0.5 / (1 - 0.5 / 1.1).

        >>> half = np.array([0.5])
        >>> found = LifeTable(half * 200, half, np.full((1, 1), 0.05**2)).expected_services(0.1)
        >>> print(*(f"{each:.2f}" for each in found))
        0.92 0.64 1.31
        """
        found = float(self.expected_after(discount)[0])
        off = self.standard_error(lambda table: table.expected_after(discount)[:1])[0]
        far = float(np.exp(Z95 * off / found))
        return found, found / far, found * far

    def expected_after(self, discount: float) -> Floats:
        """The same of a car that came for 0, 1, 2, ... services, seen just before the next one.

        >>> half = np.array([0.5])
        >>> LifeTable(half * 200, half, np.zeros((1, 1))).expected_after(0.1)[:2].round(2).tolist()
        [0.92, 0.92]
        """
        retention = self.retention
        found = np.empty(HORIZON)
        to_come = retention[-1] / (1 - retention[-1] / (1 + discount))  # the last share goes on for ever
        for done in range(HORIZON - 1, -1, -1):
            to_come = found[done] = retention[done] * (1 + to_come / (1 + discount))
        return found

    def standard_error(self, of: Callable[[LifeTable], Floats]) -> Floats:
        """Of anything that the shares decide, by its slopes (the delta method).

        >>> half = np.array([0.5])
        >>> known = LifeTable(half * 200, half, np.full((1, 1), 0.05**2))
        >>> known.standard_error(lambda table: 2 * table.retention[:1]).round(3).tolist()
        [0.1]
        """
        here = of(self)
        each = np.eye(len(self.comes)) * STEP
        slopes = np.array([(here - of(replace(self, comes=self.comes - one))) / STEP for one in each])
        square = np.einsum("km,kl,lm->m", slopes, self.covariance, slopes)
        by_rise = (of(replace(self, rise=self.rise + STEP)) - here) / STEP
        square += by_rise**2 * self.rise_off**2
        square += 2 * by_rise * (slopes.T @ np.broadcast_to(self.with_rise, len(self.comes)))
        square = np.maximum(square, 0.0)
        square += ((of(replace(self, shift=self.shift + STEP)) - here) / STEP * self.shift_off) ** 2
        off = np.broadcast_to(self.apart_off, len(self.comes))
        for at in np.flatnonzero(off):
            more = np.broadcast_to(self.apart, len(off)) + np.eye(len(off))[at] * STEP
            square += ((of(replace(self, apart=more)) - here) / STEP * off[at]) ** 2
        return np.asarray(np.sqrt(square), dtype="float64")


def life_table(trials: Trials, owner: Ints, law: Fit | None = None, older: Trials | None = None) -> LifeTable:
    """Of all cars; owner: the customer of each. The first service number is in it, however few tried.

    older: of cars that were here before visits are on record; they count with the numbers they came to by
    then. law: of the trials. By it the odds of coming grow by 1 / alpha with each service, as those who are
    likely to leave leave first; that is drawn towards none by how little it is known. Services for which
    fewer than TOO_FEW cars could come are not in it, but the first always is. Without a law there is no rise.

    60 cars, of which 40 came: 40.5 / 61, as half a car is added on each side.

    >>> trials = Trials(np.arange(60), np.ones(60, dtype="int64"), np.arange(60) < 40)
    >>> law = Fit(2.0, 4.0, 0.0, 60, 20, np.array([1.0, 4.0]), np.array([2.0, 8.0]))
    >>> life_table(trials, np.arange(60), law).comes.round(3).tolist()
    [0.664]
    """
    new, known_to = len(trials.car), _reached(trials)
    if older:
        trials = trials.and_of(older.beyond(known_to))
    at_risk, kept = trials.at_risk(), trials.kept()
    services = _reached(trials)
    at_risk, kept = (np.append(each, [0.0] * (not len(each)))[:services] for each in (at_risk, kept))
    # Half a car more on each side, so that none or all is not certain.
    comes = (kept + 0.5) / (at_risk + 1)
    followed = trials.number <= services
    number = trials.number[followed] - 1
    off = trials.came[followed] - comes[number]
    customer, of_customer = np.unique(owner[trials.car], return_inverse=True)
    summed = np.bincount(of_customer[followed] * services + number, off, len(customer) * services)
    spread = summed.reshape(len(customer), services) / np.maximum(at_risk, 1)
    known = LifeTable(at_risk, comes, spread.T @ spread + np.diag(0.25 / np.maximum(at_risk, 1) ** 2))
    if law is None:
        return known
    rise, rise_off = _rise(law)
    moves = _moves_of_rise(law, trials, of_customer, new)
    return replace(
        known,
        rise=rise,
        rise_off=max(rise_off, float(np.sqrt(moves @ moves))),  # no better known than where the law is right
        with_rise=spread.T @ moves,
    )


def _reached(trials: Trials) -> int:
    """The services from the first on for which each time enough could come; one at least."""
    return max(int(np.append(trials.at_risk() < TOO_FEW, True).argmax()), 1)


def _moves_of_rise(law: Fit, trials: Trials, of_customer: Ints, new: int) -> Floats:
    """By how much each customer's cars move 1 / alpha: the scores by the inverse of the information.

    new: the law is of so many trials, the first ones.

    Their squares add up to the sandwich variance, which holds where cars vary together and where the law is
    wrong. Source: H. White, Maximum Likelihood Estimation of Misspecified Models, Econometrica 50, 1982.
    All 0 where the likelihood is not curved.
    """
    a, b, k, came = law.alpha, law.beta, trials.number[:new] - 1, trials.came[:new]
    both = 1 / (a + b + k)
    by_a, by_b = np.where(came, 0.0, 1 / a) - both, np.where(came, 1 / (b + k), 0.0) - both
    many = int(of_customer.max(initial=-1)) + 1
    of_a, of_b = (np.bincount(of_customer[:new], each, many).astype("float64") for each in (by_a, by_b))
    aa, bb = (
        (np.where(came, 0.0, 1 / a**2) - both**2).sum(),
        (np.where(came, 1 / (b + k) ** 2, 0.0) - both**2).sum(),
    )
    ab = -(both**2).sum()
    if aa <= 0 or aa * bb <= ab**2:
        return np.zeros_like(of_a)
    return np.asarray(-(bb * of_a - ab * of_b) / (aa * bb - ab**2) / a**2, dtype="float64")


def _rise(law: Fit) -> tuple[float, float]:
    """1 / alpha drawn towards 0, and the standard error of 1 / alpha, from its 95% interval.

    Drawing it makes it no better known: where it is drawn to nothing, nothing is what is known of it.
    """
    low, high = law.interval(lambda alpha, _: 1 / alpha)
    off = float(high[0] - low[0]) / (2 * Z95)
    rise = 1 / law.alpha
    return rise**3 / (rise**2 + off**2), off


def shifted(of_all: LifeTable, groups: Sequence[tuple[Floats, Floats]]) -> list[LifeTable]:
    """The life table of each group: from cars at risk and those that came by service number.

    Its shift of highest likelihood is drawn to 0 by how little is known of it: x apart^2 / (apart^2 +
    standard error^2), apart by DerSimonian and Laird, LEAST_APART at least. A group without cars has none.

    Of 100 cars 60 came where half do: ln(1.5) = 0.405, of which the variance is 1 / (100 x 0.24):
    0.405 x 0.01 / (0.01 + 1 / 24).

    >>> half = np.array([0.5])
    >>> of_all = LifeTable(half * 200, half, np.zeros((1, 1)))
    >>> print(f"{shifted(of_all, [(np.array([100.0]), np.array([60.0]))])[0].shift:.4f}")
    0.0785
    """
    found = np.array([_shift(of_all.retention, *each) for each in groups]).reshape(-1, 2)
    shift, known = found.T
    apart = LEAST_APART**2
    seen = known[known > 0]
    if len(seen) > 1:
        beyond = (known * shift**2).sum() - (len(seen) - 1)
        apart = max(apart, float(beyond / (seen.sum() - (seen**2).sum() / seen.sum())))
    drawn, off = apart * known / (1 + apart * known) * shift, np.sqrt(apart / (1 + apart * known))
    shifts = [
        replace(of_all, shift=float(one), shift_off=float(its_off))
        for one, its_off in zip(drawn, off, strict=True)
    ]
    return _each_apart(shifts, groups)


def _each_apart(tables: list[LifeTable], groups: Sequence[tuple[Floats, Floats]]) -> list[LifeTable]:
    """The same with what each service of a group is apart from its shift, drawn towards none.

    Customers who like it here less leave first, so that groups differ most in the first service and less
    among those who are left. How far, is seen of each service by itself (DerSimonian and Laird, as above), by
    LEAST_APART at least; of one group alone nothing is.
    """
    if not tables:
        return tables
    services = len(tables[0].comes)
    x, known = np.zeros((2, len(tables), services))
    for row, (table, (at_risk, kept)) in enumerate(zip(tables, groups, strict=True)):
        there = min(len(at_risk), services)
        share = table.retention[:there]
        known[row, :there] = at_risk[:there] * share * (1 - share)
        x[row, :there] = kept[:there] - at_risk[:there] * share
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.nan_to_num(x / known)
        total = known.sum(axis=0)
        beyond = (known * x**2).sum(axis=0) - ((known > 0).sum(axis=0) - 1)
        apart = np.maximum(beyond, 0.0) / (total - (known**2).sum(axis=0) / total)
    several = (known > 0).sum(axis=0) > 1
    apart = np.where(several, np.fmax(apart, LEAST_APART**2), 0.0)
    drawn, off = apart * known / (1 + apart * known) * x, np.sqrt(apart / (1 + apart * known))
    return [
        replace(table, apart=its, apart_off=its_off)
        for table, its, its_off in zip(tables, drawn, off, strict=True)
    ]


def after_a_miss(of_all: LifeTable, again: Trials, owner: Ints) -> LifeTable:
    """The life table of cars that came back after they had missed a service; of all where few did.

    Their shift stands for itself: they are another kind of case, not one group of several that are alike.
    Its standard error takes what the cars of one customer did together (K.-Y. Liang and S. L. Zeger,
    Longitudinal Data Analysis Using Generalized Linear Models, Biometrika 73, 1986, 13-22: the sandwich).

    Of 40 that had missed one 10 came for the next, where half of all do: ln(1 / 3).

    >>> half = np.array([0.5])
    >>> of_all = LifeTable(half * 200, half, np.zeros((1, 1)))
    >>> again = Trials(np.arange(40), np.ones(40, dtype="int64"), np.arange(40) < 10)
    >>> print(f"{after_a_miss(of_all, again, np.arange(40)).shift:.3f}")
    -1.099
    """
    if len(again.car) < TOO_FEW:
        return of_all
    shift, known = _shift(of_all.retention, again.at_risk(), again.kept())
    near = again.number <= HORIZON
    chance = expit(logit(of_all.retention[again.number[near] - 1]) + shift)
    off = np.bincount(owner[again.car[near]], again.came[near] - chance)
    # As above half a car more, so that none or all is not certain.
    return replace(of_all, shift=shift, shift_off=float(np.sqrt((off**2).sum() + 0.25) / known))


def _shift(retention: Floats, at_risk: Floats, kept: Floats) -> tuple[float, float]:
    """Log-odds of highest likelihood by which a group is apart from all, and the information on it."""
    base = logit(retention[: len(at_risk)])
    at_risk, kept = at_risk[: len(base)], kept[: len(base)]
    shift, known = 0.0, 0.0
    for _ in range(NEWTON_STEPS):
        share = expit(base + shift)
        known = float((at_risk * share * (1 - share)).sum())
        if known <= 0:
            return 0.0, 0.0
        step = float((kept - at_risk * share).sum()) / known
        shift = float(np.clip(shift + np.clip(step, -1, 1), -5, 5))  # all or none came: far, not infinite
        if abs(step) < 1e-10:
            break
    return shift, known
