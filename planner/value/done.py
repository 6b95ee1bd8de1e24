"""What was done at each visit beside its kind, and what each of it brought, where a bill has one margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.tables import VISIT_KINDS
from planner.value.figures import TOO_FEW, Floats
from planner.value.owned import Bools, Ints

FEW_VISITS = TOO_FEW  # with fewer nobody can tell what a service adds to a bill


@dataclass(frozen=True)
class Done:
    """Visits in groups of the same kind and the same services; columns are `services`.

    A visit for tyres that names tyres too had them once: `beside` has only what is not the kind itself.
    """

    services: tuple[str, ...]  # VISIT_KINDS, then those that any visit names, in the order of their file
    group: Ints  # of each visit
    kind: Ints  # of each group, the column
    beside: Bools  # groups x services

    @property
    def named(self) -> Ints:
        """The columns of the services that stand beside the kind of any visit."""
        return np.flatnonzero(self.beside.any(axis=0))

    def at(self, service: int) -> Ints:
        """The visits that name the service beside their kind."""
        return np.flatnonzero(self.beside[self.group, service])


def what_was_done(rows: pd.DataFrame, codes: Sequence[str]) -> Done:
    """rows: planner.value.bills, with a kind each; codes: of the named services, others do not count.

    >>> rows = pd.DataFrame({"kind": ["tyres", "maintenance"], "services": ["tyres", "tyres,wipers,rust"]})
    >>> done = what_was_done(rows, ["wipers", "coolant", "tyres"])
    >>> done.services[len(VISIT_KINDS):], [done.services[each] for each in done.named]
    (('wipers',), ['tyres', 'wipers'])
    """
    kind = pd.Index(VISIT_KINDS).get_indexer(pd.Index(rows["kind"])).astype("int64")
    together, texts = pd.factorize(rows["services"])
    said = [frozenset(codes).intersection(text.split(",")) for text in texts]
    here = frozenset().union(*said)
    services = (*VISIT_KINDS, *(code for code in codes if code in here and code not in VISIT_KINDS))
    of_text = np.array([[each in names for each in services] for names in [*said, frozenset()]], dtype=bool)
    number, group = np.unique(kind * len(of_text) + together % len(of_text), return_inverse=True)
    kinds = number // len(of_text)
    beside = of_text[number % len(of_text)]
    beside[np.arange(len(number)), kinds] = False
    return Done(services, group.astype("int64"), kinds, beside)


def margins_beside(done: Done, margin: Floats, counted: Bools) -> Floats:
    """By column of `services`, what it adds to a bill on which it stands beside the kind, at least 0.

    margin: of each visit; counted: those that are reckoned with. A bill has one margin; so it is taken to
    be what its kind brings, on average, and what each service on it adds, the same on every bill: least
    squares over all bills. NaN for kinds that stand beside no other, and for what fewer than 30 bills name.
    What is on every bill of its kind adds nothing that can be told apart (0); two services that are always
    together add half each. Source: ordinary least squares, Legendre, Nouvelles méthodes pour la
    détermination des orbites des comètes, 1805; a constant of each kind by its means (Frisch and Waugh,
    Econometrica 1, 1933, 387-401).

    30 services at 100, 30 with the air conditioning at 160: it adds 60.

    >>> rows = pd.DataFrame({"kind": "maintenance", "services": [None] * 30 + ["air conditioning"] * 30})
    >>> done = what_was_done(rows, ["air conditioning"])
    >>> margins_beside(done, np.repeat([100.0, 160.0], 30), np.full(60, True))[done.named].tolist()
    [60.0]
    """
    found = np.full(len(done.services), np.nan)
    if not len(done.named):
        return found
    group, groups = done.group[counted], len(done.kind)
    bills = np.bincount(group, minlength=groups).astype("float64")
    money = np.bincount(group, margin[counted], groups)
    beside = done.beside[:, done.named].astype("float64")
    # Sums by group are all that the normal equations need; from each the mean of its kind is taken away.
    of_kind = done.kind == np.arange(len(VISIT_KINDS))[:, None]
    mean = (of_kind * bills @ beside) / np.maximum(of_kind @ bills, 1.0)[:, None]
    beyond = beside - mean[done.kind]
    adds = _least_squares(beyond.T @ (bills[:, None] * beyond), beyond.T @ money)
    adds = adds.round(6)  # else chance would rank those that are always together
    found[done.named] = np.where(bills @ beside >= FEW_VISITS, adds, np.nan)
    return found


def _least_squares(products: Floats, sums: Floats) -> Floats:
    """The solution of the normal equations without anything below 0.

    Cut to 0 afterwards, what is hardly ever without another one would leave that one with both their parts.
    Those that are always together share it alike: they are told apart by nothing.

    >>> _least_squares(np.array([[31.0, 30], [30, 30]]), np.array([400.0, 0])).round(1).tolist()
    [12.9, 0.0]
    >>> _least_squares(np.full((2, 2), 30.0), np.full(2, 1800.0)).round(1).tolist()
    [30.0, 30.0]
    """
    from scipy.optimize import nnls  # late: a quarter of a second

    size, vectors = np.linalg.eigh(products)
    root = np.sqrt(np.clip(size, 0.0, None))
    told = root > 1e-6 * max(float(root.max(initial=0.0)), 1e-300)
    rows = root[told, None] * vectors.T[told]
    # A hair of the length of the solution: of equal ones the even share.
    hair = 1e-6 * max(float(root.max(initial=0.0)), 1.0)
    rows = np.vstack([rows, hair * np.eye(len(sums))])
    wanted = np.append((vectors.T[told] @ sums) / root[told], np.zeros(len(sums)))
    return np.asarray(nnls(rows, wanted)[0], dtype="float64")
