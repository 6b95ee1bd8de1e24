"""The charts of the value workbook, drawn from the cells of its tables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from planner.workbooks import style
from planner.workbooks.book import Book, Sheet
from planner.workbooks.charts import Line, lines, points, stacked_columns
from planner.workbooks.value_tables import FORMATS, Place

_RED, _BLUE = style.SERIES[1], style.SERIES[2]
# Of the charts by month: what stands together, and the unit.
TRENDS = {
    "back": (("retention_13m", "first_service"), "share"),
    "coming": (("active_uio", "two_visits_12m", "repeat_rate"), "share"),
    "leaving": (("churn", "revenue_churn"), "share"),
    "nps": (("nps", "nps_12m"), "score"),
    "contacts": (("reminder_to_booking", "booking_to_show", "call_before_visit"), "share"),
    "offers": (("redemption",), "share"),
}
_UP_TO_ALL = ("retention", "held", "back", "coming", "contacts")  # with an axis from none to all
CHARTS_A_ROW = 3
_MONTHS_A_LABEL = 3
HEIGHT_CM = 7.2  # 13.6 rows of 15 points


def retention_chart(book: Book, curve: Place, width_cm: float, height_cm: float = HEIGHT_CM) -> Any:
    """Observed, by the model, projected, with the model's interval."""
    first, header = curve.column, curve.header_row
    drawn = [
        Line(header, first, style.SERIES[0], marks=True),
        Line(header, first + 1, _BLUE),
        Line(header, first + 2, _RED, dashed=True),
        Line(header, first + 3, style.MUTED, thin=True),
        Line(header, first + 4, style.MUTED, thin=True),
    ]
    return _lines(book, curve.sheet, "retention", drawn, curve.rows, "share", width_cm, height_cm=height_cm)


def segments_chart(book: Book, held: Place, width_cm: float, height_cm: float = HEIGHT_CM) -> Any:
    """A line a segment: the share of its cars that came for all services up to each one."""
    drawn = [Line(held.header_row, 2 + number, style.SERIES[number]) for number in range(held.column)]
    chart = _lines(book, held.sheet, "held", drawn, held.rows, "share", width_cm, height_cm=height_cm)
    chart.legend.position = "r"  # below, six names would take the room of the lines
    return chart


def concentration_chart(book: Book, curve: Place, width_cm: float, height_cm: float = HEIGHT_CM) -> Any:
    """Share of the customers, from the best on, and the share of the margin that they bring."""
    texts = book.texts
    chart: Any = points(
        curve.sheet,
        texts("value.chart.concentration"),
        header_row=curve.header_row,
        rows=curve.rows,
        x_column=curve.column,
        y_column=curve.column + 1,
        line=(curve.column, curve.column + 2, curve.rows),
        axes=(texts("value.concentration.customers_share"), texts("value.concentration.margin_share")),
        limits=(0, 1),
        step=0.2,
        number_format=texts.cell_format(style.SHARE),
        joined=True,
        right_to_left=texts.right_to_left,
        width_cm=width_cm,
        height_cm=height_cm,
    )
    chart.series[1].marker.size = 4
    return chart


def flow_chart(book: Book, flow: Place) -> Any:
    """A column a stage of a year ago, in the colours of the stages of today."""
    texts = book.texts
    return stacked_columns(
        flow.sheet,
        texts("value.chart.flow"),
        header_row=flow.header_row,
        rows=flow.rows,
        label_column=1,
        columns=range(2, flow.column + 1),
        width_cm=24,
        height_cm=HEIGHT_CM,
        right_to_left=texts.right_to_left,
        number_format=texts.cell_format(style.WHOLE),
        value_title=texts("value.chart.customers"),
    )


def losses_chart(book: Book, months: Place) -> Any:
    """A column a month: losses that nobody could prevent, those that somebody could, and the unknown."""
    texts = book.texts
    chart = stacked_columns(
        months.sheet,
        texts("value.chart.losses"),
        header_row=months.header_row,
        rows=months.rows,
        label_column=1,
        columns=range(months.column, months.column + 3),
        colours=(style.MUTED, _RED, _BLUE),
        width_cm=11.2,
        height_cm=HEIGHT_CM,
        every=_MONTHS_A_LABEL,
        right_to_left=texts.right_to_left,
        number_format=texts.cell_format(style.WHOLE),
        value_title=texts("value.chart.customers"),
    )
    labels: Any = chart.x_axis
    labels.number_format, labels.numFmt.sourceLinked = texts.cell_format(style.SHORT_MONTH), False
    return chart


def charts_of(metrics: Collection[str]) -> dict[str, list[str]]:
    """The charts by month that these metrics make, and what each draws of them."""
    found = {name: [each for each in drawn if each in metrics] for name, (drawn, _) in TRENDS.items()}
    return {name: drawn for name, drawn in found.items() if drawn}


def trend_charts(book: Book, places: dict[str, Place]) -> list[Any]:
    """The charts by month of TRENDS whose metrics are there."""
    charts = []
    for name, metrics in charts_of(places).items():
        there, unit = [places[metric] for metric in metrics], TRENDS[name][1]
        drawn = [
            Line(place.header_row, place.column, style.SERIES[number]) for number, place in enumerate(there)
        ]
        if name == "nps" and len(drawn) > 1:  # the months jump: the year is what to look at
            drawn[0] = replace(drawn[0], colour=style.MUTED, thin=True)
        chart = _lines(book, there[0].sheet, name, drawn, there[0].rows, unit, 11.2, by_month=True)
        if len(there) == 1:
            chart.legend = None  # the title says it
        charts.append(chart)
    return charts


def _lines(
    book: Book,
    sheet: Sheet,
    name: str,
    drawn: Sequence[Line],
    rows: int,
    unit: str,
    width_cm: float,
    by_month: bool = False,
    height_cm: float = HEIGHT_CM,
) -> Any:
    texts = book.texts
    return lines(
        sheet,
        texts(f"value.chart.{name}"),
        drawn,
        rows=rows,
        width_cm=width_cm,
        height_cm=height_cm,
        every=_MONTHS_A_LABEL if by_month else 1,
        right_to_left=texts.right_to_left,
        number_format=texts.cell_format(style.SHARE if unit == "share" else FORMATS[unit]),
        label_format=texts.cell_format(style.SHORT_MONTH) if by_month else "",
        from_zero=unit == "share" and name != "leaving",
        most=1 if name in _UP_TO_ALL else None,
        label_title=texts("value.chart.service_no") if name == "retention" else "",
        value_title=texts(f"value.chart.{name}.up"),
    )
