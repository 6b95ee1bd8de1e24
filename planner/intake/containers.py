"""The file around a workbook, looked at before it is read: damaged, locked, of another program, far too wide.

Reading one of these would not end, take all memory, or say no more than that it failed. Each was met in a
public test file of a spreadsheet library.
"""

from __future__ import annotations

import io
import os
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt

OLD_EXCEL, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
MAX_CELLS = 50_000_000  # of a sheet; a list of 27 columns down to Excel's last row has 28 million


def hindrance(data: bytes) -> str:
    """Why a workbook must not be read, and what to do; '' if it may be tried."""
    if data.startswith(OLD_EXCEL):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "it has a password; save it again without one"
        return "it is damaged; open it and save it again as .xlsx" if _is_damaged(data) else ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if any(name.endswith(".iwa") for name in parts.namelist()):
                return "it is of Apple Numbers; choose File, Export To, Excel"
            if cell := next(filter(None, (_far_cell(parts, name) for name in parts.namelist())), ""):
                return (
                    f"a sheet reaches to {cell}, far from its table; delete what stands there and save again"
                )
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError, zlib.error):
        return ""  # the reader says what is wrong with it
    return ""


@contextmanager
def panics_are_errors() -> Iterator[None]:
    """Where calamine breaks down it prints pages and raises no Exception; here, in silence, a ValueError."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # cannot be imported; derives from BaseException
            raise
        raise ValueError("damaged, or of a kind that is not known") from None
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _is_damaged(data: bytes) -> bool:
    """Have the sectors of an old Excel file no size that there is, or does a chain of them run in a circle?

    Layout: [MS-CFB] 2.2 (header), 2.3 and 2.4 (chains of sectors, of small ones), 2.5 (where these stand).
    """
    try:
        (shift,), (small, more) = struct.unpack_from("<H", data, 30), struct.unpack_from("<I4xI", data, 60)
        listed = list(struct.unpack_from("<109I", data, 76))
    except struct.error:
        return False  # shorter than its header: the reader says so
    if shift not in (9, 12):
        return True
    size = 1 << shift
    body = np.frombuffer(data[size : len(data) // size * size], dtype="<u4").reshape(-1, size // 4)
    body = body.astype("int64")
    seen: set[int] = set()
    while more < len(body):
        if more in seen:
            return True
        seen.add(more)
        *others, more = body[more].tolist()
        listed += others
    chains = body[[at for at in listed if at < len(body)]].ravel()
    if _has_circle(chains):
        return True
    sectors = []
    while small < len(body):
        sectors.append(body[small])
        small = int(chains[small]) if small < len(chains) else len(body)
    return bool(sectors) and _has_circle(np.concatenate(sectors))


def _has_circle(following: npt.NDArray[np.int64]) -> bool:
    """following: for each sector the next one, or a number beyond the last where none is."""
    end = len(following)
    following = np.append(np.where(following < end, following, end), end)
    for _ in range(end.bit_length()):  # each time twice as far; who is not at the end then never gets there
        following = following[following]
    return bool((following != end).any())


def _far_cell(parts: zipfile.ZipFile, name: str) -> str:
    """Where a sheet ends, if that is so far out that nothing can hold all its empty cells; else ''."""
    if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
        return ""
    data = parts.read(name)
    if not re.search(rb' r="[A-Z]{2,}\d', data):  # 26 columns down to Excel's last row are 27 million cells
        return ""
    columns, row = {b"A"}, 1  # from the cells: the size that a sheet says it has is often missing or untrue
    for cell in re.finditer(rb'<(?:\w+:)?c (?:[^>]*? )?r="([A-Z]+)(\d+)"[^>]*[^/>]>', data):
        columns.add(cell[1])
        row = max(row, int(cell[2]))
    column = max(columns, key=_column)
    return f"{column.decode()}{row}" if _column(column) * row > MAX_CELLS else ""


def _column(letters: bytes) -> int:
    """
    >>> _column(b"A"), _column(b"AA"), _column(b"XFD")
    (1, 27, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
