"""A cycle is a table that people edit in Excel: one row a touchpoint. Here it is read and checked."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from planner.errors import SettingsError
from planner.settings import CYCLES, Settings
from planner.tables import CHANNELS

PURPOSES = ("service", "survey", "marketing", "greeting")
WHENS = ("always", "overdue", "not-booked")
ON_CONFLICT = ("hold", "shift", "float", "drop")
NUMBERED = ("service", "visit", "season", "birthday")  # need :n, or :each in the yearly cycle
REPEATING = (*NUMBERED, "anniversary")
SINGLE = ("purchase", "finance_end", "warranty_end", "lapsed")

COLUMNS = {
    "id": "str",
    "name": "str",
    "stage": "str",
    "anchor": "str",
    "offset_days": "int64",
    "from_days": "int64",
    "to_days": "int64",
    "channel": "str",
    "priority": "int64",
    "min_gap_days": "int64",
    "purpose": "str",
    "when": "str",
    "on_conflict": "str",
    "script": "str",
}
OPTIONAL = "instead"
WORDS = {"channel": CHANNELS, "purpose": PURPOSES, "when": WHENS, "on_conflict": ON_CONFLICT}


@dataclass(frozen=True)
class Cycles:
    """All touchpoints in one table.

    `touchpoints`: the columns of a cycle file, with `anchor` split into `kind` (service, visit, ...)
    and `number` (0 for anchors without one), `instead` ("" where the file has none), `repeats` (the
    touchpoint comes again with every occurrence of its anchor), `first_number`, the first occurrence
    that a repeating one is for, and `tactic`, the cycle (new_car, older_car, win_back) or the tactic that
    it belongs to.
    One row a touchpoint, in the order of the files.
    """

    touchpoints: pd.DataFrame

    def __post_init__(self) -> None:
        doubled = self.touchpoints["id"][self.touchpoints["id"].duplicated()]
        if len(doubled):
            raise SettingsError(f"cycles: touchpoint id {doubled.iloc[0]!r} stands twice; ids must be unique")

    def uses(self, purpose: str | None = None) -> list[tuple[str, str]]:
        """Every script with every channel that it may go by; only those of a purpose if one is named."""
        rows = self.touchpoints if purpose is None else self.touchpoints.query("purpose == @purpose")
        own = zip(rows["channel"], rows["script"], strict=True)
        instead = (pair for cell in rows[OPTIONAL].unique() for pair in others(str(cell)))
        return [(script, channel) for channel, script in dict.fromkeys([*own, *instead])]

    def anchors_from(self, as_of: date) -> date:
        """The earliest day of an anchor on which a window of as_of or later can hang."""
        longest = max(0, int(self.touchpoints["to_days"].max()))
        return as_of - timedelta(days=min(longest, (as_of - date.min).days))

    def anchors_until(self, until: date) -> date:
        """The day before which every anchor lies that a contact before `until` can hang on."""
        lead = max(0, -int(self.touchpoints["from_days"].min()))
        return until + timedelta(days=min(lead, (date.max - until).days))


def load_cycles(settings: Settings) -> Cycles:
    """The cycles that the settings name; raises SettingsError with file, row and column."""
    tables = [read_cycle(path).assign(tactic=name) for name, path in settings.cycle_paths.items()]
    touchpoints = pd.concat(tables, ignore_index=True)
    touchpoints["repeats"] = touchpoints["anchor"].str.endswith(":each") | (touchpoints["kind"] == "lapsed")
    # A repeating touchpoint begins where the cycle of the new car ends: three numbered services
    # there make the fourth the first of the yearly cycle; anniversaries begin with the third.
    covered = {"anniversary": 2, "lapsed": 0} | dict(tables[0].groupby("kind")["number"].max())
    goes_on = touchpoints["tactic"].isin(CYCLES)  # a tactic is beside the cycles, from the first time on
    covers = touchpoints["kind"].map(covered).where(goes_on)
    touchpoints["first_number"] = covers.fillna(0).astype("int64") + 1
    return Cycles(touchpoints)


def read_cycle(path: Path) -> pd.DataFrame:
    """One cycle file as a table; raises SettingsError with file, row and column."""
    try:
        raw = pd.read_csv(
            path, sep=None, engine="python", encoding="utf-8-sig", dtype="str", keep_default_na=False
        )
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError, csv.Error) as error:
        raise SettingsError(f"{path}: cannot be read as a CSV in UTF-8: {error}") from None
    missing = [name for name in COLUMNS if name not in raw.columns]
    if missing:
        raise SettingsError(f"{path}: column {missing[0]!r} is missing; a cycle has {', '.join(COLUMNS)}")
    raw = raw.reindex(columns=[*COLUMNS, OPTIONAL]).astype("str").fillna("").map(str.strip)
    raw = raw[(raw != "").any(axis=1)]
    for name, dtype in COLUMNS.items():
        if dtype == "int64":
            bad = ~raw[name].str.fullmatch(r"[-+]?\d{1,5}")
            _refuse(path, raw, bad, name, "must be a whole number of days")
        elif name in WORDS:
            bad = ~raw[name].isin(WORDS[name])
            _refuse(path, raw, bad, name, f"must be one of {', '.join(WORDS[name])}")
        else:
            _refuse(path, raw, raw[name] == "", name, "must not be empty")
    _refuse(
        path,
        raw,
        ~raw["id"].str.fullmatch(r"[A-Za-z][\w.-]*"),
        "id",
        "must begin with a letter, then letters, digits, . _ -",
    )
    _refuse(
        path,
        raw,
        ~raw[OPTIONAL].map(_is_instead),
        OPTIONAL,
        f"must be channel:script, several with ';', and the channels of {', '.join(CHANNELS)}",
    )
    table = raw.astype({**COLUMNS, OPTIONAL: "str"})
    itself = [
        channel in dict(others(text)) for channel, text in zip(raw["channel"], raw[OPTIONAL], strict=True)
    ]
    _refuse(path, raw, pd.Series(itself, raw.index, dtype=bool), OPTIONAL, "names the channel of its own row")
    _refuse(
        path,
        raw,
        table["offset_days"].clip(table["from_days"], table["to_days"]) != table["offset_days"],
        "offset_days",
        "must lie between from_days and to_days",
    )
    _refuse(path, raw, table["min_gap_days"] < 0, "min_gap_days", "must not be negative")
    _refuse(path, raw, table["priority"] < 0, "priority", "must not be negative; 0 is most urgent")
    numbered = f"(?:{'|'.join(NUMBERED)}):(?:[1-9]\\d?|each)|anniversary:each|{'|'.join(SINGLE)}"
    _refuse(
        path,
        raw,
        ~table["anchor"].str.fullmatch(numbered),
        "anchor",
        "must be purchase, finance_end, warranty_end, lapsed, or service, visit, season, birthday with "
        ":1, :2 ... or :each, or anniversary:each",
    )
    parts = table["anchor"].str.split(":", n=1, expand=True).reindex(columns=[0, 1])
    table["kind"] = parts[0]
    table["number"] = pd.to_numeric(parts[1], errors="coerce").fillna(0).astype("int64")
    _refuse(
        path,
        raw,
        (table["when"] != "always") & ~table["kind"].isin(["service", "lapsed"]),
        "when",
        "can be other than 'always' only on a service or lapsed anchor",
    )
    doubled = table["id"].duplicated()
    _refuse(path, raw, doubled, "id", "stands twice; ids must be unique")
    return table


def others(instead: str) -> list[tuple[str, str]]:
    """The channels and scripts of a cell of the column `instead`, the first choice first.

    >>> others("sms:service_short; post:service_info")
    [('sms', 'service_short'), ('post', 'service_info')]
    """
    parts = (part.partition(":") for part in instead.split(";") if part.strip())
    return [(channel.strip(), script.strip()) for channel, _, script in parts]


def _is_instead(cell: str) -> bool:
    found = others(cell)
    return (
        all(channel in CHANNELS and script for channel, script in found)
        and len(found) == len(dict(found))
        and (cell == "" or len(found) == cell.count(";") + 1)
    )


def _refuse(path: Path, raw: pd.DataFrame, bad: pd.Series, column: str, why: str) -> None:
    if bad.any():
        row = raw.index[bad.to_numpy()][0]
        raise SettingsError(f"{path}: row {row + 2}, column {column}: {raw.loc[row, column]!r} {why}")
