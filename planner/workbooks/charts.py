"""Native charts of blocks of cells: stacked columns, a line across them, lines, points with a diagonal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference, ScatterChart, Series
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RichTextProperties,
)

from planner.workbooks.book import Sheet
from planner.workbooks.style import LINE, MUTED, SERIES, WHOLE


def stacked_columns(
    sheet: Sheet,
    title: str,
    *,
    header_row: int,
    rows: int,
    label_column: int,
    columns: Sequence[int],
    colours: Sequence[str] = SERIES,
    width_cm: float = 26,
    height_cm: float = 9,
    every: int = 1,
    upright: bool = False,
    right_to_left: bool = False,
    number_format: str = WHOLE,
    value_title: str = "",
) -> BarChart:
    """A chart of the cells below `header_row`: one series a column, stacked; every n-th label shown.

    `upright` turns the labels by a quarter, where many stand close together. `right_to_left` begins at the
    right, with the axis of the values on that side. `value_title` says what that axis counts.
    """
    chart: Any = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 45
    _fill(chart, sheet, header_row, rows, label_column, columns)
    for number, series in enumerate(chart.series):
        series.graphicalProperties = GraphicalProperties(solidFill=colours[number % len(colours)])
        series.graphicalProperties.line.noFill = True
    chart.title, chart.width, chart.height = title, width_cm, height_cm
    _tidy(chart, every, number_format, value_title)
    if right_to_left:
        chart.x_axis.scaling.orientation = "maxMin"
    if upright:
        chart.x_axis.txPr = _letters(700, MUTED)
        chart.x_axis.txPr.bodyPr = RichTextProperties(rot=-5_400_000, vert="horz")
    return chart  # type: ignore[no-any-return]


def with_line(
    chart: BarChart, sheet: Sheet, *, header_row: int, rows: int, label_column: int, column: int, colour: str
) -> BarChart:
    """The same chart with one more column of the block as a line."""
    line: Any = LineChart()
    _fill(line, sheet, header_row, rows, label_column, [column])
    line.series[0].graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=colour, w=22_000))
    line.series[0].marker.symbol = "none"
    line.series[0].smooth = False
    chart += line
    return chart


@dataclass(frozen=True)
class Line:
    """One line of a chart: the column below a header row; dashed, thin, or only its points."""

    header_row: int
    column: int
    colour: str
    dashed: bool = False
    thin: bool = False
    marks: bool = False


def lines(
    sheet: Sheet,
    title: str,
    drawn: Sequence[Line],
    *,
    rows: int,
    label_column: int = 1,
    width_cm: float = 16,
    height_cm: float = 8,
    every: int = 1,
    right_to_left: bool = False,
    number_format: str = WHOLE,
    label_format: str = "",
    from_zero: bool = True,
    most: float | None = None,
    label_title: str = "",
    value_title: str = "",
) -> LineChart:
    """A chart of columns as lines over the labels of the first one's block; an empty cell is a gap.

    `label_format` is that of labels that are days or numbers, `label_title` says what they are; `most` is
    the end of the axis of the values. See `stacked_columns` for the rest.
    """
    chart: Any = LineChart()
    for line in drawn:
        first, last = line.header_row, line.header_row + max(rows, 1)
        values = Reference(sheet, min_col=line.column, min_row=first, max_row=last)
        series = Series(values, title_from_data=True)
        ink = LineProperties(solidFill=line.colour, w=9_000 if line.thin else 24_000)
        if line.dashed:
            ink.prstDash = "dash"
        series.graphicalProperties = GraphicalProperties(
            ln=LineProperties(noFill=True) if line.marks else ink
        )
        series.marker.symbol = "circle" if line.marks else "none"
        if line.marks:
            series.marker.size = 7
            series.marker.graphicalProperties = GraphicalProperties(solidFill=line.colour)
            series.marker.graphicalProperties.line.noFill = True
        series.smooth = False
        chart.series.append(series)
    first = drawn[0].header_row + 1
    labels = Reference(sheet, min_col=label_column, min_row=first, max_row=first + max(rows, 1) - 1)
    chart.set_categories(labels)
    chart.title, chart.width, chart.height = title, width_cm, height_cm
    chart.dispBlanksAs = "gap"
    _tidy(chart, every, number_format, value_title)
    if label_format:
        chart.x_axis.number_format, chart.x_axis.numFmt.sourceLinked = label_format, False
    if from_zero:
        chart.y_axis.scaling.min = 0
    if most is not None:
        chart.y_axis.scaling.max = most
    if label_title:
        chart.x_axis.title = label_title
        _caption(chart.x_axis.title, 900, bold=False)
    chart.x_axis.tickLblPos = "low"
    if right_to_left:
        chart.x_axis.scaling.orientation = "maxMin"
    return chart  # type: ignore[no-any-return]


def points(
    sheet: Sheet,
    title: str,
    *,
    header_row: int,
    rows: int,
    x_column: int,
    y_column: int,
    line: tuple[int, int, int],
    axes: tuple[str, str],
    limits: tuple[float, float],
    step: float,
    number_format: str,
    joined: bool = False,
    right_to_left: bool = False,
    width_cm: float = 12.5,
    height_cm: float = 9,
) -> ScatterChart:
    """A chart of points, and the line that they would lie on if all were as promised.

    `line` is the x column, the y column and the number of rows of that line's block, with the same header
    row; `limits` are the ends of both axes, `step` the distance of their marks. `joined` draws few large
    points with a line through them. `right_to_left` begins at the right.
    """
    chart: Any = ScatterChart()
    chart.style, chart.scatterStyle = 13, "lineMarker"
    for x, y, count in (line, (x_column, y_column, rows)):
        last = header_row + max(count, 1)
        across = Reference(sheet, min_col=x, min_row=header_row + 1, max_row=last)
        up = Reference(sheet, min_col=y, min_row=header_row, max_row=last)
        chart.series.append(Series(up, across, title_from_data=True))
    promise, seen = chart.series
    promise.marker.symbol = "none"
    promise.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=SERIES[1], w=15_000))
    seen.marker.symbol, seen.marker.size = "circle", 8 if joined else 3
    seen.marker.graphicalProperties = GraphicalProperties(solidFill=SERIES[0])
    seen.marker.graphicalProperties.line.noFill = True
    seen.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=SERIES[0], w=22_000))
    if not joined:
        seen.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    for series in chart.series:
        series.smooth = False
    chart.title, chart.width, chart.height = title, width_cm, height_cm
    for axis, name in zip((chart.x_axis, chart.y_axis), axes, strict=True):
        axis.title, axis.delete = name, False
        axis.scaling.min, axis.scaling.max = limits
        axis.majorUnit = step
        axis.number_format, axis.numFmt.sourceLinked = number_format, False
        axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=LINE, w=6_000)))
        axis.txPr = _letters(900, MUTED)
        _caption(axis.title, 900, bold=False)
    if right_to_left:
        chart.x_axis.scaling.orientation = "maxMin"
    chart.legend.position, chart.legend.txPr = "b", _letters(900, MUTED)
    _caption(chart.title, 1200)
    return chart  # type: ignore[no-any-return]


def _fill(
    chart: Any, sheet: Any, header_row: int, rows: int, label_column: int, columns: Sequence[int]
) -> None:
    last = header_row + rows
    for column in columns:
        values = Reference(sheet, min_col=column, min_row=header_row, max_row=last)
        chart.series.append(Series(values, title_from_data=True))
    chart.set_categories(Reference(sheet, min_col=label_column, min_row=header_row + 1, max_row=last))


def _tidy(chart: Any, every: int, number_format: str, value_title: str = "") -> None:
    chart.x_axis.delete = chart.y_axis.delete = False  # without this newer versions of Excel hide them
    chart.x_axis.tickLblSkip = chart.x_axis.tickMarkSkip = every
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=LINE, w=6_000))
    chart.y_axis.number_format, chart.y_axis.numFmt.sourceLinked = number_format, False
    chart.legend.position = "b"
    small = _letters(900, MUTED)
    chart.x_axis.txPr, chart.y_axis.txPr, chart.legend.txPr = small, small, small
    _caption(chart.title, 1200)
    if value_title:
        chart.y_axis.title = value_title
        _caption(chart.y_axis.title, 900, bold=False)


def _caption(title: Any, size: int, bold: bool = True) -> None:
    paragraph = title.tx.rich.p[0]
    paragraph.pPr = ParagraphProperties(defRPr=CharacterProperties(sz=size, b=bold))
    for run in paragraph.r:
        run.rPr = CharacterProperties(sz=size, b=bold)


def _letters(size: int, colour: str) -> RichText:
    letters = CharacterProperties(sz=size, solidFill=colour, latin=None)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=letters)])
