"""The figures of a validation in sentences: what stands on top of the workbook and on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.workbooks.texts import Texts

Figures = Mapping[str, Any]

ENOUGH = 0.1  # of the visits: a method with fewer answers is no rival
SHOWN = ("7", "14", "30")  # what the sentences and tables always have; more is the user's own tolerance


def headline(figures: Figures, texts: Texts) -> list[str]:
    """What a manager should know, most important first; one sentence that says why if nothing was scored."""
    if not figures["visits_scored"]:
        return [
            texts("validation.none", why=_why(figures["visits_not_scored"], texts)),
            *_over(figures, texts),
        ]
    windows, within = figures["intervals"], figures["within"]
    lines = [
        texts(
            "validation.error",
            visits=texts.number(figures["visits_scored"]),
            median=texts.number(figures["median_absolute_error_days"]),
            within=texts.share(within["30"]),
        )
    ]
    lines += [
        texts("validation.tolerance", days=int(limit), within=texts.share(within[limit]))
        for limit in within
        if limit not in SHOWN
    ]
    mean = _towards(figures["bias_days"], "validation.mean", texts)
    median = _towards(figures["median_bias_days"], "validation.middle", texts)
    lines.append(texts("validation.bias", mean=mean, median=median))
    lines.append(
        texts(
            "validation.windows",
            held_80=texts.share(windows["0.8"]["coverage"]),
            width_80=texts.number(windows["0.8"]["median_width_days"]),
            held_96=texts.share(windows["0.96"]["coverage"]),
            width_96=texts.number(windows["0.96"]["median_width_days"]),
        )
    )
    lines.append(
        texts(
            "validation.contacts",
            preceded=texts.share(figures["preceded_by_contact"]),
            contacted=texts.share(figures["contacted_1_to_45_days_before"]),
            called=texts.share(figures["called_1_to_45_days_before"]),
        )
    )
    return lines + _over(figures, texts) + _rival(figures, texts)


def _towards(bias: float, key: str, texts: Texts) -> str:
    """How much later or earlier, in words; nothing where it rounds to nothing."""
    off = round(abs(bias), 1)
    days = texts.days(int(off)) if off == int(off) else texts("days.other", count=texts.number(off))
    towards = "no_bias" if round(abs(bias), 1) == 0 else "later" if bias > 0 else "earlier"
    return texts(f"{key}.{towards}", days=days)


def _why(not_scored: Mapping[str, int], texts: Texts) -> str:
    if not not_scored:
        return texts("validation.no_visits")
    reasons = texts("comma").join(
        f"{texts.number(count)} {texts.code('not_scored', code)}" for code, count in not_scored.items()
    )
    return texts("validation.left_out", count=texts.number(sum(not_scored.values())), reasons=reasons)


def _over(figures: Figures, texts: Texts) -> list[str]:
    closed = figures["predictions_closed"]
    if not closed:
        return []
    came = texts.share(figures["predictions_came_true_share"])
    return [texts("validation.over", closed=texts.number(closed), share=came)]


def _rival(figures: Figures, texts: Texts) -> list[str]:
    """The simple method beside which the forecast looks worst, on the visits that it has an answer for."""
    least = ENOUGH * figures["visits_scored"]
    rivals = []
    for name, method in figures["baselines"].items():
        if method["visits_scored"] >= max(1, least):
            theirs = method["median_absolute_error_days"]
            ours = method["forecast_on_same_visits"]["median_absolute_error_days"]
            rivals.append((theirs - ours, theirs, ours, method["visits_scored"], name))
    if not rivals:
        return []
    ahead, theirs, ours, visits, name = min(rivals)
    return [
        texts(
            "validation.better" if ahead > 0 else "validation.worse",
            method=texts.code("method", name),
            theirs=texts.number(theirs),
            ours=texts.number(ours),
            visits=texts.number(visits),
        )
    ]
