"""The value of customers in sentences: what stands on top of the workbook and on the terminal."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import pandas as pd

from planner.value.figures import OVER, TOO_FEW
from planner.value.poor import poor_metrics
from planner.workbooks.texts import Texts
from planner.workbooks.typography import holds_right_to_left

Frames = Mapping[str, pd.DataFrame]

SOUND = ("", "poor_data")  # notes of figures that are there, be it on poor data
BEST_GRADE = "A"


def frame_of(frames: Frames, name: str, *columns: str) -> pd.DataFrame:
    """A frame of the report; where it is missing, an empty one with these columns."""
    found = frames.get(name)
    return pd.DataFrame(columns=list(columns)) if found is None else found


def now(frames: Frames, by: str = "all") -> pd.DataFrame:
    """The figures as of today of one kind of group, in the order of the report."""
    figures = frame_of(frames, "figures", "metric", "by", "month", "note")
    return figures[figures["by"].eq(by) & figures["month"].isna()]


def nothing_on_record(frames: Frames) -> bool:
    """Is there neither a visit nor a purchase up to the day of the report?"""
    quality = frame_of(frames, "quality", "check", "total")
    seen = quality[quality["check"].isin(["visits_fresh", "purchases_fresh"])]
    return len(seen) > 0 and not seen["total"].gt(0).any()


def headline(frames: Frames, texts: Texts, currency: str = "", as_of: date | None = None) -> list[str]:
    """What a manager should know: worth, who comes back, who leaves, who brings it, what to do.

    frames: those of planner.value.report and `to_act_on`. Says so where there is too little to tell, and no
    more than that where nothing is on record by as_of.
    """
    if nothing_on_record(frames):
        by = texts("value.say.nothing", day=texts.day(as_of)) if as_of else texts("value.say.nothing.yet")
        return [by]
    figures = now(frames)
    known = {row["metric"]: row for row in figures.to_dict("records")}

    def shown(metric: str, part: str = "value") -> str:
        row, note = known.get(metric), "last_year_note" if part == "last_year" else "note"
        if row is None or pd.isna(row[part]) or (row[note] or "") not in SOUND:
            return ""
        return amount(row[part], row["unit"], texts, currency)

    def with_last_year(metric: str) -> str:
        value, before = shown(metric), shown(metric, "last_year")
        return texts("value.say.last_year", now=value, before=before) if value and before else value

    poor = _poor(frames)

    def marked(line: str, metrics: Collection[str]) -> str:
        return texts("value.say.poor", sentence=line) if poor.intersection(metrics) else line

    lines = []
    for key, metrics in _SENTENCES.items():
        if key == "stay":
            key, metrics = _stay({metric: known[metric]["value"] for metric in metrics if shown(metric)})
        said = {metric: with_last_year(metric) for metric in metrics}
        if said and all(said.values()):
            line = texts(f"value.say.{key}", **said)
            if key == "stay" and _apart([known[metric] for metric in metrics]):
                line = texts("value.say.stay.apart", sentence=line)
            lines.append(marked(line, metrics))
        elif part := _known_part(key, said, texts):
            lines.append(marked(texts(part, **said), metrics))
        elif key == "worth" and has_no_money(frames):
            lines.append(texts("value.say.worth.no_money"))
        elif key in _NEEDED:
            lines.append(texts(f"value.say.{key}.none"))
    # What is not known is on no data, be they poor or good.
    few = texts("value.say.concentration.none")
    lines += [line if line == few else marked(line, _CONCENTRATED) for line in _concentrated(frames, texts)]
    untold = nobody_to_act_on(frames, texts) if why_nobody(frames) != "none" else ""
    to_do = _to_do(frames, texts, currency)
    lines += [line if line == untold else marked(line, _TO_DO) for line in to_do]
    return [_TWO_STOPS.sub(r".\1", line) for line in lines]


# A currency may end in a full stop of its own, and in a mark of direction after it.
_TWO_STOPS = re.compile("\\.([\u200e\u200f]?)\\.(?!\\.)")
_SENTENCES = {
    "worth": ("margin_per_customer",),
    "stay": ("value_expected", "ltv"),  # the lower and the upper end, see _stay
    "back": ("retention_13m", "two_visits_12m"),
    "leaving": ("churn",),
    "revenue": ("revenue_churn",),
    "opinion": ("nps",),
}
_NEEDED = ("worth", "back", "leaving")


def _known_part(key: str, said: Mapping[str, str], texts: Texts) -> str:
    """The text that says the one figure of a sentence that is known; empty where there is none."""
    known = [f"value.say.{key}.{metric}" for metric, value in said.items() if value]
    return next((part for part in known if part in texts.words), "")


# Figures that rest on the same records as these sentences do: of margin, and of who comes for a service.
_CONCENTRATED = ("margin_per_customer",)
_TO_DO = ("margin_per_customer", "expected_services")


def _poor(frames: Frames) -> frozenset[str]:
    """The metrics on poor data, also those that are too few to tell."""
    figures = now(frames)
    noted = figures.loc[figures["note"].eq("poor_data"), "metric"]
    quality = frame_of(frames, "quality", "check", "grade", "metrics")
    return poor_metrics(quality) | frozenset(noted)


def _stay(known: Mapping[str, float]) -> tuple[str, tuple[str, ...]]:
    """Between which two values a customer lies over the time he stays; known: those that are sound.

    >>> _stay({"value_expected": 300.0, "ltv": 1300.0})
    ('stay', ('value_expected', 'ltv'))
    >>> _stay({"value_expected": 0.0, "ltv": 1300.0})
    ('stay.most', ('ltv',))
    """
    least, most = known.get("value_expected", 0.0), known.get("ltv", 0.0)
    if 0 < least < most:
        return "stay", ("value_expected", "ltv")
    if most > 0:
        return "stay.most", ("ltv",)
    return "stay.least", ("value_expected",) if least > 0 else ()


def _apart(ends: list[dict[Any, Any]]) -> bool:
    """Did one of two figures rise and the other fall since last year, both of enough?"""
    if any((line["last_year_note"] or "") not in SOUND for line in ends):
        return False
    one, other = (float(line["value"] - line["last_year"]) for line in ends)
    return one * other < 0


def has_no_money(frames: Frames) -> bool:
    """Are there visits, and none of them has an amount or a margin?"""
    known = {row["metric"]: row for row in now(frames).to_dict("records")}
    missing = [known.get(name, {}).get("value") for name in ("missing_amount", "missing_margin")]
    return missing == [1, 1] and known.get("margin_per_customer", {}).get("note") == "no_data"


def why_nobody(frames: Frames) -> str:
    """Why there is nobody to keep: no_cars, no_money, no_visits, no_plan; none: all may come."""
    people = frames.get("customers")
    if people is None:
        return "no_money" if has_no_money(frames) else "none"
    if people["stage"].eq("no_car").all():
        return "no_cars"
    if has_no_money(frames):
        return "no_money"
    if people["last_visit_on"].isna().all():
        return "no_visits"
    here = people[~people["stage"].isin(OVER)]
    if here.empty:
        return "no_cars"
    return "no_plan" if here["leaves_probability"].isna().all() else "none"


def nobody_to_act_on(frames: Frames, texts: Texts) -> str:
    """The same in a sentence."""
    return texts(f"value.say.act.{why_nobody(frames)}", lost=texts("sheet.lost"))


def _concentrated(frames: Frames, texts: Texts) -> list[str]:
    curve = frame_of(frames, "concentration", "mark").set_index("mark")
    if not {"best_fifth", "most"} <= set(curve.index):
        return []
    everybody = int(curve["customers"].max())
    if everybody < TOO_FEW:
        return [texts("value.say.concentration.none")]
    fifth, most = (curve.loc[[mark]].iloc[0] for mark in ("best_fifth", "most"))
    return [
        texts(
            "value.say.concentration",
            all=texts.number(everybody),
            margin=texts.share(round(float(fifth["margin_share"]), 3)),
            customers=texts.share(round(float(most["customers_share"]), 3)),
        )
    ]


def _to_do(frames: Frames, texts: Texts, currency: str) -> list[str]:
    """What can still be kept, and apart from it what is lost and can at best be won back."""
    listed = frame_of(frames, "to_act_on", "stage", "at_risk", "value", "next_contact_on", "next_channel")
    lost = listed[listed["stage"].eq("lost")]
    to_keep = listed[~listed["stage"].eq("lost")]
    lines = [nobody_to_act_on(frames, texts)]
    if len(to_keep):
        at_risk = amount(to_keep["at_risk"].sum(), "money", texts, currency)
        none, call = to_keep["next_contact_on"].isna(), to_keep["next_channel"].eq("call").fillna(False)
        how = {"without": none, "calls": ~none & call, "others": ~none & ~call}
        ahead = {name: texts.number(int(which.sum())) for name, which in how.items()}
        counted = _counted(frames, "keep", len(to_keep), texts)
        lines = [texts("value.say.act", at_risk=at_risk, **ahead, **counted)]
    if len(lost):
        value = amount(lost["value"].sum(), "money", texts, currency)
        counted = _counted(frames, "win_back", len(lost), texts)
        lines.append(texts("value.say.act.lost", value=value, **counted))
    return lines


_LEFT_OUT = ("do_not_contact", "money_unknown", "brought_nothing", "may_come")


def _counted(frames: Frames, part: str, listed: int, texts: Texts) -> dict[str, str]:
    """Of how many customers how many are listed, and why the others are not; of `act_counts`."""
    counts = frame_of(frames, "act_counts", "part")
    found = counts[counts["part"].eq(part)].to_dict("records")
    line = found[0] if found else {"customers": listed}
    why = [
        texts(f"value.say.left_out.{reason}", count=texts.number(line[reason]))
        for reason in _LEFT_OUT
        if line.get(reason)
    ]
    left = texts("value.say.left_out", reasons=texts("comma").join(why)) if why else ""
    return {"all": texts.number(line["customers"]), "customers": texts.number(listed), "left_out": left}


def lost_said(frames: Frames, texts: Texts) -> str:
    """Whom the segment of the lost is made of: its number is not that of the stage; empty without anybody."""
    people = frame_of(frames, "customers", "segment", "stage")
    stages = people.loc[people["segment"].eq("lost"), "stage"].value_counts()
    counts = {name: texts.number(int(stages.get(name, 0))) for name in ("lost", "gone", "no_car")}
    return texts("value.segments.lost", all=texts.number(int(stages.sum())), **counts) if len(stages) else ""


def amount(value: float, unit: str, texts: Texts, currency: str = "") -> str:
    """A figure in words: 43.2%, 1,240 USD, +31."""
    if unit == "share":
        return texts.share(round(float(value), 3))
    if unit == "money":
        shown = texts.number(round(float(value)) if abs(value) >= 10 else round(float(value), 2), "#,##0.##")
        return f"{shown} {currency_name(currency, texts)}".strip()
    if unit == "score":
        return texts.number(round(float(value)), "+#,##0;-#,##0")
    return texts.number(round(float(value), 1))


def word(kind: str, code: str, texts: Texts) -> str:
    """The words for a code, or the code; marked for reading, where `Texts.code` leaves them as they are."""
    key = f"{kind}.{code}"
    return texts(key) if key in texts.words else texts.code(kind, code)


def currency_name(currency: str, texts: Texts) -> str:
    """What a currency is called beside a number: its code in English, else its letters or its name."""
    if not currency or texts.language == "en":
        return currency
    from babel.numbers import get_currency_name, get_currency_symbol

    sign = str(get_currency_symbol(currency, locale=texts.language))
    # A sign such as that of the euro does not go with letters from right to left in LibreOffice 7.4.
    return sign if holds_right_to_left(sign) else str(get_currency_name(currency, locale=texts.language))


def money_said(currency: str, texts: Texts) -> str:
    """In which currency all money of the workbook is."""
    if not currency:
        return texts("value.money.own")
    return texts("value.money", currency=currency_name(currency, texts))


def quality_said(frames: Frames, texts: Texts) -> list[str]:
    """The grade of the data, and a sentence for every check that keeps it from being better."""
    quality = frame_of(frames, "quality", "check", "grade")
    if quality.empty or nothing_on_record(frames):
        return [texts("value.quality.none")]
    over = quality[quality["check"].eq("overall")].to_dict("records")
    if not over:
        return []
    first = over[0]
    lines = [texts("value.quality.grade", grade=texts(f"value.grade.{first['grade']}"))]
    if first["grade"] != BEST_GRADE:
        reasons = str(first["metrics"] or "").split(",")
        found = quality[quality["check"].isin(reasons)].to_dict("records")
        lines += [check_said(row, texts) for row in found]
    return lines


def is_poor(frames: Frames) -> bool:
    """Do any figures rest on a check of grade D?"""
    quality = frame_of(frames, "quality", "check", "grade")
    worst = bool((quality["check"].eq("overall") & quality["grade"].eq("D")).any())
    return worst and not nothing_on_record(frames)


def check_said(row: Mapping[Any, Any], texts: Texts) -> str:
    """What a check of the data found, in a sentence."""
    code = row["check"]
    key = f"check.{code}.said"
    if not row["grade"]:
        return texts("value.quality.empty")
    share, last_on = row["share"], row["last_on"]
    if not row["count"] and f"{key}.0" in texts.words:
        key = f"{key}.0"
    if key not in texts.words:
        never = row["kind"] == "fresh" and pd.isna(last_on)
        key = "value.quality.never" if never else f"value.quality.{row['kind']}"
        lately = f"{key}.{row['count']}"  # today and yesterday have words of their own
        key = lately if lately in texts.words else key
    return texts(
        key,
        check=texts.code("check", code),
        count=texts.number(row["count"]),
        total=texts.number(row["total"]),
        share="" if pd.isna(share) else texts.share(round(float(share), 3)),
        last_on="" if pd.isna(last_on) else texts.day(last_on.date()),
    )


def short_said(figures: pd.DataFrame, texts: Texts) -> list[str]:
    """A line on what records that are too short are, where last year's value of a figure has that note."""
    short = "last_year_note" in figures and figures["last_year_note"].eq("too_short").any()
    return [texts("value.too_short")] if short else []


def group_name(by: str, group: str, texts: Texts) -> str:
    """What a group is called: stages and segments have words, models and people their names."""
    return texts.code(by, group) if by in ("stage", "segment") or group == "unknown" else group
