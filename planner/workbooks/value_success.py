"""The sheet of what contacts brought: what works best first, beside customers without contact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planner.outcomes.services import SPOKEN_OF_DAYS
from planner.outcomes.surveys import ANSWER_DAYS
from planner.workbooks import style
from planner.workbooks.book import Book, Sheet, records
from planner.workbooks.charts import Line, lines
from planner.workbooks.pages import keep_together
from planner.workbooks.style import Look
from planner.workbooks.texts import Texts
from planner.workbooks.value_tables import (
    FORMATS,
    SHARE,
    Place,
    heading,
    is_weak,
    nothing,
    room,
    row,
    section,
    title,
)
from planner.workbooks.value_words import Frames, frame_of

# What stands beside each other: results and their columns of SUCCESS.
_INTERVAL = ("share", "low", "high", "out_of")
_BROUGHT = {
    "contacts": ("count",),
    "reached": ("share",),
    "visited": _INTERVAL,
    "booked": _INTERVAL,
    "complained": ("count", *_INTERVAL),
    "opted_out": ("count", *_INTERVAL),
}
_OF_TACTICS = {
    "contacts": ("count",),
    "issued": ("count",),
    "redeemed": ("count", *_INTERVAL),
    "visited": _INTERVAL,
    "booked": _INTERVAL[::3],
    "opted_out": ("count", *_INTERVAL),
}
_OFFERED = {name: _OF_TACTICS[name] for name in ("contacts", "issued", "redeemed")}
_ANSWERED = {
    "contacts": ("count",),
    "scored": ("count", *_INTERVAL),
    "nps": _INTERVAL,
}
_WIDTHS = [30, 8, 10, *([8.5] * 18), 16]
_ACROSS = len(_WIDTHS)
_CHART_ROWS, _MOST_DRAWN = 16, 12
_ABOVE_ROWS, _MOST_KEPT = 7, 8  # of a table: what stands above its rows, and how many of them at least
_LAST_ROWS = 3
_NOTED = style.BODY.but(ink=style.YELLOW_DARK, wrap=False, indent=1)
_DIFFERENCE = SHARE.but(number_format="+0.0;-0.0;0.0")  # of shares: percentage points
_BAND = style.HEADER.but(fill=style.PALE, ink=style.DARK, wrap=False)
_HEADS = {("nps", "share"): "success.score"}


def add_touchpoints(book: Book, frames: Frames, names: Mapping[str, str]) -> None:
    """The sheet, from `success` and `without_contact` of planner.value; names: of the touchpoints."""
    texts = book.texts
    sheet = book.sheet(texts("sheet.touchpoints"), _WIDTHS)
    book.page(sheet, f"{texts('sheet.touchpoints')}{texts('comma')}{book.title}")
    title(book, sheet, texts("sheet.touchpoints"), across=_ACROSS, frames=frames)
    found = frame_of(frames, "success", "by", "group", "result", "count")
    versus = frame_of(frames, "without_contact", "why", "note")
    for line in success_said(found, versus, names, texts):
        book.paragraph(sheet, line, style.PLAIN.but(size=11), _ACROSS)
    for line in texts("success.note", days=SPOKEN_OF_DAYS).split("\n"):
        book.paragraph(sheet, line, style.PLAIN.but(ink=style.MUTED), _ACROSS)
    if _nothing(found):
        return
    chart_at = room(book, sheet, _CHART_ROWS) if _drawn(found) else 0
    for by in ("touchpoint", "channel", "lead"):
        rows = pd.concat([found[found["by"].eq(by)], found[found["by"].eq("all")]])
        _keep_together(book, sheet, rows)
        section(book, sheet, texts(f"success.by.{by}"))
        place = _add_results(book, sheet, rows, _BROUGHT, by, names)
        if by == "touchpoint" and chart_at:
            sheet.add_chart(_chart(book, place, _drawn(found)), f"A{chart_at}")
    plans = found[found["by"].isin(["cycle", "tactic"])]
    _keep_together(book, sheet, plans)
    section(book, sheet, texts("success.by.tactic"), texts("success.by.tactic.note"), _ACROSS)
    if not plans.empty:
        _add_results(book, sheet, plans, _OF_TACTICS, "tactic", names, noted=tuple(_OF_TACTICS))
    if not found["by"].eq("tactic").any():
        nothing(book, sheet, texts("success.by.tactic.none"))
    _add_offers(book, sheet, found, names)
    _add_answers(book, sheet, found, names)
    _add_versus(book, sheet, versus)


def success_said(
    found: pd.DataFrame, versus: pd.DataFrame, names: Mapping[str, str], texts: Texts
) -> list[str]:
    """What brings most visits and bookings, after what most complain or want no more; without contact."""
    if _nothing(found):
        return [texts("success.none")]
    kinds = found[found["by"].eq("touchpoint") & found["note"].eq("")]
    visited = records(kinds[kinds["result"].eq("visited")], _SAID)
    said = [_sentence("success.best", visited[0], names, texts) if visited else texts("success.best.none")]
    booked = records(_surest(kinds[kinds["result"].eq("booked") & kinds["count"].gt(0)]), _SAID)
    said += [_sentence("success.booked_most", line, names, texts) for line in booked[:1]]
    for key, result in (("success.complaints", "complained"), ("success.worst", "opted_out")):
        of_all = found[found["by"].eq("all") & found["result"].eq(result) & found["note"].eq("")]
        some = kinds[kinds["result"].eq(result) & kinds["count"].gt(0)]
        said += _worst(key, records(of_all, _SAID), records(_surest(some), _SAID), names, texts)
    sound = versus[versus["why"].eq("all") & versus["note"].eq("")]
    if sound.empty:
        return [*said, texts("success.against.none")]
    line = sound.iloc[0]
    points = {name: texts.number(round(100 * line[name], 1), "+0.#;-0.#;0") for name in ("low", "high")}
    with_, without = (texts.share(round(line[name], 3)) for name in ("contacted_share", "others_share"))
    more = texts.number(round(100 * line["difference"], 1), "+0.#;-0.#;0")
    return [*said, texts("success.against", share=with_, others=without, points=more, **points)]


def _surest(some: pd.DataFrame) -> pd.DataFrame:
    """By the lower end of the share, as with few contacts a high one may be chance."""
    return some.sort_values(["low", "group"], ascending=[False, True])


def _worst(
    key: str,
    of_all: list[dict[str, Any]],
    kinds: list[dict[str, Any]],
    names: Mapping[str, str],
    texts: Texts,
) -> list[str]:
    """After which kind of contact most of something: named only if its interval is clear of all others.

    of_all: of all contacts, none if they are too few; kinds: those with some, the surest share first.
    """
    if not of_all:
        return []
    others = [line["high"] for line in (*of_all, *kinds[1:])]
    if kinds and kinds[0]["low"] > max(others):
        return [_sentence(key, kinds[0], names, texts)]
    which = texts("success.which") if kinds else ""
    return [
        texts("success.and", sentence=_sentence(f"{key}.all", of_all[0], names, texts), which=which).strip()
    ]


_SAID = ["group", "count", "share", "low", "high", "out_of"]


def _sentence(key: str, line: dict[str, Any], names: Mapping[str, str], texts: Texts) -> str:
    shares = {name: texts.share(round(line[name], 3)) for name in ("share", "low", "high")}
    name = _called(line["group"], names, texts)
    counts = {name: texts.number(line[name]) for name in ("count", "out_of")}
    return texts(key, name=name, **counts, **shares)


def _nothing(found: pd.DataFrame) -> bool:
    return not found.loc[found["by"].eq("all") & found["result"].eq("contacts"), "count"].gt(0).any()


def _add_results(
    book: Book,
    sheet: Sheet,
    found: pd.DataFrame,
    shown: Mapping[str, tuple[str, ...]],
    by: str,
    names: Mapping[str, str],
    noted: str | tuple[str, ...] = "opted_out",
) -> Place:
    """A row a group, results side by side, what is too few to tell in grey; where the visits stand.

    noted: the result of which it is said at the end of the row; that of contacts is out of all of them. Of
    several it is said that the grey ones are too few.
    """
    texts = book.texts
    columns = [(result, name) for result, listed in shown.items() for name in listed]
    # Where several columns are of one result, its name stands above the first.
    several = [len(shown[result]) > 1 for result, _ in columns]
    named = [texts(f"success.{result}") for result, _ in columns]
    first = [name == shown[result][0] for result, name in columns]
    band = [name if many and begins else "" for name, many, begins in zip(named, several, first, strict=True)]
    heads = [
        texts(_HEADS.get((result, column), f"success.{column}")) if many else name
        for (result, column), name, many in zip(columns, named, several, strict=True)
    ]
    after = [""] * min(len(_WIDTHS) - len(columns) - 1, 2)  # where the note stands, which may be long
    bands = [None, *(name or None for name in band), *(None for _ in after)]
    book.append(sheet, row(book, sheet, bands, [_BAND] * len(bands)))
    header_row = heading(book, sheet, [texts(f"success.one.{by}"), *heads, *after])
    lines_ = records(found, ["by", "group", "result", "count", *_INTERVAL, "note"])
    groups = list(dict.fromkeys((line["by"], line["group"]) for line in lines_))
    known = {(line["by"], line["group"], line["result"]): line for line in lines_}
    for number, (kind, group) in enumerate(groups):
        total = kind == "all"
        if len(groups) - number == _LAST_ROWS:
            keep_together(book, sheet, _LAST_ROWS)  # no total stands alone on a page
        cells: list[Any] = [_name(kind, group, names, texts)]
        looks = [style.TOTAL_LABEL if total else style.STRONG]
        for result, name in columns:
            line = known[kind, group, result]
            value = None if line["note"] == "no_data" else line[name]
            score = result == "nps" and name != "out_of"
            cells.append(100 * value if score and value is not None else value)
            look = _look(name, is_weak(line["note"]), total)
            looks.append(look.but(number_format=FORMATS["score"]) if score else look)
        cells.append(_note({name: known[kind, group, name]["note"] for name in shown}, noted, texts))
        cells += [None] * (len(after) - 1)  # so that the line is as long as the header
        looks += [_NOTED.but(fill=style.PALE if total else "")] * len(after)
        book.append(sheet, row(book, sheet, cells, looks))
    at = columns.index(("visited", "share")) + 2 if "visited" in shown else 0
    return Place(sheet, header_row, at, len(groups))


def _keep_together(book: Book, sheet: Sheet, found: pd.DataFrame) -> None:
    """The heading of a table with it on one page, or with the first rows of a long one."""
    groups = len(found[["by", "group"]].drop_duplicates())
    keep_together(book, sheet, _ABOVE_ROWS + min(groups, _MOST_KEPT))


def _note(notes: Mapping[str, str], noted: str | tuple[str, ...], texts: Texts) -> str | None:
    """What stands at the end of a row; notes: of its results."""
    if isinstance(noted, str):
        return texts(f"noted.{notes[noted]}") if notes[noted] else None
    return texts("success.grey") if any(notes[name] == "too_few" for name in noted) else None


def _add_offers(book: Book, sheet: Sheet, found: pd.DataFrame, names: Mapping[str, str]) -> None:
    """The offers that were issued after each kind of contact: exports do not say which they came with."""
    issued = found[
        found["result"].eq("issued") & found["count"].gt(0) & found["by"].isin(["touchpoint", "all"])
    ]
    rows = found.merge(issued[["by", "group"]], on=["by", "group"])
    if rows.empty:
        return
    texts = book.texts
    _keep_together(book, sheet, rows)
    section(book, sheet, texts("success.offers"), texts("success.offers.note"), _ACROSS)
    many = rows["group"].map(issued[issued["by"].eq("touchpoint")].set_index("group")["count"])
    ordered = rows.assign(many=many.fillna(-1)).sort_values("many", ascending=False, kind="stable")
    _add_results(book, sheet, ordered, _OFFERED, "touchpoint", names, noted=("redeemed",))


def _add_answers(book: Book, sheet: Sheet, found: pd.DataFrame, names: Mapping[str, str]) -> None:
    """How many answer where contacts ask for an opinion, and their score: by tactic and touchpoint."""
    asked = found[found["result"].eq("scored") & found["out_of"].gt(0)]
    rows = found.merge(asked[["by", "group"]], on=["by", "group"])
    if rows.empty:
        return
    texts = book.texts
    _keep_together(book, sheet, rows)
    section(book, sheet, texts("success.answers"), texts("success.answers.note", days=ANSWER_DAYS), _ACROSS)
    ordered = pd.concat([rows[rows["by"].eq(by)] for by in ("tactic", "touchpoint", "all")])
    _add_results(book, sheet, ordered, _ANSWERED, "touchpoint", names, noted="nps")


def _look(name: str, weak: bool, total: bool) -> Look:
    look = style.NUMBER if name in ("count", "out_of") else SHARE.but(bold=name == "share" and not weak)
    light = weak or name in ("low", "high", "out_of")
    return look.but(ink=style.MUTED if light else style.INK, fill=style.PALE if total else "")


def _called(code: str, names: Mapping[str, str], texts: Texts) -> str:
    """The name of a touchpoint; where several have the same one, with its code behind it."""
    name = names.get(code, code)
    shown = texts.touchpoint(name)
    several = list(names.values()).count(name) > 1
    return texts("success.named", name=shown, code=code) if several else shown


def _name(by: str, group: str, names: Mapping[str, str], texts: Texts) -> str:
    if by == "all":
        return texts("success.all")
    if by == "touchpoint":
        return _called(group, names, texts)
    return texts(f"{by}.{group}") if by in ("lead", "cycle") else texts.code(by, group)


def _drawn(found: pd.DataFrame) -> int:
    """How many touchpoints are drawn: the first ones, as far as their visits are enough to tell."""
    visited = found[found["by"].eq("touchpoint") & found["result"].eq("visited")]
    sound = visited["note"].eq("").to_numpy(dtype=bool)
    return min(int(sound.cumprod().sum()), _MOST_DRAWN)


def _chart(book: Book, place: Place, rows: int) -> Any:
    """The share of each touchpoint as a point, between the ends of its range."""
    looks = ((0, style.SERIES[0]), (1, style.SERIES[2]), (2, style.SERIES[1]))
    drawn = [Line(place.header_row, place.column + at, colour, marks=True) for at, colour in looks]
    chart: Any = lines(
        place.sheet,
        book.texts("success.chart"),
        drawn,
        rows=rows,
        width_cm=26,
        height_cm=8,
        right_to_left=book.texts.right_to_left,
        number_format=book.texts.cell_format(style.SHARE),
        value_title=book.texts("success.chart.up"),
    )
    for series in chart.series[1:]:
        series.marker.symbol, series.marker.size = "dash", 9
    return chart


def _add_versus(book: Book, sheet: Sheet, versus: pd.DataFrame) -> None:
    """Who came of those contacted and of those not, by the reason why not."""
    texts = book.texts
    keep_together(book, sheet, _ABOVE_ROWS + len(versus))
    section(book, sheet, texts("success.versus"), texts("success.versus.note"), _ACROSS)
    if versus.empty:
        nothing(book, sheet, texts("success.against.none"))
        return
    names = ["contacted", "contacted_came", "contacted_share", "others", "others_came", "others_share",
             "difference", "low", "high"]  # fmt: skip
    band = ["success.with", "", "", "success.without", "", "", "success.difference", "", ""]
    side = ["success.services", "success.came", "success.share"]
    heads = [*side, *side, "success.share", "success.low", "success.high"]
    bands = [None, *(texts(key) if key else None for key in band), None, None]
    book.append(sheet, row(book, sheet, bands, [_BAND] * len(bands)))
    heading(book, sheet, [texts("success.why"), *(texts(key) for key in heads), "", ""])
    for line in records(versus, ["why", *names, "note"]):
        weak = is_weak(line["note"])
        ink = style.MUTED if weak else style.INK
        looks = [style.STRONG]
        for name in names:
            look = style.NUMBER if name in ("contacted", "others") or name.endswith("came") else SHARE
            look = _DIFFERENCE if name in names[-3:] else look
            looks.append(look.but(ink=ink, bold=name == "difference" and not weak))
        said = texts(f"noted.{line['note']}") if weak else None
        looks.append(_NOTED)
        for name in names[-3:]:
            line[name] = None if line[name] is None else round(100 * line[name], 1)
        cells = [texts(f"success.why.{line['why']}"), *(line[name] for name in names), said]
        book.append(sheet, row(book, sheet, cells, looks))
