"""Figures of the value workbook, followed by hand: from the numbers that stand beside them."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from planner.value.figures import BY_MONTH, METRICS
from planner.workbooks.value_by_hand import ByHand
from tests.value_book import (
    ENGLISH,
    row_of,
)


class TestByHand:
    """The numbers beside a figure give the figure."""

    def test_every_figure_has_its_numbers(self, whole: dict[str, pd.DataFrame]) -> None:
        by_hand = ByHand.of(whole)
        there = {metric for metric, line in by_hand.figures.items() if line["value"] is not None}
        assert there == {*METRICS} - {*BY_MONTH}, "the world of the test lacks something"
        assert all(by_hand.inputs(metric) for metric in there)
        assert all(by_hand.worked(metric, ENGLISH) for metric in there)

    def test_net_lifetime_value_by_a_pocket_calculator(self, book: Any) -> None:
        """From what is printed on the first page, read as a person would; the formula stands here again."""
        row = row_of(book["Headline"], "Net lifetime value, EUR")
        margin, contacts, stay, discount, again, cost = (
            float(number) for number in re.findall(r"(?<= )\d[\d.]*(?=[ )]|$)", row[6].replace("(1 ", "("))
        )
        assert (discount, cost, again) == (0.1, 250, stay)
        found = (margin - contacts) * stay / (1 + discount - stay) - cost
        assert contacts > 0
        assert found == pytest.approx(row[1], abs=0.5)

    @pytest.mark.parametrize(
        ("metric", "label"),
        [("margin_per_customer", "Margin a customer a year, EUR"), ("ltv", "Lifetime value (LTV), EUR"),
         ("ltv_to_cac", "LTV to cost of winning"), ("churn", "Churn a year"),
         ("revenue_churn", "Net revenue churn"),
         ("booking_to_show", "Bookings kept"), ("missing_margin", "Visits without a margin")],
    )  # fmt: skip
    def test_one_printed_number_over_the_other(self, book: Any, metric: str, label: str) -> None:
        row = row_of(book["Headline"], label)
        first, second = (float(part.split()[-1].replace(",", "")) for part in row[6].rsplit(" / ", 1))
        assert first / second == pytest.approx(row[1], rel=2e-4)

    def test_expected_value(self, book: Any, whole: dict[str, pd.DataFrame]) -> None:
        """On the first page, in the cells of the definitions, and car by car in --json."""
        shown = row_of(book["Headline"], "Expected value, a customer, EUR")
        found = re.fullmatch(
            r"\(margin a service x services to come: ([\d,.]+) - brought already: ([\d,.]+)\) / "
            r"active customers: ([\d,]+)",
            shown[6],
        )
        assert found
        services, already, customers = (float(part.replace(",", "")) for part in found.groups())
        assert already > 0
        assert (services - already) / customers == pytest.approx(shown[1], rel=2e-4)
        sheet = book["How it is worked out"]
        start = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Expected value, a customer")
        value, services, already, customers = (sheet.cell(start + n, 2).value for n in range(4))
        assert (services - already) / customers == pytest.approx(value)
        cars = whole["expected"]
        of_car = cars["services_expected"] * cars["margin_per_service"] - cars["brought_already"]
        assert of_car.tolist() == cars["value_expected"].tolist()
        assert of_car.sum() == pytest.approx(value * customers)

    def test_simple_value_and_score(self, book: Any) -> None:
        sheet = book["Headline"]
        row = row_of(sheet, "Simple value, customer, EUR")
        found = re.fullmatch(
            r"margin of 12 months: ([\d,.]+) x years: (\d+) / active customers: (\d+)", row[6]
        )
        assert found
        margin, years, customers = (float(part.replace(",", "")) for part in found.groups())
        assert margin * years / customers == pytest.approx(row[1], rel=2e-4)
        row = row_of(sheet, "Net promoter score")
        found = re.fullmatch(r"100 x .*: (-?\d+) / answers: (\d+)", row[6])
        assert found
        assert 100 * float(found[1]) / float(found[2]) == pytest.approx(row[1])

    def test_expected_services_are_the_sum_of_the_discounted_ones(self, book: Any) -> None:
        sheet = book["Retention"]
        header = next(row for row in sheet.iter_rows() if row[0].value == "Service number")
        place = [cell.value for cell in header].index("Discounted")
        rows = [
            [cell.value for cell in row]
            for row in sheet.iter_rows(min_row=header[0].row + 2, max_row=header[0].row + 15)
        ]
        total = next(row[place] for row in rows if row[0] == "Services still to come, a new car")
        assert sum(row[place] for row in rows if isinstance(row[0], int)) < total
        assert sum(row[place] for row in rows[:13]) == pytest.approx(total)
        shown = row_of(book["Headline"], "Services still to come, a new car")
        assert shown[1] == pytest.approx(total)
        assert shown[3] == round(shown[1] - shown[2], 1)  # less last year
        # By the model and the discount of the sheet of definitions: 1 / (1 + d) for the second, and so on.
        discount = row_of(book["How it is worked out"], "Discount from service to service")[1]
        assert rows[1][place] == pytest.approx(rows[1][4] / (1 + discount))

    def test_observed_shares_follow_from_the_counts(self, book: Any) -> None:
        sheet = book["Retention"]
        header = next(row for row in sheet.iter_rows() if row[0].value == "Service number")
        before = 1.0
        seen = 0
        for row in sheet.iter_rows(min_row=header[0].row + 2, max_row=header[0].row + 13, values_only=True):
            _, could, came, observed, fitted, projected, *_ = row
            if could and could >= 30:
                before *= came / could
                assert observed == pytest.approx(before)
                assert fitted is not None
                seen += 1
            else:
                assert (observed, fitted) == (None, None)
                assert projected is not None
        assert 2 <= seen < 12

    def test_the_numbers_on_the_sheet_of_definitions_are_numbers(self, book: Any) -> None:
        sheet = book["How it is worked out"]
        start = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Net lifetime value")
        net, margin, contacts, churn, stay, discount, cost = (
            sheet.cell(start + number, 2).value for number in range(7)
        )
        assert stay == 1 - churn
        assert (margin - contacts) * stay / (1 + discount - stay) - cost == pytest.approx(net)


def test_first_number_over_second_in_every_month_and_group(whole: dict[str, pd.DataFrame]) -> None:
    """What the notes of the sheets 'By month' and 'By group' say of all figures on them."""
    figures = whole["figures"].query("metric not in ('cac', 'expected_services', 'active_customers')")
    there = figures[figures["value"].notna()]
    scale = there["metric"].map({"nps": 100.0, "nps_12m": 100.0}).fillna(1.0)
    less = there["metric"].map({"clv_net": 250.0}).fillna(0.0)
    found = scale * there["numerator"] / there["denominator"] - less
    assert len(there) > 1000
    assert found.to_list() == pytest.approx(there["value"].to_list())
