"""What a figure was worked out from: the numbers of its formula, so that anybody can follow it by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.workbooks.book import records
from planner.workbooks.texts import Texts
from planner.workbooks.value_words import Frames, frame_of, now, word

# The units of the two numbers of a metric, where they are not counts: `rate` is a share with all its digits.
NUMBERS = {
    "margin_per_customer": ("money", "count"),
    "value_simple_customer": ("money", "count"),
    "value_simple_household": ("money", "count"),
    "ltv": ("money", "rate"),
    "clv_net": ("money", "rate"),
    "cac": ("money", "count"),
    "ltv_to_cac": ("money", "money"),
    "contact_cost": ("money", "count"),
    "value_expected": ("money", "count"),
    "revenue_churn": ("money", "money"),
}
COUNTS = ("count", "count")
_SIMPLE = ("value_simple_customer", "value_simple_household")
_OF_ITS_OWN = ("clv_net", "cac", "nps", "active_customers", "expected_services", "value_expected")
_PATTERNS = {"rate": "0.0####", "count": "#,##0.##"}


@dataclass(frozen=True)
class Input:
    """One number of a formula: the key of its name, or the name of the setting that it is."""

    key: str
    value: float
    unit: str


@dataclass(frozen=True)
class ByHand:
    """The figures of today by metric, and the settings by name: what the formulas take their numbers from."""

    figures: Mapping[str, Mapping[str, Any]]
    settings: Mapping[str, float]
    fit: Mapping[str, Any]  # of all cars; empty without one
    to_come: Mapping[str, float | None]  # of all cars: what services bring, and what has come already

    @classmethod
    def of(cls, frames: Frames) -> ByHand:
        """Of the frames of planner.value.report and `assumptions` of planner.lists_value."""
        names = ["metric", "value", "numerator", "denominator"]
        given = frame_of(frames, "assumptions", "setting", "value")
        fits = frame_of(frames, "fits", "by")
        fits = fits[fits["by"].eq("all")]
        found = records(fits, ["discount_per_service"])
        cars = frame_of(frames, "expected", "services_expected", "margin_per_service", "brought_already")
        brings, already = cars["services_expected"] * cars["margin_per_service"], cars["brought_already"]
        return cls(
            {line["metric"]: line for line in records(now(frames), names)},
            dict(zip(given["setting"], given["value"], strict=True)),
            found[0] if found else {},
            {"services": brings.sum(min_count=1), "already": already.sum(min_count=1)},
        )

    def inputs(self, metric: str) -> list[Input]:
        """The numbers of a metric's formula in its order; none where one of them is missing."""
        line = self.figures[metric]
        first, second = NUMBERS.get(metric, COUNTS)
        years, cost = self.settings.get("simple_years"), self.settings.get("acquisition_cost")
        if metric in _SIMPLE:
            margin = None if _none(line["numerator"], years) else line["numerator"] / years
            found = [
                ("value.input.margin_12m", margin, "money"),
                ("setting.simple_years", years, "count"),
                (f"out_of.{metric}", line["denominator"], "count"),
            ]
        elif metric == "clv_net":
            churn = self._value("churn")
            found = [
                ("metric.margin_per_customer", self._value("margin_per_customer"), "money"),
                ("metric.contact_cost", self._value("contact_cost") or 0.0, "money"),
                ("metric.churn", churn, "rate"),
                ("value.input.stay", None if churn is None else 1 - churn, "rate"),
                ("setting.discount_rate", self.settings.get("discount_rate"), "rate"),
                ("setting.acquisition_cost", cost, "money"),
            ]
        elif metric == "cac":
            found = [("setting.acquisition_cost", cost, "money")]
        elif metric == "expected_services":
            found = [
                *self._time_between_services(),
                ("value.input.discount_per_service", self.fit.get("discount_per_service"), "rate"),
                (f"out_of.{metric}", line["denominator"], "count"),
            ]
        elif metric == "value_expected":
            found = [
                ("value.input.services_to_come", self.to_come["services"], "money"),
                ("value.input.brought_already", self.to_come["already"], "money"),
                (f"out_of.{metric}", line["denominator"], "count"),
            ]
        else:
            found = [(f"counted.{metric}", line["numerator"], first),
                     (f"out_of.{metric}", line["denominator"], second)]  # fmt: skip
        if line["value"] is None or _none(*(value for _, value, _ in found)):
            return []
        return [Input(*each) for each in found]

    def _time_between_services(self) -> list[tuple[str, float | None, str]]:
        """What the discount from service to service is made of: (1 + discount a year) ^ (months / 12) - 1.

        The months are worked back from it; without a discount there is nothing to tell.
        """
        yearly, between = self.settings.get("discount_rate"), self.fit.get("discount_per_service")
        if yearly is None or between is None or not (yearly > 0 and between > 0):
            return []
        months = 12 * math.log1p(between) / math.log1p(yearly)
        return [("setting.discount_rate", yearly, "rate"), ("value.input.months_between", months, "months")]

    def worked(self, metric: str, texts: Texts) -> str:
        """The formula of a metric with its numbers, in a line; empty where there is no figure."""
        inputs = self.inputs(metric)
        if not inputs:
            return ""
        shown = [number(each.value, each.unit, texts) for each in inputs]
        if metric == "clv_net":
            names = ("margin", "contacts", "churn", "stay", "discount", "cost")
            return texts("worked.clv_net", **dict(zip(names, shown, strict=True)))
        said = {
            "counted": word("counted", metric, texts),
            "out_of": word("out_of", metric, texts),
            "first": shown[0],
            "second": shown[-1],
            "years": shown[1] if metric in _SIMPLE else "",
            "already": shown[1] if metric == "value_expected" else "",
        }
        return texts(f"worked.{_key(metric)}", **said)

    def _value(self, metric: str) -> float | None:
        line = self.figures.get(metric)
        return None if line is None else line["value"]


def formula(metric: str, texts: Texts) -> str:
    """The formula of a metric in words."""
    out_of = word("out_of", metric, texts)
    return texts(f"formula.{_key(metric)}", counted=word("counted", metric, texts), out_of=out_of)


def definitions(frames: Frames, texts: Texts) -> dict[str, list[dict[str, Any]]]:
    """What stands on the sheet of definitions, for machines: figures (metric, name, formula, meaning, inputs)
    in their order, and the other words (word, formula, meaning)."""
    by_hand = ByHand.of(frames)
    figures = [
        {
            "metric": metric,
            "name": word("metric", metric, texts),
            "formula": formula(metric, texts),
            "meaning": word("explained", metric, texts),
            "inputs": {texts(each.key): float(each.value) for each in by_hand.inputs(metric)},
        }
        for metric in by_hand.figures
    ]
    lines = (line.split("|") for line in texts("value.definitions").split("\n"))
    words = [dict(zip(("word", "formula", "meaning"), map(str.strip, parts), strict=True)) for parts in lines]
    return {"figures": figures, "words": words}


def number(value: float, unit: str, texts: Texts) -> str:
    """A number of a formula with so many digits that the result comes out as shown."""
    if unit == "money":
        return texts.number(value, "#,##0" if abs(value) >= 10_000 else "#,##0.00")
    return texts.number(value, _PATTERNS.get(unit, "#,##0.##"))


def _key(metric: str) -> str:
    return "value_simple" if metric in _SIMPLE else metric if metric in _OF_ITS_OWN else "divided"


def _none(*values: Any) -> bool:
    return any(value is None or pd.isna(value) for value in values)
