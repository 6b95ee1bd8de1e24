"""Makes the pictures of README.md: `make pictures`.

The workbooks are those of the sample dealership, always of the same seed and day, so every person in them is
invented. LibreOffice prints them, poppler draws the page; what is empty around it is cut off.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DAY, SEED, VEHICLES = "2026-03-02", "1", "300"
FOLDER = Path(__file__).parent / "pictures"
NEEDED = {"soffice": "LibreOffice", "pdftoppm": "poppler-utils", "pdftotext": "poppler-utils"}
HEAD_INCHES = 0.5  # of the margins, which are wider, the part with the head and the foot of a page
LINE = 225  # darker than this are the lines of tables, not what rows are shaded with
COLOURS = 256  # a palette makes files a third as large

Pixels = NDArray[np.uint8]  # rows, columns, red-green-blue


@dataclass(frozen=True)
class Picture:
    """A page of a workbook: the first on which `says` stands, drawn so fine, cut after so many pixels."""

    name: str
    workbook: str
    says: str = ""
    dots_an_inch: int = 90
    height: int = 10_000


PICTURES = (
    Picture("calls", "en/calls-2026-W10.xlsx", dots_an_inch=140, height=640),
    Picture("calls-arabic", "ar/calls-2026-W10.xlsx", dots_an_inch=140, height=520),
    Picture("week", "en/calls-2026-W10.xlsx", "The week at a glance"),
    Picture("script", "en/calls-2026-W10.xlsx", "No. 1"),
    Picture("annual", "en/annual-2027.xlsx", "Numbers are the day", dots_an_inch=92, height=620),
    Picture("value", "en/value.xlsx", height=760),
)


def main() -> int:
    """Makes all pictures; 2 if a program is missing."""
    if missing := [f"{name} ({package})" for name, package in NEEDED.items() if not shutil.which(name)]:
        print(f"make pictures: not installed: {', '.join(missing)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        make_workbooks(work)
        for picture in PICTURES:
            target = FOLDER / f"{picture.name}.png"
            edge = int(HEAD_INCHES * picture.dots_an_inch)
            target.write_bytes(png(framed(drawn(picture, work), picture.height, edge)))
            print(f"{target.relative_to(FOLDER.parent.parent)}: {target.stat().st_size:,} bytes")
    return 0


def make_workbooks(work: Path) -> None:
    """en/ as `planner demo` makes it; ar/ the same dealership in Egypt, as far as its list of calls."""
    planner("demo", "en", "--vehicles", VEHICLES, "--seed", SEED, "--as-of", DAY, folder=work)
    arabic = work / "ar"
    arabic.mkdir()
    planner("init", "--country", "EG", "--language", "ar", folder=arabic)
    sample = ("--vehicles", VEHICLES, "--seed", SEED, "--end", DAY, "--language", "ar")
    planner("sample", "exports", *sample, folder=arabic)
    tables = sorted(str(path) for path in (arabic / "exports").glob("*.csv"))
    planner("import", *tables, "--as-of", DAY, folder=arabic, expected=(0, 3))
    planner("plan", "--as-of", DAY, folder=arabic)
    planner("calls", "--as-of", DAY, folder=arabic)


def planner(*command: str, folder: Path, expected: tuple[int, ...] = (0,)) -> None:
    """Runs a command of the planner in a folder; 3 says that rows were rejected, as some of a sample are."""
    done = subprocess.run([sys.executable, "-m", "cli", *command], cwd=folder, capture_output=True, text=True)
    if done.returncode not in expected:
        sys.exit(f"make pictures: planner {command[0]}: {done.stderr.strip()}")


def drawn(picture: Picture, work: Path) -> Pixels:
    """The page as pixels."""
    workbook = work / picture.workbook
    pages = workbook.with_suffix(".pdf")
    if not pages.exists():
        office = ["soffice", f"-env:UserInstallation={(work / 'profile').as_uri()}", "--headless"]
        command = [*office, "--convert-to", "pdf", "--outdir", str(pages.parent), str(workbook)]
        subprocess.run(command, check=True, capture_output=True)
    text = subprocess.run(["pdftotext", "-layout", str(pages), "-"], check=True, capture_output=True).stdout
    said = text.decode().split("\f")
    number = str(next(number for number, page in enumerate(said, 1) if picture.says in page))
    draw = ["pdftoppm", "-r", str(picture.dots_an_inch), "-f", number, "-l", number, str(pages)]
    return from_ppm(subprocess.run(draw, check=True, capture_output=True).stdout)


def from_ppm(data: bytes) -> Pixels:
    """What pdftoppm draws: a header of three lines, then three bytes a pixel."""
    _, size, _, pixels = data.split(b"\n", 3)
    columns, rows = map(int, size.split())
    return np.frombuffer(pixels, np.uint8).reshape(rows, columns, 3)


def framed(page: Pixels, height: int, edge: int, border: int = 8) -> Pixels:
    """Without the head and foot of the page, each within `edge`, and what is empty.

    What is higher than `height` is cut at the last line that runs across it.
    """
    inside = page[edge:-edge]
    inked = (inside < 250).any(axis=2)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    found = inside[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if len(found) > height:
        lined = (found[:height] < LINE).any(axis=2).mean(axis=1) > 0.9
        found = found[: np.flatnonzero(lined)[-1] + 1]
    return np.pad(found, ((border, border), (border, border), (0, 0)), constant_values=255)


def png(pixels: Pixels) -> bytes:
    """A PNG with a palette: the most frequent colours, and for any other the nearest of them."""
    rows, columns, _ = pixels.shape
    colours, index, counts = colours_of(pixels)
    palette = colours[np.argsort(-counts, kind="stable")[:COLOURS]]
    distance = ((colours[:, None].astype(int) - palette[None].astype(int)) ** 2).sum(axis=2)
    places = distance.argmin(axis=1).astype(np.uint8)[index].reshape(rows, columns)
    lines = np.pad(places, ((0, 0), (1, 0)))  # each line begins with its filter: none
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def colours_of(pixels: Pixels) -> tuple[Pixels, NDArray[np.intp], NDArray[np.intp]]:
    """The colours of a picture, the place of each pixel's among them, and how often each stands there."""
    packed = pixels.reshape(-1, 3).astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    found, index, counts = np.unique(packed, return_inverse=True, return_counts=True)
    shifts = np.array([16, 8, 0], np.uint32)
    return (found[:, None] >> shifts & 0xFF).astype(np.uint8), index.reshape(-1), counts


if __name__ == "__main__":
    sys.exit(main())
