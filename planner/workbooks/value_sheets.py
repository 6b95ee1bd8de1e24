"""The sheets of figures by month and by group, and of retention."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.value.figures import TOO_FEW
from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, records
from planner.workbooks.value_charts import CHARTS_A_ROW, charts_of
from planner.workbooks.value_tables import (
    CHART_ROWS,
    METRICS_A_BLOCK,
    METRICS_WITH_LAST_YEAR,
    MUTED,
    SHARE,
    WIDTHS,
    WIDTHS_WITH_LAST_YEAR,
    Place,
    add_blocks,
    heading,
    heat,
    new_sheet,
    next_page,
    nothing,
    room,
    row,
    section,
    title,
)
from planner.workbooks.value_trend import add_trend
from planner.workbooks.value_words import Frames, frame_of, group_name, now

GROUPS = ("advisor", "model", "stage", "cohort", "segment")
MOST_GROUPS = 30
_RETENTION_ACROSS = 13
MOST_SERVICES, MOST_YEARS = 12, 11  # of a curve and a cohort: what fits beside or below each other
_DISCOUNTED = style.NUMBER.but(number_format="0.000")
_MONTH = style.DAY.but(number_format=style.MONTH)
_BLOCK_WIDTHS = [22.0, *(METRICS_A_BLOCK * [*WIDTHS.values()])]
_GROUP_WIDTHS = [22.0, *(METRICS_WITH_LAST_YEAR * [*WIDTHS_WITH_LAST_YEAR.values()])]
# A segment is made of who came lately and how often, so these would only say that again: no customer of
# the best has left, else he were not one.
_BY_DEFINITION = (
    "ltv", "clv_net", "ltv_to_cac", "churn", "revenue_churn", "repeat_rate", "retention_13m",
    "two_visits_12m", "active_uio", "expected_services",
)  # fmt: skip
_SETTINGS = ("cac",)  # the same in every month and group
_ACROSS = len(_BLOCK_WIDTHS)


def add_months(book: Book, frames: Frames) -> tuple[Sheet, list[int], dict[str, Place]]:
    """Trends and all figures by month; the rows of the charts between them, and where what they draw stands.

    Three charts stand in a row; on paper the second row of them is on the next page.
    """
    texts = book.texts
    sheet = new_sheet(book, "by_month", _BLOCK_WIDTHS)
    title(book, sheet, texts("sheet.by_month"), texts("value.by_month.note"), _ACROSS, frames)
    figures = frame_of(frames, "figures", "metric", "by", "month")
    figures = figures[figures["by"].eq("all") & figures["month"].notna() & ~figures["metric"].isin(_SETTINGS)]
    if figures.empty:
        nothing(book, sheet)
        return sheet, [], {}
    add_trend(book, sheet, frames, _ACROSS)
    book.append(sheet, [])
    counted = set(figures.loc[figures["value"].notna(), "metric"])
    rows = []
    for number in range(0, len(charts_of(counted)), CHARTS_A_ROW):
        if number:
            next_page(book, sheet)
        rows.append(room(book, sheet, CHART_ROWS))
    months = [month.date() for month in sorted(figures["month"].unique())]
    figures = figures.assign(key=[month.date() for month in figures["month"]])
    labels = [(month, month) for month in months]
    places = add_blocks(book, sheet, texts("column.month"), labels, figures, _MONTH)
    return sheet, rows, {metric: place for metric, place in places.items() if metric in counted}


def add_groups(book: Book, frames: Frames) -> None:
    """The figures of today, with last year beside, by advisor, model, stage, cohort and segment."""
    texts = book.texts
    sheet, across = new_sheet(book, "by_group", _GROUP_WIDTHS), len(_GROUP_WIDTHS)
    title(book, sheet, texts("sheet.by_group"), texts("value.by_group.note"), across, frames)
    empty = True
    for by in GROUPS:
        figures = now(frames, by)
        figures = figures[~figures["metric"].isin(_SETTINGS + (_BY_DEFINITION if by == "segment" else ()))]
        if figures.empty:
            continue
        if not empty:
            next_page(book, sheet)
        empty = False
        size = figures.groupby("group", sort=False)["denominator"].max().fillna(0)
        shown = set(size.nlargest(MOST_GROUPS).index)
        groups = [group for group in size.index if group in shown]
        left = len(size) - len(shown)
        more = texts("value.more_groups", count=left) if left else ""
        more = texts("value.by.segment.note") if by == "segment" else more
        section(book, sheet, texts(f"value.by.{by}"), more, across)
        labels = [(group, group_name(by, str(group), texts)) for group in groups]
        figures = figures[figures["group"].isin(groups)].assign(key=lambda frame: frame["group"])
        add_blocks(book, sheet, texts(f"value.by.{by}.one"), labels, figures, last_year=True)
    if empty:
        nothing(book, sheet)


def add_retention(book: Book, frames: Frames) -> tuple[Sheet, int, Place | None]:
    """Who comes for how many services, observed and by the model; and every year's buyers as a heat table."""
    texts = book.texts
    sheet = new_sheet(book, "retention", [24, *([12.5] * 11), 18])
    title(book, sheet, texts("sheet.retention"), texts("value.curve.note"), _RETENTION_ACROSS, frames)
    curve = frame_of(frames, "curve", "by", "at_risk")
    curve = curve[curve["by"].eq("all")]
    fits = frame_of(frames, "fits", "by", "discount_per_service")
    place, charts_at = None, 0
    if not curve["at_risk"].gt(0).any():
        nothing(book, sheet)
    else:
        charts_at = room(book, sheet, CHART_ROWS)
        of_all = records(fits[fits["by"].eq("all")], ["expected_services", "discount_per_service"])
        place = _add_curve(book, sheet, curve, of_all[0] if of_all else {})
    _add_fits(book, sheet, fits)
    next_page(book, sheet)
    _add_cohorts(book, sheet, frame_of(frames, "cohorts"))
    return sheet, charts_at, place


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
        model = line["projected"] if line["fitted"] is None else line["fitted"]
        if discount is not None and model is not None and line["service_no"]:
            line["discounted"] = model / (1 + discount) ** (line["service_no"] - 1)
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
    next_page(book, sheet)
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
    for line in records(fits[fits["by"].ne("segment")], ["by", "group", *names]):
        by = line["by"]
        group = texts("value.all") if by == "all" else group_name(by, line["group"], texts)
        if line["alpha"] is None and by != "all":
            left.append(str(group))
            continue
        if by != before:
            label = book.cell(sheet, texts(f"value.by.{by}"), style.TOTAL_LABEL.but(wrap=False))
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
        pairs = [
            texts("value.of", came=texts.number(line["came"]), cars=texts.number(line["cars"]))
            if line
            else None
            for line in lines
        ]
        looks = [
            style.STRONG.but(number_format="0"),
            *([style.BODY.but(across="right", wrap=False)] * len(years)),
        ]
        book.append(sheet, row(book, sheet, [cohort, *pairs], looks))
