"""From functions to machine code."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Function = TypeVar("Function", bound=Callable[..., object])
_CONFIG: Any = numba.config


# _nrt: no part makes an array, so nobody need count who holds one; that alone makes all a third faster.
_PART: Any = {"error_model": "numpy", "_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_LIST: Any = {"error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def compiled(function: Function) -> Function:
    """The function as machine code, made at its first call and kept on disk for the next command."""
    folder, before = _folder(), _CONFIG.CACHE_DIR
    if folder is None:  # nowhere to keep it: every command makes its own
        return cast(Function, numba.njit(error_model="numpy")(function))
    try:
        _CONFIG.CACHE_DIR = str(folder)
        return cast(Function, numba.njit(cache=True, error_model="numpy")(function))
    finally:
        _CONFIG.CACHE_DIR = before


def part(function: Function) -> Function:
    """As `compiled`, for what only compiled functions call: without the way in from Python."""
    return cast(Function, numba.njit(**_PART)(function))


def listing(function: Function) -> Function:
    """As `part`, for what makes arrays."""
    return cast(Function, numba.njit(**_LIST)(function))


def _folder() -> Path | None:
    """Where machine code is kept: a folder named by the source of all parts; None where nothing can be.

    numba itself makes kept code anew when the file of the function changes, and not when a file does from
    which the function takes its parts.
    """
    here = Path(__file__).parent
    source = sha256(b"".join(file.read_bytes() for file in sorted(here.glob("*.py")))).hexdigest()[:16]
    given = _CONFIG.CACHE_DIR  # the environment's NUMBA_CACHE_DIR
    bases = [Path(given)] if given else [here / "__pycache__", Path.home() / ".cache" / "contact-planner"]
    for base in bases:
        folder = base / f"kernel-{source}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return None
