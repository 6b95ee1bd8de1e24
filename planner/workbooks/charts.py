"""Native charts of a block of cells: stacked columns, and a line across them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties

from planner.workbooks.book import Sheet
from planner.workbooks.style import LINE, MUTED, SERIES


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
) -> BarChart:
    """A chart of the cells below `header_row`: one series a column, stacked; every n-th label shown."""
    chart: Any = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 45
    _fill(chart, sheet, header_row, rows, label_column, columns)
    for number, series in enumerate(chart.series):
        series.graphicalProperties = GraphicalProperties(solidFill=colours[number % len(colours)])
        series.graphicalProperties.line.noFill = True
    chart.title, chart.width, chart.height = title, width_cm, height_cm
    _tidy(chart, every)
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


def _fill(
    chart: Any, sheet: Any, header_row: int, rows: int, label_column: int, columns: Sequence[int]
) -> None:
    last = header_row + rows
    for column in columns:
        values = Reference(sheet, min_col=column, min_row=header_row, max_row=last)
        chart.series.append(Series(values, title_from_data=True))
    chart.set_categories(Reference(sheet, min_col=label_column, min_row=header_row + 1, max_row=last))


def _tidy(chart: Any, every: int) -> None:
    chart.x_axis.delete = chart.y_axis.delete = False  # without this newer versions of Excel hide them
    chart.x_axis.tickLblSkip = chart.x_axis.tickMarkSkip = every
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=LINE, w=6_000))
    chart.y_axis.number_format, chart.y_axis.numFmt.sourceLinked = "#,##0", False
    chart.legend.position = "b"
    small = _letters(900, MUTED)
    chart.x_axis.txPr, chart.y_axis.txPr, chart.legend.txPr = small, small, small
    chart.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=1200, b=True))
    for run in chart.title.tx.rich.p[0].r:
        run.rPr = CharacterProperties(sz=1200, b=True)


def _letters(size: int, colour: str) -> RichText:
    letters = CharacterProperties(sz=size, solidFill=colour, latin=None)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=letters)])
