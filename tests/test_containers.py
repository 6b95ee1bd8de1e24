"""Files that would never end, take all memory or break the reader down: refused in one line, or read."""

from __future__ import annotations

import re
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import InputError
from planner.intake.containers import OLD_EXCEL, _has_circle, hindrance
from tests.filled_in_lists import CONTACTS, MEANT, TYPED, changed, meant, read, write_list

END, OF_FAT = 0xFFFFFFFE, 0xFFFFFFFD


def old_excel(chains: list[int], body: bytes, directory: int = 1, small: int = END, more: int = END) -> bytes:
    """An OLE container of one sector of chains and what follows it; layout: [MS-CFB] 2.2."""
    header = bytearray(512)
    header[:8] = OLD_EXCEL
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<II", header, 44, 1, directory)
    struct.pack_into("<IIII", header, 56, 4096, small, 0, more)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    return bytes(header) + struct.pack("<128I", *chains, *[0xFFFFFFFF] * (128 - len(chains))) + body


CIRCLES = {
    "the directory follows itself": old_excel([OF_FAT, 1], bytes(512)),
    "two sectors follow each other": old_excel([OF_FAT, 2, 3, 2], bytes(1536)),
    "all is zero": old_excel([0] * 128, b""),
    "the list of the chains goes on in itself": old_excel(
        [OF_FAT, END, END], bytes(512) + struct.pack("<128I", *[0xFFFFFFFF] * 127, 2), more=2
    ),
    "a chain of small sectors": old_excel(
        [OF_FAT, END, END], bytes(512) + struct.pack("<128I", 1, 0, *[END] * 126), small=2
    ),
}


@pytest.mark.parametrize("data", CIRCLES.values(), ids=CIRCLES)
def test_chains_that_never_end(tmp_path: Path, data: bytes) -> None:
    """The reader would follow them until the memory is full: 12 GB after half a minute, of a file of 1 kB."""
    path = tmp_path / "calls.xls"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"damaged; open it and save it again as \.xlsx$"):
        read(path)


def test_chains_that_end_are_no_hindrance() -> None:
    assert hindrance(old_excel([OF_FAT, 3, END, 2], bytes(1536))) == ""
    assert hindrance(OLD_EXCEL) == ""


@given(st.lists(st.integers(0, 12), max_size=12))
def test_circles_are_those_that_a_walk_finds(following: list[int]) -> None:
    def leads_nowhere(start: int) -> bool:
        at = start
        for _ in range(len(following) + 1):
            if at >= len(following):
                return True
            at = following[at]
        return False

    walked = not all(leads_nowhere(start) for start in range(len(following)))
    assert _has_circle(np.array(following, dtype="int64")) == walked


def test_where_the_reader_breaks_down_is_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Cut off within its directory: the reader panics, which is no Exception and prints to the screen."""
    path = tmp_path / "calls.xls"
    path.write_bytes(old_excel([OF_FAT, END], b"\0"))
    with pytest.raises(InputError) as refused:
        read(path)
    assert str(refused.value).startswith(f"{path}: not a workbook that can be opened")
    assert "\n" not in str(refused.value)
    assert capfd.readouterr().err == ""


def test_a_password(tmp_path: Path) -> None:
    path = tmp_path / "calls.xlsx"
    path.write_bytes(old_excel([OF_FAT, END], "Root Entry EncryptedPackage".encode("utf-16-le") + bytes(512)))
    with pytest.raises(InputError, match=r"it has a password; save it again without one$"):
        read(path)


def test_apple_numbers(tmp_path: Path) -> None:
    path = tmp_path / "calls.numbers"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("Index/Document.iwa", "x")
    with pytest.raises(InputError, match=r"it is of Apple Numbers; choose File, Export To, Excel$"):
        read(path)


def test_a_cell_far_out(tmp_path: Path) -> None:
    """One stray key at the end of the sheet: 702 columns by a million rows would be 17 GB of nothing."""

    def stray(workbook: object) -> None:
        workbook.worksheets[0]["ZZ1048576"] = "x"  # type: ignore[attr-defined]

    path = changed(write_list(tmp_path / "calls.xlsx", TYPED), stray)
    with pytest.raises(InputError, match=r"reaches to ZZ1048576, far from its table; delete what stands"):
        read(path)


@pytest.mark.parametrize("said", [b"", b'<dimension ref="A1:B2" />'])
def test_a_cell_far_out_whatever_the_sheet_says(tmp_path: Path, said: bytes) -> None:
    path, told = tmp_path / "calls.xlsx", tmp_path / "told.xlsx"
    changed(write_list(path, TYPED), lambda workbook: workbook.worksheets[0].cell(1048576, 702, "x"))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(told, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"<dimension [^>]*/>", said, old.read(name)))
    with pytest.raises(InputError, match=r"reaches to ZZ1048576, far from its table; delete what stands"):
        read(told)


@pytest.mark.parametrize("shift", [0, 1, 40])
def test_sectors_of_a_size_that_there_is_none_of(tmp_path: Path, shift: int) -> None:
    path = tmp_path / "calls.xls"
    path.write_bytes(OLD_EXCEL + bytes(22) + bytes([shift, 0]) + bytes(5000))
    with pytest.raises(InputError, match=r"it is damaged; open it and save it again as \.xlsx$"):
        read(path)


def test_a_size_that_is_not_true_is_no_hindrance(tmp_path: Path) -> None:
    """Some programs write the whole sheet as its size, whatever stands in it."""
    path, told = write_list(tmp_path / "calls.xlsx", TYPED), tmp_path / "told.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(told, "w") as new:
        for name in old.namelist():
            data = old.read(name).replace(b'<dimension ref="A1:AA9"', b'<dimension ref="A1:XFD1048576"')
            new.writestr(name, data)
    lists = read(told)
    assert meant(lists) == MEANT
    assert lists.rows_read == len(CONTACTS)
