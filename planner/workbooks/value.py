"""What customers are worth, who leaves, and what to do about it: the manager's workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from planner.workbooks.book import Book
from planner.workbooks.info import ValueInfo
from planner.workbooks.value_charts import (
    CHARTS_A_ROW,
    concentration_chart,
    flow_chart,
    losses_chart,
    retention_chart,
    segments_chart,
    trend_charts,
)
from planner.workbooks.value_flow import add_flow, add_losses
from planner.workbooks.value_headline import FIRST_CHART, SECOND_AT, SECOND_CHART, add_headline
from planner.workbooks.value_lists import add_quality, add_to_act, add_to_offer, add_value_definitions
from planner.workbooks.value_retention import add_retention
from planner.workbooks.value_segments import add_segments
from planner.workbooks.value_sheets import add_groups, add_months
from planner.workbooks.value_success import add_touchpoints
from planner.workbooks.value_words import Frames

__all__ = ["ValueInfo", "write_value"]

_OTHERS = ("to_act_on", "to_offer", "by_month", "by_group", "retention", "segments_value", "stage_flow",
           "touchpoints", "value_definitions", "quality")  # fmt: skip


def write_value(path: Path, frames: Frames, info: ValueInfo, names: Mapping[str, str]) -> None:
    """Writes the sheets Headline, To act on, To offer, By month, By group, Retention, Segments, Stage flow,
    Touchpoints, How it is worked out and Data quality.

    frames: those of planner.value.report by name, and those of planner.lists_value (to_act_on, to_offer,
    assumptions); one that is missing or empty is a sentence on its sheet. names: of the touchpoints, by
    code. The same input gives the same cells. Raises InputError if the file cannot be written.
    """
    book = Book(info, "value.title")
    first, first_row = add_headline(book, frames, [f"sheet.{name}" for name in _OTHERS], info.currency)
    add_to_act(book, frames, names)
    add_to_offer(book, frames, names)
    months, months_rows, places = add_months(book, frames)
    add_groups(book, frames)
    kept = add_retention(book, frames)
    segments, segments_row, concentration = add_segments(book, frames)
    flow_sheet, flow_row, flow = add_flow(book, frames)
    losses_row, losses = add_losses(book, flow_sheet, frames)
    add_touchpoints(book, frames, names)
    add_value_definitions(book, frames)
    add_quality(book, frames)
    for number, chart in enumerate(trend_charts(book, places)):
        down, across = divmod(number, CHARTS_A_ROW)
        months.add_chart(chart, f"{'AEJ'[across]}{months_rows[down]}")
    if kept.curve:
        kept.sheet.add_chart(retention_chart(book, kept.curve, 22), f"A{kept.curve_row}")
        first.add_chart(retention_chart(book, kept.curve, *FIRST_CHART), f"A{first_row}")
    if kept.segments:
        kept.sheet.add_chart(segments_chart(book, kept.segments, 13.5), f"H{kept.segments_row}")
    if concentration:
        segments.add_chart(concentration_chart(book, concentration, 16), f"A{segments_row}")
        first.add_chart(concentration_chart(book, concentration, *SECOND_CHART), f"{SECOND_AT}{first_row}")
    if flow:
        flow_sheet.add_chart(flow_chart(book, flow), f"A{flow_row}")
    if losses:
        flow_sheet.add_chart(losses_chart(book, losses), f"G{losses_row}")
    book.save(path)
