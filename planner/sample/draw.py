"""Drawing: one generator a concern, choices and the text they end up as."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
Days = npt.NDArray[np.datetime64]


def generator(seed: int, concern: str) -> np.random.Generator:
    """The random numbers of one concern: a new concern never changes what the others draw."""
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(concern.encode())]))


def chosen(rng: np.random.Generator, count: int, share: float) -> Flags:
    """Which of `count` are chosen: as many as the share asks for, so that small samples have some too."""
    flags = np.zeros(count, dtype=bool)
    flags[rng.permutation(count)[: round(count * share)]] = True
    return flags


def pick(
    rng: np.random.Generator, options: Sequence[Any], count: int, weights: Sequence[float] | None = None
) -> Texts:
    """`count` of the options, drawn with replacement; the last weight takes what rounding leaves."""
    if weights is None:
        index = rng.integers(len(options), size=count)
    else:
        edges = np.cumsum(weights) / np.sum(weights)
        index = np.minimum(np.searchsorted(edges, rng.random(count), side="right"), len(options) - 1)
    array = np.empty(len(options), dtype=object)
    array[:] = list(options)
    return array[index]


def evenly(rng: np.random.Generator, ends: tuple[float, ...], count: int) -> Ints:
    """`count` whole numbers from the first end to the last, both among them."""
    low, high = ends
    return rng.integers(int(low), int(high) + 1, count)


def only(texts: npt.ArrayLike, keep: Flags) -> Texts:
    """The texts where `keep`, nothing elsewhere."""
    array = np.empty(len(keep), dtype=object)
    array[:] = texts
    array[~keep] = None
    return array


def whole(numbers: npt.ArrayLike) -> Texts:
    """Numbers as an export writes whole ones: 12345."""
    return np.array([str(n) for n in np.rint(np.asarray(numbers)).astype("int64").tolist()], dtype=object)


def money(numbers: npt.ArrayLike) -> Texts:
    """Numbers as an export writes amounts: 123.40."""
    return np.array([f"{n:.2f}" for n in np.asarray(numbers, dtype="float64").tolist()], dtype=object)


def iso(days: npt.ArrayLike) -> Texts:
    """Days as ISO text; nothing where there is no day."""
    array = np.asarray(days, dtype="datetime64[D]")
    return only(np.datetime_as_string(array).astype(object), ~np.isnat(array))
