"""The sheet of retention: the curve, groups and segments, and every year's buyers as a heat table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.value.figures import TOO_FEW
from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, records
from planner.workbooks.pages import next_page
from planner.workbooks.value_tables import (
    CHART_ROWS,
    MUTED,
    SHARE,
    Place,
    heading,
    heat,
    new_sheet,
    nothing,
    room,
    row,
    section,
    title,
)
from planner.workbooks.value_words import Frames, frame_of, group_name

_RETENTION_ACROSS = 13
MOST_SERVICES, MOST_YEARS = 12, 11  # of a curve and a cohort: what fits beside or below each other
_DISCOUNTED = style.NUMBER.but(number_format="0.000")


@dataclass(frozen=True)
class Retained:
    """The sheet, and for its two charts the row and where the lines stand; None: nothing to draw."""

    sheet: Sheet
    curve_row: int
    curve: Place | None
    segments_row: int
    segments: Place | None  # `column` is the last one of them


def add_retention(book: Book, frames: Frames) -> Retained:
    """Who comes for how many services, observed and by the model; and every year's buyers as a heat table."""
    texts = book.texts
    sheet = new_sheet(book, "retention", [24, *([12.5] * 11), 18])
    title(book, sheet, texts("sheet.retention"), texts("value.curve.note"), _RETENTION_ACROSS, frames)
    curves = frame_of(frames, "curve", "by", "at_risk")
    curve = curves[curves["by"].eq("all")]
    fits = frame_of(frames, "fits", "by", "discount_per_service")
    place, charts_at = None, 0
    if not curve["at_risk"].gt(0).any():
        nothing(book, sheet)
    else:
        charts_at = room(book, sheet, CHART_ROWS)
        of_all = records(fits[fits["by"].eq("all")], ["expected_services", "discount_per_service"])
        place = _add_curve(book, sheet, curve, of_all[0] if of_all else {})
    next_page(book, sheet)
    held = _add_segments(book, sheet, curves[curves["by"].eq("segment")], _since(book, fits))
    _add_fits(book, sheet, fits)
    next_page(book, sheet)
    _add_cohorts(book, sheet, frame_of(frames, "cohorts"))
    return Retained(sheet, charts_at, place, *held)


def _since(book: Book, fits: pd.DataFrame) -> str:
    """The day from which segments are followed, in words; empty: none is."""
    known = [line["since"] for line in records(fits, ["since"]) if line["since"] is not None]
    return book.texts.day(known[0]) if known else ""


def _add_segments(book: Book, sheet: Sheet, curves: pd.DataFrame, since: str) -> tuple[int, Place | None]:
    """Service by service who of each segment still comes, and the cars behind it, with room for a chart."""
    texts = book.texts
    if not since:
        return 0, None
    section(book, sheet, texts("value.held"), texts("value.held.note", day=since), _RETENTION_ACROSS)
    lines = records(curves, ["group", "service_no", "at_risk", "kept", "survived"])
    told = [line for line in lines if not line["service_no"] or (line["at_risk"] or 0) >= TOO_FEW]
    found = {(line["group"], line["service_no"]): line for line in told}
    groups = list(dict.fromkeys(line["group"] for line in told if line["service_no"]))
    if not groups:
        nothing(book, sheet, texts("value.held.none"), _RETENTION_ACROSS)
        return 0, None
    numbers = range(max(line["service_no"] for line in told) + 1)
    heads = [texts("value.held.service"), *(group_name("segment", group, texts) for group in groups)]
    header_row = heading(book, sheet, heads)
    whole = style.BODY.but(number_format=style.WHOLE)
    for number in numbers:
        shares = [found.get((group, number), {}).get("survived") for group in groups]
        book.append(sheet, row(book, sheet, [number, *shares], [whole, *([SHARE] * len(groups))]))
    book.append(sheet, [])
    heading(book, sheet, [texts("value.held.counts"), *heads[1:]])
    count = style.BODY.but(across="right", wrap=False)
    for number in numbers[1:]:
        pairs = [_pair(book, found.get((group, number)), "kept", "at_risk") for group in groups]
        book.append(sheet, row(book, sheet, [number, *pairs], [whole, *([count] * len(groups))]))
    room(book, sheet, max(CHART_ROWS - (book.next_row(sheet) - header_row), 0))
    return header_row, Place(sheet, header_row, len(groups), len(numbers))


def _pair(book: Book, line: dict[str, Any] | None, came: str, of: str) -> str | None:
    """How many came of how many, in words."""
    if not line:
        return None
    return book.texts("value.of", came=book.texts.number(line[came]), cars=book.texts.number(line[of]))


def _add_curve(book: Book, sheet: Sheet, curve: pd.DataFrame, fit: dict[str, Any]) -> Place | None:
    """The curve by service, and what the model's services are worth today: their sum is the expected ones.

    None if there is nothing to draw.
    """
    texts = book.texts
    names = ["service_no", "at_risk", "kept", "survived", "fitted", "projected", "low", "high", "discounted"]
    heads = [texts(f"value.curve.{name}") for name in [*names, "note_of"]]
    header_row = heading(book, sheet, heads)
    discount, total = fit.get("discount_per_service"), fit.get("expected_services")
    looks = [
        style.BODY.but(number_format=style.WHOLE),
        style.NUMBER,
        style.NUMBER,
        *([SHARE] * 5),
        _DISCOUNTED,
    ]
    looks.append(style.BODY.but(ink=style.MUTED, size=8, wrap=False, indent=1))
    lines = _told(records(curve, names))
    for line in lines:
        note = texts("noted.too_few") if line["few"] else None
        book.append(sheet, row(book, sheet, [*(line[name] for name in names), note], looks))
    if discount is not None and total is not None:
        later = total - sum(line["discounted"] or 0 for line in lines)
        blank = [None] * (len(names) - 2)
        cells = [texts("value.curve.later"), *blank, later, None]
        book.append(sheet, row(book, sheet, cells, [style.BODY, *looks[1:]]))
        cells = [texts("metric.expected_services"), *blank, total, None]
        last = [style.TOTAL_LABEL.but(wrap=False), *([style.TOTAL] * (len(names) - 2))]
        last += [style.TOTAL.but(number_format=_DISCOUNTED.number_format), style.TOTAL]
        book.append(sheet, row(book, sheet, cells, last))
    drawn = any(line["survived"] is not None or line["projected"] is not None for line in lines[1:])
    return Place(sheet, header_row, 4, len(lines)) if drawn else None


def _told(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The curve as it is told: what fewer than 30 cars could come for is no observation but a projection.

    A dozen lucky cars would else draw a flat tail at the end of the curve. Adds `few`.
    """
    few = False
    for line in lines:
        few = few or (bool(line["service_no"]) and (line["at_risk"] or 0) < TOO_FEW)
        line["few"] = few and bool(line["at_risk"])
        if few:
            model = line["projected"] if line["fitted"] is None else line["fitted"]
            line.update(survived=None, fitted=None, projected=model)
    last = [place for place, line in enumerate(lines) if line["fitted"] is not None]
    if few and last:  # so that the two lines meet
        lines[last[-1]]["projected"] = lines[last[-1]]["fitted"]
    return lines[: MOST_SERVICES + 1]


def _add_fits(book: Book, sheet: Sheet, fits: pd.DataFrame) -> None:
    """The parameters of the model, for all and for each group that was fitted."""
    if fits.empty:
        return
    texts = book.texts
    known = [line["discount_per_service"] for line in records(fits, ["discount_per_service"])]
    discount = next((each for each in known if each is not None), None)
    shown = "" if discount is None else texts.number(100 * discount, "0.###") + "%"
    said = texts("value.fits.note", discount=shown) if shown else texts("value.fits.none")
    section(book, sheet, texts("value.fits"), said, _RETENTION_ACROSS)
    names = ["cars", "lost", "alpha", "beta", "mean_churn", "expected_services", "expected_low",
             "expected_high", "note"]  # fmt: skip
    heads = [*(texts(f"value.fits.{name}") for name in ["group", *names[:-1]]), texts("value.fits.note_of")]
    heading(book, sheet, heads)
    looks = [style.NUMBER, style.NUMBER, *([style.NUMBER.but(number_format="0.000")] * 2), SHARE]
    looks += [style.NUMBER.but(number_format="0.0")] * 3
    before, left = "all", []
    since = _since(book, fits)
    for line in records(fits, ["by", "group", *names]):
        by = line["by"]
        group = texts("value.all") if by == "all" else group_name(by, line["group"], texts)
        if line["alpha"] is None and by != "all":
            left.append(str(group))
            continue
        if by != before:
            said = texts(f"value.by.{by}")
            said = texts("value.fits.since", by=said, day=since) if by == "segment" else said
            label = book.cell(sheet, said, style.TOTAL_LABEL.but(wrap=False))
            book.append(sheet, [label, *(book.cell(sheet, None, style.TOTAL) for _ in names)])
            before = by
        note = texts(f"noted.{line['note']}") if line["note"] else None
        cells = [group, *(line[name] for name in names[:-1]), note]
        muted = style.BODY.but(ink=style.MUTED, wrap=False, indent=1)
        book.append(sheet, row(book, sheet, cells, [style.BODY, *looks, muted]))
    if left:
        said = texts("value.fits.left", groups=texts("comma").join(left))
        book.paragraph(sheet, said, MUTED, _RETENTION_ACROSS)


def _add_cohorts(book: Book, sheet: Sheet, cohorts: pd.DataFrame) -> None:
    """Year of purchase down, year of ownership across: share that came, then the counts behind it."""
    texts = book.texts
    section(book, sheet, texts("value.cohorts"), texts("value.cohorts.note"), _RETENTION_ACROSS)
    if cohorts.empty:
        nothing(book, sheet)
        return
    years = list(range(1, min(int(cohorts["year_of_ownership"].max()), MOST_YEARS) + 1))
    found = {
        (line["cohort"], line["year_of_ownership"]): line
        for line in records(cohorts, ["cohort", "year_of_ownership", "cars", "came", "retention", "note"])
    }
    bought = sorted({cohort for cohort, _ in found})
    heads = [texts("value.cohorts.bought"), *(texts("value.cohorts.year", year=year) for year in years)]
    heading(book, sheet, heads)
    for cohort in bought:
        cells, looks = [cohort], [style.STRONG.but(number_format="0")]
        for year in years:
            line = found.get((cohort, year))
            share = None if line is None else line["retention"]
            cells.append(share)
            looks.append(heat(share, bool(line and line["note"])))
        book.append(sheet, row(book, sheet, cells, looks), least=18)
    section(book, sheet, texts("value.cohorts.counts"))
    heading(book, sheet, heads)
    for cohort in bought:
        lines = [found.get((cohort, year)) for year in years]
        pairs = [_pair(book, line, "came", "cars") for line in lines]
        looks = [
            style.STRONG.but(number_format="0"),
            *([style.BODY.but(across="right", wrap=False)] * len(years)),
        ]
        book.append(sheet, row(book, sheet, [cohort, *pairs], looks))
