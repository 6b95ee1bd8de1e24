"""The pictures of README.md: all are there, small and shown, and the script that makes them draws right."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

from docs import make_pictures
from docs.make_pictures import FOLDER, PICTURES, framed, from_ppm, png

README = FOLDER.parents[1] / "README.md"


def decoded(data: bytes) -> tuple[int, np.ndarray]:
    """The number of colours of a palette PNG without filters, and its pixels."""
    chunks, at = {}, 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body, check = data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        assert zlib.crc32(kind + body) == int.from_bytes(check)
        chunks[kind], at = body, at + 12 + length
    columns, rows, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (data[:8], depth, colour) == (b"\x89PNG\r\n\x1a\n", 8, 3)
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(rows, columns + 1)
    assert not lines[:, 0].any()
    palette = np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)
    return len(palette), palette[lines[:, 1:]]


def test_every_picture_is_made_shown_and_small() -> None:
    names = {f"{picture.name}.png" for picture in PICTURES}
    files = {path.name: path.stat().st_size for path in FOLDER.glob("*.png")}
    shown = re.findall(r"!\[[^\]]+\]\(docs/pictures/([^)]+)\)\n\n\*", README.read_text(encoding="utf-8"))
    assert files.keys() == names == set(shown), "each with a caption below"
    assert len(shown) == len(names)
    assert max(files.values()) < 120_000


def test_few_colours_are_kept_and_of_many_the_frequent_ones() -> None:
    rng = np.random.default_rng(1)
    few = rng.integers(0, 256, (7, 3)).astype(np.uint8)[rng.integers(0, 7, (20, 30))]
    count, pixels = decoded(png(few))
    assert count <= 7
    assert (pixels == few).all()
    many = rng.integers(0, 256, (40, 50, 3)).astype(np.uint8)
    many[:20] = (234, 240, 245)
    count, pixels = decoded(png(many))
    assert count == 256
    assert (pixels[:20] == many[:20]).all()


def test_a_page_loses_its_head_what_is_empty_and_what_is_too_high() -> None:
    page = np.full((100, 60, 3), 255, np.uint8)
    page[2, 5:9] = page[97, 5:9] = 0  # head and foot
    page[20:60, 10:50] = (234, 240, 245)  # a shaded row that begins
    page[[20, 30, 40, 59], 10:50] = (201, 208, 214)  # and lines
    assert framed(page, 1_000, edge=5, border=0).shape == (40, 40, 3)
    cut = framed(page, 25, edge=5, border=2)
    assert cut.shape == (21 + 4, 40 + 4, 3)
    assert (cut[-3, 2:-2] == (201, 208, 214)).all()
    assert (cut[0] == 255).all()


def test_what_pdftoppm_draws() -> None:
    pixels = from_ppm(b"P6\n2 1\n255\n\n\x00\x01abc")
    assert pixels.tolist() == [[[10, 0, 1], [97, 98, 99]]]


def test_missing_programs_are_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert make_pictures.main() == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "make pictures: not installed: soffice (LibreOffice), pdftoppm (poppler-utils), "
        "pdftotext (poppler-utils)\n"
    )


def test_a_command_that_fails_ends_the_making_with_its_own_line(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from docs.make_pictures import planner; planner('plan', folder=Path('{}'))"
    )
    root = str(README.parent)
    done = subprocess.run(
        [sys.executable, "-c", code.format(tmp_path.as_posix())],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": root, "PATH": ""},
    )
    assert done.returncode == 1
    assert done.stderr.startswith("make pictures: planner plan: ")
    assert "Traceback" not in done.stderr
