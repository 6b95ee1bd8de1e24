"""The sheets of figures by month and by group."""

from __future__ import annotations

import pandas as pd

from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, freeze
from planner.workbooks.pages import next_page
from planner.workbooks.value_charts import CHARTS_A_ROW, charts_of
from planner.workbooks.value_tables import (
    CHART_ROWS,
    METRICS_A_BLOCK,
    METRICS_WITH_LAST_YEAR,
    WIDTHS,
    WIDTHS_WITH_LAST_YEAR,
    Place,
    add_blocks,
    new_sheet,
    nothing,
    room,
    section,
    title,
)
from planner.workbooks.value_trend import add_trend
from planner.workbooks.value_words import Frames, frame_of, group_name, now, short_said

GROUPS = ("advisor", "model", "stage", "cohort", "segment")
MOST_GROUPS = 30
_MONTH = style.DAY.but(number_format=style.MONTH)
_BLOCK_WIDTHS = [22.0, *(METRICS_A_BLOCK * [*WIDTHS.values()])]
_GROUP_WIDTHS = [22.0, *(METRICS_WITH_LAST_YEAR * [*WIDTHS_WITH_LAST_YEAR.values()])]
# A segment is made of who came lately, how often and for how much, so these would say that again, also of
# the segment of a year ago: who came in its last six months is still active, whatever he has done since, and
# who was chosen for what he brought brings less.
_BY_DEFINITION = ("ltv", "clv_net", "ltv_to_cac", "churn", "revenue_churn", "repeat_rate", "active_uio")
_SETTINGS = ("cac",)  # the same in every month and group
_ACROSS = len(_BLOCK_WIDTHS)


def add_months(book: Book, frames: Frames) -> tuple[Sheet, list[int], dict[str, Place]]:
    """Trends and all figures by month; the rows of the charts between them, and where what they draw stands.

    Three charts stand in a row; on paper the second row of them is on the next page.
    """
    texts = book.texts
    sheet = new_sheet(book, "by_month", _BLOCK_WIDTHS)
    freeze(sheet, "B1", header_row=0)  # blocks stand below each other: each has a header, all have the months
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
    freeze(sheet, "B1", header_row=0)
    told = pd.concat([now(frames, by) for by in GROUPS])
    said = "\n".join([texts("value.by_group.note"), *short_said(told, texts)])
    title(book, sheet, texts("sheet.by_group"), said, across, frames)
    empty = True
    for by in GROUPS:
        figures = now(frames, by)
        figures = figures[~figures["metric"].isin(_SETTINGS + (_BY_DEFINITION if by == "segment" else ()))]
        if figures.empty:
            continue
        if not empty:
            next_page(book, sheet)
        empty = False
        groups, left = _largest(figures)
        more = texts("value.more_groups", shown=len(groups), count=left) if left else ""
        more = texts("value.by.segment.note") if by == "segment" else more
        section(book, sheet, texts(f"value.by.{by}"), more, across)
        labels = [(group, group_name(by, str(group), texts)) for group in groups]
        figures = figures[figures["group"].isin(groups)].assign(key=lambda frame: frame["group"])
        add_blocks(book, sheet, texts(f"value.by.{by}.one"), labels, figures, last_year=True)
    if empty:
        nothing(book, sheet)


def _largest(figures: pd.DataFrame) -> tuple[list[str], int]:
    """The groups with most active customers in the order of the report, and how many others there are."""
    active = figures[figures["metric"].eq("active_customers")].set_index("group")["value"]
    groups = figures["group"].drop_duplicates()
    size = groups.map(active).fillna(0.0).sort_values(ascending=False, kind="stable")
    shown = groups[sorted(size.index[:MOST_GROUPS])]
    return list(shown), len(groups) - len(shown)
